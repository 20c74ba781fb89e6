// SPDX-License-Identifier: GPL-2.0
/*
 * Native fences: CreateNativeFence, OpenNativeFenceFromNtHandle.
 *
 * A native fence has two values in memory, the current one and the one that is
 * monitored, so that GPUs signal and wait without a processor.  Here it is one
 * more kind of sync object: what sync_object.c says of fences holds for it.
 *
 * Its messages have the header of a vGPU, but always take the global channel.
 *
 * Locks: dxg_device.lock shared, through dxg_scope.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/hyperv.h>

#include "cpu_mapping.h"
#include "device.h"
#include "host_message.h"
#include "host_object.h"
#include "ioctl_table.h"
#include "process.h"
#include "sync_object.h"

/* Flags without a name, which other sync objects pass on to the host. */
#define DXG_NATIVE_FENCE_RESERVED	(~0xffU)

/* Creation and opening are answered alike, but for the first words. */
static_assert(offsetof(struct dxg_ret_createnativefence, current_value_gpu_va) ==
	      offsetof(struct dxg_ret_opennativefencefromnthandle,
		       current_value_gpu_va));
static_assert(offsetof(struct dxg_ret_createnativefence, sync_object) ==
	      offsetof(struct dxg_ret_opennativefencefromnthandle,
		       hsyncobject));
static_assert(sizeof(struct dxg_ret_createnativefence) ==
	      sizeof(struct dxg_ret_opennativefencefromnthandle));

/**
 * struct dxg_native_making - a native fence that is being created or opened
 * @scope: of the device
 * @sync: new fence, not yet visible; referenced
 * @intra_gpu: no CPU sees its value
 * @handle: its handle, reserved
 * @reply: the host's
 */
struct dxg_native_making {
	const struct dxg_scope *scope;
	struct dxg_sync_object *sync;
	bool intra_gpu;
	u32 handle;
	struct dxg_ret_createnativefence reply;
};

/* Nothing that the caller left in an output field goes anywhere. */
static void dxg_native_fence_clear(struct d3dddi_nativefencemapping *mapping)
{
	mapping->current_value_cpu_va = 0;
	mapping->current_value_gpu_va = 0;
	mapping->monitored_value_gpu_va = 0;
}

/* Send and wait; the host's status as errno or success code. */
static int dxg_native_making_call(struct dxg_native_making *making,
				  struct dxg_message *msg)
{
	struct dxg_request *request;

	msg->global = true;
	msg->generation = msg->process->generation;
	request = dxg_host_object_create(msg, sizeof(making->reply),
					 DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
					 offsetof(typeof(making->reply),
						  sync_object));
	if (IS_ERR(request))
		return PTR_ERR(request);
	memcpy(&making->reply, request->reply, sizeof(making->reply));
	dxg_request_put(request);
	making->handle = making->reply.sync_object.v;
	return dxg_status_to_errno(making->reply.status.v);
}

/*
 * Reserve the handle and map the current value, where a CPU may see it.  The
 * page is never writable: programs signal through the host.
 */
static int dxg_native_making_map(struct dxg_native_making *making)
{
	struct dxg_handle_table *table = &making->scope->process->objects;
	u32 offset = making->reply.current_value_offset;
	int ret;

	ret = dxg_handle_reserve(table, making->handle);
	if (ret || making->intra_gpu)
		return ret;
	ret = -EINVAL;
	if (offset <= HV_HYP_PAGE_SIZE - sizeof(u64) &&
	    IS_ALIGNED(offset, sizeof(u64)))
		ret = dxg_sync_object_map(making->sync,
					  making->reply.current_value_physical_address,
					  DXG_VIEW_CACHED);
	if (ret)
		dxg_handle_unreserve(table, making->handle);
	return ret;
}

/* Undo everything but the reservation of the handle, and the reference. */
static void dxg_native_making_abort(struct dxg_native_making *making)
{
	dxg_sync_object_close(making->sync);
	dxg_host_object_undo(making->scope->process, NULL,
			     DXGK_VMBCOMMAND_DESTROYSYNCOBJECT, making->handle,
			     DXG_WAIT_KILLABLE);
}

/*
 * Everything that may fail but the results.  The host's success code; then
 * dxg_native_making_end() must follow; or an error.
 */
static int dxg_native_making_begin(struct dxg_native_making *making,
				   struct dxg_message *msg)
{
	int status, ret;

	status = dxg_native_making_call(making, msg);
	if (status < 0)
		return status;
	ret = dxg_native_making_map(making);
	if (!ret)
		return status;
	dxg_native_making_abort(making);
	return ret;
}

