/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual GPUs as the VM sees them: a PCI function and a VMBus channel that
 * belong together.
 */
#ifndef _DXG_PROBE_H
#define _DXG_PROBE_H

#include <uapi/misc/d3dkmthk.h>

struct dxg_adapter;

int dxg_probe_setup(void);
void dxg_probe_cleanup(void);

void dxg_stop_all_adapters(void);
void dxg_retry_start(void);

struct dxg_adapter *dxg_adapter_find(struct winluid luid);
u32 dxg_adapter_count(void);
int dxg_adapter_snapshot(struct dxg_adapter ***adapters, u32 *count,
			 bool compute_only);
void dxg_adapter_snapshot_put(struct dxg_adapter **adapters, u32 count);

#endif /* _DXG_PROBE_H */
