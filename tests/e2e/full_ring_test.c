// SPDX-License-Identifier: GPL-2.0
/*
 * The host reads nothing for a while, until the ring to it is full: senders
 * wait, nothing gets lost, and who is killed in there goes, with what the host
 * has made for it.
 */
#include "ioctl_description.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

#define SENDERS		48
#define QUERY_SIZE	(64 * KIB)

static struct ioctl_state state;

/* Senders ---------------------------------------------------------------------- */

static int query_much(void)
{
	static __thread unsigned char data[QUERY_SIZE];

	return dxg_query_adapter_info(state.s.fd, state.s.adapter, 13, data,
				      sizeof(data));
}

static int expected_answer;

static void *send_much(void *arg)
{
	__u32 context;

	(void)arg;
	equal(query_much(), expected_answer);
	equal(dxg_create_context(state.s.fd, state.s.device, 0, 0, NULL, 0,
				 &context), 0);
	equal(dxg_destroy_context(state.s.fd, context), 0);
	return NULL;
}

/* Sleeping --------------------------------------------------------------------- */

/**
 * struct thread - a thread of another process
 * @pid: process
 * @tid: thread, 0: none
 * @sleeps: how often it had gone to sleep when somebody looked
 */
struct thread {
	int pid;
	int tid;
	unsigned long sleeps;
};

static struct thread watched;

static void read_task(const char *tid, const char *file, char *text,
		      size_t size)
{
	char path[320];
	ssize_t length;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/task/%s/%s", watched.pid, tid,
		 file);
	fd = open(path, O_RDONLY);
	length = fd < 0 ? -1 : read(fd, text, size - 1);
	if (length < 0)
		fail("%s cannot be read", path);
	text[length] = 0;
	close(fd);
}

static bool asleep(const char *tid)
{
	char text[512], *end;

	read_task(tid, "stat", text, sizeof(text));
	end = strrchr(text, ')');
	return end && (end[2] == 'S' || end[2] == 'D');
}

static bool all_asleep(unsigned long but)
{
	struct dirent *entry;
	bool all = true;
	char path[64];
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", watched.pid);
	tasks = opendir(path);
	check(tasks);
	while ((entry = readdir(tasks)))
		if (entry->d_name[0] != '.' &&
		    strtoul(entry->d_name, NULL, 10) != but)
			all &= asleep(entry->d_name);
	closedir(tasks);
	return all;
}

/* How often the thread went to sleep of its own accord. */
static unsigned long count_sleeps(void)
{
	static const char key[] = "\nvoluntary_ctxt_switches:";
	char tid[16], text[4096], *line;

	snprintf(tid, sizeof(tid), "%d", watched.tid);
	read_task(tid, "status", text, sizeof(text));
	line = strstr(text, key);
	check(line);
	return strtoul(line + strlen(key), NULL, 10);
}

/* It woke up and sleeps again, elsewhere. */
static bool sleeps_again(unsigned long n)
{
	(void)n;
	return count_sleeps() > watched.sleeps && all_asleep(0);
}

/* Filling ---------------------------------------------------------------------- */

#define SMALLER		6

/* Each takes what the one before left, the last no more than any message does. */
static const size_t sizes[] = { 16 * KIB, 4 * KIB, KIB, 256, 0 };

static void *send_little(void *arg)
{
	const struct ioctl_description *d = ioctl_find(LX_DXFLUSHHEAPTRANSITIONS);
	const size_t *size = arg;
	struct ioctl_call call;
	unsigned char data[16 * KIB];

	if (*size) {
		dxg_query_adapter_info(state.s.fd, state.s.adapter, 13, data,
				       *size);
		return NULL;
	}
	ioctl_prepare(d, &state, &call);
	equal(ioctl_issue(d, state.s.fd, &call), d->result);
	return NULL;
}

static bool others_asleep(unsigned long n)
{
	(void)n;
	return all_asleep(gettid());
}

/* What the sending process tells the test: ids of its main and its other thread. */
static int ring_is_full[2];

static void report(int tid)
{
	const int ids[2] = { getpid(), tid };

	equal(write(ring_is_full[1], ids, sizeof(ids)), sizeof(ids));
}

