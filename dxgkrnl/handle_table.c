// SPDX-License-Identifier: GPL-2.0
/*
 * Handle tables and object references.
 *
 * The host chooses handle values, the guest stores its object in the slot that
 * the host's index names.  A slot is reserved when the host's reply arrives and
 * published when nothing can fail any more, so no other thread ever meets an
 * object that is being rolled back.  A slot is emptied before the host is told
 * to destroy the object: the host may hand the number out again at once.
 *
 * Lock: xa_lock of the table (spinlock); lookups are RCU.  See docs/locking.md.
 */
#include <linux/moduleparam.h>
#include <linux/nospec.h>
#include <linux/slab.h>

#include "adapter.h"
#include "handle_table.h"

static struct lock_class_key dxg_displaced_lock_key;

/*
 * How many objects of a kind a process may have, at DXG_FREE of all kinds; 0: as
 * many as there is memory for.  Far beyond what programs use.
 */
static unsigned int dxg_handle_max[DXG_OBJECT_TYPES] = {
	[DXG_FREE] = 1 << 22,
	[DXG_ADAPTER] = 1 << 14,
	[DXG_DEVICE] = 1 << 12,
	[DXG_CONTEXT] = 1 << 16,
	[DXG_SYNC_OBJECT] = 1 << 21,
	[DXG_PAGING_QUEUE] = 1 << 14,
	[DXG_HWQUEUE] = 1 << 16,
};

#define DXG_HANDLE_PARAM(name, type)					\
	module_param_named(name, dxg_handle_max[type], uint, 0644)

DXG_HANDLE_PARAM(max_handles, DXG_FREE);
MODULE_PARM_DESC(max_handles,
		 "Most GPU objects of one process, 0: no limit (default: 4194304)");
DXG_HANDLE_PARAM(max_adapter_handles, DXG_ADAPTER);
MODULE_PARM_DESC(max_adapter_handles,
		 "Most adapter handles of one process, 0: no limit (default: 16384)");
DXG_HANDLE_PARAM(max_devices, DXG_DEVICE);
MODULE_PARM_DESC(max_devices,
		 "Most GPU devices of one process, 0: no limit (default: 4096)");
DXG_HANDLE_PARAM(max_contexts, DXG_CONTEXT);
MODULE_PARM_DESC(max_contexts,
		 "Most GPU contexts of one process, 0: no limit (default: 65536)");
DXG_HANDLE_PARAM(max_sync_objects, DXG_SYNC_OBJECT);
MODULE_PARM_DESC(max_sync_objects,
		 "Most synchronization objects of one process, 0: no limit (default: 2097152)");
DXG_HANDLE_PARAM(max_paging_queues, DXG_PAGING_QUEUE);
MODULE_PARM_DESC(max_paging_queues,
		 "Most paging queues of one process, 0: no limit (default: 16384)");
DXG_HANDLE_PARAM(max_hwqueues, DXG_HWQUEUE);
MODULE_PARM_DESC(max_hwqueues,
		 "Most hardware queues of one process, 0: no limit (default: 65536)");

/**
 * dxg_object_init() - prepare the common part of a new object
 * @obj: zeroed memory, first member of the real object
 * @type: kind
 * @adapter: adapter of the object
 * @device: owning device or NULL
 * @release: called once after the last reference went, may sleep
 *
 * The caller owns the first reference.  Context: any.
 */
void dxg_object_init(struct dxg_object *obj, enum dxg_object_type type,
		     struct dxg_adapter *adapter, struct dxg_device *device,
		     void (*release)(struct dxg_object *obj))
{
	refcount_set(&obj->refs, 1);
	obj->type = type;
	obj->handle = 0;
	obj->displaced = false;
	obj->adapter = adapter;
	obj->device = device;
	obj->release = release;
	INIT_LIST_HEAD(&obj->link);
}

/**
 * dxg_object_put() - drop a reference
 * @obj: object or NULL
 *
 * Context: may sleep (the release function may).
 */
void dxg_object_put(struct dxg_object *obj)
{
	if (obj && refcount_dec_and_test(&obj->refs))
		obj->release(obj);
}

/**
 * dxg_handle_table_init() - make an empty table
 * @table: memory of the table
 */
void dxg_handle_table_init(struct dxg_handle_table *table)
{
	xa_init_flags(&table->xa, XA_FLAGS_ALLOC | XA_FLAGS_ACCOUNT);
	xa_init_flags(&table->displaced, XA_FLAGS_ACCOUNT);
	/* taken inside the lock of @xa, of which it would share the class */
	lockdep_set_class(&table->displaced.xa_lock, &dxg_displaced_lock_key);
	table->births = 0;
	memset(table->live, 0, sizeof(table->live));
}

/**
 * dxg_handle_table_destroy() - free the memory of a table
 * @table: table whose objects have all been removed
 */
void dxg_handle_table_destroy(struct dxg_handle_table *table)
{
	xa_destroy(&table->xa);
	xa_destroy(&table->displaced);
}

