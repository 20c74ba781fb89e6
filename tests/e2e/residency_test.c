// SPDX-License-Identifier: GPL-2.0
/*
 * Where allocations are and what becomes of those that nobody needs for now:
 * residency, offer and reclaim, properties, priorities; and the budget they all
 * count against.
 */
#include "sequence.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "harness.h"

#define RESIDENT_GPU	_D3DKMT_ALLOCATIONRESIDENCYSTATUS_RESIDENTINGPUMEMORY
#define RESIDENT_SHARED	_D3DKMT_ALLOCATIONRESIDENCYSTATUS_RESIDENTINSHAREDMEMORY
#define NOT_RESIDENT	_D3DKMT_ALLOCATIONRESIDENCYSTATUS_NOTRESIDENT

/* Nothing is mapped there. */
#define NOWHERE		((void *)16)

/* Calls --------------------------------------------------------------------- */

static int query(const struct sequence *s, __u32 resource, const __u32 *list,
		 __u32 count, __u32 *status)
{
	struct d3dkmt_queryallocationresidency args = {
		.device = dxg_handle(s->device),
		.resource = dxg_handle(resource),
		.allocations = dxg_ptr(list),
		.allocation_count = count,
		.residency_status = dxg_ptr(status),
	};

	return dxg_ioctl(s->fd, LX_DXQUERYALLOCATIONRESIDENCY, &args);
}

static __u32 residency(const struct sequence *s, __u32 allocation)
{
	__u32 status = 0;

	equal(query(s, 0, &allocation, 1, &status), 0);
	return status;
}

static int offer(const struct sequence *s, const __u32 *resources,
		 const __u32 *allocations, __u32 count, __u32 priority,
		 __u32 flags)
{
	struct d3dkmt_offerallocations args = {
		.device = dxg_handle(s->device),
		.reserved = 0xeeeeeeee,
		.resources = dxg_ptr(resources),
		.allocations = dxg_ptr(allocations),
		.allocation_count = count,
		.priority = priority,
		.flags.value = flags,
		.reserved1 = 0xeeeeeeee,
	};

	return dxg_ioctl(s->fd, LX_DXOFFERALLOCATIONS, &args);
}

static int reclaim(const struct sequence *s, const __u32 *resources,
		   const __u32 *allocations, __u32 count, __u32 *results,
		   __u64 *value)
{
	struct d3dkmt_reclaimallocations2 args = {
		.paging_queue = dxg_handle(s->paging.queue),
		.allocation_count = count,
		.resources = dxg_ptr(resources),
		.allocations = dxg_ptr(allocations),
		.results = dxg_ptr(results),
		.paging_fence_value = *value,
	};
	int ret = dxg_ioctl(s->fd, LX_DXRECLAIMALLOCATIONS2, &args);

	*value = args.paging_fence_value;
	return ret;
}

/* Both have the same layout. */
static int priorities(const struct sequence *s, unsigned long request,
		      __u32 resource, const __u32 *list, __u32 count,
		      __u32 *values)
{
	struct d3dkmt_setallocationpriority args = {
		.device = dxg_handle(s->device),
		.resource = dxg_handle(resource),
		.allocation_list = dxg_ptr(list),
		.allocation_count = count,
		.reserved = 0xeeeeeeee,
		.priorities = dxg_ptr(values),
	};

	return dxg_ioctl(s->fd, request, &args);
}

static __u64 usage(const struct sequence *s)
{
	struct d3dkmt_queryvideomemoryinfo info;

	equal(dxg_query_video_memory(s->fd, s->adapter, 0, &info), 0);
	return info.current_usage;
}

/* Residency ------------------------------------------------------------------ */

