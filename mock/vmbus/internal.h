/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the rooms of mock_vmbus.ko; nobody else includes it.
 *
 * Three objects:
 *   struct mock_host	 one host instance (char device file or in-kernel host)
 *   struct mock_channel the host's end of a channel; reference counted
 *   struct guest_channel what the guest driver sees; freed as soon as the device
 *			 is released, so that KASAN finds a driver that holds on
 *
 * Lock order, outermost first:
 *   mock_host.lock (mutex)  channel list, PCI functions
 *   mock_bus.lock (mutex)   relid table writes
 *   mmap lock of a host program
 *   mock_host.mem_lock (rwsem) existence of ring pages and GPADLs. Never held
 *			     while user memory is touched, because the page fault
 *			     handler takes it
 *   vmbus_channel.sched_lock
 *   mock_channel.host_lock  host-to-guest ring, liveness of the rings, guest ptr
 *   mock_host.ask_lock      pending questions, rescind flags
 *   mock_host.fault_lock    armed faults
 * The ring_lock of the outbound ring is a leaf. Nothing calls the host's
 * callbacks or the guest's callback with one of the spinlocks held.
 */
#ifndef MOCK_VMBUS_INTERNAL_H
#define MOCK_VMBUS_INTERNAL_H

#include <linux/completion.h>
#include <linux/hyperv.h>
#include <linux/irq_work.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "mock_vmbus_host.h"

struct address_space;
struct eventfd_ctx;
struct irqfd;

/* Size of descriptor and trailer around a payload. */
#define PKT_HEADER		((u32)sizeof(struct vmpacket_descriptor))
#define PKT_TRAILER		((u32)sizeof(u64))
/* The length field has 16 bits and counts units of 8 bytes. */
#define PKT_MAX_LEN		(0xffffu * 8)

/**
 * struct mock_bus - everything that exists once
 * @lock: makes additions to @relids with their checks atomic
 * @admit_lock: protects @nr_hosts, @nr_dying
 * @nr_hosts: instances alive
 * @nr_dying: of these, without owner: wait for the guest to let go
 * @relids: channel number -> struct mock_channel; holds a reference
 * @next_gpadl: last GPADL handle given out, for the whole guest
 * @objects: channels and PCI functions alive; module exit waits for 0
 * @root: parent of the devices and of the PCI bridges
 * @offer_wq: creates devices, one after the other as on the real bus
 * @rescind_wq: rescinds, one after the other, beside everything else
 * @pci_wq: adds and removes PCI functions
 */
struct mock_bus {
	struct mutex lock;	/* relids */
	spinlock_t admit_lock;	/* nr_* */
	unsigned int nr_hosts;
	unsigned int nr_dying;
	struct xarray relids;
	atomic_t next_gpadl;
	atomic_t objects;
	struct device *root;
	struct workqueue_struct *offer_wq;
	struct workqueue_struct *rescind_wq;
	struct workqueue_struct *pci_wq;
};

extern struct mock_bus mock_bus;

/**
 * struct mock_fault - an armed fault
 * @node: on mock_host.faults
 * @arg: what the host asked for; skip and count are used up
 * @hits: so far
 */
struct mock_fault {
	struct list_head node;
	struct mock_vmbus_fault arg;
	u64 hits;
};

/**
 * struct mock_host - one host instance
 * @ref: the owner, each channel and each PCI function hold one
 * @ops: callbacks
 * @priv: of the owner
 * @flags: MOCK_HOST_INLINE
 * @lock: protects @channels, @pcis and the change of @dead against offers
 * @channels: struct mock_channel.node
 * @pcis: function id -> struct mock_pci
 * @objects: channels and functions of this host alive
 * @ask_lock: protects @asks, @next_cookie, @dead, mock_channel.rescinded
 * @asks: questions in the order in which the guest asked them
 * @next_cookie: last cookie given out
 * @dead: no question is put any more: owner gone or broken
 * @broken: enum mock_vmbus_broken, 0 = no
 * @orphan: the owner closed its file
 * @break_work: rescinds everything after @broken was set
 * @mem_lock: see the lock order
 * @gpadls: handle -> struct mock_gpadl
 * @mapping: of the char device file, to take mappings away; NULL in-kernel and
 *	once closed; under @mem_lock
 * @fault_lock: protects @faults
 * @faults: struct mock_fault.node
 * @armed: bit per site that has a fault, read without lock
 * @faults_hit: counter
 * @past: sums of released channels
 * @checks: enum mock_vmbus_check counters of this host
 * @wq: hands packets to a host without MOCK_HOST_INLINE
 */
