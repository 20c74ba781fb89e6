/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pages of a process that stay where they are while the GPU uses them.
 */
#ifndef _DXG_PINNED_MEMORY_H
#define _DXG_PINNED_MEMORY_H

#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/types.h>
#include <linux/uidgid.h>

/**
 * struct dxg_pinned - a pinned range of user memory
 * @batches: struct dxg_pin_batch.link, in the order of the addresses
 * @mm: address space that is charged, mm_count reference
 * @user: user who is charged
 * @pages: number of pages charged
 * @offset: of the first byte in the first page
 * @writable: the GPU may write
 */
struct dxg_pinned {
	struct list_head batches;
	struct mm_struct *mm;
	kuid_t user;
	unsigned long pages;
	unsigned int offset;
	bool writable;
};

/**
 * struct dxg_pin_batch - some consecutive pages of a pinned range
 * @link: in dxg_pinned.batches
 * @count: used entries of @pages
 * @pages: pages, each pinned once; as many as make the batch a page long
 */
struct dxg_pin_batch {
	struct list_head link;
	unsigned int count;
	struct page *pages[];
};

/**
 * struct dxg_pin_cursor - a place in a pinned range, in host pages
 * @batch: batch of the next host page
 * @page: index in @batch
 * @part: host page inside the page (pages may be larger than the host's)
 */
struct dxg_pin_cursor {
	struct dxg_pin_batch *batch;
	unsigned int page;
	unsigned int part;
};

int dxg_pin(struct dxg_pinned *pinned, u64 address, u64 size, bool writable);
void dxg_unpin(struct dxg_pinned *pinned);

void dxg_pin_cursor_init(struct dxg_pin_cursor *cursor,
			 const struct dxg_pinned *pinned);
u64 dxg_pin_cursor_next(struct dxg_pin_cursor *cursor);

#endif /* _DXG_PINNED_MEMORY_H */
