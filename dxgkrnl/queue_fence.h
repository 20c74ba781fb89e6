/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fence of a paging queue or hardware queue: a handle that other messages
 * may name, and a page that the process polls.
 */
#ifndef _DXG_QUEUE_FENCE_H
#define _DXG_QUEUE_FENCE_H

#include "handle_table.h"

struct dxg_view;

/**
 * struct dxg_queue_fence - fence that lives and dies with its queue
 * @obj: handle entry, type DXG_MONITORED_FENCE
 * @queue: owner, which embeds this; referenced as long as @obj is
 * @view: mapping of the fence page, NULL before and after
 */
struct dxg_queue_fence {
	struct dxg_object obj;
	struct dxg_object *queue;
	struct dxg_view *view;
};

void dxg_queue_fence_init(struct dxg_queue_fence *fence,
			  struct dxg_object *queue);
int dxg_queue_fence_open(struct dxg_queue_fence *fence,
			 struct dxg_handle_table *table, u32 queue_handle,
			 u32 fence_handle, u64 address);
void dxg_queue_fence_abort(struct dxg_queue_fence *fence,
			   struct dxg_handle_table *table, u32 queue_handle,
			   u32 fence_handle);
void dxg_queue_fence_publish(struct dxg_queue_fence *fence,
			     struct dxg_handle_table *table, u32 queue_handle,
			     u32 fence_handle);
bool dxg_queue_fence_remove(struct dxg_queue_fence *fence,
			    struct dxg_handle_table *table);

#endif /* _DXG_QUEUE_FENCE_H */
