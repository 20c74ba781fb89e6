// SPDX-License-Identifier: GPL-2.0
/*
 * Synchronisation objects: values, handles, and the commands that create,
 * open and destroy them.  The value of a monitored fence lives in its page of
 * the I/O space and nowhere else.  Callers hold the engine lock.
 */
#include <stdlib.h>

#include "commands.h"
#include "cpu_wait.h"
#include "device.h"
#include "gpu_address.h"
#include "process.h"
#include "sync_object.h"

static uint64_t *value_slot(const struct sync_core *core)
{
	return (uint64_t *)window_ptr(&core->host->window, core->page);
}

/**
 * sync_core_monitored() - is the value readable by CPU and GPU?
 * @core: object
 *
 * Return: true for monitored, periodic and native fences, paging and progress
 * fences.
 */
bool sync_core_monitored(const struct sync_core *core)
{
	return core->has_page;
}

static bool value_in_page(uint32_t type)
{
	return type == _D3DDDI_MONITORED_FENCE ||
	       type == _D3DDDI_PERIODIC_MONITORED_FENCE ||
	       type == _D3DDDI_NATIVE_FENCE;
}

/**
 * sync_core_create() - make a synchronisation object
 * @adapter: adapter
 * @type: enum d3dddi_synchronizationobject_type
 * @initial: initial value
 *
 * Return: the object with one reference, or NULL when memory or I/O space is
 * short.
 */
struct sync_core *sync_core_create(struct adapter *adapter, uint32_t type,
				   uint64_t initial)
{
	struct sync_core *core = calloc(1, sizeof(*core));

	if (!core)
		return NULL;
	core->host = adapter->host;
	core->adapter = adapter;
	core->refs = 1;
	core->type = type;
	list_init(&core->link);
	list_init(&core->waits);
	if (value_in_page(type)) {
		if (!window_alloc(&core->host->window, 1, &core->page)) {
			free(core);
			return NULL;
		}
		core->has_page = true;
		__atomic_store_n(value_slot(core), initial, __ATOMIC_RELEASE);
	} else {
		core->value = initial;
	}
	if (type == _D3DDDI_PERIODIC_MONITORED_FENCE)
		list_add_tail(&core->link, &adapter->periodic);
	return core;
}

/**
 * sync_core_get() - take a reference
 * @core: object
 *
 * Return: @core
 */
struct sync_core *sync_core_get(struct sync_core *core)
{
	core->refs++;
	return core;
}

/**
 * sync_core_put() - drop a reference
 * @core: object; with the last reference its page is freed and CPU waits for
 *	it end, because nothing can satisfy them any more
 */
void sync_core_put(struct sync_core *core)
{
	if (--core->refs)
		return;
	cpu_waits_end_core(core);
	if (core->global)
		handle_free(&core->host->shared, core->global);
	if (core->has_page)
		window_free(&core->host->window, core->page, 1);
	list_del(&core->link);
	free(core);
}

/**
 * sync_core_share() - give an object a name that others open it by
 * @core: object
 *
 * Return: false when memory is short.
 */
bool sync_core_share(struct sync_core *core)
{
	core->global = handle_alloc(&core->host->shared, OBJECT_SHARED_SYNC,
				    core);
	return core->global;
}

/**
 * sync_core_value() - current value
 * @core: object
 *
 * Return: the value; of a monitored fence the one in its page.
 */
uint64_t sync_core_value(const struct sync_core *core)
{
	if (core->has_page)
		return __atomic_load_n(value_slot(core), __ATOMIC_ACQUIRE);
	return core->value;
}

/**
 * sync_core_changed() - wake those that wait for a value
 * @core: object whose value was changed
 */
void sync_core_changed(struct sync_core *core)
{
	cpu_waits_check(core);
	pthread_cond_broadcast(&core->host->gpu_wake);
}

/**
 * sync_core_set() - store a value and wake those that wait for it
 * @core: object
 * @value: new value
 */
void sync_core_set(struct sync_core *core, uint64_t value)
{
	if (core->has_page)
		__atomic_store_n(value_slot(core), value, __ATOMIC_RELEASE);
	else
		core->value = value;
	sync_core_changed(core);
}

