// SPDX-License-Identifier: GPL-2.0
/*
 * Command interpreter of the software GPU (formats: gpu_commands.h).  Runs
 * without the engine lock, which only the accesses to GPU memory take, in
 * pieces small enough that messages never wait long.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "gpu.h"

#define CHUNK_BYTES	0x10000u
#define CHUNK_FLOATS	(CHUNK_BYTES / sizeof(float))

#define STRIP		32u

#define SPIN_MAX_US	10000000u
#define SPIN_STEP_US	1000

/* Words of one GPU_CMD_FILL32 or floats of one vector; keeps sums in range. */
#define COUNT_MAX	0x10000000000ull

/*
 * Load (@in) or store (@out) GPU memory.  The lock is given up between the
 * pieces, and offered to a waiting message.
 */
static enum gpu_result access_memory(struct gpu_job *job, uint64_t va,
				     void *in, const void *out, size_t len)
{
	enum gpu_result result = GPU_DONE;
	size_t done = 0;

	while (done < len && result == GPU_DONE) {
		size_t part = len - done < CHUNK_BYTES ? len - done :
							 CHUNK_BYTES;
		bool good;

		pthread_mutex_lock(&job->host->lock);
		if (job->cancelled || job->host->stopping) {
			result = GPU_CANCELLED;
		} else {
			if (in)
				good = gpu_read(&job->space->table, va + done,
						(uint8_t *)in + done, part,
						&job->fault);
			else
				good = gpu_write(&job->space->table, va + done,
						 (const uint8_t *)out + done,
						 part, &job->fault);
			job->fault_write = out;
			result = good ? GPU_DONE : GPU_FAULT;
		}
		pthread_mutex_unlock(&job->host->lock);
		sched_yield();
		done += part;
	}
	return result;
}

static enum gpu_result load(struct gpu_job *job, uint64_t va, void *buf,
			    size_t len)
{
	return access_memory(job, va, buf, NULL, len);
}

static enum gpu_result store(struct gpu_job *job, uint64_t va,
			     const void *buf, size_t len)
{
	return access_memory(job, va, NULL, buf, len);
}

static bool cancelled(struct gpu_job *job)
{
	bool result;

	pthread_mutex_lock(&job->host->lock);
	result = job->cancelled || job->host->stopping;
	pthread_mutex_unlock(&job->host->lock);
	return result;
}

static enum gpu_result fill32(struct gpu_job *job, const void *command)
{
	const struct gpu_cmd_fill32 *cmd = command;
	uint64_t left = cmd->count;
	enum gpu_result result = GPU_DONE;
	uint64_t va = cmd->dst;
	uint32_t *words;
	size_t i;

	if (cmd->dst % sizeof(*words) || cmd->count > COUNT_MAX)
		return GPU_ILLEGAL;
	words = malloc(CHUNK_BYTES);
	if (!words)
		return GPU_ILLEGAL;
	for (i = 0; i < CHUNK_BYTES / sizeof(*words); i++)
		words[i] = cmd->value;
	while (left && result == GPU_DONE) {
		size_t n = left < CHUNK_BYTES / sizeof(*words) ? left :
			   CHUNK_BYTES / sizeof(*words);

		result = store(job, va, words, n * sizeof(*words));
		va += n * sizeof(*words);
		left -= n;
	}
	free(words);
	return result;
}

static enum gpu_result copy(struct gpu_job *job, const void *command)
{
	const struct gpu_cmd_copy *cmd = command;
	enum gpu_result result = GPU_DONE;
	uint64_t done = 0;
	uint8_t *buf = malloc(CHUNK_BYTES);

	if (!buf)
		return GPU_ILLEGAL;
	while (done < cmd->bytes && result == GPU_DONE) {
		size_t n = cmd->bytes - done < CHUNK_BYTES ? cmd->bytes - done :
							     CHUNK_BYTES;

		result = load(job, cmd->src + done, buf, n);
		if (result == GPU_DONE)
			result = store(job, cmd->dst + done, buf, n);
		done += n;
	}
	free(buf);
	return result;
}

static enum gpu_result vector_add(struct gpu_job *job, const void *command)
{
	const struct gpu_cmd_vector_add *cmd = command;
	enum gpu_result result = GPU_DONE;
	uint64_t done = 0;
	float *a, *b;
	size_t i;

