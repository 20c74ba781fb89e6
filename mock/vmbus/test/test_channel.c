// SPDX-License-Identifier: GPL-2.0
/* Offer, probe, open, close: events, states, results, memory format. */
#include "selftest.h"

/* Returns the record of the ring's GPADL and of the open, both unanswered so far. */
static void open_events(struct guest_op *op, struct mock_vmbus_record *open)
{
	struct mock_vmbus_record gpadl;

	guest_prepare(op, 1, MOCK_ECHO_OP_OPEN, RING, 3 * PAGE, 0);
	EXPECT(guest_start(op) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_GPADL, &gpadl) == 0);
	EXPECT(gpadl.size == 5 * PAGE && gpadl.arg[0] == 5 && gpadl.arg[1]);
	EXPECT(gpadl.gpadl >= 0xe1e10);
	EXPECT(host_reply(&gpadl, 0) == 0);
	EXPECT(host_reply(&gpadl, 0) == -ENOENT);
	EXPECT(host_expect(MOCK_VMBUS_EV_OPEN, open) == 0);
	EXPECT(open->gpadl == gpadl.gpadl && open->size == 5 * PAGE);
	EXPECT(open->arg[0] == RING && open->arg[2] == 10);
}

static void check_open_data(uint32_t relid)
{
	struct mock_vmbus_open_data data = { .relid = relid };

	EXPECT(host_ioctl(MOCK_VMBUS_OPEN_DATA, &data) == 0);
	EXPECT(data.send_size == RING && data.recv_size == 3 * PAGE);
	EXPECT(!strcmp((char *)data.user_data, "mock echo"));
}

static void close_channel(uint8_t *map)
{
	struct mock_vmbus_record rec;
	struct guest_op op;

	guest_prepare(&op, 1, MOCK_ECHO_OP_CLOSE, 0, 0, 0);
	EXPECT(guest_start(&op) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_CLOSE, &rec) == 0);
	EXPECT(rec.cookie == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_TEARDOWN, &rec) == 0);
	/* The guest waits: the rings are still there. */
	EXPECT(readable(map) && !guest_done(&op));
	EXPECT(host_reply(&rec, 0) == 0);
	EXPECT(guest_join(&op) == 0);
	EXPECT(!readable(map) && !readable(map + RING));
}

static void test_open_close(void)
{
	struct mock_vmbus_record rec;
	struct ring *out, *in;
	struct guest_op op;
	uint8_t *map;
	int relid;

	relid = host_offer(1, 0, 0);
	EXPECT(relid == 1);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, &rec) == 0);
	EXPECT(rec.relid == 1 && !rec.status && !strcmp(rec.name, "mock_echo"));
	open_events(&op, &rec);
	check_open_data(relid);
	map = host_map(MOCK_VMBUS_RING_OFFSET(relid), 5 * PAGE);
	EXPECT(map);
	out = (struct ring *)map;
	in = (struct ring *)(map + RING);
	EXPECT(out->feature_bits == 1 && in->feature_bits == 1);
	EXPECT(!out->write_index && !out->read_index && !in->write_index);
	EXPECT(host_reply(&rec, 0) == 0);
	EXPECT(guest_join(&op) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_OPEN, RING, RING, 0) == -EINVAL);
	close_channel(map);
	munmap(map, 5 * PAGE);
	EXPECT(!host_map(MOCK_VMBUS_RING_OFFSET(relid), 5 * PAGE));
	/* Again on the same channel. */
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_OPEN, RING, RING, 0) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_CLOSE, 0, 0, 0) == 0);
	EXPECT(guest(1, MOCK_ECHO_OP_CLOSE, 0, 0, 0) == 0);
}

static void test_open_refused(void)
{
	struct mock_vmbus_record rec;
	struct guest_op op;

	EXPECT(host_offer(1, 0, 0) > 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, &rec) == 0);
	open_events(&op, &rec);
	EXPECT(host_reply(&rec, 5) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_TEARDOWN, &rec) == 0);
	EXPECT(host_reply(&rec, 0) == 0);
	EXPECT(guest_join(&op) == -EAGAIN);

	guest_prepare(&op, 1, MOCK_ECHO_OP_OPEN, RING, RING, 0);
	EXPECT(guest_start(&op) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_GPADL, &rec) == 0);
	EXPECT(host_reply(&rec, -1) == 0);
	EXPECT(guest_join(&op) == -EDQUOT);

	EXPECT(guest(1, MOCK_ECHO_OP_OPEN, RING + 1, RING, 0) == -EINVAL);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_OPEN, RING, RING, 0) == 0);
}

