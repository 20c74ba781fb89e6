// SPDX-License-Identifier: GPL-2.0
/*
 * hvmem: what hv_balloon_reclaim does, and asking it for something.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "print.h"

enum status { OK, FAILED, USAGE, NO_MODULE, NOTHING_FOUND };

struct options {
	const char *dir;
	bool json;
	double interval;
	long count;
};

static const char usage_text[] =
	"Usage: hvmem COMMAND [OPTION...]\n"
	"\n"
	"Commands:\n"
	"  status [--json]       what the module does now\n"
	"  watch [-i SECONDS] [-n COUNT]\n"
	"                        the same, again and again, with rates\n"
	"  metrics               for Prometheus (textfile collector)\n"
	"  reclaim now [SIZE]    return cold page cache now: all, or SIZE[K|M|G]\n"
	"  report                report free pages now\n"
	"  compact               make large free blocks now\n"
	"  reset                 set the counters to zero\n"
	"\n"
	"Options:\n"
	"  -j, --json            one JSON object instead of text\n"
	"  -i, --interval SECONDS  of watch (2)\n"
	"  -n, --count COUNT     end watch after so many times\n"
	"  -d, --directory DIR   the module's files (" DEFAULT_DIR ")\n"
	"  -h, --help            this text\n"
	"  -V, --version         version of hvmem\n"
	"\n"
	"Exit status:\n"
	"  0  done               3  the module is not loaded\n"
	"  1  failed             4  nothing could be returned\n"
	"  2  wrong usage\n";

static enum status read_values(const struct options *options,
			       struct values *values)
{
	int ret = values_read(values, options->dir);

	if (!ret)
		return OK;
	if (ret == -ENOENT) {
		fprintf(stderr,
			"hvmem: hv_balloon_reclaim is not loaded\n");
		return NO_MODULE;
	}
	fprintf(stderr, "hvmem: %s: %s\n", options->dir, strerror(-ret));
	return FAILED;
}

static enum status show(const struct options *options,
			void (*print)(FILE *, const struct values *))
{
	static struct values values;
	enum status status = read_values(options, &values);

	if (status == OK)
		print(stdout, &values);
	return status;
}

static enum status run_status(const struct options *options, char **words)
{
	(void)words;
	return show(options, options->json ? print_json : print_status);
}

static enum status run_metrics(const struct options *options, char **words)
{
	(void)words;
	return show(options, print_metrics);
}

/* --- watch ---------------------------------------------------------------- */

/* MiB per second that a counter of bytes grew. */
static double rate(const struct values *before, const struct values *now,
		   const char *name, double seconds)
{
	unsigned long long a = values_number(before, name);
	unsigned long long b = values_number(now, name);

	return b < a ? 0 : (double)(b - a) / 1048576 / seconds;
}

/* Waits, or less when the state changes. */
static void wait_for_change(const struct options *options)
{
	char path[512], text[64];
	struct pollfd poll_fd = { .events = POLLPRI };

	snprintf(path, sizeof(path), "%s/state", options->dir);
	poll_fd.fd = open(path, O_RDONLY | O_CLOEXEC);
	/* a change is one against what was read */
	if (poll_fd.fd >= 0 && read(poll_fd.fd, text, sizeof(text)) < 0)
		text[0] = '\0';
	poll(&poll_fd, 1, (int)(options->interval * 1000));
	if (poll_fd.fd >= 0)
		close(poll_fd.fd);
}

static void show_rates(const struct values *before, const struct values *now,
		       double seconds)
{
	printf("\nnow: %.1f MiB/s returned, %.1f MiB/s reported\n",
	       rate(before, now, "reclaimed_bytes", seconds),
	       rate(before, now, "reported_bytes", seconds));
}

static enum status run_watch(const struct options *options, char **words)
{
	static struct values values[2];
	bool screen = isatty(STDOUT_FILENO);
	long i;

	(void)words;
	for (i = 0; !options->count || i < options->count; i++) {
		struct values *now = &values[i % 2];
		enum status status = read_values(options, now);

		if (status != OK)
			return status;
		if (screen)
			fputs("\033[H\033[2J", stdout);
		if (options->json)
			print_json(stdout, now);
		else
			print_status(stdout, now);
		if (i && !options->json)
			show_rates(&values[(i + 1) % 2], now,
				   options->interval);
		fflush(stdout);
		if (i + 1 != options->count)
			wait_for_change(options);
	}
	return OK;
}

