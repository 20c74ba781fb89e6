/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The least host of dynamic memory: it lives in the kernel, on the mock bus,
 * agrees to what it is told to agree to, and keeps what the guest says.
 */
#ifndef _DM_FIXTURE_H
#define _DM_FIXTURE_H

#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/hyperv.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include <dm_protocol.h>
#include <mock_vmbus_host.h>

#define DM_FIXTURE_MESSAGES	64u

/**
 * struct dm_said - a message of the guest
 * @size: bytes of the packet
 * @data: the message
 */
struct dm_said {
	u32 size;
	u8 data[DM_MAX_MESSAGE];
};

/**
 * struct dm_fixture - a host and what the guest said to it
 * @mock: instance of the mock bus
 * @relid: the channel
 * @accept: the one version that is accepted, 0: none
 * @caps_answer: what a guest that reports its capabilities is told
 * @first_pages: pages that are asked for right behind that answer
 * @mute: answer nothing
 * @lock: protects @count
 * @count: messages that the guest said
 * @said: the first of these
 * @heard: wakes who waits for one
 * @probed: the driver's probe returned
 * @probe_result: what
 */
struct dm_fixture {
	struct mock_host *mock;
	u32 relid;
	u32 accept;
	u64 caps_answer;
	u32 first_pages;
	bool mute;
	spinlock_t lock;	/* see above */
	unsigned int count;
	struct dm_said said[DM_FIXTURE_MESSAGES];
	wait_queue_head_t heard;
	struct completion probed;
	int probe_result;
};

struct dm_fixture *dm_fixture(struct kunit *test);
void dm_fixture_offer(struct kunit *test, struct dm_fixture *fix, int probe);
void dm_fixture_withdraw(struct kunit *test, struct dm_fixture *fix);
void dm_fixture_send(struct kunit *test, struct dm_fixture *fix, void *message,
		     u16 type, u16 size);
const void *dm_fixture_wait(struct kunit *test, struct dm_fixture *fix,
			    unsigned int n, u16 type);
struct hv_device *dm_fixture_device(struct kunit *test, struct dm_fixture *fix);
struct hv_driver *dm_fixture_driver(struct hv_device *dev);

#endif /* _DM_FIXTURE_H */
