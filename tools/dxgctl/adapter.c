// SPDX-License-Identifier: GPL-2.0
/*
 * Adapters as dxgctl knows them. Owns the open node and one handle for each
 * adapter; a query that an adapter refuses leaves its field empty, because
 * real hosts refuse many.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "adapter.h"
#include "dxg_client.h"
#include "dxg_text.h"
#include "gpu_commands.h"

#define MICROSOFT_VENDOR	0x1414u
#define PATTERN_SIZE		64u

/* More adapters than this may appear between the two enumerations. */
#define SPARE_ADAPTERS		4u

/* Names come from the host and end up on a terminal. */
static void make_printable(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
	}
}

static void read_driver_store(int fd, struct adapter_info *info)
{
	struct {
		struct dxg_registry_info head;
		__u16 rest[2 * ADAPTER_TEXT];
	} query = { .head.query = DXG_REGISTRY_DRIVER_STORE_PATH };
	const void *value;

	if (dxg_query_registry(fd, info->handle, &query.head,
			       sizeof(query)) < 0 ||
	    query.head.status != DXG_REGISTRY_SUCCESS)
		return;
	value = (const char *)&query + offsetof(struct dxg_registry_info, value);
	dxg_utf16_to_utf8(value, 4 + 2 * ADAPTER_TEXT, info->driver_store,
			  sizeof(info->driver_store));
	make_printable(info->driver_store);
}

static void describe(int fd, struct adapter_info *info)
{
	__u32 handle = info->handle;

	if (dxg_query_description(fd, handle, info->description,
				  sizeof(info->description)) < 0)
		info->description[0] = '\0';
	make_printable(info->description);
	read_driver_store(fd, info);
	info->has_type = dxg_query_adapter_type(fd, handle, &info->type) >= 0;
	info->has_ids = dxg_query_device_ids(fd, handle, &info->ids) >= 0;
	info->has_segments =
		dxg_query_segments(fd, handle, &info->segments) >= 0;
	info->has_version =
		dxg_query_driver_version(fd, handle, &info->version) >= 0;
	info->has_model = dxg_query_driver_model(fd, handle, &info->model) >= 0;
	info->has_scheduling =
		dxg_query_hw_scheduling(fd, handle, &info->scheduling) >= 0;
}

static int enumerate(struct adapter_list *list)
{
	struct d3dkmt_adapterinfo *infos;
	__u32 count = 0, i;
	int ret;

	ret = dxg_enum_adapters3(list->fd, true, NULL, &count);
	if (ret < 0)
		return ret;
	count += SPARE_ADAPTERS;
	infos = calloc(count, sizeof(*infos));
	list->adapters = calloc(count, sizeof(*list->adapters));
	if (!infos || !list->adapters) {
		ret = -ENOMEM;
		goto out;
	}
	ret = dxg_enum_adapters3(list->fd, true, infos, &count);
	if (ret < 0)
		goto out;
	list->count = count;
	for (i = 0; i < count; i++) {
		list->adapters[i].handle = infos[i].adapter_handle.v;
		list->adapters[i].luid = infos[i].adapter_luid;
		describe(list->fd, &list->adapters[i]);
	}
out:
	free(infos);
	return ret;
}

/**
 * adapter_list_open() - open /dev/dxg and describe all its adapters
 * @list: receives the adapters; to be closed if the status is DXGCTL_OK
 *
 * Return: DXGCTL_OK with at least one adapter in @list, or what is wrong.
 */
struct diagnosis adapter_list_open(struct adapter_list *list)
{
	struct presence presence;
	int ret;

	*list = (struct adapter_list){ .fd = dxg_open(NULL) };
	if (list->fd < 0) {
		presence_scan("/sys", &presence);
		return diagnose_open(-list->fd, &presence);
	}
	ret = enumerate(list);
	if (ret >= 0 && list->count)
		return (struct diagnosis){ .status = DXGCTL_OK };
	adapter_list_close(list);
	if (ret < 0)
		return diagnose_enumeration(-ret);
	presence_scan("/sys", &presence);
	return diagnose_no_adapter(&presence);
}

/**
 * adapter_list_close() - close all adapters and the node
 * @list: result of adapter_list_open()
 */
