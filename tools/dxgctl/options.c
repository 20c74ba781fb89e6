// SPDX-License-Identifier: GPL-2.0
/*
 * Command line of a dxgctl sub-command. All sub-commands share one set of
 * options and name those they take by their letters.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dxg_text.h"
#include "options.h"

/* 256 MiB of pixels: what one local allocation may reasonably be. */
#define MAX_SIDE	8192u

static bool parse_number(const char *text, char end, unsigned int *value,
			 const char **rest)
{
	unsigned long number;
	char *stop;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	number = strtoul(text, &stop, 10);
	if (errno || number > UINT_MAX || *stop != end)
		return false;
	*value = (unsigned int)number;
	*rest = stop + (end != '\0');
	return true;
}

/**
 * options_parse_adapter() - read an adapter number or LUID
 * @text: decimal number, or LUID as dxg_luid_format() prints it
 * @adapter: receives the selection; undefined on failure
 *
 * Return: true if the whole text makes sense.
 */
bool options_parse_adapter(const char *text, struct adapter_selector *adapter)
{
	const char *rest;

	adapter->by_luid = dxg_luid_parse(text, &adapter->luid);
	return adapter->by_luid ||
	       parse_number(text, '\0', &adapter->index, &rest);
}

/**
 * options_parse_size() - read a picture size
 * @text: "WIDTHxHEIGHT" in decimal
 * @width: receives the width, 1 to 8192
 * @height: receives the height, 1 to 8192
 *
 * Return: true if the whole text makes sense.
 */
bool options_parse_size(const char *text, unsigned int *width,
			unsigned int *height)
{
	return parse_number(text, 'x', width, &text) &&
	       parse_number(text, '\0', height, &text) &&
	       *width && *width <= MAX_SIDE && *height && *height <= MAX_SIDE;
}

static bool apply(int letter, const char *argument, struct options *options)
{
	switch (letter) {
	case 'a':
		if (options_parse_adapter(argument, &options->adapter))
			return true;
		fprintf(stderr, "dxgctl: \"%s\" is neither an adapter number nor a LUID\n",
			argument);
		return false;
	case 's':
		if (options_parse_size(argument, &options->width,
				       &options->height))
			return true;
		fprintf(stderr, "dxgctl: \"%s\" is not a size from 1x1 to %ux%u\n",
			argument, MAX_SIDE, MAX_SIDE);
		return false;
	case 'j':
		options->json = true;
		return true;
	case 'o':
		options->output = argument;
		return true;
	default:
		options->help = true;
		return true;
	}
}

static const struct option names[] = {
	{ "adapter", required_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, 'j' },
	{ "output", required_argument, NULL, 'o' },
	{ "size", required_argument, NULL, 's' },
	{ NULL, 0, NULL, 0 },
};

static void report_refused(const char *command, int letter, const char *word)
{
	const struct option *option = names;

	while (option->name && option->val != letter)
		option++;
	if (option->name)
		fprintf(stderr, "dxgctl: %s has no option --%s\n", command,
			option->name);
	else
		fprintf(stderr,
			"dxgctl: %s: \"%s\" is unknown or lacks its argument\n",
			command, word);
}

/**
 * options_parse() - read the options of a sub-command
 * @argc: number of words, the sub-command's name first
 * @argv: words
 * @allowed: letters of the options that the sub-command takes
 * @options: receives options and defaults
 *
 * Mistakes are reported on standard error.
 *
 * Return: true if the command line is good.
 */
bool options_parse(int argc, char **argv, const char *allowed,
		   struct options *options)
{
	int letter;

	*options = (struct options){ .width = 1024, .height = 768 };
	optind = 0;
	opterr = 0;
	while ((letter = getopt_long(argc, argv, "a:hjo:s:", names, NULL)) != -1) {
		if (letter == '?' || (letter != 'h' && !strchr(allowed, letter))) {
			report_refused(argv[0], letter, argv[optind - 1]);
			return false;
		}
		if (!apply(letter, optarg, options))
			return false;
	}
	if (optind < argc) {
		report_refused(argv[0], '?', argv[optind]);
		return false;
	}
	return true;
}
