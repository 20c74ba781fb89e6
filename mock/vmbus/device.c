// SPDX-License-Identifier: GPL-2.0
/*
 * /dev/mock_vmbus: the file, its records, and a user-space program as host.
 *
 * The file is a client of the same callbacks as an in-kernel host; each callback
 * becomes a record. Records are queued from any context and never dropped: when
 * one cannot be stored, the instance is broken.
 */
#include <linux/capability.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "device.h"

static_assert(sizeof(struct mock_vmbus_record) == 64);

static void queue_event(struct device_file *df, struct device_event *event)
{
	unsigned long flags;

	spin_lock_irqsave(&df->lock, flags);
	if (df->closed) {
		kfree(event);
	} else {
		list_add_tail(&event->node, &df->events);
		wake_up(&df->wait);
	}
	spin_unlock_irqrestore(&df->lock, flags);
}

/* Where it may sleep it does not fail: the guest's allocations are those that do. */
static void post(struct mock_host *host, const struct mock_vmbus_record *rec,
		 gfp_t gfp)
{
	struct device_event *event = kmalloc(sizeof(*event), gfp);

	if (!event) {
		mock_host_break(host, MOCK_VMBUS_BROKEN_NOMEM);
		return;
	}
	event->rec = *rec;
	queue_event(mock_host_priv(host), event);
}

static int on_open(struct mock_channel *ch, const struct mock_host_open *req,
		   u64 cookie)
{
	const struct mock_vmbus_record rec = {
		.type = MOCK_VMBUS_EV_OPEN,
		.relid = ch->relid,
		.cookie = cookie,
		.gpadl = req->gpadl,
		.size = req->send_size + req->recv_size,
		.arg = { req->send_size, req->target_cpu, req->user_len },
	};

	post(ch->host, &rec, GFP_KERNEL | __GFP_NOFAIL);
	return MOCK_HOST_PENDING;
}

static void on_close(struct mock_channel *ch, u64 cookie)
{
	const struct mock_vmbus_record rec = {
		.type = MOCK_VMBUS_EV_CLOSE,
		.relid = ch->relid,
		.cookie = cookie,
	};

	post(ch->host, &rec, GFP_KERNEL | __GFP_NOFAIL);
}

static int on_gpadl(struct mock_channel *ch, u32 handle, u32 size, bool ring,
		    u64 cookie)
{
	const struct mock_vmbus_record rec = {
		.type = MOCK_VMBUS_EV_GPADL,
		.relid = ch->relid,
		.cookie = cookie,
		.gpadl = handle,
		.size = size,
		.arg = { size >> HV_HYP_PAGE_SHIFT, ring },
	};

	post(ch->host, &rec, GFP_KERNEL | __GFP_NOFAIL);
	return MOCK_HOST_PENDING;
}

static int on_teardown(struct mock_channel *ch, u32 handle, u64 cookie)
{
	const struct mock_vmbus_record rec = {
		.type = MOCK_VMBUS_EV_TEARDOWN,
		.relid = ch->relid,
		.cookie = cookie,
		.gpadl = handle,
	};

	post(ch->host, &rec, GFP_KERNEL | __GFP_NOFAIL);
	return MOCK_HOST_PENDING;
}

static void on_released(struct mock_host *host, u32 relid)
{
	const struct mock_vmbus_record rec = {
		.type = MOCK_VMBUS_EV_RELID_RELEASED,
		.relid = relid,
	};

	device_kick_forget(mock_host_priv(host), relid);
	post(host, &rec, GFP_KERNEL | __GFP_NOFAIL);
}

static void post_driver(struct mock_channel *ch, u32 type, const char *driver,
			int status)
{
	struct mock_vmbus_record rec = {
		.type = type,
		.relid = ch->relid,
		.status = status,
	};

	strscpy_pad(rec.name, driver, sizeof(rec.name));
	post(ch->host, &rec, GFP_KERNEL | __GFP_NOFAIL);
}

static void on_probed(struct mock_channel *ch, const char *driver, int result)
{
	post_driver(ch, MOCK_VMBUS_EV_PROBE_DONE, driver, result);
}

static void on_removed(struct mock_channel *ch, const char *driver)
{
	post_driver(ch, MOCK_VMBUS_EV_REMOVED, driver, 0);
}

