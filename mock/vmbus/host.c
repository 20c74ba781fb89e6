// SPDX-License-Identifier: GPL-2.0
/*
 * Host instances: life, questions of the guest and their answers, settle, stats.
 *
 * A question (open, GPADL, teardown, synchronous close) is on its host's list
 * from the moment the guest asks until somebody answers: the host, a rescind
 * (the first one of the channel only, as on the real bus), the end of the host,
 * or the time limit. ask_lock orders all of these against each other.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "internal.h"

static unsigned int instances = 1;
module_param(instances, uint, 0600);
MODULE_PARM_DESC(instances, "hosts that may drive the bus at a time (default 1)");

unsigned int mock_answer_timeout_ms = 60000;
module_param_named(answer_timeout_ms, mock_answer_timeout_ms, uint, 0600);
MODULE_PARM_DESC(answer_timeout_ms,
		 "time limit for a host's answer, 0 = none (default 60000)");

/* Caller holds ask_lock. */
static void ask_answer(struct mock_ask *ask, int status)
{
	list_del_init(&ask->node);
	ask->status = status;
	complete(&ask->done);
}

/**
 * mock_ask_begin - put a question on the list before the host hears of it
 * @ask: on the caller's stack
 * @ch: channel
 * @always: also on a rescinded channel (synchronous close)
 *
 * Return: 0; mock_ask_end() must follow. -ENODEV: rescinded or nobody there.
 * Context: process.
 */
int mock_ask_begin(struct mock_ask *ask, struct mock_channel *ch, bool always)
{
	struct mock_host *host = ch->host;
	unsigned long flags;
	int ret = 0;

	ask->ch = ch;
	ask->status = 0;
	ask->deaf = false;
	init_completion(&ask->done);
	spin_lock_irqsave(&host->ask_lock, flags);
	if (host->dead || (ch->rescinded && !always)) {
		ret = -ENODEV;
	} else {
		ask->cookie = ++host->next_cookie;
		list_add_tail(&ask->node, &host->asks);
	}
	spin_unlock_irqrestore(&host->ask_lock, flags);
	return ret;
}

/* Takes the question off the list. True when nobody had answered. */
static bool ask_withdraw(struct mock_ask *ask)
{
	struct mock_host *host = ask->ch->host;
	unsigned long flags;
	bool pending;

	spin_lock_irqsave(&host->ask_lock, flags);
	pending = !list_empty(&ask->node);
	list_del_init(&ask->node);
	spin_unlock_irqrestore(&host->ask_lock, flags);
	return pending;
}

/**
 * mock_ask_end - wait for the answer
 * @ask: from mock_ask_begin()
 * @verdict: what the host's callback returned; MOCK_HOST_PENDING waits
 *
 * Like the real bus this cannot be interrupted. When the time limit passes, the
 * whole instance is declared broken.
 *
 * Return: status of the host, 0 = accepted; -ENODEV when the channel was
 * rescinded meanwhile or no answer will come. Context: process, sleeps.
 */
int mock_ask_end(struct mock_ask *ask, int verdict)
{
	unsigned int ms = READ_ONCE(mock_answer_timeout_ms);
	unsigned long limit = ms ? msecs_to_jiffies(ms) : MAX_SCHEDULE_TIMEOUT;

	if (verdict != MOCK_HOST_PENDING && !ask->deaf) {
		if (ask_withdraw(ask))
			ask->status = verdict;
	} else if (!wait_for_completion_timeout(&ask->done, limit) &&
		   ask_withdraw(ask)) {
		ask->status = -ENODEV;
		mock_host_break(ask->ch->host, MOCK_VMBUS_BROKEN_TIMEOUT);
	}
	return READ_ONCE(ask->ch->rescinded) ? -ENODEV : ask->status;
}

/**
 * mock_ask_rescind - mark a channel rescinded and wake who waits for it
 * @ch: channel
 * @all: wake all waiters instead of the first only
 *
 * Context: process.
 */
