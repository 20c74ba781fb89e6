// SPDX-License-Identifier: GPL-2.0
/*
 * How the guest's memory reaches the host and the host's the guest: page
 * lists and GPADLs of existing system memory, and Lock2 views.  Callers hold
 * the engine lock.
 */
#include <errno.h>
#include <stdlib.h>

#include "allocation.h"
#include "commands.h"
#include "process.h"

/* Common to both forms: the allocation must wait for its pages. */
static struct allocation *existing_allocation(struct request *rq,
					      struct d3dkmthandle device,
					      struct d3dkmthandle handle)
{
	struct device *dev = device_lookup(rq, device);
	struct allocation *allocation;

	allocation = dev ? allocation_lookup(rq, dev, handle.v) : NULL;
	if (!allocation || allocation->memory->kind != MEMORY_GUEST) {
		violation(rq->host, "%s: %#x has no existing memory",
			  host_command_name(rq->command), handle.v);
		return NULL;
	}
	return allocation;
}

/**
 * handle_setexistingsysmempages() - SETEXISTINGSYSMEMPAGES
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_setexistingsysmempages(struct request *rq)
{
	const struct dxg_cmd_setexistingsysmempages *cmd =
		(const void *)rq->cmd;
	uint64_t count = cmd->num_pages;
	struct allocation *allocation;
	uint64_t pages;

	/* A guest may always send the longest form. */
	if (count > MAX_PFNS_PER_SETEXISTINGSYSMEMPAGES ||
	    !request_length(rq, sizeof(*cmd) + 8 * count,
			    8 * (MAX_PFNS_PER_SETEXISTINGSYSMEMPAGES - count)))
		return STATUS_INVALID_PARAMETER;
	if (!rq->adapter->config.map_guest_memory) {
		violation(rq->host, "page list without map_guest_memory");
		return STATUS_NOT_SUPPORTED;
	}
	allocation = existing_allocation(rq, cmd->device, cmd->allocation);
	if (!allocation)
		return STATUS_INVALID_HANDLE;
	pages = allocation->memory->size >> HOST_PAGE_SHIFT;
	if (!count || cmd->alloc_offset_in_pages > pages ||
	    count > pages - cmd->alloc_offset_in_pages) {
		violation(rq->host, "page list of %llu at %u exceeds %llu",
			  (unsigned long long)count,
			  cmd->alloc_offset_in_pages,
			  (unsigned long long)pages);
		return STATUS_INVALID_PARAMETER;
	}
	if (!memory_set_pfns(allocation->memory, cmd->alloc_offset_in_pages,
			     (const uint64_t *)(cmd + 1), count))
		violation(rq->host, "page sent twice for %#x",
			  allocation->handle);
	return STATUS_SUCCESS;
}

/**
 * handle_setexistingsysmemstore() - SETEXISTINGSYSMEMSTORE
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_setexistingsysmemstore(struct request *rq)
{
	const struct dxg_cmd_setexistingsysmemstore *cmd =
		(const void *)rq->cmd;
	struct allocation *allocation;
	struct memory *memory;
	uint64_t *pfns = NULL;
	long count;

	if (rq->adapter->config.map_guest_memory)
		violation(rq->host, "GPADL instead of a page list");
	allocation = existing_allocation(rq, cmd->device, cmd->allocation);
	if (!allocation)
		return STATUS_INVALID_HANDLE;
	memory = allocation->memory;
	if (memory->has_gpadl) {
		violation(rq->host, "second GPADL for %#x", allocation->handle);
		return STATUS_INVALID_PARAMETER;
	}
	count = rq->host->ops.gpadl_pages(rq->host->ops_ctx, cmd->gpadl, &pfns);
	if (count < 0 ||
	    (uint64_t)count != memory->size >> HOST_PAGE_SHIFT) {
		violation(rq->host, "GPADL %#x does not hold %llu bytes",
			  cmd->gpadl, (unsigned long long)memory->size);
		free(pfns);
		return STATUS_INVALID_PARAMETER;
	}
	memory_set_pfns(memory, 0, pfns, (uint64_t)count);
	memory->has_gpadl = true;
	memory->gpadl = cmd->gpadl;
	free(pfns);
	return STATUS_SUCCESS;
}

static void forget_gpadl(struct host *host, struct device *device,
			 uint32_t gpadl)
{
	struct list *pos;

	list_for_each(pos, &device->allocations) {
		struct memory *memory = container_of(pos, struct allocation,
						     link)->memory;

		if (!memory->has_gpadl || memory->gpadl != gpadl)
			continue;
		violation(host, "GPADL %#x torn down while in use", gpadl);
		memory_forget_pfns(memory);
	}
}

/**
 * host_gpadl_torn_down() - the guest tears a GPADL of the global channel down
 * @host: host
 * @gpadl: GPADL
 *
 * To be called before the pages become unreachable.  The engine does not
 * touch them any more; that it still knew them is a violation.
 */
