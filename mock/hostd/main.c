// SPDX-License-Identifier: GPL-2.0
/*
 * dxg-mock-host: start, wait for a signal, say what the guest left behind.
 */
#include "control.h"
#include "devices.h"
#include "options.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

enum {
	EXIT_OK = 0,
	EXIT_START = 1,
	EXIT_USAGE = 2,
	EXIT_ALIVE = 3,
};

static struct trace *start_trace(const char *path)
{
	FILE *out = fopen(path, "we");
	struct trace *trace = out ? trace_open(out) : NULL;

	if (!trace)
		fprintf(stderr, "dxg-mock-host: %s: %s\n", path,
			strerror(errno));
	if (out && !trace)
		fclose(out);
	return trace;
}

static bool say_ready(const struct options *o)
{
	FILE *f;

	printf("dxg-mock-host: ready, %u adapter%s, interface version %u\n",
	       o->config.adapter_count, o->config.adapter_count == 1 ? "" : "s",
	       o->config.interface_version);
	fflush(stdout);
	if (!o->ready_file)
		return true;
	f = fopen(o->ready_file, "we");
	if (f && fputs("ready\n", f) >= 0 && !fclose(f))
		return true;
	fprintf(stderr, "dxg-mock-host: %s: %s\n", o->ready_file,
		strerror(errno));
	return false;
}

/* The last word: what is alive while the guest still has its channels. */
static int report_alive(struct host *host)
{
	struct host_alive alive;

	host_alive(host, &alive);
	if (host_nothing_alive(&alive)) {
		puts("no host object left");
		if (alive.violations || alive.double_destroys)
			host_alive_json(host, stdout);
		return EXIT_OK;
	}
	host_alive_json(host, stdout);
	return EXIT_ALIVE;
}

/**
 * struct script - the dynamic-memory host's own will
 * @relay: what it works on
 * @path: file
 * @file: read up to "ready" before the guest sees anything, then on
 * @thread: reads on
 * @running: there is one
 */
struct script {
	struct relay *relay;
	const char *path;
	FILE *file;
	pthread_t thread;
	bool running;
};

static void *go_on(void *arg)
{
	struct script *s = arg;

	dm_run_script(s->relay->dm, s->file, s->path);
	return NULL;
}

static bool start_script(struct script *s)
{
	if (!s->path)
		return true;
	s->file = fopen(s->path, "re");
	if (s->file)
		return dm_run_script(s->relay->dm, s->file, s->path) >= 0;
	fprintf(stderr, "dxg-mock-host: %s: %s\n", s->path, strerror(errno));
	return false;
}

static void continue_script(struct script *s)
{
	s->running = s->file && !pthread_create(&s->thread, NULL, go_on, s);
}

static void end_script(struct script *s)
{
	if (s->running)
		pthread_join(s->thread, NULL);
	if (s->file)
		fclose(s->file);
}

static int run(struct relay *relay, const struct options *o,
	       const sigset_t *signals)
{
	struct script script = { .relay = relay, .path = o->dm_script };
	struct control *control;
	int status = EXIT_START;
	int sig;

	if (relay_start(relay))
		return EXIT_START;
	control = control_start(o->control, relay);
	if (control && start_script(&script) &&
	    !devices_bring_up(relay, o->order, o->kinds) && say_ready(o)) {
		continue_script(&script);
		sigwait(signals, &sig);
		status = report_alive(relay->host);
	}
	relay_leave(relay);
	end_script(&script);
	control_stop(control);
	return status;
}

int main(int argc, char **argv)
{
	struct trace *trace = NULL;
	struct relay *relay;
	struct options o;
	sigset_t signals;
	int status;

	if (options_parse(&o, argc, argv))
		return EXIT_USAGE;
	/* Before any thread exists, so that only main gets them. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);

	if (o.trace) {
		trace = start_trace(o.trace);
		if (!trace)
			return EXIT_START;
	}
	relay = relay_create(&o.config, o.device, trace);
	if (!relay) {
		trace_close(trace);
		return EXIT_START;
	}
	status = run(relay, &o, &signals);
	relay_destroy(relay);
	trace_close(trace);
	return status;
}
