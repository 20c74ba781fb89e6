// SPDX-License-Identifier: GPL-2.0
/*
 * Adapters as a process sees them: enumeration, handles, and the record of what
 * a process has on an adapter, which ends with the last handle.
 *
 * Locks: dxg_process.adapters_lock (lists and handle counts); no host round
 * trips and no user memory under it.
 */
#include <linux/slab.h>

#include "adapter.h"
#include "device.h"
#include "host_message.h"
#include "ioctl_table.h"
#include "module.h"
#include "process.h"
#include "vgpu.h"

/* EnumAdapters3 refuses larger arrays; EnumAdapters2 D3DKMT_ADAPTERS_MAX. */
#define DXG_ENUM_ADAPTERS3_MAX	65535

#define DXG_FILTER_COMPUTE_ONLY	BIT_ULL(0)

static void dxg_process_adapter_release(struct kref *refs)
{
	struct dxg_process_adapter *pa =
		container_of(refs, struct dxg_process_adapter, refs);

	dxg_adapter_put(pa->adapter);
	mutex_destroy(&pa->devices_lock);
	kfree(pa);
}

static void dxg_process_adapter_put(struct dxg_process_adapter *pa)
{
	kref_put(&pa->refs, dxg_process_adapter_release);
}

static void dxg_adapter_handle_release(struct dxg_object *obj)
{
	struct dxg_adapter_handle *handle =
		container_of(obj, struct dxg_adapter_handle, obj);

	dxg_process_adapter_put(handle->pa);
	kfree_rcu(handle, obj.rcu);
}

/* Worker: the host part of closing the last handle. */
static void dxg_process_adapter_end(struct work_struct *work)
{
	struct dxg_process_adapter *pa =
		container_of(work, struct dxg_process_adapter, end_work);
	struct dxg_process *process = pa->process;

	dxg_devices_destroy(pa);
	mutex_lock(&process->adapters_lock);
	list_del_init(&pa->link);
	mutex_unlock(&process->adapters_lock);
	complete_all(&pa->ended);
	dxg_process_adapter_put(pa);
	dxg_process_put(process);
}

/* The process's record of @adapter with one more handle counted, or NULL. */
static struct dxg_process_adapter *
dxg_process_adapter_get(struct dxg_process *process,
			struct dxg_adapter *adapter)
{
	struct dxg_process_adapter *pa;

	mutex_lock(&process->adapters_lock);
	list_for_each_entry(pa, &process->adapters, link)
		if (pa->adapter == adapter && pa->handles)
			goto found;
	pa = kzalloc(sizeof(*pa), GFP_KERNEL_ACCOUNT);
	if (!pa)
		goto unlock;
	kref_init(&pa->refs);
	dxg_adapter_get(adapter);
	pa->adapter = adapter;
	pa->process = process;
	mutex_init(&pa->devices_lock);
	INIT_LIST_HEAD(&pa->devices);
	INIT_WORK(&pa->end_work, dxg_process_adapter_end);
	init_completion(&pa->ended);
	list_add_tail(&pa->link, &process->adapters);
found:
	pa->handles++;
	kref_get(&pa->refs);
unlock:
	mutex_unlock(&process->adapters_lock);
	return pa;
}

/*
 * One handle less.  Returns true when it was the last: then the caller has to
 * end the devices, and the reference of the count is the caller's.  The record
 * stays listed until that is done, so that the end of the process waits for it.
 */
static bool dxg_process_adapter_uncount(struct dxg_process_adapter *pa)
{
	struct dxg_process *process = pa->process;
	bool last;

	mutex_lock(&process->adapters_lock);
	last = !--pa->handles;
	mutex_unlock(&process->adapters_lock);
	return last;
}

/* Close the handle that @obj stands for; consumes the table's reference. */
static void dxg_adapter_handle_close(struct dxg_object *obj)
{
	struct dxg_adapter_handle *handle =
		container_of(obj, struct dxg_adapter_handle, obj);
	struct dxg_process_adapter *pa = handle->pa;

	if (dxg_process_adapter_uncount(pa)) {
		dxg_devices_dismantle(pa);
		kref_get(&pa->refs);
		/* the end of the process does not wait for the work item */
		dxg_process_get(pa->process);
		queue_work(dxg_workqueue, &pa->end_work);
		/* a killed caller leaves the rest to the worker */
		(void)wait_for_completion_killable(&pa->ended);
		dxg_process_adapter_put(pa);
	}
	dxg_object_put(obj);
}

/* Give the process one more handle to @adapter. */
static int dxg_adapter_handle_open(struct dxg_process *process,
				   struct dxg_adapter *adapter, u32 *handle)
{
	struct dxg_adapter_handle *entry;
	int ret = -ENOMEM;

