// SPDX-License-Identifier: GPL-2.0
/*
 * Free-page reporting: takes the kernel's only reporting slot, hands free blocks
 * to the host, gives the slot up when the host does not want them, and starts
 * passes early instead of waiting two seconds for each.
 *
 * What a hint looks like and what a status means is report_hint.c's.
 *
 * Lock: hvb_reporting.lock for registration, held while a pass ends.  The report
 * callback runs without it, allocates nothing and may sleep; calls never overlap.
 * Only the manager registers and unregisters, never the callback, which
 * unregistering waits for.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/delay.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/page_reporting.h>
#include <linux/sizes.h>
#include <linux/workqueue.h>
#include <asm/mshyperv.h>

#include "balloon.h"
#include "compat.h"
#include "hypercall.h"
#include "reclaim.h"
#include "report.h"
#include "report_hint.h"
#include "stats.h"
#include "trace.h"

/* Multiples of reclaim's period: 30 s and 10 min at its default of 5 s. */
#define TAKE_OVER_TICKS		6
#define REST_TICKS		120
#define STRIKES			3
#define BACK_OFF_MAX_S		60
/* A burst of kicks ends with a pass that reported less, or after so many. */
#define BURST_WORTH		(32 * SZ_1M)
#define BURST_PASSES		64

#define ORDER_AUTO		(-1)

/**
 * struct hvb_reporting - the slot and our use of it
 * @prdev: what the framework sees; valid while @owner is HVB_OWNER_SELF
 * @hint: input page of the hypercall
 * @lock: @owner, @prdev's registration, @resting, @rests, @gave_up, @saved_order
 * @owner: who has the slot; read without the lock for display and decisions
 * @order: smallest block that we report
 * @order_min: raised when the host refuses small blocks
 * @saved_order: the framework's own setting before us, where it has one
 * @gave_up: not again before somebody asks for it
 * @resting: after three failures in a row
 * @rest_end: until then, in jiffies
 * @rests: how often that happened
 * @verdict: what the callback found, for the manager
 * @strikes: failures in a row
 * @back_off_s: length of the pause, doubling
 * @back_off_end: its end, in jiffies
 * @manage: the manager
 * @kick: starts passes
 * @burst: passes left
 * @burst_mark: bytes reported when the last pass was started
 * @unkicked: bytes reported in passes that were not ours
 * @bytes: by order
 * @gate: @ready, so that nothing is queued behind the exit's back
 * @ready: between setup and cleanup
 */
static struct hvb_reporting {
	struct page_reporting_dev_info prdev;
	struct hvb_hint *hint;
	struct mutex lock;	/* registration */
	enum hvb_report_owner owner;
	unsigned int order;
	unsigned int order_min;
	unsigned int saved_order;
	bool gave_up;
	bool resting;
	unsigned long rest_end;
	unsigned int rests;
	enum hvb_verdict verdict;
	unsigned int strikes;
	unsigned int back_off_s;
	unsigned long back_off_end;
	struct delayed_work manage;
	struct delayed_work kick;
	atomic_t burst;
	u64 burst_mark;
	u64 unkicked;
	atomic64_t bytes[HVB_REPORT_ORDERS];
	spinlock_t gate;	/* @ready */
	bool ready;
} hvb_reporting = {
	.lock = __MUTEX_INITIALIZER(hvb_reporting.lock),
	.gate = __SPIN_LOCK_UNLOCKED(hvb_reporting.gate),
};

/* --- parameters ----------------------------------------------------------- */

static int report_order = ORDER_AUTO;

static int order_set(const char *text, const struct kernel_param *param)
{
	unsigned int order;
	int ret;

	if (sysfs_streq(text, "auto")) {
		report_order = ORDER_AUTO;
	} else {
		ret = kstrtouint(text, 0, &order);
		if (ret)
			return ret;
		if (order >= HVB_REPORT_ORDERS)
			return -EINVAL;
		report_order = order;
	}
	hvb_report_reconsider();
	return 0;
}

static int order_get(char *text, const struct kernel_param *param)
{
	if (report_order == ORDER_AUTO)
		return sprintf(text, "auto\n");
	return sprintf(text, "%d\n", report_order);
}

static const struct kernel_param_ops order_ops = {
	.set = order_set,
	.get = order_get,
};

module_param_cb(report_order, &order_ops, NULL, 0644);
MODULE_PARM_DESC(report_order, "smallest block to report, 2^(12+n) bytes: auto (128 KiB, 2 MiB if the host insists) or 0-10");

static unsigned int kick_ms = 20;
module_param(kick_ms, uint, 0644);
MODULE_PARM_DESC(kick_ms, "pause between two passes started by us, in ms (0: wait for the kernel's 2 s)");

