// SPDX-License-Identifier: GPL-2.0
/*
 * VMBus channels: open and close, sending with patience when the ring is full,
 * receiving, and matching answers to requests.
 *
 * An outstanding request sits in a table at index "id modulo size".  Ids count
 * up and skip occupied slots, so finding the request of an answer is one array
 * access however many are outstanding, and no memory is allocated per request.
 *
 * Senders use the bus's channel inside a section of dxg_channel_srcu, and close
 * waits for these sections; they never sleep in there, so nothing that removal
 * waits for can wait for the host.
 *
 * Locks: dxg_channel.lock (irq-safe, innermost), dxg_channel.full_lock (one
 * sender waits for room); see docs/locking.md.
 */
#include <linux/hyperv.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/srcu.h>

#include "adapter.h"
#include "global_channel.h"
#include "host_message.h"
#include "trace.h"
#include "vmbus_channel.h"

#define DXG_CHANNEL_SLOTS	64
/* More abandoned or waiting requests than this and new ones get -ENOMEM. */
#define DXG_CHANNEL_SLOTS_MAX	65536
/* Packets handled per callback; the bus calls again when more are there. */
#define DXG_RECEIVE_BUDGET	256
/* A lost "room" signal from the host costs this much, not a hang. */
#define DXG_ROOM_RECHECK	(HZ / 10)
/* Descriptor in front of a packet and trailer behind it. */
#define DXG_PACKET_OVERHEAD	(sizeof(struct vmpacket_descriptor) + sizeof(u64))

DEFINE_STATIC_SRCU(dxg_channel_srcu);

/**
 * dxg_channel_init() - prepare a channel object
 * @channel: zeroed memory
 * @event: consumer of in-band messages from the host, or NULL
 */
void dxg_channel_init(struct dxg_channel *channel,
		      void (*event)(const void *payload, u32 length))
{
	spin_lock_init(&channel->lock);
	mutex_init(&channel->full_lock);
	init_waitqueue_head(&channel->room);
	channel->event = event;
}

/* Take the request of @id out of the table, if it is there. */
static struct dxg_request *dxg_channel_claim(struct dxg_channel *channel,
					     u64 id)
{
	struct dxg_request *request;
	unsigned long flags;
	u32 slot;

	spin_lock_irqsave(&channel->lock, flags);
	slot = id & (channel->slot_count - 1);
	/* a sender may be late: no table after the close */
	request = channel->slots ? channel->slots[slot] : NULL;
	if (request && request->id == id) {
		channel->slots[slot] = NULL;
		channel->in_flight--;
	} else {
		request = NULL;
	}
	spin_unlock_irqrestore(&channel->lock, flags);
	return request;
}

static void dxg_channel_packet(struct dxg_channel *channel,
			       struct vmpacket_descriptor *desc)
{
	const void *payload = hv_pkt_data(desc);
	u32 length = hv_pkt_datalen(desc);
	struct dxg_request *request;

	switch (desc->type) {
	case VM_PKT_COMP:
		request = dxg_channel_claim(channel, desc->trans_id);
		trace_dxg_completion(desc->trans_id, length, !!request);
		if (request)
			dxg_request_complete(request, 0, payload, length);
		break;
	case VM_PKT_DATA_INBAND:
		if (channel->event)
			channel->event(payload, length);
		break;
	default:
		break;
	}
}

/* Channel callback: softirq, never concurrent with itself. */
static void dxg_channel_receive(void *context)
{
	struct dxg_channel *channel = context;
	struct vmbus_channel *vmbus = channel->vmbus;
	struct vmpacket_descriptor *desc;
	unsigned int budget = DXG_RECEIVE_BUDGET;

	desc = hv_pkt_iter_first(vmbus);
	while (desc) {
		dxg_channel_packet(channel, desc);
		if (--budget) {
			desc = hv_pkt_iter_next(vmbus, desc);
			continue;
		}
		/* give back what was read; the bus comes again for the rest */
		__hv_pkt_iter_next(vmbus, desc);
		hv_pkt_iter_close(vmbus);
		break;
	}
	if (wq_has_sleeper(&channel->room))
		wake_up_all(&channel->room);
}

