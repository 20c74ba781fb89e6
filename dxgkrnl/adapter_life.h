/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Birth and death of adapters, for probe.c.
 */
#ifndef _DXG_ADAPTER_LIFE_H
#define _DXG_ADAPTER_LIFE_H

#include <linux/types.h>
#include <uapi/misc/d3dkmthk.h>

struct dxg_adapter;
struct hv_device;

/**
 * struct dxg_adapter_identity - what a PCI function says about its vGPU
 * @luid: first 8 bytes of the channel's instance GUID, the LUID of user space
 * @host_vgpu_luid: the host's LUID of the vGPU, 0 for protocol versions < 40
 * @compute_only: a compute accelerator
 */
struct dxg_adapter_identity {
	struct winluid luid;
	struct winluid host_vgpu_luid;
	bool compute_only;
};

struct dxg_adapter *
dxg_adapter_create(const struct dxg_adapter_identity *identity);
int dxg_adapter_start(struct dxg_adapter *adapter, struct hv_device *hdev);
void dxg_adapter_interrupt(struct dxg_adapter *adapter);
void dxg_adapter_stop(struct dxg_adapter *adapter);

#endif /* _DXG_ADAPTER_LIFE_H */
