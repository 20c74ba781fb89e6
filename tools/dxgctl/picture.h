/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Iteration counts as a PNG picture.
 */
#ifndef TOOLS_DXGCTL_PICTURE_H
#define TOOLS_DXGCTL_PICTURE_H

#include <stdint.h>
#include <stdio.h>

void picture_colour(uint32_t count, uint32_t max_iter, uint8_t rgb[3]);
int picture_write(FILE *out, const uint32_t *counts, uint32_t width,
		  uint32_t height, uint32_t max_iter);

#endif /* TOOLS_DXGCTL_PICTURE_H */
