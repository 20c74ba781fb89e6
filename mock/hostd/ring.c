// SPDX-License-Identifier: GPL-2.0
/*
 * VMBus ring buffer, host side, on plain memory. See ring.h.
 *
 * Memory order: data before write_index (release), write_index (acquire) before
 * data, all reads before read_index (release). Where the decision to signal or
 * to sleep depends on a store of ours being visible before a load of the other
 * end's field, there is a full barrier between the two.
 */
#include "ring.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#define RING_FEATURE_PENDING_SEND	1u

struct ring_desc {
	uint16_t type;
	uint16_t offset8;
	uint16_t len8;
	uint16_t flags;
	uint64_t trans_id;
};

static_assert(sizeof(struct ring_desc) == RING_DESC_SIZE, "packet descriptor");
static_assert(offsetof(struct ring_header, feature_bits) == 64, "ring header");

static uint32_t load(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_RELAXED);
}

static uint32_t load_acquire(const uint32_t *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}

static void store(uint32_t *p, uint32_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELAXED);
}

static void store_release(uint32_t *p, uint32_t v)
{
	__atomic_store_n(p, v, __ATOMIC_RELEASE);
}

static void full_barrier(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

static uint32_t align8(uint32_t v)
{
	return (v + 7) & ~7u;
}

static bool index_valid(const struct ring *r, uint32_t index)
{
	return index < r->size && index % 8 == 0;
}

/* Both arguments are valid indices. */
static uint32_t bytes_used(const struct ring *r, uint32_t write, uint32_t read)
{
	return write >= read ? write - read : r->size - read + write;
}

static uint32_t advance(const struct ring *r, uint32_t index, uint32_t bytes)
{
	index += bytes;
	return index >= r->size ? index - r->size : index;
}

static int fault(struct ring *r, enum ring_fault what)
{
	r->fault = what;
	return -EPROTO;
}

static void copy_out(const struct ring *r, void *dst, uint32_t from, uint32_t n)
{
	uint32_t first = r->size - from < n ? r->size - from : n;

	memcpy(dst, r->data + from, first);
	memcpy((uint8_t *)dst + first, r->data, n - first);
}

static uint32_t copy_in(struct ring *r, uint32_t to, const void *src, uint32_t n)
{
	uint32_t first = r->size - to < n ? r->size - to : n;

	if (!n)
		return to;
	memcpy(r->data + to, src, first);
	memcpy(r->data, (const uint8_t *)src + first, n - first);
	return advance(r, to, n);
}

/**
 * ring_page() - bytes that a ring's header takes in memory
 *
 * Return: size of a page of the guest, whose program we are.
 */
size_t ring_page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

/**
 * ring_init() - describe one ring
 * @r: filled in; the shared memory is not touched
 * @mem: header page followed by the data area
 * @bytes: size of @mem, header page included
 *
 * Return: 0, or -EINVAL when @bytes is no header page plus whole data pages.
 */
int ring_init(struct ring *r, void *mem, size_t bytes)
{
	const size_t page = ring_page();

	if (bytes < 2 * page || bytes % page || bytes > INT32_MAX)
		return -EINVAL;

	memset(r, 0, sizeof(*r));
	r->hdr = mem;
	r->data = (uint8_t *)mem + page;
	r->size = bytes - page;
	return 0;
}

/**
 * ring_start_consumer() - take over the reading end of a freshly opened ring
 * @r: initialised ring
 *
 * Masks the guest's signal until the consumer first goes to sleep.
 */
void ring_start_consumer(struct ring *r)
{
	store(&r->hdr->interrupt_mask, 1);
	r->pos = load(&r->hdr->read_index);
	if (!index_valid(r, r->pos))
		fault(r, RING_FAULT_INDEX);
}

/**
 * ring_start_producer() - take over the writing end of a freshly opened ring
 * @r: initialised ring
 */
void ring_start_producer(struct ring *r)
{
	store(&r->hdr->pending_send_sz, 0);
	store(&r->hdr->feature_bits, RING_FEATURE_PENDING_SEND);
	r->pos = load(&r->hdr->write_index);
	if (!index_valid(r, r->pos))
		fault(r, RING_FAULT_INDEX);
}

/**
 * ring_read() - copy the next packet out of the ring
 * @r: inbound ring
 * @buf: receives the whole packet without trailer
 * @size: bytes of @buf; RING_MAX_PACKET always suffices
 * @pkt: filled in on success; @pkt->payload points into @buf
 *
 * The space is given back to the guest by ring_release() only.
 *
 * Return: 1 with a packet, 0 when the ring is empty, -EMSGSIZE when the packet
 * does not fit into @buf (it stays), -EPROTO when the guest corrupted the ring
 * (@r->fault says how; every later call says the same).
 */
int ring_read(struct ring *r, void *buf, size_t size, struct ring_packet *pkt)
{
	struct ring_desc desc;
	uint32_t write, used, len, offset, end;
	uint64_t trailer;

	if (r->fault)
		return -EPROTO;

	write = load_acquire(&r->hdr->write_index);
	if (!index_valid(r, write))
		return fault(r, RING_FAULT_INDEX);
	used = bytes_used(r, write, r->pos);
	if (!used)
		return 0;
	if (used < RING_DESC_SIZE + RING_TRAILER_SIZE)
		return fault(r, RING_FAULT_LENGTH);

	copy_out(r, &desc, r->pos, sizeof(desc));
	len = desc.len8 * 8u;
	offset = desc.offset8 * 8u;
	if (len < RING_DESC_SIZE || len > used - RING_TRAILER_SIZE)
		return fault(r, RING_FAULT_LENGTH);
	if (offset < RING_DESC_SIZE || offset > len)
		return fault(r, RING_FAULT_OFFSET);
	if (desc.flags & ~RING_FLAG_COMPLETION)
		return fault(r, RING_FAULT_FLAGS);
	if (len > size)
		return -EMSGSIZE;

	copy_out(r, buf, r->pos, len);
	end = advance(r, r->pos, len);
	copy_out(r, &trailer, end, sizeof(trailer));
	if (trailer != (uint64_t)r->pos << 32)
		return fault(r, RING_FAULT_TRAILER);

	pkt->type = desc.type;
	pkt->flags = desc.flags;
	pkt->trans_id = desc.trans_id;
	pkt->payload = (uint8_t *)buf + offset;
	pkt->len = len - offset;
	r->pos = advance(r, end, RING_TRAILER_SIZE);
	r->batch += len + RING_TRAILER_SIZE;
	return 1;
}

/**
 * ring_release() - give the space of all packets read so far back to the guest
 * @r: inbound ring
 *
 * Return: whether the guest waits for room and must be signalled.
 */
bool ring_release(struct ring *r)
{
	uint32_t write, pending, room, batch = r->batch;

	if (!batch)
		return false;
	r->batch = 0;
	store_release(&r->hdr->read_index, r->pos);
	full_barrier();

	pending = load(&r->hdr->pending_send_sz) & ~7u;
	if (!pending)
		return false;
	write = load(&r->hdr->write_index);
	if (!index_valid(r, write)) {
		fault(r, RING_FAULT_INDEX);
		return false;
	}
	/* A producer may only write strictly less than what is free. */
	room = r->size - bytes_used(r, write, r->pos) - 8;
	return room >= pending && (room < batch || room - batch < pending);
}

/**
 * ring_may_sleep() - ask for a signal on the next packet
 * @r: inbound ring, drained and released
 *
 * Return: true when the consumer may wait for a signal now, false when
 * something arrived meanwhile (the mask is set again).
 */
bool ring_may_sleep(struct ring *r)
{
	store(&r->hdr->interrupt_mask, 0);
	full_barrier();
	if (r->fault || load_acquire(&r->hdr->write_index) == r->pos)
		return true;
	store(&r->hdr->interrupt_mask, 1);
	return false;
}

/**
 * ring_wake() - mask signals again before draining
 * @r: inbound ring
 */
void ring_wake(struct ring *r)
{
	store(&r->hdr->interrupt_mask, 1);
	full_barrier();
}

/**
 * ring_write() - append one packet
 * @r: outbound ring
 * @type: RING_TYPE_*
 * @flags: RING_FLAG_*
 * @trans_id: transaction id
 * @payload: copied
 * @len: bytes of @payload, padded with zeros to a multiple of 8
 * @signal: set to whether the guest must be signalled
 *
 * Return: 0, -EAGAIN when there is no room now, -EMSGSIZE when the packet can
 * never fit, -EPROTO when the guest corrupted the ring.
 */
int ring_write(struct ring *r, uint16_t type, uint16_t flags, uint64_t trans_id,
	       const void *payload, size_t len, bool *signal)
{
	static const uint8_t zero[8];
	struct ring_desc desc;
	uint32_t read, need, body, at, start = r->pos;
	uint64_t trailer = (uint64_t)start << 32;

	*signal = false;
	if (r->fault)
		return -EPROTO;
	if (len > RING_MAX_PAYLOAD)
		return -EMSGSIZE;
	body = align8(len);
	need = RING_DESC_SIZE + body + RING_TRAILER_SIZE;
	if (need >= r->size)
		return -EMSGSIZE;

	read = load_acquire(&r->hdr->read_index);
	if (!index_valid(r, read))
		return fault(r, RING_FAULT_INDEX);
	if (r->size - bytes_used(r, start, read) <= need)
		return -EAGAIN;

	desc.type = type;
	desc.offset8 = RING_DESC_SIZE / 8;
	desc.len8 = (RING_DESC_SIZE + body) / 8;
	desc.flags = flags;
	desc.trans_id = trans_id;
	at = copy_in(r, start, &desc, sizeof(desc));
	at = copy_in(r, at, payload, len);
	at = copy_in(r, at, zero, body - len);
	at = copy_in(r, at, &trailer, sizeof(trailer));

	r->pos = at;
	store_release(&r->hdr->write_index, at);
	full_barrier();
	*signal = !load(&r->hdr->interrupt_mask) &&
		  load(&r->hdr->read_index) == start;
	return 0;
}

/**
 * ring_want_room() - ask the guest for a signal when a packet will fit
 * @r: outbound ring that answered -EAGAIN
 * @len: payload bytes of the packet
 *
 * The caller tries ring_write() once more afterwards: the guest may have made
 * room before it could see the request.
 */
void ring_want_room(struct ring *r, size_t len)
{
	store(&r->hdr->pending_send_sz,
	      RING_DESC_SIZE + align8(len) + RING_TRAILER_SIZE);
	full_barrier();
}

/**
 * ring_enough_room() - withdraw ring_want_room()
 * @r: outbound ring
 */
void ring_enough_room(struct ring *r)
{
	store(&r->hdr->pending_send_sz, 0);
}

/**
 * ring_fault_name() - word for a log line
 * @fault: any value
 *
 * Return: static string.
 */
const char *ring_fault_name(enum ring_fault fault)
{
	switch (fault) {
	case RING_FAULT_NONE:
		return "none";
	case RING_FAULT_INDEX:
		return "index";
	case RING_FAULT_LENGTH:
		return "length";
	case RING_FAULT_OFFSET:
		return "offset";
	case RING_FAULT_FLAGS:
		return "flags";
	case RING_FAULT_TRAILER:
		return "trailer";
	}
	return "unknown";
}
