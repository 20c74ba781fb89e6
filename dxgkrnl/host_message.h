/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Building messages to the host and waiting for their answers.
 *
 * The usual shape of an ioctl handler:
 *
 *	struct dxg_message msg;
 *	struct dxg_cmd_evict *cmd;
 *
 *	cmd = dxg_message_init(&msg, process, adapter, DXGK_VMBCOMMAND_EVICT,
 *			       length);
 *	if (IS_ERR(cmd))
 *		return PTR_ERR(cmd);
 *	... fill cmd, copy user arrays straight into it ...
 *	ret = dxg_message_call(&msg, &reply, sizeof(reply));
 *	dxg_message_free(&msg);
 */
#ifndef _DXG_HOST_MESSAGE_H
#define _DXG_HOST_MESSAGE_H

#include <linux/completion.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <dxg_host_protocol.h>

struct dxg_adapter;
struct dxg_channel;
struct dxg_object;
struct dxg_process;

/* Messages up to this size live on the stack of the sender. */
#define DXG_MESSAGE_INLINE	512
/* Replies up to this size live inside the request object. */
#define DXG_REPLY_INLINE	128
/* How long a silent host may delay the start and the stop of an adapter. */
#define DXG_START_TIMEOUT	(5 * HZ)
#define DXG_STOP_TIMEOUT	(HZ / 2)

/* Parameter: send what can be shorter at the length known hosts were sent. */
extern bool dxg_reference_lengths;

/**
 * struct dxg_message - a message under construction
 * @adapter: adapter the command is for, NULL for global commands
 * @process: process in whose name it is sent, NULL for none; used only to
 *	identify abandoned requests
 * @generation: of the global channel, which @process or other handles in the
 *	message belong to; 0 for messages on an adapter's own channel, and for
 *	those that name nothing
 * @buffer: extended header followed by the command; @storage, or heap memory
 * @length: bytes of the command, without the extended header
 * @global: sent on the global channel
 * @storage: memory of an ordinary message
 */
struct dxg_message {
	struct dxg_adapter *adapter;
	struct dxg_process *process;
	u64 generation;
	void *buffer;
	u32 length;
	bool global;
	u8 storage[DXG_MESSAGE_INLINE] __aligned(8);
};

/**
 * struct dxg_request - a message that the host answers
 * @refs: one for the waiter, one while it is in a channel's table
 * @id: transaction id on its channel
 * @channel: channel it was sent on
 * @adapter: adapter of the message or NULL; borrowed from the waiter, owned
 *	once @abandoned
 * @process: likewise
 * @done: completed when @status and @reply are final
 * @status: 0, -EOVERFLOW (short reply), -ENODEV (channel lost)
 * @expected: least number of bytes an acceptable reply has
 * @capacity: bytes kept of the reply at most, size of @reply
 * @received: bytes of @reply that the host filled
 * @reply: private copy of the reply, zeroed first; owned by the request
 * @abandoned: the waiter was killed; under the channel's lock
 * @undo: counted in dxg_process.undos until it is answered or its channel is
 *	gone; nobody waits for it
 * @late: what to do with the answer of an abandoned request: undo what the
 *	host created, or release what it had to let go of.  Runs in a worker,
 *	with @status and @reply final, also when the channel was lost, and with
 *	dxg_process.end_lock of @process held shared.  NULL if the answer does
 *	not matter.
 * @late_data: for @late
 * @late_arg: for @late
 * @work: runs @late
 * @inline_reply: memory of a small reply
 *
 * The receive callback writes only to memory of the request, never to a
 * waiter's stack, so a killed waiter leaves nothing behind that it could hit.
 */
struct dxg_request {
	refcount_t refs;
	u64 id;
	struct dxg_channel *channel;
	struct dxg_adapter *adapter;
	struct dxg_process *process;
	struct completion done;
	int status;
	u32 expected;
	u32 capacity;
	u32 received;
	void *reply;
	bool abandoned;
	bool undo;
	void (*late)(struct dxg_request *request);
	void *late_data;
	u64 late_arg[2];
	struct work_struct work;
	u8 inline_reply[DXG_REPLY_INLINE] __aligned(8);
};

/**
 * enum dxg_wait_mode - how to wait for an answer
 * @DXG_WAIT_KILLABLE: a fatal signal abandons the request (-ERESTARTSYS)
 * @DXG_WAIT_FOREVER: until the answer or the loss of the channel; for workers
 * @DXG_WAIT_BOUNDED: as long as start and stop of an adapter allow
 */
enum dxg_wait_mode {
	DXG_WAIT_KILLABLE,
	DXG_WAIT_FOREVER,
	DXG_WAIT_BOUNDED,
};

int dxg_host_message_setup(void);
void dxg_host_message_cleanup(void);

void *dxg_message_init(struct dxg_message *msg, struct dxg_process *process,
		       struct dxg_adapter *adapter, u32 command, size_t length);
void dxg_message_free(struct dxg_message *msg);

struct dxg_request *dxg_message_exchange(struct dxg_message *msg, u32 length);
int dxg_message_call(struct dxg_message *msg, void *reply, u32 length);
int dxg_message_status(struct dxg_message *msg);
int dxg_message_status_or_async(struct dxg_message *msg);
int dxg_message_call_bounded(struct dxg_message *msg, void *reply, u32 length,
			     unsigned long timeout);

struct dxg_request *dxg_request_new(struct dxg_message *msg, u32 expected,
				    u32 capacity);
struct dxg_request *dxg_request_new_nofail(struct dxg_message *msg,
					   u32 expected);
int dxg_request_send(struct dxg_request *request, struct dxg_message *msg,
		     enum dxg_wait_mode mode);
int dxg_request_wait(struct dxg_request *request, enum dxg_wait_mode mode);
int dxg_request_call(struct dxg_request *request, struct dxg_message *msg);
bool dxg_request_abandon(struct dxg_request *request);
void dxg_request_put(struct dxg_request *request);
void dxg_request_set_abandoned(struct dxg_request *request);
void dxg_request_complete(struct dxg_request *request, int status,
			  const void *reply, u32 length);

int dxg_status_to_errno(s32 status);

#endif /* _DXG_HOST_MESSAGE_H */
