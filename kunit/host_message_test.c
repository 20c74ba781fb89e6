// SPDX-License-Identifier: GPL-2.0
/*
 * Messages: framing, and what becomes of answers that are short, long, late,
 * repeated, or for nobody.
 */
#include <kunit/test.h>
#include <linux/slab.h>

#include "global_channel.h"
#include "host_fixture.h"
#include "host_message.h"

#define EXT_HEADER	sizeof(struct dxg_ext_header)

struct message_fixture {
	struct kernel_host *host;
	struct dxg_adapter *adapter;
};

static int message_test_init(struct kunit *test)
{
	static const struct kernel_host_config config = { .version = 40 };
	struct message_fixture *fix = kunit_kzalloc(test, sizeof(*fix),
						    GFP_KERNEL);

	if (!fix)
		return -ENOMEM;
	fix->host = host_fixture(test, &config);
	fix->adapter = host_fixture_adapter(test);
	test->priv = fix;
	return 0;
}

/* A message that asks for nothing: EVICT without allocations. */
static void init_evict(struct kunit *test, struct dxg_message *msg)
{
	struct message_fixture *fix = test->priv;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test,
				     dxg_message_init(msg, NULL, fix->adapter,
						      DXGK_VMBCOMMAND_EVICT,
						      sizeof(struct dxg_cmd_evict)));
}

/* P70, P93 */
static void a_short_message_is_zeroed_and_lives_on_the_stack(struct kunit *test)
{
	struct message_fixture *fix = test->priv;
	size_t length = DXG_MESSAGE_INLINE - EXT_HEADER;
	struct dxg_message msg;
	u8 *cmd;

	memset(&msg, 0xff, sizeof(msg));
	cmd = dxg_message_init(&msg, NULL, fix->adapter, DXGK_VMBCOMMAND_EVICT,
			       length);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, cmd);
	KUNIT_EXPECT_PTR_EQ(test, msg.buffer, (void *)msg.storage);
	KUNIT_EXPECT_NULL(test, memchr_inv(cmd + 24, 0, length - 24));
	dxg_message_free(&msg);
}

static void a_longer_message_is_zeroed_and_lives_on_the_heap(struct kunit *test)
{
	struct message_fixture *fix = test->priv;
	size_t length = DXG_MESSAGE_INLINE - EXT_HEADER + 1;
	struct dxg_message msg;
	u8 *cmd;

	cmd = dxg_message_init(&msg, NULL, fix->adapter, DXGK_VMBCOMMAND_EVICT,
			       length);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, cmd);
	KUNIT_EXPECT_PTR_NE(test, msg.buffer, (void *)msg.storage);
	KUNIT_EXPECT_NULL(test, memchr_inv(cmd + 24, 0, length - 24));
	dxg_message_free(&msg);
}

static void the_longest_message_fits_and_one_more_byte_does_not(struct kunit *test)
{
	struct message_fixture *fix = test->priv;
	size_t most = 131072 - EXT_HEADER;
	struct dxg_message msg;
	void *cmd;

	cmd = dxg_message_init(&msg, NULL, fix->adapter, DXGK_VMBCOMMAND_EVICT,
			       most);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, cmd);
	KUNIT_EXPECT_EQ(test, dxg_message_call(&msg, NULL, 0), 0);
	dxg_message_free(&msg);
	cmd = dxg_message_init(&msg, NULL, fix->adapter, DXGK_VMBCOMMAND_EVICT,
			       most + 1);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(cmd), -EINVAL);
	cmd = dxg_message_init(&msg, NULL, fix->adapter, DXGK_VMBCOMMAND_EVICT,
			       SIZE_MAX);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(cmd), -EINVAL);
}

static void a_reply_too_large_for_the_bus_is_refused(struct kunit *test)
{
	struct dxg_message msg;

	init_evict(test, &msg);
	KUNIT_EXPECT_EQ(test, PTR_ERR_OR_ZERO(dxg_request_new(&msg, 0, 131073)),
			-EINVAL);
	dxg_message_free(&msg);
}

static void a_reply_of_the_exact_length_is_taken(struct kunit *test)
{
	struct dxg_ret_evict reply;
	struct dxg_message msg;

	init_evict(test, &msg);
	KUNIT_EXPECT_EQ(test, dxg_message_call(&msg, &reply, sizeof(reply)), 0);
	dxg_message_free(&msg);
}