void host_gpadl_torn_down(struct host *host, uint32_t gpadl)
{
	struct list *pos, *dev;

	pthread_mutex_lock(&host->lock);
	list_for_each(pos, &host->process_list) {
		struct process *process = container_of(pos, struct process,
						       link);

		list_for_each(dev, &process->devices)
			forget_gpadl(host, container_of(dev, struct device,
							link), gpadl);
	}
	pthread_mutex_unlock(&host->lock);
}

/**
 * handle_lock2() - LOCK2
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_lock2(struct request *rq)
{
	const struct dxg_cmd_lock2 *cmd = (const void *)rq->cmd;
	struct dxg_ret_lock2 *ret = (void *)rq->reply;
	struct device *device = device_lookup(rq, cmd->args.device);
	struct allocation *allocation;
	uint64_t address = 0;
	int32_t status;

	allocation = device ? allocation_lookup(rq, device,
						cmd->args.allocation.v) : NULL;
	if (!allocation)
		return STATUS_INVALID_HANDLE;
	/* The guest has its own pages mapped already. */
	if (allocation->memory->kind == MEMORY_GUEST)
		return STATUS_INVALID_PARAMETER;
	status = memory_lock(allocation->memory, &address);
	if (status >= 0)
		allocation->lock_count++;
	ret->cpu_visible_buffer_offset = address;
	return status;
}

/**
 * handle_unlock2() - UNLOCK2
 * @rq: request
 *
 * Accepts an unlock of existing system memory, which some guests send
 * although they never sent the lock.
 *
 * Return: NTSTATUS
 */
int32_t handle_unlock2(struct request *rq)
{
	const struct dxg_cmd_unlock2 *cmd = (const void *)rq->cmd;
	struct device *device = device_lookup(rq, cmd->args.device);
	struct allocation *allocation;

	allocation = device ? allocation_lookup(rq, device,
						cmd->args.allocation.v) : NULL;
	if (!allocation)
		return STATUS_INVALID_HANDLE;
	if (allocation->memory->kind == MEMORY_GUEST)
		return STATUS_SUCCESS;
	if (!allocation->lock_count) {
		violation(rq->host, "UNLOCK2 of %#x, which is not locked",
			  allocation->handle);
		return STATUS_INVALID_PARAMETER;
	}
	allocation->lock_count--;
	memory_unlock(allocation->memory);
	return STATUS_SUCCESS;
}

/**
 * handle_invalidatecache() - INVALIDATECACHE
 * @rq: request
 *
 * CPU and GPU of the mock are coherent, so that the check of the range is all
 * there is to do.
 *
 * Return: NTSTATUS
 */
int32_t handle_invalidatecache(struct request *rq)
{
	const struct dxg_cmd_invalidatecache *cmd = (const void *)rq->cmd;
	struct device *device = device_lookup(rq, cmd->device);
	struct allocation *allocation;

	allocation = device ? allocation_lookup(rq, device, cmd->allocation.v)
			    : NULL;
	if (!allocation)
		return STATUS_INVALID_HANDLE;
	if (cmd->offset > allocation->memory->size ||
	    cmd->length > allocation->memory->size - cmd->offset)
		return STATUS_INVALID_PARAMETER;
	return STATUS_SUCCESS;
}
