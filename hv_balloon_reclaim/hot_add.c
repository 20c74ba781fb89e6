// SPDX-License-Identifier: GPL-2.0
/*
 * Memory in: the host adds memory to the running guest.
 *
 * The kernel takes memory in blocks of 128 MiB and more, the host backs any range
 * of pages in them.  So a block is added when its first page is backed; when it
 * comes online, which may be much later, its backed pages go to the allocator and
 * the others are held, until the host backs them, too.
 *
 * Memory once added stays, and with it the module: only the callback here knows
 * which pages of a block that comes online again do not exist.  Lock: hot_add_lock
 * protects the sets and the counters; not held across add_memory(), which calls
 * back.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/log2.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>

#include "dm.h"

static bool hot_add;
module_param(hot_add, bool, 0644);
MODULE_PARM_DESC(hot_add, "let the host add memory (default off)");

static DEFINE_MUTEX(hot_add_lock);	/* all that follows */
/* Pages of added blocks; pages that the host backs; of the rest, those online. */
static struct hvb_range_set added;
static struct hvb_range_set backed;
static struct hvb_range_set held;
static unsigned long onlined;
/* Kernels differ in who sets PageOffline in a new block's pages: they or we. */
static bool pages_come_offline;

/* First page of the block whose coming online is waited for; 0: of none. */
static unsigned long awaited;

/**
 * hvb_hot_add_pages - pages that the host added
 *
 * Return: pages. Context: any.
 */
unsigned long hvb_hot_add_pages(void)
{
	return READ_ONCE(backed.pages);
}

/**
 * hvb_hot_add_onlined - of these, pages in use
 *
 * Return: pages. Context: any.
 */
unsigned long hvb_hot_add_onlined(void)
{
	return READ_ONCE(onlined);
}

/**
 * hvb_hot_add_caps - what the host is told of hot-add
 *
 * Return: bits for the capabilities report, 0 if the kernel cannot do it. The host
 * hears of it even if the administrator does not want it: it refuses guests that
 * cannot.
 */
u64 hvb_hot_add_caps(void)
{
	u64 align = ilog2(memory_block_size_bytes() >> 20);

	if (!hvb_dm_same_pages() || IS_ENABLED(CONFIG_ARM64))
		return 0;
	return DM_CAPS_HOT_ADD | (align << DM_CAPS_ALIGN_SHIFT);
}

static bool contains(struct hvb_range_set *set, u64 pfn)
{
	u64 at = pfn;

	return hvb_range_set_next(set, &at, pfn + 1);
}

/* Gives a page to the allocator. */
static void bring_in(struct page *page)
{
	if (!pages_come_offline && PageOffline(page))
		__ClearPageOffline(page);
	generic_online_page(page, 0);
	WRITE_ONCE(onlined, onlined + 1);
}

/* Not backed: out of everybody's reach until it is. */
static void hold_page(struct page *page)
{
	if (!PageOffline(page))
		__SetPageOffline(page);
	/* if this fails, the page is lost, but nothing worse */
	hvb_range_set_add(&held, page_to_pfn(page), 1);
}

/* The kernel puts a piece of a block online. */
static void online_page(struct page *page, unsigned int order)
{
	unsigned long i, pfn = page_to_pfn(page);

	mutex_lock(&hot_add_lock);
	if (!contains(&added, pfn)) {
		mutex_unlock(&hot_add_lock);
		/* not ours: somebody else's hot-plugged memory */
		generic_online_page(page, order);
		return;
	}
	pages_come_offline = PageOffline(page);
	for (i = 0; i < 1ul << order; i++) {
		if (contains(&backed, pfn + i))
			bring_in(page + i);
		else
			hold_page(page + i);
	}
	mutex_unlock(&hot_add_lock);
}

static unsigned long count_members(struct hvb_range_set *set, u64 pfn, u64 end)
{
	unsigned long n, sum = 0;

	while ((n = hvb_range_set_next(set, &pfn, end))) {
		sum += n;
		pfn += n;
	}
	return sum;
}

/* Pages of a range that has gone offline are neither in use nor held. */
static void went_offline(u64 pfn, u64 end)
{
	unsigned long n;

	mutex_lock(&hot_add_lock);
	if (contains(&added, pfn))
		WRITE_ONCE(onlined,
			   onlined - count_members(&backed, pfn, end));
	while ((n = hvb_range_set_next(&held, &pfn, end)))
		hvb_range_set_remove(&held, pfn, n);
	mutex_unlock(&hot_add_lock);
}

static int memory_event(struct notifier_block *block, unsigned long event,
			void *data)
{
	struct memory_notify *memory = data;

	if (event == MEM_OFFLINE)
		went_offline(memory->start_pfn,
			     memory->start_pfn + memory->nr_pages);
	if (event == MEM_ONLINE && READ_ONCE(awaited) == memory->start_pfn) {
		WRITE_ONCE(awaited, 0);
		wake_up_all(&hvb_dm.changed);
	}
	return NOTIFY_OK;
}

static struct notifier_block memory_block = {
	.notifier_call = memory_event,
};

