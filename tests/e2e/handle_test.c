// SPDX-License-Identifier: GPL-2.0
/*
 * Handles of every wrong kind with every call that takes one: of another type,
 * destroyed, of another process, one bit off, named twice. All are refused and
 * reach no object.
 */
#include "sequence.h"

#include <errno.h>
#include <string.h>

#include "harness.h"

/* Handles ------------------------------------------------------------------ */

enum kind {
	ADAPTER, DEVICE, PAGING_QUEUE, PAGING_FENCE, CONTEXT, HW_QUEUE,
	PROGRESS_FENCE, FENCE, ALLOCATION, RESOURCE, KINDS,
};

#define BIT(kind)	(1u << (kind))
#define FENCES		(BIT(FENCE) | BIT(PAGING_FENCE) | BIT(PROGRESS_FENCE))

static __u32 handle_of(const struct sequence *s, enum kind kind)
{
	const __u32 handles[KINDS] = {
		[ADAPTER] = s->adapter,
		[DEVICE] = s->device,
		[PAGING_QUEUE] = s->paging.queue,
		[PAGING_FENCE] = s->paging.sync_object,
		[CONTEXT] = s->context,
		[HW_QUEUE] = s->queue.queue,
		[PROGRESS_FENCE] = s->queue.progress,
		[FENCE] = s->fence.sync_object,
		[ALLOCATION] = s->local.handle,
		[RESOURCE] = s->local.resource,
	};

	return handles[kind];
}

static const struct dxg_va_range anywhere = {
	.minimum = VA_MINIMUM,
	.maximum = VA_MAXIMUM,
};

#define CALL(name) static int name(struct sequence *s, __u32 h)

CALL(close_adapter) { return dxg_close_adapter(s->fd, h); }
CALL(destroy_device) { return dxg_destroy_device(s->fd, h); }
CALL(destroy_paging_queue) { return dxg_destroy_paging_queue(s->fd, h); }
CALL(destroy_context) { return dxg_destroy_context(s->fd, h); }
CALL(destroy_hw_queue) { return dxg_destroy_hw_queue(s->fd, h); }
CALL(destroy_fence) { return dxg_destroy_sync_object(s->fd, h); }

CALL(create_device)
{
	__u32 device;

	return dxg_create_device(s->fd, h, &device);
}

CALL(query_adapter)
{
	__u32 model;

	return dxg_query_adapter_info(s->fd, h, 13, &model, sizeof(model));
}

CALL(query_memory)
{
	struct d3dkmt_queryvideomemoryinfo info;

	return dxg_query_video_memory(s->fd, h, 0, &info);
}

CALL(free_va)
{
	return dxg_free_gpu_va(s->fd, h, s->va, VA_SIZE);
}

CALL(reserve_va)
{
	__u64 va;

	return dxg_reserve_gpu_va(s->fd, h, &anywhere, VA_SIZE, &va);
}

CALL(create_paging_queue)
{
	struct dxg_paging_queue queue;

	return dxg_create_paging_queue(s->fd, h, &queue);
}

CALL(create_context)
{
	__u32 context;

	return dxg_create_context(s->fd, h, 0, 0, NULL, 0, &context);
}

CALL(create_hw_queue)
{
	struct dxg_hw_queue queue;

	return dxg_create_hw_queue(s->fd, h, NULL, 0, &queue);
}

CALL(create_fence)
{
	struct dxg_fence fence;

	return dxg_create_monitored_fence(s->fd, h, 0, 0, &fence);
}

CALL(create_local)
{
	struct dxg_allocation local;

	return dxg_create_local(s->fd, h, PAGE, 0, &local);
}

CALL(device_state)
{
	__u32 state;

	return dxg_device_execution_state(s->fd, h, &state);
}

CALL(map_by_queue)
{
	__u64 va, value;

	return dxg_map_gpu_va(s->fd, h, &anywhere, s->local.handle, 0, 1, 0,
			      &va, &value);
}

CALL(resident_by_queue)
{
	__u64 value, trim;

	return dxg_make_resident(s->fd, h, &s->local.handle, 1, 0, &value,
				 &trim);
}

CALL(evict_on_device)
{
	__u64 trim;

	return dxg_evict(s->fd, h, &s->local.handle, 1, &trim);
}

CALL(lock_on_device)
{
	void *view;

	return dxg_lock(s->fd, h, s->local.handle, &view);
}

CALL(lock_allocation)
{
	void *view;

	return dxg_lock(s->fd, s->device, h, &view);
}

CALL(unlock_allocation) { return dxg_unlock(s->fd, s->device, h); }

CALL(destroy_allocation)
{
	return dxg_destroy_allocations(s->fd, s->device, &h, 1);
}

