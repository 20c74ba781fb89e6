// SPDX-License-Identifier: GPL-2.0
/*
 * Adapters go while they are used, and come back: the channel, the PCI function
 * and the global channel in every order, beside a host that says nothing, under
 * traffic, one of many. Old users get -ENODEV and lose their mappings, pins and
 * waits; new ones work, without the module being loaded again.
 */
#include "commands.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "dxg_query.h"
#include "harness.h"

#define NEVER_REACHED	(1ull << 40)

enum part { VGPU, PCI, GLOBAL, PARTS };

static const struct {
	const char *name;
	const char *lose;
	const char *regain;
} parts[PARTS] = {
	[VGPU] = { "the vGPU channel", "rescind 0", "offer 0" },
	[PCI] = { "the PCI function", "pci-del 0", "pci-add 0" },
	[GLOBAL] = { "the global channel", "rescind global", "offer global" },
};

static const enum part orders[][PARTS] = {
	{ VGPU, PCI, GLOBAL }, { VGPU, GLOBAL, PCI }, { PCI, VGPU, GLOBAL },
	{ PCI, GLOBAL, VGPU }, { GLOBAL, VGPU, PCI }, { GLOBAL, PCI, VGPU },
};

static void lose(enum part part)
{
	host("%s", parts[part].lose);
	host("settle");
}

static void regain(enum part part)
{
	host("%s", parts[part].regain);
	host("settle");
}

/* All but the last row, which waits until the host has no guest any more. */
static void works(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_DESTROYED);
	equal(dxg_close(s.fd), 0);
}

/* A process of its own, because a process keeps what it has open. */
static void check_new_users(void)
{
	reap_ok(spawn(works, 0));
}

/* One of everything ---------------------------------------------------------- */

/**
 * struct user - a client with one object of each kind
 * @s: most of them
 * @view: Lock2 of @s.local
 * @event: eventfd of a wait that the host never ends
 * @pins: pages that the test had pinned before
 * @waiter: thread in a blocking wait
 * @waited: its result
 */
struct user {
	struct sequence s;
	void *view;
	int event;
	unsigned long long pins;
	pthread_t waiter;
	int waited;
};

static void *wait_for_ever(void *arg)
{
	struct user *u = arg;

	u->waited = dxg_wait(u->s.fd, u->s.device, u->s.fence.sync_object,
			     NEVER_REACHED);
	return NULL;
}

static void become_user(struct user *u)
{
	u->pins = pinned();
	sequence_until(&u->s, ROW_SHARED);
	commands_share_fence(&u->s);
	equal(dxg_lock(u->s.fd, u->s.device, u->s.local.handle, &u->view), 0);
	u->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	equal(dxg_wait_event(u->s.fd, u->s.device, u->s.fence.sync_object,
			     NEVER_REACHED, u->event), 0);
	host("mark");
	equal(pthread_create(&u->waiter, NULL, wait_for_ever, u), 0);
	host("wait WAITFORSYNCOBJECTFROMCPU");
	check(pinned() > u->pins);
}

static void check_no_mappings(const struct user *u)
{
	equal(access_signal(u->s.fence.value, false), SIGBUS);
	equal(access_signal(u->s.paging.fence, false), SIGBUS);
	equal(access_signal(u->s.queue.fence, false), SIGBUS);
	equal(access_signal(u->view, false), SIGBUS);
}

/* What the loss itself does, whatever the client does then (P43, P44). */
static void check_lost(struct user *u)
{
	equal(pthread_join(u->waiter, NULL), 0);
	equal(u->waited, -ENODEV);
	check_event(u->event, 1);
	check_no_mappings(u);
	equal(pinned(), u->pins);
}

/* P44: nothing that needs the host works; @expected: -ENODEV or -ENOTTY. */
static void check_calls(struct user *u, int expected)
{
	__u32 adapter, count = 0;
	size_t i;

	for (i = 0; i < command_count; i++) {
		int ret;

		if (commands[i].kind >= DESTROYS)
			continue;
		ret = commands[i].call(&u->s);
		if (ret != expected)
			fail("%s is %d, not %d", commands[i].name, ret,
			     expected);
	}
	equal(dxg_open_adapter(u->s.fd, &u->s.infos[0].adapter_luid, &adapter),
	      expected == -ENODEV ? -EINVAL : expected);
	equal(dxg_enum_adapters3(u->s.fd, true, NULL, &count),
	      expected == -ENODEV ? 0 : expected);
	equal(count, 0);
}

/*
 * P44: destruction is local and complete, and the errno only says so. A sync
 * object is the process's: the host, if it is there, says that it has none.
 */
