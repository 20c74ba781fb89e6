#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: policies.sh SECONDS POLICY...
#
# The same work under several policies: a hot file is read all the time, cold
# files were read once.  Prints a time series and a summary for each policy:
#	sample POLICY SECONDS HOST_MIB FILE_MIB REREAD_MIB FLOOR_MIB
#	summary POLICY NAME VALUE
# Time runs ten times as fast as by default (a tick is 0.5 s).  Policies:
#	ours	hv_balloon_reclaim
#	fixed	256 MiB at a time down to 128 MiB, as WSL's "gradual"
#	drop	drop_caches, once
#	none	2 MiB blocks, the kernel's own pace: hv_balloon alone
#	damon	DAMON_RECLAIM, where the kernel has it
# Runs in the VM.
# shellcheck disable=SC2317 # functions called by name

# shellcheck source=tests/balloon/lib.sh
. ./lib.sh

seconds=$1
shift

HOT=192
COLD=640
CGROUP=/tmp/cgroup

uptime_cs() { awk '{ print int($1 * 100) }' /proc/uptime; }

# Prints the time that reading the hot file takes, in 1/100 s.
time_hot()
{
	begin=$(uptime_cs)
	read_files /mnt/hot
	echo $(($(uptime_cs) - begin))
}

# --- policies: begin, and what they do at each sample -----------------------

begin_ours() { parameter reclaim force; }
each_ours() { :; }

begin_fixed() { ticks=0; }
each_fixed()
{
	ticks=$((ticks + 1))
	if [ $((ticks % 6)) = 1 ] && [ "$(file_mib)" -gt 128 ]; then
		echo "256M swappiness=0" >$CGROUP/memory.reclaim
	fi 2>/dev/null
}

begin_drop() { echo 3 >/proc/sys/vm/drop_caches; }
each_drop() { :; }

begin_none() { parameter kick_ms 0; parameter report_order 9; }
each_none() { :; }

DAMON=/sys/module/damon_reclaim/parameters
begin_damon()
{
	echo 1000000 >$DAMON/min_age
	echo 1000 >$DAMON/wmarks_high
	echo 999 >$DAMON/wmarks_mid
	echo 0 >$DAMON/wmarks_low
	echo Y >$DAMON/skip_anon
	echo Y >$DAMON/enabled
}
each_damon() { :; }
end_damon() { echo N >$DAMON/enabled; }

# ---------------------------------------------------------------------------

summary() { echo "summary $policy $1 $2"; }

# Fills the cache: all of it is backed by the host then.
prepare()
{
	forget_cache
	churn 900
	load report=force reclaim=force period_ms=500 cpu_pct=20 busy_pct=100 \
		psi_permille=1000 refault_permille_min=20
	parameter reclaim off
	wait_until 10 owner_is self
	read_files /mnt/cold /mnt/hot /mnt/hot
	hot_before=$(time_hot)
	host_before=$(committed_mib)
	file_before=$(file_mib)
	read_before=$(disk_read_bytes)
	swap=$(vmstat pswpout) stalls=$(stat_sum allocstall)
	refaults=$(vmstat workingset_refault_file)
	oom=$(vmstat oom_kill)
	trigger reset
}

sample()
{
	now=$(($(uptime_cs) - start))
	host=$(committed_mib) file=$(file_mib)
	reread=$((($(disk_read_bytes) - read_before) / MIB))
	floor=$(($(hvb floor_bytes) / MIB))
	[ "$host" -le "$peak" ] || peak=$host
	if [ -z "$returned_at" ] && [ $((host_before - host)) -ge $((COLD * 9 / 10)) ]; then
		returned_at=$now
	fi
	echo "sample $policy $now $host $file $reread $floor" |
		awk '{ $3 = sprintf("%.2f", $3 / 100); print }'
}

run_policy()
{
	policy=$1
	if [ "$policy" = damon ] && [ ! -e $DAMON/enabled ]; then
		return
	fi
	prepare
	start=$(uptime_cs) peak=0 returned_at='' reads=0 hot_sum=0 step=0
	sample
	"begin_$policy"
	while [ $(($(uptime_cs) - start)) -lt $((seconds * 100)) ]; do
		"each_$policy"
		step=$((step + 1))
		if [ $((step % 3)) = 0 ]; then
			hot_sum=$((hot_sum + $(time_hot)))
			reads=$((reads + 1))
		fi
		sample
		sleep 0.15
	done
	[ "$policy" != damon ] || end_damon
	summary returned_pct $(((file_before - file) * 100 / COLD))
	summary seconds_to_90_pct "$(echo "${returned_at:-0}" | awk '{ print $1 / 100 }')"
	summary host_mib_before "$host_before"
	summary host_mib_peak "$peak"
	summary host_mib_after "$host"
	summary reread_mib "$reread"
	summary refaults $(($(vmstat workingset_refault_file) - refaults))
	summary trips "$(hvb refault_trips)"
	summary hot_read_ms_before $((hot_before * 10))
	summary hot_read_ms $((hot_sum * 10 / (reads ? reads : 1)))
	summary swapped_pages $(($(vmstat pswpout) - swap))
	summary stalls $(($(stat_sum allocstall) - stalls))
	summary killed $(($(vmstat oom_kill) - oom))
	summary cpu_ms "$(hvb cpu_ms)"
	summary reclaimed_mib $(($(hvb reclaimed_bytes) / MIB))
	summary mistakes "$(hint mistakes)"
	unload
}

make_disk 1200 && make_file hot $HOT && make_file cold $COLD || exit 1
make_swap 400
mkdir -p $CGROUP && mount -t cgroup2 none $CGROUP || exit 1
for name; do
	run_policy "$name"
done
