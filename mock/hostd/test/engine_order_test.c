// SPDX-License-Identifier: GPL-2.0
/*
 * Order of work: waits and signals of queues, CPU waits and events, paging,
 * GPU virtual addresses, destruction while the GPU is busy.
 */
#include "gpu_buffer.h"

static const struct d3dkmt_createallocationflags plain;

/* A queue that waits holds its own work back, and nobody else's. */
static void test_wait_and_signal_order(void **state)
{
	struct guest *g = *state;
	uint64_t pages[3];
	uint32_t fences[3];
	struct buffer buffer;
	struct bench b, other;
	int i;

	bench_create(g, &b);
	bench_create(g, &other);
	buffer_create(g, &b, &buffer);
	for (i = 0; i < 3; i++)
		fences[i] = create_fence(g, b.device, 0, &pages[i], NULL);
	assert_int_equal(wait_gpu(g, b.hw_queue, fences[0], 5),
			 STATUS_SUCCESS);
	assert_int_equal(signal_object(g, 0, b.hw_queue, fences[1], 7),
			 STATUS_SUCCESS);
	assert_int_equal(submit_hw(g, &b, 0, 0, 9), STATUS_SUCCESS);
	/* Another queue of the same node is not held up. */
	assert_int_equal(submit_hw(g, &other, 0, 0, 1), STATUS_SUCCESS);
	guest_wait_fence(g, other.progress_page, 1);
	assert_int_equal(guest_fence(g, pages[1]), 0);
	assert_int_equal(guest_fence(g, b.progress_page), 0);
	/* 4 is not enough, 6 is more than enough. */
	assert_int_equal(signal_object(g, b.device, 0, fences[0], 4),
			 STATUS_SUCCESS);
	assert_int_equal(submit_hw(g, &other, 0, 0, 2), STATUS_SUCCESS);
	guest_wait_fence(g, other.progress_page, 2);
	assert_int_equal(guest_fence(g, b.progress_page), 0);
	assert_int_equal(signal_object(g, b.device, 0, fences[0], 6),
			 STATUS_SUCCESS);
	guest_wait_fence(g, b.progress_page, 9);
	assert_int_equal(guest_fence(g, pages[1]), 7);
	/* A fence does not go back unasked. */
	assert_int_equal(signal_object(g, b.device, 0, fences[0], 5),
			 STATUS_INVALID_PARAMETER);
	assert_int_equal(guest_fence(g, pages[0]), 6);
	/* The fences of queues are the host's to signal. */
	assert_int_equal(signal_object(g, b.device, 0, b.progress, 100),
			 STATUS_ACCESS_DENIED);
	assert_no_violation(g);
}

/* An event for the point that several contexts must reach. */
static void test_cpu_event(void **state)
{
	struct guest *g = *state;
	struct {
		struct dxg_cmd_signalsyncobject cmd;
		uint32_t queues[2];
	} msg = {
		.cmd = {
			.flags.enqueue_cpu_event = 1,
			.context_count = 2,
			.cpu_event_handle = 0x1234,
		},
	};
	struct bench first, second;
	uint32_t fence;

	bench_create(g, &first);
	bench_create(g, &second);
	fence = create_fence(g, first.device, 0, NULL, NULL);
	assert_int_equal(wait_gpu(g, second.hw_queue, fence, 1),
			 STATUS_SUCCESS);
	msg.queues[0] = first.hw_queue;
	msg.queues[1] = second.hw_queue;
	assert_int_equal(guest_status(g, 0, DXGK_VMBCOMMAND_SIGNALSYNCOBJECT,
				      &msg, sizeof(msg)), STATUS_SUCCESS);
	/* The first queue has passed the point... */
	assert_int_equal(submit_hw(g, &first, 0, 0, 1), STATUS_SUCCESS);
	guest_wait_fence(g, first.progress_page, 1);
	assert_false(guest_has_event(g, 0x1234));
	/* ... and now the second one. */
	assert_int_equal(signal_object(g, first.device, 0, fence, 1),
			 STATUS_SUCCESS);
	guest_wait_event(g, 0x1234);
	assert_no_violation(g);
}

