// SPDX-License-Identifier: GPL-2.0
/*
 * Self test of the mock bus: harness and main program. Prints KTAP; exit status
 * 0 when all tests passed. "selftest [NAME]" runs the tests whose name contains
 * NAME. See selftest.h.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "selftest.h"

/* Only a broken test gets there: the host never waits that long. */
#define LIMIT_MS	60000

int host_fd = -1;

static int echo_fd = -1;

static jmp_buf test_end;

void expect(bool good, const char *text, const char *file, int line)
{
	if (good)
		return;
	printf("# %s:%d: %s\n", file, line, text);
	longjmp(test_end, line);
}

int host_open(void)
{
	host_fd = open(MOCK_VMBUS_DEVICE, O_RDWR | O_CLOEXEC);
	return host_fd < 0 ? -errno : 0;
}

void host_close(void)
{
	if (host_fd >= 0)
		close(host_fd);
	host_fd = -1;
}

int host_ioctl(unsigned long cmd, void *arg)
{
	return ioctl(host_fd, cmd, arg) ? -errno : 0;
}

/* Return: relid or -errno. */
int host_offer(uint8_t instance, uint8_t behaviour, uint32_t flags)
{
	struct mock_vmbus_offer offer = {
		.type = MOCK_ECHO_CLASS,
		.instance = { [15] = instance },
		.flags = flags,
		.mmio_megabytes = 4,
		.class_data = { behaviour },
	};
	int ret = host_ioctl(MOCK_VMBUS_OFFER, &offer);

	return ret ? ret : (int)offer.relid;
}

#define FIRST	1
#define SECOND	2

/* Return: which of the two files can be read; 0 when time is up. */
static int wait_for(int first, int second, int ms)
{
	struct pollfd fds[2] = {
		{ .fd = first, .events = POLLIN },
		{ .fd = second, .events = POLLIN },
	};

	poll(fds, 2, ms);
	/* The last record of a broken host may follow its POLLERR. */
	return (fds[0].revents ? FIRST : 0) | (fds[1].revents ? SECOND : 0);
}

/* Return: 0, -ETIME when nothing comes, -EINTR when @quit can be read. */
int host_next_until(struct mock_vmbus_record *rec, int quit)
{
	int ready = wait_for(host_fd, quit, LIMIT_MS);

	if (!(ready & FIRST))
		return ready ? -EINTR : -ETIME;
	return read(host_fd, rec, sizeof(*rec)) == sizeof(*rec) ? 0 : -errno;
}

int host_next(struct mock_vmbus_record *rec)
{
	return host_next_until(rec, -1);
}

/* The next record other than a KICK must be of this type. */
int host_expect(uint32_t type, struct mock_vmbus_record *rec)
{
	struct mock_vmbus_record local;
	int ret;

	if (!rec)
		rec = &local;
	do {
		ret = host_next(rec);
	} while (!ret && rec->type != type && rec->type == MOCK_VMBUS_EV_KICK);
	if (!ret && rec->type != type) {
		printf("# record %u instead of %u\n", rec->type, type);
		ret = -EPROTO;
	}
	return ret;
}

/* The next record of this type, whatever comes before it. */
int host_until(uint32_t type, struct mock_vmbus_record *rec)
{
	int ret;

	do
		ret = host_next(rec);
	while (!ret && rec->type != type);
	return ret;
}

int host_reply(const struct mock_vmbus_record *rec, int status)
{
	struct mock_vmbus_reply reply = {
		.cookie = rec->cookie,
		.status = status,
	};

	return host_ioctl(MOCK_VMBUS_REPLY, &reply);
}

int host_rescind(uint32_t relid, uint32_t flags)
{
	struct mock_vmbus_rescind rescind = { .relid = relid, .flags = flags };

	return host_ioctl(MOCK_VMBUS_RESCIND, &rescind);
}

/* Withdraws a channel and takes its records; no other one is being withdrawn. */
int host_drop(uint32_t relid)
{
	struct mock_vmbus_record rec;
	int ret = host_rescind(relid, 0);

	return ret ? ret : host_until(MOCK_VMBUS_EV_RELID_RELEASED, &rec);
}

int host_settle(void)
{
	struct mock_vmbus_settle settle = { .timeout_ms = LIMIT_MS };

	return host_ioctl(MOCK_VMBUS_SETTLE, &settle);
}

