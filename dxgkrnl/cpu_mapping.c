// SPDX-License-Identifier: GPL-2.0
/*
 * Views: pages of the host's I/O space mapped into processes.
 *
 * Every view is an anonymous file of its own, on a file system of our own, that
 * nobody can open: the one mapping is made here.  So the file's address_space
 * knows all copies of the mapping, wherever fork and mremap put them, and
 * emptying it takes the pages away from everybody, whatever task does it.  Page
 * tables are filled on faults only; a fault on a revoked view is SIGBUS.
 *
 * The host's pages have 4 KiB.  Where the guest's are larger a view takes the guest
 * pages around it.  Until it is revoked other processes get those pages only for a
 * view of the very same pages of the host, such as a shared fence's: nobody sees
 * what the host keeps around them for others.
 *
 * This file never changes another process's address space layout, and in the
 * creator's only removes what still is a mapping of the view's file.
 *
 * Locks: dxg_adapter.resource_lock for the list of views; dxg_view_claims_lock,
 * innermost, for the list of pages taken; the invalidate_lock of the file's
 * address_space between faults and revocation (inside mmap_lock).
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/fs_context.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include <compat.h>

#include "adapter.h"
#include "cpu_mapping.h"
#include "global_channel.h"

#define DXG_VIEW_FS_MAGIC	0x64786776

static bool fence_map_rw;
module_param(fence_map_rw, bool, 0444);
MODULE_PARM_DESC(fence_map_rw,
		 "Map fences that only the GPU signals writable for programs (default: N)");

/**
 * struct dxg_view - pages of the I/O space in a process
 * @link: in dxg_adapter.views, under dxg_adapter.resource_lock
 * @adapter: adapter whose stop revokes the view; outlives the view
 * @file: what is mapped; its release frees the view.  The owner of the view
 *	holds one reference, each mapping another
 * @mm: address space of the creator, mm_count reference
 * @address: user address in @mm where the view was mapped
 * @size: bytes mapped, whole pages of the guest
 * @offset: of what the host showed in them
 * @length: bytes that the host showed
 * @claim: in dxg_view_claims, or empty
 * @pfn: first page frame
 * @flags: enum dxg_view_flags
 * @mapped: the one mapping was made
 * @revoked: no more pages for anybody; under the file's invalidate_lock
 */
struct dxg_view {
	struct list_head link;
	struct dxg_adapter *adapter;
	struct file *file;
	struct mm_struct *mm;
	unsigned long address;
	unsigned long size;
	unsigned long offset;
	unsigned long length;
	struct list_head claim;
	unsigned long pfn;
	unsigned int flags;
	bool mapped;
	bool revoked;
};

/**
 * struct dxg_view_fill - state of filling page tables
 * @mm: address space
 * @pfn: next page frame
 * @prot: protection and caching
 */
struct dxg_view_fill {
	struct mm_struct *mm;
	unsigned long pfn;
	pgprot_t prot;
};

static DEFINE_SPINLOCK(dxg_view_claims_lock);
static LIST_HEAD(dxg_view_claims);

static struct vfsmount *dxg_view_mount;
static int dxg_view_mount_count;

static int dxg_view_fill_pte(pte_t *pte, unsigned long address, void *data)
{
	struct dxg_view_fill *fill = data;

	if (pte_none(ptep_get(pte)))
		set_pte_at(fill->mm, address, pte,
			   pte_mkspecial(pfn_pte(fill->pfn, fill->prot)));
	fill->pfn++;
	return 0;
}

/*
 * Fill the page table around the fault, so that a large view costs a fault per
 * page table and not one per page.  Not with vmf_insert_pfn_prot(): on x86 that
 * replaces the caching by what the kernel's list of I/O memory types says, and
 * for memory that nobody entered there this is "uncached".
 */
