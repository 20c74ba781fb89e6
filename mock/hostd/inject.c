// SPDX-License-Identifier: GPL-2.0
/*
 * Packets out of nowhere. See inject.h.
 *
 * Owns the armed packets, under a lock of its own that is a leaf; everything
 * else belongs to the relay.
 */
#include "inject.h"

#include "relay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A flood keeps this many packets waiting: the ring is never empty. */
#define FLOOD_DEPTH	128
#define FLOOD_PAUSE_NS	100000L

/**
 * struct armed - a packet that waits for its moment
 * @len: bytes of @data
 * @data: payload
 */
struct armed {
	size_t len;
	uint8_t data[];
};

/**
 * struct inject - all armed packets
 * @lock: protects @armed
 * @armed: one per moment and channel, or NULL
 */
struct inject {
	pthread_mutex_t lock;
	struct armed *armed[INJECT_MOMENTS][BUS_CHANNELS];
};

/**
 * inject_create() - nothing armed
 *
 * Return: object, or NULL when out of memory.
 */
struct inject *inject_create(void)
{
	struct inject *inject = calloc(1, sizeof(*inject));

	if (inject)
		pthread_mutex_init(&inject->lock, NULL);
	return inject;
}

/**
 * inject_destroy() - forget everything
 * @inject: nobody uses it any more; or NULL
 */
void inject_destroy(struct inject *inject)
{
	unsigned int moment, i;

	if (!inject)
		return;
	for (moment = 0; moment < INJECT_MOMENTS; moment++)
		for (i = 0; i < BUS_CHANNELS; i++)
			free(inject->armed[moment][i]);
	pthread_mutex_destroy(&inject->lock);
	free(inject);
}

/**
 * inject_now() - send raw bytes as a message from the host
 * @relay: relay
 * @channel: where to; only the global one is where such messages belong
 * @buf: payload
 * @len: bytes
 */
void inject_now(struct relay *relay, int channel, const void *buf, size_t len)
{
	struct trace_packet pkt = {
		.channel = channel,
		.payload = buf,
		.len = len,
	};

	trace_event(relay->trace, &pkt);
	bus_send(relay->bus, channel, RING_TYPE_INBAND, 0, buf, len);
}

/**
 * inject_completion() - send a completion that nobody asked for
 * @relay: relay
 * @channel: where to
 * @trans_id: any
 * @buf: payload
 * @len: bytes
 */
void inject_completion(struct relay *relay, int channel, uint64_t trans_id,
		       const void *buf, size_t len)
{
	trace_note(relay->trace, channel, "injected completion", NULL);
	bus_send(relay->bus, channel, RING_TYPE_COMPLETION, trans_id, buf, len);
}

/**
 * inject_flood() - one message as often and as fast as the guest takes it
 * @relay: relay
 * @channel: where to
 * @count: how often
 * @buf: payload
 * @len: bytes
 *
 * Returns when all are sent or queued, or when the channel is not open.
 *
 * Return: how many were.
 */
uint32_t inject_flood(struct relay *relay, int channel, uint32_t count,
		      const void *buf, size_t len)
{
	const struct timespec pause = { .tv_nsec = FLOOD_PAUSE_NS };
	uint32_t sent = 0;

	trace_note(relay->trace, channel, "flood", NULL);
	while (sent < count) {
		int queued = bus_queued(relay->bus, channel);

		if (queued < 0)
			break;
		if (queued >= FLOOD_DEPTH) {
			nanosleep(&pause, NULL);
			continue;
		}
		bus_send(relay->bus, channel, RING_TYPE_INBAND, 0, buf, len);
		sent++;
	}
	return sent;
}

/**
 * inject_arm() - send raw bytes as a message from the host, later
 * @relay: relay
 * @moment: when
 * @channel: on which channel, and of which channel the moment is
 * @buf: payload
 * @len: bytes
 *
 * Takes the place of what was armed for the same moment.
 *
 * Return: 0 or -ENOMEM.
 */
int inject_arm(struct relay *relay, enum inject_moment moment, int channel,
	       const void *buf, size_t len)
{
	struct armed **slot, *new = malloc(sizeof(*new) + len);

	if (!new)
		return -ENOMEM;
	new->len = len;
	if (len)
		memcpy(new->data, buf, len);
	slot = &relay->inject->armed[moment][channel - HOST_CHANNEL_GLOBAL];
	pthread_mutex_lock(&relay->inject->lock);
	free(*slot);
	*slot = new;
	pthread_mutex_unlock(&relay->inject->lock);
	return 0;
}

/**
 * inject_fire() - the moment has come
 * @relay: relay
 * @moment: which
 * @channel: of which channel
 *
 * Called by the event thread.
 */
void inject_fire(struct relay *relay, enum inject_moment moment, int channel)
{
	struct armed **slot, *armed;

	slot = &relay->inject->armed[moment][channel - HOST_CHANNEL_GLOBAL];
	pthread_mutex_lock(&relay->inject->lock);
	armed = *slot;
	*slot = NULL;
	pthread_mutex_unlock(&relay->inject->lock);
	if (armed)
		inject_now(relay, channel, armed->data, armed->len);
	free(armed);
}
