// SPDX-License-Identifier: GPL-2.0
/*
 * The host's end of the rings inside the kernel: produce, consume, signals.
 *
 * Used by in-kernel hosts and by the RING_SEND and RING_RECV ioctls; a program
 * that maps the rings does the same by itself. host_lock covers production and
 * the existence of the rings. The consumer is whoever brought mock_channel.drain
 * from 0 to 1: no lock is held while the host's callback runs, and closing waits
 * for it.
 */
#include <linux/module.h>
#include <linux/wait_bit.h>

#include "internal.h"

/**
 * mock_ring_write - put one packet into a ring and publish it
 * @ring: ring; the caller owns production and has checked the room
 * @start: write index, checked
 * @header: descriptor, or a whole packet
 * @header_len: bytes, a multiple of 8
 * @data: payload
 * @len: bytes, padded with zeroes
 *
 * Context: any.
 */
void mock_ring_write(const struct mock_ring *ring, u32 start,
		     const void *header, u32 header_len, const void *data,
		     u32 len)
{
	u32 padded = ALIGN(len, 8);
	u8 *p = ring->data + start;
	u32 next;

	memcpy(p, header, header_len);
	p += header_len;
	memcpy(p, data, len);
	memset(p + len, 0, padded - len);
	p += padded;
	*(u64 *)p = (u64)start << 32;
	next = start + header_len + padded + PKT_TRAILER;
	if (next >= ring->size)
		next -= ring->size;
	/* Content before index. */
	smp_store_release(&ring->hdr->write_index, next);
}

static bool has_room(const struct mock_ring *ring, u32 write, u32 total)
{
	u32 read, ignored;

	return mock_ring_indices(ring, &read, &ignored) &&
	       mock_ring_free(ring, read, write) > total;
}

/* Return: 1 = written and the guest wants a signal, 0 = written, or an error. */
static int produce_locked(struct mock_channel *ch, const void *header,
			  u32 header_len, const void *data, u32 len,
			  u32 options)
{
	u32 total = header_len + ALIGN(len, 8) + PKT_TRAILER;
	const struct mock_ring *ring = &ch->in;
	u32 read, write;

	if (!ch->ring_live)
		return -ENOTCONN;
	if (!mock_ring_indices(ring, &read, &write))
		return -EIO;
	if (total >= ring->size)
		return -EMSGSIZE;
	if (!has_room(ring, write, total)) {
		if (!(options & MOCK_VMBUS_RING_PENDING))
			return -EAGAIN;
		WRITE_ONCE(ring->hdr->pending_send_sz, total);
		/* The guest may make room before it sees the word: look again. */
		virt_mb();
		if (!has_room(ring, write, total))
			return -EAGAIN;
	}
	if (READ_ONCE(ring->hdr->pending_send_sz))
		WRITE_ONCE(ring->hdr->pending_send_sz, 0);
	mock_ring_write(ring, write, header, header_len, data, len);
	/* The new write index must be visible before the state is looked at. */
	virt_mb();
	return !READ_ONCE(ring->hdr->interrupt_mask) &&
	       write == READ_ONCE(ring->hdr->read_index);
}

static int produce(struct mock_channel *ch, const void *header, u32 header_len,
		   const void *data, u32 len, u32 options)
{
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&ch->host_lock, flags);
	ret = produce_locked(ch, header, header_len, data, len, options);
	spin_unlock_irqrestore(&ch->host_lock, flags);
	if (ret <= 0)
		return ret;
	if (!(options & MOCK_VMBUS_RING_NO_SIGNAL))
		mock_host_irq(ch);
	return 0;
}

/**
 * mock_host_send_packet - send a packet to the guest
 * @ch: channel
 * @desc: type, flags and trans_id are used
 * @data: payload
 * @len: bytes
 * @options: MOCK_VMBUS_RING_NO_SIGNAL, MOCK_VMBUS_RING_PENDING
 *
 * Return: 0, -ENOTCONN (not open), -EAGAIN (full), -EMSGSIZE (can never fit), -EIO
 * (guest's index corrupt). Context: any.
 */
int mock_host_send_packet(struct mock_channel *ch,
			  const struct mock_host_packet *desc, const void *data,
			  u32 len, u32 options)
{
	struct vmpacket_descriptor d;

	if (len > PKT_MAX_LEN - PKT_HEADER)
		return -EMSGSIZE;
	d.type = desc->type;
	d.offset8 = PKT_HEADER / 8;
	d.len8 = (PKT_HEADER + ALIGN(len, 8)) / 8;
	d.flags = desc->flags;
	d.trans_id = desc->trans_id;
	return produce(ch, &d, PKT_HEADER, data, len, options);
}

