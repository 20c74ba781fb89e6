#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: reclaim.sh [SECTION]...
#
# The reclaim loop on a real file system with zram swap: what is taken, what is
# left alone, and what stops it.  F, X and I are the numbers of the functional
# cases, fault cases and invariants in docs/balloon.md.  Runs in the VM.
# shellcheck disable=SC2317 # functions called by name

# shellcheck source=tests/balloon/scenario.sh
. ./scenario.sh

# A tick of 250 ms makes all of the loop's times twenty times shorter.  Emulated
# CPUs are busy and wait for memory as soon as anything is read.
load_loop()
{
	load report=force reclaim=force period_ms=250 cpu_pct=50 busy_pct=100 \
		psi_permille=1000 "$@"
}

# Two minutes of the loop, with a tick of 250 ms: the hot set is still in use.
use_hot_in_steady_state()
{
	trips=$(hvb refault_trips)
	left=24
	while [ "$left" -gt 0 ]; do
		read_files /mnt/hot
		sleep 0.25
		left=$((left - 1))
	done
}

hot_and_cold()
{
	fill_cache
	true_that 'hot and cold files are cached' "$cached" -ge \
		$(((HOT + COLD) * 95 / 100))
	note_counters
	load_loop
	committed=$(committed_mib)
	use_hot_until_cold_is_gone 100 0.2
	result 'F17 nine tenths of the cold cache are returned' $?
	use_hot_in_steady_state
	true_that 'F17 and stay away' "$(file_mib)" -le \
		$((HOT + (cached - HOT) / 10))
	nothing_bad F17 "$trips"
	sleep 1
	true_that 'the host has that memory' "$(committed_mib)" -le \
		$((committed - COLD * 8 / 10))
	echo "# host: $committed MiB before, $(committed_mib) MiB now"
	true_that 'I6 the floor holds' "$(file_mib)" -ge 64
	unload
}

# C.4: a busy guest gives back as much, a hundredth at a time.
busy()
{
	fill_cache
	note_counters
	begin_to_work
	load_loop period_ms=50 busy_pct=10
	use_hot_until_cold_is_gone 200 0.2
	result 'M4 a busy guest returns nine tenths, too' $?
	use_hot_in_steady_state
	end_work
	true_that 'M4 in small steps' $(($(hvb reclaimed_bytes) / $(hvb requests))) \
		-le $((COLD * MIB / 50))
	nothing_bad M4 "$trips"
	unload
}

without_a_host()
{
	fill_cache
	load_loop period_ms=100
	parameter report off
	parameter reclaim auto
	wait_until 10 state_is hold:no-host
	result 'C.7 without anybody to return memory to it keeps still' $?
	trigger reset
	before=$(file_mib)
	sleep 1
	is 'C.7 no request is made' "$(hvb requests)" 0
	true_that 'C.7 the cache stays' "$(file_mib)" -ge $((before - 20))
	parameter report auto
	wait_until 10 counter_over reclaimed_bytes $((16 * MIB))
	result 'C.7 with a host it begins' $?
	parameter reclaim off
	wait_until 10 state_is off
	result 'switched off it stops' $?
	unload
}

# guard NAME PARAMETER...: holds the loop
guard()
{
	name=$1
	shift
	load_loop "$@"
	wait_until 10 state_is "hold:$name"
	result "guard: $name" $?
	is "guard: $name, no request" "$(hvb requests)" 0
	true_that "guard: $name, counted" \
		"$(awk -v n="$name" '$1 == n { print $2 }' "$HVB/holds")" -gt 0
	unload
}

guards()
{
	guard avail avail_min_mb=1000000
	guard boot boot_delay_s=100000

	# the kernel must not write it before we have looked
	forget_cache
	echo 90 >/proc/sys/vm/dirty_ratio
	echo 80 >/proc/sys/vm/dirty_background_ratio
	load_loop
	dd if=/dev/zero of=/mnt/dirty bs=1M count=300 2>/dev/null
	wait_until 5 state_is hold:dirty
	result 'guard: dirty' $?
	rm -f /mnt/dirty
	echo 20 >/proc/sys/vm/dirty_ratio
	echo 10 >/proc/sys/vm/dirty_background_ratio
	unload
}

kernel_says() { dmesg | grep -q "$1"; }

