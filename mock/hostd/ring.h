/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VMBus ring buffer, host side, on plain memory.
 *
 * Owns the memory format of one ring (docs: VMBus ring format): header page,
 * indices, packets, trailer, the rules when the other end must be signalled.
 * Knows nothing of the character device, of threads or of message payloads.
 *
 * Everything in ring memory belongs to the guest as much as to us: each field
 * is read once, checked, and packets are copied out before anybody looks into
 * them. No locks: one consumer per inbound ring, and the caller serialises the
 * producers of an outbound ring.
 */
#ifndef HOSTD_RING_H
#define HOSTD_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_DESC_SIZE		16u
#define RING_TRAILER_SIZE	8u
/* The length field has 16 bits and counts units of 8 bytes. */
#define RING_MAX_PACKET		(0xffffu * 8)
#define RING_MAX_PAYLOAD	(RING_MAX_PACKET - RING_DESC_SIZE)

#define RING_TYPE_INBAND	6u
#define RING_TYPE_COMPLETION	11u
#define RING_FLAG_COMPLETION	1u

/**
 * enum ring_fault - what is wrong with a ring that the guest corrupted
 * @RING_FAULT_NONE: nothing
 * @RING_FAULT_INDEX: an index is outside the data area or not a multiple of 8
 * @RING_FAULT_LENGTH: packet shorter than its descriptor, or longer than what
 *	is unread
 * @RING_FAULT_OFFSET: payload offset before the end of the descriptor or
 *	behind the end of the packet
 * @RING_FAULT_FLAGS: flag bits that no host accepts
 * @RING_FAULT_TRAILER: trailer does not name the start of its packet
 */
enum ring_fault {
	RING_FAULT_NONE,
	RING_FAULT_INDEX,
	RING_FAULT_LENGTH,
	RING_FAULT_OFFSET,
	RING_FAULT_FLAGS,
	RING_FAULT_TRAILER,
};

/**
 * struct ring_header - first page of a ring, shared with the guest
 * @write_index: next byte to be written, owned by the producer
 * @read_index: next byte to be read, owned by the consumer
 * @interrupt_mask: 1 while the consumer wants no "became non-empty" signal
 * @pending_send_sz: bytes the blocked producer waits for, 0 when not blocked
 * @reserved: zero
 * @feature_bits: bit 0: the producer uses @pending_send_sz
 */
struct ring_header {
	uint32_t write_index;
	uint32_t read_index;
	uint32_t interrupt_mask;
	uint32_t pending_send_sz;
	uint32_t reserved[12];
	uint32_t feature_bits;
};

/**
 * struct ring - one direction of a channel
 * @hdr: shared header page
 * @data: shared data area
 * @size: bytes of @data
 * @pos: own index: next byte to read (consumer) or to write (producer);
 *	never taken back from shared memory
 * @batch: bytes read since the last ring_release() (consumer)
 * @fault: first fault seen; a ring with a fault is not used any more
 */
struct ring {
	struct ring_header *hdr;
	uint8_t *data;
	uint32_t size;
	uint32_t pos;
	uint32_t batch;
	enum ring_fault fault;
};

/**
 * struct ring_packet - one packet, copied out of the ring
 * @type: RING_TYPE_*
 * @flags: RING_FLAG_*
 * @trans_id: transaction id
 * @payload: inside the caller's buffer
 * @len: payload bytes, a multiple of 8 (padding included)
 */
struct ring_packet {
	uint16_t type;
	uint16_t flags;
	uint64_t trans_id;
	const uint8_t *payload;
	uint32_t len;
};

size_t ring_page(void);
int ring_init(struct ring *r, void *mem, size_t bytes);
void ring_start_consumer(struct ring *r);
void ring_start_producer(struct ring *r);

int ring_read(struct ring *r, void *buf, size_t size, struct ring_packet *pkt);
bool ring_release(struct ring *r);
bool ring_may_sleep(struct ring *r);
void ring_wake(struct ring *r);

int ring_write(struct ring *r, uint16_t type, uint16_t flags, uint64_t trans_id,
	       const void *payload, size_t len, bool *signal);
void ring_want_room(struct ring *r, size_t len);
void ring_enough_room(struct ring *r);

const char *ring_fault_name(enum ring_fault fault);

#endif /* HOSTD_RING_H */
