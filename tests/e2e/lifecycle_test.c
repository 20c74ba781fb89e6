// SPDX-License-Identifier: GPL-2.0
/*
 * Hosts of all kinds and ages, devices that appear in any order, fail to start
 * and come back; and the module itself, which stays while anyone needs it.
 */
#include "ioctl_description.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "dxg_query.h"
#include "harness.h"

static __u32 adapters(int fd, bool compute_only)
{
	__u32 count = 0;

	equal(dxg_enum_adapters3(fd, compute_only, NULL, &count), 0);
	return count;
}

/* Personalities ---------------------------------------------------------------- */

static void first_adapter(struct sequence *s)
{
	sequence_until(s, ROW_ADAPTER);
}

/* Without hardware queues, contexts do the work. */
static void no_hardware_queues(unsigned long n)
{
	struct dxg_hw_queue queue;
	struct dxg_fence fence;
	struct sequence s;
	__u32 caps = 1, context;

	(void)n;
	first_adapter(&s);
	equal(dxg_query_hw_scheduling(s.fd, s.adapter, &caps), 0);
	equal(caps, 0);
	equal(dxg_create_device(s.fd, s.adapter, &s.device), 0);
	equal(dxg_create_context(s.fd, s.device, 0, 0, NULL, 0, &context), 0);
	check(dxg_create_hw_queue(s.fd, context, NULL, 0, &queue) < 0);
	equal(dxg_create_monitored_fence(s.fd, s.device, 1, 0, &fence), 0);
	equal(dxg_signal_gpu(s.fd, context, fence.sync_object, 2), 0);
	equal(dxg_wait(s.fd, s.device, fence.sync_object, 2), 0);
	equal(dxg_fence_value(fence.value), 2);
}

static void compute_only(unsigned long n)
{
	struct d3dkmt_adapterinfo infos[2];
	struct d3dkmt_adaptertype type;
	__u32 count = 2;
	int fd = dxg_open(NULL);

	(void)n;
	equal(adapters(fd, false), 0);
	equal(adapters(fd, true), 1);
	equal(dxg_enum_adapters3(fd, true, infos, &count), 0);
	equal(count, 1);
	equal(dxg_query_adapter_type(fd, infos[0].adapter_handle.v, &type), 0);
	equal(type.value, 0x881);
}

/* P34: one in each mode, and both work at the same time. */
static void two_adapters(unsigned long n)
{
	struct d3dkmt_adapterinfo infos[2];
	struct dxg_fence fences[2];
	int fd = dxg_open(NULL), i;
	__u32 devices[2], count = 2;

	(void)n;
	equal(dxg_enum_adapters3(fd, true, infos, &count), 0);
	equal(count, 2);
	check(infos[0].adapter_luid.a != infos[1].adapter_luid.a ||
	      infos[0].adapter_luid.b != infos[1].adapter_luid.b);
	for (i = 0; i < 2; i++) {
		equal(dxg_create_device(fd, infos[i].adapter_handle.v,
					&devices[i]), 0);
		equal(dxg_create_monitored_fence(fd, devices[i], 0, 0,
						 &fences[i]), 0);
	}
	for (i = 0; i < 2; i++) {
		equal(dxg_signal(fd, devices[i], fences[i].sync_object, 5), 0);
		equal(dxg_wait(fd, devices[i], fences[i].sync_object, 5), 0);
	}
	/* P45, P46: the loss of one is none for the other */
	host("rescind 0");
	host("settle");
	equal(adapters(fd, true), 1);
	equal(dxg_signal(fd, devices[0], fences[0].sync_object, 6), -ENODEV);
	equal(dxg_signal(fd, devices[1], fences[1].sync_object, 6), 0);
	equal(dxg_wait(fd, devices[1], fences[1].sync_object, 6), 0);
	equal(dxg_fence_value(fences[1].value), 6);
	host("offer 0");
	host("settle");
	equal(adapters(fd, true), 2);
	equal(dxg_signal(fd, devices[0], fences[0].sync_object, 7), -ENODEV);
	equal(dxg_signal(fd, devices[1], fences[1].sync_object, 7), 0);
}

/* Start ------------------------------------------------------------------------- */

static const char *const bad_starts[] = {
	"refuse OPENADAPTER 0xc0000022",
	/* the oldest version that the host understands */
	"field OPENADAPTER 12 ffffff7f",
};

/* P33: what failed to start does not stand in the way. PL-26 */
static void start_fails_once(unsigned long n)
{
	int fd;

	host("rescind 0");
	host("settle");
	host("%s", bad_starts[n]);
	host("offer 0");
	host("settle");
	fd = dxg_open(NULL);
	equal(adapters(fd, true), 0);
	host("rescind 0");
	host("settle");
	host("offer 0");
	host("settle");
	equal(adapters(fd, true), 1);
	equal(dxg_close(fd), 0);
	sequence_all(0);
}

