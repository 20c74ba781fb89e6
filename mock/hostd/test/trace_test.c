// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the trace and of the message tables on golden payloads.
 *
 * The payloads are written down byte by byte, independent of the protocol
 * header; what must come out was worked out by hand from the layout tables.
 */
#include "trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One traced line, without the time. */
static char *line;
static size_t line_size;

static struct trace *start(void)
{
	FILE *out = open_memstream(&line, &line_size);
	struct trace *trace;

	assert_non_null(out);
	trace = trace_open(out);
	assert_non_null(trace);
	return trace;
}

static const char *finish(struct trace *trace)
{
	const char *comma;

	trace_close(trace);
	assert_int_equal(strncmp(line, "{\"t_ns\":", 8), 0);
	assert_int_equal(line[line_size - 1], '\n');
	assert_null(memchr(line, '\n', line_size - 1));
	line[line_size - 1] = '\0';
	comma = strchr(line, ',');
	assert_non_null(comma);
	return comma + 1;
}

/* What a line must be: pieces that a comma joins, ' standing for ". */
#define JSON(...) ((const char * const []) { __VA_ARGS__, NULL })

#define EXPECT(is, ...) expect(is, JSON(__VA_ARGS__))

static void expect(const char *is, const char * const *pieces)
{
	char wanted[2048] = "";
	char *p;

	for (; *pieces; pieces++) {
		if (*wanted)
			strcat(wanted, ",");
		assert_true(strlen(wanted) + strlen(*pieces) + 2 <
			    sizeof(wanted));
		strcat(wanted, *pieces);
	}
	for (p = wanted; *p; p++)
		if (*p == '\'')
			*p = '"';
	assert_string_equal(is, wanted);
}

static int forget_line(void **state)
{
	(void)state;
	free(line);
	line = NULL;
	return 0;
}

static void do_check_request(const void *payload, size_t len, int channel,
			     uint64_t id, bool wants_reply, bool extended,
			     const char * const *expected)
{
	struct trace *trace = start();
	struct trace_packet pkt = {
		.channel = channel,
		.trans_id = id,
		.wants_reply = wants_reply,
		.payload = payload,
		.len = len,
	};

	trace_request(trace, &pkt, extended);
	expect(finish(trace), expected);
}

static void do_check_reply(const void *payload, size_t len, uint32_t command,
			   bool extended, const char * const *expected)
{
	struct trace *trace = start();
	struct trace_packet pkt = {
		.channel = 0,
		.trans_id = 9,
		.payload = payload,
		.len = len,
	};

	trace_reply(trace, &pkt, command, extended);
	expect(finish(trace), expected);
}

#define check_request(payload, len, channel, id, wants_reply, extended, ...) \
	do_check_request(payload, len, channel, id, wants_reply, extended, \
			 JSON(__VA_ARGS__))
#define check_reply(payload, len, command, extended, ...) \
	do_check_reply(payload, len, command, extended, JSON(__VA_ARGS__))

static void test_setiospaceregion(void **state)
{
	static const uint8_t payload[] = {
		0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0,
		0xf2, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xe0, 0, 0, 0, 0,
		0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	};

	(void)state;
	check_request(payload, sizeof(payload), -1, 1, true, true,
		      "'dir':'to_host','kind':'request'",
		      "'chan':'global','cmd':'SETIOSPACEREGION'",
		      "'id':1,'process':'0x0'",
		      "'luid':'00000000:00000000','len':64",
		      "'args':{'start':3758096384,'length':536870912",
		      "'shared_page_gpadl':0}}");
}

static const uint8_t openadapter[] = {
	0x10, 0, 0, 0, 0, 0, 0, 0, 0x45, 0x23, 1, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0x0e, 0, 0, 0, 0, 0, 0, 0, 0x28, 0, 0, 0, 0x10, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
};

static void test_openadapter(void **state)
{
	(void)state;
	check_request(openadapter, sizeof(openadapter), 0, 1, true, true,
		      "'dir':'to_host','kind':'request','chan':0",
		      "'cmd':'OPENADAPTER','id':1,'process':'0x0'",
		      "'luid':'00000000:00012345','len':56",
		      "'args':{'vmbus_interface_version':40",
		      "'vmbus_last_compatible_interface_version':16",
		      "'guest_adapter_luid':'00000000:00000000'}}");
}

