// SPDX-License-Identifier: GPL-2.0
/*
 * Escape: data that two halves of a driver exchange, and the escapes that the
 * guest knows.  The mock's driver inverts the bytes of what it does not know.
 */
#include "sequence.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "harness.h"

#define NOWHERE		((void *)16)
#define KNOWN		0x40u

static int escape(const struct sequence *s, __u32 type, __u32 flags,
		  void *data, __u32 size)
{
	struct d3dkmt_escape args = {
		.adapter = dxg_handle(s->adapter),
		.device = dxg_handle(s->device),
		.type = type,
		.flags.value = flags,
		.priv_drv_data = dxg_ptr(data),
		.priv_drv_data_size = size,
		.context = dxg_handle(s->context),
	};

	return dxg_ioctl(s->fd, LX_DXESCAPE, &args);
}

static void exchanged(unsigned long n)
{
	/* 131072 less both headers, the fixed part and the spare bytes */
	static unsigned char data[131072 - 16 - 55 + 1];
	static const __u32 sizes[] = { 1, 7, 8, 4096, sizeof(data) - 1 };
	struct sequence s;
	size_t i, k;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	host("mark");
	equal(escape(&s, 0, 0, NULL, 0), 0);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		memset(data, 0x3c, sizeof(data));
		equal(escape(&s, 0, 0, data, sizes[i]), 0);
		for (k = 0; k < sizeof(data); k++)
			if (data[k] != (k < sizes[i] ? 0xc3 : 0x3c))
				fail("%u bytes: byte %zu is %#x", sizes[i], k,
				     data[k]);
	}
	equal(host_count("ESCAPE"), 1 + ARRAY_SIZE(sizes));
	equal(escape(&s, 0, 0, data, sizeof(data)), -EINVAL);
	equal(escape(&s, 0, 0, data, 131073), -EINVAL);
	equal(escape(&s, 0, 0, data, 0xffffffff), -EINVAL);
	equal(escape(&s, 0, 0, NOWHERE, 8), -EFAULT);
	equal(host_count("ESCAPE"), 1 + ARRAY_SIZE(sizes));
	/* there is no status: a refusal is an answer without data */
	memset(data, 0x3c, sizeof(data));
	equal(escape(&s, 1, 0, data, 64), -EOVERFLOW);
	equal(data[0], 0x3c);
}

/* Both sides use the same handles. */
static void translated(unsigned long n)
{
	struct d3dddi_translate_allocation_handle data = {
		.allocation = dxg_handle(0x40001234),
	};
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	host("mark");
	data.escape_type = _D3DDDI_DRIVERESCAPETYPE_TRANSLATEALLOCATIONHANDLE;
	equal(escape(&s, 0, KNOWN, &data, sizeof(data)), 0);
	data.escape_type = _D3DDDI_DRIVERESCAPETYPE_TRANSLATERESOURCEHANDLE;
	equal(escape(&s, 0, KNOWN, &data, sizeof(data)), 0);
	equal(data.allocation.v, 0x40001234);
	equal(data.escape_type, _D3DDDI_DRIVERESCAPETYPE_TRANSLATERESOURCEHANDLE);
	equal(escape(&s, 0, KNOWN, &data, 3), -EINVAL);
	equal(escape(&s, 0, KNOWN, NOWHERE, 8), -EFAULT);
	equal(host_count("ESCAPE"), 0);
	/* other types and other flags only look like it */
	equal(escape(&s, 0, 0, &data, sizeof(data)), 0);
	equal(data.allocation.v, ~0x40001234u);
	data.escape_type = _D3DDDI_DRIVERESCAPETYPE_CPUEVENTUSAGE;
	equal(escape(&s, 0, KNOWN, &data, sizeof(data)), -EOVERFLOW);
	equal(host_count("ESCAPE"), 2);
}

