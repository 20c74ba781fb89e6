/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Standard allocations: those that the driver on the host describes.
 */
#ifndef _DXG_STANDARD_ALLOCATION_H
#define _DXG_STANDARD_ALLOCATION_H

#include <linux/types.h>
#include <uapi/misc/d3dkmthk.h>

struct dxg_adapter;
struct dxg_process;

/**
 * struct dxg_standard_data - the host driver's description of an allocation
 * @allocation: private data of the allocation, allocated; NULL before and after
 * @resource: private data of the resource, behind it in the same memory
 * @allocation_size: bytes, not 0
 * @resource_size: bytes
 */
struct dxg_standard_data {
	void *allocation;
	void *resource;
	u32 allocation_size;
	u32 resource_size;
};

int dxg_standard_allocation_check(const struct d3dkmt_createallocation *args,
				  const struct d3dddi_allocationinfo2 *info,
				  const struct d3dkmt_createstandardallocation *standard);
int dxg_standard_data_query(struct dxg_standard_data *data,
			    struct dxg_process *process,
			    struct dxg_adapter *adapter, u64 size);
void dxg_standard_data_free(struct dxg_standard_data *data);

#endif /* _DXG_STANDARD_ALLOCATION_H */
