// SPDX-License-Identifier: GPL-2.0
/*
 * Residency of allocations in GPU memory: MakeResident, Evict.
 *
 * Allocation handles are the host's affair and are not looked up here.
 */
#include "host_message.h"
#include "ioctl_table.h"
#include "process.h"

static bool dxg_residency_count_ok(u32 count)
{
	return count && count <= D3DKMT_MAKERESIDENT_ALLOC_MAX;
}

static int dxg_make_resident_on_host(const struct dxg_scope *scope,
				     const struct d3dddi_makeresident *args,
				     struct dxg_ret_makeresident *reply)
{
	struct dxg_cmd_makeresident *cmd;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_MAKERESIDENT,
			       dxg_msg_size(struct dxg_cmd_makeresident,
					    allocations, args->alloc_count) +
			       DXG_SPARE_MAKERESIDENT);
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	/* the host takes the device from the paging queue */
	cmd->paging_queue = args->paging_queue;
	cmd->flags = args->flags;
	cmd->alloc_count = args->alloc_count;
	ret = dxg_copy_in(cmd->allocations, args->allocation_list,
			  args->alloc_count * sizeof(cmd->allocations[0])) ?:
	      dxg_message_call(&msg, reply, sizeof(*reply));
	dxg_message_free(&msg);
	return ret;
}

/**
 * dxg_ioctl_make_resident() - LX_DXMAKERESIDENT
 * @process: caller
 * @data: struct d3dddi_makeresident, private copy
 * @user: the same in user memory
 *
 * When the host refuses for lack of memory it says how many bytes to trim, so
 * the results are written back after a failure, too.
 *
 * Return: 0; the host's status, normally STATUS_PENDING; -EINVAL, -ENODEV,
 * -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_make_resident(struct dxg_process *process, void *data,
			    void __user *user)
{
	struct d3dddi_makeresident __user *uargs = user;
	struct d3dddi_makeresident *args = data;
	struct dxg_ret_makeresident reply;
	struct dxg_scope scope;
	int ret, fault;

	if (!dxg_residency_count_ok(args->alloc_count))
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_PAGING_QUEUE,
			      args->paging_queue.v);
	if (ret)
		return ret;
	ret = dxg_make_resident_on_host(&scope, args, &reply);
	dxg_scope_leave(&scope);
	if (ret)
		return ret;

	ret = dxg_status_to_errno(reply.status.v);
	if (ret > 0 && ret != STATUS_PENDING)
		return ret;
	args->paging_fence_value = reply.paging_fence_value;
	args->num_bytes_to_trim = reply.num_bytes_to_trim;
	fault = dxg_write_back(uargs, args, paging_fence_value) ?:
		dxg_write_back(uargs, args, num_bytes_to_trim);
	return ret < 0 ? ret : fault ?: ret;
}

static int dxg_evict_on_host(const struct dxg_scope *scope,
			     const struct d3dkmt_evict *args,
			     struct dxg_ret_evict *reply)
{
	struct dxg_cmd_evict *cmd;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_EVICT,
			       dxg_msg_size(struct dxg_cmd_evict, allocations,
					    args->alloc_count));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->device = args->device;
	cmd->flags = args->flags;
	cmd->alloc_count = args->alloc_count;
	ret = dxg_copy_in(cmd->allocations, args->allocations,
			  args->alloc_count * sizeof(cmd->allocations[0])) ?:
	      dxg_message_call(&msg, reply, sizeof(*reply));
	dxg_message_free(&msg);
	return ret;
}

/**
 * dxg_ioctl_evict() - LX_DXEVICT
 * @process: caller
 * @data: struct d3dkmt_evict, private copy
 * @user: the same in user memory
 *
 * Return: 0; -EINVAL, -ENODEV, -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_evict(struct dxg_process *process, void *data, void __user *user)
{
	struct d3dkmt_evict __user *uargs = user;
	struct d3dkmt_evict *args = data;
	struct dxg_ret_evict reply;
	struct dxg_scope scope;
	int ret;

	if (!dxg_residency_count_ok(args->alloc_count))
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	ret = dxg_evict_on_host(&scope, args, &reply);
	dxg_scope_leave(&scope);
	if (ret)
		return ret;
	args->num_bytes_to_trim = reply.num_bytes_to_trim;
	return dxg_write_back(uargs, args, num_bytes_to_trim);
}
