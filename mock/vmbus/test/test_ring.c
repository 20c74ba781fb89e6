// SPDX-License-Identifier: GPL-2.0
/* Rings: packet format, signalling rules, full rings, clamps, contexts. */
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "selftest.h"

static uint16_t half(const uint8_t *p)
{
	return p[0] | p[1] << 8;
}

static uint64_t kicks(uint32_t relid)
{
	struct mock_vmbus_stats stats;

	return host_stats(relid, &stats) ? UINT64_MAX : stats.kicks;
}

static void test_packet_format(void)
{
	int relid = host_channel(1, 0);
	struct ring *ring;
	const uint8_t *p;
	unsigned int i;

	EXPECT(relid > 0);
	ring = host_map(MOCK_VMBUS_RING_OFFSET(relid), 2 * RING);
	EXPECT(ring);
	/* What was in the pad bytes before must not show. */
	memset(ring->data, 0xff, DATA);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 5, 7, 1) == 0);
	p = ring->data;
	EXPECT(half(p) == 6 && half(p + 2) == 2 && half(p + 4) == 3);
	EXPECT(half(p + 6) == 1 && p[8] == 7 && p[9] == 0);
	for (i = 0; i < 5; i++)
		EXPECT(p[16 + i] == 7 + i);
	EXPECT(!p[21] && !p[22] && !p[23]);
	EXPECT(!memcmp(p + 24, "\0\0\0\0\0\0\0\0", 8));
	EXPECT(ring->write_index == 32);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 0, 8, 0) == 0);
	EXPECT(ring->write_index == 56);
	/* The trailer says where its packet starts. */
	EXPECT(!memcmp(p + 48, "\0\0\0\0\x20\0\0\0", 8));
	munmap(ring, 2 * RING);
}

/* Kick only when the ring was empty and the host has not masked it. */
static void test_kick_rules(void)
{
	int relid = host_channel(1, 0);
	struct mock_vmbus_ring_io io;
	struct mock_vmbus_record rec;
	uint8_t buffer[64];
	struct ring *ring;

	EXPECT(relid > 0);
	ring = host_map(MOCK_VMBUS_RING_OFFSET(relid), 2 * RING);
	EXPECT(ring);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == 0);
	EXPECT(kicks(relid) == 1);
	EXPECT(host_next(&rec) == 0);
	EXPECT(rec.type == MOCK_VMBUS_EV_KICK && (int)rec.relid == relid);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 2, 0) == 0);
	EXPECT(kicks(relid) == 1);
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == 0);
	EXPECT(io.type == 6 && io.trans_id == 1 && io.length == 8);
	EXPECT(host_recv(relid, buffer, 4, &io) == -ENOBUFS && io.length == 8);
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == 0);
	EXPECT(io.trans_id == 2);
	/* Masked while draining. */
	EXPECT(ring->interrupt_mask == 1);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 3, 0) == 0);
	EXPECT(kicks(relid) == 1);
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == 0);
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == -EAGAIN);
	EXPECT(ring->interrupt_mask == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 4, 0) == 0);
	EXPECT(kicks(relid) == 2);
	munmap(ring, 2 * RING);
}

static void fill(uint8_t *data, uint32_t len, uint32_t seed)
{
	uint32_t i;

	for (i = 0; i < len; i++)
		data[i] = seed * 31 + i;
}

/* Every offset in the ring is the start of a packet once, both ways. */
static void test_echo_wrap(void)
{
	static uint8_t sent[2048], received[2048];
	int relid = host_channel(1, MOCK_ECHO_MODE_REPLY);
	struct mock_vmbus_ring_io io;
	uint32_t i, len, padded;
	int ret;

	EXPECT(relid > 0);
	for (i = 1; i <= 2000; i++) {
		len = i * 37 % 1500;
		padded = (len + 7) / 8 * 8;
		fill(sent, len, i);
		memset(sent + len, 0, padded - len);
		EXPECT(host_send(relid, 6, i, sent, len, 0) == 0);
		do
			ret = host_recv(relid, received, sizeof(received), &io);
		while (ret == -EAGAIN && host_settle() == 0);
		EXPECT(ret == 0 && io.trans_id == i && io.length == padded);
		EXPECT(!memcmp(sent, received, padded));
	}
	EXPECT(guest_state(1, MOCK_ECHO_PACKETS) == 2000);
	EXPECT(guest_state(1, MOCK_ECHO_CONTEXTS) == 1);
	EXPECT(host_check(MOCK_VMBUS_CHECK_RING) == 0);
}

