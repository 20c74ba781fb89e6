// SPDX-License-Identifier: GPL-2.0
/*
 * The rows of the minimal sequence. See sequence.h.
 *
 * A row ends the process if anything is not exactly as it should be. Rows that
 * count messages assume that nobody else uses the host.
 */
#include "sequence.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dxg_query.h"
#include "dxg_text.h"
#include "gpu_commands.h"
#include "harness.h"

#define COMMAND_LENGTH	64u
#define COMMAND_OFFSET	(HEAP_SIZE - COMMAND_LENGTH)

static unsigned char pattern(unsigned long i)
{
	return (unsigned char)(i * 7 + (i >> 12) * 3 + 1);
}

static unsigned char *new_memory(unsigned long size)
{
	unsigned char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(p != MAP_FAILED);
	return p;
}

static void row_open(struct sequence *s)
{
	s->fd = dxg_open(NULL);
	check(s->fd >= 0);
	check(fcntl(s->fd, F_GETFD) & FD_CLOEXEC);
}

static void row_count(struct sequence *s)
{
	s->count = 0;
	equal(dxg_enum_adapters3(s->fd, true, NULL, &s->count), 0);
	check(s->count >= 1);
}

static void row_enumerate(struct sequence *s)
{
	__u32 known = s->count;

	s->count = ARRAY_SIZE(s->infos);
	equal(dxg_enum_adapters3(s->fd, true, s->infos, &s->count), 0);
	equal(s->count, known);
	check(s->infos[0].adapter_handle.v);
	check(s->infos[0].adapter_luid.a || s->infos[0].adapter_luid.b);
}

static void row_open_adapter(struct sequence *s)
{
	equal(dxg_open_adapter(s->fd, &s->infos[0].adapter_luid, &s->adapter),
	      0);
	check(s->adapter);
	check(s->adapter != s->infos[0].adapter_handle.v);
}

static void row_close_enumerated(struct sequence *s)
{
	__u32 i;

	for (i = 0; i < s->count; i++)
		equal(dxg_close_adapter(s->fd, s->infos[i].adapter_handle.v),
		      0);
	equal(dxg_close_adapter(s->fd, s->infos[0].adapter_handle.v), -EINVAL);
}

static void check_registry(struct sequence *s)
{
	struct dxg_registry_info info = {
		.query = DXG_REGISTRY_DRIVER_STORE_PATH,
	};
	unsigned char buffer[sizeof(info) + 512] = { 0 };
	struct dxg_registry_info *full = (void *)buffer;
	char text[256];

	equal(dxg_query_registry(s->fd, s->adapter, &info, sizeof(info)), 0);
	equal(info.status, DXG_REGISTRY_BUFFER_OVERFLOW);
	check(info.value_size > 0 && info.value_size <= 512);
	full->query = DXG_REGISTRY_DRIVER_STORE_PATH;
	equal(dxg_query_registry(s->fd, s->adapter, full,
				 sizeof(info) + info.value_size), 0);
	equal(full->status, DXG_REGISTRY_SUCCESS);
	dxg_utf16_to_utf8(full->value, info.value_size / 2, text,
			  sizeof(text));
	check(strstr(text, "\\FileRepository\\"));
}

static void row_query(struct sequence *s)
{
	struct d3dkmt_adaptertype type;
	struct dxg_segment_sizes sizes;
	struct dxg_device_ids ids;
	char text[64];
	__u32 caps;

	equal(dxg_query_adapter_type(s->fd, s->adapter, &type), 0);
	equal(type.value, 0x81);
	equal(dxg_query_device_ids(s->fd, s->adapter, &ids), 0);
	equal(ids.vendor, 0x1414);
	equal(ids.device, 0x5a5a);
	equal(ids.revision, 1);
	equal(dxg_query_description(s->fd, s->adapter, text, sizeof(text)), 0);
	check(!strcmp(text, "Mock GPU"));
	equal(dxg_query_hw_scheduling(s->fd, s->adapter, &caps), 0);
	equal(caps, DXG_HW_SCHEDULING_SUPPORTED | DXG_HW_SCHEDULING_ENABLED);
	equal(dxg_query_segments(s->fd, s->adapter, &sizes), 0);
	equal(sizes.dedicated_video, 0x80000000);
	equal(sizes.dedicated_system, 0);
	equal(sizes.shared_system, 0x100000000);
	check_registry(s);
}

