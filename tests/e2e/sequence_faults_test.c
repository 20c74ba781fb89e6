// SPDX-License-Identifier: GPL-2.0
/*
 * The minimal sequence as one run, with one of all the allocations and user copies
 * that the driver makes for it failing: the client gives up at that row, or
 * goes on if it was not told. Whatever it was, nothing is left on either side.
 *
 * The program is linked so that open(), ioctl() and close() of the node come
 * here first: only what they do may fail, not what the test does in between.
 */
#include "sequence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "faults.h"
#include "harness.h"
#include "node_calls.h"

/* One test of many takes every 64th fault, so that a run may leave out most. */
#define STRIDE		64u
/* More than the sequence can have. */
#define FAULTS_MAX	10000u

/**
 * struct victim - what became of the fault, shared with the process it is for
 * @left: allocations and copies until the one that fails; 0: it failed
 * @ret: result of the call in which it failed
 * @request: ioctl, 0: open or close
 */
static struct victim {
	unsigned int left;
	int ret;
	unsigned long request;
} *victim;

/* The node, in the process to which faults happen. */
static int node = -1;
static bool armed;

static bool begin(void)
{
	if (armed && victim->left)
		faults_arm(victim->left);
	return armed && victim->left;
}

static int end(bool began, unsigned long request, int ret)
{
	int error = errno;

	if (!began)
		return ret;
	victim->left = faults_disarm();
	if (!victim->left) {
		victim->ret = ret < 0 ? -error : ret;
		victim->request = request;
	}
	errno = error;
	return ret;
}

int __wrap_open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	bool began;
	va_list ap;

	if (flags & O_CREAT) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	if (!armed || strcmp(path, DXG_NODE))
		return __real_open(path, flags, mode);
	began = begin();
	node = end(began, 0, __real_open(path, flags));
	return node;
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	bool began;
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	began = begin();
	return end(began, request, __real_ioctl(fd, request, arg));
}

int __wrap_close(int fd)
{
	bool began = fd == node && begin();

	return end(began, 0, __real_close(fd));
}

/* What the sequence says about the row that failed is expected. */
static void run_sequence(unsigned long n)
{
	(void)n;
	check(faults_set_up());
	check(freopen("/dev/null", "w", stdout));
	armed = true;
	sequence_all(0);
}

/* One fault; false: the sequence has fewer. */
static bool one_fault(unsigned int nth)
{
	char *before = ledger();
	int status;

	*victim = (struct victim){ .left = nth };
	status = reap(spawn(run_sequence, 0));
	host("settle");
	host("wait-idle");
	check_ledger(before);
	free(before);
	if (victim->left || victim->ret >= 0)
		equal(status, 0);
	else if (!WIFEXITED(status) || !faults_explain(victim->ret))
		fail("fault %u, in request %#lx: %d, status %#x", nth,
		     victim->request, victim->ret, status);
	return !victim->left;
}

/* P19, P55: on top of a failure comes the end of the process. */
static void each_fault(unsigned long first)
{
	unsigned int nth = first;

	victim = mmap(NULL, sizeof(*victim), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	check(victim != MAP_FAILED);
	while (one_fault(nth)) {
		nth += STRIDE;
		check(nth < FAULTS_MAX);
	}
	/* the sequence has more than one of every slice */
	check(nth > STRIDE);
	printf("# fewer than %u faults\n", nth);
}

int main(int argc, char **argv)
{
	(void)argc;
	return faults_run_slices("sequence", STRIDE, each_fault, argv);
}
