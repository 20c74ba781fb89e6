// SPDX-License-Identifier: GPL-2.0
/*
 * Whole exchanges with the host, for ioctls that pass their arguments on: from
 * a command that the caller filled in, and arrays in user memory, to the reply.
 * The host keeps what comes of it; an answer that comes too late is dropped.
 *
 * Locks: those of the caller's dxg_scope.
 */
#include "host_call.h"
#include "host_message.h"
#include "ioctl_table.h"

/* Start a message with the caller's command and @rest zero bytes. */
static void *dxg_host_call_init(const struct dxg_scope *scope,
				struct dxg_message *msg, u32 command,
				const void *head, size_t head_size, size_t rest)
{
	const size_t header = sizeof(struct dxg_vgpu_to_host_header);
	void *cmd = dxg_message_init(msg, scope->process, scope->adapter,
				     command, head_size + rest);

	if (!IS_ERR(cmd))
		memcpy(cmd + header, head + header, head_size - header);
	return cmd;
}

/**
 * dxg_host_call() - exchange a command for a reply, both of fixed size
 * @scope: whom it concerns
 * @command: DXGK_VMBCOMMAND_*
 * @cmd: command; its header need not be filled in
 * @length: bytes of @cmd
 * @reply: filled on success
 * @reply_size: bytes of @reply, all of which the host must send
 *
 * Return: 0, or an error of the transport, as dxg_message_call().
 */
int dxg_host_call(const struct dxg_scope *scope, u32 command, const void *cmd,
		  size_t length, void *reply, u32 reply_size)
{
	struct dxg_message msg;
	void *copy;
	int ret;

	copy = dxg_host_call_init(scope, &msg, command, cmd, length, 0);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	ret = dxg_message_call(&msg, reply, reply_size);
	dxg_message_free(&msg);
	return ret;
}

/**
 * dxg_host_call_status() - exchange a command for an NTSTATUS
 * @scope: whom it concerns
 * @command: DXGK_VMBCOMMAND_*
 * @cmd: command; its header need not be filled in
 * @length: bytes of @cmd
 *
 * Return: the status as errno or success code; errors of the transport.
 */
int dxg_host_call_status(const struct dxg_scope *scope, u32 command,
			 const void *cmd, size_t length)
{
	struct ntstatus status;
	int ret = dxg_host_call(scope, command, cmd, length, &status,
				sizeof(status));

	return ret ?: dxg_status_to_errno(status.v);
}

/**
 * dxg_host_call_list() - exchange a command that ends in user arrays
 * @scope: whom it concerns
 * @call: command and arrays
 *
 * Return: request with the reply, owned by the caller; -EINVAL message or reply
 * longer than VMBus carries; -EFAULT; -ENOMEM; errors of the transport.
 */
struct dxg_request *dxg_host_call_list(const struct dxg_scope *scope,
				       const struct dxg_list_call *call)
{
	size_t handles = call->count * sizeof(struct d3dkmthandle);
	size_t values = call->value_count * sizeof(u32);
	struct dxg_request *request;
	struct dxg_message msg;
	void *cmd;
	int ret;

	cmd = dxg_host_call_init(scope, &msg, call->command, call->head,
				 call->head_size,
				 handles + values + call->spare);
	if (IS_ERR(cmd))
		return cmd;
	cmd += call->head_size;
	ret = dxg_copy_in(cmd, call->handles, handles) ?:
	      dxg_copy_in(cmd + handles, call->values, values);
	request = ret ? ERR_PTR(ret) :
		  dxg_message_exchange(&msg, call->reply_size);
	dxg_message_free(&msg);
	return request;
}

/**
 * dxg_host_call_list_status() - likewise, for an NTSTATUS and perhaps values
 * @scope: whom it concerns
 * @call: command and arrays; the reply is a status and what goes to the user
 * @values: user address of that, written unless the host refused
 *
 * Return: the status as errno or success code; -EFAULT; errors as
 * dxg_host_call_list().
 */
int dxg_host_call_list_status(const struct dxg_scope *scope,
			      const struct dxg_list_call *call, u64 values)
{
	struct dxg_request *request = dxg_host_call_list(scope, call);
	const struct ntstatus *status;
	int ret;

	if (IS_ERR(request))
		return PTR_ERR(request);
	status = request->reply;
	ret = dxg_status_to_errno(status->v);
	if (ret >= 0)
		ret = dxg_copy_out(values, status + 1, call->reply_size -
				   sizeof(*status)) ?: ret;
	dxg_request_put(request);
	return ret;
}

/**
 * dxg_forward() - the whole ioctl, if all it does is to ask the host
 * @process: caller
 * @type: kind of object that @handle must name
 * @handle: from user space
 * @command: DXGK_VMBCOMMAND_*; the host answers with an NTSTATUS
 * @cmd: command; its header need not be filled in
 * @length: bytes of @cmd
 *
 * Return: the status as errno or success code; -EINVAL no such handle; -ENODEV;
 * errors of the transport.
 */
int dxg_forward(struct dxg_process *process, enum dxg_object_type type,
		u32 handle, u32 command, const void *cmd, size_t length)
{
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, type, handle);
	if (ret)
		return ret;
	ret = dxg_host_call_status(&scope, command, cmd, length);
	dxg_scope_leave(&scope);
	return ret;
}
