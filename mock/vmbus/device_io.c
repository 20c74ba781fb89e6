// SPDX-License-Identifier: GPL-2.0
/*
 * ioctls of /dev/mock_vmbus. One table; each handler gets a kernel copy of its
 * argument. User memory is never touched with a lock of the bus held: data goes
 * through a bounce buffer in chunks.
 */
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "device.h"

#define CHUNK_PAGES	16
#define CHUNK		(CHUNK_PAGES * HV_HYP_PAGE_SIZE)

/* The argument of any ioctl; relid is that of MOCK_VMBUS_IRQ. */
union ioctl_arg {
	u32 relid;
	struct mock_vmbus_info info;
	struct mock_vmbus_offer offer;
	struct mock_vmbus_rescind rescind;
	struct mock_vmbus_reply reply;
	struct mock_vmbus_eventfd eventfd;
	struct mock_vmbus_gpadl_info gpadl;
	struct mock_vmbus_mem_rw mem;
	struct mock_vmbus_ring_io ring;
	struct mock_vmbus_open_data open;
	struct mock_vmbus_pci_add pci_add;
	struct mock_vmbus_pci_set pci_set;
	struct mock_vmbus_pci_del pci_del;
	struct mock_vmbus_fault fault;
	struct mock_vmbus_stats stats;
	struct mock_vmbus_settle settle;
};

static long do_info(struct device_file *df, union ioctl_arg *arg)
{
	struct mock_vmbus_info *info = &arg->info;

	info->version = MOCK_VMBUS_VERSION;
	info->features = MOCK_VMBUS_FEATURE_IRQFD | MOCK_VMBUS_FEATURE_PCI |
			 MOCK_VMBUS_FEATURE_FAULT | MOCK_VMBUS_FEATURE_RING_IO;
	info->page_size = PAGE_SIZE;
	info->answer_timeout_ms = READ_ONCE(mock_answer_timeout_ms);
	mock_mmio_info(info);
	return 0;
}

static long do_offer(struct device_file *df, union ioctl_arg *arg)
{
	return mock_host_offer(df->host, &arg->offer);
}

static long do_rescind(struct device_file *df, union ioctl_arg *arg)
{
	return mock_host_rescind(df->host, arg->rescind.relid,
				 arg->rescind.flags);
}

static long do_reply(struct device_file *df, union ioctl_arg *arg)
{
	if (arg->reply.reserved || arg->reply.status == MOCK_HOST_PENDING)
		return -EINVAL;
	return mock_host_reply(df->host, arg->reply.cookie, arg->reply.status);
}

static long do_kickfd(struct device_file *df, union ioctl_arg *arg)
{
	struct mock_channel *ch = mock_host_channel(df->host,
						    arg->eventfd.relid);
	long ret;

	if (!ch)
		return -ENOENT;
	ret = device_set_kickfd(df, ch, arg->eventfd.fd);
	mock_channel_put(ch);
	return ret;
}

static long do_irqfd(struct device_file *df, union ioctl_arg *arg)
{
	struct mock_channel *ch = mock_host_channel(df->host,
						    arg->eventfd.relid);
	long ret;

	if (!ch)
		return -ENOENT;
	ret = device_set_irqfd(ch, arg->eventfd.fd);
	mock_channel_put(ch);
	return ret;
}

static long do_irq(struct device_file *df, union ioctl_arg *arg)
{
	struct mock_channel *ch = mock_host_channel(df->host, arg->relid);

	if (!ch)
		return -ENOENT;
	mock_host_irq(ch);
	mock_channel_put(ch);
	return 0;
}

static int copy_pfns(struct device_file *df, struct mock_vmbus_gpadl_info *info)
{
	u64 __user *to = u64_to_user_ptr(info->pfns);
	u64 pfns[CHUNK_PAGES];
	u32 done = 0;
	int n;

	while (done < info->max_pfns) {
		down_read(&df->host->mem_lock);
		n = mock_gpadl_pfns(df->host, info->gpadl, done, pfns,
				    min_t(u32, info->max_pfns - done,
					  CHUNK_PAGES));
		up_read(&df->host->mem_lock);
		if (n <= 0)
			return n;
		if (copy_to_user(to + done, pfns, n * sizeof(*pfns)))
			return -EFAULT;
		done += n;
	}
	return 0;
}

