#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: policies.sh SECONDS WORKLOAD POLICY...
#
# So many seconds for each policy, and at least twice as many samples: an emulated CPU
# that has to wait for a real one gets more time.
#
# The same work under several policies.  Prints a time series and a summary for
# each policy:
#	sample POLICY SECONDS HOST_MIB FILE_MIB REREAD_MIB FLOOR_MIB
#	summary POLICY NAME VALUE
# Time runs ten times as fast as by default (a tick is 0.5 s).  Workloads:
#	hot	a file is read all the time, others were read once
#	anon	the same, and 600 MiB of idle anonymous memory beside swap
#	zipf	a server: 40 files, the second half as popular as the first, the
#		third a third, and so on
# Policies:
#	ours	hv_balloon_reclaim
#	busy	the same, while one CPU is busy three tenths of the time
#	fixed	256 MiB at a time down to 128 MiB, as WSL's "gradual"
#	drop	drop_caches, once
#	none	2 MiB blocks, the kernel's own pace: hv_balloon alone
#	damon	what is not used for 1 s, by DAMON, where the kernel has it
# Runs in the VM.
# shellcheck disable=SC2317 # functions called by name

# shellcheck source=tests/balloon/lib.sh
. ./lib.sh

seconds=$1 workload=$2
shift 2

HOT=192
COLD=640
CGROUP=/tmp/cgroup

uptime_cs() { awk '{ print int($1 * 100) }' /proc/uptime; }

# time_of COMMAND...: in 1/100 s, in $took
time_of()
{
	begin=$(uptime_cs)
	"$@"
	took=$(($(uptime_cs) - begin))
}

# --- workloads: files, what fills the cache, what is done all the time -------

files_hot()
{
	make_file hot $HOT && make_file cold $COLD
}

# What is hot has been read often before the cold is read once.
fill_hot()
{
	read_files /mnt/hot /mnt/hot /mnt/hot /mnt/hot /mnt/hot
	read_files /mnt/cold
	read_files /mnt/hot
}

use_hot() { read_files /mnt/hot; }

files_anon() { files_hot; }

fill_anon()
{
	mount -t tmpfs -o size=90% none /tmp/anon
	dd if=/dev/zero of=/tmp/anon/file bs=1M count=600 2>/dev/null
	fill_hot
}

use_anon() { use_hot; }
end_anon() { umount /tmp/anon; }

files_zipf()
{
	for n in $(seq 40); do
		make_file "file$n" 20 || return 1
	done
	# the same order of reads for every policy
	awk 'BEGIN {
		srand(1)
		for (n = 1; n <= 40; n++)
			weight[n] = sum += 1 / n
		for (i = 0; i < 5000; i++) {
			r = rand() * sum
			for (n = 1; weight[n] < r; n++)
				;
			print "/mnt/file" n
		}
	}' >/tmp/reads
}

fill_zipf()
{
	read_files /mnt/file*
	served=0
	for n in $(seq 30); do
		use_zipf
	done
}

use_zipf()
{
	served=$((served + 10))
	# shellcheck disable=SC2046 # a list of files
	read_files $(sed -n "$((served - 9)),${served}p" /tmp/reads)
}

# --- policies: begin, and what they do at each sample -------------------------

begin_ours() { parameter reclaim force; }

begin_busy()
{
	begin_to_work
	parameter busy_pct 10
	parameter reclaim force
}

end_busy() { end_work; }

begin_fixed()
{
	ticks=0 no_swap=
	[ "$(hvb swappiness_key)" = 0 ] || no_swap=' swappiness=0'
}

each_fixed()
{
	ticks=$((ticks + 1))
	if [ $((ticks % 6)) = 1 ] && [ "$(file_mib)" -gt 128 ]; then
		echo "256M$no_swap" >$CGROUP/memory.reclaim
	fi 2>/dev/null
}

begin_drop() { echo 3 >/proc/sys/vm/drop_caches; }

begin_none()
{
	parameter kick_ms 0
	parameter report_order 9
}

DAMON=/sys/kernel/mm/damon/admin/kdamonds

