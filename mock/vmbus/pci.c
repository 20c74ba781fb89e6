// SPDX-License-Identifier: GPL-2.0
/*
 * Mock PCI functions, each alone on a root bus in a domain of its own.
 *
 * Config space is an image filled by the host, with a mask of the bits that a
 * guest write changes. Accessors may be called with a raw spinlock held and
 * interrupts off, so they touch only the image (raw lock) and a small ring of
 * writes, which an irq_work turns into events. Adding and removing run in the
 * pci_wq, because a probe may wait for the host. A function is freed when the
 * last user of its bridge has gone, not when it is removed.
 */
#include <linux/module.h>
#include <linux/pci-ecam.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include "internal.h"

#define FIRST_DOMAIN	0x10000
#define WRITE_SLOTS	256

/* Bits of mock_pci.state. */
enum {
	PCI_DELETED,		/* removal was asked for */
	PCI_SCANNED,		/* the bridge is registered */
};

/**
 * struct mock_pci_write - a write of the guest that the host has not seen
 * @offset: in config space
 * @width: bytes
 * @value: written
 */
struct mock_pci_write {
	u16 offset;
	u16 width;
	u32 value;
};

/*
 * What the architecture expects as bridge->sysdata. On arm64 with ACPI that is
 * the description of configuration space, of which it reads the parent: none.
 */
struct mock_pci_sysdata {
#ifdef CONFIG_X86
	struct pci_sysdata arch;
#else
	struct pci_config_window arch;
#endif
};

/**
 * struct mock_pci - one function
 * @sysdata: for the architecture
 * @domain: PCI domain; 0 = to be chosen
 * @ref: bridge, works, table
 * @host: instance; holds a reference
 * @fn: id
 * @state: PCI_* bits
 * @bridge: host bridge
 * @busn: bus number resource of the bridge: 0..0
 * @add_work: scans
 * @del_work: removes
 * @removed: the function is gone
 * @lock: protects the fields below
 * @image: config space
 * @mask: writable bits
 * @writes: ring of writes
 * @head: next slot to fill
 * @tail: next slot to report
 * @report: turns writes into events
 */
struct mock_pci {
	struct mock_pci_sysdata sysdata;
	int domain;
	struct kref ref;
	struct mock_host *host;
	u32 fn;
	unsigned long state;
	struct pci_host_bridge *bridge;
	struct resource busn;
	struct work_struct add_work;
	struct work_struct del_work;
	struct completion removed;

	raw_spinlock_t lock;	/* all below */
	u8 image[MOCK_VMBUS_PCI_CONFIG];
	u8 mask[MOCK_VMBUS_PCI_CONFIG];
	struct mock_pci_write writes[WRITE_SLOTS];
	unsigned int head;
	unsigned int tail;
	struct irq_work report;
};

static struct mock_pci *bus_to_mock(struct pci_bus *bus)
{
	return container_of((struct mock_pci_sysdata *)bus->sysdata,
			    struct mock_pci, sysdata);
}

static void pci_free(struct kref *ref)
{
	struct mock_pci *pci = container_of(ref, struct mock_pci, ref);
	struct mock_host *host = pci->host;

	irq_work_sync(&pci->report);
	kfree(pci);
	if (atomic_dec_and_test(&host->objects))
		wake_up_var(&host->objects);
	mock_host_put(host);
	if (atomic_dec_and_test(&mock_bus.objects))
		wake_up_var(&mock_bus.objects);
}

static void pci_put(struct mock_pci *pci)
{
	kref_put(&pci->ref, pci_free);
}

static int config_read(struct pci_bus *bus, unsigned int devfn, int where,
		       int size, u32 *value)
{
	struct mock_pci *pci = bus_to_mock(bus);
	unsigned long flags;
	u32 v = 0;
	int i;

	if (devfn || where < 0 || where + size > MOCK_VMBUS_PCI_CONFIG) {
		*value = ~0u;
		return PCIBIOS_DEVICE_NOT_FOUND;
	}
	raw_spin_lock_irqsave(&pci->lock, flags);
	for (i = 0; i < size; i++)
		v |= (u32)pci->image[where + i] << (8 * i);
	raw_spin_unlock_irqrestore(&pci->lock, flags);
	*value = v;
	return PCIBIOS_SUCCESSFUL;
}

