// SPDX-License-Identifier: GPL-2.0
/*
 * The reasons not to reclaim: each alone, its hold, and how holds add up.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "floor.h"
#include "guards.h"

#define TICK_NS		(5ull * NSEC_PER_SEC)
#define MIB_PAGES(n)	((unsigned long)(n) << (20 - PAGE_SHIFT))

/* A guest in which all is well, and two samples of it. */
struct guest {
	struct hvb_sample before, now;
	struct hvb_guard_view view;
	struct hvb_guards guards;
};

static struct guest *healthy(struct kunit *test)
{
	struct guest *g = kunit_kzalloc(test, sizeof(*g), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, g);
	g->before.now_ns = 1000 * NSEC_PER_SEC;
	g->before.ram = MIB_PAGES(4096);
	g->before.file = MIB_PAGES(2000);
	g->before.avail = MIB_PAGES(3000);
	g->before.swap_free = MIB_PAGES(1000);
	g->now = g->before;
	g->now.now_ns += TICK_NS;
	g->view.before = &g->before;
	g->view.now = &g->now;
	g->view.swap_most = MIB_PAGES(1000);
	g->view.returns = true;
	g->view.avail_min = hvb_guards_avail_min(g->now.ram);
	g->view.psi_permille = 1;
	g->view.boot_ns = 120 * NSEC_PER_SEC;
	return g;
}

static enum hvb_guard ask(struct guest *g)
{
	unsigned long tripped;

	return hvb_guards_check(&g->guards, &g->view, &tripped);
}

static void nothing_holds_a_healthy_guest(struct kunit *test)
{
	struct guest *g = healthy(test);

	KUNIT_EXPECT_EQ(test, ask(g), HVB_GUARD_NONE);
}

static void no_host(struct guest *g)
{
	g->view.returns = false;
}

static void oom_kill(struct guest *g) { g->now.oom_kills++; }
static void oom_notified(struct guest *g) { g->now.ooms++; }
static void stall(struct guest *g) { g->now.stalls++; }
static void direct(struct guest *g) { g->now.scan_direct++; }
static void avail(struct guest *g) { g->now.avail = MIB_PAGES(256) - 1; }
static void psi(struct guest *g) { g->now.psi_mem_us = 5001; }
static void psi_mean(struct guest *g) { g->now.psi_mem_avg60 = 11; }

static void psi_io(struct guest *g)
{
	g->view.just_reclaimed = true;
	g->now.psi_io_us = 500001;
}

static void own_swap(struct guest *g) { g->view.own_swap_out = 65; }

static void swap_full(struct guest *g)
{
	g->now.swap_free = MIB_PAGES(200) - 1;
}

static void dirty(struct guest *g) { g->now.dirty = MIB_PAGES(400) + 1; }
static void boot(struct guest *g) { g->view.boot_ns = 1006 * NSEC_PER_SEC; }
static void suspend(struct guest *g) { g->view.suspending = true; }
static void rival(struct guest *g) { g->view.rival = true; }

struct trip_case {
	const char *name;
	void (*spoil)(struct guest *guest);
	enum hvb_guard guard;
	unsigned int hold;
};

static const struct trip_case trips[] = {
	{ "nobody returns memory", no_host, HVB_GUARD_NO_HOST, 0 },
	{ "OOM kill", oom_kill, HVB_GUARD_OOM, 180 },
	{ "OOM notifier", oom_notified, HVB_GUARD_OOM, 180 },
	{ "allocation stall", stall, HVB_GUARD_STALL, 12 },
	{ "direct reclaim", direct, HVB_GUARD_STALL, 12 },
	{ "little available", avail, HVB_GUARD_AVAIL, 12 },
	{ "waiting for memory", psi, HVB_GUARD_PSI_MEM, 6 },
	{ "waiting for memory, mean", psi_mean, HVB_GUARD_PSI_MEM, 6 },
	{ "waiting for the disk", psi_io, HVB_GUARD_PSI_IO, 6 },
	{ "our swapping", own_swap, HVB_GUARD_SWAP, 120 },
	{ "swap nearly full", swap_full, HVB_GUARD_SWAP, 120 },
	{ "dirty", dirty, HVB_GUARD_DIRTY, 2 },
	{ "boot", boot, HVB_GUARD_BOOT, 0 },
	{ "suspend", suspend, HVB_GUARD_SUSPEND, 0 },
	{ "another reclaimer", rival, HVB_GUARD_RIVAL, 0 },
};

KUNIT_ARRAY_PARAM_DESC(trip, trips, name);

static void each_guard_holds_as_long_as_it_should(struct kunit *test)
{
	const struct trip_case *c = test->param_value;
	struct guest *g = healthy(test);
	struct hvb_guards guards;
	unsigned int ticks = 0;

	c->spoil(g);
	KUNIT_EXPECT_EQ(test, ask(g), c->guard);
	guards = g->guards;

	g = healthy(test);
	g->guards = guards;
	while (ask(g) == c->guard && ticks < 1000)
		ticks++;
	KUNIT_EXPECT_EQ(test, ticks, c->hold ? c->hold - 1 : 0);
}

