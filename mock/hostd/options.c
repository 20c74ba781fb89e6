// SPDX-License-Identifier: GPL-2.0
/*
 * Command line of dxg-mock-host. See options.h.
 */
#include "options.h"

#include "control.h"
#include "mock_vmbus_uapi.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define VERSION_LIMIT	1000u

static const char help[] =
"Usage: dxg-mock-host [OPTION]...\n"
"Plays the host of a GPU-PV guest over " MOCK_VMBUS_DEVICE ".\n"
"\n"
"What the guest sees:\n"
"  --adapters N           N adapters of personality render (default 1)\n"
"  --adapter SPEC         one adapter; repeat for more. SPEC is a personality\n"
"                         (render, compute-only, no-hwsch, software, slow,\n"
"                         lossy, hostile), then, separated by commas, any of:\n"
"      luid=[HIGH:]LOW      LUID that the guest's user space sees, in hex\n"
"      mem=SIZE             local memory; SIZE may end in K, M or G\n"
"      budget=SIZE          of it one guest may have resident\n"
"      async                adapter commands travel on the global channel\n"
"      no-map-guest-memory  existing memory comes as GPADL, not as pages\n"
"      display              it has one, which periodic fences follow\n"
"      paging-delay=US      time of a paging operation, microseconds\n"
"      submit-delay=US      time before a submission runs, microseconds\n"
"      name=TEXT            description\n"
"      at=[CMD:]N           lossy: withdraw the channel at the Nth message, or\n"
"                           the Nth CMD (default 1)\n"
"  --async                async for all adapters\n"
"  --interface-version V  newest version of the host: 27, 40, 46, ...; 0 for\n"
"                         a host that tells none (default 46)\n"
"  --seed N               vary LUIDs and instance GUIDs, and what hostile\n"
"                         adapters do\n"
"  --order LIST           order in which devices appear, of pci, vgpu, global,\n"
"                         dm (default pci,vgpu,global); a kind that is not in the\n"
"                         list stays away\n"
"  --no-global            no global channel\n"
"  --dm-script FILE       what the host of dynamic memory does, see README.md\n"
"  --pack-views           fences and views 4 KiB apart in the I/O space, even if\n"
"                         the guest has larger pages\n"
"\n"
"How to use it:\n"
"  --trace FILE           every message decoded, JSON lines\n"
"  --control PATH         control socket (default " CONTROL_PATH ")\n"
"  --ready-file PATH      create PATH when the guest has seen all devices\n"
"  --device PATH          bus (default " MOCK_VMBUS_DEVICE ")\n"
"  --help                 this text\n"
"\n"
"On SIGTERM or SIGINT it says \"no host object left\" and exits with 0, or\n"
"lists as JSON what the guest left behind and exits with 3. Status 1: it could\n"
"not start, 2: wrong usage.\n";

enum {
	OPT_ADAPTERS = 1,
	OPT_ADAPTER,
	OPT_ASYNC,
	OPT_VERSION,
	OPT_SEED,
	OPT_ORDER,
	OPT_NO_GLOBAL,
	OPT_DM_SCRIPT,
	OPT_PACK_VIEWS,
	OPT_TRACE,
	OPT_CONTROL,
	OPT_READY,
	OPT_DEVICE,
	OPT_HELP,
};

static const struct option long_options[] = {
	{ "adapters", required_argument, NULL, OPT_ADAPTERS },
	{ "adapter", required_argument, NULL, OPT_ADAPTER },
	{ "async", no_argument, NULL, OPT_ASYNC },
	{ "interface-version", required_argument, NULL, OPT_VERSION },
	{ "seed", required_argument, NULL, OPT_SEED },
	{ "order", required_argument, NULL, OPT_ORDER },
	{ "no-global", no_argument, NULL, OPT_NO_GLOBAL },
	{ "dm-script", required_argument, NULL, OPT_DM_SCRIPT },
	{ "pack-views", no_argument, NULL, OPT_PACK_VIEWS },
	{ "trace", required_argument, NULL, OPT_TRACE },
	{ "control", required_argument, NULL, OPT_CONTROL },
	{ "ready-file", required_argument, NULL, OPT_READY },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "help", no_argument, NULL, OPT_HELP },
	{ 0 },
};

__attribute__((format(printf, 1, 2)))
static bool complain(const char *format, ...)
{
	va_list ap;

	fputs("dxg-mock-host: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputs("; try --help\n", stderr);
	return false;
}

static bool parse_number(const char *text, unsigned long long limit,
			 unsigned long long *v)
{
	char *end;

	*v = strtoull(text, &end, 0);
	if (end == text || *end || *text == '-' || *v > limit)
		return complain("%s: not a number up to %llu", text, limit);
	return true;
}

static bool parse_size(const char *text, uint64_t *size)
{
	static const char units[] = "KMG";
	unsigned int shift = 0;
	const char *unit;
	char *end;

	*size = strtoull(text, &end, 0);
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		shift = 10 * (unit - units + 1);
		end++;
	}
	if (end == text || *end || *text == '-' || *size > UINT64_MAX >> shift)
		return complain("%s: not a size", text);
	*size <<= shift;
	return true;
}

