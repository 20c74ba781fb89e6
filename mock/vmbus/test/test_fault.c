// SPDX-License-Identifier: GPL-2.0
/* Injected faults, the time limit, and the mistakes of the guest that are counted. */
#include <poll.h>

#include "selftest.h"

static void expect_hit(uint32_t site)
{
	struct mock_vmbus_record rec;

	EXPECT(host_until(MOCK_VMBUS_EV_FAULT, &rec) == 0);
	EXPECT(rec.gpadl == site);
}

static void test_errors(void)
{
	struct mock_vmbus_stats stats;
	struct guest_op op;
	int relid = host_offer(1, 0, 0);

	EXPECT(relid > 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, NULL) == 0);
	EXPECT(host_fault(MOCK_VMBUS_SITE_OPEN, 0, 0, 1, ENOMEM) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_OPEN, RING, RING, 0) == -ENOMEM);
	/* The ring's GPADL is the first one. */
	EXPECT(host_fault(MOCK_VMBUS_SITE_GPADL, relid, 0, 1, EDQUOT) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_OPEN, RING, RING, 0) == -EDQUOT);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_OPEN, RING, RING, 0) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_GPADL, PAGE, 0, 0) == 0);
	EXPECT(host_fault(MOCK_VMBUS_SITE_TEARDOWN, 99, 0, 1, EIO) == 0);
	EXPECT(host_fault(MOCK_VMBUS_SITE_TEARDOWN, 0, 0, 1, EIO) == 0);
	guest_prepare(&op, 1, MOCK_ECHO_OP_TEARDOWN, op.run.out[0], 0, 0);
	EXPECT(guest_answered(&op) == -EIO);
	EXPECT(guest_answered(&op) == 0);
	EXPECT(host_fault(MOCK_VMBUS_SITE_MMIO, 0, 0, 1, 0) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_MMIO, PAGE, PAGE, 0) == -ENXIO);
	EXPECT(host_stats(0, &stats) == 0 && stats.faults == 4);
	EXPECT(host_fault(99, 0, 0, 1, 0) == -EINVAL);
	EXPECT(host_fault(MOCK_VMBUS_SITE_SEND, 0, 0, 1, EPERM) == -EINVAL);
}

static void test_send_faults(void)
{
	int relid = host_channel(1, 0);
	struct mock_vmbus_ring_io io;
	uint8_t buffer[64];

	EXPECT(relid > 0);
	EXPECT(host_fault(MOCK_VMBUS_SITE_SEND, relid, 1, 2, EAGAIN) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 2, 0) == -EAGAIN);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 3, 0) == -EAGAIN);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 4, 0) == 0);
	EXPECT(host_fault(MOCK_VMBUS_SITE_SEND, 0, 0, 1, EIO) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 5, 0) == -EIO);
	/* As in a race with a rescind, the packet is in the ring. */
	EXPECT(host_fault(MOCK_VMBUS_SITE_SEND, 0, 0, 1, ENODEV) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 6, 0) == -ENODEV);
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == 0);
	EXPECT(io.trans_id == 1);
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == 0);
	EXPECT(io.trans_id == 4);
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == 0);
	EXPECT(io.trans_id == 6);
}

static void test_signal_faults(void)
{
	int relid = host_channel(1, 0);
	struct mock_vmbus_stats stats;
	struct mock_vmbus_record rec;

	EXPECT(relid > 0);
	/* A lost interrupt is repaired by the next. */
	EXPECT(host_fault(MOCK_VMBUS_SITE_IRQ_DROP, relid, 0, 1, 0) == 0);
	EXPECT(host_send(relid, 6, 1, "a", 1, 0) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_PACKETS) == 0);
	EXPECT(ioctl(host_fd, MOCK_VMBUS_IRQ, (unsigned long)relid) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_PACKETS) == 1);
	/* A late one comes. */
	EXPECT(host_fault(MOCK_VMBUS_SITE_IRQ_DELAY, relid, 0, 1, 20) == 0);
	EXPECT(host_send(relid, 6, 2, "a", 1, 0) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_PACKETS) == 2);
	/* One that nobody sent. */
	EXPECT(host_fault(MOCK_VMBUS_SITE_IRQ_SPURIOUS, relid, 0, 1, 0) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == 0);
	EXPECT(host_settle() == 0 && host_stats(relid, &stats) == 0);
	EXPECT(stats.spurious == 1 && stats.kicks == 1);
	/* A lost kick: the guest signalled, the host never hears. */
	EXPECT(host_recv(relid, &rec, sizeof(rec),
			 &(struct mock_vmbus_ring_io){ }) == 0);
	EXPECT(host_recv(relid, &rec, sizeof(rec),
			 &(struct mock_vmbus_ring_io){ }) == -EAGAIN);
	EXPECT(host_fault(MOCK_VMBUS_SITE_KICK_DROP, relid, 0, 1, 0) == 0);
	expect_hit(MOCK_VMBUS_SITE_IRQ_DROP);
	expect_hit(MOCK_VMBUS_SITE_IRQ_DELAY);
	expect_hit(MOCK_VMBUS_SITE_IRQ_SPURIOUS);
	EXPECT(host_next(&rec) == 0 && rec.type == MOCK_VMBUS_EV_KICK);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == 0);
	expect_hit(MOCK_VMBUS_SITE_KICK_DROP);
	EXPECT(poll(&(struct pollfd){ .fd = host_fd, .events = POLLIN }, 1, 0) ==
	       0);
}

