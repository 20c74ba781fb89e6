# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Chroots of Debian's suites, with the headers of every kernel and the compiler it
# was built with, and those kernels themselves.  Sourced after common.sh and
# kernel.sh.  Neither builds nor boots anything: scripts/matrix does.
#
# Cache layout, safe to delete:
#	matrix/SUITE/			chroot; headers in its /usr/src
#	matrix/SUITE.lists		when its package lists were read last
#	matrix/kernels/RELEASE/		vmlinuz and modules.* of a kernel package
#	matrix/busybox-aarch64		for VMs of that machine
#
# Header packages are unpacked, not installed: those of arm64 would want arm64
# programs, although all that runs in a build is linux-kbuild, which we take from
# amd64.  So one chroot serves both architectures.

# shellcheck disable=SC2034 # read by scripts/matrix
SUITES=(bookworm trixie sid)
STABLE_SUITES=(bookworm trixie)

# The suite that brings newer kernels to a stable one.
declare -A SUITE_BACKPORTS=([bookworm]=bookworm-backports
	[trixie]=trixie-backports)

# In every chroot; a kernel's compiler comes with its headers.
SUITE_PACKAGES=make,kmod,bc,libelf1,pahole,ccache
SUITE_LISTS_AGE=720	# minutes until package lists are read again

suite_root()
{
	printf '%s\n' "$HV_CACHE/matrix/$1"
}

# in_suite SUITE COMMAND...: run in the chroot, as the calling user, with our tree
# and the cache of ccache at the places that they have outside.  The mounts end
# with the command.
in_suite()
{
	local root

	root=$(suite_root "$1")
	shift
	# shellcheck disable=SC2016 # expands in the inner shell
	as_root unshare --mount sh -c '
		set -e
		root=$1 tree=$2 ccache=$3 user=$4
		shift 4
		mkdir -p "$root$tree" "$root$ccache"
		mount --make-rprivate /
		mount --bind "$tree" "$root$tree"
		mount --bind "$ccache" "$root$ccache"
		mount --bind /dev "$root/dev"
		mount -t proc proc "$root/proc"
		exec chroot --userspec="$user" "$root" "$@"
	' sh "$root" "$HV_ROOT" "$CCACHE_DIR" "$(id -u):$(id -g)" "$@"
}

suite_log()
{
	printf '%s\n' "$HV_CACHE/matrix/$1.log"
}

# suite_apt SUITE COMMAND ARGUMENT...: apt-get of the chroot, as root, in its /tmp.
suite_apt()
{
	local suite=$1

	shift
	quietly "$(suite_log "$suite")" as_root env DEBIAN_FRONTEND=noninteractive \
		chroot "$(suite_root "$suite")" sh -c 'cd /tmp && exec apt-get "$@"' \
		sh -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 \
		-o Acquire::Retries=3 -o APT::Sandbox::User=root "$@"
}

# make_suite SUITE: the chroot, whole or not at all.
make_suite()
{
	local suite=$1 root backports=${SUITE_BACKPORTS[$1]:-}

	root=$(suite_root "$suite")
	[[ ! -e $root/$KERNEL_STAMP ]] || return 0
	note "making a chroot of $suite (log $(suite_log "$suite"))"
	rm -f "$(suite_log "$suite")" "$root.lists"
	as_root rm -rf "$root"
	# a mirror may lag behind the date to which sid's lists are valid
	quietly "$(suite_log "$suite")" as_root mmdebstrap --variant=apt \
		--aptopt='Acquire::Check-Valid-Until "false"' \
		--architectures=amd64,arm64 --include="$SUITE_PACKAGES" \
		"$suite" "$root" || return 1
	if [[ -n $backports ]]; then
		# the same archive under another name
		sed -n "s/ $suite main\$/ $backports main/p" \
			"$root/etc/apt/sources.list" |
			as_root tee "$root/etc/apt/sources.list.d/backports.list"
	fi >/dev/null
	as_root touch "$root/$KERNEL_STAMP"
}

# refresh_suite SUITE: read the package lists; without a network the old ones do.
refresh_suite()
{
	local lists=$HV_CACHE/matrix/$1.lists

	[[ -z $(find "$lists" -mmin -"$SUITE_LISTS_AGE" 2>/dev/null) ]] || return 0
	if suite_apt "$1" update; then
		touch "$lists"
	else
		[[ -e $lists ]] || return 1
		note "using the package lists that we have of $1"
	fi
}

prepare_suite()
{
	make_suite "$1" && refresh_suite "$1"
}

# suite SUITE: make a chroot ready.
suite()
{
	need_packages mmdebstrap
	mkdir -p "$HV_CACHE/matrix" "$CCACHE_DIR"
	with_lock "suite-$1" prepare_suite "$1"
}

# suite_releases SUITE: all kernels whose headers the suite offers, from 6.1 on.
# Names without a patch level are those of metapackages.
suite_releases()
{
	chroot "$(suite_root "$1")" apt-cache pkgnames linux-headers- |
		sed -n -E 's/^linux-headers-([0-9]+\.[0-9]+[.+][^_]*(amd64|arm64|arm64-16k))$/\1/p' |
		sort -V
}

release_arch()
{
	case $1 in
	*-arm64*) echo arm64 ;;
	*) echo amd64 ;;
	esac
}

