/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A set of page frame numbers.
 */
#ifndef _HVB_RANGE_SET_H
#define _HVB_RANGE_SET_H

#include <linux/types.h>
#include <linux/xarray.h>

/**
 * struct hvb_range_set - which pages are out
 * @chunks: PFN / HVB_CHUNK_PAGES -> bitmap of HVB_CHUNK_PAGES bits; only chunks
 *	with a member
 * @pages: number of members
 */
struct hvb_range_set {
	struct xarray chunks;
	unsigned long pages;
};

/* 2 MiB of guest memory: a bitmap is 64 bytes, a balloon unit fills it. */
#define HVB_CHUNK_PAGES		512u

void hvb_range_set_init(struct hvb_range_set *set);
void hvb_range_set_clear(struct hvb_range_set *set);
int hvb_range_set_add(struct hvb_range_set *set, u64 pfn, unsigned long count);
void hvb_range_set_remove(struct hvb_range_set *set, u64 pfn,
			  unsigned long count);
unsigned long hvb_range_set_next(struct hvb_range_set *set, u64 *pfn,
				 u64 end);

#endif /* _HVB_RANGE_SET_H */
