// SPDX-License-Identifier: GPL-2.0
/*
 * CreateAllocation: checks, the message, the reply, and the way back from every
 * point.
 *
 * Nothing is visible before all of it is: handles are reserved, memory of the
 * process is given to the host, results are copied out, and then all handles are
 * published at once.  If one step fails, what the reply created is destroyed on
 * the host; if the caller is killed, the late answer is what gets destroyed.
 *
 * Locks: dxg_device.lock (shared), and when a resource grows dxg_resource.lock,
 * both to the end; only threads of the caller's process want the latter.
 */
#include <linux/hyperv.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "allocation.h"
#include "device.h"
#include "existing_memory.h"
#include "host_message.h"
#include "ioctl_table.h"
#include "process.h"
#include "resource_sharing.h"
#include "standard_allocation.h"

/**
 * struct dxg_creation - a CreateAllocation in progress
 * @process: caller
 * @device: device, locked shared
 * @args: private copy
 * @infos: private copy of the array
 * @standard: private copy, for standard allocations
 * @standard_data: the host driver's description of one
 * @data_size: bytes of private data of all allocations
 * @resource_data_size: bytes of private data of the resource in the message
 * @resource: new resource, or the one that grows, referenced; or NULL
 * @locked: @resource grows and its lock is held
 * @allocations: new allocations
 * @handles: theirs; NULL when left to a late answer
 * @backings: memory of the process that was given to the host, or NULL
 */
struct dxg_creation {
	struct dxg_process *process;
	struct dxg_device *device;
	struct d3dkmt_createallocation *args;
	struct d3dddi_allocationinfo2 *infos;
	struct d3dkmt_createstandardallocation standard;
	struct dxg_standard_data standard_data;
	u32 data_size;
	u32 resource_data_size;
	struct dxg_resource *resource;
	bool locked;
	struct dxg_allocation **allocations;
	struct dxg_memory_handles *handles;
	struct dxg_backings *backings;
};

static size_t dxg_creation_message_size(const struct dxg_creation *work)
{
	const struct d3dkmt_createallocation *args = work->args;

	return sizeof(struct dxg_cmd_createallocation) +
	       (size_t)args->alloc_count *
	       sizeof(struct dxg_cmd_createallocation_allocinfo) +
	       args->private_runtime_data_size + work->resource_data_size +
	       work->data_size;
}

static int dxg_creation_check_entries(struct dxg_creation *work)
{
	const struct d3dddi_allocationinfo2 *infos = work->infos;
	bool standard = work->args->flags.standard_allocation;
	u64 total = 0;
	u32 i;

	for (i = 0; i < work->args->alloc_count; i++) {
		if ((standard && infos[i].priv_drv_data_size) ||
		    infos[i].priv_drv_data_size >= DXG_MAX_VM_BUS_PACKET_SIZE ||
		    !infos[i].sysmem != !infos[0].sysmem ||
		    !IS_ALIGNED(infos[i].sysmem, HV_HYP_PAGE_SIZE))
			return -EINVAL;
		total += infos[i].priv_drv_data_size;
	}
	/* an excess is refused later, with another error */
	work->data_size = min_t(u64, total, DXG_MAX_VM_BUS_PACKET_SIZE);
	return 0;
}

static int dxg_creation_check_flags(struct dxg_creation *work)
{
	const struct d3dkmt_createallocation *args = work->args;
	int ret;

	if (args->flags.existing_section || args->flags.create_protected)
		return -EINVAL;
	work->resource_data_size = args->priv_drv_data_size;
	if (args->flags.standard_allocation) {
		if (!args->standard_allocation)
			return -EINVAL;
		ret = dxg_copy_in(&work->standard, args->standard_allocation,
				  sizeof(work->standard));
		if (ret)
			return ret;
		ret = dxg_standard_allocation_check(args, work->infos,
						    &work->standard);
		if (ret)
			return ret;
		work->resource_data_size = sizeof(work->standard);
	}
	if (args->flags.create_shared &&
	    (!args->flags.create_resource || !args->flags.nt_security_sharing))
		return -EINVAL;
	return 0;
}

