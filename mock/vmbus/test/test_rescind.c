// SPDX-License-Identifier: GPL-2.0
/* Rescind at every state of a channel, and the death of the host. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "selftest.h"

static void expect_gone(void)
{
	EXPECT(host_expect(MOCK_VMBUS_EV_REMOVED, NULL) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_RELID_RELEASED, NULL) == 0);
}

static void test_rescind_open(void)
{
	int relid = host_channel(1, MOCK_ECHO_MODE_REPLY);

	EXPECT(relid > 0);
	EXPECT(host_rescind(relid, 0) == 0);
	/* No answer to the ring's teardown is wanted any more. */
	EXPECT(host_expect(MOCK_VMBUS_EV_CLOSE, NULL) == 0);
	expect_gone();
	EXPECT(guest(1, MOCK_ECHO_OP_STATE, 0, 0, 0) == -ENXIO);
}

/* Between rescind and the end of remove everything says -ENODEV. */
static void test_after_rescind(void)
{
	struct mock_vmbus_record rec;
	struct guest_op op;
	uint64_t callbacks;
	uint32_t handle;
	int relid = host_offer(1, MOCK_ECHO_HOLD_REMOVE, 0);

	EXPECT(relid > 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, NULL) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_OPEN, RING, RING, 0) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_GPADL, PAGE, 0, 0) == 0);
	handle = op.run.out[0];
	callbacks = guest_state(1, MOCK_ECHO_CALLBACKS);
	EXPECT(host_rescind(relid, 0) == 0);
	EXPECT(host_rescind(relid, 0) == 0);
	while (!guest_state(1, MOCK_ECHO_RESCINDED))
		sched_yield();
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == -ENODEV);
	EXPECT(guest(1, MOCK_ECHO_OP_GPADL, PAGE, 0, 0) == -ENODEV);
	/* Packets no longer reach the driver, but the ring is still there. */
	EXPECT(host_send(relid, 6, 1, "a", 1, 0) == 0);
	EXPECT(ioctl(host_fd, MOCK_VMBUS_IRQ, (unsigned long)relid) == 0);
	EXPECT(guest_state(1, MOCK_ECHO_CALLBACKS) == callbacks);
	/* Teardown succeeds at once and leaves the handle. */
	guest_prepare(&op, 1, MOCK_ECHO_OP_TEARDOWN, handle, 0, 0);
	EXPECT(guest_start(&op) == 0 && guest_join(&op) == 0);
	EXPECT(op.run.out[0] == handle);
	EXPECT(guest(1, MOCK_ECHO_OP_GO, 0, 0, 0) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_CLOSE, &rec) == 0);
	expect_gone();
	EXPECT(host_send(relid, 6, 1, "a", 1, 0) == -ENOENT);
}

/* @answer: rescind while the guest waits for the open instead of the GPADL. */
static void rescind_in_probe(bool answer)
{
	struct mock_vmbus_record rec;
	int relid = host_offer(1, MOCK_ECHO_OPEN_IN_PROBE, 0);

	EXPECT(relid > 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_GPADL, &rec) == 0);
	if (answer) {
		EXPECT(host_reply(&rec, 0) == 0);
		EXPECT(host_expect(MOCK_VMBUS_EV_OPEN, &rec) == 0);
	}
	EXPECT(host_rescind(relid, 0) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, &rec) == 0);
	EXPECT(rec.status == -ENODEV);
	EXPECT(host_expect(MOCK_VMBUS_EV_RELID_RELEASED, NULL) == 0);
}

static void test_rescind_probe_gpadl(void)
{
	rescind_in_probe(false);
}

static void test_rescind_probe_open(void)
{
	rescind_in_probe(true);
}

static void two_waiters(struct guest_op *first, struct guest_op *second,
			struct mock_vmbus_record *rec, int *relid)
{
	*relid = host_offer(1, MOCK_ECHO_HOLD_REMOVE, 0);
	EXPECT(*relid > 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, NULL) == 0);
	EXPECT(guest_run(first, 1, MOCK_ECHO_OP_OPEN, RING, RING, 0) == 0);
	guest_prepare(first, 1, MOCK_ECHO_OP_GPADL, PAGE, 0, 0);
	EXPECT(guest_start(first) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_GPADL, &rec[0]) == 0);
	guest_prepare(second, 1, MOCK_ECHO_OP_GPADL, PAGE, 0, 0);
	EXPECT(guest_start(second) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_GPADL, &rec[1]) == 0);
}

/* The real bus wakes one waiter only and relies on the host for the others. */
static void test_first_waiter(void)
{
	struct mock_vmbus_record rec[2];
	struct guest_op first, second;
	int relid;

	two_waiters(&first, &second, rec, &relid);
	EXPECT(host_rescind(relid, 0) == 0);
	EXPECT(guest_join(&first) == -ENODEV);
	EXPECT(host_reply(&rec[0], 0) == -ENOENT);
	EXPECT(!guest_done(&second));
	EXPECT(host_reply(&rec[1], 0) == 0);
	EXPECT(guest_join(&second) == -ENODEV);
	EXPECT(guest(1, MOCK_ECHO_OP_GO, 0, 0, 0) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_CLOSE, NULL) == 0);
	expect_gone();
}

