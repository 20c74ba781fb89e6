// SPDX-License-Identifier: GPL-2.0
/*
 * The law of the reclaim loop.  Time is given to it, so hours pass at once.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "floor.h"

#define MIB_PAGES(n)	((unsigned long)(n) << (20 - PAGE_SHIFT))
#define GIB_PAGES(n)	MIB_PAGES((n) * 1024ul)
#define TICK_NS		(5ull * NSEC_PER_SEC)

/* A tick in which nothing was read again. */
static void quiet(struct hvb_floor *f, unsigned long file, unsigned int ticks)
{
	while (ticks--)
		hvb_floor_observe(f, file, 0, TICK_NS);
}

struct size_case {
	const char *name;
	unsigned long ram, base, step, step_max;
};

static const struct size_case sizes[] = {
	{ "1 GiB", GIB_PAGES(1), MIB_PAGES(128), MIB_PAGES(32),
	  MIB_PAGES(128) },
	{ "4 GiB", GIB_PAGES(4), MIB_PAGES(128), MIB_PAGES(32),
	  MIB_PAGES(128) },
	{ "16 GiB", GIB_PAGES(16), GIB_PAGES(16) / 50, MIB_PAGES(64),
	  MIB_PAGES(256) },
	{ "44 GiB", GIB_PAGES(44), GIB_PAGES(44) / 50, MIB_PAGES(176),
	  MIB_PAGES(512) },
	{ "1 TiB", GIB_PAGES(1024), GIB_PAGES(1024) / 50, MIB_PAGES(256),
	  MIB_PAGES(512) },
};

KUNIT_ARRAY_PARAM_DESC(size, sizes, name);

static void sizes_follow_memory(struct kunit *test)
{
	const struct size_case *c = test->param_value;
	struct hvb_floor f;

	hvb_floor_init(&f, c->ram);
	KUNIT_EXPECT_EQ(test, f.base, c->base);
	KUNIT_EXPECT_EQ(test, f.floor, c->base);
	KUNIT_EXPECT_EQ(test, f.step, c->step);
	KUNIT_EXPECT_EQ(test, f.step_max, c->step_max);
	KUNIT_EXPECT_EQ(test, f.step_min, MIB_PAGES(16));
}

static void an_administrator_may_choose(struct kunit *test)
{
	const struct hvb_floor_limits limits = {
		.floor = MIB_PAGES(700),
		.step_max = MIB_PAGES(8),
		.permille_min = 2,
		.minute_ns = 60 * NSEC_PER_SEC,
	};
	struct hvb_floor f;

	hvb_floor_init(&f, GIB_PAGES(4));
	hvb_floor_limit(&f, GIB_PAGES(4), &limits);
	KUNIT_EXPECT_EQ(test, f.floor, MIB_PAGES(700));
	KUNIT_EXPECT_EQ(test, f.step, MIB_PAGES(8));
	KUNIT_EXPECT_EQ(test, hvb_floor_want(&f, MIB_PAGES(2000), 0, false),
			MIB_PAGES(8));
}

struct want_case {
	const char *name;
	unsigned long file, slab;
	bool busy;
	unsigned long want;
};

/* 4 GiB: floor 128 MiB, step 32 MiB */
static const struct want_case wants[] = {
	{ "a step", MIB_PAGES(2000), 0, false, MIB_PAGES(32) },
	{ "below the floor", MIB_PAGES(100), MIB_PAGES(500), false, 0 },
	{ "within the hysteresis", MIB_PAGES(192), 0, false, 0 },
	{ "just above it, an eighth", MIB_PAGES(192) + 8, 0, false,
	  MIB_PAGES(24) + 1 },
	{ "slab counts, but only cache is taken", MIB_PAGES(138),
	  MIB_PAGES(100), false, MIB_PAGES(10) },
	{ "not worth a write", MIB_PAGES(128) + 10, MIB_PAGES(100), false, 0 },
	{ "busy: a hundredth", MIB_PAGES(2128), 0, true, MIB_PAGES(20) },
	{ "busy: never more than a step", MIB_PAGES(9128), 0, true,
	  MIB_PAGES(32) },
	{ "busy: at least a MiB", MIB_PAGES(195), 0, true, MIB_PAGES(1) },
	{ "nothing there", 0, 0, false, 0 },
};

KUNIT_ARRAY_PARAM_DESC(want, wants, name);

