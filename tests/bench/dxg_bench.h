/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the modules of the benchmark and its program share.
 */
#ifndef DXG_BENCH_H
#define DXG_BENCH_H

#include <linux/ioctl.h>

/* Class and instance of the channel on which the floor is measured. */
#define DXG_BENCH_CLASS \
	{ 0x64, 0x78, 0x67, 0x2d, 0x62, 0x65, 0x6e, 0x63, \
	  0x68, 0x2d, 0x66, 0x6c, 0x6f, 0x6f, 0x72, 0x01 }

/* ioctls of /dev/dxg_bench_floor; the argument is the size of the message. */
#define DXG_BENCH_NOTHING	_IO('b', 0)	/* the system call alone */
#define DXG_BENCH_SEND		_IO('b', 1)	/* nobody answers */
#define DXG_BENCH_CALL		_IO('b', 2)	/* and wait for the answer */

#define DXG_BENCH_MESSAGE_MAX	8192

#endif /* DXG_BENCH_H */
