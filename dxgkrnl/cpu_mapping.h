/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Views: pages of the host's I/O space mapped into a process.
 */
#ifndef _DXG_CPU_MAPPING_H
#define _DXG_CPU_MAPPING_H

#include <linux/types.h>

struct dxg_adapter;
struct dxg_view;

/**
 * enum dxg_view_flags - how a view is mapped
 * @DXG_VIEW_WRITE: the process may write (else VM_MAYWRITE is off too)
 * @DXG_VIEW_CACHED: ordinary caching, else write-combining
 */
enum dxg_view_flags {
	DXG_VIEW_WRITE	= 1,
	DXG_VIEW_CACHED	= 2,
};

struct dxg_view *dxg_view_create(struct dxg_adapter *adapter, u64 address,
				 u64 size, unsigned int flags);
u64 dxg_view_address(const struct dxg_view *view);
void dxg_view_destroy(struct dxg_view *view);
void dxg_views_revoke(struct dxg_adapter *adapter);

unsigned int dxg_fence_view_flags(bool guest_may_signal);

#endif /* _DXG_CPU_MAPPING_H */
