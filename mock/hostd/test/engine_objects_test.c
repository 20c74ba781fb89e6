// SPDX-License-Identifier: GPL-2.0
/*
 * Life of the host's objects: creation, destruction by command, by the end of
 * the owner, of the process and of the channel; handles; the ledger.
 */
#include "engine_fixture.h"

static const struct d3dkmt_createallocationflags plain;

static int32_t destroy_process(struct guest *g)
{
	struct dxg_cmd_destroyprocess cmd = { 0 };

	return guest_status(g, GLOBAL, DXGK_VMBCOMMAND_DESTROYPROCESS, &cmd,
			    sizeof(cmd));
}

static uint64_t lock2(struct guest *g, uint32_t device, uint32_t allocation)
{
	struct dxg_cmd_lock2 cmd = {
		.args = { .device.v = device, .allocation.v = allocation },
	};
	struct dxg_ret_lock2 *ret = (void *)g->reply;

	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_LOCK2, &cmd,
				    sizeof(cmd)), 16);
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	return ret->cpu_visible_buffer_offset;
}

static int32_t unlock2(struct guest *g, uint32_t device, uint32_t allocation)
{
	struct dxg_cmd_unlock2 cmd = {
		.args = { .device.v = device, .allocation.v = allocation },
	};

	return guest_status(g, 0, DXGK_VMBCOMMAND_UNLOCK2, &cmd, sizeof(cmd));
}

/* Everything once, destroyed one by one. */
static void test_full_life(void **state)
{
	struct guest *g = *state;
	uint32_t allocation, existing, fence;
	struct host_alive now;
	struct bench b;

	bench_create(g, &b);
	allocation = create_allocation(g, b.device, MOCK_SEGMENT_LOCAL, 5000,
				       NULL, plain);
	existing = create_existing(g, b.device, 16, 8);
	fence = create_fence(g, b.device, 10, NULL, NULL);
	lock2(g, b.device, allocation);
	assert_int_equal(wait_cpu(g, b.device, fence, 99, 5), STATUS_SUCCESS);
	now = alive(g);
	assert_int_equal(now.processes, 1);
	assert_int_equal(now.devices, 1);
	assert_int_equal(now.contexts, 1);
	assert_int_equal(now.hw_queues, 1);
	assert_int_equal(now.paging_queues, 1);
	assert_int_equal(now.allocations, 2);
	assert_int_equal(now.sync_objects, 1);
	assert_int_equal(now.locks, 1);
	assert_int_equal(now.cpu_waits, 1);
	assert_int_equal(now.page_lists, 1);
	assert_int_equal(now.window_pages, 3 + 2);
	assert_false(host_nothing_alive(&now));

	assert_int_equal(unlock2(g, b.device, allocation), STATUS_SUCCESS);
	assert_int_equal(destroy_allocation(g, b.device, 0, allocation),
			 STATUS_SUCCESS);
	assert_int_equal(destroy_allocation(g, b.device, 0, existing),
			 STATUS_SUCCESS);
	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
					fence), STATUS_SUCCESS);
	/* Nothing can reach the value any more: the wait is over. */
	assert_true(guest_has_event(g, 5));
	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYHWQUEUE,
					b.hw_queue), STATUS_SUCCESS);
	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYCONTEXT,
					b.context), STATUS_SUCCESS);
	destroy_handle(g, DXGK_VMBCOMMAND_DESTROYPAGINGQUEUE, b.paging_queue);
	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYDEVICE,
					b.device), STATUS_SUCCESS);
	assert_int_equal(destroy_process(g), STATUS_SUCCESS);
	assert_nothing_alive(g);
	assert_no_violation(g);
}

static void fill_device(struct guest *g, struct bench *b)
{
	const struct d3dkmt_createallocationflags shared = {
		.create_resource = 1,
		.create_shared = 1,
		.nt_security_sharing = 1,
	};
	uint32_t resource = 0;
	uint32_t allocation;
	uint32_t fence;

	bench_create(g, b);
	allocation = create_allocation(g, b->device, MOCK_SEGMENT_LOCAL, 8192,
				       &resource, shared);
	map_allocation(g, b, allocation, 2);
	make_resident(g, b, allocation);
	lock2(g, b->device, allocation);
	create_existing(g, b->device, 0, 4);
	fence = create_fence(g, b->device, 0, NULL, NULL);
	assert_int_equal(wait_cpu(g, b->device, fence, 1, 77), STATUS_SUCCESS);
	assert_int_equal(wait_gpu(g, b->hw_queue, fence, 1), STATUS_SUCCESS);
	assert_int_equal(signal_object(g, 0, b->hw_queue, fence, 2),
			 STATUS_SUCCESS);
	assert_int_equal(submit_hw(g, b, 0x5000, 64, 1), STATUS_SUCCESS);
}

