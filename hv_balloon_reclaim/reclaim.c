// SPDX-License-Identifier: GPL-2.0
/*
 * The loop: one thread that looks at memory once per tick, asks guards and floor
 * whether and how much to reclaim, does it in small writes, and has what became
 * free reported.  Users' requests are carried out by the same thread.
 *
 * The law is in floor.c, the reasons against it in guards.c, the means in lever.c.
 *
 * Locks: loop.lock for what sysfs reads and for the request; never held while
 * memory is reclaimed.  All else belongs to the thread.
 */
#include <linux/freezer.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/sched.h>
#include <linux/sizes.h>
#include <linux/suspend.h>
#include <linux/wait.h>

#include "balloon.h"
#include "compact.h"
#include "floor.h"
#include "guards.h"
#include "lever.h"
#include "reclaim.h"
#include "report.h"
#include "sample.h"
#include "stats.h"
#include "sysfs.h"
#include "trace.h"

#define PERIOD_MIN_MS		50
/* one write takes about 50 ms: stop, freeze and unload wait no longer */
#define CHUNK			((64ul * SZ_1M) >> PAGE_SHIFT)
/* without "swappiness=0": less, as the kernel takes more than it is asked for */
#define CHUNK_CAREFUL		((32ul * SZ_1M) >> PAGE_SHIFT)
#define LEVER_RETRY_TICKS	(10 * HVB_TICKS_PER_MINUTE)
#define RIVAL_TICKS		HVB_TICKS_PER_MINUTE
/* per-CPU lists give their pages back meanwhile */
#define SETTLE_MS		50
#define COMPACT_BUSY_PCT	50

static unsigned int period_ms = 5000;
module_param(period_ms, uint, 0644);
MODULE_PARM_DESC(period_ms, "time between two looks, in ms; holds are counted in these");

static unsigned int floor_mb;
module_param(floor_mb, uint, 0644);
MODULE_PARM_DESC(floor_mb, "page cache that is always left, in MiB (0: 2 % of memory, at least 128)");

static unsigned int avail_min_mb;
module_param(avail_min_mb, uint, 0644);
MODULE_PARM_DESC(avail_min_mb, "no reclaim with less memory available, in MiB (0: 5 % of memory, at least 256)");

static unsigned int step_max_mb;
module_param(step_max_mb, uint, 0644);
MODULE_PARM_DESC(step_max_mb, "largest step per period, in MiB (0: 1/64 of memory, 128 to 512)");

static unsigned int cpu_pct = 5;
module_param(cpu_pct, uint, 0644);
MODULE_PARM_DESC(cpu_pct, "CPU time for the loop, in percent of one CPU");

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
 * enum loop_state - what the thread does
 * @LOOP_OFF: switched off
 * @LOOP_NO_LEVER: this kernel offers no reclaim on request now
 * @LOOP_IDLE: nothing to reclaim
 * @LOOP_RECLAIM: reclaiming
 * @LOOP_HOLD: a guard
 * @LOOP_REFAULTS: too many refaults
 * @LOOP_CPU: used its CPU time
 * @LOOP_DRY: found nothing to reclaim
 */
enum loop_state {
	LOOP_OFF,
	LOOP_NO_LEVER,
	LOOP_IDLE,
	LOOP_RECLAIM,
	LOOP_HOLD,
	LOOP_REFAULTS,
	LOOP_CPU,
	LOOP_DRY,
};

static const char *const state_names[] = {
	[LOOP_OFF] = "off",
	[LOOP_NO_LEVER] = "nolever",
	[LOOP_IDLE] = "idle",
	[LOOP_RECLAIM] = "reclaim",
	[LOOP_HOLD] = "hold",
	[LOOP_REFAULTS] = "hold:refaults",
	[LOOP_CPU] = "hold:cpu",
	[LOOP_DRY] = "dry",
};

/**
 * struct request - what a user waits for
 * @kind: what
 * @bytes: how much
 * @pending: not yet begun
 * @result: of the last one
 * @asked: number of requests
 * @done: of these, ended
 */
struct request {
	enum hvb_order_kind kind;
	u64 bytes;
	bool pending;
	int result;
	u64 asked;
	u64 done;
};

