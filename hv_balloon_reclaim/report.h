/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Free-page reporting: the kernel's only slot, who has it, and our passes.
 */
#ifndef _HVB_REPORT_H
#define _HVB_REPORT_H

#include <linux/types.h>

/**
 * enum hvb_report_owner - who has the reporting slot, as far as we can know
 * @HVB_OWNER_NONE: nobody that we know of, we do not want it now
 * @HVB_OWNER_SELF: we
 * @HVB_OWNER_OTHER: somebody else (hv_balloon, virtio_balloon)
 * @HVB_OWNER_UNSUPPORTED: this host or kernel has no use for it
 */
enum hvb_report_owner {
	HVB_OWNER_NONE,
	HVB_OWNER_SELF,
	HVB_OWNER_OTHER,
	HVB_OWNER_UNSUPPORTED,
};

int hvb_report_init(void);
void hvb_report_exit(void);
void hvb_report_reconsider(void);
void hvb_report_kick(void);

bool hvb_report_returns_memory(void);
enum hvb_report_owner hvb_report_owner(void);
int hvb_report_order(void);

/* Blocks of at least 2^(12 + n) bytes; sysfs shows bytes by order. */
#define HVB_REPORT_ORDERS		11
u64 hvb_report_bytes_of_order(unsigned int order);
void hvb_report_reset(void);

#endif /* _HVB_REPORT_H */
