// SPDX-License-Identifier: GPL-2.0
/*
 * Ways into guest memory: page lists, GPADLs, the MMIO window. See bus.h.
 *
 * Pages are copied by the module, which checks every frame number, so a list
 * from the guest can be passed on as it came.
 */
#include "bus_internal.h"

#include <errno.h>
#include <stdlib.h>

/**
 * bus_guest_copy() - read or write guest pages
 * @bus: bus
 * @pfns: page frames of a virtually contiguous range
 * @offset: from the start of the first one, may exceed a page
 * @buf: our end
 * @len: bytes
 * @write: to the guest
 *
 * Return: 0 or -errno of the module.
 */
int bus_guest_copy(struct bus *bus, const uint64_t *pfns, uint64_t offset,
		   void *buf, size_t len, bool write)
{
	uint64_t in_page = offset % HOST_PAGE_SIZE;
	struct mock_vmbus_mem_rw arg = {
		.offset = in_page,
		.buffer = (uintptr_t)buf,
		.length = len,
		.flags = write ? MOCK_VMBUS_MEM_WRITE : 0,
		.pfns = (uintptr_t)(pfns + (offset >> HOST_PAGE_SHIFT)),
	};

	if (len > UINT32_MAX)
		return -EINVAL;
	arg.pfn_count = (in_page + len + HOST_PAGE_SIZE - 1) >> HOST_PAGE_SHIFT;
	return len ? bus_call(bus, MOCK_VMBUS_MEM_RW, &arg) : 0;
}

/**
 * bus_gpadl_pages() - page frames behind a GPADL of the global channel
 * @bus: bus
 * @gpadl: handle the guest gave
 * @pfns: set to a list made with malloc(), the caller's
 *
 * Return: number of pages, or -errno.
 */
long bus_gpadl_pages(struct bus *bus, uint32_t gpadl, uint64_t **pfns)
{
	struct mock_vmbus_gpadl_info arg = { .gpadl = gpadl };
	uint64_t *list;
	int err;

	err = bus_call(bus, MOCK_VMBUS_GPADL_INFO, &arg);
	if (err)
		return err;
	if (arg.relid != bus_relid(bus, HOST_CHANNEL_GLOBAL) || !arg.pages)
		return -ENOENT;
	list = malloc(arg.pages * sizeof(*list));
	if (!list)
		return -ENOMEM;
	arg.pfns = (uintptr_t)list;
	arg.max_pfns = arg.pages;
	err = bus_call(bus, MOCK_VMBUS_GPADL_INFO, &arg);
	if (err) {
		free(list);
		return err;
	}
	*pfns = list;
	return arg.max_pfns < arg.pages ? arg.max_pfns : arg.pages;
}

/**
 * bus_window() - our view of a part of the MMIO window
 * @bus: bus
 * @start: guest physical address
 * @length: bytes
 *
 * Return: address, or NULL when the range is not inside the window.
 */
void *bus_window(struct bus *bus, uint64_t start, uint64_t length)
{
	uint64_t size = bus->info.window_size, at;

	if (start < bus->info.window_base)
		return NULL;
	at = start - bus->info.window_base;
	if (at > size || length > size - at)
		return NULL;
	return bus->window + at;
}

/**
 * bus_window_size() - size of the MMIO window
 * @bus: bus
 *
 * Return: bytes.
 */
uint64_t bus_window_size(struct bus *bus)
{
	return bus->info.window_size;
}
