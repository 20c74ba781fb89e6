// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of faults.c: what comes out for a reply that goes in.
 */
#include "faults.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>

#define COMMAND		7u
#define OTHER		8u
#define MOST_SENT	16u

struct sent {
	int channel;
	uint64_t id;
	size_t len;
	uint8_t data[64];
};

struct fixture {
	struct faults *faults;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct sent sent[MOST_SENT];
	unsigned int count;
	unsigned int only_noted;
};

static void sink(void *ctx, const struct reply *reply, const char *note,
		 bool sent)
{
	struct fixture *f = ctx;
	struct sent *s;

	(void)note;
	pthread_mutex_lock(&f->lock);
	if (sent) {
		assert_true(f->count < MOST_SENT);
		s = &f->sent[f->count++];
		s->channel = reply->channel;
		s->id = reply->trans_id;
		s->len = reply->len;
		memcpy(s->data, reply->data,
		       reply->len < 64 ? reply->len : 64);
		pthread_cond_signal(&f->wake);
	} else {
		f->only_noted++;
	}
	pthread_mutex_unlock(&f->lock);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->wake, NULL);
	f->faults = faults_create(sink, f);
	assert_non_null(f->faults);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	faults_destroy(f->faults);
	pthread_cond_destroy(&f->wake);
	pthread_mutex_destroy(&f->lock);
	free(f);
	return 0;
}

static void arm(struct fixture *f, enum fault_kind kind, uint32_t count,
		uint32_t value)
{
	struct fault_rule rule = {
		.kind = kind,
		.command = COMMAND,
		.count = count,
		.value = value,
		.patch_len = 2,
		.patch = { 0xab, 0xcd },
	};

	assert_int_equal(faults_add(f->faults, &rule), 0);
}

/* A reply of 16 bytes 1..16 with its status at 4. */
static void answer(struct fixture *f, int channel, uint64_t id,
		   uint32_t command)
{
	uint8_t data[16];
	struct reply reply = {
		.channel = channel,
		.trans_id = id,
		.command = command,
		.len = sizeof(data),
		.data = data,
	};
	size_t i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = i + 1;
	faults_reply(f->faults, &reply, 4, NULL);
}

static void test_no_rule(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_DROP, 1, 0);
	answer(f, 2, 5, OTHER);
	assert_int_equal(f->count, 1);
	assert_int_equal(f->sent[0].channel, 2);
	assert_int_equal(f->sent[0].id, 5);
	assert_int_equal(f->sent[0].len, 16);
	assert_int_equal(f->sent[0].data[15], 16);
}

static void test_drop_counts_down(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_DROP, 2, 0);
	answer(f, 0, 1, COMMAND);
	answer(f, 0, 2, COMMAND);
	assert_int_equal(f->count, 0);
	assert_int_equal(f->only_noted, 2);
	answer(f, 0, 3, COMMAND);
	assert_int_equal(f->count, 1);
	assert_int_equal(f->sent[0].id, 3);
}

static void test_hold_and_release(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_HOLD, FAULT_FOR_EVER, 0);
	answer(f, 0, 1, COMMAND);
	answer(f, 0, 2, COMMAND);
	assert_int_equal(f->count, 0);
	assert_int_equal(faults_held(f->faults, COMMAND), 2);
	assert_int_equal(faults_held(f->faults, OTHER), 0);
	assert_int_equal(faults_held(f->faults, FAULT_ANY_COMMAND), 2);
	assert_int_equal(faults_release(f->faults, OTHER), 0);
	assert_int_equal(faults_release(f->faults, COMMAND), 2);
	assert_int_equal(f->sent[0].id, 1);
	assert_int_equal(f->sent[1].id, 2);
	/* And the rule is gone. */
	answer(f, 0, 3, COMMAND);
	assert_int_equal(f->count, 3);
}

static void test_status(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_STATUS, 1, 0xc000000d);
	answer(f, 0, 1, COMMAND);
	assert_memory_equal(f->sent[0].data + 4, "\x0d\0\0\xc0", 4);
	assert_int_equal(f->sent[0].data[3], 4);
	assert_int_equal(f->sent[0].data[8], 9);
}

