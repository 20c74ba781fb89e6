/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel tells us in the middle of reclaim.
 */
#ifndef _HVB_ALARMS_H
#define _HVB_ALARMS_H

#include <linux/types.h>

int hvb_alarms_init(void);
void hvb_alarms_exit(void);
bool hvb_alarm(void);
bool hvb_alarm_oom(void);
bool hvb_alarm_suspending(void);

#endif /* _HVB_ALARMS_H */
