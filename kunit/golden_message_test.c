// SPDX-License-Identifier: GPL-2.0
/*
 * Messages byte for byte, as the host gets them: the reference traces of
 * docs/protocol.md, produced by real ioctls.  The in-kernel host gives out
 * handles in the order 0x40000040 (process), 0x40000080, 0x400000c0, ...
 */
#include <kunit/test.h>
#include <linux/uaccess.h>

#include "global_channel.h"
#include "host_fixture.h"

#define WORDS_MAX	24

struct golden_fixture {
	struct kernel_host *host;
	struct host_client client;
	u32 device;
	u32 context;
	u32 fence;
};

static int golden_test_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct golden_fixture),
				   GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/* Compare what the host captured with 32-bit words, length included. */
static void expect_words(struct kunit *test, const u32 *words, size_t count)
{
	struct golden_fixture *fix = test->priv;
	u32 message[WORDS_MAX] = { };
	u32 length = kernel_host_captured(fix->host, message, sizeof(message));
	size_t i;

	/* the bus rounds up to 8 bytes */
	KUNIT_EXPECT_EQ(test, length, ALIGN(count * sizeof(u32), 8));
	for (i = 0; i < count; i++)
		KUNIT_EXPECT_EQ_MSG(test, message[i], words[i], "word %zu", i);
}

static void expect_arrival(struct kunit *test, u32 command)
{
	struct golden_fixture *fix = test->priv;

	KUNIT_EXPECT_EQ(test, kernel_host_wait_seen(fix->host, command, 1), 0);
}

static void start_host(struct kunit *test, bool async)
{
	struct kernel_host_config config = { .version = 40, .async = async };
	struct golden_fixture *fix = test->priv;

	fix->host = host_fixture(test, &config);
}

/* A client with device 0x40000080, context 0x400000c0, fence 0x40000100. */
static void start_client(struct kunit *test, bool async)
{
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_createcontextvirtual context = { };
	struct d3dkmt_createsynchronizationobject2 fence = {
		.info.type = _D3DDDI_MONITORED_FENCE,
	};

	start_host(test, async);
	host_client_init(test, &fix->client);
	fix->device = host_client_device(test, &fix->client);
	context.device.v = fix->device;
	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATECONTEXTVIRTUAL,
						&context), 0L);
	fix->context = context.context.v;
	fence.device.v = fix->device;
	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATESYNCHRONIZATIONOBJECT,
						&fence), 0L);
	fix->fence = fence.sync_object.v;
	KUNIT_ASSERT_EQ(test, fix->device, 0x40000080);
	KUNIT_ASSERT_EQ(test, fix->context, 0x400000c0);
	KUNIT_ASSERT_EQ(test, fix->fence, 0x40000100);
}

/* Put @size bytes into the client's second page; its user address. */
static u64 user_data(struct kunit *test, const void *data, size_t size)
{
	struct golden_fixture *fix = test->priv;
	unsigned long at = fix->client.user + PAGE_SIZE;

	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)at, data, size), 0UL);
	return at;
}

static void start_of_the_adapter(struct kunit *test, u32 watched)
{
	static const struct kernel_host_config config = { .version = 40 };
	struct golden_fixture *fix = test->priv;

	fix->host = host_fixture_unannounced(test, &config);
	kernel_host_watch(fix->host, watched);
	KUNIT_ASSERT_EQ(test, kernel_host_announce(fix->host,
						   KERNEL_HOST_GLOBAL), 0);
	KUNIT_ASSERT_EQ(test, kernel_host_announce(fix->host,
						   KERNEL_HOST_VGPU), 0);
	KUNIT_ASSERT_EQ(test, kernel_host_announce(fix->host,
						   KERNEL_HOST_PCI), 0);
}

