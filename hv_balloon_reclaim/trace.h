/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: what was said to the host and what the loop decided.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM hv_balloon_reclaim

#if !defined(_HVB_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _HVB_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(dm_msg,
	TP_PROTO(bool to_host, u16 type, u16 size, u32 trans_id, int ret),
	TP_ARGS(to_host, type, size, trans_id, ret),
	TP_STRUCT__entry(
		__field(bool, to_host)
		__field(u16, type)
		__field(u16, size)
		__field(u32, trans_id)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->to_host = to_host;
		__entry->type = type;
		__entry->size = size;
		__entry->trans_id = trans_id;
		__entry->ret = ret;
	),
	TP_printk("%s type=%u size=%u trans_id=%u ret=%d",
		  __entry->to_host ? "to_host" : "to_guest", __entry->type,
		  __entry->size, __entry->trans_id, __entry->ret)
);

TRACE_EVENT(report_pass,
	TP_PROTO(unsigned int blocks, u64 bytes, u16 status),
	TP_ARGS(blocks, bytes, status),
	TP_STRUCT__entry(
		__field(unsigned int, blocks)
		__field(u64, bytes)
		__field(u16, status)
	),
	TP_fast_assign(
		__entry->blocks = blocks;
		__entry->bytes = bytes;
		__entry->status = status;
	),
	TP_printk("blocks=%u bytes=%llu status=%u",
		  __entry->blocks, __entry->bytes, __entry->status)
);

TRACE_EVENT(reclaim_tick,
	TP_PROTO(unsigned long file, unsigned long floor, unsigned long step,
		 u64 refaults, unsigned int busy, int state),
	TP_ARGS(file, floor, step, refaults, busy, state),
	TP_STRUCT__entry(
		__field(unsigned long, file)
		__field(unsigned long, floor)
		__field(unsigned long, step)
		__field(u64, refaults)
		__field(unsigned int, busy)
		__field(int, state)
	),
	TP_fast_assign(
		__entry->file = file;
		__entry->floor = floor;
		__entry->step = step;
		__entry->refaults = refaults;
		__entry->busy = busy;
		__entry->state = state;
	),
	TP_printk("file=%lu floor=%lu step=%lu refaults=%llu busy=%u%% state=%d",
		  __entry->file, __entry->floor, __entry->step,
		  __entry->refaults, __entry->busy, __entry->state)
);

TRACE_EVENT(reclaim_chunk,
	TP_PROTO(unsigned long asked, unsigned long freed, int ret),
	TP_ARGS(asked, freed, ret),
	TP_STRUCT__entry(
		__field(unsigned long, asked)
		__field(unsigned long, freed)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->asked = asked;
		__entry->freed = freed;
		__entry->ret = ret;
	),
	TP_printk("asked=%lu freed=%lu ret=%d",
		  __entry->asked, __entry->freed, __entry->ret)
);

#endif /* _HVB_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
