// SPDX-License-Identifier: GPL-2.0
/*
 * File systems that no process can see: how a module reaches what the kernel offers
 * to user space as a file, and to modules not at all.  For stable files only.
 *
 * The root of such a mount is the namespace of whoever makes it, so threads of the
 * kernel should.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/string.h>

#include "compat.h"
#include "private_fs.h"

/**
 * hvb_fs_mount - mount for ourselves
 * @name: of the file system
 *
 * Return: the mount, or NULL if it cannot be had.
 */
struct vfsmount *hvb_fs_mount(const char *name)
{
	struct file_system_type *type = get_fs_type(name);
	struct vfsmount *mount;

	if (!type)
		return NULL;
	mount = kern_mount(type);
	module_put(type->owner);
	return IS_ERR(mount) ? NULL : mount;
}

/**
 * hvb_fs_unmount - undo hvb_fs_mount()
 * @mount: what it returned
 */
void hvb_fs_unmount(struct vfsmount *mount)
{
	if (mount)
		kern_unmount(mount);
}

static struct file *open_in(struct vfsmount *mount, const char *path, int flags)
{
	struct path root;

	if (!mount)
		return ERR_PTR(-ENOENT);
	root.mnt = mount;
	root.dentry = mount->mnt_root;
	return file_open_root(&root, path, flags, 0);
}

/**
 * hvb_fs_write - write to a file at once
 * @mount: may be NULL
 * @path: from its root
 * @text: what to write
 *
 * Return: 0 when all was taken, or an error of open or write.
 */
int hvb_fs_write(struct vfsmount *mount, const char *path, const char *text)
{
	size_t length = strlen(text);
	struct file *file;
	loff_t pos = 0;
	ssize_t ret;

	file = open_in(mount, path, O_WRONLY);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = kernel_write(file, text, length, &pos);
	fput(file);
	if (ret < 0)
		return ret;
	return ret == length ? 0 : -EIO;
}

/**
 * hvb_fs_read - read the beginning of a file
 * @mount: may be NULL
 * @path: from its root
 * @text: filled, ends with a zero
 * @size: of @text
 *
 * Return: bytes in @text, or an error.
 */
ssize_t hvb_fs_read(struct vfsmount *mount, const char *path, char *text,
		    size_t size)
{
	struct file *file;
	loff_t pos = 0;
	ssize_t ret;

	file = open_in(mount, path, O_RDONLY);
	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = kernel_read(file, text, size - 1, &pos);
	fput(file);
	text[max_t(ssize_t, ret, 0)] = '\0';
	return ret;
}
