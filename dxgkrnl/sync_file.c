// SPDX-License-Identifier: GPL-2.0
/*
 * Sync files: CreateSyncFile, WaitSyncFile, OpenSyncObjectFromSyncFile.
 *
 * A sync file stands for a monitored fence and a value.  Other drivers and
 * poll() see a dma_fence, which a CPU wait of the host signals; contexts of this
 * driver wait for the monitored fence itself.  What dma_fences promise and a
 * monitored fence does not, an end in any case, is added here: docs/sync-files.md
 * says how.
 *
 * A fence is independent of the process that made it.  It pins the module.  Its
 * release may be called in any context, so a worker does what takes time.
 *
 * Locks: dxg_device.lock shared, through dxg_scope.  No lock is held when a
 * fence is signalled, because that runs callbacks of others.
 */
#include <linux/dma-fence.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sync_file.h>
#include <linux/workqueue.h>

#include "device.h"
#include "host_event.h"
#include "host_message.h"
#include "host_object.h"
#include "ioctl_table.h"
#include "module.h"
#include "process.h"
#include "sync_object.h"

static unsigned int sync_file_timeout = 60;
module_param(sync_file_timeout, uint, 0644);
MODULE_PARM_DESC(sync_file_timeout,
		 "Seconds after which a sync file that nobody signals ends with an error, 0: never (default: 60)");

/**
 * struct dxg_sync_fence - the dma_fence of a sync file
 * @base: first, see dma_fence_ops.release
 * @lock: of @base; irq-safe
 * @event: signalled by the host when the value is reached, or ended by adapter
 *	or process; does not keep the fence alive
 * @shared: object that the value is of, as a user of its NT handle; NULL if it
 *	cannot be opened by others
 * @value: that is waited for; immutable
 * @timeout: ends a fence that nobody signals
 * @end: ends the fence after the last reference went
 */
struct dxg_sync_fence {
	struct dma_fence base;
	spinlock_t lock;	/* for the core of dma_fence */
	struct dxg_host_event event;
	struct dxg_shared_sync_object *shared;
	u64 value;
	struct delayed_work timeout;
	struct work_struct end;
};

static struct dxg_sync_fence *to_dxg_sync_fence(struct dma_fence *base)
{
	return container_of(base, struct dxg_sync_fence, base);
}

static const char *dxg_sync_fence_driver_name(struct dma_fence *base)
{
	return "dxgkrnl";
}

static const char *dxg_sync_fence_timeline_name(struct dma_fence *base)
{
	return "no_timeline";
}

static void dxg_sync_fence_release(struct dma_fence *base)
{
	queue_work(dxg_workqueue, &to_dxg_sync_fence(base)->end);
}

static const struct dma_fence_ops dxg_sync_fence_ops = {
	.get_driver_name = dxg_sync_fence_driver_name,
	.get_timeline_name = dxg_sync_fence_timeline_name,
	.release = dxg_sync_fence_release,
};

/* Module exit waits for RCU callbacks, so this may drop the last reference. */
static void dxg_sync_fence_free(struct rcu_head *rcu)
{
	struct dxg_sync_fence *fence =
		container_of(rcu, struct dxg_sync_fence, base.rcu);

	kfree(fence);
	module_put(THIS_MODULE);
}

/* Nobody has the fence any more but perhaps a signal on its way. */
static void dxg_sync_fence_end(struct work_struct *work)
{
	struct dxg_sync_fence *fence =
		container_of(work, struct dxg_sync_fence, end);

	cancel_delayed_work_sync(&fence->timeout);
	dxg_host_event_withdraw(fence->event.id);
	if (fence->shared)
		dxg_shared_object_unuse(&fence->shared->base);
	call_rcu(&fence->base.rcu, dxg_sync_fence_free);
}

