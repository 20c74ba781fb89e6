/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host's own account of guest pages: which of them it has.
 *
 * A bitmap over guest page frame numbers, and the ranges in which pages came.
 * Knows no messages. The caller locks.
 */
#ifndef HOSTD_DM_BOOKS_H
#define HOSTD_DM_BOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Guest pages that can be accounted for: 64 GiB. */
#define BOOKS_PAGES		(1ull << 24)

/**
 * struct books_range - pages that follow each other
 * @start: first page
 * @count: number of pages
 */
struct books_range {
	uint64_t start;
	uint64_t count;
};

/**
 * struct books - pages that the host has
 * @bits: one bit per guest page
 * @pages: bits set
 * @came: ranges as they came, oldest first, until they went back whole
 * @came_count: entries of @came
 * @came_room: entries that @came has room for
 */
struct books {
	uint64_t *bits;
	uint64_t pages;
	struct books_range *came;
	size_t came_count;
	size_t came_room;
};

/**
 * enum books_split - in which pieces pages go back
 * @BOOKS_SAME: as they came
 * @BOOKS_MERGED: neighbours in one range
 * @BOOKS_ODD: ranges of seven pages, across what they came in
 * @BOOKS_SINGLE: one page each
 * @BOOKS_SHUFFLED: one page each, in no order
 */
enum books_split {
	BOOKS_SAME,
	BOOKS_MERGED,
	BOOKS_ODD,
	BOOKS_SINGLE,
	BOOKS_SHUFFLED,
};

bool books_init(struct books *books);
void books_free(struct books *books);
void books_clear(struct books *books);
const char *books_add(struct books *books, uint64_t start, uint64_t count);
uint64_t books_remove(struct books *books, uint64_t start, uint64_t count);
bool books_has(const struct books *books, uint64_t page);
struct books_range *books_pick(struct books *books, uint64_t pages,
			       enum books_split split, size_t *count);

#endif /* HOSTD_DM_BOOKS_H */
