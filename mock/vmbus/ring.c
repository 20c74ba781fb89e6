// SPDX-License-Identifier: GPL-2.0
/*
 * The guest's end of the rings: send, iterator, recvpacket, signal.
 *
 * Format and signalling rules are those of the public "VMBus ring buffer"
 * description summarised in docs; see also struct hv_ring_buffer in
 * linux/hyperv.h. The outbound ring is written under its ring_lock, from any
 * context; the inbound ring has one consumer at a time and no lock. All indices
 * are in memory shared with the host and are not trusted.
 */
#include <linux/module.h>

#include "internal.h"

static bool poison = true;
module_param(poison, bool, 0600);
MODULE_PARM_DESC(poison,
		 "overwrite a packet when the iterator moves on (default on)");

#define POISON_BYTE	0x6b

static void corrupt_index(struct vmbus_channel *channel, u64 fault)
{
	u32 value = (u32)fault;

	switch (fault >> 32) {
	case MOCK_VMBUS_INDEX_IN_WRITE:
		WRITE_ONCE(channel->inbound.ring_buffer->write_index, value);
		break;
	case MOCK_VMBUS_INDEX_IN_READ:
		WRITE_ONCE(channel->inbound.ring_buffer->read_index, value);
		break;
	case MOCK_VMBUS_INDEX_OUT_WRITE:
		WRITE_ONCE(channel->outbound.ring_buffer->write_index, value);
		break;
	case MOCK_VMBUS_INDEX_OUT_READ:
		WRITE_ONCE(channel->outbound.ring_buffer->read_index, value);
		break;
	}
}

/* The host sees the guest's signal; a lost one must be repaired by the next. */
static void signal_host(struct vmbus_channel *channel, struct mock_channel *ch)
{
	channel->sig_events++;
	atomic64_inc(&ch->kicks);
	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_KICK_DROP, 0, NULL))
		return;
	mock_ring_kick(ch);
}

/**
 * vmbus_setevent - signal the host
 * @channel: open channel
 *
 * Drivers need not call it: send and iterator signal by themselves. A call that
 * the rules do not ask for is counted. Context: any.
 */
void vmbus_setevent(struct vmbus_channel *channel)
{
	struct mock_channel *ch = to_mock(channel);
	struct hv_ring_buffer *out = channel->outbound.ring_buffer;

	if (!out)
		return;
	if (READ_ONCE(out->interrupt_mask) ||
	    READ_ONCE(out->write_index) == READ_ONCE(out->read_index))
		WRITE_ONCE(ch->unneeded, ch->unneeded + 1);
	signal_host(channel, ch);
}
EXPORT_SYMBOL_GPL(vmbus_setevent);

static void count_full(struct vmbus_channel *channel)
{
	channel->out_full_total++;
	if (!channel->out_full_flag) {
		channel->out_full_first++;
		channel->out_full_flag = true;
	}
}

/*
 * Writes one packet. Return: 1 = written into an empty ring, 0 = written,
 * -EAGAIN, -EIO.
 */
static int send_locked(struct vmbus_channel *channel, struct mock_channel *ch,
		       const struct vmpacket_descriptor *desc,
		       const void *buffer, u32 len)
{
	const struct mock_ring *ring = &ch->out;
	u32 read, write;

	if (!mock_ring_indices(ring, &read, &write))
		return -EIO;
	if (mock_ring_free(ring, read, write) <= desc->len8 * 8 + PKT_TRAILER) {
		count_full(channel);
		return -EAGAIN;
	}
	channel->out_full_flag = false;
	mock_ring_write(ring, write, desc, PKT_HEADER, buffer, len);
	/* The new write index must be visible before the state is looked at. */
	virt_mb();
	return write == READ_ONCE(ring->hdr->read_index);
}

