/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Adapter queries with types: the wire formats of QueryAdapterInfo and
 * QueryStatistics that dxgctl and the tests read. One query is one ioctl.
 */
#ifndef TOOLS_LIB_DXG_QUERY_H
#define TOOLS_LIB_DXG_QUERY_H

#include <stddef.h>
#include <linux/types.h>

#include <misc/d3dkmthk.h>

/* KMTQUERYADAPTERINFOTYPE numbers; most have no name in the user ABI. */
#define DXG_QUERY_UMD_PRIVATE		0u
#define DXG_QUERY_SEGMENT_SIZES		3u
#define DXG_QUERY_DRIVER_MODEL		13u
#define DXG_QUERY_ADAPTER_TYPE		15u
#define DXG_QUERY_DRIVER_VERSION	18u
#define DXG_QUERY_DEVICE_IDS		31u
#define DXG_QUERY_REGISTRY		48u
#define DXG_QUERY_ADAPTER_TYPE_RENDER	57u
#define DXG_QUERY_DESCRIPTION		65u
#define DXG_QUERY_HW_SCHEDULING		70u

/* Bits of DXG_QUERY_HW_SCHEDULING (WDDM 2.7 capabilities). */
#define DXG_HW_SCHEDULING_SUPPORTED	0x1u
#define DXG_HW_SCHEDULING_ENABLED	0x2u

#define DXG_DESCRIPTION_UNITS		4096u	/* UTF-16 units on the wire */

/**
 * struct dxg_segment_sizes - memory of an adapter in bytes
 * @dedicated_video: memory of the GPU
 * @dedicated_system: system memory nobody else may use
 * @shared_system: system memory the GPU may use
 */
struct dxg_segment_sizes {
	__u64 dedicated_video;
	__u64 dedicated_system;
	__u64 shared_system;
};

/**
 * struct dxg_device_ids - PCI identity of the physical adapter
 * @physical_adapter: in: index of the adapter of a link, 0
 * @vendor: PCI vendor
 * @device: PCI device
 * @subvendor: PCI subsystem vendor
 * @subsystem: PCI subsystem
 * @revision: PCI revision
 * @bus_type: bus number of WDDM, 1 is PCI
 */
struct dxg_device_ids {
	__u32 physical_adapter;
	__u32 vendor;
	__u32 device;
	__u32 subvendor;
	__u32 subsystem;
	__u32 revision;
	__u32 bus_type;
};

/* What a registry query reads. */
enum dxg_registry_query {
	DXG_REGISTRY_SERVICE_KEY = 0,
	DXG_REGISTRY_ADAPTER_KEY = 1,
	DXG_REGISTRY_DRIVER_STORE_PATH = 2,
	DXG_REGISTRY_DRIVER_IMAGE_PATH = 3,
};

/* Status inside the answer of a registry query. */
enum dxg_registry_status {
	DXG_REGISTRY_SUCCESS = 0,
	DXG_REGISTRY_BUFFER_OVERFLOW = 1,
	DXG_REGISTRY_FAIL = 2,
};

#define DXG_REGISTRY_NAME_UNITS		260u

/**
 * struct dxg_registry_info - start of a registry query, the value follows
 * @query: in: enum dxg_registry_query
 * @flags: in: 0
 * @name: in: value name for the two key queries, UTF-16
 * @value_type: in: registry type
 * @physical_adapter: in: index of the adapter of a link, 0
 * @value_size: out: bytes of the value
 * @status: out: enum dxg_registry_status
 * @value: out: start of the value; 8 bytes are part of the smallest query
 */
struct dxg_registry_info {
	__u32 query;
	__u32 flags;
	__u16 name[DXG_REGISTRY_NAME_UNITS];
	__u32 value_type;
	__u32 physical_adapter;
	__u32 value_size;
	__u32 status;
	__u16 value[4];
};

/* Where QueryStatistics has its second input: a segment or a node. */
#define DXG_STATISTICS_INPUT		800u

/* Offsets in the results of QueryStatistics, by type; numbers of 64 bits. */
#define DXG_ADAPTER_SEGMENTS		0u	/* 32 bits */
#define DXG_ADAPTER_NODES		4u	/* 32 bits */
#define DXG_SEGMENT_LIMIT		0u
#define DXG_SEGMENT_COMMITTED		8u
#define DXG_SEGMENT_RESIDENT		16u
#define DXG_SEGMENT_APERTURE		40u	/* 32 bits */
#define DXG_NODE_RUNNING_TIME		0u	/* units of 100 ns */
#define DXG_PROCESS_SEGMENT_COMMITTED	0u

int dxg_query_adapter_type(int fd, __u32 adapter,
			   struct d3dkmt_adaptertype *out);
int dxg_query_segments(int fd, __u32 adapter, struct dxg_segment_sizes *out);
int dxg_query_device_ids(int fd, __u32 adapter, struct dxg_device_ids *out);
int dxg_query_driver_version(int fd, __u32 adapter, __u64 *version);
int dxg_query_driver_model(int fd, __u32 adapter, __u32 *model);
int dxg_query_hw_scheduling(int fd, __u32 adapter, __u32 *caps);
int dxg_query_description(int fd, __u32 adapter, char *text, size_t size);
int dxg_query_registry(int fd, __u32 adapter, struct dxg_registry_info *info,
		       __u32 size);
int dxg_query_statistics(int fd, const struct winluid *luid, __u32 type,
			 __u32 pid, __u32 input,
			 struct d3dkmt_querystatistics_result *result);
int dxg_enum_processes(int fd, const struct winluid *luid, __u32 *pids,
		       __u64 *count);

#endif /* TOOLS_LIB_DXG_QUERY_H */
