// SPDX-License-Identifier: GPL-2.0
/* GPADLs, copies from and to guest memory, MMIO window. */
#include <stdlib.h>

#include "selftest.h"

static int mem_rw(uint32_t gpadl, uint64_t offset, void *data, uint64_t len,
		  uint32_t flags)
{
	struct mock_vmbus_mem_rw arg = {
		.offset = offset,
		.buffer = (uintptr_t)data,
		.length = len,
		.gpadl = gpadl,
		.flags = flags,
	};

	return host_ioctl(MOCK_VMBUS_MEM_RW, &arg);
}

static int list_rw(uint64_t *pfns, uint32_t count, uint64_t offset, void *data,
		   uint64_t len, uint32_t flags)
{
	struct mock_vmbus_mem_rw arg = {
		.offset = offset,
		.buffer = (uintptr_t)data,
		.length = len,
		.flags = flags,
		.pfns = (uintptr_t)pfns,
		.pfn_count = count,
	};

	return host_ioctl(MOCK_VMBUS_MEM_RW, &arg);
}

static uint8_t guest_byte(uint32_t handle, uint64_t offset)
{
	struct guest_op op;

	guest_run(&op, 1, MOCK_ECHO_OP_MEMORY, handle, offset, 0);
	return op.run.out[0];
}

static void check_copies(uint32_t handle, uint32_t size)
{
	uint8_t *copy = malloc(size);
	uint32_t i;

	EXPECT(copy && mem_rw(handle, 0, copy, size, 0) == 0);
	for (i = 0; i < size; i++)
		EXPECT(copy[i] == 0xa5);
	memset(copy, 0x5a, 100);
	EXPECT(mem_rw(handle, PAGE - 50, copy, 100, MOCK_VMBUS_MEM_WRITE) == 0);
	EXPECT(guest_byte(handle, PAGE - 51) == 0xa5);
	EXPECT(guest_byte(handle, PAGE - 50) == 0x5a);
	EXPECT(guest_byte(handle, PAGE + 49) == 0x5a);
	EXPECT(guest_byte(handle, PAGE + 50) == 0xa5);
	EXPECT(mem_rw(handle, size - 1, copy, 2, 0) == -ERANGE);
	EXPECT(mem_rw(handle, size, copy, 0, 0) == 0);
	EXPECT(mem_rw(handle, -1ull, copy, 2, 0) == -ERANGE);
	EXPECT(mem_rw(handle, 0, NULL, 8, 0) == -EFAULT);
	EXPECT(mem_rw(handle, 0, copy, 8, 2) == -EINVAL);
	EXPECT(mem_rw(0xdead, 0, copy, 1, 0) == -ENOENT);
	free(copy);
}

static void check_list(uint32_t handle, uint32_t pages)
{
	struct mock_vmbus_gpadl_info info = { .gpadl = handle };
	uint64_t pfns[80], hole[1] = { ~0ull >> 12 };
	uint8_t data[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	EXPECT(pages <= 80);
	info.pfns = (uintptr_t)pfns;
	info.max_pfns = 80;
	EXPECT(host_ioctl(MOCK_VMBUS_GPADL_INFO, &info) == 0);
	EXPECT(info.pages == pages && info.size == pages * PAGE);
	/* The same memory by page list, and by address. */
	EXPECT(list_rw(pfns, pages, (pages - 1) * PAGE - 4, data, 8,
		       MOCK_VMBUS_MEM_WRITE) == 0);
	EXPECT(guest_byte(handle, (pages - 1) * PAGE - 1) == 4);
	EXPECT(guest_byte(handle, (pages - 1) * PAGE) == 5);
	EXPECT(mem_rw(0, pfns[pages - 1] * PAGE, data, 1, 0) == 0);
	EXPECT(data[0] == 5);
	EXPECT(list_rw(pfns, 1, PAGE - 1, data, 2, 0) == -ERANGE);
	EXPECT(list_rw(hole, 1, 0, data, 1, 0) == -EFAULT);
	/* Addresses 0xa0000.. are not RAM for the kernel. */
	EXPECT(mem_rw(0, 0xa0000, data, 1, 0) == -EFAULT);
}

static void check_mapping(uint32_t handle, uint32_t size)
{
	uint8_t *map = host_map(MOCK_VMBUS_GPADL_OFFSET(handle), size);
	struct mock_vmbus_record rec;
	struct guest_op op;

	EXPECT(map);
	EXPECT(!host_map(MOCK_VMBUS_GPADL_OFFSET(handle), size + PAGE));
	EXPECT(map[PAGE - 50] == 0x5a && map[PAGE + 50] == 0xa5);
	map[3 * PAGE + 1] = 0x77;
	EXPECT(guest_byte(handle, 3 * PAGE + 1) == 0x77);
	guest_prepare(&op, 1, MOCK_ECHO_OP_TEARDOWN, handle, 0, 0);
	EXPECT(guest_start(&op) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_TEARDOWN, &rec) == 0);
	EXPECT(rec.gpadl == handle);
	/* The host may hold it back; the guest keeps the pages until then. */
	EXPECT(readable(map) && !guest_done(&op));
	EXPECT(host_reply(&rec, 0) == 0);
	EXPECT(guest_join(&op) == 0 && op.run.out[0] == 0);
	EXPECT(!readable(map) && !readable(map + size - 1));
	EXPECT(mem_rw(handle, 0, &rec, 1, 0) == -ENOENT);
	munmap(map, size);
}

