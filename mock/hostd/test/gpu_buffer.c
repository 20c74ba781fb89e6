// SPDX-License-Identifier: GPL-2.0
/*
 * Command buffers of the engine's tests.
 */
#include "gpu_buffer.h"

static const struct d3dkmt_createallocationflags plain;

uint8_t *view_of(struct guest *g, uint32_t device, uint32_t allocation)
{
	struct dxg_cmd_lock2 cmd = {
		.args = { .device.v = device, .allocation.v = allocation },
	};
	struct dxg_ret_lock2 *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_LOCK2, &cmd, sizeof(cmd));
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	return guest_page(g, ret->cpu_visible_buffer_offset);
}

void buffer_create(struct guest *g, struct bench *b, struct buffer *buffer)
{
	buffer->allocation = create_allocation(g, b->device,
					       MOCK_SEGMENT_SYSTEM, 4096, NULL,
					       plain);
	buffer->va = map_allocation(g, b, buffer->allocation, 1);
	make_resident(g, b, buffer->allocation);
	buffer->bytes = view_of(g, b->device, buffer->allocation);
	buffer->length = 0;
}

void buffer_add(struct buffer *buffer, const void *cmd, uint32_t size)
{
	memcpy(buffer->bytes + buffer->length, cmd, size);
	buffer->length += size;
}

void buffer_run(struct guest *g, struct bench *b, struct buffer *buffer,
		uint64_t progress)
{
	assert_int_equal(submit_hw(g, b, buffer->va, buffer->length, progress),
			 STATUS_SUCCESS);
	guest_wait_fence(g, b->progress_page, progress);
	assert_int_equal(guest_fence(g, b->progress_page), progress);
	assert_int_equal(device_state(g, b->device),
			 _D3DKMT_DEVICEEXECUTION_ACTIVE);
	buffer->length = 0;
}

void buffer_fails(struct guest *g, struct bench *b, struct buffer *buffer,
		  uint32_t state)
{
	assert_int_equal(submit_hw(g, b, buffer->va, buffer->length, 1),
			 STATUS_SUCCESS);
	/* Waiters are let go. */
	guest_wait_fence(g, b->progress_page, UINT64_MAX);
	assert_int_equal(device_state(g, b->device), state);
	assert_int_equal(g->guest_data_token, 0x7007);
	assert_int_equal(g->guest_data_count, 1);
	assert_int_equal(submit_hw(g, b, buffer->va, buffer->length, 2),
			 STATUS_DEVICE_REMOVED);
}
