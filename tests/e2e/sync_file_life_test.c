// SPDX-License-Identifier: GPL-2.0
/*
 * Sync files: they end in any case, and before that outlive whatever they came
 * from: fence, device, process; the module stays as long as they do.
 */
#include "sync_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness.h"

#define MODULE		"/sys/module/dxgkrnl/"

/* P50, P52: whoever is last, files or signals. */
static void closed_before_signal(unsigned long n)
{
	struct dxg_fence fence;
	int files[16], both, i;
	struct sequence s;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	sync_file_fence(&s, 0, &fence);
	for (i = 0; i < 16; i++)
		files[i] = sync_file_new(&s, &fence, 1);
	both = sync_file_merge(files[0], files[1]);
	check(!sync_file_signalled(both));
	for (i = 0; i < 16; i++)
		equal(close(files[i]), 0);
	host("hold WAITFORSYNCOBJECTFROMCPU");
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 1), 0);
	sync_file_wait(both);
	equal(close(both), 0);
	host("clear");
}

static int pair[2];

/* Hands a sync file over, signals when told, and ends. */
static void producer(unsigned long n)
{
	struct dxg_fence fence;
	struct sequence s;
	char byte;

	sequence_until(&s, ROW_DEVICE);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE, &fence);
	send_fd(pair[0], sync_file_new(&s, &fence, n));
	equal(read(pair[0], &byte, 1), 1);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, n), 0);
	equal(read(pair[0], &byte, 1), 1);
}

/* The compositor's side: wait on the GPU, wait here, look at the value. */
static void other_process(unsigned long n)
{
	struct dxg_fence after, opened;
	struct sequence s;
	__u64 value = 0;
	pid_t pid;
	int file;

	(void)n;
	equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	pid = spawn(producer, 6);
	file = receive_fd(pair[1]);
	sequence_until(&s, ROW_QUEUE);
	sync_file_fence(&s, 0, &after);
	equal(dxg_create_context(s.fd, s.device, 0, 0, NULL, 0, &s.legacy), 0);
	equal(dxg_wait_sync_file(s.fd, s.legacy, file), 0);
	equal(dxg_signal_gpu(s.fd, s.legacy, after.sync_object, 1), 0);
	equal(dxg_open_sync_file(s.fd, s.device, file, &value, &opened), 0);
	equal(value, 6);
	check(!sync_file_signalled(file));
	equal(write(pair[1], "", 1), 1);
	sync_file_wait(file);
	equal(dxg_wait(s.fd, s.device, opened.sync_object, 6), 0);
	equal(dxg_wait(s.fd, s.device, after.sync_object, 1), 0);
	equal(write(pair[1], "", 1), 1);
	reap_ok(pid);
	equal(sync_file_status(file), 1);
	/* nothing but the two files of this process holds the fence now */
	equal(close(file), 0);
	equal(dxg_fence_value(opened.value), 6);
}

/* PI-94: ended early by its creator, the file still means its value. */
static void fence_destroyed(unsigned long n)
{
	struct dxg_fence fence, opened, after;
	struct sequence s;
	__u64 value = 0;
	int file;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE, &fence);
	sync_file_fence(&s, 0, &after);
	equal(dxg_create_context(s.fd, s.device, 0, 0, NULL, 0, &s.legacy), 0);
	file = sync_file_new(&s, &fence, 4);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 4), 0);
	sync_file_wait(file);
	equal(dxg_destroy_sync_object(s.fd, fence.sync_object), 0);
	host("mark");
	equal(dxg_wait_sync_file(s.fd, s.legacy, file), 0);
	equal(host_count("WAITFORSYNCOBJECTFROMGPU"), 1);
	equal(dxg_signal_gpu(s.fd, s.legacy, after.sync_object, 1), 0);
	equal(dxg_wait(s.fd, s.device, after.sync_object, 1), 0);
	equal(dxg_open_sync_file(s.fd, s.device, file, &value, &opened), 0);
	equal(value, 4);
	equal(close(file), 0);
	equal(dxg_fence_value(opened.value), 4);
}

/* P50: an end although nobody signals: the device goes. */
static void device_destroyed(unsigned long n)
{
	struct dxg_fence fence;
	struct sequence s;
	int file;

	sequence_until(&s, ROW_DEVICE);
	sync_file_fence(&s, n ? DXG_SYNC_SHAREABLE : 0, &fence);
	file = sync_file_new(&s, &fence, 1);
	equal(dxg_destroy_device(s.fd, s.device), 0);
	sync_file_wait(file);
	equal(dxg_close(s.fd), 0);
	check(sync_file_status(file));
}

/* P50, P90: the process goes without a word. */
static void creator_killed(unsigned long n)
{
	pid_t pid;
	int file;

	(void)n;
	equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	pid = spawn(producer, 1);
	file = receive_fd(pair[1]);
	check(!sync_file_signalled(file));
	kill_and_reap(pid);
	sync_file_wait(file);
	check(sync_file_status(file));
	equal(close(file), 0);
}

