// SPDX-License-Identifier: GPL-2.0
/*
 * The guest that the engine's tests play.
 */
#include "engine_fixture.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>

static void op_complete(void *ctx, int channel, uint64_t trans_id,
			uint32_t command, const void *buf, size_t len)
{
	struct guest *g = ctx;

	(void)channel;
	(void)command;
	pthread_mutex_lock(&g->lock);
	if (trans_id == g->trans_id) {
		memcpy(g->reply, buf, len);
		g->reply_len = len;
		g->completed = true;
	}
	g->completions++;
	pthread_cond_broadcast(&g->changed);
	pthread_mutex_unlock(&g->lock);
}

static void op_event(void *ctx, uint32_t command, const void *buf, size_t len)
{
	struct guest *g = ctx;
	struct dxg_cmd_signalguestevent event;
	struct dxg_cmd_setguestdata data;

	pthread_mutex_lock(&g->lock);
	if (command == DXGK_VMBCOMMAND_SIGNALGUESTEVENT &&
	    len == sizeof(event) && g->event_count < MAX_EVENTS) {
		memcpy(&event, buf, len);
		g->events[g->event_count++] = event.event;
	} else if (command == DXGK_VMBCOMMAND_SETGUESTDATA &&
		   len == sizeof(data)) {
		memcpy(&data, buf, len);
		g->guest_data_token = data.guest_pointer;
		g->guest_data_count++;
	}
	pthread_cond_broadcast(&g->changed);
	pthread_mutex_unlock(&g->lock);
}

/* Page by page, so that a list of scattered frames is honoured. */
static int access_guest(struct guest *g, const uint64_t *pfns, uint64_t offset,
			uint8_t *in, const uint8_t *out, size_t len)
{
	while (len) {
		uint64_t page = pfns[offset / HOST_PAGE_SIZE] - GUEST_PFN;
		size_t at = offset % HOST_PAGE_SIZE;
		size_t n = HOST_PAGE_SIZE - at < len ? HOST_PAGE_SIZE - at :
						       len;
		uint8_t *bytes = g->memory + page * HOST_PAGE_SIZE + at;

		if (page >= GUEST_PAGES)
			return -EFAULT;
		if (in) {
			memcpy(in, bytes, n);
			in += n;
		} else {
			memcpy(bytes, out, n);
			out += n;
		}
		offset += n;
		len -= n;
	}
	return 0;
}

static int op_read(void *ctx, const uint64_t *pfns, uint64_t offset, void *buf,
		   size_t len)
{
	return access_guest(ctx, pfns, offset, buf, NULL, len);
}

static int op_write(void *ctx, const uint64_t *pfns, uint64_t offset,
		    const void *buf, size_t len)
{
	return access_guest(ctx, pfns, offset, NULL, buf, len);
}

/* GPADL number n stands for n pages from the start of guest memory. */
static long op_gpadl(void *ctx, uint32_t gpadl, uint64_t **pfns)
{
	uint32_t i;

	(void)ctx;
	if (!gpadl || gpadl > GUEST_PAGES)
		return -ENOENT;
	*pfns = malloc(gpadl * sizeof(**pfns));
	for (i = 0; i < gpadl; i++)
		(*pfns)[i] = GUEST_PFN + i;
	return gpadl;
}

static void *op_window(void *ctx, uint64_t start, uint64_t length)
{
	struct guest *g = ctx;

	return start == WINDOW_START && length == WINDOW_SIZE ? g->window :
								NULL;
}

static void op_violation(void *ctx, const char *text)
{
	struct guest *g = ctx;

	snprintf(g->violation, sizeof(g->violation), "%s", text);
}

static const struct host_ops ops = {
	.complete = op_complete,
	.event = op_event,
	.guest_read = op_read,
	.guest_write = op_write,
	.gpadl_pages = op_gpadl,
	.window = op_window,
	.violation = op_violation,
};

struct guest *guest_create(enum host_personality personality,
			   unsigned int adapters)
{
	struct guest *g = calloc(1, sizeof(*g));
	unsigned int i;

	assert_non_null(g);
	g->window = aligned_alloc(HOST_PAGE_SIZE, WINDOW_SIZE);
	g->memory = aligned_alloc(HOST_PAGE_SIZE,
				  (size_t)GUEST_PAGES * HOST_PAGE_SIZE);
	assert_non_null(g->window);
	assert_non_null(g->memory);
	/* What the host hands out must not show what was there before. */
	memset(g->window, 0xee, WINDOW_SIZE);
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->changed, NULL);
	g->extended = true;
	g->config.interface_version = DXGK_VMBUS_INTERFACE_VERSION;
	g->config.adapter_count = adapters;
	for (i = 0; i < adapters; i++)
		host_adapter_defaults(&g->config.adapters[i], i, personality);
	return g;
}

