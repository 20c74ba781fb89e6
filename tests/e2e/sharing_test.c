// SPDX-License-Identifier: GPL-2.0
/*
 * Resources shared by file descriptor: with another device, another process,
 * after the creator is gone, and when the host refuses at first.
 */
#include "sequence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gpu_commands.h"
#include "harness.h"

/* Opens the resource behind @fd on the sequence's device; its allocation. */
static __u32 open_shared(struct sequence *s, int fd, __u32 *resource)
{
	struct d3dddi_openallocationinfo2 opened = { 0 };
	struct dxg_shared_info info = { 0 };
	struct mock_alloc_data data;

	equal(dxg_query_shared_resource(s->fd, s->device, fd, &info), 0);
	equal(info.allocation_count, 1);
	equal(info.total_data_size, sizeof(data));
	equal(dxg_open_shared_resource(s->fd, s->device, fd, &info, &opened,
				       &data, resource), 0);
	check(*resource && opened.allocation.v);
	equal(data.size, LOCAL_SIZE);
	equal(opened.priv_drv_data_size, sizeof(data));
	return opened.allocation.v;
}

static int make_shared(struct sequence *s, struct dxg_allocation *out)
{
	int fd;

	equal(dxg_create_local(s->fd, s->device, LOCAL_SIZE,
			       DXG_ALLOC_SHAREABLE, out), 0);
	equal(dxg_share(s->fd, out->resource, &fd), 0);
	return fd;
}

static int pair[2];

/* Writes through a view, hands the descriptor over, and is gone. */
static void creator(unsigned long n)
{
	struct dxg_allocation shared;
	struct sequence s;
	void *view;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	send_fd(pair[0], make_shared(&s, &shared));
	equal(dxg_lock(s.fd, s.device, shared.handle, &view), 0);
	memset(view, 0x77, LOCAL_SIZE);
	equal(dxg_unlock(s.fd, s.device, shared.handle), 0);
}

/* R9: usable when the creator is gone without a word. */
static void creator_gone(unsigned long n)
{
	unsigned char *view;
	struct sequence s;
	__u32 resource;
	void *data;
	int fd;

	(void)n;
	equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	reap_ok(spawn(creator, 0));
	fd = receive_fd(pair[1]);
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_lock(s.fd, s.device, open_shared(&s, fd, &resource), &data),
	      0);
	view = data;
	equal(view[0], 0x77);
	equal(view[LOCAL_SIZE - 1], 0x77);
	equal(close(fd), 0);
	equal(view[PAGE], 0x77);
	equal(dxg_destroy_resource(s.fd, s.device, resource), 0);
}

static int inherited_fd;

static void open_in_child(unsigned long n)
{
	struct sequence s;
	__u32 resource;
	void *view;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_lock(s.fd, s.device,
		       open_shared(&s, inherited_fd, &resource), &view), 0);
	equal(*(unsigned char *)view, 0x33);
	*(unsigned char *)view = 0x44;
}

/* Both see what the other one writes. */
static void two_processes(unsigned long n)
{
	struct dxg_allocation shared;
	struct sequence s;
	void *view;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	inherited_fd = make_shared(&s, &shared);
	equal(dxg_lock(s.fd, s.device, shared.handle, &view), 0);
	*(unsigned char *)view = 0x33;
	reap_ok(spawn(open_in_child, 0));
	equal(*(unsigned char *)view, 0x44);
	equal(close(inherited_fd), 0);
}

/* What travels with a resource to those who open it --------------------------- */

#define MEMBERS		2u
#define GUARD		0xee

/**
 * struct luggage - private data of a resource
 * @runtime: of the runtime
 * @resource: of the driver, about the resource
 * @members: of the driver, about each allocation
 */
struct luggage {
	unsigned char runtime[41];
	unsigned char resource[23];
	struct mock_alloc_data members[MEMBERS];
};

