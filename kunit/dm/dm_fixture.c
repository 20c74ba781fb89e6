// SPDX-License-Identifier: GPL-2.0
/*
 * The host that the suites of dynamic memory talk to. See dm_fixture.h.
 */
#include <linux/slab.h>
#include <linux/string.h>

#include "dm.h"
#include "dm_fixture.h"

#define FIXTURE_SECONDS	10

static void answer(struct mock_channel *ch, u16 type, u32 trans_id, u64 flags)
{
	struct dm_response response = {
		.hdr = { type, sizeof(response), trans_id },
		.flags = flags,
	};

	mock_host_send(ch, VM_PKT_DATA_INBAND, 0, 0, &response,
		       sizeof(response));
}

static void ask(struct mock_channel *ch, u32 pages)
{
	struct dm_balloon_request request = {
		.hdr = { DM_TYPE_BALLOON_REQUEST, sizeof(request), 1 },
		.pages = pages,
	};

	mock_host_send(ch, VM_PKT_DATA_INBAND, 0, 0, &request,
		       sizeof(request));
}

static void on_packet(struct mock_channel *ch,
		      const struct mock_host_packet *packet)
{
	struct dm_fixture *fix = mock_host_priv(mock_channel_host(ch));
	const struct dm_version_request *version = packet->data;
	const struct dm_header *hdr = packet->data;

	spin_lock(&fix->lock);
	if (fix->count < DM_FIXTURE_MESSAGES) {
		struct dm_said *said = &fix->said[fix->count];

		said->size = packet->len;
		memcpy(said->data, packet->data,
		       min_t(u32, packet->len, sizeof(said->data)));
	}
	fix->count++;
	spin_unlock(&fix->lock);
	wake_up_all(&fix->heard);
	if (fix->mute)
		return;
	if (hdr->type == DM_TYPE_VERSION_REQUEST)
		answer(ch, DM_TYPE_VERSION_RESPONSE, hdr->trans_id,
		       version->version == fix->accept ?
		       DM_RESPONSE_ACCEPTED : 0);
	if (hdr->type == DM_TYPE_CAPS_REPORT)
		answer(ch, DM_TYPE_CAPS_RESPONSE, hdr->trans_id,
		       fix->caps_answer);
	if (hdr->type == DM_TYPE_CAPS_REPORT && fix->first_pages)
		ask(ch, fix->first_pages);
}

static void on_probed(struct mock_channel *ch, const char *driver, int result)
{
	struct dm_fixture *fix = mock_host_priv(mock_channel_host(ch));

	fix->probe_result = result;
	complete(&fix->probed);
}

static const struct mock_host_ops fixture_ops = {
	.packet = on_packet,
	.probed = on_probed,
};

static void destroy(void *data)
{
	struct dm_fixture *fix = data;

	mock_host_destroy(fix->mock);
}

/**
 * dm_fixture() - a host that says yes to version 2.0
 * @test: test that owns it
 *
 * Return: host without a device; failure ends the test.
 */
struct dm_fixture *dm_fixture(struct kunit *test)
{
	struct dm_fixture *fix = kunit_kzalloc(test, sizeof(*fix), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fix);
	fix->accept = DM_VERSION_2_0;
	fix->caps_answer = DM_RESPONSE_ACCEPTED;
	spin_lock_init(&fix->lock);
	init_waitqueue_head(&fix->heard);
	init_completion(&fix->probed);
	fix->mock = mock_host_create(&fixture_ops, fix, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_OR_NULL(fix->mock));
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test, destroy, fix), 0);
	return fix;
}

/**
 * dm_fixture_offer() - offer the device and wait for the driver's probe
 * @test: test
 * @fix: host
 * @probe: what the probe shall return
 */
void dm_fixture_offer(struct kunit *test, struct dm_fixture *fix, int probe)
{
	static const u8 type[16] = DM_GUID_BYTES;
	struct mock_vmbus_offer offer = { .instance = "dynamic memory!" };

	memcpy(offer.type, type, sizeof(offer.type));
	reinit_completion(&fix->probed);
	KUNIT_ASSERT_EQ(test, mock_host_offer(fix->mock, &offer), 0);
	fix->relid = offer.relid;
	KUNIT_ASSERT_NE(test,
			wait_for_completion_timeout(&fix->probed,
						    FIXTURE_SECONDS * HZ), 0ul);
	KUNIT_ASSERT_EQ(test, fix->probe_result, probe);
}

/**
 * dm_fixture_withdraw() - take the device away and wait until it is gone
 * @test: test
 * @fix: host
 */
void dm_fixture_withdraw(struct kunit *test, struct dm_fixture *fix)
{
	KUNIT_ASSERT_EQ(test,
			mock_host_rescind(fix->mock, fix->relid,
					  MOCK_VMBUS_RESCIND_WAIT), 0);
}

/**
 * dm_fixture_send() - say something to the guest
 * @test: test
 * @fix: host
 * @message: starts with a header, which is filled in here
 * @type: DM_TYPE_*
 * @size: bytes
 */
void dm_fixture_send(struct kunit *test, struct dm_fixture *fix, void *message,
		     u16 type, u16 size)
{
	struct mock_channel *ch = mock_host_channel(fix->mock, fix->relid);
	struct dm_header *hdr = message;

	KUNIT_ASSERT_NOT_NULL(test, ch);
	*hdr = (struct dm_header){ type, size, 77 };
	KUNIT_EXPECT_EQ(test, mock_host_send(ch, VM_PKT_DATA_INBAND, 0, 0,
					     message, size), 0);
	mock_channel_put(ch);
}

static bool heard(struct dm_fixture *fix, unsigned int n)
{
	bool is;

	spin_lock(&fix->lock);
	is = fix->count > n;
	spin_unlock(&fix->lock);
	return is;
}

/**
 * dm_fixture_wait() - wait for a message of the guest
 * @test: test
 * @fix: host
 * @n: its number, from 0
 * @type: that it shall have
 *
 * Return: the message; failure ends the test.
 */
const void *dm_fixture_wait(struct kunit *test, struct dm_fixture *fix,
			    unsigned int n, u16 type)
{
	const struct dm_header *hdr = (const void *)fix->said[n].data;

	KUNIT_ASSERT_LT(test, n, DM_FIXTURE_MESSAGES);
	KUNIT_ASSERT_NE(test, wait_event_timeout(fix->heard, heard(fix, n),
						 FIXTURE_SECONDS * HZ), 0l);
	KUNIT_ASSERT_EQ(test, hdr->type, type);
	return hdr;
}

/**
 * dm_fixture_device() - the guest's device
 * @test: test
 * @fix: host whose device is there
 *
 * Return: device, valid until it is withdrawn.
 */
struct hv_device *dm_fixture_device(struct kunit *test, struct dm_fixture *fix)
{
	struct mock_channel *ch = mock_host_channel(fix->mock, fix->relid);
	struct hv_device *dev;

	KUNIT_ASSERT_NOT_NULL(test, ch);
	dev = mock_channel_vmbus(ch)->device_obj;
	mock_channel_put(ch);
	KUNIT_ASSERT_NOT_NULL(test, dev);
	return dev;
}

/**
 * dm_fixture_driver() - the driver bound to a device, as the bus calls it
 * @dev: device
 *
 * Return: driver.
 */
struct hv_driver *dm_fixture_driver(struct hv_device *dev)
{
	return container_of(dev->device.driver, struct hv_driver, driver);
}
