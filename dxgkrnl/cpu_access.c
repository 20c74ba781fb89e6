// SPDX-License-Identifier: GPL-2.0
/*
 * Lock2 and Unlock2: access of the CPU to allocations.
 *
 * The first Lock2 of an allocation asks the host for the place of its pages in
 * the I/O space and maps them; the others return the same address; the last
 * Unlock2 unmaps them everywhere and then tells the host.  So each mapping has
 * exactly one LOCK2 and one UNLOCK2, whatever threads do.  An allocation in
 * memory of the process needs neither: its address is that memory.
 *
 * Nested calls change only the count, without any lock.
 *
 * Locks: dxg_device.lock (shared) and dxg_allocation.lock, both across the
 * message; see docs/locking.md.
 */
#include <linux/atomic.h>

#include "allocation.h"
#include "cpu_mapping.h"
#include "device.h"
#include "existing_memory.h"
#include "host_call.h"
#include "host_message.h"
#include "host_object.h"
#include "ioctl_table.h"
#include "process.h"

static struct dxg_cmd_unlock2 *
dxg_unlock_message(struct dxg_message *msg, struct dxg_process *process,
		   struct dxg_adapter *adapter, u32 device, u32 allocation)
{
	struct dxg_cmd_unlock2 *cmd;

	cmd = dxg_message_init(msg, process, adapter, DXGK_VMBCOMMAND_UNLOCK2,
			       sizeof(*cmd));
	if (!IS_ERR(cmd)) {
		cmd->args.device.v = device;
		cmd->args.allocation.v = allocation;
	}
	return cmd;
}

/* A LOCK2 that the host granted is not used after all. */
static void dxg_lock_undo(struct dxg_process *process,
			  struct dxg_adapter *adapter, u32 device,
			  u32 allocation, enum dxg_wait_mode mode)
{
	struct dxg_message msg;

	if (IS_ERR(dxg_unlock_message(&msg, process, adapter, device,
				      allocation)))
		return;
	dxg_message_send_undo(&msg, mode);
	dxg_message_free(&msg);
}

/* The answer to LOCK2 came after its caller was killed. */
static void dxg_lock_late(struct dxg_request *request)
{
	const struct dxg_ret_lock2 *reply = request->reply;

	if (!request->status && reply->status.v >= 0 &&
	    !request->process->torn_down)
		dxg_lock_undo(request->process, request->adapter,
			      request->late_arg[0], request->late_arg[1],
			      DXG_WAIT_FOREVER);
}

static int dxg_lock_on_host(struct dxg_process *process,
			    struct dxg_adapter *adapter,
			    const struct d3dkmt_lock2 *args,
			    struct dxg_ret_lock2 *reply)
{
	struct dxg_request *request;
	struct dxg_cmd_lock2 *cmd;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, process, adapter, DXGK_VMBCOMMAND_LOCK2,
			       sizeof(*cmd));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->args = *args;
	request = dxg_request_new(&msg, sizeof(*reply), sizeof(*reply));
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
		goto free;
	}
	request->late = dxg_lock_late;
	request->late_arg[0] = args->device.v;
	request->late_arg[1] = args->allocation.v;
	ret = dxg_request_call(request, &msg);
	if (!ret) {
		memcpy(reply, request->reply, sizeof(*reply));
		ret = dxg_status_to_errno(reply->status.v);
	}
	dxg_request_put(request);
free:
	dxg_message_free(&msg);
	return ret;
}

/* One more user of a mapping that exists; -ENOENT: there is none. */
static int dxg_lock_again(struct dxg_allocation *allocation)
{
	int count = atomic_read(&allocation->lock_count);

	do {
		if (!count)
			return -ENOENT;
		if (count == INT_MAX)
			return -EINVAL;
	} while (!atomic_try_cmpxchg(&allocation->lock_count, &count,
				     count + 1));
	return 0;
}

/* One user less of a mapping that others use, too; -ENOENT: it is the last. */
static int dxg_unlock_nested(struct dxg_allocation *allocation)
{
	int count = atomic_read(&allocation->lock_count);

	do {
		if (count <= 1)
			return -ENOENT;
	} while (!atomic_try_cmpxchg(&allocation->lock_count, &count,
				     count - 1));
	return 0;
}