/**
 * struct loop - the thread and what it remembers
 * @thread: the thread
 * @wake: it waits here; users wait for their request here, too
 * @lock: the following up to @stopping
 * @state: for sysfs
 * @guard: which guard, in LOOP_HOLD
 * @shown: numbers for sysfs
 * @request: what a user wants
 * @stopping: the thread takes no more requests
 * @sample: of the last tick
 * @sampled: there is one
 * @floor: how much
 * @guards: whether
 * @compact: when to compact
 * @busy_pct: share of busy CPU time, sliding mean over about a minute
 * @refault_rate: refaults per minute, the same
 * @swap_most: most free swap seen
 * @own_swap_out: pages swapped out during our writes since the last tick
 * @reclaimed_ns: when we reclaimed last, 0: never
 * @budget_ns: CPU time that may be used
 * @budget_stamp: when it was topped up
 * @cpu_stamp: CPU time of the thread when it was charged last
 * @lever_wait: ticks until the lever is looked for again
 * @rival_wait: the same for another reclaimer
 * @rival: what was found
 * @oom: the notifier was called
 * @suspending: between suspend and resume
 * @switched: look at the switches now
 */
static struct loop {
	struct task_struct *thread;
	wait_queue_head_t wake;
	struct mutex lock;	/* see above */
	enum loop_state state;
	enum hvb_guard guard;
	struct hvb_reclaim_view shown;
	struct request request;
	bool stopping;

	struct hvb_sample sample;
	bool sampled;
	struct hvb_floor floor;
	struct hvb_guards guards;
	struct hvb_compact compact;
	unsigned int busy_pct;
	u64 refault_rate;
	unsigned long swap_most;
	u64 own_swap_out;
	u64 reclaimed_ns;
	s64 budget_ns;
	u64 budget_stamp;
	u64 cpu_stamp;
	unsigned int lever_wait;
	unsigned int rival_wait;
	bool rival;

	bool oom;
	bool suspending;
	bool switched;
} loop = {
	.wake = __WAIT_QUEUE_HEAD_INITIALIZER(loop.wake),
	.lock = __MUTEX_INITIALIZER(loop.lock),
	.guard = HVB_GUARD_NONE,
};

/** hvb_period_ms - length of a tick, the unit of all holds */
unsigned int hvb_period_ms(void)
{
	return max_t(unsigned int, READ_ONCE(period_ms), PERIOD_MIN_MS);
}

static unsigned long mb_to_pages(unsigned int mb)
{
	return (unsigned long)mb << (20 - PAGE_SHIFT);
}

/* --- what others see ------------------------------------------------------ */

static void set_state(enum loop_state state, enum hvb_guard guard)
{
	bool changed;

	mutex_lock(&loop.lock);
	changed = loop.state != state || loop.guard != guard;
	loop.state = state;
	loop.guard = guard;
	mutex_unlock(&loop.lock);
	if (changed)
		hvb_sysfs_state_changed();
}

static void show(const struct hvb_sample *now)
{
	mutex_lock(&loop.lock);
	loop.shown.floor = (u64)loop.floor.floor << PAGE_SHIFT;
	loop.shown.step = (u64)loop.floor.step << PAGE_SHIFT;
	loop.shown.file = (u64)now->file << PAGE_SHIFT;
	loop.shown.refault_rate = loop.refault_rate;
	mutex_unlock(&loop.lock);
}

/**
 * hvb_reclaim_state - the loop's state in a word
 * @text: buffer
 * @size: its size
 *
 * Return: length.
 */
int hvb_reclaim_state(char *text, size_t size)
{
	int ret;

	mutex_lock(&loop.lock);
	if (loop.state == LOOP_HOLD)
		ret = scnprintf(text, size, "hold:%s",
				hvb_guard_name(loop.guard));
	else
		ret = scnprintf(text, size, "%s", state_names[loop.state]);
	mutex_unlock(&loop.lock);
	return ret;
}

/**
 * hvb_reclaim_view - the loop's numbers
 * @view: filled
 */
void hvb_reclaim_view(struct hvb_reclaim_view *view)
{
	mutex_lock(&loop.lock);
	*view = loop.shown;
	mutex_unlock(&loop.lock);
}

/** hvb_reclaim_reset - forget the counts of holds */
void hvb_reclaim_reset(void)
{
	mutex_lock(&loop.lock);
	memset(loop.shown.holds, 0, sizeof(loop.shown.holds));
	mutex_unlock(&loop.lock);
}

/* --- CPU time ------------------------------------------------------------- */

/*
 * A bucket that holds 10 s worth of the allowance and is filled at 5/6 of it, so
 * that no minute sees more than the allowance (and one write).
 */
