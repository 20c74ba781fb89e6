/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The smallest host that lets dxgkrnl work: it lives in the kernel, on the mock
 * bus, gives out handles and fence pages and says yes.  For KUnit suites, which
 * steer its answers, and for the benchmark, which wants no host process.  It is
 * no model of Windows; that is mock/hostd.
 */
#ifndef _KERNEL_HOST_H
#define _KERNEL_HOST_H

#include <linux/completion.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

#include <dxg_host_protocol.h>
#include <mock_vmbus_host.h>

#define KERNEL_HOST_COMMANDS	1024
#define KERNEL_HOST_HELD	64
#define KERNEL_HOST_CAPTURE	1024
#define KERNEL_HOST_ADAPTER	0x40000040U
#define KERNEL_HOST_LUID_A	0x00012345U
#define KERNEL_HOST_LUID_B	0x00000000U
/* Words of the PCI configuration area, from the instance GUID on. */
#define KERNEL_HOST_PCI_WORDS	8

/**
 * enum kernel_host_action - what to do with the answers to a command
 * @KERNEL_HOST_ANSWER: send them
 * @KERNEL_HOST_HOLD: keep them until kernel_host_release()
 * @KERNEL_HOST_DROP: never send them
 * @KERNEL_HOST_ZERO: send zeros of the usual length
 * @KERNEL_HOST_SHORT: cut them to kernel_host_rule.value bytes
 * @KERNEL_HOST_STATUS: put kernel_host_rule.value where the status is
 * @KERNEL_HOST_TWICE: send them twice
 */
enum kernel_host_action {
	KERNEL_HOST_ANSWER,
	KERNEL_HOST_HOLD,
	KERNEL_HOST_DROP,
	KERNEL_HOST_ZERO,
	KERNEL_HOST_SHORT,
	KERNEL_HOST_STATUS,
	KERNEL_HOST_TWICE,
};

/**
 * struct kernel_host_rule - how one command is answered
 * @action: enum kernel_host_action
 * @value: for the actions that need one
 * @seen: messages of this command so far
 */
struct kernel_host_rule {
	enum kernel_host_action action;
	u32 value;
	u32 seen;
};

/**
 * struct kernel_host_answer - an answer on its way to the guest
 * @channel: where the question came from
 * @trans_id: its transaction id
 * @command: its number
 * @length: bytes of @data
 * @data: payload
 */
struct kernel_host_answer {
	struct mock_channel *channel;
	u64 trans_id;
	u32 command;
	u32 length;
	u8 data[1024];
};

/**
 * enum kernel_host_part - what a host announces, in any order
 * @KERNEL_HOST_PCI: the PCI function of the vGPU
 * @KERNEL_HOST_VGPU: the channel of the vGPU
 * @KERNEL_HOST_GLOBAL: the global channel
 */
enum kernel_host_part {
	KERNEL_HOST_PCI,
	KERNEL_HOST_VGPU,
	KERNEL_HOST_GLOBAL,
};

/**
 * struct kernel_host_config - variations
 * @version: interface version in the PCI configuration area, 0 for none
 * @async: the adapter takes asynchronous messages
 * @map_guest_pages: existing memory by page lists, else by GPADL
 * @no_mmio: the offer of the global channel asks for no I/O space
 * @inline_answers: answer inside the guest's send (benchmark)
 */
struct kernel_host_config {
	u32 version;
	bool async;
	bool map_guest_pages;
	bool no_mmio;
	bool inline_answers;
};

/**
 * struct kernel_host - one host with one vGPU
 * @mock: instance of the mock bus
 * @config: see there
 * @global: relid of the global channel
 * @vgpu: relid of the vGPU's channel
 * @pci: PCI function id
 * @window: the guest's I/O space as the host sees it
 * @window_base: guest physical address of it, from SETIOSPACEREGION
 * @window_size: bytes
 * @next_page: next unused page of the window
 * @next_handle: next handle index to give out
 * @lock: protects everything below; irq-safe
 * @rules: per command
 * @held: answers kept back
 * @held_count: number of these
 * @watched: command of which messages are captured
 * @captured: last one of these, as it came (extended header included)
 * @captured_length: bytes of it
 * @unknown: messages that could not be answered
 * @fence_address: answered instead of a good fence page, if set
 * @allocation_size: answered instead of a good size, if set
 * @arrival: wakes whoever waits for a message
 * @pci_done: PCI function was scanned
 */
struct kernel_host {
	struct mock_host *mock;
	struct kernel_host_config config;
	u32 global;
	u32 vgpu;
	u32 pci;
	void *window;
	u64 window_base;
	u64 window_size;
	u32 next_page;
	u32 next_handle;
	spinlock_t lock;	/* protects the members below */
	struct kernel_host_rule rules[KERNEL_HOST_COMMANDS];
	struct kernel_host_answer *held[KERNEL_HOST_HELD];
	u32 held_count;
	u32 watched;
	u8 captured[KERNEL_HOST_CAPTURE];
	u32 captured_length;
	u32 unknown;
	const u64 *fence_address;
	const u64 *allocation_size;
	wait_queue_head_t arrival;
	struct completion pci_done;
};

u32 kernel_host_status_at(u32 command);
void kernel_host_answer(struct kernel_host *host,
			struct kernel_host_answer *answer, const void *message);
int kernel_host_offer(struct kernel_host *host, const guid_t *type,
		      const u8 *instance, u16 mmio, u32 *relid);
struct kernel_host *kernel_host_new(const struct kernel_host_config *config);
int kernel_host_announce(struct kernel_host *host, enum kernel_host_part part);
int kernel_host_plug(struct kernel_host *host,
		     const u32 area[KERNEL_HOST_PCI_WORDS], u32 *fn);
int kernel_host_unplug(struct kernel_host *host, u32 fn);
int kernel_host_settle(struct kernel_host *host);
int kernel_host_withdraw(struct kernel_host *host, enum kernel_host_part part);
struct kernel_host *kernel_host_create(const struct kernel_host_config *config);
void kernel_host_destroy(struct kernel_host *host);

void kernel_host_rule(struct kernel_host *host, u32 command,
		      enum kernel_host_action action, u32 value);
u32 kernel_host_seen(struct kernel_host *host, u32 command);
int kernel_host_wait_seen(struct kernel_host *host, u32 command, u32 count);
void kernel_host_release(struct kernel_host *host);
void kernel_host_watch(struct kernel_host *host, u32 command);
u32 kernel_host_captured(struct kernel_host *host, void *buffer, u32 size);
int kernel_host_inject(struct kernel_host *host, u32 relid, u16 type,
		       u64 trans_id, const void *data, u32 length);

#endif /* _KERNEL_HOST_H */