/* All that the arguments alone decide. */
static int dxg_creation_check(struct dxg_creation *work)
{
	const struct d3dkmt_createallocation *args = work->args;
	int ret;

	ret = dxg_creation_check_entries(work);
	if (ret)
		return ret;
	ret = dxg_creation_check_flags(work);
	if (ret)
		return ret;
	if (args->private_runtime_data_size >= DXG_MAX_VM_BUS_PACKET_SIZE ||
	    work->resource_data_size >= DXG_MAX_VM_BUS_PACKET_SIZE ||
	    work->data_size >= DXG_MAX_VM_BUS_PACKET_SIZE ||
	    dxg_creation_message_size(work) >
	    DXG_MAX_VM_BUS_PACKET_SIZE - sizeof(struct dxg_ext_header))
		return -EOVERFLOW;
	return 0;
}

static bool dxg_resource_can_grow(const struct dxg_resource *resource)
{
	return !resource->destroyed &&
	       !(resource->shared &&
		 dxg_shared_resource_sealed(resource->shared));
}

/* The resource that grows, if the caller names one. */
static int dxg_creation_find_resource(struct dxg_creation *work)
{
	const struct d3dkmt_createallocation *args = work->args;
	struct dxg_object *obj;

	if (args->flags.create_resource || !args->resource.v)
		return 0;
	obj = dxg_handle_lookup(&work->process->objects, args->resource.v,
				DXG_RESOURCE);
	if (!obj)
		return -EINVAL;
	work->resource = to_dxg_resource(obj);
	if (obj->device != work->device ||
	    !dxg_resource_can_grow(work->resource))
		return -EINVAL;
	return 0;
}

static int dxg_creation_lock_resource(struct dxg_creation *work)
{
	if (!work->resource || work->args->flags.create_resource)
		return 0;
	if (mutex_lock_killable(&work->resource->lock))
		return -ERESTARTSYS;
	work->locked = true;
	return dxg_resource_can_grow(work->resource) ? 0 : -EINVAL;
}

/* Copy what the host needs into the message; 0 or -EFAULT. */
static int dxg_creation_fill(const struct dxg_creation *work,
			     struct dxg_cmd_createallocation *cmd)
{
	const struct d3dkmt_createallocation *args = work->args;
	struct dxg_cmd_createallocation_allocinfo *entry = (void *)(cmd + 1);
	void *data = entry + args->alloc_count;
	u32 i;

	cmd->device = args->device;
	if (!args->flags.create_resource)
		cmd->resource = args->resource;
	cmd->private_runtime_data_size = args->private_runtime_data_size;
	cmd->priv_drv_data_size = work->resource_data_size;
	cmd->alloc_count = args->alloc_count;
	cmd->flags = args->flags;
	if (work->infos[0].sysmem)
		cmd->flags.existing_sysmem = 1;
	cmd->private_runtime_resource_handle =
		args->private_runtime_resource_handle;

	if (dxg_copy_in(data, args->private_runtime_data,
			args->private_runtime_data_size))
		return -EFAULT;
	data += args->private_runtime_data_size;
	if (args->flags.standard_allocation)
		memcpy(data, &work->standard, sizeof(work->standard));
	else if (dxg_copy_in(data, args->priv_drv_data,
			     args->priv_drv_data_size))
		return -EFAULT;
	data += work->resource_data_size;
	for (i = 0; i < args->alloc_count; i++, entry++) {
		entry->flags = work->infos[i].flags.value;
		entry->priv_drv_data_size = work->infos[i].priv_drv_data_size;
		entry->vidpn_source_id = work->infos[i].vidpn_source_id;
		if (dxg_copy_in(data, work->infos[i].priv_drv_data,
				entry->priv_drv_data_size))
			return -EFAULT;
		data += entry->priv_drv_data_size;
	}
	return 0;
}

