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

/* Nothing that the caller left in an output field goes anywhere. */
static void dxg_native_fence_clear(struct d3dddi_nativefencemapping *mapping)
{
	mapping->current_value_cpu_va = 0;
	mapping->current_value_gpu_va = 0;
	mapping->monitored_value_gpu_va = 0;
}

static int
dxg_native_fence_write_back(struct d3dddi_nativefencemapping *mapping,
			    struct d3dddi_nativefencemapping __user *user)
{
	return dxg_write_back(user, mapping, current_value_cpu_va) ?:
	       dxg_write_back(user, mapping, current_value_gpu_va) ?:
	       dxg_write_back(user, mapping, monitored_value_gpu_va);
}

/*
 * Send it and wait.  The request with a reply that is a success, to be put, and
 * the host's success code; or an error.
 */
static struct dxg_request *dxg_native_fence_call(struct dxg_message *msg,
						 int *status)
{
	const struct dxg_ret_createnativefence *reply;
	struct dxg_request *request;

	msg->global = true;
	msg->generation = msg->process->generation;
	request = dxg_host_object_create(msg, sizeof(*reply),
					 DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
					 offsetof(typeof(*reply), sync_object));
	if (IS_ERR(request))
		return request;
	reply = request->reply;
	*status = dxg_status_to_errno(reply->status.v);
	if (*status >= 0)
		return request;
	dxg_request_put(request);
	return ERR_PTR(*status);
}

/*
 * Map the current value, where a CPU may see it, and tell where the values are.
 * The page is never writable: only GPUs signal by writing.
 */
static int dxg_native_fence_map(struct dxg_sync_object *sync, bool intra_gpu,
				const struct dxg_ret_createnativefence *reply,
				struct d3dddi_nativefencemapping *mapping)
{
	u32 offset = reply->current_value_offset;
	int ret;

	mapping->current_value_gpu_va = reply->current_value_gpu_va;
	mapping->monitored_value_gpu_va = reply->monitored_value_gpu_va;
	if (intra_gpu)
		return 0;
	if (offset > PAGE_SIZE - sizeof(u64) || !IS_ALIGNED(offset, sizeof(u64)))
		return -EINVAL;
	ret = dxg_sync_object_map(sync, reply->current_value_physical_address,
				  DXG_VIEW_CACHED);
	if (!ret)
		mapping->current_value_cpu_va =
			dxg_view_address(sync->view) + offset;
	return ret;
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

/* A fence that the host does not know yet, and its shared part, or NULL. */
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

static struct dxg_request *
dxg_native_fence_create_on_host(const struct dxg_scope *scope,
				const struct d3dkmt_createnativefence *args,
				int *status)
{
	struct dxg_cmd_createnativefence *cmd;
	struct dxg_request *request;
	struct dxg_message msg;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_CREATENATIVEFENCE, sizeof(*cmd));
	if (IS_ERR(cmd))
		return ERR_CAST(cmd);
	cmd->args = *args;
	request = dxg_native_fence_call(&msg, status);
	dxg_message_free(&msg);
	return request;
}

/* Results to the user, then the fence becomes visible.  0 or an errno. */
static int
dxg_native_fence_finish(struct dxg_sync_object *sync,
			struct dxg_process *process,
			struct d3dkmt_createnativefence *args,
			struct d3dkmt_createnativefence __user *uargs,
			const struct dxg_ret_createnativefence *reply)
{
	struct d3dddi_nativefencemapping *mapping =
		&args->info.native_fence_mapping;
	u32 handle = reply->sync_object.v;
	int ret;

	if (sync->shared && !reply->global_sync_object.v)
		return -EINVAL;
	ret = dxg_handle_reserve(&process->objects, handle);
	if (ret)
		return ret;
	args->sync_object.v = handle;
	memcpy(args->private_driver_data, reply->private_driver_data,
	       sizeof(args->private_driver_data));
	ret = dxg_native_fence_map(sync, args->info.type ==
				   D3DDDI_NATIVEFENCE_TYPE_INTRA_GPU,
				   reply, mapping) ?:
	      dxg_native_fence_write_back(mapping,
					  &uargs->info.native_fence_mapping) ?:
	      dxg_write_back(uargs, args, private_driver_data) ?:
	      dxg_write_back(uargs, args, sync_object);
	if (ret) {
		dxg_handle_unreserve(&process->objects, handle);
		return ret;
	}
	if (sync->shared)
		sync->shared->host_handle = reply->global_sync_object.v;
	dxg_sync_object_publish(sync, process, handle);
	return 0;
}

