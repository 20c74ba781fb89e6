# SPDX-License-Identifier: GPL-2.0
# The rooms of hv_balloon_reclaim, one object each.
hvb-objects := module.o
hvb-objects += range_set.o pressure.o
