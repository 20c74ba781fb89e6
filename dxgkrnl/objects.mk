# SPDX-License-Identifier: GPL-2.0
# The rooms of dxgkrnl, one object each.
dxgkrnl-objects := module.o ioctl_table.o handle_table.o
dxgkrnl-objects += vmbus_channel.o host_message.o host_call.o host_event.o
dxgkrnl-objects += host_object.o
dxgkrnl-objects += global_channel.o probe.o vgpu.o adapter.o adapter_handle.o
dxgkrnl-objects += adapter_query.o video_memory.o escape.o statistics.o process.o
dxgkrnl-objects += device.o device_teardown.o context.o hwqueue.o
dxgkrnl-objects += paging_queue.o queue_fence.o
dxgkrnl-objects += submission.o gpu_address.o residency.o
dxgkrnl-objects += allocation.o create_allocation.o destroy_allocation.o
dxgkrnl-objects += allocation_property.o
dxgkrnl-objects += standard_allocation.o existing_memory.o pinned_memory.o
dxgkrnl-objects += shared_object.o sharing.o resource_sharing.o
dxgkrnl-objects += open_resource.o sync_sharing.o native_fence.o
dxgkrnl-objects += cpu_mapping.o cpu_access.o
dxgkrnl-objects += sync_object.o gpu_sync.o cpu_wait.o
# sync files need their part of the kernel; without it their ioctls are unknown
dxgkrnl-objects += $(if $(CONFIG_SYNC_FILE),sync_file.o)