static void gpadl_of(uint32_t kind, uint32_t pages)
{
	struct mock_vmbus_record rec;
	struct mock_vmbus_stats stats;
	struct guest_op op;
	uint32_t handle;

	EXPECT(host_channel(1, 0) > 0);
	guest_prepare(&op, 1, MOCK_ECHO_OP_GPADL, pages * PAGE, kind, 0);
	EXPECT(guest_start(&op) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_GPADL, &rec) == 0);
	EXPECT(rec.size == pages * PAGE && rec.arg[0] == pages && !rec.arg[1]);
	EXPECT(host_reply(&rec, 0) == 0 && guest_join(&op) == 0);
	handle = op.run.out[0];
	EXPECT(handle == rec.gpadl);
	EXPECT(host_stats(0, &stats) == 0 && stats.gpadls == 2);
	check_copies(handle, pages * PAGE);
	check_list(handle, pages);
	check_mapping(handle, pages * PAGE);
	EXPECT(host_stats(0, &stats) == 0 && stats.gpadls == 1);
}

static void test_gpadl_kmalloc(void)
{
	gpadl_of(MOCK_ECHO_KMALLOC, 8);
}

static void test_gpadl_vmalloc(void)
{
	gpadl_of(MOCK_ECHO_VMALLOC, 70);
}

static void test_gpadl_refused(void)
{
	struct mock_vmbus_record rec;
	struct guest_op op;

	EXPECT(host_channel(1, 0) > 0);
	guest_prepare(&op, 1, MOCK_ECHO_OP_GPADL, PAGE, 0, 0);
	EXPECT(guest_start(&op) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_GPADL, &rec) == 0);
	EXPECT(host_reply(&rec, 1) == 0);
	EXPECT(guest_join(&op) == -EDQUOT);
	EXPECT(!host_map(MOCK_VMBUS_GPADL_OFFSET(rec.gpadl), PAGE));
}

/* A mapping must not be private, and a hole in the numbers is no object. */
static void test_mmap_arguments(void)
{
	EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, host_fd,
		    MOCK_VMBUS_WINDOW_OFFSET) == MAP_FAILED);
	EXPECT(errno == EINVAL);
	EXPECT(!host_map(3ull << MOCK_VMBUS_MMAP_REGION_SHIFT, PAGE));
	EXPECT(errno == EINVAL);
	EXPECT(!host_map(MOCK_VMBUS_RING_OFFSET(1), PAGE));
	EXPECT(errno == ENOENT);
}

static void check_window(uint64_t base, uint64_t start)
{
	uint8_t byte = 0x42;
	uint8_t *map;

	map = host_map(MOCK_VMBUS_WINDOW_OFFSET + (start - base), PAGE);
	EXPECT(map);
	EXPECT(mem_rw(0, start + 5, &byte, 1, MOCK_VMBUS_MEM_WRITE) == 0);
	EXPECT(map[5] == 0x42);
	map[5] = 0x43;
	EXPECT(mem_rw(0, start + 5, &byte, 1, 0) == 0 && byte == 0x43);
	munmap(map, PAGE);
}

static void test_mmio(void)
{
	struct mock_vmbus_info info;
	struct mock_vmbus_record rec;
	struct mock_vmbus_stats stats;
	struct guest_op op;
	uint64_t first, second;

	EXPECT(host_ioctl(MOCK_VMBUS_GET_INFO, &info) == 0);
	EXPECT(info.version == MOCK_VMBUS_VERSION && info.page_size == PAGE);
	EXPECT(host_channel(1, 0) > 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_MMIO, 5 * PAGE, 65536, 0) == 0);
	first = op.run.out[0];
	EXPECT(first >= info.window_base && first % 65536 == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_MMIO, PAGE, 65536, 0) == 0);
	second = op.run.out[0];
	EXPECT(second == first + 65536);
	EXPECT(host_stats(0, &stats) == 0 && stats.mmio_bytes == 6 * PAGE);
	check_window(info.window_base, second);
	EXPECT(guest(1, MOCK_ECHO_OP_MMIO, info.window_size, PAGE, 0) ==
	       -ENXIO);
	/* First fit: the hole is used again. */
	EXPECT(guest(1, MOCK_ECHO_OP_MMIO_FREE, first, 5 * PAGE, 0) == 0);
	EXPECT(host_until(MOCK_VMBUS_EV_MMIO_FREE, &rec) == 0);
	EXPECT(rec.arg[0] == first && rec.arg[1] == 5 * PAGE);
	guest_prepare(&op, 1, MOCK_ECHO_OP_MMIO, PAGE, PAGE, 0);
	EXPECT(guest_start(&op) == 0 && guest_join(&op) == 0);
	EXPECT(op.run.out[0] == info.window_base);
	EXPECT(host_expect(MOCK_VMBUS_EV_MMIO_ALLOC, &rec) == 0);
	EXPECT(rec.arg[0] == info.window_base && rec.arg[1] == PAGE);
	EXPECT(guest(1, MOCK_ECHO_OP_MMIO_FREE, rec.arg[0], PAGE, 0) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_MMIO_FREE, second, PAGE, 0) == 0);
	EXPECT(host_stats(0, &stats) == 0 && stats.mmio_bytes == 0);
}

const struct test memory_tests[] = {
	{ "GPADL of kmalloc memory", test_gpadl_kmalloc },
	{ "GPADL of vmalloc memory", test_gpadl_vmalloc },
	{ "GPADL refused", test_gpadl_refused },
	{ "mmap arguments", test_mmap_arguments },
	{ "MMIO window", test_mmio },
	{ NULL, NULL },
};
