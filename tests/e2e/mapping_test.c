// SPDX-License-Identifier: GPL-2.0
/*
 * Pages of the host in processes: fences and Lock2 views. Who may read and
 * write them, who inherits them, and that they are gone with their object,
 * wherever they have been copied or moved to.
 */
#include "sequence.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness.h"

/* Protection ------------------------------------------------------------------ */

static void check_read_only(const void *page)
{
	void *p = (void *)(unsigned long)page;

	equal(access_signal(page, false), 0);
	equal(access_signal(page, true), SIGSEGV);
	equal(mprotect(p, PAGE, PROT_READ | PROT_WRITE), -1);
	equal(errno, EACCES);
	equal(access_signal(page, true), SIGSEGV);
}

/* P13 */
static void queue_fences_read_only(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	check_read_only(s.paging.fence);
	check_read_only(s.queue.fence);
}

/* P13: those of monitored fences stay writable for compatibility. */
static void monitored_fence_writable(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	equal(access_signal(s.fence.value, true), 0);
	__atomic_store_n(s.fence.value, 10, __ATOMIC_SEQ_CST);
	equal(mprotect(s.fence.value, PAGE, PROT_READ | PROT_EXEC), -1);
}

/* P12 */
static void cannot_grow(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	check(mremap(s.fence.value, guest_page(), 2 * guest_page(),
		     MREMAP_MAYMOVE) == MAP_FAILED);
	equal(errno, EFAULT);
	equal(dxg_fence_value(s.fence.value), 10);
}

static void read_of_parent(unsigned long address)
{
	__u64 value, mine = 0;
	struct iovec local = { &value, sizeof(value) };
	struct iovec own = { &mine, sizeof(mine) };
	struct iovec remote = { (void *)address, sizeof(value) };

	if (process_vm_readv(getpid(), &local, 1, &own, 1, 0) < 0) {
		puts("# no process_vm_readv() in this kernel");
		return;
	}
	equal(process_vm_readv(getppid(), &local, 1, &remote, 1, 0), -1);
	equal(errno, EFAULT);
}

/* Flags of the mapping at an address, as /proc/self/smaps abbreviates them. */
static void check_vm_flags(const void *page, const char *const *flags)
{
	char line[512], wanted[32];
	FILE *smaps = fopen("/proc/self/smaps", "r");
	bool here = false;

	check(smaps);
	snprintf(wanted, sizeof(wanted), "%lx-", (unsigned long)page);
	while (fgets(line, sizeof(line), smaps)) {
		here |= !strncmp(line, wanted, strlen(wanted));
		if (here && !strncmp(line, "VmFlags:", 8))
			break;
	}
	fclose(smaps);
	for (; *flags; flags++) {
		if (!strstr(line, *flags))
			fail("no%s in %s", *flags, line);
	}
}

/* P12: debuggers get an error, core dumps leave the page out. */
static void not_for_debuggers(unsigned long n)
{
	static const char *const flags[] = { " io", " pf", " de", " dd", NULL };
	struct sequence s;
	__u64 value;
	int mem;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	reap_ok(spawn(read_of_parent, dxg_ptr(s.fence.value)));
	mem = open("/proc/self/mem", O_RDONLY);
	check(mem >= 0);
	equal(pread(mem, &value, sizeof(value), (off_t)dxg_ptr(s.fence.value)),
	      -1);
	equal(errno, EIO);
	close(mem);
	check_vm_flags(s.fence.value, flags);
	check_vm_flags(s.paging.fence, flags);
}

/* P10, P11: the end of the adapter takes pages, but leaves addresses alone. */
static void adapter_gone(unsigned long n)
{
	struct sequence s;
	void *moved;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	moved = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(mremap(s.fence.value, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
		     moved) == moved);
	host("rescind 0");
	host("settle");
	equal(access_signal(moved, false), SIGBUS);
	equal(access_signal(s.paging.fence, false), SIGBUS);
	equal(access_signal(s.queue.fence, false), SIGBUS);
	equal(dxg_close(s.fd), 0);
	equal(access_signal(moved, false), SIGBUS);
}

