/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest processes as the host knows them.
 */
#ifndef DXG_MOCK_PROCESS_H
#define DXG_MOCK_PROCESS_H

#include "engine.h"

/**
 * struct memory_account - what a process uses of an adapter's memory
 * @resident: bytes resident in the local and in the system segment
 * @reservation: CHANGEVIDEOMEMORYRESERVATION, per segment group
 */
struct memory_account {
	uint64_t resident[2];
	uint64_t reservation[2];
};

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
 * @memory: its use of each adapter's memory
 * @running_us: time that each node of each adapter worked for it
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
	struct memory_account memory[HOST_MAX_ADAPTERS];
	uint64_t running_us[HOST_MAX_ADAPTERS][MOCK_GPU_NODE_COUNT];
	bool lost_adapter;
};

void process_destroy(struct process *process);
void process_lose_adapter(struct process *process, struct adapter *adapter);

#endif /* DXG_MOCK_PROCESS_H */