static void test_wake_all(void)
{
	struct mock_vmbus_record rec[2];
	struct guest_op first, second;
	int relid;

	two_waiters(&first, &second, rec, &relid);
	EXPECT(host_fault(MOCK_VMBUS_SITE_WAKE_ALL, relid, 0, 1, 0) == 0);
	EXPECT(host_rescind(relid, 0) == 0);
	EXPECT(guest_join(&first) == -ENODEV);
	EXPECT(guest_join(&second) == -ENODEV);
	EXPECT(guest(1, MOCK_ECHO_OP_GO, 0, 0, 0) == 0);
}

static void test_rescind_teardown(void)
{
	int relid = host_channel(1, 0);
	struct mock_vmbus_record rec;
	struct guest_op op;

	EXPECT(relid > 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_GPADL, PAGE, 0, 0) == 0);
	guest_prepare(&op, 1, MOCK_ECHO_OP_TEARDOWN, op.run.out[0], 0, 0);
	EXPECT(guest_start(&op) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_TEARDOWN, &rec) == 0);
	EXPECT(host_rescind(relid, 0) == 0);
	EXPECT(guest_join(&op) == 0);
	EXPECT(host_reply(&rec, 0) == -ENOENT);
	EXPECT(host_expect(MOCK_VMBUS_EV_CLOSE, NULL) == 0);
	expect_gone();
}

/* Kinds of event at which an armed rescind must strike by itself. */
static void rescind_at(uint64_t what, uint32_t number, uint64_t a, int result)
{
	struct mock_vmbus_record rec;
	struct guest_op op;
	int relid;

	relid = host_channel(1, 0);
	EXPECT(relid > 0);
	if (number == MOCK_ECHO_OP_TEARDOWN) {
		EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_GPADL, a, 0, 0) == 0);
		a = op.run.out[0];
	}
	EXPECT(host_fault(MOCK_VMBUS_SITE_RESCIND_AT, relid, 0, 1, what) == 0);
	guest_prepare(&op, 1, number, a, 0, 0);
	EXPECT(guest_start(&op) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_FAULT, &rec) == 0);
	EXPECT(rec.gpadl == MOCK_VMBUS_SITE_RESCIND_AT);
	EXPECT(rec.arg[0] == 1 && rec.arg[1] == 0);
	guest_join(&op);
	EXPECT(op.ret == result || op.ret == 0);
	EXPECT(host_until(MOCK_VMBUS_EV_RELID_RELEASED, &rec) == 0);
}

static void test_rescind_at(void)
{
	rescind_at(MOCK_VMBUS_EV_GPADL, MOCK_ECHO_OP_GPADL, PAGE,
		   -ENODEV);
	rescind_at(MOCK_VMBUS_EV_TEARDOWN, MOCK_ECHO_OP_TEARDOWN, PAGE,
		   0);
	rescind_at(MOCK_VMBUS_EV_CLOSE, MOCK_ECHO_OP_CLOSE, 0, 0);
	rescind_at(MOCK_VMBUS_AT_SEND, MOCK_ECHO_OP_SEND, 8, -ENODEV);
}

/* A host of its own process: opens, offers, answers, and never returns. */
static void child_host(int ready)
{
	struct mock_vmbus_record rec;
	bool opened = false;

	host_close();
	if (host_open() || host_offer(1, MOCK_ECHO_OPEN_IN_PROBE, 0) < 0)
		_exit(1);
	while (!host_next(&rec)) {
		if (!opened && rec.cookie)
			host_reply(&rec, 0);
		/* Say what has come; the GPADL after the open stays unanswered. */
		opened |= rec.type == MOCK_VMBUS_EV_PROBE_DONE;
		if (write(ready, &rec.type, sizeof(rec.type)) < 0)
			break;
	}
	_exit(1);
}

static int wait_child(int ready, uint32_t type)
{
	uint32_t seen;

	do {
		if (read(ready, &seen, sizeof(seen)) != sizeof(seen))
			return -EPIPE;
	} while (seen != type);
	return 0;
}

/* SIGKILL while the guest waits for an answer: as when a real host goes away. */
static void test_host_killed(void)
{
	struct guest_op op;
	int ready[2];
	pid_t child;

	EXPECT(pipe(ready) == 0);
	host_close();
	child = fork();
	if (!child) {
		close(ready[0]);
		child_host(ready[1]);
	}
	close(ready[1]);
	EXPECT(wait_child(ready[0], MOCK_VMBUS_EV_PROBE_DONE) == 0);
	/* Another host cannot come in. */
	EXPECT(open(MOCK_VMBUS_DEVICE, O_RDWR) == -1 && errno == EBUSY);
	guest_prepare(&op, 1, MOCK_ECHO_OP_GPADL, PAGE, 0, 0);
	EXPECT(guest_start(&op) == 0);
	EXPECT(wait_child(ready[0], MOCK_VMBUS_EV_GPADL) == 0);
	EXPECT(!guest_done(&op));
	kill(child, SIGKILL);
	EXPECT(guest_join(&op) == -ENODEV);
	waitpid(child, NULL, 0);
	close(ready[0]);
	/* Waits until the guest has let go of everything. */
	EXPECT(host_open() == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_STATE, 0, 0, 0) == -ENXIO);
	EXPECT(host_channel(1, 0) == 1);
}

