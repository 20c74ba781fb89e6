/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The valid calls behind the table in ioctl_description.c: each fills in the
 * argument, and what that points to, of a zeroed call.
 */
#ifndef E2E_IOCTL_CALLS_H
#define E2E_IOCTL_CALLS_H

#include "ioctl_description.h"

/* Where the heap of the sequence holds a command buffer that does nothing. */
#define END_OFFSET	(HEAP_SIZE - 2 * PAGE)

#define IOCTL_CALL(name)						\
	void ioctl_call_##name(const struct ioctl_state *state,	\
			       struct ioctl_call *call)

IOCTL_CALL(open_adapter);
IOCTL_CALL(create_device);
IOCTL_CALL(create_context);
IOCTL_CALL(destroy_context);
IOCTL_CALL(create_allocation);
IOCTL_CALL(create_paging_queue);
IOCTL_CALL(reserve_va);
IOCTL_CALL(query_adapter_info);
IOCTL_CALL(query_video_memory);
IOCTL_CALL(make_resident);
IOCTL_CALL(map_va);
IOCTL_CALL(escape);
IOCTL_CALL(get_device_state);
IOCTL_CALL(submit_command);
IOCTL_CALL(create_sync_object);
IOCTL_CALL(signal_legacy);
IOCTL_CALL(wait_legacy);
IOCTL_CALL(destroy_allocation);
IOCTL_CALL(enum_adapters2);
IOCTL_CALL(close_adapter);
IOCTL_CALL(change_reservation);
IOCTL_CALL(create_hw_queue);
IOCTL_CALL(destroy_device);
IOCTL_CALL(destroy_hw_queue);
IOCTL_CALL(destroy_paging_queue);
IOCTL_CALL(destroy_sync_object);
IOCTL_CALL(evict);
IOCTL_CALL(flush_heap_transitions);
IOCTL_CALL(free_va);
IOCTL_CALL(get_context_priority);
IOCTL_CALL(invalidate_cache);
IOCTL_CALL(lock);
IOCTL_CALL(mark_device);
IOCTL_CALL(offer);
IOCTL_CALL(query_residency);
IOCTL_CALL(reclaim);
IOCTL_CALL(set_priorities);
IOCTL_CALL(set_context_priority);
IOCTL_CALL(unlock);
IOCTL_CALL(signal_from_cpu);
IOCTL_CALL(signal_from_gpu);
IOCTL_CALL(signal_from_gpu2);
IOCTL_CALL(submit_hw_queue);
IOCTL_CALL(signal_hw_queue);
IOCTL_CALL(wait_hw_queue);
IOCTL_CALL(update_property);
IOCTL_CALL(update_va);
IOCTL_CALL(wait_from_cpu);
IOCTL_CALL(wait_from_gpu);
IOCTL_CALL(get_priorities);
IOCTL_CALL(query_clocks);
IOCTL_CALL(enum_adapters3);
IOCTL_CALL(share);
IOCTL_CALL(query_shared);
IOCTL_CALL(open_sync_object);
IOCTL_CALL(open_shared);
IOCTL_CALL(query_statistics);
IOCTL_CALL(share_with_host);
IOCTL_CALL(create_sync_file);
IOCTL_CALL(wait_sync_file);
IOCTL_CALL(open_from_sync_file);
IOCTL_CALL(enum_processes);
IOCTL_CALL(is_feature_enabled);
IOCTL_CALL(create_native_fence);
IOCTL_CALL(open_native_fence);

#endif /* E2E_IOCTL_CALLS_H */
