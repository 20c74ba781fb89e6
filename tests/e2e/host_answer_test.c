// SPDX-License-Identifier: GPL-2.0
/*
 * What comes of the host's answers to calls that pass their arguments on: its
 * status becomes an errno or is returned, results are stored only when there are
 * any, and a short answer is none.
 */
#include "ioctl_description.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "harness.h"
#include "host_status.h"
#include "lies.h"

static struct ioctl_state state;

/**
 * struct pass - a call that passes its arguments on
 * @request: ioctl
 * @reply: least bytes of the reply
 * @status: the reply has a status
 * @positive: result when the host answers STATUS_TIMEOUT, which is positive
 */
static const struct pass {
	unsigned long request;
	unsigned int reply;
	bool status;
	int positive;
} passes[] = {
	{ LX_DXESCAPE, 16, false, 0 },
	{ LX_DXQUERYVIDEOMEMORYINFO, 32, false, 0 },
	{ LX_DXCHANGEVIDEOMEMORYRESERVATION, 4, true, 0x102 },
	{ LX_DXFLUSHHEAPTRANSITIONS, 4, true, 0 },
	{ LX_DXGETCONTEXTSCHEDULINGPRIORITY, 8, true, 0x102 },
	{ LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY, 8, true, 0x102 },
	{ LX_DXSETCONTEXTSCHEDULINGPRIORITY, 4, true, 0x102 },
	{ LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY, 4, true, 0x102 },
	{ LX_DXINVALIDATECACHE, 4, true, 0x102 },
	{ LX_DXGETDEVICESTATE, 64, true, 0 },
	{ LX_DXMARKDEVICEASERROR, 4, true, 0x102 },
	{ LX_DXOFFERALLOCATIONS, 4, true, 0x102 },
	{ LX_DXRECLAIMALLOCATIONS2, 16, true, 0x102 },
	{ LX_DXQUERYALLOCATIONRESIDENCY, 8, true, 0x102 },
	{ LX_DXSETALLOCATIONPRIORITY, 4, true, 0x102 },
	{ LX_DXGETALLOCATIONPRIORITY, 12, true, 0x102 },
	{ LX_DXUPDATEALLOCPROPERTY, 16, true, 0x102 },
	{ LX_DXQUERYCLOCKCALIBRATION, 32, true, 0x102 },
	{ LX_DXQUERYSTATISTICS, 784, true, 0x102 },
	{ LX_ISFEATUREENABLED, 16, true, 0x102 },
	{ LX_DXUPDATEGPUVIRTUALADDRESS, 4, true, 0x102 },
	{ LX_DXSUBMITCOMMAND, 4, true, 0x102 },
	{ LX_DXSUBMITCOMMANDTOHWQUEUE, 4, true, 0x102 },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECT, 4, true, 0x102 },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, 4, true, 0x102 },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU, 4, true, 0x102 },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2, 4, true, 0x102 },
	{ LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, 4, true, 0x102 },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECT, 4, true, 0x102 },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, 4, true, 0x102 },
	{ LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, 4, true, 0x102 },
	{ LX_DXCREATESYNCFILE, 4, true, 0x102 },
	{ LX_DXWAITSYNCFILE, 4, true, 0x102 },
	{ LX_DXOPENSYNCOBJECTFROMSYNCFILE, 24, true, 0x102 },
};

static const struct ioctl_description *description(const struct pass *pass)
{
	const struct ioctl_description *d;

	for_each_ioctl(d)
		if (d->request == pass->request)
			return d;
	fail("ioctl %#lx is not described", pass->request);
}

/* One valid call; @stored says whether it changed anything in user memory. */
static int call(const struct ioctl_description *d, bool *stored)
{
	struct ioctl_call args, before;
	int ret;

	ioctl_prepare(d, &state, &args);
	/* what it points to moves with it */
	memcpy(&before, &args, sizeof(before));
	ret = ioctl_issue(d, state.s.fd, &args);
	*stored = memcmp(&args, &before, sizeof(args));
	return ret;
}

/* P71, P75, P77: each failure is one, and nothing is stored. */
static void refused(unsigned long index)
{
	const struct ioctl_description *d = description(&passes[index]);
	bool stored;
	size_t i;

	ioctl_set_up(&state);
	for (i = 0; i < ARRAY_SIZE(host_statuses); i++) {
		host("status %s %#x", d->message, host_statuses[i].status);
		equal(call(d, &stored), host_statuses[i].error);
		check(!stored);
	}
	equal(call(d, &stored), d->result);
}

