// SPDX-License-Identifier: GPL-2.0
/*
 * "dxgctl stats" and "dxgctl processes": what the host counts, and who uses an
 * adapter. Only queries; works with any host.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapter.h"
#include "dxg_text.h"
#include "json.h"

/* More than any adapter has: the numbers come from the host. */
#define SEGMENTS_MAX	64u
#define NODES_MAX	64u
#define NAME_MAX_LEN	64u

/**
 * struct question - what is asked about
 * @fd: open node
 * @adapter: adapter
 * @segments: memory segments it has
 * @nodes: engines it has
 */
struct question {
	int fd;
	const struct adapter_info *adapter;
	uint32_t segments;
	uint32_t nodes;
};

/**
 * struct segment - a memory segment
 * @limit: bytes that can be committed
 * @committed: bytes of allocations
 * @resident: bytes in memory now
 * @aperture: not memory of the GPU, but system memory it reaches
 */
struct segment {
	uint64_t limit;
	uint64_t committed;
	uint64_t resident;
	bool aperture;
};

static uint64_t number(const struct d3dkmt_querystatistics_result *result,
		       size_t offset, size_t size)
{
	uint64_t value = 0;

	memcpy(&value, result->size + offset, size);
	return value;
}

static int ask(const struct question *q, uint32_t type, uint32_t pid,
	       uint32_t input, struct d3dkmt_querystatistics_result *result)
{
	return dxg_query_statistics(q->fd, &q->adapter->luid, type, pid, input,
				    result);
}

static int ask_adapter(struct question *q)
{
	struct d3dkmt_querystatistics_result result;
	int ret = ask(q, _D3DKMT_QUERYSTATISTICS_ADAPTER, 0, 0, &result);

	if (ret < 0)
		return ret;
	q->segments = (uint32_t)number(&result, DXG_ADAPTER_SEGMENTS, 4);
	q->nodes = (uint32_t)number(&result, DXG_ADAPTER_NODES, 4);
	if (q->segments > SEGMENTS_MAX || q->nodes > NODES_MAX)
		return -EPROTO;
	return 0;
}

static int ask_segment(const struct question *q, uint32_t i,
		       struct segment *segment)
{
	struct d3dkmt_querystatistics_result result;
	int ret = ask(q, _D3DKMT_QUERYSTATISTICS_SEGMENT, 0, i, &result);

	if (ret < 0)
		return ret;
	segment->limit = number(&result, DXG_SEGMENT_LIMIT, 8);
	segment->committed = number(&result, DXG_SEGMENT_COMMITTED, 8);
	segment->resident = number(&result, DXG_SEGMENT_RESIDENT, 8);
	segment->aperture = number(&result, DXG_SEGMENT_APERTURE, 4);
	return 0;
}

static int ask_node(const struct question *q, uint32_t i, uint64_t *ns)
{
	struct d3dkmt_querystatistics_result result;
	int ret = ask(q, _D3DKMT_QUERYSTATISTICS_NODE, 0, i, &result);

	*ns = ret < 0 ? 0 : number(&result, DXG_NODE_RUNNING_TIME, 8) * 100;
	return ret;
}

static int print_segments(const struct question *q)
{
	char limit[DXG_BYTES_TEXT], committed[DXG_BYTES_TEXT];
	char resident[DXG_BYTES_TEXT];
	struct segment segment;
	uint32_t i;
	int ret;

	for (i = 0; i < q->segments; i++) {
		ret = ask_segment(q, i, &segment);
		if (ret < 0)
			return ret;
		dxg_bytes_format(segment.limit, limit);
		dxg_bytes_format(segment.committed, committed);
		dxg_bytes_format(segment.resident, resident);
		printf("segment %u (%s): %s of %s committed, %s resident\n", i,
		       segment.aperture ? "system" : "local", committed, limit,
		       resident);
	}
	return 0;
}

static int print_nodes(const struct question *q)
{
	uint64_t ns;
	uint32_t i;
	int ret;

	for (i = 0; i < q->nodes; i++) {
		ret = ask_node(q, i, &ns);
		if (ret < 0)
			return ret;
		printf("engine %u: ran for %.3f ms\n", i, (double)ns / 1e6);
	}
	return 0;
}

static int json_segments(const struct question *q, struct json *json)
{
	struct segment segment;
	uint32_t i;
	int ret = 0;

	json_open(json, "segments", '[');
	for (i = 0; !ret && i < q->segments; i++) {
		ret = ask_segment(q, i, &segment);
		if (ret < 0)
			break;
		json_open(json, NULL, '{');
		json_bool(json, "local", !segment.aperture);
		json_number(json, "limit", segment.limit);
		json_number(json, "committed", segment.committed);
		json_number(json, "resident", segment.resident);
		json_close(json, '}');
	}
	json_close(json, ']');
	return ret;
}

