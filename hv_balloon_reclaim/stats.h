/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters that users read: 64 bits, they only grow, until "reset".
 */
#ifndef _HVB_STATS_H
#define _HVB_STATS_H

#include <linux/atomic.h>

/*
 * One line per counter; sysfs.c makes a file of each.  Bytes or plain numbers;
 * the name says which.
 */
#define HVB_COUNTERS(X)							\
	X(reported_bytes)	/* hinted to the host */		\
	X(report_calls)		/* hint hypercalls */			\
	X(report_fail)		/* of these, failed */			\
	X(report_downgrades)	/* order raised to 2 MiB by the host */	\
	X(report_kicks)		/* passes started by us */		\
	X(reclaimed_bytes)	/* measured, not what was asked */	\
	X(requests)		/* writes to the reclaim lever */	\
	X(eagain)		/* of these, ended with -EAGAIN */	\
	X(refault_total)	/* file pages, while we answer for them */ \
	X(refault_trips)	/* times over the budget */		\
	X(compactions)							\
	X(compact_gain_bytes)	/* more in reportable blocks */		\
	X(swap_out_by_us)	/* pages */

enum hvb_counter {
#define X(name) HVB_##name,
	HVB_COUNTERS(X)
#undef X
	HVB_COUNTER_COUNT
};

extern atomic64_t hvb_counters[HVB_COUNTER_COUNT];

/* The time our thread was running, in ns. */
extern atomic64_t hvb_cpu_ns;

#define hvb_count(name, n)	atomic64_add(n, &hvb_counters[HVB_##name])
#define hvb_counter(name)	((u64)atomic64_read(&hvb_counters[HVB_##name]))

#endif /* _HVB_STATS_H */
