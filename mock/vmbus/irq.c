// SPDX-License-Identifier: GPL-2.0
/*
 * The host-to-guest interrupt and the driver's callback.
 *
 * First half: irq_work in hard interrupt context on the channel's CPU (a thread
 * on PREEMPT_RT, as the real bus does). Second half: the channel's tasklet. So a
 * driver's callback runs in softirq context, beside process code of the driver
 * on other CPUs, and lockdep and might_sleep() see what they see on Hyper-V.
 */
#include <linux/interrupt.h>
#include <linux/module.h>

#include "internal.h"

static int irq_cpu;
module_param(irq_cpu, int, 0600);
MODULE_PARM_DESC(irq_cpu,
		 "CPU of guest interrupts (default 0), -1 = CPU of the host's call");

/* Second half: what the channel's tasklet does. */
static void channel_tasklet(struct tasklet_struct *t)
{
	struct vmbus_channel *channel = container_of(t, struct vmbus_channel,
						     callback_event);
	struct hv_ring_buffer_info *rbi = &channel->inbound;
	struct mock_channel *ch = to_mock(channel);
	void (*callback)(void *context);

	callback = READ_ONCE(channel->onchannel_callback);
	if (!callback)
		return;
	if (!hv_get_bytes_to_read(rbi))
		WRITE_ONCE(ch->spurious, ch->spurious + 1);
	callback(channel->channel_callback_context);
	if (channel->callback_mode != HV_CALL_BATCHED)
		return;
	if (!hv_end_read(rbi))
		return;
	hv_begin_read(rbi);
	tasklet_schedule(t);
}

/* First half: what the interrupt handler does for this channel. */
static void channel_interrupt(struct irq_work *work)
{
	struct mock_channel *ch = container_of(work, struct mock_channel,
					       irq_work);
	struct guest_channel *guest = READ_ONCE(ch->guest);
	struct vmbus_channel *channel;
	void (*callback)(void *context);
	unsigned long flags;

	if (!guest)
		return;
	channel = &guest->vmbus;
	if (READ_ONCE(channel->rescind))
		return;
	spin_lock_irqsave(&channel->sched_lock, flags);
	callback = channel->onchannel_callback;
	if (!callback)
		goto unlock;
	channel->interrupts++;
	WRITE_ONCE(ch->interrupts, ch->interrupts + 1);
	switch (channel->callback_mode) {
	case HV_CALL_ISR:
		callback(channel->channel_callback_context);
		break;
	case HV_CALL_BATCHED:
		hv_begin_read(&channel->inbound);
		fallthrough;
	case HV_CALL_DIRECT:
		tasklet_schedule(&channel->callback_event);
		break;
	}
unlock:
	spin_unlock_irqrestore(&channel->sched_lock, flags);
}

static void channel_ipi(void *info)
{
	struct mock_channel *ch = info;

	irq_work_queue(&ch->irq_work);
	clear_bit(CH_IPI, &ch->state);
}

static void channel_late(struct work_struct *work)
{
	mock_irq_raise(container_of(to_delayed_work(work), struct mock_channel,
				    irq_late));
}

/**
 * mock_irq_init - prepare a new channel
 * @ch: channel whose guest part exists
 */
void mock_irq_init(struct mock_channel *ch)
{
	struct vmbus_channel *channel = &ch->guest->vmbus;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		ch->irq_work = IRQ_WORK_INIT(channel_interrupt);
	else
		ch->irq_work = IRQ_WORK_INIT_HARD(channel_interrupt);
	INIT_CSD(&ch->irq_csd, channel_ipi, ch);
	INIT_DELAYED_WORK(&ch->irq_late, channel_late);
	spin_lock_init(&channel->sched_lock);
	tasklet_setup(&channel->callback_event, channel_tasklet);
	channel->target_cpu = max(READ_ONCE(irq_cpu), 0);
}

