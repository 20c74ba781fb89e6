// SPDX-License-Identifier: GPL-2.0
/*
 * The operations of /dev/mock_echo: each calls one function of the bus, in the
 * context of the test program's thread, and returns its result.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "echo.h"

#define FILL_BYTE	0xa5

static int op_open(struct echo *echo, struct mock_echo_run *run)
{
	return echo_open(echo, run->a, run->b, run->c);
}

static int op_close(struct echo *echo, struct mock_echo_run *run)
{
	vmbus_close(echo->hdev->channel);
	return 0;
}

/* Payload byte i is (id + i) modulo 256. */
static void *make_payload(u64 len, u64 id)
{
	u8 *payload;
	u64 i;

	if (len > SZ_1M)
		return NULL;
	payload = kvmalloc(max(len, 1ull), GFP_KERNEL);
	for (i = 0; payload && i < len; i++)
		payload[i] = id + i;
	return payload;
}

static int op_send(struct echo *echo, struct mock_echo_run *run)
{
	void *payload = make_payload(run->a, run->b);
	int ret;

	if (!payload)
		return -ENOMEM;
	ret = vmbus_sendpacket(echo->hdev->channel, payload, run->a, run->b,
			       VM_PKT_DATA_INBAND, run->c);
	kvfree(payload);
	return ret;
}

/* Sends until the bus says no; that is the result. */
static int op_fill(struct echo *echo, struct mock_echo_run *run)
{
	void *payload = make_payload(run->a, 0);
	int ret;

	if (!payload)
		return -ENOMEM;
	do {
		ret = vmbus_sendpacket(echo->hdev->channel, payload, run->a,
				       run->out[0] + 1, VM_PKT_DATA_INBAND, 0);
		run->out[0] += !ret;
	} while (!ret);
	kvfree(payload);
	return ret;
}

static struct echo_buffer *claim_buffer(struct echo *echo, void *memory,
					u32 size)
{
	unsigned int i;

	for (i = 0; i < ECHO_GPADLS; i++) {
		if (cmpxchg(&echo->buffers[i].memory, NULL, memory))
			continue;
		echo->buffers[i].size = size;
		return &echo->buffers[i];
	}
	return NULL;
}

static int op_gpadl(struct echo *echo, struct mock_echo_run *run)
{
	struct echo_buffer *buffer;
	void *memory;
	int ret;

	memory = run->b == MOCK_ECHO_VMALLOC ? vmalloc(run->a) :
					       kmalloc(run->a, GFP_KERNEL);
	if (!memory)
		return -ENOMEM;
	memset(memory, FILL_BYTE, run->a);
	buffer = claim_buffer(echo, memory, run->a);
	if (!buffer) {
		kvfree(memory);
		return -ENOSPC;
	}
	ret = vmbus_establish_gpadl(echo->hdev->channel, memory, run->a,
				    &buffer->gpadl);
	if (ret) {
		buffer->memory = NULL;
		kvfree(memory);
		return ret;
	}
	run->out[0] = buffer->gpadl.gpadl_handle;
	return 0;
}

static struct echo_buffer *find_buffer(struct echo *echo, u32 handle)
{
	unsigned int i;

	for (i = 0; i < ECHO_GPADLS; i++)
		if (echo->buffers[i].memory &&
		    echo->buffers[i].gpadl.gpadl_handle == handle)
			return &echo->buffers[i];
	return NULL;
}

static int op_teardown(struct echo *echo, struct mock_echo_run *run)
{
	struct echo_buffer *buffer = find_buffer(echo, run->a);
	int ret;

	if (!buffer)
		return -ENOENT;
	ret = vmbus_teardown_gpadl(echo->hdev->channel, &buffer->gpadl);
	run->out[0] = buffer->gpadl.gpadl_handle;
	if (!ret) {
		kvfree(buffer->memory);
		buffer->memory = NULL;
	}
	return ret;
}

static int op_memory(struct echo *echo, struct mock_echo_run *run)
{
	struct echo_buffer *buffer = find_buffer(echo, run->a);

	if (!buffer || run->b >= buffer->size)
		return -ENOENT;
	run->out[0] = ((u8 *)buffer->memory)[run->b];
	return 0;
}

static int op_mmio(struct echo *echo, struct mock_echo_run *run)
{
	struct resource *res;
	int ret;

	ret = vmbus_allocate_mmio(&res, echo->hdev, 0, ~0ull, run->a, run->b,
				  false);
	if (!ret)
		run->out[0] = res->start;
	return ret;
}

static int op_mmio_free(struct echo *echo, struct mock_echo_run *run)
{
	vmbus_free_mmio(run->a, run->b);
	return 0;
}

static int op_state(struct echo *echo, struct mock_echo_run *run)
{
	run->out[MOCK_ECHO_CALLBACKS] = echo->callbacks;
	run->out[MOCK_ECHO_PACKETS] = READ_ONCE(echo->packets);
	run->out[MOCK_ECHO_CONTEXTS] = echo->contexts;
	run->out[MOCK_ECHO_LAST_TYPE] = echo->last_type;
	run->out[MOCK_ECHO_LAST_ID] = echo->last_id;
	run->out[MOCK_ECHO_LAST_LEN] = echo->last_len;
	run->out[MOCK_ECHO_LAST_WORD] = echo->last_word;
	run->out[MOCK_ECHO_RESCINDED] = READ_ONCE(echo->hdev->channel->rescind);
	return 0;
}

