// SPDX-License-Identifier: GPL-2.0
/*
 * The software GPU: kernels on guest pages and on local memory, translation
 * and page faults.
 */
#include "gpu_buffer.h"

static const struct d3dkmt_createallocationflags plain;

static float *guest_floats(struct guest *g, uint64_t page)
{
	return (float *)(g->memory + page * HOST_PAGE_SIZE);
}

/* Vectors in guest pages; lengths that end inside a page and a chunk. */
static void test_vector_add(void **state)
{
	struct guest *g = *state;
	const uint32_t n = 100003;
	const uint64_t pages = (n * sizeof(float) + 4095) / 4096;
	uint64_t va[3];
	struct buffer buffer;
	struct bench b;
	uint32_t i;

	bench_create(g, &b);
	buffer_create(g, &b, &buffer);
	for (i = 0; i < 3; i++) {
		uint32_t h = create_existing(g, b.device, i * 200, pages);

		va[i] = map_allocation(g, &b, h, pages);
		make_resident(g, &b, h);
	}
	for (i = 0; i < n; i++) {
		guest_floats(g, 0)[i] = (float)i * 0.5f;
		guest_floats(g, 200)[i] = 1.0f / (float)(i + 1);
	}
	guest_floats(g, 400)[n] = 42.0f;
	buffer_add(&buffer, &(struct gpu_cmd_vector_add){
		.hdr = HDR(GPU_CMD_VECTOR_ADD_F32, struct gpu_cmd_vector_add),
		.dst = va[2], .a = va[0], .b = va[1], .count = n,
	    }, sizeof(struct gpu_cmd_vector_add));
	buffer_run(g, &b, &buffer, 1);
	for (i = 0; i < n; i++)
		assert_true(guest_floats(g, 400)[i] ==
			    guest_floats(g, 0)[i] + guest_floats(g, 200)[i]);
	assert_true(guest_floats(g, 400)[n] == 42.0f);
	assert_no_violation(g);
}

/* The same page list in several messages, out of order and scattered. */
static void test_scattered_pages(void **state)
{
	struct guest *g = *state;
	static const uint64_t frames[] = { 7, 3, 100, 4000, 5 };
	uint32_t *words = (uint32_t *)g->memory;
	struct buffer buffer;
	struct bench b;
	uint32_t handle;
	uint64_t va;
	int i;

	bench_create(g, &b);
	buffer_create(g, &b, &buffer);
	g->config.adapters[0].map_guest_memory = false;
	handle = create_existing(g, b.device, 0, 5);
	g->config.adapters[0].map_guest_memory = true;
	for (i = 4; i >= 0; i--) {
		struct {
			struct dxg_cmd_setexistingsysmempages cmd;
			uint64_t pfn;
		} msg = {
			.cmd = {
				.device.v = b.device,
				.allocation.v = handle,
				.num_pages = 1,
				.alloc_offset_in_pages = (uint32_t)i,
			},
			.pfn = GUEST_PFN + frames[i],
		};

		guest_expect(g, 0, DXGK_VMBCOMMAND_SETEXISTINGSYSMEMPAGES,
			     &msg, sizeof(msg), STATUS_SUCCESS);
	}
	va = map_allocation(g, &b, handle, 5);
	make_resident(g, &b, handle);
	buffer_add(&buffer, &(struct gpu_cmd_fill32){
		.hdr = HDR(GPU_CMD_FILL32, struct gpu_cmd_fill32),
		.dst = va + 4, .count = 5 * 1024 - 2, .value = 0xabcd0123,
	    }, sizeof(struct gpu_cmd_fill32));
	memset(g->memory, 0, GUEST_PAGES * (size_t)HOST_PAGE_SIZE);
	buffer_run(g, &b, &buffer, 1);
	assert_int_equal(words[7 * 1024], 0);
	assert_int_equal(words[7 * 1024 + 1], 0xabcd0123);
	assert_int_equal(words[4000 * 1024], 0xabcd0123);
	assert_int_equal(words[5 * 1024 + 1022], 0xabcd0123);
	assert_int_equal(words[5 * 1024 + 1023], 0);
	assert_int_equal(words[6 * 1024], 0);
	assert_no_violation(g);
}