static void test_cpu_waits(void **state)
{
	struct guest *g = *state;
	struct {
		struct dxg_cmd_waitforsyncobjectfromcpu cmd;
		uint32_t objects[2];
		uint64_t values[2];
	} msg = { .cmd.object_count = 2, .values = { 5, 6 } };
	uint32_t device = create_device(g);
	uint32_t a = create_fence(g, device, 5, NULL, NULL);
	uint32_t c = create_fence(g, device, 5, NULL, NULL);

	/* Reached already: the event comes before the completion. */
	assert_int_equal(wait_cpu(g, device, a, 5, 10), STATUS_SUCCESS);
	assert_true(guest_has_event(g, 10));
	assert_int_equal(wait_cpu(g, device, a, 0, 11), STATUS_SUCCESS);
	assert_true(guest_has_event(g, 11));
	assert_int_equal(alive(g).cpu_waits, 0);
	/* All, then any. */
	msg.cmd.device.v = device;
	msg.cmd.guest_event_pointer = 12;
	msg.objects[0] = a;
	msg.objects[1] = c;
	assert_int_equal(guest_status(g, 0,
				      DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU,
				      &msg, sizeof(msg)), STATUS_SUCCESS);
	assert_false(guest_has_event(g, 12));
	msg.cmd.guest_event_pointer = 13;
	msg.cmd.flags.wait_any = 1;
	assert_int_equal(guest_status(g, 0,
				      DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU,
				      &msg, sizeof(msg)), STATUS_SUCCESS);
	assert_true(guest_has_event(g, 13));
	assert_int_equal(alive(g).cpu_waits, 1);
	assert_int_equal(signal_object(g, device, 0, c, 6), STATUS_SUCCESS);
	assert_true(guest_has_event(g, 12));
	assert_int_equal(g->event_count, 4);
	/* The same fence twice in one wait ends it once. */
	msg.cmd.guest_event_pointer = 14;
	msg.cmd.flags.wait_any = 0;
	msg.objects[1] = a;
	assert_int_equal(guest_status(g, 0,
				      DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU,
				      &msg, sizeof(msg)), STATUS_SUCCESS);
	assert_int_equal(signal_object(g, device, 0, a, 100), STATUS_SUCCESS);
	assert_true(guest_has_event(g, 14));
	assert_int_equal(g->event_count, 5);
	assert_int_equal(wait_cpu(g, device, device, 1, 15),
			 STATUS_INVALID_HANDLE);
	assert_int_equal(wait_cpu(g, device, a, 1, 0),
			 STATUS_INVALID_PARAMETER);
	assert_int_equal(alive(g).cpu_waits, 0);
	assert_no_violation(g);
}

