/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the files of dxgctl share: exit statuses and the sub-commands.
 */
#ifndef TOOLS_DXGCTL_DXGCTL_H
#define TOOLS_DXGCTL_DXGCTL_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

struct options;

/* Exit statuses; the man page and --help list them. */
enum dxgctl_status {
	DXGCTL_OK = 0,
	DXGCTL_WRONG_RESULT = 1,	/* the GPU computed something else */
	DXGCTL_USAGE = 2,
	DXGCTL_NO_DRIVER = 3,		/* /dev/dxg is missing or refused */
	DXGCTL_NO_ADAPTER = 4,		/* none, or not the one asked for */
	DXGCTL_NOT_MOCK = 5,		/* no known command set */
	DXGCTL_CALL_FAILED = 6,		/* driver or host refused a call */
	DXGCTL_OUTPUT = 7,		/* result file cannot be written */
};

enum dxgctl_status list_run(const struct options *options);
enum dxgctl_status stats_run(const struct options *options);
enum dxgctl_status processes_run(const struct options *options);
enum dxgctl_status selftest_run(const struct options *options);
enum dxgctl_status mandelbrot_run(const struct options *options);

#endif /* TOOLS_DXGCTL_DXGCTL_H */
