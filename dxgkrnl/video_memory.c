// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of an adapter as a whole: QueryVideoMemoryInfo,
 * ChangeVideoMemoryReservation, FlushHeapTransitions.  The host keeps the
 * accounts.
 */
#include "host_call.h"
#include "host_message.h"
#include "ioctl_table.h"

/**
 * dxg_ioctl_query_video_memory_info() - LX_DXQUERYVIDEOMEMORYINFO
 * @process: caller
 * @data: struct d3dkmt_queryvideomemoryinfo, private copy
 * @user: the same in user memory
 *
 * Return: 0; -EINVAL (also for asking about another process), -ENODEV, -EFAULT,
 * transport errors.
 */
int dxg_ioctl_query_video_memory_info(struct dxg_process *process, void *data,
				      void __user *user)
{
	struct d3dkmt_queryvideomemoryinfo __user *uargs = user;
	struct d3dkmt_queryvideomemoryinfo *args = data;
	struct dxg_cmd_queryvideomemoryinfo cmd = {
		.memory_segment_group = args->memory_segment_group,
		.physical_adapter_index = args->physical_adapter_index,
	};
	struct dxg_ret_queryvideomemoryinfo reply;
	struct dxg_scope scope;
	int ret;

	if (args->process)
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_ADAPTER, args->adapter.v);
	if (ret)
		return ret;
	cmd.adapter.v = scope.adapter->host_handle;
	ret = dxg_host_call(&scope, dxgk_vmbcommand_queryvideomemoryinfo, &cmd,
			    sizeof(cmd), &reply, sizeof(reply));
	dxg_scope_leave(&scope);
	if (ret)
		return ret;
	args->budget = reply.budget;
	args->current_usage = reply.current_usage;
	args->current_reservation = reply.current_reservation;
	args->available_for_reservation = reply.available_for_reservation;
	return dxg_write_back(uargs, args, budget) ?:
	       dxg_write_back(uargs, args, current_usage) ?:
	       dxg_write_back(uargs, args, current_reservation) ?:
	       dxg_write_back(uargs, args, available_for_reservation);
}

/**
 * dxg_ioctl_change_video_memory_reservation() - 0x16
 * @process: caller
 * @data: struct d3dkmt_changevideomemoryreservation, private copy
 * @user: not used
 *
 * Return: 0; the host's status; -EINVAL (also for another process), -ENODEV,
 * transport errors.
 */
int dxg_ioctl_change_video_memory_reservation(struct dxg_process *process,
					      void *data, void __user *user)
{
	const struct d3dkmt_changevideomemoryreservation *args = data;
	struct dxg_cmd_changevideomemoryreservation cmd = { .args = *args };

	if (args->process)
		return -EINVAL;
	/* unlike in other commands it is zero */
	cmd.args.adapter.v = 0;
	return dxg_forward(process, DXG_ADAPTER, args->adapter.v,
			   DXGK_VMBCOMMAND_CHANGEVIDEOMEMORYRESERVATION, &cmd,
			   sizeof(cmd));
}

/**
 * dxg_ioctl_flush_heap_transitions() - LX_DXFLUSHHEAPTRANSITIONS
 * @process: caller
 * @data: struct d3dkmt_flushheaptransitions, private copy
 * @user: not used: the host's handle is none of the caller's business
 *
 * Return: 0; the host's status as errno; -EINVAL, -ENODEV, transport errors.
 */
int dxg_ioctl_flush_heap_transitions(struct dxg_process *process, void *data,
				     void __user *user)
{
	const struct d3dkmt_flushheaptransitions *args = data;
	const struct dxg_cmd_flushheaptransitions cmd = { };

	return min(dxg_forward(process, DXG_ADAPTER, args->adapter.v,
			       DXGK_VMBCOMMAND_FLUSHHEAPTRANSITIONS, &cmd,
			       sizeof(cmd)), 0);
}
