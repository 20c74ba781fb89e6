// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual GPUs: personalities, the I/O space, opening and closing.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "device.h"
#include "process.h"

#define GIB			(1024ull * 1024 * 1024)

#define DRIVER_DDI_VERSION	0xc004u	/* WDDM 2.9 */

static const struct {
	const char *name;
	enum host_personality personality;
} personalities[] = {
	{ "render", HOST_RENDER },
	{ "compute-only", HOST_COMPUTE_ONLY },
	{ "no-hwsch", HOST_NO_HWSCH },
	{ "software", HOST_SOFTWARE },
	{ "slow", HOST_SLOW },
	{ "lossy", HOST_LOSSY },
	{ "hostile", HOST_HOSTILE },
};

#define PERSONALITIES	(sizeof(personalities) / sizeof(*personalities))

/**
 * host_personality_parse() - find a personality by name
 * @name: name
 * @out: result
 *
 * Return: false when there is none of that name.
 */
bool host_personality_parse(const char *name, enum host_personality *out)
{
	size_t i;

	for (i = 0; i < PERSONALITIES; i++) {
		if (!strcmp(personalities[i].name, name)) {
			*out = personalities[i].personality;
			return true;
		}
	}
	return false;
}

/**
 * host_personality_name() - name of a personality
 * @personality: personality
 *
 * Return: the name, or "?".
 */
const char *host_personality_name(enum host_personality personality)
{
	size_t i;

	for (i = 0; i < PERSONALITIES; i++) {
		if (personalities[i].personality == personality)
			return personalities[i].name;
	}
	return "?";
}

/**
 * host_adapter_defaults() - configuration of an adapter
 * @config: result
 * @index: number of the adapter; makes its ids unique
 * @personality: behaviour
 */
void host_adapter_defaults(struct host_adapter_config *config,
			   unsigned int index, enum host_personality personality)
{
	struct winluid luid = { .a = 0x00012345 + index };

	*config = (struct host_adapter_config) {
		.instance = { [8] = 0x8d, [9] = 0x58, [10] = 0x47,
			      [15] = (uint8_t)index },
		.vgpu_luid = { .a = 0x00012345 + index },
		.adapter_luid = { .a = 0x000a0000 + index },
		.personality = personality,
		.compute_only = personality == HOST_COMPUTE_ONLY,
		.map_guest_memory = true,
		.local_bytes = 2 * GIB,
		.system_bytes = 4 * GIB,
		.local_budget = 0x70000000,
		.lose_at = personality == HOST_LOSSY,
		.lose_command = HOST_ANY_COMMAND,
		.description = "Mock GPU",
	};
	memcpy(config->instance, &luid, sizeof(luid));
	if (personality == HOST_SLOW) {
		config->paging_delay_us = 50000;
		config->submit_delay_us = 50000;
	}
}

/**
 * adapter_init() - set up an adapter from the host's configuration
 * @host: host
 * @index: adapter index
 */
void adapter_init(struct host *host, unsigned int index)
{
	struct adapter *adapter = &host->adapters[index];
	unsigned int i;

	adapter->host = host;
	adapter->index = index;
	adapter->config = host->config.adapters[index];
	/* an older guest does not read the capability word */
	adapter->config.map_guest_memory &=
		host->config.interface_version >= DXGK_VMBUS_INTERFACE_VERSION;
	adapter->config.async_msg &= host->config.interface_version >=
				     DXGK_VMBUS_INTERFACE_VERSION;
	for (i = 0; i < MOCK_GPU_NODE_COUNT; i++) {
		adapter->nodes[i].adapter = adapter;
		adapter->nodes[i].ordinal = i;
		list_init(&adapter->nodes[i].queues);
	}
	list_init(&adapter->periodic);
}

/**
 * adapter_by_luid() - find an adapter by the LUID in extended headers
 * @host: host
 * @luid: vGPU LUID
 *
 * Return: the adapter, or NULL.
 */
struct adapter *adapter_by_luid(struct host *host, struct winluid luid)
{
	unsigned int i;

	for (i = 0; i < host->config.adapter_count; i++) {
		const struct host_luid *l = &host->adapters[i].config.vgpu_luid;

		if (l->a == luid.a && l->b == luid.b)
			return &host->adapters[i];
	}
	return NULL;
}

/**
 * adapter_close() - free everything that exists on an adapter
 * @adapter: adapter, open or not
 */
void adapter_close(struct adapter *adapter)
{
	struct host *host = adapter->host;
	struct list *pos;

	list_for_each(pos, &host->process_list)
		process_lose_adapter(container_of(pos, struct process, link),
				     adapter);
	if (adapter->handle)
		handle_free(&host->shared, adapter->handle);
	adapter->handle = 0;
	adapter->info_sent = false;
}

/* So that the guest, in which we run, can map each view alone. */
static uint64_t view_grain(const struct host *host)
{
	if (host->config.pack_views)
		return 1;
	return (uint64_t)sysconf(_SC_PAGESIZE) >> HOST_PAGE_SHIFT;
}