static long do_gpadl_info(struct device_file *df, union ioctl_arg *arg)
{
	struct mock_vmbus_gpadl_info *info = &arg->gpadl;
	int ret;

	if (info->reserved)
		return -EINVAL;
	ret = mock_host_gpadl_info(df->host, info->gpadl, &info->relid,
				   &info->size);
	if (ret)
		return ret;
	info->pages = info->size >> HV_HYP_PAGE_SHIFT;
	return info->pfns ? copy_pfns(df, info) : 0;
}

/* Copies @len bytes at @pos of a list of pages in user memory. */
static int list_rw(const struct mock_vmbus_mem_rw *mem, u64 pos, void *buffer,
		   size_t len, bool write)
{
	const u64 __user *list = u64_to_user_ptr(mem->pfns);
	u64 pfns[CHUNK_PAGES + 1];
	u64 first = pos >> HV_HYP_PAGE_SHIFT;
	unsigned int offset = offset_in_hvpage(pos);
	u32 count = DIV_ROUND_UP(offset + len, HV_HYP_PAGE_SIZE);
	size_t part;
	int ret = 0;
	u32 i;

	if (copy_from_user(pfns, list + first, count * sizeof(*pfns)))
		return -EFAULT;
	for (i = 0; i < count && !ret; i++) {
		part = min_t(size_t, len, HV_HYP_PAGE_SIZE - offset);
		ret = mock_page_rw(pfns[i], offset, buffer, part, write);
		buffer += part;
		len -= part;
		offset = 0;
	}
	return ret;
}

static int mem_chunk(struct device_file *df, const struct mock_vmbus_mem_rw *mem,
		     u64 pos, void *buffer, size_t len, bool write)
{
	if (mem->gpadl)
		return mock_host_gpadl_rw(df->host, mem->gpadl, pos, buffer,
					  len, write);
	if (mem->pfns)
		return list_rw(mem, pos, buffer, len, write);
	return mock_host_mem_rw(df->host, pos, buffer, len, write);
}

static int mem_check(struct device_file *df, const struct mock_vmbus_mem_rw *mem)
{
	u64 limit = U64_MAX;
	u32 size;
	int ret;

	if (mem->reserved || (mem->flags & ~MOCK_VMBUS_MEM_WRITE) ||
	    (mem->gpadl && mem->pfns) || (mem->pfn_count && !mem->pfns))
		return -EINVAL;
	if (mem->gpadl) {
		ret = mock_host_gpadl_info(df->host, mem->gpadl, NULL, &size);
		if (ret)
			return ret;
		limit = size;
	} else if (mem->pfns) {
		limit = (u64)mem->pfn_count << HV_HYP_PAGE_SHIFT;
	}
	if (mem->offset > limit || mem->length > limit - mem->offset)
		return -ERANGE;
	return 0;
}

static int mem_copy(struct device_file *df, const struct mock_vmbus_mem_rw *mem,
		    void *bounce)
{
	bool write = mem->flags & MOCK_VMBUS_MEM_WRITE;
	void __user *user = u64_to_user_ptr(mem->buffer);
	u64 done, part;
	int ret;

	for (done = 0; done < mem->length; done += part) {
		part = min_t(u64, mem->length - done, CHUNK);
		if (fatal_signal_pending(current))
			return -EINTR;
		if (write && copy_from_user(bounce, user + done, part))
			return -EFAULT;
		ret = mem_chunk(df, mem, mem->offset + done, bounce, part,
				write);
		if (ret)
			return ret;
		if (!write && copy_to_user(user + done, bounce, part))
			return -EFAULT;
		cond_resched();
	}
	return 0;
}

