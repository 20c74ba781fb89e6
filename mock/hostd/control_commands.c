// SPDX-License-Identifier: GPL-2.0
/*
 * The commands of the control socket. See control.h.
 *
 * One line of words in, one JSON object out: {"ok":true,...}, or
 * {"ok":false,"error":"..."} and nothing was changed. No state of its own.
 */
#include "control.h"
#include "devices.h"

#include "mock_vmbus_uapi.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define WORDS		8
#define WAIT_SECONDS	30u
#define SETTLE_SECONDS	20u

#define NOT_A_NUMBER	"no valid value"

/**
 * struct call - one command being executed
 * @relay: what it works on
 * @argc: words, the command's own included
 * @argv: words
 * @out: where the answer goes
 * @rule: for commands that arm a reply fault: which kind
 */
struct call {
	struct relay *relay;
	int argc;
	char *argv[WORDS];
	FILE *out;
	enum fault_kind rule;
};

static void fail(struct call *c, const char *error)
{
	fputs("{\"ok\":false,\"error\":", c->out);
	json_string(c->out, error);
	fputs("}\n", c->out);
}

static void done(struct call *c, int err)
{
	if (err)
		fail(c, strerror(-err));
	else
		fputs("{\"ok\":true}\n", c->out);
}

static bool parse_u64(const char *s, uint64_t *v)
{
	char *end;

	errno = 0;
	*v = strtoull(s, &end, 0);
	return !errno && end != s && !*end && *s != '-';
}

static bool parse_u32(const char *s, uint32_t *v)
{
	uint64_t wide;

	if (!parse_u64(s, &wide) || wide > UINT32_MAX)
		return false;
	*v = wide;
	return true;
}

/* Word @i as a number, @fallback when it is not there. */
static bool number(struct call *c, int i, uint32_t fallback, uint32_t *v)
{
	*v = fallback;
	if (i >= c->argc || parse_u32(c->argv[i], v))
		return true;
	fail(c, NOT_A_NUMBER);
	return false;
}

static bool parse_channel(struct call *c, int i, int *channel)
{
	uint32_t v;

	if (!strcmp(c->argv[i], "global")) {
		*channel = HOST_CHANNEL_GLOBAL;
		return true;
	}
	if (parse_u32(c->argv[i], &v) && v < c->relay->config.adapter_count) {
		*channel = v;
		return true;
	}
	fail(c, "neither \"global\" nor an adapter");
	return false;
}

static const struct message *parse_message(struct call *c, int i)
{
	const struct message *m = message_by_name(c->argv[i]);

	if (!m)
		fail(c, "unknown message name");
	return m;
}

/* A command whose replies can be meddled with, or "all". */
static bool parse_command(struct call *c, int i, uint32_t *command)
{
	const struct message *m;

	if (!strcmp(c->argv[i], "all")) {
		*command = FAULT_ANY_COMMAND;
		return true;
	}
	m = parse_message(c, i);
	if (!m)
		return false;
	if (m->direction == DXGKVMB_HOST_TO_VM) {
		fail(c, "has no reply");
		return false;
	}
	*command = m->number;
	return true;
}

static int hex_digit(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch |= 0x20;
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/* Turn a hex word into bytes in place; -1 when it is none. */
static ssize_t parse_hex(struct call *c, int i)
{
	char *s = c->argv[i];
	size_t len = strlen(s), k;

	for (k = 0; k + 1 < len; k += 2) {
		int high = hex_digit(s[k]), low = hex_digit(s[k + 1]);

		if (high < 0 || low < 0)
			break;
		s[k / 2] = high << 4 | low;
	}
	if (k == len)
		return len / 2;
	fail(c, "not pairs of hex digits");
	return -1;
}

/* State of the host */

static void cmd_ping(struct call *c)
{
	done(c, 0);
}

static void cmd_alive(struct call *c)
{
	char *json = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&json, &size);

	if (!f) {
		done(c, -ENOMEM);
		return;
	}
	host_alive_json(c->relay->host, f);
	fclose(f);
	/* One object: ours opened, the engine's continued. */
	fprintf(c->out, "{\"ok\":true,%s", json + 1);
	free(json);
}

static void cmd_forget(struct call *c)
{
	host_forget_violations(c->relay->host);
	done(c, 0);
}

