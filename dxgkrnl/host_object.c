// SPDX-License-Identifier: GPL-2.0
/*
 * The host's side of objects that one message with one handle destroys.
 *
 * A creation that fails after the host did its part, or whose caller was killed
 * before the answer, is undone by the same function.  A destruction allocates
 * what it needs first, so that an object is either untouched or gone.
 *
 * Locks: takes dxg_device.lock shared in dxg_destroy_begin().
 */
#include <linux/sched/signal.h>

#include "device.h"
#include "host_object.h"
#include "process.h"

/* Pause between attempts when memory is short. */
#define DXG_MEMORY_RETRY	(HZ / 50)

/* All destroy commands look like this one. */
#define DXG_SAME_LAYOUT(type, member)					\
	static_assert(sizeof(struct type) ==				\
		      sizeof(struct dxg_cmd_destroydevice) &&		\
		      offsetof(struct type, member) ==			\
		      offsetof(struct dxg_cmd_destroydevice, device))

DXG_SAME_LAYOUT(dxg_cmd_destroycontext, context);
DXG_SAME_LAYOUT(dxg_cmd_destroyhwqueue, hwqueue);
DXG_SAME_LAYOUT(dxg_cmd_destroypagingqueue, paging_queue);
DXG_SAME_LAYOUT(dxg_cmd_destroysyncobject, sync_object);

static int dxg_destroy_message(struct dxg_message *msg,
			       struct dxg_process *process,
			       struct dxg_adapter *adapter, u32 command,
			       u32 handle)
{
	struct dxg_cmd_destroydevice *cmd;

	/* sync objects may be shared by adapters: the host as a whole has them */
	if (command >= DXGK_VMBCOMMAND_VM_TO_HOST_FIRST)
		adapter = NULL;
	cmd = dxg_message_init(msg, process, adapter, command, sizeof(*cmd));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->device.v = handle;
	return 0;
}

/**
 * dxg_destroy_begin() - everything that may fail before a child is destroyed
 * @destroy: filled; dxg_destroy_end() must follow success
 * @process: caller
 * @type: kind of object
 * @handle: value from user space, untrusted
 * @command: DXGK_VMBCOMMAND_DESTROY*, one without a reply status only for
 *	paging queues
 *
 * On success the caller takes the object out of the handle table, which decides
 * who destroys it, tears it down locally, and then calls dxg_destroy_send().
 * The device's lock, if the object has a device, is held shared until
 * dxg_destroy_end(): the device is not destroyed meanwhile.  An adapter that
 * stopped does not matter here.
 *
 * Return: 0; -EINVAL for a handle that is not or no longer alive; -ENOMEM;
 * -ERESTARTSYS.  After an error nothing has changed.
 */
int dxg_destroy_begin(struct dxg_destroy *destroy, struct dxg_process *process,
		      enum dxg_object_type type, u32 handle, u32 command)
{
	u32 expected = command == DXGK_VMBCOMMAND_DESTROYPAGINGQUEUE ?
		       0 : sizeof(struct ntstatus);
	struct dxg_object *object;
	struct dxg_device *device;
	int ret;

	object = dxg_handle_lookup(&process->objects, handle, type);
	if (!object)
		return -EINVAL;
	device = object->device;
	if (device && down_read_killable(&device->lock)) {
		ret = -ERESTARTSYS;
		goto put;
	}
	ret = -EINVAL;
	if (device && device->destroyed)
		goto unlock;
	ret = dxg_destroy_message(&destroy->msg, process, object->adapter,
				  command, handle);
	if (ret)
		goto unlock;
	destroy->request = dxg_request_new(&destroy->msg, expected, expected);
	if (IS_ERR(destroy->request)) {
		ret = PTR_ERR(destroy->request);
		goto free;
	}
	destroy->object = object;
	return 0;

free:
	dxg_message_free(&destroy->msg);
unlock:
	if (device)
		up_read(&device->lock);
put:
	dxg_object_put(object);
	return ret;
}

/**
 * dxg_destroy_send() - tell the host that the object is to go
 * @destroy: begun; the object has left the handle table
 *
 * Return: the host's status as errno or success code; -EOVERFLOW; -ENODEV when
 * the adapter is gone; -ERESTARTSYS when the caller is being killed.
 */
int dxg_destroy_send(struct dxg_destroy *destroy)
{
	struct dxg_request *request = destroy->request;
	const struct ntstatus *status = request->reply;
	int ret = dxg_request_call(request, &destroy->msg);

	if (!ret && request->expected)
		ret = dxg_status_to_errno(status->v);
	return ret;
}

/**
 * dxg_destroy_end() - let go of what dxg_destroy_begin() took
 * @destroy: begun
 */
