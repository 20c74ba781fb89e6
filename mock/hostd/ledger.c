// SPDX-License-Identifier: GPL-2.0
/*
 * The ledger: what is still alive, and what the guest did wrong.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "allocation.h"
#include "context.h"
#include "device.h"
#include "process.h"
#include "sharing.h"

static void record(struct host *host, uint64_t *counter, const char *text)
{
	uint64_t n = host->ledger.double_destroys + host->ledger.violations;

	snprintf(host->ledger.texts[n % VIOLATION_TEXTS], VIOLATION_LENGTH,
		 "%s", text);
	++*counter;
	if (host->ops.violation)
		host->ops.violation(host->ops_ctx, text);
}

/**
 * violation() - count a protocol violation of the guest
 * @host: host
 * @format: printf() format of its description
 *
 * Context: engine lock held.
 */
void violation(struct host *host, const char *format, ...)
{
	char text[VIOLATION_LENGTH];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	record(host, &host->ledger.violations, text);
}

/**
 * bad_destroy() - a destroy command named an object that does not exist
 * @rq: request
 * @table: table in which the handle was looked up
 * @handle: the handle
 * @what: kind of object
 *
 * Return: the status to answer with.
 */
int32_t bad_destroy(struct request *rq, const struct handle_table *table,
		    uint32_t handle, const char *what)
{
	struct ledger *ledger = &rq->host->ledger;
	char text[VIOLATION_LENGTH];

	/* The destroy may have crossed with the removal of the adapter. */
	if (rq->process && rq->process->lost_adapter) {
		ledger->late_destroys++;
	} else if (handle_is_stale(table, handle)) {
		snprintf(text, sizeof(text), "%s: %s %#x destroyed twice",
			 host_command_name(rq->command), what, handle);
		record(rq->host, &ledger->double_destroys, text);
	} else {
		violation(rq->host, "%s: no %s %#x",
			  host_command_name(rq->command), what, handle);
	}
	return STATUS_INVALID_HANDLE;
}

static unsigned int list_length(const struct list *head)
{
	const struct list *pos;
	unsigned int n = 0;

	list_for_each(pos, head)
		n++;
	return n;
}

static void count_allocations(const struct device *device,
			      struct host_alive *alive)
{
	const struct list *pos;

	list_for_each(pos, &device->allocations) {
		const struct allocation *a = container_of(pos,
							  struct allocation,
							  link);

		alive->allocations++;
		alive->locks += a->lock_count;
		if (a->memory->kind != MEMORY_GUEST)
			continue;
		alive->gpadls += a->memory->has_gpadl;
		alive->page_lists += !a->memory->has_gpadl &&
				     a->memory->known_pages;
	}
}

static void count_device(const struct device *device, struct host_alive *alive)
{
	const struct list *pos;

	alive->devices++;
	list_for_each(pos, &device->contexts) {
		const struct context *context = container_of(pos,
							     struct context,
							     link);

		alive->contexts++;
		alive->hw_queues += list_length(&context->hw_queues);
	}
	alive->paging_queues += list_length(&device->paging_queues);
	alive->resources += list_length(&device->resources);
	alive->sync_objects += list_length(&device->sync_objects);
	count_allocations(device, alive);
}

static void count(const struct host *host, struct host_alive *alive)
{
	const struct list *pos, *dev;
	unsigned int i;

	memset(alive, 0, sizeof(*alive));
	list_for_each(pos, &host->process_list) {
		const struct process *process = container_of(pos,
							     struct process,
							     link);

		alive->processes++;
		alive->sync_objects += list_length(&process->sync_objects);
		list_for_each(dev, &process->devices)
			count_device(container_of(dev, struct device, link),
				     alive);
	}
	for (i = 0; i < host->config.adapter_count; i++)
		alive->open_adapters += host->adapters[i].handle != 0;
	alive->shared_handles = list_length(&host->nt_handles);
	alive->cpu_waits = host->cpu_waits;
	alive->window_pages = (unsigned int)host->window.used;
	alive->double_destroys = host->ledger.double_destroys;
	alive->violations = host->ledger.violations;
}

/**
 * host_alive() - take stock of the live objects
 * @host: host
 * @alive: result
 */
