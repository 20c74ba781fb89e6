# SPDX-License-Identifier: GPL-2.0
# The rooms of hv_balloon_reclaim, one object each.
hvb-dm-objects := choice.o range_set.o
hvb-dm-objects += dm.o dm_message.o dm_status.o dm_balloon.o
hvb-dm-objects += dm_unload.o dm_relief.o
hvb-dm-objects += $(if $(CONFIG_MEMORY_HOTPLUG),hot_add.o)
hvb-objects := module.o $(hvb-dm-objects)
hvb-objects += private_fs.o hypercall.o report_hint.o report.o report_pass.o
hvb-objects += sample.o lever.o floor.o guards.o cpu_budget.o
hvb-objects += take.o compact.o request.o reclaim.o sysfs.o
