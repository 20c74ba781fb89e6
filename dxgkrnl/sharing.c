// SPDX-License-Identifier: GPL-2.0
/*
 * Passing objects on: ShareObjects makes a file descriptor for another process
 * of the guest, ShareObjectWithHost a handle for a process of the host.
 *
 * What a descriptor stands for is in shared_object.c; who opens it, in
 * open_resource.c, sync_sharing.c and native_fence.c.
 *
 * Locks: dxg_device.lock shared, through dxg_scope.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>

#include "allocation.h"
#include "host_message.h"
#include "ioctl_table.h"
#include "process.h"
#include "resource_sharing.h"
#include "sync_object.h"

/**
 * struct dxg_shareable - an object that may be shared, of any kind
 * @shared: common part
 * @resource: to be sealed, NULL for a sync object
 * @name: of the kind of file
 * @fops: likewise
 */
struct dxg_shareable {
	struct dxg_shared_object *shared;
	struct dxg_resource *resource;
	const char *name;
	const struct file_operations *fops;
};

/* -EINVAL when the object was not created to be shared. */
static int dxg_shareable_init(struct dxg_shareable *shareable,
			      struct dxg_object *obj)
{
	struct dxg_shared_sync_object *sync;
	struct dxg_resource *resource;

	if (obj->type == DXG_RESOURCE) {
		resource = to_dxg_resource(obj);
		if (!resource->shared)
			return -EINVAL;
		shareable->shared = &resource->shared->base;
		shareable->resource = resource;
		shareable->name = "dxgresource";
		shareable->fops = &dxg_shared_resource_fops;
		return 0;
	}
	sync = to_dxg_sync_object(obj)->shared;
	if (!sync)
		return -EINVAL;
	shareable->shared = &sync->base;
	shareable->resource = NULL;
	shareable->name = "dxgsyncobj";
	shareable->fops = &dxg_shared_sync_object_fops;
	return 0;
}

/* A descriptor for the object; all that can fail comes before it is there. */
static int dxg_share(const struct dxg_scope *scope, u64 __user *result)
{
	struct dxg_shareable shareable;
	struct file *file;
	int ret;
	int fd;

	ret = dxg_shareable_init(&shareable, scope->object);
	if (ret)
		return ret;
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return -ENOTRECOVERABLE;
	file = dxg_shared_file_create(shareable.shared, scope->process,
				      scope->object->handle, shareable.name,
				      shareable.fops);
	if (IS_ERR(file)) {
		ret = PTR_ERR(file);
		goto put_fd;
	}
	if (shareable.resource)
		ret = dxg_resource_seal(shareable.resource);
	if (!ret && put_user((u64)fd, result))
		ret = -EFAULT;
	if (ret)
		goto put_file;
	fd_install(fd, file);
	return 0;

put_file:
	fput(file);
put_fd:
	put_unused_fd(fd);
	return ret;
}

/**
 * dxg_ioctl_share_objects() - LX_DXSHAREOBJECTS
 * @process: caller
 * @data: struct d3dkmt_shareobjects, private copy
 * @user: not used
 *
 * Return: 0; -EINVAL, -EFAULT, -ENODEV, -ENOTRECOVERABLE (no descriptor or no
 * NT handle), -ENOMEM, transport errors.
 */
int dxg_ioctl_share_objects(struct dxg_process *process, void *data,
			    void __user *user)
{
	const struct d3dkmt_shareobjects *args = data;
	struct d3dkmthandle handle;
	struct dxg_scope scope;
	int ret;

	if (args->object_count != 1)
		return -EINVAL;
	ret = dxg_copy_in(&handle, args->objects, sizeof(handle));
	if (ret)
		return ret;
	ret = dxg_scope_enter(&scope, process, DXG_RESOURCE, handle.v);
	if (ret == -EINVAL)
		ret = dxg_scope_enter(&scope, process, DXG_SYNC_OBJECT,
				      handle.v);
	if (ret)
		return ret;
	ret = dxg_share(&scope, u64_to_user_ptr(args->shared_handle));
	dxg_scope_leave(&scope);
	return ret;
}

/* An object that can be shared with the host, referenced; NULL for others. */
static struct dxg_object *dxg_host_shareable_lookup(struct dxg_scope *scope,
						    u32 handle)
{
	static const enum dxg_object_type types[] = {
		DXG_SYNC_OBJECT, DXG_RESOURCE, DXG_ALLOCATION,
	};
	struct dxg_object *obj;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		obj = dxg_handle_lookup(&scope->process->objects, handle,
					types[i]);
		if (!obj)
			continue;
		/* sync objects without a device will do for any */
		if (!obj->device || obj->device == scope->device)
			return obj;
		dxg_object_put(obj);
		break;
	}
	return NULL;
}

/* The message itself.  The host's status as errno or success code. */
static int dxg_share_with_host(struct dxg_process *process,
			       struct d3dkmt_shareobjectwithhost *args)
{
	struct dxg_ret_shareobjectwithhost reply;
	struct dxg_cmd_shareobjectwithhost *cmd;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, process, NULL,
			       DXGK_VMBCOMMAND_SHAREOBJECTWITHHOST,
			       sizeof(*cmd));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->device_handle = args->device_handle;
	cmd->object_handle = args->object_handle;
	ret = dxg_message_call(&msg, &reply, sizeof(reply));
	dxg_message_free(&msg);
	if (ret)
		return ret;
	args->object_vail_nt_handle = reply.vail_nt_handle;
	return dxg_status_to_errno(reply.status.v);
}

/**
 * dxg_ioctl_share_object_with_host() - LX_DXSHAREOBJECTWITHHOST
 * @process: caller
 * @data: struct d3dkmt_shareobjectwithhost, private copy
 * @user: the same in user memory
 *
 * The result names the object in a process of the host, to which alone it
 * means anything; nothing here ends it.
 *
 * Return: the host's status as errno or success code; -EINVAL, -ENODEV,
 * -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_share_object_with_host(struct dxg_process *process, void *data,
				     void __user *user)
{
	struct d3dkmt_shareobjectwithhost __user *uargs = user;
	struct d3dkmt_shareobjectwithhost *args = data;
	struct dxg_object *obj;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_DEVICE,
			      args->device_handle.v);
	if (ret)
		return ret;
	obj = dxg_host_shareable_lookup(&scope, args->object_handle.v);
	if (!obj) {
		ret = -EINVAL;
		goto leave;
	}
	ret = dxg_share_with_host(process, args);
	dxg_object_put(obj);
	if (ret >= 0 && dxg_write_back(uargs, args, object_vail_nt_handle))
		ret = -EFAULT;
leave:
	dxg_scope_leave(&scope);
	return ret;
}
