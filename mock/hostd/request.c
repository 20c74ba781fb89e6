// SPDX-License-Identifier: GPL-2.0
/*
 * A guest message on its way: framing, checks that hold for every command,
 * dispatch, and the completion; also the messages in the other direction.
 *
 * Nothing that a guest sends may crash the host.  What a correct guest never
 * sends is answered as a host would, and counted as a violation.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "process.h"

static const struct dxg_vgpu_to_host_header *header(const struct request *rq)
{
	return (const void *)rq->cmd;
}

static void complete(struct request *rq, const void *buf, size_t len)
{
	if (rq->wants_completion)
		rq->host->ops.complete(rq->host->ops_ctx, rq->channel,
				       rq->trans_id, rq->command, buf, len);
}

static void complete_status(struct request *rq, int32_t status)
{
	complete(rq, &status, sizeof(status));
}

/*
 * Split off the extended header and find the adapter.  Returns false when the
 * message is too damaged to be answered by its command.
 */
static bool parse_framing(struct request *rq, struct dxg_ext_header *ext)
{
	if (rq->len >= sizeof(*ext)) {
		memcpy(ext, rq->cmd, sizeof(*ext));
		/* Without extended header these bytes are command_id, 0. */
		rq->extended = ext->command_offset == EXT_HEADER_SIZE &&
			       !ext->reserved;
	}
	if (rq->extended) {
		rq->cmd += EXT_HEADER_SIZE;
		rq->len -= EXT_HEADER_SIZE;
	}
	if (rq->len < sizeof(struct dxg_vgpu_to_host_header)) {
		violation(rq->host, "message of %zu bytes has no header",
			  rq->len);
		return false;
	}
	rq->command = header(rq)->command_type;
	return true;
}

static void check_header(struct request *rq)
{
	const struct dxg_vgpu_to_host_header *hdr = header(rq);

	if (hdr->command_id || hdr->reserved || hdr->pad)
		violation(rq->host, "%s: header has stray bits",
			  host_command_name(rq->command));
}

static bool route_global(struct request *rq, const struct dxg_ext_header *ext)
{
	if (rq->channel != HOST_CHANNEL_GLOBAL) {
		violation(rq->host, "%s on an adapter channel",
			  host_command_name(rq->command));
		return false;
	}
	if (rq->extended && (ext->vgpu_luid.a || ext->vgpu_luid.b))
		violation(rq->host, "%s carries a vGPU LUID",
			  host_command_name(rq->command));
	return true;
}

static bool route_adapter(struct request *rq, const struct command *row,
			  const struct dxg_ext_header *ext)
{
	const char *name = host_command_name(rq->command);
	struct adapter *adapter;
	bool expected, global, modern;

	if (rq->channel == HOST_CHANNEL_GLOBAL)
		adapter = rq->extended ?
			  adapter_by_luid(rq->host, ext->vgpu_luid) : NULL;
	else
		adapter = &rq->host->adapters[rq->channel];
	if (!adapter) {
		violation(rq->host, "%s names no adapter", name);
		return false;
	}
	rq->adapter = adapter;

	if (rq->extended &&
	    (ext->vgpu_luid.a != adapter->config.vgpu_luid.a ||
	     ext->vgpu_luid.b != adapter->config.vgpu_luid.b))
		violation(rq->host, "%s: LUID of another vGPU", name);
	modern = adapter->guest_version >= DXGK_VMBUS_INTERFACE_VERSION;
	if (adapter->guest_version && rq->extended != modern)
		violation(rq->host, "%s: extended header does not fit version %u",
			  name, adapter->guest_version);
	expected = (adapter->config.async_msg && adapter->info_sent &&
		    rq->extended) || row->global;
	global = rq->channel == HOST_CHANNEL_GLOBAL;
	if (global != expected && rq->command != DXGK_VMBCOMMAND_CLOSEADAPTER)
		violation(rq->host, "%s on the wrong channel", name);
	return true;
}

/* A message without completion is legal only as the protocol says. */
static void check_async(struct request *rq, const struct command *row)
{
	bool flag = row->number < DXGK_VMBCOMMAND_VM_TO_HOST_FIRST &&
		    header(rq)->async_msg;

	if (!flag && rq->wants_completion)
		return;
	if (!flag)
		violation(rq->host, "%s without completion request", row->name);
	else if (!row->async || !rq->adapter->config.async_msg)
		violation(rq->host, "%s must not be asynchronous", row->name);
	else if (rq->wants_completion)
		violation(rq->host, "%s: asynchronous, but wants a completion",
			  row->name);
}

static int32_t find_process(struct request *rq, const struct command *row)
{
	uint32_t handle = header(rq)->process.v;

	if (row->no_process) {
		if (handle)
			violation(rq->host, "%s names a process", row->name);
		return STATUS_SUCCESS;
	}
	rq->process = handle_lookup(&rq->host->processes, handle,
				    OBJECT_PROCESS);
	if (rq->process)
		return STATUS_SUCCESS;
	if (row->number == DXGK_VMBCOMMAND_DESTROYPROCESS)
		return bad_destroy(rq, &rq->host->processes, handle, "process");
	violation(rq->host, "%s: no process %#x", row->name, handle);
	return STATUS_INVALID_HANDLE;
}

static bool refused(struct request *rq, int32_t *status)
{
	struct list *pos;

	list_for_each(pos, &rq->host->refusals) {
		struct refusal *refusal = container_of(pos, struct refusal,
						       link);

		if (refusal->command != rq->command)
			continue;
		if (refusal->skip) {
			refusal->skip--;
			return false;
		}
		*status = refusal->status;
		if (!--refusal->count) {
			list_del(&refusal->link);
			free(refusal);
		}
		return true;
	}
	return false;
}

