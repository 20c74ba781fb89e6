// SPDX-License-Identifier: GPL-2.0
/*
 * vmbus_open() and vmbus_close(): ring memory and the open and close requests.
 *
 * Both rings are one physically contiguous block, shown to the host as one
 * GPADL. Each ring is mapped header once, data twice in a row, so that neither
 * side needs to split a packet. mem_lock (write) covers the moment at which the
 * pages stop being reachable for a host program's page faults; its existing
 * mappings are taken away before the pages are freed.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "internal.h"

/* Maps one ring of @size bytes: header, data, data again. */
static struct hv_ring_buffer *ring_map(struct page *first, u32 size)
{
	unsigned int pages = size >> PAGE_SHIFT;
	unsigned int i, n = 0;
	struct page **list;
	void *addr;

	list = kvmalloc_array(2 * pages - 1, sizeof(*list), GFP_KERNEL);
	if (!list)
		return NULL;
	for (i = 0; i < pages; i++)
		list[n++] = first + i;
	for (i = 1; i < pages; i++)
		list[n++] = first + i;
	addr = vmap(list, n, VM_MAP, PAGE_KERNEL);
	kvfree(list);
	return addr;
}

static int ring_init(struct hv_ring_buffer_info *rbi, struct page *first,
		     u32 size)
{
	rbi->ring_buffer = ring_map(first, size);
	if (!rbi->ring_buffer)
		return -ENOMEM;
	rbi->ring_buffer->read_index = 0;
	rbi->ring_buffer->write_index = 0;
	rbi->ring_buffer->feature_bits.value = 1;
	rbi->ring_size = size;
	rbi->ring_size_div10_reciprocal = reciprocal_value(size / 10);
	rbi->ring_datasize = size - sizeof(struct hv_ring_buffer);
	rbi->priv_read_index = 0;
	return 0;
}

static void ring_fini(struct hv_ring_buffer_info *rbi)
{
	vunmap(rbi->ring_buffer);
	rbi->ring_buffer = NULL;
	kvfree(rbi->pkt_buffer);
	rbi->pkt_buffer = NULL;
	rbi->pkt_buffer_size = 0;
}

static void host_ring_init(struct mock_ring *ring,
			   const struct hv_ring_buffer_info *rbi)
{
	ring->hdr = rbi->ring_buffer;
	ring->data = rbi->ring_buffer->buffer;
	ring->size = rbi->ring_datasize;
}

static int rings_map(struct vmbus_channel *channel, struct mock_channel *ch,
		     u32 send_size, u32 recv_size)
{
	u32 max_pkt = channel->max_pkt_size ?: VMBUS_DEFAULT_MAX_PKT_SIZE;
	int ret;

	ret = ring_init(&channel->outbound, ch->ring_pages, send_size);
	if (ret)
		return ret;
	ret = ring_init(&channel->inbound,
			ch->ring_pages + (send_size >> PAGE_SHIFT), recv_size);
	if (ret)
		goto fail_outbound;
	channel->inbound.pkt_buffer = kvzalloc(max_pkt, GFP_KERNEL);
	channel->inbound.pkt_buffer_size = max_pkt;
	if (!channel->inbound.pkt_buffer) {
		ret = -ENOMEM;
		goto fail_inbound;
	}
	host_ring_init(&ch->out, &channel->outbound);
	host_ring_init(&ch->in, &channel->inbound);
	return 0;

fail_inbound:
	ring_fini(&channel->inbound);
fail_outbound:
	ring_fini(&channel->outbound);
	return ret;
}

static int rings_alloc(struct mock_channel *ch, u32 bytes)
{
	ch->ring_order = get_order(bytes);
	ch->ring_pages = alloc_pages(GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN,
				     ch->ring_order);
	ch->ring_bytes = bytes;
	return ch->ring_pages ? 0 : -ENOMEM;
}

static void rings_free(struct mock_channel *ch)
{
	__free_pages(ch->ring_pages, ch->ring_order);
	ch->ring_pages = NULL;
	ch->ring_bytes = 0;
}

static void rings_publish(struct mock_channel *ch)
{
	unsigned long flags;

	down_write(&ch->host->mem_lock);
	spin_lock_irqsave(&ch->host_lock, flags);
	ch->ring_live = true;
	spin_unlock_irqrestore(&ch->host_lock, flags);
	up_write(&ch->host->mem_lock);
}