static void test_buffer(unsigned long n)
{
	unsigned char dma[256], private[32];
	struct d3dddi_buildtestcommandbuffer data = {
		.escape_type = _D3DDDI_DRIVERESCAPETYPE_BUILDTESTCOMMANDBUFFER,
		.dma_buffer = dxg_ptr(dma),
		.dma_buffer_priv_data = dxg_ptr(private),
		.dma_buffer_size = 128,
		.dma_buffer_priv_data_size = sizeof(private),
	};
	struct sequence s;
	size_t i;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	for (i = 0; i < sizeof(data.command); i++)
		data.command.buffer[i] = (unsigned char)(i + 1);
	memset(dma, 0xee, sizeof(dma));
	memset(private, 0xee, sizeof(private));
	equal(escape(&s, 0, KNOWN, &data, sizeof(data)), 0);
	equal(data.dma_buffer_size, sizeof(data.command));
	equal(data.dma_buffer_priv_data_size, 0);
	equal(memcmp(dma, &data.command, sizeof(data.command)), 0);
	equal(dma[sizeof(data.command)], 0xee);
	equal(private[0], 0xee);
	equal(data.dma_buffer, dxg_ptr(dma));
}

static const struct {
	const char *name;
	__u32 size;
	__u32 dma;
	__u32 private;
	int result;
} bad_buffers[] = {
	{ "header cut", 111, 128, 0, -EINVAL },
	{ "buffer too small", 112, 3, 0, -EINVAL },
	{ "buffer too large", 112, 4097, 0, -EINVAL },
	{ "buffer absurd", 112, 0xffffffff, 0, -EINVAL },
	{ "private data too large", 112, 128, 1025, -EINVAL },
	{ "private data absurd", 112, 128, 0xffffffff, -EINVAL },
	{ "largest", 112, 4096, 1024, 0 },
	{ "smallest", 112, 4, 0, 0 },
};

/* P22: what the host says it built must fit. */
static void bad_test_buffers(unsigned long n)
{
	unsigned char dma[4096], private[1024];
	struct d3dddi_buildtestcommandbuffer data = { 0 };
	struct sequence s;
	size_t i;
	int ret;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	for (i = 0; i < ARRAY_SIZE(bad_buffers); i++) {
		data.escape_type = 3;
		data.dma_buffer = dxg_ptr(dma);
		data.dma_buffer_priv_data = dxg_ptr(private);
		data.dma_buffer_size = bad_buffers[i].dma;
		data.dma_buffer_priv_data_size = bad_buffers[i].private;
		ret = escape(&s, 0, KNOWN, &data, bad_buffers[i].size);
		if (ret != bad_buffers[i].result)
			fail("%s: %d", bad_buffers[i].name, ret);
	}
	data.dma_buffer_size = 64;
	data.dma_buffer_priv_data_size = 16;
	host("field ESCAPE 104 41000000");
	equal(escape(&s, 0, KNOWN, &data, sizeof(data)), -EINVAL);
	equal(data.dma_buffer_size, 64);
	host("field ESCAPE 108 11000000");
	equal(escape(&s, 0, KNOWN, &data, sizeof(data)), -EINVAL);
	host("field ESCAPE 104 4000000010000000");
	equal(escape(&s, 0, KNOWN, &data, sizeof(data)), 0);
	equal(data.dma_buffer_size, 64);
	equal(data.dma_buffer_priv_data_size, 16);
	data.dma_buffer = dxg_ptr(NOWHERE);
	equal(escape(&s, 0, KNOWN, &data, sizeof(data)), -EFAULT);
	equal(escape(&s, 0, KNOWN, NOWHERE, sizeof(data)), -EFAULT);
}

static const struct test tests[] = {
	{ "data of any size is exchanged", exchanged, 0, NULL, false },
	{ "handles need no translation", translated, 0, NULL, false },
	{ "a test command buffer is built", test_buffer, 0, NULL, false },
	{ "test command buffers have limits, on both sides", bad_test_buffers,
	  0, NULL, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
