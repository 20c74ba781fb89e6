// SPDX-License-Identifier: GPL-2.0
/*
 * What users ask the reclaim thread to do at once: one request at a time, its
 * owner waits for the end.  Knows nothing of reclaim.
 *
 * Lock: request_lock for all writes; not held while a request is carried out.
 */
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

#include "reclaim.h"
#include "request.h"

/**
 * struct request - what a user waits for
 * @kind: what
 * @bytes: how much
 * @owned: its owner still waits, or has not seen the result
 * @pending: not yet ended, even if its owner was killed
 * @result: of the last one
 * @asked: number of requests
 * @done: of these, ended
 * @open: somebody is there to carry them out
 */
static struct request {
	enum hvb_request_kind kind;
	u64 bytes;
	bool owned;
	bool pending;
	int result;
	u64 asked;
	u64 done;
	bool open;
} request;

static DEFINE_MUTEX(request_lock);	/* request */
static DECLARE_WAIT_QUEUE_HEAD(request_end);

/* Without the lock: who waits may not sleep for it. The result is read with it. */
static bool ended(u64 number)
{
	return READ_ONCE(request.done) >= number || !READ_ONCE(request.open);
}

/**
 * hvb_request - have the thread do something now
 * @kind: what
 * @bytes: how much to reclaim
 *
 * Guards and switch are not asked: the user wants it.  Page cache below the
 * smallest floor and, where the kernel lets us, anonymous memory are left alone
 * all the same.  Waits until it is done; killable.
 *
 * Return: 0; -EAGAIN if nothing could be had; -EBUSY while another request is
 * carried out; -EOPNOTSUPP without a lever; -ENODEV when the module is unloaded;
 * -EINTR.
 */
int hvb_request(enum hvb_request_kind kind, u64 bytes)
{
	u64 number;
	int ret;

	mutex_lock(&request_lock);
	if (request.owned || request.pending || !request.open) {
		ret = request.open ? -EBUSY : -ENODEV;
		mutex_unlock(&request_lock);
		return ret;
	}
	request.kind = kind;
	request.bytes = bytes;
	request.owned = true;
	WRITE_ONCE(request.pending, true);
	number = ++request.asked;
	mutex_unlock(&request_lock);

	hvb_reclaim_wake();
	ret = wait_event_killable(request_end, ended(number)) ? -EINTR : 0;
	mutex_lock(&request_lock);
	if (!ret)
		ret = request.done >= number ? request.result : -ENODEV;
	request.owned = false;
	mutex_unlock(&request_lock);
	return ret;
}

/** hvb_request_pending - somebody waits; for the thread */
bool hvb_request_pending(void)
{
	return READ_ONCE(request.pending);
}

/**
 * hvb_request_serve - carry out what is asked for
 * @carry_out: how; its result is the user's
 *
 * For the thread, while hvb_request_pending().
 */
void hvb_request_serve(int (*carry_out)(enum hvb_request_kind kind, u64 bytes))
{
	enum hvb_request_kind kind;
	u64 bytes;
	int ret;

	mutex_lock(&request_lock);
	kind = request.kind;
	bytes = request.bytes;
	mutex_unlock(&request_lock);

	ret = carry_out(kind, bytes);

	mutex_lock(&request_lock);
	request.result = ret;
	WRITE_ONCE(request.pending, false);
	WRITE_ONCE(request.done, request.done + 1);
	mutex_unlock(&request_lock);
	wake_up_all(&request_end);
}

/** hvb_request_open - the thread is there */
void hvb_request_open(void)
{
	mutex_lock(&request_lock);
	WRITE_ONCE(request.open, true);
	mutex_unlock(&request_lock);
}

/** hvb_request_close - it goes: who waits gets -ENODEV, and so do all after */
void hvb_request_close(void)
{
	mutex_lock(&request_lock);
	WRITE_ONCE(request.open, false);
	mutex_unlock(&request_lock);
	wake_up_all(&request_end);
}
