// SPDX-License-Identifier: GPL-2.0
/*
 * Handles of every wrong kind with every call that takes one: of another type,
 * destroyed, of another process, one bit off, named twice. All are refused and
 * reach no object.
 */
#include "ioctl_description.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

static struct ioctl_state state;

/* A valid call but for one handle. */
static int call_with(const struct ioctl_description *d,
		     const struct ioctl_field *f, __u32 h)
{
	struct ioctl_call call;

	ioctl_prepare(d, &state, &call);
	*ioctl_handle_place(&call, f) = h;
	return ioctl_issue(d, state.s.fd, &call);
}

static void refused(const struct ioctl_description *d,
		    const struct ioctl_field *f, __u32 h)
{
	int ret = call_with(d, f, h);

	if (ret != -EINVAL)
		fail("%s with handle %#x at %u: %d", d->name, h, f->at, ret);
}

/* Handles ------------------------------------------------------------------ */

/* P4: every use of a handle with every other kind of object. */
static void wrong_kinds(const struct ioctl_description *d,
			const struct ioctl_field *f)
{
	int kind;

	for (kind = 0; kind < KINDS; kind++) {
		if (!(f->kinds & KIND(kind)))
			refused(d, f, ioctl_handle(&state.s, kind));
	}
	if (f->what != OPTIONAL_HANDLE)
		refused(d, f, 0);
	refused(d, f, 0xffffffff);
	refused(d, f, 0x40);
}

static bool is_live(__u32 h)
{
	const struct sequence *s = &state.s;
	const __u32 others[] = {
		s->heap.handle, s->sysmem.handle, s->legacy, s->shared.handle,
		s->shared.resource, state.legacy_fence,
		state.shared_fence.sync_object, state.native_fence,
		state.broken,
	};
	size_t i;
	int kind;

	for (kind = 0; kind < KINDS; kind++) {
		if (h == ioctl_handle(s, kind))
			return true;
	}
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		if (h == others[i])
			return true;
	}
	return false;
}

/* P5: no bit of a handle is ignored. */
static void flipped_bits(const struct ioctl_description *d,
			 const struct ioctl_field *f)
{
	unsigned int bit;
	__u32 h;
	int kind;

	for (kind = 0; !(f->kinds & KIND(kind)); kind++)
		;
	for (bit = 0; bit < 32; bit++) {
		h = ioctl_handle(&state.s, kind) ^ 1u << bit;
		if (!is_live(h))
			refused(d, f, h);
	}
}

static void with_each_handle(void (*run)(const struct ioctl_description *d,
					 const struct ioctl_field *f))
{
	const struct ioctl_description *d;
	const struct ioctl_field *f;
	struct ioctl_call call;

	for_each_ioctl(d) {
		for_each_field(d, f) {
			ioctl_prepare(d, &state, &call);
			if (ioctl_handle_place(&call, f))
				run(d, f);
		}
	}
}

static void bad_handles(unsigned long n)
{
	(void)n;
	ioctl_set_up(&state);
	with_each_handle(wrong_kinds);
	with_each_handle(flipped_bits);
}

static void foreign(const struct ioctl_description *d,
		    const struct ioctl_field *f)
{
	int kind;

	for (kind = 0; kind < KINDS; kind++)
		refused(d, f, ioctl_handle(&state.s, kind));
}

static void use_of_others(unsigned long n)
{
	(void)n;
	state.s.fd = dxg_open(NULL);
	check(state.s.fd >= 0);
	with_each_handle(foreign);
}

/* P4, P18: another process's handles mean nothing. */
static void foreign_handles(unsigned long n)
{
	(void)n;
	ioctl_set_up(&state);
	reap_ok(spawn(use_of_others, 0));
}

/* P5: a destroyed handle stays dead when its slot is used again. */
static void stale_handles(unsigned long n)
{
	struct sequence s;
	__u32 stale, fresh;
	unsigned int i;

	(void)n;
	sequence_until(&s, ROW_PAGING);
	for (i = 0; i < 100; i++) {
		equal(dxg_create_context(s.fd, s.device, 0, 0, NULL, 0, &stale),
		      0);
		equal(dxg_destroy_context(s.fd, stale), 0);
		equal(dxg_create_context(s.fd, s.device, 0, 0, NULL, 0, &fresh),
		      0);
		check(stale != fresh);
		equal(dxg_destroy_context(s.fd, stale), -EINVAL);
		equal(dxg_destroy_context(s.fd, fresh), 0);
	}
}

