// SPDX-License-Identifier: GPL-2.0
/*
 * The law of the loop, as arithmetic.  Refaults say that reclaim went too far:
 * page cache that was taken is read again.  Too many of them raise the floor to
 * what the guest evidently uses; quiet time lets it sink again.  Steps grow while
 * all is well.
 *
 * Knows no kernel state and takes no locks: one thread owns a struct hvb_floor.
 * docs/balloon.md gives the reasons for each constant.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/timekeeping.h>

#include "floor.h"

#define PAGES(bytes)		((unsigned long)((bytes) >> PAGE_SHIFT))

#define BASE_MIN		PAGES(128ull * SZ_1M)
#define STEP_MIN		PAGES(16ull * SZ_1M)
#define HYSTERESIS		PAGES(64ull * SZ_1M)
/* A step may go too far into a hot set by so much of it, and no more. */
#define STEP_SHARE		8
/* less is not worth a write */
#define WANT_MIN		PAGES(1ull * SZ_1M)
/* refaults per minute that are tolerated in the smallest guest */
#define BUDGET_MIN		256
/* refaults are ours for 10 minutes after we reclaimed */
#define ARMED_TICKS		(10 * HVB_TICKS_PER_MINUTE)
#define HOLD_TICKS		HVB_TICKS_PER_MINUTE
#define HOLD_MAX_TICKS		(15 * HVB_TICKS_PER_MINUTE)
#define FORGIVE_TICKS		(10 * HVB_TICKS_PER_MINUTE)
/* the floor's part above its base is halved in 30 minutes: 1 - 2^(-1/360) */
#define DECAY_PER_MILLION	1924
#define DRY_TICKS		3

/**
 * hvb_floor_init - begin without experience
 * @f: the law's state
 * @ram: memory of the guest in pages
 */
void hvb_floor_init(struct hvb_floor *f, unsigned long ram)
{
	static const struct hvb_floor_limits computed = {
		.permille_min = 2,
		.minute_ns = 60 * NSEC_PER_SEC,
	};

	memset(f, 0, sizeof(*f));
	hvb_floor_limit(f, ram, &computed);
	f->floor = f->base;
	f->step = clamp(ram / 256, PAGES(32ull * SZ_1M),
			PAGES(256ull * SZ_1M));
}

/**
 * hvb_floor_limit - apply what the administrator wants
 * @f: the law's state
 * @ram: memory of the guest in pages
 * @limits: what is wanted
 */
void hvb_floor_limit(struct hvb_floor *f, unsigned long ram,
		     const struct hvb_floor_limits *limits)
{
	f->base = limits->floor ?: max(BASE_MIN, ram / 50);
	f->floor = max(f->floor, f->base);
	f->step_max = limits->step_max ?:
		      clamp(ram / 64, PAGES(128ull * SZ_1M),
			    PAGES(512ull * SZ_1M));
	f->step_min = min(STEP_MIN, f->step_max);
	f->step = clamp(f->step, f->step_min, f->step_max);
	f->refault_permille = limits->permille_min;
	f->minute_ns = limits->minute_ns;
}

/* Refaults that @file pages of cache may have in @elapsed_ns. */
static u64 budget(const struct hvb_floor *f, unsigned long file, u64 elapsed_ns)
{
	u64 per_minute = max_t(u64, BUDGET_MIN,
			       (u64)file * f->refault_permille / 1000);

	/* in us, so that nothing overflows */
	return div64_u64(per_minute * div_u64(elapsed_ns, NSEC_PER_USEC),
			 div_u64(f->minute_ns, NSEC_PER_USEC));
}

/*
 * What was taken comes back over several ticks: as long as nothing more was taken,
 * that is one trip, whose hold begins anew with each of these ticks.
 *
 * Return: true for a new trip.
 */
static bool trip(struct hvb_floor *f, unsigned long file, u64 refaults)
{
	bool fresh = f->took;

	f->floor = max(f->base, file + (unsigned long)refaults);
	if (fresh) {
		f->step = max(f->step / 4, f->step_min);
		f->trip_hold = min(HOLD_TICKS << min(f->trips, 8u),
				   HOLD_MAX_TICKS);
		f->trips++;
	}
	f->hold = max(f->hold, f->trip_hold);
	f->is_dry = false;
	f->took = false;
	f->clean = 0;
	return fresh;
}

static void sink(struct hvb_floor *f)
{
	u64 above = f->floor > f->base ? f->floor - f->base : 0;

	if (above)
		f->floor -= max_t(u64, 1, above * DECAY_PER_MILLION / 1000000);
	if (++f->clean >= FORGIVE_TICKS) {
		f->clean = 0;
		if (f->trips)
			f->trips--;
	}
}

/**
 * hvb_floor_observe - one tick has passed
 * @f: the law's state
 * @file: page cache now, in pages
 * @refaults: file pages that were read again in this tick
 * @elapsed_ns: length of the tick
 *
 * Refaults count only for some time after we reclaimed: nobody can refault from
 * us what we did not take.
 *
 * Return: true if the refaults of this tick were over the budget, for the first
 * time since we reclaimed.
 */
bool hvb_floor_observe(struct hvb_floor *f, unsigned long file, u64 refaults,
		       u64 elapsed_ns)
{
	bool ours = f->armed;

	if (f->armed)
		f->armed--;
	if (f->hold)
		f->hold--;
	if (ours && refaults > budget(f, file, elapsed_ns))
		return trip(f, file, refaults);
	sink(f);
	return false;
}

/**
 * hvb_floor_want - how much to reclaim in this tick
 * @f: the law's state
 * @file: page cache, in pages
 * @slab: reclaimable slab, in pages
 * @busy: somebody is at work: take little
 *
 * Return: pages, 0 for nothing.
 */
unsigned long hvb_floor_want(const struct hvb_floor *f, unsigned long file,
			     unsigned long slab, bool busy)
{
	unsigned long above, limit;

	if (f->hold || file <= f->floor ||
	    file + slab <= f->floor + HYSTERESIS)
		return 0;
	above = file - f->floor;
	limit = min(f->step, max(file / STEP_SHARE, f->step_min));
	if (busy)
		limit = min(limit, max(above / 100, WANT_MIN));
	limit = min(limit, above);
	return limit < WANT_MIN ? 0 : limit;
}

/**
 * hvb_floor_result - what came of it
 * @f: the law's state
 * @wanted: pages asked for, not 0
 * @got: pages by which cache and slab became smaller
 *
 * Where nothing can be had, asking again and again would only burn CPU time.
 */
void hvb_floor_result(struct hvb_floor *f, unsigned long wanted,
		      unsigned long got)
{
	if (got) {
		f->armed = ARMED_TICKS;
		f->took = true;
	}
	if (got >= wanted / 4) {
		f->dry = 0;
		f->dry_hold = 0;
		f->step = min(f->step + f->step / 4, f->step_max);
		return;
	}
	if (++f->dry < DRY_TICKS)
		return;
	f->dry = 0;
	f->dry_hold = clamp(f->dry_hold * 2, (unsigned int)HOLD_TICKS,
			    (unsigned int)HOLD_MAX_TICKS);
	f->hold = f->dry_hold;
	f->is_dry = true;
}

/**
 * hvb_floor_alarm - memory ran out: go on with the smallest steps
 * @f: the law's state
 */
void hvb_floor_alarm(struct hvb_floor *f)
{
	f->step = f->step_min;
}
