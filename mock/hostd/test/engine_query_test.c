// SPDX-License-Identifier: GPL-2.0
/*
 * What the host answers about adapters, memory and allocations, and the
 * differences between personalities.
 */
#include "engine_fixture.h"

static const struct d3dkmt_createallocationflags plain;

/* The answer begins at g->reply + 4. */
static int32_t query(struct guest *g, uint32_t type, void *data, uint32_t size)
{
	struct dxg_cmd_queryadapterinfo *cmd;
	int32_t status;

	cmd = calloc(1, sizeof(*cmd) + size + DXG_SPARE_QUERYADAPTERINFO);
	assert_non_null(cmd);
	cmd->query_type = type;
	cmd->private_data_size = size;
	memcpy(cmd->private_data, data, size);
	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_QUERYADAPTERINFO,
				    cmd, sizeof(*cmd) + size +
				    DXG_SPARE_QUERYADAPTERINFO), size + 4);
	free(cmd);
	memcpy(&status, g->reply, sizeof(status));
	memcpy(data, g->reply + 4, size);
	return status;
}

static uint32_t query32(struct guest *g, uint32_t type)
{
	uint32_t value = 0;

	assert_int_equal(query(g, type, &value, sizeof(value)), 0);
	return value;
}

/* Values on which real clients decide whether to use the adapter. */
static void test_adapter_info(void **state)
{
	struct guest *g = *state;
	uint64_t sizes[3] = { 0 };
	uint32_t ids[7] = { 0 };
	uint32_t mmu[3] = { 0 };
	uint16_t text[4096] = { 0 };
	uint8_t node[78] = { 1 };

	assert_int_equal(query32(g, 13), 3200);
	assert_int_equal(query32(g, 15), 0x34b);
	assert_int_equal(query32(g, 57), 0x34b);
	assert_int_equal(query32(g, 24), 3);
	assert_int_equal(query32(g, 30), 1);
	assert_int_equal(query32(g, 70), 3);
	assert_int_equal(query32(g, 75), 7);
	assert_int_equal(query(g, 3, sizes, sizeof(sizes)), 0);
	assert_int_equal(sizes[0], 0x80000000);
	assert_int_equal(sizes[1], 0);
	assert_int_equal(sizes[2], 0x100000000);
	assert_int_equal(query(g, 31, ids, sizeof(ids)), 0);
	assert_int_equal(ids[1], 0x1414);
	assert_int_equal(ids[2], 0x5a5a);
	assert_int_equal(query(g, 34, mmu, sizeof(mmu)), 0);
	assert_int_equal(mmu[1], 7);
	assert_int_equal(mmu[2], 48);
	assert_int_equal(query(g, 65, text, sizeof(text)), 0);
	assert_memory_equal(text, u"Mock GPU", 18);
	assert_int_equal(query(g, 25, node, sizeof(node)), 0);
	assert_int_equal(node[4], 6);
	assert_int_equal(node[8], 'C');
	assert_int_equal(node[76], 1);
	assert_no_violation(g);
}

static void test_adapter_info_refusals(void **state)
{
	struct guest *g = *state;
	uint8_t data[80] = { 0 };

	assert_int_equal(query(g, 41, data, 24), STATUS_INVALID_PARAMETER);
	assert_int_equal(query(g, 999, data, 24), STATUS_NOT_SUPPORTED);
	assert_int_equal(query(g, MOCK_QUERY_NOT_FOUND, data, 4),
			 STATUS_OBJECT_NAME_NOT_FOUND);
	assert_int_equal(query(g, 31, data, 27), STATUS_BUFFER_TOO_SMALL);
	data[0] = 2;
	assert_int_equal(query(g, 25, data, 78), STATUS_INVALID_PARAMETER);
	assert_no_violation(g);
}

static void test_umd_private(void **state)
{
	struct guest *g = *state;
	uint8_t data[1000];
	uint32_t i;

	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 3);
	assert_int_equal(query(g, 0, data, sizeof(data)), 0);
	for (i = 0; i < sizeof(data); i++)
		assert_int_equal(data[i], (uint8_t)(i * 3) ^
					  MOCK_UMD_PRIVATE(1000, i));
}

