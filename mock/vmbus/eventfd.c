// SPDX-License-Identifier: GPL-2.0
/*
 * Signals between a host program and the guest: kick eventfds and KICK records
 * one way, irq eventfds the other way.
 *
 * The kick side is under device_file.lock, in any context. An irqfd hangs on the
 * wait queue of its eventfd, whose lock is held when it fires.
 */
#include <linux/eventfd.h>
#include <linux/file.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>

#include "compat.h"
#include "device.h"

/**
 * device_kick - the guest signalled: tell the program
 * @ch: channel
 *
 * Context: any.
 */
void device_kick(struct mock_channel *ch)
{
	struct device_file *df = mock_host_priv(ch->host);
	unsigned long flags;

	spin_lock_irqsave(&df->lock, flags);
	if (df->closed) {
		/* Nobody is left to hear it. */
	} else if (ch->kickfd) {
		compat_eventfd_signal(ch->kickfd);
	} else if (list_empty(&ch->kick_node)) {
		mock_channel_get(ch);
		list_add_tail(&ch->kick_node, &df->kicks);
		wake_up(&df->wait);
	}
	spin_unlock_irqrestore(&df->lock, flags);
}

static struct mock_channel *take_kick(struct device_file *df, u32 relid)
{
	struct mock_channel *ch, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&df->lock, flags);
	list_for_each_entry(ch, &df->kicks, kick_node) {
		if (!relid || ch->relid == relid) {
			list_del_init(&ch->kick_node);
			found = ch;
			break;
		}
	}
	spin_unlock_irqrestore(&df->lock, flags);
	return found;
}

/**
 * device_kick_forget - drop pending KICK records
 * @df: file
 * @relid: channel, 0 = all
 *
 * Context: process.
 */
void device_kick_forget(struct device_file *df, u32 relid)
{
	struct mock_channel *ch;

	while ((ch = take_kick(df, relid)))
		mock_channel_put(ch);
}

/* -1 detaches: NULL. */
static struct eventfd_ctx *get_eventfd(int fd)
{
	return fd == -1 ? NULL : eventfd_ctx_fdget(fd);
}

/**
 * device_set_kickfd - let the guest's signals go to an eventfd
 * @df: file
 * @ch: channel
 * @fd: eventfd, -1 = back to KICK records
 *
 * Return: 0, -EBADF, -EINVAL. Context: process.
 */
int device_set_kickfd(struct device_file *df, struct mock_channel *ch, int fd)
{
	struct eventfd_ctx *ctx = get_eventfd(fd);
	struct eventfd_ctx *old;
	struct mock_channel *pending = NULL;
	unsigned long flags;

	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	spin_lock_irqsave(&df->lock, flags);
	old = ch->kickfd;
	ch->kickfd = ctx;
	if (ctx && !list_empty(&ch->kick_node)) {
		list_del_init(&ch->kick_node);
		pending = ch;
		compat_eventfd_signal(ctx);
	}
	spin_unlock_irqrestore(&df->lock, flags);
	if (old)
		eventfd_ctx_put(old);
	if (pending)
		mock_channel_put(pending);
	return 0;
}

/**
 * struct irqfd - an eventfd that raises the guest's interrupt
 * @ch: channel; outlives this
 * @ctx: eventfd
 * @wait: on its wait queue
 * @table: puts @wait there
 */
struct irqfd {
	struct mock_channel *ch;
	struct eventfd_ctx *ctx;
	wait_queue_entry_t wait;
	poll_table table;
};

static int irqfd_wake(wait_queue_entry_t *wait, unsigned int mode, int sync,
		      void *key)
{
	struct irqfd *irqfd = container_of(wait, struct irqfd, wait);
	u64 count;

	if (key_to_poll(key) & EPOLLIN) {
		eventfd_ctx_do_read(irqfd->ctx, &count);
		mock_host_irq(irqfd->ch);
	}
	return 0;
}

static void irqfd_queue(struct file *file, wait_queue_head_t *head,
			poll_table *table)
{
	struct irqfd *irqfd = container_of(table, struct irqfd, table);

	add_wait_queue(head, &irqfd->wait);
}

static void irqfd_free(struct irqfd *irqfd)
{
	u64 count;

	if (!irqfd)
		return;
	eventfd_ctx_remove_wait_queue(irqfd->ctx, &irqfd->wait, &count);
	eventfd_ctx_put(irqfd->ctx);
	kfree(irqfd);
}

static struct irqfd *irqfd_create(struct mock_channel *ch, int fd)
{
	struct eventfd_ctx *ctx;
	struct irqfd *irqfd;
	struct file *file;

	file = fget(fd);
	if (!file)
		return ERR_PTR(-EBADF);
	ctx = eventfd_ctx_fileget(file);
	if (IS_ERR(ctx)) {
		fput(file);
		return ERR_CAST(ctx);
	}
	irqfd = kzalloc(sizeof(*irqfd), GFP_KERNEL);
	if (!irqfd) {
		eventfd_ctx_put(ctx);
		fput(file);
		return ERR_PTR(-ENOMEM);
	}
	irqfd->ch = ch;
	irqfd->ctx = ctx;
	init_waitqueue_func_entry(&irqfd->wait, irqfd_wake);
	init_poll_funcptr(&irqfd->table, irqfd_queue);
	/* Something may have been written before. */
	if (vfs_poll(file, &irqfd->table) & EPOLLIN)
		mock_host_irq(ch);
	fput(file);
	return irqfd;
}

/**
 * device_set_irqfd - let an eventfd raise the guest's interrupt
 * @ch: channel
 * @fd: eventfd, -1 = detach
 *
 * Return: 0, -EBADF, -EINVAL, -ENOMEM, -ENOENT (released). Context: process.
 */
int device_set_irqfd(struct mock_channel *ch, int fd)
{
	struct irqfd *irqfd = NULL;
	struct irqfd *old;

	if (fd != -1) {
		irqfd = irqfd_create(ch, fd);
		if (IS_ERR(irqfd))
			return PTR_ERR(irqfd);
	}
	mutex_lock(&ch->host->lock);
	if (ch->guest) {
		old = ch->irqfd;
		ch->irqfd = irqfd;
		irqfd = old;
		old = NULL;
	} else {
		old = ERR_PTR(-ENOENT);
	}
	mutex_unlock(&ch->host->lock);
	irqfd_free(irqfd);
	return PTR_ERR_OR_ZERO(old);
}

/**
 * mock_eventfd_release - no interrupts by eventfd any more
 * @ch: channel whose guest pointer was cleared
 *
 * Context: process.
 */
void mock_eventfd_release(struct mock_channel *ch)
{
	struct irqfd *irqfd;

	mutex_lock(&ch->host->lock);
	irqfd = ch->irqfd;
	ch->irqfd = NULL;
	mutex_unlock(&ch->host->lock);
	irqfd_free(irqfd);
}

/**
 * mock_eventfd_free - let go of the kick eventfd
 * @ch: channel being freed
 */
void mock_eventfd_free(struct mock_channel *ch)
{
	if (ch->kickfd)
		eventfd_ctx_put(ch->kickfd);
}
