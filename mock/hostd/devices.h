/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The devices that the guest sees: per VM one global channel and, if wanted, one
 * for dynamic memory, per adapter one vGPU channel and one PCI function. Knows
 * GUIDs and the config-space layout, and in which order they come; holds no state
 * of its own.
 */
#ifndef HOSTD_DEVICES_H
#define HOSTD_DEVICES_H

#include "relay.h"

/**
 * enum device_kind - what can come and go
 * @DEVICE_PCI: PCI functions
 * @DEVICE_VGPU: adapter channels
 * @DEVICE_GLOBAL: global channel
 * @DEVICE_DM: dynamic memory
 */
enum device_kind {
	DEVICE_PCI,
	DEVICE_VGPU,
	DEVICE_GLOBAL,
	DEVICE_DM,
};

#define DEVICE_KINDS	4u

int devices_offer(struct relay *relay, int channel);
int devices_pci_add(struct relay *relay, unsigned int adapter);
int devices_bring_up(struct relay *relay, const enum device_kind *order,
		     unsigned int kinds);

#endif /* HOSTD_DEVICES_H */
