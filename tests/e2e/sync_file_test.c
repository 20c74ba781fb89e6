// SPDX-License-Identifier: GPL-2.0
/*
 * Sync files: what any program may do with the descriptor, what contexts of this
 * driver do with it, and what is refused. How long they live is in
 * sync_file_life_test.c.
 */
#include "sync_file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/sync_file.h>

#include "harness.h"

#define ACCESS_DENIED	0xc0000022u

/* One wait of the host, one signal; the value itself counts. */
static void reaches_value(unsigned long n)
{
	struct dxg_fence fence;
	struct sequence s;
	int file, reached;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	sync_file_fence(&s, 0, &fence);
	file = sync_file_new(&s, &fence, 5);
	equal(host_number("cpu_waits", "alive"), 1);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 4), 0);
	host("settle");
	check(!sync_file_signalled(file));
	equal(sync_file_status(file), 0);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 5), 0);
	sync_file_wait(file);
	equal(sync_file_status(file), 1);
	reached = sync_file_new(&s, &fence, 3);
	sync_file_wait(reached);
	equal(close(file), 0);
}

/* P82: the kernel's own calls work as on the sync file of any driver. */
static void kernel_calls(unsigned long n)
{
	struct sync_fence_info fences[2] = { 0 };
	struct sync_file_info info = {
		.num_fences = 2,
		.sync_fence_info = dxg_ptr(fences),
	};
	struct dxg_fence fence, other;
	int first, second, both;
	struct sequence s;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	sync_file_fence(&s, 0, &fence);
	sync_file_fence(&s, 0, &other);
	first = sync_file_new(&s, &fence, 1ull << 40);
	second = sync_file_new(&s, &other, 2);
	both = sync_file_merge(first, second);
	equal(ioctl(both, SYNC_IOC_FILE_INFO, &info), 0);
	equal(info.num_fences, 2);
	check(!strcmp(info.name, "merged"));
	for (i = 0; i < ARRAY_SIZE(fences); i++) {
		check(!strcmp(fences[i].driver_name, "dxgkrnl"));
		check(!strcmp(fences[i].obj_name, "no_timeline"));
		equal(fences[i].status, 0);
	}
	equal(dxg_signal(s.fd, s.device, other.sync_object, 2), 0);
	sync_file_wait(second);
	check(!sync_file_signalled(both));
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 1ull << 40), 0);
	sync_file_wait(both);
	equal(sync_file_status(both), 1);
	equal(close(both), 0);
	equal(close(first), 0);
}

/* A context does not get on before the value. */
static void context_waits(unsigned long n)
{
	struct dxg_fence fence, after;
	struct sequence s;
	char *before;
	int file;

	sequence_until(&s, ROW_QUEUE);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE, &fence);
	sync_file_fence(&s, 0, &after);
	equal(dxg_create_context(s.fd, s.device, 0, 0, NULL, 0, &s.legacy), 0);
	file = sync_file_new(&s, &fence, 5);
	/* P82: the value that the file was made with, whatever happened since */
	if (n) {
		equal(dxg_signal(s.fd, s.device, fence.sync_object, n), 0);
		sync_file_wait(file);
	}
	host("settle");
	before = ledger();
	host("mark");
	equal(dxg_wait_sync_file(s.fd, s.legacy, file), 0);
	check_ledger(before);
	free(before);
	equal(host_count("OPENSYNCOBJECT"), 1);
	equal(host_count("WAITFORSYNCOBJECTFROMGPU"), 1);
	equal(host_count("DESTROYSYNCOBJECT"), 1);
	equal(dxg_signal_gpu(s.fd, s.legacy, after.sync_object, 1), 0);
	if (!n) {
		equal(dxg_signal(s.fd, s.device, fence.sync_object, 4), 0);
		host("settle");
		equal(dxg_fence_value(after.value), 0);
		equal(dxg_signal(s.fd, s.device, fence.sync_object, 5), 0);
	}
	equal(dxg_wait(s.fd, s.device, after.sync_object, 1), 0);
}

/* PI-98: for waits only. */
static void opened_fence(unsigned long n)
{
	struct dxg_fence fence, opened;
	struct sequence s;
	__u64 value = 0;
	char *before;
	int file;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE, &fence);
	file = sync_file_new(&s, &fence, 9);
	host("settle");
	before = ledger();
	equal(dxg_open_sync_file(s.fd, s.device, file, &value, &opened), 0);
	equal(value, 9);
	check(opened.gpu_va);
	equal(dxg_signal(s.fd, s.device, opened.sync_object, 9), -EACCES);
	equal(access_signal(opened.value, true), SIGSEGV);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 8), 0);
	equal(dxg_fence_value(opened.value), 8);
	equal(dxg_destroy_sync_object(s.fd, opened.sync_object), 0);
	check_ledger(before);
	free(before);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 9), 0);
	sync_file_wait(file);
	/* P82: still the value it stands for */
	equal(dxg_open_sync_file(s.fd, s.device, file, &value, &opened), 0);
	equal(value, 9);
}

