// SPDX-License-Identifier: GPL-2.0
/*
 * Client side of the control socket. See ctl_client.h and README.md.
 *
 * No state: the connection is the file descriptor, one thread per connection.
 */
#include "ctl_client.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/**
 * ctl_connect() - connect to a running host
 * @path: socket, NULL for the usual one
 *
 * Return: file descriptor, the caller closes it; -errno on failure.
 */
int ctl_connect(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, err;

	if (!path)
		path = CTL_DEFAULT_PATH;
	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

static int send_all(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		p += n;
		len -= n;
	}
	return 0;
}

/* The host sends nothing unasked, so a read never takes more than the line. */
static char *read_line(int fd)
{
	size_t size = 0, room = 0;
	char *line = NULL;

	for (;;) {
		ssize_t n;

		if (room - size < 2) {
			char *more = realloc(line, room + 4096);

			if (!more)
				break;
			line = more;
			room += 4096;
		}
		n = read(fd, line + size, room - size - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		size += n;
		if (line[size - 1] == '\n') {
			line[size - 1] = '\0';
			return line;
		}
	}
	free(line);
	return NULL;
}

/**
 * ctl_command() - run one command
 * @fd: from ctl_connect()
 * @line: command, without newline
 *
 * Blocks as long as the command does.
 *
 * Return: answer without newline, free() it; NULL when the host is gone.
 */
char *ctl_command(int fd, const char *line)
{
	if (send_all(fd, line, strlen(line)) || send_all(fd, "\n", 1))
		return NULL;
	return read_line(fd);
}

/**
 * ctl_commandf() - run one command, made as by printf()
 * @fd: from ctl_connect()
 * @format: of the command
 *
 * Return: see ctl_command().
 */
char *ctl_commandf(int fd, const char *format, ...)
{
	char *line, *answer;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vasprintf(&line, format, ap);
	va_end(ap);
	if (n < 0)
		return NULL;
	answer = ctl_command(fd, line);
	free(line);
	return answer;
}

/**
 * ctl_ok() - did the command succeed?
 * @answer: from ctl_command(), may be NULL
 *
 * Return: true for {"ok":true...}.
 */
bool ctl_ok(const char *answer)
{
	static const char ok[] = "{\"ok\":true";

	return answer && !strncmp(answer, ok, sizeof(ok) - 1);
}

/**
 * ctl_number() - a number out of an answer
 * @answer: from ctl_command(), may be NULL
 * @key: its name
 * @value: set when it is there; true and false count as 1 and 0
 *
 * Return: whether @answer has such a number.
 */
bool ctl_number(const char *answer, const char *key, unsigned long long *value)
{
	char *quoted, *end;
	const char *at;

	if (!answer || asprintf(&quoted, "\"%s\":", key) < 0)
		return false;
	at = strstr(answer, quoted);
	if (at)
		at += strlen(quoted);
	free(quoted);
	if (!at)
		return false;
	if (!strncmp(at, "true", 4) || !strncmp(at, "false", 5)) {
		*value = *at == 't';
		return true;
	}
	*value = strtoull(at, &end, 10);
	return end != at;
}
