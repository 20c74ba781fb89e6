/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reasons not to reclaim.
 */
#ifndef _HVB_GUARDS_H
#define _HVB_GUARDS_H

#include <linux/types.h>

#include "sample.h"

/**
 * enum hvb_guard - what holds the loop; sysfs shows the names
 * @HVB_GUARD_NO_HOST: nobody returns free pages to the host
 * @HVB_GUARD_OOM: memory ran out
 * @HVB_GUARD_STALL: an allocation had to wait for reclaim
 * @HVB_GUARD_AVAIL: too little is available
 * @HVB_GUARD_PSI_MEM: processes wait for memory
 * @HVB_GUARD_PSI_IO: processes wait for the disk after we reclaimed
 * @HVB_GUARD_SWAP: we made the kernel swap, or swap is nearly full
 * @HVB_GUARD_DIRTY: much of the cache waits to be written
 * @HVB_GUARD_BOOT: the guest has just started
 * @HVB_GUARD_SUSPEND: the guest is about to sleep
 * @HVB_GUARD_RIVAL: DAMON_RECLAIM does the work
 */
enum hvb_guard {
	HVB_GUARD_NO_HOST,
	HVB_GUARD_OOM,
	HVB_GUARD_STALL,
	HVB_GUARD_AVAIL,
	HVB_GUARD_PSI_MEM,
	HVB_GUARD_PSI_IO,
	HVB_GUARD_SWAP,
	HVB_GUARD_DIRTY,
	HVB_GUARD_BOOT,
	HVB_GUARD_SUSPEND,
	HVB_GUARD_RIVAL,
	HVB_GUARDS,
	HVB_GUARD_NONE = HVB_GUARDS,
};

/**
 * struct hvb_guard_view - what the guards look at
 * @before: the sample before
 * @now: this one
 * @own_swap_out: pages that our own reclaim made the kernel swap out since then
 * @swap_most: the most free swap that was ever seen, in pages
 * @spares_anon: our reclaim leaves anonymous memory alone
 * @just_reclaimed: we reclaimed less than a minute ago: waiting for the disk may be
 *	our fault
 * @returns: free pages reach the host
 * @forced: the administrator wants reclaim in any case
 * @suspending: between the notifications of suspend and resume
 * @rival: another reclaimer is active
 * @avail_min: limit for available memory, in pages
 * @psi_permille: limit for pressure
 * @boot_ns: time after start without reclaim
 */
struct hvb_guard_view {
	const struct hvb_sample *before;
	const struct hvb_sample *now;
	u64 own_swap_out;
	unsigned long swap_most;
	bool spares_anon;
	bool just_reclaimed;
	bool returns;
	bool forced;
	bool suspending;
	bool rival;
	unsigned long avail_min;
	unsigned int psi_permille;
	u64 boot_ns;
};

/**
 * struct hvb_guards - holds that run
 * @left: ticks
 * @length: of the last hold, 0 when that is forgotten
 * @quiet: ticks without trip since it ended
 */
struct hvb_guards {
	struct hvb_hold {
		unsigned int left;
		unsigned int length;
		unsigned int quiet;
	} holds[HVB_GUARDS];
};

enum hvb_guard hvb_guards_check(struct hvb_guards *guards,
				const struct hvb_guard_view *view,
				unsigned long *tripped);
unsigned long hvb_guards_avail_min(unsigned long ram);
const char *hvb_guard_name(enum hvb_guard guard);

#endif /* _HVB_GUARDS_H */
