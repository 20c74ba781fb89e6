// SPDX-License-Identifier: GPL-2.0
/*
 * The host's own account of guest pages. See dm_books.h.
 */
#include "dm_books.h"

#include <stdlib.h>
#include <string.h>

#define ODD_PAGES	7u
/* A range has 24 bits for its length; hosts are known to stay below this. */
#define MERGED_PAGES	524288u

/**
 * books_init() - the host has nothing
 * @books: memory to fill in
 *
 * Return: false without memory.
 */
bool books_init(struct books *books)
{
	memset(books, 0, sizeof(*books));
	books->bits = calloc(BOOKS_PAGES / 64, sizeof(*books->bits));
	return books->bits;
}

/**
 * books_free() - undo books_init()
 * @books: books
 */
void books_free(struct books *books)
{
	free(books->bits);
	free(books->came);
}

/**
 * books_clear() - the host has nothing any more
 * @books: books
 */
void books_clear(struct books *books)
{
	memset(books->bits, 0, BOOKS_PAGES / 8);
	books->pages = 0;
	books->came_count = 0;
}

/**
 * books_has() - does the host have a page?
 * @books: books
 * @page: guest page frame number
 *
 * Return: whether it does.
 */
bool books_has(const struct books *books, uint64_t page)
{
	return page < BOOKS_PAGES && books->bits[page / 64] >> page % 64 & 1;
}

static bool remember(struct books *books, uint64_t start, uint64_t count)
{
	struct books_range *more;

	if (books->came_count == books->came_room) {
		books->came_room = books->came_room ? 2 * books->came_room : 64;
		more = realloc(books->came,
			       books->came_room * sizeof(*books->came));
		if (!more)
			return false;
		books->came = more;
	}
	books->came[books->came_count++] = (struct books_range){ start, count };
	return true;
}

/**
 * books_add() - the guest gave pages
 * @books: books
 * @start: first page
 * @count: number of pages
 *
 * Return: NULL, or what is wrong with them; the books are then unchanged.
 */
const char *books_add(struct books *books, uint64_t start, uint64_t count)
{
	uint64_t page;

	if (!count)
		return "range without pages";
	if (start >= BOOKS_PAGES || count > BOOKS_PAGES - start)
		return "range beyond memory";
	for (page = start; page < start + count; page++)
		if (books_has(books, page))
			return "page given twice";
	if (!remember(books, start, count))
		return "no memory";
	for (page = start; page < start + count; page++)
		books->bits[page / 64] |= 1ull << page % 64;
	books->pages += count;
	return NULL;
}

/**
 * books_remove() - pages go back to the guest
 * @books: books
 * @start: first page
 * @count: number of pages; the host need not have all of them
 *
 * Return: how many it had.
 */
uint64_t books_remove(struct books *books, uint64_t start, uint64_t count)
{
	uint64_t page, had = 0;

	for (page = start; page < BOOKS_PAGES && page - start < count; page++) {
		if (!books_has(books, page))
			continue;
		books->bits[page / 64] &= ~(1ull << page % 64);
		had++;
	}
	books->pages -= had;
	if (!books->pages)
		books->came_count = 0;
	return had;
}

static bool has_all(const struct books *books, const struct books_range *range)
{
	uint64_t page;

	for (page = range->start; page < range->start + range->count; page++)
		if (!books_has(books, page))
			return false;
	return true;
}

/* Ranges as they came, if they are still whole. */
static size_t pick_same(struct books *books, uint64_t pages,
			struct books_range *ranges)
{
	uint64_t sum = 0;
	size_t i, n = 0;

	for (i = 0; i < books->came_count; i++) {
		if (!has_all(books, &books->came[i]))
			continue;
		if (sum + books->came[i].count > pages)
			break;
		sum += books->came[i].count;
		ranges[n++] = books->came[i];
	}
	memmove(books->came, books->came + i,
		(books->came_count - i) * sizeof(*books->came));
	books->came_count -= i;
	return n;
}

static size_t pick_pieces(const struct books *books, uint64_t pages,
			  uint64_t longest, struct books_range *ranges)
{
	uint64_t page;
	size_t n = 0;

	for (page = 0; page < BOOKS_PAGES && pages; page++) {
		if (!books_has(books, page))
			continue;
		pages--;
		if (n && ranges[n - 1].start + ranges[n - 1].count == page &&
		    ranges[n - 1].count < longest)
			ranges[n - 1].count++;
		else
			ranges[n++] = (struct books_range){ page, 1 };
	}
	return n;
}

/* The same order every time: a failure can be repeated. */
static void shuffle(struct books_range *ranges, size_t n)
{
	uint64_t state = 1;
	size_t i, j;

	for (i = n; i > 1; i--) {
		struct books_range swap = ranges[i - 1];

		state = state * 6364136223846793005ull + 1442695040888963407ull;
		j = (state >> 33) % i;
		ranges[i - 1] = ranges[j];
		ranges[j] = swap;
	}
}

/**
 * books_pick() - take pages out, to give them back to the guest
 * @books: books
 * @pages: how many, at most what the host has
 * @split: in which pieces
 * @count: out: number of ranges
 *
 * Return: the ranges, for free(); NULL without memory.
 */
struct books_range *books_pick(struct books *books, uint64_t pages,
			       enum books_split split, size_t *count)
{
	static const uint64_t longest[] = {
		[BOOKS_MERGED] = MERGED_PAGES,
		[BOOKS_ODD] = ODD_PAGES,
		[BOOKS_SINGLE] = 1,
		[BOOKS_SHUFFLED] = 1,
	};
	struct books_range *ranges;
	size_t i;

	if (pages > books->pages)
		pages = books->pages;
	ranges = calloc(pages + 1, sizeof(*ranges));
	if (!ranges)
		return NULL;
	if (split == BOOKS_SAME)
		*count = pick_same(books, pages, ranges);
	else
		*count = pick_pieces(books, pages, longest[split], ranges);
	if (split == BOOKS_SHUFFLED)
		shuffle(ranges, *count);
	for (i = 0; i < *count; i++)
		books_remove(books, ranges[i].start, ranges[i].count);
	return ranges;
}
