// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of the process that the GPU reads and writes: which pages the host
 * gets, that parent and GPU stay on the same ones after a fork, and that they
 * are pinned exactly as long as the host may use them. All of it with page
 * lists and with GPADLs.
 */
#include "sequence.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "gpu_commands.h"
#include "harness.h"

#define GPADL_HOST	"--adapter render,no-map-guest-memory"

/* Pages that fit into one page list message, and into one GPADL. */
#define LIST_PAGES	15867ul
#define GPADL_PAGES	8190ul

static unsigned char *memory(unsigned long size)
{
	unsigned char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	check(p != MAP_FAILED);
	return p;
}

/* Queues and command memory, without allocations of the sequence itself. */
static void set_up(struct sequence *s)
{
	sequence_until(s, ROW_WAIT_PAGING);
}

/* Map an allocation over @pages pages and wait until the GPU may use it. */
static __u64 map_allocation(struct sequence *s, __u32 handle,
			    unsigned long pages)
{
	const struct dxg_va_range range = {
		.minimum = VA_MINIMUM,
		.maximum = VA_MAXIMUM,
	};
	__u64 va = 0, mapped = 0, resident = 0, trim;

	check(dxg_map_gpu_va(s->fd, s->paging.queue, &range, handle, 0, pages,
			     DXG_PROTECT_WRITE, &va, &mapped) >= 0);
	check(dxg_make_resident(s->fd, s->paging.queue, &handle, 1,
				DXG_RESIDENT_CANT_TRIM, &resident, &trim) >= 0);
	sequence_paging_wait(s, mapped > resident ? mapped : resident);
	return va;
}

/* One command, placed at the end of the sequence's own heap; waits for it. */
static void run_command(struct sequence *s, const void *command, __u32 length)
{
	static __u64 number;

	memcpy(s->user + HEAP_SIZE - 256, command, length);
	number++;
	equal(dxg_submit_hw_queue(s->fd, s->queue.queue, number,
				  s->heap_va + HEAP_SIZE - 256, length, NULL,
				  0), 0);
	equal(dxg_wait(s->fd, s->device, s->queue.progress, number), 0);
}

static void gpu_fill(struct sequence *s, __u64 va, __u64 words, __u32 value)
{
	const struct gpu_cmd_fill32 fill = {
		.hdr = { GPU_CMD_FILL32, sizeof(fill) },
		.dst = va,
		.count = words,
		.value = value,
	};

	run_command(s, &fill, sizeof(fill));
}

static void gpu_copy(struct sequence *s, __u64 to, __u64 from, __u64 bytes)
{
	const struct gpu_cmd_copy copy = {
		.hdr = { GPU_CMD_COPY, sizeof(copy) },
		.dst = to,
		.src = from,
		.bytes = bytes,
	};

	run_command(s, &copy, sizeof(copy));
}

/* Each page holds its own number, so that a mix-up of the list shows. */
static void check_every_page(unsigned long pages, bool by_gpadl)
{
	unsigned long i, messages = (pages + LIST_PAGES - 1) / LIST_PAGES;
	struct dxg_allocation heap;
	struct sequence s;
	unsigned char *p;
	__u64 va;

	set_up(&s);
	p = memory((pages + 1) * PAGE);
	/* a list may begin inside a page of the guest */
	if (!by_gpadl)
		p += PAGE;
	for (i = 0; i < pages; i++)
		*(__u64 *)(p + i * PAGE) = i;
	host("mark");
	equal(dxg_create_heap(s.fd, s.device, p, pages * PAGE, 0, &heap), 0);
	equal(host_count("SETEXISTINGSYSMEMPAGES"), by_gpadl ? 0 : messages);
	equal(host_count("SETEXISTINGSYSMEMSTORE"), by_gpadl);
	va = map_allocation(&s, heap.handle, pages);
	/* the GPU swaps the first and the last page by way of local memory */
	gpu_copy(&s, s.va, va, PAGE);
	gpu_copy(&s, s.va + PAGE, va + (pages - 1) * PAGE, PAGE);
	gpu_copy(&s, va, s.va + PAGE, PAGE);
	gpu_copy(&s, va + (pages - 1) * PAGE, s.va, PAGE);
	if (pages == 1)
		equal(*(__u64 *)p, 0);
	for (i = 1; i + 1 < pages; i++)
		equal(*(__u64 *)(p + i * PAGE), i);
	equal(*(__u64 *)p, pages - 1);
	equal(*(__u64 *)(p + (pages - 1) * PAGE), 0);
	/* the middle, seen from the other side */
	gpu_copy(&s, s.va, va + pages / 2 * PAGE, PAGE);
	gpu_fill(&s, va + pages / 2 * PAGE, PAGE / 4, 0x12345678);
	equal(*(__u32 *)(p + pages / 2 * PAGE + PAGE - 4), 0x12345678);
	equal(dxg_destroy_allocations(s.fd, s.device, &heap.handle, 1), 0);
}

