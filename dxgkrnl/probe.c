// SPDX-License-Identifier: GPL-2.0
/*
 * The drivers of the PCI functions and VMBus channels of virtual GPUs: what the
 * configuration space says, the protocol version, and who is to be told.
 *
 * Lock: dxg_negotiation_lock, so that one PCI function negotiates for all.
 */
#include <linux/err.h>
#include <linux/hyperv.h>
#include <linux/module.h>
#include <linux/pci.h>

#include <compat.h>
#include <dxg_host_protocol.h>

#include "adapter_life.h"
#include "global_channel.h"
#include "probe.h"
#include "vgpu.h"

/* Version negotiation is done once, by the first PCI function of a set. */
static DEFINE_MUTEX(dxg_negotiation_lock);

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
	/* gone, or not set up: no LUID is 0 */
	if ((words[0] & words[1] & words[2] & words[3]) == U32_MAX ||
	    !(words[0] | words[1]))
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
	struct dxg_adapter_identity identity = { };
	struct dxg_vgpu *vgpu = NULL;
	int ret = 0;

	mutex_lock(&dxg_negotiation_lock);
	if (!dxg_adapter_count())
		ret = dxg_negotiate(pdev);
	if (!ret)
		ret = dxg_read_identity(pdev, &identity);
	if (!ret) {
		vgpu = dxg_vgpu_add(&identity);
		ret = PTR_ERR_OR_ZERO(vgpu);
	}
	mutex_unlock(&dxg_negotiation_lock);
	if (ret)
		return ret;
	pci_set_drvdata(pdev, vgpu);
	dxg_vgpus_start(true);
	return 0;
}

static void dxg_pci_remove(struct pci_dev *pdev)
{
	dxg_vgpu_remove(pci_get_drvdata(pdev));
}

static void dxg_pci_shutdown(struct pci_dev *pdev)
{
	dxg_vgpu_shutdown(pci_get_drvdata(pdev));
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
		dxg_vgpus_start(true);
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
	.shutdown = dxg_pci_shutdown,
};

static bool dxg_vmbus_registered;

/* The channels go, and what their going has put off. */
static void dxg_vmbus_cleanup(void)
{
	if (dxg_vmbus_registered)
		vmbus_driver_unregister(&dxg_vmbus_driver);
	dxg_vgpus_cleanup();
}

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
	if (ret)
		dxg_vmbus_cleanup();
	return ret;
}

/**
 * dxg_probe_cleanup() - let go of all devices; stops all adapters
 */
void dxg_probe_cleanup(void)
{
	pci_unregister_driver(&dxg_pci_driver);
	dxg_vmbus_cleanup();
}