static void test_registry(void **state)
{
	struct guest *g = *state;
	uint32_t data[1024] = { 2 };
	uint32_t need;

	assert_int_equal(query(g, 48, data, 552), 0);
	assert_int_equal(data[540 / 4], 1);
	need = data[536 / 4];
	memset(data, 0, sizeof(data));
	data[0] = 2;
	assert_int_equal(query(g, 48, data, 544 + need), 0);
	assert_int_equal(data[540 / 4], 0);
	assert_memory_equal((uint8_t *)data + 544, u"C:\\Windows\\", 22);
	assert_memory_equal((uint8_t *)data + 544 + need - 6, u"ef", 6);
	data[0] = 0;
	assert_int_equal(query(g, 48, data, 552), 0);
	assert_int_equal(data[540 / 4], 2);
}

static void test_features(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_isfeatureenabled cmd = { 0 };
	struct dxg_cmd_isfeatureenabled_gbl global = { .feature_id = 32 };
	struct dxg_ret_isfeatureenabled *ret = (void *)g->reply;

	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_ISFEATUREENABLED,
				    &cmd, sizeof(cmd)), 16);
	assert_int_equal(ret->status.v, 0);
	assert_int_equal(ret->result.version, 1);
	assert_int_equal(ret->result.value, 0xf);
	cmd.feature_id = 33;
	guest_send(g, 0, DXGK_VMBCOMMAND_ISFEATUREENABLED, &cmd, sizeof(cmd));
	assert_int_equal(ret->result.value, 2);
	cmd.feature_id = 5;
	guest_send(g, 0, DXGK_VMBCOMMAND_ISFEATUREENABLED, &cmd, sizeof(cmd));
	assert_int_equal(ret->status.v, STATUS_INVALID_PARAMETER);
	guest_send(g, GLOBAL, DXGK_VMBCOMMAND_ISFEATUREENABLED_GLOBAL, &global,
		   sizeof(global));
	assert_int_equal(ret->result.value, 2);
	assert_no_violation(g);
}

static void test_clock_and_statistics(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_queryclockcalibration clock = {
		.args.adapter.v = g->adapter,
	};
	struct dxg_cmd_querystatistics stats = {
		.args = {
			.type = _D3DKMT_QUERYSTATISTICS_ADAPTER,
			.adapter_luid.a = 0x000a0000,
		},
	};
	struct dxg_ret_querystatistics *ret = (void *)g->reply;
	struct dxgk_gpuclockdata data;
	uint64_t value;

	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_QUERYCLOCKCALIBRATION,
				    &clock, sizeof(clock)), 32);
	memcpy(&data, g->reply + 4, sizeof(data));
	assert_int_equal(data.gpu_frequency, 10000000);
	value = data.gpu_clock_counter;
	guest_send(g, 0, DXGK_VMBCOMMAND_QUERYCLOCKCALIBRATION, &clock,
		   sizeof(clock));
	memcpy(&data, g->reply + 4, sizeof(data));
	assert_true(data.gpu_clock_counter >= value);

	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_QUERYSTATISTICS,
				    &stats, sizeof(stats)), 784);
	assert_int_equal(ret->status.v, 0);
	assert_int_equal(ret->result.size[0], 2);
	assert_int_equal(ret->result.size[4], 2);
	stats.args.type = _D3DKMT_QUERYSTATISTICS_SEGMENT;
	stats.args.size[800] = 1;
	guest_send(g, 0, DXGK_VMBCOMMAND_QUERYSTATISTICS, &stats,
		   sizeof(stats));
	memcpy(&value, ret->result.size, sizeof(value));
	assert_int_equal(value, 0x100000000);
	assert_int_equal(ret->result.size[40], 1);
	assert_no_violation(g);
	stats.args.adapter_luid.a = 0x12345;
	guest_send(g, 0, DXGK_VMBCOMMAND_QUERYSTATISTICS, &stats,
		   sizeof(stats));
	assert_int_equal(ret->status.v, STATUS_INVALID_PARAMETER);
	assert_int_equal(alive(g).violations, 1);
}

