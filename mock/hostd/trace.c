// SPDX-License-Identifier: GPL-2.0
/*
 * Trace of every message as JSON lines.
 *
 * One line per message, in the order in which the transport handled them:
 *   t_ns     CLOCK_MONOTONIC, nanoseconds
 *   dir      "to_host" or "to_guest"
 *   kind     "request", "async", "reply", "event" or "note"
 *   chan     "global" or the adapter's index
 *   cmd      command name, or the number when it has none
 *   id       transaction id (requests and replies)
 *   process  host handle of the guest process (requests, events)
 *   luid     vGPU LUID of the extended header, high:low (requests)
 *   len      payload bytes; those of requests include the padding to 8
 *   status   NTSTATUS of a reply that has one
 *   args     fixed fields, from the message tables
 *   tail     variable part, hex, at most TAIL_SHOWN bytes; tail_len tells all
 *   note     what a fault did to it
 *   short    true when the payload ends before the fixed part does
 * Nothing here changes a message or fails one. One stdio lock, held per line.
 */
#include "trace.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TAIL_SHOWN	256u
#define TEXT_SHOWN	260u

/**
 * struct trace - an open trace
 * @out: line buffered stream, owned by the trace
 */
struct trace {
	FILE *out;
};

/**
 * json_string() - write a string with JSON quoting
 * @out: stream
 * @s: bytes; those outside printable ASCII are escaped
 */
void json_string(FILE *out, const char *s)
{
	putc('"', out);
	for (; *s; s++) {
		unsigned char c = *s;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c > 0x7e)
			fprintf(out, "\\u%04x", c);
		else
			putc(c, out);
	}
	putc('"', out);
}

/**
 * json_hex() - write bytes as one JSON string of hex digits
 * @out: stream
 * @buf: bytes
 * @len: how many
 */
void json_hex(FILE *out, const void *buf, size_t len)
{
	const uint8_t *p = buf;
	size_t i;

	putc('"', out);
	for (i = 0; i < len; i++)
		fprintf(out, "%02x", p[i]);
	putc('"', out);
}

static uint64_t load_le(const uint8_t *p, size_t size)
{
	uint64_t v = 0;

	while (size--)
		v = v << 8 | p[size];
	return v;
}

static uint64_t field_value(const struct message_field *f, const uint8_t *body)
{
	uint64_t v = load_le(body + f->offset, f->size <= 8 ? f->size : 8);

	if (!f->bits)
		return v;
	v >>= f->bit;
	return f->bits < 64 ? v & ((UINT64_C(1) << f->bits) - 1) : v;
}

/* Does the field mean anything in this message? */
static bool selected(const struct message_select *s, const uint8_t *body,
		     size_t len)
{
	uint32_t v;

	if (s->offset < 0)
		return true;
	if (len < 4 || (size_t)s->offset > len - 4)
		return false;
	v = load_le(body + s->offset, 4) >> s->bit;
	if (s->bits && s->bits < 32)
		v &= (1u << s->bits) - 1;
	return v == s->value;
}

static void write_text16(FILE *out, const uint8_t *p, size_t bytes)
{
	size_t i;

	putc('"', out);
	for (i = 0; i + 1 < bytes && i < 2 * TEXT_SHOWN; i += 2) {
		unsigned int c = load_le(p + i, 2);

		if (!c)
			break;
		if (c < 0x20 || c > 0x7e || c == '"' || c == '\\')
			fprintf(out, "\\u%04x", c);
		else
			putc(c, out);
	}
	putc('"', out);
}

static void write_status(FILE *out, uint32_t status)
{
	const char *name = message_status_name(status);

	if (name)
		json_string(out, name);
	else
		fprintf(out, "\"0x%08" PRIx32 "\"", status);
}

static void write_enum(FILE *out, const struct message_names *names, uint64_t v)
{
	size_t i;

	for (i = 0; i < names->count; i++) {
		if (names->values[i].value == v) {
			json_string(out, names->values[i].name);
			return;
		}
	}
	fprintf(out, "%" PRIu64, v);
}

static void write_int(FILE *out, const struct message_field *f, uint64_t v)
{
	unsigned int shift = 64 - 8 * f->size;

	fprintf(out, "%" PRId64, (int64_t)(v << shift) >> shift);
}

