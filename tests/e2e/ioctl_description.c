// SPDX-License-Identifier: GPL-2.0
/*
 * The table of ioctls. See ioctl_description.h.
 *
 * Its order is that of the numbers.
 */
#include "ioctl_calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dxg_query.h"
#include "harness.h"

/* Largest packet: no list or block of data in a message can be larger. */
#define PACKET		131072u
#define LIST(size)	(PACKET / (size))

#define C(call)			ioctl_call_##call
#define AT(type, field)		offsetof(struct type, field)
#define H(type, field, kinds)	{ HANDLE, AT(type, field), kinds, 0 }
#define OPTIONAL(type, field, kinds) \
				{ OPTIONAL_HANDLE, AT(type, field), kinds, 0 }
#define N(type, field, max)	{ COUNT, AT(type, field), 0, max }
#define F(type, field)		{ FLAGS, AT(type, field), 0, 0 }
#define P(type, field, size)	{ POINTER, AT(type, field), 0, size }
#define L(type, field, kinds)	{ POINTER, AT(type, field), kinds, 4 }

const struct ioctl_description ioctls[] = {
	{ "OpenAdapterFromLuid", LX_DXOPENADAPTERFROMLUID, NULL, C(open_adapter),
	  0, 0, { { 0 } } },
	{ "CreateDevice", LX_DXCREATEDEVICE, "CREATEDEVICE", C(create_device), 0,
	  0, { H(d3dkmt_createdevice, adapter, KIND(ADAPTER)),
	       F(d3dkmt_createdevice, flags) } },
	{ "CreateContextVirtual", LX_DXCREATECONTEXTVIRTUAL,
	  "CREATECONTEXTVIRTUAL", C(create_context), 0, 0,
	  { H(d3dkmt_createcontextvirtual, device, KIND(DEVICE)),
	    N(d3dkmt_createcontextvirtual, priv_drv_data_size, PACKET),
	    F(d3dkmt_createcontextvirtual, flags),
	    P(d3dkmt_createcontextvirtual, priv_drv_data, 16) } },
	{ "DestroyContext", LX_DXDESTROYCONTEXT, "DESTROYCONTEXT",
	  C(destroy_context), 0, KIND(CONTEXT),
	  { H(d3dkmt_destroycontext, context, KIND(CONTEXT)) } },
	{ "CreateAllocation2", LX_DXCREATEALLOCATION, "CREATEALLOCATION",
	  C(create_allocation), 0, 0,
	  { H(d3dkmt_createallocation, device, KIND(DEVICE)),
	    N(d3dkmt_createallocation, alloc_count, 1024),
	    N(d3dkmt_createallocation, private_runtime_data_size, PACKET),
	    N(d3dkmt_createallocation, priv_drv_data_size, PACKET),
	    F(d3dkmt_createallocation, flags),
	    P(d3dkmt_createallocation, allocation_info,
	      sizeof(struct d3dddi_allocationinfo2)) } },
	{ "CreatePagingQueue", LX_DXCREATEPAGINGQUEUE, "CREATEPAGINGQUEUE",
	  C(create_paging_queue), 0, 0,
	  { H(d3dkmt_createpagingqueue, device, KIND(DEVICE)) } },
	{ "ReserveGpuVirtualAddress", LX_DXRESERVEGPUVIRTUALADDRESS,
	  "RESERVEGPUVIRTUALADDRESS", C(reserve_va), 0, 0,
	  { H(d3dddi_reservegpuvirtualaddress, adapter,
	      KIND(ADAPTER) | KIND(PAGING_QUEUE)) } },
	{ "QueryAdapterInfo", LX_DXQUERYADAPTERINFO, "QUERYADAPTERINFO",
	  C(query_adapter_info), 0, 0,
	  { H(d3dkmt_queryadapterinfo, adapter, KIND(ADAPTER)),
	    N(d3dkmt_queryadapterinfo, private_data_size, PACKET),
	    P(d3dkmt_queryadapterinfo, private_data, 4) } },
	{ "QueryVideoMemoryInfo", LX_DXQUERYVIDEOMEMORYINFO,
	  "QUERYVIDEOMEMORYINFO", C(query_video_memory), 0, 0,
	  { H(d3dkmt_queryvideomemoryinfo, adapter, KIND(ADAPTER)) } },
	{ "MakeResident", LX_DXMAKERESIDENT, "MAKERESIDENT", C(make_resident),
	  DXG_STATUS_PENDING, 0,
	  { H(d3dddi_makeresident, paging_queue, KIND(PAGING_QUEUE)),
	    N(d3dddi_makeresident, alloc_count, 10240),
	    F(d3dddi_makeresident, flags),
	    P(d3dddi_makeresident, allocation_list, 4) } },
	{ "MapGpuVirtualAddress", LX_DXMAPGPUVIRTUALADDRESS,
	  "MAPGPUVIRTUALADDRESS", C(map_va), DXG_STATUS_PENDING, 0,
	  { H(d3dddi_mapgpuvirtualaddress, paging_queue,
	      KIND(PAGING_QUEUE)) } },
	{ "Escape", LX_DXESCAPE, "ESCAPE", C(escape), 0, 0,
	  { H(d3dkmt_escape, adapter, KIND(ADAPTER)),
	    N(d3dkmt_escape, priv_drv_data_size, PACKET),
	    F(d3dkmt_escape, flags), P(d3dkmt_escape, priv_drv_data, 16) } },
	{ "GetDeviceState", LX_DXGETDEVICESTATE, "GETDEVICESTATE",
	  C(get_device_state), 0, 0,
	  { H(d3dkmt_getdevicestate, device, KIND(DEVICE)) } },
	{ "SubmitCommand", LX_DXSUBMITCOMMAND, "SUBMITCOMMAND",
	  C(submit_command), 0, 0,
	  { H(d3dkmt_submitcommand, broadcast_context, KIND(CONTEXT)),
	    N(d3dkmt_submitcommand, broadcast_context_count, 64),
	    N(d3dkmt_submitcommand, priv_drv_data_size, PACKET),
	    N(d3dkmt_submitcommand, num_primaries, 16),
	    N(d3dkmt_submitcommand, num_history_buffers, 1024),
	    F(d3dkmt_submitcommand, flags),
	    P(d3dkmt_submitcommand, priv_drv_data, 16),
	    P(d3dkmt_submitcommand, history_buffer_array, 4) } },
	{ "CreateSynchronizationObject2", LX_DXCREATESYNCHRONIZATIONOBJECT,
	  "CREATESYNCOBJECT", C(create_sync_object), 0, 0,
	  { H(d3dkmt_createsynchronizationobject2, device, KIND(DEVICE)) } },
	{ "SignalSynchronizationObject2", LX_DXSIGNALSYNCHRONIZATIONOBJECT,
	  "SIGNALSYNCOBJECT", C(signal_legacy), 0, 0,
	  { H(d3dkmt_signalsynchronizationobject2, context, KIND(CONTEXT)),
	    N(d3dkmt_signalsynchronizationobject2, object_count, 32),
	    N(d3dkmt_signalsynchronizationobject2, context_count, 63),
	    F(d3dkmt_signalsynchronizationobject2, flags) } },
	{ "WaitForSynchronizationObject2", LX_DXWAITFORSYNCHRONIZATIONOBJECT,
	  "WAITFORSYNCOBJECTFROMGPU", C(wait_legacy), 0, 0,
	  { H(d3dkmt_waitforsynchronizationobject2, context, KIND(CONTEXT)),
	    N(d3dkmt_waitforsynchronizationobject2, object_count, 32) } },
	{ "DestroyAllocation2", LX_DXDESTROYALLOCATION2, "DESTROYALLOCATION",
	  C(destroy_allocation), 0, KIND(ALLOCATION),
	  { H(d3dkmt_destroyallocation2, device, KIND(DEVICE)),
	    OPTIONAL(d3dkmt_destroyallocation2, resource, KIND(RESOURCE)),
	    N(d3dkmt_destroyallocation2, alloc_count, 1024),
	    F(d3dkmt_destroyallocation2, flags),
	    L(d3dkmt_destroyallocation2, allocations, KIND(ALLOCATION)) } },
	{ "EnumAdapters2", LX_DXENUMADAPTERS2, NULL, C(enum_adapters2), 0, 0,
	  { N(d3dkmt_enumadapters2, num_adapters, 64),
	    P(d3dkmt_enumadapters2, adapters,
	      sizeof(struct d3dkmt_adapterinfo)) } },
	{ "CloseAdapter", LX_DXCLOSEADAPTER, NULL, C(close_adapter), 0,
	  KIND(ADAPTER),
	  { OPTIONAL(d3dkmt_closeadapter, adapter_handle, KIND(ADAPTER)) } },
	{ "ChangeVideoMemoryReservation", LX_DXCHANGEVIDEOMEMORYRESERVATION,
	  "CHANGEVIDEOMEMORYRESERVATION", C(change_reservation), 0, 0,
	  { H(d3dkmt_changevideomemoryreservation, adapter,
	      KIND(ADAPTER)) } },
	{ "CreateHwQueue", LX_DXCREATEHWQUEUE, "CREATEHWQUEUE",
	  C(create_hw_queue), 0, 0,
	  { H(d3dkmt_createhwqueue, context, KIND(CONTEXT)),
	    N(d3dkmt_createhwqueue, priv_drv_data_size, PACKET),
	    F(d3dkmt_createhwqueue, flags),
	    P(d3dkmt_createhwqueue, priv_drv_data, 16) } },
	{ "DestroyDevice", LX_DXDESTROYDEVICE, "DESTROYDEVICE",
	  C(destroy_device), 0, KIND(DEVICE),
	  { H(d3dkmt_destroydevice, device, KIND(DEVICE)) } },
	{ "DestroyHwQueue", LX_DXDESTROYHWQUEUE, "DESTROYHWQUEUE",
	  C(destroy_hw_queue), 0, KIND(HW_QUEUE),
	  { H(d3dkmt_destroyhwqueue, queue, KIND(HW_QUEUE)) } },
	{ "DestroyPagingQueue", LX_DXDESTROYPAGINGQUEUE, "DESTROYPAGINGQUEUE",
	  C(destroy_paging_queue), 0, KIND(PAGING_QUEUE),
	  { H(d3dddi_destroypagingqueue, paging_queue,
	      KIND(PAGING_QUEUE)) } },
	{ "DestroySynchronizationObject", LX_DXDESTROYSYNCHRONIZATIONOBJECT,
	  "DESTROYSYNCOBJECT", C(destroy_sync_object), 0, KIND(FENCE),
	  { H(d3dkmt_destroysynchronizationobject, sync_object,
	      KIND(FENCE)) } },
	{ "Evict", LX_DXEVICT, "EVICT", C(evict), 0, 0,
	  { H(d3dkmt_evict, device, KIND(DEVICE)),
	    N(d3dkmt_evict, alloc_count, 10240), F(d3dkmt_evict, flags),
	    P(d3dkmt_evict, allocations, 4) } },
	{ "FlushHeapTransitions", LX_DXFLUSHHEAPTRANSITIONS,
	  "FLUSHHEAPTRANSITIONS", C(flush_heap_transitions), 0, 0,
	  { H(d3dkmt_flushheaptransitions, adapter, KIND(ADAPTER)) } },
	{ "FreeGpuVirtualAddress", LX_DXFREEGPUVIRTUALADDRESS,
	  "FREEGPUVIRTUALADDRESS", C(free_va), 0, ONCE,
	  { H(d3dkmt_freegpuvirtualaddress, adapter, KIND(ADAPTER)) } },
	{ "GetContextInProcessSchedulingPriority",
	  LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY,
	  "GETCONTEXTSCHEDULINGPRIORITY", C(get_context_priority), 0, 0,
	  { H(d3dkmt_getcontextinprocessschedulingpriority, context,
	      KIND(CONTEXT)) } },
	{ "GetContextSchedulingPriority", LX_DXGETCONTEXTSCHEDULINGPRIORITY,
	  "GETCONTEXTSCHEDULINGPRIORITY", C(get_context_priority), 0, 0,
	  { H(d3dkmt_getcontextschedulingpriority, context,
	      KIND(CONTEXT)) } },
	{ "InvalidateCache", LX_DXINVALIDATECACHE, "INVALIDATECACHE",
	  C(invalidate_cache), 0, 0,
	  { H(d3dkmt_invalidatecache, device, KIND(DEVICE)) } },
	{ "Lock2", LX_DXLOCK2, "LOCK2", C(lock), 0, 0,
	  { H(d3dkmt_lock2, device, KIND(DEVICE)),
	    H(d3dkmt_lock2, allocation, KIND(ALLOCATION)) } },
	{ "MarkDeviceAsError", LX_DXMARKDEVICEASERROR, "MARKDEVICEASERROR",
	  C(mark_device), 0, 0,
	  { H(d3dkmt_markdeviceaserror, device, KIND(DEVICE)) } },
	{ "OfferAllocations", LX_DXOFFERALLOCATIONS, "OFFERALLOCATIONS",
	  C(offer), 0, 0,
	  { H(d3dkmt_offerallocations, device, KIND(DEVICE)),
	    N(d3dkmt_offerallocations, allocation_count, 10240),
	    F(d3dkmt_offerallocations, flags),
	    P(d3dkmt_offerallocations, allocations, 4) } },
	{ "QueryAllocationResidency", LX_DXQUERYALLOCATIONRESIDENCY,
	  "QUERYALLOCATIONRESIDENCY", C(query_residency), 0, 0,
	  { H(d3dkmt_queryallocationresidency, device, KIND(DEVICE)),
	    N(d3dkmt_queryallocationresidency, allocation_count, LIST(4)),
	    P(d3dkmt_queryallocationresidency, allocations, 4),
	    P(d3dkmt_queryallocationresidency, residency_status, 4) } },
	{ "ReclaimAllocations2", LX_DXRECLAIMALLOCATIONS2,
	  "RECLAIMALLOCATIONS", C(reclaim), DXG_STATUS_PENDING, 0,
	  { H(d3dkmt_reclaimallocations2, paging_queue, KIND(PAGING_QUEUE)),
	    N(d3dkmt_reclaimallocations2, allocation_count, 10240),
	    P(d3dkmt_reclaimallocations2, allocations, 4),
	    P(d3dkmt_reclaimallocations2, results, 4) } },
	{ "SetAllocationPriority", LX_DXSETALLOCATIONPRIORITY,
	  "SETALLOCATIONPRIORITY", C(set_priorities), 0, 0,
	  { H(d3dkmt_setallocationpriority, device, KIND(DEVICE)),
	    N(d3dkmt_setallocationpriority, allocation_count, LIST(4)),
	    P(d3dkmt_setallocationpriority, allocation_list, 8),
	    P(d3dkmt_setallocationpriority, priorities, 8) } },
	{ "SetContextInProcessSchedulingPriority",
	  LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY,
	  "SETCONTEXTSCHEDULINGPRIORITY", C(set_context_priority), 0, 0,
	  { H(d3dkmt_setcontextinprocessschedulingpriority, context,
	      KIND(CONTEXT)) } },
	{ "SetContextSchedulingPriority", LX_DXSETCONTEXTSCHEDULINGPRIORITY,
	  "SETCONTEXTSCHEDULINGPRIORITY", C(set_context_priority), 0, 0,
	  { H(d3dkmt_setcontextschedulingpriority, context,
	      KIND(CONTEXT)) } },
	{ "SignalFromCpu", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU,
	  "SIGNALSYNCOBJECT", C(signal_from_cpu), 0, 0,
	  { H(d3dkmt_signalsynchronizationobjectfromcpu, device, KIND(DEVICE)),
	    N(d3dkmt_signalsynchronizationobjectfromcpu, object_count, 32),
	    F(d3dkmt_signalsynchronizationobjectfromcpu, flags),
	    P(d3dkmt_signalsynchronizationobjectfromcpu, objects, 4),
	    P(d3dkmt_signalsynchronizationobjectfromcpu, fence_values, 8) } },
	{ "SignalFromGpu", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU,
	  "SIGNALSYNCOBJECT", C(signal_from_gpu), 0, 0,
	  { H(d3dkmt_signalsynchronizationobjectfromgpu, context,
	      KIND(CONTEXT)),
	    N(d3dkmt_signalsynchronizationobjectfromgpu, object_count,
	      LIST(12)),
	    P(d3dkmt_signalsynchronizationobjectfromgpu, objects, 4),
	    P(d3dkmt_signalsynchronizationobjectfromgpu,
	      monitored_fence_values, 8) } },
	{ "SignalFromGpu2", LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2,
	  "SIGNALSYNCOBJECT", C(signal_from_gpu2), 0, 0,
	  { N(d3dkmt_signalsynchronizationobjectfromgpu2, object_count,
	      LIST(12)),
	    N(d3dkmt_signalsynchronizationobjectfromgpu2, context_count, 64),
	    F(d3dkmt_signalsynchronizationobjectfromgpu2, flags),
	    P(d3dkmt_signalsynchronizationobjectfromgpu2, objects, 4),
	    L(d3dkmt_signalsynchronizationobjectfromgpu2, contexts,
	      KIND(CONTEXT)),
	    P(d3dkmt_signalsynchronizationobjectfromgpu2,
	      monitored_fence_values, 8) } },
	{ "SubmitCommandToHwQueue", LX_DXSUBMITCOMMANDTOHWQUEUE,
	  "SUBMITCOMMANDTOHWQUEUE", C(submit_hw_queue), 0, 0,
	  { H(d3dkmt_submitcommandtohwqueue, hwqueue, KIND(HW_QUEUE)),
	    N(d3dkmt_submitcommandtohwqueue, priv_drv_data_size, PACKET),
	    N(d3dkmt_submitcommandtohwqueue, num_primaries, LIST(4)),
	    P(d3dkmt_submitcommandtohwqueue, priv_drv_data, 16),
	    P(d3dkmt_submitcommandtohwqueue, written_primaries, 4) } },
	{ "SubmitSignalToHwQueue", LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE,
	  "SIGNALSYNCOBJECT", C(signal_hw_queue), 0, 0,
	  { N(d3dkmt_submitsignalsyncobjectstohwqueue, hwqueue_count, 64),
	    N(d3dkmt_submitsignalsyncobjectstohwqueue, object_count, 32),
	    F(d3dkmt_submitsignalsyncobjectstohwqueue, flags),
	    L(d3dkmt_submitsignalsyncobjectstohwqueue, hwqueues,
	      KIND(HW_QUEUE)),
	    P(d3dkmt_submitsignalsyncobjectstohwqueue, objects, 4),
	    P(d3dkmt_submitsignalsyncobjectstohwqueue, fence_values, 8) } },
	{ "SubmitWaitToHwQueue", LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE,
	  "WAITFORSYNCOBJECTFROMGPU", C(wait_hw_queue), 0, 0,
	  { H(d3dkmt_submitwaitforsyncobjectstohwqueue, hwqueue,
	      KIND(HW_QUEUE)),
	    N(d3dkmt_submitwaitforsyncobjectstohwqueue, object_count, 32),
	    P(d3dkmt_submitwaitforsyncobjectstohwqueue, objects, 4),
	    P(d3dkmt_submitwaitforsyncobjectstohwqueue, fence_values, 8) } },
	{ "Unlock2", LX_DXUNLOCK2, "UNLOCK2", C(unlock), 0, ONCE,
	  { H(d3dkmt_unlock2, device, KIND(DEVICE)),
	    H(d3dkmt_unlock2, allocation, KIND(ALLOCATION)) } },
	{ "UpdateAllocationProperty", LX_DXUPDATEALLOCPROPERTY,
	  "UPDATEALLOCATIONPROPERTY", C(update_property), DXG_STATUS_PENDING,
	  0, { H(d3dddi_updateallocproperty, paging_queue,
		 KIND(PAGING_QUEUE)) } },
	{ "UpdateGpuVirtualAddress", LX_DXUPDATEGPUVIRTUALADDRESS,
	  "UPDATEGPUVIRTUALADDRESS", C(update_va), 0, 0,
	  { H(d3dkmt_updategpuvirtualaddress, device, KIND(DEVICE)),
	    N(d3dkmt_updategpuvirtualaddress, num_operations, LIST(64)),
	    P(d3dkmt_updategpuvirtualaddress, operations,
	      sizeof(struct d3dddi_updategpuvirtualaddress_operation)) } },
	{ "WaitFromCpu", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
	  "WAITFORSYNCOBJECTFROMCPU", C(wait_from_cpu), 0, 0,
	  { H(d3dkmt_waitforsynchronizationobjectfromcpu, device,
	      KIND(DEVICE)),
	    N(d3dkmt_waitforsynchronizationobjectfromcpu, object_count,
	      LIST(12)),
	    F(d3dkmt_waitforsynchronizationobjectfromcpu, flags),
	    P(d3dkmt_waitforsynchronizationobjectfromcpu, objects, 4),
	    P(d3dkmt_waitforsynchronizationobjectfromcpu, fence_values,
	      8) } },
	{ "WaitFromGpu", LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU,
	  "WAITFORSYNCOBJECTFROMGPU", C(wait_from_gpu), 0, 0,
	  { H(d3dkmt_waitforsynchronizationobjectfromgpu, context,
	      KIND(CONTEXT)),
	    N(d3dkmt_waitforsynchronizationobjectfromgpu, object_count, 32),
	    P(d3dkmt_waitforsynchronizationobjectfromgpu, objects, 4),
	    P(d3dkmt_waitforsynchronizationobjectfromgpu,
	      monitored_fence_values, 8) } },
	{ "GetAllocationPriority", LX_DXGETALLOCATIONPRIORITY,
	  "GETALLOCATIONPRIORITY", C(get_priorities), 0, 0,
	  { H(d3dkmt_getallocationpriority, device, KIND(DEVICE)),
	    N(d3dkmt_getallocationpriority, allocation_count, LIST(4)),
	    P(d3dkmt_getallocationpriority, allocation_list, 8),
	    P(d3dkmt_getallocationpriority, priorities, 8) } },
	{ "QueryClockCalibration", LX_DXQUERYCLOCKCALIBRATION,
	  "QUERYCLOCKCALIBRATION", C(query_clocks), 0, 0,
	  { H(d3dkmt_queryclockcalibration, adapter, KIND(ADAPTER)) } },
	{ "EnumAdapters3", LX_DXENUMADAPTERS3, NULL, C(enum_adapters3), 0, 0,
	  { N(d3dkmt_enumadapters3, adapter_count, 0xffff),
	    P(d3dkmt_enumadapters3, adapters,
	      sizeof(struct d3dkmt_adapterinfo)) } },
	{ "ShareObjects", LX_DXSHAREOBJECTS, NULL, C(share), 0, 0,
	  { N(d3dkmt_shareobjects, object_count, 1),
	    L(d3dkmt_shareobjects, objects, KIND(RESOURCE) | KIND(FENCE)),
	    P(d3dkmt_shareobjects, shared_handle, 8) } },
	{ "QueryResourceInfoFromNtHandle", LX_DXQUERYRESOURCEINFOFROMNTHANDLE,
	  NULL, C(query_shared), 0, 0,
	  { H(d3dkmt_queryresourceinfofromnthandle, device, KIND(DEVICE)) } },
	{ "OpenSyncObjectFromNtHandle2", LX_DXOPENSYNCOBJECTFROMNTHANDLE2,
	  "OPENSYNCOBJECT", C(open_sync_object), 0, 0,
	  { H(d3dkmt_opensyncobjectfromnthandle2, device, KIND(DEVICE)) } },
	{ "OpenResourceFromNtHandle", LX_DXOPENRESOURCEFROMNTHANDLE,
	  "OPENRESOURCE", C(open_shared), 0, 0,
	  { H(d3dkmt_openresourcefromnthandle, device, KIND(DEVICE)),
	    N(d3dkmt_openresourcefromnthandle, allocation_count, 1),
	    P(d3dkmt_openresourcefromnthandle, open_alloc_info,
	      sizeof(struct d3dddi_openallocationinfo2)),
	    P(d3dkmt_openresourcefromnthandle, total_priv_drv_data,
	      sizeof(struct mock_alloc_data)) } },
	{ "QueryStatistics", LX_DXQUERYSTATISTICS, "QUERYSTATISTICS",
	  C(query_statistics), 0, 0, { { 0 } } },
	{ "ShareObjectWithHost", LX_DXSHAREOBJECTWITHHOST,
	  "SHAREOBJECTWITHHOST", C(share_with_host), 0, 0,
	  { H(d3dkmt_shareobjectwithhost, device_handle, KIND(DEVICE)),
	    H(d3dkmt_shareobjectwithhost, object_handle,
	      KIND(FENCE) | KIND(ALLOCATION) | KIND(RESOURCE)) } },
	{ "CreateSyncFile", LX_DXCREATESYNCFILE, "WAITFORSYNCOBJECTFROMCPU",
	  C(create_sync_file), 0, 0,
	  { H(d3dkmt_createsyncfile, device, KIND(DEVICE)),
	    H(d3dkmt_createsyncfile, monitored_fence, KIND(FENCE)) } },
	{ "WaitSyncFile", LX_DXWAITSYNCFILE, "WAITFORSYNCOBJECTFROMGPU",
	  C(wait_sync_file), 0, 0,
	  { H(d3dkmt_waitsyncfile, context, KIND(CONTEXT)) } },
	{ "OpenSyncObjectFromSyncFile", LX_DXOPENSYNCOBJECTFROMSYNCFILE,
	  "OPENSYNCOBJECT", C(open_from_sync_file), 0, 0,
	  { H(d3dkmt_opensyncobjectfromsyncfile, device, KIND(DEVICE)) } },
	{ "EnumProcesses", LX_DXENUMPROCESSES, NULL, C(enum_processes), 0, 0,
	  { P(d3dkmt_enumprocesses, buffer, 4) } },
	{ "IsFeatureEnabled", LX_ISFEATUREENABLED, "ISFEATUREENABLED",
	  C(is_feature_enabled), 0, 0,
	  { H(d3dkmt_isfeatureenabled, adapter, KIND(ADAPTER)) } },
	{ "CreateNativeFence", LX_CREATENATIVEFENCE, "CREATENATIVEFENCE",
	  C(create_native_fence), 0, 0,
	  { H(d3dkmt_createnativefence, device, KIND(DEVICE)) } },
	{ "OpenNativeFenceFromNtHandle", LX_DXOPENNATIVEFENCEFROMNTHANDLE,
	  "OPENNATIVEFENCEFROMNTHANDLE", C(open_native_fence), 0, 0,
	  { H(d3dkmt_opennativefencefromnthandle, device, KIND(DEVICE)) } },
};