static uint64_t tamper(enum mock_vmbus_tamper field, uint32_t value)
{
	return (uint64_t)field << 32 | value;
}

static void test_tamper(void)
{
	int relid = host_channel(1, 0);

	EXPECT(relid > 0);
	EXPECT(host_fault(MOCK_VMBUS_SITE_PKT_TAMPER, relid, 0, 1,
			  tamper(MOCK_VMBUS_TAMPER_TYPE, 9)) == 0);
	EXPECT(host_send(relid, 11, 1, "abcdefgh", 8, 0) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_LAST_TYPE) == 9);
	EXPECT(host_fault(MOCK_VMBUS_SITE_PKT_TAMPER, relid, 0, 1,
			  tamper(MOCK_VMBUS_TAMPER_OFFSET8, 0xffff)) == 0);
	EXPECT(host_send(relid, 11, 2, "abcdefgh", 8, 0) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_LAST_LEN) == 8);
	EXPECT(host_fault(MOCK_VMBUS_SITE_PKT_TAMPER, relid, 0, 1,
			  tamper(MOCK_VMBUS_TAMPER_PAYLOAD, 0x12345678)) == 0);
	EXPECT(host_send(relid, 11, 3, "abcdefgh", 8, 0) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_LAST_WORD) == 0x12345678);
	EXPECT(guest_state(1, MOCK_ECHO_PACKETS) == 3);
}

static void test_index_corrupt(void)
{
	int relid = host_channel(1, 0);
	struct mock_vmbus_ring_io io;
	uint8_t buffer[64];
	struct ring *ring;

	EXPECT(relid > 0);
	ring = host_map(MOCK_VMBUS_RING_OFFSET(relid), 2 * RING);
	EXPECT(ring);
	EXPECT(host_fault(MOCK_VMBUS_SITE_INDEX_CORRUPT, relid, 0, 1,
			  (uint64_t)MOCK_VMBUS_INDEX_OUT_READ << 32 | 4096) ==
	       0);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == -EIO);
	ring->read_index = 0;
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == 0);
	ring->read_index = 4;
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == -EIO);
	ring->read_index = 0;
	/* A packet that does not end where its trailer says. */
	EXPECT(set_parameter("log_guest_bugs", "0") == 0);
	ring->data[28] = 1;
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == -EIO);
	EXPECT(host_check(MOCK_VMBUS_CHECK_RING) == 1);
	/* The guest's index is wrong: the host notices. */
	ring = (struct ring *)((char *)ring + RING);
	ring->read_index = 0xfffffff8;
	EXPECT(host_send(relid, 6, 1, "a", 1, 0) == -EIO);
	munmap((char *)ring - RING, 2 * RING);
}

/* The host's answer is ignored; only a rescind helps. */
static void test_never_answered(void)
{
	struct mock_vmbus_record rec;
	int relid = host_channel(1, 0);
	struct guest_op op;

	EXPECT(relid > 0);
	EXPECT(host_fault(MOCK_VMBUS_SITE_GPADL, 0, 0, 1, 0) == 0);
	guest_prepare(&op, 1, MOCK_ECHO_OP_GPADL, PAGE, 0, 0);
	EXPECT(guest_start(&op) == 0);
	expect_hit(MOCK_VMBUS_SITE_GPADL);
	EXPECT(host_expect(MOCK_VMBUS_EV_GPADL, &rec) == 0);
	EXPECT(host_reply(&rec, 0) == 0);
	EXPECT(!guest_done(&op));
	EXPECT(host_rescind(relid, 0) == 0);
	EXPECT(guest_join(&op) == -ENODEV);
}

/* A host that does not answer is broken after the time limit. */
static void test_time_limit(void)
{
	struct pollfd fds = { .fd = host_fd, .events = POLLIN };
	struct mock_vmbus_record rec;
	struct guest_op op;

	EXPECT(host_channel(1, 0) > 0);
	EXPECT(set_parameter("answer_timeout_ms", "100") == 0);
	guest_prepare(&op, 1, MOCK_ECHO_OP_GPADL, PAGE, 0, 0);
	EXPECT(guest_start(&op) == 0);
	EXPECT(guest_join(&op) == -ENODEV);
	EXPECT(host_expect(MOCK_VMBUS_EV_GPADL, NULL) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_BROKEN, &rec) == 0);
	EXPECT(rec.arg[0] == MOCK_VMBUS_BROKEN_TIMEOUT);
	EXPECT(poll(&fds, 1, 0) == 1 && (fds.revents & POLLERR));
	EXPECT(host_offer(2, 0, 0) == -ENODEV);
	EXPECT(host_expect(MOCK_VMBUS_EV_CLOSE, NULL) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_REMOVED, NULL) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_RELID_RELEASED, NULL) == 0);
}

