# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The checks of scripts/check: the table and one function for each.  A check says
# what is wrong on its output and returns non-zero; when it prints TAP or KTAP,
# its cases are counted.  It runs in a subshell with "set -e".
#
# Kinds: static (nothing boots), stock (boots the distribution's kernel), debug
# (needs the debug kernel, so these come last: it is built meanwhile); "long"
# after the kind leaves the check to --long and --only.  A lane begins at the end of
# what needs no debug kernel: the longest stands there.
# shellcheck disable=SC2034 # read by scripts/check
CHECKS=(
	"layout|static|ABI and wire headers against their tables"
	"coverage|static|docs/coverage.md: nothing without a test, no test that is none"
	"shell|static|shellcheck on the scripts"
	"checkpatch|static|checkpatch --strict on all C files"
	"hostd-unit|static|unit tests of the mock host"
	"tools-unit|static|unit tests of the user tools"
	"w1-gcc|static|modules with gcc W=1, no warning"
	"sparse|static|modules under sparse, no warning"
	"w1-clang|static|modules with clang W=1, no warning"
	"doctor|static|gpu-pv-doctor against made-up guests"
	"dkms|static|what DKMS builds, and what it leaves alone"
	"balloon-select|static|the switch of the balloon against a made-up sysfs"
	"deb|static|Debian package: contents, lintian, same bytes twice"
	"matrix|stock|oldest and newest kernel of Debian's suites: W=1, boot, self test"
	"same-code|static|shipped and test flavour are the same code"
	"vm-judge|stock|scripts/vm notices kernel trouble"
	"vmbus|stock|self test of the mock bus"
	"no-hyperv|stock|no host at all: loads, lists nothing, is silent"
	"load-unload|stock|100 cycles of load and unload"
	"balloon-report|stock|free-page reporting, page by page"
	"balloon-reclaim|stock long|reclaim on ext4 and with zram swap"
	"balloon-unload|stock long|the balloon module goes away in every state"
	"hot-add|stock|memory that the host adds"
	"e2e-debian|stock|end-to-end tests, distribution's kernel"
	"e2e-debug|debug|a twelfth of most end-to-end programs under KASAN and lockdep"
	"e2e-debug-1|debug long|half of all end-to-end tests under KASAN and lockdep"
	"e2e-debug-2|debug long|the other half"
	"secure-boot|stock long|signed modules on a kernel that enforces signatures"
	"guest|stock long|the package in Debian guests: install, upgrade, purge"
	"kunit|debug|KUnit suites"
	"kunit-dm|debug|KUnit suites of dynamic memory"
	"balloon-report-debug|debug long|free-page reporting, hot-add under KASAN and lockdep"
	"balloon-reclaim-debug|debug long|reclaim under KASAN and lockdep"
	"vmbus-debug|debug long|self test of the mock bus under KASAN and lockdep"
	"e2e-leak|debug long|exits at every fourth row, then a search for leaked memory"
	"unload-leak|debug long|load and unload, then a search for leaked memory"
	"e2e-volume|stock long|what repeats itself, twenty times as often"
	"e2e-rows-debug|debug long|all variants of the sequence under KASAN and lockdep"
	"e2e-rows-leak|debug long|exits at each row, then a search for leaked memory"
	"balloon-real-time|stock long|reclaim with default settings, five minutes"
	"balloon-6-1|stock long|all of the balloon on the oldest kernel with a lever"
	"balloon-unload-long|stock long|the same, 200 times"
	"balloon-leak|debug long|the same, 20 times, then a search for leaked memory"
	"vm-judge-debug|debug long|scripts/vm notices KASAN, lockdep, leaks"
)

# Packages of all checks, to install them in one go.
need_check_packages()
{
	need_packages sparse shellcheck perl python3 libcmocka-dev clang lld llvm \
		dkms build-essential debhelper dh-dkms fakeroot lintian \
		mmdebstrap
}