static void cmd_adapters(struct call *c)
{
	unsigned int i;

	fprintf(c->out, "{\"ok\":true,\"global_offered\":%s,\"adapters\":[",
		bus_is_offered(c->relay->bus, HOST_CHANNEL_GLOBAL) ?
		"true" : "false");
	for (i = 0; i < c->relay->config.adapter_count; i++) {
		const struct host_adapter_config *a =
			&c->relay->config.adapters[i];

		fprintf(c->out, "%s{\"index\":%u,\"personality\":\"%s\",",
			i ? "," : "", i, host_personality_name(a->personality));
		fprintf(c->out, "\"luid\":\"%02x%02x%02x%02x:%02x%02x%02x%02x\",",
			a->instance[7], a->instance[6], a->instance[5],
			a->instance[4], a->instance[3], a->instance[2],
			a->instance[1], a->instance[0]);
		fprintf(c->out, "\"offered\":%s,\"async\":%s,\"description\":",
			bus_is_offered(c->relay->bus, i) ? "true" : "false",
			a->async_msg ? "true" : "false");
		json_string(c->out, a->description);
		putc('}', c->out);
	}
	fputs("]}\n", c->out);
}

static void counter(struct call *c, const char *name, uint64_t value)
{
	fprintf(c->out, ",\"%s\":%" PRIu64, name, value);
}

static void cmd_stats(struct call *c)
{
	struct mock_vmbus_stats s;
	int channel, err;
	unsigned int i;

	/* Not a channel of ours: the sum of all. */
	channel = HOST_MAX_ADAPTERS;
	if (c->argc > 1 && !parse_channel(c, 1, &channel))
		return;
	err = bus_stats(c->relay->bus, channel, &s);
	if (err) {
		done(c, err);
		return;
	}
	fprintf(c->out, "{\"ok\":true,\"state\":%u", s.state);
	counter(c, "interrupts", s.interrupts);
	counter(c, "kicks", s.kicks);
	counter(c, "sent", s.sent);
	counter(c, "received", s.received);
	counter(c, "full", s.full);
	counter(c, "spurious", s.spurious);
	counter(c, "unneeded", s.unneeded);
	counter(c, "faults", s.faults);
	counter(c, "gpadls", s.gpadls);
	counter(c, "mmio_bytes", s.mmio_bytes);
	fputs(",\"checks\":[", c->out);
	for (i = 0; i < MOCK_VMBUS_CHECK_COUNT; i++)
		fprintf(c->out, "%s%llu", i ? "," : "", s.checks[i]);
	fputs("]}\n", c->out);
}

static void cmd_settle(struct call *c)
{
	uint32_t seconds;

	if (number(c, 1, SETTLE_SECONDS, &seconds))
		done(c, bus_settle(c->relay->bus, seconds * 1000));
}

static void cmd_quit(struct call *c)
{
	done(c, kill(getpid(), SIGTERM) ? -errno : 0);
}

/* What the guest did */

static void cmd_mark(struct call *c)
{
	relay_mark(c->relay);
	done(c, 0);
}

static void cmd_count(struct call *c)
{
	const struct message *m = parse_message(c, 1);

	if (m)
		fprintf(c->out, "{\"ok\":true,\"count\":%" PRIu64 "}\n",
			relay_count(c->relay, m));
}

static void waited(struct call *c, bool reached)
{
	done(c, reached ? 0 : -ETIMEDOUT);
}

static void cmd_wait(struct call *c)
{
	const struct message *m = parse_message(c, 1);
	uint32_t count, seconds;

	if (m && number(c, 2, 1, &count) &&
	    number(c, 3, WAIT_SECONDS, &seconds))
		waited(c, relay_wait_count(c->relay, m, count, seconds * 1000));
}

static void cmd_held(struct call *c)
{
	uint32_t command;

	if (parse_command(c, 1, &command))
		fprintf(c->out, "{\"ok\":true,\"held\":%u}\n",
			faults_held(c->relay->faults, command));
}

static void cmd_wait_held(struct call *c)
{
	uint32_t command, count, seconds;

	if (parse_command(c, 1, &command) && number(c, 2, 1, &count) &&
	    number(c, 3, WAIT_SECONDS, &seconds))
		waited(c, relay_wait_held(c->relay, command, count,
					  seconds * 1000));
}

