// SPDX-License-Identifier: GPL-2.0
/*
 * Standard allocations: their rules, and the private data that the driver on the
 * host makes for them.  The data is only kept for those who open a shared
 * resource; the host knows it when the allocation is created.
 *
 * Locks: none.
 */
#include <linux/hyperv.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "host_message.h"
#include "standard_allocation.h"

/* Where the private data starts in a reply. */
#define DXG_STANDARD_DATA sizeof(struct dxg_ret_getstandardallocprivdata)

/**
 * dxg_standard_allocation_check() - is this a standard allocation we know?
 * @args: arguments of CreateAllocation
 * @info: its one entry
 * @standard: description by the caller
 *
 * Return: 0 or -EINVAL.
 */
int dxg_standard_allocation_check(const struct d3dkmt_createallocation *args,
				  const struct d3dddi_allocationinfo2 *info,
				  const struct d3dkmt_createstandardallocation *standard)
{
	u64 size = standard->existing_heap_data.size;

	switch (standard->type) {
	case _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP:
		if (!info->sysmem || !args->flags.existing_sysmem)
			return -EINVAL;
		break;
	case _D3DKMT_STANDARDALLOCATIONTYPE_CROSSADAPTER:
		if (info->sysmem || args->flags.existing_sysmem)
			return -EINVAL;
		break;
	default:
		return -EINVAL;
	}
	if (args->priv_drv_data_size || args->alloc_count != 1 ||
	    !size || !IS_ALIGNED(size, HV_HYP_PAGE_SIZE))
		return -EINVAL;
	/* what others would be told holds only 32 bits of the size */
	if (args->flags.create_shared && upper_32_bits(size))
		return -EINVAL;
	return 0;
}

/* One exchange; the reply has room for the data that @data asks for. */
static struct dxg_request *
dxg_standard_data_call(const struct dxg_standard_data *data,
		       struct dxg_process *process, struct dxg_adapter *adapter,
		       u64 size)
{
	size_t expected = DXG_STANDARD_DATA + (size_t)data->allocation_size +
			  data->resource_size;
	const struct dxg_ret_getstandardallocprivdata *reply;
	struct dxg_cmd_getstandardallocprivdata *cmd;
	struct dxg_request *request;
	struct dxg_message msg;
	int ret;

	if (expected > DXG_MAX_VM_BUS_PACKET_SIZE)
		return ERR_PTR(-EINVAL);
	cmd = dxg_message_init(&msg, process, adapter,
			       DXGK_VMBCOMMAND_DDIGETSTANDARDALLOCATIONDRIVERDATA,
			       sizeof(*cmd));
	if (IS_ERR(cmd))
		return ERR_CAST(cmd);
	cmd->alloc_type = _D3DKMDT_STANDARDALLOCATION_GDISURFACE;
	cmd->priv_driver_data_size = data->allocation_size;
	cmd->priv_driver_resource_size = data->resource_size;
	cmd->gdi_surface.type = _D3DKMDT_GDISURFACE_TEXTURE_CROSSADAPTER;
	cmd->gdi_surface.width = lower_32_bits(size);
	cmd->gdi_surface.height = 1;
	request = dxg_request_new(&msg, expected, expected);
	if (IS_ERR(request))
		goto free;
	reply = request->reply;
	ret = dxg_request_call(request, &msg);
	if (!ret)
		ret = min(dxg_status_to_errno(reply->status.v), 0);
	if (ret) {
		dxg_request_put(request);
		request = ERR_PTR(ret);
	}
free:
	dxg_message_free(&msg);
	return request;
}

/**
 * dxg_standard_data_query() - let the host's driver describe an allocation
 * @data: filled; dxg_standard_data_free() must follow success
 * @process: caller
 * @adapter: adapter
 * @size: bytes of the allocation
 *
 * Asks for the sizes first.  Context: waits killably for the host.
 *
 * Return: 0; the host's status as errno; -EINVAL when its answers do not fit
 * together; -ENOMEM, transport errors.
 */
int dxg_standard_data_query(struct dxg_standard_data *data,
			    struct dxg_process *process,
			    struct dxg_adapter *adapter, u64 size)
{
	const struct dxg_ret_getstandardallocprivdata *reply;
	struct dxg_request *request;
	int ret = -EINVAL;
	u32 length;

	*data = (struct dxg_standard_data) {};
	request = dxg_standard_data_call(data, process, adapter, size);
	if (IS_ERR(request))
		return PTR_ERR(request);
	reply = request->reply;
	data->allocation_size = reply->priv_driver_data_size;
	data->resource_size = reply->priv_driver_resource_size;
	dxg_request_put(request);
	if (!data->allocation_size)
		return -EINVAL;

	request = dxg_standard_data_call(data, process, adapter, size);
	if (IS_ERR(request))
		return PTR_ERR(request);
	reply = request->reply;
	if (reply->priv_driver_data_size != data->allocation_size ||
	    reply->priv_driver_resource_size != data->resource_size)
		goto put;
	ret = -ENOMEM;
	length = data->allocation_size + data->resource_size;
	data->allocation = kvmalloc(length, GFP_KERNEL_ACCOUNT);
	if (!data->allocation)
		goto put;
	memcpy(data->allocation, request->reply + DXG_STANDARD_DATA, length);
	data->resource = data->allocation + data->allocation_size;
	ret = 0;
put:
	dxg_request_put(request);
	return ret;
}

/**
 * dxg_standard_data_free() - forget a description
 * @data: description, or zeros
 */
void dxg_standard_data_free(struct dxg_standard_data *data)
{
	kvfree(data->allocation);
	data->allocation = NULL;
}
