// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations, GPU virtual addresses, residency, CPU views and sharing.
 *
 * The private driver data of allocations is the mock host's format, the only
 * one that is public; on another host use dxg_create_heap() or the raw ioctl.
 * Stateless: see dxg_client.h for the contract of all functions.
 */
#include <errno.h>

#include "dxg_client.h"
#include "gpu_commands.h"

static int create_one(int fd, struct d3dkmt_createallocation *args,
		      struct d3dddi_allocationinfo2 *info,
		      struct dxg_allocation *out)
{
	int ret;

	args->alloc_count = 1;
	args->allocation_info = dxg_ptr(info);
	ret = dxg_ioctl(fd, LX_DXCREATEALLOCATION, args);
	if (ret < 0)
		return ret;
	out->handle = info->allocation.v;
	out->resource = args->flags.create_resource ? args->resource.v : 0;
	return ret;
}

static int create_mock(int fd, __u32 device, void *memory, __u64 size,
		       __u32 segment, __u32 flags, struct dxg_allocation *out)
{
	struct mock_alloc_data data = {
		.magic = MOCK_ALLOC_MAGIC,
		.segment = segment,
		.size = size,
	};
	struct d3dddi_allocationinfo2 info = {
		.sysmem = dxg_ptr(memory),
		.priv_drv_data = dxg_ptr(&data),
		.priv_drv_data_size = sizeof(data),
	};
	struct d3dkmt_createallocation args = {
		.device = dxg_handle(device),
		.flags.value = flags,
	};
	int ret = create_one(fd, &args, &info, out);

	if (ret >= 0)
		out->size = size;
	return ret;
}

/**
 * dxg_create_local() - allocate device-local memory of the mock GPU
 * @fd: result of dxg_open()
 * @device: device handle
 * @size: bytes
 * @flags: DXG_ALLOC_* bits
 * @out: receives the handles
 *
 * Return: 0 or -errno.
 */
int dxg_create_local(int fd, __u32 device, __u64 size, __u32 flags,
		     struct dxg_allocation *out)
{
	return create_mock(fd, device, NULL, size, MOCK_SEGMENT_LOCAL, flags,
			   out);
}

/**
 * dxg_create_sysmem() - wrap memory of the process, as vendor drivers do
 * @fd: result of dxg_open()
 * @device: device handle
 * @memory: page-aligned memory, stays the caller's
 * @size: bytes, a page multiple
 * @flags: DXG_ALLOC_* bits
 * @out: receives the handles
 *
 * The address alone selects existing memory; the size travels in the private
 * driver data.
 *
 * Return: 0 or -errno.
 */
int dxg_create_sysmem(int fd, __u32 device, void *memory, __u64 size,
		      __u32 flags, struct dxg_allocation *out)
{
	return create_mock(fd, device, memory, size, MOCK_SEGMENT_SYSTEM,
			   flags, out);
}

/**
 * dxg_create_heap() - wrap memory of the process as a standard allocation
 * @fd: result of dxg_open()
 * @device: device handle
 * @memory: page-aligned memory, stays the caller's
 * @size: bytes, a page multiple
 * @flags: further DXG_ALLOC_* bits
 * @out: receives the handles
 *
 * Return: 0 or -errno.
 */
int dxg_create_heap(int fd, __u32 device, void *memory, __u64 size,
		    __u32 flags, struct dxg_allocation *out)
{
	struct d3dkmt_createstandardallocation standard = {
		.type = _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP,
		.existing_heap_data.size = size,
	};
	struct d3dddi_allocationinfo2 info = { .sysmem = dxg_ptr(memory) };
	struct d3dkmt_createallocation args = {
		.device = dxg_handle(device),
		.standard_allocation = dxg_ptr(&standard),
		.flags.value = flags | DXG_ALLOC_STANDARD |
			       DXG_ALLOC_EXISTING_SYSMEM,
	};
	int ret = create_one(fd, &args, &info, out);

	if (ret >= 0)
		out->size = size;
	return ret;
}

/**
 * dxg_destroy_allocations() - destroy allocations by handle
 * @fd: result of dxg_open()
 * @device: device handle
 * @allocations: handles of one owner
 * @count: number of handles
 *
 * Return: 0 or -errno.
 */
int dxg_destroy_allocations(int fd, __u32 device, const __u32 *allocations,
			    __u32 count)
{
	struct d3dkmt_destroyallocation2 args = {
		.device = dxg_handle(device),
		.allocations = dxg_ptr(allocations),
		.alloc_count = count,
		.flags.assume_not_in_use = 1,
	};

	return dxg_ioctl(fd, LX_DXDESTROYALLOCATION2, &args);
}

/**
 * dxg_destroy_resource() - destroy a resource with all its allocations
 * @fd: result of dxg_open()
 * @device: device handle
 * @resource: resource handle
 *
 * Return: 0 or -errno.
 */
