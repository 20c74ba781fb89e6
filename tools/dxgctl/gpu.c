// SPDX-License-Identifier: GPL-2.0
/*
 * A GPU to compute on. Owns everything between an open adapter and a result:
 * objects are created in the order of the documented minimal sequence and
 * destroyed in the reverse one.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "diagnose.h"
#include "gpu.h"
#include "gpu_commands.h"

#define COMMANDS_SIZE		(16 * DXG_PAGE_SIZE)
#define VA_MINIMUM		0x100000000ull
#define VA_MAXIMUM		0x1000000000ull

/* Software GPU under emulation: slow, but not this slow. */
#define POLL_MILLISECONDS	1000
#define POLL_LIMIT		600

static int failed(struct gpu *gpu, const char *call, int error)
{
	gpu->failed = call;
	return error;
}

/* The mock answers each byte of the pattern inverted: proves the round trip. */
static bool queue_data_returned(const struct mock_queue_data *data, __u32 node)
{
	size_t i;

	for (i = 0; i < sizeof(data->pattern); i++) {
		if (data->pattern[i] != (uint8_t)~i)
			return false;
	}
	return data->node == node && data->host_id;
}

static struct mock_queue_data queue_data(__u32 magic)
{
	struct mock_queue_data data = { .magic = magic, .version = 1 };
	size_t i;

	for (i = 0; i < sizeof(data.pattern); i++)
		data.pattern[i] = (uint8_t)i;
	return data;
}

static int create_queue(struct gpu *gpu)
{
	struct mock_queue_data data = queue_data(MOCK_HWQUEUE_MAGIC);
	int ret;

	if (!gpu->hw_queues) {
		ret = dxg_create_monitored_fence(gpu->fd, gpu->device, 0, 0,
						 &gpu->fence);
		return ret < 0 ?
			failed(gpu, "CreateSynchronizationObject2", ret) : 0;
	}
	ret = dxg_create_hw_queue(gpu->fd, gpu->context, &data, sizeof(data),
				  &gpu->queue);
	if (ret >= 0 && !queue_data_returned(&data, MOCK_GPU_NODE_3D))
		ret = -EPROTO;
	return ret < 0 ? failed(gpu, "CreateHwQueue", ret) : 0;
}

static int create_objects(struct gpu *gpu)
{
	struct mock_queue_data data = queue_data(MOCK_CONTEXT_MAGIC);
	int ret;

	ret = dxg_create_device(gpu->fd, gpu->adapter, &gpu->device);
	if (ret < 0)
		return failed(gpu, "CreateDevice", ret);
	ret = dxg_create_paging_queue(gpu->fd, gpu->device, &gpu->paging);
	if (ret < 0)
		return failed(gpu, "CreatePagingQueue", ret);
	ret = dxg_create_context(gpu->fd, gpu->device, MOCK_GPU_NODE_3D,
				 gpu->hw_queues ? DXG_CONTEXT_HW_QUEUE : 0,
				 &data, sizeof(data), &gpu->context);
	if (ret >= 0 && !queue_data_returned(&data, MOCK_GPU_NODE_3D))
		ret = -EPROTO;
	if (ret < 0)
		return failed(gpu, "CreateContextVirtual", ret);
	ret = create_queue(gpu);
	if (ret < 0)
		return ret;
	return gpu_buffer_create(gpu, GPU_MEMORY_HEAP, COMMANDS_SIZE,
				 &gpu->commands);
}

/* The driver revokes fences and CPU views when the adapter goes away. */
static void on_revoked_view(int signal)
{
	static const char text[] =
		"dxgctl: the adapter was removed while its memory was in use\n";

	(void)signal;
	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(DXGCTL_OUTPUT);
	_exit(DXGCTL_CALL_FAILED);
}

/**
 * gpu_open() - make an adapter ready for commands
 * @gpu: receives the objects; to be closed only after success
 * @fd: open node
 * @adapter: adapter of the mock host
 *
 * From here on SIGBUS ends the program with a message.
 *
 * Return: 0 or -errno with @gpu->failed set.
 */