static void on_pci_write(struct mock_host *host, u32 fn, u32 offset, u32 width,
			 u32 value)
{
	const struct mock_vmbus_record rec = {
		.type = MOCK_VMBUS_EV_PCI_WRITE,
		.gpadl = fn,
		.arg = { offset, width, value },
	};

	post(host, &rec, GFP_ATOMIC);
}

static void on_pci_added(struct mock_host *host, u32 fn, u32 domain, int result)
{
	const struct mock_vmbus_record rec = {
		.type = MOCK_VMBUS_EV_PCI_ADDED,
		.gpadl = fn,
		.status = result,
		.arg = { domain },
	};

	post(host, &rec, GFP_KERNEL | __GFP_NOFAIL);
}

static void on_pci_removed(struct mock_host *host, u32 fn)
{
	const struct mock_vmbus_record rec = {
		.type = MOCK_VMBUS_EV_PCI_REMOVED,
		.gpadl = fn,
	};

	post(host, &rec, GFP_KERNEL | __GFP_NOFAIL);
}

static void on_mmio(struct mock_channel *ch, u64 start, u64 size, bool alloc)
{
	const struct mock_vmbus_record rec = {
		.type = alloc ? MOCK_VMBUS_EV_MMIO_ALLOC :
				MOCK_VMBUS_EV_MMIO_FREE,
		.relid = ch->relid,
		.arg = { start, size },
	};

	post(ch->host, &rec, GFP_KERNEL | __GFP_NOFAIL);
}

static void on_fault(struct mock_host *host, u32 relid, u32 site, u64 hits,
		     u64 left)
{
	const struct mock_vmbus_record rec = {
		.type = MOCK_VMBUS_EV_FAULT,
		.relid = relid,
		.gpadl = site,
		.arg = { hits, left },
	};

	post(host, &rec, GFP_ATOMIC);
}

static void on_broken(struct mock_host *host, u32 reason)
{
	struct device_file *df = mock_host_priv(host);
	struct device_event *event = xchg(&df->broken_event, NULL);

	WRITE_ONCE(df->broken, true);
	if (event) {
		event->rec.type = MOCK_VMBUS_EV_BROKEN;
		event->rec.arg[0] = reason;
		queue_event(df, event);
	}
}

static void drop_events(struct device_file *df)
{
	struct device_event *event, *next;

	list_for_each_entry_safe(event, next, &df->events, node) {
		list_del(&event->node);
		kfree(event);
	}
}

static void on_free(struct mock_host *host)
{
	struct device_file *df = mock_host_priv(host);

	drop_events(df);
	kfree(df->broken_event);
	kfree(df);
}

static const struct mock_host_ops device_ops = {
	.open = on_open,
	.close = on_close,
	.gpadl = on_gpadl,
	.teardown = on_teardown,
	.signal = device_kick,
	.released = on_released,
	.probed = on_probed,
	.removed = on_removed,
	.pci_write = on_pci_write,
	.pci_added = on_pci_added,
	.pci_removed = on_pci_removed,
	.mmio = on_mmio,
	.fault = on_fault,
	.broken = on_broken,
	.free = on_free,
};

/* Takes the oldest record. Caller holds read_lock, so only new ones can come. */
static bool take_record(struct device_file *df, struct mock_vmbus_record *rec,
			struct device_event **event, struct mock_channel **kick)
{
	unsigned long flags;

	*event = NULL;
	*kick = NULL;
	spin_lock_irqsave(&df->lock, flags);
	if (!list_empty(&df->events)) {
		*event = list_first_entry(&df->events, struct device_event,
					  node);
		list_del(&(*event)->node);
		*rec = (*event)->rec;
	} else if (!list_empty(&df->kicks)) {
		*kick = list_first_entry(&df->kicks, struct mock_channel,
					 kick_node);
		list_del_init(&(*kick)->kick_node);
		memset(rec, 0, sizeof(*rec));
		rec->type = MOCK_VMBUS_EV_KICK;
		rec->relid = (*kick)->relid;
	}
	spin_unlock_irqrestore(&df->lock, flags);
	return *event || *kick;
}

/* The program could not be given the record: nothing is lost. */
static void untake_record(struct device_file *df, struct device_event *event,
			  struct mock_channel *kick)
{
	unsigned long flags;

	if (kick) {
		device_kick(kick);
		return;
	}
	spin_lock_irqsave(&df->lock, flags);
	list_add(&event->node, &df->events);
	spin_unlock_irqrestore(&df->lock, flags);
}

