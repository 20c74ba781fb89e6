/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * User ABI of /dev/dxg: GPU paravirtualisation of a Hyper-V guest.
 *
 * The structures follow the D3DKMT thunk interface of the Windows Display
 * Driver Model. Layouts are those of a 64-bit little-endian target in every
 * mode: a user pointer is an __u64 and 64-bit members are aligned to 8 bytes,
 * so that a 32-bit caller uses the same layout and the same ioctl codes.
 *
 * Directions: "in" is read by the driver, "out" is written by it, "in/out" is
 * both; a member without one belongs to a structure that is used both ways.
 * Unused input and members called reserved or pad should be zero.
 */
#ifndef _UAPI_MISC_D3DKMTHK_H
#define _UAPI_MISC_D3DKMTHK_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Limits on the counts and sizes that a caller passes. */
#define D3DDDI_MAX_WRITTEN_PRIMARIES 16
#define D3DKMT_CREATEALLOCATION_MAX 1024
#define D3DKMT_MAKERESIDENT_ALLOC_MAX (1024 * 10)
#define D3DKMT_ADAPTERS_MAX 64
#define D3DDDI_MAX_BROADCAST_CONTEXT 64
#define D3DDDI_MAX_OBJECT_WAITED_ON 32
#define D3DDDI_MAX_OBJECT_SIGNALED 32
#define D3DDDI_MAXTESTBUFFERSIZE 4096
#define D3DDDI_MAXTESTBUFFERPRIVATEDRIVERDATASIZE 1024
#define D3DDDI_NATIVE_FENCE_PDD_SIZE 64

/* Base types */

/**
 * struct d3dkmthandle - name of an object of a process
 * @instance: zero
 * @index: slot in the handle table, not 0xffffff
 * @unique: reuse stamp of the slot
 * @v: the whole handle; zero is no handle
 *
 * Handles of all objects but adapters are chosen by the host and are the same
 * on both sides. Compare @v, not the parts.
 */
struct d3dkmthandle {
	union {
		struct {
			__u32 instance : 6;
			__u32 index : 24;
			__u32 unique : 2;
		};
		__u32 v;
	};
};

/**
 * struct ntstatus - status code of the host
 * @code: code within the facility
 * @facility: origin
 * @customer: not defined by Windows
 * @severity: 0 success, 1 information, 2 warning, 3 error
 * @v: the whole status; negative is a failure
 */
struct ntstatus {
	union {
		struct {
			__u32 code : 16;
			__u32 facility : 13;
			__u32 customer : 1;
			__u32 severity : 2;
		};
		__s32 v;
	};
};

/**
 * struct winluid - locally unique id
 * @a: low part
 * @b: high part
 */
struct winluid {
	__u32 a;
	__u32 b;
};

/* Adapter */

/**
 * struct d3dkmt_adapterinfo - one adapter in an enumeration
 * @adapter_handle: out: new handle, to be closed with LX_DXCLOSEADAPTER
 * @adapter_luid: out: LUID, the one that LX_DXOPENADAPTERFROMLUID takes
 * @num_sources: out: number of display sources, zero
 * @present_move_regions_preferred: out: zero
 */
struct d3dkmt_adapterinfo {
	struct d3dkmthandle adapter_handle;
	struct winluid adapter_luid;
	__u32 num_sources;
	__u32 present_move_regions_preferred;
};

/**
 * struct d3dkmt_enumadapters2 - open all adapters that render
 * (LX_DXENUMADAPTERS2)
 * @num_adapters: in: room at @adapters; out: number of adapters
 * @reserved: reserved
 * @adapters: out: array of struct d3dkmt_adapterinfo, or 0 to ask for the
 *	number
 *
 * Leaves out adapters that only compute.
 */
struct d3dkmt_enumadapters2 {
	__u32 num_adapters;
	__u32 reserved;
	__aligned_u64 adapters;
};

/**
 * struct d3dkmt_closeadapter - close one handle of an adapter
 * (LX_DXCLOSEADAPTER)
 * @adapter_handle: in: adapter handle
 *
 * Closing the last handle of an adapter destroys what the process has on it.
 */
struct d3dkmt_closeadapter {
	struct d3dkmthandle adapter_handle;
};

/**
 * struct d3dkmt_openadapterfromluid - open an adapter by its LUID
 * (LX_DXOPENADAPTERFROMLUID)
 * @adapter_luid: in: LUID from an enumeration
 * @adapter_handle: out: new handle
 */
struct d3dkmt_openadapterfromluid {
	struct winluid adapter_luid;
	struct d3dkmthandle adapter_handle;
};

/**
 * struct d3dkmt_flushheaptransitions - complete pending heap transitions
 * (LX_DXFLUSHHEAPTRANSITIONS)
 * @adapter: in: adapter handle
 */
struct d3dkmt_flushheaptransitions {
	struct d3dkmthandle adapter;
};

/**
 * union d3dkmt_enumadapters_filter - which adapters to enumerate
 * @include_compute_only: include adapters that only compute
 * @include_display_only: include adapters that only display
 * @reserved: reserved
 * @value: all bits as one word
 */
union d3dkmt_enumadapters_filter {
	struct {
		__u64 include_compute_only : 1;
		__u64 include_display_only : 1;
		__u64 reserved : 62;
	};
	__aligned_u64 value;
};

/**
 * struct d3dkmt_enumadapters3 - open all adapters that match a filter
 * (LX_DXENUMADAPTERS3)
 * @filter: in: filter
 * @adapter_count: in: room at @adapters; out: number of adapters
 * @reserved: reserved
 * @adapters: out: array of struct d3dkmt_adapterinfo, or 0 to ask for the
 *	number
 */
struct d3dkmt_enumadapters3 {
	union d3dkmt_enumadapters_filter filter;
	__u32 adapter_count;
	__u32 reserved;
	__aligned_u64 adapters;
};

/* Device */

/**
 * struct d3dkmt_createdeviceflags - properties of a device
 * @legacy_mode: uses the legacy submission model
 * @request_vSync: wait for vertical synchronisation
 * @disable_gpu_timeout: no timeout detection for its work
 * @gdi_device: made for GDI
 * @reserved: reserved
 */
struct d3dkmt_createdeviceflags {
	__u32 legacy_mode : 1;
	__u32 request_vSync : 1;
	__u32 disable_gpu_timeout : 1;
	__u32 gdi_device : 1;
	__u32 reserved : 28;
};

/**
 * struct d3dkmt_createdevice - create a device on an adapter
 * (LX_DXCREATEDEVICE)
 * @adapter: in: adapter handle
 * @reserved3: reserved
 * @flags: in: flags
 * @device: out: new device
 * @command_buffer: unused
 * @command_buffer_size: unused
 * @reserved: reserved
 * @allocation_list: unused
 * @allocation_list_size: unused
 * @reserved1: reserved
 * @patch_location_list: unused
 * @patch_location_list_size: unused
 * @reserved2: reserved
 */
struct d3dkmt_createdevice {
	struct d3dkmthandle adapter;
	__u32 reserved3;
	struct d3dkmt_createdeviceflags flags;
	struct d3dkmthandle device;
	__aligned_u64 command_buffer;
	__u32 command_buffer_size;
	__u32 reserved;
	__aligned_u64 allocation_list;
	__u32 allocation_list_size;
	__u32 reserved1;
	__aligned_u64 patch_location_list;
	__u32 patch_location_list_size;
	__u32 reserved2;
};

/**
 * struct d3dkmt_destroydevice - destroy a device and all it owns
 * (LX_DXDESTROYDEVICE)
 * @device: in: device handle
 */
struct d3dkmt_destroydevice {
	struct d3dkmthandle device;
};

enum dxgk_general_error_code {
	_DXGK_GENERAL_ERROR_PAGE_FAULT = 0,
	_DXGK_GENERAL_ERROR_INVALID_INSTRUCTION = 1,
};

/**
 * struct dxgk_fault_error_code - why a page fault happened
 * @is_device_specific_code: zero: @general_error_code holds the code
 * @general_error_code: code common to all devices
 * @is_device_specific_code_reserved_bit: one: @device_specific_code holds the
 *	code
 * @device_specific_code: code of the driver
 */
struct dxgk_fault_error_code {
	union {
		struct {
			__u32 is_device_specific_code : 1;
			enum dxgk_general_error_code general_error_code : 31;
		};
		struct {
			__u32 is_device_specific_code_reserved_bit : 1;
			__u32 device_specific_code : 31;
		};
	};
};

/**
 * struct d3dkmt_devicereset_state - result of _D3DKMT_DEVICESTATE_RESET
 * @desktop_switched: the desktop was switched
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dkmt_devicereset_state {
	union {
		struct {
			__u32 desktop_switched : 1;
			__u32 reserved : 31;
		};
		__u32 value;
	};
};

enum dxgk_render_pipeline_stage {
	_DXGK_RENDER_PIPELINE_STAGE_UNKNOWN = 0,
	_DXGK_RENDER_PIPELINE_STAGE_INPUT_ASSEMBLER = 1,
	_DXGK_RENDER_PIPELINE_STAGE_VERTEX_SHADER = 2,
	_DXGK_RENDER_PIPELINE_STAGE_GEOMETRY_SHADER = 3,
	_DXGK_RENDER_PIPELINE_STAGE_STREAM_OUTPUT = 4,
	_DXGK_RENDER_PIPELINE_STAGE_RASTERIZER = 5,
	_DXGK_RENDER_PIPELINE_STAGE_PIXEL_SHADER = 6,
	_DXGK_RENDER_PIPELINE_STAGE_OUTPUT_MERGER = 7,
};

/* Bits, not numbers */
enum dxgk_page_fault_flags {
	_DXGK_PAGE_FAULT_WRITE = 0x1,
	_DXGK_PAGE_FAULT_FENCE_INVALID = 0x2,
	_DXGK_PAGE_FAULT_ADAPTER_RESET_REQUIRED = 0x4,
	_DXGK_PAGE_FAULT_ENGINE_RESET_REQUIRED = 0x8,
	_DXGK_PAGE_FAULT_FATAL_HARDWARE_ERROR = 0x10,
	_DXGK_PAGE_FAULT_IOMMU = 0x20,
	_DXGK_PAGE_FAULT_HW_CONTEXT_VALID = 0x40,
	_DXGK_PAGE_FAULT_PROCESS_HANDLE_VALID = 0x80,
};

/**
 * struct d3dkmt_devicepagefault_state - result of
 * _D3DKMT_DEVICESTATE_PAGE_FAULT
 * @faulted_primitive_api_sequence_number: primitive that faulted
 * @faulted_pipeline_stage: stage that faulted
 * @faulted_bind_table_entry: entry of the bind table
 * @page_fault_flags: set of enum dxgk_page_fault_flags
 * @fault_error_code: reason
 * @faulted_virtual_address: GPU virtual address
 */
struct d3dkmt_devicepagefault_state {
	__aligned_u64 faulted_primitive_api_sequence_number;
	enum dxgk_render_pipeline_stage faulted_pipeline_stage;
	__u32 faulted_bind_table_entry;
	enum dxgk_page_fault_flags page_fault_flags;
	struct dxgk_fault_error_code fault_error_code;
	__aligned_u64 faulted_virtual_address;
};

enum d3dkmt_devicestate_type {
	_D3DKMT_DEVICESTATE_EXECUTION = 1,
	_D3DKMT_DEVICESTATE_PRESENT = 2,
	_D3DKMT_DEVICESTATE_RESET = 3,
	_D3DKMT_DEVICESTATE_PRESENT_DWM = 4,
	_D3DKMT_DEVICESTATE_PAGE_FAULT = 5,
	_D3DKMT_DEVICESTATE_PRESENT_QUEUE = 6,
};

enum d3dkmt_deviceexecution_state {
	_D3DKMT_DEVICEEXECUTION_ACTIVE = 1,
	_D3DKMT_DEVICEEXECUTION_RESET = 2,
	_D3DKMT_DEVICEEXECUTION_HUNG = 3,
	_D3DKMT_DEVICEEXECUTION_STOPPED = 4,
	_D3DKMT_DEVICEEXECUTION_ERROR_OUTOFMEMORY = 5,
	_D3DKMT_DEVICEEXECUTION_ERROR_DMAFAULT = 6,
	_D3DKMT_DEVICEEXECUTION_ERROR_DMAPAGEFAULT = 7,
};

/**
 * struct d3dkmt_getdevicestate - state of a device (LX_DXGETDEVICESTATE)
 * @device: in: device handle
 * @state_type: in: which state
 * @execution_state: out: for _D3DKMT_DEVICESTATE_EXECUTION
 * @reset_state: out: for _D3DKMT_DEVICESTATE_RESET
 * @page_fault_state: out: for _D3DKMT_DEVICESTATE_PAGE_FAULT
 * @alignment: size of the union
 */
struct d3dkmt_getdevicestate {
	struct d3dkmthandle device;
	enum d3dkmt_devicestate_type state_type;
	union {
		enum d3dkmt_deviceexecution_state execution_state;
		struct d3dkmt_devicereset_state reset_state;
		struct d3dkmt_devicepagefault_state page_fault_state;
		__u8 alignment[48];
	};
};

