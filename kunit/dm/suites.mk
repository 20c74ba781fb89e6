# SPDX-License-Identifier: GPL-2.0
# The suites of dynamic memory, one object per file, and the host they talk to.
hvb-kunit-objects := dm_main.o dm_fixture.o
hvb-kunit-objects += range_set_test.o pressure_test.o dm_test.o
