// SPDX-License-Identifier: GPL-2.0
/*
 * What is special about sharing resources: sealing, and
 * QueryResourceInfoFromNtHandle.  ShareObjects is in sharing.c, opening is in
 * open_resource.c.
 *
 * A resource that is created as shared keeps what another process will need to
 * open it.  The first ShareObjects seals it: the set of allocations is final,
 * and what has to be known of them moves into the shared object, which lives as
 * long as any member or file.
 *
 * Locks: dxg_resource.lock (serialises sealing with changes of the resource),
 * inside it dxg_device.children_lock; see docs/locking.md.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "allocation.h"
#include "device.h"
#include "ioctl_table.h"
#include "process.h"
#include "resource_sharing.h"

const struct file_operations dxg_shared_resource_fops = {
	.owner = THIS_MODULE,
	.release = dxg_shared_file_release,
};

/**
 * dxg_private_data_dup() - keep a copy of private data
 * @data: data
 * @size: bytes, not 0
 *
 * Return: copy, to be freed with kvfree(), or NULL.
 */
void *dxg_private_data_dup(const void *data, u32 size)
{
	void *copy = kvmalloc(size, GFP_KERNEL_ACCOUNT);

	if (copy)
		memcpy(copy, data, size);
	return copy;
}

static void dxg_shared_resource_release(struct dxg_shared_object *base)
{
	struct dxg_shared_resource *shared =
		container_of(base, struct dxg_shared_resource, base);

	kvfree(shared->runtime_data);
	kvfree(shared->resource_data);
	kvfree(shared->allocations);
	kvfree(shared->private_data);
	kfree(shared);
}

/**
 * dxg_shared_resource_new() - make the shared part of a new resource
 * @adapter: adapter
 * @runtime_data: copied
 * @runtime_data_size: bytes, may be 0
 * @resource_data: copied
 * @resource_data_size: bytes, may be 0
 *
 * Return: shared resource with a reference for the caller, or NULL.
 */
struct dxg_shared_resource *
dxg_shared_resource_new(struct dxg_adapter *adapter,
			const void *runtime_data, u32 runtime_data_size,
			const void *resource_data, u32 resource_data_size)
{
	struct dxg_shared_resource *shared;

	shared = kzalloc(sizeof(*shared), GFP_KERNEL_ACCOUNT);
	if (!shared)
		return NULL;
	dxg_shared_object_init(&shared->base, adapter,
			       dxg_shared_resource_release);
	shared->runtime_data_size = runtime_data_size;
	shared->resource_data_size = resource_data_size;
	if (runtime_data_size)
		shared->runtime_data = dxg_private_data_dup(runtime_data,
							    runtime_data_size);
	if (resource_data_size)
		shared->resource_data =
			dxg_private_data_dup(resource_data, resource_data_size);
	if (!runtime_data_size == !shared->runtime_data &&
	    !resource_data_size == !shared->resource_data)
		return shared;
	dxg_shared_object_put(&shared->base);
	return NULL;
}

/* Number of allocations and size of their data; -EINVAL if it is 0 or absurd. */
static int dxg_resource_measure(struct dxg_resource *resource, u32 *count,
				u32 *size)
{
	struct dxg_object *obj;
	u64 total = 0;
	u32 n = 0;

	list_for_each_entry(obj, &resource->allocations, link) {
		total += to_dxg_allocation(obj)->private_data_size;
		n++;
	}
	*count = n;
	*size = total;
	return total && total <= U32_MAX ? 0 : -EINVAL;
}

/* The shared part becomes final; resource->lock and children_lock held. */
static int dxg_resource_fill(struct dxg_resource *resource)
{
	struct dxg_shared_resource *shared = resource->shared;
	struct dxg_sealed_allocation *sealed;
	struct dxg_allocation *allocation;
	struct dxg_object *obj;
	void *data;
	int ret;

	ret = dxg_resource_measure(resource, &shared->count,
				   &shared->private_data_size);
	if (ret)
		return ret;
	sealed = kvcalloc(shared->count, sizeof(*sealed), GFP_KERNEL_ACCOUNT);
	data = kvmalloc(shared->private_data_size, GFP_KERNEL_ACCOUNT);
	if (!sealed || !data) {
		kvfree(sealed);
		kvfree(data);
		return -ENOMEM;
	}
	shared->allocations = sealed;
	shared->private_data = data;
	list_for_each_entry(obj, &resource->allocations, link) {
		allocation = to_dxg_allocation(obj);
		sealed->size = allocation->size;
		sealed->private_data_size = allocation->private_data_size;
		sealed->cached = allocation->cached;
		sealed++;
		if (!allocation->private_data)
			continue;
		memcpy(data, allocation->private_data,
		       allocation->private_data_size);
		data += allocation->private_data_size;
		kvfree(allocation->private_data);
		allocation->private_data = NULL;
	}
	return 0;
}

/**
 * dxg_resource_seal() - make the set of allocations of a resource final
 * @resource: resource with a shared part; its device's lock is held shared
 *
 * A failed attempt changes nothing and may be repeated.
 *
 * Return: 0; -EINVAL when there is nothing to share, -ENOMEM, -ERESTARTSYS.
 */
int dxg_resource_seal(struct dxg_resource *resource)
{
	struct dxg_device *device = resource->obj.device;
	int ret = 0;

	if (dxg_shared_resource_sealed(resource->shared))
		return 0;
	if (mutex_lock_killable(&resource->lock))
		return -ERESTARTSYS;
	if (!resource->shared->sealed) {
		mutex_lock(&device->children_lock);
		ret = dxg_resource_fill(resource);
		mutex_unlock(&device->children_lock);
	}
	if (!ret)
		/* pairs with dxg_shared_resource_sealed() */
		smp_store_release(&resource->shared->sealed, true);
	mutex_unlock(&resource->lock);
	return ret;
}

/**
 * dxg_ioctl_query_resource_info_from_nt_handle() -
 *	LX_DXQUERYRESOURCEINFOFROMNTHANDLE
 * @process: caller
 * @data: struct d3dkmt_queryresourceinfofromnthandle, private copy
 * @user: the same in user memory
 *
 * Return: 0; -EINVAL, -ENODEV, -EFAULT, -ERESTARTSYS.
 */
int dxg_ioctl_query_resource_info_from_nt_handle(struct dxg_process *process,
						 void *data, void __user *user)
{
	struct d3dkmt_queryresourceinfofromnthandle __user *uargs = user;
	struct d3dkmt_queryresourceinfofromnthandle *args = data;
	const struct dxg_shared_resource *shared;
	struct dxg_scope scope;
	struct file *file;
	int ret;

	file = dxg_shared_file_get(args->nt_handle, &dxg_shared_resource_fops);
	if (!file)
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		goto put;
	dxg_scope_leave(&scope);
	/* a file that user space has is of a sealed resource */
	shared = dxg_shared_file_resource(file);
	args->private_runtime_data_size = shared->runtime_data_size;
	args->total_priv_drv_data_size = shared->private_data_size;
	args->resource_priv_drv_data_size = shared->resource_data_size;
	args->allocation_count = shared->count;
	ret = dxg_write_back(uargs, args, private_runtime_data_size) ?:
	      dxg_write_back(uargs, args, total_priv_drv_data_size) ?:
	      dxg_write_back(uargs, args, resource_priv_drv_data_size) ?:
	      dxg_write_back(uargs, args, allocation_count);
put:
	fput(file);
	return ret;
}
