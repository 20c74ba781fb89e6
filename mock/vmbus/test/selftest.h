/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Harness of the mock bus self test. The program is the host (/dev/mock_vmbus)
 * and drives the guest driver (/dev/mock_echo). A failed EXPECT() ends the test
 * by longjmp(); each test gets a fresh host instance, and closing it ends whatever
 * a failed test left behind.
 */
#ifndef MOCK_SELFTEST_H
#define MOCK_SELFTEST_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../mock_vmbus_uapi.h"
#include "echo_uapi.h"

#define PAGE	4096u
#define RING	(2 * PAGE)	/* smallest ring: header and one data page */
#define DATA	PAGE

#define EXPECT(condition) expect(condition, #condition, __FILE__, __LINE__)

/**
 * struct test - an entry of a table of tests
 * @name: as printed
 * @run: uses EXPECT()
 */
struct test {
	const char *name;
	void (*run)(void);
};

struct guest_job;

/**
 * struct guest_op - an operation of the guest, perhaps in a thread of its own
 * @run: argument and result of the ioctl
 * @ret: 0 or -errno
 * @job: while it runs; not on the stack of a test, which may end before it
 */
struct guest_op {
	struct mock_echo_run run;
	int ret;
	struct guest_job *job;
};

/* Ring header as in linux/hyperv.h, header page and data area. */
struct ring {
	uint32_t write_index;
	uint32_t read_index;
	uint32_t interrupt_mask;
	uint32_t pending_send_sz;
	uint32_t reserved[12];
	uint32_t feature_bits;
	uint8_t pad[4096 - 68];
	uint8_t data[];
};

extern const struct test channel_tests[], ring_tests[], memory_tests[];
extern const struct test rescind_tests[], fault_tests[], system_tests[];

extern int host_fd;	/* -1: none */

/* selftest.c */
void expect(bool good, const char *text, const char *file, int line);
int host_open(void);
void host_close(void);
int host_offer(uint8_t instance, uint8_t behaviour, uint32_t flags);
int host_channel(uint8_t instance, uint32_t mode);
int host_ioctl(unsigned long cmd, void *arg);
int host_next(struct mock_vmbus_record *rec);
int host_next_until(struct mock_vmbus_record *rec, int quit);
int host_expect(uint32_t type, struct mock_vmbus_record *rec);
int host_until(uint32_t type, struct mock_vmbus_record *rec);
int host_reply(const struct mock_vmbus_record *rec, int status);
int host_rescind(uint32_t relid, uint32_t flags);
int host_drop(uint32_t relid);
int host_settle(void);
int host_send(uint32_t relid, uint16_t type, uint64_t id, const void *data,
	      uint32_t len, uint32_t options);
int host_recv(uint32_t relid, void *data, uint32_t room,
	      struct mock_vmbus_ring_io *io);
int host_fault(uint32_t site, uint32_t relid, uint32_t skip, uint32_t count,
	       uint64_t value);
int host_stats(uint32_t relid, struct mock_vmbus_stats *stats);
uint64_t host_check(enum mock_vmbus_check check);
void *host_map(uint64_t offset, size_t size);
bool readable(const void *address);
int set_parameter(const char *name, const char *value);

void guest_prepare(struct guest_op *op, uint8_t instance, uint32_t number,
		   uint64_t a, uint64_t b, uint64_t c);
int guest_call(struct guest_op *op);
int guest_start(struct guest_op *op);
bool guest_done(struct guest_op *op);
int guest_join(struct guest_op *op);
int guest_answered(struct guest_op *op);
int guest_run(struct guest_op *op, uint8_t instance, uint32_t number,
	      uint64_t a, uint64_t b, uint64_t c);
int guest(uint8_t instance, uint32_t number, uint64_t a, uint64_t b,
	  uint64_t c);
uint64_t guest_state(uint8_t instance, enum mock_echo_state index);

#endif /* MOCK_SELFTEST_H */
