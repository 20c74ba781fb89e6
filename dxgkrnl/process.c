// SPDX-License-Identifier: GPL-2.0
/*
 * Client processes: one object per thread group and address space that has
 * /dev/dxg open.  The host learns of it when it first opens an adapter, and is
 * told that it ended by a worker, because the last close may happen in a task
 * that is dying and must not wait for a host that does not answer.
 *
 * Locks: dxg_process_lock (list of processes, open counts), dxg_process.host_lock
 * (held while the host creates the process; private to it).
 */
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/seq_file.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "device.h"
#include "global_channel.h"
#include "host_message.h"
#include "host_object.h"
#include "module.h"
#include "process.h"
#include "vgpu.h"

/* How long close() waits for the host, so that what follows sees it done. */
#define DXG_CLOSE_TIMEOUT	HZ

static DEFINE_MUTEX(dxg_process_lock);
static LIST_HEAD(dxg_processes);
static u64 dxg_process_last_cookie;

/**
 * dxg_process_is_current() - may the caller use this process object?
 * @process: object of an open file
 *
 * A forked child, and the same process after exec, may not: handles and
 * mappings recorded here are not its own.
 *
 * Return: true for the thread group and address space that opened the file.
 */
bool dxg_process_is_current(const struct dxg_process *process)
{
	return process->pid == task_tgid(current) && process->mm == current->mm;
}

/* A host that lost the global channel has forgotten its processes. */
static bool dxg_process_is_known(const struct dxg_process *process)
{
	return process->generation == READ_ONCE(dxg_global.channel.generation);
}

/**
 * dxg_process_show() - what a process has, as lines of fdinfo
 * @process: object of an open file
 * @m: where to
 *
 * What the max_ module parameters bound, under their names.
 */
