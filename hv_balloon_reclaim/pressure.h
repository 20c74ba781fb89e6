/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a status report says about the guest's memory.
 */
#ifndef _HVB_PRESSURE_H
#define _HVB_PRESSURE_H

unsigned long hvb_pressure_floor(unsigned long ram);
unsigned long hvb_pressure_room(unsigned long available, unsigned long floor);
unsigned long hvb_pressure_committed(unsigned long committed,
				     unsigned long ballooned,
				     unsigned long hot_added,
				     unsigned long onlined,
				     unsigned long floor);

#endif /* _HVB_PRESSURE_H */
