// SPDX-License-Identifier: GPL-2.0
/*
 * Text forms of what the GPU protocol carries in binary. Input comes from a
 * host: any sequence of units must give a valid, terminated string.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dxg_text.h"

#define REPLACEMENT	0xfffdu

static bool is_high_surrogate(__u16 unit)
{
	return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low_surrogate(__u16 unit)
{
	return unit >= 0xdc00 && unit <= 0xdfff;
}

static size_t encode_utf8(__u32 c, char bytes[4])
{
	if (c < 0x80) {
		bytes[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		bytes[0] = (char)(0xc0 | c >> 6);
		bytes[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		bytes[0] = (char)(0xe0 | c >> 12);
		bytes[1] = (char)(0x80 | (c >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | c >> 18);
	bytes[1] = (char)(0x80 | (c >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (c >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/**
 * dxg_utf16_to_utf8() - convert a string of the host
 * @in: UTF-16 units in host byte order, ended by 0 or by @units
 * @units: most units to read
 * @out: receives the terminated UTF-8 string
 * @out_size: bytes of @out, at least 1
 *
 * A lone surrogate becomes U+FFFD. A character that does not fit as a whole
 * ends the string.
 *
 * Return: bytes written without the terminating NUL.
 */
size_t dxg_utf16_to_utf8(const __u16 *in, size_t units, char *out,
			 size_t out_size)
{
	size_t used = 0, i = 0;

	while (i < units && in[i]) {
		__u32 c = in[i++];
		char bytes[4];
		size_t n;

		if (is_high_surrogate((__u16)c) && i < units &&
		    is_low_surrogate(in[i]))
			c = 0x10000 + ((c - 0xd800) << 10) + (in[i++] - 0xdc00);
		else if (c >= 0xd800 && c <= 0xdfff)
			c = REPLACEMENT;
		n = encode_utf8(c, bytes);
		if (used + n >= out_size)
			break;
		memcpy(out + used, bytes, n);
		used += n;
	}
	out[used] = '\0';
	return used;
}

/**
 * dxg_ascii_to_utf16() - convert a registry value name for the host
 * @in: ASCII string
 * @out: receives the terminated UTF-16 string
 * @units: room in @out, at least 1
 *
 * Return: units written without the terminating 0; the string is cut if it
 * does not fit.
 */
size_t dxg_ascii_to_utf16(const char *in, __u16 *out, size_t units)
{
	size_t i;

	for (i = 0; i + 1 < units && in[i]; i++)
		out[i] = (unsigned char)in[i];
	out[i] = 0;
	return i;
}

/**
 * dxg_luid_format() - print a LUID, high part first
 * @luid: LUID
 * @out: receives "hhhhhhhh-llllllll"
 */
void dxg_luid_format(const struct winluid *luid, char out[DXG_LUID_TEXT])
{
	snprintf(out, DXG_LUID_TEXT, "%08x-%08x", luid->b, luid->a);
}

static const char *parse_hex32(const char *text, __u32 *value)
{
	size_t digits = strspn(text, "0123456789abcdefABCDEF");

	if (!digits || digits > 8)
		return NULL;
	*value = (__u32)strtoul(text, NULL, 16);
	return text + digits;
}

/**
 * dxg_luid_parse() - read what dxg_luid_format() prints
 * @text: "high-low" in hexadecimal digits, leading zeros optional
 * @luid: receives the value; untouched on failure
 *
 * Return: true if the whole text is a LUID.
 */
bool dxg_luid_parse(const char *text, struct winluid *luid)
{
	__u32 high, low;

	text = parse_hex32(text, &high);
	if (!text || *text != '-')
		return false;
	text = parse_hex32(text + 1, &low);
	if (!text || *text)
		return false;
	luid->a = low;
	luid->b = high;
	return true;
}

/**
 * dxg_luid_equal() - compare two LUIDs
 * @a: one
 * @b: other
 *
 * Return: true if both parts are equal.
 */
bool dxg_luid_equal(const struct winluid *a, const struct winluid *b)
{
	return a->a == b->a && a->b == b->b;
}

/**
 * dxg_version_format() - print a driver version
 * @version: four 16-bit numbers, most significant first
 * @out: receives "a.b.c.d"
 */
void dxg_version_format(__u64 version, char out[DXG_VERSION_TEXT])
{
	snprintf(out, DXG_VERSION_TEXT, "%u.%u.%u.%u",
		 (unsigned int)(version >> 48 & 0xffff),
		 (unsigned int)(version >> 32 & 0xffff),
		 (unsigned int)(version >> 16 & 0xffff),
		 (unsigned int)(version & 0xffff));
}

/**
 * dxg_bytes_format() - print an amount of memory
 * @bytes: amount
 * @out: receives it, rounded, in the unit that fits
 */
void dxg_bytes_format(__u64 bytes, char out[DXG_BYTES_TEXT])
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t unit = 0;

	while (bytes >> (10 * unit) >= 1024 && unit < 4)
		unit++;
	snprintf(out, DXG_BYTES_TEXT, "%.*f %s", unit ? 1 : 0,
		 (double)bytes / (double)(1ull << (10 * unit)), units[unit]);
}
