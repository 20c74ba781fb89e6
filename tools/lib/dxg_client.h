/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thin user-space client of /dev/dxg, shared by dxgctl and the end-to-end
 * tests.
 *
 * One function is one ioctl, with the arguments that matter spelled out and
 * everything else zero. There is no state, no lock, no cache and no retry in
 * here: what the driver answered is what the caller gets. Calls that need
 * unusual arguments fill the uapi structure themselves and use dxg_ioctl().
 *
 * Return values: a negative errno, 0, or a positive NTSTATUS success code such
 * as DXG_STATUS_PENDING. Outputs are written only if the result is >= 0,
 * unless a function says otherwise. Handles are the 32-bit values of struct
 * d3dkmthandle; 0 is never a valid one.
 */
#ifndef TOOLS_LIB_DXG_CLIENT_H
#define TOOLS_LIB_DXG_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include <misc/d3dkmthk.h>

#define DXG_NODE		"/dev/dxg"
#define DXG_PAGE_SIZE		4096u
#define DXG_STATUS_PENDING	0x103
#define DXG_STATUS_TIMEOUT	0x102

/* Bits of d3dkmt_createallocationflags that the helpers and tests combine. */
#define DXG_ALLOC_CREATE_RESOURCE	0x1u
#define DXG_ALLOC_CREATE_SHARED		0x2u
#define DXG_ALLOC_EXISTING_SYSMEM	0x20u
#define DXG_ALLOC_NT_SECURITY_SHARING	0x40u
#define DXG_ALLOC_READ_ONLY		0x80u
#define DXG_ALLOC_STANDARD		0x10000u
#define DXG_ALLOC_SHAREABLE		(DXG_ALLOC_CREATE_RESOURCE | \
					 DXG_ALLOC_CREATE_SHARED | \
					 DXG_ALLOC_NT_SECURITY_SHARING)

/* Client hint of Direct3D 12, the newest name the drivers know. */
#define DXG_CLIENT_HINT_DX12		12

/* Bits of d3dddi_createcontextflags. */
#define DXG_CONTEXT_HW_QUEUE		0x10u

/* Bits of d3dddi_synchronizationobject_flags. */
#define DXG_SYNC_SHARED			0x1u
#define DXG_SYNC_NT_SECURITY_SHARING	0x2u
#define DXG_SYNC_CROSS_ADAPTER		0x4u
#define DXG_SYNC_NO_SIGNAL		0x10u
#define DXG_SYNC_NO_WAIT		0x20u
#define DXG_SYNC_SHAREABLE		(DXG_SYNC_SHARED | \
					 DXG_SYNC_NT_SECURITY_SHARING)

/* Bits of d3dddigpuva_protection_type. */
#define DXG_PROTECT_WRITE		0x1u

/* Bits of d3dddi_makeresident_flags. */
#define DXG_RESIDENT_CANT_TRIM		0x1u

/**
 * struct dxg_paging_queue - result of dxg_create_paging_queue()
 * @queue:	paging queue handle
 * @sync_object: monitored fence of the queue, for waits only
 * @fence:	current value of that fence, one read-only page of the process
 */
struct dxg_paging_queue {
	__u32 queue;
	__u32 sync_object;
	const __u64 *fence;
};

/**
 * struct dxg_hw_queue - result of dxg_create_hw_queue()
 * @queue:	hardware queue handle
 * @progress:	progress fence handle, for waits only
 * @fence:	current value of the progress fence, one read-only page
 * @fence_gpu_va: GPU virtual address of the fence value
 */
struct dxg_hw_queue {
	__u32 queue;
	__u32 progress;
	const __u64 *fence;
	__u64 fence_gpu_va;
};

/**
 * struct dxg_fence - result of dxg_create_monitored_fence()
 * @sync_object: sync object handle
 * @shared_handle: global share value, 0 unless the fence was created shared
 * @value:	current value, one page mapped in this process
 * @gpu_va:	GPU virtual address of the value
 */
struct dxg_fence {
	__u32 sync_object;
	__u32 shared_handle;
	__u64 *value;
	__u64 gpu_va;
};

/**
 * struct dxg_allocation - result of the allocation helpers
 * @handle:	allocation handle
 * @resource:	resource handle, 0 if none was asked for
 * @size:	size in bytes as asked for by the caller
 */
struct dxg_allocation {
	__u32 handle;
	__u32 resource;
	__u64 size;
};

/**
 * struct dxg_va_range - where the host may place a GPU address range
 * @base:	exact address, or 0 for any
 * @minimum:	lowest address if @base is 0
 * @maximum:	end of the search range if @base is 0
 */
struct dxg_va_range {
	__u64 base;
	__u64 minimum;
	__u64 maximum;
};

/**
 * struct dxg_shared_info - sizes that describe a shared resource
 * @allocation_count:	number of allocations
 * @runtime_data_size:	bytes of runtime private data
 * @resource_data_size:	bytes of driver private data of the resource
 * @total_data_size:	bytes of driver private data of all allocations
 */
struct dxg_shared_info {
	__u32 allocation_count;
	__u32 runtime_data_size;
	__u32 resource_data_size;
	__u32 total_data_size;
};

/**
 * dxg_ptr() - a pointer as the ABI carries it
 * @p: any pointer
 *
 * Return: the address in the 64-bit field format of the uapi structures.
 */
static inline __u64 dxg_ptr(const void *p)
{
	return (__u64)(unsigned long)p;
}

/**
 * dxg_handle() - a handle value as the ABI structure
 * @v: handle value
 *
 * Return: struct d3dkmthandle holding @v.
 */
static inline struct d3dkmthandle dxg_handle(__u32 v)
{
	struct d3dkmthandle h = { .v = v };

	return h;
}

