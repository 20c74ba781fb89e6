// SPDX-License-Identifier: GPL-2.0
/*
 * The floor of the benchmark: the least that a client of the bus can do to send
 * a message, and to send one and wait for the answer.  One message at a time,
 * from one buffer; what dxgkrnl needs above this is its own.
 */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/hyperv.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include <compat.h>
#include <dxg_host_protocol.h>

#include "dxg_bench.h"

static DEFINE_MUTEX(floor_lock);	/* protects floor_hdev */
static struct hv_device *floor_hdev;
static DECLARE_COMPLETION(floor_answered);

/* A message that the host answers like any other; it means nothing. */
static struct {
	struct dxg_ext_header ext;
	struct dxg_vgpu_to_host_header hdr;
	u8 data[DXG_BENCH_MESSAGE_MAX];
} floor_message = {
	.ext.command_offset = sizeof(struct dxg_ext_header),
	.hdr.command_type = DXGK_VMBCOMMAND_EVICT,
};

static void floor_receive(void *context)
{
	struct vmbus_channel *channel = context;
	struct vmpacket_descriptor *desc;

	foreach_vmbus_pkt(desc, channel)
		if (desc->type == VM_PKT_COMP)
			complete(&floor_answered);
}

static int floor_send(u32 size, bool call)
{
	u32 flags = call ? VMBUS_DATA_PACKET_FLAG_COMPLETION_REQUESTED : 0;
	int ret;

	ret = vmbus_sendpacket(floor_hdev->channel, &floor_message, size, 1,
			       VM_PKT_DATA_INBAND, flags);
	if (!ret && call)
		wait_for_completion(&floor_answered);
	return ret;
}

static long floor_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	int ret = -EINVAL;

	if (cmd == DXG_BENCH_NOTHING)
		return 0;
	if (cmd != DXG_BENCH_SEND && cmd != DXG_BENCH_CALL)
		return -ENOTTY;
	mutex_lock(&floor_lock);
	if (!floor_hdev)
		ret = -ENODEV;
	else if (arg >= offsetof(typeof(floor_message), data) &&
		 arg <= sizeof(floor_message))
		ret = floor_send(arg, cmd == DXG_BENCH_CALL);
	mutex_unlock(&floor_lock);
	return ret;
}

static const struct file_operations floor_fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = floor_ioctl,
};

static struct miscdevice floor_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "dxg_bench_floor",
	.fops = &floor_fops,
	.mode = 0600,
};

static int floor_probe(struct hv_device *hdev,
		       const struct hv_vmbus_device_id *id)
{
	int ret;

	ret = vmbus_open(hdev->channel, RING_BUFSIZE, RING_BUFSIZE, NULL, 0,
			 floor_receive, hdev->channel);
	if (ret)
		return ret;
	mutex_lock(&floor_lock);
	floor_hdev = hdev;
	mutex_unlock(&floor_lock);
	return 0;
}

static compat_hv_remove_t floor_remove(struct hv_device *hdev)
{
	mutex_lock(&floor_lock);
	floor_hdev = NULL;
	mutex_unlock(&floor_lock);
	vmbus_close(hdev->channel);
	return (compat_hv_remove_t)0;
}

static const struct hv_vmbus_device_id floor_ids[] = {
	{ .guid = { .b = DXG_BENCH_CLASS } },
	{ }
};

static struct hv_driver floor_driver = {
	.name = "dxg_bench_floor",
	.id_table = floor_ids,
	.probe = floor_probe,
	.remove = floor_remove,
};

static int __init floor_init(void)
{
	int ret = misc_register(&floor_misc);

	if (ret)
		return ret;
	ret = vmbus_driver_register(&floor_driver);
	if (ret)
		misc_deregister(&floor_misc);
	return ret;
}

static void __exit floor_exit(void)
{
	vmbus_driver_unregister(&floor_driver);
	misc_deregister(&floor_misc);
}

module_init(floor_init);
module_exit(floor_exit);

MODULE_DESCRIPTION("Least client of the mock bus, for the benchmark");
MODULE_LICENSE("GPL");