static void charge_cpu(void)
{
	u64 allowance = min(READ_ONCE(cpu_pct), 100u);
	u64 now = ktime_get_ns(), used = current->se.sum_exec_runtime;
	u64 elapsed = min(now - loop.budget_stamp, 60ull * NSEC_PER_SEC);

	atomic64_add(used - loop.cpu_stamp, &hvb_cpu_ns);
	loop.budget_ns += elapsed * allowance / 120;
	loop.budget_ns = min_t(s64, loop.budget_ns,
			       allowance * NSEC_PER_SEC / 10);
	loop.budget_ns -= used - loop.cpu_stamp;
	loop.budget_stamp = now;
	loop.cpu_stamp = used;
}

/* --- reclaim -------------------------------------------------------------- */

/*
 * Without "swappiness=0" the kernel turns to anonymous memory as soon as inactive
 * page cache is not plentiful.  Return: pages for one write, 0 for none.
 */
static unsigned long chunk_size(void)
{
	if (hvb_lever_spares_anon() || get_nr_swap_pages() <= 0)
		return CHUNK;
	if (global_node_page_state(NR_INACTIVE_FILE) <
	    4 * CHUNK_CAREFUL + loop.floor.floor)
		return 0;
	return CHUNK_CAREFUL;
}

/* One write. Return: 0, -EAGAIN or an error; pages are added to @got. */
static int reclaim_chunk(unsigned long pages, unsigned long *got)
{
	unsigned long before = hvb_sample_cache(), after, freed;
	u64 swapped = hvb_sample_swap_out();
	int ret;

	ret = hvb_lever_reclaim((u64)pages << PAGE_SHIFT);
	after = hvb_sample_cache();
	freed = before > after ? before - after : 0;
	*got += freed;

	swapped = hvb_sample_swap_out() - swapped;
	if (hvb_lever_spares_anon())
		swapped = 0;	/* somebody else's */
	loop.own_swap_out += swapped;
	hvb_count(swap_out_by_us, swapped);
	hvb_count(requests, 1);
	hvb_count(reclaimed_bytes, (u64)freed << PAGE_SHIFT);
	if (ret == -EAGAIN)
		hvb_count(eagain, 1);
	charge_cpu();
	trace_reclaim_chunk(pages, freed, ret);
	return ret;
}

static bool interrupted(void)
{
	try_to_freeze();
	return kthread_should_stop() || READ_ONCE(loop.oom) ||
	       READ_ONCE(loop.suspending);
}

/*
 * @wanted: pages.  @keep: page cache that must be left, looked at before each write,
 * as some kernels take more than they are asked for and others use memory, too.
 * @paced: stay within the CPU time.  Return: pages that cache and slab became
 * smaller.
 */
static unsigned long reclaim(unsigned long wanted, unsigned long keep,
			     bool paced)
{
	unsigned long got = 0, asked = 0, chunk, file;

	while (max(asked, got) < wanted && !interrupted()) {
		file = hvb_sample_file();
		chunk = min3(chunk_size(), wanted - max(asked, got),
			     file > keep ? file - keep : 0);
		if (!chunk || reclaim_chunk(chunk, &got))
			break;
		asked += chunk;
		if (loop.own_swap_out || (paced && loop.budget_ns < 0))
			break;
		cond_resched();
	}
	if (got) {
		loop.reclaimed_ns = ktime_get_ns();
		loop.compact.reclaimed += (u64)got << PAGE_SHIFT;
	}
	return got;
}

static void pass_on(bool busy)
{
	schedule_timeout_idle(msecs_to_jiffies(SETTLE_MS));
	hvb_report_kick();
	if (kthread_should_stop())
		return;
	hvb_compact_maybe(&loop.compact, busy);
	hvb_report_kick();
	charge_cpu();
}

/* --- a tick --------------------------------------------------------------- */

static void apply_limits(unsigned long ram)
{
	const struct hvb_floor_limits limits = {
		.floor = mb_to_pages(READ_ONCE(floor_mb)),
		.step_max = mb_to_pages(READ_ONCE(step_max_mb)),
		.permille_min = READ_ONCE(refault_permille_min),
	};

	hvb_floor_limit(&loop.floor, ram, &limits);
}

