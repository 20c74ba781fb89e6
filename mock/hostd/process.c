// SPDX-License-Identifier: GPL-2.0
/*
 * Guest processes: CREATEPROCESS, DESTROYPROCESS and the reaping of what a
 * process still owns.  Callers hold the engine lock.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "cpu_wait.h"
#include "device.h"
#include "gpu_address.h"
#include "process.h"
#include "sync_object.h"

/* Index of the first handle of every process; 0x40000080 as a value. */
#define FIRST_INDEX	2u

static void read_name(struct process *process,
		      const struct dxg_cmd_createprocess *cmd)
{
	size_t i;

	for (i = 0; i + 1 < sizeof(process->name); i++) {
		u16 c = cmd->process_name[i];

		if (!c)
			break;
		process->name[i] = c >= ' ' && c < 127 ? (char)c : '?';
	}
}

/**
 * handle_createprocess() - CREATEPROCESS
 * @rq: request
 *
 * Return: NTSTATUS; a failure is seen as a zero handle.
 */
int32_t handle_createprocess(struct request *rq)
{
	const struct dxg_cmd_createprocess *cmd = (const void *)rq->cmd;
	struct dxg_ret_createprocess *ret = (void *)rq->reply;
	struct process *process = calloc(1, sizeof(*process));

	if (!process)
		return STATUS_NO_MEMORY;
	if (!cmd->linux_process)
		violation(rq->host, "CREATEPROCESS without linux_process");
	process->host = rq->host;
	process->pid = cmd->process_id;
	read_name(process, cmd);
	handle_table_init(&process->handles, FIRST_INDEX);
	list_init(&process->devices);
	list_init(&process->sync_objects);
	list_init(&process->waits);
	process->handle = handle_alloc(&rq->host->processes, OBJECT_PROCESS,
				       process);
	if (!process->handle) {
		free(process);
		return STATUS_NO_MEMORY;
	}
	list_add_tail(&process->link, &rq->host->process_list);
	ret->hprocess.v = process->handle;
	return STATUS_SUCCESS;
}

/* Returns whether there were any; @adapter NULL stands for all adapters. */
static bool drop_sync_objects(struct process *process, struct adapter *adapter)
{
	struct list *pos;
	bool any = false;

	list_for_each(pos, &process->sync_objects) {
		struct sync_object *object = container_of(pos,
							  struct sync_object,
							  link);

		if (!adapter || object->adapter == adapter) {
			sync_object_destroy(object);
			any = true;
		}
	}
	return any;
}

/**
 * process_destroy() - free a process with everything that it still owns
 * @process: process
 */
void process_destroy(struct process *process)
{
	unsigned int i;

	cpu_waits_cancel(&process->waits);
	while (!list_empty(&process->devices))
		device_destroy(list_first_entry(&process->devices,
						struct device, link));
	drop_sync_objects(process, NULL);
	for (i = 0; i < HOST_MAX_ADAPTERS; i++)
		gpu_space_free(process->spaces[i]);
	handle_table_free(&process->handles);
	handle_free(&process->host->processes, process->handle);
	list_del(&process->link);
	free(process);
}

/**
 * process_lose_adapter() - free what a process has on one adapter
 * @process: process
 * @adapter: adapter that goes away
 */
void process_lose_adapter(struct process *process, struct adapter *adapter)
{
	struct list *pos;

	list_for_each(pos, &process->devices) {
		struct device *device = container_of(pos, struct device, link);

		if (device->adapter == adapter) {
			process->lost_adapter = true;
			device_destroy(device);
		}
	}
	if (drop_sync_objects(process, adapter))
		process->lost_adapter = true;
	gpu_space_free(process->spaces[adapter->index]);
	process->spaces[adapter->index] = NULL;
	memset(&process->memory[adapter->index], 0,
	       sizeof(process->memory[0]));
}

/**
 * handle_destroyprocess() - DESTROYPROCESS
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_destroyprocess(struct request *rq)
{
	process_destroy(rq->process);
	rq->process = NULL;
	return STATUS_SUCCESS;
}
