// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers from the host that become mappings or pins: addresses in the I/O
 * space and sizes of allocations.
 */
#include <kunit/test.h>
#include <linux/mman.h>
#include <linux/uaccess.h>

#include "cpu_mapping.h"
#include "global_channel.h"
#include "host_fixture.h"

#define GIB	0x40000000ULL
#define PAGE	4096ULL

struct io_fixture {
	struct kernel_host *host;
	struct dxg_adapter *adapter;
	struct host_client client;
};

static int io_test_init(struct kunit *test)
{
	static const struct kernel_host_config config = {
		.version = 40,
		.map_guest_pages = true,
	};
	struct io_fixture *fix = kunit_kzalloc(test, sizeof(*fix), GFP_KERNEL);

	if (!fix)
		return -ENOMEM;
	fix->host = host_fixture(test, &config);
	fix->adapter = host_fixture_adapter(test);
	host_client_init(test, &fix->client);
	test->priv = fix;
	return 0;
}

static void expect_arrival(struct kunit *test, u32 command)
{
	struct io_fixture *fix = test->priv;

	KUNIT_EXPECT_EQ(test, kernel_host_wait_seen(fix->host, command, 1), 0);
}

/* 0, or what could not be read of the first 8 bytes of a view. */
static unsigned long read_view(struct dxg_view *view, u64 *value)
{
	return copy_from_user(value, u64_to_user_ptr(dxg_view_address(view)),
			      sizeof(*value));
}

/* Where an address is counted from. */
enum view_origin { FROM_BASE, FROM_END, FROM_ZERO };

struct view_case {
	const char *name;
	enum view_origin origin;
	s64 offset;
	u64 size;
	int result;
};

static const struct view_case view_cases[] = {
	{ "first page", FROM_BASE, 0, PAGE, 0 },
	{ "last page", FROM_END, -4096, PAGE, 0 },
	{ "two last pages", FROM_END, -8192, 2 * PAGE, 0 },
	{ "page before the first", FROM_BASE, -4096, PAGE, -ENOMEM },
	{ "page after the last", FROM_END, 0, PAGE, -ENOMEM },
	{ "last page and one more", FROM_END, -4096, 2 * PAGE, -ENOMEM },
	{ "one page before, two long", FROM_BASE, -4096, 2 * PAGE, -ENOMEM },
	{ "unaligned address", FROM_BASE, 1, PAGE, -ENOMEM },
	{ "unaligned size", FROM_BASE, 0, PAGE + 1, -ENOMEM },
	{ "no size", FROM_BASE, 0, 0, -ENOMEM },
	{ "longer than the window", FROM_BASE, 0, GIB, -ENOMEM },
	{ "size that wraps the end", FROM_BASE, 4096, -PAGE, -ENOMEM },
	{ "4 GiB and a page", FROM_BASE, 0, 4 * GIB + PAGE, -ENOMEM },
	{ "address 0", FROM_ZERO, 0, PAGE, -ENOMEM },
	{ "last page of all", FROM_ZERO, -4096, PAGE, -ENOMEM },
	{ "2^63", FROM_ZERO, S64_MIN, PAGE, -ENOMEM },
};

KUNIT_ARRAY_PARAM_DESC(view, view_cases, name);

static u64 view_case_address(const struct view_case *c)
{
	switch (c->origin) {
	case FROM_BASE:
		return dxg_global.io_base + c->offset;
	case FROM_END:
		return dxg_global.io_base + dxg_global.io_size + c->offset;
	default:
		return c->offset;
	}
}

static void a_view_lies_inside_the_io_space(struct kunit *test)
{
	const struct view_case *c = test->param_value;
	struct io_fixture *fix = test->priv;
	struct dxg_view *view;

	view = dxg_view_create(fix->adapter, view_case_address(c), c->size,
			       DXG_VIEW_CACHED);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(view), c->result);
	if (!IS_ERR(view))
		dxg_view_destroy(view);
}

static void a_view_shows_what_the_host_wrote(struct kunit *test)
{
	struct io_fixture *fix = test->priv;
	struct dxg_view *view;
	u64 value = 0;

	*(u64 *)(fix->host->window + PAGE) = 0x0123456789abcdefULL;
	view = dxg_view_create(fix->adapter, dxg_global.io_base + PAGE, PAGE,
			       DXG_VIEW_CACHED);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, view);
	KUNIT_EXPECT_EQ(test, read_view(view, &value), 0UL);
	KUNIT_EXPECT_EQ(test, value, 0x0123456789abcdefULL);
	/* this one is for reading */
	KUNIT_EXPECT_NE(test, copy_to_user(u64_to_user_ptr(dxg_view_address(view)),
					   &value, sizeof(value)), 0UL);
	dxg_view_destroy(view);
}

static void a_revoked_view_has_no_pages(struct kunit *test)
{
	struct io_fixture *fix = test->priv;
	struct dxg_view *view;
	u64 value;

	view = dxg_view_create(fix->adapter, dxg_global.io_base, PAGE,
			       DXG_VIEW_CACHED | DXG_VIEW_WRITE);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, view);
	KUNIT_EXPECT_EQ(test, read_view(view, &value), 0UL);
	KUNIT_EXPECT_EQ(test, kernel_host_withdraw(fix->host,
						   KERNEL_HOST_VGPU), 0);
	KUNIT_EXPECT_NE(test, read_view(view, &value), 0UL);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dxg_view_create(fix->adapter,
							      dxg_global.io_base,
							      PAGE, 0)),
			-ENODEV);
	dxg_view_destroy(view);
}