/* Make the mapping; allocation->lock held. */
static int dxg_lock_map(struct dxg_process *process,
			struct dxg_allocation *allocation,
			const struct d3dkmt_lock2 *args)
{
	struct dxg_adapter *adapter = allocation->obj.adapter;
	unsigned int flags = DXG_VIEW_WRITE;
	struct dxg_ret_lock2 reply;
	struct dxg_view *view;
	int ret;

	ret = dxg_lock_on_host(process, adapter, args, &reply);
	if (ret < 0)
		return ret;
	if (allocation->cached)
		flags |= DXG_VIEW_CACHED;
	view = dxg_view_create(adapter, reply.cpu_visible_buffer_offset,
			       allocation->size, flags);
	if (IS_ERR(view)) {
		dxg_lock_undo(process, adapter, args->device.v,
			      args->allocation.v, DXG_WAIT_KILLABLE);
		return PTR_ERR(view);
	}
	allocation->view = view;
	WRITE_ONCE(allocation->address, dxg_view_address(view));
	/* pairs with the compare-exchange in dxg_lock_again() */
	atomic_set_release(&allocation->lock_count, 1);
	return ret;
}

/*
 * Enter the section in which mappings come and go: the device lives, the
 * adapter works, the allocation is still the one that the handle names.
 */
static int dxg_cpu_access_begin(struct dxg_scope *scope,
				struct dxg_process *process,
				struct dxg_allocation *allocation, u32 handle)
{
	int ret;

	ret = dxg_scope_enter(scope, process, DXG_ALLOCATION, handle);
	if (ret)
		return ret;
	if (mutex_lock_killable(&allocation->lock)) {
		dxg_scope_leave(scope);
		return -ERESTARTSYS;
	}
	if (scope->object == &allocation->obj && !allocation->destroyed)
		return 0;
	mutex_unlock(&allocation->lock);
	dxg_scope_leave(scope);
	return -EINVAL;
}

static int dxg_lock_first(struct dxg_process *process,
			  struct dxg_allocation *allocation,
			  const struct d3dkmt_lock2 *args)
{
	struct dxg_scope scope;
	int ret;

	ret = dxg_cpu_access_begin(&scope, process, allocation,
				   args->allocation.v);
	if (ret)
		return ret;
	ret = dxg_lock_again(allocation);
	if (ret == -ENOENT)
		ret = dxg_lock_map(process, allocation, args);
	mutex_unlock(&allocation->lock);
	dxg_scope_leave(&scope);
	return ret;
}

/* Take the mapping away; allocation->lock held. */
static int dxg_unlock_unmap(struct dxg_process *process,
			    struct dxg_allocation *allocation)
{
	struct dxg_object *obj = &allocation->obj;
	struct dxg_cmd_unlock2 *cmd;
	struct dxg_message msg;
	int ret;

	/* the host may reuse the place as soon as it is told */
	dxg_view_destroy(allocation->view);
	allocation->view = NULL;
	cmd = dxg_unlock_message(&msg, process, obj->adapter,
				 obj->device->obj.handle, obj->handle);
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	ret = dxg_message_status(&msg);
	dxg_message_free(&msg);
	return ret;
}

static int dxg_unlock_last(struct dxg_process *process,
			   struct dxg_allocation *allocation)
{
	struct dxg_scope scope;
	int count;
	int ret;

	ret = dxg_cpu_access_begin(&scope, process, allocation,
				   allocation->obj.handle);
	if (ret)
		return ret;
	count = atomic_dec_if_positive(&allocation->lock_count);
	if (count < 0)
		ret = -EINVAL;
	else if (!count)
		ret = dxg_unlock_unmap(process, allocation);
	mutex_unlock(&allocation->lock);
	dxg_scope_leave(&scope);
	return ret;
}