static void destroy_all(struct user *u)
{
	struct sequence *s = &u->s;

	check(dxg_destroy_sync_object(s->fd, s->fence.sync_object) < 0);
	equal(dxg_destroy_sync_object(s->fd, s->fence.sync_object), -EINVAL);
	equal(dxg_destroy_hw_queue(s->fd, s->queue.queue), -ENODEV);
	equal(dxg_destroy_hw_queue(s->fd, s->queue.queue), -EINVAL);
	equal(dxg_destroy_context(s->fd, s->context), -ENODEV);
	equal(dxg_destroy_context(s->fd, s->context), -EINVAL);
	equal(dxg_destroy_device(s->fd, s->other_device), 0);
	equal(dxg_destroy_device(s->fd, s->device), 0);
	equal(dxg_destroy_device(s->fd, s->device), -EINVAL);
	equal(dxg_close_adapter(s->fd, s->adapter), 0);
	equal(dxg_close_adapter(s->fd, s->adapter), -EINVAL);
}

/* Orders ----------------------------------------------------------------------- */

/* P43 to P46: everything is lost in one order and comes back in another. */
static void all_parts(unsigned long n)
{
	const enum part *out = orders[n % ARRAY_SIZE(orders)];
	const enum part *in = orders[n / ARRAY_SIZE(orders)];
	struct user u;
	int i;

	become_user(&u);
	lose(out[0]);
	check_lost(&u);
	check_calls(&u, -ENODEV);
	lose(out[1]);
	lose(out[2]);
	check_calls(&u, -ENODEV);
	for (i = 0; i < PARTS; i++)
		regain(in[i]);
	check_new_users();
	/* the host has forgotten all processes with the global channel */
	check_calls(&u, -ENOTTY);
	equal(close(u.s.shared_fd), 0);
	equal(close(u.s.fence_fd), 0);
	equal(dxg_close(u.s.fd), 0);
	check_new_users();
}

/* P45: the old user ends in order while new ones work. */
static void one_part(unsigned long part)
{
	struct user u;

	become_user(&u);
	lose(part);
	check_lost(&u);
	destroy_all(&u);
	regain(part);
	check_new_users();
	equal(dxg_close(u.s.fd), 0);
	check_new_users();
	equal(close(u.s.shared_fd), 0);
	equal(close(u.s.fence_fd), 0);
}

/* P45: a descriptor of the old adapter means nothing to the new one. */
static void old_descriptor(unsigned long part)
{
	struct d3dddi_openallocationinfo2 opened = { 0 };
	struct dxg_shared_info info = { 0 };
	struct sequence old, fresh;
	unsigned char data[256];
	__u32 resource;
	int ret;

	sequence_until(&old, ROW_SHARED);
	equal(dxg_close(old.fd), 0);
	lose(part);
	regain(part);
	sequence_until(&fresh, ROW_DEVICE);
	ret = dxg_query_shared_resource(fresh.fd, fresh.device, old.shared_fd,
					&info);
	if (!ret)
		ret = dxg_open_shared_resource(fresh.fd, fresh.device,
					       old.shared_fd, &info, &opened,
					       data, &resource);
	check(ret < 0);
	equal(close(old.shared_fd), 0);
	equal(dxg_close(fresh.fd), 0);
	host("forget");
	check_new_users();
}

/* A silent host ------------------------------------------------------------------ */

#define THREADS		20

/* Four of each; their answers are lost, or never due. */
static const char *const silent[] = {
	"CREATEDEVICE", "QUERYADAPTERINFO", "MAKERESIDENT",
	"WAITFORSYNCOBJECTFROMCPU", "CREATENATIVEFENCE",
};

struct caller {
	struct sequence *s;
	const struct command *command;
	pthread_t thread;
	int ret;
};

static void *call(void *arg)
{
	struct caller *c = arg;

	c->ret = c->command->call(c->s);
	return NULL;
}

/* P43: every waiter returns, and removal does not wait for any of them. */
static void silence(unsigned long part)
{
	struct caller callers[THREADS];
	struct sequence s;
	size_t i;

	commands_set_up(&s, &commands[0]);
	host("mark");
	host("drop all 1000");
	for (i = 0; i < THREADS; i++) {
		callers[i].s = &s;
		callers[i].command =
			command_by_name(silent[i % ARRAY_SIZE(silent)]);
		equal(pthread_create(&callers[i].thread, NULL, call,
				     &callers[i]), 0);
	}
	for (i = 0; i < ARRAY_SIZE(silent); i++)
		host("wait %s %zu", silent[i], THREADS / ARRAY_SIZE(silent));
	lose(part);
	for (i = 0; i < THREADS; i++) {
		equal(pthread_join(callers[i].thread, NULL), 0);
		equal(callers[i].ret, -ENODEV);
	}
	host("clear");
	regain(part);
	check_new_users();
	equal(dxg_close(s.fd), 0);
}

/* One of many ---------------------------------------------------------------------- */

#define ADAPTERS	4

