// SPDX-License-Identifier: GPL-2.0
/*
 * Messages byte for byte, as the host gets them: the reference traces of
 * docs/protocol.md, produced by real ioctls.  The in-kernel host gives out
 * handles in the order 0x40000040 (process), 0x40000080, 0x400000c0, ...
 */
#include <kunit/test.h>

#include "global_channel.h"
#include "golden_fixture.h"

/* Words of the longest message that are not all zero. */
#define WORDS_MAX	32

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
	golden_expect(test, words, ARRAY_SIZE(words));
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
	golden_expect(test, words, ARRAY_SIZE(words));
}

static void getinternaladapterinfo(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0, 0,
		36, 0,
	};

	start_of_the_adapter(test, DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO);
	golden_expect(test, words, ARRAY_SIZE(words));
}

static void closeadapter(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0, 0,
		15, 0, KERNEL_HOST_ADAPTER, 0,
	};
	struct golden_fixture *fix = test->priv;

	golden_start_host(test, 40, false);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_CLOSEADAPTER);
	KUNIT_ASSERT_EQ(test, kernel_host_withdraw(fix->host, KERNEL_HOST_PCI),
			0);
	golden_expect(test, words, ARRAY_SIZE(words));
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

	golden_start_host(test, 40, false);
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

	golden_start_host(test, 40, false);
	host_client_init(test, &fix->client);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_DESTROYPROCESS);
	host_close_device(test, fix->client.file);
	golden_expect(test, words, ARRAY_SIZE(words));
}

/* Messages of ioctls --------------------------------------------------------- */

/* Objects that golden_start_client() makes, and handles that nobody looks up. */
#define DEVICE		0x40000080
#define CONTEXT		0x400000c0
#define FENCE		0x40000100
#define QUEUE		0x40000140
#define ALLOCATION_1	0x40000a00
#define ALLOCATION_2	0x40000a40

/* The extended header and the header up to the number of the command. */
enum golden_header { VGPU, VGPU_ASYNC, GLOBAL };

#define HEADER_WORDS	8

static const u32 golden_headers[][HEADER_WORDS] = {
	[VGPU] = { 0x10, 0, 0x00012345, 0, 0, 0, 0x40000040, 0 },
	[VGPU_ASYNC] = { 0x10, 0, 0x00012345, 0, 0, 0, 0x40000040, 0x100 },
	[GLOBAL] = { 0x10, 0, 0, 0, 0, 0, 0x40000040, 1 },
};

/**
 * struct golden - an ioctl and its message
 * @name: of the case
 * @command: of the message
 * @request: ioctl
 * @fill: fills the argument, outputs included
 * @header: of the message
 * @count: 32-bit words of the whole message; those beyond @words are zero
 * @words: the message from the number of the command on
 */
struct golden {
	const char *name;
	u32 command;
	unsigned int request;
	void (*fill)(struct kunit *test, void *args);
	enum golden_header header;
	u32 count;
	u32 words[WORDS_MAX - HEADER_WORDS];
};

static const u32 two_allocations[] = {
	ALLOCATION_1, ALLOCATION_2, 0x28000000, 0xc8000000,
};

static void fill_signal(struct kunit *test, void *data)
{
	struct d3dkmt_signalsynchronizationobjectfromgpu *args = data;
	const u64 values[] = { FENCE, 7 };

	args->context.v = CONTEXT;
	args->object_count = 1;
	args->objects = golden_user_data(test, values, sizeof(values));
	args->monitored_fence_values = args->objects + 8;
}

static void fill_wait(struct kunit *test, void *data)
{
	struct d3dkmt_waitforsynchronizationobjectfromgpu *args = data;
	const u64 values[] = { FENCE, 7 };

	args->context.v = CONTEXT;
	args->object_count = 1;
	args->objects = golden_user_data(test, values, sizeof(values));
	args->monitored_fence_values = args->objects + 8;
}

