// SPDX-License-Identifier: GPL-2.0
/*
 * Calls, one for each message, and the table of them. See commands.h.
 */
#include "commands.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "dxg_query.h"
#include "harness.h"

#define PRIVATE_SIZE	64ul
#define PATTERN		0xc3

/* Calls -------------------------------------------------------------------- */

static const struct dxg_va_range anywhere = {
	.minimum = VA_MINIMUM,
	.maximum = VA_MAXIMUM,
};

static int call_create_device(struct sequence *s)
{
	__u32 device;

	return dxg_create_device(s->fd, s->adapter, &device);
}

static int call_create_paging_queue(struct sequence *s)
{
	struct dxg_paging_queue queue;

	return dxg_create_paging_queue(s->fd, s->device, &queue);
}

/* Private data at the end of a page that nothing follows. */
static unsigned char *private_data(void)
{
	static unsigned char *page;

	if (!page)
		page = edge_page();
	memset(page, PATTERN, PAGE);
	return page + PAGE - PRIVATE_SIZE;
}

/* Nothing before it is written, and on failure nothing at all (P71). */
static int check_private_data(const unsigned char *data, int ret)
{
	const unsigned char *end = data + (ret < 0 ? PRIVATE_SIZE : 0);
	const unsigned char *p;

	for (p = end - (PAGE - PRIVATE_SIZE); p < end; p++)
		equal(*p, PATTERN);
	return ret;
}

static int call_create_context(struct sequence *s)
{
	unsigned char *data = private_data();
	__u32 context;

	return check_private_data(data,
				  dxg_create_context(s->fd, s->device, 0, 0,
						     data, PRIVATE_SIZE,
						     &context));
}

static int call_create_hw_queue(struct sequence *s)
{
	unsigned char *data = private_data();
	struct dxg_hw_queue queue;

	return check_private_data(data,
				  dxg_create_hw_queue(s->fd, s->context, data,
						      PRIVATE_SIZE, &queue));
}

static int call_create_fence(struct sequence *s)
{
	struct dxg_fence fence;

	return dxg_create_monitored_fence(s->fd, s->device, 0, 0, &fence);
}

static int call_create_native_fence(struct sequence *s)
{
	struct d3dkmt_createnativefence args = {
		.device = dxg_handle(s->device),
		.info.engine_affinity = 1,
	};

	return dxg_ioctl(s->fd, LX_CREATENATIVEFENCE, &args);
}

static int call_open_fence(struct sequence *s)
{
	struct dxg_fence fence;

	return dxg_open_sync_object(s->fd, s->device, s->fence_fd,
				    DXG_SYNC_SHAREABLE, &fence);
}

static int call_create_local(struct sequence *s)
{
	struct dxg_allocation local;

	return dxg_create_local(s->fd, s->device, LOCAL_SIZE,
				DXG_ALLOC_CREATE_RESOURCE, &local);
}

static int call_create_heap(struct sequence *s)
{
	struct dxg_allocation heap;

	return dxg_create_heap(s->fd, s->device, s->sysmem_user, HEAP_SIZE, 0,
			       &heap);
}

static int call_reserve(struct sequence *s)
{
	__u64 va;

	return dxg_reserve_gpu_va(s->fd, s->adapter, &anywhere, VA_SIZE, &va);
}

static int call_map(struct sequence *s)
{
	__u64 va, value;

	return dxg_map_gpu_va(s->fd, s->paging.queue, &anywhere,
			      s->local.handle, 0, 1, DXG_PROTECT_WRITE, &va,
			      &value);
}

static int call_make_resident(struct sequence *s)
{
	__u64 value, trim;

	return dxg_make_resident(s->fd, s->paging.queue, &s->local.handle, 1,
				 0, &value, &trim);
}

static int call_evict(struct sequence *s)
{
	__u64 trim;

	return dxg_evict(s->fd, s->device, &s->local.handle, 1, &trim);
}

static int call_wait(struct sequence *s)
{
	return dxg_wait(s->fd, s->device, s->fence.sync_object, 1);
}

static int call_lock(struct sequence *s)
{
	void *view;
	int ret = dxg_lock(s->fd, s->device, s->local.handle, &view);

	/* a second Lock2 would cost no message */
	if (ret >= 0)
		dxg_unlock(s->fd, s->device, s->local.handle);
	return ret;
}

static int call_share(struct sequence *s)
{
	int fd;

	return dxg_share(s->fd, s->shared.resource, &fd);
}

static int call_open_shared(struct sequence *s)
{
	struct d3dddi_openallocationinfo2 opened = { 0 };
	struct dxg_shared_info info;
	unsigned char data[256];
	__u32 resource;
	int ret;

	ret = dxg_query_shared_resource(s->fd, s->device, s->shared_fd, &info);
	return ret < 0 ? ret :
		dxg_open_shared_resource(s->fd, s->device, s->shared_fd, &info,
					 &opened, data, &resource);
}

