// SPDX-License-Identifier: GPL-2.0
/*
 * Dynamic memory, byte by byte: what the guest says, and what it does with what
 * the host says. The end-to-end tests have the crowds, the faults and the storms.
 */
#include <kunit/test.h>
#include <linux/mm.h>

#include "balloon.h"
#include "dm.h"
#include "dm_fixture.h"

static void restore_times(void *times)
{
	hvb_dm_times = *(struct hvb_dm_times *)times;
}

static int dm_test_init(struct kunit *test)
{
	struct hvb_dm_times *times = kunit_kzalloc(test, sizeof(*times),
						   GFP_KERNEL);

	if (!times)
		return -ENOMEM;
	*times = hvb_dm_times;
	test->priv = dm_fixture(test);
	return kunit_add_action_or_reset(test, restore_times, times);
}

static void expect_bytes(struct kunit *test, const void *message,
			 const u8 *bytes, size_t count)
{
	KUNIT_EXPECT_EQ(test, memcmp(message, bytes, count), 0);
}

/* F1 */
static void the_negotiation_has_these_bytes(struct kunit *test)
{
	static const u8 version[] = {
		0x01, 0, 0x10, 0, 0x01, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0,
	};
	u8 caps[32] = { 0x03, 0, 0x20, 0, 0x02, 0, 0, 0, 0x1f };
	struct dm_fixture *fix = test->priv;

	memset(caps + 24, 0xff, 8);
	dm_fixture_offer(test, fix, 0);
	expect_bytes(test, dm_fixture_wait(test, fix, 0,
					   DM_TYPE_VERSION_REQUEST),
		     version, sizeof(version));
	KUNIT_EXPECT_EQ(test, fix->said[0].size, 16u);
	expect_bytes(test, dm_fixture_wait(test, fix, 1, DM_TYPE_CAPS_REPORT),
		     caps, sizeof(caps));
	KUNIT_EXPECT_EQ(test, fix->said[1].size, 32u);
}

/* F3: old hosts, in a build that knows them */
static void an_older_version_is_proposed_next(struct kunit *test)
{
	const struct dm_version_request *request;
	struct dm_fixture *fix = test->priv;

	fix->accept = DM_VERSION_1_0;
	dm_fixture_offer(test, fix, 0);
	request = dm_fixture_wait(test, fix, 0, DM_TYPE_VERSION_REQUEST);
	KUNIT_EXPECT_EQ(test, request->version, DM_VERSION_2_0);
	KUNIT_EXPECT_EQ(test, request->flags, 0u);
	request = dm_fixture_wait(test, fix, 1, DM_TYPE_VERSION_REQUEST);
	KUNIT_EXPECT_EQ(test, request->version, DM_VERSION_1_0);
	KUNIT_EXPECT_EQ(test, request->flags, 0u);
	dm_fixture_wait(test, fix, 2, DM_TYPE_CAPS_REPORT);
}

static void the_oldest_version_is_the_last_attempt(struct kunit *test)
{
	const struct dm_version_request *request;
	struct dm_fixture *fix = test->priv;

	fix->accept = DM_VERSION_0_3;
	dm_fixture_offer(test, fix, 0);
	request = dm_fixture_wait(test, fix, 2, DM_TYPE_VERSION_REQUEST);
	KUNIT_EXPECT_EQ(test, request->version, DM_VERSION_0_3);
	KUNIT_EXPECT_EQ(test, request->flags, DM_VERSION_LAST);
}

/* F2 */
static void no_version_left_is_a_protocol_error(struct kunit *test)
{
	struct dm_fixture *fix = test->priv;

	fix->accept = 0;
	dm_fixture_offer(test, fix, -EPROTO);
	KUNIT_EXPECT_EQ(test, fix->count, 3u);
}

/* F4 */
static void refused_capabilities_are_a_protocol_error(struct kunit *test)
{
	struct dm_fixture *fix = test->priv;

	fix->caps_answer = 0;
	dm_fixture_offer(test, fix, -EPROTO);
}

