#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the VM under Secure Boot, where the kernel enforces signatures: which of the module files
# in /root it takes.  TAP.

count=0 failed=0

# result STATUS TITLE
result()
{
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		sed 's/^/# /' /tmp/log
		failed=1
	fi
}

# takes FILE TITLE
takes()
{
	insmod "$1" >/tmp/log 2>&1
	result $? "$2"
}

# refuses FILE REASON TITLE: insmod gets EKEYREJECTED; the kernel says why, except
# when the signature is wrong.
refuses()
{
	dmesg -c >/dev/null
	! insmod "$1" >/tmp/log 2>&1 &&
		grep -q 'Key was rejected by service' /tmp/log &&
		dmesg | sed -n 's/.*Loading of \(.*\) is rejected/\1/p' |
		sort -u >/tmp/reason &&
		[ "$(cat /tmp/reason)" = "$2" ]
	result $? "$3"
}

dmesg | grep -q 'Secure boot enabled' && dmesg | grep -q 'Kernel is locked down'
result $? 'Secure Boot, and the kernel is locked down'
refuses unsigned.ko 'unsigned module' 'no signature'
refuses stranger.ko 'module with unavailable key' 'signature by a key it does not know'
refuses tampered.ko '' 'one byte changed after signing'
refuses truncated.ko 'unsigned module' 'signature cut off'
takes mock_vmbus.ko 'signed bus'
takes dxgkrnl.ko 'signed driver'
[ -c /dev/dxg ] && dxgctl list >/tmp/log 2>&1
[ $? = 4 ]
result $? 'the driver works'
# bit 13: an unsigned module was loaded
[ $(($(cat /proc/sys/kernel/tainted) & 8192)) = 0 ]
result $? 'the kernel is not tainted by a module without signature'
rmmod dxgkrnl mock_vmbus 2>/tmp/log
result $? 'both unload'
echo "1..$count"
exit $failed
