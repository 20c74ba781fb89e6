// SPDX-License-Identifier: GPL-2.0
/*
 * GPADLs: guest memory shown to the host, and the host's access to it.
 *
 * The table of a host maps handles to page lists. mem_lock (read) keeps an entry
 * and its pages alive while the host copies or a page fault maps one; teardown
 * takes it for writing and then takes the host program's mappings away, before
 * the guest gets its pages back.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "internal.h"

/* The size field of the header message has 16 bits: 8 + 8 * pages < 65536. */
#define GPADL_MAX_PAGES		8190u

static int check_args(struct mock_channel *ch, const void *buffer, u32 size)
{
	if (size && PAGE_ALIGNED(size) && PAGE_ALIGNED((unsigned long)buffer) &&
	    size >> HV_HYP_PAGE_SHIFT <= GPADL_MAX_PAGES)
		return 0;
	mock_guest_bug(ch, MOCK_VMBUS_CHECK_GPADL_BAD,
		       "GPADL of %u bytes, offset in page %lu", size,
		       offset_in_page(buffer));
	return -EINVAL;
}

/*
 * Is a host page of the rings part of a header's padding? A ring's header takes a
 * page of the guest, of which the host knows only the first 4 KiB.
 */
static bool is_padding(u32 offset, u32 recv_ring)
{
	if (offset >= recv_ring)
		offset -= recv_ring;
	return offset >= HV_HYP_PAGE_SIZE && offset < PAGE_SIZE;
}

/* @recv_ring: where the second ring starts, 0 = ordinary memory. */
static struct mock_gpadl *gpadl_alloc(struct mock_channel *ch, void *buffer,
				      u32 size, u32 recv_ring)
{
	u32 most = size >> HV_HYP_PAGE_SHIFT;
	struct mock_gpadl *gpadl;
	u32 offset;

	gpadl = kvzalloc(struct_size(gpadl, pfns, most), GFP_KERNEL);
	if (!gpadl)
		return NULL;
	gpadl->ch = ch;
	for (offset = 0; offset < size; offset += HV_HYP_PAGE_SIZE)
		if (!recv_ring || !is_padding(offset, recv_ring))
			gpadl->pfns[gpadl->pages++] =
				virt_to_hvpfn(buffer + offset);
	gpadl->size = gpadl->pages << HV_HYP_PAGE_SHIFT;
	return gpadl;
}

static int gpadl_insert(struct mock_host *host, struct mock_gpadl *gpadl)
{
	int ret;

	gpadl->handle = atomic_inc_return(&mock_bus.next_gpadl);
	down_write(&host->mem_lock);
	ret = xa_insert(&host->gpadls, gpadl->handle, gpadl, GFP_KERNEL);
	up_write(&host->mem_lock);
	if (!ret)
		atomic_inc(&gpadl->ch->gpadls);
	return ret;
}

/* Afterwards the host cannot reach the pages. */
static void gpadl_remove(struct mock_host *host, struct mock_gpadl *gpadl)
{
	down_write(&host->mem_lock);
	xa_erase(&host->gpadls, gpadl->handle);
	up_write(&host->mem_lock);
	mock_host_unmap(host, MOCK_VMBUS_GPADL_OFFSET(gpadl->handle),
			1 << MOCK_VMBUS_MMAP_GPADL_SHIFT);
	atomic_dec(&gpadl->ch->gpadls);
	kvfree(gpadl);
}

static int ask_show(struct mock_gpadl *gpadl, bool ring)
{
	struct mock_channel *ch = gpadl->ch;
	const struct mock_host_ops *ops = ch->host->ops;
	struct mock_ask ask;
	int verdict = 0;
	u64 fault;
	int ret;

	mock_fault_rescind(ch, MOCK_VMBUS_EV_GPADL);
	ret = mock_ask_begin(&ask, ch, false);
	if (ret)
		return ret;
	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_GPADL, 0, &fault)) {
		if (fault) {
			mock_ask_end(&ask, 0);
			return -(int)fault;
		}
		ask.deaf = true;
	}
	if (ops->gpadl)
		verdict = ops->gpadl(ch, gpadl->handle, gpadl->size, ring,
				     ask.cookie);
	ret = mock_ask_end(&ask, verdict);
	return ret && ret != -ENODEV ? -EDQUOT : ret;
}

/**
 * mock_gpadl_show - show memory to the host and wait for its answer
 * @ch: channel
 * @buffer: page aligned
 * @size: bytes, a multiple of the page size
 * @recv_ring: of the memory of the rings: bytes before the second ring; else 0
 * @handle: out
 *
 * Return: 0, -EINVAL, -ENOMEM, -EDQUOT, -ENODEV. Context: process, sleeps.
 */