/* The resource if one is created; what is shared is kept from the message. */
static int dxg_creation_make_resource(struct dxg_creation *work,
				      const struct dxg_cmd_createallocation *cmd)
{
	const struct d3dkmt_createallocation *args = work->args;
	const struct dxg_standard_data *standard = &work->standard_data;
	const void *runtime_data = (const void *)(cmd + 1) + args->alloc_count *
		sizeof(struct dxg_cmd_createallocation_allocinfo);
	const void *data = runtime_data + args->private_runtime_data_size;
	struct dxg_shared_resource *shared = NULL;
	u32 size = work->resource_data_size;

	if (!args->flags.create_resource)
		return 0;
	if (args->flags.standard_allocation) {
		data = standard->resource;
		size = standard->resource_size;
	}
	if (args->flags.create_shared) {
		shared = dxg_shared_resource_new(work->device->obj.adapter,
						 runtime_data,
						 args->private_runtime_data_size,
						 data, size);
		if (!shared)
			return -ENOMEM;
	}
	work->resource = dxg_resource_new(work->device, shared);
	if (shared)
		dxg_shared_object_put(&shared->base);
	return work->resource ? 0 : -ENOMEM;
}

/* Private data for those who open the resource. */
static int dxg_creation_keep_data(struct dxg_allocation *allocation,
				  const void *data, u32 size)
{
	if (!size)
		return 0;
	allocation->private_data = dxg_private_data_dup(data, size);
	allocation->private_data_size = size;
	return allocation->private_data ? 0 : -ENOMEM;
}

static int dxg_creation_make_allocations(struct dxg_creation *work,
					 const struct dxg_cmd_createallocation *cmd)
{
	const struct d3dkmt_createallocation *args = work->args;
	bool keep = work->resource && work->resource->shared;
	const void *data = (const void *)cmd + dxg_creation_message_size(work) -
			   work->data_size;
	struct dxg_allocation *allocation;
	int ret = 0;
	u32 size;
	u32 i;

	for (i = 0; i < args->alloc_count && !ret; i++) {
		allocation = dxg_allocation_new(work->device, work->resource);
		if (!allocation)
			return -ENOMEM;
		work->allocations[i] = allocation;
		size = work->infos[i].priv_drv_data_size;
		if (keep && args->flags.standard_allocation)
			ret = dxg_creation_keep_data(allocation,
						     work->standard_data.allocation,
						     work->standard_data.allocation_size);
		else if (keep)
			ret = dxg_creation_keep_data(allocation, data, size);
		data += size;
	}
	return ret;
}

static int dxg_creation_make_objects(struct dxg_creation *work,
				     const struct dxg_cmd_createallocation *cmd)
{
	const struct d3dkmt_createallocation *args = work->args;
	int ret;

	work->handles = dxg_memory_handles_alloc(args->device.v,
						 args->alloc_count,
						 args->flags.create_resource);
	work->allocations = kvcalloc(args->alloc_count,
				     sizeof(*work->allocations),
				     GFP_KERNEL_ACCOUNT);
	if (!work->handles || !work->allocations)
		return -ENOMEM;
	if (work->infos[0].sysmem) {
		work->backings = dxg_backings_alloc(args->alloc_count);
		if (!work->backings)
			return -ENOMEM;
	}
	ret = dxg_creation_make_resource(work, cmd);
	return ret ?: dxg_creation_make_allocations(work, cmd);
}

/* Where the private data starts in the reply. */
static size_t dxg_creation_reply_size(u32 count)
{
	return dxg_msg_size(struct dxg_ret_createallocation, allocation_info,
			    count);
}

/* The handles of a complete reply, good or bad. */
static void dxg_creation_take_handles(const struct dxg_request *request,
				      struct dxg_memory_handles *handles)
{
	const struct dxg_ret_createallocation *reply = request->reply;
	u32 *to = handles->handles;
	u32 i;

	if (handles->resource)
		*to++ = reply->resource.v;
	for (i = 0; i < handles->count - handles->resource; i++)
		*to++ = reply->allocation_info[i].allocation.v;
}

