// SPDX-License-Identifier: GPL-2.0
/*
 * Finding virtual GPUs.  A vGPU is announced twice, in any order: as a PCI
 * function whose configuration space holds the protocol version and a GUID, and
 * as a VMBus channel with this GUID.  When both are there and the global channel
 * is, the adapter is started; when one goes, it is stopped, and a channel that
 * comes back makes a new adapter while users of the old one see -ENODEV.
 *
 * Locks: dxg_vgpu.life serialises start and stop of one vGPU and may be held
 * while the host thinks (for a limited time); dxg_vgpu_lock protects the lists
 * and is never held across anything.  See docs/locking.md.
 */
#include <linux/hyperv.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include <compat.h>
#include <dxg_host_protocol.h>

#include "adapter.h"
#include "adapter_life.h"
#include "global_channel.h"
#include "module.h"
#include "probe.h"

/* A start that failed is tried again, this often and with growing delay. */
#define DXG_START_TRIES	3

/**
 * struct dxg_vgpu - a vGPU's PCI function
 * @refs: list, and users outside dxg_vgpu_lock
 * @link: in dxg_vgpus, under dxg_vgpu_lock
 * @pdev: PCI function; only compared and used for logging
 * @identity: what the configuration space said; immutable
 * @life: serialises start and stop
 * @adapter: running adapter or one being started, under dxg_vgpu_lock;
 *	referenced
 * @tries: failed starts since the last event, under dxg_vgpu_lock
 * @pass: last walk that visited it, under dxg_vgpu_lock
 * @gone: PCI function is being removed, not counted any more; under
 *	dxg_vgpu_lock
 */
struct dxg_vgpu {
	struct kref refs;
	struct list_head link;
	struct pci_dev *pdev;
	struct dxg_adapter_identity identity;
	struct mutex life;	/* serialises start and stop */
	struct dxg_adapter *adapter;
	unsigned int tries;
	u64 pass;
	bool gone;
};

/* A vGPU channel on offer; under dxg_vgpu_lock. */
struct dxg_offer {
	struct list_head link;
	struct winluid luid;
	struct hv_device *hdev;
};

static DEFINE_MUTEX(dxg_vgpu_lock);
static LIST_HEAD(dxg_vgpus);
/* Entries of dxg_vgpus that are not going; under dxg_vgpu_lock. */
static u32 dxg_vgpu_count;
static LIST_HEAD(dxg_offers);
/* Number of the last walk over dxg_vgpus; under dxg_vgpu_lock. */
static u64 dxg_start_pass;
/* Version negotiation is done once, by the first PCI function of a set. */
static DEFINE_MUTEX(dxg_negotiation_lock);

static void dxg_retry_work_run(struct work_struct *work);
static DECLARE_DELAYED_WORK(dxg_retry_work, dxg_retry_work_run);

static bool dxg_same_luid(struct winluid a, struct winluid b)
{
	return a.a == b.a && a.b == b.b;
}

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

/* The channel device of a vGPU; dxg_vgpu_lock held. */
static struct hv_device *dxg_vgpu_hdev(const struct dxg_vgpu *vgpu)
{
	struct dxg_offer *offer;

	lockdep_assert_held(&dxg_vgpu_lock);
	list_for_each_entry(offer, &dxg_offers, link)
		if (dxg_same_luid(offer->luid, vgpu->identity.luid))
			return offer->hdev;
	return NULL;
}

/*
 * Decide under the lock whether @vgpu is to be started, and record the adapter
 * at once: whoever takes the channel away meanwhile finds it and ends its
 * requests.  The device stays until vgpu->life is dropped.
 */
static struct dxg_adapter *dxg_vgpu_begin(struct dxg_vgpu *vgpu,
					  struct hv_device **hdev)
{
	struct dxg_adapter *adapter = NULL;

	mutex_lock(&dxg_vgpu_lock);
	*hdev = dxg_vgpu_hdev(vgpu);
	if (*hdev && !vgpu->adapter && !vgpu->gone) {
		adapter = dxg_adapter_create(&vgpu->identity);
		vgpu->adapter = adapter;
	}
	mutex_unlock(&dxg_vgpu_lock);
	return adapter;
}

