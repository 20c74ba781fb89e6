#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Free-page reporting against the mock host: what it is told, byte by byte, and
# what a host may answer.  F and X are the numbers of the functional and fault
# cases, I those of the invariants in docs/balloon.md.  Runs in the VM.
# shellcheck disable=SC2317 # functions called by name

# shellcheck source=tests/balloon/lib.sh
. ./lib.sh

ORDER_FILE=/sys/module/page_reporting/parameters/page_reporting_order
order_before=$(cat $ORDER_FILE)

# load_reporting PARAMETER...: without the loop; "force" makes the module load at
# all without Hyper-V, then it depends on the host as everywhere
load_reporting()
{
	load_silent "$@"
	parameter report auto
}

# load_silent PARAMETER...: nothing is reported before the test says so (the kernel's
# own first pass comes after two seconds), and what was asked of the machine itself
# before the mock host came is forgotten
load_silent()
{
	churn 300
	modprobe hv_balloon_reclaim reclaim=off report=force period_ms=100 kick_ms=0 "$@"
	parameter report off
	wait_until 10 owner_is none
	modprobe mock_hint
	parameter kick_ms 20
	trigger reset
}

# at least N percent of the free memory is known as free to the host
host_knows_pct()
{
	[ $(($(hint discarded) * 4 * 100)) -ge $(($(meminfo MemFree) * $1)) ]
}

# Words of the last input pages that no host would accept: block sizes other than
# 128 KiB to 1 MiB in 4 KiB units and 2 or 4 MiB in 2 MiB units, or not aligned.
# $1: smallest order, $2: the first call to look at.
bad_words()
{
	hint input | sed -n "$2,\$p" | awk -v order="$1" '
		function nibble(c) { return index("0123456789abcdef", c) - 1 }
		function bad(w,    low, d4, d5, d6) {
			low = substr(w, 14)
			d4 = nibble(substr(w, 13, 1))
			d5 = nibble(substr(w, 12, 1))
			d6 = nibble(substr(w, 11, 1))
			if (d4)
				return 1
			if (low == "800") return d5 || d6 % 2
			if (low == "801") return d5 || d6 % 4
			if (order >= 9) return 1
			if (low == "01f") return d5 % 2
			if (low == "03f") return d5 % 4
			if (low == "07f") return d5 % 8
			if (low == "0ff") return d5
			return 1
		}
		{
			n = NF - 2
			if ($1 != sprintf("%08x00008003", n) || n < 1 || n > 32)
				{ print "control " $1; next }
			if ($2 != "0000000000000002")
				print "type " $2
			for (i = 3; i <= NF; i++)
				if (bad($i))
					print "word " $i
		}'
}

no_bit()
{
	load_silent
	# what this host is told the next one would not hear again
	parameter kick_ms 0
	echo 0 >$HINT/caps
	parameter report auto
	wait_until 5 owner_is unsupported
	result 'F13 without the capability the slot is left alone' $?
	is 'F13 and the host is told nothing' "$(hint calls)" 0
	echo 0x100 >$HINT/caps
	parameter report auto
	wait_until 5 owner_is self
	result 'the capability is enough' $?
	unload
}

calls_agree() { [ "$(hint calls)" = "$(hvb report_calls)" ]; }

everything_once()
{
	churn 400
	load_reporting
	wait_until 20 host_knows_pct 85
	result 'F14 the host learns what is free' $?
	echo "# $(hint discarded) of $(($(meminfo MemFree) / 4)) pages, $(hvb report_calls) calls, $(hvb report_kicks) passes started"
	is 'F16 the smallest block is 128 KiB' "$(hvb report_order)" 5
	is 'F15 every word is a range that hosts know' "$(bad_words 5 1)" ''
	wait_until 10 calls_agree
	result 'all hypercalls are counted' $?
	true_that 'passes are started early' "$(hvb report_kicks)" -gt 0

	before=$(hint discarded)
	# part of it is memory that was free and too scattered to be reported
	use 768
	true_that 'what the guest uses is the host'"'"'s business again' \
		"$(hint discarded)" -lt $((before - 400 * 256))
	umount /tmp/churn
	wait_until 20 host_knows_pct 85
	result 'what is freed is reported again' $?
	is 'I3 I4 nothing in use, outside of memory or twice was reported' \
		"$(hint mistakes)" 0
	unload
	# some kernels have a value for "unset" that cannot be written
	order_after=$(cat $ORDER_FILE)
	[ "$order_after" != 9 ] || [ "$order_before" -le 10 ] 2>/dev/null ||
		order_after=$order_before
	is 'the framework has its own order again' "$order_after" "$order_before"
}

