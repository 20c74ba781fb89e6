/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Guest to host protocol of the paravirtual GPU: message numbers, headers and
 * layouts. Shared by the driver (kernel) and the mock host (user space); it
 * holds no code. docs/protocol.md explains the protocol as a whole.
 *
 * Offsets are those of the command, without the extended header. A message
 * that ends in a flexible array member is sized with dxg_msg_size(), never
 * with sizeof(): the compiler may round sizeof() up beyond the start of the
 * array. Every byte that is not named by a caller's value must be zero, the
 * pad members included. Lengths, counts and addresses that arrive from the
 * other side are untrusted.
 */
#ifndef _DXG_HOST_PROTOCOL_H
#define _DXG_HOST_PROTOCOL_H

#ifdef __KERNEL__
#include <linux/stddef.h>
#include <linux/types.h>
#else
#include <stddef.h>
#include <linux/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s32 s32;
typedef __s64 s64;
#endif

#include <misc/d3dkmthk.h>

/* VMBus limits: bytes of a packet payload and of one ring direction. */
#define DXG_MAX_VM_BUS_PACKET_SIZE (128 * 1024)
#define RING_BUFSIZE (256 * 1024)

/* Lengths in 16-bit characters; the process name has one more for the NUL. */
#define DXG_VM_PROCESS_NAME_LENGTH 260
#define WIN_MAX_PATH 260

/*
 * Interface versions (docs/protocol.md, 3 Versions): the one assumed when the
 * register reads 0, the first with extended headers, the newest we speak, and
 * the two that bring the native fence commands.
 */
#define DXGK_VMBUS_INTERFACE_VERSION_OLD 27
#define DXGK_VMBUS_INTERFACE_VERSION 40
#define DXGK_VMBUS_INTERFACE_VERSION_LATEST 46
#define DXGK_VMBUS_VERSION_CREATENATIVEFENCE 45
#define DXGK_VMBUS_VERSION_OPENNATIVEFENCE_NT 46
#define DXGK_VMBUS_LAST_COMPATIBLE_INTERFACE_VERSION 16

/* PCI identity of the paravirtual device. */
#ifndef PCI_VENDOR_ID_MICROSOFT
#define PCI_VENDOR_ID_MICROSOFT 0x1414
#endif
#define PCI_DEVICE_ID_VIRTUAL_RENDER 0x008e
#define PCI_DEVICE_ID_COMPUTE_ACCELERATOR 0x008a

/*
 * Vendor area of the PCI configuration space (docs/protocol.md, 9). The LUID
 * is read and the guest capabilities are written at the same address.
 */
#define DXGK_VMBUS_CHANNEL_ID_OFFSET 192
#define DXGK_VMBUS_VERSION_OFFSET 208
#define DXGK_VMBUS_VGPU_LUID_OFFSET 212
#define DXGK_VMBUS_GUESTCAPS_OFFSET 212
#define DXGK_VMBUS_HOSTCAPS_OFFSET 220

#define EXT_HEADER_SIZE 16

/* Page frame numbers in one SETEXISTINGSYSMEMPAGES, see its structure. */
#define MAX_PFNS_PER_SETEXISTINGSYSMEMPAGES 15867

/* VMBus class ids as text and as the 16 bytes in memory order. */
#define HV_GPUP_DXGK_GLOBAL_GUID "dde9cbc0-5060-4436-9448-ea1254a5d177"
#define HV_GPUP_DXGK_GLOBAL_GUID_BYTES \
	{ 0xc0, 0xcb, 0xe9, 0xdd, 0x60, 0x50, 0x36, 0x44, \
	  0x94, 0x48, 0xea, 0x12, 0x54, 0xa5, 0xd1, 0x77 }
#define HV_GPUP_DXGK_VGPU_GUID "6e382d18-3336-4f4b-acc4-2b7703d4df4a"
#define HV_GPUP_DXGK_VGPU_GUID_BYTES \
	{ 0x18, 0x2d, 0x38, 0x6e, 0x36, 0x33, 0x4b, 0x4f, \
	  0xac, 0xc4, 0x2b, 0x77, 0x03, 0xd4, 0xdf, 0x4a }

/* Status codes of the host; docs/protocol.md, 8 gives the errno of each. */
#define STATUS_SUCCESS ((s32)0x00000000)
#define STATUS_OBJECT_NAME_INVALID ((s32)0xc0000033)
#define STATUS_DEVICE_REMOVED ((s32)0xc00002b6)
#define STATUS_INVALID_HANDLE ((s32)0xc0000008)
#define STATUS_ILLEGAL_INSTRUCTION ((s32)0xc000001d)
#define STATUS_NOT_IMPLEMENTED ((s32)0xc0000002)
#define STATUS_PENDING ((s32)0x00000103)
#define STATUS_ACCESS_DENIED ((s32)0xc0000022)
#define STATUS_BUFFER_TOO_SMALL ((s32)0xc0000023)
#define STATUS_OBJECT_TYPE_MISMATCH ((s32)0xc0000024)
#define STATUS_GRAPHICS_ALLOCATION_BUSY ((s32)0xc01e0102)
#define STATUS_NOT_SUPPORTED ((s32)0xc00000bb)
#define STATUS_TIMEOUT ((s32)0x00000102)
#define STATUS_INVALID_PARAMETER ((s32)0xc000000d)
#define STATUS_NO_MEMORY ((s32)0xc0000017)
#define STATUS_OBJECT_NAME_COLLISION ((s32)0xc0000035)
#define STATUS_OBJECT_NAME_NOT_FOUND ((s32)0xc0000034)

/**
 * dxg_msg_size() - bytes of a message with a flexible array
 * @type: struct type of the message
 * @member: its flexible array member
 * @count: number of elements, at most 32 bits
 *
 * Counts the fixed part up to the array and the elements; spare bytes
 * (DXG_SPARE_*) come on top. Cannot overflow a 64-bit size_t.
 */
#define dxg_msg_size(type, member, count) \
	offsetof(type, member[(size_t)(count)])

/*
 * Zero bytes behind the last element of a request. Known hosts get them
 * because the original sender counted structure tail padding; the length of
 * a request is dxg_msg_size() plus this.
 */
#define DXG_SPARE_MAKERESIDENT 4
#define DXG_SPARE_DESTROYALLOCATION 8
#define DXG_SPARE_QUERYADAPTERINFO 7
#define DXG_SPARE_ESCAPE 7
#define DXG_SPARE_CREATECONTEXTVIRTUAL 3
/* 4 instead of 3 when there is no private data: 72 bytes, not 71. */
#define DXG_SPARE_CREATEHWQUEUE 3
#define DXG_SPARE_CREATEHWQUEUE_NO_DATA 4
#define DXG_SPARE_RECLAIMALLOCATIONS 4

enum dxgkvmb_commandchanneltype {
	DXGKVMB_VGPU_TO_HOST = 0,
	DXGKVMB_VM_TO_HOST = 1,
	DXGKVMB_HOST_TO_VM = 2,
};

/*
 * Commands to the host as a whole; numbers without a structure below are
 * never sent by a Linux guest. 1012 to 1020 are not assigned.
 */
enum dxgkvmb_commandtype_global {
	DXGK_VMBCOMMAND_VM_TO_HOST_FIRST = 1000,
	DXGK_VMBCOMMAND_CREATEPROCESS = 1000,
	DXGK_VMBCOMMAND_DESTROYPROCESS = 1001,
	DXGK_VMBCOMMAND_OPENSYNCOBJECT = 1002,
	DXGK_VMBCOMMAND_DESTROYSYNCOBJECT = 1003,
	DXGK_VMBCOMMAND_CREATENTSHAREDOBJECT = 1004,
	DXGK_VMBCOMMAND_DESTROYNTSHAREDOBJECT = 1005,
	DXGK_VMBCOMMAND_SIGNALFENCE = 1006,
	DXGK_VMBCOMMAND_NOTIFYPROCESSFREEZE = 1007,
	DXGK_VMBCOMMAND_NOTIFYPROCESSTHAW = 1008,
	DXGK_VMBCOMMAND_QUERYETWSESSION = 1009,
	DXGK_VMBCOMMAND_SETIOSPACEREGION = 1010,
	DXGK_VMBCOMMAND_COMPLETETRANSACTION = 1011,
	DXGK_VMBCOMMAND_SHAREOBJECTWITHHOST = 1021,
	DXGK_VMBCOMMAND_ISFEATUREENABLED_GLOBAL = 1022,
	DXGK_VMBCOMMAND_INVALID_VM_TO_HOST = 1023,
};

/*
 * Commands to one vGPU; numbers without a structure below are never sent by a
 * Linux guest. 63 is not assigned.
 */