/* P85, P103 */
static void every_page_list(unsigned long pages)
{
	check_every_page(pages, false);
}

/* A GPADL is made of the guest's pages: no more than @pages of the host's. */
static void every_page_gpadl(unsigned long pages)
{
	unsigned long grain = guest_page() / PAGE;

	check_every_page(pages > grain ? pages / grain * grain : grain, true);
}

/* P79: nothing is left of it. */
static void too_many_pages(unsigned long pages)
{
	struct dxg_allocation heap;
	unsigned long long before;
	struct sequence s;

	set_up(&s);
	before = pinned();
	equal(dxg_create_heap(s.fd, s.device, memory(pages * PAGE),
			      pages * PAGE, 0, &heap), -ENOMEM);
	host("settle");
	equal(pinned(), before);
	equal(host_number("allocations", "alive"), 3);
}

/* What else lies in a page of the guest stays the process's own. */
static void part_of_page(unsigned long n)
{
	struct dxg_allocation heap;
	unsigned long long before;
	struct sequence s;
	unsigned char *p;

	(void)n;
	set_up(&s);
	before = pinned();
	p = memory(2 * guest_page());
	equal(dxg_create_heap(s.fd, s.device, p, 2 * guest_page(), 0, &heap),
	      0);
	equal(dxg_destroy_allocations(s.fd, s.device, &heap.handle, 1), 0);
	if (guest_page() > PAGE) {
		equal(dxg_create_heap(s.fd, s.device, p, PAGE, 0, &heap),
		      -ENOMEM);
		equal(dxg_create_heap(s.fd, s.device, p + PAGE, guest_page(),
				      0, &heap), -ENOMEM);
	}
	host("settle");
	equal(pinned(), before);
	equal(host_number("allocations", "alive"), 3);
}

/* P14: the whole range or nothing. */
static void holes(unsigned long n)
{
	struct dxg_allocation heap;
	unsigned long long before;
	struct sequence s;
	unsigned char *p;

	(void)n;
	set_up(&s);
	before = pinned();
	p = memory(16 * guest_page());
	equal(munmap(p + 8 * guest_page(), guest_page()), 0);
	equal(dxg_create_heap(s.fd, s.device, p, 16 * guest_page(), 0, &heap),
	      -ENOMEM);
	equal(dxg_create_sysmem(s.fd, s.device, p, 16 * guest_page(), 0,
				&heap), -ENOMEM);
	equal(dxg_create_heap(s.fd, s.device, p + 1, PAGE, 0, &heap), -EINVAL);
	equal(dxg_create_sysmem(s.fd, s.device, p + 512, PAGE, 0, &heap),
	      -EINVAL);
	host("settle");
	equal(pinned(), before);
	equal(host_number("allocations", "alive"), 3);
	equal(dxg_create_heap(s.fd, s.device, p, 8 * guest_page(), 0, &heap),
	      0);
}

/* P14: pages that nobody may write are for read-only allocations. */
static void read_only_memory(unsigned long n)
{
	struct dxg_allocation heap;
	struct sequence s;
	unsigned char *p;
	__u64 va;

	(void)n;
	set_up(&s);
	p = memory(guest_page());
	memset(p, 0x5a, PAGE);
	equal(mprotect(p, PAGE, PROT_READ), 0);
	equal(dxg_create_heap(s.fd, s.device, p, guest_page(), 0, &heap),
	      -ENOMEM);
	equal(dxg_create_heap(s.fd, s.device, p, guest_page(),
			      DXG_ALLOC_READ_ONLY, &heap), 0);
	va = map_allocation(&s, heap.handle, 1);
	gpu_copy(&s, s.va, va, PAGE);
	gpu_copy(&s, s.heap_va, s.va, PAGE);
	equal(s.user[0], 0x5a);
	equal(s.user[PAGE - 1], 0x5a);
}

static void exit_at_once(unsigned long n)
{
	(void)n;
}

