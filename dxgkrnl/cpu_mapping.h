/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Views: pages of the host's I/O space mapped into a process.
 */
#ifndef _DXG_CPU_MAPPING_H
#define _DXG_CPU_MAPPING_H

#include <linux/list.h>
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

int dxg_views_setup(void);
void dxg_views_cleanup(void);

/*
 * Map @size bytes at guest-physical @address (both from the host, untrusted)
 * into the current process.  -ENOMEM when not page aligned, outside the I/O
 * space, or not mappable; -ENODEV when the adapter stopped.
 */
struct dxg_view *dxg_view_create(struct dxg_adapter *adapter, u64 address,
				 u64 size, unsigned int flags);
/* User address of the mapping, in the process that created it. */
u64 dxg_view_address(const struct dxg_view *view);
/*
 * Make the pages unreachable in every process, remove the mapping from the
 * current process if it is provably ours and still there, and drop the view.
 * Any context that may sleep; NULL is allowed.
 */
void dxg_view_destroy(struct dxg_view *view);
/* Make all views of a stopping adapter unreachable; they stay destroyable. */
void dxg_views_revoke(struct dxg_adapter *adapter);

/* Flags for a fence page that the guest is not meant to write. */
unsigned int dxg_fence_view_flags(bool guest_may_signal);

#endif /* _DXG_CPU_MAPPING_H */