static void write_field(FILE *out, const struct message_field *f,
			const uint8_t *body, uint64_t v)
{
	const uint8_t *p = body + f->offset;

	switch (f->kind) {
	case FIELD_UINT:
	case FIELD_BITS:
		fprintf(out, "%" PRIu64, v);
		break;
	case FIELD_INT:
		write_int(out, f, v);
		break;
	case FIELD_HEX:
	case FIELD_HANDLE:
		fprintf(out, "\"0x%" PRIx64 "\"", v);
		break;
	case FIELD_STATUS:
		write_status(out, v);
		break;
	case FIELD_LUID:
		fprintf(out, "\"%08" PRIx64 ":%08" PRIx64 "\"",
			load_le(p + 4, 4), load_le(p, 4));
		break;
	case FIELD_ENUM:
		write_enum(out, f->names, v);
		break;
	case FIELD_TEXT16:
		write_text16(out, p, f->size);
		break;
	case FIELD_BYTES:
		json_hex(out, p, f->size);
		break;
	}
}

static void write_args(FILE *out, const struct message_layout *layout,
		       const uint8_t *body, size_t len)
{
	bool first = true, cut = false;
	size_t i;

	fputs(",\"args\":{", out);
	for (i = 0; i < layout->count; i++) {
		const struct message_field *f = &layout->fields[i];
		uint64_t v;

		if ((size_t)f->offset + f->size > len) {
			cut = true;
			continue;
		}
		if (!selected(&f->select, body, len))
			continue;
		v = field_value(f, body);
		if (f->kind == FIELD_BITS && !v)
			continue;
		fprintf(out, "%s\"%s\":", first ? "" : ",", f->name);
		write_field(out, f, body, v);
		first = false;
	}
	putc('}', out);
	if (cut)
		fputs(",\"short\":true", out);
}

static void write_tail(FILE *out, const uint8_t *body, size_t from, size_t len)
{
	size_t n;

	if (from >= len)
		return;
	n = len - from;
	fputs(",\"tail\":", out);
	json_hex(out, body + from, n < TAIL_SHOWN ? n : TAIL_SHOWN);
	fprintf(out, ",\"tail_len\":%zu", n);
}

static void write_layout(FILE *out, const struct message_layout *layout,
			 const uint8_t *body, size_t len)
{
	if (!layout) {
		write_tail(out, body, 0, len);
		return;
	}
	write_args(out, layout, body, len);
	if (layout->tail)
		write_tail(out, body, layout->tail, len);
}

/* Lock the stream and write what all lines begin with. */
static void begin(FILE *out, const char *dir, const char *kind, int channel)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	flockfile(out);
	fprintf(out, "{\"t_ns\":%lld%09ld", (long long)ts.tv_sec, ts.tv_nsec);
	if (dir)
		fprintf(out, ",\"dir\":\"%s\"", dir);
	fprintf(out, ",\"kind\":\"%s\"", kind);
	if (channel == -1)
		fputs(",\"chan\":\"global\"", out);
	else if (channel >= 0)
		fprintf(out, ",\"chan\":%d", channel);
}

static void end(FILE *out, const char *note)
{
	if (note) {
		fputs(",\"note\":", out);
		json_string(out, note);
	}
	fputs("}\n", out);
	funlockfile(out);
}

static void write_command(FILE *out, const struct message *m, uint32_t number)
{
	fputs(",\"cmd\":", out);
	if (m)
		json_string(out, m->name);
	else
		fprintf(out, "%" PRIu32, number);
}

/**
 * trace_open() - start a trace
 * @out: stream; the trace closes it
 *
 * Return: trace, or NULL when out of memory. Every trace_* function takes NULL
 * for "no trace".
 */
struct trace *trace_open(FILE *out)
{
	struct trace *trace = malloc(sizeof(*trace));

	if (!trace)
		return NULL;
	trace->out = out;
	setvbuf(out, NULL, _IOLBF, 1 << 16);
	return trace;
}

/**
 * trace_close() - finish a trace
 * @trace: no other thread uses it any more
 */
void trace_close(struct trace *trace)
{
	if (!trace)
		return;
	fclose(trace->out);
	free(trace);
}

