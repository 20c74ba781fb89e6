// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts and hardware queues: life and priorities.  Callers hold the engine
 * lock.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "context.h"
#include "process.h"

#define PRIORITY_LIMIT	7

/**
 * context_lookup() - find a context
 * @rq: request
 * @handle: handle
 *
 * Return: the context, or NULL when the process has none of that handle on
 * the adapter of the request.
 */
struct context *context_lookup(struct request *rq, uint32_t handle)
{
	struct context *context;

	context = handle_lookup(&rq->process->handles, handle, OBJECT_CONTEXT);
	if (!context || context->device->adapter != rq->adapter)
		return NULL;
	return context;
}

/**
 * hw_queue_lookup() - find a hardware queue
 * @rq: request
 * @handle: handle
 *
 * Return: the queue, or NULL when the process has none of that handle on the
 * adapter of the request.
 */
struct hw_queue *hw_queue_lookup(struct request *rq, uint32_t handle)
{
	struct hw_queue *hw;

	hw = handle_lookup(&rq->process->handles, handle, OBJECT_HW_QUEUE);
	if (!hw || hw->context->device->adapter != rq->adapter)
		return NULL;
	return hw;
}

/**
 * queue_lookup() - find the queue behind a context or a hardware queue
 * @rq: request
 * @handle: handle of either
 *
 * Return: the queue, or NULL.
 */
struct gpu_queue *queue_lookup(struct request *rq, uint32_t handle)
{
	struct context *context = context_lookup(rq, handle);
	struct hw_queue *hw = hw_queue_lookup(rq, handle);

	if (context)
		return &context->queue;
	return hw ? &hw->queue : NULL;
}

/* Private data that is ours comes back with proof that the host saw it. */
static void edit_private_data(struct host *host, uint8_t *bytes, uint32_t size,
			      uint32_t magic, uint32_t node)
{
	struct mock_queue_data data;
	size_t i;

	if (size < sizeof(data))
		return;
	memcpy(&data, bytes, sizeof(data));
	if (data.magic != magic)
		return;
	data.node = node;
	data.host_id = host_next_id(host);
	for (i = 0; i < sizeof(data.pattern); i++)
		data.pattern[i] = (uint8_t)~data.pattern[i];
	memcpy(bytes, &data, sizeof(data));
}

/**
 * handle_createcontextvirtual() - CREATECONTEXTVIRTUAL
 * @rq: request
 *
 * Return: NTSTATUS; a failure is seen as a zero handle.
 */
int32_t handle_createcontextvirtual(struct request *rq)
{
	const struct dxg_cmd_createcontextvirtual *cmd = (const void *)rq->cmd;
	struct dxg_cmd_createcontextvirtual *ret = (void *)rq->reply;
	uint64_t len = dxg_msg_size(struct dxg_cmd_createcontextvirtual,
				    priv_drv_data, cmd->priv_drv_data_size);
	struct context *context;
	struct device *device;

	if (!request_length(rq, len, DXG_SPARE_CREATECONTEXTVIRTUAL) ||
	    rq->reply_len < len)
		return STATUS_INVALID_PARAMETER;
	device = device_lookup(rq, cmd->device);
	if (!device)
		return STATUS_INVALID_HANDLE;
	if (cmd->node_ordinal >= MOCK_GPU_NODE_COUNT ||
	    cmd->engine_affinity > 1)
		return STATUS_INVALID_PARAMETER;
	context = calloc(1, sizeof(*context));
	if (!context)
		return STATUS_NO_MEMORY;
	context->device = device;
	context->uses_hw_queues = cmd->flags.hw_queue_supported;
	gpu_queue_init(&context->queue, device, cmd->node_ordinal);
	list_init(&context->hw_queues);
	context->handle = handle_alloc(&rq->process->handles, OBJECT_CONTEXT,
				       context);
	if (!context->handle) {
		free(context);
		return STATUS_NO_MEMORY;
	}
	list_add_tail(&context->link, &device->contexts);
	memcpy(ret, cmd, len);
	edit_private_data(rq->host, ret->priv_drv_data,
			  ret->priv_drv_data_size, MOCK_CONTEXT_MAGIC,
			  cmd->node_ordinal);
	ret->context.v = context->handle;
	return STATUS_SUCCESS;
}

static void hw_queue_destroy(struct hw_queue *hw)
{
	struct process *process = hw->context->device->process;

	gpu_queue_flush(&hw->queue);
	if (hw->handle)
		handle_free(&process->handles, hw->handle);
	if (hw->fence)
		sync_object_destroy(hw->fence);
	list_del(&hw->link);
	free(hw);
}

/**
 * context_destroy() - free a context with its hardware queues
 * @context: context
 */
void context_destroy(struct context *context)
{
	while (!list_empty(&context->hw_queues))
		hw_queue_destroy(list_first_entry(&context->hw_queues,
						  struct hw_queue, link));
	gpu_queue_flush(&context->queue);
	handle_free(&context->device->process->handles, context->handle);
	list_del(&context->link);
	free(context);
}

/**
 * handle_destroycontext() - DESTROYCONTEXT
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_destroycontext(struct request *rq)
{
	const struct dxg_cmd_destroycontext *cmd = (const void *)rq->cmd;
	struct context *context = context_lookup(rq, cmd->context.v);

	if (!context)
		return bad_destroy(rq, &rq->process->handles, cmd->context.v,
				   "context");
	context_destroy(context);
	return STATUS_SUCCESS;
}

static void flush_context(struct context *context)
{
	struct list *pos;

	gpu_queue_flush(&context->queue);
	list_for_each(pos, &context->hw_queues)
		gpu_queue_flush(&container_of(pos, struct hw_queue,
					      link)->queue);
}

/**
 * contexts_flush() - drop all work queued on a device
 * @device: device
 */