static void fill_makeresident(struct kunit *test, void *data)
{
	struct d3dddi_makeresident *args = data;

	args->paging_queue.v = QUEUE;
	args->alloc_count = 2;
	args->allocation_list = golden_user_data(test, two_allocations, 8);
	args->flags.value = 1;
}

static void fill_evict(struct kunit *test, void *data)
{
	struct d3dkmt_evict *args = data;

	args->device.v = DEVICE;
	args->alloc_count = 1;
	args->allocations = golden_user_data(test, two_allocations, 4);
}

static void fill_destroycontext(struct kunit *test, void *data)
{
	struct d3dkmt_destroycontext *args = data;

	args->context.v = CONTEXT;
}

static void fill_destroysyncobject(struct kunit *test, void *data)
{
	struct d3dkmt_destroysynchronizationobject *args = data;

	args->sync_object.v = FENCE;
}

static void fill_escape(struct kunit *test, void *data)
{
	struct d3dkmt_escape *args = data;
	static const u32 words[] = { 0x11111111, 0x22222222 };
	struct golden_fixture *fix = test->priv;

	args->adapter.v = fix->client.adapter;
	args->device.v = DEVICE;
	args->type = _D3DKMT_ESCAPE_VIDSCH;
	args->flags.value = 1;
	args->priv_drv_data = golden_user_data(test, words, sizeof(words));
	args->priv_drv_data_size = sizeof(words);
	args->context.v = CONTEXT;
}

static void fill_reservation(struct kunit *test, void *data)
{
	struct d3dkmt_changevideomemoryreservation *args = data;
	struct golden_fixture *fix = test->priv;

	args->adapter.v = fix->client.adapter;
	args->memory_segment_group = 1;
	args->reservation = 0x123456789;
	args->physical_adapter_index = 2;
}

static void fill_flush(struct kunit *test, void *data)
{
	struct d3dkmt_flushheaptransitions *args = data;
	struct golden_fixture *fix = test->priv;

	args->adapter.v = fix->client.adapter;
}

static void fill_get_priority(struct kunit *test, void *data)
{
	struct d3dkmt_getcontextschedulingpriority *args = data;

	args->context.v = CONTEXT;
	args->priority = 99;
}

static void fill_set_priority(struct kunit *test, void *data)
{
	struct d3dkmt_setcontextschedulingpriority *args = data;

	args->context.v = CONTEXT;
	args->priority = -3;
}

static void fill_invalidate(struct kunit *test, void *data)
{
	struct d3dkmt_invalidatecache *args = data;

	args->device.v = DEVICE;
	args->allocation.v = ALLOCATION_1;
	args->offset = 0x100000002;
	args->length = 0x300000004;
}

static void fill_mark(struct kunit *test, void *data)
{
	struct d3dkmt_markdeviceaserror *args = data;

	args->device.v = DEVICE;
	args->reason = _D3DKMT_DEVICE_ERROR_REASON_DRIVER_ERROR;
}

static void fill_offer(struct kunit *test, void *data)
{
	struct d3dkmt_offerallocations *args = data;

	args->device.v = DEVICE;
	args->reserved = 0xeeeeeeee;
	args->resources = golden_user_data(test, two_allocations, 8);
	args->allocation_count = 2;
	args->priority = _D3DKMT_OFFER_PRIORITY_HIGH;
	args->flags.value = 3;
	args->reserved1 = 0xeeeeeeee;
}

static void fill_reclaim(struct kunit *test, void *data)
{
	struct d3dkmt_reclaimallocations2 *args = data;

	args->paging_queue.v = QUEUE;
	args->allocations = golden_user_data(test, two_allocations, 8);
	args->allocation_count = 2;
	args->results = args->allocations + 8;
	args->paging_fence_value = 0xeeeeeeee;
}

static void fill_reclaim_resource(struct kunit *test, void *data)
{
	struct d3dkmt_reclaimallocations2 *args = data;

	args->paging_queue.v = QUEUE;
	args->resources = golden_user_data(test, two_allocations, 4);
	args->allocation_count = 1;
}