static bool dxg_handle_below_max(const struct dxg_handle_table *table,
				 enum dxg_object_type type)
{
	unsigned int max = READ_ONCE(dxg_handle_max[type]);

	return !max || READ_ONCE(table->live[type]) < max;
}

/**
 * dxg_handle_table_has_room() - may the process have one more object?
 * @table: table
 * @type: kind
 *
 * Asked before something is created, not when it is published: threads that
 * create at the same time may exceed the maximum by their number, and calls that
 * make several objects by these.
 *
 * Return: false when the process has as many as it may have.
 */
bool dxg_handle_table_has_room(const struct dxg_handle_table *table,
			       enum dxg_object_type type)
{
	return dxg_handle_below_max(table, DXG_FREE) &&
	       dxg_handle_below_max(table, type);
}

static void dxg_handle_count(struct dxg_handle_table *table,
			     const struct dxg_object *obj, int change)
{
	WRITE_ONCE(table->live[DXG_FREE], table->live[DXG_FREE] + change);
	WRITE_ONCE(table->live[obj->type], table->live[obj->type] + change);
}

/*
 * Make room in a slot whose object died with its adapter.  The host forgot the
 * object when the adapter stopped and gives its index out again, while here it
 * waits for its owner to destroy it.  Its handle goes on to work, if the host
 * gave the new one another stamp.
 */
static void dxg_handle_displace_dead(struct dxg_handle_table *table, u32 index)
{
	struct dxg_object *obj;

	dxg_handle_table_lock(table);
	obj = xa_load(&table->xa, index);
	if (obj && dxg_adapter_stopped(obj->adapter) &&
	    !xa_insert(&table->displaced, obj->handle, obj,
		       GFP_ATOMIC | __GFP_NOWARN | __GFP_ACCOUNT)) {
		obj->displaced = true;
		__xa_erase(&table->xa, index);
	}
	dxg_handle_table_unlock(table);
}

/**
 * dxg_handle_reserve() - claim the slot of a handle that the host gave out
 * @table: table
 * @handle: value from the host, untrusted
 *
 * Lookups do not see a reserved slot.  Context: may sleep.
 *
 * Return: 0; -EINVAL for 0, an index out of range or a slot in use; -ENOMEM.
 */
int dxg_handle_reserve(struct dxg_handle_table *table, u32 handle)
{
	u32 index = dxg_handle_index(handle);
	int ret;

	if (!handle || index >= DXG_HANDLE_INDEX_LIMIT)
		return -EINVAL;
	ret = xa_insert(&table->xa, index, NULL, GFP_KERNEL_ACCOUNT);
	if (ret == -EBUSY) {
		dxg_handle_displace_dead(table, index);
		ret = xa_insert(&table->xa, index, NULL, GFP_KERNEL_ACCOUNT);
	}
	return ret == -EBUSY ? -EINVAL : ret;
}

/**
 * dxg_handle_unreserve() - give a reserved slot back
 * @table: table
 * @handle: value passed to dxg_handle_reserve()
 */
void dxg_handle_unreserve(struct dxg_handle_table *table, u32 handle)
{
	xa_release(&table->xa, dxg_handle_index(handle));
}

/* Fill a reserved slot; table lock held.  Takes a reference for the table. */
void __dxg_handle_publish(struct dxg_handle_table *table,
			  struct dxg_object *obj, u32 handle)
{
	obj->handle = handle;
	obj->birth = table->births + 1;
	WRITE_ONCE(table->births, obj->birth);
	dxg_handle_count(table, obj, 1);
	dxg_object_get(obj);
	__xa_store(&table->xa, dxg_handle_index(handle), obj, 0);
}

/**
 * dxg_handle_publish() - make an object visible under its handle
 * @table: table
 * @obj: object; the table takes a reference of its own
 * @handle: value passed to dxg_handle_reserve() before
 *
 * Cannot fail.  From here on another thread may destroy the object.
 */
void dxg_handle_publish(struct dxg_handle_table *table, struct dxg_object *obj,
			u32 handle)
{
	dxg_handle_table_lock(table);
	__dxg_handle_publish(table, obj, handle);
	dxg_handle_table_unlock(table);
}

/**
 * dxg_handle_alloc_adapter() - choose a handle for an adapter and publish it
 * @table: the process's table of adapter handles
 * @obj: object; the table takes a reference of its own
 * @unique: running stamp of the table, so that a reused slot gets another value
 *
 * Return: 0, -ENOMEM, or -ENOSPC when the process has too many.
 */
int dxg_handle_alloc_adapter(struct dxg_handle_table *table,
			     struct dxg_object *obj, u8 *unique)
{
	u32 index;
	int ret;

	if (!dxg_handle_table_has_room(table, DXG_ADAPTER))
		return -ENOSPC;
	ret = xa_alloc(&table->xa, &index, NULL,
		       XA_LIMIT(DXG_ADAPTER_INDEX_FIRST,
				DXG_HANDLE_INDEX_LIMIT - 1),
		       GFP_KERNEL_ACCOUNT);
	if (ret)
		return ret == -EBUSY ? -ENOSPC : ret;

