// SPDX-License-Identifier: GPL-2.0
/*
 * What the reclaim loop shows of itself: what it does and why, its numbers, how
 * often each guard stopped it.  The thread writes, sysfs reads.
 *
 * Lock: loop_state_lock for all of it; nothing is taken inside.
 */
#include <linux/bitops.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/string.h>

#include "loop_state.h"
#include "sysfs.h"

static const char *const names[] = {
	[HVB_LOOP_OFF] = "off",
	[HVB_LOOP_NO_LEVER] = "nolever",
	[HVB_LOOP_IDLE] = "idle",
	[HVB_LOOP_RECLAIM] = "reclaim",
	[HVB_LOOP_HOLD] = "hold",
	[HVB_LOOP_REFAULTS] = "hold:refaults",
	[HVB_LOOP_CPU] = "hold:cpu",
	[HVB_LOOP_DRY] = "dry",
};

static DEFINE_MUTEX(loop_state_lock);	/* all that follows */
static enum hvb_loop_state state;
static enum hvb_guard holding = HVB_GUARD_NONE;
static struct hvb_loop_numbers shown;
static unsigned long holds[HVB_GUARDS];

/**
 * hvb_loop_set - the loop does something else now
 * @now: what
 * @guard: because of this, in HVB_LOOP_HOLD, else HVB_GUARD_NONE
 */
void hvb_loop_set(enum hvb_loop_state now, enum hvb_guard guard)
{
	bool changed;

	mutex_lock(&loop_state_lock);
	changed = state != now || holding != guard;
	state = now;
	holding = guard;
	mutex_unlock(&loop_state_lock);
	if (changed)
		hvb_sysfs_state_changed();
}

/** hvb_loop_get - what the loop does; for the thread itself */
enum hvb_loop_state hvb_loop_get(void)
{
	return state;
}

/** hvb_loop_show - these are the numbers now */
void hvb_loop_show(const struct hvb_loop_numbers *numbers)
{
	mutex_lock(&loop_state_lock);
	shown = *numbers;
	mutex_unlock(&loop_state_lock);
}

/**
 * hvb_loop_held - a tick in which guards said no
 * @guards: bit per guard
 */
void hvb_loop_held(unsigned long guards)
{
	unsigned int i;

	mutex_lock(&loop_state_lock);
	for_each_set_bit(i, &guards, HVB_GUARDS)
		holds[i]++;
	mutex_unlock(&loop_state_lock);
}

/**
 * hvb_loop_text - the loop's state in a word
 * @text: buffer
 * @size: its size
 *
 * Return: length.
 */
int hvb_loop_text(char *text, size_t size)
{
	int ret;

	mutex_lock(&loop_state_lock);
	if (state == HVB_LOOP_HOLD)
		ret = scnprintf(text, size, "hold:%s", hvb_guard_name(holding));
	else
		ret = scnprintf(text, size, "%s", names[state]);
	mutex_unlock(&loop_state_lock);
	return ret;
}

/**
 * hvb_loop_numbers - the loop's numbers
 * @numbers: filled
 */
void hvb_loop_numbers(struct hvb_loop_numbers *numbers)
{
	mutex_lock(&loop_state_lock);
	*numbers = shown;
	mutex_unlock(&loop_state_lock);
}

/** hvb_loop_holds - ticks in which a guard's condition was true */
unsigned long hvb_loop_holds(enum hvb_guard guard)
{
	unsigned long ret;

	mutex_lock(&loop_state_lock);
	ret = holds[guard];
	mutex_unlock(&loop_state_lock);
	return ret;
}

/** hvb_loop_reset - forget the counts of holds */
void hvb_loop_reset(void)
{
	mutex_lock(&loop_state_lock);
	memset(holds, 0, sizeof(holds));
	mutex_unlock(&loop_state_lock);
}
