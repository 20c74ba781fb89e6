// SPDX-License-Identifier: GPL-2.0
/*
 * Waits and signals that the guest puts into queues, and signals from its
 * CPUs: WAITFORSYNCOBJECTFROMGPU and SIGNALSYNCOBJECT.  Callers hold the
 * engine lock.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "context.h"
#include "process.h"

/*
 * Look up @count objects. @handles and @values need not be aligned; without
 * @values all get @value. On failure *@found tells how many to release.
 */
static int32_t find_objects(struct request *rq, struct gpu_sync *syncs,
			    uint32_t count, const uint8_t *handles,
			    const uint8_t *values, uint64_t value, bool wait,
			    uint32_t *found)
{
	uint32_t i;

	*found = 0;
	for (i = 0; i < count; i++) {
		struct sync_object *object;
		uint32_t handle;

		memcpy(&handle, handles + 4 * (size_t)i, 4);
		object = sync_object_lookup(rq->process, handle);
		if (!object)
			return STATUS_INVALID_HANDLE;
		if (wait ? object->flags.no_wait : object->flags.no_signal)
			return STATUS_ACCESS_DENIED;
		if (!wait && object->type == OBJECT_FENCE)
			return STATUS_ACCESS_DENIED;
		syncs[i].value = value;
		if (values)
			memcpy(&syncs[i].value, values + 8 * (size_t)i, 8);
		syncs[i].core = sync_core_get(object->core);
		*found = i + 1;
	}
	return STATUS_SUCCESS;
}

/**
 * handle_waitforsyncobjectfromgpu() - WAITFORSYNCOBJECTFROMGPU
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_waitforsyncobjectfromgpu(struct request *rq)
{
	const struct dxg_cmd_waitforsyncobjectfromgpu *cmd =
		(const void *)rq->cmd;
	uint64_t n = cmd->object_count;
	const uint8_t *values = rq->cmd + sizeof(*cmd);
	struct gpu_queue *queue;
	struct gpu_item *item;
	int32_t status;

	if (!request_length(rq, sizeof(*cmd) + 12 * n, 0) || !n ||
	    n > D3DDDI_MAX_OBJECT_WAITED_ON)
		return STATUS_INVALID_PARAMETER;
	queue = queue_lookup(rq, cmd->context.v);
	if (!queue)
		return STATUS_INVALID_HANDLE;
	item = gpu_item_create(GPU_WAIT);
	if (item)
		item->syncs = calloc(n, sizeof(*item->syncs));
	if (!item || !item->syncs) {
		gpu_item_free(item);
		return STATUS_NO_MEMORY;
	}
	status = find_objects(rq, item->syncs, (uint32_t)n, values + 8 * n,
			      values, 0, true, &item->count);
	if (status >= 0)
		status = gpu_queue_push(queue, item);
	if (status < 0)
		gpu_item_free(item);
	return status;
}

/* A signal from the CPU: now, and a fence may not go back unasked. */
static int32_t signal_now(const struct gpu_signal *signal)
{
	uint32_t i;

	for (i = 0; i < signal->count && !signal->rewind; i++) {
		struct sync_core *core = signal->syncs[i].core;

		if (sync_core_monitored(core) &&
		    signal->syncs[i].value < sync_core_value(core))
			return STATUS_INVALID_PARAMETER;
	}
	gpu_signal_now(signal);
	return STATUS_SUCCESS;
}

/* Put the signal into every queue; all of them are looked up first. */
static int32_t signal_queues(struct request *rq, struct gpu_signal *signal,
			     const uint8_t *contexts, uint32_t count)
{
	struct gpu_queue *queues[D3DDDI_MAX_BROADCAST_CONTEXT];
	struct gpu_item *item;
	int32_t status;
	uint32_t i;

	if (count > D3DDDI_MAX_BROADCAST_CONTEXT)
		return STATUS_INVALID_PARAMETER;
	for (i = 0; i < count; i++) {
		uint32_t handle;

		memcpy(&handle, contexts + 4 * (size_t)i, 4);
		queues[i] = queue_lookup(rq, handle);
		if (!queues[i])
			return STATUS_INVALID_HANDLE;
		if (queues[i]->device->state != _D3DKMT_DEVICEEXECUTION_ACTIVE)
			return STATUS_DEVICE_REMOVED;
	}
	for (i = 0; i < count; i++) {
		item = gpu_item_create(GPU_SIGNAL);
		if (!item)
			return STATUS_NO_MEMORY;
		item->signal = signal;
		signal->pending++;
		status = gpu_queue_push(queues[i], item);
		if (status < 0) {
			gpu_item_free(item);
			return status;
		}
	}
	return STATUS_SUCCESS;
}

static int32_t perform(struct request *rq,
		       const struct dxg_cmd_signalsyncobject *cmd,
		       struct gpu_signal *signal)
{
	const uint8_t *contexts = rq->cmd + sizeof(*cmd) +
				  4 * (size_t)cmd->object_count;
	struct device *device;

	if (!cmd->context_count) {
		if (cmd->flags.enqueue_cpu_event)
			return STATUS_INVALID_PARAMETER;
		device = device_lookup(rq, cmd->device);
		return device ? signal_now(signal) : STATUS_INVALID_HANDLE;
	}
	if (cmd->flags.enqueue_cpu_event && !signal->event)
		return STATUS_INVALID_PARAMETER;
	if (cmd->flags.signal_at_submission)
		return signal_now(signal);
	return signal_queues(rq, signal, contexts, cmd->context_count);
}

/**
 * handle_signalsyncobject() - SIGNALSYNCOBJECT
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_signalsyncobject(struct request *rq)
{
	const struct dxg_cmd_signalsyncobject *cmd = (const void *)rq->cmd;
	uint64_t n = cmd->object_count;
	uint64_t fixed = sizeof(*cmd) + 4 * n + 4 * (uint64_t)cmd->context_count;
	const uint8_t *values = NULL;
	struct gpu_signal *signal;
	int32_t status;

	/* Without values only padding, at most 7 bytes, follows. */
	if (n && rq->len >= fixed + 8 * n)
		values = rq->cmd + fixed;
	if (!request_length(rq, values ? fixed + 8 * n : fixed, 0))
		return STATUS_INVALID_PARAMETER;
	if (!n && !cmd->flags.enqueue_cpu_event)
		return STATUS_INVALID_PARAMETER;
	signal = calloc(1, sizeof(*signal) + n * sizeof(signal->syncs[0]));
	if (!signal)
		return STATUS_NO_MEMORY;
	signal->host = rq->host;
	/* Ours, until every queue has its own. */
	signal->pending = 1;
	signal->rewind = cmd->flags.allow_fence_rewind;
	if (cmd->flags.enqueue_cpu_event)
		signal->event = cmd->cpu_event_handle;
	status = find_objects(rq, signal->syncs, cmd->object_count,
			      rq->cmd + sizeof(*cmd), values,
			      cmd->fence_value, false, &signal->count);
	if (status >= 0)
		status = perform(rq, cmd, signal);
	gpu_signal_put(signal);
	return status;
}
