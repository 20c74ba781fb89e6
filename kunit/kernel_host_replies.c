// SPDX-License-Identifier: GPL-2.0
/*
 * In-kernel GPU host: what it answers to each command.
 *
 * Called with kernel_host.lock held; nothing here sends or sleeps.
 */
#include "kernel_host.h"

static u32 kernel_host_new_handle(struct kernel_host *host)
{
	return 0x40000000U | host->next_handle++ << 6;
}

/* A zeroed page of the window, as the guest physical address of it. */
static u64 kernel_host_new_page(struct kernel_host *host, u64 value)
{
	u64 pages = host->window_size / MOCK_VMBUS_PAGE_SIZE;
	u64 offset = (host->next_page++ % pages) * MOCK_VMBUS_PAGE_SIZE;

	memset(host->window + offset, 0, MOCK_VMBUS_PAGE_SIZE);
	memcpy(host->window + offset, &value, sizeof(value));
	return host->window_base + offset;
}

static u32 kernel_host_io_space(struct kernel_host *host, const void *message,
				void *reply)
{
	const struct dxg_cmd_setiospaceregion *cmd = message;
	u64 base, size;

	host->window = mock_host_window(host->mock, &base, &size);
	host->window += cmd->start - base;
	host->window_base = cmd->start;
	host->window_size = cmd->length;
	return sizeof(s32);
}

static u32 kernel_host_open_adapter(struct kernel_host *host,
				    const void *message, void *data)
{
	struct dxg_ret_openadapter *reply = data;

	reply->host_adapter_handle.v = KERNEL_HOST_ADAPTER;
	reply->vmbus_interface_version = host->config.version;
	reply->vmbus_last_compatible_interface_version =
		DXGK_VMBUS_LAST_COMPATIBLE_INTERFACE_VERSION;
	return sizeof(*reply);
}

static u32 kernel_host_adapter_info(struct kernel_host *host,
				    const void *message, void *data)
{
	struct dxg_ret_getinternaladapterinfo *reply = data;

	reply->async_msg_enabled = host->config.async;
	reply->host_adapter_luid.a = 0x111;
	reply->host_vgpu_luid.a = KERNEL_HOST_LUID_A;
	if (host->config.version < DXGK_VMBUS_INTERFACE_VERSION)
		return offsetof(typeof(*reply), host_vgpu_luid);
	return sizeof(*reply);
}

/* The reply is a handle, or starts with one. */
static u32 kernel_host_handle(struct kernel_host *host, const void *message,
			      void *data)
{
	*(u32 *)data = kernel_host_new_handle(host);
	return sizeof(u32);
}

static u32 kernel_host_context(struct kernel_host *host, const void *message,
			       void *data)
{
	const struct dxg_cmd_createcontextvirtual *cmd = message;
	struct dxg_cmd_createcontextvirtual *reply = data;

	*reply = *cmd;
	reply->context.v = kernel_host_new_handle(host);
	return dxg_msg_size(typeof(*cmd), priv_drv_data,
			    min(cmd->priv_drv_data_size, 256U)) +
	       DXG_SPARE_CREATECONTEXTVIRTUAL;
}

static u32 kernel_host_hwqueue(struct kernel_host *host, const void *message,
			       void *data)
{
	const struct dxg_cmd_createhwqueue *cmd = message;
	struct dxg_cmd_createhwqueue *reply = data;

	*reply = *cmd;
	reply->hwqueue.v = kernel_host_new_handle(host);
	reply->hwqueue_progress_fence.v = kernel_host_new_handle(host);
	reply->hwqueue_progress_fence_cpuva = kernel_host_new_page(host, 0);
	reply->hwqueue_progress_fence_gpuva = 0x100000;
	return dxg_msg_size(typeof(*cmd), priv_drv_data,
			    min(cmd->priv_drv_data_size, 256U)) +
	       DXG_SPARE_CREATEHWQUEUE_NO_DATA;
}

