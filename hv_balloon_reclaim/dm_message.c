// SPDX-License-Identifier: GPL-2.0
/*
 * Messages: sending, receiving, and answers that the ring had no room for.
 *
 * Receiving happens in a work item, not in the callback: un-ballooning frees up to
 * gigabytes, and while it does, further messages stay in the ring, where they slow
 * the host down instead of filling our memory.  The channel is therefore not in the
 * batched mode, in which the bus would call back again and again as long as the
 * ring is not empty.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>

#include "dm.h"
#include "trace.h"

static unsigned int ring_retry = 250;
module_param(ring_retry, uint, 0644);
MODULE_PARM_DESC(ring_retry,
		 "looks at a full ring, 20 ms apart, before a message is given up (default 250)");

/* Called with the lock of senders. */
static int send_message(void *message, u16 type, u16 size)
{
	struct vmbus_channel *channel = hvb_dm.channel;
	struct dm_header *hdr = message;
	int ret;

	if (hvb_dm_stopping() || READ_ONCE(channel->rescind))
		return -ESHUTDOWN;
	hdr->type = type;
	hdr->size = size;
	/* a message that the ring refused was never said */
	hdr->trans_id = hvb_dm.trans_id + 1;
	ret = vmbus_sendpacket(channel, message, size, 0, VM_PKT_DATA_INBAND, 0);
	if (!ret)
		hvb_dm.trans_id++;
	trace_dm_msg(true, type, size, hdr->trans_id, ret);
	return ret;
}

static int send_answer(enum hvb_dm_answer answer)
{
	struct dm_balloon_response balloon = { };
	struct dm_header unballoon;

	switch (answer) {
	case HVB_ANSWER_BALLOON:
		return send_message(&balloon, DM_TYPE_BALLOON_RESPONSE,
				    sizeof(balloon));
	case HVB_ANSWER_UNBALLOON:
		return send_message(&unballoon, DM_TYPE_UNBALLOON_RESPONSE,
				    sizeof(unballoon));
	default:
		return send_message(&hvb_dm.owed_hot_add,
				    DM_TYPE_HOT_ADD_RESPONSE,
				    sizeof(hvb_dm.owed_hot_add));
	}
}

/* Called with the lock of senders. */
static int send_owed(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < HVB_ANSWERS; i++) {
		while (hvb_dm.owed[i]) {
			ret = send_answer(i);
			if (ret)
				return ret;
			hvb_dm.owed[i]--;
		}
	}
	return 0;
}

/**
 * hvb_dm_send - send a message that may be dropped
 * @message: starts with a header, which is filled in here
 * @type: DM_TYPE_*
 * @size: bytes
 *
 * Return: 0; -EAGAIN: the ring is full; -ESHUTDOWN: the channel is gone and the
 * host has not seen the message; -ENODEV: gone, and the host may have seen it;
 * other: the bus refused it. Context: process, sleeps.
 */
int hvb_dm_send(void *message, u16 type, u16 size)
{
	int ret;

	mutex_lock(&hvb_dm.send_lock);
	ret = send_message(message, type, size);
	mutex_unlock(&hvb_dm.send_lock);
	return ret;
}

/**
 * hvb_dm_send_patiently - send an answer, wait for room if need be
 * @message: as hvb_dm_send()
 * @type: as hvb_dm_send()
 * @size: as hvb_dm_send()
 *
 * Answers that are owed go before it: the host takes them in the order of its
 * requests.
 *
 * Return: as hvb_dm_send(); -EAGAIN: the host did not read for so long that it was
 * given up. Context: process, sleeps; ends at once when the channel is closed.
 */
