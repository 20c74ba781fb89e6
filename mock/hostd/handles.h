/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Handle tables of the host.  A freed number is given out again at once, with
 * another stamp, so that a guest that frees its slot too late collides.
 * Callers hold the engine lock.
 */
#ifndef DXG_MOCK_HANDLES_H
#define DXG_MOCK_HANDLES_H

#include <stdbool.h>
#include <stdint.h>

/**
 * enum object_type - what a handle stands for
 * @OBJECT_FREE: nothing
 * @OBJECT_PROCESS: guest process
 * @OBJECT_ADAPTER: opened adapter
 * @OBJECT_DEVICE: device
 * @OBJECT_CONTEXT: context
 * @OBJECT_HW_QUEUE: hardware queue
 * @OBJECT_PAGING_QUEUE: paging queue
 * @OBJECT_ALLOCATION: allocation
 * @OBJECT_RESOURCE: resource
 * @OBJECT_SYNC_OBJECT: synchronisation object
 * @OBJECT_FENCE: fence of a paging or hardware queue: usable in waits, but
 *	neither destroyed nor shared through the sync object commands
 * @OBJECT_SHARED_RESOURCE: common part of a shared resource
 * @OBJECT_SHARED_SYNC: common part of a shared synchronisation object
 * @OBJECT_NT_SHARED: NT shared handle
 */
enum object_type {
	OBJECT_FREE,
	OBJECT_PROCESS,
	OBJECT_ADAPTER,
	OBJECT_DEVICE,
	OBJECT_CONTEXT,
	OBJECT_HW_QUEUE,
	OBJECT_PAGING_QUEUE,
	OBJECT_ALLOCATION,
	OBJECT_RESOURCE,
	OBJECT_SYNC_OBJECT,
	OBJECT_FENCE,
	OBJECT_SHARED_RESOURCE,
	OBJECT_SHARED_SYNC,
	OBJECT_NT_SHARED,
};

/**
 * struct handle_table - a name space of handles
 * @slots: one entry per index from @first_index
 * @count: entries in @slots
 * @free_head: most recently freed slot, or @count when none is free
 * @first_index: index of slot 0
 */
struct handle_table {
	struct handle_slot *slots;
	uint32_t count;
	uint32_t free_head;
	uint32_t first_index;
};

void handle_table_init(struct handle_table *table, uint32_t first_index);
void handle_table_free(struct handle_table *table);

uint32_t handle_alloc(struct handle_table *table, enum object_type type,
		      void *object);
void *handle_lookup(const struct handle_table *table, uint32_t handle,
		    enum object_type type);
void handle_free(struct handle_table *table, uint32_t handle);
bool handle_is_stale(const struct handle_table *table, uint32_t handle);

#endif /* DXG_MOCK_HANDLES_H */