void guest_free(struct guest *g)
{
	host_destroy(g->host);
	pthread_mutex_destroy(&g->lock);
	pthread_cond_destroy(&g->changed);
	free(g->window);
	free(g->memory);
	free(g);
}

int guest_setup(void **state)
{
	struct guest *g = guest_create(HOST_RENDER, 2);

	guest_start(g);
	*state = g;
	return 0;
}

int guest_teardown(void **state)
{
	guest_free(*state);
	return 0;
}

static void fill_header(struct guest *g, uint32_t command, void *cmd)
{
	struct dxg_vgpu_to_host_header *hdr = cmd;
	bool global = command >= DXGK_VMBCOMMAND_VM_TO_HOST_FIRST;

	hdr->command_type = command;
	hdr->channel_type = global ? DXGKVMB_VM_TO_HOST : DXGKVMB_VGPU_TO_HOST;
	switch (command) {
	case DXGK_VMBCOMMAND_SETIOSPACEREGION:
	case DXGK_VMBCOMMAND_CREATEPROCESS:
	case DXGK_VMBCOMMAND_DESTROYNTSHAREDOBJECT:
	case DXGK_VMBCOMMAND_OPENADAPTER:
	case DXGK_VMBCOMMAND_CLOSEADAPTER:
	case DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO:
	case DXGK_VMBCOMMAND_ISFEATUREENABLED:
	case DXGK_VMBCOMMAND_ISFEATUREENABLED_GLOBAL:
		hdr->process.v = 0;
		break;
	default:
		hdr->process.v = g->process;
	}
}

static uint8_t *frame(struct guest *g, int adapter, const void *cmd,
		      size_t len, size_t *out_len)
{
	size_t head = g->extended ? EXT_HEADER_SIZE : 0;
	struct dxg_ext_header ext = { .command_offset = EXT_HEADER_SIZE };
	uint8_t *buf;

	if (adapter != GLOBAL) {
		ext.vgpu_luid.a = g->config.adapters[adapter].vgpu_luid.a;
		ext.vgpu_luid.b = g->config.adapters[adapter].vgpu_luid.b;
	}
	/* The bus pads with zeros. */
	*out_len = (head + len + 7) & ~(size_t)7;
	buf = calloc(1, *out_len);
	assert_non_null(buf);
	if (head)
		memcpy(buf, &ext, head);
	memcpy(buf + head, cmd, len);
	return buf;
}

static int channel_of(const struct guest *g, int adapter, uint32_t command)
{
	if (adapter == GLOBAL ||
	    command == DXGK_VMBCOMMAND_CREATENATIVEFENCE ||
	    command == DXGK_VMBCOMMAND_OPENNATIVEFENCEFROMNTHANDLE)
		return GLOBAL;
	if (g->config.adapters[adapter].async_msg &&
	    command != DXGK_VMBCOMMAND_OPENADAPTER &&
	    command != DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO)
		return GLOBAL;
	return adapter;
}

size_t guest_send(struct guest *g, int adapter, uint32_t command, void *cmd,
		  size_t len)
{
	size_t padded, reply_len;
	uint8_t *buf;

	fill_header(g, command, cmd);
	buf = frame(g, adapter, cmd, len, &padded);
	pthread_mutex_lock(&g->lock);
	g->trans_id++;
	g->completed = false;
	pthread_mutex_unlock(&g->lock);
	host_message(g->host, channel_of(g, adapter, command), g->trans_id,
		     true, buf, padded);
	free(buf);
	pthread_mutex_lock(&g->lock);
	while (!g->completed)
		pthread_cond_wait(&g->changed, &g->lock);
	reply_len = g->reply_len;
	pthread_mutex_unlock(&g->lock);
	return reply_len;
}

void guest_send_async(struct guest *g, int adapter, uint32_t command,
		      void *cmd, size_t len)
{
	struct dxg_vgpu_to_host_header *hdr = cmd;
	size_t padded;
	uint8_t *buf;

	fill_header(g, command, cmd);
	hdr->async_msg = 1;
	buf = frame(g, adapter, cmd, len, &padded);
	host_message(g->host, channel_of(g, adapter, command), 0, false, buf,
		     padded);
	free(buf);
}

