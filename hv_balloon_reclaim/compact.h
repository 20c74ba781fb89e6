/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compaction: free memory that lies in pieces too small to report.
 */
#ifndef _HVB_COMPACT_H
#define _HVB_COMPACT_H

#include <linux/types.h>

/**
 * struct hvb_compact - when to compact
 * @reclaimed: bytes since the last compaction
 * @wait: ticks until the next one may start
 * @pause: ticks between two, longer after one that gained little
 */
struct hvb_compact {
	u64 reclaimed;
	unsigned int wait;
	unsigned int pause;
};

void hvb_compact_init(struct hvb_compact *c);
void hvb_compact_tick(struct hvb_compact *c);
void hvb_compact_maybe(struct hvb_compact *c, bool busy);
int hvb_compact_now(struct hvb_compact *c);

#endif /* _HVB_COMPACT_H */