/* P9: pages are populated at once, and by whom else than their fault handler */
static void locked_process(unsigned long n)
{
	(void)n;
	equal(mlockall(MCL_CURRENT | MCL_FUTURE), 0);
	sequence_all(0);
}

/* P9: no room in the address space: clean failure, no object on the host */
static void no_address_space(unsigned long n)
{
	const struct rlimit none = { 0, RLIM_INFINITY };
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	struct dxg_paging_queue queue;
	unsigned long long before;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	before = host_number("paging_queues", "alive");
	equal(setrlimit(RLIMIT_AS, &none), 0);
	equal(dxg_create_paging_queue(s.fd, s.device, &queue), -ENOMEM);
	equal(setrlimit(RLIMIT_AS, &all), 0);
	host("settle");
	equal(host_number("paging_queues", "alive"), before);
	equal(dxg_fence_value(s.fence.value), 10);
}

/* Revocation --------------------------------------------------------------------- */

static const void *watched;

/* Reads, tells, waits to be told, and must not be able to read again. */
static void watch(unsigned long n)
{
	(void)n;
	equal(access_signal(watched, false), 0);
	raise(SIGSTOP);
	equal(access_signal(watched, false), SIGBUS);
}

static pid_t start_watcher(const void *page)
{
	pid_t pid;
	int status;

	watched = page;
	pid = spawn(watch, 0);
	equal(waitpid(pid, &status, WUNTRACED), pid);
	check(WIFSTOPPED(status));
	return pid;
}

/* P10, P12: the child's copy lives and dies with the object. */
static void child_loses_fence(unsigned long n)
{
	struct sequence s;
	pid_t pid;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	pid = start_watcher(s.fence.value);
	equal(dxg_destroy_sync_object(s.fd, s.fence.sync_object), 0);
	kill(pid, SIGCONT);
	reap_ok(pid);
	check(access_signal(s.fence.value, false));
}

static void child_loses_queue_fences(unsigned long n)
{
	struct sequence s;
	pid_t paging, progress;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	paging = start_watcher(s.paging.fence);
	progress = start_watcher(s.queue.fence);
	equal(dxg_destroy_device(s.fd, s.device), 0);
	kill(paging, SIGCONT);
	kill(progress, SIGCONT);
	reap_ok(paging);
	reap_ok(progress);
	check(access_signal(s.paging.fence, false));
	check(access_signal(s.queue.fence, false));
}

static void child_loses_view(unsigned long n)
{
	struct sequence s;
	pid_t pid;

	(void)n;
	sequence_until(&s, ROW_LOCKED);
	pid = start_watcher(s.local_view);
	equal(dxg_unlock(s.fd, s.device, s.local.handle), 0);
	equal(dxg_unlock(s.fd, s.device, s.local.handle), 0);
	kill(pid, SIGCONT);
	reap_ok(pid);
}

/* P10: a moved mapping is revoked, too; nothing is unmapped in its place. */
static void moved_fence(unsigned long n)
{
	unsigned char *own;
	struct sequence s;
	void *moved;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	moved = mremap(s.fence.value, PAGE, PAGE,
		       MREMAP_MAYMOVE | MREMAP_FIXED,
		       mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0));
	check(moved != MAP_FAILED);
	equal(dxg_fence_value(moved), 10);
	own = mmap(s.fence.value, PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
	check((void *)own == (void *)s.fence.value);
	*own = 42;
	equal(dxg_destroy_sync_object(s.fd, s.fence.sync_object), 0);
	check(access_signal(moved, false));
	equal(*own, 42);
}

