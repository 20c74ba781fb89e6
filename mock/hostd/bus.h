/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Host end of VMBus over /dev/mock_vmbus.
 *
 * bus.c owns the device file and the table of channels, bus_events.c the event
 * thread, guest_memory.c the ways into guest memory; channel.c owns what exists
 * while a channel is open: mapped rings, eventfds, consumer thread, queue of
 * packets that wait for room. None looks into a payload.
 *
 * Threads: the event thread reads records and answers them, and never waits for
 * the guest. Each open channel has a consumer thread. Everything else may be
 * called from any thread.
 * Locks: channel.lock (innermost, except for stdio). bus.lock protects the
 * numbers in the channel and PCI tables and is not held across a callback.
 */
#ifndef HOSTD_BUS_H
#define HOSTD_BUS_H

#include "host.h"
#include "ring.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Adapters, the global channel, dynamic memory. */
#define BUS_CHANNELS		(HOST_MAX_ADAPTERS + 2)

struct bus;
struct channel_packet;
struct mock_vmbus_stats;

/**
 * struct bus_callbacks - what happens on the bus
 * @opened: the guest opened a channel; runs before the guest is told so
 * @ready: its rings can be used; runs before the guest is told so
 * @closing: the guest closed it, the rings still exist
 * @closed: the guest closed it, or it was withdrawn; its consumer has ended
 * @packet: a packet arrived; runs in the channel's consumer thread, the packet
 *	is only valid during the call
 * @pci_write: the guest wrote config space of an adapter's function
 * @gpadl_gone: the guest takes a GPADL back; runs before the guest is told that
 *	it may reuse the pages
 * @note: anything worth a line in the trace; @detail may be NULL
 *
 * All but @packet and @note run in the event thread. None may wait for the
 * guest or call bus_stop().
 */
struct bus_callbacks {
	void (*opened)(void *ctx, int channel);
	void (*ready)(void *ctx, int channel);
	void (*closing)(void *ctx, int channel);
	void (*closed)(void *ctx, int channel);
	void (*packet)(void *ctx, int channel, const struct ring_packet *pkt);
	void (*pci_write)(void *ctx, int adapter, uint32_t offset,
			  uint32_t value);
	void (*gpadl_gone)(void *ctx, uint32_t gpadl);
	void (*note)(void *ctx, int channel, const char *what,
		     const char *detail);
};

/**
 * struct bus_offer - one channel offer
 * @type: class GUID, memory order
 * @instance: instance GUID, memory order
 * @mmio_megabytes: I/O space the guest should provide
 */
struct bus_offer {
	uint8_t type[16];
	uint8_t instance[16];
	uint16_t mmio_megabytes;
};

/**
 * struct channel - one channel, offered or not
 * @bus: owner
 * @number: HOST_CHANNEL_GLOBAL or adapter index
 * @relid: channel number while offered, else 0 (bus.lock)
 * @lock: protects all below, except what the consumer thread alone uses
 * @open: the rings exist
 * @stopping: the consumer shall end
 * @stalled: the consumer shall not take packets
 * @withdrawn: rescinded; the guest hears and says nothing more
 * @corrupt: the guest damaged a ring; nothing more is read or written
 * @taken: packets that were taken and handled
 * @asked: times that somebody wanted to know that nothing is left to take
 * @answered: value of @asked when that was so last
 * @in: guest-to-host ring (consumer thread)
 * @out: host-to-guest ring
 * @map: both rings
 * @map_size: bytes of @map
 * @kickfd: guest signals us
 * @irqfd: we signal the guest
 * @wakefd: somebody in this program wants the consumer's attention
 * @thread: consumer
 * @queue: packets that wait for room, oldest first
 * @queue_end: where the next one is linked
 * @queued: entries of @queue
 */
struct channel {
	struct bus *bus;
	int number;
	uint32_t relid;

	pthread_mutex_t lock;
	bool open;
	bool stopping;
	bool stalled;
	bool withdrawn;
	bool corrupt;
	uint64_t taken;
	unsigned int asked;
	unsigned int answered;
	struct ring in;
	struct ring out;
	void *map;
	size_t map_size;
	int kickfd;
	int irqfd;
	int wakefd;
	pthread_t thread;
	struct channel_packet *queue;
	struct channel_packet **queue_end;
	unsigned int queued;
};

/* bus.c */

struct bus *bus_open(const char *path, const struct bus_callbacks *callbacks,
		     void *ctx);
int bus_start(struct bus *bus);
void bus_stop(struct bus *bus);
void bus_close(struct bus *bus);

int bus_offer(struct bus *bus, int channel, const struct bus_offer *offer);
void bus_catch_up(struct bus *bus, int channel);
void bus_mute(struct bus *bus, int channel);
int bus_rescind(struct bus *bus, int channel);
int bus_pci_add(struct bus *bus, unsigned int adapter, const uint8_t *image,
		const uint8_t *mask);
int bus_pci_del(struct bus *bus, unsigned int adapter);
bool bus_is_offered(struct bus *bus, int channel);
int bus_settle(struct bus *bus, unsigned int timeout_ms);
int bus_fault(struct bus *bus, int channel, uint32_t site, uint32_t skip,
	      uint32_t count, uint64_t value);
int bus_stats(struct bus *bus, int channel, struct mock_vmbus_stats *stats);

void bus_send(struct bus *bus, int channel, uint16_t type, uint64_t trans_id,
	      const void *buf, size_t len);
int bus_queued(struct bus *bus, int channel);
int bus_stall(struct bus *bus, int channel, bool stalled);

/* guest_memory.c */

int bus_guest_copy(struct bus *bus, const uint64_t *pfns, uint64_t offset,
		   void *buf, size_t len, bool write);
long bus_gpadl_pages(struct bus *bus, uint32_t gpadl, uint64_t **pfns);
void *bus_window(struct bus *bus, uint64_t start, uint64_t length);
uint64_t bus_window_size(struct bus *bus);

/* channel.c, for bus.c only */

void channel_init(struct channel *ch, struct bus *bus, int number);
void channel_destroy(struct channel *ch);
int channel_open(struct channel *ch, int fd, size_t size, size_t out_offset);
void channel_close(struct channel *ch);
void channel_send(struct channel *ch, uint16_t type, uint64_t trans_id,
		  const void *buf, size_t len);
int channel_queued(struct channel *ch);
unsigned int channel_ask(struct channel *ch);
bool channel_answered(struct channel *ch, unsigned int ticket);
bool channel_stopping(struct channel *ch);
uint64_t channel_taken(const struct channel *ch);
void channel_stall(struct channel *ch, bool stalled);
void channel_withdraw(struct channel *ch);
int channel_catch_sigbus(void);

/* bus.c, for channel.c only */

void bus_packet(struct bus *bus, int channel, const struct ring_packet *pkt);
void bus_note(struct bus *bus, int channel, const char *what,
	      const char *detail);

#endif /* HOSTD_BUS_H */