void host_alive(struct host *host, struct host_alive *alive)
{
	pthread_mutex_lock(&host->lock);
	count(host, alive);
	pthread_mutex_unlock(&host->lock);
}

/**
 * host_nothing_alive() - did the guest give everything back?
 * @alive: result of host_alive()
 *
 * Open adapters do not count: they stay open while the driver is loaded.
 *
 * Return: true when no object is left.
 */
bool host_nothing_alive(const struct host_alive *alive)
{
	return !(alive->processes | alive->devices | alive->contexts |
		 alive->hw_queues | alive->paging_queues | alive->allocations |
		 alive->resources | alive->sync_objects |
		 alive->shared_handles | alive->locks | alive->cpu_waits |
		 alive->page_lists | alive->gpadls | alive->window_pages);
}

static void json_string(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else if ((unsigned char)*text < ' ')
			fprintf(out, "\\u%04x", (unsigned char)*text);
		else
			fputc(*text, out);
	}
	fputc('"', out);
}

static void json_violations(const struct host *host, FILE *out)
{
	uint64_t n = host->ledger.double_destroys + host->ledger.violations;
	uint64_t i = n > VIOLATION_TEXTS ? n - VIOLATION_TEXTS : 0;
	const char *comma = "";

	fputs("\"violation_texts\":[", out);
	for (; i < n; i++) {
		fputs(comma, out);
		json_string(out, host->ledger.texts[i % VIOLATION_TEXTS]);
		comma = ",";
	}
	fputc(']', out);
}

static void json_processes(const struct host *host, FILE *out)
{
	const struct list *pos;
	const char *comma = "";

	fputs("\"process_list\":[", out);
	list_for_each(pos, &host->process_list) {
		const struct process *process = container_of(pos,
							     struct process,
							     link);

		fprintf(out, "%s{\"handle\":%u,\"pid\":%llu,\"name\":", comma,
			process->handle, (unsigned long long)process->pid);
		json_string(out, process->name);
		fputc('}', out);
		comma = ",";
	}
	fputs("],", out);
}

/**
 * host_alive_json() - write the ledger as one JSON object in one line
 * @host: host
 * @out: stream
 */
void host_alive_json(struct host *host, FILE *out)
{
	struct host_alive alive;
	size_t i;

	pthread_mutex_lock(&host->lock);
	count(host, &alive);
	const struct {
		const char *name;
		unsigned long long value;
	} numbers[] = {
		{ "processes", alive.processes },
		{ "devices", alive.devices },
		{ "contexts", alive.contexts },
		{ "hw_queues", alive.hw_queues },
		{ "paging_queues", alive.paging_queues },
		{ "allocations", alive.allocations },
		{ "resources", alive.resources },
		{ "sync_objects", alive.sync_objects },
		{ "shared_handles", alive.shared_handles },
		{ "locks", alive.locks },
		{ "cpu_waits", alive.cpu_waits },
		{ "page_lists", alive.page_lists },
		{ "gpadls", alive.gpadls },
		{ "window_pages", alive.window_pages },
		{ "open_adapters", alive.open_adapters },
		{ "double_destroys", alive.double_destroys },
		{ "late_destroys", host->ledger.late_destroys },
		{ "violations", alive.violations },
	};

	fprintf(out, "{\"nothing_alive\":%s,",
		host_nothing_alive(&alive) ? "true" : "false");
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		fprintf(out, "\"%s\":%llu,", numbers[i].name,
			numbers[i].value);
	json_processes(host, out);
	json_violations(host, out);
	fputs("}\n", out);
	pthread_mutex_unlock(&host->lock);
}

/**
 * host_count_violation() - the transport found a protocol violation
 * @host: host
 * @text: what is wrong
 */
void host_count_violation(struct host *host, const char *text)
{
	pthread_mutex_lock(&host->lock);
	violation(host, "%s", text);
	pthread_mutex_unlock(&host->lock);
}

/**
 * host_forget_violations() - start counting misbehaviour afresh
 * @host: host
 */
void host_forget_violations(struct host *host)
{
	pthread_mutex_lock(&host->lock);
	memset(&host->ledger, 0, sizeof(host->ledger));
	pthread_mutex_unlock(&host->lock);
}
