// SPDX-License-Identifier: GPL-2.0
/*
 * GPU contexts: CreateContextVirtual, DestroyContext, scheduling priorities.
 *
 * A context takes its hardware queues with it; their handles and pages go
 * before the host hears of it.  It holds a reference on its device.
 *
 * Locks: dxg_context.lock keeps creation and destruction of queues apart from
 * the end of the context; see docs/locking.md.
 */
#include <linux/slab.h>

#include "device.h"
#include "host_call.h"
#include "host_message.h"
#include "host_object.h"
#include "hwqueue.h"
#include "ioctl_table.h"
#include "process.h"

static void dxg_context_release(struct dxg_object *obj)
{
	struct dxg_context *context =
		container_of(obj, struct dxg_context, obj);

	dxg_object_put(&obj->device->obj);
	kfree_rcu(context, obj.rcu);
}

static struct dxg_context *dxg_context_new(struct dxg_device *device)
{
	struct dxg_context *context;

	context = kzalloc(sizeof(*context), GFP_KERNEL_ACCOUNT);
	if (!context)
		return NULL;
	dxg_object_init(&context->obj, DXG_CONTEXT, device->obj.adapter, device,
			dxg_context_release);
	dxg_object_get(&device->obj);
	init_rwsem(&context->lock);
	INIT_LIST_HEAD(&context->hwqueues);
	return context;
}

static struct dxg_request *
dxg_context_create_on_host(const struct dxg_scope *scope,
			   const struct d3dkmt_createcontextvirtual *args)
{
	size_t used = dxg_msg_size(struct dxg_cmd_createcontextvirtual,
				   priv_drv_data, args->priv_drv_data_size);
	struct dxg_cmd_createcontextvirtual *cmd;
	struct dxg_request *request;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_CREATECONTEXTVIRTUAL,
			       used + DXG_SPARE_CREATECONTEXTVIRTUAL);
	if (IS_ERR(cmd))
		return ERR_CAST(cmd);
	cmd->device = args->device;
	cmd->node_ordinal = args->node_ordinal;
	cmd->engine_affinity = args->engine_affinity;
	cmd->flags = args->flags;
	cmd->client_hint = args->client_hint;
	cmd->priv_drv_data_size = args->priv_drv_data_size;
	ret = dxg_copy_in(cmd->priv_drv_data, args->priv_drv_data,
			  args->priv_drv_data_size);
	/* the reply is the command, filled in by the host */
	request = ret ? ERR_PTR(ret) :
		  dxg_host_object_create(&msg, used,
					 DXGK_VMBCOMMAND_DESTROYCONTEXT,
					 offsetof(typeof(*cmd), context));
	dxg_message_free(&msg);
	return request;
}

/**
 * dxg_ioctl_create_context_virtual() - LX_DXCREATECONTEXTVIRTUAL
 * @process: caller
 * @data: struct d3dkmt_createcontextvirtual, private copy
 * @user: the same in user memory
 *
 * The host answers with the vendor's private data, which goes back to the
 * caller; a zero handle is its only way to refuse.
 *
 * Return: 0; -EINVAL, -ENODEV, -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_create_context_virtual(struct dxg_process *process, void *data,
				     void __user *user)
{
	struct d3dkmt_createcontextvirtual __user *uargs = user;
	const struct dxg_cmd_createcontextvirtual *reply;
	struct d3dkmt_createcontextvirtual *args = data;
	struct dxg_request *request;
	struct dxg_context *context;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	context = dxg_context_new(scope.device);
	if (!context) {
		ret = -ENOMEM;
		goto leave;
	}
	request = dxg_context_create_on_host(&scope, args);
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
		goto put_context;
	}

	reply = request->reply;
	args->context = reply->context;
	ret = dxg_handle_reserve(&process->objects, args->context.v);
	if (ret)
		goto undo;
	ret = dxg_copy_out(args->priv_drv_data, reply->priv_drv_data,
			   args->priv_drv_data_size) ?:
	      dxg_write_back(uargs, args, context);
	if (ret)
		goto unreserve;
	dxg_device_add_child(scope.device, &scope.device->contexts,
			     &context->obj);
	dxg_handle_publish(&process->objects, &context->obj, args->context.v);
	goto put_request;

unreserve:
	dxg_handle_unreserve(&process->objects, args->context.v);
undo:
	dxg_host_object_undo(process, scope.adapter,
			     DXGK_VMBCOMMAND_DESTROYCONTEXT, args->context.v,
			     DXG_WAIT_KILLABLE);
put_request:
	dxg_request_put(request);
put_context:
	dxg_object_put(&context->obj);
leave:
	dxg_scope_leave(&scope);
	return ret;
}

/*
 * Take a context and its queues out of the table and off the lists.  No queue
 * is being created or destroyed (context or device locked exclusively, or the
 * device destroyed).  False: another thread took the context before.
 */
static bool dxg_context_dismantle(struct dxg_context *context)
{
	struct dxg_device *device = context->obj.device;

	if (!dxg_handle_remove_object(&device->process->objects, &context->obj))
		return false;
	context->destroyed = true;
	dxg_context_dismantle_hwqueues(context);
	dxg_device_remove_child(device, &context->obj);
	/* the table's reference; the caller has another */
	dxg_object_put(&context->obj);
	return true;
}

/**
 * dxg_device_dismantle_contexts() - local end of all contexts of a device
 * @device: device that is marked destroyed, so that nothing uses its children
 */
