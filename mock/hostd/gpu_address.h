/* SPDX-License-Identifier: GPL-2.0 */
/*
 * GPU virtual address space of a process on an adapter: which ranges are
 * reserved or mapped, on top of the page table.
 */
#ifndef DXG_MOCK_GPU_ADDRESS_H
#define DXG_MOCK_GPU_ADDRESS_H

#include "gpu_mmu.h"

struct paging_op;

/**
 * struct gpu_space - an address space
 * @process: process
 * @adapter: adapter
 * @ranges: struct gpu_range by ascending address, without overlap
 * @table: page table
 */
struct gpu_space {
	struct process *process;
	struct adapter *adapter;
	struct list ranges;
	struct page_table table;
};

/**
 * struct gpu_update - one operation of UPDATEGPUVIRTUALADDRESS
 * @op: operation, checked
 * @allocation: allocation of a map operation, referenced, or NULL
 */
struct gpu_update {
	struct d3dddi_updategpuvirtualaddress_operation op;
	struct allocation *allocation;
};

struct gpu_space *gpu_space_get(struct process *process,
				struct adapter *adapter);
void gpu_space_free(struct gpu_space *space);
uint64_t gpu_space_map_fence(struct gpu_space *space, struct sync_core *core);
void gpu_space_unmap_fence(struct gpu_space *space, uint64_t va);
void gpu_space_drop(struct gpu_space *space,
		    const struct allocation *allocation);
void gpu_space_finish_map(const struct paging_op *op);
bool gpu_page_range(uint64_t va, uint64_t size);
bool gpu_space_holds(struct gpu_space *space, uint64_t va, uint64_t size);
bool gpu_space_set(struct gpu_space *space, uint64_t va, uint64_t pages,
		   struct pte entry);

/* gpu_update.c */
bool gpu_space_update(struct gpu_space *space, struct gpu_update *updates,
		      uint32_t count);

#endif /* DXG_MOCK_GPU_ADDRESS_H */
