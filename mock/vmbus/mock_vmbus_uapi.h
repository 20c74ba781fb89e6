/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * /dev/mock_vmbus: how a user-space program plays the host end of VMBus.
 *
 * One open file is one host instance. The program reads 64-byte records that
 * say what the guest does, answers some of them with MOCK_VMBUS_REPLY, works on
 * the rings and on guest memory through mmap() or through ioctls, and raises
 * guest interrupts. When the file is closed (or the program dies) every channel
 * is rescinded and every PCI function removed.
 *
 * All structures have the same layout for 32-bit and 64-bit programs. Fields
 * named "reserved", and unknown flag bits, must be zero (-EINVAL otherwise).
 * Little-endian, pages of 4096 bytes. See mock/vmbus/README.md.
 */
#ifndef MOCK_VMBUS_UAPI_H
#define MOCK_VMBUS_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Version of this file: GET_INFO reports it, a host checks for equality. */
#define MOCK_VMBUS_VERSION		1

/* Node, mode 0600; opening it also needs CAP_SYS_ADMIN. */
#define MOCK_VMBUS_DEVICE		"/dev/mock_vmbus"

#define MOCK_VMBUS_PAGE_SIZE		4096u
#define MOCK_VMBUS_MAX_RELID		2047u	/* channel numbers 1..2047 */
#define MOCK_VMBUS_CLASS_DATA		120u	/* class-defined bytes of an offer */
#define MOCK_VMBUS_USER_DATA		120u	/* user data of an open request */
#define MOCK_VMBUS_PCI_CONFIG		256u	/* bytes of PCI config space */

/* ------------------------------------------------------------------ records */

/**
 * enum mock_vmbus_event - what a record says; "answer" = wants MOCK_VMBUS_REPLY
 *
 * @MOCK_VMBUS_EV_OPEN: answer. The guest opens the channel. gpadl = ring GPADL,
 *	size = total bytes of both rings, arg[0] = byte offset of the
 *	host-to-guest ring, arg[1] = target CPU, arg[2] = bytes of user data
 *	(MOCK_VMBUS_OPEN_DATA). Status other than 0: the guest gets -EAGAIN.
 *	Until the reply with status 0 the guest does not use the ring.
 * @MOCK_VMBUS_EV_CLOSE: the guest closed; sent before the ring GPADL's
 *	TEARDOWN. Wants an answer only for channels offered with
 *	MOCK_VMBUS_OFFER_SYNC_CLOSE (cookie is 0 otherwise).
 * @MOCK_VMBUS_EV_GPADL: answer. gpadl = handle, size = bytes, arg[0] = pages,
 *	arg[1] = 1 for the ring memory of an OPEN that follows. Status other
 *	than 0: -EDQUOT in the guest.
 * @MOCK_VMBUS_EV_TEARDOWN: answer. gpadl = handle. The guest sleeps until
 *	answered; afterwards no access to the pages is possible.
 * @MOCK_VMBUS_EV_RELID_RELEASED: the channel is gone, relid may be used again.
 * @MOCK_VMBUS_EV_PROBE_DONE: a driver's probe returned. status = its result,
 *	name = driver name (truncated, zero-terminated).
 * @MOCK_VMBUS_EV_REMOVED: a driver's remove returned. name = driver name.
 * @MOCK_VMBUS_EV_PCI_WRITE: the guest wrote config space. gpadl = function id,
 *	arg[0] = offset, arg[1] = width in bytes, arg[2] = value.
 * @MOCK_VMBUS_EV_MMIO_ALLOC: arg[0] = start, arg[1] = size of the range the
 *	guest took out of the window for the device of relid.
 * @MOCK_VMBUS_EV_MMIO_FREE: the range was given back.
 * @MOCK_VMBUS_EV_KICK: the guest signalled a channel that has no kick eventfd.
 *	At most one such record is pending per channel. Also what a host that
 *	set pending_send_sz waits for.
 * @MOCK_VMBUS_EV_FAULT: an armed fault was hit. gpadl = site, arg[0] = hits so
 *	far, arg[1] = hits left.
 * @MOCK_VMBUS_EV_PCI_ADDED: gpadl = function id, status = 0 or -errno,
 *	arg[0] = PCI domain number.
 * @MOCK_VMBUS_EV_PCI_REMOVED: gpadl = function id.
 * @MOCK_VMBUS_EV_BROKEN: the instance is unusable: everything is being
 *	rescinded, poll() gives POLLERR. arg[0] = enum mock_vmbus_broken.
 */
