/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices and what hangs off them.
 */
#ifndef _DXG_DEVICE_H
#define _DXG_DEVICE_H

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/workqueue.h>

#include "handle_table.h"
#include "queue_fence.h"

struct dxg_process;
struct dxg_process_adapter;

/**
 * struct dxg_device - a D3DKMT device
 * @obj: handle entry; @obj.link is in dxg_process_adapter.devices from creation
 *	until the host was told that the device is gone, and the list holds a
 *	reference
 * @process: owner, memory reference
 * @adapter_handle: struct dxg_adapter_handle it was created with, referenced
 *	for what that keeps alive: @pa and the adapter
 * @pa: process-adapter it is listed on
 * @lock: shared by every ioctl that works on the device or its children, from
 *	look-up to the host's answer; exclusive to set @destroyed.  May be held
 *	while user memory is touched; adapter removal never takes it.
 * @destroyed: nothing new may start, under @lock
 * @confirmed: the host answered DESTROYDEVICE, so that it no longer uses
 *	anything of the device; written by the teardown before the release
 *	functions run, false there means that the channel was lost
 * @children_lock: protects the lists below; no host round trips under it
 * @contexts: struct dxg_context obj.link
 * @paging_queues: struct dxg_paging_queue obj.link
 * @allocations: struct dxg_allocation obj.link, those without a resource
 * @resources: struct dxg_resource obj.link
 * @sync_objects: struct dxg_sync_object obj.link, monitored fences
 * @backings: struct dxg_backing.device_link, user pages that the host may use
 *	until it destroyed the device; under dxg_adapter.resource_lock
 * @execution: cached answer of GetDeviceState(EXECUTION): the state in the low
 *	half, in the high half the value that the driver's state counter had
 *	before the host was asked
 * @ending: nonzero once somebody does or did the host part of the teardown
 * @dismantled: the local part of the teardown is done
 * @ended: the host part of the teardown is done
 * @end_work: does the host part for DestroyDevice, holds a reference
 */
struct dxg_device {
	struct dxg_object obj;
	struct dxg_process *process;
	struct dxg_object *adapter_handle;
	struct dxg_process_adapter *pa;
	struct rw_semaphore lock;
	bool destroyed;
	bool confirmed;
	struct mutex children_lock; /* the lists below */
	struct list_head contexts;
	struct list_head paging_queues;
	struct list_head allocations;
	struct list_head resources;
	struct list_head sync_objects;
	struct list_head backings;
	atomic64_t execution;
	atomic_t ending;
	struct completion dismantled;
	struct completion ended;
	struct work_struct end_work;
};

/**
 * struct dxg_context - a GPU context
 * @obj: handle entry; @obj.link is in dxg_device.contexts
 * @lock: shared by creation and destruction of hardware queues, from look-up
 *	to the host's answer; exclusive to set @destroyed.  Inside dxg_device.lock
 * @destroyed: no new queues, under @lock
 * @hwqueues: struct dxg_hwqueue obj.link, under dxg_device.children_lock
 *
 * Holds a reference on its device.
 */
struct dxg_context {
	struct dxg_object obj;
	struct rw_semaphore lock;
	bool destroyed;
	struct list_head hwqueues;
};

/**
 * struct dxg_hwqueue - a hardware queue
 * @obj: handle entry; @obj.link is in dxg_context.hwqueues
 * @fence: progress fence
 * @context: owner, referenced
 */
struct dxg_hwqueue {
	struct dxg_object obj;
	struct dxg_queue_fence fence;
	struct dxg_context *context;
};

/**
 * struct dxg_paging_queue - a paging queue
 * @obj: handle entry; @obj.link is in dxg_device.paging_queues
 * @fence: paging fence
 *
 * Holds a reference on its device.
 */
struct dxg_paging_queue {
	struct dxg_object obj;
	struct dxg_queue_fence fence;
};

/* Cookie under which the host reports device state changes; opaque to it. */
#define DXG_STATE_COOKIE	0x6478677374617465ULL

void dxg_device_state_changed(void);

/*
 * A list of children holds a reference on each: taken by _add, dropped by
 * _remove, _pop hands it to the caller.
 */
void dxg_device_add_child(struct dxg_device *device, struct list_head *list,
			  struct dxg_object *child);
void dxg_device_remove_child(struct dxg_device *device,
			     struct dxg_object *child);
struct dxg_object *dxg_device_pop_child(struct dxg_device *device,
					struct list_head *list);

/* End of one device; the first is called by whoever removed its handle. */
int dxg_device_destroy(struct dxg_device *device);
void dxg_device_teardown_init(struct dxg_device *device);

/*
 * End of all devices of a process-adapter: the local part in the context of
 * CloseAdapter or of the last close, the rest in a worker.
 */
void dxg_devices_dismantle(struct dxg_process_adapter *pa);
void dxg_devices_destroy(struct dxg_process_adapter *pa);

/* Local teardown of all children of a kind, called by device_teardown.c. */
void dxg_device_dismantle_contexts(struct dxg_device *device);
void dxg_device_dismantle_paging_queues(struct dxg_device *device);
void dxg_device_dismantle_memory(struct dxg_device *device);
void dxg_device_dismantle_sync_objects(struct dxg_device *device);

/* Host side and release of children that outlive the local teardown. */
void dxg_device_destroy_memory(struct dxg_device *device);
void dxg_device_release_memory(struct dxg_device *device);
void dxg_device_release_sync_objects(struct dxg_device *device);

#endif /* _DXG_DEVICE_H */