static int op_wait(struct echo *echo, struct mock_echo_run *run)
{
	return wait_event_interruptible(echo->arrived,
					READ_ONCE(echo->packets) >= run->a);
}

static int op_pending(struct echo *echo, struct mock_echo_run *run)
{
	set_channel_pending_send_size(echo->hdev->channel, run->a);
	return 0;
}

static int op_hold(struct echo *echo, struct mock_echo_run *run)
{
	WRITE_ONCE(echo->hold, run->a);
	return 0;
}

static int op_recv(struct echo *echo, struct mock_echo_run *run)
{
	void *room;
	u32 len = 0;
	u64 id = 0;
	int ret;

	if (run->a > SZ_1M)
		return -ENOMEM;
	room = kvmalloc(max(run->a, 1ull), GFP_KERNEL);
	if (!room)
		return -ENOMEM;
	ret = vmbus_recvpacket(echo->hdev->channel, room, run->a, &len, &id);
	run->out[0] = len;
	run->out[1] = id;
	kvfree(room);
	return ret;
}

static int op_mistake(struct echo *echo, struct mock_echo_run *run)
{
	struct vmbus_channel *channel = echo->hdev->channel;
	struct vmbus_gpadl gpadl = { .gpadl_handle = 0xdead };
	struct page *page;
	u64 word = 0;
	int ret = 0;

	switch (run->a) {
	case MOCK_ECHO_COMPLETION_ID:
		return vmbus_sendpacket(channel, &word, sizeof(word), 0,
					VM_PKT_DATA_INBAND, 1);
	case MOCK_ECHO_BAD_FLAGS:
		return vmbus_sendpacket(channel, &word, sizeof(word), 0,
					VM_PKT_DATA_INBAND, 4);
	case MOCK_ECHO_TOO_LONG:
		return vmbus_sendpacket(channel, &word, 600000, 0,
					VM_PKT_DATA_INBAND, 0);
	case MOCK_ECHO_BAD_TEARDOWN:
		return vmbus_teardown_gpadl(channel, &gpadl);
	case MOCK_ECHO_BAD_MMIO:
		vmbus_free_mmio(0x1000, 0x1000);
		return 0;
	case MOCK_ECHO_CLOSE_IN_CALLBACK:
		WRITE_ONCE(echo->close_in_callback, true);
		return 0;
	case MOCK_ECHO_UNNEEDED_SIGNAL:
		vmbus_setevent(channel);
		return 0;
	case MOCK_ECHO_ODD_GPADL:
		page = alloc_page(GFP_KERNEL);
		if (!page)
			return -ENOMEM;
		ret = vmbus_establish_gpadl(channel, page_address(page) + 8,
					    PAGE_SIZE, &gpadl);
		__free_page(page);
		return ret;
	}
	return -EINVAL;
}

static int op_go(struct echo *echo, struct mock_echo_run *run)
{
	complete(&echo->go);
	return 0;
}

static int (*const echo_ops[])(struct echo *echo, struct mock_echo_run *run) = {
	[MOCK_ECHO_OP_OPEN] = op_open,
	[MOCK_ECHO_OP_CLOSE] = op_close,
	[MOCK_ECHO_OP_SEND] = op_send,
	[MOCK_ECHO_OP_FILL] = op_fill,
	[MOCK_ECHO_OP_GPADL] = op_gpadl,
	[MOCK_ECHO_OP_TEARDOWN] = op_teardown,
	[MOCK_ECHO_OP_MEMORY] = op_memory,
	[MOCK_ECHO_OP_MMIO] = op_mmio,
	[MOCK_ECHO_OP_MMIO_FREE] = op_mmio_free,
	[MOCK_ECHO_OP_STATE] = op_state,
	[MOCK_ECHO_OP_WAIT] = op_wait,
	[MOCK_ECHO_OP_PENDING] = op_pending,
	[MOCK_ECHO_OP_HOLD] = op_hold,
	[MOCK_ECHO_OP_RECV] = op_recv,
	[MOCK_ECHO_OP_MISTAKE] = op_mistake,
	[MOCK_ECHO_OP_GO] = op_go,
};

/**
 * echo_run - run one operation
 * @run: in and out
 *
 * Return: of the operation; -ENXIO when the device is not bound.
 */
int echo_run(struct mock_echo_run *run)
{
	struct echo *echo;
	int ret;

	memset(run->out, 0, sizeof(run->out));
	if (run->op == MOCK_ECHO_OP_KHOST)
		return echo_khost(&run->out[0]);
	if (run->op >= ARRAY_SIZE(echo_ops) || !echo_ops[run->op])
		return -EINVAL;
	echo = echo_get(run->instance);
	if (!echo)
		return -ENXIO;
	ret = echo_ops[run->op](echo, run);
	echo_put(echo);
	return ret;
}
