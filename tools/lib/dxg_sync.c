// SPDX-License-Identifier: GPL-2.0
/*
 * Monitored fences, waits, signals and command submission.
 *
 * Every helper deals with one object and one value. Stateless: see
 * dxg_client.h for the contract of all functions.
 */
#include "dxg_client.h"

/**
 * dxg_create_monitored_fence() - create a fence with a mapped 64-bit value
 * @fd: result of dxg_open()
 * @device: device handle
 * @initial: start value
 * @flags: bits of d3dddi_synchronizationobject_flags
 * @out: receives handle and addresses
 *
 * Return: 0 or -errno.
 */
int dxg_create_monitored_fence(int fd, __u32 device, __u64 initial,
			       __u32 flags, struct dxg_fence *out)
{
	struct d3dkmt_createsynchronizationobject2 args = {
		.device = dxg_handle(device),
		.info.type = _D3DDDI_MONITORED_FENCE,
		.info.flags.value = flags,
		.info.monitored_fence.initial_fence_value = initial,
		.info.monitored_fence.engine_affinity = 1,
	};
	int ret = dxg_ioctl(fd, LX_DXCREATESYNCHRONIZATIONOBJECT, &args);

	if (ret < 0)
		return ret;
	out->sync_object = args.sync_object.v;
	out->shared_handle = args.info.shared_handle.v;
	out->value = (__u64 *)(unsigned long)
		args.info.monitored_fence.fence_cpu_virtual_address;
	out->gpu_va = args.info.monitored_fence.fence_gpu_virtual_address;
	return ret;
}

/**
 * dxg_destroy_sync_object() - destroy a sync object
 * @fd: result of dxg_open()
 * @sync_object: handle; fences of queues are refused with -EINVAL
 *
 * Return: 0 or -errno.
 */
int dxg_destroy_sync_object(int fd, __u32 sync_object)
{
	struct d3dkmt_destroysynchronizationobject args = {
		.sync_object = dxg_handle(sync_object),
	};

	return dxg_ioctl(fd, LX_DXDESTROYSYNCHRONIZATIONOBJECT, &args);
}

/**
 * dxg_open_sync_object() - open a shared sync object
 * @fd: result of dxg_open()
 * @device: device that it is opened for
 * @shared_fd: result of dxg_share(), from any process
 * @flags: bits of d3dddi_synchronizationobject_flags
 * @out: receives handle and, of a fence with a value, addresses
 *
 * Return: 0 or -errno.
 */
int dxg_open_sync_object(int fd, __u32 device, int shared_fd, __u32 flags,
			 struct dxg_fence *out)
{
	struct d3dkmt_opensyncobjectfromnthandle2 args = {
		.nt_handle = (__u32)shared_fd,
		.device = dxg_handle(device),
		.flags.value = flags,
	};
	int ret = dxg_ioctl(fd, LX_DXOPENSYNCOBJECTFROMNTHANDLE2, &args);

	if (ret < 0)
		return ret;
	out->sync_object = args.sync_object.v;
	out->shared_handle = 0;
	out->value = (__u64 *)(unsigned long)
		args.monitored_fence.fence_value_cpu_va;
	out->gpu_va = args.monitored_fence.fence_value_gpu_va;
	return ret;
}

/**
 * dxg_create_sync_file() - make a sync file of a monitored fence
 * @fd: result of dxg_open()
 * @device: device of the fence
 * @sync_object: monitored fence
 * @value: value at which the sync file is signalled
 * @sync_file: receives the close-on-exec descriptor
 *
 * Return: 0 or -errno.
 */
int dxg_create_sync_file(int fd, __u32 device, __u32 sync_object, __u64 value,
			 int *sync_file)
{
	struct d3dkmt_createsyncfile args = {
		.device = dxg_handle(device),
		.monitored_fence = dxg_handle(sync_object),
		.fence_value = value,
	};
	int ret = dxg_ioctl(fd, LX_DXCREATESYNCFILE, &args);

	if (ret >= 0)
		*sync_file = (int)args.sync_file_handle;
	return ret;
}

