// SPDX-License-Identifier: GPL-2.0
/*
 * OFFERALLOCATIONS and RECLAIMALLOCATIONS: contents of offered allocations are
 * thrown away when somebody else needs the memory, and the reclaiming client
 * learns of it.  Callers hold the engine lock.
 */
#include <stdlib.h>

#include "commands.h"
#include "offer.h"
#include "paging_queue.h"
#include "process.h"
#include "residency.h"

/* The order in which the memory manager helps itself. */
static unsigned int discard_rank(const struct allocation *allocation)
{
	return allocation->offered == _D3DKMT_OFFER_PRIORITY_AUTO ?
	       _D3DKMT_OFFER_PRIORITY_NORMAL : allocation->offered;
}

static bool discardable(const struct allocation *allocation)
{
	/* the guest's own pages are not the host's to give away */
	return allocation->offered && allocation->resident &&
	       !allocation->resident_op &&
	       allocation->memory->kind != MEMORY_GUEST &&
	       allocation->memory->refs == 1;
}

static struct allocation *device_candidate(const struct device *device,
					   struct allocation *best)
{
	struct list *pos;

	list_for_each(pos, &device->allocations) {
		struct allocation *allocation =
			container_of(pos, struct allocation, link);

		if (discardable(allocation) &&
		    (!best || discard_rank(allocation) < discard_rank(best)))
			best = allocation;
	}
	return best;
}

/**
 * offer_discard_one() - take back the memory of one offered allocation
 * @adapter: adapter that is short of memory
 *
 * Return: false when nothing that is offered is left.
 */
bool offer_discard_one(struct adapter *adapter)
{
	struct allocation *best = NULL;
	struct list *p, *d;

	list_for_each(p, &adapter->host->process_list) {
		struct process *process = container_of(p, struct process,
						       link);

		list_for_each(d, &process->devices) {
			struct device *device = container_of(d, struct device,
							     link);

			if (device->adapter == adapter)
				best = device_candidate(device, best);
		}
	}
	if (!best)
		return false;
	memory_clear(best->memory);
	residency_drop(best);
	best->discarded = true;
	best->revive = true;
	return true;
}

/**
 * struct offered - a list of allocations or resources in a message
 * @device: their device
 * @handles: handles
 * @count: number of @handles
 * @resources: of resources
 */
struct offered {
	struct device *device;
	const struct d3dkmthandle *handles;
	uint32_t count;
	bool resources;
};

/*
 * Calls @each for the allocations behind entry @i.  False when the guest has
 * nothing of that handle.
 */
static bool for_entry(struct request *rq, const struct offered *list,
		      uint32_t i,
		      bool (*each)(struct allocation *allocation, void *arg),
		      void *arg)
{
	uint32_t handle = list->handles[i].v;
	struct allocation *allocation;
	struct resource *resource;
	struct list *pos;

	if (!list->resources) {
		allocation = allocation_lookup(rq, list->device, handle);
		return allocation && each(allocation, arg);
	}
	resource = resource_lookup(rq, list->device, handle);
	if (!resource)
		return false;
	list_for_each(pos, &resource->allocations) {
		if (!each(container_of(pos, struct allocation, resource_link),
			  arg))
			return false;
	}
	return true;
}

/* All or nothing: nothing has been changed when this says no. */
static bool for_all(struct request *rq, const struct offered *list,
		    bool (*each)(struct allocation *allocation, void *arg),
		    void *arg)
{
	uint32_t i;

	for (i = 0; i < list->count; i++) {
		if (!for_entry(rq, list, i, each, arg))
			return false;
	}
	return true;
}

/* Tells whether all exist, and how many they are. */
static bool count_allocation(struct allocation *allocation, void *arg)
{
	uint32_t *count = arg;

	(void)allocation;
	++*count;
	return true;
}

/* What a CPU is looking at cannot be offered. */
static bool may_offer(struct allocation *allocation, void *arg)
{
	(void)arg;
	return !allocation->lock_count;
}

static bool offer(struct allocation *allocation, void *arg)
{
	const struct dxg_cmd_offerallocations *cmd = arg;

	allocation->offered = cmd->priority;
	allocation->decommit = cmd->flags.allow_decommit;
	return true;
}

