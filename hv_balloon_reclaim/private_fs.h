/* SPDX-License-Identifier: GPL-2.0 */
/*
 * File systems that no process can see.
 */
#ifndef _HVB_PRIVATE_FS_H
#define _HVB_PRIVATE_FS_H

#include <linux/types.h>

struct vfsmount;

struct vfsmount *hvb_fs_mount(const char *name);
void hvb_fs_unmount(struct vfsmount *mount);
int hvb_fs_write(struct vfsmount *mount, const char *path, const char *text);
ssize_t hvb_fs_read(struct vfsmount *mount, const char *path, char *text,
		    size_t size);

#endif /* _HVB_PRIVATE_FS_H */
