// SPDX-License-Identifier: GPL-2.0
/*
 * Devices: CreateDevice, DestroyDevice, GetDeviceState, the lists of children,
 * and the end of a device, however it comes about (device_teardown.c).
 *
 * Locks: dxg_device.lock, dxg_device.children_lock,
 * dxg_process_adapter.devices_lock; see docs/locking.md.
 */
#include <linux/slab.h>

#include "adapter.h"
#include "device.h"
#include "host_call.h"
#include "host_message.h"
#include "host_object.h"
#include "ioctl_table.h"
#include "process.h"

/* Counts the host's reports that the state of some device changed. */
static atomic_t dxg_state_counter = ATOMIC_INIT(0);

/**
 * dxg_device_state_changed() - the host reports a change of device state
 *
 * Context: any.
 */
void dxg_device_state_changed(void)
{
	atomic_inc(&dxg_state_counter);
}

static u64 dxg_execution_pack(u32 state, u32 counter)
{
	return (u64)counter << 32 | state;
}

static void dxg_device_release(struct dxg_object *obj)
{
	struct dxg_device *device = container_of(obj, struct dxg_device, obj);

	mutex_destroy(&device->children_lock);
	dxg_object_put(device->adapter_handle);
	dxg_process_put(device->process);
	kfree_rcu(device, obj.rcu);
}

static struct dxg_device *dxg_device_new(const struct dxg_scope *scope)
{
	struct dxg_adapter_handle *handle =
		container_of(scope->object, struct dxg_adapter_handle, obj);
	struct dxg_device *device;

	device = kzalloc(sizeof(*device), GFP_KERNEL_ACCOUNT);
	if (!device)
		return NULL;
	dxg_object_init(&device->obj, DXG_DEVICE, scope->adapter, device,
			dxg_device_release);
	dxg_process_get(scope->process);
	device->process = scope->process;
	dxg_object_get(&handle->obj);
	device->adapter_handle = &handle->obj;
	device->pa = handle->pa;
	init_rwsem(&device->lock);
	mutex_init(&device->children_lock);
	INIT_LIST_HEAD(&device->contexts);
	INIT_LIST_HEAD(&device->paging_queues);
	INIT_LIST_HEAD(&device->allocations);
	INIT_LIST_HEAD(&device->resources);
	INIT_LIST_HEAD(&device->sync_objects);
	INIT_LIST_HEAD(&device->backings);
	atomic64_set(&device->execution,
		     dxg_execution_pack(_D3DKMT_DEVICEEXECUTION_ACTIVE,
					atomic_read(&dxg_state_counter)));
	dxg_device_teardown_init(device);
	return device;
}

/**
 * dxg_device_add_child() - put an object on a list of its device
 * @device: device, locked shared and alive
 * @list: list of the device or of one of its children
 * @child: object that is not on a list
 *
 * The list takes a reference.  Do it before the handle is published, so that
 * whoever destroys the child finds it listed.
 */
void dxg_device_add_child(struct dxg_device *device, struct list_head *list,
			  struct dxg_object *child)
{
	dxg_object_get(child);
	mutex_lock(&device->children_lock);
	list_add_tail(&child->link, list);
	mutex_unlock(&device->children_lock);
}

/**
 * dxg_device_remove_child() - take an object off its list
 * @device: device
 * @child: object, listed or not; the caller holds a reference
 *
 * Drops the reference of the list.
 */
void dxg_device_remove_child(struct dxg_device *device,
			     struct dxg_object *child)
{
	bool listed;

	mutex_lock(&device->children_lock);
	listed = !list_empty(&child->link);
	list_del_init(&child->link);
	mutex_unlock(&device->children_lock);
	if (listed)
		dxg_object_put(child);
}

/**
 * dxg_device_pop_child() - take the first object off a list
 * @device: device
 * @list: list as in dxg_device_add_child()
 *
 * Return: object with the reference of the list; NULL when the list is empty.
 */
struct dxg_object *dxg_device_pop_child(struct dxg_device *device,
					struct list_head *list)
{
	struct dxg_object *child;

