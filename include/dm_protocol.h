/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Dynamic-memory protocol: messages between a Hyper-V guest's balloon driver and
 * its host, inside VMBus packets. Shared by the driver (kernel) and the mock host
 * (user space); it holds no code. docs/dynamic-memory.md explains the protocol.
 *
 * Everything is little-endian and packed by nature. Pages are always 4 KiB.
 * Names with a prefix of their own, because kernels differ in what they call
 * these. Lengths, counts and pages that arrive from the other side are untrusted.
 */
#ifndef _DM_PROTOCOL_H
#define _DM_PROTOCOL_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
#endif

/* Device class 525074dc-8985-46e2-8057-a307dc18a502, bytes in memory order. */
#define DM_GUID_BYTES							\
	{ 0xdc, 0x74, 0x50, 0x52, 0x85, 0x89, 0xe2, 0x46,		\
	  0x80, 0x57, 0xa3, 0x07, 0xdc, 0x18, 0xa5, 0x02 }

#define DM_PAGE_SIZE		4096u
/* Longest message in either direction, bytes. */
#define DM_MAX_MESSAGE		4096u
/* Bytes of one ring direction without its header page. */
#define DM_RING_DATA		16384u
/* What the guest asks the bus to hand over in one piece, descriptor included. */
#define DM_MAX_PACKET		8192u

/* Versions: major number in the upper half, minor in the lower. */
#define DM_VERSION_0_3		0x00000003u
#define DM_VERSION_1_0		0x00010000u
#define DM_VERSION_2_0		0x00020000u

/* enum dm_type - dm_header.type */
enum dm_type {
	DM_TYPE_ERROR = 0,
	DM_TYPE_VERSION_REQUEST = 1,
	DM_TYPE_VERSION_RESPONSE = 2,
	DM_TYPE_CAPS_REPORT = 3,
	DM_TYPE_CAPS_RESPONSE = 4,
	DM_TYPE_STATUS_REPORT = 5,
	DM_TYPE_BALLOON_REQUEST = 6,
	DM_TYPE_BALLOON_RESPONSE = 7,
	DM_TYPE_UNBALLOON_REQUEST = 8,
	DM_TYPE_UNBALLOON_RESPONSE = 9,
	DM_TYPE_HOT_ADD_REQUEST = 10,
	DM_TYPE_HOT_ADD_RESPONSE = 11,
	DM_TYPE_INFO = 12,
	DM_TYPE_HOT_REMOVE_REQUEST = 13,
	DM_TYPE_HOT_REMOVE_RESPONSE = 14,
};

/**
 * struct dm_header - starts every message
 * @type: enum dm_type
 * @size: bytes of the message, header included
 * @trans_id: guest: counts its messages; host: counts its transactions
 */
struct dm_header {
	u16 type;
	u16 size;
	u32 trans_id;
};

/**
 * struct dm_range - pages that follow each other
 * @word: bits 0 to 39 first page, bits 40 to 63 number of pages
 */
struct dm_range {
	u64 word;
};

#define DM_RANGE_START_BITS	40
#define DM_RANGE_MAX_COUNT	0xffffffu

#define dm_range_start(range)						\
	((range).word & ((1ull << DM_RANGE_START_BITS) - 1))
#define dm_range_count(range)	((range).word >> DM_RANGE_START_BITS)
#define dm_range_make(start, count)					\
	((struct dm_range){ ((u64)(count) << DM_RANGE_START_BITS) | (start) })

/**
 * struct dm_version_request - guest: let us speak this version
 * @hdr: header
 * @version: DM_VERSION_*
 * @flags: DM_VERSION_LAST: there will be no other proposal
 */
struct dm_version_request {
	struct dm_header hdr;
	u32 version;
	u32 flags;
};

#define DM_VERSION_LAST		0x1u

/**
 * struct dm_response - answers to version and capabilities
 * @hdr: header
 * @flags: DM_RESPONSE_*
 */
struct dm_response {
	struct dm_header hdr;
	u64 flags;
};

