// SPDX-License-Identifier: GPL-2.0
/*
 * Native fences: made, opened, shared, waited for, and refused.
 */
#include "sequence.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dxg_query.h"
#include "harness.h"

#define ACCESS_DENIED	0xc0000022u

struct native {
	__u32 handle;
	const __u64 *value;
};

static struct d3dkmt_createnativefence create_args(struct sequence *s,
						   __u32 flags, __u64 value)
{
	struct d3dkmt_createnativefence args = {
		.device = dxg_handle(s->device),
		.info.initial_fence_value = value,
		.info.engine_affinity = 1,
		.info.flags.value = flags,
	};

	return args;
}

static int create(struct sequence *s, __u32 flags, __u64 value,
		  struct native *out)
{
	struct d3dkmt_createnativefence args = create_args(s, flags, value);
	int ret = dxg_ioctl(s->fd, LX_CREATENATIVEFENCE, &args);

	out->handle = args.sync_object.v;
	out->value = (const __u64 *)(unsigned long)
		args.info.native_fence_mapping.current_value_cpu_va;
	return ret;
}

static int open_native(struct sequence *s, __u32 device, int fd, __u32 flags,
		       struct native *out)
{
	struct d3dkmt_opennativefencefromnthandle args = {
		.nt_handle = (__u32)fd,
		.device = dxg_handle(device),
		.engine_affinity = 1,
		.flags.value = flags,
	};
	int ret = dxg_ioctl(s->fd, LX_DXOPENNATIVEFENCEFROMNTHANDLE, &args);

	out->handle = args.sync_object.v;
	out->value = (const __u64 *)(unsigned long)
		args.native_fence_mapping.current_value_cpu_va;
	return ret;
}

static int make_shared(struct sequence *s, __u32 flags, struct native *fence)
{
	int fd = -1;

	equal(create(s, DXG_SYNC_SHAREABLE | flags, 3, fence), 0);
	equal(dxg_share(s->fd, fence->handle, &fd), 0);
	return fd;
}

/* All results, and the page, which no program may write. */
static void created(unsigned long n)
{
	struct d3dkmt_createnativefence args;
	struct d3dddi_nativefencemapping *mapping;
	const __u64 *value;
	struct sequence s;
	size_t i;

	sequence_until(&s, ROW_DEVICE);
	args = create_args(&s, 0, 41);
	args.info.type = (enum d3dddi_nativefence_type)n;
	mapping = &args.info.native_fence_mapping;
	memset(mapping->reserved, 0x5a, sizeof(mapping->reserved));
	for (i = 0; i < sizeof(args.private_driver_data); i++)
		args.private_driver_data[i] = (__u8)i;
	equal(dxg_ioctl(s.fd, LX_CREATENATIVEFENCE, &args), 0);
	check(args.sync_object.v);
	check(mapping->current_value_gpu_va && mapping->monitored_value_gpu_va);
	for (i = 0; i < sizeof(args.private_driver_data); i++)
		equal(args.private_driver_data[i], (__u8)~i);
	equal(mapping->reserved[31], 0x5a);
	value = (const __u64 *)(unsigned long)mapping->current_value_cpu_va;
	if (n == D3DDDI_NATIVEFENCE_TYPE_INTRA_GPU) {
		check(!value);
	} else {
		equal(dxg_fence_value(value), 41);
		equal(access_signal(value, true), SIGSEGV);
		equal(mprotect((void *)(unsigned long)value, PAGE,
			       PROT_READ | PROT_WRITE), -1);
		equal(errno, EACCES);
	}
	equal(dxg_destroy_sync_object(s.fd, args.sync_object.v), 0);
	if (value)
		equal(access_signal(value, false), SIGSEGV);
}

/* Waits and signals of all kinds, PI-46 among them. */
static void used(unsigned long n)
{
	struct pollfd p = { .events = POLLIN };
	struct dxg_fence after;
	struct native fence;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(create(&s, 0, 1, &fence), 0);
	equal(dxg_create_monitored_fence(s.fd, s.device, 0, 0, &after), 0);
	equal(dxg_create_context(s.fd, s.device, 0, 0, NULL, 0, &s.legacy), 0);
	equal(dxg_create_sync_file(s.fd, s.device, fence.handle, 2, &p.fd), 0);
	equal(dxg_wait_gpu(s.fd, s.legacy, fence.handle, 2), 0);
	equal(dxg_signal_gpu(s.fd, s.legacy, after.sync_object, 1), 0);
	equal(poll(&p, 1, 0), 0);
	equal(dxg_signal(s.fd, s.device, fence.handle, 2), 0);
	equal(dxg_wait(s.fd, s.device, fence.handle, 2), 0);
	equal(dxg_wait(s.fd, s.device, after.sync_object, 1), 0);
	equal(dxg_fence_value(fence.value), 2);
	equal(poll(&p, 1, 120000), 1);
	equal(dxg_signal_gpu(s.fd, s.legacy, fence.handle, 3), 0);
	equal(dxg_wait(s.fd, s.device, fence.handle, 3), 0);
}

