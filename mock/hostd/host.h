/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Interface between the protocol engine of the mock host and its transport.
 *
 * The engine plays the GPU paravirtualisation host: it answers the guest's
 * messages, owns every host object and runs the software GPU.  It knows
 * nothing of VMBus; packets, rings, GPADLs, guest pages and the I/O space
 * reach it through struct host_ops.
 *
 * Threads: every entry point may be called from any thread.  The engine has
 * one lock, taken inside each entry point and held while it calls the ops,
 * so an op must neither call back into the engine nor wait for the guest.
 */
#ifndef DXG_MOCK_HOST_H
#define DXG_MOCK_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define HOST_PAGE_SIZE		4096u
#define HOST_PAGE_SHIFT		12
#define HOST_MAX_ADAPTERS	16u
#define HOST_MAX_MESSAGE	131072u

/* Channel numbers: adapters count from 0 in the order of the configuration. */
#define HOST_CHANNEL_GLOBAL	(-1)
/* Not the engine's: dynamic memory, see dm_host.h. */
#define HOST_CHANNEL_DM		((int)HOST_MAX_ADAPTERS)

struct host;

/**
 * enum host_personality - how an adapter behaves
 * @HOST_RENDER: hardware adapter with hardware scheduling
 * @HOST_COMPUTE_ONLY: the same, offered as compute accelerator
 * @HOST_NO_HWSCH: no hardware scheduling; CREATEHWQUEUE is refused
 * @HOST_SOFTWARE: answers the ids of a software adapter (1414:0088)
 * @HOST_SLOW: paging operations and submissions complete after a delay
 * @HOST_LOSSY: its channel is withdrawn at a chosen message
 * @HOST_HOSTILE: hardware adapter whose replies are not to be trusted; the
 *	engine is honest, the relay is not
 */
enum host_personality {
	HOST_RENDER,
	HOST_COMPUTE_ONLY,
	HOST_NO_HWSCH,
	HOST_SOFTWARE,
	HOST_SLOW,
	HOST_LOSSY,
	HOST_HOSTILE,
};

/* Any message: value of host_adapter_config.lose_command. */
#define HOST_ANY_COMMAND	UINT32_MAX

/**
 * struct host_luid - locally unique id, as in struct winluid
 * @a: low part
 * @b: high part
 */
struct host_luid {
	uint32_t a;
	uint32_t b;
};

/**
 * struct host_adapter_config - one virtual GPU
 * @instance: instance GUID of its channel in memory order; the first 8 bytes
 *	are the adapter LUID that the guest's user space sees
 * @vgpu_luid: LUID used in the extended header and in PCI config space
 * @adapter_luid: LUID of the adapter on the host
 * @personality: behaviour
 * @compute_only: the channel is offered on the compute accelerator function
 * @async_msg: report async_msg_enabled (only when the version is >= 40)
 * @map_guest_memory: existing memory arrives as page lists, not as a GPADL
 * @display: it drives one, so that there are periodic fences
 * @local_bytes: size of the local memory segment
 * @system_bytes: size of the system memory segment
 * @local_budget: bytes of local memory one guest may have resident
 * @paging_delay_us: time a paging operation takes, microseconds
 * @submit_delay_us: time a submission waits before it runs, microseconds
 * @lose_at: HOST_LOSSY: the channel goes at this one of the messages, from 1
 * @lose_command: which messages are counted, HOST_ANY_COMMAND for all
 * @description: adapter name in UTF-8, at most 79 characters
 *
 * host_adapter_defaults() fills all of it.
 */
struct host_adapter_config {
	uint8_t instance[16];
	struct host_luid vgpu_luid;
	struct host_luid adapter_luid;
	enum host_personality personality;
	bool compute_only;
	bool async_msg;
	bool map_guest_memory;
	bool display;
	uint64_t local_bytes;
	uint64_t system_bytes;
	uint64_t local_budget;
	uint32_t paging_delay_us;
	uint32_t submit_delay_us;
	uint32_t lose_at;
	uint32_t lose_command;
	char description[80];
};

/**
 * struct host_config - a whole host
 * @interface_version: newest GPU-PV interface version the host speaks
 * @seed: what HOST_HOSTILE adapters do
 * @pack_views: what is placed in the I/O space shares pages of the guest
 * @adapter_count: entries of @adapters in use
 * @adapters: the adapters; the index is the channel number
 */
struct host_config {
	uint32_t interface_version;
	uint32_t seed;
	bool pack_views;
	unsigned int adapter_count;
	struct host_adapter_config adapters[HOST_MAX_ADAPTERS];
};

