// SPDX-License-Identifier: GPL-2.0
/*
 * mock_echo: guest driver for the self test of the mock bus. Module and
 * /dev/mock_echo; the test program is selftest.c.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>

#include "echo.h"

static long echo_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct mock_echo_run __user *user = (void __user *)arg;
	struct mock_echo_run run;
	int ret;

	if (cmd != MOCK_ECHO_RUN)
		return -ENOTTY;
	if (copy_from_user(&run, user, sizeof(run)))
		return -EFAULT;
	ret = echo_run(&run);
	if (copy_to_user(user, &run, sizeof(run)))
		return -EFAULT;
	return ret;
}

static const struct file_operations echo_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = echo_ioctl,
};

static struct miscdevice echo_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mock_echo",
	.fops = &echo_fops,
	.mode = 0600,
};

static int __init echo_init(void)
{
	int ret = echo_driver_register();

	if (ret)
		return ret;
	ret = misc_register(&echo_misc);
	if (ret)
		echo_driver_unregister();
	return ret;
}

static void __exit echo_exit(void)
{
	misc_deregister(&echo_misc);
	echo_driver_unregister();
}

module_init(echo_init);
module_exit(echo_exit);
MODULE_DESCRIPTION("Guest driver for the self test of mock_vmbus");
MODULE_LICENSE("GPL");