void mock_ask_rescind(struct mock_channel *ch, bool all)
{
	struct mock_host *host = ch->host;
	struct mock_ask *ask, *next;
	unsigned long flags;

	spin_lock_irqsave(&host->ask_lock, flags);
	WRITE_ONCE(ch->rescinded, true);
	WRITE_ONCE(ch->guest->vmbus.rescind, true);
	list_for_each_entry_safe(ask, next, &host->asks, node) {
		if (ask->ch != ch)
			continue;
		ask_answer(ask, -ENODEV);
		if (!all)
			break;
	}
	spin_unlock_irqrestore(&host->ask_lock, flags);
}

/**
 * mock_host_reply - answer a question
 * @host: instance
 * @cookie: given to the callback that returned MOCK_HOST_PENDING
 * @status: 0 = success, other = host status
 *
 * Return: 0, -ENOENT when nobody waits for it any more. Context: any.
 */
int mock_host_reply(struct mock_host *host, u64 cookie, int status)
{
	struct mock_ask *ask;
	unsigned long flags;
	int ret = -ENOENT;

	spin_lock_irqsave(&host->ask_lock, flags);
	list_for_each_entry(ask, &host->asks, node) {
		if (ask->cookie != cookie)
			continue;
		ret = 0;
		if (!ask->deaf)
			ask_answer(ask, status);
		break;
	}
	spin_unlock_irqrestore(&host->ask_lock, flags);
	return ret;
}
EXPORT_SYMBOL_GPL(mock_host_reply);

/* No further question; all waiters get -ENODEV. */
static void host_silence(struct mock_host *host)
{
	struct mock_ask *ask, *next;
	unsigned long flags;

	spin_lock_irqsave(&host->ask_lock, flags);
	host->dead = true;
	list_for_each_entry_safe(ask, next, &host->asks, node)
		ask_answer(ask, -ENODEV);
	spin_unlock_irqrestore(&host->ask_lock, flags);
}

static void host_break_work(struct work_struct *work)
{
	struct mock_host *host = container_of(work, struct mock_host,
					      break_work);

	mock_host_rescind(host, 0, 0);
	mock_pci_delete_all(host);
	mock_host_put(host);
}

/**
 * mock_host_break - declare an instance unusable
 * @host: instance
 * @reason: enum mock_vmbus_broken
 *
 * All questions fail, everything is rescinded in the background. Only the first
 * reason counts. Context: any.
 */
void mock_host_break(struct mock_host *host, int reason)
{
	if (cmpxchg(&host->broken, 0, reason))
		return;
	pr_warn("host instance broken, reason %d\n", reason);
	host_silence(host);
	if (host->ops->broken)
		host->ops->broken(host, reason);
	mock_host_get(host);
	if (!queue_work(mock_bus.rescind_wq, &host->break_work))
		mock_host_put(host);
}

static void host_discharge(bool orphan)
{
	spin_lock(&mock_bus.admit_lock);
	mock_bus.nr_hosts--;
	mock_bus.nr_dying -= orphan;
	spin_unlock(&mock_bus.admit_lock);
	wake_up_var(&mock_bus.nr_hosts);
}

static void host_free(struct kref *ref)
{
	struct mock_host *host = container_of(ref, struct mock_host, ref);
	bool orphan = host->orphan;

	if (host->ops->free)
		host->ops->free(host);
	mock_fault_clear(host);
	WARN_ON(!xa_empty(&host->gpadls) || !xa_empty(&host->pcis));
	xa_destroy(&host->gpadls);
	xa_destroy(&host->pcis);
	destroy_workqueue(host->wq);
	kfree(host);
	host_discharge(orphan);
}

/**
 * mock_host_get - take a reference
 * @host: instance
 */
void mock_host_get(struct mock_host *host)
{
	kref_get(&host->ref);
}

/**
 * mock_host_put - drop a reference
 * @host: instance
 *
 * Context: process, the last one frees.
 */
void mock_host_put(struct mock_host *host)
{
	kref_put(&host->ref, host_free);
}

/* Takes one of the places for hosts. -EAGAIN: one is about to become free. */
static int host_admit(void)
{
	int ret = 0;

	spin_lock(&mock_bus.admit_lock);
	if (mock_bus.nr_hosts < max(1u, READ_ONCE(instances)))
		mock_bus.nr_hosts++;
	else
		ret = mock_bus.nr_dying ? -EAGAIN : -EBUSY;
	spin_unlock(&mock_bus.admit_lock);
	return ret;
}