/* Afterwards the host can reach the rings in no way. */
static void rings_withdraw(struct mock_channel *ch)
{
	struct mock_host *host = ch->host;
	unsigned long flags;

	down_write(&host->mem_lock);
	spin_lock_irqsave(&ch->host_lock, flags);
	ch->ring_live = false;
	spin_unlock_irqrestore(&ch->host_lock, flags);
	up_write(&host->mem_lock);
	mock_ring_quiesce(ch);
	mock_host_unmap(host, MOCK_VMBUS_RING_OFFSET(ch->relid),
			1 << MOCK_VMBUS_MMAP_RELID_SHIFT);
}

/**
 * mock_ring_page - a page of the rings, for a host program's mapping
 * @ch: channel
 * @index: page number in the order of the ring GPADL
 *
 * Return: the page or NULL. Context: mem_lock held for reading.
 */
struct page *mock_ring_page(struct mock_channel *ch, unsigned long index)
{
	if (!ch->ring_live || index >= ch->ring_bytes >> PAGE_SHIFT)
		return NULL;
	return ch->ring_pages + index;
}

static int ask_open(struct mock_channel *ch)
{
	const struct mock_host_ops *ops = ch->host->ops;
	struct mock_ask ask;
	int verdict = 0;
	u64 fault;
	int ret;

	mock_fault_rescind(ch, MOCK_VMBUS_EV_OPEN);
	ret = mock_ask_begin(&ask, ch, false);
	if (ret)
		return ret;
	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_OPEN, 0, &fault)) {
		if (fault) {
			mock_ask_end(&ask, 0);
			return -(int)fault;
		}
		ask.deaf = true;
	}
	if (ops->open)
		verdict = ops->open(ch, &ch->open, ask.cookie);
	ret = mock_ask_end(&ask, verdict);
	return ret && ret != -ENODEV ? -EAGAIN : ret;
}

static int check_open(struct mock_channel *ch, u32 send_size, u32 recv_size,
		      u32 userdatalen)
{
	u32 limit = 1 << MOCK_VMBUS_MMAP_RELID_SHIFT;

	if (!PAGE_ALIGNED(send_size) || !PAGE_ALIGNED(recv_size) ||
	    userdatalen > MOCK_VMBUS_USER_DATA)
		return -EINVAL;
	/* The real bus does not look: a ring without data area would crash. */
	if (send_size < 2 * PAGE_SIZE || recv_size < 2 * PAGE_SIZE ||
	    send_size > limit / 2 || recv_size > limit / 2) {
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_OPEN_ARGS,
			       "open with ring sizes %u and %u", send_size,
			       recv_size);
		return -EINVAL;
	}
	return 0;
}

static void fill_open(struct mock_channel *ch, struct vmbus_channel *channel,
		      u32 send_size, u32 recv_size, const void *userdata,
		      u32 userdatalen)
{
	struct mock_host_open *open = &ch->open;

	memset(open, 0, sizeof(*open));
	open->gpadl = channel->ringbuffer_gpadlhandle.gpadl_handle;
	open->send_size = send_size;
	open->recv_size = recv_size;
	open->target_cpu = channel->target_cpu;
	open->user_len = userdatalen;
	if (userdatalen)
		memcpy(open->user_data, userdata, userdatalen);
}

/* Rings exist, GPADL not yet: until here a failure needs no undoing. */
static int open_rings(struct vmbus_channel *channel, struct mock_channel *ch,
		      u32 send_size, u32 recv_size)
{
	int ret;

	ret = rings_alloc(ch, send_size + recv_size);
	if (ret)
		return ret;
	ret = mock_gpadl_show(ch, page_address(ch->ring_pages), ch->ring_bytes,
			      send_size,
			      &channel->ringbuffer_gpadlhandle.gpadl_handle);
	if (ret)
		goto fail_pages;
	ret = rings_map(channel, ch, send_size, recv_size);
	if (ret)
		goto fail_gpadl;
	channel->ringbuffer_page = ch->ring_pages;
	channel->ringbuffer_pagecount = ch->ring_bytes >> PAGE_SHIFT;
	channel->ringbuffer_send_offset = send_size >> PAGE_SHIFT;
	return 0;

fail_gpadl:
	mock_gpadl_hide(ch, channel->ringbuffer_gpadlhandle.gpadl_handle, true);
fail_pages:
	rings_free(ch);
	return ret;
}

