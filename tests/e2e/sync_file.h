/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Making sync files and asking the kernel about them.
 */
#ifndef E2E_SYNC_FILE_H
#define E2E_SYNC_FILE_H

#include <stdbool.h>

#include "sequence.h"

int sync_file_new(struct sequence *s, const struct dxg_fence *fence,
		  __u64 value);
void sync_file_fence(struct sequence *s, __u32 flags, struct dxg_fence *fence);
bool sync_file_signalled(int file);
void sync_file_wait(int file);
int sync_file_status(int file);
int sync_file_merge(int first, int second);

#endif /* E2E_SYNC_FILE_H */