/* Results to the user. */
static int
dxg_native_making_results(const struct dxg_native_making *making,
			  struct d3dddi_nativefencemapping *mapping,
			  struct d3dddi_nativefencemapping __user *umapping,
			  u8 __user *private_data)
{
	const struct dxg_ret_createnativefence *reply = &making->reply;

	if (!making->intra_gpu)
		mapping->current_value_cpu_va =
			dxg_view_address(making->sync->view) +
			reply->current_value_offset;
	mapping->current_value_gpu_va = reply->current_value_gpu_va;
	mapping->monitored_value_gpu_va = reply->monitored_value_gpu_va;
	return dxg_write_back(umapping, mapping, current_value_cpu_va) ?:
	       dxg_write_back(umapping, mapping, current_value_gpu_va) ?:
	       dxg_write_back(umapping, mapping, monitored_value_gpu_va) ?:
	       dxg_copy_field(private_data, reply->private_driver_data,
			      sizeof(reply->private_driver_data));
}

/* Show the fence, or undo it. */
static void dxg_native_making_end(struct dxg_native_making *making,
				  bool success)
{
	struct dxg_process *process = making->scope->process;

	if (success) {
		dxg_sync_object_publish(making->sync, process, making->handle);
		return;
	}
	dxg_handle_unreserve(&process->objects, making->handle);
	dxg_native_making_abort(making);
}

static int
dxg_native_fence_check_info(const struct d3dddi_nativefenceinfo *info)
{
	struct d3dddi_synchronizationobject_flags flags = info->flags;

	if (flags.value & DXG_NATIVE_FENCE_RESERVED ||
	    flags.shared != flags.nt_security_sharing ||
	    (flags.no_signal && flags.no_wait))
		return -EINVAL;
	if (info->type != D3DDDI_NATIVEFENCE_TYPE_DEFAULT &&
	    info->type != D3DDDI_NATIVEFENCE_TYPE_INTRA_GPU)
		return -EINVAL;
	return 0;
}

/* A fence that the host does not know yet, with its shared part; or NULL. */
static struct dxg_sync_object *
dxg_native_fence_new(const struct dxg_scope *scope,
		     const struct d3dddi_nativefenceinfo *info)
{
	struct dxg_sync_object *sync = dxg_sync_object_new(scope, true);

	if (!sync || !info->flags.shared)
		return sync;
	sync->shared = dxg_shared_sync_object_new(scope->adapter,
						  _D3DDDI_NATIVE_FENCE,
						  info->flags);
	if (!sync->shared) {
		dxg_object_put(&sync->obj);
		return NULL;
	}
	sync->shared->intra_gpu =
		info->type == D3DDDI_NATIVEFENCE_TYPE_INTRA_GPU;
	return sync;
}

/* Creation on the host; as dxg_native_making_begin(). */
static int
dxg_native_fence_create_begin(struct dxg_native_making *making,
			      const struct d3dkmt_createnativefence *args)
{
	struct dxg_cmd_createnativefence *cmd;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, making->scope->process,
			       making->scope->adapter,
			       DXGK_VMBCOMMAND_CREATENATIVEFENCE, sizeof(*cmd));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->args = *args;
	ret = dxg_native_making_begin(making, &msg);
	dxg_message_free(&msg);
	return ret;
}

static int
dxg_native_fence_create(const struct dxg_scope *scope,
			struct d3dkmt_createnativefence *args,
			struct d3dkmt_createnativefence __user *uargs)
{
	struct d3dddi_nativefenceinfo *info = &args->info;
	struct dxg_native_making making = {
		.scope = scope,
		.intra_gpu = info->type == D3DDDI_NATIVEFENCE_TYPE_INTRA_GPU,
	};
	int status, ret;

	ret = dxg_native_fence_check_info(info);
	if (ret)
		return ret;
	making.sync = dxg_native_fence_new(scope, info);
	if (!making.sync)
		return -ENOMEM;
	status = dxg_native_fence_create_begin(&making, args);
	if (status < 0)
		goto put;
	if (making.sync->shared) {
		making.sync->shared->host_handle =
			making.reply.global_sync_object.v;
		ret = making.sync->shared->host_handle ? 0 : -EINVAL;
	}
	args->sync_object.v = making.handle;
	ret = ret ?:
	      dxg_native_making_results(&making, &info->native_fence_mapping,
					&uargs->info.native_fence_mapping,
					uargs->private_driver_data) ?:
	      dxg_write_back(uargs, args, sync_object);
	dxg_native_making_end(&making, !ret);
put:
	dxg_object_put(&making.sync->obj);
	return ret ?: status;
}