static void queried(unsigned long n)
{
	struct sequence s;
	__u32 list[3], status[4] = { 0, 0, 0, 0xeeeeeeee };
	__u64 trim;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	list[0] = s.local.handle;
	list[1] = s.heap.handle;
	list[2] = s.sysmem.handle;
	equal(query(&s, 0, list, 3, status), 0);
	equal(status[0], RESIDENT_GPU);
	equal(status[1], RESIDENT_SHARED);
	equal(status[2], NOT_RESIDENT);
	equal(status[3], 0xeeeeeeee);
	equal(query(&s, s.local.resource, NULL, 0, status), 0);
	equal(status[0], RESIDENT_GPU);
	equal(status[1], RESIDENT_SHARED);
	equal(dxg_evict(s.fd, s.device, list, 1, &trim), 0);
	equal(residency(&s, s.local.handle), NOT_RESIDENT);
	equal(query(&s, s.local.resource, NULL, 0, status), 0);
	equal(status[0], NOT_RESIDENT);
}

/* PI-02: what fits into a message, and not one more. */
static void query_limits(unsigned long n)
{
	static __u32 list[32755], status[32755];
	struct sequence s;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	for (i = 0; i < ARRAY_SIZE(list); i++)
		list[i] = s.local.handle;
	host("mark");
	equal(query(&s, 0, list, 32750, status), 0);
	equal(status[32749], RESIDENT_GPU);
	equal(status[32750], 0);
	equal(query(&s, 0, list, 32751, status), -EINVAL);
	equal(query(&s, 0, list, 131072, status), -EINVAL);
	equal(query(&s, 0, list, 0x40000001, status), -EINVAL);
	equal(query(&s, 0, list, 0xffffffff, status), -EINVAL);
	equal(host_count("QUERYALLOCATIONRESIDENCY"), 1);
	equal(priorities(&s, LX_DXSETALLOCATIONPRIORITY, 0, list, 16377,
			 status), 0);
	equal(priorities(&s, LX_DXSETALLOCATIONPRIORITY, 0, list, 16378,
			 status), -EINVAL);
	equal(priorities(&s, LX_DXGETALLOCATIONPRIORITY, 0, list, 32754,
			 status), 0);
	equal(priorities(&s, LX_DXGETALLOCATIONPRIORITY, 0, list, 32755,
			 status), -EINVAL);
	equal(host_count("SETALLOCATIONPRIORITY"), 1);
	equal(host_count("GETALLOCATIONPRIORITY"), 1);
}

