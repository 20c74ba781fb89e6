// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that are refused: counts and sizes at their limits, pointers that lead
 * nowhere, numbers nobody implements, callers that are not the owner. Each has
 * its documented errno, and none leaves anything behind or sends the host
 * anything. Handles are the business of handle_test.c.
 */
#include "ioctl_description.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gpu_commands.h"
#include "harness.h"

/* Numbers ------------------------------------------------------------------- */

/* P17: the whole command word counts. */
static void unknown_numbers(unsigned long n)
{
	static const unsigned int reserved[] = {
		0x03, 0x17, 0x1a, 0x23, 0x28, 0x29, 0x2b, 0x2d,
	};
	unsigned char args[1024] = { 0 };
	unsigned int nr, size;
	int fd = dxg_open(NULL);
	size_t i;

	(void)n;
	for (i = 0; i < ARRAY_SIZE(reserved); i++) {
		for (size = 0; size <= 512; size += 4)
			equal(dxg_ioctl(fd, _IOC(_IOC_READ | _IOC_WRITE, 'G',
						 reserved[i], size), args),
			      -ENOTTY);
	}
	for (nr = 0x4c; nr < 0x100; nr++)
		equal(dxg_ioctl(fd, _IOC(_IOC_READ | _IOC_WRITE, 'G', nr, 8),
				args), -ENOTTY);
	for (nr = 0; nr < 0x100; nr++) {
		equal(dxg_ioctl(fd, _IOC(_IOC_READ | _IOC_WRITE, 'H', nr, 4),
				args), -ENOTTY);
		equal(dxg_ioctl(fd, _IOC(_IOC_READ, 'G', nr, 4), args),
		      -ENOTTY);
		equal(dxg_ioctl(fd, _IOC(_IOC_READ | _IOC_WRITE, 'G', nr, 5),
				args), -ENOTTY);
	}
}

/* All that exist, with nothing at the pointer: no crash, no success. */
static void pointer_to_nothing(unsigned long n)
{
	const struct ioctl_description *d;
	int fd = dxg_open(NULL);

	(void)n;
	for_each_ioctl(d) {
		equal(dxg_ioctl(fd, d->request, NULL), -EFAULT);
		equal(dxg_ioctl(fd, d->request, (void *)-4096L), -EFAULT);
		equal(dxg_ioctl(fd, d->request ^ 1u << 16, NULL), -ENOTTY);
	}
}

/* Enumeration ---------------------------------------------------------------- */

/* P81; hosts of this test have a render and a compute-only adapter. */
static void enumeration(unsigned long n)
{
	struct d3dkmt_adapterinfo infos[3];
	int fd = dxg_open(NULL);
	__u32 count = 0;

	(void)n;
	equal(dxg_enum_adapters2(fd, NULL, &count), 0);
	equal(count, 2);
	count = 2;
	equal(dxg_enum_adapters2(fd, infos, &count), 0);
	equal(count, 1);
	equal(dxg_close_adapter(fd, infos[0].adapter_handle.v), 0);
	count = 1;
	equal(dxg_enum_adapters2(fd, infos, &count), -EOVERFLOW);
	count = 65;
	equal(dxg_enum_adapters2(fd, infos, &count), -EINVAL);

	count = 0;
	equal(dxg_enum_adapters3(fd, false, NULL, &count), 0);
	equal(count, 1);
	equal(dxg_enum_adapters3(fd, true, NULL, &count), 0);
	equal(count, 2);
	count = 0;
	equal(dxg_enum_adapters3(fd, true, infos, &count), 0);
	equal(count, 2);
	memset(infos, 0xee, sizeof(infos));
	count = 1;
	equal(dxg_enum_adapters3(fd, true, infos, &count), -EOVERFLOW);
	equal(count, 2);
	equal(infos[1].adapter_handle.v, 0xeeeeeeee);
	count = 3;
	equal(dxg_enum_adapters3(fd, true, infos, &count), 0);
	equal(count, 2);
	equal(infos[2].adapter_handle.v, 0xeeeeeeee);
	count = 0x10000;
	equal(dxg_enum_adapters3(fd, true, infos, &count), -EINVAL);
}

