// SPDX-License-Identifier: GPL-2.0
/*
 * A pass of free-page reporting: hands free blocks to the host, counts them, tells
 * the manager when the host does not want them, and starts passes early instead of
 * waiting two seconds for each.
 *
 * What a hint looks like and what a status means is report_hint.c's.
 *
 * The callback runs without locks, allocates nothing and may sleep; calls never
 * overlap.  It never registers nor unregisters: the latter waits for it.  A kick
 * takes hvb_reporting.lock, so that the registration stays meanwhile.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sizes.h>

#include "report_slot.h"
#include "stats.h"
#include "trace.h"

#define STRIKES			3
#define BACK_OFF_MAX_S		60
/* A burst of kicks ends with a pass that reported less, or after so many. */
#define BURST_WORTH		(32 * SZ_1M)
#define BURST_PASSES		64

static unsigned int kick_ms = 20;
module_param(kick_ms, uint, 0644);
MODULE_PARM_DESC(kick_ms, "pause between two passes started by us, in ms (0: wait for the kernel's 2 s)");

/* --- the callback --------------------------------------------------------- */

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
		hvb_report_queue(&hvb_reporting.manage, r->back_off_s * HZ);
		return;
	case HVB_STRIKE:
		if (++r->strikes < STRIKES) {
			hvb_report_queue(&hvb_reporting.manage, HZ);
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
	hvb_report_queue(&hvb_reporting.manage, 0);
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

/**
 * hvb_report_pass - free blocks for the host; the framework's callback
 * @prdev: ours
 * @sg: blocks, isolated until this returns
 * @count: how many, at most PAGE_REPORTING_CAPACITY
 *
 * A failure puts the blocks back unmarked and ends the pass.  Part of them may
 * have been taken by the host; reporting a block twice does no harm.
 *
 * Return: 0, -EAGAIN while the host is left in peace, -EIO if it refused.
 */
int hvb_report_pass(struct page_reporting_dev_info *prdev,
		    struct scatterlist *sg, unsigned int count)
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

/**
 * hvb_report_kick_work - a step of a burst
 * @work: hvb_reporting.kick
 */
void hvb_report_kick_work(struct work_struct *work)
{
	struct hvb_reporting *r = &hvb_reporting;
	unsigned int pause = READ_ONCE(kick_ms);

	mutex_lock(&r->lock);
	if (kick_step(pause))
		hvb_report_queue(&r->kick, max(msecs_to_jiffies(pause), 1ul));
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
	hvb_report_queue(&r->kick, 0);
}
