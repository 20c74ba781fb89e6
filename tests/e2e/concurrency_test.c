// SPDX-License-Identifier: GPL-2.0
/*
 * Many threads at once: objects are destroyed while the host thinks about them,
 * several destroy the same one, creations fail beside others that succeed, and
 * a process that waits for the host delays nobody else.
 */
#include "ioctl_description.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

#define THREADS	8

static struct ioctl_state state;

/**
 * struct caller - a thread that makes one call
 * @d: ioctl
 * @thread: thread
 * @tid: its id, 0 before it runs
 * @done: the call came back
 * @ret: with this
 */
struct caller {
	const struct ioctl_description *d;
	pthread_t thread;
	int tid;
	bool done;
	int ret;
};

static void *call_once(void *arg)
{
	struct caller *caller = arg;
	struct ioctl_call call;

	ioctl_prepare(caller->d, &state, &call);
	__atomic_store_n(&caller->tid, gettid(), __ATOMIC_RELEASE);
	caller->ret = ioctl_issue(caller->d, state.s.fd, &call);
	__atomic_store_n(&caller->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void start(struct caller *caller, const struct ioctl_description *d)
{
	memset(caller, 0, sizeof(*caller));
	caller->d = d;
	equal(pthread_create(&caller->thread, NULL, call_once, caller), 0);
}

static struct caller *waited_for;

/* The thread sleeps in its call, or has done it. */
static bool sleeps_or_done(unsigned long n)
{
	char path[64], text[512] = "", *state_char;
	int tid, fd;

	(void)n;
	if (__atomic_load_n(&waited_for->done, __ATOMIC_ACQUIRE))
		return true;
	tid = __atomic_load_n(&waited_for->tid, __ATOMIC_ACQUIRE);
	if (!tid)
		return false;
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return true;
	if (read(fd, text, sizeof(text) - 1) <= 0)
		text[0] = 0;
	close(fd);
	state_char = strrchr(text, ')');
	return state_char && (state_char[2] == 'S' || state_char[2] == 'D');
}

static void join(struct caller *caller)
{
	equal(pthread_join(caller->thread, NULL), 0);
}

static void expect(const struct caller *caller, const char *other)
{
	if (caller->ret != caller->d->result && caller->ret != -EINVAL &&
	    caller->ret != -ENODEV)
		fail("%s beside %s: %d", caller->d->name, other, caller->ret);
}

/* Hold matrix --------------------------------------------------------------- */

/* Destroy everything below the device, then the device, then the adapter. */
static const unsigned long below_device[] = {
	LX_DXDESTROYSYNCHRONIZATIONOBJECT, LX_DXDESTROYALLOCATION2,
	LX_DXDESTROYHWQUEUE, LX_DXDESTROYCONTEXT, LX_DXDESTROYPAGINGQUEUE,
};

static const unsigned long device_and_adapter[] = {
	LX_DXDESTROYDEVICE, LX_DXCLOSEADAPTER,
};

static void hold_and_destroy(const struct ioctl_description *d,
			     const unsigned long *destroys, size_t count)
{
	struct caller held, destroyers[THREADS];
	size_t i;

	ioctl_set_up(&state);
	host("hold %s 1", d->message);
	start(&held, d);
	host("wait-held %s", d->message);
	for (i = 0; i < count; i++) {
		start(&destroyers[i], ioctl_find(destroys[i]));
		waited_for = &destroyers[i];
		wait_for(sleeps_or_done, 0, "destroyer under way");
	}
	host("release %s", d->message);
	join(&held);
	expect(&held, "destruction");
	for (i = 0; i < count; i++) {
		join(&destroyers[i]);
		expect(&destroyers[i], d->name);
	}
}

/*
 * P35: while the host thinks about a message, all that the call is about is
 * destroyed by other threads.
 */
static void destroyed_while_held(unsigned long n)
{
	hold_and_destroy(&ioctls[n], below_device, ARRAY_SIZE(below_device));
	ioctl_close(&state);
	hold_and_destroy(&ioctls[n], device_and_adapter,
			 ARRAY_SIZE(device_and_adapter));
}

/* Once ----------------------------------------------------------------------- */

static pthread_barrier_t barrier;

static void *call_together(void *arg)
{
	struct caller *caller = arg;
	struct ioctl_call call;

	ioctl_prepare(caller->d, &state, &call);
	pthread_barrier_wait(&barrier);
	caller->ret = ioctl_issue(caller->d, state.s.fd, &call);
	return NULL;
}

/* Half of the threads make the one call, half the other; how many got it. */
static unsigned int winners(const struct ioctl_description *even,
			    const struct ioctl_description *odd)
{
	struct caller callers[THREADS];
	unsigned int won = 0;
	size_t i;

	for (i = 0; i < THREADS; i++) {
		callers[i].d = i % 2 ? odd : even;
		equal(pthread_create(&callers[i].thread, NULL, call_together,
				     &callers[i]), 0);
	}
	for (i = 0; i < THREADS; i++) {
		join(&callers[i]);
		if (callers[i].ret)
			equal(callers[i].ret, -EINVAL);
		else
			won++;
	}
	return won;
}

/* P36, P37: of eight threads one destroys the object. */
static void destroyed_once(unsigned long n)
{
	const struct ioctl_description *d;
	unsigned int won;
	size_t i;

	(void)n;
	pthread_barrier_init(&barrier, NULL, THREADS);
	ioctl_set_up(&state);
	for (i = 0; i < ARRAY_SIZE(below_device); i++) {
		d = ioctl_find(below_device[i]);
		won = winners(d, d);
		if (won != 1)
			fail("%s: %u times", d->name, won);
	}
	/* the adapter may be closed before the device is destroyed */
	won = winners(ioctl_find(LX_DXDESTROYDEVICE),
		      ioctl_find(LX_DXCLOSEADAPTER));
	check(won == 1 || won == 2);
}

static bool fd_closed(const struct ioctl_description *d, int ret)
{
	(void)d;
	return ret == -EBADF;
}

/* There is no adapter to make a device on. */
static bool adapter_gone(const struct ioctl_description *d, int ret)
{
	return d->request == LX_DXCREATEDEVICE && ret < 0;
}

/* All calls, again and again, until what one returns means the end. */
static void *call_until(void *arg)
{
	bool (*over)(const struct ioctl_description *d, int ret) = arg;
	const struct ioctl_description *d;
	struct ioctl_call call;

	for (;;) {
		for_each_ioctl(d) {
			if (ioctl_destroys(d) &&
			    d->request != LX_DXDESTROYALLOCATION2)
				continue;
			ioctl_prepare(d, &state, &call);
			if (over(d, ioctl_issue(d, state.s.fd, &call)))
				return NULL;
		}
	}
}

/* P36: the descriptor is closed while all calls go on. */
static void closed_while_busy(unsigned long n)
{
	pthread_t threads[THREADS];
	size_t i;

	(void)n;
	ioctl_set_up(&state);
	host("mark");
	for (i = 0; i < THREADS; i++)
		equal(pthread_create(&threads[i], NULL, call_until, fd_closed),
		      0);
	host("wait CREATEDEVICE %d 120", THREADS);
	equal(dxg_close(state.s.fd), 0);
	for (i = 0; i < THREADS; i++)
		equal(pthread_join(threads[i], NULL), 0);
}

static const char *const disasters[] = {
	"pci-del 0", "rescind 0", "rescind global",
};

/*
 * P43, P44: whatever is taken away while all calls go on, CLOSEADAPTER is the
 * last that the host hears of the adapter: the mock counts what comes behind.
 */
static void gone_while_busy(unsigned long n)
{
	pthread_t threads[THREADS];
	size_t i;

	ioctl_set_up(&state);
	host("mark");
	for (i = 0; i < THREADS; i++)
		equal(pthread_create(&threads[i], NULL, call_until,
				     adapter_gone), 0);
	host("wait CREATEDEVICE %d 120", THREADS);
	host("%s", disasters[n]);
	for (i = 0; i < THREADS; i++)
		equal(pthread_join(threads[i], NULL), 0);
	host("settle");
	ioctl_close(&state);
}

/* Creations ---------------------------------------------------------------------- */

#define ROUNDS	60

static const unsigned long creations[] = {
	LX_DXCREATECONTEXTVIRTUAL, LX_DXCREATEALLOCATION,
	LX_DXCREATEPAGINGQUEUE, LX_DXCREATESYNCHRONIZATIONOBJECT,
	LX_DXCREATEHWQUEUE, LX_DXCREATEDEVICE, LX_CREATENATIVEFENCE,
};

/* Odd threads pass an argument that cannot be written to. */
static void *create_many(void *arg)
{
	unsigned long n = (unsigned long)arg;
	struct ioctl_call *call = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct ioctl_description *d;
	unsigned int round;
	int ret;

	for (round = 0; round < ROUNDS; round++) {
		d = ioctl_find(creations[(round + n) % ARRAY_SIZE(creations)]);
		equal(mprotect(call, PAGE, PROT_READ | PROT_WRITE), 0);
		ioctl_prepare(d, &state, call);
		if (n % 2)
			equal(mprotect(call, PAGE, PROT_READ), 0);
		ret = ioctl_issue(d, state.s.fd, call);
		if (ret != (n % 2 ? -EFAULT : 0))
			fail("%s: %d", d->name, ret);
	}
	return NULL;
}

/* P20: failing and succeeding creations on one device. */
static void create_beside(unsigned long n)
{
	pthread_t threads[THREADS];
	unsigned long i;

	(void)n;
	ioctl_set_up(&state);
	for (i = 0; i < THREADS; i++)
		equal(pthread_create(&threads[i], NULL, create_many,
				     (void *)i), 0);
	for (i = 0; i < THREADS; i++)
		equal(pthread_join(threads[i], NULL), 0);
}

/* Opening ------------------------------------------------------------------------- */

#define OPENERS	64

struct opener {
	pthread_t thread;
	int fd;
	__u32 adapter;
};

static struct winluid luid;

static void *open_together(void *arg)
{
	struct opener *opener = arg;

	pthread_barrier_wait(&barrier);
	opener->fd = dxg_open(NULL);
	check(opener->fd >= 0);
	equal(dxg_open_adapter(opener->fd, &luid, &opener->adapter), 0);
	return NULL;
}

/* P49: threads that open together are one process. */
static void opened_together(unsigned long n)
{
	static struct opener openers[OPENERS];
	struct d3dkmt_adapterinfo info;
	__u32 count = 1, device;
	unsigned int i;
	int fd;

	(void)n;
	fd = dxg_open(NULL);
	equal(dxg_enum_adapters3(fd, true, &info, &count), 0);
	luid = info.adapter_luid;
	equal(dxg_close(fd), 0);
	host("wait-idle");
	host("mark");
	pthread_barrier_init(&barrier, NULL, OPENERS);
	for (i = 0; i < OPENERS; i++)
		equal(pthread_create(&openers[i].thread, NULL, open_together,
				     &openers[i]), 0);
	for (i = 0; i < OPENERS; i++)
		equal(pthread_join(openers[i].thread, NULL), 0);
	equal(host_count("CREATEPROCESS"), 1);
	for (i = 0; i < OPENERS; i++) {
		fd = openers[(i + 1) % OPENERS].fd;
		equal(dxg_create_device(fd, openers[i].adapter, &device), 0);
		equal(dxg_destroy_device(openers[i].fd, device), 0);
	}
}

/* Others -------------------------------------------------------------------------- */

static void open_an_adapter(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_ADAPTER);
	fail("came back from a host that says nothing");
}

static void just_open(unsigned long n)
{
	int fd = dxg_open(NULL);

	(void)n;
	check(fd >= 0);
	equal(dxg_close(fd), 0);
}

/* P41: opening waits for nobody who waits for the host. */
static void open_is_free(unsigned long n)
{
	pid_t pid;

	(void)n;
	host("hold CREATEPROCESS 1");
	pid = spawn(open_an_adapter, 0);
	host("wait-held CREATEPROCESS");
	reap_ok(spawn(just_open, 0));
	kill_and_reap(pid);
	host("release CREATEPROCESS");
	host("wait-idle");
}

static const char *const teardown[] = {
	"FLUSHDEVICE", "DESTROYALLOCATION", "DESTROYDEVICE", "DESTROYPROCESS",
};

static void leave(unsigned long n)
{
	(void)n;
	ioctl_set_up(&state);
}

/* What a process does, to its end; it does not mind what others have. */
static void work(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_SHARED);
}

