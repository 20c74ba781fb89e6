// SPDX-License-Identifier: GPL-2.0
/*
 * What the host sees, how often and in which order: submissions as they were
 * made, few messages for the end of many objects, and undoing that hides no
 * error.
 */
#include "sequence.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gpu_commands.h"
#include "harness.h"

/* Where nothing else of the heap is used. */
#define END_OFFSET	(HEAP_SIZE - 2 * PAGE)
#define ALLOCATIONS	2500u
#define RESOURCES	150u
/* Messages of one device's end that may be under way together. */
#define WINDOW		64u
#define SUBMISSIONS	500u
#define ACCESS_DENIED	0xc0000022u

/* The end of many objects ----------------------------------------------------- */

static void new_allocations(struct sequence *s)
{
	struct dxg_allocation allocation;
	unsigned int i;

	sequence_until(s, ROW_DEVICE);
	for (i = 0; i < ALLOCATIONS; i++)
		equal(dxg_create_local(s->fd, s->device, PAGE, 0, &allocation),
		      0);
	host("mark");
}

/* P104: 1024 allocations to a message, whoever ends them. */
static void few_messages(unsigned long n)
{
	struct sequence s;

	new_allocations(&s);
	if (n) {
		equal(dxg_destroy_device(s.fd, s.device), 0);
	} else {
		equal(dxg_close(s.fd), 0);
		host("wait-idle");
	}
	host("settle");
	equal(host_count("DESTROYALLOCATION"), 3);
	equal(host_count("DESTROYDEVICE"), 1);
	equal(host_count("FLUSHDEVICE"), !n);
}

/* P104: the messages of many allocations are under way together. */
static void together(unsigned long n)
{
	struct sequence s;

	(void)n;
	new_allocations(&s);
	host("hold DESTROYALLOCATION 3");
	equal(dxg_close(s.fd), 0);
	/* none is answered, and all are there */
	host("wait DESTROYALLOCATION 3");
	equal(host_count("DESTROYDEVICE"), 0);
	host("release DESTROYALLOCATION");
	host("wait-idle");
	equal(host_count("DESTROYDEVICE"), 1);
}

/* P104: but no more than so many, however many objects there are. */
static void in_windows(unsigned long n)
{
	struct dxg_allocation allocation;
	struct sequence s;
	unsigned int i;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	for (i = 0; i < RESOURCES; i++)
		equal(dxg_create_local(s.fd, s.device, PAGE,
				       DXG_ALLOC_CREATE_RESOURCE, &allocation),
		      0);
	host("mark");
	host("hold DESTROYALLOCATION");
	equal(dxg_close(s.fd), 0);
	host("wait-held DESTROYALLOCATION %u", WINDOW);
	equal(host_count("DESTROYALLOCATION"), WINDOW);
	equal(host_count("DESTROYDEVICE"), 0);
	host("release DESTROYALLOCATION");
	host("wait-idle");
	equal(host_count("DESTROYALLOCATION"), RESOURCES);
	equal(host_count("DESTROYDEVICE"), 1);
}

/* An undo goes on the adapter's channel, the end of a process does not. */
static void undo_first(unsigned long lost)
{
	struct d3dkmt_createdevice *args = mmap(NULL, PAGE,
						PROT_READ | PROT_WRITE,
						MAP_PRIVATE | MAP_ANONYMOUS,
						-1, 0);
	struct sequence s;

	check(args != MAP_FAILED);
	sequence_until(&s, ROW_ADAPTER);
	args->adapter.v = s.adapter;
	host("mark");
	host("hold DESTROYDEVICE 1");
	equal(mprotect(args, PAGE, PROT_READ), 0);
	equal(dxg_ioctl(s.fd, LX_DXCREATEDEVICE, args), -EFAULT);
	host("wait-held DESTROYDEVICE");
	/* gives the host a while, and leaves the rest to the driver */
	equal(dxg_close(s.fd), 0);
	host("settle");
	equal(host_count("DESTROYPROCESS"), 0);
	if (lost)
		host("rescind 0");
	else
		host("release DESTROYDEVICE");
	host("wait DESTROYPROCESS 1");
}

/* Work ------------------------------------------------------------------------- */

struct submitter {
	struct sequence *s;
	pthread_t thread;
	__u32 context;
};

/* The host counts a number that is not larger than the last as a mistake. */
static void *submit_numbered(void *arg)
{
	struct submitter *submitter = arg;
	struct sequence *s = submitter->s;
	struct mock_submit_data data = { .magic = MOCK_SUBMIT_MAGIC };
	__u64 i;

	for (i = 1; i <= SUBMISSIONS; i++) {
		data.sequence = i;
		equal(dxg_submit(s->fd, submitter->context,
				 s->heap_va + END_OFFSET,
				 sizeof(struct gpu_cmd_header), &data,
				 sizeof(data)), 0);
	}
	return NULL;
}

/* P89: each context's work comes in the order of its calls. */
static void numbered(unsigned long n)
{
	const struct gpu_cmd_header end = { GPU_CMD_END, sizeof(end) };
	struct submitter submitters[4];
	struct sequence s;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_WAIT_PAGING);
	memcpy(s.user + END_OFFSET, &end, sizeof(end));
	host("mark");
	for (i = 0; i < ARRAY_SIZE(submitters); i++) {
		submitters[i].s = &s;
		equal(dxg_create_context(s.fd, s.device, MOCK_GPU_NODE_3D, 0,
					 NULL, 0, &submitters[i].context), 0);
		equal(pthread_create(&submitters[i].thread, NULL,
				     submit_numbered, &submitters[i]), 0);
	}
	for (i = 0; i < ARRAY_SIZE(submitters); i++)
		equal(pthread_join(submitters[i].thread, NULL), 0);
	host("wait SUBMITCOMMAND %u",
	     SUBMISSIONS * (unsigned int)ARRAY_SIZE(submitters));
	host("settle");
}

/* Errors ------------------------------------------------------------------------- */

/* P78: the undoing may fail or not; the caller hears what went wrong first. */
static void first_error(unsigned long n)
{
	struct dxg_paging_queue queue;
	struct dxg_fence fence;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	host("field CREATESYNCOBJECT 16 0100000000000000");
	host("status DESTROYSYNCOBJECT %#x", ACCESS_DENIED);
	equal(dxg_create_monitored_fence(s.fd, s.device, 0, 0, &fence),
	      -ENOMEM);
	host("field CREATEPAGINGQUEUE 8 0100000000000000");
	equal(dxg_create_paging_queue(s.fd, s.device, &queue), -ENOMEM);
	equal(dxg_create_paging_queue(s.fd, s.device, &queue), 0);
}

static const struct test tests[] = {
	{ "allocations end in few messages, with the process", few_messages, 0,
	  NULL, false },
	{ "allocations end in few messages, with the device", few_messages, 1,
	  NULL, false },
	{ "messages of the end wait together", together, 0, NULL, false },
	{ "messages of the end wait together, but not all", in_windows, 0,
	  NULL, false },
	{ "an undo ends before its process does", undo_first, 0, NULL, false },
	{ "an undo that nobody answers ends with its channel", undo_first, 1,
	  NULL, true },
	{ "work arrives as it was submitted", numbered, 0, NULL, false },
	{ "work arrives as it was submitted, asynchronous messages", numbered,
	  0, "--async", false },
	{ "the first error is the result", first_error, 0, NULL, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
