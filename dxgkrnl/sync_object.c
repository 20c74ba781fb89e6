// SPDX-License-Identifier: GPL-2.0
/*
 * Synchronisation objects: CreateSynchronizationObject,
 * DestroySynchronizationObject, and their end with a device or a process.
 *
 * Fences with a value in memory belong to a device and die with it; the host
 * knows that and gets no message.  The others belong to the process.  What the
 * objects do is in gpu_sync.c and cpu_wait.c.
 *
 * Locks: none beyond dxg_device.lock, held shared from look-up to the host's
 * answer, and dxg_device.children_lock; see docs/locking.md.
 */
#include <linux/hyperv.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "cpu_mapping.h"
#include "device.h"
#include "host_event.h"
#include "host_message.h"
#include "host_object.h"
#include "ioctl_table.h"
#include "process.h"
#include "sync_object.h"

static void dxg_shared_sync_object_release(struct dxg_shared_object *base)
{
	kfree(container_of(base, struct dxg_shared_sync_object, base));
}

/**
 * dxg_shared_sync_object_new() - make the shared part of a new sync object
 * @adapter: adapter
 * @type: kind
 * @flags: given by the creator
 *
 * Return: object with a reference for the caller, or NULL.
 */
struct dxg_shared_sync_object *
dxg_shared_sync_object_new(struct dxg_adapter *adapter,
			   enum d3dddi_synchronizationobject_type type,
			   struct d3dddi_synchronizationobject_flags flags)
{
	struct dxg_shared_sync_object *shared;

	shared = kzalloc(sizeof(*shared), GFP_KERNEL_ACCOUNT);
	if (!shared)
		return NULL;
	dxg_shared_object_init(&shared->base, adapter,
			       dxg_shared_sync_object_release);
	shared->type = type;
	shared->flags = flags;
	return shared;
}

static void dxg_sync_object_release(struct dxg_object *obj)
{
	struct dxg_sync_object *sync = to_dxg_sync_object(obj);

	if (sync->shared)
		dxg_shared_object_put(&sync->shared->base);
	if (obj->device)
		dxg_object_put(&obj->device->obj);
	else
		dxg_adapter_put(obj->adapter);
	kfree_rcu(sync, obj.rcu);
}

/**
 * dxg_sync_object_close() - local end of an object
 * @sync: object that nobody can find (any more); the caller is the one to end
 *	it and still has to put it
 */
void dxg_sync_object_close(struct dxg_sync_object *sync)
{
	dxg_view_destroy(sync->view);
	sync->view = NULL;
	if (!sync->event)
		return;
	/* persistent: nobody but its owner takes it out of the table */
	dxg_host_event_withdraw(sync->event->id);
	dxg_eventfd_event_free(sync->event);
	sync->event = NULL;
}

static int dxg_sync_object_open_event(struct dxg_sync_object *sync,
				      struct dxg_process *process, u64 fd)
{
	struct dxg_host_event *event;
	int ret;

	/* only the low half counts; clients may leave anything in the other */
	event = dxg_eventfd_event_create(lower_32_bits(fd), false);
	if (IS_ERR(event))
		return PTR_ERR(event);
	ret = dxg_host_event_add(event, &process->events, sync->obj.adapter);
	if (ret)
		dxg_eventfd_event_free(event);
	else
		sync->event = event;
	return ret;
}

/**
 * dxg_sync_object_new() - make a sync object that nobody can find yet
 * @scope: device and adapter that it is made on
 * @monitored: it has a value in memory, and so belongs to the device
 *
 * Return: object with a reference for the caller, or NULL.
 */
struct dxg_sync_object *dxg_sync_object_new(const struct dxg_scope *scope,
					    bool monitored)
{
	struct dxg_sync_object *sync;

	sync = kzalloc(sizeof(*sync), GFP_KERNEL_ACCOUNT);
	if (!sync)
		return NULL;
	dxg_object_init(&sync->obj, DXG_SYNC_OBJECT, scope->adapter,
			monitored ? scope->device : NULL,
			dxg_sync_object_release);
	if (monitored)
		dxg_object_get(&scope->device->obj);
	else
		dxg_adapter_get(scope->adapter);
	sync->monitored = monitored;
	return sync;
}

