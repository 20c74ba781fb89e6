// SPDX-License-Identifier: GPL-2.0
/*
 * Dynamic memory: negotiation, status, balloon up and down, and hosts that say
 * what they should not. The numbers (F1, X5, I1, ...) are those of docs/dynamic-memory.md.
 *
 * After each test the host holds no page, no transaction is open, it has found
 * nothing wrong with the guest's messages (I9), the guest has all its memory back
 * (I1, I2), and the module can go.
 */
#include "balloon.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl_client.h"
#include "harness.h"

#define MIB_PAGES	256ul

/* F1, F2 -------------------------------------------------------------------- */

static void check_message(const char *log, int n, const char *hex)
{
	const char *at = strstr(log, "[\"");

	while (at && n--)
		at = strstr(at + 1, ",\"");
	if (!at || strncmp(at + 2, hex, strlen(hex)))
		fail("expected %s in %s", hex, log);
}

static void first_messages(unsigned long n)
{
	int fd = ctl_connect(NULL);
	char *log;

	(void)n;
	balloon_begin("pressure_delay_s=0");
	host("dm expect-status 46");
	log = ctl_command(fd, "dm log");
	check_message(log, 0, "01001000010000000000020001000000");
	check_message(log, 1, "03002000020000001f00000000000000");
	check_message(log, 2, "0500300003000000");
	free(log);
	close(fd);
	host("dm expect-status 5");
	host("dm expect-status 5");
	balloon_end();
}

/* A probe that fails closes the channel and leaves nothing. */
static void probe_fails(int expected)
{
	balloon_total = meminfo("MemTotal:");
	balloon_load("");
	check(!balloon_is_bound());
	equal(balloon_bind(BALLOON_DRIVER, true), expected);
	equal(host_number("gpadls", "stats dm"), 0);
	balloon_unload();
}

static void all_versions_refused(unsigned long n)
{
	(void)n;
	host("dm accept-version 0 0");
	probe_fails(-EPROTO);
}

static void caps_refused(unsigned long n)
{
	(void)n;
	host("dm accept-caps 0 0");
	probe_fails(-EPROTO);
}

static void silent_host(unsigned long caps)
{
	host("dm mute %s", caps ? "caps" : "version");
	probe_fails(-ETIMEDOUT);
	host("dm mute nothing");
}

/* A second is long enough for a report if there were one each second. */
static void no_status(unsigned long n)
{
	(void)n;
	host("dm accept-caps 0 5");
	balloon_begin("pressure_delay_s=0");
	balloon_up(1000);
	sleep(3);
	equal(host_number("statuses", "dm numbers"), 0);
	balloon_down("same");
	balloon_end();
}

/* F6, F7, F8 ---------------------------------------------------------------- */

static void up_and_down(unsigned long pages)
{
	balloon_begin("");
	balloon_up(pages);
	equal(balloon_given(), pages);
	equal(balloon_out(), pages);
	check(host_number("largest", "dm numbers") <= 4096);
	equal(meminfo("MemTotal:"), balloon_total - pages);
	balloon_down("same");
	balloon_end();
}

/* 1 GiB: more than small guests have, who give what they can, and no more than asked. */
static void up_to(unsigned long pages)
{
	balloon_begin("");
	balloon_up(pages);
	check(balloon_given() > 80000);
	check(balloon_given() <= pages);
	equal(balloon_out(), balloon_given());
	check(host_number("largest", "dm numbers") <= 4096);
	equal(meminfo("MemTotal:"), balloon_total - balloon_given());
	balloon_down("same");
	balloon_end();
}

static void split(unsigned long n)
{
	balloon_begin("");
	balloon_up(2 * 512 + 300);
	balloon_down(balloon_splits[n]);
	equal(meminfo("MemTotal:"), balloon_total);
	balloon_end();
}

static void in_parts(unsigned long n)
{
	(void)n;
	balloon_begin("");
	balloon_up(3000);
	host("dm unballoon 1000 odd");
	balloon_idle();
	equal(meminfo("MemTotal:"), balloon_total - 2000);
	balloon_up(500);
	equal(meminfo("MemTotal:"), balloon_total - 2500);
	balloon_down("merged");
	balloon_end();
}

/* F10 ------------------------------------------------------------------------ */

static void hot_add_refused(unsigned long n)
{
	(void)n;
	balloon_begin("");
	host("dm hot-add 0x100000 0x8000");
	balloon_idle();
	equal(host_number("hot_add_pages", "dm numbers"), 0);
	equal(host_number("hot_add_result", "dm numbers"), 1);
	balloon_end();
}

/* F12: the number that the host goes by. ------------------------------------- */

