#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# For node_exporter's textfile collector: writes what hv_balloon_reclaim does to a
# file that is replaced at once, so that the collector never sees half of it.
# Run it from a timer, once a minute.
#
# usage: hvmem-textfile.sh [DIRECTORY]
set -eu

directory=${1:-/var/lib/prometheus/node-exporter}
temporary=$directory/.hvmem.prom.$$

trap 'rm -f "$temporary"' EXIT
hvmem metrics >"$temporary"
chmod 644 "$temporary"
mv "$temporary" "$directory/hvmem.prom"