/*
 * P53: the end of a process delays no other one. The device goes when its work
 * and its allocations are gone, the process when its device is.
 */
static void end_delays_nobody(unsigned long n)
{
	host("mark");
	host("hold %s 1", teardown[n]);
	reap_ok(spawn(leave, 0));
	host("wait-held %s", teardown[n]);
	host("settle");
	if (n < 2)
		equal(host_count("DESTROYDEVICE"), 0);
	if (n < 3)
		equal(host_count("DESTROYPROCESS"), 0);
	reap_ok(spawn(work, 0));
	host("release %s", teardown[n]);
	host("wait-idle");
}

/* Address space --------------------------------------------------------------------- */

static __u64 *last_fence;
static bool stop;

static void *unmap_fences(void *arg)
{
	__u64 *fence;

	(void)arg;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		fence = __atomic_load_n(&last_fence, __ATOMIC_RELAXED);
		if (fence)
			munmap(fence, PAGE);
	}
	return NULL;
}

static void *fork_and_touch(void *arg)
{
	__u64 *fence;

	(void)arg;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		fence = __atomic_load_n(&last_fence, __ATOMIC_RELAXED);
		if (fence)
			access_signal(fence, false);
	}
	return NULL;
}

/*
 * P9: another thread unmaps where a fence is about to appear, a third forks. A
 * fence exists completely or not at all.
 */
