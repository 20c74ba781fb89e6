// SPDX-License-Identifier: GPL-2.0
/*
 * Execution engine of the software GPU.  Each engine (node) of an adapter has
 * a thread, which takes one item at a time from the queues bound to it, in
 * turn.  The engine lock is held for everything but the arithmetic of command
 * buffers; a flush marks the running job as cancelled, and the thread then
 * touches nothing but the job when it comes back.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gpu.h"
#include "process.h"

/**
 * gpu_item_create() - prepare an item
 * @kind: what it is
 *
 * Return: the item, or NULL when memory is short.
 */
struct gpu_item *gpu_item_create(enum gpu_item_kind kind)
{
	struct gpu_item *item = calloc(1, sizeof(*item));

	if (item) {
		item->kind = kind;
		list_init(&item->link);
	}
	return item;
}

/**
 * gpu_signal_put() - a queue leaves a signal, without reaching it
 * @signal: signal; freed with the last queue
 */
void gpu_signal_put(struct gpu_signal *signal)
{
	uint32_t i;

	if (--signal->pending)
		return;
	for (i = 0; i < signal->count; i++)
		sync_core_put(signal->syncs[i].core);
	free(signal);
}

static void free_updates(struct gpu_item *item)
{
	uint32_t i;

	for (i = 0; item->updates && i < item->count; i++) {
		if (item->updates[i].allocation)
			allocation_put(item->updates[i].allocation);
	}
	free(item->updates);
	item->updates = NULL;
}

/**
 * gpu_item_free() - free an item that is on no queue
 * @item: item, or NULL
 */
void gpu_item_free(struct gpu_item *item)
{
	uint32_t i;

	if (!item)
		return;
	free_updates(item);
	for (i = 0; item->syncs && i < item->count; i++)
		sync_core_put(item->syncs[i].core);
	free(item->syncs);
	if (item->signal)
		gpu_signal_put(item->signal);
	if (item->fence)
		sync_core_put(item->fence);
	free(item);
}

/**
 * gpu_queue_init() - make an empty queue
 * @queue: queue
 * @device: device
 * @node: engine ordinal, checked
 */
void gpu_queue_init(struct gpu_queue *queue, struct device *device,
		    unsigned int node)
{
	memset(queue, 0, sizeof(*queue));
	list_init(&queue->link);
	list_init(&queue->items);
	queue->device = device;
	queue->node = &device->adapter->nodes[node];
}

/**
 * gpu_queue_push() - append an item to a queue
 * @queue: queue
 * @item: item; belongs to the queue on success
 *
 * Return: NTSTATUS; a device in error state takes no more work.
 */
int32_t gpu_queue_push(struct gpu_queue *queue, struct gpu_item *item)
{
	if (queue->device->state != _D3DKMT_DEVICEEXECUTION_ACTIVE)
		return STATUS_DEVICE_REMOVED;
	if (list_empty(&queue->items))
		list_add_tail(&queue->link, &queue->node->queues);
	list_add_tail(&item->link, &queue->items);
	pthread_cond_broadcast(&queue->node->adapter->host->gpu_wake);
	return STATUS_SUCCESS;
}

/**
 * gpu_queue_flush() - drop what is queued and cancel what runs
 * @queue: queue
 */
void gpu_queue_flush(struct gpu_queue *queue)
{
	if (queue->job)
		queue->job->cancelled = true;
	queue->job = NULL;
	while (!list_empty(&queue->items)) {
		struct gpu_item *item = list_first_entry(&queue->items,
							 struct gpu_item,
							 link);

		list_del(&item->link);
		gpu_item_free(item);
	}
	list_del(&queue->link);
}

static bool reached(const struct gpu_sync *sync)
{
	uint64_t value = sync_core_value(sync->core);

	switch (sync->core->type) {
	case _D3DDDI_SYNCHRONIZATION_MUTEX:
	case _D3DDDI_SEMAPHORE:
		return value > 0;
	default:
		return value >= sync->value;
	}
}

static void acquire(const struct gpu_sync *sync)
{
	struct sync_core *core = sync->core;

	if ((core->type == _D3DDDI_SYNCHRONIZATION_MUTEX ||
	     core->type == _D3DDDI_SEMAPHORE) && core->value)
		core->value--;
}

static void signal_one(const struct gpu_sync *sync, bool rewind)
{
	struct sync_core *core = sync->core;

	switch (core->type) {
	case _D3DDDI_SYNCHRONIZATION_MUTEX:
		sync_core_set(core, 1);
		break;
	case _D3DDDI_SEMAPHORE:
		if (core->value < core->max_count)
			sync_core_set(core, core->value + 1);
		break;
	case _D3DDDI_CPU_NOTIFICATION:
		guest_event(core->host, core->event);
		break;
	default:
		if (rewind || sync->value > sync_core_value(core))
			sync_core_set(core, sync->value);
	}
}

/**
 * gpu_signal_now() - signal the objects of a signal and send its event
 * @signal: signal
 */
void gpu_signal_now(const struct gpu_signal *signal)
{
	uint32_t i;

	for (i = 0; i < signal->count; i++)
		signal_one(&signal->syncs[i], signal->rewind);
	guest_event(signal->host, signal->event);
}