/* Return: 1 = a record was copied, 0 = there is none, -EFAULT. */
static int read_record(struct device_file *df, char __user *buf)
{
	struct mock_vmbus_record rec;
	struct device_event *event;
	struct mock_channel *kick;
	int ret = 1;

	if (!take_record(df, &rec, &event, &kick))
		return 0;
	if (copy_to_user(buf, &rec, sizeof(rec))) {
		untake_record(df, event, kick);
		event = NULL;
		ret = -EFAULT;
	}
	kfree(event);
	if (kick)
		mock_channel_put(kick);
	return ret;
}

static bool readable(struct device_file *df)
{
	unsigned long flags;
	bool ret;

	spin_lock_irqsave(&df->lock, flags);
	ret = !list_empty(&df->events) || !list_empty(&df->kicks);
	spin_unlock_irqrestore(&df->lock, flags);
	return ret;
}

static ssize_t read_available(struct device_file *df, char __user *buf,
			      size_t count)
{
	ssize_t done = 0;
	int ret = 1;

	mutex_lock(&df->read_lock);
	while (ret > 0 && count - done >= sizeof(struct mock_vmbus_record)) {
		ret = read_record(df, buf + done);
		if (ret > 0)
			done += sizeof(struct mock_vmbus_record);
	}
	mutex_unlock(&df->read_lock);
	return done ? done : ret;
}

static ssize_t device_read(struct file *file, char __user *buf, size_t count,
			   loff_t *pos)
{
	struct device_file *df = file->private_data;
	ssize_t ret;

	if (count < sizeof(struct mock_vmbus_record))
		return -EINVAL;
	while (!(ret = read_available(df, buf, count))) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(df->wait, readable(df)))
			return -ERESTARTSYS;
	}
	return ret;
}

static __poll_t device_poll(struct file *file, poll_table *table)
{
	struct device_file *df = file->private_data;
	__poll_t ret = 0;

	poll_wait(file, &df->wait, table);
	if (readable(df))
		ret |= EPOLLIN | EPOLLRDNORM;
	if (READ_ONCE(df->broken))
		ret |= EPOLLERR;
	return ret;
}

static struct device_file *file_alloc(void)
{
	struct device_file *df = kzalloc(sizeof(*df), GFP_KERNEL);

	if (!df)
		return NULL;
	df->broken_event = kzalloc(sizeof(*df->broken_event), GFP_KERNEL);
	if (!df->broken_event) {
		kfree(df);
		return NULL;
	}
	mutex_init(&df->read_lock);
	spin_lock_init(&df->lock);
	INIT_LIST_HEAD(&df->events);
	INIT_LIST_HEAD(&df->kicks);
	init_waitqueue_head(&df->wait);
	return df;
}

static int device_open(struct inode *inode, struct file *file)
{
	struct device_file *df;
	struct mock_host *host;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	df = file_alloc();
	if (!df)
		return -ENOMEM;
	host = mock_host_create(&device_ops, df, 0);
	if (IS_ERR(host)) {
		kfree(df->broken_event);
		kfree(df);
		return PTR_ERR(host);
	}
	df->host = host;
	mock_host_set_mapping(host, file->f_mapping);
	file->private_data = df;
	return nonseekable_open(inode, file);
}

/* All mappings are gone: each holds the file. */
static int device_release(struct inode *inode, struct file *file)
{
	struct device_file *df = file->private_data;
	unsigned long flags;

	spin_lock_irqsave(&df->lock, flags);
	df->closed = true;
	spin_unlock_irqrestore(&df->lock, flags);
	device_kick_forget(df, 0);
	mock_host_set_mapping(df->host, NULL);
	mock_host_orphan(df->host);
	return 0;
}

static const struct file_operations device_fops = {
	.owner = THIS_MODULE,
	.open = device_open,
	.release = device_release,
	.read = device_read,
	.poll = device_poll,
	.mmap = device_mmap,
	.unlocked_ioctl = device_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice device_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "mock_vmbus",
	.fops = &device_fops,
	.mode = 0600,
};

/**
 * mock_device_init - create /dev/mock_vmbus
 *
 * Return: 0 or an error of misc_register(). Context: module init.
 */
int mock_device_init(void)
{
	return misc_register(&device_misc);
}

/**
 * mock_device_exit - remove /dev/mock_vmbus
 *
 * Context: module exit; no file is open.
 */
void mock_device_exit(void)
{
	misc_deregister(&device_misc);
}