/* X1 */
static void a_silent_host_is_given_up(struct kunit *test)
{
	struct dm_fixture *fix = test->priv;

	hvb_dm_times.negotiate_ms = 50;
	fix->mute = true;
	dm_fixture_offer(test, fix, -ETIMEDOUT);
}

static void give_back(struct kunit *test, struct dm_fixture *fix,
		      struct dm_range range, unsigned int message)
{
	u64 buffer[3];
	struct dm_unballoon_request *request = (void *)buffer;
	const struct dm_header *response;

	request->flags = 0;
	request->count = 1;
	request->ranges[0] = range;
	dm_fixture_send(test, fix, request, DM_TYPE_UNBALLOON_REQUEST,
			sizeof(buffer));
	response = dm_fixture_wait(test, fix, message,
				   DM_TYPE_UNBALLOON_RESPONSE);
	KUNIT_EXPECT_EQ(test, response->size, 8u);
}

/* The ranges of the guest's message number @n, which is the last of its kind. */
static const struct dm_balloon_response *
ask(struct kunit *test, struct dm_fixture *fix, u32 pages, unsigned int n)
{
	struct dm_balloon_request request = { .pages = pages };

	dm_fixture_send(test, fix, &request, DM_TYPE_BALLOON_REQUEST,
			sizeof(request));
	return dm_fixture_wait(test, fix, n, DM_TYPE_BALLOON_RESPONSE);
}

static void one_page_goes_and_comes(struct kunit *test)
{
	struct dm_fixture *fix = test->priv;
	unsigned long before = totalram_pages();
	const struct dm_balloon_response *response;
	struct page *page;

	dm_fixture_offer(test, fix, 0);
	response = ask(test, fix, 1, 2);
	KUNIT_EXPECT_EQ(test, response->hdr.size, 24u);
	KUNIT_EXPECT_EQ(test, response->hdr.trans_id, 3u);
	KUNIT_EXPECT_EQ(test, response->reserved, 0u);
	KUNIT_EXPECT_EQ(test, response->count, 1u << DM_COUNT_SHIFT);
	KUNIT_EXPECT_EQ(test, dm_range_count(response->ranges[0]), 1ull);
	KUNIT_EXPECT_EQ(test, totalram_pages(), before - 1);
	page = pfn_to_page(dm_range_start(response->ranges[0]));
	KUNIT_EXPECT_TRUE(test, PageOffline(page));
	give_back(test, fix, response->ranges[0], 3);
	KUNIT_EXPECT_FALSE(test, PageOffline(page));
	KUNIT_EXPECT_EQ(test, totalram_pages(), before);
	KUNIT_EXPECT_EQ(test, hvb_balloon_pages(), 0ul);
}

/* A host need not wait until we have digested its answer. */
static void a_request_may_follow_the_answer_at_once(struct kunit *test)
{
	const struct dm_balloon_response *response;
	struct dm_fixture *fix = test->priv;

	fix->first_pages = 1;
	dm_fixture_offer(test, fix, 0);
	response = dm_fixture_wait(test, fix, 2, DM_TYPE_BALLOON_RESPONSE);
	KUNIT_EXPECT_EQ(test, response->count, 1u << DM_COUNT_SHIFT);
	give_back(test, fix, response->ranges[0], 3);
	KUNIT_EXPECT_EQ(test, hvb_balloon_pages(), 0ul);
}

