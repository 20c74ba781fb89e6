/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Dispatch of ioctls.  The dispatcher copies the argument struct in, so a
 * handler gets a private kernel copy (@args, read once, may be changed) and the
 * user's struct for writing single fields back.
 */
#ifndef _DXG_IOCTL_TABLE_H
#define _DXG_IOCTL_TABLE_H

#include <linux/fs.h>
#include <linux/uaccess.h>

struct dxg_process;

/*
 * Handler of one ioctl.  Return: 0, a positive NTSTATUS that the client gets
 * unchanged, or a negative errno.  Context: process, no locks held.
 */
typedef int (*dxg_ioctl_handler)(struct dxg_process *process, void *args,
				 void __user *user);

long dxg_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* Write one field of the argument struct back; 0 or -EFAULT. */
#define dxg_write_back(uargs, args, field)				\
	dxg_copy_field(&(uargs)->field, &(args)->field, sizeof((args)->field))

static inline int dxg_copy_field(void __user *to, const void *from,
				 size_t size)
{
	return copy_to_user(to, from, size) ? -EFAULT : 0;
}

/* Copy @size bytes from the user address in a 64-bit field; 0 or -EFAULT. */
static inline int dxg_copy_in(void *to, u64 from, size_t size)
{
	return copy_from_user(to, u64_to_user_ptr(from), size) ? -EFAULT : 0;
}

/* Copy @size bytes to the user address in a 64-bit field; 0 or -EFAULT. */
static inline int dxg_copy_out(u64 to, const void *from, size_t size)
{
	return copy_to_user(u64_to_user_ptr(to), from, size) ? -EFAULT : 0;
}

/* One per entry of the table, defined in the room of the object concerned. */
#define DXG_IOCTL(name)							\
	int dxg_ioctl_##name(struct dxg_process *process, void *args,	\
			     void __user *user)

/* process.c, adapter.c */
DXG_IOCTL(open_adapter_from_luid);
DXG_IOCTL(enum_adapters2);
DXG_IOCTL(enum_adapters3);
DXG_IOCTL(close_adapter);
/* adapter_query.c */
DXG_IOCTL(query_adapter_info);
DXG_IOCTL(is_feature_enabled);
/* video_memory.c */
DXG_IOCTL(query_video_memory_info);
DXG_IOCTL(change_video_memory_reservation);
DXG_IOCTL(flush_heap_transitions);
/* escape.c */
DXG_IOCTL(escape);
/* statistics.c */
DXG_IOCTL(query_statistics);
DXG_IOCTL(enum_processes);
DXG_IOCTL(query_clock_calibration);
/* device.c */
DXG_IOCTL(create_device);
DXG_IOCTL(destroy_device);
DXG_IOCTL(get_device_state);
DXG_IOCTL(mark_device_as_error);
/* context.c */
DXG_IOCTL(create_context_virtual);
DXG_IOCTL(destroy_context);
DXG_IOCTL(get_context_priority);
DXG_IOCTL(get_context_in_process_priority);
DXG_IOCTL(set_context_priority);
DXG_IOCTL(set_context_in_process_priority);
/* hwqueue.c */
DXG_IOCTL(create_hwqueue);
DXG_IOCTL(destroy_hwqueue);
/* paging_queue.c */
DXG_IOCTL(create_paging_queue);
DXG_IOCTL(destroy_paging_queue);
/* submission.c */
DXG_IOCTL(submit_command);
DXG_IOCTL(submit_command_to_hwqueue);
/* allocation.c */
DXG_IOCTL(create_allocation);
DXG_IOCTL(destroy_allocation2);
/* sharing.c */
DXG_IOCTL(share_objects);
DXG_IOCTL(share_object_with_host);
/* resource_sharing.c */
DXG_IOCTL(query_resource_info_from_nt_handle);
DXG_IOCTL(open_resource_from_nt_handle);
/* cpu_access.c */
DXG_IOCTL(lock2);
DXG_IOCTL(unlock2);
DXG_IOCTL(invalidate_cache);
/* gpu_address.c */
DXG_IOCTL(reserve_gpu_virtual_address);
DXG_IOCTL(map_gpu_virtual_address);
DXG_IOCTL(update_gpu_virtual_address);
DXG_IOCTL(free_gpu_virtual_address);
/* residency.c */
DXG_IOCTL(make_resident);
DXG_IOCTL(evict);
DXG_IOCTL(offer_allocations);
DXG_IOCTL(reclaim_allocations2);
DXG_IOCTL(query_allocation_residency);
/* allocation_property.c */
DXG_IOCTL(set_allocation_priority);
DXG_IOCTL(get_allocation_priority);
DXG_IOCTL(update_allocation_property);
/* sync_object.c */
DXG_IOCTL(create_synchronization_object);
DXG_IOCTL(destroy_synchronization_object);
/* sync_sharing.c */
DXG_IOCTL(open_sync_object_from_nt_handle2);
/* sync_file.c */
DXG_IOCTL(create_sync_file);
DXG_IOCTL(wait_sync_file);
DXG_IOCTL(open_sync_object_from_sync_file);
/* native_fence.c */
DXG_IOCTL(create_native_fence);
DXG_IOCTL(open_native_fence_from_nt_handle);
/* gpu_sync.c */
DXG_IOCTL(signal_synchronization_object);
DXG_IOCTL(wait_for_synchronization_object);
DXG_IOCTL(signal_synchronization_object_from_cpu);
DXG_IOCTL(signal_synchronization_object_from_gpu);
DXG_IOCTL(signal_synchronization_object_from_gpu2);
DXG_IOCTL(submit_signal_sync_objects_to_hwqueue);
DXG_IOCTL(submit_wait_for_sync_objects_to_hwqueue);
DXG_IOCTL(wait_for_synchronization_object_from_gpu);
/* cpu_wait.c */
DXG_IOCTL(wait_for_synchronization_object_from_cpu);

#endif /* _DXG_IOCTL_TABLE_H */
