// SPDX-License-Identifier: GPL-2.0
/*
 * GPU virtual address spaces: reservation, mapping and freeing of ranges.  A
 * range is what FREEGPUVIRTUALADDRESS gives back; the page table says what is
 * behind each of its pages.  Callers hold the engine lock.
 */
#include <stdlib.h>

#include "commands.h"
#include "gpu_address.h"
#include "paging_queue.h"
#include "process.h"

/* Addresses that the host chooses: for clients, and for fences. */
#define CLIENT_FIRST	0x0000000000010000ull
#define CLIENT_END	0x0000700000000000ull
#define FENCE_END	0x0000800000000000ull
#define CHOSEN_ALIGN	0x10000ull

/* Page table entries that one mapping may need. */
#define MAP_PAGES_MAX	0x1000000ull

/**
 * struct gpu_range - a range of addresses in use
 * @link: in space->ranges
 * @va: first address
 * @size: bytes
 * @reserved: made by RESERVEGPUVIRTUALADDRESS; maps may go inside
 * @fence: holds the value of a fence
 * @owner: allocation for which MAPGPUVIRTUALADDRESS made it; it goes with it
 * @born: paging operations with a lower number are older than this range
 */
struct gpu_range {
	struct list link;
	uint64_t va;
	uint64_t size;
	bool reserved;
	bool fence;
	const struct allocation *owner;
	uint64_t born;
};

/**
 * gpu_space_get() - address space of a process on an adapter
 * @process: process
 * @adapter: adapter
 *
 * Return: the space, made on first use; NULL when memory is short.
 */
struct gpu_space *gpu_space_get(struct process *process,
				struct adapter *adapter)
{
	struct gpu_space *space = process->spaces[adapter->index];

	if (space)
		return space;
	space = calloc(1, sizeof(*space));
	if (!space)
		return NULL;
	space->process = process;
	space->adapter = adapter;
	list_init(&space->ranges);
	process->spaces[adapter->index] = space;
	return space;
}

static struct gpu_range *to_range(struct list *pos)
{
	return container_of(pos, struct gpu_range, link);
}

static void range_free(struct gpu_space *space, struct gpu_range *range)
{
	page_table_clear(&space->table, range->va,
			 range->size >> HOST_PAGE_SHIFT);
	list_del(&range->link);
	free(range);
}

/**
 * gpu_space_free() - free an address space
 * @space: space, or NULL
 */
void gpu_space_free(struct gpu_space *space)
{
	struct list *pos;

	if (!space)
		return;
	list_for_each(pos, &space->ranges) {
		list_del(pos);
		free(to_range(pos));
	}
	page_table_free(&space->table);
	free(space);
}

/* The first range that ends behind @va; NULL when there is none. */
static struct gpu_range *first_behind(struct gpu_space *space, uint64_t va)
{
	struct list *pos;

	list_for_each(pos, &space->ranges) {
		if (to_range(pos)->va + to_range(pos)->size > va)
			return to_range(pos);
	}
	return NULL;
}

static struct gpu_range *next_range(struct gpu_space *space,
				    struct gpu_range *range)
{
	struct list *next = range->link.next;

	return next == &space->ranges ? NULL : to_range(next);
}

static bool is_free(struct gpu_space *space, uint64_t va, uint64_t size)
{
	struct gpu_range *range = first_behind(space, va);

	return !range || range->va >= va + size;
}

/* First fit in [from, end); 0 when there is no room. */
static uint64_t find_room(struct gpu_space *space, uint64_t from, uint64_t end,
			  uint64_t size, uint64_t align)
{
	struct gpu_range *range;
	uint64_t va;

	if (from > end || end - from < size)
		return 0;
	va = (from + align - 1) & ~(align - 1);
	range = first_behind(space, va);
	while (range && range->va < va + size) {
		va = range->va + range->size;
		va = (va + align - 1) & ~(align - 1);
		range = next_range(space, range);
	}
	return va <= end - size ? va : 0;
}

