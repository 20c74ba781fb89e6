// SPDX-License-Identifier: GPL-2.0
/*
 * Reasons not to reclaim, as a table: a condition and how long the loop keeps
 * still after it was true.  None of them looks at CPU idleness: a guest that
 * works has cold cache, too.
 *
 * The kernel's counters for stalls and direct reclaim do not count reclaim on
 * request, so these guards never see our own work.
 *
 * No kernel state, no locks: one thread owns a struct hvb_guards.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sizes.h>

#include "floor.h"
#include "guards.h"

/* pages that we may make the kernel swap out before we stop */
#define OWN_SWAP_MAX		64

static bool no_host(const struct hvb_guard_view *v)
{
	return !v->returns && !v->forced;
}

static bool oom(const struct hvb_guard_view *v)
{
	return v->now->ooms != v->before->ooms ||
	       v->now->oom_kills != v->before->oom_kills;
}

static bool stall(const struct hvb_guard_view *v)
{
	return v->now->stalls != v->before->stalls ||
	       v->now->scan_direct != v->before->scan_direct;
}

static bool avail(const struct hvb_guard_view *v)
{
	return v->now->avail < v->avail_min;
}

/* Was @waited_us more than @permille of the time between the samples? */
static bool waited(const struct hvb_guard_view *v, u64 waited_us,
		   unsigned int permille)
{
	return waited_us * NSEC_PER_USEC * 1000 >
	       (v->now->now_ns - v->before->now_ns) * permille;
}

static bool psi_mem(const struct hvb_guard_view *v)
{
	/* the average is in 1/100 %, that is 1/10 permille */
	return waited(v, v->now->psi_mem_us - v->before->psi_mem_us,
		      v->psi_permille) ||
	       v->now->psi_mem_avg60 > v->psi_permille * 10;
}

static bool psi_io(const struct hvb_guard_view *v)
{
	return v->just_reclaimed &&
	       waited(v, v->now->psi_io_us - v->before->psi_io_us, 100);
}

static bool swapping(const struct hvb_guard_view *v)
{
	return v->own_swap_out > OWN_SWAP_MAX ||
	       (!v->spares_anon && v->now->swap_free < v->swap_most / 5);
}

static bool dirty(const struct hvb_guard_view *v)
{
	return v->now->dirty > v->now->file / 5;
}

static bool boot(const struct hvb_guard_view *v)
{
	return v->now->now_ns < v->boot_ns;
}

static bool suspending(const struct hvb_guard_view *v)
{
	return v->suspending;
}

static bool rival(const struct hvb_guard_view *v)
{
	return v->rival && !v->forced;
}

/**
 * struct guard - a row
 * @name: for sysfs
 * @trips: the condition
 * @ticks: the hold; 0 holds as long as the condition is true
 * @ticks_max: the hold doubles with each consecutive trip up to this
 */
struct guard {
	const char *name;
	bool (*trips)(const struct hvb_guard_view *view);
	unsigned int ticks;
	unsigned int ticks_max;
};

static const struct guard table[HVB_GUARDS] = {
	[HVB_GUARD_NO_HOST] = { "no-host", no_host, 0, 0 },
	[HVB_GUARD_OOM] = { "oom", oom, 15 * HVB_TICKS_PER_MINUTE, 0 },
	[HVB_GUARD_STALL] = { "stall", stall, HVB_TICKS_PER_MINUTE, 0 },
	[HVB_GUARD_AVAIL] = { "avail", avail, HVB_TICKS_PER_MINUTE, 0 },
	[HVB_GUARD_PSI_MEM] = { "psi-mem", psi_mem, HVB_TICKS_PER_MINUTE / 2,
				10 * HVB_TICKS_PER_MINUTE },
	[HVB_GUARD_PSI_IO] = { "psi-io", psi_io, HVB_TICKS_PER_MINUTE / 2, 0 },
	[HVB_GUARD_SWAP] = { "swap", swapping, 10 * HVB_TICKS_PER_MINUTE, 0 },
	[HVB_GUARD_DIRTY] = { "dirty", dirty, HVB_TICKS_PER_MINUTE / 6, 0 },
	[HVB_GUARD_BOOT] = { "boot", boot, 0, 0 },
	[HVB_GUARD_SUSPEND] = { "suspend", suspending, 0, 0 },
	[HVB_GUARD_RIVAL] = { "rival", rival, 0, 0 },
};

/*
 * A trip while the last hold runs starts it again.  A trip soon after its end is
 * the same trouble: a longer hold.  As much quiet as the hold was long forgives.
 */
static void check(const struct guard *guard, bool tripped, struct hvb_hold *hold)
{
	if (tripped) {
		if (!hold->length)
			hold->length = guard->ticks;
		else if (!hold->left && guard->ticks_max)
			hold->length = min(hold->length * 2, guard->ticks_max);
		hold->left = hold->length;
		hold->quiet = 0;
	} else if (hold->left) {
		hold->left--;
	} else if (hold->quiet++ >= hold->length) {
		hold->length = 0;
	}
}

/**
 * hvb_guards_check - may we reclaim in this tick
 * @guards: the holds
 * @view: the state of things
 * @tripped: out: bit per guard whose condition is true now
 *
 * Return: the guard that holds longest, HVB_GUARD_NONE if none does.
 */
enum hvb_guard hvb_guards_check(struct hvb_guards *guards,
				const struct hvb_guard_view *view,
				unsigned long *tripped)
{
	enum hvb_guard i, found = HVB_GUARD_NONE;
	unsigned int longest = 0;

	*tripped = 0;
	for (i = 0; i < HVB_GUARDS; i++) {
		struct hvb_hold *hold = &guards->holds[i];
		bool now = table[i].trips(view);

		if (now)
			__set_bit(i, tripped);
		check(&table[i], now, hold);
		if ((now || hold->left) &&
		    (found == HVB_GUARD_NONE || hold->left > longest)) {
			found = i;
			longest = hold->left;
		}
	}
	return found;
}

/**
 * hvb_guards_avail_min - memory that must stay available, unless told otherwise
 * @ram: memory of the guest in pages
 *
 * Return: pages.
 */
unsigned long hvb_guards_avail_min(unsigned long ram)
{
	return max(ram / 20, (unsigned long)((256ull * SZ_1M) >> PAGE_SHIFT));
}

/** hvb_guard_name - for people */
const char *hvb_guard_name(enum hvb_guard guard)
{
	return table[guard].name;
}
