// SPDX-License-Identifier: GPL-2.0
/*
 * The bus: device file, channel and PCI tables, what we ask of the module.
 * See bus.h.
 */
#include "bus_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define SETTLE_ROUNDS	16u

static struct channel *channel_of(struct bus *bus, int number)
{
	return &bus->channels[number - HOST_CHANNEL_GLOBAL];
}

static bool channel_exists(int number)
{
	return number >= HOST_CHANNEL_GLOBAL && number <= HOST_CHANNEL_DM;
}

/**
 * bus_relid() - number of a channel on the bus
 * @bus: bus
 * @number: HOST_CHANNEL_GLOBAL or adapter index, or anything else
 *
 * Return: number, 0 while it is not offered.
 */
uint32_t bus_relid(struct bus *bus, int number)
{
	uint32_t relid;

	pthread_mutex_lock(&bus->lock);
	relid = channel_exists(number) ? channel_of(bus, number)->relid : 0;
	pthread_mutex_unlock(&bus->lock);
	return relid;
}

/**
 * bus_call() - one ioctl of the device
 * @bus: bus
 * @request: MOCK_VMBUS_*
 * @arg: its argument
 *
 * Return: 0 or -errno.
 */
int bus_call(struct bus *bus, unsigned long request, void *arg)
{
	int err;

	do {
		err = ioctl(bus->fd, request, arg) ? -errno : 0;
	} while (err == -EINTR);
	return err;
}

/**
 * bus_note() - pass a remark on
 * @bus: bus
 * @channel: channel it concerns
 * @what: one or two words
 * @detail: text or NULL
 */
void bus_note(struct bus *bus, int channel, const char *what, const char *detail)
{
	bus->cb.note(bus->ctx, channel, what, detail);
}

/**
 * bus_packet() - pass a packet on
 * @bus: bus
 * @channel: channel it came from
 * @pkt: packet, private copy
 */
void bus_packet(struct bus *bus, int channel, const struct ring_packet *pkt)
{
	bus->cb.packet(bus->ctx, channel, pkt);
}

/**
 * bus_shut_channel() - end the use of a channel, if it is open
 * @bus: bus
 * @ch: channel
 *
 * Event thread, or when that has ended.
 */
void bus_shut_channel(struct bus *bus, struct channel *ch)
{
	if (!ch->open)
		return;
	channel_close(ch);
	bus_note(bus, ch->number, "close", NULL);
	bus->cb.closed(bus->ctx, ch->number);
}

/* Complain and say which call failed; returns the negative errno. */
static int complain(const char *what, int err)
{
	fprintf(stderr, "dxg-mock-host: %s: %s\n", what, strerror(-err));
	return err;
}

static int open_device(struct bus *bus, const char *path)
{
	int err;

	bus->fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (bus->fd < 0)
		return complain(path, -errno);
	err = bus_call(bus, MOCK_VMBUS_GET_INFO, &bus->info);
	if (err)
		return complain("MOCK_VMBUS_GET_INFO", err);
	if (bus->info.version != MOCK_VMBUS_VERSION) {
		fprintf(stderr, "dxg-mock-host: %s: version %u, not %u\n", path,
			bus->info.version, MOCK_VMBUS_VERSION);
		return -EPROTONOSUPPORT;
	}
	bus->window = mmap(NULL, bus->info.window_size, PROT_READ | PROT_WRITE,
			   MAP_SHARED, bus->fd,
			   (off_t)MOCK_VMBUS_WINDOW_OFFSET);
	if (bus->window == MAP_FAILED) {
		bus->window = NULL;
		return complain("map the MMIO window", -errno);
	}
	bus->stopfd = eventfd(0, EFD_CLOEXEC);
	if (bus->stopfd < 0)
		return complain("eventfd", -errno);
	return 0;
}

/**
 * bus_open() - become the host of this guest
 * @path: device node
 * @callbacks: copied
 * @ctx: argument of the callbacks
 *
 * Nothing happens on the bus before bus_start().
 *
 * Return: bus, or NULL after an explanation on stderr.
 */
