// SPDX-License-Identifier: GPL-2.0
/*
 * The dynamic-memory device: from probe to remove, and what the guest and its host
 * agree on before anything else.
 *
 * There is no device table for modprobe: hv_balloon keeps the device unless the
 * administrator says dm=1, and then only one of the two is bound to it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/module.h>

#include "balloon.h"
#include "compat.h"
#include "dm.h"

struct hvb_dm hvb_dm;

struct hvb_dm_times hvb_dm_times = {
	.negotiate_ms = 5000,
	.status_ms = 1000,
	.retry_ms = 20,
	.online_ms = 5000,
};

/* Bit 0: a device is ours; a VM has one. */
static unsigned long bound;

/* Versions to propose, best first. */
static const u32 versions[] = {
	DM_VERSION_2_0,
#ifdef HVB_OLD_HOSTS
	DM_VERSION_1_0,
	DM_VERSION_0_3,
#endif
};

static bool is_answered(void)
{
	/* pairs with the release of the answer's handler */
	return smp_load_acquire(&hvb_dm.answered);
}

/* Sends a proposal and waits for the host's answer, until @deadline at most. */
static int propose(void *message, u16 type, u16 size, u16 answer_type,
		   unsigned long deadline, u64 *flags)
{
	long left = deadline - jiffies;
	int ret;

	WRITE_ONCE(hvb_dm.answer_type, answer_type);
	WRITE_ONCE(hvb_dm.answered, false);
	ret = hvb_dm_send(message, type, size);
	if (ret)
		return ret;
	if (!wait_event_timeout(hvb_dm.changed, is_answered() ||
				hvb_dm_stopping(), max(left, 1l)))
		return -ETIMEDOUT;
	if (hvb_dm_stopping())
		return -ESHUTDOWN;
	*flags = hvb_dm.answer_flags;
	return 0;
}

static int agree_on_version(void)
{
	unsigned long deadline = jiffies +
				 msecs_to_jiffies(hvb_dm_times.negotiate_ms);
	u64 flags;
	int i, ret;

	for (i = 0; i < ARRAY_SIZE(versions); i++) {
		struct dm_version_request request = {
			.version = versions[i],
			.flags = i + 1 == ARRAY_SIZE(versions) ?
				 DM_VERSION_LAST : 0,
		};

		ret = propose(&request, DM_TYPE_VERSION_REQUEST,
			      sizeof(request), DM_TYPE_VERSION_RESPONSE,
			      deadline, &flags);
		if (ret)
			return ret;
		if (flags & DM_RESPONSE_ACCEPTED)
			return 0;
	}
	return -EPROTO;
}

static int agree_on_caps(void)
{
	struct dm_caps_report report = {
		.caps = hvb_hot_add_caps(),
		.max_page = U64_MAX,
	};
	u64 flags;
	int ret;

	if (hvb_dm_same_pages())
		report.caps |= DM_CAPS_BALLOON;
	ret = propose(&report, DM_TYPE_CAPS_REPORT, sizeof(report),
		      DM_TYPE_CAPS_RESPONSE,
		      jiffies + msecs_to_jiffies(hvb_dm_times.negotiate_ms),
		      &flags);
	if (ret)
		return ret;
	if (!(flags & DM_RESPONSE_ACCEPTED))
		return -EPROTO;
	hvb_dm.no_status = flags & DM_RESPONSE_NO_STATUS;
	return 0;
}

/* After this nothing of ours touches the channel, or ever will. */
static void disconnect(void)
{
	WRITE_ONCE(hvb_dm.stopping, true);
	wake_up_all(&hvb_dm.changed);
	cancel_delayed_work_sync(&hvb_dm.status);
	cancel_work_sync(&hvb_dm.receive);
	hvb_dm_drain();
	vmbus_close(hvb_dm.channel);
	/* the callback may have queued it once more; it sees that we stop */
	cancel_work_sync(&hvb_dm.receive);
	/* what the next driver of this channel finds is what we found */
	set_channel_read_mode(hvb_dm.channel, HV_CALL_BATCHED);
	WRITE_ONCE(hvb_dm.ready, false);
	hvb_dm.channel = NULL;
}