/* P79: copying out fails half-way: what was opened is closed. */
static void enumeration_fault(unsigned long n)
{
	unsigned char *edge = edge_page();
	struct d3dkmt_adapterinfo infos[2];
	int fd = dxg_open(NULL);
	__u32 count, first, i;

	(void)n;
	count = 2;
	equal(dxg_enum_adapters3(fd, true, infos, &count), 0);
	first = infos[0].adapter_handle.v;
	equal(dxg_close_adapter(fd, first), 0);
	count = 2;
	equal(dxg_enum_adapters3(fd, true, (void *)(edge + PAGE -
						    sizeof(infos[0])),
				 &count), -EFAULT);
	/* handles of adapters are numbered, so none may have been kept */
	memcpy(&infos[0], edge + PAGE - sizeof(infos[0]), sizeof(infos[0]));
	for (i = 0; i < 2; i++)
		check(dxg_close_adapter(fd, infos[0].adapter_handle.v) ==
		      -EINVAL);
}

static void unknown_luid(unsigned long n)
{
	const struct winluid luid = { .a = 0xdead, .b = 0xbeef };
	int fd = dxg_open(NULL);
	__u32 adapter;

	(void)n;
	equal(dxg_open_adapter(fd, &luid, &adapter), -EINVAL);
}

/* Creation -------------------------------------------------------------------- */

/**
 * struct creation - a CreateAllocation2 that is refused
 * @name: what is wrong with it
 * @flags: of the call
 * @count: allocations
 * @size: of each, in the private data
 * @private_size: bytes of private data of each
 * @sysmem: offset of the user memory + 1, 0: none
 * @mixed: the second one has none
 * @standard: standard allocation type, 0: none
 * @heap_size: size of the standard allocation
 */
static const struct creation {
	const char *name;
	__u32 flags;
	__u32 count;
	__u64 size;
	__u32 private_size;
	__u32 sysmem;
	bool mixed;
	__u32 standard;
	__u64 heap_size;
} creations[] = {
	{ "no allocation", .count = 0 },
	{ "more than 1024 allocations", .count = 1025 },
	{ "0x40000000 allocations", .count = 0x40000000 },
	{ "0xffffffff allocations", .count = 0xffffffff },
	{ "too much private data", .count = 1, .private_size = 131072 },
	{ "existing section", .flags = 1 << 17, .count = 1 },
	{ "protected", .flags = 1 << 3, .count = 1 },
	{ "shared without resource", .flags = 2 | 0x40, .count = 1 },
	{ "shared without NT security", .flags = 3, .count = 1 },
	{ "unaligned memory", .count = 1, .sysmem = 2 },
	{ "memory for the first only", .count = 2, .sysmem = 1,
	  .mixed = true },
	{ "standard: with private data", .flags = 0x10020, .count = 1,
	  .sysmem = 1, .standard = 1, .heap_size = PAGE, .private_size = 24 },
	{ "standard: two", .flags = 0x10020, .count = 2, .sysmem = 1,
	  .standard = 1, .heap_size = PAGE },
	{ "standard: size 0", .flags = 0x10020, .count = 1, .sysmem = 1,
	  .standard = 1 },
	{ "standard: half a page", .flags = 0x10020, .count = 1, .sysmem = 1,
	  .standard = 1, .heap_size = PAGE / 2 },
	{ "standard: no memory", .flags = 0x10020, .count = 1, .standard = 1,
	  .heap_size = PAGE },
	{ "standard: unaligned memory", .flags = 0x10020, .count = 1,
	  .sysmem = 2, .standard = 1, .heap_size = PAGE },
	{ "standard: existing memory not said", .flags = 0x10000, .count = 1,
	  .sysmem = 1, .standard = 1, .heap_size = PAGE },
	{ "standard: cross-adapter with memory", .flags = 0x10020, .count = 1,
	  .sysmem = 1, .standard = 2, .heap_size = PAGE },
	{ "standard: shared, of 4 GiB", .flags = 0x10063, .count = 1,
	  .sysmem = 1, .standard = 1, .heap_size = 1ull << 32 },
	{ "standard: unknown type", .flags = 0x10020, .count = 1, .sysmem = 1,
	  .standard = 3, .heap_size = PAGE },
};

