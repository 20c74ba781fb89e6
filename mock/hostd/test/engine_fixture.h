/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A guest for the engine's tests: memory, I/O space, completions and events,
 * and short forms of the commands that most tests need.  Every helper fails
 * the running test when the host's answer is not the expected one.
 */
#ifndef ENGINE_FIXTURE_H
#define ENGINE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include <dxg_host_protocol.h>

#include "gpu_commands.h"
#include "host.h"

#define WINDOW_START	0xe0000000ull
#define WINDOW_SIZE	(64u << 20)
#define GUEST_PAGES	8192u
/* The first guest page has this frame number. */
#define GUEST_PFN	0x100000ull

#define MAX_EVENTS	256u

/* Adapter of a header: one of them, or the global channel. */
#define GLOBAL		HOST_CHANNEL_GLOBAL

struct guest {
	struct host *host;
	struct host_config config;
	uint8_t *window;
	uint8_t *memory;
	bool extended;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* The completion of the last request. */
	uint64_t trans_id;
	bool completed;
	unsigned int completions;
	uint8_t reply[HOST_MAX_MESSAGE];
	size_t reply_len;
	uint64_t events[MAX_EVENTS];
	unsigned int event_count;
	uint64_t guest_data_token;
	unsigned int guest_data_count;
	char violation[256];
	/* Filled by guest_start(). */
	uint32_t adapter;
	uint32_t process;
};

/* What a device of a test usually has. */
struct bench {
	uint32_t device;
	uint32_t paging_queue;
	uint32_t paging_fence;
	uint64_t paging_page;
	uint32_t context;
	uint32_t hw_queue;
	uint32_t progress;
	uint64_t progress_page;
};

struct guest *guest_create(enum host_personality personality,
			   unsigned int adapters);
void guest_free(struct guest *g);
int guest_setup(void **state);
int guest_teardown(void **state);

/* Nothing but a host; then bring-up: I/O space, adapter 0, one process. */
void guest_power_on(struct guest *g);
void guest_start(struct guest *g);
void guest_open_adapter(struct guest *g, unsigned int adapter);
uint32_t guest_create_process(struct guest *g, uint64_t pid);

/*
 * Send a command; @cmd begins with its header, whose command, channel type
 * and process are filled in.  Returns the length of the reply in g->reply.
 */
size_t guest_send(struct guest *g, int adapter, uint32_t command, void *cmd,
		  size_t len);
void guest_send_async(struct guest *g, int adapter, uint32_t command,
		      void *cmd, size_t len);
/* The same for commands that answer an NTSTATUS and nothing else. */
int32_t guest_status(struct guest *g, int adapter, uint32_t command,
		     void *cmd, size_t len);
void guest_expect(struct guest *g, int adapter, uint32_t command, void *cmd,
		  size_t len, int32_t status);
void guest_wait_event(struct guest *g, uint64_t event);
bool guest_has_event(struct guest *g, uint64_t event);

uint64_t guest_fence(const struct guest *g, uint64_t page);
void guest_wait_fence(const struct guest *g, uint64_t page, uint64_t value);
void *guest_page(const struct guest *g, uint64_t page);

uint32_t create_device(struct guest *g);
void bench_create(struct guest *g, struct bench *b);
uint32_t create_allocation(struct guest *g, uint32_t device, uint32_t segment,
			   uint64_t size, uint32_t *resource,
			   struct d3dkmt_createallocationflags flags);
uint32_t create_existing(struct guest *g, uint32_t device, uint64_t first_page,
			 uint64_t pages);
uint32_t create_fence(struct guest *g, uint32_t device, uint64_t initial,
		      uint64_t *page, uint64_t *gpu_va);
uint64_t map_allocation(struct guest *g, struct bench *b, uint32_t allocation,
			uint64_t pages);
void make_resident(struct guest *g, struct bench *b, uint32_t allocation);
void wait_paging(struct guest *g, struct bench *b);
int32_t wait_cpu(struct guest *g, uint32_t device, uint32_t fence,
		 uint64_t value, uint64_t event);
int32_t submit_hw(struct guest *g, struct bench *b, uint64_t va,
		  uint32_t length, uint64_t progress);
int32_t signal_object(struct guest *g, uint32_t device, uint32_t queue,
		      uint32_t object, uint64_t value);
int32_t wait_gpu(struct guest *g, uint32_t queue, uint32_t object,
		 uint64_t value);
int32_t destroy_handle(struct guest *g, uint32_t command, uint32_t handle);
int32_t destroy_allocation(struct guest *g, uint32_t device, uint32_t resource,
			   uint32_t allocation);
uint32_t device_state(struct guest *g, uint32_t device);

void assert_nothing_alive(struct guest *g);
void assert_no_violation(struct guest *g);
struct host_alive alive(struct guest *g);

#endif /* ENGINE_FIXTURE_H */