/* The answer came after the caller was killed. */
static void dxg_creation_late(struct dxg_request *request)
{
	struct dxg_memory_handles *handles = request->late_data;

	if (!request->status && !request->process->torn_down) {
		dxg_creation_take_handles(request, handles);
		dxg_memory_undo(request->process, request->adapter, handles,
				NULL, DXG_WAIT_FOREVER);
	}
	kvfree(handles);
}

/* The reply's sizes, which everything else relies on. */
static int dxg_creation_check_reply(struct dxg_creation *work,
				    const struct dxg_request *request)
{
	const struct dxg_ret_createallocation *reply = request->reply;
	u32 count = work->args->alloc_count;
	u64 end = dxg_creation_reply_size(count);
	const struct dxg_ret_allocinfo *info;
	u32 i;

	for (i = 0; i < count; i++) {
		info = &reply->allocation_info[i];
		if (!info->allocation_size ||
		    !IS_ALIGNED(info->allocation_size, HV_HYP_PAGE_SIZE) ||
		    info->priv_drv_data_size >
		    work->infos[i].priv_drv_data_size)
			return -EINVAL;
		if (work->args->flags.standard_allocation &&
		    work->infos[i].sysmem && info->allocation_size >
		    work->standard.existing_heap_data.size)
			return -EINVAL;
		end += info->priv_drv_data_size;
	}
	return end > request->received ? -EOVERFLOW : 0;
}

/* Give the process's memory to an allocation that is to live in it. */
static int dxg_creation_back(struct dxg_creation *work, u32 index, u64 size)
{
	const struct d3dkmt_createallocation *args = work->args;
	struct dxg_allocation *allocation = work->allocations[index];
	struct dxg_backing *backing;
	u32 handle;

	handle = work->handles->handles[work->handles->resource + index];
	backing = dxg_backing_create(work->device, work->infos[index].sysmem,
				     size, args->flags.read_only);
	if (IS_ERR(backing))
		return PTR_ERR(backing);
	allocation->backing = backing;
	dxg_backings_add(work->backings, backing);
	return dxg_backing_tell_host(backing, work->device, handle);
}

static int dxg_creation_apply(struct dxg_creation *work,
			      const struct dxg_request *request)
{
	const struct dxg_ret_createallocation *reply = request->reply;
	const void *data = request->reply +
			   dxg_creation_reply_size(work->args->alloc_count);
	const struct dxg_ret_allocinfo *info = reply->allocation_info;
	int ret = 0;
	u32 i;

	for (i = 0; i < work->args->alloc_count && !ret; i++, info++) {
		work->allocations[i]->size = info->allocation_size;
		work->allocations[i]->cached = info->allocation_flags.cached;
		if (work->infos[i].sysmem)
			ret = dxg_creation_back(work, i, info->allocation_size);
		if (!ret)
			ret = dxg_copy_out(work->infos[i].priv_drv_data, data,
					   info->priv_drv_data_size);
		data += info->priv_drv_data_size;
	}
	return ret;
}

static int dxg_creation_copy_handles(struct dxg_creation *work,
				     struct d3dkmt_createallocation __user *uargs)
{
	struct d3dkmt_createallocation *args = work->args;
	const u32 *handles = work->handles->handles + work->handles->resource;
	struct d3dddi_allocationinfo2 __user *uinfos =
		u64_to_user_ptr(args->allocation_info);
	u32 i;

	for (i = 0; i < args->alloc_count; i++)
		if (put_user(handles[i], &uinfos[i].allocation.v))
			return -EFAULT;
	if (!work->handles->resource)
		return 0;
	args->resource.v = work->handles->handles[0];
	return dxg_write_back(uargs, args, resource);
}

/* The host did its part; do ours or undo the host's. */
static int dxg_creation_finish(struct dxg_creation *work,
			       const struct dxg_request *request,
			       void __user *user)
{
	int ret;

	dxg_creation_take_handles(request, work->handles);
	ret = dxg_creation_check_reply(work, request);
	if (ret)
		goto undo;
	ret = dxg_memory_reserve(work->process, work->handles);
	if (ret)
		goto undo;
	ret = dxg_creation_apply(work, request);
	if (!ret)
		ret = dxg_creation_copy_handles(work, user);
	if (ret)
		goto unreserve;
	dxg_memory_publish(work->process, work->handles, work->resource,
			   work->allocations);
	return 0;

unreserve:
	dxg_memory_unreserve(work->process, work->handles);
undo:
	dxg_memory_undo(work->process, work->device->obj.adapter, work->handles,
			work->backings, DXG_WAIT_KILLABLE);
	work->backings = NULL;
	return ret;
}