/**
 * dxg_sync_object_map() - map the page with the value of a new fence
 * @sync: fence that nobody can find yet; dxg_sync_object_close() unmaps
 * @address: guest physical address, from the host and not trusted
 * @flags: enum dxg_view_flags
 *
 * Context: the process that gets the mapping; may sleep.
 *
 * Return: 0; -ENOMEM, also for an unusable address; -ENODEV when the adapter
 * stopped.
 */
int dxg_sync_object_map(struct dxg_sync_object *sync, u64 address,
			unsigned int flags)
{
	struct dxg_view *view = dxg_view_create(sync->obj.adapter, address,
						HV_HYP_PAGE_SIZE, flags);

	if (IS_ERR(view))
		return PTR_ERR(view);
	sync->view = view;
	return 0;
}

/**
 * dxg_sync_object_publish() - make a sync object visible
 * @sync: object with everything that belongs to it
 * @process: caller
 * @handle: from the host, reserved
 *
 * Cannot fail.  From here on another thread may destroy the object.
 */
void dxg_sync_object_publish(struct dxg_sync_object *sync,
			     struct dxg_process *process, u32 handle)
{
	struct dxg_device *device = sync->obj.device;

	if (device)
		dxg_device_add_child(device, &device->sync_objects, &sync->obj);
	dxg_handle_publish(&process->objects, &sync->obj, handle);
}

/* The object that a CreateSynchronizationObject describes, or an error. */
static struct dxg_sync_object *
dxg_sync_object_from_info(const struct dxg_scope *scope,
			  const struct d3dddi_synchronizationobjectinfo2 *info)
{
	struct dxg_sync_object *sync;
	int ret = 0;

	/* native fences have an ioctl of their own */
	if (info->type == _D3DDDI_NATIVE_FENCE ||
	    (info->flags.shared && !info->flags.nt_security_sharing))
		return ERR_PTR(-EINVAL);
	sync = dxg_sync_object_new(scope,
				   info->type == _D3DDDI_MONITORED_FENCE ||
				   info->type == _D3DDDI_PERIODIC_MONITORED_FENCE);
	if (!sync)
		return ERR_PTR(-ENOMEM);
	if (info->flags.shared) {
		sync->shared = dxg_shared_sync_object_new(scope->adapter,
							  info->type,
							  info->flags);
		if (!sync->shared)
			ret = -ENOMEM;
	}
	if (!ret && info->type == _D3DDDI_CPU_NOTIFICATION)
		ret = dxg_sync_object_open_event(sync, scope->process,
						 info->cpu_notification.event);
	if (!ret)
		return sync;
	dxg_object_put(&sync->obj);
	return ERR_PTR(ret);
}

/* Nothing that the caller left in an output field goes anywhere. */
static void
dxg_sync_object_clear_outputs(struct d3dkmt_createsynchronizationobject2 *args)
{
	struct d3dddi_synchronizationobjectinfo2 *info = &args->info;

	args->sync_object.v = 0;
	info->shared_handle.v = 0;
	if (info->type == _D3DDDI_MONITORED_FENCE) {
		info->monitored_fence.fence_cpu_virtual_address = 0;
		info->monitored_fence.fence_gpu_virtual_address = 0;
	} else if (info->type == _D3DDDI_PERIODIC_MONITORED_FENCE) {
		info->periodic_monitored_fence.fence_cpu_virtual_address = 0;
		info->periodic_monitored_fence.fence_gpu_virtual_address = 0;
	}
}

static struct dxg_request *
dxg_sync_object_create_on_host(const struct dxg_scope *scope,
			       const struct dxg_sync_object *sync,
			       const struct d3dkmt_createsynchronizationobject2 *args)
{
	const struct dxg_ret_createsyncobject *reply;
	struct dxg_cmd_createsyncobject *cmd;
	struct dxg_request *request;
	struct dxg_message msg;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_CREATESYNCOBJECT, sizeof(*cmd));
	if (IS_ERR(cmd))
		return ERR_CAST(cmd);
	cmd->args = *args;
	if (sync->event)
		cmd->args.info.cpu_notification.event = sync->event->id;
	cmd->client_hint = 1;
	request = dxg_host_object_create(&msg, sizeof(*reply),
					 DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
					 offsetof(typeof(*reply), sync_object));
	dxg_message_free(&msg);
	return request;
}