struct bus *bus_open(const char *path, const struct bus_callbacks *callbacks,
		     void *ctx)
{
	struct bus *bus = calloc(1, sizeof(*bus));
	int i;

	if (!bus) {
		complain("bus", -ENOMEM);
		return NULL;
	}
	bus->fd = -1;
	bus->stopfd = -1;
	bus->cb = *callbacks;
	bus->ctx = ctx;
	pthread_mutex_init(&bus->lock, NULL);
	pthread_mutex_init(&bus->handling, NULL);
	for (i = 0; i < (int)BUS_CHANNELS; i++)
		channel_init(&bus->channels[i], bus, i + HOST_CHANNEL_GLOBAL);
	if (open_device(bus, path)) {
		bus_close(bus);
		return NULL;
	}
	return bus;
}

/**
 * bus_start() - start answering the guest
 * @bus: bus
 *
 * Return: 0 or -errno.
 */
int bus_start(struct bus *bus)
{
	int err;

	err = channel_catch_sigbus();
	if (!err)
		err = -pthread_create(&bus->events, NULL, bus_event_loop, bus);
	if (err)
		return complain("event thread", err);
	bus->running = true;
	return 0;
}

/**
 * bus_stop() - end all threads of the bus
 * @bus: bus
 *
 * Open channels are closed on our side; the guest is not told. No callback runs
 * once this has returned, and bus_send() is without effect.
 */
void bus_stop(struct bus *bus)
{
	uint64_t one = 1;
	unsigned int i;

	if (bus->running && write(bus->stopfd, &one, sizeof(one)) > 0)
		pthread_join(bus->events, NULL);
	bus->running = false;
	for (i = 0; i < BUS_CHANNELS; i++)
		bus_shut_channel(bus, &bus->channels[i]);
}

/**
 * bus_close() - withdraw everything from the guest and free the bus
 * @bus: stopped, or never started; nobody else uses it any more
 */
void bus_close(struct bus *bus)
{
	unsigned int i;

	for (i = 0; i < BUS_CHANNELS; i++)
		channel_destroy(&bus->channels[i]);
	if (bus->window)
		munmap(bus->window, bus->info.window_size);
	if (bus->stopfd >= 0)
		close(bus->stopfd);
	if (bus->fd >= 0)
		close(bus->fd);
	pthread_mutex_destroy(&bus->lock);
	pthread_mutex_destroy(&bus->handling);
	free(bus);
}

/**
 * bus_offer() - offer a channel to the guest
 * @bus: bus
 * @channel: number it shall have here
 * @offer: what the guest sees
 *
 * Return: 0, -EBUSY while it is offered already, or -errno of the module.
 */
int bus_offer(struct bus *bus, int channel, const struct bus_offer *offer)
{
	struct mock_vmbus_offer arg = {
		.flags = MOCK_VMBUS_OFFER_SYNC_CLOSE,
		.mmio_megabytes = offer->mmio_megabytes,
	};
	struct channel *ch;
	int err = -EBUSY;

	if (!channel_exists(channel))
		return -EINVAL;
	ch = channel_of(bus, channel);
	memcpy(arg.type, offer->type, sizeof(arg.type));
	memcpy(arg.instance, offer->instance, sizeof(arg.instance));

	/* The lock keeps the open event away until the number is stored. */
	pthread_mutex_lock(&bus->lock);
	if (!ch->relid)
		err = bus_call(bus, MOCK_VMBUS_OFFER, &arg);
	if (!err)
		ch->relid = arg.relid;
	pthread_mutex_unlock(&bus->lock);
	if (!err)
		bus_note(bus, channel, "offer", NULL);
	return err;
}

/* What the guest has sent is known when the consumers have taken it, except the
 * one that asks. False: not before the time is over.
 */
