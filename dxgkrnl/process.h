/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A thread group that has /dev/dxg open, and the way from a handle in an
 * ioctl to the locked objects it concerns.
 */
#ifndef _DXG_PROCESS_H
#define _DXG_PROCESS_H

#include <linux/atomic.h>
#include <linux/kref.h>
#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "adapter.h"
#include "handle_table.h"
#include "host_event.h"

struct seq_file;

/**
 * struct dxg_process - one client process
 * @refs: memory; open files, devices, requests, host events
 * @open_count: open files, under the process list lock; 0 starts the teardown
 * @link: in the list of processes, under the process list lock
 * @cookie: name of the process in CREATEPROCESS, opaque to the host
 * @pid: thread group leader at open, referenced; identity together with @mm
 * @mm: address space at open, mm_count reference only (mmgrab)
 * @pid_ns: pid namespace of the opener, referenced
 * @comm: name at open, sent to the host
 * @generation: of the global channel at open; another one means that the host
 *	forgot us, and every ioctl answers -ENOTTY so that the client reopens
 * @host_lock: serialises CREATEPROCESS and the first write of @host_handle
 * @host_handle: from CREATEPROCESS, 0 before; written once under @host_lock
 * @torn_down: DESTROYPROCESS was or will be sent: nothing more to undo there;
 *	under @end_lock
 * @end_lock: shared by late functions of requests, exclusive to set @torn_down
 * @undos: messages under way that take back what the host did; the end of the
 *	process waits until there are none
 * @objects: handles chosen by the host
 * @adapter_handles: handles chosen by us
 * @adapter_unique: stamp for @adapter_handles, under its table lock
 * @adapters_lock: protects @adapters and the counts in it; no host round trips
 * @adapters: struct dxg_process_adapter.link
 * @events: host events owned by the process
 * @waits: interrupted CPU waits that a restarted call may take over, under
 *	@waits_lock
 * @waits_lock: protects @waits
 * @teardown: work that ends the process on the host
 * @teardown_done: completed when @teardown finished
 * @rcu: host events are found under RCU and lead to @events
 */
struct dxg_process {
	struct kref refs;
	u32 open_count;
	struct list_head link;
	u64 cookie;
	struct pid *pid;
	struct mm_struct *mm;
	struct pid_namespace *pid_ns;
	char comm[TASK_COMM_LEN];
	u64 generation;
	struct mutex host_lock;		/* serialises CREATEPROCESS */
	u32 host_handle;
	bool torn_down;
	struct rw_semaphore end_lock; /* torn_down */
	atomic_t undos;
	struct dxg_handle_table objects;
	struct dxg_handle_table adapter_handles;
	u8 adapter_unique;
	struct mutex adapters_lock;	/* protects adapters, their counts */
	struct list_head adapters;
	struct dxg_event_list events;
	struct mutex waits_lock;	/* protects waits */
	struct list_head waits;
	struct work_struct teardown;
	struct completion teardown_done;
	struct rcu_head rcu;
};

/**
 * struct dxg_scope - the objects one ioctl works on
 * @process: caller
 * @object: what the handle named; referenced
 * @device: its device, locked shared; NULL for adapter handles
 * @adapter: its adapter; kept alive by @object
 *
 * While inside, the device cannot be destroyed on the host.
 */
struct dxg_scope {
	struct dxg_process *process;
	struct dxg_object *object;
	struct dxg_device *device;
	struct dxg_adapter *adapter;
};

struct dxg_process *dxg_process_open(void);
void dxg_process_close(struct dxg_process *process);
bool dxg_process_is_current(const struct dxg_process *process);
void dxg_process_show(const struct dxg_process *process, struct seq_file *m);
void dxg_process_get(struct dxg_process *process);
void dxg_process_late_begin(struct dxg_process *process);
void dxg_process_late_end(struct dxg_process *process);
void dxg_process_undo_begin(struct dxg_process *process);
void dxg_process_undo_end(struct dxg_process *process);
void dxg_process_put(struct dxg_process *process);
int dxg_process_ensure_host(struct dxg_process *process);
struct dxg_process *dxg_process_find(u64 pid);
int dxg_processes_list(struct winluid luid, u32 **pids, u32 *count);
void dxg_processes_end_adapter(struct dxg_adapter *adapter);

int dxg_scope_enter(struct dxg_scope *scope, struct dxg_process *process,
		    enum dxg_object_type type, u32 handle);
void dxg_scope_leave(struct dxg_scope *scope);

/* cpu_wait.c, sync_object.c: what only the end of the process ends */
void dxg_process_release_waits(struct dxg_process *process);
void dxg_process_release_sync_objects(struct dxg_process *process);

#endif /* _DXG_PROCESS_H */
