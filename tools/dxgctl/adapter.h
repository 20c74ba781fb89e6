/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Adapters as dxgctl knows them: enumerated, described, chosen.
 */
#ifndef TOOLS_DXGCTL_ADAPTER_H
#define TOOLS_DXGCTL_ADAPTER_H

#include <stdbool.h>
#include <linux/types.h>

#include "diagnose.h"
#include "dxg_query.h"
#include "options.h"

#define ADAPTER_TEXT	256

/**
 * struct adapter_info - one adapter and what it answered
 * @handle: open adapter handle
 * @luid: LUID that finds it again
 * @description: name, empty if the query failed
 * @driver_store: directory of the driver on the host, empty if unknown
 * @has_type: @type is valid
 * @type: adapter type bits
 * @has_ids: @ids is valid
 * @ids: PCI identity
 * @has_segments: @segments is valid
 * @segments: memory sizes
 * @has_version: @version is valid
 * @version: driver version, four 16-bit numbers
 * @has_model: @model is valid
 * @model: WDDM version times 1000
 * @has_scheduling: @scheduling is valid
 * @scheduling: DXG_HW_SCHEDULING_* bits
 */
struct adapter_info {
	__u32 handle;
	struct winluid luid;
	char description[ADAPTER_TEXT];
	char driver_store[ADAPTER_TEXT];
	bool has_type;
	struct d3dkmt_adaptertype type;
	bool has_ids;
	struct dxg_device_ids ids;
	bool has_segments;
	struct dxg_segment_sizes segments;
	bool has_version;
	__u64 version;
	bool has_model;
	__u32 model;
	bool has_scheduling;
	__u32 scheduling;
};

/**
 * struct adapter_list - /dev/dxg and all its adapters
 * @fd: open node
 * @adapters: array of @count entries
 * @count: number of adapters
 */
struct adapter_list {
	int fd;
	struct adapter_info *adapters;
	__u32 count;
};

struct diagnosis adapter_list_open(struct adapter_list *list);
void adapter_list_close(struct adapter_list *list);
const struct adapter_info *adapter_find(const struct adapter_list *list,
					const struct adapter_selector *which);
bool adapter_is_mock(int fd, const struct adapter_info *adapter);
bool adapter_has_hw_queues(const struct adapter_info *adapter);
enum dxgctl_status adapter_open(const struct adapter_selector *which,
				struct adapter_list *list,
				const struct adapter_info **adapter);
enum dxgctl_status adapter_open_mock(const struct adapter_selector *which,
				     struct adapter_list *list,
				     const struct adapter_info **adapter);

#endif /* TOOLS_DXGCTL_ADAPTER_H */
