/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much to reclaim: the step, and the floor below which nothing is taken.
 */
#ifndef _HVB_FLOOR_H
#define _HVB_FLOOR_H

#include <linux/types.h>

/* The loop's times are counted in ticks; a tick is 5 s by default. */
#define HVB_TICKS_PER_MINUTE		12

/**
 * struct hvb_floor_limits - what the administrator may change; 0 = computed
 * @floor: smallest floor, in pages
 * @step_max: largest step, in pages
 * @permille_min: tolerated refaults per minute, in 1/1000 of the page cache
 * @minute_ns: length of HVB_TICKS_PER_MINUTE ticks; never 0
 */
struct hvb_floor_limits {
	unsigned long floor;
	unsigned long step_max;
	unsigned int permille_min;
	u64 minute_ns;
};

/**
 * struct hvb_floor - the law's state; sizes in pages
 * @base: floor without experience
 * @floor: page cache is not reclaimed below this
 * @step: what one tick may take
 * @step_min: @step is never less
 * @step_max: nor more
 * @refault_permille: see hvb_floor_limits.permille_min
 * @minute_ns: see hvb_floor_limits
 * @trips: consecutive trips over the refault budget
 * @clean: ticks within budget since the last trip or the last decrement of @trips
 * @trip_hold: length of the last trip's hold, in ticks
 * @took: something was taken since the last trip
 * @armed: ticks for which refaults are still ours, because we reclaimed
 * @hold: ticks without reclaim, after a trip or a dry spell
 * @dry: ticks in a row that found much less than was asked
 * @dry_hold: length of the last dry hold
 * @is_dry: @hold is because of that
 */
struct hvb_floor {
	unsigned long base;
	unsigned long floor;
	unsigned long step;
	unsigned long step_min;
	unsigned long step_max;
	unsigned int refault_permille;
	u64 minute_ns;
	unsigned int trips;
	unsigned int clean;
	unsigned int trip_hold;
	bool took;
	unsigned int armed;
	unsigned int hold;
	unsigned int dry;
	unsigned int dry_hold;
	bool is_dry;
};

void hvb_floor_init(struct hvb_floor *f, unsigned long ram);
void hvb_floor_limit(struct hvb_floor *f, unsigned long ram,
		     const struct hvb_floor_limits *limits);
bool hvb_floor_observe(struct hvb_floor *f, unsigned long file, u64 refaults,
		       u64 elapsed_ns);
unsigned long hvb_floor_want(const struct hvb_floor *f, unsigned long file,
			     unsigned long slab, bool busy);
void hvb_floor_result(struct hvb_floor *f, unsigned long wanted,
		      unsigned long got);
void hvb_floor_alarm(struct hvb_floor *f);

#endif /* _HVB_FLOOR_H */
