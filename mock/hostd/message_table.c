// SPDX-License-Identifier: GPL-2.0
/*
 * Look-ups in the message tables, and the framing of a message.
 *
 * Called for each message; the tables have about 90 entries, so a linear
 * search is what it takes. No state, no locks.
 */
#include "message_table.h"

#include <string.h>
#include <strings.h>

static uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/**
 * message_parse() - take a message's framing apart
 * @payload: packet payload
 * @len: bytes
 * @extended: the guest negotiated the extended header
 * @head: filled in; @head->body points into @payload
 *
 * Return: false when @len does not cover the headers, or the extended header
 * points outside the payload.
 */
bool message_parse(const void *payload, size_t len, bool extended,
		   struct message_head *head)
{
	const uint8_t *p = payload;
	size_t at = 0;
	uint32_t word;

	memset(head, 0, sizeof(*head));
	head->extended = extended;
	if (extended) {
		if (len < EXT_HEADER_SIZE)
			return false;
		head->command_offset = get32(p);
		head->luid[0] = get32(p + 8);
		head->luid[1] = get32(p + 12);
		at = head->command_offset;
	}
	if (at > len || len - at < sizeof(struct dxg_vgpu_to_host_header))
		return false;

	head->body = p + at;
	head->len = len - at;
	head->process = get32(head->body + 8);
	word = get32(head->body + 12);
	head->channel_type = word & 0xff;
	head->async = head->channel_type != DXGKVMB_VM_TO_HOST && (word >> 8 & 1);
	head->command = get32(head->body + 16);
	return true;
}

/**
 * message_find() - entry of a command
 * @direction: header kind
 * @number: command number
 *
 * Return: NULL when the tables do not know it.
 */
const struct message *message_find(enum dxgkvmb_commandchanneltype direction,
				   uint32_t number)
{
	size_t i;

	for (i = 0; i < message_table_size; i++)
		if (message_table[i].number == number &&
		    message_table[i].direction == direction)
			return &message_table[i];
	return NULL;
}

/**
 * message_request() - entry of a guest-to-host command by its number alone
 * @number: below 1000 for adapter commands, from 1000 for global ones
 *
 * Return: NULL when the tables do not know it.
 */
const struct message *message_request(uint32_t number)
{
	return message_find(number < DXGK_VMBCOMMAND_VM_TO_HOST_FIRST ? DXGKVMB_VGPU_TO_HOST :
			    DXGKVMB_VM_TO_HOST, number);
}

/**
 * message_by_name() - entry of a command
 * @name: without prefix, any case
 *
 * Return: NULL when there is none.
 */
const struct message *message_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < message_table_size; i++)
		if (!strcasecmp(message_table[i].name, name))
			return &message_table[i];
	return NULL;
}

/**
 * message_status_offset() - where a reply keeps its NTSTATUS
 * @m: command, or NULL
 * @extended: the guest negotiated version 40 or later; before that the reply
 *	of QUERYADAPTERINFO is the bare data
 *
 * Return: offset in the reply, -1 when it has none.
 */
int message_status_offset(const struct message *m, bool extended)
{
	if (!m)
		return -1;
	if (!extended && m->direction == DXGKVMB_VGPU_TO_HOST &&
	    m->number == DXGK_VMBCOMMAND_QUERYADAPTERINFO)
		return -1;
	return m->status_offset;
}

/**
 * message_status_name() - name of an NTSTATUS
 * @status: value
 *
 * Return: static string, or NULL when it has no name here.
 */
const char *message_status_name(uint32_t status)
{
	size_t i;

	for (i = 0; i < message_status_name_count; i++)
		if (message_status_names[i].value == status)
			return message_status_names[i].name;
	return NULL;
}
