// SPDX-License-Identifier: GPL-2.0
/*
 * Numbers about an adapter and its users: video memory and reservations,
 * clocks, statistics, processes.
 */
#include "sequence.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gpu_commands.h"
#include "harness.h"

#define NOWHERE		((void *)16)
/* Bytes of the argument behind which the input of the type is. */
#define STATISTICS_INPUT	800
#define NOBODY		65534

static const struct winluid no_luid = { .a = 0xdead, .b = 0xbeef };

/* Memory ---------------------------------------------------------------------- */

static int reserve(const struct sequence *s, __u32 group, __u64 bytes,
		   __u64 process)
{
	struct d3dkmt_changevideomemoryreservation args = {
		.process = process,
		.adapter = dxg_handle(s->adapter),
		.memory_segment_group = group,
		.reservation = bytes,
	};

	return dxg_ioctl(s->fd, LX_DXCHANGEVIDEOMEMORYRESERVATION, &args);
}

static void another_user(unsigned long n)
{
	struct d3dkmt_queryvideomemoryinfo info;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	equal(dxg_query_video_memory(s.fd, s.adapter, 0, &info), 0);
	equal(info.current_usage, LOCAL_SIZE);
	equal(info.current_reservation, 0);
}

/* It follows what this process, and nobody else, made resident. */
static void video_memory(unsigned long n)
{
	struct d3dkmt_queryvideomemoryinfo info;
	struct sequence s;
	__u64 trim;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	equal(reserve(&s, 0, 16 * MIB, 0), 0);
	reap_ok(spawn(another_user, 0));
	memset(&info, 0xee, sizeof(info));
	info.process = 0;
	info.adapter.v = s.adapter;
	info.memory_segment_group = 0;
	info.physical_adapter_index = 0;
	equal(dxg_ioctl(s.fd, LX_DXQUERYVIDEOMEMORYINFO, &info), 0);
	check(info.budget >= 64 * MIB);
	equal(info.current_usage, LOCAL_SIZE);
	equal(info.current_reservation, 16 * MIB);
	check(info.available_for_reservation >= 16 * MIB);
	equal(dxg_query_video_memory(s.fd, s.adapter, 1, &info), 0);
	equal(info.current_usage, HEAP_SIZE);
	equal(dxg_evict(s.fd, s.device, &s.local.handle, 1, &trim), 0);
	equal(dxg_query_video_memory(s.fd, s.adapter, 0, &info), 0);
	equal(info.current_usage, 0);

	info.process = 1;
	equal(dxg_ioctl(s.fd, LX_DXQUERYVIDEOMEMORYINFO, &info), -EINVAL);
	equal(reserve(&s, 0, MIB, 1), -EINVAL);
	equal(reserve(&s, 0, ~0ull, 0), -EINVAL);
	equal(reserve(&s, 7, MIB, 0), -EINVAL);
	s.adapter = s.device;
	equal(reserve(&s, 0, MIB, 0), -EINVAL);
}

/* The adapter's handle stays the caller's own. */
static void heap_transitions(unsigned long n)
{
	struct d3dkmt_flushheaptransitions args;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_ADAPTER);
	args.adapter.v = s.adapter;
	host("mark");
	equal(dxg_ioctl(s.fd, LX_DXFLUSHHEAPTRANSITIONS, &args), 0);
	equal(args.adapter.v, s.adapter);
	equal(host_count("FLUSHHEAPTRANSITIONS"), 1);
	args.adapter.v++;
	equal(dxg_ioctl(s.fd, LX_DXFLUSHHEAPTRANSITIONS, &args), -EINVAL);
	equal(host_count("FLUSHHEAPTRANSITIONS"), 1);
}

/* Clocks -------------------------------------------------------------------------- */

static int clocks(const struct sequence *s, __u32 node,
		  struct d3dkmt_queryclockcalibration *args)
{
	memset(args, 0xee, sizeof(*args));
	args->adapter.v = s->adapter;
	args->node_ordinal = node;
	args->physical_adapter_index = 0;
	return dxg_ioctl(s->fd, LX_DXQUERYCLOCKCALIBRATION, args);
}

static void clock_calibration(unsigned long n)
{
	struct d3dkmt_queryclockcalibration first, second;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_ADAPTER);
	equal(clocks(&s, 0, &first), 0);
	equal(clocks(&s, 1, &second), 0);
	check(first.clock_data.gpu_frequency > 0);
	equal(first.clock_data.flags.value, 0);
	check(second.clock_data.gpu_clock_counter >=
	      first.clock_data.gpu_clock_counter);
	check(second.clock_data.cpu_clock_counter >=
	      first.clock_data.cpu_clock_counter);
	equal(second.adapter.v, s.adapter);
	equal(second.node_ordinal, 1);
	/* PI-55: nothing is stored of a failure */
	equal(clocks(&s, 99, &first), -EINVAL);
	equal(first.clock_data.gpu_frequency, 0xeeeeeeeeeeeeeeee);
	s.adapter = s.device;
	equal(clocks(&s, 0, &first), -EINVAL);
}

