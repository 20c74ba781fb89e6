// SPDX-License-Identifier: GPL-2.0
/*
 * hvmem: the module's files as text, JSON and metrics, from a directory that
 * looks like the module's.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "../hvmem/print.h"

static char dir[64];

static void put(const char *name, const char *text)
{
	char path[256];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int make_files(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/hvmem-test.XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	put("state", "hold:dirty\n");
	put("report_owner", "self\n");
	put("reclaimed_bytes", "1610612736\n");
	put("refault_total", "7\n");
	put("floor_bytes", "134217728\n");
	put("holds", "oom 0\ndirty 3\n");
	put("reported_by_order", "5 131072\n10 4194304\n");
	return 0;
}

static int remove_files(void **state)
{
	char command[256];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

static void printed(char *text, size_t size,
		    void (*print)(FILE *, const struct values *))
{
	struct values *values = malloc(sizeof(*values));
	FILE *out = fmemopen(text, size, "w");

	assert_non_null(values);
	assert_non_null(out);
	assert_int_equal(values_read(values, dir), 0);
	print(out, values);
	fclose(out);
	free(values);
}

static void a_missing_module_is_told(void **state)
{
	struct values *values = malloc(sizeof(*values));

	(void)state;
	assert_non_null(values);
	assert_int_equal(values_read(values, "/nonexistent"), -ENOENT);
	free(values);
}

static void text_has_units_and_meanings(void **state)
{
	char text[4096];

	(void)state;
	printed(text, sizeof(text), print_status);
	assert_non_null(strstr(text, "reclaim: hold:dirty (much cache"));
	assert_non_null(strstr(text, "1.5 GiB"));
	assert_non_null(strstr(text, "report: self (by this module)"));
}

static void json_has_everything(void **state)
{
	char text[4096];

	(void)state;
	printed(text, sizeof(text), print_json);
	assert_non_null(strstr(text, "\"reclaimed_bytes\": 1610612736"));
	assert_non_null(strstr(text, "\"state\": \"hold:dirty\""));
	assert_non_null(strstr(text, "\"dirty\": 3"));
}

static void metrics_have_types_and_labels(void **state)
{
	static const char *const lines[] = {
		"# TYPE hvmem_reclaimed_bytes_total counter\n"
		"hvmem_reclaimed_bytes_total 1610612736\n",
		"# TYPE hvmem_refault_total counter\nhvmem_refault_total 7\n",
		"# TYPE hvmem_floor_bytes gauge\nhvmem_floor_bytes 134217728\n",
		"hvmem_state{value=\"hold:dirty\"} 1\n",
		"hvmem_holds_total{reason=\"dirty\"} 3\n",
		"hvmem_reported_by_order_total{order=\"10\"} 4194304\n",
	};
	char text[4096];
	size_t i;

	(void)state;
	printed(text, sizeof(text), print_metrics);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_non_null(strstr(text, lines[i]));
}

static void sizes_are_short(void **state)
{
	static const struct {
		unsigned long long bytes;
		const char *text;
	} cases[] = {
		{ 0, "0 B" }, { 1023, "1023 B" }, { 1024, "1.0 KiB" },
		{ 134217728, "128 MiB" }, { 1610612736, "1.5 GiB" },
		{ UINT64_MAX, "16777216 TiB" },
	};
	char text[32];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		print_size(text, sizeof(text), cases[i].bytes);
		assert_string_equal(text, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_missing_module_is_told),
		cmocka_unit_test(text_has_units_and_meanings),
		cmocka_unit_test(json_has_everything),
		cmocka_unit_test(metrics_have_types_and_labels),
		cmocka_unit_test(sizes_are_short),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
