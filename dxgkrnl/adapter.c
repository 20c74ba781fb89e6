// SPDX-License-Identifier: GPL-2.0
/*
 * A virtual GPU from start to stop.  An adapter object lives through exactly
 * one life: after the stop it stays only as long as devices, files and fences
 * of clients refer to it, and answers -ENODEV.
 *
 * Locks: start and stop are serialised by the caller (dxg_vgpu.life).
 */
#include <linux/slab.h>

#include "adapter.h"
#include "adapter_life.h"
#include "cpu_mapping.h"
#include "existing_memory.h"
#include "global_channel.h"
#include "host_message.h"
#include "process.h"

/* Bytes of GETINTERNALADAPTERINFO's reply before version 40. */
#define DXG_OLD_ADAPTER_INFO	\
	offsetof(struct dxg_ret_getinternaladapterinfo, host_vgpu_luid)

/**
 * dxg_adapter_create() - make an adapter object
 * @identity: what the PCI function said
 *
 * Return: adapter with one reference, not started; NULL without memory.
 */
struct dxg_adapter *
dxg_adapter_create(const struct dxg_adapter_identity *identity)
{
	struct dxg_adapter *adapter = kzalloc(sizeof(*adapter), GFP_KERNEL);

	if (!adapter)
		return NULL;
	kref_init(&adapter->refs);
	adapter->state = DXG_ADAPTER_STARTING;
	adapter->luid = identity->luid;
	adapter->host_vgpu_luid = identity->host_vgpu_luid;
	adapter->compute_only = identity->compute_only;
	dxg_channel_init(&adapter->channel, NULL);
	spin_lock_init(&adapter->resource_lock);
	INIT_LIST_HEAD(&adapter->views);
	INIT_LIST_HEAD(&adapter->backings);
	return adapter;
}

/**
 * dxg_adapter_get() - take a reference
 * @adapter: adapter on which the caller has or borrows one
 */
void dxg_adapter_get(struct dxg_adapter *adapter)
{
	kref_get(&adapter->refs);
}

static void dxg_adapter_release(struct kref *refs)
{
	struct dxg_adapter *adapter = container_of(refs, struct dxg_adapter,
						   refs);

	mutex_destroy(&adapter->channel.full_lock);
	kfree(adapter);
}

/**
 * dxg_adapter_put() - drop a reference
 * @adapter: adapter
 *
 * Context: any.
 */
void dxg_adapter_put(struct dxg_adapter *adapter)
{
	kref_put(&adapter->refs, dxg_adapter_release);
}

static int dxg_adapter_open_host(struct dxg_adapter *adapter)
{
	struct dxg_ret_openadapter reply;
	struct dxg_cmd_openadapter *cmd;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, NULL, adapter, DXGK_VMBCOMMAND_OPENADAPTER,
			       sizeof(*cmd));
	cmd->vmbus_interface_version = dxg_global.version;
	cmd->vmbus_last_compatible_interface_version =
		DXGK_VMBUS_LAST_COMPATIBLE_INTERFACE_VERSION;
	ret = dxg_message_call_bounded(&msg, &reply, sizeof(reply),
				       DXG_START_TIMEOUT);
	if (ret)
		return ret;
	ret = dxg_status_to_errno(reply.status.v);
	if (ret < 0)
		return ret;
	adapter->host_handle = reply.host_adapter_handle.v;
	if (reply.vmbus_last_compatible_interface_version > dxg_global.version)
		return -EPROTONOSUPPORT;
	return 0;
}

static void dxg_adapter_close_host(struct dxg_adapter *adapter)
{
	struct dxg_cmd_closeadapter *cmd;
	struct dxg_message msg;

	cmd = dxg_message_init(&msg, NULL, adapter,
			       DXGK_VMBCOMMAND_CLOSEADAPTER, sizeof(*cmd));
	cmd->host_handle.v = adapter->host_handle;
	/* best effort: the channel is closed next, whatever the answer */
	dxg_message_call_bounded(&msg, NULL, 0, DXG_STOP_TIMEOUT);
}