static void test_context_submission(void **state)
{
	struct guest *g = *state;
	struct {
		struct dxg_cmd_createcontextvirtual cmd;
		uint8_t data[sizeof(struct mock_queue_data) + 4];
	} make = {
		.cmd = {
			.node_ordinal = MOCK_GPU_NODE_COPY,
			.priv_drv_data_size = sizeof(struct mock_queue_data),
		},
	};
	struct mock_queue_data data = {
		.magic = MOCK_CONTEXT_MAGIC,
		.version = 1,
	};
	struct dxg_cmd_createcontextvirtual *ret = (void *)g->reply;
	struct dxg_cmd_submitcommand submit = {
		.args.broadcast_context_count = 1,
	};
	uint32_t context, fence;
	struct buffer buffer;
	uint64_t page;
	struct bench b;

	bench_create(g, &b);
	buffer_create(g, &b, &buffer);
	make.cmd.device.v = b.device;
	memset(data.pattern, 0x35, sizeof(data.pattern));
	memcpy((uint8_t *)&make + 52, &data, sizeof(data));
	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_CREATECONTEXTVIRTUAL,
				    &make, 55 + sizeof(data)),
			 55 + sizeof(data));
	context = ret->context.v;
	assert_int_not_equal(context, 0);
	memcpy(&data, g->reply + 52, sizeof(data));
	assert_int_equal(data.node, MOCK_GPU_NODE_COPY);
	assert_int_not_equal(data.host_id, 0);
	assert_int_equal(data.pattern[0], 0xca);

	fence = create_fence(g, b.device, 0, &page, NULL);
	buffer_add(&buffer, &(struct gpu_cmd_write64){
		.hdr = HDR(GPU_CMD_WRITE64, struct gpu_cmd_write64),
		.dst = buffer.va + 2048, .value = 1234,
	    }, sizeof(struct gpu_cmd_write64));
	submit.args.broadcast_context[0].v = context;
	submit.args.command_buffer = buffer.va;
	submit.args.command_length = buffer.length;
	assert_int_equal(guest_status(g, 0, DXGK_VMBCOMMAND_SUBMITCOMMAND,
				      &submit, sizeof(submit)),
			 STATUS_SUCCESS);
	assert_int_equal(signal_object(g, 0, context, fence, 1),
			 STATUS_SUCCESS);
	guest_wait_fence(g, page, 1);
	assert_int_equal(*(uint64_t *)(buffer.bytes + 2048), 1234);
	/* A context with hardware queues takes no submissions itself. */
	submit.args.broadcast_context[0].v = b.context;
	assert_int_equal(guest_status(g, 0, DXGK_VMBCOMMAND_SUBMITCOMMAND,
				      &submit, sizeof(submit)),
			 STATUS_INVALID_PARAMETER);
	assert_no_violation(g);
}

static void test_sequence_numbers(void **state)
{
	struct guest *g = *state;
	struct {
		struct dxg_cmd_submitcommandtohwqueue cmd;
		struct mock_submit_data data;
	} msg = {
		.cmd.args.priv_drv_data_size = sizeof(msg.data),
		.data = { .magic = MOCK_SUBMIT_MAGIC, .sequence = 5 },
	};
	struct bench b;

	bench_create(g, &b);
	msg.cmd.args.hwqueue.v = b.hw_queue;
	guest_status(g, 0, DXGK_VMBCOMMAND_SUBMITCOMMANDTOHWQUEUE, &msg,
		     sizeof(msg));
	msg.data.sequence = 6;
	guest_status(g, 0, DXGK_VMBCOMMAND_SUBMITCOMMANDTOHWQUEUE, &msg,
		     sizeof(msg));
	assert_no_violation(g);
	guest_status(g, 0, DXGK_VMBCOMMAND_SUBMITCOMMANDTOHWQUEUE, &msg,
		     sizeof(msg));
	assert_int_equal(alive(g).violations, 1);
}

/* A paging fence advances only after the delay, and in order. */
static void test_slow_paging(void **state)
{
	struct guest *g = *state;
	struct {
		struct dxg_cmd_makeresident cmd;
		struct d3dkmthandle handle;
		uint32_t spare;
	} msg = { .cmd.alloc_count = 1 };
	struct dxg_ret_makeresident *ret = (void *)g->reply;
	struct bench b;
	uint64_t value;

	bench_create(g, &b);
	msg.cmd.paging_queue.v = b.paging_queue;
	msg.handle.v = create_allocation(g, b.device, MOCK_SEGMENT_LOCAL, 4096,
					 NULL, plain);
	/* Longer than any test runs: only the destruction ends it. */
	assert_int_equal(host_set_delays(g->host, 0, 3600u * 1000000, 0), 0);
	guest_send(g, 0, DXGK_VMBCOMMAND_MAKERESIDENT, &msg, 48);
	assert_int_equal(ret->status.v, STATUS_PENDING);
	value = ret->paging_fence_value;
	assert_int_equal(host_set_delays(g->host, 0, 0, 0), 0);
	guest_send(g, 0, DXGK_VMBCOMMAND_MAKERESIDENT, &msg, 48);
	assert_int_equal(ret->paging_fence_value, value + 1);
	assert_int_equal(guest_fence(g, b.paging_page), value - 1);
	assert_int_equal(wait_cpu(g, b.device, b.paging_fence, value + 1, 8),
			 STATUS_SUCCESS);
	destroy_handle(g, DXGK_VMBCOMMAND_DESTROYPAGINGQUEUE, b.paging_queue);
	assert_true(guest_has_event(g, 8));
	assert_int_equal(host_set_delays(g->host, 9, 0, 0), -22);
	assert_no_violation(g);
}

