// SPDX-License-Identifier: GPL-2.0
/*
 * Pinning of user memory, and who pays for it.
 *
 * Pages are pinned for long, so that they are not moved, and so that a process
 * that forks and the GPU go on seeing the same page.  They are counted in the
 * process (VmPin) and per user; the memory itself is the caller's own and is
 * charged to its cgroup already.  The page pointers are kept in batches of one
 * page each: no allocation grows with the size of the range.
 *
 * Lock: dxg_pin_lock protects the counters of the users, innermost.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/hyperv.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/xarray.h>

#include "pinned_memory.h"

#define DXG_PIN_BATCH	((PAGE_SIZE - sizeof(struct dxg_pin_batch)) / \
			 sizeof(struct page *))

/* Percent of the memory that one user may pin, or RLIMIT_MEMLOCK instead. */
#define DXG_PIN_LIMIT_RLIMIT	UINT_MAX

static unsigned int dxg_pin_limit = 100;

static DEFINE_MUTEX(dxg_pin_lock);
/* Pinned pages of each user with any, by kuid; under dxg_pin_lock. */
static DEFINE_XARRAY(dxg_pin_users);

static int dxg_pin_limit_set(const char *value, const struct kernel_param *kp)
{
	unsigned int percent;
	int ret;

	if (sysfs_streq(value, "rlimit")) {
		WRITE_ONCE(dxg_pin_limit, DXG_PIN_LIMIT_RLIMIT);
		return 0;
	}
	ret = kstrtouint(value, 0, &percent);
	if (ret)
		return ret;
	if (percent > 100)
		return -EINVAL;
	WRITE_ONCE(dxg_pin_limit, percent);
	return 0;
}

static int dxg_pin_limit_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int limit = READ_ONCE(dxg_pin_limit);

	if (limit == DXG_PIN_LIMIT_RLIMIT)
		return scnprintf(buffer, PAGE_SIZE, "rlimit\n");
	return scnprintf(buffer, PAGE_SIZE, "%u\n", limit);
}

static const struct kernel_param_ops dxg_pin_limit_ops = {
	.set = dxg_pin_limit_set,
	.get = dxg_pin_limit_get,
};

module_param_cb(pin_limit, &dxg_pin_limit_ops, NULL, 0644);
MODULE_PARM_DESC(pin_limit,
		 "Memory a user may pin for the GPU: percent of all memory, or \"rlimit\" for RLIMIT_MEMLOCK (default: 100)");

static bool dxg_pin_allowed(unsigned long pages)
{
	unsigned int limit = READ_ONCE(dxg_pin_limit);
	unsigned long most;

	if (limit == DXG_PIN_LIMIT_RLIMIT)
		most = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	else
		most = mult_frac(totalram_pages(), limit, 100);
	return pages <= most || capable(CAP_IPC_LOCK);
}

static int dxg_pin_charge(struct dxg_pinned *pinned)
{
	unsigned long user = __kuid_val(pinned->user);
	unsigned long pages = pinned->pages;
	int ret = -ENOMEM;

	mutex_lock(&dxg_pin_lock);
	pages += xa_to_value(xa_load(&dxg_pin_users, user) ?: xa_mk_value(0));
	if (pages <= LONG_MAX && dxg_pin_allowed(pages))
		ret = xa_err(xa_store(&dxg_pin_users, user, xa_mk_value(pages),
				      GFP_KERNEL_ACCOUNT));
	mutex_unlock(&dxg_pin_lock);
	if (!ret)
		atomic64_add(pinned->pages, &pinned->mm->pinned_vm);
	return ret;
}

static void dxg_pin_uncharge(struct dxg_pinned *pinned)
{
	unsigned long user = __kuid_val(pinned->user);
	unsigned long pages;

	atomic64_sub(pinned->pages, &pinned->mm->pinned_vm);
	mutex_lock(&dxg_pin_lock);
	pages = xa_to_value(xa_load(&dxg_pin_users, user)) - pinned->pages;
	/* the entry is there, so nothing is allocated and nothing can fail */
	if (pages)
		xa_store(&dxg_pin_users, user, xa_mk_value(pages), GFP_KERNEL);
	else
		xa_erase(&dxg_pin_users, user);
	mutex_unlock(&dxg_pin_lock);
}

