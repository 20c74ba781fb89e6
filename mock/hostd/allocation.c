// SPDX-License-Identifier: GPL-2.0
/*
 * Allocations and resources: life, CREATEALLOCATION, DESTROYALLOCATION and
 * the private data of standard allocations.  Callers hold the engine lock.
 */
#include <stdlib.h>
#include <string.h>

#include "allocation.h"
#include "commands.h"
#include "gpu_address.h"
#include "process.h"
#include "residency.h"
#include "sharing.h"

/* Size of the resource private data of a standard allocation; our choice. */
#define STANDARD_RESOURCE_DATA	16u
#define STANDARD_RESOURCE_FILL	0x5a

#define PRIORITY_NORMAL		0x78000000u

/**
 * allocation_create() - make an allocation
 * @device: device
 * @resource: resource that it becomes part of, or NULL
 * @memory: backing store; the allocation takes its own reference
 *
 * Return: the allocation, or NULL when memory is short.
 */
struct allocation *allocation_create(struct device *device,
				     struct resource *resource,
				     struct memory *memory)
{
	struct allocation *allocation = calloc(1, sizeof(*allocation));

	if (!allocation)
		return NULL;
	allocation->handle = handle_alloc(&device->process->handles,
					  OBJECT_ALLOCATION, allocation);
	if (!allocation->handle) {
		free(allocation);
		return NULL;
	}
	allocation->refs = 1;
	allocation->device = device;
	allocation->resource = resource;
	allocation->memory = memory_get(memory);
	allocation->priority = PRIORITY_NORMAL;
	list_add_tail(&allocation->link, &device->allocations);
	list_init(&allocation->resource_link);
	if (resource)
		list_add_tail(&allocation->resource_link,
			      &resource->allocations);
	return allocation;
}

/**
 * allocation_lookup() - find an allocation
 * @rq: request
 * @device: device that it must belong to, NULL for any
 * @handle: handle
 *
 * Return: the allocation, or NULL.
 */
struct allocation *allocation_lookup(struct request *rq,
				     struct device *device, uint32_t handle)
{
	struct allocation *allocation;

	allocation = handle_lookup(&rq->process->handles, handle,
				   OBJECT_ALLOCATION);
	if (!allocation || allocation->device->adapter != rq->adapter ||
	    (device && allocation->device != device))
		return NULL;
	return allocation;
}

/**
 * allocation_get() - take a reference
 * @allocation: allocation
 *
 * Return: @allocation
 */
struct allocation *allocation_get(struct allocation *allocation)
{
	allocation->refs++;
	return allocation;
}

/**
 * allocation_put() - drop a reference
 * @allocation: allocation
 */
void allocation_put(struct allocation *allocation)
{
	if (!--allocation->refs)
		free(allocation);
}

/**
 * allocation_destroy() - destroy an allocation and free its memory
 * @allocation: allocation; page tables that still name it fault from now on
 */
void allocation_destroy(struct allocation *allocation)
{
	struct device *device = allocation->device;

	gpu_space_drop(device->process->spaces[device->adapter->index],
		       allocation);
	residency_drop(allocation);
	while (allocation->lock_count) {
		allocation->lock_count--;
		memory_unlock(allocation->memory);
	}
	memory_put(allocation->memory);
	allocation->memory = NULL;
	handle_free(&device->process->handles, allocation->handle);
	list_del(&allocation->link);
	list_del(&allocation->resource_link);
	allocation->resource = NULL;
	allocation->device = NULL;
	allocation_put(allocation);
}

/**
 * resource_create() - make a resource without allocations
 * @device: device
 *
 * Return: the resource, or NULL when memory is short.
 */
struct resource *resource_create(struct device *device)
{
	struct resource *resource = calloc(1, sizeof(*resource));

	if (!resource)
		return NULL;
	resource->device = device;
	list_init(&resource->allocations);
	resource->handle = handle_alloc(&device->process->handles,
					OBJECT_RESOURCE, resource);
	if (!resource->handle) {
		free(resource);
		return NULL;
	}
	list_add_tail(&resource->link, &device->resources);
	return resource;
}

/**
 * resource_lookup() - find a resource
 * @rq: request
 * @device: device
 * @handle: handle
 *
 * Return: the resource, or NULL when @device has none of that handle.
 */
struct resource *resource_lookup(struct request *rq, struct device *device,
				 uint32_t handle)
{
	struct resource *resource = handle_lookup(&rq->process->handles, handle,
						  OBJECT_RESOURCE);

	return resource && resource->device == device ? resource : NULL;
}

