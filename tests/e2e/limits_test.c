// SPDX-License-Identifier: GPL-2.0
/*
 * What one user can make the kernel keep: limits per process, pinned memory,
 * memory that the cgroup pays for, nothing that grows with repetition, and a
 * quiet log.
 */
#include "ioctl_description.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "harness.h"

#define PARAMETERS	"/sys/module/dxgkrnl/parameters/"
#define NOBODY		65534

static struct ioctl_state state;

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		fail("%s: %s", path, strerror(errno));
	close(fd);
}

static void read_file(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY);
	ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);

	if (length < 0)
		fail("%s: %s", path, strerror(errno));
	text[length] = 0;
	close(fd);
}

static void set_parameter(const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	write_file(path, value);
}

static void get_parameter(const char *name, char *value, size_t size)
{
	char path[128];

	snprintf(path, sizeof(path), PARAMETERS "%s", name);
	read_file(path, value, size);
}

static int issue(const struct ioctl_description *d)
{
	struct ioctl_call call;

	ioctl_prepare(d, &state, &call);
	return ioctl_issue(d, state.s.fd, &call);
}

/* Objects -------------------------------------------------------------------- */

/**
 * struct limit - a module parameter
 * @name: of the parameter
 * @request: ioctl that makes one more
 * @message: it sends
 */
static const struct limit {
	const char *name;
	unsigned long request;
	const char *message;
} limits[] = {
	{ "max_handles", LX_DXCREATEALLOCATION, "CREATEALLOCATION" },
	{ "max_adapter_handles", LX_DXOPENADAPTERFROMLUID, "CREATEPROCESS" },
	{ "max_devices", LX_DXCREATEDEVICE, "CREATEDEVICE" },
	{ "max_contexts", LX_DXCREATECONTEXTVIRTUAL, "CREATECONTEXTVIRTUAL" },
	{ "max_sync_objects", LX_DXCREATESYNCHRONIZATIONOBJECT,
	  "CREATESYNCOBJECT" },
	{ "max_paging_queues", LX_DXCREATEPAGINGQUEUE, "CREATEPAGINGQUEUE" },
	{ "max_hwqueues", LX_DXCREATEHWQUEUE, "CREATEHWQUEUE" },
};

/* More than the sequence needs. */
#define MOST		40u

/* What a process does, to its end; it does not mind what others have. */
static void work(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_SHARED);
}

/* P60: beyond the limit nothing is sent; others, and the next one, can go on. */
static void too_many(unsigned long n)
{
	const struct limit *limit = &limits[n];
	const struct ioctl_description *d = ioctl_find(limit->request);
	char before[32];
	unsigned int i;
	int ret = 0;

	ioctl_set_up(&state);
	get_parameter(limit->name, before, sizeof(before));
	set_parameter(limit->name, "40");
	for (i = 0; i <= MOST && !ret; i++)
		ret = issue(d);
	equal(ret, -ENOSPC);
	host("mark");
	equal(issue(d), -ENOSPC);
	equal(host_count(limit->message), 0);
	reap_ok(spawn(work, 0));
	set_parameter(limit->name, before);
	equal(issue(d), 0);
}

/* A line of /proc/self/fdinfo/FD. */
static unsigned long fdinfo(int fd, const char *name)
{
	char path[64], key[64], text[1024], *line;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	read_file(path, text, sizeof(text));
	snprintf(key, sizeof(key), "dxg-%s:\t", name);
	line = strstr(text, key);
	if (!line)
		fail("no %s in %s", key, text);
	return strtoul(line + strlen(key), NULL, 10);
}

/* P60: anybody who may look can see what a process has. */
static void visible(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	equal(fdinfo(s.fd, "adapter_handles"), 1);
	equal(fdinfo(s.fd, "devices"), 1);
	equal(fdinfo(s.fd, "contexts"), 1);
	equal(fdinfo(s.fd, "paging_queues"), 1);
	equal(fdinfo(s.fd, "hwqueues"), 1);
	equal(fdinfo(s.fd, "sync_objects"), 1);
	/* and the fences of the two queues */
	equal(fdinfo(s.fd, "handles"), 7);
	equal(fdinfo(s.fd, "events"), 0);
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 100,
			     eventfd(0, EFD_CLOEXEC)), 0);
	equal(fdinfo(s.fd, "events"), 1);
	equal(dxg_destroy_device(s.fd, s.device), 0);
	equal(fdinfo(s.fd, "handles"), 0);
	equal(fdinfo(s.fd, "adapter_handles"), 1);
}

