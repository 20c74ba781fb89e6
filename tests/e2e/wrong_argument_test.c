// SPDX-License-Identifier: GPL-2.0
/*
 * One thing wrong with an otherwise valid call: the errno is exact, the host
 * hears nothing of it, and nothing is left. What a call stores is all it stores.
 */
#include "ioctl_description.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "harness.h"

static struct ioctl_state state;

/* One wrong field ---------------------------------------------------------- */

/**
 * struct wrong - a field that makes a valid call invalid
 * @request: ioctl
 * @what: what is wrong
 * @at: offset of the field in the argument
 * @size: its bytes, 4 or 8
 * @value: wrong value
 * @result: errno
 */
struct wrong {
	unsigned long request;
	const char *what;
	size_t at;
	size_t size;
	__u64 value;
	int result;
};

#define FIELD(type, field)	offsetof(struct type, field)

static const struct wrong wrongs[] = {
	{ LX_DXOPENADAPTERFROMLUID, "no adapter has this LUID",
	  FIELD(d3dkmt_openadapterfromluid, adapter_luid), 8, 0xbeef0000dead,
	  -EINVAL },
	{ LX_DXQUERYADAPTERINFO, "no room for information",
	  FIELD(d3dkmt_queryadapterinfo, private_data_size), 4, 0, -EINVAL },
	{ LX_DXQUERYVIDEOMEMORYINFO, "video memory of a process",
	  FIELD(d3dkmt_queryvideomemoryinfo, process), 8, 1, -EINVAL },
	{ LX_DXCHANGEVIDEOMEMORYRESERVATION, "reservation of a process",
	  FIELD(d3dkmt_changevideomemoryreservation, process), 8, 1, -EINVAL },
	{ LX_DXMAKERESIDENT, "nothing to make resident",
	  FIELD(d3dddi_makeresident, alloc_count), 4, 0, -EINVAL },
	{ LX_DXEVICT, "nothing to evict",
	  FIELD(d3dkmt_evict, alloc_count), 4, 0, -EINVAL },
	{ LX_DXSUBMITCOMMAND, "no context",
	  FIELD(d3dkmt_submitcommand, broadcast_context_count), 4, 0, -EINVAL },
	{ LX_DXSUBMITCOMMAND, "more primaries than the argument holds",
	  FIELD(d3dkmt_submitcommand, num_primaries), 4, 17, -EINVAL },
	{ LX_DXCREATESYNCHRONIZATIONOBJECT, "shared without NT security",
	  FIELD(d3dkmt_createsynchronizationobject2, info.flags), 4, 1, -EINVAL },
	{ LX_DXCREATESYNCHRONIZATIONOBJECT, "a native fence",
	  FIELD(d3dkmt_createsynchronizationobject2, info.type), 4, 7, -EINVAL },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECT, "a legacy wait for nothing",
	  FIELD(d3dkmt_waitforsynchronizationobject2, object_count), 4, 0,
	  -EINVAL },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECT, "64 more contexts",
	  FIELD(d3dkmt_signalsynchronizationobject2, context_count), 4, 64,
	  -EINVAL },
	{ LX_DXDESTROYALLOCATION2, "nothing to destroy",
	  FIELD(d3dkmt_destroyallocation2, alloc_count), 4, 0, -EINVAL },
	{ LX_DXUPDATEGPUVIRTUALADDRESS, "no operation",
	  FIELD(d3dkmt_updategpuvirtualaddress, num_operations), 4, 0, -EINVAL },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, "signals nothing",
	  FIELD(d3dkmt_signalsynchronizationobjectfromcpu, object_count), 4, 0,
	  -EINVAL },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU, "an event of the CPU",
	  FIELD(d3dkmt_signalsynchronizationobjectfromcpu, flags), 4, 2,
	  -EINVAL },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU, "a context signals nothing",
	  FIELD(d3dkmt_signalsynchronizationobjectfromgpu, object_count), 4, 0,
	  -EINVAL },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2, "contexts signal nothing",
	  FIELD(d3dkmt_signalsynchronizationobjectfromgpu2, object_count), 4, 0,
	  -EINVAL },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2, "no context signals",
	  FIELD(d3dkmt_signalsynchronizationobjectfromgpu2, context_count), 4, 0,
	  -EINVAL },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2, "65 contexts signal",
	  FIELD(d3dkmt_signalsynchronizationobjectfromgpu2, context_count), 4, 65,
	  -EINVAL },
	{ LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2, "an event beside objects",
	  FIELD(d3dkmt_signalsynchronizationobjectfromgpu2, flags), 4, 2,
	  -EINVAL },
	{ LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, "no queue signals",
	  FIELD(d3dkmt_submitsignalsyncobjectstohwqueue, hwqueue_count), 4, 0,
	  -EINVAL },
	{ LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, "65 queues signal",
	  FIELD(d3dkmt_submitsignalsyncobjectstohwqueue, hwqueue_count), 4, 65,
	  -EINVAL },
	{ LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, "a queue signals nothing",
	  FIELD(d3dkmt_submitsignalsyncobjectstohwqueue, object_count), 4, 0,
	  -EINVAL },
	{ LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE, "an event of a queue",
	  FIELD(d3dkmt_submitsignalsyncobjectstohwqueue, flags), 4, 2, -EINVAL },
	{ LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, "a queue waits for nothing",
	  FIELD(d3dkmt_submitwaitforsyncobjectstohwqueue, object_count), 4, 0,
	  -EINVAL },
	{ LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE, "a queue waits for 33",
	  FIELD(d3dkmt_submitwaitforsyncobjectstohwqueue, object_count), 4, 33,
	  -EINVAL },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, "waits for nothing",
	  FIELD(d3dkmt_waitforsynchronizationobjectfromcpu, object_count), 4, 0,
	  -EINVAL },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, "no such descriptor",
	  FIELD(d3dkmt_waitforsynchronizationobjectfromcpu, async_event), 8, 9999,
	  -EINVAL },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU, "a descriptor of 64 bits",
	  FIELD(d3dkmt_waitforsynchronizationobjectfromcpu, async_event), 8,
	  1ull << 32, -EINVAL },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, "a context waits for nothing",
	  FIELD(d3dkmt_waitforsynchronizationobjectfromgpu, object_count), 4, 0,
	  -EINVAL },
	{ LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, "a context waits for 33",
	  FIELD(d3dkmt_waitforsynchronizationobjectfromgpu, object_count), 4, 33,
	  -EINVAL },
	{ LX_DXSHAREOBJECTS, "two objects",
	  FIELD(d3dkmt_shareobjects, object_count), 4, 2, -EINVAL },
	{ LX_DXQUERYRESOURCEINFOFROMNTHANDLE, "resource of 64 bits",
	  FIELD(d3dkmt_queryresourceinfofromnthandle, nt_handle), 8, 1ull << 32,
	  -EINVAL },
	{ LX_DXOPENRESOURCEFROMNTHANDLE, "not all allocations",
	  FIELD(d3dkmt_openresourcefromnthandle, allocation_count), 4, 0,
	  -EINVAL },
	{ LX_DXOPENRESOURCEFROMNTHANDLE, "room for less data",
	  FIELD(d3dkmt_openresourcefromnthandle, total_priv_drv_data_size), 4, 1,
	  -EINVAL },
	{ LX_DXOPENRESOURCEFROMNTHANDLE, "a negative size",
	  FIELD(d3dkmt_openresourcefromnthandle, private_runtime_data_size), 4,
	  0xffffffff, -EINVAL },
	{ LX_DXOPENRESOURCEFROMNTHANDLE, "opened by 64 bits",
	  FIELD(d3dkmt_openresourcefromnthandle, nt_handle), 8, 1ull << 32,
	  -EINVAL },
	{ LX_DXQUERYSTATISTICS, "statistics of no adapter",
	  FIELD(d3dkmt_querystatistics, adapter_luid), 8, 0xbeef0000dead,
	  -EINVAL },
	{ LX_DXQUERYSTATISTICS, "statistics of nobody",
	  FIELD(d3dkmt_querystatistics, process), 8, 0x7fffffff, -EINVAL },
	{ LX_DXCREATESYNCFILE, "a sync file of no fence",
	  FIELD(d3dkmt_createsyncfile, monitored_fence), 4, 0, -EINVAL },
	{ LX_DXWAITSYNCFILE, "waits for no sync file",
	  FIELD(d3dkmt_waitsyncfile, sync_file_handle), 8, 9999, -EINVAL },
	{ LX_DXOPENSYNCOBJECTFROMSYNCFILE, "opens no sync file",
	  FIELD(d3dkmt_opensyncobjectfromsyncfile, sync_file_handle), 8, 9999,
	  -EINVAL },
	{ LX_DXENUMPROCESSES, "processes of no adapter",
	  FIELD(d3dkmt_enumprocesses, adapter_luid), 8, 0xbeef0000dead,
	  -EINVAL },
	{ LX_DXENUMPROCESSES, "room for no process",
	  FIELD(d3dkmt_enumprocesses, buffer_count), 8, 0, -EOVERFLOW },
	{ LX_DXENUMADAPTERS2, "room for 65 adapters",
	  FIELD(d3dkmt_enumadapters2, num_adapters), 4, 65, -EINVAL },
	{ LX_DXENUMADAPTERS2, "room for no adapter",
	  FIELD(d3dkmt_enumadapters2, num_adapters), 4, 0, -EOVERFLOW },
	{ LX_DXENUMADAPTERS3, "room for 65536 adapters",
	  FIELD(d3dkmt_enumadapters3, adapter_count), 4, 65536, -EINVAL },
};