static void a_short_reply_is_an_overflow(struct kunit *test)
{
	struct message_fixture *fix = test->priv;
	u8 reply[16];
	struct dxg_message msg;

	/* completions are padded to 8 bytes, so the next step is 16 */
	init_evict(test, &msg);
	KUNIT_EXPECT_EQ(test, dxg_message_call(&msg, reply, 9), -EOVERFLOW);
	kernel_host_rule(fix->host, DXGK_VMBCOMMAND_EVICT, KERNEL_HOST_SHORT,
			 0);
	KUNIT_EXPECT_EQ(test, dxg_message_call(&msg, reply, 1), -EOVERFLOW);
	KUNIT_EXPECT_EQ(test, dxg_message_call(&msg, reply, 0), 0);
	dxg_message_free(&msg);
}

static void a_long_reply_is_cut(struct kunit *test)
{
	struct dxg_request *request;
	struct dxg_message msg;

	init_evict(test, &msg);
	request = dxg_request_new(&msg, 4, 6);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, request);
	memset(request->inline_reply, 0x55, sizeof(request->inline_reply));
	KUNIT_EXPECT_EQ(test, dxg_request_call(request, &msg), 0);
	KUNIT_EXPECT_EQ(test, request->received, 6);
	KUNIT_EXPECT_EQ(test, request->inline_reply[5], 0);
	KUNIT_EXPECT_EQ(test, request->inline_reply[6], 0x55);
	dxg_request_put(request);
	dxg_message_free(&msg);
}

static void a_second_reply_and_one_to_nobody_are_ignored(struct kunit *test)
{
	struct message_fixture *fix = test->priv;
	u64 zeros[2] = { };
	struct dxg_message msg;
	u64 unknown;

	kernel_host_rule(fix->host, DXGK_VMBCOMMAND_EVICT, KERNEL_HOST_TWICE,
			 0);
	init_evict(test, &msg);
	KUNIT_EXPECT_EQ(test, dxg_message_status(&msg), 0);
	for (unknown = 0; unknown < 200; unknown += 63)
		KUNIT_EXPECT_EQ(test, kernel_host_inject(fix->host,
							 fix->host->vgpu,
							 VM_PKT_COMP,
							 U64_MAX - unknown,
							 zeros, sizeof(zeros)),
				0);
	KUNIT_EXPECT_EQ(test, dxg_message_status(&msg), 0);
	KUNIT_EXPECT_EQ(test, fix->adapter->channel.in_flight, 0);
	dxg_message_free(&msg);
}

struct late_answer {
	struct completion ran;
	int status;
	u32 received;
};

static void note_late_answer(struct dxg_request *request)
{
	struct late_answer *late = request->late_data;

	late->status = request->status;
	late->received = request->received;
	complete(&late->ran);
}

/* Send EVICT, which the host holds, and stop waiting as a killed caller does. */
static void abandon_evict(struct kunit *test, struct late_answer *late)
{
	struct message_fixture *fix = test->priv;
	struct dxg_request *request;
	struct dxg_message msg;

	init_completion(&late->ran);
	late->status = 1;
	kernel_host_rule(fix->host, DXGK_VMBCOMMAND_EVICT, KERNEL_HOST_HOLD, 0);
	init_evict(test, &msg);
	request = dxg_request_new(&msg, 8, 8);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, request);
	request->late = note_late_answer;
	request->late_data = late;
	KUNIT_EXPECT_EQ(test, dxg_request_send(request, &msg,
					       DXG_WAIT_KILLABLE), 0);
	dxg_message_free(&msg);
	KUNIT_EXPECT_EQ(test, kernel_host_wait_seen(fix->host,
						    DXGK_VMBCOMMAND_EVICT, 1),
			0);
	KUNIT_EXPECT_TRUE(test, dxg_request_abandon(request));
	dxg_request_put(request);
	KUNIT_EXPECT_EQ(test, fix->adapter->channel.in_flight, 1);
}

/* P31, P39: the request outlives its caller. */
static void a_late_reply_runs_the_late_function(struct kunit *test)
{
	struct message_fixture *fix = test->priv;
	struct late_answer late;

	abandon_evict(test, &late);
	kernel_host_release(fix->host);
	wait_for_completion(&late.ran);
	KUNIT_EXPECT_EQ(test, late.status, 0);
	KUNIT_EXPECT_EQ(test, late.received, 8);
	KUNIT_EXPECT_EQ(test, fix->adapter->channel.in_flight, 0);
}

