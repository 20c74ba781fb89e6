// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual GPUs.  A vGPU is announced twice, in any order: as a PCI function and
 * as a VMBus channel.  When both are there and the global channel is, its
 * adapter is started; when one goes, it is stopped, and a channel that comes
 * back makes a new adapter while users of the old one see -ENODEV.
 *
 * Locks: dxg_vgpu.life serialises start and stop of one vGPU and may be held
 * while the host thinks (for a limited time); dxg_vgpu_lock protects the lists
 * and is never held across anything.  See docs/locking.md.
 */
#include <linux/err.h>
#include <linux/hyperv.h>
#include <linux/kref.h>
#include <linux/slab.h>

#include "adapter.h"
#include "adapter_life.h"
#include "global_channel.h"
#include "module.h"
#include "vgpu.h"

/* A start that failed is tried again, this often and with growing delay. */
#define DXG_START_TRIES	3

/**
 * struct dxg_vgpu - a vGPU's PCI function
 * @refs: list, and users outside dxg_vgpu_lock
 * @link: in dxg_vgpus, under dxg_vgpu_lock
 * @identity: what the configuration space said; immutable
 * @life: serialises start and stop
 * @adapter: running adapter or one being started, under dxg_vgpu_lock;
 *	referenced
 * @tries: failed starts since the last event, under dxg_vgpu_lock
 * @serial: counts up along the list; immutable
 * @gone: PCI function is being removed, not counted any more; under
 *	dxg_vgpu_lock
 * @halted: the machine goes down, no more starts; under dxg_vgpu_lock
 */
struct dxg_vgpu {
	struct kref refs;
	struct list_head link;
	struct dxg_adapter_identity identity;
	struct mutex life;	/* serialises start and stop */
	struct dxg_adapter *adapter;
	unsigned int tries;
	u64 serial;
	bool gone;
	bool halted;
};

/**
 * struct dxg_offer - a vGPU channel on offer; all under dxg_vgpu_lock
 * @link: in dxg_offers
 * @luid: of the vGPU it belongs to
 * @hdev: its device
 * @user: vGPU whose adapter starts, works or stops on it, NULL: nobody opened
 *	it.  A channel is never opened twice, whatever PCI functions claim it
 */
struct dxg_offer {
	struct list_head link;
	struct winluid luid;
	struct hv_device *hdev;
	struct dxg_vgpu *user;
};

static DEFINE_MUTEX(dxg_vgpu_lock);
static LIST_HEAD(dxg_vgpus);
/* Entries of dxg_vgpus that are not going; under dxg_vgpu_lock. */
static u32 dxg_vgpu_count;
static LIST_HEAD(dxg_offers);
/* Of the entry added last; under dxg_vgpu_lock. */
static u64 dxg_vgpu_last_serial;

static void dxg_retry_work_run(struct work_struct *work);
static DECLARE_DELAYED_WORK(dxg_retry_work, dxg_retry_work_run);

/* User space and the PCI function know a channel by 8 bytes of its GUID. */
static struct winluid dxg_guid_luid(const guid_t *guid)
{
	struct winluid luid;

	memcpy(&luid, guid->b, sizeof(luid));
	return luid;
}

static void dxg_vgpu_release(struct kref *refs)
{
	struct dxg_vgpu *vgpu = container_of(refs, struct dxg_vgpu, refs);

	mutex_destroy(&vgpu->life);
	kfree(vgpu);
}

static void dxg_vgpu_put(struct dxg_vgpu *vgpu)
{
	kref_put(&vgpu->refs, dxg_vgpu_release);
}

/* A free channel with the vGPU's LUID; dxg_vgpu_lock held. */
static struct dxg_offer *dxg_vgpu_offer(const struct dxg_vgpu *vgpu)
{
	struct dxg_offer *offer;

	lockdep_assert_held(&dxg_vgpu_lock);
	list_for_each_entry(offer, &dxg_offers, link)
		if (!offer->user &&
		    dxg_same_luid(offer->luid, vgpu->identity.luid))
			return offer;
	return NULL;
}

/* May the vGPU be started now?  dxg_vgpu_lock held. */
static bool dxg_vgpu_startable(const struct dxg_vgpu *vgpu)
{
	return !vgpu->adapter && !vgpu->gone && !vgpu->halted &&
	       dxg_vgpu_offer(vgpu);
}

/*
 * Decide under the lock whether @vgpu is to be started, and record adapter and
 * channel at once: whoever takes the channel away meanwhile finds the vGPU and
 * ends its requests.  The device stays until vgpu->life is dropped.
 */
static struct dxg_adapter *dxg_vgpu_begin(struct dxg_vgpu *vgpu,
					  struct hv_device **hdev)
{
	struct dxg_adapter *adapter = NULL;
	struct dxg_offer *offer;

