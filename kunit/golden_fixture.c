// SPDX-License-Identifier: GPL-2.0
/*
 * What suites share that compare messages byte for byte.  The in-kernel host
 * gives out handles in the order 0x40000040 (process), 0x40000080, ...
 */
#include <kunit/test.h>
#include <linux/uaccess.h>

#include "golden_fixture.h"

/**
 * golden_fixture_init() - init function of a suite
 * @test: test
 *
 * Return: 0 or -ENOMEM.
 */
int golden_fixture_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct golden_fixture),
				   GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/**
 * golden_expect_padded() - compare what the host captured, length included
 * @test: test
 * @words: first words that are expected
 * @given: number of @words
 * @count: number of words of the message; those behind @given are zero
 */
void golden_expect_padded(struct kunit *test, const u32 *words, size_t given,
			  size_t count)
{
	struct golden_fixture *fix = test->priv;
	u32 *message, length;
	size_t i;

	message = kunit_kzalloc(test, KERNEL_HOST_CAPTURE, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, message);
	length = kernel_host_captured(fix->host, message, KERNEL_HOST_CAPTURE);
	/* the bus rounds up to 8 bytes */
	KUNIT_EXPECT_EQ(test, length, ALIGN(count * sizeof(u32), 8));
	for (i = 0; i < count; i++)
		KUNIT_EXPECT_EQ_MSG(test, message[i],
				    i < given ? words[i] : 0, "word %zu", i);
}

/**
 * golden_expect_arrival() - wait for a message that nobody answers
 * @test: test
 * @command: DXGK_VMBCOMMAND_*
 */
void golden_expect_arrival(struct kunit *test, u32 command)
{
	struct golden_fixture *fix = test->priv;

	KUNIT_EXPECT_EQ(test, kernel_host_wait_seen(fix->host, command, 1), 0);
}

/**
 * golden_start_host() - start the host and the adapter
 * @test: test
 * @version: of the interface
 * @async: the adapter takes asynchronous messages
 */
void golden_start_host(struct kunit *test, u32 version, bool async)
{
	struct golden_fixture *fix = test->priv;
	struct kernel_host_config config = {
		.version = version,
		.async = async,
		.map_guest_pages = fix->map_guest_pages,
	};

	fix->host = host_fixture(test, &config);
}

/**
 * golden_start_client() - start a host and a client with device, context, fence
 * @test: test
 * @version: of the interface
 * @async: the adapter takes asynchronous messages
 */
void golden_start_client(struct kunit *test, u32 version, bool async)
{
	struct golden_fixture *fix = test->priv;
	struct d3dkmt_createcontextvirtual context = { };
	struct d3dkmt_createsynchronizationobject2 fence = {
		.info.type = _D3DDDI_MONITORED_FENCE,
	};

	golden_start_host(test, version, async);
	host_client_init(test, &fix->client);
	fix->device = host_client_device(test, &fix->client);
	context.device.v = fix->device;
	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATECONTEXTVIRTUAL,
						&context), 0L);
	fix->context = context.context.v;
	fence.device.v = fix->device;
	KUNIT_ASSERT_EQ(test, host_client_ioctl(&fix->client,
						LX_DXCREATESYNCHRONIZATIONOBJECT,
						&fence), 0L);
	fix->fence = fence.sync_object.v;
	KUNIT_ASSERT_EQ(test, fix->device, 0x40000080);
	KUNIT_ASSERT_EQ(test, fix->context, 0x400000c0);
	KUNIT_ASSERT_EQ(test, fix->fence, 0x40000100);
}

/**
 * golden_user_data() - put data into the client's second page
 * @test: test
 * @data: data
 * @size: bytes
 *
 * Return: its user address.
 */
u64 golden_user_data(struct kunit *test, const void *data, size_t size)
{
	struct golden_fixture *fix = test->priv;
	unsigned long at = fix->client.user + PAGE_SIZE;

	KUNIT_ASSERT_EQ(test, copy_to_user((void __user *)at, data, size), 0UL);
	return at;
}