/**
 * mock_host_create - become a host
 * @ops: callbacks, must stay until @ops->free or mock_host_destroy() returned
 * @priv: for mock_host_priv()
 * @flags: MOCK_HOST_INLINE or 0
 *
 * Waits (killable) for an earlier instance whose owner is gone and whose guest
 * devices are still being removed.
 *
 * Return: the instance or ERR_PTR: -EBUSY when another host drives the bus and
 * module parameter "instances" allows no more, -ERESTARTSYS, -ENOMEM.
 * Context: process, sleeps.
 */
struct mock_host *mock_host_create(const struct mock_host_ops *ops, void *priv,
				   u32 flags)
{
	struct mock_host *host;
	int admitted = -EAGAIN;
	int ret;

	ret = wait_var_event_killable(&mock_bus.nr_hosts,
				      (admitted = host_admit()) != -EAGAIN);
	if (ret)
		return ERR_PTR(ret);
	if (admitted)
		return ERR_PTR(admitted);
	host = kzalloc(sizeof(*host), GFP_KERNEL);
	if (!host)
		goto fail_admit;
	host->wq = alloc_workqueue("mock_vmbus_host", WQ_UNBOUND, 0);
	if (!host->wq)
		goto fail_host;
	kref_init(&host->ref);
	host->ops = ops;
	host->priv = priv;
	host->flags = flags;
	mutex_init(&host->lock);
	INIT_LIST_HEAD(&host->channels);
	xa_init_flags(&host->pcis, XA_FLAGS_ALLOC1);
	spin_lock_init(&host->ask_lock);
	INIT_LIST_HEAD(&host->asks);
	INIT_WORK(&host->break_work, host_break_work);
	init_rwsem(&host->mem_lock);
	xa_init(&host->gpadls);
	spin_lock_init(&host->fault_lock);
	INIT_LIST_HEAD(&host->faults);
	return host;

fail_host:
	kfree(host);
fail_admit:
	host_discharge(false);
	return ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL_GPL(mock_host_create);

static void host_end(struct mock_host *host)
{
	mutex_lock(&host->lock);
	host_silence(host);
	mutex_unlock(&host->lock);
	mock_host_rescind(host, 0, 0);
	mock_pci_delete_all(host);
}

/* Whoever wants the place of @host waits until its last reference is gone. */
static void host_give_up_place(struct mock_host *host)
{
	spin_lock(&mock_bus.admit_lock);
	host->orphan = true;
	mock_bus.nr_dying++;
	spin_unlock(&mock_bus.admit_lock);
	wake_up_var(&mock_bus.nr_hosts);
}

/**
 * mock_host_orphan - the owner is gone without waiting
 * @host: instance; the caller's reference is dropped
 *
 * As when a real host goes away: questions fail, everything is rescinded in the
 * background. Context: process, sleeps, does not wait for the guest.
 */
void mock_host_orphan(struct mock_host *host)
{
	host_give_up_place(host);
	host_end(host);
	mock_host_put(host);
}

/**
 * mock_host_destroy - withdraw everything and free the instance
 * @host: instance
 *
 * Returns when the guest has released every device and PCI function, after the
 * last callback. Must not be called from a callback, nor from the only thread
 * that answers questions. Context: process, sleeps.
 */
void mock_host_destroy(struct mock_host *host)
{
	host_end(host);
	wait_var_event(&host->objects, !atomic_read(&host->objects));
	flush_work(&host->break_work);
	host_give_up_place(host);
	mock_host_put(host);
}
EXPORT_SYMBOL_GPL(mock_host_destroy);

/**
 * mock_host_set_mapping - where a host program's mappings are found
 * @host: instance
 * @mapping: of the char device file; NULL when it is closed
 *
 * Context: process.
 */
void mock_host_set_mapping(struct mock_host *host,
			   struct address_space *mapping)
{
	down_write(&host->mem_lock);
	host->mapping = mapping;
	up_write(&host->mem_lock);
}

/**
 * mock_host_unmap - take pages away from a host program
 * @host: instance
 * @offset: mmap offset of the object
 * @len: bytes
 *
 * New page faults on the object must fail already. Context: process, sleeps;
 * mem_lock not held.
 */
void mock_host_unmap(struct mock_host *host, u64 offset, u64 len)
{
	down_read(&host->mem_lock);
	if (host->mapping)
		unmap_mapping_range(host->mapping, offset, len, 1);
	up_read(&host->mem_lock);
}

/**
 * mock_host_priv - what the owner gave to mock_host_create()
 * @host: instance
 *
 * Return: the pointer.
 */
void *mock_host_priv(const struct mock_host *host)
{
	return host->priv;
}
EXPORT_SYMBOL_GPL(mock_host_priv);

static bool channel_idle(struct mock_channel *ch)
{
	if (!completion_done(&ch->registered) ||
	    test_bit(CH_RESCIND_CLAIMED, &ch->state) ||
	    test_bit(CH_PROBE_WANTED, &ch->state))
		return false;
	return mock_irq_idle(ch) && !atomic_read(&ch->drain) &&
	       !work_busy(&ch->drain_work);
}

static bool host_idle(struct mock_host *host, u32 relid)
{
	struct mock_channel *ch;
	bool idle = relid || mock_pci_idle(host);

	mutex_lock(&host->lock);
	list_for_each_entry(ch, &host->channels, node)
		if (!relid || ch->relid == relid)
			idle = idle && channel_idle(ch);
	mutex_unlock(&host->lock);
	return idle;
}

/* Grows with everything that moves between host and guest. */
static u64 host_activity(struct mock_host *host)
{
	struct mock_vmbus_stats sum = { };

	mock_host_stats(host, &sum);
	return sum.interrupts + sum.kicks + sum.sent + sum.received;
}

/*
 * One look can miss work that moves from a place not yet looked at to one looked
 * at before: an answer from packet work to the interrupt. A second look sees it
 * there, or else the activity tells that it moved on.
 */
static bool host_settled(struct mock_host *host, u32 relid)
{
	u64 before = host_activity(host);

	return host_idle(host, relid) && host_idle(host, relid) &&
	       host_activity(host) == before;
}

/**
 * mock_host_settle - wait until nothing is on its way
 * @host: instance
 * @relid: channel, 0 = all, PCI functions included
 * @timeout_ms: limit
 *
 * Waits for offers, probes, rescinds, interrupts, callbacks and packet work; not
 * for packets that a guest without a pending interrupt leaves in its ring.
 *
 * Return: 0, -ETIMEDOUT, -EINTR on a fatal signal. Context: process, sleeps.
 */
int mock_host_settle(struct mock_host *host, u32 relid, u32 timeout_ms)
{
	unsigned long end = jiffies + msecs_to_jiffies(timeout_ms);

	/* Several sources without a common wake-up: looking again is simplest. */
	while (!host_settled(host, relid)) {
		if (time_after(jiffies, end))
			return -ETIMEDOUT;
		if (fatal_signal_pending(current))
			return -EINTR;
		usleep_range(100, 300);
	}
	return 0;
}
EXPORT_SYMBOL_GPL(mock_host_settle);

/**
 * mock_host_stats - counters
 * @host: instance
 * @stats: in: @relid, 0 = sums; out: the rest. Faults and checks are always those
 *	of the instance
 *
 * Return: 0, -ENOENT when there is no such channel. Context: process.
 */
int mock_host_stats(struct mock_host *host, struct mock_vmbus_stats *stats)
{
	u32 relid = stats->relid;
	struct mock_channel *ch;
	bool found = !relid;
	unsigned int i;

	mutex_lock(&host->lock);
	if (relid)
		memset(stats, 0, sizeof(*stats));
	else
		*stats = host->past;
	list_for_each_entry(ch, &host->channels, node) {
		if (relid && ch->relid != relid)
			continue;
		found = true;
		mock_channel_stats(ch, stats);
	}
	mutex_unlock(&host->lock);
	stats->relid = relid;
	stats->faults = atomic64_read(&host->faults_hit);
	for (i = 0; i < MOCK_VMBUS_CHECK_COUNT; i++)
		stats->checks[i] = atomic64_read(&host->checks[i]);
	return found ? 0 : -ENOENT;
}
EXPORT_SYMBOL_GPL(mock_host_stats);