/* A queue whose fence cannot be mapped is of no use, so the host's goes too. */
static void a_fence_outside_undoes_its_queue(struct kunit *test)
{
	const struct view_case *c = test->param_value;
	struct io_fixture *fix = test->priv;
	struct d3dkmt_createpagingqueue args = {
		.device.v = host_client_device(test, &fix->client),
	};
	u64 address = view_case_address(c);

	/* fences are always one page */
	if (c->size != PAGE || !c->result)
		return;
	fix->host->fence_address = &address;
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATEPAGINGQUEUE, &args),
			c->result);
	expect_arrival(test, DXGK_VMBCOMMAND_DESTROYPAGINGQUEUE);
	fix->host->fence_address = NULL;
}

struct size_case {
	const char *name;
	u64 answered;
	int result;
};

/* The caller asks for a heap of two pages. */
static const struct size_case standard_sizes[] = {
	{ "0", 0, -EINVAL },
	{ "1", 1, -EINVAL },
	{ "4095", 4095, -EINVAL },
	{ "less than asked", 4096, 0 },
	{ "as asked", 8192, 0 },
	{ "a page more", 12288, -EINVAL },
	{ "4 GiB", 4 * GIB, -EINVAL },
	{ "4 GiB and a page", 4 * GIB + PAGE, -EINVAL },
	{ "2^63", 1ULL << 63, -EINVAL },
	{ "all pages there are", -PAGE, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(standard_size, standard_sizes, name);

static long create_on_heap(struct kunit *test, bool standard, u64 answered)
{
	struct io_fixture *fix = test->priv;
	struct host_client *client = &fix->client;
	unsigned long info_at = client->user + PAGE_SIZE;
	unsigned long standard_at = client->user + 2 * PAGE_SIZE;
	struct d3dddi_allocationinfo2 info = {
		.sysmem = client->user + 4 * PAGE_SIZE,
	};
	struct d3dkmt_createstandardallocation heap = {
		.type = _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP,
		.existing_heap_data.size = 2 * PAGE,
	};
	struct d3dkmt_createallocation args = {
		.device.v = host_client_device(test, client),
		.alloc_count = 1,
		.allocation_info = info_at,
		.flags.create_resource = standard,
		.flags.standard_allocation = standard,
	};
	long ret;

	if (standard) {
		args.standard_allocation = standard_at;
		args.flags.existing_sysmem = 1;
	}
	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)info_at, &info,
					   sizeof(info)), 0UL);
	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)standard_at, &heap,
					   sizeof(heap)), 0UL);
	fix->host->allocation_size = &answered;
	ret = host_client_ioctl(client, LX_DXCREATEALLOCATION, &args);
	fix->host->allocation_size = NULL;
	return ret;
}

static void expect_undone(struct kunit *test, int result)
{
	const u32 destroy = DXGK_VMBCOMMAND_DESTROYALLOCATION;
	struct io_fixture *fix = test->priv;

	if (result)
		expect_arrival(test, destroy);
	else
		KUNIT_EXPECT_EQ(test, kernel_host_seen(fix->host, destroy), 0);
}

/* P26, P84: sizes of 64 bits, and none that was not asked for. */
static void a_standard_heap_is_no_larger_than_asked(struct kunit *test)
{
	const struct size_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, create_on_heap(test, true, c->answered),
			(long)c->result);
	expect_undone(test, c->result);
}

/* 12 of the client's 16 pages lie behind the start of the heap. */
static const struct size_case other_sizes[] = {
	{ "0", 0, -EINVAL },
	{ "4097", 4097, -EINVAL },
	{ "one page", 4096, 0 },
	{ "all that is mapped", 12 * PAGE, 0 },
	{ "a page more than is mapped", 13 * PAGE, -ENOMEM },
	{ "4 GiB and a page", 4 * GIB + PAGE, -ENOMEM },
	{ "2^63", 1ULL << 63, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(other_size, other_sizes, name);

static void other_existing_memory_has_to_be_there_as_a_whole(struct kunit *test)
{
	const struct size_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, create_on_heap(test, false, c->answered),
			(long)c->result);
	expect_undone(test, c->result);
}

static struct kunit_case io_space_cases[] = {
	KUNIT_CASE_PARAM(a_view_lies_inside_the_io_space, view_gen_params),
	KUNIT_CASE(a_view_shows_what_the_host_wrote),
	KUNIT_CASE(a_revoked_view_has_no_pages),
	KUNIT_CASE_PARAM(a_fence_outside_undoes_its_queue, view_gen_params),
	KUNIT_CASE_PARAM(a_standard_heap_is_no_larger_than_asked,
			 standard_size_gen_params),
	KUNIT_CASE_PARAM(other_existing_memory_has_to_be_there_as_a_whole,
			 other_size_gen_params),
	{ }
};

static struct kunit_suite io_space_suite = {
	.name = "dxg_io_space",
	.init = io_test_init,
	.test_cases = io_space_cases,
};

kunit_test_suite(io_space_suite);
