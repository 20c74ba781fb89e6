// SPDX-License-Identifier: GPL-2.0
/*
 * Native fences: CREATENATIVEFENCE, OPENNATIVEFENCEFROMNTHANDLE.  The monitored
 * value lies behind the current one, in the same page, and means nothing to this
 * software GPU, which looks at every wait anyway.  Callers hold the engine lock.
 */
#include <string.h>

#include "commands.h"
#include "device.h"
#include "process.h"
#include "sharing.h"

/* Where both values are, and the driver's data with every byte inverted. */
static void describe(const struct sync_object *object,
		     const uint8_t data[D3DDDI_NATIVE_FENCE_PDD_SIZE],
		     struct dxg_ret_createnativefence *ret)
{
	unsigned int i;

	ret->sync_object.v = object->handle;
	ret->current_value_gpu_va = object->gpu_va;
	ret->monitored_value_gpu_va = object->gpu_va ? object->gpu_va + 8 : 0;
	if (!object->core->intra_gpu)
		ret->current_value_physical_address =
			sync_core_address(object->core);
	for (i = 0; i < sizeof(ret->private_driver_data); i++)
		ret->private_driver_data[i] = (uint8_t)~data[i];
}

/**
 * handle_createnativefence() - CREATENATIVEFENCE
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_createnativefence(struct request *rq)
{
	const struct dxg_cmd_createnativefence *cmd = (const void *)rq->cmd;
	const struct d3dddi_nativefenceinfo *info = &cmd->args.info;
	struct dxg_ret_createnativefence *ret = (void *)rq->reply;
	struct device *device = device_lookup(rq, cmd->args.device);
	struct sync_object *object = NULL;
	struct sync_core *core;

	if (!device)
		return STATUS_INVALID_HANDLE;
	if (cmd->flags || cmd->args.sync_object.v ||
	    info->native_fence_mapping.current_value_cpu_va)
		violation(rq->host, "CREATENATIVEFENCE: stray bits");
	if (info->flags.shared != info->flags.nt_security_sharing ||
	    info->type > D3DDDI_NATIVEFENCE_TYPE_INTRA_GPU)
		return STATUS_INVALID_PARAMETER;
	core = sync_core_create(device->adapter, _D3DDDI_NATIVE_FENCE,
				info->initial_fence_value);
	if (!core)
		return STATUS_NO_MEMORY;
	core->flags = info->flags;
	core->intra_gpu = info->type == D3DDDI_NATIVEFENCE_TYPE_INTRA_GPU;
	if (!info->flags.shared || sync_core_share(core))
		object = sync_object_create(device, core, OBJECT_SYNC_OBJECT);
	/* Now the handle keeps it. */
	sync_core_put(core);
	if (!object)
		return STATUS_NO_MEMORY;
	describe(object, cmd->args.private_driver_data, ret);
	ret->global_sync_object.v = object->core->global;
	return STATUS_SUCCESS;
}

/**
 * handle_opennativefencefromnthandle() - OPENNATIVEFENCEFROMNTHANDLE
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_opennativefencefromnthandle(struct request *rq)
{
	const struct dxg_cmd_opennativefencefromnthandle *cmd =
		(const void *)rq->cmd;
	struct device *device = device_lookup(rq, cmd->args.device);
	struct sync_object *object;
	struct nt_handle *nt;

	nt = handle_lookup(&rq->host->shared, cmd->hglobalshare.v,
			   OBJECT_NT_SHARED);
	if (!device || !nt || !nt->core)
		return STATUS_INVALID_HANDLE;
	if (nt->core->type != _D3DDDI_NATIVE_FENCE)
		return STATUS_OBJECT_TYPE_MISMATCH;
	if (nt->core->adapter != device->adapter &&
	    (nt->core->intra_gpu || !nt->core->flags.cross_adapter))
		return STATUS_INVALID_PARAMETER;
	object = sync_object_create(device, nt->core, OBJECT_SYNC_OBJECT);
	if (!object)
		return STATUS_NO_MEMORY;
	object->flags.no_signal |= cmd->args.flags.no_signal;
	object->flags.no_wait |= cmd->args.flags.no_wait;
	/* The replies differ only where this one has nothing. */
	describe(object, cmd->args.private_driver_data, (void *)rq->reply);
	return STATUS_SUCCESS;
}