/* P11: what the process mapped there instead is not ours. */
static void foreign_mapping_stays(unsigned long n)
{
	unsigned char *own, *view;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_LOCKED);
	equal(munmap(s.fence.value, PAGE), 0);
	own = mmap(s.fence.value, PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	equal(munmap(s.local_view, LOCAL_SIZE), 0);
	view = mmap(s.local_view, LOCAL_SIZE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	*own = 1;
	memset(view, 2, LOCAL_SIZE);
	equal(dxg_unlock(s.fd, s.device, s.local.handle), 0);
	equal(dxg_unlock(s.fd, s.device, s.local.handle), 0);
	equal(dxg_destroy_sync_object(s.fd, s.fence.sync_object), 0);
	equal(dxg_destroy_device(s.fd, s.device), 0);
	equal(dxg_close(s.fd), 0);
	equal(*own, 1);
	equal(view[0], 2);
	equal(view[LOCAL_SIZE - 1], 2);
}

static struct sequence *parents;

static void close_inherited(unsigned long n)
{
	unsigned char *own;

	(void)n;
	own = mmap(parents->fence.value, PAGE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	*own = 7;
	raise(SIGSTOP);
	equal(close(parents->fd), 0);
	equal(*own, 7);
}

static void owner_with_child(unsigned long n)
{
	int to = (int)n, status;
	struct sequence s;
	pid_t pid;

	sequence_until(&s, ROW_FENCE);
	parents = &s;
	pid = spawn(close_inherited, 0);
	equal(waitpid(pid, &status, WUNTRACED), pid);
	check(WIFSTOPPED(status));
	equal(write(to, &pid, sizeof(pid)), sizeof(pid));
}

/* P11, P48: the last close, in another process, unmaps nothing there. */
static void last_close_elsewhere(unsigned long n)
{
	int fds[2];
	pid_t pid;

	(void)n;
	equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	equal(pipe(fds), 0);
	reap_ok(spawn(owner_with_child, (unsigned long)fds[1]));
	equal(read(fds[0], &pid, sizeof(pid)), sizeof(pid));
	kill(pid, SIGCONT);
	reap_ok(pid);
}

/* Lock2 ----------------------------------------------------------------------------- */

#define NESTED	1000ul

/* P83, P101, P102: one message each way, whatever is nested between. */
static void nested_locks(unsigned long n)
{
	struct sequence s;
	unsigned long i;
	void *view;

	(void)n;
	sequence_until(&s, ROW_SIGNALLED);
	host("mark");
	for (i = 0; i < NESTED; i++) {
		equal(dxg_lock(s.fd, s.device, s.local.handle, &view), 0);
		if (!i)
			s.local_view = view;
		check(view == s.local_view);
	}
	equal(host_number("locks", "alive"), 1);
	for (i = 0; i < NESTED; i++)
		equal(dxg_unlock(s.fd, s.device, s.local.handle), 0);
	equal(dxg_unlock(s.fd, s.device, s.local.handle), -EINVAL);
	host("settle");
	equal(host_count("LOCK2"), 1);
	equal(host_count("UNLOCK2"), 1);
	equal(host_number("locks", "alive"), 0);
}

static void *lock_thread(void *arg)
{
	struct sequence *s = arg;
	unsigned int i;
	void *view;

	for (i = 0; i < 200; i++) {
		equal(dxg_lock(s->fd, s->device, s->local.handle, &view), 0);
		/* held by us, so nobody may take it away */
		check(!memcmp(view, s->user, 16));
		equal(dxg_unlock(s->fd, s->device, s->local.handle), 0);
	}
	return NULL;
}

/* P83: the pairs match in any interleaving. */
static void locking_threads(unsigned long n)
{
	struct sequence s;
	pthread_t threads[4];
	size_t i;

	(void)n;
	sequence_until(&s, ROW_SIGNALLED);
	host("mark");
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		equal(pthread_create(&threads[i], NULL, lock_thread, &s), 0);
	for (i = 0; i < ARRAY_SIZE(threads); i++)
		equal(pthread_join(threads[i], NULL), 0);
	host("settle");
	check(host_count("LOCK2") >= 1);
	equal(host_count("LOCK2"), host_count("UNLOCK2"));
	equal(host_number("locks", "alive"), 0);
	equal(dxg_unlock(s.fd, s.device, s.local.handle), -EINVAL);
}

static void destroy_locked(unsigned long n)
{
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_LOCKED);
	equal(dxg_destroy_resource(s.fd, s.device, s.local.resource), 0);
	check(access_signal(s.local_view, false));
	host("settle");
	equal(host_number("locks", "alive"), 0);
}

/* A view of another device's allocation would be of another adapter's memory. */
static void lock_through_other_device(unsigned long n)
{
	struct sequence s;
	__u32 device;
	void *view;

	(void)n;
	sequence_until(&s, ROW_LOCAL);
	equal(dxg_create_device(s.fd, s.adapter, &device), 0);
	equal(dxg_lock(s.fd, device, s.local.handle, &view), -EINVAL);
	equal(dxg_lock(s.fd, s.device, s.local.handle, &view), 0);
	equal(dxg_unlock(s.fd, device, s.local.handle), -EINVAL);
	equal(access_signal(view, true), 0);
	equal(dxg_unlock(s.fd, s.device, s.local.handle), 0);
}

/* P10, P25, P74: what one process had is another's later; no stale view reads it. */
static void reused_pages(unsigned long n)
{
	struct sequence s;
	struct dxg_fence fence;
	pid_t pid;

	(void)n;
	sequence_until(&s, ROW_FENCE);
	pid = start_watcher(s.fence.value);
	equal(dxg_destroy_sync_object(s.fd, s.fence.sync_object), 0);
	equal(dxg_create_monitored_fence(s.fd, s.device, 99, 0, &fence), 0);
	equal(dxg_fence_value(fence.value), 99);
	kill(pid, SIGCONT);
	reap_ok(pid);
}

/* Pages of the guest larger than the host's -------------------------------------- */

static bool large_pages(void)
{
	return guest_page() > PAGE;
}

/* @refused: the host puts this fence into a page of the guest that is taken. */
static void fence_elsewhere(unsigned long refused)
{
	struct sequence s;
	struct dxg_fence fence;

	sequence_until(&s, ROW_DEVICE);
	equal(dxg_create_monitored_fence(s.fd, s.device, 3, 0, &fence),
	      refused && large_pages() ? -ENOMEM : 0);
}

/*
 * P12: of fences that lie in one page of the guest each has its own address, and
 * no other process sees them.
 */
static void packed_fences(unsigned long n)
{
	struct dxg_fence first, second;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_create_monitored_fence(s.fd, s.device, 7, 0, &first), 0);
	equal(dxg_create_monitored_fence(s.fd, s.device, 8, 0, &second), 0);
	equal(dxg_fence_value(first.value), 7);
	equal(dxg_fence_value(second.value), 8);
	if (large_pages())
		check(dxg_ptr(second.value) % guest_page());
	reap_ok(spawn(fence_elsewhere, 1));
	equal(dxg_destroy_sync_object(s.fd, first.sync_object), 0);
	equal(dxg_fence_value(second.value), 8);
	equal(dxg_destroy_sync_object(s.fd, second.sync_object), 0);
	reap_ok(spawn(fence_elsewhere, 0));
}

