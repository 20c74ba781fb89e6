// SPDX-License-Identifier: GPL-2.0
/*
 * Messages to the host: framing, requests and their answers, NTSTATUS.
 *
 * Ordinary messages are built on the sender's stack and copied once into the
 * ring.  The answer is copied once out of the ring, into memory that belongs to
 * the request, and checked for its length there.  A killed waiter abandons its
 * request: the answer, when it comes, runs the request's late function in a
 * worker, so that nothing the host made is forgotten.
 *
 * Locks: none of its own.  See docs/protocol.md, Framing and Requests.
 */
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/slab.h>

#include "adapter.h"
#include "global_channel.h"
#include "host_message.h"
#include "module.h"
#include "process.h"
#include "trace.h"

bool dxg_reference_lengths;
module_param_named(reference_lengths, dxg_reference_lengths, bool, 0444);
MODULE_PARM_DESC(reference_lengths,
		 "Send messages that have a needlessly long form in that form, for hosts that insist (default: N)");

static struct kmem_cache *dxg_request_cache;

/**
 * dxg_host_message_setup() - allocate what all messages share
 *
 * Return: 0 or -ENOMEM.
 */
int dxg_host_message_setup(void)
{
	/* replies go straight to user memory, too */
	dxg_request_cache = KMEM_CACHE_USERCOPY(dxg_request, SLAB_ACCOUNT,
						inline_reply);
	return dxg_request_cache ? 0 : -ENOMEM;
}

/**
 * dxg_host_message_cleanup() - undo dxg_host_message_setup()
 */
void dxg_host_message_cleanup(void)
{
	kmem_cache_destroy(dxg_request_cache);
}

static const struct {
	s32 status;
	int error;
} dxg_status_map[] = {
	{ STATUS_OBJECT_NAME_COLLISION,		-EEXIST },
	{ STATUS_NO_MEMORY,			-ENOMEM },
	{ STATUS_INVALID_PARAMETER,		-EINVAL },
	{ STATUS_OBJECT_NAME_INVALID,		-ENOENT },
	{ STATUS_OBJECT_NAME_NOT_FOUND,		-ENOENT },
	{ STATUS_BUFFER_TOO_SMALL,		-EOVERFLOW },
	{ STATUS_DEVICE_REMOVED,		-ENODEV },
	{ STATUS_ACCESS_DENIED,			-EACCES },
	{ STATUS_NOT_SUPPORTED,			-EPERM },
	{ STATUS_NOT_IMPLEMENTED,		-EPERM },
	{ STATUS_ILLEGAL_INSTRUCTION,		-EOPNOTSUPP },
	{ STATUS_INVALID_HANDLE,		-EBADF },
	{ STATUS_GRAPHICS_ALLOCATION_BUSY,	-EINPROGRESS },
	{ STATUS_OBJECT_TYPE_MISMATCH,		-EPROTOTYPE },
};

/**
 * dxg_status_to_errno() - translate the host's NTSTATUS
 * @status: as in the reply
 *
 * Source: docs/protocol.md, NTSTATUS and errno.
 *
 * Return: @status itself when it is a success code (>= 0), else an errno;
 * -EINVAL for a failure that is not in the table.
 */
int dxg_status_to_errno(s32 status)
{
	size_t i;

	if (status >= 0)
		return status;
	for (i = 0; i < ARRAY_SIZE(dxg_status_map); i++)
		if (dxg_status_map[i].status == status)
			return dxg_status_map[i].error;
	return -EINVAL;
}

static struct dxg_channel *dxg_message_channel(const struct dxg_message *msg)
{
	return msg->global ? &dxg_global.channel : &msg->adapter->channel;
}

/**
 * dxg_message_init() - start a message
 * @msg: uninitialised memory; dxg_message_free() ends its life
 * @process: process in whose name it is sent; NULL puts 0 into the header
 * @adapter: adapter of a vGPU command, NULL for a global command
 * @command: DXGK_VMBCOMMAND_*
 * @length: bytes of the command, header and variable part included
 *
 * Return: the command, zero-filled but for its header; -EINVAL when the message
 * would be too long for VMBus; -ENOMEM.  After an error nothing needs freeing.
 */
void *dxg_message_init(struct dxg_message *msg, struct dxg_process *process,
		       struct dxg_adapter *adapter, u32 command, size_t length)
{
	struct dxg_vgpu_to_host_header *vgpu;
	struct dxg_vm_to_host_header *vm;
	struct dxg_ext_header *ext;