static bool drain_channels(struct bus *bus, struct channel *asking,
			   unsigned int timeout_ms)
{
	unsigned int tickets[BUS_CHANNELS], looks = timeout_ms * 5, i;

	for (i = 0; i < BUS_CHANNELS; i++)
		tickets[i] = channel_ask(&bus->channels[i]);
	for (i = 0; i < BUS_CHANNELS; i++) {
		if (&bus->channels[i] == asking)
			continue;
		while (!channel_answered(&bus->channels[i], tickets[i])) {
			if (!looks-- || (asking && channel_stopping(asking)))
				return false;
			usleep(200);
		}
	}
	return true;
}

/**
 * bus_catch_up() - have the other channels' consumers take what is there now
 * @bus: bus
 * @channel: whose consumer calls
 *
 * Not longer than a second, and not longer than @channel is open.
 */
void bus_catch_up(struct bus *bus, int channel)
{
	drain_channels(bus, channel_of(bus, channel), 1000);
}

/**
 * bus_mute() - let no answer reach the guest any more
 * @bus: bus
 * @channel: number of a channel that bus_rescind() withdraws next
 */
void bus_mute(struct bus *bus, int channel)
{
	channel_withdraw(channel_of(bus, channel));
}

/**
 * bus_rescind() - withdraw a channel
 * @bus: bus
 * @channel: number
 *
 * Returns before the guest has reacted; a "released" note follows.
 *
 * Return: 0, -ENODEV when it is not offered, or -errno of the module.
 */
int bus_rescind(struct bus *bus, int channel)
{
	struct mock_vmbus_rescind arg = { .relid = bus_relid(bus, channel) };

	if (!arg.relid)
		return -ENODEV;
	bus_note(bus, channel, "rescind", NULL);
	channel_withdraw(channel_of(bus, channel));
	return bus_call(bus, MOCK_VMBUS_RESCIND, &arg);
}

/**
 * bus_is_offered() - is a channel on offer?
 * @bus: bus
 * @channel: number
 *
 * Return: true from bus_offer() until the guest released it.
 */
bool bus_is_offered(struct bus *bus, int channel)
{
	return bus_relid(bus, channel) != 0;
}

/**
 * bus_pci_add() - plug in an adapter's PCI function
 * @bus: bus
 * @adapter: index
 * @image: 256 bytes of config space
 * @mask: bits the guest can change
 *
 * Return: 0, -EBUSY while it is there, or -errno of the module.
 */
int bus_pci_add(struct bus *bus, unsigned int adapter, const uint8_t *image,
		const uint8_t *mask)
{
	struct mock_vmbus_pci_add arg = { 0 };
	int err = -EBUSY;

	if (adapter >= HOST_MAX_ADAPTERS)
		return -EINVAL;
	memcpy(arg.image, image, sizeof(arg.image));
	memcpy(arg.mask, mask, sizeof(arg.mask));
	pthread_mutex_lock(&bus->lock);
	if (!bus->pci[adapter])
		err = bus_call(bus, MOCK_VMBUS_PCI_ADD, &arg);
	if (!err)
		bus->pci[adapter] = arg.fn;
	pthread_mutex_unlock(&bus->lock);
	if (!err)
		bus_note(bus, adapter, "pci add", NULL);
	return err;
}

/**
 * bus_pci_del() - pull out an adapter's PCI function
 * @bus: bus
 * @adapter: index
 *
 * Returns before the guest has reacted; a "pci removed" note follows.
 *
 * Return: 0, -ENODEV when there is none, or -errno of the module.
 */
int bus_pci_del(struct bus *bus, unsigned int adapter)
{
	struct mock_vmbus_pci_del arg = { 0 };

	if (adapter >= HOST_MAX_ADAPTERS)
		return -ENODEV;
	pthread_mutex_lock(&bus->lock);
	arg.fn = bus->pci[adapter];
	pthread_mutex_unlock(&bus->lock);
	if (!arg.fn)
		return -ENODEV;
	bus_note(bus, adapter, "pci del", NULL);
	return bus_call(bus, MOCK_VMBUS_PCI_DEL, &arg);
}