order_is() { [ "$(hvb report_order)" = "$1" ]; }
# 9 is also what some kernels have before anybody sets an order
downgraded() { order_is 9 && [ "$(hvb report_downgrades)" != 0 ]; }

only_large_blocks()
{
	dmesg -c >/dev/null
	load_silent
	echo "5 1" >$HINT/status
	parameter report auto
	wait_until 10 downgraded
	result 'F16 a host that refuses small blocks gets 2 MiB blocks' $?
	is 'F16 counted once' "$(hvb report_downgrades)" 1
	wait_until 20 counter_over reported_bytes $((200 * MIB))
	result 'F16 which it takes' $?
	is 'F15 in 2 MiB units' "$(bad_words 9 2)" ''
	is 'F16 said once' "$(dmesg | grep -c 'refused a hint')" 1
	echo "5 3" >$HINT/status
	churn 300
	wait_until 20 owner_is none
	result 'B.5 refused 2 MiB blocks are strikes, three end it' $?
	unload
}

# "none" was the owner before, too
refused_and_owner_is() { dmesg | grep -q 'refused a hint' && owner_is "$1"; }

# refusal STATUS TITLE: the host refuses everything with this
refusal()
{
	load_silent
	echo "$1" >$HINT/status
	dmesg -c >/dev/null
	parameter report auto
	wait_until 20 refused_and_owner_is "$2"
	result "X16 status $1: the slot is given up ($2)" $?
	is "X17 one line in the log" "$(dmesg | grep -c 'refused a hint')" 1
	is "nothing counts as reported" "$(hvb reported_bytes)" 0
	echo 0 >$HINT/status
	parameter report auto
	wait_until 20 owner_is self
	result 'and taken again when the administrator asks' $?
	unload
}

short_of_memory()
{
	load_silent
	echo "11 2" >$HINT/status
	parameter report auto
	wait_until 10 counter_over report_fail 0
	result 'X16 a host short of memory' $?
	is 'keeps us registered' "$(hvb report_owner)" self
	wait_until 20 counter_over reported_bytes $((200 * MIB))
	result 'and is asked again later' $?
	unload
}

slow_and_partial()
{
	load_silent
	echo 5 >$HINT/reps
	echo 50 >$HINT/delay_ms
	parameter report auto
	wait_until 30 counter_over reported_bytes $((8 * MIB))
	result 'X16 a call that does part of its ranges goes on from there' $?
	is 'no failure' "$(hvb report_fail)" 0
	is 'I3 I4 every range once, in order' "$(hint mistakes)" 0
	rmmod mock_hint && rmmod hv_balloon_reclaim
	result 'X11 unload in the middle of a pass' $?
}

slot_taken()
{
	modprobe mock_reporter
	load_reporting
	wait_until 5 owner_is other
	result 'X18 a taken slot is no error' $?
	is 'and nothing is reported by us' "$(hint calls)" 0
	trigger report 2>/dev/null
	true_that 'nor can we be told to' $? -ne 0
	rmmod mock_reporter
	wait_until 20 owner_is self
	result 'X18 taken over when it becomes free' $?
	! modprobe mock_reporter 2>/dev/null
	result 'then nobody else gets it' $?
	parameter report off
	wait_until 5 owner_is none
	result 'switched off the slot is free' $?
	modprobe mock_reporter && rmmod mock_reporter
	result 'for others' $?
	unload
}

explicit_order()
{
	load_reporting report_order=7
	wait_until 10 owner_is self
	is 'an order that was asked for' "$(hvb report_order)" 7
	parameter report_order 9
	wait_until 10 order_is 9
	result 'can be changed' $?
	for bad in 11 -1 x ''; do
		! parameter report_order "$bad" 2>/dev/null
		result "but not to \"$bad\"" $?
	done
	! parameter report maybe 2>/dev/null
	result 'nor the switch to nonsense' $?
	unload
}

no_bit
everything_once
only_large_blocks
for status in 2 3 4 6 8; do
	refusal $status unsupported
done
refusal 65535 none
short_of_memory
slow_and_partial
slot_taken
explicit_order
plan_is_done
