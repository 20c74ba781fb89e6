# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# hv_balloon_reclaim at work, for scripts/bench, scripts/demo and scripts/check.
# Sourced after common.sh.

# What the tests in tests/balloon need in the VM: ext4 on zram, zram swap, mkfs.
balloon_vm()
{
	local script module arguments=()

	need_packages e2fsprogs
	for script in "$HV_ROOT"/tests/balloon/*.sh "$HV_ROOT"/docs/examples/*.sh; do
		arguments+=(--copy "$script")
	done
	for module in ext4 crc32c_generic zram lzo-rle; do
		arguments+=(--with-module "$module")
	done
	"$HV_ROOT/scripts/vm" --no-host --modules mock_vmbus --mem 2048 \
		--copy /sbin/mke2fs=/usr/sbin/mkfs.ext4 "${arguments[@]}" "$@"
}

# memory_policies FILE SECONDS WORKLOAD POLICY... [-- VM_ARGUMENT...]: leaves what
# tests/balloon/policies.sh prints in FILE, and says when a policy is through.
memory_policies()
{
	local file=$1 seconds=$2 workload=$3 policies=()

	shift 3
	while (($#)) && [[ $1 != -- ]]; do
		policies+=("$1")
		shift
	done
	shift || true
	balloon_vm --timeout $((${#policies[@]} * (seconds * 4 + 120) + 120)) "$@" -- \
		sh policies.sh "$seconds" "$workload" "${policies[@]}" | tr -d '\r' |
		tee "$file" | awk '$3 == "mistakes" { print "       " $2 ": done"; fflush() }'
}

# memory_table FILE: one column per policy.
memory_table()
{
	awk '
		$1 == "summary" {
			if (!($2 in column)) {
				column[$2] = ++columns
				policy[columns] = $2
			}
			if (!($3 in row)) {
				row[$3] = ++rows
				name[rows] = $3
			}
			value[$3, $2] = $4
		}
		END {
			printf "%-22s", ""
			for (c = 1; c <= columns; c++)
				printf "%10s", policy[c]
			printf "\n"
			for (r = 1; r <= rows; r++) {
				printf "%-22s", name[r]
				for (c = 1; c <= columns; c++)
					printf "%10s", value[name[r], policy[c]]
				printf "\n"
			}
		}' "$1"
}

# memory_picture FILE PNG: host memory, page cache, re-reads and floor over time.
memory_picture()
{
	local policy data most plots=''
	local -A titles=([ours]='hv_balloon_reclaim' [fixed]='fixed floor'
		[drop]='drop_caches')

	need_packages gnuplot-nox
	data=$(dirname "$2")/memory
	mkdir -p "$data"
	# the same scale for all
	most=$(awk '$1 == "sample" {
		most = $4 > most ? $4 : most
		most = $5 > most ? $5 : most
	}
	END { print most * 1.1 }' "$1")
	for policy in ours fixed drop; do
		awk -v policy="$policy" '$1 == "sample" && $2 == policy {
			print $3, $4, $5, $6, $7 }' "$1" >"$data/$policy"
		plots+="set title '${titles[$policy]}'
plot '$data/$policy' using 1:2 title 'memory on the host' lw 2, \
'' using 1:3 title 'page cache' lw 2, '' using 1:4 title 'read again' lw 2"
		[[ $policy != ours ]] ||
			plots+=", '' using 1:5 title 'floor' lw 1 dt 2"
		plots+=$'\n'
	done
	gnuplot <<PLOT
set terminal pngcairo noenhanced size 1500,480 font 'sans,10'
set output '$2'
set multiplot layout 1,3
set style data lines
set xlabel 'seconds'
set ylabel 'MiB'
set yrange [0:$most]
set key top right
set grid
$plots
unset multiplot
PLOT
}
