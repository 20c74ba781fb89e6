/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The reclaim loop.
 */
#ifndef _HVB_RECLAIM_H
#define _HVB_RECLAIM_H

int hvb_reclaim_init(void);
void hvb_reclaim_exit(void);
void hvb_reclaim_wake(void);
void hvb_reclaim_switched(void);

unsigned int hvb_period_ms(void);

#endif /* _HVB_RECLAIM_H */
