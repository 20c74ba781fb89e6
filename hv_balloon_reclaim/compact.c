// SPDX-License-Identifier: GPL-2.0
/*
 * Decides when to compact.  The host takes blocks of a certain size only; after
 * mixed use much of the free memory lies in smaller pieces.  Compaction burns CPU
 * time in one go, so it is rare, and rarer still where it does not help.
 *
 * No locks: for the reclaim thread.
 */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/sizes.h>

#include "choice.h"
#include "compact.h"
#include "floor.h"
#include "lever.h"
#include "report.h"
#include "report_hint.h"
#include "sample.h"
#include "stats.h"

#define WORTH			(256ull * SZ_1M)
#define PAUSE_TICKS		HVB_TICKS_PER_MINUTE
#define PAUSE_MAX_TICKS		(30 * HVB_TICKS_PER_MINUTE)
/* share of free memory in reportable blocks that is good enough, in percent */
#define SHARE_2M		85
#define SHARE_SMALL		70
/* a compaction that gained less (percent of free memory) was not worth it */
#define GAIN_MIN		5

enum { COMPACT_AUTO, COMPACT_OFF, COMPACT_ALWAYS };

static const char *const words[] = { "auto", "off", "always", NULL };

static struct hvb_choice compact = {
	.words = words,
	.value = COMPACT_AUTO,
};
module_param_cb(compact, &hvb_choice_ops, &compact, 0644);
MODULE_PARM_DESC(compact, "make large free blocks after reclaim: auto (when the share of reportable blocks is low), off, always");

static u64 reclaimed;			/* bytes since the last one */
static unsigned int wait;		/* ticks until the next one may start */
static unsigned int pause = PAUSE_TICKS;

/**
 * hvb_compact_reclaimed - memory became free
 * @bytes: how much
 */
void hvb_compact_reclaimed(u64 bytes)
{
	reclaimed += bytes;
}

/** hvb_compact_tick - time passes */
void hvb_compact_tick(void)
{
	if (wait)
		wait--;
}

static bool share_is_low(void)
{
	int order = hvb_report_order();
	struct hvb_blocks blocks = hvb_sample_blocks(order);
	unsigned int enough = order < HVB_ORDER_2M ? SHARE_SMALL : SHARE_2M;

	return blocks.large * 100 < blocks.free * enough;
}

/**
 * hvb_compact_now - compact all memory
 *
 * Return: 0 or an error of the lever.
 */
int hvb_compact_now(void)
{
	int order = hvb_report_order(), ret;
	struct hvb_blocks before, after;
	u64 gain;

	before = hvb_sample_blocks(order);
	ret = hvb_lever_compact();
	after = hvb_sample_blocks(order);
	if (ret)
		return ret;

	gain = after.large > before.large ? after.large - before.large : 0;
	hvb_count(compactions, 1);
	hvb_count(compact_gain_bytes, gain);
	pause = gain * 100 < after.free * GAIN_MIN ?
		min(pause * 2, (unsigned int)PAUSE_MAX_TICKS) : PAUSE_TICKS;
	wait = pause;
	reclaimed = 0;
	return 0;
}

/**
 * hvb_compact_maybe - compact if it is time and worth it
 * @busy: somebody needs the CPUs
 *
 * May take a second or two per GiB of fragmented memory.
 */
void hvb_compact_maybe(bool busy)
{
	int how = hvb_chosen(&compact);

	if (how == COMPACT_OFF || wait || reclaimed < WORTH)
		return;
	if (how == COMPACT_AUTO && (busy || !share_is_low()))
		return;
	hvb_compact_now();
}
