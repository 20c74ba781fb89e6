// SPDX-License-Identifier: GPL-2.0
/*
 * The minimal sequence in full, and disturbed between any two rows: the process
 * exits or is killed, forks, loses the adapter, the global channel, or the host.
 * Whatever happens, the host must end up without an object of the guest, and a
 * new process must be able to work.
 */
#include "sequence.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dxg_query.h"
#include "harness.h"

/* Exit and SIGKILL --------------------------------------------------------- */

/* The end of the process is the test; the runner looks at the host (P55). */
static void exit_after(unsigned long row)
{
	struct sequence s;

	sequence_until(&s, row);
}

static void run_and_stop(unsigned long row)
{
	struct sequence s;

	sequence_until(&s, row);
	raise(SIGSTOP);
}

/* SIGKILL has no chance to run anything in user space (P38). */
static void kill_after(unsigned long row)
{
	pid_t pid = spawn(run_and_stop, row);
	int status;

	equal(waitpid(pid, &status, WUNTRACED), pid);
	check(WIFSTOPPED(status));
	kill_and_reap(pid);
}

/* A wait for a value the fence never reaches. */
static void wait_for_ever(unsigned long row)
{
	struct sequence s;

	sequence_until(&s, row - 1);
	if (row == ROW_WAIT_PAGING)
		dxg_wait(s.fd, s.device, s.paging.sync_object, 1ull << 40);
	else
		dxg_wait(s.fd, s.device, s.queue.progress, 1ull << 40);
	fail("a wait for a value far away came back");
}

static void run_row(unsigned long row)
{
	struct sequence s;

	sequence_until(&s, row);
}

static void kill_in_answered_wait(unsigned long row)
{
	pid_t pid;

	host("mark");
	pid = spawn(wait_for_ever, row);
	host("wait WAITFORSYNCOBJECTFROMCPU 1 60");
	kill_and_reap(pid);
	sequence_all(0);
}

/* The host has the request and keeps the answer to itself. */
static void kill_in_held_wait(unsigned long row)
{
	pid_t pid;

	host("hold WAITFORSYNCOBJECTFROMCPU 1");
	pid = spawn(run_row, row);
	host("wait-held WAITFORSYNCOBJECTFROMCPU 1 60");
	kill_and_reap(pid);
	host("release WAITFORSYNCOBJECTFROMCPU");
	sequence_all(0);
}

/* Fork ---------------------------------------------------------------------- */

static struct sequence *inherited;

/* The child's ioctls are refused so that the library reopens the node (P48). */
static void forked_child(unsigned long n)
{
	struct sequence *s = inherited, own;
	__u32 device, adapter;

	(void)n;
	equal(dxg_create_device(s->fd, s->adapter, &device), -ENOTTY);
	equal(dxg_open_adapter(s->fd, &s->infos[0].adapter_luid, &adapter),
	      -ENOTTY);
	equal(dxg_destroy_device(s->fd, s->device), -ENOTTY);
	equal(dxg_fence_value(s->fence.value), 10);
	equal(dxg_fence_value(s->paging.fence), 0);
	sequence_until(&own, ROW_DESTROYED);
	equal(dxg_fence_value(s->fence.value), 10);
	equal(close(own.fd), 0);
	equal(close(s->fd), 0);
}

static void finish(struct sequence *s, unsigned long from)
{
	unsigned long row;

	for (row = from; row <= SEQUENCE_ROWS; row++)
		sequence_row(s, row);
}

static void fork_after(unsigned long row)
{
	struct sequence s;

	sequence_until(&s, row);
	inherited = &s;
	reap_ok(spawn(forked_child, 0));
	finish(&s, row + 1);
}

/* The eventfd of an armed wait --------------------------------------------- */

static void close_armed_event(unsigned long n)
{
	struct sequence s;
	int event;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 11, event),
	      0);
	equal(host_number("cpu_waits", "alive"), 1);
	equal(close(event), 0);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 11), 0);
	host("settle");
	equal(host_number("cpu_waits", "alive"), 0);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 12), 0);
}

/* Losing the adapter, the global channel, the host -------------------------- */

/**
 * struct loss - a way to lose what the driver lives on
 * @take: take it away; returns when the driver knows
 * @give: give it back
 * @global: the host forgets all processes, too
 */
struct loss {
	void (*take)(void);
	void (*give)(void);
	bool global;
};

static void rescind_vgpu(void)
{
	host("rescind 0");
	host("settle");
}

static void offer_vgpu(void)
{
	host("offer 0");
	host("settle");
}

static void remove_pci(void)
{
	host("pci-del 0");
	host("settle");
}

static void add_pci(void)
{
	host("pci-add 0");
	host("settle");
}

static void rescind_global(void)
{
	host("rescind global");
	host("settle");
}

static void offer_global(void)
{
	host("offer global");
	host("settle");
}

/* Open before the loss; without it, no node can be opened afterwards. */
static int probe;

