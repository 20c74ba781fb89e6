# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What every script needs: places, messages, packages, clean-up.  Sourced by the
# programs in scripts/, never run.  Nothing here knows about kernels or tests.
#
# HV_GUEST_CACHE moves the cache (kernels, kernel sources) out of ~/.cache.

HV_ROOT=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
HV_LIB=$HV_ROOT/scripts/lib
HV_BUILD=$HV_ROOT/build
HV_CACHE=${HV_GUEST_CACHE:-${HOME:-/root}/.cache/hv-guest}
HV_JOBS=$(nproc)
export HV_ROOT HV_LIB HV_BUILD HV_CACHE HV_JOBS

mkdir -p "$HV_BUILD" "$HV_CACHE"

# Compilers by way of ccache: a fresh clone at the same place, another flavour and
# the second kernel with the same configuration compile nothing twice.  Warnings
# are kept, too.
export PATH=/usr/lib/ccache:$PATH CCACHE_DIR=$HV_CACHE/ccache \
	CCACHE_BASEDIR=$HV_ROOT CCACHE_NOHASHDIR=yes CCACHE_MAXSIZE=3G

# Messages go to stderr: stdout belongs to the command that a script runs.
note() { printf '%s\n' "$*" >&2; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() { warn "$*"; exit 1; }

# quietly LOG COMMAND...: run with all output appended to LOG; on failure show
# the end of it.
quietly()
{
	local log=$1 status=0

	shift
	mkdir -p "${log%/*}"
	printf '+ %s\n' "$*" >>"$log"
	"$@" >>"$log" 2>&1 </dev/null || status=$?
	if ((status)); then
		warn "failed ($status): $*"
		tail -n 25 "$log" | sed 's/^/    /' >&2
		note "    (all of it: $log)"
	fi
	return "$status"
}

# replace_block NAME FILE DOCUMENT: put FILE between the lines "<!-- NAME -->" and
# "<!-- end of NAME -->" of DOCUMENT, instead of what is there.
replace_block()
{
	local document

	document=$(awk -v name="$1" -v file="$2" '
		$0 == "<!-- end of " name " -->" { inside = 0 }
		!inside
		$0 == "<!-- " name " -->" {
			while ((getline line < file) > 0)
				print line
			inside = 1
		}' "$3") || return 1
	printf '%s\n' "$document" >"$3"
	note "written to ${3#"$HV_ROOT/"}"
}

# with_lock NAME COMMAND...: one process at a time may change a part of the
# cache.  COMMAND runs in a subshell; as it may run where bash ignores "set -e",
# the functions used with it return their errors explicitly.
with_lock()
{
	local lock=$HV_CACHE/.lock-$1

	shift
	(
		flock 9
		"$@" 9>&-
	) 9>"$lock"
}

# --- clean-up ---------------------------------------------------------------

HV_TEMPORARY=()

remove_temporary()
{
	((${#HV_TEMPORARY[@]} == 0)) || rm -rf -- "${HV_TEMPORARY[@]}"
}

# temporary_dir VARIABLE: a directory that disappears when the script ends.
temporary_dir()
{
	local path

	path=$(mktemp -d "${TMPDIR:-/tmp}/hv-guest.XXXXXX")
	HV_TEMPORARY+=("$path")
	trap remove_temporary EXIT
	printf -v "$1" '%s' "$path"
}

# --- packages ---------------------------------------------------------------

as_root()
{
	if ((EUID == 0)); then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo -- "$@"
	else
		die "need root for: $* (no sudo here)"
	fi
}

apt_get()
{
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
		-o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
		-o Acquire::Retries=3 "$@"
}

# The package lists of a fresh container are empty and those of an old machine
# out of date: refresh them at most once, and only after something was missing.
HV_APT_REFRESHED=
apt_refresh()
{
	[[ -z $HV_APT_REFRESHED ]] || return 1
	HV_APT_REFRESHED=yes
	quietly "$HV_CACHE/apt.log" apt_get update
}

package_installed()
{
	[[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

package_known()
{
	apt-cache show --no-all-versions "$1" >/dev/null 2>&1
}

# need_packages PACKAGE...: install those that are missing; silent when none is.
need_packages()
{
	local package missing=()

	command -v apt-get >/dev/null ||
		die "this needs Debian or Ubuntu (apt-get not found); install by hand: $*"
	for package; do
		package_installed "$package" || missing+=("$package")
	done
	((${#missing[@]})) || return 0

	note "installing: ${missing[*]}"
	for package in "${missing[@]}"; do
		package_known "$package" || { apt_refresh || true; break; }
	done
	if ! apt_get install --no-install-recommends "${missing[@]}" \
		>>"$HV_CACHE/apt.log" 2>&1; then
		apt_refresh || true
		quietly "$HV_CACHE/apt.log" \
			apt_get install --no-install-recommends "${missing[@]}"
	fi
}

# need_build_packages: compilers and what kernel modules and our programs need.
need_build_packages()
{
	need_packages gcc libc6-dev make bc flex bison libelf-dev libssl-dev \
		xz-utils zstd kmod python3 libpng-dev zlib1g-dev ccache
}

# need_vm_packages: what a boot of a throw-away VM needs.
need_vm_packages()
{
	need_packages qemu-system-x86 busybox-static cpio gzip kmod xz-utils zstd
}