void dxg_process_show(const struct dxg_process *process, struct seq_file *m)
{
	static const struct {
		const char *name;
		enum dxg_object_type type;
	} kinds[] = {
		{ "handles", DXG_FREE },
		{ "devices", DXG_DEVICE },
		{ "contexts", DXG_CONTEXT },
		{ "sync_objects", DXG_SYNC_OBJECT },
		{ "paging_queues", DXG_PAGING_QUEUE },
		{ "hwqueues", DXG_HWQUEUE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		seq_printf(m, "dxg-%s:\t%u\n", kinds[i].name,
			   dxg_handle_table_live(&process->objects,
						 kinds[i].type));
	seq_printf(m, "dxg-adapter_handles:\t%u\n",
		   dxg_handle_table_live(&process->adapter_handles,
					 DXG_ADAPTER));
	seq_printf(m, "dxg-events:\t%u\n", READ_ONCE(process->events.count));
}

/**
 * dxg_process_get() - take a reference on the memory of a process object
 * @process: object
 */
void dxg_process_get(struct dxg_process *process)
{
	kref_get(&process->refs);
}

static void dxg_process_release(struct kref *refs)
{
	struct dxg_process *process = container_of(refs, struct dxg_process,
						   refs);

	dxg_handle_table_destroy(&process->objects);
	dxg_handle_table_destroy(&process->adapter_handles);
	mutex_destroy(&process->host_lock);
	mutex_destroy(&process->adapters_lock);
	mutex_destroy(&process->waits_lock);
	put_pid_ns(process->pid_ns);
	put_pid(process->pid);
	mmdrop(process->mm);
	kfree_rcu(process, rcu);
}

/**
 * dxg_process_put() - drop a reference on the memory of a process object
 * @process: object
 *
 * Context: may sleep.
 */
void dxg_process_put(struct dxg_process *process)
{
	kref_put(&process->refs, dxg_process_release);
}

/**
 * dxg_process_late_begin() - a late answer is dealt with
 * @process: process that the request was for
 *
 * Until dxg_process_late_end() @process.torn_down does not change, so what is
 * sent is ahead of DESTROYPROCESS.  Context: worker.
 */
void dxg_process_late_begin(struct dxg_process *process)
{
	down_read(&process->end_lock);
}

/**
 * dxg_process_late_end() - undo dxg_process_late_begin()
 * @process: likewise
 */
void dxg_process_late_end(struct dxg_process *process)
{
	up_read(&process->end_lock);
}

/**
 * dxg_process_undo_begin() - the host was told to take something back
 * @process: process that is not torn down, or whose late answer is dealt with
 */
void dxg_process_undo_begin(struct dxg_process *process)
{
	atomic_inc(&process->undos);
}

/**
 * dxg_process_undo_end() - the host did, or its channel is gone
 * @process: process
 *
 * Context: any; the caller has a reference on @process.
 */
void dxg_process_undo_end(struct dxg_process *process)
{
	if (atomic_dec_and_test(&process->undos))
		wake_up_var(&process->undos);
}

/* Let the host forget a process of ours and everything it still owns. */
static void dxg_process_destroy_host(struct dxg_process *process, u32 handle)
{
	struct dxg_cmd_destroyprocess *cmd;
	struct dxg_request *request;
	struct dxg_message msg;

	if (!handle)
		return;
	cmd = dxg_message_init(&msg, process, NULL,
			       DXGK_VMBCOMMAND_DESTROYPROCESS, sizeof(*cmd));
	cmd->hdr.process.v = handle;
	request = dxg_message_send_surely(&msg, sizeof(s32), DXG_WAIT_FOREVER);
	if (!IS_ERR(request)) {
		dxg_request_wait(request, DXG_WAIT_FOREVER);
		dxg_request_put(request);
	}
	dxg_message_free(&msg);
}

/* Worker: end of a process on the host, in the order the host expects. */
static void dxg_process_teardown(struct work_struct *work)
{
	struct dxg_process *process = container_of(work, struct dxg_process,
						   teardown);

	dxg_process_adapters_destroy(process);
	dxg_process_release_sync_objects(process);
	down_write(&process->end_lock);
	process->torn_down = true;
	up_write(&process->end_lock);
	/* no new ones come */
	wait_var_event(&process->undos, !atomic_read(&process->undos));
	dxg_process_destroy_host(process, process->host_handle);
	dxg_event_list_end(&process->events, NULL, -ECANCELED);
	dxg_process_release_waits(process);
	complete_all(&process->teardown_done);
	dxg_process_put(process);
}

static struct dxg_process *dxg_process_create(void)
{
	struct dxg_process *process;

	process = kzalloc(sizeof(*process), GFP_KERNEL_ACCOUNT);
	if (!process)
		return NULL;
	kref_init(&process->refs);
	process->open_count = 1;
	process->pid = get_pid(task_tgid(current));
	process->mm = current->mm;
	mmgrab(process->mm);
	process->pid_ns = get_pid_ns(task_active_pid_ns(current));
	strscpy_pad(process->comm, current->group_leader->comm,
		    sizeof(process->comm));
	process->generation = READ_ONCE(dxg_global.channel.generation);
	process->cookie = ++dxg_process_last_cookie;
	mutex_init(&process->host_lock);
	init_rwsem(&process->end_lock);
	dxg_handle_table_init(&process->objects);
	dxg_handle_table_init(&process->adapter_handles);
	mutex_init(&process->adapters_lock);
	INIT_LIST_HEAD(&process->adapters);
	dxg_event_list_init(&process->events);
	mutex_init(&process->waits_lock);
	INIT_LIST_HEAD(&process->waits);
	INIT_WORK(&process->teardown, dxg_process_teardown);
	init_completion(&process->teardown_done);
	return process;
}

/**
 * dxg_process_open() - the current process opens the device
 *
 * Does not wait for the host.
 *
 * Return: its object, shared by all files of the process; -EBADF when no
 * adapter ever came up, or without memory (clients look at no other errno).
 */
struct dxg_process *dxg_process_open(void)
{
	struct dxg_process *process, *found = NULL;

	dxg_retry_start();
	if (!dxg_global_running() || !current->mm)
		return ERR_PTR(-EBADF);

	mutex_lock(&dxg_process_lock);
	list_for_each_entry(process, &dxg_processes, link) {
		if (!dxg_process_is_current(process) ||
		    !dxg_process_is_known(process))
			continue;
		process->open_count++;
		found = process;
		break;
	}
	if (!found) {
		found = dxg_process_create();
		if (found)
			list_add_tail(&found->link, &dxg_processes);
	}
	mutex_unlock(&dxg_process_lock);
	return found ?: ERR_PTR(-EBADF);
}

/**
 * dxg_process_close() - a file of the process is released
 * @process: object from dxg_process_open()
 *
 * The last one ends the process's objects.  Context: any task, also one that
 * has no address space any more; may sleep, for a limited time.
 */
void dxg_process_close(struct dxg_process *process)
{
	mutex_lock(&dxg_process_lock);
	if (--process->open_count) {
		mutex_unlock(&dxg_process_lock);
		return;
	}
	list_del(&process->link);
	mutex_unlock(&dxg_process_lock);

	dxg_process_adapters_dismantle(process);
	dxg_process_get(process);
	queue_work(dxg_workqueue, &process->teardown);
	wait_for_completion_timeout(&process->teardown_done,
				    DXG_CLOSE_TIMEOUT);
	dxg_process_put(process);
}

/* Answer of a CREATEPROCESS whose caller was killed. */
static void dxg_process_created_late(struct dxg_request *request)
{
	const struct dxg_ret_createprocess *reply = request->reply;

	/* nobody else knows this host process, so nobody else ends it */
	if (!request->status)
		dxg_process_destroy_host(request->process, reply->hprocess.v);
}

static int dxg_process_create_host(struct dxg_process *process)
{
	const struct dxg_ret_createprocess *reply;
	struct dxg_cmd_createprocess *cmd;
	struct dxg_request *request;
	struct dxg_message msg;
	unsigned int i;
	int ret;

	cmd = dxg_message_init(&msg, process, NULL,
			       DXGK_VMBCOMMAND_CREATEPROCESS, sizeof(*cmd));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->process = process->cookie;
	cmd->process_id = pid_nr(process->pid);
	for (i = 0; i < sizeof(process->comm) && process->comm[i]; i++)
		cmd->process_name[i] = (u8)process->comm[i];
	cmd->linux_process = 1;

	request = dxg_request_new(&msg, sizeof(*reply), sizeof(*reply));
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
		goto free;
	}
	request->late = dxg_process_created_late;
	ret = dxg_request_call(request, &msg);
	reply = request->reply;
	if (!ret && !reply->hprocess.v)
		ret = -ENOTRECOVERABLE;
	if (!ret)
		WRITE_ONCE(process->host_handle, reply->hprocess.v);
	dxg_request_put(request);
free:
	dxg_message_free(&msg);
	return ret;
}

/**
 * dxg_process_ensure_host() - the host knows the process when this returns 0
 * @process: process of the caller
 *
 * Context: may sleep, waits killably for the host.
 *
 * Return: 0; -ENOTRECOVERABLE when the host refused; -ENODEV, -ENOMEM,
 * -EOVERFLOW, -ERESTARTSYS.  A failure may be followed by another try.
 */
int dxg_process_ensure_host(struct dxg_process *process)
{
	int ret = 0;

	if (READ_ONCE(process->host_handle))
		return 0;
	if (mutex_lock_killable(&process->host_lock))
		return -ERESTARTSYS;
	if (!process->host_handle)
		ret = dxg_process_create_host(process);
	mutex_unlock(&process->host_lock);
	return ret;
}

/**
 * dxg_processes_end_adapter() - an adapter stopped: end what waits for it
 * @adapter: adapter
 */
void dxg_processes_end_adapter(struct dxg_adapter *adapter)
{
	struct dxg_process *process;

	mutex_lock(&dxg_process_lock);
	list_for_each_entry(process, &dxg_processes, link)
		dxg_event_list_end(&process->events, adapter, -ENODEV);
	mutex_unlock(&dxg_process_lock);
}

/* Whoever may trace a process may know what it does with the GPU. */
static bool dxg_process_may_inspect(const struct dxg_process *process)
{
	const struct task_struct *task;
	const struct cred *cred;
	bool may = false;

	rcu_read_lock();
	task = pid_task(process->pid, PIDTYPE_TGID);
	if (task) {
		cred = __task_cred(task);
		may = uid_eq(current_euid(), cred->euid) ||
		      ns_capable(cred->user_ns, CAP_SYS_PTRACE);
	}
	rcu_read_unlock();
	return may;
}

/**
 * dxg_process_find() - process object of another process
 * @pid: thread group id in the caller's pid namespace
 *
 * Return: object, referenced; NULL when there is no such process, when the host
 * does not know it, or when the caller may not inspect it.
 */
struct dxg_process *dxg_process_find(u64 pid)
{
	struct dxg_process *process, *found = NULL;
	struct pid *id = pid <= INT_MAX ? find_get_pid(pid) : NULL;

	if (!id)
		return NULL;
	mutex_lock(&dxg_process_lock);
	list_for_each_entry(process, &dxg_processes, link) {
		/* after exec there may be two: the host knows the user */
		if (process->pid != id || !READ_ONCE(process->host_handle) ||
		    !dxg_process_is_known(process))
			continue;
		if (!dxg_process_may_inspect(process))
			break;
		dxg_process_get(process);
		found = process;
		break;
	}
	mutex_unlock(&dxg_process_lock);
	put_pid(id);
	return found;
}

static bool dxg_pid_listed(const u32 *pids, u32 count, u32 pid)
{
	while (count--)
		if (pids[count] == pid)
			return true;
	return false;
}

/**
 * dxg_processes_list() - who has an adapter open?
 * @luid: of the adapter
 * @pids: set to an array of thread group ids, as the caller's pid namespace
 *	numbers them, of processes of exactly this namespace; to be released
 *	with kvfree()
 * @count: set to its length
 *
 * Return: 0 or -ENOMEM.
 */
int dxg_processes_list(struct winluid luid, u32 **pids, u32 *count)
{
	const struct pid_namespace *ns = task_active_pid_ns(current);
	struct dxg_process *process;
	u32 n = 0, *list, pid;

	mutex_lock(&dxg_process_lock);
	list_for_each_entry(process, &dxg_processes, link)
		n++;
	list = kvmalloc_array(max(n, 1U), sizeof(*list), GFP_KERNEL_ACCOUNT);
	n = 0;
	list_for_each_entry(process, &dxg_processes, link) {
		if (!list)
			break;
		pid = pid_vnr(process->pid);
		/* a process may have two objects: before and after exec */
		if (process->pid_ns == ns && !dxg_pid_listed(list, n, pid) &&
		    dxg_process_has_open(process, luid))
			list[n++] = pid;
	}
	mutex_unlock(&dxg_process_lock);
	*pids = list;
	*count = n;
	return list ? 0 : -ENOMEM;
}

/**
 * dxg_scope_enter() - from a handle to the objects an ioctl works on
 * @scope: filled in
 * @process: process of the caller
 * @type: kind the handle must have; DXG_ADAPTER looks among adapter handles
 * @handle: from user space
 *
 * On success the device (if the object has one) is locked shared until
 * dxg_scope_leave(); user memory may be touched and the host talked to.
 *
 * Return: 0; -EINVAL no such handle; -ENODEV device destroyed or adapter not
 * active; -ERESTARTSYS killed while the device is being destroyed.
 */
int dxg_scope_enter(struct dxg_scope *scope, struct dxg_process *process,
		    enum dxg_object_type type, u32 handle)
{
	struct dxg_object *obj;
	int ret = -ENODEV;

	obj = dxg_handle_lookup(type == DXG_ADAPTER ? &process->adapter_handles :
				&process->objects, handle, type);
	if (!obj)
		return -EINVAL;
	scope->process = process;
	scope->object = obj;
	scope->device = obj->device;
	scope->adapter = obj->adapter;
	if (scope->device) {
		if (down_read_killable(&scope->device->lock)) {
			ret = -ERESTARTSYS;
			goto put;
		}
		if (scope->device->destroyed)
			goto unlock;
	}
	if (dxg_adapter_active(scope->adapter))
		return 0;
unlock:
	if (scope->device)
		up_read(&scope->device->lock);
put:
	dxg_object_put(obj);
	return ret;
}

/**
 * dxg_scope_leave() - undo dxg_scope_enter()
 * @scope: from a successful dxg_scope_enter()
 */
void dxg_scope_leave(struct dxg_scope *scope)
{
	if (scope->device)
		up_read(&scope->device->lock);
	dxg_object_put(scope->object);
}
