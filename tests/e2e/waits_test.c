// SPDX-License-Identifier: GPL-2.0
/*
 * CPU waits: blocking and by eventfd, one or many fences, satisfied already,
 * later, or never; interrupted by signals; and given up.
 */
#include "sequence.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "harness.h"

static int new_event(void)
{
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	check(event > 0);
	return event;
}

static bool silent(int event)
{
	__u64 value;

	return read(event, &value, sizeof(value)) < 0 && errno == EAGAIN;
}

/* P52, P92: exactly once, whether the value is there or comes. */
static void once(unsigned long n)
{
	int now = new_event(), later = new_event();
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 10, now), 0);
	check_event(now, 1);
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 12, later),
	      0);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 11), 0);
	host("settle");
	check(silent(later));
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 12), 0);
	check_event(later, 1);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 13), 0);
	host("settle");
	check(silent(now));
	check(silent(later));
}

/* P92: the value that is there already */
static void reached_already(unsigned long n)
{
	struct sequence s;
	__u64 value;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	for (value = 0; value <= 10; value++)
		equal(dxg_wait(s.fd, s.device, s.fence.sync_object, value), 0);
	equal(host_number("cpu_waits", "alive"), 0);
}

static int wait_many(struct sequence *s, const __u32 *objects,
		     const __u64 *values, __u32 count, bool any, int event)
{
	struct d3dkmt_waitforsynchronizationobjectfromcpu args = {
		.device = dxg_handle(s->device),
		.object_count = count,
		.objects = dxg_ptr(objects),
		.fence_values = dxg_ptr(values),
		.async_event = (__u32)event,
		.flags.wait_any = any,
	};

	return dxg_ioctl(s->fd, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
			 &args);
}

/* P92 */
static void any_and_all(unsigned long n)
{
	const __u64 values[] = { 11, 11, 11 };
	int any = new_event(), all = new_event();
	struct dxg_fence second, third;
	struct sequence s;
	__u32 list[3];

	(void)n;
	sequence_until(&s, ROW_FENCE);
	equal(dxg_create_monitored_fence(s.fd, s.device, 10, 0, &second), 0);
	equal(dxg_create_monitored_fence(s.fd, s.device, 10, 0, &third), 0);
	list[0] = s.fence.sync_object;
	list[1] = second.sync_object;
	list[2] = third.sync_object;
	equal(wait_many(&s, list, values, 3, true, any), 0);
	equal(wait_many(&s, list, values, 3, false, all), 0);
	equal(dxg_signal(s.fd, s.device, list[1], 11), 0);
	check_event(any, 1);
	check(silent(all));
	equal(wait_many(&s, list, values, 3, true, 0), 0);
	equal(dxg_signal(s.fd, s.device, list[0], 11), 0);
	host("settle");
	check(silent(all));
	equal(dxg_signal(s.fd, s.device, list[2], 12), 0);
	check_event(all, 1);
	equal(wait_many(&s, list, values, 3, false, 0), 0);
	host("settle");
	check(silent(any));
}

/* PI-47: the first object must exist, the others are the host's affair. */
static void mixed_objects(unsigned long n)
{
	const __u64 values[2] = { 1, 1 };
	struct d3dkmt_waitforsynchronizationobjectfromgpu args = {
		.object_count = 2,
		.monitored_fence_values = dxg_ptr(values),
	};
	struct sequence s;
	__u32 list[2];

	(void)n;
	sequence_until(&s, ROW_FENCE);
	list[0] = s.fence.sync_object;
	list[1] = 0x7fffffc0;
	args.context = dxg_handle(s.context);
	args.objects = dxg_ptr(list);
	host("mark");
	equal(dxg_ioctl(s.fd, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, &args),
	      -EBADF);
	equal(host_count("WAITFORSYNCOBJECTFROMGPU"), 1);
	list[1] = list[0];
	list[0] = 0x7fffffc0;
	equal(dxg_ioctl(s.fd, LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, &args),
	      -EINVAL);
	equal(host_count("WAITFORSYNCOBJECTFROMGPU"), 1);
}

#define OUTSTANDING	1000u

/*
 * P63: what is pending goes with the process. Its end may signal a wait, but
 * none twice, and nothing comes after it.
 */
static void many_outstanding(unsigned long n)
{
	int event = new_event();
	struct sequence s;
	unsigned int i;
	__u64 value = 0;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	for (i = 0; i < OUTSTANDING; i++)
		equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object,
				     100 + i, event), 0);
	equal(host_number("cpu_waits", "alive"), OUTSTANDING);
	equal(dxg_close(s.fd), 0);
	host("wait-idle");
	host("settle");
	check(read(event, &value, sizeof(value)) < 0 || value <= OUTSTANDING);
	equal(host_number("cpu_waits", "alive"), 0);
}

static void many_signalled(unsigned long n)
{
	int event = new_event();
	struct sequence s;
	unsigned int i;
	__u64 value;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	for (i = 0; i < OUTSTANDING; i++)
		equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object,
				     100 + i, event), 0);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object,
			 100 + OUTSTANDING), 0);
	host("settle");
	equal(read(event, &value, sizeof(value)), sizeof(value));
	equal(value, OUTSTANDING);
	equal(host_number("cpu_waits", "alive"), 0);
}