static void test_gpadl(void **state)
{
	struct guest *g = guest_create(HOST_RENDER, 1);
	struct dxg_cmd_setexistingsysmemstore cmd = { .gpadl = 4 };
	struct buffer buffer;
	struct bench b;
	uint64_t va;

	(void)state;
	g->config.adapters[0].map_guest_memory = false;
	guest_start(g);
	bench_create(g, &b);
	buffer_create(g, &b, &buffer);
	cmd.device.v = b.device;
	cmd.allocation.v = create_existing(g, b.device, 0, 4);
	guest_expect(g, 0, DXGK_VMBCOMMAND_SETEXISTINGSYSMEMSTORE,
		     &cmd, sizeof(cmd), STATUS_SUCCESS);
	assert_int_equal(alive(g).gpadls, 1);
	va = map_allocation(g, &b, cmd.allocation.v, 4);
	make_resident(g, &b, cmd.allocation.v);
	buffer_add(&buffer, &(struct gpu_cmd_fill32){
		.hdr = HDR(GPU_CMD_FILL32, struct gpu_cmd_fill32),
		.dst = va, .count = 4096, .value = 0x11223344,
	    }, sizeof(struct gpu_cmd_fill32));
	buffer_run(g, &b, &buffer, 1);
	assert_int_equal(((uint32_t *)g->memory)[4095], 0x11223344);
	assert_no_violation(g);
	host_gpadl_torn_down(g->host, 5);
	assert_no_violation(g);
	host_gpadl_torn_down(g->host, 4);
	assert_int_equal(alive(g).violations, 1);
	assert_int_equal(alive(g).gpadls, 0);
	/* The GPU lets the pages go, too. */
	assert_int_equal(submit_hw(g, &b, buffer.va,
				   sizeof(struct gpu_cmd_fill32), 2),
			 STATUS_SUCCESS);
	guest_wait_fence(g, b.progress_page, UINT64_MAX);
	assert_int_equal(device_state(g, b.device),
			 _D3DKMT_DEVICEEXECUTION_ERROR_DMAPAGEFAULT);
	guest_free(g);
}

static void test_matmul(void **state)
{
	struct guest *g = *state;
	const uint32_t m = 33, k = 45, n = 67;
	struct buffer buffer;
	struct bench b;
	uint32_t data;
	uint32_t i, j, x;
	float *f;
	uint64_t va;

	bench_create(g, &b);
	buffer_create(g, &b, &buffer);
	data = create_allocation(g, b.device, MOCK_SEGMENT_LOCAL, 0x10000,
				 NULL, plain);
	va = map_allocation(g, &b, data, 16);
	make_resident(g, &b, data);
	f = (float *)view_of(g, b.device, data);
	for (i = 0; i < m * k; i++)
		f[i] = (float)(i % 7) - 2.5f;
	for (i = 0; i < k * n; i++)
		f[2048 + i] = (float)(i % 5) * 0.25f;
	buffer_add(&buffer, &(struct gpu_cmd_matmul){
		.hdr = HDR(GPU_CMD_MATMUL_F32, struct gpu_cmd_matmul),
		.dst = va + 0x8000, .a = va, .b = va + 0x2000,
		.m = m, .k = k, .n = n,
	    }, sizeof(struct gpu_cmd_matmul));
	buffer_run(g, &b, &buffer, 1);
	for (i = 0; i < m; i++) {
		for (j = 0; j < n; j++) {
			float sum = 0;

			for (x = 0; x < k; x++)
				sum += f[i * k + x] * f[2048 + x * n + j];
			assert_true(f[8192 + i * n + j] == sum);
		}
	}
	assert_no_violation(g);
}

