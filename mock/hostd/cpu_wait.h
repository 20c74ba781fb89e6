/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waits of guest CPUs for fence values, ended by a guest event.
 */
#ifndef DXG_MOCK_CPU_WAIT_H
#define DXG_MOCK_CPU_WAIT_H

#include "engine.h"
#include "sync_object.h"

/**
 * struct wait_entry - one fence of a CPU wait
 * @link: in core->waits
 * @wait: the wait
 * @core: the fence; not referenced, its end ends the wait
 * @value: value waited for
 */
struct wait_entry {
	struct list link;
	struct cpu_wait *wait;
	struct sync_core *core;
	uint64_t value;
};

/**
 * struct cpu_wait - a registered CPU wait
 * @link: in process->waits
 * @host: host
 * @device: device that it was made on
 * @event: guest event
 * @any: one fence is enough
 * @count: number of @entries
 * @entries: the fences
 */
struct cpu_wait {
	struct list link;
	struct host *host;
	struct device *device;
	uint64_t event;
	bool any;
	uint32_t count;
	struct wait_entry entries[];
};

void cpu_waits_check(struct sync_core *core);
void cpu_waits_end_core(struct sync_core *core);
void cpu_waits_end_device(struct device *device);
void cpu_waits_cancel(struct list *waits);

#endif /* DXG_MOCK_CPU_WAIT_H */
