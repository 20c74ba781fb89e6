// SPDX-License-Identifier: GPL-2.0
/*
 * State of devices and contexts: what clients learn of a GPU that hangs, resets
 * or faults, devices marked as broken by their owner, scheduling priorities.
 */
#include "sequence.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

#include "gpu_commands.h"
#include "harness.h"

/* Behind the pattern at the start of the heap. */
#define COMMANDS	0x80000ul

static int query_state(const struct sequence *s,
		       struct d3dkmt_getdevicestate *args, __u32 type)
{
	memset(args, 0xee, sizeof(*args));
	args->device.v = s->device;
	args->state_type = type;
	return dxg_ioctl(s->fd, LX_DXGETDEVICESTATE, args);
}

static __u32 execution(const struct sequence *s)
{
	struct d3dkmt_getdevicestate args;

	equal(query_state(s, &args, _D3DKMT_DEVICESTATE_EXECUTION), 0);
	equal(args.device.v, s->device);
	equal(args.state_type, _D3DKMT_DEVICESTATE_EXECUTION);
	return args.execution_state;
}

static int mark(int fd, __u32 device)
{
	struct d3dkmt_markdeviceaserror args = {
		.device = dxg_handle(device),
		.reason = _D3DKMT_DEVICE_ERROR_REASON_GENERIC,
	};

	return dxg_ioctl(fd, LX_DXMARKDEVICEASERROR, &args);
}

/* Execution state --------------------------------------------------------------- */

/* P100: nothing is asked while nothing has changed. */
static void cached(unsigned long n)
{
	struct d3dkmt_getdevicestate args;
	struct sequence s;
	int i;

	(void)n;
	sequence_until(&s, ROW_SIGNALLED);
	host("mark");
	for (i = 0; i < 100; i++)
		equal(execution(&s), _D3DKMT_DEVICEEXECUTION_ACTIVE);
	equal(host_count("GETDEVICESTATE"), 0);
	/* only the execution state is remembered */
	equal(query_state(&s, &args, _D3DKMT_DEVICESTATE_RESET), 0);
	equal(query_state(&s, &args, _D3DKMT_DEVICESTATE_RESET), 0);
	equal(host_count("GETDEVICESTATE"), 2);
	equal(args.device.v, s.device);
	equal(args.state_type, _D3DKMT_DEVICESTATE_RESET);
	equal(query_state(&s, &args, 77), -EINVAL);
	equal(args.alignment[0], 0xee);
	args.device.v = s.context;
	equal(dxg_ioctl(s.fd, LX_DXGETDEVICESTATE, &args), -EINVAL);
}

static const struct sequence *awaited;

static bool state_is(unsigned long n)
{
	return execution(awaited) == n;
}

static const struct {
	const char *command;
	__u32 state;
} errors[] = {
	{ "hang", _D3DKMT_DEVICEEXECUTION_HUNG },
	{ "reset", _D3DKMT_DEVICEEXECUTION_RESET },
	{ "page-fault", _D3DKMT_DEVICEEXECUTION_ERROR_DMAPAGEFAULT },
};

static void *wait_for_fence(void *arg)
{
	struct sequence *s = arg;

	/* the host ends all waits by the largest value */
	equal(dxg_wait(s->fd, s->device, s->fence.sync_object, 1000000), 0);
	return NULL;
}

/* P90: the state is the one the host reported last. */
static void reported(unsigned long index)
{
	struct sequence s;
	pthread_t waiter;

	sequence_until(&s, ROW_SIGNALLED);
	awaited = &s;
	equal(execution(&s), _D3DKMT_DEVICEEXECUTION_ACTIVE);
	host("mark");
	equal(pthread_create(&waiter, NULL, wait_for_fence, &s), 0);
	host("wait WAITFORSYNCOBJECTFROMCPU");
	host("gpu %s 0", errors[index].command);
	wait_for(state_is, errors[index].state, errors[index].command);
	equal(pthread_join(waiter, NULL), 0);
	host("mark");
	equal(execution(&s), errors[index].state);
	equal(execution(&s), errors[index].state);
	equal(host_count("GETDEVICESTATE"), 0);
	/* a device in error takes no work; a new one does */
	equal(dxg_submit_hw_queue(s.fd, s.queue.queue, 2, s.heap_va, 0, NULL,
				  0), -ENODEV);
	equal(dxg_create_device(s.fd, s.adapter, &s.device), 0);
	equal(execution(&s), _D3DKMT_DEVICEEXECUTION_ACTIVE);
}