static void mistakes_open(int relid)
{
	struct mock_vmbus_stats stats;
	struct guest_op op;

	EXPECT(guest(1, MOCK_ECHO_OP_MISTAKE, MOCK_ECHO_COMPLETION_ID, 0, 0) ==
	       0);
	EXPECT(host_check(MOCK_VMBUS_CHECK_COMPLETION_ID) == 1);
	EXPECT(guest(1, MOCK_ECHO_OP_MISTAKE, MOCK_ECHO_BAD_FLAGS, 0, 0) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_MISTAKE, MOCK_ECHO_TOO_LONG, 0, 0) ==
	       -EAGAIN);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, DATA - 16 - 8, 1, 0) == -EAGAIN);
	EXPECT(host_check(MOCK_VMBUS_CHECK_PACKET) == 3);
	EXPECT(guest(1, MOCK_ECHO_OP_MISTAKE, MOCK_ECHO_BAD_TEARDOWN, 0, 0) ==
	       -EINVAL);
	EXPECT(guest(1, MOCK_ECHO_OP_MISTAKE, MOCK_ECHO_ODD_GPADL, 0, 0) ==
	       -EINVAL);
	EXPECT(host_check(MOCK_VMBUS_CHECK_GPADL_BAD) == 2);
	EXPECT(guest(1, MOCK_ECHO_OP_MISTAKE, MOCK_ECHO_UNNEEDED_SIGNAL, 0,
		     0) == 0);
	EXPECT(host_stats(relid, &stats) == 0 && stats.unneeded == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_MISTAKE, MOCK_ECHO_CLOSE_IN_CALLBACK, 0,
		     0) == 0);
	EXPECT(host_send(relid, 6, 1, "a", 1, 0) == 0 && host_settle() == 0);
	EXPECT(host_check(MOCK_VMBUS_CHECK_CONTEXT) == 1);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_GPADL, PAGE, 0, 0) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_MMIO, PAGE, PAGE, 0) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_CLOSE, 0, 0, 0) == 0);
	EXPECT(host_check(MOCK_VMBUS_CHECK_GPADL_LEFT) == 1);
}

static void mistakes_closed(int relid)
{
	struct mock_vmbus_stats stats;
	uint64_t buffer[4];

	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == -ENODEV);
	EXPECT(guest(1, MOCK_ECHO_OP_RECV, sizeof(buffer), 0, 0) == 0);
	EXPECT(host_check(MOCK_VMBUS_CHECK_NOT_OPEN) == 2);
	EXPECT(guest(1, MOCK_ECHO_OP_OPEN, PAGE, PAGE, 0) == -EINVAL);
	EXPECT(host_check(MOCK_VMBUS_CHECK_OPEN_ARGS) == 1);
	EXPECT(host_drop(relid) == 0);
	/* The driver forgot its MMIO; the bus took it back. */
	EXPECT(host_check(MOCK_VMBUS_CHECK_MMIO) == 1);
	EXPECT(host_stats(0, &stats) == 0);
	EXPECT(stats.mmio_bytes == 0 && stats.gpadls == 0);
}

static void leave_open(void)
{
	struct guest_op op;
	int relid = host_offer(3, MOCK_ECHO_LEAVE_OPEN, 0);

	EXPECT(relid > 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, NULL) == 0);
	EXPECT(guest_run(&op, 3, MOCK_ECHO_OP_OPEN, RING, RING, 0) == 0);
	EXPECT(host_drop(relid) == 0);
	EXPECT(host_check(MOCK_VMBUS_CHECK_STILL_OPEN) == 1);
}

static void all_mistakes(void)
{
	int relid = host_channel(1, 0);

	EXPECT(relid > 0);
	mistakes_open(relid);
	mistakes_closed(relid);
	leave_open();
}

static void test_mistakes(void)
{
	/* The harness of the VM looks for the log lines: not these. */
	EXPECT(set_parameter("log_guest_bugs", "0") == 0);
	all_mistakes();
}

const struct test fault_tests[] = {
	{ "injected errors", test_errors },
	{ "send faults", test_send_faults },
	{ "signal faults", test_signal_faults },
	{ "tampered packets", test_tamper },
	{ "corrupt indices", test_index_corrupt },
	{ "never answered", test_never_answered },
	{ "time limit", test_time_limit },
	{ "mistakes of the guest", test_mistakes },
	{ NULL, NULL },
};