/* Start a vGPU for which everything is there. */
static void dxg_vgpu_start(struct dxg_vgpu *vgpu)
{
	struct dxg_adapter *adapter;
	struct hv_device *hdev;
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
		mutex_lock(&dxg_vgpu_lock);
		vgpu->adapter = NULL;
		vgpu->tries++;
		mutex_unlock(&dxg_vgpu_lock);
		dxg_adapter_put(adapter);
		dev_warn_ratelimited(&hdev->device,
				     "virtual GPU did not start: %d\n", ret);
		queue_delayed_work(dxg_workqueue, &dxg_retry_work, HZ);
	} else {
		dev_info(&hdev->device, "virtual GPU %08x-%08x ready\n",
			 adapter->luid.b, adapter->luid.a);
	}
unlock:
	mutex_unlock(&vgpu->life);
}

/*
 * Start whatever can be started, each vGPU once.  @event: something was added,
 * so earlier failures do not count any more.
 */
static void dxg_start_waiting(bool event)
{
	struct dxg_vgpu *vgpu;
	u64 pass;

	mutex_lock(&dxg_vgpu_lock);
	pass = ++dxg_start_pass;
again:
	list_for_each_entry(vgpu, &dxg_vgpus, link) {
		if (vgpu->pass >= pass)
			continue;
		vgpu->pass = pass;
		if (event)
			vgpu->tries = 0;
		if (vgpu->adapter || vgpu->gone ||
		    vgpu->tries >= DXG_START_TRIES || !dxg_vgpu_hdev(vgpu))
			continue;
		kref_get(&vgpu->refs);
		mutex_unlock(&dxg_vgpu_lock);
		dxg_vgpu_start(vgpu);
		dxg_vgpu_put(vgpu);
		mutex_lock(&dxg_vgpu_lock);
		goto again;
	}
	mutex_unlock(&dxg_vgpu_lock);
}

static void dxg_retry_work_run(struct work_struct *work)
{
	dxg_start_waiting(false);
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
	mutex_lock(&dxg_vgpu_lock);
	adapter = vgpu->adapter;
	vgpu->adapter = NULL;
	mutex_unlock(&dxg_vgpu_lock);
	if (adapter) {
		dxg_adapter_stop(adapter);
		dxg_adapter_put(adapter);
	}
	mutex_unlock(&vgpu->life);
}

/* Stop the adapters of all vGPUs, or of those with a LUID. */
static void dxg_stop_adapters(const struct winluid *luid)
{
	struct dxg_vgpu *vgpu;
	u64 pass;

	mutex_lock(&dxg_vgpu_lock);
	pass = ++dxg_start_pass;
again:
	list_for_each_entry(vgpu, &dxg_vgpus, link) {
		if (vgpu->pass >= pass ||
		    (luid && !dxg_same_luid(vgpu->identity.luid, *luid)))
			continue;
		vgpu->pass = pass;
		kref_get(&vgpu->refs);
		mutex_unlock(&dxg_vgpu_lock);
		dxg_vgpu_stop(vgpu);
		dxg_vgpu_put(vgpu);
		mutex_lock(&dxg_vgpu_lock);
		goto again;
	}
	mutex_unlock(&dxg_vgpu_lock);
}

/**
 * dxg_stop_all_adapters() - the global channel goes
 *
 * Context: may sleep.  No other lock of this file held.
 */
