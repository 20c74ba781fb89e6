// SPDX-License-Identifier: GPL-2.0
/*
 * The host refuses, answers nonsense, answers twice, late or never. Each call
 * must end with the documented error, leave no object behind on either side,
 * and let a killed caller go.
 */
#include "sequence.h"

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

/* Calls -------------------------------------------------------------------- */

static const struct dxg_va_range anywhere = {
	.minimum = VA_MINIMUM,
	.maximum = VA_MAXIMUM,
};

static int call_create_device(struct sequence *s)
{
	__u32 device;

	return dxg_create_device(s->fd, s->adapter, &device);
}

static int call_create_paging_queue(struct sequence *s)
{
	struct dxg_paging_queue queue;

	return dxg_create_paging_queue(s->fd, s->device, &queue);
}

static int call_create_context(struct sequence *s)
{
	__u32 context;

	return dxg_create_context(s->fd, s->device, 0, 0, NULL, 0, &context);
}

static int call_create_hw_queue(struct sequence *s)
{
	struct dxg_hw_queue queue;

	return dxg_create_hw_queue(s->fd, s->context, NULL, 0, &queue);
}

static int call_create_fence(struct sequence *s)
{
	struct dxg_fence fence;

	return dxg_create_monitored_fence(s->fd, s->device, 0, 0, &fence);
}

static int call_create_local(struct sequence *s)
{
	struct dxg_allocation local;

	return dxg_create_local(s->fd, s->device, LOCAL_SIZE,
				DXG_ALLOC_CREATE_RESOURCE, &local);
}

static int call_create_heap(struct sequence *s)
{
	struct dxg_allocation heap;

	return dxg_create_heap(s->fd, s->device, s->sysmem_user, HEAP_SIZE, 0,
			       &heap);
}

static int call_reserve(struct sequence *s)
{
	__u64 va;

	return dxg_reserve_gpu_va(s->fd, s->adapter, &anywhere, VA_SIZE, &va);
}

static int call_map(struct sequence *s)
{
	__u64 va, value;

	return dxg_map_gpu_va(s->fd, s->paging.queue, &anywhere,
			      s->local.handle, 0, 1, DXG_PROTECT_WRITE, &va,
			      &value);
}

static int call_make_resident(struct sequence *s)
{
	__u64 value, trim;

	return dxg_make_resident(s->fd, s->paging.queue, &s->local.handle, 1,
				 0, &value, &trim);
}

static int call_evict(struct sequence *s)
{
	__u64 trim;

	return dxg_evict(s->fd, s->device, &s->local.handle, 1, &trim);
}

static int call_wait(struct sequence *s)
{
	return dxg_wait(s->fd, s->device, s->fence.sync_object, 1);
}

static int call_lock(struct sequence *s)
{
	void *view;

	return dxg_lock(s->fd, s->device, s->local.handle, &view);
}

static int call_share(struct sequence *s)
{
	int fd;

	return dxg_share(s->fd, s->shared.resource, &fd);
}

static int call_open_shared(struct sequence *s)
{
	struct d3dddi_openallocationinfo2 opened = { 0 };
	struct dxg_shared_info info;
	unsigned char data[256];
	__u32 resource;
	int ret;

	ret = dxg_query_shared_resource(s->fd, s->device, s->shared_fd, &info);
	return ret < 0 ? ret :
		dxg_open_shared_resource(s->fd, s->device, s->shared_fd, &info,
					 &opened, data, &resource);
}

static int call_query(struct sequence *s)
{
	__u32 model;

	return dxg_query_driver_model(s->fd, s->adapter, &model);
}

static int call_video_memory(struct sequence *s)
{
	struct d3dkmt_queryvideomemoryinfo info;

	return dxg_query_video_memory(s->fd, s->adapter, 0, &info);
}

static int call_feature(struct sequence *s)
{
	struct d3dkmt_isfeatureenabled args = {
		.adapter = dxg_handle(s->adapter),
	};

	return dxg_ioctl(s->fd, LX_ISFEATUREENABLED, &args);
}

static int call_free_va(struct sequence *s)
{
	return dxg_free_gpu_va(s->fd, s->adapter, s->second_va, VA_SIZE);
}

