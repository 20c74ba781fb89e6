// SPDX-License-Identifier: GPL-2.0
/*
 * Sharing between processes: shared resources, NT handles, OPENRESOURCE.
 * Callers hold the engine lock.
 */
#include <stdlib.h>

#include "commands.h"
#include "process.h"
#include "sharing.h"

/**
 * shared_resource_create() - make the common part of a shared resource
 * @adapter: adapter
 * @cross_adapter: other adapters may open it
 *
 * Return: the object with one reference, or NULL when memory is short.
 */
struct shared_resource *shared_resource_create(struct adapter *adapter,
					       bool cross_adapter)
{
	struct shared_resource *shared = calloc(1, sizeof(*shared));

	if (!shared)
		return NULL;
	shared->host = adapter->host;
	shared->refs = 1;
	shared->adapter = adapter;
	shared->cross_adapter = cross_adapter;
	shared->global = handle_alloc(&adapter->host->shared,
				      OBJECT_SHARED_RESOURCE, shared);
	if (!shared->global) {
		free(shared);
		return NULL;
	}
	return shared;
}

/**
 * shared_resource_add() - add the store of an allocation
 * @shared: shared resource
 * @allocation: new member of it
 *
 * Return: false when memory is short.
 */
bool shared_resource_add(struct shared_resource *shared,
			 const struct allocation *allocation)
{
	struct shared_member *members;

	members = realloc(shared->members,
			  (shared->count + 1) * sizeof(*members));
	if (!members)
		return false;
	shared->members = members;
	members[shared->count++] = (struct shared_member) {
		.memory = memory_get(allocation->memory),
		.cached = allocation->cached,
	};
	return true;
}

/**
 * shared_resource_put() - drop a reference
 * @shared: shared resource
 */
void shared_resource_put(struct shared_resource *shared)
{
	uint32_t i;

	if (--shared->refs)
		return;
	for (i = 0; i < shared->count; i++)
		memory_put(shared->members[i].memory);
	free(shared->members);
	handle_free(&shared->host->shared, shared->global);
	free(shared);
}

/**
 * nt_handle_free() - close an NT handle
 * @host: host
 * @nt: handle
 */
void nt_handle_free(struct host *host, struct nt_handle *nt)
{
	handle_free(&host->shared, nt->handle);
	if (nt->resource)
		shared_resource_put(nt->resource);
	if (nt->core)
		sync_core_put(nt->core);
	list_del(&nt->link);
	free(nt);
}

/**
 * handle_createntsharedobject() - CREATENTSHAREDOBJECT
 * @rq: request
 *
 * Return: NTSTATUS; a failure is seen as a zero handle.
 */
int32_t handle_createntsharedobject(struct request *rq)
{
	const struct dxg_cmd_createntsharedobject *cmd = (const void *)rq->cmd;
	struct d3dkmthandle *ret = (void *)rq->reply;
	struct handle_table *handles = &rq->process->handles;
	struct sync_object *object;
	struct resource *resource;
	struct nt_handle *nt;

	object = handle_lookup(handles, cmd->object.v, OBJECT_SYNC_OBJECT);
	resource = handle_lookup(handles, cmd->object.v, OBJECT_RESOURCE);
	if ((!object || !object->core->global) &&
	    (!resource || !resource->shared)) {
		violation(rq->host, "CREATENTSHAREDOBJECT: %#x is not shared",
			  cmd->object.v);
		return STATUS_INVALID_HANDLE;
	}
	nt = calloc(1, sizeof(*nt));
	if (!nt)
		return STATUS_NO_MEMORY;
	nt->handle = handle_alloc(&rq->host->shared, OBJECT_NT_SHARED, nt);
	if (!nt->handle) {
		free(nt);
		return STATUS_NO_MEMORY;
	}
	if (object) {
		nt->core = sync_core_get(object->core);
	} else {
		nt->resource = resource->shared;
		nt->resource->refs++;
		nt->resource->sealed = true;
	}
	list_add_tail(&nt->link, &rq->host->nt_handles);
	ret->v = nt->handle;
	return STATUS_SUCCESS;
}