static void test_device_takes_all(void **state)
{
	struct guest *g = *state;
	struct host_alive now;
	struct bench b;

	fill_device(g, &b);
	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYDEVICE,
					b.device), STATUS_SUCCESS);
	now = alive(g);
	assert_int_equal(now.processes, 1);
	assert_int_equal(now.devices + now.allocations + now.resources +
			 now.sync_objects + now.cpu_waits + now.locks +
			 now.window_pages + now.contexts, 0);
	assert_true(guest_has_event(g, 77));
	assert_int_equal(destroy_process(g), STATUS_SUCCESS);
	assert_nothing_alive(g);
	assert_no_violation(g);
}

static void test_process_takes_all(void **state)
{
	struct guest *g = *state;
	struct bench b;

	fill_device(g, &b);
	fill_device(g, &b);
	assert_int_equal(destroy_process(g), STATUS_SUCCESS);
	/* Nobody is left who would want it. */
	assert_false(guest_has_event(g, 77));
	assert_nothing_alive(g);
	assert_no_violation(g);
}

static void test_adapter_takes_devices(void **state)
{
	struct guest *g = *state;
	struct bench b;

	fill_device(g, &b);
	host_channel_closed(g->host, 0);
	assert_int_equal(alive(g).devices, 0);
	assert_int_equal(alive(g).open_adapters, 0);
	assert_int_equal(alive(g).processes, 1);
	/* The guest's destroy crossed with the removal: no one's fault. */
	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
					b.progress), STATUS_INVALID_HANDLE);
	assert_int_equal(destroy_process(g), STATUS_SUCCESS);
	assert_nothing_alive(g);
	assert_no_violation(g);
	guest_open_adapter(g, 0);
	g->process = guest_create_process(g, 1);
	bench_create(g, &b);
	assert_no_violation(g);
}

static void test_global_channel_takes_all(void **state)
{
	struct guest *g = *state;
	struct bench b;

	fill_device(g, &b);
	host_channel_closed(g->host, GLOBAL);
	assert_nothing_alive(g);
	assert_int_equal(alive(g).open_adapters, 0);
	assert_no_violation(g);
}

static void test_close_adapter(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_closeadapter cmd = { .host_handle.v = g->adapter };
	struct bench b;

	fill_device(g, &b);
	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_CLOSEADAPTER, &cmd,
				    sizeof(cmd)), 0);
	assert_int_equal(alive(g).devices, 0);
	assert_int_equal(alive(g).open_adapters, 0);
	assert_no_violation(g);
}

static void test_double_destroy(void **state)
{
	struct guest *g = *state;
	uint32_t device = create_device(g);

	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYDEVICE,
					device), STATUS_SUCCESS);
	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYDEVICE,
					device), STATUS_INVALID_HANDLE);
	assert_int_equal(alive(g).double_destroys, 1);
	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYDEVICE,
					0x40ffff00), STATUS_INVALID_HANDLE);
	assert_int_equal(alive(g).double_destroys, 1);
	assert_int_equal(alive(g).violations, 1);
	assert_non_null(strstr(g->violation, "no device"));
	host_forget_violations(g->host);
	assert_no_violation(g);
}

/* A freed number comes back at once, with another stamp. */
static void test_handle_reuse(void **state)
{
	struct guest *g = *state;
	uint32_t first = create_device(g);
	uint32_t handle = first;
	int i;

	assert_int_equal(first, 0x40000080);
	for (i = 0; i < 7; i++) {
		uint32_t old = handle;

		destroy_handle(g, DXGK_VMBCOMMAND_DESTROYDEVICE, handle);
		handle = create_device(g);
		assert_int_equal(handle & 0x3fffffff, first & 0x3fffffff);
		assert_int_not_equal(handle, old);
	}
	assert_no_violation(g);
}

