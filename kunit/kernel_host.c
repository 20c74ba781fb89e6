// SPDX-License-Identifier: GPL-2.0
/*
 * In-kernel GPU host: its devices, and the rules that spoil its answers.
 * What it answers is in kernel_host_replies.c.
 *
 * Lock: kernel_host.lock; answers are sent outside of it.
 */
#include <linux/err.h>
#include <linux/slab.h>

#include "kernel_host.h"

#define KERNEL_HOST_TIMEOUT	(10 * HZ)
#define KERNEL_HOST_SETTLE_MS	10000
#define KERNEL_HOST_MMIO_MIB	4

static const u8 kernel_host_instance[16] = { 0x45, 0x23, 0x01, 0x00 };

static void kernel_host_send(const struct kernel_host_answer *answer)
{
	mock_host_send(answer->channel, VM_PKT_COMP, 0, answer->trans_id,
		       answer->data, ALIGN(answer->length, 8));
}

/* Apply the rule of the command; number of times the answer goes out now. */
static unsigned int kernel_host_decide(struct kernel_host *host,
				       struct kernel_host_answer *answer)
{
	struct kernel_host_rule *rule = &host->rules[answer->command];
	struct kernel_host_answer *copy;

	rule->seen++;
	switch (rule->action) {
	case KERNEL_HOST_HOLD:
		copy = kmemdup(answer, sizeof(*answer), GFP_ATOMIC);
		if (copy && host->held_count < KERNEL_HOST_HELD)
			host->held[host->held_count++] = copy;
		else
			kfree(copy);
		return 0;
	case KERNEL_HOST_DROP:
		return 0;
	case KERNEL_HOST_ZERO:
		memset(answer->data, 0, answer->length);
		return 1;
	case KERNEL_HOST_SHORT:
		answer->length = min(answer->length, rule->value);
		return 1;
	case KERNEL_HOST_STATUS:
		memcpy(answer->data + kernel_host_status_at(answer->command),
		       &rule->value, sizeof(u32));
		return 1;
	case KERNEL_HOST_TWICE:
		return 2;
	default:
		return 1;
	}
}

/*
 * Nothing is allocated for an answer that goes out at once: the benchmark counts
 * the guest's instructions, and these are among them.
 */
static void kernel_host_packet(struct mock_channel *channel,
			       const struct mock_host_packet *packet)
{
	struct kernel_host *host = mock_host_priv(mock_channel_host(channel));
	const struct dxg_vgpu_to_host_header *hdr = packet->data;
	struct kernel_host_answer answer;
	unsigned int sends;
	unsigned long flags;

	if (host->config.version >= DXGK_VMBUS_INTERFACE_VERSION)
		hdr = packet->data + sizeof(struct dxg_ext_header);
	if (hdr->command_type >= KERNEL_HOST_COMMANDS)
		return;
	answer.channel = channel;
	answer.trans_id = packet->trans_id;
	answer.command = hdr->command_type;

	spin_lock_irqsave(&host->lock, flags);
	if (answer.command == host->watched) {
		host->captured_length = min_t(u32, packet->len,
					      KERNEL_HOST_CAPTURE);
		memcpy(host->captured, packet->data, host->captured_length);
	}
	kernel_host_answer(host, &answer, hdr);
	sends = kernel_host_decide(host, &answer);
	spin_unlock_irqrestore(&host->lock, flags);

	/* asynchronous messages want no answer */
	if (!(packet->flags & VMBUS_DATA_PACKET_FLAG_COMPLETION_REQUESTED))
		sends = 0;
	while (sends--)
		kernel_host_send(&answer);
	wake_up_all(&host->arrival);
}

static void kernel_host_pci_added(struct mock_host *mock, u32 fn, u32 domain,
				  int result)
{
	struct kernel_host *host = mock_host_priv(mock);

	complete(&host->pci_done);
}

static const struct mock_host_ops kernel_host_ops = {
	.packet = kernel_host_packet,
	.pci_added = kernel_host_pci_added,
};

/**
 * kernel_host_offer() - offer a channel
 * @host: host
 * @type: class of the device
 * @instance: GUID of the device
 * @mmio: MiB of I/O space wanted
 * @relid: set to its number
 *
 * Messages on any channel are answered alike.
 *
 * Return: 0, or an errno of the mock bus.
 */
int kernel_host_offer(struct kernel_host *host, const guid_t *type,
		      const u8 *instance, u16 mmio, u32 *relid)
{
	struct mock_vmbus_offer *offer = kzalloc(sizeof(*offer), GFP_KERNEL);
	int ret;

	if (!offer)
		return -ENOMEM;
	memcpy(offer->type, type, sizeof(offer->type));
	memcpy(offer->instance, instance, sizeof(offer->instance));
	offer->mmio_megabytes = mmio;
	ret = mock_host_offer(host->mock, offer);
	*relid = offer->relid;
	kfree(offer);
	return ret;
}

