/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The host's side of objects that one message with one handle destroys:
 * devices, contexts, hardware queues, paging queues, sync objects.
 */
#ifndef _DXG_HOST_OBJECT_H
#define _DXG_HOST_OBJECT_H

#include "handle_table.h"
#include "host_message.h"

/**
 * struct dxg_destroy - destruction of a child of a device in progress
 * @object: what is destroyed; referenced, its device's lock is held shared
 * @msg: message to send
 * @request: request to send it with, allocated before anything is torn down
 */
struct dxg_destroy {
	struct dxg_object *object;
	struct dxg_message msg;
	struct dxg_request *request;
};

int dxg_destroy_begin(struct dxg_destroy *destroy, struct dxg_process *process,
		      enum dxg_object_type type, u32 handle, u32 command);
int dxg_destroy_send(struct dxg_destroy *destroy);
void dxg_destroy_end(struct dxg_destroy *destroy);

struct dxg_request *dxg_host_object_create(struct dxg_message *msg,
					   u32 expected, u32 undo_command,
					   u32 handle_offset);
void dxg_host_object_undo(struct dxg_process *process,
			  struct dxg_adapter *adapter, u32 command, u32 handle,
			  enum dxg_wait_mode mode);

void dxg_message_send_undo(struct dxg_message *msg, enum dxg_wait_mode mode);
struct dxg_request *dxg_message_send_surely(struct dxg_message *msg,
					    u32 expected,
					    enum dxg_wait_mode mode);

#endif /* _DXG_HOST_OBJECT_H */