/**
 * mock_irq_raise - interrupt the guest
 * @ch: channel
 *
 * Several calls before the handler runs make one interrupt. Nothing happens when
 * the guest's part is gone. Context: any; host_lock not held.
 */
void mock_irq_raise(struct mock_channel *ch)
{
	int cpu = READ_ONCE(irq_cpu);
	unsigned long flags;
	bool local;

	spin_lock_irqsave(&ch->host_lock, flags);
	if (!ch->guest)
		goto unlock;
	local = cpu < 0 || cpu == raw_smp_processor_id() || !cpu_online(cpu);
	if (local) {
		irq_work_queue(&ch->irq_work);
	} else if (!test_and_set_bit(CH_IPI, &ch->state)) {
		if (smp_call_function_single_async(cpu, &ch->irq_csd)) {
			clear_bit(CH_IPI, &ch->state);
			irq_work_queue(&ch->irq_work);
		}
	}
unlock:
	spin_unlock_irqrestore(&ch->host_lock, flags);
}

/**
 * mock_host_irq - the host's way to interrupt the guest, faults included
 * @ch: channel
 *
 * The interrupt says that something changed, not what. Context: any.
 */
void mock_host_irq(struct mock_channel *ch)
{
	u64 ms;

	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_IRQ_DROP, 0, NULL))
		return;
	if (mock_fault_hit(ch, MOCK_VMBUS_SITE_IRQ_DELAY, 0, &ms))
		schedule_delayed_work(&ch->irq_late,
				      msecs_to_jiffies(min_t(u64, ms, 60000)));
	else
		mock_irq_raise(ch);
}
EXPORT_SYMBOL_GPL(mock_host_irq);

/**
 * mock_irq_open - install the driver's callback
 * @channel: channel being opened, rings ready
 * @callback: may run from now on
 * @context: its argument
 *
 * Context: process.
 */
void mock_irq_open(struct vmbus_channel *channel,
		   void (*callback)(void *context), void *context)
{
	unsigned long flags;

	spin_lock_irqsave(&channel->sched_lock, flags);
	channel->channel_callback_context = context;
	channel->onchannel_callback = callback;
	spin_unlock_irqrestore(&channel->sched_lock, flags);
}

/**
 * mock_irq_stop - wait for a running callback and remove it
 * @channel: channel
 *
 * Afterwards no callback runs. Context: process, sleeps; not from the callback.
 */
void mock_irq_stop(struct vmbus_channel *channel)
{
	unsigned long flags;

	tasklet_disable(&channel->callback_event);
	spin_lock_irqsave(&channel->sched_lock, flags);
	channel->onchannel_callback = NULL;
	spin_unlock_irqrestore(&channel->sched_lock, flags);
	tasklet_enable(&channel->callback_event);
}

/**
 * mock_irq_idle - is no interrupt and no callback on its way?
 * @ch: channel
 *
 * Context: process.
 */
bool mock_irq_idle(struct mock_channel *ch)
{
	unsigned long flags;
	bool idle;

	if (work_busy(&ch->irq_late.work) ||
	    test_bit(CH_IPI, &ch->state) || irq_work_is_busy(&ch->irq_work))
		return false;
	spin_lock_irqsave(&ch->host_lock, flags);
	idle = !ch->guest || !READ_ONCE(ch->guest->vmbus.callback_event.state);
	spin_unlock_irqrestore(&ch->host_lock, flags);
	return idle;
}

/**
 * mock_irq_release - let interrupts that are on their way run out
 * @ch: channel whose guest pointer was cleared
 * @channel: the guest's part, to be freed afterwards
 *
 * Context: process, sleeps.
 */
void mock_irq_release(struct mock_channel *ch, struct vmbus_channel *channel)
{
	cancel_delayed_work_sync(&ch->irq_late);
	while (test_bit(CH_IPI, &ch->state))
		cpu_relax();
	irq_work_sync(&ch->irq_work);
	tasklet_kill(&channel->callback_event);
}
