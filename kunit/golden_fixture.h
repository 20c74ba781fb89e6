/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What suites share that compare messages byte for byte with the reference
 * traces of docs/protocol.md.
 */
#ifndef _GOLDEN_FIXTURE_H
#define _GOLDEN_FIXTURE_H

#include "host_fixture.h"

/**
 * struct golden_fixture - test->priv of such a suite
 * @host: in-kernel host
 * @client: this thread as a client
 * @device: 0x40000080
 * @context: 0x400000c0
 * @fence: 0x40000100, a monitored fence
 * @map_guest_pages: set before the start: the host takes page lists
 */
struct golden_fixture {
	struct kernel_host *host;
	struct host_client client;
	u32 device;
	u32 context;
	u32 fence;
	bool map_guest_pages;
};

int golden_fixture_init(struct kunit *test);
void golden_start_host(struct kunit *test, u32 version, bool async);
void golden_start_client(struct kunit *test, u32 version, bool async);
u64 golden_user_data(struct kunit *test, const void *data, size_t size);
void golden_expect_padded(struct kunit *test, const u32 *words, size_t given,
			  size_t count);
void golden_expect_arrival(struct kunit *test, u32 command);

/* The message is exactly these words. */
static inline void golden_expect(struct kunit *test, const u32 *words,
				 size_t count)
{
	golden_expect_padded(test, words, count, count);
}

#endif /* _GOLDEN_FIXTURE_H */
