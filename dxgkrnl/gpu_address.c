// SPDX-License-Identifier: GPL-2.0
/*
 * GPU virtual addresses: ReserveGpuVirtualAddress, MapGpuVirtualAddress,
 * UpdateGpuVirtualAddress, FreeGpuVirtualAddress.
 *
 * The host keeps the address spaces and checks ranges; the guest tracks
 * nothing, except that a range whose address cannot be delivered is given back.
 */
#include "adapter.h"
#include "host_call.h"
#include "host_message.h"
#include "ioctl_table.h"
#include "process.h"

/* Page size of the protocol, whatever the guest's is. */
#define DXG_GPU_PAGE_SHIFT	12

/* More operations than fit into a message anyway. */
#define DXG_UPDATE_OPERATIONS_MAX	2048

static int dxg_free_address(const struct dxg_scope *scope,
			    const struct d3dkmt_freegpuvirtualaddress *args)
{
	struct dxg_cmd_freegpuvirtualaddress cmd = { .args = *args };

	cmd.args.adapter.v = scope->adapter->host_handle;
	return dxg_host_call_status(scope,
				    DXGK_VMBCOMMAND_FREEGPUVIRTUALADDRESS, &cmd,
				    sizeof(cmd));
}

/* The caller will never learn of the range, so it goes. */
static void dxg_undo_address(const struct dxg_scope *scope, u64 address,
			     u64 size)
{
	const struct d3dkmt_freegpuvirtualaddress args = {
		.base_address = address,
		.size = size,
	};

	dxg_free_address(scope, &args);
}

/**
 * dxg_ioctl_free_gpu_virtual_address() - LX_DXFREEGPUVIRTUALADDRESS
 * @process: caller
 * @data: struct d3dkmt_freegpuvirtualaddress, private copy
 * @user: not used
 *
 * Works without a device: the one that mapped the range may be gone.
 *
 * Return: the host's status; -EINVAL, -ENODEV, transport errors.
 */
int dxg_ioctl_free_gpu_virtual_address(struct dxg_process *process, void *data,
				       void __user *user)
{
	const struct d3dkmt_freegpuvirtualaddress *args = data;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_ADAPTER, args->adapter.v);
	if (ret)
		return ret;
	ret = dxg_free_address(&scope, args);
	dxg_scope_leave(&scope);
	return ret;
}

/* The handle names an adapter or else a paging queue, in this order. */
static int dxg_reserve_enter(struct dxg_scope *scope,
			     struct dxg_process *process, u32 handle)
{
	int ret = dxg_scope_enter(scope, process, DXG_ADAPTER, handle);

	if (ret == -EINVAL)
		ret = dxg_scope_enter(scope, process, DXG_PAGING_QUEUE, handle);
	return ret;
}

static int
dxg_reserve_on_host(const struct dxg_scope *scope,
		    const struct d3dddi_reservegpuvirtualaddress *args,
		    struct dxg_ret_reservegpuvirtualaddress *reply)
{
	struct dxg_cmd_reservegpuvirtualaddress cmd = { .args = *args };

	if (scope->object->type == DXG_ADAPTER)
		cmd.args.adapter.v = scope->adapter->host_handle;
	cmd.args.virtual_address = 0;
	cmd.args.paging_fence_value = 0;
	return dxg_host_call(scope, DXGK_VMBCOMMAND_RESERVEGPUVIRTUALADDRESS,
			     &cmd, sizeof(cmd), reply, sizeof(*reply));
}

/**
 * dxg_ioctl_reserve_gpu_virtual_address() - LX_DXRESERVEGPUVIRTUALADDRESS
 * @process: caller
 * @data: struct d3dddi_reservegpuvirtualaddress, private copy
 * @user: the same in user memory
 *
 * Return: 0, also when the host names address 0; -EINVAL, -ENODEV, -EFAULT,
 * transport errors.
 */
int dxg_ioctl_reserve_gpu_virtual_address(struct dxg_process *process,
					  void *data, void __user *user)
{
	struct d3dddi_reservegpuvirtualaddress __user *uargs = user;
	struct d3dddi_reservegpuvirtualaddress *args = data;
	struct dxg_ret_reservegpuvirtualaddress reply;
	struct dxg_scope scope;
	int ret;

	ret = dxg_reserve_enter(&scope, process, args->adapter.v);
	if (ret)
		return ret;
	ret = dxg_reserve_on_host(&scope, args, &reply);
	if (ret)
		goto leave;
	args->virtual_address = reply.virtual_address;
	ret = dxg_write_back(uargs, args, virtual_address);
	if (ret && reply.virtual_address)
		dxg_undo_address(&scope, reply.virtual_address, args->size);
leave:
	dxg_scope_leave(&scope);
	return ret;
}