/* Others cannot open what is not shared, but poll it as any other. */
static void not_shared(unsigned long n)
{
	struct dxg_fence fence, opened;
	struct sequence s;
	__u64 value;
	int file;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	sync_file_fence(&s, 0, &fence);
	file = sync_file_new(&s, &fence, 1);
	host("mark");
	equal(dxg_wait_sync_file(s.fd, s.context, file), -EINVAL);
	equal(dxg_open_sync_file(s.fd, s.device, file, &value, &opened),
	      -EINVAL);
	equal(host_count("OPENSYNCOBJECT"), 0);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 1), 0);
	sync_file_wait(file);
}

/* P8: every kind of descriptor that is no sync file of ours. */
static void foreign_descriptors(unsigned long n)
{
	struct d3dkmt_opensyncobjectfromsyncfile open_args = { 0 };
	struct d3dkmt_waitsyncfile wait_args = { 0 };
	int fds[2], file, other, active, done, shared = -1;
	struct dxg_fence fence;
	struct sequence s;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE, &fence);
	file = sync_file_new(&s, &fence, 1);
	other = sync_file_new(&s, &fence, 2);
	active = sync_file_merge(file, other);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 2), 0);
	sync_file_wait(active);
	/* of two signalled ones the kernel makes something else */
	done = sync_file_merge(file, other);
	equal(dxg_share(s.fd, fence.sync_object, &shared), 0);
	equal(pipe(fds), 0);
	const __u64 wrong[] = {
		(__u64)active, (__u64)done, (__u64)fds[0], (__u64)s.fd,
		(__u64)eventfd(0, 0), (__u64)shared, 9999, -1ull,
		(1ull << 32) + (__u64)file, 1ull << 31,
		(__u64)open("/proc/self/maps", O_RDONLY),
	};

	host("mark");
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		wait_args.sync_file_handle = wrong[i];
		wait_args.context = dxg_handle(s.context);
		equal(dxg_ioctl(s.fd, LX_DXWAITSYNCFILE, &wait_args), -EINVAL);
		open_args.sync_file_handle = wrong[i];
		open_args.device = dxg_handle(s.device);
		equal(dxg_ioctl(s.fd, LX_DXOPENSYNCOBJECTFROMSYNCFILE,
				&open_args), -EINVAL);
	}
	equal(dxg_wait_sync_file(s.fd, s.device, file), -EINVAL);
	equal(dxg_wait_sync_file(s.fd, 0, file), -EINVAL);
	equal(host_count("OPENSYNCOBJECT"), 0);
}

/* P8: a fence of another driver; the debug kernel has one. */
static void foreign_fence(unsigned long n)
{
	struct { __u32 value; char name[32]; __s32 fence; } create = {
		.value = 1,
	};
	struct sequence s;
	int timeline;

	(void)n;
	timeline = open("/sys/kernel/debug/sync/sw_sync", O_RDWR);
	if (timeline < 0) {
		equal(errno, ENOENT);
		return;
	}
	/* SW_SYNC_IOC_CREATE_FENCE, which has no header */
	equal(ioctl(timeline, _IOWR('W', 0, create), &create), 0);
	sequence_until(&s, ROW_QUEUE);
	equal(dxg_wait_sync_file(s.fd, s.context, create.fence), -EINVAL);
	check(!sync_file_signalled(create.fence));
	equal(close(timeline), 0);
}

/* PI-85: only fences with a value, of this device. */
static void wrong_fences(unsigned long n)
{
	struct d3dkmt_createsynchronizationobject2 mutex = { 0 };
	struct sequence s;
	__u32 device;
	int file = -1;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_LOCAL);
	mutex.device = dxg_handle(s.device);
	mutex.info.type = _D3DDDI_SYNCHRONIZATION_MUTEX;
	equal(dxg_ioctl(s.fd, LX_DXCREATESYNCHRONIZATIONOBJECT, &mutex), 0);
	equal(dxg_create_device(s.fd, s.adapter, &device), 0);
	const __u32 wrong[] = {
		0, s.device, s.context, s.queue.queue, s.queue.progress,
		s.paging.queue, s.paging.sync_object, s.local.handle,
		s.local.resource, s.adapter, mutex.sync_object.v,
		s.fence.sync_object ^ 0x40000000,
	};

	host("mark");
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		equal(dxg_create_sync_file(s.fd, s.device, wrong[i], 1, &file),
		      -EINVAL);
	equal(dxg_create_sync_file(s.fd, device, s.fence.sync_object, 1, &file),
	      -EINVAL);
	equal(dxg_create_sync_file(s.fd, s.context, s.fence.sync_object, 1,
				   &file), -EINVAL);
	equal(host_count("WAITFORSYNCOBJECTFROMCPU"), 0);
	equal(file, -1);
}

static bool shared_handles_are(unsigned long n)
{
	return host_number("shared_handles", "alive") == n;
}

