/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices and what hangs off them.
 */
#ifndef _DXG_DEVICE_H
#define _DXG_DEVICE_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/spinlock.h>

#include "handle_table.h"

struct dxg_process;
struct dxg_process_adapter;
struct dxg_view;

/**
 * struct dxg_device - a D3DKMT device
 * @obj: handle entry; @obj.link is in dxg_process_adapter.devices.  Owns a
 *	reference on @obj.adapter.
 * @process: owner, memory reference
 * @pa: process-adapter it is listed on; valid while not @destroyed
 * @lock: shared by every ioctl that works on the device or its children, from
 *	look-up to the host's answer; exclusive to destroy.  May be held while
 *	user memory is touched; adapter removal never takes it.
 * @destroyed: under @lock
 * @children_lock: protects the lists below; no host round trips under it
 * @contexts: struct dxg_context obj.link
 * @paging_queues: struct dxg_paging_queue obj.link
 * @allocations: struct dxg_allocation obj.link, those without a resource
 * @resources: struct dxg_resource obj.link
 * @sync_objects: struct dxg_sync_object obj.link, monitored fences
 * @state_lock: protects the execution state pair
 * @execution_state: cached answer of GetDeviceState(EXECUTION)
 * @execution_counter: value of the driver's state counter the cache belongs to
 */
struct dxg_device {
	struct dxg_object obj;
	struct dxg_process *process;
	struct dxg_process_adapter *pa;
	struct rw_semaphore lock;
	bool destroyed;
	struct mutex children_lock;
	struct list_head contexts;
	struct list_head paging_queues;
	struct list_head allocations;
	struct list_head resources;
	struct list_head sync_objects;
	spinlock_t state_lock;
	u32 execution_state;
	u32 execution_counter;
};

/**
 * struct dxg_context - a GPU context
 * @obj: handle entry; @obj.link is in dxg_device.contexts
 * @hwqueues: struct dxg_hwqueue obj.link, under dxg_device.children_lock
 * @destroyed: no new queues, under dxg_device.children_lock
 *
 * Holds a reference on its device.
 */
struct dxg_context {
	struct dxg_object obj;
	struct list_head hwqueues;
	bool destroyed;
};

/**
 * struct dxg_hwqueue - a hardware queue
 * @obj: handle entry; @obj.link is in dxg_context.hwqueues
 * @fence: handle entry of the progress fence; its lifetime is the queue's
 * @context: owner, referenced
 * @view: mapping of the progress fence page
 */
struct dxg_hwqueue {
	struct dxg_object obj;
	struct dxg_object fence;
	struct dxg_context *context;
	struct dxg_view *view;
};

/**
 * struct dxg_paging_queue - a paging queue
 * @obj: handle entry; @obj.link is in dxg_device.paging_queues
 * @fence: handle entry of the paging fence; its lifetime is the queue's
 * @view: mapping of the fence page
 *
 * Holds a reference on its device.
 */
struct dxg_paging_queue {
	struct dxg_object obj;
	struct dxg_object fence;
	struct dxg_view *view;
};

/* Cookie under which the host reports device state changes; opaque to it. */
#define DXG_STATE_COOKIE	0x6478677374617465ULL

u32 dxg_device_state_counter(void);
void dxg_device_state_changed(void);

void dxg_device_destroy(struct dxg_device *device, bool flush);
int dxg_device_add_child(struct dxg_device *device, struct list_head *list,
			 struct dxg_object *child);
void dxg_device_remove_child(struct dxg_device *device,
			     struct dxg_object *child);

/* Child teardown, called by device.c; see docs/architecture.md, Teardown. */
void dxg_context_drop(struct dxg_context *context);
void dxg_hwqueue_drop(struct dxg_hwqueue *queue);
void dxg_paging_queue_drop(struct dxg_paging_queue *queue);

#endif /* _DXG_DEVICE_H */