enum mock_vmbus_event {
	MOCK_VMBUS_EV_OPEN = 1,
	MOCK_VMBUS_EV_CLOSE,
	MOCK_VMBUS_EV_GPADL,
	MOCK_VMBUS_EV_TEARDOWN,
	MOCK_VMBUS_EV_RELID_RELEASED,
	MOCK_VMBUS_EV_PROBE_DONE,
	MOCK_VMBUS_EV_REMOVED,
	MOCK_VMBUS_EV_PCI_WRITE,
	MOCK_VMBUS_EV_MMIO_ALLOC,
	MOCK_VMBUS_EV_MMIO_FREE,
	MOCK_VMBUS_EV_KICK,
	MOCK_VMBUS_EV_FAULT,
	MOCK_VMBUS_EV_PCI_ADDED,
	MOCK_VMBUS_EV_PCI_REMOVED,
	MOCK_VMBUS_EV_BROKEN,
	MOCK_VMBUS_EV_COUNT
};

/**
 * enum mock_vmbus_broken - why an instance became unusable
 * @MOCK_VMBUS_BROKEN_TIMEOUT: an answer did not come within the time limit
 *	(module parameter answer_timeout_ms)
 * @MOCK_VMBUS_BROKEN_NOMEM: a record could not be stored
 * @MOCK_VMBUS_BROKEN_OVERFLOW: more PCI writes than can be buffered
 */
enum mock_vmbus_broken {
	MOCK_VMBUS_BROKEN_TIMEOUT = 1,
	MOCK_VMBUS_BROKEN_NOMEM,
	MOCK_VMBUS_BROKEN_OVERFLOW,
};

/**
 * struct mock_vmbus_record - what read() returns, one or more at a time
 * @type: enum mock_vmbus_event
 * @relid: channel, 0 for events without one
 * @cookie: names the answer in MOCK_VMBUS_REPLY; 0 = no answer expected
 * @gpadl: GPADL handle, PCI function id or fault site
 * @size: bytes
 * @arg: per event
 * @name: driver name (PROBE_DONE, REMOVED), shares the place of @arg
 * @status: result, 0 or -errno
 * @reserved: 0
 *
 * read() with a buffer smaller than one record is -EINVAL; without O_NONBLOCK it
 * sleeps until there is a record. Records are never dropped.
 */
struct mock_vmbus_record {
	__u32 type;
	__u32 relid;
	__u64 cookie;
	__u32 gpadl;
	__u32 size;
	union {
		__u64 arg[4];
		char name[32];
	};
	__s32 status;
	__u32 reserved;
};

/* ---------------------------------------------------------- ioctl arguments */

/* enum mock_vmbus_window_kind - what backs the MMIO window */
enum mock_vmbus_window_kind {
	MOCK_VMBUS_WINDOW_RAM = 0,
	MOCK_VMBUS_WINDOW_RESERVED = 1,
	MOCK_VMBUS_WINDOW_BAR = 2,	/* not implemented by version 1 */
};

/* Feature bits of struct mock_vmbus_info. */
#define MOCK_VMBUS_FEATURE_IRQFD	0x1u
#define MOCK_VMBUS_FEATURE_PCI		0x2u
#define MOCK_VMBUS_FEATURE_FAULT	0x4u
#define MOCK_VMBUS_FEATURE_RING_IO	0x8u

/**
 * struct mock_vmbus_info - MOCK_VMBUS_GET_INFO
 * @version: MOCK_VMBUS_VERSION of the module
 * @features: MOCK_VMBUS_FEATURE_*
 * @page_size: bytes of a page of the guest: what mmap() maps, and what a ring's
 *	header takes there; not less than MOCK_VMBUS_PAGE_SIZE
 * @window_kind: enum mock_vmbus_window_kind
 * @window_base: guest-physical address of the MMIO window
 * @window_size: bytes
 * @answer_timeout_ms: time limit for answers, 0 = none
 * @reserved: 0
 */