	mutex_lock(&dxg_vgpu_lock);
	if (dxg_vgpu_startable(vgpu))
		adapter = dxg_adapter_create(&vgpu->identity);
	if (adapter) {
		offer = dxg_vgpu_offer(vgpu);
		offer->user = vgpu;
		*hdev = offer->hdev;
		vgpu->adapter = adapter;
	}
	mutex_unlock(&dxg_vgpu_lock);
	return adapter;
}

/* The adapter's channel is closed: forget the adapter; vgpu->life held. */
static void dxg_vgpu_end(struct dxg_vgpu *vgpu, bool failed)
{
	struct dxg_adapter *adapter;
	struct dxg_offer *offer;

	mutex_lock(&dxg_vgpu_lock);
	adapter = vgpu->adapter;
	vgpu->adapter = NULL;
	vgpu->tries += failed;
	list_for_each_entry(offer, &dxg_offers, link)
		if (offer->user == vgpu)
			offer->user = NULL;
	mutex_unlock(&dxg_vgpu_lock);
	dxg_adapter_put(adapter);
}

/* Start a vGPU for which everything is there. */
static void dxg_vgpu_start(struct dxg_vgpu *vgpu)
{
	struct hv_device *hdev = NULL;
	struct dxg_adapter *adapter;
	int ret;

	mutex_lock(&vgpu->life);
	ret = dxg_global_start();
	if (ret == -EAGAIN)
		goto unlock;
	adapter = dxg_vgpu_begin(vgpu, &hdev);
	if (!adapter)
		goto unlock;
	if (!ret)
		ret = dxg_adapter_start(adapter, hdev);
	if (ret) {
		dev_warn_ratelimited(&hdev->device,
				     "virtual GPU did not start: %d\n", ret);
		/* from here on nothing keeps the device */
		dxg_vgpu_end(vgpu, true);
		queue_delayed_work(dxg_workqueue, &dxg_retry_work, HZ);
	} else {
		dev_info_ratelimited(&hdev->device,
				     "virtual GPU %08x-%08x ready\n",
				     adapter->luid.b, adapter->luid.a);
	}
unlock:
	mutex_unlock(&vgpu->life);
}

/*
 * The next vGPU of a walk that lets go of the lock at each, referenced; NULL at
 * the end.  @serial is 0 at first and then where the walk is.
 */
static struct dxg_vgpu *dxg_vgpu_next(u64 *serial)
{
	struct dxg_vgpu *vgpu, *next = NULL;

	mutex_lock(&dxg_vgpu_lock);
	list_for_each_entry(vgpu, &dxg_vgpus, link) {
		if (vgpu->serial <= *serial)
			continue;
		*serial = vgpu->serial;
		kref_get(&vgpu->refs);
		next = vgpu;
		break;
	}
	mutex_unlock(&dxg_vgpu_lock);
	return next;
}

/* Is it worth while to try @vgpu?  Only a hint, the start looks again. */
static bool dxg_vgpu_waits(struct dxg_vgpu *vgpu, bool event)
{
	bool waits;

	mutex_lock(&dxg_vgpu_lock);
	if (event)
		vgpu->tries = 0;
	waits = vgpu->tries < DXG_START_TRIES && dxg_vgpu_startable(vgpu);
	mutex_unlock(&dxg_vgpu_lock);
	return waits;
}

/**
 * dxg_vgpus_start() - start whatever can be started, each vGPU once
 * @event: something was added, so earlier failures do not count any more
 *
 * Context: may sleep, waits for the host a limited time.
 */
void dxg_vgpus_start(bool event)
{
	struct dxg_vgpu *vgpu;
	u64 serial = 0;

	while ((vgpu = dxg_vgpu_next(&serial))) {
		if (dxg_vgpu_waits(vgpu, event))
			dxg_vgpu_start(vgpu);
		dxg_vgpu_put(vgpu);
	}
}

static void dxg_retry_work_run(struct work_struct *work)
{
	dxg_vgpus_start(false);
}

/*
 * Stop a vGPU's adapter for good.  Ends its requests before waiting for
 * vgpu->life, which somebody who waits for the host may hold.
 */
static void dxg_vgpu_stop(struct dxg_vgpu *vgpu)
{
	struct dxg_adapter *adapter;

	mutex_lock(&dxg_vgpu_lock);
	adapter = vgpu->adapter;
	if (adapter)
		dxg_adapter_get(adapter);
	mutex_unlock(&dxg_vgpu_lock);
	if (adapter) {
		dxg_adapter_interrupt(adapter);
		dxg_adapter_put(adapter);
	}

	mutex_lock(&vgpu->life);
	/* only changed with vgpu->life held */
	adapter = READ_ONCE(vgpu->adapter);
	if (adapter) {
		dxg_adapter_stop(adapter);
		dxg_vgpu_end(vgpu, false);
	}
	mutex_unlock(&vgpu->life);
}

