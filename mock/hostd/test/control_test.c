// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the control commands that need no bus, and of the client functions.
 *
 * The relay is put together by hand: engine and faults without a bus. Replies
 * go to a sink that counts them.
 */
#include "control.h"
#include "ctl_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unistd.h>

struct fixture {
	struct relay relay;
	unsigned int sent;
	uint8_t last[16];
	char *answer;
};

static void op_complete(void *ctx, int channel, uint64_t trans_id,
			uint32_t command, const void *buf, size_t len)
{
	(void)ctx;
	(void)channel;
	(void)trans_id;
	(void)command;
	(void)buf;
	(void)len;
}

static void op_event(void *ctx, uint32_t command, const void *buf, size_t len)
{
	(void)ctx;
	(void)command;
	(void)buf;
	(void)len;
}

static const struct host_ops no_ops = {
	.complete = op_complete,
	.event = op_event,
};

static void sink(void *ctx, const struct reply *reply, const char *note,
		 bool sent)
{
	struct fixture *f = ctx;

	(void)note;
	f->sent += sent;
	memcpy(f->last, reply->data, reply->len < 16 ? reply->len : 16);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct relay *r;

	assert_non_null(f);
	r = &f->relay;
	r->config.adapter_count = 1;
	r->config.interface_version = 46;
	host_adapter_defaults(&r->config.adapters[0], 0, HOST_RENDER);
	r->host = host_create(&r->config, &no_ops, f);
	r->faults = faults_create(sink, f);
	r->seen = calloc(message_table_size, sizeof(*r->seen));
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->progress, NULL);
	assert_non_null(r->host);
	assert_non_null(r->faults);
	assert_non_null(r->seen);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	host_destroy(f->relay.host);
	faults_destroy(f->relay.faults);
	pthread_cond_destroy(&f->relay.progress);
	pthread_mutex_destroy(&f->relay.lock);
	free(f->relay.seen);
	free(f->answer);
	free(f);
	return 0;
}

static const char *run(struct fixture *f, const char *line)
{
	char copy[512];
	size_t size = 0;
	FILE *out;

	free(f->answer);
	f->answer = NULL;
	out = open_memstream(&f->answer, &size);
	assert_non_null(out);
	snprintf(copy, sizeof(copy), "%s", line);
	control_execute(&f->relay, copy, out);
	fclose(out);
	/* Exactly one line. */
	assert_true(size > 1);
	assert_ptr_equal(strchr(f->answer, '\n'), f->answer + size - 1);
	return f->answer;
}

static void expect_ok(struct fixture *f, const char *line)
{
	if (!ctl_ok(run(f, line)))
		fail_msg("%s: %s", line, f->answer);
}

static void expect_error(struct fixture *f, const char *line)
{
	if (ctl_ok(run(f, line)))
		fail_msg("%s: accepted", line);
}

static unsigned long long number(struct fixture *f, const char *line,
				 const char *key)
{
	unsigned long long v = 0;

	assert_true(ctl_number(run(f, line), key, &v));
	return v;
}

static void reply(struct fixture *f, uint32_t command)
{
	static const uint8_t data[16] = { 0 };
	struct reply r = { .command = command, .len = 16, .data = data };

	faults_reply(f->relay.faults, &r, 0, NULL);
}

static void test_simple(void **state)
{
	expect_ok(*state, "ping");
	expect_ok(*state, "  ping \r");
	expect_ok(*state, "help");
	expect_ok(*state, "clear");
	expect_ok(*state, "forget");
}

static void test_refused(void **state)
{
	static const char * const lines[] = {
		"", " ", "nothing", "ping 1", "hold", "hold NOTHING",
		"hold CREATEDEVICE x", "hold CREATEDEVICE -1",
		"hold CREATEDEVICE 0", "hold CREATEDEVICE 1 2",
		"hold CREATEDEVICE 4294967296", "hold SIGNALGUESTEVENT",
		"status CREATEDEVICE 5", "status DESTROYDEVICE",
		"field CREATEDEVICE 0 0", "field CREATEDEVICE 0 0g",
		"field CREATEDEVICE x 00", "long CREATEDEVICE 131073",
		"complete 1 2 00", "complete nowhere 2 00", "complete 0 x 00",
		"complete 0 1 0", "inject 123", "inject 9 12",
		"inject-at never 0 12", "inject-at open 9 12", "flood 0 x 12",
		"add LOCK2 0 4 x", "add LOCK2 0 3 1", "rescind-at any 0 0",
		"rescind-at NOTHING 1 0", "rescind-at CREATEDEVICE 0 0",
		"rescind-at CREATEDEVICE 1 9",
		"gpu dance 0", "gpu hang 9", "delays 9 1 1", "delays 0 1",
		"refuse all 0xc0000001", "refuse CREATEDEVICE 0",
		"count NOTHING", "count all", "a b c d e f g h i j k l", NULL,
	};
	size_t i;

	for (i = 0; lines[i]; i++)
		expect_error(*state, lines[i]);
}

