// SPDX-License-Identifier: GPL-2.0
/*
 * Existing memory: pages of the process that back an allocation.
 *
 * The host learns the pages as lists of page frame numbers or, if it does not
 * know that message, as a GPADL of the global channel.  From the first such
 * message on the pages belong to the GPU too, so they are let go only after the
 * host destroyed the allocation or the device, or after the adapter's channel is
 * closed; whichever comes first takes the backing off the adapter's list.
 *
 * GPADLs are made and taken down in workers, because the bus waits for the host
 * unkillably, and one at a time, because the bus wakes only one such waiter when
 * the host takes the channel away.
 *
 * Locks: dxg_adapter.resource_lock for the lists, dxg_global.life around GPADL
 * calls; see docs/locking.md.
 */
#include <linux/hyperv.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>
#include <linux/wait_bit.h>

#include "adapter.h"
#include "device.h"
#include "existing_memory.h"
#include "global_channel.h"
#include "host_message.h"
#include "module.h"

/* The range size in the bus's message has 16 bits: more pages overflow it. */
#define DXG_GPADL_PAGES_MAX	8190

/* GPADLs that the host has; changes under dxg_global.life. */
static atomic_t dxg_gpadl_count = ATOMIC_INIT(0);

static void dxg_backing_establish_work(struct work_struct *work);
static void dxg_backing_release_work(struct work_struct *work);

/**
 * dxg_backing_create() - pin user memory for an allocation of a device
 * @device: device, alive and locked shared
 * @address: user address, untrusted, a multiple of 4096
 * @size: bytes as the host has them, a non-zero multiple of 4096
 * @read_only: the GPU will not write
 *
 * The host does not know about it yet.
 *
 * Return: backing with a reference for the caller; -EINVAL for an absurd size;
 * -ENOMEM, -ENODEV when the adapter stopped, -ERESTARTSYS.
 */
struct dxg_backing *dxg_backing_create(struct dxg_device *device, u64 address,
				       u64 size, bool read_only)
{
	struct dxg_adapter *adapter = device->obj.adapter;
	struct dxg_backing *backing;
	int ret;

	/* the message counts pages in 32 bits */
	if (size >> HV_HYP_PAGE_SHIFT > U32_MAX)
		return ERR_PTR(-EINVAL);
	backing = kzalloc(sizeof(*backing), GFP_KERNEL_ACCOUNT);
	if (!backing)
		return ERR_PTR(-ENOMEM);
	ret = dxg_pin(&backing->pinned, address, size, !read_only);
	if (ret)
		goto free;
	refcount_set(&backing->refs, 2);
	backing->address = address;
	backing->size = size;
	backing->by_gpadl = !dxg_global.map_guest_pages;
	init_completion(&backing->established);
	init_completion(&backing->released);
	INIT_WORK(&backing->establish_work, dxg_backing_establish_work);
	INIT_WORK(&backing->release_work, dxg_backing_release_work);

	spin_lock(&adapter->resource_lock);
	if (dxg_adapter_active(adapter)) {
		list_add_tail(&backing->link, &adapter->backings);
		list_add_tail(&backing->device_link, &device->backings);
	} else {
		ret = -ENODEV;
	}
	spin_unlock(&adapter->resource_lock);
	if (ret)
		goto unpin;
	dxg_adapter_get(adapter);
	backing->adapter = adapter;
	return backing;

unpin:
	dxg_unpin(&backing->pinned);
free:
	kfree(backing);
	return ERR_PTR(ret);
}

/**
 * dxg_backing_put() - drop a reference
 * @backing: backing or NULL
 *
 * Does not let go of the pages: while they are pinned, a list or a work item
 * holds a reference.
 */
void dxg_backing_put(struct dxg_backing *backing)
{
	if (!backing || !refcount_dec_and_test(&backing->refs))
		return;
	dxg_adapter_put(backing->adapter);
	kfree(backing);
}

