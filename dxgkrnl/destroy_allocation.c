// SPDX-License-Identifier: GPL-2.0
/*
 * The end of allocations and resources: DestroyAllocation2, the undoing of
 * creations, and the memory of a device that is destroyed.
 *
 * An allocation leaves the handle table, then no process reaches its pages any
 * more, then the host is told, and only the host's word lets go of memory of the
 * process that backs it.  If the host refuses or the caller is killed, that
 * memory waits for the end of the device (existing_memory.c).
 *
 * Locks: dxg_device.lock (shared), then dxg_resource.lock, both across the
 * message; inside them, one at a time, dxg_allocation.lock, the table's lock and
 * dxg_device.children_lock; see docs/locking.md.
 */
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "allocation.h"
#include "cpu_mapping.h"
#include "device.h"
#include "existing_memory.h"
#include "host_message.h"
#include "host_object.h"
#include "ioctl_table.h"
#include "process.h"

/* Messages of a dying device that are under way together. */
#define DXG_DESTROY_WINDOW	64

static int dxg_doomed_message(struct dxg_message *msg,
			      struct dxg_process *process,
			      struct dxg_adapter *adapter,
			      const struct dxg_doomed *doomed)
{
	struct dxg_cmd_destroyallocation *cmd;

	cmd = dxg_message_init(msg, process, adapter,
			       DXGK_VMBCOMMAND_DESTROYALLOCATION,
			       dxg_msg_size(typeof(*cmd), allocations,
					    doomed->count) +
			       DXG_SPARE_DESTROYALLOCATION);
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->device.v = doomed->device;
	cmd->resource.v = doomed->resource;
	cmd->alloc_count = doomed->count;
	cmd->flags = doomed->flags;
	if (doomed->count)
		memcpy(cmd->allocations, doomed->allocations,
		       doomed->count * sizeof(*doomed->allocations));
	return 0;
}

/* The host's word on a DESTROYALLOCATION, as errno or success code. */
static int dxg_doomed_status(const struct dxg_request *request)
{
	const struct ntstatus *status = request->reply;

	return request->status ?: dxg_status_to_errno(status->v);
}

/* The answer came after the caller was killed. */
static void dxg_doomed_late(struct dxg_request *request)
{
	struct dxg_backings *backings = request->late_data;

	if (dxg_doomed_status(request) >= 0)
		dxg_backings_let_go(backings);
	dxg_backings_free(backings);
}

/*
 * Send a DESTROYALLOCATION and wait for the answer; what backed the allocations
 * is let go when the host has confirmed, now or later.  Consumes @backings.
 */
static int dxg_doomed_call(struct dxg_message *msg,
			   struct dxg_backings *backings,
			   enum dxg_wait_mode mode)
{
	struct dxg_request *request;
	int ret;

	request = dxg_message_send_surely(msg, sizeof(struct ntstatus), mode);
	if (IS_ERR(request)) {
		dxg_backings_free(backings);
		return PTR_ERR(request);
	}
	/* looked at only if the wait below is given up */
	request->late = dxg_doomed_late;
	request->late_data = backings;
	ret = dxg_request_wait(request, mode);
	if (ret == -ERESTARTSYS)
		goto put;
	ret = dxg_doomed_status(request);
	if (ret >= 0) {
		dxg_backings_let_go(backings);
		dxg_backings_wait(backings);
	}
	dxg_backings_free(backings);
put:
	dxg_request_put(request);
	return ret;
}

/* Leave only handles that are this reply's to destroy, each once. */
static void dxg_memory_filter(struct dxg_process *process,
			      struct dxg_memory_handles *reply)
{
	u32 i, k;

	for (i = 0; i < reply->count; i++) {
		if (dxg_handle_is_live(&process->objects, reply->handles[i]))
			reply->handles[i] = 0;
		for (k = 0; k < i && reply->handles[i]; k++)
			if (reply->handles[k] == reply->handles[i])
				reply->handles[i] = 0;
	}
}

/**
 * dxg_memory_undo() - destroy on the host what a reply created
 * @process: process it was created for
 * @adapter: adapter
 * @reply: handles, none of them in the table (any more); changed
 * @backings: memory that was given to the allocations, or NULL; consumed
 * @mode: how to wait for the answer
 *
 * A resource takes its allocations along, unless the host gave it no handle.
 * Handles of objects that existed before are left alone.
 */
void dxg_memory_undo(struct dxg_process *process, struct dxg_adapter *adapter,
		     struct dxg_memory_handles *reply,
		     struct dxg_backings *backings, enum dxg_wait_mode mode)
{
	struct dxg_doomed doomed = {
		.device = reply->device,
		.flags.assume_not_in_use = 1,
		.allocations = reply->handles,
	};
	struct dxg_message msg;
	u32 i;

