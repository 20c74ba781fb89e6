// SPDX-License-Identifier: GPL-2.0
/*
 * What the dynamic-memory host can be told, as words: from the control socket
 * ("dm WORD..."), or from a script, one line each. See dm_host.h; README.md lists
 * the words.
 */
#include "dm_host.h"
#include "trace.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DM_WORDS		8
#define WAIT_SECONDS		30u

/**
 * struct dm_call - one command being executed
 * @dm: what it works on
 * @argc: words, the command's own included
 * @argv: words
 * @out: where the answer goes, if there is more to say than "ok"
 */
struct dm_call {
	struct dm_host *dm;
	int argc;
	char **argv;
	FILE *out;
};

static const char not_a_number[] = "no valid value";

static bool number(struct dm_call *c, int i, uint64_t fallback, uint64_t *v)
{
	char *end;

	*v = fallback;
	if (i >= c->argc)
		return true;
	errno = 0;
	*v = strtoull(c->argv[i], &end, 0);
	return !errno && end != c->argv[i] && !*end && *c->argv[i] != '-';
}

static const char *result(int err)
{
	return err ? strerror(-err) : NULL;
}

static const char *versions(struct dm_call *c)
{
	uint64_t min, max;

	if (!number(c, 1, 0, &min) || !number(c, 2, 0, &max))
		return not_a_number;
	pthread_mutex_lock(&c->dm->lock);
	c->dm->version_min = min;
	c->dm->version_max = max;
	pthread_mutex_unlock(&c->dm->lock);
	return NULL;
}

static const char *caps(struct dm_call *c)
{
	uint64_t needed, answer;

	if (!number(c, 1, 0, &needed) ||
	    !number(c, 2, DM_RESPONSE_ACCEPTED, &answer))
		return not_a_number;
	pthread_mutex_lock(&c->dm->lock);
	c->dm->caps_needed = needed;
	c->dm->caps_answer = answer;
	pthread_mutex_unlock(&c->dm->lock);
	return NULL;
}

static const char *mute(struct dm_call *c)
{
	bool version = !strcmp(c->argv[1], "version");
	bool caps = !strcmp(c->argv[1], "caps");

	if (!version && !caps && strcmp(c->argv[1], "nothing"))
		return "neither version, caps nor nothing";
	pthread_mutex_lock(&c->dm->lock);
	c->dm->mute_versions = version;
	c->dm->mute_caps = caps;
	pthread_mutex_unlock(&c->dm->lock);
	return NULL;
}

static const char *balloon(struct dm_call *c)
{
	uint64_t pages;

	if (!number(c, 1, 0, &pages) || pages > UINT32_MAX)
		return not_a_number;
	return result(dm_balloon(c->dm, pages));
}

static const char *unballoon(struct dm_call *c)
{
	static const char * const splits[] = {
		[BOOKS_SAME] = "same",
		[BOOKS_MERGED] = "merged",
		[BOOKS_ODD] = "odd",
		[BOOKS_SINGLE] = "single",
		[BOOKS_SHUFFLED] = "shuffled",
	};
	uint64_t pages = UINT64_MAX, per_message;
	unsigned int split = BOOKS_SAME;

	if (strcmp(c->argv[1], "all") && !number(c, 1, 0, &pages))
		return not_a_number;
	if (c->argc > 2)
		while (split <= BOOKS_SHUFFLED &&
		       strcmp(c->argv[2], splits[split]))
			split++;
	if (split > BOOKS_SHUFFLED)
		return "no such split";
	if (!number(c, 3, DM_MAX_RANGES, &per_message))
		return not_a_number;
	return result(dm_unballoon(c->dm, pages, split, per_message));
}

static const char *unballoon_range(struct dm_call *c)
{
	uint64_t start, count;

	if (!number(c, 1, 0, &start) || !number(c, 2, 0, &count) ||
	    start >> DM_RANGE_START_BITS || count > DM_RANGE_MAX_COUNT)
		return not_a_number;
	return result(dm_unballoon_range(c->dm, start, count, c->argc > 3));
}