enum dxgkvmb_commandtype {
	DXGK_VMBCOMMAND_CREATEDEVICE = 0,
	DXGK_VMBCOMMAND_DESTROYDEVICE = 1,
	DXGK_VMBCOMMAND_QUERYADAPTERINFO = 2,
	DXGK_VMBCOMMAND_DDIQUERYADAPTERINFO = 3,
	DXGK_VMBCOMMAND_CREATEALLOCATION = 4,
	DXGK_VMBCOMMAND_DESTROYALLOCATION = 5,
	DXGK_VMBCOMMAND_CREATECONTEXTVIRTUAL = 6,
	DXGK_VMBCOMMAND_DESTROYCONTEXT = 7,
	DXGK_VMBCOMMAND_CREATESYNCOBJECT = 8,
	DXGK_VMBCOMMAND_CREATEPAGINGQUEUE = 9,
	DXGK_VMBCOMMAND_DESTROYPAGINGQUEUE = 10,
	DXGK_VMBCOMMAND_MAKERESIDENT = 11,
	DXGK_VMBCOMMAND_EVICT = 12,
	DXGK_VMBCOMMAND_ESCAPE = 13,
	DXGK_VMBCOMMAND_OPENADAPTER = 14,
	DXGK_VMBCOMMAND_CLOSEADAPTER = 15,
	DXGK_VMBCOMMAND_FREEGPUVIRTUALADDRESS = 16,
	DXGK_VMBCOMMAND_MAPGPUVIRTUALADDRESS = 17,
	DXGK_VMBCOMMAND_RESERVEGPUVIRTUALADDRESS = 18,
	DXGK_VMBCOMMAND_UPDATEGPUVIRTUALADDRESS = 19,
	DXGK_VMBCOMMAND_SUBMITCOMMAND = 20,
	dxgk_vmbcommand_queryvideomemoryinfo = 21,
	DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMCPU = 22,
	DXGK_VMBCOMMAND_LOCK2 = 23,
	DXGK_VMBCOMMAND_UNLOCK2 = 24,
	DXGK_VMBCOMMAND_WAITFORSYNCOBJECTFROMGPU = 25,
	DXGK_VMBCOMMAND_SIGNALSYNCOBJECT = 26,
	DXGK_VMBCOMMAND_SIGNALFENCENTSHAREDBYREF = 27,
	DXGK_VMBCOMMAND_GETDEVICESTATE = 28,
	DXGK_VMBCOMMAND_MARKDEVICEASERROR = 29,
	DXGK_VMBCOMMAND_ADAPTERSTOP = 30,
	DXGK_VMBCOMMAND_SETQUEUEDLIMIT = 31,
	DXGK_VMBCOMMAND_OPENRESOURCE = 32,
	DXGK_VMBCOMMAND_SETCONTEXTSCHEDULINGPRIORITY = 33,
	DXGK_VMBCOMMAND_PRESENTHISTORYTOKEN = 34,
	DXGK_VMBCOMMAND_SETREDIRECTEDFLIPFENCEVALUE = 35,
	DXGK_VMBCOMMAND_GETINTERNALADAPTERINFO = 36,
	DXGK_VMBCOMMAND_FLUSHHEAPTRANSITIONS = 37,
	DXGK_VMBCOMMAND_BLT = 38,
	DXGK_VMBCOMMAND_DDIGETSTANDARDALLOCATIONDRIVERDATA = 39,
	DXGK_VMBCOMMAND_CDDGDICOMMAND = 40,
	DXGK_VMBCOMMAND_QUERYALLOCATIONRESIDENCY = 41,
	DXGK_VMBCOMMAND_FLUSHDEVICE = 42,
	DXGK_VMBCOMMAND_FLUSHADAPTER = 43,
	DXGK_VMBCOMMAND_DDIGETNODEMETADATA = 44,
	DXGK_VMBCOMMAND_SETEXISTINGSYSMEMSTORE = 45,
	DXGK_VMBCOMMAND_ISSYNCOBJECTSIGNALED = 46,
	DXGK_VMBCOMMAND_CDDSYNCGPUACCESS = 47,
	DXGK_VMBCOMMAND_QUERYSTATISTICS = 48,
	DXGK_VMBCOMMAND_CHANGEVIDEOMEMORYRESERVATION = 49,
	DXGK_VMBCOMMAND_CREATEHWQUEUE = 50,
	DXGK_VMBCOMMAND_DESTROYHWQUEUE = 51,
	DXGK_VMBCOMMAND_SUBMITCOMMANDTOHWQUEUE = 52,
	DXGK_VMBCOMMAND_GETDRIVERSTOREFILE = 53,
	DXGK_VMBCOMMAND_READDRIVERSTOREFILE = 54,
	DXGK_VMBCOMMAND_GETNEXTHARDLINK = 55,
	DXGK_VMBCOMMAND_UPDATEALLOCATIONPROPERTY = 56,
	DXGK_VMBCOMMAND_OFFERALLOCATIONS = 57,
	DXGK_VMBCOMMAND_RECLAIMALLOCATIONS = 58,
	DXGK_VMBCOMMAND_SETALLOCATIONPRIORITY = 59,
	DXGK_VMBCOMMAND_GETALLOCATIONPRIORITY = 60,
	DXGK_VMBCOMMAND_GETCONTEXTSCHEDULINGPRIORITY = 61,
	DXGK_VMBCOMMAND_QUERYCLOCKCALIBRATION = 62,
	DXGK_VMBCOMMAND_QUERYRESOURCEINFO = 64,
	DXGK_VMBCOMMAND_LOGEVENT = 65,
	DXGK_VMBCOMMAND_SETEXISTINGSYSMEMPAGES = 66,
	DXGK_VMBCOMMAND_INVALIDATECACHE = 67,
	DXGK_VMBCOMMAND_ISFEATUREENABLED = 68,
	DXGK_VMBCOMMAND_CREATENATIVEFENCE = 69,
	DXGK_VMBCOMMAND_OPENNATIVEFENCEFROMNTHANDLE = 70,
	DXGK_VMBCOMMAND_INVALID = 71,
};

/* Messages from the host, on the global channel */
enum dxgkvmb_commandtype_host_to_vm {
	DXGK_VMBCOMMAND_SIGNALGUESTEVENT = 0,
	DXGK_VMBCOMMAND_PROPAGATEPRESENTHISTORYTOKEN = 1,
	DXGK_VMBCOMMAND_SETGUESTDATA = 2,
	DXGK_VMBCOMMAND_SIGNALGUESTEVENTPASSIVE = 3,
	DXGK_VMBCOMMAND_SENDWNFNOTIFICATION = 4,
	DXGK_VMBCOMMAND_INVALID_HOST_TO_VM = 5,
};

/* Kind of data in SETGUESTDATA */
enum set_guestdata_type {
	SETGUESTDATA_DATATYPE_DWORD = 0,
	SETGUESTDATA_DATATYPE_UINT64 = 1,
};

/* Reason of FLUSHDEVICE */
enum dxgdevice_flushschedulerreason {
	DXGDEVICE_FLUSHSCHEDULER_DEVICE_TERMINATE = 4,
};

/* Headers and shared parts */

/**
 * struct dxg_ext_header - in front of every guest to host command from
 * version 40 on
 * @command_offset: bytes from the start of the packet to the command, 16
 * @reserved: zero
 * @vgpu_luid: LUID of the vGPU on the host, zero in a VM to host command
 *
 * Neither responses nor host to guest messages have one.
 */
struct dxg_ext_header {
	u32 command_offset;
	u32 reserved;
	struct winluid vgpu_luid;
};

/**
 * struct dxg_vm_to_host_header - header of a command to the host as a whole
 * @command_id: zero
 * @process: host handle of the process, or zero
 * @channel_type: DXGKVMB_VM_TO_HOST
 * @command_type: command number
 * @pad: padding, zero
 */
struct dxg_vm_to_host_header {
	u64 command_id;
	struct d3dkmthandle process;
	enum dxgkvmb_commandchanneltype channel_type;
	enum dxgkvmb_commandtype_global command_type;
	u32 pad;
};

/**
 * struct dxg_vgpu_to_host_header - header of a command to one vGPU
 * @command_id: zero
 * @process: host handle of the process, or zero
 * @channel_type: DXGKVMB_VGPU_TO_HOST
 * @async_msg: one: no response is wanted
 * @reserved: zero
 * @command_type: command number
 * @pad: padding, zero
 */
struct dxg_vgpu_to_host_header {
	u64 command_id;
	struct d3dkmthandle process;
	u32 channel_type : 8;
	u32 async_msg : 1;
	u32 reserved : 23;
	enum dxgkvmb_commandtype command_type;
	u32 pad;
};

/**
 * struct dxg_host_to_vm_header - header of a message from the host
 * @command_id: not used
 * @process: not used
 * @channel_type: DXGKVMB_HOST_TO_VM
 * @async_msg: not used
 * @reserved: zero
 * @command_type: message number
 * @pad: padding, zero
 */
