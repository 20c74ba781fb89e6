// SPDX-License-Identifier: GPL-2.0
/*
 * The loop: one thread that looks at memory once per tick, asks guards and floor
 * whether and how much to reclaim, does it in small writes, and has what became
 * free reported.  Users' requests are carried out by the same thread.
 *
 * The law is in floor.c, the reasons against it in guards.c, the writes in take.c,
 * requests of users in request.c.
 *
 * No locks: all of it belongs to the thread; of what it shows, each number is one
 * word.
 */
#include <linux/bitops.h>
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include "balloon.h"
#include "compact.h"
#include "floor.h"
#include "guards.h"
#include "lever.h"
#include "reclaim.h"
#include "report.h"
#include "request.h"
#include "sample.h"
#include "stats.h"
#include "sysfs.h"
#include "take.h"
#include "trace.h"

#define PERIOD_MIN_MS		50
#define LEVER_RETRY_TICKS	(10 * HVB_TICKS_PER_MINUTE)
#define RIVAL_TICKS		HVB_TICKS_PER_MINUTE
/* per-CPU lists give their pages back meanwhile */
#define SETTLE_MS		50
#define COMPACT_BUSY_PCT	50

static unsigned int period_ms = 5000;
module_param(period_ms, uint, 0644);
MODULE_PARM_DESC(period_ms, "time between two looks, in ms; twelve of them are the minute of the loop");

static unsigned int floor_mb;
module_param(floor_mb, uint, 0644);
MODULE_PARM_DESC(floor_mb, "page cache that is always left, in MiB (0: 2 % of memory, at least 128)");

static unsigned int avail_min_mb;
module_param(avail_min_mb, uint, 0644);
MODULE_PARM_DESC(avail_min_mb, "no reclaim with less memory available, in MiB (0: 5 % of memory, at least 256)");

static unsigned int step_max_mb;
module_param(step_max_mb, uint, 0644);
MODULE_PARM_DESC(step_max_mb, "largest step per period, in MiB (0: 1/64 of memory, 128 to 512)");

static unsigned int refault_permille_min = 2;
module_param(refault_permille_min, uint, 0644);
MODULE_PARM_DESC(refault_permille_min, "tolerated refaults per minute, in 1/1000 of the page cache");

static unsigned int psi_permille = 1;
module_param(psi_permille, uint, 0644);
MODULE_PARM_DESC(psi_permille, "tolerated waiting for memory, in 1/1000 of the time");

static unsigned int busy_pct = 10;
module_param(busy_pct, uint, 0644);
MODULE_PARM_DESC(busy_pct, "with busier CPUs reclaim slowly, in percent of all CPUs");

static unsigned int boot_delay_s = 120;
module_param(boot_delay_s, uint, 0644);
MODULE_PARM_DESC(boot_delay_s, "no reclaim that soon after boot, in s");

/**
 * struct loop - the thread and what it remembers
 * @thread: the thread
 * @wake: it waits here
 * @switched: look at the switches now
 * @sample: of the last tick
 * @sampled: there is one
 * @floor: how much
 * @guards: whether
 * @take: what it did
 * @busy_pct: share of busy CPU time, sliding mean over about a minute
 * @refault_rate: refaults per minute, the same
 * @swap_most: most free swap seen
 * @lever_wait: ticks until the lever is looked for again
 * @rival_wait: the same for another reclaimer
 * @rival: what was found
 */
static struct loop {
	struct task_struct *thread;
	wait_queue_head_t wake;
	bool switched;
	struct hvb_sample sample;
	bool sampled;
	struct hvb_floor floor;
	struct hvb_guards guards;
	struct hvb_take take;
	unsigned int busy_pct;
	u64 refault_rate;
	unsigned long swap_most;
	unsigned int lever_wait;
	unsigned int rival_wait;
	bool rival;
} loop = {
	.wake = __WAIT_QUEUE_HEAD_INITIALIZER(loop.wake),
};

struct hvb_loop_view hvb_loop_view;

/** hvb_period_ms - length of a tick, the unit of all the loop's times */
unsigned int hvb_period_ms(void)
{
	return max_t(unsigned int, READ_ONCE(period_ms), PERIOD_MIN_MS);
}

/* The loop's minute: whoever makes it faster makes all of it faster. */
static u64 minute_ns(void)
{
	return (u64)hvb_period_ms() * HVB_TICKS_PER_MINUTE * NSEC_PER_MSEC;
}

static unsigned long mb_to_pages(unsigned int mb)
{
	return (unsigned long)mb << (20 - PAGE_SHIFT);
}

static void show(unsigned long file)
{
	WRITE_ONCE(hvb_loop_view.floor, loop.floor.floor);
	WRITE_ONCE(hvb_loop_view.step, loop.floor.step);
	WRITE_ONCE(hvb_loop_view.file, file);
	WRITE_ONCE(hvb_loop_view.refault_rate, loop.refault_rate);
}