static int call_open_native_fence(struct sequence *s)
{
	struct d3dkmt_opennativefencefromnthandle args = {
		.nt_handle = (__u32)s->fence_fd,
		.device = dxg_handle(s->device),
		.engine_affinity = 1,
	};

	return dxg_ioctl(s->fd, LX_DXOPENNATIVEFENCEFROMNTHANDLE, &args);
}

static int call_share_with_host(struct sequence *s)
{
	struct d3dkmt_shareobjectwithhost args = {
		.device_handle = dxg_handle(s->device),
		.object_handle = dxg_handle(s->local.handle),
	};

	return dxg_ioctl(s->fd, LX_DXSHAREOBJECTWITHHOST, &args);
}

static int call_query(struct sequence *s)
{
	__u32 model;

	return dxg_query_driver_model(s->fd, s->adapter, &model);
}

static int call_video_memory(struct sequence *s)
{
	struct d3dkmt_queryvideomemoryinfo info;

	return dxg_query_video_memory(s->fd, s->adapter, 0, &info);
}

static int call_feature(struct sequence *s)
{
	struct d3dkmt_isfeatureenabled args = {
		.adapter = dxg_handle(s->adapter),
	};

	return dxg_ioctl(s->fd, LX_ISFEATUREENABLED, &args);
}

static int call_free_va(struct sequence *s)
{
	return dxg_free_gpu_va(s->fd, s->adapter, s->second_va, VA_SIZE);
}

static int call_destroy_allocation(struct sequence *s)
{
	return dxg_destroy_allocations(s->fd, s->device, &s->sysmem.handle, 1);
}

static int call_destroy_fence(struct sequence *s)
{
	return dxg_destroy_sync_object(s->fd, s->fence.sync_object);
}

static int call_destroy_context(struct sequence *s)
{
	return dxg_destroy_context(s->fd, s->context);
}

static int call_destroy_hw_queue(struct sequence *s)
{
	return dxg_destroy_hw_queue(s->fd, s->queue.queue);
}

static int call_destroy_device(struct sequence *s)
{
	return dxg_destroy_device(s->fd, s->device);
}

static int call_unlock(struct sequence *s)
{
	void *view;

	dxg_lock(s->fd, s->device, s->local.handle, &view);
	return dxg_unlock(s->fd, s->device, s->local.handle);
}

static int call_signal(struct sequence *s)
{
	return dxg_signal(s->fd, s->device, s->fence.sync_object, 11);
}

static int call_wait_gpu(struct sequence *s)
{
	return dxg_wait_gpu(s->fd, s->legacy, s->fence.sync_object, 1);
}

static int call_device_state(struct sequence *s)
{
	struct d3dkmt_getdevicestate args = {
		.device = dxg_handle(s->device),
		.state_type = _D3DKMT_DEVICESTATE_PRESENT,
	};

	return dxg_ioctl(s->fd, LX_DXGETDEVICESTATE, &args);
}

static int call_destroy_paging_queue(struct sequence *s)
{
	return dxg_destroy_paging_queue(s->fd, s->paging.queue);
}