static void fill_set_priorities(struct kunit *test, void *data)
{
	struct d3dkmt_setallocationpriority *args = data;

	args->device.v = DEVICE;
	args->allocation_list = golden_user_data(test, two_allocations, 16);
	args->allocation_count = 2;
	args->reserved = 0xeeeeeeee;
	args->priorities = args->allocation_list + 8;
}

static void fill_set_resource_priority(struct kunit *test, void *data)
{
	struct d3dkmt_setallocationpriority *args = data;

	args->device.v = DEVICE;
	args->resource.v = ALLOCATION_1;
	args->priorities = golden_user_data(test, two_allocations + 2, 4);
}

static void fill_update_property(struct kunit *test, void *data)
{
	struct d3dddi_updateallocproperty *args = data;

	args->paging_queue.v = QUEUE;
	args->allocation.v = ALLOCATION_1;
	args->supported_segment_set = 3;
	args->preferred_segment.value = 5;
	args->flags.value = 1;
	args->paging_fence_value = 0xeeeeeeeeeeeeeeee;
	args->property_mask_value = 7;
}

static void fill_clocks(struct kunit *test, void *data)
{
	struct d3dkmt_queryclockcalibration *args = data;
	struct golden_fixture *fix = test->priv;

	args->adapter.v = fix->client.adapter;
	args->node_ordinal = 1;
	args->physical_adapter_index = 2;
	memset(&args->clock_data, 0xee, sizeof(args->clock_data));
}

static void fill_statistics(struct kunit *test, void *data)
{
	struct d3dkmt_querystatistics *args = data;

	args->type = _D3DKMT_QUERYSTATISTICS_SEGMENT;
	args->adapter_luid.a = KERNEL_HOST_LUID_A;
	args->adapter_luid.b = KERNEL_HOST_LUID_B;
	memset(&args->result, 0xee, sizeof(args->result));
}

