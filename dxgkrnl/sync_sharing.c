// SPDX-License-Identifier: GPL-2.0
/*
 * Sync objects with several members, in one process or in many: the host opens
 * the shared object for another device, and OpenSyncObjectFromNtHandle2.
 * ShareObjects, which makes the descriptor, is in sharing.c.
 *
 * The host finds the object by the VM-wide name that the creator got; that the
 * name still means it is what the descriptor's use of the NT handle is for.
 *
 * Locks: dxg_device.lock shared, through dxg_scope.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>

#include "cpu_mapping.h"
#include "device.h"
#include "host_message.h"
#include "host_object.h"
#include "ioctl_table.h"
#include "process.h"
#include "sync_object.h"

const struct file_operations dxg_shared_sync_object_fops = {
	.owner = THIS_MODULE,
	.release = dxg_shared_file_release,
};

/**
 * dxg_shared_file_sync_object() - the sync object that a file stands for
 * @file: from dxg_shared_file_get() with dxg_shared_sync_object_fops
 *
 * Return: object, valid as long as the file.
 */
struct dxg_shared_sync_object *dxg_shared_file_sync_object(struct file *file)
{
	return container_of(dxg_shared_file_object(file),
			    struct dxg_shared_sync_object, base);
}

/**
 * dxg_shared_sync_object_check() - may a device get at a shared sync object?
 * @shared: object
 * @scope: of the device
 *
 * Return: 0; -EINVAL when the object is of another adapter and was not created
 * for that; -ENODEV when its adapter is gone, and the object on the host with it.
 */
int dxg_shared_sync_object_check(const struct dxg_shared_sync_object *shared,
				 const struct dxg_scope *scope)
{
	if (shared->base.adapter != scope->adapter &&
	    !shared->flags.cross_adapter)
		return -EINVAL;
	return dxg_adapter_active(shared->base.adapter) ? 0 : -ENODEV;
}

/**
 * dxg_shared_sync_object_open() - have the host make a member
 * @shared: object that passed dxg_shared_sync_object_check()
 * @scope: of the device, or of an object on it
 * @flags: of the new member
 * @engine_affinity: passed on
 * @reply: filled; the new handle goes to dxg_host_object_undo() or is reserved
 *
 * Return: the host's status as errno or success code; -EINVAL for a reply
 * without a handle; -ENOMEM, transport errors.
 */
int dxg_shared_sync_object_open(const struct dxg_shared_sync_object *shared,
				const struct dxg_scope *scope,
				struct d3dddi_synchronizationobject_flags flags,
				u32 engine_affinity,
				struct dxg_ret_opensyncobject *reply)
{
	struct dxg_cmd_opensyncobject *cmd;
	struct dxg_request *request;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, scope->process, NULL,
			       DXGK_VMBCOMMAND_OPENSYNCOBJECT, sizeof(*cmd));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->device.v = scope->device->obj.handle;
	cmd->global_sync_object.v = shared->host_handle;
	cmd->engine_affinity = engine_affinity;
	cmd->flags = flags;
	request = dxg_host_object_create(&msg, sizeof(*reply),
					 DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
					 offsetof(typeof(*reply), sync_object));
	dxg_message_free(&msg);
	if (IS_ERR(request))
		return PTR_ERR(request);
	memcpy(reply, request->reply, sizeof(*reply));
	dxg_request_put(request);
	ret = dxg_status_to_errno(reply->status.v);
	return ret >= 0 && !reply->sync_object.v ? -EINVAL : ret;
}

/* The host's member gets a handle and, if it has a value, a page. */
static int dxg_sync_opening_map(struct dxg_sync_opening *opening, u64 address)
{
	struct dxg_handle_table *table = &opening->scope->process->objects;
	struct dxg_sync_object *sync = opening->sync;
	int ret;

	ret = dxg_handle_reserve(table, opening->handle);
	if (ret || !sync->monitored)
		return ret;
	ret = dxg_sync_object_map(sync, address,
				  dxg_fence_view_flags(!opening->flags.no_signal));
	if (ret)
		dxg_handle_unreserve(table, opening->handle);
	else
		opening->cpu_va = dxg_view_address(sync->view);
	return ret;
}

/* Undo everything but the reservation of the handle. */
static void dxg_sync_opening_abort(struct dxg_sync_opening *opening)
{
	dxg_sync_object_close(opening->sync);
	dxg_host_object_undo(opening->scope->process, NULL,
			     DXGK_VMBCOMMAND_DESTROYSYNCOBJECT, opening->handle,
			     DXG_WAIT_KILLABLE);
	dxg_object_put(&opening->sync->obj);
}

