// SPDX-License-Identifier: GPL-2.0
/*
 * "dxgctl mandelbrot": render a picture on the GPU, tile by tile into local
 * memory, copy it into memory of this process and write it as PNG.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gpu.h"
#include "gpu_commands.h"
#include "options.h"
#include "picture.h"
#include "workload.h"

#define TILE_SIDE	128u
#define MAX_ITER	256u

/**
 * struct rendering - a picture being made
 * @gpu: GPU that renders
 * @width: pixels of a row
 * @height: number of rows
 * @tiles: tiles submitted so far
 * @local: picture in GPU memory, iteration counts
 * @result: picture in memory of this process
 */
struct rendering {
	struct gpu gpu;
	uint32_t width;
	uint32_t height;
	unsigned int tiles;
	struct gpu_buffer local;
	struct gpu_buffer result;
};

static uint32_t at_most(uint32_t value, uint32_t limit)
{
	return value < limit ? value : limit;
}

static int submit_tile(struct rendering *rendering, const struct view *view,
		       uint32_t x, uint32_t y)
{
	uint32_t pitch = rendering->width * (uint32_t)sizeof(uint32_t);
	const struct gpu_cmd_mandelbrot draw = {
		.hdr = { GPU_CMD_MANDELBROT, sizeof(draw) },
		.dst = rendering->local.va + (__u64)y * pitch +
		       x * sizeof(uint32_t),
		.pitch = pitch,
		.format = GPU_MANDELBROT_COUNT,
		.x = x,
		.y = y,
		.width = at_most(TILE_SIDE, rendering->width - x),
		.height = at_most(TILE_SIDE, rendering->height - y),
		.max_iter = MAX_ITER,
		.left = view->left,
		.top = view->top,
		.step = view->step,
	};

	rendering->tiles++;
	return gpu_submit(&rendering->gpu, &draw, sizeof(draw), NULL);
}

static int render(struct rendering *rendering)
{
	struct view view = workload_view(rendering->width, rendering->height);
	__u64 size = (__u64)rendering->width * rendering->height *
		     sizeof(uint32_t);
	struct gpu *gpu = &rendering->gpu;
	uint32_t x, y;
	int ret;

	ret = gpu_buffer_create(gpu, GPU_MEMORY_LOCAL, size,
				&rendering->local);
	if (ret >= 0)
		ret = gpu_buffer_create(gpu, GPU_MEMORY_HEAP, size,
					&rendering->result);
	for (y = 0; ret >= 0 && y < rendering->height; y += TILE_SIDE) {
		for (x = 0; ret >= 0 && x < rendering->width; x += TILE_SIDE)
			ret = submit_tile(rendering, &view, x, y);
	}
	/* One queue keeps the order: the copy comes after all tiles. */
	if (ret >= 0)
		ret = gpu_copy(gpu, &rendering->result, &rendering->local,
			       size);
	return ret;
}

static enum dxgctl_status output_failed(const char *path, int error)
{
	fprintf(stderr, "dxgctl: cannot write \"%s\": %s\n", path,
		strerror(error));
	return DXGCTL_OUTPUT;
}

/* Half a picture is worse than none, but a device stays. */
static void remove_rest(const char *path)
{
	struct stat status;

	if (!lstat(path, &status) && S_ISREG(status.st_mode))
		unlink(path);
}

static enum dxgctl_status write_file(const struct rendering *rendering,
				     const char *path)
{
	bool to_stdout = !strcmp(path, "-");
	FILE *out = to_stdout ? stdout : fopen(path, "we");
	int ret;

	if (!out)
		return output_failed(path, errno);
	ret = picture_write(out, rendering->result.cpu, rendering->width,
			    rendering->height, MAX_ITER);
	if (!to_stdout && fclose(out) && !ret)
		ret = -errno;
	if (!ret)
		return DXGCTL_OK;
	if (!to_stdout)
		remove_rest(path);
	return output_failed(path, -ret);
}

static enum dxgctl_status render_to_file(struct rendering *rendering,
					 const char *path)
{
	struct gpu *gpu = &rendering->gpu;
	enum dxgctl_status status;
	int ret = render(rendering);

	if (ret < 0) {
		gpu_print_failure(gpu, ret);
		status = DXGCTL_CALL_FAILED;
	} else {
		status = write_file(rendering, path);
	}
	ret = gpu_buffer_destroy(gpu, &rendering->result);
	if (ret >= 0)
		ret = gpu_buffer_destroy(gpu, &rendering->local);
	if (ret < 0 && status == DXGCTL_OK) {
		gpu_print_failure(gpu, ret);
		status = DXGCTL_CALL_FAILED;
	}
	return status;
}

static enum dxgctl_status render_on(struct rendering *rendering, int fd,
				    const struct adapter_info *adapter,
				    const char *path)
{
	struct gpu *gpu = &rendering->gpu;
	enum dxgctl_status status;
	int ret = gpu_open(gpu, fd, adapter);

	if (ret < 0) {
		gpu_print_failure(gpu, ret);
		return DXGCTL_CALL_FAILED;
	}
	status = render_to_file(rendering, path);
	ret = gpu_close(gpu);
	if (status)
		return status;
	if (ret < 0) {
		gpu_print_failure(gpu, ret);
		return DXGCTL_CALL_FAILED;
	}
	fprintf(stderr, "%s: %ux%u pixels, %u tiles rendered by %s\n", path,
		rendering->width, rendering->height, rendering->tiles,
		adapter->description);
	return DXGCTL_OK;
}

/**
 * mandelbrot_run() - the mandelbrot sub-command
 * @options: --output, --size and --adapter
 *
 * Return: exit status.
 */
enum dxgctl_status mandelbrot_run(const struct options *options)
{
	struct rendering rendering = {
		.width = options->width,
		.height = options->height,
	};
	const struct adapter_info *adapter;
	struct adapter_list list;
	enum dxgctl_status status;

	if (!options->output) {
		fprintf(stderr, "dxgctl: mandelbrot needs -o FILE.png\n");
		return DXGCTL_USAGE;
	}
	status = adapter_open_mock(&options->adapter, &list, &adapter);
	if (status)
		return status;
	status = render_on(&rendering, list.fd, adapter, options->output);
	adapter_list_close(&list);
	return status;
}
