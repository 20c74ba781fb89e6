// SPDX-License-Identifier: GPL-2.0
/*
 * "dxgctl selftest": compute on the GPU through each kind of memory and verify
 * every element on the CPU. Timings are information, never a criterion.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "dxg_text.h"
#include "gpu.h"
#include "gpu_commands.h"
#include "json.h"
#include "options.h"
#include "workload.h"

#define VECTOR_COUNT	(4u << 20)
#define MATRIX_SIDE	512u
#define VIEW_BYTES	(1024u * 1024u)
#define TILE_WIDTH	160u
#define TILE_HEIGHT	120u
#define TILE_MAX_ITER	200u

/* Result of a step whose numbers are wrong; calls fail with -errno. */
#define MISMATCH	1

/**
 * struct operands - memory of a calculation
 * @a: first operand
 * @b: second operand
 * @result: result
 */
struct operands {
	struct gpu_buffer a;
	struct gpu_buffer b;
	struct gpu_buffer result;
};

/**
 * struct selftest - state of one run
 * @gpu: GPU under test
 * @adapter: its adapter
 * @fd: open node
 * @opened: @gpu is open
 * @detail: what a step has to say about a mismatch
 */
struct selftest {
	struct gpu gpu;
	const struct adapter_info *adapter;
	int fd;
	bool opened;
	char detail[160];
};

/**
 * struct calculation - something with two operands
 * @bytes: size of each operand and of the result
 * @fill: makes the operands
 * @submit: has the GPU calculate and waits
 * @check: compares with the CPU, may return MISMATCH
 */
struct calculation {
	uint64_t bytes;
	void (*fill)(float *a, float *b);
	int (*submit)(struct gpu *gpu, const struct operands *on);
	int (*check)(struct selftest *test, const struct operands *on);
};

/**
 * struct step - one line of the output
 * @name: what it does
 * @calculation: what to calculate, NULL if @run is set
 * @memory: where the operands are
 * @run: step that is no calculation
 */
struct step {
	const char *name;
	const struct calculation *calculation;
	enum gpu_memory memory;
	int (*run)(struct selftest *test);
};

static void fill_vectors(float *a, float *b)
{
	workload_fill_vectors(a, b, VECTOR_COUNT);
}

static int submit_sum(struct gpu *gpu, const struct operands *on)
{
	const struct gpu_cmd_vector_add add = {
		.hdr = { GPU_CMD_VECTOR_ADD_F32, sizeof(add) },
		.dst = on->result.va,
		.a = on->a.va,
		.b = on->b.va,
		.count = VECTOR_COUNT,
	};
	__u64 number;
	int ret = gpu_submit(gpu, &add, sizeof(add), &number);

	return ret < 0 ? ret : gpu_wait(gpu, number);
}

static int check_sum(struct selftest *test, const struct operands *on)
{
	const float *a = on->a.cpu, *b = on->b.cpu, *sum = on->result.cpu;
	size_t wrong = workload_check_sum(a, b, sum, VECTOR_COUNT);

	if (wrong == VECTOR_COUNT)
		return 0;
	snprintf(test->detail, sizeof(test->detail),
		 "element %zu: %.9g + %.9g gave %.9g", wrong, (double)a[wrong],
		 (double)b[wrong], (double)sum[wrong]);
	return MISMATCH;
}

static void fill_matrices(float *a, float *b)
{
	workload_fill_matrices(a, b, MATRIX_SIDE);
}

static int submit_product(struct gpu *gpu, const struct operands *on)
{
	const struct gpu_cmd_matmul multiply = {
		.hdr = { GPU_CMD_MATMUL_F32, sizeof(multiply) },
		.dst = on->result.va,
		.a = on->a.va,
		.b = on->b.va,
		.m = MATRIX_SIDE,
		.k = MATRIX_SIDE,
		.n = MATRIX_SIDE,
	};
	__u64 number;
	int ret = gpu_submit(gpu, &multiply, sizeof(multiply), &number);

	return ret < 0 ? ret : gpu_wait(gpu, number);
}

