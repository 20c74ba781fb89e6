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

/* Words of the longest message that are not all zero. */
#define WORDS_MAX	32

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

/*
 * Compare what the host captured with 32-bit words, length included.  Words
 * beyond the first 32 are zero.
 */
static void expect_words(struct kunit *test, const u32 *words, size_t count)
{
	struct golden_fixture *fix = test->priv;
	u32 *message, length;
	size_t i;

	message = kunit_kzalloc(test, KERNEL_HOST_CAPTURE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, message);
	length = kernel_host_captured(fix->host, message, KERNEL_HOST_CAPTURE);
	/* the bus rounds up to 8 bytes */
	KUNIT_EXPECT_EQ(test, length, ALIGN(count * sizeof(u32), 8));
	for (i = 0; i < count; i++)
		KUNIT_EXPECT_EQ_MSG(test, message[i],
				    i < WORDS_MAX ? words[i] : 0, "word %zu",
				    i);
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

/* Messages of ioctls --------------------------------------------------------- */

/* Objects that start_client() makes, and handles that nobody looks up. */
#define DEVICE		0x40000080
#define CONTEXT		0x400000c0
#define FENCE		0x40000100
#define QUEUE		0x40000140
#define ALLOCATION_1	0x40000a00
#define ALLOCATION_2	0x40000a40

/* Both headers of a command of the adapter. */
#define VGPU(command)							\
	0x10, 0, 0x00012345, 0, 0, 0, 0x40000040, 0, command, 0
#define VGPU_ASYNC(command)						\
	0x10, 0, 0x00012345, 0, 0, 0, 0x40000040, 0x100, command, 0

/**
 * struct golden - an ioctl and its message
 * @name: of the case
 * @command: of the message
 * @request: ioctl
 * @fill: fills the argument, outputs included
 * @async: the adapter takes asynchronous messages
 * @count: 32-bit words of the message; those beyond @words are zero
 * @words: the message
 */
struct golden {
	const char *name;
	u32 command;
	unsigned int request;
	void (*fill)(struct kunit *test, void *args);
	bool async;
	u32 count;
	u32 words[WORDS_MAX];
};

static const u32 two_allocations[] = {
	ALLOCATION_1, ALLOCATION_2, 0x28000000, 0xc8000000,
};

#define FILL(what, type)						\
static void fill_##what(struct kunit *test, void *data)			\
{									\
	struct type *args = data;

FILL(signal, d3dkmt_signalsynchronizationobjectfromgpu)
	const u64 values[] = { FENCE, 7 };

	args->context.v = CONTEXT;
	args->object_count = 1;
	args->objects = user_data(test, values, sizeof(values));
	args->monitored_fence_values = args->objects + 8;
}

FILL(wait, d3dkmt_waitforsynchronizationobjectfromgpu)
	const u64 values[] = { FENCE, 7 };

	args->context.v = CONTEXT;
	args->object_count = 1;
	args->objects = user_data(test, values, sizeof(values));
	args->monitored_fence_values = args->objects + 8;
}

FILL(makeresident, d3dddi_makeresident)
	args->paging_queue.v = QUEUE;
	args->alloc_count = 2;
	args->allocation_list = user_data(test, two_allocations, 8);
	args->flags.value = 1;
}

FILL(evict, d3dkmt_evict)
	args->device.v = DEVICE;
	args->alloc_count = 1;
	args->allocations = user_data(test, two_allocations, 4);
}

FILL(destroycontext, d3dkmt_destroycontext)
	args->context.v = CONTEXT;
}

FILL(destroysyncobject, d3dkmt_destroysynchronizationobject)
	args->sync_object.v = FENCE;
}

FILL(escape, d3dkmt_escape)
	static const u32 words[] = { 0x11111111, 0x22222222 };
	struct golden_fixture *fix = test->priv;

	args->adapter.v = fix->client.adapter;
	args->device.v = DEVICE;
	args->type = _D3DKMT_ESCAPE_VIDSCH;
	args->flags.value = 1;
	args->priv_drv_data = user_data(test, words, sizeof(words));
	args->priv_drv_data_size = sizeof(words);
	args->context.v = CONTEXT;
}

FILL(reservation, d3dkmt_changevideomemoryreservation)
	struct golden_fixture *fix = test->priv;

	args->adapter.v = fix->client.adapter;
	args->memory_segment_group = 1;
	args->reservation = 0x123456789;
	args->physical_adapter_index = 2;
}

