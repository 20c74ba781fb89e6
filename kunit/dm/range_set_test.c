// SPDX-License-Identifier: GPL-2.0
/*
 * The set of pages that are out, against a plain bitmap.
 */
#include <kunit/test.h>
#include <linux/bitmap.h>
#include <linux/random.h>

#include "range_set.h"

#define PAGES		8192u
#define STEPS		4000u

static void clear_set(void *set)
{
	hvb_range_set_clear(set);
}

static int range_set_test_init(struct kunit *test)
{
	struct hvb_range_set *set = kunit_kzalloc(test, sizeof(*set),
						  GFP_KERNEL);

	if (!set)
		return -ENOMEM;
	hvb_range_set_init(set);
	test->priv = set;
	return kunit_add_action_or_reset(test, clear_set, set);
}

static void an_empty_set_has_no_member(struct kunit *test)
{
	u64 pfn = 0;

	KUNIT_EXPECT_EQ(test, hvb_range_set_next(test->priv, &pfn, U64_MAX),
			0ul);
	hvb_range_set_remove(test->priv, 0, 0);
}

static void a_range_is_found_chunk_by_chunk(struct kunit *test)
{
	struct hvb_range_set *set = test->priv;
	u64 pfn = 0;

	KUNIT_ASSERT_EQ(test, hvb_range_set_add(set, 500, 600), 0);
	KUNIT_EXPECT_EQ(test, set->pages, 600ul);
	KUNIT_EXPECT_EQ(test, hvb_range_set_next(set, &pfn, U64_MAX), 12ul);
	KUNIT_EXPECT_EQ(test, pfn, 500ull);
	pfn = 512;
	KUNIT_EXPECT_EQ(test, hvb_range_set_next(set, &pfn, U64_MAX), 512ul);
	pfn = 1099;
	KUNIT_EXPECT_EQ(test, hvb_range_set_next(set, &pfn, U64_MAX), 1ul);
	pfn = 1100;
	KUNIT_EXPECT_EQ(test, hvb_range_set_next(set, &pfn, U64_MAX), 0ul);
}

static void nothing_behind_the_end_is_found(struct kunit *test)
{
	struct hvb_range_set *set = test->priv;
	u64 pfn = 0;

	KUNIT_ASSERT_EQ(test, hvb_range_set_add(set, 10, 10), 0);
	KUNIT_EXPECT_EQ(test, hvb_range_set_next(set, &pfn, 10), 0ul);
	pfn = 0;
	KUNIT_EXPECT_EQ(test, hvb_range_set_next(set, &pfn, 13), 3ul);
	pfn = 20;
	KUNIT_EXPECT_EQ(test, hvb_range_set_next(set, &pfn, 512), 0ul);
	pfn = 5000;
	KUNIT_EXPECT_EQ(test, hvb_range_set_next(set, &pfn, 100), 0ul);
}

static void the_largest_page_number_works(struct kunit *test)
{
	struct hvb_range_set *set = test->priv;
	u64 last = (1ull << 40) - 1, pfn = 0;

	KUNIT_ASSERT_EQ(test, hvb_range_set_add(set, last, 1), 0);
	KUNIT_EXPECT_EQ(test, hvb_range_set_next(set, &pfn, last + 1), 1ul);
	KUNIT_EXPECT_EQ(test, pfn, last);
	hvb_range_set_remove(set, last, 1);
	KUNIT_EXPECT_EQ(test, set->pages, 0ul);
	KUNIT_EXPECT_TRUE(test, xa_empty(&set->chunks));
}

static void an_add_that_fails_changes_nothing(struct kunit *test)
{
	struct hvb_range_set *set = test->priv;
	u64 pfn = 0;

	KUNIT_ASSERT_EQ(test, hvb_range_set_add(set, 2000, 1), 0);
	KUNIT_EXPECT_EQ(test, hvb_range_set_add(set, 1000, 2000), -EEXIST);
	KUNIT_EXPECT_EQ(test, set->pages, 1ul);
	KUNIT_EXPECT_EQ(test, hvb_range_set_next(set, &pfn, U64_MAX), 1ul);
	KUNIT_EXPECT_EQ(test, pfn, 2000ull);
}

static void empty_chunks_are_freed(struct kunit *test)
{
	struct hvb_range_set *set = test->priv;

	KUNIT_ASSERT_EQ(test, hvb_range_set_add(set, 0, PAGES), 0);
	hvb_range_set_remove(set, 1, PAGES - 1);
	KUNIT_EXPECT_FALSE(test, xa_empty(&set->chunks));
	hvb_range_set_remove(set, 0, 1);
	KUNIT_EXPECT_TRUE(test, xa_empty(&set->chunks));
}

static bool any(const unsigned long *bits, unsigned int from, unsigned int count)
{
	return find_next_bit(bits, from + count, from) < from + count;
}

/* Every member, in order, and nothing else. */
static void compare(struct kunit *test, const unsigned long *bits)
{
	struct hvb_range_set *set = test->priv;
	unsigned long n, seen = 0;
	u64 pfn = 0;

	while ((n = hvb_range_set_next(set, &pfn, PAGES))) {
		KUNIT_ASSERT_LE(test, pfn + n, (u64)PAGES);
		KUNIT_ASSERT_GE(test, find_next_zero_bit(bits, pfn + n, pfn),
				pfn + n);
		seen += n;
		pfn += n;
	}
	KUNIT_ASSERT_EQ(test, seen, (unsigned long)bitmap_weight(bits, PAGES));
	KUNIT_ASSERT_EQ(test, set->pages, seen);
}

static void it_agrees_with_a_bitmap(struct kunit *test)
{
	unsigned long *bits = kunit_kzalloc(test, PAGES / 8, GFP_KERNEL);
	struct hvb_range_set *set = test->priv;
	struct rnd_state random;
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, bits);
	prandom_seed_state(&random, 1);
	for (i = 0; i < STEPS; i++) {
		u32 start = prandom_u32_state(&random) % PAGES;
		u32 count = prandom_u32_state(&random) % 700;
		u64 pfn = start;
		unsigned long n;

		count = min(count, PAGES - start);
		if (prandom_u32_state(&random) & 1) {
			bool taken = any(bits, start, count);

			KUNIT_ASSERT_EQ(test,
					hvb_range_set_add(set, start, count),
					taken ? -EEXIST : 0);
			if (!taken)
				bitmap_set(bits, start, count);
		} else {
			while ((n = hvb_range_set_next(set, &pfn,
						       start + count)))
				hvb_range_set_remove(set, pfn, n);
			bitmap_clear(bits, start, count);
		}
		if (i % 100 == 0)
			compare(test, bits);
	}
	compare(test, bits);
}

static struct kunit_case range_set_cases[] = {
	KUNIT_CASE(an_empty_set_has_no_member),
	KUNIT_CASE(a_range_is_found_chunk_by_chunk),
	KUNIT_CASE(nothing_behind_the_end_is_found),
	KUNIT_CASE(the_largest_page_number_works),
	KUNIT_CASE(an_add_that_fails_changes_nothing),
	KUNIT_CASE(empty_chunks_are_freed),
	KUNIT_CASE(it_agrees_with_a_bitmap),
	{ }
};

static struct kunit_suite range_set_suite = {
	.name = "hvb_range_set",
	.init = range_set_test_init,
	.test_cases = range_set_cases,
};

kunit_test_suite(range_set_suite);
