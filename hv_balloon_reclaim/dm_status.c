// SPDX-License-Identifier: GPL-2.0
/*
 * The status report: once a second the host hears how the guest's memory is.
 *
 * The host computes the guest's memory pressure from the committed number alone,
 * so everything that the guest cannot do without has to be in it.  All numbers are
 * pages of 4 KiB.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/moduleparam.h>

#include "balloon.h"
#include "dm.h"

static unsigned int pressure_delay_s = 45;
module_param(pressure_delay_s, uint, 0644);
MODULE_PARM_DESC(pressure_delay_s,
		 "seconds before the first status report, in which the guest starts up (default 45)");

/* --- formulas, of their arguments alone ------------------------------------- */

#define PAGES_PER_MIB	256ul

/**
 * struct floor_step - a piece of the floor's slope
 * @below: MiB of RAM up to which the piece holds
 * @base: MiB at its imaginary start
 * @divisor: a share of the RAM comes on top
 */
struct floor_step {
	unsigned long below;
	unsigned long base;
	unsigned int divisor;
};

/* Each piece starts where the one before ends, half as steep. */
static const struct floor_step floor_steps[] = {
	{ 128, 8, 2 },
	{ 512, 40, 4 },
	{ 2048, 104, 8 },
	{ 8192, 232, 16 },
	{ ULONG_MAX, 488, 32 },
};

/**
 * hvb_pressure_floor - memory that is never ballooned
 * @ram: pages of RAM, whether ballooned or not: a floor that sinks with what the
 *	balloon takes away would not be one
 *
 * Return: pages.
 */
unsigned long hvb_pressure_floor(unsigned long ram)
{
	const struct floor_step *step = floor_steps;

	while (ram / PAGES_PER_MIB >= step->below)
		step++;
	return step->base * PAGES_PER_MIB + ram / step->divisor;
}

/**
 * hvb_pressure_room - how much may be ballooned
 * @available: pages that can be had without swapping, as MemAvailable says
 * @floor: pages that have to stay
 *
 * Return: pages.
 */
unsigned long hvb_pressure_room(unsigned long available, unsigned long floor)
{
	return available > floor ? available - floor : 0;
}

/**
 * hvb_pressure_committed - what the guest has promised to its programs
 * @committed: the kernel's own count (Committed_AS)
 * @ballooned: pages that are out; the programs' claim on them stays
 * @hot_added: pages that were hot-added
 * @onlined: of these, pages that the guest uses already
 * @floor: pages that the guest needs for itself
 *
 * Return: pages.
 */
unsigned long hvb_pressure_committed(unsigned long committed,
				     unsigned long ballooned,
				     unsigned long hot_added,
				     unsigned long onlined, unsigned long floor)
{
	unsigned long waiting = hot_added > onlined ? hot_added - onlined : 0;

	return committed + ballooned + waiting + floor;
}

/* --- reports -------------------------------------------------------------- */

/* All RAM, also what the host has now. */
static unsigned long ram_pages(void)
{
	return totalram_pages() + hvb_balloon_pages() + hvb_balloon_unsent();
}

/**
 * hvb_dm_balloon_room - how many pages the host could have right now
 *
 * Return: pages. Context: any.
 */
unsigned long hvb_dm_balloon_room(void)
{
	long available = si_mem_available();

	return hvb_pressure_room(max(available, 0l),
				 hvb_pressure_floor(ram_pages()));
}

static void send_report(void)
{
	long available = si_mem_available();
	struct dm_status report = {
		.available = max(available, 0l),
		.committed = hvb_pressure_committed(vm_memory_committed(),
						    hvb_balloon_pages(),
						    hvb_hot_add_pages(),
						    hvb_hot_add_onlined(),
						    hvb_pressure_floor(ram_pages())),
	};

	/* a report that does not fit into the ring is out of date anyway */
	hvb_dm_send(&report, DM_TYPE_STATUS_REPORT, sizeof(report));
}

static void next_report(void)
{
	queue_delayed_work(system_freezable_wq, &hvb_dm.status,
			   msecs_to_jiffies(hvb_dm_times.status_ms));
}

/**
 * hvb_dm_status_work - one report, and what could not be sent before
 * @work: hvb_dm.status
 *
 * Context: process; not while the system is frozen.
 */
void hvb_dm_status_work(struct work_struct *work)
{
	if (hvb_dm_stopping())
		return;
	hvb_dm_send_owed();
	if (!hvb_dm.no_status && time_after_eq(jiffies, hvb_dm.status_due))
		send_report();
	next_report();
}

/**
 * hvb_dm_status_start - begin to report
 *
 * Context: process, after the negotiation.
 */
void hvb_dm_status_start(void)
{
	hvb_dm.status_due = jiffies + READ_ONCE(pressure_delay_s) * HZ;
	next_report();
}
