/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Forced include of the test flavour: gives the VMBus functions that our
 * drivers import from hv_vmbus the names that mock_vmbus exports.
 *
 * How it works: Kbuild passes "-include mock/redirect.h" to the compiler, so
 * these macros exist before the first line of any source file. When the
 * unchanged source then includes <linux/hyperv.h>, the kernel's own prototypes
 * and inline helpers (hv_pkt_iter_next(), vmbus_driver_register(), ...) are
 * renamed together with the calls, so the types agree without a second set of
 * prototypes. mock_vmbus.ko is compiled with the same file, hence defines and
 * exports exactly these names, and can be loaded on kernels where VMBus is
 * built in. No driver contains a test hook.
 *
 * This file must not include anything and must hold object-like macros only:
 * it is read before the kernel's own configuration headers.
 */
#ifndef MOCK_REDIRECT_H
#define MOCK_REDIRECT_H

/* The names that dxgkrnl and a dynamic-memory client import. */
#define __vmbus_driver_register		mock___vmbus_driver_register
#define vmbus_driver_unregister		mock_vmbus_driver_unregister
#define vmbus_open			mock_vmbus_open
#define vmbus_close			mock_vmbus_close
#define vmbus_sendpacket		mock_vmbus_sendpacket
#define vmbus_recvpacket		mock_vmbus_recvpacket
#define hv_pkt_iter_first		mock_hv_pkt_iter_first
#define __hv_pkt_iter_next		mock___hv_pkt_iter_next
#define hv_pkt_iter_close		mock_hv_pkt_iter_close
#define vmbus_establish_gpadl		mock_vmbus_establish_gpadl
#define vmbus_teardown_gpadl		mock_vmbus_teardown_gpadl
#define vmbus_allocate_mmio		mock_vmbus_allocate_mmio
#define vmbus_free_mmio			mock_vmbus_free_mmio

/* Cheap additions; no driver of ours needs them today. */
#define vmbus_setevent			mock_vmbus_setevent
#define vmbus_sendpacket_getid		mock_vmbus_sendpacket_getid

#endif /* MOCK_REDIRECT_H */
