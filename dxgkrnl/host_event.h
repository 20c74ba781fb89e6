/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Host events: things in the guest that the host can signal by number.
 */
#ifndef _DXG_HOST_EVENT_H
#define _DXG_HOST_EVENT_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct dxg_adapter;

/**
 * struct dxg_event_list - the host events of one owner (a process)
 * @lock: softirq-safe, innermost; protects @events and dxg_host_event.live
 * @events: struct dxg_host_event.link
 * @count: their number
 *
 * Must be freed after an RCU grace period (the signal path reaches the lock
 * through the event).
 */
struct dxg_event_list {
	spinlock_t lock;	/* protects events, and their live flag */
	struct list_head events;
	unsigned int count;
};

/**
 * struct dxg_host_event - something the host may signal
 * @id: number sent to the host, never 0; assigned by dxg_host_event_add()
 * @live: in the table; under the lock of @owner
 * @one_shot: the first signal takes the event out of the table
 * @adapter: its stop ends the event; not referenced
 * @owner: list the event is on
 * @link: in @owner
 * @node: in the table of all events
 * @rcu: events are freed with kfree_rcu()
 * @signal: called with @error 0 when the host signals, -ENODEV when the adapter
 *	and -ECANCELED when the process went away.  Softirq or process context,
 *	must not sleep.  One-shot events are out of the table then, no lock is
 *	held and the callee owns the event.  Others are called under the owner's
 *	lock and stay (@error is always 0 for them).
 *
 * Whoever takes the event out of the table (the signal path, or
 * dxg_host_event_withdraw()) owns it and alone releases it.  The event of a
 * fence is the exception: it goes with the fence, which the signal path may find
 * released, but under RCU still there.
 */
struct dxg_host_event {
	u64 id;
	bool live;
	bool one_shot;
	struct dxg_adapter *adapter;
	struct dxg_event_list *owner;
	struct list_head link;
	struct rhash_head node;
	struct rcu_head rcu;
	void (*signal)(struct dxg_host_event *event, int error);
};

int dxg_host_events_setup(void);
void dxg_host_events_cleanup(void);

void dxg_event_list_init(struct dxg_event_list *list);
int dxg_host_event_add(struct dxg_host_event *event,
		       struct dxg_event_list *owner,
		       struct dxg_adapter *adapter);
struct dxg_host_event *dxg_host_event_withdraw(u64 id);
void dxg_host_event_signal(u64 id);
void dxg_event_list_end(struct dxg_event_list *list,
			const struct dxg_adapter *adapter, int error);

void dxg_host_event_message(const void *payload, u32 length);

struct dxg_host_event *dxg_eventfd_event_create(u64 fd, bool one_shot);
void dxg_eventfd_event_free(struct dxg_host_event *event);

#endif /* _DXG_HOST_EVENT_H */