/**
 * struct waiter - a thread in a blocking wait
 * @s: sequence
 * @value: to wait for
 * @thread: thread
 * @result: of the wait
 */
struct waiter {
	struct sequence *s;
	__u64 value;
	pthread_t thread;
	int result;
};

static void *wait_thread(void *arg)
{
	struct waiter *w = arg;

	w->result = dxg_wait(w->s->fd, w->s->device, w->s->fence.sync_object,
			     w->value);
	return NULL;
}

static void start_waiter(struct waiter *w, struct sequence *s, __u64 value)
{
	*w = (struct waiter){ .s = s, .value = value };
	equal(pthread_create(&w->thread, NULL, wait_thread, w), 0);
}

static int waiter_result(struct waiter *w)
{
	equal(pthread_join(w->thread, NULL), 0);
	return w->result;
}

static int signals;

static void count_signal(int number)
{
	(void)number;
	__atomic_add_fetch(&signals, 1, __ATOMIC_SEQ_CST);
}

static int signal_count(void)
{
	return __atomic_load_n(&signals, __ATOMIC_SEQ_CST);
}

static void on_signal(int flags)
{
	struct sigaction action = {
		.sa_handler = count_signal,
		.sa_flags = flags,
	};

	equal(sigaction(SIGUSR1, &action, NULL), 0);
}

#define INTERRUPTIONS	50

/* P42, R12: restarted transparently, and still one wait on the host. */
static void restarted(unsigned long n)
{
	struct sequence s;
	struct waiter w;
	int i;

	(void)n;
	on_signal(SA_RESTART);
	sequence_until(&s, ROW_FENCE);
	host("mark");
	start_waiter(&w, &s, 11);
	host("wait WAITFORSYNCOBJECTFROMCPU");
	for (i = 0; i < INTERRUPTIONS; i++) {
		equal(pthread_kill(w.thread, SIGUSR1), 0);
		while (signal_count() <= i)
			sched_yield();
	}
	equal(host_number("cpu_waits", "alive"), 1);
	equal(host_count("WAITFORSYNCOBJECTFROMCPU"), 1);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 11), 0);
	equal(waiter_result(&w), 0);
	equal(host_count("WAITFORSYNCOBJECTFROMCPU"), 1);
}

/* R12: without SA_RESTART it is EINTR. */
static void interrupted(unsigned long n)
{
	struct sequence s;
	struct waiter w;

	(void)n;
	on_signal(0);
	sequence_until(&s, ROW_FENCE);
	host("mark");
	start_waiter(&w, &s, 11);
	host("wait WAITFORSYNCOBJECTFROMCPU");
	/* the first may come before the thread sleeps: ask until it is out */
	while (!signal_count()) {
		equal(pthread_kill(w.thread, SIGUSR1), 0);
		poll(NULL, 0, 1);
	}
	equal(waiter_result(&w), -EINTR);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 11), 0);
	equal(dxg_wait(s.fd, s.device, s.fence.sync_object, 11), 0);
}

/**
 * struct repeater - a thread that is interrupted in a wait and waits again
 * @w: waiter; its value is that of the second wait
 * @renew: make other objects with the same handles in between
 * @out: out of the first wait, and not to be interrupted any more
 * @done: out of the second one
 */
struct repeater {
	struct waiter w;
	enum { NOTHING, THE_FENCE, THE_DEVICE } renew;
	bool out;
	bool done;
};

/* The host gives handles out again, after a few others. */
static void renew_objects(struct sequence *s, bool with_device)
{
	const __u32 device = s->device, fence = s->fence.sync_object;

	do {
		equal(dxg_destroy_sync_object(s->fd, s->fence.sync_object), 0);
		if (with_device) {
			equal(dxg_destroy_device(s->fd, s->device), 0);
			equal(dxg_create_device(s->fd, s->adapter,
						&s->device), 0);
		}
		equal(dxg_create_monitored_fence(s->fd, s->device, 10, 0,
						 &s->fence), 0);
	} while (s->device != device || s->fence.sync_object != fence);
}

static void *repeat_thread(void *arg)
{
	struct repeater *r = arg;
	struct sequence *s = r->w.s;
	sigset_t set;

	equal(dxg_wait(s->fd, s->device, s->fence.sync_object, 11), -EINTR);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	equal(pthread_sigmask(SIG_BLOCK, &set, NULL), 0);
	__atomic_store_n(&r->out, true, __ATOMIC_SEQ_CST);
	if (r->renew)
		renew_objects(s, r->renew == THE_DEVICE);
	wait_thread(&r->w);
	__atomic_store_n(&r->done, true, __ATOMIC_SEQ_CST);
	return NULL;
}

/*
 * PI-41, P44: an interrupted wait is gone on with only if it is the same call
 * about the same objects, whatever their handles are.
 */