static int check_product(struct selftest *test, const struct operands *on)
{
	const float *product = on->result.cpu;
	size_t wrong;
	int ret = workload_check_product(on->a.cpu, on->b.cpu, product,
					 MATRIX_SIDE, &wrong);

	if (ret < 0 || wrong == MATRIX_SIDE * MATRIX_SIDE)
		return ret;
	snprintf(test->detail, sizeof(test->detail),
		 "row %zu, column %zu is %.9g", wrong / MATRIX_SIDE,
		 wrong % MATRIX_SIDE, (double)product[wrong]);
	return MISMATCH;
}

static const struct calculation vector_add = {
	.bytes = VECTOR_COUNT * sizeof(float),
	.fill = fill_vectors,
	.submit = submit_sum,
	.check = check_sum,
};

static const struct calculation matrix_multiply = {
	.bytes = MATRIX_SIDE * MATRIX_SIDE * sizeof(float),
	.fill = fill_matrices,
	.submit = submit_product,
	.check = check_product,
};

static int operands_create(struct gpu *gpu, enum gpu_memory memory,
			   uint64_t size, struct operands *on)
{
	int ret = gpu_buffer_create(gpu, memory, size, &on->a);

	if (ret >= 0)
		ret = gpu_buffer_create(gpu, memory, size, &on->b);
	if (ret >= 0)
		ret = gpu_buffer_create(gpu, memory, size, &on->result);
	return ret;
}

/* Keeps the outcome of the step if there is one, else reports its own. */
static int operands_destroy(struct gpu *gpu, struct operands *on, int outcome)
{
	struct gpu_buffer *buffers[] = { &on->result, &on->b, &on->a };
	const char *call = gpu->failed;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(buffers); i++) {
		ret = gpu_buffer_destroy(gpu, buffers[i]);
		if (!outcome && ret < 0) {
			outcome = ret;
			call = gpu->failed;
		}
	}
	gpu->failed = call;
	return outcome;
}

static int calculate_existing(struct selftest *test,
			      const struct calculation *calculation,
			      enum gpu_memory memory)
{
	struct operands on = { .a.size = 0 };
	struct gpu *gpu = &test->gpu;
	int ret = operands_create(gpu, memory, calculation->bytes, &on);

	if (ret >= 0) {
		calculation->fill(on.a.cpu, on.b.cpu);
		ret = calculation->submit(gpu, &on);
	}
	if (ret >= 0)
		ret = calculation->check(test, &on);
	return operands_destroy(gpu, &on, ret);
}

static int calculate_through(struct selftest *test,
			     const struct calculation *calculation,
			     const struct operands *local,
			     const struct operands *outside)
{
	struct gpu *gpu = &test->gpu;
	int ret;

	calculation->fill(outside->a.cpu, outside->b.cpu);
	ret = gpu_copy(gpu, &local->a, &outside->a, calculation->bytes);
	if (ret >= 0)
		ret = gpu_copy(gpu, &local->b, &outside->b,
			       calculation->bytes);
	if (ret >= 0)
		ret = calculation->submit(gpu, local);
	if (ret >= 0)
		ret = gpu_copy(gpu, &outside->result, &local->result,
			       calculation->bytes);
	return ret < 0 ? ret : calculation->check(test, outside);
}

static int calculate_local(struct selftest *test,
			   const struct calculation *calculation)
{
	struct operands outside = { .a.size = 0 }, local = { .a.size = 0 };
	struct gpu *gpu = &test->gpu;
	int ret;

	ret = operands_create(gpu, GPU_MEMORY_SYSMEM, calculation->bytes,
			      &outside);
	if (ret >= 0)
		ret = operands_create(gpu, GPU_MEMORY_LOCAL,
				      calculation->bytes, &local);
	if (ret >= 0)
		ret = calculate_through(test, calculation, &local, &outside);
	ret = operands_destroy(gpu, &local, ret);
	return operands_destroy(gpu, &outside, ret);
}

static int compare_view(struct selftest *test, const uint32_t *view,
			const uint32_t *outside, const char *direction)
{
	size_t i;

	for (i = 0; i < VIEW_BYTES / sizeof(*view); i++) {
		if (view[i] == outside[i])
			continue;
		snprintf(test->detail, sizeof(test->detail),
			 "%s: word %zu of the view is %#x, outside it is %#x",
			 direction, i, view[i], outside[i]);
		return MISMATCH;
	}
	return 0;
}

