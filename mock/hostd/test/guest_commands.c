// SPDX-License-Identifier: GPL-2.0
/*
 * Short forms of the commands that most of the engine's tests need.
 */
#include "engine_fixture.h"

uint32_t create_device(struct guest *g)
{
	struct dxg_cmd_createdevice cmd = { .error_code = 0x7007 };

	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_CREATEDEVICE, &cmd,
				    sizeof(cmd)), 4);
	assert_int_not_equal(*(uint32_t *)g->reply, 0);
	return *(uint32_t *)g->reply;
}

static void create_queue(struct guest *g, struct bench *b)
{
	struct {
		struct dxg_cmd_createhwqueue cmd;
		uint8_t tail[8];
	} msg = { .cmd = { .context.v = b->context } };
	struct dxg_cmd_createhwqueue *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEHWQUEUE, &msg, 72);
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	b->hw_queue = ret->hwqueue.v;
	b->progress = ret->hwqueue_progress_fence.v;
	b->progress_page = ret->hwqueue_progress_fence_cpuva;
	assert_int_equal(guest_fence(g, b->progress_page), 0);
}

void bench_create(struct guest *g, struct bench *b)
{
	struct dxg_cmd_createpagingqueue paging = { 0 };
	struct dxg_ret_createpagingqueue *queue = (void *)g->reply;
	struct dxg_cmd_createcontextvirtual *ret = (void *)g->reply;
	struct {
		struct dxg_cmd_createcontextvirtual cmd;
		uint8_t tail[8];
	} context = { .cmd = { .flags.hw_queue_supported = 1 } };

	memset(b, 0, sizeof(*b));
	b->device = create_device(g);
	paging.args.device.v = b->device;
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEPAGINGQUEUE, &paging,
		   sizeof(paging));
	assert_int_not_equal(queue->paging_queue.v, 0);
	assert_int_not_equal(queue->sync_object.v, 0);
	b->paging_queue = queue->paging_queue.v;
	b->paging_fence = queue->sync_object.v;
	b->paging_page = queue->fence_storage_physical_address;

	context.cmd.device.v = b->device;
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATECONTEXTVIRTUAL, &context, 55);
	assert_int_not_equal(ret->context.v, 0);
	b->context = ret->context.v;
	create_queue(g, b);
}

uint32_t create_allocation(struct guest *g, uint32_t device, uint32_t segment,
			   uint64_t size, uint32_t *resource,
			   struct d3dkmt_createallocationflags flags)
{
	struct {
		struct dxg_cmd_createallocation cmd;
		struct dxg_cmd_createallocation_allocinfo info;
		uint8_t data[sizeof(struct mock_alloc_data)];
	} msg = {
		.cmd = { .device.v = device, .alloc_count = 1, .flags = flags },
		.info = { .priv_drv_data_size = sizeof(msg.data) },
	};
	const struct mock_alloc_data data = {
		.magic = MOCK_ALLOC_MAGIC,
		.segment = segment,
		.size = size,
		.flags = MOCK_ALLOC_CACHED,
	};
	struct dxg_ret_createallocation *ret = (void *)g->reply;
	struct mock_alloc_data back;

	if (resource && !flags.create_resource)
		msg.cmd.resource.v = *resource;
	memcpy(msg.data, &data, sizeof(data));
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEALLOCATION, &msg,
		   offsetof(typeof(msg), data) + sizeof(msg.data));
	assert_int_equal(g->reply_len, 88 + sizeof(data));
	if (!ret->allocation_info[0].allocation.v)
		return 0;
	memcpy(&back, &ret->allocation_info[1], sizeof(back));
	assert_int_equal(ret->allocation_info[0].priv_drv_data_size,
			 sizeof(data));
	assert_true(back.flags & MOCK_ALLOC_EDITED);
	assert_int_equal(back.size, ret->allocation_info[0].allocation_size);
	if (resource && flags.create_resource)
		*resource = ret->resource.v;
	return ret->allocation_info[0].allocation.v;
}

