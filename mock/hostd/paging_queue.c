// SPDX-License-Identifier: GPL-2.0
/*
 * Paging queues and the thread that executes their operations.  Operations of
 * one queue end in the order in which they were submitted.  Everything but
 * the thread's sleep happens with the engine lock held.
 */
#include <stdlib.h>
#include <time.h>

#include "commands.h"
#include "gpu_address.h"
#include "paging_queue.h"
#include "process.h"
#include "residency.h"

/**
 * paging_queue_lookup() - find a paging queue
 * @rq: request
 * @handle: handle
 *
 * Return: the queue, or NULL when the process has none of that handle on the
 * adapter of the request.
 */
struct paging_queue *paging_queue_lookup(struct request *rq, uint32_t handle)
{
	struct paging_queue *queue;

	queue = handle_lookup(&rq->process->handles, handle,
			      OBJECT_PAGING_QUEUE);
	if (!queue || queue->device->adapter != rq->adapter)
		return NULL;
	return queue;
}

/**
 * paging_op_create() - prepare an operation
 * @queue: queue
 * @kind: what it is
 * @count: number of allocations that it concerns; the caller fills in
 *	referenced ones before paging_op_submit()
 *
 * Return: the operation, or NULL when memory is short.
 */
struct paging_op *paging_op_create(struct paging_queue *queue,
				   enum paging_kind kind, uint32_t count)
{
	struct host *host = queue->device->adapter->host;
	struct paging_op *op;

	op = calloc(1, sizeof(*op) + count * sizeof(op->allocations[0]));
	if (!op)
		return NULL;
	op->queue = queue;
	op->kind = kind;
	op->count = count;
	op->number = ++host->last_op;
	return op;
}

/**
 * paging_op_submit() - start an operation
 * @op: operation; belongs to the queue from now on
 *
 * Return: the fence value with which it will end.
 */
uint64_t paging_op_submit(struct paging_op *op)
{
	struct paging_queue *queue = op->queue;
	struct adapter *adapter = queue->device->adapter;

	op->value = ++queue->last_value;
	op->due = host_now_us() + adapter->config.paging_delay_us;
	if (op->due < queue->last_due)
		op->due = queue->last_due;
	queue->last_due = op->due;
	list_add_tail(&op->link, &adapter->host->paging_ops);
	pthread_cond_signal(&adapter->host->paging_wake);
	return op->value;
}

static void op_finish(struct paging_op *op)
{
	struct sync_core *fence = op->queue->fence->core;
	uint64_t value = op->value;
	uint32_t i;

	list_del(&op->link);
	if (op->kind == PAGING_MAP)
		gpu_space_finish_map(op);
	for (i = 0; i < op->count; i++) {
		if (op->kind == PAGING_RESIDENT)
			residency_arrived(op->allocations[i], op->number);
		allocation_put(op->allocations[i]);
	}
	free(op);
	sync_core_set(fence, value);
}

/**
 * paging_queue_destroy() - end all operations of a queue and free it
 * @queue: queue
 */
void paging_queue_destroy(struct paging_queue *queue)
{
	struct list *pos;

	list_for_each(pos, &queue->device->adapter->host->paging_ops) {
		struct paging_op *op = container_of(pos, struct paging_op,
						    link);

		if (op->queue == queue)
			op_finish(op);
	}
	sync_object_destroy(queue->fence);
	handle_free(&queue->device->process->handles, queue->handle);
	list_del(&queue->link);
	free(queue);
}

/**
 * handle_createpagingqueue() - CREATEPAGINGQUEUE
 * @rq: request
 *
 * Return: NTSTATUS; a failure is seen as zero handles.
 */
int32_t handle_createpagingqueue(struct request *rq)
{
	const struct dxg_cmd_createpagingqueue *cmd = (const void *)rq->cmd;
	struct dxg_ret_createpagingqueue *ret = (void *)rq->reply;
	struct device *device = device_lookup(rq, cmd->args.device);
	struct paging_queue *queue;
	struct sync_core *core;

	if (!device)
		return STATUS_INVALID_HANDLE;
	if (cmd->args.physical_adapter_index ||
	    (int32_t)cmd->args.priority <
	    (int32_t)_D3DDDI_PAGINGQUEUE_PRIORITY_BELOW_NORMAL ||
	    (int32_t)cmd->args.priority >
	    (int32_t)_D3DDDI_PAGINGQUEUE_PRIORITY_ABOVE_NORMAL)
		return STATUS_INVALID_PARAMETER;
	queue = calloc(1, sizeof(*queue));
	core = sync_core_create(device->adapter, _D3DDDI_MONITORED_FENCE, 0);
	if (!queue || !core)
		goto free_core;
	queue->device = device;
	queue->fence = sync_object_create(device, core, OBJECT_FENCE);
	if (!queue->fence)
		goto free_core;
	queue->handle = handle_alloc(&rq->process->handles,
				     OBJECT_PAGING_QUEUE, queue);
	if (!queue->handle)
		goto destroy_fence;
	sync_core_put(core);
	list_add_tail(&queue->link, &device->paging_queues);
	ret->paging_queue.v = queue->handle;
	ret->sync_object.v = queue->fence->handle;
	ret->fence_storage_physical_address = sync_core_address(core);
	return STATUS_SUCCESS;

destroy_fence:
	sync_object_destroy(queue->fence);
free_core:
	if (core)
		sync_core_put(core);
	free(queue);
	return STATUS_NO_MEMORY;
}

/**
 * handle_destroypagingqueue() - DESTROYPAGINGQUEUE
 * @rq: request
 *
 * Return: NTSTATUS, which the guest does not see
 */
int32_t handle_destroypagingqueue(struct request *rq)
{
	const struct dxg_cmd_destroypagingqueue *cmd = (const void *)rq->cmd;
	struct paging_queue *queue;

	queue = paging_queue_lookup(rq, cmd->paging_queue.v);
	if (!queue)
		return bad_destroy(rq, &rq->process->handles,
				   cmd->paging_queue.v, "paging queue");
	paging_queue_destroy(queue);
	return STATUS_SUCCESS;
}

/* Ends what is due; returns when the next operation is due, 0 for never. */
static uint64_t finish_due(struct host *host, uint64_t now)
{
	struct list *pos;
	uint64_t next = 0;

	list_for_each(pos, &host->paging_ops) {
		struct paging_op *op = container_of(pos, struct paging_op,
						    link);

		if (op->due <= now)
			op_finish(op);
		else if (!next || op->due < next)
			next = op->due;
	}
	return next;
}

/**
 * paging_run() - thread that executes paging operations
 * @arg: struct host
 *
 * Return: NULL
 */
void *paging_run(void *arg)
{
	struct host *host = arg;

	pthread_mutex_lock(&host->lock);
	while (!host->stopping) {
		uint64_t next = finish_due(host, host_now_us());
		struct timespec until = {
			.tv_sec = (time_t)(next / 1000000),
			.tv_nsec = (long)(next % 1000000) * 1000,
		};

		if (next)
			pthread_cond_timedwait(&host->paging_wake, &host->lock,
					       &until);
		else
			pthread_cond_wait(&host->paging_wake, &host->lock);
	}
	pthread_mutex_unlock(&host->lock);
	return NULL;
}
