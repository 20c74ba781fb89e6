// SPDX-License-Identifier: GPL-2.0
/*
 * Escape: private talk between the vendor's user-mode driver and its part on
 * the host.  The guest knows two things about it only: handles need no
 * translation, and one escape has addresses in it that the host could not use.
 */
#include "host_message.h"
#include "ioctl_table.h"
#include "process.h"

/* Start a message with room for @size bytes of data. */
static struct dxg_cmd_escape *
dxg_escape_message(struct dxg_message *msg, const struct dxg_scope *scope,
		   const struct d3dkmt_escape *args, u32 size)
{
	struct dxg_cmd_escape *cmd;

	cmd = dxg_message_init(msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_ESCAPE,
			       dxg_msg_size(struct dxg_cmd_escape,
					    priv_drv_data, size) +
			       DXG_SPARE_ESCAPE);
	if (IS_ERR(cmd))
		return cmd;
	cmd->adapter.v = scope->adapter->host_handle;
	cmd->device = args->device;
	cmd->type = args->type;
	cmd->flags = args->flags;
	cmd->priv_drv_data_size = size;
	cmd->context = args->context;
	return cmd;
}

/*
 * The caller's data to the host and the answer back.  @known replaces the first
 * word, which was looked at before and may have changed in user memory.
 */
static int dxg_escape_forward(const struct dxg_scope *scope,
			      const struct d3dkmt_escape *args,
			      const u32 *known)
{
	u32 size = args->priv_drv_data_size;
	struct dxg_request *request;
	struct dxg_cmd_escape *cmd;
	struct dxg_message msg;
	int ret;

	cmd = dxg_escape_message(&msg, scope, args, size);
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	ret = dxg_copy_in(cmd->priv_drv_data, args->priv_drv_data, size);
	if (ret)
		goto free;
	if (known)
		memcpy(cmd->priv_drv_data, known, sizeof(*known));
	request = dxg_message_exchange(&msg, size);
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
		goto free;
	}
	ret = dxg_copy_out(args->priv_drv_data, request->reply, size);
	dxg_request_put(request);
free:
	dxg_message_free(&msg);
	return ret;
}

/* Header, buffer and its private data, as they are in @reply, to the user. */
static int dxg_escape_test_reply(const struct d3dkmt_escape *args,
				 const struct d3dddi_buildtestcommandbuffer *test,
				 const void *reply)
{
	const struct d3dddi_buildtestcommandbuffer *built = reply;
	const void *dma = built + 1;
	const u32 sizes[] = {
		built->dma_buffer_size, built->dma_buffer_priv_data_size,
	};

	if (sizes[0] > test->dma_buffer_size ||
	    sizes[1] > test->dma_buffer_priv_data_size)
		return -EINVAL;
	return dxg_copy_out(args->priv_drv_data +
			    offsetof(typeof(*test), dma_buffer_size), sizes,
			    sizeof(sizes)) ?:
	       dxg_copy_out(test->dma_buffer, dma, sizes[0]) ?:
	       dxg_copy_out(test->dma_buffer_priv_data,
			    dma + test->dma_buffer_size, sizes[1]);
}

/* The host builds a command buffer behind a copy of the header. */
static int dxg_escape_test_buffer(const struct dxg_scope *scope,
				  const struct d3dkmt_escape *args)
{
	struct d3dddi_buildtestcommandbuffer test, *sent;
	struct dxg_request *request;
	struct dxg_cmd_escape *cmd;
	struct dxg_message msg;
	int ret;

	if (args->priv_drv_data_size < sizeof(test))
		return -EINVAL;
	ret = dxg_copy_in(&test, args->priv_drv_data, sizeof(test));
	if (ret)
		return ret;
	if (test.dma_buffer_size < sizeof(u32) ||
	    test.dma_buffer_size > D3DDDI_MAXTESTBUFFERSIZE ||
	    test.dma_buffer_priv_data_size >
	    D3DDDI_MAXTESTBUFFERPRIVATEDRIVERDATASIZE)
		return -EINVAL;
	cmd = dxg_escape_message(&msg, scope, args, sizeof(test) +
				 test.dma_buffer_size +
				 test.dma_buffer_priv_data_size);
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	sent = memcpy(cmd->priv_drv_data, &test, sizeof(test));
	sent->escape_type = _D3DDDI_DRIVERESCAPETYPE_BUILDTESTCOMMANDBUFFER;
	sent->dma_buffer = 0;
	sent->dma_buffer_priv_data = 0;
	request = dxg_message_exchange(&msg, cmd->priv_drv_data_size);
	dxg_message_free(&msg);
	if (IS_ERR(request))
		return PTR_ERR(request);
	ret = dxg_escape_test_reply(args, &test, request->reply);
	dxg_request_put(request);
	return ret;
}

/* Escapes whose data begins with enum d3dddi_knownescapetype. */
static int dxg_escape_known(const struct dxg_scope *scope,
			    const struct d3dkmt_escape *args)
{
	u32 type;
	int ret;

	if (args->priv_drv_data_size < sizeof(type))
		return -EINVAL;
	ret = dxg_copy_in(&type, args->priv_drv_data, sizeof(type));
	if (ret)
		return ret;
	switch (type) {
	case _D3DDDI_DRIVERESCAPETYPE_TRANSLATEALLOCATIONHANDLE:
	case _D3DDDI_DRIVERESCAPETYPE_TRANSLATERESOURCEHANDLE:
		/* both sides use the same handles */
		return 0;
	case _D3DDDI_DRIVERESCAPETYPE_BUILDTESTCOMMANDBUFFER:
		return dxg_escape_test_buffer(scope, args);
	default:
		return dxg_escape_forward(scope, args, &type);
	}
}

/**
 * dxg_ioctl_escape() - LX_DXESCAPE
 * @process: caller
 * @data: struct d3dkmt_escape, private copy
 * @user: not used, the answer goes to the buffer named in the struct
 *
 * Return: 0; -EINVAL, -ENODEV, -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_escape(struct dxg_process *process, void *data,
		     void __user *user)
{
	const struct d3dkmt_escape *args = data;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_ADAPTER, args->adapter.v);
	if (ret)
		return ret;
	if (args->type == _D3DKMT_ESCAPE_DRIVERPRIVATE &&
	    args->flags.driver_known_escape)
		ret = dxg_escape_known(&scope, args);
	else
		ret = dxg_escape_forward(&scope, args, NULL);
	dxg_scope_leave(&scope);
	return ret;
}
