// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of shared sync objects, sync files and native fences, byte for byte.
 * See golden_fixture.c for the handles.
 */
#include <kunit/test.h>
#include <linux/fdtable.h>
#include <linux/uaccess.h>

#include "golden_fixture.h"

/* A shared fence; the first one is 0x40000140, its VM-wide name 0x40000180. */
static u32 new_shared_fence(struct kunit *test)
{
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_createsynchronizationobject2 args = {
		.device.v = fix->device,
		.info.type = _D3DDDI_MONITORED_FENCE,
		.info.flags.shared = 1,
		.info.flags.nt_security_sharing = 1,
	};

	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATESYNCHRONIZATIONOBJECT,
						&args), 0L);
	return args.sync_object.v;
}

/* A descriptor for the object; the NT handle is the next one, 0x400001c0. */
static int share(struct kunit *test, u32 object)
{
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_shareobjects args = { .object_count = 1 };
	u64 fd = object;

	args.objects = golden_user_data(test, &fd, sizeof(fd));
	args.shared_handle = args.objects + 8;
	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXSHAREOBJECTS, &args), 0L);
	KUNIT_ASSERT_EQ(test, copy_from_user(&fd, (void __user *)
					     (unsigned long)args.shared_handle,
					     sizeof(fd)), 0UL);
	return fd;
}

static void createntsharedobject(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0, 0,
		0, 0, 0x40000040, 1,
		1004, 0, 0x40000140, 0,
	};
	struct golden_fixture *fix = test->priv;

	golden_start_client(test, 40, false);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_CREATENTSHAREDOBJECT);
	close_fd(share(test, new_shared_fence(test)));
	golden_expect(test, words, ARRAY_SIZE(words));
}

static void destroyntsharedobject(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0, 0,
		0, 0, 0, 1,
		1005, 0, 0x400001c0, 0,
	};
	struct golden_fixture *fix = test->priv;

	golden_start_client(test, 40, false);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_DESTROYNTSHAREDOBJECT);
	close_fd(share(test, new_shared_fence(test)));
	golden_expect_arrival(test, DXGK_VMBCOMMAND_DESTROYNTSHAREDOBJECT);
	golden_expect(test, words, ARRAY_SIZE(words));
}

static void opensyncobject(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0, 0,
		0, 0, 0x40000040, 1,
		1002, 0, 0x40000080, 0x40000180,
		5, 0x23,
	};
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_opensyncobjectfromnthandle2 args = {
		.flags.value = 0x23,
		.monitored_fence.engine_affinity = 5,
	};
	int fd;

	golden_start_client(test, 40, false);
	args.device.v = fix->device;
	fd = share(test, new_shared_fence(test));
	args.nt_handle = fd;
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_OPENSYNCOBJECT);
	KUNIT_EXPECT_EQ(test,
			host_client_ioctl(&fix->client,
					  LX_DXOPENSYNCOBJECTFROMNTHANDLE2,
					  &args), 0L);
	close_fd(fd);
	golden_expect(test, words, ARRAY_SIZE(words));
}

static void shareobjectwithhost(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0, 0,
		0, 0, 0x40000040, 1,
		1021, 0, 0x40000080, 0x40000100,
		0, 0,
	};
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_shareobjectwithhost args = { .reserved = 7 };

	golden_start_client(test, 40, false);
	args.device_handle.v = fix->device;
	args.object_handle.v = fix->fence;
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_SHAREOBJECTWITHHOST);
	KUNIT_EXPECT_EQ(test,
			host_client_ioctl(&fix->client,
					  LX_DXSHAREOBJECTWITHHOST, &args), 0L);
	golden_expect(test, words, ARRAY_SIZE(words));
}

#if IS_ENABLED(CONFIG_SYNC_FILE)
static int new_sync_file(struct kunit *test, u32 fence)
{
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_createsyncfile args = {
		.device.v = fix->device,
		.monitored_fence.v = fence,
		.fence_value = 0x700000005ULL,
	};

	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATESYNCFILE, &args),
			0L);
	return args.sync_file_handle;
}

static void sync_file_creation(struct kunit *test)
{
	u32 words[] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0x40000040, 0,
		22, 0, 0x40000080, 1,
		0, 0, 0, 0,
		0, 0, 0x40000100, 5,
		7, 0,
	};
	struct golden_fixture *fix = test->priv;
	u32 message[ARRAY_SIZE(words)];

	golden_start_client(test, 40, false);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU);
	close_fd(new_sync_file(test, fix->fence));
	/* events are numbered since the module was loaded */
	kernel_host_captured(fix->host, message, sizeof(message));
	KUNIT_EXPECT_TRUE(test, message[14] || message[15]);
	words[14] = message[14];
	words[15] = message[15];
	golden_expect(test, words, ARRAY_SIZE(words) - 1);
}