static int call_destroy_allocation(struct sequence *s)
{
	return dxg_destroy_allocations(s->fd, s->device, &s->sysmem.handle, 1);
}

static int call_destroy_fence(struct sequence *s)
{
	return dxg_destroy_sync_object(s->fd, s->fence.sync_object);
}

static int call_destroy_context(struct sequence *s)
{
	return dxg_destroy_context(s->fd, s->context);
}

static int call_destroy_hw_queue(struct sequence *s)
{
	return dxg_destroy_hw_queue(s->fd, s->queue.queue);
}

static int call_destroy_device(struct sequence *s)
{
	return dxg_destroy_device(s->fd, s->device);
}

/**
 * struct command - a message and the call that sends it
 * @name: of the message
 * @call: sends exactly one of it, in the state after set_up()
 * @reply: least bytes of the reply
 * @success: result of @call when the host does as it is told
 * @zero: result if the reply is all zero
 * @kind: what the host's refusal means
 */
static const struct command {
	const char *name;
	int (*call)(struct sequence *s);
	unsigned int reply;
	int success;
	int zero;
	enum {
		BY_STATUS,	/* the reply carries a status */
		BY_ZERO,	/* the reply has a handle and nothing else */
		NEVER,		/* no way to refuse */
		DESTROYS,	/* by status, but the object is gone */
		DESTROYS_ALWAYS, /* the status is ignored */
	} kind;
} commands[] = {
	{ "CREATEDEVICE", call_create_device, 4, 0, -EINVAL, BY_ZERO },
	{ "CREATEPAGINGQUEUE", call_create_paging_queue, 24, 0, -EINVAL,
	  BY_ZERO },
	{ "CREATECONTEXTVIRTUAL", call_create_context, 55, 0, -EINVAL,
	  BY_ZERO },
	{ "CREATEHWQUEUE", call_create_hw_queue, 72, 0, -EINVAL, BY_STATUS },
	{ "CREATESYNCOBJECT", call_create_fence, 32, 0, -EINVAL, BY_ZERO },
	{ "CREATEALLOCATION", call_create_local, 88, 0, -EINVAL, BY_ZERO },
	{ "DDIGETSTANDARDALLOCATIONDRIVERDATA", call_create_heap, 36, 0, 0,
	  BY_STATUS },
	{ "SETEXISTINGSYSMEMPAGES", call_create_heap, 4, 0, 0, BY_STATUS },
	{ "RESERVEGPUVIRTUALADDRESS", call_reserve, 16, 0, 0, NEVER },
	{ "MAPGPUVIRTUALADDRESS", call_map, 24, DXG_STATUS_PENDING, 0,
	  BY_STATUS },
	{ "MAKERESIDENT", call_make_resident, 24, DXG_STATUS_PENDING, 0,
	  BY_STATUS },
	{ "EVICT", call_evict, 8, 0, 0, NEVER },
	{ "WAITFORSYNCOBJECTFROMCPU", call_wait, 4, 0, 0, BY_STATUS },
	{ "LOCK2", call_lock, 16, 0, 0, BY_STATUS },
	{ "CREATENTSHAREDOBJECT", call_share, 4, 0, -ENOTRECOVERABLE,
	  BY_ZERO },
	{ "OPENRESOURCE", call_open_shared, 12, 0, -EINVAL, BY_STATUS },
	{ "QUERYADAPTERINFO", call_query, 8, 0, 0, BY_STATUS },
	{ "QUERYVIDEOMEMORYINFO", call_video_memory, 32, 0, 0, NEVER },
	{ "ISFEATUREENABLED", call_feature, 16, 0, 0, BY_STATUS },
	{ "FREEGPUVIRTUALADDRESS", call_free_va, 4, 0, 0, DESTROYS },
	{ "DESTROYALLOCATION", call_destroy_allocation, 4, 0, 0, DESTROYS },
	{ "DESTROYSYNCOBJECT", call_destroy_fence, 4, 0, 0, DESTROYS },
	{ "DESTROYHWQUEUE", call_destroy_hw_queue, 4, 0, 0, DESTROYS },
	{ "DESTROYCONTEXT", call_destroy_context, 4, 0, 0, DESTROYS },
	{ "DESTROYDEVICE", call_destroy_device, 4, 0, 0, DESTROYS_ALWAYS },
};

