// SPDX-License-Identifier: GPL-2.0
/*
 * Free-page reporting: takes the kernel's only reporting slot when it is free and
 * the host wants it, and gives it up when the host says no.  What is done with it
 * is report_pass.c's.
 *
 * Lock: hvb_reporting.lock for registration, held while a pass ends.  Only the
 * manager registers and unregisters, never the callback, which unregistering waits
 * for.
 */
#include <linux/atomic.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <asm/mshyperv.h>

#include "balloon.h"
#include "compat.h"
#include "hypercall.h"
#include "private_fs.h"
#include "reclaim.h"
#include "report_slot.h"
#include "stats.h"

/* Multiples of reclaim's period: 30 s and 10 min at its default of 5 s. */
#define TAKE_OVER_TICKS		6
#define REST_TICKS		120

#define ORDER_AUTO		(-1)

struct hvb_reporting hvb_reporting = {
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
		WRITE_ONCE(report_order, ORDER_AUTO);
	} else {
		ret = kstrtouint(text, 0, &order);
		if (ret)
			return ret;
		if (order >= HVB_REPORT_ORDERS)
			return -EINVAL;
		WRITE_ONCE(report_order, order);
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

/* --- registration --------------------------------------------------------- */

/*
 * The framework keeps an order of its own, which a new registrant inherits.  It must
 * be left as it was found: hv_balloon takes every block for 2 MiB or more on some
 * kernels.
 */
#ifdef COMPAT_HAVE_PAGE_REPORTING_ORDER
static unsigned int framework_order(void)
{
	return page_reporting_order;
}

static void set_framework_order(unsigned int order)
{
	page_reporting_order = order;
}
#else
#define ORDER_FILE	"module/page_reporting/parameters/page_reporting_order"

static unsigned int framework_order(void)
{
	struct vfsmount *sysfs = hvb_fs_mount("sysfs");
	unsigned int order = -1;
	char text[16];

	if (hvb_fs_read(sysfs, ORDER_FILE, text, sizeof(text)) <= 0 ||
	    kstrtouint(text, 0, &order))
		order = -1;
	hvb_fs_unmount(sysfs);
	return order;
}

static void set_framework_order(unsigned int order)
{
	struct vfsmount *sysfs = hvb_fs_mount("sysfs");
	char text[16];

	/* "unset" cannot be written to some kernels: 2 MiB then, as all expect */
	snprintf(text, sizeof(text), "%u", order);
	if (hvb_fs_write(sysfs, ORDER_FILE, text)) {
		snprintf(text, sizeof(text), "%u", HVB_ORDER_2M);
		hvb_fs_write(sysfs, ORDER_FILE, text);
	}
	hvb_fs_unmount(sysfs);
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

/**
 * hvb_report_queue - have work done, unless the exit has begun
 * @work: one of hvb_reporting's
 * @delay: in jiffies
 */
void hvb_report_queue(struct delayed_work *work, unsigned long delay)
{
	unsigned long flags;

	spin_lock_irqsave(&hvb_reporting.gate, flags);
	if (hvb_reporting.ready)
		mod_delayed_work(system_freezable_wq, work, delay);
	spin_unlock_irqrestore(&hvb_reporting.gate, flags);
}

static void call_manager(unsigned long delay)
{
	hvb_report_queue(&hvb_reporting.manage, delay);
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
	unsigned int order = wanted_order();

	WRITE_ONCE(r->saved_order, framework_order());
	memset(&r->prdev, 0, sizeof(r->prdev));
	r->prdev.report = hvb_report_pass;
	r->prdev.order = order;
	WRITE_ONCE(r->order, order);
	r->strikes = 0;
	if (page_reporting_register(&r->prdev)) {
		WRITE_ONCE(r->owner, HVB_OWNER_OTHER);
		return;
	}
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
	enum hvb_switch want = hvb_chosen(&hvb_report_switch);

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

static void forget_refusals(void)
{
	struct hvb_reporting *r = &hvb_reporting;

	WRITE_ONCE(r->verdict, HVB_GO_ON);
	WRITE_ONCE(r->back_off_end, jiffies);
	r->strikes = 0;
	r->gave_up = false;
	r->resting = false;
	r->rests = 0;
	r->order_min = 0;
}

static void settle(void)
{
	struct hvb_reporting *r = &hvb_reporting;
	bool ours;

	if (xchg(&r->reconsider, false))
		forget_refusals();
	obey_verdict();
	if (r->owner == HVB_OWNER_SELF && wanted_order() != r->order)
		leave();

	if (!possible() || !wanted()) {
		leave();
		WRITE_ONCE(r->owner,
			   hvb_chosen(&hvb_report_switch) == HVB_OFF ?
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
 * The manager then forgets earlier refusals.  Any context that may queue work.
 */
void hvb_report_reconsider(void)
{
	WRITE_ONCE(hvb_reporting.reconsider, true);
	call_manager(0);
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
 * With another owner: as of the last time that the slot was tried.
 */
int hvb_report_order(void)
{
	unsigned int order = READ_ONCE(hvb_reporting.saved_order);

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
	INIT_DELAYED_WORK(&r->kick, hvb_report_kick_work);
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