static void racing_address_space(unsigned long n)
{
	struct dxg_fence fence;
	pthread_t threads[2];
	struct sequence s;
	unsigned int i;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(pthread_create(&threads[0], NULL, unmap_fences, NULL), 0);
	equal(pthread_create(&threads[1], NULL, fork_and_touch, NULL), 0);
	for (i = 0; i < 300; i++) {
		equal(dxg_create_monitored_fence(s.fd, s.device, i, 0, &fence),
		      0);
		__atomic_store_n(&last_fence, fence.value, __ATOMIC_RELAXED);
		equal(dxg_signal(s.fd, s.device, fence.sync_object, i + 1), 0);
		equal(dxg_destroy_sync_object(s.fd, fence.sync_object), 0);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	equal(host_number("sync_objects", "alive"), 0);
}

static const struct test single_tests[] = {
	{ "an object is destroyed once", destroyed_once, 0, NULL, false },
	{ "the descriptor is closed while all calls go on", closed_while_busy,
	  0, NULL, false },
	{ "the PCI function goes while all calls go on", gone_while_busy, 0,
	  NULL, true },
	{ "the PCI function goes while all calls go on, asynchronous",
	  gone_while_busy, 0, "--async", true },
	{ "the channel goes while all calls go on", gone_while_busy, 1, NULL,
	  true },
	{ "the channel goes while all calls go on, asynchronous",
	  gone_while_busy, 1, "--async", true },
	{ "the global channel goes while all calls go on", gone_while_busy, 2,
	  NULL, true },
	{ "the global channel goes while all calls go on, asynchronous",
	  gone_while_busy, 2, "--async", true },
	{ "creations fail beside others that succeed", create_beside, 0, NULL,
	  false },
	{ "64 threads that open together are one process", opened_together, 0,
	  NULL, false },
	{ "opening waits for nobody", open_is_free, 0, NULL, false },
	{ "a held FLUSHDEVICE delays no other process", end_delays_nobody, 0,
	  NULL, false },
	{ "a held DESTROYALLOCATION delays no other process",
	  end_delays_nobody, 1, NULL, false },
	{ "a held DESTROYDEVICE delays no other process", end_delays_nobody, 2,
	  NULL, false },
	{ "a held DESTROYPROCESS delays no other process", end_delays_nobody,
	  3, NULL, false },
	{ "fences appear while other threads unmap and fork",
	  racing_address_space, 0, NULL, false },
};

static bool sends(const struct ioctl_description *d)
{
	return d->message;
}

int main(int argc, char **argv)
{
	(void)argc;
	return ioctl_run_tests(single_tests, ARRAY_SIZE(single_tests),
			       "all is destroyed while the host holds the call",
			       sends, destroyed_while_held, argv);
}
