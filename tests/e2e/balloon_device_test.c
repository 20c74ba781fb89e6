// SPDX-License-Identifier: GPL-2.0
/*
 * The dynamic-memory device comes and goes, hosts stop reading or die, other
 * drivers want it, blocks and CPUs leave; pages do not get lost. The numbers (X10,
 * D, ...) are those of docs/dynamic-memory.md; what holds after each test is said in
 * balloon_dm_test.c.
 */
#include "balloon.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

/* X10: a host that does not read. --------------------------------------------------- */

static void ring_stays_full(unsigned long n)
{
	(void)n;
	balloon_begin("ring_retry=5");
	host("stall dm");
	for (n = 0; n < 8; n++)
		host("dm balloon 511");
	host("settle");
	/* the pages of a message that could not be sent are back in use */
	sleep(2);
	host("resume dm");
	balloon_idle();
	equal(meminfo("MemTotal:"), balloon_total - balloon_out());
	check(balloon_out() < 8 * 511);
	balloon_down("same");
	balloon_end();
}

static void unbind_with_full_ring(unsigned long n)
{
	(void)n;
	balloon_begin("");
	host("stall dm");
	for (n = 0; n < 8; n++)
		host("dm balloon 511");
	host("settle");
	equal(balloon_bind(BALLOON_DRIVER, false), 0);
	equal(balloon_bind(BALLOON_DRIVER, true), 0);
	host("dm wait-running");
	balloon_end_anyhow();
}

/* X11, X12: the device goes. ----------------------------------------------------------- */

static void pages_survive_the_device(unsigned long rescind)
{
	balloon_begin("");
	balloon_up(1500);
	if (rescind)
		host("rescind dm");
	else
		equal(balloon_bind(BALLOON_DRIVER, false), 0);
	host("settle");
	check(!balloon_is_bound());
	equal(meminfo("MemTotal:"), balloon_total - 1500);
	check(balloon_try_unload());
	if (rescind)
		host("offer dm");
	else
		equal(balloon_bind(BALLOON_DRIVER, true), 0);
	host("dm wait-running");
	check(balloon_try_unload());
	balloon_down("shuffled");
	balloon_end();
}

static void rescind_while(unsigned long n)
{
	balloon_begin("");
	if (n)
		balloon_up(30000);
	switch (n) {
	case 0:
		host("dm balloon 60000");
		break;
	case 1:
		host("dm unballoon all single");
		break;
	case 2:
		host("dm unballoon all shuffled 1");
		break;
	}
	host("rescind dm");
	host("settle");
	host("offer dm");
	host("dm wait-running");
	balloon_end_anyhow();
}

static void rescind_while_negotiating(unsigned long caps)
{
	balloon_total = meminfo("MemTotal:");
	host("dm mute %s", caps ? "caps" : "version");
	equal(system("modprobe hv_balloon_reclaim dm=1 report=off reclaim=off"),
	      0);
	host("rescind dm");
	host("settle");
	host("dm mute nothing");
	host("offer dm");
	host("dm wait-running");
	balloon_up(10);
	balloon_down("same");
	balloon_end();
}

static void rescind_while_sending(unsigned long n)
{
	balloon_begin("");
	/* site 10: a rescind starts at a guest send (0x100) */
	host("bus-fault 10 1 0x100 %lu", n);
	for (n = 0; n < 4; n++)
		/* two messages; the device may be gone by then */
		(void)!system("dxg-mock-ctl dm balloon 511 >/dev/null");
	while (host_number("phase", "dm numbers"))
		usleep(10000);
	host("settle");
	host("offer dm");
	host("dm wait-running");
	balloon_end_anyhow();
}

/* The real host would keep the pages: the policy is for the mock host only. */
static void unload_frees(unsigned long n)
{
	(void)n;
	balloon_begin("unload_policy=free");
	balloon_up(3000);
	balloon_unload();
	equal(meminfo("MemTotal:"), balloon_total);
	host("dm forget");
	host("settle");
}

static void host_dies(unsigned long n)
{
	(void)n;
	balloon_begin("");
	balloon_up(700);
	host_kill();
	equal(meminfo("MemTotal:"), balloon_total - 700);
	host_start("--order dm");
	host("dm wait-running");
	balloon_end_anyhow();
}

/* D: living together with another driver of the device. ------------------------------ */

static void override(const char *driver)
{
	FILE *f = fopen("/sys/bus/vmbus/devices/" BALLOON_DEVICE
			"/driver_override", "w");

	check(f);
	fprintf(f, "%s\n", driver);
	equal(fclose(f), 0);
}

static void driver_is(const char *driver)
{
	char path[128], link[256];
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/vmbus/devices/%s/driver",
		 BALLOON_DEVICE);
	n = readlink(path, link, sizeof(link) - 1);
	check(n > 0);
	link[n] = 0;
	if (strcmp(strrchr(link, '/') + 1, driver))
		fail("driver is %s, not %s", link, driver);
}

static void the_other_driver_was_first(unsigned long n)
{
	(void)n;
	balloon_total = meminfo("MemTotal:");
	equal(system("modprobe mock_dm_owner"), 0);
	balloon_load("");
	driver_is("hv_balloon");
	equal(balloon_bind(BALLOON_DRIVER, true), -EBUSY);
	balloon_unload();
	driver_is("hv_balloon");
	equal(system("rmmod mock_dm_owner"), 0);
}

static void the_other_driver_comes_later(unsigned long n)
{
	(void)n;
	balloon_begin("");
	equal(system("modprobe mock_dm_owner"), 0);
	driver_is(BALLOON_DRIVER);
	balloon_up(100);
	balloon_down("same");
	equal(system("rmmod mock_dm_owner"), 0);
	balloon_end();
}