# our_files PATTERN...: files of the tree, committed or not yet.
our_files()
{
	git -C "$HV_ROOT" ls-files -co --exclude-standard -- "$@" |
		while read -r file; do
			[[ ! -f $HV_ROOT/$file ]] || printf '%s\n' "$file"
		done
}

# --- static checks ----------------------------------------------------------

check_layout()
{
	need_packages python3
	stock_kernel
	KDIR=$KERNEL_KDIR "$HV_ROOT/tests/layout/run"
}

check_coverage()
{
	need_packages python3
	"$HV_LIB/coverage-doc.py" "$HV_ROOT" --check
}

check_shell()
{
	local files

	need_packages shellcheck
	cd "$HV_ROOT" || return 1
	mapfile -t files < <(our_files | xargs grep -l -E -m 1 \
		'^#!/bin/(ba)?sh|^# shellcheck shell=')
	# SC2317: functions that are called by name look unreachable
	shellcheck -x -e SC2317 "${files[@]}"
}

# Programs use the C library's types and helpers; the rest of the kernel's style is
# theirs, too.  The user ABI keeps its spelling.
USER_SPACE='^(mock/[a-z]*/test|mock/hostd|tools|tests/(e2e|layout|lib))/|^tests/bench/bench'
USER_SPACE_IGNORE=PREFER_KERNEL_TYPES,CAMELCASE,PREFER_DEFINED_ATTRIBUTE_MACRO
USER_SPACE_IGNORE+=,ARRAY_SIZE,BIT_MACRO,EMBEDDED_FUNCTION_NAME
ABI_IGNORE=CAMELCASE

# Findings about C that checkpatch cannot read, as regular expressions.
CHECKPATCH_ACCEPTED=(
	# TRACE_EVENT() is laid out as in the kernel's own trace headers
	'/trace\.h:[0-9]+: CHECK: (Lines should not end|Alignment should match)'
	# arguments that are names of fields and constants, not expressions
	'/ioctl_table\.[ch]:[0-9]+: CHECK: Macro argument'
	# iterators
	'/ioctl_description\.h:[0-9]+: CHECK: Macro argument reuse'
	# lists of names that are used by other macros
	'/(stats\.h|sysfs\.c):[0-9]+: (ERROR: Macros with complex|CHECK: Macro argument|WARNING: Argument)'
	# page flags whose functions the kernel makes with macros
	'/hv_balloon_reclaim/.*Avoid CamelCase: <__(Set|Clear)PageOffline>'
	# two words of a message; the name of a command, its number and its ioctl
	'/golden_object_test\.c:[0-9]+: ERROR: Macros with complex'
	# the type of a callback that changed between kernels
	'/compat\.h:[0-9]+: WARNING: do not add new typedefs'
)

# checkpatch FILE_LIST OPTION...: in an empty directory, or it leaves a file in
# the tree.  Fails on any finding that is not accepted.  Reading a file takes half
# a second, so what was clean under the same rules is not read again.
checkpatch()
{
	local list=$1 rules clean=$HV_CACHE/checkpatch-clean sums findings

	shift
	touch "$clean"
	rules=$({
		cat "$KERNEL_SOURCE/scripts/checkpatch.pl"
		printf '%s\n' "${CHECKPATCH_ACCEPTED[@]}"
	} | sha256sum | cut -c 1-16)
	# the name counts: rules differ between .c and .h, and by accepted findings
	sums=$(cd "$HV_ROOT" && xargs -r sha256sum <"$list" | sed "s|^|$rules $* |")
	sums=$(grep -v -x -F -f "$clean" <<<"$sums") || return 0
	findings=$(
		cd "$work" || exit
		printf '%s\n' "$sums" | sed "s|.* |$HV_ROOT/|" |
			xargs -r -P "$HV_JOBS" -n 10 \
				"$KERNEL_SOURCE/scripts/checkpatch.pl" --no-tree \
				--root="$KERNEL_SOURCE" --strict --terse --no-summary \
				"$@" -f |
			grep -v -E "$(printf '%s\n' "${CHECKPATCH_ACCEPTED[@]}")"
	) || true
	[[ -z $findings ]] || { printf '%s\n' "$findings"; return 1; }
	printf '%s\n' "$sums" >>"$clean"
}