# Memory runs out, as the kernel does it when an administrator asks for that; the
# judge of the log is told that the words about it are wanted.
run_out_of_memory()
{
	echo '<4>test: memory runs out now' >/dev/kmsg
	sleep 1000 &
	victim=$!
	echo 1000 >"/proc/$victim/oom_score_adj"
	echo f >/proc/sysrq-trigger
	wait "$victim" 2>/dev/null
	killed=$?
	wait_until 10 kernel_says "Killed process $victim"
	echo '<4>test: memory runs out no more' >/dev/kmsg
	[ "$killed" = 137 ]
}

loop_is_on() { ! state_is off; }

# ... while the loop is at work, and while it is off: then it is no reason against
# what a user asks for later.
out_of_memory()
{
	if [ ! -e /proc/sysrq-trigger ]; then
		echo "ok $((number += 1)) guard: oom # SKIP no sysrq"
		return
	fi
	load_loop
	wait_until 10 loop_is_on
	run_out_of_memory
	result 'memory runs out' $?
	wait_until 10 state_is hold:oom
	result 'guard: oom' $?
	unload

	load_loop
	parameter reclaim off
	wait_until 10 state_is off
	run_out_of_memory
	fill_cache
	trigger now 100M
	result 'a request after memory ran out with the loop off' $?
	trigger reset
	parameter reclaim force
	wait_until 10 counter_over reclaimed_bytes $((16 * MIB))
	result 'nor does it hold the loop that is switched on later' $?
	unload
}

requests()
{
	load_loop
	parameter reclaim off
	wait_until 10 state_is off
	fill_cache
	before=$(file_mib)
	trigger now 100M
	result 'a user can ask for some' $?
	got=$((before - $(file_mib)))
	true_that 'and gets it' "$got" -ge 80
	true_that 'and not much more' "$got" -le 200
	swap=$(vmstat pswpout)
	trigger now 100T
	echo "# asked for 100 TiB: $(file_mib) MiB left"
	true_that 'X21 more than there is: the smallest floor is left' \
		"$(file_mib)" -ge 64
	true_that 'X21 the cache is gone' "$(file_mib)" -le 260
	is 'X20 nothing was swapped out' "$(vmstat pswpout)" "$swap"
	trigger compact
	is 'compaction' "$?/$(hvb compactions)" 0/1
	trigger report
	result 'a pass' $?
	for bad in now100 'now x' 'now 1' 'now -1' drop '' 'now 1Mx' \
		'now 111111111111111111111111111111111111111'; do
		! trigger "$bad" 2>/dev/null
		result "nonsense is refused: \"$bad\"" $?
	done
	trigger reset
	is 'counters begin anew' "$(hvb requests)/$(hvb reclaimed_bytes)" 0/0
	for file in "$HVB"/*; do
		[ "${file##*/}" = trigger ] || [ -n "$(cat "$file")" ] ||
			echo "# empty: $file"
	done >/tmp/empty
	is 'every file says something' "$(cat /tmp/empty)" ''
	unload
}

# hvmem and the example for Prometheus, against the module itself
tool()
{
	hvmem status 2>/tmp/error
	is 'hvmem says when the module is not loaded' "$?/$(cat /tmp/error)" \
		'3/hvmem: hv_balloon_reclaim is not loaded'
	load_loop
	parameter reclaim off
	wait_until 10 state_is off
	fill_cache
	is 'hvmem status' "$(hvmem status | head -n 1)" \
		'reclaim: off (switched off (parameter reclaim))'
	hvmem status --json | grep -q '"state": "off"'
	result 'hvmem status --json' $?
	returned=$(hvmem reclaim now 50M)
	case $returned in
	'returned '[4-9]?.?\ MiB) ok=0 ;;
	*) ok=1 ;;
	esac
	result "hvmem reclaim now ($returned)" "$ok"
	hvmem compact && hvmem report && hvmem watch -n 2 -i 0.1 >/dev/null
	result 'hvmem compact, report, watch' $?
	hvmem reclaim later 2>/dev/null
	is 'hvmem: wrong usage' $? 2
	mkdir -p /tmp/prom
	sh hvmem-textfile.sh /tmp/prom
	result 'the example for the textfile collector' $?
	grep -v '^#' /tmp/prom/hvmem.prom |
		grep -v -E '^hvmem_[a-z_]+(\{[a-z]+="[^"]*"\})? [0-9]+$' >/tmp/odd
	is 'writes what Prometheus reads' "$(cat /tmp/odd)" ''
	true_that 'and all of it' "$(grep -c '^# TYPE' /tmp/prom/hvmem.prom)" -ge 30
	is 'and nothing else' "$(find /tmp/prom -type f)" /tmp/prom/hvmem.prom
	hvmem reset
	is 'hvmem reset' "$(hvb reclaimed_bytes)" 0
	unload
}