/* Once, by whoever took the event out of the table. */
static void dxg_sync_fence_signal(struct dxg_host_event *event, int error)
{
	struct dxg_sync_fence *fence =
		container_of(event, struct dxg_sync_fence, event);

	/* the end is waiting for this RCU section */
	if (!dma_fence_get_rcu(&fence->base))
		return;
	cancel_delayed_work(&fence->timeout);
	if (error)
		dma_fence_set_error(&fence->base, error);
	dma_fence_signal(&fence->base);
	dma_fence_put(&fence->base);
}

/* The adapter stopped, or the process that created the fence ended. */
static void dxg_sync_fence_event(struct dxg_host_event *event, int error)
{
	dxg_sync_fence_signal(event, error ? -ENODEV : 0);
}

static void dxg_sync_fence_timeout(struct work_struct *work)
{
	struct dxg_sync_fence *fence =
		container_of(to_delayed_work(work), struct dxg_sync_fence,
			     timeout);

	if (dxg_host_event_withdraw(fence->event.id))
		dxg_sync_fence_signal(&fence->event, -ETIMEDOUT);
}

/*
 * A fence that the host does not know yet.  The caller gets a reference, and
 * @sync stays alive until this returns.
 */
static struct dxg_sync_fence *
dxg_sync_fence_create(struct dxg_process *process,
		      const struct dxg_sync_object *sync, u64 value)
{
	struct dxg_sync_fence *fence;
	int ret;

	fence = kzalloc(sizeof(*fence), GFP_KERNEL_ACCOUNT);
	if (!fence)
		return ERR_PTR(-ENOMEM);
	if (sync->shared) {
		ret = dxg_shared_object_use(&sync->shared->base, process,
					    sync->obj.handle);
		if (ret) {
			kfree(fence);
			return ERR_PTR(ret);
		}
		fence->shared = sync->shared;
	}
	/* the caller's file pins the module, too */
	__module_get(THIS_MODULE);
	spin_lock_init(&fence->lock);
	fence->value = value;
	fence->event.one_shot = true;
	fence->event.signal = dxg_sync_fence_event;
	INIT_DELAYED_WORK(&fence->timeout, dxg_sync_fence_timeout);
	INIT_WORK(&fence->end, dxg_sync_fence_end);
	/* a timeline of its own: it is neither before nor after any other */
	dma_fence_init(&fence->base, &dxg_sync_fence_ops, &fence->lock,
		       dma_fence_context_alloc(1), value);
	return fence;
}

/* The host is to signal the fence.  Its status as errno or success code. */
static int dxg_sync_fence_arm(struct dxg_sync_fence *fence,
			      const struct dxg_scope *scope,
			      const struct dxg_sync_object *sync)
{
	struct dxg_cmd_waitforsyncobjectfromcpu *cmd;
	struct d3dkmthandle *object;
	unsigned int timeout;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, scope->process, scope->adapter,
			       DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU,
			       sizeof(*cmd) + sizeof(*object) +
			       sizeof(fence->value));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->device.v = scope->device->obj.handle;
	cmd->object_count = 1;
	object = (void *)(cmd + 1);
	object->v = sync->obj.handle;
	memcpy(object + 1, &fence->value, sizeof(fence->value));
	ret = dxg_host_event_add(&fence->event, &scope->process->events,
				 scope->adapter);
	if (!ret) {
		cmd->guest_event_pointer = fence->event.id;
		ret = dxg_message_status(&msg);
	}
	dxg_message_free(&msg);
	timeout = READ_ONCE(sync_file_timeout);
	if (ret >= 0 && timeout)
		queue_delayed_work(dxg_workqueue, &fence->timeout,
				   (unsigned long)timeout * HZ);
	return ret;
}

/* A monitored fence of the scope's device, referenced, or NULL. */
static struct dxg_sync_object *
dxg_monitored_fence_lookup(const struct dxg_scope *scope, u32 handle)
{
	struct dxg_object *obj = dxg_handle_lookup(&scope->process->objects,
						   handle, DXG_SYNC_OBJECT);

	if (!obj)
		return NULL;
	if (to_dxg_sync_object(obj)->monitored && obj->device == scope->device)
		return to_dxg_sync_object(obj);
	dxg_object_put(obj);
	return NULL;
}