static u32 kernel_host_paging_queue(struct kernel_host *host,
				    const void *message, void *data)
{
	struct dxg_ret_createpagingqueue *reply = data;

	reply->paging_queue.v = kernel_host_new_handle(host);
	reply->sync_object.v = kernel_host_new_handle(host);
	reply->fence_storage_physical_address = host->fence_address ?
		*host->fence_address : kernel_host_new_page(host, 0);
	return sizeof(*reply);
}

static u32 kernel_host_sync_object(struct kernel_host *host,
				   const void *message, void *data)
{
	const struct dxg_cmd_createsyncobject *cmd = message;
	struct dxg_ret_createsyncobject *reply = data;
	u64 value = cmd->args.info.monitored_fence.initial_fence_value;

	reply->sync_object.v = kernel_host_new_handle(host);
	if (cmd->args.info.flags.shared)
		reply->global_sync_object.v = kernel_host_new_handle(host);
	reply->fence_gpu_va = 0x200000;
	reply->fence_storage_address = kernel_host_new_page(host, value);
	return sizeof(*reply);
}

static u32 kernel_host_open_sync_object(struct kernel_host *host,
					const void *message, void *data)
{
	struct dxg_ret_opensyncobject *reply = data;

	reply->sync_object.v = kernel_host_new_handle(host);
	reply->guest_cpu_physical_address = kernel_host_new_page(host, 0);
	return sizeof(*reply);
}

/* The replies to creation and opening have the same layout. */
static u32 kernel_host_native_fence(struct kernel_host *host,
				    const void *message, void *data)
{
	struct dxg_ret_createnativefence *reply = data;

	reply->sync_object.v = kernel_host_new_handle(host);
	reply->global_sync_object.v = kernel_host_new_handle(host);
	reply->current_value_physical_address = kernel_host_new_page(host, 0);
	return sizeof(*reply);
}

/* Sizes come from the standard struct, or are one page; up to 4 allocations. */
static u32 kernel_host_allocation(struct kernel_host *host,
				  const void *message, void *data)
{
	const struct dxg_cmd_createallocation *cmd = message;
	struct dxg_ret_createallocation *reply = data;
	const struct d3dkmt_createstandardallocation *standard;
	u64 size = MOCK_VMBUS_PAGE_SIZE;
	u32 count = min(cmd->alloc_count, 4U), i;

	if (cmd->flags.standard_allocation) {
		standard = (const void *)(cmd + 1) + cmd->alloc_count *
			   sizeof(struct dxg_cmd_createallocation_allocinfo) +
			   cmd->private_runtime_data_size;
		size = standard->existing_heap_data.size;
	}
	if (host->allocation_size)
		size = *host->allocation_size;
	if (cmd->flags.create_resource)
		reply->resource.v = kernel_host_new_handle(host);
	for (i = 0; i < count; i++) {
		reply->allocation_info[i].allocation.v =
			kernel_host_new_handle(host);
		reply->allocation_info[i].allocation_flags.cached = 1;
		reply->allocation_info[i].allocation_size = size;
	}
	return struct_size(reply, allocation_info, count);
}

static u32 kernel_host_standard_data(struct kernel_host *host,
				     const void *message, void *data)
{
	struct dxg_ret_getstandardallocprivdata *reply = data;

	reply->priv_driver_data_size = 16;
	return ALIGN(sizeof(*reply) + 16, 8);
}

/* Up to 4 allocations, as above. */
static u32 kernel_host_open_resource(struct kernel_host *host,
				     const void *message, void *data)
{
	const struct dxg_cmd_openresource *cmd = message;
	struct dxg_ret_openresource *reply = data;
	struct d3dkmthandle *allocations = (void *)(reply + 1);
	u32 count = min(cmd->allocation_count, 4U), i;

	reply->resource.v = kernel_host_new_handle(host);
	for (i = 0; i < count; i++)
		allocations[i].v = kernel_host_new_handle(host);
	return sizeof(*reply) + count * sizeof(*allocations);
}

static u32 kernel_host_paging(struct kernel_host *host, const void *message,
			      void *data)
{
	struct dxg_ret_makeresident *reply = data;

	reply->paging_fence_value = 1;
	return sizeof(*reply);
}

