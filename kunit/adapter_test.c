// SPDX-License-Identifier: GPL-2.0
/*
 * Birth and death of an adapter: order of announcements, protocol versions,
 * starts that fail.
 */
#include <kunit/test.h>

#include "global_channel.h"
#include "host_fixture.h"
#include "module.h"
#include "vgpu.h"

#define PCI	KERNEL_HOST_PCI
#define VGPU	KERNEL_HOST_VGPU
#define GLOBAL	KERNEL_HOST_GLOBAL

static struct dxg_adapter *find_adapter(void)
{
	struct winluid luid = { KERNEL_HOST_LUID_A, KERNEL_HOST_LUID_B };

	return dxg_adapter_find(luid);
}

static bool adapter_is_there(void)
{
	struct dxg_adapter *adapter = find_adapter();

	if (adapter)
		dxg_adapter_put(adapter);
	return adapter;
}

static void announce(struct kunit *test, struct kernel_host *host,
		     enum kernel_host_part part)
{
	KUNIT_ASSERT_EQ(test, kernel_host_announce(host, part), 0);
}

struct order_case {
	const char *name;
	enum kernel_host_part parts[3];
};

static const struct order_case order_cases[] = {
	{ "PCI, vGPU, global", { PCI, VGPU, GLOBAL } },
	{ "PCI, global, vGPU", { PCI, GLOBAL, VGPU } },
	{ "vGPU, PCI, global", { VGPU, PCI, GLOBAL } },
	{ "vGPU, global, PCI", { VGPU, GLOBAL, PCI } },
	{ "global, PCI, vGPU", { GLOBAL, PCI, VGPU } },
	{ "global, vGPU, PCI", { GLOBAL, VGPU, PCI } },
};

KUNIT_ARRAY_PARAM_DESC(order, order_cases, name);

static void the_third_announcement_starts_the_adapter(struct kunit *test)
{
	static const struct kernel_host_config config = { .version = 40 };
	const struct order_case *c = test->param_value;
	struct kernel_host *host = host_fixture_unannounced(test, &config);
	int i;

	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_FALSE(test, adapter_is_there());
		announce(test, host, c->parts[i]);
	}
	KUNIT_EXPECT_TRUE(test, adapter_is_there());
	KUNIT_EXPECT_TRUE(test, dxg_global_running());
	KUNIT_EXPECT_EQ(test, kernel_host_seen(host,
					       DXGK_VMBCOMMAND_OPENADAPTER), 1);
}

static void losing_any_part_stops_the_adapter(struct kunit *test)
{
	static const struct kernel_host_config config = { .version = 40 };
	const struct order_case *c = test->param_value;
	struct kernel_host *host = host_fixture(test, &config);
	struct dxg_adapter *adapter = host_fixture_adapter(test);

	KUNIT_EXPECT_EQ(test, kernel_host_withdraw(host, c->parts[0]), 0);
	KUNIT_EXPECT_FALSE(test, adapter_is_there());
	KUNIT_EXPECT_TRUE(test, dxg_adapter_stopped(adapter));
	KUNIT_EXPECT_EQ(test, kernel_host_withdraw(host, c->parts[1]), 0);
	KUNIT_EXPECT_EQ(test, kernel_host_withdraw(host, c->parts[2]), 0);
	KUNIT_EXPECT_FALSE(test, dxg_global_running());
}

struct version_case {
	const char *name;
	u32 offered;
	u32 used;
	bool works;
};

static const struct version_case version_cases[] = {
	{ "0 is the oldest", 0, 27, true },
	{ "27", 27, 27, true },
	{ "39 has no extended header", 39, 39, true },
	{ "40", 40, 40, true },
	{ "43", 43, 43, true },
	{ "46", 46, 46, true },
	{ "99 is answered with ours", 99, 46, true },
	{ "all ones is a device that is gone", U32_MAX, 0, false },
};

KUNIT_ARRAY_PARAM_DESC(version, version_cases, name);

static void the_version_is_negotiated(struct kunit *test)
{
	const struct version_case *c = test->param_value;
	struct kernel_host_config config = {
		.version = c->offered,
		.async = true,
	};
	struct kernel_host *host = host_fixture_unannounced(test, &config);

	announce(test, host, GLOBAL);
	announce(test, host, VGPU);
	announce(test, host, PCI);
	KUNIT_EXPECT_EQ(test, adapter_is_there(), c->works);
	if (!c->works)
		return;
	KUNIT_EXPECT_EQ(test, dxg_global.version, c->used);
	/* old hosts cannot route asynchronous messages */
	KUNIT_EXPECT_EQ(test, host_fixture_adapter(test)->async, c->used >= 40);
}

static void without_io_space_nothing_starts(struct kunit *test)
{
	static const struct kernel_host_config config = {
		.version = 40,
		.no_mmio = true,
	};
	struct file *file;

	host_fixture(test, &config);
	KUNIT_EXPECT_FALSE(test, adapter_is_there());
	KUNIT_EXPECT_FALSE(test, dxg_global_running());
	file = host_open_device(test);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(file), -EBADF);
}

