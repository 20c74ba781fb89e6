// SPDX-License-Identifier: GPL-2.0
/*
 * Adapter queries with types. Stateless: see dxg_client.h for the contract of
 * all functions; strings arrive as UTF-16 and leave as UTF-8.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "dxg_client.h"
#include "dxg_query.h"
#include "dxg_text.h"

static_assert(sizeof(struct dxg_segment_sizes) == 24, "wire size of type 3");
static_assert(sizeof(struct dxg_device_ids) == 28, "wire size of type 31");
static_assert(sizeof(struct dxg_registry_info) == 552, "wire size of type 48");
static_assert(offsetof(struct dxg_registry_info, value) == 544,
	      "wire offset of a registry value");

/**
 * dxg_query_adapter_type() - what kind of adapter this is
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @out: receives the bits as the driver edited them
 *
 * Return: 0 or -errno.
 */
int dxg_query_adapter_type(int fd, __u32 adapter,
			   struct d3dkmt_adaptertype *out)
{
	return dxg_query_adapter_info(fd, adapter,
				      DXG_QUERY_ADAPTER_TYPE_RENDER, out,
				      sizeof(*out));
}

/**
 * dxg_query_segments() - memory sizes of an adapter
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @out: receives the sizes
 *
 * Return: 0 or -errno.
 */
int dxg_query_segments(int fd, __u32 adapter, struct dxg_segment_sizes *out)
{
	return dxg_query_adapter_info(fd, adapter, DXG_QUERY_SEGMENT_SIZES,
				      out, sizeof(*out));
}

/**
 * dxg_query_device_ids() - PCI identity of the first physical adapter
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @out: receives the ids
 *
 * Return: 0 or -errno.
 */
int dxg_query_device_ids(int fd, __u32 adapter, struct dxg_device_ids *out)
{
	*out = (struct dxg_device_ids){ .physical_adapter = 0 };
	return dxg_query_adapter_info(fd, adapter, DXG_QUERY_DEVICE_IDS, out,
				      sizeof(*out));
}

/**
 * dxg_query_driver_version() - version of the user-mode driver
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @version: receives four 16-bit numbers, see dxg_version_format()
 *
 * Return: 0 or -errno.
 */
int dxg_query_driver_version(int fd, __u32 adapter, __u64 *version)
{
	return dxg_query_adapter_info(fd, adapter, DXG_QUERY_DRIVER_VERSION,
				      version, sizeof(*version));
}

/**
 * dxg_query_driver_model() - WDDM version of the driver
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @model: receives 3200 for WDDM 3.2, and so on
 *
 * Return: 0 or -errno.
 */
int dxg_query_driver_model(int fd, __u32 adapter, __u32 *model)
{
	return dxg_query_adapter_info(fd, adapter, DXG_QUERY_DRIVER_MODEL,
				      model, sizeof(*model));
}

/**
 * dxg_query_hw_scheduling() - is hardware scheduling there and on
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @caps: receives DXG_HW_SCHEDULING_* bits
 *
 * Return: 0 or -errno.
 */
int dxg_query_hw_scheduling(int fd, __u32 adapter, __u32 *caps)
{
	return dxg_query_adapter_info(fd, adapter, DXG_QUERY_HW_SCHEDULING,
				      caps, sizeof(*caps));
}

/**
 * dxg_query_description() - name of an adapter
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @text: receives the terminated UTF-8 name
 * @size: bytes of @text, at least 1
 *
 * Return: 0 or -errno.
 */
int dxg_query_description(int fd, __u32 adapter, char *text, size_t size)
{
	__u16 *units = calloc(DXG_DESCRIPTION_UNITS, sizeof(*units));
	int ret;

	if (!units)
		return -ENOMEM;
	ret = dxg_query_adapter_info(fd, adapter, DXG_QUERY_DESCRIPTION, units,
				     DXG_DESCRIPTION_UNITS * sizeof(*units));
	if (ret >= 0)
		dxg_utf16_to_utf8(units, DXG_DESCRIPTION_UNITS, text, size);
	free(units);
	return ret;
}

/**
 * dxg_query_registry() - read a registry value of the driver on the host
 * @fd: result of dxg_open()
 * @adapter: adapter handle
 * @info: query and room for the answer
 * @size: bytes at @info, at least sizeof(struct dxg_registry_info)
 *
 * The call succeeds even if the value does not fit: @info->status is then
 * DXG_REGISTRY_BUFFER_OVERFLOW and @info->value_size the room needed.
 *
 * Return: 0 or -errno.
 */
int dxg_query_registry(int fd, __u32 adapter, struct dxg_registry_info *info,
		       __u32 size)
{
	return dxg_query_adapter_info(fd, adapter, DXG_QUERY_REGISTRY, info,
				      size);
}

/**
 * dxg_query_statistics() - numbers that the host counts
 * @fd: result of dxg_open()
 * @luid: adapter
 * @type: enum d3dkmt_querystatistics_type
 * @pid: process that the types about a process ask about, 0: the caller
 * @input: segment or node that the type is about, else 0
 * @result: receives the numbers, whose layout depends on @type
 *
 * Return: 0 or -errno; -EINVAL also for a process that the caller may not look
 * into.
 */
int dxg_query_statistics(int fd, const struct winluid *luid, __u32 type,
			 __u32 pid, __u32 input,
			 struct d3dkmt_querystatistics_result *result)
{
	struct d3dkmt_querystatistics args = {
		.type = type,
		.adapter_luid = *luid,
		.process = pid,
	};
	int ret;

	memcpy(args.size + DXG_STATISTICS_INPUT, &input, sizeof(input));
	ret = dxg_ioctl(fd, LX_DXQUERYSTATISTICS, &args);
	*result = args.result;
	return ret;
}

/**
 * dxg_enum_processes() - who uses an adapter
 * @fd: result of dxg_open()
 * @luid: adapter
 * @pids: receives ids of processes, as this pid namespace numbers them
 * @count: in: room at @pids; out: number of processes
 *
 * Return: 0, -EOVERFLOW (@count says how much room is needed), or -errno.
 */
int dxg_enum_processes(int fd, const struct winluid *luid, __u32 *pids,
		       __u64 *count)
{
	struct d3dkmt_enumprocesses args = {
		.adapter_luid = *luid,
		.buffer = dxg_ptr(pids),
		.buffer_count = *count,
	};
	int ret = dxg_ioctl(fd, LX_DXENUMPROCESSES, &args);

	*count = args.buffer_count;
	return ret;
}