/**
 * dxg_wait_sync_file() - have a context wait for a sync file
 * @fd: result of dxg_open()
 * @context: context handle
 * @sync_file: result of dxg_create_sync_file(), from any process
 *
 * Return: 0 or -errno, at once.
 */
int dxg_wait_sync_file(int fd, __u32 context, int sync_file)
{
	struct d3dkmt_waitsyncfile args = {
		.sync_file_handle = (__u32)sync_file,
		.context = dxg_handle(context),
	};

	return dxg_ioctl(fd, LX_DXWAITSYNCFILE, &args);
}

/**
 * dxg_open_sync_file() - open the fence behind a sync file, for waits only
 * @fd: result of dxg_open()
 * @device: device that it is opened for
 * @sync_file: result of dxg_create_sync_file(), from any process
 * @value: receives the value at which the sync file is signalled
 * @out: receives handle and addresses
 *
 * Return: 0 or -errno.
 */
int dxg_open_sync_file(int fd, __u32 device, int sync_file, __u64 *value,
		       struct dxg_fence *out)
{
	struct d3dkmt_opensyncobjectfromsyncfile args = {
		.sync_file_handle = (__u32)sync_file,
		.device = dxg_handle(device),
	};
	int ret = dxg_ioctl(fd, LX_DXOPENSYNCOBJECTFROMSYNCFILE, &args);

	if (ret < 0)
		return ret;
	*value = args.fence_value;
	out->sync_object = args.syncobj.v;
	out->shared_handle = 0;
	out->value = (__u64 *)(unsigned long)args.fence_value_cpu_va;
	out->gpu_va = args.fence_value_gpu_va;
	return ret;
}

static int wait_from_cpu(int fd, __u32 device, __u32 sync_object, __u64 value,
			 __u64 async_event)
{
	struct d3dkmt_waitforsynchronizationobjectfromcpu args = {
		.device = dxg_handle(device),
		.object_count = 1,
		.objects = dxg_ptr(&sync_object),
		.fence_values = dxg_ptr(&value),
		.async_event = async_event,
	};

	return dxg_ioctl(fd, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, &args);
}

/**
 * dxg_wait() - sleep until a fence reaches a value
 * @fd: result of dxg_open()
 * @device: device handle
 * @sync_object: fence of any kind
 * @value: value to wait for
 *
 * Return: 0 or -errno; -ENODEV if the adapter goes away meanwhile.
 */
int dxg_wait(int fd, __u32 device, __u32 sync_object, __u64 value)
{
	return wait_from_cpu(fd, device, sync_object, value, 0);
}

/**
 * dxg_wait_event() - have an eventfd signalled when a fence reaches a value
 * @fd: result of dxg_open()
 * @device: device handle
 * @sync_object: fence of any kind
 * @value: value to wait for
 * @eventfd: eventfd, not descriptor 0, which the ABI reads as "block"
 *
 * Return: 0 or -errno, at once.
 */
int dxg_wait_event(int fd, __u32 device, __u32 sync_object, __u64 value,
		   int eventfd)
{
	return wait_from_cpu(fd, device, sync_object, value, (__u32)eventfd);
}

/**
 * dxg_wait_gpu() - have a context wait before its next command
 * @fd: result of dxg_open()
 * @context: context handle
 * @sync_object: monitored fence
 * @value: value to wait for
 *
 * Return: 0 or -errno, at once.
 */
int dxg_wait_gpu(int fd, __u32 context, __u32 sync_object, __u64 value)
{
	struct d3dkmt_waitforsynchronizationobjectfromgpu args = {
		.context = dxg_handle(context),
		.object_count = 1,
		.objects = dxg_ptr(&sync_object),
		.monitored_fence_values = dxg_ptr(&value),
	};

	return dxg_ioctl(fd, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, &args);
}

/**
 * dxg_wait_hw_queue() - have a hardware queue wait before its next command
 * @fd: result of dxg_open()
 * @queue: hardware queue handle
 * @sync_object: monitored fence
 * @value: value to wait for
 *
 * Return: 0 or -errno, at once.
 */
int dxg_wait_hw_queue(int fd, __u32 queue, __u32 sync_object, __u64 value)
{
	struct d3dkmt_submitwaitforsyncobjectstohwqueue args = {
		.hwqueue = dxg_handle(queue),
		.object_count = 1,
		.objects = dxg_ptr(&sync_object),
		.fence_values = dxg_ptr(&value),
	};

	return dxg_ioctl(fd, LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, &args);
}