static int connect(struct vmbus_channel *channel)
{
	int ret;

	hvb_dm.channel = channel;
	hvb_dm.trans_id = 0;
	hvb_dm.no_status = false;
	hvb_dm.answer_type = DM_TYPE_ERROR;
	memset(hvb_dm.owed, 0, sizeof(hvb_dm.owed));
	WRITE_ONCE(hvb_dm.stopping, false);

	channel->max_pkt_size = DM_MAX_PACKET;
	set_channel_read_mode(channel, HV_CALL_DIRECT);
	ret = vmbus_open(channel, VMBUS_RING_SIZE(DM_RING_DATA),
			 VMBUS_RING_SIZE(DM_RING_DATA), NULL, 0,
			 hvb_dm_interrupt, NULL);
	if (ret) {
		hvb_dm.channel = NULL;
		return ret;
	}
	ret = agree_on_version();
	if (!ret)
		ret = agree_on_caps();
	if (ret) {
		disconnect();
		return ret;
	}
	hvb_dm_status_start();
	return 0;
}

static int dm_probe(struct hv_device *dev, const struct hv_vmbus_device_id *id)
{
	int ret;

	if (test_and_set_bit(0, &bound))
		return -EBUSY;
	ret = connect(dev->channel);
	if (ret) {
		pr_info("no dynamic memory: error %d\n", ret);
		clear_bit(0, &bound);
	}
	return ret;
}

static compat_hv_remove_t dm_remove(struct hv_device *dev)
{
	unsigned long pages = hvb_balloon_pages();

	/* not there after a failed resume */
	if (hvb_dm.channel)
		disconnect();
	clear_bit(0, &bound);
	if (pages)
		pr_info("the host keeps %lu pages until the device comes back\n",
			pages);
	return (compat_hv_remove_t)0;
}

/*
 * Reboot or kexec: the host hears a close, and nothing of ours runs on. Pages that
 * it has are still missing in the next kernel.
 */
static void dm_shutdown(struct hv_device *dev)
{
	dm_remove(dev);
}

static int dm_suspend(struct hv_device *dev)
{
	if (hvb_dm.channel)
		disconnect();
	return 0;
}

static int dm_resume(struct hv_device *dev)
{
	return connect(dev->channel);
}

static const struct hv_vmbus_device_id dm_ids[] = {
	{ HV_DM_GUID },
	{ },
};

static struct hv_driver dm_driver = {
	.name = "hv_balloon_reclaim",
	.id_table = dm_ids,
	.probe = dm_probe,
	.remove = dm_remove,
	.shutdown = dm_shutdown,
	.suspend = dm_suspend,
	.resume = dm_resume,
	.driver = {
		.probe_type = PROBE_PREFER_ASYNCHRONOUS,
	},
};

/**
 * hvb_dm_init - become the driver of the device, if that is wanted
 *
 * Return: 0 or -errno. Context: module init.
 */
int hvb_dm_init(void)
{
	int ret;

	if (!hvb_dm_wanted)
		return 0;
	init_waitqueue_head(&hvb_dm.changed);
	mutex_init(&hvb_dm.send_lock);
	INIT_WORK(&hvb_dm.receive, hvb_dm_receive);
	INIT_DELAYED_WORK(&hvb_dm.status, hvb_dm_status_work);
	hvb_balloon_init();
	hvb_dm.workqueue = alloc_workqueue("hv_balloon_dm", WQ_UNBOUND, 1);
	if (!hvb_dm.workqueue)
		return -ENOMEM;
	ret = hvb_relief_init();
	if (ret)
		goto workqueue;
	ret = hvb_hot_add_init();
	if (ret)
		goto relief;
	ret = vmbus_driver_register(&dm_driver);
	if (ret)
		goto hot_add;
	return 0;

hot_add:
	hvb_hot_add_exit();
relief:
	hvb_relief_exit();
workqueue:
	destroy_workqueue(hvb_dm.workqueue);
	return ret;
}

/**
 * hvb_dm_exit - undo hvb_dm_init()
 *
 * Context: module exit.
 */
void hvb_dm_exit(void)
{
	if (!hvb_dm_wanted)
		return;
	vmbus_driver_unregister(&dm_driver);
	hvb_hot_add_exit();
	hvb_relief_exit();
	destroy_workqueue(hvb_dm.workqueue);
	hvb_balloon_exit();
}

/**
 * hvb_dm_get_numbers - what is known about dynamic memory
 * @numbers: filled in
 *
 * Context: any.
 */
void hvb_dm_get_numbers(struct hvb_dm_numbers *numbers)
{
	numbers->ballooned_pages = hvb_balloon_pages();
	numbers->hotadded_pages = hvb_hot_add_pages();
	numbers->onlined_pages = hvb_hot_add_onlined();
	numbers->max_pages = READ_ONCE(hvb_dm.max_pages);
	numbers->host_errors = atomic64_read(&hvb_dm.host_errors);
	numbers->send_errors = atomic64_read(&hvb_dm.send_errors);
	numbers->connected = READ_ONCE(hvb_dm.ready);
}
