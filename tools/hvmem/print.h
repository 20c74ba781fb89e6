/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The ways to show the values.
 */
#ifndef TOOLS_HVMEM_PRINT_H
#define TOOLS_HVMEM_PRINT_H

#include <stdio.h>

#include "values.h"

void print_status(FILE *out, const struct values *values);
void print_json(FILE *out, const struct values *values);
void print_metrics(FILE *out, const struct values *values);
void print_size(char *text, size_t size, unsigned long long bytes);

#endif /* TOOLS_HVMEM_PRINT_H */
