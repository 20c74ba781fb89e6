// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes that no message may contain. See message_check.h.
 *
 * No state. Addresses are those of a 64-bit x86 guest: user space ends at
 * 2^47, the kernel starts at the upper half of the address space.
 */
#include "message_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LARGEST_FIXED	1024u
#define HEADER		sizeof(struct dxg_vgpu_to_host_header)

/**
 * struct span - a part of an address space
 * @first: its first address
 * @last: its last address
 */
struct span {
	uint64_t first;
	uint64_t last;
};

/*
 * Data; text and modules. What lies between them and above is left out: there
 * would be small negative numbers, alone or behind another 32-bit number.
 */
static const struct span kernel_data = { 0xffff800000000000,
					 0xfffffbffffffffff };
static const struct span kernel_text = { 0xffffffff80000000,
					 0xfffffffffff00000 };
/* Where mmap() puts things from the top down, and stacks are. */
static const struct span user_memory = { 0x00007f0000000000,
					 0x00007fffffffffff };

/*
 * These structures are forwarded as the caller made them, pointers included,
 * since hosts are only known to accept that (docs/protocol.md, section 7.3).
 */
static bool may_have_user_addresses(const struct message *m)
{
	if (m->direction != DXGKVMB_VGPU_TO_HOST)
		return false;
	switch (m->number) {
	case DXGK_VMBCOMMAND_SUBMITCOMMAND:
	case DXGK_VMBCOMMAND_SUBMITCOMMANDTOHWQUEUE:
	case DXGK_VMBCOMMAND_QUERYALLOCATIONRESIDENCY:
		return true;
	default:
		return false;
	}
}

static size_t fixed_part(const struct message *m, size_t len)
{
	size_t size = m->request->tail ? m->request->tail : m->request->size;

	if (size > LARGEST_FIXED)
		size = LARGEST_FIXED;
	return size < len ? size : len;
}

/*
 * First byte of the fixed part that belongs to no field and is not zero.  What a
 * caller writes between the fields of its own argument struct is its business.
 */
static bool find_stray_byte(const struct message *m,
			    const struct message_head *head, size_t *at)
{
	size_t size = fixed_part(m, head->len), i;
	bool known[LARGEST_FIXED] = { false };
	const struct message_field *f;

	for (i = 0; i < m->request->count; i++) {
		f = &m->request->fields[i];
		if ((size_t)f->offset + f->size <= LARGEST_FIXED)
			memset(known + f->offset, true, f->size);
	}
	if (m->request->args + m->request->args_size <= LARGEST_FIXED)
		memset(known + m->request->args, true, m->request->args_size);
	for (i = HEADER; i < size; i++) {
		if (known[i] || !head->body[i])
			continue;
		*at = i;
		return true;
	}
	return false;
}

/* A count behind a handle may look like an address, but is none. */
static bool is_small_field(const struct message *m, size_t at)
{
	size_t i;

	for (i = 0; i < m->request->count; i++)
		if (m->request->fields[i].offset == at &&
		    m->request->fields[i].size == sizeof(uint32_t))
			return true;
	return false;
}

/* An address at any place where the compiler could put one. */
static bool find_address(const struct message *m,
			 const struct message_head *head, size_t len,
			 const struct span *span, size_t *at)
{
	uint64_t value;

	for (*at = HEADER; *at + sizeof(value) <= len; *at += 4) {
		if (is_small_field(m, *at))
			continue;
		memcpy(&value, head->body + *at, sizeof(value));
		if (value >= span->first && value <= span->last)
			return true;
	}
	return false;
}

/**
 * message_check() - look at one message of the guest
 * @m: its description
 * @head: the message
 * @text: MESSAGE_CHECK_TEXT bytes, filled in when something is wrong
 *
 * Return: true when nothing is wrong.
 */
bool message_check(const struct message *m, const struct message_head *head,
		   char *text)
{
	size_t at;

	if (!m->request)
		return true;
	if (find_stray_byte(m, head, &at)) {
		snprintf(text, MESSAGE_CHECK_TEXT,
			 "%s: byte %zu has no meaning and is %#x", m->name, at,
			 head->body[at]);
		return false;
	}
	if (find_address(m, head, head->len, &kernel_data, &at) ||
	    find_address(m, head, head->len, &kernel_text, &at)) {
		snprintf(text, MESSAGE_CHECK_TEXT,
			 "%s: kernel address at byte %zu", m->name, at);
		return false;
	}
	if (!may_have_user_addresses(m) &&
	    find_address(m, head, fixed_part(m, head->len), &user_memory, &at)) {
		snprintf(text, MESSAGE_CHECK_TEXT,
			 "%s: user address at byte %zu", m->name, at);
		return false;
	}
	return true;
}
