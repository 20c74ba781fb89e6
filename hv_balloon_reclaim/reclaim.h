/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reclaim loop.
 */
#ifndef _HVB_RECLAIM_H
#define _HVB_RECLAIM_H

#include <linux/types.h>

#include "guards.h"

/**
 * enum hvb_order_kind - what a user can ask the thread for
 * @HVB_DO_RECLAIM: reclaim so many bytes now, 0: all above the smallest floor
 * @HVB_DO_COMPACT: compact now
 */
enum hvb_order_kind {
	HVB_DO_RECLAIM,
	HVB_DO_COMPACT,
};

/**
 * struct hvb_reclaim_view - the loop's state, for display
 * @floor: bytes
 * @step: bytes
 * @file: page cache in bytes
 * @refault_rate: file pages per minute, mean of the last minutes
 * @holds: ticks in which a guard's condition became true
 */
struct hvb_reclaim_view {
	u64 floor;
	u64 step;
	u64 file;
	u64 refault_rate;
	unsigned long holds[HVB_GUARDS];
};

int hvb_reclaim_init(void);
void hvb_reclaim_exit(void);
void hvb_reclaim_switched(void);

unsigned int hvb_period_ms(void);
int hvb_reclaim_order(enum hvb_order_kind kind, u64 bytes);
int hvb_reclaim_state(char *text, size_t size);
void hvb_reclaim_view(struct hvb_reclaim_view *view);
void hvb_reclaim_reset(void);

#endif /* _HVB_RECLAIM_H */