enum d3dkmt_device_error_reason {
	_D3DKMT_DEVICE_ERROR_REASON_GENERIC = 0x80000000,
	_D3DKMT_DEVICE_ERROR_REASON_DRIVER_ERROR = 0x80000006,
};

/**
 * struct d3dkmt_markdeviceaserror - put a device into the error state
 * (LX_DXMARKDEVICEASERROR)
 * @device: in: device handle
 * @reason: in: reason
 */
struct d3dkmt_markdeviceaserror {
	struct d3dkmthandle device;
	enum d3dkmt_device_error_reason reason;
};

/* Context */

/**
 * struct d3dddi_createcontextflags - properties of a context
 * @null_rendering: do not execute
 * @initial_data: private data holds initial values
 * @disable_gpu_timeout: no timeout detection for its work
 * @synchronization_only: only waits and signals, no commands
 * @hw_queue_supported: commands go to hardware queues of the context
 * @reserved: newer bits, passed to the host
 * @value: all bits as one word
 */
struct d3dddi_createcontextflags {
	union {
		struct {
			__u32 null_rendering : 1;
			__u32 initial_data : 1;
			__u32 disable_gpu_timeout : 1;
			__u32 synchronization_only : 1;
			__u32 hw_queue_supported : 1;
			__u32 reserved : 27;
		};
		__u32 value;
	};
};

/**
 * struct d3dkmt_destroycontext - destroy a context and its hardware queues
 * (LX_DXDESTROYCONTEXT)
 * @context: in: context handle
 */
struct d3dkmt_destroycontext {
	struct d3dkmthandle context;
};

enum d3dkmt_clienthint {
	_D3DKMT_CLIENTHNT_UNKNOWN = 0,
	_D3DKMT_CLIENTHINT_OPENGL = 1,
	_D3DKMT_CLIENTHINT_CDD = 2,
	_D3DKMT_CLIENTHINT_DX7 = 7,
	_D3DKMT_CLIENTHINT_DX8 = 8,
	_D3DKMT_CLIENTHINT_DX9 = 9,
	_D3DKMT_CLIENTHINT_DX10 = 10,
};

/**
 * struct d3dkmt_createcontextvirtual - create a context with GPU virtual
 * addressing (LX_DXCREATECONTEXTVIRTUAL)
 * @device: in: device handle
 * @node_ordinal: in: engine node
 * @engine_affinity: in: engines of the node, one bit each
 * @flags: in: flags
 * @priv_drv_data: in/out: private data of the user mode driver
 * @priv_drv_data_size: in: bytes at @priv_drv_data
 * @client_hint: in: kind of client; other values are passed to the host
 * @context: out: new context
 * @pad: padding, zero
 */
struct d3dkmt_createcontextvirtual {
	struct d3dkmthandle device;
	__u32 node_ordinal;
	__u32 engine_affinity;
	struct d3dddi_createcontextflags flags;
	__aligned_u64 priv_drv_data;
	__u32 priv_drv_data_size;
	enum d3dkmt_clienthint client_hint;
	struct d3dkmthandle context;
	__u32 pad;
};

/**
 * struct d3dkmt_setcontextschedulingpriority - set the priority of a context
 * (LX_DXSETCONTEXTSCHEDULINGPRIORITY)
 * @context: in: context handle
 * @priority: in: priority
 */
struct d3dkmt_setcontextschedulingpriority {
	struct d3dkmthandle context;
	__s32 priority;
};

/**
 * struct d3dkmt_setcontextinprocessschedulingpriority - set the priority of a
 * context among those of the process
 * (LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY)
 * @context: in: context handle
 * @priority: in: priority
 */
struct d3dkmt_setcontextinprocessschedulingpriority {
	struct d3dkmthandle context;
	__s32 priority;
};

/**
 * struct d3dkmt_getcontextschedulingpriority - get the priority of a context
 * (LX_DXGETCONTEXTSCHEDULINGPRIORITY)
 * @context: in: context handle
 * @priority: out: priority
 */
struct d3dkmt_getcontextschedulingpriority {
	struct d3dkmthandle context;
	__s32 priority;
};

/**
 * struct d3dkmt_getcontextinprocessschedulingpriority - get the priority of a
 * context among those of the process
 * (LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY)
 * @context: in: context handle
 * @priority: out: priority
 */
struct d3dkmt_getcontextinprocessschedulingpriority {
	struct d3dkmthandle context;
	__s32 priority;
};

/* Paging queue and residency */

enum d3dddi_pagingqueue_priority {
	_D3DDDI_PAGINGQUEUE_PRIORITY_BELOW_NORMAL = -1,
	_D3DDDI_PAGINGQUEUE_PRIORITY_NORMAL = 0,
	_D3DDDI_PAGINGQUEUE_PRIORITY_ABOVE_NORMAL = 1,
};

/**
 * struct d3dkmt_createpagingqueue - create a paging queue
 * (LX_DXCREATEPAGINGQUEUE)
 * @device: in: device handle
 * @priority: in: priority against other paging queues
 * @paging_queue: out: new paging queue
 * @sync_object: out: its monitored fence
 * @fence_cpu_virtual_address: out: address of the fence value in the caller
 * @physical_adapter_index: in: adapter within a linked group
 * @pad: padding, zero
 */
struct d3dkmt_createpagingqueue {
	struct d3dkmthandle device;
	enum d3dddi_pagingqueue_priority priority;
	struct d3dkmthandle paging_queue;
	struct d3dkmthandle sync_object;
	__aligned_u64 fence_cpu_virtual_address;
	__u32 physical_adapter_index;
	__u32 pad;
};

/**
 * struct d3dddi_destroypagingqueue - destroy a paging queue and its fence
 * (LX_DXDESTROYPAGINGQUEUE)
 * @paging_queue: in: paging queue
 */
struct d3dddi_destroypagingqueue {
	struct d3dkmthandle paging_queue;
};

enum d3dkmt_allocationresidencystatus {
	_D3DKMT_ALLOCATIONRESIDENCYSTATUS_RESIDENTINGPUMEMORY = 1,
	_D3DKMT_ALLOCATIONRESIDENCYSTATUS_RESIDENTINSHAREDMEMORY = 2,
	_D3DKMT_ALLOCATIONRESIDENCYSTATUS_NOTRESIDENT = 3,
};

/**
 * struct d3dkmt_queryallocationresidency - where allocations are
 * (LX_DXQUERYALLOCATIONRESIDENCY)
 * @device: in: device handle
 * @resource: in: resource, instead of a list of allocations
 * @allocations: in: array of struct d3dkmthandle
 * @allocation_count: in: number of allocations, zero with a resource
 * @reserved: reserved
 * @residency_status: out: array of enum d3dkmt_allocationresidencystatus, one
 *	entry with a resource
 */
struct d3dkmt_queryallocationresidency {
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	__aligned_u64 allocations;
	__u32 allocation_count;
	__u32 reserved;
	__aligned_u64 residency_status;
};

/**
 * struct d3dddi_makeresident_flags - how to make resident
 * @cant_trim_further: the caller has trimmed what it can
 * @must_succeed: fail the device when memory does not suffice
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dddi_makeresident_flags {
	union {
		struct {
			__u32 cant_trim_further : 1;
			__u32 must_succeed : 1;
			__u32 reserved : 30;
		};
		__u32 value;
	};
};

/**
 * struct d3dddi_makeresident - make allocations resident (LX_DXMAKERESIDENT)
 * @paging_queue: in: paging queue
 * @alloc_count: in: number of allocations
 * @allocation_list: in: array of struct d3dkmthandle
 * @priority_list: not read
 * @flags: in: flags
 * @pad: padding, zero
 * @paging_fence_value: out: value of the paging fence to wait for
 * @num_bytes_to_trim: out: bytes missing when memory did not suffice
 */
struct d3dddi_makeresident {
	struct d3dkmthandle paging_queue;
	__u32 alloc_count;
	__aligned_u64 allocation_list;
	__aligned_u64 priority_list;
	struct d3dddi_makeresident_flags flags;
	__u32 pad;
	__aligned_u64 paging_fence_value;
	__aligned_u64 num_bytes_to_trim;
};

/**
 * struct d3dddi_evict_flags - how to evict
 * @evict_only_if_necessary: only under memory pressure
 * @not_written_to: the contents did not change
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dddi_evict_flags {
	union {
		struct {
			__u32 evict_only_if_necessary : 1;
			__u32 not_written_to : 1;
			__u32 reserved : 30;
		};
		__u32 value;
	};
};

/**
 * struct d3dkmt_evict - let allocations leave memory (LX_DXEVICT)
 * @device: in: device handle
 * @alloc_count: in: number of allocations
 * @allocations: in: array of struct d3dkmthandle
 * @flags: in: flags
 * @reserved: reserved
 * @num_bytes_to_trim: out: bytes over the budget
 */
struct d3dkmt_evict {
	struct d3dkmthandle device;
	__u32 alloc_count;
	__aligned_u64 allocations;
	struct d3dddi_evict_flags flags;
	__u32 reserved;
	__aligned_u64 num_bytes_to_trim;
};

/**
 * struct d3dkmt_offer_flags - how to offer
 * @offer_immediately: not only when the GPU is done
 * @allow_decommit: backing store may go
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dkmt_offer_flags {
	union {
		struct {
			__u32 offer_immediately : 1;
			__u32 allow_decommit : 1;
			__u32 reserved : 30;
		};
		__u32 value;
	};
};

enum d3dkmt_offer_priority {
	_D3DKMT_OFFER_PRIORITY_LOW = 1,
	_D3DKMT_OFFER_PRIORITY_NORMAL = 2,
	_D3DKMT_OFFER_PRIORITY_HIGH = 3,
	_D3DKMT_OFFER_PRIORITY_AUTO = 4,
};

/**
 * struct d3dkmt_offerallocations - give memory up until it is reclaimed
 * (LX_DXOFFERALLOCATIONS)
 * @device: in: device handle
 * @reserved: reserved
 * @resources: in: array of struct d3dkmthandle, or 0
 * @allocations: in: array of struct d3dkmthandle, or 0; exactly one array is
 *	given
 * @allocation_count: in: entries of the array
 * @priority: in: what goes first
 * @flags: in: flags
 * @reserved1: reserved
 */
struct d3dkmt_offerallocations {
	struct d3dkmthandle device;
	__u32 reserved;
	__aligned_u64 resources;
	__aligned_u64 allocations;
	__u32 allocation_count;
	enum d3dkmt_offer_priority priority;
	struct d3dkmt_offer_flags flags;
	__u32 reserved1;
};

enum d3dddi_reclaim_result {
	_D3DDDI_RECLAIM_RESULT_OK = 0,
	_D3DDDI_RECLAIM_RESULT_DISCARDED = 1,
	_D3DDDI_RECLAIM_RESULT_NOT_COMMITTED = 2,
};

/**
 * struct d3dkmt_reclaimallocations2 - take offered memory back
 * (LX_DXRECLAIMALLOCATIONS2)
 * @paging_queue: in: paging queue
 * @allocation_count: in: entries of the array
 * @resources: in: array of struct d3dkmthandle, or 0
 * @allocations: in: array of struct d3dkmthandle, or 0; exactly one array is
 *	given
 * @discarded: out: array of __u32, or 0; old name of @results
 * @results: out: array of enum d3dddi_reclaim_result, or 0
 * @paging_fence_value: out: value of the paging fence to wait for
 */
struct d3dkmt_reclaimallocations2 {
	struct d3dkmthandle paging_queue;
	__u32 allocation_count;
	__aligned_u64 resources;
	__aligned_u64 allocations;
	union {
		__aligned_u64 discarded;
		__aligned_u64 results;
	};
	__aligned_u64 paging_fence_value;
};

enum d3dkmt_memory_segment_group {
	_D3DKMT_MEMORY_SEGMENT_GROUP_LOCAL = 0,
	_D3DKMT_MEMORY_SEGMENT_GROUP_NON_LOCAL = 1,
};

/**
 * struct d3dkmt_changevideomemoryreservation - reserve video memory
 * (LX_DXCHANGEVIDEOMEMORYRESERVATION)
 * @process: in: zero
 * @adapter: in: adapter handle
 * @memory_segment_group: in: local or not
 * @reservation: in: bytes
 * @physical_adapter_index: in: adapter within a linked group
 * @pad: padding, zero
 */
struct d3dkmt_changevideomemoryreservation {
	__aligned_u64 process;
	struct d3dkmthandle adapter;
	enum d3dkmt_memory_segment_group memory_segment_group;
	__aligned_u64 reservation;
	__u32 physical_adapter_index;
	__u32 pad;
};

/* Surface descriptions (standard allocations) */

/**
 * struct d3dddi_rational - a fraction
 * @numerator: numerator
 * @denominator: denominator
 */
struct d3dddi_rational {
	__u32 numerator;
	__u32 denominator;
};