static struct gpu_range *range_add(struct gpu_space *space, uint64_t va,
				   uint64_t size)
{
	struct gpu_range *next = first_behind(space, va);
	struct gpu_range *range = calloc(1, sizeof(*range));

	if (!range)
		return NULL;
	range->va = va;
	range->size = size;
	range->born = ++space->adapter->host->last_op;
	/* In front of the next one, or at the end. */
	list_add_tail(&range->link, next ? &next->link : &space->ranges);
	return range;
}

/* The range that holds all of [va, va + size), or NULL. */
static struct gpu_range *range_around(struct gpu_space *space, uint64_t va,
				      uint64_t size)
{
	struct gpu_range *range = first_behind(space, va);

	if (!range || range->va > va || size > range->va + range->size - va)
		return NULL;
	return range;
}

/**
 * gpu_page_range() - are these whole pages of an address space?
 * @va: first address
 * @size: bytes
 *
 * Return: false for nothing, for parts of pages, and beyond the last address.
 */
bool gpu_page_range(uint64_t va, uint64_t size)
{
	const uint64_t limit = 1ull << GPU_VA_BITS;

	return size && !((va | size) % HOST_PAGE_SIZE) && size <= limit &&
	       va <= limit - size;
}

/*
 * An address as RESERVE and MAP ask for it: the given one, or any between
 * @min and @max.  0 when that is not possible.
 */
static uint64_t choose_address(struct gpu_space *space, uint64_t base,
			       uint64_t min, uint64_t max, uint64_t size)
{
	const uint64_t limit = 1ull << GPU_VA_BITS;

	if (base)
		return gpu_page_range(base, size) && is_free(space, base, size) ?
		       base : 0;
	if (!gpu_page_range(0, size))
		return 0;
	if (min < CLIENT_FIRST)
		min = CLIENT_FIRST;
	if (!max)
		max = CLIENT_END;
	if (max > limit)
		max = limit;
	return find_room(space, min, max, size, CHOSEN_ALIGN);
}

/**
 * gpu_space_map_fence() - give a fence a GPU address
 * @space: space
 * @core: monitored fence
 *
 * Return: the address, or 0 when memory is short.
 */
uint64_t gpu_space_map_fence(struct gpu_space *space, struct sync_core *core)
{
	const struct pte entry = {
		.fence = core,
		.kind = PTE_FENCE,
		.writable = true,
	};
	struct gpu_range *range;
	uint64_t va;

	va = find_room(space, CLIENT_END, FENCE_END, HOST_PAGE_SIZE,
		       HOST_PAGE_SIZE);
	range = va ? range_add(space, va, HOST_PAGE_SIZE) : NULL;
	if (!range)
		return 0;
	range->fence = true;
	if (!page_table_set(&space->table, va, &entry)) {
		range_free(space, range);
		return 0;
	}
	return va;
}

/**
 * gpu_space_unmap_fence() - undo gpu_space_map_fence()
 * @space: space
 * @va: address of the fence
 */
void gpu_space_unmap_fence(struct gpu_space *space, uint64_t va)
{
	range_free(space, first_behind(space, va));
}

/**
 * gpu_space_drop() - free the ranges that exist for an allocation only
 * @space: space, or NULL
 * @allocation: allocation that is destroyed
 */
void gpu_space_drop(struct gpu_space *space,
		    const struct allocation *allocation)
{
	struct list *pos;

	if (!space)
		return;
	list_for_each(pos, &space->ranges) {
		if (to_range(pos)->owner == allocation)
			range_free(space, to_range(pos));
	}
}

/**
 * gpu_space_holds() - may a client put page table entries there?
 * @space: space
 * @va: first address
 * @size: bytes
 *
 * Return: true when all of it lies in one range that holds no fence.
 */