/* P14: whoever writes after a fork, parent and GPU share the page. */
static void coherent_after_fork(unsigned long n)
{
	struct dxg_allocation heap;
	struct sequence s;
	unsigned char *p;
	pid_t pid;
	__u64 va;

	(void)n;
	set_up(&s);
	p = memory(2 * guest_page());
	memset(p, 1, 2 * PAGE);
	equal(dxg_create_heap(s.fd, s.device, p, 2 * guest_page(), 0, &heap),
	      0);
	va = map_allocation(&s, heap.handle, 2);
	pid = spawn(exit_at_once, 0);
	memset(p, 2, PAGE);
	gpu_copy(&s, s.va, va, PAGE);
	gpu_fill(&s, va + PAGE, PAGE / 4, 0x03030303);
	gpu_copy(&s, s.heap_va, s.va, PAGE);
	equal(s.user[0], 2);
	equal(p[PAGE], 3);
	reap_ok(pid);
	gpu_fill(&s, va, PAGE / 4, 0x04040404);
	equal(p[0], 4);
}

/* P14: the GPU's data reaches the file behind a shared mapping. */
static void file_backed(unsigned long n)
{
	int file = open("/tmp/e2e-file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	struct dxg_allocation heap;
	struct sequence s;
	unsigned char *p;
	__u32 word = 0;
	__u64 va;

	(void)n;
	set_up(&s);
	equal(ftruncate(file, guest_page()), 0);
	p = mmap(NULL, guest_page(), PROT_READ | PROT_WRITE, MAP_SHARED, file,
		 0);
	check(p != MAP_FAILED);
	equal(dxg_create_heap(s.fd, s.device, p, guest_page(), 0, &heap), 0);
	va = map_allocation(&s, heap.handle, 1);
	munmap(p, guest_page());
	gpu_fill(&s, va, PAGE / 4, 0xcafe);
	equal(dxg_destroy_allocations(s.fd, s.device, &heap.handle, 1), 0);
	equal(pread(file, &word, sizeof(word), PAGE - 4), sizeof(word));
	equal(word, 0xcafe);
	unlink("/tmp/e2e-file");
}

/**
 * struct destroyer - a thread in DestroyAllocation2
 * @s: sequence
 * @handle: allocation
 * @result: of the call
 */
struct destroyer {
	struct sequence *s;
	__u32 handle;
	int result;
};

static void *destroy_thread(void *arg)
{
	struct destroyer *d = arg;

	d->result = dxg_destroy_allocations(d->s->fd, d->s->device, &d->handle,
					    1);
	return NULL;
}

/* P15: pins go when the host has confirmed, not before. */
static void pinned_until_confirmed(unsigned long n)
{
	unsigned long long before;
	struct dxg_allocation heap;
	struct destroyer d;
	struct sequence s;
	pthread_t thread;

	(void)n;
	set_up(&s);
	before = pinned();
	equal(dxg_create_heap(s.fd, s.device, memory(64 * PAGE), 64 * PAGE, 0,
			      &heap), 0);
	equal(pinned() - before, 64 * PAGE / guest_page());
	d = (struct destroyer){ .s = &s, .handle = heap.handle };
	host("hold DESTROYALLOCATION 1");
	equal(pthread_create(&thread, NULL, destroy_thread, &d), 0);
	host("wait-held DESTROYALLOCATION");
	equal(pinned() - before, 64 * PAGE / guest_page());
	host("release DESTROYALLOCATION");
	equal(pthread_join(thread, NULL), 0);
	equal(d.result, 0);
	equal(pinned(), before);
}

/* P15: a refused destroy confirms nothing; the end of the device does. */
static void pinned_after_refusal(unsigned long n)
{
	unsigned long long before;
	struct dxg_allocation heap;
	struct sequence s;

	(void)n;
	set_up(&s);
	before = pinned();
	equal(dxg_create_heap(s.fd, s.device, memory(64 * PAGE), 64 * PAGE, 0,
			      &heap), 0);
	host("refuse DESTROYALLOCATION 0xc01e0102");
	equal(dxg_destroy_allocations(s.fd, s.device, &heap.handle, 1),
	      -EINPROGRESS);
	equal(pinned() - before, 64 * PAGE / guest_page());
	equal(dxg_destroy_device(s.fd, s.device), 0);
	/* the pages of the sequence's own two heaps are gone with it */
	equal(before - pinned(), 2 * HEAP_SIZE / guest_page());
}

static unsigned long long pins_expected;

static bool as_many_pins(unsigned long n)
{
	(void)n;
	return pinned() == pins_expected;
}

static void make_and_hang(unsigned long n)
{
	struct dxg_allocation heap;
	struct sequence s;

	(void)n;
	set_up(&s);
	equal(dxg_create_heap(s.fd, s.device, memory(64 * PAGE), 64 * PAGE, 0,
			      &heap), 0);
	host("hold DESTROYALLOCATION 1");
	dxg_destroy_allocations(s.fd, s.device, &heap.handle, 1);
}

/* P15: nor does the death of who asked. */
static void pinned_after_kill(unsigned long n)
{
	unsigned long long before = pinned();
	pid_t pid;

	(void)n;
	pid = spawn(make_and_hang, 0);
	host("wait-held DESTROYALLOCATION 1 60");
	host("hold DESTROYDEVICE 1");
	kill_and_reap(pid);
	check(pinned() - before >= 64 * PAGE / guest_page());
	host("release DESTROYALLOCATION");
	host("release DESTROYDEVICE");
	pins_expected = before;
	wait_for(as_many_pins, 0, "all pages released");
}

/* P61: accounted while pinned. */
static void accounted(unsigned long n)
{
	struct dxg_allocation heap;
	struct sequence s;
	char line[256];
	long kilobytes = -1;
	FILE *status;

	(void)n;
	set_up(&s);
	equal(dxg_create_heap(s.fd, s.device, memory(MIB), MIB, 0, &heap), 0);
	status = fopen("/proc/self/status", "r");
	while (fgets(line, sizeof(line), status))
		sscanf(line, "VmPin: %ld", &kilobytes);
	fclose(status);
	equal(kilobytes, (MIB + 2 * HEAP_SIZE) / KIB);
}

static const struct test tests[] = {
	{ "one page reaches the GPU, page list", every_page_list, 1, NULL,
	  false },
	{ "one page reaches the GPU, GPADL", every_page_gpadl, 1, GPADL_HOST,
	  false },
	{ "15867 pages are one message", every_page_list, LIST_PAGES, NULL,
	  false },
	{ "15868 pages are two messages", every_page_list, LIST_PAGES + 1,
	  NULL, false },
	{ "8190 pages are one GPADL", every_page_gpadl, GPADL_PAGES,
	  GPADL_HOST, false },
	{ "8191 pages are more than a GPADL can describe", too_many_pages,
	  GPADL_PAGES + 1, GPADL_HOST, false },
	{ "a GPADL takes whole pages of the guest", part_of_page, 0,
	  GPADL_HOST, false },
	{ "a hole is ENOMEM, no alignment EINVAL, nothing stays pinned, page list",
	  holes, 0, NULL, false },
	{ "a hole is ENOMEM, no alignment EINVAL, nothing stays pinned, GPADL",
	  holes, 0, GPADL_HOST, false },
	{ "read-only memory is for read-only allocations, page list",
	  read_only_memory, 0, NULL, false },
	{ "read-only memory is for read-only allocations, GPADL",
	  read_only_memory, 0, GPADL_HOST, false },
	{ "parent and GPU share pages after a fork, page list",
	  coherent_after_fork, 0, NULL, false },
	{ "parent and GPU share pages after a fork, GPADL",
	  coherent_after_fork, 0, GPADL_HOST, false },
	{ "what the GPU writes reaches the file, page list",
	  file_backed, 0, NULL, false },
	{ "what the GPU writes reaches the file, GPADL",
	  file_backed, 0, GPADL_HOST, false },
	{ "pages stay pinned until the host answers the destroy, page list",
	  pinned_until_confirmed, 0, NULL, false },
	{ "pages stay pinned until the host answers the destroy, GPADL",
	  pinned_until_confirmed, 0, GPADL_HOST, false },
	{ "pages stay pinned when the destroy is refused, page list",
	  pinned_after_refusal, 0, NULL, false },
	{ "pages stay pinned when the destroy is refused, GPADL",
	  pinned_after_refusal, 0, GPADL_HOST, false },
	{ "pages stay pinned when the caller is killed, page list",
	  pinned_after_kill, 0, NULL, false },
	{ "pages stay pinned when the caller is killed, GPADL",
	  pinned_after_kill, 0, GPADL_HOST, false },
	{ "pinned pages are accounted to the process, page list",
	  accounted, 0, NULL, false },
	{ "pinned pages are accounted to the process, GPADL",
	  accounted, 0, GPADL_HOST, false },
	{ "the sequence works, page list",
	  sequence_all, 0, NULL, false },
	{ "the sequence works, GPADL",
	  sequence_all, 0, GPADL_HOST, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
