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
	if (adapter == GLOBAL)
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

void guest_start(struct guest *g)
{
	struct dxg_cmd_setiospaceregion region = {
		.start = WINDOW_START,
		.length = WINDOW_SIZE,
	};

	g->host = host_create(&g->config, &ops, g);
	assert_non_null(g->host);
	assert_int_equal(guest_status(g, GLOBAL,
				      DXGK_VMBCOMMAND_SETIOSPACEREGION,
				      &region, sizeof(region)), 0);
	guest_open_adapter(g, 0);
	g->process = guest_create_process(g, 4242);
}

uint32_t create_device(struct guest *g)
{
	struct dxg_cmd_createdevice cmd = { .error_code = 0x7007 };

	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_CREATEDEVICE, &cmd,
				    sizeof(cmd)), 4);
	assert_int_not_equal(*(uint32_t *)g->reply, 0);
	return *(uint32_t *)g->reply;
}

static void create_queue(struct guest *g, struct bench *b)
{
	struct {
		struct dxg_cmd_createhwqueue cmd;
		uint8_t tail[8];
	} msg = { .cmd = { .context.v = b->context } };
	struct dxg_cmd_createhwqueue *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEHWQUEUE, &msg, 72);
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	b->hw_queue = ret->hwqueue.v;
	b->progress = ret->hwqueue_progress_fence.v;
	b->progress_page = ret->hwqueue_progress_fence_cpuva;
	assert_int_equal(guest_fence(g, b->progress_page), 0);
}

void bench_create(struct guest *g, struct bench *b)
{
	struct dxg_cmd_createpagingqueue paging = { 0 };
	struct dxg_ret_createpagingqueue *queue = (void *)g->reply;
	struct dxg_cmd_createcontextvirtual *ret = (void *)g->reply;
	struct {
		struct dxg_cmd_createcontextvirtual cmd;
		uint8_t tail[8];
	} context = { .cmd = { .flags.hw_queue_supported = 1 } };

	memset(b, 0, sizeof(*b));
	b->device = create_device(g);
	paging.args.device.v = b->device;
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEPAGINGQUEUE, &paging,
		   sizeof(paging));
	assert_int_not_equal(queue->paging_queue.v, 0);
	assert_int_not_equal(queue->sync_object.v, 0);
	b->paging_queue = queue->paging_queue.v;
	b->paging_fence = queue->sync_object.v;
	b->paging_page = queue->fence_storage_physical_address;

	context.cmd.device.v = b->device;
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATECONTEXTVIRTUAL, &context, 55);
	assert_int_not_equal(ret->context.v, 0);
	b->context = ret->context.v;
	create_queue(g, b);
}

uint32_t create_allocation(struct guest *g, uint32_t device, uint32_t segment,
			   uint64_t size, uint32_t *resource,
			   struct d3dkmt_createallocationflags flags)
{
	struct {
		struct dxg_cmd_createallocation cmd;
		struct dxg_cmd_createallocation_allocinfo info;
		uint8_t data[sizeof(struct mock_alloc_data)];
	} msg = {
		.cmd = { .device.v = device, .alloc_count = 1, .flags = flags },
		.info = { .priv_drv_data_size = sizeof(msg.data) },
	};
	const struct mock_alloc_data data = {
		.magic = MOCK_ALLOC_MAGIC,
		.segment = segment,
		.size = size,
		.flags = MOCK_ALLOC_CACHED,
	};
	struct dxg_ret_createallocation *ret = (void *)g->reply;
	struct mock_alloc_data back;

	if (resource && !flags.create_resource)
		msg.cmd.resource.v = *resource;
	memcpy(msg.data, &data, sizeof(data));
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEALLOCATION, &msg,
		   offsetof(typeof(msg), data) + sizeof(msg.data));
	assert_int_equal(g->reply_len, 88 + sizeof(data));
	if (!ret->allocation_info[0].allocation.v)
		return 0;
	memcpy(&back, &ret->allocation_info[1], sizeof(back));
	assert_int_equal(ret->allocation_info[0].priv_drv_data_size,
			 sizeof(data));
	assert_true(back.flags & MOCK_ALLOC_EDITED);
	assert_int_equal(back.size, ret->allocation_info[0].allocation_size);
	if (resource && flags.create_resource)
		*resource = ret->resource.v;
	return ret->allocation_info[0].allocation.v;
}

