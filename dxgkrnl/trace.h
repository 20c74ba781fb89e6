/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: what user space asked, what was said to the host, what came
 * back.  No kernel address and no user data is recorded.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dxgkrnl

#if !defined(_DXG_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _DXG_TRACE_H

#include <linux/tracepoint.h>

TRACE_EVENT(dxg_ioctl,
	TP_PROTO(unsigned int nr, int ret),
	TP_ARGS(nr, ret),
	TP_STRUCT__entry(
		__field(unsigned int, nr)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->nr = nr;
		__entry->ret = ret;
	),
	TP_printk("nr=0x%02x ret=%d", __entry->nr, __entry->ret)
);

TRACE_EVENT(dxg_message,
	TP_PROTO(u32 command, u32 process, u32 length, u64 id, bool global,
		 int ret),
	TP_ARGS(command, process, length, id, global, ret),
	TP_STRUCT__entry(
		__field(u32, command)
		__field(u32, process)
		__field(u32, length)
		__field(u64, id)
		__field(bool, global)
		__field(int, ret)
	),
	TP_fast_assign(
		__entry->command = command;
		__entry->process = process;
		__entry->length = length;
		__entry->id = id;
		__entry->global = global;
		__entry->ret = ret;
	),
	TP_printk("command=%u process=0x%08x length=%u id=%llu channel=%s ret=%d",
		  __entry->command, __entry->process, __entry->length,
		  __entry->id, __entry->global ? "global" : "vgpu",
		  __entry->ret)
);

TRACE_EVENT(dxg_completion,
	TP_PROTO(u64 id, u32 length, bool expected),
	TP_ARGS(id, length, expected),
	TP_STRUCT__entry(
		__field(u64, id)
		__field(u32, length)
		__field(bool, expected)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->length = length;
		__entry->expected = expected;
	),
	TP_printk("id=%llu length=%u %s", __entry->id, __entry->length,
		  __entry->expected ? "" : "unknown id, ignored")
);

TRACE_EVENT(dxg_host_event,
	TP_PROTO(u64 id, bool known),
	TP_ARGS(id, known),
	TP_STRUCT__entry(
		__field(u64, id)
		__field(bool, known)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->known = known;
	),
	TP_printk("id=%llu %s", __entry->id,
		  __entry->known ? "" : "unknown, ignored")
);

#endif /* _DXG_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
