// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel tells us in the middle of reclaim: memory ran out, the guest is
 * about to sleep.  The notifiers only raise a flag; the loop looks between two
 * writes, and guards.c says for how long that holds it.
 *
 * No locks: each flag is one word.
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/suspend.h>

#include "alarms.h"

static bool ran_out;
static bool suspending;

static int memory_ran_out(struct notifier_block *block, unsigned long unused,
			  void *freed)
{
	WRITE_ONCE(ran_out, true);
	return NOTIFY_OK;
}

static struct notifier_block oom_block = {
	.notifier_call = memory_ran_out,
};

static int power_event(struct notifier_block *block, unsigned long event,
		       void *unused)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		WRITE_ONCE(suspending, true);
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		WRITE_ONCE(suspending, false);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block pm_block = {
	.notifier_call = power_event,
};

/** hvb_alarm - end what is under way */
bool hvb_alarm(void)
{
	return READ_ONCE(ran_out) || READ_ONCE(suspending);
}

/** hvb_alarm_oom - did memory run out since this was asked last */
bool hvb_alarm_oom(void)
{
	return xchg(&ran_out, false);
}

/** hvb_alarm_suspending - between the notifications of suspend and resume */
bool hvb_alarm_suspending(void)
{
	return READ_ONCE(suspending);
}

/**
 * hvb_alarms_init - begin to listen
 *
 * Return: 0 or an error.
 */
int hvb_alarms_init(void)
{
	int ret = register_oom_notifier(&oom_block);

	if (ret)
		return ret;
	ret = register_pm_notifier(&pm_block);
	if (ret)
		unregister_oom_notifier(&oom_block);
	return ret;
}

/** hvb_alarms_exit - undo hvb_alarms_init() */
void hvb_alarms_exit(void)
{
	unregister_pm_notifier(&pm_block);
	unregister_oom_notifier(&oom_block);
}
