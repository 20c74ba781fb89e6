// SPDX-License-Identifier: GPL-2.0
/*
 * Valid calls, one for each ioctl. See ioctl_description.h.
 *
 * They work on the objects of ioctl_set_up() and leave them as they are, unless
 * they destroy one. The order is that of the numbers.
 */
#include "ioctl_calls.h"

#include "harness.h"

#define ARGS(type)	struct type *args = (void *)call->args
#define S		(&state->s)

IOCTL_CALL(open_adapter)
{
	ARGS(d3dkmt_openadapterfromluid);

	args->adapter_luid = S->infos[0].adapter_luid;
}

IOCTL_CALL(create_device)
{
	ARGS(d3dkmt_createdevice);

	args->adapter = dxg_handle(S->adapter);
}

IOCTL_CALL(create_context)
{
	ARGS(d3dkmt_createcontextvirtual);

	args->device = dxg_handle(S->device);
	args->engine_affinity = 1;
	args->priv_drv_data = dxg_ptr(call->output);
	args->priv_drv_data_size = 16;
}

IOCTL_CALL(destroy_context)
{
	ARGS(d3dkmt_destroycontext);

	args->context = dxg_handle(S->context);
}

IOCTL_CALL(create_allocation)
{
	ARGS(d3dkmt_createallocation);

	call->data.magic = MOCK_ALLOC_MAGIC;
	call->data.segment = MOCK_SEGMENT_LOCAL;
	call->data.size = PAGE;
	call->info.priv_drv_data = dxg_ptr(&call->data);
	call->info.priv_drv_data_size = sizeof(call->data);
	args->device = dxg_handle(S->device);
	args->alloc_count = 1;
	args->allocation_info = dxg_ptr(&call->info);
}

IOCTL_CALL(create_paging_queue)
{
	ARGS(d3dkmt_createpagingqueue);

	args->device = dxg_handle(S->device);
}

IOCTL_CALL(reserve_va)
{
	ARGS(d3dddi_reservegpuvirtualaddress);

	args->adapter = dxg_handle(S->adapter);
	args->minimum_address = VA_MINIMUM;
	args->maximum_address = VA_MAXIMUM;
	args->size = PAGE;
	args->reservation_type = _D3DDDIGPUVA_RESERVE_NO_ACCESS;
}

IOCTL_CALL(query_adapter_info)
{
	ARGS(d3dkmt_queryadapterinfo);

	args->adapter = dxg_handle(S->adapter);
	args->type = (enum kmtqueryadapterinfotype)13;
	args->private_data = dxg_ptr(call->output);
	args->private_data_size = 4;
}

IOCTL_CALL(query_video_memory)
{
	ARGS(d3dkmt_queryvideomemoryinfo);

	args->adapter = dxg_handle(S->adapter);
}

IOCTL_CALL(make_resident)
{
	ARGS(d3dddi_makeresident);

	call->handles[0] = S->local.handle;
	args->paging_queue = dxg_handle(S->paging.queue);
	args->alloc_count = 1;
	args->allocation_list = dxg_ptr(call->handles);
}

IOCTL_CALL(map_va)
{
	ARGS(d3dddi_mapgpuvirtualaddress);

	args->paging_queue = dxg_handle(S->paging.queue);
	args->minimum_address = VA_MINIMUM;
	args->maximum_address = VA_MAXIMUM;
	args->allocation = dxg_handle(S->local.handle);
	args->size_in_pages = 1;
}

IOCTL_CALL(escape)
{
	ARGS(d3dkmt_escape);

	/* no known escape, if a flag says that it is one */
	call->output[0] = _D3DDDI_DRIVERESCAPETYPE_CPUEVENTUSAGE;
	args->adapter = dxg_handle(S->adapter);
	args->priv_drv_data = dxg_ptr(call->output);
	args->priv_drv_data_size = 16;
}

IOCTL_CALL(get_device_state)
{
	ARGS(d3dkmt_getdevicestate);

	args->device = dxg_handle(S->device);
	args->state_type = _D3DKMT_DEVICESTATE_RESET;
}

IOCTL_CALL(submit_command)
{
	ARGS(d3dkmt_submitcommand);

	args->command_buffer = S->heap_va + END_OFFSET;
	args->command_length = sizeof(struct gpu_cmd_header);
	args->broadcast_context_count = 1;
	args->broadcast_context[0] = dxg_handle(S->legacy);
	args->priv_drv_data = dxg_ptr(call->output);
	args->priv_drv_data_size = 16;
	args->num_history_buffers = 1;
	args->history_buffer_array = dxg_ptr(call->handles);
	call->handles[0] = S->local.handle;
}

IOCTL_CALL(create_sync_object)
{
	ARGS(d3dkmt_createsynchronizationobject2);

	args->device = dxg_handle(S->device);
	args->info.type = _D3DDDI_MONITORED_FENCE;
	args->info.monitored_fence.engine_affinity = 1;
}