static void a_large_block_is_one_range(struct kunit *test)
{
	const struct dm_balloon_response *response;
	struct dm_fixture *fix = test->priv;

	dm_fixture_offer(test, fix, 0);
	response = ask(test, fix, 513, 2);
	KUNIT_ASSERT_EQ(test, response->count, 2u << DM_COUNT_SHIFT);
	KUNIT_EXPECT_EQ(test, dm_range_count(response->ranges[0]), 512ull);
	KUNIT_EXPECT_EQ(test, dm_range_start(response->ranges[0]) % 512, 0ull);
	KUNIT_EXPECT_EQ(test, dm_range_count(response->ranges[1]), 1ull);
	KUNIT_EXPECT_EQ(test, hvb_balloon_pages(), 513ul);
	give_back(test, fix, response->ranges[0], 3);
	KUNIT_EXPECT_EQ(test, hvb_balloon_pages(), 1ul);
	give_back(test, fix, response->ranges[1], 4);
	KUNIT_EXPECT_EQ(test, hvb_balloon_pages(), 0ul);
}

/* 510 ranges fill a message; the rest comes in another one */
static void a_full_message_says_that_more_follows(struct kunit *test)
{
	const struct dm_balloon_response *first, *second;
	struct dm_fixture *fix = test->priv;

	dm_fixture_offer(test, fix, 0);
	first = ask(test, fix, 511, 2);
	KUNIT_EXPECT_EQ(test, first->hdr.size, 4096u);
	KUNIT_EXPECT_EQ(test, first->count, 510u << DM_COUNT_SHIFT | DM_MORE);
	second = dm_fixture_wait(test, fix, 3, DM_TYPE_BALLOON_RESPONSE);
	KUNIT_EXPECT_EQ(test, second->count, 1u << DM_COUNT_SHIFT);
	give_back(test, fix, dm_range_make(0, DM_RANGE_MAX_COUNT), 4);
	KUNIT_EXPECT_EQ(test, hvb_balloon_pages(), 0ul);
}

/* F7 */
static void no_page_is_an_answer(struct kunit *test)
{
	const struct dm_balloon_response *response;
	struct dm_fixture *fix = test->priv;

	dm_fixture_offer(test, fix, 0);
	response = ask(test, fix, 0, 2);
	KUNIT_EXPECT_EQ(test, response->hdr.size, 16u);
	KUNIT_EXPECT_EQ(test, response->count, 0u);
}

/* F10, and the form of the answer */
static void a_hot_add_is_refused_for_good(struct kunit *test)
{
	struct dm_hot_add_request request = {
		.range = dm_range_make(0x100000, 0x8000),
	};
	const struct dm_hot_add_response *response;
	struct dm_fixture *fix = test->priv;

	dm_fixture_offer(test, fix, 0);
	dm_fixture_send(test, fix, &request, DM_TYPE_HOT_ADD_REQUEST, 16);
	response = dm_fixture_wait(test, fix, 2, DM_TYPE_HOT_ADD_RESPONSE);
	KUNIT_EXPECT_EQ(test, response->hdr.size, 16u);
	KUNIT_EXPECT_EQ(test, response->pages, 0u);
	KUNIT_EXPECT_EQ(test, response->result, 1u);
}

/* F9, X14: what follows a balloon transaction was handled before it */
static void info_is_kept_if_it_makes_sense(struct kunit *test)
{
	u64 buffer[4] = { 0 };
	struct dm_info *info = (void *)buffer;
	struct dm_fixture *fix = test->priv;
	struct hvb_dm_numbers numbers;
	u64 errors;

	dm_fixture_offer(test, fix, 0);
	hvb_dm_get_numbers(&numbers);
	errors = numbers.host_errors;
	info->size = 16;
	info->type = DM_INFO_MAX_PAGES;
	info->data_size = 8;
	buffer[3] = 0x123456;
	dm_fixture_send(test, fix, info, DM_TYPE_INFO, sizeof(buffer));
	ask(test, fix, 0, 2);
	hvb_dm_get_numbers(&numbers);
	KUNIT_EXPECT_EQ(test, numbers.max_pages, 0x123456ull);
	KUNIT_EXPECT_EQ(test, numbers.host_errors, errors);

	buffer[3] = 0x999;
	info->data_size = 9;
	dm_fixture_send(test, fix, info, DM_TYPE_INFO, sizeof(buffer));
	info->data_size = 8;
	info->size = 17;
	dm_fixture_send(test, fix, info, DM_TYPE_INFO, sizeof(buffer));
	info->size = 12;
	info->data_size = 4;
	dm_fixture_send(test, fix, info, DM_TYPE_INFO, sizeof(buffer));
	dm_fixture_send(test, fix, info, DM_TYPE_INFO, 16);
	ask(test, fix, 0, 3);
	hvb_dm_get_numbers(&numbers);
	KUNIT_EXPECT_EQ(test, numbers.max_pages, 0x123456ull);
	KUNIT_EXPECT_EQ(test, numbers.host_errors, errors + 4);
}

