// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations and resources: the objects, and how the handles of one reply
 * become theirs.  Creation, destruction and mapping have rooms of their own.
 *
 * All handles of a reply become valid at once or not at all.
 *
 * Locks: dxg_device.children_lock and the lock of the handle table, one after
 * the other; see docs/locking.md.
 */
#include <linux/mm.h>
#include <linux/slab.h>

#include "allocation.h"
#include "device.h"
#include "existing_memory.h"
#include "process.h"
#include "resource_sharing.h"

static void dxg_resource_release(struct dxg_object *obj)
{
	struct dxg_resource *resource = to_dxg_resource(obj);

	if (resource->shared)
		dxg_shared_object_put(&resource->shared->base);
	mutex_destroy(&resource->lock);
	dxg_object_put(&obj->device->obj);
	kfree_rcu(resource, obj.rcu);
}

/**
 * dxg_resource_new() - make a resource that nobody knows yet
 * @device: device
 * @shared: what it has in common with others, or NULL; the resource takes a
 *	reference
 *
 * Return: resource with a reference for the caller, or NULL.
 */
struct dxg_resource *dxg_resource_new(struct dxg_device *device,
				      struct dxg_shared_resource *shared)
{
	struct dxg_resource *resource;

	resource = kzalloc(sizeof(*resource), GFP_KERNEL_ACCOUNT);
	if (!resource)
		return NULL;
	dxg_object_init(&resource->obj, DXG_RESOURCE, device->obj.adapter,
			device, dxg_resource_release);
	dxg_object_get(&device->obj);
	mutex_init(&resource->lock);
	INIT_LIST_HEAD(&resource->allocations);
	if (shared)
		dxg_shared_object_get(&shared->base);
	resource->shared = shared;
	return resource;
}

static void dxg_allocation_release(struct dxg_object *obj)
{
	struct dxg_allocation *allocation = to_dxg_allocation(obj);

	dxg_backing_put(allocation->backing);
	if (allocation->resource)
		dxg_object_put(&allocation->resource->obj);
	kvfree(allocation->private_data);
	mutex_destroy(&allocation->lock);
	dxg_object_put(&obj->device->obj);
	kfree_rcu(allocation, obj.rcu);
}

/**
 * dxg_allocation_new() - make an allocation that nobody knows yet
 * @device: device
 * @resource: resource of that device it will belong to, or NULL
 *
 * Return: allocation with a reference for the caller, or NULL.
 */
struct dxg_allocation *dxg_allocation_new(struct dxg_device *device,
					  struct dxg_resource *resource)
{
	struct dxg_allocation *allocation;

	allocation = kzalloc(sizeof(*allocation), GFP_KERNEL_ACCOUNT);
	if (!allocation)
		return NULL;
	dxg_object_init(&allocation->obj, DXG_ALLOCATION, device->obj.adapter,
			device, dxg_allocation_release);
	dxg_object_get(&device->obj);
	if (resource)
		dxg_object_get(&resource->obj);
	allocation->resource = resource;
	mutex_init(&allocation->lock);
	return allocation;
}

/**
 * dxg_memory_handles_alloc() - room for the handles of a reply
 * @device: handle of the device
 * @count: number of allocations
 * @resource: there is a handle of a new resource, too
 *
 * Return: zeroed handles, to be freed with kvfree(), or NULL.
 */
struct dxg_memory_handles *dxg_memory_handles_alloc(u32 device, u32 count,
						    bool resource)
{
	struct dxg_memory_handles *reply;

	count += resource;
	reply = kvzalloc(struct_size(reply, handles, count),
			 GFP_KERNEL_ACCOUNT);
	if (!reply)
		return NULL;
	reply->device = device;
	reply->count = count;
	reply->resource = resource;
	return reply;
}

/**
 * dxg_memory_reserve() - claim the slots of all handles of a reply
 * @process: owner of the table
 * @reply: handles
 *
 * Return: 0; -EINVAL for a handle that is zero, out of range, given out twice
 * or in use; -ENOMEM.  After an error none is claimed.
 */
int dxg_memory_reserve(struct dxg_process *process,
		       const struct dxg_memory_handles *reply)
{
	int ret;
	u32 i;

	for (i = 0; i < reply->count; i++) {
		ret = dxg_handle_reserve(&process->objects, reply->handles[i]);
		if (ret)
			goto unreserve;
	}
	return 0;

unreserve:
	while (i--)
		dxg_handle_unreserve(&process->objects, reply->handles[i]);
	return ret;
}

/**
 * dxg_memory_unreserve() - give the slots of all handles of a reply back
 * @process: owner of the table
 * @reply: handles passed to dxg_memory_reserve()
 */
void dxg_memory_unreserve(struct dxg_process *process,
			  const struct dxg_memory_handles *reply)
{
	u32 i;

	for (i = 0; i < reply->count; i++)
		dxg_handle_unreserve(&process->objects, reply->handles[i]);
}

/**
 * dxg_memory_publish() - make all objects of a reply visible at once
 * @process: owner of the table
 * @reply: handles passed to dxg_memory_reserve(), all of one device that is
 *	locked shared
 * @resource: object of the first handle if that is a resource
 * @allocations: objects of the others, in their order
 *
 * Cannot fail.  From here on other threads may destroy the objects.
 */
void dxg_memory_publish(struct dxg_process *process,
			const struct dxg_memory_handles *reply,
			struct dxg_resource *resource,
			struct dxg_allocation **allocations)
{
	const u32 *handles = reply->handles + reply->resource;
	u32 count = reply->count - reply->resource;
	struct dxg_device *device = allocations[0]->obj.device;
	struct dxg_resource *owner = allocations[0]->resource;
	struct list_head *list = owner ? &owner->allocations :
					 &device->allocations;
	u32 i;

	for (i = 0; i < count; i++)
		dxg_device_add_child(device, list, &allocations[i]->obj);
	if (reply->resource)
		dxg_device_add_child(device, &device->resources,
				     &resource->obj);

	dxg_handle_table_lock(&process->objects);
	if (reply->resource)
		__dxg_handle_publish(&process->objects, &resource->obj,
				     reply->handles[0]);
	for (i = 0; i < count; i++)
		__dxg_handle_publish(&process->objects, &allocations[i]->obj,
				     handles[i]);
	dxg_handle_table_unlock(&process->objects);
}
