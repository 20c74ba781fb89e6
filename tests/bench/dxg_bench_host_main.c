// SPDX-License-Identifier: GPL-2.0
/*
 * The host of the benchmark: inside the kernel, answering within the guest's
 * send, so that besides the driver and the bus almost nothing is counted.
 */
#include <linux/err.h>
#include <linux/module.h>

#include "dxg_bench.h"
#include "kernel_host.h"

static bool async;
module_param(async, bool, 0444);
MODULE_PARM_DESC(async, "The adapter takes asynchronous messages (default: N)");

static struct kernel_host *bench_host;

static int __init bench_host_init(void)
{
	static const guid_t class = { .b = DXG_BENCH_CLASS };
	static const u8 instance[16] = DXG_BENCH_CLASS;
	const struct kernel_host_config config = {
		.version = DXGK_VMBUS_INTERFACE_VERSION,
		.async = async,
		.map_guest_pages = true,
		.inline_answers = true,
	};
	u32 relid;
	int ret;

	bench_host = kernel_host_create(&config);
	if (IS_ERR(bench_host))
		return PTR_ERR(bench_host);
	ret = kernel_host_offer(bench_host, &class, instance, 0, &relid) ?:
	      mock_host_settle(bench_host->mock, 0, 10000);
	if (ret)
		kernel_host_destroy(bench_host);
	return ret;
}

static void __exit bench_host_exit(void)
{
	kernel_host_destroy(bench_host);
}

module_init(bench_host_init);
module_exit(bench_host_exit);

MODULE_DESCRIPTION("In-kernel GPU host for the benchmark");
MODULE_LICENSE("GPL");