/* What the CPU writes the GPU must see, and the other way round. */
static int exchange_through_view(struct selftest *test, uint32_t *view,
				 const struct gpu_buffer *local,
				 const struct gpu_buffer *outside)
{
	uint32_t *words = outside->cpu;
	struct gpu *gpu = &test->gpu;
	uint32_t i;
	int ret;

	for (i = 0; i < VIEW_BYTES / sizeof(*view); i++)
		view[i] = ~i;
	ret = gpu_copy(gpu, outside, local, VIEW_BYTES);
	if (ret >= 0)
		ret = compare_view(test, view, words, "written by the CPU");
	if (ret)
		return ret;
	for (i = 0; i < VIEW_BYTES / sizeof(*words); i++)
		words[i] = 3 * i;
	ret = gpu_copy(gpu, local, outside, VIEW_BYTES);
	return ret < 0 ? ret :
		compare_view(test, view, words, "written by the GPU");
}

static int with_view(struct selftest *test, const struct gpu_buffer *local,
		     const struct gpu_buffer *outside)
{
	struct gpu *gpu = &test->gpu;
	int ret, outcome;
	void *view;

	ret = dxg_lock(gpu->fd, gpu->device, local->allocation.handle, &view);
	if (ret < 0) {
		gpu->failed = "Lock2";
		return ret;
	}
	outcome = exchange_through_view(test, view, local, outside);
	ret = dxg_unlock(gpu->fd, gpu->device, local->allocation.handle);
	if (ret < 0 && !outcome) {
		gpu->failed = "Unlock2";
		return ret;
	}
	return outcome;
}

static int step_view(struct selftest *test)
{
	struct operands on = { .a.size = 0 };
	struct gpu *gpu = &test->gpu;
	int ret;

	ret = gpu_buffer_create(gpu, GPU_MEMORY_LOCAL, VIEW_BYTES, &on.a);
	if (ret >= 0)
		ret = gpu_buffer_create(gpu, GPU_MEMORY_HEAP, VIEW_BYTES,
					&on.b);
	if (ret >= 0)
		ret = with_view(test, &on.a, &on.b);
	return operands_destroy(gpu, &on, ret);
}

static int check_tile(struct selftest *test, const struct view *view,
		      const uint32_t *counts)
{
	uint32_t i, expected;

	for (i = 0; i < TILE_WIDTH * TILE_HEIGHT; i++) {
		expected = workload_mandelbrot(view, i % TILE_WIDTH,
					       i / TILE_WIDTH, TILE_MAX_ITER);
		if (counts[i] == expected)
			continue;
		snprintf(test->detail, sizeof(test->detail),
			 "pixel (%u, %u) took %u iterations instead of %u",
			 i % TILE_WIDTH, i / TILE_WIDTH, counts[i], expected);
		return MISMATCH;
	}
	return 0;
}

static int step_mandelbrot(struct selftest *test)
{
	const struct view view = workload_view(TILE_WIDTH, TILE_HEIGHT);
	struct gpu_cmd_mandelbrot draw = {
		.hdr = { GPU_CMD_MANDELBROT, sizeof(draw) },
		.pitch = TILE_WIDTH * sizeof(uint32_t),
		.format = GPU_MANDELBROT_COUNT,
		.width = TILE_WIDTH,
		.height = TILE_HEIGHT,
		.max_iter = TILE_MAX_ITER,
		.left = view.left,
		.top = view.top,
		.step = view.step,
	};
	struct operands on = { .a.size = 0 };
	struct gpu *gpu = &test->gpu;
	__u64 number;
	int ret;

	ret = gpu_buffer_create(gpu, GPU_MEMORY_HEAP,
				(uint64_t)draw.pitch * TILE_HEIGHT,
				&on.result);
	draw.dst = on.result.va;
	if (ret >= 0)
		ret = gpu_submit(gpu, &draw, sizeof(draw), &number);
	if (ret >= 0)
		ret = gpu_wait(gpu, number);
	if (ret >= 0)
		ret = check_tile(test, &view, on.result.cpu);
	return operands_destroy(gpu, &on, ret);
}

static int step_open(struct selftest *test)
{
	int ret = gpu_open(&test->gpu, test->fd, test->adapter);

	test->opened = ret >= 0;
	return ret;
}

static int step_close(struct selftest *test)
{
	test->opened = false;
	return gpu_close(&test->gpu);
}