static int create(struct sequence *s, const struct creation *c,
		  unsigned char *memory)
{
	struct d3dkmt_createstandardallocation standard = {
		.type = c->standard,
		.existing_heap_data.size = c->heap_size,
	};
	struct mock_alloc_data data = {
		.magic = MOCK_ALLOC_MAGIC,
		.segment = MOCK_SEGMENT_LOCAL,
		.size = PAGE,
	};
	struct d3dddi_allocationinfo2 infos[2] = { 0 };
	struct d3dkmt_createallocation args = {
		.device = dxg_handle(s->device),
		.alloc_count = c->count,
		.allocation_info = dxg_ptr(infos),
		.flags.value = c->flags,
		.standard_allocation = c->standard ? dxg_ptr(&standard) : 0,
	};
	int i;

	for (i = 0; i < 2; i++) {
		infos[i].priv_drv_data = dxg_ptr(&data);
		infos[i].priv_drv_data_size = c->private_size ?
			c->private_size : c->standard ? 0 : sizeof(data);
		if (c->sysmem && !(c->mixed && i))
			infos[i].sysmem = dxg_ptr(memory + c->sysmem - 1);
	}
	return dxg_ioctl(s->fd, LX_DXCREATEALLOCATION, &args);
}

/* P1: refused before anything is allocated, pinned or sent. */
static void bad_creations(unsigned long n)
{
	unsigned char *memory = mmap(NULL, 256 * KIB, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct sequence s;
	size_t i;
	int ret;

	(void)n;
	sequence_until(&s, ROW_PAGING);
	host("mark");
	for (i = 0; i < ARRAY_SIZE(creations); i++) {
		ret = create(&s, &creations[i], memory);
		if (ret != -EINVAL)
			fail("%s: %d", creations[i].name, ret);
	}
	equal(host_count("CREATEALLOCATION"), 0);
}

/* Counts ------------------------------------------------------------------------ */

static const __u32 bad_counts[] = {
	0, 0x1fffffff, 0x3fffffee, 0x3fffffff, 0x40000000, 0x7fffffff,
	0x80000000, 0xffffffff,
};

/* P1, with a page of real data behind each pointer */
static void bad_list_counts(unsigned long n)
{
	static __u64 list[PAGE / 8], values[PAGE / 8];
	struct sequence s;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	host("mark");
	for (i = 0; i < ARRAY_SIZE(bad_counts); i++) {
		__u32 count = bad_counts[i];
		__u64 value;
		struct d3dkmt_waitforsynchronizationobjectfromcpu wait = {
			.device = dxg_handle(s.device),
			.object_count = count,
			.objects = dxg_ptr(list),
			.fence_values = dxg_ptr(values),
		};
		struct d3dkmt_signalsynchronizationobjectfromcpu set = {
			.device = dxg_handle(s.device),
			.object_count = count,
			.objects = dxg_ptr(list),
			.fence_values = dxg_ptr(values),
		};
		struct d3dkmt_shareobjects share_args = {
			.object_count = count,
			.objects = dxg_ptr(list),
			.shared_handle = dxg_ptr(values),
		};

		equal(dxg_make_resident(s.fd, s.paging.queue, (__u32 *)list,
					count, 0, &value, &value), -EINVAL);
		equal(dxg_evict(s.fd, s.device, (__u32 *)list, count, &value),
		      -EINVAL);
		if (count)
			equal(dxg_destroy_allocations(s.fd, s.device,
						      (__u32 *)list, count),
			      -EINVAL);
		equal(dxg_ioctl(s.fd, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
				&wait), -EINVAL);
		equal(dxg_ioctl(s.fd, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU,
				&set), -EINVAL);
		equal(dxg_ioctl(s.fd, LX_DXSHAREOBJECTS, &share_args), -EINVAL);
		equal(dxg_query_adapter_info(s.fd, s.adapter, 13, list,
					     count == 0 ? 0 : count), -EINVAL);
	}
	equal(host_count("MAKERESIDENT"), 0);
	equal(host_count("EVICT"), 0);
	equal(host_count("DESTROYALLOCATION"), 0);
	equal(host_count("WAITFORSYNCOBJECTFROMCPU"), 0);
	equal(host_count("SIGNALSYNCOBJECT"), 0);
}

/* Copying out -------------------------------------------------------------------- */

/**
 * struct create_call - a create whose result cannot be stored
 * @name: of the call
 * @request: ioctl
 * @size: bytes of its argument
 * @fill: sets the argument up
 * @kind: what "alive" calls the object
 */
struct create_call {
	const char *name;
	unsigned long request;
	size_t size;
	void (*fill)(const struct sequence *s, void *args);
	const char *kind;
};

static void fill_device(const struct sequence *s, void *args)
{
	((struct d3dkmt_createdevice *)args)->adapter = dxg_handle(s->adapter);
}

static void fill_paging_queue(const struct sequence *s, void *args)
{
	((struct d3dkmt_createpagingqueue *)args)->device =
		dxg_handle(s->device);
}

static void fill_context(const struct sequence *s, void *args)
{
	struct d3dkmt_createcontextvirtual *create_args = args;

	create_args->device = dxg_handle(s->device);
	create_args->engine_affinity = 1;
}

static void fill_hw_queue(const struct sequence *s, void *args)
{
	((struct d3dkmt_createhwqueue *)args)->context =
		dxg_handle(s->context);
}

static void fill_fence(const struct sequence *s, void *args)
{
	struct d3dkmt_createsynchronizationobject2 *create_args = args;

	create_args->device = dxg_handle(s->device);
	create_args->info.type = _D3DDDI_MONITORED_FENCE;
	create_args->info.monitored_fence.engine_affinity = 1;
}

static const struct create_call create_calls[] = {
	{ "CreateDevice", LX_DXCREATEDEVICE,
	  sizeof(struct d3dkmt_createdevice), fill_device, "devices" },
	{ "CreatePagingQueue", LX_DXCREATEPAGINGQUEUE,
	  sizeof(struct d3dkmt_createpagingqueue), fill_paging_queue,
	  "paging_queues" },
	{ "CreateContextVirtual", LX_DXCREATECONTEXTVIRTUAL,
	  sizeof(struct d3dkmt_createcontextvirtual), fill_context,
	  "contexts" },
	{ "CreateHwQueue", LX_DXCREATEHWQUEUE,
	  sizeof(struct d3dkmt_createhwqueue), fill_hw_queue, "hw_queues" },
	{ "CreateSynchronizationObject2", LX_DXCREATESYNCHRONIZATIONOBJECT,
	  sizeof(struct d3dkmt_createsynchronizationobject2), fill_fence,
	  "sync_objects" },
};

static struct { const char *kind; unsigned long long number; } awaited;

static bool as_many_alive(unsigned long n)
{
	(void)n;
	return host_number(awaited.kind, "alive") == awaited.number;
}

/* P79, P71: the object is undone, locally and on the host. */
static void result_not_storable(unsigned long n)
{
	unsigned char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct create_call *c;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	for (c = create_calls; c < create_calls + ARRAY_SIZE(create_calls); c++) {
		equal(mprotect(page, PAGE, PROT_READ | PROT_WRITE), 0);
		memset(page, 0, PAGE);
		c->fill(&s, page);
		equal(mprotect(page, PAGE, PROT_READ), 0);
		awaited.kind = c->kind;
		awaited.number = host_number(c->kind, "alive");
		equal(dxg_ioctl(s.fd, c->request, page), -EFAULT);
		wait_for(as_many_alive, 0, c->name);
	}
}

/* Callers -------------------------------------------------------------------------- */

/* P18: exec makes another process of it, even with the descriptor kept. */
static void exec_refused(unsigned long n)
{
	char number[16];
	pid_t pid;
	int fd;

	(void)n;
	fd = open(DXG_NODE, O_RDONLY);
	snprintf(number, sizeof(number), "%d", fd);
	pid = fork();
	if (!pid) {
		/* fork and exec: not the opener in two ways */
		execl("/proc/self/exe", "errno_test", "--inherited", number,
		      NULL);
		_exit(99);
	}
	reap_ok(pid);
	pid = fork();
	if (!pid) {
		fd = open(DXG_NODE, O_RDONLY);
		snprintf(number, sizeof(number), "%d", fd);
		execl("/proc/self/exe", "errno_test", "--inherited", number,
		      NULL);
		_exit(99);
	}
	reap_ok(pid);
}

static int use_inherited(int fd)
{
	__u32 count = 0;

	equal(dxg_enum_adapters3(fd, true, NULL, &count), -ENOTTY);
	fd = dxg_open(NULL);
	equal(dxg_enum_adapters3(fd, true, NULL, &count), 0);
	equal(count, 1);
	return 0;
}

/* R3: two descriptors of a process are one GPU process. */
static void two_descriptors(unsigned long n)
{
	struct sequence s;
	int other;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	other = open(DXG_NODE, O_RDWR | O_CLOEXEC);
	check(other >= 0);
	equal(dxg_signal(other, s.device, s.fence.sync_object, 11), 0);
	equal(host_number("processes", "alive"), 1);
	equal(dxg_close(s.fd), 0);
	equal(dxg_signal(other, s.device, s.fence.sync_object, 12), 0);
	equal(dxg_fence_value(s.fence.value), 12);
	equal(dxg_close(other), 0);
}

/* P8: only an eventfd is an eventfd. */
static void not_an_eventfd(unsigned long n)
{
	struct sequence s;
	int fds[2];

	(void)n;
	sequence_until(&s, ROW_FENCE);
	equal(pipe(fds), 0);
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 11, fds[1]),
	      -EINVAL);
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 11, s.fd),
	      -EINVAL);
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 11, 12345),
	      -EINVAL);
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 11, -1),
	      -EINVAL);
	equal(host_number("cpu_waits", "alive"), 0);
}