static void repeated_otherwise(unsigned long renew)
{
	struct sequence s;
	struct repeater r = { .w.s = &s, .renew = renew };

	on_signal(0);
	sequence_until(&s, ROW_ADAPTER);
	equal(dxg_create_device(s.fd, s.adapter, &s.device), 0);
	equal(dxg_create_monitored_fence(s.fd, s.device, 10, 0, &s.fence), 0);
	r.w.value = renew ? 11 : 12;
	host("mark");
	equal(pthread_create(&r.w.thread, NULL, repeat_thread, &r), 0);
	host("wait WAITFORSYNCOBJECTFROMCPU 1");
	while (!__atomic_load_n(&r.out, __ATOMIC_SEQ_CST)) {
		equal(pthread_kill(r.w.thread, SIGUSR1), 0);
		poll(NULL, 0, 1);
	}
	host("wait WAITFORSYNCOBJECTFROMCPU 2");
	/* the end of the first wait is not that of the second */
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, r.w.value - 1),
	      0);
	host("settle");
	check(!__atomic_load_n(&r.done, __ATOMIC_SEQ_CST));
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, r.w.value), 0);
	equal(waiter_result(&r.w), 0);
	equal(host_count("WAITFORSYNCOBJECTFROMCPU"), 2);
}

/* Everyone who waits for a value wakes, and nobody else. */
static void many_waiters(unsigned long n)
{
	struct waiter w[8];
	struct sequence s;
	unsigned int i;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	host("mark");
	for (i = 0; i < 8; i++)
		start_waiter(&w[i], &s, 11 + i);
	host("wait WAITFORSYNCOBJECTFROMCPU 8");
	for (i = 0; i < 8; i++) {
		equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 11 + i),
		      0);
		equal(waiter_result(&w[i]), 0);
		equal(host_number("cpu_waits", "alive"), 7 - i);
	}
}

/* P44: the fence goes under a wait: an end, not a hang. */
static void fence_destroyed(unsigned long n)
{
	int event = new_event();
	struct sequence s;
	struct waiter w;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 11, event),
	      0);
	host("mark");
	start_waiter(&w, &s, 11);
	host("wait WAITFORSYNCOBJECTFROMCPU 1");
	equal(dxg_destroy_sync_object(s.fd, s.fence.sync_object), 0);
	equal(waiter_result(&w), 0);
	check_event(event, 1);
	equal(dxg_destroy_device(s.fd, s.device), 0);
	host("settle");
	equal(host_number("cpu_waits", "alive"), 0);
}

/* P52: the host refuses: no event is left armed. */
static void refused_wait(unsigned long n)
{
	int event = new_event();
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	host("refuse WAITFORSYNCOBJECTFROMCPU 0xc0000017 0 2");
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 11, event),
	      -ENOMEM);
	equal(dxg_wait(s.fd, s.device, s.fence.sync_object, 11), -ENOMEM);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 11), 0);
	host("settle");
	check(silent(event));
}

/* P88-like: events of a GPU signal count as the CPU's do. */
static void signalled_by_gpu(unsigned long n)
{
	struct sequence s;
	struct waiter w;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	host("mark");
	start_waiter(&w, &s, 11);
	host("wait WAITFORSYNCOBJECTFROMCPU");
	equal(dxg_wait_hw_queue(s.fd, s.queue.queue, s.fence.sync_object, 20),
	      0);
	equal(dxg_signal_hw_queue(s.fd, s.queue.queue, s.fence.sync_object,
				  21), 0);
	host("settle");
	equal(dxg_fence_value(s.fence.value), 10);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 20), 0);
	equal(dxg_wait(s.fd, s.device, s.fence.sync_object, 21), 0);
	equal(waiter_result(&w), 0);
}

static const struct test tests[] = {
	{ "the GPU waits for objects that the guest does not know (PI-47)",
	  mixed_objects, 0, NULL, false },
	{ "an eventfd is signalled exactly once", once, 0, NULL, false },
	{ "a value already reached returns at once", reached_already, 0, NULL,
	  false },
	{ "wait for any and for all", any_and_all, 0, NULL, false },
	{ "1000 outstanding waits end with the process", many_outstanding, 0,
	  NULL, false },
	{ "1000 outstanding waits are signalled once each", many_signalled, 0,
	  NULL, false },
	{ "a restarted wait is one wait for the host", restarted, 0, NULL,
	  false },
	{ "an interrupted wait is EINTR and can be repeated", interrupted, 0,
	  NULL, false },
	{ "an interrupted wait, then one for another value",
	  repeated_otherwise, NOTHING, NULL, false },
	{ "an interrupted wait, then another fence with the same handle",
	  repeated_otherwise, THE_FENCE, NULL, false },
	{ "an interrupted wait, then device and fence with the same handles",
	  repeated_otherwise, THE_DEVICE, NULL, false },
	{ "of eight waiters each wakes at its value", many_waiters, 0, NULL,
	  false },
	{ "the fence is destroyed under an armed wait", fence_destroyed, 0,
	  NULL, false },
	{ "a refused wait arms nothing", refused_wait, 0, NULL, false },
	{ "the GPU waits for the CPU and the CPU for the GPU",
	  signalled_by_gpu, 0, NULL, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
