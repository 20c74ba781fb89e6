// SPDX-License-Identifier: GPL-2.0
/*
 * The values for people, for programs (JSON) and for Prometheus.
 */
#include <string.h>

#include "json.h"
#include "print.h"

/**
 * print_size() - bytes for people
 * @text: buffer
 * @size: its size
 * @bytes: number
 */
void print_size(char *text, size_t size, unsigned long long bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	double value = (double)bytes;
	size_t i = 0;

	while (value >= 1024 && i < sizeof(units) / sizeof(units[0]) - 1) {
		value /= 1024;
		i++;
	}
	snprintf(text, size, i && value < 100 ? "%.1f %s" : "%.0f %s", value,
		 units[i]);
}

/* What the states and owners mean. */
static const struct {
	const char *word, *meaning;
} meanings[] = {
	{ "idle", "nothing cold enough to return" },
	{ "reclaim", "returning cold page cache" },
	{ "off", "switched off (parameter reclaim)" },
	{ "dry", "found nothing to reclaim, pausing" },
	{ "nolever", "this kernel offers no memory.reclaim now" },
	{ "hold:refaults", "took too much, pausing" },
	{ "hold:cpu", "used its share of CPU time" },
	{ "hold:no-host", "nobody returns free pages to the host" },
	{ "hold:oom", "memory ran out" },
	{ "hold:stall", "an allocation had to wait" },
	{ "hold:avail", "too little memory is available" },
	{ "hold:psi-mem", "processes wait for memory" },
	{ "hold:psi-io", "processes wait for the disk" },
	{ "hold:swap", "the kernel swapped because of us" },
	{ "hold:dirty", "much cache waits to be written" },
	{ "hold:boot", "just started" },
	{ "hold:suspend", "about to sleep" },
	{ "hold:rival", "DAMON_RECLAIM is active" },
	{ "self", "by this module" },
	{ "other", "by another driver" },
	{ "none", "by nobody" },
	{ "unsupported", "the host does not take free pages" },
};

static const char *meaning(const char *word)
{
	size_t i;

	for (i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (!strcmp(meanings[i].word, word))
			return meanings[i].meaning;
	}
	return "";
}

static void size_line(FILE *out, const struct values *values,
		      const char *title, const char *name)
{
	char text[32];

	print_size(text, sizeof(text), values_number(values, name));
	fprintf(out, "  %-22s %s\n", title, text);
}

static void text_line(FILE *out, const struct values *values,
		      const char *title, const char *name)
{
	fprintf(out, "  %-22s %s\n", title, values_text(values, name));
}

/**
 * print_status() - one screen for people
 * @out: where to
 * @values: as read
 */
void print_status(FILE *out, const struct values *values)
{
	const char *state = values_text(values, "state");
	const char *owner = values_text(values, "report_owner");

	fprintf(out, "reclaim: %s (%s)\n", state, meaning(state));
	size_line(out, values, "page cache", "file_bytes");
	size_line(out, values, "floor", "floor_bytes");
	size_line(out, values, "step", "step_bytes");
	size_line(out, values, "returned so far", "reclaimed_bytes");
	text_line(out, values, "refaults per minute", "refault_rate");
	text_line(out, values, "trips over budget", "refault_trips");
	text_line(out, values, "swapped out by us", "swap_out_by_us");
	text_line(out, values, "CPU time, ms", "cpu_ms");
	text_line(out, values, "lever", "lever");
	fprintf(out, "report: %s (%s)\n", owner, meaning(owner));
	text_line(out, values, "smallest order", "report_order");
	size_line(out, values, "reported so far", "reported_bytes");
	text_line(out, values, "hypercalls", "report_calls");
	text_line(out, values, "of these failed", "report_fail");
	text_line(out, values, "compactions", "compactions");
	fprintf(out, "dynamic memory: %s\n",
		values_number(values, "dm_connected") ? "connected" :
		"not by this module");
	text_line(out, values, "pages ballooned", "ballooned_pages");
	text_line(out, values, "pages hot-added", "hotadded_pages");
}

/* "name value" lines become an object. */
static void json_lines(struct json *json, const char *key, const char *text)
{
	char name[64];
	unsigned long long value;
	int length;

	json_open(json, key, '{');
	while (sscanf(text, "%63s %llu%n", name, &value, &length) == 2) {
		json_number(json, name, value);
		text += length;
	}
	json_close(json, '}');
}

/**
 * print_json() - one object with all values
 * @out: where to
 * @values: as read
 */
void print_json(FILE *out, const struct values *values)
{
	struct json json = { .out = out };
	size_t i;

	json_open(&json, NULL, '{');
	for (i = 0; i < values->count; i++) {
		const struct value *value = &values->list[i];

		if (text_is_number(value->text))
			json_number(&json, value->name,
				    values_number(values, value->name));
		else if (strchr(value->text, '\n'))
			json_lines(&json, value->name, value->text);
		else
			json_string(&json, value->name, value->text);
	}
	json_close(&json, '}');
}

/* Numbers that may sink; every other number is a counter. */
static const char *const gauges[] = {
	"file_bytes", "floor_bytes", "step_bytes", "refault_rate",
	"report_order", "swappiness_key", "dm_connected", "ballooned_pages",
	"hotadded_pages", "onlined_pages", "max_pages",
};

static bool is_gauge(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(gauges) / sizeof(gauges[0]); i++) {
		if (!strcmp(gauges[i], name))
			return true;
	}
	return false;
}

static void metric_lines(FILE *out, const char *metric, const char *label,
			 const char *text)
{
	char name[64];
	unsigned long long value;
	int length;

	fprintf(out, "# TYPE hvmem_%s_total counter\n", metric);
	while (sscanf(text, "%63s %llu%n", name, &value, &length) == 2) {
		fprintf(out, "hvmem_%s_total{%s=\"%s\"} %llu\n", metric, label,
			name, value);
		text += length;
	}
}

static void metric(FILE *out, const struct value *value)
{
	const char *name = value->name, *text = value->text;

	if (!strcmp(name, "holds")) {
		metric_lines(out, name, "reason", text);
	} else if (!strcmp(name, "reported_by_order")) {
		metric_lines(out, name, "order", text);
	} else if (!text_is_number(text)) {
		fprintf(out, "# TYPE hvmem_%s gauge\nhvmem_%s{value=\"%s\"} 1\n",
			name, name, text);
	} else if (is_gauge(name)) {
		fprintf(out, "# TYPE hvmem_%s gauge\nhvmem_%s %s\n", name, name,
			text);
	} else {
		/* the exposition format wants counters to end so */
		size_t length = strlen(name);
		int base = (int)length;

		if (length > 6 && !strcmp(name + length - 6, "_total"))
			base -= 6;
		fprintf(out, "# TYPE hvmem_%.*s_total counter\n"
			"hvmem_%.*s_total %s\n", base, name, base, name, text);
	}
}

/**
 * print_metrics() - the text format of Prometheus
 * @out: where to
 * @values: as read
 */
void print_metrics(FILE *out, const struct values *values)
{
	size_t i;

	for (i = 0; i < values->count; i++)
		metric(out, &values->list[i]);
}
