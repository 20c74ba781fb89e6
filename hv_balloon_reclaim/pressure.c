// SPDX-License-Identifier: GPL-2.0
/*
 * The numbers of a status report. Pure functions of their arguments, all of them
 * pages of 4 KiB; who calls them knows where the arguments come from.
 *
 * The host computes the guest's memory pressure from the committed number alone,
 * so everything that the guest cannot do without has to be in it.
 */
#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/minmax.h>

#include "pressure.h"

#define PAGES_PER_MIB	256ul

/**
 * struct floor_step - a piece of the floor's slope
 * @below: MiB of RAM up to which the piece holds
 * @base: MiB at its imaginary start
 * @divisor: a share of the RAM comes on top
 */
struct floor_step {
	unsigned long below;
	unsigned long base;
	unsigned int divisor;
};

/* Each piece starts where the one before ends, half as steep. */
static const struct floor_step floor_steps[] = {
	{ 128, 8, 2 },
	{ 512, 40, 4 },
	{ 2048, 104, 8 },
	{ 8192, 232, 16 },
	{ ULONG_MAX, 488, 32 },
};

/**
 * hvb_pressure_floor - memory that is never ballooned
 * @ram: pages of RAM, whether ballooned or not: a floor that sinks with what the
 *	balloon takes away would not be one
 *
 * Return: pages.
 */
unsigned long hvb_pressure_floor(unsigned long ram)
{
	const struct floor_step *step = floor_steps;

	while (ram / PAGES_PER_MIB >= step->below)
		step++;
	return step->base * PAGES_PER_MIB + ram / step->divisor;
}

/**
 * hvb_pressure_room - how much may be ballooned
 * @available: pages that can be had without swapping, as MemAvailable says
 * @floor: pages that have to stay
 *
 * Return: pages.
 */
unsigned long hvb_pressure_room(unsigned long available, unsigned long floor)
{
	return available > floor ? available - floor : 0;
}

/**
 * hvb_pressure_committed - what the guest has promised to its programs
 * @committed: the kernel's own count (Committed_AS)
 * @ballooned: pages that are out; the programs' claim on them stays
 * @hot_added: pages that were hot-added
 * @onlined: of these, pages that the guest uses already
 * @floor: pages that the guest needs for itself
 *
 * Return: pages.
 */
unsigned long hvb_pressure_committed(unsigned long committed,
				     unsigned long ballooned,
				     unsigned long hot_added,
				     unsigned long onlined, unsigned long floor)
{
	unsigned long waiting = hot_added > onlined ? hot_added - onlined : 0;

	return committed + ballooned + waiting + floor;
}