/* --- the callback --------------------------------------------------------- */

/* Queues nothing any more once the exit has begun. */
static void queue(struct delayed_work *work, unsigned long delay)
{
	unsigned long flags;

	spin_lock_irqsave(&hvb_reporting.gate, flags);
	if (hvb_reporting.ready)
		mod_delayed_work(system_freezable_wq, work, delay);
	spin_unlock_irqrestore(&hvb_reporting.gate, flags);
}

static void call_manager(unsigned long delay)
{
	queue(&hvb_reporting.manage, delay);
}

static void failed(u16 status)
{
	struct hvb_reporting *r = &hvb_reporting;
	enum hvb_verdict verdict = hvb_hint_judge(status, r->order);

	hvb_count(report_fail, 1);
	switch (verdict) {
	case HVB_BACK_OFF:
		r->back_off_s = clamp(r->back_off_s * 2, 1u,
				      (unsigned int)BACK_OFF_MAX_S);
		WRITE_ONCE(r->back_off_end, jiffies + r->back_off_s * HZ);
		/* the framework asks again only after the next large free */
		call_manager(r->back_off_s * HZ);
		return;
	case HVB_STRIKE:
		if (++r->strikes < STRIKES) {
			call_manager(HZ);
			return;
		}
		break;
	default:
		break;
	}
	pr_info("the host refused a hint of %u KiB blocks with status %#x, first range %#llx\n",
		1u << (r->order + PAGE_SHIFT - 10), status,
		le64_to_cpu(r->hint->ranges[0]));
	WRITE_ONCE(r->verdict, verdict);
	call_manager(0);
}

static void reported(struct scatterlist *sg, unsigned int count, u64 bytes)
{
	struct hvb_reporting *r = &hvb_reporting;
	struct scatterlist *entry;
	unsigned int i, order;

	r->strikes = 0;
	r->back_off_s = 0;
	hvb_count(reported_bytes, bytes);
	for_each_sg(sg, entry, count, i) {
		order = min_t(unsigned int, get_order(entry->length),
			      HVB_REPORT_ORDERS - 1);
		atomic64_add(entry->length, &r->bytes[order]);
	}

	/* much was freed by others: do not take 30 s for it */
	r->unkicked = atomic_read(&r->burst) ? 0 : r->unkicked + bytes;
	if (r->unkicked >= BURST_WORTH)
		hvb_report_kick();
}

/*
 * A failure puts the blocks back unmarked and ends the pass.  Part of them may
 * have been taken by the host; reporting a block twice does no harm.
 */
static int report(struct page_reporting_dev_info *prdev, struct scatterlist *sg,
		  unsigned int count)
{
	struct hvb_reporting *r = &hvb_reporting;
	u64 bytes;
	u16 status;

	if (READ_ONCE(r->verdict) != HVB_GO_ON ||
	    time_before(jiffies, READ_ONCE(r->back_off_end)))
		return -EAGAIN;

	bytes = hvb_hint_fill(r->hint, sg, count);
	status = hvb_hint_send(r->hint, count);
	hvb_count(report_calls, 1);
	trace_report_pass(count, bytes, status);
	if (status != HVB_HV_SUCCESS) {
		failed(status);
		return -EIO;
	}
	reported(sg, count, bytes);
	return 0;
}

/* --- registration --------------------------------------------------------- */

#ifdef COMPAT_HAVE_PAGE_REPORTING_ORDER
/* The framework keeps an order of its own, which a new registrant inherits. */
static unsigned int framework_order(void)
{
	return page_reporting_order;
}

static void set_framework_order(unsigned int order)
{
	page_reporting_order = order;
}
#else
static unsigned int framework_order(void)
{
	return -1;
}

static void set_framework_order(unsigned int order)
{
}
#endif

/*
 * An administrator's choice for the framework holds for us, too, except the
 * default, which may as well have been left there by an earlier registrant.
 */
static unsigned int wanted_order(void)
{
	unsigned int found = hvb_reporting.owner == HVB_OWNER_SELF ?
			     hvb_reporting.saved_order : framework_order();
	int asked = READ_ONCE(report_order);
	unsigned int order = HVB_ORDER_128K;

	if (asked != ORDER_AUTO)
		order = asked;
	else if (found < HVB_REPORT_ORDERS && found != HVB_ORDER_2M)
		order = found;
	return max(order, hvb_reporting.order_min);
}