/* D.3: from one driver to the other and back, by the book. */
static void switch_drivers(unsigned long n)
{
	(void)n;
	balloon_total = meminfo("MemTotal:");
	equal(system("modprobe mock_dm_owner"), 0);
	balloon_load("");
	for (n = 0; n < 3; n++) {
		override(BALLOON_DRIVER);
		equal(balloon_bind("hv_balloon", false), 0);
		equal(balloon_bind(BALLOON_DRIVER, true), 0);
		host("dm wait-running");
		balloon_up(700);
		balloon_down("odd");
		equal(balloon_bind(BALLOON_DRIVER, false), 0);
		override("");
		equal(balloon_bind("hv_balloon", true), 0);
		driver_is("hv_balloon");
	}
	equal(system("rmmod mock_dm_owner"), 0);
	equal(balloon_bind(BALLOON_DRIVER, true), 0);
	host("dm wait-running");
	balloon_end();
}

static void off_by_default(unsigned long n)
{
	(void)n;
	equal(system("modprobe hv_balloon_reclaim reclaim=force"), 0);
	host("settle");
	check(!balloon_is_bound());
	balloon_unload();
	/* outside Hyper-V with no switch there is nothing to do */
	check(system("modprobe hv_balloon_reclaim 2>/dev/null"));
}

/* X22, X23 ---------------------------------------------------------------------------- */

static void load_and_unload(unsigned long cycles)
{
	unsigned long i;

	balloon_total = meminfo("MemTotal:");
	for (i = 0; i < cycles; i++) {
		balloon_load("");
		if (i % 3)
			host("dm wait-running");
		if (i % 3 == 2) {
			balloon_up(100 * i);
			check(balloon_try_unload());
			balloon_down(balloon_splits[i % BALLOON_SPLITS]);
		}
		balloon_unload();
		equal(meminfo("MemTotal:"), balloon_total);
	}
}

static int write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");
	int err = 0;

	if (!f)
		return -errno;
	if (fputs(text, f) < 0 || fflush(f))
		err = -errno;
	fclose(f);
	return err;
}

/* A block with ballooned pages cannot go offline: they are nobody's to move. */
static void offline_a_block(unsigned long n)
{
	unsigned long block_pages, page;
	char path[128];
	FILE *f = fopen("/sys/devices/system/memory/block_size_bytes", "r");

	(void)n;
	check(f && fscanf(f, "%lx", &block_pages) == 1);
	fclose(f);
	block_pages /= PAGE;
	balloon_begin("");
	balloon_up(4096);
	page = host_number("last", "dm page");
	snprintf(path, sizeof(path), "/sys/devices/system/memory/memory%lu/state",
		 page / block_pages);
	check(write_file(path, "offline") < 0);
	equal(meminfo("MemTotal:"), balloon_total - 4096);
	balloon_down("merged");
	balloon_end();
}

static void cpus_come_and_go(unsigned long n)
{
	const char *cpu = "/sys/devices/system/cpu/cpu1/online";

	balloon_begin("");
	for (n = 0; n < 5; n++) {
		host("dm balloon 3000");
		equal(write_file(cpu, "0"), 0);
		host("dm unballoon 1000 shuffled");
		equal(write_file(cpu, "1"), 0);
	}
	balloon_idle();
	balloon_down("merged");
	balloon_end();
}

static const struct test tests[] = {
	{ "X10: the ring stays full", ring_stays_full, 0, "--order dm", false },
	{ "X10: unbind while the ring is full", unbind_with_full_ring, 0,
	  "--order dm", false },
	{ "A.13, X12: pages survive unbind and bind", pages_survive_the_device,
	  0, "--order dm", false },
	{ "X11, X12: pages survive rescind and offer",
	  pages_survive_the_device, 1, "--order dm", false },
	{ "X11: rescind while pages go", rescind_while, 0, "--order dm",
	  false },
	{ "X11: rescind while pages come", rescind_while, 1, "--order dm",
	  false },
	{ "X11: rescind while pages come in small messages", rescind_while, 2,
	  "--order dm", false },
	{ "X11: rescind while versions are agreed on",
	  rescind_while_negotiating, 0, "--order dm", true },
	{ "X11: rescind while capabilities are agreed on",
	  rescind_while_negotiating, 1, "--order dm", true },
	{ "X11: rescind at a message of a transaction", rescind_while_sending,
	  0, "--order dm", false },
	{ "X11: rescind at a later message", rescind_while_sending, 3,
	  "--order dm", false },
	{ "D: another driver has the device", the_other_driver_was_first, 0,
	  "--order dm", false },
	{ "D: another driver comes later", the_other_driver_comes_later, 0,
	  "--order dm", false },
	{ "D.3: from one driver to the other and back", switch_drivers, 0,
	  "--order dm", false },
	{ "D: dm is off by default, and nothing is on outside Hyper-V",
	  off_by_default, 0, "--order dm", false },
	{ "X22: the module comes and goes", load_and_unload, 15, "--order dm",
	  false },
	{ "X23: a memory block with ballooned pages stays online",
	  offline_a_block, 0, "--order dm", false },
	{ "X23: CPUs come and go", cpus_come_and_go, 0, "--order dm", false },
	{ "I2: with unload_policy=free everything comes back", unload_frees, 0,
	  "--order dm", true },
	{ "X11, X12: pages survive the host", host_dies, 0, "--order dm",
	  true },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