/**
 * sync_periodic_advance() - a frame was shown
 * @adapter: adapter with a display; every fence that follows it counts on
 */
void sync_periodic_advance(struct adapter *adapter)
{
	struct sync_core *core;
	struct list *pos;

	list_for_each(pos, &adapter->periodic) {
		core = container_of(pos, struct sync_core, link);
		sync_core_set(core, sync_core_value(core) + 1);
	}
}

/**
 * sync_core_address() - where the guest's CPUs see the value
 * @core: object
 *
 * Return: guest physical address of its page, 0 when it has none.
 */
uint64_t sync_core_address(const struct sync_core *core)
{
	if (!core->has_page)
		return 0;
	return window_address(&core->host->window, core->page);
}

/**
 * sync_object_create() - give a process a handle to an object
 * @device: device
 * @core: object; the handle takes its own reference
 * @type: OBJECT_SYNC_OBJECT, or OBJECT_FENCE for the fence of a queue
 *
 * Monitored fences are mapped into the GPU address space of the process.
 *
 * Return: the handle's object, or NULL when memory is short.
 */
struct sync_object *sync_object_create(struct device *device,
				       struct sync_core *core,
				       enum object_type type)
{
	struct process *process = device->process;
	struct sync_object *object = calloc(1, sizeof(*object));
	struct gpu_space *space;

	if (!object)
		return NULL;
	list_init(&object->link);
	object->process = process;
	object->adapter = device->adapter;
	object->type = type;
	object->flags = core->flags;
	if (sync_core_monitored(core) && !core->flags.no_gpu_access) {
		space = gpu_space_get(process, device->adapter);
		object->gpu_va = space ? gpu_space_map_fence(space, core) : 0;
		if (!object->gpu_va) {
			free(object);
			return NULL;
		}
	}
	object->core = sync_core_get(core);
	object->handle = handle_alloc(&process->handles, type, object);
	if (!object->handle) {
		sync_object_destroy(object);
		return NULL;
	}
	if (type != OBJECT_SYNC_OBJECT)
		return object;
	if (sync_core_monitored(core)) {
		object->device = device;
		list_add_tail(&object->link, &device->sync_objects);
	} else {
		list_add_tail(&object->link, &process->sync_objects);
	}
	return object;
}

/**
 * sync_object_destroy() - take a handle back
 * @object: object of the handle
 */
void sync_object_destroy(struct sync_object *object)
{
	struct process *process = object->process;

	if (object->gpu_va)
		gpu_space_unmap_fence(process->spaces[object->adapter->index],
				      object->gpu_va);
	if (object->handle)
		handle_free(&process->handles, object->handle);
	list_del(&object->link);
	sync_core_put(object->core);
	free(object);
}

/**
 * sync_object_lookup() - object to wait for or to signal
 * @process: process
 * @handle: handle; queue fences are accepted too
 *
 * Return: the object, or NULL.
 */
struct sync_object *sync_object_lookup(struct process *process,
				       uint32_t handle)
{
	struct sync_object *object = handle_lookup(&process->handles, handle,
						   OBJECT_SYNC_OBJECT);

	if (!object)
		object = handle_lookup(&process->handles, handle, OBJECT_FENCE);
	return object;
}

/* Make the object that CREATESYNCOBJECT describes. */
static struct sync_core *
core_from_info(struct adapter *adapter,
	       const struct d3dddi_synchronizationobjectinfo2 *info,
	       int32_t *status)
{
	struct sync_core *core;
	uint64_t initial = 0;

	*status = STATUS_INVALID_PARAMETER;
	switch (info->type) {
	case _D3DDDI_SYNCHRONIZATION_MUTEX:
		initial = !info->synchronization_mutex.initial_state;
		break;
	case _D3DDDI_SEMAPHORE:
		initial = info->semaphore.initial_count;
		if (!info->semaphore.max_count ||
		    initial > info->semaphore.max_count)
			return NULL;
		break;
	case _D3DDDI_FENCE:
		initial = info->fence.fence_value;
		break;
	case _D3DDDI_CPU_NOTIFICATION:
		if (!info->cpu_notification.event)
			return NULL;
		break;
	case _D3DDDI_MONITORED_FENCE:
		initial = info->monitored_fence.initial_fence_value;
		break;
	case _D3DDDI_PERIODIC_MONITORED_FENCE:
		/* It follows a display, and there is at most one, target 0. */
		if (!adapter->config.display ||
		    info->periodic_monitored_fence.vidpn_target_id)
			return NULL;
		break;
	default:
		return NULL;
	}
	*status = STATUS_NO_MEMORY;
	core = sync_core_create(adapter, info->type, initial);
	if (!core)
		return NULL;
	core->flags = info->flags;
	if (info->type == _D3DDDI_SEMAPHORE)
		core->max_count = info->semaphore.max_count;
	if (info->type == _D3DDDI_CPU_NOTIFICATION)
		core->event = info->cpu_notification.event;
	if (info->flags.shared && !sync_core_share(core)) {
		sync_core_put(core);
		return NULL;
	}
	*status = STATUS_SUCCESS;
	return core;
}