static int json_nodes(const struct question *q, struct json *json)
{
	uint64_t ns;
	uint32_t i;
	int ret = 0;

	json_open(json, "engines", '[');
	for (i = 0; !ret && i < q->nodes; i++) {
		ret = ask_node(q, i, &ns);
		if (ret < 0)
			break;
		json_open(json, NULL, '{');
		json_milliseconds(json, "running_ms", ns);
		json_close(json, '}');
	}
	json_close(json, ']');
	return ret;
}

static int stats(const struct question *q, struct json *json)
{
	if (!json)
		return print_segments(q) ?: print_nodes(q);
	return json_segments(q, json) ?: json_nodes(q, json);
}

/* Name of a process of this pid namespace, or "?". */
static void process_name(uint32_t pid, char name[NAME_MAX_LEN])
{
	char path[32];
	FILE *file;

	snprintf(name, NAME_MAX_LEN, "?");
	snprintf(path, sizeof(path), "/proc/%u/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return;
	if (fgets(name, (int)NAME_MAX_LEN, file))
		name[strcspn(name, "\n")] = '\0';
	fclose(file);
}

static int print_process(const struct question *q, uint32_t pid,
			 struct json *json)
{
	struct d3dkmt_querystatistics_result result;
	char name[NAME_MAX_LEN], text[DXG_BYTES_TEXT] = "?";
	uint64_t bytes = 0;
	uint32_t i;
	int ret = 0;

	process_name(pid, name);
	for (i = 0; ret >= 0 && i < q->segments; i++) {
		ret = ask(q, _D3DKMT_QUERYSTATISTICS_PROCESS_SEGMENT, pid, i,
			  &result);
		bytes += number(&result, DXG_PROCESS_SEGMENT_COMMITTED, 8);
	}
	/* it may be another user's, or have ended meanwhile */
	if (ret >= 0)
		dxg_bytes_format(bytes, text);
	if (!json) {
		printf("%7u  %-16s  %s\n", pid, name, text);
		return 0;
	}
	json_open(json, NULL, '{');
	json_number(json, "pid", pid);
	json_string(json, "name", name);
	if (ret >= 0)
		json_number(json, "bytes", bytes);
	else
		json_null(json, "bytes");
	json_close(json, '}');
	return 0;
}

static int list_processes(const struct question *q, uint32_t **pids,
			  __u64 *count)
{
	__u64 room;
	int ret;

	*count = 0;
	*pids = NULL;
	do {
		room = *count + 8;
		free(*pids);
		*pids = calloc(room, sizeof(**pids));
		if (!*pids)
			return -ENOMEM;
		*count = room;
		ret = dxg_enum_processes(q->fd, &q->adapter->luid, *pids,
					 count);
	} while (ret == -EOVERFLOW && *count > room);
	return ret;
}

static int processes(const struct question *q, struct json *json)
{
	uint32_t *pids;
	__u64 count, i;
	int ret = list_processes(q, &pids, &count);

	if (json)
		json_open(json, "processes", '[');
	else if (!ret)
		printf("%7s  %-16s  %s\n", "PID", "Process", "GPU memory");
	for (i = 0; !ret && i < count; i++)
		print_process(q, pids[i], json);
	if (json)
		json_close(json, ']');
	free(pids);
	return ret;
}

static enum dxgctl_status run(const struct options *options,
			      int (*answer)(const struct question *q,
					    struct json *json))
{
	struct json json = { .out = stdout };
	struct adapter_list list;
	struct question q = { 0 };
	enum dxgctl_status status;
	const char *cause;
	int ret;

	status = adapter_open(&options->adapter, &list, &q.adapter);
	if (status)
		return status;
	q.fd = list.fd;
	if (options->json)
		json_open(&json, NULL, '{');
	ret = ask_adapter(&q);
	if (ret >= 0)
		ret = answer(&q, options->json ? &json : NULL);
	if (options->json)
		json_close(&json, '}');
	adapter_list_close(&list);
	if (ret >= 0)
		return DXGCTL_OK;
	cause = diagnose_call(-ret);
	fprintf(stderr, "dxgctl: %s\n", cause ? cause : strerror(-ret));
	return DXGCTL_CALL_FAILED;
}

/**
 * stats_run() - the stats sub-command
 * @options: adapter, --json or not
 *
 * Return: exit status.
 */
enum dxgctl_status stats_run(const struct options *options)
{
	return run(options, stats);
}

/**
 * processes_run() - the processes sub-command
 * @options: adapter, --json or not
 *
 * Return: exit status.
 */
enum dxgctl_status processes_run(const struct options *options)
{
	return run(options, processes);
}
