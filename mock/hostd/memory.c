// SPDX-License-Identifier: GPL-2.0
/*
 * Backing store of allocations.  While an allocation is locked its contents
 * live in the I/O space, so that CPU and GPU see the same bytes without any
 * copying in between.  Callers hold the engine lock.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "memory.h"

/* Guards the machine that runs the mock, not a property of the adapter. */
#define SIZE_LIMIT	(64ull << 30)

static uint64_t *committed(const struct memory *memory)
{
	return &memory->adapter->committed[memory->kind == MEMORY_LOCAL ? 0 : 1];
}

static bool get_store(struct memory *memory)
{
	uint64_t pages = memory->size >> HOST_PAGE_SHIFT;
	void *bytes;

	if (memory->kind == MEMORY_GUEST) {
		memory->pfns = malloc(pages * sizeof(*memory->pfns));
		if (!memory->pfns)
			return false;
		memory_forget_pfns(memory);
		return true;
	}
	/* Pages that nobody touches cost nothing. */
	bytes = mmap(NULL, memory->size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (bytes == MAP_FAILED)
		return false;
	memory->bytes = bytes;
	return true;
}

/**
 * memory_create() - get backing store
 * @adapter: adapter
 * @kind: where
 * @size: bytes, whole pages, not 0
 *
 * Return: the store, zero filled, with one reference; NULL when there is not
 * that much.
 */
struct memory *memory_create(struct adapter *adapter, enum memory_kind kind,
			     uint64_t size)
{
	struct memory *memory = calloc(1, sizeof(*memory));

	if (!memory)
		return NULL;
	memory->adapter = adapter;
	memory->refs = 1;
	memory->kind = kind;
	memory->size = size;
	if (size > SIZE_LIMIT || *committed(memory) > SIZE_LIMIT - size ||
	    !get_store(memory)) {
		free(memory);
		return NULL;
	}
	*committed(memory) += size;
	return memory;
}

/**
 * memory_get() - take a reference
 * @memory: store
 *
 * Return: @memory
 */
struct memory *memory_get(struct memory *memory)
{
	memory->refs++;
	return memory;
}

/**
 * memory_put() - drop a reference
 * @memory: store
 */
void memory_put(struct memory *memory)
{
	if (--memory->refs)
		return;
	*committed(memory) -= memory->size;
	if (memory->bytes)
		munmap(memory->bytes, memory->size);
	free(memory->pfns);
	free(memory);
}

static uint8_t *host_bytes(const struct memory *memory)
{
	if (memory->locks)
		return window_ptr(&memory->adapter->host->window, memory->view);
	return memory->bytes;
}

static bool pages_known(const struct memory *memory, uint64_t offset,
			size_t len)
{
	uint64_t page = offset >> HOST_PAGE_SHIFT;
	uint64_t last = (offset + len - 1) >> HOST_PAGE_SHIFT;

	for (; page <= last; page++) {
		if (memory->pfns[page] == PFN_UNKNOWN)
			return false;
	}
	return true;
}

/**
 * memory_read() - read from a store
 * @memory: store
 * @offset: offset in bytes; the range must be inside the store
 * @buf: destination
 * @len: bytes, not 0
 *
 * Return: false when guest pages are missing or cannot be read.
 */
bool memory_read(const struct memory *memory, uint64_t offset, void *buf,
		 size_t len)
{
	struct host *host = memory->adapter->host;

	if (memory->kind != MEMORY_GUEST) {
		memcpy(buf, host_bytes(memory) + offset, len);
		return true;
	}
	return pages_known(memory, offset, len) &&
	       !host->ops.guest_read(host->ops_ctx,
				     memory->pfns + (offset >> HOST_PAGE_SHIFT),
				     offset % HOST_PAGE_SIZE, buf, len);
}

/**
 * memory_write() - write to a store
 * @memory: store
 * @offset: offset in bytes; the range must be inside the store
 * @buf: source
 * @len: bytes, not 0
 *
 * Return: false when guest pages are missing, read-only, or cannot be written.
 */
bool memory_write(const struct memory *memory, uint64_t offset,
		  const void *buf, size_t len)
{
	struct host *host = memory->adapter->host;

	if (memory->kind != MEMORY_GUEST) {
		memcpy(host_bytes(memory) + offset, buf, len);
		return true;
	}
	return !memory->read_only && pages_known(memory, offset, len) &&
	       !host->ops.guest_write(host->ops_ctx,
				      memory->pfns + (offset >> HOST_PAGE_SHIFT),
				      offset % HOST_PAGE_SIZE, buf, len);
}

/**
 * memory_clear() - lose the contents of a store
 * @memory: store in host memory, not locked
 */
void memory_clear(struct memory *memory)
{
	/* private anonymous pages: the next access finds zeros */
	madvise(memory->bytes, memory->size, MADV_DONTNEED);
}

/**
 * memory_set_pfns() - learn guest page frames
 * @memory: store of guest pages
 * @first: first page
 * @pfns: frames
 * @count: number of @pfns; the range must be inside the store
 *
 * Return: false when one of the pages was known already.
 */
bool memory_set_pfns(struct memory *memory, uint64_t first,
		     const uint64_t *pfns, uint64_t count)
{
	bool fresh = true;
	uint64_t i;

	for (i = 0; i < count; i++) {
		if (memory->pfns[first + i] == PFN_UNKNOWN)
			memory->known_pages++;
		else
			fresh = false;
		memory->pfns[first + i] = pfns[i];
	}
	return fresh;
}

/**
 * memory_forget_pfns() - from now on accesses to these guest pages fail
 * @memory: store of guest pages
 */
void memory_forget_pfns(struct memory *memory)
{
	uint64_t pages = memory->size >> HOST_PAGE_SHIFT;
	uint64_t i;

	for (i = 0; i < pages; i++)
		memory->pfns[i] = PFN_UNKNOWN;
	memory->known_pages = 0;
	memory->has_gpadl = false;
}

/**
 * memory_lock() - make a store visible to the guest's CPUs
 * @memory: store in host memory
 * @address: guest physical address of the view
 *
 * Return: NTSTATUS
 */
int32_t memory_lock(struct memory *memory, uint64_t *address)
{
	struct window *window = &memory->adapter->host->window;
	uint64_t first;

	if (!memory->locks) {
		if (!window_alloc(window, memory->size >> HOST_PAGE_SHIFT,
				  &first))
			return STATUS_NO_MEMORY;
		memcpy(window_ptr(window, first), memory->bytes, memory->size);
		memory->view = first;
	}
	memory->locks++;
	*address = window_address(window, memory->view);
	return STATUS_SUCCESS;
}

/**
 * memory_unlock() - undo one memory_lock()
 * @memory: locked store
 */
void memory_unlock(struct memory *memory)
{
	struct window *window = &memory->adapter->host->window;

	if (--memory->locks)
		return;
	memcpy(memory->bytes, window_ptr(window, memory->view), memory->size);
	window_free(window, memory->view, memory->size >> HOST_PAGE_SHIFT);
}
