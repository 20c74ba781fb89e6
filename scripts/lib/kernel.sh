# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Kernels for the VM: the distribution's own one (downloaded and unpacked, never
# installed) and our debug kernel (built from the distribution's source package).
# Sourced after common.sh.
#
# Cache layout, all of it safe to delete:
#	dl/*.deb			packages as downloaded
#	stock/RELEASE/			unpacked kernel package, headers/ if not installed
#	src/linux-source-X.Y/		unpacked kernel source
#	matrix/				see scripts/lib/suites.sh
#	debug-HASH/			O= tree of the debug kernel (gcc)
#	debug-llvm-HASH/		O= tree of the same configuration, prepared with clang
# A tree is up to date when its file .hv-guest-stamp says what would be built now.
#
# select_kernel and its parts answer in variables, for the scripts that source us.
# shellcheck disable=SC2034

KERNEL_STAMP=.hv-guest-stamp
KERNEL_ARCH=x86_64	# as QEMU names it
KERNEL_FRAGMENT=$HV_ROOT/kunit/kconfig/debug.config

# Packages that point at the current kernel, the best first.  The driver needs
# 6.1, which leaves out the plain linux-image-generic of Ubuntu 22.04.
KERNEL_IMAGE_POINTERS=(linux-image-6.12-amd64 linux-image-amd64
	linux-image-generic linux-image-generic-hwe-22.04)
KERNEL_SOURCE_POINTERS=(linux-source-6.12 linux-source)

