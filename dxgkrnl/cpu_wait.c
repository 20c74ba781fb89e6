// SPDX-License-Identifier: GPL-2.0
/*
 * WaitForSynchronizationObjectFromCpu: the host signals an event when fences
 * reach their values.  The event counts up an eventfd, or wakes the caller, who
 * sleeps without any lock.
 *
 * The host cannot be told to forget a wait.  So when a signal interrupts the
 * sleeper, its wait is kept, and the restarted call goes on with it instead of
 * sending another one.  A thread keeps at most one.
 *
 * Locks: dxg_process.waits_lock for the interrupted waits.
 */
#include <linux/once.h>
#include <linux/pid.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "host_event.h"
#include "host_message.h"
#include "ioctl_table.h"
#include "process.h"

/**
 * struct dxg_cpu_wait - a wait that the host will end
 * @event: one-shot, signalled by the host or by the stop of the adapter
 * @done: completed after @event was taken out of the table by a signal
 * @error: result of the wait, valid once @done
 * @births: age of the handle table before the wait was sent, which tells
 *	whether handles still name the same objects
 * @digest: of the message; valid while on the list, as are the following
 * @thread: who was interrupted, referenced
 * @link: in dxg_process.waits
 *
 * Belongs to the thread that sleeps, then to the list.
 */
struct dxg_cpu_wait {
	struct dxg_host_event event;
	struct completion done;
	int error;
	u64 births;
	u64 digest;
	struct pid *thread;
	struct list_head link;
};

static void dxg_cpu_wait_signal(struct dxg_host_event *event, int error)
{
	struct dxg_cpu_wait *wait =
		container_of(event, struct dxg_cpu_wait, event);

	wait->error = error;
	complete(&wait->done);
}

static void dxg_cpu_wait_free(struct dxg_cpu_wait *wait)
{
	kfree_rcu(wait, event.rcu);
}

/* Nobody is interested any more, whether the host signals or not. */
static void dxg_cpu_wait_cancel(struct dxg_cpu_wait *wait)
{
	/* a signal that came first finishes without waiting for anything */
	if (!dxg_host_event_withdraw(wait->event.id))
		wait_for_completion(&wait->done);
	dxg_cpu_wait_free(wait);
}

static void dxg_cpu_wait_forget(struct dxg_cpu_wait *wait)
{
	put_pid(wait->thread);
	dxg_cpu_wait_cancel(wait);
}

/**
 * dxg_process_release_waits() - forget the interrupted waits of a process
 * @process: process that is being torn down
 */
void dxg_process_release_waits(struct dxg_process *process)
{
	struct dxg_cpu_wait *wait, *next;
	LIST_HEAD(waits);

	mutex_lock(&process->waits_lock);
	list_splice_init(&process->waits, &waits);
	mutex_unlock(&process->waits_lock);
	list_for_each_entry_safe(wait, next, &waits, link)
		dxg_cpu_wait_forget(wait);
}

/* Message with everything but the number of the event, or an error pointer. */
static struct dxg_cmd_waitforsyncobjectfromcpu *
dxg_cpu_wait_message(struct dxg_message *msg, const struct dxg_scope *scope,
		     const struct d3dkmt_waitforsynchronizationobjectfromcpu *args)
{
	size_t objects = args->object_count * sizeof(struct d3dkmthandle);
	size_t values = args->object_count * sizeof(u64);
	struct dxg_cmd_waitforsyncobjectfromcpu *cmd;
	int ret;

	cmd = dxg_message_init(msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU,
			       sizeof(*cmd) + objects + values);
	if (IS_ERR(cmd))
		return cmd;
	cmd->device = args->device;
	cmd->object_count = args->object_count;
	cmd->flags = args->flags;
	ret = dxg_copy_in(cmd + 1, args->objects, objects) ?:
	      dxg_copy_in((void *)(cmd + 1) + objects, args->fence_values,
			  values);
	if (!ret)
		return cmd;
	dxg_message_free(msg);
	return ERR_PTR(ret);
}