int dxg_destroy_resource(int fd, __u32 device, __u32 resource)
{
	struct d3dkmt_destroyallocation2 args = {
		.device = dxg_handle(device),
		.resource = dxg_handle(resource),
		.flags.assume_not_in_use = 1,
	};

	return dxg_ioctl(fd, LX_DXDESTROYALLOCATION2, &args);
}

/**
 * dxg_reserve_gpu_va() - reserve a range of GPU virtual addresses
 * @fd: result of dxg_open()
 * @adapter_or_queue: adapter handle or paging queue handle
 * @range: where the range may be
 * @size: bytes
 * @address: receives the start
 *
 * Return: 0 or -errno.
 */
int dxg_reserve_gpu_va(int fd, __u32 adapter_or_queue,
		       const struct dxg_va_range *range, __u64 size,
		       __u64 *address)
{
	struct d3dddi_reservegpuvirtualaddress args = {
		.adapter = dxg_handle(adapter_or_queue),
		.base_address = range->base,
		.minimum_address = range->minimum,
		.maximum_address = range->maximum,
		.size = size,
		.reservation_type = _D3DDDIGPUVA_RESERVE_NO_ACCESS,
	};
	int ret = dxg_ioctl(fd, LX_DXRESERVEGPUVIRTUALADDRESS, &args);

	if (ret >= 0)
		*address = args.virtual_address;
	return ret;
}

/**
 * dxg_map_gpu_va() - map pages of an allocation into the GPU address space
 * @fd: result of dxg_open()
 * @paging_queue: paging queue handle
 * @range: where the mapping may be
 * @allocation: allocation handle
 * @first_page: offset into the allocation in pages
 * @pages: length in pages
 * @protection: DXG_PROTECT_* bits
 * @address: receives the start
 * @paging_fence: receives the value at which the mapping is valid
 *
 * Return: 0 or DXG_STATUS_PENDING, or -errno.
 */
int dxg_map_gpu_va(int fd, __u32 paging_queue,
		   const struct dxg_va_range *range, __u32 allocation,
		   __u64 first_page, __u64 pages, __u64 protection,
		   __u64 *address, __u64 *paging_fence)
{
	struct d3dddi_mapgpuvirtualaddress args = {
		.paging_queue = dxg_handle(paging_queue),
		.base_address = range->base,
		.minimum_address = range->minimum,
		.maximum_address = range->maximum,
		.allocation = dxg_handle(allocation),
		.offset_in_pages = first_page,
		.size_in_pages = pages,
		.protection.value = protection,
	};
	int ret = dxg_ioctl(fd, LX_DXMAPGPUVIRTUALADDRESS, &args);

	if (ret < 0)
		return ret;
	*address = args.virtual_address;
	*paging_fence = args.paging_fence_value;
	return ret;
}

/**
 * dxg_free_gpu_va() - free a reserved or mapped range
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @base: start
 * @size: bytes
 *
 * Return: 0 or -errno.
 */
int dxg_free_gpu_va(int fd, __u32 adapter, __u64 base, __u64 size)
{
	struct d3dkmt_freegpuvirtualaddress args = {
		.adapter = dxg_handle(adapter),
		.base_address = base,
		.size = size,
	};

	return dxg_ioctl(fd, LX_DXFREEGPUVIRTUALADDRESS, &args);
}

/**
 * dxg_make_resident() - make allocations usable by the GPU
 * @fd: result of dxg_open()
 * @paging_queue: paging queue handle
 * @allocations: allocation handles
 * @count: number of handles
 * @flags: DXG_RESIDENT_* bits
 * @paging_fence: receives the value at which the allocations are resident
 * @bytes_to_trim: receives the bytes over budget, also after a failure
 *
 * Return: 0 or DXG_STATUS_PENDING, or -errno; -ENOMEM over budget.
 */
int dxg_make_resident(int fd, __u32 paging_queue, const __u32 *allocations,
		      __u32 count, __u32 flags, __u64 *paging_fence,
		      __u64 *bytes_to_trim)
{
	struct d3dddi_makeresident args = {
		.paging_queue = dxg_handle(paging_queue),
		.alloc_count = count,
		.allocation_list = dxg_ptr(allocations),
		.flags.value = flags,
	};
	int ret = dxg_ioctl(fd, LX_DXMAKERESIDENT, &args);

	*bytes_to_trim = args.num_bytes_to_trim;
	if (ret >= 0)
		*paging_fence = args.paging_fence_value;
	return ret;
}

/**
 * dxg_evict() - give up residency
 * @fd: result of dxg_open()
 * @device: device handle
 * @allocations: allocation handles
 * @count: number of handles
 * @bytes_to_trim: receives what the host would like back
 *
 * Return: 0 or -errno.
 */
int dxg_evict(int fd, __u32 device, const __u32 *allocations, __u32 count,
	      __u64 *bytes_to_trim)
{
	struct d3dkmt_evict args = {
		.device = dxg_handle(device),
		.alloc_count = count,
		.allocations = dxg_ptr(allocations),
	};
	int ret = dxg_ioctl(fd, LX_DXEVICT, &args);

	if (ret >= 0)
		*bytes_to_trim = args.num_bytes_to_trim;
	return ret;
}