static int
dxg_sync_object_write_back(const struct dxg_sync_object *sync,
			   struct d3dkmt_createsynchronizationobject2 *args,
			   struct d3dkmt_createsynchronizationobject2 __user *uargs,
			   const struct dxg_ret_createsyncobject *reply)
{
	struct d3dddi_synchronizationobjectinfo2 __user *uinfo = &uargs->info;
	struct d3dddi_synchronizationobjectinfo2 *info = &args->info;
	typeof(info->periodic_monitored_fence) __user *uperiodic;
	typeof(info->periodic_monitored_fence) *periodic;
	typeof(info->monitored_fence) __user *ufence;
	typeof(info->monitored_fence) *fence;
	int ret;

	args->sync_object = reply->sync_object;
	ret = dxg_write_back(uargs, args, sync_object);
	if (!ret && sync->shared) {
		info->shared_handle = reply->global_sync_object;
		ret = dxg_write_back(uinfo, info, shared_handle);
	}
	if (ret || !sync->monitored)
		return ret;

	if (info->type == _D3DDDI_MONITORED_FENCE) {
		ufence = &uinfo->monitored_fence;
		fence = &info->monitored_fence;
		fence->fence_cpu_virtual_address = dxg_view_address(sync->view);
		fence->fence_gpu_virtual_address = reply->fence_gpu_va;
		return dxg_write_back(ufence, fence, fence_cpu_virtual_address) ?:
		       dxg_write_back(ufence, fence, fence_gpu_virtual_address);
	}
	uperiodic = &uinfo->periodic_monitored_fence;
	periodic = &info->periodic_monitored_fence;
	periodic->fence_cpu_virtual_address = dxg_view_address(sync->view);
	periodic->fence_gpu_virtual_address = reply->fence_gpu_va;
	return dxg_write_back(uperiodic, periodic, fence_cpu_virtual_address) ?:
	       dxg_write_back(uperiodic, periodic, fence_gpu_virtual_address);
}

/* Results to the user, then the object becomes visible.  0 or an errno. */
static int
dxg_sync_object_finish(struct dxg_sync_object *sync, struct dxg_process *process,
		       struct d3dkmt_createsynchronizationobject2 *args,
		       struct d3dkmt_createsynchronizationobject2 __user *uargs,
		       const struct dxg_ret_createsyncobject *reply)
{
	int ret;

	if (sync->shared && !reply->global_sync_object.v)
		return -EINVAL;
	ret = dxg_handle_reserve(&process->objects, reply->sync_object.v);
	if (ret)
		return ret;
	if (sync->monitored)
		ret = dxg_sync_object_map(sync, reply->fence_storage_address,
					  dxg_fence_view_flags(true));
	if (!ret)
		ret = dxg_sync_object_write_back(sync, args, uargs, reply);
	if (ret) {
		dxg_handle_unreserve(&process->objects, reply->sync_object.v);
		return ret;
	}
	if (sync->shared)
		sync->shared->host_handle = reply->global_sync_object.v;
	dxg_sync_object_publish(sync, process, reply->sync_object.v);
	return 0;
}

