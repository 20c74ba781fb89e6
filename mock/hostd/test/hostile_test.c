// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of hostile.c: the same seed does the same, all kinds of misbehaviour
 * come up, and nothing is asked of faults.c that it refuses.
 */
#include "hostile.h"

#include "message_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define DRAWS	4000u

static const uint8_t zeros[1024];

static void choose(struct hostile *h, uint32_t command, size_t len,
		   struct hostile_act *act)
{
	const struct reply reply = {
		.command = command,
		.len = len,
		.data = zeros,
	};

	hostile_choose(h, &reply, act);
}

static void test_same_seed(void **state)
{
	struct hostile a = { .seed = 7 }, b = { .seed = 7 }, c = { .seed = 8 };
	struct hostile_act one, two, three;
	unsigned int i, differ = 0;

	(void)state;
	for (i = 0; i < DRAWS; i++) {
		choose(&a, DXGK_VMBCOMMAND_CREATEALLOCATION, 88, &one);
		choose(&b, DXGK_VMBCOMMAND_CREATEALLOCATION, 88, &two);
		choose(&c, DXGK_VMBCOMMAND_CREATEALLOCATION, 88, &three);
		assert_memory_equal(&one, &two, sizeof(one));
		differ += !!memcmp(&one, &three, sizeof(one));
	}
	assert_true(differ > DRAWS / 4);
}

/* What happened to another command before does not matter. */
static void test_commands_are_apart(void **state)
{
	struct hostile a = { .seed = 1 }, b = { .seed = 1 };
	struct hostile_act one, two;

	(void)state;
	choose(&b, DXGK_VMBCOMMAND_LOCK2, 16, &two);
	choose(&a, DXGK_VMBCOMMAND_CREATEDEVICE, 8, &one);
	choose(&b, DXGK_VMBCOMMAND_CREATEDEVICE, 8, &two);
	assert_memory_equal(&one, &two, sizeof(one));
}

static void test_everything_comes_up(void **state)
{
	struct hostile h = { .seed = 3 };
	unsigned int kinds[FAULT_TWICE + 1] = { 0 };
	unsigned int honest = 0, in_band = 0, stray = 0, i;
	struct hostile_act act;

	(void)state;
	for (i = 0; i < DRAWS; i++) {
		choose(&h, DXGK_VMBCOMMAND_CREATEPAGINGQUEUE, 24, &act);
		honest += !act.alter && !act.stray;
		in_band += act.stray && act.in_band;
		stray += act.stray && !act.in_band;
		if (act.alter)
			kinds[act.rule.kind]++;
	}
	assert_true(honest > DRAWS / 3);
	assert_true(in_band && stray);
	assert_true(kinds[FAULT_SHORT] && kinds[FAULT_LONG]);
	assert_true(kinds[FAULT_TWICE] && kinds[FAULT_DELAY]);
	assert_true(kinds[FAULT_FIELD] && kinds[FAULT_ADD]);
	/* A reply that never comes is another personality's business. */
	assert_false(kinds[FAULT_HOLD] || kinds[FAULT_DROP]);
}

static void ignore(void *ctx, const struct reply *reply, const char *note,
		   bool sent)
{
	(void)ctx;
	(void)reply;
	(void)note;
	(void)sent;
}

/* Replies of all forms and sizes, empty ones included. */
static void test_rules_are_valid(void **state)
{
	struct faults *faults = faults_create(ignore, NULL);
	struct hostile h = { .seed = 5 };
	struct hostile_act act;
	uint32_t command;
	size_t len;

	(void)state;
	assert_non_null(faults);
	for (command = 0; command < HOSTILE_COMMANDS; command++) {
		for (len = 0; len <= 1024; len += 8) {
			choose(&h, command, len, &act);
			if (act.alter)
				assert_int_equal(faults_add(faults, &act.rule),
						 0);
			assert_true(act.len <= HOSTILE_STRAY_BYTES);
		}
		faults_clear(faults);
	}
	faults_destroy(faults);
}

static void test_adapters_start(void **state)
{
	static const uint32_t spared[] = {
		DXGK_VMBCOMMAND_SETIOSPACEREGION, DXGK_VMBCOMMAND_OPENADAPTER,
		DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO,
	};
	struct hostile h = { .seed = 9 };
	struct hostile_act act;
	unsigned int i, k;

	(void)state;
	for (i = 0; i < sizeof(spared) / sizeof(spared[0]); i++) {
		for (k = 0; k < 100; k++) {
			choose(&h, spared[i], 16, &act);
			assert_false(act.alter || act.stray);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_seed),
		cmocka_unit_test(test_commands_are_apart),
		cmocka_unit_test(test_everything_comes_up),
		cmocka_unit_test(test_rules_are_valid),
		cmocka_unit_test(test_adapters_start),
	};

	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
