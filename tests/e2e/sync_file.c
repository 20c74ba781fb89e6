// SPDX-License-Identifier: GPL-2.0
/*
 * Sync files and what the kernel says of them, for the tests. See sync_file.h.
 */
#include "sync_file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <linux/sync_file.h>

#include "harness.h"

#define FOREVER		(120 * 1000)

/**
 * sync_file_new() - a sync file, which must be closed on exec
 * @s: sequence up to ROW_DEVICE at least
 * @fence: of that device
 * @value: that it stands for
 *
 * Return: its descriptor.
 */
int sync_file_new(struct sequence *s, const struct dxg_fence *fence,
		  __u64 value)
{
	int file = -1;

	equal(dxg_create_sync_file(s->fd, s->device, fence->sync_object, value,
				   &file), 0);
	check(fcntl(file, F_GETFD) & FD_CLOEXEC);
	return file;
}

/**
 * sync_file_fence() - a monitored fence of value 0
 * @s: sequence up to ROW_DEVICE at least
 * @flags: DXG_SYNC_*
 * @fence: filled
 */
void sync_file_fence(struct sequence *s, __u32 flags, struct dxg_fence *fence)
{
	equal(dxg_create_monitored_fence(s->fd, s->device, 0, flags, fence),
	      0);
}

/**
 * sync_file_signalled() - is it signalled by now?
 * @file: sync file
 *
 * Return: true: it is.
 */
bool sync_file_signalled(int file)
{
	struct pollfd p = { .fd = file, .events = POLLIN };

	check(poll(&p, 1, 0) >= 0);
	return p.revents & POLLIN;
}

/**
 * sync_file_wait() - wait until it is signalled, or has ended otherwise
 * @file: sync file
 */
void sync_file_wait(int file)
{
	struct pollfd p = { .fd = file, .events = POLLIN };

	equal(poll(&p, 1, FOREVER), 1);
	equal(p.revents, POLLIN);
}

/**
 * sync_file_status() - what became of it
 * @file: sync file
 *
 * Return: 0 active, 1 signalled, or an errno.
 */
int sync_file_status(int file)
{
	struct sync_file_info info = { 0 };

	equal(ioctl(file, SYNC_IOC_FILE_INFO, &info), 0);
	return info.status;
}

/**
 * sync_file_merge() - one that is signalled when both are
 * @first: sync file
 * @second: another one
 *
 * Return: its descriptor.
 */
int sync_file_merge(int first, int second)
{
	struct sync_merge_data data = { .name = "merged", .fd2 = second };

	equal(ioctl(first, SYNC_IOC_MERGE, &data), 0);
	return data.fence;
}
