// SPDX-License-Identifier: GPL-2.0
/*
 * The event thread: what the guest does to channels, GPADLs and PCI functions.
 * See bus.h. It answers each record at once and waits for nobody but a consumer
 * thread that it ends.
 */
#include "bus_internal.h"

#include "dxg_host_protocol.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RECORDS_AT_ONCE		32

static struct channel *find_relid(struct bus *bus, uint32_t relid)
{
	struct channel *found = NULL;
	unsigned int i;

	pthread_mutex_lock(&bus->lock);
	for (i = 0; relid && i < BUS_CHANNELS; i++)
		if (bus->channels[i].relid == relid)
			found = &bus->channels[i];
	pthread_mutex_unlock(&bus->lock);
	return found;
}

/* Adapter of a PCI function, -1 when it is none of ours. */
static int find_pci(struct bus *bus, uint32_t fn)
{
	int found = -1;
	unsigned int i;

	pthread_mutex_lock(&bus->lock);
	for (i = 0; fn && i < HOST_MAX_ADAPTERS; i++)
		if (bus->pci[i] == fn)
			found = i;
	pthread_mutex_unlock(&bus->lock);
	return found;
}

static int reply(struct bus *bus, uint64_t cookie, int status)
{
	struct mock_vmbus_reply arg = { .cookie = cookie, .status = status };

	return cookie ? bus_call(bus, MOCK_VMBUS_REPLY, &arg) : 0;
}

static void on_open(struct bus *bus, struct channel *ch,
		    const struct mock_vmbus_record *r)
{
	int err = -ENODEV;

	if (ch) {
		/* A guest that opens twice has closed in between. */
		bus_shut_channel(bus, ch);
		bus->cb.opened(bus->ctx, ch->number);
		err = channel_open(ch, bus->fd, r->size, r->arg[0]);
		if (err)
			bus->cb.closed(bus->ctx, ch->number);
		else
			bus->cb.ready(bus->ctx, ch->number);
		bus_note(bus, ch->number, "open",
			 err ? strerror(-err) : NULL);
	}
	if (reply(bus, r->cookie, err) && ch)
		bus_shut_channel(bus, ch);
}

static void on_close(struct bus *bus, struct channel *ch,
		     const struct mock_vmbus_record *r)
{
	if (ch && ch->open)
		bus->cb.closing(bus->ctx, ch->number);
	if (ch)
		bus_shut_channel(bus, ch);
	reply(bus, r->cookie, 0);
}

static void on_gpadl(struct bus *bus, struct channel *ch,
		     const struct mock_vmbus_record *r)
{
	char detail[64];

	if (ch && !r->arg[1]) {
		snprintf(detail, sizeof(detail), "0x%x, %u bytes", r->gpadl,
			 r->size);
		bus_note(bus, ch->number, "gpadl", detail);
	}
	reply(bus, r->cookie, 0);
}

static void on_teardown(struct bus *bus, struct channel *ch,
			const struct mock_vmbus_record *r)
{
	char detail[64];

	if (ch && ch->open) {
		snprintf(detail, sizeof(detail), "0x%x", r->gpadl);
		bus_note(bus, ch->number, "gpadl teardown", detail);
		bus->cb.gpadl_gone(bus->ctx, r->gpadl);
	}
	reply(bus, r->cookie, 0);
}

static void on_released(struct bus *bus, struct channel *ch)
{
	if (!ch)
		return;
	bus_shut_channel(bus, ch);
	pthread_mutex_lock(&bus->lock);
	ch->relid = 0;
	pthread_mutex_unlock(&bus->lock);
	bus_note(bus, ch->number, "released", NULL);
}

static void on_pci_write(struct bus *bus, const struct mock_vmbus_record *r)
{
	int adapter = find_pci(bus, r->gpadl);
	char detail[64];

	if (adapter < 0 || r->arg[0] < DXGK_VMBUS_CHANNEL_ID_OFFSET)
		return;
	snprintf(detail, sizeof(detail), "offset %llu width %llu value 0x%llx",
		 (unsigned long long)r->arg[0], (unsigned long long)r->arg[1],
		 (unsigned long long)r->arg[2]);
	bus_note(bus, adapter, "pci write", detail);
	bus->cb.pci_write(bus->ctx, adapter, r->arg[0], r->arg[2]);
}

