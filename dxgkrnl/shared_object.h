/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What processes share: an object on the host that several of them open, and
 * file descriptors that stand for it.
 */
#ifndef _DXG_SHARED_OBJECT_H
#define _DXG_SHARED_OBJECT_H

#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/types.h>

struct dxg_adapter;
struct dxg_process;

/**
 * struct dxg_shared_object - common part of things that processes share
 * @refs: each member object of a process, and each user of the NT handle
 * @adapter: adapter, referenced: files outlive it
 * @nt_lock: protects the rest; held while the host makes the NT handle, so that
 *	it makes one.  A task that closes a file does not take it
 * @nt_handle: the host's name for others to open; valid while there are users
 * @nt_users: files and sync files
 * @nt_generation: of the global channel that @nt_handle came from
 * @release: frees the object after the last reference; may sleep
 */
struct dxg_shared_object {
	refcount_t refs;
	struct dxg_adapter *adapter;
	/* protects what follows */
	struct mutex nt_lock;
	u32 nt_handle;
	u32 nt_users;
	u64 nt_generation;
	void (*release)(struct dxg_shared_object *shared);
};

void dxg_shared_object_init(struct dxg_shared_object *shared,
			    struct dxg_adapter *adapter,
			    void (*release)(struct dxg_shared_object *shared));
void dxg_shared_object_put(struct dxg_shared_object *shared);

static inline void dxg_shared_object_get(struct dxg_shared_object *shared)
{
	refcount_inc(&shared->refs);
}

int dxg_shared_object_use(struct dxg_shared_object *shared,
			  struct dxg_process *process, u32 object);
void dxg_shared_object_unuse(struct dxg_shared_object *shared);

struct file *dxg_shared_file_create(struct dxg_shared_object *shared,
				    struct dxg_process *process, u32 object,
				    const char *name,
				    const struct file_operations *fops);
int dxg_shared_file_release(struct inode *inode, struct file *file);
struct file *dxg_shared_file_get(u64 fd, const struct file_operations *fops);
struct dxg_shared_object *dxg_shared_file_object(struct file *file);

#endif /* _DXG_SHARED_OBJECT_H */
