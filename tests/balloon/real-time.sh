#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Scenario (a) at the pace of the default settings: nothing is faster than in real
# life but the end of the boot delay.  Emulated CPUs are busy as soon as the hot set
# is read, and wait for memory when part of it was taken; both are switched off.
# F, M and I are the numbers of docs/balloon.md.  Runs in the VM.

# shellcheck source=tests/balloon/scenario.sh
. ./scenario.sh

uptime_cs() { awk '{ print int($1 * 100) }' /proc/uptime; }

read_hot_thirty_times()
{
	reads=30
	while [ $reads -gt 0 ]; do
		read_files /mnt/hot
		reads=$((reads - 1))
	done
}

# time_hot COUNT: the shortest time of so many samples, in 1/100 s, in $shortest.  An
# emulated CPU that has to wait for a real one makes some of them longer.
time_hot()
{
	left=$1 shortest=999999
	while [ "$left" -gt 0 ]; do
		begin=$(uptime_cs)
		read_hot_thirty_times
		took=$(($(uptime_cs) - begin))
		[ $took -ge $shortest ] || shortest=$took
		left=$((left - 1))
	done
}

make_scenario
result 'a file system' $?
fill_cache
true_that 'hot and cold files are cached' "$cached" -ge $(((HOT + COLD) * 95 / 100))
time_hot 10
before=$shortest
note_counters
load report=force reclaim=force busy_pct=100 psi_permille=1000
use_hot_until_cold_is_gone 150 4
result 'F17 M3 nine tenths of the cold cache are returned in two and a half minutes' $?
trips=$(hvb refault_trips)
start=$(date +%s)
while [ $(($(date +%s) - start)) -lt 120 ]; do
	read_files /mnt/hot
	sleep 4
done
time_hot 10
echo "# reading the hot set thirty times took ${before}0 ms before, ${shortest}0 ms after"
true_that 'M6 the hot set is read as fast as before, within a tenth' \
	$((shortest * 10)) -le $((before * 11))
true_that 'F17 the cold cache stays away' "$(file_mib)" -le \
	$((HOT + (cached - HOT) / 10))
nothing_bad "in 120 s" "$trips"
unload
plan_is_done
