// SPDX-License-Identifier: GPL-2.0
/*
 * The fence of a paging queue or hardware queue.
 *
 * Queue and fence are two handles for one life: both enter and leave the table
 * under one hold of its lock, and whoever takes the queue out unmaps the page.
 * Nothing here talks to the host.
 *
 * Locks: the handle table's; no lock is held while a page is mapped.
 */
#include <linux/hyperv.h>
#include <linux/mm.h>

#include "cpu_mapping.h"
#include "queue_fence.h"

static void dxg_queue_fence_release(struct dxg_object *obj)
{
	struct dxg_queue_fence *fence =
		container_of(obj, struct dxg_queue_fence, obj);

	/* the memory is the queue's */
	dxg_object_put(fence->queue);
}

/**
 * dxg_queue_fence_init() - prepare the fence of a new queue
 * @fence: zeroed member of the queue
 * @queue: initialised queue; referenced by the fence
 *
 * As with every object the caller owns the first reference on @fence->obj.
 */
void dxg_queue_fence_init(struct dxg_queue_fence *fence,
			  struct dxg_object *queue)
{
	dxg_object_init(&fence->obj, DXG_MONITORED_FENCE, queue->adapter,
			queue->device, dxg_queue_fence_release);
	dxg_object_get(queue);
	fence->queue = queue;
}

/**
 * dxg_queue_fence_open() - claim the handles and map the page of a new queue
 * @fence: fence
 * @table: table of the calling process
 * @queue_handle: from the host, untrusted
 * @fence_handle: from the host, untrusted
 * @address: guest-physical address of the fence page, from the host, untrusted
 *
 * Context: the process that gets the mapping; may sleep.
 *
 * Return: 0; -EINVAL for an unusable handle; -ENOMEM, also for an unusable
 * address; -ENODEV when the adapter stopped.  After an error nothing is left.
 */
int dxg_queue_fence_open(struct dxg_queue_fence *fence,
			 struct dxg_handle_table *table, u32 queue_handle,
			 u32 fence_handle, u64 address)
{
	struct dxg_view *view;
	int ret;

	ret = dxg_handle_reserve(table, queue_handle);
	if (ret)
		return ret;
	ret = dxg_handle_reserve(table, fence_handle);
	if (ret)
		goto unreserve;
	view = dxg_view_create(fence->obj.adapter, address, HV_HYP_PAGE_SIZE,
			       dxg_fence_view_flags(false));
	if (IS_ERR(view)) {
		ret = PTR_ERR(view);
		goto unreserve_fence;
	}
	fence->view = view;
	return 0;

unreserve_fence:
	dxg_handle_unreserve(table, fence_handle);
unreserve:
	dxg_handle_unreserve(table, queue_handle);
	return ret;
}

/**
 * dxg_queue_fence_abort() - undo dxg_queue_fence_open()
 * @fence: opened fence
 * @table: as before
 * @queue_handle: as before
 * @fence_handle: as before
 */
void dxg_queue_fence_abort(struct dxg_queue_fence *fence,
			   struct dxg_handle_table *table, u32 queue_handle,
			   u32 fence_handle)
{
	dxg_view_destroy(fence->view);
	fence->view = NULL;
	dxg_handle_unreserve(table, fence_handle);
	dxg_handle_unreserve(table, queue_handle);
}

/**
 * dxg_queue_fence_publish() - make queue and fence visible
 * @fence: opened fence
 * @table: as before
 * @queue_handle: as before
 * @fence_handle: as before
 *
 * Cannot fail.  From here on another thread may destroy the queue.
 */
void dxg_queue_fence_publish(struct dxg_queue_fence *fence,
			     struct dxg_handle_table *table, u32 queue_handle,
			     u32 fence_handle)
{
	dxg_handle_table_lock(table);
	__dxg_handle_publish(table, &fence->obj, fence_handle);
	__dxg_handle_publish(table, fence->queue, queue_handle);
	dxg_handle_table_unlock(table);
}

/**
 * dxg_queue_fence_remove() - take queue and fence out of the table and unmap
 * @fence: fence; the caller holds a reference on the queue
 * @table: table of the owner
 *
 * Context: may sleep; any address space.
 *
 * Return: true when this call removed the queue, false when another did before.
 */
bool dxg_queue_fence_remove(struct dxg_queue_fence *fence,
			    struct dxg_handle_table *table)
{
	bool removed;

	dxg_handle_table_lock(table);
	removed = __dxg_handle_remove_object(table, fence->queue);
	if (removed)
		__dxg_handle_remove_object(table, &fence->obj);
	dxg_handle_table_unlock(table);
	if (!removed)
		return false;

	dxg_view_destroy(fence->view);
	fence->view = NULL;
	/* the table's references */
	dxg_object_put(fence->queue);
	dxg_object_put(&fence->obj);
	return true;
}