static void setiospaceregion(struct kunit *test)
{
	u32 words[] = {
		0x10, 0, 0, 0,
		0, 0, 0, 1,
		1010, 0, 0, 0,
		0, 0, 0, 0,
	};

	start_of_the_adapter(test, DXGK_VMBCOMMAND_SETIOSPACEREGION);
	/* the window lies where the bus had room */
	words[10] = lower_32_bits(dxg_global.io_base);
	words[11] = upper_32_bits(dxg_global.io_base);
	words[12] = lower_32_bits(dxg_global.io_size);
	words[13] = upper_32_bits(dxg_global.io_size);
	expect_words(test, words, ARRAY_SIZE(words));
}

static void openadapter(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0, 0,
		14, 0, 40, 16,
		0, 0,
	};

	start_of_the_adapter(test, DXGK_VMBCOMMAND_OPENADAPTER);
	expect_words(test, words, ARRAY_SIZE(words));
}

static void getinternaladapterinfo(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0, 0,
		36, 0,
	};

	start_of_the_adapter(test, DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO);
	expect_words(test, words, ARRAY_SIZE(words));
}

static void createprocess(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0, 0,
		0, 0, 0, 1,
		1000, 0,
	};
	struct golden_fixture *fix = test->priv;
	u8 message[584] = { };
	const char *comm = current->comm;
	unsigned int i;
	u32 pid;

	start_host(test, false);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_CREATEPROCESS);
	host_client_init(test, &fix->client);
	KUNIT_EXPECT_EQ(test, kernel_host_captured(fix->host, message,
						   sizeof(message)), 584);
	KUNIT_EXPECT_MEMEQ(test, message, words, sizeof(words));
	memcpy(&pid, message + 48, sizeof(pid));
	KUNIT_EXPECT_EQ(test, pid, task_tgid_nr(current));
	for (i = 0; comm[i]; i++) {
		KUNIT_EXPECT_EQ(test, message[56 + 2 * i], comm[i]);
		KUNIT_EXPECT_EQ(test, message[57 + 2 * i], 0);
	}
	KUNIT_EXPECT_NULL(test, memchr_inv(message + 56 + 2 * i, 0,
					   578 - 56 - 2 * i));
	KUNIT_EXPECT_EQ(test, message[578], 8);
}

static void destroyprocess(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0, 0,
		0, 0, 0x40000040, 1,
		1001, 0,
	};
	struct golden_fixture *fix = test->priv;

	start_host(test, false);
	host_client_init(test, &fix->client);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_DESTROYPROCESS);
	host_close_device(test, fix->client.file);
	expect_words(test, words, ARRAY_SIZE(words));
}

static void asynchronous_signal_by_a_context(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0x40000040, 0x100,
		26, 0, 1, 0,
		1, 0, 0, 0,
		0, 0, 0x40000100, 0x400000c0,
		7, 0,
	};
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_signalsynchronizationobjectfromgpu args = {
		.object_count = 1,
	};
	u64 data[2];

	start_client(test, true);
	data[0] = fix->fence;
	data[1] = 7;
	args.context.v = fix->context;
	args.objects = user_data(test, data, sizeof(data));
	args.monitored_fence_values = args.objects + 8;
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_SIGNALSYNCOBJECT);
	KUNIT_EXPECT_EQ(test,
			host_client_ioctl(&fix->client,
					  LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU,
					  &args), 0L);
	/* no answer to wait for */
	expect_arrival(test, DXGK_VMBCOMMAND_SIGNALSYNCOBJECT);
	expect_words(test, words, ARRAY_SIZE(words));
}

static void asynchronous_wait_by_a_context(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0x40000040, 0x100,
		25, 0, 0x400000c0, 1,
		0, 0, 7, 0,
		0x40000100,
	};
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_waitforsynchronizationobjectfromgpu args = {
		.object_count = 1,
	};
	u64 data[2];

	start_client(test, true);
	data[0] = fix->fence;
	data[1] = 7;
	args.context.v = fix->context;
	args.objects = user_data(test, data, sizeof(data));
	args.monitored_fence_values = args.objects + 8;
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMGPU);
	KUNIT_EXPECT_EQ(test,
			host_client_ioctl(&fix->client,
					  LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU,
					  &args), 0L);
	expect_arrival(test, DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMGPU);
	expect_words(test, words, ARRAY_SIZE(words));
}

