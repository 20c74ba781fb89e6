/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The software GPU of the mock host as its clients see it: the command
 * buffer format and the private driver data that a user-mode driver would
 * exchange with its kernel-mode driver on a real host.
 *
 * Shared by the mock host, dxgctl and the end-to-end tests.  Everything is
 * little-endian, naturally aligned, and made of fixed-size fields.
 */
#ifndef DXG_MOCK_GPU_COMMANDS_H
#define DXG_MOCK_GPU_COMMANDS_H

#include <stdint.h>

/* Nodes (engines) of an adapter: EngineOrdinal of contexts. */
#define MOCK_GPU_NODE_3D	0u
#define MOCK_GPU_NODE_COPY	1u
#define MOCK_GPU_NODE_COUNT	2u

/* Private data ---------------------------------------------------------- */

#define MOCK_ALLOC_MAGIC	0x4c41474du	/* "MGAL" */
#define MOCK_CONTEXT_MAGIC	0x5843474du	/* "MGCX" */
#define MOCK_HWQUEUE_MAGIC	0x5148474du	/* "MGHQ" */
#define MOCK_SUBMIT_MAGIC	0x4253474du	/* "MGSB" */

#define MOCK_SEGMENT_LOCAL	1u	/* GPU memory */
#define MOCK_SEGMENT_SYSTEM	2u	/* system memory of the host */

#define MOCK_ALLOC_CACHED	0x1u	/* CPU views of Lock2 are cached */
#define MOCK_ALLOC_EDITED	0x80000000u /* set by the host: data came back */

/**
 * struct mock_alloc_data - private driver data of one allocation
 * @magic: MOCK_ALLOC_MAGIC
 * @segment: MOCK_SEGMENT_*
 * @size: bytes; the host rounds up to whole pages
 * @flags: MOCK_ALLOC_CACHED from the client, MOCK_ALLOC_EDITED from the host
 * @host_id: written by the host, non-zero and different for each allocation
 *
 * Used by CREATEALLOCATION for non-standard allocations.  The host writes
 * the rounded @size, @flags and @host_id back.
 */
struct mock_alloc_data {
	uint32_t magic;
	uint32_t segment;
	uint64_t size;
	uint32_t flags;
	uint32_t host_id;
};

#define MOCK_QUEUE_DATA_SIZE	64u

/**
 * struct mock_queue_data - private driver data of a context or hardware queue
 * @magic: MOCK_CONTEXT_MAGIC or MOCK_HWQUEUE_MAGIC
 * @version: 1
 * @node: written by the host: node the context or queue runs on
 * @host_id: written by the host, non-zero
 * @pattern: any bytes; the host inverts each of them
 *
 * Private data that does not start with the magic is accepted and left alone.
 */
struct mock_queue_data {
	uint32_t magic;
	uint32_t version;
	uint32_t node;
	uint32_t host_id;
	uint8_t pattern[MOCK_QUEUE_DATA_SIZE - 16];
};

/**
 * struct mock_submit_data - private driver data of a submission
 * @magic: MOCK_SUBMIT_MAGIC
 * @sequence: number chosen by the client.  Per context or hardware queue it
 *	must grow, otherwise the host counts a protocol violation: proves that
 *	messages keep their order (0 switches the check off)
 * @reserved: zero
 *
 * Submissions without private data, or with other data, are run as well.
 */
struct mock_submit_data {
	uint32_t magic;
	uint32_t reserved;
	uint64_t sequence;
};

/*
 * QUERYADAPTERINFO type 0 (UMDRIVERPRIVATE): byte i of an answer of n bytes is
 * byte i of the question XOR MOCK_UMD_PRIVATE(n, i).
 */
#define MOCK_UMD_PRIVATE(n, i)	((uint8_t)((n) * 31u + (i) * 7u + 1u))

/* QUERYADAPTERINFO type that answers STATUS_OBJECT_NAME_NOT_FOUND. */
#define MOCK_QUERY_NOT_FOUND	50u

/* Commands -------------------------------------------------------------- */

/*
 * A command buffer is a sequence of commands in GPU memory that starts at the
 * virtual address of the submission and ends with GPU_CMD_END or with the
 * submitted length, whichever comes first.  All addresses are GPU virtual
 * addresses of the submitting process.  An unknown opcode, a size that does
 * not fit, or an address that does not translate puts the device into error
 * state (page fault or hung) and drops everything queued on that device.
 */
enum gpu_opcode {
	GPU_CMD_NOP = 0,
	GPU_CMD_END = 1,
	GPU_CMD_FILL32 = 2,
	GPU_CMD_COPY = 3,
	GPU_CMD_VECTOR_ADD_F32 = 4,
	GPU_CMD_MATMUL_F32 = 5,
	GPU_CMD_MANDELBROT = 6,
	GPU_CMD_WRITE64 = 7,
	GPU_CMD_FENCE_SIGNAL = 8,
	GPU_CMD_SPIN = 9,
};

#define GPU_CMD_MAX_BUFFER	0x100000u	/* bytes of one submission */
#define GPU_CMD_ALIGN		8u		/* of commands and their sizes */

