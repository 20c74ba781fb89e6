// SPDX-License-Identifier: GPL-2.0
/*
 * Page tables of the software GPU, and every access that it makes to memory.
 * Entries keep what they name alive, but not usable: a destroyed or evicted
 * allocation faults.  Callers hold the engine lock.
 */
#include <stdlib.h>
#include <string.h>

#include "gpu_mmu.h"
#include "residency.h"

#define LEVEL_BITS	9
#define LEVEL_ENTRIES	512u
#define LEVELS		4

static unsigned int level_index(uint64_t va, unsigned int level)
{
	return (unsigned int)(va >> (HOST_PAGE_SHIFT + level * LEVEL_BITS)) %
	       LEVEL_ENTRIES;
}

static void pte_release(struct pte *entry)
{
	if (entry->kind == PTE_ALLOCATION)
		allocation_put(entry->allocation);
	else if (entry->kind == PTE_FENCE)
		sync_core_put(entry->fence);
	memset(entry, 0, sizeof(*entry));
}

static void free_level(void **node, unsigned int level)
{
	unsigned int i;

	for (i = 0; i < LEVEL_ENTRIES; i++) {
		if (!level)
			pte_release(&((struct pte *)node)[i]);
		else if (node[i])
			free_level(node[i], level - 1);
	}
	free(node);
}

/**
 * page_table_free() - free all levels
 * @table: page table; empty and usable afterwards
 */
void page_table_free(struct page_table *table)
{
	if (table->root)
		free_level(table->root, LEVELS - 1);
	table->root = NULL;
}

/* The entry of an address; with @make the levels above it are made. */
static struct pte *entry_of(struct page_table *table, uint64_t va, bool make)
{
	void **slot = (void **)&table->root;
	int level;

	if (va >> GPU_VA_BITS)
		return NULL;
	for (level = LEVELS - 1; level >= 0; level--) {
		size_t size = level ? sizeof(void *) : sizeof(struct pte);

		if (!*slot && make)
			*slot = calloc(LEVEL_ENTRIES, size);
		if (!*slot)
			return NULL;
		if (level)
			slot = (void **)*slot +
			       level_index(va, (unsigned int)level);
	}
	return (struct pte *)*slot + level_index(va, 0);
}

/**
 * page_table_get() - entry of an address
 * @table: page table
 * @va: address
 *
 * Return: the entry, or NULL when there is none.
 */
const struct pte *page_table_get(const struct page_table *table, uint64_t va)
{
	return entry_of((struct page_table *)table, va, false);
}

/**
 * page_table_set() - replace an entry
 * @table: page table
 * @va: address
 * @entry: new contents; takes its own reference
 *
 * Return: false when memory is short.
 */
bool page_table_set(struct page_table *table, uint64_t va,
		    const struct pte *entry)
{
	struct pte *slot = entry_of(table, va, true);
	struct pte old;

	if (!slot)
		return false;
	if (entry->kind == PTE_ALLOCATION)
		allocation_get(entry->allocation);
	else if (entry->kind == PTE_FENCE)
		sync_core_get(entry->fence);
	old = *slot;
	*slot = *entry;
	pte_release(&old);
	return true;
}

/**
 * page_table_clear() - invalidate a range
 * @table: page table
 * @va: first address
 * @pages: number of pages
 */
void page_table_clear(struct page_table *table, uint64_t va, uint64_t pages)
{
	const uint64_t leaf = (uint64_t)LEVEL_ENTRIES << HOST_PAGE_SHIFT;
	uint64_t end = va + (pages << HOST_PAGE_SHIFT);

	while (va < end) {
		struct pte *entry = entry_of(table, va, false);

		if (entry) {
			pte_release(entry);
			va += HOST_PAGE_SIZE;
		} else {
			va = (va / leaf + 1) * leaf;
		}
	}
}