/* Open, wait for the value, close. */
static void sync_file_wait(struct kunit *test, u32 watched, const u32 *words,
			   size_t count)
{
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_waitsyncfile args = { };
	int fd;

	golden_start_client(test, 40, true);
	args.context.v = fix->context;
	fd = new_sync_file(test, new_shared_fence(test));
	args.sync_file_handle = fd;
	kernel_host_watch(fix->host, watched);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, LX_DXWAITSYNCFILE,
						&args), 0L);
	golden_expect_arrival(test, watched);
	golden_expect(test, words, count);
	close_fd(fd);
}

static void sync_file_wait_opens(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0, 0,
		0, 0, 0x40000040, 1,
		1002, 0, 0x40000080, 0x40000180,
		0, 0x13,
	};

	sync_file_wait(test, DXGK_VMBCOMMAND_OPENSYNCOBJECT, words,
		       ARRAY_SIZE(words));
}

static void sync_file_wait_waits(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0x40000040, 0x100,
		25, 0, 0x400000c0, 1,
		0, 0, 5, 7,
		0x40000200,
	};

	sync_file_wait(test, DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMGPU, words,
		       ARRAY_SIZE(words));
}

static void sync_file_wait_closes(struct kunit *test)
{
	static const u32 words[] = {
		0x10, 0, 0, 0,
		0, 0, 0x40000040, 1,
		1003, 0, 0x40000200, 0,
	};

	sync_file_wait(test, DXGK_VMBCOMMAND_DESTROYSYNCOBJECT, words,
		       ARRAY_SIZE(words));
}
#endif

/* Output fields are not sent, whatever the caller left there. */
static void createnativefence(struct kunit *test)
{
	u32 words[8 + 2 + 54 + 2] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0x40000040, 0,
		69, 0,
		0x40000080, 0,
	};
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_createnativefence args = {
		.sync_object.v = 0x40000100,
		.info.initial_fence_value = 0x200000001ULL,
		.info.engine_affinity = 3,
		.info.type = D3DDDI_NATIVEFENCE_TYPE_INTRA_GPU,
		.info.flags.value = 0x83,
		.info.native_fence_mapping.current_value_cpu_va = ~0ULL,
		.info.native_fence_mapping.current_value_gpu_va = ~0ULL,
		.info.native_fence_mapping.monitored_value_gpu_va = ~0ULL,
		.flags.value = 9,
	};

	memset(args.private_driver_data, 0x11, sizeof(args.private_driver_data));
	memset(&words[12], 0x11, sizeof(args.private_driver_data));
	words[10 + 72 / 4] = 1;
	words[10 + 76 / 4] = 2;
	words[10 + 80 / 4] = 3;
	words[10 + 84 / 4] = 1;
	words[10 + 88 / 4] = 0x83;
	words[10 + 184 / 4] = 9;
	golden_start_client(test, 46, false);
	args.device.v = fix->device;
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_CREATENATIVEFENCE);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client,
						LX_CREATENATIVEFENCE, &args),
			0L);
	golden_expect(test, words, ARRAY_SIZE(words));
}

static void opennativefencefromnthandle(struct kunit *test)
{
	u32 words[8 + 2 + 2 + 44] = {
		0x10, 0, 0x00012345, 0,
		0, 0, 0x40000040, 0,
		70, 0, 0x400001c0, 0,
		0, 0, 0x40000080, 7,
		0x13, 0,
	};
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_createnativefence create = { .info.flags.value = 3 };
	struct d3dkmt_opennativefencefromnthandle args = {
		.engine_affinity = 7,
		.flags.value = 0x13,
		.sync_object.v = 0x40000100,
		.native_fence_mapping.monitored_value_gpu_va = ~0ULL,
	};
	int none, fd;

	golden_start_client(test, 46, false);
	create.device.v = fix->device;
	args.device.v = fix->device;
	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_CREATENATIVEFENCE, &create),
			0L);
	/* the first descriptor of a kernel thread is 0, which means none */
	none = share(test, create.sync_object.v);
	fd = share(test, create.sync_object.v);
	args.nt_handle = fd;
	words[12] = fd;
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_OPENNATIVEFENCEFROMNTHANDLE);
	KUNIT_EXPECT_EQ(test,
			host_client_ioctl(&fix->client,
					  LX_DXOPENNATIVEFENCEFROMNTHANDLE,
					  &args), 0L);
	close_fd(none);
	close_fd(fd);
	golden_expect(test, words, ARRAY_SIZE(words));
}

static struct kunit_case golden_sync_cases[] = {
	KUNIT_CASE(createntsharedobject),
	KUNIT_CASE(destroyntsharedobject),
	KUNIT_CASE(opensyncobject),
	KUNIT_CASE(shareobjectwithhost),
#if IS_ENABLED(CONFIG_SYNC_FILE)
	KUNIT_CASE(sync_file_creation),
	KUNIT_CASE(sync_file_wait_opens),
	KUNIT_CASE(sync_file_wait_waits),
	KUNIT_CASE(sync_file_wait_closes),
#endif
	KUNIT_CASE(createnativefence),
	KUNIT_CASE(opennativefencefromnthandle),
	{ }
};

static struct kunit_suite golden_sync_suite = {
	.name = "dxg_golden_sync",
	.init = golden_fixture_init,
	.test_cases = golden_sync_cases,
};

kunit_test_suite(golden_sync_suite);
