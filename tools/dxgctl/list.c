// SPDX-License-Identifier: GPL-2.0
/*
 * "dxgctl list": the adapters as a table or as JSON. Only queries; works with
 * any host.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "adapter.h"
#include "dxg_text.h"
#include "json.h"

#define CELL	ADAPTER_TEXT

enum column {
	COLUMN_INDEX,
	COLUMN_LUID,
	COLUMN_DESCRIPTION,
	COLUMN_KIND,
	COLUMN_DRIVER,
	COLUMN_MODEL,
	COLUMN_VIDEO,
	COLUMN_SHARED,
	COLUMN_SCHEDULING,
	COLUMNS,
};

static const char *const headings[COLUMNS] = {
	"N", "LUID", "Adapter", "Kind", "Driver", "WDDM", "GPU memory",
	"Shared memory", "HW scheduling",
};

static void format_kind(const struct adapter_info *info, char *text)
{
	const char *role = "display-only";

	if (!info->has_type)
		return;
	if (info->type.compute_only)
		role = "compute-only";
	else if (info->type.software_device)
		role = "software render";
	else if (info->type.render_supported)
		role = "render";
	snprintf(text, CELL, "%s%s", role,
		 info->type.paravirtualized ? ", paravirtualised" : "");
}

static const char *scheduling_name(const struct adapter_info *info)
{
	if (!info->has_scheduling)
		return "?";
	if (info->scheduling & DXG_HW_SCHEDULING_ENABLED)
		return "on";
	return info->scheduling & DXG_HW_SCHEDULING_SUPPORTED ? "off" : "none";
}

static void format_model(const struct adapter_info *info, char *text)
{
	snprintf(text, CELL, "%u.%u", info->model / 1000,
		 info->model / 100 % 10);
}

static void format_row(const struct adapter_info *info, uint32_t index,
		       char cells[COLUMNS][CELL])
{
	int i;

	for (i = 0; i < COLUMNS; i++)
		snprintf(cells[i], CELL, "?");
	snprintf(cells[COLUMN_INDEX], CELL, "%u", index);
	dxg_luid_format(&info->luid, cells[COLUMN_LUID]);
	if (info->description[0])
		snprintf(cells[COLUMN_DESCRIPTION], CELL, "%s",
			 info->description);
	format_kind(info, cells[COLUMN_KIND]);
	if (info->has_version)
		dxg_version_format(info->version, cells[COLUMN_DRIVER]);
	if (info->has_model)
		format_model(info, cells[COLUMN_MODEL]);
	if (info->has_segments) {
		dxg_bytes_format(info->segments.dedicated_video,
				 cells[COLUMN_VIDEO]);
		dxg_bytes_format(info->segments.shared_system,
				 cells[COLUMN_SHARED]);
	}
	snprintf(cells[COLUMN_SCHEDULING], CELL, "%s", scheduling_name(info));
}

static void print_table(const struct adapter_list *list)
{
	char cells[COLUMNS][CELL];
	int width[COLUMNS];
	uint32_t row;
	int i;

	for (i = 0; i < COLUMNS; i++)
		width[i] = (int)strlen(headings[i]);
	for (row = 0; row < list->count; row++) {
		format_row(&list->adapters[row], row, cells);
		for (i = 0; i < COLUMNS; i++) {
			if ((int)strlen(cells[i]) > width[i])
				width[i] = (int)strlen(cells[i]);
		}
	}
	for (i = 0; i < COLUMNS; i++)
		printf("%-*s%s", i + 1 < COLUMNS ? width[i] : 0, headings[i],
		       i + 1 < COLUMNS ? "  " : "\n");
	for (row = 0; row < list->count; row++) {
		format_row(&list->adapters[row], row, cells);
		for (i = 0; i < COLUMNS; i++)
			printf("%-*s%s", i + 1 < COLUMNS ? width[i] : 0,
			       cells[i], i + 1 < COLUMNS ? "  " : "\n");
	}
}

static void json_type(struct json *json, const struct adapter_info *info)
{
	if (!info->has_type) {
		json_null(json, "kind");
		return;
	}
	json_open(json, "kind", '{');
	json_bool(json, "render", info->type.render_supported);
	json_bool(json, "compute_only", info->type.compute_only);
	json_bool(json, "software", info->type.software_device);
	json_bool(json, "paravirtualised", info->type.paravirtualized);
	json_close(json, '}');
}

static void json_memory(struct json *json, const struct adapter_info *info)
{
	if (!info->has_segments) {
		json_null(json, "memory");
		return;
	}
	json_open(json, "memory", '{');
	json_number(json, "dedicated_video", info->segments.dedicated_video);
	json_number(json, "dedicated_system", info->segments.dedicated_system);
	json_number(json, "shared_system", info->segments.shared_system);
	json_close(json, '}');
}

static void json_ids(struct json *json, const struct adapter_info *info)
{
	char text[16];

	if (!info->has_ids) {
		json_null(json, "vendor_id");
		json_null(json, "device_id");
		return;
	}
	snprintf(text, sizeof(text), "0x%04x", info->ids.vendor);
	json_string(json, "vendor_id", text);
	snprintf(text, sizeof(text), "0x%04x", info->ids.device);
	json_string(json, "device_id", text);
}

static void json_adapter(struct json *json, const struct adapter_info *info,
			 uint32_t index)
{
	char text[CELL];

	json_open(json, NULL, '{');
	json_number(json, "index", index);
	dxg_luid_format(&info->luid, text);
	json_string(json, "luid", text);
	json_string(json, "description",
		    info->description[0] ? info->description : NULL);
	json_type(json, info);
	json_ids(json, info);
	dxg_version_format(info->version, text);
	json_string(json, "driver_version", info->has_version ? text : NULL);
	format_model(info, text);
	json_string(json, "driver_model", info->has_model ? text : NULL);
	json_string(json, "driver_store",
		    info->driver_store[0] ? info->driver_store : NULL);
	json_memory(json, info);
	json_string(json, "hardware_scheduling",
		    info->has_scheduling ? scheduling_name(info) : NULL);
	json_close(json, '}');
}

static void print_json(const struct adapter_list *list,
		       const struct diagnosis *diagnosis)
{
	struct json json = { .out = stdout };
	uint32_t i;

	json_open(&json, NULL, '{');
	json_open(&json, "adapters", '[');
	for (i = 0; !diagnosis->status && i < list->count; i++)
		json_adapter(&json, &list->adapters[i], i);
	json_close(&json, ']');
	json_string(&json, "cause", diagnosis->cause);
	json_string(&json, "hint", diagnosis->hint);
	json_close(&json, '}');
}

/**
 * list_run() - the list sub-command
 * @options: --json or not
 *
 * Return: exit status.
 */
enum dxgctl_status list_run(const struct options *options)
{
	struct adapter_list list;
	struct diagnosis diagnosis = adapter_list_open(&list);

	if (options->json)
		print_json(&list, &diagnosis);
	else if (diagnosis.status)
		diagnosis_print(&diagnosis);
	else
		print_table(&list);
	if (!diagnosis.status)
		adapter_list_close(&list);
	return diagnosis.status;
}
