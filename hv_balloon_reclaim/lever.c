// SPDX-License-Identifier: GPL-2.0
/*
 * Reclaim on request: the root's memory.reclaim of cgroup v2, reached through a
 * mount that no process can see.  The file is a stable interface; its normal LRU
 * reclaim keeps the hot set, and what it takes too much shows up as refaults.
 * Without it the nodes' files of the same kind in sysfs, where the kernel has them.
 * Compaction (vm.compact_memory), pressure (PSI) and a look for another reclaimer
 * go through private mounts in the same way.
 *
 * Decides nothing: reclaim.c does.
 *
 * No locks: one thread, the reclaim thread, uses all of it.  It makes the mounts
 * itself, because their roots are the namespaces of whoever makes them.
 */
#include <linux/cgroup.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/vmstat.h>

#include "compat.h"
#include "lever.h"
#include "private_fs.h"
#include "sample.h"

enum mount_of { MOUNT_CGROUP, MOUNT_PROC, MOUNT_SYSFS, MOUNTS };

static const char *const fs_names[MOUNTS] = { "cgroup2", "proc", "sysfs" };

/**
 * enum lever_kind - the files that can be written
 * @LEVER_NONE: none
 * @LEVER_CGROUP: memory.reclaim of the root
 * @LEVER_NODES: reclaim of each node
 */
enum lever_kind { LEVER_NONE, LEVER_CGROUP, LEVER_NODES };

/**
 * struct hvb_lever - what is mounted
 * @mounts: NULL where the file system is not there
 * @kind: what can be written
 * @spares_anon: it understands "swappiness=0"
 */
static struct hvb_lever {
	struct vfsmount *mounts[MOUNTS];
	enum lever_kind kind;
	bool spares_anon;
} hvb_lever;

/*
 * With cgroup v1 in charge of memory, the file would not be there, and mounting
 * v2 would change what processes see in /proc/PID/cgroup for nothing.
 */
static bool memory_is_v2(void)
{
#ifdef CONFIG_MEMCG
	return cgrp_dfl_root.subsys_mask & BIT(memory_cgrp_id);
#else
	return false;
#endif
}

static int write_bytes(enum mount_of which, const char *path, u64 bytes,
		       bool spare_anon)
{
	char text[48];

	snprintf(text, sizeof(text), spare_anon ? "%llu swappiness=0" : "%llu",
		 bytes);
	return hvb_fs_write(hvb_lever.mounts[which], path, text);
}

/* Page cache of a node, in pages; node_page_state() is not for modules. */
static u64 node_file(struct pglist_data *node)
{
	return max(atomic_long_read(&node->vm_stat[NR_ACTIVE_FILE]), 0l) +
	       max(atomic_long_read(&node->vm_stat[NR_INACTIVE_FILE]), 0l);
}

/* Each node gives its share.  Return: the last error of any. */
static int write_nodes(u64 bytes, bool spare_anon)
{
	unsigned long all = max(hvb_sample_file(), 1ul);
	int nid, err, ret = 0;
	char path[48];
	u64 share;

	for_each_online_node(nid) {
		share = div64_u64((bytes >> PAGE_SHIFT) *
				  node_file(NODE_DATA(nid)), all);
		snprintf(path, sizeof(path), "devices/system/node/node%d/reclaim",
			 nid);
		err = write_bytes(MOUNT_SYSFS, path, share << PAGE_SHIFT,
				  spare_anon);
		if (err)
			ret = err;
	}
	return ret;
}

static int write_reclaim(enum lever_kind kind, u64 bytes, bool spare_anon)
{
	switch (kind) {
	case LEVER_CGROUP:
		return write_bytes(MOUNT_CGROUP, "memory.reclaim", bytes,
				   spare_anon);
	case LEVER_NODES:
		return write_nodes(bytes, spare_anon);
	default:
		return -ENODEV;
	}
}

/**
 * hvb_lever_prepare - look for the lever
 *
 * May be called again when it was lost.
 *
 * Return: 0, or -ENODEV if this kernel has none now.
 */