int host_send(uint32_t relid, uint16_t type, uint64_t id, const void *data,
	      uint32_t len, uint32_t options)
{
	struct mock_vmbus_ring_io io = {
		.relid = relid,
		.options = options,
		.trans_id = id,
		.buffer = (uintptr_t)data,
		.length = len,
		.type = type,
	};

	return host_ioctl(MOCK_VMBUS_RING_SEND, &io);
}

int host_recv(uint32_t relid, void *data, uint32_t room,
	      struct mock_vmbus_ring_io *io)
{
	*io = (struct mock_vmbus_ring_io){
		.relid = relid,
		.buffer = (uintptr_t)data,
		.length = room,
	};
	return host_ioctl(MOCK_VMBUS_RING_RECV, io);
}

int host_fault(uint32_t site, uint32_t relid, uint32_t skip, uint32_t count,
	       uint64_t value)
{
	struct mock_vmbus_fault fault = {
		.site = site,
		.relid = relid,
		.skip = skip,
		.count = count,
		.value = value,
	};

	return host_ioctl(MOCK_VMBUS_FAULT, &fault);
}

int host_stats(uint32_t relid, struct mock_vmbus_stats *stats)
{
	*stats = (struct mock_vmbus_stats){ .relid = relid };
	return host_ioctl(MOCK_VMBUS_STATS, stats);
}

uint64_t host_check(enum mock_vmbus_check check)
{
	struct mock_vmbus_stats stats;

	return host_stats(0, &stats) ? UINT64_MAX : stats.checks[check];
}

void *host_map(uint64_t offset, size_t size)
{
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED,
			 host_fd, offset);

	return map == MAP_FAILED ? NULL : map;
}

static sigjmp_buf bus_error;

static void on_sigbus(int signal)
{
	siglongjmp(bus_error, signal);
}

/* Does an access work, or does it end in SIGBUS? */
bool readable(const void *address)
{
	struct sigaction action = { .sa_handler = on_sigbus };
	static uint8_t byte;
	struct sigaction old;
	bool ok;

	sigaction(SIGBUS, &action, &old);
	ok = !sigsetjmp(bus_error, 1);
	if (ok)
		__atomic_store_n(&byte, *(const uint8_t *)address,
				 __ATOMIC_SEQ_CST);
	sigaction(SIGBUS, &old, NULL);
	return ok;
}

int set_parameter(const char *name, const char *value)
{
	char path[128];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/sys/module/mock_vmbus/parameters/%s",
		 name);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -errno;
	n = write(fd, value, strlen(value));
	close(fd);
	return n < 0 ? -errno : 0;
}

/**
 * struct guest_job - a running operation
 * @run: argument and result of the ioctl
 * @ret: 0 or -errno
 * @done: eventfd that says that it has ended
 * @thread: runs it
 * @next: on jobs
 */
struct guest_job {
	struct mock_echo_run run;
	int ret;
	int done;
	pthread_t thread;
	struct guest_job *next;
};

static struct guest_job *jobs;

void guest_prepare(struct guest_op *op, uint8_t instance, uint32_t number,
		   uint64_t a, uint64_t b, uint64_t c)
{
	*op = (struct guest_op){
		.run = {
			.instance = instance,
			.op = number,
			.a = a,
			.b = b,
			.c = c,
		},
	};
}

static void *guest_thread(void *arg)
{
	struct guest_job *job = arg;

	job->ret = ioctl(echo_fd, MOCK_ECHO_RUN, &job->run) ? -errno : 0;
	eventfd_write(job->done, 1);
	return NULL;
}

int guest_start(struct guest_op *op)
{
	struct guest_job *job = calloc(1, sizeof(*job));

	if (!job)
		return -ENOMEM;
	job->run = op->run;
	job->done = eventfd(0, EFD_CLOEXEC);
	if (job->done < 0 ||
	    pthread_create(&job->thread, NULL, guest_thread, job)) {
		free(job);
		return -EAGAIN;
	}
	job->next = jobs;
	jobs = job;
	op->job = job;
	return 0;
}

bool guest_done(struct guest_op *op)
{
	return wait_for(op->job->done, -1, 0);
}

static void job_end(struct guest_job *job)
{
	struct guest_job **link;

	pthread_join(job->thread, NULL);
	close(job->done);
	for (link = &jobs; *link != job; link = &(*link)->next)
		;
	*link = job->next;
}