static void test_escape(void **state)
{
	struct guest *g = *state;
	struct {
		struct dxg_cmd_escape cmd;
		uint8_t data[112 + 128];
		uint8_t spare[7];
	} msg = {
		.cmd = { .adapter.v = g->adapter, .priv_drv_data_size = 5 },
		.data = { 0, 1, 2, 0xff, 0x80 },
	};
	struct d3dddi_buildtestcommandbuffer build = {
		.escape_type = _D3DDDI_DRIVERESCAPETYPE_BUILDTESTCOMMANDBUFFER,
		.command.buffer = { 9, 8, 7 },
		.dma_buffer_size = 128,
	};

	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_ESCAPE, &msg,
				    55 + 5), 5);
	assert_memory_equal(g->reply, "\xff\xfe\xfd\x00\x7f", 5);
	msg.cmd.type = _D3DKMT_ESCAPE_VIDMM;
	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_ESCAPE, &msg,
				    55 + 5), 0);
	msg.cmd.type = _D3DKMT_ESCAPE_DRIVERPRIVATE;
	msg.cmd.flags.driver_known_escape = 1;
	msg.cmd.priv_drv_data_size = sizeof(msg.data);
	memcpy(msg.data, &build, sizeof(build));
	memset(msg.data + sizeof(build), 0, 128);
	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_ESCAPE, &msg,
				    55 + sizeof(msg.data)), sizeof(msg.data));
	memcpy(&build, g->reply, sizeof(build));
	assert_int_equal(build.dma_buffer_size, 72);
	assert_int_equal(build.dma_buffer_priv_data_size, 0);
	assert_memory_equal(g->reply + 112, "\x09\x08\x07\x00", 4);
	assert_no_violation(g);
}

static size_t standard_data(struct guest *g,
			    struct dxg_cmd_getstandardallocprivdata *cmd)
{
	return guest_send(g, 0,
			  DXGK_VMBCOMMAND_DDIGETSTANDARDALLOCATIONDRIVERDATA,
			  cmd, sizeof(*cmd));
}

static void test_standard_data(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_getstandardallocprivdata cmd = {
		.alloc_type = _D3DKMDT_STANDARDALLOCATION_GDISURFACE,
		.gdi_surface = {
			.width = 65536,
			.height = 1,
			.type = _D3DKMDT_GDISURFACE_TEXTURE_CROSSADAPTER,
		},
	};
	struct dxg_ret_getstandardallocprivdata *ret = (void *)g->reply;
	struct mock_alloc_data data;

	assert_int_equal(standard_data(g, &cmd), 40);
	assert_int_equal(ret->status.v, 0);
	assert_int_equal(ret->gdi_surface.width, 65536);
	cmd.priv_driver_data_size = ret->priv_driver_data_size;
	cmd.priv_driver_resource_size = ret->priv_driver_resource_size;
	assert_int_equal(standard_data(g, &cmd), 80);
	assert_int_equal(ret->status.v, 0);
	memcpy(&data, g->reply + 36, sizeof(data));
	assert_int_equal(data.size, 65536);
	cmd.priv_driver_data_size--;
	standard_data(g, &cmd);
	assert_int_equal(ret->status.v, STATUS_BUFFER_TOO_SMALL);
	assert_no_violation(g);
}

static uint32_t residency_of(struct guest *g, uint32_t device,
			     uint32_t allocation, uint32_t resource)
{
	struct {
		struct dxg_cmd_queryallocationresidency cmd;
		uint32_t handle;
	} msg = {
		.cmd.args = {
			.device.v = device,
			.resource.v = resource,
			.allocation_count = allocation ? 1 : 0,
		},
		.handle = allocation,
	};
	uint32_t *ret = (uint32_t *)g->reply;

	assert_int_equal(guest_send(g, 0,
				    DXGK_VMBCOMMAND_QUERYALLOCATIONRESIDENCY,
				    &msg, sizeof(msg.cmd) +
				    (allocation ? 4 : 0)), 8);
	assert_int_equal(ret[0], STATUS_SUCCESS);
	return ret[1];
}

static void test_residency(void **state)
{
	struct guest *g = *state;
	const struct d3dkmt_createallocationflags flags = {
		.create_resource = 1,
	};
	uint32_t handles[3] = { 0, 0, 1 };
	struct {
		struct dxg_cmd_evict cmd;
		uint32_t rest[2];
	} evict = { .cmd.alloc_count = 1 };
	uint32_t resource = 0, local, system;
	struct bench b;

	bench_create(g, &b);
	local = create_allocation(g, b.device, MOCK_SEGMENT_LOCAL, 4096,
				  &resource, flags);
	system = create_allocation(g, b.device, MOCK_SEGMENT_SYSTEM, 4096,
				   &resource, plain);
	assert_int_equal(residency_of(g, b.device, local, 0), 3);
	make_resident(g, &b, local);
	assert_int_equal(residency_of(g, b.device, local, 0), 1);
	assert_int_equal(residency_of(g, b.device, 0, resource), 3);
	make_resident(g, &b, system);
	assert_int_equal(residency_of(g, b.device, system, 0), 2);
	assert_int_equal(residency_of(g, b.device, 0, resource), 2);
	/* Made resident twice, evicted twice. */
	make_resident(g, &b, local);
	evict.cmd.device.v = b.device;
	handles[0] = local;
	memcpy((uint8_t *)&evict + 36, handles, 4);
	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_EVICT, &evict, 40),
			 8);
	assert_int_equal(residency_of(g, b.device, local, 0), 1);
	guest_send(g, 0, DXGK_VMBCOMMAND_EVICT, &evict, 40);
	assert_int_equal(residency_of(g, b.device, local, 0), 3);
	assert_no_violation(g);
}