static const char *const channels[] = { "0", "global" };

/* PL-15, P33: nor does a channel that could not be opened. */
static void open_fails(unsigned long n)
{
	int fd;

	host("rescind %s", channels[n]);
	host("settle");
	/* enum mock_vmbus_site: opening a channel */
	host("bus-fault 1 1000 %d", EAGAIN);
	host("offer %s", channels[n]);
	host("settle");
	fd = open(DXG_NODE, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		equal(adapters(fd, true), 0);
		equal(dxg_close(fd), 0);
	}
	host("rescind %s", channels[n]);
	host("settle");
	host("bus-fault 1 0");
	host("offer %s", channels[n]);
	host("settle");
	sequence_all(0);
}

static void pci_comes_back(unsigned long n)
{
	int fd, i;

	(void)n;
	for (i = 0; i < 5; i++) {
		host("pci-del 0");
		host("settle");
		fd = dxg_open(NULL);
		equal(adapters(fd, true), 0);
		equal(dxg_close(fd), 0);
		host("pci-add 0");
		host("settle");
		fd = dxg_open(NULL);
		equal(adapters(fd, true), 1);
		equal(dxg_close(fd), 0);
	}
	sequence_all(0);
}

/* P45: old users and new ones of an adapter that went and came. */
static void old_and_new_users(unsigned long n)
{
	struct sequence old, fresh;

	(void)n;
	sequence_until(&old, ROW_SIGNALLED);
	host("rescind 0");
	host("pci-del 0");
	host("settle");
	host("pci-add 0");
	host("offer 0");
	host("settle");
	memset(&fresh, 0, sizeof(fresh));
	sequence_until(&fresh, ROW_SIGNALLED);
	equal(dxg_signal(old.fd, old.device, old.fence.sync_object, 99),
	      -ENODEV);
	equal(dxg_signal(fresh.fd, fresh.device, fresh.fence.sync_object, 99),
	      0);
	equal(dxg_destroy_device(old.fd, old.device), 0);
	equal(dxg_close_adapter(old.fd, old.adapter), 0);
	equal(dxg_close(old.fd), 0);
	equal(dxg_signal(fresh.fd, fresh.device, fresh.fence.sync_object, 100),
	      0);
}

/* No global channel: nothing to open (libdxg: no adapters). */
static void no_global_channel(unsigned long n)
{
	(void)n;
	equal(dxg_open(NULL), -EBADF);
}

/* The module ----------------------------------------------------------------------- */

static int unload(void)
{
	return syscall(SYS_delete_module, "dxgkrnl", O_NONBLOCK) ? -errno : 0;
}

static bool unloads(unsigned long n)
{
	(void)n;
	return !unload();
}

/* What is still on its way out may need the module a moment longer. */
static void unload_and_load(void)
{
	wait_for(unloads, 0, "dxgkrnl can be unloaded");
	host("settle");
	equal(system("modprobe dxgkrnl"), 0);
	host("settle");
	sequence_all(0);
}

/* P47 */
static void unload_while_open(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_SIGNALLED);
	equal(unload(), -EAGAIN);
	equal(dxg_signal(s.fd, s.device, s.fence.sync_object, 50), 0);
	equal(dxg_close(s.fd), 0);
	munmap(s.fence.value, PAGE);
	munmap((void *)(unsigned long)s.paging.fence, PAGE);
	munmap((void *)(unsigned long)s.queue.fence, PAGE);
	unload_and_load();
}

/* P47 */
static void unload_while_shared(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_create_local(s.fd, s.device, PAGE, DXG_ALLOC_SHAREABLE,
			       &s.shared), 0);
	equal(dxg_share(s.fd, s.shared.resource, &s.shared_fd), 0);
	equal(dxg_close(s.fd), 0);
	host("settle");
	equal(unload(), -EAGAIN);
	equal(close(s.shared_fd), 0);
	unload_and_load();
}

/* P47: an eventfd that is never signalled is no reason to stay. */
static void unload_after_wait(unsigned long n)
{
	int event = eventfd(0, EFD_CLOEXEC);
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	equal(dxg_wait_event(s.fd, s.device, s.fence.sync_object, 1000, event),
	      0);
	equal(dxg_close(s.fd), 0);
	munmap(s.fence.value, PAGE);
	munmap((void *)(unsigned long)s.paging.fence, PAGE);
	munmap((void *)(unsigned long)s.queue.fence, PAGE);
	unload_and_load();
	equal(close(event), 0);
}

