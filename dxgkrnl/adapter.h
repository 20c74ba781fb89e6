/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A running virtual GPU, and a process's view of it.
 */
#ifndef _DXG_ADAPTER_H
#define _DXG_ADAPTER_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

#include "handle_table.h"
#include "vmbus_channel.h"

struct dxg_process;

/**
 * enum dxg_adapter_state - life of an adapter
 * @DXG_ADAPTER_STARTING: channel open, not yet visible
 * @DXG_ADAPTER_ACTIVE: accepts work
 * @DXG_ADAPTER_STOPPING: refuses new work, the host is being told
 * @DXG_ADAPTER_STOPPED: gone for good; a re-offered vGPU gets a new adapter
 */
enum dxg_adapter_state {
	DXG_ADAPTER_STARTING,
	DXG_ADAPTER_ACTIVE,
	DXG_ADAPTER_STOPPING,
	DXG_ADAPTER_STOPPED,
};

/**
 * struct dxg_adapter - a virtual GPU from start to stop
 * @refs: held by the list of adapters, process-adapters, devices, shared
 *	objects, fences and abandoned requests
 * @state: enum dxg_adapter_state; changed by start and stop, read anywhere
 * @compute_only: PCI 1414:008a, hidden from EnumAdapters2; immutable
 * @async: host takes asynchronous messages, everything goes over the global
 *	channel; immutable once active
 * @luid: what user space calls the adapter: first 8 bytes of the channel's
 *	instance GUID; immutable
 * @host_vgpu_luid: routes messages (extended header); immutable once active
 * @host_adapter_luid: the host's name for the adapter; immutable once active
 * @host_handle: handle from OPENADAPTER; immutable once active
 * @channel: the vGPU's own channel
 * @resource_lock: protects @views and @backings
 * @views: struct dxg_view.link, mappings of I/O space to revoke at stop
 * @backings: struct dxg_backing.link, pinned pages to release at stop
 */
struct dxg_adapter {
	struct kref refs;
	int state;
	bool compute_only;
	bool async;
	struct winluid luid;
	struct winluid host_vgpu_luid;
	struct winluid host_adapter_luid;
	u32 host_handle;
	struct dxg_channel channel;
	spinlock_t resource_lock;	/* protects views and backings */
	struct list_head views;
	struct list_head backings;
};

/**
 * struct dxg_process_adapter - a process's use of an adapter
 * @refs: one for the count of handles, one for each handle object
 * @link: in dxg_process.adapters, under dxg_process.adapters_lock
 * @adapter: referenced
 * @process: back pointer; the process outlives this
 * @handles: number of live adapter handles, under dxg_process.adapters_lock
 * @devices_lock: protects @devices; never held across a host round trip
 * @devices: struct dxg_device obj.link
 * @closing: no new devices, under @devices_lock
 * @end_work: ends the devices on the host after the last handle was closed
 * @ended: completed by @end_work
 */
struct dxg_process_adapter {
	struct kref refs;
	struct list_head link;
	struct dxg_adapter *adapter;
	struct dxg_process *process;
	u32 handles;
	struct mutex devices_lock;	/* protects devices, closing */
	struct list_head devices;
	bool closing;
	struct work_struct end_work;
	struct completion ended;
};

/**
 * struct dxg_adapter_handle - what an adapter handle stands for
 * @obj: handle entry
 * @pa: the process-adapter this handle counts for, referenced
 */
struct dxg_adapter_handle {
	struct dxg_object obj;
	struct dxg_process_adapter *pa;
};

static inline bool dxg_adapter_active(const struct dxg_adapter *adapter)
{
	/* pairs with smp_store_release() at start: the rest is readable */
	return smp_load_acquire(&adapter->state) == DXG_ADAPTER_ACTIVE;
}

static inline bool dxg_adapter_stopped(const struct dxg_adapter *adapter)
{
	return READ_ONCE(adapter->state) == DXG_ADAPTER_STOPPED;
}

void dxg_adapter_get(struct dxg_adapter *adapter);
void dxg_adapter_put(struct dxg_adapter *adapter);

bool dxg_process_has_open(struct dxg_process *process, struct winluid luid);
void dxg_process_adapters_dismantle(struct dxg_process *process);
void dxg_process_adapters_destroy(struct dxg_process *process);

#endif /* _DXG_ADAPTER_H */