static void cmd_wait_idle(struct call *c)
{
	uint32_t seconds;

	if (number(c, 1, WAIT_SECONDS, &seconds))
		waited(c, relay_wait_idle(c->relay, seconds * 1000));
}

/* Replies */

static void add_rule(struct call *c, struct fault_rule *rule)
{
	rule->kind = c->rule;
	done(c, faults_add(c->relay->faults, rule));
}

/* CMD [N]: for ever unless told otherwise. */
static void cmd_hold(struct call *c)
{
	struct fault_rule rule = { 0 };

	if (parse_command(c, 1, &rule.command) &&
	    number(c, 2, FAULT_FOR_EVER, &rule.count))
		add_rule(c, &rule);
}

/* CMD [N]: once unless told otherwise. */
static void cmd_simple_rule(struct call *c)
{
	struct fault_rule rule = { 0 };

	if (parse_command(c, 1, &rule.command) && number(c, 2, 1, &rule.count))
		add_rule(c, &rule);
}

/* CMD VALUE [N] */
static void cmd_value_rule(struct call *c)
{
	struct fault_rule rule = { 0 };

	if (parse_command(c, 1, &rule.command) && number(c, 2, 0, &rule.value) &&
	    number(c, 3, c->rule == FAULT_DELAY ? FAULT_FOR_EVER : 1,
		   &rule.count))
		add_rule(c, &rule);
}

/* CMD STATUS [N] */
static void cmd_status(struct call *c)
{
	const struct message *m;
	uint32_t command;

	if (!parse_command(c, 1, &command))
		return;
	m = command == FAULT_ANY_COMMAND ? NULL : message_request(command);
	if (m && m->status_offset < 0)
		fail(c, "its reply has no status");
	else
		cmd_value_rule(c);
}

/* CMD OFFSET HEX [N] */
static void cmd_field(struct call *c)
{
	struct fault_rule rule = { 0 };
	ssize_t len;

	if (!parse_command(c, 1, &rule.command) ||
	    !number(c, 2, 0, &rule.value) || !number(c, 4, 1, &rule.count))
		return;
	len = parse_hex(c, 3);
	if (len < 0)
		return;
	if (len > FAULT_PATCH_BYTES) {
		fail(c, "too many bytes");
		return;
	}
	memcpy(rule.patch, c->argv[3], len);
	rule.patch_len = len;
	add_rule(c, &rule);
}

static void cmd_release(struct call *c)
{
	uint32_t command;

	if (parse_command(c, 1, &command))
		fprintf(c->out, "{\"ok\":true,\"released\":%u}\n",
			faults_release(c->relay->faults, command));
}

static void cmd_clear(struct call *c)
{
	relay_clear(c->relay);
	done(c, 0);
}

/* CMD STATUS [SKIP [COUNT]] */
static void cmd_refuse(struct call *c)
{
	uint32_t command, status, skip, count;

	if (!parse_command(c, 1, &command) || !number(c, 2, 0, &status) ||
	    !number(c, 3, 0, &skip) || !number(c, 4, 1, &count))
		return;
	if (command == FAULT_ANY_COMMAND || !count || (int32_t)status >= 0) {
		fail(c, "needs one command, a negative status and a count");
		return;
	}
	host_refuse(c->relay->host, command, skip, count, status);
	done(c, 0);
}

/* Packets out of nowhere */

static void cmd_inject(struct call *c)
{
	ssize_t len = parse_hex(c, 1);

	if (len < 0)
		return;
	relay_inject(c->relay, c->argv[1], len);
	done(c, 0);
}

/* CHANNEL TRANS_ID HEX */
static void cmd_complete(struct call *c)
{
	uint64_t id;
	ssize_t len;
	int channel;

	if (!parse_channel(c, 1, &channel))
		return;
	if (!parse_u64(c->argv[2], &id)) {
		fail(c, NOT_A_NUMBER);
		return;
	}
	len = parse_hex(c, 3);
	if (len < 0)
		return;
	relay_complete(c->relay, channel, id, c->argv[3], len);
	done(c, 0);
}

/* Devices */

static void cmd_rescind(struct call *c)
{
	int channel;

	if (parse_channel(c, 1, &channel))
		done(c, bus_rescind(c->relay->bus, channel));
}