/* A submission starts late, and what is queued behind it waits for it. */
static void test_slow_submission(void **state)
{
	struct guest *g = *state;
	uint32_t fence;
	uint64_t page;
	struct bench b;

	bench_create(g, &b);
	fence = create_fence(g, b.device, 0, &page, NULL);
	assert_int_equal(host_set_delays(g->host, 0, 0, 3600u * 1000000), 0);
	assert_int_equal(submit_hw(g, &b, 0, 0, 1), STATUS_SUCCESS);
	assert_int_equal(host_set_delays(g->host, 0, 0, 2000), 0);
	assert_int_equal(signal_object(g, 0, b.hw_queue, fence, 1),
			 STATUS_SUCCESS);
	assert_int_equal(signal_object(g, 0, b.context, fence, 2),
			 STATUS_SUCCESS);
	guest_wait_fence(g, page, 2);
	assert_int_equal(guest_fence(g, b.progress_page), 0);
	destroy_handle(g, DXGK_VMBCOMMAND_DESTROYHWQUEUE, b.hw_queue);
	/* A short delay ends by itself. */
	bench_create(g, &b);
	assert_int_equal(submit_hw(g, &b, 0, 0, 5), STATUS_SUCCESS);
	guest_wait_fence(g, b.progress_page, 5);
	assert_no_violation(g);
}

/* Destroying what the GPU is busy with must not disturb anything. */
static void test_destroy_while_running(void **state)
{
	struct guest *g = *state;
	int i;

	for (i = 0; i < 6; i++) {
		struct buffer buffer;
		struct bench b;

		bench_create(g, &b);
		buffer_create(g, &b, &buffer);
		buffer_add(&buffer, &(struct gpu_cmd_spin){
			.hdr = HDR(GPU_CMD_SPIN, struct gpu_cmd_spin),
			.microseconds = 10000000,
		    }, sizeof(struct gpu_cmd_spin));
		assert_int_equal(submit_hw(g, &b, buffer.va, buffer.length, 1),
				 STATUS_SUCCESS);
		if (i % 3 == 0)
			destroy_handle(g, DXGK_VMBCOMMAND_DESTROYDEVICE,
				       b.device);
		else if (i % 3 == 1)
			destroy_handle(g, DXGK_VMBCOMMAND_DESTROYHWQUEUE,
				       b.hw_queue);
		else
			host_device_error(g->host, 0,
					  _D3DKMT_DEVICEEXECUTION_HUNG);
	}
	host_reset(g->host);
	assert_nothing_alive(g);
	assert_no_violation(g);
}

