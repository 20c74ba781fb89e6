/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One control command being executed: its words, its one answer. Whatever finds
 * a word wrong gives the answer itself and says so by its result.
 */
#ifndef HOSTD_CONTROL_CALL_H
#define HOSTD_CONTROL_CALL_H

#include "relay.h"

#include <stdio.h>
#include <sys/types.h>

#define CALL_WORDS	8

/**
 * struct call - one command being executed
 * @relay: what it works on
 * @argc: words, the command's own included
 * @argv: words
 * @out: where the answer goes
 * @rule: for commands that arm a reply fault: which kind
 */
struct call {
	struct relay *relay;
	int argc;
	char *argv[CALL_WORDS];
	FILE *out;
	enum fault_kind rule;
};

void call_fail(struct call *c, const char *error);
void call_done(struct call *c, int err);
bool call_number(struct call *c, int i, uint32_t fallback, uint32_t *v);
bool call_u64(struct call *c, int i, uint64_t *v);
bool call_channel(struct call *c, int i, int *channel);
const struct message *call_message(struct call *c, int i);
bool call_command(struct call *c, int i, uint32_t *command);
ssize_t call_hex(struct call *c, int i);

/* control_replies.c: commands about replies and packets out of nowhere. */

void cmd_hold(struct call *c);
void cmd_simple_rule(struct call *c);
void cmd_value_rule(struct call *c);
void cmd_status(struct call *c);
void cmd_field(struct call *c);
void cmd_add(struct call *c);
void cmd_release(struct call *c);
void cmd_clear(struct call *c);
void cmd_refuse(struct call *c);
void cmd_inject(struct call *c);
void cmd_inject_at(struct call *c);
void cmd_flood(struct call *c);
void cmd_complete(struct call *c);

#endif /* HOSTD_CONTROL_CALL_H */
