/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What users ask the reclaim thread to do at once.
 */
#ifndef _HVB_REQUEST_H
#define _HVB_REQUEST_H

#include <linux/types.h>

/**
 * enum hvb_request_kind - what a user can ask for
 * @HVB_DO_RECLAIM: reclaim so many bytes now, 0: all above the smallest floor
 * @HVB_DO_COMPACT: compact now
 */
enum hvb_request_kind {
	HVB_DO_RECLAIM,
	HVB_DO_COMPACT,
};

int hvb_request(enum hvb_request_kind kind, u64 bytes);
bool hvb_request_pending(void);
void hvb_request_serve(int (*carry_out)(enum hvb_request_kind kind, u64 bytes));
void hvb_request_open(void);
void hvb_request_close(void);

#endif /* _HVB_REQUEST_H */
