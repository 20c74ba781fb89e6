/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the reclaim loop shows of itself.
 */
#ifndef _HVB_LOOP_STATE_H
#define _HVB_LOOP_STATE_H

#include <linux/types.h>

#include "guards.h"

/**
 * enum hvb_loop_state - what the thread does
 * @HVB_LOOP_OFF: switched off
 * @HVB_LOOP_NO_LEVER: this kernel offers no reclaim on request now
 * @HVB_LOOP_IDLE: nothing to reclaim
 * @HVB_LOOP_RECLAIM: reclaiming
 * @HVB_LOOP_HOLD: a guard
 * @HVB_LOOP_REFAULTS: too many refaults
 * @HVB_LOOP_CPU: used its CPU time
 * @HVB_LOOP_DRY: found nothing to reclaim
 */
enum hvb_loop_state {
	HVB_LOOP_OFF,
	HVB_LOOP_NO_LEVER,
	HVB_LOOP_IDLE,
	HVB_LOOP_RECLAIM,
	HVB_LOOP_HOLD,
	HVB_LOOP_REFAULTS,
	HVB_LOOP_CPU,
	HVB_LOOP_DRY,
};

/**
 * struct hvb_loop_numbers - the loop's numbers
 * @floor: bytes
 * @step: bytes
 * @file: page cache in bytes
 * @refault_rate: file pages per minute, mean of about the last minute
 */
struct hvb_loop_numbers {
	u64 floor;
	u64 step;
	u64 file;
	u64 refault_rate;
};

/* for the thread */
void hvb_loop_set(enum hvb_loop_state state, enum hvb_guard guard);
enum hvb_loop_state hvb_loop_get(void);
void hvb_loop_show(const struct hvb_loop_numbers *numbers);
void hvb_loop_held(unsigned long guards);

/* for sysfs */
int hvb_loop_text(char *text, size_t size);
void hvb_loop_numbers(struct hvb_loop_numbers *numbers);
unsigned long hvb_loop_holds(enum hvb_guard guard);
void hvb_loop_reset(void);

#endif /* _HVB_LOOP_STATE_H */
