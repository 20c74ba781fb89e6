// SPDX-License-Identifier: GPL-2.0
/*
 * Hosts that announce nonsense: configuration areas that mean nothing, devices
 * twice, channels that do not open, questions without an answer.  Nothing is
 * left behind, and a good adapter works afterwards; and the ways of a machine
 * to go down.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/hyperv.h>
#include <linux/pci.h>

#include "global_channel.h"
#include "host_fixture.h"
#include "module.h"
#include "vgpu.h"

#define PCI	KERNEL_HOST_PCI
#define VGPU	KERNEL_HOST_VGPU
#define GLOBAL	KERNEL_HOST_GLOBAL

#define ONES	0xffffffffU

static const guid_t vgpu_type = { .b = HV_GPUP_DXGK_VGPU_GUID_BYTES };
static const guid_t global_type = { .b = HV_GPUP_DXGK_GLOBAL_GUID_BYTES };

static const struct kernel_host_config version_40 = { .version = 40 };

/* The good adapter, as the fixture announces it. */
static const u32 good_area[KERNEL_HOST_PCI_WORDS] = {
	KERNEL_HOST_LUID_A, 0, 0, 0, 40, KERNEL_HOST_LUID_A, 0, 0,
};

static bool works(u32 luid_a)
{
	struct winluid luid = { luid_a, 0 };
	struct dxg_adapter *adapter;

	flush_workqueue(dxg_workqueue);
	adapter = dxg_adapter_find(luid);
	if (adapter)
		dxg_adapter_put(adapter);
	return adapter;
}

/* A start that failed is tried again after a second. */
static bool works_at_last(u32 luid_a)
{
	unsigned int tries;

	for (tries = 0; tries < 500; tries++) {
		if (works(luid_a))
			return true;
		msleep(20);
	}
	return false;
}

static void expect_good_adapter(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, works(KERNEL_HOST_LUID_A));
	KUNIT_EXPECT_EQ(test, dxg_adapter_count(), 1);
}

static void announce(struct kunit *test, struct kernel_host *host,
		     enum kernel_host_part part)
{
	KUNIT_ASSERT_EQ(test, kernel_host_announce(host, part), 0);
}

struct area_case {
	const char *name;
	u32 words[KERNEL_HOST_PCI_WORDS];
};

static const struct area_case area_cases[] = {
	{ "all ones", { ONES, ONES, ONES, ONES, ONES, ONES, ONES, ONES } },
	{ "all zero", { 0 } },
	{ "no GUID", { 0, 0, 0, 0, 40, 1, 0, 0 } },
	{ "no LUID in the GUID", { 0, 0, 0x12345678, 1, 40, 1, 0, 0 } },
	{ "a GUID of ones", { ONES, ONES, ONES, ONES, 40, 1, 0, 0 } },
	{ "a version of ones", { 5, 0, 0, 0, ONES, 1, 0, 0 } },
};

KUNIT_ARRAY_PARAM_DESC(area, area_cases, name);

static void a_meaningless_function_is_refused(struct kunit *test)
{
	const struct area_case *c = test->param_value;
	struct kernel_host *host = host_fixture_unannounced(test, &version_40);
	u32 fn;

	KUNIT_ASSERT_EQ(test, kernel_host_plug(host, c->words, &fn), 0);
	KUNIT_EXPECT_EQ(test, dxg_adapter_count(), 0);
	announce(test, host, GLOBAL);
	announce(test, host, VGPU);
	announce(test, host, PCI);
	expect_good_adapter(test);
	KUNIT_EXPECT_EQ(test, kernel_host_unplug(host, fn), 0);
	expect_good_adapter(test);
}

static void a_second_function_of_the_same_name_is_refused(struct kunit *test)
{
	struct kernel_host *host = host_fixture(test, &version_40);
	struct dxg_adapter *adapter = host_fixture_adapter(test);
	u32 fn;

	KUNIT_ASSERT_EQ(test, kernel_host_plug(host, good_area, &fn), 0);
	KUNIT_EXPECT_EQ(test, kernel_host_seen(host,
					       DXGK_VMBCOMMAND_OPENADAPTER), 1);
	expect_good_adapter(test);
	KUNIT_EXPECT_EQ(test, kernel_host_unplug(host, fn), 0);
	KUNIT_EXPECT_TRUE(test, dxg_adapter_active(adapter));
}