static void kernel_host_put32(u8 *image, u32 offset, u32 value)
{
	memcpy(image + offset, &value, sizeof(value));
}

/**
 * kernel_host_plug() - plug in a PCI function
 * @host: host
 * @area: its configuration area: instance GUID, version, LUID, capabilities
 * @fn: set to its id
 *
 * When this returns, the driver's probe has returned, whatever it thinks.
 *
 * Return: 0, or an errno of the mock bus.
 */
int kernel_host_plug(struct kernel_host *host,
		     const u32 area[KERNEL_HOST_PCI_WORDS], u32 *fn)
{
	struct mock_vmbus_pci_add *add = kzalloc(sizeof(*add), GFP_KERNEL);
	int ret;

	if (!add)
		return -ENOMEM;
	kernel_host_put32(add->image, 0, PCI_VENDOR_ID_MICROSOFT |
			  PCI_DEVICE_ID_VIRTUAL_RENDER << 16);
	kernel_host_put32(add->image, 8, 0x03020000);
	memcpy(add->image + DXGK_VMBUS_CHANNEL_ID_OFFSET, area,
	       KERNEL_HOST_PCI_WORDS * sizeof(u32));
	ret = mock_host_pci_add(host->mock, add);
	*fn = add->fn;
	kfree(add);
	if (!ret && !wait_for_completion_timeout(&host->pci_done,
						 KERNEL_HOST_TIMEOUT))
		ret = -ETIMEDOUT;
	return ret;
}

/**
 * kernel_host_unplug() - pull a PCI function out
 * @host: host
 * @fn: its id
 *
 * When this returns, the driver's remove has returned.
 *
 * Return: 0, or an errno of the mock bus.
 */
int kernel_host_unplug(struct kernel_host *host, u32 fn)
{
	return mock_host_pci_del(host->mock, fn, MOCK_VMBUS_PCI_DEL_WAIT);
}

/**
 * kernel_host_settle() - wait until the driver has reacted to everything
 * @host: host
 *
 * Return: 0 or an errno of the mock bus.
 */
int kernel_host_settle(struct kernel_host *host)
{
	return mock_host_settle(host->mock, 0, KERNEL_HOST_SETTLE_MS);
}

static int kernel_host_add_pci(struct kernel_host *host)
{
	u32 area[KERNEL_HOST_PCI_WORDS];

	memcpy(area, kernel_host_instance, sizeof(kernel_host_instance));
	area[4] = host->config.version;
	area[5] = KERNEL_HOST_LUID_A;
	area[6] = 0;
	area[7] = host->config.map_guest_pages;
	return kernel_host_plug(host, area, &host->pci);
}

/**
 * kernel_host_new() - a host that has not announced anything
 * @config: variation
 *
 * Return: host or error pointer.
 */
struct kernel_host *kernel_host_new(const struct kernel_host_config *config)
{
	struct kernel_host *host = kzalloc(sizeof(*host), GFP_KERNEL);
	int ret;

	if (!host)
		return ERR_PTR(-ENOMEM);
	host->config = *config;
	host->next_handle = 1;
	spin_lock_init(&host->lock);
	init_waitqueue_head(&host->arrival);
	init_completion(&host->pci_done);
	host->mock = mock_host_create(&kernel_host_ops, host,
				      config->inline_answers ?
				      MOCK_HOST_INLINE : 0);
	if (IS_ERR(host->mock)) {
		ret = PTR_ERR(host->mock);
		kfree(host);
		return ERR_PTR(ret);
	}
	return host;
}

/**
 * kernel_host_announce() - show the guest one part of the vGPU
 * @host: host
 * @part: which
 *
 * When this returns, the driver's probe has returned.
 *
 * Return: 0, or an errno of the mock bus.
 */
int kernel_host_announce(struct kernel_host *host, enum kernel_host_part part)
{
	static const guid_t global = { .b = HV_GPUP_DXGK_GLOBAL_GUID_BYTES };
	static const guid_t vgpu = { .b = HV_GPUP_DXGK_VGPU_GUID_BYTES };
	static const u8 global_instance[16] = { 0x77 };
	int ret;

	switch (part) {
	case KERNEL_HOST_PCI:
		ret = kernel_host_add_pci(host);
		break;
	case KERNEL_HOST_VGPU:
		ret = kernel_host_offer(host, &vgpu, kernel_host_instance, 0,
					&host->vgpu);
		break;
	default:
		ret = kernel_host_offer(host, &global, global_instance,
					host->config.no_mmio ? 0 :
					KERNEL_HOST_MMIO_MIB, &host->global);
		break;
	}
	return ret ?: kernel_host_settle(host);
}

/**
 * kernel_host_withdraw() - take one part of the vGPU away again
 * @host: host
 * @part: which; was announced
 *
 * Return: 0, or an errno of the mock bus.
 */