/* Refusals and the order of checks; none sends anything. */
static void refusals(unsigned long n)
{
	static __u32 list[10241], out[2];
	struct sequence s, other;
	__u64 value = 0xee;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	list[0] = s.local.handle;
	other = s;
	other.device = s.context;
	other.paging.queue = s.device;
	host("mark");
	/* list or resource, not both and not none: before the device */
	equal(query(&other, 0, list, 0, out), -EINVAL);
	equal(query(&other, s.local.resource, list, 1, out), -EINVAL);
	equal(query(&other, 0, list, 1, out), -EINVAL);
	equal(query(&s, 0, NOWHERE, 1, out), -EFAULT);

	equal(offer(&s, NULL, list, 0, 1, 0), -EINVAL);
	equal(offer(&s, NULL, list, 10241, 1, 0), -EINVAL);
	equal(offer(&s, NULL, NULL, 1, 1, 0), -EINVAL);
	equal(offer(&s, list, list, 1, 1, 0), -EINVAL);
	equal(offer(&other, NULL, list, 1, 1, 0), -EINVAL);
	equal(offer(&s, NULL, NOWHERE, 1, 1, 0), -EFAULT);
	equal(offer(&s, NOWHERE, NULL, 10240, 1, 0), -EFAULT);

	equal(reclaim(&s, NULL, list, 0, out, &value), -EINVAL);
	equal(reclaim(&s, NULL, list, 10241, out, &value), -EINVAL);
	equal(reclaim(&s, NULL, NULL, 1, out, &value), -EINVAL);
	equal(reclaim(&s, list, list, 1, out, &value), -EINVAL);
	equal(reclaim(&other, NULL, list, 1, out, &value), -EINVAL);
	equal(reclaim(&s, NULL, NOWHERE, 1, out, &value), -EFAULT);
	equal(value, 0xee);

	equal(priorities(&s, LX_DXSETALLOCATIONPRIORITY, 0, list, 0, out),
	      -EINVAL);
	equal(priorities(&s, LX_DXSETALLOCATIONPRIORITY, s.local.resource,
			 list, 1, out), -EINVAL);
	equal(priorities(&other, LX_DXSETALLOCATIONPRIORITY, 0, list, 1, out),
	      -EINVAL);
	equal(priorities(&s, LX_DXSETALLOCATIONPRIORITY, 0, NOWHERE, 1, out),
	      -EFAULT);
	equal(priorities(&s, LX_DXSETALLOCATIONPRIORITY, 0, list, 1, NOWHERE),
	      -EFAULT);
	equal(priorities(&s, LX_DXSETALLOCATIONPRIORITY, s.local.resource,
			 NULL, 0, NULL), -EFAULT);
	equal(priorities(&s, LX_DXGETALLOCATIONPRIORITY, 0, list, 0, out),
	      -EINVAL);
	equal(priorities(&s, LX_DXGETALLOCATIONPRIORITY, s.local.resource,
			 list, 1, out), -EINVAL);
	equal(priorities(&other, LX_DXGETALLOCATIONPRIORITY, 0, list, 1, out),
	      -EINVAL);
	equal(priorities(&s, LX_DXGETALLOCATIONPRIORITY, 0, NOWHERE, 1, out),
	      -EFAULT);
	equal(host_count("QUERYALLOCATIONRESIDENCY"), 0);
	equal(host_count("OFFERALLOCATIONS"), 0);
	equal(host_count("RECLAIMALLOCATIONS"), 0);
	equal(host_count("SETALLOCATIONPRIORITY"), 0);
	equal(host_count("GETALLOCATIONPRIORITY"), 0);

	/* results that cannot be stored: asked, and then -EFAULT */
	equal(query(&s, 0, list, 1, NOWHERE), -EFAULT);
	equal(priorities(&s, LX_DXGETALLOCATIONPRIORITY, 0, list, 1, NOWHERE),
	      -EFAULT);
	equal(reclaim(&s, NULL, list, 1, NOWHERE, &value), -EFAULT);
}

/* Handles are the host's affair: its own errno comes back. */
static void unknown_allocations(unsigned long n)
{
	const __u32 bad = 0x40000000 | 0x3ffff << 6;
	struct sequence s;
	__u64 value = 0;
	__u32 out;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	equal(query(&s, 0, &bad, 1, &out), -EBADF);
	equal(query(&s, bad, NULL, 0, &out), -EBADF);
	equal(offer(&s, NULL, &bad, 1, 1, 0), -EBADF);
	equal(offer(&s, &bad, NULL, 1, 1, 0), -EBADF);
	equal(reclaim(&s, NULL, &bad, 1, &out, &value), -EBADF);
	equal(priorities(&s, LX_DXSETALLOCATIONPRIORITY, 0, &bad, 1, &out),
	      -EBADF);
	equal(priorities(&s, LX_DXGETALLOCATIONPRIORITY, bad, NULL, 0, &out),
	      -EBADF);
}

/* Offer and reclaim ---------------------------------------------------------- */

