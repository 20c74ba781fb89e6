# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The judge of kernel logs: decides whether a boot was clean.  Sourced.
# It errs on the side of failing: a harmless line that looks like a report gets
# an entry in JUDGE_HARMLESS, with its reason.

# Words of reports: generic, memory, locking, scheduling, data structures, mock.
JUDGE_REPORTS=(
	'BUG:' 'kernel BUG at' 'WARNING:' 'Oops' 'Kernel panic' 'Call Trace'
	'general protection fault' 'unable to handle' 'Internal error'
	'KASAN:' 'KFENCE:' 'KCSAN:' 'UBSAN:' 'unreferenced object'
	'kmemleak: [1-9][0-9]* new suspected' 'usercopy:' 'double.free'
	'possible (circular|recursive) locking' 'possible deadlock'
	'inconsistent lock state' 'lock order' 'non-static key'
	'suspicious RCU usage' 'Disabling lock debugging' 'held lock freed'
	'INFO: task .* blocked' 'INFO: rcu' 'rcu: .*stall' 'soft lockup'
	'hard LOCKUP' 'workqueue lockup' 'scheduling while atomic'
	'sleeping function called' 'ODEBUG:' 'refcount_t:'
	'list_(add|del) corruption' 'Bad page' 'Bad rss' 'VFS: Busy inodes'
	'cannot create duplicate filename' 'kobject_add_internal failed'
	'Out of memory: Killed' 'GUEST BUG'
)

# Lines of a healthy boot that contain such words.
JUDGE_HARMLESS=(
	'Spectre V2 : WARNING:'			# says which mitigation the CPU lacks
	'mtrr: .*inconsistent'			# the firmware of QEMU
)

# Taints that our modules cause by being ours: out of tree, unsigned, and the one
# that a KUnit run leaves.
JUDGE_TAINT_ALLOWED=$((1 << 12 | 1 << 13 | 1 << 18))

alternatives()
{
	local IFS='|'

	printf '%s' "$*"
}

# What the kernel itself says where a test lets allocations fail, or memory run out, on
# purpose, and says so in the log, is no finding: a directory that cannot be made, the
# stack that is dumped right behind the message of a cache that cannot, and the words
# of the OOM killer.
without_provoked_reports()
{
	awk '/e2e: allocations fail now/ { injected = 1 }
		/e2e: allocations fail no more/ { injected = 0 }
		injected && /kobject_add_internal failed .*error: -12/ { next }
		injected && /kmem_cache_create[a-z_]*\(.*\) failed with error -(12|22)\r?$/ { left = 6 }
		left-- > 0 && /Call Trace/ { left = 0; next }
		/test: memory runs out now/ { exhausted = 1 }
		/test: memory runs out no more/ { exhausted = oom = 0 }
		exhausted && /invoked oom-killer/ { oom = 1 }
		oom && /Call Trace/ { oom = 0; next }
		exhausted && /Out of memory: Killed/ { next }
		{ print }' "$1"
}

# judge_log FILE: print the lines that must not be there, each once; fails if
# there are any.
judge_log()
{
	local found

	found=$(without_provoked_reports "$1" |
		grep -a -E -e "$(alternatives "${JUDGE_REPORTS[@]}")" |
		grep -a -v -E -e "$(alternatives "${JUDGE_HARMLESS[@]}")" |
		sed 's/^\(<[0-9]*>\)\{0,1\}\[ *[0-9.]*\]\(\[.*[TC][0-9]*\]\)\{0,1\} *//' |
		tr -d '\r' | awk '!seen[$0]++' | head -n 20) || true
	[[ -z $found ]] || { printf '%s\n' "$found"; return 1; }
}

# judge_taint VALUE: the same for /proc/sys/kernel/tainted.
judge_taint()
{
	local unexpected=$(($1 & ~JUDGE_TAINT_ALLOWED)) bit

	((unexpected)) || return 0
	for ((bit = 0; bit < 32; bit++)); do
		((!(unexpected >> bit & 1))) ||
			printf 'kernel tainted: bit %d (Documentation/admin-guide/tainted-kernels)\n' "$bit"
	done
	return 1
}

# judge_boot DIRECTORY CONSOLE DMESG: everything that can be wrong with a boot
# whose results were unpacked to DIRECTORY.  The console has what a dying kernel
# could still say, dmesg all levels.  Prints the findings; fails if any.
judge_boot()
{
	local out=$1 console=$2 dmesg=$3 bad=0 status

	if [[ -s $out/setup ]]; then
		sed 's/^/setup: /' "$out/setup"
		bad=1
	fi
	# a test may have cleared the one, or silenced the other
	judge_log "$dmesg" || bad=1
	((bad)) || judge_log "$console" || bad=1
	if [[ -e $out/tainted ]]; then
		judge_taint "$(<"$out/tainted")" || bad=1
	fi
	if [[ -s $out/leaks ]]; then
		cat "$out/leaks"
		bad=1
	fi
	if [[ -s $out/unload ]]; then
		sed 's/^/unload: /' "$out/unload"
		bad=1
	fi
	status=$(cat "$out/host-status" 2>/dev/null) || status=0
	case $status in
	0 | 137 | 143)
		;;	# ended as asked, or killed by a test that is about that
	3)
		printf 'the guest left host objects behind:\n'
		tail -n 1 "$out/host.log"
		bad=1 ;;
	*)
		printf 'the mock host ended with status %s\n' "$status"
		bad=1 ;;
	esac
	return "$bad"
}
