// SPDX-License-Identifier: GPL-2.0
/*
 * The table of guest commands.  A command that the mock host learns is one
 * row here and one handler; what has no handler is answered with
 * STATUS_NOT_SUPPORTED.
 */
#include "commands.h"

/* The command of a request as what it is. */
#define AS(rq, type)	((const type *)(rq)->cmd)

static uint64_t round8(uint64_t len)
{
	return (len + 7) & ~(uint64_t)7;
}

static uint64_t at_least_one(uint32_t count)
{
	return count ? count : 1;
}

static uint64_t len_queryadapterinfo(const struct request *rq)
{
	uint64_t n = AS(rq, struct dxg_cmd_queryadapterinfo)->private_data_size;

	return rq->extended ? 4 + n : n;
}

static uint64_t len_getinternaladapterinfo(const struct request *rq)
{
	return rq->extended ? sizeof(struct dxg_ret_getinternaladapterinfo) :
	       offsetof(struct dxg_ret_getinternaladapterinfo, host_vgpu_luid);
}

static uint64_t len_createcontextvirtual(const struct request *rq)
{
	uint64_t n = AS(rq, struct dxg_cmd_createcontextvirtual)->priv_drv_data_size;

	return offsetof(struct dxg_cmd_createcontextvirtual, priv_drv_data) + n +
	       DXG_SPARE_CREATECONTEXTVIRTUAL;
}

static uint64_t len_createhwqueue(const struct request *rq)
{
	uint64_t n = AS(rq, struct dxg_cmd_createhwqueue)->priv_drv_data_size;

	return offsetof(struct dxg_cmd_createhwqueue, priv_drv_data) + n +
	       (n ? DXG_SPARE_CREATEHWQUEUE : DXG_SPARE_CREATEHWQUEUE_NO_DATA);
}

static uint64_t len_escape(const struct request *rq)
{
	return AS(rq, struct dxg_cmd_escape)->priv_drv_data_size;
}

static uint64_t len_createallocation(const struct request *rq)
{
	const struct dxg_cmd_createallocation_allocinfo *info;
	uint32_t count = AS(rq, struct dxg_cmd_createallocation)->alloc_count;
	uint64_t len = 0;
	uint32_t i;

	info = (const void *)(rq->cmd + sizeof(struct dxg_cmd_createallocation));
	if (count > (rq->len - sizeof(struct dxg_cmd_createallocation)) /
		    sizeof(*info))
		return 0;
	for (i = 0; i < count; i++)
		len += info[i].priv_drv_data_size;
	return len + sizeof(struct dxg_ret_createallocation) +
	       at_least_one(count) * sizeof(struct dxg_ret_allocinfo);
}

static uint64_t len_openresource(const struct request *rq)
{
	uint64_t n = AS(rq, struct dxg_cmd_openresource)->allocation_count;

	return round8(sizeof(struct dxg_ret_openresource) + 4 * n);
}

static uint64_t len_getstandardallocprivdata(const struct request *rq)
{
	const struct dxg_cmd_getstandardallocprivdata *cmd =
		(const void *)rq->cmd;

	return round8(sizeof(struct dxg_ret_getstandardallocprivdata) +
		      (uint64_t)cmd->priv_driver_data_size +
		      cmd->priv_driver_resource_size);
}

static uint64_t len_queryallocationresidency(const struct request *rq)
{
	uint32_t n = AS(rq, struct dxg_cmd_queryallocationresidency)->args.allocation_count;

	return round8(4 + 4 * at_least_one(n));
}

static uint64_t len_reclaimallocations(const struct request *rq)
{
	const struct dxg_cmd_reclaimallocations *cmd = (const void *)rq->cmd;

	if (!cmd->write_results)
		return 16;
	return round8(12 + 4 * at_least_one(cmd->allocation_count));
}

static uint64_t len_getallocationpriority(const struct request *rq)
{
	uint32_t n = AS(rq, struct dxg_cmd_getallocationpriority)->allocation_count;

	return round8(4 + 4 * at_least_one(n));
}

