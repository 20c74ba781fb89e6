/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The lever: how a module can ask the kernel to reclaim and to compact.
 */
#ifndef _HVB_LEVER_H
#define _HVB_LEVER_H

#include <linux/types.h>

struct hvb_sample;

int hvb_lever_prepare(void);
void hvb_lever_release(void);
bool hvb_lever_there(void);
const char *hvb_lever_name(void);
bool hvb_lever_spares_anon(void);
int hvb_lever_reclaim(u64 bytes);
int hvb_lever_compact(void);
void hvb_lever_pressure(struct hvb_sample *sample);
bool hvb_lever_rival(void);

#endif /* _HVB_LEVER_H */