/**
 * struct host_ops - what the engine needs from the transport
 * @complete: answer a request.  @channel and @trans_id are those of
 *	host_message(), @command is its command number (0.. for adapter
 *	commands, 1000.. for global ones), so that the transport can hold,
 *	drop or alter replies.  @buf is only valid during the call.  Called
 *	once for each message that wanted a completion, in the thread of
 *	host_message() or, for replies that take time, in one of the engine.
 *	A full ring is the transport's to wait for, in another thread.
 * @event: send a host-to-guest message (complete payload with header) on the
 *	global channel; @command is one of enum dxgkvmb_commandtype_host_to_vm
 * @guest_read: copy @len bytes out of guest memory; @pfns lists the 4 KiB
 *	guest page frames of a virtually contiguous range, @offset counts from
 *	the start of the first one and may exceed a page.  0 or -errno.
 * @guest_write: the same in the other direction
 * @gpadl_pages: page frames behind a GPADL of the global channel, in order;
 *	*@pfns is allocated with malloc() and becomes the engine's.  Returns
 *	the number of pages or -errno
 * @window: host address of the guest physical range [@start, @start+@length)
 *	announced by SETIOSPACEREGION, or NULL when it is not the MMIO window
 *	of this VM.  It stays mapped until the global channel is closed
 * @violation: optional: text of a protocol violation as it is counted
 */
struct host_ops {
	void (*complete)(void *ctx, int channel, uint64_t trans_id,
			 uint32_t command, const void *buf, size_t len);
	void (*event)(void *ctx, uint32_t command, const void *buf, size_t len);
	int (*guest_read)(void *ctx, const uint64_t *pfns, uint64_t offset,
			  void *buf, size_t len);
	int (*guest_write)(void *ctx, const uint64_t *pfns, uint64_t offset,
			   const void *buf, size_t len);
	long (*gpadl_pages)(void *ctx, uint32_t gpadl, uint64_t **pfns);
	void *(*window)(void *ctx, uint64_t start, uint64_t length);
	void (*violation)(void *ctx, const char *text);
};

/* Configuration (host.c, adapter.c) */

bool host_personality_parse(const char *name, enum host_personality *out);
const char *host_personality_name(enum host_personality personality);
void host_adapter_defaults(struct host_adapter_config *config,
			   unsigned int index, enum host_personality personality);

struct host *host_create(const struct host_config *config,
			 const struct host_ops *ops, void *ops_ctx);
void host_destroy(struct host *host);

/* Messages and life of the channels (host.c) */

void host_message(struct host *host, int channel, uint64_t trans_id,
		  bool wants_completion, const void *payload, size_t len);
void host_channel_opened(struct host *host, int channel);
void host_channel_closed(struct host *host, int channel);
void host_reset(struct host *host);
void host_guest_version(struct host *host, int channel, uint32_t version);
void host_gpadl_torn_down(struct host *host, uint32_t gpadl);

const char *host_command_name(uint32_t command);

/* Deliberate behaviour for tests (host.c) */

void host_refuse(struct host *host, uint32_t command, unsigned int skip,
		 unsigned int count, int32_t status);
int host_device_error(struct host *host, unsigned int adapter, uint32_t state);
int host_set_delays(struct host *host, unsigned int adapter,
		    uint32_t paging_us, uint32_t submit_us);
int host_vertical_blank(struct host *host, unsigned int adapter,
			uint32_t count);

/* Ledger (ledger.c) */

/**
 * struct host_alive - live host objects and misbehaviour seen so far
 * @processes: guest processes, CREATEPROCESS to DESTROYPROCESS
 * @devices: devices
 * @contexts: contexts
 * @hw_queues: hardware queues
 * @paging_queues: paging queues
 * @allocations: allocations
 * @resources: resources
 * @sync_objects: sync object handles, paging and progress fences not counted
 * @shared_handles: NT shared handles
 * @locks: LOCK2 without its UNLOCK2
 * @cpu_waits: WAITFORSYNCOBJECTFROMCPU not signalled yet
 * @page_lists: allocations with a guest page list
 * @gpadls: allocations with a guest GPADL
 * @window_pages: pages of the I/O space in use
 * @open_adapters: OPENADAPTER without CLOSEADAPTER
 * @double_destroys: destroy of a handle that was destroyed before
 * @violations: all other protocol violations
 */
struct host_alive {
	unsigned int processes;
	unsigned int devices;
	unsigned int contexts;
	unsigned int hw_queues;
	unsigned int paging_queues;
	unsigned int allocations;
	unsigned int resources;
	unsigned int sync_objects;
	unsigned int shared_handles;
	unsigned int locks;
	unsigned int cpu_waits;
	unsigned int page_lists;
	unsigned int gpadls;
	unsigned int window_pages;
	unsigned int open_adapters;
	uint64_t double_destroys;
	uint64_t violations;
};

void host_alive(struct host *host, struct host_alive *alive);
bool host_nothing_alive(const struct host_alive *alive);
void host_alive_json(struct host *host, FILE *out);
void host_forget_violations(struct host *host);
void host_count_violation(struct host *host, const char *text);

#endif /* DXG_MOCK_HOST_H */
