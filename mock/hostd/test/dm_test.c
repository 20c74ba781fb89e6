// SPDX-License-Identifier: GPL-2.0
/*
 * The dynamic-memory host: books, checks on the guest, commands.
 */
#include "dm_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What the host sent, last message first. */
static struct {
	uint8_t message[DM_MAX_MESSAGE];
	size_t size;
	unsigned int count;
} sent;

static void on_send(void *ctx, const void *message, size_t size)
{
	(void)ctx;
	memcpy(sent.message, message, size < sizeof(sent.message) ? size :
	       sizeof(sent.message));
	sent.size = size;
	sent.count++;
}

static uint32_t trans_id;

static void says(struct dm_host *dm, void *message, uint16_t type, size_t size)
{
	struct dm_header *hdr = message;

	*hdr = (struct dm_header){ type, size, ++trans_id };
	dm_message(dm, message, size);
}

static struct dm_host *open_host(void)
{
	struct dm_host *dm = dm_create(on_send, NULL);

	assert_non_null(dm);
	memset(&sent, 0, sizeof(sent));
	trans_id = 0;
	dm_opened(dm);
	return dm;
}

static struct dm_host *running_host(void)
{
	struct dm_version_request version = { .version = DM_VERSION_2_0,
					      .flags = DM_VERSION_LAST };
	struct dm_caps_report caps = { .caps = 0x1f };
	struct dm_host *dm = open_host();

	says(dm, &version, DM_TYPE_VERSION_REQUEST, sizeof(version));
	says(dm, &caps, DM_TYPE_CAPS_REPORT, sizeof(caps));
	assert_int_equal(dm->phase, DM_RUNNING);
	return dm;
}

static void gives(struct dm_host *dm, uint64_t start, uint64_t count, bool more)
{
	uint64_t buffer[3] = { 0 };
	struct dm_balloon_response *response = (void *)buffer;

	response->count = 1 << DM_COUNT_SHIFT | more;
	response->ranges[0] = dm_range_make(start, count);
	says(dm, response, DM_TYPE_BALLOON_RESPONSE, sizeof(buffer));
}