enum d3dkmdt_standardallocationtype {
	_D3DKMDT_STANDARDALLOCATION_SHAREDPRIMARYSURFACE = 1,
	_D3DKMDT_STANDARDALLOCATION_SHADOWSURFACE = 2,
	_D3DKMDT_STANDARDALLOCATION_STAGINGSURFACE = 3,
	_D3DKMDT_STANDARDALLOCATION_GDISURFACE = 4,
};

enum d3dkmdt_gdisurfacetype {
	_D3DKMDT_GDISURFACE_INVALID = 0,
	_D3DKMDT_GDISURFACE_TEXTURE = 1,
	_D3DKMDT_GDISURFACE_STAGING_CPUVISIBLE = 2,
	_D3DKMDT_GDISURFACE_STAGING = 3,
	_D3DKMDT_GDISURFACE_LOOKUPTABLE = 4,
	_D3DKMDT_GDISURFACE_EXISTINGSYSMEM = 5,
	_D3DKMDT_GDISURFACE_TEXTURE_CPUVISIBLE = 6,
	_D3DKMDT_GDISURFACE_TEXTURE_CROSSADAPTER = 7,
	_D3DKMDT_GDISURFACE_TEXTURE_CPUVISIBLE_CROSSADAPTER = 8,
};

/**
 * struct d3dkmdt_gdisurfacedata - standard allocation for GDI
 * @width: in pixels
 * @height: in pixels
 * @format: surface format
 * @type: kind of surface
 * @flags: in: flags
 * @pitch: bytes of one line, chosen by the driver
 */
struct d3dkmdt_gdisurfacedata {
	__u32 width;
	__u32 height;
	__u32 format;
	enum d3dkmdt_gdisurfacetype type;
	__u32 flags;
	__u32 pitch;
};

/**
 * struct d3dkmdt_stagingsurfacedata - standard allocation for staging
 * @width: in pixels
 * @height: in pixels
 * @pitch: bytes of one line
 */
struct d3dkmdt_stagingsurfacedata {
	__u32 width;
	__u32 height;
	__u32 pitch;
};

enum d3dddiformat {
	_D3DDDIFMT_UNKNOWN = 0,
};

/**
 * struct d3dkmdt_sharedprimarysurfacedata - standard allocation that is
 * displayed
 * @width: in pixels
 * @height: in pixels
 * @format: surface format
 * @refresh_rate: in hertz
 * @vidpn_source_id: display source
 */
struct d3dkmdt_sharedprimarysurfacedata {
	__u32 width;
	__u32 height;
	enum d3dddiformat format;
	struct d3dddi_rational refresh_rate;
	__u32 vidpn_source_id;
};

/**
 * struct d3dkmdt_shadowsurfacedata - standard allocation that shadows a
 * primary
 * @width: in pixels
 * @height: in pixels
 * @format: surface format
 * @pitch: bytes of one line
 */
struct d3dkmdt_shadowsurfacedata {
	__u32 width;
	__u32 height;
	enum d3dddiformat format;
	__u32 pitch;
};

/* Allocation */

/**
 * struct d3dkmt_setallocationpriority - set how long allocations stay in
 * memory (LX_DXSETALLOCATIONPRIORITY)
 * @device: in: device handle
 * @resource: in: resource, instead of a list of allocations
 * @allocation_list: in: array of struct d3dkmthandle
 * @allocation_count: in: number of allocations, zero with a resource
 * @reserved: reserved
 * @priorities: in: array of __u32, one entry with a resource
 */
struct d3dkmt_setallocationpriority {
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	__aligned_u64 allocation_list;
	__u32 allocation_count;
	__u32 reserved;
	__aligned_u64 priorities;
};

/**
 * struct d3dkmt_getallocationpriority - get how long allocations stay in
 * memory (LX_DXGETALLOCATIONPRIORITY)
 * @device: in: device handle
 * @resource: in: resource, instead of a list of allocations
 * @allocation_list: in: array of struct d3dkmthandle
 * @allocation_count: in: number of allocations, zero with a resource
 * @reserved: reserved
 * @priorities: out: array of __u32, one entry with a resource
 */
struct d3dkmt_getallocationpriority {
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	__aligned_u64 allocation_list;
	__u32 allocation_count;
	__u32 reserved;
	__aligned_u64 priorities;
};

/**
 * struct d3dddicb_lock2flags - none defined
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dddicb_lock2flags {
	union {
		struct {
			__u32 reserved : 32;
		};
		__u32 value;
	};
};

/**
 * struct d3dkmt_lock2 - map an allocation into the caller (LX_DXLOCK2)
 * @device: in: device handle
 * @allocation: in: allocation handle
 * @flags: in: flags
 * @reserved: reserved
 * @data: out: address in the caller
 *
 * Locks nest: the mapping stays until the last LX_DXUNLOCK2.
 */
struct d3dkmt_lock2 {
	struct d3dkmthandle device;
	struct d3dkmthandle allocation;
	struct d3dddicb_lock2flags flags;
	__u32 reserved;
	__aligned_u64 data;
};

/**
 * struct d3dkmt_unlock2 - undo one LX_DXLOCK2 (LX_DXUNLOCK2)
 * @device: in: device handle
 * @allocation: in: allocation handle
 */
struct d3dkmt_unlock2 {
	struct d3dkmthandle device;
	struct d3dkmthandle allocation;
};

/**
 * struct d3dkmt_standardallocation_existingheap - heap made of the caller's
 * memory
 * @size: bytes
 */
struct d3dkmt_standardallocation_existingheap {
	__aligned_u64 size;
};

/**
 * struct d3dkmt_createstandardallocationflags - none defined
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dkmt_createstandardallocationflags {
	union {
		struct {
			__u32 reserved : 32;
		};
		__u32 value;
	};
};

enum d3dkmt_standardallocationtype {
	_D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP = 1,
	_D3DKMT_STANDARDALLOCATIONTYPE_CROSSADAPTER = 2,
};

/**
 * struct d3dkmt_createstandardallocation - allocation that needs no driver
 * data
 * @type: kind of allocation
 * @reserved: reserved
 * @existing_heap_data: description of the heap
 * @flags: flags
 * @reserved1: reserved
 */
struct d3dkmt_createstandardallocation {
	enum d3dkmt_standardallocationtype type;
	__u32 reserved;
	struct d3dkmt_standardallocation_existingheap existing_heap_data;
	struct d3dkmt_createstandardallocationflags flags;
	__u32 reserved1;
};

/**
 * struct d3dddi_allocationinfo2 - one allocation to create
 * @allocation: out: new allocation
 * @pad: padding, zero
 * @sysmem: in: memory that backs it, or 0; all allocations of a call or none
 * @priv_drv_data: in/out: private data of the user mode driver
 * @priv_drv_data_size: in: bytes at @priv_drv_data
 * @vidpn_source_id: in: display source of a primary
 * @flags: in: flags
 * @flags.primary: can be displayed
 * @flags.stereo: for stereo display
 * @flags.override_priority: @priority is valid
 * @flags.reserved: reserved
 * @flags.value: all bits as one word
 * @pad2: padding, zero
 * @gpu_virtual_address: unused
 * @priority: unused
 * @unused: size of the union
 * @reserved: reserved
 */
struct d3dddi_allocationinfo2 {
	struct d3dkmthandle allocation;
	__u32 pad;
	__aligned_u64 sysmem;
	__aligned_u64 priv_drv_data;
	__u32 priv_drv_data_size;
	__u32 vidpn_source_id;
	union {
		struct {
			__u32 primary : 1;
			__u32 stereo : 1;
			__u32 override_priority : 1;
			__u32 reserved : 29;
		};
		__u32 value;
	} flags;
	__u32 pad2;
	__aligned_u64 gpu_virtual_address;
	union {
		__u32 priority;
		__aligned_u64 unused;
	};
	__aligned_u64 reserved[5];
};

/**
 * struct d3dkmt_createallocationflags - properties of allocations
 * @create_resource: make a resource of them
 * @create_shared: can be shared
 * @non_secure: may be opened from another security context
 * @create_protected: contents are protected
 * @restrict_shared_access: only the creator may share
 * @existing_sysmem: backed by memory of the caller
 * @nt_security_sharing: shared by descriptor, the only way there is
 * @read_only: backing memory is only read
 * @create_write_combined: CPU mapping is write-combining
 * @create_cached: CPU mapping is cached
 * @swap_chain_back_buffer: back buffer of a swap chain
 * @cross_adapter: usable on other adapters
 * @open_cross_adapter: opens an allocation of another adapter
 * @partial_shared_creation: part of a shared resource
 * @zeroed: cleared before use
 * @write_watch: writes are tracked
 * @standard_allocation: described by struct d3dkmt_createstandardallocation
 * @existing_section: backed by a section object
 * @reserved: newer bits, passed to the host
 * @value: all bits as one word
 */
struct d3dkmt_createallocationflags {
	union {
		struct {
			__u32 create_resource : 1;
			__u32 create_shared : 1;
			__u32 non_secure : 1;
			__u32 create_protected : 1;
			__u32 restrict_shared_access : 1;
			__u32 existing_sysmem : 1;
			__u32 nt_security_sharing : 1;
			__u32 read_only : 1;
			__u32 create_write_combined : 1;
			__u32 create_cached : 1;
			__u32 swap_chain_back_buffer : 1;
			__u32 cross_adapter : 1;
			__u32 open_cross_adapter : 1;
			__u32 partial_shared_creation : 1;
			__u32 zeroed : 1;
			__u32 write_watch : 1;
			__u32 standard_allocation : 1;
			__u32 existing_section : 1;
			__u32 reserved : 14;
		};
		__u32 value;
	};
};

/**
 * struct d3dkmt_createallocation - create allocations, with or without a
 * resource (LX_DXCREATEALLOCATION)
 * @device: in: device handle
 * @resource: in: resource to add to, or zero; out: new resource with
 *	create_resource
 * @global_share: unused
 * @reserved: reserved
 * @private_runtime_data: in: data of the runtime, kept with a shared resource
 * @private_runtime_data_size: in: bytes at @private_runtime_data
 * @reserved1: reserved
 * @standard_allocation: in: struct d3dkmt_createstandardallocation, with that
 *	flag
 * @priv_drv_data: in: private data of the resource
 * @priv_drv_data_size: in: bytes at @priv_drv_data
 * @alloc_count: in: number of allocations
 * @allocation_info: in/out: array of struct d3dddi_allocationinfo2
 * @flags: in: flags
 * @reserved2: reserved
 * @private_runtime_resource_handle: in: cookie of the runtime
 */
struct d3dkmt_createallocation {
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	struct d3dkmthandle global_share;
	__u32 reserved;
	__aligned_u64 private_runtime_data;
	__u32 private_runtime_data_size;
	__u32 reserved1;
	union {
		__aligned_u64 standard_allocation;
		__aligned_u64 priv_drv_data;
	};
	__u32 priv_drv_data_size;
	__u32 alloc_count;
	__aligned_u64 allocation_info;
	struct d3dkmt_createallocationflags flags;
	__u32 reserved2;
	__aligned_u64 private_runtime_resource_handle;
};

/**
 * struct d3dddicb_destroyallocation2flags - how to destroy
 * @assume_not_in_use: the GPU does not use it any more
 * @synchronous_destroy: do not return before it is gone
 * @reserved: reserved
 * @system_use_only: internal to Windows
 * @value: all bits as one word
 */
struct d3dddicb_destroyallocation2flags {
	union {
		struct {
			__u32 assume_not_in_use : 1;
			__u32 synchronous_destroy : 1;
			__u32 reserved : 29;
			__u32 system_use_only : 1;
		};
		__u32 value;
	};
};

/**
 * struct d3dkmt_destroyallocation2 - destroy allocations, or a resource with
 * its allocations (LX_DXDESTROYALLOCATION2)
 * @device: in: device handle
 * @resource: in: resource, instead of a list of allocations
 * @allocations: in: array of struct d3dkmthandle
 * @alloc_count: in: number of allocations, zero with a resource
 * @flags: in: flags
 */
struct d3dkmt_destroyallocation2 {
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	__aligned_u64 allocations;
	__u32 alloc_count;
	struct d3dddicb_destroyallocation2flags flags;
};

/**
 * struct d3dddi_updateallocproperty_flags - new properties
 * @accessed_physically: used by physical address
 * @reserved: newer bits, passed to the host
 * @value: all bits as one word
 */
struct d3dddi_updateallocproperty_flags {
	union {
		struct {
			__u32 accessed_physically : 1;
			__u32 reserved : 31;
		};
		__u32 value;
	};
};

