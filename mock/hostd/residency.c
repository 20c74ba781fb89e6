// SPDX-License-Identifier: GPL-2.0
/*
 * Residency: MAKERESIDENT and EVICT with the accounting of segments and
 * budget, and what else the guest can tell about single allocations.
 * Callers hold the engine lock.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "offer.h"
#include "paging_queue.h"
#include "process.h"
#include "residency.h"

static unsigned int segment(const struct allocation *allocation)
{
	return allocation->memory->kind == MEMORY_LOCAL ? 0 : 1;
}

/* The process and the adapter as a whole both count. */
static void charge(const struct allocation *allocation, bool add)
{
	const struct device *device = allocation->device;
	struct adapter *adapter = device->adapter;
	uint64_t bytes = allocation->memory->size;
	unsigned int i = segment(allocation);

	if (!add)
		bytes = -bytes;
	adapter->resident[i] += bytes;
	device->process->memory[adapter->index].resident[i] += bytes;
}

/**
 * residency_drop() - an allocation is destroyed or evicted completely
 * @allocation: allocation, resident or not
 */
void residency_drop(struct allocation *allocation)
{
	if (!allocation->resident)
		return;
	allocation->resident = 0;
	allocation->resident_op = 0;
	charge(allocation, false);
}

/**
 * residency_arrived() - a paging operation has ended
 * @allocation: allocation, perhaps destroyed meanwhile
 * @op: number of the operation
 */
void residency_arrived(struct allocation *allocation, uint64_t op)
{
	if (allocation->resident_op == op)
		allocation->resident_op = 0;
}

/**
 * residency_usable() - may the GPU access an allocation?
 * @allocation: allocation
 *
 * Return: false before it has arrived, while it is offered, after it was
 * evicted or destroyed.
 */
bool residency_usable(const struct allocation *allocation)
{
	return allocation->memory && allocation->resident &&
	       !allocation->resident_op && !allocation->offered;
}

/**
 * residency_add() - one more reason to keep an allocation in memory
 * @allocation: allocation
 * @op: number of the paging operation that brings it in
 */
void residency_add(struct allocation *allocation, uint64_t op)
{
	if (allocation->resident++)
		return;
	allocation->resident_op = op;
	charge(allocation, true);
}

/* Bytes by which the budget of a segment would be exceeded. */
static uint64_t excess(const struct adapter *adapter, const uint64_t *more,
		       bool must_succeed)
{
	const struct host_adapter_config *config = &adapter->config;
	uint64_t limit[2] = { config->local_budget, config->system_bytes };
	uint64_t bytes = 0;
	unsigned int i;

	if (must_succeed)
		limit[0] = config->local_bytes;
	for (i = 0; i < 2; i++) {
		uint64_t used = adapter->resident[i] + more[i];

		if (used > limit[i])
			bytes += used - limit[i];
	}
	return bytes;
}

static int32_t reserve(struct request *rq,
		       const struct dxg_cmd_makeresident *cmd,
		       struct paging_op *op, uint64_t *trim)
{
	uint64_t more[2] = { 0, 0 };
	uint32_t i;

	for (i = 0; i < op->count; i++) {
		struct allocation *allocation;

		allocation = allocation_lookup(rq, NULL, cmd->allocations[i].v);
		if (!allocation)
			return STATUS_INVALID_HANDLE;
		op->allocations[i] = allocation;
		if (!allocation->resident)
			more[segment(allocation)] += allocation->memory->size;
	}
	/* what was offered goes first */
	do {
		*trim = excess(rq->adapter, more, cmd->flags.must_succeed);
	} while (*trim && offer_discard_one(rq->adapter));
	return *trim ? STATUS_NO_MEMORY : STATUS_SUCCESS;
}

