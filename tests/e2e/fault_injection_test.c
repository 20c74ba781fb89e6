// SPDX-License-Identifier: GPL-2.0
/*
 * Every allocation and every copy from and to user memory that an ioctl makes
 * fails, one at a time. Needs a kernel with fault injection.
 */
#include "ioctl_description.h"

#include <stdio.h>
#include <stdlib.h>

#include "faults.h"
#include "harness.h"

/* More than any ioctl can need. */
#define FAULTS_MAX	2000

static struct ioctl_state state;

/* Make the call with its nth allocation or copy failing; *@hit: there was one. */
static int issue_failing(const struct ioctl_description *d,
			 struct ioctl_call *call, unsigned int nth, bool *hit)
{
	int ret;

	ioctl_prepare(d, &state, call);
	faults_arm(nth);
	ret = ioctl_issue(d, state.s.fd, call);
	*hit = !faults_disarm();
	return ret;
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

	check(faults_set_up());
	ioctl_set_up(&state);
	for (nth = 1; hit && nth < FAULTS_MAX; nth++) {
		before = ledger();
		ret = issue_failing(d, &call, nth, &hit);
		if (ret != d->result) {
			if (!hit || !faults_explain(ret))
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

static bool every_ioctl(const struct ioctl_description *d)
{
	return d;
}

int main(int argc, char **argv)
{
	(void)argc;
	if (!faults_set_up()) {
		puts("1..0 # SKIP this kernel injects no faults");
		return 0;
	}
	return ioctl_run_tests(NULL, 0, "each allocation and copy may fail",
			       every_ioctl, each_fault, argv);
}
