// SPDX-License-Identifier: GPL-2.0
/*
 * A writer for small JSON documents. Strings are UTF-8; bytes that are not
 * are the caller's mistake, control characters are escaped.
 */
#include "json.h"

static void print_escaped(FILE *out, const char *text)
{
	putc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", out);
		else if (c == '\t')
			fputs("\\t", out);
		else if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\u%04x", c);
		else
			putc(c, out);
	}
	putc('"', out);
}

static void start_value(struct json *json, const char *key)
{
	if (json->filled)
		putc(',', json->out);
	if (json->depth)
		fprintf(json->out, "\n%*s", 2 * json->depth, "");
	json->filled = true;
	if (key) {
		print_escaped(json->out, key);
		fputs(": ", json->out);
	}
}

/**
 * json_open() - start an object or array
 * @json: document
 * @key: member name, NULL inside an array and for the document itself
 * @bracket: '{' or '['
 */
void json_open(struct json *json, const char *key, char bracket)
{
	start_value(json, key);
	putc(bracket, json->out);
	json->depth++;
	json->filled = false;
}

/**
 * json_close() - end what json_open() started; ends the line after the last
 * @json: document
 * @bracket: '}' or ']'
 */
void json_close(struct json *json, char bracket)
{
	json->depth--;
	if (json->filled)
		fprintf(json->out, "\n%*s", 2 * json->depth, "");
	putc(bracket, json->out);
	json->filled = true;
	if (!json->depth)
		putc('\n', json->out);
}

/**
 * json_string() - write a string member
 * @json: document
 * @key: member name or NULL
 * @value: UTF-8 text, NULL is written as null
 */
void json_string(struct json *json, const char *key, const char *value)
{
	if (!value) {
		json_null(json, key);
		return;
	}
	start_value(json, key);
	print_escaped(json->out, value);
}

/**
 * json_number() - write an integer member
 * @json: document
 * @key: member name or NULL
 * @value: number
 */
void json_number(struct json *json, const char *key, unsigned long long value)
{
	start_value(json, key);
	fprintf(json->out, "%llu", value);
}

/**
 * json_milliseconds() - write a duration member in milliseconds
 * @json: document
 * @key: member name or NULL
 * @ns: nanoseconds
 */
void json_milliseconds(struct json *json, const char *key,
		       unsigned long long ns)
{
	start_value(json, key);
	fprintf(json->out, "%llu.%03llu", ns / 1000000, ns / 1000 % 1000);
}

/**
 * json_bool() - write a truth value member
 * @json: document
 * @key: member name or NULL
 * @value: value
 */
void json_bool(struct json *json, const char *key, bool value)
{
	start_value(json, key);
	fputs(value ? "true" : "false", json->out);
}

/**
 * json_null() - write a member without value
 * @json: document
 * @key: member name or NULL
 */
void json_null(struct json *json, const char *key)
{
	start_value(json, key);
	fputs("null", json->out);
}