static bool parse_luid(const char *text, struct host_adapter_config *a)
{
	struct host_luid luid = { 0 };
	char *end;

	luid.a = strtoul(text, &end, 16);
	if (*end == ':') {
		luid.b = luid.a;
		luid.a = strtoul(end + 1, &end, 16);
	}
	if (*end || !*text)
		return complain("%s: not a LUID", text);
	memcpy(a->instance, &luid, sizeof(luid));
	return true;
}

/* The value of a "key=value" word, or NULL when it has another key. */
static const char *value_of(const char *word, const char *key)
{
	size_t len = strlen(key);

	return strncmp(word, key, len) || word[len] != '=' ? NULL :
	       word + len + 1;
}

static bool parse_memory(const char *text, struct host_adapter_config *a)
{
	if (!parse_size(text, &a->local_bytes))
		return false;
	if (a->local_budget > a->local_bytes)
		a->local_budget = a->local_bytes;
	return true;
}

static bool parse_budget(const char *text, struct host_adapter_config *a)
{
	return parse_size(text, &a->local_budget);
}

static bool parse_delay(const char *text, uint32_t *us)
{
	unsigned long long n;

	if (!parse_number(text, UINT32_MAX, &n))
		return false;
	*us = n;
	return true;
}

static bool parse_paging_delay(const char *text, struct host_adapter_config *a)
{
	return parse_delay(text, &a->paging_delay_us);
}

static bool parse_submit_delay(const char *text, struct host_adapter_config *a)
{
	return parse_delay(text, &a->submit_delay_us);
}

static bool parse_name(const char *text, struct host_adapter_config *a)
{
	snprintf(a->description, sizeof(a->description), "%s", text);
	return true;
}

/* [CMD:]N */
static bool parse_loss(const char *text, struct host_adapter_config *a)
{
	const char *colon = strchr(text, ':');
	const struct message *m = NULL;
	unsigned long long n;
	char name[64];

	if (colon) {
		snprintf(name, sizeof(name), "%.*s", (int)(colon - text), text);
		m = message_by_name(name);
		if (!m || m->direction == DXGKVMB_HOST_TO_VM)
			return complain("%s: not a command", name);
		text = colon + 1;
	}
	if (!parse_number(text, UINT32_MAX, &n) || !n)
		return complain("%s: not a count of messages", text);
	a->lose_command = m ? m->number : HOST_ANY_COMMAND;
	a->lose_at = n;
	return true;
}

#define ATTRIBUTES	7

static const struct {
	const char *key;
	bool (*parse)(const char *text, struct host_adapter_config *a);
} attributes[ATTRIBUTES] = {
	{ "luid", parse_luid },
	{ "mem", parse_memory },
	{ "budget", parse_budget },
	{ "paging-delay", parse_paging_delay },
	{ "submit-delay", parse_submit_delay },
	{ "name", parse_name },
	{ "at", parse_loss },
};

static bool parse_attribute(const char *word, struct host_adapter_config *a)
{
	unsigned int i;
	const char *v;

	if (!strcmp(word, "async")) {
		a->async_msg = true;
		return true;
	}
	if (!strcmp(word, "no-map-guest-memory")) {
		a->map_guest_memory = false;
		return true;
	}
	if (!strcmp(word, "display")) {
		a->display = true;
		return true;
	}
	for (i = 0; i < ATTRIBUTES; i++) {
		v = value_of(word, attributes[i].key);
		if (v)
			return attributes[i].parse(v, a);
	}
	return complain("%s: unknown adapter attribute", word);
}

static bool add_adapter(struct options *o, char *spec)
{
	enum host_personality personality;
	struct host_adapter_config *a;
	char *save, *word;

	if (o->config.adapter_count >= HOST_MAX_ADAPTERS)
		return complain("at most %u adapters", HOST_MAX_ADAPTERS);
	word = strtok_r(spec, ",", &save);
	if (!word || !host_personality_parse(word, &personality))
		return complain("%s: unknown personality", word ? word : spec);
	a = &o->config.adapters[o->config.adapter_count];
	host_adapter_defaults(a, o->config.adapter_count, personality);
	o->config.adapter_count++;
	while ((word = strtok_r(NULL, ",", &save)))
		if (!parse_attribute(word, a))
			return false;
	return true;
}

static bool add_adapters(struct options *o, const char *text)
{
	unsigned long long n;

	if (!parse_number(text, HOST_MAX_ADAPTERS, &n))
		return false;
	while (n--) {
		char spec[] = "render";

		if (!add_adapter(o, spec))
			return false;
	}
	return true;
}

static bool parse_order(struct options *o, char *list)
{
	static const char * const names[DEVICE_KINDS] = {
		[DEVICE_PCI] = "pci",
		[DEVICE_VGPU] = "vgpu",
		[DEVICE_GLOBAL] = "global",
		[DEVICE_DM] = "dm",
	};
	bool used[DEVICE_KINDS] = { false };
	char *save, *word;

	o->kinds = 0;
	for (word = strtok_r(list, ",", &save); word;
	     word = strtok_r(NULL, ",", &save)) {
		unsigned int k;

		for (k = 0; k < DEVICE_KINDS && strcmp(names[k], word); k++)
			;
		if (k == DEVICE_KINDS || used[k])
			return complain("%s: unknown or twice in --order",
					word);
		used[k] = true;
		o->order[o->kinds++] = k;
	}
	return true;
}

