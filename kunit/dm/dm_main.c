// SPDX-License-Identifier: GPL-2.0
/*
 * Dynamic memory alone, for its suites: what module.c does, without the rest of the
 * module.
 */
#include <linux/module.h>

#include "balloon.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

bool hvb_dm_wanted = true;

static int __init dm_main_init(void)
{
	return hvb_dm_init();
}

static void __exit dm_main_exit(void)
{
	hvb_dm_exit();
}

module_init(dm_main_init);
module_exit(dm_main_exit);

MODULE_DESCRIPTION("KUnit suites of dynamic memory");
MODULE_LICENSE("GPL");
