// SPDX-License-Identifier: GPL-2.0
/*
 * In-kernel host against the echo driver: both ways of taking packets, questions
 * answered late, refusals, memory access and the order of events.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "echo.h"
#include "mock_vmbus_host.h"

#define RELID		77
#define INSTANCE	0x77

/**
 * struct khost - what the host has seen
 * @host: instance
 * @open_status: answer to an open
 * @opens: number of opens
 * @closes: number of closes
 * @packets: number of packets
 * @in_sender: packets that came in the sender's own context
 * @sender: thread that sends
 * @last: last packet without its payload
 * @word: first payload word of the last packet
 * @released: the channel is gone
 * @late: answers the open from another thread
 * @cookie: of the question that waits
 * @line: of the first expectation that failed
 */
struct khost {
	struct mock_host *host;
	int open_status;
	int opens;
	int closes;
	int packets;
	int in_sender;
	struct task_struct *sender;
	struct mock_host_packet last;
	u32 word;
	bool released;
	struct work_struct late;
	u64 cookie;
	int line;
};

static int on_open(struct mock_channel *ch, const struct mock_host_open *req,
		   u64 cookie)
{
	struct khost *k = mock_host_priv(mock_channel_host(ch));

	k->opens++;
	k->cookie = cookie;
	if (k->open_status == MOCK_HOST_PENDING)
		schedule_work(&k->late);
	return k->open_status;
}

static void late_answer(struct work_struct *work)
{
	struct khost *k = container_of(work, struct khost, late);

	mock_host_reply(k->host, k->cookie, 0);
}

static void on_close(struct mock_channel *ch, u64 cookie)
{
	struct khost *k = mock_host_priv(mock_channel_host(ch));

	k->closes++;
}

static void on_packet(struct mock_channel *ch,
		      const struct mock_host_packet *pkt)
{
	struct khost *k = mock_host_priv(mock_channel_host(ch));

	k->packets++;
	k->in_sender += current == k->sender;
	k->last = *pkt;
	k->word = pkt->len >= 4 ? *(u32 *)pkt->data : 0;
	if (pkt->flags)
		mock_host_send(ch, VM_PKT_COMP, 0, pkt->trans_id, pkt->data,
			       pkt->len);
}

static void on_released(struct mock_host *host, u32 relid)
{
	struct khost *k = mock_host_priv(host);

	k->released = relid == RELID;
}

static const struct mock_host_ops khost_ops = {
	.open = on_open,
	.close = on_close,
	.packet = on_packet,
	.released = on_released,
};

static const struct mock_host_ops deaf_ops = {
	.released = on_released,
};

static void expect(struct khost *k, bool good, int line)
{
	if (!good && !k->line)
		k->line = line;
}

/* The line of the first expectation that failed is the result of the test. */
#define EXPECT(k, condition)	expect(k, condition, __LINE__)

static int op(u32 number, u64 a, u64 b, u64 c, struct mock_echo_run *run)
{
	*run = (struct mock_echo_run){
		.instance = INSTANCE, .op = number, .a = a, .b = b, .c = c,
	};
	return echo_run(run);
}

static int offer(struct khost *k)
{
	struct mock_vmbus_offer o = {
		.type = MOCK_ECHO_CLASS,
		.instance = { [15] = INSTANCE },
		.relid = RELID,
	};
	int ret = mock_host_offer(k->host, &o);

	return ret ? ret : mock_host_settle(k->host, 0, 30000);
}

static void test_open(struct khost *k)
{
	struct mock_echo_run run;

	k->open_status = 5;
	EXPECT(k, op(MOCK_ECHO_OP_OPEN, 8192, 8192, 0, &run) == -EAGAIN);
	k->open_status = MOCK_HOST_PENDING;
	EXPECT(k, op(MOCK_ECHO_OP_OPEN, 8192, 8192, 0, &run) == 0);
	EXPECT(k, k->opens == 2);
	EXPECT(k, op(MOCK_ECHO_OP_OPEN, 8192, 8192, 0, &run) == -EINVAL);
}

/* One request with completion; the answer comes through the callback. */
static void test_request(struct khost *k, bool is_inline)
{
	struct mock_echo_run run;

	k->sender = current;
	EXPECT(k, op(MOCK_ECHO_OP_SEND, 13, 5, 1, &run) == 0);
	EXPECT(k, op(MOCK_ECHO_OP_WAIT, 1, 0, 0, &run) == 0);
	EXPECT(k, mock_host_settle(k->host, RELID, 30000) == 0);
	EXPECT(k, k->packets == 1);
	EXPECT(k, k->in_sender == is_inline);
	EXPECT(k, k->last.type == VM_PKT_DATA_INBAND && k->last.trans_id == 5);
	EXPECT(k, k->last.len == 16 && k->word == 0x08070605);
	EXPECT(k, op(MOCK_ECHO_OP_STATE, 0, 0, 0, &run) == 0);
	EXPECT(k, run.out[MOCK_ECHO_LAST_TYPE] == VM_PKT_COMP);
	EXPECT(k, run.out[MOCK_ECHO_LAST_ID] == 5);
	EXPECT(k, run.out[MOCK_ECHO_CONTEXTS] == 1);
}