IOCTL_CALL(signal_legacy)
{
	ARGS(d3dkmt_signalsynchronizationobject2);

	args->context = dxg_handle(S->legacy);
	args->object_count = 1;
	args->object_array[0] = dxg_handle(state->legacy_fence);
	args->fence.fence_value = 1;
}

IOCTL_CALL(wait_legacy)
{
	ARGS(d3dkmt_waitforsynchronizationobject2);

	args->context = dxg_handle(S->legacy);
	args->object_count = 1;
	args->object_array[0] = dxg_handle(state->legacy_fence);
}

IOCTL_CALL(destroy_allocation)
{
	ARGS(d3dkmt_destroyallocation2);

	call->handles[0] = S->sysmem.handle;
	args->device = dxg_handle(S->device);
	args->allocations = dxg_ptr(call->handles);
	args->alloc_count = 1;
}

IOCTL_CALL(enum_adapters2)
{
	ARGS(d3dkmt_enumadapters2);

	(void)state;
	args->num_adapters = 8;
	args->adapters = dxg_ptr(call->output);
}

IOCTL_CALL(close_adapter)
{
	ARGS(d3dkmt_closeadapter);

	args->adapter_handle = dxg_handle(S->adapter);
}

IOCTL_CALL(change_reservation)
{
	ARGS(d3dkmt_changevideomemoryreservation);

	args->adapter = dxg_handle(S->adapter);
	args->reservation = PAGE;
}

IOCTL_CALL(create_hw_queue)
{
	ARGS(d3dkmt_createhwqueue);

	args->context = dxg_handle(S->context);
	args->priv_drv_data = dxg_ptr(call->output);
	args->priv_drv_data_size = 16;
}

IOCTL_CALL(destroy_device)
{
	ARGS(d3dkmt_destroydevice);

	args->device = dxg_handle(S->device);
}

IOCTL_CALL(destroy_hw_queue)
{
	ARGS(d3dkmt_destroyhwqueue);

	args->queue = dxg_handle(S->queue.queue);
}

IOCTL_CALL(destroy_paging_queue)
{
	ARGS(d3dddi_destroypagingqueue);

	args->paging_queue = dxg_handle(S->paging.queue);
}

IOCTL_CALL(destroy_sync_object)
{
	ARGS(d3dkmt_destroysynchronizationobject);

	args->sync_object = dxg_handle(S->fence.sync_object);
}

IOCTL_CALL(evict)
{
	ARGS(d3dkmt_evict);

	call->handles[0] = S->local.handle;
	args->device = dxg_handle(S->device);
	args->alloc_count = 1;
	args->allocations = dxg_ptr(call->handles);
}

IOCTL_CALL(flush_heap_transitions)
{
	ARGS(d3dkmt_flushheaptransitions);

	args->adapter = dxg_handle(S->adapter);
}

IOCTL_CALL(free_va)
{
	ARGS(d3dkmt_freegpuvirtualaddress);

	args->adapter = dxg_handle(S->adapter);
	args->base_address = S->second_va;
	args->size = VA_SIZE;
}

IOCTL_CALL(get_context_priority)
{
	ARGS(d3dkmt_getcontextschedulingpriority);

	args->context = dxg_handle(S->context);
	args->priority = 99;
}

IOCTL_CALL(invalidate_cache)
{
	ARGS(d3dkmt_invalidatecache);

	args->device = dxg_handle(S->device);
	args->allocation = dxg_handle(S->local.handle);
	args->length = PAGE;
}

IOCTL_CALL(lock)
{
	ARGS(d3dkmt_lock2);

	args->device = dxg_handle(S->device);
	args->allocation = dxg_handle(S->local.handle);
}

IOCTL_CALL(mark_device)
{
	ARGS(d3dkmt_markdeviceaserror);

	args->device = dxg_handle(state->broken);
	args->reason = _D3DKMT_DEVICE_ERROR_REASON_GENERIC;
}

IOCTL_CALL(offer)
{
	ARGS(d3dkmt_offerallocations);

	call->handles[0] = S->sysmem.handle;
	args->device = dxg_handle(S->device);
	args->allocations = dxg_ptr(call->handles);
	args->allocation_count = 1;
	args->priority = _D3DKMT_OFFER_PRIORITY_NORMAL;
}

IOCTL_CALL(query_residency)
{
	ARGS(d3dkmt_queryallocationresidency);

	call->handles[0] = S->local.handle;
	args->device = dxg_handle(S->device);
	args->allocations = dxg_ptr(call->handles);
	args->allocation_count = 1;
	args->residency_status = dxg_ptr(call->output);
}

