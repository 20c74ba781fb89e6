// SPDX-License-Identifier: GPL-2.0
/*
 * Questions about an adapter other than QUERYADAPTERINFO: features, memory,
 * statistics, clocks; and the escape.  Callers hold the engine lock.
 */
#include <string.h>

#include "commands.h"
#include "process.h"

#define SEGMENTS		2u

#define CLOCK_HZ		10000000ull
#define CLOCK_PER_US		(CLOCK_HZ / 1000000)

/* Result of D3DKMT_QUERYSTATISTICS_SEGMENT, offsets. */
#define SEGMENT_COMMIT_LIMIT	0
#define SEGMENT_COMMITTED	8
#define SEGMENT_RESIDENT	16
#define SEGMENT_APERTURE	40
#define SEGMENT_PROPERTIES	104
#define SEGMENT_SYSTEM_MEMORY	1ull

/* Results of _PROCESS_SEGMENT, _NODE and _PROCESS_NODE, offsets. */
#define PROCESS_SEGMENT_COMMITTED	0
#define NODE_RUNNING_TIME	0	/* in units of 100 ns */

/* Input of a statistics query (segment or node), offset in the arguments. */
#define STATISTICS_INPUT	800

static void put(uint8_t *out, size_t offset, uint64_t value, size_t bytes)
{
	memcpy(out + offset, &value, bytes);
}

/**
 * handle_isfeatureenabled() - ISFEATUREENABLED, of an adapter or global
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_isfeatureenabled(struct request *rq)
{
	const struct dxg_cmd_isfeatureenabled *cmd = (const void *)rq->cmd;
	struct dxg_ret_isfeatureenabled *ret = (void *)rq->reply;
	bool hwsch = !rq->adapter ||
		     rq->adapter->config.personality != HOST_NO_HWSCH;
	bool native;

	switch (cmd->feature_id) {
	case _DXGK_FEATURE_HWSCH:
		ret->descriptor.supported = hwsch;
		ret->descriptor.driver_feature = 1;
		ret->result.enabled = hwsch;
		ret->result.supported_by_driver = hwsch;
		ret->result.supported_on_config = hwsch;
		break;
	case _DXGK_FEATURE_NATIVE_FENCE:
		native = rq->host->config.interface_version >=
			 DXGK_VMBUS_VERSION_CREATENATIVEFENCE;
		ret->descriptor.supported = native;
		ret->descriptor.driver_feature = 1;
		ret->result.enabled = native;
		ret->result.supported_by_driver = native;
		ret->result.supported_on_config = native;
		break;
	case _DXGK_FEATURE_PAGE_BASED_MEMORY_MANAGER:
	case _DXGK_FEATURE_KERNEL_MODE_TESTING:
		break;
	default:
		return STATUS_INVALID_PARAMETER;
	}
	ret->descriptor.min_supported_version = 1;
	ret->descriptor.max_supported_version = 1;
	ret->result.version = 1;
	ret->result.known_feature = 1;
	return STATUS_SUCCESS;
}

static int32_t segment_statistics(const struct adapter *adapter,
				  uint32_t segment, uint8_t *out)
{
	const struct host_adapter_config *config = &adapter->config;

	if (segment >= SEGMENTS)
		return STATUS_INVALID_PARAMETER;
	put(out, SEGMENT_COMMIT_LIMIT,
	    segment ? config->system_bytes : config->local_bytes, 8);
	put(out, SEGMENT_COMMITTED, adapter->committed[segment], 8);
	put(out, SEGMENT_RESIDENT, adapter->resident[segment], 8);
	put(out, SEGMENT_APERTURE, segment, 4);
	put(out, SEGMENT_PROPERTIES, segment ? SEGMENT_SYSTEM_MEMORY : 0, 8);
	return STATUS_SUCCESS;
}

/**
 * handle_querystatistics() - QUERYSTATISTICS
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_querystatistics(struct request *rq)
{
	const struct dxg_cmd_querystatistics *cmd = (const void *)rq->cmd;
	struct dxg_ret_querystatistics *ret = (void *)rq->reply;
	const struct host_luid *luid = &rq->adapter->config.adapter_luid;
	uint32_t input;

	if (cmd->args.adapter_luid.a != luid->a ||
	    cmd->args.adapter_luid.b != luid->b) {
		violation(rq->host, "QUERYSTATISTICS: not the host's LUID");
		return STATUS_INVALID_PARAMETER;
	}
	if (cmd->args.process)
		violation(rq->host, "QUERYSTATISTICS: process is not 0");
	memcpy(&input, (const uint8_t *)&cmd->args + STATISTICS_INPUT,
	       sizeof(input));
	switch (cmd->args.type) {
	case _D3DKMT_QUERYSTATISTICS_ADAPTER:
	case _D3DKMT_QUERYSTATISTICS_PHYSICAL_ADAPTER:
		put(ret->result.size, 0, SEGMENTS, 4);
		put(ret->result.size, 4, MOCK_GPU_NODE_COUNT, 4);
		return STATUS_SUCCESS;
	case _D3DKMT_QUERYSTATISTICS_SEGMENT:
		return segment_statistics(rq->adapter, input,
					  ret->result.size);
	case _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT:
		if (!rq->process || input >= SEGMENTS)
			return STATUS_INVALID_PARAMETER;
		put(ret->result.size, PROCESS_SEGMENT_COMMITTED,
		    rq->process->memory[rq->adapter->index].resident[input], 8);
		return STATUS_SUCCESS;
	case _D3DKMT_QUERYSTATISTICS_NODE:
		if (input >= MOCK_GPU_NODE_COUNT)
			return STATUS_INVALID_PARAMETER;
		put(ret->result.size, NODE_RUNNING_TIME,
		    rq->adapter->nodes[input].running_us * 10, 8);
		return STATUS_SUCCESS;
	case _D3DKMT_QUERYSTATISTICS_PROCESS_NODE:
		if (!rq->process || input >= MOCK_GPU_NODE_COUNT)
			return STATUS_INVALID_PARAMETER;
		put(ret->result.size, NODE_RUNNING_TIME,
		    rq->process->running_us[rq->adapter->index][input] * 10, 8);
		return STATUS_SUCCESS;
	default:
		return STATUS_NOT_SUPPORTED;
	}
}

static bool names_adapter(struct request *rq, struct d3dkmthandle handle)
{
	if (handle.v == rq->adapter->handle)
		return true;
	violation(rq->host, "%s: adapter %#x", host_command_name(rq->command),
		  handle.v);
	return false;
}

/**
 * handle_queryvideomemoryinfo() - QUERYVIDEOMEMORYINFO
 * @rq: request
 *
 * Return: NTSTATUS; a failure is seen as zeros.
 */