# Where anonymous memory is spared only by care, as long as there is plenty of cache:
# down to the floor and four writes of inactive cache.
what_may_go_is_gone()
{
	if [ "$(hvb swappiness_key)" = 1 ]; then
		cold_is_gone
	else
		[ "$(file_mib)" -le $((HOT + 128 + 4 * 32 + 64)) ]
	fi
}

# 300 MiB of idle anonymous memory, and swap to which it could go
anonymous_memory()
{
	make_swap 600
	mount -t tmpfs -o size=90% none /tmp/anon
	dd if=/dev/zero of=/tmp/anon/file bs=1M count=300 2>/dev/null
	fill_cache
	swap=$(vmstat pswpout)
	load_loop cpu_pct=100
	wait_until 60 what_may_go_is_gone
	result 'X20 cold cache goes although there is swap' $?
	trigger now 100T 2>/dev/null
	if [ "$(hvb swappiness_key)" = 1 ]; then
		is 'I7 nothing was swapped out' "$(vmstat pswpout)" "$swap"
	else
		true_that 'X20 at most 64 pages were swapped out' \
			"$(vmstat pswpout)" -le $((swap + 64))
	fi
	unload
	umount /tmp/anon
	swapoff /dev/zram1
}

nolever() { [ "$(hvb lever)" = none ]; }
lever_back() { ! nolever; }

# The memory controller moves to a v1 hierarchy: only where the kernel has that.
controller_moves()
{
	load_loop period_ms=50
	wait_until 10 lever_back
	result 'the lever is there' $?
	if ! mount -t cgroup -o memory none /tmp/v1 2>/dev/null; then
		echo "ok $((number += 1)) X19 # SKIP no cgroup v1 for memory"
		unload
		return
	fi
	# there has to be something to reclaim, or nobody tries
	read_files /mnt/cold1
	trigger now 10M 2>/dev/null
	wait_until 10 nolever
	result 'X19 a lost lever is noticed' $?
	wait_until 10 state_is nolever
	result 'X19 and shown' $?
	umount /tmp/v1
	wait_until 60 lever_back
	result 'X19 found again' $?
	unload
}

freezer()
{
	load_loop period_ms=50
	fill_cache
	if ! echo freezer >/sys/power/pm_test 2>/dev/null; then
		echo "ok $((number += 1)) F18 # SKIP no test mode of suspend"
		unload
		return
	fi
	# the kernel spins so many seconds while all is frozen; five at first, which
	# its own watchdog takes for a lockup where the host has no CPU to spare
	echo 1 >/sys/module/suspend/parameters/pm_test_delay
	dmesg -c >/dev/null
	trigger now 2>/dev/null &
	awake=no
	! echo freeze >/sys/power/state || awake=yes
	is 'F18 thread and passes can be frozen in the middle' "$awake" yes
	wait
	echo none >/sys/power/pm_test
	frozen=$(dmesg | sed -n 's/.*remaining freezable tasks.*elapsed \([0-9]*\)\..*/\1/p')
	true_that 'F18 within a second' "${frozen:-99}" -lt "${PATIENCE:-1}"
	trigger now 10M
	result 'F18 and go on' $?
	unload
}


mounts=$(cat /proc/mounts)
total=$(meminfo MemTotal)
make_scenario
result 'a file system' $?
[ $# -gt 0 ] || set -- hot_and_cold busy without_a_host guards out_of_memory \
	requests tool anonymous_memory controller_moves freezer
for section; do
	began=$(date +%s)
	$section
	echo "# $section: $(($(date +%s) - began)) s"
done
umount /mnt
is 'no mount is left' "$(cat /proc/mounts)" "$mounts"
is 'no memory is lost' "$(meminfo MemTotal)" "$total"
plan_is_done