/* PI-26, P76: with and without results it is pending. */
static void reclaimed_intact(unsigned long n)
{
	struct sequence s;
	__u32 list[2], results[3] = { 0xee, 0xee, 0xee };
	__u64 value = 0, last;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	list[0] = s.local.handle;
	list[1] = s.heap.handle;
	equal(offer(&s, NULL, list, 2, _D3DKMT_OFFER_PRIORITY_LOW, 0), 0);
	equal(reclaim(&s, NULL, list, 2, results, &value), DXG_STATUS_PENDING);
	check(value > s.paging_value);
	equal(results[0], _D3DDDI_RECLAIM_RESULT_OK);
	equal(results[1], _D3DDDI_RECLAIM_RESULT_OK);
	equal(results[2], 0xee);
	sequence_paging_wait(&s, value);
	last = value;
	equal(offer(&s, &s.local.resource, NULL, 1,
		    _D3DKMT_OFFER_PRIORITY_AUTO, 1), 0);
	equal(reclaim(&s, &s.local.resource, NULL, 1, NULL, &value),
	      DXG_STATUS_PENDING);
	check(value > last);
	sequence_paging_wait(&s, value);
	equal(residency(&s, s.local.handle), RESIDENT_GPU);
}

static void lock_and_fill(struct sequence *s, unsigned char byte)
{
	void *view;

	equal(dxg_lock(s->fd, s->device, s->local.handle, &view), 0);
	memset(view, byte, LOCAL_SIZE);
	equal(dxg_unlock(s->fd, s->device, s->local.handle), 0);
}

static unsigned char lock_and_look(struct sequence *s)
{
	unsigned char byte;
	void *view;

	equal(dxg_lock(s->fd, s->device, s->local.handle, &view), 0);
	byte = *(unsigned char *)view;
	equal(dxg_unlock(s->fd, s->device, s->local.handle), 0);
	return byte;
}

/* The budget has room for one of two: what was offered goes. */
static void discarded(unsigned long allow_decommit)
{
	struct dxg_allocation other;
	__u64 value = 0, trim = 0;
	struct sequence s;
	__u32 result = 0xee;

	sequence_until(&s, ROW_WAIT_PAGING);
	lock_and_fill(&s, 0x5a);
	equal(usage(&s), LOCAL_SIZE);
	equal(dxg_create_local(s.fd, s.device, LOCAL_SIZE, 0, &other), 0);
	equal(dxg_make_resident(s.fd, s.paging.queue, &other.handle, 1,
				DXG_RESIDENT_CANT_TRIM, &value, &trim),
	      -ENOMEM);
	equal(trim, MIB);
	equal(offer(&s, NULL, &s.local.handle, 1,
		    _D3DKMT_OFFER_PRIORITY_NORMAL, allow_decommit ? 2 : 0), 0);
	equal(residency(&s, s.local.handle), RESIDENT_GPU);
	equal(dxg_make_resident(s.fd, s.paging.queue, &other.handle, 1,
				DXG_RESIDENT_CANT_TRIM, &value, &trim),
	      DXG_STATUS_PENDING);
	sequence_paging_wait(&s, value);
	equal(usage(&s), LOCAL_SIZE);
	equal(residency(&s, s.local.handle), NOT_RESIDENT);
	equal(dxg_evict(s.fd, s.device, &other.handle, 1, &trim), 0);

	equal(reclaim(&s, NULL, &s.local.handle, 1, &result, &value),
	      DXG_STATUS_PENDING);
	equal(result, allow_decommit ? _D3DDDI_RECLAIM_RESULT_NOT_COMMITTED :
				       _D3DDDI_RECLAIM_RESULT_DISCARDED);
	sequence_paging_wait(&s, value);
	equal(residency(&s, s.local.handle), RESIDENT_GPU);
	equal(lock_and_look(&s), 0);
	lock_and_fill(&s, 0xa5);
	equal(lock_and_look(&s), 0xa5);
}

/* Properties ------------------------------------------------------------------ */

static int update(const struct sequence *s,
		  struct d3dddi_updateallocproperty *args)
{
	return dxg_ioctl(s->fd, LX_DXUPDATEALLOCPROPERTY, args);
}

