// SPDX-License-Identifier: GPL-2.0
/*
 * Sync objects shared by file descriptor: with another device, process or
 * adapter, after the creator is gone, and what is refused; and objects shared
 * with the host.
 */
#include "sequence.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"

#define ACCESS_DENIED	0xc0000022u

static __u32 second_device(struct sequence *s)
{
	__u32 device;

	equal(dxg_create_device(s->fd, s->adapter, &device), 0);
	return device;
}

/* A device on the second adapter. */
static __u32 foreign_device(struct sequence *s)
{
	__u32 adapter, device;

	equal(s->count, 2);
	equal(dxg_open_adapter(s->fd, &s->infos[1].adapter_luid, &adapter), 0);
	equal(dxg_create_device(s->fd, adapter, &device), 0);
	return device;
}

static int make_shared(struct sequence *s, __u64 value, __u32 flags,
		       struct dxg_fence *fence)
{
	int fd = -1;

	equal(dxg_create_monitored_fence(s->fd, s->device, value,
					 DXG_SYNC_SHAREABLE | flags, fence), 0);
	check(fence->shared_handle);
	equal(dxg_share(s->fd, fence->sync_object, &fd), 0);
	check(fd >= 0);
	return fd;
}

/* One value, two handles; whoever signals, the other one waits. */
static void two_devices(unsigned long n)
{
	struct dxg_fence fence, opened;
	struct sequence s;
	__u32 device;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	device = second_device(&s);
	fd = make_shared(&s, 5, 0, &fence);
	host("mark");
	equal(dxg_open_sync_object(s.fd, device, fd, DXG_SYNC_SHAREABLE,
				   &opened), 0);
	equal(host_count("OPENSYNCOBJECT"), 1);
	check(opened.sync_object && opened.sync_object != fence.sync_object);
	check(opened.gpu_va && opened.value && opened.value != fence.value);
	equal(dxg_fence_value(opened.value), 5);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 7), 0);
	equal(dxg_fence_value(opened.value), 7);
	equal(dxg_wait(s.fd, device, opened.sync_object, 7), 0);
	equal(dxg_signal(s.fd, device, opened.sync_object, 9), 0);
	equal(dxg_wait(s.fd, s.device, fence.sync_object, 9), 0);
	equal(dxg_destroy_sync_object(s.fd, opened.sync_object), 0);
	equal(dxg_destroy_sync_object(s.fd, opened.sync_object), -EINVAL);
	equal(access_signal(opened.value, false), SIGSEGV);
	equal(dxg_fence_value(fence.value), 9);
}

static int pair[2];

/* Hands the descriptor over, and is gone without a word. */
static void creator(unsigned long n)
{
	struct dxg_fence fence;
	struct sequence s;

	sequence_until(&s, ROW_DEVICE);
	send_fd(pair[0], make_shared(&s, n, 0, &fence));
}

/* R9, P55: the value lives as long as anybody can get at it. */
static void creator_gone(unsigned long n)
{
	struct dxg_fence first, second;
	struct sequence s;
	int fd;

	(void)n;
	equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	reap_ok(spawn(creator, 77));
	fd = receive_fd(pair[1]);
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_open_sync_object(s.fd, s.device, fd, 0, &first), 0);
	equal(dxg_open_sync_object(s.fd, s.device, fd, 0, &second), 0);
	equal(close(fd), 0);
	equal(dxg_destroy_sync_object(s.fd, first.sync_object), 0);
	equal(dxg_fence_value(second.value), 77);
	equal(dxg_signal(s.fd, s.device, second.sync_object, 78), 0);
	equal(dxg_fence_value(second.value), 78);
}

static int inherited_fd;

static void signal_in_child(unsigned long n)
{
	struct dxg_fence opened;
	struct sequence s;

	sequence_until(&s, ROW_DEVICE);
	equal(dxg_open_sync_object(s.fd, s.device, inherited_fd, 0, &opened),
	      0);
	equal(dxg_signal(s.fd, s.device, opened.sync_object, n), 0);
}