/* P44, P50: the adapter goes; the error is passed on, without messages. */
static void adapter_lost(unsigned long n)
{
	struct dxg_fence fence, opened;
	struct sequence s, again;
	__u64 value;
	int file;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE | DXG_SYNC_CROSS_ADAPTER, &fence);
	file = sync_file_new(&s, &fence, 1);
	host("rescind 0");
	host("settle");
	sync_file_wait(file);
	equal(sync_file_status(file), -ENODEV);
	equal(dxg_wait_sync_file(s.fd, s.context, file), -ENODEV);
	equal(dxg_open_sync_file(s.fd, s.device, file, &value, &opened),
	      -ENODEV);
	host("offer 0");
	host("settle");
	sequence_until(&again, ROW_QUEUE);
	host("mark");
	equal(dxg_wait_sync_file(again.fd, again.context, file), -ENODEV);
	equal(dxg_open_sync_file(again.fd, again.device, file, &value, &opened),
	      -ENODEV);
	equal(host_count("OPENSYNCOBJECT"), 0);
	equal(close(file), 0);
}

static long number_in(const char *path)
{
	FILE *f = fopen(path, "r");
	long number;

	check(f);
	equal(fscanf(f, "%ld", &number), 1);
	fclose(f);
	return number;
}

static void set_timeout(long seconds)
{
	FILE *f = fopen(MODULE "parameters/sync_file_timeout", "w");

	check(f);
	check(fprintf(f, "%ld", seconds) > 0);
	equal(fclose(f), 0);
}

/* P50: nor does it depend on anybody; but contexts wait for the value. */
static void timeout(unsigned long n)
{
	struct dxg_fence fence, after;
	struct sequence s;
	long before;
	int file;

	(void)n;
	sequence_until(&s, ROW_QUEUE);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE, &fence);
	sync_file_fence(&s, 0, &after);
	equal(dxg_create_context(s.fd, s.device, 0, 0, NULL, 0, &s.legacy), 0);
	before = number_in(MODULE "parameters/sync_file_timeout");
	set_timeout(1);
	file = sync_file_new(&s, &fence, 1);
	set_timeout(before);
	sync_file_wait(file);
	equal(sync_file_status(file), -ETIMEDOUT);
	equal(dxg_wait_sync_file(s.fd, s.legacy, file), 0);
	equal(dxg_signal_gpu(s.fd, s.legacy, after.sync_object, 1), 0);
	equal(dxg_signal(s.fd, s.device, fence.sync_object, 1), 0);
	equal(dxg_wait(s.fd, s.device, after.sync_object, 1), 0);
	equal(sync_file_status(file), -ETIMEDOUT);
}

/* P47: the module stays as long as a sync file does. */
static void pins_module(unsigned long n)
{
	struct dxg_fence fence;
	struct sequence s;
	int file;

	(void)n;
	sequence_until(&s, ROW_DEVICE);
	sync_file_fence(&s, DXG_SYNC_SHAREABLE, &fence);
	file = sync_file_new(&s, &fence, 1);
	equal(dxg_destroy_device(s.fd, s.device), 0);
	equal(dxg_close(s.fd), 0);
	check(number_in(MODULE "refcnt") > 0);
	equal(syscall(SYS_delete_module, "dxgkrnl", O_NONBLOCK), -1);
	equal(errno, EWOULDBLOCK);
	sync_file_wait(file);
	check(number_in(MODULE "refcnt") > 0);
	equal(close(file), 0);
}

static bool module_is_free(unsigned long n)
{
	return (unsigned long)number_in(MODULE "refcnt") == n;
}

/* P47: and not longer. */
static void lets_module_go(unsigned long n)
{
	(void)n;
	/* fences of the tests before may be on their way */
	wait_for(module_is_free, 0, "nobody uses the module");
	reap_ok(spawn(pins_module, 0));
	wait_for(module_is_free, 0, "the module is free");
}

static const struct test tests[] = {
	{ "closed before and after the signal (P50)", closed_before_signal, 0,
	  NULL, false },
	{ "used by another process", other_process, 0, NULL, false },
	{ "means its value after the fence is gone (PI-94)", fence_destroyed,
	  0, NULL, false },
	{ "ends with its device (P50)", device_destroyed, 0, NULL, false },
	{ "ends with its device, shared (P50)", device_destroyed, 1, NULL,
	  false },
	{ "ends with its creator (P50)", creator_killed, 0, NULL, false },
	{ "ends with its adapter (P44, P50)", adapter_lost, 0, NULL, false },
	{ "ends after a time (P50)", timeout, 0, NULL, false },
	{ "keeps the module (P47)", lets_module_go, 0, NULL, false },
};

int main(int argc, char **argv)
{
	(void)argc;
	return run_tests(tests, ARRAY_SIZE(tests), argv);
}
