// SPDX-License-Identifier: GPL-2.0
/*
 * What the guest says on the dynamic-memory channel. See dm_host.h.
 *
 * Every message is checked as a strict host would, and what the guest should not
 * have said is counted; nothing of it changes the books.
 */
#include "dm_host.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

__attribute__((format(printf, 2, 3)))
static void violation(struct dm_host *dm, const char *format, ...)
{
	va_list ap;

	if (dm->violations++)
		return;
	va_start(ap, format);
	vsnprintf(dm->violation, sizeof(dm->violation), format, ap);
	va_end(ap);
}

/**
 * dm_create() - a host that accepts all known versions and every guest
 * @send: sends a message on the channel; must not block
 * @ctx: its argument
 *
 * Return: host, NULL without memory.
 */
struct dm_host *dm_create(void (*send)(void *ctx, const void *message,
				       size_t size), void *ctx)
{
	struct dm_host *dm = calloc(1, sizeof(*dm));
	pthread_condattr_t attr;

	if (!dm || !books_init(&dm->books)) {
		free(dm);
		return NULL;
	}
	dm->send = send;
	dm->send_ctx = ctx;
	dm->version_min = DM_VERSION_0_3;
	dm->version_max = DM_VERSION_2_0;
	dm->caps_answer = DM_RESPONSE_ACCEPTED;
	pthread_mutex_init(&dm->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&dm->progress, &attr);
	pthread_condattr_destroy(&attr);
	return dm;
}

/**
 * dm_destroy() - undo dm_create()
 * @dm: host, or NULL; nobody uses it any more
 */
void dm_destroy(struct dm_host *dm)
{
	if (!dm)
		return;
	if (dm->series)
		fclose(dm->series);
	books_free(&dm->books);
	pthread_cond_destroy(&dm->progress);
	pthread_mutex_destroy(&dm->lock);
	free(dm);
}

static void set_phase(struct dm_host *dm, enum dm_phase phase)
{
	pthread_mutex_lock(&dm->lock);
	dm->phase = phase;
	/* transactions end with the channel; pages stay with the host */
	dm->balloons = 0;
	dm->unballoons = 0;
	dm->hot_adds = 0;
	dm->guest_trans_id = 0;
	pthread_cond_broadcast(&dm->progress);
	pthread_mutex_unlock(&dm->lock);
}

/**
 * dm_opened() - the guest opened the channel
 * @dm: host
 */
void dm_opened(struct dm_host *dm)
{
	set_phase(dm, DM_OPENED);
}

/**
 * dm_closed() - the guest closed the channel, or it was withdrawn
 * @dm: host
 */
void dm_closed(struct dm_host *dm)
{
	set_phase(dm, DM_CLOSED);
}

static void answer(struct dm_host *dm, uint16_t type, uint32_t trans_id,
		   uint64_t flags)
{
	struct dm_response response = {
		.hdr = { type, sizeof(response), trans_id },
		.flags = flags,
	};

	dm->send(dm->send_ctx, &response, sizeof(response));
}

static void on_version(struct dm_host *dm, const void *message)
{
	const struct dm_version_request *request = message;
	bool ok = request->version >= dm->version_min &&
		  request->version <= dm->version_max;

	if (dm->phase != DM_OPENED)
		violation(dm, "version proposed again");
	if (request->flags & ~DM_VERSION_LAST)
		violation(dm, "version flags 0x%x", request->flags);
	dm->version = request->version;
	if (dm->mute_versions)
		return;
	if (ok)
		dm->phase = DM_VERSIONED;
	answer(dm, DM_TYPE_VERSION_RESPONSE, request->hdr.trans_id,
	       ok ? DM_RESPONSE_ACCEPTED : 0);
}