static void makeresident(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0x40000040, 0,
		11, 0, 0, 0x40000140,
		1, 2, 0x40000a00, 0x40000a40,
		0,
	};
	static const u32 allocations[] = { 0x40000a00, 0x40000a40 };
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_createpagingqueue queue = { };
	struct d3dddi_makeresident args = { .alloc_count = 2 };

	start_client(test, false);
	queue.device.v = fix->device;
	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATEPAGINGQUEUE, &queue),
			0L);
	args.paging_queue = queue.paging_queue;
	args.allocation_list = user_data(test, allocations,
					 sizeof(allocations));
	args.flags.value = 1;
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_MAKERESIDENT);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, LX_DXMAKERESIDENT,
						&args), 0L);
	expect_words(test, words, ARRAY_SIZE(words));
}

static void evict(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0x40000040, 0,
		12, 0, 0x40000080, 0,
		1, 0x40000a00,
	};
	static const u32 allocation = 0x40000a00;
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_evict args = { .alloc_count = 1 };

	start_client(test, false);
	args.device.v = fix->device;
	args.allocations = user_data(test, &allocation, sizeof(allocation));
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_EVICT);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, LX_DXEVICT,
						&args), 0L);
	expect_words(test, words, ARRAY_SIZE(words));
}

static void destroycontext(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0x40000040, 0,
		7, 0, 0x400000c0, 0,
	};
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_destroycontext args;

	start_client(test, false);
	args.context.v = fix->context;
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_DESTROYCONTEXT);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXDESTROYCONTEXT, &args),
			0L);
	expect_words(test, words, ARRAY_SIZE(words));
}

static void destroysyncobject(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0, 0,
		0, 0, 0x40000040, 1,
		1003, 0, 0x40000100, 0,
	};
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_destroysynchronizationobject args;

	start_client(test, false);
	args.sync_object.v = fix->fence;
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_DESTROYSYNCOBJECT);
	KUNIT_EXPECT_EQ(test,
			host_client_ioctl(&fix->client,
					  LX_DXDESTROYSYNCHRONIZATIONOBJECT,
					  &args), 0L);
	expect_words(test, words, ARRAY_SIZE(words));
}

static void without_extended_header_before_version_40(struct kunit *test)
{
	static const struct kernel_host_config config = { .version = 39 };
	static const u32 words[] = { 0, 0, 0x40000040, 1, 1001, 0 };
	struct golden_fixture *fix = test->priv;

	fix->host = host_fixture(test, &config);
	host_client_init(test, &fix->client);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_DESTROYPROCESS);
	host_close_device(test, fix->client.file);
	expect_words(test, words, ARRAY_SIZE(words));
}

static struct kunit_case golden_message_cases[] = {
	KUNIT_CASE(setiospaceregion),
	KUNIT_CASE(openadapter),
	KUNIT_CASE(getinternaladapterinfo),
	KUNIT_CASE(createprocess),
	KUNIT_CASE(destroyprocess),
	KUNIT_CASE(asynchronous_signal_by_a_context),
	KUNIT_CASE(asynchronous_wait_by_a_context),
	KUNIT_CASE(makeresident),
	KUNIT_CASE(evict),
	KUNIT_CASE(destroycontext),
	KUNIT_CASE(destroysyncobject),
	KUNIT_CASE(without_extended_header_before_version_40),
	{ }
};

static struct kunit_suite golden_message_suite = {
	.name = "dxg_golden_message",
	.init = golden_test_init,
	.test_cases = golden_message_cases,
};

kunit_test_suite(golden_message_suite);
