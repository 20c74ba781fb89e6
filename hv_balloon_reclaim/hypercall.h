/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The two questions that free-page reporting asks the hypervisor.
 */
#ifndef _HVB_HYPERCALL_H
#define _HVB_HYPERCALL_H

#include <linux/types.h>

/**
 * struct hvb_hypercalls - who answers
 * @query_cap: are all these bits of the extended capabilities set
 * @heat_hint: HvExtCallMemoryHeatHint (0x8003) with this control word; @page is
 *	the input page; returns the result word: status in bits 0-15, repetitions
 *	completed in bits 32-43
 *
 * Both are called in process context and may sleep.
 */
struct hvb_hypercalls {
	bool (*query_cap)(u64 mask);
	u64 (*heat_hint)(u64 control, void *page);
};

bool hvb_query_cap(u64 mask);
u64 hvb_heat_hint(u64 control, void *page);
int hvb_set_hypercalls(const struct hvb_hypercalls *calls);

#endif /* _HVB_HYPERCALL_H */