static void send_pages(struct guest *g, uint32_t device, uint32_t allocation,
		       uint64_t first_page, uint64_t pages)
{
	uint64_t sent = 0;

	while (sent < pages) {
		uint32_t n = pages - sent > 1000 ? 1000 :
						   (uint32_t)(pages - sent);
		struct {
			struct dxg_cmd_setexistingsysmempages cmd;
			uint64_t pfns[1000];
		} msg = {
			.cmd = {
				.device.v = device,
				.allocation.v = allocation,
				.num_pages = n,
				.alloc_offset_in_pages = (uint32_t)sent,
			},
		};
		uint32_t i;

		for (i = 0; i < n; i++)
			msg.pfns[i] = GUEST_PFN + first_page + sent + i;
		assert_int_equal(guest_status(g, 0,
					DXGK_VMBCOMMAND_SETEXISTINGSYSMEMPAGES,
					&msg, sizeof(msg.cmd) + 8 * (size_t)n),
				 STATUS_SUCCESS);
		sent += n;
	}
}

uint32_t create_existing(struct guest *g, uint32_t device, uint64_t first_page,
			 uint64_t pages)
{
	struct {
		struct dxg_cmd_createallocation cmd;
		struct dxg_cmd_createallocation_allocinfo info;
		uint8_t data[sizeof(struct d3dkmt_createstandardallocation)];
	} msg = {
		.cmd = {
			.device.v = device,
			.alloc_count = 1,
			.flags.existing_sysmem = 1,
			.flags.standard_allocation = 1,
			.priv_drv_data_size = sizeof(msg.data),
		},
	};
	const struct d3dkmt_createstandardallocation standard = {
		.type = _D3DKMT_STANDARDALLOCATIONTYPE_EXISTINGHEAP,
		.existing_heap_data.size = pages * HOST_PAGE_SIZE,
	};
	struct dxg_ret_createallocation *ret = (void *)g->reply;
	uint32_t allocation;

	memcpy(msg.data, &standard, sizeof(standard));
	guest_send(g, 0, DXGK_VMBCOMMAND_CREATEALLOCATION, &msg,
		   offsetof(typeof(msg), data) + sizeof(msg.data));
	assert_int_equal(g->reply_len, 88);
	allocation = ret->allocation_info[0].allocation.v;
	assert_int_not_equal(allocation, 0);
	assert_int_equal(ret->allocation_info[0].allocation_size,
			 pages * HOST_PAGE_SIZE);
	if (g->config.adapters[0].map_guest_memory)
		send_pages(g, device, allocation, first_page, pages);
	return allocation;
}

uint32_t create_fence(struct guest *g, uint32_t device, uint64_t initial,
		      uint64_t *page, uint64_t *gpu_va)
{
	struct dxg_cmd_createsyncobject cmd = {
		.args = {
			.device.v = device,
			.info = {
				.type = _D3DDDI_MONITORED_FENCE,
				.monitored_fence.initial_fence_value = initial,
				.monitored_fence.engine_affinity = 1,
			},
		},
		.client_hint = 1,
	};
	struct dxg_ret_createsyncobject *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_CREATESYNCOBJECT, &cmd, sizeof(cmd));
	assert_int_not_equal(ret->sync_object.v, 0);
	if (page)
		*page = ret->fence_storage_address;
	if (gpu_va)
		*gpu_va = ret->fence_gpu_va;
	return ret->sync_object.v;
}

uint64_t map_allocation(struct guest *g, struct bench *b, uint32_t allocation,
			uint64_t pages)
{
	struct dxg_cmd_mapgpuvirtualaddress cmd = {
		.args = {
			.paging_queue.v = b->paging_queue,
			.minimum_address = 0x100000000ull,
			.maximum_address = 0x1000000000ull,
			.allocation.v = allocation,
			.size_in_pages = pages,
			.protection.write = 1,
		},
	};
	struct dxg_ret_mapgpuvirtualaddress *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_MAPGPUVIRTUALADDRESS, &cmd,
		   sizeof(cmd));
	assert_int_equal(ret->status.v, STATUS_PENDING);
	assert_true(ret->virtual_address >= 0x100000000ull);
	return ret->virtual_address;
}

void make_resident(struct guest *g, struct bench *b, uint32_t allocation)
{
	struct {
		struct dxg_cmd_makeresident cmd;
		struct d3dkmthandle handle;
		uint32_t spare;
	} msg = {
		.cmd = { .paging_queue.v = b->paging_queue, .alloc_count = 1 },
		.handle.v = allocation,
	};
	struct dxg_ret_makeresident *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_MAKERESIDENT, &msg, 48);
	assert_int_equal(ret->status.v, STATUS_PENDING);
	guest_wait_fence(g, b->paging_page, ret->paging_fence_value);
}