struct dxg_host_to_vm_header {
	u64 command_id;
	struct d3dkmthandle process;
	u32 channel_type : 8;
	u32 async_msg : 1;
	u32 reserved : 23;
	enum dxgkvmb_commandtype_host_to_vm command_type;
	u32 pad;
};

/**
 * struct dxgk_vmbus_guestcaps - word written at DXGK_VMBUS_GUESTCAPS_OFFSET
 * @wsl2: one for a Linux guest
 * @reserved: zero
 * @guest_caps: all bits as one word
 */
struct dxgk_vmbus_guestcaps {
	union {
		struct {
			u32 wsl2 : 1;
			u32 reserved : 31;
		};
		u32 guest_caps;
	};
};

/**
 * struct dxgk_vmbus_hostcaps - word read at DXGK_VMBUS_HOSTCAPS_OFFSET
 * @map_guest_memory: the host takes page lists, see SETEXISTINGSYSMEMPAGES
 * @reserved: zero
 * @host_caps: all bits as one word
 */
struct dxgk_vmbus_hostcaps {
	union {
		struct {
			u32 map_guest_memory : 1;
			u32 reserved : 31;
		};
		u32 host_caps;
	};
};

/* Process and global state */

/**
 * struct dxg_cmd_createprocess - CREATEPROCESS, register a process
 * @hdr: header, process zero
 * @process: opaque guest token, unique while the process lives
 * @process_id: thread group id
 * @process_name: 16-bit characters with NUL, shown by tools on the host
 * @csrss_process: zero
 * @dwm_process: zero
 * @wow64_process: zero
 * @linux_process: one
 * @reserved: zero
 * @pad: padding, zero
 */
struct dxg_cmd_createprocess {
	struct dxg_vm_to_host_header hdr;
	u64 process;
	u64 process_id;
	u16 process_name[DXG_VM_PROCESS_NAME_LENGTH + 1];
	u8 csrss_process : 1;
	u8 dwm_process : 1;
	u8 wow64_process : 1;
	u8 linux_process : 1;
	u8 reserved : 4;
	u8 pad[5];
};

/**
 * struct dxg_ret_createprocess - response to CREATEPROCESS
 * @hprocess: host handle of the process; zero is a failure
 */
struct dxg_ret_createprocess {
	struct d3dkmthandle hprocess;
};

/**
 * struct dxg_cmd_destroyprocess - DESTROYPROCESS, forget a process and all it
 * owns
 * @hdr: header, its process is the argument
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_destroyprocess {
	struct dxg_vm_to_host_header hdr;
};

/**
 * struct dxg_cmd_setiospaceregion - SETIOSPACEREGION, give the host an
 * address window
 * @hdr: header, process zero
 * @start: guest physical address
 * @length: bytes
 * @shared_page_gpadl: zero
 * @pad: padding, zero
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_setiospaceregion {
	struct dxg_vm_to_host_header hdr;
	u64 start;
	u64 length;
	u32 shared_page_gpadl;
	u32 pad;
};

/* Adapter */

/**
 * struct dxg_cmd_queryadapterinfo - QUERYADAPTERINFO
 * @hdr: header
 * @query_type: question
 * @private_data_size: bytes at @private_data
 * @private_data: data of the question, not aligned
 *
 * Length: @private_data_size bytes of data and DXG_SPARE_QUERYADAPTERINFO.
 */
struct dxg_cmd_queryadapterinfo {
	struct dxg_vgpu_to_host_header hdr;
	enum kmtqueryadapterinfotype query_type;
	u32 private_data_size;
	u8 private_data[];
};

/**
 * struct dxg_ret_queryadapterinfo - response to QUERYADAPTERINFO from version
 * 40 on
 * @status: status of the host
 * @private_data: as many bytes as in the request
 *
 * Below version 40 the response has no status: the data starts at 0.
 */
struct dxg_ret_queryadapterinfo {
	struct ntstatus status;
	u8 private_data[];
};

/**
 * struct dxg_cmd_openadapter - OPENADAPTER, first command to a vGPU
 * @hdr: header, process zero
 * @vmbus_interface_version: negotiated version
 * @vmbus_last_compatible_interface_version: oldest version the guest
 *	understands
 * @guest_adapter_luid: zero
 */
struct dxg_cmd_openadapter {
	struct dxg_vgpu_to_host_header hdr;
	u32 vmbus_interface_version;
	u32 vmbus_last_compatible_interface_version;
	struct winluid guest_adapter_luid;
};

/**
 * struct dxg_ret_openadapter - response to OPENADAPTER
 * @host_adapter_handle: adapter handle for later commands
 * @status: status of the host
 * @vmbus_interface_version: version of the host
 * @vmbus_last_compatible_interface_version: oldest version the host
 *	understands
 */
struct dxg_ret_openadapter {
	struct d3dkmthandle host_adapter_handle;
	struct ntstatus status;
	u32 vmbus_interface_version;
	u32 vmbus_last_compatible_interface_version;
};

/**
 * struct dxg_cmd_closeadapter - CLOSEADAPTER, last command to a vGPU
 * @hdr: header, process zero
 * @host_handle: handle from OPENADAPTER
 * @pad: padding, zero
 *
 * Response: a completion without payload is enough.
 */
struct dxg_cmd_closeadapter {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle host_handle;
	u32 pad;
};

/**
 * struct dxg_cmd_getinternaladapterinfo - GETINTERNALADAPTERINFO, facts about
 * a vGPU
 * @hdr: header, process zero
 */
struct dxg_cmd_getinternaladapterinfo {
	struct dxg_vgpu_to_host_header hdr;
};

/**
 * struct dxgk_device_types - kind of a host adapter
 * @post_device: used at boot
 * @post_device_certain: and that is certain
 * @software_device: emulated in software
 * @soft_gpu_device: software GPU
 * @warp_device: WARP rasteriser
 * @bdd_device: basic display driver
 * @support_miracast: can send to Miracast displays
 * @mismatched_lda: linked adapters differ
 * @indirect_display_device: display without a GPU
 * @xbox_one_device: Xbox One
 * @child_id_support_dwm_clone: clones displays
 * @child_id_support_dwm_clone2: clones displays, second form
 * @has_internal_panel: has a built-in panel
 * @rfx_vgpu_device: RemoteFX
 * @virtual_render_device: virtual
 * @support_preserve_boot_display: keeps the picture of the boot
 * @is_uefi_frame_buffer: is the firmware's frame buffer
 * @removable_device: removable
 * @virtual_monitor_device: has a virtual monitor
 * @reserved: zero
 */
struct dxgk_device_types {
	u32 post_device : 1;
	u32 post_device_certain : 1;
	u32 software_device : 1;
	u32 soft_gpu_device : 1;
	u32 warp_device : 1;
	u32 bdd_device : 1;
	u32 support_miracast : 1;
	u32 mismatched_lda : 1;
	u32 indirect_display_device : 1;
	u32 xbox_one_device : 1;
	u32 child_id_support_dwm_clone : 1;
	u32 child_id_support_dwm_clone2 : 1;
	u32 has_internal_panel : 1;
	u32 rfx_vgpu_device : 1;
	u32 virtual_render_device : 1;
	u32 support_preserve_boot_display : 1;
	u32 is_uefi_frame_buffer : 1;
	u32 removable_device : 1;
	u32 virtual_monitor_device : 1;
	u32 reserved : 13;
};

/**
 * struct dxg_ret_getinternaladapterinfo - response to GETINTERNALADAPTERINFO
 * @device_types: kind of adapter
 * @driver_store_copy_mode: how driver files reach the guest
 * @driver_ddi_version: version of the host's driver interface
 * @secure_virtual_machine: the VM is shielded
 * @virtual_machine_reset: the VM was reset
 * @is_vail_supported: objects can be shared with host processes
 * @hw_sch_enabled: the GPU schedules itself
 * @hw_sch_capable: the GPU could schedule itself
 * @va_backed_vm: guest memory is backed by virtual addresses
 * @async_msg_enabled: the adapter takes asynchronous messages on the global
 *	channel
 * @hw_support_state: state of hardware scheduling
 * @reserved: zero
 * @host_adapter_luid: LUID of the adapter on the host
 * @device_description: name of the device; may lack the NUL
 * @device_instance_id: host's id of the device; may lack the NUL
 * @host_vgpu_luid: LUID of the vGPU on the host
 *
 * Below version 40 the response ends before @host_vgpu_luid.
 */
struct dxg_ret_getinternaladapterinfo {
	struct dxgk_device_types device_types;
	u32 driver_store_copy_mode;
	u32 driver_ddi_version;
	u32 secure_virtual_machine : 1;
	u32 virtual_machine_reset : 1;
	u32 is_vail_supported : 1;
	u32 hw_sch_enabled : 1;
	u32 hw_sch_capable : 1;
	u32 va_backed_vm : 1;
	u32 async_msg_enabled : 1;
	u32 hw_support_state : 2;
	u32 reserved : 23;
	struct winluid host_adapter_luid;
	u16 device_description[80];
	u16 device_instance_id[WIN_MAX_PATH];
	struct winluid host_vgpu_luid;
};