/* A sliding mean over about a minute: the weight of a tick is its share of one. */
static u64 slide(u64 mean, u64 value, u64 elapsed_ns)
{
	u64 weight = min(elapsed_ns, 60ull * NSEC_PER_SEC) / NSEC_PER_MSEC;

	return div_u64(mean * (60000 - weight) + value * weight, 60000);
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
				  div64_u64(refaults * 60 * NSEC_PER_SEC,
					    elapsed_ns), elapsed_ns);
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
		.own_swap_out = loop.own_swap_out,
		.swap_most = loop.swap_most,
		.spares_anon = hvb_lever_spares_anon(),
		.reclaimed_ago_ns = loop.reclaimed_ns ?
				    now->now_ns - loop.reclaimed_ns : U64_MAX,
		.returns = memory_returns(),
		.forced = READ_ONCE(hvb_reclaim_switch) == HVB_FORCE,
		.oom = xchg(&loop.oom, false),
		.suspending = READ_ONCE(loop.suspending),
		.rival = loop.rival,
		.avail_min = mb ? mb_to_pages(mb) :
			     hvb_guards_avail_min(now->ram),
		.psi_permille = READ_ONCE(psi_permille),
		.boot_ns = (u64)READ_ONCE(boot_delay_s) * NSEC_PER_SEC,
	};
	unsigned long tripped;
	enum hvb_guard ret, i;

	loop.own_swap_out = 0;
	ret = hvb_guards_check(&loop.guards, &view, &tripped);
	if (test_bit(HVB_GUARD_OOM, &tripped))
		hvb_floor_alarm(&loop.floor);
	mutex_lock(&loop.lock);
	for_each_set_bit(i, &tripped, HVB_GUARDS)
		loop.shown.holds[i]++;
	mutex_unlock(&loop.lock);
	return ret;
}

static void step(const struct hvb_sample *now, bool busy)
{
	unsigned long wanted, got;

	wanted = hvb_floor_want(&loop.floor, now->file, now->slab, busy);
	if (!wanted) {
		set_state(!loop.floor.hold ? LOOP_IDLE : loop.floor.is_dry ?
			  LOOP_DRY : LOOP_REFAULTS, HVB_GUARD_NONE);
		return;
	}
	charge_cpu();
	if (loop.budget_ns < 0) {
		set_state(LOOP_CPU, HVB_GUARD_NONE);
		return;
	}
	set_state(LOOP_RECLAIM, HVB_GUARD_NONE);
	got = reclaim(wanted, loop.floor.floor, true);
	hvb_floor_result(&loop.floor, wanted, got);
	if (got)
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

	if (READ_ONCE(hvb_reclaim_switch) == HVB_OFF) {
		loop.sampled = false;
		set_state(LOOP_OFF, HVB_GUARD_NONE);
		return;
	}
	if (!lever_is_there()) {
		loop.sampled = false;
		set_state(LOOP_NO_LEVER, HVB_GUARD_NONE);
		return;
	}
	hvb_sample_take(&now);
	apply_limits(now.ram);
	if (!loop.sampled) {
		loop.sample = now;
		loop.sampled = true;
		show(&now);
		return;
	}

	elapsed = max(now.now_ns - loop.sample.now_ns, 1ull);
	look_around(&now, elapsed);
	refaults = now.refault_file - loop.sample.refault_file;
	if (loop.floor.armed)
		hvb_count(refault_total, refaults);
	if (hvb_floor_observe(&loop.floor, now.file, refaults, elapsed))
		hvb_count(refault_trips, 1);
	hvb_compact_tick(&loop.compact);
	held = ask_guards(&now);
	loop.sample = now;
	if (held != HVB_GUARD_NONE)
		set_state(LOOP_HOLD, held);
	else
		step(&now, loop.busy_pct > READ_ONCE(busy_pct));
	show(&now);
	trace_reclaim_tick(now.file, loop.floor.floor, loop.floor.step,
			   refaults, loop.busy_pct, loop.state);
}

/* --- requests ------------------------------------------------------------- */

