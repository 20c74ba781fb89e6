// SPDX-License-Identifier: GPL-2.0
/*
 * The CPU time that the loop may use: a bucket that holds ten seconds' worth of
 * the allowance and is filled at five sixths of it, so that no minute sees more
 * than the allowance, and what one write takes.
 *
 * Knows no kernel state and takes no locks: one thread owns a struct
 * hvb_cpu_budget.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/time64.h>

#include "cpu_budget.h"

#define BUCKET_S		10
#define FILL_MAX_NS		(60ull * NSEC_PER_SEC)

/**
 * hvb_cpu_budget_start - begin with an empty bucket
 * @b: the bucket
 * @now_ns: monotonic time
 * @used_ns: CPU time of the thread so far
 */
void hvb_cpu_budget_start(struct hvb_cpu_budget *b, u64 now_ns, u64 used_ns)
{
	b->left_ns = 0;
	b->filled_at = now_ns;
	b->used_at = used_ns;
}

/**
 * hvb_cpu_budget_charge - time has passed, and the thread has run
 * @b: the bucket
 * @now_ns: monotonic time
 * @used_ns: CPU time of the thread so far
 * @percent: allowance, of one CPU
 *
 * Return: CPU time since the last call, in ns.
 */
u64 hvb_cpu_budget_charge(struct hvb_cpu_budget *b, u64 now_ns, u64 used_ns,
			  unsigned int percent)
{
	u64 allowance = min(percent, 100u);
	u64 elapsed = min(now_ns - b->filled_at, FILL_MAX_NS);
	u64 used = used_ns - b->used_at;

	b->left_ns += div_u64(elapsed * allowance * 5, 6 * 100);
	b->left_ns = min_t(s64, b->left_ns,
			   allowance * BUCKET_S * NSEC_PER_SEC / 100);
	b->left_ns -= used;
	b->filled_at = now_ns;
	b->used_at = used_ns;
	return used;
}