static int send_packet(struct vmbus_channel *channel, struct mock_channel *ch,
		       const struct vmpacket_descriptor *desc,
		       const void *buffer, u32 len)
{
	struct hv_ring_buffer_info *rbi = &channel->outbound;
	unsigned long flags;
	bool signal = false;
	int ret;

	spin_lock_irqsave(&rbi->ring_lock, flags);
	/* A rescind may be in progress, but the rings stay until close. */
	ret = send_locked(channel, ch, desc, buffer, len);
	if (ret >= 0) {
		WRITE_ONCE(ch->sent, ch->sent + 1);
		signal = ret && !READ_ONCE(rbi->ring_buffer->interrupt_mask);
		ret = 0;
	} else if (ret == -EAGAIN) {
		WRITE_ONCE(ch->full, ch->full + 1);
	}
	spin_unlock_irqrestore(&rbi->ring_lock, flags);
	if (signal) {
		channel->intr_out_empty++;
		signal_host(channel, ch);
	}
	return ret;
}

/* -EAGAIN and -EIO before, -ENODEV after the packet was written. */
static int send_faults(struct vmbus_channel *channel, struct mock_channel *ch,
		       int *late)
{
	u64 value;

	mock_fault_rescind(ch, MOCK_VMBUS_AT_SEND);
	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_INDEX_CORRUPT,
			   MOCK_FAULT_OUTBOUND, &value))
		corrupt_index(channel, value);
	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_IRQ_SPURIOUS, 0, NULL))
		mock_irq_raise(ch);
	if (!mock_fault_hit(ch, MOCK_VMBUS_SITE_SEND, 0, &value))
		return 0;
	if (value == ENODEV) {
		*late = -ENODEV;
		return 0;
	}
	return -(int)value;
}

/**
 * vmbus_sendpacket_getid - send a packet and learn its transaction id
 * @channel: open channel
 * @buffer: payload, copied before the call returns
 * @bufferlen: bytes
 * @requestid: travels unchanged: the requestor is not modelled
 * @trans_id: out, may be NULL
 * @type: VM_PKT_DATA_INBAND
 * @flags: 0 or VMBUS_DATA_PACKET_FLAG_COMPLETION_REQUESTED
 *
 * Return: 0, -EAGAIN (no room), -ENODEV (rescinded; the packet may be in the ring
 * all the same), -EIO (indices corrupt). Context: any.
 */
int vmbus_sendpacket_getid(struct vmbus_channel *channel, void *buffer,
			   u32 bufferlen, u64 requestid, u64 *trans_id,
			   enum vmbus_packet_type type, u32 flags)
{
	struct mock_channel *ch = to_mock(channel);
	struct vmpacket_descriptor desc;
	int late = 0;
	int ret;

	if (READ_ONCE(channel->rescind))
		return -ENODEV;
	ret = mock_check_send(ch, bufferlen, requestid, type, flags);
	if (ret)
		return ret;
	if (unlikely(READ_ONCE(ch->host->armed))) {
		ret = send_faults(channel, ch, &late);
		if (ret)
			return ret;
	}
	desc.type = type;
	desc.offset8 = PKT_HEADER / 8;
	desc.len8 = (PKT_HEADER + ALIGN(bufferlen, 8)) / 8;
	desc.flags = flags;
	desc.trans_id = requestid;
	if (trans_id)
		*trans_id = requestid;
	ret = send_packet(channel, ch, &desc, buffer, bufferlen);
	if (READ_ONCE(channel->rescind))
		return -ENODEV;
	return ret ? ret : late;
}
EXPORT_SYMBOL_GPL(vmbus_sendpacket_getid);

/**
 * vmbus_sendpacket - send a packet
 * @channel: open channel
 * @buffer: payload, copied before the call returns
 * @bufferlen: bytes
 * @requestid: transaction id
 * @type: VM_PKT_DATA_INBAND
 * @flags: 0 or VMBUS_DATA_PACKET_FLAG_COMPLETION_REQUESTED
 *
 * Return and context: as vmbus_sendpacket_getid().
 */
