/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A writer for small JSON documents: keeps commas, indentation and escapes
 * right, nothing else.
 */
#ifndef TOOLS_DXGCTL_JSON_H
#define TOOLS_DXGCTL_JSON_H

#include <stdbool.h>
#include <stdio.h>

/**
 * struct json - a document being written
 * @out: where it goes
 * @depth: open objects and arrays
 * @filled: something was written at the current depth
 */
struct json {
	FILE *out;
	int depth;
	bool filled;
};

void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
void json_string(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, unsigned long long value);
void json_milliseconds(struct json *json, const char *key,
		       unsigned long long ns);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

#endif /* TOOLS_DXGCTL_JSON_H */
