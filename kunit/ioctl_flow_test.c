// SPDX-License-Identifier: GPL-2.0
/*
 * Whole ioctls of a client against the host: results, refusals, and what is
 * undone when something fails half way.
 */
#include <kunit/test.h>
#include <linux/err.h>
#include <linux/mman.h>
#include <linux/sched/signal.h>
#include <linux/shmem_fs.h>
#include <linux/uaccess.h>

#include "device.h"
#include "global_channel.h"
#include "host_event.h"
#include "host_fixture.h"

struct flow_fixture {
	struct kernel_host *host;
	struct host_client client;
};

static int flow_test_init(struct kunit *test)
{
	static const struct kernel_host_config config = {
		.version = 40,
		.map_guest_pages = true,
	};
	struct flow_fixture *fix = kunit_kzalloc(test, sizeof(*fix),
						 GFP_KERNEL);

	if (!fix)
		return -ENOMEM;
	fix->host = host_fixture(test, &config);
	host_client_init(test, &fix->client);
	test->priv = fix;
	return 0;
}

static void expect_seen(struct kunit *test, u32 command, u32 count)
{
	struct flow_fixture *fix = test->priv;

	KUNIT_EXPECT_EQ_MSG(test, kernel_host_seen(fix->host, command), count,
			    "command %u", command);
}

static void enumeration_finds_the_adapter(struct kunit *test)
{
	struct flow_fixture *fix = test->priv;
	struct d3dkmt_adapterinfo info = { };
	unsigned long infos = fix->client.user + PAGE_SIZE;
	struct d3dkmt_enumadapters2 args = {
		.num_adapters = 1,
		.adapters = infos,
	};

	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, LX_DXENUMADAPTERS2,
						&args), 0L);
	KUNIT_EXPECT_EQ(test, args.num_adapters, 1);
	KUNIT_ASSERT_EQ(test, copy_from_user(&info, (void __user *)infos,
					     sizeof(info)), 0UL);
	KUNIT_EXPECT_EQ(test, info.adapter_luid.a, KERNEL_HOST_LUID_A);
	KUNIT_EXPECT_EQ(test, info.adapter_luid.b, KERNEL_HOST_LUID_B);
	KUNIT_EXPECT_NE(test, info.adapter_handle.v, 0);
	KUNIT_EXPECT_NE(test, info.adapter_handle.v, fix->client.adapter);
}

static void a_device_is_destroyed_once(struct kunit *test)
{
	struct flow_fixture *fix = test->priv;
	struct d3dkmt_destroydevice args = {
		.device.v = host_client_device(test, &fix->client),
	};

	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, LX_DXDESTROYDEVICE,
						&args), 0L);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, LX_DXDESTROYDEVICE,
						&args), -EINVAL);
	expect_seen(test, DXGK_VMBCOMMAND_DESTROYDEVICE, 1);
}

static void the_last_close_destroys_device_and_process(struct kunit *test)
{
	struct flow_fixture *fix = test->priv;

	host_client_device(test, &fix->client);
	host_close_device(test, fix->client.file);
	expect_seen(test, DXGK_VMBCOMMAND_DESTROYDEVICE, 1);
	expect_seen(test, DXGK_VMBCOMMAND_DESTROYPROCESS, 1);
}

/* More requests than any table holds, or so it seems. */
static void fill_table(struct dxg_channel *channel, int change)
{
	spin_lock_irq(&channel->lock);
	channel->in_flight += change;
	spin_unlock_irq(&channel->lock);
}

/* P65: what ends is told to the host later, but it is told. */
static void the_end_of_a_process_waits_for_a_free_request(struct kunit *test)
{
	struct flow_fixture *fix = test->priv;

	fill_table(&dxg_global.channel, 65536);
	host_close_device(test, fix->client.file);
	expect_seen(test, DXGK_VMBCOMMAND_DESTROYPROCESS, 0);
	fill_table(&dxg_global.channel, -65536);
	KUNIT_EXPECT_EQ(test, kernel_host_wait_seen(fix->host,
						    DXGK_VMBCOMMAND_DESTROYPROCESS,
						    1), 0);
}

static void unknown_numbers_and_sizes_are_not_ioctls(struct kunit *test)
{
	struct flow_fixture *fix = test->priv;
	unsigned int nr;

	for (nr = 0x50; nr < 256; nr++)
		KUNIT_EXPECT_EQ(test,
				host_client_ioctl_at(&fix->client,
						     _IOWR('G', nr, u64),
						     fix->client.user),
				-ENOTTY);
	KUNIT_EXPECT_EQ(test,
			host_client_ioctl_at(&fix->client, LX_DXDESTROYDEVICE +
					     (1 << _IOC_SIZESHIFT),
					     fix->client.user), -ENOTTY);
	KUNIT_EXPECT_EQ(test,
			host_client_ioctl_at(&fix->client, LX_DXDESTROYDEVICE ^
					     (_IOC_READ << _IOC_DIRSHIFT),
					     fix->client.user), -ENOTTY);
}

