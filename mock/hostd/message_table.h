/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the transport knows about messages: names, numbers, fixed fields.
 *
 * message_table[] is made from the layout tables by gen-trace-tables.py at
 * build time. Shared by the trace, the reply faults and the control socket;
 * the engine does not use it, it has the protocol header.
 */
#ifndef HOSTD_MESSAGE_TABLE_H
#define HOSTD_MESSAGE_TABLE_H

#include "dxg_host_protocol.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * enum field_kind - how a field is written
 * @FIELD_UINT: unsigned number
 * @FIELD_INT: signed number
 * @FIELD_HEX: addresses, opaque numbers, words of flags
 * @FIELD_BITS: one group of bits of such a word; left out while zero
 * @FIELD_HANDLE: d3dkmthandle
 * @FIELD_STATUS: NTSTATUS
 * @FIELD_LUID: two 32-bit halves, low part first
 * @FIELD_ENUM: name of the enumerator, or the number
 * @FIELD_TEXT16: zero-terminated 16-bit characters
 * @FIELD_BYTES: anything else, in hex
 */
enum field_kind {
	FIELD_UINT,
	FIELD_INT,
	FIELD_HEX,
	FIELD_BITS,
	FIELD_HANDLE,
	FIELD_STATUS,
	FIELD_LUID,
	FIELD_ENUM,
	FIELD_TEXT16,
	FIELD_BYTES,
};

/**
 * struct message_name - one value with a name
 * @value: number
 * @name: C string
 */
struct message_name {
	uint32_t value;
	const char *name;
};

/**
 * struct message_names - the values of one enum
 * @values: entries, in no particular order
 * @count: entries
 */
struct message_names {
	const struct message_name *values;
	size_t count;
};

/**
 * struct message_select - condition under which a field means something
 * @offset: of the 32-bit word that tells, -1 for "always"
 * @bit: first bit in that word
 * @bits: number of bits, 0 for the whole word
 * @value: the field is meant when the bits have this value
 */
struct message_select {
	int16_t offset;
	uint8_t bit;
	uint8_t bits;
	uint32_t value;
};

/**
 * struct message_field - one fixed field
 * @name: member path, dots between levels
 * @kind: how to write it
 * @offset: bytes from the start of the command or reply
 * @size: bytes
 * @bit: first bit, for bit-fields
 * @bits: number of bits, 0 for a whole field
 * @names: for FIELD_ENUM
 * @select: for members of unions
 */
struct message_field {
	const char *name;
	enum field_kind kind;
	uint16_t offset;
	uint16_t size;
	uint8_t bit;
	uint8_t bits;
	const struct message_names *names;
	struct message_select select;
};

/**
 * struct message_layout - a request or a reply
 * @fields: fixed fields
 * @count: entries of @fields
 * @size: bytes of the fixed part with its padding
 * @tail: where the variable part starts, 0 for none
 * @args: where an argument struct of the caller is that travels as it is
 * @args_size: its bytes, 0 for none
 */
struct message_layout {
	const struct message_field *fields;
	uint16_t count;
	uint16_t size;
	uint16_t tail;
	uint16_t args;
	uint16_t args_size;
};

/**
 * enum reply_form - what a completion carries
 * @REPLY_NONE: nothing
 * @REPLY_STATUS: one NTSTATUS
 * @REPLY_HANDLE: one handle, 0 for failure
 * @REPLY_RAW: bytes without structure
 * @REPLY_STRUCT: see the layout
 */
enum reply_form {
	REPLY_NONE,
	REPLY_STATUS,
	REPLY_HANDLE,
	REPLY_RAW,
	REPLY_STRUCT,
};

/**
 * struct message - one command
 * @number: command_type on the wire
 * @direction: which header it has; @number is unique per direction only
 * @name: without prefix, unique
 * @request: NULL when the layout is not known
 * @reply: for REPLY_STRUCT
 * @form: of the reply
 * @status_offset: of the NTSTATUS in the reply, -1 when it has none
 */
struct message {
	uint32_t number;
	enum dxgkvmb_commandchanneltype direction;
	const char *name;
	const struct message_layout *request;
	const struct message_layout *reply;
	enum reply_form form;
	int16_t status_offset;
};

/**
 * struct message_head - the framing of one message, host byte order
 * @extended: has an extended header
 * @command_offset: from the extended header
 * @luid: vGPU LUID of the extended header, low part first
 * @process: host handle of the guest process, or 0
 * @channel_type: as sent; one of enum dxgkvmb_commandchanneltype
 *	when sane
 * @async: no answer wanted
 * @command: command number
 * @body: start of the message header; field offsets count from here
 * @len: bytes from @body to the end, padding included
 */
struct message_head {
	bool extended;
	uint32_t command_offset;
	uint32_t luid[2];
	uint32_t process;
	uint8_t channel_type;
	bool async;
	uint32_t command;
	const uint8_t *body;
	size_t len;
};

extern const struct message message_table[];
extern const size_t message_table_size;
extern const struct message_name message_status_names[];
extern const size_t message_status_name_count;

bool message_parse(const void *payload, size_t len, bool extended,
		   struct message_head *head);
const struct message *message_find(enum dxgkvmb_commandchanneltype direction,
				   uint32_t number);
const struct message *message_by_name(const char *name);
const struct message *message_request(uint32_t number);
int message_status_offset(const struct message *m, bool extended);
const char *message_status_name(uint32_t status);

#endif /* HOSTD_MESSAGE_TABLE_H */