/* The guest fills its ring; equality of indices must always mean empty. */
static void test_guest_full(void)
{
	int relid = host_channel(1, 0);
	struct mock_vmbus_ring_io io;
	struct mock_vmbus_stats stats;
	struct guest_op op;
	uint8_t buffer[64];
	struct ring *ring;
	uint64_t before;

	EXPECT(relid > 0);
	ring = host_map(MOCK_VMBUS_RING_OFFSET(relid), 2 * RING);
	EXPECT(ring);
	guest_prepare(&op, 1, MOCK_ECHO_OP_FILL, 8, 0, 0);
	EXPECT(guest_answered(&op) == -EAGAIN);
	/* 32 bytes each; the last 32 would make the ring look empty. */
	EXPECT(op.run.out[0] == DATA / 32 - 1);
	EXPECT(ring->write_index == DATA - 32);
	EXPECT(host_stats(relid, &stats) == 0);
	EXPECT(stats.full == 1 && stats.sent == op.run.out[0]);
	/* Nobody asked for a signal: room alone makes no interrupt. */
	before = stats.interrupts;
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == 0);
	EXPECT(host_settle() == 0 && host_stats(relid, &stats) == 0);
	EXPECT(stats.interrupts == before);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == -EAGAIN);
	/* Wait for 100 bytes: the third packet gives 32 + 32 * 3 = 128. */
	EXPECT(guest(1, MOCK_ECHO_OP_PENDING, 100, 0, 0) == 0);
	EXPECT(ring->pending_send_sz == 100);
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == 0);
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == 0);
	EXPECT(host_settle() == 0 && host_stats(relid, &stats) == 0);
	EXPECT(stats.interrupts == before);
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == 0);
	EXPECT(host_settle() == 0 && host_stats(relid, &stats) == 0);
	EXPECT(stats.interrupts == before + 1 && stats.spurious == 1);
	EXPECT(host_recv(relid, buffer, sizeof(buffer), &io) == 0);
	EXPECT(host_settle() == 0 && host_stats(relid, &stats) == 0);
	EXPECT(stats.interrupts == before + 1);
	munmap(ring, 2 * RING);
}

/* The host fills its ring and is told of room. */
static void test_host_full(void)
{
	int relid = host_channel(1, MOCK_ECHO_MODE_DIRECT);
	uint8_t word[8] = { 1 };
	uint32_t n = 0;
	int ret;

	EXPECT(relid > 0);
	EXPECT(guest(1, MOCK_ECHO_OP_HOLD, 1, 0, 0) == 0);
	while (!(ret = host_send(relid, 6, n + 1, word, 8, 0)))
		n++;
	EXPECT(ret == -EAGAIN && n == DATA / 32 - 1);
	EXPECT(host_send(relid, 6, 1, NULL, 0, MOCK_VMBUS_RING_PENDING) == 0);
	EXPECT(host_send(relid, 6, 1, word, 8, MOCK_VMBUS_RING_PENDING) ==
	       -EAGAIN);
	EXPECT(kicks(relid) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_HOLD, 0, 0, 0) == 0);
	EXPECT(ioctl(host_fd, MOCK_VMBUS_IRQ, (unsigned long)relid) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_PACKETS) == n + 1);
	EXPECT(kicks(relid) == 1);
	EXPECT(host_send(relid, 6, 1, word, 8, 0) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(kicks(relid) == 1);
	EXPECT(host_send(relid, 6, 1, NULL, 8, 0) == -EFAULT);
}