static void property(unsigned long n)
{
	struct d3dddi_updateallocproperty args = {
		.supported_segment_set = 3,
		.preferred_segment.value = 1,
		.set_preferred_segment = 1,
	};
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	args.paging_queue.v = s.paging.queue;
	args.allocation.v = s.local.handle;
	equal(update(&s, &args), DXG_STATUS_PENDING);
	check(args.paging_fence_value > s.paging_value);
	sequence_paging_wait(&s, args.paging_fence_value);
	equal(args.property_mask_value, 4);
	args.paging_fence_value = 0xee;
	args.allocation.v = s.device;
	equal(update(&s, &args), -EBADF);
	equal(args.paging_fence_value, 0xee);
	/* only a pending operation has a value to wait for */
	args.allocation.v = s.local.handle;
	host("status UPDATEALLOCATIONPROPERTY 0");
	equal(update(&s, &args), 0);
	equal(args.paging_fence_value, 0xee);
	args.paging_queue.v = s.device;
	equal(update(&s, &args), -EINVAL);
}

static void allocation_priorities(unsigned long n)
{
	__u32 list[2], values[3] = { 0x28000000, 0xc8000000, 0xee };
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	list[0] = s.local.handle;
	list[1] = s.heap.handle;
	equal(priorities(&s, LX_DXSETALLOCATIONPRIORITY, 0, list, 2, values),
	      0);
	values[0] = 0;
	values[1] = 0;
	equal(priorities(&s, LX_DXGETALLOCATIONPRIORITY, 0, list, 2, values),
	      0);
	equal(values[0], 0x28000000);
	equal(values[1], 0xc8000000);
	equal(values[2], 0xee);
	values[0] = 0xa0000000;
	equal(priorities(&s, LX_DXSETALLOCATIONPRIORITY, s.local.resource,
			 NULL, 0, values), 0);
	values[0] = 0;
	equal(priorities(&s, LX_DXGETALLOCATIONPRIORITY, s.local.resource,
			 NULL, 0, values), 0);
	equal(values[0], 0xa0000000);
	equal(values[1], 0xc8000000);
}

/* More than the short form of an answer holds. */
static void many_priorities(unsigned long n)
{
	__u32 list[300], values[ARRAY_SIZE(list)], kept[ARRAY_SIZE(list) + 1];
	struct dxg_allocation allocation;
	struct sequence s;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	for (i = 0; i < ARRAY_SIZE(list); i++) {
		equal(dxg_create_local(s.fd, s.device, PAGE, 0, &allocation),
		      0);
		list[i] = allocation.handle;
		values[i] = 0x28000000 + i;
	}
	equal(priorities(&s, LX_DXSETALLOCATIONPRIORITY, 0, list,
			 ARRAY_SIZE(list), values), 0);
	memset(kept, 0xee, sizeof(kept));
	equal(priorities(&s, LX_DXGETALLOCATIONPRIORITY, 0, list,
			 ARRAY_SIZE(list), kept), 0);
	equal(memcmp(kept, values, sizeof(values)), 0);
	equal(kept[ARRAY_SIZE(list)], 0xeeeeeeee);
}

static const struct test tests[] = {
	{ "residency of allocations and of a resource is told", queried, 0,
	  NULL, false },
	{ "lists end where messages do", query_limits, 0, NULL, false },
	{ "wrong counts, handles and pointers are refused unsent", refusals, 0,
	  NULL, false },
	{ "unknown allocations are refused by the host", unknown_allocations,
	  0, NULL, false },
	{ "offered allocations come back as they were", reclaimed_intact, 0,
	  NULL, false },
	{ "offered allocations give way and come back empty", discarded, 0,
	  "--adapter render,budget=3M", false },
	{ "offered allocations give way, address space included", discarded, 1,
	  "--adapter render,budget=3M", false },
	{ "properties take a paging operation", property, 0, NULL, false },
	{ "priorities of allocations and of a resource are kept",
	  allocation_priorities, 0, NULL, false },
	{ "priorities of many allocations are kept", many_priorities, 0, NULL,
	  false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
