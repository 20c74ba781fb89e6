// SPDX-License-Identifier: GPL-2.0
/*
 * Reads what the kernel knows about its memory, and listens to what it tells in the
 * middle of reclaim: memory ran out, the guest is about to sleep.  Decides nothing:
 * the notifiers only leave a note.  The loop looks at it between two writes, and
 * guards.c says for how long that holds it.
 *
 * No locks: the kernel's counters are read as they are, and each note is one word.
 * For the reclaim thread (the event counters share one buffer), except
 * hvb_sample_cache() and hvb_sample_blocks().
 */
#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/kernel_stat.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/suspend.h>
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
	sample->ooms = hvb_alarm_ooms();
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

/* --- alarms --------------------------------------------------------------- */

static unsigned int ooms;	/* written under the kernel's oom_lock */
static bool suspending;

static int memory_ran_out(struct notifier_block *block, unsigned long unused,
			  void *freed)
{
	WRITE_ONCE(ooms, ooms + 1);
	return NOTIFY_OK;
}

static struct notifier_block oom_block = {
	.notifier_call = memory_ran_out,
};

static int power_event(struct notifier_block *block, unsigned long event,
		       void *unused)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		WRITE_ONCE(suspending, true);
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		WRITE_ONCE(suspending, false);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block pm_block = {
	.notifier_call = power_event,
};

/** hvb_alarm_ooms - how often memory ran out: who looks twice sees whether it did */
unsigned int hvb_alarm_ooms(void)
{
	return READ_ONCE(ooms);
}

/** hvb_alarm_suspending - between the notifications of suspend and resume */
bool hvb_alarm_suspending(void)
{
	return READ_ONCE(suspending);
}

/**
 * hvb_alarms_init - begin to listen
 *
 * Return: 0 or an error.
 */
int hvb_alarms_init(void)
{
	int ret = register_oom_notifier(&oom_block);

	if (ret)
		return ret;
	ret = register_pm_notifier(&pm_block);
	if (ret)
		unregister_oom_notifier(&oom_block);
	return ret;
}

/** hvb_alarms_exit - undo hvb_alarms_init() */
void hvb_alarms_exit(void)
{
	unregister_pm_notifier(&pm_block);
	unregister_oom_notifier(&oom_block);
}
