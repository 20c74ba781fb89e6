// SPDX-License-Identifier: GPL-2.0
/*
 * Submission of command buffers to contexts and hardware queues.  Callers
 * hold the engine lock.
 */
#include <string.h>

#include "commands.h"
#include "context.h"
#include "process.h"

/* Submissions of one queue carry growing numbers: proves their order. */
static void check_sequence(struct request *rq, struct gpu_queue *queue,
			   const uint8_t *private_data, uint32_t size)
{
	struct mock_submit_data data;

	if (size < sizeof(data))
		return;
	memcpy(&data, private_data, sizeof(data));
	if (data.magic != MOCK_SUBMIT_MAGIC || !data.sequence)
		return;
	if (data.sequence <= queue->sequence)
		violation(rq->host, "%s: number %llu after %llu",
			  host_command_name(rq->command),
			  (unsigned long long)data.sequence,
			  (unsigned long long)queue->sequence);
	queue->sequence = data.sequence;
}

static int32_t submit(struct request *rq, struct gpu_queue *queue, uint64_t va,
		      uint32_t length, uint64_t progress)
{
	uint32_t delay = rq->adapter->config.submit_delay_us;
	struct gpu_item *item;
	int32_t status;

	if (length > GPU_CMD_MAX_BUFFER)
		return STATUS_INVALID_PARAMETER;
	/* The GPU thread relies on it. */
	if (!gpu_space_get(rq->process, rq->adapter))
		return STATUS_NO_MEMORY;
	item = gpu_item_create(GPU_SUBMIT);
	if (!item)
		return STATUS_NO_MEMORY;
	item->va = va;
	item->length = length;
	item->progress = progress;
	item->due = delay ? host_now_us() + delay : 0;
	status = gpu_queue_push(queue, item);
	if (status < 0)
		gpu_item_free(item);
	return status;
}

/**
 * handle_submitcommand() - SUBMITCOMMAND
 * @rq: request
 *
 * An adapter of the mock is one GPU, so that the command runs once, on the
 * first context of a broadcast.
 *
 * Return: NTSTATUS
 */
int32_t handle_submitcommand(struct request *rq)
{
	const struct dxg_cmd_submitcommand *cmd = (const void *)rq->cmd;
	const struct d3dkmt_submitcommand *args = &cmd->args;
	uint64_t data = sizeof(*cmd) + 4 * (uint64_t)args->num_history_buffers;
	struct context *context;

	if (!request_length(rq, data + args->priv_drv_data_size, 0) ||
	    !args->broadcast_context_count ||
	    args->broadcast_context_count > D3DDDI_MAX_BROADCAST_CONTEXT ||
	    args->num_primaries > D3DDDI_MAX_WRITTEN_PRIMARIES)
		return STATUS_INVALID_PARAMETER;
	context = context_lookup(rq, args->broadcast_context[0].v);
	if (!context)
		return STATUS_INVALID_HANDLE;
	if (context->uses_hw_queues)
		return STATUS_INVALID_PARAMETER;
	check_sequence(rq, &context->queue, rq->cmd + data,
		       args->priv_drv_data_size);
	return submit(rq, &context->queue, args->command_buffer,
		      args->flags.null_rendering ? 0 : args->command_length,
		      0);
}

/**
 * handle_submitcommandtohwqueue() - SUBMITCOMMANDTOHWQUEUE
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_submitcommandtohwqueue(struct request *rq)
{
	const struct dxg_cmd_submitcommandtohwqueue *cmd =
		(const void *)rq->cmd;
	const struct d3dkmt_submitcommandtohwqueue *args = &cmd->args;
	uint64_t data = sizeof(*cmd) + 4 * (uint64_t)args->num_primaries;
	struct hw_queue *hw;

	if (!request_length(rq, data + args->priv_drv_data_size, 0))
		return STATUS_INVALID_PARAMETER;
	hw = hw_queue_lookup(rq, args->hwqueue.v);
	if (!hw)
		return STATUS_INVALID_HANDLE;
	check_sequence(rq, &hw->queue, rq->cmd + data,
		       args->priv_drv_data_size);
	return submit(rq, &hw->queue, args->command_buffer,
		      args->command_length, args->hwqueue_progress_fence_id);
}
