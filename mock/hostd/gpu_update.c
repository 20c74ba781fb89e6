// SPDX-License-Identifier: GPL-2.0
/*
 * UPDATEGPUVIRTUALADDRESS: page table entries that the client's driver writes
 * itself, inside ranges that it has reserved.  Checked when the message
 * arrives, performed in the order of the context's queue.  Callers hold the
 * engine lock.
 */
#include <stdlib.h>

#include "commands.h"
#include "context.h"
#include "gpu_address.h"
#include "process.h"

#define UPDATES_MAX	2048u
#define DO_NOT_WAIT	0x1u

static int32_t check_map(struct request *rq, struct gpu_update *update)
{
	uint64_t offset = update->op.map.allocation_offset;
	uint64_t size = update->op.map.size;
	struct allocation *allocation;

	allocation = allocation_lookup(rq, NULL, update->op.map.allocation.v);
	if (!allocation)
		return STATUS_INVALID_HANDLE;
	if (offset % HOST_PAGE_SIZE || offset > allocation->memory->size ||
	    size > allocation->memory->size - offset)
		return STATUS_INVALID_PARAMETER;
	update->allocation = allocation_get(allocation);
	return STATUS_SUCCESS;
}

static int32_t check_update(struct request *rq, struct gpu_space *space,
			    struct gpu_update *update)
{
	uint64_t target = update->op.map.base_address;

	switch (update->op.operation) {
	case _D3DDDI_UPDATEGPUVIRTUALADDRESS_MAP:
	case _D3DDDI_UPDATEGPUVIRTUALADDRESS_MAP_PROTECT:
	case _D3DDDI_UPDATEGPUVIRTUALADDRESS_UNMAP:
		break;
	case _D3DDDI_UPDATEGPUVIRTUALADDRESS_COPY:
		target = update->op.copy.dest_address;
		if (!gpu_page_range(update->op.copy.source_address,
				    update->op.copy.size))
			return STATUS_INVALID_PARAMETER;
		break;
	default:
		return STATUS_INVALID_PARAMETER;
	}
	/* The size is at the same place in all of them. */
	if (!gpu_space_holds(space, target, update->op.map.size))
		return STATUS_INVALID_PARAMETER;
	if (update->op.operation == _D3DDDI_UPDATEGPUVIRTUALADDRESS_MAP ||
	    update->op.operation == _D3DDDI_UPDATEGPUVIRTUALADDRESS_MAP_PROTECT)
		return check_map(rq, update);
	return STATUS_SUCCESS;
}

static bool copy_entries(struct gpu_space *space, uint64_t to, uint64_t from,
			 uint64_t pages)
{
	const struct pte none = { .kind = PTE_INVALID };
	uint64_t i;

	for (i = 0; i < pages; i++) {
		const struct pte *entry;
		struct pte copy;

		entry = page_table_get(&space->table,
				       from + (i << HOST_PAGE_SHIFT));
		/* Setting an entry may free what @entry points to. */
		copy = entry && entry->kind != PTE_FENCE ? *entry : none;
		if (!page_table_set(&space->table, to + (i << HOST_PAGE_SHIFT),
				    &copy))
			return false;
	}
	return true;
}

/**
 * gpu_space_update() - perform the operations of UPDATEGPUVIRTUALADDRESS
 * @space: space
 * @updates: operations; their allocation references are consumed
 * @count: number of @updates
 *
 * Return: false when memory is short.
 */
bool gpu_space_update(struct gpu_space *space, struct gpu_update *updates,
		      uint32_t count)
{
	bool done = true;
	uint32_t i;

	for (i = 0; i < count; i++) {
		const struct d3dddi_updategpuvirtualaddress_operation *op =
			&updates[i].op;
		uint64_t pages = op->map.size >> HOST_PAGE_SHIFT;
		struct pte entry = {
			.allocation = updates[i].allocation,
			.page = (uint32_t)(op->map.allocation_offset >>
					   HOST_PAGE_SHIFT),
			.kind = PTE_ALLOCATION,
			.writable = op->operation ==
				    _D3DDDI_UPDATEGPUVIRTUALADDRESS_MAP ||
				    op->map_protect.protection.write,
		};

		if (op->operation == _D3DDDI_UPDATEGPUVIRTUALADDRESS_UNMAP)
			page_table_clear(&space->table, op->unmap.base_address,
					 pages);
		else if (op->operation == _D3DDDI_UPDATEGPUVIRTUALADDRESS_COPY)
			done &= copy_entries(space, op->copy.dest_address,
					     op->copy.source_address, pages);
		else
			done &= gpu_space_set(space, op->map.base_address, pages,
					  entry);
		if (updates[i].allocation)
			allocation_put(updates[i].allocation);
	}
	return done;
}

/* Hand the checked operations to the queue of the context. */
static int32_t queue_update(struct request *rq, struct gpu_space *space,
			    struct gpu_item *item)
{
	const struct dxg_cmd_updategpuvirtualaddress *cmd =
		(const void *)rq->cmd;
	struct sync_object *fence = NULL;
	struct context *context;
	int32_t status = STATUS_SUCCESS;
	uint32_t i;

	context = context_lookup(rq, cmd->context.v);
	if (!context || context->device->handle != cmd->device.v)
		return STATUS_INVALID_HANDLE;
	if (cmd->fence_object.v) {
		fence = sync_object_lookup(rq->process, cmd->fence_object.v);
		if (!fence)
			return STATUS_INVALID_HANDLE;
	}
	for (i = 0; status >= 0 && i < cmd->num_operations; i++) {
		item->updates[i].op = cmd->operations[i];
		item->count++;
		status = check_update(rq, space, &item->updates[i]);
	}
	if (status < 0)
		return status;
	item->space = space;
	if (fence && !(cmd->flags & DO_NOT_WAIT)) {
		item->fence = sync_core_get(fence->core);
		item->value = cmd->fence_value;
	}
	return gpu_queue_push(&context->queue, item);
}

/**
 * handle_updategpuvirtualaddress() - UPDATEGPUVIRTUALADDRESS
 * @rq: request
 *
 * The operations are performed in the order of the context's queue, after
 * its fence has reached the given value.
 *
 * Return: NTSTATUS
 */
int32_t handle_updategpuvirtualaddress(struct request *rq)
{
	const struct dxg_cmd_updategpuvirtualaddress *cmd =
		(const void *)rq->cmd;
	struct gpu_space *space;
	struct gpu_item *item;
	int32_t status;

	if (!request_length(rq,
			    dxg_msg_size(struct dxg_cmd_updategpuvirtualaddress,
					 operations, cmd->num_operations), 0) ||
	    !cmd->num_operations || cmd->num_operations > UPDATES_MAX)
		return STATUS_INVALID_PARAMETER;
	space = gpu_space_get(rq->process, rq->adapter);
	item = gpu_item_create(GPU_UPDATE);
	if (space && item)
		item->updates = calloc(cmd->num_operations,
				       sizeof(*item->updates));
	if (!space || !item || !item->updates) {
		gpu_item_free(item);
		return STATUS_NO_MEMORY;
	}
	status = queue_update(rq, space, item);
	if (status < 0)
		gpu_item_free(item);
	return status;
}