/**
 * struct d3dddi_segmentpreference - order of memory segments
 * @segment_id0: first choice
 * @direction0: fill from the top
 * @segment_id1: second choice
 * @direction1: fill from the top
 * @segment_id2: third choice
 * @direction2: fill from the top
 * @segment_id3: fourth choice
 * @direction3: fill from the top
 * @segment_id4: fifth choice
 * @direction4: fill from the top
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dddi_segmentpreference {
	union {
		struct {
			__u32 segment_id0 : 5;
			__u32 direction0 : 1;
			__u32 segment_id1 : 5;
			__u32 direction1 : 1;
			__u32 segment_id2 : 5;
			__u32 direction2 : 1;
			__u32 segment_id3 : 5;
			__u32 direction3 : 1;
			__u32 segment_id4 : 5;
			__u32 direction4 : 1;
			__u32 reserved : 2;
		};
		__u32 value;
	};
};

/**
 * struct d3dddi_updateallocproperty - change where an allocation may be
 * (LX_DXUPDATEALLOCPROPERTY)
 * @paging_queue: in: paging queue
 * @allocation: in: allocation handle
 * @supported_segment_set: in: segments, one bit each
 * @preferred_segment: in: order of segments
 * @flags: in: flags
 * @pad: padding, zero
 * @paging_fence_value: out: value of the paging fence to wait for, when
 *	pending
 * @set_accessed_physically: change the flag
 * @set_supported_segmentSet: change @supported_segment_set
 * @set_preferred_segment: change @preferred_segment
 * @reserved: newer bits, passed to the host
 * @property_mask_value: in: the change bits as one word
 * @pad2: padding, zero
 */
struct d3dddi_updateallocproperty {
	struct d3dkmthandle paging_queue;
	struct d3dkmthandle allocation;
	__u32 supported_segment_set;
	struct d3dddi_segmentpreference preferred_segment;
	struct d3dddi_updateallocproperty_flags flags;
	__u32 pad;
	__aligned_u64 paging_fence_value;
	union {
		struct {
			__u32 set_accessed_physically : 1;
			__u32 set_supported_segmentSet : 1;
			__u32 set_preferred_segment : 1;
			__u32 reserved : 29;
		};
		__u32 property_mask_value;
	};
	__u32 pad2;
};

/**
 * struct d3dkmt_invalidatecache - invalidate CPU caches of a locked
 * allocation (LX_DXINVALIDATECACHE)
 * @device: in: device handle
 * @allocation: in: allocation handle
 * @offset: in: first byte
 * @length: in: bytes
 */
struct d3dkmt_invalidatecache {
	struct d3dkmthandle device;
	struct d3dkmthandle allocation;
	__aligned_u64 offset;
	__aligned_u64 length;
};

/* GPU virtual address */

/**
 * struct d3dddigpuva_protection_type - access to a range of GPU virtual
 * addresses
 * @write: writes allowed
 * @execute: may hold commands
 * @zero: reads as zero
 * @no_access: neither reads nor writes
 * @system_use_only: internal to Windows
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dddigpuva_protection_type {
	union {
		struct {
			__u64 write : 1;
			__u64 execute : 1;
			__u64 zero : 1;
			__u64 no_access : 1;
			__u64 system_use_only : 1;
			__u64 reserved : 59;
		};
		__aligned_u64 value;
	};
};

enum d3dddi_updategpuvirtualaddress_operation_type {
	_D3DDDI_UPDATEGPUVIRTUALADDRESS_MAP = 0,
	_D3DDDI_UPDATEGPUVIRTUALADDRESS_UNMAP = 1,
	_D3DDDI_UPDATEGPUVIRTUALADDRESS_COPY = 2,
	_D3DDDI_UPDATEGPUVIRTUALADDRESS_MAP_PROTECT = 3,
};

/**
 * struct d3dddi_updategpuvirtualaddress_operation - one change of GPU virtual
 * addresses
 * @operation: selects the member of the union
 * @pad: padding, zero
 * @map: map part of an allocation
 * @map.base_address: first GPU virtual address
 * @map.size: bytes
 * @map.allocation: allocation handle
 * @map.pad2: padding, zero
 * @map.allocation_offset: first byte of the allocation
 * @map.allocation_size: bytes of the allocation
 * @map_protect: map with a protection
 * @map_protect.base_address: first GPU virtual address
 * @map_protect.size: bytes
 * @map_protect.allocation: allocation handle
 * @map_protect.pad3: padding, zero
 * @map_protect.allocation_offset: first byte of the allocation
 * @map_protect.allocation_size: bytes of the allocation
 * @map_protect.protection: access
 * @map_protect.driver_protection: bits of the driver
 * @unmap: unmap
 * @unmap.base_address: first GPU virtual address
 * @unmap.size: bytes
 * @unmap.protection: access afterwards
 * @copy: copy a mapping
 * @copy.source_address: GPU virtual address to copy from
 * @copy.size: bytes
 * @copy.dest_address: GPU virtual address to copy to
 */
struct d3dddi_updategpuvirtualaddress_operation {
	enum d3dddi_updategpuvirtualaddress_operation_type operation;
	__u32 pad;
	union {
		struct {
			__aligned_u64 base_address;
			__aligned_u64 size;
			struct d3dkmthandle allocation;
			__u32 pad2;
			__aligned_u64 allocation_offset;
			__aligned_u64 allocation_size;
		} map;
		struct {
			__aligned_u64 base_address;
			__aligned_u64 size;
			struct d3dkmthandle allocation;
			__u32 pad3;
			__aligned_u64 allocation_offset;
			__aligned_u64 allocation_size;
			struct d3dddigpuva_protection_type protection;
			__aligned_u64 driver_protection;
		} map_protect;
		struct {
			__aligned_u64 base_address;
			__aligned_u64 size;
			struct d3dddigpuva_protection_type protection;
		} unmap;
		struct {
			__aligned_u64 source_address;
			__aligned_u64 size;
			__aligned_u64 dest_address;
		} copy;
	};
};

/**
 * struct d3dkmt_updategpuvirtualaddress - change GPU virtual addresses in
 * queue order (LX_DXUPDATEGPUVIRTUALADDRESS)
 * @device: in: device handle
 * @context: in: context handle
 * @fence_object: in: fence that is waited for and signalled
 * @num_operations: in: number of operations
 * @operations: in: array of struct d3dddi_updategpuvirtualaddress_operation
 * @reserved0: reserved
 * @reserved1: reserved
 * @reserved2: reserved
 * @fence_value: in: value to wait for; the next one is signalled
 * @flags: in: flags
 * @flags.do_not_wait: do not wait for the fence
 * @flags.reserved: reserved
 * @flags.value: all bits as one word
 * @reserved3: reserved
 */
struct d3dkmt_updategpuvirtualaddress {
	struct d3dkmthandle device;
	struct d3dkmthandle context;
	struct d3dkmthandle fence_object;
	__u32 num_operations;
	__aligned_u64 operations;
	__u32 reserved0;
	__u32 reserved1;
	__aligned_u64 reserved2;
	__aligned_u64 fence_value;
	union {
		struct {
			__u32 do_not_wait : 1;
			__u32 reserved : 31;
		};
		__u32 value;
	} flags;
	__u32 reserved3;
};

/**
 * struct d3dddi_mapgpuvirtualaddress - map an allocation at a GPU virtual
 * address (LX_DXMAPGPUVIRTUALADDRESS)
 * @paging_queue: in: paging queue
 * @pad: padding, zero
 * @base_address: in: wanted address, or zero for any
 * @minimum_address: in: lowest address when any
 * @maximum_address: in: end of the addresses when any
 * @allocation: in: allocation handle, or zero
 * @pad2: padding, zero
 * @offset_in_pages: in: first page of the allocation, pages of 4096 bytes
 * @size_in_pages: in: pages
 * @protection: in: access
 * @driver_protection: in: bits of the driver
 * @reserved0: reserved
 * @pad3: padding, zero
 * @reserved1: reserved
 * @virtual_address: out: GPU virtual address
 * @paging_fence_value: out: value of the paging fence to wait for
 */
struct d3dddi_mapgpuvirtualaddress {
	struct d3dkmthandle paging_queue;
	__u32 pad;
	__aligned_u64 base_address;
	__aligned_u64 minimum_address;
	__aligned_u64 maximum_address;
	struct d3dkmthandle allocation;
	__u32 pad2;
	__aligned_u64 offset_in_pages;
	__aligned_u64 size_in_pages;
	struct d3dddigpuva_protection_type protection;
	__aligned_u64 driver_protection;
	__u32 reserved0;
	__u32 pad3;
	__aligned_u64 reserved1;
	__aligned_u64 virtual_address;
	__aligned_u64 paging_fence_value;
};

enum d3dddigpuva_reservation_type {
	_D3DDDIGPUVA_RESERVE_NO_ACCESS = 0,
	_D3DDDIGPUVA_RESERVE_ZERO = 1,
	_D3DDDIGPUVA_RESERVE_NO_COMMIT = 2,
};

/**
 * struct d3dddi_reservegpuvirtualaddress - reserve GPU virtual addresses
 * (LX_DXRESERVEGPUVIRTUALADDRESS)
 * @adapter: in: adapter handle, or a paging queue
 * @pad: padding, zero
 * @base_address: in: wanted address, or zero for any
 * @minimum_address: in: lowest address when any
 * @maximum_address: in: end of the addresses when any
 * @size: in: bytes
 * @reservation_type: in: what an access does
 * @pad2: padding, zero
 * @driver_protection: in: bits of the driver
 * @virtual_address: out: GPU virtual address
 * @paging_fence_value: not written
 */
struct d3dddi_reservegpuvirtualaddress {
	struct d3dkmthandle adapter;
	__u32 pad;
	__aligned_u64 base_address;
	__aligned_u64 minimum_address;
	__aligned_u64 maximum_address;
	__aligned_u64 size;
	enum d3dddigpuva_reservation_type reservation_type;
	__u32 pad2;
	__aligned_u64 driver_protection;
	__aligned_u64 virtual_address;
	__aligned_u64 paging_fence_value;
};

/**
 * struct d3dkmt_freegpuvirtualaddress - free GPU virtual addresses
 * (LX_DXFREEGPUVIRTUALADDRESS)
 * @adapter: in: adapter handle
 * @reserved: reserved
 * @base_address: in: first GPU virtual address
 * @size: in: bytes
 */
struct d3dkmt_freegpuvirtualaddress {
	struct d3dkmthandle adapter;
	__u32 reserved;
	__aligned_u64 base_address;
	__aligned_u64 size;
};

/* Synchronisation */

/**
 * struct d3dddi_synchronizationobject_flags - properties of a synchronisation
 * object
 * @shared: can be shared
 * @nt_security_sharing: shared by descriptor, the only way there is
 * @cross_adapter: usable on other adapters
 * @top_of_pipeline: signalled before the pipeline is drained
 * @no_signal: cannot be signalled
 * @no_wait: cannot be waited for
 * @no_signal_max_value_on_tdr: not set to its maximum on a GPU reset
 * @no_gpu_access: only for CPUs
 * @reserved: newer bits, passed to the host
 * @reserved2: newer bit, passed to the host
 * @value: all bits as one word
 */
struct d3dddi_synchronizationobject_flags {
	union {
		struct {
			__u32 shared : 1;
			__u32 nt_security_sharing : 1;
			__u32 cross_adapter : 1;
			__u32 top_of_pipeline : 1;
			__u32 no_signal : 1;
			__u32 no_wait : 1;
			__u32 no_signal_max_value_on_tdr : 1;
			__u32 no_gpu_access : 1;
			__u32 reserved : 23;
			__u32 reserved2 : 1;
		};
		__u32 value;
	};
};

/* The limit is that of the first ABI version and checks nothing. */
enum d3dddi_synchronizationobject_type {
	_D3DDDI_SYNCHRONIZATION_MUTEX = 1,
	_D3DDDI_SEMAPHORE = 2,
	_D3DDDI_FENCE = 3,
	_D3DDDI_CPU_NOTIFICATION = 4,
	_D3DDDI_MONITORED_FENCE = 5,
	_D3DDDI_PERIODIC_MONITORED_FENCE = 6,
	_D3DDDI_NATIVE_FENCE = 7,
	_D3DDDI_SYNCHRONIZATION_TYPE_LIMIT = 7,
};

/**
 * struct d3dddi_synchronizationobjectinfo2 - description of a synchronisation
 * object
 * @type: in: kind of object, selects the member of the union
 * @flags: in: flags
 * @synchronization_mutex: a mutex
 * @synchronization_mutex.initial_state: in: one when owned at first
 * @semaphore: a semaphore
 * @semaphore.max_count: in: largest count
 * @semaphore.initial_count: in: first count
 * @fence: a legacy fence
 * @fence.fence_value: in: first value
 * @cpu_notification: an eventfd that the GPU signals
 * @cpu_notification.event: in: eventfd
 * @monitored_fence: a fence with a value in memory
 * @monitored_fence.initial_fence_value: in: first value
 * @monitored_fence.fence_cpu_virtual_address: out: address of the value in
 *	the caller
 * @monitored_fence.fence_gpu_virtual_address: out: GPU virtual address of the
 *	value
 * @monitored_fence.engine_affinity: in: linked adapters that use it
 * @monitored_fence.pad: padding, zero
 * @periodic_monitored_fence: a fence that counts display refreshes
 * @periodic_monitored_fence.adapter: in: adapter of the display
 * @periodic_monitored_fence.vidpn_target_id: in: display target
 * @periodic_monitored_fence.time: in: time before the refresh, units of 100
 *	ns
 * @periodic_monitored_fence.fence_cpu_virtual_address: out: address of the
 *	value in the caller
 * @periodic_monitored_fence.fence_gpu_virtual_address: out: GPU virtual
 *	address of the value
 * @periodic_monitored_fence.engine_affinity: in: linked adapters that use it
 * @periodic_monitored_fence.pad2: padding, zero
 * @reserved: size of the union
 * @reserved.reserved: size of the union
 * @shared_handle: out: global handle on the host when shared
 * @pad3: padding, zero
 */
