// SPDX-License-Identifier: GPL-2.0
/*
 * What the GPU has to compute and the same on the CPU.
 *
 * Expected results are exact, so comparison is equality: a sum of two floats
 * rounds in one way only, the matrices hold small integers whose products
 * single precision represents exactly in any order of summation, and the
 * Mandelbrot iteration spells out its operations (built without contraction
 * into fused multiply-add on both sides).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "workload.h"

/* Part of the plane that is always visible, whatever the picture's shape. */
#define CENTRE_RE	(-0.75)
#define VIEW_WIDTH	3.5
#define VIEW_HEIGHT	2.5

/* Mixes the bits of an index: the same well-spread numbers in every run. */
static uint32_t scramble(uint32_t x)
{
	x ^= x >> 16;
	x *= 0x7feb352du;
	x ^= x >> 15;
	x *= 0x846ca68bu;
	x ^= x >> 16;
	return x;
}

/**
 * workload_fill_vectors() - operands of the vector addition
 * @a: receives numbers from 0 to 1 with 24 significant bits
 * @b: receives numbers from -128 to 128, so that the sums round
 * @count: number of elements
 */
void workload_fill_vectors(float *a, float *b, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		a[i] = (float)(scramble((uint32_t)i) >> 8) / 16777216.0f;
		b[i] = (float)(scramble(~(uint32_t)i) >> 16) / 256.0f - 128.0f;
	}
}

/**
 * workload_check_sum() - verify a vector addition
 * @a: first operand
 * @b: second operand
 * @sum: what the GPU computed
 * @count: number of elements
 *
 * Return: index of the first wrong element, @count if there is none.
 */
size_t workload_check_sum(const float *a, const float *b, const float *sum,
			  size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		float expected = a[i] + b[i];

		if (memcmp(&expected, &sum[i], sizeof(expected)))
			break;
	}
	return i;
}

/**
 * workload_fill_matrices() - operands of the matrix multiplication
 * @a: receives @side x @side integers from -8 to 7, row by row
 * @b: likewise
 * @side: rows and columns
 */
void workload_fill_matrices(float *a, float *b, size_t side)
{
	size_t i;

	for (i = 0; i < side * side; i++) {
		a[i] = (float)(int)(scramble((uint32_t)i) & 15) - 8.0f;
		b[i] = (float)(int)(scramble(~(uint32_t)i) & 15) - 8.0f;
	}
}

static int32_t dot_product(const int16_t *a, const int16_t *b, size_t count)
{
	int32_t sum = 0;
	size_t i;

	for (i = 0; i < count; i++)
		sum += a[i] * b[i];
	return sum;
}

/**
 * workload_check_product() - verify a matrix multiplication
 * @a: left operand, integers of workload_fill_matrices()
 * @b: right operand, likewise
 * @product: what the GPU computed
 * @side: rows and columns, at most 2048
 * @wrong: receives the index of the first wrong element, @side * @side if
 *	there is none
 *
 * Integer arithmetic: exact and several times faster than floating point
 * under emulation.
 *
 * Return: 0 or -ENOMEM.
 */
int workload_check_product(const float *a, const float *b,
			   const float *product, size_t side, size_t *wrong)
{
	int16_t *rows = malloc(2 * side * side * sizeof(*rows));
	int16_t *columns = rows + side * side;
	size_t i, j;

	if (!rows)
		return -ENOMEM;
	for (i = 0; i < side; i++) {
		for (j = 0; j < side; j++) {
			rows[i * side + j] = (int16_t)a[i * side + j];
			columns[j * side + i] = (int16_t)b[i * side + j];
		}
	}
	for (i = 0; i < side * side; i++) {
		const int16_t *row = rows + i / side * side;
		const int16_t *column = columns + i % side * side;

		if ((float)dot_product(row, column, side) != product[i])
			break;
	}
	free(rows);
	*wrong = i;
	return 0;
}

/**
 * workload_view() - choose the part of the plane for a picture
 * @width: pixels of a row
 * @height: number of rows
 *
 * Return: a view that shows the whole Mandelbrot set, square pixels.
 */
struct view workload_view(uint32_t width, uint32_t height)
{
	double step_x = VIEW_WIDTH / width;
	double step_y = VIEW_HEIGHT / height;
	double step = step_x > step_y ? step_x : step_y;

	return (struct view){
		.left = CENTRE_RE - step * width / 2,
		.top = step * height / 2,
		.step = step,
	};
}

/**
 * workload_mandelbrot() - iteration count of one pixel
 * @view: part of the plane
 * @x: column
 * @y: row
 * @max_iter: iterations before the point counts as inside
 *
 * Return: number of steps that leave |z| <= 2, at most @max_iter.
 */
uint32_t workload_mandelbrot(const struct view *view, uint32_t x, uint32_t y,
			     uint32_t max_iter)
{
	double c_re = view->left + x * view->step;
	double c_im = view->top - y * view->step;
	double re = 0, im = 0;
	uint32_t n;

	for (n = 0; n < max_iter; n++) {
		double next = re * re - im * im + c_re;

		im = 2 * re * im + c_im;
		re = next;
		if (re * re + im * im > 4)
			break;
	}
	return n;
}