static void leave(void)
{
	struct hvb_reporting *r = &hvb_reporting;

	if (r->owner != HVB_OWNER_SELF)
		return;
	WRITE_ONCE(r->owner, HVB_OWNER_NONE);
	page_reporting_unregister(&r->prdev);
	if (framework_order() == r->order)
		set_framework_order(r->saved_order);
}

/* Takes the slot if it is free.  The first pass comes in two seconds. */
static void join(void)
{
	struct hvb_reporting *r = &hvb_reporting;
	unsigned int order = wanted_order(), saved = framework_order();

	memset(&r->prdev, 0, sizeof(r->prdev));
	r->prdev.report = report;
	r->prdev.order = order;
	WRITE_ONCE(r->order, order);
	r->strikes = 0;
	if (page_reporting_register(&r->prdev)) {
		WRITE_ONCE(r->owner, HVB_OWNER_OTHER);
		return;
	}
	r->saved_order = saved;
	if (framework_order() < HVB_REPORT_ORDERS)
		set_framework_order(order);
	WRITE_ONCE(r->owner, HVB_OWNER_SELF);
	hvb_report_kick();
}

/* Discarded pages come back as zeroes, which a poison check takes for damage. */
static bool possible(void)
{
	return !hv_is_isolation_supported() && !page_poisoning_enabled();
}

static bool wanted(void)
{
	enum hvb_switch want = READ_ONCE(hvb_report_switch);

	return want == HVB_FORCE ||
	       (want == HVB_AUTO && hvb_query_cap(HVB_CAP_COLD_DISCARD));
}

static void obey_verdict(void)
{
	struct hvb_reporting *r = &hvb_reporting;

	switch (r->verdict) {
	case HVB_GO_ON:
	case HVB_BACK_OFF:
		return;
	case HVB_RAISE_ORDER:
		r->order_min = HVB_ORDER_2M;
		hvb_count(report_downgrades, 1);
		break;
	case HVB_STRIKE:
		r->resting = r->rests++ == 0;
		r->rest_end = jiffies +
			msecs_to_jiffies(REST_TICKS * hvb_period_ms());
		r->gave_up = !r->resting;
		break;
	case HVB_GIVE_UP:
		r->gave_up = true;
		break;
	}
	leave();
	WRITE_ONCE(r->verdict, HVB_GO_ON);
}

static void settle(void)
{
	struct hvb_reporting *r = &hvb_reporting;
	bool ours;

	obey_verdict();
	if (r->owner == HVB_OWNER_SELF && wanted_order() != r->order)
		leave();

	if (!possible() || !wanted()) {
		leave();
		WRITE_ONCE(r->owner,
			   READ_ONCE(hvb_report_switch) == HVB_OFF ?
			   HVB_OWNER_NONE : HVB_OWNER_UNSUPPORTED);
		return;
	}
	if (r->gave_up) {
		WRITE_ONCE(r->owner, HVB_OWNER_UNSUPPORTED);
		return;
	}
	if (r->resting && time_before(jiffies, r->rest_end)) {
		WRITE_ONCE(r->owner, HVB_OWNER_NONE);
		call_manager(r->rest_end - jiffies);
		return;
	}
	ours = r->owner == HVB_OWNER_SELF;
	if (!ours)
		join();
	if (r->owner == HVB_OWNER_OTHER)
		call_manager(msecs_to_jiffies(TAKE_OVER_TICKS *
					      hvb_period_ms()));
	else if (ours)
		hvb_report_kick();	/* after a back-off or a strike */
}

static void manage(struct work_struct *work)
{
	mutex_lock(&hvb_reporting.lock);
	if (READ_ONCE(hvb_reporting.ready))
		settle();
	mutex_unlock(&hvb_reporting.lock);
}

/**
 * hvb_report_reconsider - something changed: parameters or the host
 *
 * Forgets earlier refusals.  Any context that may queue work.
 */
void hvb_report_reconsider(void)
{
	struct hvb_reporting *r = &hvb_reporting;

	WRITE_ONCE(r->verdict, HVB_GO_ON);
	WRITE_ONCE(r->back_off_end, jiffies);
	r->strikes = 0;
	r->gave_up = false;
	r->resting = false;
	r->rests = 0;
	r->order_min = 0;
	call_manager(0);
}

/* --- kicks ---------------------------------------------------------------- */

/* A pass is under way, or about to; not one that waits for the kernel's timer. */
static bool pass_is_due(void)
{
	struct delayed_work *pass = &hvb_reporting.prdev.work;
	unsigned int busy = work_busy(&pass->work);

	return busy & WORK_BUSY_RUNNING ||
	       (busy & WORK_BUSY_PENDING && !timer_pending(&pass->timer));
}