static int dxg_unlock(struct dxg_process *process,
		      struct dxg_allocation *allocation)
{
	if (!dxg_adapter_active(allocation->obj.adapter))
		return -ENODEV;
	if (!dxg_unlock_nested(allocation))
		return 0;
	return dxg_unlock_last(process, allocation);
}

static int dxg_lock(struct dxg_process *process,
		    struct dxg_allocation *allocation,
		    struct d3dkmt_lock2 *args)
{
	int ret;

	if (allocation->backing) {
		args->data = allocation->backing->address;
		return 0;
	}
	if (!dxg_adapter_active(allocation->obj.adapter))
		return -ENODEV;
	ret = dxg_lock_again(allocation);
	if (ret == -ENOENT)
		ret = dxg_lock_first(process, allocation, args);
	args->data = READ_ONCE(allocation->address);
	return ret;
}

/* The allocation of a handle, if it is one of the device; referenced. */
static struct dxg_allocation *dxg_cpu_access_lookup(struct dxg_process *process,
						    u32 device, u32 handle)
{
	struct dxg_object *obj;

	obj = dxg_handle_lookup(&process->objects, handle, DXG_ALLOCATION);
	if (obj && obj->device->obj.handle == device)
		return to_dxg_allocation(obj);
	dxg_object_put(obj);
	return NULL;
}

/**
 * dxg_ioctl_lock2() - LX_DXLOCK2
 * @process: caller
 * @data: struct d3dkmt_lock2, private copy
 * @user: the same in user memory
 *
 * Return: the host's status as errno or success code, 0 if it was not asked;
 * -EINVAL (handles, too many locks), -ENOMEM (no mapping), -ENODEV, -EFAULT,
 * transport errors.
 */
int dxg_ioctl_lock2(struct dxg_process *process, void *data, void __user *user)
{
	struct d3dkmt_lock2 __user *uargs = user;
	struct dxg_allocation *allocation;
	struct d3dkmt_lock2 *args = data;
	int ret;

	args->data = 0;
	allocation = dxg_cpu_access_lookup(process, args->device.v,
					   args->allocation.v);
	if (!allocation)
		return -EINVAL;
	ret = dxg_lock(process, allocation, args);
	if (ret >= 0 && dxg_write_back(uargs, args, data)) {
		if (!allocation->backing)
			dxg_unlock(process, allocation);
		ret = -EFAULT;
	}
	dxg_object_put(&allocation->obj);
	return ret;
}

/**
 * dxg_ioctl_unlock2() - LX_DXUNLOCK2
 * @process: caller
 * @data: struct d3dkmt_unlock2, private copy
 * @user: not used
 *
 * Return: the host's status as errno or success code, 0 if it was not told;
 * -EINVAL (handles, not locked), -ENODEV, transport errors.
 */
int dxg_ioctl_unlock2(struct dxg_process *process, void *data,
		      void __user *user)
{
	const struct d3dkmt_unlock2 *args = data;
	struct dxg_allocation *allocation;
	int ret;

	allocation = dxg_cpu_access_lookup(process, args->device.v,
					   args->allocation.v);
	if (!allocation)
		return -EINVAL;
	ret = allocation->backing ? 0 : dxg_unlock(process, allocation);
	dxg_object_put(&allocation->obj);
	return ret;
}

/**
 * dxg_ioctl_invalidate_cache() - LX_DXINVALIDATECACHE
 * @process: caller
 * @data: struct d3dkmt_invalidatecache, private copy
 * @user: not used
 *
 * For locked allocations where CPU and GPU do not keep their caches coherent.
 *
 * Return: 0; the host's status; -EINVAL, -ENODEV, transport errors.
 */
int dxg_ioctl_invalidate_cache(struct dxg_process *process, void *data,
			       void __user *user)
{
	const struct d3dkmt_invalidatecache *args = data;
	const struct dxg_cmd_invalidatecache cmd = {
		.device = args->device,
		.allocation = args->allocation,
		.offset = args->offset,
		.length = args->length,
	};

	return dxg_forward(process, DXG_DEVICE, args->device.v,
			   DXGK_VMBCOMMAND_INVALIDATECACHE, &cmd, sizeof(cmd));
}