static void test_no_ext_header(void **state)
{
	(void)state;
	check_request(openadapter + 16, sizeof(openadapter) - 16, 2, 1, true,
		      false,
		      "'dir':'to_host','kind':'request','chan':2",
		      "'cmd':'OPENADAPTER','id':1,'process':'0x0'",
		      "'len':40,'args':{'vmbus_interface_version':40",
		      "'vmbus_last_compatible_interface_version':16",
		      "'guest_adapter_luid':'00000000:00000000'}}");
}

static void test_short_request(void **state)
{
	(void)state;
	check_request(openadapter, 48, 0, 1, true, true,
		      "'dir':'to_host','kind':'request','chan':0",
		      "'cmd':'OPENADAPTER','id':1,'process':'0x0'",
		      "'luid':'00000000:00012345','len':48",
		      "'args':{'vmbus_interface_version':40",
		      "'vmbus_last_compatible_interface_version':16}",
		      "'short':true}");
}

static void test_bad_header(void **state)
{
	static const uint8_t far_away[] = {
		0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0,
	};

	(void)state;
	check_request(openadapter, 8, 0, 5, true, true,
		      "'dir':'to_host','kind':'request','chan':0",
		      "'id':5,'len':8,'tail':'1000000000000000'",
		      "'tail_len':8,'note':'bad header'}");
	forget_line(NULL);
	check_request(far_away, sizeof(far_away), 0, 5, false, true,
		      "'dir':'to_host','kind':'async','chan':0",
		      "'id':5,'len':24",
		      "'tail':'ffffffff0000000000000000000000000000000000000000'",
		      "'tail_len':24",
		      "'note':'bad header'}");
	forget_line(NULL);
	check_request(NULL, 0, 0, 5, true, false,
		      "'dir':'to_host','kind':'request','chan':0",
		      "'id':5,'len':0,'note':'bad header'}");
}

static void test_unknown_command(void **state)
{
	static const uint8_t payload[] = {
		0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0x40, 0, 0, 0, 0,
		0x67, 0x45, 0, 0, 0, 0, 0, 0,
	};

	(void)state;
	check_request(payload, sizeof(payload), 0, 1, true, false,
		      "'dir':'to_host','kind':'request','chan':0",
		      "'cmd':17767,'id':1,'process':'0x40000040'",
		      "'len':24",
		      "'tail':'000000000000000040000040000000006745000000000000'",
		      "'tail_len':24}");
}

/* One object, one context, value 7: fixed part and a variable one. */
static void test_signal_async(void **state)
{
	static const uint8_t payload[] = {
		0x10, 0, 0, 0, 0, 0, 0, 0, 0x45, 0x23, 1, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0x40, 0, 1, 0, 0,
		0x1a, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
		1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0x40, 0xc0, 0, 0, 0x40,
		7, 0, 0, 0, 0, 0, 0, 0,
	};

	(void)state;
	check_request(payload, sizeof(payload), -1, 0, false, true,
		      "'dir':'to_host','kind':'async'",
		      "'chan':'global','cmd':'SIGNALSYNCOBJECT'",
		      "'id':0,'process':'0x40000040'",
		      "'luid':'00000000:00012345','len':88",
		      "'args':{'object_count':1,'flags':'0x0'",
		      "'context_count':1,'fence_value':0",
		      "'cpu_event_handle':0,'device':'0x0'}",
		      "'tail':'00010040c00000400700000000000000'",
		      "'tail_len':16}");
}

static void test_createprocess(void **state)
{
	uint8_t payload[568] = { 0 };
	static const char name[] = "vk\"cube";
	size_t i;

	(void)state;
	payload[12] = 1;
	payload[16] = 0xe8;
	payload[17] = 0x03;
	for (i = 0; i < 8; i++)
		payload[24 + i] = 0x88 - 0x11 * i;
	payload[32] = 0x92;
	payload[33] = 0x10;
	for (i = 0; name[i]; i++)
		payload[40 + 2 * i] = name[i];
	payload[562] = 8;
	check_request(payload, sizeof(payload), -1, 2, true, false,
		      "'dir':'to_host','kind':'request'",
		      "'chan':'global','cmd':'CREATEPROCESS','id':2",
		      "'process':'0x0','len':568",
		      "'args':{'process':'0x1122334455667788'",
		      "'process_id':4242",
		      "'process_name':'vk\\u0022cube'",
		      "'csrss_process':0,'dwm_process':0",
		      "'wow64_process':0,'linux_process':1}}");
}