/* Only the number is known: dispatch answers STATUS_NOT_SUPPORTED. */
#define KNOWN(nr) \
	{ .number = DXGK_VMBCOMMAND_##nr, .name = #nr, .reply = 4 }

#define FIXED(type)		sizeof(struct type)
/* sizeof() may count tail padding that belongs to the array. */
#define FLEXIBLE(type, array)	offsetof(struct type, array)

/* NTSTATUS is the whole reply. */
#define STATUS_ROW(nr, function, bytes) \
	.number = DXGK_VMBCOMMAND_##nr, .name = #nr, .handler = (function), \
	.size = (bytes), .reply = 4

#define REPLY_ROW(nr, function, bytes, answer) \
	.number = DXGK_VMBCOMMAND_##nr, .name = #nr, .handler = (function), \
	.size = (bytes), .reply = sizeof(struct answer)

static const struct command global_commands[] = {
	{ REPLY_ROW(CREATEPROCESS, handle_createprocess,
		    FIXED(dxg_cmd_createprocess), dxg_ret_createprocess),
	  .status = NO_STATUS, .no_process = true },
	{ STATUS_ROW(DESTROYPROCESS, handle_destroyprocess,
		     FIXED(dxg_cmd_destroyprocess)) },
	{ REPLY_ROW(OPENSYNCOBJECT, handle_opensyncobject,
		    FIXED(dxg_cmd_opensyncobject), dxg_ret_opensyncobject),
	  .status = offsetof(struct dxg_ret_opensyncobject, status) },
	{ STATUS_ROW(DESTROYSYNCOBJECT, handle_destroysyncobject,
		     FIXED(dxg_cmd_destroysyncobject)) },
	{ REPLY_ROW(CREATENTSHAREDOBJECT, handle_createntsharedobject,
		    FIXED(dxg_cmd_createntsharedobject), d3dkmthandle),
	  .status = NO_STATUS },
	{ STATUS_ROW(DESTROYNTSHAREDOBJECT, handle_destroyntsharedobject,
		     FIXED(dxg_cmd_destroyntsharedobject)), .no_process = true },
	KNOWN(SIGNALFENCE),
	KNOWN(NOTIFYPROCESSFREEZE),
	KNOWN(NOTIFYPROCESSTHAW),
	KNOWN(QUERYETWSESSION),
	{ STATUS_ROW(SETIOSPACEREGION, handle_setiospaceregion,
		     FIXED(dxg_cmd_setiospaceregion)), .no_process = true },
	KNOWN(COMPLETETRANSACTION),
	{ REPLY_ROW(SHAREOBJECTWITHHOST, handle_shareobjectwithhost,
		    FIXED(dxg_cmd_shareobjectwithhost), dxg_ret_shareobjectwithhost) },
	{ REPLY_ROW(ISFEATUREENABLED_GLOBAL, handle_isfeatureenabled,
		    FIXED(dxg_cmd_isfeatureenabled_gbl), dxg_ret_isfeatureenabled),
	  .no_process = true },
};

static const struct command adapter_commands[] = {
	{ REPLY_ROW(CREATEDEVICE, handle_createdevice,
		    FIXED(dxg_cmd_createdevice), dxg_ret_createdevice),
	  .status = NO_STATUS },
	{ STATUS_ROW(DESTROYDEVICE, handle_destroydevice,
		     FIXED(dxg_cmd_destroydevice)) },
	{ REPLY_ROW(QUERYADAPTERINFO, handle_queryadapterinfo,
		    FIXED(dxg_cmd_queryadapterinfo), dxg_ret_queryadapterinfo),
	  .reply_len = len_queryadapterinfo, .variable = true },
	KNOWN(DDIQUERYADAPTERINFO),
	{ REPLY_ROW(CREATEALLOCATION, handle_createallocation,
		    FIXED(dxg_cmd_createallocation), dxg_ret_createallocation),
	  .status = NO_STATUS, .reply_len = len_createallocation,
	  .variable = true },
	{ STATUS_ROW(DESTROYALLOCATION, handle_destroyallocation,
		     FIXED(dxg_cmd_destroyallocation)), .variable = true },
	{ REPLY_ROW(CREATECONTEXTVIRTUAL, handle_createcontextvirtual,
		    FLEXIBLE(dxg_cmd_createcontextvirtual, priv_drv_data),
		    dxg_cmd_createcontextvirtual),
	  .status = NO_STATUS, .reply_len = len_createcontextvirtual,
	  .variable = true },
	{ STATUS_ROW(DESTROYCONTEXT, handle_destroycontext,
		     FIXED(dxg_cmd_destroycontext)) },
	{ REPLY_ROW(CREATESYNCOBJECT, handle_createsyncobject,
		    FIXED(dxg_cmd_createsyncobject), dxg_ret_createsyncobject),
	  .status = NO_STATUS },
	{ REPLY_ROW(CREATEPAGINGQUEUE, handle_createpagingqueue,
		    FIXED(dxg_cmd_createpagingqueue), dxg_ret_createpagingqueue),
	  .status = NO_STATUS },
	{ .number = DXGK_VMBCOMMAND_DESTROYPAGINGQUEUE,
	  .name = "DESTROYPAGINGQUEUE",
	  .handler = handle_destroypagingqueue,
	  .size = sizeof(struct dxg_cmd_destroypagingqueue),
	  .status = NO_STATUS },
	{ REPLY_ROW(MAKERESIDENT, handle_makeresident,
		    FIXED(dxg_cmd_makeresident), dxg_ret_makeresident),
	  .status = offsetof(struct dxg_ret_makeresident, status),
	  .variable = true },
	{ REPLY_ROW(EVICT, handle_evict, FLEXIBLE(dxg_cmd_evict, allocations), dxg_ret_evict),
	  .status = NO_STATUS, .variable = true },
	{ .number = DXGK_VMBCOMMAND_ESCAPE, .name = "ESCAPE",
	  .handler = handle_escape, .size = sizeof(struct dxg_cmd_escape),
	  .status = NO_STATUS, .reply_len = len_escape, .variable = true,
	  .empty_failure = true },
	{ REPLY_ROW(OPENADAPTER, handle_openadapter,
		    FIXED(dxg_cmd_openadapter), dxg_ret_openadapter),
	  .status = offsetof(struct dxg_ret_openadapter, status),
	  .no_process = true, .any_state = true },
	{ .number = DXGK_VMBCOMMAND_CLOSEADAPTER, .name = "CLOSEADAPTER",
	  .handler = handle_closeadapter,
	  .size = sizeof(struct dxg_cmd_closeadapter),
	  .status = NO_STATUS, .no_process = true, .any_state = true },
	{ STATUS_ROW(FREEGPUVIRTUALADDRESS, handle_freegpuvirtualaddress,
		     FIXED(dxg_cmd_freegpuvirtualaddress)) },
	{ REPLY_ROW(MAPGPUVIRTUALADDRESS, handle_mapgpuvirtualaddress,
		    FIXED(dxg_cmd_mapgpuvirtualaddress),
		    dxg_ret_mapgpuvirtualaddress),
	  .status = offsetof(struct dxg_ret_mapgpuvirtualaddress, status) },
	{ REPLY_ROW(RESERVEGPUVIRTUALADDRESS, handle_reservegpuvirtualaddress,
		    FIXED(dxg_cmd_reservegpuvirtualaddress),
		    dxg_ret_reservegpuvirtualaddress),
	  .status = NO_STATUS },
	{ STATUS_ROW(UPDATEGPUVIRTUALADDRESS, handle_updategpuvirtualaddress,
		     FIXED(dxg_cmd_updategpuvirtualaddress)), .variable = true },
	{ STATUS_ROW(SUBMITCOMMAND, handle_submitcommand,
		     FIXED(dxg_cmd_submitcommand)), .variable = true, .async = true },
	{ .number = dxgk_vmbcommand_queryvideomemoryinfo,
	  .name = "QUERYVIDEOMEMORYINFO",
	  .handler = handle_queryvideomemoryinfo,
	  .size = sizeof(struct dxg_cmd_queryvideomemoryinfo),
	  .reply = sizeof(struct dxg_ret_queryvideomemoryinfo),
	  .status = NO_STATUS },
	{ STATUS_ROW(WAITFORSYNCOBJECTFROMCPU, handle_waitforsyncobjectfromcpu,
		     FIXED(dxg_cmd_waitforsyncobjectfromcpu)), .variable = true },
	{ REPLY_ROW(LOCK2, handle_lock2, FIXED(dxg_cmd_lock2), dxg_ret_lock2) },
	{ STATUS_ROW(UNLOCK2, handle_unlock2, FIXED(dxg_cmd_unlock2)) },
	{ STATUS_ROW(WAITFORSYNCOBJECTFROMGPU, handle_waitforsyncobjectfromgpu,
		     FIXED(dxg_cmd_waitforsyncobjectfromgpu)), .variable = true,
	  .async = true },
	{ STATUS_ROW(SIGNALSYNCOBJECT, handle_signalsyncobject,
		     FIXED(dxg_cmd_signalsyncobject)), .variable = true,
	  .async = true },
	KNOWN(SIGNALFENCENTSHAREDBYREF),
	{ REPLY_ROW(GETDEVICESTATE, handle_getdevicestate,
		    FIXED(dxg_cmd_getdevicestate), dxg_ret_getdevicestate),
	  .status = offsetof(struct dxg_ret_getdevicestate, status) },
	{ STATUS_ROW(MARKDEVICEASERROR, handle_markdeviceaserror,
		     FIXED(dxg_cmd_markdeviceaserror)) },
	KNOWN(ADAPTERSTOP),
	KNOWN(SETQUEUEDLIMIT),
	{ REPLY_ROW(OPENRESOURCE, handle_openresource,
		    FIXED(dxg_cmd_openresource), dxg_ret_openresource),
	  .status = offsetof(struct dxg_ret_openresource, status),
	  .reply_len = len_openresource },
	{ STATUS_ROW(SETCONTEXTSCHEDULINGPRIORITY,
		     handle_setcontextschedulingpriority,
		     FIXED(dxg_cmd_setcontextschedulingpriority2)) },
	KNOWN(PRESENTHISTORYTOKEN),
	KNOWN(SETREDIRECTEDFLIPFENCEVALUE),
	{ .number = DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO,
	  .name = "GETINTERNALADAPTERINFO",
	  .handler = handle_getinternaladapterinfo,
	  .size = FIXED(dxg_cmd_getinternaladapterinfo),
	  .reply = offsetof(struct dxg_ret_getinternaladapterinfo,
			    host_vgpu_luid),
	  .status = NO_STATUS, .reply_len = len_getinternaladapterinfo,
	  .no_process = true },
	{ STATUS_ROW(FLUSHHEAPTRANSITIONS, handle_flushheaptransitions,
		     FIXED(dxg_cmd_flushheaptransitions)) },
	KNOWN(BLT),
	{ REPLY_ROW(DDIGETSTANDARDALLOCATIONDRIVERDATA,
		    handle_getstandardallocprivdata,
		    FIXED(dxg_cmd_getstandardallocprivdata),
		    dxg_ret_getstandardallocprivdata),
	  .reply_len = len_getstandardallocprivdata },
	KNOWN(CDDGDICOMMAND),
	{ REPLY_ROW(QUERYALLOCATIONRESIDENCY, handle_queryallocationresidency,
		    FIXED(dxg_cmd_queryallocationresidency),
		    dxg_ret_queryallocationresidency),
	  .reply_len = len_queryallocationresidency, .variable = true },
	{ STATUS_ROW(FLUSHDEVICE, handle_flushdevice, FIXED(dxg_cmd_flushdevice)) },
	KNOWN(FLUSHADAPTER),
	KNOWN(DDIGETNODEMETADATA),
	{ STATUS_ROW(SETEXISTINGSYSMEMSTORE, handle_setexistingsysmemstore,
		     FIXED(dxg_cmd_setexistingsysmemstore)) },
	KNOWN(ISSYNCOBJECTSIGNALED),
	KNOWN(CDDSYNCGPUACCESS),
	{ REPLY_ROW(QUERYSTATISTICS, handle_querystatistics,
		    FIXED(dxg_cmd_querystatistics), dxg_ret_querystatistics) },
	{ STATUS_ROW(CHANGEVIDEOMEMORYRESERVATION,
		     handle_changevideomemoryreservation,
		     FIXED(dxg_cmd_changevideomemoryreservation)) },
	{ REPLY_ROW(CREATEHWQUEUE, handle_createhwqueue,
		    FLEXIBLE(dxg_cmd_createhwqueue, priv_drv_data), dxg_cmd_createhwqueue),
	  .status = offsetof(struct dxg_cmd_createhwqueue, status),
	  .reply_len = len_createhwqueue, .variable = true },
	{ STATUS_ROW(DESTROYHWQUEUE, handle_destroyhwqueue,
		     FIXED(dxg_cmd_destroyhwqueue)) },
	{ STATUS_ROW(SUBMITCOMMANDTOHWQUEUE, handle_submitcommandtohwqueue,
		     FIXED(dxg_cmd_submitcommandtohwqueue)), .variable = true,
	  .async = true },
	KNOWN(GETDRIVERSTOREFILE),
	KNOWN(READDRIVERSTOREFILE),
	KNOWN(GETNEXTHARDLINK),
	{ REPLY_ROW(UPDATEALLOCATIONPROPERTY, handle_updateallocationproperty,
		    FIXED(dxg_cmd_updateallocationproperty),
		    dxg_ret_updateallocationproperty),
	  .status = offsetof(struct dxg_ret_updateallocationproperty,
			     status) },
	{ STATUS_ROW(OFFERALLOCATIONS, handle_offerallocations,
		     FLEXIBLE(dxg_cmd_offerallocations, allocations)), .variable = true },
	{ REPLY_ROW(RECLAIMALLOCATIONS, handle_reclaimallocations,
		    FIXED(dxg_cmd_reclaimallocations), dxg_ret_reclaimallocations),
	  .status = offsetof(struct dxg_ret_reclaimallocations, status),
	  .reply_len = len_reclaimallocations, .variable = true },
	{ STATUS_ROW(SETALLOCATIONPRIORITY, handle_setallocationpriority,
		     FIXED(dxg_cmd_setallocationpriority)), .variable = true },
	{ REPLY_ROW(GETALLOCATIONPRIORITY, handle_getallocationpriority,
		    FIXED(dxg_cmd_getallocationpriority),
		    dxg_ret_getallocationpriority),
	  .reply_len = len_getallocationpriority, .variable = true },
	{ REPLY_ROW(GETCONTEXTSCHEDULINGPRIORITY,
		    handle_getcontextschedulingpriority,
		    FIXED(dxg_cmd_getcontextschedulingpriority),
		    dxg_ret_getcontextschedulingpriority) },
	{ REPLY_ROW(QUERYCLOCKCALIBRATION, handle_queryclockcalibration,
		    FIXED(dxg_cmd_queryclockcalibration),
		    dxg_ret_queryclockcalibration) },
	KNOWN(QUERYRESOURCEINFO),
	KNOWN(LOGEVENT),
	{ STATUS_ROW(SETEXISTINGSYSMEMPAGES, handle_setexistingsysmempages,
		     FIXED(dxg_cmd_setexistingsysmempages)), .variable = true },
	{ STATUS_ROW(INVALIDATECACHE, handle_invalidatecache,
		     FIXED(dxg_cmd_invalidatecache)) },
	{ REPLY_ROW(ISFEATUREENABLED, handle_isfeatureenabled,
		    FIXED(dxg_cmd_isfeatureenabled), dxg_ret_isfeatureenabled),
	  .no_process = true },
	{ REPLY_ROW(CREATENATIVEFENCE, handle_createnativefence,
		    FIXED(dxg_cmd_createnativefence),
		    dxg_ret_createnativefence), .global = true },
	{ REPLY_ROW(OPENNATIVEFENCEFROMNTHANDLE,
		    handle_opennativefencefromnthandle,
		    FIXED(dxg_cmd_opennativefencefromnthandle),
		    dxg_ret_opennativefencefromnthandle), .global = true },
};

static const struct command *find(const struct command *table, size_t count,
				  uint32_t number)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (table[i].number == number)
			return &table[i];
	}
	return NULL;
}

/**
 * command_find() - row of a command
 * @number: command number; global commands begin at 1000
 *
 * Return: the row, or NULL for a number that is not assigned.
 */
const struct command *command_find(uint32_t number)
{
	if (number >= DXGK_VMBCOMMAND_VM_TO_HOST_FIRST)
		return find(global_commands,
			    sizeof(global_commands) / sizeof(*global_commands),
			    number);
	return find(adapter_commands,
		    sizeof(adapter_commands) / sizeof(*adapter_commands),
		    number);
}

/**
 * host_command_name() - name of a command for people
 * @command: command number
 *
 * Return: the name without prefix, or "?".
 */
const char *host_command_name(uint32_t command)
{
	const struct command *row = command_find(command);

	return row ? row->name : "?";
}