static void arguments_at_a_bad_address_are_a_fault(struct kunit *test)
{
	struct flow_fixture *fix = test->priv;

	KUNIT_EXPECT_EQ(test, host_client_ioctl_at(&fix->client,
						   LX_DXCREATEDEVICE, 0),
			-EFAULT);
	KUNIT_EXPECT_EQ(test, host_client_ioctl_at(&fix->client,
						   LX_DXCREATEDEVICE,
						   TASK_SIZE_MAX - 8),
			-EFAULT);
	expect_seen(test, DXGK_VMBCOMMAND_CREATEDEVICE, 0);
}

static void close_memory_file(void *file)
{
	fput(file);
}

/* User address of @args that can be read but not written. */
static unsigned long read_only_args(struct kunit *test, const void *args,
				    size_t size)
{
	struct file *file = shmem_file_setup("args", PAGE_SIZE, 0);
	unsigned long user;
	loff_t at = 0;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, close_memory_file,
							file), 0);
	KUNIT_ASSERT_EQ(test, kernel_write(file, args, size, &at),
			(ssize_t)size);
	user = kunit_vm_mmap(test, file, 0, PAGE_SIZE, PROT_READ, MAP_SHARED,
			     0);
	KUNIT_ASSERT_NE(test, user, 0UL);
	return user;
}

static void a_device_that_cannot_be_reported_is_destroyed(struct kunit *test)
{
	struct flow_fixture *fix = test->priv;
	struct d3dkmt_createdevice args = { .adapter.v = fix->client.adapter };
	unsigned long user = read_only_args(test, &args, sizeof(args));

	KUNIT_EXPECT_EQ(test, host_client_ioctl_at(&fix->client,
						   LX_DXCREATEDEVICE, user),
			-EFAULT);
	expect_seen(test, DXGK_VMBCOMMAND_CREATEDEVICE, 1);
	KUNIT_EXPECT_EQ(test,
			kernel_host_wait_seen(fix->host,
					      DXGK_VMBCOMMAND_DESTROYDEVICE, 1),
			0);
}

static void a_zero_handle_is_a_refusal(struct kunit *test)
{
	struct flow_fixture *fix = test->priv;
	struct d3dkmt_createdevice args = { .adapter.v = fix->client.adapter };

	kernel_host_rule(fix->host, DXGK_VMBCOMMAND_CREATEDEVICE,
			 KERNEL_HOST_ZERO, 0);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, LX_DXCREATEDEVICE,
						&args), -EINVAL);
	host_close_device(test, fix->client.file);
	expect_seen(test, DXGK_VMBCOMMAND_DESTROYDEVICE, 0);
}

/* The host is wrong; what the handle names already is none of its business. */
static void a_handle_that_is_taken_does_no_harm(struct kunit *test)
{
	struct flow_fixture *fix = test->priv;
	struct d3dkmt_createdevice args = { .adapter.v = fix->client.adapter };
	u32 device = host_client_device(test, &fix->client);
	struct d3dkmt_getdevicestate state = {
		.device.v = device,
		.state_type = _D3DKMT_DEVICESTATE_EXECUTION,
	};

	fix->host->next_handle--;
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, LX_DXCREATEDEVICE,
						&args), -EINVAL);
	expect_seen(test, DXGK_VMBCOMMAND_DESTROYDEVICE, 0);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXGETDEVICESTATE, &state),
			0L);
}

/* Kills the client when the host has the message it waits for. */
struct killer {
	struct work_struct work;
	struct kernel_host *host;
	struct task_struct *client;
	u32 command;
};

static void kill_client(struct work_struct *work)
{
	struct killer *killer = container_of(work, struct killer, work);

	if (!kernel_host_wait_seen(killer->host, killer->command, 1))
		send_sig(SIGKILL, killer->client, 1);
}

static void a_creation_answered_after_the_kill_is_undone(struct kunit *test)
{
	struct flow_fixture *fix = test->priv;
	struct d3dkmt_createdevice args = { .adapter.v = fix->client.adapter };
	struct killer killer = {
		.host = fix->host,
		.client = current,
		.command = DXGK_VMBCOMMAND_CREATEDEVICE,
	};

	kernel_host_rule(fix->host, DXGK_VMBCOMMAND_CREATEDEVICE,
			 KERNEL_HOST_HOLD, 0);
	allow_signal(SIGKILL);
	INIT_WORK_ONSTACK(&killer.work, kill_client);
	schedule_work(&killer.work);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, LX_DXCREATEDEVICE,
						&args), (long)-ERESTARTSYS);
	flush_work(&killer.work);
	destroy_work_on_stack(&killer.work);
	flush_signals(current);
	disallow_signal(SIGKILL);

	expect_seen(test, DXGK_VMBCOMMAND_DESTROYDEVICE, 0);
	kernel_host_release(fix->host);
	KUNIT_EXPECT_EQ(test,
			kernel_host_wait_seen(fix->host,
					      DXGK_VMBCOMMAND_DESTROYDEVICE, 1),
			0);
}