/* P1, P79: refused by the driver, for this reason. */
static void wrong_field(unsigned long n)
{
	const struct ioctl_description *d;
	const struct wrong *w;
	struct ioctl_call call;
	char *before;
	int ret;

	(void)n;
	ioctl_set_up(&state);
	host("settle");
	before = ledger();
	host("mark");
	for (w = wrongs; w < wrongs + ARRAY_SIZE(wrongs); w++) {
		d = ioctl_find(w->request);
		ioctl_prepare(d, &state, &call);
		memcpy((unsigned char *)call.args + w->at, &w->value, w->size);
		ret = ioctl_issue(d, state.s.fd, &call);
		if (ret != w->result)
			fail("%s, %s: %d, not %d", d->name, w->what, ret,
			     w->result);
		if (d->message && host_count(d->message))
			fail("%s, %s: the host was asked", d->name, w->what);
	}
	check_ledger(before);
	free(before);
}

/* PI-02: what a message holds, and not one more. */
static void operations_of_a_message(unsigned long n)
{
	static struct d3dddi_updategpuvirtualaddress_operation list[2048];
	const struct ioctl_description *d =
		ioctl_find(LX_DXUPDATEGPUVIRTUALADDRESS);
	struct d3dkmt_updategpuvirtualaddress *args;
	struct ioctl_call call;
	size_t i;

	(void)n;
	ioctl_set_up(&state);
	ioctl_prepare(d, &state, &call);
	for (i = 0; i < ARRAY_SIZE(list); i++)
		list[i] = call.operation;
	args = (void *)call.args;
	args->operations = dxg_ptr(list);
	host("mark");
	args->num_operations = 2047;
	equal(ioctl_issue(d, state.s.fd, &call), -EINVAL);
	args->num_operations = 2048;
	equal(ioctl_issue(d, state.s.fd, &call), -EINVAL);
	equal(host_count("UPDATEGPUVIRTUALADDRESS"), 0);
	args->num_operations = 2046;
	equal(ioctl_issue(d, state.s.fd, &call), 0);
	equal(host_count("UPDATEGPUVIRTUALADDRESS"), 1);
}

