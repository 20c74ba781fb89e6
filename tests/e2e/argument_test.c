// SPDX-License-Identifier: GPL-2.0
/*
 * Arguments that no well-meaning program would pass, with every ioctl: absurd
 * counts, fields that change during the call, request codes that are almost
 * right, and callers that are 32-bit programs.
 */
#include "ioctl_description.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

static struct ioctl_state state;

/* The valid calls are valid, in any order but for those that end objects. */
static void valid_calls(unsigned long n)
{
	const struct ioctl_description *d;
	struct ioctl_call call;

	(void)n;
	ioctl_set_up(&state);
	for_each_ioctl(d) {
		int ret;

		if (ioctl_destroys(d))
			continue;
		ioctl_prepare(d, &state, &call);
		ret = ioctl_issue(d, state.s.fd, &call);
		if (ret != d->result)
			fail("%s: %d, not %d", d->name, ret, d->result);
	}
}

/* Counts ----------------------------------------------------------------- */

/* All that the call points to moves to pages of its own. */
static void move_to_edges(const struct ioctl_description *d,
			  struct ioctl_call *call,
			  unsigned char *edges[IOCTL_FIELDS])
{
	const struct ioctl_field *f;
	int i;

	for_each_field(d, f) {
		if (f->what != POINTER)
			continue;
		i = f - d->fields;
		if (!edges[i])
			edges[i] = edge_page();
		memset(edges[i], 0, PAGE);
		memcpy(edges[i], ioctl_move_pointer(call, f, edges[i]),
		       f->value);
	}
}

static int call_with_count(const struct ioctl_description *d,
			   const struct ioctl_field *f, __u32 count,
			   const struct ioctl_field *flags, unsigned int bit,
			   unsigned char *edges[IOCTL_FIELDS])
{
	struct ioctl_call call;

	ioctl_prepare(d, &state, &call);
	move_to_edges(d, &call, edges);
	*ioctl_field32(&call, f) = count;
	if (flags)
		*ioctl_field32(&call, flags) ^= 1u << bit;
	return ioctl_issue(d, state.s.fd, &call);
}

static void refuse_count(const struct ioctl_description *d,
			 const struct ioctl_field *f, __u32 count,
			 unsigned char *edges[IOCTL_FIELDS])
{
	int ret = call_with_count(d, f, count, NULL, 0, edges);

	if (ret >= 0)
		fail("%s with %#x at %u: %d", d->name, count, f->at, ret);
}

static void refuse_with_flags(const struct ioctl_description *d,
			      const struct ioctl_field *f, __u32 count,
			      unsigned char *edges[IOCTL_FIELDS])
{
	const struct ioctl_field *flags;
	unsigned int bit;
	int ret;

	for_each_field(d, flags) {
		if (flags->what != FLAGS)
			continue;
		for (bit = 0; bit < 32; bit++) {
			ret = call_with_count(d, f, count, flags, bit, edges);
			if (ret >= 0)
				fail("%s with %#x at %u, flag %u: %d", d->name,
				     count, f->at, bit, ret);
		}
	}
}

static const __u32 absurd_counts[] = {
	0x1fffffff, 0x3fffffee, 0x3ffffff0, 0x3fffffff, 0x40000000,
	0x7fffffff, 0x80000000, 0xffffffff,
};

/*
 * P1, P2, P59: with a page of real data behind each address and whatever flag
 * is set, too much is refused and no message reaches the host.
 */
static void absurd(unsigned long n)
{
	unsigned char *edges[IOCTL_FIELDS] = { NULL };
	const struct ioctl_description *d = &ioctls[n];
	const struct ioctl_field *f;
	size_t i;

	ioctl_set_up(&state);
	host("mark");
	for_each_field(d, f) {
		if (f->what != COUNT)
			continue;
		refuse_count(d, f, f->value + 1, edges);
		refuse_with_flags(d, f, f->value + 1, edges);
		refuse_with_flags(d, f, 0x40000001, edges);
		for (i = 0; i < ARRAY_SIZE(absurd_counts); i++)
			refuse_count(d, f, absurd_counts[i], edges);
	}
	if (d->message)
		equal(host_count(d->message), 0);
	/* the largest count that makes sense, over a page that ends before */
	for_each_field(d, f) {
		if (f->what != COUNT)
			continue;
		call_with_count(d, f, 0, NULL, 0, edges);
		call_with_count(d, f, f->value, NULL, 0, edges);
	}
}

