// SPDX-License-Identifier: GPL-2.0
/*
 * The numbers of a status report.
 */
#include <kunit/test.h>

#include "dm.h"

#define MIB	256ul
#define GIB	(1024 * MIB)

/* MiB of RAM and of floor; at each bend, and just below. */
static void the_floor_follows_its_table(struct kunit *test)
{
	static const unsigned long rows[][2] = {
		{ 0, 8 }, { 64, 40 }, { 126, 71 }, { 128, 72 }, { 256, 104 },
		{ 508, 167 }, { 512, 168 }, { 1024, 232 }, { 2040, 359 },
		{ 2048, 360 }, { 4096, 488 }, { 8176, 743 }, { 8192, 744 },
		{ 16384, 1000 }, { 1048576, 33256 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++)
		KUNIT_EXPECT_EQ(test, hvb_pressure_floor(rows[i][0] * MIB),
				rows[i][1] * MIB);
}

static void the_floor_never_falls_with_more_memory(struct kunit *test)
{
	unsigned long ram, last = 0, floor;

	for (ram = 0; ram < 20 * GIB; ram += 37) {
		floor = hvb_pressure_floor(ram);
		KUNIT_ASSERT_GE(test, floor, last);
		last = floor;
	}
}

static void what_is_below_the_floor_stays(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, hvb_pressure_room(1000, 400), 600ul);
	KUNIT_EXPECT_EQ(test, hvb_pressure_room(400, 400), 0ul);
	KUNIT_EXPECT_EQ(test, hvb_pressure_room(399, 400), 0ul);
	KUNIT_EXPECT_EQ(test, hvb_pressure_room(0, ULONG_MAX), 0ul);
}

static void the_host_hears_what_programs_may_claim(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, hvb_pressure_committed(100, 0, 0, 0, 10), 110ul);
	/* a page that is out is still somebody's */
	KUNIT_EXPECT_EQ(test, hvb_pressure_committed(100, 50, 0, 0, 10), 160ul);
	/* added memory counts until it is in use */
	KUNIT_EXPECT_EQ(test, hvb_pressure_committed(100, 0, 30, 20, 10),
			120ul);
	KUNIT_EXPECT_EQ(test, hvb_pressure_committed(100, 0, 20, 30, 10),
			110ul);
}

static struct kunit_case pressure_cases[] = {
	KUNIT_CASE(the_floor_follows_its_table),
	KUNIT_CASE(the_floor_never_falls_with_more_memory),
	KUNIT_CASE(what_is_below_the_floor_stays),
	KUNIT_CASE(the_host_hears_what_programs_may_claim),
	{ }
};

static struct kunit_suite pressure_suite = {
	.name = "hvb_pressure",
	.test_cases = pressure_cases,
};

kunit_test_suite(pressure_suite);
