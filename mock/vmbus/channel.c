// SPDX-License-Identifier: GPL-2.0
/*
 * Life of a channel on the host's side: offer, rescind, retirement.
 *
 * A channel is in the relid table from offer to release of its device. The table
 * holds a reference, each queued work holds one. The guest's part (struct
 * guest_channel, hv_device) is created by the offer work and freed by the
 * device's release (bus.c).
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uuid.h>
#include <linux/wait_bit.h>

#include "internal.h"

static void channel_free(struct kref *ref)
{
	struct mock_channel *ch = container_of(ref, struct mock_channel, ref);
	struct mock_host *host = ch->host;

	mock_eventfd_free(ch);
	kfree(ch->driver_override);
	kfree(ch->guest);
	kfree(ch);
	if (atomic_dec_and_test(&host->objects))
		wake_up_var(&host->objects);
	mock_host_put(host);
	if (atomic_dec_and_test(&mock_bus.objects))
		wake_up_var(&mock_bus.objects);
}

/**
 * mock_channel_get - take a reference
 * @ch: channel
 */
void mock_channel_get(struct mock_channel *ch)
{
	kref_get(&ch->ref);
}

/**
 * mock_channel_put - drop a reference
 * @ch: channel
 *
 * Context: process.
 */
void mock_channel_put(struct mock_channel *ch)
{
	kref_put(&ch->ref, channel_free);
}
EXPORT_SYMBOL_GPL(mock_channel_put);

static void channel_offer_work(struct work_struct *work)
{
	struct mock_channel *ch = container_of(work, struct mock_channel,
					       offer_work);

	mock_bus_publish(ch);
	complete_all(&ch->registered);
	mock_channel_put(ch);
}

/* The order of steps is that of the real bus. */
static void channel_rescind_work(struct work_struct *work)
{
	struct mock_channel *ch = container_of(work, struct mock_channel,
					       rescind_work);
	bool all = mock_fault_hit(ch, MOCK_VMBUS_SITE_WAKE_ALL, 0, NULL);

	mock_irq_stop(&ch->guest->vmbus);
	mock_ask_rescind(ch, all);
	wait_for_completion(&ch->registered);
	if (test_bit(CH_REGISTERED, &ch->state))
		mock_bus_withdraw(ch);
	else
		mock_channel_release(ch);
	mock_channel_put(ch);
}

/**
 * mock_channel_rescind - start to withdraw a channel
 * @ch: channel
 *
 * Only the first call counts. Context: any.
 */
void mock_channel_rescind(struct mock_channel *ch)
{
	if (test_and_set_bit(CH_RESCIND_CLAIMED, &ch->state))
		return;
	mock_channel_get(ch);
	queue_work(mock_bus.rescind_wq, &ch->rescind_work);
}

/**
 * mock_channel_stats - add a channel's counters
 * @ch: channel
 * @sum: to add to; @sum->state is set
 *
 * Context: any.
 */
void mock_channel_stats(struct mock_channel *ch, struct mock_vmbus_stats *sum)
{
	unsigned long flags;

	spin_lock_irqsave(&ch->host_lock, flags);
	if (ch->guest)
		sum->state = READ_ONCE(ch->guest->vmbus.state);
	spin_unlock_irqrestore(&ch->host_lock, flags);
	sum->interrupts += READ_ONCE(ch->interrupts);
	sum->kicks += atomic64_read(&ch->kicks);
	sum->sent += READ_ONCE(ch->sent);
	sum->received += READ_ONCE(ch->received);
	sum->full += READ_ONCE(ch->full);
	sum->spurious += READ_ONCE(ch->spurious);
	sum->unneeded += READ_ONCE(ch->unneeded);
	sum->gpadls += atomic_read(&ch->gpadls);
	sum->mmio_bytes += atomic64_read(&ch->mmio_bytes);
}

/* What the driver should have undone is undone here, and counted. */
static void channel_clean(struct mock_channel *ch)
{
	mock_open_abandon(ch);
	mock_gpadl_abandon(ch);
	mock_mmio_abandon(ch);
}

/**
 * mock_channel_release - forget a channel whose device is gone
 * @ch: channel
 *
 * Frees the guest's part; the number may be used again. Called by the release
 * function of the device, or by the rescind of a channel without one.
 * Context: process, sleeps.
 */
void mock_channel_release(struct mock_channel *ch)
{
	struct guest_channel *guest = ch->guest;
	struct mock_host *host = ch->host;
	unsigned long flags;

	channel_clean(ch);
	spin_lock_irqsave(&ch->host_lock, flags);
	WRITE_ONCE(ch->guest, NULL);
	spin_unlock_irqrestore(&ch->host_lock, flags);
	mock_eventfd_release(ch);
	mock_irq_release(ch, &guest->vmbus);
	kfree(guest);

	xa_erase(&mock_bus.relids, ch->relid);
	if (host->ops->released)
		host->ops->released(host, ch->relid);
	/* last: who settles must find the host told when the channel is gone */
	mutex_lock(&host->lock);
	list_del_init(&ch->node);
	mock_channel_stats(ch, &host->past);
	mutex_unlock(&host->lock);
	complete_all(&ch->released);
	mock_channel_put(ch);
}