static int32_t run(struct request *rq, const struct command *row)
{
	int32_t status;

	if (refused(rq, &status))
		return status;
	if (!row->handler)
		return STATUS_NOT_SUPPORTED;
	if (rq->adapter && !rq->adapter->handle && !row->any_state) {
		violation(rq->host, "%s to a closed adapter", row->name);
		return STATUS_DEVICE_REMOVED;
	}
	status = find_process(rq, row);
	if (status < 0)
		return status;
	if (!row->variable && !request_length(rq, row->size, 0))
		return STATUS_INVALID_PARAMETER;
	return row->handler(rq);
}

static size_t reply_bytes(const struct request *rq, const struct command *row)
{
	uint64_t len = row->reply;

	if (row->reply_len) {
		len = row->reply_len(rq);
		if (len < row->reply || len > HOST_MAX_MESSAGE)
			len = row->reply;
	}
	return len;
}

static void answer(struct request *rq, const struct command *row,
		   int32_t status)
{
	if (status < 0 && !rq->keep_reply)
		memset(rq->reply, 0, rq->reply_len);
	if (status < 0 && row->empty_failure)
		rq->reply_len = 0;
	/* A reply before version 40 is too short for what it cannot carry. */
	if (row->status != NO_STATUS &&
	    (size_t)row->status + sizeof(status) <= rq->reply_len &&
	    (rq->extended || row->number != DXGK_VMBCOMMAND_QUERYADAPTERINFO))
		memcpy(rq->reply + row->status, &status, sizeof(status));
	complete(rq, rq->reply, rq->reply_len);
}

/**
 * request_dispatch() - perform a message and answer it
 * @rq: request with host, channel, transaction and the whole payload in
 *	@rq->cmd, which must be aligned to 8 bytes
 *
 * Context: engine lock held.
 */
void request_dispatch(struct request *rq)
{
	struct dxg_ext_header ext = { 0 };
	const struct command *row;
	bool routed;

	if (!parse_framing(rq, &ext)) {
		complete_status(rq, STATUS_INVALID_PARAMETER);
		return;
	}
	row = command_find(rq->command);
	if (!row) {
		violation(rq->host, "unknown command %u", rq->command);
		complete_status(rq, STATUS_NOT_SUPPORTED);
		return;
	}
	check_header(rq);
	if (row->number >= DXGK_VMBCOMMAND_VM_TO_HOST_FIRST)
		routed = route_global(rq, &ext);
	else
		routed = route_adapter(rq, row, &ext);
	if (!routed || rq->len < row->size) {
		if (routed)
			violation(rq->host, "%s: %zu bytes are too short",
				  row->name, rq->len);
		complete_status(rq, STATUS_INVALID_PARAMETER);
		return;
	}
	check_async(rq, row);
	rq->reply_len = reply_bytes(rq, row);
	rq->reply = calloc(1, rq->reply_len + 1);
	if (!rq->reply) {
		complete_status(rq, STATUS_NO_MEMORY);
		return;
	}
	answer(rq, row, run(rq, row));
	free(rq->reply);
}

/**
 * request_length() - check the length of a command
 * @rq: request
 * @needed: bytes that carry information
 * @spare: zero bytes that the protocol specifies behind them
 *
 * A message that is longer than specified, or has anything but zeros behind
 * its contents, counts as a violation but is performed.
 *
 * Return: false when the command is shorter than @needed.
 */
bool request_length(struct request *rq, uint64_t needed, uint64_t spare)
{
	const char *name = host_command_name(rq->command);
	size_t i;

	if (rq->len < needed) {
		violation(rq->host, "%s: %zu bytes, needs %llu", name, rq->len,
			  (unsigned long long)needed);
		return false;
	}
	if (rq->len > ((needed + spare + 7) & ~(uint64_t)7))
		violation(rq->host, "%s: %zu bytes, specified are %llu", name,
			  rq->len, (unsigned long long)(needed + spare));
	for (i = needed; i < rq->len; i++) {
		if (rq->cmd[i]) {
			violation(rq->host, "%s: stray byte at %zu", name, i);
			break;
		}
	}
	return true;
}

/**
 * guest_event() - send SIGNALGUESTEVENT
 * @host: host
 * @event: event id chosen by the guest; 0 is not sent
 *
 * Context: engine lock held.
 */
void guest_event(struct host *host, uint64_t event)
{
	struct dxg_cmd_signalguestevent msg = {
		.hdr = {
			.channel_type = DXGKVMB_HOST_TO_VM,
			.command_type = DXGK_VMBCOMMAND_SIGNALGUESTEVENT,
		},
		.event = event,
	};

	if (event)
		host->ops.event(host->ops_ctx, DXGK_VMBCOMMAND_SIGNALGUESTEVENT,
				&msg, sizeof(msg));
}

/**
 * guest_data() - send SETGUESTDATA with a 32-bit value
 * @host: host
 * @token: token that the guest gave to CREATEDEVICE
 * @data: value
 *
 * Context: engine lock held.
 */
void guest_data(struct host *host, uint64_t token, uint32_t data)
{
	struct dxg_cmd_setguestdata msg = {
		.hdr = {
			.channel_type = DXGKVMB_HOST_TO_VM,
			.command_type = DXGK_VMBCOMMAND_SETGUESTDATA,
		},
		.guest_pointer = token,
		.data32 = data,
		.data_type = SETGUESTDATA_DATATYPE_DWORD,
	};

	host->ops.event(host->ops_ctx, DXGK_VMBCOMMAND_SETGUESTDATA, &msg,
			sizeof(msg));
}