void adapter_list_close(struct adapter_list *list)
{
	__u32 i;

	for (i = 0; i < list->count; i++)
		dxg_close_adapter(list->fd, list->adapters[i].handle);
	free(list->adapters);
	dxg_close(list->fd);
}

/**
 * adapter_find() - look an adapter up
 * @list: adapters
 * @which: number or LUID
 *
 * Return: the adapter or NULL.
 */
const struct adapter_info *adapter_find(const struct adapter_list *list,
					const struct adapter_selector *which)
{
	__u32 i;

	if (!which->by_luid)
		return which->index < list->count ?
			&list->adapters[which->index] : NULL;
	for (i = 0; i < list->count; i++) {
		if (dxg_luid_equal(&list->adapters[i].luid, &which->luid))
			return &list->adapters[i];
	}
	return NULL;
}

/* The mock answers a private query with a pattern over the question. */
static bool answers_pattern(int fd, __u32 handle)
{
	__u8 data[PATTERN_SIZE];
	__u32 i;

	for (i = 0; i < PATTERN_SIZE; i++)
		data[i] = (__u8)i;
	if (dxg_query_adapter_info(fd, handle, DXG_QUERY_UMD_PRIVATE, data,
				   PATTERN_SIZE) < 0)
		return false;
	for (i = 0; i < PATTERN_SIZE; i++) {
		if (data[i] != ((__u8)i ^ MOCK_UMD_PRIVATE(PATTERN_SIZE, i)))
			return false;
	}
	return true;
}

/**
 * adapter_is_mock() - does this adapter understand the mock's commands
 * @fd: open node
 * @adapter: adapter
 *
 * Sending a real GPU commands or private data in the mock's format would be
 * sending garbage. The question that tells is a query without side effects,
 * and only adapters of the mock's vendor get it, which makes no hardware.
 *
 * Return: true for an adapter of the mock host.
 */
bool adapter_is_mock(int fd, const struct adapter_info *adapter)
{
	return adapter->has_ids && adapter->ids.vendor == MICROSOFT_VENDOR &&
	       answers_pattern(fd, adapter->handle);
}

/**
 * adapter_has_hw_queues() - is hardware scheduling on
 * @adapter: adapter
 *
 * Return: true if commands go to hardware queues.
 */
bool adapter_has_hw_queues(const struct adapter_info *adapter)
{
	return adapter->has_scheduling &&
	       adapter->scheduling & DXG_HW_SCHEDULING_ENABLED;
}

static const struct diagnosis unknown_adapter = {
	DXGCTL_NO_ADAPTER,
	"there is no such adapter",
	"\"dxgctl list\" shows numbers and LUIDs",
};

static const struct diagnosis foreign_adapter = {
	DXGCTL_NOT_MOCK,
	"this command needs the command set of the mock host; the adapter is another one and was left alone",
	"run it in a virtual machine of scripts/vm; \"dxgctl list\" works with any adapter",
};

/**
 * adapter_open() - open the adapter a command is about
 * @which: number or LUID
 * @list: receives the adapters; to be closed if the result is DXGCTL_OK
 * @adapter: receives the chosen one
 *
 * Mistakes are reported on standard error.
 *
 * Return: DXGCTL_OK or the exit status.
 */
enum dxgctl_status adapter_open(const struct adapter_selector *which,
				struct adapter_list *list,
				const struct adapter_info **adapter)
{
	struct diagnosis diagnosis = adapter_list_open(list);

	if (!diagnosis.status) {
		*adapter = adapter_find(list, which);
		if (*adapter)
			return DXGCTL_OK;
		adapter_list_close(list);
		diagnosis = unknown_adapter;
	}
	diagnosis_print(&diagnosis);
	return diagnosis.status;
}

/**
 * adapter_open_mock() - open the adapter a command shall compute on
 * @which: number or LUID
 * @list: receives the adapters; to be closed if the result is DXGCTL_OK
 * @adapter: receives the chosen one
 *
 * Return: DXGCTL_OK or the exit status, as adapter_open().
 */
enum dxgctl_status adapter_open_mock(const struct adapter_selector *which,
				     struct adapter_list *list,
				     const struct adapter_info **adapter)
{
	enum dxgctl_status status = adapter_open(which, list, adapter);

	if (status || adapter_is_mock(list->fd, *adapter))
		return status;
	diagnosis_print(&foreign_adapter);
	adapter_list_close(list);
	return foreign_adapter.status;
}
