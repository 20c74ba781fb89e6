// SPDX-License-Identifier: GPL-2.0
/*
 * What monitoring tools ask: QueryStatistics, EnumProcesses,
 * QueryClockCalibration.  Tools see the processes that the caller sees, and the
 * numbers of those that it could look into anyway.
 *
 * Locks: none of its own; the lists are walked by process.c.
 */
#include <linux/slab.h>

#include "host_call.h"
#include "host_message.h"
#include "ioctl_table.h"
#include "vgpu.h"

/* What follows the result depends on the type; opaque input for the host. */
#define DXG_STATISTICS_INPUT						\
	offsetofend(struct d3dkmt_querystatistics, result)

static struct dxg_request *
dxg_query_statistics_on_host(struct dxg_process *about,
			     struct dxg_adapter *adapter,
			     const struct d3dkmt_querystatistics *args)
{
	struct dxg_cmd_querystatistics *cmd;
	struct dxg_request *request;
	struct dxg_message msg;

	cmd = dxg_message_init(&msg, about, adapter,
			       DXGK_VMBCOMMAND_QUERYSTATISTICS, sizeof(*cmd));
	if (IS_ERR(cmd))
		return ERR_CAST(cmd);
	cmd->args.type = args->type;
	cmd->args.adapter_luid = adapter->host_adapter_luid;
	memcpy(cmd->args.size + DXG_STATISTICS_INPUT,
	       args->size + DXG_STATISTICS_INPUT,
	       sizeof(*args) - DXG_STATISTICS_INPUT);
	request = dxg_message_exchange(&msg,
				       sizeof(struct dxg_ret_querystatistics));
	dxg_message_free(&msg);
	return request;
}

/* The answer is there: check and deliver it. */
static int
dxg_query_statistics_reply(struct dxg_process *about,
			   const struct d3dkmt_querystatistics *args,
			   struct d3dkmt_querystatistics __user *uargs,
			   const struct dxg_ret_querystatistics *reply)
{
	static const u64 none;
	int ret = dxg_status_to_errno(reply->status.v);

	if (ret < 0)
		return ret;
	/* it ended meanwhile: these may be numbers of somebody else */
	if (READ_ONCE(about->torn_down))
		return -EINVAL;
	if (args->process && copy_to_user(&uargs->process, &none, sizeof(none)))
		return -EFAULT;
	return dxg_copy_field(&uargs->result, &reply->result,
			      sizeof(reply->result)) ?: ret;
}

/**
 * dxg_ioctl_query_statistics() - LX_DXQUERYSTATISTICS
 * @process: caller
 * @data: struct d3dkmt_querystatistics, private copy
 * @user: the same in user memory
 *
 * Return: 0; the host's status; -EINVAL unknown adapter, or a process id that
 * is not known, not visible or none of the caller's business; -ENODEV, -EFAULT,
 * -ENOMEM, transport errors.
 */
int dxg_ioctl_query_statistics(struct dxg_process *process, void *data,
			       void __user *user)
{
	const struct d3dkmt_querystatistics *args = data;
	struct dxg_process *about = process;
	struct dxg_request *request;
	struct dxg_adapter *adapter;
	int ret;

	if (args->process)
		about = dxg_process_find(args->process);
	else
		dxg_process_get(process);
	if (!about)
		return -EINVAL;
	/* the caller itself need not have opened an adapter yet */
	ret = dxg_process_ensure_host(about);
	if (ret)
		goto put_process;
	ret = -EINVAL;
	adapter = dxg_adapter_find(args->adapter_luid);
	if (!adapter)
		goto put_process;
	request = dxg_query_statistics_on_host(about, adapter, args);
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
	} else {
		ret = dxg_query_statistics_reply(about, args, user,
						 request->reply);
		dxg_request_put(request);
	}
	dxg_adapter_put(adapter);
put_process:
	dxg_process_put(about);
	return ret;
}

/* Number of processes, or -EOVERFLOW, to the user's 64-bit count. */
static int dxg_enum_processes_count(struct d3dkmt_enumprocesses __user *uargs,
				    u64 count, int ret)
{
	return dxg_copy_field(&uargs->buffer_count, &count, sizeof(count)) ?:
	       ret;
}

/**
 * dxg_ioctl_enum_processes() - LX_DXENUMPROCESSES
 * @process: caller
 * @data: struct d3dkmt_enumprocesses, private copy
 * @user: the same in user memory
 *
 * Lists the processes of the caller's pid namespace that have the adapter open.
 *
 * Return: 0; -EOVERFLOW array missing or too small (the count says how much is
 * needed); -EINVAL no adapter has the LUID (count 0); -ENOMEM, -EFAULT.
 */
int dxg_ioctl_enum_processes(struct dxg_process *process, void *data,
			     void __user *user)
{
	struct d3dkmt_enumprocesses __user *uargs = user;
	const struct d3dkmt_enumprocesses *args = data;
	u32 count, *pids;
	int ret;

	ret = dxg_processes_list(args->adapter_luid, &pids, &count);
	if (ret)
		return ret;
	if (!count && !dxg_adapter_known(args->adapter_luid))
		ret = dxg_enum_processes_count(uargs, 0, -EINVAL);
	else if (!args->buffer || count > args->buffer_count)
		ret = dxg_enum_processes_count(uargs, count, -EOVERFLOW);
	else
		ret = dxg_copy_out(args->buffer, pids, count * sizeof(*pids)) ?:
		      dxg_enum_processes_count(uargs, count, 0);
	kvfree(pids);
	return ret;
}

/**
 * dxg_ioctl_query_clock_calibration() - LX_DXQUERYCLOCKCALIBRATION
 * @process: caller
 * @data: struct d3dkmt_queryclockcalibration, private copy
 * @user: the same in user memory
 *
 * The CPU counter is the host's; it is not translated to a clock of the guest.
 *
 * Return: 0; the host's status; -EINVAL, -ENODEV, -EFAULT, transport errors.
 */
int dxg_ioctl_query_clock_calibration(struct dxg_process *process, void *data,
				      void __user *user)
{
	struct d3dkmt_queryclockcalibration __user *uargs = user;
	struct d3dkmt_queryclockcalibration *args = data;
	struct dxg_cmd_queryclockcalibration cmd = {
		.args.node_ordinal = args->node_ordinal,
		.args.physical_adapter_index = args->physical_adapter_index,
	};
	struct dxg_ret_queryclockcalibration reply;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_ADAPTER, args->adapter.v);
	if (ret)
		return ret;
	cmd.args.adapter.v = scope.adapter->host_handle;
	ret = dxg_host_call(&scope, DXGK_VMBCOMMAND_QUERYCLOCKCALIBRATION,
			    &cmd, sizeof(cmd), &reply, sizeof(reply)) ?:
	      dxg_status_to_errno(reply.status.v);
	dxg_scope_leave(&scope);
	if (ret < 0)
		return ret;
	args->clock_data = reply.clock_data;
	return dxg_write_back(uargs, args, clock_data) ?: ret;
}