static void test_rescind_all(void)
{
	int i;

	for (i = 0; i < 4; i++)
		EXPECT(host_channel(i + 1, 0) > 0);
	EXPECT(host_rescind(0, MOCK_VMBUS_RESCIND_WAIT) == 0);
	for (i = 0; i < 4; i++)
		EXPECT(guest(i + 1, MOCK_ECHO_OP_STATE, 0, 0, 0) == -ENXIO);
	EXPECT(host_rescind(0, MOCK_VMBUS_RESCIND_WAIT) == 0);
	EXPECT(host_rescind(0, 2) == -EINVAL);
}

/**
 * struct storm - shared by the threads of test_storm()
 * @stop: ends the workers
 * @quit: eventfd, ends the answering thread
 * @rounds: operations that succeeded
 * @bad: result that no state of a channel explains
 */
struct storm {
	bool stop;
	int quit;
	unsigned int rounds;
	int bad;
};

/* Says yes to everything, as a host's event thread. */
static void *storm_answers(void *arg)
{
	struct storm *storm = arg;
	struct mock_vmbus_record rec;

	while (host_next_until(&rec, storm->quit) == 0)
		if (rec.cookie)
			host_reply(&rec, 0);
	return NULL;
}

static void storm_round(struct storm *storm)
{
	struct guest_op op;
	int ret;

	guest_prepare(&op, 1, MOCK_ECHO_OP_GPADL, 2 * PAGE, 0, 0);
	ret = guest_call(&op);
	if (!ret) {
		guest_prepare(&op, 1, MOCK_ECHO_OP_TEARDOWN, op.run.out[0], 0,
			      0);
		ret = guest_call(&op);
		/* A new device does not know the old one's memory. */
		if (ret == -ENOENT)
			ret = 0;
	}
	if (!ret)
		ret = guest(1, MOCK_ECHO_OP_SEND, 64, 1, 0);
	if (!ret || ret == -EAGAIN)
		__atomic_fetch_add(&storm->rounds, 1, __ATOMIC_SEQ_CST);
	else if (ret != -ENODEV && ret != -ENXIO)
		__atomic_store_n(&storm->bad, ret, __ATOMIC_SEQ_CST);
}

static void *storm_worker(void *arg)
{
	struct storm *storm = arg;

	while (!__atomic_load_n(&storm->stop, __ATOMIC_SEQ_CST))
		storm_round(storm);
	return NULL;
}

/* Offer, let the workers get somewhere, withdraw. Return: 0 or -errno. */
static int storm_cycle(struct storm *storm)
{
	unsigned int before, now;
	int relid;

	relid = host_offer(1, MOCK_ECHO_OPEN_IN_PROBE, 0);
	if (relid < 0)
		return relid;
	before = __atomic_load_n(&storm->rounds, __ATOMIC_SEQ_CST);
	do {
		sched_yield();
		now = __atomic_load_n(&storm->rounds, __ATOMIC_SEQ_CST);
	} while (now - before < 5);
	return host_rescind(relid, MOCK_VMBUS_RESCIND_WAIT);
}

/* Rescinds hit two busy threads at points that nobody chose. */
static void test_storm(void)
{
	struct storm storm = { .quit = eventfd(0, EFD_CLOEXEC) };
	pthread_t answers, workers[2];
	int i, ret = 0;

	EXPECT(storm.quit >= 0);
	EXPECT(!pthread_create(&answers, NULL, storm_answers, &storm));
	for (i = 0; i < 2; i++)
		EXPECT(!pthread_create(&workers[i], NULL, storm_worker,
				       &storm));
	for (i = 0; i < 30 && !ret; i++)
		ret = storm_cycle(&storm);
	__atomic_store_n(&storm.stop, true, __ATOMIC_SEQ_CST);
	for (i = 0; i < 2; i++)
		pthread_join(workers[i], NULL);
	eventfd_write(storm.quit, 1);
	pthread_join(answers, NULL);
	close(storm.quit);
	EXPECT(ret == 0);
	EXPECT(storm.bad == 0);
	for (i = 0; i < MOCK_VMBUS_CHECK_COUNT; i++)
		EXPECT(host_check(i) == 0);
}

const struct test rescind_tests[] = {
	{ "rescind an open channel", test_rescind_open },
	{ "calls after a rescind", test_after_rescind },
	{ "rescind in probe, GPADL", test_rescind_probe_gpadl },
	{ "rescind in probe, open", test_rescind_probe_open },
	{ "rescind wakes the first waiter", test_first_waiter },
	{ "rescind wakes all", test_wake_all },
	{ "rescind in teardown", test_rescind_teardown },
	{ "rescind at events", test_rescind_at },
	{ "rescind all", test_rescind_all },
	{ "host killed", test_host_killed },
	{ "rescind storm", test_storm },
	{ NULL, NULL },
};
