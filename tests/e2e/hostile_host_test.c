// SPDX-License-Identifier: GPL-2.0
/*
 * A host that lies: replies of every length, and a lie in every field of every
 * reply. Lengths and fields come from the description of the messages, so a new
 * message is covered by its description and its row in commands.c.
 *
 * Whatever the host says, the call ends with a result of the right form, what
 * the host made for a call that failed is destroyed again, nothing is written
 * behind the caller's memory, and the next honest answer is as good as ever.
 */
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "dxg_host_protocol.h"
#include "harness.h"
#include "lies.h"

#define PACKET_MAX	131072u
#define LENGTH_UNIT	8u

/* An object of one case, in its own process or not. */
struct victim {
	const struct command *command;
	const struct message *message;
	struct sequence s;
	char *before;
};

static const struct message *message_of(const struct command *command)
{
	const struct message *m = message_by_name(command->name);

	check(m);
	return m;
}

/* Calls that destroy need a new object each time, others leave all in place. */
static bool needs_new_objects(const struct command *command)
{
	return command->kind == DESTROYS || command->kind == DESTROYS_ALWAYS ||
	       command->kind == SILENT;
}

static void begin(struct victim *v)
{
	commands_set_up(&v->s, v->command);
	host("settle");
	v->before = ledger();
}

static void end(struct victim *v)
{
	equal(dxg_close(v->s.fd), 0);
	if (v->s.shared_fd)
		equal(close(v->s.shared_fd), 0);
	if (v->s.fence_fd)
		equal(close(v->s.fence_fd), 0);
	free(v->before);
}

/*
 * Handles that the guest has believed lead to complaints of the host. What the
 * guest does not know of goes with the process; but an NT handle outlives it,
 * and only the end of this host gets rid of it.
 */
static void finish(struct victim *v)
{
	end(v);
	host("settle");
	if (!strcmp(v->command->name, "CREATENTSHAREDOBJECT")) {
		host_kill();
	} else {
		host("wait-idle");
		host("forget");
	}
}

/* Objects that lies have left unknown to this process go with it. */
static void renew(struct victim *v)
{
	if (!needs_new_objects(v->command)) {
		free(v->before);
		host("settle");
		v->before = ledger();
		return;
	}
	end(v);
	begin(v);
}

/* P76: an errno, or a success code of the host. */
static void check_form(const struct victim *v, const char *lie, int ret)
{
	if (ret < -4095)
		fail("%s, %s: result %#x", v->command->name, lie, ret);
}

/* Lengths ------------------------------------------------------------------- */

/* P22: nothing of a short reply is used, what is too much is ignored. */
static void every_length(unsigned long index)
{
	struct victim v = { .command = &commands[index] };
	unsigned int needed, length;
	char lie[64];
	int ret;

	needed = (v.command->reply + LENGTH_UNIT - 1) / LENGTH_UNIT *
		 LENGTH_UNIT;
	begin(&v);
	for (length = 0; length < needed; length += LENGTH_UNIT) {
		snprintf(lie, sizeof(lie), "%u bytes", length);
		host("short %s %u", v.command->name, length);
		ret = v.command->call(&v.s);
		check_form(&v, lie, ret);
		if (v.command->kind < DESTROYS_ALWAYS && ret != -EOVERFLOW)
			fail("%s, %s: %d", v.command->name, lie, ret);
		renew(&v);
	}
	host("long %s %u", v.command->name, needed + LENGTH_UNIT);
	equal(v.command->call(&v.s), v.command->success);
	renew(&v);
	host("long %s %u", v.command->name, PACKET_MAX);
	equal(v.command->call(&v.s), v.command->success);
	finish(&v);
}

/* Fields -------------------------------------------------------------------- */

static bool is_status(const struct message *m, const struct message_field *f)
{
	return f->offset == m->status_offset;
}

/* P24: no object without a handle, and none at the end of all handles. */
static bool must_be_refused(const struct victim *v,
			    const struct message_field *field, const char *lie)
{
	if (v->command->zero != -EINVAL || field->kind != FIELD_HANDLE)
		return false;
	/* the first one is the new object, as are those of an array */
	if (field->offset && !strchr(field->name, '['))
		return false;
	return !strcmp(lie, "0") || !strcmp(lie, "0xffffffff");
}

