/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reclaim loop.
 */
#ifndef _HVB_RECLAIM_H
#define _HVB_RECLAIM_H

#include "guards.h"

/**
 * enum hvb_loop_state - what the thread does
 * @HVB_LOOP_OFF: switched off
 * @HVB_LOOP_NO_LEVER: this kernel offers no reclaim on request now
 * @HVB_LOOP_IDLE: nothing to reclaim
 * @HVB_LOOP_RECLAIM: reclaiming
 * @HVB_LOOP_REFAULTS: too many refaults
 * @HVB_LOOP_CPU: used its CPU time
 * @HVB_LOOP_DRY: found nothing to reclaim
 * @HVB_LOOP_HOLD: with an enum hvb_guard added: that one holds it
 */
enum hvb_loop_state {
	HVB_LOOP_OFF,
	HVB_LOOP_NO_LEVER,
	HVB_LOOP_IDLE,
	HVB_LOOP_RECLAIM,
	HVB_LOOP_REFAULTS,
	HVB_LOOP_CPU,
	HVB_LOOP_DRY,
	HVB_LOOP_HOLD,
};

/**
 * struct hvb_loop_view - for users; the thread writes, sysfs reads, word by word
 * @state: enum hvb_loop_state
 * @floor: pages
 * @step: pages
 * @file: page cache in pages
 * @refault_rate: file pages per minute, mean of about the last minute
 * @holds: ticks in which each guard's condition was true
 */
struct hvb_loop_view {
	unsigned int state;
	unsigned long floor;
	unsigned long step;
	unsigned long file;
	unsigned long refault_rate;
	unsigned long holds[HVB_GUARDS];
};

extern struct hvb_loop_view hvb_loop_view;

int hvb_reclaim_init(void);
void hvb_reclaim_exit(void);
void hvb_reclaim_wake(void);
void hvb_reclaim_switched(void);

unsigned int hvb_period_ms(void);

#endif /* _HVB_RECLAIM_H */