static long do_mem_rw(struct device_file *df, union ioctl_arg *arg)
{
	struct mock_vmbus_mem_rw *mem = &arg->mem;
	void *bounce;
	int ret;

	ret = mem_check(df, mem);
	if (ret || !mem->length)
		return ret;
	bounce = kvmalloc(min_t(u64, mem->length, CHUNK), GFP_KERNEL);
	if (!bounce)
		return -ENOMEM;
	ret = mem_copy(df, mem, bounce);
	kvfree(bounce);
	return ret;
}

static int ring_send(struct mock_channel *ch, struct mock_vmbus_ring_io *io,
		     const void *data)
{
	const struct mock_host_packet desc = {
		.type = io->type,
		.flags = io->flags,
		.trans_id = io->trans_id,
	};

	if (io->options & MOCK_VMBUS_RING_RAW)
		return mock_host_send_raw(ch, data, io->length, io->options);
	return mock_host_send_packet(ch, &desc, data, io->length, io->options);
}

static long do_ring_send(struct device_file *df, union ioctl_arg *arg)
{
	struct mock_vmbus_ring_io *io = &arg->ring;
	struct mock_channel *ch;
	void *data;
	int ret;

	if (io->options & ~(MOCK_VMBUS_RING_RAW | MOCK_VMBUS_RING_NO_SIGNAL |
			    MOCK_VMBUS_RING_PENDING))
		return -EINVAL;
	if (io->length > PKT_MAX_LEN)
		return -EMSGSIZE;
	ch = mock_host_channel(df->host, io->relid);
	if (!ch)
		return -ENOENT;
	data = kvmalloc(max(io->length, 1u), GFP_KERNEL);
	if (!data)
		ret = -ENOMEM;
	else if (copy_from_user(data, u64_to_user_ptr(io->buffer), io->length))
		ret = -EFAULT;
	else
		ret = ring_send(ch, io, data);
	kvfree(data);
	mock_channel_put(ch);
	return ret;
}

/* A packet that the program's buffer turns out not to take is lost: its fault. */
static int ring_recv(struct mock_channel *ch, struct mock_vmbus_ring_io *io,
		     void *data, u32 room)
{
	struct mock_host_packet pkt = { };
	int ret;

	ret = mock_host_recv(ch, &pkt, data, room);
	io->length = pkt.len;
	if (ret)
		return ret;
	io->type = pkt.type;
	io->flags = pkt.flags;
	io->trans_id = pkt.trans_id;
	if (copy_to_user(u64_to_user_ptr(io->buffer), data, pkt.len))
		return -EFAULT;
	return 0;
}

static long do_ring_recv(struct device_file *df, union ioctl_arg *arg)
{
	struct mock_vmbus_ring_io *io = &arg->ring;
	u32 room = min(io->length, PKT_MAX_LEN);
	struct mock_channel *ch;
	void *data;
	int ret;

	if (io->options)
		return -EINVAL;
	ch = mock_host_channel(df->host, io->relid);
	if (!ch)
		return -ENOENT;
	data = kvmalloc(max(room, 1u), GFP_KERNEL);
	ret = data ? ring_recv(ch, io, data, room) : -ENOMEM;
	kvfree(data);
	mock_channel_put(ch);
	return ret;
}

static long do_open_data(struct device_file *df, union ioctl_arg *arg)
{
	struct mock_vmbus_open_data *data = &arg->open;
	struct mock_channel *ch = mock_host_channel(df->host, data->relid);
	int ret = -ENOTCONN;

	if (!ch)
		return -ENOENT;
	down_read(&df->host->mem_lock);
	if (ch->ring_live) {
		data->send_size = ch->open.send_size;
		data->recv_size = ch->open.recv_size;
		data->target_cpu = ch->open.target_cpu;
		memcpy(data->user_data, ch->open.user_data,
		       sizeof(data->user_data));
		ret = 0;
	}
	up_read(&df->host->mem_lock);
	mock_channel_put(ch);
	return ret;
}