static int dxg_backing_send_pages(struct dxg_backing *backing,
				  struct dxg_device *device, u32 allocation,
				  struct dxg_pin_cursor *cursor, u32 offset,
				  u32 count)
{
	struct dxg_cmd_setexistingsysmempages *cmd;
	struct dxg_message msg;
	u32 capacity = count;
	u64 *pfns;
	int ret;
	u32 i;

	if (dxg_reference_lengths)
		capacity = MAX_PFNS_PER_SETEXISTINGSYSMEMPAGES;
	cmd = dxg_message_init(&msg, device->process, backing->adapter,
			       DXGK_VMBCOMMAND_SETEXISTINGSYSMEMPAGES,
			       sizeof(*cmd) + capacity * sizeof(*pfns));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->device.v = device->obj.handle;
	cmd->allocation.v = allocation;
	cmd->num_pages = count;
	cmd->alloc_offset_in_pages = offset;
	pfns = (u64 *)(cmd + 1);
	for (i = 0; i < count; i++)
		pfns[i] = dxg_pin_cursor_next(cursor);
	ret = dxg_message_status(&msg);
	dxg_message_free(&msg);
	return min(ret, 0);
}

static int dxg_backing_send_page_lists(struct dxg_backing *backing,
				       struct dxg_device *device,
				       u32 allocation)
{
	u32 total = backing->size >> HV_HYP_PAGE_SHIFT;
	struct dxg_pin_cursor cursor;
	u32 offset, count;
	int ret = 0;

	dxg_pin_cursor_init(&cursor, &backing->pinned);
	for (offset = 0; offset < total && !ret; offset += count) {
		count = min_t(u32, total - offset,
			      MAX_PFNS_PER_SETEXISTINGSYSMEMPAGES);
		ret = dxg_backing_send_pages(backing, device, allocation,
					     &cursor, offset, count);
	}
	return ret;
}

/* Kernel mapping of the pages, one after the other, as the bus wants them. */
static void *dxg_backing_map(struct dxg_backing *backing)
{
	struct dxg_pin_batch *batch;
	struct page **pages;
	unsigned int n = 0;
	void *mapping;

	pages = kvmalloc_array(backing->pinned.pages, sizeof(*pages),
			       GFP_KERNEL_ACCOUNT);
	if (!pages)
		return NULL;
	list_for_each_entry(batch, &backing->pinned.batches, link) {
		memcpy(pages + n, batch->pages, batch->count * sizeof(*pages));
		n += batch->count;
	}
	mapping = vmap(pages, n, VM_MAP, PAGE_KERNEL);
	kvfree(pages);
	return mapping;
}

/* dxg_global.life held.  0 or -ENOMEM. */
static int dxg_backing_establish(struct dxg_backing *backing)
{
	int ret;

	if (backing->let_go || !dxg_global_running())
		return -ENOMEM;
	backing->mapping = dxg_backing_map(backing);
	if (!backing->mapping)
		return -ENOMEM;
	ret = vmbus_establish_gpadl(dxg_global.hdev->channel, backing->mapping,
				    backing->size, &backing->gpadl);
	if (ret) {
		vunmap(backing->mapping);
		backing->mapping = NULL;
		return -ENOMEM;
	}
	backing->generation = dxg_global.channel.generation;
	atomic_inc(&dxg_gpadl_count);
	return 0;
}

static void dxg_backing_establish_work(struct work_struct *work)
{
	struct dxg_backing *backing =
		container_of(work, struct dxg_backing, establish_work);

	mutex_lock(&dxg_global.life);
	backing->gpadl_error = dxg_backing_establish(backing);
	mutex_unlock(&dxg_global.life);
	complete_all(&backing->established);
	dxg_backing_put(backing);
}

