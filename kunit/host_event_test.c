// SPDX-License-Identifier: GPL-2.0
/*
 * Host events: who owns an event after a signal, a withdrawal, the end of its
 * adapter or process; and messages from the host that mean nothing.
 */
#include <kunit/test.h>
#include <linux/rcupdate.h>

#include "host_event.h"
#include "host_fixture.h"

struct counting_event {
	struct dxg_host_event event;
	unsigned int signals;
	int error;
};

struct event_fixture {
	struct kernel_host *host;
	struct dxg_adapter *adapter;
	struct dxg_event_list list;
	struct counting_event once;
	struct counting_event always;
};

static void count_signal(struct dxg_host_event *event, int error)
{
	struct counting_event *counting =
		container_of(event, struct counting_event, event);

	counting->signals++;
	counting->error = error;
}

static int event_test_init(struct kunit *test)
{
	static const struct kernel_host_config config = { .version = 40 };
	struct event_fixture *fix = kunit_kzalloc(test, sizeof(*fix),
						  GFP_KERNEL);

	if (!fix)
		return -ENOMEM;
	fix->host = host_fixture(test, &config);
	fix->adapter = host_fixture_adapter(test);
	dxg_event_list_init(&fix->list);
	fix->once.event.one_shot = true;
	fix->once.event.signal = count_signal;
	fix->always.event.signal = count_signal;
	test->priv = fix;
	KUNIT_ASSERT_EQ(test, dxg_host_event_add(&fix->once.event, &fix->list,
						 fix->adapter), 0);
	KUNIT_ASSERT_EQ(test, dxg_host_event_add(&fix->always.event, &fix->list,
						 fix->adapter), 0);
	return 0;
}

static void event_test_exit(struct kunit *test)
{
	struct event_fixture *fix = test->priv;

	if (!fix)
		return;
	dxg_host_event_withdraw(fix->once.event.id);
	dxg_host_event_withdraw(fix->always.event.id);
	synchronize_rcu();
}

/* The host's message, as it arrives on the global channel. */
static void host_signals(u64 id, u32 command, u32 length)
{
	struct dxg_cmd_signalguestevent message = {
		.hdr.channel_type = DXGKVMB_HOST_TO_VM,
		.hdr.command_type = command,
		.event = id,
	};

	dxg_host_event_message(&message, length);
}

/* P30: numbers, not addresses. */
static void event_ids_are_small_numbers_and_unique(struct kunit *test)
{
	struct event_fixture *fix = test->priv;

	KUNIT_EXPECT_GE(test, fix->once.event.id, 2ULL);
	KUNIT_EXPECT_LT(test, fix->once.event.id, 1ULL << 40);
	KUNIT_EXPECT_EQ(test, fix->always.event.id, fix->once.event.id + 1);
}

static void a_one_shot_event_fires_once(struct kunit *test)
{
	struct event_fixture *fix = test->priv;

	dxg_host_event_signal(fix->once.event.id);
	KUNIT_EXPECT_EQ(test, fix->once.signals, 1);
	KUNIT_EXPECT_EQ(test, fix->once.error, 0);
	dxg_host_event_signal(fix->once.event.id);
	KUNIT_EXPECT_EQ(test, fix->once.signals, 1);
	KUNIT_EXPECT_NULL(test, dxg_host_event_withdraw(fix->once.event.id));
}

static void a_persistent_event_fires_every_time(struct kunit *test)
{
	struct event_fixture *fix = test->priv;
	int i;

	for (i = 0; i < 3; i++)
		dxg_host_event_signal(fix->always.event.id);
	KUNIT_EXPECT_EQ(test, fix->always.signals, 3);
	KUNIT_EXPECT_PTR_EQ(test,
			    dxg_host_event_withdraw(fix->always.event.id),
			    &fix->always.event);
}

static void a_withdrawn_event_does_not_fire(struct kunit *test)
{
	struct event_fixture *fix = test->priv;

	KUNIT_EXPECT_PTR_EQ(test, dxg_host_event_withdraw(fix->once.event.id),
			    &fix->once.event);
	KUNIT_EXPECT_NULL(test, dxg_host_event_withdraw(fix->once.event.id));
	dxg_host_event_signal(fix->once.event.id);
	KUNIT_EXPECT_EQ(test, fix->once.signals, 0);
}

static void unknown_ids_are_ignored(struct kunit *test)
{
	struct event_fixture *fix = test->priv;

	dxg_host_event_signal(0);
	dxg_host_event_signal(1);
	dxg_host_event_signal(fix->always.event.id + 1);
	dxg_host_event_signal(U64_MAX);
	dxg_host_event_signal((u64)(unsigned long)&fix->once.event);
	KUNIT_EXPECT_EQ(test, fix->once.signals, 0);
	KUNIT_EXPECT_EQ(test, fix->always.signals, 0);
}

static void both_signal_messages_signal(struct kunit *test)
{
	struct event_fixture *fix = test->priv;

	host_signals(fix->always.event.id, DXGK_VMBCOMMAND_SIGNALGUESTEVENT,
		     48);
	host_signals(fix->always.event.id,
		     DXGK_VMBCOMMAND_SIGNALGUESTEVENTPASSIVE, 48);
	KUNIT_EXPECT_EQ(test, fix->always.signals, 2);
}