int32_t guest_status(struct guest *g, int adapter, uint32_t command,
		     void *cmd, size_t len)
{
	int32_t status;

	assert_int_equal(guest_send(g, adapter, command, cmd, len), 4);
	memcpy(&status, g->reply, sizeof(status));
	return status;
}

void guest_expect(struct guest *g, int adapter, uint32_t command, void *cmd,
		  size_t len, int32_t status)
{
	assert_int_equal(guest_status(g, adapter, command, cmd, len), status);
}

bool guest_has_event(struct guest *g, uint64_t event)
{
	bool found = false;
	unsigned int i;

	pthread_mutex_lock(&g->lock);
	for (i = 0; i < g->event_count; i++)
		found |= g->events[i] == event;
	pthread_mutex_unlock(&g->lock);
	return found;
}

void guest_wait_event(struct guest *g, uint64_t event)
{
	while (!guest_has_event(g, event)) {
		pthread_mutex_lock(&g->lock);
		if (g->event_count < MAX_EVENTS)
			sched_yield();
		pthread_mutex_unlock(&g->lock);
	}
}

void *guest_page(const struct guest *g, uint64_t page)
{
	assert_in_range(page, WINDOW_START, WINDOW_START + WINDOW_SIZE - 1);
	assert_int_equal(page % HOST_PAGE_SIZE, 0);
	return g->window + (page - WINDOW_START);
}

uint64_t guest_fence(const struct guest *g, uint64_t page)
{
	return __atomic_load_n((uint64_t *)guest_page(g, page),
			       __ATOMIC_ACQUIRE);
}

void guest_wait_fence(const struct guest *g, uint64_t page, uint64_t value)
{
	while (guest_fence(g, page) < value)
		sched_yield();
}

void guest_open_adapter(struct guest *g, unsigned int adapter)
{
	struct dxg_cmd_openadapter open = {
		.vmbus_interface_version = g->config.interface_version,
		.vmbus_last_compatible_interface_version =
			DXGK_VMBUS_LAST_COMPATIBLE_INTERFACE_VERSION,
	};
	struct dxg_cmd_getinternaladapterinfo info = { 0 };
	struct dxg_ret_openadapter *ret = (void *)g->reply;

	guest_send(g, (int)adapter, DXGK_VMBCOMMAND_OPENADAPTER, &open,
		   sizeof(open));
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	assert_int_not_equal(ret->host_adapter_handle.v, 0);
	if (!adapter)
		g->adapter = ret->host_adapter_handle.v;
	guest_send(g, (int)adapter, DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO,
		   &info, sizeof(info));
}

uint32_t guest_create_process(struct guest *g, uint64_t pid)
{
	struct dxg_cmd_createprocess cmd = {
		.process = pid,
		.process_id = pid,
		.process_name = { 't', 'e', 's', 't' },
		.linux_process = 1,
	};

	assert_int_equal(guest_send(g, GLOBAL, DXGK_VMBCOMMAND_CREATEPROCESS,
				    &cmd, sizeof(cmd)), 4);
	assert_int_not_equal(*(uint32_t *)g->reply, 0);
	return *(uint32_t *)g->reply;
}

void guest_power_on(struct guest *g)
{
	g->host = host_create(&g->config, &ops, g);
	assert_non_null(g->host);
}

void guest_start(struct guest *g)
{
	struct dxg_cmd_setiospaceregion region = {
		.start = WINDOW_START,
		.length = WINDOW_SIZE,
	};

	guest_power_on(g);
	assert_int_equal(guest_status(g, GLOBAL,
				      DXGK_VMBCOMMAND_SETIOSPACEREGION,
				      &region, sizeof(region)), 0);
	guest_open_adapter(g, 0);
	g->process = guest_create_process(g, 4242);
}

struct host_alive alive(struct guest *g)
{
	struct host_alive result;

	host_alive(g->host, &result);
	return result;
}

void assert_no_violation(struct guest *g)
{
	struct host_alive now = alive(g);

	if (now.violations || now.double_destroys)
		fail_msg("violation: %s", g->violation);
}

void assert_nothing_alive(struct guest *g)
{
	struct host_alive now = alive(g);

	if (!host_nothing_alive(&now)) {
		host_alive_json(g->host, stderr);
		fail_msg("host objects left");
	}
}