struct d3dddi_synchronizationobjectinfo2 {
	enum d3dddi_synchronizationobject_type type;
	struct d3dddi_synchronizationobject_flags flags;
	union {
		struct {
			__u32 initial_state;
		} synchronization_mutex;
		struct {
			__u32 max_count;
			__u32 initial_count;
		} semaphore;
		struct {
			__aligned_u64 fence_value;
		} fence;
		struct {
			__aligned_u64 event;
		} cpu_notification;
		struct {
			__aligned_u64 initial_fence_value;
			__aligned_u64 fence_cpu_virtual_address;
			__aligned_u64 fence_gpu_virtual_address;
			__u32 engine_affinity;
			__u32 pad;
		} monitored_fence;
		struct {
			struct d3dkmthandle adapter;
			__u32 vidpn_target_id;
			__aligned_u64 time;
			__aligned_u64 fence_cpu_virtual_address;
			__aligned_u64 fence_gpu_virtual_address;
			__u32 engine_affinity;
			__u32 pad2;
		} periodic_monitored_fence;
		struct {
			__aligned_u64 reserved[8];
		} reserved;
	};
	struct d3dkmthandle shared_handle;
	__u32 pad3;
};

/**
 * struct d3dkmt_createsynchronizationobject2 - create a synchronisation
 * object (LX_DXCREATESYNCHRONIZATIONOBJECT)
 * @device: in: device handle
 * @reserved: reserved
 * @info: in/out: description
 * @sync_object: out: new object
 * @reserved1: reserved
 */
struct d3dkmt_createsynchronizationobject2 {
	struct d3dkmthandle device;
	__u32 reserved;
	struct d3dddi_synchronizationobjectinfo2 info;
	struct d3dkmthandle sync_object;
	__u32 reserved1;
};

/**
 * struct d3dkmt_waitforsynchronizationobject2 - let a context wait for legacy
 * objects (LX_DXWAITFORSYNCHRONIZATIONOBJECT)
 * @context: in: context handle
 * @object_count: in: number of objects
 * @object_array: in: objects
 * @fence: value of the first object
 * @fence.fence_value: in: value of a fence
 * @reserved: in: values of up to eight objects
 */
struct d3dkmt_waitforsynchronizationobject2 {
	struct d3dkmthandle context;
	__u32 object_count;
	struct d3dkmthandle object_array[D3DDDI_MAX_OBJECT_WAITED_ON];
	union {
		struct {
			__aligned_u64 fence_value;
		} fence;
		__aligned_u64 reserved[8];
	};
};

/**
 * struct d3dddicb_signalflags - how to signal
 * @signal_at_submission: when submitted, not when reached
 * @enqueue_cpu_event: signal an eventfd instead of objects
 * @allow_fence_rewind: the value may go down
 * @reserved: reserved
 * @DXGK_SIGNAL_FLAG_INTERNAL0: internal to Windows
 * @value: all bits as one word
 */
struct d3dddicb_signalflags {
	union {
		struct {
			__u32 signal_at_submission : 1;
			__u32 enqueue_cpu_event : 1;
			__u32 allow_fence_rewind : 1;
			__u32 reserved : 28;
			__u32 DXGK_SIGNAL_FLAG_INTERNAL0 : 1;
		};
		__u32 value;
	};
};

/**
 * struct d3dkmt_signalsynchronizationobject2 - let contexts signal legacy
 * objects (LX_DXSIGNALSYNCHRONIZATIONOBJECT)
 * @context: in: context handle
 * @object_count: in: number of objects
 * @object_array: in: objects
 * @flags: in: flags
 * @context_count: in: number of @contexts, at most 63
 * @contexts: in: contexts in addition to @context
 * @fence: value
 * @fence.fence_value: in: value of a fence
 * @cpu_event_handle: in: eventfd, with enqueue_cpu_event
 * @reserved: size of the union
 */
struct d3dkmt_signalsynchronizationobject2 {
	struct d3dkmthandle context;
	__u32 object_count;
	struct d3dkmthandle object_array[D3DDDI_MAX_OBJECT_SIGNALED];
	struct d3dddicb_signalflags flags;
	__u32 context_count;
	struct d3dkmthandle contexts[D3DDDI_MAX_BROADCAST_CONTEXT];
	union {
		struct {
			__aligned_u64 fence_value;
		} fence;
		__aligned_u64 cpu_event_handle;
		__aligned_u64 reserved[8];
	};
};

/**
 * struct d3dddi_waitforsynchronizationobjectfromcpu_flags - how to wait
 * @wait_any: for one of the objects, not for all
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dddi_waitforsynchronizationobjectfromcpu_flags {
	union {
		struct {
			__u32 wait_any : 1;
			__u32 reserved : 31;
		};
		__u32 value;
	};
};

/**
 * struct d3dkmt_waitforsynchronizationobjectfromcpu - wait for fences on the
 * CPU (LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU)
 * @device: in: device handle
 * @object_count: in: number of objects
 * @objects: in: array of struct d3dkmthandle
 * @fence_values: in: array of __u64, one for each object
 * @async_event: in: eventfd to signal instead of blocking, or 0
 * @flags: in: flags
 * @pad: padding, zero
 */
struct d3dkmt_waitforsynchronizationobjectfromcpu {
	struct d3dkmthandle device;
	__u32 object_count;
	__aligned_u64 objects;
	__aligned_u64 fence_values;
	__aligned_u64 async_event;
	struct d3dddi_waitforsynchronizationobjectfromcpu_flags flags;
	__u32 pad;
};

/**
 * struct d3dkmt_signalsynchronizationobjectfromcpu - signal fences from the
 * CPU (LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU)
 * @device: in: device handle
 * @object_count: in: number of objects
 * @objects: in: array of struct d3dkmthandle
 * @fence_values: in: array of __u64, one for each object
 * @flags: in: flags
 * @pad: padding, zero
 */
struct d3dkmt_signalsynchronizationobjectfromcpu {
	struct d3dkmthandle device;
	__u32 object_count;
	__aligned_u64 objects;
	__aligned_u64 fence_values;
	struct d3dddicb_signalflags flags;
	__u32 pad;
};

/**
 * struct d3dkmt_waitforsynchronizationobjectfromgpu - let a context wait for
 * objects (LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU)
 * @context: in: context handle
 * @object_count: in: number of objects
 * @objects: in: array of struct d3dkmthandle
 * @monitored_fence_values: in: array of __u64, one for each object
 * @fence_value: in: value of a legacy fence, the only object
 * @reserved: size of the union
 */
struct d3dkmt_waitforsynchronizationobjectfromgpu {
	struct d3dkmthandle context;
	__u32 object_count;
	__aligned_u64 objects;
	union {
		__aligned_u64 monitored_fence_values;
		__aligned_u64 fence_value;
		__aligned_u64 reserved[8];
	};
};

/**
 * struct d3dddi_nativefencemapping - addresses of a native fence
 * @current_value_cpu_va: out: address of the value in the caller, read-only
 * @current_value_gpu_va: out: GPU virtual address of the value
 * @monitored_value_gpu_va: out: GPU virtual address of the monitored value
 * @reserved: reserved
 */
struct d3dddi_nativefencemapping {
	__aligned_u64 current_value_cpu_va;
	__aligned_u64 current_value_gpu_va;
	__aligned_u64 monitored_value_gpu_va;
	__u8 reserved[32];
};

enum d3dddi_nativefence_type {
	D3DDDI_NATIVEFENCE_TYPE_DEFAULT = 0,
	D3DDDI_NATIVEFENCE_TYPE_INTRA_GPU = 1,
};

/**
 * struct d3dddi_nativefenceinfo - description of a native fence
 * @initial_fence_value: in: first value
 * @engine_affinity: in: linked adapters that use it
 * @type: in: who has access
 * @flags: in: flags
 * @pad: padding, zero
 * @native_fence_mapping: out: addresses
 * @reserved: passed to the host unchanged
 * @pad2: padding, zero
 */
struct d3dddi_nativefenceinfo {
	__aligned_u64 initial_fence_value;
	__u32 engine_affinity;
	enum d3dddi_nativefence_type type;
	struct d3dddi_synchronizationobject_flags flags;
	__u32 pad;
	struct d3dddi_nativefencemapping native_fence_mapping;
	__u8 reserved[28];
	__u32 pad2;
};

/**
 * struct d3dkmt_createnativefence_flags - none defined
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dkmt_createnativefence_flags {
	union {
		struct {
			__u32 reserved : 32;
		};
		__u32 value;
	};
};

/**
 * struct d3dkmt_createnativefence - create a native fence
 * (LX_CREATENATIVEFENCE)
 * @device: in: device handle
 * @sync_object: out: new fence
 * @private_driver_data: in/out: private data of the user mode driver
 * @info: in/out: description
 * @flags: in: flags
 * @reserved: reserved
 *
 * Needs interface version 45.
 */
struct d3dkmt_createnativefence {
	struct d3dkmthandle device;
	struct d3dkmthandle sync_object;
	__u8 private_driver_data[D3DDDI_NATIVE_FENCE_PDD_SIZE];
	struct d3dddi_nativefenceinfo info;
	struct d3dkmt_createnativefence_flags flags;
	__u8 reserved[28];
};

/**
 * struct d3dkmt_signalsynchronizationobjectfromgpu - let a context signal
 * monitored fences (LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU)
 * @context: in: context handle
 * @object_count: in: number of objects
 * @objects: in: array of struct d3dkmthandle
 * @monitored_fence_values: in: array of __u64, one for each object
 * @reserved: size of the union
 */
struct d3dkmt_signalsynchronizationobjectfromgpu {
	struct d3dkmthandle context;
	__u32 object_count;
	__aligned_u64 objects;
	union {
		__aligned_u64 monitored_fence_values;
		__aligned_u64 reserved[8];
	};
};

/**
 * struct d3dkmt_signalsynchronizationobjectfromgpu2 - let contexts signal
 * fences or an eventfd (LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2)
 * @object_count: in: number of objects
 * @reserved1: reserved
 * @objects: in: array of struct d3dkmthandle
 * @flags: in: flags
 * @context_count: in: number of contexts
 * @contexts: in: array of struct d3dkmthandle
 * @fence_value: in: value of a legacy fence
 * @cpu_event_handle: in: eventfd, with enqueue_cpu_event
 * @monitored_fence_values: in: array of __u64, one for each object
 * @reserved: size of the union
 */
struct d3dkmt_signalsynchronizationobjectfromgpu2 {
	__u32 object_count;
	__u32 reserved1;
	__aligned_u64 objects;
	struct d3dddicb_signalflags flags;
	__u32 context_count;
	__aligned_u64 contexts;
	union {
		__aligned_u64 fence_value;
		__aligned_u64 cpu_event_handle;
		__aligned_u64 monitored_fence_values;
		__aligned_u64 reserved[8];
	};
};

/**
 * struct d3dkmt_destroysynchronizationobject - destroy a synchronisation
 * object (LX_DXDESTROYSYNCHRONIZATIONOBJECT)
 * @sync_object: in: object
 */
struct d3dkmt_destroysynchronizationobject {
	struct d3dkmthandle sync_object;
};

/* Hardware queue */

/**
 * struct d3dddi_createhwqueueflags - properties of a hardware queue
 * @disable_gpu_timeout: no timeout detection for its work
 * @reserved: newer bits, passed to the host
 * @value: all bits as one word
 */
struct d3dddi_createhwqueueflags {
	union {
		struct {
			__u32 disable_gpu_timeout : 1;
			__u32 reserved : 31;
		};
		__u32 value;
	};
};

/**
 * struct d3dkmt_submitcommandtohwqueue - submit a command buffer to a
 * hardware queue (LX_DXSUBMITCOMMANDTOHWQUEUE)
 * @hwqueue: in: hardware queue
 * @reserved: reserved
 * @hwqueue_progress_fence_id: in: value that the progress fence gets
 * @command_buffer: in: GPU virtual address of the commands
 * @command_length: in: bytes of commands
 * @priv_drv_data_size: in: bytes at @priv_drv_data
 * @priv_drv_data: in: private data of the user mode driver
 * @num_primaries: in: number of written primaries
 * @reserved1: reserved
 * @written_primaries: in: array of struct d3dkmthandle
 */
struct d3dkmt_submitcommandtohwqueue {
	struct d3dkmthandle hwqueue;
	__u32 reserved;
	__aligned_u64 hwqueue_progress_fence_id;
	__aligned_u64 command_buffer;
	__u32 command_length;
	__u32 priv_drv_data_size;
	__aligned_u64 priv_drv_data;
	__u32 num_primaries;
	__u32 reserved1;
	__aligned_u64 written_primaries;
};

