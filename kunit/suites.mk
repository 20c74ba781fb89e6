# SPDX-License-Identifier: GPL-2.0
# The suites, one object per file, and the in-kernel host they talk to.
kunit-objects := kernel_host.o
kunit-objects += handle_table_test.o nt_status_test.o
