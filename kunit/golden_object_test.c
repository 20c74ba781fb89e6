// SPDX-License-Identifier: GPL-2.0
/*
 * Messages about devices, contexts, queues, memory and work, byte for byte.
 *
 * Arguments and messages are written as words, so that what is compared is the
 * protocol and not our own structs.  Output fields of the arguments are full of
 * 0xee, which must not travel.  See golden_fixture.c for the first handles.
 */
#include <kunit/test.h>
#include <linux/fdtable.h>
#include <linux/uaccess.h>

#include "golden_fixture.h"

#define DEVICE		0x40000080
#define CONTEXT		0x400000c0
#define FENCE		0x40000100
#define QUEUE		0x40000140
#define HWQUEUE		0x400001c0
#define ALLOCATION	0x40000240
#define OTHER		0x40000a00
#define OTHER_2		0x40000a40
#define JUNK		0xeeeeeeee

/* Words that stand for what is known only later. */
#define ADAPTER		0xada00000
#define USER(at)	(0x05e70000 | (at)), 0
#define IS_USER(word)	((word) >> 16 == 0x05e7)

/* What USER() points to. */
#define HANDLES		0
#define OBJECTS		8
#define CONTEXTS	12
#define QUEUES		20
#define OWN		28
#define VALUES		32
#define PRIVATE		40
#define INFO		48
#define OPERATION	144

static const u32 user_words[] = {
	OTHER, OTHER_2, FENCE, CONTEXT, OTHER, HWQUEUE, OTHER, ALLOCATION,
	/* VALUES, PRIVATE */
	7, 0, 0x11111111, 0x22222222,
	/* INFO: 8 bytes of private data, source 5, override priority */
	JUNK, 0, 0, 0, USER(PRIVATE), 8, 5, 4, 0, JUNK, JUNK, JUNK, JUNK,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/* OPERATION: map */
	0, 0, 0x1000, 0, 0x2000, 0, OTHER, 0, 0x3000, 0, 0x4000, 0, 0, 0, 0, 0,
};

#define ARGS_MAX	116
#define WORDS_MAX	104
#define HEADER_WORDS	8

/**
 * struct object_message - an ioctl and its message
 * @name: of the command
 * @command: its number
 * @request: ioctl
 * @no_process: the header names no process
 * @count: 32-bit words of the whole message; those beyond @words are zero
 * @args: argument of the ioctl
 * @words: the message from the number of the command on
 */
struct object_message {
	const char *name;
	u32 command;
	unsigned int request;
	bool no_process;
	u32 count;
	u32 args[ARGS_MAX];
	u32 words[WORDS_MAX];
};

#define MESSAGE(command, request) \
	#command, DXGK_VMBCOMMAND_##command, request