/* One process sleeps until another one signals. */
static void two_processes(unsigned long n)
{
	struct dxg_fence fence;
	struct sequence s;
	pid_t pid;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	inherited_fd = make_shared(&s, 0, 0, &fence);
	pid = spawn(signal_in_child, 3);
	equal(dxg_wait(s.fd, s.device, fence.sync_object, 3), 0);
	equal(dxg_fence_value(fence.value), 3);
	reap_ok(pid);
}

/* Who opens without the right to signal cannot, by message or by memory. */
static void no_signal(unsigned long n)
{
	struct dxg_fence fence, opened;
	struct sequence s;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, 1, 0, &fence);
	equal(dxg_open_sync_object(s.fd, s.device, fd, DXG_SYNC_SHAREABLE |
				   DXG_SYNC_NO_SIGNAL, &opened), 0);
	equal(dxg_signal(s.fd, s.device, opened.sync_object, 2), -EACCES);
	equal(access_signal(opened.value, true), SIGSEGV);
	equal(mprotect(opened.value, PAGE, PROT_READ | PROT_WRITE), -1);
	equal(errno, EACCES);
	equal(dxg_fence_value(opened.value), 1);
	equal(access_signal(fence.value, true), 0);
}

/* What can be opened again can be shared again, for the same host object. */
static void shared_again(unsigned long n)
{
	struct dxg_fence fence, opened, third;
	struct sequence s;
	int fd, again = -1;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, 4, 0, &fence);
	equal(dxg_open_sync_object(s.fd, s.device, fd, 0, &opened), 0);
	equal(dxg_destroy_sync_object(s.fd, fence.sync_object), 0);
	equal(dxg_share(s.fd, opened.sync_object, &again), 0);
	equal(host_number("shared_handles", "alive"), 1);
	equal(close(fd), 0);
	equal(dxg_open_sync_object(s.fd, s.device, again, 0, &third), 0);
	equal(dxg_fence_value(third.value), 4);
}

static bool shared_handles_are(unsigned long n)
{
	return host_number("shared_handles", "alive") == n;
}

/* P87: a failed share leaves the object as it was. */
static void refused_then_shared(unsigned long n)
{
	struct dxg_fence fence, opened;
	struct sequence s;
	int fd = -1;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_create_monitored_fence(s.fd, s.device, 6, DXG_SYNC_SHAREABLE,
					 &fence), 0);
	host("refuse CREATENTSHAREDOBJECT %#x", ACCESS_DENIED);
	equal(dxg_share(s.fd, fence.sync_object, &fd), -ENOTRECOVERABLE);
	equal(fd, -1);
	equal(host_number("shared_handles", "alive"), 0);
	equal(dxg_share(s.fd, fence.sync_object, &fd), 0);
	equal(dxg_destroy_sync_object(s.fd, fence.sync_object), 0);
	equal(dxg_open_sync_object(s.fd, s.device, fd, 0, &opened), 0);
	equal(dxg_fence_value(opened.value), 6);
	equal(close(fd), 0);
	wait_for(shared_handles_are, 0, "the NT handle goes");
}

static void share_and_stall(unsigned long n)
{
	struct dxg_fence fence;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fail("shared as %d", make_shared(&s, 0, 0, &fence));
}

/* P87: nor does one that is killed. */
static void killed_share(unsigned long n)
{
	pid_t pid;

	(void)n;
	host("hold CREATENTSHAREDOBJECT 1");
	pid = spawn(share_and_stall, 0);
	host("wait-held CREATENTSHAREDOBJECT");
	kill_and_reap(pid);
	host("release CREATENTSHAREDOBJECT");
	wait_for(shared_handles_are, 0, "the late NT handle goes");
}