int vmbus_sendpacket(struct vmbus_channel *channel, void *buffer, u32 bufferlen,
		     u64 requestid, enum vmbus_packet_type type, u32 flags)
{
	return vmbus_sendpacket_getid(channel, buffer, bufferlen, requestid,
				      NULL, type, flags);
}
EXPORT_SYMBOL_GPL(vmbus_sendpacket);

/*
 * Unread bytes as the guest's consumer sees them. The write index is the host's
 * and may be nonsense, which like on the real bus gives nonsense packets; only
 * the amount is bounded, so that no copy leaves the two mappings of the data.
 */
static u32 unread(const struct hv_ring_buffer_info *rbi)
{
	u32 read = rbi->priv_read_index;
	u32 write, bytes;

	/* Index before content. */
	write = smp_load_acquire(&rbi->ring_buffer->write_index);
	bytes = write >= read ? write - read : rbi->ring_datasize - read + write;
	return min(bytes, rbi->ring_datasize);
}

static void tamper(struct vmpacket_descriptor *desc, u64 fault)
{
	u32 value = (u32)fault;

	switch (fault >> 32) {
	case MOCK_VMBUS_TAMPER_TYPE:
		desc->type = value;
		break;
	case MOCK_VMBUS_TAMPER_OFFSET8:
		desc->offset8 = value;
		break;
	case MOCK_VMBUS_TAMPER_LEN8:
		desc->len8 = value;
		break;
	case MOCK_VMBUS_TAMPER_FLAGS:
		desc->flags = value;
		break;
	case MOCK_VMBUS_TAMPER_PAYLOAD:
		*(u32 *)(desc + 1) = value;
		break;
	}
}

static void recv_faults(struct vmbus_channel *channel, struct mock_channel *ch,
			struct vmpacket_descriptor *desc)
{
	u64 value;

	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_PKT_TAMPER, 0, &value))
		tamper(desc, value);
	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_INDEX_CORRUPT,
			   MOCK_FAULT_INBOUND, &value))
		corrupt_index(channel, value);
}

/* Copies the packet at the private read index and makes its lengths sane. */
static struct vmpacket_descriptor *copy_packet(struct hv_ring_buffer_info *rbi,
					       u32 bytes)
{
	struct vmpacket_descriptor *src, *desc = rbi->pkt_buffer;
	u32 len, offset;

	src = (void *)rbi->ring_buffer->buffer + rbi->priv_read_index;
	bytes = min(bytes, rbi->pkt_buffer_size);
	/* The host can change the original at any time: read each field once. */
	len = READ_ONCE(src->len8) * 8;
	offset = READ_ONCE(src->offset8) * 8;
	if (len < PKT_HEADER || len > bytes)
		len = bytes;
	if (offset < PKT_HEADER || offset > len)
		offset = PKT_HEADER;
	memcpy(desc, src, len);
	desc->len8 = len / 8;
	desc->offset8 = offset / 8;
	return desc;
}

/**
 * hv_pkt_iter_first - the first unread packet
 * @channel: open channel
 *
 * Return: a private copy, valid until the next iterator call; NULL when fewer
 * than 16 bytes are unread. Length and data offset are inside the copy, the
 * content is the host's. Context: any, one consumer per channel.
 */
struct vmpacket_descriptor *hv_pkt_iter_first(struct vmbus_channel *channel)
{
	struct hv_ring_buffer_info *rbi = &channel->inbound;
	struct mock_channel *ch = to_mock(channel);
	struct vmpacket_descriptor *src;
	u32 bytes;

	if (!rbi->ring_buffer) {
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_NOT_OPEN,
			       "receive on a channel without rings");
		return NULL;
	}
	bytes = unread(rbi);
	if (bytes < PKT_HEADER)
		return NULL;
	if (unlikely(READ_ONCE(ch->host->armed))) {
		src = (void *)rbi->ring_buffer->buffer + rbi->priv_read_index;
		recv_faults(channel, ch, src);
		bytes = unread(rbi);
		if (bytes < PKT_HEADER)
			return NULL;
	}
	return copy_packet(rbi, bytes);
}
EXPORT_SYMBOL_GPL(hv_pkt_iter_first);