/* A new sync file, not yet installed, and the host's success code; or error. */
static struct sync_file *dxg_sync_file_create(const struct dxg_scope *scope,
					      u32 handle, u64 value,
					      int *status)
{
	struct sync_file *sync_file = NULL;
	struct dxg_sync_fence *fence;
	struct dxg_sync_object *sync;
	int ret;

	sync = dxg_monitored_fence_lookup(scope, handle);
	if (!sync)
		return ERR_PTR(-EINVAL);
	fence = dxg_sync_fence_create(scope->process, sync, value);
	if (IS_ERR(fence)) {
		ret = PTR_ERR(fence);
		goto put_sync;
	}
	sync_file = sync_file_create(&fence->base);
	if (!sync_file) {
		ret = -ENOMEM;
		goto put_fence;
	}
	ret = dxg_sync_fence_arm(fence, scope, sync);
	if (ret < 0)
		fput(sync_file->file);
	else
		*status = ret;
put_fence:
	dma_fence_put(&fence->base);
put_sync:
	dxg_object_put(&sync->obj);
	return ret < 0 ? ERR_PTR(ret) : sync_file;
}

/**
 * dxg_ioctl_create_sync_file() - LX_DXCREATESYNCFILE
 * @process: caller
 * @data: struct d3dkmt_createsyncfile, private copy
 * @user: the same in user memory
 *
 * Return: the host's status as errno or success code; -EMFILE and the like
 * without a free descriptor; -EINVAL, -ENODEV, -ENOSPC (too many events),
 * -ENOTRECOVERABLE (no NT handle), -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_create_sync_file(struct dxg_process *process, void *data,
			       void __user *user)
{
	struct d3dkmt_createsyncfile __user *uargs = user;
	struct d3dkmt_createsyncfile *args = data;
	struct sync_file *sync_file;
	struct dxg_scope scope;
	int status, ret;
	int fd;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return fd;
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		goto put_fd;
	sync_file = dxg_sync_file_create(&scope, args->monitored_fence.v,
					 args->fence_value, &status);
	dxg_scope_leave(&scope);
	if (IS_ERR(sync_file)) {
		ret = PTR_ERR(sync_file);
		goto put_fd;
	}
	args->sync_file_handle = fd;
	ret = dxg_write_back(uargs, args, sync_file_handle);
	if (ret) {
		fput(sync_file->file);
		goto put_fd;
	}
	fd_install(fd, sync_file->file);
	return status;

put_fd:
	put_unused_fd(fd);
	return ret;
}

/* The fence behind a descriptor, referenced; NULL if it is not one of ours. */
static struct dxg_sync_fence *dxg_sync_fence_get(u64 fd)
{
	struct dma_fence *base;

	base = fd <= INT_MAX ? sync_file_get_fence(fd) : NULL;
	if (!base)
		return NULL;
	/* ours keep their operations, as they have a release */
	if (READ_ONCE(base->ops) == &dxg_sync_fence_ops)
		return to_dxg_sync_fence(base);
	dma_fence_put(base);
	return NULL;
}

/* How others open the fence of a sync file. */
static const struct d3dddi_synchronizationobject_flags dxg_sync_file_flags = {
	.shared = 1,
	.nt_security_sharing = 1,
	.no_signal = 1,
};

/* The host opens the fence, queues the wait, and closes the fence. */
static int dxg_sync_fence_wait(const struct dxg_sync_fence *fence,
			       const struct dxg_scope *scope)
{
	struct dxg_ret_opensyncobject reply;
	int ret;

	if (!fence->shared)
		return -EINVAL;
	ret = dxg_shared_sync_object_check(fence->shared, scope) ?:
	      dxg_shared_sync_object_open(fence->shared, scope,
					  dxg_sync_file_flags, 0, &reply);
	if (ret < 0)
		return ret;
	ret = dxg_gpu_wait_fence(scope, reply.sync_object.v, fence->value);
	/* what is queued stays; on the same ring as the wait, or after it */
	dxg_host_object_undo(scope->process, NULL,
			     DXGK_VMBCOMMAND_DESTROYSYNCOBJECT,
			     reply.sync_object.v, DXG_WAIT_KILLABLE);
	return ret;
}