static void row_device(struct sequence *s)
{
	equal(dxg_create_device(s->fd, s->adapter, &s->device), 0);
	check(s->device);
}

static void row_paging_queue(struct sequence *s)
{
	equal(dxg_create_paging_queue(s->fd, s->device, &s->paging), 0);
	check(s->paging.queue && s->paging.sync_object);
	check(s->paging.queue != s->paging.sync_object);
	check(s->paging.fence);
	equal(dxg_ptr(s->paging.fence) % PAGE, 0);
	equal(dxg_fence_value(s->paging.fence), 0);
}

/* The host inverts the pattern of private data. */
static void check_queue_data(const struct mock_queue_data *data)
{
	unsigned long i;

	check(data->host_id);
	equal(data->node, MOCK_GPU_NODE_3D);
	for (i = 0; i < sizeof(data->pattern); i++)
		equal(data->pattern[i], (unsigned char)~i);
}

static struct mock_queue_data queue_data(__u32 magic)
{
	struct mock_queue_data data = { .magic = magic, .version = 1 };
	unsigned long i;

	for (i = 0; i < sizeof(data.pattern); i++)
		data.pattern[i] = (unsigned char)i;
	return data;
}

static void row_context(struct sequence *s)
{
	struct mock_queue_data data = queue_data(MOCK_CONTEXT_MAGIC);

	equal(dxg_create_context(s->fd, s->device, MOCK_GPU_NODE_3D,
				 DXG_CONTEXT_HW_QUEUE, &data, sizeof(data),
				 &s->context), 0);
	check(s->context);
	check_queue_data(&data);
}

static void row_hw_queue(struct sequence *s)
{
	struct mock_queue_data data = queue_data(MOCK_HWQUEUE_MAGIC);

	equal(dxg_create_hw_queue(s->fd, s->context, &data, sizeof(data),
				  &s->queue), 0);
	check(s->queue.queue && s->queue.progress);
	check(s->queue.fence && s->queue.fence_gpu_va);
	equal(dxg_fence_value(s->queue.fence), 0);
	check_queue_data(&data);
}

static void row_fence(struct sequence *s)
{
	equal(dxg_create_monitored_fence(s->fd, s->device, 10, 0, &s->fence),
	      0);
	check(s->fence.sync_object && s->fence.value && s->fence.gpu_va);
	equal(dxg_fence_value(s->fence.value), 10);
}

static void row_memory(struct sequence *s)
{
	unsigned long i;

	s->user = new_memory(HEAP_SIZE);
	for (i = 0; i < HEAP_SIZE; i++)
		s->user[i] = pattern(i);
	s->sysmem_user = new_memory(HEAP_SIZE);
}

/* Both ways to wrap memory of the process. */
static void row_heap(struct sequence *s)
{
	equal(dxg_create_heap(s->fd, s->device, s->user, HEAP_SIZE, 0,
			      &s->heap), 0);
	check(s->heap.handle);
	equal(dxg_create_sysmem(s->fd, s->device, s->sysmem_user, HEAP_SIZE, 0,
				&s->sysmem), 0);
	check(s->sysmem.handle && s->sysmem.handle != s->heap.handle);
}

static void row_local(struct sequence *s)
{
	equal(dxg_create_local(s->fd, s->device, LOCAL_SIZE,
			       DXG_ALLOC_CREATE_RESOURCE, &s->local), 0);
	check(s->local.handle && s->local.resource);
	check(s->local.handle != s->local.resource);
}

static void row_reserve(struct sequence *s)
{
	const struct dxg_va_range range = {
		.minimum = VA_MINIMUM,
		.maximum = VA_MAXIMUM,
	};

	equal(dxg_reserve_gpu_va(s->fd, s->adapter, &range, VA_SIZE, &s->va),
	      0);
	check(s->va >= VA_MINIMUM && s->va + VA_SIZE <= VA_MAXIMUM);
	equal(dxg_reserve_gpu_va(s->fd, s->paging.queue, &range, VA_SIZE,
				 &s->second_va), 0);
	check(s->second_va >= s->va + VA_SIZE ||
	      s->second_va + VA_SIZE <= s->va);
}

static void paging_result(int ret)
{
	check(ret == 0 || ret == DXG_STATUS_PENDING);
}