void dxg_destroy_end(struct dxg_destroy *destroy)
{
	struct dxg_device *device = destroy->object->device;

	dxg_request_put(destroy->request);
	dxg_message_free(&destroy->msg);
	if (device)
		up_read(&device->lock);
	dxg_object_put(destroy->object);
}

/* The answer to a creation came after its caller was killed. */
static void dxg_host_object_late(struct dxg_request *request)
{
	const struct d3dkmthandle *handle =
		request->reply + request->late_arg[1];

	if (!request->status && !request->process->torn_down)
		dxg_host_object_undo(request->process, request->adapter,
				     request->late_arg[0], handle->v,
				     DXG_WAIT_FOREVER);
}

/**
 * dxg_host_object_create() - send a creation and wait killably for the answer
 * @msg: creation message with process and adapter; the caller frees it
 * @expected: bytes of the reply, less is an error and more is ignored
 * @undo_command: destroys the object again if the caller is killed meanwhile
 * @handle_offset: place of the new handle in the reply, 0 means no object
 *
 * Return: request with the reply, to be put by the caller; or -EOVERFLOW,
 * -ENODEV, -ENOMEM, -EINVAL (@expected too large), -ERESTARTSYS.
 */
struct dxg_request *dxg_host_object_create(struct dxg_message *msg,
					   u32 expected, u32 undo_command,
					   u32 handle_offset)
{
	struct dxg_request *request = dxg_request_new(msg, expected, expected);
	int ret;

	if (IS_ERR(request))
		return request;
	request->late = dxg_host_object_late;
	request->late_arg[0] = undo_command;
	request->late_arg[1] = handle_offset;
	ret = dxg_request_call(request, msg);
	if (!ret)
		return request;
	dxg_request_put(request);
	return ERR_PTR(ret);
}

/**
 * dxg_host_object_undo() - destroy what the host just created
 * @process: process it was created for
 * @adapter: adapter, not used by commands of the global channel
 * @command: DXGK_VMBCOMMAND_DESTROY*
 * @handle: from the host's reply, untrusted; not (or no longer) in the table
 * @mode: how to wait for room in the ring
 *
 * A host that named a handle which one of the process's objects has does not
 * get that object destroyed.  The answer is not waited for: nothing in the
 * guest depends on it.
 */
void dxg_host_object_undo(struct dxg_process *process,
			  struct dxg_adapter *adapter, u32 command, u32 handle,
			  enum dxg_wait_mode mode)
{
	struct dxg_message msg;

	if (!handle || dxg_handle_is_live(&process->objects, handle) ||
	    dxg_destroy_message(&msg, process, adapter, command, handle))
		return;
	dxg_message_send_undo(&msg, mode);
	dxg_message_free(&msg);
}

/**
 * dxg_message_send_undo() - send a message that takes back what the host did
 * @msg: message for a process that has not been torn down; may be freed as soon
 *	as this returns
 * @mode: as dxg_message_send_surely()
 *
 * The answer is not waited for, but DESTROYPROCESS is: it goes on another
 * channel, and the host may take that first.
 */
void dxg_message_send_undo(struct dxg_message *msg, enum dxg_wait_mode mode)
{
	struct dxg_request *request = dxg_message_send_surely(msg, 0, mode);

	if (IS_ERR(request))
		return;
	dxg_process_undo_begin(msg->process);
	request->undo = true;
	if (!dxg_request_abandon(request))
		dxg_process_undo_end(msg->process);
	dxg_request_put(request);
}

/**
 * dxg_message_send_surely() - send a message that must not get lost
 * @msg: message; may be freed as soon as this returns
 * @expected: bytes of the reply, at most DXG_REPLY_INLINE
 * @mode: what may end the attempts: nothing but the loss of the channel
 *	(workers only), or also a fatal signal
 *
 * Lack of memory delays the message.
 *
 * Return: a sent request: wait for it or abandon it, then put it; or -ENODEV,
 * -ERESTARTSYS.
 */
struct dxg_request *dxg_message_send_surely(struct dxg_message *msg,
					    u32 expected,
					    enum dxg_wait_mode mode)
{
	struct dxg_request *request = dxg_request_new_nofail(msg, expected);
	int ret;

	for (;;) {
		ret = dxg_request_send(request, msg, mode);
		if (ret == -ENOMEM && mode == DXG_WAIT_KILLABLE &&
		    fatal_signal_pending(current))
			ret = -ERESTARTSYS;
		if (ret != -ENOMEM)
			break;
		schedule_timeout_killable(DXG_MEMORY_RETRY);
	}
	if (!ret)
		return request;
	dxg_request_put(request);
	return ERR_PTR(ret);
}