static const char *hot_add(struct dm_call *c)
{
	struct books_range range, region;

	if (!number(c, 1, 0, &range.start) || !number(c, 2, 0, &range.count) ||
	    !number(c, 3, 0, &region.start) || !number(c, 4, 0, &region.count))
		return not_a_number;
	return result(dm_hot_add(c->dm, range, c->argc > 3 ? &region : NULL));
}

/* HEX to bytes; the number of them, or -1. */
static long parse_hex(const char *hex, uint8_t *buffer, size_t size)
{
	size_t n, digits = strlen(hex);
	unsigned int byte;

	if (digits % 2 || digits / 2 > size)
		return -1;
	for (n = 0; n < digits / 2; n++) {
		if (sscanf(hex + 2 * n, "%2x", &byte) != 1)
			return -1;
		buffer[n] = byte;
	}
	return n;
}

static const char *info(struct dm_call *c)
{
	uint8_t data[64];
	uint64_t type;
	long size = parse_hex(c->argv[2], data, sizeof(data));

	if (!number(c, 1, 0, &type) || size < 0)
		return not_a_number;
	return result(dm_info(c->dm, type, data, size));
}

/* HEX, then zeros up to SIZE bytes. */
static const char *raw(struct dm_call *c)
{
	uint8_t message[65536] = { 0 };
	long bytes = parse_hex(c->argv[1], message, sizeof(message));
	uint64_t size;

	if (bytes < 0 || !number(c, 2, bytes, &size) || size > sizeof(message))
		return not_a_number;
	pthread_mutex_lock(&c->dm->lock);
	c->dm->send(c->dm->send_ctx, message, size);
	pthread_mutex_unlock(&c->dm->lock);
	return NULL;
}

/* What a request by hand makes the guest answer is expected. */
static const char *expect(struct dm_call *c)
{
	struct dm_host *dm = c->dm;
	uint64_t n;

	if (!number(c, 2, 1, &n))
		return not_a_number;
	pthread_mutex_lock(&dm->lock);
	if (!strcmp(c->argv[1], "unballoon"))
		dm->unballoons += n;
	else if (!strcmp(c->argv[1], "hot-add"))
		dm->hot_adds += n;
	pthread_mutex_unlock(&dm->lock);
	return NULL;
}

static void print_numbers(struct dm_call *c)
{
	struct dm_host *dm = c->dm;
	const struct {
		const char *name;
		unsigned long long value;
	} values[] = {
		{ "pages", dm->books.pages },
		{ "given", dm->given },
		{ "open", dm->balloons + dm->unballoons + dm->hot_adds },
		{ "violations", dm->violations },
		{ "phase", dm->phase },
		{ "version", dm->version },
		{ "caps", dm->caps },
		{ "largest", dm->largest },
		{ "hot_add_pages", dm->hot_add.pages },
		{ "hot_add_result", dm->hot_add.result },
		{ "statuses", dm->seen[DM_TYPE_STATUS_REPORT] },
		{ "available", dm->status.available },
		{ "committed", dm->status.committed },
	};
	size_t i;

	fputs("{\"ok\":true", c->out);
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		fprintf(c->out, ",\"%s\":%llu", values[i].name,
			values[i].value);
	fputs(",\"violation\":", c->out);
	json_string(c->out, dm->violation);
	fputs("}\n", c->out);
}

static const char *numbers(struct dm_call *c)
{
	pthread_mutex_lock(&c->dm->lock);
	print_numbers(c);
	pthread_mutex_unlock(&c->dm->lock);
	return NULL;
}

static const char *mark(struct dm_call *c)
{
	dm_mark(c->dm);
	return NULL;
}

