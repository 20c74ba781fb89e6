#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: throughput.sh INIT_ON_ALLOC
#
# How fast pages go out and come back: the time between the host's request and the
# guest's last answer, by the kernel's clock, so the host's part does not count.  M9 of
# docs/balloon.md.  The argument is what the kernel was started with; it is only
# printed.  Runs in the VM, beside a mock host with a dynamic-memory device.

TRACE=/sys/kernel/tracing
PAGES=200000

# seconds_between REQUEST ANSWER: message types, from the first to the last
seconds_between()
{
	awk -v from="to_guest type=$1 " -v to="to_host type=$2 " '
		/ dm_msg: / {
			match($0, /[0-9]+\.[0-9]+: dm_msg: /)
			now = substr($0, RSTART) + 0
			if (!start && index($0, from))
				start = now
			if (index($0, to))
				end = now
		}
		END { print end - start }' $TRACE/trace
}

# timed REQUEST ANSWER COMMAND...
timed()
{
	types="$1 $2"
	shift 2
	: >$TRACE/trace
	dxg-mock-ctl "$@" >/dev/null && dxg-mock-ctl dm wait-idle 120 >/dev/null ||
		exit 1
	# shellcheck disable=SC2086 # two numbers
	seconds_between $types
}

modprobe hv_balloon_reclaim dm=1 report=off reclaim=off pressure_delay_s=3600 &&
	dxg-mock-ctl dm wait-running >/dev/null || exit 1
echo 1 >$TRACE/events/hv_balloon_reclaim/dm_msg/enable
for _ in 1 2 3; do
	echo "$(timed 6 7 dm balloon $PAGES) $(timed 8 9 dm unballoon all merged)"
done | awk -v pages=$PAGES -v zero="$1" '
	NR == 1 || $1 < out { out = $1 }
	NR == 1 || $2 < back { back = $2 }
	END {
		if (!out || !back)
			exit 1
		gib = pages / 262144
		printf "M9 init_on_alloc=%s: ballooned %.2f GiB/s, returned %.2f GiB/s (best of %d, emulated)\n", \
			zero, gib / out, gib / back, NR
	}' &&
	rmmod hv_balloon_reclaim