/*
 * The part of [va, va + len) that one access can serve: up to the end of the
 * page, or of the run of consecutive pages of one allocation.
 */
static size_t run_length(const struct page_table *table, uint64_t va,
			 size_t len, const struct pte *first)
{
	size_t run = HOST_PAGE_SIZE - va % HOST_PAGE_SIZE;
	uint32_t page = first->page;

	while (run < len && first->kind == PTE_ALLOCATION) {
		const struct pte *next = page_table_get(table, va + run);

		if (!next || next->kind != PTE_ALLOCATION ||
		    next->allocation != first->allocation ||
		    next->writable != first->writable || next->page != ++page)
			break;
		run += HOST_PAGE_SIZE;
	}
	return run < len ? run : len;
}

static uint64_t memory_offset(const struct pte *entry, uint64_t va)
{
	return ((uint64_t)entry->page << HOST_PAGE_SHIFT) + va % HOST_PAGE_SIZE;
}

static bool read_run(const struct pte *entry, uint64_t va, void *buf,
		     size_t len)
{
	struct sync_core *fence;

	switch (entry->kind) {
	case PTE_ZERO:
		memset(buf, 0, len);
		return true;
	case PTE_ALLOCATION:
		return residency_usable(entry->allocation) &&
		       memory_read(entry->allocation->memory,
				   memory_offset(entry, va), buf, len);
	case PTE_FENCE:
		fence = entry->fence;
		memcpy(buf, window_ptr(&fence->host->window, fence->page) +
		       va % HOST_PAGE_SIZE, len);
		return true;
	default:
		return false;
	}
}

static void write_fence(struct sync_core *fence, uint64_t offset,
			const void *buf, size_t len)
{
	uint64_t value;

	if (!offset && len == sizeof(value)) {
		memcpy(&value, buf, sizeof(value));
		sync_core_set(fence, value);
		return;
	}
	memcpy(window_ptr(&fence->host->window, fence->page) + offset, buf,
	       len);
	sync_core_changed(fence);
}

static bool write_run(const struct pte *entry, uint64_t va, const void *buf,
		      size_t len)
{
	if (!entry->writable)
		return false;
	switch (entry->kind) {
	case PTE_ALLOCATION:
		return residency_usable(entry->allocation) &&
		       memory_write(entry->allocation->memory,
				    memory_offset(entry, va), buf, len);
	case PTE_FENCE:
		write_fence(entry->fence, va % HOST_PAGE_SIZE, buf, len);
		return true;
	default:
		return false;
	}
}

/**
 * gpu_read() - load from GPU virtual memory
 * @table: page table
 * @va: address
 * @buf: destination
 * @len: bytes
 * @fault: address that could not be read
 *
 * Return: false on a page fault.
 */
bool gpu_read(const struct page_table *table, uint64_t va, void *buf,
	      size_t len, uint64_t *fault)
{
	uint8_t *out = buf;

	while (len) {
		const struct pte *entry = page_table_get(table, va);
		size_t run = entry ? run_length(table, va, len, entry) : 0;

		if (!entry || !read_run(entry, va, out, run)) {
			*fault = va;
			return false;
		}
		va += run;
		out += run;
		len -= run;
	}
	return true;
}

/**
 * gpu_write() - store to GPU virtual memory
 * @table: page table
 * @va: address
 * @buf: source
 * @len: bytes
 * @fault: address that could not be written
 *
 * Return: false on a page fault; what precedes the address was stored.
 */
bool gpu_write(const struct page_table *table, uint64_t va, const void *buf,
	       size_t len, uint64_t *fault)
{
	const uint8_t *in = buf;

	while (len) {
		const struct pte *entry = page_table_get(table, va);
		size_t run = entry ? run_length(table, va, len, entry) : 0;

		if (!entry || !write_run(entry, va, in, run)) {
			*fault = va;
			return false;
		}
		va += run;
		in += run;
		len -= run;
	}
	return true;
}
