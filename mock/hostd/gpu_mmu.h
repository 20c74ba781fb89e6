/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory management unit of the software GPU: page tables, translation and
 * access.  Callers hold the engine lock.
 */
#ifndef DXG_MOCK_GPU_MMU_H
#define DXG_MOCK_GPU_MMU_H

#include "allocation.h"
#include "sync_object.h"

#define GPU_VA_BITS	48

/**
 * enum pte_kind - what a page table entry names
 * @PTE_INVALID: nothing; an access faults
 * @PTE_ZERO: reads as zeros, stores fault
 * @PTE_ALLOCATION: page of an allocation
 * @PTE_FENCE: page of a monitored fence
 */
enum pte_kind {
	PTE_INVALID,
	PTE_ZERO,
	PTE_ALLOCATION,
	PTE_FENCE,
};

/**
 * struct pte - page table entry
 * @allocation: PTE_ALLOCATION: allocation, referenced
 * @fence: PTE_FENCE: fence, referenced
 * @page: PTE_ALLOCATION: page in the allocation
 * @kind: enum pte_kind
 * @writable: stores are allowed
 */
struct pte {
	union {
		struct allocation *allocation;
		struct sync_core *fence;
	};
	uint32_t page;
	uint8_t kind;
	bool writable;
};

/**
 * struct page_table - four levels of 512 entries
 * @root: top level, NULL while empty
 */
struct page_table {
	void **root;
};

void page_table_free(struct page_table *table);
const struct pte *page_table_get(const struct page_table *table, uint64_t va);
bool page_table_set(struct page_table *table, uint64_t va,
		    const struct pte *entry);
void page_table_clear(struct page_table *table, uint64_t va, uint64_t pages);

bool gpu_read(const struct page_table *table, uint64_t va, void *buf,
	      size_t len, uint64_t *fault);
bool gpu_write(const struct page_table *table, uint64_t va, const void *buf,
	       size_t len, uint64_t *fault);

#endif /* DXG_MOCK_GPU_MMU_H */