static vm_fault_t dxg_view_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct file *file = vma->vm_file;
	struct dxg_view *view = file->private_data;
	unsigned long table = vmf->address & PMD_MASK;
	unsigned long start = max(table, vma->vm_start);
	unsigned long end = min(table + PMD_SIZE, vma->vm_end);
	struct dxg_view_fill fill = {
		.mm = vma->vm_mm,
		.pfn = view->pfn + vma->vm_pgoff +
		       PHYS_PFN(start - vma->vm_start),
		.prot = vma->vm_page_prot,
	};
	vm_fault_t ret = VM_FAULT_SIGBUS;

	filemap_invalidate_lock_shared(file->f_mapping);
	if (!view->revoked)
		ret = apply_to_page_range(fill.mm, start, end - start,
					  dxg_view_fill_pte, &fill) ?
		      VM_FAULT_OOM : VM_FAULT_NOPAGE;
	filemap_invalidate_unlock_shared(file->f_mapping);
	return ret;
}

static const struct vm_operations_struct dxg_view_vm_ops = {
	.fault = dxg_view_fault,
};

static int dxg_view_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct dxg_view *view = file->private_data;

	/* remap_file_pages() would come here again */
	if (view->mapped || vma->vm_pgoff ||
	    vma->vm_end - vma->vm_start != view->size)
		return -EPERM;
	view->mapped = true;
	if (!(view->flags & DXG_VIEW_CACHED))
		vma->vm_page_prot = pgprot_writecombine(vma->vm_page_prot);
	vma->vm_page_prot = pgprot_decrypted(vma->vm_page_prot);
	vma->vm_ops = &dxg_view_vm_ops;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	return 0;
}

static int dxg_view_file_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static const struct file_operations dxg_view_fops = {
	.owner = THIS_MODULE,
	.mmap = dxg_view_mmap,
	.release = dxg_view_file_release,
};

static int dxg_view_fs_init(struct fs_context *fc)
{
	if (!init_pseudo(fc, DXG_VIEW_FS_MAGIC))
		return -ENOMEM;
	fc->s_iflags |= SB_I_NOEXEC | SB_I_NODEV;
	return 0;
}

/* Never registered: only views, which pin the module, mount it. */
static struct file_system_type dxg_view_fs = {
	.name = "dxgview",
	.owner = THIS_MODULE,
	.init_fs_context = dxg_view_fs_init,
	.kill_sb = kill_anon_super,
};

/* A file for @view, which dies with it on success. */
static struct file *dxg_view_file(struct dxg_view *view)
{
	struct inode *inode;
	struct file *file;

	inode = alloc_anon_inode(dxg_view_mount->mnt_sb);
	if (IS_ERR(inode))
		return ERR_CAST(inode);
	/* a file opened for reading cannot be mapped writable later */
	file = alloc_file_pseudo(inode, dxg_view_mount, dxg_view_fs.name,
				 view->flags & DXG_VIEW_WRITE ? O_RDWR :
				 O_RDONLY, &dxg_view_fops);
	if (IS_ERR(file)) {
		iput(inode);
		return file;
	}
	/* dropped with the file, but not taken by alloc_file_pseudo() */
	__module_get(THIS_MODULE);
	file->private_data = view;
	return file;
}

/* The window lies in memory of the guest's choice, the rest is the host's. */
static int dxg_view_check(u64 address, u64 size)
{
	u64 offset = address - dxg_global.io_base;

	if (!size || !IS_ALIGNED(address | size, HV_HYP_PAGE_SIZE))
		return -ENOMEM;
	if (address < dxg_global.io_base || offset > dxg_global.io_size ||
	    size > dxg_global.io_size - offset)
		return -ENOMEM;
	return 0;
}

static bool dxg_views_overlap(const struct dxg_view *a, const struct dxg_view *b)
{
	return a->pfn < b->pfn + PHYS_PFN(b->size) &&
	       b->pfn < a->pfn + PHYS_PFN(a->size);
}

static bool dxg_views_same(const struct dxg_view *a, const struct dxg_view *b)
{
	return a->pfn == b->pfn && a->offset == b->offset &&
	       a->length == b->length;
}

/*
 * Take the guest pages of a view for its process, and for others to whom the host
 * shows the same.  Nothing to do where they are the host's pages: it decides.
 */