void dxg_stop_all_adapters(void)
{
	dxg_stop_adapters(NULL);
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
		mod_delayed_work(dxg_workqueue, &dxg_retry_work, 0);
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
		if (!vgpu->adapter || !dxg_adapter_active(vgpu->adapter) ||
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
		list = kcalloc(dxg_vgpu_count, sizeof(*list), GFP_KERNEL);
		if (!list) {
			mutex_unlock(&dxg_vgpu_lock);
			return -ENOMEM;
		}
	}
	list_for_each_entry(vgpu, &dxg_vgpus, link) {
		if (vgpu->gone || !vgpu->adapter ||
		    !dxg_adapter_active(vgpu->adapter) ||
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

static int dxg_config_read(struct pci_dev *pdev, int offset, u32 *words,
			   size_t count)
{
	size_t i;
	int ret;

	for (i = 0; i < count; i++) {
		ret = pci_read_config_dword(pdev, offset + i * 4, &words[i]);
		if (ret)
			return pcibios_err_to_errno(ret);
	}
	return 0;
}

static int dxg_config_write(struct pci_dev *pdev, int offset, u32 value)
{
	return pcibios_err_to_errno(pci_write_config_dword(pdev, offset,
							   value));
}

/*
 * Agree on a protocol version with the host; once, while no other PCI function
 * is known.  Source: docs/protocol.md, PCI configuration area.
 */
static int dxg_negotiate(struct pci_dev *pdev)
{
	struct dxgk_vmbus_guestcaps caps = { .wsl2 = 1 };
	u32 version;
	int ret;

	ret = dxg_config_write(pdev, DXGK_VMBUS_GUESTCAPS_OFFSET,
			       caps.guest_caps);
	if (ret)
		return ret;
	if (dxg_config_read(pdev, DXGK_VMBUS_VERSION_OFFSET, &version, 1) ||
	    !version)
		version = DXGK_VMBUS_INTERFACE_VERSION_OLD;
	if (version == U32_MAX)
		return -ENODEV;
	dxg_global.map_guest_pages = false;
	if (version >= DXGK_VMBUS_INTERFACE_VERSION) {
		struct dxgk_vmbus_hostcaps host = { };

		ret = dxg_config_write(pdev, DXGK_VMBUS_VERSION_OFFSET,
				       DXGK_VMBUS_INTERFACE_VERSION_LATEST);
		if (ret)
			return ret;
		if (!dxg_config_read(pdev, DXGK_VMBUS_HOSTCAPS_OFFSET,
				     &host.host_caps, 1))
			dxg_global.map_guest_pages = host.map_guest_memory;
	}
	dxg_global.version = min_t(u32, version,
				   DXGK_VMBUS_INTERFACE_VERSION_LATEST);
	return 0;
}

static int dxg_read_identity(struct pci_dev *pdev,
			     struct dxg_adapter_identity *identity)
{
	u32 words[4];
	int ret;

	ret = dxg_config_read(pdev, DXGK_VMBUS_CHANNEL_ID_OFFSET, words, 4);
	if (ret)
		return ret;
	if ((words[0] & words[1] & words[2] & words[3]) == U32_MAX)
		return -ENODEV;
	identity->luid.a = words[0];
	identity->luid.b = words[1];
	identity->compute_only =
		pdev->device == PCI_DEVICE_ID_COMPUTE_ACCELERATOR;
	if (dxg_global.version < DXGK_VMBUS_INTERFACE_VERSION)
		return 0;
	ret = dxg_config_read(pdev, DXGK_VMBUS_VGPU_LUID_OFFSET, words, 2);
	if (ret)
		return ret;
	identity->host_vgpu_luid.a = words[0];
	identity->host_vgpu_luid.b = words[1];
	return 0;
}

static int dxg_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct dxg_vgpu *vgpu;
	int ret = 0;

	vgpu = kzalloc(sizeof(*vgpu), GFP_KERNEL);
	if (!vgpu)
		return -ENOMEM;
	kref_init(&vgpu->refs);
	mutex_init(&vgpu->life);
	vgpu->pdev = pdev;

	mutex_lock(&dxg_negotiation_lock);
	if (!dxg_adapter_count())
		ret = dxg_negotiate(pdev);
	if (!ret)
		ret = dxg_read_identity(pdev, &vgpu->identity);
	if (!ret) {
		mutex_lock(&dxg_vgpu_lock);
		list_add_tail(&vgpu->link, &dxg_vgpus);
		dxg_vgpu_count++;
		mutex_unlock(&dxg_vgpu_lock);
		pci_set_drvdata(pdev, vgpu);
	}
	mutex_unlock(&dxg_negotiation_lock);
	if (ret) {
		dxg_vgpu_put(vgpu);
		return ret;
	}
	dxg_start_waiting(true);
	return 0;
}

static void dxg_pci_remove(struct pci_dev *pdev)
{
	struct dxg_vgpu *vgpu = pci_get_drvdata(pdev);

	mutex_lock(&dxg_vgpu_lock);
	vgpu->gone = true;
	dxg_vgpu_count--;
	mutex_unlock(&dxg_vgpu_lock);
	dxg_vgpu_stop(vgpu);
	/* listed until now: removal of the channel has to wait for the stop */
	mutex_lock(&dxg_vgpu_lock);
	list_del(&vgpu->link);
	mutex_unlock(&dxg_vgpu_lock);
	dxg_vgpu_put(vgpu);
}

static int dxg_offer_add(struct hv_device *hdev)
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

/* Forget a channel on offer, and wait until nobody uses it any more. */
static void dxg_offer_remove(struct hv_device *hdev)
{
	struct winluid luid =
		dxg_guid_luid(&hdev->channel->offermsg.offer.if_instance);
	struct dxg_offer *offer, *next;

	mutex_lock(&dxg_vgpu_lock);
	list_for_each_entry_safe(offer, next, &dxg_offers, link) {
		if (offer->hdev != hdev)
			continue;
		list_del(&offer->link);
		kfree(offer);
	}
	mutex_unlock(&dxg_vgpu_lock);
	dxg_stop_adapters(&luid);
}

/* Probes sit in the order of offers; the index is in the id table. */
enum { DXG_CHANNEL_VGPU, DXG_CHANNEL_GLOBAL };

static const struct hv_vmbus_device_id dxg_vmbus_ids[] = {
	[DXG_CHANNEL_VGPU] = {
		.guid = GUID_INIT(0x6e382d18, 0x3336, 0x4f4b, 0xac, 0xc4, 0x2b,
				  0x77, 0x03, 0xd4, 0xdf, 0x4a) },
	[DXG_CHANNEL_GLOBAL] = {
		.guid = GUID_INIT(0xdde9cbc0, 0x5060, 0x4436, 0x94, 0x48, 0xea,
				  0x12, 0x54, 0xa5, 0xd1, 0x77) },
	{ }
};
MODULE_DEVICE_TABLE(vmbus, dxg_vmbus_ids);

static bool dxg_is_global(const struct hv_device *hdev)
{
	return guid_equal(&hdev->dev_type,
			  &dxg_vmbus_ids[DXG_CHANNEL_GLOBAL].guid);
}

static int dxg_vmbus_probe(struct hv_device *hdev,
			   const struct hv_vmbus_device_id *id)
{
	int ret;

	if (dxg_is_global(hdev))
		ret = dxg_global_attach(hdev);
	else if (guid_equal(&hdev->dev_type,
			    &dxg_vmbus_ids[DXG_CHANNEL_VGPU].guid))
		ret = dxg_offer_add(hdev);
	else
		ret = -ENODEV;
	if (!ret)
		dxg_start_waiting(true);
	return ret;
}

static compat_hv_remove_t dxg_vmbus_remove(struct hv_device *hdev)
{
	if (dxg_is_global(hdev))
		dxg_global_detach(hdev);
	else
		dxg_offer_remove(hdev);
	return (compat_hv_remove_t)0;
}

/* Hibernation with a paravirtual GPU is not possible: say so early. */
static int dxg_vmbus_suspend(struct hv_device *hdev)
{
	return -EOPNOTSUPP;
}

static int dxg_vmbus_resume(struct hv_device *hdev)
{
	return 0;
}

static struct hv_driver dxg_vmbus_driver = {
	.name = KBUILD_MODNAME,
	.id_table = dxg_vmbus_ids,
	.probe = dxg_vmbus_probe,
	.remove = dxg_vmbus_remove,
	.suspend = dxg_vmbus_suspend,
	.resume = dxg_vmbus_resume,
	.driver.probe_type = PROBE_PREFER_ASYNCHRONOUS,
};

static const struct pci_device_id dxg_pci_ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_MICROSOFT, PCI_DEVICE_ID_VIRTUAL_RENDER) },
	{ PCI_DEVICE(PCI_VENDOR_ID_MICROSOFT,
		     PCI_DEVICE_ID_COMPUTE_ACCELERATOR) },
	{ }
};
MODULE_DEVICE_TABLE(pci, dxg_pci_ids);

static struct pci_driver dxg_pci_driver = {
	.name = KBUILD_MODNAME,
	.id_table = dxg_pci_ids,
	.probe = dxg_pci_probe,
	.remove = dxg_pci_remove,
};

static bool dxg_vmbus_registered;

/**
 * dxg_probe_setup() - start looking for virtual GPUs
 *
 * A machine without VMBus has none, which is no error.
 *
 * Return: 0 or the errno of a registration.
 */
int dxg_probe_setup(void)
{
	int ret;

	ret = vmbus_driver_register(&dxg_vmbus_driver);
	if (ret && ret != -ENODEV)
		return ret;
	dxg_vmbus_registered = !ret;
	ret = pci_register_driver(&dxg_pci_driver);
	if (ret && dxg_vmbus_registered)
		vmbus_driver_unregister(&dxg_vmbus_driver);
	return ret;
}

/**
 * dxg_probe_cleanup() - let go of all devices; stops all adapters
 */
void dxg_probe_cleanup(void)
{
	pci_unregister_driver(&dxg_pci_driver);
	if (dxg_vmbus_registered)
		vmbus_driver_unregister(&dxg_vmbus_driver);
	cancel_delayed_work_sync(&dxg_retry_work);
}