static void wants_the_right_amount(struct kunit *test)
{
	const struct want_case *c = test->param_value;
	struct hvb_floor f;

	hvb_floor_init(&f, GIB_PAGES(4));
	KUNIT_EXPECT_EQ(test, hvb_floor_want(&f, c->file, c->slab, c->busy),
			c->want);
}

static void refaults_raise_the_floor(struct kunit *test)
{
	struct hvb_floor f;

	hvb_floor_init(&f, GIB_PAGES(4));
	hvb_floor_result(&f, f.step, f.step);
	KUNIT_EXPECT_TRUE(test, hvb_floor_observe(&f, MIB_PAGES(400), 5000,
						  TICK_NS));
	KUNIT_EXPECT_EQ(test, f.floor, MIB_PAGES(400) + 5000);
	KUNIT_EXPECT_EQ(test, f.step, MIB_PAGES(16));
	/* the hold is a minute; nothing is wanted in it */
	KUNIT_EXPECT_EQ(test, f.hold, HVB_TICKS_PER_MINUTE);
	KUNIT_EXPECT_EQ(test, hvb_floor_want(&f, GIB_PAGES(3), 0, false), 0ul);
	quiet(&f, GIB_PAGES(3), HVB_TICKS_PER_MINUTE);
	KUNIT_EXPECT_GT(test, hvb_floor_want(&f, GIB_PAGES(3), 0, false), 0ul);
}

/* 256 per minute, or 0.2 % of the cache: in 5 s a twelfth of that. */
static void the_budget_is_per_minute(struct kunit *test)
{
	struct hvb_floor f;

	hvb_floor_init(&f, GIB_PAGES(4));
	hvb_floor_result(&f, f.step, f.step);
	KUNIT_EXPECT_FALSE(test, hvb_floor_observe(&f, MIB_PAGES(100), 21,
						   TICK_NS));
	KUNIT_EXPECT_TRUE(test, hvb_floor_observe(&f, MIB_PAGES(100), 22,
						  TICK_NS));
	/* 4 GiB of cache: 2097 per minute */
	hvb_floor_result(&f, f.step, f.step);
	KUNIT_EXPECT_FALSE(test, hvb_floor_observe(&f, GIB_PAGES(4), 174,
						   TICK_NS));
	KUNIT_EXPECT_TRUE(test, hvb_floor_observe(&f, GIB_PAGES(4), 175,
						  TICK_NS));
	KUNIT_EXPECT_FALSE(test, hvb_floor_observe(&f, MIB_PAGES(100), 256,
						   12 * TICK_NS));
}

/* Whoever makes the loop faster makes its minute shorter: a tick is a tick. */
static void the_minute_is_twelve_ticks(struct kunit *test)
{
	const struct hvb_floor_limits limits = {
		.permille_min = 2,
		.minute_ns = 3 * NSEC_PER_SEC,
	};
	struct hvb_floor f;

	hvb_floor_init(&f, GIB_PAGES(4));
	hvb_floor_limit(&f, GIB_PAGES(4), &limits);
	hvb_floor_result(&f, f.step, f.step);
	KUNIT_EXPECT_FALSE(test, hvb_floor_observe(&f, MIB_PAGES(100), 21,
						   TICK_NS / 20));
	KUNIT_EXPECT_TRUE(test, hvb_floor_observe(&f, MIB_PAGES(100), 22,
						  TICK_NS / 20));
}

static void only_our_refaults_count(struct kunit *test)
{
	struct hvb_floor f;

	hvb_floor_init(&f, GIB_PAGES(4));
	KUNIT_EXPECT_FALSE(test, hvb_floor_observe(&f, MIB_PAGES(400), 100000,
						   TICK_NS));
	hvb_floor_result(&f, f.step, f.step);
	quiet(&f, MIB_PAGES(400), 10 * HVB_TICKS_PER_MINUTE);
	KUNIT_EXPECT_FALSE(test, hvb_floor_observe(&f, MIB_PAGES(400), 100000,
						   TICK_NS));
	KUNIT_EXPECT_EQ(test, f.floor, f.base);
}

