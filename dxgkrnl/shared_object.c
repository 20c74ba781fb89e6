// SPDX-License-Identifier: GPL-2.0
/*
 * Objects that processes share, whatever their kind: the host's NT handle, and
 * the files that pass it on.
 *
 * The first file makes the host create the NT handle, the last one destroys it.
 * Files are closed by any task, in any state of host and adapter, so a worker
 * does what takes time; it needs no memory that is not there already.
 *
 * Lock: dxg_shared_object.nt_lock, private to one object, held across the
 * creation of its NT handle; see docs/locking.md.
 */
#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "adapter.h"
#include "host_message.h"
#include "host_object.h"
#include "module.h"
#include "process.h"
#include "shared_object.h"

/**
 * struct dxg_shared_file - what a file descriptor stands for
 * @shared: object, referenced; the file is one of its NT handle's users
 * @work: drops both after the file was closed
 */
struct dxg_shared_file {
	struct dxg_shared_object *shared;
	struct work_struct work;
};

/**
 * dxg_shared_object_init() - prepare the common part of a new shared object
 * @shared: zeroed memory
 * @adapter: adapter
 * @release: called once after the last reference went
 *
 * The caller owns the first reference.
 */
void dxg_shared_object_init(struct dxg_shared_object *shared,
			    struct dxg_adapter *adapter,
			    void (*release)(struct dxg_shared_object *shared))
{
	refcount_set(&shared->refs, 1);
	dxg_adapter_get(adapter);
	shared->adapter = adapter;
	mutex_init(&shared->nt_lock);
	shared->release = release;
}

/**
 * dxg_shared_object_put() - drop a reference
 * @shared: object
 *
 * Context: may sleep.
 */
void dxg_shared_object_put(struct dxg_shared_object *shared)
{
	if (!refcount_dec_and_test(&shared->refs))
		return;
	mutex_destroy(&shared->nt_lock);
	dxg_adapter_put(shared->adapter);
	shared->release(shared);
}

/* Nothing depends on the answer. */
static void dxg_nt_handle_destroy(u32 handle, u64 generation)
{
	struct dxg_cmd_destroyntsharedobject *cmd;
	struct dxg_request *request;
	struct dxg_message msg;

	cmd = dxg_message_init(&msg, NULL, NULL,
			       DXGK_VMBCOMMAND_DESTROYNTSHAREDOBJECT,
			       sizeof(*cmd));
	if (IS_ERR(cmd))
		return;
	cmd->shared_handle.v = handle;
	msg.generation = generation;
	request = dxg_message_send_surely(&msg, 0, DXG_WAIT_FOREVER);
	if (!IS_ERR(request)) {
		dxg_request_abandon(request);
		dxg_request_put(request);
	}
	dxg_message_free(&msg);
}

/* The answer came after the caller was killed: the handle has no user. */
static void dxg_nt_handle_late(struct dxg_request *request)
{
	const struct d3dkmthandle *handle = request->reply;

	if (!request->status && handle->v)
		dxg_nt_handle_destroy(handle->v, request->process->generation);
}

static int dxg_nt_handle_create(struct dxg_process *process, u32 object,
				u32 *handle)
{
	struct dxg_cmd_createntsharedobject *cmd;
	const struct d3dkmthandle *reply;
	struct dxg_request *request;
	struct dxg_message msg;
	int ret;

	cmd = dxg_message_init(&msg, process, NULL,
			       DXGK_VMBCOMMAND_CREATENTSHAREDOBJECT,
			       sizeof(*cmd));
	if (IS_ERR(cmd))
		return PTR_ERR(cmd);
	cmd->object.v = object;
	request = dxg_request_new(&msg, sizeof(*reply), sizeof(*reply));
	if (IS_ERR(request)) {
		ret = PTR_ERR(request);
		goto free;
	}
	request->late = dxg_nt_handle_late;
	ret = dxg_request_call(request, &msg);
	if (!ret) {
		reply = request->reply;
		*handle = reply->v;
		ret = *handle ? 0 : -ENOTRECOVERABLE;
	}
	dxg_request_put(request);
free:
	dxg_message_free(&msg);
	return ret;
}

