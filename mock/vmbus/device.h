/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by the rooms of the char device: device.c (file, records), device_io.c
 * (ioctls), device_map.c (mmap), eventfd.c (kick and irq eventfds).
 */
#ifndef MOCK_VMBUS_DEVICE_H
#define MOCK_VMBUS_DEVICE_H

#include <linux/fs.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

#include "internal.h"

/**
 * struct device_event - a record that waits for read()
 * @node: on device_file.events
 * @rec: as read
 */
struct device_event {
	struct list_head node;
	struct mock_vmbus_record rec;
};

/**
 * struct device_file - an open /dev/mock_vmbus; lives as long as its host
 * @host: instance
 * @read_lock: one reader at a time
 * @lock: protects what follows and mock_channel.kickfd; taken in any context
 * @events: struct device_event.node, oldest first
 * @kicks: mock_channel.kick_node; each holds a reference of its channel
 * @closed: nobody will read any more
 * @broken: poll() says POLLERR
 * @broken_event: kept ready, because the reason may be lack of memory
 * @wait: readers
 */
struct device_file {
	struct mock_host *host;
	struct mutex read_lock;		/* readers */
	spinlock_t lock;		/* all below */
	struct list_head events;
	struct list_head kicks;
	bool closed;
	bool broken;
	struct device_event *broken_event;
	wait_queue_head_t wait;
};

/* device_io.c */
long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg);

/* device_map.c */
int device_mmap(struct file *file, struct vm_area_struct *vma);

/* eventfd.c */
void device_kick(struct mock_channel *ch);
void device_kick_forget(struct device_file *df, u32 relid);
int device_set_kickfd(struct device_file *df, struct mock_channel *ch, int fd);
int device_set_irqfd(struct mock_channel *ch, int fd);

#endif /* MOCK_VMBUS_DEVICE_H */