	dxg_handle_table_lock(table);
	*unique = (*unique % 3) + 1;
	__dxg_handle_publish(table, obj, (u32)*unique << 30 | index << 6);
	dxg_handle_table_unlock(table);
	return 0;
}

/* Entry of @handle if it is live and of @type; table lock or RCU held. */
struct dxg_object *__dxg_handle_peek(struct dxg_handle_table *table,
				     u32 handle, enum dxg_object_type type)
{
	u32 index = array_index_nospec(dxg_handle_index(handle),
				       DXG_HANDLE_INDEX_LIMIT);
	struct dxg_object *obj = xa_load(&table->xa, index);

	if (unlikely(!obj || obj->handle != handle)) {
		if (xa_empty(&table->displaced))
			return NULL;
		obj = xa_load(&table->displaced, handle);
	}
	if (!obj || obj->type != type)
		return NULL;
	return obj;
}

/**
 * dxg_handle_lookup() - find an object by handle and kind
 * @table: table
 * @handle: value from user space, untrusted
 * @type: kind that is wanted
 *
 * Return: the object with a reference for the caller, or NULL.
 */
struct dxg_object *dxg_handle_lookup(struct dxg_handle_table *table,
				     u32 handle, enum dxg_object_type type)
{
	struct dxg_object *obj;

	rcu_read_lock();
	obj = __dxg_handle_peek(table, handle, type);
	if (obj && !refcount_inc_not_zero(&obj->refs))
		obj = NULL;
	rcu_read_unlock();
	return obj;
}

/**
 * dxg_handle_is_live() - is there an object with exactly this handle?
 * @table: table
 * @handle: value from the host, untrusted
 *
 * For undoing a creation: an object that a host's reply names, but that was
 * there before, is not the reply's to destroy.
 */
bool dxg_handle_is_live(struct dxg_handle_table *table, u32 handle)
{
	struct dxg_object *obj;
	bool live;

	rcu_read_lock();
	obj = xa_load(&table->xa, dxg_handle_index(handle));
	live = obj && obj->handle == handle;
	rcu_read_unlock();
	return live;
}

/**
 * dxg_handle_born_until() - is what the handle names as old as that?
 * @table: table
 * @handle: value from user space, untrusted
 * @births: value of @table->births at the moment in question
 *
 * For deciding whether a handle still names the object that it named then: the
 * host gives values of destroyed objects out again.
 *
 * Return: true for a live object that was published by then.
 */
bool dxg_handle_born_until(struct dxg_handle_table *table, u32 handle,
			   u64 births)
{
	u32 index = array_index_nospec(dxg_handle_index(handle),
				       DXG_HANDLE_INDEX_LIMIT);
	struct dxg_object *obj;
	bool ret;

	rcu_read_lock();
	obj = xa_load(&table->xa, index);
	ret = obj && obj->handle == handle && obj->birth <= births;
	rcu_read_unlock();
	return ret;
}

/*
 * Take @obj out of the table; table lock held.  True: the caller now owns the
 * reference that the table had.  False: somebody else was faster.
 */
bool __dxg_handle_remove_object(struct dxg_handle_table *table,
				struct dxg_object *obj)
{
	u32 index = dxg_handle_index(obj->handle);

	if (obj->displaced) {
		obj->displaced = false;
		xa_erase(&table->displaced, obj->handle);
	} else if (obj->handle && xa_load(&table->xa, index) == obj) {
		__xa_erase(&table->xa, index);
	} else {
		return false;
	}
	dxg_handle_count(table, obj, -1);
	return true;
}

/**
 * dxg_handle_remove_object() - take an object out of the table
 * @table: table
 * @obj: object
 *
 * Return: true when this call removed it (the table's reference is now the
 * caller's), false when it was not or no longer in the table.
 */
bool dxg_handle_remove_object(struct dxg_handle_table *table,
			      struct dxg_object *obj)
{
	bool removed;

	dxg_handle_table_lock(table);
	removed = __dxg_handle_remove_object(table, obj);
	dxg_handle_table_unlock(table);
	return removed;
}

/**
 * dxg_handle_remove() - take a handle out of the table
 * @table: table
 * @handle: value from user space, untrusted
 * @type: kind that is wanted
 *
 * Removal decides who destroys an object: of several threads one gets it.
 *
 * Return: the object with the table's reference, or NULL.
 */
struct dxg_object *dxg_handle_remove(struct dxg_handle_table *table,
				     u32 handle, enum dxg_object_type type)
{
	struct dxg_object *obj;

	dxg_handle_table_lock(table);
	obj = __dxg_handle_peek(table, handle, type);
	if (obj)
		__dxg_handle_remove_object(table, obj);
	dxg_handle_table_unlock(table);
	return obj;
}
