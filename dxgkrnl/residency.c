// SPDX-License-Identifier: GPL-2.0
/*
 * Residency of allocations in GPU memory: MakeResident, Evict, Offer, Reclaim,
 * QueryAllocationResidency.
 *
 * Handles of allocations and resources are the host's affair and are not looked
 * up here.
 */
#include "device.h"
#include "host_call.h"
#include "host_message.h"
#include "ioctl_table.h"

/* More handles than fit into a message anyway. */
#define DXG_QUERY_RESIDENCY_MAX	32768

static bool dxg_residency_count_ok(u32 count)
{
	return count && count <= D3DKMT_MAKERESIDENT_ALLOC_MAX;
}

static struct dxg_request *
dxg_make_resident_on_host(const struct dxg_scope *scope,
			  const struct d3dddi_makeresident *args)
{
	/* the host takes the device from the paging queue */
	const struct dxg_cmd_makeresident cmd = {
		.paging_queue = args->paging_queue,
		.flags = args->flags,
		.alloc_count = args->alloc_count,
	};
	const struct dxg_list_call call = {
		.command = DXGK_VMBCOMMAND_MAKERESIDENT,
		.head = &cmd,
		.head_size = offsetof(typeof(cmd), allocations),
		.handles = args->allocation_list,
		.count = args->alloc_count,
		.spare = DXG_SPARE_MAKERESIDENT,
		.reply_size = sizeof(struct dxg_ret_makeresident),
	};

	return dxg_host_call_list(scope, &call);
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
	const struct dxg_ret_makeresident *reply;
	struct d3dddi_makeresident *args = data;
	struct dxg_request *request;
	struct dxg_scope scope;
	int ret, fault;

	if (!dxg_residency_count_ok(args->alloc_count))
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_PAGING_QUEUE,
			      args->paging_queue.v);
	if (ret)
		return ret;
	request = dxg_make_resident_on_host(&scope, args);
	dxg_scope_leave(&scope);
	if (IS_ERR(request))
		return PTR_ERR(request);

	reply = request->reply;
	args->paging_fence_value = reply->paging_fence_value;
	args->num_bytes_to_trim = reply->num_bytes_to_trim;
	ret = dxg_status_to_errno(reply->status.v);
	dxg_request_put(request);
	if (ret > 0 && ret != STATUS_PENDING)
		return ret;
	fault = dxg_write_back(uargs, args, paging_fence_value) ?:
		dxg_write_back(uargs, args, num_bytes_to_trim);
	return ret < 0 ? ret : fault ?: ret;
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
	const struct dxg_ret_evict *reply;
	struct d3dkmt_evict *args = data;
	const struct dxg_cmd_evict cmd = {
		.device = args->device,
		.flags = args->flags,
		.alloc_count = args->alloc_count,
	};
	const struct dxg_list_call call = {
		.command = DXGK_VMBCOMMAND_EVICT,
		.head = &cmd,
		.head_size = offsetof(typeof(cmd), allocations),
		.handles = args->allocations,
		.count = args->alloc_count,
		.reply_size = sizeof(*reply),
	};
	struct dxg_request *request;
	struct dxg_scope scope;
	int ret;

	if (!dxg_residency_count_ok(args->alloc_count))
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	request = dxg_host_call_list(&scope, &call);
	dxg_scope_leave(&scope);
	if (IS_ERR(request))
		return PTR_ERR(request);
	reply = request->reply;
	args->num_bytes_to_trim = reply->num_bytes_to_trim;
	dxg_request_put(request);
	return dxg_write_back(uargs, args, num_bytes_to_trim);
}

/**
 * dxg_ioctl_offer_allocations() - LX_DXOFFERALLOCATIONS
 * @process: caller
 * @data: struct d3dkmt_offerallocations, private copy
 * @user: not used
 *
 * Return: 0; the host's status; -EINVAL, -ENODEV, -EFAULT, -ENOMEM, transport
 * errors.
 */
int dxg_ioctl_offer_allocations(struct dxg_process *process, void *data,
				void __user *user)
{
	const struct d3dkmt_offerallocations *args = data;
	const struct dxg_cmd_offerallocations cmd = {
		.device = args->device,
		.allocation_count = args->allocation_count,
		.priority = args->priority,
		.flags = args->flags,
		.resources = !!args->resources,
	};
	const struct dxg_list_call call = {
		.command = DXGK_VMBCOMMAND_OFFERALLOCATIONS,
		.head = &cmd,
		.head_size = offsetof(typeof(cmd), allocations),
		.handles = args->resources ?: args->allocations,
		.count = args->allocation_count,
		.reply_size = sizeof(struct ntstatus),
	};
	struct dxg_scope scope;
	int ret;

	if (!dxg_residency_count_ok(args->allocation_count) ||
	    !args->resources == !args->allocations)
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	ret = dxg_host_call_list_status(&scope, &call, 0);
	dxg_scope_leave(&scope);
	return ret;
}