/* P76, PI-03: a positive status comes back, whatever was copied after it. */
static void positive(unsigned long index)
{
	const struct ioctl_description *d = description(&passes[index]);
	bool stored;

	ioctl_set_up(&state);
	host("status %s 0x102", d->message);
	equal(call(d, &stored), passes[index].positive);
	host("status %s 0x103", d->message);
	equal(call(d, &stored), passes[index].positive ? 0x103 : 0);
	host("status %s 0", d->message);
	equal(call(d, &stored), 0);
}

/* P22, P71: nothing of a short answer is used; what is too much is ignored. */
static void cut_short(unsigned long index)
{
	const struct ioctl_description *d = description(&passes[index]);
	unsigned int reply = passes[index].reply;
	bool stored;

	ioctl_set_up(&state);
	host("short %s 0", d->message);
	equal(call(d, &stored), -EOVERFLOW);
	check(!stored);
	/* the bus counts in units of 8 bytes */
	if (reply > 8) {
		host("short %s %u", d->message, (reply - 1) / 8 * 8);
		equal(call(d, &stored), -EOVERFLOW);
		check(!stored);
	}
	host("long %s %u", d->message, reply + 64);
	equal(call(d, &stored), d->result);
}

static bool is_status(const struct message *m, const struct message_field *f)
{
	return f->offset == m->status_offset;
}

/* P23, P76: a lie in any field is an errno or a success code, and no more. */
static void lied_to(unsigned long index)
{
	const struct ioctl_description *d = description(&passes[index]);
	const struct message *m = message_by_name(d->message);
	const struct message_field *fields;
	size_t count, i, k;
	bool stored;
	int ret;

	check(m);
	fields = lie_fields(m, &count);
	ioctl_set_up(&state);
	for (i = 0; i < count; i++) {
		for (k = 0; lies[k]; k++) {
			if (!lie_tell(d->message, &fields[i], lies[k]))
				continue;
			ret = call(d, &stored);
			if (ret < -4095 || (ret < 0 && stored))
				fail("%s, %s %s: %#x", d->name, fields[i].name,
				     lies[k], ret);
			if (is_status(m, &fields[i]) &&
			    !strcmp(lies[k], "0xffffffff"))
				equal(ret, -EINVAL);
		}
	}
	equal(call(d, &stored), d->result);
	if (m->form == REPLY_STATUS)
		return;
	/* handles that the guest has believed are mistakes for the host */
	ioctl_close(&state);
	host("settle");
	host("wait-idle");
	host("forget");
}

static void call_forever(unsigned long index)
{
	const struct ioctl_description *d = description(&passes[index]);
	bool stored;

	ioctl_set_up(&state);
	raise(SIGSTOP);
	call(d, &stored);
	fail("%s came back", d->name);
}

/* P38: nobody waits for an answer that comes too late or never. */
static void killed(unsigned long index)
{
	const char *message = description(&passes[index])->message;
	pid_t pid = spawn(call_forever, index);
	int status;

	equal(waitpid(pid, &status, WUNTRACED), pid);
	check(WIFSTOPPED(status));
	host("hold %s 1", message);
	kill(pid, SIGCONT);
	host("wait-held %s", message);
	kill_and_reap(pid);
	host("release %s", message);
}

/* P34: a stopped adapter takes no calls; its LUID is nobody's. */
static void adapter_gone(unsigned long index)
{
	const struct ioctl_description *d = description(&passes[index]);
	bool stored;

	ioctl_set_up(&state);
	host("rescind 0");
	host("settle");
	equal(call(d, &stored),
	      d->request == LX_DXQUERYSTATISTICS ? -EINVAL : -ENODEV);
	check(!stored);
	host("offer 0");
	host("settle");
}

static const struct {
	const char *format;
	void (*run)(unsigned long index);
	bool by_status;
} kinds[] = {
	{ "%s: the errno of each status, nothing stored", refused, true },
	{ "%s: a positive status comes back", positive, true },
	{ "%s: reply too short, or too long", cut_short, false },
	{ "%s: a lie in each field", lied_to, false },
	{ "%s: caller killed, then answered", killed, false },
	{ "%s: adapter gone", adapter_gone, false },
};

static struct test tests[ARRAY_SIZE(kinds) * ARRAY_SIZE(passes)];
static char names[ARRAY_SIZE(tests)][128];

int main(int argc, char **argv)
{
	size_t count = 0, i, k;

	(void)argc;
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		for (i = 0; i < ARRAY_SIZE(passes); i++) {
			if (kinds[k].by_status && !passes[i].status)
				continue;
			snprintf(names[count], sizeof(names[0]),
				 kinds[k].format, description(&passes[i])->name);
			tests[count] = (struct test){ .name = names[count],
						      .run = kinds[k].run,
						      .n = i };
			count++;
		}
	}
	return run_tests(tests, count, argv);
}