static void a_second_global_channel_is_refused(struct kunit *test)
{
	static const u8 instance[16] = { 0x99 };
	struct kernel_host *host = host_fixture(test, &version_40);
	u64 generation = dxg_global.channel.generation;
	u32 relid;

	KUNIT_ASSERT_EQ(test, kernel_host_offer(host, &global_type, instance, 4,
						&relid), 0);
	KUNIT_ASSERT_EQ(test, kernel_host_settle(host), 0);
	KUNIT_EXPECT_EQ(test, mock_host_rescind(host->mock, relid,
						MOCK_VMBUS_RESCIND_WAIT), 0);
	expect_good_adapter(test);
	KUNIT_EXPECT_EQ(test, dxg_global.channel.generation, generation);
}

/* Faults of the bus while everything is announced, and another try. */
struct fault_case {
	const char *name;
	u32 site;
	u64 value;
	u32 skip;
};

static const struct fault_case fault_cases[] = {
	{ "the global channel does not open", MOCK_VMBUS_SITE_OPEN, 12, 0 },
	{ "the adapter's channel does not open", MOCK_VMBUS_SITE_OPEN, 12, 1 },
	{ "the global channel's ring is refused", MOCK_VMBUS_SITE_GPADL, 12,
	  0 },
	{ "the adapter's ring is refused", MOCK_VMBUS_SITE_GPADL, 12, 1 },
	{ "no room for the I/O space", MOCK_VMBUS_SITE_MMIO, 0, 0 },
	{ "the first message is not sent", MOCK_VMBUS_SITE_SEND, 19, 0 },
	{ "the second message is not sent", MOCK_VMBUS_SITE_SEND, 19, 1 },
	{ "the third message is not sent", MOCK_VMBUS_SITE_SEND, 19, 2 },
};

KUNIT_ARRAY_PARAM_DESC(fault, fault_cases, name);

static void a_start_that_fails_on_the_bus_is_tried_again(struct kunit *test)
{
	const struct fault_case *c = test->param_value;
	struct kernel_host *host = host_fixture_unannounced(test, &version_40);
	const struct mock_vmbus_fault fault = {
		.site = c->site,
		.value = c->value,
		.skip = c->skip,
		.count = 1,
	};

	KUNIT_ASSERT_EQ(test, mock_host_fault(host->mock, &fault), 0);
	announce(test, host, GLOBAL);
	announce(test, host, VGPU);
	announce(test, host, PCI);
	dxg_retry_start();
	expect_good_adapter(test);
}

/* Answers to these make an adapter, or not. */
struct answer_case {
	const char *name;
	u32 command;
	enum kernel_host_action action;
	u32 value;
};

static const struct answer_case answer_cases[] = {
	{ "SETIOSPACEREGION is refused", DXGK_VMBCOMMAND_SETIOSPACEREGION,
	  KERNEL_HOST_STATUS, 0xc0000022 },
	{ "SETIOSPACEREGION is answered short",
	  DXGK_VMBCOMMAND_SETIOSPACEREGION, KERNEL_HOST_SHORT, 0 },
	{ "SETIOSPACEREGION is not answered", DXGK_VMBCOMMAND_SETIOSPACEREGION,
	  KERNEL_HOST_DROP, 0 },
	{ "OPENADAPTER is refused", DXGK_VMBCOMMAND_OPENADAPTER,
	  KERNEL_HOST_STATUS, 0xc0000022 },
	{ "OPENADAPTER is answered short", DXGK_VMBCOMMAND_OPENADAPTER,
	  KERNEL_HOST_SHORT, 8 },
	{ "OPENADAPTER is not answered", DXGK_VMBCOMMAND_OPENADAPTER,
	  KERNEL_HOST_DROP, 0 },
	{ "GETINTERNALADAPTERINFO is cut by 8 bytes",
	  DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO, KERNEL_HOST_SHORT, 704 },
	{ "GETINTERNALADAPTERINFO is not answered",
	  DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO, KERNEL_HOST_DROP, 0 },
};

KUNIT_ARRAY_PARAM_DESC(answer, answer_cases, name);