/* An eventfd is counted up so many times altogether. */
static void check_events(int event, __u64 expected)
{
	struct pollfd end = { .fd = event, .events = POLLIN };
	__u64 sum = 0, value;

	while (sum < expected) {
		equal(poll(&end, 1, 60000), 1);
		equal(read(event, &value, sizeof(value)), sizeof(value));
		sum += value;
	}
	equal(sum, expected);
}

static void too_many_events(unsigned long n)
{
	struct sequence s;
	unsigned int i;
	char before[32];
	int event;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	event = eventfd(0, EFD_CLOEXEC);
	get_parameter("max_events", before, sizeof(before));
	set_parameter("max_events", "40");
	for (i = 0; i < MOST; i++)
		equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object,
				     100, event), 0);
	host("mark");
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 100, event),
	      -ENOSPC);
	equal(host_count("WAITFORSYNCOBJECTFROMCPU"), 0);
	reap_ok(spawn(work, 0));
	/* what was signalled does not count any more */
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 100), 0);
	check_events(event, MOST);
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 101, event),
	      0);
	set_parameter("max_events", before);
}

/* Pinned memory ---------------------------------------------------------------- */

static struct sequence pinner;
static unsigned char *pinned_memory;
static int hold_pins[2];

static int pin(unsigned long pages, struct dxg_allocation *out)
{
	return dxg_create_sysmem(pinner.fd, pinner.device, pinned_memory,
				 pages * guest_page(), 0, out);
}

