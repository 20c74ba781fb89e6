// SPDX-License-Identifier: GPL-2.0
/*
 * Mistakes of the guest driver that the real bus would not forgive: counted per
 * host and logged with a prefix that test harnesses look for.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/ratelimit.h>

#include "internal.h"

static bool log_guest_bugs = true;
module_param(log_guest_bugs, bool, 0600);
MODULE_PARM_DESC(log_guest_bugs,
		 "log mistakes of the guest (default on; off for tests of the checks)");

/**
 * mock_guest_bug - count and log a mistake of the guest
 * @ch: channel, NULL when unknown
 * @check: kind
 * @fmt: for the log
 *
 * Context: any.
 */
void mock_guest_bug(struct mock_channel *ch, enum mock_vmbus_check check,
		    const char *fmt, ...)
{
	static DEFINE_RATELIMIT_STATE(limit, DEFAULT_RATELIMIT_INTERVAL,
				      DEFAULT_RATELIMIT_BURST);
	struct va_format vaf;
	va_list args;

	if (ch)
		atomic64_inc(&ch->host->checks[check]);
	if (!READ_ONCE(log_guest_bugs) || !__ratelimit(&limit))
		return;
	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_err("GUEST BUG: relid %u: %pV\n", ch ? ch->relid : 0, &vaf);
	va_end(args);
}

/**
 * mock_check_sleepable - is a sleeping call legal here?
 * @ch: channel
 * @what: name of the function
 *
 * Return: false, and a counted mistake, in the callback or another interrupt
 * context. Debug kernels report calls under a spinlock by themselves.
 */
bool mock_check_sleepable(struct mock_channel *ch, const char *what)
{
	if (in_serving_softirq() || in_hardirq() || irqs_disabled()) {
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_CONTEXT,
			       "%s in a context that cannot sleep", what);
		return false;
	}
	might_sleep();
	return true;
}

/**
 * mock_check_send - is a packet possible at all?
 * @ch: channel
 * @len: payload bytes
 * @id: transaction id
 * @type: packet type
 * @flags: packet flags
 *
 * Return: 0; -ENODEV on a channel without rings; -EAGAIN, as for ever on the real
 * bus, for a packet that can never fit. Context: any.
 */
int mock_check_send(struct mock_channel *ch, u32 len, u64 id, u32 type,
		    u32 flags)
{
	if (!READ_ONCE(ch->ring_live)) {
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_NOT_OPEN,
			       "send on a channel that is not open");
		return -ENODEV;
	}
	if (len > PKT_MAX_LEN - PKT_HEADER ||
	    PKT_HEADER + ALIGN(len, 8) + PKT_TRAILER >= ch->out.size) {
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_PACKET,
			       "packet of %u bytes can never be sent", len);
		return -EAGAIN;
	}
	if (flags & ~VMBUS_DATA_PACKET_FLAG_COMPLETION_REQUESTED ||
	    type < VM_PKT_SYNCH || type > VM_PKT_ADDITIONAL_DATA)
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_PACKET,
			       "packet type %u, flags %#x", type, flags);
	if (flags && !id)
		mock_guest_bug(ch, MOCK_VMBUS_CHECK_COMPLETION_ID,
			       "completion requested for id 0");
	return 0;
}
