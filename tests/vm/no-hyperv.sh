#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Runs in the VM without a mock host: a machine that has no Hyper-V.  The driver
# loads, /dev/dxg is there and has no adapters, and the log stays silent.

number=0 failed=0

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

echo 'TAP version 13'
echo '1..4'
[ -e /sys/module/dxgkrnl ]
result 'the module is loaded' $?

[ -c /dev/dxg ]
result '/dev/dxg is there' $?

# 4: the device works, and there is no adapter
dxgctl list >/tmp/list 2>&1
[ $? = 4 ]
result 'dxgctl list finds no adapter' $?
sed 's/^/# /' /tmp/list

# loading any module from outside of the kernel tree says these two lines
! dmesg | grep -i -e dxg -e mock | grep -v -e 'loading out-of-tree module' \
	-e 'module verification failed' >/tmp/noise
result 'the driver says nothing in the kernel log' $?
sed 's/^/# /' /tmp/noise
exit $failed
