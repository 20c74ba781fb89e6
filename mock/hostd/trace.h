/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Trace of every message as JSON lines. See trace.c for the format.
 */
#ifndef HOSTD_TRACE_H
#define HOSTD_TRACE_H

#include "message_table.h"

#include <stdint.h>
#include <stdio.h>

/* Channel numbers as in host.h: adapters from 0, -1 for the global one. */
#define TRACE_NO_CHANNEL	(-2)

/**
 * struct trace_packet - one message on its way
 * @channel: channel it travels on
 * @trans_id: transaction id, 0 for none
 * @wants_reply: completion requested
 * @payload: packet payload
 * @len: bytes of @payload
 * @note: what a fault did to it, or NULL
 */
struct trace_packet {
	int channel;
	uint64_t trans_id;
	bool wants_reply;
	const void *payload;
	size_t len;
	const char *note;
};

struct trace;

struct trace *trace_open(FILE *out);
void trace_close(struct trace *trace);
void trace_request(struct trace *trace, const struct trace_packet *pkt,
		   bool extended);
void trace_reply(struct trace *trace, const struct trace_packet *pkt,
		 uint32_t command, bool extended);
void trace_event(struct trace *trace, const struct trace_packet *pkt);
void trace_note(struct trace *trace, int channel, const char *what,
		const char *detail);

void json_string(FILE *out, const char *s);
void json_hex(FILE *out, const void *buf, size_t len);

#endif /* HOSTD_TRACE_H */
