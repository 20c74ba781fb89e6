/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host's end of dynamic memory: one device per VM.
 *
 *	dm_host.c	 what the guest says, and what the host thinks of it
 *	dm_operations.c	 what the host does: balloon, un-balloon, hot-add, info
 *	dm_commands.c	 the same as words of the control socket or a script
 *	dm_books.c	 pages that the host has
 *
 * Threads: any. One lock inside, held while messages are sent, which never blocks.
 */
#ifndef HOSTD_DM_HOST_H
#define HOSTD_DM_HOST_H

#include "dm_books.h"

#include <dm_protocol.h>

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define DM_TYPES		(DM_TYPE_HOT_REMOVE_RESPONSE + 1)
#define DM_LOG_ENTRIES		64u
#define DM_LOG_BYTES		48u
#define DM_OPEN_BALLOONS	1024u

/**
 * enum dm_phase - how far the negotiation is
 * @DM_CLOSED: the guest has not opened the channel
 * @DM_OPENED: it has; it should propose a version
 * @DM_VERSIONED: it should report capabilities
 * @DM_RUNNING: transactions and status reports
 */
enum dm_phase {
	DM_CLOSED,
	DM_OPENED,
	DM_VERSIONED,
	DM_RUNNING,
};

/**
 * struct dm_log_entry - a message that the guest sent
 * @size: bytes of it
 * @data: how it starts
 */
struct dm_log_entry {
	uint32_t size;
	uint8_t data[DM_LOG_BYTES];
};

/**
 * struct dm_host - the host's end
 * @send: sends a message on the channel; never blocks
 * @send_ctx: its first argument
 * @lock: protects all below
 * @progress: signalled whenever the guest said something
 * @leaving: nobody shall wait any more
 * @phase: see there
 * @version_min: lowest version that is accepted
 * @version_max: highest version that is accepted
 * @caps_needed: capability bits without which a guest is refused
 * @caps_answer: what a guest with them is told, DM_RESPONSE_*
 * @mute_versions: do not answer proposals of a version
 * @mute_caps: do not answer reports of capabilities
 * @guest_trans_id: last id of the guest
 * @trans_id: last id of the host
 * @caps: capabilities as the guest reported them
 * @version: version as agreed
 * @balloon: transactions that the guest has not ended, oldest first: pages that
 *	may still come
 * @balloons: entries of @balloon
 * @unballoons: un-balloon transactions that the guest has not answered
 * @hot_adds: hot-adds that the guest has not answered
 * @hot_add: last answer to a hot-add
 * @status: last status report
 * @seen: messages of the guest by type, since dm_mark()
 * @violations: things that the guest should not have said
 * @violation: the first of these
 * @books: pages that the host has
 * @given: pages that came in the last balloon transaction
 * @largest: bytes of the longest balloon response
 * @log: last messages
 * @logged: messages ever; the next goes to entry @logged % DM_LOG_ENTRIES
 * @series: where each change of the books is written, or NULL
 */
struct dm_host {
	void (*send)(void *ctx, const void *message, size_t size);
	void *send_ctx;
	pthread_mutex_t lock;
	pthread_cond_t progress;
	bool leaving;
	enum dm_phase phase;
	uint32_t version_min;
	uint32_t version_max;
	uint64_t caps_needed;
	uint64_t caps_answer;
	bool mute_versions;
	bool mute_caps;
	uint32_t guest_trans_id;
	uint32_t trans_id;
	uint64_t caps;
	uint32_t version;
	uint64_t balloon[DM_OPEN_BALLOONS];
	unsigned int balloons;
	unsigned int unballoons;
	unsigned int hot_adds;
	struct dm_hot_add_response hot_add;
	struct dm_status status;
	uint64_t seen[DM_TYPES];
	uint64_t violations;
	char violation[128];
	struct books books;
	uint64_t given;
	uint32_t largest;
	struct dm_log_entry log[DM_LOG_ENTRIES];
	uint64_t logged;
	FILE *series;
};

/* dm_host.c */
struct dm_host *dm_create(void (*send)(void *ctx, const void *message,
				       size_t size), void *ctx);
void dm_destroy(struct dm_host *dm);
void dm_opened(struct dm_host *dm);
void dm_closed(struct dm_host *dm);
void dm_message(struct dm_host *dm, const void *message, size_t length);
void dm_leave(struct dm_host *dm);
void dm_mark(struct dm_host *dm);
bool dm_wait(struct dm_host *dm, bool (*there)(struct dm_host *dm, uint64_t arg),
	     uint64_t arg, unsigned int timeout_ms);
bool dm_is_idle(struct dm_host *dm, uint64_t unused);
bool dm_is_running(struct dm_host *dm, uint64_t unused);
bool dm_has_status(struct dm_host *dm, uint64_t more_than);
bool dm_has_seen(struct dm_host *dm, uint64_t type_and_count);
#define DM_SEEN(type, count)	((uint64_t)(type) << 56 | (count))

/* dm_operations.c */
int dm_balloon(struct dm_host *dm, uint32_t pages);
int dm_unballoon(struct dm_host *dm, uint64_t pages, enum books_split split,
		 unsigned int per_message);
int dm_unballoon_range(struct dm_host *dm, uint64_t start, uint64_t count,
		       bool more);
int dm_hot_add(struct dm_host *dm, struct books_range range,
	       const struct books_range *region);
int dm_info(struct dm_host *dm, uint32_t type, const void *data, size_t size);
void dm_series_point(struct dm_host *dm);

/* dm_commands.c */
const char *dm_execute(struct dm_host *dm, int argc, char **argv, FILE *out);
int dm_run_script(struct dm_host *dm, FILE *script, const char *where);

#endif /* HOSTD_DM_HOST_H */