static void a_failed_start_is_tried_again(struct kunit *test)
{
	static const struct kernel_host_config config = { .version = 40 };
	struct kernel_host *host = host_fixture_unannounced(test, &config);

	/* STATUS_DEVICE_REMOVED */
	kernel_host_rule(host, DXGK_VMBCOMMAND_OPENADAPTER, KERNEL_HOST_STATUS,
			 0xc00002b6);
	announce(test, host, GLOBAL);
	announce(test, host, VGPU);
	announce(test, host, PCI);
	KUNIT_EXPECT_FALSE(test, adapter_is_there());

	kernel_host_rule(host, DXGK_VMBCOMMAND_OPENADAPTER, KERNEL_HOST_ANSWER,
			 0);
	dxg_retry_start();
	flush_workqueue(dxg_workqueue);
	KUNIT_EXPECT_TRUE(test, adapter_is_there());
	KUNIT_EXPECT_EQ(test, kernel_host_seen(host,
					       DXGK_VMBCOMMAND_OPENADAPTER), 2);
}

/* What was opened at the host before the start failed is closed again. */
static void a_half_done_start_is_undone(struct kunit *test)
{
	static const struct kernel_host_config config = { .version = 40 };
	struct kernel_host *host = host_fixture_unannounced(test, &config);

	kernel_host_rule(host, DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO,
			 KERNEL_HOST_SHORT, 8);
	announce(test, host, GLOBAL);
	announce(test, host, VGPU);
	announce(test, host, PCI);
	KUNIT_EXPECT_FALSE(test, adapter_is_there());
	KUNIT_EXPECT_EQ(test, kernel_host_seen(host,
					       DXGK_VMBCOMMAND_OPENADAPTER), 1);
	KUNIT_EXPECT_EQ(test, kernel_host_seen(host,
					       DXGK_VMBCOMMAND_CLOSEADAPTER),
			1);
}

static void a_channel_that_comes_back_makes_a_new_adapter(struct kunit *test)
{
	static const struct kernel_host_config config = { .version = 40 };
	struct kernel_host *host = host_fixture(test, &config);
	struct dxg_adapter *old = host_fixture_adapter(test);

	KUNIT_ASSERT_EQ(test, kernel_host_withdraw(host, VGPU), 0);
	KUNIT_EXPECT_FALSE(test, dxg_adapter_active(old));
	announce(test, host, VGPU);
	KUNIT_EXPECT_PTR_NE(test, host_fixture_adapter(test), old);
	KUNIT_EXPECT_TRUE(test, dxg_adapter_stopped(old));
	KUNIT_EXPECT_TRUE(test, dxg_adapter_active(host_fixture_adapter(test)));
}

/* Ordinary removal tells the host; a withdrawn channel cannot be told. */
static void removal_of_the_function_closes_the_adapter(struct kunit *test)
{
	static const struct kernel_host_config config = { .version = 40 };
	struct kernel_host *host = host_fixture(test, &config);

	KUNIT_ASSERT_EQ(test, kernel_host_withdraw(host, PCI), 0);
	KUNIT_EXPECT_EQ(test, kernel_host_seen(host,
					       DXGK_VMBCOMMAND_CLOSEADAPTER),
			1);
	KUNIT_EXPECT_TRUE(test, dxg_global_running());
	KUNIT_EXPECT_EQ(test, dxg_adapter_count(), 0);
}

static void a_new_global_channel_is_a_new_generation(struct kunit *test)
{
	static const struct kernel_host_config config = { .version = 40 };
	struct kernel_host *host = host_fixture(test, &config);
	u64 generation = dxg_global.channel.generation;

	KUNIT_ASSERT_EQ(test, kernel_host_withdraw(host, GLOBAL), 0);
	KUNIT_EXPECT_FALSE(test, adapter_is_there());
	announce(test, host, GLOBAL);
	KUNIT_EXPECT_TRUE(test, adapter_is_there());
	KUNIT_EXPECT_EQ(test, dxg_global.channel.generation, generation + 1);
}

static struct kunit_case adapter_test_cases[] = {
	KUNIT_CASE_PARAM(the_third_announcement_starts_the_adapter,
			 order_gen_params),
	KUNIT_CASE_PARAM(losing_any_part_stops_the_adapter, order_gen_params),
	KUNIT_CASE_PARAM(the_version_is_negotiated, version_gen_params),
	KUNIT_CASE(without_io_space_nothing_starts),
	KUNIT_CASE(a_failed_start_is_tried_again),
	KUNIT_CASE(a_half_done_start_is_undone),
	KUNIT_CASE(a_channel_that_comes_back_makes_a_new_adapter),
	KUNIT_CASE(removal_of_the_function_closes_the_adapter),
	KUNIT_CASE(a_new_global_channel_is_a_new_generation),
	{ }
};

static struct kunit_suite adapter_suite = {
	.name = "dxg_adapter",
	.test_cases = adapter_test_cases,
};

kunit_test_suite(adapter_suite);