/**
 * dxg_ioctl_create_synchronization_object() - LX_DXCREATESYNCHRONIZATIONOBJECT
 * @process: caller
 * @data: struct d3dkmt_createsynchronizationobject2, private copy
 * @user: the same in user memory
 *
 * Kinds that are not known here are left to the host.  A zero handle is the
 * host's only way to refuse.
 *
 * Return: 0; -EINVAL, -ENODEV, -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_create_synchronization_object(struct dxg_process *process,
					    void *data, void __user *user)
{
	struct d3dkmt_createsynchronizationobject2 *args = data;
	const struct dxg_ret_createsyncobject *reply;
	struct dxg_sync_object *sync;
	struct dxg_request *request;
	struct dxg_scope scope;
	int ret;

	dxg_sync_object_clear_outputs(args);
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	sync = dxg_sync_object_from_info(&scope, &args->info);
	if (IS_ERR(sync)) {
		ret = PTR_ERR(sync);
		goto leave;
	}
	request = dxg_sync_object_create_on_host(&scope, sync, args);
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
		dxg_sync_object_close(sync);
		goto put;
	}
	reply = request->reply;
	ret = dxg_sync_object_finish(sync, process, args, user, reply);
	if (ret) {
		dxg_sync_object_close(sync);
		dxg_host_object_undo(process, NULL,
				     DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
				     reply->sync_object.v, DXG_WAIT_KILLABLE);
	}
	dxg_request_put(request);
put:
	dxg_object_put(&sync->obj);
leave:
	dxg_scope_leave(&scope);
	return ret;
}

/**
 * dxg_ioctl_destroy_synchronization_object() - LX_DXDESTROYSYNCHRONIZATIONOBJECT
 * @process: caller
 * @data: struct d3dkmt_destroysynchronizationobject, private copy
 * @user: not used
 *
 * Works with a stopped adapter, too, as long as the host can be reached.
 *
 * Return: the host's status as errno or success code; -EINVAL, -ENOMEM,
 * transport errors (the object is gone then, but for -ENOMEM).
 */
int dxg_ioctl_destroy_synchronization_object(struct dxg_process *process,
					     void *data, void __user *user)
{
	const struct d3dkmt_destroysynchronizationobject *args = data;
	struct dxg_sync_object *sync;
	struct dxg_destroy destroy;
	int ret;

	ret = dxg_destroy_begin(&destroy, process, DXG_SYNC_OBJECT,
				args->sync_object.v,
				DXGK_VMBCOMMAND_DESTROYSYNCOBJECT);
	if (ret)
		return ret;
	sync = to_dxg_sync_object(destroy.object);
	if (dxg_handle_remove_object(&process->objects, &sync->obj)) {
		dxg_object_put(&sync->obj);
		dxg_sync_object_close(sync);
		if (sync->obj.device)
			dxg_device_remove_child(sync->obj.device, &sync->obj);
		ret = dxg_destroy_send(&destroy);
	} else {
		ret = -EINVAL;
	}
	dxg_destroy_end(&destroy);
	return ret;
}

/**
 * dxg_device_dismantle_sync_objects() - local end of a device's sync objects
 * @device: device that is marked destroyed, so that nothing uses its children
 *
 * They stay listed until dxg_device_release_sync_objects(): a shared one lasts
 * as long as the host has it.
 */
void dxg_device_dismantle_sync_objects(struct dxg_device *device)
{
	struct dxg_object *obj;

	mutex_lock(&device->children_lock);
	list_for_each_entry(obj, &device->sync_objects, link) {
		if (dxg_handle_remove_object(&device->process->objects, obj))
			dxg_object_put(obj);
		dxg_sync_object_close(to_dxg_sync_object(obj));
		cond_resched();
	}
	mutex_unlock(&device->children_lock);
}

/**
 * dxg_device_release_sync_objects() - drop a device's sync objects
 * @device: device that is gone on the host
 */
void dxg_device_release_sync_objects(struct dxg_device *device)
{
	struct dxg_object *obj;

	while ((obj = dxg_device_pop_child(device, &device->sync_objects))) {
		dxg_object_put(obj);
		cond_resched();
	}
}

static void dxg_process_release_listed(struct dxg_process *process,
				       struct xarray *entries)
{
	struct dxg_object *obj;
	unsigned long index;

	xa_for_each(entries, index, obj) {
		if (obj->type != DXG_SYNC_OBJECT ||
		    !dxg_handle_remove_object(&process->objects, obj))
			continue;
		dxg_sync_object_close(to_dxg_sync_object(obj));
		dxg_object_put(obj);
		cond_resched();
	}
}

/**
 * dxg_process_release_sync_objects() - end of the sync objects without a device
 * @process: process that is being torn down; its devices are gone
 *
 * The host is not told: it drops them with the process.
 */
void dxg_process_release_sync_objects(struct dxg_process *process)
{
	dxg_process_release_listed(process, &process->objects.xa);
	dxg_process_release_listed(process, &process->objects.displaced);
}