static void test_zero(void **state)
{
	static const uint8_t zero[16];
	struct fixture *f = *state;

	arm(f, FAULT_ZERO, 1, 0);
	answer(f, 0, 1, COMMAND);
	assert_int_equal(f->sent[0].len, 16);
	assert_memory_equal(f->sent[0].data, zero, 16);
}

static void test_sizes(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_SHORT, 1, 3);
	answer(f, 0, 1, COMMAND);
	assert_int_equal(f->sent[0].len, 3);
	arm(f, FAULT_SHORT, 1, 100);
	answer(f, 0, 2, COMMAND);
	assert_int_equal(f->sent[1].len, 16);
	arm(f, FAULT_LONG, 1, 64);
	answer(f, 0, 3, COMMAND);
	assert_int_equal(f->sent[2].len, 64);
	assert_int_equal(f->sent[2].data[15], 16);
	assert_int_equal(f->sent[2].data[63], 0xa5);
	arm(f, FAULT_LONG, 1, 128 * 1024);
	answer(f, 0, 4, COMMAND);
	assert_int_equal(f->sent[3].len, 128 * 1024);
}

static void test_field(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_FIELD, 1, 14);
	answer(f, 0, 1, COMMAND);
	assert_memory_equal(f->sent[0].data + 14, "\xab\xcd", 2);
	assert_int_equal(f->sent[0].data[13], 14);
	/* Outside of the reply: no change. */
	arm(f, FAULT_FIELD, 1, 15);
	answer(f, 0, 2, COMMAND);
	assert_int_equal(f->sent[1].data[15], 16);
	arm(f, FAULT_FIELD, 1, UINT32_MAX);
	answer(f, 0, 3, COMMAND);
	assert_int_equal(f->sent[2].data[15], 16);
}

static void test_add(void **state)
{
	struct fixture *f = *state;
	struct fault_rule rule = {
		.kind = FAULT_ADD,
		.command = COMMAND,
		.count = 1,
		.value = 4,
		.patch_len = 4,
		.patch = { 0xff, 0xff, 0xff, 0xff },
	};

	answer(f, 0, 1, COMMAND);
	assert_int_equal(faults_add(f->faults, &rule), 0);
	answer(f, 0, 2, COMMAND);
	assert_memory_equal(f->sent[1].data, f->sent[0].data, 4);
	assert_int_equal(f->sent[1].data[4], (uint8_t)(f->sent[0].data[4] - 1));
	/* Behind the end of the reply there is nothing to add to. */
	rule.value = 4096;
	assert_int_equal(faults_add(f->faults, &rule), 0);
	answer(f, 0, 3, COMMAND);
	assert_memory_equal(f->sent[2].data, f->sent[0].data, 8);
	rule.patch_len = 2;
	assert_int_equal(faults_add(f->faults, &rule), -EINVAL);
}

/* A rule for one reply comes before the armed ones and leaves no trace. */
static void test_extra_rule(void **state)
{
	struct fixture *f = *state;
	static const uint8_t data[16];
	const struct reply reply = {
		.trans_id = 1, .command = COMMAND, .len = 16, .data = data,
	};
	const struct fault_rule twice = { .kind = FAULT_TWICE, .count = 1 };

	arm(f, FAULT_SHORT, 1, 8);
	faults_reply(f->faults, &reply, -1, &twice);
	assert_int_equal(f->count, 2);
	assert_int_equal(f->sent[0].len, 8);
	faults_reply(f->faults, &reply, -1, NULL);
	assert_int_equal(f->count, 3);
	assert_int_equal(f->sent[2].len, 16);
}

static void test_twice(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_TWICE, 1, 0);
	answer(f, 0, 1, COMMAND);
	assert_int_equal(f->count, 2);
	assert_int_equal(f->sent[0].id, 1);
	assert_int_equal(f->sent[1].id, 1);
}

