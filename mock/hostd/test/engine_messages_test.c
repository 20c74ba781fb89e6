// SPDX-License-Identifier: GPL-2.0
/*
 * Framing and robustness: known byte sequences, versions, channels,
 * asynchronous messages, and damaged messages of every command.
 */
#include "engine_fixture.h"

#include "commands.h"

/* One complete payload, extended header included. */
static size_t send_raw(struct guest *g, int channel, const void *payload,
		       size_t len)
{
	pthread_mutex_lock(&g->lock);
	g->trans_id++;
	g->completed = false;
	pthread_mutex_unlock(&g->lock);
	host_message(g->host, channel, g->trans_id, true, payload, len);
	assert_true(g->completed);
	return g->reply_len;
}

static const uint8_t set_io_space[64] = {
	0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0,
	0xf2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xe0, 0, 0, 0, 0,
	0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

static const uint8_t open_adapter[56] = {
	0x10, 0, 0, 0, 0, 0, 0, 0, 0x45, 0x23, 1, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0x0e, 0, 0, 0, 0, 0, 0, 0, 0x28, 0, 0, 0, 0x10, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
};

static const uint8_t internal_info[40] = {
	0x10, 0, 0, 0, 0, 0, 0, 0, 0x45, 0x23, 1, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0x24, 0, 0, 0, 0, 0, 0, 0,
};

static const uint8_t create_process[80] = {
	0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0,
	0xe8, 3, 0, 0, 0, 0, 0, 0,
	0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11,
	0x92, 0x10, 0, 0, 0, 0, 0, 0, 'v', 0, 'k', 0, 'c', 0, 'u', 0,
	'b', 0, 'e', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

static const uint8_t destroy_process[40] = {
	0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0x40, 1, 0, 0, 0,
	0xe9, 3, 0, 0, 0, 0, 0, 0,
};

/* docs/protocol.md, reference traces: bring-up and end of a process. */
static void test_golden_bring_up(void **state)
{
	struct guest *g = guest_create(HOST_RENDER, 1);
	uint8_t process[584] = { 0 };
	struct dxg_ret_openadapter *opened = (void *)g->reply;
	struct dxg_ret_getinternaladapterinfo *info = (void *)g->reply;

	(void)state;
	guest_power_on(g);
	assert_int_equal(send_raw(g, GLOBAL, set_io_space,
				  sizeof(set_io_space)), 4);
	assert_int_equal(*(int32_t *)g->reply, STATUS_SUCCESS);
	assert_int_equal(send_raw(g, 0, open_adapter, sizeof(open_adapter)),
			 16);
	assert_int_equal(opened->status.v, STATUS_SUCCESS);
	assert_int_equal(opened->vmbus_interface_version, 40);
	assert_int_equal(send_raw(g, 0, internal_info, sizeof(internal_info)),
			 712);
	assert_int_equal(info->host_vgpu_luid.a, 0x12345);
	assert_int_equal(info->device_description[0], 'M');
	assert_int_equal(info->device_description[79], 0);
	memcpy(process, create_process, sizeof(create_process));
	process[578] = 8;
	assert_int_equal(send_raw(g, GLOBAL, process, sizeof(process)), 4);
	assert_int_equal(*(uint32_t *)g->reply, 0x40000040);
	assert_int_equal(send_raw(g, GLOBAL, destroy_process,
				  sizeof(destroy_process)), 4);
	assert_int_equal(*(int32_t *)g->reply, STATUS_SUCCESS);
	assert_nothing_alive(g);
	assert_no_violation(g);
	guest_free(g);
}

static const uint8_t signal_async[88] = {
	0x10, 0, 0, 0, 0, 0, 0, 0, 0x45, 0x23, 1, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0x40, 0, 1, 0, 0,
	0x1a, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
	1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0x40, 0xc0, 0, 0, 0x40,
	7, 0, 0, 0, 0, 0, 0, 0,
};

static const uint8_t wait_cpu_7[88] = {
	0x10, 0, 0, 0, 0, 0, 0, 0, 0x45, 0x23, 1, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0x40, 0, 0, 0, 0,
	0x16, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0x40, 1, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0x40, 7, 0, 0, 0,
	0, 0, 0, 0,
};

static const uint8_t wait_gpu_async[72] = {
	0x10, 0, 0, 0, 0, 0, 0, 0, 0x45, 0x23, 1, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0x40, 0, 1, 0, 0,
	0x19, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0x40, 1, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0,
	0, 1, 0, 0x40,
};

/* The handles of the reference traces are those that a fresh process gets. */
static void test_golden_sync(void **state)
{
	struct guest *g = guest_create(HOST_RENDER, 1);
	struct {
		struct dxg_cmd_createcontextvirtual cmd;
		uint8_t tail[8];
	} context = { .cmd.device.v = 0x40000080 };
	uint64_t page;

	(void)state;
	g->config.adapters[0].async_msg = true;
	guest_start(g);
	assert_int_equal(create_device(g), 0x40000080);
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATECONTEXTVIRTUAL, &context, 55);
	assert_int_equal(*(uint32_t *)(g->reply + 24), 0x400000c0);
	assert_int_equal(create_fence(g, 0x40000080, 0, &page, NULL),
			 0x40000100);
	assert_int_equal(send_raw(g, GLOBAL, wait_cpu_7, sizeof(wait_cpu_7)),
			 4);
	assert_int_equal(*(int32_t *)g->reply, STATUS_SUCCESS);
	host_message(g->host, GLOBAL, 0, false, signal_async,
		     sizeof(signal_async));
	guest_wait_event(g, 2);
	assert_int_equal(guest_fence(g, page), 7);
	host_message(g->host, GLOBAL, 0, false, wait_gpu_async,
		     sizeof(wait_gpu_async));
	assert_int_equal(alive(g).cpu_waits, 0);
	assert_no_violation(g);
	guest_free(g);
}

/* Version 27: no extended header, no status in QUERYADAPTERINFO. */
static void test_old_version(void **state)
{
	struct guest *g = guest_create(HOST_RENDER, 1);
	struct {
		struct dxg_cmd_queryadapterinfo cmd;
		uint8_t data[4];
		uint8_t spare[7];
	} query = { .cmd = { .query_type = 13, .private_data_size = 4 } };
	struct dxg_cmd_getinternaladapterinfo info = { 0 };

	(void)state;
	g->extended = false;
	g->config.interface_version = DXGK_VMBUS_INTERFACE_VERSION_OLD;
	guest_start(g);
	host_guest_version(g->host, 0, DXGK_VMBUS_INTERFACE_VERSION_OLD);
	assert_int_equal(guest_send(g, 0,
				    DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO,
				    &info, sizeof(info)), 704);
	create_device(g);
	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_QUERYADAPTERINFO,
				    &query, 43), 4);
	assert_int_equal(*(uint32_t *)g->reply, 3200);
	assert_no_violation(g);
	g->extended = true;
	create_device(g);
	assert_int_equal(alive(g).violations, 1);
	guest_free(g);
}