static int config_write(struct pci_bus *bus, unsigned int devfn, int where,
			int size, u32 value)
{
	struct mock_pci *pci = bus_to_mock(bus);
	struct mock_pci_write *slot;
	unsigned long flags;
	u8 mask;
	int i;

	if (devfn || where < 0 || where + size > MOCK_VMBUS_PCI_CONFIG)
		return PCIBIOS_DEVICE_NOT_FOUND;
	raw_spin_lock_irqsave(&pci->lock, flags);
	for (i = 0; i < size; i++) {
		mask = pci->mask[where + i];
		pci->image[where + i] = (pci->image[where + i] & ~mask) |
					((value >> (8 * i)) & mask);
	}
	/* A full ring is noticed by the report: head runs away from tail. */
	slot = &pci->writes[pci->head++ % WRITE_SLOTS];
	slot->offset = where;
	slot->width = size;
	slot->value = value;
	raw_spin_unlock_irqrestore(&pci->lock, flags);
	irq_work_queue(&pci->report);
	return PCIBIOS_SUCCESSFUL;
}

static struct pci_ops config_ops = {
	.read = config_read,
	.write = config_write,
};

static bool next_write(struct mock_pci *pci, struct mock_pci_write *w,
		       bool *overflow)
{
	unsigned long flags;
	unsigned int count;

	raw_spin_lock_irqsave(&pci->lock, flags);
	count = pci->head - pci->tail;
	*overflow = count > WRITE_SLOTS;
	if (count)
		*w = pci->writes[pci->tail++ % WRITE_SLOTS];
	raw_spin_unlock_irqrestore(&pci->lock, flags);
	return count;
}

static void report_writes(struct irq_work *work)
{
	struct mock_pci *pci = container_of(work, struct mock_pci, report);
	struct mock_host *host = pci->host;
	struct mock_pci_write w;
	bool overflow;

	while (next_write(pci, &w, &overflow)) {
		if (overflow) {
			mock_host_break(host, MOCK_VMBUS_BROKEN_OVERFLOW);
			return;
		}
		if (host->ops->pci_write)
			host->ops->pci_write(host, pci->fn, w.offset, w.width,
					     w.value);
	}
}

static int choose_domain(int wanted)
{
	int domain = wanted;

	if (wanted)
		return pci_find_bus(domain, 0) ? -EEXIST : domain;
	for (domain = FIRST_DOMAIN; pci_find_bus(domain, 0); domain++)
		;
	return domain;
}

/* x86 asks sysdata for domain and node, others the bridge. */
static void set_domain(struct mock_pci *pci, struct pci_host_bridge *bridge)
{
#ifdef CONFIG_X86
	pci->sysdata.arch.domain = pci->domain;
	pci->sysdata.arch.node = NUMA_NO_NODE;
#else
	bridge->domain_nr = pci->domain;
#endif
}

/*
 * Drop our reference. From 7.x on the release of a bridge gives its domain back to
 * an allocator which ours did not come from.
 */
static void free_bridge(struct pci_host_bridge *bridge)
{
	bridge->domain_nr = PCI_DOMAIN_NR_NOT_SET;
	pci_free_host_bridge(bridge);
}

/* The last user of the bridge is gone. */
static void bridge_released(struct pci_host_bridge *bridge)
{
	struct mock_pci *pci = bridge->release_data;

	pci_put(pci);
}

static int scan(struct mock_pci *pci)
{
	struct pci_host_bridge *bridge;
	int domain, ret;

	domain = choose_domain(pci->domain);
	if (domain < 0)
		return domain;
	pci->domain = domain;
	bridge = pci_alloc_host_bridge(0);
	if (!bridge)
		return -ENOMEM;
	set_domain(pci, bridge);
	kref_get(&pci->ref);
	pci_set_host_bridge_release(bridge, bridge_released, pci);
	pci->busn.name = "mock_vmbus";
	pci->busn.flags = IORESOURCE_BUS;
	pci_add_resource(&bridge->windows, &pci->busn);
	/* Without a parent x86 looks for an ACPI companion in sysdata. */
	bridge->dev.parent = mock_bus.root;
	bridge->sysdata = &pci->sysdata;
	bridge->ops = &config_ops;
	bridge->busnr = 0;
	pci_lock_rescan_remove();
	ret = pci_scan_root_bus_bridge(bridge);
	if (!ret)
		pci_bus_add_devices(bridge->bus);
	pci_unlock_rescan_remove();
	if (ret) {
		free_bridge(bridge);
		return ret;
	}
	pci->bridge = bridge;
	set_bit(PCI_SCANNED, &pci->state);
	return 0;
}

