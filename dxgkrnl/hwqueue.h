/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hardware queues, as their context sees them.
 */
#ifndef _DXG_HWQUEUE_H
#define _DXG_HWQUEUE_H

struct dxg_context;

void dxg_context_dismantle_hwqueues(struct dxg_context *context);

#endif /* _DXG_HWQUEUE_H */
