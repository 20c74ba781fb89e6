/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Resources that processes share.
 */
#ifndef _DXG_RESOURCE_SHARING_H
#define _DXG_RESOURCE_SHARING_H

#include "shared_object.h"

struct dxg_resource;

/**
 * struct dxg_sealed_allocation - an allocation as those who open it see it
 * @size: bytes
 * @private_data_size: bytes of its part of dxg_shared_resource.private_data
 * @cached: CPU mappings are cached
 */
struct dxg_sealed_allocation {
	u64 size;
	u32 private_data_size;
	bool cached;
};

/**
 * struct dxg_shared_resource - what all openings of a resource have in common
 * @base: common part
 * @runtime_data: private data of the runtime; immutable
 * @resource_data: private data of the resource; immutable
 * @runtime_data_size: bytes; immutable
 * @resource_data_size: bytes; immutable
 * @sealed: no allocation can be added, and the rest is valid and immutable; set
 *	under the lock of the resource that was created with this
 * @count: number of @allocations
 * @private_data_size: bytes of @private_data, not 0
 * @allocations: in the order of their creation
 * @private_data: of all allocations, one after the other
 */
struct dxg_shared_resource {
	struct dxg_shared_object base;
	void *runtime_data;
	void *resource_data;
	u32 runtime_data_size;
	u32 resource_data_size;
	bool sealed;
	u32 count;
	u32 private_data_size;
	struct dxg_sealed_allocation *allocations;
	void *private_data;
};

static inline bool
dxg_shared_resource_sealed(const struct dxg_shared_resource *shared)
{
	/* pairs with smp_store_release() in dxg_resource_seal() */
	return smp_load_acquire(&shared->sealed);
}

extern const struct file_operations dxg_shared_resource_fops;

int dxg_resource_seal(struct dxg_resource *resource);
void *dxg_private_data_dup(const void *data, u32 size);
struct dxg_shared_resource *
dxg_shared_resource_new(struct dxg_adapter *adapter,
			const void *runtime_data, u32 runtime_data_size,
			const void *resource_data, u32 resource_data_size);

static inline struct dxg_shared_resource *
dxg_shared_file_resource(struct file *file)
{
	return container_of(dxg_shared_file_object(file),
			    struct dxg_shared_resource, base);
}

#endif /* _DXG_RESOURCE_SHARING_H */