	if (cmd->count > COUNT_MAX)
		return GPU_ILLEGAL;
	a = malloc(2 * CHUNK_BYTES);
	if (!a)
		return GPU_ILLEGAL;
	b = a + CHUNK_FLOATS;
	while (done < cmd->count && result == GPU_DONE) {
		size_t n = cmd->count - done < CHUNK_FLOATS ?
			   cmd->count - done : CHUNK_FLOATS;
		uint64_t offset = done * sizeof(float);

		result = load(job, cmd->a + offset, a, n * sizeof(float));
		if (result == GPU_DONE)
			result = load(job, cmd->b + offset, b,
				      n * sizeof(float));
		for (i = 0; i < n && result == GPU_DONE; i++)
			a[i] += b[i];
		if (result == GPU_DONE)
			result = store(job, cmd->dst + offset, a,
				       n * sizeof(float));
		done += n;
	}
	free(a);
	return result;
}

/*
 * One row of the product.  Sums of a strip of columns stay in registers: an
 * emulated guest, where every load costs, is three times faster for it.
 */
static void matmul_row(const struct gpu_cmd_matmul *cmd, const float *a,
		       const float *b, float *row)
{
	uint32_t n = cmd->n;
	uint32_t i, j, k;

	for (j = 0; j + STRIP <= n; j += STRIP) {
		float sums[STRIP] = { 0 };

		for (k = 0; k < cmd->k; k++) {
			const float *strip = b + (size_t)k * n + j;

			for (i = 0; i < STRIP; i++)
				sums[i] += a[k] * strip[i];
		}
		memcpy(row + j, sums, sizeof(sums));
	}
	for (; j < n; j++) {
		row[j] = 0;
		for (k = 0; k < cmd->k; k++)
			row[j] += a[k] * b[(size_t)k * n + j];
	}
}

static enum gpu_result matmul(struct gpu_job *job, const void *command)
{
	const struct gpu_cmd_matmul *cmd = command;
	enum gpu_result result;
	size_t b_len;
	float *b, *a, *row;
	uint32_t i;

	if (!cmd->m || !cmd->k || !cmd->n || cmd->m > GPU_MATMUL_MAX ||
	    cmd->k > GPU_MATMUL_MAX || cmd->n > GPU_MATMUL_MAX)
		return GPU_ILLEGAL;
	b_len = (size_t)cmd->k * cmd->n;
	b = malloc((b_len + cmd->k + cmd->n) * sizeof(*b));
	if (!b)
		return GPU_ILLEGAL;
	a = b + b_len;
	row = a + cmd->k;
	result = load(job, cmd->b, b, b_len * sizeof(*b));
	for (i = 0; i < cmd->m && result == GPU_DONE; i++) {
		result = load(job, cmd->a + (uint64_t)i * cmd->k * sizeof(*a),
			      a, cmd->k * sizeof(*a));
		if (result != GPU_DONE)
			break;
		matmul_row(cmd, a, b, row);
		result = store(job,
			       cmd->dst + (uint64_t)i * cmd->n * sizeof(*row),
			       row, cmd->n * sizeof(*row));
	}
	free(b);
	return result;
}

static uint32_t mandelbrot_count(double cr, double ci, uint32_t max_iter)
{
	double zr = 0, zi = 0;
	uint32_t n;

	for (n = 0; n < max_iter; n++) {
		double next = zr * zr - zi * zi + cr;

		zi = 2 * zr * zi + ci;
		zr = next;
		if (zr * zr + zi * zi > 4)
			break;
	}
	return n;
}

/* Inside black, outside a smooth run through dark blue, white and orange. */
static uint32_t mandelbrot_colour(uint32_t count, uint32_t max_iter)
{
	double t, u;
	uint32_t r, g, b;

	if (count >= max_iter)
		return 0xff000000u;
	t = (double)count / max_iter;
	u = 1 - t;
	r = (uint32_t)(9 * u * t * t * t * 255);
	g = (uint32_t)(15 * u * u * t * t * 255);
	b = (uint32_t)(8.5 * u * u * u * t * 255);
	return 0xff000000u | b << 16 | g << 8 | r;
}

static enum gpu_result mandelbrot(struct gpu_job *job, const void *command)
{
	const struct gpu_cmd_mandelbrot *cmd = command;
	enum gpu_result result = GPU_DONE;
	uint32_t *row;
	uint32_t x, y;

	if (cmd->format > GPU_MANDELBROT_COUNT ||
	    cmd->max_iter > GPU_MANDELBROT_MAX_ITER ||
	    cmd->width > GPU_MANDELBROT_MAX_SIDE ||
	    cmd->height > GPU_MANDELBROT_MAX_SIDE)
		return GPU_ILLEGAL;
	row = malloc((cmd->width + 1) * sizeof(*row));
	if (!row)
		return GPU_ILLEGAL;
	for (y = 0; y < cmd->height && result == GPU_DONE; y++) {
		double ci = cmd->top - ((double)cmd->y + y) * cmd->step;

		for (x = 0; x < cmd->width; x++) {
			double cr = cmd->left +
				    ((double)cmd->x + x) * cmd->step;
			uint32_t n = mandelbrot_count(cr, ci, cmd->max_iter);

			row[x] = cmd->format == GPU_MANDELBROT_COUNT ? n :
				 mandelbrot_colour(n, cmd->max_iter);
		}
		result = store(job, cmd->dst + (uint64_t)y * cmd->pitch, row,
			       cmd->width * sizeof(*row));
	}
	free(row);
	return result;
}

