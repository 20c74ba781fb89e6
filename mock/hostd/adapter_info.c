// SPDX-License-Identifier: GPL-2.0
/*
 * QUERYADAPTERINFO: a table of types.  Layouts are those of the public
 * D3DKMT headers; strings are UTF-16.  Callers hold the engine lock.
 */
#include <string.h>

#include "commands.h"

#define DRIVER_STORE \
	"C:\\Windows\\System32\\DriverStore\\FileRepository\\" \
	"mock.inf_amd64_0123456789abcdef"

#define MODEL_VERSION		3200u	/* WDDM 3.2 */
#define UMD_VERSION		0x001f000000650001ull	/* 31.0.101.1 */

#define DEVICE_HARDWARE		0x5a5au
#define DEVICE_SOFTWARE		0x0088u
#define BUS_PCI			5u

/* Bits of KMTQAITYPE_ADAPTERTYPE; all but two are for the guest to clear. */
#define TYPE_RENDER		0x001u
#define TYPE_SOFTWARE		0x004u
#define TYPE_TO_CLEAR		0x34au

#define MMU_CAPS		7u	/* read-only, no-execute, coherent */
#define VA_BITS			48u

#define NODE_TYPE_3D		1u
#define NODE_TYPE_COPY		6u

#define FREQUENCY_HZ		1500000000ull
#define POWER			250u
#define TEMPERATURE		421u	/* 0.1 degrees */

/* KMTQAITYPE_QUERYREGISTRY, offsets and values. */
#define REGISTRY_QUERY_TYPE	0
#define REGISTRY_VALUE_TYPE	528
#define REGISTRY_VALUE_SIZE	536
#define REGISTRY_STATUS		540
#define REGISTRY_VALUE		544
#define REGISTRY_DRIVERSTORE	2u
#define REGISTRY_IMAGEPATH	3u
#define REGISTRY_OVERFLOW	1u
#define REGISTRY_FAIL		2u
#define REGISTRY_TYPE_SZ	1u

/**
 * struct query - one QUERYADAPTERINFO
 * @adapter: adapter
 * @data: the client's data, to be replaced by the answer
 * @size: bytes of @data
 */
struct query {
	const struct adapter *adapter;
	uint8_t *data;
	uint32_t size;
};

static void put32(struct query *q, uint32_t offset, uint32_t value)
{
	memcpy(q->data + offset, &value, sizeof(value));
}

static void put64(struct query *q, uint32_t offset, uint64_t value)
{
	memcpy(q->data + offset, &value, sizeof(value));
}

static uint32_t get32(const struct query *q, uint32_t offset)
{
	uint32_t value;

	memcpy(&value, q->data + offset, sizeof(value));
	return value;
}

/* Store a string with its NUL, cut to @units characters, zeros behind it. */
static void put_string(struct query *q, uint32_t offset, uint32_t units,
		       const char *text)
{
	uint8_t *out = q->data + offset;
	uint32_t i;

	memset(out, 0, 2 * (size_t)units);
	for (i = 0; i + 1 < units && text[i]; i++)
		out[2 * (size_t)i] = (uint8_t)text[i];
}

static bool hwsch(const struct query *q)
{
	return q->adapter->config.personality != HOST_NO_HWSCH;
}

static int32_t umd_private(struct query *q)
{
	uint32_t i;

	for (i = 0; i < q->size; i++)
		q->data[i] ^= MOCK_UMD_PRIVATE(q->size, i);
	return STATUS_SUCCESS;
}

static int32_t umd_name(struct query *q)
{
	if (get32(q, 0) > 3)
		return STATUS_INVALID_PARAMETER;
	put_string(q, 4, 260, DRIVER_STORE "\\mockumd.dll");
	return STATUS_SUCCESS;
}

static int32_t segment_size(struct query *q)
{
	put64(q, 0, q->adapter->config.local_bytes);
	put64(q, 8, 0);
	put64(q, 16, q->adapter->config.system_bytes);
	return STATUS_SUCCESS;
}

static int32_t adapter_guid(struct query *q)
{
	uint32_t i;

	for (i = 0; i < 16; i++)
		q->data[i] = (uint8_t)(0xa0 + i);
	q->data[15] ^= (uint8_t)q->adapter->index;
	return STATUS_SUCCESS;
}

static int32_t adapter_address(struct query *q)
{
	put32(q, 0, 1 + q->adapter->index);
	put32(q, 4, 0);
	put32(q, 8, 0);
	return STATUS_SUCCESS;
}

static int32_t registry_info(struct query *q)
{
	memset(q->data, 0, 2080);
	put_string(q, 0, 260, q->adapter->config.description);
	return STATUS_SUCCESS;
}

static int32_t driver_version(struct query *q)
{
	put32(q, 0, MODEL_VERSION);
	return STATUS_SUCCESS;
}

