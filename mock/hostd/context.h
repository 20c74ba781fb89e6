/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Contexts and hardware queues.
 */
#ifndef DXG_MOCK_CONTEXT_H
#define DXG_MOCK_CONTEXT_H

#include "gpu.h"

/**
 * struct context - a context
 * @link: in device->contexts
 * @device: device
 * @handle: handle
 * @uses_hw_queues: made with hw_queue_supported: takes no submissions itself
 * @priority: scheduling priority, [1] within the process
 * @queue: its work, when it has no hardware queues
 * @hw_queues: struct hw_queue
 */
struct context {
	struct list link;
	struct device *device;
	uint32_t handle;
	bool uses_hw_queues;
	int32_t priority[2];
	struct gpu_queue queue;
	struct list hw_queues;
};

/**
 * struct hw_queue - a hardware queue
 * @link: in context->hw_queues
 * @context: context
 * @handle: handle
 * @fence: progress fence
 * @queue: its work
 */
struct hw_queue {
	struct list link;
	struct context *context;
	uint32_t handle;
	struct sync_object *fence;
	struct gpu_queue queue;
};

struct context *context_lookup(struct request *rq, uint32_t handle);
struct gpu_queue *queue_lookup(struct request *rq, uint32_t handle);
struct hw_queue *hw_queue_lookup(struct request *rq, uint32_t handle);
void context_destroy(struct context *context);
void contexts_flush(struct device *device);
void contexts_signal_max(struct device *device);

#endif /* DXG_MOCK_CONTEXT_H */
