// SPDX-License-Identifier: GPL-2.0
/*
 * Paging queues: CreatePagingQueue, DestroyPagingQueue.
 *
 * A queue has a fence, a second handle with a page that the process polls to
 * see residency changes and GPU mappings complete.  It holds a reference on its
 * device.
 *
 * Locks: none beyond dxg_device.lock, held shared from look-up to the host's
 * answer; see docs/locking.md.
 */
#include <linux/slab.h>

#include "cpu_mapping.h"
#include "device.h"
#include "host_message.h"
#include "host_object.h"
#include "ioctl_table.h"
#include "process.h"

static void dxg_paging_queue_release(struct dxg_object *obj)
{
	struct dxg_paging_queue *queue =
		container_of(obj, struct dxg_paging_queue, obj);

	dxg_object_put(&obj->device->obj);
	kfree_rcu(queue, obj.rcu);
}

static struct dxg_paging_queue *dxg_paging_queue_new(struct dxg_device *device)
{
	struct dxg_paging_queue *queue;

	queue = kzalloc(sizeof(*queue), GFP_KERNEL_ACCOUNT);
	if (!queue)
		return NULL;
	dxg_object_init(&queue->obj, DXG_PAGING_QUEUE, device->obj.adapter,
			device, dxg_paging_queue_release);
	dxg_object_get(&device->obj);
	dxg_queue_fence_init(&queue->fence, &queue->obj);
	return queue;
}

/* The creator's references; the rest belongs to table and list. */
static void dxg_paging_queue_put(struct dxg_paging_queue *queue)
{
	dxg_object_put(&queue->fence.obj);
	dxg_object_put(&queue->obj);
}

static struct dxg_request *
dxg_paging_queue_create_on_host(const struct dxg_scope *scope,
				const struct d3dkmt_createpagingqueue *args)
{
	const struct dxg_ret_createpagingqueue *reply;
	struct dxg_cmd_createpagingqueue *cmd;
	struct dxg_request *request;
	struct dxg_message msg;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_CREATEPAGINGQUEUE, sizeof(*cmd));
	if (IS_ERR(cmd))
		return ERR_CAST(cmd);
	cmd->args.device = args->device;
	cmd->args.priority = args->priority;
	cmd->args.physical_adapter_index = args->physical_adapter_index;
	request = dxg_host_object_create(&msg, sizeof(*reply),
					 DXGK_VMBCOMMAND_DESTROYPAGINGQUEUE,
					 offsetof(typeof(*reply),
						  paging_queue));
	dxg_message_free(&msg);
	return request;
}

/* Results to the user, then the queue becomes visible.  0 or an errno. */
static int
dxg_paging_queue_finish(struct dxg_paging_queue *queue,
			const struct dxg_ret_createpagingqueue *reply,
			struct d3dkmt_createpagingqueue *args,
			struct d3dkmt_createpagingqueue __user *uargs)
{
	struct dxg_device *device = queue->obj.device;
	struct dxg_handle_table *table = &device->process->objects;
	int ret;

	ret = dxg_queue_fence_open(&queue->fence, table, reply->paging_queue.v,
				   reply->sync_object.v,
				   reply->fence_storage_physical_address);
	if (ret)
		return ret;

	args->paging_queue = reply->paging_queue;
	args->sync_object = reply->sync_object;
	args->fence_cpu_virtual_address = dxg_view_address(queue->fence.view);
	ret = dxg_write_back(uargs, args, paging_queue) ?:
	      dxg_write_back(uargs, args, sync_object) ?:
	      dxg_write_back(uargs, args, fence_cpu_virtual_address);
	if (ret) {
		dxg_queue_fence_abort(&queue->fence, table,
				      reply->paging_queue.v,
				      reply->sync_object.v);
		return ret;
	}
	dxg_device_add_child(device, &device->paging_queues, &queue->obj);
	dxg_queue_fence_publish(&queue->fence, table, reply->paging_queue.v,
				reply->sync_object.v);
	return 0;
}

/**
 * dxg_ioctl_create_paging_queue() - LX_DXCREATEPAGINGQUEUE
 * @process: caller
 * @data: struct d3dkmt_createpagingqueue, private copy
 * @user: the same in user memory
 *
 * Return: 0; -EINVAL, -ENODEV, -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_create_paging_queue(struct dxg_process *process, void *data,
				  void __user *user)
{
	struct d3dkmt_createpagingqueue *args = data;
	const struct dxg_ret_createpagingqueue *reply;
	struct dxg_paging_queue *queue;
	struct dxg_request *request;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	queue = dxg_paging_queue_new(scope.device);
	if (!queue) {
		ret = -ENOMEM;
		goto leave;
	}
	request = dxg_paging_queue_create_on_host(&scope, args);
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
		goto put;
	}
	reply = request->reply;
	ret = dxg_paging_queue_finish(queue, reply, args, user);
	if (ret)
		dxg_host_object_undo(process, scope.adapter,
				     DXGK_VMBCOMMAND_DESTROYPAGINGQUEUE,
				     reply->paging_queue.v, DXG_WAIT_KILLABLE);
	dxg_request_put(request);
put:
	dxg_paging_queue_put(queue);
leave:
	dxg_scope_leave(&scope);
	return ret;
}

/**
 * dxg_device_dismantle_paging_queues() - local end of a device's paging queues
 * @device: device that is marked destroyed, so that nothing uses its children
 */
void dxg_device_dismantle_paging_queues(struct dxg_device *device)
{
	struct dxg_paging_queue *queue;
	struct dxg_object *obj;

	while ((obj = dxg_device_pop_child(device, &device->paging_queues))) {
		queue = container_of(obj, struct dxg_paging_queue, obj);
		dxg_queue_fence_remove(&queue->fence,
				       &device->process->objects);
		dxg_object_put(obj);
		cond_resched();
	}
}

/**
 * dxg_ioctl_destroy_paging_queue() - LX_DXDESTROYPAGINGQUEUE
 * @process: caller
 * @data: struct d3dddi_destroypagingqueue, private copy
 * @user: not used
 *
 * Return: 0; -EINVAL, -ENOMEM, transport errors (-ENODEV from a stopped
 * adapter, too: the queue is gone then).
 */
int dxg_ioctl_destroy_paging_queue(struct dxg_process *process, void *data,
				   void __user *user)
{
	const struct d3dddi_destroypagingqueue *args = data;
	struct dxg_paging_queue *queue;
	struct dxg_destroy destroy;
	int ret;

	ret = dxg_destroy_begin(&destroy, process, DXG_PAGING_QUEUE,
				args->paging_queue.v,
				DXGK_VMBCOMMAND_DESTROYPAGINGQUEUE);
	if (ret)
		return ret;
	queue = container_of(destroy.object, struct dxg_paging_queue, obj);
	if (dxg_queue_fence_remove(&queue->fence, &process->objects)) {
		dxg_device_remove_child(queue->obj.device, &queue->obj);
		ret = dxg_destroy_send(&destroy);
	} else {
		ret = -EINVAL;
	}
	dxg_destroy_end(&destroy);
	return ret;
}