/*
 * One step of a burst: waits for the pass to end, looks whether it was worth it,
 * starts the next one.  A pass keeps its own state, so starting one is safe in
 * any state; the lock keeps the registration from going away meanwhile.
 */
static bool kick_step(unsigned int pause)
{
	struct hvb_reporting *r = &hvb_reporting;
	u64 bytes = hvb_counter(reported_bytes);
	int left = atomic_read(&r->burst);

	if (r->owner != HVB_OWNER_SELF || !left || !pause)
		return false;
	if (pass_is_due())
		return true;
	if (left < BURST_PASSES && bytes - r->burst_mark < BURST_WORTH)
		return false;
	r->burst_mark = bytes;
	/* a new burst may have begun meanwhile */
	atomic_cmpxchg(&r->burst, left, left - 1);
	mod_delayed_work(system_freezable_wq, &r->prdev.work, 0);
	hvb_count(report_kicks, 1);
	return true;
}

static void kick(struct work_struct *work)
{
	struct hvb_reporting *r = &hvb_reporting;
	unsigned int pause = READ_ONCE(kick_ms);

	mutex_lock(&r->lock);
	if (kick_step(pause))
		queue(&r->kick, max(msecs_to_jiffies(pause), 1ul));
	else
		atomic_set(&r->burst, 0);
	mutex_unlock(&r->lock);
}

/**
 * hvb_report_kick - report what is free now
 *
 * Starts passes until one finds little.  Does nothing when the slot is not ours.
 * Any context that may queue work.
 */
void hvb_report_kick(void)
{
	struct hvb_reporting *r = &hvb_reporting;

	if (!READ_ONCE(kick_ms))
		return;
	atomic_set(&r->burst, BURST_PASSES);
	queue(&r->kick, 0);
}

/* --- for the other rooms -------------------------------------------------- */

/**
 * hvb_report_returns_memory - does a page that becomes free reach the host
 *
 * True when we report, or when somebody else has the slot on a host that takes
 * hints.
 */
bool hvb_report_returns_memory(void)
{
	switch (READ_ONCE(hvb_reporting.owner)) {
	case HVB_OWNER_SELF:
		return true;
	case HVB_OWNER_OTHER:
		return hvb_query_cap(HVB_CAP_COLD_DISCARD);
	default:
		return false;
	}
}

/** hvb_report_owner - who has the slot */
enum hvb_report_owner hvb_report_owner(void)
{
	return READ_ONCE(hvb_reporting.owner);
}

/**
 * hvb_report_order - smallest block that is reported
 *
 * With another owner this is a guess on kernels that do not tell.
 */
int hvb_report_order(void)
{
	unsigned int order = framework_order();

	if (READ_ONCE(hvb_reporting.owner) == HVB_OWNER_SELF)
		return READ_ONCE(hvb_reporting.order);
	return order < HVB_REPORT_ORDERS ? order : HVB_ORDER_2M;
}

/**
 * hvb_report_bytes_of_order - what was reported in blocks of one size
 * @order: of guest pages; the largest counts what is larger, too
 */
u64 hvb_report_bytes_of_order(unsigned int order)
{
	return atomic64_read(&hvb_reporting.bytes[order]);
}

/** hvb_report_reset - forget the counts by order */
void hvb_report_reset(void)
{
	int i;

	for (i = 0; i < HVB_REPORT_ORDERS; i++)
		atomic64_set(&hvb_reporting.bytes[i], 0);
}

/**
 * hvb_report_init - begin
 *
 * Return: 0 or -ENOMEM.  A slot that is taken or a host that does not want free
 * pages is no error.
 */
int hvb_report_init(void)
{
	struct hvb_reporting *r = &hvb_reporting;

	r->hint = (struct hvb_hint *)__get_free_page(GFP_KERNEL);
	if (!r->hint)
		return -ENOMEM;
	r->saved_order = framework_order();
	INIT_DELAYED_WORK(&r->manage, manage);
	INIT_DELAYED_WORK(&r->kick, kick);
	spin_lock_irq(&r->gate);
	r->ready = true;
	spin_unlock_irq(&r->gate);
	call_manager(0);
	return 0;
}

/**
 * hvb_report_exit - give the slot back
 *
 * Waits for the pass that is running: at most one hypercall.
 */
void hvb_report_exit(void)
{
	struct hvb_reporting *r = &hvb_reporting;

	spin_lock_irq(&r->gate);
	r->ready = false;
	spin_unlock_irq(&r->gate);
	mutex_lock(&r->lock);
	leave();
	mutex_unlock(&r->lock);
	cancel_delayed_work_sync(&r->manage);
	cancel_delayed_work_sync(&r->kick);
	free_page((unsigned long)r->hint);
}
