// SPDX-License-Identifier: GPL-2.0
/*
 * Between the bus and the engine. See relay.h.
 *
 * Threads: packets come in consumer threads, replies and events in any engine
 * thread with the engine lock held, the rest from control and main threads.
 * @lock is a leaf: neither engine, bus nor faults is called with it.
 */
#include "relay.h"

#include "message_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/**
 * struct trap - a rescind that waits for a message
 * @next: in no particular order
 * @message: which one, NULL: any
 * @left: how many of them to go
 * @channel: what to withdraw, or RELAY_SAME_CHANNEL
 */
struct trap {
	struct trap *next;
	const struct message *message;
	unsigned int left;
	int channel;
};

static bool extended(const struct relay *relay)
{
	return __atomic_load_n(&relay->version, __ATOMIC_RELAXED) >=
	       DXGK_VMBUS_INTERFACE_VERSION;
}

static void tell_progress(struct relay *relay)
{
	pthread_mutex_lock(&relay->lock);
	relay->steps++;
	pthread_cond_broadcast(&relay->progress);
	pthread_mutex_unlock(&relay->lock);
}

/* From the engine */

/* The global channel belongs to all adapters. */
static bool is_hostile(const struct relay *relay, int channel)
{
	unsigned int i;

	for (i = 0; i < relay->config.adapter_count; i++)
		if ((channel == HOST_CHANNEL_GLOBAL || channel == (int)i) &&
		    relay->config.adapters[i].personality == HOST_HOSTILE)
			return true;
	return false;
}

static void op_complete(void *ctx, int channel, uint64_t trans_id,
			uint32_t command, const void *buf, size_t len)
{
	struct relay *relay = ctx;
	struct reply reply = {
		.channel = channel,
		.trans_id = trans_id,
		.command = command,
		.len = len,
		.data = buf,
	};
	int status = message_status_offset(message_request(command),
					   extended(relay));
	struct hostile_act act = { 0 };

	if (is_hostile(relay, channel))
		hostile_choose(&relay->hostile, &reply, &act);
	if (act.stray && act.in_band)
		inject_now(relay, channel, act.data, act.len);
	else if (act.stray)
		inject_completion(relay, channel, act.trans_id, act.data,
				  act.len);
	faults_reply(relay->faults, &reply, status,
		     act.alter ? &act.rule : NULL);
}

static void sink(void *ctx, const struct reply *reply, const char *note,
		 bool sent)
{
	struct relay *relay = ctx;
	struct trace_packet pkt = {
		.channel = reply->channel,
		.trans_id = reply->trans_id,
		.payload = reply->data,
		.len = reply->len,
		.note = note,
	};

	trace_reply(relay->trace, &pkt, reply->command, extended(relay));
	if (sent)
		bus_send(relay->bus, reply->channel, RING_TYPE_COMPLETION,
			 reply->trans_id, reply->data, reply->len);
	else
		tell_progress(relay);
}

static void op_event(void *ctx, uint32_t command, const void *buf, size_t len)
{
	struct relay *relay = ctx;

	(void)command;
	inject_now(relay, HOST_CHANNEL_GLOBAL, buf, len);
}

static int op_guest_read(void *ctx, const uint64_t *pfns, uint64_t offset,
			 void *buf, size_t len)
{
	struct relay *relay = ctx;

	return bus_guest_copy(relay->bus, pfns, offset, buf, len, false);
}

static int op_guest_write(void *ctx, const uint64_t *pfns, uint64_t offset,
			  const void *buf, size_t len)
{
	struct relay *relay = ctx;

	return bus_guest_copy(relay->bus, pfns, offset, (void *)buf, len, true);
}

static long op_gpadl_pages(void *ctx, uint32_t gpadl, uint64_t **pfns)
{
	struct relay *relay = ctx;

	return bus_gpadl_pages(relay->bus, gpadl, pfns);
}

static void *op_window(void *ctx, uint64_t start, uint64_t length)
{
	struct relay *relay = ctx;

	return bus_window(relay->bus, start, length);
}

static void op_violation(void *ctx, const char *text)
{
	struct relay *relay = ctx;

	trace_note(relay->trace, TRACE_NO_CHANNEL, "violation", text);
}

static void dm_send(void *ctx, const void *message, size_t size)
{
	struct relay *relay = ctx;

	bus_send(relay->bus, HOST_CHANNEL_DM, RING_TYPE_INBAND, 0, message,
		 size);
}

