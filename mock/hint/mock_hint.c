// SPDX-License-Identifier: GPL-2.0
/*
 * mock_hint: the hypervisor's side of HvExtCallMemoryHeatHint, in the kernel of
 * the guest under test.  Answers the two hypercalls of hv_balloon_reclaim, keeps
 * the input pages as they came, and keeps a book of the pages that the guest gave
 * away.
 *
 * A real host drops the content of a discarded page and backs the page again when
 * it is touched.  Here the first word of each such page gets a mark.  The page
 * belongs to nobody while it is free, so the mark stays until somebody uses the
 * page; a page in the book whose mark is gone is back in the host's memory.
 *
 * /sys/kernel/debug/mock_hint/:
 *	caps		extended capabilities that the guest is told (hex)
 *	status		"STATUS [COUNT [SKIP]]": so many calls fail, after some
 *	reps		ranges that one call completes at most, 0 = all
 *	delay_ms	the time each call takes
 *	calls		number of hypercalls
 *	input		the last input pages: "CONTROL TYPE RANGE...", in hex
 *	committed	pages of the guest that the host must back now
 *	discarded	pages in the book whose mark is there
 *	mistakes	what the guest did wrong, counted; also in the log
 *
 * Lock: mock.lock for everything; taken in hypercalls and in debugfs.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/ioport.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/clock.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>

#include "hypercall.h"

#define CALL_HEAT_HINT		0x8003
#define COLD_DISCARD		2
#define RANGES_MAX		511
#define LARGE			BIT_ULL(11)
#define ADDITIONAL		0x7ffull

#define STATUS_SUCCESS		0
#define STATUS_INVALID_INPUT	3

/* Input pages that are kept, the newest of them. */
#define INPUTS			64

#define MARK			0xd15ca2dedd15ca2dull

/**
 * struct input - a hypercall as it came
 * @control: control word
 * @page: copy of the input page
 */
struct input {
	u64 control;
	u64 page[PAGE_SIZE / sizeof(u64)];
};

/**
 * struct mock - the host
 * @lock: all of it
 * @book: one bit per page frame: given away
 * @pfns: bits in @book
 * @caps: see the file of that name
 * @reps: the same
 * @delay_ms: the same
 * @status: answer of failing calls
 * @status_count: calls that fail from now on
 * @status_skip: calls that succeed before
 * @calls: see the file of that name
 * @mistakes: the same
 * @inputs: ring of INPUTS calls
 * @dir: in debugfs
 */
static struct mock {
	struct mutex lock;	/* everything below */
	unsigned long *book;
	unsigned long pfns;
	u64 caps;
	u32 reps;
	u32 delay_ms;
	u16 status;
	u64 status_count;
	u64 status_skip;
	u64 calls;
	u64 mistakes;
	struct input *inputs;
	struct dentry *dir;
} mock = {
	.lock = __MUTEX_INITIALIZER(mock.lock),
	.caps = BIT_ULL(8),
};

#define mistake(fmt, ...) do {						\
	mock.mistakes++;						\
	pr_warn_ratelimited("GUEST BUG: " fmt "\n", ##__VA_ARGS__);	\
} while (0)

/* --- pages ---------------------------------------------------------------- */

static u64 *mark_of(unsigned long pfn)
{
	return page_address(pfn_to_page(pfn));
}

/* All of the range; a question per page would take most of the time. */
static bool is_ram(unsigned long pfn, unsigned long count)
{
	return pfn < mock.pfns && count <= mock.pfns - pfn &&
	       pfn_valid(pfn) && pfn_valid(pfn + count - 1) &&
	       region_intersects(PFN_PHYS(pfn), PFN_PHYS(count),
				 IORESOURCE_SYSTEM_RAM, IORES_DESC_NONE) ==
	       REGION_INTERSECTS;
}

/* Isolated by page reporting: nobody's, and in no free list. */
static bool is_isolated(struct page *page)
{
	return !page_count(page) && !PageBuddy(page) &&
	       !PageLRU(page) && !PageSlab(page) && !page->mapping;
}

static bool discard(unsigned long pfn)
{
	if (!is_isolated(pfn_to_page(pfn))) {
		mistake("page %#lx is in use", pfn);
		return false;
	}
	*mark_of(pfn) = MARK;
	__set_bit(pfn, mock.book);
	return true;
}

