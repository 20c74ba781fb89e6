// SPDX-License-Identifier: GPL-2.0
/*
 * The CPU time of the reclaim loop: I10, no minute sees more than the allowance.
 * Time is given to it, so minutes pass at once.
 */
#include <kunit/test.h>
#include <linux/time64.h>

#include "cpu_budget.h"

#define TICK_NS		(5ull * NSEC_PER_SEC)
#define TICKS		(30 * 12)
#define WRITE_NS	(50ull * NSEC_PER_MSEC)

struct appetite_case {
	const char *name;
	unsigned int percent;
	u64 write_ns;		/* CPU time of one write */
	unsigned int idle;	/* ticks without work at the beginning */
};

static const struct appetite_case appetites[] = {
	{ "5 %, small writes", 5, WRITE_NS / 10, 0 },
	{ "5 %, usual writes", 5, WRITE_NS, 0 },
	{ "5 %, after long idleness", 5, WRITE_NS, 200 },
	{ "5 %, writes of a second", 5, NSEC_PER_SEC, 0 },
	{ "1 %", 1, WRITE_NS, 0 },
	{ "100 %", 100, WRITE_NS, 0 },
	{ "0 %", 0, WRITE_NS, 0 },
};

KUNIT_ARRAY_PARAM_DESC(appetite, appetites, name);

/* Writes as often as it may; CPU time per tick goes to @used. */
static void eat(const struct appetite_case *c, u64 *used)
{
	struct hvb_cpu_budget b;
	u64 now = 0, cpu = 0;
	unsigned int i;

	hvb_cpu_budget_start(&b, now, cpu);
	for (i = 0; i < TICKS; i++) {
		now += TICK_NS;
		used[i] = 0;
		hvb_cpu_budget_charge(&b, now, cpu, c->percent);
		while (i >= c->idle && !hvb_cpu_budget_spent(&b) &&
		       used[i] < TICK_NS) {
			cpu += c->write_ns;
			used[i] += c->write_ns;
			hvb_cpu_budget_charge(&b, now, cpu, c->percent);
		}
	}
}

static void no_minute_sees_more(struct kunit *test)
{
	const struct appetite_case *c = test->param_value;
	u64 allowed = 60ull * NSEC_PER_SEC * c->percent / 100 + c->write_ns;
	u64 *used = kunit_kcalloc(test, TICKS, sizeof(*used), GFP_KERNEL);
	unsigned int i, j;
	u64 sum;

	KUNIT_ASSERT_NOT_NULL(test, used);
	eat(c, used);
	for (i = 0; i + 12 <= TICKS; i++) {
		for (sum = 0, j = 0; j < 12; j++)
			sum += used[i + j];
		KUNIT_ASSERT_LE(test, sum, allowed);
	}
}

/* And what is allowed can be had: at least four fifths of it. */
static void the_allowance_is_not_wasted(struct kunit *test)
{
	static const struct appetite_case usual = {
		.percent = 5, .write_ns = WRITE_NS,
	};
	u64 *used = kunit_kcalloc(test, TICKS, sizeof(*used), GFP_KERNEL);
	u64 sum = 0;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, used);
	eat(&usual, used);
	for (i = 0; i < TICKS; i++)
		sum += used[i];
	KUNIT_EXPECT_GE(test, sum, TICKS * TICK_NS * 4 / 100);
}

static struct kunit_case cpu_budget_cases[] = {
	KUNIT_CASE_PARAM(no_minute_sees_more, appetite_gen_params),
	KUNIT_CASE(the_allowance_is_not_wasted),
	{ }
};

static struct kunit_suite cpu_budget_suite = {
	.name = "hvb_cpu_budget",
	.test_cases = cpu_budget_cases,
};

kunit_test_suite(cpu_budget_suite);
