// SPDX-License-Identifier: GPL-2.0
/*
 * Loading and unloading, and the three switches.  Everything else has its own
 * room; balloon.h says how they hang together.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include <asm/mshyperv.h>

#include "balloon.h"
#include "reclaim.h"
#include "report.h"
#include "sysfs.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/**
 * struct hvb_room - a part of the module with a beginning and an end
 * @init: 0 or -errno; after a failure the module is not loaded
 * @exit: undoes @init, sleeps; may be NULL
 * @switched: a switch was changed; may be NULL. Process context, only between
 *	@init and @exit of all rooms
 */
struct hvb_room {
	int (*init)(void);
	void (*exit)(void);
	void (*switched)(void);
};

/*
 * The order is that of dependence. Stopped from the end: the loop, which ends all
 * requests of users, the files, the kicks and the reporting slot, the device, what
 * they all stood on.
 */
static const struct hvb_room rooms[] = {
	{ hvb_dm_init, hvb_dm_exit },
	{ hvb_report_init, hvb_report_exit, hvb_report_reconsider },
	{ hvb_sysfs_init, hvb_sysfs_exit, NULL },
	{ hvb_reclaim_init, hvb_reclaim_exit, hvb_reclaim_switched },
};

bool hvb_dm_wanted;
module_param_named(dm, hvb_dm_wanted, bool, 0444);
MODULE_PARM_DESC(dm, "be the driver of the dynamic-memory device (default off)");

enum hvb_switch hvb_report_switch = HVB_AUTO;
enum hvb_switch hvb_reclaim_switch = HVB_AUTO;

/* The rooms are there; under the lock of this module's parameters. */
static bool running;

static const char * const switch_names[] = {
	[HVB_OFF] = "off",
	[HVB_AUTO] = "auto",
	[HVB_FORCE] = "force",
};

static int switch_set(const char *val, const struct kernel_param *kp)
{
	int i = sysfs_match_string(switch_names, val);

	if (i < 0)
		return i;
	WRITE_ONCE(*(enum hvb_switch *)kp->arg, i);
	if (!running)
		return 0;
	for (i = 0; i < ARRAY_SIZE(rooms); i++)
		if (rooms[i].switched)
			rooms[i].switched();
	return 0;
}

static int switch_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n",
			  switch_names[READ_ONCE(*(enum hvb_switch *)kp->arg)]);
}

static const struct kernel_param_ops switch_ops = {
	.set = switch_set,
	.get = switch_get,
};

module_param_cb(report, &switch_ops, &hvb_report_switch, 0644);
MODULE_PARM_DESC(report,
		 "report free pages to the host: auto (when nobody else does), off, force");
module_param_cb(reclaim, &switch_ops, &hvb_reclaim_switch, 0644);
MODULE_PARM_DESC(reclaim,
		 "turn cold page cache into free pages: auto (when somebody returns free pages to the host), off, force");

static void set_running(bool value)
{
	kernel_param_lock(THIS_MODULE);
	running = value;
	kernel_param_unlock(THIS_MODULE);
}

static void stop_rooms(int n)
{
	while (n--)
		if (rooms[n].exit)
			rooms[n].exit();
}

/*
 * Outside Hyper-V nothing here is of use by itself: another hypervisor has its
 * own balloon. Who knows better says so with a switch.
 */
static bool nothing_to_do(void)
{
	return !hv_is_hyperv_initialized() && !hvb_dm_wanted &&
	       hvb_report_switch != HVB_FORCE &&
	       hvb_reclaim_switch != HVB_FORCE;
}

static int __init hvb_init(void)
{
	int i, ret;

	if (nothing_to_do())
		return -ENODEV;
	for (i = 0; i < ARRAY_SIZE(rooms); i++) {
		ret = rooms[i].init();
		if (ret) {
			stop_rooms(i);
			return ret;
		}
	}
	set_running(true);
	return 0;
}

static void __exit hvb_exit(void)
{
	set_running(false);
	stop_rooms(ARRAY_SIZE(rooms));
}

module_init(hvb_init);
module_exit(hvb_exit);

MODULE_DESCRIPTION("Hyper-V guest memory: dynamic memory, free-page reporting, reclaim");
MODULE_LICENSE("GPL");
MODULE_VERSION(HVB_VERSION);