/**
 * handle_createsyncobject() - CREATESYNCOBJECT
 * @rq: request
 *
 * Return: NTSTATUS; a failure is seen as a zero handle.
 */
int32_t handle_createsyncobject(struct request *rq)
{
	const struct dxg_cmd_createsyncobject *cmd = (const void *)rq->cmd;
	struct dxg_ret_createsyncobject *ret = (void *)rq->reply;
	struct device *device = device_lookup(rq, cmd->args.device);
	struct sync_object *object;
	struct sync_core *core;
	int32_t status;

	if (!device)
		return STATUS_INVALID_HANDLE;
	if (cmd->args.info.flags.shared &&
	    !cmd->args.info.flags.nt_security_sharing)
		return STATUS_INVALID_PARAMETER;
	core = core_from_info(device->adapter, &cmd->args.info, &status);
	if (!core)
		return status;
	object = sync_object_create(device, core, OBJECT_SYNC_OBJECT);
	/* Now the handle keeps it. */
	sync_core_put(core);
	if (!object)
		return STATUS_NO_MEMORY;
	ret->sync_object.v = object->handle;
	ret->global_sync_object.v = core->global;
	ret->fence_gpu_va = object->gpu_va;
	ret->fence_storage_address = sync_core_address(core);
	return STATUS_SUCCESS;
}

/**
 * handle_opensyncobject() - OPENSYNCOBJECT
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_opensyncobject(struct request *rq)
{
	const struct dxg_cmd_opensyncobject *cmd = (const void *)rq->cmd;
	struct dxg_ret_opensyncobject *ret = (void *)rq->reply;
	struct device *device = device_lookup(rq, cmd->device);
	struct sync_object *object;
	struct sync_core *core;

	core = handle_lookup(&rq->host->shared, cmd->global_sync_object.v,
			     OBJECT_SHARED_SYNC);
	if (!device || !core)
		return STATUS_INVALID_HANDLE;
	if (core->adapter != device->adapter && !core->flags.cross_adapter)
		return STATUS_INVALID_PARAMETER;
	if (core->type == _D3DDDI_NATIVE_FENCE && !cmd->flags.no_signal)
		violation(rq->host, "OPENSYNCOBJECT of a native fence");
	object = sync_object_create(device, core, OBJECT_SYNC_OBJECT);
	if (!object)
		return STATUS_NO_MEMORY;
	object->flags.no_signal |= cmd->flags.no_signal;
	object->flags.no_wait |= cmd->flags.no_wait;
	ret->sync_object.v = object->handle;
	ret->gpu_virtual_address = object->gpu_va;
	ret->guest_cpu_physical_address = sync_core_address(core);
	return STATUS_SUCCESS;
}

/**
 * handle_destroysyncobject() - DESTROYSYNCOBJECT
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_destroysyncobject(struct request *rq)
{
	const struct dxg_cmd_destroysyncobject *cmd = (const void *)rq->cmd;
	struct sync_object *object;

	object = handle_lookup(&rq->process->handles, cmd->sync_object.v,
			       OBJECT_SYNC_OBJECT);
	if (!object)
		return bad_destroy(rq, &rq->process->handles,
				   cmd->sync_object.v, "sync object");
	sync_object_destroy(object);
	return STATUS_SUCCESS;
}