/* Through the descriptor, by its own ioctl only. */
static void shared(unsigned long n)
{
	struct dxg_fence plain, wrong;
	struct native fence, opened;
	struct sequence s;
	__u32 device;
	int fd, plain_fd = -1, file = -1;
	__u64 value;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	equal(dxg_create_device(s.fd, s.adapter, &device), 0);
	fd = make_shared(&s, 0, &fence);
	equal(open_native(&s, device, fd, DXG_SYNC_SHAREABLE, &opened), 0);
	check(opened.handle != fence.handle);
	equal(dxg_fence_value(opened.value), 3);
	equal(access_signal(opened.value, true), SIGSEGV);
	equal(dxg_signal(s.fd, s.device, fence.handle, 4), 0);
	equal(dxg_wait(s.fd, device, opened.handle, 4), 0);
	equal(dxg_create_sync_file(s.fd, s.device, fence.handle, 4, &file), 0);
	host("mark");
	equal(dxg_open_sync_object(s.fd, device, fd, 0, &wrong), -EINVAL);
	equal(dxg_open_sync_file(s.fd, device, file, &value, &wrong), -EINVAL);
	equal(dxg_create_monitored_fence(s.fd, s.device, 0, DXG_SYNC_SHAREABLE,
					 &plain), 0);
	equal(dxg_share(s.fd, plain.sync_object, &plain_fd), 0);
	equal(open_native(&s, device, plain_fd, 0, &opened), -EINVAL);
	equal(host_count("OPENSYNCOBJECT"), 0);
	equal(host_count("OPENNATIVEFENCEFROMNTHANDLE"), 0);
	equal(dxg_wait_sync_file(s.fd, s.context, file), 0);
}

static int pair[2];

static void creator(unsigned long n)
{
	struct native fence;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	send_fd(pair[0], make_shared(&s, 0, &fence));
}

static void creator_gone(unsigned long n)
{
	struct native opened;
	struct sequence s;
	int fd;

	(void)n;
	equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	reap_ok(spawn(creator, 0));
	fd = receive_fd(pair[1]);
	sequence_until(&s, ROW_DEVICE);
	equal(open_native(&s, s.device, fd, 0, &opened), 0);
	equal(close(fd), 0);
	equal(dxg_fence_value(opened.value), 3);
	equal(dxg_signal(s.fd, s.device, opened.handle, 5), 0);
	equal(dxg_fence_value(opened.value), 5);
}

/* Nothing reaches the host of what is no description of a native fence. */
static void wrong_creation(unsigned long n)
{
	static const __u32 flags[] = {
		DXG_SYNC_SHARED, DXG_SYNC_NT_SECURITY_SHARING,
		DXG_SYNC_NO_SIGNAL | DXG_SYNC_NO_WAIT, 0x100, 0x40000000,
		0x80000000,
	};
	struct d3dkmt_createsynchronizationobject2 other = { 0 };
	struct d3dkmt_createnativefence args;
	struct native fence;
	struct sequence s;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	host("mark");
	for (i = 0; i < ARRAY_SIZE(flags); i++)
		equal(create(&s, flags[i], 0, &fence), -EINVAL);
	args = create_args(&s, 0, 0);
	args.info.type = (enum d3dddi_nativefence_type)2;
	equal(dxg_ioctl(s.fd, LX_CREATENATIVEFENCE, &args), -EINVAL);
	args = create_args(&s, 0, 0);
	args.device = dxg_handle(s.context);
	equal(dxg_ioctl(s.fd, LX_CREATENATIVEFENCE, &args), -EINVAL);
	args.device.v = 0;
	equal(dxg_ioctl(s.fd, LX_CREATENATIVEFENCE, &args), -EINVAL);
	other.device = dxg_handle(s.device);
	other.info.type = _D3DDDI_NATIVE_FENCE;
	equal(dxg_ioctl(s.fd, LX_DXCREATESYNCHRONIZATIONOBJECT, &other),
	      -EINVAL);
	equal(dxg_ioctl(s.fd, LX_CREATENATIVEFENCE, NULL), -EFAULT);
	equal(host_count("CREATENATIVEFENCE"), 0);
	equal(host_count("CREATESYNCOBJECT"), 0);
}