	mutex_lock(&device->children_lock);
	child = list_first_entry_or_null(list, struct dxg_object, link);
	if (child)
		list_del_init(&child->link);
	mutex_unlock(&device->children_lock);
	return child;
}

static int dxg_device_create_on_host(const struct dxg_scope *scope,
				     struct d3dkmt_createdevice *args)
{
	const struct dxg_ret_createdevice *reply;
	struct dxg_cmd_createdevice *cmd;
	struct dxg_request *request;
	struct dxg_message msg;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_CREATEDEVICE, sizeof(*cmd));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->flags = args->flags;
	cmd->error_code = DXG_STATE_COOKIE;
	request = dxg_host_object_create(&msg, sizeof(*reply),
					 DXGK_VMBCOMMAND_DESTROYDEVICE,
					 offsetof(typeof(*reply), device));
	dxg_message_free(&msg);
	if (IS_ERR(request))
		return PTR_ERR(request);
	reply = request->reply;
	args->device = reply->device;
	dxg_request_put(request);
	return 0;
}

/* List the device and make its handle visible; -EINVAL: adapter just closed. */
static int dxg_device_publish(struct dxg_device *device, u32 handle)
{
	struct dxg_process_adapter *pa = device->pa;
	int ret = 0;

	mutex_lock(&pa->devices_lock);
	if (pa->closing) {
		ret = -EINVAL;
	} else {
		dxg_object_get(&device->obj);
		list_add_tail(&device->obj.link, &pa->devices);
		dxg_handle_publish(&device->process->objects, &device->obj,
				   handle);
	}
	mutex_unlock(&pa->devices_lock);
	return ret;
}

/**
 * dxg_ioctl_create_device() - LX_DXCREATEDEVICE
 * @process: caller
 * @data: struct d3dkmt_createdevice, private copy
 * @user: the same in user memory
 *
 * A zero handle is the host's only way to refuse.
 *
 * Return: 0; -EINVAL, -ENODEV, -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_create_device(struct dxg_process *process, void *data,
			    void __user *user)
{
	struct d3dkmt_createdevice __user *uargs = user;
	struct d3dkmt_createdevice *args = data;
	struct dxg_device *device;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_ADAPTER, args->adapter.v);
	if (ret)
		return ret;
	device = dxg_device_new(&scope);
	if (!device) {
		ret = -ENOMEM;
		goto leave;
	}
	ret = dxg_device_create_on_host(&scope, args);
	if (ret)
		goto put;
	ret = dxg_handle_reserve(&process->objects, args->device.v);
	if (ret)
		goto undo;
	ret = dxg_write_back(uargs, args, device) ?:
	      dxg_device_publish(device, args->device.v);
	if (!ret)
		goto put;

	dxg_handle_unreserve(&process->objects, args->device.v);
undo:
	dxg_host_object_undo(process, scope.adapter,
			     DXGK_VMBCOMMAND_DESTROYDEVICE, args->device.v,
			     DXG_WAIT_KILLABLE);
put:
	dxg_object_put(&device->obj);
leave:
	dxg_scope_leave(&scope);
	return ret;
}

/**
 * dxg_ioctl_destroy_device() - LX_DXDESTROYDEVICE
 * @process: caller
 * @data: struct d3dkmt_destroydevice, private copy
 * @user: not used
 *
 * What the host says, and whether it is still there, does not matter.
 *
 * Return: 0; -EINVAL; -ERESTARTSYS when the caller is being killed: the device
 * then ends without it.
 */
int dxg_ioctl_destroy_device(struct dxg_process *process, void *data,
			     void __user *user)
{
	const struct d3dkmt_destroydevice *args = data;
	struct dxg_object *obj;
	int ret;

	obj = dxg_handle_remove(&process->objects, args->device.v, DXG_DEVICE);
	if (!obj)
		return -EINVAL;
	ret = dxg_device_destroy(container_of(obj, struct dxg_device, obj));
	dxg_object_put(obj);
	return ret;
}

