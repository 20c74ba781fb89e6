// SPDX-License-Identifier: GPL-2.0
/*
 * Signals and waits that the GPU does, and signals from the CPU.
 *
 * Seven ioctls, two messages.  All signals, by contexts, hardware queues or
 * the CPU, are SIGNALSYNCOBJECT; all waits, by contexts or hardware queues, are
 * WAITFORSYNCOBJECTFROMGPU.  The handlers only check their arguments and
 * describe the message.  These are hot paths: nothing is allocated when the
 * adapter takes asynchronous messages and the message is of ordinary size.
 *
 * Locks: none beyond dxg_device.lock, held shared from look-up to the answer.
 */
#include "host_event.h"
#include "host_message.h"
#include "ioctl_table.h"
#include "process.h"
#include "sync_object.h"

/**
 * struct dxg_signal - a SIGNALSYNCOBJECT to be sent
 * @type: kind of @by
 * @by: device, first context or first hardware queue that signals; untrusted
 * @flags: passed on
 * @object_count: number of objects
 * @context_count: number of contexts or queues, @by included; 0 for a device
 * @objects: user address of the objects
 * @contexts: user address of the contexts after @by
 * @values: user address of one u64 per object, or 0 for no values
 * @legacy: if set, arrays and value are taken from here
 * @eventfd: descriptor to signal with flags.enqueue_cpu_event
 */
struct dxg_signal {
	enum dxg_object_type type;
	struct d3dkmthandle by;
	struct d3dddicb_signalflags flags;
	u32 object_count;
	u32 context_count;
	u64 objects;
	u64 contexts;
	u64 values;
	const struct d3dkmt_signalsynchronizationobject2 *legacy;
	u64 eventfd;
};

/* Objects, contexts and values, one behind the other. */
static int dxg_signal_fill(struct dxg_cmd_signalsyncobject *cmd,
			   const struct dxg_signal *signal)
{
	size_t objects = signal->object_count * sizeof(struct d3dkmthandle);
	struct d3dkmthandle *by = (void *)(cmd + 1) + objects;
	void *values = by + signal->context_count;
	size_t more = 0;
	int ret;

	if (signal->context_count) {
		more = (signal->context_count - 1) * sizeof(*by);
		*by++ = signal->by;
	}
	if (signal->legacy) {
		memcpy(cmd + 1, signal->legacy->object_array, objects);
		memcpy(by, signal->legacy->contexts, more);
		cmd->fence_value = signal->legacy->fence.fence_value;
		return 0;
	}
	ret = dxg_copy_in(cmd + 1, signal->objects, objects) ?:
	      dxg_copy_in(by, signal->contexts, more);
	if (!ret && signal->values)
		ret = dxg_copy_in(values, signal->values,
				  signal->object_count * sizeof(u64));
	return ret;
}

/* Send it, within the scope; @event, if any, is the signal path's on success. */
static int dxg_signal_send(const struct dxg_scope *scope,
			   const struct dxg_signal *signal,
			   struct dxg_host_event *event)
{
	size_t handles = (size_t)signal->object_count + signal->context_count;
	size_t values = signal->values ? signal->object_count : 0;
	struct dxg_cmd_signalsyncobject *cmd;
	struct dxg_message msg;
	u64 id = 0;
	int ret;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_SIGNALSYNCOBJECT,
			       sizeof(*cmd) +
			       handles * sizeof(struct d3dkmthandle) +
			       values * sizeof(u64));
	if (IS_ERR(cmd)) {
		ret = PTR_ERR(cmd);
		goto free_event;
	}
	cmd->object_count = signal->object_count;
	cmd->flags = signal->flags;
	cmd->context_count = signal->context_count;
	if (signal->type == DXG_DEVICE)
		cmd->device = signal->by;
	ret = dxg_signal_fill(cmd, signal);
	if (ret)
		goto free_message;
	if (event) {
		ret = dxg_host_event_add(event, &scope->process->events,
					 scope->adapter);
		if (ret)
			goto free_message;
		/* from here on a signal may take the event away at any time */
		id = event->id;
		event = NULL;
		cmd->cpu_event_handle = id;
	}
	ret = dxg_message_status_or_async(&msg);
	if (ret < 0 && id)
		event = dxg_host_event_withdraw(id);
free_message:
	dxg_message_free(&msg);
free_event:
	if (event)
		dxg_eventfd_event_free(event);
	return ret;
}