static void repeated_trips_hold_longer(struct kunit *test)
{
	static const unsigned int minutes[] = { 1, 2, 4, 8, 15, 15 };
	struct hvb_floor f;
	size_t i;

	hvb_floor_init(&f, GIB_PAGES(4));
	for (i = 0; i < ARRAY_SIZE(minutes); i++) {
		hvb_floor_result(&f, f.step, f.step);
		hvb_floor_observe(&f, MIB_PAGES(400), 5000, TICK_NS);
		KUNIT_EXPECT_EQ(test, f.hold,
				minutes[i] * HVB_TICKS_PER_MINUTE);
	}
	KUNIT_EXPECT_EQ(test, f.trips, 6u);
	/* ten quiet minutes forgive one of them */
	quiet(&f, MIB_PAGES(400), 10 * HVB_TICKS_PER_MINUTE);
	KUNIT_EXPECT_EQ(test, f.trips, 5u);
}

/* What was taken comes back over several ticks: one trip, held from the last on. */
static void a_burst_is_one_trip(struct kunit *test)
{
	struct hvb_floor f;
	unsigned long step;

	hvb_floor_init(&f, GIB_PAGES(4));
	f.step = f.step_max;
	hvb_floor_result(&f, f.step, f.step);
	KUNIT_EXPECT_TRUE(test, hvb_floor_observe(&f, MIB_PAGES(400), 5000,
						  TICK_NS));
	step = f.step;
	quiet(&f, MIB_PAGES(420), 3);
	KUNIT_EXPECT_FALSE(test, hvb_floor_observe(&f, MIB_PAGES(440), 3000,
						   TICK_NS));
	KUNIT_EXPECT_EQ(test, f.floor, MIB_PAGES(440) + 3000);
	KUNIT_EXPECT_EQ(test, f.hold, HVB_TICKS_PER_MINUTE);
	KUNIT_EXPECT_EQ(test, f.trips, 1u);
	KUNIT_EXPECT_EQ(test, f.step, step);
	/* taking more begins the next */
	quiet(&f, MIB_PAGES(440), HVB_TICKS_PER_MINUTE);
	hvb_floor_result(&f, f.step, f.step);
	KUNIT_EXPECT_TRUE(test, hvb_floor_observe(&f, MIB_PAGES(440), 3000,
						  TICK_NS));
	KUNIT_EXPECT_EQ(test, f.hold, 2 * HVB_TICKS_PER_MINUTE);
}

/* What was learnt is forgotten by half in 30 minutes. */
static void the_floor_sinks(struct kunit *test)
{
	unsigned long above;
	struct hvb_floor f;

	hvb_floor_init(&f, GIB_PAGES(4));
	f.floor = f.base + MIB_PAGES(1000);
	quiet(&f, MIB_PAGES(400), 30 * HVB_TICKS_PER_MINUTE);
	above = f.floor - f.base;
	KUNIT_EXPECT_GE(test, above, MIB_PAGES(495));
	KUNIT_EXPECT_LE(test, above, MIB_PAGES(505));
	quiet(&f, MIB_PAGES(400), 24 * 60 * HVB_TICKS_PER_MINUTE);
	KUNIT_EXPECT_EQ(test, f.floor, f.base);
}

static void steps_grow_while_all_is_well(struct kunit *test)
{
	struct hvb_floor f;
	int i;

	hvb_floor_init(&f, GIB_PAGES(4));
	hvb_floor_result(&f, f.step, f.step);
	KUNIT_EXPECT_EQ(test, f.step, MIB_PAGES(40));
	for (i = 0; i < 20; i++)
		hvb_floor_result(&f, f.step, f.step);
	KUNIT_EXPECT_EQ(test, f.step, f.step_max);
	hvb_floor_alarm(&f);
	KUNIT_EXPECT_EQ(test, f.step, f.step_min);
}

/* X21: where nothing can be had the loop gives up, longer each time. */
static void a_dry_spell_holds(struct kunit *test)
{
	static const unsigned int minutes[] = { 1, 2, 4, 8, 15, 15 };
	struct hvb_floor f;
	size_t i;

	hvb_floor_init(&f, GIB_PAGES(4));
	for (i = 0; i < ARRAY_SIZE(minutes); i++) {
		hvb_floor_result(&f, f.step, f.step / 4 - 1);
		hvb_floor_result(&f, f.step, 0);
		KUNIT_EXPECT_EQ(test, f.hold, 0u);
		hvb_floor_result(&f, f.step, 0);
		KUNIT_EXPECT_EQ(test, f.hold,
				minutes[i] * HVB_TICKS_PER_MINUTE);
		KUNIT_EXPECT_TRUE(test, f.is_dry);
		quiet(&f, MIB_PAGES(400), f.hold);
	}
	hvb_floor_result(&f, f.step, f.step);
	KUNIT_EXPECT_EQ(test, f.dry_hold, 0u);
}

