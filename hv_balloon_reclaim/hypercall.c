// SPDX-License-Identifier: GPL-2.0
/*
 * Hypercalls, and the way in for a host made of software: on a machine without
 * Hyper-V, and only there, another module may answer in the hypervisor's place.
 *
 * Must not look into the input page: report_hint.c owns its layout.
 * Lock: hvb_hypercall_lock, shared around each call, so that the other module can
 * go away; nothing is taken inside.
 */
#include <linux/export.h>
#include <linux/hyperv.h>
#include <linux/rwsem.h>
#include <asm/mshyperv.h>

#include "hypercall.h"
#include "report.h"

static bool real_query_cap(u64 mask)
{
	return hv_query_ext_cap(mask);
}

static u64 real_heat_hint(u64 control, void *page)
{
	return hv_do_hypercall(control, page, NULL);
}

static const struct hvb_hypercalls real_calls = {
	.query_cap = real_query_cap,
	.heat_hint = real_heat_hint,
};

static DECLARE_RWSEM(hvb_hypercall_lock);
static const struct hvb_hypercalls *hvb_calls = &real_calls;

/**
 * hvb_query_cap - ask for extended capabilities
 * @mask: bits of HvExtCallQueryCapabilities
 *
 * Return: true if the host offers all of them.
 */
bool hvb_query_cap(u64 mask)
{
	bool ret;

	down_read(&hvb_hypercall_lock);
	ret = hvb_calls->query_cap(mask);
	up_read(&hvb_hypercall_lock);
	return ret;
}

/**
 * hvb_heat_hint - one hypercall 0x8003
 * @control: hypercall control word
 * @page: input page
 *
 * Return: the hypercall's result word.
 */
u64 hvb_heat_hint(u64 control, void *page)
{
	u64 ret;

	down_read(&hvb_hypercall_lock);
	ret = hvb_calls->heat_hint(control, page);
	up_read(&hvb_hypercall_lock);
	return ret;
}

/**
 * hvb_set_hypercalls - answer in the hypervisor's place
 * @calls: the functions, or NULL for the real ones; must stay valid until then
 *
 * On return nobody runs in the functions that were set before.
 *
 * Return: 0, or -EPERM on Hyper-V, which answers for itself.
 */
int hvb_set_hypercalls(const struct hvb_hypercalls *calls)
{
	if (hv_is_hyperv_initialized())
		return -EPERM;

	down_write(&hvb_hypercall_lock);
	hvb_calls = calls ? calls : &real_calls;
	up_write(&hvb_hypercall_lock);
	hvb_report_reconsider();
	return 0;
}
EXPORT_SYMBOL_GPL(hvb_set_hypercalls);
