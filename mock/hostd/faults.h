/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deliberate misbehaviour of replies: held, dropped, late, altered, doubled.
 *
 * The engine's reply comes in, zero or more packets go out, now or later. A
 * rule names a command, what to do and how many replies it applies to. All
 * rules of a command that are still armed apply to a reply, in the order in
 * which they were made; the first of hold, drop and delay decides its route.
 */
#ifndef HOSTD_FAULTS_H
#define HOSTD_FAULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAULT_ANY_COMMAND	UINT32_MAX
#define FAULT_FOR_EVER		UINT32_MAX
#define FAULT_PATCH_BYTES	64u

/**
 * enum fault_kind - what happens to a reply
 * @FAULT_HOLD: kept until released
 * @FAULT_DROP: never sent
 * @FAULT_DELAY: sent @value milliseconds later
 * @FAULT_STATUS: NTSTATUS replaced by @value, if the reply has one
 * @FAULT_ZERO: every byte 0
 * @FAULT_SHORT: cut to @value bytes
 * @FAULT_LONG: extended to @value bytes of 0xa5
 * @FAULT_FIELD: bytes at @value replaced by @patch
 * @FAULT_ADD: the 32- or 64-bit number at @value gets @patch added
 * @FAULT_TWICE: sent twice
 */
enum fault_kind {
	FAULT_HOLD,
	FAULT_DROP,
	FAULT_DELAY,
	FAULT_STATUS,
	FAULT_ZERO,
	FAULT_SHORT,
	FAULT_LONG,
	FAULT_FIELD,
	FAULT_ADD,
	FAULT_TWICE,
};

/**
 * struct fault_rule - one rule
 * @kind: what
 * @command: which replies; FAULT_ANY_COMMAND for all
 * @count: how many more, or FAULT_FOR_EVER
 * @value: milliseconds, status, size or offset, see enum fault_kind
 * @patch_len: bytes of @patch; 4 or 8 for FAULT_ADD
 * @patch: for FAULT_FIELD and FAULT_ADD
 */
struct fault_rule {
	enum fault_kind kind;
	uint32_t command;
	uint32_t count;
	uint32_t value;
	uint32_t patch_len;
	uint8_t patch[FAULT_PATCH_BYTES];
};

/**
 * struct reply - a reply on its way
 * @channel: where to
 * @trans_id: which request
 * @command: number of the command it answers
 * @len: bytes of @data
 * @data: payload
 */
struct reply {
	int channel;
	uint64_t trans_id;
	uint32_t command;
	size_t len;
	const uint8_t *data;
};

/**
 * typedef reply_sink - where replies go
 * @ctx: context given to faults_create()
 * @reply: valid during the call
 * @note: what happened to it, or NULL
 * @sent: false for a reply that is only reported: held,
 *	delayed or dropped
 *
 * Called from any thread, without the lock of this file.
 */
typedef void reply_sink(void *ctx, const struct reply *reply, const char *note,
			bool sent);

struct faults;

struct faults *faults_create(reply_sink *sink, void *ctx);
void faults_destroy(struct faults *faults);
int faults_add(struct faults *faults, const struct fault_rule *rule);
void faults_reply(struct faults *faults, const struct reply *reply,
		  int status_offset, const struct fault_rule *extra);
unsigned int faults_held(struct faults *faults, uint32_t command);
unsigned int faults_release(struct faults *faults, uint32_t command);
void faults_clear(struct faults *faults);
void faults_channel_closed(struct faults *faults, int channel);

#endif /* HOSTD_FAULTS_H */
