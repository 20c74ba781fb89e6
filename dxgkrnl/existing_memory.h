/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory of the process as the backing of an allocation.
 */
#ifndef _DXG_EXISTING_MEMORY_H
#define _DXG_EXISTING_MEMORY_H

#include <linux/completion.h>
#include <linux/hyperv.h>
#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/workqueue.h>

#include "pinned_memory.h"

struct dxg_adapter;
struct dxg_device;

/**
 * struct dxg_backing - user memory that the host may use
 * @refs: one while listed, one for the allocation, more for work and for those
 *	who wait for the host's word
 * @link: in dxg_adapter.backings, under dxg_adapter.resource_lock; whoever takes
 *	it off the list lets go of the pages
 * @device_link: in dxg_device.backings, under dxg_adapter.resource_lock
 * @adapter: adapter, referenced
 * @pinned: the pages
 * @address: user address, what Lock2 returns
 * @size: bytes
 * @by_gpadl: the host does not take page lists; immutable
 * @gpadl: the host's name for the pages
 * @mapping: kernel mapping of the pages that @gpadl was made from, NULL if there
 *	is no GPADL; under dxg_global.life
 * @generation: of the global channel that @gpadl belongs to
 * @let_go: no GPADL may be made any more; under dxg_global.life
 * @gpadl_error: result of @establish_work
 * @established: @establish_work is done
 * @released: the pages were let go
 * @establish_work: makes the GPADL
 * @release_work: lets go of the GPADL and the pages
 */
struct dxg_backing {
	refcount_t refs;
	struct list_head link;
	struct list_head device_link;
	struct dxg_adapter *adapter;
	struct dxg_pinned pinned;
	u64 address;
	u64 size;
	bool by_gpadl;
	struct vmbus_gpadl gpadl;
	void *mapping;
	u64 generation;
	bool let_go;
	int gpadl_error;
	struct completion established;
	struct completion released;
	struct work_struct establish_work;
	struct work_struct release_work;
};

/**
 * struct dxg_backings - backings whose release depends on one answer
 * @count: used entries
 * @backing: referenced
 */
struct dxg_backings {
	u32 count;
	struct dxg_backing *backing[];
};

struct dxg_backing *dxg_backing_create(struct dxg_device *device, u64 address,
				       u64 size, bool read_only);
void dxg_backing_put(struct dxg_backing *backing);
int dxg_backing_tell_host(struct dxg_backing *backing,
			  struct dxg_device *device, u32 allocation);

struct dxg_backings *dxg_backings_alloc(u32 capacity);
void dxg_backings_add(struct dxg_backings *set, struct dxg_backing *backing);
void dxg_backings_let_go(struct dxg_backings *set);
void dxg_backings_wait(struct dxg_backings *set);
void dxg_backings_free(struct dxg_backings *set);

void dxg_backings_release(struct dxg_adapter *adapter);
void dxg_backings_wait_gpadls(void);

#endif /* _DXG_EXISTING_MEMORY_H */
