/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Drivers of the PCI functions and VMBus channels of virtual GPUs.
 */
#ifndef _DXG_PROBE_H
#define _DXG_PROBE_H

int dxg_probe_setup(void);
void dxg_probe_cleanup(void);

#endif /* _DXG_PROBE_H */
