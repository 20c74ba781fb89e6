# SPDX-License-Identifier: GPL-2.0
# The suites, one object per file, and the in-kernel host they talk to.
kunit-objects := kernel_host.o kernel_host_replies.o host_fixture.o golden_fixture.o
kunit-objects += handle_table_test.o nt_status_test.o
kunit-objects += host_message_test.o completion_matching_test.o
kunit-objects += host_event_test.o adapter_test.o ioctl_flow_test.o
kunit-objects += io_space_test.o
kunit-objects += golden_message_test.o golden_object_test.o golden_sync_test.o
kunit-objects += golden_memory_test.o
kunit-objects += $(if $(CONFIG_SYNC_FILE),sync_file_test.o)
kunit-objects += hostile_host_test.o