static void on_caps(struct dm_host *dm, const void *message)
{
	const struct dm_caps_report *report = message;
	bool ok = (report->caps & dm->caps_needed) == dm->caps_needed;
	uint64_t flags = ok ? dm->caps_answer : 0;

	if (dm->phase != DM_VERSIONED)
		violation(dm, "capabilities out of turn");
	dm->caps = report->caps;
	if (dm->mute_caps)
		return;
	if (flags & DM_RESPONSE_ACCEPTED)
		dm->phase = DM_RUNNING;
	answer(dm, DM_TYPE_CAPS_RESPONSE, report->hdr.trans_id, flags);
}

static void on_status(struct dm_host *dm, const void *message)
{
	memcpy(&dm->status, message, sizeof(dm->status));
	if (dm->phase != DM_RUNNING)
		violation(dm, "status report before the capabilities");
	if (dm->caps_answer & DM_RESPONSE_NO_STATUS)
		violation(dm, "status report that nobody wants");
}

static void end_balloon(struct dm_host *dm)
{
	dm->balloons--;
	memmove(dm->balloon, dm->balloon + 1,
		dm->balloons * sizeof(dm->balloon[0]));
}

static void on_balloon(struct dm_host *dm, const void *message)
{
	const struct dm_balloon_response *response = message;
	uint32_t size = response->hdr.size;
	uint32_t i, count = response->count >> DM_COUNT_SHIFT;
	const char *wrong;

	if (!dm->balloons) {
		violation(dm, "balloon response without a request");
		return;
	}
	if (size > DM_MAX_MESSAGE || response->reserved ||
	    size != sizeof(*response) + count * sizeof(response->ranges[0])) {
		violation(dm, "balloon response of %u bytes with %u ranges",
			  size, count);
		return;
	}
	if (size > dm->largest)
		dm->largest = size;
	for (i = 0; i < count; i++) {
		uint64_t start = dm_range_start(response->ranges[i]);
		uint64_t pages = dm_range_count(response->ranges[i]);

		wrong = books_add(&dm->books, start, pages);
		if (wrong) {
			violation(dm, "%s: page 0x%llx", wrong,
				  (unsigned long long)start);
			continue;
		}
		dm->given += pages;
		if (pages > dm->balloon[0]) {
			violation(dm, "more pages than asked for");
			continue;
		}
		dm->balloon[0] -= pages;
	}
	if (!(response->count & DM_MORE))
		end_balloon(dm);
	dm_series_point(dm);
}

static void on_unballoon(struct dm_host *dm, const void *message)
{
	(void)message;
	if (!dm->unballoons)
		violation(dm, "un-balloon response without a request");
	else
		dm->unballoons--;
}

static void on_hot_add(struct dm_host *dm, const void *message)
{
	memcpy(&dm->hot_add, message, sizeof(dm->hot_add));
	if (!dm->hot_adds)
		violation(dm, "hot-add response without a request");
	else
		dm->hot_adds--;
}

/**
 * struct guest_message - what a guest may say
 * @size: bytes of it, at least
 * @exact: exactly
 * @handle: what it means
 */
static const struct guest_message {
	uint32_t size;
	bool exact;
	void (*handle)(struct dm_host *dm, const void *message);
} guest_messages[DM_TYPES] = {
	[DM_TYPE_VERSION_REQUEST] = {
		sizeof(struct dm_version_request), true, on_version },
	[DM_TYPE_CAPS_REPORT] = {
		sizeof(struct dm_caps_report), true, on_caps },
	[DM_TYPE_STATUS_REPORT] = {
		sizeof(struct dm_status), true, on_status },
	[DM_TYPE_BALLOON_RESPONSE] = {
		sizeof(struct dm_balloon_response), false, on_balloon },
	[DM_TYPE_UNBALLOON_RESPONSE] = {
		sizeof(struct dm_header), true, on_unballoon },
	[DM_TYPE_HOT_ADD_RESPONSE] = {
		sizeof(struct dm_hot_add_response), true, on_hot_add },
};

static void keep(struct dm_host *dm, const void *message, size_t length)
{
	struct dm_log_entry *entry = &dm->log[dm->logged++ % DM_LOG_ENTRIES];

	memset(entry, 0, sizeof(*entry));
	entry->size = length;
	memcpy(entry->data, message,
	       length < sizeof(entry->data) ? length : sizeof(entry->data));
}

