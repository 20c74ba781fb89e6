/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Synchronisation objects, and what those have in common that are shared.
 */
#ifndef _DXG_SYNC_OBJECT_H
#define _DXG_SYNC_OBJECT_H

#include <linux/types.h>
#include <uapi/misc/d3dkmthk.h>

#include "handle_table.h"
#include "shared_object.h"

struct dxg_host_event;
struct dxg_view;

/**
 * struct dxg_shared_sync_object - what all openings of a sync object have in
 * common
 * @base: common part; referenced by each struct dxg_sync_object
 * @type: kind
 * @flags: given by the creator
 * @host_handle: the host's VM-wide name for it
 *
 * What follows @base is immutable once the creator's handle is published.
 */
struct dxg_shared_sync_object {
	struct dxg_shared_object base;
	enum d3dddi_synchronizationobject_type type;
	struct d3dddi_synchronizationobject_flags flags;
	u32 host_handle;
};

/**
 * struct dxg_sync_object - a fence, mutex, semaphore or CPU notification
 * @obj: handle entry.  A fence with a value in memory belongs to its device:
 *	@obj.link is in dxg_device.sync_objects, and it holds a reference on the
 *	device.  Others have no device, hold a reference on the adapter, and
 *	last until they are destroyed or the process ends.
 * @monitored: has a value in memory; immutable
 * @view: mapping of the page with the value; NULL without, and at the end
 * @event: eventfd that the host signals; NULL without, and at the end
 * @shared: what it shares with others, referenced; NULL if it is not shared
 *
 * Whoever takes the handle out of the table, alone, ends @view and @event.
 */
struct dxg_sync_object {
	struct dxg_object obj;
	bool monitored;
	struct dxg_view *view;
	struct dxg_host_event *event;
	struct dxg_shared_sync_object *shared;
};

#endif /* _DXG_SYNC_OBJECT_H */