/* Pages that were used again leave the book. */
static unsigned long count_discarded(void)
{
	unsigned long pfn, count = 0;

	for_each_set_bit(pfn, mock.book, mock.pfns) {
		if (READ_ONCE(*mark_of(pfn)) == MARK)
			count++;
		else
			__clear_bit(pfn, mock.book);
		if (need_resched())
			cond_resched();
	}
	return count;
}

/* --- hypercalls ----------------------------------------------------------- */

static bool query_cap(u64 mask)
{
	return (READ_ONCE(mock.caps) & mask) == mask;
}

static void range_of(u64 word, unsigned long *pfn, unsigned long *count)
{
	unsigned long units = (word & ADDITIONAL) + 1;

	if (word & LARGE) {
		if (word & (SZ_2M - 1) & ~(LARGE | ADDITIONAL))
			mistake("reserved bits in a 2 MiB range: %#llx", word);
		*pfn = word >> 21 << 9;
		*count = units << 9;
	} else {
		*pfn = word >> 12;
		*count = units;
	}
}

/* A range of one call must not touch another range of it. */
static void check_overlap(const u64 *page, unsigned int reps)
{
	unsigned long a, an, b, bn;
	unsigned int i, j;

	for (i = 0; i < reps; i++) {
		range_of(page[1 + i], &a, &an);
		for (j = 0; j < i; j++) {
			range_of(page[1 + j], &b, &bn);
			if (a < b + bn && b < a + an)
				mistake("ranges overlap: %#lx, %#lx", a, b);
		}
	}
}

/* Return: result word. */
static u64 hint(u64 control, const u64 *page)
{
	unsigned int reps = control >> 32 & 0xfff, start = control >> 48 & 0xfff;
	unsigned int end = mock.reps ? min(start + mock.reps, reps) : reps;
	unsigned long pfn, count;
	unsigned int i;

	if (control & ~0x0fff0fff0000ffffull || reps > RANGES_MAX ||
	    start >= reps || page[0] != COLD_DISCARD) {
		mistake("control %#llx, type %#llx", control, page[0]);
		return STATUS_INVALID_INPUT;
	}
	check_overlap(page, reps);
	for (i = start; i < end; i++) {
		range_of(page[1 + i], &pfn, &count);
		if (!is_ram(pfn, count)) {
			mistake("%lu pages at %#lx are not RAM", count, pfn);
			return STATUS_INVALID_INPUT | (u64)i << 32;
		}
		for (; count; pfn++, count--)
			if (!discard(pfn))
				return STATUS_INVALID_INPUT | (u64)i << 32;
	}
	return STATUS_SUCCESS | (u64)end << 32;
}

static bool shall_fail(void)
{
	if (!mock.status_count)
		return false;
	if (mock.status_skip) {
		mock.status_skip--;
		return false;
	}
	mock.status_count--;
	return true;
}

static u64 heat_hint(u64 control, void *page)
{
	struct input *input;
	u64 ret;

	if (mock.delay_ms)
		msleep(mock.delay_ms);
	mutex_lock(&mock.lock);
	input = &mock.inputs[mock.calls++ % INPUTS];
	input->control = control;
	memcpy(input->page, page, PAGE_SIZE);
	if ((control & 0xffff) != CALL_HEAT_HINT ||
	    !IS_ALIGNED((unsigned long)page, PAGE_SIZE)) {
		mistake("call %#llx with page at %#lx", control, offset_in_page(page));
		ret = STATUS_INVALID_INPUT;
	} else if (shall_fail()) {
		ret = mock.status;
	} else {
		ret = hint(control, page);
	}
	mutex_unlock(&mock.lock);
	return ret;
}

static const struct hvb_hypercalls calls = {
	.query_cap = query_cap,
	.heat_hint = heat_hint,
};

/* --- files ---------------------------------------------------------------- */

static int status_show(struct seq_file *seq, void *unused)
{
	mutex_lock(&mock.lock);
	seq_printf(seq, "%u %llu %llu\n", mock.status, mock.status_count,
		   mock.status_skip);
	mutex_unlock(&mock.lock);
	return 0;
}