/**
 * handle_makeresident() - MAKERESIDENT
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_makeresident(struct request *rq)
{
	const struct dxg_cmd_makeresident *cmd = (const void *)rq->cmd;
	struct dxg_ret_makeresident *ret = (void *)rq->reply;
	struct paging_queue *queue;
	struct paging_op *op;
	uint64_t trim = 0;
	int32_t status;
	uint32_t i;

	if (!request_length(rq, dxg_msg_size(struct dxg_cmd_makeresident,
					     allocations, cmd->alloc_count),
			    DXG_SPARE_MAKERESIDENT) || !cmd->alloc_count)
		return STATUS_INVALID_PARAMETER;
	queue = paging_queue_lookup(rq, cmd->paging_queue.v);
	if (!queue)
		return STATUS_INVALID_HANDLE;
	op = paging_op_create(queue, PAGING_RESIDENT, cmd->alloc_count);
	if (!op)
		return STATUS_NO_MEMORY;
	status = reserve(rq, cmd, op, &trim);
	if (status < 0) {
		free(op);
		ret->num_bytes_to_trim = trim;
		rq->keep_reply = true;
		return status;
	}
	for (i = 0; i < op->count; i++) {
		residency_add(op->allocations[i], op->number);
		allocation_get(op->allocations[i]);
	}
	ret->paging_fence_value = paging_op_submit(op);
	return STATUS_PENDING;
}

/**
 * handle_evict() - EVICT
 * @rq: request
 *
 * Return: NTSTATUS, which the guest does not see
 */
int32_t handle_evict(struct request *rq)
{
	const struct dxg_cmd_evict *cmd = (const void *)rq->cmd;
	struct dxg_ret_evict *ret = (void *)rq->reply;
	const uint64_t none[2] = { 0, 0 };
	struct device *device;
	uint32_t i;

	if (!request_length(rq, dxg_msg_size(struct dxg_cmd_evict, allocations,
					     cmd->alloc_count), 0) ||
	    !cmd->alloc_count)
		return STATUS_INVALID_PARAMETER;
	device = device_lookup(rq, cmd->device);
	if (!device)
		return STATUS_INVALID_HANDLE;
	for (i = 0; i < cmd->alloc_count; i++) {
		struct allocation *allocation;

		allocation = allocation_lookup(rq, device,
					       cmd->allocations[i].v);
		if (!allocation)
			continue;
		allocation->revive = false;
		if (allocation->resident > 1)
			allocation->resident--;
		else
			residency_drop(allocation);
	}
	ret->num_bytes_to_trim = excess(rq->adapter, none, false);
	return STATUS_SUCCESS;
}

static uint32_t residency_status(const struct allocation *allocation)
{
	if (!allocation->resident)
		return _D3DKMT_ALLOCATIONRESIDENCYSTATUS_NOTRESIDENT;
	if (segment(allocation))
		return _D3DKMT_ALLOCATIONRESIDENCYSTATUS_RESIDENTINSHAREDMEMORY;
	return _D3DKMT_ALLOCATIONRESIDENCYSTATUS_RESIDENTINGPUMEMORY;
}

/* Of a resource the worst placed allocation counts. */
static uint32_t resource_status(const struct resource *resource)
{
	uint32_t worst = _D3DKMT_ALLOCATIONRESIDENCYSTATUS_RESIDENTINGPUMEMORY;
	const struct list *pos;

	list_for_each(pos, &resource->allocations) {
		const struct allocation *allocation =
			container_of(pos, struct allocation, resource_link);
		uint32_t status = residency_status(allocation);

		if (status > worst)
			worst = status;
	}
	return worst;
}

/**
 * residency_fits() - would an allocation stay within the budget?
 * @allocation: allocation that is not resident
 *
 * Return: true if so.
 */
bool residency_fits(const struct allocation *allocation)
{
	uint64_t more[2] = { 0, 0 };

	more[segment(allocation)] = allocation->memory->size;
	return !excess(allocation->device->adapter, more, false);
}

/**
 * handle_queryallocationresidency() - QUERYALLOCATIONRESIDENCY
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_queryallocationresidency(struct request *rq)
{
	const struct dxg_cmd_queryallocationresidency *cmd =
		(const void *)rq->cmd;
	const struct d3dkmthandle *handles = (const void *)(cmd + 1);
	uint32_t *out = (uint32_t *)(rq->reply + sizeof(struct ntstatus));
	uint64_t n = cmd->args.allocation_count;
	struct resource *resource;
	struct device *device;
	uint64_t i;

	if (!request_length(rq, sizeof(*cmd) + 4 * n, 0) ||
	    !n == !cmd->args.resource.v)
		return STATUS_INVALID_PARAMETER;
	device = device_lookup(rq, cmd->args.device);
	if (!device)
		return STATUS_INVALID_HANDLE;
	if (!n) {
		resource = resource_lookup(rq, device, cmd->args.resource.v);
		if (!resource)
			return STATUS_INVALID_HANDLE;
		out[0] = resource_status(resource);
	}
	for (i = 0; i < n; i++) {
		struct allocation *allocation;

		allocation = allocation_lookup(rq, device, handles[i].v);
		if (!allocation)
			return STATUS_INVALID_HANDLE;
		out[i] = residency_status(allocation);
	}
	return STATUS_SUCCESS;
}

/**
 * handle_updateallocationproperty() - UPDATEALLOCATIONPROPERTY
 * @rq: request
 *
 * Placement hints do not change where the mock keeps memory, but like any
 * host it takes a paging operation to follow them.
 *
 * Return: NTSTATUS
 */