/* A page of each kind: the first one that the host has, and one behind all. */
static const char *page(struct dm_call *c)
{
	uint64_t first = 0, last, i;

	pthread_mutex_lock(&c->dm->lock);
	while (first < BOOKS_PAGES && !books_has(&c->dm->books, first))
		first++;
	for (last = i = first; i < BOOKS_PAGES; i++)
		if (books_has(&c->dm->books, i))
			last = i;
	pthread_mutex_unlock(&c->dm->lock);
	if (first == BOOKS_PAGES)
		return "the host has no page";
	fprintf(c->out, "{\"ok\":true,\"first\":%llu,\"last\":%llu}\n",
		(unsigned long long)first, (unsigned long long)last);
	return NULL;
}

/* TYPE [COUNT [SECONDS]]: messages of that number since mark */
static const char *wait_type(struct dm_call *c)
{
	uint64_t type, count, seconds;

	if (!number(c, 1, 0, &type) || type >= DM_TYPES ||
	    !number(c, 2, 1, &count) || !number(c, 3, WAIT_SECONDS, &seconds))
		return not_a_number;
	return dm_wait(c->dm, dm_has_seen, DM_SEEN(type, count),
		       1000 * seconds) ? NULL : strerror(ETIMEDOUT);
}

static const char *wait_idle(struct dm_call *c)
{
	uint64_t seconds;

	if (!number(c, 1, WAIT_SECONDS, &seconds))
		return not_a_number;
	return dm_wait(c->dm, dm_is_idle, 0, 1000 * seconds) ? NULL :
	       strerror(ETIMEDOUT);
}

static const char *wait_running(struct dm_call *c)
{
	uint64_t seconds;

	if (!number(c, 1, WAIT_SECONDS, &seconds))
		return not_a_number;
	return dm_wait(c->dm, dm_is_running, 0, 1000 * seconds) ? NULL :
	       strerror(ETIMEDOUT);
}

/* SECONDS: a status report that comes from now on */
static const char *expect_status(struct dm_call *c)
{
	uint64_t seconds, before;

	if (!number(c, 1, WAIT_SECONDS, &seconds))
		return not_a_number;
	pthread_mutex_lock(&c->dm->lock);
	before = c->dm->seen[DM_TYPE_STATUS_REPORT];
	pthread_mutex_unlock(&c->dm->lock);
	if (!dm_wait(c->dm, dm_has_status, before, 1000 * seconds))
		return strerror(ETIMEDOUT);
	return numbers(c);
}

static const char *print_log(struct dm_call *c)
{
	struct dm_host *dm = c->dm;
	uint64_t i;

	pthread_mutex_lock(&dm->lock);
	i = dm->logged > DM_LOG_ENTRIES ? dm->logged - DM_LOG_ENTRIES : 0;
	fputs("{\"ok\":true,\"messages\":[", c->out);
	for (; i < dm->logged; i++) {
		const struct dm_log_entry *e = &dm->log[i % DM_LOG_ENTRIES];

		json_hex(c->out, e->data, e->size < sizeof(e->data) ? e->size :
			 sizeof(e->data));
		if (i + 1 < dm->logged)
			fputc(',', c->out);
	}
	fputs("]}\n", c->out);
	pthread_mutex_unlock(&dm->lock);
	return NULL;
}

/* FILE: from now on, how much the host has is written there */
static const char *series(struct dm_call *c)
{
	FILE *f = fopen(c->argv[1], "we");

	if (!f)
		return strerror(errno);
	pthread_mutex_lock(&c->dm->lock);
	if (c->dm->series)
		fclose(c->dm->series);
	c->dm->series = f;
	dm_series_point(c->dm);
	pthread_mutex_unlock(&c->dm->lock);
	return NULL;
}

static const char *pause_script(struct dm_call *c)
{
	uint64_t ms;

	if (!number(c, 1, 0, &ms))
		return not_a_number;
	usleep(1000 * ms);
	return NULL;
}

/* A host that forgets, as after a power cycle of the VM. */
static const char *forget(struct dm_call *c)
{
	pthread_mutex_lock(&c->dm->lock);
	books_clear(&c->dm->books);
	c->dm->violations = 0;
	c->dm->violation[0] = 0;
	pthread_mutex_unlock(&c->dm->lock);
	return NULL;
}