static int packed_fd;

/* @refused: something of another process lies next to the shared fence. */
static void open_packed(unsigned long refused)
{
	struct dxg_fence opened;
	struct sequence s;

	refused = refused && large_pages();
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_open_sync_object(s.fd, s.device, packed_fd, 0, &opened),
	      refused ? -ENOMEM : 0);
	if (!refused)
		equal(dxg_signal(s.fd, s.device, opened.sync_object,
				 dxg_fence_value(opened.value) + 1), 0);
}

/* P12: who shares a fence with others shows them nothing else. */
static void packed_shared_fence(unsigned long n)
{
	struct dxg_fence shared, own;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	equal(dxg_create_monitored_fence(s.fd, s.device, 7, DXG_SYNC_SHAREABLE,
					 &shared), 0);
	equal(dxg_share(s.fd, shared.sync_object, &packed_fd), 0);
	equal(dxg_create_monitored_fence(s.fd, s.device, 8, 0, &own), 0);
	reap_ok(spawn(open_packed, 1));
	equal(dxg_destroy_sync_object(s.fd, own.sync_object), 0);
	reap_ok(spawn(open_packed, 0));
	equal(dxg_fence_value(shared.value), large_pages() ? 8 : 9);
}

#define MAX_MAPPINGS	"/proc/sys/vm/max_map_count"
#define MAPPINGS	4000ul