static unsigned long floor_of(unsigned long ram)
{
	static const unsigned int steps[][3] = {
		{ 128, 8, 2 }, { 512, 40, 4 }, { 2048, 104, 8 }, { 8192, 232, 16 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(steps); i++)
		if (ram < steps[i][0] * MIB_PAGES)
			return steps[i][1] * MIB_PAGES + ram / steps[i][2];
	return 488 * MIB_PAGES + ram / 32;
}

static void near(unsigned long is, unsigned long expected)
{
	unsigned long drift = 8 * MIB_PAGES;

	if (is + drift < expected || is > expected + drift)
		fail("%lu pages, not about %lu", is, expected);
}

static void status_contents(unsigned long n)
{
	(void)n;
	balloon_begin("pressure_delay_s=0");
	near(host_number("committed", "dm expect-status"),
	     meminfo("Committed_AS:") + floor_of(balloon_total));
	near(host_number("available", "dm numbers"), meminfo("MemAvailable:"));
	balloon_up(20000);
	near(host_number("committed", "dm expect-status"),
	     meminfo("Committed_AS:") + 20000 + floor_of(balloon_total));
	near(host_number("available", "dm numbers"), meminfo("MemAvailable:"));
	balloon_down("same");
	balloon_end();
}

/* X2, X3, X4, X14: things that are not messages. ------------------------------ */

static const char * const nonsense[] = {
	/* types 0, 13, 255 */
	"0000100001000000 16", "0d00180001000000 24", "ff00100001000000 16",
	/* sizes below the header, beyond the packet, 0xffff */
	"0600040001000000ff 16", "0600180001000000ff 16",
	"0600ffff01000000ff 16", "060010 8", "0600 8",
	/* balloon and un-balloon requests that are cut off */
	"0600080001000000 8", "08000c0001000000 16",
	/* answers that nobody waits for */
	"0200100001000000ff 16", "0400100001000000 16",
	/* info: no room for a type, sizes that do not agree, none */
	"0c00100001000000 16", "0c00180001000000000000000800000000000000ff 24",
	"0c002000010000000000000004 32",
	"0c002000010000000000000010000000000000000900000001 32",
	"0c0020000100000000000000ffffffff000000000800000001 32",
	/* longer than any message */
	"0600100001000000ff 4104", "0600101001000000ff 4112",
	"0600100001000000ff 8168",
};

static void nonsense_is_ignored(unsigned long n)
{
	(void)n;
	balloon_begin("");
	for (n = 0; n < ARRAY_SIZE(nonsense); n++)
		host("dm raw %s", nonsense[n]);
	balloon_up(100);
	equal(balloon_given(), 100);
	balloon_down("single");
	balloon_end();
}

/* X5, X6: pages that are none of the host's business. -------------------------- */

static void foreign_pages(unsigned long n)
{
	unsigned long first, last;

	(void)n;
	balloon_begin("");
	balloon_up(600);
	first = host_number("first", "dm page");
	last = host_number("last", "dm page");
	host("dm unballoon-range 0 1");
	host("dm unballoon-range %#lx 0", first);
	host("dm unballoon-range 0xfffffffff0 16");
	host("dm unballoon-range 0xffffffffff 0xffffff");
	host("dm unballoon-range 0x8000000000 0xffffff");
	host("dm wait-idle");
	equal(meminfo("MemTotal:"), balloon_total - 600);
	/* one page, three times */
	host("dm unballoon-range %#lx 1", last);
	host("dm unballoon-range %#lx 1", last);
	host("dm unballoon-range %#lx 1", last);
	host("dm wait-idle");
	equal(meminfo("MemTotal:"), balloon_total - 599);
	/* more ranges than the message has: one, a page that is out */
	host("dm expect unballoon");
	host("dm raw 080018000100000000000000fe010000%02lx%02lx%02lx%02lx00010000",
	     first & 0xff, first >> 8 & 0xff, first >> 16 & 0xff,
	     first >> 24 & 0xff);
	host("dm wait-idle");
	equal(meminfo("MemTotal:"), balloon_total - 598);
	/* all memory there is, twice: what is out comes back, once */
	host("dm unballoon-range 0 0xffffff more");
	host("dm unballoon-range 0 0xffffff");
	host("dm wait-idle");
	equal(meminfo("MemTotal:"), balloon_total);
	equal(balloon_given(), 600);
	balloon_end();
}

/* X7, X9: more than there is. --------------------------------------------------- */

/* The debug kernel's KASAN: up to a 32nd of all memory, given back at any time. */
static bool kasan_keeps(void)
{
	return !access("/sys/kernel/debug/kmemleak", F_OK);
}

static void everything(unsigned long n)
{
	unsigned long kills = vmstat("oom_kill"), floor;

	(void)n;
	balloon_begin("");
	floor = floor_of(balloon_total);
	balloon_up(0xffffffff);
	check(balloon_given() > 0);
	check(meminfo("MemAvailable:") + 8 * MIB_PAGES > floor);
	equal(meminfo("MemTotal:"), balloon_total - balloon_given());
	/* at the minimum there is nothing more to give, but an answer */
	balloon_up(0xffffffff);
	check(balloon_given() < (kasan_keeps() ? balloon_total / 16 :
				 8 * MIB_PAGES));
	check(meminfo("MemAvailable:") + 8 * MIB_PAGES > floor);
	equal(meminfo("MemTotal:"), balloon_total - balloon_out());
	equal(vmstat("oom_kill"), kills);
	balloon_down("merged");
	balloon_end();
}

static void hog(unsigned long mib)
{
	unsigned long i;
	char *memory;

	for (i = 0; i < mib; i++) {
		memory = malloc(MIB);
		check(memory);
		memset(memory, 1, MIB);
		usleep(1000);
	}
	pause();
}

static void against_a_hog(unsigned long n)
{
	unsigned long kills = vmstat("oom_kill");
	pid_t pid;

	(void)n;
	balloon_begin("");
	pid = spawn(hog, 150);
	balloon_up(0xffffffff);
	balloon_up(0xffffffff);
	equal(vmstat("oom_kill"), kills);
	kill_and_reap(pid);
	balloon_down("merged");
	balloon_end();
}

/* X8, X13: many at once. ---------------------------------------------------------- */

static void storm(unsigned long n)
{
	(void)n;
	balloon_begin("");
	for (n = 1; n <= 50; n++)
		host("dm balloon %lu", n);
	balloon_idle();
	equal(balloon_out(), 50 * 51 / 2);
	equal(meminfo("MemTotal:"), balloon_total - 50 * 51 / 2);
	balloon_down("odd");
	balloon_end();
}

static void up_while_down(unsigned long n)
{
	(void)n;
	balloon_begin("");
	balloon_up(5000);
	for (n = 0; n < 5; n++) {
		host("dm balloon 2000");
		host("dm unballoon 1000 shuffled");
	}
	balloon_idle();
	equal(balloon_out(), 10000);
	equal(meminfo("MemTotal:"), balloon_total - 10000);
	balloon_down("single");
	balloon_end();
}

static const struct test tests[] = {
	{ "F1: the first messages, then a report each second", first_messages,
	  0, "--order dm", true },
	{ "F2: a host that refuses all versions", all_versions_refused, 0,
	  "--order dm", true },
	{ "F4: a host that refuses the capabilities", caps_refused, 0,
	  "--order dm", true },
	{ "F5: a host that wants no status", no_status, 0, "--order dm", true },
	{ "X1: a host that does not answer versions", silent_host, 0,
	  "--order dm", true },
	{ "X1: a host that does not answer capabilities", silent_host, 1,
	  "--order dm", true },
	{ "F6: 1 page", up_and_down, 1, "--order dm", false },
	{ "F6: 511 pages", up_and_down, 511, "--order dm", false },
	{ "F6: 512 pages", up_and_down, 512, "--order dm", false },
	{ "F6: 513 pages", up_and_down, 513, "--order dm", false },
	{ "F6: 80000 pages", up_and_down, 80000, "--order dm", false },
	{ "F6: 262144 pages, or what there is", up_to, 262144, "--order dm", false },
	{ "F7: 0 pages", up_and_down, 0, "--order dm", false },
	{ "F8: pages back as they came", split, 0, "--order dm", false },
	{ "F8: pages back in long ranges", split, 1, "--order dm", false },
	{ "F8: pages back in odd ranges", split, 2, "--order dm", false },
	{ "F8: pages back one by one", split, 3, "--order dm", false },
	{ "F8: pages back in no order", split, 4, "--order dm", false },
	{ "F8: one page per message", split, 5, "--order dm", false },
	{ "F8: in no order, in many messages", split, 6, "--order dm", false },
	{ "F8: odd ranges, in two messages", split, 7, "--order dm", false },
	{ "F8: long ranges, one per message", split, 8, "--order dm", false },
	{ "F8: some now, some later", in_parts, 0, "--order dm", false },
	{ "F10: hot-add is off", hot_add_refused, 0, "--order dm", false },
	{ "F12: contents of the status report", status_contents, 0,
	  "--order dm", false },
	{ "X2, X3, X4, X14: what is no message is ignored",
	  nonsense_is_ignored, 0, "--order dm", false },
	{ "X5, X6: pages that the host does not have", foreign_pages, 0,
	  "--order dm", false },
	{ "X7: more pages than there are", everything, 0, "--order dm", false },
	{ "X9: more pages than there are, while a program grows",
	  against_a_hog, 0, "--order dm", false },
	{ "X8: many requests at once", storm, 0, "--order dm", false },
	{ "X13: pages go while others come", up_while_down, 0, "--order dm",
	  false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
