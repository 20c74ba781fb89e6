/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Execution engine of the software GPU: ordered queues, and the threads that
 * empty them.
 */
#ifndef DXG_MOCK_GPU_H
#define DXG_MOCK_GPU_H

#include "device.h"
#include "gpu_address.h"
#include "sync_object.h"

/**
 * struct gpu_queue - work of a context or hardware queue, done in order
 * @link: in node->queues while @items is not empty
 * @node: engine
 * @device: device
 * @items: struct gpu_item, oldest first
 * @job: the submission that runs right now, NULL when none does
 * @progress: fence that receives the ids of submissions, or NULL
 * @sequence: last sequence number seen in private data
 */
struct gpu_queue {
	struct list link;
	struct gpu_node *node;
	struct device *device;
	struct list items;
	struct gpu_job *job;
	struct sync_core *progress;
	uint64_t sequence;
};

/**
 * enum gpu_item_kind - what a queue does next
 * @GPU_WAIT: wait for all of @syncs
 * @GPU_SIGNAL: reach @signal
 * @GPU_SUBMIT: execute a command buffer
 * @GPU_UPDATE: change page table entries
 */
enum gpu_item_kind {
	GPU_WAIT,
	GPU_SIGNAL,
	GPU_SUBMIT,
	GPU_UPDATE,
};

/**
 * struct gpu_sync - an object with the value to wait for or to signal
 * @core: object, referenced
 * @value: fence value; semaphores and mutexes have none
 */
struct gpu_sync {
	struct sync_core *core;
	uint64_t value;
};

/**
 * struct gpu_signal - a signal that fires when the last queue reaches it
 * @host: host
 * @pending: queues that have not reached it
 * @rewind: a fence may go back
 * @event: guest event, 0 for none
 * @count: number of @syncs
 * @syncs: objects to signal
 */
struct gpu_signal {
	struct host *host;
	uint32_t pending;
	bool rewind;
	uint64_t event;
	uint32_t count;
	struct gpu_sync syncs[];
};

/**
 * struct gpu_item - an entry of a queue
 * @link: in queue->items
 * @kind: what it is
 * @count: number of @syncs or of @updates
 * @syncs: GPU_WAIT: objects
 * @signal: GPU_SIGNAL: shared by all queues of the signal
 * @va: GPU_SUBMIT: address of the command buffer
 * @length: GPU_SUBMIT: its bytes; 0 executes nothing
 * @progress: GPU_SUBMIT: value for the queue's progress fence
 * @due: GPU_SUBMIT: time before which it does not start, microseconds
 * @space: GPU_UPDATE: address space
 * @updates: GPU_UPDATE: operations
 * @fence: GPU_UPDATE: fence to wait for, or NULL
 * @value: GPU_UPDATE: value to wait for
 */
struct gpu_item {
	struct list link;
	enum gpu_item_kind kind;
	uint32_t count;
	struct gpu_sync *syncs;
	struct gpu_signal *signal;
	uint64_t va;
	uint32_t length;
	uint64_t progress;
	uint64_t due;
	struct gpu_space *space;
	struct gpu_update *updates;
	struct sync_core *fence;
	uint64_t value;
};

/**
 * enum gpu_result - how a command buffer ended
 * @GPU_DONE: completely executed
 * @GPU_CANCELLED: the queue was flushed meanwhile
 * @GPU_FAULT: an address did not translate
 * @GPU_ILLEGAL: not a valid command
 */
enum gpu_result {
	GPU_DONE,
	GPU_CANCELLED,
	GPU_FAULT,
	GPU_ILLEGAL,
};

/**
 * struct gpu_job - a command buffer in execution
 * @host: host
 * @space: address space; only valid while not @cancelled
 * @cancelled: the queue was flushed: the objects may be gone
 * @va: address of the command buffer
 * @length: its bytes
 * @fault: address of a page fault
 * @fault_write: the fault was a store
 *
 * Lives on the stack of a node's thread; protected by the engine lock.
 */
struct gpu_job {
	struct host *host;
	struct gpu_space *space;
	bool cancelled;
	uint64_t va;
	uint32_t length;
	uint64_t fault;
	bool fault_write;
};

struct gpu_item *gpu_item_create(enum gpu_item_kind kind);
void gpu_item_free(struct gpu_item *item);
void gpu_signal_put(struct gpu_signal *signal);
void gpu_signal_now(const struct gpu_signal *signal);

void gpu_queue_init(struct gpu_queue *queue, struct device *device,
		    unsigned int node);
int32_t gpu_queue_push(struct gpu_queue *queue, struct gpu_item *item);
void gpu_queue_flush(struct gpu_queue *queue);

void *gpu_node_run(void *node);

/* gpu_kernels.c; called without the engine lock */
enum gpu_result gpu_execute(struct gpu_job *job);

#endif /* DXG_MOCK_GPU_H */
