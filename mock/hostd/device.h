/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Devices: the owners of everything a process has on an adapter.
 */
#ifndef DXG_MOCK_DEVICE_H
#define DXG_MOCK_DEVICE_H

#include "engine.h"

/**
 * struct device - a device
 * @link: in process->devices
 * @process: owner
 * @adapter: adapter
 * @handle: handle
 * @token: guest token echoed in SETGUESTDATA
 * @state: enum d3dkmt_deviceexecution_state
 * @fault_address: GPU address of the page fault that led to @state
 * @fault_write: the fault was a store
 * @contexts: struct context
 * @allocations: struct allocation, also those of resources
 * @resources: struct resource
 * @paging_queues: struct paging_queue
 * @sync_objects: monitored fences of the device, struct sync_object
 */
struct device {
	struct list link;
	struct process *process;
	struct adapter *adapter;
	uint32_t handle;
	uint64_t token;
	uint32_t state;
	uint64_t fault_address;
	bool fault_write;
	struct list contexts;
	struct list allocations;
	struct list resources;
	struct list paging_queues;
	struct list sync_objects;
};

struct device *device_lookup(struct request *rq, struct d3dkmthandle handle);
void device_destroy(struct device *device);
void device_error(struct device *device, uint32_t state, uint64_t address);

#endif /* DXG_MOCK_DEVICE_H */
