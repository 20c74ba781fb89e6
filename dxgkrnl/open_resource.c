// SPDX-License-Identifier: GPL-2.0
/*
 * OpenResourceFromNtHandle: a resource of another process, or of another device,
 * as a resource of one's own.
 *
 * The shared object is sealed, so how many allocations come and how large they
 * are is known before the host is asked.
 *
 * Locks: none beyond dxg_device.lock (shared); see docs/locking.md.
 */
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "allocation.h"
#include "device.h"
#include "host_message.h"
#include "ioctl_table.h"
#include "process.h"
#include "resource_sharing.h"

/**
 * struct dxg_opening - an OpenResourceFromNtHandle in progress
 * @process: caller
 * @device: device, locked shared
 * @shared: what is opened; an open file keeps it, and its NT handle, alive
 * @args: struct d3dkmt_openresourcefromnthandle, private copy
 * @resource: new resource
 * @allocations: new allocations, as many as @shared has
 * @handles: theirs, resource first; NULL when left to a late answer
 */
struct dxg_opening {
	struct dxg_process *process;
	struct dxg_device *device;
	const struct dxg_shared_resource *shared;
	struct d3dkmt_openresourcefromnthandle *args;
	struct dxg_resource *resource;
	struct dxg_allocation **allocations;
	struct dxg_memory_handles *handles;
};

static int dxg_opening_check(const struct dxg_opening *work)
{
	const struct d3dkmt_openresourcefromnthandle *args = work->args;
	const struct dxg_shared_resource *shared = work->shared;

	if (args->allocation_count != shared->count ||
	    args->private_runtime_data_size < 0 ||
	    (u32)args->private_runtime_data_size < shared->runtime_data_size ||
	    args->resource_priv_drv_data_size < shared->resource_data_size ||
	    args->total_priv_drv_data_size < shared->private_data_size)
		return -EINVAL;
	return 0;
}

static int dxg_opening_make_objects(struct dxg_opening *work,
				    struct dxg_shared_resource *shared)
{
	struct dxg_allocation *allocation;
	u32 i;

	work->handles = dxg_memory_handles_alloc(work->args->device.v,
						 shared->count, true);
	work->allocations = kvcalloc(shared->count, sizeof(*work->allocations),
				     GFP_KERNEL_ACCOUNT);
	work->resource = dxg_resource_new(work->device, shared);
	if (!work->handles || !work->allocations || !work->resource)
		return -ENOMEM;
	for (i = 0; i < shared->count; i++) {
		allocation = dxg_allocation_new(work->device, work->resource);
		if (!allocation)
			return -ENOMEM;
		allocation->size = shared->allocations[i].size;
		allocation->cached = shared->allocations[i].cached;
		work->allocations[i] = allocation;
	}
	return 0;
}

static void dxg_opening_free(struct dxg_opening *work)
{
	u32 i;

	for (i = 0; work->allocations && i < work->shared->count; i++)
		if (work->allocations[i])
			dxg_object_put(&work->allocations[i]->obj);
	if (work->resource)
		dxg_object_put(&work->resource->obj);
	kvfree(work->allocations);
	kvfree(work->handles);
}

/* The host's word as errno or success code; handles from a complete reply. */
static int dxg_opening_reply(const struct dxg_request *request,
			     struct dxg_memory_handles *handles)
{
	const struct dxg_ret_openresource *reply = request->reply;
	const u32 *allocations = (const u32 *)(reply + 1);
	int ret;

	if (request->status)
		return request->status;
	ret = dxg_status_to_errno(reply->status.v);
	if (ret < 0)
		return ret;
	handles->handles[0] = reply->resource.v;
	memcpy(handles->handles + 1, allocations,
	       (handles->count - 1) * sizeof(*allocations));
	return ret;
}

/* The answer came after the caller was killed. */
static void dxg_opening_late(struct dxg_request *request)
{
	struct dxg_memory_handles *handles = request->late_data;

	if (dxg_opening_reply(request, handles) >= 0 &&
	    !request->process->torn_down)
		dxg_memory_undo(request->process, request->adapter, handles,
				NULL, DXG_WAIT_FOREVER);
	kvfree(handles);
}

static int dxg_opening_call(struct dxg_opening *work)
{
	u32 expected = sizeof(struct dxg_ret_openresource) +
		       work->shared->count * sizeof(u32);
	struct dxg_cmd_openresource *cmd;
	struct dxg_request *request;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, work->process, work->device->obj.adapter,
			       DXGK_VMBCOMMAND_OPENRESOURCE, sizeof(*cmd));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->device = work->args->device;
	cmd->nt_security_sharing = 1;
	cmd->global_share.v = work->shared->base.nt_handle;
	cmd->allocation_count = work->shared->count;
	cmd->total_priv_drv_data_size = work->args->total_priv_drv_data_size;
	request = dxg_request_new(&msg, expected, expected);
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
		goto free;
	}
	request->late = dxg_opening_late;
	request->late_data = work->handles;
	ret = dxg_request_call(request, &msg);
	if (!ret)
		ret = dxg_opening_reply(request, work->handles);
	if (request->abandoned)
		work->handles = NULL;
	dxg_request_put(request);