static void open_as_nobody(unsigned long pages)
{
	sequence_until(&pinner, ROW_DEVICE);
	pinned_memory = mmap(NULL, (pages + 1) * guest_page(),
			     PROT_READ | PROT_WRITE, MAP_PRIVATE |
			     MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	check(pinned_memory != MAP_FAILED);
	equal(setuid(NOBODY), 0);
}

/* A second process of the user finds that nothing is left for it. */
static void nothing_left(unsigned long n)
{
	struct dxg_allocation a;

	(void)n;
	open_as_nobody(1);
	equal(pin(1, &a), -ENOMEM);
}

static void something_left(unsigned long pages)
{
	struct dxg_allocation a;

	open_as_nobody(pages);
	equal(pin(pages, &a), 0);
}

static void pin_to_the_limit(unsigned long pages)
{
	struct dxg_allocation a, b;
	char byte = 0;

	open_as_nobody(pages);
	equal(pin(pages + 1, &a), -ENOMEM);
	equal(pin(pages, &a), 0);
	equal(pin(1, &b), -ENOMEM);
	equal(dxg_destroy_allocations(pinner.fd, pinner.device, &a.handle, 1),
	      0);
	equal(pin(pages, &a), 0);
	equal(write(hold_pins[1], &byte, 1), 1);
	for (;;)
		pause();
}

static void limit_of_user(const char *policy, unsigned long pages)
{
	unsigned long long pinned;
	char before[32], byte;
	pid_t pid;

	equal(pipe(hold_pins), 0);
	get_parameter("pin_limit", before, sizeof(before));
	set_parameter("pin_limit", policy);
	pid = spawn(pin_to_the_limit, pages);
	equal(read(hold_pins[0], &byte, 1), 1);
	reap_ok(spawn(nothing_left, 0));
	kill_and_reap(pid);
	host("wait-idle");
	/* all exits give back what was counted */
	reap_ok(spawn(something_left, pages));
	host("wait-idle");
	/* CAP_IPC_LOCK */
	sequence_until(&pinner, ROW_DEVICE);
	pinned_memory = mmap(NULL, (pages + 1) * guest_page(),
			     PROT_READ | PROT_WRITE, MAP_PRIVATE |
			     MAP_ANONYMOUS, -1, 0);
	pinned = vmstat("nr_foll_pin_acquired");
	equal(pin(pages + 1, &(struct dxg_allocation){ 0 }), 0);
	equal(vmstat("nr_foll_pin_acquired") - pinned, pages + 1);
	set_parameter("pin_limit", before);
}

/* P61: percent of the memory, and RLIMIT_MEMLOCK. */
static void pin_percent(unsigned long n)
{
	struct sysinfo info;

	(void)n;
	equal(sysinfo(&info), 0);
	limit_of_user("1", info.totalram / guest_page() * info.mem_unit / 100);
}

static void pin_rlimit(unsigned long n)
{
	struct rlimit limit = { 16 * guest_page(), 16 * guest_page() };

	(void)n;
	equal(setrlimit(RLIMIT_MEMLOCK, &limit), 0);
	limit_of_user("rlimit", 16);
}

static void pin_limit_values(unsigned long n)
{
	static const char *const refused[] = { "101", "-1", "none", "" };
	char value[32];
	size_t i;
	int fd;

	(void)n;
	get_parameter("pin_limit", value, sizeof(value));
	check(!strcmp(value, "100\n"));
	for (i = 0; i < ARRAY_SIZE(refused); i++) {
		fd = open(PARAMETERS "pin_limit", O_WRONLY);
		check(write(fd, refused[i], strlen(refused[i]) + 1) < 0);
		close(fd);
	}
	set_parameter("pin_limit", "rlimit");
	get_parameter("pin_limit", value, sizeof(value));
	check(!strcmp(value, "rlimit\n"));
	set_parameter("pin_limit", "100");
}

/* Memory cgroup -------------------------------------------------------------------- */

#define CGROUPS		"/run/e2e-cgroup"
#define CGROUP		CGROUPS "/user"

/* A cgroup for the calling process; false: not with this kernel. */
static bool enter_cgroup(void)
{
	char controllers[256];

	mkdir(CGROUPS, 0700);
	if (mount("none", CGROUPS, "cgroup2", 0, NULL) && errno != EBUSY)
		return false;
	read_file(CGROUPS "/cgroup.controllers", controllers,
		  sizeof(controllers));
	if (!strstr(controllers, "memory"))
		return false;
	write_file(CGROUPS "/cgroup.subtree_control", "+memory");
	if (mkdir(CGROUP, 0700) && errno != EEXIST)
		fail("mkdir: %s", strerror(errno));
	write_file(CGROUP "/cgroup.procs", "0");
	return true;
}

static void leave_cgroup(void)
{
	write_file(CGROUPS "/cgroup.procs", "0");
	umount2(CGROUPS, MNT_DETACH);
}

static unsigned long long cgroup_kernel_memory(void)
{
	char text[4096], *line;

	read_file(CGROUP "/memory.stat", text, sizeof(text));
	line = strstr(text, "kernel ");
	check(line);
	return strtoull(line + 7, NULL, 10);
}

/* With more volume up to what most limits allow. */
#define CHARGED		800u
#define CHARGED_MOST	4000u

static const unsigned long creations[] = {
	LX_DXCREATEALLOCATION, LX_DXCREATESYNCHRONIZATIONOBJECT,
	LX_DXCREATECONTEXTVIRTUAL, LX_DXCREATEDEVICE,
	LX_DXOPENADAPTERFROMLUID, LX_DXCREATEPAGINGQUEUE, LX_DXCREATEHWQUEUE,
	LX_CREATENATIVEFENCE,
};

static unsigned long long memory_before;

static bool memory_as_before(unsigned long n)
{
	return cgroup_kernel_memory() < memory_before + n;
}

/* The kernel adds up its counters now and then. */
static bool memory_grew(unsigned long n)
{
	return !memory_as_before(n);
}

/*
 * P58: the cgroup pays for what is created, at least for the smallest object of
 * each kind, until it is gone. P67: handles included.
 */
static void charged(unsigned long n)
{
	const struct ioctl_description *d = ioctl_find(creations[n]);
	unsigned int count = volume(CHARGED), i;

	if (count > CHARGED_MOST)
		count = CHARGED_MOST;
	if (!enter_cgroup()) {
		puts("# no memory cgroups in this kernel");
		return;
	}
	ioctl_set_up(&state);
	memory_before = cgroup_kernel_memory();
	for (i = 0; i < count; i++)
		equal(issue(d), 0);
	wait_for(memory_grew, count * 96, "kernel memory charged");
	ioctl_close(&state);
	/* it is counted in pages, and each CPU keeps one in store */
	wait_for(memory_as_before, count * 48 + 2 * (guest_page() - PAGE),
		 "kernel memory as before");
	leave_cgroup();
}

/* Repetition ------------------------------------------------------------------------ */

static void everything_once(void)
{
	struct dxg_fence fence, opened;
	struct dxg_allocation heap;
	struct dxg_hw_queue queue;
	struct dxg_paging_queue paging;
	struct sequence *s = &state.s;
	__u32 context, device, adapter;
	int file = -1;
	__u64 value;
	void *view;

	equal(dxg_open_adapter(s->fd, &s->infos[0].adapter_luid, &adapter), 0);
	equal(dxg_create_device(s->fd, adapter, &device), 0);
	equal(dxg_create_paging_queue(s->fd, device, &paging), 0);
	equal(dxg_create_context(s->fd, device, 0, DXG_CONTEXT_HW_QUEUE, NULL,
				 0, &context), 0);
	equal(dxg_create_hw_queue(s->fd, context, NULL, 0, &queue), 0);
	equal(dxg_create_monitored_fence(s->fd, device, 1, DXG_SYNC_SHAREABLE,
					 &fence), 0);
	equal(dxg_create_sysmem(s->fd, device, s->sysmem_user, HEAP_SIZE, 0,
				&heap), 0);
	equal(dxg_create_sync_file(s->fd, device, fence.sync_object, 1, &file),
	      0);
	equal(dxg_open_sync_file(s->fd, device, file, &value, &opened), 0);
	equal(dxg_destroy_sync_object(s->fd, opened.sync_object), 0);
	equal(close(file), 0);
	equal(dxg_lock(s->fd, s->device, s->local.handle, &view), 0);
	equal(dxg_unlock(s->fd, s->device, s->local.handle), 0);
	/* failures */
	equal(dxg_create_context(s->fd, 0x40, 0, 0, NULL, 0, &context),
	      -EINVAL);
	equal(dxg_create_sysmem(s->fd, device, NULL + PAGE, PAGE, 0, &heap),
	      -ENOMEM);
	equal(dxg_destroy_hw_queue(s->fd, queue.queue), 0);
	equal(dxg_destroy_sync_object(s->fd, fence.sync_object), 0);
	equal(dxg_destroy_paging_queue(s->fd, paging.queue), 0);
	equal(dxg_destroy_device(s->fd, device), 0);
	equal(dxg_close_adapter(s->fd, adapter), 0);
}

/* P62: memory does not grow with repetition. */
static void repeated(unsigned long n)
{
	unsigned int rounds = volume(300), i;

	(void)n;
	if (!enter_cgroup()) {
		puts("# no memory cgroups in this kernel");
		return;
	}
	ioctl_set_up(&state);
	for (i = 0; i < 50; i++)
		everything_once();
	memory_before = cgroup_kernel_memory();
	for (i = 0; i < rounds; i++)
		everything_once();
	/* less than the smallest object that each round would leave */
	wait_for(memory_as_before, rounds * 32 + 64 * KIB,
		 "kernel memory as before");
	leave_cgroup();
}

/* Log --------------------------------------------------------------------------------- */

/* P64: refused calls of all kinds, and not one line in the kernel log. */
static void quiet(unsigned long n)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);
	const struct ioctl_description *d;
	struct ioctl_call call;
	char line[1024];
	unsigned int i;
	ssize_t length;

	(void)n;
	ioctl_set_up(&state);
	check(log >= 0);
	equal(lseek(log, 0, SEEK_END), 0);
	for (i = 0; i < volume(500); i++) {
		for_each_ioctl(d) {
			memset(&call, i, sizeof(call));
			ioctl_issue(d, state.s.fd, &call);
			dxg_ioctl(state.s.fd, d->request ^ 1u << 16, &call);
			dxg_ioctl(state.s.fd, d->request, NULL);
		}
	}
	while ((length = read(log, line, sizeof(line) - 1)) > 0) {
		line[length] = 0;
		if (strstr(line, "dxg"))
			fail("logged: %s", line);
	}
}

