/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The linker's names of system calls that a test stands before (ld --wrap): what
 * callers reach, and what it was.
 */
#ifndef E2E_NODE_CALLS_H
#define E2E_NODE_CALLS_H

int __wrap_open(const char *path, int flags, ...);
int __wrap_ioctl(int fd, unsigned long request, ...);
int __wrap_close(int fd);
int __real_open(const char *path, int flags, ...);
int __real_ioctl(int fd, unsigned long request, ...);
int __real_close(int fd);

#endif /* E2E_NODE_CALLS_H */
