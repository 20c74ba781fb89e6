// SPDX-License-Identifier: GPL-2.0
/*
 * The devices that the guest sees. See devices.h.
 */
#include "devices.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Standard header of config space. */
#define PCI_DEVICE		2
#define PCI_COMMAND		4
#define PCI_CLASS_REVISION	8
#define PCI_INTERRUPT_LINE	60
/* Bits of the command word that can be set: I/O, memory, bus master, INTx. */
#define PCI_COMMAND_BITS	0x0407u
/* Class code of a 3D controller; revision 0 below it. */
#define PCI_CLASS_3D		0x030200u
#define PCI_CONFIG_BYTES	256

#define HOSTCAP_MAP_GUEST_MEMORY	1u

/* Long enough for a probe under emulation with a debug kernel. */
#define SETTLE_MS		20000u

static const uint8_t global_type[16] = HV_GPUP_DXGK_GLOBAL_GUID_BYTES;
static const uint8_t vgpu_type[16] = HV_GPUP_DXGK_VGPU_GUID_BYTES;
static const uint8_t dm_type[16] = DM_GUID_BYTES;

/* Any instance will do; this one is easy to spot in sysfs. */
static const uint8_t global_instance[16] = {
	0x67, 0x6c, 0x6f, 0x62, 0x61, 0x6c, 0x00, 0x00,
	0x80, 0x00, 0x64, 0x78, 0x67, 0x00, 0x00, 0x01,
};

static const uint8_t dm_instance[16] = {
	0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x00, 0x00,
	0x80, 0x00, 0x64, 0x78, 0x67, 0x00, 0x00, 0x02,
};

static void put16(uint8_t *p, uint16_t v)
{
	memcpy(p, &v, sizeof(v));
}

static void put32(uint8_t *p, uint32_t v)
{
	memcpy(p, &v, sizeof(v));
}

/**
 * devices_offer() - offer a channel
 * @relay: relay
 * @channel: HOST_CHANNEL_GLOBAL, HOST_CHANNEL_DM or adapter index
 *
 * Return: 0 or -errno, see bus_offer().
 */
int devices_offer(struct relay *relay, int channel)
{
	struct bus_offer offer = { 0 };
	uint64_t megabytes = bus_window_size(relay->bus) >> 20;

	if (channel == HOST_CHANNEL_GLOBAL) {
		memcpy(offer.type, global_type, sizeof(offer.type));
		memcpy(offer.instance, global_instance, sizeof(offer.instance));
		offer.mmio_megabytes = megabytes < UINT16_MAX ? megabytes :
				       UINT16_MAX;
		return bus_offer(relay->bus, channel, &offer);
	}
	if (channel == HOST_CHANNEL_DM) {
		memcpy(offer.type, dm_type, sizeof(offer.type));
		memcpy(offer.instance, dm_instance, sizeof(offer.instance));
		return bus_offer(relay->bus, channel, &offer);
	}
	if (channel < 0 ||
	    (unsigned int)channel >= relay->config.adapter_count)
		return -EINVAL;
	memcpy(offer.type, vgpu_type, sizeof(offer.type));
	memcpy(offer.instance, relay->config.adapters[channel].instance,
	       sizeof(offer.instance));
	return bus_offer(relay->bus, channel, &offer);
}

/**
 * devices_pci_add() - plug in an adapter's PCI function
 * @relay: relay
 * @adapter: index
 *
 * The vendor area is read-only: what the guest writes there arrives as an
 * event and does not change what it reads, since two words share an address.
 *
 * Return: 0 or -errno, see bus_pci_add().
 */
int devices_pci_add(struct relay *relay, unsigned int adapter)
{
	uint8_t image[PCI_CONFIG_BYTES] = { 0 }, mask[PCI_CONFIG_BYTES] = { 0 };
	const struct host_adapter_config *a;

	if (adapter >= relay->config.adapter_count)
		return -EINVAL;
	a = &relay->config.adapters[adapter];
	put16(image, PCI_VENDOR_ID_MICROSOFT);
	put16(image + PCI_DEVICE, a->compute_only ?
	      PCI_DEVICE_ID_COMPUTE_ACCELERATOR : PCI_DEVICE_ID_VIRTUAL_RENDER);
	put32(image + PCI_CLASS_REVISION, PCI_CLASS_3D << 8);
	memcpy(image + DXGK_VMBUS_CHANNEL_ID_OFFSET, a->instance,
	       sizeof(a->instance));
	put32(image + DXGK_VMBUS_VERSION_OFFSET,
	      relay->config.interface_version);
	put32(image + DXGK_VMBUS_VGPU_LUID_OFFSET, a->vgpu_luid.a);
	put32(image + DXGK_VMBUS_VGPU_LUID_OFFSET + 4, a->vgpu_luid.b);
	put32(image + DXGK_VMBUS_HOSTCAPS_OFFSET, a->map_guest_memory ?
	      HOSTCAP_MAP_GUEST_MEMORY : 0);
	put16(mask + PCI_COMMAND, PCI_COMMAND_BITS);
	mask[PCI_INTERRUPT_LINE] = 0xff;
	return bus_pci_add(relay->bus, adapter, image, mask);
}

static int bring_up(struct relay *relay, enum device_kind kind)
{
	unsigned int i;
	int err = 0;

	if (kind == DEVICE_GLOBAL)
		return devices_offer(relay, HOST_CHANNEL_GLOBAL);
	if (kind == DEVICE_DM)
		return devices_offer(relay, HOST_CHANNEL_DM);
	for (i = 0; i < relay->config.adapter_count && !err; i++)
		err = kind == DEVICE_PCI ? devices_pci_add(relay, i) :
					   devices_offer(relay, i);
	return err;
}

/**
 * devices_bring_up() - show the guest its devices
 * @relay: started relay
 * @order: kinds of devices, first to last
 * @kinds: entries of @order; a kind that is not listed stays away
 *
 * The guest has dealt with one kind before the next appears; a guest that takes
 * too long gets a warning and the next kind.
 *
 * Return: 0, or -errno after an explanation on stderr.
 */
int devices_bring_up(struct relay *relay, const enum device_kind *order,
		     unsigned int kinds)
{
	static const char * const names[DEVICE_KINDS] = {
		[DEVICE_PCI] = "PCI functions",
		[DEVICE_VGPU] = "adapter channels",
		[DEVICE_GLOBAL] = "global channel",
		[DEVICE_DM] = "dynamic-memory channel",
	};
	unsigned int i;
	int err;

	for (i = 0; i < kinds; i++) {
		err = bring_up(relay, order[i]);
		if (!err)
			err = bus_settle(relay->bus, SETTLE_MS);
		if (!err)
			continue;
		fprintf(stderr, "dxg-mock-host: %s: %s\n", names[order[i]],
			strerror(-err));
		if (err != -ETIMEDOUT)
			return err;
	}
	return 0;
}
