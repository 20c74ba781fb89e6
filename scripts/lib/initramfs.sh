# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The file system of the VM: busybox, kmod, our programs with their shared
# libraries, and a module tree as DKMS leaves it (updates/dkms + depmod).
# Sourced after common.sh and kernel.sh.  Everything is done below one directory,
# as any user.
#
# For another machine than this one busybox is kmod, too, and nothing is stripped:
# programs are static, and modules were stripped where they were built.

foreign_machine()
{
	[[ $KERNEL_ARCH != "$(uname -m)" ]]
}

# add_program ROOT FILE TARGET: copy a file into the tree, with the shared
# libraries and the loader that it names if it is a dynamic program.
add_program()
{
	local root=$1 file=$2 target=$1$3 library

	mkdir -p "${target%/*}"
	cp -L --preserve=mode,timestamps "$file" "$target"
	{ ldd "$file" 2>/dev/null || true; } | sed -n 's|^[^/]*\(/[^ ]*\.so[^ ]*\).*|\1|p' |
		while read -r library; do
			[[ -e $root$library ]] ||
				install -D -m 755 "$library" "$root$library"
		done
}

# add_stripped_program ROOT FILE: a program of ours, to /usr/bin; without its
# debug information it boots faster.
add_stripped_program()
{
	local target=/usr/bin/${2##*/}

	add_program "$1" "$2" "$target"
	foreign_machine || strip --strip-debug "$1$target" 2>/dev/null || true
}

# kmod is the real modprobe; busybox serves everything else.
add_kmod()
{
	local root=$1 name kmod

	kmod=$(command -v kmod) || kmod=/bin/kmod
	add_program "$root" "$kmod" /sbin/kmod
	for name in modprobe insmod rmmod lsmod modinfo; do
		ln -sf kmod "$root/sbin/$name"
	done
}

add_base()
{
	local root=$1

	mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,etc,lib,proc,sys,dev,tmp,run,root}
	if foreign_machine; then
		cp "$(foreign_busybox "$KERNEL_ARCH")" "$root/bin/busybox"
		ln -sf ../bin/busybox "$root/sbin/modprobe"
	else
		cp -L "$(command -v busybox)" "$root/bin/busybox"
		add_kmod "$root"
	fi
	ln -sf busybox "$root/bin/sh"
	printf 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/tmp:/bin/sh\n' \
		>"$root/etc/passwd"
	printf 'root:x:0:\nnogroup:x:65534:\n' >"$root/etc/group"
	cp "$HV_LIB/guest-init.sh" "$root/init"
	chmod 755 "$root/init"
}

# unpacked_module FILE TARGET: distributions compress their modules.
unpacked_module()
{
	mkdir -p "${2%/*}"
	case $1 in
	*.xz) xz -dc "$1" >"$2" ;;
	*.zst) zstd -qdc "$1" >"$2" ;;
	*.gz) gzip -dc "$1" >"$2" ;;
	*) cp "$1" "$2" ;;
	esac
}

# find_module TREE NAME: '-' and '_' are the same letter in module names.
find_module()
{
	find -L "$1" -path "$1/build" -prune -o -path "$1/source" -prune -o \
		-name "${2//[-_]/[-_]}.ko*" -type f -print -quit
}

# add_in_tree_modules TREE INTREE NAME...: modules of the kernel package and all
# that they depend on; a name that is not there is built in.
add_in_tree_modules()
{
	local tree=$1 intree=$2 name file target depends

	shift 2
	for name; do
		target=$tree/kernel/${name//-/_}.ko
		[[ ! -e $target ]] || continue
		[[ -z $(find_module "$tree" "$name") ]] || continue
		file=$(find_module "$intree" "$name")
		[[ -n $file ]] || continue
		unpacked_module "$file" "$target"
		depends=$(modinfo -F depends "$target")
		# shellcheck disable=SC2086 # a list, split on purpose
		add_in_tree_modules "$tree" "$intree" ${depends//,/ }
	done
}

strip_module()
{
	if foreign_machine; then
		cp "$1" "$2"
	else
		objcopy --strip-debug "$1" "$2"
	fi
}

# add_modules ROOT RELEASE INTREE OURS NAME...: every module of directory OURS,
# the in-tree modules they need, and the in-tree modules NAME.
add_modules()
{
	local root=$1 release=$2 intree=$3 ours=$4 tree=$1/lib/modules/$2 file depends

	shift 4
	mkdir -p "$tree/updates/dkms"
	for file in modules.order modules.builtin modules.builtin.modinfo; do
		if [[ -e $intree/$file ]]; then
			cp "$intree/$file" "$tree/"
		else
			: >"$tree/$file"
		fi
	done
	if [[ -n $ours ]]; then
		for file in "$ours"/*.ko; do
			[[ -e $file ]] || die "no modules in $ours"
			strip_module "$file" "$tree/updates/dkms/${file##*/}"
		done
		for file in "$tree"/updates/dkms/*.ko; do
			depends=$(modinfo -F depends "$file")
			# shellcheck disable=SC2086 # a list, split on purpose
			add_in_tree_modules "$tree" "$intree" ${depends//,/ }
		done
	fi
	add_in_tree_modules "$tree" "$intree" "$@"
	depmod -b "$root" "$release"
}

# pack_initramfs ROOT FILE
pack_initramfs()
{
	(cd "$1" && find . | cpio --quiet -o -H newc -R 0:0) | gzip -1 >"$2"
}