/**
 * handle_offerallocations() - OFFERALLOCATIONS
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_offerallocations(struct request *rq)
{
	const struct dxg_cmd_offerallocations *cmd = (const void *)rq->cmd;
	struct offered list = {
		.device = device_lookup(rq, cmd->device),
		.handles = cmd->allocations,
		.count = cmd->allocation_count,
		.resources = cmd->resources,
	};
	uint32_t count = 0;

	if (!request_length(rq, dxg_msg_size(struct dxg_cmd_offerallocations,
					     allocations, list.count), 0) ||
	    !list.count || cmd->priority < _D3DKMT_OFFER_PRIORITY_LOW ||
	    cmd->priority > _D3DKMT_OFFER_PRIORITY_AUTO)
		return STATUS_INVALID_PARAMETER;
	if (!list.device)
		return STATUS_INVALID_HANDLE;
	if (!for_all(rq, &list, count_allocation, &count))
		return STATUS_INVALID_HANDLE;
	if (!for_all(rq, &list, may_offer, NULL))
		return STATUS_GRAPHICS_ALLOCATION_BUSY;
	for_all(rq, &list, offer, (void *)cmd);
	return STATUS_SUCCESS;
}

/**
 * struct reclaim - a RECLAIMALLOCATIONS in progress
 * @op: operation that brings back what was discarded
 * @result: of the entry at hand, the worst of its allocations
 */
struct reclaim {
	struct paging_op *op;
	uint32_t result;
};

static bool reclaim(struct allocation *allocation, void *arg)
{
	struct reclaim *r = arg;
	uint32_t result = _D3DDDI_RECLAIM_RESULT_OK;

	if (allocation->discarded)
		result = allocation->decommit ?
			 _D3DDDI_RECLAIM_RESULT_NOT_COMMITTED :
			 _D3DDDI_RECLAIM_RESULT_DISCARDED;
	if (allocation->revive) {
		if (residency_fits(allocation)) {
			residency_add(allocation, r->op->number);
			r->op->allocations[r->op->count++] =
				allocation_get(allocation);
		} else {
			result = _D3DDDI_RECLAIM_RESULT_NOT_COMMITTED;
		}
	}
	allocation->offered = 0;
	allocation->discarded = false;
	allocation->revive = false;
	if (result > r->result)
		r->result = result;
	return true;
}

/**
 * handle_reclaimallocations() - RECLAIMALLOCATIONS
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_reclaimallocations(struct request *rq)
{
	const struct dxg_cmd_reclaimallocations *cmd = (const void *)rq->cmd;
	struct dxg_ret_reclaimallocations *ret = (void *)rq->reply;
	struct offered list = {
		.handles = cmd->allocations,
		.count = cmd->allocation_count,
		.resources = cmd->resources,
	};
	struct reclaim r = { 0 };
	struct paging_queue *queue;
	uint32_t count = 0;
	uint32_t i;

	if (!request_length(rq, dxg_msg_size(struct dxg_cmd_reclaimallocations,
					     allocations, list.count),
			    DXG_SPARE_RECLAIMALLOCATIONS) || !list.count)
		return STATUS_INVALID_PARAMETER;
	queue = paging_queue_lookup(rq, cmd->paging_queue.v);
	if (!queue || queue->device->handle != cmd->device.v)
		return STATUS_INVALID_HANDLE;
	list.device = queue->device;
	if (!for_all(rq, &list, count_allocation, &count))
		return STATUS_INVALID_HANDLE;
	r.op = paging_op_create(queue, PAGING_RESIDENT, count);
	if (!r.op)
		return STATUS_NO_MEMORY;
	r.op->count = 0;
	for (i = 0; i < list.count; i++) {
		r.result = _D3DDDI_RECLAIM_RESULT_OK;
		for_entry(rq, &list, i, reclaim, &r);
		if (cmd->write_results)
			ret->discarded[i] = r.result;
	}
	ret->paging_fence_value = paging_op_submit(r.op);
	return STATUS_PENDING;
}
