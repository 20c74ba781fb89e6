// SPDX-License-Identifier: GPL-2.0
/*
 * The global channel: one per VM, carries process and sync object messages,
 * unsolicited messages from the host, and everything of adapters in
 * asynchronous mode.  With it comes the I/O space: a window of guest physical
 * addresses in which the host makes fence pages and allocations appear.
 *
 * Opened when the first adapter starts, because the protocol version is known
 * only then.  When it is lost, the host has forgotten all processes.
 *
 * Lock: dxg_global.life, outside dxg_channel locks; see docs/locking.md.
 */
#include <linux/err.h>
#include <linux/hyperv.h>

#include "existing_memory.h"
#include "global_channel.h"
#include "host_event.h"
#include "host_message.h"
#include "vgpu.h"

#define DXG_IO_SPACE_ALIGN	0x10000

struct dxg_global_channel dxg_global;

/**
 * dxg_global_setup() - initialise the object, at module init
 */
void dxg_global_setup(void)
{
	mutex_init(&dxg_global.life);
	dxg_channel_init(&dxg_global.channel, dxg_host_event_message);
}

/**
 * dxg_global_attach() - VMBus offered the global channel
 * @hdev: device, stays until dxg_global_detach()
 *
 * Return: 0, -EBADE when there is one already.
 */
int dxg_global_attach(struct hv_device *hdev)
{
	int ret = 0;

	mutex_lock(&dxg_global.life);
	if (dxg_global.hdev)
		ret = -EBADE;
	else
		dxg_global.hdev = hdev;
	mutex_unlock(&dxg_global.life);
	return ret;
}

static int dxg_global_send_io_space(void)
{
	struct dxg_cmd_setiospaceregion *cmd;
	struct dxg_message msg;
	s32 status;
	int ret;

	cmd = dxg_message_init(&msg, NULL, NULL,
			       DXGK_VMBCOMMAND_SETIOSPACEREGION, sizeof(*cmd));
	cmd->start = dxg_global.io_base;
	cmd->length = dxg_global.io_size;
	ret = dxg_message_call_bounded(&msg, &status, sizeof(status),
				       DXG_START_TIMEOUT);
	return ret ?: dxg_status_to_errno(status);
}

static int dxg_global_open(struct hv_device *hdev)
{
	u64 size = (u64)hdev->channel->offermsg.offer.mmio_megabytes << 20;
	struct resource *res;
	int ret;

	if (!size)
		return -ENOMEM;
	ret = dxg_channel_open(&dxg_global.channel, hdev);
	if (ret)
		return ret;
	ret = vmbus_allocate_mmio(&res, hdev, 0, -1, size, DXG_IO_SPACE_ALIGN,
				  false);
	if (ret)
		goto close;
	dxg_global.io_base = res->start;
	dxg_global.io_size = resource_size(res);
	ret = dxg_global_send_io_space();
	if (ret >= 0)
		return 0;
	/* a host that only forgot to answer may use the window until now */
	dxg_channel_close(&dxg_global.channel);
	vmbus_free_mmio(dxg_global.io_base, dxg_global.io_size);
	return ret;
close:
	dxg_channel_close(&dxg_global.channel);
	return ret;
}

/**
 * dxg_global_start() - bring the global channel up if it is not
 *
 * Context: may sleep, waits for the host a limited time.
 *
 * Return: 0; -EAGAIN when it has not been offered yet, or while the one before
 * is being closed; other errors leave nothing behind and may go away with a
 * later try.
 */
int dxg_global_start(void)
{
	int ret = 0;

	mutex_lock(&dxg_global.life);
	if (!dxg_global.hdev)
		ret = -EAGAIN;
	else if (!dxg_global.running)
		ret = dxg_channel_is_set_up(&dxg_global.channel) ?
			-EAGAIN : dxg_global_open(dxg_global.hdev);
	if (!ret)
		/* pairs with dxg_global_running(): the window is readable */
		smp_store_release(&dxg_global.running, true);
	mutex_unlock(&dxg_global.life);
	return ret;
}

/**
 * dxg_global_detach() - VMBus takes the global channel away
 * @hdev: device
 *
 * First ends whatever waits on the channel, so that nothing here can wait for a
 * waiter; then stops all adapters, since the host forgot their processes and
 * the I/O space goes; then closes, when no GPADL is left on the channel.
 */
void dxg_global_detach(struct hv_device *hdev)
{
	if (READ_ONCE(dxg_global.hdev) != hdev)
		return;
	dxg_channel_shut(&dxg_global.channel);
	dxg_channel_abort(&dxg_global.channel, NULL);

	mutex_lock(&dxg_global.life);
	WRITE_ONCE(dxg_global.hdev, NULL);
	WRITE_ONCE(dxg_global.running, false);
	mutex_unlock(&dxg_global.life);

	dxg_stop_all_adapters();
	dxg_backings_wait_gpadls();

	mutex_lock(&dxg_global.life);
	if (dxg_channel_is_set_up(&dxg_global.channel)) {
		dxg_channel_close(&dxg_global.channel);
		vmbus_free_mmio(dxg_global.io_base, dxg_global.io_size);
	}
	mutex_unlock(&dxg_global.life);
	/* its successor may be on offer already */
	dxg_vgpus_look_again();
}