static void test_mandelbrot(void **state)
{
	struct guest *g = *state;
	struct gpu_cmd_mandelbrot cmd = {
		.hdr = HDR(GPU_CMD_MANDELBROT, struct gpu_cmd_mandelbrot),
		.pitch = 64 * 4,
		.format = GPU_MANDELBROT_COUNT,
		.width = 64,
		.height = 64,
		.max_iter = 50,
		.left = -2,
		.top = 1.28,
		.step = 0.04,
	};
	struct buffer buffer;
	uint32_t *pixels;
	uint32_t data;
	struct bench b;

	bench_create(g, &b);
	buffer_create(g, &b, &buffer);
	data = create_allocation(g, b.device, MOCK_SEGMENT_LOCAL, 64 * 64 * 4,
				 NULL, plain);
	cmd.dst = map_allocation(g, &b, data, 4);
	make_resident(g, &b, data);
	pixels = (uint32_t *)view_of(g, b.device, data);
	buffer_add(&buffer, &cmd, sizeof(cmd));
	buffer_run(g, &b, &buffer, 1);
	/* c = 0 never leaves; c = -2 + 1.28i leaves with its first step. */
	assert_int_equal(pixels[32 * 64 + 50], 50);
	assert_int_equal(pixels[0], 0);
	/* c = 0.48: 0.48, 0.71, 0.98, 1.45, 2.58: four steps inside. */
	assert_int_equal(pixels[32 * 64 + 62], 4);
	/* A tile in the middle of the picture has the same pixels. */
	cmd.x = 50;
	cmd.y = 32;
	cmd.width = 1;
	cmd.height = 1;
	pixels[0] = 0xdead;
	buffer_add(&buffer, &cmd, sizeof(cmd));
	buffer_run(g, &b, &buffer, 2);
	assert_int_equal(pixels[0], 50);
	cmd.format = GPU_MANDELBROT_RGBA8;
	buffer_add(&buffer, &cmd, sizeof(cmd));
	buffer_run(g, &b, &buffer, 3);
	assert_int_equal(pixels[0], 0xff000000);
	assert_no_violation(g);
}

/* Copy between guest pages and local memory, writes, and a fence by address. */
static void test_copy_and_write(void **state)
{
	struct guest *g = *state;
	uint32_t system, local, fence;
	uint64_t system_va, local_va, fence_page, fence_va;
	struct buffer buffer;
	struct bench b;
	uint8_t *view;
	uint32_t i;

	bench_create(g, &b);
	buffer_create(g, &b, &buffer);
	system = create_existing(g, b.device, 50, 40);
	local = create_allocation(g, b.device, MOCK_SEGMENT_LOCAL, 40 * 4096,
				  NULL, plain);
	fence = create_fence(g, b.device, 5, &fence_page, &fence_va);
	system_va = map_allocation(g, &b, system, 40);
	local_va = map_allocation(g, &b, local, 40);
	make_resident(g, &b, system);
	make_resident(g, &b, local);
	for (i = 0; i < 40 * 4096; i++)
		g->memory[50 * 4096 + i] = (uint8_t)(i * 7 + i / 4096);
	assert_int_equal(wait_cpu(g, b.device, fence, 6, 123), STATUS_SUCCESS);
	buffer_add(&buffer, &(struct gpu_cmd_copy){
		.hdr = HDR(GPU_CMD_COPY, struct gpu_cmd_copy),
		.dst = local_va + 8, .src = system_va + 3,
		.bytes = 40 * 4096 - 16,
	    }, sizeof(struct gpu_cmd_copy));
	buffer_add(&buffer, &(struct gpu_cmd_header){ GPU_CMD_NOP, 8 }, 8);
	buffer_add(&buffer, &(struct gpu_cmd_write64){
		.hdr = HDR(GPU_CMD_WRITE64, struct gpu_cmd_write64),
		.dst = local_va, .value = 0x1122334455667788ull,
	    }, sizeof(struct gpu_cmd_write64));
	buffer_add(&buffer, &(struct gpu_cmd_write64){
		.hdr = HDR(GPU_CMD_FENCE_SIGNAL, struct gpu_cmd_write64),
		.dst = fence_va, .value = 6,
	    }, sizeof(struct gpu_cmd_write64));
	buffer_add(&buffer, &(struct gpu_cmd_header){ GPU_CMD_END, 8 }, 8);
	/* Behind the end: never looked at. */
	buffer_add(&buffer, &(struct gpu_cmd_header){ 999, 3 }, 8);
	buffer_run(g, &b, &buffer, 1);
	assert_int_equal(guest_fence(g, fence_page), 6);
	assert_true(guest_has_event(g, 123));
	view = view_of(g, b.device, local);
	assert_memory_equal(view, "\x88\x77\x66\x55\x44\x33\x22\x11", 8);
	assert_memory_equal(view + 8, g->memory + 50 * 4096 + 3,
			    40 * 4096 - 16);
	assert_no_violation(g);
}

