# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# What the tests of hv_balloon_reclaim share; sourced in the VM (busybox sh).
# TAP, the module's files, the mock host's files, a real file system (ext4 on a
# zram disk, so that its data needs no memory) and zram swap.

HVB=/sys/kernel/hv_balloon_reclaim
HINT=/sys/kernel/debug/mock_hint
PARAMETERS=/sys/module/hv_balloon_reclaim/parameters
# shellcheck disable=SC2034 # for those who source this
MIB=1048576

number=0 failed=0
mkdir -p /mnt /tmp/churn /tmp/anon /tmp/v1

# result TITLE STATUS
result()
{
	number=$((number + 1))
	if [ "$2" = 0 ]; then
		echo "ok $number $1"
	else
		echo "not ok $number $1"
		failed=1
	fi
}

# is TITLE VALUE EXPECTED
is()
{
	[ "$2" = "$3" ]
	result "$1" $?
	[ "$2" = "$3" ] || echo "# it is \"$2\", not \"$3\""
}

# true_that TITLE TEST_ARGUMENT...: a comparison as of test(1)
true_that()
{
	title=$1
	shift
	[ "$@" ]
	result "$title" $?
	# shellcheck disable=SC2145 # words of a comparison
	[ "$@" ] || echo "# not so: $@"
}

plan_is_done()
{
	echo "1..$number"
	exit "$failed"
}

hvb() { cat "$HVB/$1"; }
hint() { cat "$HINT/$1"; }
parameter() { echo "$2" >"$PARAMETERS/$1"; }
trigger() { echo "$*" >"$HVB/trigger"; }

# vmstat NAME, meminfo NAME (in KiB)
vmstat() { awk -v name="$1" '$1 == name { print $2 }' /proc/vmstat; }
meminfo() { awk -v name="$1:" '$1 == name { print $2 }' /proc/meminfo; }

# stat_sum PREFIX: sum of the counters of /proc/vmstat that begin so
stat_sum()
{
	awk -v p="$1" 'index($1, p) == 1 { sum += $2 } END { print sum + 0 }' \
		/proc/vmstat
}

# page cache on the LRU lists, in MiB
file_mib()
{
	awk '/^(Active|Inactive)\(file\)/ { sum += $2 } END { print int(sum / 1024) }' \
		/proc/meminfo
}

# wait_until SECONDS COMMAND...: fails when it is not true in time; PATIENCE times
# as long where the kernel is that slow
wait_until()
{
	left=$(($1 * 10 * ${PATIENCE:-1}))
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 0.1
	done
}

state_is() { [ "$(hvb state)" = "$1" ]; }
owner_is() { [ "$(hvb report_owner)" = "$1" ]; }
counter_over() { [ "$(hvb "$1")" -gt "$2" ]; }
committed_mib() { echo $(($(hint committed) / 256)); }

# load PARAMETER...: the module and its host; fast unless told otherwise
load()
{
	modprobe hv_balloon_reclaim boot_delay_s=0 "$@" && modprobe mock_hint
}

unload()
{
	rmmod mock_hint
	rmmod hv_balloon_reclaim
}

# use MIB: so much memory, until "umount /tmp/churn"; in pages of 2 MiB with
# HUGE=always, for kernels that take long for each page
use()
{
	mount -t tmpfs -o "size=90%${HUGE:+,huge=$HUGE}" none /tmp/churn
	dd if=/dev/zero of=/tmp/churn/file bs=1M count="$1" 2>/dev/null
}

# churn MIB: use so much memory and free it again.  What the framework has marked
# as reported, for whomever, stays marked until then.
churn()
{
	use "$1"
	umount /tmp/churn
}

# All but an eighth of what is free, so that the next host hears of it anew.
churn_most()
{
	churn $(($(meminfo MemFree) * 7 / 8 / 1024))
}

# make_disk MIB: ext4 on /mnt; pages that are all alike cost zram nothing
make_disk()
{
	modprobe ext4
	modprobe zram num_devices=2
	echo "${1}M" >/sys/block/zram0/disksize
	mkfs.ext4 -q -O ^has_journal -E lazy_itable_init=0 /dev/zram0 &&
		mount -t ext4 -o noatime /dev/zram0 /mnt
}

# make_swap MIB
make_swap()
{
	echo "${1}M" >/sys/block/zram1/disksize
	mkswap /dev/zram1 >/dev/null && swapon /dev/zram1
}

# make_file NAME MIB: written, clean, and out of the page cache
make_file()
{
	dd if=/dev/zero of="/mnt/$1" bs=1M count="$2" conv=fsync 2>/dev/null
}

# make_small_files COUNT: of 16 KiB, in /mnt/small
make_small_files()
{
	mkdir -p /mnt/small
	awk -v count="$1" 'BEGIN {
		text = sprintf("%16384s", "")
		for (i = 0; i < count; i++) {
			name = "/mnt/small/" i
			printf "%s", text >name
			close(name)
		}
	}'
}

forget_cache()
{
	sync
	echo 3 >/proc/sys/vm/drop_caches
}

read_files()
{
	cat "$@" >/dev/null
}

# bytes read from the disk since it was made
disk_read_bytes()
{
	awk '{ print $3 * 512 }' /sys/block/zram0/stat
}

# work N: count to N
work()
{
	count=$1
	while [ "$count" -gt 0 ]; do
		count=$((count - 1))
	done
}

# One CPU is busy three tenths of the time.
begin_to_work()
{
	before=$(awk '{ print int($1 * 100) }' /proc/uptime)
	work 50000
	after=$(awk '{ print int($1 * 100) }' /proc/uptime)
	portion=$((150000 / (after - before)))
	while :; do
		work $portion
		sleep 0.07
	done &
	worker=$!
}

end_work()
{
	kill "$worker"
	wait "$worker"
}
