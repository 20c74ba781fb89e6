// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that never comes: every address that an ioctl reads or writes, on pages
 * of a userfaultfd that nobody serves. Only the caller waits, and it can be
 * killed.
 */
#include "ioctl_description.h"

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

/**
 * struct stuck - a call that gets stuck
 * @d: ioctl
 * @pointer: field that points to @page; NULL: the argument itself is there
 * @page: memory that never comes
 */
struct stuck {
	const struct ioctl_description *d;
	const struct ioctl_field *pointer;
	unsigned char *page;
};

static struct ioctl_state state;
static int all_stuck[2];

/* One for each argument and each address in it; their number. */
static size_t list_calls(struct stuck *list)
{
	const struct ioctl_description *d;
	const struct ioctl_field *f;
	size_t count = 0;

	for_each_ioctl(d) {
		list[count++] = (struct stuck){ .d = d };
		for_each_field(d, f) {
			if (f->what != POINTER)
				continue;
			list[count++] = (struct stuck){ .d = d, .pointer = f };
		}
	}
	return count;
}

static void *get_stuck(void *arg)
{
	struct stuck *stuck = arg;
	struct ioctl_call call;
	int ret;

	ioctl_prepare(stuck->d, &state, &call);
	if (stuck->pointer) {
		ioctl_move_pointer(&call, stuck->pointer, stuck->page);
		ret = ioctl_issue(stuck->d, state.s.fd, &call);
	} else {
		ret = dxg_ioctl(state.s.fd, stuck->d->request, stuck->page);
	}
	fail("%s came back with %d", stuck->d->name, ret);
}

static int open_userfaultfd(void *memory, size_t size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register range = {
		.range = { (unsigned long)memory, size },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	check(fd >= 0);
	equal(ioctl(fd, UFFDIO_API, &api), 0);
	equal(ioctl(fd, UFFDIO_REGISTER, &range), 0);
	return fd;
}

/* Wait until each page was asked for. */
static void wait_for_faults(int fd, struct stuck *list, size_t count)
{
	bool *seen = calloc(count, sizeof(*seen));
	size_t left = count, i;
	struct uffd_msg msg;

	while (left) {
		equal(read(fd, &msg, sizeof(msg)), sizeof(msg));
		equal(msg.event, UFFD_EVENT_PAGEFAULT);
		i = (msg.arg.pagefault.address - dxg_ptr(list[0].page)) /
		    guest_page();
		check(i < count);
		left -= !seen[i];
		seen[i] = true;
	}
	free(seen);
}

static void all_calls_stuck(unsigned long n)
{
	struct stuck *list = calloc(ioctl_count * IOCTL_FIELDS, sizeof(*list));
	unsigned char *memory;
	size_t count, i;
	pthread_t thread;
	int fd;

	(void)n;
	ioctl_set_up(&state);
	count = list_calls(list);
	memory = mmap(NULL, count * guest_page(), PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(memory != MAP_FAILED);
	fd = open_userfaultfd(memory, count * guest_page());
	for (i = 0; i < count; i++) {
		list[i].page = memory + i * guest_page();
		equal(pthread_create(&thread, NULL, get_stuck, &list[i]), 0);
	}
	wait_for_faults(fd, list, count);
	equal(write(all_stuck[1], "", 1), 1);
	for (;;)
		pause();
}

/* A process in which every call hangs. */
static pid_t spawn_stuck(void)
{
	char byte;
	pid_t pid;

	equal(pipe(all_stuck), 0);
	pid = spawn(all_calls_stuck, 0);
	close(all_stuck[1]);
	equal(read(all_stuck[0], &byte, 1), 1);
	return pid;
}

/* What a process does, to its end; it does not mind what others have. */
static void work(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_SHARED);
}

/*
 * P16: while a call hangs at every place where it can, another process works,
 * opens and closes, the adapter goes and comes, and the caller can be killed.
 */
static void others_go_on(unsigned long n)
{
	pid_t pid = spawn_stuck();

	(void)n;
	reap_ok(spawn(work, 0));
	host("rescind 0");
	host("settle");
	host("offer 0");
	host("settle");
	reap_ok(spawn(work, 0));
	kill_and_reap(pid);
}

/* P38: without anything else having ended the calls before. */
static void killed(unsigned long n)
{
	(void)n;
	kill_and_reap(spawn_stuck());
	host("wait-idle");
}

static const struct test tests[] = {
	{ "calls whose memory never comes disturb nobody", others_go_on, 0,
	  NULL, true },
	{ "a process whose memory never comes can be killed", killed, 0, NULL,
	  false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
