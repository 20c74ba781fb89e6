// SPDX-License-Identifier: GPL-2.0
/*
 * Out of memory: the pages of a message that is being made are given back before
 * anybody is killed for them, or stuck for want of them.
 *
 * Pages that the host has cannot be had back, because the protocol lets only the
 * host return pages.  kswapd is not heard either: the pressure that it works
 * against is what makes page cache ballooned memory.
 */
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/shrinker.h>
#include <linux/swap.h>

#include "compat.h"
#include "dm.h"

static unsigned long relief_count(struct shrinker *shrinker,
				  struct shrink_control *control)
{
	if (current_is_kswapd())
		return 0;
	return hvb_balloon_unsent();
}

static unsigned long relief_scan(struct shrinker *shrinker,
				 struct shrink_control *control)
{
	unsigned long given = hvb_balloon_give_up(control->nr_to_scan);

	return given ? given : SHRINK_STOP;
}

static int relief_oom(struct notifier_block *block, unsigned long unused,
		      void *freed)
{
	*(unsigned long *)freed += hvb_balloon_give_up(ULONG_MAX);
	return NOTIFY_OK;
}

static struct notifier_block relief_oom_block = {
	.notifier_call = relief_oom,
};

static struct compat_shrinker relief_shrinker = {
	.count = relief_count,
	.scan = relief_scan,
};

/**
 * hvb_relief_init - be heard when memory is short
 *
 * Return: 0 or -errno.
 */
int hvb_relief_init(void)
{
	int ret = compat_shrinker_register(&relief_shrinker, "hv-balloon-unsent");

	if (ret)
		return ret;
	ret = register_oom_notifier(&relief_oom_block);
	if (ret)
		compat_shrinker_unregister(&relief_shrinker);
	return ret;
}

/**
 * hvb_relief_exit - undo hvb_relief_init()
 */
void hvb_relief_exit(void)
{
	unregister_oom_notifier(&relief_oom_block);
	compat_shrinker_unregister(&relief_shrinker);
}
