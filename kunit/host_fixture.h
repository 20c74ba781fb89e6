/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What suites that need a host share: the host, the driver's adapter, and a
 * client with an address space that has the device open.
 */
#ifndef _HOST_FIXTURE_H
#define _HOST_FIXTURE_H

#include <kunit/test.h>
#include <linux/fs.h>
#include <uapi/misc/d3dkmthk.h>

#include "adapter.h"
#include "kernel_host.h"
#include "process.h"

/* Bytes of user memory of a client, at host_client.user. */
#define HOST_CLIENT_MEMORY	(16 * PAGE_SIZE)

/**
 * struct host_client - this thread as a client of /dev/dxg
 * @file: the device
 * @user: user address of HOST_CLIENT_MEMORY bytes that may be written
 * @adapter: handle of the adapter
 */
struct host_client {
	struct file *file;
	unsigned long user;
	u32 adapter;
};

struct kernel_host *host_fixture(struct kunit *test,
				 const struct kernel_host_config *config);
struct kernel_host *host_fixture_unannounced(struct kunit *test,
					     const struct kernel_host_config *config);
struct dxg_adapter *host_fixture_adapter(struct kunit *test);

struct file *host_open_device(struct kunit *test);
void host_close_device(struct kunit *test, struct file *file);
void host_client_init(struct kunit *test, struct host_client *client);
long host_client_ioctl(struct host_client *client, unsigned int command,
		       void *args);
long host_client_ioctl_at(struct host_client *client, unsigned int command,
			  unsigned long user);
u32 host_client_device(struct kunit *test, struct host_client *client);

#endif /* _HOST_FIXTURE_H */