/* Interrupted waits ------------------------------------------------------------------- */

#define NEVER		100

static void ignore_signal(int number)
{
	(void)number;
}

/**
 * struct sleeper - a thread that is interrupted in a wait and ends
 * @s: sequence
 * @thread: thread
 * @tid: its id
 * @out: it is out of the wait
 */
struct sleeper {
	struct sequence *s;
	pthread_t thread;
	int tid;
	bool out;
};

static void *sleep_once(void *arg)
{
	struct sleeper *sleeper = arg;
	struct sequence *s = sleeper->s;

	sleeper->tid = gettid();
	equal(dxg_wait(s->fd, s->device, s->fence.sync_object, NEVER), -EINTR);
	__atomic_store_n(&sleeper->out, true, __ATOMIC_RELEASE);
	return NULL;
}

/* It is joined before the kernel has forgotten it. */
static bool thread_gone(unsigned long tid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%lu", tid);
	return access(path, F_OK) < 0;
}

/*
 * P62: a wait is kept for the interrupted thread to come back to, and goes when
 * the next one is kept after the thread has ended.
 */
static void waits_of_ended_threads(unsigned long n)
{
	const struct sigaction action = { .sa_handler = ignore_signal };
	struct sleeper sleeper;
	struct sequence s;
	unsigned int i;

	(void)n;
	equal(sigaction(SIGUSR1, &action, NULL), 0);
	sequence_until(&s, ROW_FENCE);
	host("mark");
	for (i = 1; i <= 10; i++) {
		sleeper = (struct sleeper){ .s = &s };
		equal(pthread_create(&sleeper.thread, NULL, sleep_once,
				     &sleeper), 0);
		host("wait WAITFORSYNCOBJECTFROMCPU %u", i);
		/* the first may come before the thread sleeps */
		while (!__atomic_load_n(&sleeper.out, __ATOMIC_ACQUIRE)) {
			equal(pthread_kill(sleeper.thread, SIGUSR1), 0);
			poll(NULL, 0, 1);
		}
		equal(pthread_join(sleeper.thread, NULL), 0);
		wait_for(thread_gone, (unsigned long)sleeper.tid,
			 "thread gone");
		equal(fdinfo(s.fd, "events"), 1);
	}
	/* the host cannot be told; what it signals now finds nobody */
	equal(host_number("cpu_waits", "alive"), 10);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, NEVER), 0);
	host("settle");
	equal(fdinfo(s.fd, "events"), 0);
}

