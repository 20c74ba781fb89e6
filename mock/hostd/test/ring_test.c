// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of ring.c on plain memory: both ends are rings of ours, so what one
 * writes the other must read; the guest's misbehaviour is poked in by hand.
 */
#include "ring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#define DATA_BYTES	ring_page()

struct fixture {
	uint8_t *mem;
	struct ring in;
	struct ring out;
	uint8_t buf[RING_MAX_PACKET];
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	f->mem = aligned_alloc(ring_page(), ring_page() + DATA_BYTES);
	assert_non_null(f->mem);
	memset(f->mem, 0, ring_page() + DATA_BYTES);
	assert_int_equal(ring_init(&f->in, f->mem, ring_page() + DATA_BYTES), 0);
	assert_int_equal(ring_init(&f->out, f->mem, ring_page() + DATA_BYTES), 0);
	ring_start_producer(&f->out);
	ring_start_consumer(&f->in);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	free(f->mem);
	free(f);
	return 0;
}

static int put(struct fixture *f, uint64_t id, const void *p, size_t len)
{
	bool signal;

	return ring_write(&f->out, RING_TYPE_INBAND, RING_FLAG_COMPLETION, id,
			  p, len, &signal);
}

static int get(struct fixture *f, struct ring_packet *pkt)
{
	return ring_read(&f->in, f->buf, sizeof(f->buf), pkt);
}

/* Both indices to the same place, so that the next packet starts there. */
static void start_at(struct fixture *f, uint32_t pos)
{
	f->in.hdr->read_index = pos;
	f->in.hdr->write_index = pos;
	ring_start_producer(&f->out);
	ring_start_consumer(&f->in);
}

static void test_sizes(void **state)
{
	struct ring r;
	char mem[1];

	(void)state;
	assert_int_equal(ring_init(&r, mem, 0), -EINVAL);
	assert_int_equal(ring_init(&r, mem, ring_page()), -EINVAL);
	assert_int_equal(ring_init(&r, mem, 2 * ring_page() + 8), -EINVAL);
	assert_int_equal(ring_init(&r, mem, (size_t)1 << 32), -EINVAL);
	assert_int_equal(ring_init(&r, mem, 64 * ring_page()), 0);
	assert_int_equal(r.size, 63 * ring_page());
}

static void test_start(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(f->in.hdr->feature_bits & 1, 1);
	assert_int_equal(f->in.hdr->pending_send_sz, 0);
	assert_int_equal(f->in.hdr->interrupt_mask, 1);
}

static void test_round_trip(void **state)
{
	struct fixture *f = *state;
	struct ring_packet pkt;
	uint8_t payload[13];

	memset(payload, 0xa5, sizeof(payload));
	assert_int_equal(get(f, &pkt), 0);
	assert_int_equal(put(f, 77, payload, sizeof(payload)), 0);
	assert_int_equal(get(f, &pkt), 1);
	assert_int_equal(pkt.type, RING_TYPE_INBAND);
	assert_int_equal(pkt.flags, RING_FLAG_COMPLETION);
	assert_int_equal(pkt.trans_id, 77);
	assert_int_equal(pkt.len, 16);
	assert_memory_equal(pkt.payload, payload, sizeof(payload));
	assert_memory_equal(pkt.payload + 13, "\0\0\0", 3);
	assert_int_equal(get(f, &pkt), 0);
}

static void test_empty_payload(void **state)
{
	struct fixture *f = *state;
	struct ring_packet pkt;

	assert_int_equal(put(f, 1, NULL, 0), 0);
	assert_int_equal(f->in.hdr->write_index, 24);
	assert_int_equal(get(f, &pkt), 1);
	assert_int_equal(pkt.len, 0);
}

static void test_every_wrap(void **state)
{
	struct fixture *f = *state;
	struct ring_packet pkt;
	uint8_t payload[40];
	uint32_t pos;
	size_t i;

	for (i = 0; i < sizeof(payload); i++)
		payload[i] = i + 1;
	for (pos = DATA_BYTES - 72; pos < DATA_BYTES; pos += 8) {
		start_at(f, pos);
		assert_int_equal(put(f, pos, payload, sizeof(payload)), 0);
		assert_int_equal(get(f, &pkt), 1);
		assert_int_equal(pkt.len, sizeof(payload));
		assert_memory_equal(pkt.payload, payload, sizeof(payload));
		assert_int_equal(get(f, &pkt), 0);
		ring_release(&f->in);
		assert_int_equal(f->in.hdr->read_index,
				 f->in.hdr->write_index);
		assert_int_equal(f->in.hdr->read_index,
				 (pos + 64) % DATA_BYTES);
	}
}

