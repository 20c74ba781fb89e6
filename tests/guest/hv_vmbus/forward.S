/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The names of mock/redirect.h in the other direction: hv_vmbus's function NAME is
 * a jump to mock_NAME, so the shipped modules run on the mock bus as they are.
 */
#include <linux/linkage.h>
#if __has_include(<asm/export.h>)
#include <asm/export.h>
#else
#include <linux/export.h>
#endif

#define FORWARD(name)		\
	SYM_FUNC_START(name) ;	\
	jmp mock_##name ;	\
	SYM_FUNC_END(name) ;	\
	EXPORT_SYMBOL_GPL(name)

FORWARD(__vmbus_driver_register)
FORWARD(vmbus_driver_unregister)
FORWARD(vmbus_open)
FORWARD(vmbus_close)
FORWARD(vmbus_sendpacket)
FORWARD(vmbus_recvpacket)
FORWARD(hv_pkt_iter_first)
FORWARD(__hv_pkt_iter_next)
FORWARD(hv_pkt_iter_close)
FORWARD(vmbus_establish_gpadl)
FORWARD(vmbus_teardown_gpadl)
FORWARD(vmbus_allocate_mmio)
FORWARD(vmbus_free_mmio)
