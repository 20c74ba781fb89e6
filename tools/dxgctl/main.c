// SPDX-License-Identifier: GPL-2.0
/*
 * dxgctl: look at and try out paravirtualised GPUs behind /dev/dxg.
 *
 * This file only chooses the sub-command and gives it its options.
 */
#include <stdio.h>
#include <string.h>

#include "dxgctl.h"
#include "options.h"

static const char usage_text[] =
	"Usage: dxgctl COMMAND [OPTION...]\n"
	"\n"
	"Commands:\n"
	"  list [--json]                        show the adapters\n"
	"  stats [--adapter N|LUID] [--json]    memory and engines in use\n"
	"  processes [--adapter N|LUID] [--json] who uses an adapter, and how much\n"
	"  selftest [--adapter N|LUID] [--json] compute on the GPU, verify on the CPU\n"
	"  mandelbrot -o FILE.png [--size WxH] [--adapter N|LUID]\n"
	"                                       render a picture on the GPU\n"
	"\n"
	"Options:\n"
	"  -a, --adapter N|LUID  adapter by number or LUID as \"list\" shows it (0)\n"
	"  -j, --json            print one JSON object instead of text\n"
	"  -o, --output FILE     where the picture goes, \"-\" for standard output\n"
	"  -s, --size WxH        size of the picture in pixels (1024x768)\n"
	"  -h, --help            this text\n"
	"  -V, --version         version of dxgctl\n"
	"\n"
	"Exit status:\n"
	"  0  done               4  no adapter, or not the one asked for\n"
	"  1  wrong result       5  adapter without the mock's command set\n"
	"  2  wrong usage        6  a call failed in the driver or on the host\n"
	"  3  no driver          7  output cannot be written\n";

struct command {
	const char *name;
	const char *allowed;	/* letters of its options */
	enum dxgctl_status (*run)(const struct options *options);
};

static const struct command commands[] = {
	{ "list", "j", list_run },
	{ "stats", "aj", stats_run },
	{ "processes", "aj", processes_run },
	{ "selftest", "aj", selftest_run },
	{ "mandelbrot", "aos", mandelbrot_run },
};

static enum dxgctl_status run(const struct command *command, int argc,
			      char **argv)
{
	struct options options;

	if (!options_parse(argc, argv, command->allowed, &options))
		return DXGCTL_USAGE;
	if (options.help) {
		fputs(usage_text, stdout);
		return DXGCTL_OK;
	}
	return command->run(&options);
}

static enum dxgctl_status dispatch(int argc, char **argv)
{
	size_t i;

	if (argc < 2) {
		fputs(usage_text, stderr);
		return DXGCTL_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		fputs(usage_text, stdout);
		return DXGCTL_OK;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("dxgctl " DXGCTL_VERSION);
		return DXGCTL_OK;
	}
	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!strcmp(argv[1], commands[i].name))
			return run(&commands[i], argc - 1, argv + 1);
	}
	fprintf(stderr,
		"dxgctl: unknown command \"%s\", see \"dxgctl --help\"\n",
		argv[1]);
	return DXGCTL_USAGE;
}

int main(int argc, char **argv)
{
	enum dxgctl_status status = dispatch(argc, argv);

	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "dxgctl: cannot write to standard output\n");
		if (status == DXGCTL_OK)
			status = DXGCTL_OUTPUT;
	}
	return (int)status;
}