struct mock_vmbus_info {
	__u32 version;
	__u32 features;
	__u32 page_size;
	__u32 window_kind;
	__u64 window_base;
	__u64 window_size;
	__u32 answer_timeout_ms;
	__u32 reserved;
};

/* CLOSE wants an answer, so that the host can stop its consumer first. */
#define MOCK_VMBUS_OFFER_SYNC_CLOSE	0x1u

/**
 * struct mock_vmbus_offer - MOCK_VMBUS_OFFER
 * @type: interface class GUID, Windows byte order (as guid_t in memory)
 * @instance: instance GUID; must not be in use on the bus (-EEXIST)
 * @relid: in: wanted number or 0 to choose the lowest free; out: number
 * @flags: MOCK_VMBUS_OFFER_*
 * @chn_flags: channel flags of the offer message
 * @mmio_megabytes: MiB of MMIO the guest should provide
 * @sub_channel_index: must be 0: sub-channels are not modelled (-EINVAL)
 * @reserved: 0
 * @class_data: class-defined bytes of the offer
 *
 * Channel and device appear asynchronously (PROBE_DONE). -EEXIST: number or
 * instance in use. -ENODEV: instance broken.
 */
struct mock_vmbus_offer {
	__u8 type[16];
	__u8 instance[16];
	__u32 relid;
	__u32 flags;
	__u16 chn_flags;
	__u16 mmio_megabytes;
	__u16 sub_channel_index;
	__u16 reserved;
	__u8 class_data[MOCK_VMBUS_CLASS_DATA];
};

/* Return only when the channel was released (interruptible by signals). */
#define MOCK_VMBUS_RESCIND_WAIT		0x1u

/**
 * struct mock_vmbus_rescind - MOCK_VMBUS_RESCIND
 * @relid: channel, 0 = all of this instance
 * @flags: MOCK_VMBUS_RESCIND_*
 *
 * A second rescind of a channel is dropped (success). Stop your own use of the
 * channel's mapped ring first: it is unmapped when the guest closes.
 */
struct mock_vmbus_rescind {
	__u32 relid;
	__u32 flags;
};

/**
 * struct mock_vmbus_reply - MOCK_VMBUS_REPLY
 * @cookie: from the record
 * @status: 0 = success, other = host status
 * @reserved: 0
 *
 * -ENOENT: nobody waits for it any more (rescind, time limit): no host error.
 */
struct mock_vmbus_reply {
	__u64 cookie;
	__s32 status;
	__u32 reserved;
};

/**
 * struct mock_vmbus_eventfd - MOCK_VMBUS_SET_KICKFD, MOCK_VMBUS_SET_IRQFD
 * @relid: channel
 * @fd: eventfd, or -1 to detach
 *
 * KICKFD: signalled when the guest signals the channel; at once if a kick is
 * already pending. IRQFD: writing it raises the guest's interrupt.
 */
struct mock_vmbus_eventfd {
	__u32 relid;
	__s32 fd;
};

/**
 * struct mock_vmbus_gpadl_info - MOCK_VMBUS_GPADL_INFO
 * @gpadl: handle
 * @relid: out: channel that established it
 * @size: out: bytes
 * @pages: out: number of pages of 4096 bytes
 * @pfns: user pointer to u64[@max_pfns] for page frame numbers, or 0
 * @max_pfns: entries of @pfns; at most min(@max_pfns, @pages) are stored
 * @reserved: 0
 */
struct mock_vmbus_gpadl_info {
	__u32 gpadl;
	__u32 relid;
	__u32 size;
	__u32 pages;
	__u64 pfns;
	__u32 max_pfns;
	__u32 reserved;
};

/* Copy from user buffer to guest (default: guest to user buffer). */
#define MOCK_VMBUS_MEM_WRITE		0x1u

/**
 * struct mock_vmbus_mem_rw - MOCK_VMBUS_MEM_RW
 * @offset: byte offset in the GPADL, in the page list, or guest-physical address
 * @buffer: user pointer
 * @length: bytes
 * @gpadl: handle, or 0
 * @flags: MOCK_VMBUS_MEM_WRITE or 0
 * @pfns: with @gpadl 0: user pointer to u64[@pfn_count], the memory is these
 *	pages in a row; 0 = @offset is a guest-physical address
 * @pfn_count: entries of @pfns
 * @reserved: 0
 *
 * Only the MMIO window and RAM pages that are not reserved can be reached:
 * -EFAULT otherwise, what came before such a page has been copied. -ERANGE, and
 * nothing copied, when the range does not lie inside the GPADL or the list.
 * -ENOENT: no such GPADL.
 */