static const struct golden goldens[] = {
	{ "asynchronous signal by a context", DXGK_VMBCOMMAND_SIGNALSYNCOBJECT,
	  LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU, fill_signal, VGPU_ASYNC, 22,
	  { 26, 0, 1, 0, 1, 0, 0, 0, 0, 0, FENCE, CONTEXT, 7 } },
	{ "asynchronous wait by a context",
	  DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMGPU,
	  LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, fill_wait, VGPU_ASYNC, 17,
	  { 25, 0, CONTEXT, 1, 0, 0, 7, 0, FENCE } },
	{ "MAKERESIDENT", DXGK_VMBCOMMAND_MAKERESIDENT, LX_DXMAKERESIDENT,
	  fill_makeresident, VGPU, 17,
	  { 11, 0, 0, QUEUE, 1, 2, ALLOCATION_1, ALLOCATION_2 } },
	{ "EVICT", DXGK_VMBCOMMAND_EVICT, LX_DXEVICT, fill_evict, VGPU, 14,
	  { 12, 0, DEVICE, 0, 1, ALLOCATION_1 } },
	{ "DESTROYCONTEXT", DXGK_VMBCOMMAND_DESTROYCONTEXT, LX_DXDESTROYCONTEXT,
	  fill_destroycontext, VGPU, 12, { 7, 0, CONTEXT } },
	{ "DESTROYSYNCOBJECT", DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
	  LX_DXDESTROYSYNCHRONIZATIONOBJECT, fill_destroysyncobject, GLOBAL, 12,
	  { 1003, 0, FENCE } },
	{ "ESCAPE", DXGK_VMBCOMMAND_ESCAPE, LX_DXESCAPE, fill_escape, VGPU,
	  20, { 13, 0, KERNEL_HOST_ADAPTER, DEVICE, 3, 1, 8, CONTEXT,
		0x11111111, 0x22222222 } },
	{ "CHANGEVIDEOMEMORYRESERVATION",
	  DXGK_VMBCOMMAND_CHANGEVIDEOMEMORYRESERVATION,
	  LX_DXCHANGEVIDEOMEMORYRESERVATION, fill_reservation, VGPU, 18,
	  { 49, 0, 0, 0, 0, 1, 0x23456789, 1, 2 } },
	{ "FLUSHHEAPTRANSITIONS", DXGK_VMBCOMMAND_FLUSHHEAPTRANSITIONS,
	  LX_DXFLUSHHEAPTRANSITIONS, fill_flush, VGPU, 10, { 37, 0 } },
	{ "GETCONTEXTSCHEDULINGPRIORITY",
	  DXGK_VMBCOMMAND_GETCONTEXTSCHEDULINGPRIORITY,
	  LX_DXGETCONTEXTSCHEDULINGPRIORITY, fill_get_priority, VGPU, 12,
	  { 61, 0, CONTEXT, 0 } },
	{ "GETCONTEXTSCHEDULINGPRIORITY in process",
	  DXGK_VMBCOMMAND_GETCONTEXTSCHEDULINGPRIORITY,
	  LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY, fill_get_priority, VGPU,
	  12, { 61, 0, CONTEXT, 1 } },
	{ "SETCONTEXTSCHEDULINGPRIORITY",
	  DXGK_VMBCOMMAND_SETCONTEXTSCHEDULINGPRIORITY,
	  LX_DXSETCONTEXTSCHEDULINGPRIORITY, fill_set_priority, VGPU, 14,
	  { 33, 0, CONTEXT, 0xfffffffd, 0 } },
	{ "SETCONTEXTSCHEDULINGPRIORITY in process",
	  DXGK_VMBCOMMAND_SETCONTEXTSCHEDULINGPRIORITY,
	  LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY, fill_set_priority, VGPU,
	  14, { 33, 0, CONTEXT, 0xfffffffd, 1 } },
	{ "INVALIDATECACHE", DXGK_VMBCOMMAND_INVALIDATECACHE,
	  LX_DXINVALIDATECACHE, fill_invalidate, VGPU, 18,
	  { 67, 0, DEVICE, ALLOCATION_1, 2, 1, 4, 3 } },
	{ "MARKDEVICEASERROR", DXGK_VMBCOMMAND_MARKDEVICEASERROR,
	  LX_DXMARKDEVICEASERROR, fill_mark, VGPU, 12,
	  { 29, 0, DEVICE, 0x80000006 } },
	{ "OFFERALLOCATIONS of resources", DXGK_VMBCOMMAND_OFFERALLOCATIONS,
	  LX_DXOFFERALLOCATIONS, fill_offer, VGPU, 17,
	  { 57, 0, DEVICE, 2, 3, 3, 1, ALLOCATION_1, ALLOCATION_2 } },
	{ "RECLAIMALLOCATIONS with results", DXGK_VMBCOMMAND_RECLAIMALLOCATIONS,
	  LX_DXRECLAIMALLOCATIONS2, fill_reclaim, VGPU, 17,
	  { 58, 0, DEVICE, QUEUE, 2, 0x100, ALLOCATION_1, ALLOCATION_2 } },
	{ "RECLAIMALLOCATIONS of a resource",
	  DXGK_VMBCOMMAND_RECLAIMALLOCATIONS, LX_DXRECLAIMALLOCATIONS2,
	  fill_reclaim_resource, VGPU, 16,
	  { 58, 0, DEVICE, QUEUE, 1, 1, ALLOCATION_1 } },
	{ "SETALLOCATIONPRIORITY", DXGK_VMBCOMMAND_SETALLOCATIONPRIORITY,
	  LX_DXSETALLOCATIONPRIORITY, fill_set_priorities, VGPU, 18,
	  { 59, 0, DEVICE, 0, 2, 0, ALLOCATION_1, ALLOCATION_2, 0x28000000,
	    0xc8000000 } },
	{ "SETALLOCATIONPRIORITY of a resource",
	  DXGK_VMBCOMMAND_SETALLOCATIONPRIORITY, LX_DXSETALLOCATIONPRIORITY,
	  fill_set_resource_priority, VGPU, 15,
	  { 59, 0, DEVICE, ALLOCATION_1, 0, 0, 0x28000000 } },
	{ "GETALLOCATIONPRIORITY", DXGK_VMBCOMMAND_GETALLOCATIONPRIORITY,
	  LX_DXGETALLOCATIONPRIORITY, fill_set_priorities, VGPU, 16,
	  { 60, 0, DEVICE, 0, 2, 0, ALLOCATION_1, ALLOCATION_2 } },
	{ "UPDATEALLOCATIONPROPERTY", DXGK_VMBCOMMAND_UPDATEALLOCATIONPROPERTY,
	  LX_DXUPDATEALLOCPROPERTY, fill_update_property, VGPU, 20,
	  { 56, 0, QUEUE, ALLOCATION_1, 3, 5, 1, 0, 0, 0, 7 } },
	{ "QUERYCLOCKCALIBRATION", DXGK_VMBCOMMAND_QUERYCLOCKCALIBRATION,
	  LX_DXQUERYCLOCKCALIBRATION, fill_clocks, VGPU, 20,
	  { 62, 0, KERNEL_HOST_ADAPTER, 1, 2 } },
	{ "QUERYSTATISTICS", DXGK_VMBCOMMAND_QUERYSTATISTICS,
	  LX_DXQUERYSTATISTICS, fill_statistics, VGPU, 212,
	  { 48, 0, 3, 0x111 } },
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
	u32 words[WORDS_MAX];
	void *args;

	args = kunit_kzalloc(test, _IOC_SIZE(golden->request), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, args);
	golden_start_client(test, 40, golden->header == VGPU_ASYNC);
	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATEPAGINGQUEUE, &queue),
			0L);
	KUNIT_ASSERT_EQ(test, queue.paging_queue.v, QUEUE);
	golden->fill(test, args);
	kernel_host_watch(fix->host, golden->command);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, golden->request,
						args), 0L);
	/* asynchronous ones have no answer to wait for */
	golden_expect_arrival(test, golden->command);
	memcpy(words, golden_headers[golden->header], sizeof(*golden_headers));
	memcpy(words + HEADER_WORDS, golden->words, sizeof(golden->words));
	golden_expect_padded(test, words, WORDS_MAX, golden->count);
}