/* Waits for the end; returns what the guest's function returned. */
int guest_join(struct guest_op *op)
{
	job_end(op->job);
	op->run = op->job->run;
	op->ret = op->job->ret;
	free(op->job);
	op->job = NULL;
	return op->ret;
}

/* Runs the operation and says yes to everything it asks. */
int guest_answered(struct guest_op *op)
{
	struct mock_vmbus_record rec;
	int ret = guest_start(op);

	if (ret)
		return ret;
	while (wait_for(host_fd, op->job->done, LIMIT_MS) == FIRST) {
		if (host_next(&rec))
			break;
		if (rec.cookie)
			host_reply(&rec, 0);
	}
	return guest_join(op);
}

int guest_run(struct guest_op *op, uint8_t instance, uint32_t number,
	      uint64_t a, uint64_t b, uint64_t c)
{
	guest_prepare(op, instance, number, a, b, c);
	return guest_answered(op);
}

/* In this thread: for operations that ask nothing, or whom another answers. */
int guest_call(struct guest_op *op)
{
	op->ret = ioctl(echo_fd, MOCK_ECHO_RUN, &op->run) ? -errno : 0;
	return op->ret;
}

int guest(uint8_t instance, uint32_t number, uint64_t a, uint64_t b, uint64_t c)
{
	struct guest_op op;

	guest_prepare(&op, instance, number, a, b, c);
	return guest_call(&op);
}

uint64_t guest_state(uint8_t instance, enum mock_echo_state index)
{
	struct guest_op op;

	guest_prepare(&op, instance, MOCK_ECHO_OP_STATE, 0, 0, 0);
	return guest_call(&op) ? UINT64_MAX : op.run.out[index];
}

/* An offered, probed and opened channel. Return: relid or -errno. */
int host_channel(uint8_t instance, uint32_t mode)
{
	struct mock_vmbus_record rec;
	struct guest_op op;
	int relid, ret;

	relid = host_offer(instance, 0, 0);
	if (relid < 0)
		return relid;
	ret = host_expect(MOCK_VMBUS_EV_PROBE_DONE, &rec);
	if (!ret)
		ret = guest_run(&op, instance, MOCK_ECHO_OP_OPEN, RING, RING,
				mode);
	return ret ? ret : relid;
}

static const struct test *const all_tests[] = {
	channel_tests, ring_tests, memory_tests, rescind_tests, fault_tests,
	system_tests, NULL,
};

static bool wanted(const struct test *test, const char *filter)
{
	return !filter || strstr(test->name, filter);
}

static unsigned int count_tests(const char *filter)
{
	const struct test *test;
	unsigned int i, n = 0;

	for (i = 0; all_tests[i]; i++)
		for (test = all_tests[i]; test->name; test++)
			n += wanted(test, filter);
	return n;
}

/* What a failed test left running ends with its host. */
static void join_jobs(void)
{
	struct guest_job *job;

	while ((job = jobs)) {
		job_end(job);
		free(job);
	}
}

static int run_test(const struct test *test, unsigned int number)
{
	int line;

	line = setjmp(test_end);
	if (!line) {
		EXPECT(host_open() == 0);
		test->run();
	}
	host_close();
	join_jobs();
	set_parameter("log_guest_bugs", "1");
	set_parameter("answer_timeout_ms", "60000");
	if (line)
		printf("not ok %u %s # line %d\n", number, test->name, line);
	else
		printf("ok %u %s\n", number, test->name);
	fflush(stdout);
	return line ? 1 : 0;
}

int main(int argc, char **argv)
{
	const char *filter = argc > 1 ? argv[1] : NULL;
	unsigned int i, number = 0, failed = 0;
	const struct test *test;

	echo_fd = open(MOCK_ECHO_DEVICE, O_RDWR | O_CLOEXEC);
	if (echo_fd < 0) {
		perror(MOCK_ECHO_DEVICE);
		return 2;
	}
	printf("KTAP version 1\n1..%u\n", count_tests(filter));
	for (i = 0; all_tests[i]; i++)
		for (test = all_tests[i]; test->name; test++)
			if (wanted(test, filter))
				failed += run_test(test, ++number);
	printf("# mock_vmbus: pass:%u fail:%u\n", number - failed, failed);
	return failed ? 1 : 0;
}