static int dxg_view_claim(struct dxg_view *view)
{
	const struct dxg_view *other;
	int ret = 0;

	if (NR_HV_HYP_PAGES_IN_PAGE == 1)
		return 0;
	spin_lock(&dxg_view_claims_lock);
	list_for_each_entry(other, &dxg_view_claims, claim)
		if (other->mm != view->mm && dxg_views_overlap(other, view) &&
		    !dxg_views_same(other, view))
			ret = -ENOMEM;
	if (!ret)
		list_add_tail(&view->claim, &dxg_view_claims);
	spin_unlock(&dxg_view_claims_lock);
	return ret;
}

static void dxg_view_unclaim(struct dxg_view *view)
{
	if (NR_HV_HYP_PAGES_IN_PAGE == 1)
		return;
	spin_lock(&dxg_view_claims_lock);
	list_del_init(&view->claim);
	spin_unlock(&dxg_view_claims_lock);
}

/* From here on stop of the adapter revokes the view. */
static int dxg_view_register(struct dxg_view *view)
{
	struct dxg_adapter *adapter = view->adapter;
	int ret = -ENODEV;

	spin_lock(&adapter->resource_lock);
	if (dxg_adapter_active(adapter)) {
		list_add_tail(&view->link, &adapter->views);
		ret = 0;
	}
	spin_unlock(&adapter->resource_lock);
	return ret;
}

/**
 * dxg_view_create() - map pages of the I/O space into the current process
 * @adapter: adapter that the address came from; must outlive the view
 * @address: guest physical address, from the host and not trusted
 * @size: bytes, likewise
 * @flags: enum dxg_view_flags
 *
 * The pages appear in page tables when they are touched.  A process that forks
 * gives its child a copy, which is revoked together with the original.
 *
 * Context: process, mmap_lock not held.
 *
 * Return: view, to be ended with dxg_view_destroy(); -ENOMEM when the range is
 * not a multiple of 4 KiB, not inside the I/O space, shares a page of the guest
 * with another range that another process views, or is not mappable; -ENODEV when
 * the adapter stopped.
 */
struct dxg_view *dxg_view_create(struct dxg_adapter *adapter, u64 address,
				 u64 size, unsigned int flags)
{
	unsigned long prot = PROT_READ;
	struct dxg_view *view;
	struct file *file;
	int ret = -ENODEV;

	if (!dxg_global_running())
		return ERR_PTR(-ENODEV);
	if (dxg_view_check(address, size))
		return ERR_PTR(-ENOMEM);
	if (simple_pin_fs(&dxg_view_fs, &dxg_view_mount, &dxg_view_mount_count))
		return ERR_PTR(-ENOMEM);
	view = kzalloc(sizeof(*view), GFP_KERNEL_ACCOUNT);
	if (!view) {
		ret = -ENOMEM;
		goto release_fs;
	}
	INIT_LIST_HEAD(&view->link);
	INIT_LIST_HEAD(&view->claim);
	view->adapter = adapter;
	view->offset = offset_in_page(address);
	view->length = size;
	view->size = PAGE_ALIGN(view->offset + size);
	view->pfn = PHYS_PFN(address);
	view->flags = flags;
	file = dxg_view_file(view);
	if (IS_ERR(file)) {
		kfree(view);
		ret = -ENOMEM;
		goto release_fs;
	}
	view->file = file;
	view->mm = current->mm;
	mmgrab(view->mm);

	ret = dxg_view_claim(view);
	if (ret)
		goto destroy;
	ret = dxg_view_register(view);
	if (ret)
		goto destroy;
	if (flags & DXG_VIEW_WRITE)
		prot |= PROT_WRITE;
	view->address = vm_mmap(file, 0, view->size, prot, MAP_SHARED, 0);
	if (IS_ERR_VALUE(view->address)) {
		view->address = 0;
		ret = -ENOMEM;
		goto destroy;
	}
	return view;

destroy:
	dxg_view_destroy(view);
	return ERR_PTR(ret);
release_fs:
	simple_release_fs(&dxg_view_mount, &dxg_view_mount_count);
	return ERR_PTR(ret);
}