static const char *script(struct dm_call *c)
{
	FILE *f = fopen(c->argv[1], "re");
	int err;

	if (!f)
		return strerror(errno);
	err = dm_run_script(c->dm, f, c->argv[1]);
	fclose(f);
	return err < 0 ? "the script failed" : NULL;
}

static const struct dm_command {
	const char *name;
	int min;
	int max;
	const char *(*run)(struct dm_call *c);
} commands[] = {
	{ "accept-version", 2, 2, versions },
	{ "accept-caps", 1, 2, caps },
	{ "mute", 1, 1, mute },
	{ "balloon", 1, 1, balloon },
	{ "unballoon", 1, 3, unballoon },
	{ "unballoon-range", 2, 3, unballoon_range },
	{ "hot-add", 2, 4, hot_add },
	{ "info", 2, 2, info },
	{ "raw", 1, 2, raw },
	{ "expect", 1, 2, expect },
	{ "numbers", 0, 0, numbers },
	{ "page", 0, 0, page },
	{ "mark", 0, 0, mark },
	{ "wait", 1, 3, wait_type },
	{ "wait-idle", 0, 1, wait_idle },
	{ "wait-running", 0, 1, wait_running },
	{ "expect-status", 0, 1, expect_status },
	{ "log", 0, 0, print_log },
	{ "series", 1, 1, series },
	{ "pause", 1, 1, pause_script },
	{ "forget", 0, 0, forget },
	{ "script", 1, 1, script },
};

/**
 * dm_execute() - do what a command says
 * @dm: host
 * @argc: words
 * @argv: words, the command first
 * @out: the answer, one line of JSON, if there was no error
 *
 * Any thread. May take as long as the command waits.
 *
 * Return: NULL, or what is wrong; then nothing was changed and nothing written.
 */
const char *dm_execute(struct dm_host *dm, int argc, char **argv, FILE *out)
{
	struct dm_call c = { .dm = dm, .argc = argc, .argv = argv, .out = out };
	const char *error;
	long before;
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!argc || strcmp(argv[0], commands[i].name))
			continue;
		if (argc - 1 < commands[i].min || argc - 1 > commands[i].max)
			return "wrong number of arguments";
		before = ftell(out);
		error = commands[i].run(&c);
		if (!error && ftell(out) == before)
			fputs("{\"ok\":true}\n", out);
		return error;
	}
	return "unknown dynamic-memory command";
}

static int run_words(struct dm_host *dm, int argc, char **argv,
		     const char *where)
{
	FILE *nowhere = fopen("/dev/null", "we");
	const char *error;

	if (!nowhere)
		return -errno;
	error = dm_execute(dm, argc, argv, nowhere);
	fclose(nowhere);
	if (!error)
		return 0;
	fprintf(stderr, "dxg-mock-host: %s: %s: %s\n", where, argv[0], error);
	return -EINVAL;
}

/**
 * dm_run_script() - do what a file says, up to a line "ready"
 * @dm: host
 * @script: one command a line, as of dm_execute(); # starts a comment. Read on from
 *	where it is
 * @where: its name, for complaints
 *
 * Return: 0 at the end, 1 at "ready", -errno after an explanation on stderr: the
 * first line that fails ends it.
 */
int dm_run_script(struct dm_host *dm, FILE *script, const char *where)
{
	char *line = NULL, *argv[DM_WORDS], *save, *word;
	size_t size = 0;
	int err = 0;

	while (!err && getline(&line, &size, script) > 0) {
		int argc = 0;

		line[strcspn(line, "#\n")] = 0;
		for (word = strtok_r(line, " \t\r", &save);
		     word && argc < DM_WORDS;
		     word = strtok_r(NULL, " \t\r", &save))
			argv[argc++] = word;
		if (argc == 1 && !strcmp(argv[0], "ready"))
			err = 1;
		else if (argc)
			err = run_words(dm, argc, argv, where);
	}
	free(line);
	return err;
}