FILL(flush, d3dkmt_flushheaptransitions)
	struct golden_fixture *fix = test->priv;

	args->adapter.v = fix->client.adapter;
}

FILL(get_priority, d3dkmt_getcontextschedulingpriority)
	args->context.v = CONTEXT;
	args->priority = 99;
}

FILL(set_priority, d3dkmt_setcontextschedulingpriority)
	args->context.v = CONTEXT;
	args->priority = -3;
}

FILL(invalidate, d3dkmt_invalidatecache)
	args->device.v = DEVICE;
	args->allocation.v = ALLOCATION_1;
	args->offset = 0x100000002;
	args->length = 0x300000004;
}

FILL(mark, d3dkmt_markdeviceaserror)
	args->device.v = DEVICE;
	args->reason = _D3DKMT_DEVICE_ERROR_REASON_DRIVER_ERROR;
}

FILL(offer, d3dkmt_offerallocations)
	args->device.v = DEVICE;
	args->reserved = 0xeeeeeeee;
	args->resources = user_data(test, two_allocations, 8);
	args->allocation_count = 2;
	args->priority = _D3DKMT_OFFER_PRIORITY_HIGH;
	args->flags.value = 3;
	args->reserved1 = 0xeeeeeeee;
}

FILL(reclaim, d3dkmt_reclaimallocations2)
	args->paging_queue.v = QUEUE;
	args->allocations = user_data(test, two_allocations, 8);
	args->allocation_count = 2;
	args->results = args->allocations + 8;
	args->paging_fence_value = 0xeeeeeeee;
}

FILL(reclaim_resource, d3dkmt_reclaimallocations2)
	args->paging_queue.v = QUEUE;
	args->resources = user_data(test, two_allocations, 4);
	args->allocation_count = 1;
}

FILL(set_priorities, d3dkmt_setallocationpriority)
	args->device.v = DEVICE;
	args->allocation_list = user_data(test, two_allocations, 16);
	args->allocation_count = 2;
	args->reserved = 0xeeeeeeee;
	args->priorities = args->allocation_list + 8;
}

FILL(set_resource_priority, d3dkmt_setallocationpriority)
	args->device.v = DEVICE;
	args->resource.v = ALLOCATION_1;
	args->priorities = user_data(test, two_allocations + 2, 4);
}

FILL(update_property, d3dddi_updateallocproperty)
	args->paging_queue.v = QUEUE;
	args->allocation.v = ALLOCATION_1;
	args->supported_segment_set = 3;
	args->preferred_segment.value = 5;
	args->flags.value = 1;
	args->paging_fence_value = 0xeeeeeeeeeeeeeeee;
	args->property_mask_value = 7;
}

FILL(clocks, d3dkmt_queryclockcalibration)
	struct golden_fixture *fix = test->priv;

	args->adapter.v = fix->client.adapter;
	args->node_ordinal = 1;
	args->physical_adapter_index = 2;
	memset(&args->clock_data, 0xee, sizeof(args->clock_data));
}

FILL(statistics, d3dkmt_querystatistics)
	args->type = _D3DKMT_QUERYSTATISTICS_SEGMENT;
	args->adapter_luid.a = KERNEL_HOST_LUID_A;
	args->adapter_luid.b = KERNEL_HOST_LUID_B;
	memset(&args->result, 0xee, sizeof(args->result));
}

