// SPDX-License-Identifier: GPL-2.0
/*
 * Life of a host, and the entry points of the transport.  The only file that
 * takes the engine lock on behalf of messages; handlers never do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine.h"
#include "gpu.h"
#include "paging_queue.h"
#include "process.h"
#include "sharing.h"

/* Handles of adapters and shared objects stay clear of process handles. */
#define FIRST_PROCESS_INDEX	1u
#define FIRST_SHARED_INDEX	0x1000u

/**
 * host_now_us() - monotonic time
 *
 * Return: microseconds.
 */
uint64_t host_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/**
 * host_next_id() - number for private data, different each time
 * @host: host
 *
 * Context: engine lock held.
 * Return: a number that is not 0.
 */
uint32_t host_next_id(struct host *host)
{
	if (!++host->last_id)
		host->last_id = 1;
	return host->last_id;
}

static void init_lock(struct host *host)
{
	pthread_condattr_t attr;

	pthread_mutex_init(&host->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&host->gpu_wake, &attr);
	pthread_cond_init(&host->paging_wake, &attr);
	pthread_condattr_destroy(&attr);
}

static void join_threads(struct host *host, unsigned int nodes, bool paging)
{
	unsigned int i;

	pthread_mutex_lock(&host->lock);
	host->stopping = true;
	pthread_cond_broadcast(&host->gpu_wake);
	pthread_cond_broadcast(&host->paging_wake);
	pthread_mutex_unlock(&host->lock);
	for (i = 0; i < nodes; i++)
		pthread_join(host->adapters[i / MOCK_GPU_NODE_COUNT]
			     .nodes[i % MOCK_GPU_NODE_COUNT].thread, NULL);
	if (paging)
		pthread_join(host->paging_thread, NULL);
}

static bool start_threads(struct host *host)
{
	unsigned int count = host->config.adapter_count * MOCK_GPU_NODE_COUNT;
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct gpu_node *node = &host->adapters[i / MOCK_GPU_NODE_COUNT]
					.nodes[i % MOCK_GPU_NODE_COUNT];

		if (pthread_create(&node->thread, NULL, gpu_node_run, node)) {
			join_threads(host, i, false);
			return false;
		}
	}
	if (pthread_create(&host->paging_thread, NULL, paging_run, host)) {
		join_threads(host, count, false);
		return false;
	}
	host->threads = true;
	return true;
}

static void free_host(struct host *host)
{
	window_clear(&host->window);
	handle_table_free(&host->processes);
	handle_table_free(&host->shared);
	pthread_cond_destroy(&host->gpu_wake);
	pthread_cond_destroy(&host->paging_wake);
	pthread_mutex_destroy(&host->lock);
	free(host);
}

/**
 * host_create() - make a host and start its GPUs
 * @config: configuration, copied
 * @ops: callbacks, copied; all but @violation are needed
 * @ops_ctx: first argument of each callback
 *
 * Return: the host, or NULL with errno EINVAL or ENOMEM.
 */
struct host *host_create(const struct host_config *config,
			 const struct host_ops *ops, void *ops_ctx)
{
	struct host *host;
	unsigned int i;

	if (config->adapter_count > HOST_MAX_ADAPTERS) {
		errno = EINVAL;
		return NULL;
	}
	host = calloc(1, sizeof(*host));
	if (!host)
		return NULL;
	host->config = *config;
	host->ops = *ops;
	host->ops_ctx = ops_ctx;
	init_lock(host);
	handle_table_init(&host->processes, FIRST_PROCESS_INDEX);
	handle_table_init(&host->shared, FIRST_SHARED_INDEX);
	list_init(&host->process_list);
	list_init(&host->nt_handles);
	list_init(&host->paging_ops);
	list_init(&host->refusals);
	for (i = 0; i < config->adapter_count; i++)
		adapter_init(host, i);
	if (!start_threads(host)) {
		free_host(host);
		errno = ENOMEM;
		return NULL;
	}
	return host;
}

/* Everything that the guest made goes; the ledger's counters stay. */
static void reset(struct host *host)
{
	unsigned int i;

	while (!list_empty(&host->process_list))
		process_destroy(list_first_entry(&host->process_list,
						 struct process, link));
	while (!list_empty(&host->nt_handles))
		nt_handle_free(host, list_first_entry(&host->nt_handles,
						      struct nt_handle, link));
	for (i = 0; i < host->config.adapter_count; i++)
		adapter_close(&host->adapters[i]);
	window_clear(&host->window);
}

/**
 * host_destroy() - stop the GPUs and free everything
 * @host: host; no other entry point may be running
 */
void host_destroy(struct host *host)
{
	join_threads(host, host->config.adapter_count * MOCK_GPU_NODE_COUNT,
		     true);
	pthread_mutex_lock(&host->lock);
	reset(host);
	while (!list_empty(&host->refusals)) {
		struct refusal *refusal = list_first_entry(&host->refusals,
							   struct refusal,
							   link);

		list_del(&refusal->link);
		free(refusal);
	}
	pthread_mutex_unlock(&host->lock);
	free_host(host);
}

