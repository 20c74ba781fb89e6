/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between the bus and the engine: every message passes here once.
 *
 * Owns the framing version, the counters that tests wait for, and the order of
 * what happens to a message: trace, count, engine; reply, faults, trace, bus.
 */
#ifndef HOSTD_RELAY_H
#define HOSTD_RELAY_H

#include "bus.h"
#include "dm_host.h"
#include "faults.h"
#include "host.h"
#include "hostile.h"
#include "inject.h"
#include "message_table.h"
#include "trace.h"

#include <pthread.h>

/* Channel argument of relay_rescind_at(): the one the message came in on. */
#define RELAY_SAME_CHANNEL	(-2)

struct trap;

/**
 * struct relay - bus, engine and all between
 * @config: as the engine has it
 * @bus: guest's side
 * @host: engine's side
 * @dm: the host's end of dynamic memory
 * @trace: or NULL
 * @faults: what happens to replies
 * @hostile: what hostile adapters do to them before; engine's lock
 * @inject: packets that wait for their moment
 * @version: negotiated interface version (atomic)
 * @lock: protects the rest, which is for relay.c only
 * @progress: signalled whenever a message was handled or a reply held
 * @steps: how often it was
 * @leaving: nobody shall wait any more
 * @seen: messages since relay_mark(), by index in message_table
 * @traps: armed rescinds
 */
struct relay {
	struct host_config config;
	struct bus *bus;
	struct host *host;
	struct dm_host *dm;
	struct trace *trace;
	struct faults *faults;
	struct hostile hostile;
	struct inject *inject;
	uint32_t version;
	pthread_mutex_t lock;
	pthread_cond_t progress;
	uint64_t steps;
	bool leaving;
	uint64_t *seen;
	struct trap *traps;
};

struct relay *relay_create(const struct host_config *config,
			   const char *device, struct trace *trace);
void relay_destroy(struct relay *relay);
int relay_start(struct relay *relay);

void relay_mark(struct relay *relay);
uint64_t relay_count(struct relay *relay, const struct message *m);
bool relay_wait_count(struct relay *relay, const struct message *m,
		      uint64_t count, unsigned int timeout_ms);
bool relay_wait_held(struct relay *relay, uint32_t command, unsigned int count,
		     unsigned int timeout_ms);
bool relay_wait_idle(struct relay *relay, unsigned int timeout_ms);
int relay_rescind_at(struct relay *relay, const struct message *m,
		     unsigned int nth, int channel);
void relay_leave(struct relay *relay);
void relay_clear(struct relay *relay);

#endif /* HOSTD_RELAY_H */