/**
 * dxg_sync_opening_begin() - everything that may fail when a member is made
 * @opening: inputs set; results are filled in
 *
 * Success must be followed by dxg_sync_opening_end().
 *
 * Return: the host's success code; -EINVAL, -ENODEV, -ENOMEM, the host's status
 * as errno, transport errors.  After an error nothing is left.
 */
int dxg_sync_opening_begin(struct dxg_sync_opening *opening)
{
	struct dxg_shared_sync_object *shared = opening->shared;
	struct dxg_ret_opensyncobject reply;
	int status, ret;

	ret = dxg_shared_sync_object_check(shared, opening->scope);
	if (ret)
		return ret;
	opening->sync =
		dxg_sync_object_new(opening->scope,
				    shared->type == _D3DDDI_MONITORED_FENCE ||
				    shared->type == _D3DDDI_PERIODIC_MONITORED_FENCE);
	if (!opening->sync)
		return -ENOMEM;
	dxg_shared_object_get(&shared->base);
	opening->sync->shared = shared;

	status = dxg_shared_sync_object_open(shared, opening->scope,
					     opening->flags,
					     opening->engine_affinity, &reply);
	if (status < 0) {
		dxg_object_put(&opening->sync->obj);
		return status;
	}
	opening->handle = reply.sync_object.v;
	opening->gpu_va = reply.gpu_virtual_address;
	ret = dxg_sync_opening_map(opening, reply.guest_cpu_physical_address);
	if (!ret)
		return status;
	dxg_sync_opening_abort(opening);
	return ret;
}

/**
 * dxg_sync_opening_end() - show the new member, or undo it
 * @opening: begun
 * @success: the user has the results
 */
void dxg_sync_opening_end(struct dxg_sync_opening *opening, bool success)
{
	struct dxg_process *process = opening->scope->process;

	if (success) {
		dxg_sync_object_publish(opening->sync, process,
					opening->handle);
		dxg_object_put(&opening->sync->obj);
		return;
	}
	dxg_handle_unreserve(&process->objects, opening->handle);
	dxg_sync_opening_abort(opening);
}

static int
dxg_open_sync_object(const struct dxg_scope *scope,
		     struct dxg_shared_sync_object *shared,
		     struct d3dkmt_opensyncobjectfromnthandle2 *args,
		     struct d3dkmt_opensyncobjectfromnthandle2 __user *uargs)
{
	struct dxg_sync_opening opening = {
		.scope = scope,
		.shared = shared,
		.flags = args->flags,
	};
	int status, ret;

	/* its open message is another one, with other addresses */
	if (shared->type == _D3DDDI_NATIVE_FENCE)
		return -EINVAL;
	if (shared->type == _D3DDDI_MONITORED_FENCE)
		opening.engine_affinity = args->monitored_fence.engine_affinity;
	status = dxg_sync_opening_begin(&opening);
	if (status < 0)
		return status;
	args->sync_object.v = opening.handle;
	ret = dxg_write_back(uargs, args, sync_object);
	if (!ret && opening.sync->monitored) {
		args->monitored_fence.fence_value_cpu_va = opening.cpu_va;
		args->monitored_fence.fence_value_gpu_va = opening.gpu_va;
		ret = dxg_write_back(uargs, args,
				     monitored_fence.fence_value_cpu_va) ?:
		      dxg_write_back(uargs, args,
				     monitored_fence.fence_value_gpu_va);
	}
	dxg_sync_opening_end(&opening, !ret);
	return ret ?: status;
}

/**
 * dxg_ioctl_open_sync_object_from_nt_handle2() - LX_DXOPENSYNCOBJECTFROMNTHANDLE2
 * @process: caller
 * @data: struct d3dkmt_opensyncobjectfromnthandle2, private copy
 * @user: the same in user memory
 *
 * Return: the host's status as errno or success code; -EINVAL, -ENODEV,
 * -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_open_sync_object_from_nt_handle2(struct dxg_process *process,
					       void *data, void __user *user)
{
	struct d3dkmt_opensyncobjectfromnthandle2 *args = data;
	struct dxg_scope scope;
	struct file *file;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	file = dxg_shared_file_get(args->nt_handle,
				   &dxg_shared_sync_object_fops);
	if (file) {
		ret = dxg_open_sync_object(&scope,
					   dxg_shared_file_sync_object(file),
					   args, user);
		fput(file);
	} else {
		ret = -EINVAL;
	}
	dxg_scope_leave(&scope);
	return ret;
}