static void a_start_without_good_answers_blocks_nobody(struct kunit *test)
{
	const struct answer_case *c = test->param_value;
	struct kernel_host *host = host_fixture_unannounced(test, &version_40);
	static const u32 other_area[KERNEL_HOST_PCI_WORDS] = {
		0x777, 0, 0, 0, 40, 0x777, 0, 0,
	};
	static const u8 other_instance[16] = { 0x77, 0x07 };
	u32 fn, relid;

	kernel_host_rule(host, c->command, c->action, c->value);
	announce(test, host, GLOBAL);
	announce(test, host, VGPU);
	announce(test, host, PCI);
	KUNIT_EXPECT_FALSE(test, works(KERNEL_HOST_LUID_A));
	kernel_host_rule(host, c->command, KERNEL_HOST_ANSWER, 0);
	KUNIT_ASSERT_EQ(test, kernel_host_offer(host, &vgpu_type,
						other_instance, 0, &relid), 0);
	KUNIT_ASSERT_EQ(test, kernel_host_plug(host, other_area, &fn), 0);
	KUNIT_EXPECT_TRUE(test, works_at_last(0x777));
	/* the other one's arrival was an occasion for the first one, too */
	KUNIT_EXPECT_TRUE(test, works_at_last(KERNEL_HOST_LUID_A));
}

static void put_pci(void *pdev)
{
	pci_dev_put(pdev);
}

static struct pci_dev *find_function(struct kunit *test)
{
	struct pci_dev *pdev = pci_get_device(PCI_VENDOR_ID_MICROSOFT,
					      PCI_DEVICE_ID_VIRTUAL_RENDER,
					      NULL);

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, put_pci, pdev),
			0);
	return pdev;
}

/* P57: after kexec the host must not write to the memory of the next kernel. */
static void shutdown_closes_the_adapter_for_good(struct kunit *test)
{
	struct kernel_host *host = host_fixture(test, &version_40);
	struct dxg_adapter *adapter = host_fixture_adapter(test);
	struct pci_dev *pdev = find_function(test);

	pdev->driver->shutdown(pdev);
	KUNIT_EXPECT_EQ(test, kernel_host_seen(host,
					       DXGK_VMBCOMMAND_CLOSEADAPTER),
			1);
	KUNIT_EXPECT_TRUE(test, dxg_adapter_stopped(adapter));
	KUNIT_ASSERT_EQ(test, kernel_host_withdraw(host, VGPU), 0);
	announce(test, host, VGPU);
	KUNIT_EXPECT_FALSE(test, works(KERNEL_HOST_LUID_A));
	/* shutdown was cancelled by taking the function out: a new life */
	KUNIT_ASSERT_EQ(test, kernel_host_withdraw(host, PCI), 0);
	announce(test, host, PCI);
	expect_good_adapter(test);
}

/* P57: hibernation is refused, and nothing has happened. */
static void hibernation_is_refused(struct kunit *test)
{
	struct kernel_host *host = host_fixture(test, &version_40);
	const u32 relids[] = { host->global, host->vgpu };
	struct mock_channel *channel;
	struct hv_driver *driver;
	struct hv_device *hdev;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(relids); i++) {
		channel = mock_host_channel(host->mock, relids[i]);
		KUNIT_ASSERT_NOT_NULL(test, channel);
		hdev = mock_channel_vmbus(channel)->device_obj;
		driver = container_of(hdev->device.driver, struct hv_driver,
				      driver);
		KUNIT_EXPECT_EQ(test, driver->suspend(hdev), -EOPNOTSUPP);
		mock_channel_put(channel);
	}
	expect_good_adapter(test);
}

static struct kunit_case hostile_host_test_cases[] = {
	KUNIT_CASE_PARAM(a_meaningless_function_is_refused, area_gen_params),
	KUNIT_CASE(a_second_function_of_the_same_name_is_refused),
	KUNIT_CASE(a_second_global_channel_is_refused),
	KUNIT_CASE_PARAM(a_start_that_fails_on_the_bus_is_tried_again,
			 fault_gen_params),
	KUNIT_CASE_PARAM(a_start_without_good_answers_blocks_nobody,
			 answer_gen_params),
	KUNIT_CASE(shutdown_closes_the_adapter_for_good),
	KUNIT_CASE(hibernation_is_refused),
	{ }
};

static struct kunit_suite hostile_host_suite = {
	.name = "dxg_hostile_host",
	.test_cases = hostile_host_test_cases,
};

kunit_test_suite(hostile_host_suite);