/**
 * dxg_ioctl_create_native_fence() - LX_CREATENATIVEFENCE
 * @process: caller
 * @data: struct d3dkmt_createnativefence, private copy
 * @user: the same in user memory
 *
 * Return: the host's status as errno or success code; -EINVAL, -ENODEV,
 * -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_create_native_fence(struct dxg_process *process, void *data,
				  void __user *user)
{
	struct d3dkmt_createnativefence *args = data;
	struct dxg_scope scope;
	int ret;

	args->sync_object.v = 0;
	dxg_native_fence_clear(&args->info.native_fence_mapping);
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	ret = dxg_native_fence_create(&scope, args, user);
	dxg_scope_leave(&scope);
	return ret;
}

/* May the device open the fence, and is it asked for properly? */
static int
dxg_native_fence_check_open(const struct dxg_shared_sync_object *shared,
			    const struct dxg_scope *scope,
			    const struct d3dkmt_opennativefencefromnthandle *args)
{
	if (shared->type != _D3DDDI_NATIVE_FENCE)
		return -EINVAL;
	if (shared->intra_gpu && shared->base.adapter != scope->adapter)
		return -EINVAL;
	if (args->flags.shared && !args->flags.nt_security_sharing)
		return -EINVAL;
	return dxg_shared_sync_object_check(shared, scope);
}

/* Opening on the host; as dxg_native_making_begin(). */
static int
dxg_native_fence_open_begin(struct dxg_native_making *making,
			    const struct d3dkmt_opennativefencefromnthandle *args)
{
	struct dxg_cmd_opennativefencefromnthandle *cmd;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, making->scope->process,
			       making->scope->adapter,
			       DXGK_VMBCOMMAND_OPENNATIVEFENCEFROMNTHANDLE,
			       sizeof(*cmd));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	/* unlike OPENSYNCOBJECT: the NT handle, which lasts as long as the file */
	cmd->hglobalshare.v = making->sync->shared->base.nt_handle;
	cmd->args = *args;
	ret = dxg_native_making_begin(making, &msg);
	dxg_message_free(&msg);
	return ret;
}

static int
dxg_native_fence_open(const struct dxg_scope *scope,
		      struct dxg_shared_sync_object *shared,
		      struct d3dkmt_opennativefencefromnthandle *args,
		      struct d3dkmt_opennativefencefromnthandle __user *uargs)
{
	struct dxg_native_making making = {
		.scope = scope,
		.intra_gpu = shared->intra_gpu,
	};
	int status, ret;

	ret = dxg_native_fence_check_open(shared, scope, args);
	if (ret)
		return ret;
	making.sync = dxg_sync_object_new(scope, true);
	if (!making.sync)
		return -ENOMEM;
	dxg_shared_object_get(&shared->base);
	making.sync->shared = shared;
	status = dxg_native_fence_open_begin(&making, args);
	if (status < 0)
		goto put;
	args->sync_object.v = making.handle;
	ret = dxg_native_making_results(&making, &args->native_fence_mapping,
					&uargs->native_fence_mapping,
					uargs->private_driver_data) ?:
	      dxg_write_back(uargs, args, sync_object);
	dxg_native_making_end(&making, !ret);
put:
	dxg_object_put(&making.sync->obj);
	return ret ?: status;
}

/**
 * dxg_ioctl_open_native_fence_from_nt_handle() - LX_DXOPENNATIVEFENCEFROMNTHANDLE
 * @process: caller
 * @data: struct d3dkmt_opennativefencefromnthandle, private copy
 * @user: the same in user memory
 *
 * Return: the host's status as errno or success code; -EINVAL, -ENODEV,
 * -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_open_native_fence_from_nt_handle(struct dxg_process *process,
					       void *data, void __user *user)
{
	struct d3dkmt_opennativefencefromnthandle *args = data;
	struct dxg_scope scope;
	struct file *file;
	int ret;

	args->sync_object.v = 0;
	dxg_native_fence_clear(&args->native_fence_mapping);
	if (!args->nt_handle || !args->engine_affinity)
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	file = dxg_shared_file_get(args->nt_handle,
				   &dxg_shared_sync_object_fops);
	if (file) {
		ret = dxg_native_fence_open(&scope,
					    dxg_shared_file_sync_object(file),
					    args, user);
		fput(file);
	} else {
		ret = -EINVAL;
	}
	dxg_scope_leave(&scope);
	return ret;
}
