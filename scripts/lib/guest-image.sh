# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Disk images of ordinary Debian guests for scripts/guest-test: systemd, udev,
# dkms, the release's kernel with its headers, and the packages of a newer kernel
# in a repository of its own.  Nothing of ours is inside but the unit that runs
# the test's steps.  Sourced after common.sh.
#
# Cache layout (safe to delete):
#	guest/SUITE/disk	ext4 file system, never written to after it was made
#	guest/SUITE/vmlinuz-RELEASE, initrd-RELEASE

GUEST_DISK_SIZE=5G
GUEST_STAMP=.hv-guest-stamp

# What the README asks a user to have, an initramfs, and what the test looks with.
GUEST_PACKAGES=(systemd-sysv udev kmod dbus initramfs-tools zstd apt-utils
	dkms gcc make libc6-dev python3 libpng16-16 zlib1g e2fsprogs
	linux-image-amd64 linux-headers-amd64)

need_guest_packages()
{
	need_packages mmdebstrap e2fsprogs qemu-system-x86 qemu-utils dpkg-dev \
		debian-archive-keyring
}

# guest_setup ROOT: the parts of the image that are not packages.
guest_setup()
{
	local root=$1

	printf 'LABEL=guest / ext4 rw,noatime 0 1\n' >"$root/etc/fstab"
	printf 'hv-guest\n' >"$root/etc/hostname"
	printf 'force-unsafe-io\n' >"$root/etc/dpkg/dpkg.cfg.d/guest"
	# an initramfs of all drivers takes minutes under emulation
	printf 'MODULES=list\nCOMPRESS=gzip\n' \
		>"$root/etc/initramfs-tools/conf.d/guest"
	printf 'virtio_pci\nvirtio_blk\next4\n' >>"$root/etc/initramfs-tools/modules"
	install -m 755 "$HV_ROOT/tests/guest/start" "$root/usr/local/sbin/guest-start"
	install -m 644 "$HV_ROOT/tests/guest/guest-test.service" \
		"$root/etc/systemd/system/guest-test.service"
	chroot "$root" systemctl -q enable guest-test.service
	chroot "$root" systemctl -q mask apt-daily.timer apt-daily-upgrade.timer \
		dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \
		fstrim.timer getty@tty1.service systemd-networkd-wait-online.service
	chroot "$root" useradd -m tester
	chroot "$root" update-initramfs -u -k all
}

# guest_upgrade ROOT SUITE: the newer kernel of the security archive, downloaded
# into /srv/kernel of the image, which is the only repository the guest knows.
guest_upgrade()
{
	local root=$1 suite=$2

	printf 'deb http://deb.debian.org/debian-security %s-security main\n' "$suite" \
		>"$root/etc/apt/sources.list.d/security.list"
	chroot "$root" apt-get -qq update
	chroot "$root" apt-get -qq -y --no-install-recommends --download-only \
		install linux-image-amd64 linux-headers-amd64
	mkdir -p "$root/srv/kernel"
	mv "$root"/var/cache/apt/archives/*.deb "$root/srv/kernel/"
	(cd "$root/srv/kernel" && dpkg-scanpackages -m . >Packages 2>/dev/null)
	rm -f "$root"/etc/apt/sources.list "$root"/etc/apt/sources.list.d/*
	printf 'deb [trusted=yes] file:/srv/kernel ./\n' \
		>"$root/etc/apt/sources.list"
	rm -rf "$root"/var/lib/apt/lists/*
}

# make_guest_root ROOT SUITE
make_guest_root()
{
	local root=$1 suite=$2 packages

	packages=$(IFS=,; printf '%s' "${GUEST_PACKAGES[*]}")
	mmdebstrap --mode=root --variant=minbase --include="$packages" \
		--aptopt='Acquire::Languages "none"' \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		"$suite" "$root" http://deb.debian.org/debian || return 1
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	guest_setup "$root" && guest_upgrade "$root" "$suite"
}

make_guest_image()
{
	local suite=$1 target=$HV_CACHE/guest/$1 log=$HV_CACHE/guest-$1.log

	! guest_image_ready "$suite" || return 0
	note "making the $suite guest image (a few minutes once; log $log)"
	rm -rf "$target" "$target.root"
	mkdir -p "$target"
	: >"$log"
	export -f make_guest_root guest_setup guest_upgrade
	quietly "$log" as_root bash -e -c "
		HV_ROOT='$HV_ROOT' GUEST_PACKAGES=(${GUEST_PACKAGES[*]})
		make_guest_root '$target.root' '$suite'
		mke2fs -q -t ext4 -L guest -d '$target.root' \
			'$target/disk' $GUEST_DISK_SIZE
		for kernel in '$target.root'/boot/vmlinuz-*; do
			release=\${kernel#*/vmlinuz-}
			cp \"\$kernel\" '$target/'
			cp '$target.root'/boot/initrd.img-\$release '$target'/initrd-\$release
		done
		rm -rf '$target.root'
		chmod -R a+rX '$target'" || return 1
	guest_stamp "$suite" >"$target/$GUEST_STAMP"
}

# guest_stamp SUITE: what an image is made from, in one line.
guest_stamp()
{
	printf '%s %s\n' "$1" \
		"$(cat "$HV_LIB/guest-image.sh" "$HV_ROOT"/tests/guest/{start,guest-test.service} |
			sha256sum | cut -c 1-16)"
}

guest_image_ready()
{
	[[ $(cat "$HV_CACHE/guest/$1/$GUEST_STAMP" 2>/dev/null) == "$(guest_stamp "$1")" ]]
}

# guest_image SUITE: make the image ready; sets GUEST_DIR.
guest_image()
{
	need_guest_packages
	with_lock "guest-$1" make_guest_image "$1" || die "no $1 guest image"
	# shellcheck disable=SC2034 # for the script that sources this
	GUEST_DIR=$HV_CACHE/guest/$1
}