/* A device and a fence on each adapter. */
struct many {
	int fd;
	struct d3dkmt_adapterinfo infos[ADAPTERS];
	__u32 devices[ADAPTERS];
	struct dxg_fence fences[ADAPTERS];
};

static void open_many(struct many *m)
{
	__u32 count = ADAPTERS;
	int i;

	m->fd = dxg_open(NULL);
	equal(dxg_enum_adapters3(m->fd, true, m->infos, &count), 0);
	equal(count, ADAPTERS);
	for (i = 0; i < ADAPTERS; i++) {
		equal(dxg_create_device(m->fd, m->infos[i].adapter_handle.v,
					&m->devices[i]), 0);
		equal(dxg_create_monitored_fence(m->fd, m->devices[i], 0, 0,
						 &m->fences[i]), 0);
	}
}

static int signal_and_wait(const struct many *m, int i, __u64 value)
{
	__u32 fence = m->fences[i].sync_object;

	return dxg_signal(m->fd, m->devices[i], fence, value) ?:
	       dxg_wait(m->fd, m->devices[i], fence, value);
}

/* P34, P45, P46: the others do not notice. */
static void one_of_many(unsigned long part)
{
	__u64 value = 0;
	struct many m;
	int gone, i;

	open_many(&m);
	for (gone = 0; gone < ADAPTERS; gone++) {
		host("%s %d", part == PCI ? "pci-del" : "rescind", gone);
		host("settle");
		value++;
		for (i = 0; i < ADAPTERS; i++)
			equal(signal_and_wait(&m, i, value),
			      i <= gone ? -ENODEV : 0);
		host("%s %d", part == PCI ? "pci-add" : "offer", gone);
		host("settle");
	}
	equal(dxg_close(m.fd), 0);
	open_many(&m);
	for (i = 0; i < ADAPTERS; i++)
		equal(signal_and_wait(&m, i, 1), 0);
}

/* P44, P46: the global channel ends them all, whatever their mode. */
static void many_lose_global(unsigned long n)
{
	struct many m;
	int i;

	(void)n;
	open_many(&m);
	lose(GLOBAL);
	for (i = 0; i < ADAPTERS; i++)
		equal(signal_and_wait(&m, i, 1), -ENODEV);
	regain(GLOBAL);
	equal(dxg_close(m.fd), 0);
	open_many(&m);
	for (i = 0; i < ADAPTERS; i++)
		equal(signal_and_wait(&m, i, 1), 0);
}

/* Traffic ------------------------------------------------------------------------- */

#define CLIENTS		4

static void be_silent(void)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDOUT_FILENO);
	close(null);
}

/* Work until something goes wrong: the adapter is being taken away. */
static void one_client(unsigned long n)
{
	be_silent();
	sequence_until(&(struct sequence){ 0 }, ROW_DEVICE + n % 27);
}

/* Its clients end as they like; it ends when it is killed. */
static void client_after_client(unsigned long n)
{
	alarm(0);
	for (;; n += 5)
		reap(spawn(one_client, n));
}

static void start_clients(pid_t *pids)
{
	int i;

	for (i = 0; i < CLIENTS; i++)
		pids[i] = spawn(client_after_client, i * 7);
}

static void end_clients(const pid_t *pids)
{
	int i;

	for (i = 0; i < CLIENTS; i++)
		kill_and_reap(pids[i]);
}

/* P43, P44: the same again and again, with whatever is under way. */
static void under_traffic(unsigned long part)
{
	pid_t pids[CLIENTS];
	int i;

	start_clients(pids);
	for (i = 0; i < 10; i++) {
		host("mark");
		host("wait CREATEDEVICE 3");
		lose(part);
		regain(part);
	}
	end_clients(pids);
	host("settle");
	host("wait-idle");
	check_new_users();
	/* what was under way when the host had taken the channel already */
	host("forget");
}

static int unload(void)
{
	return syscall(SYS_delete_module, "dxgkrnl", O_NONBLOCK) ? -errno : 0;
}

static bool unloads(unsigned long n)
{
	(void)n;
	return !unload();
}

/* P47: the module goes between two clients or not at all. */
static void unload_under_traffic(unsigned long n)
{
	pid_t pids[CLIENTS];
	int i, ret;

	(void)n;
	start_clients(pids);
	for (i = 0; i < 200; i++) {
		ret = unload();
		if (!ret) {
			equal(system("modprobe dxgkrnl"), 0);
			host("settle");
		} else if (ret != -EAGAIN && ret != -EBUSY) {
			fail("delete_module is %d", ret);
		}
	}
	end_clients(pids);
	wait_for(unloads, 0, "dxgkrnl can be unloaded");
	host("settle");
	equal(system("modprobe dxgkrnl"), 0);
	host("settle");
	check_new_users();
}

/* Lossy ----------------------------------------------------------------------------- */

