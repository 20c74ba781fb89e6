/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every ioctl, once: its argument, what the fields of it mean, the message it
 * sends, and a valid call. The tests that go through all ioctls take them from
 * here, so a new one is covered by adding its row to ioctl_description.c.
 */
#ifndef E2E_IOCTL_DESCRIPTION_H
#define E2E_IOCTL_DESCRIPTION_H

#include <stdbool.h>
#include <stddef.h>

#include "gpu_commands.h"
#include "harness.h"
#include "sequence.h"

/* What handles stand for. */
enum kind {
	ADAPTER, DEVICE, PAGING_QUEUE, PAGING_FENCE, CONTEXT, HW_QUEUE,
	PROGRESS_FENCE, FENCE, ALLOCATION, RESOURCE, KINDS,
};

#define KIND(kind)	(1u << (kind))
/* The valid call destroys no object, but works only once. */
#define ONCE		KIND(KINDS)

/**
 * struct ioctl_state - objects that the valid calls are about
 * @s: sequence up to ROW_WAIT_PAGING, with a shareable resource and its
 *	descriptor
 * @legacy_fence: synchronisation object that is no monitored fence
 * @shared_info: sizes of the shared resource
 * @broken: device of its own for what breaks devices
 * @shared_fence: shareable monitored fence of value 10
 * @fence_fd: its descriptor
 * @sync_file: sync file of a value that it has reached
 * @native_fence: shareable native fence
 * @native_fd: its descriptor
 */
struct ioctl_state {
	struct sequence s;
	__u32 legacy_fence;
	struct dxg_shared_info shared_info;
	__u32 broken;
	struct dxg_fence shared_fence;
	int fence_fd;
	int sync_file;
	__u32 native_fence;
	int native_fd;
};

/**
 * struct ioctl_call - argument of one call and all that it points to
 * @args: the structure
 * @handles: list of handles
 * @values: list of fence values
 * @info: allocation to create
 * @data: its private data
 * @opened: allocation of an opened resource
 * @operation: update of GPU virtual addresses
 * @output: what the driver may write to, and private data
 */
struct ioctl_call {
	__u64 args[sizeof(struct d3dkmt_querystatistics) / sizeof(__u64)];
	__u32 handles[8];
	__u64 values[8];
	struct d3dddi_allocationinfo2 info;
	struct mock_alloc_data data;
	struct d3dddi_openallocationinfo2 opened;
	struct d3dddi_updategpuvirtualaddress_operation operation;
	unsigned char output[512];
};

/**
 * struct ioctl_field - a field that needs care
 * @what: handle; handle of which 0 means none; number of list entries or size
 *	in bytes; 32 flag bits; address
 * @at: offset in the argument structure
 * @kinds: KIND() of the objects that a handle may name; of a POINTER: that the
 *	handles of the list may name, 0 if the driver leaves them to the host
 * @value: largest value of a count that can make sense, or bytes behind an
 *	address
 */
struct ioctl_field {
	enum {
		NOTHING, HANDLE, OPTIONAL_HANDLE, COUNT, FLAGS, POINTER,
	} what;
	unsigned int at;
	unsigned int kinds;
	unsigned int value;
};

#define IOCTL_FIELDS	10

/**
 * struct ioctl_description - an ioctl
 * @name: of the call
 * @request: code
 * @message: the last message it sends, NULL: none
 * @fill: makes a valid call
 * @result: of the valid call
 * @ends: KIND() of the object that the valid call destroys, or ONCE; 0: neither
 * @fields: the list ends with NOTHING
 */
struct ioctl_description {
	const char *name;
	unsigned long request;
	const char *message;
	void (*fill)(const struct ioctl_state *state, struct ioctl_call *call);
	int result;
	unsigned int ends;
	struct ioctl_field fields[IOCTL_FIELDS];
};

extern const struct ioctl_description ioctls[];
extern const size_t ioctl_count;

#define for_each_ioctl(d) \
	for ((d) = ioctls; (d) < ioctls + ioctl_count; (d)++)
#define for_each_field(d, f) \
	for ((f) = (d)->fields; (f)->what; (f)++)

static inline bool ioctl_destroys(const struct ioctl_description *d)
{
	return d->ends & ~ONCE;
}

const struct ioctl_description *ioctl_find(unsigned long request);
void ioctl_set_up(struct ioctl_state *state);
void ioctl_close(struct ioctl_state *state);
__u32 ioctl_handle(const struct sequence *s, enum kind kind);
void ioctl_prepare(const struct ioctl_description *d,
		   const struct ioctl_state *state, struct ioctl_call *call);
int ioctl_issue(const struct ioctl_description *d, int fd,
		struct ioctl_call *call);
__u32 *ioctl_field32(struct ioctl_call *call, const struct ioctl_field *f);
__u32 *ioctl_handle_place(struct ioctl_call *call,
			  const struct ioctl_field *f);
void *ioctl_move_pointer(struct ioctl_call *call, const struct ioctl_field *f,
			 void *to);
int ioctl_run_tests(const struct test *tests, size_t count, const char *name,
		    bool (*wanted)(const struct ioctl_description *d),
		    void (*run)(unsigned long n), char **argv);

#endif /* E2E_IOCTL_DESCRIPTION_H */
