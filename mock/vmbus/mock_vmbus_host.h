/* SPDX-License-Identifier: GPL-2.0 */
/*
 * In-kernel host end of the mock bus, for KUnit suites and the benchmark. The
 * char device (device.c) is a client of the same interface, so both kinds of
 * host see the same bus.
 *
 * A host instance is created with a table of callbacks. The bus calls them in
 * the context of the guest code that caused them (stated per callback). With
 * @packet set, the bus consumes the guest-to-host ring itself and hands over one
 * packet after the other:
 *
 *   MOCK_HOST_INLINE: in the context of the guest function that signalled, i.e.
 *	inside vmbus_sendpacket() after the ring lock was dropped: process or
 *	softirq context, with whatever locks the caller holds, no lock of the bus
 *	held. Must not sleep. On one CPU without threads the number of executed
 *	instructions is then reproducible.
 *   otherwise: in a work item of the instance. May sleep; packets of one channel
 *	are handed over in order, never concurrently.
 *
 * mock_host_send() raises the guest's interrupt by the rules of the ring, so the
 * driver's callback runs in softirq context, on one CPU usually before
 * mock_host_send() returns to a caller with interrupts enabled.
 *
 * Channels are named by relid; struct mock_channel pointers given to callbacks
 * are valid until the "released" callback of that relid has returned.
 */
#ifndef MOCK_VMBUS_HOST_H
#define MOCK_VMBUS_HOST_H

#include <linux/hyperv.h>
#include <linux/types.h>

#include "mock_vmbus_uapi.h"

struct mock_host;
struct mock_channel;

/* Return value of @open, @gpadl, @teardown: mock_host_reply() answers later. */
#define MOCK_HOST_PENDING	0x7fffffff

/* Flags of mock_host_create(). */
#define MOCK_HOST_INLINE	0x1u

/**
 * struct mock_host_open - an open request
 * @gpadl: handle of the ring GPADL
 * @send_size: bytes of the guest-to-host ring, header included
 * @recv_size: bytes of the host-to-guest ring, header included
 * @target_cpu: CPU on which the guest wants interrupts
 * @user_len: bytes of @user_data that the guest gave
 * @user_data: zero padded
 */
struct mock_host_open {
	u32 gpadl;
	u32 send_size;
	u32 recv_size;
	u32 target_cpu;
	u32 user_len;
	u8 user_data[MOCK_VMBUS_USER_DATA];
};

/**
 * struct mock_host_packet - a packet from the guest
 * @type: packet type, 6 = data in band
 * @flags: 1 = completion requested
 * @trans_id: transaction id
 * @data: payload, in the ring itself: the guest cannot reuse the space before
 *	the callback returns; do not keep the pointer
 * @len: payload bytes including pad, a multiple of 8
 */
struct mock_host_packet {
	u16 type;
	u16 flags;
	u64 trans_id;
	const void *data;
	u32 len;
};

/**
 * struct mock_host_ops - what a host hears; every member may be NULL
 * @open: guest opens @ch. Process context, may sleep. 0 accepts, a positive or
 *	negative status refuses, MOCK_HOST_PENDING: mock_host_reply(@cookie).
 *	NULL accepts
 * @close: guest closed @ch, ring still there. Process context, may sleep.
 *	@cookie is 0 unless offered with MOCK_VMBUS_OFFER_SYNC_CLOSE: then the
 *	guest waits for mock_host_reply()
 * @gpadl: guest shows memory. As @open. @ring: memory of the rings
 * @teardown: guest wants GPADL @handle back. As @open
 * @packet: see above. With MOCK_HOST_INLINE atomic context
 * @signal: guest signalled @ch (after the packets were handed over): new packets,
 *	or room in the host-to-guest ring. Context of the guest's signal, atomic
 * @released: the channel is gone; called last. Process context
 * @probed: a driver's probe of @ch returned @result. Process context
 * @removed: a driver's remove of @ch returned. Process context
 * @pci_write: guest wrote config space. Hard interrupt or process context, after
 *	the write took effect
 * @pci_added: PCI function @fn was scanned, @result 0 or -errno
 * @pci_removed: PCI function @fn is gone
 * @mmio: guest took (@alloc) or gave back a range of the MMIO window
 * @fault: an armed fault was hit. Any context
 * @broken: instance became unusable (enum mock_vmbus_broken). Any context
 * @free: last reference of the host is gone; frees what @priv owns
 */