/* What the guest did is known here only when the event thread has read it. */
static void drain_events(struct bus *bus)
{
	struct pollfd unread = { .fd = bus->fd, .events = POLLIN };
	bool more;

	do {
		pthread_mutex_lock(&bus->handling);
		more = poll(&unread, 1, 0) == 1 && unread.revents == POLLIN;
		pthread_mutex_unlock(&bus->handling);
	} while (more && !sched_yield());
}

static uint64_t packets_taken(const struct bus *bus)
{
	uint64_t sum = 0;
	unsigned int i;

	for (i = 0; i < BUS_CHANNELS; i++)
		sum += channel_taken(&bus->channels[i]);
	return sum;
}

/**
 * bus_settle() - wait until guest and host have reacted to everything
 * @bus: bus
 * @timeout_ms: limit of each wait
 *
 * What a guest that goes on sending says meanwhile need not have been heard.  Not
 * from the event thread.
 *
 * Return: 0, -ETIMEDOUT, or -errno of the module.
 */
int bus_settle(struct bus *bus, unsigned int timeout_ms)
{
	struct mock_vmbus_settle arg = { .timeout_ms = timeout_ms };
	unsigned int rounds = SETTLE_ROUNDS;
	uint64_t taken;
	int err;

	/* the guest may react to an answer with another packet */
	do {
		taken = packets_taken(bus);
		err = bus_call(bus, MOCK_VMBUS_SETTLE, &arg);
		if (err)
			return err;
		drain_events(bus);
		if (!drain_channels(bus, NULL, timeout_ms))
			return -ETIMEDOUT;
	} while (packets_taken(bus) != taken && --rounds);
	return 0;
}

/**
 * bus_fault() - arm a fault of the bus itself
 * @bus: bus
 * @channel: number; one that is not offered means any
 * @site: enum mock_vmbus_site
 * @skip: let that many pass
 * @count: hit that many, 0 disarms
 * @value: per site
 *
 * Return: 0 or -errno of the module.
 */
int bus_fault(struct bus *bus, int channel, uint32_t site, uint32_t skip,
	      uint32_t count, uint64_t value)
{
	struct mock_vmbus_fault arg = {
		.site = site,
		.relid = bus_relid(bus, channel),
		.skip = skip,
		.count = count,
		.value = value,
	};

	return bus_call(bus, MOCK_VMBUS_FAULT, &arg);
}

/**
 * bus_stats() - counters of the module
 * @bus: bus
 * @channel: number; one that is not offered means all
 * @stats: filled in
 *
 * Return: 0 or -errno of the module.
 */
int bus_stats(struct bus *bus, int channel, struct mock_vmbus_stats *stats)
{
	memset(stats, 0, sizeof(*stats));
	stats->relid = bus_relid(bus, channel);
	return bus_call(bus, MOCK_VMBUS_STATS, stats);
}

/**
 * bus_send() - send a packet
 * @bus: bus
 * @channel: number; without effect when it is not open
 * @type: RING_TYPE_*
 * @trans_id: transaction id
 * @buf: payload, copied
 * @len: bytes
 *
 * Any thread, never blocks.
 */
void bus_send(struct bus *bus, int channel, uint16_t type, uint64_t trans_id,
	      const void *buf, size_t len)
{
	if (channel_exists(channel))
		channel_send(channel_of(bus, channel), type, trans_id, buf, len);
}

/**
 * bus_queued() - packets for the guest that wait for room in the ring
 * @bus: bus
 * @channel: number
 *
 * Return: their number, or -ENOTCONN when the channel is not open.
 */
int bus_queued(struct bus *bus, int channel)
{
	return channel_exists(channel) ?
	       channel_queued(channel_of(bus, channel)) : -ENOTCONN;
}

/**
 * bus_stall() - leave a channel's ring unattended, or attend to it again
 * @bus: bus
 * @channel: number
 * @stalled: which of the two
 *
 * Return: 0, or -ENODEV when the channel is not offered.
 */
int bus_stall(struct bus *bus, int channel, bool stalled)
{
	if (!bus_is_offered(bus, channel))
		return -ENODEV;
	channel_stall(channel_of(bus, channel), stalled);
	return 0;
}
