// SPDX-License-Identifier: GPL-2.0
/*
 * The status report: once a second the host hears how the guest's memory is.
 */
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/moduleparam.h>

#include "balloon.h"
#include "dm.h"
#include "pressure.h"

static unsigned int pressure_delay_s = 45;
module_param(pressure_delay_s, uint, 0644);
MODULE_PARM_DESC(pressure_delay_s,
		 "seconds before the first status report, in which the guest starts up (default 45)");

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