/**
 * mock_host_send - send a packet to the guest
 * @ch: channel
 * @type: 6 = data in band, 11 = completion
 * @flags: of the packet
 * @trans_id: transaction id
 * @data: payload
 * @len: bytes
 *
 * Interrupts the guest by the rules of the ring. Return and context: as
 * mock_host_send_packet().
 */
int mock_host_send(struct mock_channel *ch, u16 type, u16 flags, u64 trans_id,
		   const void *data, u32 len)
{
	const struct mock_host_packet desc = {
		.type = type,
		.flags = flags,
		.trans_id = trans_id,
	};

	return mock_host_send_packet(ch, &desc, data, len, 0);
}
EXPORT_SYMBOL_GPL(mock_host_send);

/**
 * mock_host_send_raw - put bytes into the ring as they are
 * @ch: channel
 * @packet: descriptor and all, right or wrong
 * @len: bytes, a multiple of 8, at least 8
 * @options: MOCK_VMBUS_RING_NO_SIGNAL, MOCK_VMBUS_RING_PENDING
 *
 * Return: as mock_host_send_packet(), and -EINVAL. Context: any.
 */
int mock_host_send_raw(struct mock_channel *ch, const void *packet, u32 len,
		       u32 options)
{
	if (!len || len % 8)
		return -EINVAL;
	if (len > PKT_MAX_LEN)
		return -EMSGSIZE;
	return produce(ch, packet, len, NULL, 0, options);
}
EXPORT_SYMBOL_GPL(mock_host_send_raw);

/*
 * Looks at the next packet. Return: bytes of the packet without trailer, 0 when
 * the ring is empty, -EIO when it is corrupt.
 */
static int peek(struct mock_channel *ch, struct mock_host_packet *pkt)
{
	const struct mock_ring *ring = &ch->out;
	struct vmpacket_descriptor desc;
	u32 read, write, used, len, offset;

	if (!mock_ring_indices(ring, &read, &write))
		goto corrupt;
	used = ring->size - mock_ring_free(ring, read, write);
	if (!used)
		return 0;
	memcpy(&desc, ring->data + read, sizeof(desc));
	len = desc.len8 * 8;
	offset = desc.offset8 * 8;
	if (len < PKT_HEADER || len + PKT_TRAILER > used ||
	    offset < PKT_HEADER || offset > len)
		goto corrupt;
	if (*(u64 *)(ring->data + read + len) != (u64)read << 32)
		goto corrupt;
	pkt->type = desc.type;
	pkt->flags = desc.flags;
	pkt->trans_id = desc.trans_id;
	pkt->data = ring->data + read + offset;
	pkt->len = len - offset;
	return len;

corrupt:
	mock_guest_bug(ch, MOCK_VMBUS_CHECK_RING,
		       "guest-to-host ring corrupt at %u", read);
	return -EIO;
}

/* Gives the space of a packet back; tells a guest that waits for room. */
static void consume(struct mock_channel *ch, u32 len)
{
	const struct mock_ring *ring = &ch->out;
	u32 freed = len + PKT_TRAILER;
	u32 read, write, room, pending;

	if (!mock_ring_indices(ring, &read, &write))
		return;
	read += freed;
	if (read >= ring->size)
		read -= ring->size;
	/* Reading of the packet ends before its space is given back. */
	smp_store_release(&ring->hdr->read_index, read);
	/* The guest must see the new read index, or we its pending size. */
	virt_mb();
	pending = READ_ONCE(ring->hdr->pending_send_sz) & ~7u;
	if (!pending)
		return;
	if (!mock_ring_indices(ring, &read, &write))
		return;
	room = mock_ring_free(ring, read, write);
	if (room > pending && room - freed <= pending)
		mock_host_irq(ch);
}

static void mask(struct mock_channel *ch, u32 value)
{
	WRITE_ONCE(ch->out.hdr->interrupt_mask, value);
	/* The mask before the next look at the write index. */
	virt_mb();
}

static bool ring_empty(struct mock_channel *ch)
{
	return READ_ONCE(ch->out.hdr->write_index) ==
	       READ_ONCE(ch->out.hdr->read_index);
}

static bool may_consume(struct mock_channel *ch)
{
	return READ_ONCE(ch->ring_live) && !READ_ONCE(ch->held);
}

