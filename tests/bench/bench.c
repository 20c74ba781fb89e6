// SPDX-License-Identifier: GPL-2.0
/*
 * Counts the instructions of operations on /dev/dxg.  Runs in a VM whose clock
 * advances by one nanosecond per instruction (QEMU -icount shift=0), with the
 * host in the kernel (dxg_bench_host.ko) and the floor beside it.
 *
 * Prints one line per operation: name, tab, instructions.  Argument: a word that
 * is put in front of the names; "floor" measures the floor instead of the driver.
 *
 * The time stamp counter counts that clock; main() checks it with a loop of known
 * length.  Each operation is measured on its own and the median is taken: timer
 * interrupts hit few of them.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <misc/d3dkmthk.h>

#include "dxg_bench.h"

#define SAMPLES		801
#define WARM_UP		64
#define CALIBRATION	10000

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* Handles and buffers of the client. */
static struct {
	int fd;
	int floor;
	struct d3dkmthandle adapter;
	struct d3dkmthandle device;
	struct d3dkmthandle context;
	struct d3dkmthandle hwqueue;
	struct d3dkmthandle paging_queue;
	struct d3dkmthandle fence;
	struct d3dkmthandle allocation;
	uint64_t value;
	unsigned char data[4096];
} client;

static uint64_t samples[SAMPLES];