static bool instance_in_use(const u8 *instance)
{
	struct mock_channel *ch;
	unsigned long relid;

	xa_for_each(&mock_bus.relids, relid, ch)
		if (!memcmp(ch->offer.instance, instance, UUID_SIZE))
			return true;
	return false;
}

static int channel_number(struct mock_channel *ch, u32 relid)
{
	int ret;

	if (relid) {
		ch->relid = relid;
		ret = xa_insert(&mock_bus.relids, relid, ch, GFP_KERNEL);
		return ret == -EBUSY ? -EEXIST : ret;
	}
	return xa_alloc(&mock_bus.relids, &ch->relid, ch,
			XA_LIMIT(1, MOCK_VMBUS_MAX_RELID), GFP_KERNEL);
}

static struct guest_channel *guest_alloc(struct mock_channel *ch)
{
	struct guest_channel *guest = kzalloc(sizeof(*guest), GFP_KERNEL);
	struct vmbus_channel_offer_channel *msg;

	if (!guest)
		return NULL;
	guest->ch = ch;
	msg = &guest->vmbus.offermsg;
	msg->header.msgtype = CHANNELMSG_OFFERCHANNEL;
	memcpy(&msg->offer.if_type, ch->offer.type, sizeof(guid_t));
	memcpy(&msg->offer.if_instance, ch->offer.instance, sizeof(guid_t));
	msg->offer.chn_flags = ch->offer.chn_flags;
	msg->offer.mmio_megabytes = ch->offer.mmio_megabytes;
	memcpy(&msg->offer.u, ch->offer.class_data,
	       sizeof(ch->offer.class_data));
	msg->is_dedicated_interrupt = 1;
	guest->vmbus.is_dedicated_interrupt = true;
	guest->vmbus.state = CHANNEL_OFFER_STATE;
	guest->vmbus.device_id = HV_UNKNOWN;
	INIT_LIST_HEAD(&guest->vmbus.listentry);
	INIT_LIST_HEAD(&guest->vmbus.sc_list);
	init_completion(&guest->vmbus.rescind_event);
	spin_lock_init(&guest->vmbus.outbound.ring_lock);
	spin_lock_init(&guest->vmbus.inbound.ring_lock);
	mutex_init(&guest->vmbus.outbound.ring_buffer_mutex);
	mutex_init(&guest->vmbus.inbound.ring_buffer_mutex);
	return guest;
}

static struct mock_channel *channel_alloc(struct mock_host *host,
					  const struct mock_vmbus_offer *offer)
{
	struct mock_channel *ch = kzalloc(sizeof(*ch), GFP_KERNEL);

	if (!ch)
		return NULL;
	ch->offer = *offer;
	ch->guest = guest_alloc(ch);
	if (!ch->guest) {
		kfree(ch);
		return NULL;
	}
	kref_init(&ch->ref);
	ch->host = host;
	INIT_LIST_HEAD(&ch->node);
	INIT_LIST_HEAD(&ch->kick_node);
	INIT_WORK(&ch->offer_work, channel_offer_work);
	INIT_WORK(&ch->rescind_work, channel_rescind_work);
	INIT_WORK(&ch->drain_work, mock_ring_drain_work);
	init_completion(&ch->registered);
	init_completion(&ch->released);
	spin_lock_init(&ch->host_lock);
	mock_irq_init(ch);
	mock_host_get(host);
	atomic_inc(&host->objects);
	atomic_inc(&mock_bus.objects);
	return ch;
}

/* Caller holds host->lock. */
static int channel_insert(struct mock_host *host, struct mock_channel *ch,
			  u32 relid)
{
	int ret;

	if (host->dead)
		return -ENODEV;
	mutex_lock(&mock_bus.lock);
	ret = instance_in_use(ch->offer.instance) ? -EEXIST :
						    channel_number(ch, relid);
	mutex_unlock(&mock_bus.lock);
	if (ret)
		return ret;
	ch->guest->vmbus.offermsg.child_relid = ch->relid;
	ch->guest->vmbus.offermsg.connection_id = ch->relid;
	list_add_tail(&ch->node, &host->channels);
	/* One reference for the table, one for the work. */
	mock_channel_get(ch);
	queue_work(mock_bus.offer_wq, &ch->offer_work);
	return 0;
}

/**
 * mock_host_offer - offer a channel to the guest
 * @host: instance
 * @offer: see struct mock_vmbus_offer; out: @offer->relid
 *
 * Return: 0; -EINVAL, -EEXIST, -ENODEV (broken or being destroyed), -EBUSY (no
 * free number), -ENOMEM. Context: process, sleeps; the device appears later.
 */
