/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hostile host: what becomes of each reply is drawn by lot, the same lot
 * for the same seed. Replies too short, too long, twice, in another order; with
 * handles never issued, addresses outside the window, sizes and counts that
 * nobody asked for; and packets nobody waits for.
 *
 * Lots depend on the seed, the command and how often it was answered, not on
 * time or on the order of threads. No lock: the callers have the engine's.
 */
#ifndef HOSTD_HOSTILE_H
#define HOSTD_HOSTILE_H

#include "faults.h"

#define HOSTILE_COMMANDS	1024u
#define HOSTILE_STRAY_BYTES	64u

/**
 * struct hostile - the lots of one host
 * @seed: which ones
 * @answered: how often, by command number
 */
struct hostile {
	uint32_t seed;
	uint32_t answered[HOSTILE_COMMANDS];
};

/**
 * struct hostile_act - what is done about one reply
 * @alter: @rule applies to it
 * @rule: one more rule for faults_reply()
 * @stray: a packet comes before it
 * @in_band: of that packet: a message from the host, else a completion
 * @trans_id: of that packet
 * @len: bytes of @data
 * @data: its payload
 */
struct hostile_act {
	bool alter;
	struct fault_rule rule;
	bool stray;
	bool in_band;
	uint64_t trans_id;
	uint32_t len;
	uint8_t data[HOSTILE_STRAY_BYTES];
};

void hostile_choose(struct hostile *hostile, const struct reply *reply,
		    struct hostile_act *act);

#endif /* HOSTD_HOSTILE_H */