CALL(destroy_resource)
{
	return dxg_destroy_resource(s->fd, s->device, h);
}

CALL(share)
{
	int fd;

	return dxg_share(s->fd, h, &fd);
}

CALL(wait_on_device)
{
	return dxg_wait(s->fd, h, s->fence.sync_object, 1);
}

CALL(signal_on_device)
{
	return dxg_signal(s->fd, h, s->fence.sync_object, 50);
}

CALL(submit_context) { return dxg_submit(s->fd, h, s->va, 64, NULL, 0); }

CALL(submit_queue)
{
	return dxg_submit_hw_queue(s->fd, h, 1, s->va, 64, NULL, 0);
}

CALL(signal_queue)
{
	return dxg_signal_hw_queue(s->fd, h, s->fence.sync_object, 50);
}

CALL(wait_queue)
{
	return dxg_wait_hw_queue(s->fd, h, s->fence.sync_object, 1);
}

CALL(signal_context)
{
	return dxg_signal_gpu(s->fd, h, s->fence.sync_object, 50);
}

CALL(wait_context)
{
	return dxg_wait_gpu(s->fd, h, s->fence.sync_object, 1);
}

/**
 * struct handle_use - a call and the handle it takes
 * @name: of the call
 * @call: makes it with any handle
 * @good: kinds of handles that it is for
 */
static const struct handle_use {
	const char *name;
	int (*call)(struct sequence *s, __u32 h);
	unsigned int good;
} uses[] = {
	{ "CreateDevice", create_device, BIT(ADAPTER) },
	{ "QueryAdapterInfo", query_adapter, BIT(ADAPTER) },
	{ "QueryVideoMemoryInfo", query_memory, BIT(ADAPTER) },
	{ "FreeGpuVirtualAddress", free_va, BIT(ADAPTER) },
	{ "ReserveGpuVirtualAddress", reserve_va,
	  BIT(ADAPTER) | BIT(PAGING_QUEUE) },
	{ "CreatePagingQueue", create_paging_queue, BIT(DEVICE) },
	{ "CreateContextVirtual", create_context, BIT(DEVICE) },
	{ "CreateSynchronizationObject2", create_fence, BIT(DEVICE) },
	{ "CreateAllocation2", create_local, BIT(DEVICE) },
	{ "GetDeviceState", device_state, BIT(DEVICE) },
	{ "CreateHwQueue", create_hw_queue, BIT(CONTEXT) },
	{ "MapGpuVirtualAddress", map_by_queue, BIT(PAGING_QUEUE) },
	{ "MakeResident", resident_by_queue, BIT(PAGING_QUEUE) },
	{ "Evict", evict_on_device, BIT(DEVICE) },
	{ "Lock2, device", lock_on_device, BIT(DEVICE) },
	{ "Lock2, allocation", lock_allocation, BIT(ALLOCATION) },
	{ "Unlock2", unlock_allocation, BIT(ALLOCATION) },
	{ "DestroyAllocation2, list", destroy_allocation, BIT(ALLOCATION) },
	{ "DestroyAllocation2, resource", destroy_resource, BIT(RESOURCE) },
	{ "ShareObjects", share, BIT(RESOURCE) | BIT(FENCE) },
	{ "WaitFromCpu, device", wait_on_device, BIT(DEVICE) },
	{ "SignalFromCpu, device", signal_on_device, BIT(DEVICE) },
	{ "SubmitCommand", submit_context, BIT(CONTEXT) },
	{ "SubmitCommandToHwQueue", submit_queue, BIT(HW_QUEUE) },
	{ "SubmitSignalToHwQueue", signal_queue, BIT(HW_QUEUE) },
	{ "SubmitWaitToHwQueue", wait_queue, BIT(HW_QUEUE) },
	{ "SignalFromGpu", signal_context, BIT(CONTEXT) },
	{ "WaitFromGpu", wait_context, BIT(CONTEXT) },
	{ "CloseAdapter", close_adapter, BIT(ADAPTER) },
	{ "DestroyDevice", destroy_device, BIT(DEVICE) },
	{ "DestroyPagingQueue", destroy_paging_queue, BIT(PAGING_QUEUE) },
	{ "DestroyContext", destroy_context, BIT(CONTEXT) },
	{ "DestroyHwQueue", destroy_hw_queue, BIT(HW_QUEUE) },
	{ "DestroySynchronizationObject", destroy_fence, BIT(FENCE) },
};

static void refused(struct sequence *s, const struct handle_use *use, __u32 h)
{
	int ret = use->call(s, h);

	if (ret != -EINVAL)
		fail("%s with handle %#x: %d", use->name, h, ret);
}