static struct dxg_request *
dxg_reclaim_on_host(const struct dxg_scope *scope,
		    const struct d3dkmt_reclaimallocations2 *args)
{
	const struct dxg_cmd_reclaimallocations cmd = {
		.device.v = scope->device->obj.handle,
		.paging_queue = args->paging_queue,
		.allocation_count = args->allocation_count,
		.resources = !!args->resources,
		.write_results = !!args->results,
	};
	const struct dxg_list_call call = {
		.command = DXGK_VMBCOMMAND_RECLAIMALLOCATIONS,
		.head = &cmd,
		.head_size = offsetof(typeof(cmd), allocations),
		.handles = args->resources ?: args->allocations,
		.count = args->allocation_count,
		.spare = DXG_SPARE_RECLAIMALLOCATIONS,
		.reply_size = dxg_msg_size(struct dxg_ret_reclaimallocations,
					   discarded, args->results ?
					   args->allocation_count : 0),
	};

	return dxg_host_call_list(scope, &call);
}

/**
 * dxg_ioctl_reclaim_allocations2() - LX_DXRECLAIMALLOCATIONS2
 * @process: caller
 * @data: struct d3dkmt_reclaimallocations2, private copy
 * @user: the same in user memory
 *
 * Return: 0; the host's status, normally STATUS_PENDING: then the memory may be
 * used when the paging fence has the value written back; -EINVAL, -ENODEV,
 * -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_reclaim_allocations2(struct dxg_process *process, void *data,
				   void __user *user)
{
	struct d3dkmt_reclaimallocations2 __user *uargs = user;
	const struct dxg_ret_reclaimallocations *reply;
	struct d3dkmt_reclaimallocations2 *args = data;
	struct dxg_request *request;
	struct dxg_scope scope;
	int ret, fault;

	if (!dxg_residency_count_ok(args->allocation_count) ||
	    !args->resources == !args->allocations)
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_PAGING_QUEUE,
			      args->paging_queue.v);
	if (ret)
		return ret;
	request = dxg_reclaim_on_host(&scope, args);
	dxg_scope_leave(&scope);
	if (IS_ERR(request))
		return PTR_ERR(request);

	reply = request->reply;
	ret = dxg_status_to_errno(reply->status.v);
	if (ret >= 0) {
		args->paging_fence_value = reply->paging_fence_value;
		fault = dxg_write_back(uargs, args, paging_fence_value);
		if (!fault && args->results)
			fault = dxg_copy_out(args->results, reply->discarded,
					     args->allocation_count *
					     sizeof(reply->discarded[0]));
		ret = fault ?: ret;
	}
	dxg_request_put(request);
	return ret;
}

/**
 * dxg_ioctl_query_allocation_residency() - LX_DXQUERYALLOCATIONRESIDENCY
 * @process: caller
 * @data: struct d3dkmt_queryallocationresidency, private copy
 * @user: not used, the answer goes to the array named in the struct
 *
 * Asks about a list of allocations or about one resource.
 *
 * Return: 0; the host's status; -EINVAL, -ENODEV, -EFAULT, -ENOMEM, transport
 * errors.
 */
int dxg_ioctl_query_allocation_residency(struct dxg_process *process,
					 void *data, void __user *user)
{
	const struct d3dkmt_queryallocationresidency *args = data;
	/* user addresses in it are the caller's own; the host ignores them */
	const struct dxg_cmd_queryallocationresidency cmd = { .args = *args };
	const u32 answers = max(args->allocation_count, 1U);
	const struct dxg_list_call call = {
		.command = DXGK_VMBCOMMAND_QUERYALLOCATIONRESIDENCY,
		.head = &cmd,
		.head_size = sizeof(cmd),
		.handles = args->allocations,
		.count = args->allocation_count,
		.reply_size = sizeof(struct ntstatus) + answers * sizeof(u32),
	};
	struct dxg_scope scope;
	int ret;

	if (!args->allocation_count == !args->resource.v)
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	if (args->allocation_count > DXG_QUERY_RESIDENCY_MAX)
		ret = -EINVAL;
	else
		ret = dxg_host_call_list_status(&scope, &call,
						args->residency_status);
	dxg_scope_leave(&scope);
	return ret;
}