void dxg_device_dismantle_contexts(struct dxg_device *device)
{
	struct dxg_object *obj;

	while ((obj = dxg_device_pop_child(device, &device->contexts))) {
		dxg_context_dismantle(container_of(obj, struct dxg_context,
						   obj));
		dxg_object_put(obj);
		cond_resched();
	}
}

/**
 * dxg_ioctl_destroy_context() - LX_DXDESTROYCONTEXT
 * @process: caller
 * @data: struct d3dkmt_destroycontext, private copy
 * @user: not used
 *
 * Return: the host's status; -EINVAL, -ENOMEM, transport errors (-ENODEV from
 * a stopped adapter, too: the context is gone then).
 */
int dxg_ioctl_destroy_context(struct dxg_process *process, void *data,
			      void __user *user)
{
	const struct d3dkmt_destroycontext *args = data;
	struct dxg_context *context;
	struct dxg_destroy destroy;
	bool mine;
	int ret;

	ret = dxg_destroy_begin(&destroy, process, DXG_CONTEXT, args->context.v,
				DXGK_VMBCOMMAND_DESTROYCONTEXT);
	if (ret)
		return ret;
	context = container_of(destroy.object, struct dxg_context, obj);
	if (down_write_killable(&context->lock)) {
		ret = -ERESTARTSYS;
		goto end;
	}
	mine = dxg_context_dismantle(context);
	up_write(&context->lock);
	ret = mine ? dxg_destroy_send(&destroy) : -EINVAL;
end:
	dxg_destroy_end(&destroy);
	return ret;
}

/*
 * Priorities: among all contexts of the adapter, or in_process, among those of
 * the process.  Signed, and the host knows what is allowed.
 */
static int dxg_context_get_priority(struct dxg_process *process,
				    struct d3dkmt_getcontextschedulingpriority *args,
				    struct d3dkmt_getcontextschedulingpriority
				    __user *uargs, bool in_process)
{
	const struct dxg_cmd_getcontextschedulingpriority cmd = {
		.context = args->context,
		.in_process = in_process,
	};
	struct dxg_ret_getcontextschedulingpriority reply;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_CONTEXT, args->context.v);
	if (ret)
		return ret;
	ret = dxg_host_call(&scope,
			    DXGK_VMBCOMMAND_GETCONTEXTSCHEDULINGPRIORITY, &cmd,
			    sizeof(cmd), &reply, sizeof(reply)) ?:
	      dxg_status_to_errno(reply.status.v);
	dxg_scope_leave(&scope);
	if (ret < 0)
		return ret;
	args->priority = reply.priority;
	return dxg_write_back(uargs, args, priority) ?: ret;
}

static int dxg_context_set_priority(struct dxg_process *process,
				    struct d3dkmthandle context, s32 priority,
				    bool in_process)
{
	const struct dxg_cmd_setcontextschedulingpriority2 cmd = {
		.context = context,
		.priority = priority,
		.in_process = in_process,
	};

	return dxg_forward(process, DXG_CONTEXT, context.v,
			   DXGK_VMBCOMMAND_SETCONTEXTSCHEDULINGPRIORITY, &cmd,
			   sizeof(cmd));
}

/**
 * dxg_ioctl_get_context_priority() - 0x22
 * @process: caller
 * @data: struct d3dkmt_getcontextschedulingpriority, private copy
 * @user: the same in user memory
 *
 * Return: 0; the host's status; -EINVAL, -ENODEV, -EFAULT, transport errors.
 */
int dxg_ioctl_get_context_priority(struct dxg_process *process, void *data,
				   void __user *user)
{
	return dxg_context_get_priority(process, data, user, false);
}

/**
 * dxg_ioctl_get_context_in_process_priority() - 0x21
 * @process: caller
 * @data: struct d3dkmt_getcontextinprocessschedulingpriority, private copy; has
 *	the layout of the other one
 * @user: the same in user memory
 *
 * Return: 0; the host's status; -EINVAL, -ENODEV, -EFAULT, transport errors.
 */
int dxg_ioctl_get_context_in_process_priority(struct dxg_process *process,
					      void *data, void __user *user)
{
	return dxg_context_get_priority(process, data, user, true);
}

/**
 * dxg_ioctl_set_context_priority() - 0x30
 * @process: caller
 * @data: struct d3dkmt_setcontextschedulingpriority, private copy
 * @user: not used
 *
 * Return: 0; the host's status (-EACCES: may not be raised so far); -EINVAL,
 * -ENODEV, transport errors.
 */
int dxg_ioctl_set_context_priority(struct dxg_process *process, void *data,
				   void __user *user)
{
	const struct d3dkmt_setcontextschedulingpriority *args = data;

	return dxg_context_set_priority(process, args->context, args->priority,
					false);
}

/**
 * dxg_ioctl_set_context_in_process_priority() - 0x2f
 * @process: caller
 * @data: struct d3dkmt_setcontextinprocessschedulingpriority, private copy
 * @user: not used
 *
 * Return: 0; the host's status; -EINVAL, -ENODEV, transport errors.
 */
int dxg_ioctl_set_context_in_process_priority(struct dxg_process *process,
					      void *data, void __user *user)
{
	const struct d3dkmt_setcontextinprocessschedulingpriority *args = data;

	return dxg_context_set_priority(process, args->context, args->priority,
					true);
}