/* Statistics ---------------------------------------------------------------------- */

static int statistics(const struct sequence *s, __u32 type, __u64 process,
		      __u32 input, struct d3dkmt_querystatistics *args)
{
	memset(args, 0xee, sizeof(*args));
	args->type = type;
	args->adapter_luid = s->infos[0].adapter_luid;
	args->process = process;
	memset(args->size + STATISTICS_INPUT, 0, 8);
	memcpy(args->size + STATISTICS_INPUT, &input, sizeof(input));
	return dxg_ioctl(s->fd, LX_DXQUERYSTATISTICS, args);
}

static __u64 number_at(const struct d3dkmt_querystatistics *args,
		       size_t offset)
{
	__u64 value;

	memcpy(&value, args->result.size + offset, sizeof(value));
	return value;
}

static void adapter_statistics(unsigned long n)
{
	struct d3dkmt_querystatistics args;
	struct sequence s;
	__u64 time;

	(void)n;
	sequence_until(&s, ROW_WAIT_GPU);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_ADAPTER, 0, 0, &args), 0);
	equal(number_at(&args, 0), 2 | 2ull << 32);
	equal(args.process, 0);
	equal(args.adapter_luid.a, s.infos[0].adapter_luid.a);
	equal(args.adapter_luid.b, s.infos[0].adapter_luid.b);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_SEGMENT, 0, 0, &args), 0);
	equal(number_at(&args, 0), 0x80000000);
	equal(number_at(&args, 16), LOCAL_SIZE);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_SEGMENT, 0, 1, &args), 0);
	equal(number_at(&args, 16), HEAP_SIZE);
	/* something ran */
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_NODE, 0,
			 MOCK_GPU_NODE_3D, &args), 0);
	time = number_at(&args, 0);
	check(time > 0);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_PROCESS_NODE, 0,
			 MOCK_GPU_NODE_3D, &args), 0);
	equal(number_at(&args, 0), time);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_NODE, 0,
			 MOCK_GPU_NODE_COPY, &args), 0);
	equal(number_at(&args, 0), 0);

	/* P71: a refusal stores nothing */
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_SEGMENT, 0, 9, &args),
	      -EINVAL);
	equal(number_at(&args, 0), 0xeeeeeeeeeeeeeeee);
	equal(statistics(&s, 77, 0, 0, &args), -EPERM);
	/* PI-61 */
	s.infos[0].adapter_luid = no_luid;
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_ADAPTER, 0, 0, &args),
	      -EINVAL);
	equal(dxg_ioctl(s.fd, LX_DXQUERYSTATISTICS, NULL), -EFAULT);
}

/* Those who opened no adapter may ask, too. */
static void statistics_of_a_stranger(unsigned long n)
{
	struct d3dkmt_querystatistics args;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_ADAPTER);
	equal(dxg_close(s.fd), 0);
	s.fd = dxg_open(NULL);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_ADAPTER, 0, 0, &args), 0);
	equal(number_at(&args, 0), 2 | 2ull << 32);
}

/* A child that has objects and stays until it is killed. */
static void own_objects(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	raise(SIGSTOP);
}

static pid_t stopped_child(void (*run)(unsigned long n), unsigned long n)
{
	pid_t pid = spawn(run, n);
	int status;

	equal(waitpid(pid, &status, WUNTRACED), pid);
	check(WIFSTOPPED(status));
	return pid;
}

/* P73 */
static void other_process(unsigned long n)
{
	struct d3dkmt_querystatistics args;
	struct sequence s;
	pid_t pid;

	(void)n;
	sequence_until(&s, ROW_ADAPTER);
	pid = stopped_child(own_objects, 0);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT, pid, 0,
			 &args), 0);
	equal(number_at(&args, 0), LOCAL_SIZE);
	equal(args.process, 0);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT, getpid(),
			 0, &args), 0);
	equal(number_at(&args, 0), 0);
	/* nobody, not a GPU process, absurd */
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT, 1, 0,
			 &args), -EINVAL);
	equal(args.process, 1);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT,
			 0x100000000ull + (unsigned int)pid, 0, &args),
	      -EINVAL);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT, ~0ull, 0,
			 &args), -EINVAL);
	kill_and_reap(pid);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT, pid, 0,
			 &args), -EINVAL);
}

/* A user who may look into nobody else. */
static void as_nobody(unsigned long pid)
{
	struct d3dkmt_querystatistics args;
	struct sequence s;

	equal(setgid(NOBODY), 0);
	equal(setuid(NOBODY), 0);
	sequence_until(&s, ROW_ADAPTER);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT, pid, 0,
			 &args), -EINVAL);
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT, getpid(),
			 0, &args), 0);
	raise(SIGSTOP);
}