static bool nothing_listed(unsigned long n)
{
	__u32 count = 0;

	(void)n;
	if (probe <= 0)
		return dxg_open(NULL) == -EBADF;
	equal(dxg_enum_adapters3(probe, true, NULL, &count), 0);
	return !count;
}

static void kill_host(void)
{
	host_kill();
	wait_for(nothing_listed, 0, "the driver sees the end of the host");
}

static void restart_host(void)
{
	host_start("");
}

static const struct loss vgpu_channel = { rescind_vgpu, offer_vgpu, false };
static const struct loss pci_function = { remove_pci, add_pci, false };
static const struct loss global_channel = { rescind_global, offer_global, true };
static const struct loss whole_host = { kill_host, restart_host, true };

/* Calls that need the host fail; which objects exist depends on the row. */
static void check_calls_fail(const struct sequence *s)
{
	struct dxg_paging_queue paging;
	struct dxg_allocation local;
	struct dxg_hw_queue queue;
	struct dxg_fence fence;
	__u32 handle;
	void *view;

	if (s->device) {
		equal(dxg_create_paging_queue(s->fd, s->device, &paging),
		      -ENODEV);
		equal(dxg_create_context(s->fd, s->device, 0, 0, NULL, 0,
					 &handle), -ENODEV);
		equal(dxg_create_monitored_fence(s->fd, s->device, 0, 0,
						 &fence), -ENODEV);
		equal(dxg_create_local(s->fd, s->device, PAGE, 0, &local),
		      -ENODEV);
	}
	if (s->context)
		equal(dxg_create_hw_queue(s->fd, s->context, NULL, 0, &queue),
		      -ENODEV);
	if (s->queue.queue)
		equal(dxg_submit_hw_queue(s->fd, s->queue.queue, 1, s->heap_va,
					  64, NULL, 0), -ENODEV);
	if (s->fence.sync_object) {
		equal(dxg_signal(s->fd, s->device, s->fence.sync_object, 99),
		      -ENODEV);
		equal(dxg_wait(s->fd, s->device, s->fence.sync_object, 1),
		      -ENODEV);
	}
	if (s->local.handle)
		equal(dxg_lock(s->fd, s->device, s->local.handle, &view),
		      -ENODEV);
}

/* Nothing of the host's can be reached any more (P44). */
static void check_views_gone(const struct sequence *s)
{
	if (s->paging.fence)
		equal(access_signal(s->paging.fence, false), SIGBUS);
	if (s->queue.fence)
		equal(access_signal(s->queue.fence, false), SIGBUS);
	if (s->fence.value)
		equal(access_signal(s->fence.value, false), SIGBUS);
}

static void check_adapter_gone(const struct sequence *s)
{
	__u32 version, count = 0, adapter;

	equal(dxg_enum_adapters3(s->fd, true, NULL, &count), 0);
	equal(count, 0);
	if (s->count)
		equal(dxg_open_adapter(s->fd, &s->infos[0].adapter_luid,
				       &adapter), -EINVAL);
	if (!s->adapter)
		return;
	equal(dxg_query_driver_model(s->fd, s->adapter, &version), -ENODEV);
	equal(dxg_create_device(s->fd, s->adapter, &version), -ENODEV);
}

static void check_end_works(const struct sequence *s)
{
	if (s->device)
		equal(dxg_destroy_device(s->fd, s->device), 0);
	if (s->adapter)
		equal(dxg_close_adapter(s->fd, s->adapter), 0);
}

static void lose(const struct loss *loss, unsigned long row)
{
	struct sequence s;

	/* objects made by the last rows are given back by the end */
	sequence_until(&s, row - 1);
	probe = s.fd;
	loss->take();
	if (row > ROW_OPEN && row <= ROW_DESTROYED - 2) {
		check_adapter_gone(&s);
		check_calls_fail(&s);
		check_views_gone(&s);
		check_end_works(&s);
	}
	loss->give();
	if (row > ROW_OPEN) {
		if (loss->global)
			equal(dxg_enum_adapters3(s.fd, true, NULL, &s.count),
			      -ENOTTY);
		equal(dxg_close(s.fd), 0);
	}
	if (s.shared_fd)
		equal(close(s.shared_fd), 0);
	/* all of it is repeated where waits are lost */
	reap_ok(spawn(run_row, ROW_FENCE));
}

static void lose_vgpu(unsigned long row)
{
	lose(&vgpu_channel, row);
}

static void lose_pci(unsigned long row)
{
	lose(&pci_function, row);
}

static void lose_global(unsigned long row)
{
	lose(&global_channel, row);
}

static void lose_host(unsigned long row)
{
	lose(&whole_host, row);
}

/**
 * struct waiter - a thread in a blocking wait
 * @s: sequence
 * @thread: thread
 * @result: of the wait
 */
struct waiter {
	struct sequence s;
	pthread_t thread;
	int result;
};

static void *wait_thread(void *arg)
{
	struct waiter *w = arg;

	w->result = dxg_wait(w->s.fd, w->s.device, w->s.fence.sync_object,
			     1000);
	return NULL;
}