	if (length > DXG_MAX_VM_BUS_PACKET_SIZE - sizeof(*ext))
		return ERR_PTR(-EINVAL);
	msg->adapter = adapter;
	msg->process = process;
	msg->length = length;
	msg->global = !adapter || adapter->async;
	msg->generation = msg->global && process ? process->generation : 0;
	if (sizeof(*ext) + length <= sizeof(msg->storage)) {
		msg->buffer = msg->storage;
		memset(msg->buffer, 0, sizeof(*ext) + length);
	} else {
		msg->buffer = kvzalloc(sizeof(*ext) + length,
				       GFP_KERNEL_ACCOUNT);
		if (!msg->buffer)
			return ERR_PTR(-ENOMEM);
	}

	ext = msg->buffer;
	ext->command_offset = sizeof(*ext);
	if (adapter) {
		ext->vgpu_luid = adapter->host_vgpu_luid;
		vgpu = (void *)(ext + 1);
		vgpu->channel_type = DXGKVMB_VGPU_TO_HOST;
		vgpu->command_type = command;
		vgpu->process.v = process ? process->host_handle : 0;
	} else {
		vm = (void *)(ext + 1);
		vm->channel_type = DXGKVMB_VM_TO_HOST;
		vm->command_type = command;
		vm->process.v = process ? process->host_handle : 0;
	}
	return ext + 1;
}

/**
 * dxg_message_free() - release the memory of a message
 * @msg: message from a successful dxg_message_init()
 */
void dxg_message_free(struct dxg_message *msg)
{
	if (msg->buffer != msg->storage)
		kvfree(msg->buffer);
}

/* Hand the packet to its channel; old hosts do not know the extended header. */
static int dxg_message_post(struct dxg_message *msg,
			    struct dxg_request *request,
			    enum dxg_wait_mode mode)
{
	struct dxg_channel *channel = dxg_message_channel(msg);
	const struct dxg_vgpu_to_host_header *hdr;
	struct dxg_packet packet = {
		.request = request,
		.adapter = msg->adapter,
		.generation = msg->generation,
		.payload = msg->buffer,
		.length = msg->length,
		.mode = mode,
	};
	int ret;

	hdr = msg->buffer + sizeof(struct dxg_ext_header);
	if (channel->extended)
		packet.length += sizeof(struct dxg_ext_header);
	else
		packet.payload += sizeof(struct dxg_ext_header);
	ret = dxg_channel_post(channel, &packet);
	trace_dxg_message(hdr->command_type, hdr->process.v, packet.length,
			  request ? request->id : 0, msg->global, ret);
	return ret;
}

static void dxg_request_init(struct dxg_request *request,
			     const struct dxg_message *msg, u32 expected,
			     u32 capacity)
{
	refcount_set(&request->refs, 1);
	request->id = 0;
	request->channel = NULL;
	request->adapter = msg->adapter;
	request->process = msg->process;
	init_completion(&request->done);
	request->status = 0;
	request->expected = expected;
	request->capacity = capacity;
	request->received = 0;
	request->reply = request->inline_reply;
	request->abandoned = false;
	request->undo = false;
	request->late = NULL;
	request->late_data = NULL;
	memset(request->inline_reply, 0,
	       min_t(u32, capacity, sizeof(request->inline_reply)));
}

/**
 * dxg_request_new() - make the request for a message
 * @msg: message that will be sent with it; its adapter and process are borrowed
 * @expected: least number of bytes of an acceptable reply
 * @capacity: most bytes to keep, at least @expected
 *
 * Return: request, owned by the caller until dxg_request_put(); -EINVAL when
 * @capacity exceeds what VMBus carries; -ENOMEM.
 */
struct dxg_request *dxg_request_new(struct dxg_message *msg, u32 expected,
				    u32 capacity)
{
	struct dxg_request *request;

	if (capacity > DXG_MAX_VM_BUS_PACKET_SIZE)
		return ERR_PTR(-EINVAL);
	request = kmem_cache_alloc(dxg_request_cache, GFP_KERNEL);
	if (!request)
		return ERR_PTR(-ENOMEM);
	dxg_request_init(request, msg, expected, capacity);
	if (capacity <= sizeof(request->inline_reply))
		return request;
	request->reply = kvzalloc(capacity, GFP_KERNEL_ACCOUNT);
	if (!request->reply) {
		kmem_cache_free(dxg_request_cache, request);
		return ERR_PTR(-ENOMEM);
	}
	return request;
}