const size_t ioctl_count = ARRAY_SIZE(ioctls);

/**
 * ioctl_find() - description of an ioctl
 * @request: code, which must be in the table
 *
 * Return: its row.
 */
const struct ioctl_description *ioctl_find(unsigned long request)
{
	const struct ioctl_description *d;

	for_each_ioctl(d) {
		if (d->request == request)
			return d;
	}
	fail("no description of %#lx", request);
}

static __u32 create_legacy_fence(const struct sequence *s)
{
	struct d3dkmt_createsynchronizationobject2 args = {
		.device = dxg_handle(s->device),
		.info.type = _D3DDDI_FENCE,
		.info.fence.fence_value = 1,
	};

	equal(dxg_ioctl(s->fd, LX_DXCREATESYNCHRONIZATIONOBJECT, &args), 0);
	return args.sync_object.v;
}

static void set_up_shared_fences(struct ioctl_state *state)
{
	struct sequence *s = &state->s;
	struct d3dkmt_createnativefence native = {
		.device = dxg_handle(s->device),
		.info.engine_affinity = 1,
		.info.flags.value = DXG_SYNC_SHAREABLE,
	};

	equal(dxg_create_monitored_fence(s->fd, s->device, 10,
					 DXG_SYNC_SHAREABLE,
					 &state->shared_fence), 0);
	equal(dxg_share(s->fd, state->shared_fence.sync_object,
			&state->fence_fd), 0);
	equal(dxg_create_sync_file(s->fd, s->device,
				   state->shared_fence.sync_object, 5,
				   &state->sync_file), 0);
	equal(dxg_ioctl(s->fd, LX_CREATENATIVEFENCE, &native), 0);
	state->native_fence = native.sync_object.v;
	equal(dxg_share(s->fd, state->native_fence, &state->native_fd), 0);
}