static void row_map_local(struct sequence *s)
{
	const struct dxg_va_range range = { .base = s->va };
	__u64 address = 0;

	paging_result(dxg_map_gpu_va(s->fd, s->paging.queue, &range,
				     s->local.handle, 0, LOCAL_SIZE / PAGE,
				     DXG_PROTECT_WRITE, &address,
				     &s->paging_value));
	equal(address, s->va);
	check(s->paging_value >= 1);
}

static void row_map_heap(struct sequence *s)
{
	const struct dxg_va_range range = {
		.minimum = VA_MINIMUM,
		.maximum = VA_MAXIMUM,
	};
	__u64 value = 0;

	paging_result(dxg_map_gpu_va(s->fd, s->paging.queue, &range,
				     s->heap.handle, 0, HEAP_SIZE / PAGE,
				     DXG_PROTECT_WRITE, &s->heap_va, &value));
	check(s->heap_va);
	check(value >= s->paging_value);
	s->paging_value = value;
}

static void row_resident(struct sequence *s)
{
	__u32 list[] = { s->local.handle, s->heap.handle };
	__u64 value = 0, trim = 1;

	equal(dxg_make_resident(s->fd, s->paging.queue, list, ARRAY_SIZE(list),
				DXG_RESIDENT_CANT_TRIM, &value, &trim),
	      DXG_STATUS_PENDING);
	check(value > s->paging_value);
	equal(trim, 0);
	s->paging_value = value;
}

/**
 * sequence_paging_wait() - wait for a paging operation
 * @s: sequence
 * @value: fence value it returned
 */
void sequence_paging_wait(struct sequence *s, __u64 value)
{
	equal(dxg_wait(s->fd, s->device, s->paging.sync_object, value), 0);
	check(dxg_fence_value(s->paging.fence) >= value);
}

static void row_wait_paging(struct sequence *s)
{
	sequence_paging_wait(s, s->paging_value);
}

/* "Copy the pattern to local memory", at the end of the heap itself. */
static void row_submit(struct sequence *s)
{
	const struct gpu_cmd_copy copy = {
		.hdr = { GPU_CMD_COPY, sizeof(copy) },
		.dst = s->va,
		.src = s->heap_va,
		.bytes = HEAP_SIZE,
	};
	const struct gpu_cmd_header end = { GPU_CMD_END, sizeof(end) };
	const struct mock_submit_data data = {
		.magic = MOCK_SUBMIT_MAGIC,
		.sequence = 1,
	};

	memcpy(s->user + COMMAND_OFFSET, &copy, sizeof(copy));
	memcpy(s->user + COMMAND_OFFSET + sizeof(copy), &end, sizeof(end));
	equal(dxg_submit_hw_queue(s->fd, s->queue.queue, 1,
				  s->heap_va + COMMAND_OFFSET, COMMAND_LENGTH,
				  &data, sizeof(data)), 0);
}

/**
 * check_event() - an eventfd becomes readable and holds a value
 * @event: eventfd
 * @expected: value
 */
void check_event(int event, __u64 expected)
{
	struct pollfd end = { .fd = event, .events = POLLIN };
	__u64 value = 0;

	equal(poll(&end, 1, 60000), 1);
	equal(read(event, &value, sizeof(value)), sizeof(value));
	equal(value, expected);
}

static void row_wait_gpu(struct sequence *s)
{
	s->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	check(s->event > 0);
	equal(dxg_wait_event(s->fd, s->device, s->queue.progress, 1, s->event),
	      0);
	check_event(s->event, 1);
	check(dxg_fence_value(s->queue.fence) >= 1);
}

static void row_signal_queue(struct sequence *s)
{
	equal(dxg_signal_hw_queue(s->fd, s->queue.queue, s->fence.sync_object,
				  11), 0);
	equal(dxg_wait(s->fd, s->device, s->fence.sync_object, 11), 0);
	equal(dxg_fence_value(s->fence.value), 11);
}

static void row_signal_cpu(struct sequence *s)
{
	int twelve = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	__u64 value;

	equal(dxg_wait_event(s->fd, s->device, s->fence.sync_object, 12,
			     twelve), 0);
	equal(read(twelve, &value, sizeof(value)), -1);
	equal(dxg_signal(s->fd, s->device, s->fence.sync_object, 12), 0);
	/* in asynchronous mode the call does not wait for the host */
	check_event(twelve, 1);
	equal(dxg_fence_value(s->fence.value), 12);
	close(twelve);
}