static enum gpu_result write64(struct gpu_job *job, const void *command)
{
	const struct gpu_cmd_write64 *cmd = command;

	if (cmd->dst % sizeof(cmd->value))
		return GPU_ILLEGAL;
	return store(job, cmd->dst, &cmd->value, sizeof(cmd->value));
}

static enum gpu_result fence_signal(struct gpu_job *job, const void *command)
{
	const struct gpu_cmd_write64 *cmd = command;
	enum gpu_result result = GPU_CANCELLED;
	const struct pte *entry;

	pthread_mutex_lock(&job->host->lock);
	if (!job->cancelled) {
		entry = page_table_get(&job->space->table, cmd->dst);
		if (entry && entry->kind == PTE_FENCE &&
		    !(cmd->dst % HOST_PAGE_SIZE)) {
			sync_core_set(entry->fence, cmd->value);
			result = GPU_DONE;
		} else {
			job->fault = cmd->dst;
			job->fault_write = true;
			result = GPU_FAULT;
		}
	}
	pthread_mutex_unlock(&job->host->lock);
	return result;
}

static enum gpu_result spin(struct gpu_job *job, const void *command)
{
	const struct gpu_cmd_spin *cmd = command;
	const struct timespec step = { .tv_nsec = SPIN_STEP_US * 1000 };
	uint64_t end;

	if (cmd->microseconds > SPIN_MAX_US)
		return GPU_ILLEGAL;
	end = host_now_us() + cmd->microseconds;
	while (host_now_us() < end) {
		if (cancelled(job))
			return GPU_CANCELLED;
		nanosleep(&step, NULL);
	}
	return GPU_DONE;
}

static const struct {
	uint32_t size;
	enum gpu_result (*run)(struct gpu_job *job, const void *command);
} kernels[] = {
	[GPU_CMD_FILL32] = { sizeof(struct gpu_cmd_fill32), fill32 },
	[GPU_CMD_COPY] = { sizeof(struct gpu_cmd_copy), copy },
	[GPU_CMD_VECTOR_ADD_F32] = { sizeof(struct gpu_cmd_vector_add),
				     vector_add },
	[GPU_CMD_MATMUL_F32] = { sizeof(struct gpu_cmd_matmul), matmul },
	[GPU_CMD_MANDELBROT] = { sizeof(struct gpu_cmd_mandelbrot),
				 mandelbrot },
	[GPU_CMD_WRITE64] = { sizeof(struct gpu_cmd_write64), write64 },
	[GPU_CMD_FENCE_SIGNAL] = { sizeof(struct gpu_cmd_write64),
				   fence_signal },
	[GPU_CMD_SPIN] = { sizeof(struct gpu_cmd_spin), spin },
};

static enum gpu_result run_buffer(struct gpu_job *job, const uint8_t *buffer)
{
	enum gpu_result result = GPU_DONE;
	uint32_t offset = 0;

	while (result == GPU_DONE &&
	       job->length - offset >= sizeof(struct gpu_cmd_header)) {
		const struct gpu_cmd_header *hdr =
			(const void *)(buffer + offset);

		if (hdr->opcode == GPU_CMD_END)
			break;
		if (hdr->size < sizeof(*hdr) || hdr->size % GPU_CMD_ALIGN ||
		    hdr->size > job->length - offset)
			return GPU_ILLEGAL;
		offset += hdr->size;
		if (hdr->opcode == GPU_CMD_NOP)
			continue;
		if (hdr->opcode >= sizeof(kernels) / sizeof(*kernels) ||
		    !kernels[hdr->opcode].run ||
		    hdr->size != kernels[hdr->opcode].size)
			return GPU_ILLEGAL;
		result = kernels[hdr->opcode].run(job, hdr);
	}
	return result;
}

/**
 * gpu_execute() - execute a command buffer
 * @job: the submission
 *
 * The buffer is read once, before its first command runs.
 *
 * Context: without the engine lock.
 * Return: how it ended.
 */
enum gpu_result gpu_execute(struct gpu_job *job)
{
	uint8_t *buffer = malloc(job->length);
	enum gpu_result result;

	if (!buffer)
		return GPU_ILLEGAL;
	result = load(job, job->va, buffer, job->length);
	if (result == GPU_DONE)
		result = run_buffer(job, buffer);
	free(buffer);
	return result;
}
