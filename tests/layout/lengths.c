// SPDX-License-Identifier: GPL-2.0
/*
 * Lengths of messages with a flexible array, as known hosts accept them
 * (docs/protocol.md, 7 Commands): fixed part, elements and spare bytes. Checked
 * by compiling; the layout tables count a stand-in element and cannot say it.
 */
#include <assert.h>
#include <dxg_host_protocol.h>

#define CHK_LEN(name, member, count, spare, len) \
	static_assert(dxg_msg_size(struct dxg_##name, member, count) + (spare) == (len), \
		      "length of " #name)

CHK_LEN(cmd_queryadapterinfo, private_data, 5, DXG_SPARE_QUERYADAPTERINFO, 44);
CHK_LEN(cmd_destroyallocation, allocations, 3, DXG_SPARE_DESTROYALLOCATION, 60);
CHK_LEN(cmd_createcontextvirtual, priv_drv_data, 5, DXG_SPARE_CREATECONTEXTVIRTUAL, 60);
CHK_LEN(cmd_makeresident, allocations, 2, DXG_SPARE_MAKERESIDENT, 52);
CHK_LEN(cmd_evict, allocations, 1, 0, 40);
CHK_LEN(cmd_escape, priv_drv_data, 5, DXG_SPARE_ESCAPE, 60);
CHK_LEN(cmd_updategpuvirtualaddress, operations, 2, 0, 184);
CHK_LEN(cmd_waitforsyncobjectfromgpu, fence_values, 1, sizeof(struct d3dkmthandle), 52);
CHK_LEN(cmd_createhwqueue, priv_drv_data, 5, DXG_SPARE_CREATEHWQUEUE, 76);
CHK_LEN(cmd_createhwqueue, priv_drv_data, 0, DXG_SPARE_CREATEHWQUEUE_NO_DATA, 72);
CHK_LEN(cmd_offerallocations, allocations, 2, 0, 52);
CHK_LEN(cmd_reclaimallocations, allocations, 2, DXG_SPARE_RECLAIMALLOCATIONS, 52);
CHK_LEN(ret_queryadapterinfo, private_data, 5, 0, 9);
CHK_LEN(ret_createallocation, allocation_info, 2, 0, 160);
CHK_LEN(ret_reclaimallocations, discarded, 2, 0, 20);

#define PAGES_LEN(n) (sizeof(struct dxg_cmd_setexistingsysmempages) + (n) * sizeof(u64))
static_assert(PAGES_LEN(MAX_PFNS_PER_SETEXISTINGSYSMEMPAGES) <=
	      DXG_MAX_VM_BUS_PACKET_SIZE - 4096, "page list too long");
static_assert(PAGES_LEN(MAX_PFNS_PER_SETEXISTINGSYSMEMPAGES + 1) >
	      DXG_MAX_VM_BUS_PACKET_SIZE - 4096, "page list too short");
