// SPDX-License-Identifier: GPL-2.0
/*
 * NTSTATUS to errno: the numbers are written out here, not taken from the
 * driver's headers.  Source: docs/protocol.md, NTSTATUS and errno.
 */
#include <kunit/test.h>

#include "host_message.h"

struct status_case {
	const char *name;
	u32 status;
	int result;
};

static const struct status_case status_cases[] = {
	{ "SUCCESS", 0x00000000, 0 },
	{ "PENDING", 0x00000103, 0x103 },
	{ "TIMEOUT", 0x00000102, 0x102 },
	{ "unlisted success", 0x00000001, 1 },
	{ "informational", 0x40000001, 0x40000001 },
	{ "largest success", 0x7fffffff, 0x7fffffff },
	{ "OBJECT_NAME_COLLISION", 0xc0000035, -EEXIST },
	{ "NO_MEMORY", 0xc0000017, -ENOMEM },
	{ "INVALID_PARAMETER", 0xc000000d, -EINVAL },
	{ "OBJECT_NAME_INVALID", 0xc0000033, -ENOENT },
	{ "OBJECT_NAME_NOT_FOUND", 0xc0000034, -ENOENT },
	{ "BUFFER_TOO_SMALL", 0xc0000023, -EOVERFLOW },
	{ "DEVICE_REMOVED", 0xc00002b6, -ENODEV },
	{ "ACCESS_DENIED", 0xc0000022, -EACCES },
	{ "NOT_SUPPORTED", 0xc00000bb, -EPERM },
	{ "NOT_IMPLEMENTED", 0xc0000002, -EPERM },
	{ "ILLEGAL_INSTRUCTION", 0xc000001d, -EOPNOTSUPP },
	{ "INVALID_HANDLE", 0xc0000008, -EBADF },
	{ "GRAPHICS_ALLOCATION_BUSY", 0xc01e0102, -EINPROGRESS },
	{ "OBJECT_TYPE_MISMATCH", 0xc0000024, -EPROTOTYPE },
	{ "UNSUCCESSFUL, unlisted", 0xc0000001, -EINVAL },
	{ "warning severity", 0x80000005, -EINVAL },
	{ "smallest", 0x80000000, -EINVAL },
	{ "all ones", 0xffffffff, -EINVAL },
};

KUNIT_ARRAY_PARAM_DESC(status, status_cases, name);

static void a_status_becomes_its_errno(struct kunit *test)
{
	const struct status_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, dxg_status_to_errno((s32)c->status), c->result);
}

/* Whatever the host sends, the caller gets a success code or a real errno. */
static void every_status_is_an_errno_or_itself(struct kunit *test)
{
	u32 status = 0;
	int ret;

	do {
		ret = dxg_status_to_errno((s32)status);
		if ((s32)status >= 0 ? ret != (s32)status :
				       ret >= 0 || ret < -MAX_ERRNO)
			KUNIT_FAIL(test, "0x%08x -> %d", status, ret);
		/* a prime: visits all kinds of bit patterns */
		status += 65537;
	} while (status >= 65537);
}

static struct kunit_case nt_status_cases[] = {
	KUNIT_CASE_PARAM(a_status_becomes_its_errno, status_gen_params),
	KUNIT_CASE(every_status_is_an_errno_or_itself),
	{ }
};

static struct kunit_suite nt_status_suite = {
	.name = "dxg_nt_status",
	.test_cases = nt_status_cases,
};

kunit_test_suite(nt_status_suite);