/**
 * ioctl_set_up() - make one object of each kind
 * @state: filled in
 */
void ioctl_set_up(struct ioctl_state *state)
{
	const struct gpu_cmd_header end = { GPU_CMD_END, sizeof(end) };
	struct sequence *s = &state->s;
	void *view;

	sequence_until(s, ROW_WAIT_PAGING);
	memcpy(s->user + END_OFFSET, &end, sizeof(end));
	equal(dxg_create_context(s->fd, s->device, MOCK_GPU_NODE_3D, 0, NULL,
				 0, &s->legacy), 0);
	state->legacy_fence = create_legacy_fence(s);
	equal(dxg_create_local(s->fd, s->device, PAGE, DXG_ALLOC_SHAREABLE,
			       &s->shared), 0);
	equal(dxg_share(s->fd, s->shared.resource, &s->shared_fd), 0);
	equal(dxg_query_shared_resource(s->fd, s->device, s->shared_fd,
					&state->shared_info), 0);
	equal(dxg_create_device(s->fd, s->adapter, &state->broken), 0);
	set_up_shared_fences(state);
	/* what Unlock2 undoes */
	equal(dxg_lock(s->fd, s->device, s->shared.handle, &view), 0);
}

/**
 * ioctl_close() - close all descriptors of ioctl_set_up()
 * @state: filled in
 */