static int32_t adapter_type(struct query *q)
{
	bool software = q->adapter->config.personality == HOST_SOFTWARE;

	put32(q, 0, TYPE_RENDER | TYPE_TO_CLEAR |
	      (software ? TYPE_SOFTWARE : 0));
	return STATUS_SUCCESS;
}

static int32_t umd_version(struct query *q)
{
	put64(q, 0, UMD_VERSION);
	return STATUS_SUCCESS;
}

static int32_t wddm_2_0_caps(struct query *q)
{
	put32(q, 0, 3); /* 64-bit atomics, GPU MMU */
	return STATUS_SUCCESS;
}

static int32_t node_metadata(struct query *q)
{
	uint32_t node = get32(q, 0);

	if (node >= MOCK_GPU_NODE_COUNT)
		return STATUS_INVALID_PARAMETER;
	put32(q, 4, node == MOCK_GPU_NODE_3D ? NODE_TYPE_3D : NODE_TYPE_COPY);
	put_string(q, 8, 32, node == MOCK_GPU_NODE_3D ? "3D" : "Copy");
	put32(q, 72, 0);
	q->data[76] = 1;
	q->data[77] = 0;
	return STATUS_SUCCESS;
}

static int32_t one(struct query *q)
{
	put32(q, 0, 1);
	return STATUS_SUCCESS;
}

static int32_t device_ids(struct query *q)
{
	bool software = q->adapter->config.personality == HOST_SOFTWARE;

	if (get32(q, 0))
		return STATUS_INVALID_PARAMETER;
	put32(q, 4, PCI_VENDOR_ID_MICROSOFT);
	put32(q, 8, software ? DEVICE_SOFTWARE : DEVICE_HARDWARE);
	put32(q, 12, 0);
	put32(q, 16, 0);
	put32(q, 20, 1);
	put32(q, 24, BUS_PCI);
	return STATUS_SUCCESS;
}

static int32_t mmu_caps(struct query *q)
{
	if (get32(q, 0))
		return STATUS_INVALID_PARAMETER;
	put32(q, 4, MMU_CAPS);
	put32(q, 8, VA_BITS);
	return STATUS_SUCCESS;
}

static int32_t not_found(struct query *q)
{
	(void)q;
	return STATUS_OBJECT_NAME_NOT_FOUND;
}

static int32_t refuse(struct query *q)
{
	(void)q;
	return STATUS_INVALID_PARAMETER;
}

static int32_t segment_group_size(struct query *q)
{
	struct query legacy = { q->adapter, q->data + 8, 24 };

	if (get32(q, 0))
		return STATUS_INVALID_PARAMETER;
	segment_size(&legacy);
	put64(q, 32, q->adapter->config.local_bytes);
	put64(q, 40, q->adapter->config.system_bytes);
	put64(q, 48, 0);
	return STATUS_SUCCESS;
}

static int32_t query_registry(struct query *q)
{
	uint32_t type = get32(q, REGISTRY_QUERY_TYPE);
	const char *text;
	uint32_t bytes;

	if (type == REGISTRY_DRIVERSTORE) {
		text = DRIVER_STORE;
		bytes = 2 * sizeof(DRIVER_STORE);
	} else if (type == REGISTRY_IMAGEPATH) {
		text = DRIVER_STORE "\\mock.sys";
		bytes = 2 * sizeof(DRIVER_STORE "\\mock.sys");
	} else {
		put32(q, REGISTRY_VALUE_SIZE, 0);
		put32(q, REGISTRY_STATUS, REGISTRY_FAIL);
		return STATUS_SUCCESS;
	}
	put32(q, REGISTRY_VALUE_TYPE, REGISTRY_TYPE_SZ);
	put32(q, REGISTRY_VALUE_SIZE, bytes);
	if (q->size - REGISTRY_VALUE < bytes) {
		put32(q, REGISTRY_STATUS, REGISTRY_OVERFLOW);
		return STATUS_SUCCESS;
	}
	put32(q, REGISTRY_STATUS, 0);
	put_string(q, REGISTRY_VALUE, bytes / 2, text);
	return STATUS_SUCCESS;
}

static int32_t unique_guid(struct query *q)
{
	char text[] = "{4d4f434b-0000-4750-8055-000000000000}";

	text[sizeof(text) - 3] = "0123456789abcdef"[q->adapter->index % 16];
	put_string(q, 0, 40, text);
	return STATUS_SUCCESS;
}

static int32_t node_perf(struct query *q)
{
	if (get32(q, 0) >= MOCK_GPU_NODE_COUNT || get32(q, 4))
		return STATUS_INVALID_PARAMETER;
	memset(q->data + 8, 0, 48);
	put64(q, 8, FREQUENCY_HZ);
	put64(q, 16, FREQUENCY_HZ);
	put64(q, 24, FREQUENCY_HZ);
	return STATUS_SUCCESS;
}