/**
 * resource_destroy() - destroy a resource with its allocations
 * @resource: resource
 */
void resource_destroy(struct resource *resource)
{
	while (!list_empty(&resource->allocations))
		allocation_destroy(list_first_entry(&resource->allocations,
						    struct allocation,
						    resource_link));
	if (resource->shared)
		shared_resource_put(resource->shared);
	handle_free(&resource->device->process->handles, resource->handle);
	list_del(&resource->link);
	free(resource);
}

/**
 * struct creation - a CREATEALLOCATION in progress
 * @rq: request
 * @cmd: command
 * @info: per-allocation part of the command
 * @standard: standard allocation data, NULL for ordinary allocations
 * @data: private data of the next allocation in the command
 * @ret: reply
 * @ret_data: private data of the next allocation in the reply
 * @device: device
 * @resource: resource to add to, or NULL
 */
struct creation {
	struct request *rq;
	const struct dxg_cmd_createallocation *cmd;
	const struct dxg_cmd_createallocation_allocinfo *info;
	const uint8_t *standard;
	const uint8_t *data;
	struct dxg_ret_createallocation *ret;
	uint8_t *ret_data;
	struct device *device;
	struct resource *resource;
};

/* Find the parts of the command; false when they do not fit into it. */
static bool parse_command(struct creation *c)
{
	const struct dxg_cmd_createallocation *cmd = c->cmd;
	uint64_t len = sizeof(*cmd);
	uint32_t i;

	c->info = (const void *)(c->rq->cmd + len);
	len += (uint64_t)cmd->alloc_count * sizeof(*c->info);
	if (len > c->rq->len)
		return request_length(c->rq, len, 0);
	len += cmd->private_runtime_data_size;
	if (cmd->flags.standard_allocation)
		c->standard = c->rq->cmd + len;
	len += cmd->priv_drv_data_size;
	c->data = c->rq->cmd + len;
	for (i = 0; i < cmd->alloc_count; i++)
		len += c->info[i].priv_drv_data_size;
	return request_length(c->rq, len, 0);
}