# suite_unpack SUITE STAMPS UNPACK PACKAGE...: hand each package that left no note
# in directory STAMPS to function UNPACK (SUITE FILE); it is deleted afterwards.
suite_unpack()
{
	local suite=$1 stamps=$2 unpack=$3 root name arch missing=() file

	shift 3
	root=$(suite_root "$suite")
	# lines of: 'URI' NAME_VERSION_ARCH.deb SIZE HASH
	while read -r _ name _; do
		[[ ! -e $stamps/$name ]] || continue
		arch=${name##*_}
		missing+=("${name%%_*}:${arch%.deb}")
	done < <(chroot "$root" apt-get -qq download --print-uris "$@")
	((${#missing[@]})) || return 0

	note "downloading ${missing[*]}"
	as_root rm -f "$root"/tmp/*.deb
	suite_apt "$suite" download "${missing[@]//:all/}" || return 1
	as_root mkdir -p "$stamps"
	for file in "$root"/tmp/*.deb; do
		"$unpack" "$suite" "$file" || return 1
		as_root touch "$stamps/${file##*/}"
		as_root rm -f "$file"
	done
}

# suite_install SUITE PACKAGE...: those that are missing.
suite_install()
{
	local suite=$1 package missing=()

	shift
	for package; do
		chroot "$(suite_root "$suite")" dpkg-query -W "$package" \
			>/dev/null 2>&1 || missing+=("$package")
	done
	((${#missing[@]} == 0)) || suite_apt "$suite" install "${missing[@]}"
}

# Into the chroot, where /lib may be a link.
unpack_headers()
{
	dpkg-deb --fsys-tarfile "$2" |
		as_root tar -x --keep-directory-symlink -C "$(suite_root "$1")"
}

# depends_of SUITE PACKAGE: names of its dependencies, one a line.
depends_of()
{
	chroot "$(suite_root "$1")" apt-cache show --no-all-versions "$2" |
		sed -n 's/^Depends: //p' | sed 's/[,|] */\n/g' | awk '{ print $1 }'
}

fetch_headers()
{
	local suite=$1 release=$2 arch package depends compiler root

	root=$(suite_root "$suite")
	arch=$(release_arch "$release")
	package=linux-headers-$release:$arch
	depends=$(depends_of "$suite" "$package")
	# shellcheck disable=SC2046 # a list, split on purpose
	suite_unpack "$suite" "$root/usr/src/.hv-guest" unpack_headers "$package" \
		$(grep -E '^linux-(headers-.*-common|kbuild-)' <<<"$depends") ||
		return 1
	# the recipe that the package gives to make names the compiler
	compiler=$(grep -o -E -m 1 'gcc-[0-9]+' \
		"$root/usr/src/linux-headers-$release/.kernelvariables") ||
		return 1
	[[ $arch == amd64 ]] || compiler+=-aarch64-linux-gnu
	suite_install "$suite" "$compiler"
}

# suite_headers SUITE RELEASE: make headers and compiler of a kernel ready.
suite_headers()
{
	with_lock "suite-$1" fetch_headers "$@"
}

# Only what a boot needs: nothing that we load depends on a module of the package.
# No package has all of it, which is an error for tar.
unpack_kernel()
{
	dpkg-deb --fsys-tarfile "$2" |
		tar -x -C "$KERNEL_TARGET" --wildcards --no-anchored \
			--transform 's,.*/vmlinuz.*,vmlinuz,;s,.*/,,' \
			'vmlinuz*' 'modules.*' 2>/dev/null || true
}

fetch_kernel()
{
	local suite=$1 release=$2 arch packages

	arch=$(release_arch "$release")
	KERNEL_TARGET=$(fetched_kernel_dir "$release")
	mkdir -p "$KERNEL_TARGET"
	# one package until 6.12, then several
	packages=("linux-image-$release:$arch")
	if depends_of "$suite" "${packages[0]}" | grep -q "^linux-binary-"; then
		packages=("linux-binary-$release:$arch" "linux-base-$release:$arch")
	fi
	suite_unpack "$suite" "$KERNEL_TARGET/.hv-guest" unpack_kernel \
		"${packages[@]}" || return 1
	[[ -e $KERNEL_TARGET/vmlinuz && -e $KERNEL_TARGET/modules.builtin ]]
}

# suite_kernel SUITE RELEASE: make a kernel ready for scripts/vm --kernel RELEASE.
suite_kernel()
{
	with_lock "suite-$1" fetch_kernel "$@"
}

# --- programs for arm64 -----------------------------------------------------

# What runs there is static, so any suite's C library does.
ARM64_SUITE=trixie
ARM64_PACKAGES=(gcc-aarch64-linux-gnu libc6-dev:arm64 libpng-dev:arm64
	zlib1g-dev:arm64 busybox-static:arm64 python3-minimal libpython3-stdlib)

fetch_arm64_tools()
{
	suite_install "$ARM64_SUITE" "${ARM64_PACKAGES[@]}" || return 1
	cp "$(suite_root "$ARM64_SUITE")/usr/bin/busybox" \
		"$(foreign_busybox aarch64)"
}

# build_arm64_programs: build/bin-aarch64/.
build_arm64_programs()
{
	local log=$HV_BUILD/log/programs-aarch64.log

	suite "$ARM64_SUITE" || return 1
	with_lock "suite-$ARM64_SUITE" fetch_arm64_tools || return 1
	rm -f "$log"
	quietly "$log" in_suite "$ARM64_SUITE" make -C "$HV_ROOT" -j"$HV_JOBS" \
		programs OUT="$HV_BUILD/bin-aarch64" CC=aarch64-linux-gnu-gcc \
		AR=aarch64-linux-gnu-ar
}
