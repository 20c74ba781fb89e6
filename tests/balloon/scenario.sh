# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# Scenario (a): a hot set that is read all the time, and cold cache beside it, in
# large files and small ones, that was read once.  Sourced in the VM (busybox sh).
# shellcheck disable=SC2034 # for those who source this

# shellcheck source=tests/balloon/lib.sh
. ./lib.sh

HOT=160
COLD=${COLD:-800}
FILES=${FILES:-1500}	# small ones, as well as the large ones that make up COLD

make_scenario()
{
	make_disk 1500 && make_file hot $HOT && for part in 1 2 3 4; do
		make_file cold$part $((COLD / 4)) || return 1
	done && make_small_files "$FILES"
}

# What is hot has been read often before the cold is read once, and meanwhile.
fill_cache()
{
	forget_cache
	read_files /mnt/hot /mnt/hot /mnt/hot /mnt/hot /mnt/hot
	for part in 1 2 3 4; do
		read_files /mnt/cold$part
		read_files /mnt/hot
	done
	find /mnt/small -type f -exec cat {} + >/dev/null
	read_files /mnt/hot
	cached=$(file_mib)
}

# Nine tenths of what was cached beside the hot set.
cold_is_gone() { [ "$(file_mib)" -le $((HOT + (cached - HOT) / 10)) ]; }

# use_hot_until_cold_is_gone SECONDS PAUSE: the hot set is in use all the time; prints
# how long it took.  For PATIENCE, see wait_until.
use_hot_until_cold_is_gone()
{
	start=$(date +%s)
	while ! cold_is_gone; do
		[ $(($(date +%s) - start)) -lt $(($1 * ${PATIENCE:-1})) ] || return 1
		read_files /mnt/hot
		sleep "$2"
	done
	echo "# cold cache gone after $(($(date +%s) - start)) s"
}

# What must not have happened since the counters were noted.
note_counters()
{
	swap=$(vmstat pswpout) oom=$(vmstat oom_kill)
	stalls=$(stat_sum allocstall) read_before=$(disk_read_bytes)
}

# nothing_bad CASE TRIPS: since note_counters; so many trips before the steady state
nothing_bad()
{
	again=$((($(disk_read_bytes) - read_before) / MIB))
	echo "# $1: $again MiB read again, $(hvb refault_trips) trips, floor $(($(hvb floor_bytes) / MIB)) MiB, $(hvb cpu_ms) ms CPU"
	true_that "$1: at most 64 MiB are read again" $again -le 64
	true_that "$1: M5 at most two trips in steady state" \
		$(($(hvb refault_trips) - $2)) -le 2
	if [ "$(hvb swappiness_key)" = 1 ]; then
		is "$1: I7 M11 nothing was swapped out" "$(vmstat pswpout)" "$swap"
	fi
	is "$1: M11 nobody was killed" "$(vmstat oom_kill)" "$oom"
	is "$1: I8 no allocation had to wait" "$(stat_sum allocstall)" "$stalls"
	is "$1: I3 I4 the host saw no mistake" "$(hint mistakes)" 0
}
