// SPDX-License-Identifier: GPL-2.0
/*
 * mock_reporter: takes the page-reporting slot and does nothing with it, as
 * another balloon driver would, until it is unloaded.
 */
#include <linux/module.h>
#include <linux/page_reporting.h>

static int report(struct page_reporting_dev_info *prdev, struct scatterlist *sg,
		  unsigned int count)
{
	return 0;
}

static struct page_reporting_dev_info reporter = {
	.report = report,
#ifdef PAGE_REPORTING_ORDER_UNSPECIFIED
	.order = PAGE_REPORTING_ORDER_UNSPECIFIED,
#endif
};

static int __init mock_reporter_init(void)
{
	return page_reporting_register(&reporter);
}

static void __exit mock_reporter_exit(void)
{
	page_reporting_unregister(&reporter);
}

module_init(mock_reporter_init);
module_exit(mock_reporter_exit);

MODULE_DESCRIPTION("Occupies the page-reporting slot, for tests");
MODULE_LICENSE("GPL");
