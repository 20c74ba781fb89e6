// SPDX-License-Identifier: GPL-2.0
/*
 * Hardware queues: CreateHwQueue, DestroyHwQueue.
 *
 * A queue has a progress fence, a second handle with a page that the process
 * polls.  It holds a reference on its context.
 *
 * Locks: dxg_context.lock shared from look-up to the host's answer, so that the
 * context cannot end on the host in between; see docs/locking.md.
 */
#include <linux/slab.h>

#include "cpu_mapping.h"
#include "device.h"
#include "host_message.h"
#include "host_object.h"
#include "hwqueue.h"
#include "ioctl_table.h"
#include "process.h"

static void dxg_hwqueue_release(struct dxg_object *obj)
{
	struct dxg_hwqueue *queue = container_of(obj, struct dxg_hwqueue, obj);

	dxg_object_put(&queue->context->obj);
	kfree_rcu(queue, obj.rcu);
}

static struct dxg_hwqueue *dxg_hwqueue_new(struct dxg_context *context)
{
	struct dxg_hwqueue *queue;

	queue = kzalloc(sizeof(*queue), GFP_KERNEL_ACCOUNT);
	if (!queue)
		return NULL;
	dxg_object_init(&queue->obj, DXG_HWQUEUE, context->obj.adapter,
			context->obj.device, dxg_hwqueue_release);
	dxg_object_get(&context->obj);
	queue->context = context;
	dxg_queue_fence_init(&queue->fence, &queue->obj);
	return queue;
}

/* The creator's references; the rest belongs to table and list. */
static void dxg_hwqueue_put(struct dxg_hwqueue *queue)
{
	dxg_object_put(&queue->fence.obj);
	dxg_object_put(&queue->obj);
}

static struct dxg_request *
dxg_hwqueue_create_on_host(const struct dxg_scope *scope,
			   const struct d3dkmt_createhwqueue *args)
{
	u32 size = args->priv_drv_data_size;
	size_t used = dxg_msg_size(struct dxg_cmd_createhwqueue, priv_drv_data,
				   size);
	struct dxg_cmd_createhwqueue *cmd;
	struct dxg_request *request;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_CREATEHWQUEUE,
			       used + (size ? DXG_SPARE_CREATEHWQUEUE :
				       DXG_SPARE_CREATEHWQUEUE_NO_DATA));
	if (IS_ERR(cmd))
		return ERR_CAST(cmd);
	cmd->context = args->context;
	cmd->flags = args->flags;
	cmd->priv_drv_data_size = size;
	ret = dxg_copy_in(cmd->priv_drv_data, args->priv_drv_data, size);
	/* the reply is the command, filled in by the host */
	request = ret ? ERR_PTR(ret) :
		  dxg_host_object_create(&msg, used,
					 DXGK_VMBCOMMAND_DESTROYHWQUEUE,
					 offsetof(typeof(*cmd), hwqueue));
	dxg_message_free(&msg);
	return request;
}

/* Results to the user, then the queue becomes visible.  0 or an errno. */
static int dxg_hwqueue_finish(struct dxg_hwqueue *queue,
			      const struct dxg_cmd_createhwqueue *reply,
			      struct d3dkmt_createhwqueue *args,
			      struct d3dkmt_createhwqueue __user *uargs)
{
	struct dxg_device *device = queue->obj.device;
	struct dxg_handle_table *table = &device->process->objects;
	int ret;

	ret = dxg_queue_fence_open(&queue->fence, table, reply->hwqueue.v,
				   reply->hwqueue_progress_fence.v,
				   reply->hwqueue_progress_fence_cpuva);
	if (ret)
		return ret;

	args->queue = reply->hwqueue;
	args->queue_progress_fence = reply->hwqueue_progress_fence;
	args->queue_progress_fence_cpu_va =
		dxg_view_address(queue->fence.view);
	args->queue_progress_fence_gpu_va = reply->hwqueue_progress_fence_gpuva;
	ret = dxg_write_back(uargs, args, queue) ?:
	      dxg_write_back(uargs, args, queue_progress_fence) ?:
	      dxg_write_back(uargs, args, queue_progress_fence_cpu_va) ?:
	      dxg_write_back(uargs, args, queue_progress_fence_gpu_va) ?:
	      dxg_copy_out(args->priv_drv_data, reply->priv_drv_data,
			   args->priv_drv_data_size);
	if (ret) {
		dxg_queue_fence_abort(&queue->fence, table, reply->hwqueue.v,
				      reply->hwqueue_progress_fence.v);
		return ret;
	}
	dxg_device_add_child(device, &queue->context->hwqueues, &queue->obj);
	dxg_queue_fence_publish(&queue->fence, table, reply->hwqueue.v,
				reply->hwqueue_progress_fence.v);
	return 0;
}

