// SPDX-License-Identifier: GPL-2.0
/*
 * Unit tests of the diagnosis on made-up sysfs trees.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "diagnose.h"

static char root[64];

static void add_file(const char *path, const char *content)
{
	char full[256], *slash;
	FILE *file;

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (slash = strchr(full + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(full, 0755))
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
	file = fopen(full, "we");
	assert_non_null(file);
	fputs(content, file);
	fclose(file);
}

static void add_pci(const char *name, const char *vendor, const char *device)
{
	char path[128];

	snprintf(path, sizeof(path), "bus/pci/devices/%s/vendor", name);
	add_file(path, vendor);
	snprintf(path, sizeof(path), "bus/pci/devices/%s/device", name);
	add_file(path, device);
}

static void add_channel(const char *name, const char *class_id)
{
	char path[128];

	snprintf(path, sizeof(path), "bus/vmbus/devices/%s/class_id", name);
	add_file(path, class_id);
}

static void expect(int error, enum dxgctl_status status, const char *cause)
{
	struct presence presence;
	struct diagnosis diagnosis;

	presence_scan(root, &presence);
	diagnosis = error ? diagnose_open(error, &presence) :
			    diagnose_no_adapter(&presence);
	assert_int_equal(diagnosis.status, status);
	assert_non_null(strstr(diagnosis.cause, cause));
}

static int make_root(void **state)
{
	(void)state;
	snprintf(root, sizeof(root), "/tmp/dxgctl-sysfs-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int remove_root(void **state)
{
	char command[80];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command);
}

static void missing_node_without_module(void **state)
{
	(void)state;
	expect(ENOENT, DXGCTL_NO_DRIVER, "dxgkrnl not loaded");
}

static void missing_node_with_module(void **state)
{
	(void)state;
	add_file("module/dxgkrnl/refcnt", "0\n");
	expect(ENOENT, DXGCTL_NO_DRIVER, "although dxgkrnl is loaded");
}

static void refused_permission(void **state)
{
	(void)state;
	expect(EACCES, DXGCTL_NO_DRIVER, "permission denied");
}

static void other_errors_keep_their_name(void **state)
{
	(void)state;
	expect(EMFILE, DXGCTL_NO_DRIVER, strerror(EMFILE));
}

static void no_global_channel_and_no_pci_function(void **state)
{
	(void)state;
	add_pci("0000:00:02.0", "0x1234\n", "0x008e\n");
	add_pci("0000:00:03.0", "0x1414\n", "0x5353\n");
	expect(EBADF, DXGCTL_NO_ADAPTER,
	       "no vGPU: PCI function 1414:008e not found");
	expect(0, DXGCTL_NO_ADAPTER,
	       "no vGPU: PCI function 1414:008e not found");
}

static void pci_function_without_channel(void **state)
{
	(void)state;
	add_pci("abcd:00:00.0", "0x1414\n", "0x008e\n");
	add_channel("global", "{dde9cbc0-5060-4436-9448-ea1254a5d177}\n");
	expect(0, DXGCTL_NO_ADAPTER, "VMBus channel missing");
}

static void compute_function_without_global_channel(void **state)
{
	(void)state;
	add_pci("abcd:00:00.0", "0x1414\n", "0x008a\n");
	add_channel("vgpu", "{6e382d18-3336-4f4b-acc4-2b7703d4df4a}\n");
	expect(EBADF, DXGCTL_NO_ADAPTER, "global VMBus channel missing");
}

static void everything_there_but_no_adapter(void **state)
{
	struct presence presence;

	(void)state;
	add_pci("abcd:00:00.0", "0x1414\n", "0x008e\n");
	add_pci("abce:00:00.0", "0x1414\n", "0x008a\n");
	add_channel("vgpu", "{6e382d18-3336-4f4b-acc4-2b7703d4df4a}\n");
	add_channel("global", "{dde9cbc0-5060-4436-9448-ea1254a5d177}\n");
	add_channel("network", "{f8615163-df3e-46c5-913f-f2d2f965ed0e}\n");
	expect(0, DXGCTL_NO_ADAPTER, "no adapter started");
	presence_scan(root, &presence);
	assert_false(presence.module);
	assert_int_equal(presence.vgpu_functions, 1);
	assert_int_equal(presence.compute_functions, 1);
	assert_int_equal(presence.vgpu_channels, 1);
	assert_int_equal(presence.global_channels, 1);
}

#define on_tree(test) \
	cmocka_unit_test_setup_teardown(test, make_root, remove_root)

int main(void)
{
	const struct CMUnitTest tests[] = {
		on_tree(missing_node_without_module),
		on_tree(missing_node_with_module),
		on_tree(refused_permission),
		on_tree(other_errors_keep_their_name),
		on_tree(no_global_channel_and_no_pci_function),
		on_tree(pci_function_without_channel),
		on_tree(compute_function_without_global_channel),
		on_tree(everything_there_but_no_adapter),
	};

	return cmocka_run_group_tests_name("diagnose", tests, NULL, NULL);
}
