/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rooms of hv_balloon_reclaim know of each other: the three functions
 * with their switches, and what one asks of another.
 *
 *	dm	owns the dynamic-memory device: status, ballooning, hot-add
 *	report	owns the page-reporting slot: hints free pages to the host
 *	reclaim	the loop that turns cold page cache into free pages
 *
 * Each is useful alone.
 */
#ifndef _HVB_BALLOON_H
#define _HVB_BALLOON_H

#include <linux/types.h>

#include "choice.h"

/**
 * enum hvb_switch - what the administrator wants of a function
 * @HVB_OFF: not at all
 * @HVB_AUTO: where it makes sense
 * @HVB_FORCE: in any case
 */
enum hvb_switch {
	HVB_OFF,
	HVB_AUTO,
	HVB_FORCE,
};

/* The parameters dm (read-only), report and reclaim: enum hvb_switch. */
extern bool hvb_dm_wanted;
extern struct hvb_choice hvb_report_switch;
extern struct hvb_choice hvb_reclaim_switch;

/**
 * struct hvb_dm_numbers - dynamic memory in numbers
 * @ballooned_pages: that the host has
 * @hotadded_pages: that the host added
 * @onlined_pages: of these, in use
 * @max_pages: that the VM can have, as the host said; 0: it did not say
 * @host_errors: things that the host should not have said
 * @send_errors: messages that could not be sent
 * @connected: there is a device, and we agreed with the host
 */
struct hvb_dm_numbers {
	unsigned long ballooned_pages;
	unsigned long hotadded_pages;
	unsigned long onlined_pages;
	u64 max_pages;
	u64 host_errors;
	u64 send_errors;
	bool connected;
};

/* dm.c */
int hvb_dm_init(void);
void hvb_dm_exit(void);
void hvb_dm_get_numbers(struct hvb_dm_numbers *numbers);

#endif /* _HVB_BALLOON_H */
