// SPDX-License-Identifier: GPL-2.0
/*
 * The commands of the control socket. See control.h.
 *
 * One line of words in, one JSON object out: {"ok":true,...}, or
 * {"ok":false,"error":"..."} and nothing was changed. No state of its own.
 */
#include "control.h"
#include "control_call.h"
#include "devices.h"

#include "mock_vmbus_uapi.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define WAIT_SECONDS	30u
#define SETTLE_SECONDS	20u

/* State of the host */

static void cmd_ping(struct call *c)
{
	call_done(c, 0);
}

static void cmd_alive(struct call *c)
{
	char *json = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&json, &size);

	if (!f) {
		call_done(c, -ENOMEM);
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
	call_done(c, 0);
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
	if (c->argc > 1 && !call_channel(c, 1, &channel))
		return;
	err = bus_stats(c->relay->bus, channel, &s);
	if (err) {
		call_done(c, err);
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

	if (call_number(c, 1, SETTLE_SECONDS, &seconds))
		call_done(c, bus_settle(c->relay->bus, seconds * 1000));
}

static void cmd_quit(struct call *c)
{
	call_done(c, kill(getpid(), SIGTERM) ? -errno : 0);
}

/* What the guest did */

static void cmd_mark(struct call *c)
{
	relay_mark(c->relay);
	call_done(c, 0);
}

static void cmd_count(struct call *c)
{
	const struct message *m = call_message(c, 1);

	if (m)
		fprintf(c->out, "{\"ok\":true,\"count\":%" PRIu64 "}\n",
			relay_count(c->relay, m));
}

static void waited(struct call *c, bool reached)
{
	call_done(c, reached ? 0 : -ETIMEDOUT);
}

static void cmd_wait(struct call *c)
{
	const struct message *m = call_message(c, 1);
	uint32_t count, seconds;

	if (m && call_number(c, 2, 1, &count) &&
	    call_number(c, 3, WAIT_SECONDS, &seconds))
		waited(c, relay_wait_count(c->relay, m, count, seconds * 1000));
}

static void cmd_held(struct call *c)
{
	uint32_t command;

	if (call_command(c, 1, &command))
		fprintf(c->out, "{\"ok\":true,\"held\":%u}\n",
			faults_held(c->relay->faults, command));
}

static void cmd_wait_held(struct call *c)
{
	uint32_t command, count, seconds;

	if (call_command(c, 1, &command) && call_number(c, 2, 1, &count) &&
	    call_number(c, 3, WAIT_SECONDS, &seconds))
		waited(c, relay_wait_held(c->relay, command, count,
					  seconds * 1000));
}

static void cmd_wait_idle(struct call *c)
{
	uint32_t seconds;

	if (call_number(c, 1, WAIT_SECONDS, &seconds))
		waited(c, relay_wait_idle(c->relay, seconds * 1000));
}

/* Devices */

static void cmd_rescind(struct call *c)
{
	int channel;

	if (call_channel(c, 1, &channel))
		call_done(c, bus_rescind(c->relay->bus, channel));
}

/* CMD|any NTH CHANNEL|same */
static void cmd_rescind_at(struct call *c)
{
	bool any = !strcmp(c->argv[1], "any");
	const struct message *m = any ? NULL : call_message(c, 1);
	int channel = RELAY_SAME_CHANNEL;
	uint32_t nth;

	if ((m || any) && call_number(c, 2, 1, &nth) &&
	    (!strcmp(c->argv[3], "same") || call_channel(c, 3, &channel)))
		call_done(c, relay_rescind_at(c->relay, m, nth, channel));
}

static void cmd_offer(struct call *c)
{
	int channel;

	if (call_channel(c, 1, &channel))
		call_done(c, devices_offer(c->relay, channel));
}

static void cmd_pci_add(struct call *c)
{
	uint32_t adapter;

	if (call_number(c, 1, 0, &adapter))
		call_done(c, devices_pci_add(c->relay, adapter));
}

static void cmd_pci_del(struct call *c)
{
	uint32_t adapter;

	if (call_number(c, 1, 0, &adapter))
		call_done(c, bus_pci_del(c->relay->bus, adapter));
}

static void cmd_stall(struct call *c)
{
	bool stall = !strcmp(c->argv[0], "stall");
	int channel;

	if (call_channel(c, 1, &channel))
		call_done(c, bus_stall(c->relay->bus, channel, stall));
}

/* SITE COUNT [VALUE [SKIP [CHANNEL]]] */
static void cmd_bus_fault(struct call *c)
{
	int channel = HOST_MAX_ADAPTERS;
	uint32_t site, count, skip;
	uint64_t value = 0;

	if (!call_number(c, 1, 0, &site) || !call_number(c, 2, 1, &count) ||
	    !call_number(c, 4, 0, &skip))
		return;
	if (c->argc > 3 && !call_u64(c, 3, &value))
		return;
	if (c->argc > 5 && !call_channel(c, 5, &channel))
		return;
	call_done(c, bus_fault(c->relay->bus, channel, site, skip, count, value));
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

	if (!call_number(c, 2, 0, &adapter))
		return;
	for (i = 0; states[i].name; i++) {
		if (strcmp(states[i].name, c->argv[1]))
			continue;
		call_done(c, host_device_error(c->relay->host, adapter,
					       states[i].state));
		return;
	}
	call_fail(c, "neither hang, reset nor page-fault");
}

/* ADAPTER PAGING_US SUBMIT_US */
static void cmd_delays(struct call *c)
{
	uint32_t adapter, paging, submit;

	if (call_number(c, 1, 0, &adapter) && call_number(c, 2, 0, &paging) &&
	    call_number(c, 3, 0, &submit))
		call_done(c, host_set_delays(c->relay->host, adapter, paging,
					     submit));
}

/* ADAPTER [COUNT] */
static void cmd_vblank(struct call *c)
{
	uint32_t adapter, count;

	if (call_number(c, 1, 0, &adapter) && call_number(c, 2, 1, &count))
		call_done(c, host_vertical_blank(c->relay->host, adapter,
						 count));
}

static void cmd_dm(struct call *c)
{
	const char *error = dm_execute(c->relay->dm, c->argc - 1, c->argv + 1,
				       c->out);

	if (error)
		call_fail(c, error);
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
	{ "add", "CMD|all OFFSET 4|8 DELTA [N]", 4, 5, cmd_add, FAULT_ADD },
	{ "twice", "CMD|all [N]", 1, 2, cmd_simple_rule, FAULT_TWICE },
	{ "clear", "", 0, 0, cmd_clear, 0 },
	{ "refuse", "CMD NTSTATUS [SKIP [N]]", 2, 4, cmd_refuse, 0 },
	{ "inject", "[CHANNEL] HEX", 1, 2, cmd_inject, 0 },
	{ "inject-at", "open|close CHANNEL HEX", 3, 3, cmd_inject_at, 0 },
	{ "flood", "CHANNEL COUNT HEX", 3, 3, cmd_flood, 0 },
	{ "complete", "CHANNEL TRANS_ID HEX", 3, 3, cmd_complete, 0 },
	{ "rescind", "CHANNEL", 1, 1, cmd_rescind, 0 },
	{ "rescind-at", "CMD|any NTH CHANNEL|same", 3, 3, cmd_rescind_at, 0 },
	{ "offer", "CHANNEL", 1, 1, cmd_offer, 0 },
	{ "pci-add", "ADAPTER", 1, 1, cmd_pci_add, 0 },
	{ "pci-del", "ADAPTER", 1, 1, cmd_pci_del, 0 },
	{ "stall", "CHANNEL", 1, 1, cmd_stall, 0 },
	{ "resume", "CHANNEL", 1, 1, cmd_stall, 0 },
	{ "bus-fault", "SITE COUNT [VALUE [SKIP [CHANNEL]]]", 2, 5,
	  cmd_bus_fault, 0 },
	{ "gpu", "hang|reset|page-fault ADAPTER", 2, 2, cmd_gpu, 0 },
	{ "delays", "ADAPTER PAGING_US SUBMIT_US", 3, 3, cmd_delays, 0 },
	{ "vblank", "ADAPTER [COUNT]", 1, 2, cmd_vblank, 0 },
	{ "dm", "WORD...", 1, 6, cmd_dm, 0 },
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

	for (word = strtok_r(line, " \t\r\n", &save); word && c.argc < CALL_WORDS;
	     word = strtok_r(NULL, " \t\r\n", &save))
		c.argv[c.argc++] = word;
	command = c.argc ? find_command(c.argv[0]) : NULL;
	if (!command) {
		call_fail(&c, "unknown command, try \"help\"");
		return;
	}
	if (word || c.argc - 1 < command->min || c.argc - 1 > command->max) {
		call_fail(&c, "wrong number of arguments, try \"help\"");
		return;
	}
	c.rule = command->rule;
	command->run(&c);
}
