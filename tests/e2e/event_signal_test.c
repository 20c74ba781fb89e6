// SPDX-License-Identifier: GPL-2.0
/*
 * Eventfds that the GPU signals: with a signal of contexts (one-shot), by
 * synchronisation objects that notify the CPU (as often as they are signalled),
 * and by waits for fences that follow a display.
 */
#include "sequence.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "harness.h"

#define ENQUEUE_CPU_EVENT	2u
#define ACCESS_DENIED		0xc0000022u

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

/* Signals of contexts --------------------------------------------------------- */

/* SignalSynchronizationObjectFromGpu2, the form with an event. */
static int signal_event(int fd, const __u32 *contexts, __u32 count,
			__u64 event)
{
	struct d3dkmt_signalsynchronizationobjectfromgpu2 args = {
		.flags.value = ENQUEUE_CPU_EVENT,
		.context_count = count,
		.contexts = dxg_ptr(contexts),
		.cpu_event_handle = event,
	};

	return dxg_ioctl(fd, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2, &args);
}

/* SignalSynchronizationObject2 with an event, and perhaps an object. */
static int signal_legacy(int fd, __u32 context, __u32 object, __u64 event)
{
	struct d3dkmt_signalsynchronizationobject2 args = {
		.context = dxg_handle(context),
		.object_count = !!object,
		.object_array[0] = dxg_handle(object),
		.flags.value = ENQUEUE_CPU_EVENT,
		.cpu_event_handle = event,
	};

	return dxg_ioctl(fd, LX_DXSIGNALSYNCHRONIZATIONOBJECT, &args);
}

static void new_contexts(struct sequence *s, __u32 contexts[2])
{
	sequence_until(s, ROW_WAIT_PAGING);
	equal(dxg_create_context(s->fd, s->device, 0, 0, NULL, 0,
				 &contexts[0]), 0);
	equal(dxg_create_context(s->fd, s->device, 0, 0, NULL, 0,
				 &contexts[1]), 0);
}

/* P52: once when all contexts got there. */
static void of_contexts(unsigned long n)
{
	__u32 contexts[2];
	struct sequence s;
	int event = new_event();

	(void)n;
	new_contexts(&s, contexts);
	equal(dxg_wait_gpu(s.fd, contexts[1], s.fence.sync_object, 11), 0);
	equal(signal_event(s.fd, contexts, 2, event), 0);
	host("settle");
	check(silent(event));
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 11), 0);
	check_event(event, 1);
	equal(signal_event(s.fd, contexts, 1, event), 0);
	check_event(event, 1);
	equal(signal_legacy(s.fd, contexts[0], 0, event), 0);
	check_event(event, 1);
	host("settle");
	check(silent(event));
}

/* PI-36, P8: the field has 64 bits, and what is no eventfd is refused unsent. */
static void no_event(unsigned long n)
{
	__u32 contexts[2];
	struct sequence s;
	int event = new_event(), fds[2];
	size_t i;

	(void)n;
	new_contexts(&s, contexts);
	equal(pipe(fds), 0);
	const __u64 wrong[] = {
		(__u64)fds[0], (__u64)s.fd, 9999, 1ull << 31, ~0ull,
		(1ull << 32) + (__u64)event,
	};

	host("mark");
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		equal(signal_event(s.fd, contexts, 1, wrong[i]), -EINVAL);
		equal(signal_legacy(s.fd, contexts[0], 0, wrong[i]), -EINVAL);
	}
	/* the form with an event: which one? */
	equal(signal_event(s.fd, contexts, 1, 0), -EINVAL);
	/* PI-34: in this form, too, there are 1 to 64 contexts */
	equal(signal_event(s.fd, contexts, 0, event), -EINVAL);
	equal(signal_event(s.fd, contexts, 65, event), -EINVAL);
	equal(signal_event(s.fd, contexts, 0x40000001, event), -EINVAL);
	contexts[0] = s.device;
	equal(signal_event(s.fd, contexts, 1, event), -EINVAL);
	equal(signal_legacy(s.fd, contexts[0], 0, event), -EINVAL);
	equal(signal_event(s.fd, (void *)8, 1, event), -EFAULT);
	equal(host_count("SIGNALSYNCOBJECT"), 0);
	check(silent(event));
}

