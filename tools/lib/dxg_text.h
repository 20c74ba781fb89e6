/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text forms of what the GPU protocol carries in binary: UTF-16 strings,
 * LUIDs, driver versions. Pure functions, no device needed.
 */
#ifndef TOOLS_LIB_DXG_TEXT_H
#define TOOLS_LIB_DXG_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

#include <misc/d3dkmthk.h>

#define DXG_LUID_TEXT		18	/* "hhhhhhhh-llllllll" and NUL */
#define DXG_BYTES_TEXT		16	/* "1023.9 KiB" and NUL */
#define DXG_VERSION_TEXT	24	/* four u16 with dots and NUL */

size_t dxg_utf16_to_utf8(const __u16 *in, size_t units, char *out,
			 size_t out_size);
size_t dxg_ascii_to_utf16(const char *in, __u16 *out, size_t units);
void dxg_luid_format(const struct winluid *luid, char out[DXG_LUID_TEXT]);
bool dxg_luid_parse(const char *text, struct winluid *luid);
bool dxg_luid_equal(const struct winluid *a, const struct winluid *b);
void dxg_bytes_format(__u64 bytes, char out[DXG_BYTES_TEXT]);
void dxg_version_format(__u64 version, char out[DXG_VERSION_TEXT]);

#endif /* TOOLS_LIB_DXG_TEXT_H */
