// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of the JSON writer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "json.h"

static char text[512];

static void write_and_compare(void (*write)(struct json *json),
			      const char *expected)
{
	struct json json = { .out = fmemopen(text, sizeof(text), "w") };

	assert_non_null(json.out);
	write(&json);
	fclose(json.out);
	assert_string_equal(text, expected);
}

static void write_everything(struct json *json)
{
	json_open(json, NULL, '{');
	json_open(json, "list", '[');
	json_number(json, NULL, 1);
	json_number(json, NULL, 18446744073709551615ull);
	json_close(json, ']');
	json_open(json, "none", '[');
	json_close(json, ']');
	json_bool(json, "yes", true);
	json_bool(json, "no", false);
	json_null(json, "null");
	json_string(json, "absent", NULL);
	json_milliseconds(json, "time", 1234567890);
	json_close(json, '}');
}

static void write_strange_strings(struct json *json)
{
	json_open(json, NULL, '[');
	json_string(json, NULL, "quote \" and \\");
	json_string(json, NULL, "line\nand\ttab");
	json_string(json, NULL, "bell \a and delete \x7f");
	json_string(json, NULL, "caf\xc3\xa9");
	json_close(json, ']');
}

static void commas_and_nesting_are_right(void **state)
{
	(void)state;
	write_and_compare(write_everything,
			  "{\n"
			  "  \"list\": [\n"
			  "    1,\n"
			  "    18446744073709551615\n"
			  "  ],\n"
			  "  \"none\": [],\n"
			  "  \"yes\": true,\n"
			  "  \"no\": false,\n"
			  "  \"null\": null,\n"
			  "  \"absent\": null,\n"
			  "  \"time\": 1234.567\n"
			  "}\n");
}

static void strings_are_escaped(void **state)
{
	(void)state;
	write_and_compare(write_strange_strings,
			  "[\n"
			  "  \"quote \\\" and \\\\\",\n"
			  "  \"line\\nand\\ttab\",\n"
			  "  \"bell \\u0007 and delete \\u007f\",\n"
			  "  \"caf\xc3\xa9\"\n"
			  "]\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_and_nesting_are_right),
		cmocka_unit_test(strings_are_escaped),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