static int carry_out(enum hvb_order_kind kind, u64 bytes)
{
	unsigned long file = hvb_sample_file(), base, wanted, got;

	if (!lever_is_there())
		return -EOPNOTSUPP;
	if (kind == HVB_DO_COMPACT) {
		int ret = hvb_compact_now(&loop.compact);

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
	got = reclaim(wanted, base, false);
	loop.floor.armed = max(loop.floor.armed, 1u);
	hvb_floor_result(&loop.floor, wanted, got);
	if (!got)
		return -EAGAIN;
	pass_on(false);
	return 0;
}

static void serve(void)
{
	enum hvb_order_kind kind;
	u64 bytes;
	int ret;

	mutex_lock(&loop.lock);
	kind = loop.request.kind;
	bytes = loop.request.bytes;
	mutex_unlock(&loop.lock);

	ret = carry_out(kind, bytes);

	mutex_lock(&loop.lock);
	loop.request.result = ret;
	loop.request.pending = false;
	loop.request.done++;
	mutex_unlock(&loop.lock);
	wake_up_all(&loop.wake);
}

static bool request_ended(u64 number)
{
	bool ret;

	mutex_lock(&loop.lock);
	ret = loop.request.done >= number || loop.stopping;
	mutex_unlock(&loop.lock);
	return ret;
}

/**
 * hvb_reclaim_order - have the thread do something now
 * @kind: what
 * @bytes: how much to reclaim
 *
 * Guards and switch are not asked: the user wants it.  Page cache below the
 * smallest floor and, where the kernel lets us, anonymous memory are left alone
 * all the same.  Waits until it is done; killable.
 *
 * Return: 0; -EAGAIN if nothing could be had; -EBUSY while another request is
 * carried out; -EOPNOTSUPP without a lever; -ENODEV when the module is unloaded;
 * -EINTR.
 */
int hvb_reclaim_order(enum hvb_order_kind kind, u64 bytes)
{
	u64 number;
	int ret;

	mutex_lock(&loop.lock);
	if (loop.request.pending || loop.stopping) {
		ret = loop.stopping ? -ENODEV : -EBUSY;
		mutex_unlock(&loop.lock);
		return ret;
	}
	loop.request.kind = kind;
	loop.request.bytes = bytes;
	loop.request.pending = true;
	number = ++loop.request.asked;
	mutex_unlock(&loop.lock);

	wake_up_all(&loop.wake);
	if (wait_event_killable(loop.wake, request_ended(number)))
		return -EINTR;
	mutex_lock(&loop.lock);
	ret = loop.request.done >= number ? loop.request.result : -ENODEV;
	mutex_unlock(&loop.lock);
	return ret;
}

/* --- the thread ----------------------------------------------------------- */

static bool woken(void)
{
	return kthread_should_stop() || READ_ONCE(loop.request.pending) ||
	       READ_ONCE(loop.switched);
}

static int run(void *unused)
{
	unsigned long timeout;

	set_freezable();
	sched_set_normal(current, MAX_NICE);
	loop.cpu_stamp = current->se.sum_exec_runtime;
	loop.budget_stamp = ktime_get_ns();
	while (!kthread_should_stop()) {
		WRITE_ONCE(loop.switched, false);
		if (READ_ONCE(loop.request.pending))
			serve();
		else
			tick();
		charge_cpu();
		timeout = READ_ONCE(hvb_reclaim_switch) == HVB_OFF ?
			  MAX_SCHEDULE_TIMEOUT :
			  msecs_to_jiffies(hvb_period_ms());
		wait_event_freezable_timeout(loop.wake, woken(), timeout);
	}
	hvb_lever_release();
	return 0;
}

static int memory_ran_out(struct notifier_block *block, unsigned long unused,
			  void *freed)
{
	WRITE_ONCE(loop.oom, true);
	return NOTIFY_OK;
}

static struct notifier_block oom_block = {
	.notifier_call = memory_ran_out,
};

static int power_event(struct notifier_block *block, unsigned long event,
		       void *unused)
{
	switch (event) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		WRITE_ONCE(loop.suspending, true);
		break;
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		WRITE_ONCE(loop.suspending, false);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block pm_block = {
	.notifier_call = power_event,
};

/**
 * hvb_reclaim_switched - the switch was changed: look at once
 */
void hvb_reclaim_switched(void)
{
	WRITE_ONCE(loop.switched, true);
	wake_up_all(&loop.wake);
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
	hvb_compact_init(&loop.compact);
	ret = register_oom_notifier(&oom_block);
	if (ret)
		return ret;
	ret = register_pm_notifier(&pm_block);
	if (ret)
		goto oom;
	loop.thread = kthread_run(run, NULL, "hv_reclaim");
	if (IS_ERR(loop.thread)) {
		ret = PTR_ERR(loop.thread);
		goto pm;
	}
	return 0;

pm:
	mutex_lock(&loop.lock);
	loop.stopping = true;
	mutex_unlock(&loop.lock);
	wake_up_all(&loop.wake);
	unregister_pm_notifier(&pm_block);
oom:
	unregister_oom_notifier(&oom_block);
	return ret;
}

/**
 * hvb_reclaim_exit - stop the thread
 *
 * Waits for the write that is under way.  Requests end with -ENODEV.
 */
void hvb_reclaim_exit(void)
{
	mutex_lock(&loop.lock);
	loop.stopping = true;
	mutex_unlock(&loop.lock);
	wake_up_all(&loop.wake);
	kthread_stop(loop.thread);
	unregister_pm_notifier(&pm_block);
	unregister_oom_notifier(&oom_block);
}