static void pack(struct luggage *luggage)
{
	size_t i;

	memset(luggage, 0, sizeof(*luggage));
	for (i = 0; i < sizeof(luggage->runtime); i++)
		luggage->runtime[i] = 0x10 + i;
	for (i = 0; i < sizeof(luggage->resource); i++)
		luggage->resource[i] = 0x80 + i;
	for (i = 0; i < MEMBERS; i++)
		luggage->members[i] = (struct mock_alloc_data){
			.magic = MOCK_ALLOC_MAGIC,
			.segment = MOCK_SEGMENT_LOCAL,
			.size = (i + 1) * PAGE,
		};
}

/* Creates a resource with all of @luggage; the host edits it. */
static __u32 create_with(struct sequence *s, struct luggage *luggage)
{
	struct d3dddi_allocationinfo2 infos[MEMBERS] = { 0 };
	struct d3dkmt_createallocation args = {
		.device = dxg_handle(s->device),
		.private_runtime_data = dxg_ptr(luggage->runtime),
		.private_runtime_data_size = sizeof(luggage->runtime),
		.priv_drv_data = dxg_ptr(luggage->resource),
		.priv_drv_data_size = sizeof(luggage->resource),
		.alloc_count = MEMBERS,
		.allocation_info = dxg_ptr(infos),
		.flags.value = DXG_ALLOC_SHAREABLE,
	};
	size_t i;

	for (i = 0; i < MEMBERS; i++) {
		infos[i].priv_drv_data = dxg_ptr(&luggage->members[i]);
		infos[i].priv_drv_data_size = sizeof(luggage->members[i]);
	}
	equal(dxg_ioctl(s->fd, LX_DXCREATEALLOCATION, &args), 0);
	check(luggage->members[0].flags & MOCK_ALLOC_EDITED);
	return args.resource.v;
}

/* Buffers of an opener, larger than needed. */
static struct arrived {
	unsigned char runtime[64];
	unsigned char resource[64];
	unsigned char total[MEMBERS * sizeof(struct mock_alloc_data) + 8];
	struct d3dddi_openallocationinfo2 members[MEMBERS];
} arrived;

static int open_all(struct sequence *s, int fd,
		    const struct dxg_shared_info *room, __u32 *resource)
{
	struct d3dkmt_openresourcefromnthandle args = {
		.device = dxg_handle(s->device),
		.nt_handle = (__u32)fd,
		.allocation_count = room->allocation_count,
		.open_alloc_info = dxg_ptr(arrived.members),
		.private_runtime_data_size = (int)room->runtime_data_size,
		.private_runtime_data = dxg_ptr(arrived.runtime),
		.resource_priv_drv_data_size = room->resource_data_size,
		.resource_priv_drv_data = dxg_ptr(arrived.resource),
		.total_priv_drv_data_size = room->total_data_size,
		.total_priv_drv_data = dxg_ptr(arrived.total),
	};
	int ret;

	memset(&arrived, GUARD, sizeof(arrived));
	ret = dxg_ioctl(s->fd, LX_DXOPENRESOURCEFROMNTHANDLE, &args);
	*resource = args.resource.v;
	return ret;
}

/* Exactly these bytes, and nothing behind them. */
static void check_bytes(const unsigned char *buffer, const void *bytes,
			size_t size)
{
	equal(memcmp(buffer, bytes, size), 0);
	equal(buffer[size], GUARD);
}

static void open_luggage(unsigned long n)
{
	struct dxg_shared_info info, room;
	struct luggage expected;
	struct sequence s;
	char *before;
	__u32 resource;
	size_t i;

	(void)n;
	pack(&expected);
	sequence_until(&s, ROW_DEVICE);
	before = ledger();
	equal(dxg_query_shared_resource(s.fd, s.device, inherited_fd, &info),
	      0);
	equal(info.allocation_count, MEMBERS);
	equal(info.runtime_data_size, sizeof(expected.runtime));
	equal(info.resource_data_size, sizeof(expected.resource));
	equal(info.total_data_size, sizeof(expected.members));

	/* a byte too few of one kind */
	room = info;
	room.runtime_data_size--;
	equal(open_all(&s, inherited_fd, &room, &resource), -EINVAL);
	room = info;
	room.resource_data_size--;
	equal(open_all(&s, inherited_fd, &room, &resource), -EINVAL);
	room = info;
	room.total_data_size--;
	equal(open_all(&s, inherited_fd, &room, &resource), -EINVAL);
	check_ledger(before);

	room.runtime_data_size = sizeof(arrived.runtime);
	room.resource_data_size = sizeof(arrived.resource);
	room.total_data_size = sizeof(arrived.total);
	equal(open_all(&s, inherited_fd, &room, &resource), 0);
	check_bytes(arrived.runtime, expected.runtime, info.runtime_data_size);
	check_bytes(arrived.resource, expected.resource,
		    info.resource_data_size);
	check_bytes(arrived.total, expected.members, info.total_data_size);
	for (i = 0; i < MEMBERS; i++) {
		check(arrived.members[i].allocation.v);
		equal(arrived.members[i].priv_drv_data_size,
		      sizeof(expected.members[0]));
		equal(arrived.members[i].priv_drv_data,
		      dxg_ptr(arrived.total + i * sizeof(expected.members[0])));
	}
	equal(dxg_destroy_resource(s.fd, s.device, resource), 0);
	check_ledger(before);
	free(before);
}