/* P73: as for a process that is not there. */
static void foreign_user(unsigned long n)
{
	struct d3dkmt_querystatistics args;
	pid_t target, nobody;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_ADAPTER);
	target = stopped_child(own_objects, 0);
	nobody = stopped_child(as_nobody, (unsigned long)target);
	/* root may */
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT, nobody,
			 0, &args), 0);
	kill_and_reap(nobody);
	kill_and_reap(target);
}

/* Processes ------------------------------------------------------------------------- */

static int processes(int fd, const struct winluid *luid, __u32 *pids,
		     __u64 *count)
{
	struct d3dkmt_enumprocesses args = {
		.adapter_luid = *luid,
		.buffer = dxg_ptr(pids),
		.buffer_count = *count,
	};
	int ret = dxg_ioctl(fd, LX_DXENUMPROCESSES, &args);

	*count = args.buffer_count;
	return ret;
}

static bool listed(const __u32 *pids, __u64 count, pid_t pid)
{
	while (count--)
		if (pids[count] == (__u32)pid)
			return true;
	return false;
}

/* P73, PI-65, PI-67 */
static void enumerated(unsigned long n)
{
	__u32 pids[4] = { 0, 0, 0, 0xee };
	const struct winluid *luid;
	struct sequence s;
	pid_t child;
	__u64 count;

	(void)n;
	sequence_until(&s, ROW_ADAPTER);
	luid = &s.infos[0].adapter_luid;
	child = stopped_child(own_objects, 0);
	count = 0xffffffff00000000;
	equal(processes(s.fd, luid, NULL, &count), -EOVERFLOW);
	equal(count, 2);
	count = 1;
	equal(processes(s.fd, luid, pids, &count), -EOVERFLOW);
	equal(count, 2);
	equal(pids[0], 0);
	count = 2;
	equal(processes(s.fd, luid, pids, &count), 0);
	equal(count, 2);
	check(listed(pids, 2, getpid()) && listed(pids, 2, child));
	count = ~0ull;
	equal(processes(s.fd, luid, pids, &count), 0);
	equal(count, 2);
	equal(pids[2], 0);
	equal(processes(s.fd, luid, NOWHERE, &count), -EFAULT);
	count = 5;
	equal(processes(s.fd, &no_luid, pids, &count), -EINVAL);
	equal(count, 0);

	kill_and_reap(child);
	equal(dxg_close_adapter(s.fd, s.adapter), 0);
	/* nobody has it open: there is nothing to write, not even a buffer */
	count = 4;
	equal(processes(s.fd, luid, pids, &count), 0);
	equal(count, 0);
	host("rescind 0");
	host("settle");
	count = 4;
	equal(processes(s.fd, luid, pids, &count), 0);
	host("offer 0");
	host("settle");
}

/* The first process of a namespace cannot stop itself. */
static int ready[2];

static void inside(unsigned long n)
{
	__u32 pids[4];
	struct d3dkmt_querystatistics args;
	struct sequence s;
	__u64 count = 4;

	sequence_until(&s, ROW_ADAPTER);
	equal(processes(s.fd, &s.infos[0].adapter_luid, pids, &count), 0);
	equal(count, 1);
	equal(pids[0], (__u32)getpid());
	/* the number of a process outside means nothing here */
	equal(statistics(&s, _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT, n, 0,
			 &args), -EINVAL);
	equal(write(ready[1], "", 1), 1);
	pause();
}

static void make_namespace(unsigned long n)
{
	pid_t pid;
	char byte;

	equal(pipe(ready), 0);
	equal(unshare(CLONE_NEWPID), 0);
	pid = spawn(inside, n);
	equal(close(ready[1]), 0);
	equal(read(ready[0], &byte, 1), 1);
	raise(SIGSTOP);
	kill_and_reap(pid);
}

/* P73: a namespace sees itself; one above may look into it. */
static void namespaces(unsigned long n)
{
	__u32 pids[4];
	struct sequence s;
	__u64 count = 4;
	pid_t child;

	(void)n;
	sequence_until(&s, ROW_ADAPTER);
	child = stopped_child(make_namespace, (unsigned long)getpid());
	equal(processes(s.fd, &s.infos[0].adapter_luid, pids, &count), 0);
	equal(count, 1);
	equal(pids[0], (__u32)getpid());
	equal(kill(child, SIGCONT), 0);
	reap_ok(child);
}

static const struct test tests[] = {
	{ "video memory of a process follows its residency and reservations",
	  video_memory, 0, NULL, false },
	{ "flushing heap transitions changes nothing", heap_transitions, 0,
	  NULL, false },
	{ "clocks of both sides are told", clock_calibration, 0, NULL, false },
	{ "statistics of an adapter", adapter_statistics, 0, NULL, false },
	{ "statistics for who has opened no adapter",
	  statistics_of_a_stranger, 0, NULL, false },
	{ "statistics of another process", other_process, 0, NULL, false },
	{ "statistics of another user's process are refused", foreign_user, 0,
	  NULL, false },
	{ "processes that have an adapter open are listed", enumerated, 0,
	  NULL, false },
	{ "pid namespaces list their own processes", namespaces, 0, NULL,
	  false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