/**
 * dxg_view_address() - where a view is mapped
 * @view: view
 *
 * Return: user address in the process that created it.
 */
u64 dxg_view_address(const struct dxg_view *view)
{
	return view->address + view->offset;
}

static void dxg_view_revoke(struct dxg_view *view)
{
	struct address_space *mapping = view->file->f_mapping;

	filemap_invalidate_lock(mapping);
	view->revoked = true;
	filemap_invalidate_unlock(mapping);
	unmap_mapping_range(mapping, 0, 0, 1);
	dxg_view_unclaim(view);
}

/*
 * Remove from the creator's address space what is left of the mapping there.
 * The process may have unmapped all or some of it and put other things in its
 * place; only pieces that map the view's file are touched.  No exported function
 * removes a mapping under an mmap_lock taken before, so a process that replaces
 * the mapping by another in the very moment in which it destroys the object can
 * lose that other one.  It harms itself, and nothing but the address.
 */
static void dxg_view_unmap(struct dxg_view *view)
{
	unsigned long end = view->address + view->size;
	unsigned long start = view->address;
	struct vm_area_struct *vma;
	unsigned long from, to;
	bool ours;

	while (start < end) {
		mmap_read_lock(view->mm);
		vma = find_vma(view->mm, start);
		if (!vma || vma->vm_start >= end) {
			mmap_read_unlock(view->mm);
			break;
		}
		ours = vma->vm_file == view->file;
		from = max(start, vma->vm_start);
		to = min(end, vma->vm_end);
		mmap_read_unlock(view->mm);
		if (ours)
			vm_munmap(from, to - from);
		start = to;
		cond_resched();
	}
}

/**
 * dxg_view_destroy() - take a view away from everybody
 * @view: view that the caller owns, or NULL
 *
 * When this returns no process reaches the pages any more.  In the creator's
 * address space, if that is the current one, the mapping itself goes too;
 * copies elsewhere stay as mappings without pages.
 *
 * Context: may sleep; any task or worker; mmap_lock not held.
 */
void dxg_view_destroy(struct dxg_view *view)
{
	if (!view)
		return;
	spin_lock(&view->adapter->resource_lock);
	list_del_init(&view->link);
	spin_unlock(&view->adapter->resource_lock);
	dxg_view_revoke(view);
	if (view->address && current->mm == view->mm)
		dxg_view_unmap(view);
	mmdrop(view->mm);
	/* frees the view, unless a process still has a copy of the mapping */
	fput(view->file);
	simple_release_fs(&dxg_view_mount, &dxg_view_mount_count);
}

/**
 * dxg_views_revoke() - make all views of an adapter unreachable
 * @adapter: adapter that is not active any more, so no view can be added
 *
 * The views stay with their owners, who destroy them as usual.
 *
 * Context: may sleep; any task.
 */
void dxg_views_revoke(struct dxg_adapter *adapter)
{
	struct dxg_view *view;
	struct file *file;
	LIST_HEAD(todo);

	spin_lock(&adapter->resource_lock);
	list_splice_init(&adapter->views, &todo);
	for (;;) {
		view = list_first_entry_or_null(&todo, struct dxg_view, link);
		if (!view)
			break;
		list_move_tail(&view->link, &adapter->views);
		file = get_file(view->file);
		spin_unlock(&adapter->resource_lock);
		dxg_view_revoke(view);
		fput(file);
		cond_resched();
		spin_lock(&adapter->resource_lock);
	}
	spin_unlock(&adapter->resource_lock);
}

/**
 * dxg_fence_view_flags() - how to map the page of a fence
 * @guest_may_signal: the process has the right to change the value
 *
 * Return: flags for dxg_view_create().
 */
unsigned int dxg_fence_view_flags(bool guest_may_signal)
{
	if (guest_may_signal || fence_map_rw)
		return DXG_VIEW_CACHED | DXG_VIEW_WRITE;
	return DXG_VIEW_CACHED;
}
