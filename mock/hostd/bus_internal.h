/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inside of the bus, for bus.c, bus_events.c and guest_memory.c only.
 */
#ifndef HOSTD_BUS_INTERNAL_H
#define HOSTD_BUS_INTERNAL_H

#include "bus.h"

#include "mock_vmbus_uapi.h"

/**
 * struct bus - the host end of one VM's VMBus
 * @fd: /dev/mock_vmbus
 * @stopfd: ends the event thread
 * @cb: what to tell whom
 * @ctx: argument of @cb
 * @events: event thread
 * @running: @events exists
 * @lock: protects @pci and the relids of @channels
 * @handling: held by the event thread from reading events to having handled
 *	them; outermost
 * @channels: by number - HOST_CHANNEL_GLOBAL
 * @pci: function id of each adapter, 0 for none
 * @info: as the module reported it
 * @window: MMIO window, mapped
 */
struct bus {
	int fd;
	int stopfd;
	struct bus_callbacks cb;
	void *ctx;
	pthread_t events;
	bool running;
	pthread_mutex_t lock;
	pthread_mutex_t handling;
	struct channel channels[BUS_CHANNELS];
	uint32_t pci[HOST_MAX_ADAPTERS];
	struct mock_vmbus_info info;
	uint8_t *window;
};

int bus_call(struct bus *bus, unsigned long request, void *arg);
uint32_t bus_relid(struct bus *bus, int channel);
void bus_shut_channel(struct bus *bus, struct channel *ch);
void *bus_event_loop(void *arg);

#endif /* HOSTD_BUS_INTERNAL_H */
