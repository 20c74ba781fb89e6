// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of the reference calculations: they accept the right result,
 * name the first wrong element, and their inputs are what they promise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dxgctl.h"
#include "workload.h"

#define COUNT	10000u
#define SIDE	37u

static void sums_round(void **state)
{
	static float a[COUNT], b[COUNT];
	size_t i, rounded = 0;

	(void)state;
	workload_fill_vectors(a, b, COUNT);
	for (i = 0; i < COUNT; i++) {
		assert_true(a[i] >= 0 && a[i] < 1);
		assert_true(b[i] >= -128 && b[i] < 128);
		rounded += (double)(a[i] + b[i]) != (double)a[i] + (double)b[i];
	}
	assert_true(rounded > COUNT / 2);
}

static void first_wrong_sum_is_found(void **state)
{
	static float a[COUNT], b[COUNT], sum[COUNT];
	size_t i;

	(void)state;
	workload_fill_vectors(a, b, COUNT);
	for (i = 0; i < COUNT; i++)
		sum[i] = a[i] + b[i];
	assert_int_equal(workload_check_sum(a, b, sum, COUNT), COUNT);
	sum[COUNT - 1] += 1;
	assert_int_equal(workload_check_sum(a, b, sum, COUNT), COUNT - 1);
	sum[0] = -sum[0];
	assert_int_equal(workload_check_sum(a, b, sum, COUNT), 0);
}

static void multiply(const float *a, const float *b, float *product)
{
	size_t i, j, k;

	for (i = 0; i < SIDE; i++) {
		for (j = 0; j < SIDE; j++) {
			float sum = 0;

			for (k = 0; k < SIDE; k++)
				sum += a[i * SIDE + k] * b[k * SIDE + j];
			product[i * SIDE + j] = sum;
		}
	}
}

static void first_wrong_product_is_found(void **state)
{
	static float a[SIDE * SIDE], b[SIDE * SIDE], product[SIDE * SIDE];
	size_t wrong;

	(void)state;
	workload_fill_matrices(a, b, SIDE);
	multiply(a, b, product);
	assert_int_equal(workload_check_product(a, b, product, SIDE, &wrong),
			 0);
	assert_int_equal(wrong, SIDE * SIDE);
	product[5 * SIDE + 3] += 1;
	assert_int_equal(workload_check_product(a, b, product, SIDE, &wrong),
			 0);
	assert_int_equal(wrong, 5 * SIDE + 3);
}

static void matrices_hold_small_integers(void **state)
{
	static float a[SIDE * SIDE], b[SIDE * SIDE];
	size_t i, different = 0;

	(void)state;
	workload_fill_matrices(a, b, SIDE);
	for (i = 0; i < SIDE * SIDE; i++) {
		assert_true(a[i] >= -8 && a[i] <= 7 && a[i] == (int)a[i]);
		assert_true(b[i] >= -8 && b[i] <= 7 && b[i] == (int)b[i]);
		different += a[i] != b[i];
	}
	assert_true(different > SIDE * SIDE / 2);
}

static void view_shows_the_whole_set(void **state)
{
	static const uint32_t sizes[][2] = {
		{ 1024, 768 }, { 100, 1000 }, { 1000, 100 }, { 1, 1 },
	};
	struct view view;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		view = workload_view(sizes[i][0], sizes[i][1]);
		assert_true(view.left <= -2.0);
		assert_true(view.left + view.step * sizes[i][0] >= 0.5);
		assert_true(view.top >= 1.2);
		assert_true(view.top - view.step * sizes[i][1] <= -1.2);
	}
}

/* One pixel at the origin of the view: c = left + i * top. */
static uint32_t iterations(double re, double im)
{
	const struct view view = { .left = re, .top = im, .step = 1 };

	return workload_mandelbrot(&view, 0, 0, 100);
}

static void iteration_counts_are_known(void **state)
{
	(void)state;
	assert_int_equal(iterations(0, 0), 100);
	assert_int_equal(iterations(-1, 0), 100);
	assert_int_equal(iterations(-2, 0), 100);
	assert_int_equal(iterations(0.25, 0), 100);
	assert_int_equal(iterations(3, 0), 0);
	assert_int_equal(iterations(2, 0), 1);
	assert_int_equal(iterations(1, 0), 2);
	assert_int_equal(iterations(0, 2), 1);
}

static void rows_go_down(void **state)
{
	const struct view view = { .left = 0, .top = 3, .step = 1 };

	(void)state;
	assert_int_equal(workload_mandelbrot(&view, 0, 0, 50), 0);
	assert_int_equal(workload_mandelbrot(&view, 0, 3, 50), 50);
	assert_int_equal(workload_mandelbrot(&view, 3, 3, 50), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_round),
		cmocka_unit_test(first_wrong_sum_is_found),
		cmocka_unit_test(first_wrong_product_is_found),
		cmocka_unit_test(matrices_hold_small_integers),
		cmocka_unit_test(view_shows_the_whole_set),
		cmocka_unit_test(iteration_counts_are_known),
		cmocka_unit_test(rows_go_down),
	};

	return cmocka_run_group_tests_name("workload", tests, NULL, NULL);
}