static void wrong_opening(unsigned long n)
{
	struct d3dkmt_opennativefencefromnthandle args = { 0 }, good;
	struct native fence;
	struct sequence s;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, 0, &fence);
	good = args;
	good.nt_handle = (__u64)fd;
	good.device = dxg_handle(s.device);
	good.engine_affinity = 1;
	host("mark");
	args = good;
	args.nt_handle = 0;
	equal(dxg_ioctl(s.fd, LX_DXOPENNATIVEFENCEFROMNTHANDLE, &args),
	      -EINVAL);
	args.nt_handle = (1ull << 32) + (__u64)fd;
	equal(dxg_ioctl(s.fd, LX_DXOPENNATIVEFENCEFROMNTHANDLE, &args),
	      -EINVAL);
	args.nt_handle = (__u64)s.fd;
	equal(dxg_ioctl(s.fd, LX_DXOPENNATIVEFENCEFROMNTHANDLE, &args),
	      -EINVAL);
	args = good;
	args.engine_affinity = 0;
	equal(dxg_ioctl(s.fd, LX_DXOPENNATIVEFENCEFROMNTHANDLE, &args),
	      -EINVAL);
	args = good;
	args.device.v = 0;
	equal(dxg_ioctl(s.fd, LX_DXOPENNATIVEFENCEFROMNTHANDLE, &args),
	      -EINVAL);
	args = good;
	args.flags.value = DXG_SYNC_SHARED;
	equal(dxg_ioctl(s.fd, LX_DXOPENNATIVEFENCEFROMNTHANDLE, &args),
	      -EINVAL);
	equal(host_count("OPENNATIVEFENCEFROMNTHANDLE"), 0);
	equal(dxg_ioctl(s.fd, LX_DXOPENNATIVEFENCEFROMNTHANDLE, &good), 0);
}

/* P88; a fence between engines of one GPU is of no use to another one. */
static void other_adapter(unsigned long n)
{
	struct d3dkmt_createnativefence args;
	struct native fence, opened;
	__u32 adapter, device;
	struct sequence s;
	int fd, inner = -1;

	sequence_until(&s, ROW_DEVICE);
	equal(dxg_open_adapter(s.fd, &s.infos[1].adapter_luid, &adapter), 0);
	equal(dxg_create_device(s.fd, adapter, &device), 0);
	fd = make_shared(&s, n ? DXG_SYNC_CROSS_ADAPTER : 0, &fence);
	host("mark");
	equal(open_native(&s, device, fd, 0, &opened), n ? 0 : -EINVAL);
	args = create_args(&s, DXG_SYNC_SHAREABLE |
			   (n ? DXG_SYNC_CROSS_ADAPTER : 0), 0);
	args.info.type = D3DDDI_NATIVEFENCE_TYPE_INTRA_GPU;
	equal(dxg_ioctl(s.fd, LX_CREATENATIVEFENCE, &args), 0);
	equal(dxg_share(s.fd, args.sync_object.v, &inner), 0);
	equal(open_native(&s, device, inner, 0, &opened), -EINVAL);
	equal(host_count("OPENNATIVEFENCEFROMNTHANDLE"), n);
	equal(open_native(&s, s.device, inner, 0, &opened), 0);
	check(opened.handle && !opened.value);
}

/* PI-102: the value may lie anywhere in the page. */
static void offsets(unsigned long n)
{
	static const struct {
		const char *offset;
		unsigned int in_page;
		int result;
	} replies[] = {
		{ "08000000", 8, 0 }, { "f80f0000", 4088, 0 },
		{ "f90f0000", 0, -EINVAL }, { "00100000", 0, -EINVAL },
		{ "04000000", 0, -EINVAL }, { "f8ffffff", 0, -EINVAL },
	};
	struct native fence;
	struct sequence s;
	char *before;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	for (i = 0; i < ARRAY_SIZE(replies); i++) {
		host("settle");
		before = ledger();
		host("field CREATENATIVEFENCE 40 %s", replies[i].offset);
		equal(create(&s, 0, 7, &fence), replies[i].result);
		if (replies[i].result)
			check_ledger(before);
		else
			equal((unsigned long)fence.value % PAGE,
			      replies[i].in_page);
		free(before);
	}
}

