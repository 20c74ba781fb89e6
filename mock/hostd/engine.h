/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The engine's own view of a host: the state that all rooms share, and how a
 * message travels from dispatch to its handler and back.
 *
 * host->lock protects everything that is reachable from struct host.  Handlers
 * run with it held; the GPU and paging threads take it for each step.
 */
#ifndef DXG_MOCK_ENGINE_H
#define DXG_MOCK_ENGINE_H

#include <pthread.h>

#include <dxg_host_protocol.h>

#include "gpu_commands.h"
#include "handles.h"
#include "host.h"
#include "list.h"
#include "window.h"

#define VIOLATION_TEXTS		32u
#define VIOLATION_LENGTH	160u

/**
 * struct gpu_node - an engine of an adapter, executed by one thread
 * @adapter: adapter
 * @ordinal: MOCK_GPU_NODE_*
 * @thread: thread of gpu_node_run()
 * @queues: queues that have items, struct gpu_queue
 * @running_us: time that it worked
 */
struct gpu_node {
	struct adapter *adapter;
	unsigned int ordinal;
	pthread_t thread;
	struct list queues;
	uint64_t running_us;
};

/**
 * struct adapter - a virtual GPU
 * @host: host
 * @config: configuration
 * @index: channel number
 * @handle: host handle while the guest has the adapter open, else 0
 * @guest_version: interface version that the guest wrote, 0 before
 * @info_sent: GETINTERNALADAPTERINFO was answered: routing is decided
 * @nodes: engines
 * @resident: bytes resident in the local and in the system segment
 * @committed: bytes of allocations in the local and in the system segment
 * @periodic: fences that follow its display, struct sync_core
 */
struct adapter {
	struct host *host;
	struct host_adapter_config config;
	unsigned int index;
	uint32_t handle;
	uint32_t guest_version;
	bool info_sent;
	struct gpu_node nodes[MOCK_GPU_NODE_COUNT];
	uint64_t resident[2];
	uint64_t committed[2];
	struct list periodic;
};

/**
 * struct refusal - commands to be refused without being performed
 * @link: in host->refusals
 * @command: command number
 * @skip: messages to let pass first
 * @count: messages to refuse
 * @status: status to answer
 */
struct refusal {
	struct list link;
	uint32_t command;
	unsigned int skip;
	unsigned int count;
	int32_t status;
};

/**
 * struct ledger - misbehaviour of the guest
 * @double_destroys: destroys of handles that were destroyed before
 * @late_destroys: destroys of objects that an adapter took with it; legal
 * @violations: everything else
 * @texts: the last VIOLATION_TEXTS descriptions of both kinds
 */
struct ledger {
	uint64_t double_destroys;
	uint64_t late_destroys;
	uint64_t violations;
	char texts[VIOLATION_TEXTS][VIOLATION_LENGTH];
};

/**
 * struct host - the engine
 * @config: configuration, constant
 * @ops: transport
 * @ops_ctx: argument of @ops
 * @lock: protects everything below
 * @gpu_wake: signalled when a queue may have become runnable
 * @paging_wake: signalled when a paging operation was queued
 * @stopping: threads must end
 * @threads: GPU and paging threads were started
 * @adapters: adapters, config.adapter_count of them
 * @processes: handles of guest processes
 * @shared: handles of adapters, shared objects and NT handles
 * @process_list: struct process
 * @nt_handles: struct nt_handle
 * @window: I/O space
 * @paging_ops: struct paging_op, oldest first
 * @paging_thread: executes @paging_ops
 * @last_op: number of the last paging operation
 * @last_id: last driver id given out in private data
 * @cpu_waits: registered CPU waits
 * @refusals: struct refusal
 * @ledger: misbehaviour
 */
struct host {
	struct host_config config;
	struct host_ops ops;
	void *ops_ctx;
	pthread_mutex_t lock;
	pthread_cond_t gpu_wake;
	pthread_cond_t paging_wake;
	bool stopping;
	bool threads;
	struct adapter adapters[HOST_MAX_ADAPTERS];
	struct handle_table processes;
	struct handle_table shared;
	struct list process_list;
	struct list nt_handles;
	struct window window;
	struct list paging_ops;
	pthread_t paging_thread;
	uint64_t last_op;
	uint32_t last_id;
	unsigned int cpu_waits;
	struct list refusals;
	struct ledger ledger;
};

/**
 * struct request - one guest message on its way through its handler
 * @host: host
 * @adapter: adapter of the command, NULL for a global command
 * @process: process named in the header, NULL when it is 0
 * @channel: where the message came from and its completion goes to
 * @trans_id: transaction id
 * @wants_completion: the guest waits for a completion
 * @extended: the message had an extended header
 * @command: command number
 * @cmd: the command, without extended header, aligned to 8 bytes
 * @len: bytes of @cmd, with the padding of the bus
 * @reply: reply buffer of @reply_len zero bytes, filled by the handler
 * @reply_len: bytes of @reply; a handler may shorten it
 * @keep_reply: send the contents of @reply also when the handler fails
 */
struct request {
	struct host *host;
	struct adapter *adapter;
	struct process *process;
	int channel;
	uint64_t trans_id;
	bool wants_completion;
	bool extended;
	uint32_t command;
	const uint8_t *cmd;
	size_t len;
	uint8_t *reply;
	size_t reply_len;
	bool keep_reply;
};

/* request.c */
void request_dispatch(struct request *rq);
bool request_length(struct request *rq, uint64_t needed, uint64_t spare);
void guest_event(struct host *host, uint64_t event);
void guest_data(struct host *host, uint64_t token, uint32_t data);

/* ledger.c */
void violation(struct host *host, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int32_t bad_destroy(struct request *rq, const struct handle_table *table,
		    uint32_t handle, const char *what);

/* adapter.c */
void adapter_init(struct host *host, unsigned int index);
struct adapter *adapter_by_luid(struct host *host, struct winluid luid);
void adapter_close(struct adapter *adapter);

/* host.c */
uint64_t host_now_us(void);
uint32_t host_next_id(struct host *host);

#endif /* DXG_MOCK_ENGINE_H */