/* P52: a refused signal leaves no event, and takes the eventfd not along. */
static void refused(unsigned long n)
{
	__u32 contexts[2];
	struct sequence s;
	int event = new_event();

	(void)n;
	new_contexts(&s, contexts);
	host("refuse SIGNALSYNCOBJECT %#x 0 2", ACCESS_DENIED);
	equal(signal_event(s.fd, contexts, 1, event), -EACCES);
	equal(signal_legacy(s.fd, contexts[0], 0, event), -EACCES);
	host("settle");
	check(silent(event));
	/* an answer that comes after the signal: nothing is released twice */
	host("status SIGNALSYNCOBJECT %#x", ACCESS_DENIED);
	equal(signal_event(s.fd, contexts, 1, event), -EACCES);
	host("settle");
	equal(signal_event(s.fd, contexts, 2, event), 0);
	host("settle");
	check(!silent(event));
}

/* Objects that notify the CPU ------------------------------------------------- */

static int create_notification(const struct sequence *s, __u64 event,
			       struct d3dkmt_createsynchronizationobject2 *args)
{
	memset(args, 0, sizeof(*args));
	args->device = dxg_handle(s->device);
	args->info.type = _D3DDDI_CPU_NOTIFICATION;
	args->info.cpu_notification.event = event;
	/* P80: not the caller's to name */
	args->sync_object.v = s->fence.sync_object;
	return dxg_ioctl(s->fd, LX_DXCREATESYNCHRONIZATIONOBJECT, args);
}

static int notify(const struct sequence *s, __u32 object)
{
	struct d3dkmt_signalsynchronizationobjectfromcpu args = {
		.device = dxg_handle(s->device),
		.object_count = 1,
		.objects = dxg_ptr(&object),
	};

	/* PI-31: without values */
	return dxg_ioctl(s->fd, LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU,
			 &args);
}

/* As often as it is signalled, and never after it was destroyed. */
static void notifies(unsigned long n)
{
	struct d3dkmt_createsynchronizationobject2 args;
	int event = new_event(), i;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	equal(create_notification(&s, (__u64)event, &args), 0);
	check(args.sync_object.v && args.sync_object.v != s.fence.sync_object);
	equal(args.info.cpu_notification.event, event);
	for (i = 0; i < 3; i++) {
		equal(notify(&s, args.sync_object.v), 0);
		check_event(event, 1);
	}
	equal(dxg_destroy_sync_object(s.fd, args.sync_object.v), 0);
	check(notify(&s, args.sync_object.v) < 0);
	host("settle");
	check(silent(event));
}

/* P80, P79: a failed one destroys nothing but what it made. */
static void not_created(unsigned long n)
{
	struct d3dkmt_createsynchronizationobject2 args;
	int event = new_event(), fds[2];
	struct sequence s;
	char *before;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	equal(pipe(fds), 0);
	host("settle");
	before = ledger();
	host("mark");
	equal(create_notification(&s, (__u64)fds[0], &args), -EINVAL);
	equal(create_notification(&s, 9999, &args), -EINVAL);
	equal(host_count("CREATESYNCOBJECT"), 0);
	host("refuse CREATESYNCOBJECT %#x", ACCESS_DENIED);
	equal(create_notification(&s, (__u64)event, &args), -EINVAL);
	check_ledger(before);
	free(before);
	equal(args.info.cpu_notification.event, event);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 11), 0);
	equal(dxg_fence_value(s.fence.value), 11);
}

/* P63: what is left of them goes with the process. */
static void left_behind(unsigned long n)
{
	struct d3dkmt_createsynchronizationobject2 args;
	int event = new_event(), i;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	for (i = 0; i < 100; i++)
		equal(create_notification(&s, (__u64)event, &args), 0);
	equal(dxg_close(s.fd), 0);
	host("wait-idle");
	host("settle");
	check(silent(event));
}

/* Periodic fences: one more with each frame of a display ----------------------- */

#define DISPLAY		"--adapter render,display"

static int create_periodic(const struct sequence *s, __u32 target, __u32 flags,
			   struct d3dkmt_createsynchronizationobject2 *args)
{
	memset(args, 0, sizeof(*args));
	args->device = dxg_handle(s->device);
	args->info.type = _D3DDDI_PERIODIC_MONITORED_FENCE;
	args->info.flags.value = flags;
	args->info.periodic_monitored_fence.adapter = dxg_handle(s->adapter);
	args->info.periodic_monitored_fence.vidpn_target_id = target;
	/* P80: not the caller's to name */
	args->sync_object.v = s->fence.sync_object;
	return dxg_ioctl(s->fd, LX_DXCREATESYNCHRONIZATIONOBJECT, args);
}

static const __u64 *
periodic_value(const struct d3dkmt_createsynchronizationobject2 *args)
{
	return (void *)(unsigned long)
		args->info.periodic_monitored_fence.fence_cpu_virtual_address;
}