/* A shared fence without a name cannot be shared; P80, PI-100. */
static void refused(unsigned long n)
{
	struct d3dkmt_createnativefence args;
	struct dxg_fence victim;
	struct native fence;
	struct sequence s;
	char *before;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_create_monitored_fence(s.fd, s.device, 0, 0, &victim), 0);
	host("settle");
	before = ledger();
	host("field CREATENATIVEFENCE 8 00000000");
	equal(create(&s, DXG_SYNC_SHAREABLE, 0, &fence), -EINVAL);
	check_ledger(before);
	args = create_args(&s, 0, 0);
	args.sync_object.v = victim.sync_object;
	host("refuse CREATENATIVEFENCE %#x", ACCESS_DENIED);
	equal(dxg_ioctl(s.fd, LX_CREATENATIVEFENCE, &args), -EACCES);
	check_ledger(before);
	free(before);
	equal(dxg_signal(s.fd, s.device, victim.sync_object, 1), 0);
	host("status CREATENATIVEFENCE 0x103");
	equal(create(&s, 0, 6, &fence), DXG_STATUS_PENDING);
	equal(dxg_fence_value(fence.value), 6);
}

/* Results that cannot be delivered leave nothing. */
static void without_result(unsigned long n)
{
	struct d3dkmt_createnativefence *args;
	struct sequence s;
	char *before;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	args = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(args != MAP_FAILED);
	*args = create_args(&s, DXG_SYNC_SHAREABLE, 0);
	equal(mprotect(args, PAGE, PROT_READ), 0);
	host("settle");
	before = ledger();
	equal(dxg_ioctl(s.fd, LX_CREATENATIVEFENCE, args), -EFAULT);
	check_ledger(before);
	free(before);
}

/* The interface version decides before anything else. */
static void old_host(unsigned long version)
{
	struct native fence;
	struct sequence s;
	int fd;

	sequence_until(&s, ROW_DEVICE);
	if (version < 45) {
		equal(create(&s, 0, 0, &fence), -EOPNOTSUPP);
		equal(dxg_ioctl(s.fd, LX_CREATENATIVEFENCE, NULL),
		      -EOPNOTSUPP);
	} else {
		fd = make_shared(&s, 0, &fence);
		equal(open_native(&s, s.device, fd, 0, &fence), -EOPNOTSUPP);
	}
	equal(open_native(&s, s.device, -1, 0, &fence), -EOPNOTSUPP);
	equal(dxg_ioctl(s.fd, LX_DXOPENNATIVEFENCEFROMNTHANDLE, NULL),
	      -EOPNOTSUPP);
}

/* P10: the page goes with the adapter. */
static void adapter_lost(unsigned long n)
{
	struct native fence, opened;
	struct sequence s;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, 0, &fence);
	host("rescind 0");
	host("settle");
	equal(access_signal(fence.value, false), SIGBUS);
	equal(open_native(&s, s.device, fd, 0, &opened), -ENODEV);
	equal(create(&s, 0, 0, &opened), -ENODEV);
	host("offer 0");
	host("settle");
	equal(close(fd), 0);
}

static const struct test tests[] = {
	{ "created with all results", created, D3DDDI_NATIVEFENCE_TYPE_DEFAULT,
	  NULL, false },
	{ "created for engines only", created,
	  D3DDDI_NATIVEFENCE_TYPE_INTRA_GPU, NULL, false },
	{ "signalled and waited for (PI-46)", used, 0, NULL, false },
	{ "always on the global channel", used, 0, "--async", false },
	{ "opened by descriptor, by its own ioctl", shared, 0, NULL, false },
	{ "outlives its creator", creator_gone, 0, NULL, false },
	{ "what is no native fence is not created", wrong_creation, 0, NULL,
	  false },
	{ "what is no native fence is not opened", wrong_opening, 0, NULL,
	  false },
	{ "another adapter may not open it (P88)", other_adapter, 0,
	  "--adapters 2", false },
	{ "another adapter may if it was created so (P88)", other_adapter, 1,
	  "--adapters 2", false },
	{ "the value lies in the page (PI-102)", offsets, 0, NULL, false },
	{ "refused: nothing left (P79, P80)", refused, 0, NULL, false },
	{ "no room for the result: nothing left (P79)", without_result, 0,
	  NULL, false },
	{ "not with interface version 40", old_host, 40,
	  "--interface-version 40", false },
	{ "not with interface version 27", old_host, 27,
	  "--interface-version 27", false },
	{ "interface version 45 creates, but does not open", old_host, 45,
	  "--interface-version 45", false },
	{ "gone with its adapter (P10)", adapter_lost, 0, NULL, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
