#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# First process of the throw-away VM (busybox sh).  Loads the modules, starts the
# mock host, runs the command, tears down again, and hands everything over:
#	CONSOLE	kernel log and the few words of this script
#	OUTPUT	output of the command, nothing else
#	RESULTS	one tar archive with the results (made in /run/vm/out)
# It does not judge: scripts/lib/judge.sh does, outside the VM.
#
# /etc/vm/conf sets: MODULES HOST HOST_ARGS TIMEOUT KMEMLEAK UNLOAD SHELL_WANTED
# and the three serial ports, which depend on the machine; /etc/vm/command is the
# command; /etc/vm/fetch names files to hand over.

export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM="${TERM:-vt100}"
OUT=/run/vm/out

say()
{
	echo "vm: $*" >/dev/kmsg
}

prepare()
{
	/bin/busybox mount -t proc proc /proc
	/bin/busybox --install -s /bin
	mount -t sysfs sysfs /sys
	mount -t devtmpfs devtmpfs /dev
	mkdir -p /dev/pts /dev/shm
	mount -t devpts devpts /dev/pts 2>/dev/null
	mount -t tmpfs tmpfs /dev/shm
	mount -t tmpfs tmpfs /run
	mount -t tmpfs tmpfs /tmp
	mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
	mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
	mkdir -p /run/vm $OUT/files
	ln -s /proc/self/fd /dev/fd
	hostname hv-guest

	echo 60 >/proc/sys/kernel/hung_task_timeout_secs
	# WARN_ONCE and ratelimits must not hide a second kind of report
	echo 0 >/proc/sys/kernel/printk_ratelimit
	# an injected failure is no finding, so its stack dump would be noise
	for verbose in /sys/kernel/debug/fail*/verbose; do
		[ ! -e "$verbose" ] || echo 0 >"$verbose"
	done
	# shellcheck disable=SC1091 # exists in the VM
	. /etc/vm/conf
	stty -F "$RESULTS" raw -echo
	[ -n "$SHELL_WANTED" ] || stty -F "$OUTPUT" raw -echo
}

# A command that is stuck is most often stuck in the kernel: show where.
dump_tasks()
{
	say "time is up; tasks in uninterruptible sleep"
	for task in /proc/[0-9]*/task/[0-9]*; do
		grep -q '^State:.D' "$task/status" 2>/dev/null || continue
		{
			echo "vm: task $(cat "$task/comm") ${task##*/}"
			cat "$task/stack"
		} >/dev/kmsg 2>/dev/null
	done
}

# within SECONDS FUNCTION: fails when it takes longer (what it started goes on).
within()
{
	rm -f /run/vm/done
	mkfifo /run/vm/done
	(
		"$2"
		echo >/run/vm/done
	) &
	# shellcheck disable=SC3045 # busybox has read -t
	read -r -t "$1" _ <>/run/vm/done && return
	dump_tasks
	return 1
}

load_modules()
{
	for module in $MODULES; do
		modprobe "$module" 2>>$OUT/setup || say "modprobe $module failed"
	done
}

# The host is ready when the guest has seen all devices it offers.
start_host()
{
	(
		# shellcheck disable=SC2086 # arguments, split on purpose
		setsid dxg-mock-host --ready-file /run/vm/host-ready $HOST_ARGS &
		echo $! >/run/vm/host-pid
		wait $!
		echo $? >$OUT/host-status
	) >$OUT/host.log 2>&1 </dev/null &

	tries=0
	until [ -e /run/vm/host-ready ]; do
		tries=$((tries + 1))
		if [ -e $OUT/host-status ] || [ $tries -ge 600 ]; then
			echo "the mock host did not become ready" >>$OUT/setup
			return
		fi
		sleep 0.1
	done
}

# Ends with "no host object left" in its log, or with status 3.
stop_host()
{
	[ ! -e $OUT/host-status ] || return
	kill -TERM "$(cat /run/vm/host-pid)"
	tries=0
	until [ -e $OUT/host-status ]; do
		tries=$((tries + 1))
		if [ $tries -ge 300 ]; then
			echo "the mock host does not end" >>$OUT/unload
			return
		fi
		sleep 0.1
	done
}

run_command()
{
	cd /root || exit 1
	if [ -n "$SHELL_WANTED" ]; then
		# shellcheck disable=SC2094 # a terminal
		setsid cttyhack sh -l <"$OUTPUT" >"$OUTPUT" 2>&1
	else
		setsid sh /etc/vm/command </dev/null >"$OUTPUT" 2>&1
	fi
	echo $? >$OUT/status
}

# Remove our modules, whatever the command loaded on top of them.
unload_modules()
{
	left=yes
	while [ -n "$left" ]; do
		left=
		for file in /lib/modules/*/updates/dkms/*.ko; do
			name=$(basename "$file" .ko | tr - _)
			[ "$(cat "/sys/module/$name/refcnt" 2>/dev/null)" = 0 ] || continue
			rmmod "$name" 2>>$OUT/unload && left=again
		done
	done
	for file in /lib/modules/*/updates/dkms/*.ko; do
		name=$(basename "$file" .ko | tr - _)
		[ ! -e "/sys/module/$name" ] ||
			echo "$name is still loaded" >>$OUT/unload
	done
}

# An object is reported from its fifth second on and, as the scan may have
# missed a pointer in flight, only believed the second time.
find_leaks()
{
	leaks=/sys/kernel/debug/kmemleak
	sleep 6
	echo scan >$leaks
	sleep 6
	echo scan >$leaks
	cat $leaks >$OUT/leaks
}

tear_down()
{
	[ -z "$HOST" ] || stop_host
	[ -z "$UNLOAD" ] || unload_modules
	[ -z "$KMEMLEAK" ] || find_leaks
}

hand_over()
{
	cat /proc/sys/kernel/tainted >$OUT/tainted
	while read -r file; do
		[ -e "$file" ] || continue
		mkdir -p "$OUT/files$(dirname "$file")"
		cp -a "$file" "$OUT/files$file"
	done </etc/vm/fetch
	cat /proc/uptime >$OUT/uptime
	dmesg >$OUT/dmesg
	: >/run/vm/complete
	tar -C /run/vm -c -z -f - out complete >"$RESULTS"
}

prepare
# A report from before any of our code ran says nothing about our code, and it
# switches lock debugging off: the caller boots again.
if [ "$(cat /proc/sys/kernel/tainted)" != 0 ]; then
	echo 'vm: the kernel was tainted before our start' >"$CONSOLE"
	poweroff -f
fi
echo 'vm: our start' >"$CONSOLE"
within 60 load_modules || echo "loading the modules does not end" >>$OUT/setup
[ -z "$HOST" ] || start_host
if [ ! -s $OUT/setup ]; then
	within "$TIMEOUT" run_command || echo "$TIMEOUT" >$OUT/timeout
fi
if [ ! -e $OUT/timeout ]; then
	within 150 tear_down || echo "unloading does not end" >>$OUT/unload
fi
hand_over
poweroff -f
