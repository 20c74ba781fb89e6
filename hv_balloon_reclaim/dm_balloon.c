// SPDX-License-Identifier: GPL-2.0
/*
 * Pages out, pages back.
 *
 * A page is in one of three places: in the message that is being made, where it
 * can still be had back; among the pages that are out, from just before the message
 * is sent until the host returns them; or with the allocator.  Pages that are out
 * stay out, whatever happens to the device: the host may have unmapped them, and
 * nobody but the host may say that it has not.
 *
 * The set of pages that are out belongs to the work that handles the host's
 * messages; when there is no device, to nobody but module exit.
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "balloon.h"
#include "compat.h"
#include "dm.h"

#define HUGE_ORDER	9u
#define HUGE_PAGES	BIT(HUGE_ORDER)
/* Small pages between two looks at how much is left for the guest. */
#define PAGES_PER_LOOK	64u

/* No emergency reserves, no OOM killer, no noise: the host can do with less. */
#define BALLOON_GFP	(GFP_HIGHUSER | __GFP_NORETRY | __GFP_NOMEMALLOC | \
			 __GFP_NOWARN)

static struct hvb_range_set out;

/*
 * The message that is being made. Whoever is out of memory may take its pages,
 * unless it is sealed; then the transaction ends with what is left.
 */
static union {
	struct dm_balloon_response response;
	u8 bytes[DM_MAX_MESSAGE];
} unsent;

static DEFINE_SPINLOCK(unsent_lock);	/* unsent_*, ranges of an unsealed message */
static unsigned int unsent_count;
static unsigned long unsent_pages;
static bool unsent_sealed = true;
static bool unsent_taken;
static struct task_struct *filler;

/**
 * hvb_balloon_pages - pages that are out
 *
 * Return: pages. Context: any.
 */
unsigned long hvb_balloon_pages(void)
{
	return READ_ONCE(out.pages);
}

/**
 * hvb_balloon_unsent - pages that are neither out nor in use
 *
 * Return: pages. Context: any.
 */
unsigned long hvb_balloon_unsent(void)
{
	return READ_ONCE(unsent_pages);
}

/* From the allocator's pages to nobody's. All in one zone. */
static void withdraw_pages(struct page *page, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		__SetPageOffline(page + i);
	adjust_managed_page_count(page, -(long)count);
	compat_count_balloon_pages(page, count);
}

static void return_pages(u64 pfn, unsigned int count)
{
	struct page *page = pfn_to_page(pfn);
	unsigned int i;

	compat_count_balloon_pages(page, -(long)count);
	for (i = 0; i < count; i++) {
		__ClearPageOffline(page + i);
		__free_page(page + i);
	}
	adjust_managed_page_count(page, count);
}

static void return_range(struct dm_range range)
{
	return_pages(dm_range_start(range), dm_range_count(range));
}

/* The last range of the unsealed message, if it has one. */
static bool take_unsent(struct dm_range *range)
{
	bool taken = false;

	spin_lock(&unsent_lock);
	if (!unsent_sealed && unsent_count) {
		*range = unsent.response.ranges[--unsent_count];
		WRITE_ONCE(unsent_pages, unsent_pages - dm_range_count(*range));
		unsent_taken = true;
		taken = true;
	}
	spin_unlock(&unsent_lock);
	return taken;
}

/**
 * hvb_balloon_give_up - take pages that the host does not have yet
 * @pages: how many are wanted
 *
 * The transaction that they were meant for ends early. Not for the task that makes
 * the message: it would take with one hand what it gives with the other.
 *
 * Return: pages given to the allocator. Context: process, may be in reclaim.
 */
unsigned long hvb_balloon_give_up(unsigned long pages)
{
	unsigned long given = 0;
	struct dm_range range;

	if (READ_ONCE(filler) == current)
		return 0;
	while (given < pages && take_unsent(&range)) {
		return_range(range);
		given += dm_range_count(range);
	}
	return given;
}