static int dxg_pin_batch(struct dxg_pinned *pinned, unsigned long address,
			 unsigned int count)
{
	unsigned int flags = FOLL_LONGTERM | (pinned->writable ? FOLL_WRITE : 0);
	struct dxg_pin_batch *batch;
	int got;

	batch = kmalloc(PAGE_SIZE, GFP_KERNEL_ACCOUNT);
	if (!batch)
		return -ENOMEM;
	batch->count = 0;
	list_add_tail(&batch->link, &pinned->batches);
	while (batch->count < count) {
		got = pin_user_pages_fast(address + batch->count * PAGE_SIZE,
					  count - batch->count, flags,
					  batch->pages + batch->count);
		if (got <= 0)
			return fatal_signal_pending(current) ? -ERESTARTSYS :
							       -ENOMEM;
		batch->count += got;
	}
	return 0;
}

static void dxg_pin_drop(struct dxg_pinned *pinned)
{
	struct dxg_pin_batch *batch, *next;

	list_for_each_entry_safe(batch, next, &pinned->batches, link) {
		unpin_user_pages_dirty_lock(batch->pages, batch->count,
					    pinned->writable);
		kfree(batch);
		cond_resched();
	}
	INIT_LIST_HEAD(&pinned->batches);
}

/**
 * dxg_pin() - pin a range of the current process's memory
 * @pinned: filled
 * @address: user address, untrusted, a multiple of the host's page size
 * @size: bytes, a multiple of the host's page size, not 0
 * @writable: the GPU may write; a range that the process may not write to then
 *	is refused
 *
 * All or nothing.  Context: process.
 *
 * Return: 0; -ENOMEM when a page is missing or the user pins too much;
 * -ERESTARTSYS when the caller is being killed.
 */
int dxg_pin(struct dxg_pinned *pinned, u64 address, u64 size, bool writable)
{
	unsigned long start = address & PAGE_MASK;
	unsigned long left, count;
	u64 end;
	int ret;

	if (check_add_overflow(address, size, &end) || end > TASK_SIZE)
		return -ENOMEM;
	INIT_LIST_HEAD(&pinned->batches);
	pinned->offset = offset_in_page(address);
	pinned->pages = PFN_UP(end - start);
	pinned->writable = writable;
	pinned->user = current_uid();
	pinned->mm = current->mm;
	ret = dxg_pin_charge(pinned);
	if (ret)
		return ret;
	mmgrab(pinned->mm);

	for (left = pinned->pages; left && !ret; left -= count) {
		count = min_t(unsigned long, left, DXG_PIN_BATCH);
		/* pages that are there already are pinned without a look */
		if (fatal_signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		ret = dxg_pin_batch(pinned, start, count);
		start += count << PAGE_SHIFT;
		cond_resched();
	}
	if (ret)
		dxg_unpin(pinned);
	return ret;
}

/**
 * dxg_unpin() - let go of a range
 * @pinned: range from a successful dxg_pin() that the host does not use any more
 *
 * Pages that the GPU may have written are marked dirty.  Context: may sleep, any
 * task or worker.
 */
void dxg_unpin(struct dxg_pinned *pinned)
{
	dxg_pin_drop(pinned);
	dxg_pin_uncharge(pinned);
	mmdrop(pinned->mm);
}

/**
 * dxg_pin_cursor_init() - go to the first host page of a range
 * @cursor: initialised
 * @pinned: range
 */
void dxg_pin_cursor_init(struct dxg_pin_cursor *cursor,
			 const struct dxg_pinned *pinned)
{
	cursor->batch = list_first_entry(&pinned->batches, struct dxg_pin_batch,
					 link);
	cursor->page = 0;
	cursor->part = pinned->offset >> HV_HYP_PAGE_SHIFT;
}

/**
 * dxg_pin_cursor_next() - host page frame number, and on to the next
 * @cursor: place inside the range; the caller counts
 *
 * Return: guest physical address of the page divided by 4096.
 */
u64 dxg_pin_cursor_next(struct dxg_pin_cursor *cursor)
{
	u64 pfn;

	if (cursor->page == cursor->batch->count) {
		cursor->batch = list_next_entry(cursor->batch, link);
		cursor->page = 0;
	}
	pfn = page_to_hvpfn(cursor->batch->pages[cursor->page]) + cursor->part;
	if (++cursor->part == NR_HV_HYP_PAGES_IN_PAGE) {
		cursor->part = 0;
		cursor->page++;
	}
	return pfn;
}
