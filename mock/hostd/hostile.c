// SPDX-License-Identifier: GPL-2.0
/*
 * Drawing lots for a hostile host. See hostile.h.
 *
 * Fields and their kinds come from the message tables, so a new message is
 * covered by its description.
 */
#include "hostile.h"

#include "message_table.h"

#include <string.h>

/* Replies stay in order when none of them is late by more than this. */
#define LATEST_MS	20u

/* Numbers at which something may be compared wrongly. */
static const uint64_t limits[] = {
	0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
	0x7fffffffffffffff, 0xfffffffffffff000, UINT64_MAX,
};

#define LIMITS	(sizeof(limits) / sizeof(limits[0]))

/**
 * struct lot - a stream of pseudo-random numbers
 * @state: splitmix64
 */
struct lot {
	uint64_t state;
};

static uint64_t draw(struct lot *lot)
{
	uint64_t z = lot->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static uint32_t draw_below(struct lot *lot, uint32_t limit)
{
	return limit ? draw(lot) % limit : 0;
}

/* Without these there is no adapter to be hostile with. */
static bool is_spared(uint32_t command)
{
	switch (command) {
	case DXGK_VMBCOMMAND_SETIOSPACEREGION:
	case DXGK_VMBCOMMAND_OPENADAPTER:
	case DXGK_VMBCOMMAND_CLOSEADAPTER:
	case DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO:
		return true;
	default:
		return command >= HOSTILE_COMMANDS;
	}
}

static void set_number(struct fault_rule *rule, enum fault_kind kind,
		       uint64_t value, uint32_t size)
{
	rule->kind = kind;
	rule->patch_len = size;
	memcpy(rule->patch, &value, size);
}

/* A number of 4 or 8 bytes: a limit, its neighbours, or anything. */
static void alter_number(struct lot *lot, struct fault_rule *rule, uint32_t size)
{
	switch (draw_below(lot, 4)) {
	case 0:
		set_number(rule, FAULT_ADD, 1, size);
		break;
	case 1:
		set_number(rule, FAULT_ADD, UINT64_MAX, size);
		break;
	case 2:
		set_number(rule, FAULT_FIELD, limits[draw_below(lot, LIMITS)],
			   size);
		break;
	default:
		set_number(rule, FAULT_FIELD, draw(lot), size);
		break;
	}
}

/* Never issued, or somebody else's: the next index, or any well-formed one. */
static void alter_handle(struct lot *lot, struct fault_rule *rule)
{
	uint64_t index = draw_below(lot, 1u << 24);

	if (draw_below(lot, 2))
		set_number(rule, FAULT_ADD, 1u << 6, sizeof(uint32_t));
	else
		set_number(rule, FAULT_FIELD, 0x40000000u | index << 6,
			   sizeof(uint32_t));
}

/* One of the fields that the tables know. */
static void alter_field(struct lot *lot, const struct message_layout *layout,
			struct fault_rule *rule)
{
	const struct message_field *f;

	f = &layout->fields[draw_below(lot, layout->count)];
	rule->value = f->offset;
	if (f->kind == FIELD_HANDLE && draw_below(lot, 2))
		alter_handle(lot, rule);
	else
		alter_number(lot, rule, f->size < 8 ? 4 : 8);
}

/* Fields, arrays and data alike. */
static void alter_anything(struct lot *lot, const struct reply *reply,
			   struct fault_rule *rule)
{
	rule->value = draw_below(lot, reply->len / 4) * 4;
	alter_number(lot, rule, 4);
}

static void alter(struct lot *lot, const struct reply *reply,
		  struct fault_rule *rule)
{
	const struct message *m = message_request(reply->command);
	const struct message_layout *layout = m ? m->reply : NULL;

	switch (draw_below(lot, 8)) {
	case 0:
		rule->kind = FAULT_SHORT;
		rule->value = draw_below(lot, reply->len);
		break;
	case 1:
		rule->kind = FAULT_LONG;
		rule->value = draw_below(lot, 128 * 1024);
		break;
	case 2:
		rule->kind = FAULT_TWICE;
		break;
	case 3:
		rule->kind = FAULT_DELAY;
		rule->value = 1 + draw_below(lot, LATEST_MS);
		break;
	case 4:
	case 5:
		alter_anything(lot, reply, rule);
		break;
	default:
		if (layout && layout->count)
			alter_field(lot, layout, rule);
		else
			alter_anything(lot, reply, rule);
		break;
	}
}

static void put32(uint8_t *p, uint32_t value)
{
	memcpy(p, &value, sizeof(value));
}

static void make_stray(struct lot *lot, struct hostile_act *act)
{
	uint32_t i;

	act->stray = true;
	act->in_band = draw_below(lot, 2);
	act->trans_id = act->in_band ? 0 : 1 + draw_below(lot, 1000);
	act->len = draw_below(lot, HOSTILE_STRAY_BYTES + 1);
	for (i = 0; i < HOSTILE_STRAY_BYTES; i++)
		act->data[i] = draw(lot);
	if (!act->in_band)
		return;
	/* Most get past the header: channel type and number of the message. */
	put32(act->data + 12, DXGKVMB_HOST_TO_VM);
	put32(act->data + 16, draw_below(lot, 6));
	put32(act->data + 24, draw_below(lot, 64));
	put32(act->data + 28, 0);
}

/**
 * hostile_choose() - what happens to the next reply
 * @hostile: lots, the counters move on
 * @reply: honest reply
 * @act: filled in
 */
void hostile_choose(struct hostile *hostile, const struct reply *reply,
		    struct hostile_act *act)
{
	struct lot lot;

	memset(act, 0, sizeof(*act));
	if (is_spared(reply->command))
		return;
	lot.state = (uint64_t)hostile->seed << 32 ^
		    (uint64_t)reply->command << 20 ^
		    hostile->answered[reply->command]++;
	act->rule.command = reply->command;
	act->rule.count = 1;
	switch (draw_below(&lot, 4)) {
	case 0:
		act->alter = true;
		alter(&lot, reply, &act->rule);
		break;
	case 1:
		make_stray(&lot, act);
		break;
	default:
		break;
	}
}
