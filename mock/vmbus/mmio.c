// SPDX-License-Identifier: GPL-2.0
/*
 * The MMIO window, and copies from and to guest-physical pages.
 *
 * Backing: by default one block of ordinary pages; or RAM that was hidden from
 * the kernel at boot (memmap=64M$0x30000000) with window_base and window_mib.
 * Guest drivers take ranges with vmbus_allocate_mmio(), first fit. Ranges are on
 * one list under mmio_lock, a leaf mutex.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/highmem.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "internal.h"

static ulong window_base;
module_param(window_base, ulong, 0400);
MODULE_PARM_DESC(window_base,
		 "physical address of reserved RAM for the window, 0 = allocate");

/* One block of the page allocator; as many pages whatever their size. */
static uint window_mib = PAGE_SIZE / 1024;
module_param(window_mib, uint, 0400);
MODULE_PARM_DESC(window_mib,
		 "MiB of the window (default 1024 pages, the most without window_base on x86)");

/**
 * struct mmio_range - a range of the window held by a driver
 * @res: given to the driver
 * @ch: channel of the device
 * @node: on ranges, ascending
 */
struct mmio_range {
	struct resource res;
	struct mock_channel *ch;
	struct list_head node;
};

static DEFINE_MUTEX(mmio_lock);
static LIST_HEAD(ranges);

static struct {
	phys_addr_t base;
	size_t size;
	void *addr;
	struct page *pages;
	struct resource *reserved;
} window;

static int window_alloc(size_t size)
{
	window.pages = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN,
				   get_order(size));
	if (!window.pages)
		return -ENOMEM;
	window.addr = page_address(window.pages);
	window.base = page_to_phys(window.pages);
	return 0;
}

static int window_claim(size_t size)
{
	window.reserved = request_mem_region(window_base, size,
					     "mock_vmbus window");
	if (!window.reserved)
		return -EBUSY;
	window.addr = memremap(window_base, size, MEMREMAP_WB);
	if (!window.addr) {
		release_mem_region(window_base, size);
		return -ENOMEM;
	}
	memset(window.addr, 0, size);
	window.base = window_base;
	return 0;
}

/**
 * mock_mmio_init - provide the window
 *
 * Return: 0, -EINVAL, -ENOMEM, -EBUSY. Context: module init.
 */
int mock_mmio_init(void)
{
	size_t size = (size_t)window_mib << 20;
	int ret;

	if (!size || !PAGE_ALIGNED(window_base))
		return -EINVAL;
	ret = window_base ? window_claim(size) : window_alloc(size);
	if (ret) {
		pr_err("no window of %u MiB: %d\n", window_mib, ret);
		return ret;
	}
	window.size = size;
	return 0;
}

/**
 * mock_mmio_exit - give the window back
 *
 * Context: module exit; no range and no mapping is left.
 */
void mock_mmio_exit(void)
{
	if (window.pages) {
		__free_pages(window.pages, get_order(window.size));
		return;
	}
	memunmap(window.addr);
	release_mem_region(window.base, window.size);
}

/**
 * mock_mmio_info - describe the window
 * @info: out: window_*
 */
void mock_mmio_info(struct mock_vmbus_info *info)
{
	info->window_kind = window.pages ? MOCK_VMBUS_WINDOW_RAM :
					   MOCK_VMBUS_WINDOW_RESERVED;
	info->window_base = window.base;
	info->window_size = window.size;
}

/**
 * mock_mmio_pfn - page of the window
 * @offset: bytes
 * @pfn: out
 *
 * Return: 0, -ERANGE.
 */
int mock_mmio_pfn(u64 offset, unsigned long *pfn)
{
	if (offset >= window.size)
		return -ERANGE;
	*pfn = (window.base + offset) >> PAGE_SHIFT;
	return 0;
}

/**
 * mock_host_window - the window as the host sees it
 * @host: instance
 * @base: out: guest-physical address, may be NULL
 * @size: out: bytes, may be NULL
 *
 * Return: kernel address of the memory; not part of what the guest would see.
 */
void *mock_host_window(struct mock_host *host, u64 *base, u64 *size)
{
	if (base)
		*base = window.base;
	if (size)
		*size = window.size;
	return window.addr;
}
EXPORT_SYMBOL_GPL(mock_host_window);

/**
 * mock_page_rw - copy inside one guest page
 * @pfn: number of a host page (4 KiB): RAM that is not reserved, or in the window
 * @offset: in the page
 * @buffer: kernel memory
 * @len: bytes, up to the end of the page
 * @write: to the guest
 *
 * Return: 0, -EFAULT. Context: process.
 */
int mock_page_rw(u64 pfn, unsigned int offset, void *buffer, size_t len,
		 bool write)
{
	u64 first = window.base >> HV_HYP_PAGE_SHIFT;
	u64 page = pfn / NR_HV_HYP_PAGES_IN_PAGE;
	void *map, *addr;

	if (pfn >= first && pfn - first < window.size >> HV_HYP_PAGE_SHIFT) {
		addr = window.addr + ((pfn - first) << HV_HYP_PAGE_SHIFT) +
		       offset;
		if (write)
			memcpy(addr, buffer, len);
		else
			memcpy(buffer, addr, len);
		return 0;
	}
	if (page > ULONG_MAX >> PAGE_SHIFT || !pfn_valid(page) ||
	    PageReserved(pfn_to_page(page)))
		return -EFAULT;
	map = kmap_local_page(pfn_to_page(page));
	addr = map + pfn % NR_HV_HYP_PAGES_IN_PAGE * HV_HYP_PAGE_SIZE + offset;
	if (write)
		memcpy(addr, buffer, len);
	else
		memcpy(buffer, addr, len);
	kunmap_local(map);
	return 0;
}

