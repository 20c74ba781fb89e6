/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Command buffers of the engine's tests, written through a Lock2 view.
 */
#ifndef GPU_BUFFER_H
#define GPU_BUFFER_H

#include "engine_fixture.h"

struct buffer {
	uint32_t allocation;
	uint64_t va;
	uint8_t *bytes;
	uint32_t length;
};

#define HDR(op, type)	{ .opcode = (op), .size = sizeof(type) }

uint8_t *view_of(struct guest *g, uint32_t device, uint32_t allocation);
void buffer_create(struct guest *g, struct bench *b, struct buffer *buffer);
void buffer_add(struct buffer *buffer, const void *cmd, uint32_t size);

/* Submit what was added and wait for its progress value, or for the error. */
void buffer_run(struct guest *g, struct bench *b, struct buffer *buffer,
		uint64_t progress);
void buffer_fails(struct guest *g, struct bench *b, struct buffer *buffer,
		  uint32_t state);

#endif /* GPU_BUFFER_H */