static void begin_message(void)
{
	spin_lock(&unsent_lock);
	memset(&unsent.response, 0, sizeof(unsent.response));
	unsent_count = 0;
	unsent_sealed = false;
	spin_unlock(&unsent_lock);
}

/* False: somebody was out of memory meanwhile. */
static bool append_range(struct dm_range range)
{
	bool ok;

	spin_lock(&unsent_lock);
	ok = !unsent_taken;
	if (ok) {
		unsent.response.ranges[unsent_count++] = range;
		WRITE_ONCE(unsent_pages, unsent_pages + dm_range_count(range));
	}
	spin_unlock(&unsent_lock);
	return ok;
}

/* Puts a block into the message; false when there is none to be had. */
static bool add_block(unsigned int order)
{
	struct page *page = alloc_pages(BALLOON_GFP, order);
	struct dm_range range;

	if (!page)
		return false;
	if (order)
		split_page(page, order);
	withdraw_pages(page, 1u << order);
	range = dm_range_make(page_to_pfn(page), 1u << order);
	if (append_range(range))
		return true;
	return_range(range);
	return false;
}

/**
 * struct ask - a balloon request being served
 * @left: pages still wanted
 * @order: of the blocks tried now; falls to 0 and stays there
 * @end: no page more, for whatever reason
 */
struct ask {
	u32 left;
	unsigned int order;
	bool end;
};

static bool room_for(unsigned int order)
{
	unsigned int look = order ? HUGE_PAGES : PAGES_PER_LOOK;

	if (!order && unsent_count % look)
		return true;
	return hvb_dm_balloon_room() >= (order ? look : 1);
}

/* Until the message is full, or nothing more is wanted or can be had. */
static void fill_message(struct ask *ask)
{
	while (ask->left && unsent_count < DM_MAX_RANGES && !ask->end) {
		cond_resched();
		if (hvb_dm_stopping() || READ_ONCE(unsent_taken)) {
			ask->end = true;
		} else if (ask->order && (ask->left < HUGE_PAGES ||
					  !room_for(ask->order) ||
					  !add_block(ask->order))) {
			ask->order = 0;
		} else if (!ask->order && (!room_for(0) || !add_block(0))) {
			ask->end = true;
		} else {
			ask->left -= 1u << ask->order;
		}
	}
}

/* Pages of a sealed message from range @first on go back to the allocator. */
static void drop_ranges(unsigned int first)
{
	unsigned int i;

	for (i = first; i < unsent_count; i++) {
		return_range(unsent.response.ranges[i]);
		WRITE_ONCE(unsent_pages, unsent_pages -
			   dm_range_count(unsent.response.ranges[i]));
	}
	unsent_count = first;
}

/* Nobody takes pages out of the message any more; they count as out. */
static void seal_message(struct ask *ask)
{
	struct dm_range range;
	unsigned int i;

	spin_lock(&unsent_lock);
	unsent_sealed = true;
	if (unsent_taken)
		ask->end = true;
	spin_unlock(&unsent_lock);

	if (hvb_dm_stopping() || (unsent_count && !hvb_dm_hold_module(out.pages))) {
		drop_ranges(0);
		ask->end = true;
		return;
	}
	for (i = 0; i < unsent_count; i++) {
		range = unsent.response.ranges[i];
		if (hvb_range_set_add(&out, dm_range_start(range),
				      dm_range_count(range)))
			break;
		WRITE_ONCE(unsent_pages, unsent_pages - dm_range_count(range));
	}
	if (i < unsent_count) {
		if (!i)
			hvb_dm_let_module_go(out.pages);
		drop_ranges(i);
		ask->end = true;
	}
}

/* The host does not know of the message: its pages are ours again. */
static void unseal_message(void)
{
	struct dm_range range;
	unsigned int i;

	for (i = 0; i < unsent_count; i++) {
		range = unsent.response.ranges[i];
		hvb_range_set_remove(&out, dm_range_start(range),
				     dm_range_count(range));
		return_range(range);
	}
	if (unsent_count)
		hvb_dm_let_module_go(out.pages);
	unsent_count = 0;
}

