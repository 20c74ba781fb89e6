/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual GPUs as the VM sees them: a PCI function and a VMBus channel that
 * belong together, and the adapter that runs on them.
 */
#ifndef _DXG_VGPU_H
#define _DXG_VGPU_H

#include <linux/types.h>
#include <uapi/misc/d3dkmthk.h>

struct dxg_adapter;
struct dxg_adapter_identity;
struct dxg_vgpu;
struct hv_device;

static inline bool dxg_same_luid(struct winluid a, struct winluid b)
{
	return a.a == b.a && a.b == b.b;
}

struct dxg_vgpu *dxg_vgpu_add(const struct dxg_adapter_identity *identity);
void dxg_vgpu_remove(struct dxg_vgpu *vgpu);
void dxg_vgpu_shutdown(struct dxg_vgpu *vgpu);
int dxg_offer_add(struct hv_device *hdev);
void dxg_offer_remove(struct hv_device *hdev);
void dxg_vgpus_start(bool event);
void dxg_vgpus_look_again(void);
void dxg_vgpus_cleanup(void);

void dxg_stop_all_adapters(void);
void dxg_retry_start(void);

struct dxg_adapter *dxg_adapter_find(struct winluid luid);
bool dxg_adapter_known(struct winluid luid);
u32 dxg_adapter_count(void);
int dxg_adapter_snapshot(struct dxg_adapter ***adapters, u32 *count,
			 bool compute_only);
void dxg_adapter_snapshot_put(struct dxg_adapter **adapters, u32 count);

#endif /* _DXG_VGPU_H */