/* P6: a struct with one value, at the very end of the mapped memory. */
static void one_value(unsigned long n)
{
	struct d3dkmt_waitforsynchronizationobject2 *all;
	struct d3dkmt_waitforsynchronizationobjectfromgpu *some;
	unsigned char *edge = edge_page() + PAGE;
	unsigned char *list = edge_page() + PAGE;
	__u32 count, i;

	(void)n;
	ioctl_set_up(&state);
	all = (void *)(edge - sizeof(*all));
	some = (void *)(edge - sizeof(*some));
	for (count = 1; count <= D3DDDI_MAX_OBJECT_WAITED_ON; count++) {
		__u32 *handles = (__u32 *)list - count;

		memset(all, 0, sizeof(*all));
		all->context = dxg_handle(state.s.legacy);
		all->object_count = count;
		for (i = 0; i < count; i++) {
			all->object_array[i] = dxg_handle(state.legacy_fence);
			handles[i] = state.legacy_fence;
		}
		equal(dxg_ioctl(state.s.fd,
				LX_DXWAITFORSYNCHRONIZATIONOBJECT, all), 0);
		memset(some, 0, sizeof(*some));
		some->context = dxg_handle(state.s.legacy);
		some->object_count = count;
		some->objects = dxg_ptr(handles);
		equal(dxg_ioctl(state.s.fd,
				LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU,
				some), 0);
	}
}

/* Fields that change --------------------------------------------------------- */

struct flipping {
	__u32 *field;
	__u32 good;
	__u32 bad;
	bool stop;
};

static void *flip(void *arg)
{
	struct flipping *flipping = arg;

	while (!__atomic_load_n(&flipping->stop, __ATOMIC_RELAXED)) {
		__atomic_store_n(flipping->field, flipping->bad,
				 __ATOMIC_RELAXED);
		__atomic_store_n(flipping->field, flipping->good,
				 __ATOMIC_RELAXED);
	}
	return NULL;
}

/*
 * The host refuses a handle that is none with another errno than the driver
 * does.
 */
static bool plausible(const struct ioctl_description *d,
		      const struct ioctl_field *f, int ret)
{
	return ret == d->result || ret == -EINVAL ||
	       (f->what == COUNT && ret < 0);
}