/* Sizes and bytes as the creator gave them, not as the host edited them. */
static void private_data(unsigned long n)
{
	struct luggage luggage;
	struct sequence s;
	__u32 resource;

	(void)n;
	pack(&luggage);
	sequence_until(&s, ROW_DEVICE);
	resource = create_with(&s, &luggage);
	/* what is shared was copied when it was made */
	memset(&luggage, 0, sizeof(luggage));
	equal(dxg_share(s.fd, resource, &inherited_fd), 0);
	reap_ok(spawn(open_luggage, 0));
	equal(close(inherited_fd), 0);
}

/* What the host's driver says about a standard allocation of that size. */
static void open_standard(unsigned long n)
{
	struct dxg_shared_info info;
	struct mock_alloc_data data;
	__u32 resource, allocation;
	struct sequence s;
	void *view;

	sequence_until(&s, ROW_DEVICE);
	equal(dxg_query_shared_resource(s.fd, s.device, inherited_fd, &info),
	      0);
	equal(info.allocation_count, 1);
	equal(info.runtime_data_size, 0);
	check(info.resource_data_size);
	equal(info.total_data_size, sizeof(data));
	equal(open_all(&s, inherited_fd, &info, &resource), 0);
	check(arrived.resource[0] != GUARD);
	equal(arrived.resource[info.resource_data_size], GUARD);
	memcpy(&data, arrived.total, sizeof(data));
	equal(data.magic, MOCK_ALLOC_MAGIC);
	equal(data.size, LOCAL_SIZE);
	allocation = arrived.members[0].allocation.v;
	if (n == _D3DKMT_STANDARDALLOCATIONTYPE_CROSSADAPTER) {
		equal(dxg_lock(s.fd, s.device, allocation, &view), 0);
		equal(*(unsigned char *)view, 0x33);
		*(unsigned char *)view = 0x44;
	}
	equal(dxg_destroy_resource(s.fd, s.device, resource), 0);
}