static void set_max_mappings(unsigned long count)
{
	FILE *f = fopen(MAX_MAPPINGS, "w");

	check(f && fprintf(f, "%lu", count) > 0 && !fclose(f));
}

static unsigned long max_mappings(void)
{
	FILE *f = fopen(MAX_MAPPINGS, "r");
	unsigned long count;

	check(f && fscanf(f, "%lu", &count) == 1);
	fclose(f);
	return count;
}

/* P9: as many mappings as a process may have; not as many as usual, for speed. */
static void no_more_mappings(unsigned long n)
{
	const unsigned long usual = max_mappings();
	unsigned char *memory;
	struct dxg_fence fence;
	struct sequence s;
	unsigned long i;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	set_max_mappings(MAPPINGS);
	/* each hole makes one mapping more, until the kernel refuses */
	memory = mmap(NULL, 2 * MAPPINGS * guest_page(), PROT_NONE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	check(memory != MAP_FAILED);
	for (i = 1; i < 2 * MAPPINGS; i += 2) {
		if (mprotect(memory + i * guest_page(), PAGE, PROT_READ))
			break;
	}
	equal(errno, ENOMEM);
	/* the last few */
	while (mmap(NULL, PAGE, i++ % 2 ? PROT_READ : PROT_NONE, MAP_SHARED |
		    MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
		;
	equal(dxg_create_monitored_fence(s.fd, s.device, 0, 0, &fence),
	      -ENOMEM);
	host("wait DESTROYSYNCOBJECT");
	equal(host_number("sync_objects", "alive"), 0);
	set_max_mappings(usual);
	equal(munmap(memory, 2 * MAPPINGS * guest_page()), 0);
	equal(dxg_create_monitored_fence(s.fd, s.device, 0, 0, &fence), 0);
}

static const struct test tests[] = {
	{ "fences of queues are read-only and stay so", queue_fences_read_only,
	  0, NULL, false },
	{ "monitored fences are writable", monitored_fence_writable, 0, NULL,
	  false },
	{ "a fence mapping cannot grow", cannot_grow, 0, NULL, false },
	{ "debuggers and core dumps leave fences out", not_for_debuggers, 0,
	  NULL, false },
	{ "the end of the adapter takes the pages of all mappings",
	  adapter_gone, 0, NULL, true },
	{ "with as many mappings as allowed a create fails cleanly",
	  no_more_mappings, 0, NULL, false },
	{ "the sequence works after mlockall(MCL_FUTURE)", locked_process, 0,
	  NULL, false },
	{ "without room for the mapping a create fails and leaves nothing",
	  no_address_space, 0, NULL, false },
	{ "a forked child loses a fence with the parent", child_loses_fence, 0,
	  NULL, false },
	{ "a forked child loses the queues' fences with the device",
	  child_loses_queue_fences, 0, NULL, false },
	{ "a forked child loses a Lock2 view with the last unlock",
	  child_loses_view, 0, NULL, false },
	{ "a moved fence mapping is revoked", moved_fence, 0, NULL, false },
	{ "a foreign mapping in place of ours stays", foreign_mapping_stays, 0,
	  NULL, false },
	{ "the last close in another process unmaps nothing there",
	  last_close_elsewhere, 0, NULL, false },
	{ "nested Lock2 costs one message each way", nested_locks, 0, NULL,
	  false },
	{ "Lock2 and Unlock2 pair up in four threads", locking_threads, 0,
	  NULL, false },
	{ "a locked resource can be destroyed", destroy_locked, 0, NULL,
	  false },
	{ "Lock2 through another device is refused", lock_through_other_device,
	  0, NULL, false },
	{ "a stale view does not show the next owner's page", reused_pages, 0,
	  NULL, false },
	{ "fences in one page of the guest belong to one process", packed_fences,
	  0, "--pack-views", true },
	{ "a shared fence in one page of the guest shows no other one",
	  packed_shared_fence, 0, "--pack-views", true },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