/* One interrupt for a burst into a ring that the guest has not drained. */
static void test_interrupts(void)
{
	int relid = host_channel(1, 0);
	struct mock_vmbus_stats stats;

	EXPECT(relid > 0);
	EXPECT(guest(1, MOCK_ECHO_OP_HOLD, 1, 0, 0) == 0);
	EXPECT(ioctl(host_fd, MOCK_VMBUS_IRQ, (unsigned long)relid) == 0);
	EXPECT(host_settle() == 0 && host_stats(relid, &stats) == 0);
	EXPECT(stats.interrupts == 1 && stats.spurious == 1);
	EXPECT(host_send(relid, 6, 1, "abc", 3, MOCK_VMBUS_RING_NO_SIGNAL) == 0);
	EXPECT(host_settle() == 0 && host_stats(relid, &stats) == 0);
	EXPECT(stats.interrupts == 1);
	EXPECT(guest(1, MOCK_ECHO_OP_HOLD, 0, 0, 0) == 0);
	EXPECT(host_send(relid, 6, 2, "abc", 3, 0) == 0);
	EXPECT(host_settle() == 0 && host_stats(relid, &stats) == 0);
	/* Not empty before: no signal by the rules, nothing was read. */
	EXPECT(stats.interrupts == 1 && stats.received == 0);
	EXPECT(ioctl(host_fd, MOCK_VMBUS_IRQ, (unsigned long)relid) == 0);
	EXPECT(host_settle() == 0 && host_stats(relid, &stats) == 0);
	EXPECT(stats.interrupts == 2 && stats.received == 2);
	EXPECT(guest_state(1, MOCK_ECHO_LAST_ID) == 2);
	EXPECT(ioctl(host_fd, MOCK_VMBUS_IRQ, 99ul) == -1 && errno == ENOENT);
}

static void test_recvpacket(void)
{
	int relid = host_channel(1, MOCK_ECHO_MODE_DIRECT);
	struct guest_op op;

	EXPECT(relid > 0);
	EXPECT(guest(1, MOCK_ECHO_OP_HOLD, 1, 0, 0) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_RECV, 64, 0, 0) == 0);
	EXPECT(op.run.out[0] == 0);
	EXPECT(host_send(relid, 11, 77, "0123456789", 10, 0) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_RECV, 0, 0, 0) == -EINVAL);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_RECV, 8, 0, 0) == -ENOBUFS);
	EXPECT(op.run.out[0] == 16 && op.run.out[1] == 77);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_RECV, 64, 0, 0) == 0);
	EXPECT(op.run.out[0] == 16 && op.run.out[1] == 77);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_RECV, 64, 0, 0) == 0);
	EXPECT(op.run.out[0] == 0);
}

/* A packet as the host's own bytes: descriptor fields and payload. */
static void raw_packet(uint8_t *p, uint16_t offset8, uint16_t len8, uint8_t id)
{
	memset(p, 0, 64);
	p[0] = 6;
	p[2] = offset8;
	p[3] = offset8 >> 8;
	p[4] = len8;
	p[5] = len8 >> 8;
	p[8] = id;
	p[16] = 0x11;
	p[24] = 0x22;
}

static void test_clamps(void)
{
	int relid = host_channel(1, MOCK_ECHO_MODE_SMALL);
	uint8_t p[64];

	EXPECT(relid > 0);
	/* Data offset beyond the packet: as if it were 16. */
	raw_packet(p, 100, 4, 1);
	EXPECT(host_send(relid, 0, 0, p, 32, MOCK_VMBUS_RING_RAW) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_LAST_ID) == 1);
	EXPECT(guest_state(1, MOCK_ECHO_LAST_LEN) == 16);
	EXPECT(guest_state(1, MOCK_ECHO_LAST_WORD) == 0x11);
	/* A data offset inside is the host's choice. */
	raw_packet(p, 3, 4, 2);
	EXPECT(host_send(relid, 0, 0, p, 32, MOCK_VMBUS_RING_RAW) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_LAST_LEN) == 8);
	EXPECT(guest_state(1, MOCK_ECHO_LAST_WORD) == 0x22);
	EXPECT(host_send(relid, 0, 0, p, 30, MOCK_VMBUS_RING_RAW) == -EINVAL);
}

