// SPDX-License-Identifier: GPL-2.0
/*
 * Fault injection: which site fails when.
 *
 * The fast question "is anything armed for this site" is one bit test
 * (mock_fault_hit() in internal.h). fault_lock protects the list; it is taken in
 * any context and nothing is called with it held.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "internal.h"

/* Caller holds fault_lock. */
static void update_armed(struct mock_host *host)
{
	struct mock_fault *fault;
	unsigned long armed = 0;

	list_for_each_entry(fault, &host->faults, node)
		if (fault->arg.count)
			armed |= BIT(fault->arg.site);
	WRITE_ONCE(host->armed, armed);
}

static bool value_matches(const struct mock_fault *fault, u64 match)
{
	u32 upper = fault->arg.value >> 32;

	switch (fault->arg.site) {
	case MOCK_VMBUS_SITE_RESCIND_AT:
		return fault->arg.value == match;
	case MOCK_VMBUS_SITE_INDEX_CORRUPT:
		return (upper >= MOCK_VMBUS_INDEX_OUT_WRITE) ==
		       (match == MOCK_FAULT_OUTBOUND);
	default:
		return true;
	}
}

/**
 * mock_fault_hit_slow - the part of mock_fault_hit() behind the bit test
 * @ch: channel
 * @site: enum mock_vmbus_site
 * @match: what happens, see mock_fault_hit()
 * @value: out when hit, may be NULL
 *
 * Return: true when the fault shall happen now. Context: any.
 */
bool mock_fault_hit_slow(struct mock_channel *ch, u32 site, u64 match,
			 u64 *value)
{
	struct mock_host *host = ch->host;
	struct mock_fault *fault;
	unsigned long flags;
	u64 hits = 0, left = 0;
	bool hit = false;

	spin_lock_irqsave(&host->fault_lock, flags);
	list_for_each_entry(fault, &host->faults, node) {
		if (fault->arg.site != site || !fault->arg.count ||
		    (fault->arg.relid && fault->arg.relid != ch->relid) ||
		    !value_matches(fault, match))
			continue;
		if (fault->arg.skip) {
			fault->arg.skip--;
			continue;
		}
		hit = true;
		hits = ++fault->hits;
		left = --fault->arg.count;
		if (value)
			*value = fault->arg.value;
		update_armed(host);
		break;
	}
	spin_unlock_irqrestore(&host->fault_lock, flags);
	if (!hit)
		return false;
	atomic64_inc(&host->faults_hit);
	if (host->ops->fault)
		host->ops->fault(host, ch->relid, site, hits, left);
	return true;
}

static bool fault_valid(const struct mock_vmbus_fault *f)
{
	switch (f->site) {
	case MOCK_VMBUS_SITE_OPEN:
	case MOCK_VMBUS_SITE_GPADL:
	case MOCK_VMBUS_SITE_TEARDOWN:
		return f->value <= MAX_ERRNO;
	case MOCK_VMBUS_SITE_SEND:
		return f->value == EAGAIN || f->value == EIO ||
		       f->value == ENODEV;
	case MOCK_VMBUS_SITE_PKT_TAMPER:
		return f->value >> 32 <= MOCK_VMBUS_TAMPER_PAYLOAD;
	case MOCK_VMBUS_SITE_INDEX_CORRUPT:
		return f->value >> 32 <= MOCK_VMBUS_INDEX_OUT_READ;
	default:
		return f->site && f->site < MOCK_VMBUS_SITE_COUNT;
	}
}

/**
 * mock_host_fault - arm or disarm a fault
 * @host: instance
 * @f: see struct mock_vmbus_fault
 *
 * Return: 0, -EINVAL, -ENOMEM. Context: process.
 */
int mock_host_fault(struct mock_host *host, const struct mock_vmbus_fault *f)
{
	struct mock_fault *new, *fault, *old = NULL;
	unsigned long flags;

	if (f->count && !fault_valid(f))
		return -EINVAL;
	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->arg = *f;
	spin_lock_irqsave(&host->fault_lock, flags);
	list_for_each_entry(fault, &host->faults, node) {
		if (fault->arg.site == f->site && fault->arg.relid == f->relid) {
			list_del(&fault->node);
			old = fault;
			break;
		}
	}
	list_add_tail(&new->node, &host->faults);
	update_armed(host);
	spin_unlock_irqrestore(&host->fault_lock, flags);
	kfree(old);
	return 0;
}
EXPORT_SYMBOL_GPL(mock_host_fault);

/**
 * mock_fault_clear - forget all faults
 * @host: instance being freed
 */
void mock_fault_clear(struct mock_host *host)
{
	struct mock_fault *fault, *next;

	list_for_each_entry_safe(fault, next, &host->faults, node)
		kfree(fault);
	INIT_LIST_HEAD(&host->faults);
}