/*
 * A model of a guest: 28 GiB of cold cache in 44 GiB, idle.  Nine tenths must be
 * back in about five minutes, without a single refault.
 */
static void an_idle_guest_is_emptied_in_time(struct kunit *test)
{
	unsigned long file = GIB_PAGES(28), take;
	unsigned int ticks = 0;
	struct hvb_floor f;

	hvb_floor_init(&f, GIB_PAGES(44));
	while (file > GIB_PAGES(28) / 10 && ticks < 1000) {
		hvb_floor_observe(&f, file, 0, TICK_NS);
		take = hvb_floor_want(&f, file, 0, false);
		file -= take;
		hvb_floor_result(&f, take, take);
		ticks++;
	}
	KUNIT_EXPECT_LE(test, ticks, 6u * HVB_TICKS_PER_MINUTE);
}

/* The same, busy: a hundredth at a time, M4: at most 20 minutes. */
static void a_busy_guest_is_emptied_in_time(struct kunit *test)
{
	unsigned long cold = MIB_PAGES(2500), floor = MIB_PAGES(128);
	unsigned long file = floor + cold, take;
	unsigned int ticks = 0;
	struct hvb_floor f;

	hvb_floor_init(&f, GIB_PAGES(4));
	while (file - floor > cold / 10 && ticks < 1000) {
		hvb_floor_observe(&f, file, 0, TICK_NS);
		take = hvb_floor_want(&f, file, 0, true);
		file -= take;
		hvb_floor_result(&f, take, take);
		ticks++;
	}
	KUNIT_EXPECT_LE(test, ticks, 20u * HVB_TICKS_PER_MINUTE);
}

/*
 * A hot set that is read all the time: what is taken below it comes back as
 * refaults.  The floor must find it, at the price of an eighth of it, and stay.
 */
static void the_floor_finds_a_hot_set(struct kunit *test)
{
	unsigned long hot = MIB_PAGES(384), file = MIB_PAGES(2884), take;
	u64 refaults = 0, all = 0, first = 0;
	unsigned int tick, trips = 0;
	struct hvb_floor f;

	hvb_floor_init(&f, GIB_PAGES(5));
	for (tick = 0; tick < 60 * HVB_TICKS_PER_MINUTE; tick++) {
		trips += hvb_floor_observe(&f, file, refaults, TICK_NS);
		all += refaults;
		if (tick < 10 * HVB_TICKS_PER_MINUTE)
			first = all;
		take = hvb_floor_want(&f, file, 0, false);
		file -= take;
		if (take)
			hvb_floor_result(&f, take, take);
		refaults = file < hot ? hot - file : 0;
		file += refaults;
	}
	KUNIT_EXPECT_LE(test, first, (u64)MIB_PAGES(64));
	KUNIT_EXPECT_LE(test, all, (u64)MIB_PAGES(200));
	KUNIT_EXPECT_LE(test, trips, 6u);
	KUNIT_EXPECT_GE(test, file, hot);
	KUNIT_EXPECT_LE(test, file, hot + MIB_PAGES(200));
}

static struct kunit_case floor_cases[] = {
	KUNIT_CASE_PARAM(sizes_follow_memory, size_gen_params),
	KUNIT_CASE(an_administrator_may_choose),
	KUNIT_CASE_PARAM(wants_the_right_amount, want_gen_params),
	KUNIT_CASE(refaults_raise_the_floor),
	KUNIT_CASE(the_budget_is_per_minute),
	KUNIT_CASE(the_minute_is_twelve_ticks),
	KUNIT_CASE(only_our_refaults_count),
	KUNIT_CASE(repeated_trips_hold_longer),
	KUNIT_CASE(a_burst_is_one_trip),
	KUNIT_CASE(the_floor_sinks),
	KUNIT_CASE(steps_grow_while_all_is_well),
	KUNIT_CASE(a_dry_spell_holds),
	KUNIT_CASE(an_idle_guest_is_emptied_in_time),
	KUNIT_CASE(a_busy_guest_is_emptied_in_time),
	KUNIT_CASE(the_floor_finds_a_hot_set),
	{ }
};

static struct kunit_suite floor_suite = {
	.name = "hvb_floor",
	.test_cases = floor_cases,
};

kunit_test_suite(floor_suite);

MODULE_DESCRIPTION("KUnit suites of hv_balloon_reclaim");
MODULE_LICENSE("GPL");
