/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Host events: things in the guest that the host can signal by number.
 */
#ifndef _DXG_HOST_EVENT_H
#define _DXG_HOST_EVENT_H

#include <linux/eventfd.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct dxg_adapter;
struct dxg_process;
struct dxg_host_event;

/**
 * struct dxg_host_event - something the host may signal
 * @id: number sent to the host, never 0; assigned by dxg_host_event_add()
 * @one_shot: the first signal takes the event out of the table
 * @adapter: adapter whose stop ends the event; not referenced, NULL for none
 * @link: in dxg_process.events, under the event lock
 * @signal: called once out of the table (one shot) or for each signal, with
 *	@error 0, or -ENODEV/-ECANCELED when the adapter or process went away.
 *	Any context (softirq), no locks held, must not sleep.  For a one-shot
 *	event it owns the event afterwards.
 *
 * Whoever takes the event out of the table (signal, or dxg_host_event_remove()
 * returning true) owns it and alone releases it.
 */
struct dxg_host_event {
	u64 id;
	bool one_shot;
	struct dxg_adapter *adapter;
	struct list_head link;
	void (*signal)(struct dxg_host_event *event, int error);
};

void dxg_host_events_setup(void);
void dxg_host_events_cleanup(void);

int dxg_host_event_add(struct dxg_host_event *event,
		       struct dxg_process *process,
		       struct dxg_adapter *adapter);
bool dxg_host_event_remove(struct dxg_host_event *event);
void dxg_host_event_signal(u64 id);
void dxg_host_events_end_adapter(struct dxg_adapter *adapter);
void dxg_host_events_end_process(struct dxg_process *process);

/* Unsolicited message from the global channel; softirq. */
void dxg_host_event_message(const void *payload, u32 length);

/* An event that adds 1 to an eventfd; fd is a number from user space. */
struct dxg_host_event *dxg_eventfd_event_create(u64 fd, bool one_shot);
void dxg_eventfd_event_free(struct dxg_host_event *event);

#endif /* _DXG_HOST_EVENT_H */