static void test_virtual_addresses(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_reservegpuvirtualaddress reserve = {
		.args = {
			.adapter.v = g->adapter,
			.minimum_address = 0x100000000ull,
			.maximum_address = 0x1000000000ull,
			.size = 16u << 20,
		},
	};
	struct dxg_ret_reservegpuvirtualaddress *got = (void *)g->reply;
	struct dxg_cmd_mapgpuvirtualaddress map = {
		.args.protection.write = 1,
	};
	struct dxg_ret_mapgpuvirtualaddress *mapped = (void *)g->reply;
	struct dxg_cmd_freegpuvirtualaddress release = {
		.args.adapter.v = g->adapter,
	};
	struct bench b;
	uint64_t va, va2;

	bench_create(g, &b);
	guest_send(g, 0, DXGK_VMBCOMMAND_RESERVEGPUVIRTUALADDRESS, &reserve,
		   sizeof(reserve));
	va = got->virtual_address;
	assert_int_equal(va, 0x100000000ull);
	reserve.args.adapter.v = b.paging_queue;
	guest_send(g, 0, DXGK_VMBCOMMAND_RESERVEGPUVIRTUALADDRESS, &reserve,
		   sizeof(reserve));
	va2 = got->virtual_address;
	assert_int_equal(va2, va + (16u << 20));
	/* Fixed and taken. */
	reserve.args.base_address = va + 0x1000;
	guest_send(g, 0, DXGK_VMBCOMMAND_RESERVEGPUVIRTUALADDRESS, &reserve,
		   sizeof(reserve));
	assert_int_equal(got->virtual_address, 0);
	reserve.args.base_address = 0;
	reserve.args.size = 4097;
	guest_send(g, 0, DXGK_VMBCOMMAND_RESERVEGPUVIRTUALADDRESS, &reserve,
		   sizeof(reserve));
	assert_int_equal(got->virtual_address, 0);
	/* A map inside the reservation, one past its end, one without room. */
	map.args.paging_queue.v = b.paging_queue;
	map.args.allocation.v = create_allocation(g, b.device,
						  MOCK_SEGMENT_LOCAL, 2 << 20,
						  NULL, plain);
	map.args.base_address = va + 0x10000;
	map.args.size_in_pages = 512;
	guest_send(g, 0, DXGK_VMBCOMMAND_MAPGPUVIRTUALADDRESS, &map,
		   sizeof(map));
	assert_int_equal(mapped->status.v, STATUS_PENDING);
	assert_int_equal(mapped->virtual_address, va + 0x10000);
	map.args.base_address = va2 + (15u << 20);
	guest_send(g, 0, DXGK_VMBCOMMAND_MAPGPUVIRTUALADDRESS, &map,
		   sizeof(map));
	assert_int_equal(mapped->status.v, STATUS_INVALID_PARAMETER);
	map.args.base_address = va;
	map.args.offset_in_pages = 1;
	guest_send(g, 0, DXGK_VMBCOMMAND_MAPGPUVIRTUALADDRESS, &map,
		   sizeof(map));
	assert_int_equal(mapped->status.v, STATUS_INVALID_PARAMETER);
	/* Only whole ranges can be freed. */
	release.args.base_address = va;
	release.args.size = 8u << 20;
	assert_int_equal(guest_status(g, 0,
				      DXGK_VMBCOMMAND_FREEGPUVIRTUALADDRESS,
				      &release, sizeof(release)),
			 STATUS_INVALID_PARAMETER);
	release.args.size = 32u << 20;
	assert_int_equal(guest_status(g, 0,
				      DXGK_VMBCOMMAND_FREEGPUVIRTUALADDRESS,
				      &release, sizeof(release)),
			 STATUS_SUCCESS);
	assert_int_equal(guest_status(g, 0,
				      DXGK_VMBCOMMAND_FREEGPUVIRTUALADDRESS,
				      &release, sizeof(release)),
			 STATUS_INVALID_PARAMETER);
	assert_no_violation(g);
}