/**
 * struct gpu_cmd_header - start of every command
 * @opcode: enum gpu_opcode
 * @size: bytes of the whole command, a multiple of GPU_CMD_ALIGN
 */
struct gpu_cmd_header {
	uint32_t opcode;
	uint32_t size;
};

/**
 * struct gpu_cmd_fill32 - GPU_CMD_FILL32: store a 32-bit value repeatedly
 * @hdr: header
 * @dst: destination, 4-byte aligned
 * @count: number of 32-bit words
 * @value: the word
 * @reserved: zero
 */
struct gpu_cmd_fill32 {
	struct gpu_cmd_header hdr;
	uint64_t dst;
	uint64_t count;
	uint32_t value;
	uint32_t reserved;
};

/**
 * struct gpu_cmd_copy - GPU_CMD_COPY: copy bytes; ranges must not overlap
 * @hdr: header
 * @dst: destination
 * @src: source
 * @bytes: length
 */
struct gpu_cmd_copy {
	struct gpu_cmd_header hdr;
	uint64_t dst;
	uint64_t src;
	uint64_t bytes;
};

/**
 * struct gpu_cmd_vector_add - GPU_CMD_VECTOR_ADD_F32: dst[i] = a[i] + b[i]
 * @hdr: header
 * @dst: sums
 * @a: first operand
 * @b: second operand
 * @count: number of 32-bit floats
 */
struct gpu_cmd_vector_add {
	struct gpu_cmd_header hdr;
	uint64_t dst;
	uint64_t a;
	uint64_t b;
	uint64_t count;
};

#define GPU_MATMUL_MAX		2048u

/**
 * struct gpu_cmd_matmul - GPU_CMD_MATMUL_F32: dst = a * b
 * @hdr: header
 * @dst: m x n matrix of 32-bit floats, row-major without gaps
 * @a: m x k matrix
 * @b: k x n matrix
 * @m: rows of @a, at most GPU_MATMUL_MAX
 * @k: columns of @a, at most GPU_MATMUL_MAX
 * @n: columns of @b, at most GPU_MATMUL_MAX
 * @reserved: zero
 *
 * Each element is summed in single precision in the order k = 0, 1, ....
 */
struct gpu_cmd_matmul {
	struct gpu_cmd_header hdr;
	uint64_t dst;
	uint64_t a;
	uint64_t b;
	uint32_t m;
	uint32_t k;
	uint32_t n;
	uint32_t reserved;
};

#define GPU_MANDELBROT_RGBA8	0u	/* R, G, B, A bytes, A is 255 */
#define GPU_MANDELBROT_COUNT	1u	/* u32 iteration count */

#define GPU_MANDELBROT_MAX_ITER	65536u
#define GPU_MANDELBROT_MAX_SIDE	16384u

/**
 * struct gpu_cmd_mandelbrot - GPU_CMD_MANDELBROT: one tile of a picture
 * @hdr: header
 * @dst: address of the first pixel of the tile (4 bytes per pixel)
 * @pitch: bytes from one row of the destination to the next
 * @format: GPU_MANDELBROT_RGBA8 or GPU_MANDELBROT_COUNT
 * @x: column of the tile's first pixel in the whole picture
 * @y: row of the tile's first pixel in the whole picture
 * @width: columns of the tile
 * @height: rows of the tile
 * @max_iter: iterations before a point counts as inside
 * @reserved: zero
 * @left: real part of column 0 of the picture
 * @top: imaginary part of row 0 of the picture
 * @step: distance of two pixels
 *
 * Pixel (x, y) stands for c = left + x * step + i * (top - y * step).  Its
 * count is the number of steps z = z * z + c, starting with z = 0, that leave
 * |z| <= 2, at most @max_iter.
 */
struct gpu_cmd_mandelbrot {
	struct gpu_cmd_header hdr;
	uint64_t dst;
	uint32_t pitch;
	uint32_t format;
	uint32_t x;
	uint32_t y;
	uint32_t width;
	uint32_t height;
	uint32_t max_iter;
	uint32_t reserved;
	double left;
	double top;
	double step;
};

/**
 * struct gpu_cmd_write64 - GPU_CMD_WRITE64 and GPU_CMD_FENCE_SIGNAL
 * @hdr: header
 * @dst: address, 8-byte aligned
 * @value: 64-bit value
 *
 * GPU_CMD_WRITE64 stores to memory.  GPU_CMD_FENCE_SIGNAL requires @dst to be
 * the GPU virtual address of a monitored fence of the process, sets it to
 * @value and wakes its waiters.
 */
struct gpu_cmd_write64 {
	struct gpu_cmd_header hdr;
	uint64_t dst;
	uint64_t value;
};

/**
 * struct gpu_cmd_spin - GPU_CMD_SPIN: keep the node busy
 * @hdr: header
 * @microseconds: duration, at most 10 seconds
 */
struct gpu_cmd_spin {
	struct gpu_cmd_header hdr;
	uint64_t microseconds;
};

#endif /* DXG_MOCK_GPU_COMMANDS_H */
