// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of the picture: palette, and what libpng reads back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <png.h>
#include <stdlib.h>

#include "picture.h"

#define WIDTH		7u
#define HEIGHT		3u
#define MAX_ITER	50u

static void inside_is_black(void **state)
{
	uint8_t rgb[3];

	(void)state;
	picture_colour(MAX_ITER, MAX_ITER, rgb);
	assert_int_equal(rgb[0] | rgb[1] | rgb[2], 0);
	picture_colour(0, MAX_ITER, rgb);
	assert_int_not_equal(rgb[0] | rgb[1] | rgb[2], 0);
}

static void palette_covers_all_counts(void **state)
{
	uint8_t rgb[3], last[3] = { 0 };
	uint32_t count, changes = 0;

	(void)state;
	for (count = 0; count < 256; count++) {
		picture_colour(count, UINT32_MAX, rgb);
		changes += !!memcmp(rgb, last, sizeof(rgb));
		memcpy(last, rgb, sizeof(rgb));
	}
	assert_true(changes > 100);
	picture_colour(UINT32_MAX - 1, UINT32_MAX, rgb);
}

static void picture_can_be_read_back(void **state)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	uint32_t counts[WIDTH * HEIGHT], i;
	uint8_t pixels[WIDTH * HEIGHT][3], rgb[3];
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);

	(void)state;
	for (i = 0; i < WIDTH * HEIGHT; i++)
		counts[i] = i * 3;
	assert_non_null(out);
	assert_int_equal(picture_write(out, counts, WIDTH, HEIGHT, MAX_ITER),
			 0);
	fclose(out);
	assert_true(png_image_begin_read_from_memory(&image, data, size));
	assert_int_equal(image.width, WIDTH);
	assert_int_equal(image.height, HEIGHT);
	image.format = PNG_FORMAT_RGB;
	assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
	for (i = 0; i < WIDTH * HEIGHT; i++) {
		picture_colour(counts[i], MAX_ITER, rgb);
		assert_memory_equal(pixels[i], rgb, sizeof(rgb));
	}
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inside_is_black),
		cmocka_unit_test(palette_covers_all_counts),
		cmocka_unit_test(picture_can_be_read_back),
	};

	return cmocka_run_group_tests_name("picture", tests, NULL, NULL);
}