check_checkpatch()
{
	local work='' bad=0

	need_packages perl
	kernel_source
	temporary_dir work
	our_files '*.c' '*.h' >"$work/all"
	grep -E "$USER_SPACE" "$work/all" >"$work/user" || true
	grep -E '^include/uapi/' "$work/all" >"$work/abi" || true
	grep -v -E -e "$USER_SPACE" -e '^include/uapi/' "$work/all" >"$work/kernel" || true
	checkpatch "$work/kernel" || bad=1
	checkpatch "$work/user" --ignore "$USER_SPACE_IGNORE" || bad=1
	checkpatch "$work/abi" --ignore "$ABI_IGNORE" || bad=1
	return "$bad"
}

# build_and_read TREE MAKE_ARGUMENT...: build all modules for $KERNEL_KDIR in
# build/static/TREE and fail on any warning about a file of ours.
build_and_read()
{
	local out=$HV_BUILD/static/$1 warnings

	shift
	mkdir -p "$out"
	make -C "$HV_ROOT" -j"$HV_JOBS" test-modules KDIR="$KERNEL_KDIR" \
		OUT="$out" "$@" 2>&1 | tee "$out/log" || return 1
	# kernel headers are not ours, nor is what modpost says without symbols
	warnings=$(grep -E '(warning|error):' "$out/log" |
		grep -v -E '^(\./|/usr/src/|include/|arch/|make)' |
		grep -v -F -e "$KERNEL_KDIR/" -e "$HV_CACHE/" -e 'modpost:') || true
	[[ -z $warnings ]] || { printf '%s\n' "$warnings"; return 1; }
}

# From nothing, as what is up to date is not compiled and shows no warning.
build_afresh()
{
	rm -rf "$HV_BUILD/static/$1"
	build_and_read "$@"
}

# One after the other with the next check, which uses the same tree.
check_w1_gcc()
{
	need_build_packages
	stock_kernel
	with_lock static-gcc build_afresh gcc W=1
}

# C=2 reads every source file, whether it is compiled again or not.
check_sparse()
{
	need_build_packages
	need_packages sparse
	stock_kernel
	with_lock static-gcc build_and_read gcc W=1 C=2
}

check_w1_clang()
{
	llvm_tree
	build_afresh clang LLVM=1 W=1 KBUILD_MODPOST_WARN=1
}

check_same_code()
{
	local module bad=0

	need_build_packages
	stock_kernel
	build_modules
	make -C "$HV_ROOT" -j"$HV_JOBS" shipped-modules KDIR="$KERNEL_KDIR" \
		OUT="$HV_BUILD/shipped/$KERNEL_RELEASE"
	for module in dxgkrnl hv_balloon_reclaim; do
		"$HV_LIB/same-code" \
			"$HV_BUILD/shipped/$KERNEL_RELEASE/$module.ko" \
			"$HV_BUILD/$KERNEL_RELEASE/$module.ko" || bad=1
	done
	return "$bad"
}

check_hostd_unit()
{
	need_build_packages
	need_packages libcmocka-dev
	CMOCKA_MESSAGE_OUTPUT=TAP make -C "$HV_ROOT/mock/hostd" -j"$HV_JOBS" check
}

check_tools_unit()
{
	need_build_packages
	need_packages libcmocka-dev
	CMOCKA_MESSAGE_OUTPUT=TAP make -C "$HV_ROOT/tools" -j"$HV_JOBS" check
}

# --- packaging ----------------------------------------------------------------

check_doctor()
{
	need_packages python3
	"$HV_ROOT/tests/packaging/doctor_test.py"
}

check_dkms()
{
	"$HV_ROOT/tests/packaging/dkms"
}

check_balloon_select()
{
	"$HV_ROOT/tests/packaging/balloon-select"
}

check_secure_boot()
{
	"$HV_ROOT/tests/secure-boot/run"
}