struct mock_host {
	struct kref ref;
	const struct mock_host_ops *ops;
	void *priv;
	u32 flags;
	struct mutex lock;		/* channels, pcis */
	struct list_head channels;
	struct xarray pcis;
	atomic_t objects;

	spinlock_t ask_lock;		/* asks, dead */
	struct list_head asks;
	u64 next_cookie;
	bool dead;
	int broken;
	bool orphan;
	struct work_struct break_work;

	struct rw_semaphore mem_lock;
	struct xarray gpadls;
	struct address_space *mapping;

	spinlock_t fault_lock;		/* faults */
	struct list_head faults;
	unsigned long armed;
	atomic64_t faults_hit;

	struct mock_vmbus_stats past;
	atomic64_t checks[MOCK_VMBUS_CHECK_COUNT];
	struct workqueue_struct *wq;
};

/**
 * struct mock_ring - the host's view of one ring
 * @hdr: header page
 * @data: data area, mapped twice in a row
 * @size: bytes of the data area
 */
struct mock_ring {
	struct hv_ring_buffer *hdr;
	u8 *data;
	u32 size;
};

/**
 * struct guest_channel - the part that belongs to the guest
 * @vmbus: given to drivers
 * @ch: host's end
 */
struct guest_channel {
	struct vmbus_channel vmbus;
	struct mock_channel *ch;
};

/* Bits of mock_channel.state. */
enum {
	CH_RESCIND_CLAIMED,	/* the one rescind that counts */
	CH_REGISTERED,		/* device exists */
	CH_PROBE_WANTED,	/* a driver matched, its probe has not returned */
	CH_IPI,			/* interrupt on its way to another CPU */
};

/**
 * struct mock_channel - the host's end of a channel
 * @ref: relid table, works, callers
 * @host: instance; holds a reference
 * @node: on mock_host.channels
 * @relid: channel number
 * @offer: as given by the host
 * @priv: of the in-kernel host
 * @state: CH_* bits
 * @offer_work: creates the device
 * @rescind_work: removes it
 * @registered: the registration has finished (or failed)
 * @released: the device is gone
 * @hdev: device; valid while CH_REGISTERED
 * @driver_override: name of the only driver that may have it, or NULL; under a
 *	lock of bus.c
 *
 * @host_lock: protects @guest, @ring_live, the host-to-guest ring
 * @guest: created with the offer, NULL once released
 * @ring_live: both rings exist and the host may touch them
 * @out: guest-to-host ring
 * @in: host-to-guest ring
 * @ring_pages: backing of both rings
 * @ring_order: of @ring_pages
 * @ring_bytes: of both rings
 * @open: last open request
 * @rescinded: under mock_host.ask_lock; also vmbus_channel.rescind
 *
 * @irq_work: the guest's interrupt
 * @irq_csd: brings @irq_work to its CPU
 * @irq_late: delayed interrupt (fault)
 * @drain: number of consumers that want the guest-to-host ring drained; who
 *	brings it from 0 to 1 does the work
 * @drain_work: consumer of a host without MOCK_HOST_INLINE
 * @held: in-kernel host does not consume
 *
 * @kicks: guest signals
 * @sent: packets from the guest
 * @received: packets to the guest
 * @full: sends that found no room
 * @interrupts: delivered
 * @spurious: found an empty ring
 * @unneeded: signals without need
 * @mmio_bytes: held by the driver
 * @gpadls: number of GPADLs, the ring included
 *
 * @kick_node: on the file's list of pending kicks
 * @kickfd: signalled instead of a KICK record
 * @irqfd: raises the interrupt
 */
