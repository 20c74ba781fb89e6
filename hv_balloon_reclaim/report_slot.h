/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two rooms of free-page reporting share: report.c has the slot,
 * report_pass.c what happens in it.
 */
#ifndef _HVB_REPORT_SLOT_H
#define _HVB_REPORT_SLOT_H

#include <linux/mutex.h>
#include <linux/page_reporting.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "report.h"
#include "report_hint.h"

/**
 * struct hvb_reporting - the slot and our use of it
 * @prdev: what the framework sees; valid while @owner is HVB_OWNER_SELF
 * @hint: input page of the hypercall
 * @lock: @owner, @prdev's registration, @resting, @rests, @gave_up, @saved_order
 * @owner: who has the slot; read without the lock for display and decisions
 * @order: smallest block that we report
 * @order_min: raised when the host refuses small blocks
 * @saved_order: the framework's own setting before us, where it has one
 * @gave_up: not again before somebody asks for it
 * @reconsider: somebody did; for the manager
 * @resting: after three failures in a row
 * @rest_end: until then, in jiffies
 * @rests: how often that happened
 * @verdict: what the callback found, for the manager
 * @strikes: failures in a row
 * @back_off_s: length of the pause, doubling
 * @back_off_end: its end, in jiffies
 * @manage: the manager
 * @kick: starts passes
 * @burst: passes left
 * @burst_mark: bytes reported when the last pass was started
 * @unkicked: bytes reported in passes that were not ours
 * @bytes: by order
 * @gate: @ready, so that nothing is queued behind the exit's back
 * @ready: between setup and cleanup
 */
struct hvb_reporting {
	struct page_reporting_dev_info prdev;
	struct hvb_hint *hint;
	struct mutex lock;	/* registration */
	enum hvb_report_owner owner;
	unsigned int order;
	unsigned int order_min;
	unsigned int saved_order;
	bool gave_up;
	bool reconsider;
	bool resting;
	unsigned long rest_end;
	unsigned int rests;
	enum hvb_verdict verdict;
	unsigned int strikes;
	unsigned int back_off_s;
	unsigned long back_off_end;
	struct delayed_work manage;
	struct delayed_work kick;
	atomic_t burst;
	u64 burst_mark;
	u64 unkicked;
	atomic64_t bytes[HVB_REPORT_ORDERS];
	spinlock_t gate;	/* @ready */
	bool ready;
};

extern struct hvb_reporting hvb_reporting;

/* report.c */
void hvb_report_queue(struct delayed_work *work, unsigned long delay);

/* report_pass.c */
int hvb_report_pass(struct page_reporting_dev_info *prdev,
		    struct scatterlist *sg, unsigned int count);
void hvb_report_kick_work(struct work_struct *work);

#endif /* _HVB_REPORT_SLOT_H */