/**
 * struct dxg_cmd_flushheaptransitions - FLUSHHEAPTRANSITIONS
 * @hdr: header
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_flushheaptransitions {
	struct dxg_vgpu_to_host_header hdr;
};

/* Device */

/**
 * struct dxg_cmd_createdevice - CREATEDEVICE
 * @hdr: header
 * @flags: flags of the ioctl
 * @cdd_device: zero
 * @pad: padding, zero
 * @error_code: guest token that comes back in SETGUESTDATA
 */
struct dxg_cmd_createdevice {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_createdeviceflags flags;
	u8 cdd_device;
	u8 pad[3];
	u64 error_code;
};

/**
 * struct dxg_ret_createdevice - response to CREATEDEVICE
 * @device: new device; zero is a failure
 */
struct dxg_ret_createdevice {
	struct d3dkmthandle device;
};

/**
 * struct dxg_cmd_destroydevice - DESTROYDEVICE
 * @hdr: header
 * @device: device
 * @pad: padding, zero
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_destroydevice {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	u32 pad;
};

/**
 * struct dxg_cmd_getdevicestate - GETDEVICESTATE
 * @hdr: header
 * @args: argument of the ioctl
 */
struct dxg_cmd_getdevicestate {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_getdevicestate args;
};

/**
 * struct dxg_ret_getdevicestate - response to GETDEVICESTATE
 * @args: argument with the state filled in
 * @status: status of the host
 * @pad: padding, zero
 */
struct dxg_ret_getdevicestate {
	struct d3dkmt_getdevicestate args;
	struct ntstatus status;
	u32 pad;
};

/**
 * struct dxg_cmd_markdeviceaserror - MARKDEVICEASERROR
 * @hdr: header
 * @args: argument of the ioctl
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_markdeviceaserror {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_markdeviceaserror args;
};

/**
 * struct dxg_cmd_flushdevice - FLUSHDEVICE, wait for the work of a device
 * @hdr: header
 * @device: device
 * @reason: enum dxgdevice_flushschedulerreason
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_flushdevice {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	enum dxgdevice_flushschedulerreason reason;
};

/* Context */

/**
 * struct dxg_cmd_createcontextvirtual - CREATECONTEXTVIRTUAL, request and
 * response
 * @hdr: header
 * @context: zero; response: new context, zero is a failure
 * @device: device
 * @node_ordinal: engine node
 * @engine_affinity: engines of the node
 * @flags: flags of the ioctl
 * @client_hint: kind of client
 * @priv_drv_data_size: bytes at @priv_drv_data
 * @priv_drv_data: private data; response: changed by the host
 *
 * Length: @priv_drv_data_size bytes of data and
 * DXG_SPARE_CREATECONTEXTVIRTUAL. The data starts at 52, inside what sizeof()
 * counts as 56. The response is the request, filled in and of the same
 * length.
 */
struct dxg_cmd_createcontextvirtual {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle context;
	struct d3dkmthandle device;
	u32 node_ordinal;
	u32 engine_affinity;
	struct d3dddi_createcontextflags flags;
	enum d3dkmt_clienthint client_hint;
	u32 priv_drv_data_size;
	u8 priv_drv_data[];
};

/**
 * struct dxg_cmd_destroycontext - DESTROYCONTEXT
 * @hdr: header
 * @context: context
 * @pad: padding, zero
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_destroycontext {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle context;
	u32 pad;
};

/**
 * struct dxg_cmd_setcontextschedulingpriority2 - SETCONTEXTSCHEDULINGPRIORITY
 * @hdr: header
 * @context: context
 * @priority: priority
 * @in_process: one: only among the contexts of the process
 * @pad: padding, zero
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_setcontextschedulingpriority2 {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle context;
	s32 priority;
	u8 in_process;
	u8 pad[7];
};

/**
 * struct dxg_cmd_getcontextschedulingpriority - GETCONTEXTSCHEDULINGPRIORITY
 * @hdr: header
 * @context: context
 * @in_process: one: only among the contexts of the process
 * @pad: padding, zero
 */
struct dxg_cmd_getcontextschedulingpriority {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle context;
	u8 in_process;
	u8 pad[3];
};

/**
 * struct dxg_ret_getcontextschedulingpriority - response to
 * GETCONTEXTSCHEDULINGPRIORITY
 * @status: status of the host
 * @priority: priority
 */
struct dxg_ret_getcontextschedulingpriority {
	struct ntstatus status;
	s32 priority;
};

/* Hardware queue */

/**
 * struct dxg_cmd_createhwqueue - CREATEHWQUEUE, request and response
 * @hdr: header
 * @status: zero; response: status of the host
 * @hwqueue: zero; response: new hardware queue
 * @hwqueue_progress_fence: zero; response: its progress fence
 * @pad: padding, zero
 * @hwqueue_progress_fence_cpuva: zero; response: guest physical address of
 *	the fence value, one page of the I/O space
 * @hwqueue_progress_fence_gpuva: zero; response: GPU virtual address of the
 *	fence value
 * @context: context
 * @flags: flags of the ioctl
 * @priv_drv_data_size: bytes at @priv_drv_data
 * @priv_drv_data: private data; response: changed by the host
 *
 * Length: @priv_drv_data_size bytes of data and DXG_SPARE_CREATEHWQUEUE, or
 * DXG_SPARE_CREATEHWQUEUE_NO_DATA without data. The data starts at 68, inside
 * what sizeof() counts as 72. The response is the request, filled in and of
 * the same length.
 */
struct dxg_cmd_createhwqueue {
	struct dxg_vgpu_to_host_header hdr;
	struct ntstatus status;
	struct d3dkmthandle hwqueue;
	struct d3dkmthandle hwqueue_progress_fence;
	u32 pad;
	u64 hwqueue_progress_fence_cpuva;
	u64 hwqueue_progress_fence_gpuva;
	struct d3dkmthandle context;
	struct d3dddi_createhwqueueflags flags;
	u32 priv_drv_data_size;
	u8 priv_drv_data[];
};

/**
 * struct dxg_cmd_destroyhwqueue - DESTROYHWQUEUE
 * @hdr: header
 * @hwqueue: hardware queue
 * @pad: padding, zero
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_destroyhwqueue {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle hwqueue;
	u32 pad;
};

/**
 * struct dxg_cmd_submitcommandtohwqueue - SUBMITCOMMANDTOHWQUEUE
 * @hdr: header
 * @args: argument of the ioctl
 *
 * Followed by struct d3dkmthandle[args.num_primaries] and by
 * args.priv_drv_data_size bytes of private data.
 *
 * Response: struct ntstatus, or none when asynchronous.
 */
struct dxg_cmd_submitcommandtohwqueue {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_submitcommandtohwqueue args;
};

/* Submission */

/**
 * struct dxg_cmd_submitcommand - SUBMITCOMMAND
 * @hdr: header
 * @args: argument of the ioctl
 *
 * Followed by struct d3dkmthandle[args.num_history_buffers] and by
 * args.priv_drv_data_size bytes of private data.
 *
 * Response: struct ntstatus, or none when asynchronous.
 */
struct dxg_cmd_submitcommand {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_submitcommand args;
};

/* Paging queue and residency */

/**
 * struct dxg_cmd_createpagingqueue - CREATEPAGINGQUEUE
 * @hdr: header
 * @args: argument of the ioctl, output members zero
 */
struct dxg_cmd_createpagingqueue {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_createpagingqueue args;
};

/**
 * struct dxg_ret_createpagingqueue - response to CREATEPAGINGQUEUE
 * @paging_queue: new paging queue; zero is a failure
 * @sync_object: its monitored fence
 * @fence_storage_physical_address: guest physical address of the fence value,
 *	one page of the I/O space
 * @fence_storage_offset: not used
 */
struct dxg_ret_createpagingqueue {
	struct d3dkmthandle paging_queue;
	struct d3dkmthandle sync_object;
	u64 fence_storage_physical_address;
	u64 fence_storage_offset;
};

/**
 * struct dxg_cmd_destroypagingqueue - DESTROYPAGINGQUEUE
 * @hdr: header
 * @paging_queue: paging queue
 * @pad: padding, zero
 *
 * Response: a completion without payload is enough.
 */
struct dxg_cmd_destroypagingqueue {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle paging_queue;
	u32 pad;
};

/**
 * struct dxg_cmd_makeresident - MAKERESIDENT
 * @hdr: header
 * @device: zero
 * @paging_queue: paging queue
 * @flags: flags of the ioctl
 * @alloc_count: entries of @allocations
 * @allocations: allocation handles
 *
 * Length: @alloc_count handles and DXG_SPARE_MAKERESIDENT.
 */
struct dxg_cmd_makeresident {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	struct d3dkmthandle paging_queue;
	struct d3dddi_makeresident_flags flags;
	u32 alloc_count;
	struct d3dkmthandle allocations[];
};