static void on_pci_removed(struct bus *bus, const struct mock_vmbus_record *r)
{
	int adapter = find_pci(bus, r->gpadl);

	if (adapter < 0)
		return;
	pthread_mutex_lock(&bus->lock);
	bus->pci[adapter] = 0;
	pthread_mutex_unlock(&bus->lock);
	bus_note(bus, adapter, "pci removed", NULL);
}

/* Events that only matter to whoever reads the trace. */
static void on_other(struct bus *bus, struct channel *ch,
		     const struct mock_vmbus_record *r)
{
	int number = ch ? ch->number : HOST_CHANNEL_GLOBAL;
	char detail[96];

	switch (r->type) {
	case MOCK_VMBUS_EV_PROBE_DONE:
		snprintf(detail, sizeof(detail), "%.32s: %d", r->name,
			 r->status);
		bus_note(bus, number, "probed", detail);
		break;
	case MOCK_VMBUS_EV_REMOVED:
		snprintf(detail, sizeof(detail), "%.32s", r->name);
		bus_note(bus, number, "driver removed", detail);
		break;
	case MOCK_VMBUS_EV_MMIO_ALLOC:
	case MOCK_VMBUS_EV_MMIO_FREE:
		snprintf(detail, sizeof(detail), "0x%llx, %llu bytes",
			 (unsigned long long)r->arg[0],
			 (unsigned long long)r->arg[1]);
		bus_note(bus, number, r->type == MOCK_VMBUS_EV_MMIO_ALLOC ?
			 "mmio alloc" : "mmio free", detail);
		break;
	case MOCK_VMBUS_EV_FAULT:
		snprintf(detail, sizeof(detail), "site %u, %llu left", r->gpadl,
			 (unsigned long long)r->arg[1]);
		bus_note(bus, number, "fault hit", detail);
		break;
	case MOCK_VMBUS_EV_BROKEN:
		snprintf(detail, sizeof(detail), "reason %llu",
			 (unsigned long long)r->arg[0]);
		bus_note(bus, HOST_CHANNEL_GLOBAL, "bus broken", detail);
		fprintf(stderr, "dxg-mock-host: bus broken, %s\n", detail);
		break;
	default:
		break;
	}
}

static void handle(struct bus *bus, const struct mock_vmbus_record *r)
{
	struct channel *ch = find_relid(bus, r->relid);

	switch (r->type) {
	case MOCK_VMBUS_EV_OPEN:
		on_open(bus, ch, r);
		break;
	case MOCK_VMBUS_EV_CLOSE:
		on_close(bus, ch, r);
		break;
	case MOCK_VMBUS_EV_GPADL:
		on_gpadl(bus, ch, r);
		break;
	case MOCK_VMBUS_EV_TEARDOWN:
		on_teardown(bus, ch, r);
		break;
	case MOCK_VMBUS_EV_RELID_RELEASED:
		on_released(bus, ch);
		break;
	case MOCK_VMBUS_EV_PCI_WRITE:
		on_pci_write(bus, r);
		break;
	case MOCK_VMBUS_EV_PCI_REMOVED:
		on_pci_removed(bus, r);
		break;
	default:
		on_other(bus, ch, r);
		break;
	}
}

/**
 * bus_event_loop() - body of the event thread
 * @arg: bus
 *
 * Return: NULL, when stopped or when the device is gone.
 */
void *bus_event_loop(void *arg)
{
	struct bus *bus = arg;
	struct mock_vmbus_record records[RECORDS_AT_ONCE];
	struct pollfd fds[] = {
		{ .fd = bus->fd, .events = POLLIN },
		{ .fd = bus->stopfd, .events = POLLIN },
	};

	for (;;) {
		ssize_t n, i;
		bool again;

		poll(fds, 2, -1);
		if (fds[1].revents)
			return NULL;
		pthread_mutex_lock(&bus->handling);
		n = read(bus->fd, records, sizeof(records));
		again = n < 0 && (errno == EAGAIN || errno == EINTR);
		for (i = 0; i < n / (ssize_t)sizeof(records[0]); i++)
			handle(bus, &records[i]);
		pthread_mutex_unlock(&bus->handling);
		if (!again && n < (ssize_t)sizeof(records[0]))
			return NULL;
	}
}
