// SPDX-License-Identifier: GPL-2.0
/*
 * Control commands that meddle with replies, and those that send packets that
 * no message of the guest has caused. No state of their own.
 */
#include "control_call.h"

#include <stdlib.h>
#include <string.h>

static void add_rule(struct call *c, struct fault_rule *rule)
{
	rule->kind = c->rule;
	call_done(c, faults_add(c->relay->faults, rule));
}

/**
 * cmd_hold() - hold CMD [N], for ever unless told otherwise
 * @c: call
 */
void cmd_hold(struct call *c)
{
	struct fault_rule rule = { 0 };

	if (call_command(c, 1, &rule.command) &&
	    call_number(c, 2, FAULT_FOR_EVER, &rule.count))
		add_rule(c, &rule);
}

/**
 * cmd_simple_rule() - a rule CMD [N], once unless told otherwise
 * @c: call
 */
void cmd_simple_rule(struct call *c)
{
	struct fault_rule rule = { 0 };

	if (call_command(c, 1, &rule.command) && call_number(c, 2, 1, &rule.count))
		add_rule(c, &rule);
}

/**
 * cmd_value_rule() - a rule CMD VALUE [N]
 * @c: call
 */
void cmd_value_rule(struct call *c)
{
	struct fault_rule rule = { 0 };

	if (call_command(c, 1, &rule.command) &&
	    call_number(c, 2, 0, &rule.value) &&
	    call_number(c, 3, c->rule == FAULT_DELAY ? FAULT_FOR_EVER : 1,
			&rule.count))
		add_rule(c, &rule);
}

/**
 * cmd_status() - status CMD STATUS [N]
 * @c: call
 */
void cmd_status(struct call *c)
{
	const struct message *m;
	uint32_t command;

	if (!call_command(c, 1, &command))
		return;
	m = command == FAULT_ANY_COMMAND ? NULL : message_request(command);
	if (m && m->status_offset < 0)
		call_fail(c, "its reply has no status");
	else
		cmd_value_rule(c);
}

/**
 * cmd_field() - field CMD OFFSET HEX [N]
 * @c: call
 */
void cmd_field(struct call *c)
{
	struct fault_rule rule = { 0 };
	ssize_t len;

	if (!call_command(c, 1, &rule.command) ||
	    !call_number(c, 2, 0, &rule.value) || !call_number(c, 4, 1, &rule.count))
		return;
	len = call_hex(c, 3);
	if (len < 0)
		return;
	if (len > FAULT_PATCH_BYTES) {
		call_fail(c, "too many bytes");
		return;
	}
	memcpy(rule.patch, c->argv[3], len);
	rule.patch_len = len;
	add_rule(c, &rule);
}

/**
 * cmd_add() - add CMD OFFSET 4|8 DELTA [N]
 * @c: call
 */
void cmd_add(struct call *c)
{
	struct fault_rule rule = { 0 };
	char *end;
	int64_t delta;

	if (!call_command(c, 1, &rule.command) ||
	    !call_number(c, 2, 0, &rule.value) ||
	    !call_number(c, 3, 0, &rule.patch_len) ||
	    !call_number(c, 5, 1, &rule.count))
		return;
	delta = strtoll(c->argv[4], &end, 0);
	if (end == c->argv[4] || *end) {
		call_fail(c, "not a number to add");
		return;
	}
	memcpy(rule.patch, &delta, sizeof(delta));
	add_rule(c, &rule);
}

/**
 * cmd_release() - release CMD
 * @c: call
 */
void cmd_release(struct call *c)
{
	uint32_t command;

	if (call_command(c, 1, &command))
		fprintf(c->out, "{\"ok\":true,\"released\":%u}\n",
			faults_release(c->relay->faults, command));
}

/**
 * cmd_clear() - clear
 * @c: call
 */
void cmd_clear(struct call *c)
{
	relay_clear(c->relay);
	call_done(c, 0);
}

/**
 * cmd_refuse() - refuse CMD STATUS [SKIP [COUNT]]
 * @c: call
 */
void cmd_refuse(struct call *c)
{
	uint32_t command, status, skip, count;

	if (!call_command(c, 1, &command) || !call_number(c, 2, 0, &status) ||
	    !call_number(c, 3, 0, &skip) || !call_number(c, 4, 1, &count))
		return;
	if (command == FAULT_ANY_COMMAND || !count || (int32_t)status >= 0) {
		call_fail(c, "needs one command, a negative status and a count");
		return;
	}
	host_refuse(c->relay->host, command, skip, count, status);
	call_done(c, 0);
}

/* Packets out of nowhere */

/**
 * cmd_inject() - inject [CHANNEL] HEX
 * @c: call
 */
void cmd_inject(struct call *c)
{
	int channel = HOST_CHANNEL_GLOBAL;
	int word = c->argc - 1;
	ssize_t len;

	if (word == 2 && !call_channel(c, 1, &channel))
		return;
	len = call_hex(c, word);
	if (len < 0)
		return;
	inject_now(c->relay, channel, c->argv[word], len);
	call_done(c, 0);
}

/**
 * cmd_inject_at() - inject-at open|close CHANNEL HEX
 * @c: call
 */
void cmd_inject_at(struct call *c)
{
	enum inject_moment moment = strcmp(c->argv[1], "open") ?
				    INJECT_AT_CLOSE : INJECT_AT_OPEN;
	int channel;
	ssize_t len;

	if (moment == INJECT_AT_CLOSE && strcmp(c->argv[1], "close")) {
		call_fail(c, "neither open nor close");
		return;
	}
	if (!call_channel(c, 2, &channel))
		return;
	len = call_hex(c, 3);
	if (len >= 0)
		call_done(c, inject_arm(c->relay, moment, channel, c->argv[3],
					len));
}

/**
 * cmd_flood() - flood CHANNEL COUNT HEX
 * @c: call
 */
void cmd_flood(struct call *c)
{
	uint32_t count;
	int channel;
	ssize_t len;

	if (!call_channel(c, 1, &channel) || !call_number(c, 2, 0, &count))
		return;
	len = call_hex(c, 3);
	if (len < 0)
		return;
	fprintf(c->out, "{\"ok\":true,\"sent\":%u}\n",
		inject_flood(c->relay, channel, count, c->argv[3], len));
}

/**
 * cmd_complete() - complete CHANNEL TRANS_ID HEX
 * @c: call
 */
void cmd_complete(struct call *c)
{
	uint64_t id;
	ssize_t len;
	int channel;

	if (!call_channel(c, 1, &channel) || !call_u64(c, 2, &id))
		return;
	len = call_hex(c, 3);
	if (len < 0)
		return;
	inject_completion(c->relay, channel, id, c->argv[3], len);
	call_done(c, 0);
}
