/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What all end-to-end tests share: TAP, checks, the mock host's life and its
 * control socket.
 *
 * Every test runs in a process of its own, so a failed one leaves nothing but
 * what the driver forgot. After each, the host must have settled, hold no
 * object of the guest and have counted no mistake of the driver; the host is
 * started by the test programs, with the arguments that the test asks for.
 */
#ifndef E2E_HARNESS_H
#define E2E_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define PAGE		4096ul	/* of the host; guest_page() may be larger */
#define KIB		1024ul
#define MIB		(1024ul * 1024)

/**
 * struct test - one behaviour
 * @name: the behaviour as a sentence
 * @run: shows it; returns normally if it holds
 * @n: argument of @run, such as a row of a table
 * @host: arguments of the mock host, NULL: none
 * @new_host: this test kills the host or leaves it in no useful state
 */
struct test {
	const char *name;
	void (*run)(unsigned long n);
	unsigned long n;
	const char *host;
	bool new_host;
};

int run_tests(const struct test *tests, size_t count, char **argv);
unsigned int volume(unsigned int usual);

/* Checks: say what is wrong and end the process that found it. */
__attribute__((noreturn, format(printf, 3, 4)))
void fail_at(const char *file, int line, const char *format, ...);
void check_equal(const char *file, int line, const char *what, long long is,
		 long long expected);

#define fail(...)	fail_at(__FILE__, __LINE__, __VA_ARGS__)
#define check(condition) do {						\
	if (!(condition))						\
		fail("not so: %s", #condition);				\
} while (0)
#define equal(is, expected)						\
	check_equal(__FILE__, __LINE__, #is, (long long)(is),		\
		    (long long)(expected))

/* The mock host. */
void host_start(const char *arguments);
void host_kill(void);
int host_stop(void);

/* Its control socket: every command must succeed. */
__attribute__((format(printf, 1, 2)))
void host(const char *format, ...);
__attribute__((format(printf, 2, 3)))
unsigned long long host_number(const char *key, const char *format, ...);
unsigned long long host_count(const char *command);
char *ledger(void);
void check_ledger(const char *before);

/* Processes. */
pid_t spawn(void (*run)(unsigned long n), unsigned long n);
int reap(pid_t pid);
void reap_ok(pid_t pid);
void kill_and_reap(pid_t pid);
void send_fd(int socket, int fd);
int receive_fd(int socket);
unsigned long guest_page(void);
unsigned char *edge_page(void);
int access_signal(const void *address, bool write);
unsigned long long vmstat(const char *name);
unsigned long long pinned(void);
void wait_for(bool (*condition)(unsigned long n), unsigned long n,
	      const char *what);

#endif /* E2E_HARNESS_H */