#define DM_RESPONSE_ACCEPTED	0x1ull
/* Answer to capabilities only: the host does hot-remove; it wants no status. */
#define DM_RESPONSE_HOT_REMOVE	0x2ull
#define DM_RESPONSE_NO_STATUS	0x4ull

/**
 * struct dm_caps_report - guest: what it can do
 * @hdr: header
 * @caps: DM_CAPS_*
 * @min_pages: 0; the host ignores it
 * @max_page: all ones; the host ignores it
 */
struct dm_caps_report {
	struct dm_header hdr;
	u64 caps;
	u64 min_pages;
	u64 max_page;
};

#define DM_CAPS_BALLOON		0x1ull
#define DM_CAPS_HOT_ADD		0x2ull
/* Binary logarithm of the alignment of hot-added memory in MiB. */
#define DM_CAPS_ALIGN_SHIFT	2
#define DM_CAPS_ALIGN_MASK	0x3cull

/**
 * struct dm_status - guest: how its memory is, no answer
 * @hdr: header
 * @available: pages that can be had without swapping
 * @committed: pages promised to programs; the host's measure of pressure
 * @page_file_size: 0
 * @zero_free: 0
 * @page_file_writes: 0
 * @io_diff: 0
 */
struct dm_status {
	struct dm_header hdr;
	u64 available;
	u64 committed;
	u64 page_file_size;
	u64 zero_free;
	u32 page_file_writes;
	u32 io_diff;
};

/**
 * struct dm_balloon_request - host: give me pages
 * @hdr: header
 * @pages: how many at most
 * @reserved: 0
 */
struct dm_balloon_request {
	struct dm_header hdr;
	u32 pages;
	u32 reserved;
};

/**
 * struct dm_balloon_response - guest: these are yours
 * @hdr: header
 * @reserved: 0
 * @count: bit 0: another response of this transaction follows; bits 1 to 31:
 *	entries of @ranges
 * @ranges: pages
 */
struct dm_balloon_response {
	struct dm_header hdr;
	u32 reserved;
	u32 count;
	struct dm_range ranges[];
};

/**
 * struct dm_unballoon_request - host: have these back
 * @hdr: header
 * @flags: bit 0: another request of this transaction follows
 * @count: entries of @ranges; not laid out as in struct dm_balloon_response
 * @ranges: pages, in any pieces
 */
struct dm_unballoon_request {
	struct dm_header hdr;
	u32 flags;
	u32 count;
	struct dm_range ranges[];
};

#define DM_MORE			0x1u
#define DM_COUNT_SHIFT		1
#define DM_MAX_RANGES							\
	((DM_MAX_MESSAGE - sizeof(struct dm_balloon_response)) /	\
	 sizeof(struct dm_range))

/**
 * struct dm_hot_add_request - host: here is more memory
 * @hdr: header; a size of DM_HOT_ADD_PLAIN: the message has no @region
 * @range: pages that are backed
 * @region: pages to reserve for it; memory blocks of the guest
 */
struct dm_hot_add_request {
	struct dm_header hdr;
	struct dm_range range;
	struct dm_range region;
};

#define DM_HOT_ADD_PLAIN	16u

/**
 * struct dm_hot_add_response - guest: this much was added
 * @hdr: header
 * @pages: pages in use now
 * @result: 0: nothing now, try later; 1: done, or with 0 pages: never ask again
 */
struct dm_hot_add_response {
	struct dm_header hdr;
	u32 pages;
	u32 result;
};

/**
 * struct dm_info - host: a fact
 * @hdr: header
 * @reserved: ignored
 * @size: bytes from @type on
 * @type: enum dm_info_type
 * @data_size: bytes of @data
 * @data: depends on @type
 */
struct dm_info {
	struct dm_header hdr;
	u32 reserved;
	u32 size;
	u32 type;
	u32 data_size;
	u8 data[];
};

/* Data: u64, the largest number of pages this VM can have. */
#define DM_INFO_MAX_PAGES	0u

#endif /* _DM_PROTOCOL_H */
