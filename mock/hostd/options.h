/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Command line of dxg-mock-host. README.md describes the options.
 */
#ifndef HOSTD_OPTIONS_H
#define HOSTD_OPTIONS_H

#include "devices.h"

/**
 * struct options - what the command line asks for
 * @config: the host
 * @device: device node of the bus
 * @control: control socket
 * @dm_script: script of the dynamic-memory host, or NULL
 * @trace: trace file, or NULL
 * @ready_file: made when the guest has seen all devices, or NULL
 * @order: kinds of devices in the order in which they appear
 * @kinds: entries of @order
 */
struct options {
	struct host_config config;
	const char *device;
	const char *control;
	const char *dm_script;
	const char *trace;
	const char *ready_file;
	enum device_kind order[DEVICE_KINDS];
	unsigned int kinds;
};

int options_parse(struct options *o, int argc, char **argv);

#endif /* HOSTD_OPTIONS_H */