/**
 * struct d3dkmt_createhwqueue - create a hardware queue of a context
 * (LX_DXCREATEHWQUEUE)
 * @context: in: context handle
 * @flags: in: flags
 * @priv_drv_data_size: in: bytes at @priv_drv_data
 * @reserved: reserved
 * @priv_drv_data: in/out: private data of the user mode driver
 * @queue: out: new hardware queue
 * @queue_progress_fence: out: its progress fence
 * @queue_progress_fence_cpu_va: out: address of the fence value in the caller
 * @queue_progress_fence_gpu_va: out: GPU virtual address of the fence value
 */
struct d3dkmt_createhwqueue {
	struct d3dkmthandle context;
	struct d3dddi_createhwqueueflags flags;
	__u32 priv_drv_data_size;
	__u32 reserved;
	__aligned_u64 priv_drv_data;
	struct d3dkmthandle queue;
	struct d3dkmthandle queue_progress_fence;
	__aligned_u64 queue_progress_fence_cpu_va;
	__aligned_u64 queue_progress_fence_gpu_va;
};

/**
 * struct d3dkmt_destroyhwqueue - destroy a hardware queue and its progress
 * fence (LX_DXDESTROYHWQUEUE)
 * @queue: in: hardware queue
 */
struct d3dkmt_destroyhwqueue {
	struct d3dkmthandle queue;
};

/**
 * struct d3dkmt_submitwaitforsyncobjectstohwqueue - let a hardware queue wait
 * for fences (LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE)
 * @hwqueue: in: hardware queue
 * @object_count: in: number of objects
 * @objects: in: array of struct d3dkmthandle
 * @fence_values: in: array of __u64, one for each object
 */
struct d3dkmt_submitwaitforsyncobjectstohwqueue {
	struct d3dkmthandle hwqueue;
	__u32 object_count;
	__aligned_u64 objects;
	__aligned_u64 fence_values;
};

/**
 * struct d3dkmt_submitsignalsyncobjectstohwqueue - let hardware queues signal
 * fences (LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE)
 * @flags: in: flags
 * @hwqueue_count: in: number of hardware queues
 * @hwqueues: in: array of struct d3dkmthandle
 * @object_count: in: number of objects
 * @reserved: reserved
 * @objects: in: array of struct d3dkmthandle
 * @fence_values: in: array of __u64, one for each object
 */
struct d3dkmt_submitsignalsyncobjectstohwqueue {
	struct d3dddicb_signalflags flags;
	__u32 hwqueue_count;
	__aligned_u64 hwqueues;
	__u32 object_count;
	__u32 reserved;
	__aligned_u64 objects;
	__aligned_u64 fence_values;
};

/* Submission */

/**
 * struct d3dddi_allocationlist - allocation used by a legacy command buffer
 * @allocation: allocation handle
 * @write_operation: the command buffer writes to it
 * @do_not_retire_instance: keep the instance after the command buffer
 * @offer_priority: enum d3dkmt_offer_priority, or zero for no offer
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dddi_allocationlist {
	struct d3dkmthandle allocation;
	union {
		struct {
			__u32 write_operation : 1;
			__u32 do_not_retire_instance : 1;
			__u32 offer_priority : 3;
			__u32 reserved : 27;
		};
		__u32 value;
	};
};

/**
 * struct d3dddi_patchlocationlist - address to patch in a legacy command
 * buffer
 * @allocation_index: index in the allocation list
 * @slot_id: slot of the driver
 * @reserved: reserved
 * @value: all bits as one word
 * @driver_id: id of the driver
 * @allocation_offset: bytes from the start of the allocation
 * @patch_offset: bytes from the start of the command buffer
 * @split_offset: where the command buffer may be split
 */
struct d3dddi_patchlocationlist {
	__u32 allocation_index;
	union {
		struct {
			__u32 slot_id : 24;
			__u32 reserved : 8;
		};
		__u32 value;
	};
	__u32 driver_id;
	__u32 allocation_offset;
	__u32 patch_offset;
	__u32 split_offset;
};

/**
 * struct d3dkmt_submitcommandflags - how to submit
 * @null_rendering: do not execute
 * @present_redirected: part of a redirected present
 * @reserved: reserved
 */
struct d3dkmt_submitcommandflags {
	__u32 null_rendering : 1;
	__u32 present_redirected : 1;
	__u32 reserved : 30;
};

/**
 * struct d3dkmt_submitcommand - submit a command buffer to contexts
 * (LX_DXSUBMITCOMMAND)
 * @command_buffer: in: GPU virtual address of the commands
 * @command_length: in: bytes of commands
 * @flags: in: flags
 * @present_history_token: in: passed to the host
 * @broadcast_context_count: in: number of contexts
 * @broadcast_context: in: context handles; the first one names the device
 * @reserved: reserved
 * @priv_drv_data: in: private data of the user mode driver
 * @priv_drv_data_size: in: bytes at @priv_drv_data
 * @num_primaries: in: number of @written_primaries
 * @written_primaries: in: allocations that are written and displayed
 * @num_history_buffers: in: number of history buffers
 * @reserved1: reserved
 * @history_buffer_array: in: array of struct d3dkmthandle
 */
struct d3dkmt_submitcommand {
	__aligned_u64 command_buffer;
	__u32 command_length;
	struct d3dkmt_submitcommandflags flags;
	__aligned_u64 present_history_token;
	__u32 broadcast_context_count;
	struct d3dkmthandle broadcast_context[D3DDDI_MAX_BROADCAST_CONTEXT];
	__u32 reserved;
	__aligned_u64 priv_drv_data;
	__u32 priv_drv_data_size;
	__u32 num_primaries;
	struct d3dkmthandle written_primaries[D3DDDI_MAX_WRITTEN_PRIMARIES];
	__u32 num_history_buffers;
	__u32 reserved1;
	__aligned_u64 history_buffer_array;
};

/* Sharing and sync files */

/**
 * struct d3dddi_openallocationinfo2 - one allocation of an opened resource
 * @allocation: out: new handle of the allocation
 * @pad: padding, zero
 * @priv_drv_data: out: address of its private data inside the caller's buffer
 *	for all
 * @priv_drv_data_size: out: bytes at @priv_drv_data
 * @pad2: padding, zero
 * @gpu_va: zero
 * @reserved: reserved
 */
struct d3dddi_openallocationinfo2 {
	struct d3dkmthandle allocation;
	__u32 pad;
	__aligned_u64 priv_drv_data;
	__u32 priv_drv_data_size;
	__u32 pad2;
	__aligned_u64 gpu_va;
	__aligned_u64 reserved[6];
};

/**
 * struct d3dkmt_opensyncobjectfromnthandle2 - open a shared synchronisation
 * object (LX_DXOPENSYNCOBJECTFROMNTHANDLE2)
 * @nt_handle: in: descriptor made by LX_DXSHAREOBJECTS
 * @device: in: device handle
 * @flags: in: flags of the new object
 * @sync_object: out: new object
 * @reserved1: reserved
 * @monitored_fence: a fence with a value in memory
 * @monitored_fence.fence_value_cpu_va: out: address of the value in the
 *	caller
 * @monitored_fence.fence_value_gpu_va: out: GPU virtual address of the value
 * @monitored_fence.engine_affinity: in: linked adapters that use it
 * @monitored_fence.pad: padding, zero
 * @reserved: size of the union
 */
struct d3dkmt_opensyncobjectfromnthandle2 {
	__aligned_u64 nt_handle;
	struct d3dkmthandle device;
	struct d3dddi_synchronizationobject_flags flags;
	struct d3dkmthandle sync_object;
	__u32 reserved1;
	union {
		struct {
			__aligned_u64 fence_value_cpu_va;
			__aligned_u64 fence_value_gpu_va;
			__u32 engine_affinity;
			__u32 pad;
		} monitored_fence;
		__aligned_u64 reserved[8];
	};
};

/**
 * struct d3dkmt_opennativefencefromnthandle - open a shared native fence
 * (LX_DXOPENNATIVEFENCEFROMNTHANDLE)
 * @nt_handle: in: descriptor made by LX_DXSHAREOBJECTS
 * @device: in: device handle
 * @engine_affinity: in: linked adapters that use it
 * @flags: in: flags of the new object
 * @sync_object: out: new fence
 * @native_fence_mapping: out: addresses
 * @private_driver_data: in/out: private data of the user mode driver
 * @reserved: reserved
 *
 * Needs interface version 46.
 */
struct d3dkmt_opennativefencefromnthandle {
	__aligned_u64 nt_handle;
	struct d3dkmthandle device;
	__u32 engine_affinity;
	struct d3dddi_synchronizationobject_flags flags;
	struct d3dkmthandle sync_object;
	struct d3dddi_nativefencemapping native_fence_mapping;
	__u8 private_driver_data[D3DDDI_NATIVE_FENCE_PDD_SIZE];
	__u8 reserved[32];
};

/**
 * struct d3dkmt_openresourcefromnthandle - open a shared resource
 * (LX_DXOPENRESOURCEFROMNTHANDLE)
 * @device: in: device handle
 * @reserved: reserved
 * @nt_handle: in: descriptor made by LX_DXSHAREOBJECTS
 * @allocation_count: in: entries at @open_alloc_info
 * @reserved1: reserved
 * @open_alloc_info: out: array of struct d3dddi_openallocationinfo2
 * @private_runtime_data_size: in: room at @private_runtime_data
 * @reserved2: reserved
 * @private_runtime_data: out: data of the runtime
 * @resource_priv_drv_data_size: in: room at @resource_priv_drv_data
 * @reserved3: reserved
 * @resource_priv_drv_data: out: private data of the resource
 * @total_priv_drv_data_size: in: room at @total_priv_drv_data; out: bytes
 *	used
 * @pad: padding, zero
 * @total_priv_drv_data: out: private data of the allocations, one after the
 *	other
 * @resource: out: new resource
 * @keyed_mutex: untouched
 * @keyed_mutex_private_data: untouched
 * @keyed_mutex_private_data_size: untouched
 * @sync_object: untouched
 */
struct d3dkmt_openresourcefromnthandle {
	struct d3dkmthandle device;
	__u32 reserved;
	__aligned_u64 nt_handle;
	__u32 allocation_count;
	__u32 reserved1;
	__aligned_u64 open_alloc_info;
	__s32 private_runtime_data_size;
	__u32 reserved2;
	__aligned_u64 private_runtime_data;
	__u32 resource_priv_drv_data_size;
	__u32 reserved3;
	__aligned_u64 resource_priv_drv_data;
	__u32 total_priv_drv_data_size;
	__u32 pad;
	__aligned_u64 total_priv_drv_data;
	struct d3dkmthandle resource;
	struct d3dkmthandle keyed_mutex;
	__aligned_u64 keyed_mutex_private_data;
	__u32 keyed_mutex_private_data_size;
	struct d3dkmthandle sync_object;
};

/**
 * struct d3dkmt_queryresourceinfofromnthandle - sizes needed to open a shared
 * resource (LX_DXQUERYRESOURCEINFOFROMNTHANDLE)
 * @device: in: device handle
 * @reserved: reserved
 * @nt_handle: in: descriptor made by LX_DXSHAREOBJECTS
 * @private_runtime_data: unused
 * @private_runtime_data_size: out: bytes of runtime data
 * @total_priv_drv_data_size: out: bytes of private data of all allocations
 * @resource_priv_drv_data_size: out: bytes of private data of the resource
 * @allocation_count: out: number of allocations
 */
struct d3dkmt_queryresourceinfofromnthandle {
	struct d3dkmthandle device;
	__u32 reserved;
	__aligned_u64 nt_handle;
	__aligned_u64 private_runtime_data;
	__u32 private_runtime_data_size;
	__u32 total_priv_drv_data_size;
	__u32 resource_priv_drv_data_size;
	__u32 allocation_count;
};

/**
 * struct d3dkmt_shareobjects - make a descriptor that other processes can
 * open (LX_DXSHAREOBJECTS)
 * @object_count: in: one
 * @reserved: reserved
 * @objects: in: array of struct d3dkmthandle, a resource or synchronisation
 *	object
 * @object_attr: unused
 * @desired_access: unused
 * @reserved1: reserved
 * @shared_handle: out: address of a __u64 that gets the descriptor
 */
struct d3dkmt_shareobjects {
	__u32 object_count;
	__u32 reserved;
	__aligned_u64 objects;
	__aligned_u64 object_attr;
	__u32 desired_access;
	__u32 reserved1;
	__aligned_u64 shared_handle;
};

/**
 * struct d3dkmt_shareobjectwithhost - share an object with a process on the
 * host (LX_DXSHAREOBJECTWITHHOST)
 * @device_handle: in: device handle
 * @object_handle: in: object
 * @reserved: in: zero
 * @object_vail_nt_handle: out: handle on the host
 */
