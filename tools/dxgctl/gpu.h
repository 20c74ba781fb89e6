/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A GPU to compute on: device, queues, fence, buffers and submission on one
 * adapter of the mock host, with or without hardware queues.
 *
 * A call that fails leaves its name in struct gpu, so that a command can say
 * what was refused. One thread only.
 */
#ifndef TOOLS_DXGCTL_GPU_H
#define TOOLS_DXGCTL_GPU_H

#include <stdbool.h>
#include <linux/types.h>

#include "adapter.h"
#include "dxg_client.h"

/**
 * enum gpu_memory - where a buffer lives
 * @GPU_MEMORY_HEAP: memory of this process, as a standard allocation
 * @GPU_MEMORY_SYSMEM: memory of this process, the way vendor drivers do it
 * @GPU_MEMORY_LOCAL: memory of the GPU
 */
enum gpu_memory {
	GPU_MEMORY_HEAP,
	GPU_MEMORY_SYSMEM,
	GPU_MEMORY_LOCAL,
};

/**
 * struct gpu_buffer - memory that the GPU can use
 * @memory: where it lives
 * @allocation: handles; no buffer if the handle is 0
 * @cpu: memory of this process, NULL for local memory
 * @size: bytes, a page multiple
 * @va: GPU virtual address
 */
struct gpu_buffer {
	enum gpu_memory memory;
	struct dxg_allocation allocation;
	void *cpu;
	__u64 size;
	__u64 va;
};

/**
 * struct gpu - one adapter ready for commands
 * @fd: open node, not owned
 * @adapter: adapter handle, not owned
 * @device: device handle
 * @paging: paging queue
 * @context: context handle
 * @hw_queues: commands go to @queue; otherwise to @context
 * @queue: hardware queue, its progress fence counts submissions
 * @fence: counts submissions if there is no hardware queue
 * @event: eventfd for waits
 * @commands: memory of command buffers
 * @commands_used: bytes of @commands in use
 * @submitted: number of submissions so far
 * @failed: name of the call that failed last, for messages
 */
struct gpu {
	int fd;
	__u32 adapter;
	__u32 device;
	struct dxg_paging_queue paging;
	__u32 context;
	bool hw_queues;
	struct dxg_hw_queue queue;
	struct dxg_fence fence;
	int event;
	struct gpu_buffer commands;
	__u64 commands_used;
	__u64 submitted;
	const char *failed;
};

int gpu_open(struct gpu *gpu, int fd, const struct adapter_info *adapter);
int gpu_close(struct gpu *gpu);
int gpu_buffer_create(struct gpu *gpu, enum gpu_memory memory, __u64 size,
		      struct gpu_buffer *buffer);
int gpu_buffer_destroy(struct gpu *gpu, struct gpu_buffer *buffer);
int gpu_submit(struct gpu *gpu, const void *commands, __u32 length,
	       __u64 *number);
int gpu_wait(struct gpu *gpu, __u64 number);
int gpu_copy(struct gpu *gpu, const struct gpu_buffer *to,
	     const struct gpu_buffer *from, __u64 size);
void gpu_print_failure(const struct gpu *gpu, int error);

#endif /* TOOLS_DXGCTL_GPU_H */