/* What still works ----------------------------------------------------------- */

/* PI-10: addresses belong to the adapter; the device may be gone. */
static void free_without_device(unsigned long n)
{
	struct sequence *s = &state.s;

	(void)n;
	sequence_until(s, ROW_WAIT_PAGING);
	equal(dxg_destroy_device(s->fd, s->device), 0);
	host("mark");
	equal(dxg_free_gpu_va(s->fd, s->adapter, s->va, VA_SIZE), 0);
	equal(host_count("FREEGPUVIRTUALADDRESS"), 1);
}

/* PI-43: the value counts, not the success code that announces it. */
static void pending_wait(unsigned long n)
{
	struct sequence *s = &state.s;

	(void)n;
	sequence_until(s, ROW_FENCE);
	host("status WAITFORSYNCOBJECTFROMCPU 0x103");
	equal(dxg_wait(s->fd, s->device, s->fence.sync_object, 10), 0);
}

/* Pointers ----------------------------------------------------------------- */

/*
 * P79, PI-05: each address that a call has, with nothing behind it. What is
 * only found out after the host did its part is undone.
 */
static void bad_pointer(unsigned long n)
{
	const struct ioctl_description *d;
	const struct ioctl_field *f;
	struct ioctl_call call;
	char *before;
	int ret;

	(void)n;
	ioctl_set_up(&state);
	host("settle");
	before = ledger();
	for_each_ioctl(d) {
		for_each_field(d, f) {
			if (f->what != POINTER)
				continue;
			ioctl_prepare(d, &state, &call);
			if (!ioctl_move_pointer(&call, f, (void *)8))
				continue;
			ret = ioctl_issue(d, state.s.fd, &call);
			if (ret != -EFAULT)
				fail("%s, address at %u: %d", d->name, f->at,
				     ret);
		}
	}
	host("settle");
	check_ledger(before);
	free(before);
}