static void one_lie(struct victim *v, const struct message_field *field,
		    const char *lie)
{
	char text[128];
	int ret;

	if (!lie_tell(v->command->name, field, lie))
		return;
	ret = v->command->call(&v->s);
	snprintf(text, sizeof(text), "%s %s", field->name, lie);
	check_form(v, text, ret);
	if (ret >= 0 && must_be_refused(v, field, lie))
		fail("%s, %s: accepted", v->command->name, text);
	if (is_status(v->message, field) && !strcmp(lie, "0xffffffff") &&
	    v->command->kind < DESTROYS_ALWAYS)
		equal(ret, -EINVAL);
	/* P23, P79: but what the host denies to have made, nobody can undo */
	if (ret < 0 && field->kind != FIELD_HANDLE &&
	    field->kind != FIELD_STATUS && !needs_new_objects(v->command))
		check_ledger(v->before);
	renew(v);
}

#define IN_FIRST(member)						\
	(offsetof(struct dxg_ret_createallocation, allocation_info) +	\
	 offsetof(struct dxg_ret_allocinfo, member))

/* The first elements of arrays, which the description counts as data. */
static const struct message_field created[] = {
	{ .name = "allocation_info[0].allocation", .kind = FIELD_HANDLE,
	  .offset = IN_FIRST(allocation), .size = 4 },
	{ .name = "allocation_info[0].priv_drv_data_size", .kind = FIELD_UINT,
	  .offset = IN_FIRST(priv_drv_data_size), .size = 4 },
	{ .name = "allocation_info[0].allocation_flags", .kind = FIELD_HEX,
	  .offset = IN_FIRST(allocation_flags), .size = 4 },
	{ .name = "allocation_info[0].allocation_size", .kind = FIELD_UINT,
	  .offset = IN_FIRST(allocation_size), .size = 8 },
};

static const struct message_field opened[] = {
	{ .name = "allocations[0]", .kind = FIELD_HANDLE, .size = 4,
	  .offset = sizeof(struct dxg_ret_openresource) },
};

static const struct {
	const char *command;
	const struct message_field *fields;
	size_t count;
} elements[] = {
	{ "CREATEALLOCATION", created, ARRAY_SIZE(created) },
	{ "OPENRESOURCE", opened, ARRAY_SIZE(opened) },
};

static void lie_in_fields(struct victim *v, const struct message_field *fields,
			  size_t count)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		for (k = 0; lies[k]; k++)
			one_lie(v, &fields[i], lies[k]);
	}
}

/* P21 to P27: a lie in every field, and honest answers between them. */
static void every_field(unsigned long index)
{
	struct victim v = { .command = &commands[index] };
	const struct message_field *fields;
	size_t count, i;

	v.message = message_of(v.command);
	fields = lie_fields(v.message, &count);
	begin(&v);
	lie_in_fields(&v, fields, count);
	for (i = 0; i < ARRAY_SIZE(elements); i++)
		if (!strcmp(elements[i].command, v.command->name))
			lie_in_fields(&v, elements[i].fields,
				      elements[i].count);
	equal(v.command->call(&v.s), v.command->success);
	finish(&v);
}

/* A handle as the wire has it. */
static void handle_hex(__u32 handle, char hex[9])
{
	snprintf(hex, 9, "%02x%02x%02x%02x", handle & 0xff, handle >> 8 & 0xff,
		 handle >> 16 & 0xff, handle >> 24);
}

/* P24: a handle that names another object leaves that one alone. */
static void handle_in_use(unsigned long index)
{
	struct victim v = { .command = &commands[index] };
	char hex[9];

	begin(&v);
	handle_hex(v.s.device, hex);
	host("field %s 0 %s", v.command->name, hex);
	equal(v.command->call(&v.s), -EINVAL);
	equal(command_by_name("GETDEVICESTATE")->call(&v.s), 0);
	equal(v.command->call(&v.s), v.command->success);
	finish(&v);
}

/* P24, P56: neither of the two becomes valid. */
static void handle_twice(unsigned long n)
{
	static const struct {
		const char *command;
		unsigned int offsets[2];
	} cases[] = {
		{ "CREATEPAGINGQUEUE", { 0, 4 } },
		{ "CREATEHWQUEUE",
		  { offsetof(struct dxg_cmd_createhwqueue, hwqueue),
		    offsetof(struct dxg_cmd_createhwqueue,
			     hwqueue_progress_fence) } },
	};
	const __u32 handle = 0x40000000u | 0xabcdeu << 6;
	struct sequence s;
	unsigned int i, k;
	char hex[9];

	(void)n;
	commands_set_up(&s, &commands[0]);
	handle_hex(handle, hex);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		for (k = 0; k < 2; k++)
			host("field %s %u %s", cases[i].command,
			     cases[i].offsets[k], hex);
		equal(command_by_name(cases[i].command)->call(&s), -EINVAL);
		equal(dxg_destroy_sync_object(s.fd, handle), -EINVAL);
		equal(command_by_name(cases[i].command)->call(&s), 0);
	}
	host("forget");
}

