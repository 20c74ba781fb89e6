/* SPDX-License-Identifier: GPL-2.0 */
/* Shared by the rooms of mock_echo.ko. */
#ifndef MOCK_ECHO_H
#define MOCK_ECHO_H

#include <linux/completion.h>
#include <linux/hyperv.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/wait.h>

#include "echo_uapi.h"

#define ECHO_GPADLS	8

/**
 * struct echo_buffer - memory shown to the host
 * @gpadl: as filled in by the bus; handle 0 = free slot
 * @memory: from kmalloc or vmalloc
 * @size: bytes
 */
struct echo_buffer {
	struct vmbus_gpadl gpadl;
	void *memory;
	u32 size;
};

/**
 * struct echo - a bound device; outlives it while an operation runs
 * @ref: device and operations
 * @node: on the list of devices
 * @hdev: device; valid until remove returned, operations are waited for
 * @instance: last byte of the instance GUID
 * @behaviour: MOCK_ECHO_* of the offer
 * @mode: MOCK_ECHO_MODE_* of the last open
 * @users: operations that run
 * @idle: wakes remove
 * @go: lets remove continue
 * @arrived: wakes OP_WAIT
 * @hold: the callback leaves packets alone
 * @close_in_callback: make that mistake
 * @callbacks: number of callbacks
 * @packets: number of packets consumed
 * @contexts: MOCK_ECHO_CONTEXTS
 * @last_type: of the last packet
 * @last_id: of the last packet
 * @last_len: of the last packet
 * @last_word: of the last packet
 * @buffers: GPADLs
 */
struct echo {
	struct kref ref;
	struct list_head node;
	struct hv_device *hdev;
	u8 instance;
	u8 behaviour;
	u32 mode;
	atomic_t users;
	wait_queue_head_t idle;
	struct completion go;
	wait_queue_head_t arrived;
	bool hold;
	bool close_in_callback;
	u64 callbacks;
	u64 packets;
	u64 contexts;
	u16 last_type;
	u64 last_id;
	u32 last_len;
	u32 last_word;
	struct echo_buffer buffers[ECHO_GPADLS];
};

/* echo_driver.c */
int echo_driver_register(void);
void echo_driver_unregister(void);
struct echo *echo_get(u32 instance);
void echo_put(struct echo *echo);
int echo_open(struct echo *echo, u32 send_size, u32 recv_size, u32 mode);

/* echo_ops.c */
int echo_run(struct mock_echo_run *run);

/* echo_khost.c */
int echo_khost(u64 *line);

#endif /* MOCK_ECHO_H */