bool gpu_space_holds(struct gpu_space *space, uint64_t va, uint64_t size)
{
	struct gpu_range *range;

	if (!gpu_page_range(va, size) ||
	    size >> HOST_PAGE_SHIFT > MAP_PAGES_MAX)
		return false;
	range = range_around(space, va, size);
	return range && !range->fence;
}

/**
 * gpu_space_set() - set the entries of consecutive pages
 * @space: space
 * @va: first address
 * @pages: number of pages
 * @entry: entry of the first one; the page of an allocation counts up
 *
 * Return: false when memory is short.
 */
bool gpu_space_set(struct gpu_space *space, uint64_t va, uint64_t pages,
		   struct pte entry)
{
	uint64_t i;

	for (i = 0; i < pages; i++) {
		if (!page_table_set(&space->table,
				    va + (i << HOST_PAGE_SHIFT), &entry))
			return false;
		entry.page++;
	}
	return true;
}

/**
 * gpu_space_finish_map() - a mapping operation has ended: set its entries
 * @op: operation; its range may have been freed meanwhile
 */
void gpu_space_finish_map(const struct paging_op *op)
{
	struct gpu_space *space = op->space;
	struct gpu_range *range;
	struct pte entry = {
		.page = (uint32_t)op->first_page,
		.writable = op->writable,
	};

	range = range_around(space, op->va, op->pages << HOST_PAGE_SHIFT);
	if (!range || range->born > op->number)
		return;
	if (op->count) {
		entry.kind = PTE_ALLOCATION;
		entry.allocation = op->allocations[0];
	} else if (op->zero) {
		entry.kind = PTE_ZERO;
	} else {
		page_table_clear(&space->table, op->va, op->pages);
		return;
	}
	/* Short of memory the entries stay invalid and the GPU faults. */
	gpu_space_set(space, op->va, op->pages, entry);
}

/**
 * handle_reservegpuvirtualaddress() - RESERVEGPUVIRTUALADDRESS
 * @rq: request
 *
 * Return: NTSTATUS; a failure is seen as address 0.
 */
int32_t handle_reservegpuvirtualaddress(struct request *rq)
{
	const struct dxg_cmd_reservegpuvirtualaddress *cmd =
		(const void *)rq->cmd;
	struct dxg_ret_reservegpuvirtualaddress *ret = (void *)rq->reply;
	struct gpu_space *space;
	struct gpu_range *range;
	uint64_t va;

	if (cmd->args.adapter.v != rq->adapter->handle &&
	    !paging_queue_lookup(rq, cmd->args.adapter.v))
		return STATUS_INVALID_HANDLE;
	if (cmd->args.reservation_type > _D3DDDIGPUVA_RESERVE_NO_COMMIT)
		return STATUS_INVALID_PARAMETER;
	space = gpu_space_get(rq->process, rq->adapter);
	if (!space)
		return STATUS_NO_MEMORY;
	va = choose_address(space, cmd->args.base_address,
			    cmd->args.minimum_address,
			    cmd->args.maximum_address, cmd->args.size);
	if (!va)
		return STATUS_INVALID_PARAMETER;
	range = range_add(space, va, cmd->args.size);
	if (!range)
		return STATUS_NO_MEMORY;
	range->reserved = true;
	ret->virtual_address = va;
	return STATUS_SUCCESS;
}

/* Make or find the addresses of a mapping; 0 on failure. */
static uint64_t map_target(struct gpu_space *space, struct paging_op *op,
			   const struct d3dddi_mapgpuvirtualaddress *args)
{
	uint64_t size = op->pages << HOST_PAGE_SHIFT;
	struct gpu_range *range;
	uint64_t va;

	if (args->base_address && gpu_page_range(args->base_address, size)) {
		range = range_around(space, args->base_address, size);
		if (range && range->reserved)
			return args->base_address;
	}
	va = choose_address(space, args->base_address, args->minimum_address,
			    args->maximum_address, size);
	range = va ? range_add(space, va, size) : NULL;
	if (!range)
		return 0;
	range->born = op->number;
	range->owner = op->count ? op->allocations[0] : NULL;
	return va;
}

