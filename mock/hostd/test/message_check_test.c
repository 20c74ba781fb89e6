// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of message_check.c: what it notices and what it lets pass.
 */
#include "message_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	union {
		uint8_t bytes[512];
		struct dxg_cmd_createdevice create;
		struct dxg_cmd_lock2 lock;
		struct dxg_cmd_escape escape;
		struct dxg_cmd_submitcommand submit;
	};
	const struct message *message;
	struct message_head head;
	char text[MESSAGE_CHECK_TEXT];
};

static void begin(struct fixture *f, const char *name, size_t len)
{
	memset(f, 0, sizeof(*f));
	f->message = message_by_name(name);
	assert_non_null(f->message);
	f->head.body = f->bytes;
	f->head.len = len;
	f->head.command = f->message->number;
}

static bool passes(struct fixture *f)
{
	return message_check(f->message, &f->head, f->text);
}

static void test_zeros(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "CREATEDEVICE", 40);
	assert_true(passes(&f));
	/* The engine looks at the header. */
	memset(f.bytes, 0xa5, 24);
	assert_true(passes(&f));
}

/* Whatever lies between the fields was never written on purpose. */
static void test_stray_byte(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, "LOCK2", sizeof(f.lock));
	assert_true(passes(&f));
	memset(f.bytes + 24, 0x11, sizeof(f.lock) - 24);
	assert_false(passes(&f));
	assert_non_null(strstr(f.text, "LOCK2"));
	assert_non_null(strstr(f.text, "no meaning"));
}

/* An uneven place is one, too: values are not aligned to their size. */
static void test_kernel_address(void **state)
{
	static const uint64_t addresses[] = {
		0xffff800000000000, 0xffff888012345678, 0xffffc90000123456,
		0xffffffff81000000, 0xffffffffc0123456,
	};
	struct fixture f;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		begin(&f, "ESCAPE", 200);
		memcpy(f.bytes + 100, &addresses[i], 8);
		assert_false(passes(&f));
		assert_non_null(strstr(f.text, "kernel address at byte 100"));
	}
}

static void test_no_address(void **state)
{
	static const uint64_t numbers[] = {
		UINT64_MAX, (uint64_t)-256, 0x00007fff00000000 + (1ull << 48),
		0x123456789a, 0xffff7fffffffffff, 0xffffffff40000040, 0xfffffff940000040,
	};
	struct fixture f;
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		begin(&f, "ESCAPE", 200);
		memcpy(f.bytes + 104, &numbers[i], 8);
		assert_true(passes(&f));
	}
}

/* Private data may hold what it wants, and three commands forward pointers. */
static void test_user_address(void **state)
{
	const uint64_t address = 0x00007f1234567000;
	struct fixture f;
	size_t at;

	(void)state;
	begin(&f, "CREATEDEVICE", 40);
	at = offsetof(struct dxg_cmd_createdevice, error_code);
	memcpy(f.bytes + at, &address, 8);
	assert_false(passes(&f));
	assert_non_null(strstr(f.text, "user address"));

	begin(&f, "ESCAPE", 200);
	memcpy(f.bytes + 96, &address, 8);
	assert_true(passes(&f));

	begin(&f, "SUBMITCOMMAND", sizeof(f.submit));
	at = offsetof(struct dxg_cmd_submitcommand, args.command_buffer);
	memcpy(f.bytes + at, &address, 8);
	assert_true(passes(&f));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zeros),
		cmocka_unit_test(test_stray_byte),
		cmocka_unit_test(test_kernel_address),
		cmocka_unit_test(test_no_address),
		cmocka_unit_test(test_user_address),
	};

	return cmocka_run_group_tests_name("message_check", tests, NULL, NULL);
}