struct mock_vmbus_mem_rw {
	__u64 offset;
	__u64 buffer;
	__u64 length;
	__u32 gpadl;
	__u32 flags;
	__u64 pfns;
	__u32 pfn_count;
	__u32 reserved;
};

/* RING_SEND: the buffer is a whole packet, descriptor included, as given. */
#define MOCK_VMBUS_RING_RAW		0x1u
/* RING_SEND: do not raise the interrupt even when the rules ask for it. */
#define MOCK_VMBUS_RING_NO_SIGNAL	0x2u
/* RING_SEND: when full, set pending_send_sz so that a KICK tells of room. */
#define MOCK_VMBUS_RING_PENDING		0x4u

/**
 * struct mock_vmbus_ring_io - MOCK_VMBUS_RING_SEND, MOCK_VMBUS_RING_RECV
 * @relid: channel, opened by the guest (-ENOTCONN otherwise)
 * @options: MOCK_VMBUS_RING_*
 * @trans_id: SEND in, RECV out
 * @buffer: user pointer: payload (SEND), room for the payload (RECV)
 * @length: SEND: bytes; RECV in: room, out: payload bytes, a multiple of 8
 * @type: packet type (6 data, 11 completion): SEND in, RECV out
 * @flags: packet flags (1 = completion requested): SEND in, RECV out
 *
 * The module does the host's ring work, so that a host needs no shared memory
 * code. SEND: -EAGAIN when full, -EMSGSIZE when it can never fit. RECV: -EAGAIN
 * when empty (the guest's signal is then re-enabled: wait for KICK), -ENOBUFS
 * when the payload does not fit (@length tells, packet stays), -EIO when the
 * ring or packet is corrupt. One consumer at a time (-EBUSY).
 */
struct mock_vmbus_ring_io {
	__u32 relid;
	__u32 options;
	__u64 trans_id;
	__u64 buffer;
	__u32 length;
	__u16 type;
	__u16 flags;
};

/**
 * struct mock_vmbus_open_data - MOCK_VMBUS_OPEN_DATA
 * @relid: channel, between OPEN and CLOSE
 * @send_size: out: bytes of the guest-to-host ring, header included
 * @recv_size: out: bytes of the host-to-guest ring, header included
 * @target_cpu: out
 * @user_data: out: from the guest's open request, zero padded
 */
struct mock_vmbus_open_data {
	__u32 relid;
	__u32 send_size;
	__u32 recv_size;
	__u32 target_cpu;
	__u8 user_data[MOCK_VMBUS_USER_DATA];
};

/**
 * struct mock_vmbus_pci_add - MOCK_VMBUS_PCI_ADD
 * @fn: out: function id for the other PCI ioctls and events (from 1)
 * @domain: in: PCI domain wanted, or 0 to choose; the function is
 *	<domain>:00:00.0. PCI_ADDED tells the number
 * @image: initial config space
 * @mask: bits that a guest write changes in what is read back
 *
 * Several functions can exist. Created asynchronously: PCI_ADDED follows.
 */
struct mock_vmbus_pci_add {
	__u32 fn;
	__u32 domain;
	__u8 image[MOCK_VMBUS_PCI_CONFIG];
	__u8 mask[MOCK_VMBUS_PCI_CONFIG];
};

/**
 * struct mock_vmbus_pci_set - MOCK_VMBUS_PCI_SET: change what the guest reads
 * @fn: function id
 * @offset: first byte
 * @length: bytes, @offset + @length <= 256
 * @reserved: 0
 * @data: new content
 */
struct mock_vmbus_pci_set {
	__u32 fn;
	__u32 offset;
	__u32 length;
	__u32 reserved;
	__u8 data[MOCK_VMBUS_PCI_CONFIG];
};

/* Wait for the driver's remove. Not from the thread that answers records. */
#define MOCK_VMBUS_PCI_DEL_WAIT		0x1u

