// SPDX-License-Identifier: GPL-2.0
/*
 * Running tests, checking, and the mock host. See harness.h.
 *
 * One runner process per program; it keeps the host and forks a process for
 * each test. Nothing here sleeps to let something happen: it waits for the host
 * to say that it did. The limits only turn a hang into a failure.
 */
#include "harness.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl_client.h"

#define HOST_PROGRAM	"dxg-mock-host"
#define READY_FILE	"/run/e2e-host-ready"
#define HOST_LOG	"/run/e2e-host.log"
#define COUNTERS	"/proc/vmstat"
#define HOST_SECONDS	60
#define TEST_SECONDS	180
#define HOST_WORDS	32

/* Shared with the processes of the tests, which may restart the host. */
static struct host_state {
	pid_t pid;
	char arguments[256];
} *the_host;

static int control = -1;
static pid_t control_owner;

/**
 * fail_at() - say what is wrong and end the process
 * @file: source file
 * @line: line
 * @format: as of printf()
 */
void fail_at(const char *file, int line, const char *format, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	printf("# %s:%d: %s\n", file, line, text);
	fflush(stdout);
	_exit(1);
}

static const char *error_name(long long value)
{
	return value < 0 && value > -4096 ? strerrorname_np((int)-value) : NULL;
}

/**
 * check_equal() - compare two numbers, most of them results of calls
 * @file: source file
 * @line: line
 * @what: expression
 * @is: its value
 * @expected: what it should be
 */
void check_equal(const char *file, int line, const char *what, long long is,
		 long long expected)
{
	const char *name = error_name(is);

	if (is == expected)
		return;
	fail_at(file, line, "%s is %lld (%#llx%s%s), not %lld (%#llx)", what,
		is, is, name ? " -" : "", name ? name : "", expected,
		expected);
}

/* Control socket -------------------------------------------------------- */

/* A connection belongs to the process that made it. */
static int control_socket(void)
{
	if (control >= 0 && control_owner == getpid())
		return control;
	control = ctl_connect(NULL);
	if (control < 0)
		fail("no connection to the mock host: %s", strerror(-control));
	control_owner = getpid();
	return control;
}

static char *ask(const char *line)
{
	char *answer = ctl_command(control_socket(), line);

	if (!ctl_ok(answer))
		fail("host, %s: %s", line, answer ? answer : "gone");
	return answer;
}

static char *formatted(const char *format, va_list ap)
{
	char *line;

	if (vasprintf(&line, format, ap) < 0)
		fail("no memory");
	return line;
}

/**
 * host() - have the mock host do something
 * @format: control command, see mock/hostd/README.md
 */
void host(const char *format, ...)
{
	char *line;
	va_list ap;

	va_start(ap, format);
	line = formatted(format, ap);
	va_end(ap);
	free(ask(line));
	free(line);
}

/**
 * host_number() - ask the mock host for a number
 * @key: its name in the answer
 * @format: control command
 *
 * Return: the number; true is 1.
 */
unsigned long long host_number(const char *key, const char *format, ...)
{
	unsigned long long value = 0;
	char *line, *answer;
	va_list ap;

	va_start(ap, format);
	line = formatted(format, ap);
	va_end(ap);
	answer = ask(line);
	if (!ctl_number(answer, key, &value))
		fail("host, %s: no %s in %s", line, key, answer);
	free(answer);
	free(line);
	return value;
}

/**
 * host_count() - messages since "mark"
 * @command: message name
 *
 * Return: their number.
 */
unsigned long long host_count(const char *command)
{
	return host_number("count", "count %s", command);
}

/* The host's life -------------------------------------------------------- */

static void redirect(const char *path, int to)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	dup2(fd, to);
	close(fd);
}

static void exec_host(const char *arguments)
{
	char *argv[HOST_WORDS] = { HOST_PROGRAM, "--ready-file", READY_FILE };
	char *words = strdup(arguments), *word;
	int n = 3;

	for (word = strtok(words, " "); word && n < HOST_WORDS - 1;
	     word = strtok(NULL, " "))
		argv[n++] = word;
	signal(SIGALRM, SIG_DFL);
	redirect(HOST_LOG, STDOUT_FILENO);
	dup2(STDOUT_FILENO, STDERR_FILENO);
	setsid();
	execvp(HOST_PROGRAM, argv);
	_exit(127);
}

static void wait_until_ready(pid_t pid)
{
	int tenth;

	for (tenth = 0; tenth < 10 * HOST_SECONDS; tenth++) {
		if (!access(READY_FILE, F_OK))
			return;
		if (kill(pid, 0) || waitpid(pid, NULL, WNOHANG) == pid)
			fail("the mock host did not start, see " HOST_LOG);
		poll(NULL, 0, 100);
	}
	fail("the mock host does not become ready");
}

/**
 * host_start() - start a mock host and wait until the guest knows its devices
 * @arguments: of the program, separated by spaces
 *
 * The host outlives the calling process.
 */
void host_start(const char *arguments)
{
	pid_t pid;

	unlink(READY_FILE);
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (!pid)
		exec_host(arguments);
	the_host->pid = pid;
	snprintf(the_host->arguments, sizeof(the_host->arguments), "%s",
		 arguments);
	wait_until_ready(pid);
}