static u32 kernel_host_lock(struct kernel_host *host, const void *message,
			    void *data)
{
	struct dxg_ret_lock2 *reply = data;

	reply->cpu_visible_buffer_offset = kernel_host_new_page(host, 0);
	return sizeof(*reply);
}

/* Echo of the private data behind a status. */
static u32 kernel_host_query_adapter(struct kernel_host *host,
				     const void *message, void *data)
{
	const struct dxg_cmd_queryadapterinfo *cmd = message;
	u32 size = min(cmd->private_data_size, 512U);
	u32 at = host->config.version >= DXGK_VMBUS_INTERFACE_VERSION ?
		 sizeof(s32) : 0;

	memcpy(data + at, cmd->private_data, size);
	return at + size;
}

/* Everything that answers with 0 and a fixed length. */
#define KERNEL_HOST_ZEROS(command, bytes)				\
	[DXGK_VMBCOMMAND_##command] = { .length = bytes }
#define KERNEL_HOST_REPLY(command, function, offset)			\
	[DXGK_VMBCOMMAND_##command] = { .reply = function, .status_at = offset }

static const struct {
	u32 (*reply)(struct kernel_host *host, const void *message, void *data);
	u32 length;
	u32 status_at;
} kernel_host_table[KERNEL_HOST_COMMANDS] = {
	KERNEL_HOST_REPLY(SETIOSPACEREGION, kernel_host_io_space, 0),
	KERNEL_HOST_REPLY(CREATEPROCESS, kernel_host_handle, 0),
	KERNEL_HOST_ZEROS(DESTROYPROCESS, 4),
	KERNEL_HOST_REPLY(OPENSYNCOBJECT, kernel_host_open_sync_object, 4),
	KERNEL_HOST_ZEROS(DESTROYSYNCOBJECT, 4),
	KERNEL_HOST_REPLY(CREATENTSHAREDOBJECT, kernel_host_handle, 0),
	KERNEL_HOST_ZEROS(DESTROYNTSHAREDOBJECT, 4),
	KERNEL_HOST_ZEROS(SHAREOBJECTWITHHOST, 16),
	KERNEL_HOST_REPLY(CREATEDEVICE, kernel_host_handle, 0),
	KERNEL_HOST_ZEROS(DESTROYDEVICE, 4),
	KERNEL_HOST_REPLY(QUERYADAPTERINFO, kernel_host_query_adapter, 0),
	KERNEL_HOST_REPLY(CREATEALLOCATION, kernel_host_allocation, 0),
	KERNEL_HOST_ZEROS(DESTROYALLOCATION, 4),
	KERNEL_HOST_REPLY(CREATECONTEXTVIRTUAL, kernel_host_context, 0),
	KERNEL_HOST_ZEROS(DESTROYCONTEXT, 4),
	KERNEL_HOST_REPLY(CREATESYNCOBJECT, kernel_host_sync_object, 0),
	KERNEL_HOST_REPLY(CREATEPAGINGQUEUE, kernel_host_paging_queue, 0),
	KERNEL_HOST_ZEROS(DESTROYPAGINGQUEUE, 8),
	KERNEL_HOST_REPLY(MAKERESIDENT, kernel_host_paging, 16),
	KERNEL_HOST_ZEROS(EVICT, 8),
	KERNEL_HOST_REPLY(OPENADAPTER, kernel_host_open_adapter, 4),
	KERNEL_HOST_ZEROS(CLOSEADAPTER, 8),
	KERNEL_HOST_ZEROS(FREEGPUVIRTUALADDRESS, 4),
	KERNEL_HOST_REPLY(MAPGPUVIRTUALADDRESS, kernel_host_paging, 16),
	KERNEL_HOST_ZEROS(RESERVEGPUVIRTUALADDRESS, 16),
	KERNEL_HOST_ZEROS(UPDATEGPUVIRTUALADDRESS, 4),
	KERNEL_HOST_ZEROS(SUBMITCOMMAND, 4),
	[dxgk_vmbcommand_queryvideomemoryinfo] = { .length = 32 },
	KERNEL_HOST_ZEROS(WAITFORSYNCOBJECTFROMCPU, 4),
	KERNEL_HOST_REPLY(LOCK2, kernel_host_lock, 0),
	KERNEL_HOST_ZEROS(UNLOCK2, 4),
	KERNEL_HOST_ZEROS(WAITFORSYNCOBJECTFROMGPU, 4),
	KERNEL_HOST_ZEROS(SIGNALSYNCOBJECT, 4),
	KERNEL_HOST_ZEROS(GETDEVICESTATE, 64),
	KERNEL_HOST_ZEROS(MARKDEVICEASERROR, 4),
	KERNEL_HOST_ZEROS(SETCONTEXTSCHEDULINGPRIORITY, 4),
	KERNEL_HOST_ZEROS(GETCONTEXTSCHEDULINGPRIORITY, 8),
	KERNEL_HOST_ZEROS(FLUSHHEAPTRANSITIONS, 4),
	KERNEL_HOST_ZEROS(CHANGEVIDEOMEMORYRESERVATION, 4),
	/* as long as the answers to two allocations are */
	KERNEL_HOST_ZEROS(QUERYALLOCATIONRESIDENCY, 12),
	KERNEL_HOST_ZEROS(OFFERALLOCATIONS, 4),
	KERNEL_HOST_ZEROS(RECLAIMALLOCATIONS, 20),
	KERNEL_HOST_ZEROS(SETALLOCATIONPRIORITY, 4),
	KERNEL_HOST_ZEROS(GETALLOCATIONPRIORITY, 12),
	KERNEL_HOST_ZEROS(UPDATEALLOCATIONPROPERTY, 16),
	KERNEL_HOST_ZEROS(INVALIDATECACHE, 4),
	KERNEL_HOST_ZEROS(QUERYCLOCKCALIBRATION, 32),
	KERNEL_HOST_ZEROS(QUERYSTATISTICS, 784),
	KERNEL_HOST_ZEROS(ESCAPE, 64),
	KERNEL_HOST_REPLY(OPENRESOURCE, kernel_host_open_resource, 4),
	KERNEL_HOST_REPLY(GETINTERNALADAPTERINFO, kernel_host_adapter_info, 0),
	KERNEL_HOST_REPLY(DDIGETSTANDARDALLOCATIONDRIVERDATA, kernel_host_standard_data, 0),
	KERNEL_HOST_ZEROS(FLUSHDEVICE, 4),
	KERNEL_HOST_ZEROS(SETEXISTINGSYSMEMSTORE, 4),
	KERNEL_HOST_REPLY(CREATEHWQUEUE, kernel_host_hwqueue, 24),
	KERNEL_HOST_ZEROS(DESTROYHWQUEUE, 4),
	KERNEL_HOST_ZEROS(SUBMITCOMMANDTOHWQUEUE, 4),
	KERNEL_HOST_ZEROS(SETEXISTINGSYSMEMPAGES, 4),
	KERNEL_HOST_ZEROS(ISFEATUREENABLED, 16),
	KERNEL_HOST_REPLY(CREATENATIVEFENCE, kernel_host_native_fence, 0),
	KERNEL_HOST_REPLY(OPENNATIVEFENCEFROMNTHANDLE, kernel_host_native_fence, 0),
};

/**
 * kernel_host_status_at() - where the status is in the answers to a command
 * @command: below KERNEL_HOST_COMMANDS
 *
 * Return: offset in bytes; 0 also for answers without a status.
 */
u32 kernel_host_status_at(u32 command)
{
	return kernel_host_table[command].status_at;
}

/**
 * kernel_host_answer() - make the answer to a message
 * @host: host
 * @answer: command is set; receives length and data
 * @message: from its header on
 */
void kernel_host_answer(struct kernel_host *host,
			struct kernel_host_answer *answer, const void *message)
{
	typeof(kernel_host_table[0]) *entry =
		&kernel_host_table[answer->command];

	if (entry->reply) {
		memset(answer->data, 0, sizeof(answer->data));
		answer->length = entry->reply(host, message, answer->data);
		return;
	}
	if (!entry->length)
		host->unknown++;
	memset(answer->data, 0, entry->length);
	answer->length = entry->length;
}