/* CMD NTH CHANNEL */
static void cmd_rescind_at(struct call *c)
{
	const struct message *m = parse_message(c, 1);
	int channel = RELAY_SAME_CHANNEL;
	uint32_t nth;

	if (m && number(c, 2, 1, &nth) &&
	    (!strcmp(c->argv[3], "same") || parse_channel(c, 3, &channel)))
		done(c, relay_rescind_at(c->relay, m, nth, channel));
}

static void cmd_offer(struct call *c)
{
	int channel;

	if (parse_channel(c, 1, &channel))
		done(c, devices_offer(c->relay, channel));
}

static void cmd_pci_add(struct call *c)
{
	uint32_t adapter;

	if (number(c, 1, 0, &adapter))
		done(c, devices_pci_add(c->relay, adapter));
}

static void cmd_pci_del(struct call *c)
{
	uint32_t adapter;

	if (number(c, 1, 0, &adapter))
		done(c, bus_pci_del(c->relay->bus, adapter));
}

static void cmd_stall(struct call *c)
{
	bool stall = !strcmp(c->argv[0], "stall");
	int channel;

	if (parse_channel(c, 1, &channel))
		done(c, bus_stall(c->relay->bus, channel, stall));
}

/* SITE COUNT [VALUE [SKIP [CHANNEL]]] */
static void cmd_bus_fault(struct call *c)
{
	int channel = HOST_MAX_ADAPTERS;
	uint32_t site, count, skip;
	uint64_t value = 0;

	if (!number(c, 1, 0, &site) || !number(c, 2, 1, &count) ||
	    !number(c, 4, 0, &skip))
		return;
	if (c->argc > 3 && !parse_u64(c->argv[3], &value)) {
		fail(c, NOT_A_NUMBER);
		return;
	}
	if (c->argc > 5 && !parse_channel(c, 5, &channel))
		return;
	done(c, bus_fault(c->relay->bus, channel, site, skip, count, value));
}

/* STATE ADAPTER */
static void cmd_gpu(struct call *c)
{
	static const struct {
		const char *name;
		uint32_t state;
	} states[] = {
		{ "reset", _D3DKMT_DEVICEEXECUTION_RESET },
		{ "hang", _D3DKMT_DEVICEEXECUTION_HUNG },
		{ "page-fault", _D3DKMT_DEVICEEXECUTION_ERROR_DMAPAGEFAULT },
		{ 0 },
	};
	uint32_t adapter;
	size_t i;

	if (!number(c, 2, 0, &adapter))
		return;
	for (i = 0; states[i].name; i++) {
		if (strcmp(states[i].name, c->argv[1]))
			continue;
		done(c, host_device_error(c->relay->host, adapter,
					  states[i].state));
		return;
	}
	fail(c, "neither hang, reset nor page-fault");
}

/* ADAPTER PAGING_US SUBMIT_US */
static void cmd_delays(struct call *c)
{
	uint32_t adapter, paging, submit;

	if (number(c, 1, 0, &adapter) && number(c, 2, 0, &paging) &&
	    number(c, 3, 0, &submit))
		done(c, host_set_delays(c->relay->host, adapter, paging,
					submit));
}

static void cmd_help(struct call *c);