static ssize_t status_write(struct file *file, const char __user *user,
			    size_t size, loff_t *pos)
{
	u64 count = U64_MAX, skip = 0;
	char text[64] = {};
	u16 status;

	if (size >= sizeof(text) || copy_from_user(text, user, size))
		return -EINVAL;
	if (sscanf(text, "%hi %llu %llu", &status, &count, &skip) < 1)
		return -EINVAL;
	mutex_lock(&mock.lock);
	mock.status = status;
	mock.status_count = status ? count : 0;
	mock.status_skip = skip;
	mutex_unlock(&mock.lock);
	return size;
}

static int status_open(struct inode *inode, struct file *file)
{
	return single_open(file, status_show, NULL);
}

static const struct file_operations status_fops = {
	.owner = THIS_MODULE,
	.open = status_open,
	.read = seq_read,
	.write = status_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int input_show(struct seq_file *seq, void *unused)
{
	u64 call, first;
	unsigned int i, reps;

	mutex_lock(&mock.lock);
	first = mock.calls > INPUTS ? mock.calls - INPUTS : 0;
	for (call = first; call < mock.calls; call++) {
		const struct input *input = &mock.inputs[call % INPUTS];

		reps = min_t(unsigned int, input->control >> 32 & 0xfff,
			     RANGES_MAX);
		seq_printf(seq, "%016llx", input->control);
		for (i = 0; i <= reps; i++)
			seq_printf(seq, " %016llx", input->page[i]);
		seq_putc(seq, '\n');
	}
	mutex_unlock(&mock.lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(input);

static int committed_show(struct seq_file *seq, void *unused)
{
	mutex_lock(&mock.lock);
	seq_printf(seq, "%lu\n", totalram_pages() - count_discarded());
	mutex_unlock(&mock.lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(committed);

static int discarded_show(struct seq_file *seq, void *unused)
{
	mutex_lock(&mock.lock);
	seq_printf(seq, "%lu\n", count_discarded());
	mutex_unlock(&mock.lock);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(discarded);

static void make_files(void)
{
	mock.dir = debugfs_create_dir("mock_hint", NULL);
	debugfs_create_x64("caps", 0600, mock.dir, &mock.caps);
	debugfs_create_u32("reps", 0600, mock.dir, &mock.reps);
	debugfs_create_u32("delay_ms", 0600, mock.dir, &mock.delay_ms);
	debugfs_create_u64("calls", 0400, mock.dir, &mock.calls);
	debugfs_create_u64("mistakes", 0400, mock.dir, &mock.mistakes);
	debugfs_create_file("status", 0600, mock.dir, NULL, &status_fops);
	debugfs_create_file("input", 0400, mock.dir, NULL, &input_fops);
	debugfs_create_file("committed", 0400, mock.dir, NULL, &committed_fops);
	debugfs_create_file("discarded", 0400, mock.dir, NULL, &discarded_fops);
}

/* The end of memory; what is hot-added later is no part of this host. */
static unsigned long last_pfn(void)
{
	unsigned long end = 0;
	int nid;

	for_each_online_node(nid)
		end = max(end, node_end_pfn(nid));
	return end;
}

static int __init mock_hint_init(void)
{
	int ret = -ENOMEM;

	mock.pfns = last_pfn();
	mock.book = vzalloc(BITS_TO_LONGS(mock.pfns) * sizeof(long));
	mock.inputs = vzalloc(INPUTS * sizeof(*mock.inputs));
	if (!mock.book || !mock.inputs)
		goto fail;
	make_files();
	ret = hvb_set_hypercalls(&calls);
	if (ret)
		goto files;
	return 0;

files:
	debugfs_remove(mock.dir);
fail:
	vfree(mock.inputs);
	vfree(mock.book);
	return ret;
}

static void __exit mock_hint_exit(void)
{
	hvb_set_hypercalls(NULL);
	debugfs_remove(mock.dir);
	vfree(mock.inputs);
	vfree(mock.book);
}

module_init(mock_hint_init);
module_exit(mock_hint_exit);

MODULE_DESCRIPTION("Host's side of the memory hint, for tests");
MODULE_LICENSE("GPL");