static void loss_of_the_channel_runs_the_late_function(struct kunit *test)
{
	struct message_fixture *fix = test->priv;
	struct late_answer late;

	abandon_evict(test, &late);
	KUNIT_EXPECT_EQ(test, kernel_host_withdraw(fix->host,
						   KERNEL_HOST_VGPU), 0);
	wait_for_completion(&late.ran);
	KUNIT_EXPECT_EQ(test, late.status, -ENODEV);
	KUNIT_EXPECT_EQ(test, late.received, 0);
}

static void loss_of_the_channel_ends_a_waiter(struct kunit *test)
{
	struct message_fixture *fix = test->priv;
	struct dxg_request *request;
	struct dxg_message msg;

	kernel_host_rule(fix->host, DXGK_VMBCOMMAND_EVICT, KERNEL_HOST_DROP, 0);
	init_evict(test, &msg);
	request = dxg_request_new(&msg, 8, 8);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, request);
	KUNIT_EXPECT_EQ(test, dxg_request_send(request, &msg,
					       DXG_WAIT_KILLABLE), 0);
	KUNIT_EXPECT_EQ(test, kernel_host_withdraw(fix->host,
						   KERNEL_HOST_VGPU), 0);
	KUNIT_EXPECT_EQ(test, dxg_request_wait(request, DXG_WAIT_KILLABLE),
			-ENODEV);
	dxg_request_put(request);
	KUNIT_EXPECT_EQ(test, dxg_message_status(&msg), -ENODEV);
	dxg_message_free(&msg);
}

static void an_unanswered_bounded_call_times_out(struct kunit *test)
{
	struct message_fixture *fix = test->priv;
	struct dxg_message msg;

	kernel_host_rule(fix->host, DXGK_VMBCOMMAND_EVICT, KERNEL_HOST_HOLD, 0);
	init_evict(test, &msg);
	KUNIT_EXPECT_EQ(test, dxg_message_call_bounded(&msg, NULL, 0, 1),
			-ETIMEDOUT);
	dxg_message_free(&msg);
	kernel_host_release(fix->host);
}

static void a_failing_status_is_translated_and_success_passed(struct kunit *test)
{
	struct message_fixture *fix = test->priv;
	struct dxg_message msg;

	init_evict(test, &msg);
	kernel_host_rule(fix->host, DXGK_VMBCOMMAND_EVICT, KERNEL_HOST_STATUS,
			 0xc0000022);
	KUNIT_EXPECT_EQ(test, dxg_message_status(&msg), -EACCES);
	kernel_host_rule(fix->host, DXGK_VMBCOMMAND_EVICT, KERNEL_HOST_STATUS,
			 0x103);
	KUNIT_EXPECT_EQ(test, dxg_message_status(&msg), 0x103);
	dxg_message_free(&msg);
}

static struct kunit_case host_message_cases[] = {
	KUNIT_CASE(a_short_message_is_zeroed_and_lives_on_the_stack),
	KUNIT_CASE(a_longer_message_is_zeroed_and_lives_on_the_heap),
	KUNIT_CASE(the_longest_message_fits_and_one_more_byte_does_not),
	KUNIT_CASE(a_reply_too_large_for_the_bus_is_refused),
	KUNIT_CASE(a_reply_of_the_exact_length_is_taken),
	KUNIT_CASE(a_short_reply_is_an_overflow),
	KUNIT_CASE(a_long_reply_is_cut),
	KUNIT_CASE(a_second_reply_and_one_to_nobody_are_ignored),
	KUNIT_CASE(a_late_reply_runs_the_late_function),
	KUNIT_CASE(loss_of_the_channel_runs_the_late_function),
	KUNIT_CASE(loss_of_the_channel_ends_a_waiter),
	KUNIT_CASE(an_unanswered_bounded_call_times_out),
	KUNIT_CASE(a_failing_status_is_translated_and_success_passed),
	{ }
};

static struct kunit_suite host_message_suite = {
	.name = "dxg_host_message",
	.init = message_test_init,
	.test_cases = host_message_cases,
};

kunit_test_suite(host_message_suite);