/* Create a queue on a context that is locked shared and alive. */
static int dxg_hwqueue_create(const struct dxg_scope *scope,
			      struct d3dkmt_createhwqueue *args,
			      struct d3dkmt_createhwqueue __user *uargs)
{
	const struct dxg_cmd_createhwqueue *reply;
	struct dxg_request *request;
	struct dxg_hwqueue *queue;
	int ret;

	queue = dxg_hwqueue_new(container_of(scope->object, struct dxg_context,
					     obj));
	if (!queue)
		return -ENOMEM;
	request = dxg_hwqueue_create_on_host(scope, args);
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
		goto put;
	}
	reply = request->reply;
	ret = dxg_status_to_errno(reply->status.v);
	if (ret >= 0) {
		ret = dxg_hwqueue_finish(queue, reply, args, uargs);
		if (ret)
			dxg_host_object_undo(scope->process, scope->adapter,
					     DXGK_VMBCOMMAND_DESTROYHWQUEUE,
					     reply->hwqueue.v,
					     DXG_WAIT_KILLABLE);
	}
	dxg_request_put(request);
put:
	dxg_hwqueue_put(queue);
	return ret;
}

/**
 * dxg_ioctl_create_hwqueue() - LX_DXCREATEHWQUEUE
 * @process: caller
 * @data: struct d3dkmt_createhwqueue, private copy
 * @user: the same in user memory
 *
 * Return: 0; the host's status as errno; -EINVAL, -ENODEV, -EFAULT, -ENOMEM,
 * transport errors.
 */
int dxg_ioctl_create_hwqueue(struct dxg_process *process, void *data,
			     void __user *user)
{
	struct d3dkmt_createhwqueue *args = data;
	struct dxg_context *context;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_CONTEXT, args->context.v);
	if (ret)
		return ret;
	context = container_of(scope.object, struct dxg_context, obj);
	if (down_read_killable(&context->lock)) {
		ret = -ERESTARTSYS;
		goto leave;
	}
	ret = context->destroyed ? -EINVAL :
	      dxg_hwqueue_create(&scope, args, user);
	up_read(&context->lock);
leave:
	dxg_scope_leave(&scope);
	return ret;
}

/**
 * dxg_context_dismantle_hwqueues() - local end of all queues of a context
 * @context: context that is marked destroyed; no queue of it is being created
 *	or destroyed
 */
void dxg_context_dismantle_hwqueues(struct dxg_context *context)
{
	struct dxg_device *device = context->obj.device;
	struct dxg_hwqueue *queue;
	struct dxg_object *obj;

	while ((obj = dxg_device_pop_child(device, &context->hwqueues))) {
		queue = container_of(obj, struct dxg_hwqueue, obj);
		dxg_queue_fence_remove(&queue->fence,
				       &device->process->objects);
		dxg_object_put(obj);
		cond_resched();
	}
}

/**
 * dxg_ioctl_destroy_hwqueue() - LX_DXDESTROYHWQUEUE
 * @process: caller
 * @data: struct d3dkmt_destroyhwqueue, private copy
 * @user: not used
 *
 * Return: the host's status; -EINVAL, -ENOMEM, transport errors (-ENODEV from
 * a stopped adapter, too: the queue is gone then).
 */
int dxg_ioctl_destroy_hwqueue(struct dxg_process *process, void *data,
			      void __user *user)
{
	const struct d3dkmt_destroyhwqueue *args = data;
	struct dxg_destroy destroy;
	struct dxg_hwqueue *queue;
	int ret;

	ret = dxg_destroy_begin(&destroy, process, DXG_HWQUEUE, args->queue.v,
				DXGK_VMBCOMMAND_DESTROYHWQUEUE);
	if (ret)
		return ret;
	queue = container_of(destroy.object, struct dxg_hwqueue, obj);
	if (down_read_killable(&queue->context->lock)) {
		ret = -ERESTARTSYS;
		goto end;
	}
	if (dxg_queue_fence_remove(&queue->fence, &process->objects)) {
		dxg_device_remove_child(queue->obj.device, &queue->obj);
		ret = dxg_destroy_send(&destroy);
	} else {
		ret = -EINVAL;
	}
	up_read(&queue->context->lock);
end:
	dxg_destroy_end(&destroy);
	return ret;
}