void contexts_flush(struct device *device)
{
	struct list *pos;

	list_for_each(pos, &device->contexts)
		flush_context(container_of(pos, struct context, link));
}

/**
 * contexts_signal_max() - move the progress fences of a device to the end
 * @device: device in error state
 */
void contexts_signal_max(struct device *device)
{
	struct list *pos, *sub;

	list_for_each(pos, &device->contexts) {
		struct context *context = container_of(pos, struct context,
						       link);

		list_for_each(sub, &context->hw_queues)
			sync_core_set(container_of(sub, struct hw_queue, link)
				      ->fence->core, UINT64_MAX);
	}
}

/**
 * handle_setcontextschedulingpriority() - SETCONTEXTSCHEDULINGPRIORITY
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_setcontextschedulingpriority(struct request *rq)
{
	const struct dxg_cmd_setcontextschedulingpriority2 *cmd =
		(const void *)rq->cmd;
	struct context *context = context_lookup(rq, cmd->context.v);

	if (!context)
		return STATUS_INVALID_HANDLE;
	if (cmd->priority < -PRIORITY_LIMIT || cmd->priority > PRIORITY_LIMIT)
		return STATUS_INVALID_PARAMETER;
	context->priority[!!cmd->in_process] = cmd->priority;
	return STATUS_SUCCESS;
}

/**
 * handle_getcontextschedulingpriority() - GETCONTEXTSCHEDULINGPRIORITY
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_getcontextschedulingpriority(struct request *rq)
{
	const struct dxg_cmd_getcontextschedulingpriority *cmd =
		(const void *)rq->cmd;
	struct dxg_ret_getcontextschedulingpriority *ret = (void *)rq->reply;
	struct context *context = context_lookup(rq, cmd->context.v);

	if (!context)
		return STATUS_INVALID_HANDLE;
	ret->priority = context->priority[!!cmd->in_process];
	return STATUS_SUCCESS;
}

static struct hw_queue *hw_queue_create(struct context *context)
{
	struct device *device = context->device;
	struct hw_queue *hw = calloc(1, sizeof(*hw));
	struct sync_core *core;

	if (!hw)
		return NULL;
	hw->context = context;
	list_init(&hw->link);
	gpu_queue_init(&hw->queue, device, context->queue.node->ordinal);
	core = sync_core_create(device->adapter, _D3DDDI_MONITORED_FENCE, 0);
	if (core) {
		hw->fence = sync_object_create(device, core, OBJECT_FENCE);
		sync_core_put(core);
	}
	if (hw->fence) {
		hw->queue.progress = hw->fence->core;
		hw->handle = handle_alloc(&device->process->handles,
					  OBJECT_HW_QUEUE, hw);
	}
	if (!hw->handle) {
		hw_queue_destroy(hw);
		return NULL;
	}
	list_add_tail(&hw->link, &context->hw_queues);
	return hw;
}

/**
 * handle_createhwqueue() - CREATEHWQUEUE
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_createhwqueue(struct request *rq)
{
	const struct dxg_cmd_createhwqueue *cmd = (const void *)rq->cmd;
	struct dxg_cmd_createhwqueue *ret = (void *)rq->reply;
	uint64_t len = dxg_msg_size(struct dxg_cmd_createhwqueue,
				    priv_drv_data, cmd->priv_drv_data_size);
	struct context *context;
	struct hw_queue *hw;

	if (!request_length(rq, len, cmd->priv_drv_data_size ?
			    DXG_SPARE_CREATEHWQUEUE :
			    DXG_SPARE_CREATEHWQUEUE_NO_DATA) ||
	    rq->reply_len < len)
		return STATUS_INVALID_PARAMETER;
	context = context_lookup(rq, cmd->context.v);
	if (!context)
		return STATUS_INVALID_HANDLE;
	if (rq->adapter->config.personality == HOST_NO_HWSCH)
		return STATUS_NOT_SUPPORTED;
	if (!context->uses_hw_queues)
		return STATUS_INVALID_PARAMETER;
	hw = hw_queue_create(context);
	if (!hw)
		return STATUS_NO_MEMORY;
	memcpy(ret, cmd, len);
	edit_private_data(rq->host, ret->priv_drv_data,
			  ret->priv_drv_data_size, MOCK_HWQUEUE_MAGIC,
			  hw->queue.node->ordinal);
	ret->hwqueue.v = hw->handle;
	ret->hwqueue_progress_fence.v = hw->fence->handle;
	ret->hwqueue_progress_fence_cpuva = sync_core_address(hw->fence->core);
	ret->hwqueue_progress_fence_gpuva = hw->fence->gpu_va;
	return STATUS_SUCCESS;
}

/**
 * handle_destroyhwqueue() - DESTROYHWQUEUE
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_destroyhwqueue(struct request *rq)
{
	const struct dxg_cmd_destroyhwqueue *cmd = (const void *)rq->cmd;
	struct hw_queue *hw = hw_queue_lookup(rq, cmd->hwqueue.v);

	if (!hw)
		return bad_destroy(rq, &rq->process->handles, cmd->hwqueue.v,
				   "hardware queue");
	hw_queue_destroy(hw);
	return STATUS_SUCCESS;
}
