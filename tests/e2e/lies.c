// SPDX-License-Identifier: GPL-2.0
/*
 * Lies in single fields of replies. See lies.h.
 */
#include "lies.h"

#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

const char *const lies[] = {
	"0", "-1", "+1", "0x7fffffff", "0xffffffff", "0x7fffffffffffffff",
	"0xffffffffffffffff", "0xfffffffffffff000", NULL,
};

/**
 * lie_tell() - let the next reply lie in one field
 * @command: name of the message
 * @field: of the reply to it
 * @lie: one of lies[]: a number, or with a sign what is added to the truth
 *
 * Return: false when the lie does not fit the field.
 */
bool lie_tell(const char *command, const struct message_field *field,
	      const char *lie)
{
	unsigned int size = field->size < 8 ? 4 : 8;
	unsigned long long value;
	unsigned int i;
	char hex[17];

	/* groups of bits are part of a whole that has its own entry */
	if (field->kind == FIELD_BITS || field->size > 8)
		return false;
	if (*lie == '-' || *lie == '+') {
		host("add %s %u %u %s", command, field->offset, size, lie);
		return true;
	}
	value = strtoull(lie, NULL, 0);
	if (size == 4 && value > 0xffffffffu)
		return false;
	for (i = 0; i < size; i++)
		snprintf(hex + 2 * i, 3, "%02x",
			 (unsigned int)(value >> 8 * i & 0xff));
	host("field %s %u %s", command, field->offset, hex);
	return true;
}

/**
 * lie_fields() - the fields of a reply
 * @m: message
 * @count: receives their number
 *
 * Return: fields; a reply without a layout of its own is one number.
 */
const struct message_field *lie_fields(const struct message *m, size_t *count)
{
	static const struct message_field status = {
		.name = "status", .kind = FIELD_STATUS, .size = 4,
	};
	static const struct message_field handle = {
		.name = "handle", .kind = FIELD_HANDLE, .size = 4,
	};

	*count = 1;
	if (m->form == REPLY_STATUS)
		return &status;
	if (m->form == REPLY_HANDLE)
		return &handle;
	*count = m->form == REPLY_STRUCT ? m->reply->count : 0;
	return *count ? m->reply->fields : NULL;
}
