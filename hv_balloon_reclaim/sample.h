/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The state of the guest's memory at one moment, as the reclaim loop sees it, and
 * the kernel's alarms.
 */
#ifndef _HVB_SAMPLE_H
#define _HVB_SAMPLE_H

#include <linux/types.h>

/**
 * struct hvb_sample - everything that guards and floor look at
 * @now_ns: when, monotonic
 * @ram: all pages of the guest; the sizes that follow are in pages, too
 * @file: page cache on the LRU lists
 * @slab: reclaimable slab
 * @avail: what could be had without swapping
 * @dirty: dirty and under write-back
 * @swap_free: free swap
 * @refault_file: file pages read again soon after reclaim; events since boot, as
 *	are the following
 * @stalls: allocations that had to reclaim themselves
 * @scan_direct: pages looked at by such allocations
 * @oom_kills: processes killed
 * @ooms: how often memory ran out, killed or not, since the module is there
 * @psi_mem_us: time in which somebody waited for memory, 0 if unknown
 * @psi_io_us: the same for input and output
 * @psi_mem_avg60: share of such time in the last minute, in 1/100 %
 * @busy_ns: time the CPUs were busy, all CPUs together, our thread not counted
 * @cpus: number of CPUs
 *
 * Sizes are sums over CPUs that may be off by some hundred pages.
 */
struct hvb_sample {
	u64 now_ns;
	unsigned long ram;
	unsigned long file;
	unsigned long slab;
	unsigned long avail;
	unsigned long dirty;
	unsigned long swap_free;
	u64 refault_file;
	u64 stalls;
	u64 scan_direct;
	u64 oom_kills;
	unsigned int ooms;
	u64 psi_mem_us;
	u64 psi_io_us;
	unsigned int psi_mem_avg60;
	u64 busy_ns;
	unsigned int cpus;
};

/**
 * struct hvb_blocks - how free memory is cut up
 * @free: free bytes
 * @large: of these, in blocks of an order or more
 */
struct hvb_blocks {
	u64 free;
	u64 large;
};

void hvb_sample_take(struct hvb_sample *sample);
unsigned long hvb_sample_file(void);
unsigned long hvb_sample_cache(void);
u64 hvb_sample_swap_out(void);
struct hvb_blocks hvb_sample_blocks(unsigned int order);

int hvb_alarms_init(void);
void hvb_alarms_exit(void);
unsigned int hvb_alarm_ooms(void);
bool hvb_alarm_suspending(void);

#endif /* _HVB_SAMPLE_H */