/* Packets out of nowhere ------------------------------------------------------ */

/* P21: ids of requests that were, that are not, and that cannot be. */
static void stray_completions(unsigned long n)
{
	static const char *const channels[] = { "0", "global" };
	struct sequence s;
	unsigned int i, id;

	(void)n;
	sequence_until(&s, ROW_SIGNALLED);
	for (i = 0; i < ARRAY_SIZE(channels); i++) {
		for (id = 0; id < 64; id++)
			host("complete %s %u 0000000000000000", channels[i],
			     id);
		host("complete %s 0xffffffffffffffff 00", channels[i]);
		host("complete %s 0x100000001 00000000", channels[i]);
	}
	host("settle");
	equal(command_by_name("QUERYADAPTERINFO")->call(&s), 0);
}

/* Header of a message from the host, as hex: command, then what follows it. */
static void host_message(char *hex, unsigned int command, unsigned int length)
{
	unsigned int i;

	for (i = 0; i < length; i++)
		snprintf(hex + 2 * i, 3, "%02x",
			 i == 12 ? DXGKVMB_HOST_TO_VM :
			 i == 16 ? command : i < 24 ? 0 : 0x02);
	hex[2 * length] = 0;
}

/* P28: every type with every length, on both channels. */
static void messages_of_every_length(unsigned long n)
{
	static const unsigned int types[] = { 0, 1, 2, 3, 4, 5, 0xff };
	unsigned int i, length;
	struct sequence s;
	char hex[2 * 64 + 1];

	(void)n;
	sequence_until(&s, ROW_SIGNALLED);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		for (length = 0; length <= 64; length += 4) {
			host_message(hex, types[i], length);
			/* a word without letters is no word */
			if (!length)
				snprintf(hex, sizeof(hex), "%s", "00");
			host("inject global %s", hex);
			host("inject 0 %s", hex);
		}
	}
	host("settle");
	equal(command_by_name("QUERYADAPTERINFO")->call(&s), 0);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 20), 0);
	equal(dxg_wait(s.fd, s.device, s.fence.sync_object, 20), 0);
}

/* P29: inside the open, and behind the close. */
static void messages_at_the_edges(unsigned long n)
{
	static const char *const edges[] = {
		"open 0", "close 0", "open global", "close global",
	};
	unsigned int type, i;
	char hex[2 * 48 + 1];

	(void)n;
	for (type = 0; type < 4; type++) {
		host_message(hex, type, 48);
		for (i = 0; i < ARRAY_SIZE(edges); i++)
			host("inject-at %s %s", edges[i], hex);
		host("pci-del 0");
		host("settle");
		host("pci-add 0");
		host("settle");
		host("rescind global");
		host("settle");
		host("offer global");
		host("settle");
	}
	sequence_all(0);
}

static void flood(unsigned long channel)
{
	char hex[2 * 48 + 1];

	host_message(hex, 0, 48);
	if (host_number("sent", "flood %s 20000 %s", channel ? "global" : "0",
			hex) != 20000)
		fail("the guest stopped to listen");
}

/* P32: others work while one channel is never quiet. */
static void flooded(unsigned long channel)
{
	pid_t pid = spawn(flood, channel);
	unsigned int i;

	for (i = 0; i < 3; i++)
		sequence_all(0);
	reap_ok(pid);
	sequence_all(0);
}

/* All at once ------------------------------------------------------------------ */

static void interrupted(int number)
{
	(void)number;
}

/*
 * A host that names another object as the caller's fence makes a wait for it one
 * for ever, which is no fault of the driver: a wait has to end when a signal comes.
 */
static void interrupt_waits(void)
{
	const struct itimerval often = { { 2, 0 }, { 2, 0 } };
	const struct sigaction nothing = { .sa_handler = interrupted };

	equal(sigaction(SIGALRM, &nothing, NULL), 0);
	equal(setitimer(ITIMER_REAL, &often, NULL), 0);
}