/* A table for requests, or none; removal may look at it at any time. */
static void dxg_channel_set_slots(struct dxg_channel *channel,
				  struct dxg_request **slots, u32 count)
{
	struct dxg_request **old;

	spin_lock_irq(&channel->lock);
	old = channel->slots;
	channel->slots = slots;
	channel->slot_count = count;
	channel->in_flight = 0;
	spin_unlock_irq(&channel->lock);
	kvfree(old);
}

/**
 * dxg_channel_open() - open a channel to the host
 * @channel: initialised and closed
 * @hdev: device whose primary channel is opened; must stay until
 *	dxg_channel_close() returned
 *
 * The receive callback may run before this returns.  Context: may sleep, waits
 * for the host.
 *
 * Return: 0 or the errno of vmbus_open().
 */
int dxg_channel_open(struct dxg_channel *channel, struct hv_device *hdev)
{
	struct dxg_request **slots;
	int ret;

	slots = kcalloc(DXG_CHANNEL_SLOTS, sizeof(*slots), GFP_KERNEL);
	if (!slots)
		return -ENOMEM;
	dxg_channel_set_slots(channel, slots, DXG_CHANNEL_SLOTS);
	/* last_id goes on: ids of an earlier life must not match */
	channel->extended = dxg_global.version >= DXGK_VMBUS_INTERFACE_VERSION;
	channel->vmbus = hdev->channel;
	channel->vmbus->max_pkt_size = DXG_MAX_VM_BUS_PACKET_SIZE +
				       sizeof(struct vmpacket_descriptor);
	ret = vmbus_open(channel->vmbus, RING_BUFSIZE, RING_BUFSIZE, NULL, 0,
			 dxg_channel_receive, channel);
	if (ret) {
		dxg_channel_set_slots(channel, NULL, 0);
		return ret;
	}
	spin_lock_irq(&channel->lock);
	WRITE_ONCE(channel->generation, channel->generation + 1);
	/* pairs with smp_load_acquire() in dxg_channel_takes() */
	smp_store_release(&channel->open, true);
	spin_unlock_irq(&channel->lock);
	return 0;
}

/**
 * dxg_channel_wait_senders() - wait for those who are just sending
 *
 * When this returns, whoever was sending before has either sent or will look
 * again whether the packet may go.  Context: may sleep, for no long time.
 */
void dxg_channel_wait_senders(void)
{
	synchronize_srcu(&dxg_channel_srcu);
}

/**
 * dxg_channel_rescinded() - did the host withdraw the channel?
 * @channel: channel
 * @rescinded: set when the channel is open
 *
 * Return: whether the channel is open.
 */
bool dxg_channel_rescinded(struct dxg_channel *channel, bool *rescinded)
{
	int idx = srcu_read_lock(&dxg_channel_srcu);
	/* pairs with smp_store_release() in dxg_channel_open() */
	bool open = smp_load_acquire(&channel->open);

	if (open)
		*rescinded = READ_ONCE(channel->vmbus->rescind);
	srcu_read_unlock(&dxg_channel_srcu, idx);
	return open;
}

/**
 * dxg_channel_shut() - let nobody send any more
 * @channel: channel, open or not
 *
 * When this returns no sender touches the bus's channel and no new request can
 * be registered.  Those outstanding stay, see dxg_channel_abort().
 */
void dxg_channel_shut(struct dxg_channel *channel)
{
	spin_lock_irq(&channel->lock);
	WRITE_ONCE(channel->open, false);
	spin_unlock_irq(&channel->lock);
	wake_up_all(&channel->room);
	synchronize_srcu(&dxg_channel_srcu);
}

/**
 * dxg_channel_abort() - end outstanding requests with -ENODEV
 * @channel: channel
 * @adapter: only requests of this adapter, NULL for all
 *
 * Takes no lock that a waiter could hold.  The caller has made sure that no new
 * request of the kind can be registered (channel shut, adapter stopped).
 * Context: may sleep.
 */