/**
 * struct dxg_ret_makeresident - response to MAKERESIDENT
 * @paging_fence_value: value of the paging fence to wait for
 * @num_bytes_to_trim: bytes missing when memory did not suffice
 * @status: status of the host
 * @pad: padding, zero
 */
struct dxg_ret_makeresident {
	u64 paging_fence_value;
	u64 num_bytes_to_trim;
	struct ntstatus status;
	u32 pad;
};

/**
 * struct dxg_cmd_evict - EVICT
 * @hdr: header
 * @device: device
 * @flags: flags of the ioctl
 * @alloc_count: entries of @allocations
 * @allocations: allocation handles
 *
 * Length: @alloc_count handles. They start at 36, inside what sizeof() counts
 * as 40.
 */
struct dxg_cmd_evict {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	struct d3dddi_evict_flags flags;
	u32 alloc_count;
	struct d3dkmthandle allocations[];
};

/**
 * struct dxg_ret_evict - response to EVICT
 * @num_bytes_to_trim: bytes over the budget
 */
struct dxg_ret_evict {
	u64 num_bytes_to_trim;
};

/**
 * struct dxg_cmd_queryallocationresidency - QUERYALLOCATIONRESIDENCY
 * @hdr: header
 * @args: argument of the ioctl
 *
 * Followed by struct d3dkmthandle[args.allocation_count], none with a
 * resource.
 */
struct dxg_cmd_queryallocationresidency {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_queryallocationresidency args;
};

/**
 * struct dxg_ret_queryallocationresidency - response to
 * QUERYALLOCATIONRESIDENCY
 * @status: status of the host
 *
 * Followed by u32 enum d3dkmt_allocationresidencystatus, one for each
 * allocation or one for a resource; the whole rounded up to 8 bytes.
 */
struct dxg_ret_queryallocationresidency {
	struct ntstatus status;
};

/**
 * struct dxg_cmd_changevideomemoryreservation - CHANGEVIDEOMEMORYRESERVATION
 * @hdr: header
 * @args: argument of the ioctl, process and adapter zero
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_changevideomemoryreservation {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_changevideomemoryreservation args;
};

/**
 * struct dxg_cmd_offerallocations - OFFERALLOCATIONS
 * @hdr: header
 * @device: device
 * @allocation_count: entries of @allocations
 * @priority: what goes first
 * @flags: flags of the ioctl
 * @resources: one: @allocations holds resource handles
 * @pad: padding, zero
 * @allocations: allocation or resource handles
 *
 * Length: @allocation_count handles. They start at 44, inside what sizeof()
 * counts as 48.
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_offerallocations {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	u32 allocation_count;
	enum d3dkmt_offer_priority priority;
	struct d3dkmt_offer_flags flags;
	u8 resources;
	u8 pad[3];
	struct d3dkmthandle allocations[];
};

/**
 * struct dxg_cmd_reclaimallocations - RECLAIMALLOCATIONS
 * @hdr: header
 * @device: device
 * @paging_queue: paging queue
 * @allocation_count: entries of @allocations
 * @resources: one: @allocations holds resource handles
 * @write_results: one: the response lists results
 * @pad: padding, zero
 * @allocations: allocation or resource handles
 *
 * Length: @allocation_count handles and DXG_SPARE_RECLAIMALLOCATIONS.
 */
struct dxg_cmd_reclaimallocations {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	struct d3dkmthandle paging_queue;
	u32 allocation_count;
	u8 resources;
	u8 write_results;
	u8 pad[2];
	struct d3dkmthandle allocations[];
};

/**
 * struct dxg_ret_reclaimallocations - response to RECLAIMALLOCATIONS
 * @paging_fence_value: value of the paging fence to wait for
 * @status: status of the host
 * @discarded: one result for each handle when write_results was one
 *
 * The results start at 12, inside what sizeof() counts as 16. Length: 16
 * without results, else the results, the whole rounded up to 8 bytes.
 */
struct dxg_ret_reclaimallocations {
	u64 paging_fence_value;
	struct ntstatus status;
	enum d3dddi_reclaim_result discarded[];
};

/* Allocation */

/**
 * struct dxg_cmd_createallocation - CREATEALLOCATION
 * @hdr: header
 * @device: device
 * @resource: resource to add to, zero when a new one is wanted
 * @private_runtime_data_size: bytes of runtime data
 * @priv_drv_data_size: bytes of private data of the resource, or of a struct
 *	d3dkmt_createstandardallocation
 * @alloc_count: number of allocations
 * @flags: flags of the ioctl; existing_sysmem set when memory is given
 * @private_runtime_resource_handle: cookie of the runtime
 * @make_resident: zero
 * @pad: padding, zero
 *
 * Followed, without alignment, by struct dxg_cmd_createallocation_allocinfo
 * [@alloc_count], the runtime data, the private data of the resource, and the
 * private data of each allocation.
 */
struct dxg_cmd_createallocation {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	u32 private_runtime_data_size;
	u32 priv_drv_data_size;
	u32 alloc_count;
	struct d3dkmt_createallocationflags flags;
	u64 private_runtime_resource_handle;
	u8 make_resident;
	u8 pad[7];
};

/**
 * struct dxg_cmd_createallocation_allocinfo - one allocation in
 * CREATEALLOCATION
 * @flags: flags word of struct d3dddi_allocationinfo2
 * @priv_drv_data_size: bytes of its private data
 * @vidpn_source_id: display source
 */
struct dxg_cmd_createallocation_allocinfo {
	u32 flags;
	u32 priv_drv_data_size;
	u32 vidpn_source_id;
};

/**
 * struct dxg_allocflags - what the host made of an allocation
 * @flags: all bits as one word
 * @primary: can be displayed
 * @cdd_primary: primary of the canonical display driver
 * @dod_primary: primary of a display-only driver
 * @overlay: overlay
 * @reserved6: not used
 * @capture: capture buffer
 * @reserved0: not used
 * @reserved1: not used
 * @existing_sysmem: backed by guest memory
 * @stereo: for stereo display
 * @direct_flip: can be displayed without a copy
 * @hardware_protected: protected by hardware
 * @reserved2: not used
 * @reserved3: not used
 * @reserved4: not used
 * @protected: protected
 * @cached: CPU mapping is cached, else write-combining
 * @independent_primary: displayed on its own
 * @reserved: not used
 */
struct dxg_allocflags {
	union {
		u32 flags;
		struct {
			u32 primary : 1;
			u32 cdd_primary : 1;
			u32 dod_primary : 1;
			u32 overlay : 1;
			u32 reserved6 : 1;
			u32 capture : 1;
			u32 reserved0 : 4;
			u32 reserved1 : 1;
			u32 existing_sysmem : 1;
			u32 stereo : 1;
			u32 direct_flip : 1;
			u32 hardware_protected : 1;
			u32 reserved2 : 1;
			u32 reserved3 : 1;
			u32 reserved4 : 1;
			u32 protected : 1;
			u32 cached : 1;
			u32 independent_primary : 1;
			u32 reserved : 11;
		};
	};
};

/**
 * struct dxgkarg_describeallocation - host driver's description of an
 * allocation
 * @allocation: handle of the host's driver
 * @width: in pixels
 * @height: in pixels
 * @format: surface format
 * @multisample_method: multisampling
 * @refresh_rate: in hertz
 * @private_driver_attribute: attribute of the host's driver
 * @flags: flags of the host's driver
 * @rotation: rotation
 * @pad: padding, zero
 */
struct dxgkarg_describeallocation {
	u64 allocation;
	u32 width;
	u32 height;
	u32 format;
	u32 multisample_method;
	struct d3dddi_rational refresh_rate;
	u32 private_driver_attribute;
	u32 flags;
	u32 rotation;
	u32 pad;
};

/**
 * struct dxg_ret_allocinfo - one allocation in the response to
 * CREATEALLOCATION
 * @allocation: new allocation; zero is a failure
 * @priv_drv_data_size: bytes of returned private data
 * @allocation_flags: properties
 * @pad: padding, zero
 * @allocation_size: bytes, a multiple of the page size
 * @driver_info: description
 */
struct dxg_ret_allocinfo {
	struct d3dkmthandle allocation;
	u32 priv_drv_data_size;
	struct dxg_allocflags allocation_flags;
	u32 pad;
	u64 allocation_size;
	struct dxgkarg_describeallocation driver_info;
};

/**
 * struct dxg_ret_createallocation - response to CREATEALLOCATION
 * @flags: not used
 * @resource: new resource, when one was wanted
 * @global_share: not used
 * @vgpu_flags: not used
 * @allocation_info: one entry for each allocation
 *
 * Followed by the returned private data of each allocation, without
 * alignment.
 */
struct dxg_ret_createallocation {
	struct d3dkmt_createallocationflags flags;
	struct d3dkmthandle resource;
	struct d3dkmthandle global_share;
	u32 vgpu_flags;
	struct dxg_ret_allocinfo allocation_info[];
};