static const struct golden goldens[] = {
	{ "asynchronous signal by a context", DXGK_VMBCOMMAND_SIGNALSYNCOBJECT,
	  LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU, fill_signal, true, 22,
	  { VGPU_ASYNC(26), 1, 0, 1, 0, 0, 0, 0, 0, FENCE, CONTEXT, 7 } },
	{ "asynchronous wait by a context",
	  DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMGPU,
	  LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, fill_wait, true, 17,
	  { VGPU_ASYNC(25), CONTEXT, 1, 0, 0, 7, 0, FENCE } },
	{ "MAKERESIDENT", DXGK_VMBCOMMAND_MAKERESIDENT, LX_DXMAKERESIDENT,
	  fill_makeresident, false, 17,
	  { VGPU(11), 0, QUEUE, 1, 2, ALLOCATION_1, ALLOCATION_2 } },
	{ "EVICT", DXGK_VMBCOMMAND_EVICT, LX_DXEVICT, fill_evict, false, 14,
	  { VGPU(12), DEVICE, 0, 1, ALLOCATION_1 } },
	{ "DESTROYCONTEXT", DXGK_VMBCOMMAND_DESTROYCONTEXT, LX_DXDESTROYCONTEXT,
	  fill_destroycontext, false, 12, { VGPU(7), CONTEXT } },
	{ "DESTROYSYNCOBJECT", DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
	  LX_DXDESTROYSYNCHRONIZATIONOBJECT, fill_destroysyncobject, false, 12,
	  { 0x10, 0, 0, 0, 0, 0, 0x40000040, 1, 1003, 0, FENCE } },
	{ "ESCAPE", DXGK_VMBCOMMAND_ESCAPE, LX_DXESCAPE, fill_escape, false,
	  20, { VGPU(13), KERNEL_HOST_ADAPTER, DEVICE, 3, 1, 8, CONTEXT,
		0x11111111, 0x22222222 } },
	{ "CHANGEVIDEOMEMORYRESERVATION",
	  DXGK_VMBCOMMAND_CHANGEVIDEOMEMORYRESERVATION,
	  LX_DXCHANGEVIDEOMEMORYRESERVATION, fill_reservation, false, 18,
	  { VGPU(49), 0, 0, 0, 1, 0x23456789, 1, 2 } },
	{ "FLUSHHEAPTRANSITIONS", DXGK_VMBCOMMAND_FLUSHHEAPTRANSITIONS,
	  LX_DXFLUSHHEAPTRANSITIONS, fill_flush, false, 10, { VGPU(37) } },
	{ "GETCONTEXTSCHEDULINGPRIORITY",
	  DXGK_VMBCOMMAND_GETCONTEXTSCHEDULINGPRIORITY,
	  LX_DXGETCONTEXTSCHEDULINGPRIORITY, fill_get_priority, false, 12,
	  { VGPU(61), CONTEXT, 0 } },
	{ "GETCONTEXTSCHEDULINGPRIORITY in process",
	  DXGK_VMBCOMMAND_GETCONTEXTSCHEDULINGPRIORITY,
	  LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY, fill_get_priority, false,
	  12, { VGPU(61), CONTEXT, 1 } },
	{ "SETCONTEXTSCHEDULINGPRIORITY",
	  DXGK_VMBCOMMAND_SETCONTEXTSCHEDULINGPRIORITY,
	  LX_DXSETCONTEXTSCHEDULINGPRIORITY, fill_set_priority, false, 14,
	  { VGPU(33), CONTEXT, 0xfffffffd, 0 } },
	{ "SETCONTEXTSCHEDULINGPRIORITY in process",
	  DXGK_VMBCOMMAND_SETCONTEXTSCHEDULINGPRIORITY,
	  LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY, fill_set_priority, false,
	  14, { VGPU(33), CONTEXT, 0xfffffffd, 1 } },
	{ "INVALIDATECACHE", DXGK_VMBCOMMAND_INVALIDATECACHE,
	  LX_DXINVALIDATECACHE, fill_invalidate, false, 18,
	  { VGPU(67), DEVICE, ALLOCATION_1, 2, 1, 4, 3 } },
	{ "MARKDEVICEASERROR", DXGK_VMBCOMMAND_MARKDEVICEASERROR,
	  LX_DXMARKDEVICEASERROR, fill_mark, false, 12,
	  { VGPU(29), DEVICE, 0x80000006 } },
	{ "OFFERALLOCATIONS of resources", DXGK_VMBCOMMAND_OFFERALLOCATIONS,
	  LX_DXOFFERALLOCATIONS, fill_offer, false, 17,
	  { VGPU(57), DEVICE, 2, 3, 3, 1, ALLOCATION_1, ALLOCATION_2 } },
	{ "RECLAIMALLOCATIONS with results", DXGK_VMBCOMMAND_RECLAIMALLOCATIONS,
	  LX_DXRECLAIMALLOCATIONS2, fill_reclaim, false, 17,
	  { VGPU(58), DEVICE, QUEUE, 2, 0x100, ALLOCATION_1, ALLOCATION_2 } },
	{ "RECLAIMALLOCATIONS of a resource",
	  DXGK_VMBCOMMAND_RECLAIMALLOCATIONS, LX_DXRECLAIMALLOCATIONS2,
	  fill_reclaim_resource, false, 16,
	  { VGPU(58), DEVICE, QUEUE, 1, 1, ALLOCATION_1 } },
	{ "SETALLOCATIONPRIORITY", DXGK_VMBCOMMAND_SETALLOCATIONPRIORITY,
	  LX_DXSETALLOCATIONPRIORITY, fill_set_priorities, false, 18,
	  { VGPU(59), DEVICE, 0, 2, 0, ALLOCATION_1, ALLOCATION_2, 0x28000000,
	    0xc8000000 } },
	{ "SETALLOCATIONPRIORITY of a resource",
	  DXGK_VMBCOMMAND_SETALLOCATIONPRIORITY, LX_DXSETALLOCATIONPRIORITY,
	  fill_set_resource_priority, false, 15,
	  { VGPU(59), DEVICE, ALLOCATION_1, 0, 0, 0x28000000 } },
	{ "GETALLOCATIONPRIORITY", DXGK_VMBCOMMAND_GETALLOCATIONPRIORITY,
	  LX_DXGETALLOCATIONPRIORITY, fill_set_priorities, false, 16,
	  { VGPU(60), DEVICE, 0, 2, 0, ALLOCATION_1, ALLOCATION_2 } },
	{ "UPDATEALLOCATIONPROPERTY", DXGK_VMBCOMMAND_UPDATEALLOCATIONPROPERTY,
	  LX_DXUPDATEALLOCPROPERTY, fill_update_property, false, 20,
	  { VGPU(56), QUEUE, ALLOCATION_1, 3, 5, 1, 0, 0, 0, 7 } },
	{ "QUERYCLOCKCALIBRATION", DXGK_VMBCOMMAND_QUERYCLOCKCALIBRATION,
	  LX_DXQUERYCLOCKCALIBRATION, fill_clocks, false, 20,
	  { VGPU(62), KERNEL_HOST_ADAPTER, 1, 2 } },
	{ "QUERYSTATISTICS", DXGK_VMBCOMMAND_QUERYSTATISTICS,
	  LX_DXQUERYSTATISTICS, fill_statistics, false, 212,
	  { VGPU(48), 3, 0x111 } },
};