/* Lengths that do not fit: everything unread, or as much as is allowed. */
static void test_length_clamps(void)
{
	int relid = host_channel(1, MOCK_ECHO_MODE_SMALL |
				    MOCK_ECHO_MODE_DIRECT);
	uint8_t p[64], big[200] = { 0x33 };
	struct guest_op op;

	EXPECT(relid > 0);
	EXPECT(guest(1, MOCK_ECHO_OP_HOLD, 1, 0, 0) == 0);
	raw_packet(p, 2, 0, 3);
	EXPECT(host_send(relid, 0, 0, p, 32, MOCK_VMBUS_RING_RAW) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_RECV, 1024, 0, 0) == 0);
	/* The trailer counts as unread, too. */
	EXPECT(op.run.out[0] == 24 && op.run.out[1] == 3);
	EXPECT(host_drop(relid) == 0);
	/* Larger than max_pkt_size: cut, and the framing is lost. */
	relid = host_channel(2, MOCK_ECHO_MODE_SMALL | MOCK_ECHO_MODE_DIRECT);
	EXPECT(relid > 0);
	EXPECT(guest(2, MOCK_ECHO_OP_HOLD, 1, 0, 0) == 0);
	EXPECT(host_send(relid, 6, 4, big, sizeof(big), 0) == 0);
	EXPECT(guest(2, MOCK_ECHO_OP_RECV, 47, 0, 0) == -ENOBUFS);
	EXPECT(guest_run(&op, 2, MOCK_ECHO_OP_RECV, 48, 0, 0) == 0);
	EXPECT(op.run.out[0] == 48 && op.run.out[1] == 4);
	EXPECT(guest_run(&op, 2, MOCK_ECHO_OP_RECV, 1024, 0, 0) == 0);
	EXPECT(op.run.out[0] == 48 && op.run.out[1] == 0);
}

static void test_kickfd(void)
{
	int relid = host_channel(1, 0);
	struct mock_vmbus_eventfd arg = { .relid = relid, .fd = -1 };
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	eventfd_t value;

	EXPECT(relid > 0 && fd >= 0);
	EXPECT(guest(1, MOCK_ECHO_OP_SEND, 8, 1, 0) == 0);
	arg.fd = fd;
	/* A kick is pending: the eventfd gets it at once. */
	EXPECT(host_ioctl(MOCK_VMBUS_SET_KICKFD, &arg) == 0);
	EXPECT(eventfd_read(fd, &value) == 0 && value == 1);
	EXPECT(host_recv(relid, NULL, 0, &(struct mock_vmbus_ring_io){ }) ==
	       -ENOBUFS);
	EXPECT(poll(&(struct pollfd){ .fd = host_fd, .events = POLLIN }, 1, 0) ==
	       0);
	EXPECT(host_fault(MOCK_VMBUS_SITE_KICK_DROP, 0, 0, 0, 0) == 0);
	arg.fd = -1;
	EXPECT(host_ioctl(MOCK_VMBUS_SET_KICKFD, &arg) == 0);
	arg.fd = host_fd;
	EXPECT(host_ioctl(MOCK_VMBUS_SET_KICKFD, &arg) == -EINVAL);
	arg.relid = 55;
	EXPECT(host_ioctl(MOCK_VMBUS_SET_KICKFD, &arg) == -ENOENT);
	close(fd);
}

static void test_irqfd(void)
{
	int relid = host_channel(1, 0);
	struct mock_vmbus_eventfd arg = { .relid = relid, .fd = -1 };
	int fd = eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);

	EXPECT(relid > 0 && fd >= 0);
	arg.fd = fd;
	/* Written before it was attached. */
	EXPECT(host_ioctl(MOCK_VMBUS_SET_IRQFD, &arg) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_CALLBACKS) == 1);
	EXPECT(host_send(relid, 6, 1, "a", 1, MOCK_VMBUS_RING_NO_SIGNAL) == 0);
	EXPECT(eventfd_write(fd, 1) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_PACKETS) == 1);
	EXPECT(guest_state(1, MOCK_ECHO_CONTEXTS) == 1);
	arg.fd = -1;
	EXPECT(host_ioctl(MOCK_VMBUS_SET_IRQFD, &arg) == 0);
	EXPECT(eventfd_write(fd, 1) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_CALLBACKS) == 2);
	/* Left attached when the channel and then the host go. */
	arg.fd = fd;
	EXPECT(host_ioctl(MOCK_VMBUS_SET_IRQFD, &arg) == 0);
	EXPECT(host_rescind(relid, MOCK_VMBUS_RESCIND_WAIT) == 0);
	EXPECT(eventfd_write(fd, 1) == 0);
	close(fd);
}

const struct test ring_tests[] = {
	{ "packet format", test_packet_format },
	{ "kick rules", test_kick_rules },
	{ "echo with wrap", test_echo_wrap },
	{ "guest ring full", test_guest_full },
	{ "host ring full", test_host_full },
	{ "interrupts", test_interrupts },
	{ "recvpacket", test_recvpacket },
	{ "data offset clamps", test_clamps },
	{ "length clamps", test_length_clamps },
	{ "kick eventfd", test_kickfd },
	{ "irq eventfd", test_irqfd },
	{ NULL, NULL },
};