static const struct object_message messages[] = {
	{ MESSAGE(CREATEDEVICE, LX_DXCREATEDEVICE), false, 14,
	  { ADAPTER, 0, 4, JUNK },
	  { 0, 0, 4, 0, 0x74617465, 0x64786773 } },
	{ MESSAGE(CREATECONTEXTVIRTUAL, LX_DXCREATECONTEXTVIRTUAL), false, 20,
	  { DEVICE, 1, 2, 0x10, USER(PRIVATE), 8, 3, JUNK },
	  { 6, 0, 0, DEVICE, 1, 2, 0x10, 3, 8, 0x11111111, 0x22222222 } },
	/* the caller's old resource does not travel with a new one */
	{ MESSAGE(CREATEALLOCATION, LX_DXCREATEALLOCATION), false, 29,
	  { DEVICE, JUNK, JUNK, 0, USER(PRIVATE), 8, 0, USER(VALUES), 8, 1,
	    USER(INFO), 1, 0, 0x44444444, 0x55555555 },
	  { 4, 0, DEVICE, 0, 8, 8, 1, 1, 0x44444444, 0x55555555, 0, 0, 4, 8, 5,
	    0x11111111, 0x22222222, 7, 0, 0x11111111, 0x22222222 } },
	{ MESSAGE(CREATEPAGINGQUEUE, LX_DXCREATEPAGINGQUEUE), false, 18,
	  { DEVICE, 0xffffffff, JUNK, JUNK, JUNK, JUNK, 1 },
	  { 9, 0, DEVICE, 0xffffffff, 0, 0, 0, 0, 1 } },
	{ MESSAGE(RESERVEGPUVIRTUALADDRESS, LX_DXRESERVEGPUVIRTUALADDRESS),
	  false, 28,
	  { ADAPTER, 0, 0, 0, 0x1000, 0, 0, 1, 0x2000, 0, 1, 0, 5, 0, JUNK,
	    JUNK, JUNK, JUNK },
	  { 18, 0, KERNEL_HOST_ADAPTER, 0, 0, 0, 0x1000, 0, 0, 1, 0x2000, 0, 1,
	    0, 5 } },
	{ "RESERVEGPUVIRTUALADDRESS by queue",
	  DXGK_VMBCOMMAND_RESERVEGPUVIRTUALADDRESS,
	  LX_DXRESERVEGPUVIRTUALADDRESS, false, 28,
	  { QUEUE, 0, 0, 0, 0x1000, 0, 0, 1, 0x2000 },
	  { 18, 0, QUEUE, 0, 0, 0, 0x1000, 0, 0, 1, 0x2000 } },
	{ MESSAGE(QUERYADAPTERINFO, LX_DXQUERYADAPTERINFO), false, 16,
	  { ADAPTER, 99, USER(PRIVATE), 8 },
	  { 2, 0, 99, 8, 0x11111111, 0x22222222 } },
	{ "QUERYVIDEOMEMORYINFO", dxgk_vmbcommand_queryvideomemoryinfo,
	  LX_DXQUERYVIDEOMEMORYINFO, false, 14,
	  { 0, 0, ADAPTER, 1, JUNK, JUNK, JUNK, JUNK, JUNK, JUNK, JUNK, JUNK,
	    2 },
	  { 21, 0, KERNEL_HOST_ADAPTER, 1, 2 } },
	{ MESSAGE(MAPGPUVIRTUALADDRESS, LX_DXMAPGPUVIRTUALADDRESS), false, 38,
	  { QUEUE, 0, 0, 0, 0x1000, 0, 0, 1, OTHER, 0, 2, 0, 3, 0, 1, 0, 9, 0,
	    0x66, 0, 0x77, 0, JUNK, JUNK, JUNK, JUNK },
	  { 17, 0, QUEUE, 0, 0, 0, 0x1000, 0, 0, 1, OTHER, 0, 2, 0, 3, 0, 1, 0,
	    9, 0, 0x66, 0, 0x77 } },
	{ MESSAGE(GETDEVICESTATE, LX_DXGETDEVICESTATE), false, 24,
	  { DEVICE, 5 },
	  { 28, 0, DEVICE, 5 } },
	/* the caller's addresses travel, too */
	{ MESSAGE(SUBMITCOMMAND, LX_DXSUBMITCOMMAND), false, 110,
	  { 0x1000, 0, 64, 1, 0x33333333, 0, 1, CONTEXT, [72] = USER(PRIVATE),
	    8, 1, OTHER, [92] = 2, 0, USER(HANDLES) },
	  { 20, 0, 0x1000, 0, 64, 1, 0x33333333, 0, 1, CONTEXT,
	    [74] = USER(PRIVATE), 8, 1, OTHER, [94] = 2, 0, USER(HANDLES),
	    OTHER, OTHER_2, 0x11111111, 0x22222222 } },
	{ MESSAGE(CREATESYNCOBJECT, LX_DXCREATESYNCHRONIZATIONOBJECT), false,
	  36, { DEVICE, 0, 5, 0, 9, 0, JUNK, JUNK, JUNK, JUNK, 1, [20] = JUNK,
		[22] = JUNK },
	  { 8, 0, DEVICE, 0, 5, 0, 9, 0, 0, 0, 0, 0, 1, [26] = 1 } },
	{ "SIGNALSYNCOBJECT, legacy", DXGK_VMBCOMMAND_SIGNALSYNCOBJECT,
	  LX_DXSIGNALSYNCHRONIZATIONOBJECT, false, 21,
	  { CONTEXT, 1, FENCE, OTHER_2, [34] = 1, 1, OTHER, OTHER_2,
	    [100] = 9 },
	  { 26, 0, 1, 1, 2, 0, 9, 0, 0, 0, FENCE, CONTEXT, OTHER } },
	{ "WAITFORSYNCOBJECTFROMGPU, legacy",
	  DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMGPU,
	  LX_DXWAITFORSYNCHRONIZATIONOBJECT, false, 17,
	  { CONTEXT, 1, FENCE, OTHER_2, [34] = 5 },
	  { 25, 0, CONTEXT, 1, 1, 0, 5, 0, FENCE } },
	{ MESSAGE(DESTROYALLOCATION, LX_DXDESTROYALLOCATION2), false, 17,
	  { DEVICE, 0, USER(OWN), 1, 1 },
	  { 5, 0, DEVICE, 0, 1, 1, ALLOCATION } },
	{ MESSAGE(CREATEHWQUEUE, LX_DXCREATEHWQUEUE), false, 24,
	  { CONTEXT, 1, 8, 0, USER(PRIVATE), JUNK, JUNK, JUNK, JUNK, JUNK,
	    JUNK },
	  { 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, CONTEXT, 1, 8, 0x11111111,
	    0x22222222 } },
	{ MESSAGE(DESTROYDEVICE, LX_DXDESTROYDEVICE), false, 12, { DEVICE },
	  { 1, 0, DEVICE } },
	{ MESSAGE(DESTROYHWQUEUE, LX_DXDESTROYHWQUEUE), false, 12, { HWQUEUE },
	  { 51, 0, HWQUEUE } },
	{ MESSAGE(DESTROYPAGINGQUEUE, LX_DXDESTROYPAGINGQUEUE), false, 12,
	  { QUEUE }, { 10, 0, QUEUE } },
	{ MESSAGE(FREEGPUVIRTUALADDRESS, LX_DXFREEGPUVIRTUALADDRESS), false, 16,
	  { ADAPTER, 0x77777777, 0x1000, 0, 0x2000 },
	  { 16, 0, KERNEL_HOST_ADAPTER, 0x77777777, 0x1000, 0, 0x2000 } },
	{ MESSAGE(LOCK2, LX_DXLOCK2), false, 20,
	  { DEVICE, ALLOCATION, 5, 6, JUNK, JUNK },
	  { 23, 0, DEVICE, ALLOCATION, 5, 6 } },
	{ "SIGNALSYNCOBJECT, from CPU", DXGK_VMBCOMMAND_SIGNALSYNCOBJECT,
	  LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, false, 21,
	  { DEVICE, 1, USER(OBJECTS), USER(VALUES), 1 },
	  { 26, 0, 1, 1, 0, 0, 0, 0, DEVICE, 0, FENCE, 7 } },
	{ "SIGNALSYNCOBJECT, without values", DXGK_VMBCOMMAND_SIGNALSYNCOBJECT,
	  LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, false, 19,
	  { DEVICE, 1, USER(OBJECTS), 0, 0, 1 },
	  { 26, 0, 1, 1, 0, 0, 0, 0, DEVICE, 0, FENCE } },
	{ "SIGNALSYNCOBJECT, two contexts", DXGK_VMBCOMMAND_SIGNALSYNCOBJECT,
	  LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2, false, 23,
	  { 1, 0, USER(OBJECTS), 4, 2, USER(CONTEXTS), USER(VALUES) },
	  { 26, 0, 1, 4, 2, 0, 0, 0, 0, 0, FENCE, CONTEXT, OTHER, 7 } },
	{ MESSAGE(SUBMITCOMMANDTOHWQUEUE, LX_DXSUBMITCOMMANDTOHWQUEUE), false,
	  27, { HWQUEUE, 0x77777777, 1, 0, 0x1000, 0, 64, 8, USER(PRIVATE), 1,
		0x66666666, USER(HANDLES) },
	  { 52, 0, HWQUEUE, 0x77777777, 1, 0, 0x1000, 0, 64, 8, USER(PRIVATE),
	    1, 0x66666666, USER(HANDLES), OTHER, 0x11111111, 0x22222222 } },
	{ "SIGNALSYNCOBJECT, two queues", DXGK_VMBCOMMAND_SIGNALSYNCOBJECT,
	  LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, false, 23,
	  { 1, 2, USER(QUEUES), 1, 0, USER(OBJECTS), USER(VALUES) },
	  { 26, 0, 1, 1, 2, 0, 0, 0, 0, 0, FENCE, HWQUEUE, OTHER, 7 } },
	{ "WAITFORSYNCOBJECTFROMGPU, queue",
	  DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMGPU,
	  LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, false, 17,
	  { HWQUEUE, 1, USER(OBJECTS), USER(VALUES) },
	  { 25, 0, HWQUEUE, 1, 0, 0, 7, 0, FENCE } },
	{ MESSAGE(UPDATEGPUVIRTUALADDRESS, LX_DXUPDATEGPUVIRTUALADDRESS),
	  false, 34,
	  { DEVICE, CONTEXT, FENCE, 1, USER(OPERATION), 0x77, 0x77, 0x77, 0x77,
	    12, 0, 1, 0x77 },
	  { 19, 0, 12, 0, DEVICE, CONTEXT, FENCE, 1, 1, 0, 0, 0, 0x1000, 0,
	    0x2000, 0, OTHER, 0, 0x3000, 0, 0x4000 } },
	{ MESSAGE(ISFEATUREENABLED, LX_ISFEATUREENABLED), true, 12,
	  { ADAPTER, 36, JUNK }, { 68, 0, 36 } },
};