static void standard(unsigned long type)
{
	bool heap = type == _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP;
	struct d3dkmt_createstandardallocation description = {
		.type = type,
		.existing_heap_data.size = LOCAL_SIZE,
	};
	struct d3dddi_allocationinfo2 info = { 0 };
	struct d3dkmt_createallocation args = {
		.standard_allocation = dxg_ptr(&description),
		.alloc_count = 1,
		.allocation_info = dxg_ptr(&info),
		.flags.value = DXG_ALLOC_SHAREABLE | DXG_ALLOC_STANDARD,
	};
	struct sequence s;
	char *before;
	void *memory;

	sequence_until(&s, ROW_DEVICE);
	before = ledger();
	args.device = dxg_handle(s.device);
	memory = mmap(NULL, LOCAL_SIZE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(memory != MAP_FAILED);
	if (heap) {
		args.flags.value |= DXG_ALLOC_EXISTING_SYSMEM;
		info.sysmem = dxg_ptr(memory);
	}
	equal(dxg_ioctl(s.fd, LX_DXCREATEALLOCATION, &args), 0);
	equal(dxg_share(s.fd, args.resource.v, &inherited_fd), 0);
	if (!heap) {
		equal(dxg_lock(s.fd, s.device, info.allocation.v, &memory), 0);
		*(unsigned char *)memory = 0x33;
	}
	reap_ok(spawn(open_standard, type));
	if (!heap) {
		equal(*(unsigned char *)memory, 0x44);
		equal(dxg_unlock(s.fd, s.device, info.allocation.v), 0);
	}
	equal(dxg_destroy_resource(s.fd, s.device, args.resource.v), 0);
	equal(close(inherited_fd), 0);
	check_ledger(before);
	free(before);
}

/* Sealing and descriptors -------------------------------------------------------- */

/* P86: what was shared is sealed. */
static void sealed(unsigned long n)
{
	struct d3dddi_allocationinfo2 info = { 0 };
	struct d3dkmt_createallocation args = {
		.alloc_count = 1,
		.allocation_info = dxg_ptr(&info),
	};
	struct mock_alloc_data data = {
		.magic = MOCK_ALLOC_MAGIC,
		.segment = MOCK_SEGMENT_LOCAL,
		.size = PAGE,
	};
	struct dxg_allocation shared;
	struct dxg_shared_info sizes;
	struct sequence s;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_create_local(s.fd, s.device, LOCAL_SIZE, DXG_ALLOC_SHAREABLE,
			       &shared), 0);
	info.priv_drv_data = dxg_ptr(&data);
	info.priv_drv_data_size = sizeof(data);
	args.device = dxg_handle(s.device);
	args.resource = dxg_handle(shared.resource);
	args.flags.value = 0;
	equal(dxg_ioctl(s.fd, LX_DXCREATEALLOCATION, &args), 0);
	equal(dxg_share(s.fd, shared.resource, &fd), 0);
	equal(dxg_query_shared_resource(s.fd, s.device, fd, &sizes), 0);
	equal(sizes.allocation_count, 2);
	equal(sizes.total_data_size, 2 * sizeof(data));
	args.resource = dxg_handle(shared.resource);
	equal(dxg_ioctl(s.fd, LX_DXCREATEALLOCATION, &args), -EINVAL);
}

/* A worker tells the host that the last descriptor went. */
static bool shared_handles_are(unsigned long n)
{
	return host_number("shared_handles", "alive") == n;
}

/* P87: a failed share leaves the object as it was. */
static void refused_then_shared(unsigned long n)
{
	struct dxg_allocation shared;
	struct sequence s;
	__u32 resource;
	int fd = -1;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_create_local(s.fd, s.device, LOCAL_SIZE, DXG_ALLOC_SHAREABLE,
			       &shared), 0);
	host("refuse CREATENTSHAREDOBJECT 0xc0000022");
	equal(dxg_share(s.fd, shared.resource, &fd), -ENOTRECOVERABLE);
	equal(fd, -1);
	equal(dxg_share(s.fd, shared.resource, &fd), 0);
	equal(dxg_destroy_resource(s.fd, s.device, shared.resource), 0);
	open_shared(&s, fd, &resource);
	equal(close(fd), 0);
	wait_for(shared_handles_are, 0, "the NT handle goes");
}

/* One host handle for all descriptors; it goes with the last. */
static void many_descriptors(unsigned long n)
{
	struct dxg_allocation shared;
	struct sequence s;
	int first, second, third;
	__u32 resource;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	first = make_shared(&s, &shared);
	equal(dxg_share(s.fd, shared.resource, &second), 0);
	third = dup(second);
	check(first != second && third >= 0);
	equal(host_number("shared_handles", "alive"), 1);
	equal(close(first), 0);
	equal(close(second), 0);
	open_shared(&s, third, &resource);
	equal(host_number("shared_handles", "alive"), 1);
}