static void test_page_fault(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_getdevicestate cmd = {
		.args.state_type = _D3DKMT_DEVICESTATE_PAGE_FAULT,
	};
	struct dxg_ret_getdevicestate *ret = (void *)g->reply;
	struct buffer buffer;
	struct bench b;

	bench_create(g, &b);
	buffer_create(g, &b, &buffer);
	buffer_add(&buffer, &(struct gpu_cmd_fill32){
		.hdr = HDR(GPU_CMD_FILL32, struct gpu_cmd_fill32),
		.dst = 0x123456000ull, .count = 1,
	    }, sizeof(struct gpu_cmd_fill32));
	buffer_fails(g, &b, &buffer,
		     _D3DKMT_DEVICEEXECUTION_ERROR_DMAPAGEFAULT);
	cmd.args.device.v = b.device;
	guest_send(g, 0, DXGK_VMBCOMMAND_GETDEVICESTATE, &cmd, sizeof(cmd));
	assert_int_equal(ret->args.page_fault_state.faulted_virtual_address,
			 0x123456000ull);
	assert_true(ret->args.page_fault_state.page_fault_flags &
		    _DXGK_PAGE_FAULT_WRITE);
	assert_no_violation(g);
}

static void test_illegal_commands(void **state)
{
	static const struct gpu_cmd_header bad[] = {
		{ 99, 8 }, { GPU_CMD_COPY, 8 }, { GPU_CMD_NOP, 0 },
		{ GPU_CMD_NOP, 12 }, { GPU_CMD_NOP, 0xfffffff8 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct guest *g = guest_create(HOST_RENDER, 1);
		struct buffer buffer;
		struct bench b;

		guest_start(g);
		bench_create(g, &b);
		buffer_create(g, &b, &buffer);
		buffer_add(&buffer, &bad[i], sizeof(bad[i]));
		buffer_fails(g, &b, &buffer, _D3DKMT_DEVICEEXECUTION_HUNG);
		guest_free(g);
	}
}

/* A display gives periodic fences their time, until nobody has one. */
static void test_periodic_fence(void **state)
{
	struct guest *g = guest_create(HOST_RENDER, 2);
	struct dxg_cmd_createsyncobject cmd = {
		.args.info.type = _D3DDDI_PERIODIC_MONITORED_FENCE,
		.client_hint = 1,
	};
	struct dxg_ret_createsyncobject *ret = (void *)g->reply;
	uint32_t device, fence;
	uint64_t page;

	(void)state;
	g->config.adapters[0].display = true;
	guest_start(g);
	device = create_device(g);
	cmd.args.device.v = device;
	cmd.args.info.periodic_monitored_fence.vidpn_target_id = 1;
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATESYNCOBJECT, &cmd, sizeof(cmd));
	assert_int_equal(ret->sync_object.v, 0);
	cmd.args.info.periodic_monitored_fence.vidpn_target_id = 0;
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATESYNCOBJECT, &cmd, sizeof(cmd));
	fence = ret->sync_object.v;
	page = ret->fence_storage_address;
	assert_int_not_equal(fence, 0);
	assert_int_equal(guest_fence(g, page), 0);
	assert_int_equal(wait_cpu(g, device, fence, 3, 9), STATUS_SUCCESS);
	assert_int_equal(host_vertical_blank(g->host, 0, 2), 0);
	assert_false(guest_has_event(g, 9));
	assert_int_equal(host_vertical_blank(g->host, 0, 1), 0);
	assert_true(guest_has_event(g, 9));
	assert_int_equal(guest_fence(g, page), 3);
	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
					fence), STATUS_SUCCESS);
	assert_int_equal(host_vertical_blank(g->host, 0, 1), 0);
	assert_int_not_equal(host_vertical_blank(g->host, 1, 1), 0);
	assert_int_not_equal(host_vertical_blank(g->host, 2, 1), 0);
	assert_no_violation(g);
	guest_free(g);
}