/**
 * struct mock_vmbus_pci_del - MOCK_VMBUS_PCI_DEL
 * @fn: function id, 0 = all
 * @flags: MOCK_VMBUS_PCI_DEL_WAIT or 0: PCI_REMOVED tells
 */
struct mock_vmbus_pci_del {
	__u32 fn;
	__u32 flags;
};

/**
 * enum mock_vmbus_site - where a fault can be injected (MOCK_VMBUS_FAULT)
 *
 * @MOCK_VMBUS_SITE_OPEN: value = errno the guest's call returns without asking
 *	the host (11 = EAGAIN); 0 = the host is asked but its answer is ignored
 * @MOCK_VMBUS_SITE_GPADL: the same for vmbus_establish_gpadl
 * @MOCK_VMBUS_SITE_TEARDOWN: the same for vmbus_teardown_gpadl
 * @MOCK_VMBUS_SITE_SEND: vmbus_sendpacket fails; value = EAGAIN, EIO or ENODEV.
 *	ENODEV after the packet was written, as in a race with a rescind
 * @MOCK_VMBUS_SITE_MMIO: vmbus_allocate_mmio fails; value ignored (-ENXIO)
 * @MOCK_VMBUS_SITE_IRQ_DROP: an interrupt to the guest is lost
 * @MOCK_VMBUS_SITE_IRQ_SPURIOUS: a guest send raises an interrupt out of nowhere
 * @MOCK_VMBUS_SITE_IRQ_DELAY: an interrupt comes late; value = milliseconds
 * @MOCK_VMBUS_SITE_KICK_DROP: a guest signal is lost
 * @MOCK_VMBUS_SITE_RESCIND_AT: value = enum mock_vmbus_event or
 *	MOCK_VMBUS_AT_SEND: a rescind of the channel starts when that happens on it,
 *	before the host hears of it; it runs beside the guest code as always
 * @MOCK_VMBUS_SITE_WAKE_ALL: a rescind wakes all waiters of the channel, not only
 *	the first; armed until used up, value ignored
 * @MOCK_VMBUS_SITE_PKT_TAMPER: when the guest's consumer looks at a packet:
 *	value = field << 32 | new value, enum mock_vmbus_tamper
 * @MOCK_VMBUS_SITE_INDEX_CORRUPT: at a guest send (outbound) or when the guest's
 *	consumer starts (inbound): value = enum mock_vmbus_index << 32 | new value
 */
enum mock_vmbus_site {
	MOCK_VMBUS_SITE_OPEN = 1,
	MOCK_VMBUS_SITE_GPADL,
	MOCK_VMBUS_SITE_TEARDOWN,
	MOCK_VMBUS_SITE_SEND,
	MOCK_VMBUS_SITE_MMIO,
	MOCK_VMBUS_SITE_IRQ_DROP,
	MOCK_VMBUS_SITE_IRQ_SPURIOUS,
	MOCK_VMBUS_SITE_IRQ_DELAY,
	MOCK_VMBUS_SITE_KICK_DROP,
	MOCK_VMBUS_SITE_RESCIND_AT,
	MOCK_VMBUS_SITE_WAKE_ALL,
	MOCK_VMBUS_SITE_PKT_TAMPER,
	MOCK_VMBUS_SITE_INDEX_CORRUPT,
	MOCK_VMBUS_SITE_COUNT
};

/* RESCIND_AT: at a guest send, before the packet is written. */
#define MOCK_VMBUS_AT_SEND		0x100u

/* enum mock_vmbus_tamper - field of PKT_TAMPER */
enum mock_vmbus_tamper {
	MOCK_VMBUS_TAMPER_TYPE = 0,
	MOCK_VMBUS_TAMPER_OFFSET8,
	MOCK_VMBUS_TAMPER_LEN8,
	MOCK_VMBUS_TAMPER_FLAGS,
	MOCK_VMBUS_TAMPER_PAYLOAD,	/* first 4 payload bytes */
};

/* enum mock_vmbus_index - index of INDEX_CORRUPT */
enum mock_vmbus_index {
	MOCK_VMBUS_INDEX_IN_WRITE = 0,	/* host-to-guest ring */
	MOCK_VMBUS_INDEX_IN_READ,
	MOCK_VMBUS_INDEX_OUT_WRITE,	/* guest-to-host ring */
	MOCK_VMBUS_INDEX_OUT_READ,
};