/**
 * dxg_request_new_nofail() - make the request for a message of a teardown
 * @msg: likewise
 * @expected: bytes of the reply, at most DXG_REPLY_INLINE
 *
 * The host must be told that something ended, however little memory there is.
 * Context: may sleep until memory is found.
 *
 * Return: request, never an error.
 */
struct dxg_request *dxg_request_new_nofail(struct dxg_message *msg,
					   u32 expected)
{
	struct dxg_request *request;

	request = kmem_cache_alloc(dxg_request_cache,
				   GFP_KERNEL | __GFP_NOFAIL);
	dxg_request_init(request, msg, expected, expected);
	return request;
}

static void dxg_request_free(struct dxg_request *request)
{
	if (request->reply != request->inline_reply)
		kvfree(request->reply);
	if (request->abandoned) {
		if (request->adapter)
			dxg_adapter_put(request->adapter);
		if (request->process)
			dxg_process_put(request->process);
	}
	kmem_cache_free(dxg_request_cache, request);
}

/**
 * dxg_request_put() - drop a reference on a request
 * @request: request, or an error pointer or NULL (ignored)
 *
 * Context: may sleep if the request was abandoned, else any.
 */
void dxg_request_put(struct dxg_request *request)
{
	if (!IS_ERR_OR_NULL(request) && refcount_dec_and_test(&request->refs))
		dxg_request_free(request);
}

/**
 * dxg_request_set_abandoned() - nobody waits for this request any more
 * @request: request; its channel's lock is held
 *
 * From here on it owns its adapter and process.
 */
void dxg_request_set_abandoned(struct dxg_request *request)
{
	request->abandoned = true;
	if (request->adapter)
		dxg_adapter_get(request->adapter);
	if (request->process)
		dxg_process_get(request->process);
}

/* The answer of an abandoned request arrived. */
static void dxg_request_work(struct work_struct *work)
{
	struct dxg_request *request =
		container_of(work, struct dxg_request, work);

	if (request->process)
		dxg_process_late_begin(request->process);
	if (request->late)
		request->late(request);
	if (request->process)
		dxg_process_late_end(request->process);
	dxg_request_put(request);
}

/**
 * dxg_request_complete() - the answer is here, or will never come
 * @request: request just taken out of its channel's table; the table's
 *	reference is consumed
 * @status: 0, or -ENODEV when the channel or adapter is gone
 * @reply: payload, private copy of the bus; not trusted
 * @length: bytes of it
 *
 * Context: any.
 */
void dxg_request_complete(struct dxg_request *request, int status,
			  const void *reply, u32 length)
{
	if (!status && length < request->expected) {
		status = -EOVERFLOW;
	} else if (!status) {
		request->received = min(length, request->capacity);
		memcpy(request->reply, reply, request->received);
	}
	request->status = status;

	if (request->abandoned) {
		/* not in the work: that could wait behind ends of processes */
		if (request->undo)
			dxg_process_undo_end(request->process);
		INIT_WORK(&request->work, dxg_request_work);
		queue_work(dxg_workqueue, &request->work);
		return;
	}
	complete(&request->done);
	dxg_request_put(request);
}

/**
 * dxg_request_send() - send a message that the host answers
 * @request: from dxg_request_new() for this message
 * @msg: message
 * @mode: how to wait for room in a full ring
 *
 * Return: 0, then dxg_request_wait() or dxg_request_abandon() must follow;
 * -ENODEV, -ERESTARTSYS, -ENOMEM.
 */
int dxg_request_send(struct dxg_request *request, struct dxg_message *msg,
		     enum dxg_wait_mode mode)
{
	return dxg_message_post(msg, request, mode);
}

/**
 * dxg_request_abandon() - stop waiting for the answer of a sent request
 * @request: request; the caller still has to put its reference
 *
 * Return: true when the late function will see the answer, false when the
 * answer is complete and the caller has to deal with it.
 */
bool dxg_request_abandon(struct dxg_request *request)
{
	if (dxg_channel_abandon(request))
		return true;
	/* claimed by the receive path: it finishes without waiting */
	wait_for_completion(&request->done);
	return false;
}

