// SPDX-License-Identifier: GPL-2.0
/*
 * Opening /dev/dxg, finding adapters, and the objects commands are queued on:
 * devices, contexts, paging queues and hardware queues.
 *
 * Stateless: see dxg_client.h for the contract of all functions.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "dxg_client.h"

/**
 * dxg_open() - open the device node as the thunk library does
 * @node: path of the node, NULL for DXG_NODE
 *
 * Return: file descriptor, or -errno; -EBADF means that the driver is loaded
 * but has no global channel to a host.
 */
int dxg_open(const char *node)
{
	int fd = open(node ? node : DXG_NODE, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/**
 * dxg_close() - close the node; the last close of a process frees everything
 * @fd: result of dxg_open()
 *
 * Return: 0 or -errno.
 */
int dxg_close(int fd)
{
	return close(fd) ? -errno : 0;
}

/**
 * dxg_ioctl() - one ioctl, once
 * @fd: result of dxg_open()
 * @request: LX_* command word
 * @arg: argument structure of @request
 *
 * Return: NTSTATUS success code (>= 0) or -errno.
 */
int dxg_ioctl(int fd, unsigned long request, void *arg)
{
	int ret = ioctl(fd, request, arg);

	return ret < 0 ? -errno : ret;
}

/**
 * dxg_enum_adapters2() - list the adapters that can render
 * @fd: result of dxg_open()
 * @infos: room for *@count entries, or NULL to ask for the number of adapters
 * @count: in: entries of @infos; out: entries filled, or adapters that exist
 *
 * Each entry holds an adapter handle that the caller has to close.
 *
 * Return: 0 or -errno; -EOVERFLOW if @infos is too small.
 */
int dxg_enum_adapters2(int fd, struct d3dkmt_adapterinfo *infos, __u32 *count)
{
	struct d3dkmt_enumadapters2 args = {
		.num_adapters = *count,
		.adapters = dxg_ptr(infos),
	};
	int ret = dxg_ioctl(fd, LX_DXENUMADAPTERS2, &args);

	if (ret >= 0)
		*count = args.num_adapters;
	return ret;
}

/**
 * dxg_enum_adapters3() - list adapters, compute-only ones included on demand
 * @fd: result of dxg_open()
 * @compute_only: include adapters without graphics
 * @infos: room for *@count entries, or NULL to ask for their number
 * @count: in: entries of @infos; out: entries filled or, with NULL and after
 *	-EOVERFLOW, entries needed
 *
 * Each entry holds an adapter handle that the caller has to close.
 *
 * Return: 0 or -errno; -EOVERFLOW if @infos is too small.
 */
int dxg_enum_adapters3(int fd, bool compute_only,
		       struct d3dkmt_adapterinfo *infos, __u32 *count)
{
	struct d3dkmt_enumadapters3 args = {
		.filter.include_compute_only = compute_only,
		.adapter_count = *count,
		.adapters = dxg_ptr(infos),
	};
	int ret = dxg_ioctl(fd, LX_DXENUMADAPTERS3, &args);

	if (ret >= 0 || ret == -EOVERFLOW)
		*count = args.adapter_count;
	return ret;
}

/**
 * dxg_open_adapter() - open an adapter by its LUID
 * @fd: result of dxg_open()
 * @luid: LUID from an enumeration
 * @adapter: receives a new handle
 *
 * Return: 0 or -errno; -EINVAL if there is no such adapter.
 */
int dxg_open_adapter(int fd, const struct winluid *luid, __u32 *adapter)
{
	struct d3dkmt_openadapterfromluid args = { .adapter_luid = *luid };
	int ret = dxg_ioctl(fd, LX_DXOPENADAPTERFROMLUID, &args);

	if (ret >= 0)
		*adapter = args.adapter_handle.v;
	return ret;
}

/**
 * dxg_close_adapter() - drop one adapter handle
 * @fd: result of dxg_open()
 * @adapter: handle from an enumeration or dxg_open_adapter()
 *
 * Return: 0 or -errno.
 */
int dxg_close_adapter(int fd, __u32 adapter)
{
	struct d3dkmt_closeadapter args = {
		.adapter_handle = dxg_handle(adapter),
	};

	return dxg_ioctl(fd, LX_DXCLOSEADAPTER, &args);
}

/**
 * dxg_query_adapter_info() - raw adapter query
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @type: KMTQUERYADAPTERINFOTYPE number
 * @data: in and out buffer in the wire format of @type
 * @size: bytes of @data
 *
 * Return: 0 or -errno.
 */
int dxg_query_adapter_info(int fd, __u32 adapter, __u32 type, void *data,
			   __u32 size)
{
	struct d3dkmt_queryadapterinfo args = {
		.adapter = dxg_handle(adapter),
		.type = type,
		.private_data = dxg_ptr(data),
		.private_data_size = size,
	};

	return dxg_ioctl(fd, LX_DXQUERYADAPTERINFO, &args);
}

/**
 * dxg_create_device() - create a device on an adapter
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @device: receives the handle
 *
 * Return: 0 or -errno.
 */
int dxg_create_device(int fd, __u32 adapter, __u32 *device)
{
	struct d3dkmt_createdevice args = { .adapter = dxg_handle(adapter) };
	int ret = dxg_ioctl(fd, LX_DXCREATEDEVICE, &args);

	if (ret >= 0)
		*device = args.device.v;
	return ret;
}

/**
 * dxg_destroy_device() - destroy a device and all it owns
 * @fd: result of dxg_open()
 * @device: device handle
 *
 * Return: 0 or -errno.
 */
int dxg_destroy_device(int fd, __u32 device)
{
	struct d3dkmt_destroydevice args = { .device = dxg_handle(device) };

	return dxg_ioctl(fd, LX_DXDESTROYDEVICE, &args);
}

/**
 * dxg_device_execution_state() - is a device still alive
 * @fd: result of dxg_open()
 * @device: device handle
 * @state: receives enum d3dkmt_deviceexecution_state
 *
 * Return: 0 or -errno.
 */
int dxg_device_execution_state(int fd, __u32 device, __u32 *state)
{
	struct d3dkmt_getdevicestate args = {
		.device = dxg_handle(device),
		.state_type = _D3DKMT_DEVICESTATE_EXECUTION,
	};
	int ret = dxg_ioctl(fd, LX_DXGETDEVICESTATE, &args);

	if (ret >= 0)
		*state = args.execution_state;
	return ret;
}

/**
 * dxg_create_paging_queue() - create a paging queue of normal priority
 * @fd: result of dxg_open()
 * @device: device handle
 * @out: receives queue, fence handle and fence address
 *
 * Return: 0 or -errno.
 */
int dxg_create_paging_queue(int fd, __u32 device, struct dxg_paging_queue *out)
{
	struct d3dkmt_createpagingqueue args = {
		.device = dxg_handle(device),
		.priority = _D3DDDI_PAGINGQUEUE_PRIORITY_NORMAL,
	};
	int ret = dxg_ioctl(fd, LX_DXCREATEPAGINGQUEUE, &args);

	if (ret < 0)
		return ret;
	out->queue = args.paging_queue.v;
	out->sync_object = args.sync_object.v;
	out->fence = (const __u64 *)(unsigned long)
		args.fence_cpu_virtual_address;
	return ret;
}

/**
 * dxg_destroy_paging_queue() - destroy a paging queue and its fence
 * @fd: result of dxg_open()
 * @queue: paging queue handle
 *
 * Return: 0 or -errno.
 */
int dxg_destroy_paging_queue(int fd, __u32 queue)
{
	struct d3dddi_destroypagingqueue args = {
		.paging_queue = dxg_handle(queue),
	};

	return dxg_ioctl(fd, LX_DXDESTROYPAGINGQUEUE, &args);
}

/**
 * dxg_create_context() - create a context with GPU virtual addressing
 * @fd: result of dxg_open()
 * @device: device handle
 * @node: engine number
 * @flags: bits of d3dddi_createcontextflags, such as DXG_CONTEXT_HW_QUEUE
 * @data: private driver data, in and out; may be NULL if @data_size is 0
 * @data_size: bytes of @data
 * @context: receives the handle
 *
 * Return: 0 or -errno.
 */
int dxg_create_context(int fd, __u32 device, __u32 node, __u32 flags,
		       void *data, __u32 data_size, __u32 *context)
{
	struct d3dkmt_createcontextvirtual args = {
		.device = dxg_handle(device),
		.node_ordinal = node,
		.engine_affinity = 1,
		.flags.value = flags,
		.priv_drv_data = dxg_ptr(data),
		.priv_drv_data_size = data_size,
		.client_hint = DXG_CLIENT_HINT_DX12,
	};
	int ret = dxg_ioctl(fd, LX_DXCREATECONTEXTVIRTUAL, &args);

	if (ret >= 0)
		*context = args.context.v;
	return ret;
}

/**
 * dxg_destroy_context() - destroy a context and its hardware queues
 * @fd: result of dxg_open()
 * @context: context handle
 *
 * Return: 0 or -errno.
 */
int dxg_destroy_context(int fd, __u32 context)
{
	struct d3dkmt_destroycontext args = { .context = dxg_handle(context) };

	return dxg_ioctl(fd, LX_DXDESTROYCONTEXT, &args);
}

/**
 * dxg_create_hw_queue() - create a hardware queue of a context
 * @fd: result of dxg_open()
 * @context: context created with DXG_CONTEXT_HW_QUEUE
 * @data: private driver data, in and out; may be NULL if @data_size is 0
 * @data_size: bytes of @data
 * @out: receives queue, progress fence and its addresses
 *
 * Return: 0 or -errno.
 */
int dxg_create_hw_queue(int fd, __u32 context, void *data, __u32 data_size,
			struct dxg_hw_queue *out)
{
	struct d3dkmt_createhwqueue args = {
		.context = dxg_handle(context),
		.priv_drv_data_size = data_size,
		.priv_drv_data = dxg_ptr(data),
	};
	int ret = dxg_ioctl(fd, LX_DXCREATEHWQUEUE, &args);

	if (ret < 0)
		return ret;
	out->queue = args.queue.v;
	out->progress = args.queue_progress_fence.v;
	out->fence = (const __u64 *)(unsigned long)
		args.queue_progress_fence_cpu_va;
	out->fence_gpu_va = args.queue_progress_fence_gpu_va;
	return ret;
}

/**
 * dxg_destroy_hw_queue() - destroy a hardware queue and its progress fence
 * @fd: result of dxg_open()
 * @queue: hardware queue handle
 *
 * Return: 0 or -errno.
 */
int dxg_destroy_hw_queue(int fd, __u32 queue)
{
	struct d3dkmt_destroyhwqueue args = { .queue = dxg_handle(queue) };

	return dxg_ioctl(fd, LX_DXDESTROYHWQUEUE, &args);
}