/* P90: other tokens and other kinds of data are not for the driver. */
static void strange_messages(unsigned long n)
{
	/* id, process, channel type "to the VM", SETGUESTDATA, padding */
	static const char header[] =
		"000000000000000000000000020000000200000000000000";
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_SIGNALLED);
	equal(execution(&s), _D3DKMT_DEVICEEXECUTION_ACTIVE);
	host("mark");
	/* nobody's address, then lengths and types that make no sense */
	host("inject %s%s%s%s", header, "efbeaddeefbeadde", "0100000000000000",
	     "0000000000000000");
	host("inject %s", header);
	host("inject %.32s", header);
	host("settle");
	equal(execution(&s), _D3DKMT_DEVICEEXECUTION_ACTIVE);
	equal(host_count("GETDEVICESTATE"), 0);
}

/* P90: a change while the host is being asked is not lost. */
static void *ask(void *arg)
{
	return (void *)(unsigned long)execution(arg);
}

static void changed_meanwhile(unsigned long n)
{
	struct sequence s;
	pthread_t asking;
	void *state;

	(void)n;
	sequence_until(&s, ROW_SIGNALLED);
	/* another device's trouble makes the cache of this one stale */
	equal(dxg_create_device(s.fd, s.adapter, &s.other_device), 0);
	awaited = &s;
	host("hold GETDEVICESTATE 1");
	equal(mark(s.fd, s.other_device), 0);
	host("settle");
	equal(pthread_create(&asking, NULL, ask, &s), 0);
	host("wait-held GETDEVICESTATE");
	host("gpu hang 0");
	host("settle");
	host("release GETDEVICESTATE");
	equal(pthread_join(asking, &state), 0);
	/* the answer was made before; the next question is a new one */
	equal((unsigned long)state, _D3DKMT_DEVICEEXECUTION_ACTIVE);
	equal(execution(&s), _D3DKMT_DEVICEEXECUTION_HUNG);
}

/* PI-25: only what the host accepted. */
static void marked(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_SIGNALLED);
	host("refuse MARKDEVICEASERROR 0xc0000022");
	equal(mark(s.fd, s.device), -EACCES);
	equal(execution(&s), _D3DKMT_DEVICEEXECUTION_ACTIVE);
	equal(mark(s.fd, s.device), 0);
	host("settle");
	equal(execution(&s), _D3DKMT_DEVICEEXECUTION_RESET);
	equal(dxg_submit_hw_queue(s.fd, s.queue.queue, 2, s.heap_va, 0, NULL,
				  0), -ENODEV);
	equal(mark(s.fd, s.context), -EINVAL);
}

/* Page faults ------------------------------------------------------------------- */

/**
 * struct fault - a command that the GPU cannot execute
 * @name: what is wrong
 * @source: offset of its source in the address space
 * @target: offset of its destination
 * @address: offset of the page that faults
 * @write: it is a store
 */
static const struct fault {
	const char *name;
	__u64 source;
	__u64 target;
	__u64 address;
	bool write;
} faults[] = {
	{ "a load from nowhere", VA_SIZE / 2, 0, VA_SIZE / 2, false },
	{ "a store to nowhere", 0, VA_SIZE / 2, VA_SIZE / 2, true },
};

static void submit_copy(struct sequence *s, __u64 source, __u64 target)
{
	const struct gpu_cmd_copy copy = {
		.hdr = { GPU_CMD_COPY, sizeof(copy) },
		.dst = target,
		.src = source,
		.bytes = 64,
	};
	const struct gpu_cmd_header end = { GPU_CMD_END, sizeof(end) };

	memcpy(s->user + COMMANDS, &copy, sizeof(copy));
	memcpy(s->user + COMMANDS + sizeof(copy), &end, sizeof(end));
	equal(dxg_submit_hw_queue(s->fd, s->queue.queue, 2,
				  s->heap_va + COMMANDS,
				  sizeof(copy) + sizeof(end), NULL, 0), 0);
}

static void check_fault(struct sequence *s, __u64 address, bool write)
{
	const struct d3dkmt_devicepagefault_state *fault;
	struct d3dkmt_getdevicestate args;

	awaited = s;
	wait_for(state_is, _D3DKMT_DEVICEEXECUTION_ERROR_DMAPAGEFAULT,
		 "page fault");
	equal(query_state(s, &args, _D3DKMT_DEVICESTATE_PAGE_FAULT), 0);
	fault = &args.page_fault_state;
	equal(fault->faulted_virtual_address / PAGE, address / PAGE);
	equal(!!(fault->page_fault_flags & _DXGK_PAGE_FAULT_WRITE), write);
	check(fault->page_fault_flags & _DXGK_PAGE_FAULT_ENGINE_RESET_REQUIRED);
	/* the progress fence lets every waiter go */
	equal(dxg_wait(s->fd, s->device, s->queue.progress, 2), 0);
}