/* X3 */
static void wrong_sizes_are_counted(struct kunit *test)
{
	struct mock_channel *ch;
	struct dm_balloon_request request = { .pages = 1 };
	struct dm_fixture *fix = test->priv;
	static const u16 sizes[] = { 0, 7, 15, 24, 0xffff };
	u64 errors;
	int i;

	dm_fixture_offer(test, fix, 0);
	errors = atomic64_read(&hvb_dm.host_errors);
	ch = mock_host_channel(fix->mock, fix->relid);
	KUNIT_ASSERT_NOT_NULL(test, ch);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		request.hdr = (struct dm_header){ DM_TYPE_BALLOON_REQUEST,
						  sizes[i], 1 };
		KUNIT_EXPECT_EQ(test, mock_host_send(ch, VM_PKT_DATA_INBAND, 0,
						     0, &request,
						     sizeof(request)), 0);
	}
	mock_channel_put(ch);
	ask(test, fix, 0, 2);
	KUNIT_EXPECT_EQ(test, (u64)atomic64_read(&hvb_dm.host_errors),
			errors + ARRAY_SIZE(sizes));
}

/* A.13: hibernation closes the channel, and pages stay where they are */
static void pages_survive_suspend_and_resume(struct kunit *test)
{
	struct dm_fixture *fix = test->priv;
	const struct dm_version_request *version;
	struct hv_device *dev;
	struct hv_driver *driver;
	struct dm_range range;

	dm_fixture_offer(test, fix, 0);
	range = ask(test, fix, 512, 2)->ranges[0];
	dev = dm_fixture_device(test, fix);
	driver = dm_fixture_driver(dev);
	KUNIT_ASSERT_EQ(test, driver->suspend(dev), 0);
	KUNIT_EXPECT_EQ(test, hvb_balloon_pages(), 512ul);
	KUNIT_ASSERT_EQ(test, driver->resume(dev), 0);
	version = dm_fixture_wait(test, fix, 3, DM_TYPE_VERSION_REQUEST);
	KUNIT_EXPECT_EQ(test, version->hdr.trans_id, 1u);
	dm_fixture_wait(test, fix, 4, DM_TYPE_CAPS_REPORT);
	give_back(test, fix, range, 5);
	KUNIT_EXPECT_EQ(test, hvb_balloon_pages(), 0ul);
}

static void a_resume_that_fails_leaves_a_dead_device(struct kunit *test)
{
	struct dm_fixture *fix = test->priv;
	struct hv_device *dev;
	struct hv_driver *driver;

	dm_fixture_offer(test, fix, 0);
	dev = dm_fixture_device(test, fix);
	driver = dm_fixture_driver(dev);
	KUNIT_ASSERT_EQ(test, driver->suspend(dev), 0);
	fix->accept = 0;
	KUNIT_EXPECT_EQ(test, driver->resume(dev), -EPROTO);
	KUNIT_EXPECT_EQ(test, driver->suspend(dev), 0);
	dm_fixture_withdraw(test, fix);
}