/**
 * dxg_fence_value() - read a mapped fence
 * @fence: mapped address of a fence value
 *
 * Everything the signalling side wrote before is visible afterwards.
 *
 * Return: the current value.
 */
static inline __u64 dxg_fence_value(const __u64 *fence)
{
	return __atomic_load_n(fence, __ATOMIC_ACQUIRE);
}

/* File and adapters: dxg_client.c */
int dxg_open(const char *node);
int dxg_close(int fd);
int dxg_ioctl(int fd, unsigned long request, void *arg);
int dxg_enum_adapters2(int fd, struct d3dkmt_adapterinfo *infos, __u32 *count);
int dxg_enum_adapters3(int fd, bool compute_only,
		       struct d3dkmt_adapterinfo *infos, __u32 *count);
int dxg_open_adapter(int fd, const struct winluid *luid, __u32 *adapter);
int dxg_close_adapter(int fd, __u32 adapter);
int dxg_query_adapter_info(int fd, __u32 adapter, __u32 type, void *data,
			   __u32 size);

/* Device, contexts, queues: dxg_client.c */
int dxg_create_device(int fd, __u32 adapter, __u32 *device);
int dxg_destroy_device(int fd, __u32 device);
int dxg_device_execution_state(int fd, __u32 device, __u32 *state);
int dxg_create_paging_queue(int fd, __u32 device, struct dxg_paging_queue *out);
int dxg_destroy_paging_queue(int fd, __u32 queue);
int dxg_create_context(int fd, __u32 device, __u32 node, __u32 flags,
		       void *data, __u32 data_size, __u32 *context);
int dxg_destroy_context(int fd, __u32 context);
int dxg_create_hw_queue(int fd, __u32 context, void *data, __u32 data_size,
			struct dxg_hw_queue *out);
int dxg_destroy_hw_queue(int fd, __u32 queue);

/* Memory: dxg_memory.c */
int dxg_create_local(int fd, __u32 device, __u64 size, __u32 flags,
		     struct dxg_allocation *out);
int dxg_create_heap(int fd, __u32 device, void *memory, __u64 size,
		    __u32 flags, struct dxg_allocation *out);
int dxg_create_sysmem(int fd, __u32 device, void *memory, __u64 size,
		      __u32 flags, struct dxg_allocation *out);
int dxg_destroy_allocations(int fd, __u32 device, const __u32 *allocations,
			    __u32 count);
int dxg_destroy_resource(int fd, __u32 device, __u32 resource);
int dxg_reserve_gpu_va(int fd, __u32 adapter_or_queue,
		       const struct dxg_va_range *range, __u64 size,
		       __u64 *address);
int dxg_map_gpu_va(int fd, __u32 paging_queue,
		   const struct dxg_va_range *range, __u32 allocation,
		   __u64 first_page, __u64 pages, __u64 protection,
		   __u64 *address, __u64 *paging_fence);
int dxg_free_gpu_va(int fd, __u32 adapter, __u64 base, __u64 size);
int dxg_make_resident(int fd, __u32 paging_queue, const __u32 *allocations,
		      __u32 count, __u32 flags, __u64 *paging_fence,
		      __u64 *bytes_to_trim);
int dxg_evict(int fd, __u32 device, const __u32 *allocations, __u32 count,
	      __u64 *bytes_to_trim);
int dxg_query_video_memory(int fd, __u32 adapter, __u32 group,
			   struct d3dkmt_queryvideomemoryinfo *out);
int dxg_lock(int fd, __u32 device, __u32 allocation, void **data);
int dxg_unlock(int fd, __u32 device, __u32 allocation);
int dxg_share(int fd, __u32 object, int *shared_fd);
int dxg_query_shared_resource(int fd, __u32 device, int shared_fd,
			      struct dxg_shared_info *out);
int dxg_open_shared_resource(int fd, __u32 device, int shared_fd,
			     const struct dxg_shared_info *info,
			     struct d3dddi_openallocationinfo2 *allocations,
			     void *total_data, __u32 *resource);

/* Fences and submission: dxg_sync.c */
int dxg_create_monitored_fence(int fd, __u32 device, __u64 initial,
			       __u32 flags, struct dxg_fence *out);
int dxg_destroy_sync_object(int fd, __u32 sync_object);
int dxg_open_sync_object(int fd, __u32 device, int shared_fd, __u32 flags,
			 struct dxg_fence *out);
int dxg_create_sync_file(int fd, __u32 device, __u32 sync_object, __u64 value,
			 int *sync_file);
int dxg_wait_sync_file(int fd, __u32 context, int sync_file);
int dxg_open_sync_file(int fd, __u32 device, int sync_file, __u64 *value,
		       struct dxg_fence *out);
int dxg_wait(int fd, __u32 device, __u32 sync_object, __u64 value);
int dxg_wait_event(int fd, __u32 device, __u32 sync_object, __u64 value,
		   int eventfd);
int dxg_wait_gpu(int fd, __u32 context, __u32 sync_object, __u64 value);
int dxg_wait_hw_queue(int fd, __u32 queue, __u32 sync_object, __u64 value);
int dxg_signal(int fd, __u32 device, __u32 sync_object, __u64 value);
int dxg_signal_gpu(int fd, __u32 context, __u32 sync_object, __u64 value);
int dxg_signal_hw_queue(int fd, __u32 queue, __u32 sync_object, __u64 value);
int dxg_submit(int fd, __u32 context, __u64 commands, __u32 length,
	       const void *data, __u32 data_size);
int dxg_submit_hw_queue(int fd, __u32 queue, __u64 progress_id, __u64 commands,
			__u32 length, const void *data, __u32 data_size);

#endif /* TOOLS_LIB_DXG_CLIENT_H */
