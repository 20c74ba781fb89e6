// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading, and the three switches.  Everything else has its own
 * room; balloon.h says how they hang together.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/moduleparam.h>

#include <asm/mshyperv.h>

#include "balloon.h"
#include "reclaim.h"
#include "report.h"
#include "sysfs.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

bool hvb_dm_wanted;
module_param_named(dm, hvb_dm_wanted, bool, 0444);
MODULE_PARM_DESC(dm, "be the driver of the dynamic-memory device (default off)");

/* The rooms are there; under the lock of this module's parameters. */
static bool running;

static void switched(void)
{
	if (!running)
		return;
	hvb_report_reconsider();
	hvb_reclaim_switched();
}

static const char *const switch_words[] = {
	[HVB_OFF] = "off",
	[HVB_AUTO] = "auto",
	[HVB_FORCE] = "force",
	NULL
};

struct hvb_choice hvb_report_switch = {
	.words = switch_words,
	.value = HVB_AUTO,
	.changed = switched,
};
module_param_cb(report, &hvb_choice_ops, &hvb_report_switch, 0644);
MODULE_PARM_DESC(report,
		 "report free pages to the host: auto (when nobody else does), off, force");

struct hvb_choice hvb_reclaim_switch = {
	.words = switch_words,
	.value = HVB_AUTO,
	.changed = switched,
};
module_param_cb(reclaim, &hvb_choice_ops, &hvb_reclaim_switch, 0644);
MODULE_PARM_DESC(reclaim,
		 "turn cold page cache into free pages: auto (when somebody returns free pages to the host), off, force");

static void set_running(bool value)
{
	kernel_param_lock(THIS_MODULE);
	running = value;
	kernel_param_unlock(THIS_MODULE);
}

/*
 * Outside Hyper-V nothing here is of use by itself: another hypervisor has its
 * own balloon. Who knows better says so with a switch.
 */
static bool nothing_to_do(void)
{
	return !hv_is_hyperv_initialized() && !hvb_dm_wanted &&
	       hvb_chosen(&hvb_report_switch) != HVB_FORCE &&
	       hvb_chosen(&hvb_reclaim_switch) != HVB_FORCE;
}

static int __init hvb_init(void)
{
	int ret;

	if (nothing_to_do())
		return -ENODEV;
	ret = hvb_report_init();
	if (ret)
		return ret;
	ret = hvb_sysfs_init();
	if (ret)
		goto report;
	ret = hvb_reclaim_init();
	if (ret)
		goto sysfs;
	/* nothing may fail behind it: a host that is quick has pages then */
	ret = hvb_dm_init();
	if (ret)
		goto reclaim;
	set_running(true);
	return 0;

reclaim:
	hvb_reclaim_exit();
sysfs:
	hvb_sysfs_exit();
report:
	hvb_report_exit();
	return ret;
}

/*
 * The loop first, which ends all requests of users; then the files, the kicks and
 * the reporting slot, and the device.
 */
static void __exit hvb_exit(void)
{
	set_running(false);
	hvb_reclaim_exit();
	hvb_sysfs_exit();
	hvb_report_exit();
	hvb_dm_exit();
}

module_init(hvb_init);
module_exit(hvb_exit);

MODULE_DESCRIPTION("Hyper-V guest memory: dynamic memory, free-page reporting, reclaim");
MODULE_LICENSE("GPL");
MODULE_VERSION(HVB_VERSION);