static int dxg_creation_call(struct dxg_creation *work, struct dxg_message *msg,
			     void __user *user)
{
	size_t expected = dxg_creation_reply_size(work->args->alloc_count);
	struct dxg_request *request;
	int ret;

	request = dxg_request_new(msg, expected, expected + work->data_size);
	if (IS_ERR(request))
		return PTR_ERR(request);
	request->late = dxg_creation_late;
	request->late_data = work->handles;
	ret = dxg_request_call(request, msg);
	if (!ret)
		ret = dxg_creation_finish(work, request, user);
	else if (request->abandoned)
		work->handles = NULL;
	dxg_request_put(request);
	return ret;
}

static int dxg_creation_run(struct dxg_creation *work, void __user *user)
{
	struct dxg_adapter *adapter = work->device->obj.adapter;
	struct dxg_cmd_createallocation *cmd;
	struct dxg_message msg;
	int ret;

	if (work->args->flags.standard_allocation) {
		ret = dxg_standard_data_query(&work->standard_data,
					      work->process, adapter,
					      work->standard.existing_heap_data.size);
		if (ret)
			return ret;
	}
	ret = dxg_creation_find_resource(work);
	if (ret)
		return ret;
	cmd = dxg_message_init(&msg, work->process, adapter,
			       DXGK_VMBCOMMAND_CREATEALLOCATION,
			       dxg_creation_message_size(work));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	ret = dxg_creation_fill(work, cmd) ?:
	      dxg_creation_make_objects(work, cmd) ?:
	      dxg_creation_lock_resource(work) ?:
	      dxg_creation_call(work, &msg, user);
	dxg_message_free(&msg);
	return ret;
}

static void dxg_creation_free(struct dxg_creation *work)
{
	u32 i;

	for (i = 0; work->allocations && i < work->args->alloc_count; i++)
		if (work->allocations[i])
			dxg_object_put(&work->allocations[i]->obj);
	if (work->locked)
		mutex_unlock(&work->resource->lock);
	if (work->resource)
		dxg_object_put(&work->resource->obj);
	dxg_standard_data_free(&work->standard_data);
	dxg_backings_free(work->backings);
	kvfree(work->allocations);
	kvfree(work->handles);
}

/**
 * dxg_ioctl_create_allocation() - LX_DXCREATEALLOCATION
 * @process: caller
 * @data: struct d3dkmt_createallocation, private copy
 * @user: the same in user memory
 *
 * Return: 0; -EINVAL, -EOVERFLOW (too much private data), -EFAULT, -ENODEV,
 * -ENOMEM (also: memory of the process cannot be pinned), the host's status as
 * errno, transport errors.  After an error nothing has changed.
 */
int dxg_ioctl_create_allocation(struct dxg_process *process, void *data,
				void __user *user)
{
	struct dxg_creation work = { .process = process, .args = data };
	u32 count = work.args->alloc_count;
	struct dxg_scope scope;
	int ret;

	if (!count || count > D3DKMT_CREATEALLOCATION_MAX)
		return -EINVAL;
	work.infos = vmemdup_user(u64_to_user_ptr(work.args->allocation_info),
				  count * sizeof(*work.infos));
	if (IS_ERR(work.infos))
		return PTR_ERR(work.infos);
	ret = dxg_creation_check(&work);
	if (ret)
		goto free;
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE,
			      work.args->device.v);
	if (ret)
		goto free;
	work.device = scope.device;
	ret = dxg_creation_run(&work, user);
	dxg_creation_free(&work);
	dxg_scope_leave(&scope);
free:
	kvfree(work.infos);
	return ret;
}
