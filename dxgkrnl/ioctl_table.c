// SPDX-License-Identifier: GPL-2.0
/*
 * From an ioctl number to its handler.  Numbers without one, and numbers with
 * another size or direction, answer -ENOTTY, as do callers that are not the
 * process that opened the file: that is how the client library notices a fork.
 */
#include <linux/nospec.h>

#include <compat.h>

#include "global_channel.h"
#include "ioctl_table.h"
#include "process.h"
#include "trace.h"

/* Largest argument struct that the dispatcher copies for the handler. */
#define DXG_ARGS_MAX	sizeof(struct d3dkmt_querystatistics)

/**
 * struct dxg_ioctl_entry - one ioctl
 * @command: request code
 * @creates: kind of object that the process will have more of, DXG_FREE: none
 * @version: oldest version of the interface that has it, else -EOPNOTSUPP
 * @handler: does it
 */
struct dxg_ioctl_entry {
	u32 command;
	enum dxg_object_type creates;
	u32 version;
	dxg_ioctl_handler handler;
};

#define DXG_CREATE_SINCE(since, name, handler, type)			\
	[_IOC_NR(name)] = { name, type, since, dxg_ioctl_##handler }
#define DXG_CREATE(name, handler, type)					\
	DXG_CREATE_SINCE(0, name, handler, type)
#define DXG_ENTRY(name, handler)	DXG_CREATE(name, handler, DXG_FREE)

static const struct dxg_ioctl_entry dxg_ioctls[] = {
	DXG_ENTRY(LX_DXOPENADAPTERFROMLUID, open_adapter_from_luid),
	DXG_CREATE(LX_DXCREATEDEVICE, create_device, DXG_DEVICE),
	DXG_CREATE(LX_DXCREATECONTEXTVIRTUAL, create_context_virtual, DXG_CONTEXT),
	DXG_ENTRY(LX_DXDESTROYCONTEXT, destroy_context),
	DXG_CREATE(LX_DXCREATEALLOCATION, create_allocation, DXG_ALLOCATION),
	DXG_CREATE(LX_DXCREATEPAGINGQUEUE, create_paging_queue, DXG_PAGING_QUEUE),
	DXG_ENTRY(LX_DXRESERVEGPUVIRTUALADDRESS, reserve_gpu_virtual_address),
	DXG_ENTRY(LX_DXQUERYADAPTERINFO, query_adapter_info),
	DXG_ENTRY(LX_DXQUERYVIDEOMEMORYINFO, query_video_memory_info),
	DXG_ENTRY(LX_DXMAKERESIDENT, make_resident),
	DXG_ENTRY(LX_DXMAPGPUVIRTUALADDRESS, map_gpu_virtual_address),
	DXG_ENTRY(LX_DXESCAPE, escape),
	DXG_ENTRY(LX_DXGETDEVICESTATE, get_device_state),
	DXG_ENTRY(LX_DXSUBMITCOMMAND, submit_command),
	DXG_CREATE(LX_DXCREATESYNCHRONIZATIONOBJECT,
		   create_synchronization_object, DXG_SYNC_OBJECT),
	DXG_ENTRY(LX_DXSIGNALSYNCHRONIZATIONOBJECT,
		  signal_synchronization_object),
	DXG_ENTRY(LX_DXWAITFORSYNCHRONIZATIONOBJECT,
		  wait_for_synchronization_object),
	DXG_ENTRY(LX_DXDESTROYALLOCATION2, destroy_allocation2),
	DXG_ENTRY(LX_DXENUMADAPTERS2, enum_adapters2),
	DXG_ENTRY(LX_DXCLOSEADAPTER, close_adapter),
	DXG_ENTRY(LX_DXCHANGEVIDEOMEMORYRESERVATION,
		  change_video_memory_reservation),
	DXG_CREATE(LX_DXCREATEHWQUEUE, create_hwqueue, DXG_HWQUEUE),
	DXG_ENTRY(LX_DXDESTROYDEVICE, destroy_device),
	DXG_ENTRY(LX_DXDESTROYHWQUEUE, destroy_hwqueue),
	DXG_ENTRY(LX_DXDESTROYPAGINGQUEUE, destroy_paging_queue),
	DXG_ENTRY(LX_DXDESTROYSYNCHRONIZATIONOBJECT,
		  destroy_synchronization_object),
	DXG_ENTRY(LX_DXEVICT, evict),
	DXG_ENTRY(LX_DXFLUSHHEAPTRANSITIONS, flush_heap_transitions),
	DXG_ENTRY(LX_DXFREEGPUVIRTUALADDRESS, free_gpu_virtual_address),
	DXG_ENTRY(LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY,
		  get_context_in_process_priority),
	DXG_ENTRY(LX_DXGETCONTEXTSCHEDULINGPRIORITY,
		  get_context_priority),
	DXG_ENTRY(LX_DXINVALIDATECACHE, invalidate_cache),
	DXG_ENTRY(LX_DXLOCK2, lock2),
	DXG_ENTRY(LX_DXMARKDEVICEASERROR, mark_device_as_error),
	DXG_ENTRY(LX_DXOFFERALLOCATIONS, offer_allocations),
	DXG_ENTRY(LX_DXQUERYALLOCATIONRESIDENCY, query_allocation_residency),
	DXG_ENTRY(LX_DXRECLAIMALLOCATIONS2, reclaim_allocations2),
	DXG_ENTRY(LX_DXSETALLOCATIONPRIORITY, set_allocation_priority),
	DXG_ENTRY(LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY,
		  set_context_in_process_priority),
	DXG_ENTRY(LX_DXSETCONTEXTSCHEDULINGPRIORITY,
		  set_context_priority),
	DXG_ENTRY(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU,
		  signal_synchronization_object_from_cpu),
	DXG_ENTRY(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU,
		  signal_synchronization_object_from_gpu),
	DXG_ENTRY(LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2,
		  signal_synchronization_object_from_gpu2),
	DXG_ENTRY(LX_DXSUBMITCOMMANDTOHWQUEUE, submit_command_to_hwqueue),
	DXG_ENTRY(LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE,
		  submit_signal_sync_objects_to_hwqueue),
	DXG_ENTRY(LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE,
		  submit_wait_for_sync_objects_to_hwqueue),
	DXG_ENTRY(LX_DXUNLOCK2, unlock2),
	DXG_ENTRY(LX_DXUPDATEALLOCPROPERTY, update_allocation_property),
	DXG_ENTRY(LX_DXUPDATEGPUVIRTUALADDRESS, update_gpu_virtual_address),
	DXG_ENTRY(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
		  wait_for_synchronization_object_from_cpu),
	DXG_ENTRY(LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU,
		  wait_for_synchronization_object_from_gpu),
	DXG_ENTRY(LX_DXGETALLOCATIONPRIORITY, get_allocation_priority),
	DXG_ENTRY(LX_DXQUERYCLOCKCALIBRATION, query_clock_calibration),
	DXG_ENTRY(LX_DXENUMADAPTERS3, enum_adapters3),
	DXG_ENTRY(LX_DXSHAREOBJECTS, share_objects),
	DXG_ENTRY(LX_DXQUERYRESOURCEINFOFROMNTHANDLE,
		  query_resource_info_from_nt_handle),
	DXG_CREATE(LX_DXOPENSYNCOBJECTFROMNTHANDLE2,
		   open_sync_object_from_nt_handle2, DXG_SYNC_OBJECT),
	DXG_CREATE(LX_DXOPENRESOURCEFROMNTHANDLE, open_resource_from_nt_handle,
		   DXG_RESOURCE),
	DXG_ENTRY(LX_DXQUERYSTATISTICS, query_statistics),
	DXG_ENTRY(LX_DXSHAREOBJECTWITHHOST, share_object_with_host),
#if IS_ENABLED(CONFIG_SYNC_FILE)
	DXG_ENTRY(LX_DXCREATESYNCFILE, create_sync_file),
	DXG_ENTRY(LX_DXWAITSYNCFILE, wait_sync_file),
	DXG_CREATE(LX_DXOPENSYNCOBJECTFROMSYNCFILE,
		   open_sync_object_from_sync_file, DXG_SYNC_OBJECT),
#endif
	DXG_ENTRY(LX_DXENUMPROCESSES, enum_processes),
	DXG_ENTRY(LX_ISFEATUREENABLED, is_feature_enabled),
	DXG_CREATE_SINCE(DXGK_VMBUS_VERSION_CREATENATIVEFENCE,
			 LX_CREATENATIVEFENCE, create_native_fence,
			 DXG_SYNC_OBJECT),
	DXG_CREATE_SINCE(DXGK_VMBUS_VERSION_OPENNATIVEFENCE_NT,
			 LX_DXOPENNATIVEFENCEFROMNTHANDLE,
			 open_native_fence_from_nt_handle, DXG_SYNC_OBJECT),
};

static const struct dxg_ioctl_entry *dxg_ioctl_find(unsigned int command)
{
	unsigned int nr = _IOC_NR(command);

	if (nr >= ARRAY_SIZE(dxg_ioctls))
		return NULL;
	nr = array_index_nospec(nr, ARRAY_SIZE(dxg_ioctls));
	if (!dxg_ioctls[nr].handler || dxg_ioctls[nr].command != command)
		return NULL;
	return &dxg_ioctls[nr];
}

/**
 * dxg_ioctl() - unlocked_ioctl of /dev/dxg, and behind compat_ptr_ioctl()
 * @file: file; its private data is the process object
 * @cmd: request code, compared as a whole
 * @arg: user address of the argument struct
 *
 * The structures are the same for 32-bit callers; one that lays them out
 * otherwise has another request code and is refused with it.
 *
 * Return: 0, an NTSTATUS success code, or an errno; see docs/errno.md.
 */
long dxg_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct dxg_process *process = file->private_data;
	const struct dxg_ioctl_entry *entry = dxg_ioctl_find(cmd);
	/* only what was copied in is used; clearing it all costs more */
	u8 args[DXG_ARGS_MAX] __aligned(8) __uninitialized;
	void __user *user = (void __user *)arg;
	int ret = -ENOTTY;

	if (!entry || !dxg_process_is_current(process))
		goto out;
	/* the host forgot this process: its objects are gone for good */
	if (process->generation != READ_ONCE(dxg_global.channel.generation))
		goto out;
	ret = -EOPNOTSUPP;
	if (entry->version > dxg_global.version)
		goto out;
	ret = -EFAULT;
	if (copy_from_user(args, user, _IOC_SIZE(entry->command)))
		goto out;
	ret = -ENOSPC;
	if (!entry->creates ||
	    dxg_handle_table_has_room(&process->objects, entry->creates))
		ret = entry->handler(process, args, user);
out:
	trace_dxg_ioctl(_IOC_NR(cmd), ret);
	return ret;
}
