// SPDX-License-Identifier: GPL-2.0
/*
 * Loading a module with one of all the allocations that its init function makes
 * failing. A load that fails is undone as a whole; one that succeeds, perhaps with
 * a GPU that did not start, is undone by unloading; and the next one finds
 * everything as it was.
 *
 * What the kernel's module loader allocates first is left alone: it warns of some
 * failures, and none of them is ours to undo.
 */
#include "sequence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "faults.h"
#include "harness.h"

#define TRACING		"/sys/kernel/tracing/"
/* One test of many takes every 16th fault, so that a run may leave out most. */
#define STRIDE		16u
/* More than a load can have. */
#define FAULTS_MAX	10000u

/**
 * struct module - what is loaded
 * @name: of the module
 * @options: for its parameters
 * @there: a file that is there while it is loaded
 */
struct module {
	const char *name;
	const char *options;
	const char *there;
};

static const struct module dxgkrnl = {
	.name = "dxgkrnl",
	.options = "",
	.there = DXG_NODE,
};

/* All its rooms, none of them at work. */
static const struct module balloon = {
	.name = "hv_balloon_reclaim",
	.options = "dm=1 report=off reclaim=off",
	.there = "/sys/kernel/hv_balloon_reclaim/state",
};

static const struct module *module;

static bool is_loaded(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/sys/module/%s", module->name);
	return !access(path, F_OK);
}

static bool unloads(unsigned long n)
{
	(void)n;
	return !syscall(SYS_delete_module, module->name, O_NONBLOCK);
}

/* What still starts or stops a GPU may need the module a moment longer. */
static void unload(void)
{
	wait_for(unloads, 0, "the module can be unloaded");
}

/* Opened before anything fails: only the load is to be tried. */
static int open_module(void)
{
	struct utsname kernel;
	char path[256];
	int fd;

	equal(uname(&kernel), 0);
	snprintf(path, sizeof(path), "/lib/modules/%s/updates/dkms/%s.ko",
		 kernel.release, module->name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	check(fd >= 0);
	return fd;
}

static int load(int file)
{
	return syscall(SYS_finit_module, file, module->options, 0) ? -errno : 0;
}

static void trace_set(const char *file, const char *text)
{
	ssize_t length = (ssize_t)strlen(text);
	char path[64];
	int fd;

	snprintf(path, sizeof(path), TRACING "%s", file);
	fd = open(path, O_WRONLY | O_TRUNC);
	if (fd < 0 || write(fd, text, length) != length)
		fail("%s: %s", path, strerror(errno));
	close(fd);
}

/* Of this process, before the init function. */
static unsigned int faults_in_trace(void)
{
	unsigned int count = 0;
	bool started = false;
	char line[512], task[16];
	FILE *f = fopen(TRACING "trace", "r");

	check(f);
	snprintf(task, sizeof(task), "-%d ", getpid());
	while (!started && fgets(line, sizeof(line), f)) {
		if (!strstr(line, task))
			continue;
		count += !!strstr(line, ": fault:");
		started = !!strstr(line, ": start:");
	}
	fclose(f);
	check(started);
	return count;
}

/* How many allocations and copies the loader makes before the driver's first. */
static unsigned int loader_faults(int file)
{
	unsigned int count;

	mount("none", TRACING, "tracefs", 0, NULL);
	trace_set("kprobe_events",
		  "p:e2e/fault should_fail_ex\np:e2e/start do_one_initcall\n");
	trace_set("trace", "\n");
	trace_set("events/e2e/enable", "1");
	equal(load(file), 0);
	trace_set("events/e2e/enable", "0");
	count = faults_in_trace();
	trace_set("kprobe_events", "\n");
	unload();
	return count;
}

/* One fault; false: the load has fewer. */
static bool one_fault(int file, unsigned int nth)
{
	bool hit;
	int ret;

	faults_arm(nth);
	ret = load(file);
	hit = !faults_disarm();
	if (!ret) {
		/* the kernel's part of it may fail in silence */
		check(hit || !access(module->there, F_OK));
		unload();
	} else if (!hit || (ret != -ENOMEM && ret != -EINVAL)) {
		/* the driver core has EINVAL for some of them */
		fail("fault %u: %d", nth, ret);
	}
	check(!is_loaded());
	check(access(module->there, F_OK));
	return hit;
}

/* PL-03 */
static void each_fault_of(const struct module *tried, unsigned long first)
{
	unsigned int loader, nth;
	int file;

	module = tried;
	file = open_module();
	check(faults_set_up());
	if (is_loaded())
		unload();
	loader = loader_faults(file);
	faults_announce(true);
	for (nth = first; one_fault(file, loader + nth); nth += STRIDE)
		check(nth < FAULTS_MAX);
	faults_announce(false);
	/* the module has more than one of every slice */
	check(nth > STRIDE);
	printf("# %s: fewer than %u faults after %u of the loader\n",
	       module->name, nth, loader);
	equal(load(file), 0);
	close(file);
}

static void each_fault(unsigned long first)
{
	each_fault_of(&balloon, first);
	unload();
	each_fault_of(&dxgkrnl, first);
	host("settle");
	sequence_all(0);
}

int main(int argc, char **argv)
{
	(void)argc;
	return faults_run_slices("load", STRIDE, each_fault, argv);
}