struct mock_channel {
	struct kref ref;
	struct mock_host *host;
	struct list_head node;
	u32 relid;
	struct mock_vmbus_offer offer;
	void *priv;
	unsigned long state;
	struct work_struct offer_work;
	struct work_struct rescind_work;
	struct completion registered;
	struct completion released;
	struct hv_device *hdev;
	char *driver_override;

	spinlock_t host_lock;		/* guest, ring_live, in */
	struct guest_channel *guest;
	bool ring_live;
	struct mock_ring out;
	struct mock_ring in;
	struct page *ring_pages;
	unsigned int ring_order;
	u32 ring_bytes;
	struct mock_host_open open;
	bool rescinded;

	struct irq_work irq_work;
	call_single_data_t irq_csd;
	struct delayed_work irq_late;
	atomic_t drain;
	struct work_struct drain_work;
	bool held;

	atomic64_t kicks;
	u64 sent;
	u64 received;
	u64 full;
	u64 interrupts;
	u64 spurious;
	u64 unneeded;
	atomic64_t mmio_bytes;
	atomic_t gpadls;

	struct list_head kick_node;
	struct eventfd_ctx *kickfd;
	struct irqfd *irqfd;
};

/**
 * struct mock_gpadl - guest memory shown to the host
 * @ch: owner; the channel outlives its GPADLs
 * @handle: as in the message
 * @size: bytes, as the host counts them
 * @pages: entries of @pfns
 * @going: being torn down
 * @pfns: guest-physical addresses divided by 4096
 */
struct mock_gpadl {
	struct mock_channel *ch;
	u32 handle;
	u32 size;
	u32 pages;
	bool going;
	u64 pfns[];
};

/**
 * struct mock_ask - a question to the host that the guest waits for
 * @node: on mock_host.asks; empty once answered
 * @ch: channel
 * @cookie: names it
 * @done: answered
 * @status: the answer
 * @deaf: fault: the host's answer is ignored
 */
struct mock_ask {
	struct list_head node;
	struct mock_channel *ch;
	u64 cookie;
	struct completion done;
	int status;
	bool deaf;
};

static inline struct mock_channel *to_mock(struct vmbus_channel *channel)
{
	return container_of(channel, struct guest_channel, vmbus)->ch;
}

/* bus.c */
int mock_bus_init(void);
void mock_bus_exit(void);
void mock_bus_publish(struct mock_channel *ch);
void mock_bus_withdraw(struct mock_channel *ch);

/* channel.c */
void mock_channel_get(struct mock_channel *ch);
void mock_channel_rescind(struct mock_channel *ch);
void mock_channel_release(struct mock_channel *ch);
void mock_channel_stats(struct mock_channel *ch, struct mock_vmbus_stats *sum);

/* open.c */
void mock_open_abandon(struct mock_channel *ch);
struct page *mock_ring_page(struct mock_channel *ch, unsigned long index);

/* host.c */
int mock_ask_begin(struct mock_ask *ask, struct mock_channel *ch, bool always);
int mock_ask_end(struct mock_ask *ask, int verdict);
void mock_ask_rescind(struct mock_channel *ch, bool all);
void mock_host_get(struct mock_host *host);
void mock_host_put(struct mock_host *host);
void mock_host_break(struct mock_host *host, int reason);
void mock_host_orphan(struct mock_host *host);
void mock_host_set_mapping(struct mock_host *host,
			   struct address_space *mapping);
void mock_host_unmap(struct mock_host *host, u64 offset, u64 len);
extern unsigned int mock_answer_timeout_ms;

/* host_ring.c */
void mock_ring_kick(struct mock_channel *ch);
void mock_ring_quiesce(struct mock_channel *ch);
void mock_ring_drain_work(struct work_struct *work);
int mock_host_send_packet(struct mock_channel *ch,
			  const struct mock_host_packet *desc, const void *data,
			  u32 len, u32 options);
void mock_ring_write(const struct mock_ring *ring, u32 start,
		     const void *header, u32 header_len, const void *data,
		     u32 len);

