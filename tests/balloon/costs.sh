#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What hv_balloon_reclaim itself costs and how fast it is, as ratios where there is
# something to compare with.  The names M1, M2 ... are the metrics of
# docs/balloon.md.  Runs in the VM.

# shellcheck source=tests/balloon/lib.sh
. ./lib.sh

uptime_cs() { awk '{ print int($1 * 100) }' /proc/uptime; }

host_knows_pct()
{
	[ $(($(hint discarded) * 4 * 100)) -ge $(($(meminfo MemFree) * $1)) ]
}

# time_to_report KICK_MS: hundredths of a second until 75 % of what is free is known
time_to_report()
{
	churn_most
	modprobe hv_balloon_reclaim reclaim=off report=force kick_ms="$1"
	parameter report off
	modprobe mock_hint
	parameter report auto
	# nothing is reported before the framework's first two seconds without kicks
	start=$(uptime_cs)
	wait_until 90 host_knows_pct 75 || echo "# not in 90 s" >&2
	echo $(($(uptime_cs) - start))
	unload
}

# in percent of what is free
known_share() { echo $(($(hint discarded) * 400 / $(meminfo MemFree))); }

# Small hot files between large ones: free memory in pieces.  Prints the share of
# free memory that the host knows about when it grows no more, in percent: small
# pieces are left to the kernel's own passes, two seconds apart.
share_reported()
{
	forget_cache
	churn_most
	load report=force reclaim=force period_ms=500 cpu_pct=100 busy_pct=100 \
		psi_permille=1000 report_order="$1" compact="$2"
	parameter reclaim off
	dir=0
	while [ $dir -lt 40 ]; do
		read_files /mnt/small$dir/* /mnt/large$dir
		dir=$((dir + 1))
	done
	trigger now
	[ "$2" = off ] || trigger compact
	before=-1 share=$(known_share) rounds=0
	while [ "$share" -gt "$before" ] && [ $rounds -lt 12 ]; do
		sleep 10
		before=$share share=$(known_share) rounds=$((rounds + 1))
	done
	echo "$share"
	unload
}

make_disk 1700 || exit 1
dir=0
while [ $dir -lt 40 ]; do
	mkdir /mnt/small$dir
	file=0
	while [ $file -lt 25 ]; do
		dd if=/dev/zero of=/mnt/small$dir/$file bs=20k count=1 2>/dev/null
		file=$((file + 1))
	done
	make_file large$dir 20
	dir=$((dir + 1))
done
forget_cache

kicked=$(time_to_report 20)
timer=$(time_to_report 0)
echo "M1 75 % of free memory reported: kicked $kicked, kernel's timer $timer (1/100 s), $((timer / (kicked > 0 ? kicked : 1))) times as fast"

make_file cold 700 || exit 1
forget_cache
load report=force reclaim=force psi_permille=1000
parameter reclaim off
read_files /mnt/cold
trigger reset
trigger now
reclaimed=$(($(hvb reclaimed_bytes) / MIB)) cpu=$(hvb cpu_ms)
echo "M2 CPU: $((cpu * 1024 / reclaimed)) ms per GiB reclaimed ($reclaimed MiB, $cpu ms, emulated)"
trigger reset
parameter reclaim force
sleep 30
echo "M10 CPU with nothing to do: $(hvb cpu_ms) ms in 30 s"
unload

for order in 5 9; do
	for compact in off auto; do
		echo "M7 share of free memory reported, order $order, compaction $compact: $(share_reported $order $compact) %"
	done
done