static int send_message(struct ask *ask)
{
	bool more = ask->left && !ask->end;
	int ret;

	unsent.response.count = unsent_count << DM_COUNT_SHIFT |
				(more ? DM_MORE : 0);
	ret = hvb_dm_send_patiently(&unsent, DM_TYPE_BALLOON_RESPONSE,
				    struct_size(&unsent.response, ranges,
						unsent_count));
	/* who cannot know whether the host has pages acts as if it had */
	if (ret && ret != -ENODEV)
		unseal_message();
	if (ret == -EAGAIN)
		hvb_dm_owe_answer(HVB_ANSWER_BALLOON);
	if (ret)
		ask->end = true;
	return ret;
}

/**
 * hvb_balloon_up - the host wants pages
 * @request: what it said
 * @size: bytes of it
 *
 * Large blocks first, small pages when these have run out, and never below the
 * floor. Whatever comes of it, the host gets its answer, in as many messages as it
 * takes. Context: process, sleeps.
 */
void hvb_balloon_up(const struct dm_balloon_request *request, u32 size)
{
	struct ask ask = { .order = HUGE_ORDER };

	if (size < sizeof(*request)) {
		hvb_dm_host_error("balloon request of %u bytes", size);
		return;
	}
	if (hvb_dm_same_pages() && !hvb_dm_hibernates())
		ask.left = request->pages;
	unsent_taken = false;
	do {
		begin_message();
		WRITE_ONCE(filler, current);
		fill_message(&ask);
		WRITE_ONCE(filler, NULL);
		seal_message(&ask);
	} while (!send_message(&ask) && ask.left && !ask.end);
}

/* Returns what is out of a range that the host gives back; false: not all was. */
static bool return_host_range(u64 start, u64 count)
{
	u64 pfn = start, end = start + count;
	unsigned long n;
	u64 back = 0;

	while ((n = hvb_range_set_next(&out, &pfn, end))) {
		hvb_range_set_remove(&out, pfn, n);
		return_pages(pfn, n);
		pfn += n;
		back += n;
		cond_resched();
	}
	return count && back == count;
}

/**
 * hvb_balloon_down - the host gives pages back
 * @request: what it said
 * @size: bytes of it
 *
 * Only pages that are out are touched, whatever the host says, and each once; the
 * pieces need not be those in which they went. Context: process, sleeps.
 */
void hvb_balloon_down(const struct dm_unballoon_request *request, u32 size)
{
	bool held = out.pages;
	u32 i, count;

	if (size < sizeof(*request)) {
		hvb_dm_host_error("un-balloon request of %u bytes", size);
		return;
	}
	count = min_t(u32, request->count, (size - sizeof(*request)) /
		      sizeof(request->ranges[0]));
	if (count < request->count)
		hvb_dm_host_error("un-balloon request with %u of %u ranges",
				  count, request->count);
	for (i = 0; i < count; i++)
		if (!return_host_range(dm_range_start(request->ranges[i]),
				       dm_range_count(request->ranges[i])))
			hvb_dm_host_error("returned pages that it did not have");
	if (held)
		hvb_dm_let_module_go(out.pages);
	if (!(request->flags & DM_MORE))
		hvb_dm_answer_unballoon();
}

/**
 * hvb_balloon_init - nothing is out
 */
void hvb_balloon_init(void)
{
	hvb_range_set_init(&out);
}

/**
 * hvb_balloon_exit - the end of the module
 *
 * Pages can be out only with the policy to free them, which no real host allows.
 */
void hvb_balloon_exit(void)
{
	unsigned long n;
	u64 pfn = 0;

	while ((n = hvb_range_set_next(&out, &pfn, U64_MAX))) {
		hvb_range_set_remove(&out, pfn, n);
		return_pages(pfn, n);
	}
	hvb_range_set_clear(&out);
}
