/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Page allocator inside the I/O space (MMIO window) of the guest, where the
 * host places fence storage and Lock2 views.  Callers hold the engine lock.
 */
#ifndef DXG_MOCK_WINDOW_H
#define DXG_MOCK_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct window - the I/O space
 * @base: host address of the first page, NULL before SETIOSPACEREGION
 * @start: guest physical address of the first page
 * @pages: size in pages
 * @grain: what is given out starts at, and takes, a multiple of this many pages
 * @used: pages given out
 * @hint: where the next search begins
 * @taken: one byte per page, non-zero when given out
 */
struct window {
	uint8_t *base;
	uint64_t start;
	uint64_t pages;
	uint64_t grain;
	uint64_t used;
	uint64_t hint;
	uint8_t *taken;
};

bool window_set(struct window *window, void *base, uint64_t start,
		uint64_t length, uint64_t grain);
void window_clear(struct window *window);
bool window_alloc(struct window *window, uint64_t pages, uint64_t *first);
void window_free(struct window *window, uint64_t first, uint64_t pages);
uint8_t *window_ptr(const struct window *window, uint64_t page);
uint64_t window_address(const struct window *window, uint64_t page);

#endif /* DXG_MOCK_WINDOW_H */
