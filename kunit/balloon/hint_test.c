// SPDX-License-Identifier: GPL-2.0
/*
 * F15, X16: the memory hint as the hypervisor reads it.  Numbers are written out
 * here, not taken from the driver's headers.
 */
#include <kunit/test.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>

#include "hypercall.h"
#include "report_hint.h"

/* The hypervisor of this test: answers from a list, remembers the control words. */
static struct {
	u64 answers[8];
	u64 control[8];
	unsigned int calls;
} host;

u64 hvb_heat_hint(u64 control, void *page)
{
	if (host.calls >= ARRAY_SIZE(host.answers))
		return U64_MAX;
	host.control[host.calls] = control;
	return host.answers[host.calls++];
}

struct word_case {
	const char *name;
	u64 gpa, bytes, word;
};

static const struct word_case words[] = {
	{ "4 MiB at 1 GiB", SZ_1G, SZ_4M, 0x0000000040000801 },
	{ "128 KiB at 1 GiB", SZ_1G, SZ_128K, 0x000000004000001f },
	{ "2 MiB", 0x12345600000, SZ_2M, 0x0000012345600800 },
	{ "1 MiB", 0x100000, SZ_1M, 0x00000000001000ff },
	{ "one page at 0", 0, SZ_4K, 0 },
	{ "one page, all address bits", 0x000ffffffffff000, SZ_4K,
	  0x000ffffffffff000 },
};

KUNIT_ARRAY_PARAM_DESC(word, words, name);

static void a_range_is_one_word(struct kunit *test)
{
	const struct word_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, hvb_hint_word(c->gpa, c->bytes), c->word);
}

/* Blocks of different size in one call, as the framework mixes them. */
static void the_input_page_holds_all_blocks(struct kunit *test)
{
	unsigned int orders[] = { 0, 5, 9 }, i;
	struct hvb_hint *hint = (void *)get_zeroed_page(GFP_KERNEL);
	struct page *pages[3];
	struct scatterlist sg[3];
	u64 gpa;

	KUNIT_ASSERT_NOT_NULL(test, hint);
	sg_init_table(sg, 3);
	for (i = 0; i < 3; i++) {
		pages[i] = alloc_pages(GFP_KERNEL, orders[i]);
		KUNIT_ASSERT_NOT_NULL(test, pages[i]);
		sg_set_page(&sg[i], pages[i], PAGE_SIZE << orders[i], 0);
	}
	KUNIT_EXPECT_EQ(test, hvb_hint_fill(hint, sg, 3),
			(u64)(PAGE_SIZE << 0) + (PAGE_SIZE << 5) +
			(PAGE_SIZE << 9));
	KUNIT_EXPECT_EQ(test, le64_to_cpu(hint->type), 2ull);
	for (i = 0; i < 3; i++) {
		gpa = page_to_phys(pages[i]);
		KUNIT_EXPECT_EQ(test, le64_to_cpu(hint->ranges[i]),
				gpa | (i == 2 ? 0x800 : i == 1 ? 31 : 0));
		__free_pages(pages[i], orders[i]);
	}
	KUNIT_EXPECT_EQ(test, le64_to_cpu(hint->ranges[3]), 0ull);
	free_page((unsigned long)hint);
}

static u16 send(unsigned int count, const u64 *answers, unsigned int n)
{
	memset(&host, 0, sizeof(host));
	memcpy(host.answers, answers, n * sizeof(*answers));
	return hvb_hint_send(NULL, count);
}

static void one_call_for_all_ranges(struct kunit *test)
{
	const u64 answers[] = { 32ull << 32 };

	KUNIT_EXPECT_EQ(test, send(32, answers, 1), 0);
	KUNIT_EXPECT_EQ(test, host.calls, 1u);
	KUNIT_EXPECT_EQ(test, host.control[0], 0x0000002000008003ull);
}

static void a_partial_call_is_continued(struct kunit *test)
{
	const u64 answers[] = { 5ull << 32, 31ull << 32, 32ull << 32 };

	KUNIT_EXPECT_EQ(test, send(32, answers, 3), 0);
	KUNIT_EXPECT_EQ(test, host.calls, 3u);
	KUNIT_EXPECT_EQ(test, host.control[1], 0x0005002000008003ull);
	KUNIT_EXPECT_EQ(test, host.control[2], 0x001f002000008003ull);
}

static void a_failure_in_the_middle_is_a_failure(struct kunit *test)
{
	const u64 answers[] = { 5ull << 32, 11 | 7ull << 32 };

	KUNIT_EXPECT_EQ(test, send(32, answers, 2), 11);
	KUNIT_EXPECT_EQ(test, host.calls, 2u);
}

/* A host that never gets on would keep us for ever. */
static void success_without_progress_is_a_failure(struct kunit *test)
{
	const u64 none[] = { 0 };
	const u64 back[] = { 5ull << 32, 5ull << 32 };

	KUNIT_EXPECT_EQ(test, send(32, none, 1), 0xffff);
	KUNIT_EXPECT_EQ(test, host.calls, 1u);
	KUNIT_EXPECT_EQ(test, send(32, back, 2), 0xffff);
	KUNIT_EXPECT_EQ(test, host.calls, 2u);
}

static void without_hypervisor_it_fails(struct kunit *test)
{
	const u64 answers[] = { U64_MAX };

	KUNIT_EXPECT_EQ(test, send(1, answers, 1), 0xffff);
}

struct status_case {
	const char *name;
	u16 status;
	unsigned int order;
	enum hvb_verdict verdict;
};

static const struct status_case statuses[] = {
	{ "success", 0, 5, HVB_GO_ON },
	{ "no such call", 2, 5, HVB_GIVE_UP },
	{ "bad input", 3, 9, HVB_GIVE_UP },
	{ "bad alignment", 4, 9, HVB_GIVE_UP },
	{ "small blocks refused", 5, 5, HVB_RAISE_ORDER },
	{ "just below 2 MiB refused", 5, 8, HVB_RAISE_ORDER },
	{ "2 MiB blocks refused", 5, 9, HVB_STRIKE },
	{ "access denied", 6, 5, HVB_GIVE_UP },
	{ "operation denied", 8, 5, HVB_GIVE_UP },
	{ "host short of memory", 11, 5, HVB_BACK_OFF },
	{ "time out", 120, 5, HVB_BACK_OFF },
	{ "unknown", 7, 5, HVB_STRIKE },
	{ "no hypervisor", 0xffff, 5, HVB_STRIKE },
};

KUNIT_ARRAY_PARAM_DESC(status, statuses, name);

static void each_status_has_its_consequence(struct kunit *test)
{
	const struct status_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, hvb_hint_judge(c->status, c->order), c->verdict);
}

static struct kunit_case hint_cases[] = {
	KUNIT_CASE_PARAM(a_range_is_one_word, word_gen_params),
	KUNIT_CASE(the_input_page_holds_all_blocks),
	KUNIT_CASE(one_call_for_all_ranges),
	KUNIT_CASE(a_partial_call_is_continued),
	KUNIT_CASE(a_failure_in_the_middle_is_a_failure),
	KUNIT_CASE(success_without_progress_is_a_failure),
	KUNIT_CASE(without_hypervisor_it_fails),
	KUNIT_CASE_PARAM(each_status_has_its_consequence, status_gen_params),
	{ }
};

static struct kunit_suite hint_suite = {
	.name = "hvb_hint",
	.test_cases = hint_cases,
};

kunit_test_suite(hint_suite);