static void test_channels(void **state)
{
	struct guest *g = *state;
	uint8_t copy[56];

	/* A global command on an adapter's channel. */
	assert_int_equal(send_raw(g, 0, destroy_process,
				  sizeof(destroy_process)), 4);
	assert_int_equal(*(int32_t *)g->reply, STATUS_INVALID_PARAMETER);
	assert_int_equal(alive(g).violations, 1);
	assert_int_equal(alive(g).processes, 1);
	/* An adapter command with the LUID of nobody, on the global one. */
	memcpy(copy, open_adapter, sizeof(copy));
	copy[12] = 9;
	assert_int_equal(send_raw(g, GLOBAL, copy, sizeof(copy)), 4);
	assert_int_equal(*(int32_t *)g->reply, STATUS_INVALID_PARAMETER);
	assert_int_equal(alive(g).violations, 2);
	/* Of another adapter, on this adapter's: performed, but counted. */
	copy[8] = 0x46;
	copy[12] = 0;
	assert_int_equal(send_raw(g, 0, copy, sizeof(copy)), 16);
	assert_in_range(alive(g).violations, 3, 4);
	/* No such channel, too long: nothing happens. */
	host_message(g->host, 7, 1, true, copy, sizeof(copy));
	host_message(g->host, 0, 1, true, copy, HOST_MAX_MESSAGE + 1);
}

static void test_async_rules(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_createdevice cmd = { 0 };
	struct bench b;
	struct dxg_cmd_submitcommandtohwqueue submit = { 0 };

	bench_create(g, &b);
	submit.args.hwqueue.v = b.hw_queue;
	assert_no_violation(g);
	/* The adapter did not offer it, and never for this command. */
	guest_send_async(g, 0, DXGK_VMBCOMMAND_SUBMITCOMMANDTOHWQUEUE, &submit,
			 sizeof(submit));
	assert_int_equal(alive(g).violations, 1);
	guest_send_async(g, 0, DXGK_VMBCOMMAND_CREATEDEVICE, &cmd,
			 sizeof(cmd));
	assert_int_equal(alive(g).violations, 2);
}

