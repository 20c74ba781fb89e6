#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: load-unload.sh CYCLES
#
# X22: the module goes away in every state it can be in, again and again, and
# nothing is left or lost.  Runs in the VM.
# shellcheck disable=SC2317 # functions called by name

# shellcheck source=tests/balloon/lib.sh
. ./lib.sh

cycles=$1
seed=1

# pick N: a number below N; the same sequence in every run
pick()
{
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	picked=$((seed / 65536 % $1))
}

# What may be under way when the module has to go.
activity()
{
	pick 8
	case $picked in
	0) ;;
	1) read_files /mnt/cold ;;
	2) trigger now 2>/dev/null & ;;
	3) trigger compact 2>/dev/null & ;;
	4) trigger report 2>/dev/null ;;
	5) parameter report off ;;
	6) parameter reclaim off ;;
	7) parameter report_order 9 ;;
	esac
}

# The host's answers in this cycle.
host_mood()
{
	pick 8
	case $picked in
	0) echo 5 1 ;;
	1) echo 11 ;;
	2) echo 2 ;;
	3) echo 65535 ;;
	*) echo 0 ;;
	esac >$HINT/status
	pick 3
	echo $((picked * 5)) >$HINT/delay_ms
}

pause()
{
	pick 4
	sleep 0.$((picked * 2))
}

cycle()
{
	pick 3
	case $picked in
	0) other=yes; modprobe mock_reporter ;;
	*) other= ;;
	esac
	load report=force reclaim=force period_ms=50 cpu_pct=100 || return 1
	host_mood
	pause
	activity
	pause
	rmmod mock_hint || return 1
	rmmod hv_balloon_reclaim || return 1
	[ -z "$other" ] || rmmod mock_reporter
	wait
}

used_memory()
{
	forget_cache
	# the kernel does not count as free what each CPU keeps at hand
	awk '/^KernelPageSize/ { page = $2 }
		/^MemTotal/ { total = $2 } /^MemFree/ { free = $2 }
		$1 == "count:" { free += $2 * page }
		END { print total - free }' \
		/proc/self/smaps /proc/meminfo /proc/zoneinfo
}

repeat()
{
	left=$1
	while [ "$left" -gt 0 ]; do
		cycle || return 1
		left=$((left - 1))
	done
}

make_disk 400 && make_file cold 200
repeat 5
result 'warm up' $?
mounts=$(cat /proc/mounts) total=$(meminfo MemTotal)
order=$(cat /sys/module/page_reporting/parameters/page_reporting_order)
used=$(used_memory)
repeat "$cycles"
result "X22 $cycles cycles of load and unload" $?
lost=$(($(used_memory) - used))
if [ -e /sys/kernel/debug/kmemleak ]; then
	echo "ok $((number += 1)) no memory is lost # SKIP KASAN keeps what was freed"
else
	true_that "no memory is lost (now $lost KiB more)" $lost -lt $((cycles * 20))
fi
is 'as much memory as before' "$(meminfo MemTotal)" "$total"
is 'the same mounts as before' "$(cat /proc/mounts)" "$mounts"
is 'the reporting framework as before' \
	"$(cat /sys/module/page_reporting/parameters/page_reporting_order)" "$order"
is 'no thread is left' "$(pidof hv_reclaim)" ''
plan_is_done
