// SPDX-License-Identifier: GPL-2.0
/*
 * What the host does on the dynamic-memory channel. See dm_host.h.
 */
#include "dm_host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/**
 * dm_series_point() - write how much memory the host has to the time series
 * @dm: host, locked
 *
 * A line of two numbers: milliseconds of the monotonic clock, pages.
 */
void dm_series_point(struct dm_host *dm)
{
	struct timespec now;

	if (!dm->series)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	fprintf(dm->series, "%lld %llu\n",
		now.tv_sec * 1000LL + now.tv_nsec / 1000000,
		(unsigned long long)dm->books.pages);
	fflush(dm->series);
}

static struct dm_header header(struct dm_host *dm, uint16_t type, size_t size)
{
	return (struct dm_header){ type, size, ++dm->trans_id };
}

static void say(struct dm_host *dm, const void *message, size_t size)
{
	dm->send(dm->send_ctx, message, size);
}

/**
 * dm_balloon() - ask the guest for pages
 * @dm: host
 * @pages: how many at most
 *
 * Does not wait for the answer, nor for that of an earlier request.
 *
 * Return: 0, -ENOTCONN without a guest, -EBUSY with too many requests open.
 */
int dm_balloon(struct dm_host *dm, uint32_t pages)
{
	struct dm_balloon_request request = { .pages = pages };
	int err = -ENOTCONN;

	pthread_mutex_lock(&dm->lock);
	if (dm->phase == DM_RUNNING)
		err = dm->balloons < DM_OPEN_BALLOONS ? 0 : -EBUSY;
	if (!err) {
		if (!dm->balloons)
			dm->given = 0;
		dm->balloon[dm->balloons++] = pages;
		request.hdr = header(dm, DM_TYPE_BALLOON_REQUEST,
				     sizeof(request));
		say(dm, &request, sizeof(request));
	}
	pthread_mutex_unlock(&dm->lock);
	return err;
}

static void send_unballoon(struct dm_host *dm, const struct books_range *ranges,
			   size_t count, bool more)
{
	uint8_t buffer[DM_MAX_MESSAGE] = { 0 };
	struct dm_unballoon_request *request = (void *)buffer;
	size_t i, size = sizeof(*request) + count * sizeof(request->ranges[0]);

	request->hdr = header(dm, DM_TYPE_UNBALLOON_REQUEST, size);
	request->flags = more ? DM_MORE : 0;
	request->count = count;
	for (i = 0; i < count; i++)
		request->ranges[i] = dm_range_make(ranges[i].start,
						   ranges[i].count);
	say(dm, request, size);
}

/**
 * dm_unballoon() - give pages back
 * @dm: host
 * @pages: how many; at most what the host has
 * @split: in which pieces
 * @per_message: ranges in one message, at most DM_MAX_RANGES
 *
 * Does not wait for the answer.
 *
 * Return: 0, -ENOTCONN, -EINVAL, -ENOMEM.
 */
int dm_unballoon(struct dm_host *dm, uint64_t pages, enum books_split split,
		 unsigned int per_message)
{
	struct books_range *ranges;
	size_t i, n, count = 0;

	if (!per_message || per_message > DM_MAX_RANGES)
		return -EINVAL;
	pthread_mutex_lock(&dm->lock);
	if (dm->phase != DM_RUNNING) {
		pthread_mutex_unlock(&dm->lock);
		return -ENOTCONN;
	}
	ranges = books_pick(&dm->books, pages, split, &count);
	if (ranges)
		dm->unballoons++;
	for (i = 0; ranges && (i < count || !i); i += n) {
		n = count - i < per_message ? count - i : per_message;
		send_unballoon(dm, ranges + i, n, i + n < count);
		if (!n)
			break;
	}
	free(ranges);
	dm_series_point(dm);
	pthread_mutex_unlock(&dm->lock);
	return ranges ? 0 : -ENOMEM;
}

/**
 * dm_unballoon_range() - say that a range goes back, true or not
 * @dm: host
 * @start: first page
 * @count: number of pages
 * @more: another message of this transaction follows
 *
 * Return: 0, -ENOTCONN.
 */
int dm_unballoon_range(struct dm_host *dm, uint64_t start, uint64_t count,
		       bool more)
{
	struct books_range range = { start, count };
	int err = -ENOTCONN;

	pthread_mutex_lock(&dm->lock);
	if (dm->phase == DM_RUNNING) {
		books_remove(&dm->books, start, count);
		send_unballoon(dm, &range, 1, more);
		if (!more)
			dm->unballoons++;
		dm_series_point(dm);
		err = 0;
	}
	pthread_mutex_unlock(&dm->lock);
	return err;
}

/**
 * dm_hot_add() - add memory to the guest
 * @dm: host
 * @range: pages that are backed
 * @region: pages to reserve, or NULL for the short form of the message
 *
 * Does not wait for the answer.
 *
 * Return: 0, -ENOTCONN.
 */
int dm_hot_add(struct dm_host *dm, struct books_range range,
	       const struct books_range *region)
{
	struct dm_hot_add_request request = {
		.range = dm_range_make(range.start, range.count),
	};
	size_t size = DM_HOT_ADD_PLAIN;
	int err = -ENOTCONN;

	if (region) {
		request.region = dm_range_make(region->start, region->count);
		size = sizeof(request);
	}
	pthread_mutex_lock(&dm->lock);
	if (dm->phase == DM_RUNNING) {
		request.hdr = header(dm, DM_TYPE_HOT_ADD_REQUEST, size);
		dm->hot_adds++;
		say(dm, &request, size);
		err = 0;
	}
	pthread_mutex_unlock(&dm->lock);
	return err;
}

/**
 * dm_info() - tell the guest a fact
 * @dm: host
 * @type: kind of fact
 * @data: the fact
 * @size: bytes of it, at most 64
 *
 * Return: 0, -ENOTCONN, -EINVAL.
 */
int dm_info(struct dm_host *dm, uint32_t type, const void *data, size_t size)
{
	uint8_t buffer[sizeof(struct dm_info) + 64] = { 0 };
	struct dm_info *info = (void *)buffer;
	int err = -ENOTCONN;

	if (size > 64)
		return -EINVAL;
	info->type = type;
	info->data_size = size;
	info->size = 2 * sizeof(uint32_t) + size;
	memcpy(info->data, data, size);
	pthread_mutex_lock(&dm->lock);
	if (dm->phase == DM_RUNNING) {
		info->hdr = header(dm, DM_TYPE_INFO, sizeof(*info) + size);
		say(dm, info, sizeof(*info) + size);
		err = 0;
	}
	pthread_mutex_unlock(&dm->lock);
	return err;
}