static void drop_global(struct options *o)
{
	unsigned int i, kept = 0;

	for (i = 0; i < o->kinds; i++)
		if (o->order[i] != DEVICE_GLOBAL)
			o->order[kept++] = o->order[i];
	o->kinds = kept;
}

/* Other ids for another seed, the same ones for the same seed; multiplying by an
 * odd number keeps the ids of different adapters different.
 */
static void apply_seed(struct host_config *config, uint32_t seed)
{
	unsigned int i;

	config->seed = seed;
	for (i = 0; i < config->adapter_count; i++) {
		struct host_adapter_config *a = &config->adapters[i];
		uint32_t mixed = (seed + 1) * 0x9e3779b1u;
		struct host_luid luid;

		memcpy(&luid, a->instance, sizeof(luid));
		luid.a = luid.a * 0x01000193u ^ mixed;
		luid.b ^= mixed >> 8;
		memcpy(a->instance, &luid, sizeof(luid));
		memcpy(a->instance + 10, &mixed, sizeof(mixed));
		a->vgpu_luid.a = a->vgpu_luid.a * 0x01000193u ^ mixed;
		a->adapter_luid.a = a->adapter_luid.a * 0x01000193u ^ mixed;
	}
}

/* Adapters may be told apart by nothing but their LUIDs. */
static bool luids_differ(const struct host_config *config)
{
	unsigned int i, k;

	for (i = 0; i < config->adapter_count; i++)
		for (k = 0; k < i; k++)
			if (!memcmp(config->adapters[i].instance,
				    config->adapters[k].instance,
				    sizeof(struct host_luid)))
				return complain("adapters %u and %u have the same LUID",
						k, i);
	return true;
}

/**
 * struct late_options - options whose effect depends on others
 * @async: for all adapters
 * @no_global: whatever the order says
 * @seeded: @seed was given
 * @seed: of the ids
 */
struct late_options {
	bool async;
	bool no_global;
	bool seeded;
	uint32_t seed;
};

static bool take_option(struct options *o, struct late_options *late, int opt)
{
	unsigned long long n;

	switch (opt) {
	case OPT_ADAPTERS:
		return add_adapters(o, optarg);
	case OPT_ADAPTER:
		return add_adapter(o, optarg);
	case OPT_ASYNC:
		late->async = true;
		return true;
	case OPT_VERSION:
		if (!parse_number(optarg, VERSION_LIMIT, &n))
			return false;
		o->config.interface_version = n;
		return true;
	case OPT_SEED:
		if (!parse_number(optarg, UINT32_MAX, &n))
			return false;
		late->seed = n;
		late->seeded = true;
		return true;
	case OPT_ORDER:
		return parse_order(o, optarg);
	case OPT_NO_GLOBAL:
		late->no_global = true;
		return true;
	case OPT_DM_SCRIPT:
		o->dm_script = optarg;
		return true;
	case OPT_PACK_VIEWS:
		o->config.pack_views = true;
		return true;
	case OPT_TRACE:
		o->trace = optarg;
		return true;
	case OPT_CONTROL:
		o->control = optarg;
		return true;
	case OPT_READY:
		o->ready_file = optarg;
		return true;
	case OPT_DEVICE:
		o->device = optarg;
		return true;
	case OPT_HELP:
		fputs(help, stdout);
		exit(0);
	default:
		/* getopt has said what is wrong. */
		return false;
	}
}

static bool finish(struct options *o, const struct late_options *late)
{
	unsigned int i;

	if (!o->config.adapter_count && !add_adapters(o, "1"))
		return false;
	if (late->no_global)
		drop_global(o);
	if (late->seeded)
		apply_seed(&o->config, late->seed);
	for (i = 0; late->async && i < o->config.adapter_count; i++)
		o->config.adapters[i].async_msg = true;
	return luids_differ(&o->config);
}

/**
 * options_parse() - understand the command line
 * @o: filled in; keeps pointers into @argv
 * @argc: words
 * @argv: words, modified
 *
 * --help does not return.
 *
 * Return: 0, or -1 after an explanation on stderr.
 */
int options_parse(struct options *o, int argc, char **argv)
{
	struct late_options late = { 0 };
	int opt;

	*o = (struct options) {
		.config.interface_version = DXGK_VMBUS_INTERFACE_VERSION_LATEST,
		.device = MOCK_VMBUS_DEVICE,
		.control = CONTROL_PATH,
		.order = { DEVICE_PCI, DEVICE_VGPU, DEVICE_GLOBAL },
		.kinds = 3,
	};
	while ((opt = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		if (!take_option(o, &late, opt))
			return -1;
	if (optind < argc) {
		complain("%s: unexpected argument", argv[optind]);
		return -1;
	}
	return finish(o, &late) ? 0 : -1;
}