/**
 * struct dxg_cmd_destroyallocation - DESTROYALLOCATION
 * @hdr: header
 * @device: device
 * @resource: resource to destroy, or zero
 * @alloc_count: entries of @allocations
 * @flags: flags of the ioctl
 * @allocations: allocation handles
 *
 * Length: @alloc_count handles and DXG_SPARE_DESTROYALLOCATION.
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_destroyallocation {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	u32 alloc_count;
	struct d3dddicb_destroyallocation2flags flags;
	struct d3dkmthandle allocations[];
};

/**
 * struct dxg_cmd_lock2 - LOCK2
 * @hdr: header
 * @args: argument of the ioctl, data zero
 * @use_legacy_lock: zero
 * @pad: padding, zero
 * @flags: zero
 * @priv_drv_data: zero
 * @pad2: padding, zero
 */
struct dxg_cmd_lock2 {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_lock2 args;
	u8 use_legacy_lock;
	u8 pad[3];
	u32 flags;
	u32 priv_drv_data;
	u32 pad2;
};

/**
 * struct dxg_ret_lock2 - response to LOCK2
 * @status: status of the host
 * @pad: padding, zero
 * @cpu_visible_buffer_offset: guest physical address of the allocation in the
 *	I/O space
 */
struct dxg_ret_lock2 {
	struct ntstatus status;
	u32 pad;
	u64 cpu_visible_buffer_offset;
};

/**
 * struct dxg_cmd_unlock2 - UNLOCK2
 * @hdr: header
 * @args: argument of the ioctl
 * @use_legacy_unlock: zero
 * @pad: padding, zero
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_unlock2 {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_unlock2 args;
	u8 use_legacy_unlock;
	u8 pad[7];
};

/**
 * struct dxg_cmd_getstandardallocprivdata - data of a standard allocation
 * @hdr: header
 * @alloc_type: _D3DKMDT_STANDARDALLOCATION_GDISURFACE
 * @priv_driver_data_size: room for private data of the allocation, zero to
 *	ask for the size
 * @priv_driver_resource_size: room for private data of the resource, zero to
 *	ask for the size
 * @physical_adapter_index: adapter within a linked group
 * @primary: primary surface
 * @shadow: shadow surface
 * @staging: staging surface
 * @gdi_surface: GDI surface
 *
 * Command DDIGETSTANDARDALLOCATIONDRIVERDATA, sent twice: to learn the sizes,
 * then with room for them.
 */
struct dxg_cmd_getstandardallocprivdata {
	struct dxg_vgpu_to_host_header hdr;
	enum d3dkmdt_standardallocationtype alloc_type;
	u32 priv_driver_data_size;
	u32 priv_driver_resource_size;
	u32 physical_adapter_index;
	union {
		struct d3dkmdt_sharedprimarysurfacedata primary;
		struct d3dkmdt_shadowsurfacedata shadow;
		struct d3dkmdt_stagingsurfacedata staging;
		struct d3dkmdt_gdisurfacedata gdi_surface;
	};
};

/**
 * struct dxg_ret_getstandardallocprivdata - data of a standard allocation
 * @status: status of the host
 * @priv_driver_data_size: bytes of private data of the allocation
 * @priv_driver_resource_size: bytes of private data of the resource
 * @primary: primary surface
 * @shadow: shadow surface
 * @staging: staging surface
 * @gdi_surface: GDI surface
 *
 * Followed, when the request had room, by the private data of the allocation
 * and that of the resource, without alignment; the whole rounded up to 8
 * bytes.
 */
struct dxg_ret_getstandardallocprivdata {
	struct ntstatus status;
	u32 priv_driver_data_size;
	u32 priv_driver_resource_size;
	union {
		struct d3dkmdt_sharedprimarysurfacedata primary;
		struct d3dkmdt_shadowsurfacedata shadow;
		struct d3dkmdt_stagingsurfacedata staging;
		struct d3dkmdt_gdisurfacedata gdi_surface;
	};
};

/**
 * struct dxg_cmd_setexistingsysmemstore - SETEXISTINGSYSMEMSTORE
 * @hdr: header
 * @device: device
 * @allocation: allocation
 * @gpadl: GPADL handle of the memory, made on the global channel
 * @pad: padding, zero
 *
 * Response: struct ntstatus. For hosts without map_guest_memory.
 */
struct dxg_cmd_setexistingsysmemstore {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	struct d3dkmthandle allocation;
	u32 gpadl;
	u32 pad;
};

/**
 * struct dxg_cmd_updateallocationproperty - UPDATEALLOCATIONPROPERTY
 * @hdr: header
 * @args: argument of the ioctl
 */
struct dxg_cmd_updateallocationproperty {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dddi_updateallocproperty args;
};

/**
 * struct dxg_ret_updateallocationproperty - response to
 * UPDATEALLOCATIONPROPERTY
 * @paging_fence_value: value of the paging fence to wait for, with
 *	STATUS_PENDING
 * @status: status of the host
 * @pad: padding, zero
 */
struct dxg_ret_updateallocationproperty {
	u64 paging_fence_value;
	struct ntstatus status;
	u32 pad;
};

/**
 * struct dxg_cmd_setallocationpriority - SETALLOCATIONPRIORITY
 * @hdr: header
 * @device: device
 * @resource: resource, or zero
 * @allocation_count: number of allocations, zero with a resource
 * @pad: padding, zero
 *
 * Followed by struct d3dkmthandle[@allocation_count] and by u32 priorities,
 * one for each allocation or one for a resource.
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_setallocationpriority {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	u32 allocation_count;
	u32 pad;
};

/**
 * struct dxg_cmd_getallocationpriority - GETALLOCATIONPRIORITY
 * @hdr: header
 * @device: device
 * @resource: resource, or zero
 * @allocation_count: number of allocations, zero with a resource
 * @pad: padding, zero
 *
 * Followed by struct d3dkmthandle[@allocation_count].
 */
struct dxg_cmd_getallocationpriority {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	struct d3dkmthandle resource;
	u32 allocation_count;
	u32 pad;
};

/**
 * struct dxg_ret_getallocationpriority - response to GETALLOCATIONPRIORITY
 * @status: status of the host
 *
 * Followed by u32 priorities, one for each allocation or one for a resource;
 * the whole rounded up to 8 bytes.
 */
struct dxg_ret_getallocationpriority {
	struct ntstatus status;
};

/**
 * struct dxg_cmd_setexistingsysmempages - SETEXISTINGSYSMEMPAGES
 * @hdr: header
 * @device: device
 * @allocation: allocation
 * @num_pages: page frame numbers in this message
 * @alloc_offset_in_pages: first page of the allocation that they back
 *
 * Followed by u64[@num_pages] frame numbers of 4096-byte pages, at most
 * MAX_PFNS_PER_SETEXISTINGSYSMEMPAGES, which is what fits in the largest
 * packet with 4096 bytes to spare.
 *
 * Response: struct ntstatus. For hosts with map_guest_memory.
 */
struct dxg_cmd_setexistingsysmempages {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	struct d3dkmthandle allocation;
	u32 num_pages;
	u32 alloc_offset_in_pages;
};

/**
 * struct dxg_cmd_invalidatecache - INVALIDATECACHE
 * @hdr: header
 * @device: device
 * @allocation: allocation
 * @offset: first byte
 * @length: bytes
 * @reserved: zero
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_invalidatecache {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	struct d3dkmthandle allocation;
	u64 offset;
	u64 length;
	u64 reserved;
};

/* GPU virtual address */

/**
 * struct dxg_cmd_freegpuvirtualaddress - FREEGPUVIRTUALADDRESS
 * @hdr: header
 * @args: argument of the ioctl
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_freegpuvirtualaddress {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_freegpuvirtualaddress args;
};

/**
 * struct dxg_cmd_mapgpuvirtualaddress - MAPGPUVIRTUALADDRESS
 * @hdr: header
 * @args: argument of the ioctl
 * @device: zero
 * @pad: padding, zero
 */
struct dxg_cmd_mapgpuvirtualaddress {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dddi_mapgpuvirtualaddress args;
	struct d3dkmthandle device;
	u32 pad;
};

/**
 * struct dxg_ret_mapgpuvirtualaddress - response to MAPGPUVIRTUALADDRESS
 * @virtual_address: GPU virtual address
 * @paging_fence_value: value of the paging fence to wait for
 * @status: status of the host
 * @pad: padding, zero
 */
struct dxg_ret_mapgpuvirtualaddress {
	u64 virtual_address;
	u64 paging_fence_value;
	struct ntstatus status;
	u32 pad;
};

/**
 * struct dxg_cmd_reservegpuvirtualaddress - RESERVEGPUVIRTUALADDRESS
 * @hdr: header
 * @args: argument of the ioctl
 */
