// SPDX-License-Identifier: GPL-2.0
/*
 * The VMBus driver of the self test: probe, remove, channel callback.
 *
 * Remove waits until the operations that use the device have ended, so those
 * that wait for the host must be woken by the bus.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "compat.h"
#include "echo.h"

static DEFINE_MUTEX(echo_lock);
static LIST_HEAD(echo_list);

static const struct hv_vmbus_device_id echo_ids[] = {
	{ .guid = { .b = MOCK_ECHO_CLASS } },
	{ },
};

static void echo_free(struct kref *ref)
{
	kfree(container_of(ref, struct echo, ref));
}

/**
 * echo_get - find a bound device and keep it bound
 * @instance: last byte of the instance GUID
 *
 * Return: the device, to be dropped with echo_put(), or NULL.
 */
struct echo *echo_get(u32 instance)
{
	struct echo *echo, *found = NULL;

	mutex_lock(&echo_lock);
	list_for_each_entry(echo, &echo_list, node) {
		if (echo->instance == instance) {
			kref_get(&echo->ref);
			atomic_inc(&echo->users);
			found = echo;
			break;
		}
	}
	mutex_unlock(&echo_lock);
	return found;
}

/**
 * echo_put - end of an operation
 * @echo: from echo_get()
 */
void echo_put(struct echo *echo)
{
	if (atomic_dec_and_test(&echo->users))
		wake_up(&echo->idle);
	kref_put(&echo->ref, echo_free);
}

static void take_packet(struct echo *echo, struct vmpacket_descriptor *desc)
{
	struct vmbus_channel *channel = echo->hdev->channel;
	u32 len = hv_pkt_datalen(desc);

	echo->last_type = desc->type;
	echo->last_id = desc->trans_id;
	echo->last_len = len;
	echo->last_word = len >= 4 ? *(u32 *)hv_pkt_data(desc) : 0;
	if (echo->mode & MOCK_ECHO_MODE_REPLY)
		vmbus_sendpacket(channel, hv_pkt_data(desc), len,
				 desc->trans_id, VM_PKT_DATA_INBAND, 0);
	WRITE_ONCE(echo->packets, echo->packets + 1);
}

static void echo_callback(void *context)
{
	struct echo *echo = context;
	struct vmpacket_descriptor *desc;

	echo->callbacks++;
	echo->contexts |= in_serving_softirq() && !in_hardirq() ? 1 : 2;
	if (READ_ONCE(echo->close_in_callback)) {
		echo->close_in_callback = false;
		vmbus_close(echo->hdev->channel);
	}
	if (READ_ONCE(echo->hold))
		return;
	foreach_vmbus_pkt(desc, echo->hdev->channel)
		take_packet(echo, desc);
	wake_up(&echo->arrived);
}

/**
 * echo_open - open the channel
 * @echo: device
 * @send_size: bytes
 * @recv_size: bytes
 * @mode: MOCK_ECHO_MODE_*
 *
 * Return: of vmbus_open().
 */
int echo_open(struct echo *echo, u32 send_size, u32 recv_size, u32 mode)
{
	struct vmbus_channel *channel = echo->hdev->channel;
	char user_data[] = "mock echo";

	echo->mode = mode;
	channel->max_pkt_size = mode & MOCK_ECHO_MODE_SMALL ? 64 : 16384;
	set_channel_read_mode(channel, mode & MOCK_ECHO_MODE_DIRECT ?
			      HV_CALL_DIRECT : HV_CALL_BATCHED);
	return vmbus_open(channel, send_size, recv_size, user_data,
			  sizeof(user_data), echo_callback, echo);
}

static struct echo *echo_alloc(struct hv_device *hdev)
{
	struct vmbus_channel_offer *offer = &hdev->channel->offermsg.offer;
	struct echo *echo = kzalloc(sizeof(*echo), GFP_KERNEL);

	if (!echo)
		return NULL;
	kref_init(&echo->ref);
	echo->hdev = hdev;
	echo->instance = hdev->dev_instance.b[15];
	echo->behaviour = offer->u.std.user_def[0];
	init_waitqueue_head(&echo->idle);
	init_waitqueue_head(&echo->arrived);
	init_completion(&echo->go);
	return echo;
}

static int echo_probe(struct hv_device *hdev,
		      const struct hv_vmbus_device_id *id)
{
	struct echo *echo = echo_alloc(hdev);
	int ret = 0;

	if (!echo)
		return -ENOMEM;
	if (echo->behaviour & MOCK_ECHO_FAIL_PROBE)
		ret = -EIO;
	else if (echo->behaviour & MOCK_ECHO_OPEN_IN_PROBE)
		ret = echo_open(echo, 2 * PAGE_SIZE, 2 * PAGE_SIZE,
				MOCK_ECHO_MODE_REPLY);
	if (ret) {
		kref_put(&echo->ref, echo_free);
		return ret;
	}
	hv_set_drvdata(hdev, echo);
	mutex_lock(&echo_lock);
	list_add_tail(&echo->node, &echo_list);
	mutex_unlock(&echo_lock);
	return 0;
}

static void free_buffers(struct echo *echo)
{
	struct echo_buffer *buffer;
	unsigned int i;

	for (i = 0; i < ECHO_GPADLS; i++) {
		buffer = &echo->buffers[i];
		if (!buffer->memory)
			continue;
		vmbus_teardown_gpadl(echo->hdev->channel, &buffer->gpadl);
		kvfree(buffer->memory);
		buffer->memory = NULL;
	}
}

static void echo_unbind(struct hv_device *hdev)
{
	struct echo *echo = hv_get_drvdata(hdev);

	if (echo->behaviour & MOCK_ECHO_HOLD_REMOVE)
		wait_for_completion(&echo->go);
	mutex_lock(&echo_lock);
	list_del(&echo->node);
	mutex_unlock(&echo_lock);
	wait_event(echo->idle, !atomic_read(&echo->users));
	free_buffers(echo);
	if (!(echo->behaviour & MOCK_ECHO_LEAVE_OPEN))
		vmbus_close(hdev->channel);
	kref_put(&echo->ref, echo_free);
}

static compat_hv_remove_t echo_remove(struct hv_device *hdev)
{
	echo_unbind(hdev);
	return (compat_hv_remove_t)0;
}

static struct hv_driver echo_driver = {
	.name = "mock_echo",
	.id_table = echo_ids,
	.probe = echo_probe,
	.remove = echo_remove,
	.driver = {
		.probe_type = PROBE_PREFER_ASYNCHRONOUS,
	},
};

/**
 * echo_driver_register - register with the mock bus
 *
 * Return: 0 or an error of the bus.
 */
int echo_driver_register(void)
{
	return vmbus_driver_register(&echo_driver);
}

/**
 * echo_driver_unregister - undo echo_driver_register()
 */
void echo_driver_unregister(void)
{
	vmbus_driver_unregister(&echo_driver);
}
