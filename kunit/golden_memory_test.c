// SPDX-License-Identifier: GPL-2.0
/*
 * Messages about memory of the process, byte for byte: the host's driver is asked
 * how a heap is described, and the host is told which pages are behind it, as a
 * list or as a GPADL.  See golden_fixture.c for the handles.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "golden_fixture.h"

#define HEAP_PAGES	2
#define HEAP_SIZE	(HEAP_PAGES * PAGE_SIZE)
#define HEAP_PFNS	(HEAP_SIZE / MOCK_VMBUS_PAGE_SIZE)
#define ALLOCATION	0x40000180
/* Words of a page list before its frame numbers. */
#define LIST_START	14

static const u32 header[] = {
	0x10, 0, KERNEL_HOST_LUID_A, 0, 0, 0, 0x40000040, 0,
};

static unsigned long heap_address(struct kunit *test)
{
	struct golden_fixture *fix = test->priv;

	return fix->client.user + 4 * PAGE_SIZE;
}

/* CreateAllocation of a heap; what it sends as @watched is captured. */
static long create_heap(struct kunit *test, u32 watched)
{
	struct {
		struct d3dddi_allocationinfo2 info;
		struct d3dkmt_createstandardallocation standard;
	} user = {
		.info.sysmem = heap_address(test),
		.standard.type = _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP,
		.standard.existing_heap_data.size = HEAP_SIZE,
	};
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_createallocation args = {
		.device.v = fix->device,
		.alloc_count = 1,
		.flags.create_resource = 1,
		.flags.standard_allocation = 1,
		.flags.existing_sysmem = 1,
	};

	args.allocation_info = golden_user_data(test, &user, sizeof(user));
	args.standard_allocation = args.allocation_info +
				   offsetof(typeof(user), standard);
	kernel_host_watch(fix->host, watched);
	return host_client_ioctl(&fix->client, LX_DXCREATEALLOCATION, &args);
}

/* P91: the first of two questions asks for the sizes, the second has room. */
static void ddigetstandardallocationdriverdata(struct kunit *test)
{
	const u32 command = DXGK_VMBCOMMAND_DDIGETSTANDARDALLOCATIONDRIVERDATA;
	struct golden_fixture *fix = test->priv;
	u32 words[20] = { };

	memcpy(words, header, sizeof(header));
	words[8] = 39;
	words[10] = 4;
	words[14] = HEAP_SIZE;
	words[15] = 1;
	words[17] = 7;
	golden_start_client(test, 40, false);
	kernel_host_rule(fix->host, command, KERNEL_HOST_SHORT, 8);
	KUNIT_EXPECT_EQ(test, create_heap(test, command), (long)-EOVERFLOW);
	golden_expect(test, words, ARRAY_SIZE(words));

	kernel_host_rule(fix->host, command, KERNEL_HOST_ANSWER, 0);
	KUNIT_EXPECT_EQ(test, create_heap(test, command), 0L);
	words[11] = 16;
	golden_expect(test, words, ARRAY_SIZE(words));
}

/* Frame numbers of the heap, in units of the host's pages. */
static void heap_pfns(struct kunit *test, u64 *pfns)
{
	const unsigned long per_page = PAGE_SIZE / MOCK_VMBUS_PAGE_SIZE;
	struct page *pages[HEAP_PAGES];
	unsigned long i;

	KUNIT_ASSERT_EQ(test, get_user_pages_fast(heap_address(test), HEAP_PAGES,
						  FOLL_WRITE, pages),
			HEAP_PAGES);
	for (i = 0; i < HEAP_PFNS; i++)
		pfns[i] = page_to_pfn(pages[i / per_page]) * per_page +
			  i % per_page;
	for (i = 0; i < HEAP_PAGES; i++)
		put_page(pages[i]);
}

/* P91: as long as the pages that it lists, each in its place. */
static void setexistingsysmempages(struct kunit *test)
{
	u32 words[LIST_START + 2 * HEAP_PFNS] = { };
	struct golden_fixture *fix = test->priv;
	u64 pfns[HEAP_PFNS];

	fix->map_guest_pages = true;
	golden_start_client(test, 40, false);
	KUNIT_ASSERT_EQ(test,
			create_heap(test, DXGK_VMBCOMMAND_SETEXISTINGSYSMEMPAGES),
			0L);
	memcpy(words, header, sizeof(header));
	words[8] = 66;
	words[10] = fix->device;
	words[11] = ALLOCATION;
	words[12] = HEAP_PFNS;
	heap_pfns(test, pfns);
	memcpy(words + LIST_START, pfns, sizeof(pfns));
	golden_expect(test, words, ARRAY_SIZE(words));
}

/* P91: the GPADL is one of the global channel and shows the heap. */
static void setexistingsysmemstore(struct kunit *test)
{
	u32 words[14] = { }, message[14] = { }, relid = 0, size = 0;
	struct golden_fixture *fix = test->priv;
	const u64 pattern = 0x0123456789abcdef;
	u64 seen = 0;

	golden_start_client(test, 40, false);
	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)(heap_address(test) +
							   PAGE_SIZE),
					   &pattern, sizeof(pattern)), 0UL);
	KUNIT_ASSERT_EQ(test,
			create_heap(test, DXGK_VMBCOMMAND_SETEXISTINGSYSMEMSTORE),
			0L);
	kernel_host_captured(fix->host, message, sizeof(message));
	KUNIT_ASSERT_EQ(test, mock_host_gpadl_info(fix->host->mock, message[12],
						   &relid, &size), 0);
	KUNIT_EXPECT_EQ(test, relid, fix->host->global);
	KUNIT_EXPECT_EQ(test, size, HEAP_SIZE);
	KUNIT_EXPECT_EQ(test, mock_host_gpadl_rw(fix->host->mock, message[12],
						 PAGE_SIZE, &seen, sizeof(seen),
						 false), 0);
	KUNIT_EXPECT_EQ(test, seen, pattern);
	memcpy(words, header, sizeof(header));
	words[8] = 45;
	words[10] = fix->device;
	words[11] = ALLOCATION;
	words[12] = message[12];
	golden_expect(test, words, ARRAY_SIZE(words));
}

static struct kunit_case golden_memory_cases[] = {
	KUNIT_CASE(ddigetstandardallocationdriverdata),
	KUNIT_CASE(setexistingsysmempages),
	KUNIT_CASE(setexistingsysmemstore),
	{ }
};

static struct kunit_suite golden_memory_suite = {
	.name = "dxg_golden_memory",
	.init = golden_fixture_init,
	.test_cases = golden_memory_cases,
};

kunit_test_suite(golden_memory_suite);