static void send_pages(struct guest *g, uint32_t device, uint32_t allocation,
		       uint64_t first_page, uint64_t pages)
{
	uint64_t sent = 0;

	while (sent < pages) {
		uint32_t n = pages - sent > 1000 ? 1000 :
						   (uint32_t)(pages - sent);
		struct {
			struct dxg_cmd_setexistingsysmempages cmd;
			uint64_t pfns[1000];
		} msg = {
			.cmd = {
				.device.v = device,
				.allocation.v = allocation,
				.num_pages = n,
				.alloc_offset_in_pages = (uint32_t)sent,
			},
		};
		uint32_t i;

		for (i = 0; i < n; i++)
			msg.pfns[i] = GUEST_PFN + first_page + sent + i;
		guest_expect(g, 0, DXGK_VMBCOMMAND_SETEXISTINGSYSMEMPAGES,
			     &msg, sizeof(msg.cmd) + 8 * (size_t)n, STATUS_SUCCESS);
		sent += n;
	}
}

uint32_t create_existing(struct guest *g, uint32_t device, uint64_t first_page,
			 uint64_t pages)
{
	struct {
		struct dxg_cmd_createallocation cmd;
		struct dxg_cmd_createallocation_allocinfo info;
		uint8_t data[sizeof(struct d3dkmt_createstandardallocation)];
	} msg = {
		.cmd = {
			.device.v = device,
			.alloc_count = 1,
			.flags.existing_sysmem = 1,
			.flags.standard_allocation = 1,
			.priv_drv_data_size = sizeof(msg.data),
		},
	};
	const struct d3dkmt_createstandardallocation standard = {
		.type = _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP,
		.existing_heap_data.size = pages * HOST_PAGE_SIZE,
	};
	struct dxg_ret_createallocation *ret = (void *)g->reply;
	uint32_t allocation;

	memcpy(msg.data, &standard, sizeof(standard));
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEALLOCATION, &msg,
		   offsetof(typeof(msg), data) + sizeof(msg.data));
	assert_int_equal(g->reply_len, 88);
	allocation = ret->allocation_info[0].allocation.v;
	assert_int_not_equal(allocation, 0);
	assert_int_equal(ret->allocation_info[0].allocation_size,
			 pages * HOST_PAGE_SIZE);
	if (g->config.adapters[0].map_guest_memory)
		send_pages(g, device, allocation, first_page, pages);
	return allocation;
}

uint32_t create_fence(struct guest *g, uint32_t device, uint64_t initial,
		      uint64_t *page, uint64_t *gpu_va)
{
	struct dxg_cmd_createsyncobject cmd = {
		.args = {
			.device.v = device,
			.info = {
				.type = _D3DDDI_MONITORED_FENCE,
				.monitored_fence.initial_fence_value = initial,
				.monitored_fence.engine_affinity = 1,
			},
		},
		.client_hint = 1,
	};
	struct dxg_ret_createsyncobject *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_CREATESYNCOBJECT, &cmd, sizeof(cmd));
	assert_int_not_equal(ret->sync_object.v, 0);
	if (page)
		*page = ret->fence_storage_address;
	if (gpu_va)
		*gpu_va = ret->fence_gpu_va;
	return ret->sync_object.v;
}

uint64_t map_allocation(struct guest *g, struct bench *b, uint32_t allocation,
			uint64_t pages)
{
	struct dxg_cmd_mapgpuvirtualaddress cmd = {
		.args = {
			.paging_queue.v = b->paging_queue,
			.minimum_address = 0x100000000ull,
			.maximum_address = 0x1000000000ull,
			.allocation.v = allocation,
			.size_in_pages = pages,
			.protection.write = 1,
		},
	};
	struct dxg_ret_mapgpuvirtualaddress *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_MAPGPUVIRTUALADDRESS, &cmd,
		   sizeof(cmd));
	assert_int_equal(ret->status.v, STATUS_PENDING);
	assert_true(ret->virtual_address >= 0x100000000ull);
	return ret->virtual_address;
}

void make_resident(struct guest *g, struct bench *b, uint32_t allocation)
{
	struct {
		struct dxg_cmd_makeresident cmd;
		struct d3dkmthandle handle;
		uint32_t spare;
	} msg = {
		.cmd = { .paging_queue.v = b->paging_queue, .alloc_count = 1 },
		.handle.v = allocation,
	};
	struct dxg_ret_makeresident *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_MAKERESIDENT, &msg, 48);
	assert_int_equal(ret->status.v, STATUS_PENDING);
	guest_wait_fence(g, b->paging_page, ret->paging_fence_value);
}

/* A further paging operation ends after all that came before it. */
void wait_paging(struct guest *g, struct bench *b)
{
	struct dxg_cmd_mapgpuvirtualaddress cmd = {
		.args = {
			.paging_queue.v = b->paging_queue,
			.size_in_pages = 1,
			.protection.zero = 1,
		},
	};
	struct dxg_ret_mapgpuvirtualaddress *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_MAPGPUVIRTUALADDRESS, &cmd,
		   sizeof(cmd));
	assert_int_equal(ret->status.v, STATUS_PENDING);
	guest_wait_fence(g, b->paging_page, ret->paging_fence_value);
}