static void close_rings(struct vmbus_channel *channel, struct mock_channel *ch)
{
	mock_gpadl_hide(ch, channel->ringbuffer_gpadlhandle.gpadl_handle, true);
	channel->ringbuffer_gpadlhandle.gpadl_handle = 0;
	rings_withdraw(ch);
	ring_fini(&channel->outbound);
	ring_fini(&channel->inbound);
	channel->ringbuffer_page = NULL;
	rings_free(ch);
}

/**
 * vmbus_open - open a channel
 * @channel: offered and not open
 * @send_ringbuffersize: bytes of the guest-to-host ring, header included
 * @recv_ringbuffersize: bytes of the host-to-guest ring, header included
 * @userdata: for the host
 * @userdatalen: at most 120
 * @onchannel_callback: may run before this function returns
 * @context: its argument
 *
 * Return: 0, -EINVAL, -ENOMEM, -EDQUOT (host refused the ring GPADL), -EAGAIN (host
 * refused), -ENODEV (rescinded). Everything is undone on failure.
 * Context: process, sleeps without limit for the host.
 */
int vmbus_open(struct vmbus_channel *channel, u32 send_ringbuffersize,
	       u32 recv_ringbuffersize, void *userdata, u32 userdatalen,
	       void (*onchannel_callback)(void *context), void *context)
{
	struct mock_channel *ch = to_mock(channel);
	int ret;

	if (!mock_check_sleepable(ch, "vmbus_open"))
		return -EINVAL;
	ret = check_open(ch, send_ringbuffersize, recv_ringbuffersize,
			 userdatalen);
	if (ret)
		return ret;
	if (cmpxchg(&channel->state, CHANNEL_OPEN_STATE,
		    CHANNEL_OPENING_STATE) != CHANNEL_OPEN_STATE)
		return -EINVAL;
	ret = open_rings(channel, ch, send_ringbuffersize, recv_ringbuffersize);
	if (ret)
		goto fail_state;
	fill_open(ch, channel, send_ringbuffersize, recv_ringbuffersize,
		  userdata, userdatalen);
	mock_irq_open(channel, onchannel_callback, context);
	rings_publish(ch);
	ret = ask_open(ch);
	if (ret)
		goto fail_rings;
	WRITE_ONCE(channel->state, CHANNEL_OPENED_STATE);
	return 0;

fail_rings:
	mock_irq_stop(channel);
	close_rings(channel, ch);
fail_state:
	WRITE_ONCE(channel->state, CHANNEL_OPEN_STATE);
	return ret;
}
EXPORT_SYMBOL_GPL(vmbus_open);

static void tell_close(struct mock_channel *ch)
{
	const struct mock_host_ops *ops = ch->host->ops;
	struct mock_ask ask;

	mock_fault_rescind(ch, MOCK_VMBUS_EV_CLOSE);
	if (!ops->close)
		return;
	if (!(ch->offer.flags & MOCK_VMBUS_OFFER_SYNC_CLOSE)) {
		ops->close(ch, 0);
	} else if (!mock_ask_begin(&ask, ch, true)) {
		ops->close(ch, ask.cookie);
		mock_ask_end(&ask, MOCK_HOST_PENDING);
	}
}

/**
 * vmbus_close - close a channel
 * @channel: channel; nothing happens when it is not open
 *
 * When it returns no callback runs and the rings are gone; packets in them are
 * lost. The channel can be opened again. Context: process, sleeps for the host
 * unless rescinded; not from the callback.
 */
void vmbus_close(struct vmbus_channel *channel)
{
	struct mock_channel *ch = to_mock(channel);

	if (!mock_check_sleepable(ch, "vmbus_close"))
		return;
	mock_irq_stop(channel);
	if (cmpxchg(&channel->state, CHANNEL_OPENED_STATE,
		    CHANNEL_OPEN_STATE) != CHANNEL_OPENED_STATE)
		return;
	mock_gpadl_check(ch, channel->ringbuffer_gpadlhandle.gpadl_handle,
			 "close");
	tell_close(ch);
	close_rings(channel, ch);
}
EXPORT_SYMBOL_GPL(vmbus_close);

/**
 * mock_open_abandon - close what a driver left open
 * @ch: channel being released
 *
 * The driver core or the bus has already counted it as a mistake.
 * Context: process, sleeps.
 */
void mock_open_abandon(struct mock_channel *ch)
{
	struct vmbus_channel *channel = &ch->guest->vmbus;

	mock_irq_stop(channel);
	if (channel->state == CHANNEL_OPENED_STATE)
		close_rings(channel, ch);
	channel->state = CHANNEL_OPEN_STATE;
}
