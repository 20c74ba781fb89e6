/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reclaiming an amount, write by write.
 */
#ifndef _HVB_TAKE_H
#define _HVB_TAKE_H

#include <linux/types.h>

#include "cpu_budget.h"

/**
 * struct hvb_take - what our writes did
 * @cpu: what they and the rest of the thread may cost
 * @swapped_out: pages swapped out during our writes since the last tick
 * @took_ns: when we got something last, 0: never
 */
struct hvb_take {
	struct hvb_cpu_budget cpu;
	u64 swapped_out;
	u64 took_ns;
};

/**
 * struct hvb_taken - what came of it, in pages
 * @asked: of the kernel
 * @got: by which cache and slab became smaller
 */
struct hvb_taken {
	unsigned long asked;
	unsigned long got;
};

void hvb_take_start(struct hvb_take *t);
void hvb_take_charge(struct hvb_take *t);
struct hvb_taken hvb_take(struct hvb_take *t, unsigned long wanted,
			  unsigned long keep, unsigned long floor, bool paced);

#endif /* _HVB_TAKE_H */