/* A queue has reached a signal; the last one performs it. */
static void signal_reached(struct gpu_signal *signal)
{
	if (signal->pending == 1)
		gpu_signal_now(signal);
	gpu_signal_put(signal);
}

/* May the item run? If only its time has not come, lowers @next to it. */
static bool runnable(const struct gpu_item *item, uint64_t *next)
{
	uint32_t i;

	switch (item->kind) {
	case GPU_WAIT:
		for (i = 0; i < item->count; i++) {
			if (!reached(&item->syncs[i]))
				return false;
		}
		return true;
	case GPU_UPDATE:
		return !item->fence ||
		       sync_core_value(item->fence) >= item->value;
	case GPU_SUBMIT:
		if (!item->due || item->due <= host_now_us())
			return true;
		if (!*next || item->due < *next)
			*next = item->due;
		return false;
	default:
		return true;
	}
}

static void pop(struct gpu_queue *queue, struct gpu_item *item)
{
	list_del(&item->link);
	list_del(&queue->link);
	/* Back to the end, so that all queues of the node have their turn. */
	if (!list_empty(&queue->items))
		list_add_tail(&queue->link, &queue->node->queues);
}

static void fail(struct gpu_queue *queue, const struct gpu_job *job,
		 enum gpu_result result)
{
	struct device *device = queue->device;

	if (result == GPU_FAULT) {
		device->fault_write = job->fault_write;
		device_error(device, _D3DKMT_DEVICEEXECUTION_ERROR_DMAPAGEFAULT,
			     job->fault);
	} else {
		device_error(device, _D3DKMT_DEVICEEXECUTION_HUNG, 0);
	}
}

/* Whoever asks a second later wants to see that something was done. */
static void account_time(const struct gpu_queue *queue, uint64_t us)
{
	const struct device *device = queue->device;
	struct gpu_node *node = queue->node;

	us += !us;
	node->running_us += us;
	device->process->running_us[device->adapter->index][node->ordinal] +=
		us;
}

static void run_submit(struct gpu_queue *queue, struct gpu_item *item)
{
	struct device *device = queue->device;
	struct host *host = device->adapter->host;
	struct gpu_job job = {
		.host = host,
		.space = device->process->spaces[device->adapter->index],
		.va = item->va,
		.length = item->length,
	};
	enum gpu_result result = GPU_DONE;
	uint64_t started;

	if (item->length) {
		queue->job = &job;
		started = host_now_us();
		pthread_mutex_unlock(&host->lock);
		result = gpu_execute(&job);
		pthread_mutex_lock(&host->lock);
		/* Queue and item are gone when it was cancelled. */
		if (job.cancelled)
			return;
		queue->job = NULL;
		account_time(queue, host_now_us() - started);
	}
	if (result == GPU_CANCELLED)
		return;
	if (result != GPU_DONE) {
		fail(queue, &job, result);
		return;
	}
	pop(queue, item);
	if (queue->progress &&
	    item->progress > sync_core_value(queue->progress))
		sync_core_set(queue->progress, item->progress);
	gpu_item_free(item);
}

static void run_item(struct gpu_queue *queue, struct gpu_item *item)
{
	uint32_t i;

	if (item->kind == GPU_SUBMIT) {
		run_submit(queue, item);
		return;
	}
	pop(queue, item);
	switch (item->kind) {
	case GPU_WAIT:
		for (i = 0; i < item->count; i++)
			acquire(&item->syncs[i]);
		break;
	case GPU_SIGNAL:
		signal_reached(item->signal);
		item->signal = NULL;
		break;
	case GPU_UPDATE:
		if (!gpu_space_update(item->space, item->updates, item->count))
			device_error(queue->device,
				     _D3DKMT_DEVICEEXECUTION_ERROR_OUTOFMEMORY,
				     0);
		item->count = 0;
		break;
	default:
		break;
	}
	gpu_item_free(item);
}

/* Runs one item; false when none can run before @next, 0 meaning never. */
static bool run_one(struct gpu_node *node, uint64_t *next)
{
	struct list *pos;

	*next = 0;
	list_for_each(pos, &node->queues) {
		struct gpu_queue *queue = container_of(pos, struct gpu_queue,
						       link);
		struct gpu_item *item = list_first_entry(&queue->items,
							 struct gpu_item,
							 link);

		if (runnable(item, next)) {
			run_item(queue, item);
			return true;
		}
	}
	return false;
}

/**
 * gpu_node_run() - thread of a node
 * @arg: struct gpu_node
 *
 * Return: NULL
 */
void *gpu_node_run(void *arg)
{
	struct gpu_node *node = arg;
	struct host *host = node->adapter->host;

	pthread_mutex_lock(&host->lock);
	while (!host->stopping) {
		struct timespec until;
		uint64_t next;

		if (run_one(node, &next))
			continue;
		if (!next) {
			pthread_cond_wait(&host->gpu_wake, &host->lock);
			continue;
		}
		until.tv_sec = (time_t)(next / 1000000);
		until.tv_nsec = (long)(next % 1000000) * 1000;
		pthread_cond_timedwait(&host->gpu_wake, &host->lock, &until);
	}
	pthread_mutex_unlock(&host->lock);
	return NULL;
}
