// SPDX-License-Identifier: GPL-2.0
/*
 * The fences of sync files as other drivers see them: callbacks, contexts in
 * which the last reference goes, and how they end.  The in-kernel host never
 * signals by itself.
 */
#include <kunit/test.h>
#include <linux/dma-fence.h>
#include <linux/fdtable.h>
#include <linux/module.h>
#include <linux/sync_file.h>

#include "golden_fixture.h"
#include "host_event.h"

/* Only turns a hang into a failure. */
#define PATIENCE	(10 * HZ)

/**
 * struct foreign_waiter - what another driver has
 * @cb: callback
 * @fence: referenced
 * @calls: of the callback
 * @drop: the callback drops the reference
 */
struct foreign_waiter {
	struct dma_fence_cb cb;
	struct dma_fence *fence;
	unsigned int calls;
	bool drop;
};

static void foreign_callback(struct dma_fence *fence, struct dma_fence_cb *cb)
{
	struct foreign_waiter *waiter =
		container_of(cb, struct foreign_waiter, cb);

	waiter->calls++;
	if (waiter->drop)
		dma_fence_put(waiter->fence);
}

static bool wait_until(bool (*condition)(long arg), long arg)
{
	unsigned long end = jiffies + PATIENCE;

	while (!condition(arg)) {
		if (time_after(jiffies, end))
			return false;
		schedule_timeout_uninterruptible(1);
	}
	return true;
}

static bool module_used(long count)
{
	return module_refcount(THIS_MODULE) == count;
}

static bool fence_has_one_reference(long fence)
{
	return kref_read(&((struct dma_fence *)fence)->refcount) == 1;
}

/* A fence whose only holder is the caller, and the number of its event. */
static struct dma_fence *new_fence(struct kunit *test, u64 *event)
{
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_createsyncfile args = {
		.device.v = fix->device,
		.monitored_fence.v = fix->fence,
		.fence_value = 0x700000005ULL,
	};
	struct dma_fence *fence;
	u32 message[24];

	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU);
	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATESYNCFILE, &args),
			0L);
	kernel_host_captured(fix->host, message, sizeof(message));
	*event = message[14] | (u64)message[15] << 32;
	fence = sync_file_get_fence(args.sync_file_handle);
	KUNIT_ASSERT_NOT_NULL(test, fence);
	close_fd(args.sync_file_handle);
	/* the file of a kernel thread is closed by a worker */
	KUNIT_ASSERT_TRUE(test, wait_until(fence_has_one_reference,
					   (long)fence));
	return fence;
}

static void host_signals(u64 event)
{
	struct dxg_cmd_signalguestevent message = {
		.hdr.channel_type = DXGKVMB_HOST_TO_VM,
		.hdr.command_type = DXGK_VMBCOMMAND_SIGNALGUESTEVENT,
		.event = event,
	};

	/* the receive callback is a tasklet */
	local_bh_disable();
	dxg_host_event_message(&message, sizeof(message));
	local_bh_enable();
}

static void a_fence_stands_for_its_value(struct kunit *test)
{
	struct dma_fence *fence;
	u64 event;

	golden_start_client(test, 40, false);
	fence = new_fence(test, &event);
	KUNIT_EXPECT_EQ(test, fence->seqno, 0x700000005ULL);
	KUNIT_EXPECT_EQ(test, dma_fence_get_status(fence), 0);
	host_signals(event);
	KUNIT_EXPECT_EQ(test, dma_fence_get_status(fence), 1);
	/* P52: the second signal finds nothing */
	host_signals(event);
	KUNIT_EXPECT_EQ(test, dma_fence_get_status(fence), 1);
	KUNIT_EXPECT_EQ(test, fence->seqno, 0x700000005ULL);
	dma_fence_put(fence);
}

/* P51 */
static void a_callback_may_drop_the_last_reference(struct kunit *test)
{
	struct foreign_waiter waiter = { .drop = true };
	u64 event;
	int used;

	golden_start_client(test, 40, false);
	used = module_refcount(THIS_MODULE);
	waiter.fence = new_fence(test, &event);
	KUNIT_EXPECT_EQ(test, module_refcount(THIS_MODULE), used + 1);
	KUNIT_ASSERT_EQ(test, dma_fence_add_callback(waiter.fence, &waiter.cb,
						     foreign_callback), 0);
	host_signals(event);
	KUNIT_EXPECT_EQ(test, waiter.calls, 1);
	/* P47: the module is free again */
	KUNIT_EXPECT_TRUE(test, wait_until(module_used, used));
}

