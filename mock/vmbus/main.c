// SPDX-License-Identifier: GPL-2.0
/*
 * mock_vmbus: a VMBus without Hyper-V, for tests of guest drivers.
 *
 * Load and unload. Everything else is in the rooms named in internal.h.
 */
#include <linux/module.h>
#include <linux/wait_bit.h>

#include "internal.h"

struct mock_bus mock_bus = {
	.lock = __MUTEX_INITIALIZER(mock_bus.lock),
	.admit_lock = __SPIN_LOCK_UNLOCKED(mock_bus.admit_lock),
	.relids = XARRAY_INIT(mock_bus.relids, XA_FLAGS_ALLOC1),
	/* The first handle of a Linux guest is 0xe1e10. */
	.next_gpadl = ATOMIC_INIT(0xe1e0f),
	.objects = ATOMIC_INIT(0),
};

static int queues_init(void)
{
	mock_bus.offer_wq = alloc_ordered_workqueue("mock_vmbus_offer", 0);
	mock_bus.rescind_wq = alloc_ordered_workqueue("mock_vmbus_rescind", 0);
	mock_bus.pci_wq = alloc_ordered_workqueue("mock_vmbus_pci", 0);
	return mock_bus.offer_wq && mock_bus.rescind_wq && mock_bus.pci_wq ?
	       0 : -ENOMEM;
}

static void queue_exit(struct workqueue_struct *wq)
{
	if (wq)
		destroy_workqueue(wq);
}

static void queues_exit(void)
{
	queue_exit(mock_bus.pci_wq);
	queue_exit(mock_bus.rescind_wq);
	queue_exit(mock_bus.offer_wq);
}

static int __init mock_vmbus_init(void)
{
	int ret;

	ret = queues_init();
	if (ret)
		goto fail_queues;
	ret = mock_mmio_init();
	if (ret)
		goto fail_queues;
	ret = mock_bus_init();
	if (ret)
		goto fail_mmio;
	ret = mock_device_init();
	if (ret)
		goto fail_bus;
	return 0;

fail_bus:
	mock_bus_exit();
fail_mmio:
	mock_mmio_exit();
fail_queues:
	queues_exit();
	return ret;
}

/*
 * No host is left (files and in-kernel hosts hold the module), but what they
 * withdrew may still be on its way out.
 */
static void __exit mock_vmbus_exit(void)
{
	mock_device_exit();
	wait_var_event(&mock_bus.objects, !atomic_read(&mock_bus.objects));
	wait_var_event(&mock_bus.nr_hosts, !READ_ONCE(mock_bus.nr_hosts));
	queues_exit();
	mock_bus_exit();
	mock_mmio_exit();
	WARN_ON(!xa_empty(&mock_bus.relids));
}

module_init(mock_vmbus_init);
module_exit(mock_vmbus_exit);
MODULE_DESCRIPTION("Mock VMBus with a user-space or in-kernel host, for tests");
MODULE_LICENSE("GPL");