int mock_host_offer(struct mock_host *host, struct mock_vmbus_offer *offer)
{
	struct mock_channel *ch;
	int ret;

	if (offer->relid > MOCK_VMBUS_MAX_RELID || offer->sub_channel_index ||
	    offer->reserved || (offer->flags & ~MOCK_VMBUS_OFFER_SYNC_CLOSE))
		return -EINVAL;
	ch = channel_alloc(host, offer);
	if (!ch)
		return -ENOMEM;
	mutex_lock(&host->lock);
	ret = channel_insert(host, ch, offer->relid);
	if (!ret)
		offer->relid = ch->relid;
	mutex_unlock(&host->lock);
	if (ret)
		mock_channel_put(ch);
	return ret;
}
EXPORT_SYMBOL_GPL(mock_host_offer);

/**
 * mock_host_channel - find a channel of this host
 * @host: instance
 * @relid: number
 *
 * Return: the channel with a reference, drop it with mock_channel_put(); NULL
 * when there is none. Context: process.
 */
struct mock_channel *mock_host_channel(struct mock_host *host, u32 relid)
{
	struct mock_channel *ch;

	xa_lock(&mock_bus.relids);
	ch = xa_load(&mock_bus.relids, relid);
	if (ch && ch->host == host)
		mock_channel_get(ch);
	else
		ch = NULL;
	xa_unlock(&mock_bus.relids);
	return ch;
}
EXPORT_SYMBOL_GPL(mock_host_channel);

static struct mock_channel *first_channel(struct mock_host *host)
{
	struct mock_channel *ch;

	mutex_lock(&host->lock);
	ch = list_first_entry_or_null(&host->channels, struct mock_channel,
				      node);
	if (ch)
		mock_channel_get(ch);
	mutex_unlock(&host->lock);
	return ch;
}

static int rescind_all(struct mock_host *host, bool wait)
{
	struct mock_channel *ch;
	int ret = 0;

	mutex_lock(&host->lock);
	list_for_each_entry(ch, &host->channels, node)
		mock_channel_rescind(ch);
	mutex_unlock(&host->lock);
	while (wait && !ret && (ch = first_channel(host))) {
		ret = wait_for_completion_interruptible(&ch->released);
		mock_channel_put(ch);
	}
	return ret;
}

/**
 * mock_host_rescind - withdraw a channel
 * @host: instance
 * @relid: channel, 0 = all
 * @flags: MOCK_VMBUS_RESCIND_WAIT: return when the guest released the device
 *
 * Return: 0 (also when already rescinded), -ENOENT, -EINVAL, -ERESTARTSYS.
 * Context: process; with WAIT not from a callback.
 */
int mock_host_rescind(struct mock_host *host, u32 relid, u32 flags)
{
	bool wait = flags & MOCK_VMBUS_RESCIND_WAIT;
	struct mock_channel *ch;
	int ret = 0;

	if (flags & ~MOCK_VMBUS_RESCIND_WAIT)
		return -EINVAL;
	if (!relid)
		return rescind_all(host, wait);
	ch = mock_host_channel(host, relid);
	if (!ch)
		return -ENOENT;
	mock_channel_rescind(ch);
	if (wait)
		ret = wait_for_completion_interruptible(&ch->released);
	mock_channel_put(ch);
	return ret;
}
EXPORT_SYMBOL_GPL(mock_host_rescind);

/**
 * mock_channel_host - instance of a channel
 * @ch: channel
 *
 * Return: the instance, no reference taken.
 */
struct mock_host *mock_channel_host(const struct mock_channel *ch)
{
	return ch->host;
}
EXPORT_SYMBOL_GPL(mock_channel_host);

/**
 * mock_channel_relid - number of a channel
 * @ch: channel
 *
 * Return: 1..2047.
 */
u32 mock_channel_relid(const struct mock_channel *ch)
{
	return ch->relid;
}
EXPORT_SYMBOL_GPL(mock_channel_relid);

/**
 * mock_channel_vmbus - the guest's view of a channel, for tests
 * @ch: channel
 *
 * Return: the guest's object, NULL before the device exists and after release;
 * valid only as long as the caller knows that the device exists.
 */
struct vmbus_channel *mock_channel_vmbus(struct mock_channel *ch)
{
	struct guest_channel *guest = READ_ONCE(ch->guest);

	return guest ? &guest->vmbus : NULL;
}
EXPORT_SYMBOL_GPL(mock_channel_vmbus);

/**
 * mock_channel_set_priv - attach the host's own data to a channel
 * @ch: channel
 * @priv: for mock_channel_priv()
 */
void mock_channel_set_priv(struct mock_channel *ch, void *priv)
{
	WRITE_ONCE(ch->priv, priv);
}
EXPORT_SYMBOL_GPL(mock_channel_set_priv);

/**
 * mock_channel_priv - the host's own data
 * @ch: channel
 *
 * Return: what mock_channel_set_priv() stored, else NULL.
 */
void *mock_channel_priv(const struct mock_channel *ch)
{
	return READ_ONCE(ch->priv);
}
EXPORT_SYMBOL_GPL(mock_channel_priv);