/**
 * dxg_stop_all_adapters() - the global channel goes
 *
 * Context: may sleep.  No other lock of this file held.
 */
void dxg_stop_all_adapters(void)
{
	struct dxg_vgpu *vgpu;
	u64 serial = 0;

	while ((vgpu = dxg_vgpu_next(&serial))) {
		dxg_vgpu_stop(vgpu);
		dxg_vgpu_put(vgpu);
	}
}

/**
 * dxg_vgpus_look_again() - something ended that stood in the way of a start
 *
 * Does not wait.  Context: any that may take a mutex.
 */
void dxg_vgpus_look_again(void)
{
	mod_delayed_work(dxg_workqueue, &dxg_retry_work, 0);
}

/**
 * dxg_retry_start() - somebody opened the device; try failed starts again
 *
 * Does not wait.  Context: any that may take a mutex.
 */
void dxg_retry_start(void)
{
	struct dxg_vgpu *vgpu;
	bool waiting = false;

	mutex_lock(&dxg_vgpu_lock);
	list_for_each_entry(vgpu, &dxg_vgpus, link)
		waiting |= !vgpu->adapter && vgpu->tries &&
			   vgpu->tries < DXG_START_TRIES;
	mutex_unlock(&dxg_vgpu_lock);
	if (waiting)
		dxg_vgpus_look_again();
}

/* Does the vGPU take new users?  dxg_vgpu_lock held. */
static bool dxg_vgpu_usable(const struct dxg_vgpu *vgpu)
{
	return !vgpu->gone && vgpu->adapter &&
	       dxg_adapter_active(vgpu->adapter);
}

/**
 * dxg_adapter_find() - active adapter with a LUID
 * @luid: as user space knows it
 *
 * Return: adapter, referenced; NULL when there is none that works.
 */
struct dxg_adapter *dxg_adapter_find(struct winluid luid)
{
	struct dxg_adapter *adapter = NULL;
	struct dxg_vgpu *vgpu;

	mutex_lock(&dxg_vgpu_lock);
	list_for_each_entry(vgpu, &dxg_vgpus, link) {
		if (!dxg_vgpu_usable(vgpu) ||
		    !dxg_same_luid(vgpu->identity.luid, luid))
			continue;
		adapter = vgpu->adapter;
		dxg_adapter_get(adapter);
		break;
	}
	mutex_unlock(&dxg_vgpu_lock);
	return adapter;
}

/**
 * dxg_adapter_known() - does any vGPU have this LUID, whatever its state?
 * @luid: as user space knows it
 *
 * Return: true if so.
 */
bool dxg_adapter_known(struct winluid luid)
{
	struct dxg_vgpu *vgpu;
	bool known = false;

	mutex_lock(&dxg_vgpu_lock);
	list_for_each_entry(vgpu, &dxg_vgpus, link)
		known |= dxg_same_luid(vgpu->identity.luid, luid);
	mutex_unlock(&dxg_vgpu_lock);
	return known;
}

/**
 * dxg_adapter_count() - number of known vGPUs, whatever their state and kind
 *
 * Return: an upper bound of what an enumeration returns.
 */
u32 dxg_adapter_count(void)
{
	u32 count;

	mutex_lock(&dxg_vgpu_lock);
	count = dxg_vgpu_count;
	mutex_unlock(&dxg_vgpu_lock);
	return count;
}

/**
 * dxg_adapter_snapshot() - all active adapters, in the order of their probes
 * @adapters: set to an array of references, to be released with
 *	dxg_adapter_snapshot_put(); NULL when @count is 0
 * @count: set to its length
 * @compute_only: include compute-only adapters
 *
 * Return: 0 or -ENOMEM.
 */
int dxg_adapter_snapshot(struct dxg_adapter ***adapters, u32 *count,
			 bool compute_only)
{
	struct dxg_adapter **list = NULL;
	struct dxg_vgpu *vgpu;
	u32 n = 0;

	mutex_lock(&dxg_vgpu_lock);
	if (dxg_vgpu_count) {
		list = kcalloc(dxg_vgpu_count, sizeof(*list),
			       GFP_KERNEL_ACCOUNT);
		if (!list) {
			mutex_unlock(&dxg_vgpu_lock);
			return -ENOMEM;
		}
	}
	list_for_each_entry(vgpu, &dxg_vgpus, link) {
		if (!dxg_vgpu_usable(vgpu) ||
		    (vgpu->identity.compute_only && !compute_only))
			continue;
		dxg_adapter_get(vgpu->adapter);
		list[n++] = vgpu->adapter;
	}
	mutex_unlock(&dxg_vgpu_lock);
	*adapters = list;
	*count = n;
	return 0;
}