/* --- requests ------------------------------------------------------------- */

static enum status trigger(const struct options *options, const char *text)
{
	enum status status = OK;
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/trigger", options->dir);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		fprintf(stderr, "hvmem: hv_balloon_reclaim is not loaded\n");
		return NO_MODULE;
	}
	if (fd < 0 || write(fd, text, strlen(text)) < 0) {
		status = errno == EAGAIN ? NOTHING_FOUND : FAILED;
		fprintf(stderr, "hvmem: %s: %s\n", text,
			errno == EAGAIN ? "nothing could be returned" :
			errno == EOPNOTSUPP ? "not possible here now" :
			errno == EBUSY ? "another request is under way" :
			strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	return status;
}

static enum status run_reclaim(const struct options *options, char **words)
{
	static struct values before, after;
	enum status status;
	char text[64];

	if (!words[0] || strcmp(words[0], "now"))
		return USAGE;
	status = read_values(options, &before);
	if (status != OK)
		return status;
	snprintf(text, sizeof(text), "now %s", words[1] ? words[1] : "");
	status = trigger(options, text);
	if (status != OK)
		return status;
	status = read_values(options, &after);
	if (status != OK)
		return status;
	print_size(text, sizeof(text),
		   values_number(&after, "reclaimed_bytes") -
		   values_number(&before, "reclaimed_bytes"));
	printf("returned %s\n", text);
	return OK;
}

static enum status run_report(const struct options *options, char **words)
{
	(void)words;
	return trigger(options, "report");
}

static enum status run_compact(const struct options *options, char **words)
{
	(void)words;
	return trigger(options, "compact");
}

static enum status run_reset(const struct options *options, char **words)
{
	(void)words;
	return trigger(options, "reset");
}

/* --- main ----------------------------------------------------------------- */

static const struct command {
	const char *name;
	int words;		/* at most */
	enum status (*run)(const struct options *options, char **words);
} commands[] = {
	{ "status", 0, run_status },
	{ "watch", 0, run_watch },
	{ "metrics", 0, run_metrics },
	{ "reclaim", 2, run_reclaim },
	{ "report", 0, run_report },
	{ "compact", 0, run_compact },
	{ "reset", 0, run_reset },
};

static enum status dispatch(const struct options *options, int argc,
			    char **argv)
{
	enum status status = USAGE;
	size_t i;

	for (i = 0; argc && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(argv[0], commands[i].name) &&
		    argc - 1 <= commands[i].words)
			status = commands[i].run(options, argv + 1);
	}
	if (status == USAGE)
		fputs(usage_text, stderr);
	return status;
}

/* Return: false if an option is not understood. */
static bool parse(int argc, char **argv, struct options *options)
{
	static const struct option names[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "interval", required_argument, NULL, 'i' },
		{ "count", required_argument, NULL, 'n' },
		{ "directory", required_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ }
	};
	int letter;

	while ((letter = getopt_long(argc, argv, "ji:n:d:hV", names, NULL)) >= 0) {
		switch (letter) {
		case 'j':
			options->json = true;
			break;
		case 'i':
			options->interval = atof(optarg);
			break;
		case 'n':
			options->count = atol(optarg);
			break;
		case 'd':
			options->dir = optarg;
			break;
		case 'h':
			fputs(usage_text, stdout);
			exit(OK);
		case 'V':
			puts("hvmem " DXGCTL_VERSION);
			exit(OK);
		default:
			return false;
		}
	}
	return options->interval >= 0.1 && options->interval <= 86400 &&
	       options->count >= 0;
}

int main(int argc, char **argv)
{
	struct options options = { .dir = DEFAULT_DIR, .interval = 2 };
	enum status status;

	if (!parse(argc, argv, &options)) {
		fputs(usage_text, stderr);
		return USAGE;
	}
	status = dispatch(&options, argc - optind, argv + optind);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "hvmem: cannot write to standard output\n");
		if (status == OK)
			status = FAILED;
	}
	return (int)status;
}