/**
 * mock_host_mem_rw - copy from or to guest-physical memory
 * @host: instance
 * @gpa: guest-physical address
 * @buffer: kernel memory
 * @len: bytes
 * @write: to the guest
 *
 * Return: 0, -EFAULT when a page is neither RAM nor in the window (what came
 * before it has been copied). Context: process.
 */
int mock_host_mem_rw(struct mock_host *host, u64 gpa, void *buffer, size_t len,
		     bool write)
{
	size_t part;
	int ret = 0;

	while (!ret && len) {
		part = min_t(size_t, len,
			     HV_HYP_PAGE_SIZE - offset_in_hvpage(gpa));
		ret = mock_page_rw(gpa >> HV_HYP_PAGE_SHIFT,
				   offset_in_hvpage(gpa), buffer, part, write);
		gpa += part;
		buffer += part;
		len -= part;
	}
	return ret;
}
EXPORT_SYMBOL_GPL(mock_host_mem_rw);

/* First gap of @size in ascending order. Return: the node before it, or NULL. */
static struct list_head *find_gap(u64 size, u64 align, u64 *start)
{
	u64 end = (u64)window.base + window.size;
	u64 at = ALIGN((u64)window.base, align);
	struct list_head *prev = &ranges;
	struct mmio_range *range;

	list_for_each_entry(range, &ranges, node) {
		if (at <= range->res.start && size <= range->res.start - at)
			break;
		at = max(at, ALIGN((u64)range->res.end + 1, align));
		prev = &range->node;
	}
	*start = at;
	return at < end && size <= end - at ? prev : NULL;
}

/**
 * vmbus_allocate_mmio - take a range out of the MMIO window
 * @new: out: the range, named after the device
 * @device_obj: device
 * @min: skips a window that ends before it
 * @max: skips a window that starts after it
 * @size: bytes
 * @align: power of two
 * @fb_overlap_ok: ignored, there is no frame buffer
 *
 * Return: 0, -ENXIO when nothing fits, -ENOMEM. Context: process, sleeps.
 */
int vmbus_allocate_mmio(struct resource **new, struct hv_device *device_obj,
			resource_size_t min, resource_size_t max,
			resource_size_t size, resource_size_t align,
			bool fb_overlap_ok)
{
	struct mock_channel *ch = to_mock(device_obj->channel);
	struct mmio_range *range;
	struct list_head *prev;
	u64 start = 0;

	if (!mock_check_sleepable(ch, "vmbus_allocate_mmio"))
		return -ENXIO;
	if (!size || !is_power_of_2(align)) {
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_MMIO,
			       "MMIO of %pa bytes, alignment %pa", &size,
			       &align);
		return -ENXIO;
	}
	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_MMIO, 0, NULL) ||
	    min >= window.base + window.size || max < window.base)
		return -ENXIO;
	range = kzalloc(sizeof(*range), GFP_KERNEL);
	if (!range)
		return -ENOMEM;
	mutex_lock(&mmio_lock);
	prev = find_gap(size, align, &start);
	if (prev) {
		range->ch = ch;
		range->res.start = start;
		range->res.end = start + size - 1;
		range->res.name = dev_name(&device_obj->device);
		range->res.flags = IORESOURCE_MEM | IORESOURCE_BUSY;
		list_add(&range->node, prev);
		atomic64_add(size, &ch->mmio_bytes);
	}
	mutex_unlock(&mmio_lock);
	if (!prev) {
		kfree(range);
		return -ENXIO;
	}
	*new = &range->res;
	if (ch->host->ops->mmio)
		ch->host->ops->mmio(ch, start, size, true);
	return 0;
}
EXPORT_SYMBOL_GPL(vmbus_allocate_mmio);

/* Caller holds mmio_lock. */
static struct mmio_range *find_range(resource_size_t start)
{
	struct mmio_range *range;

	list_for_each_entry(range, &ranges, node)
		if (range->res.start == start)
			return range;
	return NULL;
}

/**
 * vmbus_free_mmio - give a range of the MMIO window back
 * @start: of the range
 * @size: of the range; the resource object is freed
 *
 * Context: process, sleeps.
 */
void vmbus_free_mmio(resource_size_t start, resource_size_t size)
{
	struct mmio_range *range;
	bool whole;

	mutex_lock(&mmio_lock);
	range = find_range(start);
	whole = range && resource_size(&range->res) == size;
	if (whole) {
		list_del(&range->node);
		atomic64_sub(size, &range->ch->mmio_bytes);
	}
	mutex_unlock(&mmio_lock);
	if (whole) {
		if (range->ch->host->ops->mmio)
			range->ch->host->ops->mmio(range->ch, start, size,
						   false);
		kfree(range);
	} else if (range) {
		mock_guest_bug(range->ch, MOCK_VMBUS_CHECK_MMIO,
			       "MMIO %pa freed with wrong size %pa", &start,
			       &size);
	} else {
		mock_guest_bug(NULL, MOCK_VMBUS_CHECK_MMIO,
			       "MMIO %pa freed that is not allocated", &start);
	}
}
EXPORT_SYMBOL_GPL(vmbus_free_mmio);

/**
 * mock_mmio_abandon - take back what a driver left
 * @ch: channel being released
 *
 * Context: process, sleeps.
 */
void mock_mmio_abandon(struct mock_channel *ch)
{
	struct mmio_range *range, *next;

	mutex_lock(&mmio_lock);
	list_for_each_entry_safe(range, next, &ranges, node) {
		if (range->ch != ch)
			continue;
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_MMIO,
			       "MMIO %pR left at release", &range->res);
		list_del(&range->node);
		kfree(range);
	}
	atomic64_set(&ch->mmio_bytes, 0);
	mutex_unlock(&mmio_lock);
}
