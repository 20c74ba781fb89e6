// SPDX-License-Identifier: GPL-2.0
/*
 * Iteration counts as a PNG picture: the palette and the call of libpng.
 */
#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>

#include "dxgctl.h"
#include "picture.h"

/* Colours the palette runs through, again and again as counts double. */
static const uint8_t stops[][3] = {
	{ 0, 7, 100 }, { 32, 107, 203 }, { 237, 255, 255 },
	{ 255, 170, 0 }, { 90, 20, 30 },
};

#define STOPS		ARRAY_SIZE(stops)
#define STEPS_PER_STOP	32u

/*
 * Position on the palette in 1/32 stops, 32 times log2(count / 4 + 1): fine
 * steps where neighbours differ by one, coarse ones near the set.
 */
static uint32_t palette_position(uint32_t count)
{
	uint64_t value = (uint64_t)count + 4;
	uint32_t whole = 2;

	while (value >> (whole + 1))
		whole++;
	return (whole - 2) * STEPS_PER_STOP +
	       (uint32_t)((value * STEPS_PER_STOP >> whole) - STEPS_PER_STOP);
}

/**
 * picture_colour() - colour of a point
 * @count: iterations it took
 * @max_iter: count of points inside the set, which are black
 * @rgb: receives red, green, blue
 */
void picture_colour(uint32_t count, uint32_t max_iter, uint8_t rgb[3])
{
	uint32_t position, part;
	const uint8_t *from, *to;
	int i;

	if (count >= max_iter) {
		rgb[0] = 0;
		rgb[1] = 0;
		rgb[2] = 0;
		return;
	}
	position = palette_position(count);
	part = position % STEPS_PER_STOP;
	from = stops[position / STEPS_PER_STOP % STOPS];
	to = stops[(position / STEPS_PER_STOP + 1) % STOPS];
	for (i = 0; i < 3; i++)
		rgb[i] = (uint8_t)((from[i] * (STEPS_PER_STOP - part) +
				    to[i] * part) / STEPS_PER_STOP);
}

static void write_rows(png_structp png, png_bytep row, const uint32_t *counts,
		       uint32_t width, uint32_t height, uint32_t max_iter)
{
	uint32_t x, y;

	for (y = 0; y < height; y++) {
		for (x = 0; x < width; x++)
			picture_colour(counts[(size_t)y * width + x], max_iter,
				       row + 3 * (size_t)x);
		png_write_row(png, row);
	}
}

/* The caller has words of its own for the user. */
static void return_to_writer(png_structp png, png_const_charp message)
{
	(void)message;
	png_longjmp(png, 1);
}

/**
 * picture_write() - write a picture as PNG
 * @out: file open for writing
 * @counts: @width x @height iteration counts, row by row
 * @width: pixels of a row
 * @height: number of rows
 * @max_iter: count of points inside the set
 *
 * Return: 0, -ENOMEM, or the -errno of the write that failed.
 */
int picture_write(FILE *out, const uint32_t *counts, uint32_t width,
		  uint32_t height, uint32_t max_iter)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL,
						  return_to_writer, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	png_bytep row = malloc(3 * (size_t)width);
	int ret = -ENOMEM;

	if (!info || !row)
		goto out;
	errno = 0;
	/* libpng reports errors by coming back here. */
	if (setjmp(png_jmpbuf(png)))
		goto failed;
	png_init_io(png, out);
	png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB,
		     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		     PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	write_rows(png, row, counts, width, height, max_iter);
	png_write_end(png, NULL);
	ret = 0;
	if (!fflush(out))
		goto out;
failed:
	ret = errno ? -errno : -EIO;
out:
	free(row);
	png_destroy_write_struct(&png, &info);
	return ret;
}