IOCTL_CALL(reclaim)
{
	ARGS(d3dkmt_reclaimallocations2);

	call->handles[0] = S->sysmem.handle;
	call->output[0] = 0xee;
	args->paging_queue = dxg_handle(S->paging.queue);
	args->allocation_count = 1;
	args->allocations = dxg_ptr(call->handles);
	args->results = dxg_ptr(call->output);
}

/* Two allocations, so that the reply has more than 8 bytes. */
static void list_priorities(const struct ioctl_state *state,
			    struct ioctl_call *call)
{
	/* both directions have the same layout */
	ARGS(d3dkmt_setallocationpriority);

	call->handles[0] = S->local.handle;
	call->handles[1] = S->heap.handle;
	args->device = dxg_handle(S->device);
	args->allocation_list = dxg_ptr(call->handles);
	args->allocation_count = 2;
	args->priorities = dxg_ptr(call->output);
}

IOCTL_CALL(set_priorities)
{
	list_priorities(state, call);
}

IOCTL_CALL(set_context_priority)
{
	ARGS(d3dkmt_setcontextschedulingpriority);

	args->context = dxg_handle(S->context);
	args->priority = -3;
}

IOCTL_CALL(unlock)
{
	ARGS(d3dkmt_unlock2);

	args->device = dxg_handle(S->device);
	args->allocation = dxg_handle(S->shared.handle);
}

IOCTL_CALL(signal_from_cpu)
{
	ARGS(d3dkmt_signalsynchronizationobjectfromcpu);

	call->handles[0] = S->fence.sync_object;
	call->values[0] = 11;
	args->device = dxg_handle(S->device);
	args->object_count = 1;
	args->objects = dxg_ptr(call->handles);
	args->fence_values = dxg_ptr(call->values);
}

IOCTL_CALL(signal_from_gpu)
{
	ARGS(d3dkmt_signalsynchronizationobjectfromgpu);

	call->handles[0] = S->fence.sync_object;
	call->values[0] = 11;
	args->context = dxg_handle(S->legacy);
	args->object_count = 1;
	args->objects = dxg_ptr(call->handles);
	args->monitored_fence_values = dxg_ptr(call->values);
}

IOCTL_CALL(signal_from_gpu2)
{
	ARGS(d3dkmt_signalsynchronizationobjectfromgpu2);

	call->handles[0] = S->fence.sync_object;
	call->handles[4] = S->legacy;
	call->values[0] = 11;
	args->object_count = 1;
	args->objects = dxg_ptr(call->handles);
	args->context_count = 1;
	args->contexts = dxg_ptr(call->handles + 4);
	args->monitored_fence_values = dxg_ptr(call->values);
}

IOCTL_CALL(submit_hw_queue)
{
	ARGS(d3dkmt_submitcommandtohwqueue);

	args->hwqueue = dxg_handle(S->queue.queue);
	args->hwqueue_progress_fence_id = 1;
	args->command_buffer = S->heap_va + END_OFFSET;
	args->command_length = sizeof(struct gpu_cmd_header);
	args->priv_drv_data = dxg_ptr(call->output);
	args->priv_drv_data_size = 16;
	args->num_primaries = 1;
	args->written_primaries = dxg_ptr(call->handles);
	call->handles[0] = S->local.handle;
}

IOCTL_CALL(signal_hw_queue)
{
	ARGS(d3dkmt_submitsignalsyncobjectstohwqueue);

	call->handles[0] = S->fence.sync_object;
	call->handles[4] = S->queue.queue;
	call->values[0] = 11;
	args->hwqueue_count = 1;
	args->hwqueues = dxg_ptr(call->handles + 4);
	args->object_count = 1;
	args->objects = dxg_ptr(call->handles);
	args->fence_values = dxg_ptr(call->values);
}

IOCTL_CALL(wait_hw_queue)
{
	ARGS(d3dkmt_submitwaitforsyncobjectstohwqueue);

	call->handles[0] = S->fence.sync_object;
	call->values[0] = 1;
	args->hwqueue = dxg_handle(S->queue.queue);
	args->object_count = 1;
	args->objects = dxg_ptr(call->handles);
	args->fence_values = dxg_ptr(call->values);
}

IOCTL_CALL(update_property)
{
	ARGS(d3dddi_updateallocproperty);

	args->paging_queue = dxg_handle(S->paging.queue);
	args->allocation = dxg_handle(S->local.handle);
	args->supported_segment_set = 3;
}

IOCTL_CALL(update_va)
{
	ARGS(d3dkmt_updategpuvirtualaddress);

	call->operation.operation = _D3DDDI_UPDATEGPUVIRTUALADDRESS_UNMAP;
	call->operation.unmap.base_address = S->va + LOCAL_SIZE;
	call->operation.unmap.size = PAGE;
	args->device = dxg_handle(S->device);
	args->context = dxg_handle(S->legacy);
	args->fence_object = dxg_handle(S->fence.sync_object);
	args->num_operations = 1;
	args->operations = dxg_ptr(&call->operation);
	args->fence_value = 12;
}

