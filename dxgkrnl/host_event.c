// SPDX-License-Identifier: GPL-2.0
/*
 * Host events: the host signals by a number that the guest chose; here the
 * number becomes an eventfd count, a woken waiter or a signalled fence.
 *
 * The number is looked up in a hash table, never interpreted.  Taking an event
 * out of the table is what decides who owns it, so a signal, a failed send, a
 * stopped adapter and a dying process may race as they like.
 *
 * Lock: dxg_event_list.lock (bh-safe, innermost).  Lookups run under RCU.
 */
#include <linux/eventfd.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include <compat.h>
#include <dxg_host_protocol.h>

#include "adapter.h"
#include "device.h"
#include "host_event.h"
#include "trace.h"

static unsigned int max_events = 1 << 18;
module_param(max_events, uint, 0644);
MODULE_PARM_DESC(max_events,
		 "Most outstanding host events of one process, 0: no limit (default: 262144)");

/* Events that are ended, or looked at for that, per hold of their lock. */
#define DXG_EVENT_BATCH	256

/* How often an event is entered in a table that wants to grow. */
#define DXG_EVENT_TRIES	10

static struct rhashtable dxg_events;

/* One at a time walks along lists of events, see dxg_event_list_end(). */
static DEFINE_MUTEX(dxg_event_end_lock);

/* Ids start at 2: 0 is invalid on the wire, 1 is left free for debugging. */
static atomic64_t dxg_event_last_id = ATOMIC64_INIT(1);

static const struct rhashtable_params dxg_event_params = {
	.key_len = sizeof(u64),
	.key_offset = offsetof(struct dxg_host_event, id),
	.head_offset = offsetof(struct dxg_host_event, node),
	.automatic_shrinking = true,
};

/**
 * dxg_host_events_setup() - make the table of events
 *
 * Return: 0 or -ENOMEM.
 */
int dxg_host_events_setup(void)
{
	return rhashtable_init(&dxg_events, &dxg_event_params);
}

/**
 * dxg_host_events_cleanup() - free the table; no event is left in it
 */
void dxg_host_events_cleanup(void)
{
	rhashtable_destroy(&dxg_events);
}

/**
 * dxg_event_list_init() - make an empty list of events
 * @list: memory
 */
void dxg_event_list_init(struct dxg_event_list *list)
{
	spin_lock_init(&list->lock);
	INIT_LIST_HEAD(&list->events);
	list->count = 0;
}

static int dxg_host_event_insert(struct dxg_host_event *event)
{
	struct dxg_event_list *owner = event->owner;
	unsigned int max = READ_ONCE(max_events);
	int ret = 0;

	spin_lock_bh(&owner->lock);
	/* after dxg_event_list_end() nobody would end the event any more */
	if (!dxg_adapter_active(event->adapter)) {
		ret = -ENODEV;
	} else if (max && owner->count >= max) {
		ret = -ENOSPC;
	} else if (rhashtable_insert_fast(&dxg_events, &event->node,
					  dxg_event_params)) {
		ret = -ENOMEM;
	} else {
		event->live = true;
		list_add_tail(&event->link, &owner->events);
		owner->count++;
	}
	spin_unlock_bh(&owner->lock);
	return ret;
}

/**
 * dxg_host_event_add() - give an event its number and make it known
 * @event: @event.one_shot and @event.signal are set; allocated with kmalloc
 * @owner: list it dies with
 * @adapter: adapter it dies with
 *
 * Must come before the number is sent: the host may signal before the send
 * returns.  Context: may sleep.
 *
 * Return: 0, -ENOMEM, -ENODEV when the adapter is stopping, or -ENOSPC when the
 * process has too many events.
 */
int dxg_host_event_add(struct dxg_host_event *event,
		       struct dxg_event_list *owner,
		       struct dxg_adapter *adapter)
{
	unsigned int tries = DXG_EVENT_TRIES;
	int ret;

	event->id = atomic64_inc_return(&dxg_event_last_id);
	event->owner = owner;
	event->adapter = adapter;
	event->live = false;
	ret = dxg_host_event_insert(event);
	/* without memory under the lock the table is enlarged by a worker */
	while (ret == -ENOMEM && --tries) {
		schedule_timeout_killable(1);
		ret = dxg_host_event_insert(event);
	}
	return ret;
}

/* Take the event out of everything; owner's lock held. */
static void dxg_host_event_unlink(struct dxg_host_event *event)
{
	event->live = false;
	list_del(&event->link);
	event->owner->count--;
	rhashtable_remove_fast(&dxg_events, &event->node, dxg_event_params);
}

/**
 * dxg_host_event_withdraw() - take an event back
 * @id: number of an event that was added; the event itself may be gone already
 *
 * Context: process or softirq.
 *
 * Return: the event, now owned by the caller; NULL when a signal took it.
 */
struct dxg_host_event *dxg_host_event_withdraw(u64 id)
{
	struct dxg_host_event *event, *owned = NULL;
	struct dxg_event_list *owner;

	rcu_read_lock();
	event = rhashtable_lookup(&dxg_events, &id, dxg_event_params);
	if (event) {
		owner = event->owner;
		spin_lock_bh(&owner->lock);
		if (event->live) {
			dxg_host_event_unlink(event);
			owned = event;
		}
		spin_unlock_bh(&owner->lock);
	}
	rcu_read_unlock();
	return owned;
}

/**
 * dxg_host_event_signal() - the host signals a number
 * @id: from the host, untrusted
 *
 * Context: process or softirq.
 */
