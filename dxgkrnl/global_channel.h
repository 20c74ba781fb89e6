/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one channel per VM, and the I/O space that the guest lends to the host.
 */
#ifndef _DXG_GLOBAL_CHANNEL_H
#define _DXG_GLOBAL_CHANNEL_H

#include "vmbus_channel.h"

/**
 * struct dxg_global_channel - VM-wide channel
 * @channel: transport; processes of an older generation are dead to the host
 * @life: serialises start and stop
 * @hdev: VMBus device, NULL while not offered; under @life
 * @running: open and I/O space set; read anywhere
 * @version: negotiated protocol version, 0 before the first PCI function;
 *	negotiated again when the last one is gone, for channels opened then
 * @map_guest_pages: the host takes lists of page frame numbers for existing
 *	memory, else a GPADL; negotiated with @version
 * @io_base: guest physical start of the I/O space, bytes; valid while running
 * @io_size: its length, bytes
 */
struct dxg_global_channel {
	struct dxg_channel channel;
	struct mutex life;	/* serialises start and stop */
	struct hv_device *hdev;
	bool running;
	u32 version;
	bool map_guest_pages;
	u64 io_base;
	u64 io_size;
};

extern struct dxg_global_channel dxg_global;

void dxg_global_setup(void);
int dxg_global_attach(struct hv_device *hdev);
int dxg_global_start(void);
void dxg_global_detach(struct hv_device *hdev);

static inline bool dxg_global_running(void)
{
	/* pairs with smp_store_release() in dxg_global_start() */
	return smp_load_acquire(&dxg_global.running);
}

#endif /* _DXG_GLOBAL_CHANNEL_H */