static void test_offer_and_priority(void **state)
{
	struct guest *g = *state;
	struct {
		struct dxg_cmd_offerallocations cmd;
		uint32_t spare;
	} offer = { .cmd = {
		.allocation_count = 1,
		.priority = _D3DKMT_OFFER_PRIORITY_LOW,
	} };
	struct {
		struct dxg_cmd_reclaimallocations cmd;
		uint32_t handle;
		uint32_t spare;
	} reclaim = { .cmd = { .allocation_count = 1, .write_results = 1 } };
	struct dxg_ret_reclaimallocations *got = (void *)g->reply;
	struct {
		struct dxg_cmd_setallocationpriority cmd;
		uint32_t handle;
		uint32_t priority;
	} priority = {
		.cmd.allocation_count = 1,
		.priority = 0xa0000000,
	};
	uint32_t *words = (uint32_t *)g->reply;
	uint32_t allocation;
	struct bench b;

	bench_create(g, &b);
	allocation = create_allocation(g, b.device, MOCK_SEGMENT_LOCAL, 4096,
				       NULL, plain);
	offer.cmd.device.v = b.device;
	memcpy((uint8_t *)&offer + 44, &allocation, 4);
	assert_int_equal(guest_status(g, 0, DXGK_VMBCOMMAND_OFFERALLOCATIONS,
				      &offer, 48), STATUS_SUCCESS);
	reclaim.cmd.device.v = b.device;
	reclaim.cmd.paging_queue.v = b.paging_queue;
	reclaim.handle = allocation;
	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_RECLAIMALLOCATIONS,
				    &reclaim, 48), 16);
	assert_int_equal(got->status.v, STATUS_PENDING);
	assert_int_equal(got->discarded[0], _D3DDDI_RECLAIM_RESULT_OK);
	guest_wait_fence(g, b.paging_page, got->paging_fence_value);

	priority.cmd.device.v = b.device;
	priority.handle = allocation;
	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_GETALLOCATIONPRIORITY,
				    &priority, 44), 8);
	assert_int_equal(words[1], 0x78000000);
	guest_expect(g, 0, DXGK_VMBCOMMAND_SETALLOCATIONPRIORITY,
		     &priority, sizeof(priority), STATUS_SUCCESS);
	guest_send(g, 0, DXGK_VMBCOMMAND_GETALLOCATIONPRIORITY, &priority, 44);
	assert_int_equal(words[1], 0xa0000000);
	assert_no_violation(g);
}

static uint32_t create_legacy(struct guest *g, uint32_t device, uint32_t type,
			      uint32_t first, uint32_t second)
{
	struct dxg_cmd_createsyncobject cmd = {
		.args = {
			.device.v = device,
			.info = {
				.type = type,
				.semaphore = { first, second },
			},
		},
		.client_hint = 1,
	};
	struct dxg_ret_createsyncobject *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_CREATESYNCOBJECT, &cmd, sizeof(cmd));
	return ret->sync_object.v;
}

