#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# usage: load-unload.sh CYCLES
#
# Runs in the VM with a mock host, whose devices the driver finds at each load and
# gives back at each unload.  Memory that is lost on the way is found by kmemleak
# (slab, vmalloc) and by the counts here (pages, mappings, host objects).

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

# Kernel memory that only a driver holds on to.
mappings()
{
	grep -c -e vmap -e ioremap /proc/vmallocinfo
}

echo 'TAP version 13'
echo '1..4'

exec 3</dev/dxg
! rmmod dxgkrnl 2>/tmp/refused
result 'unload is refused while a process has the device open' $?
exec 3<&-
sed 's/^/# /' /tmp/refused

repeat 5
before=$(mappings)
repeat "$cycles"
result "$cycles cycles of unload and load" $?

[ "$(mappings)" = "$before" ]
result 'as many kernel mappings as before' $?

dxgctl list
result 'the adapter works after the last load' $?
exit $failed