static int32_t map_source(struct request *rq, struct paging_op *op,
			  const struct d3dddi_mapgpuvirtualaddress *args)
{
	struct allocation *allocation;
	uint64_t pages;

	if (!op->count)
		return args->protection.zero || args->protection.no_access ?
		       STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
	allocation = allocation_lookup(rq, NULL, args->allocation.v);
	if (!allocation)
		return STATUS_INVALID_HANDLE;
	pages = allocation->memory->size >> HOST_PAGE_SHIFT;
	if (args->offset_in_pages > pages ||
	    op->pages > pages - args->offset_in_pages)
		return STATUS_INVALID_PARAMETER;
	op->first_page = args->offset_in_pages;
	op->allocations[0] = allocation;
	return STATUS_SUCCESS;
}

/**
 * handle_mapgpuvirtualaddress() - MAPGPUVIRTUALADDRESS
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_mapgpuvirtualaddress(struct request *rq)
{
	const struct dxg_cmd_mapgpuvirtualaddress *cmd = (const void *)rq->cmd;
	const struct d3dddi_mapgpuvirtualaddress *args = &cmd->args;
	struct dxg_ret_mapgpuvirtualaddress *ret = (void *)rq->reply;
	struct paging_queue *queue;
	struct gpu_space *space;
	struct paging_op *op;
	int32_t status;

	queue = paging_queue_lookup(rq, args->paging_queue.v);
	if (!queue)
		return STATUS_INVALID_HANDLE;
	if (!args->size_in_pages || args->size_in_pages > MAP_PAGES_MAX)
		return STATUS_INVALID_PARAMETER;
	space = gpu_space_get(rq->process, rq->adapter);
	op = paging_op_create(queue, PAGING_MAP, args->allocation.v ? 1 : 0);
	if (!space || !op) {
		free(op);
		return STATUS_NO_MEMORY;
	}
	op->space = space;
	op->pages = args->size_in_pages;
	op->writable = args->protection.write;
	op->zero = args->protection.zero;
	status = map_source(rq, op, args);
	if (status >= 0) {
		op->va = map_target(space, op, args);
		if (!op->va)
			status = STATUS_INVALID_PARAMETER;
	}
	if (status < 0) {
		free(op);
		return status;
	}
	if (op->count)
		allocation_get(op->allocations[0]);
	ret->virtual_address = op->va;
	ret->paging_fence_value = paging_op_submit(op);
	return STATUS_PENDING;
}

/**
 * handle_freegpuvirtualaddress() - FREEGPUVIRTUALADDRESS
 * @rq: request
 *
 * Frees whole ranges only.
 *
 * Return: NTSTATUS
 */
int32_t handle_freegpuvirtualaddress(struct request *rq)
{
	const struct dxg_cmd_freegpuvirtualaddress *cmd = (const void *)rq->cmd;
	uint64_t va = cmd->args.base_address;
	uint64_t size = cmd->args.size;
	struct gpu_range *range, *first, *next;
	struct gpu_space *space;

	if (cmd->args.adapter.v != rq->adapter->handle) {
		violation(rq->host, "FREEGPUVIRTUALADDRESS: adapter %#x",
			  cmd->args.adapter.v);
		return STATUS_INVALID_HANDLE;
	}
	space = rq->process->spaces[rq->adapter->index];
	if (!space || !gpu_page_range(va, size))
		return STATUS_INVALID_PARAMETER;
	first = first_behind(space, va);
	if (!first || first->va != va)
		return STATUS_INVALID_PARAMETER;
	for (range = first; range && range->va < va + size;
	     range = next_range(space, range)) {
		if (range->fence || range->va + range->size > va + size)
			return STATUS_INVALID_PARAMETER;
	}
	for (range = first; range && range->va < va + size; range = next) {
		next = next_range(space, range);
		range_free(space, range);
	}
	return STATUS_SUCCESS;
}