static const struct test single_tests[] = {
	{ "fdinfo shows what a process has", visible, 0, NULL, false },
	{ "more host events than max_events are ENOSPC", too_many_events, 0,
	  NULL, false },
	{ "pin_limit in percent holds to the page", pin_percent, 0, NULL,
	  false },
	{ "pin_limit by rlimit holds to the page", pin_rlimit, 0, NULL,
	  false },
	{ "pin_limit takes percent and rlimit", pin_limit_values, 0, NULL,
	  false },
	{ "memory does not grow with repetition", repeated, 0, NULL, false },
	{ "refused calls leave no line in the log", quiet, 0, NULL, false },
	{ "interrupted waits of threads that ended make room",
	  waits_of_ended_threads, 0, NULL, false },
};

static struct test tests[ARRAY_SIZE(single_tests) + ARRAY_SIZE(limits) +
			 ARRAY_SIZE(creations)];
static char names[ARRAY_SIZE(tests)][96];

int main(int argc, char **argv)
{
	size_t count = ARRAY_SIZE(single_tests), i;

	(void)argc;
	memcpy(tests, single_tests, sizeof(single_tests));
	for (i = 0; i < ARRAY_SIZE(limits); i++, count++) {
		snprintf(names[count], sizeof(names[0]),
			 "more than %s are ENOSPC", limits[i].name);
		tests[count] = (struct test){ .name = names[count],
					      .run = too_many, .n = i };
	}
	for (i = 0; i < ARRAY_SIZE(creations); i++, count++) {
		snprintf(names[count], sizeof(names[0]),
			 "the cgroup pays for %s", ioctl_find(creations[i])->name);
		tests[count] = (struct test){ .name = names[count],
					      .run = charged, .n = i };
	}
	return run_tests(tests, count, argv);
}