/* A union: only the alternative that the type names is written. */
static void test_createsyncobject(void **state)
{
	uint8_t payload[128] = { 0 };

	(void)state;
	payload[16] = 8;
	payload[24] = 0x80;
	payload[27] = 0x40;
	payload[32] = 5;
	payload[36] = 0x81;
	payload[40] = 0x2a;
	payload[120] = 1;
	check_request(payload, sizeof(payload), 0, 4, true, false,
		      "'dir':'to_host','kind':'request','chan':0",
		      "'cmd':'CREATESYNCOBJECT','id':4",
		      "'process':'0x0','len':128",
		      "'args':{'device':'0x40000080'",
		      "'info.type':'D3DDDI_MONITORED_FENCE'",
		      "'info.flags':'0x81','info.flags.shared':1",
		      "'info.flags.no_gpu_access':1",
		      "'info.monitored_fence.initial_fence_value':42",
		      "'info.monitored_fence.fence_cpu_virtual_address':'0x0'",
		      "'info.monitored_fence.fence_gpu_virtual_address':'0x0'",
		      "'info.monitored_fence.engine_affinity':0",
		      "'info.shared_handle':'0x0'",
		      "'sync_object':'0x0','client_hint':1}}");
}

static void test_status_reply(void **state)
{
	static const uint8_t ok[8] = { 0 };
	static const uint8_t bad[8] = { 0x0d, 0, 0, 0xc0 };
	static const uint8_t odd[8] = { 0x34, 0x12, 0, 0xc0 };

	(void)state;
	check_reply(ok, sizeof(ok), 1, true,
		    "'dir':'to_guest','kind':'reply','chan':0",
		    "'cmd':'DESTROYDEVICE','id':9,'len':8",
		    "'status':'STATUS_SUCCESS'}");
	forget_line(NULL);
	check_reply(bad, sizeof(bad), 1, true,
		    "'dir':'to_guest','kind':'reply','chan':0",
		    "'cmd':'DESTROYDEVICE','id':9,'len':8",
		    "'status':'STATUS_INVALID_PARAMETER'}");
	forget_line(NULL);
	check_reply(odd, sizeof(odd), 1, true,
		    "'dir':'to_guest','kind':'reply','chan':0",
		    "'cmd':'DESTROYDEVICE','id':9,'len':8",
		    "'status':'0xc0001234'}");
	forget_line(NULL);
	check_reply(NULL, 0, 1, true,
		    "'dir':'to_guest','kind':'reply','chan':0",
		    "'cmd':'DESTROYDEVICE','id':9,'len':0}");
}

static void test_handle_reply(void **state)
{
	static const uint8_t reply[8] = { 0x80, 0, 0, 0x40 };

	(void)state;
	check_reply(reply, sizeof(reply), 1004, true,
		    "'dir':'to_guest','kind':'reply','chan':0",
		    "'cmd':'CREATENTSHAREDOBJECT','id':9,'len':8",
		    "'args':{'handle':'0x40000080'}}");
}

static void test_struct_reply(void **state)
{
	static const uint8_t reply[24] = {
		[0] = 5, [8] = 0, [16] = 0x03, [17] = 0x01,
	};

	(void)state;
	check_reply(reply, sizeof(reply), 11, true,
		    "'dir':'to_guest','kind':'reply','chan':0",
		    "'cmd':'MAKERESIDENT','id':9,'len':24",
		    "'status':'STATUS_PENDING'",
		    "'args':{'paging_fence_value':5",
		    "'num_bytes_to_trim':0,'status':'STATUS_PENDING'}}");
}

/* Status first from version 40 on, bare data before. */
static void test_queryadapterinfo_reply(void **state)
{
	static const uint8_t reply[8] = { 0, 0, 0, 0, 0xa5 };

	(void)state;
	check_reply(reply, sizeof(reply), 2, true,
		    "'dir':'to_guest','kind':'reply','chan':0",
		    "'cmd':'QUERYADAPTERINFO','id':9,'len':8",
		    "'status':'STATUS_SUCCESS'",
		    "'args':{'status':'STATUS_SUCCESS'}",
		    "'tail':'a5000000','tail_len':4}");
	forget_line(NULL);
	check_reply(reply, sizeof(reply), 2, false,
		    "'dir':'to_guest','kind':'reply','chan':0",
		    "'cmd':'QUERYADAPTERINFO','id':9,'len':8",
		    "'tail':'00000000a5000000','tail_len':8}");
}