/* Results ------------------------------------------------------------------ */

/* Calls that return nothing but their status, and so store nothing. */
static const unsigned long silent[] = {
	LX_DXCHANGEVIDEOMEMORYRESERVATION, LX_DXFLUSHHEAPTRANSITIONS,
	LX_DXINVALIDATECACHE, LX_DXMARKDEVICEASERROR, LX_DXOFFERALLOCATIONS,
	LX_DXSETALLOCATIONPRIORITY, LX_DXSETCONTEXTSCHEDULINGPRIORITY,
	LX_DXSETCONTEXTINPROCESSSCHEDULINGPRIORITY, LX_DXSUBMITCOMMAND,
	LX_DXSUBMITCOMMANDTOHWQUEUE, LX_DXUPDATEGPUVIRTUALADDRESS,
	LX_DXSIGNALSYNCHRONIZATIONOBJECT, LX_DXWAITFORSYNCHRONIZATIONOBJECT,
	LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMCPU,
	LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU,
	LX_DXSIGNALSYNCHRONIZATIONOBJECTFROMGPU2,
	LX_DXSUBMITSIGNALSYNCOBJECTSTOHWQUEUE,
	LX_DXSUBMITWAITFORSYNCOBJECTSTOHWQUEUE,
	LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMCPU,
	LX_DXWAITFORSYNCHRONIZATIONOBJECTFROMGPU, LX_DXWAITSYNCFILE,
	LX_DXQUERYADAPTERINFO, LX_DXESCAPE, LX_DXQUERYALLOCATIONRESIDENCY,
	LX_DXGETALLOCATIONPRIORITY, LX_DXSHAREOBJECTS, LX_DXCREATEALLOCATION,
	LX_DXUNLOCK2, LX_DXFREEGPUVIRTUALADDRESS,
};

static bool stores_nothing(const struct ioctl_description *d)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(silent); i++) {
		if (silent[i] == d->request)
			return true;
	}
	return false;
}

/*
 * P71, P76, P79, PI-04, PI-12: an argument that cannot be written to. Calls
 * with results fail and leave nothing; the others do not even notice.
 */