/**
 * mock_ring_indices - read both indices once and check them
 * @ring: ring, shared with a host program that may write anything
 * @read: out
 * @write: out
 *
 * Return: true when both lie inside the data area and are multiples of 8.
 */
static inline bool mock_ring_indices(const struct mock_ring *ring, u32 *read,
				     u32 *write)
{
	*read = READ_ONCE(ring->hdr->read_index);
	/* Index before content. */
	*write = smp_load_acquire(&ring->hdr->write_index);
	return *read < ring->size && *write < ring->size &&
	       !((*read | *write) & 7);
}

/* Free bytes for good indices; equality means empty. */
static inline u32 mock_ring_free(const struct mock_ring *ring, u32 read,
				 u32 write)
{
	return write >= read ? ring->size - (write - read) : read - write;
}

/* irq.c */
void mock_irq_init(struct mock_channel *ch);
void mock_irq_open(struct vmbus_channel *channel,
		   void (*callback)(void *context), void *context);
void mock_irq_stop(struct vmbus_channel *channel);
void mock_irq_release(struct mock_channel *ch, struct vmbus_channel *channel);
bool mock_irq_idle(struct mock_channel *ch);
void mock_irq_raise(struct mock_channel *ch);

/* gpadl.c */
int mock_gpadl_show(struct mock_channel *ch, void *buffer, u32 size,
		    u32 recv_ring, u32 *handle);
int mock_gpadl_hide(struct mock_channel *ch, u32 handle, bool force);
void mock_gpadl_check(struct mock_channel *ch, u32 except, const char *when);
void mock_gpadl_abandon(struct mock_channel *ch);
int mock_gpadl_pfns(struct mock_host *host, u32 handle, u32 first, u64 *pfns,
		    u32 count);

/* mmio.c */
int mock_mmio_init(void);
void mock_mmio_exit(void);
void mock_mmio_abandon(struct mock_channel *ch);
void mock_mmio_info(struct mock_vmbus_info *info);
int mock_mmio_pfn(u64 offset, unsigned long *pfn);
int mock_page_rw(u64 pfn, unsigned int offset, void *buffer, size_t len,
		 bool write);

/* pci.c */
void mock_pci_delete_all(struct mock_host *host);
bool mock_pci_idle(struct mock_host *host);

/* fault.c. The match of INDEX_CORRUPT: direction of the ring. */
#define MOCK_FAULT_INBOUND	0
#define MOCK_FAULT_OUTBOUND	1

bool mock_fault_hit_slow(struct mock_channel *ch, u32 site, u64 match,
			 u64 *value);
void mock_fault_clear(struct mock_host *host);

/**
 * mock_fault_hit - is a fault armed for this moment?
 * @ch: channel
 * @site: enum mock_vmbus_site
 * @match: for RESCIND_AT what happens; the others pass 0
 * @value: out, unchanged when not hit; may be NULL
 *
 * Context: any. Cheap when nothing is armed.
 */
static inline bool mock_fault_hit(struct mock_channel *ch, u32 site, u64 match,
				  u64 *value)
{
	if (likely(!(READ_ONCE(ch->host->armed) & BIT(site))))
		return false;
	return mock_fault_hit_slow(ch, site, match, value);
}

/* Starts a rescind when one is armed for @what. Context: any. */
static inline void mock_fault_rescind(struct mock_channel *ch, u64 what)
{
	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_RESCIND_AT, what, NULL))
		mock_channel_rescind(ch);
}

/* checks.c */
__printf(3, 4)
void mock_guest_bug(struct mock_channel *ch, enum mock_vmbus_check check,
		    const char *fmt, ...);
bool mock_check_sleepable(struct mock_channel *ch, const char *what);
int mock_check_send(struct mock_channel *ch, u32 len, u64 id, u32 type,
		    u32 flags);

/* eventfd.c */
void mock_eventfd_release(struct mock_channel *ch);
void mock_eventfd_free(struct mock_channel *ch);

/* device.c */
int mock_device_init(void);
void mock_device_exit(void);

#endif /* MOCK_VMBUS_INTERNAL_H */
