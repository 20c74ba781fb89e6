// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that the host adds (F11, X11, X15 of docs/dynamic-memory.md). Runs in a VM whose kernel
 * was told to use only part of its memory (mem=768M of 1280 MiB): of the rest, the
 * host adds what is not the firmware's. The module cannot be unloaded afterwards.
 */
#include "balloon.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

/* Three blocks of 128 MiB that the kernel does not know of. */
#define FIRST_BLOCK	0x30000ul
#define SECOND_BLOCK	0x38000ul
#define THIRD_BLOCK	0x40000ul
#define BLOCK_PAGES	0x8000ul

static void loaded(void)
{
	if (access("/sys/module/hv_balloon_reclaim", F_OK))
		balloon_connect("hot_add=1 pressure_delay_s=0");
	balloon_total = meminfo("MemTotal:");
	host("dm mark");
}

/* The answer, and what the guest has more than before. */
static void answers(unsigned long pages, unsigned long result)
{
	balloon_idle();
	equal(host_number("hot_add_pages", "dm numbers"), pages);
	equal(host_number("hot_add_result", "dm numbers"), result);
}

static void use_all_memory(void)
{
	unsigned long mib = meminfo("MemAvailable:") / 256 * 3 / 4, i;
	char *memory = malloc(mib * MIB);

	check(memory);
	for (i = 0; i < mib * MIB; i += PAGE)
		memory[i] = 1 + i / PAGE % 251;
	for (i = 0; i < mib * MIB; i += PAGE)
		check(memory[i] == (char)(1 + i / PAGE % 251));
	free(memory);
}

static void part_of_a_region(unsigned long n)
{
	(void)n;
	loaded();
	host("dm hot-add %#lx 0x1000 %#lx %#lx", SECOND_BLOCK, SECOND_BLOCK,
	     BLOCK_PAGES);
	answers(0x1000, 1);
	equal(meminfo("MemTotal:"), balloon_total + 0x1000);
	/* a gap, then more; what is not backed stays away */
	host("dm hot-add %#lx 0x0800 %#lx %#lx", SECOND_BLOCK + 0x2345,
	     SECOND_BLOCK, BLOCK_PAGES);
	answers(0x800, 1);
	equal(meminfo("MemTotal:"), balloon_total + 0x1800);
	/* the second part, in the short form */
	host("dm hot-add %#lx 0x1345", SECOND_BLOCK + 0x1000);
	answers(0x1345, 1);
	equal(meminfo("MemTotal:"), balloon_total + 0x2b45);
	use_all_memory();
}

static void a_whole_block(unsigned long n)
{
	(void)n;
	loaded();
	host("dm hot-add %#lx %#lx", FIRST_BLOCK, BLOCK_PAGES);
	answers(BLOCK_PAGES, 1);
	equal(meminfo("MemTotal:"), balloon_total + BLOCK_PAGES);
	use_all_memory();
}

static void nonsense(unsigned long n)
{
	(void)n;
	loaded();
	/* memory that is there: by nature, and added before */
	host("dm hot-add 0x8000 0x8000");
	answers(0, 1);
	host("dm hot-add %#lx 0x100", FIRST_BLOCK + 5);
	answers(0, 1);
	/* a region that is no block, or does not hold its range; no page */
	host("dm hot-add 0x100000 0x1000 0x100010 0x8000");
	answers(0, 1);
	host("dm hot-add 0x100000 0x9000 0x100000 0x8000");
	answers(0, 1);
	host("dm hot-add 0x100000 0");
	answers(0, 1);
	/* cut off: only the header, and half a region */
	host("dm expect hot-add");
	host("dm raw 0a00080001000000");
	answers(0, 1);
	host("dm expect hot-add");
	host("dm raw 0a00140001000000000010000000800000001000 24");
	answers(0, 1);
	equal(meminfo("MemTotal:"), balloon_total);
}

/* Added memory counts like any other. */
static void balloon_takes_it(unsigned long n)
{
	(void)n;
	loaded();
	balloon_up(60000);
	equal(meminfo("MemTotal:"), balloon_total - balloon_given());
	balloon_down("merged");
	equal(meminfo("MemTotal:"), balloon_total);
	host("dm expect-status");
	/* only the module knows which pages of a block do not exist */
	check(balloon_try_unload());
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	check(f);
	fputs(text, f);
	equal(fclose(f), 0);
}

/*
 * The device goes while the module waits for a new block to come online, which it
 * does only afterwards: its pages are there, and those that the host did not back
 * are not.
 */
static void rescind_while_waiting(unsigned long n)
{
	const char *policy = "/sys/devices/system/memory/auto_online_blocks";
	char block[64], state[80];

	(void)n;
	loaded();
	write_file(policy, "offline");
	snprintf(block, sizeof(block), "/sys/devices/system/memory/memory%lu",
		 THIRD_BLOCK / BLOCK_PAGES);
	host("dm hot-add %#lx 0x1000 %#lx %#lx", THIRD_BLOCK, THIRD_BLOCK,
	     BLOCK_PAGES);
	while (access(block, F_OK))
		usleep(10000);
	host("rescind dm");
	host("settle");
	check(!balloon_is_bound());
	equal(meminfo("MemTotal:"), balloon_total);
	snprintf(state, sizeof(state), "%s/state", block);
	write_file(state, "online");
	equal(meminfo("MemTotal:"), balloon_total + 0x1000);
	write_file(policy, "online");

	/* the device comes back, and the host goes on where it was */
	host("offer dm");
	host("dm wait-running");
	host("dm hot-add %#lx 0x0800 %#lx %#lx", THIRD_BLOCK + 0x1000,
	     THIRD_BLOCK, BLOCK_PAGES);
	answers(0x800, 1);
	equal(meminfo("MemTotal:"), balloon_total + 0x1800);
	use_all_memory();
}

static const struct test tests[] = {
	{ "F11: part of a region, a gap, a second part", part_of_a_region, 0,
	  "--order dm", false },
	{ "F11: a whole block, no region", a_whole_block, 0, "--order dm",
	  false },
	{ "X15: hot-add that makes no sense", nonsense, 0, "--order dm", false },
	{ "X11: rescind while a new block is waited for",
	  rescind_while_waiting, 0, "--order dm", false },
	{ "F11: pages of added memory can be ballooned", balloon_takes_it, 0,
	  "--order dm", false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
