/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One VMBus channel to the host: open, close, receive, and the table of
 * requests that wait for their answer.
 */
#ifndef _DXG_VMBUS_CHANNEL_H
#define _DXG_VMBUS_CHANNEL_H

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "host_message.h"

struct hv_device;
struct vmbus_channel;

/**
 * struct dxg_channel - an open VMBus channel
 * @vmbus: the bus's channel; valid for senders inside an SRCU section that saw
 *	@open true
 * @open: senders may use @vmbus; cleared before the channel is closed
 * @extended: messages carry the extended header; decided by the protocol version
 *	at the open, a later negotiation does not change it
 * @lock: protects @slots, @slot_count, @in_flight, @last_id; irq-safe because
 *	the receive callback takes it
 * @slots: outstanding requests, at index id modulo @slot_count (a power of 2)
 * @slot_count: size of @slots
 * @in_flight: number of used slots
 * @last_id: last transaction id given out; 0 is never used
 * @generation: counts openings; what the host gave out before the last one it
 *	has forgotten
 * @full_lock: held by the one sender that waits for room in the ring
 * @room: wakes that sender; the host signals when room appears
 * @event: consumer of unsolicited messages, or NULL to drop them; called from
 *	the receive callback (softirq), must not sleep
 */
struct dxg_channel {
	struct vmbus_channel *vmbus;
	bool open;
	bool extended;
	spinlock_t lock;	/* protects the request table */
	struct dxg_request **slots;
	u32 slot_count;
	u32 in_flight;
	u64 last_id;
	u64 generation;
	struct mutex full_lock;	/* held by the waiter for room */
	wait_queue_head_t room;
	void (*event)(const void *payload, u32 length);
};

/**
 * struct dxg_packet - a packet to send
 * @request: registered before the packet leaves, so that the answer finds it;
 *	NULL for an asynchronous message without answer
 * @adapter: adapter that the message is for, which has to be active; NULL: none
 * @generation: of the channel, which the handles in the message belong to; 0:
 *	any
 * @payload: content
 * @length: bytes, at most DXG_MAX_VM_BUS_PACKET_SIZE
 * @mode: how to wait for room in the ring; %DXG_WAIT_BOUNDED is for start and
 *	stop of an adapter, which need not be active
 */
struct dxg_packet {
	struct dxg_request *request;
	const struct dxg_adapter *adapter;
	u64 generation;
	void *payload;
	u32 length;
	enum dxg_wait_mode mode;
};

void dxg_channel_init(struct dxg_channel *channel,
		      void (*event)(const void *payload, u32 length));
int dxg_channel_open(struct dxg_channel *channel, struct hv_device *hdev);
bool dxg_channel_rescinded(struct dxg_channel *channel, bool *rescinded);
void dxg_channel_shut(struct dxg_channel *channel);
void dxg_channel_close(struct dxg_channel *channel);
bool dxg_channel_abandon(struct dxg_request *request);
void dxg_channel_abort(struct dxg_channel *channel,
		       const struct dxg_adapter *adapter);
int dxg_channel_post(struct dxg_channel *channel,
		     const struct dxg_packet *packet);
void dxg_channel_wait_senders(void);

/* Opened and not yet closed; under the lock that serialises these two. */
static inline bool dxg_channel_is_set_up(const struct dxg_channel *channel)
{
	return channel->slots;
}

#endif /* _DXG_VMBUS_CHANNEL_H */
