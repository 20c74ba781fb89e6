# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Kernels of the matrix that no distribution packages: one built by clang, one for
# arm64 with pages of 64 KiB.  From the distribution's source package and
# kunit/kconfig/small*.config.  Sourced after kernel.sh.
#
# Cache layout, safe to delete:
#	matrix/own/RELEASE/	O= tree, and its log
# The kernel itself lies where those of packages do, see fetched_kernel().

# suffix of the release|ARCH of make|compiler|image|arguments of make
OWN_KERNELS=(
	"clang-amd64|x86|clang|bzImage|LLVM=1"
	"64k-arm64|arm64|aarch64-linux-gnu-gcc|Image|CROSS_COMPILE=aarch64-linux-gnu-"
)

# own_field RELEASE NUMBER: of its row.
own_field()
{
	local row

	for row in "${OWN_KERNELS[@]}"; do
		[[ $1 != *-"${row%%|*}" ]] || cut -d '|' -f "$2" <<<"$row"
	done
}

# own_kernels: their releases, one a line.
own_kernels()
{
	local row version

	kernel_source
	version=$(make -s -C "$KERNEL_SOURCE" kernelversion)
	for row in "${OWN_KERNELS[@]}"; do
		printf '%s\n' "$version-${row%%|*}"
	done
}

own_tree()
{
	printf '%s\n' "$HV_CACHE/matrix/own/$1"
}

# own_make_arguments RELEASE: what make needs to build modules for it, one a line.
own_make_arguments()
{
	printf 'KDIR=%s\nARCH=%s\n%s\n' "$(own_tree "$1")" "$(own_field "$1" 2)" \
		"$(own_field "$1" 5)"
}

# build_own_kernel RELEASE
build_own_kernel()
{
	local release=$1 arch image tree target log KERNEL_FRAGMENT stamp arguments

	tree=$(own_tree "$release")
	arch=$(own_field "$release" 2)
	image=$(own_field "$release" 4)
	target=$(fetched_kernel_dir "$release")
	log=$tree.log
	mkdir -p "$tree" "$target"

	# read by the functions that make the debug kernel's configuration
	KERNEL_FRAGMENT=$tree.config
	{
		cat "$HV_ROOT"/kunit/kconfig/small{,-"$arch"}.config
		printf 'CONFIG_LOCALVERSION="-%s"\n' "$(own_field "$release" 1)"
	} >"$KERNEL_FRAGMENT"
	stamp=$(debug_stamp "$(own_field "$release" 3)")
	[[ $(cat "$target/$KERNEL_STAMP" 2>/dev/null) != "$stamp" ]] || return 0

	note "building kernel $release (10 minutes once; log $log)"
	: >"$log"
	arguments=(ARCH="$arch" "$(own_field "$release" 5)")
	configure_debug "$tree" "$log" "${arguments[@]}" || return 1
	quietly "$log" nice make -C "$tree" "${arguments[@]}" -j"$HV_JOBS" \
		"$image" modules || return 1
	cp "$tree/arch/$arch/boot/$image" "$target/vmlinuz" || return 1
	cp "$tree"/modules.{order,builtin,builtin.modinfo} "$target/" || return 1
	printf '%s\n' "$stamp" >"$target/$KERNEL_STAMP"
}

# own_kernel RELEASE: make it ready, to build modules for it and to boot it.
own_kernel()
{
	need_build_packages
	if [[ $1 == *arm64 ]]; then
		need_packages gcc-aarch64-linux-gnu
	else
		need_packages clang lld llvm
	fi
	kernel_source
	with_lock "own-$1" build_own_kernel "$1"
}