int32_t wait_cpu(struct guest *g, uint32_t device, uint32_t fence,
		 uint64_t value, uint64_t event)
{
	struct {
		struct dxg_cmd_waitforsyncobjectfromcpu cmd;
		uint8_t tail[12];
	} msg = {
		.cmd = {
			.device.v = device,
			.object_count = 1,
			.guest_event_pointer = event,
		},
	};

	memcpy(msg.tail, &fence, 4);
	memcpy(msg.tail + 4, &value, 8);
	return guest_status(g, 0, DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU,
			    &msg, sizeof(msg.cmd) + 12);
}

int32_t submit_hw(struct guest *g, struct bench *b, uint64_t va,
		  uint32_t length, uint64_t progress)
{
	struct dxg_cmd_submitcommandtohwqueue cmd = {
		.args = {
			.hwqueue.v = b->hw_queue,
			.hwqueue_progress_fence_id = progress,
			.command_buffer = va,
			.command_length = length,
		},
	};

	return guest_status(g, 0, DXGK_VMBCOMMAND_SUBMITCOMMANDTOHWQUEUE, &cmd,
			    sizeof(cmd));
}

int32_t signal_object(struct guest *g, uint32_t device, uint32_t queue,
		      uint32_t object, uint64_t value)
{
	struct {
		struct dxg_cmd_signalsyncobject cmd;
		uint8_t tail[16];
	} msg = {
		.cmd = { .object_count = 1, .context_count = queue ? 1 : 0 },
	};
	size_t len = 4;

	if (!queue)
		msg.cmd.device.v = device;
	memcpy(msg.tail, &object, 4);
	if (queue) {
		memcpy(msg.tail + 4, &queue, 4);
		len = 8;
	}
	memcpy(msg.tail + len, &value, 8);
	return guest_status(g, 0, DXGK_VMBCOMMAND_SIGNALSYNCOBJECT, &msg,
			    sizeof(msg.cmd) + len + 8);
}

int32_t wait_gpu(struct guest *g, uint32_t queue, uint32_t object,
		 uint64_t value)
{
	struct {
		struct dxg_cmd_waitforsyncobjectfromgpu cmd;
		uint8_t tail[16];
	} msg = { .cmd = { .context.v = queue, .object_count = 1 } };

	memcpy(msg.tail, &value, 8);
	memcpy(msg.tail + 8, &object, 4);
	return guest_status(g, 0, DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMGPU,
			    &msg, sizeof(msg.cmd) + 12);
}

/* Commands that carry one handle at offset 24. */
int32_t destroy_handle(struct guest *g, uint32_t command, uint32_t handle)
{
	struct dxg_cmd_destroycontext cmd = { .context.v = handle };
	int adapter = command >= DXGK_VMBCOMMAND_VM_TO_HOST_FIRST ? GLOBAL : 0;

	if (command == DXGK_VMBCOMMAND_DESTROYPAGINGQUEUE) {
		guest_send(g, adapter, command, &cmd, sizeof(cmd));
		return STATUS_SUCCESS;
	}
	return guest_status(g, adapter, command, &cmd, sizeof(cmd));
}

int32_t destroy_allocation(struct guest *g, uint32_t device, uint32_t resource,
			   uint32_t allocation)
{
	struct {
		struct dxg_cmd_destroyallocation cmd;
		struct d3dkmthandle handle;
		uint8_t spare[8];
	} msg = {
		.cmd = {
			.device.v = device,
			.resource.v = resource,
			.alloc_count = allocation ? 1 : 0,
		},
		.handle.v = allocation,
	};

	return guest_status(g, 0, DXGK_VMBCOMMAND_DESTROYALLOCATION, &msg,
			    allocation ? 52 : 48);
}

uint32_t device_state(struct guest *g, uint32_t device)
{
	struct dxg_cmd_getdevicestate cmd = {
		.args = {
			.device.v = device,
			.state_type = _D3DKMT_DEVICESTATE_EXECUTION,
		},
	};
	struct dxg_ret_getdevicestate *ret = (void *)g->reply;

	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_GETDEVICESTATE, &cmd,
				    sizeof(cmd)), 64);
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	return ret->args.execution_state;
}