/* P4: every use of a handle with every other kind of object. */
static void wrong_kinds(unsigned long n)
{
	struct sequence s;
	size_t i;
	int kind;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	for (i = 0; i < ARRAY_SIZE(uses); i++) {
		for (kind = 0; kind < KINDS; kind++) {
			if (!(uses[i].good & BIT(kind)))
				refused(&s, &uses[i], handle_of(&s, kind));
		}
		/* closing no adapter has always been allowed */
		if (uses[i].call != close_adapter)
			refused(&s, &uses[i], 0);
		refused(&s, &uses[i], 0xffffffff);
		refused(&s, &uses[i], 0x40);
	}
}

/* P5: no bit of a handle is ignored. */
static void flipped_bits(unsigned long n)
{
	struct sequence s;
	unsigned int bit;
	size_t i;
	int kind;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	for (i = 0; i < ARRAY_SIZE(uses); i++) {
		for (kind = 0; !(uses[i].good & BIT(kind)); kind++)
			;
		for (bit = 0; bit < 32; bit++) {
			__u32 h = handle_of(&s, kind) ^ 1u << bit;
			int other;

			for (other = 0; other < KINDS; other++) {
				if (h == handle_of(&s, other))
					break;
			}
			if (other == KINDS && h != s.heap.handle &&
			    h != s.sysmem.handle)
				refused(&s, &uses[i], h);
		}
	}
}

static struct sequence *others;

static void use_of_others(unsigned long n)
{
	struct sequence s;
	size_t i;
	int kind;

	(void)n;
	memset(&s, 0, sizeof(s));
	s.fd = dxg_open(NULL);
	check(s.fd >= 0);
	for (i = 0; i < ARRAY_SIZE(uses); i++) {
		for (kind = 0; kind < KINDS; kind++)
			refused(&s, &uses[i], handle_of(others, kind));
	}
}

/* P4, P18: another process's handles mean nothing. */
static void foreign_handles(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	others = &s;
	reap_ok(spawn(use_of_others, 0));
}

/* P5: a destroyed handle stays dead when its slot is used again. */
static void stale_handles(unsigned long n)
{
	struct sequence s;
	__u32 stale, fresh;
	unsigned int i;

	(void)n;
	sequence_until(&s, ROW_PAGING);
	for (i = 0; i < 100; i++) {
		equal(dxg_create_context(s.fd, s.device, 0, 0, NULL, 0, &stale),
		      0);
		equal(dxg_destroy_context(s.fd, stale), 0);
		equal(dxg_create_context(s.fd, s.device, 0, 0, NULL, 0, &fresh),
		      0);
		check(stale != fresh);
		equal(dxg_destroy_context(s.fd, stale), -EINVAL);
		equal(dxg_destroy_context(s.fd, fresh), 0);
	}
}

/* P3: an allocation named twice is refused before anything happens. */
static void duplicates(unsigned long n)
{
	struct dxg_allocation a, b;
	struct sequence s;
	__u32 list[3];

	(void)n;
	sequence_until(&s, ROW_PAGING);
	equal(dxg_create_local(s.fd, s.device, PAGE, 0, &a), 0);
	equal(dxg_create_local(s.fd, s.device, PAGE, 0, &b), 0);
	list[0] = a.handle;
	list[1] = b.handle;
	list[2] = a.handle;
	host("mark");
	equal(dxg_destroy_allocations(s.fd, s.device, list, 3), -EINVAL);
	equal(host_count("DESTROYALLOCATION"), 0);
	equal(dxg_destroy_allocations(s.fd, s.device, list, 2), 0);
}

/* Callers -------------------------------------------------------------------- */

/* P18, P48: the child of a fork; its own open is a process of its own. */
static void child_of_fork(unsigned long n)
{
	struct sequence *s = others;
	struct sequence own;
	size_t i;

	(void)n;
	for (i = 0; i < ARRAY_SIZE(uses); i++)
		equal(uses[i].call(s, s->adapter), -ENOTTY);
	sequence_until(&own, ROW_FENCE);
}

static void fork_refused(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	others = &s;
	reap_ok(spawn(child_of_fork, 0));
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 20), 0);
}

static const struct test tests[] = {
	{ "handles of another kind are refused", wrong_kinds, 0, NULL, false },
	{ "handles with one bit flipped are refused", flipped_bits, 0, NULL,
	  false },
	{ "handles of another process are refused", foreign_handles, 0, NULL,
	  false },
	{ "stale handles never name new objects", stale_handles, 0, NULL,
	  false },
	{ "an allocation twice in a list is refused untouched", duplicates, 0,
	  NULL, false },
	{ "a forked child is refused, its own open works", fork_refused, 0,
	  NULL, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
