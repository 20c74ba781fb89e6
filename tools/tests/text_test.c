// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of dxg_text: strings of a host that may send anything.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dxg_text.h"
#include "dxgctl.h"

static void ascii_is_kept(void **state)
{
	static const __u16 in[] = { 'M', 'o', 'c', 'k', 0, 'x' };
	char out[16];

	(void)state;
	assert_int_equal(dxg_utf16_to_utf8(in, ARRAY_SIZE(in), out, sizeof(out)), 4);
	assert_string_equal(out, "Mock");
}

static void each_length_of_utf8_is_produced(void **state)
{
	static const __u16 in[] = { 0x41, 0xe9, 0x20ac, 0xd83d, 0xde00 };
	char out[16];

	(void)state;
	dxg_utf16_to_utf8(in, ARRAY_SIZE(in), out, sizeof(out));
	assert_string_equal(out, "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

static void lone_surrogates_are_replaced(void **state)
{
	static const __u16 in[] = { 0xd83d, 'a', 0xde00, 'b', 0xd800 };
	char out[32];

	(void)state;
	dxg_utf16_to_utf8(in, ARRAY_SIZE(in), out, sizeof(out));
	assert_string_equal(out,
			    "\357\277\275a\357\277\275b\357\277\275");
}

static void missing_terminator_ends_at_the_limit(void **state)
{
	static const __u16 in[] = { 'a', 'b', 'c' };
	char out[16];

	(void)state;
	assert_int_equal(dxg_utf16_to_utf8(in, 2, out, sizeof(out)), 2);
	assert_string_equal(out, "ab");
}

static void characters_are_never_cut(void **state)
{
	static const __u16 in[] = { 'a', 0x20ac, 'b' };
	char out[4];

	(void)state;
	assert_int_equal(dxg_utf16_to_utf8(in, ARRAY_SIZE(in), out, sizeof(out)), 1);
	assert_string_equal(out, "a");
	assert_int_equal(dxg_utf16_to_utf8(in, ARRAY_SIZE(in), out, 1), 0);
	assert_string_equal(out, "");
}

static void value_names_are_cut_to_fit(void **state)
{
	__u16 out[4];

	(void)state;
	assert_int_equal(dxg_ascii_to_utf16("ab", out, ARRAY_SIZE(out)), 2);
	assert_int_equal(out[1], 'b');
	assert_int_equal(out[2], 0);
	assert_int_equal(dxg_ascii_to_utf16("abcdef", out, ARRAY_SIZE(out)), 3);
	assert_int_equal(out[3], 0);
}

static void luid_survives_the_round_trip(void **state)
{
	struct winluid luid = { .a = 0x0001b2c3, .b = 0xfedcba98 }, back;
	char text[DXG_LUID_TEXT];

	(void)state;
	dxg_luid_format(&luid, text);
	assert_string_equal(text, "fedcba98-0001b2c3");
	assert_true(dxg_luid_parse(text, &back));
	assert_true(dxg_luid_equal(&luid, &back));
}

static void luid_may_be_short(void **state)
{
	struct winluid luid;

	(void)state;
	assert_true(dxg_luid_parse("0-A7", &luid));
	assert_int_equal(luid.a, 0xa7);
	assert_int_equal(luid.b, 0);
}

static void wrong_luids_are_refused(void **state)
{
	static const char *const wrong[] = {
		"", "-", "1", "1-", "-1", "1-2-3", "1-2 ", " 1-2", "g-1",
		"0x1-2", "123456789-1", "1-123456789",
	};
	struct winluid luid = { .a = 7, .b = 9 };
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_false(dxg_luid_parse(wrong[i], &luid));
	assert_int_equal(luid.a, 7);
	assert_int_equal(luid.b, 9);
}

static void version_is_four_numbers(void **state)
{
	char text[DXG_VERSION_TEXT];

	(void)state;
	dxg_version_format(0x001f000000650001ull, text);
	assert_string_equal(text, "31.0.101.1");
	dxg_version_format(~0ull, text);
	assert_string_equal(text, "65535.65535.65535.65535");
}

static void bytes_get_the_unit_that_fits(void **state)
{
	static const struct {
		unsigned long long bytes;
		const char *text;
	} rows[] = {
		{ 0, "0 B" },
		{ 1023, "1023 B" },
		{ 1024, "1.0 KiB" },
		{ 1024 * 1024 - 1, "1024.0 KiB" },
		{ 3ull << 29, "1.5 GiB" },
		{ ~0ull, "16777216.0 TiB" },
	};
	char text[DXG_BYTES_TEXT];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		dxg_bytes_format(rows[i].bytes, text);
		assert_string_equal(text, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ascii_is_kept),
		cmocka_unit_test(each_length_of_utf8_is_produced),
		cmocka_unit_test(lone_surrogates_are_replaced),
		cmocka_unit_test(missing_terminator_ends_at_the_limit),
		cmocka_unit_test(characters_are_never_cut),
		cmocka_unit_test(value_names_are_cut_to_fit),
		cmocka_unit_test(luid_survives_the_round_trip),
		cmocka_unit_test(luid_may_be_short),
		cmocka_unit_test(wrong_luids_are_refused),
		cmocka_unit_test(version_is_four_numbers),
		cmocka_unit_test(bytes_get_the_unit_that_fits),
	};

	return cmocka_run_group_tests_name("dxg_text", tests, NULL, NULL);
}
