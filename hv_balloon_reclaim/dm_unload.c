// SPDX-License-Identifier: GPL-2.0
/*
 * The module stays as long as pages are out: nobody but the host may say that they
 * are there again, and nobody but this module would hear it.  A mock host's pages
 * may be freed at unload instead.
 *
 * No locks: for whoever owns the set of pages that are out (dm_balloon.c).
 */
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#include <asm/mshyperv.h>

#include "dm.h"

enum unload_policy {
	UNLOAD_HOLD,
	UNLOAD_FREE,
};

static enum unload_policy unload_policy = UNLOAD_HOLD;

static const char * const policy_names[] = {
	[UNLOAD_HOLD] = "hold",
	[UNLOAD_FREE] = "free",
};

static int policy_set(const char *val, const struct kernel_param *kp)
{
	int i = sysfs_match_string(policy_names, val);

	if (i < 0)
		return i;
	/* a real host may have unmapped the pages */
	if (i == UNLOAD_FREE && hv_is_hyperv_initialized())
		return -EPERM;
	unload_policy = i;
	return 0;
}

static int policy_get(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%s\n", policy_names[unload_policy]);
}

static const struct kernel_param_ops policy_ops = {
	.set = policy_set,
	.get = policy_get,
};

module_param_cb(unload_policy, &policy_ops, NULL, 0444);
MODULE_PARM_DESC(unload_policy,
		 "pages that the host has when the module goes: hold (it cannot go, default), free (not on Hyper-V)");

/**
 * hvb_dm_hold_module - pages are about to go out
 * @out: pages that are out already
 *
 * Return: false if the module is on its way; then no page may go out.
 */
bool hvb_dm_hold_module(unsigned long out)
{
	return out || unload_policy == UNLOAD_FREE ||
	       try_module_get(THIS_MODULE);
}

/**
 * hvb_dm_let_module_go - pages have come back
 * @out: pages that are still out; not called if none were out before
 */
void hvb_dm_let_module_go(unsigned long out)
{
	if (!out && unload_policy == UNLOAD_HOLD)
		module_put(THIS_MODULE);
}
