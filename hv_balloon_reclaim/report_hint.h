/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The memory hint: input page, control word, status codes.
 */
#ifndef _HVB_REPORT_HINT_H
#define _HVB_REPORT_HINT_H

#include <linux/hyperv.h>
#include <linux/page_reporting.h>
#include <linux/types.h>

/* HvExtCallQueryCapabilities: the host takes cold-discard hints. */
#define HVB_CAP_COLD_DISCARD		BIT_ULL(8)

#define HVB_CALL_HEAT_HINT		0x8003ull
#define HVB_CONTROL_REPS_SHIFT		32
#define HVB_CONTROL_START_SHIFT		48
#define HVB_REPS_MASK			0xfffu

#define HVB_HINT_COLD_DISCARD		2ull
#define HVB_HINT_MAX_RANGES		511

/**
 * struct hvb_hint - input page of HvExtCallMemoryHeatHint
 * @type: bits 0-1 heat type (HVB_HINT_COLD_DISCARD), rest zero
 * @ranges: guest-physical ranges, see hvb_hint_word()
 */
struct hvb_hint {
	__le64 type;
	__le64 ranges[HVB_HINT_MAX_RANGES];
};

static_assert(sizeof(struct hvb_hint) == HV_HYP_PAGE_SIZE);

/* Orders (of guest pages) at which a hint changes its unit. */
#define HVB_ORDER_2M			(21 - PAGE_SHIFT)
#define HVB_ORDER_128K			(17 - PAGE_SHIFT)

/* Status of the hypercall; TLFS, "Hypercall Status Codes". */
enum hvb_hv_status {
	HVB_HV_SUCCESS = 0,
	HVB_HV_INVALID_HYPERCALL_CODE = 2,
	HVB_HV_INVALID_HYPERCALL_INPUT = 3,
	HVB_HV_INVALID_ALIGNMENT = 4,
	HVB_HV_INVALID_PARAMETER = 5,
	HVB_HV_ACCESS_DENIED = 6,
	HVB_HV_OPERATION_DENIED = 8,
	HVB_HV_INSUFFICIENT_MEMORY = 11,
	HVB_HV_TIME_OUT = 120,
};

/**
 * enum hvb_verdict - what a failed hint means for reporting
 * @HVB_GO_ON: nothing
 * @HVB_STRIKE: three of these in a row end reporting for a while
 * @HVB_BACK_OFF: the host is short of something: try later, stay registered
 * @HVB_RAISE_ORDER: the host takes 2 MiB blocks only
 * @HVB_GIVE_UP: this host will never take a hint
 */
enum hvb_verdict {
	HVB_GO_ON,
	HVB_STRIKE,
	HVB_BACK_OFF,
	HVB_RAISE_ORDER,
	HVB_GIVE_UP,
};

u64 hvb_hint_word(u64 gpa, u64 bytes);
u64 hvb_hint_fill(struct hvb_hint *hint, struct scatterlist *sg,
		  unsigned int count);
u16 hvb_hint_send(struct hvb_hint *hint, unsigned int count);
enum hvb_verdict hvb_hint_judge(u16 status, unsigned int order);

#endif /* _HVB_REPORT_HINT_H */