static int dxg_signal(struct dxg_process *process,
		      const struct dxg_signal *signal)
{
	struct dxg_host_event *event = NULL;
	struct dxg_scope scope;
	int ret;

	if (signal->flags.enqueue_cpu_event) {
		event = dxg_eventfd_event_create(signal->eventfd, true);
		if (IS_ERR(event))
			return PTR_ERR(event);
	}
	ret = dxg_scope_enter(&scope, process, signal->type, signal->by.v);
	if (ret) {
		if (event)
			dxg_eventfd_event_free(event);
		return ret;
	}
	ret = dxg_signal_send(&scope, signal, event);
	dxg_scope_leave(&scope);
	return ret;
}

/**
 * dxg_ioctl_signal_synchronization_object() - LX_DXSIGNALSYNCHRONIZATIONOBJECT
 * @process: caller
 * @data: struct d3dkmt_signalsynchronizationobject2, private copy
 * @user: not used
 *
 * Return: 0; the host's status unless messages are asynchronous; -EINVAL,
 * -ENODEV, -ENOMEM, transport errors.
 */
int dxg_ioctl_signal_synchronization_object(struct dxg_process *process,
					    void *data, void __user *user)
{
	const struct d3dkmt_signalsynchronizationobject2 *args = data;
	struct dxg_signal signal = {
		.type = DXG_CONTEXT,
		.by = args->context,
		.flags = args->flags,
		.object_count = args->object_count,
		.legacy = args,
		.eventfd = args->cpu_event_handle,
	};

	if (args->context_count >= D3DDDI_MAX_BROADCAST_CONTEXT ||
	    args->object_count > D3DDDI_MAX_OBJECT_SIGNALED)
		return -EINVAL;
	signal.context_count = args->context_count + 1;
	return dxg_signal(process, &signal);
}

/**
 * dxg_ioctl_signal_synchronization_object_from_cpu() -
 *	LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU
 * @process: caller
 * @data: struct d3dkmt_signalsynchronizationobjectfromcpu, private copy
 * @user: not used
 *
 * Without values the host decides whether the objects need any.
 *
 * Return: 0; the host's status unless messages are asynchronous; -EINVAL,
 * -ENODEV, -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_signal_synchronization_object_from_cpu(struct dxg_process *process,
						     void *data,
						     void __user *user)
{
	const struct d3dkmt_signalsynchronizationobjectfromcpu *args = data;
	const struct dxg_signal signal = {
		.type = DXG_DEVICE,
		.by = args->device,
		.flags = args->flags,
		.object_count = args->object_count,
		.objects = args->objects,
		.values = args->fence_values,
	};

	/* no context whose progress an event could report */
	if (!args->object_count ||
	    args->object_count > D3DDDI_MAX_OBJECT_SIGNALED ||
	    args->flags.enqueue_cpu_event)
		return -EINVAL;
	return dxg_signal(process, &signal);
}

/**
 * dxg_ioctl_signal_synchronization_object_from_gpu() -
 *	LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU
 * @process: caller
 * @data: struct d3dkmt_signalsynchronizationobjectfromgpu, private copy
 * @user: not used
 *
 * Return: as dxg_ioctl_signal_synchronization_object_from_cpu().
 */
int dxg_ioctl_signal_synchronization_object_from_gpu(struct dxg_process *process,
						     void *data,
						     void __user *user)
{
	const struct d3dkmt_signalsynchronizationobjectfromgpu *args = data;
	const struct dxg_signal signal = {
		.type = DXG_CONTEXT,
		.by = args->context,
		.object_count = args->object_count,
		.context_count = 1,
		.objects = args->objects,
		.values = args->monitored_fence_values,
	};

	if (!args->object_count ||
	    args->object_count > DXG_MAX_VM_BUS_PACKET_SIZE)
		return -EINVAL;
	return dxg_signal(process, &signal);
}

/**
 * dxg_ioctl_signal_synchronization_object_from_gpu2() -
 *	LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2
 * @process: caller
 * @data: struct d3dkmt_signalsynchronizationobjectfromgpu2, private copy
 * @user: not used
 *
 * Signals objects, or with flags.enqueue_cpu_event an eventfd, when the
 * contexts get there.
 *
 * Return: as dxg_ioctl_signal_synchronization_object_from_cpu().
 */
int dxg_ioctl_signal_synchronization_object_from_gpu2(struct dxg_process *process,
						      void *data,
						      void __user *user)
{
	const struct d3dkmt_signalsynchronizationobjectfromgpu2 *args = data;
	struct dxg_signal signal = {
		.type = DXG_CONTEXT,
		.flags = args->flags,
		.object_count = args->object_count,
		.context_count = args->context_count,
		.objects = args->objects,
		.contexts = args->contexts + sizeof(signal.by),
	};

	if (!args->context_count ||
	    args->context_count > D3DDDI_MAX_BROADCAST_CONTEXT)
		return -EINVAL;
	if (args->flags.enqueue_cpu_event) {
		if (args->object_count || !args->cpu_event_handle)
			return -EINVAL;
		signal.eventfd = args->cpu_event_handle;
	} else {
		if (!args->object_count ||
		    args->object_count > DXG_MAX_VM_BUS_PACKET_SIZE)
			return -EINVAL;
		signal.values = args->monitored_fence_values;
	}
	return dxg_copy_in(&signal.by, args->contexts, sizeof(signal.by)) ?:
	       dxg_signal(process, &signal);
}