static const struct step steps[] = {
	{ .name = "create device, queues, context, fence", .run = step_open },
	{ "vector add, 4194304 floats, existing memory",
	  &vector_add, GPU_MEMORY_HEAP, NULL },
	{ "vector add, 4194304 floats, device-local memory",
	  &vector_add, GPU_MEMORY_LOCAL, NULL },
	{ "matrix multiply 512x512, existing memory",
	  &matrix_multiply, GPU_MEMORY_SYSMEM, NULL },
	{ "matrix multiply 512x512, device-local memory",
	  &matrix_multiply, GPU_MEMORY_LOCAL, NULL },
	{ .name = "CPU view of device-local memory, 1 MiB", .run = step_view },
	{ .name = "Mandelbrot tile 160x120", .run = step_mandelbrot },
	{ .name = "destroy everything", .run = step_close },
};

static int run_step(struct selftest *test, const struct step *step)
{
	if (step->run)
		return step->run(test);
	if (step->memory == GPU_MEMORY_LOCAL)
		return calculate_local(test, step->calculation);
	return calculate_existing(test, step->calculation, step->memory);
}

static __u64 now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (__u64)now.tv_sec * 1000000000u + (__u64)now.tv_nsec;
}

static void report_step(struct json *json, const struct selftest *test,
			const struct step *step, int result, __u64 ns)
{
	const char *verdict = result < 0 ? "failed" : result ? "wrong" : "ok";

	if (!json) {
		printf("  %-6s  %-48s %7llu ms\n", verdict, step->name,
		       ns / 1000000);
		if (result == MISMATCH)
			printf("          %s\n", test->detail);
		fflush(stdout);
		return;
	}
	json_open(json, NULL, '{');
	json_string(json, "name", step->name);
	json_string(json, "result", verdict);
	json_milliseconds(json, "milliseconds", ns);
	if (result < 0) {
		json_string(json, "call", test->gpu.failed);
		json_string(json, "error", strerror(-result));
	} else if (result) {
		json_string(json, "mismatch", test->detail);
	}
	json_close(json, '}');
}

/* A mismatch lets the rest run; a failed call leaves nothing to run on. */
static enum dxgctl_status run_steps(struct selftest *test, struct json *json)
{
	enum dxgctl_status status = DXGCTL_OK;
	__u64 start;
	size_t i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		start = now_ns();
		ret = run_step(test, &steps[i]);
		report_step(json, test, &steps[i], ret, now_ns() - start);
		if (ret == MISMATCH)
			status = DXGCTL_WRONG_RESULT;
		if (ret < 0) {
			gpu_print_failure(&test->gpu, ret);
			if (test->opened)
				gpu_close(&test->gpu);
			return DXGCTL_CALL_FAILED;
		}
	}
	return status;
}

static enum dxgctl_status test_adapter(const struct options *options,
				       const struct adapter_info *adapter,
				       int fd)
{
	struct selftest test = { .fd = fd, .adapter = adapter };
	struct json document = { .out = stdout };
	struct json *json = options->json ? &document : NULL;
	bool queues = adapter_has_hw_queues(adapter);
	char luid[DXG_LUID_TEXT];
	enum dxgctl_status status;

	dxg_luid_format(&adapter->luid, luid);
	if (!json) {
		printf("%s, %s, commands through %s\n", adapter->description,
		       luid, queues ? "a hardware queue" : "a context");
		status = run_steps(&test, NULL);
		printf("self test %s\n", status ? "FAILED" : "passed");
		return status;
	}
	json_open(json, NULL, '{');
	json_string(json, "adapter", adapter->description);
	json_string(json, "luid", luid);
	json_bool(json, "hardware_queues", queues);
	json_open(json, "steps", '[');
	status = run_steps(&test, json);
	json_close(json, ']');
	json_bool(json, "passed", !status);
	json_close(json, '}');
	return status;
}

/**
 * selftest_run() - the selftest sub-command
 * @options: --adapter and --json
 *
 * Return: exit status.
 */
enum dxgctl_status selftest_run(const struct options *options)
{
	const struct adapter_info *adapter;
	struct adapter_list list;
	enum dxgctl_status status;

	status = adapter_open_mock(&options->adapter, &list, &adapter);
	if (status)
		return status;
	status = test_adapter(options, adapter, list.fd);
	adapter_list_close(&list);
	return status;
}