/**
 * dxg_query_video_memory() - budget and usage of this process
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @group: d3dkmt_memory_segment_group, 0 is local and 1 non-local
 * @out: receives the answer
 *
 * Return: 0 or -errno.
 */
int dxg_query_video_memory(int fd, __u32 adapter, __u32 group,
			   struct d3dkmt_queryvideomemoryinfo *out)
{
	struct d3dkmt_queryvideomemoryinfo args = {
		.adapter = dxg_handle(adapter),
		.memory_segment_group = group,
	};
	int ret = dxg_ioctl(fd, LX_DXQUERYVIDEOMEMORYINFO, &args);

	if (ret >= 0)
		*out = args;
	return ret;
}

/**
 * dxg_lock() - get a CPU view of an allocation
 * @fd: result of dxg_open()
 * @device: device handle
 * @allocation: allocation handle
 * @data: receives the address, valid until as many dxg_unlock() calls
 *
 * Return: 0 or -errno.
 */
int dxg_lock(int fd, __u32 device, __u32 allocation, void **data)
{
	struct d3dkmt_lock2 args = {
		.device = dxg_handle(device),
		.allocation = dxg_handle(allocation),
	};
	int ret = dxg_ioctl(fd, LX_DXLOCK2, &args);

	if (ret >= 0)
		*data = (void *)(unsigned long)args.data;
	return ret;
}

/**
 * dxg_unlock() - give one CPU view back
 * @fd: result of dxg_open()
 * @device: device handle
 * @allocation: allocation handle
 *
 * Return: 0 or -errno; -EINVAL if the allocation is not locked.
 */
int dxg_unlock(int fd, __u32 device, __u32 allocation)
{
	struct d3dkmt_unlock2 args = {
		.device = dxg_handle(device),
		.allocation = dxg_handle(allocation),
	};

	return dxg_ioctl(fd, LX_DXUNLOCK2, &args);
}

/**
 * dxg_share() - make a file descriptor for a shared resource or sync object
 * @fd: result of dxg_open()
 * @object: resource or sync object created shareable
 * @shared_fd: receives the close-on-exec descriptor
 *
 * Return: 0 or -errno.
 */
int dxg_share(int fd, __u32 object, int *shared_fd)
{
	__u64 slot = 0;
	struct d3dkmt_shareobjects args = {
		.object_count = 1,
		.objects = dxg_ptr(&object),
		.shared_handle = dxg_ptr(&slot),
	};
	int ret = dxg_ioctl(fd, LX_DXSHAREOBJECTS, &args);

	if (ret >= 0)
		*shared_fd = (int)slot;
	return ret;
}

/**
 * dxg_query_shared_resource() - sizes needed to open a shared resource
 * @fd: result of dxg_open()
 * @device: device that will open it
 * @shared_fd: result of dxg_share(), from any process
 * @out: receives the sizes
 *
 * Return: 0 or -errno.
 */
int dxg_query_shared_resource(int fd, __u32 device, int shared_fd,
			      struct dxg_shared_info *out)
{
	struct d3dkmt_queryresourceinfofromnthandle args = {
		.device = dxg_handle(device),
		.nt_handle = (__u32)shared_fd,
	};
	int ret = dxg_ioctl(fd, LX_DXQUERYRESOURCEINFOFROMNTHANDLE, &args);

	if (ret < 0)
		return ret;
	out->allocation_count = args.allocation_count;
	out->runtime_data_size = args.private_runtime_data_size;
	out->resource_data_size = args.resource_priv_drv_data_size;
	out->total_data_size = args.total_priv_drv_data_size;
	return ret;
}

/**
 * dxg_open_shared_resource() - open a shared resource on a device
 * @fd: result of dxg_open()
 * @device: device handle
 * @shared_fd: result of dxg_share(), from any process
 * @info: sizes from dxg_query_shared_resource(); runtime and resource data
 *	must be absent
 * @allocations: receives @info->allocation_count entries
 * @total_data: receives @info->total_data_size bytes, the entries point here
 * @resource: receives the resource handle
 *
 * Return: 0 or -errno; -EMSGSIZE if @info has data this helper takes no
 * buffer for.
 */
int dxg_open_shared_resource(int fd, __u32 device, int shared_fd,
			     const struct dxg_shared_info *info,
			     struct d3dddi_openallocationinfo2 *allocations,
			     void *total_data, __u32 *resource)
{
	struct d3dkmt_openresourcefromnthandle args = {
		.device = dxg_handle(device),
		.nt_handle = (__u32)shared_fd,
		.allocation_count = info->allocation_count,
		.open_alloc_info = dxg_ptr(allocations),
		.total_priv_drv_data_size = info->total_data_size,
		.total_priv_drv_data = dxg_ptr(total_data),
	};
	int ret;

	if (info->runtime_data_size || info->resource_data_size)
		return -EMSGSIZE;
	ret = dxg_ioctl(fd, LX_DXOPENRESOURCEFROMNTHANDLE, &args);
	if (ret >= 0)
		*resource = args.resource.v;
	return ret;
}