/**
 * dxg_ioctl_submit_signal_sync_objects_to_hwqueue() -
 *	LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE
 * @process: caller
 * @data: struct d3dkmt_submitsignalsyncobjectstohwqueue, private copy
 * @user: not used
 *
 * Return: as dxg_ioctl_signal_synchronization_object_from_cpu().
 */
int dxg_ioctl_submit_signal_sync_objects_to_hwqueue(struct dxg_process *process,
						    void *data,
						    void __user *user)
{
	const struct d3dkmt_submitsignalsyncobjectstohwqueue *args = data;
	struct dxg_signal signal = {
		.type = DXG_HWQUEUE,
		.flags = args->flags,
		.object_count = args->object_count,
		.context_count = args->hwqueue_count,
		.objects = args->objects,
		.contexts = args->hwqueues + sizeof(signal.by),
		.values = args->fence_values,
	};

	/* the argument struct has no room for an eventfd */
	if (!args->hwqueue_count ||
	    args->hwqueue_count > D3DDDI_MAX_BROADCAST_CONTEXT ||
	    !args->object_count ||
	    args->object_count > D3DDDI_MAX_OBJECT_SIGNALED ||
	    args->flags.enqueue_cpu_event)
		return -EINVAL;
	return dxg_copy_in(&signal.by, args->hwqueues, sizeof(signal.by)) ?:
	       dxg_signal(process, &signal);
}

/**
 * struct dxg_gpu_wait - arrays of a WAITFORSYNCOBJECTFROMGPU
 * @count: number of objects, at most the size of the arrays
 * @legacy: the objects are not monitored fences
 * @objects: handles; the host checks them
 * @values: one for each object
 */
struct dxg_gpu_wait {
	u32 count;
	bool legacy;
	struct d3dkmthandle objects[D3DDDI_MAX_OBJECT_WAITED_ON];
	u64 values[D3DDDI_MAX_OBJECT_WAITED_ON];
};

static int dxg_gpu_wait_objects(struct dxg_gpu_wait *wait, u32 count,
				u64 objects)
{
	if (!count || count > ARRAY_SIZE(wait->objects))
		return -EINVAL;
	wait->count = count;
	return dxg_copy_in(wait->objects, objects,
			   count * sizeof(*wait->objects));
}

static int dxg_gpu_wait_values(struct dxg_gpu_wait *wait, u64 values)
{
	wait->legacy = false;
	return dxg_copy_in(wait->values, values,
			   wait->count * sizeof(*wait->values));
}

/* The argument struct has values of up to eight objects; the rest wait for 0. */
static void dxg_gpu_wait_legacy_values(struct dxg_gpu_wait *wait,
				       const u64 reserved[8])
{
	wait->legacy = true;
	memset(wait->values, 0, wait->count * sizeof(*wait->values));
	memcpy(wait->values, reserved,
	       min(wait->count, 8U) * sizeof(*wait->values));
}

static int dxg_gpu_wait_send(const struct dxg_scope *scope,
			     const struct dxg_gpu_wait *wait)
{
	struct dxg_cmd_waitforsyncobjectfromgpu *cmd;
	size_t objects = wait->count * sizeof(*wait->objects);
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMGPU,
			       dxg_msg_size(typeof(*cmd), fence_values,
					    wait->count) + objects);
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->context.v = scope->object->handle;
	cmd->object_count = wait->count;
	cmd->legacy_fence_object = wait->legacy;
	memcpy(cmd->fence_values, wait->values,
	       wait->count * sizeof(*wait->values));
	memcpy(&cmd->fence_values[wait->count], wait->objects, objects);
	ret = dxg_message_status_or_async(&msg);
	dxg_message_free(&msg);
	return ret;
}

static int dxg_gpu_wait(struct dxg_process *process, enum dxg_object_type type,
			struct d3dkmthandle context,
			const struct dxg_gpu_wait *wait)
{
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, type, context.v);
	if (ret)
		return ret;
	ret = dxg_gpu_wait_send(&scope, wait);
	dxg_scope_leave(&scope);
	return ret;
}