struct d3dkmt_shareobjectwithhost {
	struct d3dkmthandle device_handle;
	struct d3dkmthandle object_handle;
	__aligned_u64 reserved;
	__aligned_u64 object_vail_nt_handle;
};

/**
 * struct d3dkmt_createsyncfile - make a sync file of a fence
 * (LX_DXCREATESYNCFILE)
 * @device: in: device handle
 * @monitored_fence: in: monitored fence
 * @fence_value: in: value at which the sync file is signalled
 * @sync_file_handle: out: descriptor
 */
struct d3dkmt_createsyncfile {
	struct d3dkmthandle device;
	struct d3dkmthandle monitored_fence;
	__aligned_u64 fence_value;
	__aligned_u64 sync_file_handle;
};

/**
 * struct d3dkmt_waitsyncfile - let a context wait for a sync file
 * (LX_DXWAITSYNCFILE)
 * @sync_file_handle: in: descriptor
 * @context: in: context handle
 * @reserved: reserved
 */
struct d3dkmt_waitsyncfile {
	__aligned_u64 sync_file_handle;
	struct d3dkmthandle context;
	__u32 reserved;
};

/**
 * struct d3dkmt_opensyncobjectfromsyncfile - open the fence behind a sync
 * file (LX_DXOPENSYNCOBJECTFROMSYNCFILE)
 * @sync_file_handle: in: descriptor
 * @device: in: device handle
 * @syncobj: out: new object
 * @fence_value: out: value at which the sync file is signalled
 * @fence_value_cpu_va: out: address of the fence value in the caller
 * @fence_value_gpu_va: out: GPU virtual address of the fence value
 */
struct d3dkmt_opensyncobjectfromsyncfile {
	__aligned_u64 sync_file_handle;
	struct d3dkmthandle device;
	struct d3dkmthandle syncobj;
	__aligned_u64 fence_value;
	__aligned_u64 fence_value_cpu_va;
	__aligned_u64 fence_value_gpu_va;
};

/* Queries */

/**
 * struct d3dkmt_queryvideomemoryinfo - video memory of the process
 * (LX_DXQUERYVIDEOMEMORYINFO)
 * @process: in: zero
 * @adapter: in: adapter handle
 * @memory_segment_group: in: local or not
 * @budget: out: bytes the process should stay below
 * @current_usage: out: bytes in use
 * @current_reservation: out: bytes reserved
 * @available_for_reservation: out: bytes that can be reserved
 * @physical_adapter_index: in: adapter within a linked group
 * @pad: padding, zero
 */
struct d3dkmt_queryvideomemoryinfo {
	__aligned_u64 process;
	struct d3dkmthandle adapter;
	enum d3dkmt_memory_segment_group memory_segment_group;
	__aligned_u64 budget;
	__aligned_u64 current_usage;
	__aligned_u64 current_reservation;
	__aligned_u64 available_for_reservation;
	__u32 physical_adapter_index;
	__u32 pad;
};

/**
 * struct d3dkmt_adaptertype - data of _KMTQAITYPE_ADAPTERTYPE
 * @render_supported: renders
 * @display_supported: displays
 * @software_device: emulated in software
 * @post_device: used at boot
 * @hybrid_discrete: discrete GPU of a hybrid system
 * @hybrid_integrated: integrated GPU of a hybrid system
 * @indirect_display_device: display without a GPU
 * @paravirtualized: shared with the host
 * @acg_supported: supports arbitrary code guard
 * @support_set_timings_from_vidpn: sets display timings
 * @detachable: can be detached
 * @compute_only: only computes
 * @prototype: not for sale
 * @reserved: reserved
 * @value: all bits as one word
 */
struct d3dkmt_adaptertype {
	union {
		struct {
			__u32 render_supported : 1;
			__u32 display_supported : 1;
			__u32 software_device : 1;
			__u32 post_device : 1;
			__u32 hybrid_discrete : 1;
			__u32 hybrid_integrated : 1;
			__u32 indirect_display_device : 1;
			__u32 paravirtualized : 1;
			__u32 acg_supported : 1;
			__u32 support_set_timings_from_vidpn : 1;
			__u32 detachable : 1;
			__u32 compute_only : 1;
			__u32 prototype : 1;
			__u32 reserved : 19;
		};
		__u32 value;
	};
};

enum kmtqueryadapterinfotype {
	_KMTQAITYPE_UMDRIVERPRIVATE = 0,
	_KMTQAITYPE_ADAPTERTYPE = 15,
	_KMTQAITYPE_ADAPTERTYPE_RENDER = 57,
};

/**
 * struct d3dkmt_queryadapterinfo - query the host's driver about an adapter
 * (LX_DXQUERYADAPTERINFO)
 * @adapter: in: adapter handle
 * @type: in: question; other values are passed to the host
 * @private_data: in/out: data of the question
 * @private_data_size: in: bytes at @private_data
 * @pad: padding, zero
 */
struct d3dkmt_queryadapterinfo {
	struct d3dkmthandle adapter;
	enum kmtqueryadapterinfotype type;
	__aligned_u64 private_data;
	__u32 private_data_size;
	__u32 pad;
};

/**
 * struct dxgk_gpuclockdata_flags - which clock
 * @context_management_processor: the clock is that of the context manager
 * @reserved: reserved
 * @value: all bits as one word
 */
struct dxgk_gpuclockdata_flags {
	union {
		struct {
			__u32 context_management_processor : 1;
			__u32 reserved : 31;
		};
		__u32 value;
	};
} __attribute__((packed));

/**
 * struct dxgk_gpuclockdata - clocks of GPU and CPU at one moment
 * @gpu_frequency: hertz
 * @gpu_clock_counter: GPU clock
 * @cpu_clock_counter: CPU performance counter of the host
 * @flags: flags
 */
struct dxgk_gpuclockdata {
	__u64 gpu_frequency;
	__u64 gpu_clock_counter;
	__u64 cpu_clock_counter;
	struct dxgk_gpuclockdata_flags flags;
} __attribute__((packed));

/**
 * struct d3dkmt_queryclockcalibration - relate GPU and CPU clocks
 * (LX_DXQUERYCLOCKCALIBRATION)
 * @adapter: in: adapter handle
 * @node_ordinal: in: engine node
 * @physical_adapter_index: in: adapter within a linked group
 * @clock_data: out: clocks
 *
 * Packed: @clock_data is not aligned.
 */
struct d3dkmt_queryclockcalibration {
	struct d3dkmthandle adapter;
	__u32 node_ordinal;
	__u32 physical_adapter_index;
	struct dxgk_gpuclockdata clock_data;
} __attribute__((packed));

/**
 * struct d3dkmt_querystatistics_result - statistics, opaque
 * @size: layout depends on the type
 */
struct d3dkmt_querystatistics_result {
	__u8 size[776];
};

enum d3dkmt_querystatistics_type {
	_D3DKMT_QUERYSTATISTICS_ADAPTER = 0,
	_D3DKMT_QUERYSTATISTICS_PROCESS = 1,
	_D3DKMT_QUERYSTATISTICS_PROCESS_ADAPTER = 2,
	_D3DKMT_QUERYSTATISTICS_SEGMENT = 3,
	_D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT = 4,
	_D3DKMT_QUERYSTATISTICS_NODE = 5,
	_D3DKMT_QUERYSTATISTICS_PROCESS_NODE = 6,
	_D3DKMT_QUERYSTATISTICS_VIDPNSOURCE = 7,
	_D3DKMT_QUERYSTATISTICS_PROCESS_VIDPNSOURCE = 8,
	_D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT_GROUP = 9,
	_D3DKMT_QUERYSTATISTICS_PHYSICAL_ADAPTER = 10,
};

/**
 * struct d3dkmt_querystatistics - statistics of the host
 * (LX_DXQUERYSTATISTICS)
 * @type: in: kind of statistics
 * @adapter_luid: in: LUID from an enumeration
 * @pad: padding, zero
 * @process: in: process id, or zero
 * @result: out: statistics
 * @size: the whole structure; its last 8 bytes are input that depends on
 *	@type
 */
struct d3dkmt_querystatistics {
	union {
		struct {
			enum d3dkmt_querystatistics_type type;
			struct winluid adapter_luid;
			__u32 pad;
			__aligned_u64 process;
			struct d3dkmt_querystatistics_result result;
		};
		__u8 size[808];
	};
};

/**
 * struct d3dkmt_enumprocesses - processes that have an adapter open
 * (LX_DXENUMPROCESSES)
 * @adapter_luid: in: LUID from an enumeration
 * @buffer: out: array of __u32, ids of processes in the pid namespace of the
 *	caller
 * @buffer_count: in: room at @buffer; out: number of processes
 */
struct d3dkmt_enumprocesses {
	struct winluid adapter_luid;
	__aligned_u64 buffer;
	__aligned_u64 buffer_count;
};

/**
 * struct dxgk_isfeatureenabled_result - state of a feature
 * @version: version of the feature
 * @enabled: usable
 * @known_feature: the host knows it
 * @supported_by_driver: the driver of the host supports it
 * @supported_on_config: this configuration supports it
 * @reserved: reserved
 * @value: all bits as one word
 */
struct dxgk_isfeatureenabled_result {
	__u16 version;
	union {
		struct {
			__u16 enabled : 1;
			__u16 known_feature : 1;
			__u16 supported_by_driver : 1;
			__u16 supported_on_config : 1;
			__u16 reserved : 12;
		};
		__u16 value;
	};
};

/* The maximum is that of the first ABI version and checks nothing. */
enum dxgk_feature_id {
	_DXGK_FEATURE_HWSCH = 0,
	_DXGK_FEATURE_PAGE_BASED_MEMORY_MANAGER = 32,
	_DXGK_FEATURE_KERNEL_MODE_TESTING = 33,
	_DXGK_FEATURE_NATIVE_FENCE = 36,
	_DXGK_FEATURE_MAX = 34,
};

/**
 * struct d3dkmt_isfeatureenabled - is a feature of an adapter usable
 * (LX_ISFEATUREENABLED)
 * @adapter: in: adapter handle
 * @feature_id: in: feature; other values are passed to the host
 * @result: out: answer
 */
struct d3dkmt_isfeatureenabled {
	struct d3dkmthandle adapter;
	enum dxgk_feature_id feature_id;
	struct dxgk_isfeatureenabled_result result;
};

/* Escape */

/* First word of the private data of an escape with driver_known_escape */
enum d3dddi_knownescapetype {
	_D3DDDI_DRIVERESCAPETYPE_TRANSLATEALLOCATIONHANDLE = 0,
	_D3DDDI_DRIVERESCAPETYPE_TRANSLATERESOURCEHANDLE = 1,
	_D3DDDI_DRIVERESCAPETYPE_CPUEVENTUSAGE = 2,
	_D3DDDI_DRIVERESCAPETYPE_BUILDTESTCOMMANDBUFFER = 3,
};

/**
 * struct d3dddi_translate_allocation_handle - private data of the escapes
 * that translate handles
 * @escape_type: kind of escape
 * @allocation: handle of the user mode driver in, of the kernel out
 */
struct d3dddi_translate_allocation_handle {
	enum d3dddi_knownescapetype escape_type;
	struct d3dkmthandle allocation;
};

/**
 * struct d3dddi_testcommand - command of a test buffer
 * @buffer: opaque
 */
struct d3dddi_testcommand {
	__u8 buffer[72];
};

/**
 * struct d3dddi_buildtestcommandbuffer - private data of the escape that
 * builds a test buffer
 * @escape_type: _D3DDDI_DRIVERESCAPETYPE_BUILDTESTCOMMANDBUFFER
 * @device: device handle
 * @context: context handle
 * @flags: in: flags
 * @command: command to build
 * @dma_buffer: user address of the buffer
 * @dma_buffer_priv_data: user address of its private data
 * @dma_buffer_size: in: room at @dma_buffer; out: bytes used
 * @dma_buffer_priv_data_size: in: room; out: bytes used
 */
struct d3dddi_buildtestcommandbuffer {
	enum d3dddi_knownescapetype escape_type;
	struct d3dkmthandle device;
	struct d3dkmthandle context;
	__u32 flags;
	struct d3dddi_testcommand command;
	__aligned_u64 dma_buffer;
	__aligned_u64 dma_buffer_priv_data;
	__u32 dma_buffer_size;
	__u32 dma_buffer_priv_data_size;
};

/**
 * struct d3dddi_escapeflags - how to escape
 * @hardware_access: needs the hardware
 * @device_status_query: asks for the device status
 * @change_frame_latency: changes the frame latency
 * @no_adapter_synchronization: does not wait for other work
 * @reserved: reserved
 * @virtual_machine_data: about the virtual machine
 * @driver_known_escape: private data is a known structure, see enum
 *	d3dddi_knownescapetype
 * @driver_common_escape: common to all drivers
 * @reserved2: reserved
 * @value: all bits as one word
 */