int hvb_dm_send_patiently(void *message, u16 type, u16 size)
{
	unsigned long pause = msecs_to_jiffies(hvb_dm_times.retry_ms);
	unsigned int tries = READ_ONCE(ring_retry);
	int ret;

	for (;;) {
		mutex_lock(&hvb_dm.send_lock);
		ret = send_owed();
		if (!ret)
			ret = send_message(message, type, size);
		mutex_unlock(&hvb_dm.send_lock);
		if (ret != -EAGAIN || !tries--)
			break;
		wait_event_timeout(hvb_dm.changed, hvb_dm_stopping(), pause);
	}
	if (ret && ret != -ESHUTDOWN)
		atomic64_inc(&hvb_dm.send_errors);
	return ret;
}

/**
 * hvb_dm_owe_answer - an answer could not be sent: try again with each status report
 * @answer: which one; for a balloon request the answer is "no more pages"
 *
 * A host that gets no answer begins no other transaction. Context: process.
 */
void hvb_dm_owe_answer(enum hvb_dm_answer answer)
{
	mutex_lock(&hvb_dm.send_lock);
	hvb_dm.owed[answer]++;
	mutex_unlock(&hvb_dm.send_lock);
}

/**
 * hvb_dm_send_owed - send answers that there was no room for
 *
 * Context: process, sleeps.
 */
void hvb_dm_send_owed(void)
{
	mutex_lock(&hvb_dm.send_lock);
	send_owed();
	mutex_unlock(&hvb_dm.send_lock);
}

/**
 * hvb_dm_answer_unballoon - the pages of a whole transaction are back in use
 *
 * Context: process, sleeps.
 */
void hvb_dm_answer_unballoon(void)
{
	struct dm_header message;

	if (hvb_dm_send_patiently(&message, DM_TYPE_UNBALLOON_RESPONSE,
				  sizeof(message)) == -EAGAIN)
		hvb_dm_owe_answer(HVB_ANSWER_UNBALLOON);
}

/**
 * hvb_dm_answer_hot_add - how a hot-add went
 * @pages: added
 * @result: see struct dm_hot_add_response
 *
 * Context: process, sleeps.
 */
void hvb_dm_answer_hot_add(u32 pages, u32 result)
{
	struct dm_hot_add_response message = {
		.pages = pages,
		.result = result,
	};

	if (hvb_dm_send_patiently(&message, DM_TYPE_HOT_ADD_RESPONSE,
				  sizeof(message)) != -EAGAIN)
		return;
	mutex_lock(&hvb_dm.send_lock);
	hvb_dm.owed_hot_add = message;
	hvb_dm.owed[HVB_ANSWER_HOT_ADD]++;
	mutex_unlock(&hvb_dm.send_lock);
}

/**
 * hvb_dm_host_error - the host said something that it should not
 * @fmt: what, for the log
 *
 * Counted always, logged now and then. Context: any.
 */
void hvb_dm_host_error(const char *fmt, ...)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);
	struct va_format vaf;
	va_list args;

	atomic64_inc(&hvb_dm.host_errors);
	if (!__ratelimit(&limit))
		return;
	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_warn("host: %pV\n", &vaf);
	va_end(args);
}

/* Answers are wanted by the negotiation only, one at a time. */
static void handle_response(const struct dm_response *message, u32 size)
{
	u16 type = message->hdr.type;

	if (size < sizeof(*message) || READ_ONCE(hvb_dm.answered) ||
	    type != READ_ONCE(hvb_dm.answer_type)) {
		hvb_dm_host_error("unexpected answer of type %u", type);
		return;
	}
	hvb_dm.answer_flags = message->flags;
	/* here and not by who waits: the first request may be the next message */
	if (type == DM_TYPE_CAPS_RESPONSE &&
	    message->flags & DM_RESPONSE_ACCEPTED)
		WRITE_ONCE(hvb_dm.ready, true);
	/* pairs with the acquire of the negotiation: flags before the news */
	smp_store_release(&hvb_dm.answered, true);
	wake_up_all(&hvb_dm.changed);
}

