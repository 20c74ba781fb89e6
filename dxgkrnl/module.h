/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the whole module shares.
 */
#ifndef _DXG_MODULE_H
#define _DXG_MODULE_H

#include <linux/workqueue.h>

/*
 * Unbound queue for everything that waits for the host on nobody's behalf: late
 * answers, teardown of devices and processes, retries.  Emptied at module exit,
 * after the channels are closed and so no wait can last.
 */
extern struct workqueue_struct *dxg_workqueue;

#endif /* _DXG_MODULE_H */