/* The loop does something else now: enum hvb_loop_state. */
static void set_state(unsigned int state)
{
	if (state == hvb_loop_view.state)
		return;
	WRITE_ONCE(hvb_loop_view.state, state);
	hvb_sysfs_state_changed();
}

/* --- a tick --------------------------------------------------------------- */

static void pass_on(bool busy)
{
	schedule_timeout_idle(msecs_to_jiffies(SETTLE_MS));
	hvb_report_kick();
	if (kthread_should_stop())
		return;
	hvb_compact_maybe(busy);
	hvb_report_kick();
	hvb_take_charge(&loop.take);
}

static void apply_limits(unsigned long ram)
{
	const struct hvb_floor_limits limits = {
		.floor = mb_to_pages(READ_ONCE(floor_mb)),
		.step_max = mb_to_pages(READ_ONCE(step_max_mb)),
		.permille_min = READ_ONCE(refault_permille_min),
		.minute_ns = minute_ns(),
	};

	hvb_floor_limit(&loop.floor, ram, &limits);
}

/* A sliding mean over about a minute: the weight of a tick is its share of one. */
static u64 slide(u64 mean, u64 value, u64 elapsed_ns)
{
	u64 minute = div_u64(minute_ns(), NSEC_PER_USEC);
	u64 weight = min(div_u64(elapsed_ns, NSEC_PER_USEC), minute);

	return div64_u64(mean * (minute - weight) + value * weight, minute);
}

static void look_around(const struct hvb_sample *now, u64 elapsed_ns)
{
	u64 all = elapsed_ns * now->cpus;
	s64 busy = now->busy_ns - loop.sample.busy_ns;
	u64 refaults = now->refault_file - loop.sample.refault_file;

	/* a CPU that came or went makes the difference meaningless */
	if (now->cpus == loop.sample.cpus && all)
		loop.busy_pct = slide(loop.busy_pct * 100ull,
				      div64_u64(clamp_t(s64, busy, 0, all) *
						10000, all),
				      elapsed_ns) / 100;
	loop.refault_rate = slide(loop.refault_rate,
				  div64_u64(refaults * minute_ns(), elapsed_ns),
				  elapsed_ns);
	loop.swap_most = max(loop.swap_most, now->swap_free);
	if (loop.rival_wait) {
		loop.rival_wait--;
	} else {
		loop.rival_wait = RIVAL_TICKS;
		loop.rival = hvb_lever_rival();
	}
}

/* With a balloon device free pages make the host's next request cheap. */
static bool memory_returns(void)
{
	struct hvb_dm_numbers numbers;

	hvb_dm_get_numbers(&numbers);
	return numbers.connected || hvb_report_returns_memory();
}

static enum hvb_guard ask_guards(const struct hvb_sample *now)
{
	unsigned int mb = READ_ONCE(avail_min_mb);
	const struct hvb_guard_view view = {
		.before = &loop.sample,
		.now = now,
		.own_swap_out = loop.take.swapped_out,
		.swap_most = loop.swap_most,
		.spares_anon = hvb_lever_spares_anon(),
		.just_reclaimed = loop.take.took_ns &&
				  now->now_ns - loop.take.took_ns < minute_ns(),
		.returns = memory_returns(),
		.forced = hvb_chosen(&hvb_reclaim_switch) == HVB_FORCE,
		.suspending = hvb_alarm_suspending(),
		.rival = loop.rival,
		.avail_min = mb ? mb_to_pages(mb) :
			     hvb_guards_avail_min(now->ram),
		.psi_permille = READ_ONCE(psi_permille),
		.boot_ns = (u64)READ_ONCE(boot_delay_s) * NSEC_PER_SEC,
	};
	unsigned long tripped;
	enum hvb_guard ret;
	unsigned int i;

	loop.take.swapped_out = 0;
	ret = hvb_guards_check(&loop.guards, &view, &tripped);
	if (test_bit(HVB_GUARD_OOM, &tripped))
		hvb_floor_alarm(&loop.floor);
	for_each_set_bit(i, &tripped, HVB_GUARDS)
		WRITE_ONCE(hvb_loop_view.holds[i], hvb_loop_view.holds[i] + 1);
	return ret;
}

static struct hvb_taken take(unsigned long wanted, unsigned long keep,
			     bool paced)
{
	struct hvb_taken taken = hvb_take(&loop.take, wanted, keep,
					  loop.floor.floor, paced);

	hvb_compact_reclaimed((u64)taken.got << PAGE_SHIFT);
	/* what there was no CPU time for is not what there is not */
	hvb_floor_result(&loop.floor, taken.asked ?: wanted, taken.got);
	return taken;
}

static void step(const struct hvb_sample *now, bool busy)
{
	unsigned long wanted;

	wanted = hvb_floor_want(&loop.floor, now->file, now->slab, busy);
	if (!wanted) {
		set_state(!loop.floor.hold ? HVB_LOOP_IDLE : loop.floor.is_dry ?
			  HVB_LOOP_DRY : HVB_LOOP_REFAULTS);
		return;
	}
	hvb_take_charge(&loop.take);
	if (hvb_cpu_budget_spent(&loop.take.cpu)) {
		set_state(HVB_LOOP_CPU);
		return;
	}
	set_state(HVB_LOOP_RECLAIM);
	if (take(wanted, loop.floor.floor, true).got)
		pass_on(loop.busy_pct >= COMPACT_BUSY_PCT);
}