static void row_legacy_submit(struct sequence *s)
{
	struct mock_queue_data data = queue_data(MOCK_CONTEXT_MAGIC);

	equal(dxg_create_context(s->fd, s->device, MOCK_GPU_NODE_3D, 0, &data,
				 sizeof(data), &s->legacy), 0);
	equal(dxg_submit(s->fd, s->legacy, s->heap_va + COMMAND_OFFSET,
			 COMMAND_LENGTH, NULL, 0), 0);
	equal(dxg_signal_gpu(s->fd, s->legacy, s->fence.sync_object, 13), 0);
	equal(dxg_wait(s->fd, s->device, s->fence.sync_object, 13), 0);
	equal(dxg_fence_value(s->fence.value), 13);
}

/* A repeated Lock2 costs no message (P101). */
static void row_lock_local(struct sequence *s)
{
	void *again = NULL;

	host("mark");
	equal(dxg_lock(s->fd, s->device, s->local.handle, &s->local_view), 0);
	equal(host_count("LOCK2"), 1);
	check(!memcmp(s->local_view, s->user, HEAP_SIZE));
	equal(dxg_lock(s->fd, s->device, s->local.handle, &again), 0);
	check(again == s->local_view);
	equal(host_count("LOCK2"), 1);
}

static void row_lock_heap(struct sequence *s)
{
	void *view = NULL;

	host("mark");
	equal(dxg_lock(s->fd, s->device, s->heap.handle, &view), 0);
	check(view == s->user);
	equal(host_count("LOCK2"), 0);
}

static void row_unlock(struct sequence *s)
{
	host("mark");
	equal(dxg_unlock(s->fd, s->device, s->local.handle), 0);
	equal(host_count("UNLOCK2"), 0);
	equal(access_signal(s->local_view, false), 0);
	equal(dxg_unlock(s->fd, s->device, s->local.handle), 0);
	host("wait UNLOCK2 1");
	equal(host_count("UNLOCK2"), 1);
	check(access_signal(s->local_view, false));
	equal(dxg_unlock(s->fd, s->device, s->heap.handle), 0);
	equal(dxg_unlock(s->fd, s->device, s->local.handle), -EINVAL);
}

static void row_share(struct sequence *s)
{
	struct d3dddi_openallocationinfo2 opened = { 0 };
	struct dxg_shared_info info = { 0 };
	struct mock_alloc_data data;

	equal(dxg_create_local(s->fd, s->device, LOCAL_SIZE,
			       DXG_ALLOC_SHAREABLE, &s->shared), 0);
	equal(dxg_share(s->fd, s->shared.resource, &s->shared_fd), 0);
	check(s->shared_fd > 0);
	check(fcntl(s->shared_fd, F_GETFD) & FD_CLOEXEC);
	equal(dxg_create_device(s->fd, s->adapter, &s->other_device), 0);
	equal(dxg_query_shared_resource(s->fd, s->other_device, s->shared_fd,
					&info), 0);
	equal(info.allocation_count, 1);
	equal(info.runtime_data_size, 0);
	equal(info.resource_data_size, 0);
	equal(info.total_data_size, sizeof(data));
	equal(dxg_open_shared_resource(s->fd, s->other_device, s->shared_fd,
				       &info, &opened, &data, &s->opened), 0);
	check(s->opened && s->opened != s->shared.resource);
	check(opened.allocation.v && opened.allocation.v != s->shared.handle);
	equal(data.magic, MOCK_ALLOC_MAGIC);
	equal(data.size, LOCAL_SIZE);
}

static void row_evict(struct sequence *s)
{
	__u64 trim = 1;

	equal(dxg_evict(s->fd, s->device, &s->local.handle, 1, &trim), 0);
	equal(trim, 0);
}

static void row_free_va(struct sequence *s)
{
	equal(dxg_free_gpu_va(s->fd, s->adapter, s->va, VA_SIZE), 0);
}

static void row_destroy_resource(struct sequence *s)
{
	void *view;

	equal(dxg_destroy_resource(s->fd, s->device, s->local.resource), 0);
	equal(dxg_lock(s->fd, s->device, s->local.handle, &view), -EINVAL);
	equal(dxg_destroy_resource(s->fd, s->device, s->local.resource),
	      -EINVAL);
}