void ioctl_close(struct ioctl_state *state)
{
	equal(dxg_close(state->s.fd), 0);
	equal(close(state->s.shared_fd), 0);
	equal(close(state->fence_fd), 0);
	equal(close(state->sync_file), 0);
	equal(close(state->native_fd), 0);
}

/**
 * ioctl_handle() - a handle of some kind
 * @s: sequence up to ROW_WAIT_PAGING at least
 * @kind: what it stands for
 *
 * Return: the handle.
 */
__u32 ioctl_handle(const struct sequence *s, enum kind kind)
{
	const __u32 handles[KINDS] = {
		[ADAPTER] = s->adapter,
		[DEVICE] = s->device,
		[PAGING_QUEUE] = s->paging.queue,
		[PAGING_FENCE] = s->paging.sync_object,
		[CONTEXT] = s->context,
		[HW_QUEUE] = s->queue.queue,
		[PROGRESS_FENCE] = s->queue.progress,
		[FENCE] = s->fence.sync_object,
		[ALLOCATION] = s->local.handle,
		[RESOURCE] = s->local.resource,
	};

	return handles[kind];
}

/**
 * ioctl_prepare() - make a valid call
 * @d: ioctl
 * @state: from ioctl_set_up()
 * @call: filled in; points into itself
 */