/* Eventfds, threads and queues wait for frames; the value is there to read. */
static void periodic(unsigned long n)
{
	struct d3dkmt_createsynchronizationobject2 args;
	int event = new_event();
	__u32 contexts[2], fence;
	const __u64 *value;
	struct sequence s;

	(void)n;
	new_contexts(&s, contexts);
	equal(create_periodic(&s, 0, 0, &args), 0);
	fence = args.sync_object.v;
	value = periodic_value(&args);
	check(fence && fence != s.fence.sync_object && value);
	check(args.info.periodic_monitored_fence.fence_gpu_virtual_address);
	equal(dxg_fence_value(value), 0);

	equal(dxg_wait_event(s.fd, s.device, fence, 2, event), 0);
	host("vblank 0");
	host("settle");
	check(silent(event));
	host("vblank 0");
	check_event(event, 1);
	equal(dxg_fence_value(value), 2);
	host("vblank 0 3");
	equal(dxg_wait(s.fd, s.device, fence, 5), 0);

	equal(dxg_wait_gpu(s.fd, contexts[0], fence, 6), 0);
	equal(signal_event(s.fd, contexts, 1, event), 0);
	host("settle");
	check(silent(event));
	host("vblank 0");
	check_event(event, 1);

	equal(dxg_destroy_sync_object(s.fd, fence), 0);
	equal(access_signal(value, false), SIGSEGV);
	check(dxg_wait(s.fd, s.device, fence, 5) < 0);
	host("vblank 0");
}

/* P79, P80: what the host refuses leaves nothing and destroys nothing. */
static void no_display(unsigned long target)
{
	struct d3dkmt_createsynchronizationobject2 args;
	struct sequence s;
	char *before;

	sequence_until(&s, ROW_FENCE);
	before = ledger();
	equal(create_periodic(&s, target, 0, &args), -EINVAL);
	check(!periodic_value(&args));
	check_ledger(before);
	free(before);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 11), 0);
}

static int shared_fence;

static void follow_shared(unsigned long frames)
{
	int event = new_event();
	struct dxg_fence fence;
	struct sequence s;

	sequence_until(&s, ROW_DEVICE);
	equal(dxg_open_sync_object(s.fd, s.device, shared_fence, 0, &fence), 0);
	equal(dxg_fence_value(fence.value), frames);
	equal(dxg_wait_event(s.fd, s.device, fence.sync_object, frames + 1,
			     event), 0);
	host("vblank 0");
	check_event(event, 1);
	equal(dxg_fence_value(fence.value), frames + 1);
	/* P63: the end of the process ends this one */
	equal(dxg_wait_event(s.fd, s.device, fence.sync_object, frames + 2,
			     event), 0);
}

/* Another process follows the same display by the same fence. */
static void periodic_shared(unsigned long n)
{
	struct d3dkmt_createsynchronizationobject2 args;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	equal(create_periodic(&s, 0, DXG_SYNC_SHAREABLE, &args), 0);
	check(args.info.shared_handle.v);
	equal(dxg_share(s.fd, args.sync_object.v, &shared_fence), 0);
	host("vblank 0 7");
	reap_ok(spawn(follow_shared, 7));
	host("vblank 0");
	equal(dxg_fence_value(periodic_value(&args)), 9);
	/* nor does its creator's end matter */
	equal(dxg_destroy_device(s.fd, s.device), 0);
	reap_ok(spawn(follow_shared, 9));
	equal(close(shared_fence), 0);
	host("vblank 0");
}

static const struct test tests[] = {
	{ "contexts signal an eventfd once", of_contexts, 0, NULL, false },
	{ "contexts signal an eventfd once, asynchronous messages",
	  of_contexts, 0, "--async", false },
	{ "what is no eventfd is refused unsent", no_event, 0, NULL, false },
	{ "a refused signal leaves no event", refused, 0, NULL, false },
	{ "an object notifies as often as it is signalled", notifies, 0, NULL,
	  false },
	{ "an object that notifies nobody is not made", not_created, 0, NULL,
	  false },
	{ "objects that notify end with the process", left_behind, 0, NULL,
	  false },
	{ "a periodic fence follows the display", periodic, 0, DISPLAY, false },
	{ "a periodic fence follows the display, asynchronous messages",
	  periodic, 0, DISPLAY ",async", false },
	{ "a periodic fence is shared", periodic_shared, 0, DISPLAY, false },
	{ "a display that does not exist has no periodic fence", no_display, 1,
	  DISPLAY, false },
	{ "without a display there is no periodic fence", no_display, 0, NULL,
	  false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
