// SPDX-License-Identifier: GPL-2.0
/*
 * Control socket: listener and clients. See control.h.
 *
 * One thread accepts, one per client reads and executes, so a client that waits
 * keeps nobody else waiting. The client table is protected by @lock.
 */
#include "control.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define CLIENTS		32u

/**
 * struct client - one connection
 * @control: owner
 * @fd: socket, -1 when the entry is free
 */
struct client {
	struct control *control;
	int fd;
};

/**
 * struct control - the control socket
 * @relay: what the commands work on
 * @path: socket file
 * @fd: listening socket
 * @listener: accepts
 * @lock: protects the rest
 * @gone: signalled when a client ends
 * @stopping: take no more clients
 * @clients: table
 */
struct control {
	struct relay *relay;
	char *path;
	int fd;
	pthread_t listener;
	pthread_mutex_t lock;
	pthread_cond_t gone;
	bool stopping;
	struct client clients[CLIENTS];
};

/* Answers are built in memory and written at once: one line, one write. */
static bool answer(struct control *control, int fd, char *line)
{
	char *text = NULL;
	size_t size = 0, done = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return false;
	control_execute(control->relay, line, out);
	if (fclose(out)) {
		free(text);
		return false;
	}
	while (done < size) {
		ssize_t n = send(fd, text + done, size - done, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += n;
	}
	free(text);
	return done == size;
}

static void *serve(void *arg)
{
	struct client *client = arg;
	struct control *control = client->control;
	size_t size = 0;
	char *line = NULL;
	int in_fd = dup(client->fd);
	FILE *in = in_fd >= 0 ? fdopen(in_fd, "r") : NULL;

	while (in && getline(&line, &size, in) > 0)
		if (!answer(control, client->fd, line))
			break;
	free(line);
	if (in)
		fclose(in);
	else if (in_fd >= 0)
		close(in_fd);

	pthread_mutex_lock(&control->lock);
	close(client->fd);
	client->fd = -1;
	pthread_cond_broadcast(&control->gone);
	pthread_mutex_unlock(&control->lock);
	return NULL;
}

/* Called with the lock held. */
static struct client *free_client(struct control *control)
{
	unsigned int i;

	for (i = 0; i < CLIENTS; i++)
		if (control->clients[i].fd < 0)
			return &control->clients[i];
	return NULL;
}

static bool add_client(struct control *control, int fd)
{
	struct client *client;
	pthread_attr_t attr;
	pthread_t thread;
	bool ok = false;

	pthread_attr_init(&attr);
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	pthread_mutex_lock(&control->lock);
	client = control->stopping ? NULL : free_client(control);
	if (client) {
		client->fd = fd;
		ok = !pthread_create(&thread, &attr, serve, client);
		if (!ok)
			client->fd = -1;
	}
	pthread_mutex_unlock(&control->lock);
	pthread_attr_destroy(&attr);
	return ok;
}

static void *listen_loop(void *arg)
{
	struct control *control = arg;

	for (;;) {
		int fd = accept4(control->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0) {
			if (errno == EINTR || errno == ECONNABORTED)
				continue;
			return NULL;
		}
		if (!add_client(control, fd))
			close(fd);
	}
}

static int open_socket(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	/* A socket left by a host that was killed is in the way. */
	unlink(path);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) ||
	    chmod(path, 0600) || listen(fd, 8)) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

/**
 * control_start() - open the socket and serve it
 * @path: socket file; an old one is replaced
 * @relay: outlives the control
 *
 * Return: control, or NULL after an explanation on stderr.
 */
struct control *control_start(const char *path, struct relay *relay)
{
	struct control *control = calloc(1, sizeof(*control));
	unsigned int i;
	int err = -ENOMEM;

	if (!control)
		goto fail;
	control->relay = relay;
	pthread_mutex_init(&control->lock, NULL);
	pthread_cond_init(&control->gone, NULL);
	for (i = 0; i < CLIENTS; i++) {
		control->clients[i].control = control;
		control->clients[i].fd = -1;
	}
	control->path = strdup(path);
	if (!control->path)
		goto fail;
	err = open_socket(path);
	if (err < 0)
		goto fail;
	control->fd = err;
	err = -pthread_create(&control->listener, NULL, listen_loop, control);
	if (err) {
		close(control->fd);
		unlink(path);
		goto fail;
	}
	return control;

fail:
	fprintf(stderr, "dxg-mock-host: %s: %s\n", path, strerror(-err));
	if (control) {
		pthread_cond_destroy(&control->gone);
		pthread_mutex_destroy(&control->lock);
		free(control->path);
		free(control);
	}
	return NULL;
}

/* Called with the lock held. */
static bool any_client(struct control *control)
{
	unsigned int i;

	for (i = 0; i < CLIENTS; i++)
		if (control->clients[i].fd >= 0)
			return true;
	return false;
}

/**
 * control_stop() - close the socket and let all clients go
 * @control: control, or NULL
 *
 * Clients that wait get their answer as if the time were over; call
 * relay_leave() before.
 */
void control_stop(struct control *control)
{
	unsigned int i;

	if (!control)
		return;
	shutdown(control->fd, SHUT_RDWR);
	pthread_join(control->listener, NULL);
	close(control->fd);
	unlink(control->path);

	pthread_mutex_lock(&control->lock);
	control->stopping = true;
	for (i = 0; i < CLIENTS; i++)
		if (control->clients[i].fd >= 0)
			shutdown(control->clients[i].fd, SHUT_RD);
	while (any_client(control))
		pthread_cond_wait(&control->gone, &control->lock);
	pthread_mutex_unlock(&control->lock);

	pthread_cond_destroy(&control->gone);
	pthread_mutex_destroy(&control->lock);
	free(control->path);
	free(control);
}
