/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * How the self test of the mock bus drives its guest driver, mock_echo.ko:
 * one ioctl on /dev/mock_echo runs one operation in the calling thread and
 * returns what the VMBus function returned.
 */
#ifndef MOCK_ECHO_UAPI_H
#define MOCK_ECHO_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define MOCK_ECHO_DEVICE	"/dev/mock_echo"

/* Interface class, Windows byte order in memory, and first instance bytes. */
#define MOCK_ECHO_CLASS							\
	{ 0x4b, 0x1d, 0xec, 0x40, 0x7c, 0x2e, 0x15, 0x4a,		\
	  0x9d, 0x31, 0x60, 0x77, 0x11, 0x5c, 0x0e, 0xaa }

/* First class-data byte of the offer: how the driver behaves. */
#define MOCK_ECHO_OPEN_IN_PROBE		0x01u	/* probe opens the channel */
#define MOCK_ECHO_LEAVE_OPEN		0x02u	/* remove forgets to close */
#define MOCK_ECHO_HOLD_REMOVE		0x04u	/* remove waits for OP_GO */
#define MOCK_ECHO_FAIL_PROBE		0x08u	/* probe returns -EIO */

enum mock_echo_op {
	MOCK_ECHO_OP_OPEN = 1,	/* a = send size, b = receive size, c = mode */
	MOCK_ECHO_OP_CLOSE,
	MOCK_ECHO_OP_SEND,	/* a = length, b = id, c = flags */
	MOCK_ECHO_OP_FILL,	/* a = length; out[0] = packets sent */
	MOCK_ECHO_OP_GPADL,	/* a = bytes, b = kind; out[0] = handle */
	MOCK_ECHO_OP_TEARDOWN,	/* a = handle */
	MOCK_ECHO_OP_MEMORY,	/* a = handle, b = offset; out[0] = byte there */
	MOCK_ECHO_OP_MMIO,	/* a = bytes, b = alignment; out[0] = start */
	MOCK_ECHO_OP_MMIO_FREE,	/* a = start, b = bytes */
	MOCK_ECHO_OP_STATE,	/* out: see below */
	MOCK_ECHO_OP_WAIT,	/* a = wait until that many packets came */
	MOCK_ECHO_OP_PENDING,	/* a = pending send size */
	MOCK_ECHO_OP_HOLD,	/* a = 1: the callback leaves packets alone */
	MOCK_ECHO_OP_RECV,	/* a = room; out[0] = length, out[1] = id */
	MOCK_ECHO_OP_MISTAKE,	/* a = enum mock_echo_mistake */
	MOCK_ECHO_OP_GO,	/* lets remove continue */
	MOCK_ECHO_OP_KHOST,	/* in-kernel host; out[0] = line that failed */
};

/* Mode of OPEN. */
#define MOCK_ECHO_MODE_DIRECT	0x1u	/* HV_CALL_DIRECT instead of batched */
#define MOCK_ECHO_MODE_REPLY	0x2u	/* the callback sends packets back */
#define MOCK_ECHO_MODE_SMALL	0x4u	/* max_pkt_size 64 */

/* Kind of GPADL. */
#define MOCK_ECHO_KMALLOC	0
#define MOCK_ECHO_VMALLOC	1

enum mock_echo_mistake {
	MOCK_ECHO_COMPLETION_ID = 0,	/* completion for id 0 */
	MOCK_ECHO_BAD_FLAGS,
	MOCK_ECHO_TOO_LONG,
	MOCK_ECHO_BAD_TEARDOWN,
	MOCK_ECHO_BAD_MMIO,
	MOCK_ECHO_CLOSE_IN_CALLBACK,	/* armed: the next callback closes */
	MOCK_ECHO_UNNEEDED_SIGNAL,
	MOCK_ECHO_ODD_GPADL,
};

/* Indices of out[] after STATE. */
enum mock_echo_state {
	MOCK_ECHO_CALLBACKS = 0,
	MOCK_ECHO_PACKETS,
	MOCK_ECHO_CONTEXTS,	/* bit 0 softirq seen, bit 1 anything else seen */
	MOCK_ECHO_LAST_TYPE,
	MOCK_ECHO_LAST_ID,
	MOCK_ECHO_LAST_LEN,
	MOCK_ECHO_LAST_WORD,	/* first 4 payload bytes */
	MOCK_ECHO_RESCINDED,
	MOCK_ECHO_OUT_COUNT
};

/**
 * struct mock_echo_run - MOCK_ECHO_RUN
 * @instance: last byte of the instance GUID
 * @op: enum mock_echo_op
 * @a: per operation
 * @b: per operation
 * @c: per operation
 * @out: per operation
 *
 * -ENXIO: no device with that instance is bound.
 */
struct mock_echo_run {
	__u32 instance;
	__u32 op;
	__u64 a;
	__u64 b;
	__u64 c;
	__u64 out[MOCK_ECHO_OUT_COUNT];
};

#define MOCK_ECHO_RUN	_IOWR(0xb6, 0, struct mock_echo_run)

#endif /* MOCK_ECHO_UAPI_H */