	entry = kzalloc(sizeof(*entry), GFP_KERNEL_ACCOUNT);
	if (!entry)
		return -ENOMEM;
	entry->pa = dxg_process_adapter_get(process, adapter);
	if (!entry->pa) {
		kfree(entry);
		return -ENOMEM;
	}
	dxg_object_init(&entry->obj, DXG_ADAPTER, adapter, NULL,
			dxg_adapter_handle_release);
	ret = dxg_process_ensure_host(process);
	if (!ret)
		ret = dxg_handle_alloc_adapter(&process->adapter_handles,
					       &entry->obj,
					       &process->adapter_unique);
	if (ret)
		dxg_adapter_handle_close(&entry->obj);
	else
		*handle = entry->obj.handle;
	if (!ret)
		dxg_object_put(&entry->obj);
	return ret;
}

/* Close a handle by value, if it is still there. */
static int dxg_adapter_handle_drop(struct dxg_process *process, u32 handle)
{
	struct dxg_object *obj;

	obj = dxg_handle_remove(&process->adapter_handles, handle,
				DXG_ADAPTER);
	if (!obj)
		return -EINVAL;
	dxg_adapter_handle_close(obj);
	return 0;
}

/**
 * dxg_process_has_open() - does a process have handles of an adapter?
 * @process: process
 * @luid: of the adapter, which may be in any state
 *
 * Return: true if so.
 */
bool dxg_process_has_open(struct dxg_process *process, struct winluid luid)
{
	struct dxg_process_adapter *pa;
	bool open = false;

	mutex_lock(&process->adapters_lock);
	list_for_each_entry(pa, &process->adapters, link)
		open |= pa->handles && dxg_same_luid(pa->adapter->luid, luid);
	mutex_unlock(&process->adapters_lock);
	return open;
}

/**
 * dxg_process_adapters_dismantle() - local end of all a process has
 * @process: process whose last file is closed
 *
 * Context: the closing task, so that mappings can be removed from it.
 */
void dxg_process_adapters_dismantle(struct dxg_process *process)
{
	struct dxg_process_adapter *pa;

	/* no ioctl runs any more, but workers of killed ones may */
	mutex_lock(&process->adapters_lock);
again:
	list_for_each_entry(pa, &process->adapters, link) {
		if (READ_ONCE(pa->closing))
			continue;
		kref_get(&pa->refs);
		mutex_unlock(&process->adapters_lock);
		dxg_devices_dismantle(pa);
		dxg_process_adapter_put(pa);
		mutex_lock(&process->adapters_lock);
		goto again;
	}
	mutex_unlock(&process->adapters_lock);
}

/**
 * dxg_process_adapters_destroy() - end of all a process has, on the host
 * @process: process whose last file is closed
 *
 * Context: worker.
 */
void dxg_process_adapters_destroy(struct dxg_process *process)
{
	struct dxg_process_adapter *pa;
	struct dxg_object *obj;
	unsigned long index;
	bool counted;

	xa_for_each(&process->adapter_handles.xa, index, obj)
		if (dxg_handle_remove_object(&process->adapter_handles, obj))
			dxg_object_put(obj);
	mutex_lock(&process->adapters_lock);
	while (!list_empty(&process->adapters)) {
		pa = list_first_entry(&process->adapters,
				      struct dxg_process_adapter, link);
		list_del_init(&pa->link);
		kref_get(&pa->refs);
		counted = pa->handles;
		mutex_unlock(&process->adapters_lock);
		/* also waits for what a killed CloseAdapter left to a worker */
		dxg_devices_destroy(pa);
		if (counted)
			dxg_process_adapter_put(pa);
		dxg_process_adapter_put(pa);
		mutex_lock(&process->adapters_lock);
	}
	mutex_unlock(&process->adapters_lock);
}

/**
 * dxg_ioctl_open_adapter_from_luid() - 0x01
 * @process: caller
 * @args: struct d3dkmt_openadapterfromluid
 * @user: likewise
 *
 * Return: 0; -EINVAL no active adapter has the LUID; -ENOMEM; -EFAULT; errors
 * of dxg_process_ensure_host().
 */
int dxg_ioctl_open_adapter_from_luid(struct dxg_process *process, void *args,
				     void __user *user)
{
	struct d3dkmt_openadapterfromluid __user *uargs = user;
	struct d3dkmt_openadapterfromluid *open = args;
	struct dxg_adapter *adapter;
	int ret;

	adapter = dxg_adapter_find(open->adapter_luid);
	if (!adapter)
		return -EINVAL;
	ret = dxg_adapter_handle_open(process, adapter,
				      &open->adapter_handle.v);
	dxg_adapter_put(adapter);
	if (ret)
		return ret;
	ret = dxg_write_back(uargs, open, adapter_handle);
	if (ret)
		dxg_adapter_handle_drop(process, open->adapter_handle.v);
	return ret;
}

static void dxg_drop_infos(struct dxg_process *process,
			   const struct d3dkmt_adapterinfo *infos, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		dxg_adapter_handle_drop(process, infos[i].adapter_handle.v);
}