/* Reboot and kexec */
static void a_shutdown_closes_the_channel(struct kunit *test)
{
	struct dm_fixture *fix = test->priv;
	struct hv_device *dev;

	dm_fixture_offer(test, fix, 0);
	dev = dm_fixture_device(test, fix);
	dm_fixture_driver(dev)->shutdown(dev);
	KUNIT_EXPECT_EQ(test, (int)dev->channel->state,
			(int)CHANNEL_OPEN_STATE);
}

/* X12 */
static void pages_survive_the_device(struct kunit *test)
{
	struct dm_fixture *fix = test->priv;
	struct dm_range range;

	dm_fixture_offer(test, fix, 0);
	range = ask(test, fix, 1, 2)->ranges[0];
	dm_fixture_withdraw(test, fix);
	KUNIT_EXPECT_EQ(test, hvb_balloon_pages(), 1ul);
	dm_fixture_offer(test, fix, 0);
	give_back(test, fix, range, 5);
	KUNIT_EXPECT_EQ(test, hvb_balloon_pages(), 0ul);
}

/* Whoever is out of memory gets the unsent pages, and the host a true answer. */
static void unsent_pages_can_be_had_back(struct kunit *test)
{
	struct dm_fixture *fix = test->priv;
	struct dm_balloon_request request = { .pages = 40000 };
	const struct dm_balloon_response *response;
	unsigned long before = totalram_pages(), told = 0, i, n = 1;

	dm_fixture_offer(test, fix, 0);
	dm_fixture_send(test, fix, &request, DM_TYPE_BALLOON_REQUEST,
			sizeof(request));
	while (READ_ONCE(fix->count) < 3 && !hvb_balloon_give_up(1))
		cond_resched();
	do {
		response = dm_fixture_wait(test, fix, ++n,
					   DM_TYPE_BALLOON_RESPONSE);
		for (i = 0; i < response->count >> DM_COUNT_SHIFT; i++)
			told += dm_range_count(response->ranges[i]);
	} while (response->count & DM_MORE);
	KUNIT_EXPECT_EQ(test, told, hvb_balloon_pages());
	KUNIT_EXPECT_EQ(test, totalram_pages(), before - told);
	KUNIT_EXPECT_EQ(test, hvb_balloon_give_up(ULONG_MAX), 0ul);
	give_back(test, fix, dm_range_make(0, DM_RANGE_MAX_COUNT), ++n);
	KUNIT_EXPECT_EQ(test, totalram_pages(), before);
}

static struct kunit_case dm_cases[] = {
	KUNIT_CASE(the_negotiation_has_these_bytes),
	KUNIT_CASE(an_older_version_is_proposed_next),
	KUNIT_CASE(the_oldest_version_is_the_last_attempt),
	KUNIT_CASE(no_version_left_is_a_protocol_error),
	KUNIT_CASE(refused_capabilities_are_a_protocol_error),
	KUNIT_CASE(a_silent_host_is_given_up),
	KUNIT_CASE(one_page_goes_and_comes),
	KUNIT_CASE(a_request_may_follow_the_answer_at_once),
	KUNIT_CASE(a_large_block_is_one_range),
	KUNIT_CASE(a_full_message_says_that_more_follows),
	KUNIT_CASE(no_page_is_an_answer),
	KUNIT_CASE(a_hot_add_is_refused_for_good),
	KUNIT_CASE(info_is_kept_if_it_makes_sense),
	KUNIT_CASE(wrong_sizes_are_counted),
	KUNIT_CASE(pages_survive_suspend_and_resume),
	KUNIT_CASE(a_resume_that_fails_leaves_a_dead_device),
	KUNIT_CASE(a_shutdown_closes_the_channel),
	KUNIT_CASE(pages_survive_the_device),
	KUNIT_CASE(unsent_pages_can_be_had_back),
	{ }
};

static struct kunit_suite dm_suite = {
	.name = "hvb_dm",
	.init = dm_test_init,
	.test_cases = dm_cases,
};

kunit_test_suite(dm_suite);