IOCTL_CALL(wait_from_cpu)
{
	ARGS(d3dkmt_waitforsynchronizationobjectfromcpu);

	call->handles[0] = S->fence.sync_object;
	call->values[0] = 1;
	args->device = dxg_handle(S->device);
	args->object_count = 1;
	args->objects = dxg_ptr(call->handles);
	args->fence_values = dxg_ptr(call->values);
}

IOCTL_CALL(wait_from_gpu)
{
	ARGS(d3dkmt_waitforsynchronizationobjectfromgpu);

	call->handles[0] = S->fence.sync_object;
	call->values[0] = 1;
	args->context = dxg_handle(S->legacy);
	args->object_count = 1;
	args->objects = dxg_ptr(call->handles);
	args->monitored_fence_values = dxg_ptr(call->values);
}

IOCTL_CALL(get_priorities)
{
	call->output[0] = 0xee;
	list_priorities(state, call);
}

IOCTL_CALL(query_clocks)
{
	ARGS(d3dkmt_queryclockcalibration);

	args->adapter = dxg_handle(S->adapter);
}

IOCTL_CALL(enum_adapters3)
{
	ARGS(d3dkmt_enumadapters3);

	(void)state;
	args->adapter_count = 8;
	args->adapters = dxg_ptr(call->output);
}

IOCTL_CALL(share)
{
	ARGS(d3dkmt_shareobjects);

	call->handles[0] = S->shared.resource;
	args->object_count = 1;
	args->objects = dxg_ptr(call->handles);
	args->shared_handle = dxg_ptr(call->values);
}

IOCTL_CALL(query_shared)
{
	ARGS(d3dkmt_queryresourceinfofromnthandle);

	args->device = dxg_handle(S->device);
	args->nt_handle = (__u32)S->shared_fd;
}

IOCTL_CALL(open_sync_object)
{
	ARGS(d3dkmt_opensyncobjectfromnthandle2);

	args->nt_handle = (__u32)state->fence_fd;
	args->device = dxg_handle(S->device);
	args->flags.value = DXG_SYNC_SHAREABLE;
}

IOCTL_CALL(open_shared)
{
	ARGS(d3dkmt_openresourcefromnthandle);

	args->device = dxg_handle(S->device);
	args->nt_handle = (__u32)S->shared_fd;
	args->allocation_count = state->shared_info.allocation_count;
	args->open_alloc_info = dxg_ptr(&call->opened);
	args->total_priv_drv_data_size = state->shared_info.total_data_size;
	args->total_priv_drv_data = dxg_ptr(call->output);
}

IOCTL_CALL(query_statistics)
{
	ARGS(d3dkmt_querystatistics);

	args->type = _D3DKMT_QUERYSTATISTICS_ADAPTER;
	args->adapter_luid = S->infos[0].adapter_luid;
}

IOCTL_CALL(share_with_host)
{
	ARGS(d3dkmt_shareobjectwithhost);

	args->device_handle = dxg_handle(S->device);
	args->object_handle = dxg_handle(S->fence.sync_object);
}

IOCTL_CALL(create_sync_file)
{
	ARGS(d3dkmt_createsyncfile);

	args->device = dxg_handle(S->device);
	args->monitored_fence = dxg_handle(S->fence.sync_object);
	args->fence_value = 1;
}

IOCTL_CALL(wait_sync_file)
{
	ARGS(d3dkmt_waitsyncfile);

	args->sync_file_handle = (__u32)state->sync_file;
	args->context = dxg_handle(S->legacy);
}

IOCTL_CALL(open_from_sync_file)
{
	ARGS(d3dkmt_opensyncobjectfromsyncfile);

	args->sync_file_handle = (__u32)state->sync_file;
	args->device = dxg_handle(S->device);
}

IOCTL_CALL(enum_processes)
{
	ARGS(d3dkmt_enumprocesses);

	args->adapter_luid = S->infos[0].adapter_luid;
	args->buffer = dxg_ptr(call->output);
	args->buffer_count = sizeof(call->output) / sizeof(__u32);
}

IOCTL_CALL(is_feature_enabled)
{
	ARGS(d3dkmt_isfeatureenabled);

	args->adapter = dxg_handle(S->adapter);
}

IOCTL_CALL(create_native_fence)
{
	ARGS(d3dkmt_createnativefence);

	args->device = dxg_handle(S->device);
	args->info.engine_affinity = 1;
}

IOCTL_CALL(open_native_fence)
{
	ARGS(d3dkmt_opennativefencefromnthandle);

	args->nt_handle = (__u32)state->native_fd;
	args->device = dxg_handle(S->device);
	args->engine_affinity = 1;
	args->flags.value = DXG_SYNC_SHAREABLE;
}