static void test_full(void **state)
{
	struct fixture *f = *state;
	struct ring_packet pkt;
	uint8_t payload[104] = { 0 };
	unsigned int sent = 0;

	while (put(f, sent, payload, sizeof(payload)) == 0)
		sent++;
	assert_int_equal(sent, (DATA_BYTES - 8) / 128);
	/* Exactly full is refused: equal indices mean empty. */
	assert_int_equal(DATA_BYTES - sent * 128, 128);
	assert_int_equal(put(f, 0, payload, sizeof(payload)), -EAGAIN);
	assert_int_equal(put(f, 0, payload, sizeof(payload) - 8), 0);

	assert_int_equal(get(f, &pkt), 1);
	assert_int_equal(put(f, 0, payload, 8), -EAGAIN);
	ring_release(&f->in);
	assert_int_equal(put(f, 0, payload, 8), 0);
}

static void test_never_fits(void **state)
{
	struct fixture *f = *state;
	static const uint8_t payload[RING_MAX_PAYLOAD];

	assert_int_equal(put(f, 1, payload, DATA_BYTES - 24), -EMSGSIZE);
	assert_int_equal(put(f, 1, payload, RING_MAX_PAYLOAD + 1), -EMSGSIZE);
	assert_int_equal(put(f, 1, payload, DATA_BYTES - 32), 0);
}

static void test_small_buffer(void **state)
{
	struct fixture *f = *state;
	struct ring_packet pkt;
	uint8_t payload[64] = { 0 }, small[32];

	put(f, 1, payload, sizeof(payload));
	assert_int_equal(ring_read(&f->in, small, sizeof(small), &pkt),
			 -EMSGSIZE);
	assert_int_equal(get(f, &pkt), 1);
}

static void test_producer_signal(void **state)
{
	struct fixture *f = *state;
	bool signal;

	/* Masked, although the ring was empty. */
	ring_write(&f->out, RING_TYPE_INBAND, 0, 0, NULL, 0, &signal);
	assert_false(signal);
	start_at(f, 0);
	assert_true(ring_may_sleep(&f->in));
	ring_write(&f->out, RING_TYPE_INBAND, 0, 0, NULL, 0, &signal);
	assert_true(signal);
	/* Not empty any more. */
	ring_write(&f->out, RING_TYPE_INBAND, 0, 0, NULL, 0, &signal);
	assert_false(signal);
}

static void test_sleep(void **state)
{
	struct fixture *f = *state;
	struct ring_packet pkt;

	put(f, 1, NULL, 0);
	assert_false(ring_may_sleep(&f->in));
	assert_int_equal(f->in.hdr->interrupt_mask, 1);
	get(f, &pkt);
	ring_release(&f->in);
	assert_true(ring_may_sleep(&f->in));
	assert_int_equal(f->in.hdr->interrupt_mask, 0);
	ring_wake(&f->in);
	assert_int_equal(f->in.hdr->interrupt_mask, 1);
}

static void test_consumer_signal(void **state)
{
	struct fixture *f = *state;
	struct ring_packet pkt;
	uint8_t payload[104] = { 0 };

	while (put(f, 0, payload, sizeof(payload)) == 0)
		;
	assert_false(ring_release(&f->in));
	/* Nobody waits. */
	get(f, &pkt);
	assert_false(ring_release(&f->in));
	/* Waits for 600 bytes; 256 are free now. */
	ring_want_room(&f->out, 576);
	get(f, &pkt);
	get(f, &pkt);
	assert_false(ring_release(&f->in));
	get(f, &pkt);
	assert_true(ring_release(&f->in));
	/* Enough already before this batch: no second signal. */
	get(f, &pkt);
	assert_false(ring_release(&f->in));
	ring_enough_room(&f->out);
	assert_int_equal(f->in.hdr->pending_send_sz, 0);
}

static void expect_fault(struct fixture *f, enum ring_fault fault)
{
	struct ring_packet pkt;

	assert_int_equal(get(f, &pkt), -EPROTO);
	assert_int_equal(f->in.fault, fault);
	assert_string_not_equal(ring_fault_name(fault), "unknown");
	/* For good, whatever the guest writes afterwards. */
	start_at(f, 0);
	assert_int_equal(get(f, &pkt), -EPROTO);
	assert_true(ring_may_sleep(&f->in));
}

static void test_bad_index(void **state)
{
	const uint32_t bad[] = { DATA_BYTES, 12, ~7u, 1u << 31, 0 };
	size_t i;

	for (i = 0; bad[i]; i++) {
		struct fixture *f;
		bool signal;

		teardown(state);
		setup(state);
		f = *state;
		f->in.hdr->read_index = bad[i];
		assert_int_equal(ring_write(&f->out, 6, 0, 0, NULL, 0, &signal),
				 -EPROTO);
		assert_false(signal);
		f->in.hdr->write_index = bad[i];
		expect_fault(f, RING_FAULT_INDEX);
	}
}