free:
	dxg_message_free(&msg);
	return ret;
}

static int dxg_opening_copy_data(const struct dxg_opening *work)
{
	const struct d3dkmt_openresourcefromnthandle *args = work->args;
	const struct dxg_shared_resource *shared = work->shared;

	return dxg_copy_out(args->private_runtime_data, shared->runtime_data,
			    shared->runtime_data_size) ?:
	       dxg_copy_out(args->resource_priv_drv_data, shared->resource_data,
			    shared->resource_data_size) ?:
	       dxg_copy_out(args->total_priv_drv_data, shared->private_data,
			    shared->private_data_size);
}

static int dxg_opening_copy_handles(const struct dxg_opening *work,
				    struct d3dkmt_openresourcefromnthandle
				    __user *uargs)
{
	struct d3dkmt_openresourcefromnthandle *args = work->args;
	const struct dxg_shared_resource *shared = work->shared;
	struct d3dddi_openallocationinfo2 info = {};
	u64 to = args->open_alloc_info;
	int ret = 0;
	u32 i;

	info.priv_drv_data = args->total_priv_drv_data;
	for (i = 0; i < shared->count && !ret; i++) {
		info.allocation.v = work->handles->handles[i + 1];
		info.priv_drv_data_size =
			shared->allocations[i].private_data_size;
		ret = dxg_copy_out(to, &info, sizeof(info));
		info.priv_drv_data += info.priv_drv_data_size;
		to += sizeof(info);
	}
	if (ret)
		return ret;
	args->resource.v = work->handles->handles[0];
	args->total_priv_drv_data_size = shared->private_data_size;
	return dxg_write_back(uargs, args, resource) ?:
	       dxg_write_back(uargs, args, total_priv_drv_data_size);
}

/* Results to the user, then the resource becomes visible. */
static int dxg_opening_finish(struct dxg_opening *work, void __user *user)
{
	int ret;

	ret = dxg_opening_copy_data(work);
	if (ret)
		return ret;
	ret = dxg_memory_reserve(work->process, work->handles);
	if (ret)
		return ret;
	ret = dxg_opening_copy_handles(work, user);
	if (ret) {
		dxg_memory_unreserve(work->process, work->handles);
		return ret;
	}
	dxg_memory_publish(work->process, work->handles, work->resource,
			   work->allocations);
	return 0;
}

static int dxg_opening_run(struct dxg_opening *work,
			   struct dxg_shared_resource *shared,
			   void __user *user)
{
	int status, ret;

	work->shared = shared;
	ret = dxg_opening_check(work);
	if (ret)
		return ret;
	/* the host has given its NT handle to something else by now */
	if (!dxg_adapter_active(shared->base.adapter))
		return -ENODEV;
	ret = dxg_opening_make_objects(work, shared);
	if (ret)
		goto free;
	status = dxg_opening_call(work);
	ret = status;
	if (status < 0)
		goto free;
	ret = dxg_opening_finish(work, user);
	if (ret)
		dxg_memory_undo(work->process, work->device->obj.adapter,
				work->handles, NULL, DXG_WAIT_KILLABLE);
	else
		ret = status;
free:
	dxg_opening_free(work);
	return ret;
}

/**
 * dxg_ioctl_open_resource_from_nt_handle() - LX_DXOPENRESOURCEFROMNTHANDLE
 * @process: caller
 * @data: struct d3dkmt_openresourcefromnthandle, private copy
 * @user: the same in user memory
 *
 * Whether the device may open the resource, e.g. one of another adapter, is for
 * the host to say.
 *
 * Return: the host's status as errno or success code; -EINVAL, -ENODEV,
 * -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_open_resource_from_nt_handle(struct dxg_process *process,
					   void *data, void __user *user)
{
	struct dxg_opening work = { .process = process, .args = data };
	struct dxg_scope scope;
	struct file *file;
	int ret;

	file = dxg_shared_file_get(work.args->nt_handle,
				   &dxg_shared_resource_fops);
	if (!file)
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE,
			      work.args->device.v);
	if (ret)
		goto put;
	work.device = scope.device;
	ret = dxg_opening_run(&work, dxg_shared_file_resource(file), user);
	dxg_scope_leave(&scope);
put:
	fput(file);
	return ret;
}
