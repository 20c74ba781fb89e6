// SPDX-License-Identifier: GPL-2.0
/*
 * A set of page frame numbers: a bitmap for every 2 MiB that has a member.
 *
 * Taking pages out never needs memory, whatever pieces they come back in, and the
 * size is bounded: 64 bytes per 2 MiB of guest memory, however scattered. The
 * caller locks; nothing here knows what a page is.
 */
#include <linux/bitmap.h>
#include <linux/minmax.h>
#include <linux/slab.h>

#include "range_set.h"

#define CHUNK_BYTES	(BITS_TO_LONGS(HVB_CHUNK_PAGES) * sizeof(long))

/* The part of [pfn, pfn + count) that lies in the chunk of @pfn. */
static unsigned int in_chunk(u64 pfn, unsigned long count)
{
	return min_t(unsigned long, count,
		     HVB_CHUNK_PAGES - pfn % HVB_CHUNK_PAGES);
}

/**
 * hvb_range_set_init - an empty set
 * @set: memory to fill in
 */
void hvb_range_set_init(struct hvb_range_set *set)
{
	xa_init(&set->chunks);
	set->pages = 0;
}

/**
 * hvb_range_set_clear - forget all members and free what the set holds
 * @set: set, empty afterwards
 */
void hvb_range_set_clear(struct hvb_range_set *set)
{
	unsigned long index;
	unsigned long *bits;

	xa_for_each(&set->chunks, index, bits)
		kfree(bits);
	xa_destroy(&set->chunks);
	set->pages = 0;
}

static int add_in_chunk(struct hvb_range_set *set, u64 pfn, unsigned int n)
{
	unsigned long index = pfn / HVB_CHUNK_PAGES;
	unsigned int bit = pfn % HVB_CHUNK_PAGES;
	unsigned long *bits = xa_load(&set->chunks, index);
	int ret;

	if (!bits) {
		bits = kzalloc(CHUNK_BYTES, GFP_KERNEL);
		if (!bits)
			return -ENOMEM;
		ret = xa_err(xa_store(&set->chunks, index, bits, GFP_KERNEL));
		if (ret) {
			kfree(bits);
			return ret;
		}
	} else if (find_next_bit(bits, bit + n, bit) < bit + n) {
		return -EEXIST;
	}
	bitmap_set(bits, bit, n);
	set->pages += n;
	return 0;
}

/**
 * hvb_range_set_add - add pages
 * @set: set
 * @pfn: first page
 * @count: number of pages
 *
 * Return: 0; -EEXIST when one of them is a member already, -ENOMEM. After a
 * failure the set is as before. Context: process, sleeps.
 */
int hvb_range_set_add(struct hvb_range_set *set, u64 pfn, unsigned long count)
{
	unsigned long done = 0;
	unsigned int n;
	int ret;

	while (done < count) {
		n = in_chunk(pfn + done, count - done);
		ret = add_in_chunk(set, pfn + done, n);
		if (ret) {
			hvb_range_set_remove(set, pfn, done);
			return ret;
		}
		done += n;
	}
	return 0;
}

/**
 * hvb_range_set_remove - take members out
 * @set: set
 * @pfn: first page
 * @count: number of pages, all of them members
 *
 * Context: any; needs no memory.
 */
void hvb_range_set_remove(struct hvb_range_set *set, u64 pfn,
			  unsigned long count)
{
	unsigned long *bits;
	unsigned int n;

	for (; count; pfn += n, count -= n) {
		n = in_chunk(pfn, count);
		bits = xa_load(&set->chunks, pfn / HVB_CHUNK_PAGES);
		if (WARN_ON_ONCE(!bits))
			continue;
		bitmap_clear(bits, pfn % HVB_CHUNK_PAGES, n);
		set->pages -= n;
		if (bitmap_empty(bits, HVB_CHUNK_PAGES)) {
			xa_erase(&set->chunks, pfn / HVB_CHUNK_PAGES);
			kfree(bits);
		}
	}
}

/**
 * hvb_range_set_next - find members
 * @set: set
 * @pfn: in: where to start; out: the first member from there on
 * @end: page behind the last one that counts
 *
 * Return: how many members follow each other at @pfn, at most to the end of a
 * chunk and never beyond @end; 0 when there is none. Context: any.
 */
unsigned long hvb_range_set_next(struct hvb_range_set *set, u64 *pfn, u64 end)
{
	unsigned long index, from, bit, last;
	unsigned long *bits;

	while (*pfn < end) {
		index = *pfn / HVB_CHUNK_PAGES;
		from = *pfn % HVB_CHUNK_PAGES;
		bits = xa_load(&set->chunks, index);
		if (!bits) {
			bits = xa_find(&set->chunks, &index,
				       (end - 1) / HVB_CHUNK_PAGES, XA_PRESENT);
			if (!bits)
				return 0;
			from = 0;
		}
		bit = find_next_bit(bits, HVB_CHUNK_PAGES, from);
		*pfn = (u64)index * HVB_CHUNK_PAGES + bit;
		if (bit == HVB_CHUNK_PAGES)
			continue;
		if (*pfn >= end)
			return 0;
		last = find_next_zero_bit(bits, HVB_CHUNK_PAGES, bit);
		return min_t(u64, last - bit, end - *pfn);
	}
	return 0;
}