/* Pages of a known block that are backed from now on and were held so far. */
static void release_held(u64 pfn, u64 end)
{
	unsigned long i, n;

	mutex_lock(&hot_add_lock);
	while ((n = hvb_range_set_next(&held, &pfn, end))) {
		hvb_range_set_remove(&held, pfn, n);
		for (i = 0; i < n; i++)
			bring_in(pfn_to_page(pfn + i));
		pfn += n;
	}
	mutex_unlock(&hot_add_lock);
}

/* The block is there in any case; a user space that is slow is not waited for. */
static int add_block(u64 block, unsigned long pages)
{
	u64 start = block << PAGE_SHIFT;
	bool first = !added.pages;
	int ret;

	if (first && !try_module_get(THIS_MODULE))
		return -ENODEV;
	mutex_lock(&hot_add_lock);
	ret = hvb_range_set_add(&added, block, pages);
	mutex_unlock(&hot_add_lock);
	if (ret)
		goto put;

	WRITE_ONCE(awaited, block);
	ret = add_memory(memory_add_physaddr_to_nid(start), start,
			 memory_block_size_bytes(), MHP_MERGE_RESOURCE);
	if (ret) {
		mutex_lock(&hot_add_lock);
		hvb_range_set_remove(&added, block, pages);
		mutex_unlock(&hot_add_lock);
		goto put;
	}
	wait_event_timeout(hvb_dm.changed, !READ_ONCE(awaited) ||
			   hvb_dm_stopping(),
			   msecs_to_jiffies(hvb_dm_times.online_ms));
	return 0;
put:
	if (first)
		module_put(THIS_MODULE);
	return ret;
}

/* Backs a range inside one block. */
static int back_range(u64 pfn, u64 end)
{
	unsigned long pages = memory_block_size_bytes() >> PAGE_SHIFT;
	u64 block = round_down(pfn, pages);
	int ret;

	mutex_lock(&hot_add_lock);
	ret = hvb_range_set_add(&backed, pfn, end - pfn);
	mutex_unlock(&hot_add_lock);
	if (ret)
		return ret;
	if (contains(&added, block)) {
		release_held(pfn, end);
		return 0;
	}
	ret = add_block(block, pages);
	if (ret) {
		mutex_lock(&hot_add_lock);
		hvb_range_set_remove(&backed, pfn, end - pfn);
		mutex_unlock(&hot_add_lock);
	}
	return ret;
}

/* What the host says makes sense: the range is memory, and inside its region. */
static bool good_range(const struct dm_hot_add_request *request, u32 size)
{
	u64 pages = memory_block_size_bytes() >> PAGE_SHIFT;
	u64 start = dm_range_start(request->range);
	u64 end = start + dm_range_count(request->range);
	u64 region, region_end;

	if (start == end)
		return false;
	if (size == DM_HOT_ADD_PLAIN)
		return true;
	region = dm_range_start(request->region);
	region_end = region + dm_range_count(request->region);
	return !((region | region_end) & (pages - 1)) && region <= start &&
	       end <= region_end;
}

static void back_blocks(u64 start, u64 end)
{
	u64 pages = memory_block_size_bytes() >> PAGE_SHIFT;
	u64 pfn = start, next;
	int ret = 0;

	while (pfn < end && !hvb_dm_stopping()) {
		next = min(end, round_down(pfn, pages) + pages);
		ret = back_range(pfn, next);
		if (ret)
			break;
		pfn = next;
	}
	/* with nothing added, what is there already ends the matter for good */
	hvb_dm_answer_hot_add(pfn - start, pfn > start || ret == -EEXIST);
}

/**
 * hvb_hot_add - the host adds memory
 * @request: what it said
 * @size: bytes of it; the region is missing in the short form
 *
 * Context: process, sleeps.
 */
void hvb_hot_add(const struct dm_hot_add_request *request, u32 size)
{
	if (!READ_ONCE(hot_add) || !hvb_hot_add_caps() || hvb_dm_hibernates()) {
		hvb_dm_answer_hot_add(0, 1);
		return;
	}
	if ((size != DM_HOT_ADD_PLAIN && size < sizeof(*request)) ||
	    !good_range(request, size)) {
		hvb_dm_host_error("hot-add request that makes no sense");
		hvb_dm_answer_hot_add(0, 1);
		return;
	}
	back_blocks(dm_range_start(request->range),
		    dm_range_start(request->range) +
		    dm_range_count(request->range));
}

/**
 * hvb_hot_add_init - have a say in what becomes of new memory
 *
 * Only one driver can; another one's memory device goes before our hot-add.
 *
 * Return: 0 or -errno.
 */
int hvb_hot_add_init(void)
{
	int ret;

	hvb_range_set_init(&added);
	hvb_range_set_init(&backed);
	hvb_range_set_init(&held);
	ret = register_memory_notifier(&memory_block);
	if (ret)
		return ret;
	if (set_online_page_callback(&online_page)) {
		pr_info("another driver handles new memory: no hot-add\n");
		hot_add = false;
	}
	return 0;
}

/**
 * hvb_hot_add_exit - undo hvb_hot_add_init()
 *
 * The module is only let go when no memory was added.
 */
void hvb_hot_add_exit(void)
{
	restore_online_page_callback(&online_page);
	unregister_memory_notifier(&memory_block);
	hvb_range_set_clear(&held);
	hvb_range_set_clear(&backed);
	hvb_range_set_clear(&added);
}