/* P3: an allocation named twice is refused before anything happens. */
static void duplicates(unsigned long n)
{
	struct dxg_allocation a, b, local;
	__u32 list[3], many[D3DKMT_CREATEALLOCATION_MAX];
	struct sequence s;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_PAGING);
	equal(dxg_create_local(s.fd, s.device, PAGE, 0, &a), 0);
	equal(dxg_create_local(s.fd, s.device, PAGE, 0, &b), 0);
	equal(dxg_create_local(s.fd, s.device, PAGE, DXG_ALLOC_CREATE_RESOURCE,
			       &local), 0);
	list[0] = a.handle;
	list[1] = b.handle;
	list[2] = a.handle;
	for (i = 0; i < ARRAY_SIZE(many); i++)
		many[i] = a.handle;
	host("mark");
	equal(dxg_destroy_allocations(s.fd, s.device, list, 3), -EINVAL);
	equal(dxg_destroy_allocations(s.fd, s.device, many, 2), -EINVAL);
	equal(dxg_destroy_allocations(s.fd, s.device, many, ARRAY_SIZE(many)),
	      -EINVAL);
	/* one that goes with its resource, beside one that does not */
	list[2] = local.handle;
	equal(dxg_destroy_allocations(s.fd, s.device, list, 3), -EINVAL);
	equal(dxg_destroy_allocations(s.fd, s.device, list, 3), -EINVAL);
	equal(host_count("DESTROYALLOCATION"), 0);
	equal(dxg_destroy_allocations(s.fd, s.device, list, 2), 0);
}

/* Callers -------------------------------------------------------------------- */

/* P18, P48: the child of a fork; its own open is a process of its own. */
static void child_of_fork(unsigned long n)
{
	const struct ioctl_description *d;
	struct ioctl_call call;
	struct sequence own;

	(void)n;
	for_each_ioctl(d) {
		ioctl_prepare(d, &state, &call);
		equal(ioctl_issue(d, state.s.fd, &call), -ENOTTY);
	}
	sequence_until(&own, ROW_FENCE);
}

static void fork_refused(unsigned long n)
{
	struct sequence *s = &state.s;

	(void)n;
	ioctl_set_up(&state);
	reap_ok(spawn(child_of_fork, 0));
	equal(dxg_signal(s->fd, s->device, s->fence.sync_object, 20), 0);
}

/* A new process with an old number. */
static void is_a_stranger(unsigned long fd)
{
	struct sequence own;
	struct ioctl_call call;
	const struct ioctl_description *d;

	for_each_ioctl(d) {
		ioctl_prepare(d, &state, &call);
		equal(ioctl_issue(d, (int)fd, &call), -ENOTTY);
	}
	use_of_others(0);
	sequence_until(&own, ROW_FENCE);
}

static pid_t spawn_as(pid_t pid, void (*run)(unsigned long n), unsigned long n)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = dxg_ptr(&pid),
		.set_tid_size = 1,
	};
	long child;

	fflush(stdout);
	child = syscall(SYS_clone3, &args, sizeof(args));
	if (child < 0)
		fail("clone3: %s", strerror(errno));
	if (child)
		return (pid_t)child;
	run(n);
	fflush(stdout);
	_exit(0);
}

static int fds[2];

/* Leave the descriptor, and where the handles were, to the parent. */
static void leave_descriptor(unsigned long n)
{
	(void)n;
	ioctl_set_up(&state);
	equal(write(fds[1], &state, sizeof(state)), sizeof(state));
	pause();
}

/* The descriptor of another process, which then dies. */
static int descriptor_of(pid_t pid, int number)
{
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	int fd = (int)syscall(SYS_pidfd_getfd, pidfd, number, 0);

	check(fd >= 0);
	close(pidfd);
	return fd;
}

/* P18: a number that is used again is nobody's heir. */
static void same_number(unsigned long n)
{
	pid_t pid = 0;
	int fd;

	(void)n;
	equal(pipe(fds), 0);
	pid = spawn(leave_descriptor, 0);
	equal(read(fds[0], &state, sizeof(state)), sizeof(state));
	fd = descriptor_of(pid, state.s.fd);
	kill_and_reap(pid);
	equal(spawn_as(pid, is_a_stranger, (unsigned long)fd), pid);
	reap_ok(pid);
	equal(close(fd), 0);
	host("wait-idle");
}

static const struct test tests[] = {
	{ "handles of another kind or with a bit flipped are refused",
	  bad_handles, 0, NULL, false },
	{ "handles of another process are refused", foreign_handles, 0, NULL,
	  false },
	{ "stale handles never name new objects", stale_handles, 0, NULL,
	  false },
	{ "an allocation twice in a list is refused untouched", duplicates, 0,
	  NULL, false },
	{ "a forked child is refused, its own open works", fork_refused, 0,
	  NULL, false },
	{ "a process with the number of a dead one is a stranger",
	  same_number, 0, NULL, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
