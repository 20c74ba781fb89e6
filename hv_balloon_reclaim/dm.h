/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The dynamic-memory client: what its rooms share.
 *
 *	dm.c		the device: probe, remove, suspend, resume, negotiation
 *	dm_message.c	sending, receiving, answers that could not be sent
 *	dm_status.c	the status report and its formulas
 *	dm_balloon.c	pages out, pages back
 *	dm_unload.c	no unload while pages are out
 *	dm_relief.c	out of memory: pages that the host does not have yet
 *	hot_add.c	memory in
 *
 * A VM has one such device, so there is one client.  What the host said is handled
 * by one work item, one message after the other, so no two transactions overlap;
 * status reports come from another one.  Locks: dm_message.c has the sender's mutex,
 * dm_balloon.c the spinlock of the unsent message; nothing else is shared but by
 * READ_ONCE().
 */
#ifndef _HVB_DM_H
#define _HVB_DM_H

#include <linux/hyperv.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include <asm/mshyperv.h>
#include <dm_protocol.h>

#include "range_set.h"

/**
 * struct hvb_dm_times - limits and periods; suites shrink them
 * @negotiate_ms: for the host's answer to versions, and again to capabilities
 * @status_ms: between two status reports
 * @retry_ms: between two looks at a full ring
 * @online_ms: for a hot-added block to come online
 */
struct hvb_dm_times {
	unsigned int negotiate_ms;
	unsigned int status_ms;
	unsigned int retry_ms;
	unsigned int online_ms;
};

extern struct hvb_dm_times hvb_dm_times;

/**
 * enum hvb_dm_answer - host requests that still want their answer
 * @HVB_ANSWER_BALLOON: last response of a balloon transaction
 * @HVB_ANSWER_UNBALLOON: end of an un-balloon transaction
 * @HVB_ANSWER_HOT_ADD: result of a hot-add
 */
enum hvb_dm_answer {
	HVB_ANSWER_BALLOON,
	HVB_ANSWER_UNBALLOON,
	HVB_ANSWER_HOT_ADD,
	HVB_ANSWERS,
};

/**
 * struct hvb_dm - the client
 * @channel: NULL while there is no device, or it is suspended
 * @stopping: the channel is being closed: start nothing, wait for nothing
 * @ready: negotiated; transactions may begin
 * @no_status: the host wants no status reports
 * @status_due: jiffies of the first one
 * @changed: wakes who waits for @answered, for @stopping or for a new block
 * @answer_type: answer that the negotiation waits for, enum dm_type
 * @answer_flags: what it said
 * @answered: it is there
 * @workqueue: of @receive
 * @receive: handles what the host said
 * @status: sends a status report and what could not be sent before
 * @send_lock: one sender at a time, so that ids on the wire are in order
 * @trans_id: last id used; under @send_lock
 * @owed: answers that the ring had no room for; under @send_lock
 * @owed_hot_add: contents of the last hot-add answer among them
 * @max_pages: what the host said that the VM can have, 0 if it did not
 * @host_errors: things that the host should not have said
 * @send_errors: messages that could not be sent
 * @rx: the message being handled
 */
struct hvb_dm {
	struct vmbus_channel *channel;
	bool stopping;
	bool ready;
	bool no_status;
	unsigned long status_due;
	wait_queue_head_t changed;
	u16 answer_type;
	u64 answer_flags;
	bool answered;
	struct workqueue_struct *workqueue;
	struct work_struct receive;
	struct delayed_work status;
	struct mutex send_lock;		/* see above */
	u32 trans_id;
	unsigned int owed[HVB_ANSWERS];
	struct dm_hot_add_response owed_hot_add;
	u64 max_pages;
	atomic64_t host_errors;
	atomic64_t send_errors;
	u8 rx[DM_MAX_MESSAGE] __aligned(8);
};

extern struct hvb_dm hvb_dm;

/* The channel is closed or soon will be: what is long should end. */
static inline bool hvb_dm_stopping(void)
{
	return READ_ONCE(hvb_dm.stopping);
}

/* Guest and protocol mean the same by a page: else there is no ballooning. */
static inline bool hvb_dm_same_pages(void)
{
	return PAGE_SHIFT == 12;
}

/*
 * A host that offers hibernation to the guest neither gets pages nor adds any: the
 * image would save and restore what is not there. It wants the capabilities all the
 * same. Other hypervisors' firmware says nothing about that.
 */
static inline bool hvb_dm_hibernates(void)
{
	return hv_is_hyperv_initialized() && hv_is_hibernation_supported();
}

/* dm_message.c */
int hvb_dm_send(void *message, u16 type, u16 size);
int hvb_dm_send_patiently(void *message, u16 type, u16 size);
void hvb_dm_owe_answer(enum hvb_dm_answer answer);
void hvb_dm_send_owed(void);
void hvb_dm_answer_unballoon(void);
void hvb_dm_answer_hot_add(u32 pages, u32 result);
__printf(1, 2)
void hvb_dm_host_error(const char *fmt, ...);
void hvb_dm_receive(struct work_struct *work);
void hvb_dm_drain(void);
void hvb_dm_interrupt(void *context);

/* dm_status.c */
unsigned long hvb_pressure_floor(unsigned long ram);
unsigned long hvb_pressure_room(unsigned long available, unsigned long floor);
unsigned long hvb_pressure_committed(unsigned long committed,
				     unsigned long ballooned,
				     unsigned long hot_added,
				     unsigned long onlined,
				     unsigned long floor);
unsigned long hvb_dm_balloon_room(void);
void hvb_dm_status_work(struct work_struct *work);
void hvb_dm_status_start(void);

/* dm_balloon.c */
void hvb_balloon_init(void);
void hvb_balloon_exit(void);
void hvb_balloon_up(const struct dm_balloon_request *request, u32 size);
void hvb_balloon_down(const struct dm_unballoon_request *request, u32 size);
unsigned long hvb_balloon_pages(void);
unsigned long hvb_balloon_unsent(void);
unsigned long hvb_balloon_give_up(unsigned long pages);

/* dm_unload.c */
bool hvb_dm_hold_module(unsigned long out);
void hvb_dm_let_module_go(unsigned long out);

/* dm_relief.c */
int hvb_relief_init(void);
void hvb_relief_exit(void);

/* hot_add.c */
#ifdef CONFIG_MEMORY_HOTPLUG
int hvb_hot_add_init(void);
void hvb_hot_add_exit(void);
u64 hvb_hot_add_caps(void);
void hvb_hot_add(const struct dm_hot_add_request *request, u32 size);
unsigned long hvb_hot_add_pages(void);
unsigned long hvb_hot_add_onlined(void);
#else
static inline int hvb_hot_add_init(void)
{
	return 0;
}

static inline void hvb_hot_add_exit(void)
{
}

static inline u64 hvb_hot_add_caps(void)
{
	return 0;
}

static inline void hvb_hot_add(const struct dm_hot_add_request *request,
			       u32 size)
{
	hvb_dm_answer_hot_add(0, 1);
}

static inline unsigned long hvb_hot_add_pages(void)
{
	return 0;
}

static inline unsigned long hvb_hot_add_onlined(void)
{
	return 0;
}
#endif

#endif /* _HVB_DM_H */
