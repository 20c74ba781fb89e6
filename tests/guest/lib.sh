# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# For the steps of scripts/guest-test, inside the guest: cases as TAP, and what
# more than one step does.  The payload is in /run/guest.

PAYLOAD=/run/guest
KEPT=/var/lib/guest-test	# between boots
export STAND_IN=$KEPT/stand-in
export RELEASE
RELEASE=$(uname -r)
LOG=/run/guest.log
count=0 failed=0
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin
mkdir -p $KEPT

# result STATUS TITLE: a case; what it wrote to $LOG is shown if it failed.
result()
{
	count=$((count + 1))
	if [ "$1" = 0 ]; then
		echo "ok $count - $2 ($(cut -d. -f1 /proc/uptime) s)"
	else
		echo "not ok $count - $2"
		tail -n 40 $LOG | sed 's/^/# /'
		failed=1
	fi
}

# try TITLE COMMAND...
try()
{
	title=$1
	shift
	"$@" >$LOG 2>&1
	result $? "$title"
}

# refuse TITLE COMMAND...: the command has to fail
refuse()
{
	title=$1
	shift
	! "$@" >$LOG 2>&1
	result $? "$title"
}

finish()
{
	echo "1..$count"
	exit $failed
}

# eventually COMMAND...: what other processes do in their own time; the limit is
# for a machine that is very busy.
eventually()
{
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 600 ] || return 1
		sleep 0.2
	done
}

# dkms_installed RELEASE
dkms_installed()
{
	dkms status dxgkrnl
	dkms status dxgkrnl -k "$1" | grep -q ': installed'
}

# module_is_ours NAME RELEASE: from where DKMS puts it, packed like the kernel's.
module_is_ours()
{
	ours=$(modinfo -k "$2" -n "$1") || return 1
	theirs=$(modinfo -k "$2" -n ext4) || return 1
	echo "$ours $theirs"
	[ "${ours%"/$1.ko"*}" = "/lib/modules/$2/updates/dkms" ] &&
		[ "${ours##*.ko}" = "${theirs##*.ko}" ]
}

# The host comes up beside us; udev does what it does for any device.
start_mock()
{
	# nothing can be executed in /run
	cp $PAYLOAD/bin/dxg-mock-host $KEPT/ && modprobe mock_vmbus &&
		systemd-run --unit=dxg-mock-host $KEPT/dxg-mock-host \
			--ready-file /run/mock-ready &&
		eventually test -e /run/mock-ready
}

stop_mock()
{
	systemctl stop dxg-mock-host
	! systemctl is-failed dxg-mock-host
}

node_is_open()
{
	udevadm settle -t 60 && [ "$(stat -c %a /dev/dxg)" = 666 ]
}

# driver_came_by_itself: nobody here asked for dxgkrnl; udev did, by modalias.
driver_came_by_itself()
{
	eventually test -e /sys/module/dxgkrnl && node_is_open
}

as_tester()
{
	runuser -u tester -- "$@"
}

# lists_adapters COUNT
lists_adapters()
{
	dxgctl list --json
	[ "$(dxgctl list --json 2>/dev/null |
		python3 -c 'import json, sys; print(len(json.load(sys.stdin)["adapters"]))')" = "$1" ]
}

# doctor_names: names of its findings
doctor_names()
{
	gpu-pv-doctor --json | python3 -c 'import json, sys
print(" ".join(sorted(f["name"] for f in json.load(sys.stdin)["findings"])))'
}

# doctor_says NAME
doctor_says()
{
	doctor_names
	doctor_names | grep -qw -e "$1"
}

doctor_does_not_say()
{
	! doctor_says "$1"
}

# Files, units and modules of the system, without what lives and changes by itself.
system_files()
{
	find / -xdev \( -path /var/log -o -path /var/cache -o -path /var/tmp -o \
		-path /tmp -o -path /root -o -path /home -o -path $KEPT -o \
		-path /var/lib/systemd -o -path /var/lib/apt -o \
		-path /var/lib/dpkg -o -path /lost+found \) -prune -o -print | sort
}

# kernel_log_clean: no report of the kernel, as scripts/lib/judge.sh wants it.
kernel_log_clean()
{
	! dmesg | grep -E 'BUG:|WARNING:|Oops|Call Trace|GUEST BUG|general protection'
}