/* A client that takes whatever it gets, as often as it gets it. */
static void take_anything(unsigned long n)
{
	static struct sequence s;
	struct d3dkmt_adapterinfo infos[4];
	__u32 count = ARRAY_SIZE(infos);
	size_t i, round;

	(void)n;
	interrupt_waits();
	s.fd = dxg_open(NULL);
	if (s.fd < 0 || dxg_enum_adapters3(s.fd, true, infos, &count) ||
	    !count)
		return;
	s.adapter = infos[0].adapter_handle.v;
	s.sysmem_user = aligned_alloc(guest_page(), HEAP_SIZE);
	check(s.sysmem_user);
	memset(s.sysmem_user, 0, HEAP_SIZE);
	for (round = 0; round < 4; round++) {
		dxg_create_device(s.fd, s.adapter, &s.device);
		dxg_create_paging_queue(s.fd, s.device, &s.paging);
		dxg_create_context(s.fd, s.device, 0, 0x10, NULL, 0,
				   &s.context);
		dxg_create_hw_queue(s.fd, s.context, NULL, 0, &s.queue);
		dxg_create_monitored_fence(s.fd, s.device, 10, 0, &s.fence);
		dxg_create_local(s.fd, s.device, LOCAL_SIZE,
				 DXG_ALLOC_SHAREABLE, &s.shared);
		dxg_create_local(s.fd, s.device, LOCAL_SIZE,
				 DXG_ALLOC_CREATE_RESOURCE, &s.local);
		dxg_create_sysmem(s.fd, s.device, s.sysmem_user, HEAP_SIZE, 0,
				  &s.sysmem);
		for (i = 0; i < command_count; i++)
			commands[i].call(&s);
	}
}

/* P21 to P25 by lot; what lies have hidden from the clients goes with the host. */
static void hostile(unsigned long seed)
{
	pid_t pids[4];
	size_t i;

	(void)seed;
	for (i = 0; i < ARRAY_SIZE(pids); i++)
		pids[i] = spawn(take_anything, 0);
	for (i = 0; i < ARRAY_SIZE(pids); i++)
		reap_ok(pids[i]);
	host_kill();
	host_start("");
	sequence_all(0);
}

/* Table ------------------------------------------------------------------------ */

static const struct test single_tests[] = {
	{ "completions that nobody waits for are ignored", stray_completions, 0,
	  NULL, false },
	{ "messages of every type and length, on both channels",
	  messages_of_every_length, 0, NULL, false },
	{ "messages before a channel is open and after it is closed",
	  messages_at_the_edges, 0, NULL, false },
	{ "a flood on the adapter's channel", flooded, 0, NULL, false },
	{ "a flood on the global channel", flooded, 1, NULL, false },
	{ "a handle twice in one reply", handle_twice, 0, NULL, false },
	{ "a hostile host, seed 1", hostile, 1,
	  "--adapter hostile --seed 1", true },
	{ "a hostile host, seed 2", hostile, 2,
	  "--adapter hostile --seed 2", true },
	{ "a hostile host, seed 3, asynchronous", hostile, 3,
	  "--adapter hostile,async --seed 3", true },
	{ "a hostile host, seed 4, existing memory by GPADL", hostile, 4,
	  "--adapter hostile,no-map-guest-memory --seed 4", true },
};

/**
 * struct sweep - a test repeated for commands
 * @format: its name, with the name of the command
 * @run: test
 * @creating_only: only for commands whose reply starts with a new handle
 */
static const struct sweep {
	const char *format;
	void (*run)(unsigned long index);
	bool creating_only;
} sweeps[] = {
	{ "%s, replies of every length", every_length, false },
	{ "%s, a lie in every field", every_field, false },
	{ "%s, a handle in use", handle_in_use, true },
};

static struct test tests[ARRAY_SIZE(single_tests) +
			 ARRAY_SIZE(sweeps) * COMMANDS_MAX];
static char names[ARRAY_SIZE(sweeps)][COMMANDS_MAX][128];

/* The reply starts with the handle of what was made. */
static bool creating(const struct command *command)
{
	const struct message_field *fields;
	size_t count;

	fields = lie_fields(message_of(command), &count);
	return command->zero == -EINVAL && count &&
	       fields[0].kind == FIELD_HANDLE && !fields[0].offset;
}

static size_t add_sweep(size_t count, size_t index)
{
	const struct sweep *sweep = &sweeps[index];
	size_t i;

	for (i = 0; i < command_count; i++) {
		if (sweep->creating_only && !creating(&commands[i]))
			continue;
		snprintf(names[index][i], sizeof(names[0][0]), sweep->format,
			 commands[i].name);
		tests[count++] = (struct test){ .name = names[index][i],
						.run = sweep->run, .n = i };
	}
	return count;
}

int main(int argc, char **argv)
{
	size_t count = ARRAY_SIZE(single_tests), i;

	(void)argc;
	memcpy(tests, single_tests, sizeof(single_tests));
	for (i = 0; i < ARRAY_SIZE(sweeps); i++)
		count = add_sweep(count, i);
	return run_tests(tests, count, argv);
}