/* Open the adapters of a snapshot; all or none. */
static int dxg_open_infos(struct dxg_process *process,
			  struct dxg_adapter **adapters, u32 count,
			  struct d3dkmt_adapterinfo *infos)
{
	u32 i;
	int ret;

	for (i = 0; i < count; i++) {
		ret = dxg_adapter_handle_open(process, adapters[i],
					      &infos[i].adapter_handle.v);
		if (ret) {
			dxg_drop_infos(process, infos, i);
			return ret;
		}
		infos[i].adapter_luid = adapters[i]->luid;
	}
	return 0;
}

/*
 * Fill the user's array at @array, which has room for @room entries.  @ucount is
 * where the number of entries goes; on -EOVERFLOW the number needed goes there
 * if @report is set.
 */
static int dxg_enum_fill(struct dxg_process *process, bool compute_only,
			 u64 array, u32 room, u32 __user *ucount, bool report)
{
	struct d3dkmt_adapterinfo *infos = NULL;
	struct dxg_adapter **adapters;
	u32 count;
	int ret;

	ret = dxg_adapter_snapshot(&adapters, &count, compute_only);
	if (ret)
		return ret;
	ret = -EOVERFLOW;
	if (count > room) {
		if (report && put_user(count, ucount))
			ret = -EFAULT;
		goto put;
	}
	ret = -ENOMEM;
	infos = kcalloc(max(count, 1U), sizeof(*infos), GFP_KERNEL_ACCOUNT);
	if (!infos)
		goto put;
	ret = dxg_open_infos(process, adapters, count, infos);
	if (ret)
		goto put;
	if (put_user(count, ucount) ||
	    dxg_copy_out(array, infos, count * sizeof(*infos))) {
		dxg_drop_infos(process, infos, count);
		ret = -EFAULT;
	}
put:
	kfree(infos);
	dxg_adapter_snapshot_put(adapters, count);
	return ret;
}

/**
 * dxg_ioctl_enum_adapters2() - 0x14
 * @process: caller
 * @args: struct d3dkmt_enumadapters2
 * @user: likewise
 *
 * Return: 0; -EOVERFLOW room for fewer than all known vGPUs; -EINVAL room for
 * more than D3DKMT_ADAPTERS_MAX; -ENOMEM; -EFAULT.
 */
int dxg_ioctl_enum_adapters2(struct dxg_process *process, void *args,
			     void __user *user)
{
	struct d3dkmt_enumadapters2 __user *uargs = user;
	struct d3dkmt_enumadapters2 *enumeration = args;
	u32 total = dxg_adapter_count();

	if (!enumeration->adapters)
		return put_user(total, &uargs->num_adapters);
	if (enumeration->num_adapters < total)
		return -EOVERFLOW;
	if (enumeration->num_adapters > D3DKMT_ADAPTERS_MAX)
		return -EINVAL;
	return dxg_enum_fill(process, false, enumeration->adapters,
			     enumeration->num_adapters, &uargs->num_adapters,
			     false);
}

/**
 * dxg_ioctl_enum_adapters3() - 0x3e
 * @process: caller
 * @args: struct d3dkmt_enumadapters3
 * @user: likewise
 *
 * Return: 0; -EOVERFLOW array too small (the count says how much is needed);
 * -EINVAL absurd count; -ENOMEM; -EFAULT.
 */
int dxg_ioctl_enum_adapters3(struct dxg_process *process, void *args,
			     void __user *user)
{
	struct d3dkmt_enumadapters3 __user *uargs = user;
	struct d3dkmt_enumadapters3 *enumeration = args;
	bool compute_only = enumeration->filter.value & DXG_FILTER_COMPUTE_ONLY;
	struct dxg_adapter **adapters;
	u32 count;
	int ret;

	if (enumeration->adapters && enumeration->adapter_count) {
		if (enumeration->adapter_count > DXG_ENUM_ADAPTERS3_MAX)
			return -EINVAL;
		return dxg_enum_fill(process, compute_only,
				     enumeration->adapters,
				     enumeration->adapter_count,
				     &uargs->adapter_count, true);
	}
	ret = dxg_adapter_snapshot(&adapters, &count, compute_only);
	if (ret)
		return ret;
	dxg_adapter_snapshot_put(adapters, count);
	return put_user(count, &uargs->adapter_count);
}

/**
 * dxg_ioctl_close_adapter() - 0x15
 * @process: caller
 * @args: struct d3dkmt_closeadapter
 * @user: not used
 *
 * Works in any state of the adapter.
 *
 * Return: 0; -EINVAL no such handle.
 */
int dxg_ioctl_close_adapter(struct dxg_process *process, void *args,
			    void __user *user)
{
	struct d3dkmt_closeadapter *close = args;

	if (!close->adapter_handle.v)
		return 0;
	return dxg_adapter_handle_drop(process, close->adapter_handle.v);
}