/**
 * handle_setiospaceregion() - SETIOSPACEREGION
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_setiospaceregion(struct request *rq)
{
	const struct dxg_cmd_setiospaceregion *cmd = (const void *)rq->cmd;
	struct window *window = &rq->host->window;
	void *base;

	if (!cmd->length || (cmd->start | cmd->length) % HOST_PAGE_SIZE ||
	    cmd->start + cmd->length < cmd->start)
		return STATUS_INVALID_PARAMETER;
	if (window->used) {
		violation(rq->host, "I/O space moved while in use");
		return STATUS_INVALID_PARAMETER;
	}
	base = rq->host->ops.window(rq->host->ops_ctx, cmd->start, cmd->length);
	if (!base) {
		violation(rq->host, "I/O space is not the MMIO window");
		return STATUS_INVALID_PARAMETER;
	}
	if (!window_set(window, base, cmd->start, cmd->length,
			view_grain(rq->host)))
		return STATUS_NO_MEMORY;
	return STATUS_SUCCESS;
}

/**
 * handle_openadapter() - OPENADAPTER
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_openadapter(struct request *rq)
{
	const struct dxg_cmd_openadapter *cmd = (const void *)rq->cmd;
	struct dxg_ret_openadapter *ret = (void *)rq->reply;
	struct adapter *adapter = rq->adapter;

	if (cmd->vmbus_last_compatible_interface_version >
	    rq->host->config.interface_version)
		return STATUS_NOT_SUPPORTED;
	if (adapter->guest_version &&
	    adapter->guest_version != cmd->vmbus_interface_version)
		violation(rq->host, "OPENADAPTER: version %u, PCI says %u",
			  cmd->vmbus_interface_version, adapter->guest_version);
	if (adapter->handle) {
		violation(rq->host, "adapter opened twice");
		adapter_close(adapter);
	}
	adapter->handle = handle_alloc(&rq->host->shared, OBJECT_ADAPTER,
				       adapter);
	if (!adapter->handle)
		return STATUS_NO_MEMORY;
	ret->host_adapter_handle.v = adapter->handle;
	ret->vmbus_interface_version = rq->host->config.interface_version;
	ret->vmbus_last_compatible_interface_version =
		DXGK_VMBUS_LAST_COMPATIBLE_INTERFACE_VERSION;
	return STATUS_SUCCESS;
}

/**
 * handle_closeadapter() - CLOSEADAPTER
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_closeadapter(struct request *rq)
{
	const struct dxg_cmd_closeadapter *cmd = (const void *)rq->cmd;
	struct adapter *adapter = rq->adapter;

	if (!adapter->handle || cmd->host_handle.v != adapter->handle)
		return bad_destroy(rq, &rq->host->shared, cmd->host_handle.v,
				   "adapter");
	adapter_close(adapter);
	return STATUS_SUCCESS;
}

static void put_string(u16 *out, size_t units, const char *text)
{
	size_t i;

	for (i = 0; i + 1 < units && text[i]; i++)
		out[i] = (unsigned char)text[i];
}

/**
 * handle_getinternaladapterinfo() - GETINTERNALADAPTERINFO
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_getinternaladapterinfo(struct request *rq)
{
	struct adapter *adapter = rq->adapter;
	const struct host_adapter_config *config = &adapter->config;
	bool hwsch = config->personality != HOST_NO_HWSCH;
	struct dxg_ret_getinternaladapterinfo info = {
		.device_types = {
			.software_device =
				config->personality == HOST_SOFTWARE,
			.virtual_render_device = 1,
		},
		.driver_ddi_version = DRIVER_DDI_VERSION,
		.hw_sch_enabled = hwsch,
		.hw_sch_capable = hwsch,
		.async_msg_enabled = config->async_msg && rq->extended,
		.host_adapter_luid = {
			.a = config->adapter_luid.a,
			.b = config->adapter_luid.b,
		},
		.host_vgpu_luid = {
			.a = config->vgpu_luid.a,
			.b = config->vgpu_luid.b,
		},
	};

	put_string(info.device_description, 80, config->description);
	put_string(info.device_instance_id, WIN_MAX_PATH,
		   "PCI\\VEN_1414&DEV_5A5A&SUBSYS_00000000&REV_01\\0");
	memcpy(rq->reply, &info, rq->reply_len);
	adapter->info_sent = true;
	return STATUS_SUCCESS;
}

/**
 * host_device_error() - put every device of an adapter into an error state
 * @host: host
 * @adapter: adapter index
 * @state: one of enum d3dkmt_deviceexecution_state
 *
 * Return: 0, or -EINVAL for an unknown adapter.
 */
int host_device_error(struct host *host, unsigned int adapter, uint32_t state)
{
	struct list *pos, *dev;

	if (adapter >= host->config.adapter_count)
		return -EINVAL;
	pthread_mutex_lock(&host->lock);
	list_for_each(pos, &host->process_list) {
		struct process *process = container_of(pos, struct process,
						       link);

		list_for_each(dev, &process->devices) {
			struct device *device = container_of(dev,
							     struct device,
							     link);

			if (device->adapter == &host->adapters[adapter])
				device_error(device, state, 0);
		}
	}
	pthread_mutex_unlock(&host->lock);
	return 0;
}