/* The client sees the loss wherever it is; what comes next is as ever. */
static void lossy(unsigned long n)
{
	(void)n;
	reap(spawn(one_client, 26));
	host("settle");
	check(!host_number("offered", "adapters"));
	regain(VGPU);
	check_new_users();
}

static void software_adapter(unsigned long n)
{
	struct dxg_device_ids ids;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_ADAPTER);
	equal(dxg_query_device_ids(s.fd, s.adapter, &ids), 0);
	equal(ids.vendor, 0x1414);
	equal(ids.device, 0x88);
}

/* Table ------------------------------------------------------------------------------ */

#define MANY	"--adapter render --adapter render,async " \
		"--adapter compute-only,async --adapter no-hwsch"

static const struct test single_tests[] = {
	{ "one of four adapters loses its channel", one_of_many, VGPU, MANY,
	  false },
	{ "one of four adapters loses its PCI function", one_of_many, PCI,
	  MANY, false },
	{ "four adapters lose the global channel", many_lose_global, 0, MANY,
	  false },
	{ "the module is unloaded under traffic", unload_under_traffic, 0,
	  NULL, false },
	{ "a software adapter says so", software_adapter, 0,
	  "--adapter software", false },
};

/* In both modes of messages. */
static const struct sweep {
	const char *format;
	void (*run)(unsigned long n);
	unsigned long count;
} sweeps[] = {
	{ "%s goes, users destroy what they have", one_part, PARTS },
	{ "%s goes, a shared descriptor stays", old_descriptor, PARTS },
	{ "%s goes while the host is silent", silence, PARTS },
	{ "%s goes again and again under traffic", under_traffic, PARTS },
};

/* Where a lossy adapter goes; a sequence has some 70 messages. */
static const char *const losses[] = {
	"1", "2", "3", "5", "8", "13", "21", "34", "55",
	"CREATEPROCESS:1", "OPENADAPTER:1", "GETINTERNALADAPTERINFO:1",
	"CREATEALLOCATION:2", "SETEXISTINGSYSMEMPAGES:1", "LOCK2:1",
	"DESTROYALLOCATION:1", "DESTROYDEVICE:1", "UNLOCK2:1",
};

#define ORDERS	ARRAY_SIZE(orders)
#define TESTS	(ARRAY_SIZE(single_tests) +				\
		 2 * (ARRAY_SIZE(sweeps) * PARTS + 2 * ORDERS) +	\
		 ARRAY_SIZE(losses))

static struct test tests[TESTS];
static size_t test_count;

__attribute__((format(printf, 4, 5)))
static void add(void (*run)(unsigned long n), unsigned long n,
		const char *arguments, const char *format, ...)
{
	char *name = malloc(160);
	va_list ap;

	va_start(ap, format);
	vsnprintf(name, 160, format, ap);
	va_end(ap);
	tests[test_count++] = (struct test){
		.name = name, .run = run, .n = n, .host = arguments,
	};
}

/* Back in the order in which it went, or in the opposite one. */
static void add_orders(const char *arguments, const char *mode)
{
	unsigned long i, back;

	for (i = 0; i < 2 * ORDERS; i++) {
		const enum part *out = orders[i % ORDERS];

		for (back = 0; back < ORDERS; back++)
			if (orders[back][0] == out[i < ORDERS ? 0 : 2] &&
			    orders[back][1] == out[1])
				break;
		add(all_parts, i % ORDERS + ORDERS * back, arguments,
		    "%s, %s, %s go, come back %s%s", parts[out[0]].name,
		    parts[out[1]].name, parts[out[2]].name,
		    i < ORDERS ? "likewise" : "in reverse", mode);
	}
}

static void add_sweeps(const char *arguments, const char *mode)
{
	char name[128];
	size_t i;
	unsigned long n;

	for (i = 0; i < ARRAY_SIZE(sweeps); i++) {
		for (n = 0; n < sweeps[i].count; n++) {
			snprintf(name, sizeof(name), sweeps[i].format,
				 parts[n].name);
			add(sweeps[i].run, n, arguments, "%s%s", name, mode);
		}
	}
}

static void add_losses(void)
{
	static char arguments[ARRAY_SIZE(losses)][64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(losses); i++) {
		snprintf(arguments[i], sizeof(arguments[0]),
			 "--adapter lossy,at=%s", losses[i]);
		add(lossy, 0, arguments[i],
		    "a lossy adapter goes at message %s", losses[i]);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	memcpy(tests, single_tests, sizeof(single_tests));
	test_count = ARRAY_SIZE(single_tests);
	add_sweeps(NULL, "");
	add_sweeps("--async", ", asynchronous");
	add_orders(NULL, "");
	add_orders("--async", ", asynchronous");
	add_losses();
	return run_tests(tests, test_count, argv);
}