static const struct host_ops ops = {
	.complete = op_complete,
	.event = op_event,
	.guest_read = op_guest_read,
	.guest_write = op_guest_write,
	.gpadl_pages = op_gpadl_pages,
	.window = op_window,
	.violation = op_violation,
};

/* From the bus */

static void on_opened(void *ctx, int channel)
{
	struct relay *relay = ctx;

	if (channel == HOST_CHANNEL_DM)
		dm_opened(relay->dm);
	else
		host_channel_opened(relay->host, channel);
}

static void on_ready(void *ctx, int channel)
{
	inject_fire(ctx, INJECT_AT_OPEN, channel);
}

static void on_closing(void *ctx, int channel)
{
	inject_fire(ctx, INJECT_AT_CLOSE, channel);
}

static void on_closed(void *ctx, int channel)
{
	struct relay *relay = ctx;

	if (channel == HOST_CHANNEL_DM) {
		dm_closed(relay->dm);
		return;
	}
	host_channel_closed(relay->host, channel);
	faults_channel_closed(relay->faults, channel);
	tell_progress(relay);
}

/* Count a message, or one without a name; the channel of a rescind that was
 * waiting for it.
 */
static bool count_message(struct relay *relay, const struct message *m,
			  int *rescind)
{
	struct trap **p, *trap;
	bool hit = false;

	pthread_mutex_lock(&relay->lock);
	if (m)
		relay->seen[m - message_table]++;
	for (p = &relay->traps; (trap = *p); p = &trap->next) {
		if ((trap->message && trap->message != m) || --trap->left)
			continue;
		*rescind = trap->channel;
		hit = true;
		*p = trap->next;
		free(trap);
		break;
	}
	relay->steps++;
	pthread_cond_broadcast(&relay->progress);
	pthread_mutex_unlock(&relay->lock);
	return hit;
}

static void on_packet(void *ctx, int channel, const struct ring_packet *p)
{
	struct relay *relay = ctx;
	bool wants_reply = p->flags & RING_FLAG_COMPLETION;
	struct trace_packet pkt = {
		.channel = channel,
		.trans_id = p->trans_id,
		.wants_reply = wants_reply,
		.payload = p->payload,
		.len = p->len,
	};
	char wrong[MESSAGE_CHECK_TEXT];
	const struct message *m = NULL;
	struct message_head head;
	int rescind = 0;
	bool trapped;

	if (p->type != RING_TYPE_INBAND) {
		trace_note(relay->trace, channel, "packet type ignored", NULL);
		return;
	}
	if (channel == HOST_CHANNEL_DM) {
		dm_message(relay->dm, p->payload, p->len);
		return;
	}
	trace_request(relay->trace, &pkt, extended(relay));
	if (message_parse(p->payload, p->len, extended(relay), &head))
		m = message_find(head.channel_type, head.command);
	if (m && !message_check(m, &head, wrong))
		host_count_violation(relay->host, wrong);
	/* what the guest sent before, on whatever channel, it may still use */
	if (m && m->number == DXGK_VMBCOMMAND_DESTROYPROCESS)
		bus_catch_up(relay->bus, channel);
	trapped = count_message(relay, m, &rescind);
	if (rescind == RELAY_SAME_CHANNEL)
		rescind = channel;
	if (trapped)
		bus_mute(relay->bus, rescind);
	host_message(relay->host, channel, p->trans_id, wants_reply, p->payload,
		     p->len);
	/* not earlier: the guest would end its processes on the host */
	if (trapped)
		bus_rescind(relay->bus, rescind);
	tell_progress(relay);
}

static void set_version(struct relay *relay, uint32_t version)
{
	unsigned int i;

	__atomic_store_n(&relay->version, version, __ATOMIC_RELAXED);
	for (i = 0; i < relay->config.adapter_count; i++)
		host_guest_version(relay->host, i, version);
}

/* The guest tells its newest version once, whatever adapter it uses for that;
 * the older of both holds for the whole VM.
 */
static void on_pci_write(void *ctx, int adapter, uint32_t offset,
			 uint32_t value)
{
	struct relay *relay = ctx;
	uint32_t version = relay->config.interface_version;

	(void)adapter;
	if (offset == DXGK_VMBUS_VERSION_OFFSET)
		set_version(relay, value < version ? value : version);
}

static void on_gpadl_gone(void *ctx, uint32_t gpadl)
{
	struct relay *relay = ctx;

	host_gpadl_torn_down(relay->host, gpadl);
}