struct dxg_cmd_reservegpuvirtualaddress {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dddi_reservegpuvirtualaddress args;
};

/**
 * struct dxg_ret_reservegpuvirtualaddress - response to
 * RESERVEGPUVIRTUALADDRESS
 * @virtual_address: GPU virtual address
 * @paging_fence_value: not used
 */
struct dxg_ret_reservegpuvirtualaddress {
	u64 virtual_address;
	u64 paging_fence_value;
};

/**
 * struct dxg_cmd_updategpuvirtualaddress - UPDATEGPUVIRTUALADDRESS
 * @hdr: header
 * @fence_value: value to wait for
 * @device: device
 * @context: context
 * @fence_object: fence that is waited for and signalled
 * @num_operations: entries of @operations
 * @flags: flags word of the ioctl
 * @pad: padding, zero
 * @operations: operations as the caller gave them
 *
 * Length: @num_operations operations.
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_updategpuvirtualaddress {
	struct dxg_vgpu_to_host_header hdr;
	u64 fence_value;
	struct d3dkmthandle device;
	struct d3dkmthandle context;
	struct d3dkmthandle fence_object;
	u32 num_operations;
	u32 flags;
	u32 pad;
	struct d3dddi_updategpuvirtualaddress_operation operations[];
};

/* Synchronisation */

/**
 * struct dxg_cmd_destroysyncobject - DESTROYSYNCOBJECT
 * @hdr: header
 * @sync_object: synchronisation object
 * @pad: padding, zero
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_destroysyncobject {
	struct dxg_vm_to_host_header hdr;
	struct d3dkmthandle sync_object;
	u32 pad;
};

/**
 * struct dxg_cmd_createsyncobject - CREATESYNCOBJECT
 * @hdr: header
 * @args: argument of the ioctl, output members zero, an eventfd replaced by
 *	an event id
 * @client_hint: one
 * @pad: padding, zero
 */
struct dxg_cmd_createsyncobject {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_createsynchronizationobject2 args;
	u32 client_hint;
	u32 pad;
};

/**
 * struct dxg_ret_createsyncobject - response to CREATESYNCOBJECT
 * @sync_object: new object; zero is a failure
 * @global_sync_object: global handle of a shared object
 * @fence_gpu_va: GPU virtual address of the fence value
 * @fence_storage_address: guest physical address of the fence value, one page
 *	of the I/O space
 * @fence_storage_offset: not used
 * @pad: padding, zero
 */
struct dxg_ret_createsyncobject {
	struct d3dkmthandle sync_object;
	struct d3dkmthandle global_sync_object;
	u64 fence_gpu_va;
	u64 fence_storage_address;
	u32 fence_storage_offset;
	u32 pad;
};

/**
 * struct dxg_cmd_waitforsyncobjectfromcpu - WAITFORSYNCOBJECTFROMCPU
 * @hdr: header
 * @device: device
 * @object_count: number of objects
 * @flags: how to wait
 * @pad: padding, zero
 * @guest_event_pointer: event id for SIGNALGUESTEVENT
 * @dereference_event: zero
 * @pad2: padding, zero
 *
 * Followed by struct d3dkmthandle[@object_count] and by u64[@object_count]
 * values, not aligned when the count is odd.
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_waitforsyncobjectfromcpu {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	u32 object_count;
	struct d3dddi_waitforsynchronizationobjectfromcpu_flags flags;
	u32 pad;
	u64 guest_event_pointer;
	u8 dereference_event;
	u8 pad2[7];
};

/**
 * struct dxg_cmd_waitforsyncobjectfromgpu - WAITFORSYNCOBJECTFROMGPU
 * @hdr: header
 * @context: context or hardware queue
 * @object_count: number of objects, 1 to 32
 * @legacy_fence_object: one for a legacy object
 * @pad: padding, zero
 * @fence_values: one value for each object
 *
 * The values are followed by struct d3dkmthandle[@object_count].
 *
 * Response: struct ntstatus, or none when asynchronous.
 */
struct dxg_cmd_waitforsyncobjectfromgpu {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle context;
	u32 object_count;
	u8 legacy_fence_object;
	u8 pad[7];
	u64 fence_values[];
};

/**
 * struct dxg_cmd_signalsyncobject - SIGNALSYNCOBJECT
 * @hdr: header
 * @object_count: number of objects
 * @flags: how to signal
 * @context_count: number of contexts or hardware queues
 * @pad: padding, zero
 * @fence_value: value of a legacy fence
 * @cpu_event_handle: event id, with enqueue_cpu_event
 * @device: device of a signal from the CPU, else zero
 *
 * Followed by struct d3dkmthandle[@object_count], struct
 * d3dkmthandle[@context_count] and by u64 values of monitored fences: one for
 * each object, none for legacy objects or an event. The values are not
 * aligned when the number of handles is odd.
 *
 * Response: struct ntstatus, or none when asynchronous.
 */
struct dxg_cmd_signalsyncobject {
	struct dxg_vgpu_to_host_header hdr;
	u32 object_count;
	struct d3dddicb_signalflags flags;
	u32 context_count;
	u32 pad;
	u64 fence_value;
	union {
		u64 cpu_event_handle;
		struct d3dkmthandle device;
	};
};

/**
 * struct dxg_cmd_createnativefence - CREATENATIVEFENCE, from version 45 on
 * @hdr: header
 * @args: argument of the ioctl
 * @flags: zero
 * @pad: padding, zero
 *
 * Always on the global channel.
 */
struct dxg_cmd_createnativefence {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_createnativefence args;
	u32 flags;
	u32 pad;
};

/**
 * struct dxg_ret_createnativefence - response to CREATENATIVEFENCE
 * @status: status of the host
 * @sync_object: new fence
 * @global_sync_object: global handle of a shared fence
 * @reserved: zero
 * @current_value_gpu_va: GPU virtual address of the value
 * @monitored_value_gpu_va: GPU virtual address of the monitored value
 * @current_value_physical_address: guest physical address of the value, one
 *	page of the I/O space
 * @current_value_offset: offset of the value in the page
 * @reserved2: zero
 * @private_driver_data: private data of the user mode driver
 */
struct dxg_ret_createnativefence {
	struct ntstatus status;
	struct d3dkmthandle sync_object;
	struct d3dkmthandle global_sync_object;
	u32 reserved;
	u64 current_value_gpu_va;
	u64 monitored_value_gpu_va;
	u64 current_value_physical_address;
	u32 current_value_offset;
	u32 reserved2;
	u8 private_driver_data[D3DDDI_NATIVE_FENCE_PDD_SIZE];
};

/* Sharing */

/**
 * struct dxg_cmd_opensyncobject - OPENSYNCOBJECT
 * @hdr: header
 * @device: device
 * @global_sync_object: global handle from CREATESYNCOBJECT
 * @engine_affinity: linked adapters that use it
 * @flags: flags of the ioctl
 */
struct dxg_cmd_opensyncobject {
	struct dxg_vm_to_host_header hdr;
	struct d3dkmthandle device;
	struct d3dkmthandle global_sync_object;
	u32 engine_affinity;
	struct d3dddi_synchronizationobject_flags flags;
};

/**
 * struct dxg_ret_opensyncobject - response to OPENSYNCOBJECT
 * @sync_object: new object
 * @status: status of the host
 * @gpu_virtual_address: GPU virtual address of the fence value
 * @guest_cpu_physical_address: guest physical address of the fence value, one
 *	page of the I/O space
 */
struct dxg_ret_opensyncobject {
	struct d3dkmthandle sync_object;
	struct ntstatus status;
	u64 gpu_virtual_address;
	u64 guest_cpu_physical_address;
};

/**
 * struct dxg_cmd_createntsharedobject - CREATENTSHAREDOBJECT
 * @hdr: header
 * @object: resource or synchronisation object
 * @pad: padding, zero
 *
 * Response: struct d3dkmthandle, the shared handle; zero is a failure.
 */
struct dxg_cmd_createntsharedobject {
	struct dxg_vm_to_host_header hdr;
	struct d3dkmthandle object;
	u32 pad;
};

/**
 * struct dxg_cmd_destroyntsharedobject - DESTROYNTSHAREDOBJECT
 * @hdr: header, process zero
 * @shared_handle: handle from CREATENTSHAREDOBJECT
 * @pad: padding, zero
 *
 * Response: struct ntstatus.
 */
struct dxg_cmd_destroyntsharedobject {
	struct dxg_vm_to_host_header hdr;
	struct d3dkmthandle shared_handle;
	u32 pad;
};

/**
 * struct dxg_cmd_shareobjectwithhost - SHAREOBJECTWITHHOST
 * @hdr: header
 * @device_handle: device
 * @object_handle: object
 * @reserved: zero
 */
struct dxg_cmd_shareobjectwithhost {
	struct dxg_vm_to_host_header hdr;
	struct d3dkmthandle device_handle;
	struct d3dkmthandle object_handle;
	u64 reserved;
};