static void test_async_adapter(void **state)
{
	struct guest *g = guest_create(HOST_RENDER, 2);
	struct dxg_cmd_submitcommandtohwqueue submit = { 0 };
	struct bench b;
	unsigned int completions;

	(void)state;
	g->config.adapters[0].async_msg = true;
	guest_start(g);
	guest_open_adapter(g, 1);
	bench_create(g, &b);
	submit.args.hwqueue.v = b.hw_queue;
	submit.args.hwqueue_progress_fence_id = 3;
	completions = g->completions;
	guest_send_async(g, 0, DXGK_VMBCOMMAND_SUBMITCOMMANDTOHWQUEUE, &submit,
			 sizeof(submit));
	guest_wait_fence(g, b.progress_page, 3);
	assert_int_equal(g->completions, completions);
	assert_no_violation(g);
	/* Everything of this adapter belongs on the global channel now. */
	g->config.adapters[0].async_msg = false;
	create_device(g);
	assert_int_equal(alive(g).violations, 1);
	guest_free(g);
}

static void test_closed_adapter(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_createdevice cmd = { 0 };

	/* Adapter 1 was never opened. */
	guest_send(g, 1, DXGK_VMBCOMMAND_CREATEDEVICE, &cmd, sizeof(cmd));
	assert_int_equal(*(uint32_t *)g->reply, 0);
	assert_int_equal(alive(g).violations, 1);
	assert_int_equal(alive(g).devices, 0);
}

static void test_wrong_process(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_createdevice cmd = { 0 };

	g->process = 0x40000080;
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEDEVICE, &cmd, sizeof(cmd));
	assert_int_equal(*(uint32_t *)g->reply, 0);
	assert_int_equal(alive(g).violations, 1);
}

/* Bytes behind the contents, and stray bits in the header. */
static void test_dirty_messages(void **state)
{
	struct guest *g = *state;
	struct {
		struct dxg_cmd_createdevice cmd;
		uint8_t tail[8];
	} msg = { 0 };

	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_CREATEDEVICE, &msg,
				    sizeof(msg)), 4);
	assert_int_not_equal(*(uint32_t *)g->reply, 0);
	assert_int_equal(alive(g).violations, 1);
	msg.tail[7] = 1;
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEDEVICE, &msg, sizeof(msg));
	assert_int_equal(alive(g).violations, 3);
	msg.cmd.hdr.pad = 1;
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEDEVICE, &msg, sizeof(msg.cmd));
	assert_int_equal(alive(g).violations, 4);
}

static void test_unimplemented(void **state)
{
	struct guest *g = *state;
	struct dxg_vgpu_to_host_header hdr = { 0 };

	assert_int_equal(guest_status(g, 0, DXGK_VMBCOMMAND_BLT, &hdr,
				      sizeof(hdr)), STATUS_NOT_SUPPORTED);
	assert_no_violation(g);
	assert_int_equal(guest_status(g, 0, 63, &hdr, sizeof(hdr)),
			 STATUS_NOT_SUPPORTED);
	assert_int_equal(guest_status(g, GLOBAL, 1015, &hdr, sizeof(hdr)),
			 STATUS_NOT_SUPPORTED);
	assert_int_equal(alive(g).violations, 2);
	assert_string_equal(host_command_name(52), "SUBMITCOMMANDTOHWQUEUE");
	assert_string_equal(host_command_name(63), "?");
}

#define MAX_PROBE	512u

/*
 * Every command at every length with all bytes of the body set to @fill: an
 * answer each time, and no crash under the sanitizers.
 */
static void probe(struct guest *g, uint32_t command, uint8_t fill)
{
	int adapter = command >= DXGK_VMBCOMMAND_VM_TO_HOST_FIRST ? GLOBAL : 0;
	uint8_t body[MAX_PROBE];
	size_t len;

	for (len = 0; len <= MAX_PROBE; len += len < 96 ? 4 : 60) {
		memset(body, fill, sizeof(body));
		memset(body, 0, sizeof(struct dxg_vgpu_to_host_header));
		/* A process that can be destroyed without harm. */
		if (command == DXGK_VMBCOMMAND_DESTROYPROCESS)
			g->process = 0x12345;
		guest_send(g, adapter, command, body, len < 24 ? 24 : len);
		if (command == DXGK_VMBCOMMAND_DESTROYPROCESS)
			g->process = 0x40000040;
	}
}