static void step_over(struct vmbus_channel *channel,
		      const struct vmpacket_descriptor *desc)
{
	struct hv_ring_buffer_info *rbi = &channel->inbound;
	struct mock_channel *ch = to_mock(channel);
	u32 len = min_t(u32, desc->len8 * 8, rbi->pkt_buffer_size);

	if (READ_ONCE(poison))
		memset(rbi->pkt_buffer, POISON_BYTE, len);
	rbi->priv_read_index += len + PKT_TRAILER;
	while (rbi->priv_read_index >= rbi->ring_datasize)
		rbi->priv_read_index -= rbi->ring_datasize;
	WRITE_ONCE(ch->received, ch->received + 1);
}

/**
 * __hv_pkt_iter_next - step over a packet
 * @channel: open channel
 * @desc: packet returned by the iterator
 *
 * Return: the next packet or NULL; then hv_pkt_iter_close() must follow.
 * Context: as hv_pkt_iter_first().
 */
struct vmpacket_descriptor *
__hv_pkt_iter_next(struct vmbus_channel *channel,
		   const struct vmpacket_descriptor *desc)
{
	step_over(channel, desc);
	return hv_pkt_iter_first(channel);
}
EXPORT_SYMBOL_GPL(__hv_pkt_iter_next);

/**
 * hv_pkt_iter_close - give the space of a batch of packets back
 * @channel: open channel
 *
 * Signals the host when it waits for room and this batch made enough of it.
 * Context: as hv_pkt_iter_first().
 */
void hv_pkt_iter_close(struct vmbus_channel *channel)
{
	struct hv_ring_buffer_info *rbi = &channel->inbound;
	struct hv_ring_buffer *ring = rbi->ring_buffer;
	struct mock_channel *ch = to_mock(channel);
	u32 before, read, write, room, freed, pending;

	if (!ring)
		return;
	before = READ_ONCE(ring->read_index);
	/* Reading of the packets ends before their space is given back. */
	smp_store_release(&ring->read_index, rbi->priv_read_index);
	if (!ring->feature_bits.feat_pending_send_sz)
		return;
	/* The host must see the new read index, or we its pending size. */
	virt_mb();
	pending = READ_ONCE(ring->pending_send_sz);
	if (!pending || !mock_ring_indices(&ch->in, &read, &write))
		return;
	room = mock_ring_free(&ch->in, read, write);
	freed = read >= before ? read - before : ch->in.size - before + read;
	if (room <= pending || room - min(room, freed) > pending)
		return;
	channel->intr_in_full++;
	signal_host(channel, ch);
}
EXPORT_SYMBOL_GPL(hv_pkt_iter_close);

/**
 * vmbus_recvpacket - copy the next packet's payload
 * @channel: open channel
 * @buffer: for the payload
 * @bufferlen: room, not 0
 * @buffer_actual_len: out, 0 when there is no packet
 * @requestid: out
 *
 * Return: 0; -EINVAL; -ENOBUFS when the payload is larger than @bufferlen: the
 * packet stays. Context: as hv_pkt_iter_first().
 */
int vmbus_recvpacket(struct vmbus_channel *channel, void *buffer, u32 bufferlen,
		     u32 *buffer_actual_len, u64 *requestid)
{
	struct vmpacket_descriptor *desc;
	u32 len;

	if (!bufferlen)
		return -EINVAL;
	*buffer_actual_len = 0;
	*requestid = 0;
	desc = hv_pkt_iter_first(channel);
	if (!desc)
		return 0;
	len = hv_pkt_datalen(desc);
	*buffer_actual_len = len;
	*requestid = desc->trans_id;
	if (len > bufferlen)
		return -ENOBUFS;
	memcpy(buffer, hv_pkt_data(desc), len);
	step_over(channel, desc);
	hv_pkt_iter_close(channel);
	return 0;
}
EXPORT_SYMBOL_GPL(vmbus_recvpacket);
