// SPDX-License-Identifier: GPL-2.0
/*
 * The module stays as long as pages are out: nobody but the host may say that they
 * are there again, and nobody but this module would hear it.  A mock host's pages
 * may be freed at unload instead.
 *
 * No locks: for whoever owns the set of pages that are out (dm_balloon.c).
 */
#include <linux/module.h>

#include <asm/mshyperv.h>

#include "choice.h"
#include "dm.h"

enum unload_policy {
	UNLOAD_HOLD,
	UNLOAD_FREE,
};

/* A real host may have unmapped the pages. */
static int policy_allowed(int policy)
{
	return policy == UNLOAD_FREE && hv_is_hyperv_initialized() ? -EPERM : 0;
}

static const char *const policy_words[] = {
	[UNLOAD_HOLD] = "hold",
	[UNLOAD_FREE] = "free",
	NULL
};

static struct hvb_choice unload_policy = {
	.words = policy_words,
	.value = UNLOAD_HOLD,
	.allowed = policy_allowed,
};
module_param_cb(unload_policy, &hvb_choice_ops, &unload_policy, 0444);
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
	return out || hvb_chosen(&unload_policy) == UNLOAD_FREE ||
	       try_module_get(THIS_MODULE);
}

/**
 * hvb_dm_let_module_go - pages have come back
 * @out: pages that are still out; not called if none were out before
 */
void hvb_dm_let_module_go(unsigned long out)
{
	if (!out && hvb_chosen(&unload_policy) == UNLOAD_HOLD)
		module_put(THIS_MODULE);
}
