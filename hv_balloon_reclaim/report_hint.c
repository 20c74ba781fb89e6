// SPDX-License-Identifier: GPL-2.0
/*
 * The cold-discard hint as the hypervisor reads it: encoding of the blocks, the
 * repeated hypercall, and what each status code means.
 *
 * No state and no locks: the caller owns the input page and never uses it twice
 * at a time.
 */
#include <linux/kernel.h>
#include <linux/sizes.h>

#include "hypercall.h"
#include "report_hint.h"

#define RANGE_LARGE		BIT_ULL(11)

/**
 * hvb_hint_word - one range of a hint
 * @gpa: address of the block, aligned to its size
 * @bytes: its size, a power of two of at least 4 KiB, at most 4 MiB
 *
 * The word is the address with the number of additional units, count - 1, in
 * bits 0-10; bit 11 chooses 2 MiB units instead of 4 KiB.  Blocks of 2 MiB and
 * more use large units, because older hosts take nothing else.
 */
u64 hvb_hint_word(u64 gpa, u64 bytes)
{
	if (bytes >= SZ_2M)
		return gpa | RANGE_LARGE | (bytes / SZ_2M - 1);
	return gpa | (bytes / HV_HYP_PAGE_SIZE - 1);
}

/**
 * hvb_hint_fill - write free blocks into the input page
 * @hint: input page
 * @sg: blocks, one per entry
 * @count: entries, at most PAGE_REPORTING_CAPACITY
 *
 * Return: bytes of all blocks.
 */
u64 hvb_hint_fill(struct hvb_hint *hint, struct scatterlist *sg,
		  unsigned int count)
{
	struct scatterlist *entry;
	unsigned int i;
	u64 bytes = 0;

	hint->type = cpu_to_le64(HVB_HINT_COLD_DISCARD);
	for_each_sg(sg, entry, count, i) {
		hint->ranges[i] = cpu_to_le64(hvb_hint_word(sg_phys(entry),
							    entry->length));
		bytes += entry->length;
	}
	return bytes;
}

/**
 * hvb_hint_send - tell the host
 * @hint: filled input page
 * @count: ranges in it
 *
 * The host may complete some ranges only; the call is then repeated from there.
 * A host that claims success without progress would keep us here for ever, so
 * that counts as a failure.
 *
 * Return: hypercall status of the last call, 0xffff without a hypervisor.
 */
u16 hvb_hint_send(struct hvb_hint *hint, unsigned int count)
{
	u64 control = HVB_CALL_HEAT_HINT | (u64)count << HVB_CONTROL_REPS_SHIFT;
	unsigned int done = 0, before;
	u64 result;
	u16 status;

	do {
		before = done;
		result = hvb_heat_hint(control |
				       (u64)done << HVB_CONTROL_START_SHIFT,
				       hint);
		status = (u16)result;
		if (status != HVB_HV_SUCCESS)
			return status;
		done = result >> HVB_CONTROL_REPS_SHIFT & HVB_REPS_MASK;
		if (done <= before)
			return U16_MAX;
	} while (done < count);
	return HVB_HV_SUCCESS;
}

static const struct {
	u16 status;
	enum hvb_verdict verdict;
} verdicts[] = {
	{ HVB_HV_SUCCESS, HVB_GO_ON },
	{ HVB_HV_INVALID_HYPERCALL_CODE, HVB_GIVE_UP },
	{ HVB_HV_INVALID_HYPERCALL_INPUT, HVB_GIVE_UP },
	{ HVB_HV_INVALID_ALIGNMENT, HVB_GIVE_UP },
	{ HVB_HV_ACCESS_DENIED, HVB_GIVE_UP },
	{ HVB_HV_OPERATION_DENIED, HVB_GIVE_UP },
	{ HVB_HV_INSUFFICIENT_MEMORY, HVB_BACK_OFF },
	{ HVB_HV_TIME_OUT, HVB_BACK_OFF },
};

/**
 * hvb_hint_judge - what a status means
 * @status: of hvb_hint_send()
 * @order: smallest block that is reported now
 */
enum hvb_verdict hvb_hint_judge(u16 status, unsigned int order)
{
	size_t i;

	if (status == HVB_HV_INVALID_PARAMETER && order < HVB_ORDER_2M)
		return HVB_RAISE_ORDER;
	for (i = 0; i < ARRAY_SIZE(verdicts); i++) {
		if (verdicts[i].status == status)
			return verdicts[i].verdict;
	}
	return HVB_STRIKE;
}