/* Blocked and armed waits end when the adapter goes (P43, P44). */
static void lose_under_wait(const struct loss *loss)
{
	struct waiter w;
	int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	sequence_until(&w.s, ROW_FENCE);
	equal(dxg_wait_event(w.s.fd, w.s.device, w.s.fence.sync_object, 2000,
			     event), 0);
	host("mark");
	equal(pthread_create(&w.thread, NULL, wait_thread, &w), 0);
	host("wait WAITFORSYNCOBJECTFROMCPU");
	probe = w.s.fd;
	loss->take();
	equal(pthread_join(w.thread, NULL), 0);
	equal(w.result, -ENODEV);
	check_event(event, 1);
	loss->give();
	equal(dxg_close(w.s.fd), 0);
	reap_ok(spawn(sequence_all, 0));
}

static void vgpu_under_wait(unsigned long n)
{
	(void)n;
	lose_under_wait(&vgpu_channel);
}

static void pci_under_wait(unsigned long n)
{
	(void)n;
	lose_under_wait(&pci_function);
}

static void global_under_wait(unsigned long n)
{
	(void)n;
	lose_under_wait(&global_channel);
}

static void host_under_wait(unsigned long n)
{
	(void)n;
	lose_under_wait(&whole_host);
}

/* Table --------------------------------------------------------------------- */

/**
 * struct variant - a test repeated for rows of the sequence
 * @format: its name, with the number and the name of the row
 * @run: test
 * @first: first row
 * @last: last row
 * @new_host: as in struct test
 */
struct variant {
	const char *format;
	void (*run)(unsigned long row);
	unsigned long first;
	unsigned long last;
	bool new_host;
};

static const struct variant variants[] = {
	{ "exit after row %lu (%s) leaves nothing", exit_after, 1,
	  SEQUENCE_ROWS, false },
	{ "SIGKILL after row %lu (%s) leaves nothing", kill_after, 1,
	  SEQUENCE_ROWS - 1, false },
	{ "SIGKILL in row %lu (%s) while the host waits", kill_in_answered_wait,
	  ROW_WAIT_PAGING, ROW_WAIT_PAGING, false },
	{ "SIGKILL in row %lu (%s) while the host waits", kill_in_answered_wait,
	  ROW_WAIT_GPU, ROW_WAIT_GPU, false },
	{ "SIGKILL in row %lu (%s) while the host holds the answer",
	  kill_in_held_wait, ROW_WAIT_PAGING, ROW_WAIT_PAGING, false },
	{ "SIGKILL in row %lu (%s) while the host holds the answer",
	  kill_in_held_wait, ROW_WAIT_GPU, ROW_WAIT_GPU, false },
	{ "fork after row %lu (%s): refused, may open its own, reads fences",
	  fork_after, ROW_FENCE, ROW_FENCE, false },
	{ "vGPU channel rescinded before row %lu (%s)", lose_vgpu, 1,
	  SEQUENCE_ROWS, false },
	{ "PCI function removed before row %lu (%s)", lose_pci, 1,
	  SEQUENCE_ROWS, false },
	{ "global channel rescinded before row %lu (%s)", lose_global, 1,
	  SEQUENCE_ROWS, false },
	{ "host killed before row %lu (%s)", lose_host, 1, SEQUENCE_ROWS,
	  false },
};

static const struct test single_tests[] = {
	{ "the sequence computes, shares and leaves nothing", sequence_all, 0,
	  NULL, false },
	{ "an eventfd closed before the signal is harmless",
	  close_armed_event, 0, NULL, false },
	{ "blocked waits end when the vGPU channel is rescinded",
	  vgpu_under_wait, 0, NULL, false },
	{ "blocked waits end when the PCI function is removed",
	  pci_under_wait, 0, NULL, false },
	{ "blocked waits end when the global channel is rescinded",
	  global_under_wait, 0, NULL, false },
	{ "blocked waits end when the host is killed", host_under_wait, 0,
	  NULL, false },
};

static struct test tests[ARRAY_SIZE(single_tests) +
			 ARRAY_SIZE(variants) * SEQUENCE_ROWS];
static char names[ARRAY_SIZE(variants)][SEQUENCE_ROWS][128];

static size_t add_variant(size_t count, size_t index)
{
	const struct variant *v = &variants[index];
	unsigned long row;
	char *name;

	for (row = v->first; row <= v->last; row++) {
		name = names[index][row - 1];
		snprintf(name, sizeof(names[0][0]), v->format, row,
			 sequence_name(row));
		tests[count++] = (struct test){ .name = name, .run = v->run,
						.n = row,
						.new_host = v->new_host };
	}
	return count;
}

int main(int argc, char **argv)
{
	size_t count = ARRAY_SIZE(single_tests), i;

	(void)argc;
	memcpy(tests, single_tests, sizeof(single_tests));
	for (i = 0; i < ARRAY_SIZE(variants); i++)
		count = add_variant(count, i);
	return run_tests(tests, count, argv);
}