static void test_every_length(void **state)
{
	static const uint8_t fills[] = { 0, 1, 0x40, 0x7f, 0x80, 0xff };
	struct guest *g = *state;
	struct bench b;
	uint32_t command;
	size_t i;

	bench_create(g, &b);
	for (i = 0; i < sizeof(fills); i++) {
		for (command = 0; command < DXGK_VMBCOMMAND_INVALID + 2;
		     command++) {
			if (command != DXGK_VMBCOMMAND_OPENADAPTER)
				probe(g, command, fills[i]);
		}
		for (command = DXGK_VMBCOMMAND_VM_TO_HOST_FIRST - 1;
		     command < DXGK_VMBCOMMAND_INVALID_VM_TO_HOST + 2;
		     command++)
			probe(g, command, fills[i]);
	}
	probe(g, DXGK_VMBCOMMAND_OPENADAPTER, 0);
	host_reset(g->host);
	assert_nothing_alive(g);
}

/* Payloads too short for a header of either kind. */
static void test_headerless(void **state)
{
	struct guest *g = *state;
	uint8_t bytes[64] = { 0x10 };
	size_t len;

	for (len = 0; len < 40; len++) {
		assert_int_equal(send_raw(g, GLOBAL, bytes, len), 4);
		assert_int_equal(*(int32_t *)g->reply,
				 STATUS_INVALID_PARAMETER);
	}
}

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/*
 * Random bodies made of small numbers and live handles, which get much
 * further than noise.  The seed is fixed.
 */
static void test_random_bodies(void **state)
{
	struct guest *g = *state;
	uint32_t words[MAX_PROBE / 4];
	uint32_t seed = 0x1234567;
	struct bench b;
	int round;

	bench_create(g, &b);
	for (round = 0; round < 30000; round++) {
		uint32_t pick = next_random(&seed) % 80;
		uint32_t command = pick < 71 ? pick : 1000 + pick - 71;
		size_t i, len;

		if (command == DXGK_VMBCOMMAND_OPENADAPTER ||
		    command == DXGK_VMBCOMMAND_CLOSEADAPTER ||
		    command == DXGK_VMBCOMMAND_DESTROYPROCESS ||
		    command == DXGK_VMBCOMMAND_SETIOSPACEREGION)
			continue;
		for (i = 6; i < MAX_PROBE / 4; i++) {
			uint32_t value = next_random(&seed);

			switch (value >> 29) {
			case 0:
			case 1:
				words[i] = 0;
				break;
			case 2:
			case 3:
				words[i] = value % 4;
				break;
			case 4:
				words[i] = 0x1000 * (value % 64);
				break;
			case 5:
				words[i] = value;
				break;
			default:
				words[i] = (1 + value % 3) << 30 |
					   (2 + (value >> 4) % 12) << 6;
			}
		}
		memset(words, 0, 24);
		len = 24 + 4 * (next_random(&seed) % 60);
		guest_send(g, command >= 1000 ? GLOBAL : 0, command, words,
			   len);
	}
	host_reset(g->host);
	assert_nothing_alive(g);
}

/* Each row of the table is reachable and its numbers are consistent. */
static void test_table(void **state)
{
	uint32_t n, rows = 0;

	(void)state;
	for (n = 0; n < 2000; n++) {
		const struct command *row = command_find(n);

		if (!row)
			continue;
		rows++;
		assert_int_equal(row->number, n);
		if (!row->handler)
			continue;
		assert_true(row->size >= sizeof(struct dxg_vgpu_to_host_header));
		if (row->status != NO_STATUS)
			assert_true((uint32_t)row->status + 4 <= row->reply);
	}
	/* 70 adapter commands (63 has no name) and 14 global ones. */
	assert_int_equal(rows, 84);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, guest_setup, \
							guest_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden_bring_up),
		cmocka_unit_test(test_golden_sync),
		cmocka_unit_test(test_old_version),
		TEST(test_channels),
		TEST(test_async_rules),
		cmocka_unit_test(test_async_adapter),
		TEST(test_closed_adapter),
		TEST(test_wrong_process),
		TEST(test_dirty_messages),
		TEST(test_unimplemented),
		TEST(test_every_length),
		TEST(test_headerless),
		TEST(test_random_bodies),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests_name("engine messages", tests, NULL,
					   NULL);
}