/**
 * dxg_request_wait() - wait for the answer
 * @request: sent before
 * @mode: whether a fatal signal ends the wait
 *
 * Return: 0, -EOVERFLOW (short reply), -ENODEV; -ERESTARTSYS when the caller is
 * being killed: then the request is abandoned and its late function will run.
 */
int dxg_request_wait(struct dxg_request *request, enum dxg_wait_mode mode)
{
	if (mode == DXG_WAIT_FOREVER)
		wait_for_completion(&request->done);
	else if (wait_for_completion_killable(&request->done) &&
		 dxg_request_abandon(request))
		return -ERESTARTSYS;
	return request->status;
}

/**
 * dxg_request_call() - send a message and wait killably for the answer
 * @request: from dxg_request_new() for this message
 * @msg: message
 *
 * Return: as dxg_request_send() and dxg_request_wait().
 */
int dxg_request_call(struct dxg_request *request, struct dxg_message *msg)
{
	int ret = dxg_request_send(request, msg, DXG_WAIT_KILLABLE);

	return ret ?: dxg_request_wait(request, DXG_WAIT_KILLABLE);
}

/**
 * dxg_message_exchange() - exchange a message for a reply of any size
 * @msg: message
 * @length: bytes of the reply, all of which the host must send
 *
 * For messages whose late answer needs no care.
 *
 * Return: request with the reply, owned by the caller; -EOVERFLOW, -ENODEV,
 * -ENOMEM, -ERESTARTSYS; -EINVAL when VMBus cannot carry such a reply.
 */
struct dxg_request *dxg_message_exchange(struct dxg_message *msg, u32 length)
{
	struct dxg_request *request = dxg_request_new(msg, length, length);
	int ret;

	if (IS_ERR(request))
		return request;
	ret = dxg_request_call(request, msg);
	if (!ret)
		return request;
	dxg_request_put(request);
	return ERR_PTR(ret);
}

/**
 * dxg_message_call() - exchange a message for a reply of fixed size
 * @msg: message
 * @reply: filled on success
 * @length: bytes of @reply, all of which the host must send
 *
 * Return: 0; errors as dxg_message_exchange().
 */
int dxg_message_call(struct dxg_message *msg, void *reply, u32 length)
{
	struct dxg_request *request = dxg_message_exchange(msg, length);

	if (IS_ERR(request))
		return PTR_ERR(request);
	memcpy(reply, request->reply, length);
	dxg_request_put(request);
	return 0;
}

/**
 * dxg_message_call_bounded() - exchange a message, but do not wait for ever
 * @msg: message
 * @reply: filled on success
 * @length: bytes of @reply; 0 when any answer will do
 * @timeout: jiffies
 *
 * For start and stop of adapters, which a silent host must not block.
 *
 * Return: as dxg_message_call(), and -ETIMEDOUT.
 */
int dxg_message_call_bounded(struct dxg_message *msg, void *reply, u32 length,
			     unsigned long timeout)
{
	struct dxg_request *request = dxg_request_new(msg, length, length);
	int ret;

	if (IS_ERR(request))
		return PTR_ERR(request);
	ret = dxg_request_send(request, msg, DXG_WAIT_BOUNDED);
	if (!ret && !wait_for_completion_timeout(&request->done, timeout) &&
	    dxg_request_abandon(request))
		ret = -ETIMEDOUT;
	else if (!ret)
		ret = request->status;
	if (!ret)
		memcpy(reply, request->reply, length);
	dxg_request_put(request);
	return ret;
}

/**
 * dxg_message_status() - exchange a message for an NTSTATUS
 * @msg: message
 *
 * Return: the status as errno or success code; transport errors as
 * dxg_message_call().
 */
int dxg_message_status(struct dxg_message *msg)
{
	s32 status;
	int ret = dxg_message_call(msg, &status, sizeof(status));

	return ret ?: dxg_status_to_errno(status);
}

/**
 * dxg_message_status_or_async() - send one of the commands that may go async
 * @msg: a vGPU command of docs/protocol.md, Asynchronous messages
 *
 * Return: 0 once queued when the adapter takes asynchronous messages, else as
 * dxg_message_status().
 */
int dxg_message_status_or_async(struct dxg_message *msg)
{
	struct dxg_vgpu_to_host_header *hdr =
		msg->buffer + sizeof(struct dxg_ext_header);

	if (!msg->adapter->async)
		return dxg_message_status(msg);
	hdr->async_msg = 1;
	return dxg_message_post(msg, NULL, DXG_WAIT_KILLABLE);
}
