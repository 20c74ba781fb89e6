// SPDX-License-Identifier: GPL-2.0
/*
 * The host refuses, answers nonsense, answers twice, late or never. Each call
 * must end with the documented error, leave no object behind on either side,
 * and let a killed caller go.
 */
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dxg_query.h"
#include "harness.h"
#include "host_status.h"

#define ACCESS_DENIED	0xc0000022u

/* Refused -------------------------------------------------------------------- */

/* P77, P79: the exact errno, and the ledger is as before. */
static void refused(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;
	char *before;
	size_t i;

	commands_set_up(&s, command);
	host("settle");
	before = ledger();
	for (i = 0; i < ARRAY_SIZE(host_statuses); i++) {
		host("refuse %s %#x", command->name, host_statuses[i].status);
		equal(command->call(&s), host_statuses[i].error);
		check_ledger(before);
	}
	equal(command->call(&s), command->success);
}

/* Replies without a status refuse by a zero handle or, some, not at all. */
static void refused_by_zero(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;
	char *before;

	commands_set_up(&s, command);
	host("settle");
	before = ledger();
	host("refuse %s %#x", command->name, ACCESS_DENIED);
	equal(command->call(&s), command->zero);
	check_ledger(before);
	equal(command->call(&s), command->success);
}

static void refused_destroy(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;

	commands_set_up(&s, command);
	host("status %s %#x", command->name, ACCESS_DENIED);
	equal(command->call(&s), command->kind == DESTROYS ? -EACCES : 0);
}

/* Nonsense ------------------------------------------------------------------- */

/*
 * What a process does not know it has goes with the process; but an NT handle
 * outlives it, and only the end of this host gets rid of it.
 */
static void lost_handle(const struct command *command)
{
	if (!strcmp(command->name, "CREATENTSHAREDOBJECT"))
		host_kill();
}

/* P22: nothing of a short reply is used. */
static void short_reply(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;

	commands_set_up(&s, command);
	host("short %s 8", command->name);
	equal(command->call(&s), -EOVERFLOW);
}

static void empty_reply(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;

	commands_set_up(&s, command);
	host("short %s 0", command->name);
	equal(command->call(&s), -EOVERFLOW);
	lost_handle(command);
}

/* P21: the second one finds no request. */
static void reply_twice(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;

	commands_set_up(&s, command);
	host("twice %s", command->name);
	equal(command->call(&s), command->success);
	equal(command_by_name("QUERYADAPTERINFO")->call(&s), 0);
	host("settle");
}

/* P24, P75: no handle, no object. */
static void zero_reply(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;

	commands_set_up(&s, command);
	host("zero %s", command->name);
	equal(command->call(&s), command->zero);
	lost_handle(command);
}

/* Late or never --------------------------------------------------------------- */

static const struct command *child_command;

static void call_in_child(unsigned long n)
{
	struct sequence s;

	commands_set_up(&s, child_command);
	raise(SIGSTOP);
	child_command->call(&s);
	fail("%s came back with %lu", child_command->name, n);
}

static pid_t start_child(const struct command *command)
{
	pid_t pid;
	int status;

	child_command = command;
	pid = spawn(call_in_child, 0);
	equal(waitpid(pid, &status, WUNTRACED), pid);
	check(WIFSTOPPED(status));
	return pid;
}

/* P38, P39: the killed caller goes, its late answer is still interpreted. */
static void killed_then_answered(unsigned long index)
{
	const struct command *command = &commands[index];
	pid_t pid = start_child(command);

	host("hold %s 1", command->name);
	kill(pid, SIGCONT);
	host("wait-held %s", command->name);
	kill_and_reap(pid);
	host("release %s", command->name);
	sequence_all(0);
}

/* P38: nor does it wait for an answer that never comes. */
static void killed_never_answered(unsigned long index)
{
	const struct command *command = &commands[index];
	pid_t pid = start_child(command);

	host("drop %s 1", command->name);
	host("mark");
	kill(pid, SIGCONT);
	host("wait %s", command->name);
	kill_and_reap(pid);
	/* the guest still waits to tell the host the rest */
	host_kill();
	host_start("");
	sequence_all(0);
}

/* P38: the end of a process does not wait without bound for the host. */
static void end_unanswered(unsigned long index)
{
	pid_t pid = start_child(&commands[index]);

	host("drop all 1000");
	kill_and_reap(pid);
	host_kill();
	host_start("");
	sequence_all(0);
}

static void open_and_enumerate(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, 3);
	fail("EnumAdapters3 came back");
}

/* P40: no host process is left of a process killed while it is created. */
static void killed_in_create_process(unsigned long n)
{
	unsigned int i;
	pid_t pid;

	(void)n;
	for (i = 0; i < volume(10); i++) {
		host("hold CREATEPROCESS 1");
		pid = spawn(open_and_enumerate, 0);
		host("wait-held CREATEPROCESS");
		kill_and_reap(pid);
		host("release CREATEPROCESS");
		host("settle");
		host("wait-idle");
		equal(host_number("processes", "alive"), 0);
	}
	sequence_all(0);
}

static void hold_up(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, 5);
	command_by_name("CREATEDEVICE")->call(&s);
}

