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
 * struct dxg_submission - what differs between the two
 * @type: kind of object that takes the work
 * @handle: of that object
 * @command: DXGK_VMBCOMMAND_*
 * @args: argument of the ioctl, which the message starts with
 * @size: bytes of @args
 * @handles: user address of struct d3dkmthandle[@count]
 * @count: number of @handles
 * @data: user address of the vendor's private data
 * @data_size: bytes of @data
 */
struct dxg_submission {
	enum dxg_object_type type;
	u32 handle;
	u32 command;
	const void *args;
	size_t size;
	u64 handles;
	u32 count;
	u64 data;
	u32 data_size;
};

static int dxg_submit(struct dxg_process *process,
		      const struct dxg_submission *work)
{
	size_t handles = work->count * sizeof(struct d3dkmthandle);
	struct dxg_vgpu_to_host_header *hdr;
	struct dxg_message msg;
	struct dxg_scope scope;
	void *body;
	int ret;

	ret = dxg_scope_enter(&scope, process, work->type, work->handle);
	if (ret)
		return ret;
	hdr = dxg_message_init(&msg, process, scope.adapter, work->command,
			       sizeof(*hdr) + work->size + handles +
			       work->data_size);
	if (IS_ERR(hdr)) {
		ret = PTR_ERR(hdr);
		goto leave;
	}
	body = hdr + 1;
	memcpy(body, work->args, work->size);
	body += work->size;
	ret = dxg_copy_in(body, work->handles, handles) ?:
	      dxg_copy_in(body + handles, work->data, work->data_size) ?:
	      dxg_message_status_or_async(&msg);
	dxg_message_free(&msg);
leave:
	dxg_scope_leave(&scope);
	return ret;
}

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
	const struct dxg_submission work = {
		.type = DXG_CONTEXT,
		.handle = args->broadcast_context[0].v,
		.command = DXGK_VMBCOMMAND_SUBMITCOMMAND,
		.args = args,
		.size = sizeof(*args),
		.handles = args->history_buffer_array,
		.count = args->num_history_buffers,
		.data = args->priv_drv_data,
		.data_size = args->priv_drv_data_size,
	};

	if (!args->broadcast_context_count ||
	    args->broadcast_context_count > D3DDDI_MAX_BROADCAST_CONTEXT ||
	    args->priv_drv_data_size > DXG_MAX_VM_BUS_PACKET_SIZE ||
	    args->num_history_buffers > DXG_HISTORY_BUFFERS_MAX ||
	    args->num_primaries > D3DDDI_MAX_WRITTEN_PRIMARIES)
		return -EINVAL;
	return dxg_submit(process, &work);
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
	const struct dxg_submission work = {
		.type = DXG_HWQUEUE,
		.handle = args->hwqueue.v,
		.command = DXGK_VMBCOMMAND_SUBMITCOMMANDTOHWQUEUE,
		.args = args,
		.size = sizeof(*args),
		.handles = args->written_primaries,
		.count = args->num_primaries,
		.data = args->priv_drv_data,
		.data_size = args->priv_drv_data_size,
	};

	if (args->priv_drv_data_size > DXG_MAX_VM_BUS_PACKET_SIZE ||
	    args->num_primaries > DXG_MAX_VM_BUS_PACKET_SIZE)
		return -EINVAL;
	return dxg_submit(process, &work);
}