int32_t handle_queryvideomemoryinfo(struct request *rq)
{
	const struct dxg_cmd_queryvideomemoryinfo *cmd = (const void *)rq->cmd;
	struct dxg_ret_queryvideomemoryinfo *ret = (void *)rq->reply;
	uint32_t group = cmd->memory_segment_group;
	struct adapter *adapter = rq->adapter;
	const struct memory_account *account;

	if (!names_adapter(rq, cmd->adapter))
		return STATUS_INVALID_HANDLE;
	if (group > _D3DKMT_MEMORY_SEGMENT_GROUP_NON_LOCAL ||
	    cmd->physical_adapter_index)
		return STATUS_INVALID_PARAMETER;
	ret->budget = group ? adapter->config.system_bytes :
			      adapter->config.local_budget;
	account = &rq->process->memory[adapter->index];
	ret->current_usage = account->resident[group];
	ret->current_reservation = account->reservation[group];
	ret->available_for_reservation = ret->budget / 2;
	return STATUS_SUCCESS;
}

/**
 * handle_changevideomemoryreservation() - CHANGEVIDEOMEMORYRESERVATION
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_changevideomemoryreservation(struct request *rq)
{
	const struct dxg_cmd_changevideomemoryreservation *cmd =
		(const void *)rq->cmd;
	uint32_t group = cmd->args.memory_segment_group;
	struct adapter *adapter = rq->adapter;
	uint64_t budget;

	if (cmd->args.process || cmd->args.adapter.v)
		violation(rq->host, "CHANGEVIDEOMEMORYRESERVATION: not zero");
	if (group > _D3DKMT_MEMORY_SEGMENT_GROUP_NON_LOCAL ||
	    cmd->args.physical_adapter_index)
		return STATUS_INVALID_PARAMETER;
	budget = group ? adapter->config.system_bytes :
			 adapter->config.local_budget;
	if (cmd->args.reservation > budget / 2)
		return STATUS_INVALID_PARAMETER;
	rq->process->memory[adapter->index].reservation[group] =
		cmd->args.reservation;
	return STATUS_SUCCESS;
}

/**
 * handle_queryclockcalibration() - QUERYCLOCKCALIBRATION
 * @rq: request
 *
 * Return: NTSTATUS
 */