/* P79: no descriptor, no host handle; a bad pointer, no descriptor. */
static void share_without_result(unsigned long n)
{
	struct d3dkmt_shareobjects args = { .object_count = 1 };
	struct dxg_fence fence;
	struct sequence s;
	int fd, none = 0, last = -1;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_create_monitored_fence(s.fd, s.device, 0, DXG_SYNC_SHAREABLE,
					 &fence), 0);
	args.objects = dxg_ptr(&fence.sync_object);
	args.shared_handle = 8;
	equal(dxg_ioctl(s.fd, LX_DXSHAREOBJECTS, &args), -EFAULT);
	wait_for(shared_handles_are, 0, "the NT handle goes");
	host("mark");
	while ((fd = dup(s.fd)) >= 0)
		last = fd;
	equal(errno, EMFILE);
	equal(dxg_share(s.fd, fence.sync_object, &none), -ENOTRECOVERABLE);
	equal(none, 0);
	close(last);
	equal(host_count("CREATENTSHAREDOBJECT"), 0);
	equal(dxg_share(s.fd, fence.sync_object, &none), 0);
	equal(none, last);
}

/* P4, P8: not shareable, not an object, not one at all. */
static void wrong_objects(unsigned long n)
{
	__u32 two[2];
	struct d3dkmt_shareobjects args = { .objects = dxg_ptr(two) };
	__u64 slot = 0;
	struct sequence s;
	size_t i;
	int fd = -1;

	(void)n;
	sequence_until(&s, ROW_LOCAL);
	const __u32 wrong[] = {
		s.fence.sync_object, s.paging.sync_object, s.queue.progress,
		s.device, s.context, s.local.handle, s.adapter, 0, 0x40ffff40,
		s.fence.sync_object ^ 1, s.fence.sync_object ^ 0x40000000,
	};

	host("mark");
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		equal(dxg_share(s.fd, wrong[i], &fd), -EINVAL);
	two[0] = s.fence.sync_object;
	two[1] = s.fence.sync_object;
	args.shared_handle = dxg_ptr(&slot);
	equal(dxg_ioctl(s.fd, LX_DXSHAREOBJECTS, &args), -EINVAL);
	args.object_count = 2;
	equal(dxg_ioctl(s.fd, LX_DXSHAREOBJECTS, &args), -EINVAL);
	args.object_count = 1;
	args.objects = 8;
	equal(dxg_ioctl(s.fd, LX_DXSHAREOBJECTS, &args), -EFAULT);
	equal(slot, 0);
	equal(host_count("CREATENTSHAREDOBJECT"), 0);
}

/* P8: descriptors that are no shared sync object. */
static void wrong_descriptors(unsigned long n)
{
	struct d3dkmt_opensyncobjectfromnthandle2 args = { 0 };
	struct dxg_allocation resource;
	struct dxg_fence fence, opened;
	struct sequence s;
	int fds[2], fd, file = -1, resource_fd = -1;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, 0, 0, &fence);
	equal(pipe(fds), 0);
	equal(dxg_create_local(s.fd, s.device, PAGE, DXG_ALLOC_SHAREABLE,
			       &resource), 0);
	equal(dxg_share(s.fd, resource.resource, &resource_fd), 0);
	equal(dxg_create_sync_file(s.fd, s.device, fence.sync_object, 1, &file),
	      0);
	const __u64 wrong[] = {
		(__u64)fds[0], (__u64)s.fd, (__u64)eventfd(0, 0), 9999, -1ull,
		(1ull << 32) + (__u64)fd, (__u64)resource_fd, (__u64)file,
		1ull << 31,
	};

	host("mark");
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		args.nt_handle = wrong[i];
		args.device = dxg_handle(s.device);
		equal(dxg_ioctl(s.fd, LX_DXOPENSYNCOBJECTFROMNTHANDLE2, &args),
		      -EINVAL);
	}
	equal(dxg_open_sync_object(s.fd, 0, fd, 0, &opened), -EINVAL);
	equal(dxg_open_sync_object(s.fd, s.adapter, fd, 0, &opened), -EINVAL);
	equal(dxg_open_sync_object(s.fd, fence.sync_object, fd, 0, &opened),
	      -EINVAL);
	equal(host_count("OPENSYNCOBJECT"), 0);
}