static void host_sets_guest_data(u64 cookie, u32 type, u32 value, u32 length)
{
	struct dxg_cmd_setguestdata message = {
		.hdr.channel_type = DXGKVMB_HOST_TO_VM,
		.hdr.command_type = DXGK_VMBCOMMAND_SETGUESTDATA,
		.guest_pointer = cookie,
		.data32 = value,
		.data_type = type,
	};

	dxg_host_event_message(&message, length);
}

static void the_execution_state_is_asked_once_per_change(struct kunit *test)
{
	const u32 full = sizeof(struct dxg_cmd_setguestdata);
	struct flow_fixture *fix = test->priv;
	struct d3dkmt_getdevicestate args = {
		.device.v = host_client_device(test, &fix->client),
		.state_type = _D3DKMT_DEVICESTATE_EXECUTION,
	};
	u32 length;

	/* wrong token, wrong type, no change, short */
	host_sets_guest_data(DXG_STATE_COOKIE + 1,
			     SETGUESTDATA_DATATYPE_DWORD, 1, full);
	host_sets_guest_data(DXG_STATE_COOKIE,
			     SETGUESTDATA_DATATYPE_DWORD + 1, 1, full);
	host_sets_guest_data(DXG_STATE_COOKIE, SETGUESTDATA_DATATYPE_DWORD, 0,
			     full);
	for (length = 0; length < full; length++)
		host_sets_guest_data(DXG_STATE_COOKIE,
				     SETGUESTDATA_DATATYPE_DWORD, 1, length);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXGETDEVICESTATE, &args),
			0L);
	KUNIT_EXPECT_EQ(test, (u32)args.execution_state,
			(u32)_D3DKMT_DEVICEEXECUTION_ACTIVE);
	expect_seen(test, DXGK_VMBCOMMAND_GETDEVICESTATE, 0);

	host_sets_guest_data(DXG_STATE_COOKIE, SETGUESTDATA_DATATYPE_DWORD, 1,
			     full);
	host_client_ioctl(&fix->client, LX_DXGETDEVICESTATE, &args);
	expect_seen(test, DXGK_VMBCOMMAND_GETDEVICESTATE, 1);
}

static void losing_the_host_refuses_the_old_file(struct kunit *test)
{
	struct flow_fixture *fix = test->priv;
	struct d3dkmt_createdevice args = { .adapter.v = fix->client.adapter };

	KUNIT_ASSERT_EQ(test, kernel_host_withdraw(fix->host,
						   KERNEL_HOST_VGPU), 0);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, LX_DXCREATEDEVICE,
						&args), -ENODEV);
	KUNIT_ASSERT_EQ(test, kernel_host_withdraw(fix->host,
						   KERNEL_HOST_GLOBAL), 0);
	KUNIT_ASSERT_EQ(test, kernel_host_announce(fix->host,
						   KERNEL_HOST_GLOBAL), 0);
	KUNIT_ASSERT_EQ(test, kernel_host_announce(fix->host,
						   KERNEL_HOST_VGPU), 0);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client, LX_DXCREATEDEVICE,
						&args), -ENOTTY);
}

static struct kunit_case ioctl_flow_cases[] = {
	KUNIT_CASE(enumeration_finds_the_adapter),
	KUNIT_CASE(a_device_is_destroyed_once),
	KUNIT_CASE(the_last_close_destroys_device_and_process),
	KUNIT_CASE(the_end_of_a_process_waits_for_a_free_request),
	KUNIT_CASE(unknown_numbers_and_sizes_are_not_ioctls),
	KUNIT_CASE(arguments_at_a_bad_address_are_a_fault),
	KUNIT_CASE(a_device_that_cannot_be_reported_is_destroyed),
	KUNIT_CASE(a_zero_handle_is_a_refusal),
	KUNIT_CASE(a_handle_that_is_taken_does_no_harm),
	KUNIT_CASE(a_creation_answered_after_the_kill_is_undone),
	KUNIT_CASE(the_execution_state_is_asked_once_per_change),
	KUNIT_CASE(losing_the_host_refuses_the_old_file),
	{ }
};

static struct kunit_suite ioctl_flow_suite = {
	.name = "dxg_ioctl_flow",
	.init = flow_test_init,
	.test_cases = ioctl_flow_cases,
};

kunit_test_suite(ioctl_flow_suite);