static void message_name(const struct object_message *message, char *text)
{
	strscpy(text, message->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(message, messages, message_name);

/* Put in what the words stand for. */
static void resolve(struct golden_fixture *fix, u32 *words, size_t count)
{
	size_t i;
	u64 at;

	for (i = 0; i < count; i++) {
		if (words[i] == ADAPTER)
			words[i] = fix->client.adapter;
		if (!IS_USER(words[i]))
			continue;
		at = fix->client.user + PAGE_SIZE + (words[i] & 0xffff);
		words[i] = lower_32_bits(at);
		words[i + 1] = upper_32_bits(at);
	}
}

static void call(struct kunit *test, unsigned int request, void *args)
{
	struct golden_fixture *fix = test->priv;

	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client, request, args),
			0L);
}

/* The remaining objects of the table, in the order of their handles. */
static void new_objects(struct kunit *test)
{
	struct d3dkmt_createpagingqueue queue = { .device.v = DEVICE };
	struct d3dkmt_createhwqueue hwqueue = { .context.v = CONTEXT };
	struct d3dkmt_createallocation allocation = {
		.device.v = DEVICE,
		.alloc_count = 1,
	};
	struct golden_fixture *fix = test->priv;
	u32 words[ARRAY_SIZE(user_words)];

	golden_start_client(test, 40, false);
	memcpy(words, user_words, sizeof(words));
	resolve(fix, words, ARRAY_SIZE(words));
	allocation.allocation_info = golden_user_data(test, words,
						      sizeof(words)) + INFO;
	call(test, LX_DXCREATEPAGINGQUEUE, &queue);
	call(test, LX_DXCREATEHWQUEUE, &hwqueue);
	call(test, LX_DXCREATEALLOCATION, &allocation);
	KUNIT_ASSERT_EQ(test, queue.paging_queue.v, QUEUE);
	KUNIT_ASSERT_EQ(test, hwqueue.queue.v, HWQUEUE);
	/* outputs of the allocation are in the list, which is written again */
	golden_user_data(test, words, sizeof(words));
}

