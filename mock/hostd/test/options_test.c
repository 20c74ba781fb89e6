// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the command line: what it makes of it, and what it refuses.
 */
#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <getopt.h>

#define WORDS	12

/* Parse words that blanks separate. */
static int parse(struct options *o, const char *line)
{
	static char copy[256];
	char name[] = "dxg-mock-host";
	char *argv[WORDS + 1] = { name };
	int argc = 1;
	char *save, *word;

	assert_true(strlen(line) < sizeof(copy));
	memcpy(copy, line, strlen(line) + 1);
	for (word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		assert_true(argc < WORDS);
		argv[argc++] = word;
	}
	optind = 0;
	return options_parse(o, argc, argv);
}

static void test_defaults(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, ""), 0);
	assert_int_equal(o.config.adapter_count, 1);
	assert_int_equal(o.config.adapters[0].personality, HOST_RENDER);
	assert_int_equal(o.config.interface_version, 46);
	assert_string_equal(o.device, "/dev/mock_vmbus");
	assert_string_equal(o.control, "/run/dxg-mock-host.sock");
	assert_null(o.trace);
	assert_null(o.ready_file);
	assert_int_equal(o.kinds, 3);
	assert_int_equal(o.order[0], DEVICE_PCI);
	assert_int_equal(o.order[1], DEVICE_VGPU);
	assert_int_equal(o.order[2], DEVICE_GLOBAL);
}

static void test_adapters(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "--adapters 3"), 0);
	assert_int_equal(o.config.adapter_count, 3);
	assert_int_equal(parse(&o, "--adapter no-hwsch --adapter compute-only"),
			 0);
	assert_int_equal(o.config.adapter_count, 2);
	assert_int_equal(o.config.adapters[0].personality, HOST_NO_HWSCH);
	assert_true(o.config.adapters[1].compute_only);
	assert_int_equal(parse(&o, "--adapters 16"), 0);
	assert_int_equal(parse(&o, "--adapters 17"), -1);
	assert_int_equal(parse(&o, "--adapters 16 --adapter render"), -1);
	assert_int_equal(parse(&o, "--adapters -1"), -1);
	assert_int_equal(parse(&o, "--adapters x"), -1);
	assert_int_equal(parse(&o, "--adapter nothing"), -1);
	assert_int_equal(parse(&o, "--adapter ,"), -1);
}

static void test_lossy(void **state)
{
	const struct host_adapter_config *a;
	struct options o;

	(void)state;
	a = &o.config.adapters[0];
	assert_int_equal(parse(&o, "--adapter render"), 0);
	assert_int_equal(a->lose_at, 0);
	assert_int_equal(parse(&o, "--adapter lossy"), 0);
	assert_int_equal(a->lose_at, 1);
	assert_int_equal(a->lose_command, HOST_ANY_COMMAND);
	assert_int_equal(parse(&o, "--adapter lossy,at=7"), 0);
	assert_int_equal(a->lose_at, 7);
	assert_int_equal(parse(&o, "--adapter lossy,at=createdevice:2"), 0);
	assert_int_equal(a->lose_at, 2);
	assert_int_equal(a->lose_command, DXGK_VMBCOMMAND_CREATEDEVICE);
	assert_int_equal(parse(&o, "--adapter lossy,at=0"), -1);
	assert_int_equal(parse(&o, "--adapter lossy,at=:1"), -1);
	assert_int_equal(parse(&o, "--adapter lossy,at=SIGNALGUESTEVENT:1"),
			 -1);
	assert_int_equal(parse(&o, "--adapter lossy,at=NOTHING:1"), -1);
}

static void test_hostile(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "--adapter hostile --seed 42"), 0);
	assert_int_equal(o.config.adapters[0].personality, HOST_HOSTILE);
	assert_int_equal(o.config.seed, 42);
}