/* The event is signalled on an eventfd, now or later; do not wait for it. */
static int
dxg_cpu_wait_async(struct dxg_process *process,
		   const struct d3dkmt_waitforsynchronizationobjectfromcpu *args)
{
	struct dxg_cmd_waitforsyncobjectfromcpu *cmd;
	struct dxg_host_event *event;
	struct dxg_message msg;
	struct dxg_scope scope;
	u64 id;
	int ret;

	event = dxg_eventfd_event_create(args->async_event, true);
	if (IS_ERR(event))
		return PTR_ERR(event);
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		goto free_event;
	cmd = dxg_cpu_wait_message(&msg, &scope, args);
	if (IS_ERR(cmd)) {
		ret = PTR_ERR(cmd);
		goto leave;
	}
	ret = dxg_host_event_add(event, &process->events, scope.adapter);
	if (ret)
		goto free_message;
	/* from here on a signal may take the event away at any time */
	id = event->id;
	event = NULL;
	cmd->guest_event_pointer = id;
	ret = dxg_message_status(&msg);
	if (ret < 0)
		event = dxg_host_event_withdraw(id);
free_message:
	dxg_message_free(&msg);
leave:
	dxg_scope_leave(&scope);
free_event:
	if (event)
		dxg_eventfd_event_free(event);
	return ret;
}

/* Send a new wait.  The wait, or an error pointer when it will not happen. */
static struct dxg_cpu_wait *
dxg_cpu_wait_start(const struct dxg_scope *scope, struct dxg_message *msg,
		   struct dxg_cmd_waitforsyncobjectfromcpu *cmd)
{
	struct dxg_process *process = scope->process;
	struct dxg_cpu_wait *wait;
	int ret;

	wait = kzalloc(sizeof(*wait), GFP_KERNEL_ACCOUNT);
	if (!wait)
		return ERR_PTR(-ENOMEM);
	init_completion(&wait->done);
	wait->births = READ_ONCE(process->objects.births);
	wait->event.one_shot = true;
	wait->event.signal = dxg_cpu_wait_signal;
	ret = dxg_host_event_add(&wait->event, &process->events,
				 scope->adapter);
	if (ret) {
		kfree(wait);
		return ERR_PTR(ret);
	}
	cmd->guest_event_pointer = wait->event.id;
	ret = dxg_message_status(msg);
	if (ret >= 0)
		return wait;
	dxg_cpu_wait_cancel(wait);
	return ERR_PTR(ret);
}

/* What is waited for and how; collisions are no risk but the caller's own. */
static u64 dxg_cpu_wait_digest(struct dxg_cmd_waitforsyncobjectfromcpu *cmd,
			       u32 length)
{
	static siphash_key_t key;

	get_random_once(&key, sizeof(key));
	cmd->guest_event_pointer = 0;
	return siphash(cmd, length, &key);
}

/* Do the handles of a wait name the objects that they named when it was sent? */
static bool
dxg_cpu_wait_is_current(const struct dxg_cpu_wait *wait,
			struct dxg_process *process,
			const struct dxg_cmd_waitforsyncobjectfromcpu *cmd)
{
	const struct d3dkmthandle *objects = (const void *)(cmd + 1);
	u32 i;

	if (!dxg_handle_born_until(&process->objects, cmd->device.v,
				   wait->births))
		return false;
	for (i = 0; i < cmd->object_count; i++)
		if (!dxg_handle_born_until(&process->objects, objects[i].v,
					   wait->births))
			return false;
	return true;
}

/*
 * Continue the wait in which this thread was interrupted, if it is the same; if
 * it is another, the thread did not come back for it.
 */
static struct dxg_cpu_wait *
dxg_cpu_wait_resume(struct dxg_process *process, const struct dxg_message *msg,
		    struct dxg_cmd_waitforsyncobjectfromcpu *cmd)
{
	struct dxg_cpu_wait *wait = NULL, *pos;

