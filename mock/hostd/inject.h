/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Packets that no message of the guest has caused: messages from the host and
 * completions, at once, in masses, or at the moments at which a channel opens
 * and closes.
 */
#ifndef HOSTD_INJECT_H
#define HOSTD_INJECT_H

#include <stddef.h>
#include <stdint.h>

struct relay;

/**
 * enum inject_moment - when an armed packet is sent, once
 * @INJECT_AT_OPEN: the guest is inside its open, the rings exist
 * @INJECT_AT_CLOSE: the guest has closed and does not listen any more
 */
enum inject_moment {
	INJECT_AT_OPEN,
	INJECT_AT_CLOSE,
	INJECT_MOMENTS,
};

struct inject;

struct inject *inject_create(void);
void inject_destroy(struct inject *inject);

void inject_now(struct relay *relay, int channel, const void *buf, size_t len);
void inject_completion(struct relay *relay, int channel, uint64_t trans_id,
		       const void *buf, size_t len);
uint32_t inject_flood(struct relay *relay, int channel, uint32_t count,
		      const void *buf, size_t len);
int inject_arm(struct relay *relay, enum inject_moment moment, int channel,
	       const void *buf, size_t len);
void inject_fire(struct relay *relay, enum inject_moment moment, int channel);

#endif /* HOSTD_INJECT_H */
