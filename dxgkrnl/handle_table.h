/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects that user space names by handle, and the per-process tables that map
 * handles to them.  Every object kind embeds struct dxg_object as its first
 * member.
 */
#ifndef _DXG_HANDLE_TABLE_H
#define _DXG_HANDLE_TABLE_H

#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/xarray.h>
#include <uapi/misc/d3dkmthk.h>

struct dxg_adapter;
struct dxg_device;

/* Highest index (exclusive) a handle may carry; see docs/protocol.md, Handles. */
#define DXG_HANDLE_INDEX_LIMIT	0xffffffU
/* Adapter handles are chosen by the guest from the top of the index range. */
#define DXG_ADAPTER_INDEX_FIRST	0xff0000U

/**
 * enum dxg_object_type - what a handle stands for
 *
 * The numbers follow the host's object types; they never leave the driver.
 * @DXG_MONITORED_FENCE is the fence of a paging or hardware queue: a handle
 * that other messages may name but that has no life of its own.
 */
enum dxg_object_type {
	DXG_FREE		= 0,
	DXG_ADAPTER		= 1,
	DXG_DEVICE		= 3,
	DXG_RESOURCE		= 4,
	DXG_ALLOCATION		= 5,
	DXG_CONTEXT		= 7,
	DXG_SYNC_OBJECT		= 8,
	DXG_PAGING_QUEUE	= 10,
	DXG_HWQUEUE		= 15,
	DXG_MONITORED_FENCE	= 32,
	DXG_OBJECT_TYPES,
};

/**
 * struct dxg_object - what all objects with a handle have in common
 * @refs: the table entry holds one, each user for the time of use another
 * @type: kind; immutable
 * @handle: all 32 bits as the host (adapters: the guest) chose them;
 *	immutable once published in a table, 0 before
 * @displaced: dead, and the host gave its index out again: it is in
 *	dxg_handle_table.displaced; under the table lock
 * @birth: how many objects its table had published with this one, which tells
 *	objects that had the same handle one after the other; immutable once
 *	published
 * @adapter: adapter the object lives on; immutable.  The object's kind decides
 *	who holds the reference behind it (the device, or the object itself).
 * @device: owning device, NULL for adapter handles, itself for devices, and
 *	NULL for sync objects that outlive their device; immutable
 * @link: place in the parent's list of children, under the lock of that list
 * @release: frees the object after the last reference; may sleep.  The memory
 *	must be freed with kfree_rcu(), lookups run under RCU.
 * @rcu: for kfree_rcu()
 */
struct dxg_object {
	refcount_t refs;
	enum dxg_object_type type;
	u32 handle;
	bool displaced;
	u64 birth;
	struct dxg_adapter *adapter;
	struct dxg_device *device;
	struct list_head link;
	void (*release)(struct dxg_object *obj);
	struct rcu_head rcu;
};

/**
 * struct dxg_handle_table - handles of one process
 * @xa: index field of the handle -> object.  xa_lock makes changes; lookups
 *	take RCU only.
 * @displaced: whole handle -> object, for objects of stopped adapters whose index
 *	the host gave out again; changed under xa_lock of @xa, too
 * @births: objects published so far; changed under xa_lock, read anywhere
 * @live: objects in the table by kind, at DXG_FREE of all kinds; changed under
 *	xa_lock, read anywhere
 */
struct dxg_handle_table {
	struct xarray xa;
	struct xarray displaced;
	u64 births;
	u32 live[DXG_OBJECT_TYPES];
};

void dxg_object_init(struct dxg_object *obj, enum dxg_object_type type,
		     struct dxg_adapter *adapter, struct dxg_device *device,
		     void (*release)(struct dxg_object *obj));
void dxg_object_put(struct dxg_object *obj);

static inline void dxg_object_get(struct dxg_object *obj)
{
	refcount_inc(&obj->refs);
}

static inline u32 dxg_handle_index(u32 handle)
{
	return (handle >> 6) & 0xffffff;
}

void dxg_handle_table_init(struct dxg_handle_table *table);
void dxg_handle_table_destroy(struct dxg_handle_table *table);

bool dxg_handle_table_has_room(const struct dxg_handle_table *table,
			       enum dxg_object_type type);

static inline u32 dxg_handle_table_live(const struct dxg_handle_table *table,
					enum dxg_object_type type)
{
	return READ_ONCE(table->live[type]);
}

int dxg_handle_reserve(struct dxg_handle_table *table, u32 handle);
void dxg_handle_unreserve(struct dxg_handle_table *table, u32 handle);
void dxg_handle_publish(struct dxg_handle_table *table, struct dxg_object *obj,
			u32 handle);
int dxg_handle_alloc_adapter(struct dxg_handle_table *table,
			     struct dxg_object *obj, u8 *unique);
struct dxg_object *dxg_handle_lookup(struct dxg_handle_table *table,
				     u32 handle, enum dxg_object_type type);
bool dxg_handle_is_live(struct dxg_handle_table *table, u32 handle);
bool dxg_handle_born_until(struct dxg_handle_table *table, u32 handle,
			   u64 births);
struct dxg_object *dxg_handle_remove(struct dxg_handle_table *table,
				     u32 handle, enum dxg_object_type type);
bool dxg_handle_remove_object(struct dxg_handle_table *table,
			      struct dxg_object *obj);

/*
 * For changes of several entries that must look like one: take the table lock,
 * use the double-underscore forms, drop it.  A spinlock: no sleeping inside.
 */
static inline void dxg_handle_table_lock(struct dxg_handle_table *table)
{
	xa_lock(&table->xa);
}

static inline void dxg_handle_table_unlock(struct dxg_handle_table *table)
{
	xa_unlock(&table->xa);
}

void __dxg_handle_publish(struct dxg_handle_table *table,
			  struct dxg_object *obj, u32 handle);
struct dxg_object *__dxg_handle_peek(struct dxg_handle_table *table,
				     u32 handle, enum dxg_object_type type);
bool __dxg_handle_remove_object(struct dxg_handle_table *table,
				struct dxg_object *obj);

#endif /* _DXG_HANDLE_TABLE_H */