/* The packet may be up to 7 bytes longer than the message: it is padded. */
static void handle(struct dm_host *dm, const struct dm_header *hdr,
		   size_t length)
{
	const struct guest_message *m;

	if (length < sizeof(*hdr) || hdr->size > length ||
	    length - hdr->size >= 8) {
		violation(dm, "%zu bytes for a message", length);
		return;
	}
	if (hdr->trans_id <= dm->guest_trans_id)
		violation(dm, "id %u after %u", hdr->trans_id,
			  dm->guest_trans_id);
	dm->guest_trans_id = hdr->trans_id;
	if (hdr->type >= DM_TYPES || !guest_messages[hdr->type].handle) {
		violation(dm, "message of type %u", hdr->type);
		return;
	}
	m = &guest_messages[hdr->type];
	if (hdr->size < m->size || (m->exact && hdr->size != m->size)) {
		violation(dm, "type %u with %u bytes", hdr->type, hdr->size);
		return;
	}
	dm->seen[hdr->type]++;
	m->handle(dm, hdr);
}

/**
 * dm_message() - the guest said something
 * @dm: host
 * @message: payload of the packet, private copy
 * @length: bytes of it
 */
void dm_message(struct dm_host *dm, const void *message, size_t length)
{
	pthread_mutex_lock(&dm->lock);
	keep(dm, message, length);
	handle(dm, message, length);
	pthread_cond_broadcast(&dm->progress);
	pthread_mutex_unlock(&dm->lock);
}

/**
 * dm_leave() - nobody shall wait any more
 * @dm: host
 */
void dm_leave(struct dm_host *dm)
{
	pthread_mutex_lock(&dm->lock);
	dm->leaving = true;
	pthread_cond_broadcast(&dm->progress);
	pthread_mutex_unlock(&dm->lock);
}

/**
 * dm_mark() - count messages from here
 * @dm: host
 */
void dm_mark(struct dm_host *dm)
{
	pthread_mutex_lock(&dm->lock);
	memset(dm->seen, 0, sizeof(dm->seen));
	pthread_mutex_unlock(&dm->lock);
}

/**
 * dm_wait() - wait until something is so
 * @dm: host
 * @there: tells whether it is; called with the lock
 * @arg: its argument
 * @timeout_ms: limit
 *
 * Return: whether it is.
 */
bool dm_wait(struct dm_host *dm, bool (*there)(struct dm_host *dm, uint64_t arg),
	     uint64_t arg, unsigned int timeout_ms)
{
	struct timespec end;
	bool is = false;
	int err = 0;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += timeout_ms / 1000;
	end.tv_nsec += timeout_ms % 1000 * 1000000L;
	if (end.tv_nsec >= 1000000000L) {
		end.tv_sec++;
		end.tv_nsec -= 1000000000L;
	}
	pthread_mutex_lock(&dm->lock);
	for (;;) {
		is = there(dm, arg);
		if (is || err || dm->leaving)
			break;
		err = pthread_cond_timedwait(&dm->progress, &dm->lock, &end);
	}
	pthread_mutex_unlock(&dm->lock);
	return is;
}

/* What can be waited for. ------------------------------------------------- */

bool dm_is_idle(struct dm_host *dm, uint64_t unused)
{
	(void)unused;
	return !dm->balloons && !dm->unballoons && !dm->hot_adds;
}

bool dm_is_running(struct dm_host *dm, uint64_t unused)
{
	(void)unused;
	return dm->phase == DM_RUNNING;
}

bool dm_has_status(struct dm_host *dm, uint64_t more_than)
{
	return dm->seen[DM_TYPE_STATUS_REPORT] > more_than;
}

bool dm_has_seen(struct dm_host *dm, uint64_t type_and_count)
{
	return dm->seen[type_and_count >> 56] >=
	       (type_and_count & ((1ull << 56) - 1));
}