static void test_lock_view(void **state)
{
	struct guest *g = *state;
	uint32_t device = create_device(g);
	uint32_t allocation = create_allocation(g, device, MOCK_SEGMENT_LOCAL,
						3 * HOST_PAGE_SIZE, NULL,
						plain);
	uint64_t view = lock2(g, device, allocation);
	uint8_t *bytes = guest_page(g, view);

	assert_int_equal(bytes[0] | bytes[3 * HOST_PAGE_SIZE - 1], 0);
	assert_int_equal(lock2(g, device, allocation), view);
	assert_int_equal(alive(g).locks, 2);
	memset(bytes, 0x5a, 3 * HOST_PAGE_SIZE);
	assert_int_equal(unlock2(g, device, allocation), STATUS_SUCCESS);
	assert_int_equal(alive(g).window_pages, 3);
	assert_int_equal(unlock2(g, device, allocation), STATUS_SUCCESS);
	assert_int_equal(alive(g).window_pages, 0);
	bytes = guest_page(g, lock2(g, device, allocation));
	assert_int_equal(bytes[0], 0x5a);
	assert_int_equal(bytes[3 * HOST_PAGE_SIZE - 1], 0x5a);
	assert_int_equal(unlock2(g, device, allocation), STATUS_SUCCESS);
	assert_no_violation(g);
	assert_int_equal(unlock2(g, device, allocation),
			 STATUS_INVALID_PARAMETER);
	assert_int_equal(alive(g).violations, 1);
}

static void test_lock_too_large(void **state)
{
	struct guest *g = *state;
	uint32_t device = create_device(g);
	struct dxg_cmd_lock2 cmd = { .args.device.v = device };
	struct dxg_ret_lock2 *ret = (void *)g->reply;

	cmd.args.allocation.v = create_allocation(g, device,
						  MOCK_SEGMENT_LOCAL,
						  WINDOW_SIZE + 1, NULL, plain);
	guest_send(g, 0, DXGK_VMBCOMMAND_LOCK2, &cmd, sizeof(cmd));
	assert_int_equal(ret->status.v, STATUS_NO_MEMORY);
	assert_int_equal(alive(g).locks, 0);
}

static uint32_t share(struct guest *g, uint32_t object)
{
	struct dxg_cmd_createntsharedobject cmd = { .object.v = object };

	assert_int_equal(guest_send(g, GLOBAL,
				    DXGK_VMBCOMMAND_CREATENTSHAREDOBJECT, &cmd,
				    sizeof(cmd)), 4);
	return *(uint32_t *)g->reply;
}

static void test_native_fence(void **state)
{
	struct guest *g = *state;
	uint32_t device = create_device(g);
	struct dxg_cmd_createnativefence create = {
		.args.device.v = device,
		.args.private_driver_data = { 1, 2 },
		.args.info.initial_fence_value = 12,
		.args.info.flags.shared = 1,
		.args.info.flags.nt_security_sharing = 1,
	};
	struct dxg_cmd_opennativefencefromnthandle open = {
		.args.device.v = device,
		.args.flags.no_wait = 1,
	};
	struct dxg_ret_createnativefence *ret = (void *)g->reply;
	uint64_t page;
	uint32_t fence;

	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_CREATENATIVEFENCE,
				    &create, sizeof(create)), sizeof(*ret));
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	assert_int_not_equal(ret->global_sync_object.v, 0);
	assert_int_equal(ret->monitored_value_gpu_va,
			 ret->current_value_gpu_va + 8);
	assert_int_equal(ret->private_driver_data[1], 0xfd);
	page = ret->current_value_physical_address;
	assert_int_equal(guest_fence(g, page), 12);
	fence = ret->sync_object.v;
	assert_int_equal(wait_cpu(g, device, fence, 12, 7), STATUS_SUCCESS);
	guest_wait_event(g, 7);

	open.hglobalshare.v = share(g, fence);
	guest_send(g, 0, DXGK_VMBCOMMAND_OPENNATIVEFENCEFROMNTHANDLE, &open,
		   sizeof(open));
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	assert_int_equal(ret->current_value_physical_address, page);
	assert_int_equal(wait_cpu(g, device, ret->sync_object.v, 12, 8),
			 STATUS_ACCESS_DENIED);
	open.hglobalshare.v = fence;
	guest_send(g, 0, DXGK_VMBCOMMAND_OPENNATIVEFENCEFROMNTHANDLE, &open,
		   sizeof(open));
	assert_int_equal(ret->status.v, STATUS_INVALID_HANDLE);
	create.args.info.flags.shared = 0;
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATENATIVEFENCE, &create,
		   sizeof(create));
	assert_int_equal(ret->status.v, STATUS_INVALID_PARAMETER);
	assert_int_equal(alive(g).violations, 0);
}