/**
 * dxg_shared_object_use() - become a user of the NT handle of a shared object
 * @shared: object; the user gets a reference, too
 * @process: caller
 * @object: handle in @process of a member of @shared, which stays alive
 *
 * While it has users the host keeps the object, whatever happens to its
 * members.  The first user makes the host create the NT handle.
 *
 * Context: process; waits killably for the host if there is no NT handle.
 *
 * Return: 0; -ENOTRECOVERABLE when the host refuses, transport errors.
 */
int dxg_shared_object_use(struct dxg_shared_object *shared,
			  struct dxg_process *process, u32 object)
{
	int ret = 0;

	if (mutex_lock_killable(&shared->nt_lock))
		return -ERESTARTSYS;
	if (!shared->nt_users) {
		ret = dxg_nt_handle_create(process, object, &shared->nt_handle);
		shared->nt_generation = process->generation;
	}
	if (!ret) {
		shared->nt_users++;
		dxg_shared_object_get(shared);
	}
	mutex_unlock(&shared->nt_lock);
	return ret;
}

/**
 * dxg_shared_object_unuse() - undo dxg_shared_object_use()
 * @shared: object
 *
 * Context: worker, because the host is told when the last user goes.
 */
void dxg_shared_object_unuse(struct dxg_shared_object *shared)
{
	mutex_lock(&shared->nt_lock);
	/* sent under the lock: a new handle is asked for only after this */
	if (!--shared->nt_users)
		dxg_nt_handle_destroy(shared->nt_handle, shared->nt_generation);
	mutex_unlock(&shared->nt_lock);
	dxg_shared_object_put(shared);
}

static void dxg_shared_file_work(struct work_struct *work)
{
	struct dxg_shared_file *priv =
		container_of(work, struct dxg_shared_file, work);

	dxg_shared_object_unuse(priv->shared);
	kfree(priv);
}

/**
 * dxg_shared_file_create() - make a file that stands for a shared object
 * @shared: object; the file takes a reference
 * @process: caller
 * @object: handle in @process of a member of @shared, which stays alive
 * @name: name of the kind of file
 * @fops: its operations, with dxg_shared_file_release()
 *
 * Context: process; waits killably for the host if there is no NT handle.
 *
 * Return: file; -ENOTRECOVERABLE when host or kernel refuses, -ENOMEM,
 * transport errors.
 */
struct file *dxg_shared_file_create(struct dxg_shared_object *shared,
				    struct dxg_process *process, u32 object,
				    const char *name,
				    const struct file_operations *fops)
{
	struct dxg_shared_file *priv;
	struct file *file;
	int ret;

	priv = kzalloc(sizeof(*priv), GFP_KERNEL_ACCOUNT);
	if (!priv)
		return ERR_PTR(-ENOMEM);
	INIT_WORK(&priv->work, dxg_shared_file_work);
	ret = dxg_shared_object_use(shared, process, object);
	if (ret) {
		kfree(priv);
		return ERR_PTR(ret);
	}
	priv->shared = shared;
	file = anon_inode_getfile(name, fops, priv, 0);
	if (!IS_ERR(file))
		return file;
	queue_work(dxg_workqueue, &priv->work);
	return ERR_PTR(-ENOTRECOVERABLE);
}

/**
 * dxg_shared_file_release() - the last descriptor of a file was closed
 * @inode: not used
 * @file: file
 *
 * Return: 0.
 */
int dxg_shared_file_release(struct inode *inode, struct file *file)
{
	struct dxg_shared_file *priv = file->private_data;

	queue_work(dxg_workqueue, &priv->work);
	return 0;
}

/**
 * dxg_shared_file_get() - the file behind a descriptor, if it is of a kind
 * @fd: descriptor from user space, untrusted
 * @fops: operations of the kind
 *
 * Return: file with a reference, or NULL.
 */
struct file *dxg_shared_file_get(u64 fd, const struct file_operations *fops)
{
	struct file *file;

	if (fd > INT_MAX)
		return NULL;
	file = fget(fd);
	if (!file || file->f_op == fops)
		return file;
	fput(file);
	return NULL;
}

/**
 * dxg_shared_file_object() - what a file stands for
 * @file: from dxg_shared_file_get()
 *
 * Return: object, valid as long as the file; it has an NT handle as long.
 */
struct dxg_shared_object *dxg_shared_file_object(struct file *file)
{
	struct dxg_shared_file *priv = file->private_data;

	return priv->shared;
}
