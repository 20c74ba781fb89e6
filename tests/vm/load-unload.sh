#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: load-unload.sh CYCLES
#
# Runs in the VM with a mock host, whose devices the driver finds at each load and
# gives back at each unload.  Memory that is lost on the way is found by kmemleak
# (slab, vmalloc) and by the counts here (pages, mappings, host objects).  Pages are
# counted on the distribution's kernel only: the debug kernel keeps freed memory.

cycles=$1 number=0 failed=0

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

cycle()
{
	rmmod dxgkrnl && modprobe dxgkrnl
}

# repeat COUNT: so many cycles; fails at the first that fails.
repeat()
{
	left=$1
	while [ "$left" -gt 0 ]; do
		cycle || return 1
		left=$((left - 1))
	done
}

# Kernel mappings (rings, windows) that exist now.
mappings()
{
	grep -c -e vmap -e ioremap /proc/vmallocinfo
}

# Memory in use that no cache can give back, in KiB.
used_memory()
{
	echo 3 >/proc/sys/vm/drop_caches
	# the kernel does not count as free what each CPU keeps at hand
	awk '/^KernelPageSize/ { page = $2 }
		/^MemTotal/ { total = $2 } /^MemFree/ { free = $2 }
		$1 == "count:" { free += $2 * page }
		END { print total - free }' \
		/proc/self/smaps /proc/meminfo /proc/zoneinfo
}

echo 'TAP version 13'
echo '1..5'

exec 3</dev/dxg
! rmmod dxgkrnl 2>/tmp/refused
result 'unload is refused while a process has the device open' $?
exec 3<&-
sed 's/^/# /' /tmp/refused

repeat 5
mappings_before=$(mappings)
memory_before=$(used_memory)
repeat "$cycles"
result "$cycles cycles of unload and load" $?

[ "$(mappings)" = "$mappings_before" ]
result 'as many kernel mappings as before' $?

# other memory comes and goes, so only a loss in every cycle can be told
if [ -e /sys/kernel/debug/kmemleak ]; then
	number=$((number + 1))
	echo "ok $number no memory is lost # SKIP KASAN keeps what was freed"
else
	lost=$(($(used_memory) - memory_before))
	[ $lost -lt $((cycles * 20)) ]
	result "no memory is lost (now $lost KiB more)" $?
fi

dxgctl list
result 'the adapter works after the last load' $?
exit $failed