/* P64: refusals leave the kernel log alone; scripts/vm looks at it. */
static const struct test tests[] = {
	{ "numbers nobody implements answer ENOTTY", unknown_numbers, 0, NULL,
	  false },
	{ "arguments that are not there answer EFAULT", pointer_to_nothing, 0,
	  NULL, false },
	{ "enumeration counts, fills and bounds", enumeration, 0,
	  "--adapter render --adapter compute-only", false },
	{ "enumeration that cannot store closes what it opened",
	  enumeration_fault, 0, "--adapters 2", false },
	{ "an unknown LUID is EINVAL", unknown_luid, 0, NULL, false },
	{ "wrong CreateAllocation2 is EINVAL and sends nothing", bad_creations,
	  0, NULL, false },
	{ "absurd counts are EINVAL and send nothing", bad_list_counts, 0,
	  NULL, false },
	{ "a create whose result cannot be stored leaves nothing",
	  result_not_storable, 0, NULL, false },
	{ "exec with the descriptor kept is refused", exec_refused, 0, NULL,
	  false },
	{ "two descriptors of one process are one GPU process",
	  two_descriptors, 0, NULL, false },
	{ "a wait takes nothing but an eventfd", not_an_eventfd, 0, NULL,
	  false },
};

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "--inherited"))
		return use_inherited(atoi(argv[2]));
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