static void handle_info(const struct dm_info *message, u32 size)
{
	u64 pages;

	if (size < sizeof(*message) ||
	    message->size > size - offsetof(struct dm_info, type) ||
	    message->size < sizeof(*message) - offsetof(struct dm_info, type) ||
	    message->data_size > message->size -
				 (sizeof(*message) - offsetof(struct dm_info, type))) {
		hvb_dm_host_error("info of wrong size");
		return;
	}
	if (message->type != DM_INFO_MAX_PAGES)
		return;
	if (message->data_size != sizeof(pages)) {
		hvb_dm_host_error("page limit of wrong size");
		return;
	}
	memcpy(&pages, message->data, sizeof(pages));
	WRITE_ONCE(hvb_dm.max_pages, pages);
}

static void handle_transaction(const void *message, u16 type, u32 size)
{
	if (!READ_ONCE(hvb_dm.ready)) {
		hvb_dm_host_error("request of type %u before we agreed", type);
		return;
	}
	switch (type) {
	case DM_TYPE_BALLOON_REQUEST:
		hvb_balloon_up(message, size);
		break;
	case DM_TYPE_UNBALLOON_REQUEST:
		hvb_balloon_down(message, size);
		break;
	case DM_TYPE_HOT_ADD_REQUEST:
		hvb_hot_add(message, size);
		break;
	}
}

static void handle_message(const void *message, u32 length)
{
	const struct dm_header *hdr = message;

	if (length < sizeof(*hdr) || hdr->size < sizeof(*hdr) ||
	    hdr->size > length) {
		hvb_dm_host_error("message of wrong size in %u bytes", length);
		return;
	}
	trace_dm_msg(false, hdr->type, hdr->size, hdr->trans_id, 0);
	switch (hdr->type) {
	case DM_TYPE_VERSION_RESPONSE:
	case DM_TYPE_CAPS_RESPONSE:
		handle_response(message, hdr->size);
		break;
	case DM_TYPE_INFO:
		handle_info(message, hdr->size);
		break;
	case DM_TYPE_BALLOON_REQUEST:
	case DM_TYPE_UNBALLOON_REQUEST:
	case DM_TYPE_HOT_ADD_REQUEST:
		handle_transaction(message, hdr->type, hdr->size);
		break;
	default:
		hvb_dm_host_error("unknown message type %u", hdr->type);
	}
}

/* Takes a packet out of the ring. False: there is none. */
static bool receive_one(struct vmbus_channel *channel)
{
	struct vmpacket_descriptor *packet = hv_pkt_iter_first(channel);
	u32 length;

	if (!packet)
		return false;
	length = hv_pkt_datalen(packet);
	memcpy(hvb_dm.rx, hv_pkt_data(packet),
	       min_t(u32, length, sizeof(hvb_dm.rx)));
	__hv_pkt_iter_next(channel, packet);
	hv_pkt_iter_close(channel);
	if (length > sizeof(hvb_dm.rx))
		hvb_dm_host_error("message of %u bytes", length);
	else
		handle_message(hvb_dm.rx, length);
	return true;
}

/**
 * hvb_dm_receive - handle what the host said, in order
 * @work: hvb_dm.receive
 *
 * Context: process.
 */
void hvb_dm_receive(struct work_struct *work)
{
	while (!hvb_dm_stopping() && receive_one(hvb_dm.channel))
		cond_resched();
}

/**
 * hvb_dm_drain - handle what is left in the ring of a channel that will be closed
 *
 * Pages that the host returned are the guest's, whether it can still be thanked for
 * them or not; all else is moot. No more than a ring can hold, as a host might go on
 * writing. Context: process, when hvb_dm.receive has ended.
 */
void hvb_dm_drain(void)
{
	unsigned int packets = DM_RING_DATA / sizeof(struct vmpacket_descriptor);

	while (packets-- && receive_one(hvb_dm.channel))
		cond_resched();
}

/**
 * hvb_dm_interrupt - the channel's callback: the ring is no longer empty
 * @context: unused
 *
 * Context: softirq.
 */
void hvb_dm_interrupt(void *context)
{
	queue_work(hvb_dm.workqueue, &hvb_dm.receive);
}
