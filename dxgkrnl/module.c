// SPDX-License-Identifier: GPL-2.0
/*
 * Loading, unloading and the device node.  Everything else has its own room;
 * docs/architecture.md is the map.
 */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

#define CREATE_TRACE_POINTS
#include "trace.h"

#include "global_channel.h"
#include "host_event.h"
#include "host_message.h"
#include "ioctl_table.h"
#include "module.h"
#include "probe.h"
#include "process.h"

struct workqueue_struct *dxg_workqueue;

static int dxg_open(struct inode *inode, struct file *file)
{
	struct dxg_process *process = dxg_process_open();

	if (IS_ERR(process))
		return PTR_ERR(process);
	file->private_data = process;
	return nonseekable_open(inode, file);
}

static int dxg_release(struct inode *inode, struct file *file)
{
	dxg_process_close(file->private_data);
	return 0;
}

static void dxg_show_fdinfo(struct seq_file *m, struct file *file)
{
	dxg_process_show(file->private_data, m);
}

static const struct file_operations dxg_fops = {
	.owner = THIS_MODULE,
	.open = dxg_open,
	.release = dxg_release,
	.unlocked_ioctl = dxg_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
	.show_fdinfo = dxg_show_fdinfo,
};

static struct miscdevice dxg_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dxg",
	.fops = &dxg_fops,
	.mode = 0666,
};

static int __init dxg_init(void)
{
	int ret;

	dxg_global_setup();
	dxg_workqueue = alloc_workqueue("dxgkrnl", WQ_UNBOUND, 0);
	if (!dxg_workqueue)
		return -ENOMEM;
	ret = dxg_host_message_setup();
	if (ret)
		goto workqueue;
	ret = dxg_host_events_setup();
	if (ret)
		goto message;
	ret = dxg_probe_setup();
	if (ret)
		goto events;
	/* last: what a user has open cannot be taken back */
	ret = misc_register(&dxg_misc);
	if (ret)
		goto probe;
	return 0;

probe:
	dxg_probe_cleanup();
events:
	dxg_host_events_cleanup();
message:
	dxg_host_message_cleanup();
workqueue:
	destroy_workqueue(dxg_workqueue);
	return ret;
}

/*
 * No file is open any more, so only teardown work may still use the channels;
 * closing these ends whatever it waits for.
 */
static void __exit dxg_exit(void)
{
	misc_deregister(&dxg_misc);
	dxg_probe_cleanup();
	destroy_workqueue(dxg_workqueue);
	dxg_host_events_cleanup();
	dxg_host_message_cleanup();
	/* objects go through RCU callbacks of their own */
	rcu_barrier();
}

module_init(dxg_init);
module_exit(dxg_exit);

MODULE_DESCRIPTION("Hyper-V paravirtual GPU, /dev/dxg");
MODULE_LICENSE("GPL");
MODULE_VERSION(DXG_VERSION);
