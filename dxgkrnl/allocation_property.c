// SPDX-License-Identifier: GPL-2.0
/*
 * Properties of allocations that the host's memory manager goes by:
 * SetAllocationPriority, GetAllocationPriority, UpdateAllocationProperty.
 *
 * Handles and values are the host's affair and are not checked here.
 */
#include "host_call.h"
#include "host_message.h"
#include "ioctl_table.h"

/* More handles than fit into a message anyway. */
#define DXG_PRIORITY_MAX	32768

/* Either a resource, which has one priority, or a list of allocations. */
static int dxg_priority_check(struct d3dkmthandle resource, u32 count)
{
	if (count > DXG_PRIORITY_MAX || !count == !resource.v)
		return -EINVAL;
	return 0;
}

/**
 * dxg_ioctl_set_allocation_priority() - LX_DXSETALLOCATIONPRIORITY
 * @process: caller
 * @data: struct d3dkmt_setallocationpriority, private copy
 * @user: not used
 *
 * Return: 0; the host's status; -EINVAL, -ENODEV, -EFAULT, -ENOMEM, transport
 * errors.
 */
int dxg_ioctl_set_allocation_priority(struct dxg_process *process, void *data,
				      void __user *user)
{
	const struct d3dkmt_setallocationpriority *args = data;
	const struct dxg_cmd_setallocationpriority cmd = {
		.device = args->device,
		.resource = args->resource,
		.allocation_count = args->allocation_count,
	};
	const struct dxg_list_call call = {
		.command = DXGK_VMBCOMMAND_SETALLOCATIONPRIORITY,
		.head = &cmd,
		.head_size = sizeof(cmd),
		.handles = args->allocation_list,
		.count = args->allocation_count,
		.values = args->priorities,
		.value_count = max(args->allocation_count, 1U),
		.reply_size = sizeof(struct ntstatus),
	};
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	ret = dxg_priority_check(args->resource, args->allocation_count) ?:
	      dxg_host_call_list_status(&scope, &call, 0);
	dxg_scope_leave(&scope);
	return ret;
}

/**
 * dxg_ioctl_get_allocation_priority() - LX_DXGETALLOCATIONPRIORITY
 * @process: caller
 * @data: struct d3dkmt_getallocationpriority, private copy
 * @user: not used, the answer goes to the array named in the struct
 *
 * Return: 0; the host's status; -EINVAL, -ENODEV, -EFAULT, -ENOMEM, transport
 * errors.
 */
int dxg_ioctl_get_allocation_priority(struct dxg_process *process, void *data,
				      void __user *user)
{
	const struct d3dkmt_getallocationpriority *args = data;
	const struct dxg_cmd_getallocationpriority cmd = {
		.device = args->device,
		.resource = args->resource,
		.allocation_count = args->allocation_count,
	};
	const u32 answers = max(args->allocation_count, 1U);
	struct dxg_list_call call = {
		.command = DXGK_VMBCOMMAND_GETALLOCATIONPRIORITY,
		.head = &cmd,
		.head_size = sizeof(cmd),
		.handles = args->allocation_list,
		.count = args->allocation_count,
		.reply_size = sizeof(struct ntstatus) + answers * sizeof(u32),
	};
	struct dxg_scope scope;
	int ret;

	/* the long form has room for the answer, which nobody uses */
	if (dxg_reference_lengths)
		call.spare = round_up(call.reply_size, sizeof(u64));
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	ret = dxg_priority_check(args->resource, args->allocation_count) ?:
	      dxg_host_call_list_status(&scope, &call, args->priorities);
	dxg_scope_leave(&scope);
	return ret;
}

/**
 * dxg_ioctl_update_allocation_property() - LX_DXUPDATEALLOCPROPERTY
 * @process: caller
 * @data: struct d3dddi_updateallocproperty, private copy
 * @user: the same in user memory
 *
 * Return: 0; STATUS_PENDING, with the value of the paging fence to wait for;
 * another status of the host; -EINVAL, -ENODEV, -EFAULT, transport errors.
 */
int dxg_ioctl_update_allocation_property(struct dxg_process *process,
					 void *data, void __user *user)
{
	struct d3dddi_updateallocproperty __user *uargs = user;
	struct dxg_ret_updateallocationproperty reply;
	struct d3dddi_updateallocproperty *args = data;
	struct dxg_cmd_updateallocationproperty cmd;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_PAGING_QUEUE,
			      args->paging_queue.v);
	if (ret)
		return ret;
	cmd.args = *args;
	cmd.args.paging_fence_value = 0;
	ret = dxg_host_call(&scope, DXGK_VMBCOMMAND_UPDATEALLOCATIONPROPERTY,
			    &cmd, sizeof(cmd), &reply, sizeof(reply));
	dxg_scope_leave(&scope);
	if (ret)
		return ret;
	ret = dxg_status_to_errno(reply.status.v);
	if (ret != STATUS_PENDING)
		return ret;
	args->paging_fence_value = reply.paging_fence_value;
	return dxg_write_back(uargs, args, paging_fence_value) ?: ret;
}