/**
 * handle_destroyntsharedobject() - DESTROYNTSHAREDOBJECT
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_destroyntsharedobject(struct request *rq)
{
	const struct dxg_cmd_destroyntsharedobject *cmd = (const void *)rq->cmd;
	struct nt_handle *nt;

	nt = handle_lookup(&rq->host->shared, cmd->shared_handle.v,
			   OBJECT_NT_SHARED);
	if (!nt)
		return bad_destroy(rq, &rq->host->shared, cmd->shared_handle.v,
				   "NT handle");
	nt_handle_free(rq->host, nt);
	return STATUS_SUCCESS;
}

static bool open_members(struct resource *resource, struct d3dkmthandle *out)
{
	struct shared_resource *shared = resource->shared;
	struct allocation *allocation;
	uint32_t i;

	for (i = 0; i < shared->count; i++) {
		allocation = allocation_create(resource->device, resource,
					       shared->members[i].memory);
		if (!allocation)
			return false;
		allocation->cached = shared->members[i].cached;
		out[i].v = allocation->handle;
	}
	return true;
}

/**
 * handle_openresource() - OPENRESOURCE
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_openresource(struct request *rq)
{
	const struct dxg_cmd_openresource *cmd = (const void *)rq->cmd;
	struct dxg_ret_openresource *ret = (void *)rq->reply;
	struct device *device = device_lookup(rq, cmd->device);
	struct shared_resource *shared;
	struct resource *resource;
	struct nt_handle *nt;

	nt = handle_lookup(&rq->host->shared, cmd->global_share.v,
			   OBJECT_NT_SHARED);
	if (!device || !nt || !nt->resource)
		return STATUS_INVALID_HANDLE;
	shared = nt->resource;
	if (cmd->allocation_count != shared->count ||
	    rq->reply_len < sizeof(*ret) + 4 * (uint64_t)shared->count)
		return STATUS_INVALID_PARAMETER;
	if (device->adapter != shared->adapter && !shared->cross_adapter)
		return STATUS_INVALID_PARAMETER;
	if (!cmd->nt_security_sharing)
		violation(rq->host, "OPENRESOURCE without nt_security_sharing");
	resource = resource_create(device);
	if (!resource)
		return STATUS_NO_MEMORY;
	resource->shared = shared;
	shared->refs++;
	if (!open_members(resource, (struct d3dkmthandle *)(ret + 1))) {
		resource_destroy(resource);
		return STATUS_NO_MEMORY;
	}
	ret->resource.v = resource->handle;
	return STATUS_SUCCESS;
}

/**
 * handle_shareobjectwithhost() - SHAREOBJECTWITHHOST
 * @rq: request
 *
 * The result names the object to processes of the host, of which the mock has
 * none: each call gets a name of its own.
 *
 * Return: NTSTATUS
 */
int32_t handle_shareobjectwithhost(struct request *rq)
{
	const struct dxg_cmd_shareobjectwithhost *cmd = (const void *)rq->cmd;
	struct dxg_ret_shareobjectwithhost *ret = (void *)rq->reply;
	struct handle_table *handles = &rq->process->handles;

	if (!device_lookup(rq, cmd->device_handle))
		return STATUS_INVALID_HANDLE;
	if (!handle_lookup(handles, cmd->object_handle.v, OBJECT_RESOURCE) &&
	    !handle_lookup(handles, cmd->object_handle.v, OBJECT_ALLOCATION) &&
	    !handle_lookup(handles, cmd->object_handle.v, OBJECT_SYNC_OBJECT))
		return STATUS_INVALID_HANDLE;
	ret->vail_nt_handle = host_next_id(rq->host);
	return STATUS_SUCCESS;
}
