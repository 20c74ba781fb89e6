/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the host refuses, and what the caller is told (docs/protocol.md, NTSTATUS
 * and errno): the whole table, and failures that are not in it.
 */
#ifndef E2E_HOST_STATUS_H
#define E2E_HOST_STATUS_H

#include <errno.h>
#include <linux/types.h>

static const struct {
	__u32 status;
	int error;
} host_statuses[] = {
	{ 0xc0000035, -EEXIST }, { 0xc0000017, -ENOMEM },
	{ 0xc000000d, -EINVAL }, { 0xc0000033, -ENOENT },
	{ 0xc0000034, -ENOENT }, { 0xc0000023, -EOVERFLOW },
	{ 0xc00002b6, -ENODEV }, { 0xc0000022, -EACCES },
	{ 0xc00000bb, -EPERM }, { 0xc0000002, -EPERM },
	{ 0xc000001d, -EOPNOTSUPP }, { 0xc0000008, -EBADF },
	{ 0xc01e0102, -EINPROGRESS }, { 0xc0000024, -EPROTOTYPE },
	{ 0xc01e0100, -EINVAL }, { 0xc0000059, -EINVAL },
	{ 0xffffffff, -EINVAL }, { 0x80000005, -EINVAL },
};

#endif /* E2E_HOST_STATUS_H */