int gpu_open(struct gpu *gpu, int fd, const struct adapter_info *adapter)
{
	const struct sigaction revoked = { .sa_handler = on_revoked_view };
	int ret;

	*gpu = (struct gpu){
		.fd = fd,
		.adapter = adapter->handle,
		.hw_queues = adapter_has_hw_queues(adapter),
		.event = eventfd(0, EFD_CLOEXEC),
	};
	if (gpu->event < 0)
		return failed(gpu, "eventfd", -errno);
	sigaction(SIGBUS, &revoked, NULL);
	ret = create_objects(gpu);
	if (ret < 0) {
		const char *call = gpu->failed;

		gpu_close(gpu);
		gpu->failed = call;
	}
	return ret;
}

/* Keeps the first error of a sequence that goes on regardless. */
static int keep_first(struct gpu *gpu, int first, int ret, const char *call)
{
	if (first >= 0 && ret < 0)
		return failed(gpu, call, ret);
	return first;
}

/**
 * gpu_close() - destroy everything, in reverse order
 * @gpu: result of gpu_open(); all buffers but its own are gone already
 *
 * Goes on after a failure.
 *
 * Return: 0, or the first -errno with @gpu->failed set.
 */
int gpu_close(struct gpu *gpu)
{
	int ret = gpu_buffer_destroy(gpu, &gpu->commands);

	if (gpu->fence.sync_object)
		ret = keep_first(gpu, ret,
				 dxg_destroy_sync_object(gpu->fd,
							 gpu->fence.sync_object),
				 "DestroySynchronizationObject");
	if (gpu->queue.queue)
		ret = keep_first(gpu, ret,
				 dxg_destroy_hw_queue(gpu->fd, gpu->queue.queue),
				 "DestroyHwQueue");
	if (gpu->context)
		ret = keep_first(gpu, ret,
				 dxg_destroy_context(gpu->fd, gpu->context),
				 "DestroyContext");
	if (gpu->paging.queue)
		ret = keep_first(gpu, ret,
				 dxg_destroy_paging_queue(gpu->fd,
							  gpu->paging.queue),
				 "DestroyPagingQueue");
	if (gpu->device)
		ret = keep_first(gpu, ret,
				 dxg_destroy_device(gpu->fd, gpu->device),
				 "DestroyDevice");
	close(gpu->event);
	return ret;
}