/* P50: with interrupts off, before and after the signal. */
static void the_last_reference_goes_in_any_context(struct kunit *test)
{
	struct dma_fence *fences[2];
	unsigned long flags;
	u64 events[2];
	int used, i;

	golden_start_client(test, 40, false);
	used = module_refcount(THIS_MODULE);
	for (i = 0; i < 2; i++)
		fences[i] = new_fence(test, &events[i]);
	host_signals(events[0]);
	local_irq_save(flags);
	for (i = 0; i < 2; i++)
		dma_fence_put(fences[i]);
	local_irq_restore(flags);
	KUNIT_EXPECT_TRUE(test, wait_until(module_used, used));
	/* nobody is there to be signalled */
	host_signals(events[1]);
}

/* P44, P50 */
static void the_end_of_the_adapter_is_an_error(struct kunit *test)
{
	struct foreign_waiter waiter = { };
	struct golden_fixture *fix = test->priv;
	u64 event;

	golden_start_client(test, 40, false);
	waiter.fence = new_fence(test, &event);
	KUNIT_ASSERT_EQ(test, dma_fence_add_callback(waiter.fence, &waiter.cb,
						     foreign_callback), 0);
	KUNIT_EXPECT_EQ(test, kernel_host_withdraw(fix->host,
						   KERNEL_HOST_VGPU), 0);
	KUNIT_EXPECT_EQ(test, waiter.calls, 1);
	KUNIT_EXPECT_EQ(test, dma_fence_get_status(waiter.fence), -ENODEV);
	host_signals(event);
	KUNIT_EXPECT_EQ(test, dma_fence_get_status(waiter.fence), -ENODEV);
	dma_fence_put(waiter.fence);
}

/* P50, P90: a host that says nothing, and a creator that is gone. */
static void the_end_of_the_process_is_an_error(struct kunit *test)
{
	struct golden_fixture *fix = test->priv;
	struct dma_fence *fence;
	u64 event;

	golden_start_client(test, 40, false);
	fence = new_fence(test, &event);
	host_close_device(test, fix->client.file);
	KUNIT_EXPECT_EQ(test, dma_fence_wait_timeout(fence, false, PATIENCE) > 0,
			true);
	KUNIT_EXPECT_EQ(test, dma_fence_get_status(fence), -ENODEV);
	host_signals(event);
	dma_fence_put(fence);
}

/* P52: the number of a wait that the host refused means nothing. */
static void a_refused_wait_leaves_no_event(struct kunit *test)
{
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_createsyncfile args = { .fence_value = 1 };
	u32 message[24];
	int used;

	golden_start_client(test, 40, false);
	used = module_refcount(THIS_MODULE);
	args.device.v = fix->device;
	args.monitored_fence.v = fix->fence;
	kernel_host_rule(fix->host, DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU,
			 KERNEL_HOST_STATUS, 0xc0000022);
	kernel_host_watch(fix->host, DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU);
	KUNIT_EXPECT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATESYNCFILE, &args),
			(long)-EACCES);
	KUNIT_EXPECT_EQ(test, args.sync_file_handle, 0ULL);
	kernel_host_captured(fix->host, message, sizeof(message));
	host_signals(message[14] | (u64)message[15] << 32);
	KUNIT_EXPECT_TRUE(test, wait_until(module_used, used));
}

static struct kunit_case sync_file_cases[] = {
	KUNIT_CASE(a_fence_stands_for_its_value),
	KUNIT_CASE(a_callback_may_drop_the_last_reference),
	KUNIT_CASE(the_last_reference_goes_in_any_context),
	KUNIT_CASE(the_end_of_the_adapter_is_an_error),
	KUNIT_CASE(the_end_of_the_process_is_an_error),
	KUNIT_CASE(a_refused_wait_leaves_no_event),
	{ }
};

static struct kunit_suite sync_file_suite = {
	.name = "dxg_sync_file",
	.init = golden_fixture_init,
	.test_cases = sync_file_cases,
};

kunit_test_suite(sync_file_suite);