version_at_least()
{
	[[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}

# newest PATH...: the existing path with the highest version in its name.
newest()
{
	local path found=()

	for path; do
		[[ ! -e $path ]] || found+=("$path")
	done
	((${#found[@]})) || return 1
	printf '%s\n' "${found[@]}" | sort -V | tail -n 1
}

# --- packages of the archive ------------------------------------------------

# package_pointed_at PATTERN PACKAGE: the first dependency of PACKAGE that
# matches the extended regular expression PATTERN.
package_pointed_at()
{
	apt-cache depends "$2" 2>/dev/null |
		sed -n 's/^ *Depends: //p' | grep -E -m 1 -- "^$1\$"
}

# deb_version DEB_OR_PACKAGE: the version a downloaded file or the archive has.
deb_version()
{
	if [[ -f $1 ]]; then
		dpkg-deb -f "$1" Version
	else
		apt-cache show --no-all-versions "$1" 2>/dev/null |
			sed -n '/^Version: /{s///p;q}'
	fi
}

# cached_deb PACKAGE: the version that the archive has now, if we have it.
cached_deb()
{
	local version

	version=$(deb_version "$1") || true
	[[ -n $version ]] || return 1
	# apt writes the epoch's colon as %3a
	newest "$HV_CACHE/dl/${1}_${version//:/%3a}"_*.deb
}

download_deb()
{
	(cd "$HV_CACHE/dl" && apt-get -qq download "$1") >>"$HV_CACHE/apt.log" 2>&1
}

# kernel_deb PACKAGE: the path of its .deb in the cache, downloaded unless it is
# there already.  Without a network it is the newest one we have.
kernel_deb()
{
	local package=$1

	mkdir -p "$HV_CACHE/dl"
	cached_deb "$package" && return 0
	note "downloading $package"
	download_deb "$package" ||
		{ apt_refresh && download_deb "$package"; } || true
	cached_deb "$package" || newest "$HV_CACHE/dl/${package}_"*.deb ||
		{ warn "cannot download $package"; return 1; }
}

# --- the distribution's kernel ----------------------------------------------

# archive_stock_release: release of the kernel that the archive offers now.
archive_stock_release()
{
	local pointer package

	for pointer in "${KERNEL_IMAGE_POINTERS[@]}"; do
		package=$(package_pointed_at 'linux-image-[0-9].*' "$pointer") || continue
		package=${package#linux-image-}
		version_at_least "$package" 6.1 || continue
		printf '%s\n' "$package"
		return 0
	done
	return 1
}

# cached_stock_release: the newest one that is unpacked here.
cached_stock_release()
{
	local stamp

	stamp=$(newest "$HV_CACHE"/stock/*/"$KERNEL_STAMP") || return 1
	stamp=${stamp%/*}
	printf '%s\n' "${stamp##*/}"
}

stock_release()
{
	archive_stock_release || { apt_refresh && archive_stock_release; } ||
		cached_stock_release
}

# unpack_stock RELEASE: stock/RELEASE/{vmlinuz,modules/}, whatever the layout of
# the packages (Ubuntu keeps the modules in a package of their own).
unpack_stock()
{
	local release=$1 target=$HV_CACHE/stock/$1 deb package packages modules

	[[ ! -e $target/$KERNEL_STAMP ]] || return 0
	packages=("linux-image-$release")
	! package_known "linux-modules-$release" || packages+=("linux-modules-$release")

	rm -rf "$target" "$target.new"
	mkdir -p "$target.new/root"
	for package in "${packages[@]}"; do
		deb=$(kernel_deb "$package") || return 1
		dpkg-deb -x "$deb" "$target.new/root" || return 1
	done
	mv "$target.new/root/boot/vmlinuz-$release" "$target.new/vmlinuz" || return 1
	for modules in "$target.new/root"{,/usr}/lib/modules/"$release"; do
		[[ ! -d $modules ]] || mv "$modules" "$target.new/modules"
	done
	rm -rf "$target.new/root"
	printf '%s\n' "${deb##*/}" >"$target.new/$KERNEL_STAMP"
	mv "$target.new" "$target"
}

# package_depends PACKAGE: names of its dependencies, one a line; of alternatives
# the first.
package_depends()
{
	apt-cache depends "$1" 2>/dev/null | awk '
		/^ [ |]Depends: [a-z0-9]/ {
			if (!alternative)
				print $NF
			alternative = /^ \|/
		}'
}

# unpack_stock_headers RELEASE: stock/RELEASE/headers, and in headers/tools the
# packages they need to work.  Not installed either, as Debian's packages of
# headers bring a kernel for the machine to boot.
unpack_stock_headers()
{
	local release=$1 target=$HV_CACHE/stock/$1/headers deb package packages

	[[ ! -e $target/$KERNEL_STAMP ]] || return 0
	mapfile -t packages < <(printf '%s\n' "linux-headers-$release"
		package_depends "linux-headers-$release" |
			grep -E '^linux-(headers|kbuild)-[0-9]')
	rm -rf "$target"
	mkdir -p "$target"
	for package in "${packages[@]}"; do
		deb=$(kernel_deb "$package") || return 1
		dpkg-deb -x "$deb" "$target" || return 1
		package_depends "$package" | grep -v '^linux-' >>"$target/tools" || true
	done
	sed -i "s|^include /usr/src/|include $target/usr/src/|" \
		"$target/usr/src/linux-headers-$release/Makefile"
	printf '%s\n' "${deb##*/}" >"$target/$KERNEL_STAMP"
}

# stock_headers: sets KERNEL_KDIR; those of the machine, if it has them.
stock_headers()
{
	local headers=$HV_CACHE/stock/$KERNEL_RELEASE/headers tools

	KERNEL_KDIR=/lib/modules/$KERNEL_RELEASE/build
	[[ ! -e $KERNEL_KDIR/Makefile ]] || return 0
	with_lock stock unpack_stock_headers "$KERNEL_RELEASE" ||
		die "no headers of kernel $KERNEL_RELEASE"
	mapfile -t tools <"$headers/tools"
	need_packages "${tools[@]}"
	KERNEL_KDIR=$headers/usr/src/linux-headers-$KERNEL_RELEASE
}

# stock_kernel: make the distribution's kernel and its headers ready; sets
# KERNEL_RELEASE, KERNEL_IMAGE, KERNEL_MODULES (in-tree ones), KERNEL_KDIR.
stock_kernel()
{
	KERNEL_RELEASE=$(stock_release) ||
		die "no kernel package in the archive and none in $HV_CACHE"
	if ! with_lock stock unpack_stock "$KERNEL_RELEASE"; then
		# the package lists were out of date, or there is no network
		KERNEL_RELEASE=$(stock_release)
		with_lock stock unpack_stock "$KERNEL_RELEASE" ||
			KERNEL_RELEASE=$(cached_stock_release) ||
			die "no kernel in $HV_CACHE and no way to get one"
	fi
	KERNEL_IMAGE=$HV_CACHE/stock/$KERNEL_RELEASE/vmlinuz
	KERNEL_MODULES=$HV_CACHE/stock/$KERNEL_RELEASE/modules
	stock_headers
}

# --- kernel source ----------------------------------------------------------

kernel_source_package()
{
	local pointer package

	for pointer in "${KERNEL_SOURCE_POINTERS[@]}"; do
		package_known "$pointer" || continue
		package=$(package_pointed_at 'linux-source-[0-9].*' "$pointer") ||
			package=$pointer
		printf '%s\n' "$package"
		return 0
	done
	package=$(newest "$HV_CACHE"/dl/linux-source-*.deb) || return 1
	package=${package##*/}
	printf '%s\n' "${package%%_*}"
}

# unpack_source PACKAGE: src/PACKAGE, replaced when the package is a newer one.
unpack_source()
{
	local package=$1 target=$HV_CACHE/src/$1 deb name tarball

	deb=$(kernel_deb "$package") || return 1
	name=${deb##*/}
	[[ $(cat "$target/$KERNEL_STAMP" 2>/dev/null) != "$name" ]] || return 0

	note "unpacking ${name%%_*} (about 1.7 GB in $HV_CACHE/src)"
	rm -rf "$target" "$target.new"
	mkdir -p "$target.new"
	dpkg-deb -x "$deb" "$target.new/deb" || return 1
	tarball=$(find "$target.new/deb/usr/src" -name 'linux-source-*.tar.*' \
		-type f | head -n 1)
	tar -x -f "$tarball" -C "$target.new" --strip-components=1 || return 1
	rm -rf "$target.new/deb"
	printf '%s\n' "$name" >"$target.new/$KERNEL_STAMP"
	mv "$target.new" "$target"
}

# kernel_source: make the source ready; sets KERNEL_SOURCE.
kernel_source()
{
	local package

	package=$(kernel_source_package) || {
		apt_refresh && package=$(kernel_source_package)
	} || die "no linux-source package in the archive and none in $HV_CACHE/dl"
	need_packages xz-utils bzip2
	with_lock source unpack_source "$package"
	KERNEL_SOURCE=$HV_CACHE/src/$package
}

# --- the debug kernel -------------------------------------------------------

# debug_stamp COMPILER: what a tree is built from, in one line.
debug_stamp()
{
	printf '%s %s %s\n' "$(cat "$KERNEL_SOURCE/$KERNEL_STAMP")" \
		"$("$1" -dumpfullversion -dumpversion)" \
		"$(sha256sum <"$KERNEL_FRAGMENT" | cut -c 1-16)"
}

# debug_tree NAME COMPILER: where that tree is.  A name for each configuration, so
# that branches with different ones do not build each other's kernel away.
debug_tree()
{
	printf '%s/%s-%s\n' "$HV_CACHE" "$1" \
		"$(debug_stamp "$2" | sha256sum | cut -c 1-8)"
}

debug_tree_ready()
{
	[[ $(cat "$1/$KERNEL_STAMP" 2>/dev/null) == "$(debug_stamp "$2")" ]]
}

# verify_fragment CONFIG: every line of the fragment must have survived
# olddefconfig; an option whose dependencies are missing vanishes silently.
verify_fragment()
{
	local config=$1 line name lost=0

	while read -r line; do
		case $line in
		CONFIG_*=*)
			grep -qxF -- "$line" "$config" && continue ;;
		'# CONFIG_'*' is not set')
			name=${line#'# '}
			name=${name%' is not set'}
			! grep -q "^$name=" "$config" && continue ;;
		*)
			continue ;;
		esac
		warn "lost by olddefconfig: $line"
		lost=1
	done <"$KERNEL_FRAGMENT"
	return "$lost"
}

# configure_debug TREE LOG MAKE_ARGUMENT...
configure_debug()
{
	local tree=$1 log=$2

	shift 2
	quietly "$log" make -C "$KERNEL_SOURCE" O="$tree" "$@" tinyconfig || return 1
	(
		cd "$KERNEL_SOURCE"
		quietly "$log" env KCONFIG_CONFIG="$tree/.config" \
			scripts/kconfig/merge_config.sh -m -O "$tree" \
			"$tree/.config" "$KERNEL_FRAGMENT"
	) || return 1
	quietly "$log" make -C "$KERNEL_SOURCE" O="$tree" "$@" olddefconfig || return 1
	verify_fragment "$tree/.config"
}

build_debug_tree()
{
	local tree=$1 log=$HV_CACHE/debug-build.log

	! debug_tree_ready "$tree" gcc || return 0
	note "building the debug kernel (4 to 7 minutes once; log $log)"
	: >"$log"
	rm -f "$tree/$KERNEL_STAMP"
	mkdir -p "$tree"
	configure_debug "$tree" "$log" || return 1
	quietly "$log" nice make -C "$tree" -j"$HV_JOBS" bzImage modules || return 1
	debug_stamp gcc >"$tree/$KERNEL_STAMP"
}

prepare_llvm_tree()
{
	local tree=$1 log=$HV_CACHE/debug-llvm.log

	! debug_tree_ready "$tree" clang || return 0
	: >"$log"
	rm -rf "$tree"
	mkdir -p "$tree"
	configure_debug "$tree" "$log" LLVM=1 || return 1
	quietly "$log" make -C "$tree" LLVM=1 -j"$HV_JOBS" modules_prepare || return 1
	debug_stamp clang >"$tree/$KERNEL_STAMP"
}

# debug_kernel: make the debug kernel ready; sets the same variables as
# stock_kernel.
debug_kernel()
{
	local tree

	need_build_packages
	kernel_source
	tree=$(debug_tree debug gcc)
	with_lock debug build_debug_tree "$tree"
	KERNEL_RELEASE=$(cat "$tree/include/config/kernel.release")
	KERNEL_IMAGE=$tree/arch/x86/boot/bzImage
	KERNEL_MODULES=$tree
	KERNEL_KDIR=$tree
}

# llvm_tree: sets KERNEL_KDIR to headers that clang accepts (Debian's do not: they
# are configured for gcc).  Modules built there are for reading warnings only.
llvm_tree()
{
	need_build_packages
	need_packages clang lld llvm
	kernel_source
	KERNEL_KDIR=$(debug_tree debug-llvm clang)
	with_lock llvm prepare_llvm_tree "$KERNEL_KDIR"
}

# --- any other kernel -------------------------------------------------------

# image_release FILE: the release written in the setup header of a bzImage.
image_release()
{
	local offset

	offset=$(od -An -t u2 -j $((0x20e)) -N 2 "$1" | tr -d ' ')
	dd if="$1" bs=1 skip=$((offset + 0x200)) count=128 2>/dev/null |
		tr '\0' '\n' | sed -n '1{s/ .*//p}'
}

# file_kernel FILE: a bzImage of your own; its modules come from KDIR if set,
# else from /lib/modules.
file_kernel()
{
	[[ -f $1 ]] || die "no such kernel: $1"
	KERNEL_IMAGE=$1
	KERNEL_RELEASE=$(image_release "$1")
	[[ -n $KERNEL_RELEASE ]] || die "$1 is not a bzImage"
	KERNEL_KDIR=${KDIR:-/lib/modules/$KERNEL_RELEASE/build}
	KERNEL_MODULES=${KDIR:-/lib/modules/$KERNEL_RELEASE}
}

fetched_kernel_dir()
{
	printf '%s\n' "$HV_CACHE/matrix/kernels/$1"
}

foreign_busybox()
{
	printf '%s\n' "$HV_CACHE/matrix/busybox-$1"
}

# fetched_kernel RELEASE: one that scripts/matrix fetched (scripts/lib/suites.sh)
# or built.  Its headers are in a chroot, so its modules are built there.
fetched_kernel()
{
	KERNEL_RELEASE=$1
	KERNEL_IMAGE=$(fetched_kernel_dir "$1")/vmlinuz
	KERNEL_MODULES=$(fetched_kernel_dir "$1")
	KERNEL_KDIR=
	[[ $1 != *arm64* ]] || KERNEL_ARCH=aarch64
}

# select_kernel debian|debug|RELEASE|FILE
select_kernel()
{
	case $1 in
	debian) stock_kernel ;;
	debug) debug_kernel ;;
	*)
		if [[ -e $(fetched_kernel_dir "$1")/vmlinuz ]]; then
			fetched_kernel "$1"
		else
			file_kernel "$1"
		fi ;;
	esac
}