/**
 * dxg_signal() - set a fence from the CPU
 * @fd: result of dxg_open()
 * @device: device handle
 * @sync_object: monitored fence
 * @value: new value
 *
 * Return: 0 or -errno.
 */
int dxg_signal(int fd, __u32 device, __u32 sync_object, __u64 value)
{
	struct d3dkmt_signalsynchronizationobjectfromcpu args = {
		.device = dxg_handle(device),
		.object_count = 1,
		.objects = dxg_ptr(&sync_object),
		.fence_values = dxg_ptr(&value),
	};

	return dxg_ioctl(fd, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, &args);
}

/**
 * dxg_signal_gpu() - set a fence after the commands a context holds now
 * @fd: result of dxg_open()
 * @context: context handle
 * @sync_object: monitored fence
 * @value: new value
 *
 * Return: 0 or -errno, at once.
 */
int dxg_signal_gpu(int fd, __u32 context, __u32 sync_object, __u64 value)
{
	struct d3dkmt_signalsynchronizationobjectfromgpu args = {
		.context = dxg_handle(context),
		.object_count = 1,
		.objects = dxg_ptr(&sync_object),
		.monitored_fence_values = dxg_ptr(&value),
	};

	return dxg_ioctl(fd, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU, &args);
}

/**
 * dxg_signal_hw_queue() - set a fence after the commands a queue holds now
 * @fd: result of dxg_open()
 * @queue: hardware queue handle
 * @sync_object: monitored fence
 * @value: new value
 *
 * Return: 0 or -errno, at once.
 */
int dxg_signal_hw_queue(int fd, __u32 queue, __u32 sync_object, __u64 value)
{
	struct d3dkmt_submitsignalsyncobjectstohwqueue args = {
		.hwqueue_count = 1,
		.hwqueues = dxg_ptr(&queue),
		.object_count = 1,
		.objects = dxg_ptr(&sync_object),
		.fence_values = dxg_ptr(&value),
	};

	return dxg_ioctl(fd, LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, &args);
}

/**
 * dxg_submit() - submit a command buffer to a context
 * @fd: result of dxg_open()
 * @context: context without hardware queues
 * @commands: GPU virtual address of the commands
 * @length: bytes of commands
 * @data: private driver data of the submission, or NULL
 * @data_size: bytes of @data
 *
 * Return: 0 or -errno; completion shows in a fence signalled afterwards.
 */
int dxg_submit(int fd, __u32 context, __u64 commands, __u32 length,
	       const void *data, __u32 data_size)
{
	struct d3dkmt_submitcommand args = {
		.command_buffer = commands,
		.command_length = length,
		.broadcast_context_count = 1,
		.broadcast_context[0] = dxg_handle(context),
		.priv_drv_data = dxg_ptr(data),
		.priv_drv_data_size = data_size,
	};

	return dxg_ioctl(fd, LX_DXSUBMITCOMMAND, &args);
}

/**
 * dxg_submit_hw_queue() - submit a command buffer to a hardware queue
 * @fd: result of dxg_open()
 * @queue: hardware queue handle
 * @progress_id: value the progress fence takes when the commands are done
 * @commands: GPU virtual address of the commands
 * @length: bytes of commands
 * @data: private driver data of the submission, or NULL
 * @data_size: bytes of @data
 *
 * Return: 0 or -errno; completion shows in the progress fence.
 */
int dxg_submit_hw_queue(int fd, __u32 queue, __u64 progress_id, __u64 commands,
			__u32 length, const void *data, __u32 data_size)
{
	struct d3dkmt_submitcommandtohwqueue args = {
		.hwqueue = dxg_handle(queue),
		.hwqueue_progress_fence_id = progress_id,
		.command_buffer = commands,
		.command_length = length,
		.priv_drv_data_size = data_size,
		.priv_drv_data = dxg_ptr(data),
	};

	return dxg_ioctl(fd, LX_DXSUBMITCOMMANDTOHWQUEUE, &args);
}
