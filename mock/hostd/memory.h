/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Backing store of allocations: host memory, or pages of the guest.
 */
#ifndef DXG_MOCK_MEMORY_H
#define DXG_MOCK_MEMORY_H

#include "engine.h"

/**
 * enum memory_kind - where the bytes are
 * @MEMORY_LOCAL: local segment of the adapter
 * @MEMORY_SYSTEM: system memory of the host
 * @MEMORY_GUEST: existing system memory of the guest
 */
enum memory_kind {
	MEMORY_LOCAL,
	MEMORY_SYSTEM,
	MEMORY_GUEST,
};

/**
 * struct memory - backing store, shared by all that have the resource open
 * @adapter: adapter whose segments it is charged to
 * @refs: allocations
 * @kind: where the bytes are
 * @size: bytes, whole pages
 * @bytes: host memory, NULL for guest pages
 * @pfns: guest page frames, PFN_UNKNOWN until the guest told them
 * @known_pages: entries of @pfns that are known
 * @has_gpadl: the frames came from a GPADL
 * @gpadl: that GPADL
 * @read_only: the guest has pinned its pages without write access
 * @locks: CPU locks
 * @view: first page of the CPU view in the I/O space while @locks is not 0;
 *	the contents are there then, not in @bytes
 */
struct memory {
	struct adapter *adapter;
	unsigned int refs;
	enum memory_kind kind;
	uint64_t size;
	uint8_t *bytes;
	uint64_t *pfns;
	uint64_t known_pages;
	bool has_gpadl;
	uint32_t gpadl;
	bool read_only;
	unsigned int locks;
	uint64_t view;
};

#define PFN_UNKNOWN	UINT64_MAX

struct memory *memory_create(struct adapter *adapter, enum memory_kind kind,
			     uint64_t size);
struct memory *memory_get(struct memory *memory);
void memory_put(struct memory *memory);

bool memory_read(const struct memory *memory, uint64_t offset, void *buf,
		 size_t len);
bool memory_write(const struct memory *memory, uint64_t offset,
		  const void *buf, size_t len);

void memory_clear(struct memory *memory);
bool memory_set_pfns(struct memory *memory, uint64_t first,
		     const uint64_t *pfns, uint64_t count);
void memory_forget_pfns(struct memory *memory);
int32_t memory_lock(struct memory *memory, uint64_t *address);
void memory_unlock(struct memory *memory);

#endif /* DXG_MOCK_MEMORY_H */