static void short_or_foreign_signal_messages_are_ignored(struct kunit *test)
{
	struct event_fixture *fix = test->priv;
	struct dxg_cmd_signalguestevent message = {
		.hdr.command_type = DXGK_VMBCOMMAND_SIGNALGUESTEVENT,
		.event = fix->always.event.id,
	};
	u32 length;

	for (length = 0; length < 48; length++)
		host_signals(fix->always.event.id,
			     DXGK_VMBCOMMAND_SIGNALGUESTEVENT, length);
	/* header types of messages to the host */
	message.hdr.channel_type = DXGKVMB_VGPU_TO_HOST;
	dxg_host_event_message(&message, sizeof(message));
	message.hdr.channel_type = DXGKVMB_VM_TO_HOST;
	dxg_host_event_message(&message, sizeof(message));
	/* types without meaning */
	host_signals(fix->always.event.id, 4, 48);
	host_signals(fix->always.event.id, 1, 48);
	host_signals(fix->always.event.id, 0x7fffffff, 48);
	KUNIT_EXPECT_EQ(test, fix->always.signals, 0);
}

/* The reference bytes of docs/protocol.md, with the id put in. */
static void the_reference_signal_is_understood(struct kunit *test)
{
	static const u8 golden[48] = { [12] = 2, [24] = 2 };
	struct event_fixture *fix = test->priv;
	u8 payload[48] __aligned(8);

	memcpy(payload, golden, sizeof(payload));
	memcpy(payload + 24, &fix->once.event.id, sizeof(u64));
	dxg_host_event_message(payload, sizeof(payload));
	KUNIT_EXPECT_EQ(test, fix->once.signals, 1);
}

static void the_end_of_the_adapter_ends_one_shot_events(struct kunit *test)
{
	struct event_fixture *fix = test->priv;

	dxg_event_list_end(&fix->list, fix->adapter, -ENODEV);
	KUNIT_EXPECT_EQ(test, fix->once.signals, 1);
	KUNIT_EXPECT_EQ(test, fix->once.error, -ENODEV);
	KUNIT_EXPECT_EQ(test, fix->always.signals, 0);
	dxg_host_event_signal(fix->once.event.id);
	KUNIT_EXPECT_EQ(test, fix->once.signals, 1);
}

static void the_end_of_another_adapter_does_not(struct kunit *test)
{
	struct event_fixture *fix = test->priv;
	struct dxg_adapter *other = kunit_kzalloc(test, sizeof(*other),
						  GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, other);
	dxg_event_list_end(&fix->list, other, -ENODEV);
	KUNIT_EXPECT_EQ(test, fix->once.signals, 0);
}

static void the_end_of_the_process_cancels_one_shot_events(struct kunit *test)
{
	struct event_fixture *fix = test->priv;

	dxg_event_list_end(&fix->list, NULL, -ECANCELED);
	KUNIT_EXPECT_EQ(test, fix->once.signals, 1);
	KUNIT_EXPECT_EQ(test, fix->once.error, -ECANCELED);
}

static void a_stopped_adapter_takes_no_events(struct kunit *test)
{
	struct event_fixture *fix = test->priv;
	struct counting_event *late = kunit_kzalloc(test, sizeof(*late),
						    GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, late);
	late->event.one_shot = true;
	late->event.signal = count_signal;
	KUNIT_ASSERT_EQ(test, kernel_host_withdraw(fix->host,
						   KERNEL_HOST_VGPU), 0);
	KUNIT_EXPECT_EQ(test, dxg_host_event_add(&late->event, &fix->list,
						 fix->adapter), -ENODEV);
	dxg_host_event_signal(late->event.id);
	KUNIT_EXPECT_EQ(test, late->signals, 0);
}

static struct kunit_case host_event_cases[] = {
	KUNIT_CASE(event_ids_are_small_numbers_and_unique),
	KUNIT_CASE(a_one_shot_event_fires_once),
	KUNIT_CASE(a_persistent_event_fires_every_time),
	KUNIT_CASE(a_withdrawn_event_does_not_fire),
	KUNIT_CASE(unknown_ids_are_ignored),
	KUNIT_CASE(both_signal_messages_signal),
	KUNIT_CASE(short_or_foreign_signal_messages_are_ignored),
	KUNIT_CASE(the_reference_signal_is_understood),
	KUNIT_CASE(the_end_of_the_adapter_ends_one_shot_events),
	KUNIT_CASE(the_end_of_another_adapter_does_not),
	KUNIT_CASE(the_end_of_the_process_cancels_one_shot_events),
	KUNIT_CASE(a_stopped_adapter_takes_no_events),
	{ }
};

static struct kunit_suite host_event_suite = {
	.name = "dxg_host_event",
	.init = event_test_init,
	.exit = event_test_exit,
	.test_cases = host_event_cases,
};

kunit_test_suite(host_event_suite);