/* Page tables that the client writes itself: map, copy, unmap. */
static void test_update_addresses(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_reservegpuvirtualaddress reserve = {
		.args = { .adapter.v = g->adapter, .size = 1u << 20 },
	};
	struct dxg_ret_reservegpuvirtualaddress *got = (void *)g->reply;
	struct {
		struct dxg_cmd_updategpuvirtualaddress cmd;
		struct d3dddi_updategpuvirtualaddress_operation op[3];
	} msg = { .cmd.num_operations = 3 };
	uint32_t data, fence;
	struct buffer buffer;
	struct bench b;
	uint64_t va;
	uint64_t *words;

	bench_create(g, &b);
	buffer_create(g, &b, &buffer);
	data = create_allocation(g, b.device, MOCK_SEGMENT_LOCAL, 4 * 4096,
				 NULL, plain);
	make_resident(g, &b, data);
	words = (uint64_t *)view_of(g, b.device, data);
	fence = create_fence(g, b.device, 0, NULL, NULL);
	guest_send(g, 0, DXGK_VMBCOMMAND_RESERVEGPUVIRTUALADDRESS, &reserve,
		   sizeof(reserve));
	va = got->virtual_address;
	msg.cmd.device.v = b.device;
	msg.cmd.context.v = b.context;
	msg.cmd.fence_object.v = fence;
	msg.cmd.fence_value = 1;
	msg.op[0].operation = _D3DDDI_UPDATEGPUVIRTUALADDRESS_MAP;
	msg.op[0].map.base_address = va;
	msg.op[0].map.size = 2 * 4096;
	msg.op[0].map.allocation.v = data;
	msg.op[0].map.allocation_offset = 4096;
	msg.op[0].map.allocation_size = 2 * 4096;
	msg.op[1].operation = _D3DDDI_UPDATEGPUVIRTUALADDRESS_COPY;
	msg.op[1].copy.source_address = va + 4096;
	msg.op[1].copy.size = 4096;
	msg.op[1].copy.dest_address = va + 0x10000;
	msg.op[2].operation = _D3DDDI_UPDATEGPUVIRTUALADDRESS_UNMAP;
	msg.op[2].unmap.base_address = va + 4096;
	msg.op[2].unmap.size = 4096;
	assert_int_equal(guest_status(g, 0,
				      DXGK_VMBCOMMAND_UPDATEGPUVIRTUALADDRESS,
				      &msg, sizeof(msg)), STATUS_SUCCESS);
	/* Both only when the fence is reached; the queue keeps the order. */
	assert_int_equal(signal_object(g, 0, b.context, fence, 2),
			 STATUS_SUCCESS);
	assert_int_equal(wait_gpu(g, b.hw_queue, fence, 2), STATUS_SUCCESS);
	buffer_add(&buffer, &(struct gpu_cmd_write64){
		.hdr = HDR(GPU_CMD_WRITE64, struct gpu_cmd_write64),
		.dst = va + 0x10000, .value = 77,
	    }, sizeof(struct gpu_cmd_write64));
	assert_int_equal(submit_hw(g, &b, buffer.va, buffer.length, 1),
			 STATUS_SUCCESS);
	assert_int_equal(signal_object(g, b.device, 0, fence, 1),
			 STATUS_SUCCESS);
	guest_wait_fence(g, b.progress_page, 1);
	assert_int_equal(words[2 * 512], 77);
	buffer.length = 0;
	buffer_add(&buffer, &(struct gpu_cmd_write64){
		.hdr = HDR(GPU_CMD_WRITE64, struct gpu_cmd_write64),
		.dst = va + 4096,
	    }, sizeof(struct gpu_cmd_write64));
	buffer_fails(g, &b, &buffer,
		     _D3DKMT_DEVICEEXECUTION_ERROR_DMAPAGEFAULT);
	msg.op[1].copy.dest_address = va + (1u << 20);
	assert_int_equal(guest_status(g, 0,
				      DXGK_VMBCOMMAND_UPDATEGPUVIRTUALADDRESS,
				      &msg, sizeof(msg)),
			 STATUS_INVALID_PARAMETER);
	assert_no_violation(g);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, guest_setup, \
							guest_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_wait_and_signal_order),
		TEST(test_cpu_event),
		TEST(test_cpu_waits),
		TEST(test_context_submission),
		TEST(test_sequence_numbers),
		TEST(test_slow_paging),
		TEST(test_slow_submission),
		TEST(test_destroy_while_running),
		TEST(test_virtual_addresses),
		TEST(test_update_addresses),
	};

	return cmocka_run_group_tests_name("engine order", tests, NULL, NULL);
}