# The largest piece of memory: first and last address.
largest_ram()
{
	largest=0
	while read -r range name; do
		[ "$name" = ': System RAM' ] || continue
		from=$((0x${range%-*})) to=$((0x${range#*-} + 1))
		[ $((to - from)) -gt $largest ] || continue
		largest=$((to - from)) found="$from $to"
	done </proc/iomem
	echo "$found"
}

# What DAMON_RECLAIM does, with its quota, ten times as fast.  Not by the module of
# this name, which in some kernels (6.12) loses its scheme as it applies it.
begin_damon()
{
	context=$DAMON/0/contexts/0
	scheme=$context/schemes/0
	echo 1 >$DAMON/nr_kdamonds
	echo 1 >$DAMON/0/contexts/nr_contexts
	echo paddr >$context/operations
	echo 1 >$context/targets/nr_targets
	echo 1 >$context/targets/0/regions/nr_regions
	# shellcheck disable=SC2046 # two addresses
	set -- $(largest_ram)
	echo "$1" >$context/targets/0/regions/0/start
	echo "$2" >$context/targets/0/regions/0/end
	echo 1 >$context/schemes/nr_schemes
	echo pageout >$scheme/action
	echo 4096 >$scheme/access_pattern/sz/min
	echo 18446744073709551615 >$scheme/access_pattern/sz/max
	echo 0 >$scheme/access_pattern/nr_accesses/max
	echo 10 >$scheme/access_pattern/age/min
	echo 4294967295 >$scheme/access_pattern/age/max
	echo 10 >$scheme/quotas/ms
	echo 134217728 >$scheme/quotas/bytes
	echo 100 >$scheme/quotas/reset_interval_ms
	echo 1 >$scheme/filters/nr_filters
	echo anon >$scheme/filters/0/type
	echo Y >$scheme/filters/0/matching
	echo on >$DAMON/0/state
}

end_damon()
{
	echo off >$DAMON/0/state
	echo 0 >$DAMON/nr_kdamonds
}

# call NAME: if there is such a function
call()
{
	! type "$1" >/dev/null 2>&1 || "$1"
}

# -----------------------------------------------------------------------------

summary() { echo "summary $policy $1 $2"; }

# Fills the cache: all of it is backed by the host then.
prepare()
{
	forget_cache
	churn_most
	load report=force reclaim=force period_ms=500 cpu_pct=20 busy_pct=100 \
		psi_permille=1000
	parameter reclaim off
	wait_until 10 owner_is self
	"fill_$workload"
	use_before=999999
	for n in 1 2 3 4 5; do
		time_of "use_$workload"
		[ "$took" -ge "$use_before" ] || use_before=$took
	done
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

time_is_left()
{
	[ $(($(uptime_cs) - start)) -lt $((seconds * 100)) ] ||
		[ "$step" -lt $((seconds * 2)) ]
}

half_is_over()
{
	[ "$now" -ge $((seconds * 50)) ] && [ "$step" -ge "$seconds" ]
}

# Works and looks until the time is over; the second half is the steady state.
work_and_look()
{
	start=$(uptime_cs) peak=0 returned_at='' step=0 use_after=999999
	steady_reread='' steady_trips=0
	sample
	call "begin_$policy"
	while time_is_left; do
		call "each_$policy"
		step=$((step + 1))
		if [ $((step % 3)) = 0 ]; then
			time_of "use_$workload"
			[ "$took" -ge "$use_after" ] || use_after=$took
		fi
		sample
		if [ -z "$steady_reread" ] && half_is_over; then
			steady_reread=$reread use_after=999999
			steady_trips=$(hvb refault_trips)
		fi
		sleep 0.15
	done
	call "end_$policy"
}

run_policy()
{
	policy=$1
	if [ "$policy" = damon ] && [ ! -e $DAMON ]; then
		return
	fi
	prepare
	work_and_look
	[ "$workload" = zipf ] ||
		summary returned_pct $(((file_before - file) * 100 / COLD))
	summary seconds_to_90_pct "$(echo "${returned_at:-0}" | awk '{ print $1 / 100 }')"
	summary host_mib_before "$host_before"
	summary host_mib_peak "$peak"
	summary host_mib_after "$host"
	summary reread_mib "$reread"
	summary reread_mib_steady $((reread - steady_reread))
	summary refaults $(($(vmstat workingset_refault_file) - refaults))
	summary trips "$(hvb refault_trips)"
	summary trips_steady $(($(hvb refault_trips) - steady_trips))
	summary use_ms_before $((use_before * 10))
	summary use_ms_after $((use_after * 10))
	summary swapped_pages $(($(vmstat pswpout) - swap))
	summary stalls $(($(stat_sum allocstall) - stalls))
	summary killed $(($(vmstat oom_kill) - oom))
	summary cpu_ms "$(hvb cpu_ms)"
	summary reclaimed_mib $(($(hvb reclaimed_bytes) / MIB))
	summary mistakes "$(hint mistakes)"
	call "end_$workload"
	unload
}

make_disk 1200 && "files_$workload" || exit 1
make_swap 400
mkdir -p $CGROUP && mount -t cgroup2 none $CGROUP || exit 1
for name; do
	run_policy "$name"
done