/* A further paging operation ends after all that came before it. */
void wait_paging(struct guest *g, struct bench *b)
{
	struct dxg_cmd_mapgpuvirtualaddress cmd = {
		.args = {
			.paging_queue.v = b->paging_queue,
			.size_in_pages = 1,
			.protection.zero = 1,
		},
	};
	struct dxg_ret_mapgpuvirtualaddress *ret = (void *)g->reply;

	guest_send(g, 0, DXGK_VMBCOMMAND_MAPGPUVIRTUALADDRESS, &cmd,
		   sizeof(cmd));
	assert_int_equal(ret->status.v, STATUS_PENDING);
	guest_wait_fence(g, b->paging_page, ret->paging_fence_value);
}

int32_t wait_cpu(struct guest *g, uint32_t device, uint32_t fence,
		 uint64_t value, uint64_t event)
{
	struct {
		struct dxg_cmd_waitforsyncobjectfromcpu cmd;
		uint8_t tail[12];
	} msg = {
		.cmd = {
			.device.v = device,
			.object_count = 1,
			.guest_event_pointer = event,
		},
	};

	memcpy(msg.tail, &fence, 4);
	memcpy(msg.tail + 4, &value, 8);
	return guest_status(g, 0, DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU,
			    &msg, sizeof(msg.cmd) + 12);
}

int32_t submit_hw(struct guest *g, struct bench *b, uint64_t va,
		  uint32_t length, uint64_t progress)
{
	struct dxg_cmd_submitcommandtohwqueue cmd = {
		.args = {
			.hwqueue.v = b->hw_queue,
			.hwqueue_progress_fence_id = progress,
			.command_buffer = va,
			.command_length = length,
		},
	};

	return guest_status(g, 0, DXGK_VMBCOMMAND_SUBMITCOMMANDTOHWQUEUE, &cmd,
			    sizeof(cmd));
}

int32_t signal_object(struct guest *g, uint32_t device, uint32_t queue,
		      uint32_t object, uint64_t value)
{
	struct {
		struct dxg_cmd_signalsyncobject cmd;
		uint8_t tail[16];
	} msg = {
		.cmd = { .object_count = 1, .context_count = queue ? 1 : 0 },
	};
	size_t len = 4;

	if (!queue)
		msg.cmd.device.v = device;
	memcpy(msg.tail, &object, 4);
	if (queue) {
		memcpy(msg.tail + 4, &queue, 4);
		len = 8;
	}
	memcpy(msg.tail + len, &value, 8);
	return guest_status(g, 0, DXGK_VMBCOMMAND_SIGNALSYNCOBJECT, &msg,
			    sizeof(msg.cmd) + len + 8);
}

int32_t wait_gpu(struct guest *g, uint32_t queue, uint32_t object,
		 uint64_t value)
{
	struct {
		struct dxg_cmd_waitforsyncobjectfromgpu cmd;
		uint8_t tail[16];
	} msg = { .cmd = { .context.v = queue, .object_count = 1 } };

	memcpy(msg.tail, &value, 8);
	memcpy(msg.tail + 8, &object, 4);
	return guest_status(g, 0, DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMGPU,
			    &msg, sizeof(msg.cmd) + 12);
}

/* Commands that carry one handle at offset 24. */
int32_t destroy_handle(struct guest *g, uint32_t command, uint32_t handle)
{
	struct dxg_cmd_destroycontext cmd = { .context.v = handle };
	int adapter = command >= DXGK_VMBCOMMAND_VM_TO_HOST_FIRST ? GLOBAL : 0;

	if (command == DXGK_VMBCOMMAND_DESTROYPAGINGQUEUE) {
		guest_send(g, adapter, command, &cmd, sizeof(cmd));
		return STATUS_SUCCESS;
	}
	return guest_status(g, adapter, command, &cmd, sizeof(cmd));
}

int32_t destroy_allocation(struct guest *g, uint32_t device, uint32_t resource,
			   uint32_t allocation)
{
	struct {
		struct dxg_cmd_destroyallocation cmd;
		struct d3dkmthandle handle;
		uint8_t spare[8];
	} msg = {
		.cmd = {
			.device.v = device,
			.resource.v = resource,
			.alloc_count = allocation ? 1 : 0,
		},
		.handle.v = allocation,
	};

	return guest_status(g, 0, DXGK_VMBCOMMAND_DESTROYALLOCATION, &msg,
			    allocation ? 52 : 48);
}

uint32_t device_state(struct guest *g, uint32_t device)
{
	struct dxg_cmd_getdevicestate cmd = {
		.args = {
			.device.v = device,
			.state_type = _D3DKMT_DEVICESTATE_EXECUTION,
		},
	};
	struct dxg_ret_getdevicestate *ret = (void *)g->reply;

	assert_int_equal(guest_send(g, 0, DXGK_VMBCOMMAND_GETDEVICESTATE, &cmd,
				    sizeof(cmd)), 64);
	assert_int_equal(ret->status.v, STATUS_SUCCESS);
	return ret->args.execution_state;
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