static void on_note(void *ctx, int channel, const char *what,
		    const char *detail)
{
	struct relay *relay = ctx;

	trace_note(relay->trace, channel, what, detail);
}

static const struct bus_callbacks callbacks = {
	.opened = on_opened,
	.ready = on_ready,
	.closing = on_closing,
	.closed = on_closed,
	.packet = on_packet,
	.pci_write = on_pci_write,
	.gpadl_gone = on_gpadl_gone,
	.note = on_note,
};

static void init_locks(struct relay *relay)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&relay->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&relay->progress, &attr);
	pthread_condattr_destroy(&attr);
}

static void free_traps(struct relay *relay)
{
	while (relay->traps) {
		struct trap *trap = relay->traps;

		relay->traps = trap->next;
		free(trap);
	}
}

/**
 * relay_create() - engine, bus and what is between them
 * @config: the host, copied
 * @device: device node of the bus
 * @trace: trace or NULL; outlives the relay
 *
 * Return: relay, or NULL after an explanation on stderr.
 */
struct relay *relay_create(const struct host_config *config,
			   const char *device, struct trace *trace)
{
	struct relay *relay = calloc(1, sizeof(*relay));
	struct host_config engine = *config;

	if (!relay)
		return NULL;
	/* No version in config space means the oldest one. */
	if (!engine.interface_version)
		engine.interface_version = DXGK_VMBUS_INTERFACE_VERSION_OLD;
	init_locks(relay);
	relay->config = *config;
	relay->trace = trace;
	relay->seen = calloc(message_table_size, sizeof(*relay->seen));
	relay->faults = faults_create(sink, relay);
	relay->inject = inject_create();
	relay->hostile.seed = config->seed;
	relay->host = host_create(&engine, &ops, relay);
	relay->dm = dm_create(dm_send, relay);
	if (!relay->seen || !relay->faults || !relay->inject || !relay->host ||
	    !relay->dm)
		fprintf(stderr, "dxg-mock-host: cannot create the host: %s\n",
			strerror(errno));
	else
		relay->bus = bus_open(device, &callbacks, relay);
	if (!relay->bus) {
		relay_destroy(relay);
		return NULL;
	}
	/* A guest that sees an old version writes none. */
	set_version(relay, engine.interface_version);
	return relay;
}

/**
 * relay_destroy() - withdraw everything from the guest and free
 * @relay: no control thread uses it any more
 */
void relay_destroy(struct relay *relay)
{
	/* Engine and faults send until they end, so the bus is freed last. */
	if (relay->bus)
		bus_stop(relay->bus);
	if (relay->host)
		host_destroy(relay->host);
	faults_destroy(relay->faults);
	dm_destroy(relay->dm);
	if (relay->bus)
		bus_close(relay->bus);
	free_traps(relay);
	inject_destroy(relay->inject);
	pthread_cond_destroy(&relay->progress);
	pthread_mutex_destroy(&relay->lock);
	free(relay->seen);
	free(relay);
}

/**
 * relay_start() - start answering the guest
 * @relay: relay
 *
 * Return: 0 or -errno.
 */
int relay_start(struct relay *relay)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < relay->config.adapter_count && !err; i++) {
		const struct host_adapter_config *a =
			&relay->config.adapters[i];

		if (a->lose_at)
			err = relay_rescind_at(relay,
					       message_request(a->lose_command),
					       a->lose_at, i);
	}
	return err ? err : bus_start(relay->bus);
}

/* For the control socket */

/**
 * relay_mark() - count messages from here
 * @relay: relay
 */
void relay_mark(struct relay *relay)
{
	pthread_mutex_lock(&relay->lock);
	memset(relay->seen, 0, message_table_size * sizeof(*relay->seen));
	pthread_mutex_unlock(&relay->lock);
}

/**
 * relay_count() - messages since relay_mark()
 * @relay: relay
 * @m: which command
 *
 * Return: number that arrived, whatever became of them.
 */
uint64_t relay_count(struct relay *relay, const struct message *m)
{
	uint64_t n;

	pthread_mutex_lock(&relay->lock);
	n = relay->seen[m - message_table];
	pthread_mutex_unlock(&relay->lock);
	return n;
}

/**
 * struct goal - what a client waits for
 * @reached: tells whether it is there; called without the lock
 * @message: of the count
 * @command: of the held replies
 * @count: how many
 */
struct goal {
	bool (*reached)(struct relay *relay, const struct goal *goal);
	const struct message *message;
	uint32_t command;
	uint64_t count;
};