static int
dxg_native_fence_create(const struct dxg_scope *scope,
			struct d3dkmt_createnativefence *args,
			struct d3dkmt_createnativefence __user *uargs)
{
	const struct dxg_ret_createnativefence *reply;
	struct dxg_sync_object *sync;
	struct dxg_request *request;
	int status, ret;

	ret = dxg_native_fence_check_info(&args->info);
	if (ret)
		return ret;
	sync = dxg_native_fence_new(scope, &args->info);
	if (!sync)
		return -ENOMEM;
	request = dxg_native_fence_create_on_host(scope, args, &status);
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
		goto put;
	}
	reply = request->reply;
	ret = dxg_native_fence_finish(sync, scope->process, args, uargs, reply);
	if (ret) {
		dxg_sync_object_close(sync);
		dxg_host_object_undo(scope->process, NULL,
				     DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
				     reply->sync_object.v, DXG_WAIT_KILLABLE);
	}
	dxg_request_put(request);
put:
	dxg_object_put(&sync->obj);
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

static struct dxg_request *
dxg_native_fence_open_on_host(const struct dxg_scope *scope,
			      const struct dxg_shared_sync_object *shared,
			      const struct d3dkmt_opennativefencefromnthandle *args,
			      int *status)
{
	struct dxg_cmd_opennativefencefromnthandle *cmd;
	struct dxg_request *request;
	struct dxg_message msg;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_OPENNATIVEFENCEFROMNTHANDLE,
			       sizeof(*cmd));
	if (IS_ERR(cmd))
		return ERR_CAST(cmd);
	/* unlike OPENSYNCOBJECT: the NT handle, which lasts as long as the file */
	cmd->hglobalshare.v = shared->base.nt_handle;
	cmd->args = *args;
	request = dxg_native_fence_call(&msg, status);
	dxg_message_free(&msg);
	return request;
}

/* Results to the user, then the fence becomes visible.  0 or an errno. */
static int
dxg_native_fence_opened(struct dxg_sync_object *sync,
			struct dxg_process *process,
			struct d3dkmt_opennativefencefromnthandle *args,
			struct d3dkmt_opennativefencefromnthandle __user *uargs,
			const struct dxg_ret_createnativefence *reply)
{
	struct d3dddi_nativefencemapping *mapping = &args->native_fence_mapping;
	u32 handle = reply->sync_object.v;
	int ret;

	ret = dxg_handle_reserve(&process->objects, handle);
	if (ret)
		return ret;
	args->sync_object.v = handle;
	memcpy(args->private_driver_data, reply->private_driver_data,
	       sizeof(args->private_driver_data));
	ret = dxg_native_fence_map(sync, sync->shared->intra_gpu, reply,
				   mapping) ?:
	      dxg_native_fence_write_back(mapping,
					  &uargs->native_fence_mapping) ?:
	      dxg_write_back(uargs, args, private_driver_data) ?:
	      dxg_write_back(uargs, args, sync_object);
	if (ret)
		dxg_handle_unreserve(&process->objects, handle);
	else
		dxg_sync_object_publish(sync, process, handle);
	return ret;
}

static int
dxg_native_fence_open(const struct dxg_scope *scope,
		      struct dxg_shared_sync_object *shared,
		      struct d3dkmt_opennativefencefromnthandle *args,
		      struct d3dkmt_opennativefencefromnthandle __user *uargs)
{
	const struct dxg_ret_createnativefence *reply;
	struct dxg_sync_object *sync;
	struct dxg_request *request;
	int status, ret;

	ret = dxg_native_fence_check_open(shared, scope, args);
	if (ret)
		return ret;
	sync = dxg_sync_object_new(scope, true);
	if (!sync)
		return -ENOMEM;
	dxg_shared_object_get(&shared->base);
	sync->shared = shared;
	request = dxg_native_fence_open_on_host(scope, shared, args, &status);
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
		goto put;
	}
	reply = request->reply;
	ret = dxg_native_fence_opened(sync, scope->process, args, uargs, reply);
	if (ret) {
		dxg_sync_object_close(sync);
		dxg_host_object_undo(scope->process, NULL,
				     DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
				     reply->sync_object.v, DXG_WAIT_KILLABLE);
	}
	dxg_request_put(request);
put:
	dxg_object_put(&sync->obj);
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
