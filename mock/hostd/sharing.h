/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects that more than one process can open.
 */
#ifndef DXG_MOCK_SHARING_H
#define DXG_MOCK_SHARING_H

#include "allocation.h"
#include "sync_object.h"

/**
 * struct shared_resource - what the members of a shared resource have in common
 * @host: host
 * @refs: resources and NT handles
 * @global: handle in host->shared
 * @adapter: adapter that it was created on
 * @cross_adapter: may be opened on other adapters
 * @sealed: an NT handle was made: no allocation can be added any more
 * @count: entries of @members
 * @members: backing store of each allocation, in order
 */
struct shared_resource {
	struct host *host;
	unsigned int refs;
	uint32_t global;
	struct adapter *adapter;
	bool cross_adapter;
	bool sealed;
	uint32_t count;
	struct shared_member {
		struct memory *memory;
		bool cached;
	} *members;
};

/**
 * struct nt_handle - NT shared handle
 * @link: in host->nt_handles
 * @handle: handle in host->shared
 * @resource: shared resource, or NULL
 * @core: shared synchronisation object, or NULL
 */
struct nt_handle {
	struct list link;
	uint32_t handle;
	struct shared_resource *resource;
	struct sync_core *core;
};

struct shared_resource *shared_resource_create(struct adapter *adapter,
					       bool cross_adapter);
bool shared_resource_add(struct shared_resource *shared,
			 const struct allocation *allocation);
void shared_resource_put(struct shared_resource *shared);
void nt_handle_free(struct host *host, struct nt_handle *nt);

#endif /* DXG_MOCK_SHARING_H */
