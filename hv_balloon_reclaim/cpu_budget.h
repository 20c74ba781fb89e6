/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The CPU time that the loop may use.
 */
#ifndef _HVB_CPU_BUDGET_H
#define _HVB_CPU_BUDGET_H

#include <linux/types.h>

/**
 * struct hvb_cpu_budget - a bucket of CPU time
 * @left_ns: what may be used now; negative when a write took more than there was
 * @filled_at: when it was filled last, monotonic ns
 * @used_at: CPU time of the thread at that moment, ns
 */
struct hvb_cpu_budget {
	s64 left_ns;
	u64 filled_at;
	u64 used_at;
};

void hvb_cpu_budget_start(struct hvb_cpu_budget *b, u64 now_ns, u64 used_ns);
u64 hvb_cpu_budget_charge(struct hvb_cpu_budget *b, u64 now_ns, u64 used_ns,
			  unsigned int percent);

/* Nothing more for the moment. */
static inline bool hvb_cpu_budget_spent(const struct hvb_cpu_budget *b)
{
	return b->left_ns < 0;
}

#endif /* _HVB_CPU_BUDGET_H */