void ioctl_prepare(const struct ioctl_description *d,
		   const struct ioctl_state *state, struct ioctl_call *call)
{
	memset(call, 0, sizeof(*call));
	d->fill(state, call);
}

/**
 * ioctl_issue() - make the call
 * @d: ioctl
 * @fd: open node
 * @call: prepared, and perhaps changed
 *
 * Return: as dxg_ioctl().
 */
int ioctl_issue(const struct ioctl_description *d, int fd,
		struct ioctl_call *call)
{
	return dxg_ioctl(fd, d->request, call->args);
}

/**
 * ioctl_field32() - a field of 32 bits
 * @call: call
 * @f: field of its argument structure that is not a POINTER
 *
 * Return: its place.
 */
__u32 *ioctl_field32(struct ioctl_call *call, const struct ioctl_field *f)
{
	return (__u32 *)((unsigned char *)call->args + f->at);
}

/**
 * ioctl_handle_place() - where a call has a handle that the driver looks up
 * @call: call
 * @f: any field
 *
 * Return: the place of the handle, or of the first one in a list; NULL: none.
 */
__u32 *ioctl_handle_place(struct ioctl_call *call, const struct ioctl_field *f)
{
	__u64 *list = (__u64 *)((unsigned char *)call->args + f->at);

	if (f->what == HANDLE || f->what == OPTIONAL_HANDLE)
		return ioctl_field32(call, f);
	if (f->what == POINTER && f->kinds)
		return (__u32 *)(unsigned long)*list;
	return NULL;
}