check_guest()
{
	"$HV_ROOT/scripts/guest-test"
}

check_deb()
{
	"$HV_ROOT/tests/packaging/deb"
}

# --- in the VM --------------------------------------------------------------

vm()
{
	"$HV_ROOT/scripts/vm" "$@"
}

check_vm_judge()
{
	"$HV_ROOT/tests/vm/run" debian
}

check_vm_judge_debug()
{
	"$HV_ROOT/tests/vm/run" debug
}

# mock_bus_test VM_ARGUMENT...
mock_bus_test()
{
	vm "$@" --no-host --modules 'mock_vmbus mock_echo' -- mock-vmbus-selftest
}

check_vmbus()
{
	mock_bus_test
}

check_vmbus_debug()
{
	mock_bus_test --kernel debug --timeout 600
}

# end_to_end_tests SLICE SEQUENCE_SLICE PROGRAMS VM_ARGUMENT...: every program, a
# pattern each, starts the mock host it needs.
end_to_end_tests()
{
	local slice=$1 sequence_slice=$2 programs=${3//[$'\n\t']/ }

	shift 3
	vm "$@" --no-host -- "status=0
		for name in $programs; do
			for program in /usr/bin/e2e-\${name}_test; do
				echo \"# \${program##*/}\"
				slice=$slice
				[ \${program##*/} != e2e-sequence_test ] ||
					slice=$sequence_slice
				began=\$(date +%s)
				E2E_SLICE=\$slice \$program || status=1
				echo \"# \${program##*/}: \$((\$(date +%s) - began)) s\"
			done
		done
		exit \$status"
}

check_e2e_debian()
{
	end_to_end_tests 0/1 0/1 '\*' --timeout 1800
}

# Each variant of the sequence at every sixteenth row, and at every third one in the
# two halves below: as 34 is no multiple of either, the rows change from variant to
# variant.
check_e2e_debug()
{
	end_to_end_tests 0/12 0/16 'argument concurrency errno escape event_signal
		existing_memory fault_injection full_ring handle lifecycle limits
		mapping native_fence order query sequence sharing waits' \
		--kernel debug --timeout 2700
}

check_e2e_debug_1()
{
	end_to_end_tests 0/2 0/6 '\*' --kernel debug --timeout 2700
}

check_e2e_debug_2()
{
	end_to_end_tests 1/2 3/6 '\*' --kernel debug --timeout 2700
}

check_e2e_volume()
{
	vm --no-host --timeout 3600 -- 'export E2E_VOLUME=20
		e2e-limits_test && e2e-host_failure_test "while the host makes"'
}

check_e2e_rows_debug()
{
	vm --kernel debug --no-host --timeout 2700 -- e2e-sequence_test
}

# e2e_leak SLICE: kmemleak makes everything twice as slow
e2e_leak()
{
	vm --kernel debug --kmemleak --no-host --timeout 2700 -- \
		"E2E_SLICE=$1 e2e-sequence_test 'exit after'"
}

check_e2e_leak()
{
	e2e_leak 0/4
}

check_e2e_rows_leak()
{
	e2e_leak 0/1
}

check_matrix()
{
	"$HV_ROOT/scripts/matrix" --ends
}

check_no_hyperv()
{
	vm --no-host --copy "$HV_ROOT/tests/vm/no-hyperv.sh" -- sh no-hyperv.sh
}

# load_and_unload CYCLES VM_ARGUMENT...
load_and_unload()
{
	local cycles=$1

	shift
	vm "$@" --copy "$HV_ROOT/tests/vm/load-unload.sh" -- \
		sh load-unload.sh "$cycles"
}

check_load_unload()
{
	load_and_unload 100
}

check_unload_leak()
{
	load_and_unload 20 --kernel debug --kmemleak --timeout 600
}

# balloon_test SCRIPT VM_ARGUMENT...
balloon_test()
{
	local script=$1

	shift
	balloon_vm "$@" -- "sh $script"
}

check_balloon_report()
{
	balloon_test reporting.sh --timeout 600
}

check_balloon_reclaim()
{
	balloon_test reclaim.sh --timeout 1500
}

check_balloon_real_time()
{
	balloon_test real-time.sh --timeout 900
}

# unpack_file_systems SUITE FILE: what the balloon's tests need of a kernel package.
unpack_file_systems()
{
	dpkg-deb --fsys-tarfile "$2" |
		tar -x -C "$KERNEL_TARGET" --wildcards --no-anchored \
			--transform 's,.*/,,' '*/fs/ext4/*.ko*' '*/fs/jbd2/*.ko*' \
			'*/fs/mbcache.ko*' '*/lib/crc16.ko*' '*/crypto/*.ko*' \
			'*/block/zram/*.ko*' '*/mm/zsmalloc.ko*' '*/lib/lz*/*.ko*'
}

# Without swappiness= and with cgroup v1 to lose the memory controller to.
check_balloon_6_1()
{
	local release script built bad=0

	release=$("$HV_ROOT/scripts/matrix" --list '6.1.*[0-9]-amd64' |
		awk 'END { print $2 }')
	"$HV_ROOT/scripts/matrix" --fetch "$release" || return 1
	# shellcheck source=scripts/lib/suites.sh
	. "$HV_LIB/suites.sh"
	# the matrix has no test flavour of this module
	in_suite bookworm make -C "$HV_ROOT" -j"$HV_JOBS" test-modules \
		OUT="$HV_BUILD/balloon-6-1" KDIR="/usr/src/linux-headers-$release" ||
		return 1
	KERNEL_TARGET=$(fetched_kernel_dir "$release")
	with_lock suite-bookworm suite_unpack bookworm \
		"$KERNEL_TARGET/.file-systems" unpack_file_systems \
		"linux-image-$release" || return 1
	built=(--kernel "$release" --built "$HV_BUILD/balloon-6-1")
	for script in reporting.sh reclaim.sh 'load-unload.sh 40'; do
		balloon_test "$script" "${built[@]}" --timeout 1800 || bad=1
	done
	hot_add "${built[@]}" || bad=1
	vm "${built[@]}" --no-host --timeout 1200 -- \
		'e2e-balloon_dm_test && e2e-balloon_device_test' || bad=1
	return "$bad"
}

# To this kernel each page costs much more, so there are fewer, and it gets more time;
# the limits are for a machine with other work.
check_balloon_report_debug()
{
	local bad=0

	balloon_vm --kernel debug --timeout 2400 -- \
		'HUGE=always PATIENCE=6 sh reporting.sh' || bad=1
	hot_add --kernel debug || bad=1
	return "$bad"
}

check_balloon_reclaim_debug()
{
	balloon_vm --kernel debug --timeout 3600 -- \
		'COLD=320 FILES=300 PATIENCE=6 sh reclaim.sh'
}

check_balloon_unload()
{
	balloon_test 'load-unload.sh 40' --timeout 600
}

check_balloon_unload_long()
{
	balloon_test 'load-unload.sh 200' --timeout 1800
}

check_balloon_leak()
{
	balloon_test 'load-unload.sh 20' --kernel debug --kmemleak --timeout 1800
}

# hot_add VM_ARGUMENT...: the module stays, because it alone knows which pages of
# added memory do not exist.
hot_add()
{
	vm "$@" --no-host --keep-modules --mem 1280 \
		--append 'mem=768M memhp_default_state=online' --modules mock_vmbus -- balloon-hot_add_test
}

check_hot_add()
{
	hot_add
}

check_kunit()
{
	vm --kernel debug --no-host --modules mock_vmbus --timeout 600 -- \
		'modprobe dxgkrnl_kunit && modprobe hvb_kunit &&
			cat /sys/kernel/debug/kunit/*/results'
}

# With room for the pages that go out and come back.
check_kunit_dm()
{
	vm --kernel debug --mem 2048 --no-host --modules mock_vmbus --timeout 600 -- \
		'modprobe hvb_dm_kunit && cat /sys/kernel/debug/kunit/hvb_*/results'
}
