// SPDX-License-Identifier: GPL-2.0
/*
 * CPU waits: WAITFORSYNCOBJECTFROMCPU registers one, a change of a fence ends
 * it with SIGNALGUESTEVENT, exactly once.  Callers hold the engine lock.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "cpu_wait.h"
#include "device.h"
#include "process.h"

static void wait_free(struct cpu_wait *wait)
{
	uint32_t i;

	for (i = 0; i < wait->count; i++)
		list_del(&wait->entries[i].link);
	list_del(&wait->link);
	wait->host->cpu_waits--;
	free(wait);
}

static void wait_end(struct cpu_wait *wait)
{
	struct host *host = wait->host;
	uint64_t event = wait->event;

	wait_free(wait);
	guest_event(host, event);
}

static void end_all(struct list *waits)
{
	while (!list_empty(waits))
		wait_end(list_first_entry(waits, struct cpu_wait, link));
}

static bool satisfied(const struct cpu_wait *wait)
{
	uint32_t i;

	for (i = 0; i < wait->count; i++) {
		const struct wait_entry *entry = &wait->entries[i];
		bool reached = sync_core_value(entry->core) >= entry->value;

		if (reached == wait->any)
			return wait->any;
	}
	return !wait->any;
}

/* Collects the waits of @core for end_all(). */
static void collect(struct sync_core *core, bool all, struct list *done)
{
	struct list *pos;

	list_init(done);
	list_for_each(pos, &core->waits) {
		struct wait_entry *entry = container_of(pos, struct wait_entry,
							link);

		if (!all && !satisfied(entry->wait))
			continue;
		/* A fence may occur twice in one wait: moved twice then. */
		list_del(&entry->wait->link);
		list_add_tail(&entry->wait->link, done);
	}
}

/**
 * cpu_waits_check() - end the waits that a new value satisfies
 * @core: object whose value has changed
 */
void cpu_waits_check(struct sync_core *core)
{
	struct list done;

	collect(core, false, &done);
	end_all(&done);
}

/**
 * cpu_waits_end_core() - end all waits for an object that is going away
 * @core: object
 */
void cpu_waits_end_core(struct sync_core *core)
{
	struct list done;

	collect(core, true, &done);
	end_all(&done);
}

/**
 * cpu_waits_end_device() - end all waits made on a device that is going away
 * @device: device
 */
void cpu_waits_end_device(struct device *device)
{
	struct list *pos;

	list_for_each(pos, &device->process->waits) {
		struct cpu_wait *wait = container_of(pos, struct cpu_wait,
						     link);

		if (wait->device == device)
			wait_end(wait);
	}
}

/**
 * cpu_waits_cancel() - forget waits without an event: nobody is left
 * @waits: list of struct cpu_wait
 */
void cpu_waits_cancel(struct list *waits)
{
	while (!list_empty(waits))
		wait_free(list_first_entry(waits, struct cpu_wait, link));
}

static int32_t fill_entries(struct request *rq, struct cpu_wait *wait,
			    const uint8_t *handles, const uint8_t *values)
{
	uint32_t i;

	for (i = 0; i < wait->count; i++) {
		struct wait_entry *entry = &wait->entries[i];
		struct sync_object *object;
		uint32_t handle;

		memcpy(&handle, handles + 4 * (size_t)i, 4);
		memcpy(&entry->value, values + 8 * (size_t)i, 8);
		object = sync_object_lookup(rq->process, handle);
		if (!object)
			return STATUS_INVALID_HANDLE;
		if (!sync_core_monitored(object->core))
			return STATUS_OBJECT_TYPE_MISMATCH;
		if (object->flags.no_wait)
			return STATUS_ACCESS_DENIED;
		entry->core = object->core;
		entry->wait = wait;
	}
	return STATUS_SUCCESS;
}

static void wait_register(struct request *rq, struct cpu_wait *wait)
{
	uint32_t i;

	for (i = 0; i < wait->count; i++)
		list_add_tail(&wait->entries[i].link,
			      &wait->entries[i].core->waits);
	list_add_tail(&wait->link, &rq->process->waits);
	rq->host->cpu_waits++;
	if (satisfied(wait))
		wait_end(wait);
}

/**
 * handle_waitforsyncobjectfromcpu() - WAITFORSYNCOBJECTFROMCPU
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_waitforsyncobjectfromcpu(struct request *rq)
{
	const struct dxg_cmd_waitforsyncobjectfromcpu *cmd =
		(const void *)rq->cmd;
	const uint8_t *handles = rq->cmd + sizeof(*cmd);
	uint64_t n = cmd->object_count;
	struct device *device;
	struct cpu_wait *wait;
	int32_t status;

	if (!request_length(rq, sizeof(*cmd) + 12 * n, 0))
		return STATUS_INVALID_PARAMETER;
	device = device_lookup(rq, cmd->device);
	if (!device)
		return STATUS_INVALID_HANDLE;
	if (!n || !cmd->guest_event_pointer)
		return STATUS_INVALID_PARAMETER;
	wait = calloc(1, sizeof(*wait) + n * sizeof(wait->entries[0]));
	if (!wait)
		return STATUS_NO_MEMORY;
	wait->host = rq->host;
	wait->device = device;
	wait->event = cmd->guest_event_pointer;
	wait->any = cmd->flags.wait_any;
	wait->count = cmd->object_count;
	status = fill_entries(rq, wait, handles, handles + 4 * n);
	if (status < 0) {
		free(wait);
		return status;
	}
	wait_register(rq, wait);
	return STATUS_SUCCESS;
}