void dxg_channel_abort(struct dxg_channel *channel,
		       const struct dxg_adapter *adapter)
{
	struct dxg_request *request;
	u32 slot;

	spin_lock_irq(&channel->lock);
	for (slot = 0; slot < channel->slot_count; slot++) {
		request = channel->slots[slot];
		if (!request || (adapter && request->adapter != adapter))
			continue;
		channel->slots[slot] = NULL;
		channel->in_flight--;
		spin_unlock_irq(&channel->lock);
		dxg_request_complete(request, -ENODEV, NULL, 0);
		cond_resched();
		spin_lock_irq(&channel->lock);
	}
	spin_unlock_irq(&channel->lock);
}

/**
 * dxg_channel_close() - end requests and close the channel
 * @channel: channel, open or not; may be opened again afterwards
 *
 * Context: may sleep (the bus waits for the host unless it withdrew the
 * channel).
 */
void dxg_channel_close(struct dxg_channel *channel)
{
	if (!channel->slots)
		return;
	dxg_channel_shut(channel);
	dxg_channel_abort(channel, NULL);
	vmbus_close(channel->vmbus);
	dxg_channel_set_slots(channel, NULL, 0);
}

/* Double the table that has @count slots now. */
static int dxg_channel_grow(struct dxg_channel *channel, u32 count)
{
	struct dxg_request **slots, **old = NULL;
	u32 i;

	if (count >= DXG_CHANNEL_SLOTS_MAX)
		return -ENOMEM;
	slots = kvcalloc(count * 2, sizeof(*slots), GFP_KERNEL);
	if (!slots)
		return -ENOMEM;

	spin_lock_irq(&channel->lock);
	if (channel->open && channel->slot_count == count) {
		/* ids that differ modulo count also differ modulo 2 * count */
		for (i = 0; i < count; i++)
			if (channel->slots[i])
				slots[channel->slots[i]->id & (count * 2 - 1)] =
					channel->slots[i];
		old = channel->slots;
		channel->slots = slots;
		channel->slot_count = count * 2;
	} else {
		old = slots;
	}
	spin_unlock_irq(&channel->lock);
	kvfree(old);
	return 0;
}

/* Give a request its id and put it where the answer will find it. */
static int dxg_channel_register(struct dxg_channel *channel,
				struct dxg_request *request)
{
	u32 count;
	int ret;

	spin_lock_irq(&channel->lock);
	while (channel->open && channel->in_flight >= channel->slot_count / 2) {
		count = channel->slot_count;
		spin_unlock_irq(&channel->lock);
		ret = dxg_channel_grow(channel, count);
		if (ret)
			return ret;
		spin_lock_irq(&channel->lock);
	}
	if (!channel->open || (request->adapter &&
			       dxg_adapter_stopped(request->adapter))) {
		spin_unlock_irq(&channel->lock);
		return -ENODEV;
	}
	do {
		request->id = ++channel->last_id;
	} while (channel->slots[request->id & (channel->slot_count - 1)]);
	request->channel = channel;
	refcount_inc(&request->refs);
	channel->slots[request->id & (channel->slot_count - 1)] = request;
	channel->in_flight++;
	spin_unlock_irq(&channel->lock);
	return 0;
}

/**
 * dxg_channel_abandon() - leave a request to its late answer
 * @request: request whose waiter was killed
 *
 * Return: true when the answer has not come; the table's reference stays and
 * the answer will run the request's late function.  False when the request is
 * complete or being completed.
 */
bool dxg_channel_abandon(struct dxg_request *request)
{
	struct dxg_channel *channel = request->channel;
	bool waiting;

	spin_lock_irq(&channel->lock);
	waiting = channel->slots &&
		  channel->slots[request->id & (channel->slot_count - 1)] ==
		  request;
	if (waiting)
		dxg_request_set_abandoned(request);
	spin_unlock_irq(&channel->lock);
	return waiting;
}

/*
 * Does the channel, and what it stands for now, take the packet?  Inside an SRCU
 * section, so whoever changes that and then waits for a grace period knows that
 * nothing of the old kind is sent any more.
 */
static bool dxg_channel_takes(const struct dxg_channel *channel,
			      const struct dxg_packet *packet)
{
	/* pairs with smp_store_release() in dxg_channel_open() */
	if (!smp_load_acquire(&channel->open))
		return false;
	if (packet->generation && packet->generation != channel->generation)
		return false;
	/* start and stop of the adapter talk to the host with bounded waits */
	return packet->mode == DXG_WAIT_BOUNDED || !packet->adapter ||
	       dxg_adapter_active(packet->adapter);
}