static void test_index_bad_at_release(void **state)
{
	struct fixture *f = *state;
	struct ring_packet pkt;

	put(f, 0, NULL, 0);
	get(f, &pkt);
	f->in.hdr->pending_send_sz = 64;
	f->in.hdr->write_index = 0xffffffff;
	assert_false(ring_release(&f->in));
	assert_int_equal(f->in.fault, RING_FAULT_INDEX);
}

/* Write one 32-byte packet, damage a 16-bit word of its descriptor. */
static void damage(struct fixture *f, unsigned int word, uint16_t value)
{
	uint8_t payload[16] = { 0 };

	put(f, 1, payload, sizeof(payload));
	memcpy(f->in.data + 2 * word, &value, sizeof(value));
}

static void test_length_short(void **state)
{
	damage(*state, 2, 1);
	expect_fault(*state, RING_FAULT_LENGTH);
}

static void test_length_long(void **state)
{
	damage(*state, 2, 5);
	expect_fault(*state, RING_FAULT_LENGTH);
}

static void test_length_huge(void **state)
{
	damage(*state, 2, 0xffff);
	expect_fault(*state, RING_FAULT_LENGTH);
}

static void test_half_packet(void **state)
{
	struct fixture *f = *state;

	f->in.hdr->write_index = 16;
	expect_fault(f, RING_FAULT_LENGTH);
}

static void test_offset(void **state)
{
	static const uint16_t bad[4] = { 0, 1, 5, 0xffff };
	size_t i;

	for (i = 0; i < 4; i++) {
		teardown(state);
		setup(state);
		damage(*state, 1, bad[i]);
		expect_fault(*state, RING_FAULT_OFFSET);
	}
}

static void test_offset_extended(void **state)
{
	struct fixture *f = *state;
	struct ring_packet pkt;

	damage(f, 1, 4);
	assert_int_equal(get(f, &pkt), 1);
	assert_int_equal(pkt.len, 0);
}

static void test_flags(void **state)
{
	damage(*state, 3, 2);
	expect_fault(*state, RING_FAULT_FLAGS);
}

static void test_trailer(void **state)
{
	struct fixture *f = *state;

	damage(f, 0, RING_TYPE_INBAND);
	f->in.data[32 + 4] ^= 8;
	expect_fault(f, RING_FAULT_TRAILER);
}

#define STREAM_PACKETS	20000u

static void *produce(void *arg)
{
	struct fixture *f = arg;
	uint32_t payload[64];
	unsigned int i, k;
	bool signal;

	for (i = 0; i < STREAM_PACKETS; i++) {
		unsigned int words = i % 64;

		for (k = 0; k < words; k++)
			payload[k] = i * 31 + k;
		while (ring_write(&f->out, RING_TYPE_INBAND, 0, i, payload,
				  words * 4, &signal) == -EAGAIN)
			sched_yield();
	}
	return NULL;
}

/* Two threads, thousands of packets of changing size, many wraps. */
static void test_stream(void **state)
{
	struct fixture *f = *state;
	struct ring_packet pkt;
	unsigned int i, k;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, produce, f), 0);
	for (i = 0; i < STREAM_PACKETS; i++) {
		unsigned int words = i % 64;
		uint32_t word;
		int err;

		while ((err = get(f, &pkt)) == 0) {
			ring_release(&f->in);
			sched_yield();
		}
		assert_int_equal(err, 1);
		assert_int_equal(pkt.trans_id, i);
		assert_int_equal(pkt.len, (words * 4 + 7) / 8 * 8);
		for (k = 0; k < words; k++) {
			memcpy(&word, pkt.payload + 4 * k, 4);
			assert_int_equal(word, i * 31 + k);
		}
	}
	pthread_join(thread, NULL);
	assert_int_equal(get(f, &pkt), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sizes),
		TEST(test_start),
		TEST(test_round_trip),
		TEST(test_empty_payload),
		TEST(test_every_wrap),
		TEST(test_full),
		TEST(test_never_fits),
		TEST(test_small_buffer),
		TEST(test_producer_signal),
		TEST(test_sleep),
		TEST(test_consumer_signal),
		TEST(test_bad_index),
		TEST(test_index_bad_at_release),
		TEST(test_length_short),
		TEST(test_length_long),
		TEST(test_length_huge),
		TEST(test_half_packet),
		TEST(test_offset),
		TEST(test_offset_extended),
		TEST(test_flags),
		TEST(test_trailer),
		TEST(test_stream),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