/* The host goes first, then the module; P29 the other way round. */
static void unload_without_host(unsigned long n)
{
	(void)n;
	host_kill();
	wait_for(unloads, 0, "dxgkrnl can be unloaded");
	equal(system("modprobe dxgkrnl"), 0);
	host_start("");
	sequence_all(0);
}

static void use_everything(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_SHARED);
}

/*
 * P44, P46: the host that comes back knows nothing of a process from before, and
 * hears nothing from it, not even its end.
 */
static void global_comes_back(unsigned long n)
{
	const struct ioctl_description *d;
	struct ioctl_state state;
	struct ioctl_call call;

	(void)n;
	ioctl_set_up(&state);
	host("rescind global");
	host("settle");
	host("offer global");
	host("settle");
	reap_ok(spawn(use_everything, 0));
	host("wait-idle");
	host("mark");
	for_each_ioctl(d) {
		ioctl_prepare(d, &state, &call);
		equal(ioctl_issue(d, state.s.fd, &call), -ENOTTY);
	}
	ioctl_close(&state);
	host("settle");
	equal(host_count("DESTROYSYNCOBJECT"), 0);
	equal(host_count("DESTROYNTSHAREDOBJECT"), 0);
	equal(host_count("DESTROYDEVICE"), 0);
	equal(host_count("DESTROYPROCESS"), 0);
	use_everything(0);
}

static const struct test tests[] = {
	{ "the sequence works with interface version 27", sequence_all, 0,
	  "--interface-version 27", false },
	{ "the sequence works with interface version 40", sequence_all, 0,
	  "--interface-version 40", false },
	{ "the sequence works with interface version 46", sequence_all, 0,
	  "--interface-version 46", false },
	{ "the sequence works on a host newer than we are", sequence_all, 0,
	  "--interface-version 99", false },
	{ "the sequence works with messages on the global channel",
	  sequence_all, 0, "--async", false },
	{ "the sequence works on the first of two adapters", sequence_all, 0,
	  "--adapters 2", false },
	{ "the sequence works on a slow GPU", sequence_all, 0,
	  "--adapter render,paging-delay=20000,submit-delay=20000", false },
	{ "devices appear in the order pci,vgpu,global", sequence_all, 0,
	  "--order pci,vgpu,global", false },
	{ "devices appear in the order pci,global,vgpu", sequence_all, 0,
	  "--order pci,global,vgpu", false },
	{ "devices appear in the order vgpu,pci,global", sequence_all, 0,
	  "--order vgpu,pci,global", false },
	{ "devices appear in the order vgpu,global,pci", sequence_all, 0,
	  "--order vgpu,global,pci", false },
	{ "devices appear in the order global,pci,vgpu", sequence_all, 0,
	  "--order global,pci,vgpu", false },
	{ "devices appear in the order global,vgpu,pci", sequence_all, 0,
	  "--order global,vgpu,pci", false },
	{ "without hardware queues, contexts do the work", no_hardware_queues,
	  0, "--adapter no-hwsch", false },
	{ "a compute-only adapter is listed on demand only", compute_only, 0,
	  "--adapter compute-only", false },
	{ "of two adapters in different modes one is lost", two_adapters, 0,
	  "--adapter render --adapter render,async", false },
	{ "of two adapters in different modes the other one is lost",
	  two_adapters, 0, "--adapter render,async --adapter render", false },
	{ "an adapter that failed to start can be offered again",
	  start_fails_once, 0, NULL, false },
	{ "an adapter of a host that is too new does not start (PL-26)",
	  start_fails_once, 1, NULL, false },
	{ "an adapter whose channel cannot be opened does not start (PL-15)",
	  open_fails, 0, NULL, false },
	{ "a global channel that cannot be opened goes and comes (PL-15)",
	  open_fails, 1, NULL, false },
	{ "a PCI function comes and goes", pci_comes_back, 0, NULL, false },
	{ "the global channel comes back and knows nobody",
	  global_comes_back, 0, NULL, true },
	{ "the global channel comes back and knows nobody, asynchronous",
	  global_comes_back, 0, "--async", true },
	{ "old users of an adapter do not disturb new ones",
	  old_and_new_users, 0, NULL, false },
	{ "without a global channel there is nothing to open",
	  no_global_channel, 0, "--no-global", false },
	{ "the module stays while a process uses it", unload_while_open, 0,
	  NULL, false },
	{ "the module stays while a shared descriptor lives",
	  unload_while_shared, 0, NULL, false },
	{ "the module goes in spite of a wait that never ended",
	  unload_after_wait, 0, NULL, false },
	{ "the module goes and comes without a host", unload_without_host, 0,
	  NULL, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
