// SPDX-License-Identifier: GPL-2.0
/*
 * Answers find their requests, however many there are and in whatever order
 * they come.
 */
#include <kunit/test.h>

#include "host_fixture.h"
#include "host_message.h"

#define REQUESTS	10000
/* Prime to REQUESTS, so that steps of this size visit each once. */
#define STEP		7919

struct matching_fixture {
	struct kernel_host *host;
	struct dxg_adapter *adapter;
	struct dxg_request **requests;
};

static int matching_test_init(struct kunit *test)
{
	static const struct kernel_host_config config = { .version = 40 };
	struct matching_fixture *fix = kunit_kzalloc(test, sizeof(*fix),
						     GFP_KERNEL);

	if (!fix)
		return -ENOMEM;
	fix->requests = kunit_kcalloc(test, REQUESTS, sizeof(*fix->requests),
				      GFP_KERNEL);
	if (!fix->requests)
		return -ENOMEM;
	fix->host = host_fixture(test, &config);
	fix->adapter = host_fixture_adapter(test);
	kernel_host_rule(fix->host, DXGK_VMBCOMMAND_EVICT, KERNEL_HOST_DROP, 0);
	test->priv = fix;
	return 0;
}

static void send_requests(struct kunit *test, u32 count)
{
	struct matching_fixture *fix = test->priv;
	struct dxg_message msg;
	u32 i;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test,
				     dxg_message_init(&msg, NULL, fix->adapter,
						      DXGK_VMBCOMMAND_EVICT,
						      sizeof(struct dxg_cmd_evict)));
	for (i = 0; i < count; i++) {
		fix->requests[i] = dxg_request_new(&msg, 8, 8);
		KUNIT_ASSERT_NOT_ERR_OR_NULL(test, fix->requests[i]);
		KUNIT_ASSERT_EQ(test, dxg_request_send(fix->requests[i], &msg,
						       DXG_WAIT_KILLABLE), 0);
	}
}

/* The answer to each request is its own number. */
static void answer(struct kunit *test, u32 i)
{
	struct matching_fixture *fix = test->priv;
	u64 payload = i;
	int ret;

	/* the guest reads as fast as it can, on another processor */
	do {
		ret = kernel_host_inject(fix->host, fix->host->vgpu,
					 VM_PKT_COMP, fix->requests[i]->id,
					 &payload, sizeof(payload));
		cond_resched();
	} while (ret == -EAGAIN);
	KUNIT_ASSERT_EQ(test, ret, 0);
}

static void expect_answers(struct kunit *test, u32 count)
{
	struct matching_fixture *fix = test->priv;
	u32 i;

	for (i = 0; i < count; i++) {
		KUNIT_EXPECT_EQ(test, dxg_request_wait(fix->requests[i],
						       DXG_WAIT_FOREVER), 0);
		KUNIT_EXPECT_EQ(test, *(u64 *)fix->requests[i]->reply, i);
		dxg_request_put(fix->requests[i]);
	}
	KUNIT_EXPECT_EQ(test, fix->adapter->channel.in_flight, 0);
}

/* P21, P96: each by its number, however many there are. */
static void ten_thousand_requests_complete_out_of_order(struct kunit *test)
{
	struct matching_fixture *fix = test->priv;
	u32 i, at = 0;

	send_requests(test, REQUESTS);
	KUNIT_EXPECT_EQ(test, fix->adapter->channel.in_flight, REQUESTS);
	for (i = 0; i < REQUESTS; i++) {
		answer(test, at);
		at = (at + STEP) % REQUESTS;
	}
	expect_answers(test, REQUESTS);
}

static void outstanding_ids_are_unique_and_never_zero(struct kunit *test)
{
	struct matching_fixture *fix = test->priv;
	u64 first, last;
	u32 i;

	send_requests(test, REQUESTS);
	first = fix->requests[0]->id;
	last = fix->adapter->channel.last_id;
	KUNIT_EXPECT_NE(test, first, 0);
	/* ids only count up, so different neighbours are enough */
	for (i = 1; i < REQUESTS; i++)
		KUNIT_EXPECT_GT(test, fix->requests[i]->id,
				fix->requests[i - 1]->id);
	KUNIT_EXPECT_EQ(test, fix->requests[REQUESTS - 1]->id, last);
	for (i = 0; i < REQUESTS; i++)
		answer(test, i);
	expect_answers(test, REQUESTS);
}

static void the_table_grows_and_stays_at_most_half_full(struct kunit *test)
{
	struct matching_fixture *fix = test->priv;
	struct dxg_channel *channel = &fix->adapter->channel;
	u32 before = channel->slot_count, i;

	KUNIT_ASSERT_LT(test, before, REQUESTS);
	send_requests(test, before);
	KUNIT_EXPECT_GE(test, channel->slot_count, before * 2);
	KUNIT_EXPECT_EQ(test, channel->slot_count & (channel->slot_count - 1),
			0);
	for (i = before; i--;)
		answer(test, i);
	expect_answers(test, before);
}

/* One request that stays must not stop ids that fall on its slot. */
static void a_slot_that_stays_taken_is_skipped(struct kunit *test)
{
	struct matching_fixture *fix = test->priv;
	struct dxg_channel *channel = &fix->adapter->channel;
	u32 slots = channel->slot_count, round;
	struct dxg_request *stays;

	send_requests(test, 1);
	stays = fix->requests[0];
	for (round = 0; round < slots * 2; round++) {
		send_requests(test, 1);
		KUNIT_EXPECT_NE(test, stays->id & (slots - 1),
				fix->requests[0]->id & (slots - 1));
		answer(test, 0);
		KUNIT_EXPECT_EQ(test, dxg_request_wait(fix->requests[0],
						       DXG_WAIT_FOREVER), 0);
		dxg_request_put(fix->requests[0]);
	}
	KUNIT_EXPECT_EQ(test, channel->slot_count, slots);
	fix->requests[0] = stays;
	answer(test, 0);
	expect_answers(test, 1);
}

static struct kunit_case completion_matching_cases[] = {
	KUNIT_CASE(ten_thousand_requests_complete_out_of_order),
	KUNIT_CASE(outstanding_ids_are_unique_and_never_zero),
	KUNIT_CASE(the_table_grows_and_stays_at_most_half_full),
	KUNIT_CASE(a_slot_that_stays_taken_is_skipped),
	{ }
};

static struct kunit_suite completion_matching_suite = {
	.name = "dxg_completion_matching",
	.init = matching_test_init,
	.test_cases = completion_matching_cases,
};

kunit_test_suite(completion_matching_suite);