static int dxg_channel_try(struct dxg_channel *channel,
			   const struct dxg_packet *packet, u32 pending)
{
	struct dxg_request *request = packet->request;
	int ret = -ENODEV;
	int idx;

	idx = srcu_read_lock(&dxg_channel_srcu);
	if (dxg_channel_takes(channel, packet)) {
		if (pending)
			set_channel_pending_send_size(channel->vmbus, pending);
		ret = vmbus_sendpacket(channel->vmbus, packet->payload,
				       packet->length,
				       request ? request->id : 0,
				       VM_PKT_DATA_INBAND, request ?
				       VMBUS_DATA_PACKET_FLAG_COMPLETION_REQUESTED :
				       0);
		if (pending && ret != -EAGAIN)
			set_channel_pending_send_size(channel->vmbus, 0);
	}
	srcu_read_unlock(&dxg_channel_srcu, idx);
	/* indices out of range: the host broke the ring, nothing will work */
	return ret == -EIO ? -ENODEV : ret;
}

static bool dxg_channel_has_room(struct dxg_channel *channel, u32 needed)
{
	bool room = true;
	int idx;

	idx = srcu_read_lock(&dxg_channel_srcu);
	/* pairs with smp_store_release() in dxg_channel_open() */
	if (smp_load_acquire(&channel->open))
		room = hv_get_bytes_to_write(&channel->vmbus->outbound) > needed;
	srcu_read_unlock(&dxg_channel_srcu, idx);
	return room;
}

static long dxg_channel_wait_room(struct dxg_channel *channel, u32 needed,
				  enum dxg_wait_mode mode)
{
	if (mode == DXG_WAIT_KILLABLE)
		return wait_event_killable_timeout(channel->room,
				dxg_channel_has_room(channel, needed),
				DXG_ROOM_RECHECK);
	return wait_event_timeout(channel->room,
				  dxg_channel_has_room(channel, needed),
				  DXG_ROOM_RECHECK);
}

/*
 * The ring is full.  Senders queue on full_lock; the first one announces how
 * much it needs, and the host signals when that much became free.  A bounded
 * sender does not queue behind those that may wait for ever.
 */
static int dxg_channel_send_slow(struct dxg_channel *channel,
				 const struct dxg_packet *packet)
{
	u32 needed = ALIGN(packet->length, 8) + DXG_PACKET_OVERHEAD;
	unsigned long end = jiffies + DXG_STOP_TIMEOUT;
	bool queue = packet->mode != DXG_WAIT_BOUNDED;
	int ret;

	if (packet->mode == DXG_WAIT_KILLABLE) {
		if (mutex_lock_killable(&channel->full_lock))
			return -ERESTARTSYS;
	} else if (queue) {
		mutex_lock(&channel->full_lock);
	}
	for (;;) {
		ret = dxg_channel_try(channel, packet, queue ? needed : 0);
		if (ret != -EAGAIN)
			break;
		ret = dxg_channel_wait_room(channel, needed, packet->mode);
		if (ret < 0)
			break;
		if (!queue && time_after(jiffies, end)) {
			ret = -ETIMEDOUT;
			break;
		}
	}
	if (queue)
		mutex_unlock(&channel->full_lock);
	return ret;
}

/**
 * dxg_channel_post() - send one packet
 * @channel: channel
 * @packet: what to send, copied before this returns
 *
 * Packets of one thread keep their order.  Context: may sleep.
 *
 * Return: 0; -ENODEV when the channel, the adapter or what the packet talks
 * about is gone; -ERESTARTSYS; -ENOMEM; -ETIMEDOUT.  After an error the request
 * is not registered any more.
 */
int dxg_channel_post(struct dxg_channel *channel,
		     const struct dxg_packet *packet)
{
	struct dxg_request *request = packet->request;
	int ret;

	if (request) {
		ret = dxg_channel_register(channel, request);
		if (ret)
			return ret;
	}
	ret = dxg_channel_try(channel, packet, 0);
	if (ret == -EAGAIN)
		ret = dxg_channel_send_slow(channel, packet);
	if (ret && request && dxg_channel_claim(channel, request->id))
		dxg_request_put(request);
	return ret;
}