/* A semaphore of 1 lets one of two queues go on, its signal the other. */
static void test_legacy_objects(void **state)
{
	struct guest *g = *state;
	uint32_t semaphore, notification;
	struct bench b;

	bench_create(g, &b);
	assert_int_equal(create_legacy(g, b.device, 6, 1, 1), 0);
	assert_int_equal(create_legacy(g, b.device, 2, 1, 2), 0);
	semaphore = create_legacy(g, b.device, 2, 2, 1);
	notification = create_legacy(g, b.device, 4, 0x55, 0);
	assert_int_not_equal(semaphore, 0);
	assert_int_not_equal(notification, 0);
	assert_int_equal(wait_gpu(g, b.hw_queue, semaphore, 0),
			 STATUS_SUCCESS);
	assert_int_equal(submit_hw(g, &b, 0, 0, 1), STATUS_SUCCESS);
	guest_wait_fence(g, b.progress_page, 1);
	assert_int_equal(wait_gpu(g, b.hw_queue, semaphore, 0),
			 STATUS_SUCCESS);
	assert_int_equal(signal_object(g, 0, b.hw_queue, notification, 0),
			 STATUS_SUCCESS);
	assert_int_equal(submit_hw(g, &b, 0, 0, 2), STATUS_SUCCESS);
	assert_false(guest_has_event(g, 0x55));
	assert_int_equal(signal_object(g, b.device, 0, semaphore, 0),
			 STATUS_SUCCESS);
	guest_wait_fence(g, b.progress_page, 2);
	assert_true(guest_has_event(g, 0x55));
	/* CPUs wait for monitored fences only. */
	assert_int_equal(wait_cpu(g, b.device, semaphore, 1, 3),
			 STATUS_OBJECT_TYPE_MISMATCH);
	assert_no_violation(g);
}

static void test_context_priority(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_setcontextschedulingpriority2 set = { .priority = -3 };
	struct dxg_cmd_getcontextschedulingpriority get = { 0 };
	struct dxg_ret_getcontextschedulingpriority *ret = (void *)g->reply;
	struct bench b;

	bench_create(g, &b);
	set.context.v = b.context;
	get.context.v = b.context;
	guest_expect(g, 0, DXGK_VMBCOMMAND_SETCONTEXTSCHEDULINGPRIORITY,
		     &set, sizeof(set), STATUS_SUCCESS);
	guest_send(g, 0, DXGK_VMBCOMMAND_GETCONTEXTSCHEDULINGPRIORITY, &get,
		   sizeof(get));
	assert_int_equal(ret->priority, -3);
	get.in_process = 1;
	guest_send(g, 0, DXGK_VMBCOMMAND_GETCONTEXTSCHEDULINGPRIORITY, &get,
		   sizeof(get));
	assert_int_equal(ret->priority, 0);
	set.priority = 8;
	guest_expect(g, 0, DXGK_VMBCOMMAND_SETCONTEXTSCHEDULINGPRIORITY,
		     &set, sizeof(set), STATUS_INVALID_PARAMETER);
	assert_no_violation(g);
}

static void test_no_hwsch(void **state)
{
	struct guest *g = guest_create(HOST_NO_HWSCH, 1);
	struct {
		struct dxg_cmd_createcontextvirtual cmd;
		uint8_t tail[8];
	} context = { .cmd.flags.hw_queue_supported = 1 };
	struct {
		struct dxg_cmd_createhwqueue cmd;
		uint8_t tail[8];
	} queue = { 0 };
	struct dxg_cmd_createhwqueue *ret = (void *)g->reply;

	(void)state;
	guest_start(g);
	assert_int_equal(query32(g, 70), 0);
	context.cmd.device.v = create_device(g);
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATECONTEXTVIRTUAL, &context, 55);
	memcpy(&queue.cmd.context, g->reply + 24, 4);
	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_CREATEHWQUEUE,
				    &queue, 72), 72);
	assert_int_equal(ret->status.v, STATUS_NOT_SUPPORTED);
	assert_int_equal(ret->hwqueue.v, 0);
	assert_no_violation(g);
	guest_free(g);
}

static void test_personality_names(void **state)
{
	enum host_personality personality;

	(void)state;
	assert_true(host_personality_parse("slow", &personality));
	assert_int_equal(personality, HOST_SLOW);
	assert_string_equal(host_personality_name(HOST_COMPUTE_ONLY),
			    "compute-only");
	assert_false(host_personality_parse("fast", &personality));
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, guest_setup, \
							guest_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_adapter_info),
		TEST(test_adapter_info_refusals),
		TEST(test_umd_private),
		TEST(test_registry),
		TEST(test_features),
		TEST(test_clock_and_statistics),
		TEST(test_escape),
		TEST(test_standard_data),
		TEST(test_residency),
		TEST(test_offer_and_priority),
		TEST(test_legacy_objects),
		TEST(test_context_priority),
		cmocka_unit_test(test_no_hwsch),
		cmocka_unit_test(test_personality_names),
	};

	return cmocka_run_group_tests_name("engine queries", tests, NULL, NULL);
}