/* Everything that the calls need, with a second shareable resource. */
static void set_up(struct sequence *s, const struct command *command)
{
	sequence_until(s, ROW_WAIT_PAGING);
	equal(dxg_create_local(s->fd, s->device, LOCAL_SIZE,
			       DXG_ALLOC_SHAREABLE, &s->shared), 0);
	/* the first share makes the host's object, so one call must be left */
	if (command->call == call_open_shared)
		equal(dxg_share(s->fd, s->shared.resource, &s->shared_fd), 0);
}

/* Refused -------------------------------------------------------------------- */

/* P77, P79: the exact errno, and the ledger is as before. */
static void refused(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;
	char *before;
	size_t i;

	set_up(&s, command);
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

	set_up(&s, command);
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

	set_up(&s, command);
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
	if (command->call == call_share)
		host_kill();
}

/* P22: nothing of a short reply is used. */
static void short_reply(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;

	set_up(&s, command);
	host("short %s 8", command->name);
	equal(command->call(&s), -EOVERFLOW);
}

static void empty_reply(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;

	set_up(&s, command);
	host("short %s 0", command->name);
	equal(command->call(&s), -EOVERFLOW);
	lost_handle(command);
}

/* P21: the second one finds no request. */
static void reply_twice(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;

	set_up(&s, command);
	host("twice %s", command->name);
	equal(command->call(&s), command->success);
	equal(call_query(&s), 0);
	host("settle");
}

/* P24, P75: no handle, no object. */
static void zero_reply(unsigned long index)
{
	const struct command *command = &commands[index];
	struct sequence s;

	set_up(&s, command);
	host("zero %s", command->name);
	equal(command->call(&s), command->zero);
	lost_handle(command);
}

/* Late or never --------------------------------------------------------------- */

static const struct command *child_command;

static void call_in_child(unsigned long n)
{
	struct sequence s;

	set_up(&s, child_command);
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
	pid_t pid;

	(void)n;
	host("hold CREATEPROCESS 1");
	pid = spawn(open_and_enumerate, 0);
	host("wait-held CREATEPROCESS");
	kill_and_reap(pid);
	host("release CREATEPROCESS");
	host("settle");
	host("wait-idle");
	sequence_all(0);
}

static void hold_up(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, 5);
	call_create_device(&s);
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
	int (*call)(struct sequence *s);
	unsigned int offset;
} addresses[] = {
	{ "CREATEPAGINGQUEUE", call_create_paging_queue, 8 },
	{ "CREATESYNCOBJECT", call_create_fence, 16 },
	{ "CREATEHWQUEUE", call_create_hw_queue, 40 },
	{ "LOCK2", call_lock, 8 },
};

/* Little-endian: page 0, not aligned, far away, the last page. */
static const char *const bad_addresses[] = {
	"0100000000000000", "0000000000800000", "00f0ffffffffffff",
	"0000000000000080",
};

/* P25, P79: refused, and what the host made is destroyed again. */
static void address_outside(unsigned long index)
{
	struct sequence s;
	char *before;
	size_t i;

	set_up(&s, &commands[0]);
	host("settle");
	before = ledger();
	for (i = 0; i < ARRAY_SIZE(bad_addresses); i++) {
		host("field %s %u %s", addresses[index].command,
		     addresses[index].offset, bad_addresses[i]);
		equal(addresses[index].call(&s), -ENOMEM);
		check_ledger(before);
	}
	equal(addresses[index].call(&s), 0);
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
	return command->kind >= DESTROYS;
}

/* The bus transports multiples of 8 bytes, so less cannot be told apart. */
static bool long_reply(const struct command *command)
{
	return command->reply > 8;
}

static bool with_reply(const struct command *command)
{
	return command->kind != DESTROYS_ALWAYS;
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
	  any_command, false },
	{ "%s never answered, caller killed", killed_never_answered,
	  any_command, false },
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
			 ARRAY_SIZE(failures) * ARRAY_SIZE(commands)];
static char names[ARRAY_SIZE(failures)][ARRAY_SIZE(commands)][128];

static size_t add_failure(size_t count, size_t index)
{
	const struct failure *f = &failures[index];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
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
