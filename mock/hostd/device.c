// SPDX-License-Identifier: GPL-2.0
/*
 * Devices: creation, state, and the reaping of all they own.  Callers hold
 * the engine lock.
 */
#include <stdlib.h>
#include <string.h>

#include "allocation.h"
#include "commands.h"
#include "context.h"
#include "cpu_wait.h"
#include "device.h"
#include "paging_queue.h"
#include "process.h"
#include "sync_object.h"

/**
 * device_lookup() - device named in a request
 * @rq: request
 * @handle: device handle
 *
 * Return: the device, or NULL when the process has none of that handle on the
 * adapter of the request.
 */
struct device *device_lookup(struct request *rq, struct d3dkmthandle handle)
{
	struct device *device = handle_lookup(&rq->process->handles, handle.v,
					      OBJECT_DEVICE);

	if (device && rq->adapter && device->adapter != rq->adapter) {
		violation(rq->host, "%s: device %#x is on another adapter",
			  host_command_name(rq->command), handle.v);
		return NULL;
	}
	return device;
}

/**
 * handle_createdevice() - CREATEDEVICE
 * @rq: request
 *
 * Return: NTSTATUS; a failure is seen as a zero handle.
 */
int32_t handle_createdevice(struct request *rq)
{
	const struct dxg_cmd_createdevice *cmd = (const void *)rq->cmd;
	struct dxg_ret_createdevice *ret = (void *)rq->reply;
	struct device *device = calloc(1, sizeof(*device));

	if (!device)
		return STATUS_NO_MEMORY;
	device->process = rq->process;
	device->adapter = rq->adapter;
	device->token = cmd->error_code;
	device->state = _D3DKMT_DEVICEEXECUTION_ACTIVE;
	list_init(&device->contexts);
	list_init(&device->allocations);
	list_init(&device->resources);
	list_init(&device->paging_queues);
	list_init(&device->sync_objects);
	device->handle = handle_alloc(&rq->process->handles, OBJECT_DEVICE,
				      device);
	if (!device->handle) {
		free(device);
		return STATUS_NO_MEMORY;
	}
	list_add_tail(&device->link, &rq->process->devices);
	ret->device.v = device->handle;
	return STATUS_SUCCESS;
}

/**
 * device_destroy() - free a device with everything on it
 * @device: device
 */
void device_destroy(struct device *device)
{
	cpu_waits_end_device(device);
	while (!list_empty(&device->contexts))
		context_destroy(list_first_entry(&device->contexts,
						 struct context, link));
	while (!list_empty(&device->paging_queues))
		paging_queue_destroy(list_first_entry(&device->paging_queues,
						      struct paging_queue,
						      link));
	while (!list_empty(&device->sync_objects))
		sync_object_destroy(list_first_entry(&device->sync_objects,
						     struct sync_object,
						     link));
	while (!list_empty(&device->resources))
		resource_destroy(list_first_entry(&device->resources,
						  struct resource, link));
	while (!list_empty(&device->allocations))
		allocation_destroy(list_first_entry(&device->allocations,
						    struct allocation, link));
	handle_free(&device->process->handles, device->handle);
	list_del(&device->link);
	free(device);
}

/**
 * handle_destroydevice() - DESTROYDEVICE
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_destroydevice(struct request *rq)
{
	const struct dxg_cmd_destroydevice *cmd = (const void *)rq->cmd;
	struct device *device = device_lookup(rq, cmd->device);

	if (!device)
		return bad_destroy(rq, &rq->process->handles, cmd->device.v,
				   "device");
	device_destroy(device);
	return STATUS_SUCCESS;
}

/**
 * handle_flushdevice() - FLUSHDEVICE
 * @rq: request
 *
 * The guest sends it before it destroys a device at process exit: what is
 * queued will not run any more.
 *
 * Return: NTSTATUS
 */
int32_t handle_flushdevice(struct request *rq)
{
	const struct dxg_cmd_flushdevice *cmd = (const void *)rq->cmd;
	struct device *device = device_lookup(rq, cmd->device);

	if (!device)
		return STATUS_INVALID_HANDLE;
	if (cmd->reason != DXGDEVICE_FLUSHSCHEDULER_DEVICE_TERMINATE)
		return STATUS_INVALID_PARAMETER;
	contexts_flush(device);
	return STATUS_SUCCESS;
}

static void signal_max(struct device *device)
{
	struct list *pos;

	list_for_each(pos, &device->sync_objects) {
		struct sync_core *core = container_of(pos, struct sync_object,
						      link)->core;

		if (!core->flags.no_signal_max_value_on_tdr)
			sync_core_set(core, UINT64_MAX);
	}
}

/**
 * device_error() - a device stops working
 * @device: device
 * @state: one of enum d3dkmt_deviceexecution_state, not ACTIVE
 * @address: faulting GPU virtual address, 0 when there is none
 *
 * Drops all its queued work, lets every waiter go on by moving its fences to
 * the largest value, and tells the guest that the state has changed.
 */
void device_error(struct device *device, uint32_t state, uint64_t address)
{
	if (device->state != _D3DKMT_DEVICEEXECUTION_ACTIVE)
		return;
	device->state = state;
	device->fault_address = address;
	contexts_flush(device);
	contexts_signal_max(device);
	signal_max(device);
	guest_data(device->adapter->host, device->token, 1);
}

/**
 * handle_markdeviceaserror() - MARKDEVICEASERROR
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_markdeviceaserror(struct request *rq)
{
	const struct dxg_cmd_markdeviceaserror *cmd = (const void *)rq->cmd;
	struct device *device = device_lookup(rq, cmd->args.device);

	if (!device)
		return STATUS_INVALID_HANDLE;
	device_error(device, _D3DKMT_DEVICEEXECUTION_RESET, 0);
	return STATUS_SUCCESS;
}

static void page_fault_state(const struct device *device,
			     struct d3dkmt_devicepagefault_state *out)
{
	out->faulted_pipeline_stage = _DXGK_RENDER_PIPELINE_STAGE_UNKNOWN;
	out->page_fault_flags = _DXGK_PAGE_FAULT_ENGINE_RESET_REQUIRED |
				(device->fault_write ? _DXGK_PAGE_FAULT_WRITE
						     : 0);
	out->fault_error_code.general_error_code =
		_DXGK_GENERAL_ERROR_PAGE_FAULT;
	out->faulted_virtual_address = device->fault_address;
}

/**
 * handle_getdevicestate() - GETDEVICESTATE
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_getdevicestate(struct request *rq)
{
	const struct dxg_cmd_getdevicestate *cmd = (const void *)rq->cmd;
	struct dxg_ret_getdevicestate *ret = (void *)rq->reply;
	struct device *device = device_lookup(rq, cmd->args.device);

	if (!device)
		return STATUS_INVALID_HANDLE;
	ret->args.device = cmd->args.device;
	ret->args.state_type = cmd->args.state_type;
	switch (cmd->args.state_type) {
	case _D3DKMT_DEVICESTATE_EXECUTION:
		ret->args.execution_state = device->state;
		return STATUS_SUCCESS;
	case _D3DKMT_DEVICESTATE_PAGE_FAULT:
		if (device->state == _D3DKMT_DEVICEEXECUTION_ERROR_DMAPAGEFAULT)
			page_fault_state(device, &ret->args.page_fault_state);
		return STATUS_SUCCESS;
	case _D3DKMT_DEVICESTATE_PRESENT:
	case _D3DKMT_DEVICESTATE_RESET:
		return STATUS_SUCCESS;
	default:
		return STATUS_INVALID_PARAMETER;
	}
}
