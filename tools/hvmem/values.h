/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the module tells in /sys/kernel/hv_balloon_reclaim.
 */
#ifndef TOOLS_HVMEM_VALUES_H
#define TOOLS_HVMEM_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#define VALUES_MAX	64
#define DEFAULT_DIR	"/sys/kernel/hv_balloon_reclaim"

/**
 * struct value - a file
 * @name: its name
 * @text: its content without the last line end
 */
struct value {
	char name[64];
	char text[1024];
};

/**
 * struct values - all files of the module, in the order of their names
 * @count: how many
 * @list: the files
 */
struct values {
	size_t count;
	struct value list[VALUES_MAX];
};

int values_read(struct values *values, const char *dir);
const char *values_text(const struct values *values, const char *name);
unsigned long long values_number(const struct values *values,
				 const char *name);
bool text_is_number(const char *text);

#endif /* TOOLS_HVMEM_VALUES_H */