static int dxg_adapter_query_info(struct dxg_adapter *adapter)
{
	struct dxg_ret_getinternaladapterinfo info;
	bool extended = adapter->channel.extended;
	struct dxg_message msg;
	int ret;

	dxg_message_init(&msg, NULL, adapter,
			 DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO,
			 sizeof(struct dxg_cmd_getinternaladapterinfo));
	ret = dxg_message_call_bounded(&msg, &info,
				       extended ? sizeof(info) :
				       DXG_OLD_ADAPTER_INFO,
				       DXG_START_TIMEOUT);
	if (ret)
		return ret;
	adapter->host_adapter_luid = info.host_adapter_luid;
	if (extended) {
		adapter->host_vgpu_luid = info.host_vgpu_luid;
		/* without the extended header the host could not route */
		adapter->async = info.async_msg_enabled;
	}
	return 0;
}

/**
 * dxg_adapter_start() - open the channel and make the host's acquaintance
 * @adapter: new adapter
 * @hdev: its channel; stays until dxg_adapter_stop()
 *
 * The global channel is up.  Context: may sleep, waits for the host a limited
 * time.
 *
 * Return: 0, the adapter is active; an errno, everything is undone and the
 * adapter is stopped.
 */
int dxg_adapter_start(struct dxg_adapter *adapter, struct hv_device *hdev)
{
	int ret;

	ret = dxg_channel_open(&adapter->channel, hdev);
	if (ret)
		goto stopped;
	ret = dxg_adapter_open_host(adapter);
	if (!ret)
		ret = dxg_adapter_query_info(adapter);
	if (ret) {
		if (adapter->host_handle)
			dxg_adapter_close_host(adapter);
		dxg_channel_close(&adapter->channel);
		goto stopped;
	}
	/* pairs with dxg_adapter_active(): what was learnt is readable */
	smp_store_release(&adapter->state, DXG_ADAPTER_ACTIVE);
	return 0;

stopped:
	WRITE_ONCE(adapter->state, DXG_ADAPTER_STOPPED);
	return ret;
}

/**
 * dxg_adapter_interrupt() - end waits on an adapter whose channel may be gone
 * @adapter: adapter, in any state
 *
 * Called before the caller waits for the start or stop of the adapter.  If the
 * host withdrew the channel, no answer will come; those of a start are of no use
 * any more; others are given a chance by dxg_adapter_stop().
 */
void dxg_adapter_interrupt(struct dxg_adapter *adapter)
{
	bool starting = READ_ONCE(adapter->state) == DXG_ADAPTER_STARTING;
	bool rescinded = false;

	if (dxg_channel_rescinded(&adapter->channel, &rescinded) &&
	    (rescinded || starting)) {
		dxg_channel_shut(&adapter->channel);
		dxg_channel_abort(&adapter->channel, NULL);
	}
}

/**
 * dxg_adapter_stop() - the adapter goes
 * @adapter: adapter whose start succeeded
 *
 * Refuses new work, makes all mappings unreachable, tells the host when nobody
 * is sending about the adapter any more, ends every waiter with -ENODEV, closes
 * the channel, and then lets go of user pages: only now the host cannot write to
 * them any more.  Objects and handles stay until their owners drop them.
 * Context: may sleep, bounded unless the bus waits.
 */
void dxg_adapter_stop(struct dxg_adapter *adapter)
{
	bool rescinded = true;

	WRITE_ONCE(adapter->state, DXG_ADAPTER_STOPPING);
	dxg_views_revoke(adapter);
	dxg_channel_wait_senders();
	dxg_channel_rescinded(&adapter->channel, &rescinded);
	if (!rescinded)
		dxg_adapter_close_host(adapter);

	WRITE_ONCE(adapter->state, DXG_ADAPTER_STOPPED);
	dxg_channel_shut(&adapter->channel);
	dxg_channel_abort(&adapter->channel, NULL);
	/* all in asynchronous mode, and in any the messages of native fences */
	dxg_channel_abort(&dxg_global.channel, adapter);
	dxg_processes_end_adapter(adapter);
	dxg_channel_close(&adapter->channel);
	dxg_backings_release(adapter);
}
