/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allocations and resources.
 */
#ifndef DXG_MOCK_ALLOCATION_H
#define DXG_MOCK_ALLOCATION_H

#include "device.h"
#include "memory.h"

/**
 * struct allocation - an allocation of a process
 * @link: in device->allocations
 * @resource_link: in resource->allocations
 * @refs: the handle, page table entries and paging operations
 * @device: device; NULL once the allocation is destroyed
 * @resource: resource, or NULL
 * @handle: handle
 * @memory: backing store; NULL once the allocation is destroyed
 * @cached: CPU views are cached
 * @lock_count: LOCK2 without its UNLOCK2
 * @resident: MAKERESIDENT without its EVICT
 * @resident_op: paging operation that brings it in, 0 when it has arrived
 * @priority: SETALLOCATIONPRIORITY
 * @offered: enum d3dkmt_offer_priority of OFFERALLOCATIONS without its
 *	RECLAIMALLOCATIONS, else 0
 * @decommit: while offered even its address space may go
 * @discarded: contents were lost while it was offered
 * @revive: it was resident when that happened
 */
struct allocation {
	struct list link;
	struct list resource_link;
	unsigned int refs;
	struct device *device;
	struct resource *resource;
	uint32_t handle;
	struct memory *memory;
	bool cached;
	unsigned int lock_count;
	unsigned int resident;
	uint64_t resident_op;
	uint32_t priority;
	uint32_t offered;
	bool decommit;
	bool discarded;
	bool revive;
};

/**
 * struct resource - a resource of a process
 * @link: in device->resources
 * @device: device
 * @handle: handle
 * @allocations: struct allocation
 * @shared: what other processes open, or NULL
 */
struct resource {
	struct list link;
	struct device *device;
	uint32_t handle;
	struct list allocations;
	struct shared_resource *shared;
};

struct allocation *allocation_create(struct device *device,
				     struct resource *resource,
				     struct memory *memory);
struct allocation *allocation_lookup(struct request *rq,
				     struct device *device, uint32_t handle);
struct allocation *allocation_get(struct allocation *allocation);
void allocation_put(struct allocation *allocation);
void allocation_destroy(struct allocation *allocation);

struct resource *resource_create(struct device *device);
struct resource *resource_lookup(struct request *rq, struct device *device,
				 uint32_t handle);
void resource_destroy(struct resource *resource);

#endif /* DXG_MOCK_ALLOCATION_H */
