# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Builds what goes into the VM, through the top-level Makefile.  Sourced after
# kernel.sh and select_kernel.
#	build/RELEASE/	modules, test flavour, for that kernel
#	build/RELEASE-coverage/	the same, counting what is executed, if HV_COVERAGE is set
#	build/bin/	programs; build/bin-aarch64/ for that machine (scripts/matrix)

programs_dir()
{
	case $KERNEL_ARCH in
	x86_64) printf '%s\n' "$HV_BUILD/bin" ;;
	*) printf '%s\n' "$HV_BUILD/bin-$KERNEL_ARCH" ;;
	esac
}

modules_dir()
{
	printf '%s\n' "$HV_BUILD/$KERNEL_RELEASE${HV_COVERAGE:+-coverage}"
}

build_modules()
{
	local log=$HV_BUILD/log/modules-$KERNEL_RELEASE.log

	need_build_packages
	rm -f "$log"
	quietly "$log" make -C "$HV_ROOT" -j"$HV_JOBS" test-modules \
		KDIR="$KERNEL_KDIR" OUT="$(modules_dir)" \
		BUILDFLAGS="${HV_COVERAGE:+GCOV_PROFILE=y}"
}

build_programs()
{
	local log=$HV_BUILD/log/programs.log

	# other machines' are built in a chroot: scripts/lib/suites.sh
	[[ $KERNEL_ARCH == x86_64 ]] || return 0
	need_build_packages
	rm -f "$log"
	quietly "$log" make -C "$HV_ROOT" -j"$HV_JOBS" programs OUT="$HV_BUILD/bin"
}

build_for_vm()
{
	with_lock build build_modules
	with_lock build build_programs
}