/* P79: results that cannot be delivered leave nothing. */
static void open_without_result(unsigned long n)
{
	struct d3dkmt_opensyncobjectfromnthandle2 *args;
	struct dxg_fence fence, opened;
	struct sequence s;
	char *before;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, 2, 0, &fence);
	args = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(args != MAP_FAILED);
	args->nt_handle = (__u64)fd;
	args->device = dxg_handle(s.device);
	/* P80: a live handle in an output field */
	args->sync_object = dxg_handle(fence.sync_object);
	equal(mprotect(args, PAGE, PROT_READ), 0);
	host("settle");
	before = ledger();
	equal(dxg_ioctl(s.fd, LX_DXOPENSYNCOBJECTFROMNTHANDLE2, args), -EFAULT);
	check_ledger(before);
	host("refuse OPENSYNCOBJECT %#x", ACCESS_DENIED);
	equal(dxg_ioctl(s.fd, LX_DXOPENSYNCOBJECTFROMNTHANDLE2, args), -EACCES);
	check_ledger(before);
	free(before);
	equal(dxg_open_sync_object(s.fd, s.device, fd, 0, &opened), 0);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 3), 0);
}

/* PI-75: a page that cannot be mapped. */
static void page_outside(unsigned long n)
{
	static const char *const addresses[] = {
		"0100000000000000", "0000000000800000", "00f0ffffffffffff",
		"0000000000000080",
	};
	struct dxg_fence fence, opened;
	struct sequence s;
	char *before;
	size_t i;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, 2, 0, &fence);
	host("settle");
	before = ledger();
	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		host("field OPENSYNCOBJECT 16 %s", addresses[i]);
		equal(dxg_open_sync_object(s.fd, s.device, fd, 0, &opened),
		      -ENOMEM);
		check_ledger(before);
	}
	free(before);
	equal(dxg_open_sync_object(s.fd, s.device, fd, 0, &opened), 0);
}

/* A success code of the host is the result, and everything is there. */
static void open_pending(unsigned long n)
{
	struct dxg_fence fence, opened;
	struct sequence s;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, 8, 0, &fence);
	host("status OPENSYNCOBJECT 0x103");
	equal(dxg_open_sync_object(s.fd, s.device, fd, 0, &opened),
	      DXG_STATUS_PENDING);
	equal(dxg_fence_value(opened.value), 8);
}

/* P88 */
static void other_adapter(unsigned long n)
{
	struct dxg_fence fence, opened;
	struct sequence s;
	__u32 device;
	int fd;

	sequence_until(&s, ROW_DEVICE);
	device = foreign_device(&s);
	fd = make_shared(&s, 11, n ? DXG_SYNC_CROSS_ADAPTER : 0, &fence);
	host("mark");
	equal(dxg_open_sync_object(s.fd, device, fd, 0, &opened),
	      n ? 0 : -EINVAL);
	equal(host_count("OPENSYNCOBJECT"), n);
	if (n)
		equal(dxg_fence_value(opened.value), 11);
}

/* Mutexes and semaphores are shared, too; they have no value in memory. */
static void legacy_objects(unsigned long n)
{
	struct d3dkmt_createsynchronizationobject2 create = { 0 };
	struct d3dkmt_opensyncobjectfromnthandle2 args = { 0 };
	struct sequence s;
	int fd = -1;

	sequence_until(&s, ROW_DEVICE);
	create.device = dxg_handle(s.device);
	create.info.type = (enum d3dddi_synchronizationobject_type)n;
	create.info.flags.value = DXG_SYNC_SHAREABLE;
	if (n == _D3DDDI_SEMAPHORE)
		create.info.semaphore.max_count = 1;
	equal(dxg_ioctl(s.fd, LX_DXCREATESYNCHRONIZATIONOBJECT, &create), 0);
	equal(dxg_share(s.fd, create.sync_object.v, &fd), 0);
	args.nt_handle = (__u64)fd;
	args.device = dxg_handle(s.device);
	args.monitored_fence.fence_value_cpu_va = 0x11;
	args.monitored_fence.fence_value_gpu_va = 0x22;
	equal(dxg_ioctl(s.fd, LX_DXOPENSYNCOBJECTFROMNTHANDLE2, &args), 0);
	check(args.sync_object.v);
	equal(args.monitored_fence.fence_value_cpu_va, 0x11);
	equal(args.monitored_fence.fence_value_gpu_va, 0x22);
	/* it belongs to the process: the end of the device is not its end */
	equal(dxg_destroy_device(s.fd, s.device), 0);
	equal(dxg_destroy_sync_object(s.fd, args.sync_object.v), 0);
	equal(dxg_destroy_sync_object(s.fd, create.sync_object.v), 0);
}