static void test_attributes(void **state)
{
	const struct host_adapter_config *a;
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "--adapter slow,mem=1G,budget=3M,name=Zwei"),
			 0);
	a = &o.config.adapters[0];
	assert_int_equal(a->personality, HOST_SLOW);
	assert_int_equal(a->local_bytes, 1u << 30);
	assert_int_equal(a->local_budget, 3u << 20);
	assert_string_equal(a->description, "Zwei");
	assert_int_equal(parse(&o, "--adapter render,async,no-map-guest-memory"),
			 0);
	assert_true(a->async_msg);
	assert_false(a->map_guest_memory);
	assert_false(a->display);
	assert_int_equal(parse(&o, "--adapter render,display"), 0);
	assert_true(a->display);
	assert_int_equal(parse(&o, "--adapter slow,paging-delay=7,submit-delay=9"),
			 0);
	assert_int_equal(a->paging_delay_us, 7);
	assert_int_equal(a->submit_delay_us, 9);

	assert_int_equal(parse(&o, "--adapter render,mem=16M"), 0);
	assert_true(o.config.adapters[0].local_budget <= 16u << 20);
	assert_int_equal(parse(&o, "--adapter render,mem=1T"), -1);
	assert_int_equal(parse(&o, "--adapter render,mem="), -1);
	assert_int_equal(parse(&o, "--adapter render,mem=20000000000G"), -1);
	assert_int_equal(parse(&o, "--adapter render,colour=red"), -1);
	assert_int_equal(parse(&o, "--adapter render,paging-delay=1ms"), -1);
}

static void test_luid(void **state)
{
	static const uint8_t low[8] = { 0xef, 0xcd, 0xab };
	static const uint8_t both[8] = { 0x02, 0, 0, 0, 0x01, 0, 0, 0 };
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "--adapter render,luid=abcdef"), 0);
	assert_memory_equal(o.config.adapters[0].instance, low, 8);
	assert_int_equal(parse(&o, "--adapter render,luid=1:2"), 0);
	assert_memory_equal(o.config.adapters[0].instance, both, 8);
	assert_int_equal(parse(&o, "--adapter render,luid=xyz"), -1);
	assert_int_equal(parse(&o, "--adapter render,luid="), -1);
	assert_int_equal(parse(&o, "--adapter render,luid=5 --adapter slow,luid=5"),
			 -1);
}

static void test_seed(void **state)
{
	struct options none, one, again, two;

	(void)state;
	assert_int_equal(parse(&none, "--adapters 16"), 0);
	assert_int_equal(parse(&one, "--adapters 16 --seed 1"), 0);
	assert_int_equal(parse(&again, "--adapters 16 --seed 1"), 0);
	assert_int_equal(parse(&two, "--adapters 16 --seed 2"), 0);
	assert_memory_equal(one.config.adapters[0].instance,
			    again.config.adapters[0].instance, 16);
	assert_memory_not_equal(one.config.adapters[0].instance,
				two.config.adapters[0].instance, 8);
	assert_memory_not_equal(one.config.adapters[0].instance,
				none.config.adapters[0].instance, 8);
}

static void test_order(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "--order global,pci,vgpu"), 0);
	assert_int_equal(o.kinds, 3);
	assert_int_equal(o.order[0], DEVICE_GLOBAL);
	assert_int_equal(o.order[1], DEVICE_PCI);
	assert_int_equal(o.order[2], DEVICE_VGPU);
	assert_int_equal(parse(&o, "--order global,vgpu"), 0);
	assert_int_equal(o.kinds, 2);
	assert_int_equal(parse(&o, "--no-global --order global,pci,vgpu"), 0);
	assert_int_equal(o.kinds, 2);
	assert_int_equal(o.order[0], DEVICE_PCI);
	assert_int_equal(parse(&o, "--order pci,pci"), -1);
	assert_int_equal(parse(&o, "--order usb"), -1);
}

static void test_async(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "--async --adapters 2"), 0);
	assert_true(o.config.adapters[0].async_msg);
	assert_true(o.config.adapters[1].async_msg);
}

static void test_files(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "--trace t --control c --ready-file r"), 0);
	assert_string_equal(o.trace, "t");
	assert_string_equal(o.control, "c");
	assert_string_equal(o.ready_file, "r");
}

static void test_refused(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, "--colour"), -1);
	assert_int_equal(parse(&o, "--trace"), -1);
	assert_int_equal(parse(&o, "word"), -1);
	assert_int_equal(parse(&o, "--interface-version 5000"), -1);
	assert_int_equal(parse(&o, "--interface-version 0"), 0);
	assert_int_equal(o.config.interface_version, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_adapters),
		cmocka_unit_test(test_lossy),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_luid),
		cmocka_unit_test(test_seed),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_async),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
