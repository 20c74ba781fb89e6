/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Control socket: tests tell the host what to do and ask what it saw.
 *
 * UNIX stream socket; a client sends one command per line and gets one JSON
 * object per line back, in order. control.c owns socket, clients and their
 * threads; commands.c knows the commands. README.md lists them.
 */
#ifndef HOSTD_CONTROL_H
#define HOSTD_CONTROL_H

#include "relay.h"

#include <stdio.h>

#define CONTROL_PATH	"/run/dxg-mock-host.sock"

struct control;

struct control *control_start(const char *path, struct relay *relay);
void control_stop(struct control *control);

void control_execute(struct relay *relay, char *line, FILE *out);

#endif /* HOSTD_CONTROL_H */