/* Hands over all packets; the guest's signal is enabled again at the end. */
static void drain_once(struct mock_channel *ch)
{
	struct mock_host_packet pkt;
	int len = 0;

	while (may_consume(ch) && len >= 0) {
		mask(ch, 1);
		while (may_consume(ch) && (len = peek(ch, &pkt)) > 0) {
			ch->host->ops->packet(ch, &pkt);
			consume(ch, len);
		}
		mask(ch, 0);
		if (ring_empty(ch))
			break;
	}
}

/* True when others came meanwhile. */
static bool drain_end(struct mock_channel *ch, int seen)
{
	if (atomic_sub_return(seen, &ch->drain))
		return true;
	if (!READ_ONCE(ch->ring_live))
		wake_up_var(&ch->drain);
	return false;
}

/* Whoever comes while somebody drains leaves the work to him. */
static void drain(struct mock_channel *ch)
{
	int seen;

	if (atomic_inc_return(&ch->drain) != 1)
		return;
	do {
		seen = atomic_read(&ch->drain);
		drain_once(ch);
	} while (drain_end(ch, seen));
}

/**
 * mock_ring_drain_work - consumer of a host without MOCK_HOST_INLINE
 * @work: mock_channel.drain_work
 *
 * Context: process.
 */
void mock_ring_drain_work(struct work_struct *work)
{
	struct mock_channel *ch = container_of(work, struct mock_channel,
					       drain_work);

	drain(ch);
	if (ch->host->ops->signal)
		ch->host->ops->signal(ch);
}

/**
 * mock_ring_kick - the guest signalled the host
 * @ch: channel
 *
 * Context: any; no lock of the bus held.
 */
void mock_ring_kick(struct mock_channel *ch)
{
	struct mock_host *host = ch->host;

	if (host->ops->packet && !(host->flags & MOCK_HOST_INLINE)) {
		queue_work(host->wq, &ch->drain_work);
		return;
	}
	if (host->ops->packet)
		drain(ch);
	if (host->ops->signal)
		host->ops->signal(ch);
}

/**
 * mock_ring_quiesce - wait until no consumer touches the rings
 * @ch: channel whose ring_live was cleared
 *
 * Context: process, sleeps.
 */
void mock_ring_quiesce(struct mock_channel *ch)
{
	cancel_work_sync(&ch->drain_work);
	wait_var_event(&ch->drain, !atomic_read(&ch->drain));
}

/**
 * mock_host_hold - stop or resume the consumer of an in-kernel host
 * @ch: channel
 * @hold: true: packets stay in the ring, so that it can be filled
 *
 * Context: as the packet callback; resuming hands over what piled up.
 */
void mock_host_hold(struct mock_channel *ch, bool hold)
{
	WRITE_ONCE(ch->held, hold);
	if (!hold && READ_ONCE(ch->ring_live))
		mock_ring_kick(ch);
}
EXPORT_SYMBOL_GPL(mock_host_hold);

static int recv_one(struct mock_channel *ch, struct mock_host_packet *pkt,
		    void *buffer, u32 size)
{
	int len;

	if (!READ_ONCE(ch->ring_live))
		return -ENOTCONN;
	mask(ch, 1);
	len = peek(ch, pkt);
	if (!len) {
		mask(ch, 0);
		if (ring_empty(ch))
			return -EAGAIN;
		mask(ch, 1);
		len = peek(ch, pkt);
	}
	if (len < 0)
		return len;
	if (pkt->len > size)
		return -ENOBUFS;
	memcpy(buffer, pkt->data, pkt->len);
	pkt->data = buffer;
	consume(ch, len);
	return 0;
}

/**
 * mock_host_recv - take one packet, for hosts without packet callback
 * @ch: channel
 * @pkt: out; @pkt->data points to @buffer
 * @buffer: for the payload
 * @size: room
 *
 * Return: 0; -EAGAIN when empty (the guest will signal), -ENOBUFS (@pkt->len tells,
 * packet stays), -ENOTCONN, -EIO, -EBUSY (another consumer, or a
 * packet callback). Context: any.
 */
int mock_host_recv(struct mock_channel *ch, struct mock_host_packet *pkt,
		   void *buffer, u32 size)
{
	int ret;

	if (ch->host->ops->packet || atomic_cmpxchg(&ch->drain, 0, 1))
		return -EBUSY;
	ret = recv_one(ch, pkt, buffer, size);
	drain_end(ch, 1);
	return ret;
}
EXPORT_SYMBOL_GPL(mock_host_recv);
