/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compaction: free memory that lies in pieces too small to report.
 */
#ifndef _HVB_COMPACT_H
#define _HVB_COMPACT_H

#include <linux/types.h>

void hvb_compact_reclaimed(u64 bytes);
void hvb_compact_tick(void);
void hvb_compact_maybe(bool busy);
int hvb_compact_now(void);

#endif /* _HVB_COMPACT_H */
