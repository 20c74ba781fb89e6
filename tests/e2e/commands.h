/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A call for each message to the host, and what it should answer. Tests of a
 * failing or lying host repeat themselves over this table: a new message is
 * covered by its row.
 */
#ifndef E2E_COMMANDS_H
#define E2E_COMMANDS_H

#include <stddef.h>

#include "sequence.h"

/**
 * struct command - a message and the call that sends it
 * @name: of the message
 * @call: sends exactly one of it, in the state after set_up()
 * @reply: least bytes of the reply
 * @success: result of @call when the host does as it is told
 * @zero: result if the reply is all zero
 * @kind: what the host's refusal means
 */
struct command {
	const char *name;
	int (*call)(struct sequence *s);
	unsigned int reply;
	int success;
	int zero;
	enum {
		BY_STATUS,	/* the reply carries a status */
		BY_ZERO,	/* the reply has a handle and nothing else */
		NEVER,		/* no way to refuse */
		DESTROYS,	/* by status, but the object is gone */
		DESTROYS_ALWAYS, /* the status is ignored */
		SILENT,		/* nobody waits for the reply */
	} kind;
};

/* Room for all rows, for tables made of them. */
#define COMMANDS_MAX	96u

extern const struct command commands[];
extern const size_t command_count;

void commands_set_up(struct sequence *s, const struct command *command);
void commands_share_fence(struct sequence *s);
const struct command *command_by_name(const char *name);

#endif /* E2E_COMMANDS_H */