static void pci_add_work(struct work_struct *work)
{
	struct mock_pci *pci = container_of(work, struct mock_pci, add_work);
	struct mock_host *host = pci->host;
	int ret = scan(pci);

	irq_work_sync(&pci->report);
	if (host->ops->pci_added)
		host->ops->pci_added(host, pci->fn, pci->domain, ret);
	pci_put(pci);
}

static void pci_del_work(struct work_struct *work)
{
	struct mock_pci *pci = container_of(work, struct mock_pci, del_work);
	struct mock_host *host = pci->host;

	if (test_bit(PCI_SCANNED, &pci->state)) {
		pci_lock_rescan_remove();
		pci_stop_root_bus(pci->bridge->bus);
		pci_remove_root_bus(pci->bridge->bus);
		pci_unlock_rescan_remove();
		/* Removal leaves the reference of the allocation. */
		free_bridge(pci->bridge);
	}
	irq_work_sync(&pci->report);
	mutex_lock(&host->lock);
	xa_erase(&host->pcis, pci->fn);
	mutex_unlock(&host->lock);
	if (host->ops->pci_removed)
		host->ops->pci_removed(host, pci->fn);
	complete_all(&pci->removed);
	pci_put(pci);
}

/* Neither BARs nor ROM: sizing writes must read back as 0. */
static void forbid_bars(struct mock_pci *pci)
{
	memset(pci->image + PCI_BASE_ADDRESS_0, 0, 24);
	memset(pci->mask + PCI_BASE_ADDRESS_0, 0, 24);
	memset(pci->image + PCI_ROM_ADDRESS, 0, 4);
	memset(pci->mask + PCI_ROM_ADDRESS, 0, 4);
}

static struct mock_pci *pci_alloc(struct mock_host *host,
				  const struct mock_vmbus_pci_add *add)
{
	struct mock_pci *pci = kzalloc(sizeof(*pci), GFP_KERNEL);

	if (!pci)
		return NULL;
	kref_init(&pci->ref);
	pci->host = host;
	pci->domain = add->domain;
	INIT_WORK(&pci->add_work, pci_add_work);
	INIT_WORK(&pci->del_work, pci_del_work);
	init_completion(&pci->removed);
	raw_spin_lock_init(&pci->lock);
	memcpy(pci->image, add->image, sizeof(pci->image));
	memcpy(pci->mask, add->mask, sizeof(pci->mask));
	forbid_bars(pci);
	pci->report = IRQ_WORK_INIT(report_writes);
	mock_host_get(host);
	atomic_inc(&host->objects);
	atomic_inc(&mock_bus.objects);
	return pci;
}

/**
 * mock_host_pci_add - create a PCI function
 * @host: instance
 * @add: see struct mock_vmbus_pci_add; out: @add->fn
 *
 * Return: 0; the pci_added callback tells the result of the scan. -EINVAL,
 * -ENODEV, -ENOMEM. Context: process.
 */
int mock_host_pci_add(struct mock_host *host, struct mock_vmbus_pci_add *add)
{
	struct mock_pci *pci;
	int ret = -ENODEV;

	if (add->domain > INT_MAX)
		return -EINVAL;
	pci = pci_alloc(host, add);
	if (!pci)
		return -ENOMEM;
	mutex_lock(&host->lock);
	if (!host->dead)
		ret = xa_alloc(&host->pcis, &pci->fn, pci, xa_limit_31b,
			       GFP_KERNEL);
	if (!ret) {
		add->fn = pci->fn;
		/* One reference for the table, one for the work. */
		kref_get(&pci->ref);
		queue_work(mock_bus.pci_wq, &pci->add_work);
	}
	mutex_unlock(&host->lock);
	if (ret)
		pci_put(pci);
	return ret;
}
EXPORT_SYMBOL_GPL(mock_host_pci_add);