/* The GPADL was lost with its channel, or is taken down.  life held. */
static void dxg_backing_teardown(struct dxg_backing *backing)
{
	backing->let_go = true;
	if (!backing->mapping)
		return;
	if (dxg_channel_is_set_up(&dxg_global.channel) &&
	    backing->generation == dxg_global.channel.generation)
		vmbus_teardown_gpadl(dxg_global.channel.vmbus, &backing->gpadl);
	vunmap(backing->mapping);
	backing->mapping = NULL;
	if (atomic_dec_and_test(&dxg_gpadl_count))
		wake_up_var(&dxg_gpadl_count);
}

/**
 * dxg_backings_wait_gpadls() - wait until no GPADL is left
 *
 * Called when the global channel goes, with all adapters stopped: no GPADL can
 * be made any more, and all that exist are being taken down.  Waits for the host
 * if it did not withdraw the channel, as the bus does when it is closed.
 */
void dxg_backings_wait_gpadls(void)
{
	wait_var_event(&dxg_gpadl_count, !atomic_read(&dxg_gpadl_count));
}

/*
 * Let go of a backing just unlisted; consumes the reference of the list.  Waits
 * for the host if there is a GPADL: then for workers only.
 */
static void dxg_backing_release(struct dxg_backing *backing)
{
	if (backing->by_gpadl) {
		mutex_lock(&dxg_global.life);
		dxg_backing_teardown(backing);
		mutex_unlock(&dxg_global.life);
	}
	dxg_unpin(&backing->pinned);
	complete_all(&backing->released);
	dxg_backing_put(backing);
}

static void dxg_backing_release_work(struct work_struct *work)
{
	dxg_backing_release(container_of(work, struct dxg_backing,
					 release_work));
}

static int dxg_backing_send_store(struct dxg_backing *backing,
				  struct dxg_device *device, u32 allocation)
{
	struct dxg_cmd_setexistingsysmemstore *cmd;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, device->process, backing->adapter,
			       DXGK_VMBCOMMAND_SETEXISTINGSYSMEMSTORE,
			       sizeof(*cmd));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->device.v = device->obj.handle;
	cmd->allocation.v = allocation;
	cmd->gpadl = backing->gpadl.gpadl_handle;
	ret = dxg_message_status(&msg);
	dxg_message_free(&msg);
	return min(ret, 0);
}

static int dxg_backing_send_gpadl(struct dxg_backing *backing,
				  struct dxg_device *device, u32 allocation)
{
	/* a GPADL is made of pages of the guest and counted in the host's */
	if (backing->size >> HV_HYP_PAGE_SHIFT > DXG_GPADL_PAGES_MAX ||
	    backing->pinned.offset || !PAGE_ALIGNED(backing->size))
		return -ENOMEM;
	refcount_inc(&backing->refs);
	queue_work(dxg_workqueue, &backing->establish_work);
	if (wait_for_completion_killable(&backing->established))
		return -ERESTARTSYS;
	return backing->gpadl_error ?:
	       dxg_backing_send_store(backing, device, allocation);
}

/**
 * dxg_backing_tell_host() - give the pages to an allocation on the host
 * @backing: new backing
 * @device: its device, alive and locked shared
 * @allocation: handle of the allocation
 *
 * Context: process; waits killably for the host.
 *
 * Return: 0; whatever else, the host may use the pages until it has destroyed
 * the allocation: -ENOMEM (no GPADL), the host's status as errno, transport
 * errors.
 */
int dxg_backing_tell_host(struct dxg_backing *backing,
			  struct dxg_device *device, u32 allocation)
{
	if (backing->by_gpadl)
		return dxg_backing_send_gpadl(backing, device, allocation);
	return dxg_backing_send_page_lists(backing, device, allocation);
}

/* Take a backing off its lists; resource_lock held.  False: it was off. */
static bool dxg_backing_unlist(struct dxg_backing *backing)
{
	if (list_empty(&backing->link))
		return false;
	list_del_init(&backing->link);
	list_del_init(&backing->device_link);
	return true;
}

/* As dxg_backing_release(), without waiting for the host. */
static void dxg_backing_let_go(struct dxg_backing *backing)
{
	if (backing->by_gpadl)
		queue_work(dxg_workqueue, &backing->release_work);
	else
		dxg_backing_release(backing);
}