/**
 * trace_request() - guest-to-host message
 * @trace: trace or NULL
 * @pkt: the packet
 * @extended: extended headers are in use
 */
void trace_request(struct trace *trace, const struct trace_packet *pkt,
		   bool extended)
{
	struct message_head head;
	const struct message *m;
	FILE *out;
	bool sane;

	if (!trace)
		return;
	out = trace->out;
	sane = message_parse(pkt->payload, pkt->len, extended, &head);
	begin(out, "to_host", pkt->wants_reply ? "request" : "async",
	      pkt->channel);
	if (!sane) {
		fprintf(out, ",\"id\":%" PRIu64 ",\"len\":%zu", pkt->trans_id,
			pkt->len);
		write_tail(out, pkt->payload, 0, pkt->len);
		end(out, "bad header");
		return;
	}
	m = message_find(head.channel_type, head.command);
	write_command(out, m, head.command);
	fprintf(out, ",\"id\":%" PRIu64 ",\"process\":\"0x%" PRIx32 "\"",
		pkt->trans_id, head.process);
	if (head.extended)
		fprintf(out, ",\"luid\":\"%08" PRIx32 ":%08" PRIx32 "\"",
			head.luid[1], head.luid[0]);
	fprintf(out, ",\"len\":%zu", pkt->len);
	write_layout(out, m ? m->request : NULL, head.body, head.len);
	end(out, pkt->note);
}

/**
 * trace_reply() - completion
 * @trace: trace or NULL
 * @pkt: the packet; replies have no headers
 * @command: number of the command it answers
 * @extended: extended headers are in use; older replies of QUERYADAPTERINFO
 *	have no status
 */
void trace_reply(struct trace *trace, const struct trace_packet *pkt,
		 uint32_t command, bool extended)
{
	const struct message *m = message_request(command);
	const uint8_t *body = pkt->payload;
	int status;
	FILE *out;

	if (!trace)
		return;
	out = trace->out;
	begin(out, "to_guest", "reply", pkt->channel);
	write_command(out, m, command);
	fprintf(out, ",\"id\":%" PRIu64 ",\"len\":%zu", pkt->trans_id, pkt->len);
	status = message_status_offset(m, extended);
	if (status >= 0 && (size_t)status + 4 <= pkt->len) {
		fputs(",\"status\":", out);
		write_status(out, load_le(body + status, 4));
	}
	if (!m || m->form == REPLY_RAW || (m->form == REPLY_STRUCT &&
					   m->status_offset >= 0 && status < 0))
		write_tail(out, body, 0, pkt->len);
	else if (m->form == REPLY_STRUCT)
		write_layout(out, m->reply, body, pkt->len);
	else if (m->form == REPLY_HANDLE && pkt->len >= 4)
		fprintf(out, ",\"args\":{\"handle\":\"0x%" PRIx64 "\"}",
			load_le(body, 4));
	end(out, pkt->note);
}

/**
 * trace_event() - host-to-guest message
 * @trace: trace or NULL
 * @pkt: the packet; no extended header
 */
void trace_event(struct trace *trace, const struct trace_packet *pkt)
{
	struct message_head head;
	const struct message *m = NULL;
	FILE *out;

	if (!trace)
		return;
	out = trace->out;
	begin(out, "to_guest", "event", pkt->channel);
	fprintf(out, ",\"len\":%zu", pkt->len);
	if (message_parse(pkt->payload, pkt->len, false, &head)) {
		m = message_find(head.channel_type, head.command);
		write_command(out, m, head.command);
		fprintf(out, ",\"process\":\"0x%" PRIx32 "\"", head.process);
		write_layout(out, m ? m->request : NULL, head.body, head.len);
	} else {
		write_tail(out, pkt->payload, 0, pkt->len);
	}
	end(out, pkt->note);
}

/**
 * trace_note() - something that is no message
 * @trace: trace or NULL
 * @channel: channel it concerns, or TRACE_NO_CHANNEL
 * @what: one word: "open", "close", "rescind", ...
 * @detail: text, or NULL
 */
void trace_note(struct trace *trace, int channel, const char *what,
		const char *detail)
{
	if (!trace)
		return;
	begin(trace->out, NULL, "note", channel);
	fputs(",\"what\":", trace->out);
	json_string(trace->out, what);
	end(trace->out, detail);
}
