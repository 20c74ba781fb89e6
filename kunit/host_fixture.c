// SPDX-License-Identifier: GPL-2.0
/*
 * Fixtures of suites that need a host; everything is undone by actions of the
 * test, in reverse order, also when an assertion ends it.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/mman.h>
#include <linux/uaccess.h>

#include "host_fixture.h"
#include "vgpu.h"

static void host_fixture_destroy(void *host)
{
	kernel_host_destroy(host);
}

/**
 * host_fixture_unannounced() - a host that the driver does not know yet
 * @test: test that owns it
 * @config: variation
 *
 * Return: host; failure ends the test.
 */
struct kernel_host *
host_fixture_unannounced(struct kunit *test,
			 const struct kernel_host_config *config)
{
	struct kernel_host *host = kernel_host_new(config);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, host);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test,
							host_fixture_destroy,
							host), 0);
	return host;
}

/**
 * host_fixture() - a host, with everything announced
 * @test: test that owns it
 * @config: variation
 *
 * Return: host; failure ends the test.
 */
struct kernel_host *host_fixture(struct kunit *test,
				 const struct kernel_host_config *config)
{
	struct kernel_host *host = kernel_host_create(config);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, host);
	KUNIT_ASSERT_EQ(test, kunit_add_action_or_reset(test,
							host_fixture_destroy,
							host), 0);
	return host;
}

static void host_fixture_put_adapter(void *adapter)
{
	dxg_adapter_put(adapter);
}

/**
 * host_fixture_adapter() - the driver's object for the host's vGPU
 * @test: test that owns the reference
 *
 * Return: adapter, active; failure ends the test.
 */
struct dxg_adapter *host_fixture_adapter(struct kunit *test)
{
	struct winluid luid = { KERNEL_HOST_LUID_A, KERNEL_HOST_LUID_B };
	struct dxg_adapter *adapter = dxg_adapter_find(luid);

	KUNIT_ASSERT_NOT_NULL(test, adapter);
	KUNIT_ASSERT_EQ(test,
			kunit_add_action_or_reset(test,
						  host_fixture_put_adapter,
						  adapter), 0);
	return adapter;
}

/* At once: the ordinary way leaves the last close to a worker. */
static void host_fixture_close(void *file)
{
	__fput_sync(file);
}

/**
 * host_open_device() - open /dev/dxg
 * @test: test that owns the file
 *
 * Return: file or error pointer.
 */
struct file *host_open_device(struct kunit *test)
{
	struct file *file = filp_open("/dev/dxg", O_RDWR, 0);

	if (!IS_ERR(file))
		KUNIT_ASSERT_EQ(test,
				kunit_add_action_or_reset(test,
							  host_fixture_close,
							  file), 0);
	return file;
}

/**
 * host_close_device() - close it before the test ends
 * @test: test that owns the file
 * @file: from host_open_device()
 */
void host_close_device(struct kunit *test, struct file *file)
{
	kunit_release_action(test, host_fixture_close, file);
}

/**
 * host_client_init() - make the thread a client with one adapter open
 * @test: test; a host with an adapter is there
 * @client: filled
 */
void host_client_init(struct kunit *test, struct host_client *client)
{
	struct d3dkmt_openadapterfromluid open = {
		.adapter_luid = { KERNEL_HOST_LUID_A, KERNEL_HOST_LUID_B },
	};

	client->user = kunit_vm_mmap(test, NULL, 0, HOST_CLIENT_MEMORY,
				     PROT_READ | PROT_WRITE,
				     MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_NE(test, client->user, 0UL);
	client->file = host_open_device(test);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, client->file);
	KUNIT_ASSERT_EQ(test, host_client_ioctl(client, LX_DXOPENADAPTERFROMLUID,
						&open), 0L);
	client->adapter = open.adapter_handle.v;
}

/**
 * host_client_ioctl_at() - an ioctl with its argument at a user address
 * @client: client
 * @command: LX_DX*
 * @user: address, good or bad
 *
 * Return: what the client would get.
 */
long host_client_ioctl_at(struct host_client *client, unsigned int command,
			  unsigned long user)
{
	return client->file->f_op->unlocked_ioctl(client->file, command, user);
}

/**
 * host_client_ioctl() - an ioctl with its argument copied to user memory
 * @client: client; the first bytes of its memory are used
 * @command: LX_DX*
 * @args: argument struct, updated with what the driver wrote
 *
 * Return: what the client would get.
 */
long host_client_ioctl(struct host_client *client, unsigned int command,
		       void *args)
{
	void __user *user = (void __user *)client->user;
	long ret;

	if (copy_to_user(user, args, _IOC_SIZE(command)))
		return -EFAULT;
	ret = host_client_ioctl_at(client, command, client->user);
	if (copy_from_user(args, user, _IOC_SIZE(command)))
		return -EFAULT;
	return ret;
}

/**
 * host_client_device() - create a device
 * @test: test
 * @client: client
 *
 * Return: its handle; failure ends the test.
 */
u32 host_client_device(struct kunit *test, struct host_client *client)
{
	struct d3dkmt_createdevice create = { .adapter.v = client->adapter };

	KUNIT_ASSERT_EQ(test, host_client_ioctl(client, LX_DXCREATEDEVICE,
						&create), 0L);
	KUNIT_ASSERT_NE(test, create.device.v, 0);
	return create.device.v;
}
