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

#endif /* _HVB_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