static void page_fault(unsigned long index)
{
	const struct fault *f = &faults[index];
	struct d3dkmt_getdevicestate args;
	struct sequence s;

	sequence_until(&s, ROW_WAIT_GPU);
	equal(query_state(&s, &args, _D3DKMT_DEVICESTATE_PAGE_FAULT), 0);
	equal(args.page_fault_state.faulted_virtual_address, 0);
	submit_copy(&s, s.va + f->source, s.va + f->target);
	check_fault(&s, s.va + f->address, f->write);
}

/* Memory that was evicted, or offered, is not there for the GPU. */
static void fault_of_residency(unsigned long offered)
{
	struct sequence s;
	__u64 trim;

	sequence_until(&s, ROW_WAIT_GPU);
	if (offered) {
		struct d3dkmt_offerallocations args = {
			.device = dxg_handle(s.device),
			.allocations = dxg_ptr(&s.local.handle),
			.allocation_count = 1,
			.priority = _D3DKMT_OFFER_PRIORITY_HIGH,
		};

		equal(dxg_ioctl(s.fd, LX_DXOFFERALLOCATIONS, &args), 0);
	} else {
		equal(dxg_evict(s.fd, s.device, &s.local.handle, 1, &trim), 0);
	}
	submit_copy(&s, s.heap_va, s.va);
	check_fault(&s, s.va, true);
}

/* Priorities --------------------------------------------------------------------- */

static int get_priority(const struct sequence *s, bool in_process,
			__s32 *priority)
{
	struct d3dkmt_getcontextschedulingpriority args = {
		.context = dxg_handle(s->context),
		.priority = *priority,
	};
	int ret = dxg_ioctl(s->fd, in_process ?
			    LX_DXGETCONTEXTINPROCESSSCHEDULINGPRIORITY :
			    LX_DXGETCONTEXTSCHEDULINGPRIORITY, &args);

	*priority = args.priority;
	return ret;
}

static int set_priority(const struct sequence *s, bool in_process,
			__s32 priority)
{
	struct d3dkmt_setcontextschedulingpriority args = {
		.context = dxg_handle(s->context),
		.priority = priority,
	};

	return dxg_ioctl(s->fd, in_process ?
			 LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY :
			 LX_DXSETCONTEXTSCHEDULINGPRIORITY, &args);
}

/* PI-13: signed, and the host decides. */
static void context_priorities(unsigned long n)
{
	__s32 in_all = 99, in_process = 99;
	struct sequence s;
	__s32 i;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	for (i = -7; i <= 7; i++) {
		equal(set_priority(&s, false, i), 0);
		equal(set_priority(&s, true, -i), 0);
		equal(get_priority(&s, false, &in_all), 0);
		equal(get_priority(&s, true, &in_process), 0);
		equal(in_all, i);
		equal(in_process, -i);
	}
	host("mark");
	equal(set_priority(&s, false, INT32_MIN), -EINVAL);
	equal(set_priority(&s, false, INT32_MAX), -EINVAL);
	equal(host_count("SETCONTEXTSCHEDULINGPRIORITY"), 2);
	host("refuse SETCONTEXTSCHEDULINGPRIORITY 0xc0000022");
	equal(set_priority(&s, false, 7), -EACCES);
	s.context = s.device;
	equal(set_priority(&s, false, 0), -EINVAL);
	in_all = 55;
	equal(get_priority(&s, true, &in_all), -EINVAL);
	equal(in_all, 55);
	equal(host_count("SETCONTEXTSCHEDULINGPRIORITY"), 3);
}

static const struct test tests[] = {
	{ "the execution state is asked for once", cached, 0, NULL, false },
	{ "a hung GPU is reported, waiters go on", reported, 0, NULL, false },
	{ "a reset GPU is reported, waiters go on", reported, 1, NULL, false },
	{ "a GPU page fault is reported, waiters go on", reported, 2, NULL,
	  false },
	{ "state messages that make no sense are ignored", strange_messages, 0,
	  NULL, false },
	{ "a change of state during a question is not lost", changed_meanwhile,
	  0, NULL, false },
	{ "a device marked as broken is", marked, 0, NULL, false },
	{ "page fault: a load from nowhere", page_fault, 0, NULL, false },
	{ "page fault: a store to nowhere", page_fault, 1, NULL, false },
	{ "page fault: memory that is not resident", fault_of_residency, 0,
	  NULL, false },
	{ "page fault: memory that is offered", fault_of_residency, 1, NULL,
	  false },
	{ "scheduling priorities are kept per context", context_priorities, 0,
	  NULL, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
