// SPDX-License-Identifier: GPL-2.0
/*
 * dxg-mock-ctl: one command of the control socket from the shell.
 */
#include "ctl_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
"Usage: dxg-mock-ctl [-s SOCKET] COMMAND [ARGUMENT]...\n"
"Sends one command to dxg-mock-host and prints its answer, a line of JSON.\n"
"\"dxg-mock-ctl help\" lists the commands.\n"
"\n"
"  -s SOCKET   control socket (default " CTL_DEFAULT_PATH ")\n"
"\n"
"Exit status: 0 it worked; 1 it did not, or \"alive\" found an object alive;\n"
"2 wrong usage, or no host.\n";

static char *join(char **words, int n)
{
	size_t size = 1;
	char *line;
	int i;

	for (i = 0; i < n; i++)
		size += strlen(words[i]) + 1;
	line = calloc(1, size);
	for (i = 0; line && i < n; i++) {
		if (i)
			strcat(line, " ");
		strcat(line, words[i]);
	}
	return line;
}

int main(int argc, char **argv)
{
	const char *path = CTL_DEFAULT_PATH;
	unsigned long long nothing_alive = 1;
	char *line, *answer;
	int opt, fd, status;

	while ((opt = getopt(argc, argv, "+hs:")) != -1) {
		if (opt == 's') {
			path = optarg;
			continue;
		}
		fputs(help, opt == 'h' ? stdout : stderr);
		return opt == 'h' ? 0 : 2;
	}
	if (optind == argc) {
		fputs(help, stderr);
		return 2;
	}
	line = join(argv + optind, argc - optind);
	if (!line)
		return 2;
	fd = ctl_connect(path);
	if (fd < 0) {
		fprintf(stderr, "dxg-mock-ctl: %s: %s\n", path, strerror(-fd));
		free(line);
		return 2;
	}
	answer = ctl_command(fd, line);
	free(line);
	close(fd);
	if (!answer) {
		fputs("dxg-mock-ctl: the host is gone\n", stderr);
		return 2;
	}
	puts(answer);
	ctl_number(answer, "nothing_alive", &nothing_alive);
	status = ctl_ok(answer) && nothing_alive ? 0 : 1;
	free(answer);
	return status;
}