static const struct command {
	const char *name;
	const char *args;
	int min;
	int max;
	void (*run)(struct call *c);
	enum fault_kind rule;
} commands[] = {
	{ "ping", "", 0, 0, cmd_ping, 0 },
	{ "help", "", 0, 0, cmd_help, 0 },
	{ "alive", "", 0, 0, cmd_alive, 0 },
	{ "forget", "", 0, 0, cmd_forget, 0 },
	{ "adapters", "", 0, 0, cmd_adapters, 0 },
	{ "stats", "[CHANNEL]", 0, 1, cmd_stats, 0 },
	{ "settle", "[SECONDS]", 0, 1, cmd_settle, 0 },
	{ "quit", "", 0, 0, cmd_quit, 0 },
	{ "mark", "", 0, 0, cmd_mark, 0 },
	{ "count", "CMD", 1, 1, cmd_count, 0 },
	{ "wait", "CMD [COUNT [SECONDS]]", 1, 3, cmd_wait, 0 },
	{ "held", "CMD|all", 1, 1, cmd_held, 0 },
	{ "wait-held", "CMD|all [COUNT [SECONDS]]", 1, 3, cmd_wait_held, 0 },
	{ "wait-idle", "[SECONDS]", 0, 1, cmd_wait_idle, 0 },
	{ "hold", "CMD|all [N]", 1, 2, cmd_hold, FAULT_HOLD },
	{ "release", "CMD|all", 1, 1, cmd_release, 0 },
	{ "drop", "CMD|all [N]", 1, 2, cmd_simple_rule, FAULT_DROP },
	{ "delay", "CMD|all MS [N]", 2, 3, cmd_value_rule, FAULT_DELAY },
	{ "status", "CMD|all NTSTATUS [N]", 2, 3, cmd_status, FAULT_STATUS },
	{ "zero", "CMD|all [N]", 1, 2, cmd_simple_rule, FAULT_ZERO },
	{ "short", "CMD|all BYTES [N]", 2, 3, cmd_value_rule, FAULT_SHORT },
	{ "long", "CMD|all BYTES [N]", 2, 3, cmd_value_rule, FAULT_LONG },
	{ "field", "CMD|all OFFSET HEX [N]", 3, 4, cmd_field, FAULT_FIELD },
	{ "twice", "CMD|all [N]", 1, 2, cmd_simple_rule, FAULT_TWICE },
	{ "clear", "", 0, 0, cmd_clear, 0 },
	{ "refuse", "CMD NTSTATUS [SKIP [N]]", 2, 4, cmd_refuse, 0 },
	{ "inject", "HEX", 1, 1, cmd_inject, 0 },
	{ "complete", "CHANNEL TRANS_ID HEX", 3, 3, cmd_complete, 0 },
	{ "rescind", "CHANNEL", 1, 1, cmd_rescind, 0 },
	{ "rescind-at", "CMD NTH CHANNEL|same", 3, 3, cmd_rescind_at, 0 },
	{ "offer", "CHANNEL", 1, 1, cmd_offer, 0 },
	{ "pci-add", "ADAPTER", 1, 1, cmd_pci_add, 0 },
	{ "pci-del", "ADAPTER", 1, 1, cmd_pci_del, 0 },
	{ "stall", "CHANNEL", 1, 1, cmd_stall, 0 },
	{ "resume", "CHANNEL", 1, 1, cmd_stall, 0 },
	{ "bus-fault", "SITE COUNT [VALUE [SKIP [CHANNEL]]]", 2, 5,
	  cmd_bus_fault, 0 },
	{ "gpu", "hang|reset|page-fault ADAPTER", 2, 2, cmd_gpu, 0 },
	{ "delays", "ADAPTER PAGING_US SUBMIT_US", 3, 3, cmd_delays, 0 },
	{ 0 },
};

static void cmd_help(struct call *c)
{
	size_t i;

	fputs("{\"ok\":true,\"commands\":{", c->out);
	for (i = 0; commands[i].name; i++) {
		fprintf(c->out, "%s\"%s\":", i ? "," : "", commands[i].name);
		json_string(c->out, commands[i].args);
	}
	fputs("}}\n", c->out);
}

static const struct command *find_command(const char *name)
{
	size_t i;

	for (i = 0; commands[i].name; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

/**
 * control_execute() - run one command
 * @relay: what it works on
 * @line: words separated by blanks; modified
 * @out: the answer, one line
 *
 * Any thread. May take as long as the command waits.
 */
void control_execute(struct relay *relay, char *line, FILE *out)
{
	struct call c = { .relay = relay, .out = out };
	const struct command *command;
	char *save, *word;

	for (word = strtok_r(line, " \t\r\n", &save); word && c.argc < WORDS;
	     word = strtok_r(NULL, " \t\r\n", &save))
		c.argv[c.argc++] = word;
	command = c.argc ? find_command(c.argv[0]) : NULL;
	if (!command) {
		fail(&c, "unknown command, try \"help\"");
		return;
	}
	if (word || c.argc - 1 < command->min || c.argc - 1 > command->max) {
		fail(&c, "wrong number of arguments, try \"help\"");
		return;
	}
	c.rule = command->rule;
	command->run(&c);
}