static bool channel_valid(const struct host *host, int channel)
{
	return channel == HOST_CHANNEL_GLOBAL ||
	       (channel >= 0 &&
		(unsigned int)channel < host->config.adapter_count);
}

/**
 * host_message() - a message from the guest
 * @host: host
 * @channel: channel that it came in on
 * @trans_id: transaction id, passed to the complete operation
 * @wants_completion: the packet asked for a completion
 * @payload: packet contents; copied, so that the guest cannot change them
 *	while they are looked at
 * @len: bytes of @payload
 */
void host_message(struct host *host, int channel, uint64_t trans_id,
		  bool wants_completion, const void *payload, size_t len)
{
	struct request rq = {
		.host = host,
		.channel = channel,
		.trans_id = trans_id,
		.wants_completion = wants_completion,
		.len = len,
	};
	uint8_t *copy;

	if (!channel_valid(host, channel) || len > HOST_MAX_MESSAGE)
		return;
	copy = malloc(len + 8);
	if (!copy)
		return;
	memcpy(copy, payload, len);
	rq.cmd = copy;
	pthread_mutex_lock(&host->lock);
	request_dispatch(&rq);
	pthread_mutex_unlock(&host->lock);
	free(copy);
}

/**
 * host_channel_opened() - the guest opened a channel
 * @host: host
 * @channel: channel
 */
void host_channel_opened(struct host *host, int channel)
{
	if (!channel_valid(host, channel) || channel == HOST_CHANNEL_GLOBAL)
		return;
	pthread_mutex_lock(&host->lock);
	adapter_close(&host->adapters[channel]);
	pthread_mutex_unlock(&host->lock);
}

/**
 * host_channel_closed() - a channel was closed or rescinded
 * @host: host
 * @channel: channel; what depends on it is freed: with an adapter its
 *	devices, with the global channel everything
 */
void host_channel_closed(struct host *host, int channel)
{
	if (!channel_valid(host, channel))
		return;
	pthread_mutex_lock(&host->lock);
	if (channel == HOST_CHANNEL_GLOBAL)
		reset(host);
	else
		adapter_close(&host->adapters[channel]);
	pthread_mutex_unlock(&host->lock);
}

/**
 * host_reset() - the guest is gone
 * @host: host
 */
void host_reset(struct host *host)
{
	pthread_mutex_lock(&host->lock);
	reset(host);
	pthread_mutex_unlock(&host->lock);
}

/**
 * host_guest_version() - the guest wrote its interface version
 * @host: host
 * @channel: adapter into whose PCI config space it was written
 * @version: the value
 *
 * From now on the framing of the guest's messages is checked against it.
 */
void host_guest_version(struct host *host, int channel, uint32_t version)
{
	if (!channel_valid(host, channel) || channel == HOST_CHANNEL_GLOBAL)
		return;
	pthread_mutex_lock(&host->lock);
	host->adapters[channel].guest_version = version;
	pthread_mutex_unlock(&host->lock);
}

/**
 * host_refuse() - refuse commands without performing them
 * @host: host
 * @command: command number
 * @skip: messages of that number to let pass first
 * @count: messages to refuse then
 * @status: negative NTSTATUS; a command without one answers zeros
 */
void host_refuse(struct host *host, uint32_t command, unsigned int skip,
		 unsigned int count, int32_t status)
{
	struct refusal *refusal = calloc(1, sizeof(*refusal));

	if (!refusal || !count || status >= 0) {
		free(refusal);
		return;
	}
	*refusal = (struct refusal) {
		.command = command,
		.skip = skip,
		.count = count,
		.status = status,
	};
	pthread_mutex_lock(&host->lock);
	list_add_tail(&refusal->link, &host->refusals);
	pthread_mutex_unlock(&host->lock);
}

/**
 * host_set_delays() - change the delays of an adapter
 * @host: host
 * @adapter: adapter index
 * @paging_us: time of a paging operation, microseconds
 * @submit_us: time before a submission runs, microseconds
 *
 * Return: 0, or -EINVAL for an unknown adapter.
 */
int host_set_delays(struct host *host, unsigned int adapter,
		    uint32_t paging_us, uint32_t submit_us)
{
	if (adapter >= host->config.adapter_count)
		return -EINVAL;
	pthread_mutex_lock(&host->lock);
	host->adapters[adapter].config.paging_delay_us = paging_us;
	host->adapters[adapter].config.submit_delay_us = submit_us;
	pthread_mutex_unlock(&host->lock);
	return 0;
}

/**
 * host_vertical_blank() - the display of an adapter has shown frames
 * @host: host
 * @adapter: adapter index
 * @count: so many
 *
 * Return: 0, or -EINVAL for an adapter without display.
 */
int host_vertical_blank(struct host *host, unsigned int adapter, uint32_t count)
{
	if (adapter >= host->config.adapter_count ||
	    !host->config.adapters[adapter].display)
		return -EINVAL;
	pthread_mutex_lock(&host->lock);
	while (count--)
		sync_periodic_advance(&host->adapters[adapter]);
	pthread_mutex_unlock(&host->lock);
	return 0;
}