static void call_while_flipping(const struct ioctl_description *d,
				const struct ioctl_field *f, __u32 bad)
{
	struct ioctl_call call;
	struct flipping flipping = { .bad = bad };
	pthread_t thread;
	unsigned int i;
	int ret;

	ioctl_prepare(d, &state, &call);
	flipping.field = ioctl_field32(&call, f);
	flipping.good = *flipping.field;
	equal(pthread_create(&thread, NULL, flip, &flipping), 0);
	for (i = 0; i < 50; i++) {
		ret = ioctl_issue(d, state.s.fd, &call);
		if (!plausible(d, f, ret))
			fail("%s, field at %u: %d", d->name, f->at, ret);
	}
	__atomic_store_n(&flipping.stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
}

static __u32 wrong_handle(const struct ioctl_field *f)
{
	enum kind kind;

	for (kind = 0; f->kinds & KIND(kind); kind++)
		;
	return ioctl_handle(&state.s, kind);
}

/* P7: what was checked is what is used. */
static void changing_fields(unsigned long n)
{
	const struct ioctl_description *d;
	const struct ioctl_field *f;

	(void)n;
	ioctl_set_up(&state);
	for_each_ioctl(d) {
		if (d->ends)
			continue;
		for_each_field(d, f) {
			if (f->what == HANDLE)
				call_while_flipping(d, f, wrong_handle(f));
			else if (f->what == COUNT)
				call_while_flipping(d, f, 0xffffffff);
		}
	}
}

/* Request codes ---------------------------------------------------------------- */

static bool described(unsigned long request)
{
	const struct ioctl_description *d;

	for_each_ioctl(d) {
		if (d->request == request)
			return true;
	}
	return false;
}

/* P17: the whole code counts: number, size, direction and type. */
static void request_codes(unsigned long n)
{
	static const unsigned int directions[] = {
		_IOC_NONE, _IOC_READ, _IOC_WRITE, _IOC_READ | _IOC_WRITE,
	};
	unsigned int number, size, i;
	unsigned long request;
	int fd = dxg_open(NULL);
	int ret;

	(void)n;
	for (number = 0; number < 256; number++) {
		for (size = 0; size < 1024; size += 4) {
			for (i = 0; i < ARRAY_SIZE(directions); i++) {
				request = _IOC(directions[i], LX_DXG_IOC_TYPE,
					       number, size);
				ret = dxg_ioctl(fd, request, NULL);
				if (ret != (described(request) ? -EFAULT :
					    -ENOTTY))
					fail("%#lx: %d, see ioctl_description.c",
					     request, ret);
			}
		}
		request = _IOC(_IOC_READ | _IOC_WRITE, LX_DXG_IOC_TYPE, number,
			       0x3fff);
		equal(dxg_ioctl(fd, request, NULL), -ENOTTY);
		equal(dxg_ioctl(fd, request ^ 0x4700, NULL), -ENOTTY);
	}
}

#ifdef __x86_64__

/* 32-bit callers --------------------------------------------------------------- */

#define GETPID_32	20
#define IOCTL_32	54

static int syscall32(int number, int a, int b, int c)
{
	int ret;

	asm volatile("int $0x80" : "=a" (ret)
		     : "a" (number), "b" (a), "c" (b), "d" (c)
		     : "memory", "r8", "r9", "r10", "r11");
	return ret;
}

static void any_syscall32(unsigned long n)
{
	(void)n;
	syscall32(GETPID_32, 0, 0, 0);
}

static int ioctl32(int fd, unsigned long request, void *args)
{
	return syscall32(IOCTL_32, fd, (int)request,
			 (int)(unsigned long)args);
}

static struct ioctl_call *low_call(void)
{
	struct ioctl_call *call = mmap(NULL, sizeof(*call),
				       PROT_READ | PROT_WRITE, MAP_PRIVATE |
				       MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	check(call != MAP_FAILED);
	return call;
}

/* P17: with the 64-bit layout everything works, mappings are within reach. */
static void callers_32bit(unsigned long n)
{
	struct d3dkmt_createsynchronizationobject2 *fence;
	struct ioctl_call *call = low_call();
	const struct ioctl_description *d;
	int ret;

	(void)n;
	if (reap(spawn(any_syscall32, 0))) {
		puts("# this kernel has no 32-bit system calls");
		return;
	}
	ioctl_set_up(&state);
	for_each_ioctl(d) {
		if (ioctl_destroys(d))
			continue;
		ioctl_prepare(d, &state, call);
		ret = ioctl32(state.s.fd, d->request, call->args);
		if (ret != d->result)
			fail("%s: %d, not %d", d->name, ret, d->result);
		equal(ioctl32(state.s.fd, d->request - (4ul << 16),
			      call->args), -ENOTTY);
		equal(ioctl32(state.s.fd, d->request, NULL), -EFAULT);
		if (d->request != LX_DXCREATESYNCHRONIZATIONOBJECT)
			continue;
		fence = (void *)call->args;
		check(fence->info.monitored_fence.fence_cpu_virtual_address);
		equal(fence->info.monitored_fence.fence_cpu_virtual_address >>
		      32, 0);
	}
}

#endif

static const struct test single_tests[] = {
	{ "the valid calls are valid", valid_calls, 0, NULL, false },
	{ "legacy waits read no value that is not there", one_value, 0, NULL,
	  false },
	{ "fields that change during the call are read once", changing_fields,
	  0, NULL, false },
	{ "request codes that are not exactly ours are ENOTTY", request_codes,
	  0, NULL, false },
#ifdef __x86_64__
	{ "32-bit callers are served", callers_32bit, 0, NULL, false },
#endif
};

static bool has_counts(const struct ioctl_description *d)
{
	const struct ioctl_field *f;

	for_each_field(d, f) {
		if (f->what == COUNT)
			return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	(void)argc;
	return ioctl_run_tests(single_tests, ARRAY_SIZE(single_tests),
			       "absurd counts are refused", has_counts, absurd,
			       argv);
}