int kernel_host_withdraw(struct kernel_host *host, enum kernel_host_part part)
{
	if (part == KERNEL_HOST_PCI)
		return kernel_host_unplug(host, host->pci);
	return mock_host_rescind(host->mock, part == KERNEL_HOST_VGPU ?
				 host->vgpu : host->global,
				 MOCK_VMBUS_RESCIND_WAIT);
}

/**
 * kernel_host_create() - bring up a host with a global channel and one vGPU
 * @config: variation
 *
 * When this returns the driver has seen everything.
 *
 * Return: host or error pointer.
 */
struct kernel_host *kernel_host_create(const struct kernel_host_config *config)
{
	struct kernel_host *host = kernel_host_new(config);
	int ret;

	if (IS_ERR(host))
		return host;
	ret = kernel_host_announce(host, KERNEL_HOST_GLOBAL) ?:
	      kernel_host_announce(host, KERNEL_HOST_VGPU) ?:
	      kernel_host_announce(host, KERNEL_HOST_PCI);
	if (ret) {
		kernel_host_destroy(host);
		return ERR_PTR(ret);
	}
	return host;
}

/**
 * kernel_host_destroy() - withdraw everything, as when a host dies
 * @host: host
 */
void kernel_host_destroy(struct kernel_host *host)
{
	u32 i;

	mock_host_destroy(host->mock);
	for (i = 0; i < host->held_count; i++)
		kfree(host->held[i]);
	kfree(host);
}

/**
 * kernel_host_rule() - how to answer a command from now on
 * @host: host
 * @command: DXGK_VMBCOMMAND_*
 * @action: what to do
 * @value: for the action
 */
void kernel_host_rule(struct kernel_host *host, u32 command,
		      enum kernel_host_action action, u32 value)
{
	spin_lock_irq(&host->lock);
	host->rules[command].action = action;
	host->rules[command].value = value;
	spin_unlock_irq(&host->lock);
}

/**
 * kernel_host_seen() - number of messages of a command so far
 * @host: host
 * @command: DXGK_VMBCOMMAND_*
 *
 * Return: the number.
 */
u32 kernel_host_seen(struct kernel_host *host, u32 command)
{
	return READ_ONCE(host->rules[command].seen);
}

/**
 * kernel_host_wait_seen() - wait until a command has come often enough
 * @host: host
 * @command: DXGK_VMBCOMMAND_*
 * @count: times, counted from the creation of the host
 *
 * Return: 0 or -ETIMEDOUT.
 */
int kernel_host_wait_seen(struct kernel_host *host, u32 command, u32 count)
{
	return wait_event_timeout(host->arrival,
				  kernel_host_seen(host, command) >= count,
				  KERNEL_HOST_TIMEOUT) ? 0 : -ETIMEDOUT;
}

/**
 * kernel_host_release() - send all answers that were held back
 * @host: host
 */
void kernel_host_release(struct kernel_host *host)
{
	struct kernel_host_answer *answer;

	for (;;) {
		spin_lock_irq(&host->lock);
		answer = host->held_count ? host->held[--host->held_count] :
			 NULL;
		spin_unlock_irq(&host->lock);
		if (!answer)
			return;
		kernel_host_send(answer);
		kfree(answer);
	}
}

/**
 * kernel_host_watch() - choose what is captured
 * @host: host
 * @command: DXGK_VMBCOMMAND_*
 */
void kernel_host_watch(struct kernel_host *host, u32 command)
{
	spin_lock_irq(&host->lock);
	host->watched = command;
	host->captured_length = 0;
	spin_unlock_irq(&host->lock);
}

/**
 * kernel_host_captured() - copy of the last message that was watched for
 * @host: host
 * @buffer: for the message, extended header included
 * @size: bytes of @buffer
 *
 * Return: bytes of the message as the bus delivered it, pad included.
 */
u32 kernel_host_captured(struct kernel_host *host, void *buffer, u32 size)
{
	u32 length;

	spin_lock_irq(&host->lock);
	length = host->captured_length;
	memcpy(buffer, host->captured, min(length, size));
	spin_unlock_irq(&host->lock);
	return length;
}

/**
 * kernel_host_inject() - send the guest a packet of one's own
 * @host: host
 * @relid: channel
 * @type: VM_PKT_DATA_INBAND or VM_PKT_COMP
 * @trans_id: transaction id
 * @data: payload
 * @length: bytes
 *
 * Return: 0 or an errno of the mock bus.
 */
int kernel_host_inject(struct kernel_host *host, u32 relid, u16 type,
		       u64 trans_id, const void *data, u32 length)
{
	struct mock_channel *channel = mock_host_channel(host->mock, relid);
	int ret;

	if (!channel)
		return -ENODEV;
	ret = mock_host_send(channel, type, 0, trans_id, data, length);
	mock_channel_put(channel);
	return ret;
}