static void test_hold(void **state)
{
	struct fixture *f = *state;

	expect_ok(f, "hold createdevice");
	reply(f, 0);
	reply(f, 0);
	reply(f, 1);
	assert_int_equal(f->sent, 1);
	assert_int_equal(number(f, "held CREATEDEVICE", "held"), 2);
	assert_int_equal(number(f, "held all", "held"), 2);
	expect_ok(f, "wait-held CREATEDEVICE 2 0");
	expect_error(f, "wait-held CREATEDEVICE 3 0");
	assert_int_equal(number(f, "release CREATEDEVICE", "released"), 2);
	assert_int_equal(f->sent, 3);
}

static void test_rules(void **state)
{
	struct fixture *f = *state;

	expect_ok(f, "status DESTROYDEVICE 0xC000000D");
	reply(f, 1);
	assert_memory_equal(f->last, "\x0d\0\0\xc0", 4);
	expect_ok(f, "field CREATEDEVICE 2 aBcD 1");
	reply(f, 0);
	assert_memory_equal(f->last, "\0\0\xab\xcd", 4);
	expect_ok(f, "drop all 2");
	reply(f, 0);
	reply(f, 1);
	assert_int_equal(f->sent, 2);
	expect_ok(f, "twice CREATEDEVICE");
	reply(f, 0);
	assert_int_equal(f->sent, 4);
}

static void test_counting(void **state)
{
	struct fixture *f = *state;
	const struct message *m = message_by_name("CREATEPROCESS");

	assert_int_equal(number(f, "count CREATEPROCESS", "count"), 0);
	expect_error(f, "wait CREATEPROCESS 1 0");
	f->relay.seen[m - message_table] = 3;
	assert_int_equal(number(f, "count createprocess", "count"), 3);
	expect_ok(f, "wait CREATEPROCESS 3 0");
	expect_ok(f, "mark");
	assert_int_equal(number(f, "count CREATEPROCESS", "count"), 0);
}

static void test_alive(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(number(f, "alive", "nothing_alive"), 1);
	assert_int_equal(number(f, "alive", "devices"), 0);
	expect_ok(f, "wait-idle 0");
}

static void test_engine(void **state)
{
	expect_ok(*state, "delays 0 1000 2000");
	expect_ok(*state, "gpu hang 0");
	expect_ok(*state, "gpu reset 0");
	expect_ok(*state, "refuse CREATEDEVICE 0xC0000017 1 2");
}

static void test_answers(void **state)
{
	unsigned long long v;

	(void)state;
	assert_true(ctl_ok("{\"ok\":true}"));
	assert_true(ctl_ok("{\"ok\":true,\"count\":1}"));
	assert_false(ctl_ok("{\"ok\":false,\"error\":\"x\"}"));
	assert_false(ctl_ok(NULL));
	assert_false(ctl_ok(""));
	assert_true(ctl_number("{\"ok\":true,\"n\":12}", "n", &v));
	assert_int_equal(v, 12);
	assert_true(ctl_number("{\"b\":false,\"n\":12}", "b", &v));
	assert_int_equal(v, 0);
	assert_false(ctl_number("{\"n\":\"x\"}", "n", &v));
	assert_false(ctl_number("{\"n\":1}", "m", &v));
	assert_false(ctl_number(NULL, "m", &v));
}

/* The socket itself: two clients, one of them waiting. */
static void test_socket(void **state)
{
	struct fixture *f = *state;
	char path[] = "/tmp/dxg-control-XXXXXX", *answer;
	struct control *control;
	int dir, first, second;

	dir = mkstemp(path);
	assert_true(dir >= 0);
	close(dir);
	control = control_start(path, &f->relay);
	assert_non_null(control);
	first = ctl_connect(path);
	second = ctl_connect(path);
	assert_true(first >= 0 && second >= 0);
	assert_int_equal(write(first, "wait CREATEDEVICE 1 3600\n", 25), 25);
	answer = ctl_commandf(second, "hold %s %d", "CREATEDEVICE", 1);
	assert_true(ctl_ok(answer));
	free(answer);
	answer = ctl_command(second, "nonsense");
	assert_false(ctl_ok(answer));
	assert_non_null(answer);
	free(answer);
	close(second);

	relay_leave(&f->relay);
	control_stop(control);
	assert_true(ctl_connect(path) < 0);
	close(first);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_simple),
		TEST(test_refused),
		TEST(test_hold),
		TEST(test_rules),
		TEST(test_counting),
		TEST(test_alive),
		TEST(test_engine),
		cmocka_unit_test(test_answers),
		TEST(test_socket),
	};

	return cmocka_run_group_tests_name("control", tests, NULL, NULL);
}
