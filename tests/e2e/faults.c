// SPDX-License-Identifier: GPL-2.0
/*
 * Injected failures of allocations and user copies. See faults.h.
 *
 * The count goes down with every allocation and copy of the thread, also with
 * those that reading and writing the count make themselves.
 */
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "harness.h"

#define DEBUGFS		"/sys/kernel/debug"

static int fail_nth = -1;

static bool write_setting(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, value, strlen(value)) > 0;

	close(fd);
	return ok;
}

/**
 * faults_set_up() - get ready to let allocations and copies of this thread fail
 *
 * Those that may sleep, too.
 *
 * Return: false: not with this kernel.
 */
bool faults_set_up(void)
{
	static const char *const settings[][2] = {
		{ DEBUGFS "/failslab/ignore-gfp-wait", "N" },
		{ DEBUGFS "/fail_page_alloc/ignore-gfp-wait", "N" },
		{ DEBUGFS "/fail_page_alloc/ignore-gfp-highmem", "N" },
		{ DEBUGFS "/fail_page_alloc/min-order", "0" },
		{ DEBUGFS "/failslab/verbose", "0" },
		{ DEBUGFS "/fail_page_alloc/verbose", "0" },
		{ DEBUGFS "/fail_usercopy/verbose", "0" },
	};
	size_t i;

	mount("none", DEBUGFS, "debugfs", 0, NULL);
	fail_nth = open("/proc/thread-self/fail-nth", O_RDWR);
	if (fail_nth < 0)
		return false;
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (!write_setting(settings[i][0], settings[i][1]))
			return false;
	}
	return true;
}

/**
 * faults_arm() - let an allocation or copy fail
 * @nth: which one from now on, from 1
 */
void faults_arm(unsigned int nth)
{
	char number[16];
	int length = snprintf(number, sizeof(number), "%u", nth);

	equal(pwrite(fail_nth, number, length, 0), length);
}

/**
 * faults_disarm() - nothing fails any more
 *
 * Return: how many more would have had to come for one to fail; 0: one did.
 */
unsigned int faults_disarm(void)
{
	char number[16];
	int length = pread(fail_nth, number, sizeof(number) - 1, 0);

	while (pwrite(fail_nth, "0", 1, 0) != 1)
		equal(errno, EFAULT);
	/* the copy of the count was the one to fail */
	if (length <= 0)
		return 1;
	number[length] = 0;
	return strtoul(number, NULL, 10);
}

/**
 * faults_explain() - may a call end like this because of a fault?
 * @ret: its result
 *
 * Return: true: it may.
 */
bool faults_explain(int ret)
{
	return ret == -ENOMEM || ret == -EFAULT || ret == -EBADF ||
	       ret == -ENOTRECOVERABLE;
}

/**
 * faults_announce() - tell the kernel log that allocations fail on purpose
 * @begin: from here on, else no more
 *
 * What the kernel itself then says of them is no finding for scripts/lib/judge.sh.
 */
void faults_announce(bool begin)
{
	if (!write_setting("/dev/kmsg", begin ? "e2e: allocations fail now\n" :
			   "e2e: allocations fail no more\n"))
		fail("/dev/kmsg: %s", strerror(errno));
}

/**
 * faults_run_slices() - the tests of a program that lets each fault happen once
 * @what: in which faults happen
 * @stride: number of tests, of which each has every @stride-th fault
 * @run: one of them; its argument is the first fault, from 1
 * @argv: of main()
 *
 * Return: exit status of the program; nothing is run without fault injection.
 */
int faults_run_slices(const char *what, unsigned int stride,
		      void (*run)(unsigned long first), char **argv)
{
	struct test *tests = calloc(stride, sizeof(*tests));
	unsigned int i;
	char *name;

	if (!faults_set_up()) {
		puts("1..0 # SKIP this kernel injects no faults");
		return 0;
	}
	for (i = 0; i < stride; i++) {
		if (!tests || asprintf(&name,
				       "%s with fault %u and every %uth from there",
				       what, i + 1, stride) < 0)
			fail("out of memory");
		tests[i] = (struct test){ .name = name, .run = run,
					  .n = i + 1 };
	}
	return run_tests(tests, stride, argv);
}