static void test_hold(struct khost *k, struct mock_channel *ch)
{
	struct mock_echo_run run;
	int before = k->packets;
	u64 count;

	mock_host_hold(ch, true);
	EXPECT(k, op(MOCK_ECHO_OP_FILL, 8, 0, 0, &run) == -EAGAIN);
	count = run.out[0];
	/* 4096 bytes in packets of 32, one byte must stay free: 127. */
	EXPECT(k, count == 127);
	EXPECT(k, k->packets == before);
	mock_host_hold(ch, false);
	EXPECT(k, mock_host_settle(k->host, RELID, 30000) == 0);
	EXPECT(k, k->packets == before + count);
	EXPECT(k, op(MOCK_ECHO_OP_SEND, 8, 1, 0, &run) == 0);
	EXPECT(k, mock_host_settle(k->host, RELID, 30000) == 0);
	EXPECT(k, k->packets == before + count + 1);
}

static void test_memory(struct khost *k)
{
	struct mock_echo_run run;
	u8 bytes[3] = { 1, 2, 3 };
	u32 handle, relid, size;

	EXPECT(k, op(MOCK_ECHO_OP_GPADL, 8192, MOCK_ECHO_VMALLOC, 0, &run) == 0);
	handle = run.out[0];
	EXPECT(k, !mock_host_gpadl_info(k->host, handle, &relid, &size));
	EXPECT(k, relid == RELID && size == 8192);
	EXPECT(k, !mock_host_gpadl_rw(k->host, handle, 4095, bytes, 3, true));
	EXPECT(k, op(MOCK_ECHO_OP_MEMORY, handle, 4096, 0, &run) == 0);
	EXPECT(k, run.out[0] == 2);
	EXPECT(k, !mock_host_gpadl_rw(k->host, handle, 4094, bytes, 3, false));
	EXPECT(k, bytes[0] == 0xa5 && bytes[1] == 1 && bytes[2] == 2);
	EXPECT(k, mock_host_gpadl_rw(k->host, handle, 8190, bytes, 3, true) ==
	       -ERANGE);
	EXPECT(k, op(MOCK_ECHO_OP_TEARDOWN, handle, 0, 0, &run) == 0);
	EXPECT(k, mock_host_gpadl_rw(k->host, handle, 0, bytes, 1, false) ==
	       -ENOENT);
}

static void test_channel(struct khost *k, bool is_inline)
{
	struct mock_vmbus_stats stats = { };
	struct mock_channel *ch;
	struct mock_echo_run run;
	unsigned int i;

	EXPECT(k, offer(k) == 0);
	test_open(k);
	test_request(k, is_inline);
	ch = mock_host_channel(k->host, RELID);
	EXPECT(k, ch);
	if (ch) {
		test_hold(k, ch);
		mock_channel_put(ch);
	}
	test_memory(k);
	EXPECT(k, op(MOCK_ECHO_OP_CLOSE, 0, 0, 0, &run) == 0);
	EXPECT(k, k->closes == 1);
	EXPECT(k, mock_host_stats(k->host, &stats) == 0);
	EXPECT(k, stats.sent == k->packets && stats.gpadls == 0);
	for (i = 0; i < MOCK_VMBUS_CHECK_COUNT; i++)
		EXPECT(k, !stats.checks[i]);
	EXPECT(k, mock_host_rescind(k->host, RELID,
				    MOCK_VMBUS_RESCIND_WAIT) == 0);
	EXPECT(k, k->released);
}

/* The owner goes away with the channel open. */
static void test_destroy(struct khost *k)
{
	struct mock_echo_run run;

	EXPECT(k, offer(k) == 0);
	EXPECT(k, op(MOCK_ECHO_OP_OPEN, 8192, 8192, 0, &run) == 0);
	EXPECT(k, op(MOCK_ECHO_OP_GPADL, 4096, MOCK_ECHO_KMALLOC, 0, &run) == 0);
}

/* Return: line that failed, 0 = none. */
static int with_host(const struct mock_host_ops *ops, u32 flags,
		     void (*test)(struct khost *k))
{
	struct khost *k = kzalloc(sizeof(*k), GFP_KERNEL);
	int line;

	if (!k)
		return __LINE__;
	INIT_WORK(&k->late, late_answer);
	k->host = mock_host_create(ops, k, flags);
	if (IS_ERR(k->host)) {
		kfree(k);
		return __LINE__;
	}
	test(k);
	mock_host_destroy(k->host);
	flush_work(&k->late);
	EXPECT(k, k->released);
	line = k->line;
	kfree(k);
	return line;
}

static void test_inline(struct khost *k)
{
	test_channel(k, true);
}

static void test_deferred(struct khost *k)
{
	test_channel(k, false);
}

/**
 * echo_khost - run the tests of the in-kernel host
 * @line: out: line of the expectation that failed, 0 = none
 *
 * Return: 0 or -EINVAL.
 */
int echo_khost(u64 *line)
{
	*line = with_host(&khost_ops, MOCK_HOST_INLINE, test_inline);
	if (!*line)
		*line = with_host(&khost_ops, 0, test_deferred);
	if (!*line)
		*line = with_host(&deaf_ops, 0, test_destroy);
	return *line ? -EINVAL : 0;
}
