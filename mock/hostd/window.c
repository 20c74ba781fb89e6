// SPDX-License-Identifier: GPL-2.0
/*
 * Page allocator of the I/O space.  Next fit, so that a page that was just
 * freed is not handed to another process at once and a stale guest mapping
 * shows as wrong data.  Pages are zeroed when given out.  Callers hold the
 * engine lock.
 */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "window.h"

/**
 * window_set() - take over the I/O space that the guest announced
 * @window: window without pages in use
 * @base: host address, page aligned
 * @start: guest physical address, page aligned
 * @length: bytes, a multiple of the page size
 * @grain: pages that are given out together
 *
 * Return: false when memory is short.
 */
bool window_set(struct window *window, void *base, uint64_t start,
		uint64_t length, uint64_t grain)
{
	uint8_t *taken = calloc(length >> HOST_PAGE_SHIFT, 1);

	if (!taken)
		return false;
	free(window->taken);
	*window = (struct window) {
		.base = base,
		.start = start,
		.pages = length >> HOST_PAGE_SHIFT,
		.grain = grain,
		.taken = taken,
	};
	return true;
}

/**
 * window_clear() - forget the I/O space
 * @window: window without pages in use
 */
void window_clear(struct window *window)
{
	free(window->taken);
	memset(window, 0, sizeof(*window));
}

/* All multiples of the grain; only first pages of grains are looked at. */
static bool find_run(const struct window *window, uint64_t from, uint64_t to,
		     uint64_t pages, uint64_t *first)
{
	uint64_t run = 0;
	uint64_t i;

	for (i = from; i + window->grain <= to; i += window->grain) {
		run = window->taken[i] ? 0 : run + window->grain;
		if (run == pages) {
			*first = i + window->grain - pages;
			return true;
		}
	}
	return false;
}

static uint64_t whole_grains(const struct window *window, uint64_t pages)
{
	return (pages + window->grain - 1) / window->grain * window->grain;
}

/**
 * window_alloc() - get consecutive pages, filled with zeros
 * @window: window
 * @pages: number of pages, not 0
 * @first: number of the first page
 *
 * Return: false when there is no such run, or no window.
 */
bool window_alloc(struct window *window, uint64_t pages, uint64_t *first)
{
	if (!pages || pages > window->pages - window->used)
		return false;
	pages = whole_grains(window, pages);
	if (!find_run(window, window->hint, window->pages, pages, first) &&
	    !find_run(window, 0, window->pages, pages, first))
		return false;
	memset(window->taken + *first, 1, pages);
	memset(window_ptr(window, *first), 0, pages << HOST_PAGE_SHIFT);
	window->used += pages;
	window->hint = *first + pages;
	return true;
}

/**
 * window_free() - give pages back
 * @window: window
 * @first: as returned by window_alloc()
 * @pages: as passed to window_alloc()
 */
void window_free(struct window *window, uint64_t first, uint64_t pages)
{
	pages = whole_grains(window, pages);
	memset(window->taken + first, 0, pages);
	window->used -= pages;
}

/**
 * window_ptr() - host address of a page
 * @window: window
 * @page: page number
 *
 * Return: the address.
 */
uint8_t *window_ptr(const struct window *window, uint64_t page)
{
	return window->base + (page << HOST_PAGE_SHIFT);
}

/**
 * window_address() - guest physical address of a page
 * @window: window
 * @page: page number
 *
 * Return: the address.
 */
uint64_t window_address(const struct window *window, uint64_t page)
{
	return window->start + (page << HOST_PAGE_SHIFT);
}
