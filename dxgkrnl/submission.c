// SPDX-License-Identifier: GPL-2.0
/*
 * Submission of GPU commands: SubmitCommand, SubmitCommandToHwQueue.
 *
 * The hot path: user data goes straight into the message, small messages live
 * on the stack, and nothing is allocated when the adapter takes asynchronous
 * messages.  Pointers inside the argument structs travel as they are; the host
 * ignores them.
 */
#include "host_message.h"
#include "ioctl_table.h"
#include "process.h"

/* Most history buffers of one SubmitCommand (docs/protocol.md, Limits). */
#define DXG_HISTORY_BUFFERS_MAX	1024

/**
 * dxg_ioctl_submit_command() - LX_DXSUBMITCOMMAND
 * @process: caller
 * @data: struct d3dkmt_submitcommand, private copy
 * @user: not used
 *
 * Return: 0; the host's status unless messages are asynchronous; -EINVAL,
 * -ENODEV, -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_submit_command(struct dxg_process *process, void *data,
			     void __user *user)
{
	const struct d3dkmt_submitcommand *args = data;
	struct dxg_cmd_submitcommand *cmd;
	struct dxg_message msg;
	struct dxg_scope scope;
	size_t history;
	int ret;

	if (!args->broadcast_context_count ||
	    args->broadcast_context_count > D3DDDI_MAX_BROADCAST_CONTEXT ||
	    args->priv_drv_data_size > DXG_MAX_VM_BUS_PACKET_SIZE ||
	    args->num_history_buffers > DXG_HISTORY_BUFFERS_MAX ||
	    args->num_primaries > D3DDDI_MAX_WRITTEN_PRIMARIES)
		return -EINVAL;
	history = args->num_history_buffers * sizeof(struct d3dkmthandle);

	ret = dxg_scope_enter(&scope, process, DXG_CONTEXT,
			      args->broadcast_context[0].v);
	if (ret)
		return ret;
	cmd = dxg_message_init(&msg, process, scope.adapter,
			       DXGK_VMBCOMMAND_SUBMITCOMMAND,
			       sizeof(*cmd) + history +
			       args->priv_drv_data_size);
	if (IS_ERR(cmd)) {
		ret = PTR_ERR(cmd);
		goto leave;
	}
	cmd->args = *args;
	ret = dxg_copy_in(cmd + 1, args->history_buffer_array, history) ?:
	      dxg_copy_in((void *)(cmd + 1) + history, args->priv_drv_data,
			  args->priv_drv_data_size) ?:
	      dxg_message_status_or_async(&msg);
	dxg_message_free(&msg);
leave:
	dxg_scope_leave(&scope);
	return ret;
}

/**
 * dxg_ioctl_submit_command_to_hwqueue() - LX_DXSUBMITCOMMANDTOHWQUEUE
 * @process: caller
 * @data: struct d3dkmt_submitcommandtohwqueue, private copy
 * @user: not used
 *
 * Return: 0; the host's status unless messages are asynchronous; -EINVAL,
 * -ENODEV, -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_submit_command_to_hwqueue(struct dxg_process *process, void *data,
					void __user *user)
{
	const struct d3dkmt_submitcommandtohwqueue *args = data;
	struct dxg_cmd_submitcommandtohwqueue *cmd;
	struct dxg_message msg;
	struct dxg_scope scope;
	size_t primaries;
	int ret;

	if (args->priv_drv_data_size > DXG_MAX_VM_BUS_PACKET_SIZE ||
	    args->num_primaries > DXG_MAX_VM_BUS_PACKET_SIZE)
		return -EINVAL;
	primaries = args->num_primaries * sizeof(struct d3dkmthandle);

	ret = dxg_scope_enter(&scope, process, DXG_HWQUEUE, args->hwqueue.v);
	if (ret)
		return ret;
	cmd = dxg_message_init(&msg, process, scope.adapter,
			       DXGK_VMBCOMMAND_SUBMITCOMMANDTOHWQUEUE,
			       sizeof(*cmd) + primaries +
			       args->priv_drv_data_size);
	if (IS_ERR(cmd)) {
		ret = PTR_ERR(cmd);
		goto leave;
	}
	cmd->args = *args;
	ret = dxg_copy_in(cmd + 1, args->written_primaries, primaries) ?:
	      dxg_copy_in((void *)(cmd + 1) + primaries, args->priv_drv_data,
			  args->priv_drv_data_size) ?:
	      dxg_message_status_or_async(&msg);
	dxg_message_free(&msg);
leave:
	dxg_scope_leave(&scope);
	return ret;
}
