/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Synchronisation objects: the shared core with the value, and the handles of
 * processes to it.
 */
#ifndef DXG_MOCK_SYNC_OBJECT_H
#define DXG_MOCK_SYNC_OBJECT_H

#include "engine.h"

/**
 * struct sync_core - a synchronisation object, whoever has it open
 * @link: periodic fence: in adapter->periodic
 * @host: host
 * @adapter: adapter that it was created on
 * @refs: handles, NT handles, queued GPU operations and page table entries
 * @type: enum d3dddi_synchronizationobject_type
 * @flags: flags of its creation
 * @has_page: the value lives in a page of the I/O space (fences but legacy ones)
 * @intra_gpu: native fence whose page the guest's CPUs do not get
 * @page: that page
 * @value: value of a legacy fence, count of a semaphore, 1 for a free mutex
 * @max_count: greatest count of a semaphore
 * @event: guest event of a CPU notification
 * @global: handle in host->shared while it is shared, else 0
 * @waits: CPU waits for it, struct wait_entry
 */
struct sync_core {
	struct list link;
	struct host *host;
	struct adapter *adapter;
	unsigned int refs;
	uint32_t type;
	struct d3dddi_synchronizationobject_flags flags;
	bool has_page;
	bool intra_gpu;
	uint64_t page;
	uint64_t value;
	uint32_t max_count;
	uint64_t event;
	uint32_t global;
	struct list waits;
};

/**
 * struct sync_object - handle of a process to a synchronisation object
 * @link: in device->sync_objects or process->sync_objects; paging and
 *	progress fences are on neither
 * @process: process
 * @adapter: adapter
 * @device: device that owns it, NULL for the legacy types
 * @handle: handle
 * @type: OBJECT_SYNC_OBJECT or OBJECT_FENCE
 * @core: the object
 * @flags: flags of this handle: no_signal and no_wait restrict it
 * @gpu_va: GPU address of the value, 0 when it has none
 */
struct sync_object {
	struct list link;
	struct process *process;
	struct adapter *adapter;
	struct device *device;
	uint32_t handle;
	enum object_type type;
	struct sync_core *core;
	struct d3dddi_synchronizationobject_flags flags;
	uint64_t gpu_va;
};

struct sync_core *sync_core_create(struct adapter *adapter, uint32_t type,
				   uint64_t initial);
struct sync_core *sync_core_get(struct sync_core *core);
void sync_core_put(struct sync_core *core);
bool sync_core_share(struct sync_core *core);
uint64_t sync_core_value(const struct sync_core *core);
void sync_core_set(struct sync_core *core, uint64_t value);
void sync_core_changed(struct sync_core *core);
uint64_t sync_core_address(const struct sync_core *core);
bool sync_core_monitored(const struct sync_core *core);
void sync_periodic_advance(struct adapter *adapter);

struct sync_object *sync_object_create(struct device *device,
				       struct sync_core *core,
				       enum object_type type);
struct sync_object *sync_object_lookup(struct process *process,
				       uint32_t handle);
void sync_object_destroy(struct sync_object *object);

#endif /* DXG_MOCK_SYNC_OBJECT_H */