static void golden_name(const struct golden *golden, char *text)
{
	strscpy(text, golden->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(golden, goldens, golden_name);

static void ioctl_message(struct kunit *test)
{
	struct d3dkmt_createpagingqueue queue = { .device.v = DEVICE };
	const struct golden *golden = test->param_value;
	struct golden_fixture *fix = test->priv;
	void *args;

	args = kunit_kzalloc(test, _IOC_SIZE(golden->request), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, args);
	start_client(test, golden->async);
	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATEPAGINGQUEUE, &queue),
			0L);
	KUNIT_ASSERT_EQ(test, queue.paging_queue.v, QUEUE);
	golden->fill(test, args);
	kernel_host_watch(fix->host, golden->command);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, golden->request,
						args), 0L);
	/* asynchronous ones have no answer to wait for */
	expect_arrival(test, golden->command);
	expect_words(test, golden->words, golden->count);
}

/* The caller's addresses travel along, and nothing else that is not known. */
static void queryallocationresidency(struct kunit *test)
{
	u32 words[] = {
		VGPU(41), DEVICE, 0, 0, 0, 2, 0x77777777, 0, 0,
		ALLOCATION_1, ALLOCATION_2,
	};
	struct d3dkmt_queryallocationresidency args = {
		.device.v = DEVICE,
		.allocation_count = 2,
		.reserved = 0x77777777,
	};
	struct golden_fixture *fix = test->priv;

	start_client(test, false);
	args.allocations = user_data(test, two_allocations, 8);
	args.residency_status = args.allocations + 8;
	words[12] = lower_32_bits(args.allocations);
	words[13] = upper_32_bits(args.allocations);
	words[16] = lower_32_bits(args.residency_status);
	words[17] = upper_32_bits(args.residency_status);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_QUERYALLOCATIONRESIDENCY);
	KUNIT_EXPECT_EQ(test,
			host_client_ioctl(&fix->client,
					  LX_DXQUERYALLOCATIONRESIDENCY, &args),
			0L);
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
	KUNIT_CASE_PARAM(ioctl_message, golden_gen_params),
	KUNIT_CASE(queryallocationresidency),
	KUNIT_CASE(without_extended_header_before_version_40),
	{ }
};

static struct kunit_suite golden_message_suite = {
	.name = "dxg_golden_message",
	.init = golden_test_init,
	.test_cases = golden_message_cases,
};

kunit_test_suite(golden_message_suite);