/* Each way in which a page is not there. */
static void test_not_accessible(void **state)
{
	struct guest *g = *state;
	int way;

	for (way = 0; way < 5; way++) {
		const struct d3dkmt_createallocationflags flags = plain;
		struct dxg_cmd_freegpuvirtualaddress release = {
			.args = { .adapter.v = g->adapter, .size = 4096 },
		};
		struct {
			struct dxg_cmd_evict cmd;
			struct d3dkmthandle handle;
		} evict = { .cmd.alloc_count = 1 };
		struct buffer buffer;
		struct bench b;
		uint32_t data;
		uint64_t va;

		g->guest_data_count = 0;
		bench_create(g, &b);
		buffer_create(g, &b, &buffer);
		data = create_allocation(g, b.device, MOCK_SEGMENT_LOCAL, 4096,
					 NULL, flags);
		va = map_allocation(g, &b, data, 1);
		wait_paging(g, &b);
		if (way)
			make_resident(g, &b, data);
		switch (way) {
		case 0: /* never resident */
			break;
		case 1: /* evicted; the message has its handle at 36 */
			evict.cmd.device.v = b.device;
			memcpy((uint8_t *)&evict + 36, &data, 4);
			guest_send(g, 0, DXGK_VMBCOMMAND_EVICT, &evict, 40);
			break;
		case 2: /* destroyed */
			destroy_allocation(g, b.device, 0, data);
			break;
		case 3: /* unmapped */
			release.args.base_address = va;
			guest_expect(g, 0, DXGK_VMBCOMMAND_FREEGPUVIRTUALADDRESS,
				     &release, sizeof(release), STATUS_SUCCESS);
			break;
		case 4: /* behind the end */
			va += 4096;
			break;
		}
		buffer_add(&buffer, &(struct gpu_cmd_fill32){
			.hdr = HDR(GPU_CMD_FILL32, struct gpu_cmd_fill32),
			.dst = va, .count = 1,
		    }, sizeof(struct gpu_cmd_fill32));
		buffer_fails(g, &b, &buffer,
			     _D3DKMT_DEVICEEXECUTION_ERROR_DMAPAGEFAULT);
		assert_int_equal(destroy_handle(g,
						DXGK_VMBCOMMAND_DESTROYDEVICE,
						b.device), STATUS_SUCCESS);
	}
	assert_no_violation(g);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, guest_setup, \
							guest_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_vector_add),
		TEST(test_scattered_pages),
		cmocka_unit_test(test_gpadl),
		TEST(test_matmul),
		TEST(test_mandelbrot),
		TEST(test_copy_and_write),
		TEST(test_page_fault),
		cmocka_unit_test(test_illegal_commands),
		cmocka_unit_test(test_periodic_fence),
		TEST(test_not_accessible),
	};

	return cmocka_run_group_tests_name("engine GPU", tests, NULL, NULL);
}