/**
 * dxg_adapter_snapshot_put() - release a snapshot
 * @adapters: from dxg_adapter_snapshot()
 * @count: likewise
 */
void dxg_adapter_snapshot_put(struct dxg_adapter **adapters, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		dxg_adapter_put(adapters[i]);
	kfree(adapters);
}

/**
 * dxg_vgpu_add() - a PCI function announces a vGPU
 * @identity: what it says
 *
 * Return: vGPU, to be ended with dxg_vgpu_remove(); -EEXIST: another one has
 * that LUID, by which user space and channels tell them apart; -ENOMEM.
 */
struct dxg_vgpu *dxg_vgpu_add(const struct dxg_adapter_identity *identity)
{
	struct dxg_vgpu *vgpu, *other;
	bool exists = false;

	vgpu = kzalloc(sizeof(*vgpu), GFP_KERNEL);
	if (!vgpu)
		return ERR_PTR(-ENOMEM);
	kref_init(&vgpu->refs);
	mutex_init(&vgpu->life);
	vgpu->identity = *identity;
	mutex_lock(&dxg_vgpu_lock);
	list_for_each_entry(other, &dxg_vgpus, link)
		exists |= !other->gone && dxg_same_luid(other->identity.luid,
							identity->luid);
	if (!exists) {
		vgpu->serial = ++dxg_vgpu_last_serial;
		list_add_tail(&vgpu->link, &dxg_vgpus);
		dxg_vgpu_count++;
	}
	mutex_unlock(&dxg_vgpu_lock);
	if (!exists)
		return vgpu;
	dxg_vgpu_put(vgpu);
	return ERR_PTR(-EEXIST);
}

/**
 * dxg_vgpu_remove() - the PCI function goes
 * @vgpu: from dxg_vgpu_add()
 *
 * Context: may sleep.
 */
void dxg_vgpu_remove(struct dxg_vgpu *vgpu)
{
	mutex_lock(&dxg_vgpu_lock);
	vgpu->gone = true;
	dxg_vgpu_count--;
	mutex_unlock(&dxg_vgpu_lock);
	dxg_vgpu_stop(vgpu);
	/* listed until now: the end of the global channel waits for the stop */
	mutex_lock(&dxg_vgpu_lock);
	list_del(&vgpu->link);
	mutex_unlock(&dxg_vgpu_lock);
	dxg_vgpu_put(vgpu);
	/* the function may have come back already, with the channel taken */
	dxg_vgpus_look_again();
}

/**
 * dxg_vgpu_shutdown() - the machine goes down, or to another kernel
 * @vgpu: from dxg_vgpu_add()
 *
 * The host must not write to memory that the next kernel uses.  Context: may
 * sleep, for a limited time.
 */
void dxg_vgpu_shutdown(struct dxg_vgpu *vgpu)
{
	mutex_lock(&dxg_vgpu_lock);
	vgpu->halted = true;
	mutex_unlock(&dxg_vgpu_lock);
	dxg_vgpu_stop(vgpu);
}

/**
 * dxg_offer_add() - VMBus offers the channel of a vGPU
 * @hdev: device, stays until dxg_offer_remove()
 *
 * Return: 0 or -ENOMEM.
 */
int dxg_offer_add(struct hv_device *hdev)
{
	struct dxg_offer *offer = kzalloc(sizeof(*offer), GFP_KERNEL);

	if (!offer)
		return -ENOMEM;
	offer->luid = dxg_guid_luid(&hdev->channel->offermsg.offer.if_instance);
	offer->hdev = hdev;
	mutex_lock(&dxg_vgpu_lock);
	list_add_tail(&offer->link, &dxg_offers);
	mutex_unlock(&dxg_vgpu_lock);
	return 0;
}

/**
 * dxg_offer_remove() - VMBus takes the channel of a vGPU away
 * @hdev: device
 *
 * Context: may sleep.  When this returns nobody uses the channel any more.
 */
void dxg_offer_remove(struct hv_device *hdev)
{
	struct dxg_offer *offer, *next;
	struct dxg_vgpu *user = NULL;

	mutex_lock(&dxg_vgpu_lock);
	list_for_each_entry_safe(offer, next, &dxg_offers, link) {
		if (offer->hdev != hdev)
			continue;
		user = offer->user;
		if (user)
			kref_get(&user->refs);
		list_del(&offer->link);
		kfree(offer);
	}
	mutex_unlock(&dxg_vgpu_lock);
	if (!user)
		return;
	dxg_vgpu_stop(user);
	dxg_vgpu_put(user);
	/* it may have been offered again before this */
	dxg_vgpus_look_again();
}

/**
 * dxg_vgpus_cleanup() - after the last device: end what works in the background
 */
void dxg_vgpus_cleanup(void)
{
	cancel_delayed_work_sync(&dxg_retry_work);
}