static int create_allocation(struct gpu *gpu, struct gpu_buffer *buffer)
{
	int ret;

	if (buffer->memory == GPU_MEMORY_LOCAL)
		return dxg_create_local(gpu->fd, gpu->device, buffer->size, 0,
					&buffer->allocation);
	buffer->cpu = mmap(NULL, buffer->size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (buffer->cpu == MAP_FAILED) {
		buffer->cpu = NULL;
		return -ENOMEM;
	}
	if (buffer->memory == GPU_MEMORY_SYSMEM)
		ret = dxg_create_sysmem(gpu->fd, gpu->device, buffer->cpu,
					buffer->size, 0, &buffer->allocation);
	else
		ret = dxg_create_heap(gpu->fd, gpu->device, buffer->cpu,
				      buffer->size, 0, &buffer->allocation);
	return ret;
}

static int map_and_make_resident(struct gpu *gpu, struct gpu_buffer *buffer)
{
	const struct dxg_va_range range = {
		.minimum = VA_MINIMUM,
		.maximum = VA_MAXIMUM,
	};
	__u64 mapped = 0, resident = 0, trim;
	int ret;

	ret = dxg_map_gpu_va(gpu->fd, gpu->paging.queue, &range,
			     buffer->allocation.handle, 0,
			     buffer->size / DXG_PAGE_SIZE, DXG_PROTECT_WRITE,
			     &buffer->va, &mapped);
	if (ret < 0)
		return failed(gpu, "MapGpuVirtualAddress", ret);
	ret = dxg_make_resident(gpu->fd, gpu->paging.queue,
				&buffer->allocation.handle, 1,
				DXG_RESIDENT_CANT_TRIM, &resident, &trim);
	if (ret < 0)
		return failed(gpu, "MakeResident", ret);
	ret = dxg_wait(gpu->fd, gpu->device, gpu->paging.sync_object,
		       mapped > resident ? mapped : resident);
	return ret < 0 ?
		failed(gpu, "WaitForSynchronizationObjectFromCpu", ret) : 0;
}

/**
 * gpu_buffer_create() - make memory that the GPU can use
 * @gpu: open GPU
 * @memory: where
 * @size: bytes, rounded up to pages
 * @buffer: receives the buffer, empty after a failure
 *
 * Return: 0 or -errno with @gpu->failed set.
 */
int gpu_buffer_create(struct gpu *gpu, enum gpu_memory memory, __u64 size,
		      struct gpu_buffer *buffer)
{
	const char *call;
	int ret;

	*buffer = (struct gpu_buffer){
		.memory = memory,
		.size = (size + DXG_PAGE_SIZE - 1) & ~(DXG_PAGE_SIZE - 1ull),
	};
	ret = create_allocation(gpu, buffer);
	if (ret < 0)
		failed(gpu, "CreateAllocation2", ret);
	else
		ret = map_and_make_resident(gpu, buffer);
	if (ret >= 0)
		return 0;
	call = gpu->failed;
	gpu_buffer_destroy(gpu, buffer);
	return failed(gpu, call, ret);
}

/**
 * gpu_buffer_destroy() - free a buffer
 * @gpu: open GPU that does not use the buffer any more
 * @buffer: buffer, empty afterwards; an empty one is left alone
 *
 * Return: 0, or the first -errno with @gpu->failed set.
 */
int gpu_buffer_destroy(struct gpu *gpu, struct gpu_buffer *buffer)
{
	int ret = 0;

	if (buffer->va)
		ret = keep_first(gpu, ret,
				 dxg_free_gpu_va(gpu->fd, gpu->adapter,
						 buffer->va, buffer->size),
				 "FreeGpuVirtualAddress");
	if (buffer->allocation.handle)
		ret = keep_first(gpu, ret,
				 dxg_destroy_allocations(gpu->fd, gpu->device,
							 &buffer->allocation.handle,
							 1),
				 "DestroyAllocation2");
	if (buffer->cpu)
		munmap(buffer->cpu, buffer->size);
	*buffer = (struct gpu_buffer){ .size = 0 };
	return ret;
}

/* Room for one command buffer; waits for the GPU when it starts over. */
static int reserve_commands(struct gpu *gpu, __u32 length, __u64 *offset)
{
	__u64 room = (length + 63ull) & ~63ull;
	int ret;

	if (room > gpu->commands.size)
		return failed(gpu, "SubmitCommand", -E2BIG);
	if (gpu->commands_used + room > gpu->commands.size) {
		ret = gpu_wait(gpu, gpu->submitted);
		if (ret < 0)
			return ret;
		gpu->commands_used = 0;
	}
	*offset = gpu->commands_used;
	gpu->commands_used += room;
	return 0;
}

static int submit(struct gpu *gpu, __u64 va, __u32 length, __u64 number)
{
	const struct mock_submit_data data = {
		.magic = MOCK_SUBMIT_MAGIC,
		.sequence = number,
	};
	int ret;

	if (gpu->hw_queues) {
		ret = dxg_submit_hw_queue(gpu->fd, gpu->queue.queue, number,
					  va, length, &data, sizeof(data));
		return ret < 0 ?
			failed(gpu, "SubmitCommandToHwQueue", ret) : 0;
	}
	ret = dxg_submit(gpu->fd, gpu->context, va, length, &data,
			 sizeof(data));
	if (ret < 0)
		return failed(gpu, "SubmitCommand", ret);
	ret = dxg_signal_gpu(gpu->fd, gpu->context, gpu->fence.sync_object,
			     number);
	return ret < 0 ?
		failed(gpu, "SignalSynchronizationObjectFromGpu", ret) : 0;
}

/**
 * gpu_submit() - queue commands
 * @gpu: open GPU
 * @commands: commands, copied
 * @length: bytes of @commands
 * @number: receives the number of the submission for gpu_wait(), or NULL
 *
 * Return: 0 or -errno with @gpu->failed set.
 */
int gpu_submit(struct gpu *gpu, const void *commands, __u32 length,
	       __u64 *number)
{
	__u64 offset;
	int ret;

	ret = reserve_commands(gpu, length, &offset);
	if (ret < 0)
		return ret;
	memcpy((char *)gpu->commands.cpu + offset, commands, length);
	ret = submit(gpu, gpu->commands.va + offset, length,
		     gpu->submitted + 1);
	if (ret < 0)
		return ret;
	gpu->submitted++;
	if (number)
		*number = gpu->submitted;
	return 0;
}

/* A device in error state never signals its fences. */
static int check_device(struct gpu *gpu)
{
	__u32 state;
	int ret = dxg_device_execution_state(gpu->fd, gpu->device, &state);

	if (ret == -ENOTTY)
		return 0;
	if (ret >= 0 && state != _D3DKMT_DEVICEEXECUTION_ACTIVE)
		ret = -EIO;
	return ret < 0 ? failed(gpu, "GetDeviceState", ret) : 0;
}

static int wait_event(struct gpu *gpu)
{
	struct pollfd event = { .fd = gpu->event, .events = POLLIN };
	eventfd_t count;
	int i, ret;

	for (i = 0; i < POLL_LIMIT; i++) {
		ret = poll(&event, 1, POLL_MILLISECONDS);
		if (ret > 0)
			return eventfd_read(gpu->event, &count) ?
				failed(gpu, "eventfd", -errno) : 0;
		if (ret < 0 && errno != EINTR)
			return failed(gpu, "poll", -errno);
		ret = check_device(gpu);
		if (ret < 0)
			return ret;
	}
	return failed(gpu, "WaitForSynchronizationObjectFromCpu", -ETIMEDOUT);
}

/**
 * gpu_wait() - sleep until a submission is done
 * @gpu: open GPU
 * @number: number of the submission
 *
 * Return: 0 or -errno with @gpu->failed set; -EIO if the device went into
 * error state, -EPROTO if the mapped fence does not show the submission.
 */
int gpu_wait(struct gpu *gpu, __u64 number)
{
	const __u64 *value = gpu->hw_queues ? gpu->queue.fence :
					      gpu->fence.value;
	__u32 fence = gpu->hw_queues ? gpu->queue.progress :
				       gpu->fence.sync_object;
	__u64 reached;
	int ret;

	ret = dxg_wait_event(gpu->fd, gpu->device, fence, number, gpu->event);
	if (ret < 0)
		return failed(gpu, "WaitForSynchronizationObjectFromCpu", ret);
	ret = wait_event(gpu);
	if (ret >= 0)
		ret = check_device(gpu);
	if (ret < 0)
		return ret;
	/* Short of the target, or beyond all submissions: not our work. */
	reached = dxg_fence_value(value);
	if (reached < number || reached > gpu->submitted)
		return failed(gpu, "WaitForSynchronizationObjectFromCpu",
			      -EPROTO);
	return 0;
}

/**
 * gpu_copy() - have the GPU copy a buffer and wait for it
 * @gpu: open GPU
 * @to: destination
 * @from: source
 * @size: bytes
 *
 * Return: 0 or -errno with @gpu->failed set.
 */
int gpu_copy(struct gpu *gpu, const struct gpu_buffer *to,
	     const struct gpu_buffer *from, __u64 size)
{
	const struct gpu_cmd_copy copy = {
		.hdr = { GPU_CMD_COPY, sizeof(copy) },
		.dst = to->va,
		.src = from->va,
		.bytes = size,
	};
	__u64 number;
	int ret;

	ret = gpu_submit(gpu, &copy, sizeof(copy), &number);
	return ret < 0 ? ret : gpu_wait(gpu, number);
}

/**
 * gpu_print_failure() - tell the user which call failed and why
 * @gpu: GPU whose call failed
 * @error: -errno of the call
 */
void gpu_print_failure(const struct gpu *gpu, int error)
{
	const char *why = diagnose_call(-error);

	fprintf(stderr, "dxgctl: %s: %s%s%s\n", gpu->failed, strerror(-error),
		why ? ": " : "", why ? why : "");
}