static void test_combination(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_HOLD, 1, 0);
	arm(f, FAULT_TWICE, 1, 0);
	arm(f, FAULT_SHORT, 1, 8);
	arm(f, FAULT_DROP, 1, 0);
	answer(f, 0, 1, COMMAND);
	assert_int_equal(f->count, 0);
	assert_int_equal(faults_release(f->faults, COMMAND), 1);
	assert_int_equal(f->count, 2);
	assert_int_equal(f->sent[1].len, 8);
}

static void test_delay(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_DELAY, 1, 1);
	answer(f, 0, 1, COMMAND);
	assert_int_equal(faults_held(f->faults, COMMAND), 0);
	pthread_mutex_lock(&f->lock);
	while (!f->count)
		pthread_cond_wait(&f->wake, &f->lock);
	pthread_mutex_unlock(&f->lock);
	assert_int_equal(f->sent[0].id, 1);
}

static void test_shorter_delay_overtakes(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_DELAY, 1, 3600 * 1000);
	answer(f, 0, 1, COMMAND);
	arm(f, FAULT_DELAY, 1, 1);
	answer(f, 0, 2, COMMAND);
	pthread_mutex_lock(&f->lock);
	while (!f->count)
		pthread_cond_wait(&f->wake, &f->lock);
	pthread_mutex_unlock(&f->lock);
	assert_int_equal(f->sent[0].id, 2);
	/* The other one is thrown away by teardown. */
}

static void test_channel_closed(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_HOLD, FAULT_FOR_EVER, 0);
	answer(f, 0, 1, COMMAND);
	answer(f, 1, 2, COMMAND);
	answer(f, 0, 3, COMMAND);
	faults_channel_closed(f->faults, 0);
	assert_int_equal(faults_release(f->faults, FAULT_ANY_COMMAND), 1);
	assert_int_equal(f->sent[0].id, 2);
}

static void test_clear(void **state)
{
	struct fixture *f = *state;

	arm(f, FAULT_HOLD, 1, 0);
	answer(f, 0, 1, COMMAND);
	arm(f, FAULT_DROP, FAULT_FOR_EVER, 0);
	faults_clear(f->faults);
	assert_int_equal(f->count, 1);
	answer(f, 0, 2, COMMAND);
	assert_int_equal(f->count, 2);
}

static void test_any_command(void **state)
{
	struct fixture *f = *state;
	struct fault_rule rule = {
		.kind = FAULT_DROP,
		.command = FAULT_ANY_COMMAND,
		.count = 2,
	};

	assert_int_equal(faults_add(f->faults, &rule), 0);
	answer(f, 0, 1, COMMAND);
	answer(f, 0, 2, OTHER);
	assert_int_equal(f->count, 0);
	answer(f, 0, 3, OTHER);
	assert_int_equal(f->count, 1);
}

static void test_bad_rules(void **state)
{
	struct fixture *f = *state;
	struct fault_rule none = { .kind = FAULT_DROP };
	struct fault_rule long_patch = {
		.kind = FAULT_FIELD,
		.count = 1,
		.patch_len = FAULT_PATCH_BYTES + 1,
	};
	struct fault_rule too_long = {
		.kind = FAULT_LONG,
		.count = 1,
		.value = 128 * 1024 + 1,
	};

	assert_int_equal(faults_add(f->faults, &none), -EINVAL);
	assert_int_equal(faults_add(f->faults, &long_patch), -EINVAL);
	assert_int_equal(faults_add(f->faults, &too_long), -EINVAL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_no_rule),
		TEST(test_drop_counts_down),
		TEST(test_hold_and_release),
		TEST(test_status),
		TEST(test_zero),
		TEST(test_sizes),
		TEST(test_field),
		TEST(test_add),
		TEST(test_extra_rule),
		TEST(test_twice),
		TEST(test_combination),
		TEST(test_delay),
		TEST(test_shorter_delay_overtakes),
		TEST(test_channel_closed),
		TEST(test_clear),
		TEST(test_any_command),
		TEST(test_bad_rules),
	};

	return cmocka_run_group_tests_name("faults", tests, NULL, NULL);
}