static void fill_ring(const char *channel, int tid)
{
	pthread_t threads[SENDERS], smaller[ARRAY_SIZE(sizes)][SMALLER];
	size_t i, k;

	expected_answer = query_much();
	watched.pid = getpid();
	host("stall %s", channel);
	for (i = 0; i < SENDERS; i++)
		equal(pthread_create(&threads[i], NULL, send_much, NULL), 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		wait_for(others_asleep, 0, "senders asleep");
		for (k = 0; k < SMALLER; k++)
			equal(pthread_create(&smaller[i][k], NULL, send_little,
					     (void *)&sizes[i]), 0);
	}
	report(tid);
	for (i = 0; i < SENDERS; i++)
		equal(pthread_join(threads[i], NULL), 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		for (k = 0; k < SMALLER; k++)
			equal(pthread_join(smaller[i][k], NULL), 0);
}

static void only_send(unsigned long n)
{
	(void)n;
	ioctl_set_up(&state);
	fill_ring("0", 0);
}

static pid_t start_full_ring(void (*run)(unsigned long n), unsigned long n)
{
	int ids[2];
	pid_t pid;

	equal(pipe(ring_is_full), 0);
	pid = spawn(run, n);
	equal(read(ring_is_full[0], ids, sizeof(ids)), sizeof(ids));
	watched = (struct thread){ .pid = ids[0], .tid = ids[1] };
	wait_for(all_asleep, 0, "senders asleep");
	if (watched.tid)
		watched.sleeps = count_sleeps();
	return pid;
}

/* P65: nothing fails or is lost because the ring was full. */
static void full_ring(unsigned long n)
{
	pid_t pid = start_full_ring(only_send, n);

	host("resume 0");
	reap_ok(pid);
	host("wait-idle");
}

/* P65, P38: who waits for room can be killed. */
static void killed_at_full_ring(unsigned long n)
{
	pid_t pid = start_full_ring(only_send, n);

	kill_and_reap(pid);
	host("resume 0");
	host("wait-idle");
	sequence_all(0);
}

/* Undoing ---------------------------------------------------------------------- */

/**
 * struct creation - what the host has made, and the guest does not take
 * @request: ioctl
 * @undo: message that would destroy it again
 * @channel: where both go
 */
static const struct creation {
	unsigned long request;
	const char *undo;
	const char *channel;
} creations[] = {
	{ LX_DXCREATEDEVICE, "DESTROYDEVICE", "0" },
	{ LX_DXCREATEALLOCATION, "DESTROYALLOCATION", "0" },
	{ LX_DXCREATEHWQUEUE, "DESTROYHWQUEUE", "0" },
	{ LX_DXCREATESYNCHRONIZATIONOBJECT, "DESTROYSYNCOBJECT", "global" },
};

/**
 * struct creator - a thread whose call cannot return what it creates
 * @d: ioctl
 * @call: argument that cannot be written to
 * @tid: thread
 */
struct creator {
	const struct ioctl_description *d;
	struct ioctl_call *call;
	int tid;
};

static void *create_in_vain(void *arg)
{
	struct creator *creator = arg;

	creator->tid = gettid();
	ioctl_issue(creator->d, state.s.fd, creator->call);
	fail("%s came back", creator->d->name);
}

static void *new_memory(void)
{
	void *memory = mmap(NULL, guest_page(), PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(memory != MAP_FAILED);
	return memory;
}

static void create_at_full_ring(unsigned long n)
{
	struct creator creator = { .d = ioctl_find(creations[n].request) };
	pthread_t thread;

	ioctl_set_up(&state);
	creator.call = new_memory();
	ioctl_prepare(creator.d, &state, creator.call);
	if (creator.d->request == LX_DXCREATEALLOCATION) {
		creator.call->data.segment = MOCK_SEGMENT_SYSTEM;
		creator.call->info.sysmem = dxg_ptr(new_memory());
	}
	equal(mprotect(creator.call, guest_page(), PROT_READ), 0);
	host("hold %s 1", creator.d->message);
	equal(pthread_create(&thread, NULL, create_in_vain, &creator), 0);
	host("wait-held %s", creator.d->message);
	fill_ring(creations[n].channel, creator.tid);
}

static void leave(unsigned long n)
{
	(void)n;
	ioctl_set_up(&state);
}

static unsigned long long pins_expected;

static bool as_many_pins(unsigned long n)
{
	(void)n;
	return pinned() == pins_expected;
}

/*
 * P38, P39, P65: what cannot be undone, because the caller is killed before the
 * ring has room for that, ends with the process, and so does its memory.
 */
static void undone_with_the_process(unsigned long n)
{
	const struct creation *creation = &creations[n];
	unsigned long long usual;
	pid_t pid;

	pins_expected = pinned();
	host("mark");
	reap_ok(spawn(leave, 0));
	host("wait-idle");
	usual = host_count(creation->undo);

	host("mark");
	pid = start_full_ring(create_at_full_ring, n);
	host("release %s", ioctl_find(creation->request)->message);
	wait_for(sleeps_again, 0, "undoing waits for room");
	kill_and_reap(pid);
	equal(host_count("DESTROYPROCESS"), 0);
	host("resume %s", creation->channel);
	host("wait-idle");
	equal(host_count(creation->undo), usual);
	equal(host_count("DESTROYPROCESS"), 1);
	wait_for(as_many_pins, 0, "all pages released");
	sequence_all(0);
}

static const struct test tests[] = {
	{ "a full ring delays, and loses nothing", full_ring, 0, NULL, false },
	{ "who waits for room in the ring can be killed", killed_at_full_ring,
	  0, NULL, false },
	{ "a device that is not undone ends with the process",
	  undone_with_the_process, 0, NULL, false },
	{ "an allocation that is not undone ends with the process",
	  undone_with_the_process, 1, NULL, false },
	{ "a hardware queue that is not undone ends with the process",
	  undone_with_the_process, 2, NULL, false },
	{ "a fence that is not undone ends with the process",
	  undone_with_the_process, 3, "--async", false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
