/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocations and resources.
 */
#ifndef _DXG_ALLOCATION_H
#define _DXG_ALLOCATION_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include "handle_table.h"
#include "host_message.h"

struct dxg_backing;
struct dxg_backings;
struct dxg_process;
struct dxg_shared_resource;
struct dxg_view;

/**
 * struct dxg_resource - a group of allocations that may be shared
 * @obj: handle entry; @obj.link is in dxg_device.resources.  Holds a reference
 *	on its device.
 * @lock: held while allocations are added, from before the message to the end,
 *	while the resource or allocations of it are destroyed, and while it is
 *	sealed.  Inside dxg_device.lock; only threads of the owner take it
 * @destroyed: nothing can be added, under @lock
 * @allocations: struct dxg_allocation obj.link, under dxg_device.children_lock
 * @shared: what several processes have in common, NULL if it cannot be shared;
 *	immutable, referenced
 */
struct dxg_resource {
	struct dxg_object obj;
	/* serialises adding, destroying and sealing */
	struct mutex lock;
	bool destroyed;
	struct list_head allocations;
	struct dxg_shared_resource *shared;
};

/**
 * struct dxg_allocation - memory of the GPU
 * @obj: handle entry; @obj.link is in dxg_resource.allocations or in
 *	dxg_device.allocations.  Holds a reference on its device.
 * @resource: owner, referenced; NULL for a free-standing allocation; immutable
 * @size: bytes, a multiple of 4096; immutable
 * @cached: CPU mappings are cached, else write-combined; immutable
 * @listed: appears in a list of handles that is being checked, under the lock of
 *	the handle table
 * @backing: the process's own memory, referenced; NULL if the host provides it;
 *	immutable
 * @lock: serialises the first Lock2, the last Unlock2 and destruction, held
 *	across their messages.  Inside dxg_resource.lock
 * @lock_count: Lock2 calls without an Unlock2; changes from and to 0 under @lock
 * @address: user address of @view, valid while @lock_count is not 0
 * @view: mapping made by Lock2, under @lock
 * @destroyed: no more mappings, under @lock
 * @private_data: what another process needs to open the allocation; only in
 *	shared resources that are not sealed
 * @private_data_size: bytes of it
 */
struct dxg_allocation {
	struct dxg_object obj;
	struct dxg_resource *resource;
	u64 size;
	bool cached;
	bool listed;
	struct dxg_backing *backing;
	/* serialises changes of the mapping */
	struct mutex lock;
	atomic_t lock_count;
	u64 address;
	struct dxg_view *view;
	bool destroyed;
	void *private_data;
	u32 private_data_size;
};

/**
 * struct dxg_doomed - what one DESTROYALLOCATION names
 * @device: handle of the device
 * @resource: handle, stands for the resource with all its allocations; or 0
 * @count: number of @allocations, 0 with a resource
 * @flags: for the host
 * @allocations: handles
 */
struct dxg_doomed {
	u32 device;
	u32 resource;
	u32 count;
	struct d3dddicb_destroyallocation2flags flags;
	const u32 *allocations;
};

static inline struct dxg_allocation *to_dxg_allocation(struct dxg_object *obj)
{
	return container_of(obj, struct dxg_allocation, obj);
}

static inline struct dxg_resource *to_dxg_resource(struct dxg_object *obj)
{
	return container_of(obj, struct dxg_resource, obj);
}

/**
 * struct dxg_memory_handles - handles that the host gave out in one reply
 * @device: handle of their device
 * @count: number of @handles
 * @resource: the first of them is a new resource, to which the rest belong
 * @handles: untrusted; may be zero or name something else
 */
struct dxg_memory_handles {
	u32 device;
	u32 count;
	bool resource;
	u32 handles[];
};

/* allocation.c */
struct dxg_resource *dxg_resource_new(struct dxg_device *device,
				      struct dxg_shared_resource *shared);
struct dxg_allocation *dxg_allocation_new(struct dxg_device *device,
					  struct dxg_resource *resource);
struct dxg_memory_handles *dxg_memory_handles_alloc(u32 device, u32 count,
						    bool resource);
int dxg_memory_reserve(struct dxg_process *process,
		       const struct dxg_memory_handles *reply);
void dxg_memory_unreserve(struct dxg_process *process,
			  const struct dxg_memory_handles *reply);
void dxg_memory_publish(struct dxg_process *process,
			const struct dxg_memory_handles *reply,
			struct dxg_resource *resource,
			struct dxg_allocation **allocations);

/* destroy_allocation.c */
void dxg_memory_undo(struct dxg_process *process, struct dxg_adapter *adapter,
		     struct dxg_memory_handles *reply,
		     struct dxg_backings *backings, enum dxg_wait_mode mode);

#endif /* _DXG_ALLOCATION_H */