/* P45: the descriptor outlives device, adapter handle and process object. */
static void closed_last(unsigned long n)
{
	struct dxg_fence fence;
	struct sequence s;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, 0, 0, &fence);
	equal(dxg_destroy_device(s.fd, s.device), 0);
	equal(dxg_close_adapter(s.fd, s.adapter), 0);
	equal(dxg_close(s.fd), 0);
	host("settle");
	equal(host_number("shared_handles", "alive"), 1);
	equal(close(fd), 0);
}

/* Every order of: the creator's object, its device, and the descriptor. */
static void end_in_any_order(unsigned long n)
{
	static const char *const orders[] = {
		"ofd", "odf", "fod", "fdo", "dof", "dfo",
	};
	struct dxg_fence fence, opened;
	struct sequence s;
	const char *step;
	__u32 device;
	int fd;

	sequence_until(&s, ROW_DEVICE);
	device = second_device(&s);
	fd = make_shared(&s, 1, 0, &fence);
	equal(dxg_open_sync_object(s.fd, device, fd, 0, &opened), 0);
	for (step = orders[n]; *step; step++) {
		if (*step == 'o')
			dxg_destroy_sync_object(s.fd, fence.sync_object);
		else if (*step == 'd')
			equal(dxg_destroy_device(s.fd, s.device), 0);
		else
			equal(close(fd), 0);
		equal(dxg_signal(s.fd, device, opened.sync_object,
				 2 + (__u64)(step - orders[n])), 0);
	}
	equal(dxg_fence_value(opened.value), 4);
	wait_for(shared_handles_are, 0, "the NT handle goes");
}

/* P44, P45: an adapter that was lost and came back is another one. */
static void adapter_lost(unsigned long n)
{
	struct dxg_fence fence, opened;
	struct sequence s, again;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, 0, DXG_SYNC_CROSS_ADAPTER, &fence);
	host("rescind 0");
	host("settle");
	equal(dxg_open_sync_object(s.fd, s.device, fd, 0, &opened), -ENODEV);
	equal(access_signal(fence.value, false), SIGBUS);
	host("offer 0");
	host("settle");
	equal(dxg_open_sync_object(s.fd, s.device, fd, 0, &opened), -ENODEV);
	sequence_until(&again, ROW_DEVICE);
	host("mark");
	equal(dxg_open_sync_object(again.fd, again.device, fd, 0, &opened),
	      -ENODEV);
	equal(host_count("OPENSYNCOBJECT"), 0);
	equal(close(fd), 0);
}

