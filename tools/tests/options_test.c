// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of the command line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dxgctl.h"
#include "options.h"

/* getopt_long() wants writable words. */
static bool parse(const char *allowed, const char *line,
		  struct options *options)
{
	static char copy[128];
	char *argv[16] = { NULL };
	int argc = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (argv[0] = strtok(copy, " "); argv[argc];
	     argv[argc] = strtok(NULL, " "))
		argc++;
	return options_parse(argc, argv, allowed, options);
}

static void defaults(void **state)
{
	struct options options;

	(void)state;
	assert_true(parse("aos", "mandelbrot", &options));
	assert_false(options.help || options.json || options.adapter.by_luid);
	assert_int_equal(options.adapter.index, 0);
	assert_int_equal(options.width, 1024);
	assert_int_equal(options.height, 768);
	assert_null(options.output);
}

static void all_options_are_understood(void **state)
{
	struct options options;

	(void)state;
	assert_true(parse("ajos",
			  "x --json -o a.png --size 640x480 --adapter 1-2f",
			  &options));
	assert_true(options.json);
	assert_string_equal(options.output, "a.png");
	assert_int_equal(options.width, 640);
	assert_int_equal(options.height, 480);
	assert_true(options.adapter.by_luid);
	assert_int_equal(options.adapter.luid.b, 1);
	assert_int_equal(options.adapter.luid.a, 0x2f);
	assert_true(parse("j", "x --help", &options));
	assert_true(options.help);
}

static void foreign_options_are_refused(void **state)
{
	static const char *const wrong[] = {
		"list -o file", "list --size 1x1", "list --unknown", "list -x",
		"list word", "list --adapter",
	};
	struct options options;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_false(parse("j", wrong[i], &options));
}

static void adapters_are_numbers_or_luids(void **state)
{
	static const char *const wrong[] = {
		"", "-1", "+1", "1x", "4294967296", "one", " 1",
	};
	struct adapter_selector adapter;
	size_t i;

	(void)state;
	assert_true(options_parse_adapter("12", &adapter));
	assert_false(adapter.by_luid);
	assert_int_equal(adapter.index, 12);
	assert_true(options_parse_adapter("00000000-0000000c", &adapter));
	assert_true(adapter.by_luid);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_false(options_parse_adapter(wrong[i], &adapter));
}

static void sizes_have_limits(void **state)
{
	static const char *const wrong[] = {
		"", "x", "1x", "x1", "0x1", "1x0", "8193x1", "1x8193", "1x1x1",
		"-1x1", "1X1", "99999999999x1",
	};
	unsigned int width, height;
	size_t i;

	(void)state;
	assert_true(options_parse_size("8192x1", &width, &height));
	assert_int_equal(width, 8192);
	assert_int_equal(height, 1);
	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_false(options_parse_size(wrong[i], &width, &height));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(all_options_are_understood),
		cmocka_unit_test(foreign_options_are_refused),
		cmocka_unit_test(adapters_are_numbers_or_luids),
		cmocka_unit_test(sizes_have_limits),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
