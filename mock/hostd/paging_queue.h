/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Paging queues: operations on memory that take time and end with a new value
 * of the queue's fence.
 */
#ifndef DXG_MOCK_PAGING_QUEUE_H
#define DXG_MOCK_PAGING_QUEUE_H

#include "allocation.h"
#include "sync_object.h"

/**
 * struct paging_queue - a paging queue
 * @link: in device->paging_queues
 * @device: device
 * @handle: handle
 * @fence: its fence
 * @last_value: fence value of the last operation
 * @last_due: time at which the last operation ends, microseconds
 */
struct paging_queue {
	struct list link;
	struct device *device;
	uint32_t handle;
	struct sync_object *fence;
	uint64_t last_value;
	uint64_t last_due;
};

/**
 * enum paging_kind - what happens when an operation ends
 * @PAGING_FENCE: nothing but the new fence value
 * @PAGING_MAP: a range of page table entries becomes valid
 * @PAGING_RESIDENT: allocations have arrived
 */
enum paging_kind {
	PAGING_FENCE,
	PAGING_MAP,
	PAGING_RESIDENT,
};

/**
 * struct paging_op - an operation under way
 * @link: in host->paging_ops
 * @queue: queue
 * @kind: what it is
 * @number: number in host->last_op, names the operation elsewhere
 * @value: fence value that it ends with
 * @due: time at which it ends, microseconds
 * @space: PAGING_MAP: address space
 * @va: PAGING_MAP: first address
 * @pages: PAGING_MAP: number of pages
 * @first_page: PAGING_MAP: first page of the allocation
 * @writable: PAGING_MAP: stores are allowed
 * @zero: PAGING_MAP: no allocation, the range reads as zeros
 * @count: number of @allocations
 * @allocations: referenced
 */
struct paging_op {
	struct list link;
	struct paging_queue *queue;
	enum paging_kind kind;
	uint64_t number;
	uint64_t value;
	uint64_t due;
	struct gpu_space *space;
	uint64_t va;
	uint64_t pages;
	uint64_t first_page;
	bool writable;
	bool zero;
	uint32_t count;
	struct allocation *allocations[];
};

struct paging_queue *paging_queue_lookup(struct request *rq, uint32_t handle);
struct paging_op *paging_op_create(struct paging_queue *queue,
				   enum paging_kind kind, uint32_t count);
uint64_t paging_op_submit(struct paging_op *op);
void paging_queue_destroy(struct paging_queue *queue);
void *paging_run(void *host);

#endif /* DXG_MOCK_PAGING_QUEUE_H */