/**
 * dxg_ioctl_mark_device_as_error() - LX_DXMARKDEVICEASERROR
 * @process: caller
 * @data: struct d3dkmt_markdeviceaserror, private copy
 * @user: not used
 *
 * From then on the device is in the state "reset".
 *
 * Return: 0; the host's status; -EINVAL, -ENODEV, transport errors.
 */
int dxg_ioctl_mark_device_as_error(struct dxg_process *process, void *data,
				   void __user *user)
{
	const struct d3dkmt_markdeviceaserror *args = data;
	const struct dxg_cmd_markdeviceaserror cmd = { .args = *args };
	struct dxg_scope scope;
	u32 counter;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	counter = atomic_read_acquire(&dxg_state_counter);
	ret = dxg_host_call_status(&scope, DXGK_VMBCOMMAND_MARKDEVICEASERROR,
				   &cmd, sizeof(cmd));
	if (ret >= 0)
		atomic64_set(&scope.device->execution,
			     dxg_execution_pack(_D3DKMT_DEVICEEXECUTION_RESET,
						counter));
	dxg_scope_leave(&scope);
	return ret;
}

/* Ask the host; for EXECUTION remember the answer. */
static int dxg_device_query_state(const struct dxg_scope *scope,
				  struct d3dkmt_getdevicestate *args)
{
	struct dxg_device *device = scope->device;
	u64 cached = atomic64_read(&device->execution);
	u32 counter = atomic_read_acquire(&dxg_state_counter);
	const struct dxg_cmd_getdevicestate cmd = {
		.args.device = args->device,
		.args.state_type = args->state_type,
	};
	struct dxg_ret_getdevicestate reply;
	int ret;

	ret = dxg_host_call(scope, DXGK_VMBCOMMAND_GETDEVICESTATE, &cmd,
			    sizeof(cmd), &reply, sizeof(reply)) ?:
	      dxg_status_to_errno(reply.status.v);
	if (ret < 0)
		return ret;

	/* whoever changed the cache meanwhile knows better */
	if (args->state_type == _D3DKMT_DEVICESTATE_EXECUTION)
		atomic64_cmpxchg(&device->execution, cached,
				 dxg_execution_pack(reply.args.execution_state,
						    counter));
	memcpy(args->alignment, reply.args.alignment, sizeof(args->alignment));
	return 0;
}

/*
 * The answer if no device changed its state since this one was asked, else 0.
 * Clients ask before every submission, so this takes no lock.
 */
static u32 dxg_device_cached_state(struct dxg_process *process, u32 handle)
{
	struct dxg_device *device;
	struct dxg_object *obj;
	u64 execution;
	u32 state = 0;

	obj = dxg_handle_lookup(&process->objects, handle, DXG_DEVICE);
	if (!obj)
		return 0;
	device = container_of(obj, struct dxg_device, obj);
	execution = atomic64_read(&device->execution);
	if (execution >> 32 == (u32)atomic_read(&dxg_state_counter) &&
	    dxg_adapter_active(obj->adapter))
		state = lower_32_bits(execution);
	dxg_object_put(obj);
	return state;
}

/**
 * dxg_ioctl_get_device_state() - LX_DXGETDEVICESTATE
 * @process: caller
 * @data: struct d3dkmt_getdevicestate, private copy
 * @user: the same in user memory
 *
 * The execution state comes from a cache that is valid as long as the host has
 * reported no change (docs/protocol.md, Device state).
 *
 * Return: 0; the host's status as errno; -EINVAL, -ENODEV, -EFAULT, transport
 * errors.
 */
int dxg_ioctl_get_device_state(struct dxg_process *process, void *data,
			       void __user *user)
{
	struct d3dkmt_getdevicestate __user *uargs = user;
	struct d3dkmt_getdevicestate *args = data;
	struct dxg_scope scope;
	int ret;

	if (args->state_type == _D3DKMT_DEVICESTATE_EXECUTION) {
		args->execution_state =
			dxg_device_cached_state(process, args->device.v);
		if (args->execution_state)
			return dxg_write_back(uargs, args, execution_state);
	}
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	ret = dxg_device_query_state(&scope, args);
	dxg_scope_leave(&scope);
	return ret ?: dxg_write_back(uargs, args, alignment);
}