static inline uint64_t now(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
	return (uint64_t)high << 32 | low;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t address(const void *pointer)
{
	return (uintptr_t)pointer;
}

/* ioctl() that has to succeed. */
static void dxg(unsigned long command, void *args, const char *what)
{
	if (ioctl(client.fd, command, args) < 0)
		die(what);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Median number of instructions of @operation, that of nothing subtracted. */
static uint64_t measure(void (*operation)(unsigned int), unsigned int argument)
{
	static uint64_t nothing;
	uint64_t start;
	int i;

	for (i = 0; operation && i < WARM_UP; i++)
		operation(argument);
	for (i = 0; i < SAMPLES; i++) {
		start = now();
		if (operation)
			operation(argument);
		samples[i] = now() - start;
	}
	qsort(samples, SAMPLES, sizeof(samples[0]), compare);
	if (!operation)
		nothing = samples[SAMPLES / 2];
	return samples[SAMPLES / 2] - nothing;
}

/*
 * Two instructions per round; fails unless a tick is an instruction.  The best
 * of several loops, because a timer interrupt may hit one.
 */
static void calibrate(void)
{
	uint64_t best = UINT64_MAX, ticks;
	unsigned long rounds;
	int i;

	for (i = 0; i < WARM_UP; i++) {
		rounds = CALIBRATION;
		ticks = now();
		__asm__ volatile("1: dec %0; jnz 1b" : "+r"(rounds));
		ticks = now() - ticks;
		if (ticks < best)
			best = ticks;
	}
	if (best < 2 * CALIBRATION || best > 2 * CALIBRATION * 101ULL / 100) {
		fprintf(stderr,
			"%llu ticks for %u instructions: not under -icount shift=0?\n",
			(unsigned long long)best, 2 * CALIBRATION);
		exit(1);
	}
	measure(NULL, 0);
}

static void create_device(void)
{
	struct d3dkmt_createdevice device = { .adapter = client.adapter };
	struct d3dkmt_createcontextvirtual context = { };
	struct d3dkmt_createhwqueue hwqueue = { };
	struct d3dkmt_createpagingqueue paging = { };
	struct d3dkmt_createsynchronizationobject2 fence = {
		.info.type = _D3DDDI_MONITORED_FENCE,
	};

	dxg(LX_DXCREATEDEVICE, &device, "CreateDevice");
	client.device = device.device;
	context.device = client.device;
	context.flags.hw_queue_supported = 1;
	dxg(LX_DXCREATECONTEXTVIRTUAL, &context, "CreateContextVirtual");
	client.context = context.context;
	hwqueue.context = client.context;
	dxg(LX_DXCREATEHWQUEUE, &hwqueue, "CreateHwQueue");
	client.hwqueue = hwqueue.queue;
	paging.device = client.device;
	dxg(LX_DXCREATEPAGINGQUEUE, &paging, "CreatePagingQueue");
	client.paging_queue = paging.paging_queue;
	fence.device = client.device;
	dxg(LX_DXCREATESYNCHRONIZATIONOBJECT, &fence,
	    "CreateSynchronizationObject");
	client.fence = fence.sync_object;
}

static void open_client(void)
{
	struct d3dkmt_adapterinfo info;
	struct d3dkmt_enumadapters2 adapters = {
		.num_adapters = 1,
		.adapters = address(&info),
	};

	client.fd = open("/dev/dxg", O_RDWR);
	if (client.fd < 0)
		die("/dev/dxg");
	dxg(LX_DXENUMADAPTERS2, &adapters, "EnumAdapters2");
	if (adapters.num_adapters != 1) {
		fprintf(stderr, "no adapter\n");
		exit(1);
	}
	client.adapter = info.adapter_handle;
	create_device();
}

static void refused(unsigned int unused)
{
	struct d3dkmt_destroydevice args = { };

	(void)unused;
	if (ioctl(client.fd, LX_DXDESTROYDEVICE, &args) != -1)
		die("DestroyDevice of nothing");
}

static void query_adapter_info(unsigned int size)
{
	struct d3dkmt_queryadapterinfo args = {
		.adapter = client.adapter,
		.private_data = address(client.data),
		.private_data_size = size,
	};

	dxg(LX_DXQUERYADAPTERINFO, &args, "QueryAdapterInfo");
}

static struct d3dkmthandle create_allocation(unsigned int size)
{
	struct d3dddi_allocationinfo2 info = {
		.priv_drv_data = address(client.data),
		.priv_drv_data_size = size,
	};
	struct d3dkmt_createallocation args = {
		.device = client.device,
		.alloc_count = 1,
		.allocation_info = address(&info),
	};

	dxg(LX_DXCREATEALLOCATION, &args, "CreateAllocation");
	return info.allocation;
}

static void create_destroy_allocation(unsigned int size)
{
	struct d3dkmthandle created;
	struct d3dkmt_destroyallocation2 args = {
		.device = client.device,
		.allocations = address(&created),
		.alloc_count = 1,
	};

	created = create_allocation(size);
	dxg(LX_DXDESTROYALLOCATION2, &args, "DestroyAllocation2");
}

static void make_resident(unsigned int unused)
{
	struct d3dddi_makeresident args = {
		.paging_queue = client.paging_queue,
		.alloc_count = 1,
		.allocation_list = address(&client.allocation),
	};

	(void)unused;
	dxg(LX_DXMAKERESIDENT, &args, "MakeResident");
}

static void submit(unsigned int size)
{
	struct d3dkmt_submitcommandtohwqueue args = {
		.hwqueue = client.hwqueue,
		.hwqueue_progress_fence_id = ++client.value,
		.priv_drv_data = address(client.data),
		.priv_drv_data_size = size,
	};

	dxg(LX_DXSUBMITCOMMANDTOHWQUEUE, &args, "SubmitCommandToHwQueue");
}

static void signal_from_cpu(unsigned int unused)
{
	struct d3dkmt_signalsynchronizationobjectfromcpu args = {
		.device = client.device,
		.object_count = 1,
		.objects = address(&client.fence),
		.fence_values = address(&client.value),
	};

	(void)unused;
	client.value++;
	dxg(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, &args, "SignalFromCpu");
}

static void wait_from_gpu(unsigned int unused)
{
	struct d3dkmt_waitforsynchronizationobjectfromgpu args = {
		.context = client.context,
		.object_count = 1,
		.objects = address(&client.fence),
		.monitored_fence_values = address(&client.value),
	};

	(void)unused;
	client.value++;
	dxg(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, &args, "WaitFromGpu");
}

static void device_state(unsigned int unused)
{
	struct d3dkmt_getdevicestate args = {
		.device = client.device,
		.state_type = _D3DKMT_DEVICESTATE_EXECUTION,
	};

	(void)unused;
	dxg(LX_DXGETDEVICESTATE, &args, "GetDeviceState");
}

static void lock(unsigned int unused)
{
	struct d3dkmt_lock2 args = {
		.device = client.device,
		.allocation = client.allocation,
	};

	(void)unused;
	dxg(LX_DXLOCK2, &args, "Lock2");
}

static void floor_nothing(unsigned int unused)
{
	(void)unused;
	if (ioctl(client.floor, DXG_BENCH_NOTHING, 0))
		die("floor: nothing");
}

static void floor_send(unsigned int size)
{
	if (ioctl(client.floor, DXG_BENCH_SEND, size))
		die("floor: send");
}

static void floor_call(unsigned int size)
{
	if (ioctl(client.floor, DXG_BENCH_CALL, size))
		die("floor: call");
}

struct operation {
	const char *name;
	void (*run)(unsigned int argument);
	unsigned int argument;
};

static const struct operation floor_operations[] = {
	{ "system call alone", floor_nothing, 0 },
	{ "bare send, 128 B", floor_send, 128 },
	{ "bare send, 4 KiB", floor_send, 4096 + 112 },
	{ "bare request and reply, 128 B", floor_call, 128 },
};

static const struct operation driver_operations[] = {
	{ "refused ioctl", refused, 0 },
	{ "QueryAdapterInfo, 64 B", query_adapter_info, 64 },
	{ "CreateAllocation and Destroy", create_destroy_allocation, 64 },
	{ "MakeResident", make_resident, 0 },
	{ "SubmitCommandToHwQueue, 16 B", submit, 16 },
	{ "SubmitCommandToHwQueue, 256 B", submit, 256 },
	{ "SubmitCommandToHwQueue, 4 KiB", submit, 4096 },
	{ "SignalFromCpu", signal_from_cpu, 0 },
	{ "WaitFromGpu, one object", wait_from_gpu, 0 },
	{ "GetDeviceState, cached", device_state, 0 },
	{ "Lock2, repeated", lock, 0 },
};

static void run(const char *prefix, const struct operation *operations,
		size_t count)
{
	const struct operation *o;

	for (o = operations; o < operations + count; o++)
		printf("%s: %s\t%llu\n", prefix, o->name,
		       (unsigned long long)measure(o->run, o->argument));
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: dxg-bench WORD\n");
		return 2;
	}
	calibrate();
	if (!strcmp(argv[1], "floor")) {
		client.floor = open("/dev/dxg_bench_floor", O_RDWR);
		if (client.floor < 0)
			die("/dev/dxg_bench_floor");
		run(argv[1], floor_operations, ARRAY_SIZE(floor_operations));
		return 0;
	}
	open_client();
	client.allocation = create_allocation(64);
	run(argv[1], driver_operations, ARRAY_SIZE(driver_operations));
	return 0;
}
