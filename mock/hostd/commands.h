/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of guest commands and the handlers in it.
 *
 * A handler runs with the engine lock held, with a command that is at least
 * as long as its fixed part, and returns an NTSTATUS.  Dispatch stores that
 * status where the reply has one; when it is negative the rest of the reply
 * is zeros, which is how the commands without a status fail.
 */
#ifndef DXG_MOCK_COMMANDS_H
#define DXG_MOCK_COMMANDS_H

#include "engine.h"

#define NO_STATUS	(-1)

/**
 * struct command - one row of the table
 * @number: command number
 * @name: name for people
 * @handler: what the host does, NULL for numbers that are only known
 * @size: bytes of the fixed part of the request
 * @reply: bytes of the fixed reply, or of the least one
 * @status: offset of the NTSTATUS in the reply, or NO_STATUS
 * @reply_len: bytes of the reply to this request, for variable replies
 * @variable: the handler checks the length
 * @no_process: the header's process is 0
 * @async: may be sent without completion
 * @any_state: allowed while the adapter is not open
 * @empty_failure: zeros would read as success: a failure is an empty reply
 * @global: an adapter's command that always takes the global channel
 */
struct command {
	uint32_t number;
	const char *name;
	int32_t (*handler)(struct request *rq);
	uint32_t size;
	uint32_t reply;
	int status;
	uint64_t (*reply_len)(const struct request *rq);
	bool variable;
	bool no_process;
	bool async;
	bool any_state;
	bool empty_failure;
	bool global;
};

const struct command *command_find(uint32_t number);

/* process.c */
int32_t handle_createprocess(struct request *rq);
int32_t handle_destroyprocess(struct request *rq);

/* adapter.c */
int32_t handle_setiospaceregion(struct request *rq);
int32_t handle_openadapter(struct request *rq);
int32_t handle_closeadapter(struct request *rq);
int32_t handle_getinternaladapterinfo(struct request *rq);

/* adapter_info.c */
int32_t handle_queryadapterinfo(struct request *rq);

/* adapter_query.c */
int32_t handle_isfeatureenabled(struct request *rq);
int32_t handle_querystatistics(struct request *rq);
int32_t handle_queryvideomemoryinfo(struct request *rq);
int32_t handle_changevideomemoryreservation(struct request *rq);
int32_t handle_queryclockcalibration(struct request *rq);
int32_t handle_escape(struct request *rq);
int32_t handle_flushheaptransitions(struct request *rq);

/* device.c */
int32_t handle_createdevice(struct request *rq);
int32_t handle_destroydevice(struct request *rq);
int32_t handle_flushdevice(struct request *rq);
int32_t handle_getdevicestate(struct request *rq);
int32_t handle_markdeviceaserror(struct request *rq);

/* context.c */
int32_t handle_createcontextvirtual(struct request *rq);
int32_t handle_destroycontext(struct request *rq);
int32_t handle_setcontextschedulingpriority(struct request *rq);
int32_t handle_getcontextschedulingpriority(struct request *rq);
int32_t handle_createhwqueue(struct request *rq);
int32_t handle_destroyhwqueue(struct request *rq);

/* submit.c */
int32_t handle_submitcommand(struct request *rq);
int32_t handle_submitcommandtohwqueue(struct request *rq);

/* allocation.c */
int32_t handle_createallocation(struct request *rq);
int32_t handle_destroyallocation(struct request *rq);
int32_t handle_getstandardallocprivdata(struct request *rq);

/* cpu_access.c */
int32_t handle_setexistingsysmempages(struct request *rq);
int32_t handle_setexistingsysmemstore(struct request *rq);
int32_t handle_lock2(struct request *rq);
int32_t handle_unlock2(struct request *rq);
int32_t handle_invalidatecache(struct request *rq);

/* residency.c */
int32_t handle_makeresident(struct request *rq);
int32_t handle_evict(struct request *rq);
int32_t handle_queryallocationresidency(struct request *rq);
int32_t handle_offerallocations(struct request *rq);
int32_t handle_reclaimallocations(struct request *rq);
int32_t handle_updateallocationproperty(struct request *rq);
int32_t handle_setallocationpriority(struct request *rq);
int32_t handle_getallocationpriority(struct request *rq);

/* paging_queue.c */
int32_t handle_createpagingqueue(struct request *rq);
int32_t handle_destroypagingqueue(struct request *rq);

/* gpu_address.c */
int32_t handle_reservegpuvirtualaddress(struct request *rq);
int32_t handle_mapgpuvirtualaddress(struct request *rq);
int32_t handle_freegpuvirtualaddress(struct request *rq);

/* gpu_update.c */
int32_t handle_updategpuvirtualaddress(struct request *rq);

/* sync_object.c */
int32_t handle_createsyncobject(struct request *rq);
int32_t handle_opensyncobject(struct request *rq);
int32_t handle_destroysyncobject(struct request *rq);

/* native_fence.c */
int32_t handle_createnativefence(struct request *rq);
int32_t handle_opennativefencefromnthandle(struct request *rq);

/* cpu_wait.c */
int32_t handle_waitforsyncobjectfromcpu(struct request *rq);

/* gpu_sync.c */
int32_t handle_waitforsyncobjectfromgpu(struct request *rq);
int32_t handle_signalsyncobject(struct request *rq);

/* sharing.c */
int32_t handle_createntsharedobject(struct request *rq);
int32_t handle_destroyntsharedobject(struct request *rq);
int32_t handle_openresource(struct request *rq);
int32_t handle_shareobjectwithhost(struct request *rq);

#endif /* DXG_MOCK_COMMANDS_H */