/* P8, P4: not a shared object, not shareable, not ours. */
static void wrong_descriptors(unsigned long n)
{
	struct dxg_allocation private, shared;
	struct dxg_shared_info info;
	struct sequence s;
	int fds[2], fd;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	equal(pipe(fds), 0);
	equal(dxg_query_shared_resource(s.fd, s.device, fds[0], &info),
	      -EINVAL);
	equal(dxg_query_shared_resource(s.fd, s.device, s.fd, &info), -EINVAL);
	equal(dxg_query_shared_resource(s.fd, s.device, eventfd(0, 0), &info),
	      -EINVAL);
	equal(dxg_query_shared_resource(s.fd, s.device, 9999, &info), -EINVAL);
	equal(dxg_create_local(s.fd, s.device, PAGE, DXG_ALLOC_CREATE_RESOURCE,
			       &private), 0);
	equal(dxg_share(s.fd, private.resource, &fd), -EINVAL);
	equal(dxg_share(s.fd, private.handle, &fd), -EINVAL);
	fd = make_shared(&s, &shared);
	equal(dxg_query_shared_resource(s.fd, 0, fd, &info), -EINVAL);
	equal(dxg_query_shared_resource(s.fd, s.adapter, fd, &info), -EINVAL);
}

/* The descriptor outlives the device, the adapter and the process object. */
static void closed_last(unsigned long n)
{
	struct dxg_allocation shared;
	struct sequence s;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, &shared);
	equal(dxg_destroy_device(s.fd, s.device), 0);
	equal(dxg_close_adapter(s.fd, s.adapter), 0);
	equal(dxg_close(s.fd), 0);
	host("settle");
	equal(host_number("shared_handles", "alive"), 1);
	equal(close(fd), 0);
}

/* P44, P45: nor does the loss of the adapter make it dangerous. */
static void adapter_lost(unsigned long n)
{
	struct d3dddi_openallocationinfo2 opened = { 0 };
	struct dxg_shared_info info;
	struct dxg_allocation shared;
	struct mock_alloc_data data;
	struct sequence s;
	__u32 resource;
	int fd;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	fd = make_shared(&s, &shared);
	host("rescind 0");
	host("settle");
	equal(dxg_query_shared_resource(s.fd, s.device, fd, &info), -ENODEV);
	host("offer 0");
	host("settle");
	equal(dxg_close(s.fd), 0);
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_query_shared_resource(s.fd, s.device, fd, &info), 0);
	host("mark");
	equal(dxg_open_shared_resource(s.fd, s.device, fd, &info, &opened,
				       &data, &resource), -ENODEV);
	equal(host_count("OPENRESOURCE"), 0);
	equal(dxg_close(s.fd), 0);
	equal(close(fd), 0);
	reap_ok(spawn(sequence_all, 0));
}

/* P79: no descriptor, no host handle. */
static void no_descriptors_left(unsigned long n)
{
	struct dxg_allocation shared;
	struct sequence s;
	int fd, none = 0, last = -1;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_create_local(s.fd, s.device, LOCAL_SIZE, DXG_ALLOC_SHAREABLE,
			       &shared), 0);
	host("ping");
	while ((fd = dup(s.fd)) >= 0)
		last = fd;
	check(last >= 0);
	check(dxg_share(s.fd, shared.resource, &none) < 0);
	equal(none, 0);
	close(last);
	equal(dxg_share(s.fd, shared.resource, &none), 0);
}

static const struct test tests[] = {
	{ "a resource outlives its creator", creator_gone, 0, NULL, false },
	{ "two processes write to one resource", two_processes, 0, NULL,
	  false },
	{ "private data arrives with a shared resource", private_data, 0, NULL,
	  false },
	{ "a standard allocation over memory of the process is shared",
	  standard, _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP, NULL, false },
	{ "a standard allocation for several adapters is shared", standard,
	  _D3DKMT_STANDARDALLOCATIONTYPE_CROSSADAPTER, NULL, false },
	{ "a shared resource is sealed", sealed, 0, NULL, false },
	{ "a refused share can be repeated", refused_then_shared, 0, NULL,
	  false },
	{ "many descriptors are one handle of the host", many_descriptors, 0,
	  NULL, false },
	{ "what is no shared resource is refused", wrong_descriptors, 0, NULL,
	  false },
	{ "the descriptor may be closed last", closed_last, 0, NULL, false },
	{ "the descriptor outlives the adapter", adapter_lost, 0, NULL,
	  false },
	{ "without a free descriptor nothing is shared", no_descriptors_left,
	  0, NULL, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