/**
 * dxg_backings_alloc() - make an empty set of backings
 * @capacity: most backings it can take, not 0
 *
 * Return: set, to be freed with dxg_backings_free(); NULL: no memory.
 */
struct dxg_backings *dxg_backings_alloc(u32 capacity)
{
	struct dxg_backings *set;

	set = kvmalloc(struct_size(set, backing, capacity), GFP_KERNEL_ACCOUNT);
	if (set)
		set->count = 0;
	return set;
}

/**
 * dxg_backings_add() - add a backing to a set
 * @set: set with room for it
 * @backing: backing; the set takes a reference
 */
void dxg_backings_add(struct dxg_backings *set, struct dxg_backing *backing)
{
	refcount_inc(&backing->refs);
	set->backing[set->count++] = backing;
}

/**
 * dxg_backings_let_go() - the host has confirmed that it uses none of these
 * @set: set or NULL
 *
 * Backings that are let go already are skipped.  Context: may sleep; does not
 * wait for the host, see dxg_backings_wait().
 */
void dxg_backings_let_go(struct dxg_backings *set)
{
	struct dxg_backing *backing;
	bool mine;
	u32 i;

	for (i = 0; set && i < set->count; i++) {
		backing = set->backing[i];
		spin_lock(&backing->adapter->resource_lock);
		mine = dxg_backing_unlist(backing);
		spin_unlock(&backing->adapter->resource_lock);
		if (mine)
			dxg_backing_let_go(backing);
		cond_resched();
	}
}

/**
 * dxg_backings_wait() - wait until all pages of a set are unpinned
 * @set: set after dxg_backings_let_go(), or NULL
 *
 * Ends early when the caller is being killed.
 */
void dxg_backings_wait(struct dxg_backings *set)
{
	u32 i;

	for (i = 0; set && i < set->count; i++)
		if (wait_for_completion_killable(&set->backing[i]->released))
			break;
}

/**
 * dxg_backings_free() - end a set
 * @set: set or NULL
 */
void dxg_backings_free(struct dxg_backings *set)
{
	u32 i;

	if (!set)
		return;
	for (i = 0; i < set->count; i++)
		dxg_backing_put(set->backing[i]);
	kvfree(set);
}

/**
 * dxg_device_release_memory() - let go of what backed a device's allocations
 * @device: device at the end of its teardown, with @confirmed final
 *
 * Without the host's confirmation the pages stay until the adapter has stopped.
 * Context: worker; waits for the host to take down GPADLs.
 */
void dxg_device_release_memory(struct dxg_device *device)
{
	struct dxg_adapter *adapter = device->obj.adapter;
	struct dxg_backing *backing;

	spin_lock(&adapter->resource_lock);
	while ((backing = list_first_entry_or_null(&device->backings,
						   struct dxg_backing,
						   device_link))) {
		if (!device->confirmed) {
			list_del_init(&backing->device_link);
			continue;
		}
		dxg_backing_unlist(backing);
		spin_unlock(&adapter->resource_lock);
		dxg_backing_release(backing);
		cond_resched();
		spin_lock(&adapter->resource_lock);
	}
	spin_unlock(&adapter->resource_lock);
}

/**
 * dxg_backings_release() - the adapter's channel is closed
 * @adapter: adapter that is stopped, so no backing can be added
 *
 * Context: may sleep; does not wait for the host.
 */
void dxg_backings_release(struct dxg_adapter *adapter)
{
	struct dxg_backing *backing;

	spin_lock(&adapter->resource_lock);
	while ((backing = list_first_entry_or_null(&adapter->backings,
						   struct dxg_backing, link))) {
		dxg_backing_unlist(backing);
		spin_unlock(&adapter->resource_lock);
		dxg_backing_let_go(backing);
		cond_resched();
		spin_lock(&adapter->resource_lock);
	}
	spin_unlock(&adapter->resource_lock);
}