static long do_pci_add(struct device_file *df, union ioctl_arg *arg)
{
	return mock_host_pci_add(df->host, &arg->pci_add);
}

static long do_pci_set(struct device_file *df, union ioctl_arg *arg)
{
	if (arg->pci_set.reserved)
		return -EINVAL;
	return mock_host_pci_set(df->host, arg->pci_set.fn, arg->pci_set.offset,
				 arg->pci_set.data, arg->pci_set.length);
}

static long do_pci_del(struct device_file *df, union ioctl_arg *arg)
{
	return mock_host_pci_del(df->host, arg->pci_del.fn, arg->pci_del.flags);
}

static long do_fault(struct device_file *df, union ioctl_arg *arg)
{
	return mock_host_fault(df->host, &arg->fault);
}

static long do_stats(struct device_file *df, union ioctl_arg *arg)
{
	return mock_host_stats(df->host, &arg->stats);
}

static long do_settle(struct device_file *df, union ioctl_arg *arg)
{
	return mock_host_settle(df->host, arg->settle.relid,
				arg->settle.timeout_ms);
}

/* Index = number of the ioctl. */
static const struct {
	unsigned int cmd;
	long (*handler)(struct device_file *df, union ioctl_arg *arg);
} table[] = {
	{ MOCK_VMBUS_GET_INFO, do_info },
	{ MOCK_VMBUS_OFFER, do_offer },
	{ MOCK_VMBUS_RESCIND, do_rescind },
	{ MOCK_VMBUS_REPLY, do_reply },
	{ MOCK_VMBUS_SET_KICKFD, do_kickfd },
	{ MOCK_VMBUS_SET_IRQFD, do_irqfd },
	{ MOCK_VMBUS_IRQ, do_irq },
	{ MOCK_VMBUS_GPADL_INFO, do_gpadl_info },
	{ MOCK_VMBUS_MEM_RW, do_mem_rw },
	{ MOCK_VMBUS_RING_SEND, do_ring_send },
	{ MOCK_VMBUS_RING_RECV, do_ring_recv },
	{ MOCK_VMBUS_OPEN_DATA, do_open_data },
	{ MOCK_VMBUS_PCI_ADD, do_pci_add },
	{ MOCK_VMBUS_PCI_SET, do_pci_set },
	{ MOCK_VMBUS_PCI_DEL, do_pci_del },
	{ MOCK_VMBUS_FAULT, do_fault },
	{ MOCK_VMBUS_STATS, do_stats },
	{ MOCK_VMBUS_SETTLE, do_settle },
};

/**
 * device_ioctl - the table's dispatcher
 * @file: /dev/mock_vmbus
 * @cmd: MOCK_VMBUS_*
 * @arg: pointer to the structure in @cmd; the relid itself for MOCK_VMBUS_IRQ
 *
 * Return: as described in mock_vmbus_uapi.h; -ENOTTY, -EFAULT.
 */
long device_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct device_file *df = file->private_data;
	void __user *user = (void __user *)arg;
	unsigned int nr = _IOC_NR(cmd);
	union ioctl_arg *copy;
	long ret = -EFAULT;

	if (nr >= ARRAY_SIZE(table) || table[nr].cmd != cmd)
		return -ENOTTY;
	copy = kzalloc(sizeof(*copy), GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	if (_IOC_DIR(cmd) == _IOC_NONE)
		copy->relid = arg;
	if ((_IOC_DIR(cmd) & _IOC_WRITE) &&
	    copy_from_user(copy, user, _IOC_SIZE(cmd)))
		goto out;
	ret = table[nr].handler(df, copy);
	/* Too small a buffer: the structure says how large it must be. */
	if ((_IOC_DIR(cmd) & _IOC_READ) && (!ret || ret == -ENOBUFS) &&
	    copy_to_user(user, copy, _IOC_SIZE(cmd)))
		ret = -EFAULT;
out:
	kfree(copy);
	return ret;
}
