/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Synchronisation objects, and what those have in common that are shared.
 */
#ifndef _DXG_SYNC_OBJECT_H
#define _DXG_SYNC_OBJECT_H

#include <linux/types.h>
#include <uapi/misc/d3dkmthk.h>

#include "handle_table.h"
#include "shared_object.h"

struct dxg_host_event;
struct dxg_process;
struct dxg_request;
struct dxg_ret_opensyncobject;
struct dxg_scope;
struct dxg_view;

/**
 * struct dxg_shared_sync_object - what all openings of a sync object have in
 * common
 * @base: common part; referenced by each struct dxg_sync_object
 * @type: kind
 * @flags: given by the creator
 * @intra_gpu: native fence whose value no CPU sees
 * @host_handle: the host's VM-wide name for it
 *
 * What follows @base is immutable once the creator's handle is published.
 */
struct dxg_shared_sync_object {
	struct dxg_shared_object base;
	enum d3dddi_synchronizationobject_type type;
	struct d3dddi_synchronizationobject_flags flags;
	bool intra_gpu;
	u32 host_handle;
};

/**
 * struct dxg_sync_object - a fence, mutex, semaphore or CPU notification
 * @obj: handle entry.  A fence with a value in memory belongs to its device:
 *	@obj.link is in dxg_device.sync_objects, and it holds a reference on the
 *	device.  Others have no device, hold a reference on the adapter, and
 *	last until they are destroyed or the process ends.
 * @monitored: has a value in memory, as monitored, periodic and native fences
 *	have; immutable
 * @view: mapping of the page with the value; NULL without, and at the end
 * @event: eventfd that the host signals; NULL without, and at the end
 * @shared: what it shares with others, referenced; NULL if it is not shared
 *
 * Whoever takes the handle out of the table, alone, ends @view and @event.
 */
struct dxg_sync_object {
	struct dxg_object obj;
	bool monitored;
	struct dxg_view *view;
	struct dxg_host_event *event;
	struct dxg_shared_sync_object *shared;
};

static inline struct dxg_sync_object *to_dxg_sync_object(struct dxg_object *obj)
{
	return container_of(obj, struct dxg_sync_object, obj);
}

/*
 * Making a sync object, by whatever ioctl: new, then the host is asked, its
 * handle reserved, the page of the value mapped, results given to the user, and
 * the object published, which cannot fail.  Before that, close and put undo it.
 */
struct dxg_shared_sync_object *
dxg_shared_sync_object_new(struct dxg_adapter *adapter,
			   enum d3dddi_synchronizationobject_type type,
			   struct d3dddi_synchronizationobject_flags flags);
struct dxg_sync_object *dxg_sync_object_new(const struct dxg_scope *scope,
					    bool monitored);
int dxg_sync_object_map(struct dxg_sync_object *sync, u64 address,
			unsigned int flags);
void dxg_sync_object_publish(struct dxg_sync_object *sync,
			     struct dxg_process *process, u32 handle);
void dxg_sync_object_close(struct dxg_sync_object *sync);

/* gpu_sync.c */
int dxg_gpu_wait_fence(const struct dxg_scope *scope, u32 fence, u64 value);

/* sync_sharing.c: the members of a shared sync object besides the first */
extern const struct file_operations dxg_shared_sync_object_fops;

int dxg_shared_sync_object_check(const struct dxg_shared_sync_object *shared,
				 const struct dxg_scope *scope);
struct dxg_shared_sync_object *dxg_shared_file_sync_object(struct file *file);

int dxg_shared_sync_object_open(const struct dxg_shared_sync_object *shared,
				const struct dxg_scope *scope,
				struct d3dddi_synchronizationobject_flags flags,
				u32 engine_affinity,
				struct dxg_ret_opensyncobject *reply);

/**
 * struct dxg_sync_opening - a device gets a member of a shared sync object
 * @scope: of the device
 * @shared: object, valid until the end
 * @flags: of the new member
 * @engine_affinity: passed on
 * @sync: new member, not yet visible
 * @handle: its handle
 * @cpu_va: user address of its value, 0 without
 * @gpu_va: GPU virtual address of its value
 */
struct dxg_sync_opening {
	const struct dxg_scope *scope;
	struct dxg_shared_sync_object *shared;
	struct d3dddi_synchronizationobject_flags flags;
	u32 engine_affinity;
	struct dxg_sync_object *sync;
	u32 handle;
	u64 cpu_va;
	u64 gpu_va;
};

int dxg_sync_opening_begin(struct dxg_sync_opening *opening);
void dxg_sync_opening_end(struct dxg_sync_opening *opening, bool success);

#endif /* _DXG_SYNC_OBJECT_H */