/**
 * dxg_ioctl_wait_sync_file() - LX_DXWAITSYNCFILE
 * @process: caller
 * @data: struct d3dkmt_waitsyncfile, private copy
 * @user: not used
 *
 * The wait is queued whether or not the sync file is signalled, which it is
 * early when its creator destroys the fence.  Merged sync files and those of
 * others are refused.
 *
 * Return: 0; the host's status unless messages are asynchronous; -EINVAL,
 * -ENODEV (also when adapter or creator ended before the value was reached),
 * -ENOMEM, transport errors.
 */
int dxg_ioctl_wait_sync_file(struct dxg_process *process, void *data,
			     void __user *user)
{
	const struct d3dkmt_waitsyncfile *args = data;
	struct dxg_sync_fence *fence;
	struct dxg_scope scope;
	int ret;

	fence = dxg_sync_fence_get(args->sync_file_handle);
	if (!fence)
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_CONTEXT, args->context.v);
	if (ret)
		goto put;
	/* a timeout ended the patience of others, not the fence */
	ret = dma_fence_get_status(&fence->base);
	if (ret != -ENODEV)
		ret = dxg_sync_fence_wait(fence, &scope);
	dxg_scope_leave(&scope);
put:
	dma_fence_put(&fence->base);
	return ret;
}

static int
dxg_sync_fence_open(const struct dxg_sync_fence *fence,
		    const struct dxg_scope *scope,
		    struct d3dkmt_opensyncobjectfromsyncfile *args,
		    struct d3dkmt_opensyncobjectfromsyncfile __user *uargs)
{
	struct dxg_sync_opening opening = {
		.scope = scope,
		.shared = fence->shared,
		.flags = dxg_sync_file_flags,
	};
	int status, ret;

	/* native fences have an open message of their own */
	if (!fence->shared || fence->shared->type == _D3DDDI_NATIVE_FENCE)
		return -EINVAL;
	status = dxg_sync_opening_begin(&opening);
	if (status < 0)
		return status;
	args->syncobj.v = opening.handle;
	args->fence_value = fence->value;
	args->fence_value_cpu_va = opening.cpu_va;
	args->fence_value_gpu_va = opening.gpu_va;
	ret = dxg_write_back(uargs, args, syncobj) ?:
	      dxg_write_back(uargs, args, fence_value) ?:
	      dxg_write_back(uargs, args, fence_value_cpu_va) ?:
	      dxg_write_back(uargs, args, fence_value_gpu_va);
	dxg_sync_opening_end(&opening, !ret);
	return ret ?: status;
}

/**
 * dxg_ioctl_open_sync_object_from_sync_file() - LX_DXOPENSYNCOBJECTFROMSYNCFILE
 * @process: caller
 * @data: struct d3dkmt_opensyncobjectfromsyncfile, private copy
 * @user: the same in user memory
 *
 * Who opens a fence this way may wait for it, but not signal it.
 *
 * Return: the host's status as errno or success code; -EINVAL, -ENODEV,
 * -EFAULT, -ENOMEM, transport errors.
 */
int dxg_ioctl_open_sync_object_from_sync_file(struct dxg_process *process,
					      void *data, void __user *user)
{
	struct d3dkmt_opensyncobjectfromsyncfile *args = data;
	struct dxg_sync_fence *fence;
	struct dxg_scope scope;
	int ret;

	fence = dxg_sync_fence_get(args->sync_file_handle);
	if (!fence)
		return -EINVAL;
	ret = dxg_scope_enter(&scope, process, DXG_DEVICE, args->device.v);
	if (ret)
		goto put;
	ret = dxg_sync_fence_open(fence, &scope, args, user);
	dxg_scope_leave(&scope);
put:
	dma_fence_put(&fence->base);
	return ret;
}