	/* only the thread itself could have put something here for it */
	if (list_empty(&process->waits))
		return NULL;
	mutex_lock(&process->waits_lock);
	list_for_each_entry(pos, &process->waits, link) {
		if (pos->thread != task_pid(current))
			continue;
		list_del(&pos->link);
		wait = pos;
		break;
	}
	mutex_unlock(&process->waits_lock);
	if (!wait)
		return NULL;
	if (wait->digest == dxg_cpu_wait_digest(cmd, msg->length) &&
	    dxg_cpu_wait_is_current(wait, process, cmd)) {
		put_pid(wait->thread);
		return wait;
	}
	dxg_cpu_wait_forget(wait);
	return NULL;
}

/* Keep an interrupted wait for the restarted call; drop those of dead threads. */
static void dxg_cpu_wait_keep(struct dxg_process *process,
			      struct dxg_cpu_wait *wait,
			      const struct dxg_message *msg,
			      struct dxg_cmd_waitforsyncobjectfromcpu *cmd)
{
	struct dxg_cpu_wait *pos, *next;
	LIST_HEAD(dead);

	wait->thread = get_pid(task_pid(current));
	wait->digest = dxg_cpu_wait_digest(cmd, msg->length);
	mutex_lock(&process->waits_lock);
	list_for_each_entry_safe(pos, next, &process->waits, link)
		if (!pid_has_task(pos->thread, PIDTYPE_PID))
			list_move(&pos->link, &dead);
	list_add(&wait->link, &process->waits);
	mutex_unlock(&process->waits_lock);
	list_for_each_entry_safe(pos, next, &dead, link)
		dxg_cpu_wait_forget(pos);
}

static int
dxg_cpu_wait_block(struct dxg_process *process,
		   const struct d3dkmt_waitforsynchronizationobjectfromcpu *args)
{
	struct dxg_cmd_waitforsyncobjectfromcpu *cmd;
	struct dxg_object *device;
	struct dxg_cpu_wait *wait;
	struct dxg_message msg;
	struct dxg_scope scope;
	int ret;

	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		return ret;
	cmd = dxg_cpu_wait_message(&msg, &scope, args);
	if (IS_ERR(cmd)) {
		dxg_scope_leave(&scope);
		return PTR_ERR(cmd);
	}
	wait = dxg_cpu_wait_resume(process, &msg, cmd);
	if (!wait)
		wait = dxg_cpu_wait_start(&scope, &msg, cmd);
	/* sleep with a reference, but no lock */
	device = scope.object;
	dxg_object_get(device);
	dxg_scope_leave(&scope);

	if (IS_ERR(wait)) {
		ret = PTR_ERR(wait);
	} else if (wait_for_completion_interruptible(&wait->done)) {
		dxg_cpu_wait_keep(process, wait, &msg, cmd);
		ret = -ERESTARTSYS;
	} else {
		/* the host ends all waits on an adapter that is closed */
		ret = wait->error;
		if (!ret && !dxg_adapter_active(device->adapter))
			ret = -ENODEV;
		dxg_cpu_wait_free(wait);
	}
	dxg_object_put(device);
	dxg_message_free(&msg);
	return ret;
}

/**
 * dxg_ioctl_wait_for_synchronization_object_from_cpu() -
 *	LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU
 * @process: caller
 * @data: struct d3dkmt_waitforsynchronizationobjectfromcpu, private copy
 * @user: not used
 *
 * The host decides, also when the values are reached already.
 *
 * Return: with an eventfd the host's status as errno or success code, else 0
 * when the wait is over; -EINVAL, -ENODEV (also when the adapter stops during
 * the wait), -EFAULT, -ENOMEM, -ERESTARTSYS, transport errors.
 */
int dxg_ioctl_wait_for_synchronization_object_from_cpu(struct dxg_process *process,
						       void *data,
						       void __user *user)
{
	const struct d3dkmt_waitforsynchronizationobjectfromcpu *args = data;

	if (!args->object_count ||
	    args->object_count > DXG_MAX_VM_BUS_PACKET_SIZE)
		return -EINVAL;
	if (args->async_event)
		return dxg_cpu_wait_async(process, args);
	return dxg_cpu_wait_block(process, args);
}