/* Wait until a goal is reached. The goal is looked at without the lock, so the
 * number of the last progress tells whether anything happened meanwhile.
 */
static bool wait_for(struct relay *relay, const struct goal *goal,
		     unsigned int timeout_ms)
{
	struct timespec end;
	uint64_t before;
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += timeout_ms / 1000;
	end.tv_nsec += timeout_ms % 1000 * 1000000L;
	if (end.tv_nsec >= 1000000000L) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000L;
	}
	for (;;) {
		pthread_mutex_lock(&relay->lock);
		before = relay->steps;
		pthread_mutex_unlock(&relay->lock);
		if (goal->reached(relay, goal))
			return true;
		if (err)
			return false;
		pthread_mutex_lock(&relay->lock);
		while (!err && before == relay->steps && !relay->leaving)
			err = pthread_cond_timedwait(&relay->progress,
						     &relay->lock, &end);
		if (relay->leaving)
			err = ECANCELED;
		pthread_mutex_unlock(&relay->lock);
	}
}

static bool count_reached(struct relay *relay, const struct goal *goal)
{
	return relay_count(relay, goal->message) >= goal->count;
}

/**
 * relay_wait_count() - wait for messages since relay_mark()
 * @relay: relay
 * @m: which command
 * @count: how many
 * @timeout_ms: limit
 *
 * Return: false when the time is over.
 */
bool relay_wait_count(struct relay *relay, const struct message *m,
		      uint64_t count, unsigned int timeout_ms)
{
	struct goal goal = {
		.reached = count_reached,
		.message = m,
		.count = count,
	};

	return wait_for(relay, &goal, timeout_ms);
}

static bool held_reached(struct relay *relay, const struct goal *goal)
{
	return faults_held(relay->faults, goal->command) >= goal->count;
}

/**
 * relay_wait_held() - wait until replies are held
 * @relay: relay
 * @command: of which command, or FAULT_ANY_COMMAND
 * @count: how many
 * @timeout_ms: limit
 *
 * Return: false when the time is over.
 */
bool relay_wait_held(struct relay *relay, uint32_t command, unsigned int count,
		     unsigned int timeout_ms)
{
	struct goal goal = {
		.reached = held_reached,
		.command = command,
		.count = count,
	};

	return wait_for(relay, &goal, timeout_ms);
}

static bool idle_reached(struct relay *relay, const struct goal *goal)
{
	struct host_alive alive;

	(void)goal;
	host_alive(relay->host, &alive);
	return host_nothing_alive(&alive);
}

/**
 * relay_wait_idle() - wait until no host object is left
 * @relay: relay
 * @timeout_ms: limit
 *
 * Return: false when the time is over.
 */
bool relay_wait_idle(struct relay *relay, unsigned int timeout_ms)
{
	struct goal goal = { .reached = idle_reached };

	return wait_for(relay, &goal, timeout_ms);
}

/**
 * relay_leave() - let all waiting clients go, for good
 * @relay: relay
 */
void relay_leave(struct relay *relay)
{
	pthread_mutex_lock(&relay->lock);
	relay->leaving = true;
	pthread_cond_broadcast(&relay->progress);
	pthread_mutex_unlock(&relay->lock);
	if (relay->dm)
		dm_leave(relay->dm);
}

/**
 * relay_rescind_at() - withdraw a channel when a message arrives
 * @relay: relay
 * @m: which command, NULL: any
 * @nth: how many of them from now on, the last one counts
 * @channel: what to withdraw, or RELAY_SAME_CHANNEL
 *
 * The engine still gets the message, but its answer comes too late.
 *
 * Return: 0, -EINVAL for @nth 0, -ENOMEM.
 */
int relay_rescind_at(struct relay *relay, const struct message *m,
		     unsigned int nth, int channel)
{
	struct trap *trap;

	if (!nth)
		return -EINVAL;
	trap = malloc(sizeof(*trap));
	if (!trap)
		return -ENOMEM;
	trap->message = m;
	trap->left = nth;
	trap->channel = channel;
	pthread_mutex_lock(&relay->lock);
	trap->next = relay->traps;
	relay->traps = trap;
	pthread_mutex_unlock(&relay->lock);
	return 0;
}

/**
 * relay_clear() - disarm everything, send what is held
 * @relay: relay
 */
void relay_clear(struct relay *relay)
{
	pthread_mutex_lock(&relay->lock);
	free_traps(relay);
	pthread_mutex_unlock(&relay->lock);
	faults_clear(relay->faults);
}
