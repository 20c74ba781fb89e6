// SPDX-License-Identifier: GPL-2.0
/*
 * mmap() of rings, MMIO window and GPADL pages into a host program.
 *
 * Pages are inserted one by one at page faults, under mem_lock: at that moment
 * the mapping is already known to unmap_mapping_range(), so whoever makes pages
 * disappear first forbids new faults, then takes existing entries away. Nothing
 * is reference counted: guest pages belong to the guest. Inserting singly also
 * adopts the memory type of a reserved window whatever the guest mapped.
 */
#include <linux/mm.h>
#include <linux/module.h>

#include "compat.h"
#include "device.h"

/* Pages inserted per fault. */
#define FAULT_AROUND	16

static int ring_pfn(struct mock_host *host, u64 offset, unsigned long *pfn)
{
	u32 relid = offset >> MOCK_VMBUS_MMAP_RELID_SHIFT;
	u64 in_ring = offset & (BIT_ULL(MOCK_VMBUS_MMAP_RELID_SHIFT) - 1);
	struct mock_channel *ch = mock_host_channel(host, relid);
	struct page *page;

	if (!ch)
		return -ENOENT;
	page = mock_ring_page(ch, in_ring >> PAGE_SHIFT);
	if (page)
		*pfn = page_to_pfn(page);
	mock_channel_put(ch);
	return page ? 0 : -ERANGE;
}

static int gpadl_pfn(struct mock_host *host, u64 offset, unsigned long *pfn)
{
	u32 handle = offset >> MOCK_VMBUS_MMAP_GPADL_SHIFT;
	u64 in_gpadl = offset & (BIT_ULL(MOCK_VMBUS_MMAP_GPADL_SHIFT) - 1);
	u64 n;
	int ret;

	ret = mock_gpadl_pfns(host, handle, in_gpadl >> HV_HYP_PAGE_SHIFT, &n,
			      1);
	if (ret != 1)
		return ret ? ret : -ERANGE;
	/* not in the GPADL of rings, which leaves padding out */
	if (n % NR_HV_HYP_PAGES_IN_PAGE)
		return -EINVAL;
	*pfn = n / NR_HV_HYP_PAGES_IN_PAGE;
	return 0;
}

/* Page behind an mmap offset. Caller holds mem_lock. */
static int offset_to_pfn(struct mock_host *host, u64 offset, unsigned long *pfn)
{
	u64 in_region = offset & (BIT_ULL(MOCK_VMBUS_MMAP_REGION_SHIFT) - 1);

	switch (offset >> MOCK_VMBUS_MMAP_REGION_SHIFT) {
	case MOCK_VMBUS_MMAP_RINGS:
		return ring_pfn(host, in_region, pfn);
	case MOCK_VMBUS_MMAP_WINDOW:
		return mock_mmio_pfn(in_region, pfn);
	case MOCK_VMBUS_MMAP_GPADL:
		return gpadl_pfn(host, in_region, pfn);
	default:
		return -EINVAL;
	}
}

static vm_fault_t map_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct device_file *df = vma->vm_file->private_data;
	struct mock_host *host = df->host;
	unsigned long address = vmf->address & PAGE_MASK;
	u64 offset = (u64)vmf->pgoff << PAGE_SHIFT;
	vm_fault_t ret = VM_FAULT_SIGBUS;
	unsigned long pfn;
	int i;

	down_read(&host->mem_lock);
	for (i = 0; i < FAULT_AROUND && address < vma->vm_end; i++) {
		if (offset_to_pfn(host, offset, &pfn))
			break;
		ret = vmf_insert_pfn(vma, address, pfn);
		if (ret != VM_FAULT_NOPAGE)
			break;
		address += PAGE_SIZE;
		offset += PAGE_SIZE;
	}
	up_read(&host->mem_lock);
	/* The page asked for is there; those around it are a bonus. */
	return i ? VM_FAULT_NOPAGE : ret;
}

static const struct vm_operations_struct map_ops = {
	.fault = map_fault,
};

/**
 * device_mmap - map rings, window or a GPADL
 * @file: /dev/mock_vmbus
 * @vma: shared; its offset selects the object
 *
 * Return: 0, -EINVAL (private mapping, unknown region), -ENOENT, -ERANGE when the
 * first or the last page does not exist now.
 */
int device_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct device_file *df = file->private_data;
	u64 offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	u64 last = offset + (vma->vm_end - vma->vm_start) - PAGE_SIZE;
	unsigned long pfn;
	int ret;

	if (!(vma->vm_flags & VM_SHARED) || last < offset)
		return -EINVAL;
	down_read(&df->host->mem_lock);
	ret = offset_to_pfn(df->host, offset, &pfn);
	if (!ret)
		ret = offset_to_pfn(df->host, last, &pfn);
	up_read(&df->host->mem_lock);
	if (ret)
		return ret;
	vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND | VM_DONTDUMP);
	vma->vm_ops = &map_ops;
	return 0;
}
