// SPDX-License-Identifier: GPL-2.0
/*
 * Words of a control command, and its answer. See control_call.h.
 */
#include "control_call.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NOT_A_NUMBER	"no valid value"

/**
 * call_fail() - answer that the command failed
 * @c: call
 * @error: why
 */
void call_fail(struct call *c, const char *error)
{
	fputs("{\"ok\":false,\"error\":", c->out);
	json_string(c->out, error);
	fputs("}\n", c->out);
}

/**
 * call_done() - answer with nothing but success or failure
 * @c: call
 * @err: 0 or -errno
 */
void call_done(struct call *c, int err)
{
	if (err)
		call_fail(c, strerror(-err));
	else
		fputs("{\"ok\":true}\n", c->out);
}

static bool parse_u64(const char *s, uint64_t *v)
{
	char *end;

	errno = 0;
	*v = strtoull(s, &end, 0);
	return !errno && end != s && !*end && *s != '-';
}

static bool parse_u32(const char *s, uint32_t *v)
{
	uint64_t wide;

	if (!parse_u64(s, &wide) || wide > UINT32_MAX)
		return false;
	*v = wide;
	return true;
}

/**
 * call_number() - a word that is a number
 * @c: call
 * @i: which word
 * @fallback: value when it is not there
 * @v: set to the number
 *
 * Return: false after an answer.
 */
bool call_number(struct call *c, int i, uint32_t fallback, uint32_t *v)
{
	*v = fallback;
	if (i >= c->argc || parse_u32(c->argv[i], v))
		return true;
	call_fail(c, NOT_A_NUMBER);
	return false;
}

/**
 * call_u64() - a word that is a 64-bit number
 * @c: call
 * @i: which word
 * @v: set to the number
 *
 * Return: false after an answer.
 */
bool call_u64(struct call *c, int i, uint64_t *v)
{
	if (parse_u64(c->argv[i], v))
		return true;
	call_fail(c, NOT_A_NUMBER);
	return false;
}

/**
 * call_channel() - a word that names a channel
 * @c: call
 * @i: which word
 * @channel: set to HOST_CHANNEL_GLOBAL or an adapter's index
 *
 * Return: false after an answer.
 */
bool call_channel(struct call *c, int i, int *channel)
{
	uint32_t v;

	if (!strcmp(c->argv[i], "global")) {
		*channel = HOST_CHANNEL_GLOBAL;
		return true;
	}
	if (!strcmp(c->argv[i], "dm")) {
		*channel = HOST_CHANNEL_DM;
		return true;
	}
	if (parse_u32(c->argv[i], &v) && v < c->relay->config.adapter_count) {
		*channel = v;
		return true;
	}
	call_fail(c, "neither \"global\", \"dm\" nor an adapter");
	return false;
}

/**
 * call_message() - a word that names a message
 * @c: call
 * @i: which word
 *
 * Return: the message; NULL after an answer.
 */
const struct message *call_message(struct call *c, int i)
{
	const struct message *m = message_by_name(c->argv[i]);

	if (!m)
		call_fail(c, "unknown message name");
	return m;
}

/**
 * call_command() - a word that names a command with replies to meddle with
 * @c: call
 * @i: which word
 * @command: set to its number, FAULT_ANY_COMMAND for "all"
 *
 * Return: false after an answer.
 */
bool call_command(struct call *c, int i, uint32_t *command)
{
	const struct message *m;

	if (!strcmp(c->argv[i], "all")) {
		*command = FAULT_ANY_COMMAND;
		return true;
	}
	m = call_message(c, i);
	if (!m)
		return false;
	if (m->direction == DXGKVMB_HOST_TO_VM) {
		call_fail(c, "has no reply");
		return false;
	}
	*command = m->number;
	return true;
}

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch |= 0x20;
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/**
 * call_hex() - a word of hex digits
 * @c: call; the word is turned into bytes in place
 * @i: which word
 *
 * Return: number of bytes; -1 after an answer.
 */
ssize_t call_hex(struct call *c, int i)
{
	char *s = c->argv[i];
	size_t len = strlen(s), k;

	for (k = 0; k + 1 < len; k += 2) {
		int high = hex_digit(s[k]), low = hex_digit(s[k + 1]);

		if (high < 0 || low < 0)
			break;
		s[k / 2] = high << 4 | low;
	}
	if (k == len)
		return len / 2;
	call_fail(c, "not pairs of hex digits");
	return -1;
}
