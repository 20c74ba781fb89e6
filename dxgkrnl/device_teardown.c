// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a device, by DestroyDevice, by the last CloseAdapter of its
 * process, or with the process.
 *
 *	dismantle	in the caller, because only there its address space can
 *			be cleaned: no new work, running work has finished,
 *			pages unmapped, all handles gone.  No host involved.
 *	end		in a worker: the host destroys allocations, then the
 *			device.  Only when it has said so are user pages let go.
 *
 * Both happen once per device whoever asks.  A killed caller leaves the rest to
 * the worker, or to the end of the process if there is none yet.
 *
 * Locks: dxg_device.lock exclusively for a moment, and
 * dxg_process_adapter.devices_lock; none while the host thinks.
 */
#include <linux/sched.h>

#include "adapter.h"
#include "device.h"
#include "host_message.h"
#include "host_object.h"
#include "module.h"
#include "process.h"

/*
 * Mark the device destroyed.  When this returns 1 nothing works on it any more
 * and the caller has to take it apart; 0: somebody else does or did.
 */
static int dxg_device_mark_destroyed(struct dxg_device *device, bool killable)
{
	int mine;

	if (!killable)
		down_write(&device->lock);
	else if (down_write_killable(&device->lock))
		return -ERESTARTSYS;
	mine = !device->destroyed;
	WRITE_ONCE(device->destroyed, true);
	up_write(&device->lock);
	return mine;
}

/*
 * Local part; when this returns 0 it is done, whoever did it.  Killable callers
 * may get -ERESTARTSYS.
 */
static int dxg_device_dismantle(struct dxg_device *device, bool killable)
{
	int mine = dxg_device_mark_destroyed(device, killable);

	if (mine < 0)
		return mine;
	if (!mine) {
		if (!killable)
			wait_for_completion(&device->dismantled);
		else if (wait_for_completion_killable(&device->dismantled))
			return -ERESTARTSYS;
		return 0;
	}

	dxg_device_dismantle_contexts(device);
	dxg_device_dismantle_paging_queues(device);
	dxg_device_dismantle_memory(device);
	dxg_device_dismantle_sync_objects(device);
	if (dxg_handle_remove_object(&device->process->objects, &device->obj))
		dxg_object_put(&device->obj);

	/* behind those that dxg_devices_dismantle() still has to look at */
	mutex_lock(&device->pa->devices_lock);
	list_move_tail(&device->obj.link, &device->pa->devices);
	mutex_unlock(&device->pa->devices_lock);
	complete_all(&device->dismantled);
	return 0;
}

static struct dxg_request *dxg_device_send_flush(struct dxg_device *device)
{
	struct dxg_cmd_flushdevice *cmd;
	struct dxg_request *request;
	struct dxg_message msg;

	cmd = dxg_message_init(&msg, device->process, device->obj.adapter,
			       DXGK_VMBCOMMAND_FLUSHDEVICE, sizeof(*cmd));
	if (IS_ERR(cmd))
		return ERR_CAST(cmd);
	cmd->device.v = device->obj.handle;
	cmd->reason = DXGDEVICE_FLUSHSCHEDULER_DEVICE_TERMINATE;
	request = dxg_message_send_surely(&msg, 0, DXG_WAIT_FOREVER);
	dxg_message_free(&msg);
	return request;
}

static struct dxg_request *dxg_device_send_destroy(struct dxg_device *device)
{
	struct dxg_cmd_destroydevice *cmd;
	struct dxg_request *request;
	struct dxg_message msg;

	cmd = dxg_message_init(&msg, device->process, device->obj.adapter,
			       DXGK_VMBCOMMAND_DESTROYDEVICE, sizeof(*cmd));
	if (IS_ERR(cmd))
		return ERR_CAST(cmd);
	cmd->device.v = device->obj.handle;
	request = dxg_message_send_surely(&msg, 0, DXG_WAIT_FOREVER);
	dxg_message_free(&msg);
	return request;
}

/* True when the host answered, in whatever mood. */
static bool dxg_device_wait_answer(struct dxg_request *request)
{
	bool answered;

	if (IS_ERR(request))
		return false;
	answered = !dxg_request_wait(request, DXG_WAIT_FOREVER);
	dxg_request_put(request);
	return answered;
}

/*
 * Host part, and then the release of what the host may have used until then.
 * The flush and the destruction of allocations are under way together; the
 * device goes when all of them are answered.  Worker context.
 */