	dxg_memory_filter(process, reply);
	if (reply->resource)
		doomed.resource = reply->handles[0];
	for (i = 0; i < reply->count && !doomed.resource; i++)
		if (reply->handles[i])
			reply->handles[doomed.count++] = reply->handles[i];
	if (!doomed.resource && !doomed.count) {
		dxg_backings_free(backings);
		return;
	}
	while (dxg_doomed_message(&msg, process, adapter, &doomed)) {
		/* no memory: the undoing must not get lost over that */
		schedule_timeout_killable(1);
		if (fatal_signal_pending(current)) {
			dxg_backings_free(backings);
			return;
		}
	}
	dxg_doomed_call(&msg, backings, mode);
	dxg_message_free(&msg);
}

/**
 * struct dxg_destruction - a DestroyAllocation2 in progress
 * @process: caller
 * @device: device, referenced and locked shared
 * @resource: resource concerned, referenced and locked; NULL if none is
 * @whole: the resource itself is destroyed
 * @capacity: room in @allocations
 * @count: number of @allocations
 * @allocations: what goes; with the references that the table had, once out of
 *	it
 * @backings: memory of the process among them, or NULL
 */
struct dxg_destruction {
	struct dxg_process *process;
	struct dxg_device *device;
	struct dxg_resource *resource;
	bool whole;
	u32 capacity;
	u32 count;
	struct dxg_allocation **allocations;
	struct dxg_backings *backings;
};

static int dxg_destruction_room(struct dxg_destruction *work, u32 capacity)
{
	if (!capacity)
		return 0;
	work->capacity = capacity;
	work->allocations = kvcalloc(capacity, sizeof(*work->allocations),
				     GFP_KERNEL_ACCOUNT);
	work->backings = dxg_backings_alloc(capacity);
	return work->allocations && work->backings ? 0 : -ENOMEM;
}

static int dxg_destruction_lock_resource(struct dxg_destruction *work,
					 struct dxg_resource *resource)
{
	if (mutex_lock_killable(&resource->lock))
		return -ERESTARTSYS;
	dxg_object_get(&resource->obj);
	work->resource = resource;
	return resource->destroyed ? -EINVAL : 0;
}

/*
 * Find all allocations of the list and take them out of the table, or none.
 * Table lock held.
 */
static int dxg_destruction_claim(struct dxg_destruction *work,
				 const u32 *handles)
{
	struct dxg_handle_table *table = &work->process->objects;
	struct dxg_allocation *allocation;
	struct dxg_object *obj;
	int ret = 0;
	u32 i;

	while (work->count < work->capacity) {
		obj = __dxg_handle_peek(table, handles[work->count],
					DXG_ALLOCATION);
		allocation = obj ? to_dxg_allocation(obj) : NULL;
		if (!obj || obj->device != work->device ||
		    allocation->resource != work->resource ||
		    allocation->listed) {
			ret = -EINVAL;
			break;
		}
		allocation->listed = true;
		work->allocations[work->count++] = allocation;
	}
	for (i = 0; i < work->count; i++) {
		if (ret)
			work->allocations[i]->listed = false;
		else
			__dxg_handle_remove_object(table,
						   &work->allocations[i]->obj);
	}
	if (ret)
		work->count = 0;
	return ret;
}

/* By list: all of one resource that is not shared, or all free-standing. */
static int dxg_destruction_by_list(struct dxg_destruction *work,
				   const u32 *handles, u32 count)
{
	struct dxg_allocation *first;
	struct dxg_object *obj;
	int ret = -EINVAL;

	obj = dxg_handle_lookup(&work->process->objects, handles[0],
				DXG_ALLOCATION);
	if (!obj)
		return -EINVAL;
	first = to_dxg_allocation(obj);
	if (obj->device != work->device)
		goto put;
	if (first->resource && first->resource->shared)
		goto put;
	ret = first->resource ?
	      dxg_destruction_lock_resource(work, first->resource) : 0;
	if (ret)
		goto put;
	ret = dxg_destruction_room(work, count);
	if (ret)
		goto put;
	dxg_handle_table_lock(&work->process->objects);
	ret = dxg_destruction_claim(work, handles);
	dxg_handle_table_unlock(&work->process->objects);
put:
	dxg_object_put(obj);
	return ret;
}

/* All allocations of the resource; its lock keeps the list as it is. */
static int dxg_destruction_gather(struct dxg_destruction *work)
{
	struct dxg_object *obj;
	u32 count = 0;
	int ret;

	mutex_lock(&work->device->children_lock);
	list_for_each_entry(obj, &work->resource->allocations, link)
		count++;
	mutex_unlock(&work->device->children_lock);
	ret = dxg_destruction_room(work, count);
	if (ret)
		return ret;
	mutex_lock(&work->device->children_lock);
	list_for_each_entry(obj, &work->resource->allocations, link)
		work->allocations[work->count++] = to_dxg_allocation(obj);
	mutex_unlock(&work->device->children_lock);
	return 0;
}