static const char *command(struct dm_host *dm, const char *words)
{
	char line[256], answer[1024], *argv[8], *save, *word;
	const char *error;
	int argc = 0;
	FILE *out = fmemopen(answer, sizeof(answer), "w");

	snprintf(line, sizeof(line), "%s", words);
	for (word = strtok_r(line, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	error = dm_execute(dm, argc, argv, out);
	fclose(out);
	return error;
}

static void test_negotiation(void **state)
{
	struct dm_version_request version = { .version = DM_VERSION_2_0 };
	struct dm_host *dm = open_host();
	struct dm_response *answer = (void *)sent.message;

	(void)state;
	assert_null(command(dm, "accept-version 0x10000 0x10000"));
	says(dm, &version, DM_TYPE_VERSION_REQUEST, sizeof(version));
	assert_int_equal(answer->hdr.type, DM_TYPE_VERSION_RESPONSE);
	assert_int_equal(answer->hdr.trans_id, 1);
	assert_int_equal(answer->flags, 0);
	version.version = DM_VERSION_1_0;
	says(dm, &version, DM_TYPE_VERSION_REQUEST, sizeof(version));
	assert_int_equal(answer->flags, DM_RESPONSE_ACCEPTED);
	assert_int_equal(dm->violations, 0);
	dm_destroy(dm);
}

static void test_books(void **state)
{
	struct books books;
	struct books_range *ranges;
	size_t n;

	(void)state;
	assert_true(books_init(&books));
	assert_null(books_add(&books, 512, 512));
	assert_null(books_add(&books, 1024, 512));
	assert_null(books_add(&books, 5000, 1));
	assert_non_null(books_add(&books, 1000, 1));
	assert_non_null(books_add(&books, 1, 0));
	assert_non_null(books_add(&books, BOOKS_PAGES - 1, 2));
	assert_int_equal(books.pages, 1025);
	ranges = books_pick(&books, 1, BOOKS_MERGED, &n);
	assert_int_equal(n, 1);
	assert_int_equal(ranges[0].start, 512);
	free(ranges);
	/* the first range is no longer whole */
	ranges = books_pick(&books, 1024, BOOKS_MERGED, &n);
	assert_int_equal(n, 2);
	assert_int_equal(ranges[0].start, 513);
	assert_int_equal(ranges[0].count, 1023);
	free(ranges);
	assert_int_equal(books.pages, 0);
	assert_null(books_add(&books, 10, 20));
	ranges = books_pick(&books, 20, BOOKS_ODD, &n);
	assert_int_equal(n, 3);
	assert_int_equal(ranges[2].count, 6);
	free(ranges);
	books_free(&books);
}

static void test_balloon(void **state)
{
	struct dm_unballoon_request *back = (void *)sent.message;
	struct dm_host *dm = running_host();
	struct dm_header hdr;

	(void)state;
	gives(dm, 0x1000, 1, false);
	assert_int_equal(dm->violations, 1);
	assert_int_equal(dm->books.pages, 0);
	assert_null(command(dm, "balloon 600"));
	gives(dm, 0x1000, 512, true);
	assert_int_equal(dm->balloons, 1);
	gives(dm, 0x1200, 88, false);
	assert_int_equal(dm->balloons, 0);
	assert_int_equal(dm->violations, 1);
	assert_int_equal(dm->books.pages, 600);
	assert_null(command(dm, "unballoon all merged"));
	assert_int_equal(back->count, 1);
	assert_int_equal(dm_range_count(back->ranges[0]), 600);
	assert_int_equal(back->flags, 0);
	assert_int_equal(dm->unballoons, 1);
	says(dm, &hdr, DM_TYPE_UNBALLOON_RESPONSE, sizeof(hdr));
	assert_int_equal(dm->unballoons, 0);
	says(dm, &hdr, DM_TYPE_UNBALLOON_RESPONSE, sizeof(hdr));
	assert_int_equal(dm->violations, 2);
	dm_destroy(dm);
}

static void test_messages(void **state)
{
	struct dm_host *dm = running_host();
	unsigned int before;

	(void)state;
	assert_null(command(dm, "balloon 10"));
	gives(dm, 0x2000, 10, false);
	before = sent.count;
	assert_null(command(dm, "unballoon all single 3"));
	assert_int_equal(sent.count - before, 4);
	dm_destroy(dm);
}

static void test_too_much(void **state)
{
	struct dm_host *dm = running_host();

	(void)state;
	assert_null(command(dm, "balloon 10"));
	gives(dm, 0x2000, 11, false);
	assert_int_equal(dm->violations, 1);
	assert_null(command(dm, "balloon 10"));
	gives(dm, 0x2000, 1, false);
	assert_int_equal(dm->violations, 2);
	dm_destroy(dm);
}

static void test_commands(void **state)
{
	struct dm_host *dm = running_host();

	(void)state;
	assert_non_null(command(dm, "nonsense"));
	assert_non_null(command(dm, "balloon"));
	assert_non_null(command(dm, "balloon 0x100000000"));
	assert_non_null(command(dm, "unballoon 1 sideways"));
	assert_non_null(command(dm, "raw 123"));
	assert_null(command(dm, "raw 0600100001000000 16"));
	assert_int_equal(sent.size, 16);
	assert_null(command(dm, "info 0 0000010000000000"));
	assert_int_equal(sent.size, 32);
	assert_non_null(command(dm, "wait-idle x"));
	assert_null(command(dm, "wait-idle 0"));
	assert_null(command(dm, "balloon 1"));
	assert_non_null(command(dm, "wait-idle 0"));
	dm_destroy(dm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_negotiation),
		cmocka_unit_test(test_books),
		cmocka_unit_test(test_balloon),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