static void read_only_argument(unsigned long n)
{
	const struct ioctl_description *d;
	struct ioctl_call call;
	int ret, expected;
	char *before;
	void *page;

	(void)n;
	ioctl_set_up(&state);
	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(page != MAP_FAILED);
	for_each_ioctl(d) {
		if (ioctl_destroys(d))
			continue;
		ioctl_prepare(d, &state, &call);
		host("settle");
		before = ledger();
		equal(mprotect(page, PAGE, PROT_READ | PROT_WRITE), 0);
		memcpy(page, call.args, sizeof(call.args));
		equal(mprotect(page, PAGE, PROT_READ), 0);
		ret = dxg_ioctl(state.s.fd, d->request, page);
		expected = stores_nothing(d) ? d->result : -EFAULT;
		if (ret != expected)
			fail("%s: %d, not %d", d->name, ret, expected);
		host("settle");
		if (ret == -EFAULT)
			check_ledger(before);
		free(before);
	}
}

/* A stopped adapter -------------------------------------------------------- */

/* Calls that need no adapter at work, or answer as if it were not there. */
static const struct {
	unsigned long request;
	int result;
} without_adapter[] = {
	{ LX_DXOPENADAPTERFROMLUID, -EINVAL },
	{ LX_DXENUMADAPTERS2, 0 },
	{ LX_DXENUMADAPTERS3, 0 },
	{ LX_DXENUMPROCESSES, 0 },
	{ LX_DXQUERYSTATISTICS, -EINVAL },
	/* asks the host by the global channel, where the object is gone */
	{ LX_DXDESTROYSYNCHRONIZATIONOBJECT, -EBADF },
	{ LX_DXDESTROYDEVICE, 0 },
	{ LX_DXCLOSEADAPTER, 0 },
};

static int expected_without_adapter(const struct ioctl_description *d)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(without_adapter); i++) {
		if (without_adapter[i].request == d->request)
			return without_adapter[i].result;
	}
	return -ENODEV;
}

/* Children before their parents. */
static const unsigned long ends[] = {
	LX_DXDESTROYSYNCHRONIZATIONOBJECT, LX_DXDESTROYALLOCATION2,
	LX_DXDESTROYHWQUEUE, LX_DXDESTROYCONTEXT, LX_DXDESTROYPAGINGQUEUE,
	LX_DXDESTROYDEVICE, LX_DXCLOSEADAPTER,
};

static void stopped_call(const struct ioctl_description *d)
{
	struct ioctl_call call;
	int ret, expected = expected_without_adapter(d);

	ioctl_prepare(d, &state, &call);
	ret = ioctl_issue(d, state.s.fd, &call);
	if (ret != expected)
		fail("%s: %d, not %d", d->name, ret, expected);
}

/* P44: every call, after the adapter went; what it destroys is gone. */
static void stopped_adapter(unsigned long n)
{
	const struct ioctl_description *d;
	struct ioctl_call call;
	size_t i;

	(void)n;
	ioctl_set_up(&state);
	host("rescind 0");
	host("settle");
	for_each_ioctl(d) {
		if (!ioctl_destroys(d))
			stopped_call(d);
	}
	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		d = ioctl_find(ends[i]);
		stopped_call(d);
		ioctl_prepare(d, &state, &call);
		equal(ioctl_issue(d, state.s.fd, &call), -EINVAL);
	}
	host("offer 0");
	host("settle");
}

static const struct test tests[] = {
	{ "a wrong field is refused unsent", wrong_field, 0, NULL, false },
	{ "2046 operations are one message", operations_of_a_message, 0, NULL,
	  false },
	{ "addresses are freed without a device", free_without_device, 0, NULL,
	  false },
	{ "a wait that is pending still waits", pending_wait, 0, NULL, false },
	{ "an address with nothing behind it is EFAULT", bad_pointer, 0, NULL,
	  false },
	{ "an argument that cannot be written to", read_only_argument, 0, NULL,
	  false },
	{ "a stopped adapter is ENODEV", stopped_adapter, 0, NULL, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