static void test_shared_resource(void **state)
{
	struct guest *g = *state;
	const struct d3dkmt_createallocationflags flags = {
		.create_resource = 1,
		.create_shared = 1,
		.nt_security_sharing = 1,
	};
	uint32_t device = create_device(g);
	struct dxg_cmd_openresource open = {
		.nt_security_sharing = 1,
		.allocation_count = 1,
	};
	struct dxg_ret_openresource *ret = (void *)g->reply;
	uint32_t owner = g->process;
	uint32_t resource = 0, first, second, nt;

	first = create_allocation(g, device, MOCK_SEGMENT_LOCAL, 4096,
				  &resource, flags);
	memset(guest_page(g, lock2(g, device, first)), 0x77, 4096);
	nt = share(g, resource);
	assert_int_not_equal(nt, 0);
	assert_int_equal(alive(g).shared_handles, 1);
	/* Sealed. */
	assert_int_equal(create_allocation(g, device, MOCK_SEGMENT_LOCAL, 4096,
					   &resource, plain), 0);

	g->process = guest_create_process(g, 2);
	open.device.v = create_device(g);
	open.global_share.v = nt;
	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_OPENRESOURCE, &open,
				    sizeof(open)), 16);
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	second = ((uint32_t *)g->reply)[2];
	assert_int_not_equal(second, 0);
	assert_int_equal(*(uint8_t *)guest_page(g, lock2(g, open.device.v,
							 second)), 0x77);
	/* The creator goes, the handle stays and can still be opened. */
	g->process = owner;
	assert_int_equal(destroy_process(g), STATUS_SUCCESS);
	g->process = 0x40000080;
	guest_send(g, 0, DXGK_VMBCOMMAND_OPENRESOURCE, &open, sizeof(open));
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	open.allocation_count = 2;
	guest_send(g, 0, DXGK_VMBCOMMAND_OPENRESOURCE, &open, sizeof(open));
	assert_int_equal(ret->status.v, STATUS_INVALID_PARAMETER);
	assert_int_equal(destroy_process(g), STATUS_SUCCESS);
	assert_int_equal(alive(g).shared_handles, 1);
	assert_int_equal(destroy_handle(g,
					DXGK_VMBCOMMAND_DESTROYNTSHAREDOBJECT,
					nt), STATUS_SUCCESS);
	assert_nothing_alive(g);
	assert_no_violation(g);
}

static void test_shared_fence(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_createsyncobject create = {
		.args.info = {
			.type = _D3DDDI_MONITORED_FENCE,
			.flags = { .shared = 1, .nt_security_sharing = 1 },
		},
		.client_hint = 1,
	};
	struct dxg_ret_createsyncobject *made = (void *)g->reply;
	struct dxg_cmd_opensyncobject open = { .flags.no_signal = 1 };
	struct dxg_ret_opensyncobject *ret = (void *)g->reply;
	uint32_t owner = g->process;
	uint32_t device, fence;
	uint64_t page;

	create.args.device.v = create_device(g);
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATESYNCOBJECT, &create,
		   sizeof(create));
	assert_int_not_equal(made->global_sync_object.v, 0);
	page = made->fence_storage_address;
	fence = made->sync_object.v;
	open.global_sync_object = made->global_sync_object;

	g->process = guest_create_process(g, 2);
	device = create_device(g);
	open.device.v = device;
	assert_int_equal(guest_send(g, GLOBAL, DXGK_VMBCOMMAND_OPENSYNCOBJECT,
				    &open, sizeof(open)), 24);
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	assert_int_equal(ret->guest_cpu_physical_address, page);
	assert_int_equal(wait_cpu(g, device, ret->sync_object.v, 3, 9),
			 STATUS_SUCCESS);
	assert_int_equal(signal_object(g, device, 0, 0x400000c0, 3),
			 STATUS_ACCESS_DENIED);
	assert_false(guest_has_event(g, 9));
	g->process = owner;
	assert_int_equal(signal_object(g, create.args.device.v, 0, fence, 3),
			 STATUS_SUCCESS);
	assert_true(guest_has_event(g, 9));
	assert_int_equal(guest_fence(g, page), 3);
	assert_int_equal(destroy_process(g), STATUS_SUCCESS);
	assert_int_equal(alive(g).window_pages, 1);
	g->process = 0x40000080;
	assert_int_equal(destroy_process(g), STATUS_SUCCESS);
	assert_nothing_alive(g);
	assert_no_violation(g);
}