/* Right at the limit nothing trips. */
static void limits_are_limits(struct kunit *test)
{
	struct guest *g = healthy(test);

	g->now.avail = MIB_PAGES(256);
	g->now.psi_mem_us = 5000;
	g->now.psi_mem_avg60 = 10;
	g->view.own_swap_out = 64;
	g->now.swap_free = MIB_PAGES(200);
	g->now.dirty = MIB_PAGES(400);
	KUNIT_EXPECT_EQ(test, ask(g), HVB_GUARD_NONE);
}

static void the_disk_is_not_our_fault_without_reclaim(struct kunit *test)
{
	struct guest *g = healthy(test);

	g->now.psi_io_us = 5000000;
	KUNIT_EXPECT_EQ(test, ask(g), HVB_GUARD_NONE);
}

static void full_swap_does_not_matter_when_it_is_spared(struct kunit *test)
{
	struct guest *g = healthy(test);

	g->now.swap_free = 0;
	g->view.spares_anon = true;
	KUNIT_EXPECT_EQ(test, ask(g), HVB_GUARD_NONE);
}

static void force_overrules_two_of_them(struct kunit *test)
{
	struct guest *g = healthy(test);

	g->view.returns = false;
	g->view.rival = true;
	g->view.forced = true;
	KUNIT_EXPECT_EQ(test, ask(g), HVB_GUARD_NONE);
	g->now.stalls++;
	KUNIT_EXPECT_EQ(test, ask(g), HVB_GUARD_STALL);
}

static void the_longest_hold_is_shown(struct kunit *test)
{
	struct guest *g = healthy(test);
	unsigned long tripped;

	dirty(g);
	stall(g);
	boot(g);
	KUNIT_EXPECT_EQ(test, hvb_guards_check(&g->guards, &g->view, &tripped),
			HVB_GUARD_STALL);
	KUNIT_EXPECT_EQ(test, tripped, BIT(HVB_GUARD_DIRTY) |
			BIT(HVB_GUARD_STALL) | BIT(HVB_GUARD_BOOT));
}

/* Ticks of the hold after @g's trouble ended. */
static unsigned int wait_for_the_end(struct kunit *test, struct guest *g)
{
	struct hvb_guards guards = g->guards;
	unsigned int ticks = 0;

	g = healthy(test);
	g->guards = guards;
	do {
		ticks++;
	} while (ask(g) != HVB_GUARD_NONE && ticks < 1000);
	return ticks;
}

/* 30 s, doubling to 10 minutes, while trouble comes back soon. */
static void memory_pressure_holds_longer_each_time(struct kunit *test)
{
	static const unsigned int holds[] = { 6, 12, 24, 48, 96, 120, 120 };
	struct guest *g = healthy(test);
	unsigned int left;
	size_t i;

	psi(g);
	for (i = 0; i < ARRAY_SIZE(holds); i++) {
		KUNIT_EXPECT_EQ(test, ask(g), HVB_GUARD_PSI_MEM);
		left = g->guards.holds[HVB_GUARD_PSI_MEM].left;
		KUNIT_EXPECT_EQ(test, left, holds[i]);
		KUNIT_EXPECT_EQ(test, wait_for_the_end(test, g), left);
		g->guards.holds[HVB_GUARD_PSI_MEM].left = 0;
	}
}

static void quiet_time_forgives(struct kunit *test)
{
	struct guest *g = healthy(test);
	int i;

	psi(g);
	ask(g);
	g->now.psi_mem_us = 0;
	for (i = 0; i < 20; i++)
		ask(g);
	psi(g);
	ask(g);
	KUNIT_EXPECT_EQ(test, g->guards.holds[HVB_GUARD_PSI_MEM].left, 6u);
}

static void available_memory_follows_size(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, hvb_guards_avail_min(MIB_PAGES(1024)),
			MIB_PAGES(256));
	KUNIT_EXPECT_EQ(test, hvb_guards_avail_min(MIB_PAGES(20480)),
			MIB_PAGES(1024));
}

static struct kunit_case guards_cases[] = {
	KUNIT_CASE(nothing_holds_a_healthy_guest),
	KUNIT_CASE_PARAM(each_guard_holds_as_long_as_it_should,
			 trip_gen_params),
	KUNIT_CASE(limits_are_limits),
	KUNIT_CASE(the_disk_is_not_our_fault_without_reclaim),
	KUNIT_CASE(full_swap_does_not_matter_when_it_is_spared),
	KUNIT_CASE(force_overrules_two_of_them),
	KUNIT_CASE(the_longest_hold_is_shown),
	KUNIT_CASE(memory_pressure_holds_longer_each_time),
	KUNIT_CASE(quiet_time_forgives),
	KUNIT_CASE(available_memory_follows_size),
	{ }
};

static struct kunit_suite guards_suite = {
	.name = "hvb_guards",
	.test_cases = guards_cases,
};

kunit_test_suite(guards_suite);