int32_t handle_updateallocationproperty(struct request *rq)
{
	const struct dxg_cmd_updateallocationproperty *cmd =
		(const void *)rq->cmd;
	struct dxg_ret_updateallocationproperty *ret = (void *)rq->reply;
	struct paging_queue *queue;
	struct paging_op *op;

	queue = paging_queue_lookup(rq, cmd->args.paging_queue.v);
	if (!queue || !allocation_lookup(rq, queue->device,
					 cmd->args.allocation.v))
		return STATUS_INVALID_HANDLE;
	op = paging_op_create(queue, PAGING_FENCE, 0);
	if (!op)
		return STATUS_NO_MEMORY;
	ret->paging_fence_value = paging_op_submit(op);
	return STATUS_PENDING;
}

/* Reads or writes the priorities of a resource or of a list. */
static int32_t priorities(struct request *rq, struct device *device,
			  uint32_t resource_handle, uint32_t count,
			  const uint32_t *new, uint32_t *old)
{
	const struct d3dkmthandle *handles = (const void *)
		(rq->cmd + sizeof(struct dxg_cmd_setallocationpriority));
	struct resource *resource;
	struct list *pos;
	uint32_t i;

	for (i = 0; i < count; i++) {
		struct allocation *allocation;

		allocation = allocation_lookup(rq, device, handles[i].v);
		if (!allocation)
			return STATUS_INVALID_HANDLE;
		if (new)
			allocation->priority = new[i];
		else
			old[i] = allocation->priority;
	}
	if (count)
		return STATUS_SUCCESS;
	resource = resource_lookup(rq, device, resource_handle);
	if (!resource)
		return STATUS_INVALID_HANDLE;
	list_for_each(pos, &resource->allocations) {
		struct allocation *allocation = container_of(pos,
							     struct allocation,
							     resource_link);

		if (new)
			allocation->priority = new[0];
		else
			old[0] = allocation->priority;
	}
	return STATUS_SUCCESS;
}

/**
 * handle_setallocationpriority() - SETALLOCATIONPRIORITY
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_setallocationpriority(struct request *rq)
{
	const struct dxg_cmd_setallocationpriority *cmd = (const void *)rq->cmd;
	uint64_t n = cmd->allocation_count;
	uint64_t values = sizeof(*cmd) + 4 * n;
	struct device *device;

	if (!request_length(rq, values + 4 * (n ? n : 1), 0) ||
	    !n == !cmd->resource.v)
		return STATUS_INVALID_PARAMETER;
	device = device_lookup(rq, cmd->device);
	if (!device)
		return STATUS_INVALID_HANDLE;
	return priorities(rq, device, cmd->resource.v, cmd->allocation_count,
			  (const uint32_t *)(rq->cmd + values), NULL);
}

/**
 * handle_getallocationpriority() - GETALLOCATIONPRIORITY
 * @rq: request
 *
 * Some guests append room for the answer to the request.
 *
 * Return: NTSTATUS
 */
int32_t handle_getallocationpriority(struct request *rq)
{
	const struct dxg_cmd_getallocationpriority *cmd = (const void *)rq->cmd;
	uint64_t n = cmd->allocation_count;
	struct device *device;

	if (!request_length(rq, sizeof(*cmd) + 4 * n, rq->reply_len) ||
	    !n == !cmd->resource.v)
		return STATUS_INVALID_PARAMETER;
	device = device_lookup(rq, cmd->device);
	if (!device)
		return STATUS_INVALID_HANDLE;
	return priorities(rq, device, cmd->resource.v, cmd->allocation_count,
			  NULL,
			  (uint32_t *)(rq->reply + sizeof(struct ntstatus)));
}