static void test_budget(void **state)
{
	struct guest *g = *state;
	struct {
		struct dxg_cmd_makeresident cmd;
		struct d3dkmthandle handle;
		uint32_t spare;
	} msg = { .cmd.alloc_count = 1 };
	struct dxg_ret_makeresident *ret = (void *)g->reply;
	struct dxg_cmd_queryvideomemoryinfo query = { .adapter.v = g->adapter };
	struct dxg_ret_queryvideomemoryinfo *info = (void *)g->reply;
	uint32_t big, small;
	struct bench b;

	bench_create(g, &b);
	big = create_allocation(g, b.device, MOCK_SEGMENT_LOCAL, 0x60000000,
				NULL, plain);
	small = create_allocation(g, b.device, MOCK_SEGMENT_LOCAL, 0x10001000,
				  NULL, plain);
	make_resident(g, &b, big);
	guest_send(g, 0, dxgk_vmbcommand_queryvideomemoryinfo, &query,
		   sizeof(query));
	assert_int_equal(info->budget, 0x70000000);
	assert_int_equal(info->current_usage, 0x60000000);
	msg.cmd.paging_queue.v = b.paging_queue;
	msg.handle.v = small;
	guest_send(g, 0, DXGK_VMBCOMMAND_MAKERESIDENT, &msg, 48);
	assert_int_equal(ret->status.v, STATUS_NO_MEMORY);
	assert_int_equal(ret->num_bytes_to_trim, 0x1000);
	assert_int_equal(destroy_allocation(g, b.device, 0, big),
			 STATUS_SUCCESS);
	make_resident(g, &b, small);
	guest_send(g, 0, dxgk_vmbcommand_queryvideomemoryinfo, &query,
		   sizeof(query));
	assert_int_equal(info->current_usage, 0x10001000);
	assert_no_violation(g);
}

static void test_refuse(void **state)
{
	struct guest *g = *state;
	struct dxg_cmd_createdevice cmd = { 0 };
	uint32_t device = create_device(g);

	host_refuse(g->host, DXGK_VMBCOMMAND_CREATEDEVICE, 1, 2,
		    STATUS_NO_MEMORY);
	create_device(g);
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEDEVICE, &cmd, sizeof(cmd));
	assert_int_equal(*(uint32_t *)g->reply, 0);
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEDEVICE, &cmd, sizeof(cmd));
	assert_int_equal(*(uint32_t *)g->reply, 0);
	create_device(g);
	assert_int_equal(alive(g).devices, 3);
	host_refuse(g->host, DXGK_VMBCOMMAND_DESTROYDEVICE, 0, 1,
		    STATUS_GRAPHICS_ALLOCATION_BUSY);
	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYDEVICE,
					device),
			 STATUS_GRAPHICS_ALLOCATION_BUSY);
	assert_int_equal(alive(g).devices, 3);
	assert_int_equal(destroy_handle(g, DXGK_VMBCOMMAND_DESTROYDEVICE,
					device), STATUS_SUCCESS);
	assert_no_violation(g);
}

static void test_ledger_json(void **state)
{
	struct guest *g = *state;
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	create_device(g);
	destroy_handle(g, DXGK_VMBCOMMAND_DESTROYDEVICE, 0x40ffff00);
	host_alive_json(g->host, out);
	fclose(out);
	assert_non_null(strstr(text, "\"nothing_alive\":false"));
	assert_non_null(strstr(text, "\"devices\":1,"));
	assert_non_null(strstr(text, "\"pid\":4242,\"name\":\"test\""));
	assert_non_null(strstr(text, "no device 0x40ffff00"));
	assert_int_equal(text[len - 1], '\n');
	free(text);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, guest_setup, \
							guest_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_full_life),
		TEST(test_device_takes_all),
		TEST(test_process_takes_all),
		TEST(test_adapter_takes_devices),
		TEST(test_global_channel_takes_all),
		TEST(test_close_adapter),
		TEST(test_double_destroy),
		TEST(test_handle_reuse),
		TEST(test_lock_view),
		TEST(test_lock_too_large),
		TEST(test_native_fence),
		TEST(test_shared_resource),
		TEST(test_shared_fence),
		TEST(test_budget),
		TEST(test_refuse),
		TEST(test_ledger_json),
	};

	return cmocka_run_group_tests_name("engine objects", tests, NULL, NULL);
}