/**
 * mock_host_pci_set - change what the guest reads
 * @host: instance
 * @fn: function
 * @offset: first byte
 * @data: new content
 * @len: bytes
 *
 * Return: 0, -ENOENT, -EINVAL. Context: process.
 */
int mock_host_pci_set(struct mock_host *host, u32 fn, u32 offset,
		      const void *data, u32 len)
{
	struct mock_pci *pci;
	unsigned long flags;

	if (len > MOCK_VMBUS_PCI_CONFIG || offset > MOCK_VMBUS_PCI_CONFIG - len)
		return -EINVAL;
	mutex_lock(&host->lock);
	pci = xa_load(&host->pcis, fn);
	if (pci) {
		raw_spin_lock_irqsave(&pci->lock, flags);
		memcpy(pci->image + offset, data, len);
		raw_spin_unlock_irqrestore(&pci->lock, flags);
	}
	mutex_unlock(&host->lock);
	return pci ? 0 : -ENOENT;
}
EXPORT_SYMBOL_GPL(mock_host_pci_set);

/* Caller holds host->lock. Adding comes first: both are on the ordered pci_wq. */
static void delete_locked(struct mock_pci *pci)
{
	if (!test_and_set_bit(PCI_DELETED, &pci->state))
		queue_work(mock_bus.pci_wq, &pci->del_work);
}

/**
 * mock_pci_delete_all - start to remove all functions of a host
 * @host: instance
 *
 * Context: process.
 */
void mock_pci_delete_all(struct mock_host *host)
{
	struct mock_pci *pci;
	unsigned long fn;

	mutex_lock(&host->lock);
	xa_for_each(&host->pcis, fn, pci)
		delete_locked(pci);
	mutex_unlock(&host->lock);
}

/**
 * mock_pci_idle - is no function being added or removed?
 * @host: instance
 *
 * Context: process.
 */
bool mock_pci_idle(struct mock_host *host)
{
	struct mock_pci *pci;
	unsigned long fn;
	bool idle = true;

	mutex_lock(&host->lock);
	xa_for_each(&host->pcis, fn, pci)
		if (test_bit(PCI_DELETED, &pci->state) ||
		    work_busy(&pci->add_work) ||
		    irq_work_is_busy(&pci->report))
			idle = false;
	mutex_unlock(&host->lock);
	return idle;
}

static int wait_removed(struct mock_host *host, u32 fn)
{
	struct mock_pci *pci;
	int ret;

	mutex_lock(&host->lock);
	pci = xa_load(&host->pcis, fn);
	if (pci)
		kref_get(&pci->ref);
	mutex_unlock(&host->lock);
	if (!pci)
		return 0;
	ret = wait_for_completion_interruptible(&pci->removed);
	pci_put(pci);
	return ret;
}

/**
 * mock_host_pci_del - remove a PCI function
 * @host: instance
 * @fn: function, 0 = all
 * @flags: MOCK_VMBUS_PCI_DEL_WAIT: return when the driver's remove has run
 *
 * Return: 0, -ENOENT, -EINVAL, -ERESTARTSYS. Context: process.
 */
int mock_host_pci_del(struct mock_host *host, u32 fn, u32 flags)
{
	bool wait = flags & MOCK_VMBUS_PCI_DEL_WAIT;
	struct mock_pci *pci;
	unsigned long i;
	int ret = 0;

	if (flags & ~MOCK_VMBUS_PCI_DEL_WAIT)
		return -EINVAL;
	if (!fn) {
		mock_pci_delete_all(host);
		xa_for_each(&host->pcis, i, pci)
			if (wait && !ret)
				ret = wait_removed(host, i);
		return ret;
	}
	mutex_lock(&host->lock);
	pci = xa_load(&host->pcis, fn);
	if (pci)
		delete_locked(pci);
	mutex_unlock(&host->lock);
	if (!pci)
		return -ENOENT;
	return wait ? wait_removed(host, fn) : 0;
}
EXPORT_SYMBOL_GPL(mock_host_pci_del);