/**
 * ioctl_move_pointer() - let an address point to other memory
 * @call: prepared call
 * @f: POINTER field
 * @to: what it points to from now on
 *
 * Return: what it pointed to.
 */
void *ioctl_move_pointer(struct ioctl_call *call, const struct ioctl_field *f,
			 void *to)
{
	__u64 *field = (__u64 *)((unsigned char *)call->args + f->at);
	void *from = (void *)(unsigned long)*field;

	*field = dxg_ptr(to);
	return from;
}

/**
 * ioctl_run_tests() - the tests of a program, and one for each ioctl
 * @tests: tests of their own
 * @count: of those
 * @name: what each of the other tests shows
 * @wanted: those ioctls
 * @run: the test; its argument is the index in ioctls
 * @argv: of the program
 *
 * Return: exit status of the program.
 */
int ioctl_run_tests(const struct test *tests, size_t count, const char *name,
		    bool (*wanted)(const struct ioctl_description *d),
		    void (*run)(unsigned long n), char **argv)
{
	struct test *all = calloc(count + ioctl_count, sizeof(*all));
	size_t i;
	char *full;

	if (count)
		memcpy(all, tests, count * sizeof(*all));
	for (i = 0; i < ioctl_count; i++) {
		if (!wanted(&ioctls[i]))
			continue;
		if (asprintf(&full, "%s, %s", name, ioctls[i].name) < 0)
			return 1;
		all[count++] = (struct test){ .name = full, .run = run, .n = i };
	}
	return run_tests(all, count, argv);
}