/* The host may send as soon as it accepts, even before the guest knows. */
static void test_send_before_open_returns(void)
{
	struct mock_vmbus_record rec;
	struct guest_op op;
	int relid = host_offer(1, 0, 0);

	EXPECT(relid > 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, NULL) == 0);
	EXPECT(host_send(relid, 6, 1, "x", 1, 0) == -ENOTCONN);
	open_events(&op, &rec);
	EXPECT(host_send(relid, 6, 1, "x", 1, 0) == 0);
	EXPECT(host_settle() == 0);
	EXPECT(guest_state(1, MOCK_ECHO_PACKETS) == 1);
	EXPECT(host_reply(&rec, 0) == 0);
	EXPECT(guest_join(&op) == 0);
}

static void test_offers(void)
{
	struct mock_vmbus_offer offer = {
		.type = MOCK_ECHO_CLASS,
		.instance = { [15] = 9 },
		.relid = 2047,
	};

	EXPECT(host_ioctl(MOCK_VMBUS_OFFER, &offer) == 0);
	EXPECT(offer.relid == 2047);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, NULL) == 0);
	EXPECT(host_ioctl(MOCK_VMBUS_OFFER, &offer) == -EEXIST);
	offer.instance[15] = 10;
	EXPECT(host_ioctl(MOCK_VMBUS_OFFER, &offer) == -EEXIST);
	offer.relid = 2048;
	EXPECT(host_ioctl(MOCK_VMBUS_OFFER, &offer) == -EINVAL);
	offer.relid = 0;
	offer.sub_channel_index = 1;
	EXPECT(host_ioctl(MOCK_VMBUS_OFFER, &offer) == -EINVAL);
	offer.sub_channel_index = 0;
	EXPECT(host_ioctl(MOCK_VMBUS_OFFER, &offer) == 0 && offer.relid == 1);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, NULL) == 0);
	EXPECT(host_rescind(7, 0) == -ENOENT);
	EXPECT(host_rescind(2047, MOCK_VMBUS_RESCIND_WAIT) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_REMOVED, NULL) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_RELID_RELEASED, NULL) == 0);
	offer.relid = 2047;
	offer.instance[15] = 9;
	EXPECT(host_ioctl(MOCK_VMBUS_OFFER, &offer) == 0);
}

static void test_failed_probe(void)
{
	struct mock_vmbus_record rec;
	int relid = host_offer(1, MOCK_ECHO_FAIL_PROBE, 0);

	EXPECT(relid > 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, &rec) == 0);
	EXPECT(rec.status == -EIO);
	EXPECT(host_settle() == 0);
	EXPECT(host_rescind(relid, MOCK_VMBUS_RESCIND_WAIT) == 0);
	/* No remove for a device without driver. */
	EXPECT(host_expect(MOCK_VMBUS_EV_RELID_RELEASED, NULL) == 0);
}

static void test_many_channels(void)
{
	struct mock_vmbus_ring_io io;
	uint8_t buffer[64];
	int relid[8], i;

	for (i = 0; i < 8; i++) {
		relid[i] = host_channel(i + 1, MOCK_ECHO_MODE_REPLY);
		EXPECT(relid[i] == i + 1);
	}
	for (i = 0; i < 8; i++)
		EXPECT(host_send(relid[i], 6, i, &i, sizeof(i), 0) == 0);
	EXPECT(host_settle() == 0);
	for (i = 0; i < 8; i++) {
		EXPECT(host_recv(relid[i], buffer, sizeof(buffer), &io) == 0);
		EXPECT(io.trans_id == (unsigned int)i && buffer[0] == i);
	}
}

static void test_sync_close(void)
{
	struct mock_vmbus_record rec;
	struct guest_op op;
	uint8_t *map;
	int relid = host_offer(1, 0, MOCK_VMBUS_OFFER_SYNC_CLOSE);

	EXPECT(relid > 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_PROBE_DONE, NULL) == 0);
	EXPECT(guest_run(&op, 1, MOCK_ECHO_OP_OPEN, RING, RING, 0) == 0);
	map = host_map(MOCK_VMBUS_RING_OFFSET(relid), 2 * RING);
	EXPECT(map);
	/* Also when it is the host who withdraws the channel. */
	EXPECT(host_rescind(relid, 0) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_CLOSE, &rec) == 0);
	EXPECT(rec.cookie && readable(map));
	EXPECT(host_reply(&rec, 0) == 0);
	EXPECT(host_expect(MOCK_VMBUS_EV_REMOVED, NULL) == 0);
	EXPECT(!readable(map));
	munmap(map, 2 * RING);
}

const struct test channel_tests[] = {
	{ "open and close", test_open_close },
	{ "open refused", test_open_refused },
	{ "send before open returns", test_send_before_open_returns },
	{ "offers", test_offers },
	{ "failed probe", test_failed_probe },
	{ "many channels", test_many_channels },
	{ "synchronous close", test_sync_close },
	{ NULL, NULL },
};