/**
 * struct mock_vmbus_fault - MOCK_VMBUS_FAULT
 * @site: enum mock_vmbus_site
 * @relid: channel, 0 = any of this instance
 * @skip: let that many pass first
 * @count: then hit that many; 0 disarms the site for @relid
 * @value: per site
 *
 * Arming a site again for the same relid replaces it. Each hit is counted and
 * reported with a FAULT record.
 */
struct mock_vmbus_fault {
	__u32 site;
	__u32 relid;
	__u32 skip;
	__u32 count;
	__u64 value;
};

/**
 * enum mock_vmbus_check - mistakes of the guest that are counted (STATS) and
 * logged, rate-limited, as "mock_vmbus: GUEST BUG: ..."
 */
enum mock_vmbus_check {
	MOCK_VMBUS_CHECK_RING = 0,	/* trailer, pad bytes or index wrong */
	MOCK_VMBUS_CHECK_NOT_OPEN,	/* sent, received or closed while not opened */
	MOCK_VMBUS_CHECK_GPADL_LEFT,	/* GPADL left at close or release */
	MOCK_VMBUS_CHECK_GPADL_BAD,	/* bad size, alignment or handle */
	MOCK_VMBUS_CHECK_MMIO,		/* MMIO range left, or freed wrongly */
	MOCK_VMBUS_CHECK_STILL_OPEN,	/* channel open when remove returned */
	MOCK_VMBUS_CHECK_COMPLETION_ID,	/* completion requested with id 0 */
	MOCK_VMBUS_CHECK_PACKET,	/* packet flags, type or length impossible */
	MOCK_VMBUS_CHECK_CONTEXT,	/* sleeping call from callback or atomic */
	MOCK_VMBUS_CHECK_OPEN_ARGS,	/* open with impossible arguments */
	MOCK_VMBUS_CHECK_COUNT
};

#define MOCK_VMBUS_STATS_CHECKS		16

/**
 * struct mock_vmbus_stats - MOCK_VMBUS_STATS
 * @relid: channel, 0 = sums of this instance (including released channels)
 * @state: of the channel: 0 offer, 1 opening, 2 offered, 3 opened
 * @interrupts: host-to-guest interrupts delivered
 * @kicks: guest-to-host signals
 * @sent: packets the guest sent
 * @received: packets the guest consumed
 * @full: guest sends refused with -EAGAIN
 * @spurious: interrupts that found an empty ring
 * @unneeded: guest signals that the rules did not ask for
 * @faults: faults hit, always of the whole instance
 * @gpadls: GPADLs established now, ring included
 * @mmio_bytes: MMIO bytes held by guest drivers now
 * @checks: per enum mock_vmbus_check, always of the whole instance; a test
 *	asserts that all are 0
 */
struct mock_vmbus_stats {
	__u32 relid;
	__u32 state;
	__u64 interrupts;
	__u64 kicks;
	__u64 sent;
	__u64 received;
	__u64 full;
	__u64 spurious;
	__u64 unneeded;
	__u64 faults;
	__u64 gpadls;
	__u64 mmio_bytes;
	__u64 checks[MOCK_VMBUS_STATS_CHECKS];
};

/**
 * struct mock_vmbus_settle - MOCK_VMBUS_SETTLE
 * @relid: channel, 0 = all of this instance
 * @timeout_ms: -ETIMEDOUT after this time
 *
 * Returns when no offer, probe, rescind, interrupt or callback is pending. A probe
 * that waits for an answer from the calling thread ends in -ETIMEDOUT.
 */
struct mock_vmbus_settle {
	__u32 relid;
	__u32 timeout_ms;
};

#define MOCK_VMBUS_IOC			0xb5