static int dxg_map_on_host(const struct dxg_scope *scope,
			   const struct d3dddi_mapgpuvirtualaddress *args,
			   struct dxg_ret_mapgpuvirtualaddress *reply)
{
	/* the host takes the device from the paging queue */
	struct dxg_cmd_mapgpuvirtualaddress cmd = { .args = *args };

	cmd.args.virtual_address = 0;
	cmd.args.paging_fence_value = 0;
	return dxg_host_call(scope, DXGK_VMBCOMMAND_MAPGPUVIRTUALADDRESS, &cmd,
			     sizeof(cmd), reply, sizeof(*reply));
}

/**
 * dxg_ioctl_map_gpu_virtual_address() - LX_DXMAPGPUVIRTUALADDRESS
 * @process: caller
 * @data: struct d3dddi_mapgpuvirtualaddress, private copy
 * @user: the same in user memory
 *
 * A mapping at an address that the caller named is not undone when the results
 * cannot be written: it may lie in a reservation of the caller.
 *
 * Return: 0; the host's status, normally STATUS_PENDING; -EINVAL, -ENODEV,
 * -EFAULT, transport errors.
 */
int dxg_ioctl_map_gpu_virtual_address(struct dxg_process *process, void *data,
				      void __user *user)
{
	struct d3dddi_mapgpuvirtualaddress __user *uargs = user;
	struct d3dddi_mapgpuvirtualaddress *args = data;
	struct dxg_ret_mapgpuvirtualaddress reply;
	struct dxg_scope scope;
	int ret, fault;

	ret = dxg_scope_enter(&scope, process, DXG_PAGING_QUEUE,
			      args->paging_queue.v);
	if (ret)
		return ret;
	ret = dxg_map_on_host(&scope, args, &reply) ?:
	      dxg_status_to_errno(reply.status.v);
	if (ret && ret != STATUS_PENDING)
		goto leave;

	args->paging_fence_value = reply.paging_fence_value;
	args->virtual_address = reply.virtual_address;
	fault = dxg_write_back(uargs, args, paging_fence_value) ?:
		dxg_write_back(uargs, args, virtual_address);
	if (!fault)
		goto leave;
	ret = fault;
	if (!args->base_address)
		dxg_undo_address(&scope, reply.virtual_address,
				 args->size_in_pages << DXG_GPU_PAGE_SHIFT);
leave:
	dxg_scope_leave(&scope);
	return ret;
}

static int dxg_update_on_host(const struct dxg_scope *scope,
			      const struct d3dkmt_updategpuvirtualaddress *args)
{
	struct dxg_cmd_updategpuvirtualaddress *cmd;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_UPDATEGPUVIRTUALADDRESS,
			       dxg_msg_size(typeof(*cmd), operations,
					    args->num_operations));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->fence_value = args->fence_value;
	cmd->device = args->device;
	cmd->context = args->context;
	cmd->fence_object = args->fence_object;
	cmd->num_operations = args->num_operations;
	cmd->flags = args->flags.value;
	ret = dxg_copy_in(cmd->operations, args->operations,
			  args->num_operations * sizeof(cmd->operations[0])) ?:
	      dxg_message_status(&msg);
	dxg_message_free(&msg);
	return ret;
}

/**
 * dxg_ioctl_update_gpu_virtual_address() - LX_DXUPDATEGPUVIRTUALADDRESS
 * @process: caller
 * @data: struct d3dkmt_updategpuvirtualaddress, private copy
 * @user: not used: there is no result, and the struct may be read-only
 *
 * Return: the host's status as errno or success code; -EINVAL, -ENODEV, -EFAULT,
 * -ENOMEM, transport errors.
 */
int dxg_ioctl_update_gpu_virtual_address(struct dxg_process *process,
					 void *data, void __user *user)
{
	const struct d3dkmt_updategpuvirtualaddress *args = data;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	if (!args->num_operations ||
	    args->num_operations > DXG_UPDATE_OPERATIONS_MAX)
		ret = -EINVAL;
	else
		ret = dxg_update_on_host(&scope, args);
	dxg_scope_leave(&scope);
	return ret;
}
