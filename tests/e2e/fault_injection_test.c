// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation and every copy from and to user memory that an ioctl makes
 * fails, one at a time. Needs a kernel with fault injection.
 */
#include "ioctl_description.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "harness.h"

#define DEBUGFS		"/sys/kernel/debug"
/* More than any ioctl can need. */
#define FAULTS_MAX	2000

static struct ioctl_state state;
static int fail_nth = -1;

static bool write_setting(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);
	bool ok = fd >= 0 && write(fd, value, strlen(value)) > 0;

	close(fd);
	return ok;
}

/* Let allocations that may sleep fail, too; false: not with this kernel. */
static bool fault_injection(void)
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

/* Make the call with its nth allocation or copy failing; *@hit: there was one. */
static int issue_failing(const struct ioctl_description *d,
			 struct ioctl_call *call, unsigned int nth, bool *hit)
{
	char number[16];
	int length, ret;

	ioctl_prepare(d, &state, call);
	length = snprintf(number, sizeof(number), "%u", nth);
	equal(pwrite(fail_nth, number, length, 0), length);
	ret = ioctl_issue(d, state.s.fd, call);
	/* these copy, too: a fault that is left may hit one of them */
	length = pread(fail_nth, number, sizeof(number) - 1, 0);
	while (pwrite(fail_nth, "0", 1, 0) != 1)
		equal(errno, EFAULT);
	number[length > 0 ? length : 0] = 0;
	*hit = length > 0 && !atoi(number);
	return ret;
}

static bool is_fault(int ret)
{
	return ret == -ENOMEM || ret == -EFAULT || ret == -EBADF ||
	       ret == -ENOTRECOVERABLE;
}

/*
 * P19, P79: a call that fails leaves nothing on either side and can be repeated;
 * what it destroys is there afterwards, or gone.
 */
static void each_fault(unsigned long n)
{
	const struct ioctl_description *d = &ioctls[n];
	struct ioctl_call call;
	unsigned int nth, faults = 0;
	bool hit = true;
	char *before;
	int ret = -1;

	ioctl_set_up(&state);
	if (!fault_injection()) {
		puts("# this kernel injects no faults");
		return;
	}
	for (nth = 1; hit && nth < FAULTS_MAX; nth++) {
		before = ledger();
		ret = issue_failing(d, &call, nth, &hit);
		if (ret != d->result) {
			if (!hit || !is_fault(ret))
				fail("%s, fault %u: %d", d->name, nth, ret);
			check_ledger(before);
			faults++;
		}
		free(before);
		if (ret == d->result && d->ends)
			break;
	}
	equal(ret, d->result);
	/* at least the argument could not be copied */
	check(faults);
	equal(dxg_close(state.s.fd), 0);
	sequence_until(&state.s, ROW_SHARED);
}

int main(int argc, char **argv)
{
	struct test *tests = calloc(ioctl_count, sizeof(*tests));
	size_t i;
	char *name;

	(void)argc;
	for (i = 0; i < ioctl_count; i++) {
		if (asprintf(&name, "each allocation and copy of %s may fail",
			     ioctls[i].name) < 0)
			return 1;
		tests[i].name = name;
		tests[i].run = each_fault;
		tests[i].n = i;
	}
	return run_tests(tests, ioctl_count, argv);
}
