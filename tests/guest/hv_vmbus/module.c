// SPDX-License-Identifier: GPL-2.0
/*
 * What makes forward.S a module.  Nothing to do when it is loaded: mock_vmbus,
 * which it needs, is the bus.
 */
#include <linux/module.h>

MODULE_DESCRIPTION("hv_vmbus's functions, served by mock_vmbus");
MODULE_LICENSE("GPL");