void dxg_host_event_signal(u64 id)
{
	struct dxg_host_event *event;
	bool fire = false;

	rcu_read_lock();
	event = rhashtable_lookup(&dxg_events, &id, dxg_event_params);
	if (event) {
		spin_lock_bh(&event->owner->lock);
		if (event->live && event->one_shot) {
			dxg_host_event_unlink(event);
			fire = true;
		} else if (event->live) {
			event->signal(event, 0);
		}
		spin_unlock_bh(&event->owner->lock);
	}
	if (fire)
		event->signal(event, 0);
	rcu_read_unlock();
	trace_dxg_host_event(id, !!event);
}

/* Look at the first @count events; those that stay go to the end of the list. */
static void dxg_event_list_end_some(struct dxg_event_list *list,
				    const struct dxg_adapter *adapter,
				    int error, unsigned int count)
{
	struct dxg_host_event *event, *next;
	LIST_HEAD(ended);
	unsigned int i;

	/* keeps events that others let go of as soon as they are unlinked */
	rcu_read_lock();
	spin_lock_bh(&list->lock);
	for (i = 0; i < count && !list_empty(&list->events); i++) {
		event = list_first_entry(&list->events, struct dxg_host_event,
					 link);
		if (!event->one_shot ||
		    (adapter && event->adapter != adapter)) {
			list_move_tail(&event->link, &list->events);
			continue;
		}
		dxg_host_event_unlink(event);
		list_add_tail(&event->link, &ended);
	}
	spin_unlock_bh(&list->lock);
	list_for_each_entry_safe(event, next, &ended, link)
		event->signal(event, error);
	rcu_read_unlock();
}

/**
 * dxg_event_list_end() - end the events of an owner without the host
 * @list: owner's list
 * @adapter: only one-shot events of this adapter; NULL for all events
 * @error: what their waiters are told
 *
 * Persistent events belong to an object that removes them itself.  Nobody adds
 * events of the kind any more.  Context: may sleep.
 */
void dxg_event_list_end(struct dxg_event_list *list,
			const struct dxg_adapter *adapter, int error)
{
	unsigned int left, count;

	mutex_lock(&dxg_event_end_lock);
	/* behind whoever is just adding one */
	spin_lock_bh(&list->lock);
	left = list->count;
	spin_unlock_bh(&list->lock);
	for (; left; left -= count) {
		count = min_t(unsigned int, left, DXG_EVENT_BATCH);
		dxg_event_list_end_some(list, adapter, error, count);
		cond_resched();
	}
	mutex_unlock(&dxg_event_end_lock);
}

/**
 * dxg_host_event_message() - unsolicited message from the global channel
 * @payload: private copy of the packet, not trusted
 * @length: its bytes
 *
 * What is not understood is ignored.  Source: docs/protocol.md, Host-to-guest
 * messages.  Context: softirq.
 */
void dxg_host_event_message(const void *payload, u32 length)
{
	const struct dxg_host_to_vm_header *hdr = payload;
	const struct dxg_cmd_signalguestevent *event = payload;
	const struct dxg_cmd_setguestdata *data = payload;

	if (length < sizeof(*hdr) || hdr->channel_type != DXGKVMB_HOST_TO_VM)
		return;
	switch (hdr->command_type) {
	case DXGK_VMBCOMMAND_SIGNALGUESTEVENT:
	case DXGK_VMBCOMMAND_SIGNALGUESTEVENTPASSIVE:
		if (length >= sizeof(*event) && event->event)
			dxg_host_event_signal(event->event);
		break;
	case DXGK_VMBCOMMAND_SETGUESTDATA:
		if (length >= sizeof(*data) &&
		    data->data_type == SETGUESTDATA_DATATYPE_DWORD &&
		    data->guest_pointer == DXG_STATE_COOKIE && data->data32)
			dxg_device_state_changed();
		break;
	default:
		break;
	}
}

/* An event that counts up an eventfd. */
struct dxg_eventfd_event {
	struct dxg_host_event event;
	struct eventfd_ctx *ctx;
};

static void dxg_eventfd_event_signal(struct dxg_host_event *event, int error)
{
	struct dxg_eventfd_event *efd =
		container_of(event, struct dxg_eventfd_event, event);

	/* A waiter must not hang because the adapter went: it will look. */
	compat_eventfd_signal(efd->ctx);
	if (event->one_shot)
		dxg_eventfd_event_free(event);
}

/**
 * dxg_eventfd_event_create() - make an event for an eventfd
 * @fd: descriptor number in a 64-bit field from user space
 * @one_shot: signalled at most once
 *
 * Return: event, not yet added; -EINVAL when @fd is no eventfd; -ENOMEM.
 */
struct dxg_host_event *dxg_eventfd_event_create(u64 fd, bool one_shot)
{
	struct dxg_eventfd_event *efd;
	int ret;

	efd = kzalloc(sizeof(*efd), GFP_KERNEL_ACCOUNT);
	if (!efd)
		return ERR_PTR(-ENOMEM);
	efd->ctx = fd <= INT_MAX ? eventfd_ctx_fdget(fd) : ERR_PTR(-EINVAL);
	if (IS_ERR(efd->ctx)) {
		ret = -EINVAL;
		kfree(efd);
		return ERR_PTR(ret);
	}
	efd->event.one_shot = one_shot;
	efd->event.signal = dxg_eventfd_event_signal;
	return &efd->event;
}

/**
 * dxg_eventfd_event_free() - release an event that the caller owns
 * @event: from dxg_eventfd_event_create(), not in the table (any more)
 *
 * Context: process or softirq.
 */
void dxg_eventfd_event_free(struct dxg_host_event *event)
{
	struct dxg_eventfd_event *efd =
		container_of(event, struct dxg_eventfd_event, event);

	eventfd_ctx_put(efd->ctx);
	kfree_rcu(efd, event.rcu);
}