int32_t handle_queryclockcalibration(struct request *rq)
{
	const struct dxg_cmd_queryclockcalibration *cmd = (const void *)rq->cmd;
	struct dxg_ret_queryclockcalibration *ret = (void *)rq->reply;
	uint64_t ticks = host_now_us() * CLOCK_PER_US;
	const struct dxgk_gpuclockdata data = {
		.gpu_frequency = CLOCK_HZ,
		.gpu_clock_counter = ticks,
		.cpu_clock_counter = ticks,
	};

	if (!names_adapter(rq, cmd->args.adapter))
		return STATUS_INVALID_HANDLE;
	if (cmd->args.node_ordinal >= MOCK_GPU_NODE_COUNT ||
	    cmd->args.physical_adapter_index)
		return STATUS_INVALID_PARAMETER;
	memcpy(&ret->clock_data, &data, sizeof(data));
	return STATUS_SUCCESS;
}

/* The "driver" puts the test command itself into the DMA buffer. */
static int32_t build_test_buffer(uint8_t *data, uint32_t size)
{
	struct d3dddi_buildtestcommandbuffer args;
	uint32_t len = sizeof(args.command);

	if (size < sizeof(args))
		return STATUS_INVALID_PARAMETER;
	memcpy(&args, data, sizeof(args));
	if (args.dma_buffer || args.dma_buffer_priv_data ||
	    args.dma_buffer_size > size - sizeof(args))
		return STATUS_INVALID_PARAMETER;
	if (len > args.dma_buffer_size)
		len = args.dma_buffer_size;
	memcpy(data + sizeof(args), &args.command, len);
	args.dma_buffer_size = len;
	args.dma_buffer_priv_data_size = 0;
	memcpy(data, &args, sizeof(args));
	return STATUS_SUCCESS;
}

/**
 * handle_escape() - ESCAPE
 * @rq: request
 *
 * Return: NTSTATUS; a failure is seen as an empty reply.
 */
int32_t handle_escape(struct request *rq)
{
	const struct dxg_cmd_escape *cmd = (const void *)rq->cmd;
	uint32_t size = cmd->priv_drv_data_size;
	uint32_t known = 0;
	uint32_t i;

	if (!request_length(rq, dxg_msg_size(struct dxg_cmd_escape,
					     priv_drv_data, size),
			    DXG_SPARE_ESCAPE) || rq->reply_len < size)
		return STATUS_INVALID_PARAMETER;
	if (!names_adapter(rq, cmd->adapter))
		return STATUS_INVALID_HANDLE;
	if (cmd->type != _D3DKMT_ESCAPE_DRIVERPRIVATE)
		return STATUS_NOT_SUPPORTED;
	memcpy(rq->reply, cmd->priv_drv_data, size);
	if (cmd->flags.driver_known_escape) {
		if (size < sizeof(known))
			return STATUS_INVALID_PARAMETER;
		memcpy(&known, rq->reply, sizeof(known));
		if (known == _D3DDDI_DRIVERESCAPETYPE_BUILDTESTCOMMANDBUFFER)
			return build_test_buffer(rq->reply, size);
		return STATUS_NOT_SUPPORTED;
	}
	for (i = 0; i < size; i++)
		rq->reply[i] = (uint8_t)~rq->reply[i];
	return STATUS_SUCCESS;
}

/**
 * handle_flushheaptransitions() - FLUSHHEAPTRANSITIONS
 * @rq: request
 *
 * The mock moves nothing between heaps, so that nothing is under way.
 *
 * Return: NTSTATUS
 */
int32_t handle_flushheaptransitions(struct request *rq)
{
	(void)rq;
	return STATUS_SUCCESS;
}
