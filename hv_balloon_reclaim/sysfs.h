/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /sys/kernel/hv_balloon_reclaim
 */
#ifndef _HVB_SYSFS_H
#define _HVB_SYSFS_H

int hvb_sysfs_init(void);
void hvb_sysfs_exit(void);
void hvb_sysfs_state_changed(void);

#endif /* _HVB_SYSFS_H */
