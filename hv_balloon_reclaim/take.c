// SPDX-License-Identifier: GPL-2.0
/*
 * Reclaiming an amount, write by write: small ones, so that stop, freeze and alarms
 * are never far away, and within the CPU time that the loop may use.  What was got
 * is measured, not believed.
 *
 * Decides nothing: reclaim.c says how much, lever.c does it.
 *
 * No locks: one thread, the reclaim thread, uses all of it.
 */
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/swap.h>
#include <linux/timekeeping.h>

#include "lever.h"
#include "sample.h"
#include "stats.h"
#include "take.h"
#include "trace.h"

/* one write takes about 50 ms: stop, freeze and unload wait no longer */
#define CHUNK			((64ul * SZ_1M) >> PAGE_SHIFT)
/* without "swappiness=0": less, as the kernel takes more than it is asked for */
#define CHUNK_CAREFUL		((32ul * SZ_1M) >> PAGE_SHIFT)

static unsigned int cpu_pct = 5;
module_param(cpu_pct, uint, 0644);
MODULE_PARM_DESC(cpu_pct, "CPU time for the loop, in percent of one CPU");

/** hvb_take_start - the thread begins */
void hvb_take_start(struct hvb_take *t)
{
	memset(t, 0, sizeof(*t));
	hvb_cpu_budget_start(&t->cpu, ktime_get_ns(),
			     current->se.sum_exec_runtime);
}

/** hvb_take_charge - count the CPU time that the thread has used */
void hvb_take_charge(struct hvb_take *t)
{
	u64 used = hvb_cpu_budget_charge(&t->cpu, ktime_get_ns(),
					 current->se.sum_exec_runtime,
					 READ_ONCE(cpu_pct));

	atomic64_add(used, &hvb_cpu_ns);
}

/*
 * Without "swappiness=0" the kernel turns to anonymous memory as soon as inactive
 * page cache is not plentiful.  Return: pages for one write, 0 for none.
 */
static unsigned long chunk_size(unsigned long floor)
{
	if (hvb_lever_spares_anon() || get_nr_swap_pages() <= 0)
		return CHUNK;
	if (global_node_page_state(NR_INACTIVE_FILE) < 4 * CHUNK_CAREFUL + floor)
		return 0;
	return CHUNK_CAREFUL;
}

/* One write. Return: 0, -EAGAIN or an error; pages are added to @taken. */
static int take_chunk(struct hvb_take *t, unsigned long pages,
		      struct hvb_taken *taken)
{
	unsigned long before = hvb_sample_cache(), after, freed;
	u64 swapped = hvb_sample_swap_out();
	int ret;

	ret = hvb_lever_reclaim((u64)pages << PAGE_SHIFT);
	after = hvb_sample_cache();
	freed = before > after ? before - after : 0;
	taken->asked += pages;
	taken->got += freed;

	swapped = hvb_sample_swap_out() - swapped;
	if (hvb_lever_spares_anon())
		swapped = 0;	/* somebody else's */
	t->swapped_out += swapped;
	hvb_count(swap_out_by_us, swapped);
	hvb_count(requests, 1);
	hvb_count(reclaimed_bytes, (u64)freed << PAGE_SHIFT);
	if (ret == -EAGAIN)
		hvb_count(eagain, 1);
	hvb_take_charge(t);
	trace_reclaim_chunk(pages, freed, ret);
	return ret;
}

/* @ooms: how often memory had run out when we began. What was before is the guards'. */
static bool interrupted(unsigned int ooms)
{
	try_to_freeze();
	return kthread_should_stop() || hvb_alarm_suspending() ||
	       hvb_alarm_ooms() != ooms;
}

/**
 * hvb_take - reclaim
 * @t: state
 * @wanted: pages
 * @keep: page cache that must be left, looked at before each write, as some kernels
 *	take more than they are asked for and others use memory, too
 * @floor: the loop's floor, for kernels that must not come near it
 * @paced: stay within the CPU time
 *
 * Context: the reclaim thread; sleeps, may be frozen.
 */
struct hvb_taken hvb_take(struct hvb_take *t, unsigned long wanted,
			  unsigned long keep, unsigned long floor, bool paced)
{
	struct hvb_taken taken = {};
	unsigned long progress = 0, chunk, file;
	unsigned int ooms = hvb_alarm_ooms();

	while (progress < wanted && !interrupted(ooms)) {
		file = hvb_sample_file();
		chunk = min3(chunk_size(floor), wanted - progress,
			     file > keep ? file - keep : 0);
		if (!chunk || take_chunk(t, chunk, &taken))
			break;
		progress = max(taken.asked, taken.got);
		if (t->swapped_out ||
		    (paced && hvb_cpu_budget_spent(&t->cpu)))
			break;
		cond_resched();
	}
	if (taken.got)
		t->took_ns = ktime_get_ns();
	return taken;
}