int hvb_lever_prepare(void)
{
	struct hvb_lever *lever = &hvb_lever;
	enum lever_kind kind;
	int i;

	for (i = 0; i < MOUNTS; i++) {
		if (i == MOUNT_CGROUP && !memory_is_v2())
			continue;
		if (!lever->mounts[i])
			lever->mounts[i] = hvb_fs_mount(fs_names[i]);
	}
	/* asking for nothing does nothing, but the words are checked */
	for (kind = LEVER_CGROUP; kind <= LEVER_NODES; kind++) {
		if (write_reclaim(kind, 0, false))
			continue;
		lever->spares_anon = write_reclaim(kind, 0, true) == 0;
		WRITE_ONCE(lever->kind, kind);
		return 0;
	}
	lever->spares_anon = false;
	return -ENODEV;
}

/** hvb_lever_release - undo hvb_lever_prepare() */
void hvb_lever_release(void)
{
	struct hvb_lever *lever = &hvb_lever;
	int i;

	WRITE_ONCE(lever->kind, LEVER_NONE);
	for (i = MOUNTS - 1; i >= 0; i--) {
		hvb_fs_unmount(lever->mounts[i]);
		lever->mounts[i] = NULL;
	}
}

/** hvb_lever_there - can we reclaim */
bool hvb_lever_there(void)
{
	return READ_ONCE(hvb_lever.kind) != LEVER_NONE;
}

/** hvb_lever_name - for people */
const char *hvb_lever_name(void)
{
	static const char *const names[] = {
		[LEVER_NONE] = "none",
		[LEVER_CGROUP] = "memory.reclaim",
		[LEVER_NODES] = "node/reclaim",
	};

	return names[READ_ONCE(hvb_lever.kind)];
}

/** hvb_lever_spares_anon - without touching anonymous memory, that is swap */
bool hvb_lever_spares_anon(void)
{
	return READ_ONCE(hvb_lever.spares_anon);
}

/**
 * hvb_lever_reclaim - reclaim once
 * @bytes: how much; takes as long as it takes, so ask for little
 *
 * Return: 0, -EAGAIN when less (or more, on 6.1) was found, or an error with
 * which the lever is lost until hvb_lever_prepare() finds it again.
 */
int hvb_lever_reclaim(u64 bytes)
{
	int ret = write_reclaim(hvb_lever.kind, bytes, hvb_lever.spares_anon);

	if (ret && ret != -EAGAIN && ret != -EINTR && ret != -ERESTARTSYS)
		WRITE_ONCE(hvb_lever.kind, LEVER_NONE);
	return ret;
}

/**
 * hvb_lever_compact - make large free blocks, on all nodes
 *
 * Return: 0 or an error.
 */
int hvb_lever_compact(void)
{
	return hvb_fs_write(hvb_lever.mounts[MOUNT_PROC],
			    "sys/vm/compact_memory", "1");
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0" */
static void read_pressure(const char *path, u64 *total, unsigned int *avg60)
{
	unsigned int whole, hundredths;
	char text[128];
	char *found;

	if (hvb_fs_read(hvb_lever.mounts[MOUNT_CGROUP], path, text,
			sizeof(text)) <= 0)
		return;
	if (strchr(text, '\n'))
		*strchr(text, '\n') = '\0';
	found = strstr(text, "total=");
	if (found)
		sscanf(found, "total=%llu", total);
	found = strstr(text, "avg60=");
	if (avg60 && found &&
	    sscanf(found, "avg60=%u.%u", &whole, &hundredths) == 2)
		*avg60 = whole * 100 + hundredths;
}

/**
 * hvb_lever_pressure - how long processes waited for memory, input and output
 * @sample: psi_* are filled; unchanged where the kernel does not tell
 */
void hvb_lever_pressure(struct hvb_sample *sample)
{
	read_pressure("memory.pressure", &sample->psi_mem_us,
		      &sample->psi_mem_avg60);
	read_pressure("io.pressure", &sample->psi_io_us, NULL);
}

/** hvb_lever_rival - does DAMON_RECLAIM do the same work */
bool hvb_lever_rival(void)
{
	char text[4];

	return hvb_fs_read(hvb_lever.mounts[MOUNT_SYSFS],
			   "module/damon_reclaim/parameters/enabled",
			   text, sizeof(text)) > 0 && text[0] == 'Y';
}