static int32_t standard_memory(struct creation *c, struct memory **out)
{
	bool existing = c->cmd->flags.existing_sysmem;
	struct d3dkmt_createstandardallocation args;
	enum memory_kind kind;

	if (c->cmd->alloc_count != 1 ||
	    c->cmd->priv_drv_data_size != sizeof(args))
		return STATUS_INVALID_PARAMETER;
	memcpy(&args, c->standard, sizeof(args));
	if (args.type == _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP &&
	    existing)
		kind = MEMORY_GUEST;
	else if (args.type == _D3DKMT_STANDARDALLOCATIONTYPE_CROSSADAPTER &&
		 !existing)
		kind = MEMORY_SYSTEM;
	else
		return STATUS_INVALID_PARAMETER;
	if (!args.existing_heap_data.size ||
	    args.existing_heap_data.size % HOST_PAGE_SIZE)
		return STATUS_INVALID_PARAMETER;
	*out = memory_create(c->device->adapter, kind,
			     args.existing_heap_data.size);
	return *out ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

/* Reads the client's private data and writes the host's edition of it. */
static int32_t private_memory(struct creation *c, uint32_t size,
			      struct memory **out, bool *cached)
{
	struct adapter *adapter = c->device->adapter;
	struct mock_alloc_data data;
	enum memory_kind kind;

	if (size < sizeof(data))
		return STATUS_INVALID_PARAMETER;
	memcpy(&data, c->data, sizeof(data));
	if (data.magic != MOCK_ALLOC_MAGIC || !data.size)
		return STATUS_INVALID_PARAMETER;
	if (c->cmd->flags.existing_sysmem)
		kind = MEMORY_GUEST;
	else if (data.segment == MOCK_SEGMENT_LOCAL)
		kind = MEMORY_LOCAL;
	else if (data.segment == MOCK_SEGMENT_SYSTEM)
		kind = MEMORY_SYSTEM;
	else
		return STATUS_INVALID_PARAMETER;
	if (data.size > UINT64_MAX - HOST_PAGE_SIZE ||
	    (kind == MEMORY_LOCAL && data.size > adapter->config.local_bytes))
		return STATUS_NO_MEMORY;
	data.size = (data.size + HOST_PAGE_SIZE - 1) &
		    ~(uint64_t)(HOST_PAGE_SIZE - 1);
	*cached = data.flags & MOCK_ALLOC_CACHED;
	data.flags |= MOCK_ALLOC_EDITED;
	data.host_id = host_next_id(c->rq->host);
	*out = memory_create(adapter, kind, data.size);
	if (!*out)
		return STATUS_NO_MEMORY;
	memcpy(c->ret_data, &data, sizeof(data));
	return STATUS_SUCCESS;
}

static void describe(const struct allocation *allocation, uint32_t data_size,
		     struct dxg_ret_allocinfo *out)
{
	out->allocation.v = allocation->handle;
	out->priv_drv_data_size = data_size;
	out->allocation_flags.cached = allocation->cached;
	out->allocation_flags.existing_sysmem =
		allocation->memory->kind == MEMORY_GUEST;
	out->allocation_size = allocation->memory->size;
}

static int32_t create_one(struct creation *c, uint32_t i)
{
	uint32_t size = c->info[i].priv_drv_data_size;
	struct allocation *allocation;
	struct memory *memory = NULL;
	bool cached = c->cmd->flags.create_cached;
	int32_t status;

	memcpy(c->ret_data, c->data, size);
	if (c->standard)
		status = standard_memory(c, &memory);
	else
		status = private_memory(c, size, &memory, &cached);
	if (status < 0)
		return status;
	memory->read_only = c->cmd->flags.read_only;
	allocation = allocation_create(c->device, c->resource, memory);
	/* Now the allocation keeps it. */
	memory_put(memory);
	if (!allocation)
		return STATUS_NO_MEMORY;
	allocation->cached = cached;
	describe(allocation, size, &c->ret->allocation_info[i]);
	c->data += size;
	c->ret_data += size;
	if (c->resource && c->resource->shared &&
	    !shared_resource_add(c->resource->shared, allocation))
		return STATUS_NO_MEMORY;
	return STATUS_SUCCESS;
}

static int32_t find_resource(struct creation *c)
{
	const struct dxg_cmd_createallocation *cmd = c->cmd;
	struct adapter *adapter = c->device->adapter;

	if (!cmd->flags.create_resource) {
		if (!cmd->resource.v)
			return STATUS_SUCCESS;
		c->resource = handle_lookup(&c->rq->process->handles,
					    cmd->resource.v, OBJECT_RESOURCE);
		if (!c->resource || c->resource->device != c->device)
			return STATUS_INVALID_HANDLE;
		if (c->resource->shared && c->resource->shared->sealed)
			return STATUS_INVALID_PARAMETER;
		return STATUS_SUCCESS;
	}
	if (cmd->resource.v)
		violation(c->rq->host, "CREATEALLOCATION: stale resource");
	if (cmd->flags.create_shared && !cmd->flags.nt_security_sharing)
		return STATUS_INVALID_PARAMETER;
	c->resource = resource_create(c->device);
	if (!c->resource)
		return STATUS_NO_MEMORY;
	if (!cmd->flags.create_shared)
		return STATUS_SUCCESS;
	c->resource->shared =
		shared_resource_create(adapter, cmd->flags.cross_adapter);
	return c->resource->shared ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

static void undo(struct creation *c)
{
	struct allocation *allocation;
	uint32_t i;

	if (c->cmd->flags.create_resource) {
		if (c->resource)
			resource_destroy(c->resource);
		return;
	}
	for (i = 0; i < c->cmd->alloc_count; i++) {
		allocation = handle_lookup(&c->rq->process->handles,
					   c->ret->allocation_info[i]
					   .allocation.v, OBJECT_ALLOCATION);
		if (allocation)
			allocation_destroy(allocation);
	}
}

/**
 * handle_createallocation() - CREATEALLOCATION
 * @rq: request
 *
 * Return: NTSTATUS; a failure is seen as zero handles.
 */
int32_t handle_createallocation(struct request *rq)
{
	struct creation c = {
		.rq = rq,
		.cmd = (const void *)rq->cmd,
		.ret = (void *)rq->reply,
	};
	int32_t status;
	uint32_t i;

	if (!parse_command(&c))
		return STATUS_INVALID_PARAMETER;
	if (!c.cmd->alloc_count ||
	    c.cmd->alloc_count > D3DKMT_CREATEALLOCATION_MAX ||
	    rq->reply_len == sizeof(*c.ret))
		return STATUS_INVALID_PARAMETER;
	c.device = device_lookup(rq, c.cmd->device);
	if (!c.device)
		return STATUS_INVALID_HANDLE;
	c.ret_data = (uint8_t *)&c.ret->allocation_info[c.cmd->alloc_count];
	status = find_resource(&c);
	for (i = 0; status >= 0 && i < c.cmd->alloc_count; i++)
		status = create_one(&c, i);
	if (status < 0) {
		undo(&c);
		return status;
	}
	c.ret->flags = c.cmd->flags;
	if (c.resource) {
		c.ret->resource.v = c.resource->handle;
		if (c.resource->shared)
			c.ret->global_share.v = c.resource->shared->global;
	}
	return STATUS_SUCCESS;
}

static int32_t destroy_list(struct request *rq, struct device *device,
			    const struct d3dkmthandle *handles, uint32_t count)
{
	struct allocation *allocation;
	int32_t status = STATUS_SUCCESS;
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (!allocation_lookup(rq, device, handles[i].v))
			status = bad_destroy(rq, &rq->process->handles,
					     handles[i].v, "allocation");
	}
	for (i = 0; status >= 0 && i < count; i++) {
		allocation = allocation_lookup(rq, device, handles[i].v);
		if (!allocation)
			status = bad_destroy(rq, &rq->process->handles,
					     handles[i].v, "allocation");
		else
			allocation_destroy(allocation);
	}
	return status;
}

/**
 * handle_destroyallocation() - DESTROYALLOCATION
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_destroyallocation(struct request *rq)
{
	const struct dxg_cmd_destroyallocation *cmd = (const void *)rq->cmd;
	struct device *device;
	struct resource *resource;

	if (!request_length(rq, dxg_msg_size(struct dxg_cmd_destroyallocation,
					     allocations, cmd->alloc_count),
			    DXG_SPARE_DESTROYALLOCATION))
		return STATUS_INVALID_PARAMETER;
	device = device_lookup(rq, cmd->device);
	if (!device)
		return bad_destroy(rq, &rq->process->handles, cmd->device.v,
				   "device of an allocation");
	if (!cmd->alloc_count == !cmd->resource.v)
		return STATUS_INVALID_PARAMETER;
	if (cmd->alloc_count)
		return destroy_list(rq, device, cmd->allocations,
				    cmd->alloc_count);
	resource = handle_lookup(&rq->process->handles, cmd->resource.v,
				 OBJECT_RESOURCE);
	if (!resource || resource->device != device)
		return bad_destroy(rq, &rq->process->handles, cmd->resource.v,
				   "resource");
	resource_destroy(resource);
	return STATUS_SUCCESS;
}

/**
 * handle_getstandardallocprivdata() - DDIGETSTANDARDALLOCATIONDRIVERDATA
 * @rq: request
 *
 * With both sizes 0 only the sizes are answered.
 *
 * Return: NTSTATUS
 */
int32_t handle_getstandardallocprivdata(struct request *rq)
{
	const struct dxg_cmd_getstandardallocprivdata *cmd =
		(const void *)rq->cmd;
	struct dxg_ret_getstandardallocprivdata *ret = (void *)rq->reply;
	const struct d3dkmdt_gdisurfacedata *surface = &cmd->gdi_surface;
	struct mock_alloc_data data = {
		.magic = MOCK_ALLOC_MAGIC,
		.segment = MOCK_SEGMENT_SYSTEM,
		.size = (uint64_t)surface->width * surface->height,
		.flags = MOCK_ALLOC_EDITED,
	};

	if (cmd->alloc_type != _D3DKMDT_STANDARDALLOCATION_GDISURFACE ||
	    cmd->physical_adapter_index)
		return STATUS_INVALID_PARAMETER;
	ret->priv_driver_data_size = sizeof(data);
	ret->priv_driver_resource_size = STANDARD_RESOURCE_DATA;
	ret->gdi_surface = *surface;
	if (!cmd->priv_driver_data_size && !cmd->priv_driver_resource_size)
		return STATUS_SUCCESS;
	if (cmd->priv_driver_data_size != sizeof(data) ||
	    cmd->priv_driver_resource_size != STANDARD_RESOURCE_DATA)
		return STATUS_BUFFER_TOO_SMALL;
	data.host_id = host_next_id(rq->host);
	memcpy(ret + 1, &data, sizeof(data));
	memset((uint8_t *)(ret + 1) + sizeof(data), STANDARD_RESOURCE_FILL,
	       STANDARD_RESOURCE_DATA);
	return STATUS_SUCCESS;
}