/**
 * struct dxg_ret_shareobjectwithhost - response to SHAREOBJECTWITHHOST
 * @status: status of the host
 * @alignment: not used
 * @vail_nt_handle: handle on the host
 */
struct dxg_ret_shareobjectwithhost {
	struct ntstatus status;
	u32 alignment;
	u64 vail_nt_handle;
};

/**
 * struct dxg_cmd_openresource - OPENRESOURCE
 * @hdr: header
 * @device: device
 * @nt_security_sharing: one
 * @pad: padding, zero
 * @global_share: handle from CREATENTSHAREDOBJECT
 * @allocation_count: number of allocations expected
 * @total_priv_drv_data_size: bytes of private data of all allocations
 * @pad2: padding, zero
 */
struct dxg_cmd_openresource {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle device;
	u8 nt_security_sharing;
	u8 pad[3];
	struct d3dkmthandle global_share;
	u32 allocation_count;
	u32 total_priv_drv_data_size;
	u32 pad2;
};

/**
 * struct dxg_ret_openresource - response to OPENRESOURCE
 * @resource: new resource
 * @status: status of the host
 *
 * Followed by struct d3dkmthandle[allocation_count]; the whole rounded up to
 * 8 bytes.
 */
struct dxg_ret_openresource {
	struct d3dkmthandle resource;
	struct ntstatus status;
};

/**
 * struct dxg_cmd_opennativefencefromnthandle - OPENNATIVEFENCEFROMNTHANDLE,
 * from version 46 on
 * @hdr: header
 * @hglobalshare: handle from CREATENTSHAREDOBJECT
 * @pad: padding, zero
 * @args: argument of the ioctl
 *
 * Always on the global channel.
 */
struct dxg_cmd_opennativefencefromnthandle {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle hglobalshare;
	u32 pad;
	struct d3dkmt_opennativefencefromnthandle args;
};

/**
 * struct dxg_ret_opennativefencefromnthandle - response to
 * OPENNATIVEFENCEFROMNTHANDLE
 * @status: status of the host
 * @hsyncobject: new fence
 * @reserved: zero
 * @pad: padding, zero
 * @current_value_gpu_va: GPU virtual address of the value
 * @monitored_value_gpu_va: GPU virtual address of the monitored value
 * @current_value_physical_address: guest physical address of the value, one
 *	page of the I/O space
 * @current_value_offset: offset of the value in the page
 * @reserved2: zero
 * @private_driver_data: private data of the user mode driver
 */
struct dxg_ret_opennativefencefromnthandle {
	struct ntstatus status;
	struct d3dkmthandle hsyncobject;
	u32 reserved;
	u32 pad;
	u64 current_value_gpu_va;
	u64 monitored_value_gpu_va;
	u64 current_value_physical_address;
	u32 current_value_offset;
	u32 reserved2;
	u8 private_driver_data[D3DDDI_NATIVE_FENCE_PDD_SIZE];
};

/* Queries */

/**
 * struct dxg_cmd_isfeatureenabled_gbl - ISFEATUREENABLED_GLOBAL
 * @hdr: header, process zero
 * @feature_id: feature
 * @pad: padding, zero
 */
struct dxg_cmd_isfeatureenabled_gbl {
	struct dxg_vm_to_host_header hdr;
	enum dxgk_feature_id feature_id;
	u32 pad;
};

/**
 * struct dxgk_feature_desc - what the host knows about a feature
 * @min_supported_version: oldest version
 * @max_supported_version: newest version
 * @supported: supported
 * @virtualization_mode: how it is virtualised
 * @global: not per adapter
 * @driver_feature: of the driver
 * @internal: internal to Windows
 * @reserved: not used
 */
struct dxgk_feature_desc {
	u16 min_supported_version;
	u16 max_supported_version;
	struct {
		u16 supported : 1;
		u16 virtualization_mode : 3;
		u16 global : 1;
		u16 driver_feature : 1;
		u16 internal : 1;
		u16 reserved : 9;
	};
};

/**
 * struct dxg_ret_isfeatureenabled - response to both forms of
 * ISFEATUREENABLED
 * @status: status of the host
 * @descriptor: description
 * @result: answer for the ioctl
 * @pad: padding, zero
 */
struct dxg_ret_isfeatureenabled {
	struct ntstatus status;
	struct dxgk_feature_desc descriptor;
	struct dxgk_isfeatureenabled_result result;
	u8 pad[2];
};

/**
 * struct dxg_cmd_queryvideomemoryinfo - queryvideomemoryinfo
 * @hdr: header
 * @adapter: adapter handle of the host
 * @memory_segment_group: local or not
 * @physical_adapter_index: adapter within a linked group
 * @pad: padding, zero
 */
struct dxg_cmd_queryvideomemoryinfo {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle adapter;
	enum d3dkmt_memory_segment_group memory_segment_group;
	u32 physical_adapter_index;
	u32 pad;
};

/**
 * struct dxg_ret_queryvideomemoryinfo - response to queryvideomemoryinfo
 * @budget: bytes the process should stay below
 * @current_usage: bytes in use
 * @current_reservation: bytes reserved
 * @available_for_reservation: bytes that can be reserved
 */
struct dxg_ret_queryvideomemoryinfo {
	u64 budget;
	u64 current_usage;
	u64 current_reservation;
	u64 available_for_reservation;
};

/**
 * struct dxg_cmd_querystatistics - QUERYSTATISTICS
 * @hdr: header, the process asked about
 * @args: argument of the ioctl with the LUID of the host's adapter, process
 *	zero
 */
struct dxg_cmd_querystatistics {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_querystatistics args;
};

/**
 * struct dxg_ret_querystatistics - response to QUERYSTATISTICS
 * @status: status of the host
 * @reserved: not used
 * @result: statistics
 */
struct dxg_ret_querystatistics {
	struct ntstatus status;
	u32 reserved;
	struct d3dkmt_querystatistics_result result;
};

/**
 * struct dxg_cmd_queryclockcalibration - QUERYCLOCKCALIBRATION
 * @hdr: header
 * @args: argument of the ioctl
 */
struct dxg_cmd_queryclockcalibration {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmt_queryclockcalibration args;
};

/**
 * struct dxg_ret_queryclockcalibration - response to QUERYCLOCKCALIBRATION
 * @status: status of the host
 * @clock_data: clocks, not aligned
 */
struct dxg_ret_queryclockcalibration {
	struct ntstatus status;
	struct dxgk_gpuclockdata clock_data;
};

/**
 * struct dxg_cmd_isfeatureenabled - ISFEATUREENABLED
 * @hdr: header, process zero
 * @feature_id: feature
 * @pad: padding, zero
 */
struct dxg_cmd_isfeatureenabled {
	struct dxg_vgpu_to_host_header hdr;
	enum dxgk_feature_id feature_id;
	u32 pad;
};

/* Escape */

/**
 * struct dxg_cmd_escape - ESCAPE
 * @hdr: header
 * @adapter: adapter handle of the host
 * @device: device
 * @type: kind of escape
 * @flags: flags of the ioctl
 * @priv_drv_data_size: bytes at @priv_drv_data
 * @context: context
 * @priv_drv_data: data of the escape
 *
 * Length: @priv_drv_data_size bytes of data and DXG_SPARE_ESCAPE.
 *
 * Response: the same number of bytes, without header or status.
 */
struct dxg_cmd_escape {
	struct dxg_vgpu_to_host_header hdr;
	struct d3dkmthandle adapter;
	struct d3dkmthandle device;
	enum d3dkmt_escapetype type;
	struct d3dddi_escapeflags flags;
	u32 priv_drv_data_size;
	struct d3dkmthandle context;
	u8 priv_drv_data[];
};

/* Host to VM */

/**
 * struct dxg_cmd_signalguestevent - SIGNALGUESTEVENT and
 * SIGNALGUESTEVENTPASSIVE
 * @hdr: header
 * @event: event id that the guest put into a request
 * @process_id: not used
 * @dereference_event: not used
 * @pad: padding, zero
 */
struct dxg_cmd_signalguestevent {
	struct dxg_host_to_vm_header hdr;
	u64 event;
	u64 process_id;
	u8 dereference_event;
	u8 pad[7];
};

/**
 * struct dxg_cmd_setguestdata - SETGUESTDATA
 * @hdr: header
 * @guest_pointer: token from CREATEDEVICE, never an address to use
 * @data64: 64-bit data
 * @data32: 32-bit data
 * @dereference: not used
 * @data_type: enum set_guestdata_type
 * @reserved: not used
 * @pad: padding, zero
 */
struct dxg_cmd_setguestdata {
	struct dxg_host_to_vm_header hdr;
	u64 guest_pointer;
	union {
		u64 data64;
		u32 data32;
	};
	u32 dereference : 1;
	u32 data_type : 4;
	u32 reserved : 27;
	u32 pad;
};

#endif /* _DXG_HOST_PROTOCOL_H */