struct d3dddi_escapeflags {
	union {
		struct {
			__u32 hardware_access : 1;
			__u32 device_status_query : 1;
			__u32 change_frame_latency : 1;
			__u32 no_adapter_synchronization : 1;
			__u32 reserved : 1;
			__u32 virtual_machine_data : 1;
			__u32 driver_known_escape : 1;
			__u32 driver_common_escape : 1;
			__u32 reserved2 : 24;
		};
		__u32 value;
	};
};

enum d3dkmt_escapetype {
	_D3DKMT_ESCAPE_DRIVERPRIVATE = 0,
	_D3DKMT_ESCAPE_VIDMM = 1,
	_D3DKMT_ESCAPE_VIDSCH = 3,
	_D3DKMT_ESCAPE_DEVICE = 4,
	_D3DKMT_ESCAPE_DRT_TEST = 8,
};

/**
 * struct d3dkmt_escape - talk to the host's driver (LX_DXESCAPE)
 * @adapter: in: adapter handle
 * @device: in: device handle, or zero
 * @type: in: kind of escape; other values are passed to the host
 * @flags: in: flags
 * @priv_drv_data: in/out: data of the escape
 * @priv_drv_data_size: in: bytes at @priv_drv_data
 * @context: in: context handle, or zero
 */
struct d3dkmt_escape {
	struct d3dkmthandle adapter;
	struct d3dkmthandle device;
	enum d3dkmt_escapetype type;
	struct d3dddi_escapeflags flags;
	__aligned_u64 priv_drv_data;
	__u32 priv_drv_data_size;
	struct d3dkmthandle context;
};

/* Ioctls: letter 0x47, all read-write; the driver compares the whole code. */
#define LX_DXG_IOC_TYPE 0x47

#define LX_DXOPENADAPTERFROMLUID \
	_IOWR(LX_DXG_IOC_TYPE, 0x01, struct d3dkmt_openadapterfromluid)
#define LX_DXCREATEDEVICE \
	_IOWR(LX_DXG_IOC_TYPE, 0x02, struct d3dkmt_createdevice)
#define LX_DXCREATECONTEXTVIRTUAL \
	_IOWR(LX_DXG_IOC_TYPE, 0x04, struct d3dkmt_createcontextvirtual)
#define LX_DXDESTROYCONTEXT \
	_IOWR(LX_DXG_IOC_TYPE, 0x05, struct d3dkmt_destroycontext)
#define LX_DXCREATEALLOCATION \
	_IOWR(LX_DXG_IOC_TYPE, 0x06, struct d3dkmt_createallocation)
#define LX_DXCREATEPAGINGQUEUE \
	_IOWR(LX_DXG_IOC_TYPE, 0x07, struct d3dkmt_createpagingqueue)
#define LX_DXRESERVEGPUVIRTUALADDRESS \
	_IOWR(LX_DXG_IOC_TYPE, 0x08, struct d3dddi_reservegpuvirtualaddress)
#define LX_DXQUERYADAPTERINFO \
	_IOWR(LX_DXG_IOC_TYPE, 0x09, struct d3dkmt_queryadapterinfo)
#define LX_DXQUERYVIDEOMEMORYINFO \
	_IOWR(LX_DXG_IOC_TYPE, 0x0a, struct d3dkmt_queryvideomemoryinfo)
#define LX_DXMAKERESIDENT \
	_IOWR(LX_DXG_IOC_TYPE, 0x0b, struct d3dddi_makeresident)
#define LX_DXMAPGPUVIRTUALADDRESS \
	_IOWR(LX_DXG_IOC_TYPE, 0x0c, struct d3dddi_mapgpuvirtualaddress)
#define LX_DXESCAPE \
	_IOWR(LX_DXG_IOC_TYPE, 0x0d, struct d3dkmt_escape)
#define LX_DXGETDEVICESTATE \
	_IOWR(LX_DXG_IOC_TYPE, 0x0e, struct d3dkmt_getdevicestate)
#define LX_DXSUBMITCOMMAND \
	_IOWR(LX_DXG_IOC_TYPE, 0x0f, struct d3dkmt_submitcommand)
#define LX_DXCREATESYNCHRONIZATIONOBJECT \
	_IOWR(LX_DXG_IOC_TYPE, 0x10, struct d3dkmt_createsynchronizationobject2)
#define LX_DXSIGNALSYNCHRONIZATIONOBJECT \
	_IOWR(LX_DXG_IOC_TYPE, 0x11, struct d3dkmt_signalsynchronizationobject2)
#define LX_DXWAITFORSYNCHRONIZATIONOBJECT \
	_IOWR(LX_DXG_IOC_TYPE, 0x12, struct d3dkmt_waitforsynchronizationobject2)
#define LX_DXDESTROYALLOCATION2 \
	_IOWR(LX_DXG_IOC_TYPE, 0x13, struct d3dkmt_destroyallocation2)
#define LX_DXENUMADAPTERS2 \
	_IOWR(LX_DXG_IOC_TYPE, 0x14, struct d3dkmt_enumadapters2)
#define LX_DXCLOSEADAPTER \
	_IOWR(LX_DXG_IOC_TYPE, 0x15, struct d3dkmt_closeadapter)
#define LX_DXCHANGEVIDEOMEMORYRESERVATION \
	_IOWR(LX_DXG_IOC_TYPE, 0x16, struct d3dkmt_changevideomemoryreservation)
#define LX_DXCREATEHWQUEUE \
	_IOWR(LX_DXG_IOC_TYPE, 0x18, struct d3dkmt_createhwqueue)
#define LX_DXDESTROYDEVICE \
	_IOWR(LX_DXG_IOC_TYPE, 0x19, struct d3dkmt_destroydevice)
#define LX_DXDESTROYHWQUEUE \
	_IOWR(LX_DXG_IOC_TYPE, 0x1b, struct d3dkmt_destroyhwqueue)
#define LX_DXDESTROYPAGINGQUEUE \
	_IOWR(LX_DXG_IOC_TYPE, 0x1c, struct d3dddi_destroypagingqueue)
#define LX_DXDESTROYSYNCHRONIZATIONOBJECT \
	_IOWR(LX_DXG_IOC_TYPE, 0x1d, struct d3dkmt_destroysynchronizationobject)
#define LX_DXEVICT \
	_IOWR(LX_DXG_IOC_TYPE, 0x1e, struct d3dkmt_evict)
#define LX_DXFLUSHHEAPTRANSITIONS \
	_IOWR(LX_DXG_IOC_TYPE, 0x1f, struct d3dkmt_flushheaptransitions)
#define LX_DXFREEGPUVIRTUALADDRESS \
	_IOWR(LX_DXG_IOC_TYPE, 0x20, struct d3dkmt_freegpuvirtualaddress)
#define LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY \
	_IOWR(LX_DXG_IOC_TYPE, 0x21, struct d3dkmt_getcontextinprocessschedulingpriority)
#define LX_DXGETCONTEXTSCHEDULINGPRIORITY \
	_IOWR(LX_DXG_IOC_TYPE, 0x22, struct d3dkmt_getcontextschedulingpriority)
#define LX_DXINVALIDATECACHE \
	_IOWR(LX_DXG_IOC_TYPE, 0x24, struct d3dkmt_invalidatecache)
#define LX_DXLOCK2 \
	_IOWR(LX_DXG_IOC_TYPE, 0x25, struct d3dkmt_lock2)
#define LX_DXMARKDEVICEASERROR \
	_IOWR(LX_DXG_IOC_TYPE, 0x26, struct d3dkmt_markdeviceaserror)
#define LX_DXOFFERALLOCATIONS \
	_IOWR(LX_DXG_IOC_TYPE, 0x27, struct d3dkmt_offerallocations)
#define LX_DXQUERYALLOCATIONRESIDENCY \
	_IOWR(LX_DXG_IOC_TYPE, 0x2a, struct d3dkmt_queryallocationresidency)
#define LX_DXRECLAIMALLOCATIONS2 \
	_IOWR(LX_DXG_IOC_TYPE, 0x2c, struct d3dkmt_reclaimallocations2)
#define LX_DXSETALLOCATIONPRIORITY \
	_IOWR(LX_DXG_IOC_TYPE, 0x2e, struct d3dkmt_setallocationpriority)
#define LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY \
	_IOWR(LX_DXG_IOC_TYPE, 0x2f, struct d3dkmt_setcontextinprocessschedulingpriority)
#define LX_DXSETCONTEXTSCHEDULINGPRIORITY \
	_IOWR(LX_DXG_IOC_TYPE, 0x30, struct d3dkmt_setcontextschedulingpriority)
#define LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU \
	_IOWR(LX_DXG_IOC_TYPE, 0x31, struct d3dkmt_signalsynchronizationobjectfromcpu)
#define LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU \
	_IOWR(LX_DXG_IOC_TYPE, 0x32, struct d3dkmt_signalsynchronizationobjectfromgpu)
#define LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2 \
	_IOWR(LX_DXG_IOC_TYPE, 0x33, struct d3dkmt_signalsynchronizationobjectfromgpu2)
#define LX_DXSUBMITCOMMANDTOHWQUEUE \
	_IOWR(LX_DXG_IOC_TYPE, 0x34, struct d3dkmt_submitcommandtohwqueue)
#define LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE \
	_IOWR(LX_DXG_IOC_TYPE, 0x35, struct d3dkmt_submitsignalsyncobjectstohwqueue)
#define LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE \
	_IOWR(LX_DXG_IOC_TYPE, 0x36, struct d3dkmt_submitwaitforsyncobjectstohwqueue)
#define LX_DXUNLOCK2 \
	_IOWR(LX_DXG_IOC_TYPE, 0x37, struct d3dkmt_unlock2)
#define LX_DXUPDATEALLOCPROPERTY \
	_IOWR(LX_DXG_IOC_TYPE, 0x38, struct d3dddi_updateallocproperty)
#define LX_DXUPDATEGPUVIRTUALADDRESS \
	_IOWR(LX_DXG_IOC_TYPE, 0x39, struct d3dkmt_updategpuvirtualaddress)
#define LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU \
	_IOWR(LX_DXG_IOC_TYPE, 0x3a, struct d3dkmt_waitforsynchronizationobjectfromcpu)
#define LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU \
	_IOWR(LX_DXG_IOC_TYPE, 0x3b, struct d3dkmt_waitforsynchronizationobjectfromgpu)
#define LX_DXGETALLOCATIONPRIORITY \
	_IOWR(LX_DXG_IOC_TYPE, 0x3c, struct d3dkmt_getallocationpriority)
#define LX_DXQUERYCLOCKCALIBRATION \
	_IOWR(LX_DXG_IOC_TYPE, 0x3d, struct d3dkmt_queryclockcalibration)
#define LX_DXENUMADAPTERS3 \
	_IOWR(LX_DXG_IOC_TYPE, 0x3e, struct d3dkmt_enumadapters3)
#define LX_DXSHAREOBJECTS \
	_IOWR(LX_DXG_IOC_TYPE, 0x3f, struct d3dkmt_shareobjects)
#define LX_DXOPENSYNCOBJECTFROMNTHANDLE2 \
	_IOWR(LX_DXG_IOC_TYPE, 0x40, struct d3dkmt_opensyncobjectfromnthandle2)
#define LX_DXQUERYRESOURCEINFOFROMNTHANDLE \
	_IOWR(LX_DXG_IOC_TYPE, 0x41, struct d3dkmt_queryresourceinfofromnthandle)
#define LX_DXOPENRESOURCEFROMNTHANDLE \
	_IOWR(LX_DXG_IOC_TYPE, 0x42, struct d3dkmt_openresourcefromnthandle)
#define LX_DXQUERYSTATISTICS \
	_IOWR(LX_DXG_IOC_TYPE, 0x43, struct d3dkmt_querystatistics)
#define LX_DXSHAREOBJECTWITHHOST \
	_IOWR(LX_DXG_IOC_TYPE, 0x44, struct d3dkmt_shareobjectwithhost)
#define LX_DXCREATESYNCFILE \
	_IOWR(LX_DXG_IOC_TYPE, 0x45, struct d3dkmt_createsyncfile)
#define LX_DXWAITSYNCFILE \
	_IOWR(LX_DXG_IOC_TYPE, 0x46, struct d3dkmt_waitsyncfile)
#define LX_DXOPENSYNCOBJECTFROMSYNCFILE \
	_IOWR(LX_DXG_IOC_TYPE, 0x47, struct d3dkmt_opensyncobjectfromsyncfile)
#define LX_DXENUMPROCESSES \
	_IOWR(LX_DXG_IOC_TYPE, 0x48, struct d3dkmt_enumprocesses)
#define LX_ISFEATUREENABLED \
	_IOWR(LX_DXG_IOC_TYPE, 0x49, struct d3dkmt_isfeatureenabled)
#define LX_CREATENATIVEFENCE \
	_IOWR(LX_DXG_IOC_TYPE, 0x4a, struct d3dkmt_createnativefence)
#define LX_DXOPENNATIVEFENCEFROMNTHANDLE \
	_IOWR(LX_DXG_IOC_TYPE, 0x4b, struct d3dkmt_opennativefencefromnthandle)

#endif /* _UAPI_MISC_D3DKMTHK_H */