#define MOCK_VMBUS_GET_INFO	_IOR(MOCK_VMBUS_IOC, 0, struct mock_vmbus_info)
#define MOCK_VMBUS_OFFER	_IOWR(MOCK_VMBUS_IOC, 1, struct mock_vmbus_offer)
#define MOCK_VMBUS_RESCIND	_IOW(MOCK_VMBUS_IOC, 2, struct mock_vmbus_rescind)
#define MOCK_VMBUS_REPLY	_IOW(MOCK_VMBUS_IOC, 3, struct mock_vmbus_reply)
#define MOCK_VMBUS_SET_KICKFD	_IOW(MOCK_VMBUS_IOC, 4, struct mock_vmbus_eventfd)
#define MOCK_VMBUS_SET_IRQFD	_IOW(MOCK_VMBUS_IOC, 5, struct mock_vmbus_eventfd)
/* Argument: the relid itself. Raises the guest's interrupt. */
#define MOCK_VMBUS_IRQ		_IO(MOCK_VMBUS_IOC, 6)
#define MOCK_VMBUS_GPADL_INFO	_IOWR(MOCK_VMBUS_IOC, 7, struct mock_vmbus_gpadl_info)
#define MOCK_VMBUS_MEM_RW	_IOW(MOCK_VMBUS_IOC, 8, struct mock_vmbus_mem_rw)
#define MOCK_VMBUS_RING_SEND	_IOW(MOCK_VMBUS_IOC, 9, struct mock_vmbus_ring_io)
#define MOCK_VMBUS_RING_RECV	_IOWR(MOCK_VMBUS_IOC, 10, struct mock_vmbus_ring_io)
#define MOCK_VMBUS_OPEN_DATA	_IOWR(MOCK_VMBUS_IOC, 11, struct mock_vmbus_open_data)
#define MOCK_VMBUS_PCI_ADD	_IOWR(MOCK_VMBUS_IOC, 12, struct mock_vmbus_pci_add)
#define MOCK_VMBUS_PCI_SET	_IOW(MOCK_VMBUS_IOC, 13, struct mock_vmbus_pci_set)
#define MOCK_VMBUS_PCI_DEL	_IOW(MOCK_VMBUS_IOC, 14, struct mock_vmbus_pci_del)
#define MOCK_VMBUS_FAULT	_IOW(MOCK_VMBUS_IOC, 15, struct mock_vmbus_fault)
#define MOCK_VMBUS_STATS	_IOWR(MOCK_VMBUS_IOC, 16, struct mock_vmbus_stats)
#define MOCK_VMBUS_SETTLE	_IOW(MOCK_VMBUS_IOC, 17, struct mock_vmbus_settle)

/* ------------------------------------------------------------- mmap regions */

/*
 * Offset of mmap(): bits 63..60 region. Mappings must be MAP_SHARED. Pages of a
 * ring or GPADL that the guest gave up give SIGBUS. Mapping a ring's data pages
 * twice in a row with MAP_FIXED gives a view without wrap.
 *
 * Region 0: both rings of a channel as one block, in the order of the ring GPADL:
 *	   guest-to-host header page and data, then host-to-guest header and data.
 * Region 1: the MMIO window, offset 0 = window_base.
 * Region 2: the pages of a GPADL.
 */
#define MOCK_VMBUS_MMAP_REGION_SHIFT	60
#define MOCK_VMBUS_MMAP_RINGS		0
#define MOCK_VMBUS_MMAP_WINDOW		1
#define MOCK_VMBUS_MMAP_GPADL		2

#define MOCK_VMBUS_MMAP_RELID_SHIFT	24
#define MOCK_VMBUS_MMAP_GPADL_SHIFT	28

/* mmap offset of the rings of channel @relid. */
#define MOCK_VMBUS_RING_OFFSET(relid) \
	((__u64)(relid) << MOCK_VMBUS_MMAP_RELID_SHIFT)
/* mmap offset of the MMIO window. */
#define MOCK_VMBUS_WINDOW_OFFSET \
	((__u64)MOCK_VMBUS_MMAP_WINDOW << MOCK_VMBUS_MMAP_REGION_SHIFT)
/* mmap offset of the pages of GPADL @handle. */
#define MOCK_VMBUS_GPADL_OFFSET(handle) \
	(((__u64)MOCK_VMBUS_MMAP_GPADL << MOCK_VMBUS_MMAP_REGION_SHIFT) | \
	 ((__u64)(handle) << MOCK_VMBUS_MMAP_GPADL_SHIFT))

#endif /* MOCK_VMBUS_UAPI_H */
