// SPDX-License-Identifier: GPL-2.0
/* placeholder */
#include "sequence.h"
#include "harness.h"
static const struct test tests[] = {
	{ "a client computes, shares and leaves nothing behind", sequence_all, 0, NULL, false },
};
int main(int argc, char **argv) { (void)argc; return run_tests(tests, ARRAY_SIZE(tests), argv); }