/* By resource: everything that belongs to it. */
static int dxg_destruction_by_resource(struct dxg_destruction *work, u32 handle)
{
	struct dxg_handle_table *table = &work->process->objects;
	struct dxg_object *obj;
	int ret = -EINVAL;
	u32 i;

	obj = dxg_handle_lookup(table, handle, DXG_RESOURCE);
	if (!obj)
		return -EINVAL;
	if (obj->device != work->device)
		goto put;
	ret = dxg_destruction_lock_resource(work, to_dxg_resource(obj));
	if (ret)
		goto put;
	ret = dxg_destruction_gather(work);
	if (ret) {
		work->count = 0;
		goto put;
	}
	work->whole = true;
	work->resource->destroyed = true;
	if (dxg_handle_remove_object(table, obj))
		dxg_object_put(obj);
	for (i = 0; i < work->count; i++)
		dxg_handle_remove_object(table, &work->allocations[i]->obj);
put:
	dxg_object_put(obj);
	return ret;
}

/* No mapping any more, and none to come. */
static void dxg_allocation_unmap(struct dxg_allocation *allocation)
{
	mutex_lock(&allocation->lock);
	allocation->destroyed = true;
	atomic_set(&allocation->lock_count, 0);
	dxg_view_destroy(allocation->view);
	allocation->view = NULL;
	mutex_unlock(&allocation->lock);
}

/* The local end of everything that just left the table. */
static void dxg_destruction_local(struct dxg_destruction *work)
{
	struct dxg_allocation *allocation;
	u32 i;

	for (i = 0; i < work->count; i++) {
		allocation = work->allocations[i];
		dxg_allocation_unmap(allocation);
		if (allocation->backing)
			dxg_backings_add(work->backings, allocation->backing);
		dxg_device_remove_child(work->device, &allocation->obj);
		/* the table's reference */
		dxg_object_put(&allocation->obj);
		cond_resched();
	}
	if (work->whole)
		dxg_device_remove_child(work->device, &work->resource->obj);
}

static int dxg_destruction_run(struct dxg_destruction *work,
			       const struct d3dkmt_destroyallocation2 *args,
			       const u32 *handles)
{
	struct dxg_doomed doomed = {
		.device = args->device.v,
		.resource = args->resource.v,
		.count = args->alloc_count,
		.flags = args->flags,
		.allocations = handles,
	};
	struct dxg_message msg;
	int ret;

	ret = dxg_doomed_message(&msg, work->process, work->device->obj.adapter,
				 &doomed);
	if (ret)
		return ret;
	ret = handles ?
	      dxg_destruction_by_list(work, handles, args->alloc_count) :
	      dxg_destruction_by_resource(work, args->resource.v);
	if (!ret) {
		dxg_destruction_local(work);
		ret = dxg_doomed_call(&msg, work->backings, DXG_WAIT_KILLABLE);
		work->backings = NULL;
	}
	if (work->resource) {
		mutex_unlock(&work->resource->lock);
		dxg_object_put(&work->resource->obj);
	}
	dxg_backings_free(work->backings);
	kvfree(work->allocations);
	dxg_message_free(&msg);
	return ret;
}

/**
 * dxg_ioctl_destroy_allocation2() - LX_DXDESTROYALLOCATION2
 * @process: caller
 * @data: struct d3dkmt_destroyallocation2, private copy
 * @user: not used
 *
 * Destroys all that the list or the resource names, or nothing.  An adapter that
 * stopped does not keep the objects alive.
 *
 * Return: the host's status as errno or success code; -EINVAL, -EFAULT,
 * -ENOMEM, -ENODEV, transport errors.
 */
int dxg_ioctl_destroy_allocation2(struct dxg_process *process, void *data,
				  void __user *user)
{
	const struct d3dkmt_destroyallocation2 *args = data;
	struct dxg_destruction work = { .process = process };
	struct dxg_object *obj;
	u32 *handles = NULL;
	int ret;

	if (args->alloc_count > D3DKMT_CREATEALLOCATION_MAX ||
	    !args->alloc_count == !args->resource.v)
		return -EINVAL;
	if (args->alloc_count) {
		handles = vmemdup_user(u64_to_user_ptr(args->allocations),
				       args->alloc_count * sizeof(*handles));
		if (IS_ERR(handles))
			return PTR_ERR(handles);
	}
	ret = -EINVAL;
	obj = dxg_handle_lookup(&process->objects, args->device.v, DXG_DEVICE);
	if (!obj)
		goto free;
	work.device = container_of(obj, struct dxg_device, obj);
	ret = -ERESTARTSYS;
	if (down_read_killable(&work.device->lock))
		goto put;
	ret = work.device->destroyed ? -ENODEV :
	      dxg_destruction_run(&work, args, handles);
	up_read(&work.device->lock);
put:
	dxg_object_put(obj);
free:
	kvfree(handles);
	return ret;
}