int mock_gpadl_show(struct mock_channel *ch, void *buffer, u32 size,
		    u32 recv_ring, u32 *handle)
{
	struct mock_gpadl *gpadl;
	int ret;

	ret = check_args(ch, buffer, size);
	if (ret)
		return ret;
	gpadl = gpadl_alloc(ch, buffer, size, recv_ring);
	if (!gpadl)
		return -ENOMEM;
	ret = gpadl_insert(ch->host, gpadl);
	if (ret) {
		kvfree(gpadl);
		return ret;
	}
	ret = ask_show(gpadl, recv_ring);
	if (ret)
		gpadl_remove(ch->host, gpadl);
	else
		*handle = gpadl->handle;
	return ret;
}

/* 0: host is done with the pages, or cannot be asked any more. */
static int ask_hide(struct mock_gpadl *gpadl)
{
	struct mock_channel *ch = gpadl->ch;
	const struct mock_host_ops *ops = ch->host->ops;
	struct mock_ask ask;
	int verdict = 0;
	u64 fault;

	mock_fault_rescind(ch, MOCK_VMBUS_EV_TEARDOWN);
	if (mock_ask_begin(&ask, ch, false))
		return 0;
	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_TEARDOWN, 0, &fault)) {
		if (fault) {
			mock_ask_end(&ask, 0);
			return -(int)fault;
		}
		ask.deaf = true;
	}
	if (ops->teardown)
		verdict = ops->teardown(ch, gpadl->handle, ask.cookie);
	mock_ask_end(&ask, verdict);
	return 0;
}

/* Only one teardown of a GPADL: a second one is a mistake of the guest. */
static struct mock_gpadl *gpadl_claim(struct mock_channel *ch, u32 handle)
{
	struct mock_gpadl *gpadl;

	down_read(&ch->host->mem_lock);
	gpadl = xa_load(&ch->host->gpadls, handle);
	if (gpadl && (gpadl->ch != ch || xchg(&gpadl->going, true)))
		gpadl = NULL;
	up_read(&ch->host->mem_lock);
	return gpadl;
}

/**
 * mock_gpadl_hide - take memory back from the host
 * @ch: channel that showed it
 * @handle: GPADL
 * @force: take it back even if an injected fault says otherwise
 *
 * Waits for the host unless the channel is rescinded.
 *
 * Return: 0; -EINVAL for a handle that is not this channel's; the errno of an
 * injected fault, the GPADL then stays. Context: process, sleeps.
 */
int mock_gpadl_hide(struct mock_channel *ch, u32 handle, bool force)
{
	struct mock_gpadl *gpadl = gpadl_claim(ch, handle);
	int ret;

	if (!gpadl) {
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_GPADL_BAD,
			       "teardown of unknown GPADL %#x", handle);
		return -EINVAL;
	}
	ret = ask_hide(gpadl);
	if (!ret || force)
		gpadl_remove(ch->host, gpadl);
	else
		WRITE_ONCE(gpadl->going, false);
	return ret;
}

/**
 * vmbus_establish_gpadl - show memory to the host
 * @channel: channel
 * @kbuffer: page aligned, from kmalloc, alloc_pages, vmalloc or vmap
 * @size: bytes, a multiple of the page size, at most 8190 pages of 4 KiB
 * @gpadl: out
 *
 * Return: 0, -ENOMEM, -EDQUOT (host refused), -ENODEV (rescinded). Context:
 * process, sleeps for the host; several threads at once.
 */
int vmbus_establish_gpadl(struct vmbus_channel *channel, void *kbuffer,
			  u32 size, struct vmbus_gpadl *gpadl)
{
	struct mock_channel *ch = to_mock(channel);
	u32 handle;
	int ret;

	if (!mock_check_sleepable(ch, "vmbus_establish_gpadl"))
		return -EINVAL;
	ret = mock_gpadl_show(ch, kbuffer, size, 0, &handle);
	if (ret)
		return ret;
	memset(gpadl, 0, sizeof(*gpadl));
	gpadl->gpadl_handle = handle;
	gpadl->buffer = kbuffer;
	gpadl->size = size;
	return 0;
}
EXPORT_SYMBOL_GPL(vmbus_establish_gpadl);

/**
 * vmbus_teardown_gpadl - take memory back from the host
 * @channel: channel that showed it
 * @gpadl: from vmbus_establish_gpadl(); the handle is zeroed when the host
 *	answered, and left alone on a rescinded channel, as on the real bus
 *
 * Return: 0. Context: process, sleeps until the host is done with the pages.
 */
int vmbus_teardown_gpadl(struct vmbus_channel *channel,
			 struct vmbus_gpadl *gpadl)
{
	struct mock_channel *ch = to_mock(channel);
	int ret;

