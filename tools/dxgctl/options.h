/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Command line of a dxgctl sub-command.
 */
#ifndef TOOLS_DXGCTL_OPTIONS_H
#define TOOLS_DXGCTL_OPTIONS_H

#include <stdbool.h>

#include <misc/d3dkmthk.h>

/**
 * struct adapter_selector - which adapter to use
 * @by_luid: @luid counts, not @index
 * @index: number in the order of enumeration
 * @luid: LUID
 */
struct adapter_selector {
	bool by_luid;
	unsigned int index;
	struct winluid luid;
};

/**
 * struct options - parsed options of a sub-command
 * @help: --help was given, nothing else counts
 * @json: print JSON
 * @adapter: adapter to use, number 0 by default
 * @output: path of the result file, NULL if not given
 * @width: pixels of a picture row
 * @height: rows of the picture
 */
struct options {
	bool help;
	bool json;
	struct adapter_selector adapter;
	const char *output;
	unsigned int width;
	unsigned int height;
};

bool options_parse_adapter(const char *text, struct adapter_selector *adapter);
bool options_parse_size(const char *text, unsigned int *width,
			unsigned int *height);
bool options_parse(int argc, char **argv, const char *allowed,
		   struct options *options);

#endif /* TOOLS_DXGCTL_OPTIONS_H */
