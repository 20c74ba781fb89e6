/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Client side of the control socket of dxg-mock-host: send a line, get a line.
 * No dependency on the rest of the host, so that tests can link it.
 */
#ifndef HOSTD_CTL_CLIENT_H
#define HOSTD_CTL_CLIENT_H

#include <stdbool.h>

#define CTL_DEFAULT_PATH	"/run/dxg-mock-host.sock"

int ctl_connect(const char *path);
char *ctl_command(int fd, const char *line);
char *ctl_commandf(int fd, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
bool ctl_ok(const char *answer);
bool ctl_number(const char *answer, const char *key, unsigned long long *value);

#endif /* HOSTD_CTL_CLIENT_H */