/* P79: a refused wait leaves no descriptor and no NT handle. */
static void refused(unsigned long n)
{
	struct dxg_fence fence;
	struct sequence s;
	int file = -1, next;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE, &fence);
	host("ping");
	next = dup(s.fd);
	close(next);
	host("refuse CREATENTSHAREDOBJECT %#x", ACCESS_DENIED);
	equal(dxg_create_sync_file(s.fd, s.device, fence.sync_object, 1,
				   &file), -ENOTRECOVERABLE);
	host("refuse WAITFORSYNCOBJECTFROMCPU %#x", ACCESS_DENIED);
	equal(dxg_create_sync_file(s.fd, s.device, fence.sync_object, 1,
				   &file), -EACCES);
	wait_for(shared_handles_are, 0, "the NT handle goes");
	equal(file, -1);
	equal(host_number("cpu_waits", "alive"), 0);
	equal(sync_file_new(&s, &fence, 1), next);
	equal(host_number("shared_handles", "alive"), 1);
}

/* P79: without a place for the result; P19: without a descriptor. */
static void without_result(unsigned long n)
{
	struct d3dkmt_createsyncfile *args;
	struct dxg_fence fence;
	struct sequence s;
	int fd, file = -1, last = -1;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE, &fence);
	args = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(args != MAP_FAILED);
	args->device = dxg_handle(s.device);
	args->monitored_fence = dxg_handle(fence.sync_object);
	args->fence_value = 1;
	equal(mprotect(args, PAGE, PROT_READ), 0);
	equal(dxg_ioctl(s.fd, LX_DXCREATESYNCFILE, args), -EFAULT);
	wait_for(shared_handles_are, 0, "the NT handle goes");
	host("mark");
	while ((fd = dup(s.fd)) >= 0)
		last = fd;
	equal(dxg_create_sync_file(s.fd, s.device, fence.sync_object, 1,
				   &file), -EMFILE);
	equal(file, -1);
	close(last);
	equal(host_count("WAITFORSYNCOBJECTFROMCPU"), 0);
	equal(sync_file_new(&s, &fence, 1), last);
}

/* P88 */
static void other_adapter(unsigned long n)
{
	__u32 adapter, device, context;
	struct dxg_fence fence, opened;
	struct sequence s;
	__u64 value;
	int file;

	sequence_until(&s, ROW_QUEUE);
	equal(dxg_open_adapter(s.fd, &s.infos[1].adapter_luid, &adapter), 0);
	equal(dxg_create_device(s.fd, adapter, &device), 0);
	equal(dxg_create_context(s.fd, device, 0, 0, NULL, 0, &context), 0);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE |
			(n ? DXG_SYNC_CROSS_ADAPTER : 0), &fence);
	file = sync_file_new(&s, &fence, 1);
	host("mark");
	equal(dxg_wait_sync_file(s.fd, context, file), n ? 0 : -EINVAL);
	equal(dxg_open_sync_file(s.fd, device, file, &value, &opened),
	      n ? 0 : -EINVAL);
	equal(host_count("OPENSYNCOBJECT"), 2 * n);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 1), 0);
}

/* PI-91: whatever becomes of the wait, the temporary object goes. */
static void wait_refused(unsigned long n)
{
	struct dxg_fence fence;
	struct sequence s;
	char *before;
	int file;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE, &fence);
	file = sync_file_new(&s, &fence, 1);
	host("settle");
	before = ledger();
	host("refuse OPENSYNCOBJECT %#x", ACCESS_DENIED);
	equal(dxg_wait_sync_file(s.fd, s.context, file), -EACCES);
	check_ledger(before);
	host("refuse WAITFORSYNCOBJECTFROMGPU %#x", ACCESS_DENIED);
	equal(dxg_wait_sync_file(s.fd, s.context, file), -EACCES);
	check_ledger(before);
	host("zero OPENSYNCOBJECT");
	equal(dxg_wait_sync_file(s.fd, s.context, file), -EINVAL);
	free(before);
}

static const struct test tests[] = {
	{ "readable when the fence reaches the value", reaches_value, 0, NULL,
	  false },
	{ "merged and asked like any other (P82)", kernel_calls, 0, NULL,
	  false },
	{ "a context waits for it", context_waits, 0, NULL, false },
	{ "a context waits for the value of a signalled one (P82)",
	  context_waits, 5, NULL, false },
	{ "a context waits for it, asynchronous messages (PI-92)",
	  context_waits, 0, "--async", false },
	{ "opened, for waits only (PI-98)", opened_fence, 0, NULL, false },
	{ "of a fence that is not shared", not_shared, 0, NULL, false },
	{ "what is no sync file of ours is refused (P8)", foreign_descriptors,
	  0, NULL, false },
	{ "a fence of another driver is refused (P8)", foreign_fence, 0, NULL,
	  false },
	{ "only of fences with a value (PI-85)", wrong_fences, 0, NULL,
	  false },
	{ "refused: nothing left (P79)", refused, 0, NULL, false },
	{ "no room for the result: nothing left (P79)", without_result, 0,
	  NULL, false },
	{ "another adapter may not wait for it (P88)", other_adapter, 0,
	  "--adapters 2", false },
	{ "another adapter may if the fence is made so (P88)", other_adapter,
	  1, "--adapters 2", false },
	{ "a failed wait leaves no object (PI-91)", wait_refused, 0, NULL,
	  false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