	if (!mock_check_sleepable(ch, "vmbus_teardown_gpadl"))
		return -EINVAL;
	ret = mock_gpadl_hide(ch, gpadl->gpadl_handle, false);
	if (!ret && !READ_ONCE(channel->rescind))
		gpadl->gpadl_handle = 0;
	return ret;
}
EXPORT_SYMBOL_GPL(vmbus_teardown_gpadl);

/* Handle of a GPADL of this channel other than @except, 0 = none. */
static u32 first_left(struct mock_channel *ch, u32 except)
{
	struct mock_gpadl *gpadl;
	unsigned long handle;
	u32 found = 0;

	down_read(&ch->host->mem_lock);
	xa_for_each(&ch->host->gpadls, handle, gpadl) {
		if (gpadl->ch == ch && handle != except) {
			found = handle;
			break;
		}
	}
	up_read(&ch->host->mem_lock);
	return found;
}

/**
 * mock_gpadl_check - count GPADLs that the guest should have torn down
 * @ch: channel
 * @except: the ring's, or 0
 * @when: for the message
 *
 * Context: process.
 */
void mock_gpadl_check(struct mock_channel *ch, u32 except, const char *when)
{
	u32 handle = first_left(ch, except);

	if (handle)
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_GPADL_LEFT,
			       "GPADL %#x left at %s", handle, when);
}

/**
 * mock_gpadl_abandon - forget the GPADLs that a driver left
 * @ch: channel being released
 *
 * Context: process, sleeps.
 */
void mock_gpadl_abandon(struct mock_channel *ch)
{
	u32 handle;

	mock_gpadl_check(ch, 0, "release");
	while ((handle = first_left(ch, 0)))
		gpadl_remove(ch->host, xa_load(&ch->host->gpadls, handle));
}

/**
 * mock_gpadl_pfns - numbers of the host pages of a GPADL
 * @host: instance
 * @handle: GPADL
 * @first: index of the first page wanted
 * @pfns: out
 * @count: room
 *
 * Return: number of pages stored, -ENOENT. Context: process, mem_lock held.
 */
int mock_gpadl_pfns(struct mock_host *host, u32 handle, u32 first, u64 *pfns,
		    u32 count)
{
	struct mock_gpadl *gpadl = xa_load(&host->gpadls, handle);

	if (!gpadl)
		return -ENOENT;
	if (first >= gpadl->pages)
		return 0;
	count = min(count, gpadl->pages - first);
	memcpy(pfns, gpadl->pfns + first, count * sizeof(*pfns));
	return count;
}

/**
 * mock_host_gpadl_info - who showed a GPADL, and how large is it?
 * @host: instance
 * @handle: GPADL
 * @relid: out, may be NULL
 * @size: out, bytes, may be NULL
 *
 * Return: 0, -ENOENT. Context: process.
 */
int mock_host_gpadl_info(struct mock_host *host, u32 handle, u32 *relid,
			 u32 *size)
{
	struct mock_gpadl *gpadl;

	down_read(&host->mem_lock);
	gpadl = xa_load(&host->gpadls, handle);
	if (gpadl && relid)
		*relid = gpadl->ch->relid;
	if (gpadl && size)
		*size = gpadl->size;
	up_read(&host->mem_lock);
	return gpadl ? 0 : -ENOENT;
}
EXPORT_SYMBOL_GPL(mock_host_gpadl_info);

/**
 * mock_host_gpadl_rw - copy from or to guest memory
 * @host: instance
 * @handle: GPADL
 * @offset: bytes into it
 * @buffer: kernel memory
 * @len: bytes
 * @write: to the guest
 *
 * Return: 0, -ENOENT, -ERANGE when the range is not inside the GPADL.
 * Context: process.
 */
int mock_host_gpadl_rw(struct mock_host *host, u32 handle, u64 offset,
		       void *buffer, size_t len, bool write)
{
	struct mock_gpadl *gpadl;
	size_t part;
	int ret = 0;

	down_read(&host->mem_lock);
	gpadl = xa_load(&host->gpadls, handle);
	if (!gpadl)
		ret = -ENOENT;
	else if (offset > gpadl->size || len > gpadl->size - offset)
		ret = -ERANGE;
	while (!ret && len) {
		part = min_t(size_t, len,
			     HV_HYP_PAGE_SIZE - offset_in_hvpage(offset));
		ret = mock_page_rw(gpadl->pfns[offset >> HV_HYP_PAGE_SHIFT],
				   offset_in_hvpage(offset), buffer, part,
				   write);
		offset += part;
		buffer += part;
		len -= part;
	}
	up_read(&host->mem_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(mock_host_gpadl_rw);