static bool lever_is_there(void)
{
	if (hvb_lever_there())
		return true;
	if (loop.lever_wait) {
		loop.lever_wait--;
		return false;
	}
	loop.lever_wait = LEVER_RETRY_TICKS;
	return hvb_lever_prepare() == 0;
}

static void tick(void)
{
	enum hvb_guard held;
	struct hvb_sample now;
	u64 elapsed, refaults;

	if (hvb_chosen(&hvb_reclaim_switch) == HVB_OFF) {
		loop.sampled = false;
		set_state(HVB_LOOP_OFF);
		return;
	}
	if (!lever_is_there()) {
		loop.sampled = false;
		set_state(HVB_LOOP_NO_LEVER);
		return;
	}
	hvb_sample_take(&now);
	apply_limits(now.ram);
	if (!loop.sampled) {
		loop.sample = now;
		loop.sampled = true;
		show(now.file);
		return;
	}

	elapsed = max(now.now_ns - loop.sample.now_ns, 1ull);
	look_around(&now, elapsed);
	refaults = now.refault_file - loop.sample.refault_file;
	if (loop.floor.armed)
		hvb_count(refault_total, refaults);
	if (hvb_floor_observe(&loop.floor, now.file, refaults, elapsed))
		hvb_count(refault_trips, 1);
	hvb_compact_tick();
	held = ask_guards(&now);
	loop.sample = now;
	if (held != HVB_GUARD_NONE)
		set_state(HVB_LOOP_HOLD + held);
	else
		step(&now, loop.busy_pct > READ_ONCE(busy_pct));
	show(now.file);
	trace_reclaim_tick(now.file, loop.floor.floor, loop.floor.step,
			   refaults, loop.busy_pct, hvb_loop_view.state);
}

/* --- requests ------------------------------------------------------------- */

static int carry_out(enum hvb_request_kind kind, u64 bytes)
{
	unsigned long file = hvb_sample_file(), base, wanted;
	int ret;

	if (!lever_is_there())
		return -EOPNOTSUPP;
	if (kind == HVB_DO_COMPACT) {
		ret = hvb_compact_now();
		hvb_report_kick();
		return ret;
	}

	apply_limits(totalram_pages());
	base = loop.floor.base;
	wanted = file > base ? file - base : 0;
	if (bytes)
		wanted = min_t(u64, wanted, bytes >> PAGE_SHIFT);
	if (!wanted)
		return 0;
	if (!take(wanted, base, false).got)
		return -EAGAIN;
	pass_on(false);
	return 0;
}

/* --- the thread ----------------------------------------------------------- */

static bool woken(void)
{
	return kthread_should_stop() || hvb_request_pending() ||
	       READ_ONCE(loop.switched);
}

static int run(void *unused)
{
	unsigned long timeout;

	set_freezable();
	sched_set_normal(current, MAX_NICE);
	hvb_take_start(&loop.take);
	while (!kthread_should_stop()) {
		WRITE_ONCE(loop.switched, false);
		if (hvb_request_pending())
			hvb_request_serve(carry_out);
		else
			tick();
		hvb_take_charge(&loop.take);
		timeout = hvb_chosen(&hvb_reclaim_switch) == HVB_OFF ?
			  MAX_SCHEDULE_TIMEOUT :
			  msecs_to_jiffies(hvb_period_ms());
		wait_event_freezable_timeout(loop.wake, woken(), timeout);
	}
	hvb_lever_release();
	return 0;
}

/** hvb_reclaim_wake - there is something for the thread to look at */
void hvb_reclaim_wake(void)
{
	wake_up_all(&loop.wake);
}

/** hvb_reclaim_switched - the switch was changed: look at once */
void hvb_reclaim_switched(void)
{
	WRITE_ONCE(loop.switched, true);
	hvb_reclaim_wake();
}

/**
 * hvb_reclaim_init - start the thread
 *
 * Return: 0 or an error; a kernel without lever is none.
 */
int hvb_reclaim_init(void)
{
	int ret;

	hvb_floor_init(&loop.floor, totalram_pages());
	ret = hvb_alarms_init();
	if (ret)
		return ret;
	loop.thread = kthread_run(run, NULL, "hv_reclaim");
	if (IS_ERR(loop.thread)) {
		hvb_alarms_exit();
		return PTR_ERR(loop.thread);
	}
	hvb_request_open();
	return 0;
}

/**
 * hvb_reclaim_exit - stop the thread
 *
 * Waits for the write that is under way.  Requests end with -ENODEV.
 */
void hvb_reclaim_exit(void)
{
	hvb_request_close();
	kthread_stop(loop.thread);
	hvb_alarms_exit();
}