static void dxg_device_end(struct dxg_device *device, bool flush)
{
	struct dxg_process_adapter *pa = device->pa;
	struct dxg_request *request = NULL;

	if (flush)
		request = dxg_device_send_flush(device);
	dxg_device_destroy_memory(device);
	if (request)
		dxg_device_wait_answer(request);
	device->confirmed =
		dxg_device_wait_answer(dxg_device_send_destroy(device));

	dxg_device_release_memory(device);
	dxg_device_release_sync_objects(device);

	mutex_lock(&pa->devices_lock);
	list_del_init(&device->obj.link);
	mutex_unlock(&pa->devices_lock);
	complete_all(&device->ended);
	/* the list's reference */
	dxg_object_put(&device->obj);
}

/* True for the one who is to call dxg_device_end(). */
static bool dxg_device_claim_end(struct dxg_device *device)
{
	return !atomic_xchg(&device->ending, 1);
}

static void dxg_device_end_work(struct work_struct *work)
{
	struct dxg_device *device = container_of(work, struct dxg_device,
						 end_work);

	if (dxg_device_claim_end(device))
		dxg_device_end(device, false);
	dxg_object_put(&device->obj);
}

/**
 * dxg_device_teardown_init() - prepare what this file needs in a device
 * @device: new device
 */
void dxg_device_teardown_init(struct dxg_device *device)
{
	atomic_set(&device->ending, 0);
	init_completion(&device->dismantled);
	init_completion(&device->ended);
	INIT_WORK(&device->end_work, dxg_device_end_work);
}

/**
 * dxg_device_destroy() - end a device whose handle was just taken away
 * @device: device; called once, by whoever removed the handle
 *
 * Context: process context of the owner; may sleep, waits killably for the host.
 *
 * Return: 0 when the device is gone on both sides, -ERESTARTSYS when the caller
 * is being killed: the end of the process does or awaits the rest.
 */
int dxg_device_destroy(struct dxg_device *device)
{
	int ret = dxg_device_dismantle(device, true);

	if (ret)
		return ret;
	dxg_object_get(&device->obj);
	queue_work(dxg_workqueue, &device->end_work);
	return wait_for_completion_killable(&device->ended);
}

/* A device of the list that is not marked destroyed, referenced; or NULL. */
static struct dxg_device *
dxg_devices_next_live(struct dxg_process_adapter *pa)
{
	struct dxg_device *device;

	lockdep_assert_held(&pa->devices_lock);
	list_for_each_entry(device, &pa->devices, obj.link) {
		if (READ_ONCE(device->destroyed))
			continue;
		dxg_object_get(&device->obj);
		return device;
	}
	return NULL;
}

/**
 * dxg_devices_dismantle() - local end of all devices of a process-adapter
 * @pa: process-adapter that nobody can open devices on any more
 *
 * Waits for running ioctls on the devices, but not for the host otherwise.
 * Context: task that closes the adapter or the last file, which may be dying:
 * then this may return early, dxg_devices_destroy() makes up for it.
 */
void dxg_devices_dismantle(struct dxg_process_adapter *pa)
{
	struct dxg_device *device;
	int ret = 0;

	mutex_lock(&pa->devices_lock);
	WRITE_ONCE(pa->closing, true);
	while (!ret && (device = dxg_devices_next_live(pa))) {
		mutex_unlock(&pa->devices_lock);
		ret = dxg_device_dismantle(device, true);
		dxg_object_put(&device->obj);
		mutex_lock(&pa->devices_lock);
	}
	mutex_unlock(&pa->devices_lock);
}

/**
 * dxg_devices_destroy() - end of all devices of a process-adapter
 * @pa: process-adapter after dxg_devices_dismantle()
 *
 * Context: worker; waits for the host until it answers or is gone.  When this
 * returns no device is left on the host.
 */
void dxg_devices_destroy(struct dxg_process_adapter *pa)
{
	struct dxg_device *device;

	mutex_lock(&pa->devices_lock);
	while ((device = list_first_entry_or_null(&pa->devices,
						  struct dxg_device,
						  obj.link))) {
		dxg_object_get(&device->obj);
		mutex_unlock(&pa->devices_lock);
		dxg_device_dismantle(device, false);
		if (dxg_device_claim_end(device))
			dxg_device_end(device, true);
		else
			wait_for_completion(&device->ended);
		dxg_object_put(&device->obj);
		mutex_lock(&pa->devices_lock);
	}
	mutex_unlock(&pa->devices_lock);
}
