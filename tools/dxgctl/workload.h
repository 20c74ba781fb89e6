/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the GPU has to compute and the same on the CPU: inputs, expected
 * results, comparison. Pure functions.
 */
#ifndef TOOLS_DXGCTL_WORKLOAD_H
#define TOOLS_DXGCTL_WORKLOAD_H

#include <stddef.h>
#include <stdint.h>

/**
 * struct view - part of the complex plane that a picture shows
 * @left: real part of column 0
 * @top: imaginary part of row 0
 * @step: distance of two pixels
 */
struct view {
	double left;
	double top;
	double step;
};

void workload_fill_vectors(float *a, float *b, size_t count);
size_t workload_check_sum(const float *a, const float *b, const float *sum,
			  size_t count);
void workload_fill_matrices(float *a, float *b, size_t side);
int workload_check_product(const float *a, const float *b,
			   const float *product, size_t side, size_t *wrong);
struct view workload_view(uint32_t width, uint32_t height);
uint32_t workload_mandelbrot(const struct view *view, uint32_t x, uint32_t y,
			     uint32_t max_iter);

#endif /* TOOLS_DXGCTL_WORKLOAD_H */