/**
 * dxg_gpu_wait_fence() - let a context wait for one monitored fence
 * @scope: of the context
 * @fence: handle of the fence in the caller's process, which the guest need not
 *	know
 * @value: value to wait for
 *
 * Return: as dxg_ioctl_wait_for_synchronization_object_from_gpu().
 */
int dxg_gpu_wait_fence(const struct dxg_scope *scope, u32 fence, u64 value)
{
	struct dxg_gpu_wait wait = { .count = 1 };

	wait.objects[0].v = fence;
	wait.values[0] = value;
	return dxg_gpu_wait_send(scope, &wait);
}

/**
 * dxg_ioctl_wait_for_synchronization_object() - LX_DXWAITFORSYNCHRONIZATIONOBJECT
 * @process: caller
 * @data: struct d3dkmt_waitforsynchronizationobject2, private copy
 * @user: not used
 *
 * Return: 0; the host's status unless messages are asynchronous; -EINVAL,
 * -ENODEV, -ENOMEM, transport errors.
 */
int dxg_ioctl_wait_for_synchronization_object(struct dxg_process *process,
					      void *data, void __user *user)
{
	const struct d3dkmt_waitforsynchronizationobject2 *args = data;
	struct dxg_gpu_wait wait;

	if (!args->object_count ||
	    args->object_count > D3DDDI_MAX_OBJECT_WAITED_ON)
		return -EINVAL;
	wait.count = args->object_count;
	memcpy(wait.objects, args->object_array,
	       wait.count * sizeof(*wait.objects));
	dxg_gpu_wait_legacy_values(&wait, args->reserved);
	return dxg_gpu_wait(process, DXG_CONTEXT, args->context, &wait);
}

/**
 * dxg_ioctl_submit_wait_for_sync_objects_to_hwqueue() -
 *	LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE
 * @process: caller
 * @data: struct d3dkmt_submitwaitforsyncobjectstohwqueue, private copy
 * @user: not used
 *
 * Return: 0; the host's status unless messages are asynchronous; -EINVAL,
 * -ENODEV, -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_submit_wait_for_sync_objects_to_hwqueue(struct dxg_process *process,
						      void *data,
						      void __user *user)
{
	const struct d3dkmt_submitwaitforsyncobjectstohwqueue *args = data;
	struct dxg_gpu_wait wait;

	return dxg_gpu_wait_objects(&wait, args->object_count, args->objects) ?:
	       dxg_gpu_wait_values(&wait, args->fence_values) ?:
	       dxg_gpu_wait(process, DXG_HWQUEUE, args->hwqueue, &wait);
}

/*
 * What kind of wait is it?  The first object decides.  1: monitored fences; 0:
 * legacy objects; -EINVAL: it, or the context, does not exist.
 */
static int dxg_gpu_wait_is_monitored(struct dxg_process *process,
				     struct d3dkmthandle context,
				     struct d3dkmthandle object)
{
	struct dxg_handle_table *table = &process->objects;
	struct dxg_object *obj;
	int ret = -EINVAL;

	rcu_read_lock();
	if (!__dxg_handle_peek(table, context.v, DXG_CONTEXT))
		goto unlock;
	if (__dxg_handle_peek(table, object.v, DXG_MONITORED_FENCE)) {
		ret = 1;
		goto unlock;
	}
	obj = __dxg_handle_peek(table, object.v, DXG_SYNC_OBJECT);
	if (obj)
		ret = to_dxg_sync_object(obj)->monitored;
unlock:
	rcu_read_unlock();
	return ret;
}

/**
 * dxg_ioctl_wait_for_synchronization_object_from_gpu() -
 *	LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU
 * @process: caller
 * @data: struct d3dkmt_waitforsynchronizationobjectfromgpu, private copy
 * @user: not used
 *
 * Return: 0; the host's status unless messages are asynchronous; -EINVAL,
 * -ENODEV, -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_wait_for_synchronization_object_from_gpu(struct dxg_process *process,
						       void *data,
						       void __user *user)
{
	const struct d3dkmt_waitforsynchronizationobjectfromgpu *args = data;
	struct dxg_gpu_wait wait;
	int ret;

	ret = dxg_gpu_wait_objects(&wait, args->object_count, args->objects);
	if (ret)
		return ret;
	ret = dxg_gpu_wait_is_monitored(process, args->context,
					wait.objects[0]);
	if (ret < 0)
		return ret;
	if (!ret) {
		dxg_gpu_wait_legacy_values(&wait, args->reserved);
	} else {
		ret = dxg_gpu_wait_values(&wait, args->monitored_fence_values);
		if (ret)
			return ret;
	}
	return dxg_gpu_wait(process, DXG_CONTEXT, args->context, &wait);
}