static void row_destroy_heap(struct sequence *s)
{
	unsigned long long before = vmstat("nr_foll_pin_released");
	__u32 list[] = { s->heap.handle, s->sysmem.handle };

	equal(dxg_destroy_allocations(s->fd, s->device, list,
				      ARRAY_SIZE(list)), 0);
	equal(vmstat("nr_foll_pin_released") - before,
	      2 * HEAP_SIZE / guest_page());
	equal(host_number("page_lists", "alive"), 0);
	equal(host_number("gpadls", "alive"), 0);
}

static void destroy_twice(int fd, int (*destroy)(int fd, __u32 handle),
			  __u32 handle)
{
	equal(destroy(fd, handle), 0);
	equal(destroy(fd, handle), -EINVAL);
}

static void row_destroy(struct sequence *s)
{
	int fd = s->fd;

	destroy_twice(fd, dxg_destroy_sync_object, s->fence.sync_object);
	destroy_twice(fd, dxg_destroy_hw_queue, s->queue.queue);
	destroy_twice(fd, dxg_destroy_context, s->context);
	destroy_twice(fd, dxg_destroy_context, s->legacy);
	destroy_twice(fd, dxg_destroy_paging_queue, s->paging.queue);
	destroy_twice(fd, dxg_destroy_device, s->other_device);
	destroy_twice(fd, dxg_destroy_device, s->device);
	destroy_twice(fd, dxg_close_adapter, s->adapter);
	equal(close(s->shared_fd), 0);
	s->shared_fd = 0;
}

static void row_close(struct sequence *s)
{
	equal(dxg_close(s->fd), 0);
	host("wait-idle");
	equal(host_number("processes", "alive"), 0);
}

static const struct {
	const char *name;
	void (*run)(struct sequence *s);
} rows[SEQUENCE_ROWS] = {
	{ "open", row_open },
	{ "EnumAdapters3, count", row_count },
	{ "EnumAdapters3", row_enumerate },
	{ "OpenAdapterFromLuid", row_open_adapter },
	{ "CloseAdapter", row_close_enumerated },
	{ "QueryAdapterInfo", row_query },
	{ "CreateDevice", row_device },
	{ "CreatePagingQueue", row_paging_queue },
	{ "CreateContextVirtual", row_context },
	{ "CreateHwQueue", row_hw_queue },
	{ "CreateSynchronizationObject2", row_fence },
	{ "mmap", row_memory },
	{ "CreateAllocation2, existing memory", row_heap },
	{ "CreateAllocation2, resource", row_local },
	{ "ReserveGpuVirtualAddress", row_reserve },
	{ "MapGpuVirtualAddress, local", row_map_local },
	{ "MapGpuVirtualAddress, existing memory", row_map_heap },
	{ "MakeResident", row_resident },
	{ "wait for paging", row_wait_paging },
	{ "SubmitCommandToHwQueue", row_submit },
	{ "wait for the queue by eventfd", row_wait_gpu },
	{ "SubmitSignalSyncObjectsToHwQueue", row_signal_queue },
	{ "SignalSynchronizationObjectFromCpu", row_signal_cpu },
	{ "SubmitCommand", row_legacy_submit },
	{ "Lock2, local", row_lock_local },
	{ "Lock2, existing memory", row_lock_heap },
	{ "Unlock2", row_unlock },
	{ "ShareObjects", row_share },
	{ "Evict", row_evict },
	{ "FreeGpuVirtualAddress", row_free_va },
	{ "DestroyAllocation2, resource", row_destroy_resource },
	{ "DestroyAllocation2, list", row_destroy_heap },
	{ "destroy the rest", row_destroy },
	{ "close", row_close },
};

/**
 * sequence_name() - what a row does
 * @row: 1 to SEQUENCE_ROWS
 *
 * Return: text.
 */
const char *sequence_name(unsigned long row)
{
	return rows[row - 1].name;
}

/**
 * sequence_row() - run one row
 * @s: what the rows before it made
 * @row: 1 to SEQUENCE_ROWS
 */
void sequence_row(struct sequence *s, unsigned long row)
{
	rows[row - 1].run(s);
}

/**
 * sequence_until() - run the first rows
 * @s: all zero; receives what they make
 * @row: the last one to run, 0: none
 */
void sequence_until(struct sequence *s, unsigned long row)
{
	unsigned long i;

	memset(s, 0, sizeof(*s));
	for (i = 1; i <= row; i++)
		sequence_row(s, i);
}

/**
 * sequence_all() - the whole sequence
 * @n: not used
 */
void sequence_all(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, SEQUENCE_ROWS);
}