static void test_long_tail(void **state)
{
	uint8_t reply[1000];
	const char *s;
	struct trace *trace;
	struct trace_packet pkt = { .payload = reply, .len = sizeof(reply) };

	(void)state;
	memset(reply, 0x5a, sizeof(reply));
	trace = start();
	trace_reply(trace, &pkt, 13, true);
	s = finish(trace);
	assert_non_null(strstr(s, "\"tail_len\":1000}"));
	assert_true(strlen(s) < 700);
}

static void test_event(void **state)
{
	static const uint8_t payload[48] = { [12] = 2, [24] = 2 };
	struct trace *trace = start();
	struct trace_packet pkt = {
		.channel = -1,
		.payload = payload,
		.len = sizeof(payload),
		.note = "held",
	};

	(void)state;
	trace_event(trace, &pkt);
	EXPECT(finish(trace),
	       "'dir':'to_guest','kind':'event'",
	       "'chan':'global','len':48",
	       "'cmd':'SIGNALGUESTEVENT','process':'0x0'",
	       "'args':{'event':2,'process_id':0",
	       "'dereference_event':0},'note':'held'}");
}

static void test_note(void **state)
{
	struct trace *trace = start();

	(void)state;
	trace_note(trace, 3, "open", "a \"quoted\"\nline");
	EXPECT(finish(trace),
	       "'kind':'note','chan':3,'what':'open'",
	       "'note':'a \\'quoted\\'\\u000aline'}");
}

static void test_no_trace(void **state)
{
	struct trace_packet pkt = { .payload = openadapter, .len = 8 };

	(void)state;
	trace_request(NULL, &pkt, true);
	trace_reply(NULL, &pkt, 1, true);
	trace_event(NULL, &pkt);
	trace_note(NULL, 0, "open", NULL);
	trace_close(NULL);
}

/* Every entry of the table on zeros of every length: no read out of bounds. */
static void test_all_lengths(void **state)
{
	size_t i, len;

	(void)state;
	for (i = 0; i < message_table_size; i++) {
		const struct message *m = &message_table[i];
		struct trace *trace = start();

		for (len = 0; len <= 920; len += 8) {
			uint8_t *p = calloc(1, len + 1);
			struct trace_packet pkt = { .payload = p, .len = len };

			if (len >= 24) {
				p[12] = m->direction;
				memcpy(p + 16, &m->number, 4);
			}
			trace_request(trace, &pkt, false);
			trace_reply(trace, &pkt, m->number, true);
			trace_event(trace, &pkt);
			free(p);
		}
		trace_close(trace);
		forget_line(NULL);
	}
}

static void test_tables(void **state)
{
	size_t i, k;

	(void)state;
	assert_true(message_table_size > 80);
	for (i = 0; i < message_table_size; i++) {
		const struct message *m = &message_table[i];

		assert_ptr_equal(message_by_name(m->name), m);
		assert_ptr_equal(message_find(m->direction, m->number), m);
		for (k = 0; m->request && k < m->request->count; k++) {
			const struct message_field *f = &m->request->fields[k];

			assert_true(f->offset >= 24);
			assert_true(f->offset + f->size <= m->request->size);
		}
	}
	assert_null(message_by_name("NOTHING"));
	assert_ptr_equal(message_by_name("createdevice"),
			 message_find(DXGKVMB_VGPU_TO_HOST, 0));
	assert_ptr_equal(message_request(1000),
			 message_by_name("CREATEPROCESS"));
	assert_int_equal(message_status_offset(message_by_name("OPENADAPTER"),
					       true), 4);
	assert_int_equal(message_status_offset(message_by_name("CREATEDEVICE"),
					       true), -1);
	assert_int_equal(message_status_offset(NULL, true), -1);
}

#define TEST(name) cmocka_unit_test_teardown(name, forget_line)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_setiospaceregion),
		TEST(test_openadapter),
		TEST(test_no_ext_header),
		TEST(test_short_request),
		TEST(test_bad_header),
		TEST(test_unknown_command),
		TEST(test_signal_async),
		TEST(test_createprocess),
		TEST(test_createsyncobject),
		TEST(test_status_reply),
		TEST(test_handle_reply),
		TEST(test_struct_reply),
		TEST(test_queryadapterinfo_reply),
		TEST(test_long_tail),
		TEST(test_event),
		TEST(test_note),
		TEST(test_no_trace),
		TEST(test_all_lengths),
		TEST(test_tables),
	};

	return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
