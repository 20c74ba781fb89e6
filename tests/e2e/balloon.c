// SPDX-License-Identifier: GPL-2.0
/*
 * The balloon's module, device and memory, as the tests see them. See balloon.h.
 */
#include "balloon.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness.h"

const char * const balloon_splits[BALLOON_SPLITS] = {
	"same", "merged", "odd", "single", "shuffled", "single 1",
	"shuffled 3", "odd 509", "merged 1",
};

/* The guest's memory, in pages, when the test began. */
unsigned long balloon_total;

#define DRIVERS	"/sys/bus/vmbus/drivers/"

/**
 * balloon_load() - load the module as driver of the dynamic-memory device
 * @parameters: more module parameters
 *
 * Its other functions are off. The device is probed in the background.
 */
void balloon_load(const char *parameters)
{
	char command[256];

	snprintf(command, sizeof(command),
		 "modprobe hv_balloon_reclaim dm=1 report=off reclaim=off %s",
		 parameters);
	equal(system(command), 0);
	host("settle");
}

/**
 * balloon_connect() - load the module and wait until it and the host agree
 * @parameters: more module parameters
 */
void balloon_connect(const char *parameters)
{
	balloon_load(parameters);
	host("dm wait-running");
}

/**
 * balloon_try_unload() - unload the module if it can be
 *
 * Return: 0 if it is gone.
 */
int balloon_try_unload(void)
{
	return system("rmmod hv_balloon_reclaim 2>/dev/null");
}

/**
 * balloon_unload() - unload the module, which nothing must keep
 */
void balloon_unload(void)
{
	equal(balloon_try_unload(), 0);
}

/**
 * balloon_is_bound() - has the device a driver?
 *
 * Return: whether it has.
 */
bool balloon_is_bound(void)
{
	return !access("/sys/bus/vmbus/devices/" BALLOON_DEVICE "/driver", F_OK);
}

/**
 * balloon_bind() - bind the device to a driver, or unbind it
 * @driver: its name
 * @bind: or unbind
 *
 * Return: 0 or -errno, for bind that of the driver's probe.
 */
int balloon_bind(const char *driver, bool bind)
{
	char path[128];
	int fd, err = 0;

	snprintf(path, sizeof(path), DRIVERS "%s/%s", driver,
		 bind ? "bind" : "unbind");
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -errno;
	if (write(fd, BALLOON_DEVICE, strlen(BALLOON_DEVICE)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/**
 * meminfo() - a number of the guest's memory
 * @name: as in /proc/meminfo, with colon
 *
 * Return: pages of 4 KiB.
 */
unsigned long meminfo(const char *name)
{
	FILE *f = fopen("/proc/meminfo", "r");
	char key[64], rest[64];
	unsigned long kib;

	while (f && fscanf(f, "%63s %lu%63[^\n]", key, &kib, rest) >= 2) {
		if (!strcmp(key, name)) {
			fclose(f);
			return kib / 4;
		}
	}
	fail("no %s in /proc/meminfo", name);
}

/**
 * balloon_out() - pages that the host has, as the host says
 *
 * Return: pages.
 */
unsigned long balloon_out(void)
{
	return host_number("pages", "dm numbers");
}

/**
 * balloon_given() - pages that the guest gave since the host had nothing to wait for
 *
 * Return: pages.
 */
unsigned long balloon_given(void)
{
	return host_number("given", "dm numbers");
}

/**
 * balloon_begin() - load the module, agree with the host, and count from here
 * @parameters: more module parameters
 */
void balloon_begin(const char *parameters)
{
	balloon_total = meminfo("MemTotal:");
	balloon_connect(parameters);
	host("dm mark");
}

/**
 * balloon_idle() - wait until no transaction is open; the guest made no mistake
 */
void balloon_idle(void)
{
	host("dm wait-idle 120");
	equal(host_number("violations", "dm numbers"), 0);
}

/**
 * balloon_up() - have the host take pages, and wait
 * @pages: how many at most
 */
void balloon_up(unsigned long pages)
{
	host("dm balloon %lu", pages);
	balloon_idle();
}

/**
 * balloon_down() - have the host give all pages back, and wait
 * @how: one of balloon_splits
 */
void balloon_down(const char *how)
{
	host("dm unballoon all %s", how);
	balloon_idle();
}

/**
 * balloon_end() - everything is back where it belongs, and the module goes
 */
void balloon_end(void)
{
	balloon_idle();
	equal(balloon_out(), 0);
	equal(meminfo("MemTotal:"), balloon_total);
	balloon_unload();
	equal(host_number("gpadls", "stats dm"), 0);
}

/**
 * balloon_end_anyhow() - the same when the test made the host's account useless
 *
 * Whatever is out comes back.
 */
void balloon_end_anyhow(void)
{
	host("dm unballoon-range 0 0xffffff");
	host("dm wait-idle");
	host("dm forget");
	balloon_end();
}