struct mock_host_ops {
	int (*open)(struct mock_channel *ch, const struct mock_host_open *req,
		    u64 cookie);
	void (*close)(struct mock_channel *ch, u64 cookie);
	int (*gpadl)(struct mock_channel *ch, u32 handle, u32 size, bool ring,
		     u64 cookie);
	int (*teardown)(struct mock_channel *ch, u32 handle, u64 cookie);
	void (*packet)(struct mock_channel *ch,
		       const struct mock_host_packet *pkt);
	void (*signal)(struct mock_channel *ch);
	void (*released)(struct mock_host *host, u32 relid);
	void (*probed)(struct mock_channel *ch, const char *driver, int result);
	void (*removed)(struct mock_channel *ch, const char *driver);
	void (*pci_write)(struct mock_host *host, u32 fn, u32 offset, u32 width,
			  u32 value);
	void (*pci_added)(struct mock_host *host, u32 fn, u32 domain,
			  int result);
	void (*pci_removed)(struct mock_host *host, u32 fn);
	void (*mmio)(struct mock_channel *ch, u64 start, u64 size, bool alloc);
	void (*fault)(struct mock_host *host, u32 relid, u32 site, u64 hits,
		      u64 left);
	void (*broken)(struct mock_host *host, u32 reason);
	void (*free)(struct mock_host *host);
};

/* Life of an instance. Process context. */
struct mock_host *mock_host_create(const struct mock_host_ops *ops, void *priv,
				   u32 flags);
void mock_host_destroy(struct mock_host *host);
void *mock_host_priv(const struct mock_host *host);

/* Channels. Process context, except the mock_channel_* accessors. */
int mock_host_offer(struct mock_host *host, struct mock_vmbus_offer *offer);
int mock_host_rescind(struct mock_host *host, u32 relid, u32 flags);
int mock_host_reply(struct mock_host *host, u64 cookie, int status);
int mock_host_settle(struct mock_host *host, u32 relid, u32 timeout_ms);
int mock_host_stats(struct mock_host *host, struct mock_vmbus_stats *stats);
struct mock_channel *mock_host_channel(struct mock_host *host, u32 relid);
void mock_channel_put(struct mock_channel *ch);
struct mock_host *mock_channel_host(const struct mock_channel *ch);
u32 mock_channel_relid(const struct mock_channel *ch);
struct vmbus_channel *mock_channel_vmbus(struct mock_channel *ch);
void mock_channel_set_priv(struct mock_channel *ch, void *priv);
void *mock_channel_priv(const struct mock_channel *ch);

/* Rings. Any context unless stated. */
int mock_host_send(struct mock_channel *ch, u16 type, u16 flags, u64 trans_id,
		   const void *data, u32 len);
int mock_host_send_raw(struct mock_channel *ch, const void *packet, u32 len,
		       u32 options);
int mock_host_recv(struct mock_channel *ch, struct mock_host_packet *pkt,
		   void *buffer, u32 size);
void mock_host_irq(struct mock_channel *ch);
void mock_host_hold(struct mock_channel *ch, bool hold);

/* Guest memory. Process context. */
int mock_host_gpadl_info(struct mock_host *host, u32 handle, u32 *relid,
			 u32 *size);
int mock_host_gpadl_rw(struct mock_host *host, u32 handle, u64 offset,
		       void *buffer, size_t len, bool write);
int mock_host_mem_rw(struct mock_host *host, u64 gpa, void *buffer, size_t len,
		     bool write);
void *mock_host_window(struct mock_host *host, u64 *base, u64 *size);

/* PCI functions. Process context. */
int mock_host_pci_add(struct mock_host *host, struct mock_vmbus_pci_add *add);
int mock_host_pci_set(struct mock_host *host, u32 fn, u32 offset,
		      const void *data, u32 len);
int mock_host_pci_del(struct mock_host *host, u32 fn, u32 flags);

/* Faults. Process context. */
int mock_host_fault(struct mock_host *host, const struct mock_vmbus_fault *f);

#endif /* MOCK_VMBUS_HOST_H */