const struct command commands[] = {
	{ "CREATEDEVICE", call_create_device, 4, 0, -EINVAL, BY_ZERO },
	{ "CREATEPAGINGQUEUE", call_create_paging_queue, 24, 0, -EINVAL,
	  BY_ZERO },
	{ "CREATECONTEXTVIRTUAL", call_create_context, 55 + PRIVATE_SIZE, 0,
	  -EINVAL, BY_ZERO },
	{ "CREATEHWQUEUE", call_create_hw_queue, 71 + PRIVATE_SIZE, 0, -EINVAL, BY_STATUS },
	{ "CREATESYNCOBJECT", call_create_fence, 32, 0, -EINVAL, BY_ZERO },
	{ "CREATENATIVEFENCE", call_create_native_fence, 112, 0, -EINVAL,
	  BY_STATUS },
	{ "OPENSYNCOBJECT", call_open_fence, 24, 0, -EINVAL, BY_STATUS },
	{ "CREATEALLOCATION", call_create_local, 88, 0, -EINVAL, BY_ZERO },
	{ "DDIGETSTANDARDALLOCATIONDRIVERDATA", call_create_heap, 36, 0, 0,
	  BY_STATUS },
	{ "SETEXISTINGSYSMEMPAGES", call_create_heap, 4, 0, 0, BY_STATUS },
	{ "RESERVEGPUVIRTUALADDRESS", call_reserve, 16, 0, 0, NEVER },
	{ "MAPGPUVIRTUALADDRESS", call_map, 24, DXG_STATUS_PENDING, 0,
	  BY_STATUS },
	{ "MAKERESIDENT", call_make_resident, 24, DXG_STATUS_PENDING, 0,
	  BY_STATUS },
	{ "EVICT", call_evict, 8, 0, 0, NEVER },
	{ "WAITFORSYNCOBJECTFROMCPU", call_wait, 4, 0, 0, BY_STATUS },
	{ "LOCK2", call_lock, 16, 0, 0, BY_STATUS },
	{ "SIGNALSYNCOBJECT", call_signal, 4, 0, 0, BY_STATUS },
	{ "WAITFORSYNCOBJECTFROMGPU", call_wait_gpu, 4, 0, 0, BY_STATUS },
	{ "GETDEVICESTATE", call_device_state, 64, 0, 0, BY_STATUS },
	{ "CREATENTSHAREDOBJECT", call_share, 4, 0, -ENOTRECOVERABLE,
	  BY_ZERO },
	{ "OPENRESOURCE", call_open_shared, 12, 0, -EINVAL, BY_STATUS },
	{ "OPENNATIVEFENCEFROMNTHANDLE", call_open_native_fence, 112, 0,
	  -EINVAL, BY_STATUS },
	{ "SHAREOBJECTWITHHOST", call_share_with_host, 16, 0, 0, BY_STATUS },
	{ "QUERYADAPTERINFO", call_query, 8, 0, 0, BY_STATUS },
	{ "QUERYVIDEOMEMORYINFO", call_video_memory, 32, 0, 0, NEVER },
	{ "ISFEATUREENABLED", call_feature, 16, 0, 0, BY_STATUS },
	{ "FREEGPUVIRTUALADDRESS", call_free_va, 4, 0, 0, DESTROYS },
	{ "DESTROYALLOCATION", call_destroy_allocation, 4, 0, 0, DESTROYS },
	{ "DESTROYSYNCOBJECT", call_destroy_fence, 4, 0, 0, DESTROYS },
	{ "DESTROYHWQUEUE", call_destroy_hw_queue, 4, 0, 0, DESTROYS },
	{ "UNLOCK2", call_unlock, 4, 0, 0, DESTROYS },
	{ "DESTROYPAGINGQUEUE", call_destroy_paging_queue, 0, 0, 0, SILENT },
	{ "DESTROYCONTEXT", call_destroy_context, 4, 0, 0, DESTROYS },
	{ "DESTROYDEVICE", call_destroy_device, 4, 0, 0, DESTROYS_ALWAYS },
};

const size_t command_count = ARRAY_SIZE(commands);

/**
 * command_by_name() - find a row of the table
 * @name: of the message
 *
 * Return: the row; a name that is not there ends the test.
 */
const struct command *command_by_name(const char *name)
{
	size_t i;

	for (i = 0; i < command_count; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	fail("no command %s", name);
}

/**
 * commands_share_fence() - make what OPENSYNCOBJECT opens
 * @s: has a device; receives @fence_fd
 */
void commands_share_fence(struct sequence *s)
{
	struct dxg_fence fence;

	equal(dxg_create_monitored_fence(s->fd, s->device, 0,
					 DXG_SYNC_SHAREABLE, &fence), 0);
	equal(dxg_share(s->fd, fence.sync_object, &s->fence_fd), 0);
}

/* The same for OPENNATIVEFENCEFROMNTHANDLE. */
static void share_native_fence(struct sequence *s)
{
	struct d3dkmt_createnativefence args = {
		.device = dxg_handle(s->device),
		.info.flags.value = DXG_SYNC_SHAREABLE,
	};

	equal(dxg_ioctl(s->fd, LX_CREATENATIVEFENCE, &args), 0);
	equal(dxg_share(s->fd, args.sync_object.v, &s->fence_fd), 0);
}

/**
 * commands_set_up() - make everything that the calls need
 * @s: receives it: the sequence up to ROW_WAIT_PAGING, a context without
 *	hardware queues, and a second, shareable resource
 * @command: the call that will be made
 */
void commands_set_up(struct sequence *s, const struct command *command)
{
	sequence_until(s, ROW_WAIT_PAGING);
	equal(dxg_create_local(s->fd, s->device, LOCAL_SIZE,
			       DXG_ALLOC_SHAREABLE, &s->shared), 0);
	equal(dxg_create_context(s->fd, s->device, 0, 0, NULL, 0, &s->legacy),
	      0);
	if (command->call == call_open_fence)
		commands_share_fence(s);
	if (command->call == call_open_native_fence)
		share_native_fence(s);
	/* the first share makes the host's object, so one call must be left */
	if (command->call == call_open_shared)
		equal(dxg_share(s->fd, s->shared.resource, &s->shared_fd), 0);
}