static const u32 header[HEADER_WORDS] = {
	0x10, 0, KERNEL_HOST_LUID_A, 0, 0, 0, 0x40000040, 0,
};

/* P69, P70, P72, P91: these bytes, and no others. */
static void object_message(struct kunit *test)
{
	const struct object_message *message = test->param_value;
	struct golden_fixture *fix = test->priv;
	u32 *words, *args;

	args = kunit_kzalloc(test, sizeof(message->args), GFP_KERNEL);
	words = kunit_kzalloc(test, sizeof(header) + sizeof(message->words),
			      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, args);
	KUNIT_ASSERT_NOT_NULL(test, words);
	new_objects(test);
	memcpy(args, message->args, sizeof(message->args));
	memcpy(words, header, sizeof(header));
	memcpy(words + HEADER_WORDS, message->words, sizeof(message->words));
	resolve(fix, args, ARGS_MAX);
	resolve(fix, words, HEADER_WORDS + WORDS_MAX);
	if (message->no_process)
		words[6] = 0;
	kernel_host_watch(fix->host, message->command);
	call(test, message->request, args);
	golden_expect_padded(test, words, HEADER_WORDS + WORDS_MAX,
			     message->count);
}

/* P91 */
static void unlock2(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, KERNEL_HOST_LUID_A, 0, 0, 0, 0x40000040, 0,
		24, 0, DEVICE, ALLOCATION, 0, 0,
	};
	struct d3dkmt_lock2 lock = {
		.device.v = DEVICE,
		.allocation.v = ALLOCATION,
	};
	struct d3dkmt_unlock2 unlock = {
		.device.v = DEVICE,
		.allocation.v = ALLOCATION,
	};
	struct golden_fixture *fix = test->priv;

	new_objects(test);
	call(test, LX_DXLOCK2, &lock);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_UNLOCK2);
	call(test, LX_DXUNLOCK2, &unlock);
	golden_expect(test, words, ARRAY_SIZE(words));
}

