// SPDX-License-Identifier: GPL-2.0
/*
 * Questions about an adapter: QueryAdapterInfo, IsFeatureEnabled.
 *
 * Clients probe for features by asking and failing, so all of this is silent.
 */
#include "adapter.h"
#include "global_channel.h"
#include "host_message.h"
#include "ioctl_table.h"
#include "process.h"

/* Where the answer to QueryAdapterInfo is in the host's reply. */
static u32 dxg_query_data_offset(const struct dxg_adapter *adapter)
{
	/* older hosts send no status */
	return adapter->channel.extended ?
	       offsetof(struct dxg_ret_queryadapterinfo, private_data) : 0;
}

static struct dxg_request *
dxg_query_adapter_info_on_host(const struct dxg_scope *scope,
			       const struct d3dkmt_queryadapterinfo *args)
{
	u32 size = args->private_data_size;
	struct dxg_cmd_queryadapterinfo *cmd;
	struct dxg_request *request;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_QUERYADAPTERINFO,
			       dxg_msg_size(typeof(*cmd), private_data, size) +
			       DXG_SPARE_QUERYADAPTERINFO);
	if (IS_ERR(cmd))
		return ERR_CAST(cmd);
	cmd->query_type = args->type;
	cmd->private_data_size = size;
	ret = dxg_copy_in(cmd->private_data, args->private_data, size);
	if (ret)
		request = ERR_PTR(ret);
	else
		request = dxg_message_exchange(&msg, size +
				dxg_query_data_offset(scope->adapter));
	dxg_message_free(&msg);
	return request;
}

/* What the host's GPU can do with a display does not hold for the guest's. */
static void dxg_adjust_adapter_type(const struct dxg_adapter *adapter,
				    struct d3dkmt_adaptertype *type)
{
	type->paravirtualized = 1;
	type->display_supported = 0;
	type->post_device = 0;
	type->indirect_display_device = 0;
	type->acg_supported = 0;
	type->support_set_timings_from_vidpn = 0;
	type->compute_only = adapter->compute_only;
}

static bool dxg_is_adapter_type(const struct d3dkmt_queryadapterinfo *args)
{
	return (args->type == _KMTQAITYPE_ADAPTERTYPE ||
		args->type == _KMTQAITYPE_ADAPTERTYPE_RENDER) &&
	       args->private_data_size >= sizeof(struct d3dkmt_adaptertype);
}

/* Answer of the host to the user; 0 or an errno. */
static int dxg_query_adapter_info_reply(const struct dxg_adapter *adapter,
					struct d3dkmt_queryadapterinfo *args,
					struct dxg_request *request)
{
	const struct ntstatus *status = request->reply;
	u32 offset = dxg_query_data_offset(adapter);
	void *private_data = request->reply + offset;
	int ret;

	if (offset) {
		ret = dxg_status_to_errno(status->v);
		if (ret < 0)
			return ret;
	}
	if (dxg_is_adapter_type(args))
		dxg_adjust_adapter_type(adapter, private_data);
	return dxg_copy_out(args->private_data, private_data,
			    args->private_data_size);
}

/**
 * dxg_ioctl_query_adapter_info() - LX_DXQUERYADAPTERINFO
 * @process: caller
 * @data: struct d3dkmt_queryadapterinfo, private copy
 * @user: not used, the answer goes to the buffer named in the struct
 *
 * Return: 0; the host's status as errno; -EINVAL, -ENODEV, -EFAULT, -ENOMEM,
 * transport errors.
 */
int dxg_ioctl_query_adapter_info(struct dxg_process *process, void *data,
				 void __user *user)
{
	struct d3dkmt_queryadapterinfo *args = data;
	struct dxg_request *request;
	struct dxg_scope scope;
	int ret;

	if (!args->private_data_size ||
	    args->private_data_size > DXG_MAX_VM_BUS_PACKET_SIZE)
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_ADAPTER, args->adapter.v);
	if (ret)
		return ret;
	request = dxg_query_adapter_info_on_host(&scope, args);
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
	} else {
		ret = dxg_query_adapter_info_reply(scope.adapter, args,
						   request);
		dxg_request_put(request);
	}
	dxg_scope_leave(&scope);
	return ret;
}

/**
 * dxg_ioctl_is_feature_enabled() - LX_ISFEATUREENABLED
 * @process: caller
 * @data: struct d3dkmt_isfeatureenabled, private copy
 * @user: the same in user memory
 *
 * Hosts that do not know the message fail or answer short; for the client any
 * failure means "not enabled".
 *
 * Return: the host's status; -EINVAL, -ENODEV, -EFAULT, transport errors.
 */
int dxg_ioctl_is_feature_enabled(struct dxg_process *process, void *data,
				 void __user *user)
{
	struct d3dkmt_isfeatureenabled __user *uargs = user;
	struct d3dkmt_isfeatureenabled *args = data;
	struct dxg_ret_isfeatureenabled reply;
	struct dxg_cmd_isfeatureenabled *cmd;
	struct dxg_message msg;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_ADAPTER, args->adapter.v);
	if (ret)
		return ret;
	/* the one command of a process that does not name it */
	cmd = dxg_message_init(&msg, NULL, scope.adapter,
			       DXGK_VMBCOMMAND_ISFEATUREENABLED, sizeof(*cmd));
	if (IS_ERR(cmd)) {
		ret = PTR_ERR(cmd);
		goto leave;
	}
	cmd->feature_id = args->feature_id;
	ret = dxg_message_call(&msg, &reply, sizeof(reply)) ?:
	      dxg_status_to_errno(reply.status.v);
	dxg_message_free(&msg);
leave:
	dxg_scope_leave(&scope);
	if (ret < 0)
		return ret;
	args->result = reply.result;
	return dxg_write_back(uargs, args, result) ?: ret;
}