/* The caller's addresses travel along, and nothing else that is not known. */
static void queryallocationresidency(struct kunit *test)
{
	u32 words[] = {
		0x10, 0, 0x00012345, 0, 0, 0, 0x40000040, 0,
		41, 0, DEVICE, 0, 0, 0, 2, 0x77777777, 0, 0,
		ALLOCATION_1, ALLOCATION_2,
	};
	struct d3dkmt_queryallocationresidency args = {
		.device.v = DEVICE,
		.allocation_count = 2,
		.reserved = 0x77777777,
	};
	struct golden_fixture *fix = test->priv;

	golden_start_client(test, 40, false);
	args.allocations = golden_user_data(test, two_allocations, 8);
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
	golden_expect(test, words, ARRAY_SIZE(words));
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
	golden_expect(test, words, ARRAY_SIZE(words));
}

static struct kunit_case golden_message_cases[] = {
	KUNIT_CASE(setiospaceregion),
	KUNIT_CASE(openadapter),
	KUNIT_CASE(getinternaladapterinfo),
	KUNIT_CASE(closeadapter),
	KUNIT_CASE(createprocess),
	KUNIT_CASE(destroyprocess),
	KUNIT_CASE_PARAM(ioctl_message, golden_gen_params),
	KUNIT_CASE(queryallocationresidency),
	KUNIT_CASE(without_extended_header_before_version_40),
	{ }
};

static struct kunit_suite golden_message_suite = {
	.name = "dxg_golden_message",
	.init = golden_fixture_init,
	.test_cases = golden_message_cases,
};

kunit_test_suite(golden_message_suite);