/* A host that another process started is no child of ours: wait for its end. */
static int wait_for_host(pid_t pid)
{
	struct pollfd end = { .events = POLLIN };
	int status = -1;

	end.fd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (end.fd >= 0 && poll(&end, 1, HOST_SECONDS * 1000) != 1)
		fail("the mock host does not end");
	close(end.fd);
	waitpid(pid, &status, 0);
	return status;
}

static void forget_host(void)
{
	if (control >= 0 && control_owner == getpid())
		close(control);
	control = -1;
	the_host->pid = 0;
}

/**
 * host_kill() - kill the host, as if it had crashed
 *
 * Returns when its process is gone.
 */
void host_kill(void)
{
	kill(the_host->pid, SIGKILL);
	wait_for_host(the_host->pid);
	forget_host();
}

/**
 * host_stop() - end the host in order
 *
 * Return: its exit status: 0 if the guest left nothing behind.
 */
int host_stop(void)
{
	int status;

	if (!the_host->pid)
		return 0;
	kill(the_host->pid, SIGTERM);
	status = wait_for_host(the_host->pid);
	forget_host();
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Processes -------------------------------------------------------------- */

/**
 * volume() - how often a test repeats what it does
 * @usual: number of times in an ordinary run
 *
 * Return: E2E_VOLUME in the environment times as many.
 */
unsigned int volume(unsigned int usual)
{
	const char *text = getenv("E2E_VOLUME");
	unsigned long factor = text ? strtoul(text, NULL, 10) : 1;

	if (!factor || factor > 1000)
		fail("E2E_VOLUME=%s is none of 1 to 1000", text);
	return usual * factor;
}

/**
 * spawn() - run a function in a new process
 * @run: function; the process ends with status 0 when it returns
 * @n: its argument
 *
 * Return: process id.
 */
pid_t spawn(void (*run)(unsigned long n), unsigned long n)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (pid)
		return pid;
	alarm(volume(TEST_SECONDS));
	run(n);
	fflush(stdout);
	_exit(0);
}

/**
 * reap() - wait for a process
 * @pid: its id
 *
 * Return: its status as of waitpid().
 */
int reap(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			fail("waitpid: %s", strerror(errno));
	}
	return status;
}

/**
 * reap_ok() - wait for a process that must end with status 0
 * @pid: its id
 */
void reap_ok(pid_t pid)
{
	equal(reap(pid), 0);
}

/**
 * kill_and_reap() - SIGKILL, and the process is gone
 * @pid: its id
 */
void kill_and_reap(pid_t pid)
{
	equal(kill(pid, SIGKILL), 0);
	equal(reap(pid), SIGKILL);
}

/**
 * send_fd() - pass a descriptor to another process
 * @socket: UNIX socket
 * @fd: descriptor
 */
void send_fd(int socket, int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = { 0 };
	char byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = room,
		.msg_controllen = sizeof(room),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&message);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	equal(sendmsg(socket, &message, 0), 1);
}

/**
 * receive_fd() - get a descriptor from another process
 * @socket: UNIX socket
 *
 * Return: the descriptor, close-on-exec.
 */
int receive_fd(int socket)
{
	char room[CMSG_SPACE(sizeof(int))];
	char byte;
	struct iovec data = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &data,
		.msg_iovlen = 1,
		.msg_control = room,
		.msg_controllen = sizeof(room),
	};
	int fd;

	equal(recvmsg(socket, &message, MSG_CMSG_CLOEXEC), 1);
	check(CMSG_FIRSTHDR(&message));
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
	return fd;
}

/**
 * access_signal() - touch an address in a fork and see what happens
 * @address: where
 * @write: or read
 *
 * Return: the signal that ended the fork, 0 if it got through.
 */