/* With the host: a handle for whatever has a handle, and nothing else. */
static void with_host(unsigned long n)
{
	struct d3dkmt_shareobjectwithhost *readonly, args = { 0 };
	struct sequence s;
	__u32 device;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_LOCAL);
	device = second_device(&s);
	const __u32 good[] = {
		s.fence.sync_object, s.local.handle, s.local.resource,
	};
	const __u32 wrong[] = {
		0, s.device, s.context, s.queue.queue, s.paging.queue,
		s.paging.sync_object, s.adapter, s.local.handle ^ 0x40000000,
	};

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		memset(&args, 0, sizeof(args));
		args.device_handle = dxg_handle(s.device);
		args.object_handle = dxg_handle(good[i]);
		args.reserved = 5;
		equal(dxg_ioctl(s.fd, LX_DXSHAREOBJECTWITHHOST, &args), 0);
		check(args.object_vail_nt_handle);
		equal(args.reserved, 5);
	}
	host("mark");
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		args.object_handle = dxg_handle(wrong[i]);
		equal(dxg_ioctl(s.fd, LX_DXSHAREOBJECTWITHHOST, &args),
		      -EINVAL);
	}
	args.object_handle = dxg_handle(s.local.handle);
	args.device_handle = dxg_handle(device);
	equal(dxg_ioctl(s.fd, LX_DXSHAREOBJECTWITHHOST, &args), -EINVAL);
	args.device_handle = dxg_handle(s.adapter);
	equal(dxg_ioctl(s.fd, LX_DXSHAREOBJECTWITHHOST, &args), -EINVAL);
	equal(host_count("SHAREOBJECTWITHHOST"), 0);

	readonly = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(readonly != MAP_FAILED);
	readonly->device_handle = dxg_handle(s.device);
	readonly->object_handle = dxg_handle(s.local.handle);
	equal(mprotect(readonly, PAGE, PROT_READ), 0);
	equal(dxg_ioctl(s.fd, LX_DXSHAREOBJECTWITHHOST, readonly), -EFAULT);
}

static const struct test tests[] = {
	{ "a fence is opened by another device", two_devices, 0, NULL, false },
	{ "a fence outlives its creator (R9, P55)", creator_gone, 0, NULL,
	  false },
	{ "a process waits for another one's signal", two_processes, 0, NULL,
	  false },
	{ "opened without the right to signal", no_signal, 0, NULL, false },
	{ "what was opened is shared again", shared_again, 0, NULL, false },
	{ "a refused share can be repeated (P87)", refused_then_shared, 0,
	  NULL, false },
	{ "a killed share leaves no NT handle (P87)", killed_share, 0, NULL,
	  false },
	{ "a share without result leaves nothing (P79)", share_without_result,
	  0, NULL, false },
	{ "what cannot be shared is refused (P4)", wrong_objects, 0, NULL,
	  false },
	{ "what is no shared sync object is refused (P8)", wrong_descriptors,
	  0, NULL, false },
	{ "an open without result leaves nothing (P79, P80)",
	  open_without_result, 0, NULL, false },
	{ "a fence page outside the window is refused (PI-75)", page_outside,
	  0, NULL, false },
	{ "a success code of an open is passed on (PI-03)", open_pending, 0,
	  NULL, false },
	{ "another adapter may not open it (P88)", other_adapter, 0,
	  "--adapters 2", false },
	{ "another adapter may if it was created so (P88)", other_adapter, 1,
	  "--adapters 2", false },
	{ "a mutex is shared", legacy_objects, _D3DDDI_SYNCHRONIZATION_MUTEX,
	  NULL, false },
	{ "a semaphore is shared", legacy_objects, _D3DDDI_SEMAPHORE, NULL,
	  false },
	{ "the descriptor may be closed last (P45)", closed_last, 0, NULL,
	  false },
	{ "end in the order object, file, device", end_in_any_order, 0, NULL,
	  false },
	{ "end in the order object, device, file", end_in_any_order, 1, NULL,
	  false },
	{ "end in the order file, object, device", end_in_any_order, 2, NULL,
	  false },
	{ "end in the order file, device, object", end_in_any_order, 3, NULL,
	  false },
	{ "end in the order device, object, file", end_in_any_order, 4, NULL,
	  false },
	{ "end in the order device, file, object", end_in_any_order, 5, NULL,
	  false },
	{ "a descriptor of a lost adapter is of no use (P44, P45)",
	  adapter_lost, 0, NULL, false },
	{ "objects are shared with the host (PI-84)", with_host, 0, NULL,
	  false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