/* Local end of a list of allocations that nobody else can reach any more. */
static void dxg_dismantle_allocations(struct dxg_device *device,
				      struct list_head *list)
{
	struct dxg_object *obj;

	list_for_each_entry(obj, list, link) {
		dxg_allocation_unmap(to_dxg_allocation(obj));
		if (dxg_handle_remove_object(&device->process->objects, obj))
			dxg_object_put(obj);
		cond_resched();
	}
}

/**
 * dxg_device_dismantle_memory() - local end of a device's memory
 * @device: device that is marked destroyed: its lists do not change any more
 *
 * The objects stay on their lists for dxg_device_destroy_memory().
 */
void dxg_device_dismantle_memory(struct dxg_device *device)
{
	struct dxg_object *obj;

	dxg_dismantle_allocations(device, &device->allocations);
	list_for_each_entry(obj, &device->resources, link) {
		dxg_dismantle_allocations(device,
					  &to_dxg_resource(obj)->allocations);
		if (dxg_handle_remove_object(&device->process->objects, obj))
			dxg_object_put(obj);
	}
}

/**
 * struct dxg_destroy_window - answers that are still to come
 * @first: index of the oldest
 * @count: how many
 * @requests: ring
 */
struct dxg_destroy_window {
	u32 first;
	u32 count;
	struct dxg_request *requests[DXG_DESTROY_WINDOW];
};

static void dxg_destroy_window_wait(struct dxg_destroy_window *window)
{
	struct dxg_request *request = window->requests[window->first];

	dxg_request_wait(request, DXG_WAIT_FOREVER);
	dxg_request_put(request);
	window->first = (window->first + 1) % DXG_DESTROY_WINDOW;
	window->count--;
}

/*
 * Without memory for the message, or without a channel, nothing is sent: the
 * end of the device on the host is the end of its allocations anyway.
 */
static void dxg_destroy_window_send(struct dxg_destroy_window *window,
				    struct dxg_device *device, u32 resource,
				    const u32 *allocations, u32 count)
{
	struct dxg_doomed doomed = {
		.device = device->obj.handle,
		.resource = resource,
		.count = count,
		.allocations = allocations,
	};
	struct dxg_request *request;
	struct dxg_message msg;
	u32 last;

	if (window->count == DXG_DESTROY_WINDOW)
		dxg_destroy_window_wait(window);
	if (dxg_doomed_message(&msg, device->process, device->obj.adapter,
			       &doomed))
		return;
	request = dxg_message_send_surely(&msg, sizeof(struct ntstatus),
					  DXG_WAIT_FOREVER);
	dxg_message_free(&msg);
	if (IS_ERR(request))
		return;
	last = (window->first + window->count++) % DXG_DESTROY_WINDOW;
	window->requests[last] = request;
}

static void dxg_destroy_free_standing(struct dxg_device *device,
				      struct dxg_destroy_window *window)
{
	struct dxg_object *obj;
	u32 *handles;
	u32 count = 0;

	handles = kvmalloc_array(D3DKMT_CREATEALLOCATION_MAX, sizeof(*handles),
				 GFP_KERNEL);
	while ((obj = dxg_device_pop_child(device, &device->allocations))) {
		if (handles)
			handles[count++] = obj->handle;
		dxg_object_put(obj);
		if (count < D3DKMT_CREATEALLOCATION_MAX)
			continue;
		dxg_destroy_window_send(window, device, 0, handles, count);
		count = 0;
		cond_resched();
	}
	if (count)
		dxg_destroy_window_send(window, device, 0, handles, count);
	kvfree(handles);
}

/**
 * dxg_device_destroy_memory() - destroy a device's memory on the host
 * @device: dismantled device
 *
 * The messages are under way together.  Context: worker; returns when the host
 * answered all of them or the channel is lost.
 */
void dxg_device_destroy_memory(struct dxg_device *device)
{
	struct dxg_destroy_window window = {};
	struct dxg_resource *resource;
	struct dxg_object *child;
	struct dxg_object *obj;

	dxg_destroy_free_standing(device, &window);
	while ((obj = dxg_device_pop_child(device, &device->resources))) {
		dxg_destroy_window_send(&window, device, obj->handle, NULL, 0);
		resource = to_dxg_resource(obj);
		while ((child = dxg_device_pop_child(device,
						     &resource->allocations)))
			dxg_object_put(child);
		dxg_object_put(obj);
		cond_resched();
	}
	while (window.count)
		dxg_destroy_window_wait(&window);
}