int access_signal(const void *address, bool write)
{
	unsigned char *byte = (unsigned char *)(unsigned long)address;
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		signal(SIGSEGV, SIG_DFL);
		signal(SIGBUS, SIG_DFL);
		if (write)
			__atomic_store_n(byte, 1, __ATOMIC_SEQ_CST);
		else
			__atomic_load_n(byte, __ATOMIC_SEQ_CST);
		_exit(0);
	}
	status = reap(pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

/**
 * guest_page() - bytes of a page of this kernel: what it maps, protects and pins
 */
unsigned long guest_page(void)
{
	return (unsigned long)sysconf(_SC_PAGESIZE);
}

/**
 * edge_page() - memory with nothing mapped behind it
 *
 * Return: PAGE bytes, zeroed; never freed.
 */
unsigned char *edge_page(void)
{
	unsigned char *memory = mmap(NULL, 2 * guest_page(),
				     PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(memory != MAP_FAILED);
	equal(munmap(memory + guest_page(), guest_page()), 0);
	return memory + guest_page() - PAGE;
}

/* Counters are kept per CPU and added up only now and then. */
static void fold_vmstat(void)
{
	int fd = open("/proc/sys/vm/stat_refresh", O_WRONLY);

	if (fd < 0 || write(fd, "1", 1) != 1)
		fail("/proc/sys/vm/stat_refresh: %s", strerror(errno));
	close(fd);
}

/**
 * vmstat() - a counter of the memory manager
 * @name: as in /proc/vmstat
 *
 * Return: its value.
 */
unsigned long long vmstat(const char *name)
{
	unsigned long long value;
	char key[64];
	FILE *f;

	fold_vmstat();
	f = fopen(COUNTERS, "r");
	if (!f)
		fail(COUNTERS ": %s", strerror(errno));
	while (fscanf(f, "%63s %llu", key, &value) == 2) {
		if (!strcmp(key, name)) {
			fclose(f);
			return value;
		}
	}
	fail("no %s in " COUNTERS, name);
}

/**
 * pinned() - pages pinned in all of the guest, acquired and not released
 */
unsigned long long pinned(void)
{
	return vmstat("nr_foll_pin_acquired") - vmstat("nr_foll_pin_released");
}

/**
 * wait_for() - poll for something that nobody announces
 * @condition: becomes true
 * @n: its argument
 * @what: for the message if it does not
 */
void wait_for(bool (*condition)(unsigned long n), unsigned long n,
	      const char *what)
{
	int tries;

	for (tries = 0; tries < 100 * HOST_SECONDS; tries++) {
		if (condition(n))
			return;
		poll(NULL, 0, 10);
	}
	fail("never happens: %s", what);
}

/* Running tests ----------------------------------------------------------- */

/**
 * ledger() - what the guest keeps alive on the host
 *
 * Return: text for check_ledger(), to be freed.
 */
char *ledger(void)
{
	char *answer = ask("alive");

	check(ctl_ok(answer));
	return answer;
}

static const char *ledger_expected;

static bool ledger_as_before(unsigned long n)
{
	char *now = ledger();
	bool same = !strcmp(now, ledger_expected);

	(void)n;
	free(now);
	return same;
}

/**
 * check_ledger() - everything on the host is as it was
 * @before: from ledger()
 *
 * What a late reply has created is destroyed soon, not at once.
 */
void check_ledger(const char *before)
{
	ledger_expected = before;
	wait_for(ledger_as_before, 0, "host's objects as before the call");
}

static void start_if_needed(const char *arguments)
{
	if (the_host->pid && !strcmp(the_host->arguments, arguments))
		return;
	equal(host_stop(), 0);
	host_start(arguments);
}

/* What must hold whatever the test did. */
static void check_host(unsigned long n)
{
	char *alive;

	(void)n;
	if (!the_host->pid)
		return;
	host("clear");
	host("settle");
	free(ctl_command(control_socket(), "wait-idle"));
	alive = ask("alive");
	if (!strstr(alive, "\"nothing_alive\":true") ||
	    !strstr(alive, "\"double_destroys\":0") ||
	    !strstr(alive, "\"violations\":0"))
		fail("after the test: %s", alive);
	free(alive);
}

static bool step(void (*run)(unsigned long n), unsigned long n,
		 const char *what)
{
	int status = reap(spawn(run, n));

	if (!status)
		return true;
	if (WIFSIGNALED(status))
		printf("# %s ended by signal %d\n", what, WTERMSIG(status));
	return false;
}

static bool run_test(const struct test *test)
{
	start_if_needed(test->host ? test->host : "");
	return step(test->run, test->n, "test") &
	       step(check_host, 0, "look at the host");
}

/*
 * E2E_SLICE=K/N in the environment selects every Nth test, from number K on, so
 * that several machines, or a hurried one, may share the tests.
 */
static bool in_slice(size_t i)
{
	const char *slice = getenv("E2E_SLICE");
	size_t k, n;

	if (!slice)
		return true;
	if (sscanf(slice, "%zu/%zu", &k, &n) != 2 || k >= n)
		fail("E2E_SLICE=%s is no K/N", slice);
	return i % n == k;
}

/* With an argument, only the tests whose names contain it. */
static bool wanted(const struct test *tests, size_t i, char **argv)
{
	return in_slice(i) &&
	       (!argv[0] || !argv[1] || strstr(tests[i].name, argv[1]));
}

/**
 * run_tests() - the body of main()
 * @tests: table
 * @count: rows
 * @argv: of main(); a word selects tests by name
 *
 * Return: exit status.
 */
int run_tests(const struct test *tests, size_t count, char **argv)
{
	size_t i, number = 0, failed = 0, plan = 0;
	bool good;

	/* Hosts that tests start outlive them as children of ours. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	the_host = mmap(NULL, sizeof(*the_host), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (i = 0; i < count; i++)
		plan += wanted(tests, i, argv);
	printf("TAP version 13\n1..%zu\n", plan);
	for (i = 0; i < count; i++) {
		if (!wanted(tests, i, argv))
			continue;
		good = run_test(&tests[i]);
		printf("%sok %zu - %s\n", good ? "" : "not ", ++number,
		       tests[i].name);
		fflush(stdout);
		failed += !good;
		if (!good || tests[i].new_host)
			host_stop();
	}
	if (host_stop())
		failed++;
	return failed ? 1 : 0;
}
