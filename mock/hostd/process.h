/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest processes as the host knows them.
 */
#ifndef DXG_MOCK_PROCESS_H
#define DXG_MOCK_PROCESS_H

#include "engine.h"

/**
 * struct process - a guest process
 * @link: in host->process_list
 * @host: host
 * @handle: host handle
 * @pid: process id that the guest reported
 * @name: process name that the guest reported, ASCII
 * @handles: every object of the process
 * @devices: struct device
 * @sync_objects: struct sync_object that belong to no device
 * @waits: struct cpu_wait
 * @spaces: GPU address space on each adapter, NULL until first used
 * @lost_adapter: an adapter went away with objects of this process
 */
struct process {
	struct list link;
	struct host *host;
	uint32_t handle;
	uint64_t pid;
	char name[64];
	struct handle_table handles;
	struct list devices;
	struct list sync_objects;
	struct list waits;
	struct gpu_space *spaces[HOST_MAX_ADAPTERS];
	bool lost_adapter;
};

void process_destroy(struct process *process);
void process_lose_adapter(struct process *process, struct adapter *adapter);

#endif /* DXG_MOCK_PROCESS_H */
