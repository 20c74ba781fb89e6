/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The minimal sequence of a GPU client, row by row: open, enumerate, create
 * one object of each kind, compute, share, tear down. Each row checks its exact
 * results; variants stop or disturb it between two rows.
 */
#ifndef E2E_SEQUENCE_H
#define E2E_SEQUENCE_H

#include "dxg_client.h"

#define SEQUENCE_ROWS	34ul

/* Rows after which something interesting exists. */
#define ROW_OPEN	1ul
#define ROW_ADAPTER	5ul
#define ROW_DEVICE	7ul
#define ROW_PAGING	8ul
#define ROW_QUEUE	10ul
#define ROW_FENCE	11ul
#define ROW_HEAP	13ul
#define ROW_LOCAL	14ul
#define ROW_RESIDENT	18ul
#define ROW_WAIT_PAGING	19ul
#define ROW_SUBMIT	20ul
#define ROW_WAIT_GPU	21ul
#define ROW_SIGNALLED	24ul
#define ROW_LOCKED	26ul
#define ROW_UNLOCKED	27ul
#define ROW_SHARED	28ul
#define ROW_DESTROYED	33ul

#define HEAP_SIZE	0x100000ul
#define LOCAL_SIZE	0x200000ul
#define VA_SIZE		0x1000000ul
#define VA_MINIMUM	0x100000000ull
#define VA_MAXIMUM	0x1000000000ull

/**
 * struct sequence - what exists so far; all zero before the first row
 * @fd: open node
 * @count: adapters
 * @infos: enumerated adapters
 * @adapter: handle of the opened one
 * @device: device
 * @paging: paging queue
 * @context: context with hardware queues
 * @queue: hardware queue
 * @fence: monitored fence
 * @user: memory of the process, HEAP_SIZE bytes
 * @heap: allocation over @user
 * @sysmem: second form of the same over other memory
 * @sysmem_user: that memory
 * @local: resource with one device-local allocation of LOCAL_SIZE bytes
 * @va: reserved address range; @local is mapped at its start
 * @second_va: one reserved through the paging queue
 * @heap_va: where @heap is mapped
 * @paging_value: paging fence value to wait for
 * @event: eventfd of row 21
 * @legacy: context without hardware queues
 * @local_view: Lock2 of @local
 * @shared: shareable resource
 * @shared_fd: its descriptor
 * @fence_fd: descriptor of a shareable fence; no row makes it
 * @other_device: device that opened it
 * @opened: resource handle there
 */
struct sequence {
	int fd;
	__u32 count;
	struct d3dkmt_adapterinfo infos[16];
	__u32 adapter;
	__u32 device;
	struct dxg_paging_queue paging;
	__u32 context;
	struct dxg_hw_queue queue;
	struct dxg_fence fence;
	unsigned char *user;
	struct dxg_allocation heap;
	struct dxg_allocation sysmem;
	unsigned char *sysmem_user;
	struct dxg_allocation local;
	__u64 va;
	__u64 second_va;
	__u64 heap_va;
	__u64 paging_value;
	int event;
	__u32 legacy;
	void *local_view;
	struct dxg_allocation shared;
	int shared_fd;
	int fence_fd;
	__u32 other_device;
	__u32 opened;
};

const char *sequence_name(unsigned long row);

void sequence_row(struct sequence *s, unsigned long row);
void sequence_until(struct sequence *s, unsigned long row);
void sequence_all(unsigned long n);
void sequence_paging_wait(struct sequence *s, __u64 value);
void check_event(int event, __u64 expected);

#endif /* E2E_SEQUENCE_H */
