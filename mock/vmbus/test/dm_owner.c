// SPDX-License-Identifier: GPL-2.0
/*
 * Somebody else's driver of the dynamic-memory device, under the name of the
 * in-tree one: takes the device and does nothing with it.  For tests of living
 * together and of switching.
 */
#include <linux/hyperv.h>
#include <linux/module.h>

#include "compat.h"

static int owner_probe(struct hv_device *dev,
		       const struct hv_vmbus_device_id *id)
{
	return 0;
}

static compat_hv_remove_t owner_remove(struct hv_device *dev)
{
	return (compat_hv_remove_t)0;
}

static const struct hv_vmbus_device_id owner_ids[] = {
	{ HV_DM_GUID },
	{ },
};

static struct hv_driver owner_driver = {
	.name = "hv_balloon",
	.id_table = owner_ids,
	.probe = owner_probe,
	.remove = owner_remove,
};

static int __init owner_init(void)
{
	return vmbus_driver_register(&owner_driver);
}

static void __exit owner_exit(void)
{
	vmbus_driver_unregister(&owner_driver);
}

module_init(owner_init);
module_exit(owner_exit);

MODULE_DESCRIPTION("Stand-in for hv_balloon on the mock bus");
MODULE_LICENSE("GPL");
