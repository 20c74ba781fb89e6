// SPDX-License-Identifier: GPL-2.0
/*
 * Handle tables of the mock host (format: docs/protocol.md, handles).  A
 * handle is {instance:6 = 0, index:24, unique:2}; @unique runs through 1, 2, 3
 * each time an index is given out again.  The free list is last in, first out
 * on purpose.  Callers hold the engine lock.
 */
#include <stdlib.h>

#include "handles.h"

#define INDEX_LIMIT	0xfffffeu
#define INDEX_SHIFT	6
#define UNIQUE_SHIFT	30
#define UNIQUE_MAX	3u
#define INSTANCE_MASK	0x3fu

/**
 * struct handle_slot - one index of a table
 * @object: what the handle stands for
 * @type: OBJECT_FREE when the slot is not in use
 * @unique: stamp of the current or of the last handle, 0 before the first
 * @next_free: next slot of the free list
 */
struct handle_slot {
	void *object;
	enum object_type type;
	uint32_t unique;
	uint32_t next_free;
};

/**
 * handle_table_init() - make an empty table
 * @table: table
 * @first_index: index of the first handle that will be given out
 */
void handle_table_init(struct handle_table *table, uint32_t first_index)
{
	table->slots = NULL;
	table->count = 0;
	table->free_head = 0;
	table->first_index = first_index;
}

/**
 * handle_table_free() - release a table; its objects are not touched
 * @table: table
 */
void handle_table_free(struct handle_table *table)
{
	free(table->slots);
	handle_table_init(table, table->first_index);
}

static bool table_grow(struct handle_table *table)
{
	uint32_t count = table->count ? table->count * 2 : 16;
	struct handle_slot *slots;
	uint32_t i;

	if (count > INDEX_LIMIT - table->first_index)
		return false;
	slots = realloc(table->slots, count * sizeof(*slots));
	if (!slots)
		return false;
	for (i = table->count; i < count; i++)
		slots[i] = (struct handle_slot) { .next_free = i + 1 };
	table->slots = slots;
	table->count = count;
	return true;
}

/**
 * handle_alloc() - give out a handle
 * @table: table
 * @type: type of @object
 * @object: object
 *
 * Return: the handle, or 0 when the table is full or memory is short.
 */
uint32_t handle_alloc(struct handle_table *table, enum object_type type,
		      void *object)
{
	struct handle_slot *slot;
	uint32_t i;

	if (table->free_head == table->count && !table_grow(table))
		return 0;
	i = table->free_head;
	slot = &table->slots[i];
	table->free_head = slot->next_free;
	slot->object = object;
	slot->type = type;
	slot->unique = slot->unique % UNIQUE_MAX + 1;
	return slot->unique << UNIQUE_SHIFT |
	       (table->first_index + i) << INDEX_SHIFT;
}

static struct handle_slot *table_slot(const struct handle_table *table,
				      uint32_t handle)
{
	uint32_t index = handle >> INDEX_SHIFT & 0xffffffu;

	if (handle & INSTANCE_MASK || index < table->first_index ||
	    index - table->first_index >= table->count)
		return NULL;
	return &table->slots[index - table->first_index];
}

/**
 * handle_lookup() - find an object
 * @table: table
 * @handle: handle from the guest
 * @type: type that the object must have
 *
 * Return: the object, or NULL when there is none of that type.
 */
void *handle_lookup(const struct handle_table *table, uint32_t handle,
		    enum object_type type)
{
	struct handle_slot *slot = table_slot(table, handle);

	if (!slot || slot->type != type ||
	    slot->unique != handle >> UNIQUE_SHIFT)
		return NULL;
	return slot->object;
}

/**
 * handle_free() - take a handle back
 * @table: table
 * @handle: a live handle of this table
 */
void handle_free(struct handle_table *table, uint32_t handle)
{
	struct handle_slot *slot = table_slot(table, handle);

	slot->object = NULL;
	slot->type = OBJECT_FREE;
	slot->next_free = table->free_head;
	table->free_head = (uint32_t)(slot - table->slots);
}

/**
 * handle_is_stale() - was this handle given out before, and is it dead now?
 * @table: table
 * @handle: handle from the guest
 *
 * Only sees the last owner of an index, which is what a double destroy hits.
 *
 * Return: true when the handle was the last one of a slot that is free now,
 * or an older one of a slot that was used again.
 */
bool handle_is_stale(const struct handle_table *table, uint32_t handle)
{
	struct handle_slot *slot = table_slot(table, handle);

	if (!slot || !slot->unique || !(handle >> UNIQUE_SHIFT))
		return false;
	return slot->type == OBJECT_FREE ||
	       slot->unique != handle >> UNIQUE_SHIFT;
}
