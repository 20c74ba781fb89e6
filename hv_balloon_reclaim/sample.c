// SPDX-License-Identifier: GPL-2.0
/*
 * Reads what the kernel knows about its memory.  Decides nothing.
 *
 * No locks: the kernel's counters are read as they are.  For the reclaim thread
 * (the event counters share one buffer), except hvb_sample_cache() and
 * hvb_sample_blocks().
 */
#include <linux/cpumask.h>
#include <linux/kernel_stat.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/swap.h>
#include <linux/tick.h>
#include <linux/timekeeping.h>
#include <linux/vmstat.h>

#include "lever.h"
#include "sample.h"

/* Time a CPU did nothing, from the tick's accounting where there is no better. */
static u64 cpu_idle_ns(int cpu)
{
	u64 idle = get_cpu_idle_time_us(cpu, NULL);
	u64 iowait = get_cpu_iowait_time_us(cpu, NULL);

	if (idle != -1ull && iowait != -1ull)
		return (idle + iowait) * NSEC_PER_USEC;
	return kcpustat_cpu(cpu).cpustat[CPUTIME_IDLE] +
	       kcpustat_cpu(cpu).cpustat[CPUTIME_IOWAIT];
}

static void take_cpu(struct hvb_sample *sample)
{
	u64 idle = 0;
	int cpu;

	sample->cpus = num_online_cpus();
	for_each_online_cpu(cpu)
		idle += cpu_idle_ns(cpu);
	sample->busy_ns = sample->cpus * sample->now_ns - idle -
			  current->se.sum_exec_runtime;
}

#ifdef CONFIG_VM_EVENT_COUNTERS
/* Only the reclaim thread gets here; too large for its stack. */
static unsigned long events[NR_VM_EVENT_ITEMS];

static void take_events(struct hvb_sample *sample)
{
	int i;

	all_vm_events(events);
	sample->scan_direct = events[PGSCAN_DIRECT];
	sample->oom_kills = events[OOM_KILL];
	/* one counter per zone type; the first one depends on the configuration */
	sample->stalls = 0;
	for (i = ALLOCSTALL_NORMAL - ZONE_NORMAL; i <= ALLOCSTALL_MOVABLE; i++)
		sample->stalls += events[i];
}

/** hvb_sample_swap_out - pages written to swap since boot */
u64 hvb_sample_swap_out(void)
{
	all_vm_events(events);
	return events[PSWPOUT];
}
#else
static void take_events(struct hvb_sample *sample)
{
}

u64 hvb_sample_swap_out(void)
{
	return 0;
}
#endif

/**
 * hvb_sample_file - page cache on the LRU lists
 *
 * Return: pages.
 */
unsigned long hvb_sample_file(void)
{
	return global_node_page_state(NR_ACTIVE_FILE) +
	       global_node_page_state(NR_INACTIVE_FILE);
}

/**
 * hvb_sample_cache - page cache and reclaimable slab
 *
 * Return: pages.
 */
unsigned long hvb_sample_cache(void)
{
	return hvb_sample_file() +
	       global_node_page_state_pages(NR_SLAB_RECLAIMABLE_B);
}

/**
 * hvb_sample_take - read everything
 * @sample: filled
 *
 * Process context, from the reclaim thread.
 */
void hvb_sample_take(struct hvb_sample *sample)
{
	memset(sample, 0, sizeof(*sample));
	sample->now_ns = ktime_get_ns();
	sample->ram = totalram_pages();
	sample->file = hvb_sample_file();
	sample->slab = global_node_page_state_pages(NR_SLAB_RECLAIMABLE_B);
	sample->avail = max(si_mem_available(), 0l);
	sample->dirty = global_node_page_state(NR_FILE_DIRTY) +
			global_node_page_state(NR_WRITEBACK);
	sample->swap_free = max(get_nr_swap_pages(), 0l);
	sample->refault_file = global_node_page_state(WORKINGSET_REFAULT_FILE);
	take_events(sample);
	hvb_lever_pressure(sample);
	take_cpu(sample);
}

/**
 * hvb_sample_blocks - how much of the free memory lies in large blocks
 * @order: smallest block that counts as large
 *
 * Free lists are read without their locks, so this is an estimate.
 */
struct hvb_blocks hvb_sample_blocks(unsigned int order)
{
	struct hvb_blocks blocks = {};
	unsigned int i;
	int nid, z;

	for_each_online_node(nid) {
		for (z = 0; z < MAX_NR_ZONES; z++) {
			struct zone *zone = &NODE_DATA(nid)->node_zones[z];

			if (!populated_zone(zone))
				continue;
			for (i = 0; i < ARRAY_SIZE(zone->free_area); i++) {
				u64 bytes = (u64)READ_ONCE(zone->free_area[i].nr_free)
					    << (PAGE_SHIFT + i);

				blocks.free += bytes;
				if (i >= order)
					blocks.large += bytes;
			}
		}
	}
	return blocks;
}