/* P53 */
static void others_not_delayed(unsigned long n)
{
	struct sequence s;
	pid_t pid;

	(void)n;
	host("hold CREATEDEVICE 1");
	pid = spawn(hold_up, 0);
	host("wait-held CREATEDEVICE");
	sequence_until(&s, ROW_DESTROYED - 2);
	equal(dxg_close(s.fd), 0);
	equal(close(s.shared_fd), 0);
	host("release CREATEDEVICE");
	reap_ok(pid);
}

/* Addresses -------------------------------------------------------------------- */

static const struct {
	const char *command;
	unsigned int offset;
} addresses[] = {
	{ "CREATEPAGINGQUEUE", 8 },
	{ "CREATESYNCOBJECT", 16 },
	{ "CREATEHWQUEUE", 40 },
	{ "LOCK2", 8 },
};

/* Little-endian: page 0, not aligned, far away, the last page. */
static const char *const bad_addresses[] = {
	"0100000000000000", "0000000000800000", "00f0ffffffffffff",
	"0000000000000080",
};

/* P25, P79: refused, and what the host made is destroyed again. */
static void address_outside(unsigned long index)
{
	const struct command *command =
		command_by_name(addresses[index].command);
	struct sequence s;
	char *before;
	size_t i;

	commands_set_up(&s, &commands[0]);
	host("settle");
	before = ledger();
	for (i = 0; i < ARRAY_SIZE(bad_addresses); i++) {
		host("field %s %u %s", addresses[index].command,
		     addresses[index].offset, bad_addresses[i]);
		equal(command->call(&s), -ENOMEM);
		check_ledger(before);
	}
	equal(command->call(&s), 0);
}

/* Table ------------------------------------------------------------------------ */

/**
 * struct failure - a test repeated for commands
 * @format: its name, with the name of the command
 * @run: test
 * @applies: to which commands
 * @new_host: as in struct test
 */
struct failure {
	const char *format;
	void (*run)(unsigned long index);
	bool (*applies)(const struct command *command);
	bool new_host;
};

static bool any_command(const struct command *command)
{
	return command;
}

static bool waited_for(const struct command *command)
{
	return command->kind != SILENT;
}

static bool with_status(const struct command *command)
{
	return command->kind == BY_STATUS;
}

static bool with_handle(const struct command *command)
{
	return command->kind == BY_ZERO;
}

static bool creating(const struct command *command)
{
	return command->zero;
}

static bool destroying(const struct command *command)
{
	return command->kind == DESTROYS || command->kind == DESTROYS_ALWAYS;
}

/* The bus transports multiples of 8 bytes, so less cannot be told apart. */
static bool long_reply(const struct command *command)
{
	return command->reply > 8;
}

static bool with_reply(const struct command *command)
{
	return command->kind < DESTROYS_ALWAYS;
}

static const struct failure failures[] = {
	{ "%s refused: the errno of each status, nothing left", refused,
	  with_status, false },
	{ "%s refused by a zero handle: nothing left", refused_by_zero,
	  with_handle, false },
	{ "%s refused: reported, no second try", refused_destroy, destroying,
	  false },
	{ "%s, reply too short", short_reply, long_reply, false },
	{ "%s, reply empty", empty_reply, with_reply, false },
	{ "%s answered twice", reply_twice, any_command, false },
	{ "%s, reply all zero", zero_reply, creating, false },
	{ "%s, caller killed, then answered", killed_then_answered,
	  waited_for, false },
	{ "%s never answered, caller killed", killed_never_answered,
	  waited_for, false },
};

static const struct test single_tests[] = {
	{ "a process killed while the host makes it leaves none",
	  killed_in_create_process, 0, NULL, false },
	{ "a slow CREATEDEVICE delays no other process", others_not_delayed, 0,
	  NULL, false },
	{ "an owner of objects ends while the host says nothing",
	  end_unanswered, 0, NULL, false },
	{ "paging queue fence outside the window is refused", address_outside,
	  0, NULL, false },
	{ "monitored fence outside the window is refused", address_outside, 1,
	  NULL, false },
	{ "progress fence outside the window is refused", address_outside, 2,
	  NULL, false },
	{ "Lock2 view outside the window is refused", address_outside, 3, NULL,
	  false },
};

static struct test tests[ARRAY_SIZE(single_tests) +
			 ARRAY_SIZE(failures) * COMMANDS_MAX];
static char names[ARRAY_SIZE(failures)][COMMANDS_MAX][128];

static size_t add_failure(size_t count, size_t index)
{
	const struct failure *f = &failures[index];
	size_t i;

	for (i = 0; i < command_count; i++) {
		if (!f->applies(&commands[i]))
			continue;
		snprintf(names[index][i], sizeof(names[0][0]), f->format,
			 commands[i].name);
		tests[count++] = (struct test){ .name = names[index][i],
						.run = f->run, .n = i,
						.new_host = f->new_host };
	}
	return count;
}

int main(int argc, char **argv)
{
	size_t count = ARRAY_SIZE(single_tests), i;

	(void)argc;
	memcpy(tests, single_tests, sizeof(single_tests));
	for (i = 0; i < ARRAY_SIZE(failures); i++)
		count = add_failure(count, i);
	return run_tests(tests, count, argv);
}