/* P91: a device that was not destroyed ends with the file, its work first. */
static void flushdevice(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, KERNEL_HOST_LUID_A, 0, 0, 0, 0x40000040, 0,
		42, 0, DEVICE, 4,
	};
	struct golden_fixture *fix = test->priv;

	golden_start_client(test, 40, false);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_FLUSHDEVICE);
	host_close_device(test, fix->client.file);
	golden_expect_arrival(test, DXGK_VMBCOMMAND_FLUSHDEVICE);
	golden_expect(test, words, ARRAY_SIZE(words));
}

/* What the second page of the client holds for a shared resource. */
struct sharing {
	struct d3dddi_allocationinfo2 infos[2];
	struct d3dddi_openallocationinfo2 opened[2];
	u64 data;
	u64 object;
	u64 descriptor;
};

/* A shared resource of two allocations, one of them without private data. */
static int new_shared_resource(struct kunit *test, u64 *at)
{
	struct d3dkmt_createallocation create = {
		.device.v = DEVICE,
		.alloc_count = 2,
		.flags.create_resource = 1,
		.flags.create_shared = 1,
		.flags.nt_security_sharing = 1,
	};
	struct d3dkmt_shareobjects share = { .object_count = 1 };
	struct golden_fixture *fix = test->priv;
	struct sharing sharing = { };

	*at = fix->client.user + PAGE_SIZE;
	sharing.infos[0].priv_drv_data = *at + offsetof(struct sharing, data);
	sharing.infos[0].priv_drv_data_size = sizeof(sharing.data);
	golden_user_data(test, &sharing, sizeof(sharing));
	create.allocation_info = *at;
	call(test, LX_DXCREATEALLOCATION, &create);
	sharing.object = create.resource.v;
	golden_user_data(test, &sharing, sizeof(sharing));
	share.objects = *at + offsetof(struct sharing, object);
	share.shared_handle = *at + offsetof(struct sharing, descriptor);
	call(test, LX_DXSHAREOBJECTS, &share);
	KUNIT_ASSERT_EQ(test, copy_from_user(&sharing, (void __user *)
					     (unsigned long)*at,
					     sizeof(sharing)), 0UL);
	return sharing.descriptor;
}

/* P91, PI-77: an allocation without private data has pages, too. */
static void openresource(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, KERNEL_HOST_LUID_A, 0, 0, 0, 0x40000040, 0,
		32, 0, DEVICE, 1, 0x40000200, 2, 8, 0,
	};
	struct d3dkmt_openresourcefromnthandle open = {
		.device.v = DEVICE,
		.allocation_count = 2,
		.total_priv_drv_data_size = sizeof(u64),
	};
	struct d3dkmt_lock2 lock = {
		.device.v = DEVICE,
		.allocation.v = 0x400002c0,
	};
	struct golden_fixture *fix = test->priv;
	u64 at;
	int fd;

	golden_start_client(test, 40, false);
	fd = new_shared_resource(test, &at);
	open.nt_handle = fd;
	open.open_alloc_info = at + offsetof(struct sharing, opened);
	open.total_priv_drv_data = at + offsetof(struct sharing, data);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_OPENRESOURCE);
	call(test, LX_DXOPENRESOURCEFROMNTHANDLE, &open);
	close_fd(fd);
	golden_expect(test, words, ARRAY_SIZE(words));
	KUNIT_EXPECT_EQ(test, open.resource.v, 0x40000240);
	call(test, LX_DXLOCK2, &lock);
	KUNIT_EXPECT_NE(test, lock.data, 0);
}

static struct kunit_case golden_object_cases[] = {
	KUNIT_CASE_PARAM(object_message, message_gen_params),
	KUNIT_CASE(unlock2),
	KUNIT_CASE(flushdevice),
	KUNIT_CASE(openresource),
	{ }
};

static struct kunit_suite golden_object_suite = {
	.name = "dxg_golden_object",
	.init = golden_fixture_init,
	.test_cases = golden_object_cases,
};

kunit_test_suite(golden_object_suite);