static int32_t adapter_perf(struct query *q)
{
	if (get32(q, 0))
		return STATUS_INVALID_PARAMETER;
	memset(q->data + 4, 0, 60);
	put64(q, 8, FREQUENCY_HZ);
	put64(q, 16, FREQUENCY_HZ);
	put64(q, 24, FREQUENCY_HZ);
	put32(q, 52, POWER);
	put32(q, 56, TEMPERATURE);
	return STATUS_SUCCESS;
}

static int32_t adapter_perf_caps(struct query *q)
{
	if (get32(q, 0))
		return STATUS_INVALID_PARAMETER;
	memset(q->data + 4, 0, 36);
	put64(q, 8, 64 * FREQUENCY_HZ);
	put64(q, 16, 8 * FREQUENCY_HZ);
	put32(q, 24, 3000);
	put32(q, 28, 1000);
	put32(q, 32, 900);
	return STATUS_SUCCESS;
}

static int32_t description(struct query *q)
{
	put_string(q, 0, 4096, q->adapter->config.description);
	return STATUS_SUCCESS;
}

static int32_t paravirtualised(struct query *q)
{
	q->data[0] = 1;
	return STATUS_SUCCESS;
}

static int32_t wddm_2_7_caps(struct query *q)
{
	put32(q, 0, hwsch(q) ? 3 : 0); /* supported, enabled */
	return STATUS_SUCCESS;
}

static int32_t wddm_2_9_caps(struct query *q)
{
	put32(q, 0, hwsch(q) ? 7 : 0); /* always supported, enabled */
	return STATUS_SUCCESS;
}

static int32_t tracked_workload(struct query *q)
{
	put32(q, 8, 0);
	return STATUS_SUCCESS;
}

/* Without @answer the value is @size zero bytes. */
static const struct {
	uint32_t type;
	uint32_t size;
	int32_t (*answer)(struct query *q);
} types[] = {
	{ 0, 1, umd_private },
	{ 1, 524, umd_name },
	{ 2, 528, NULL },
	{ 3, 24, segment_size },
	{ 4, 16, adapter_guid },
	{ 6, 12, adapter_address },
	{ 8, 2080, registry_info },
	{ 13, 4, driver_version },
	{ 15, 4, adapter_type },
	{ 17, 12, NULL },
	{ 18, 8, umd_version },
	{ 22, 4, NULL },
	{ 24, 4, wddm_2_0_caps },
	{ 25, 78, node_metadata },
	{ 30, 4, one },
	{ 31, 28, device_ids },
	{ 32, 4, NULL },
	{ 34, 12, mmu_caps },
	{ 41, 1, refuse },
	{ 42, 56, segment_group_size },
	{ 48, 552, query_registry },
	{ 49, 8, umd_version },
	{ MOCK_QUERY_NOT_FOUND, 1, not_found },
	{ 52, 16, adapter_guid },
	{ 53, 12, adapter_address },
	{ 54, 2080, registry_info },
	{ 56, 4, driver_version },
	{ 57, 4, adapter_type },
	{ 58, 12, NULL },
	{ 59, 4, NULL },
	{ 60, 80, unique_guid },
	{ 61, 56, node_perf },
	{ 62, 64, adapter_perf },
	{ 63, 40, adapter_perf_caps },
	{ 65, 8192, description },
	{ 66, 8192, description },
	{ 68, 1, paravirtualised },
	{ 70, 4, wddm_2_7_caps },
	{ 72, 12, tracked_workload },
	{ 75, 4, wddm_2_9_caps },
	{ 76, 4, NULL },
	{ 77, 4, NULL },
};

static int32_t answer(uint32_t type, struct query *q)
{
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (types[i].type != type)
			continue;
		if (q->size < types[i].size)
			return STATUS_BUFFER_TOO_SMALL;
		if (types[i].answer)
			return types[i].answer(q);
		memset(q->data, 0, types[i].size);
		return STATUS_SUCCESS;
	}
	return STATUS_NOT_SUPPORTED;
}

/**
 * handle_queryadapterinfo() - QUERYADAPTERINFO
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_queryadapterinfo(struct request *rq)
{
	const struct dxg_cmd_queryadapterinfo *cmd = (const void *)rq->cmd;
	uint32_t offset = rq->extended ? sizeof(struct ntstatus) : 0;
	struct query q = {
		.adapter = rq->adapter,
		.data = rq->reply + offset,
		.size = cmd->private_data_size,
	};

	if (!request_length(rq, dxg_msg_size(struct dxg_cmd_queryadapterinfo,
					     private_data, q.size),
			    DXG_SPARE_QUERYADAPTERINFO) ||
	    !q.size || rq->reply_len < offset + q.size)
		return STATUS_INVALID_PARAMETER;
	memcpy(q.data, cmd->private_data, q.size);
	return answer(cmd->query_type, &q);
}
