/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whole exchanges with the host, for ioctls that pass their arguments on and
 * leave no trace in the guest.
 */
#ifndef _DXG_HOST_CALL_H
#define _DXG_HOST_CALL_H

#include "handle_table.h"
#include "process.h"

struct dxg_request;

/**
 * struct dxg_list_call - a command that ends in arrays of user memory
 * @command: DXGK_VMBCOMMAND_*
 * @head: command up to the first array; its header need not be filled in
 * @head_size: bytes of @head
 * @handles: user address of struct d3dkmthandle[@count]
 * @count: number of @handles, bounded by the caller
 * @values: user address of u32[@value_count], which follow the handles
 * @value_count: number of @values, bounded by the caller
 * @spare: zero bytes behind the arrays
 * @reply_size: bytes of the reply, all of which the host must send
 */
struct dxg_list_call {
	u32 command;
	const void *head;
	size_t head_size;
	u64 handles;
	u32 count;
	u64 values;
	u32 value_count;
	size_t spare;
	u32 reply_size;
};

int dxg_host_call(const struct dxg_scope *scope, u32 command, const void *cmd,
		  size_t length, void *reply, u32 reply_size);
int dxg_host_call_status(const struct dxg_scope *scope, u32 command,
			 const void *cmd, size_t length);
struct dxg_request *dxg_host_call_list(const struct dxg_scope *scope,
				       const struct dxg_list_call *call);
int dxg_host_call_list_status(const struct dxg_scope *scope,
			      const struct dxg_list_call *call, u64 values);
int dxg_forward(struct dxg_process *process, enum dxg_object_type type,
		u32 handle, u32 command, const void *cmd, size_t length);

#endif /* _DXG_HOST_CALL_H */
