/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of the balloon share: the module, the device, the guest's memory.
 */
#ifndef E2E_BALLOON_H
#define E2E_BALLOON_H

#include <stdbool.h>

/* The dynamic-memory device of the mock host in sysfs. */
#define BALLOON_DEVICE	"6f6d656d-7972-0000-8000-647867000002"
#define BALLOON_DRIVER	"hv_balloon_reclaim"

void balloon_load(const char *parameters);
void balloon_unload(void);
int balloon_try_unload(void);
void balloon_connect(const char *parameters);
bool balloon_is_bound(void);
int balloon_bind(const char *driver, bool bind);
unsigned long meminfo(const char *name);
unsigned long balloon_out(void);
unsigned long balloon_given(void);

/* A test: from begin to end, the guest's memory is accounted for. */
extern unsigned long balloon_total;
void balloon_begin(const char *parameters);
void balloon_idle(void);
void balloon_up(unsigned long pages);
void balloon_down(const char *how);
void balloon_end(void);
void balloon_end_anyhow(void);

/* Ways in which the host gives pages back. */
#define BALLOON_SPLITS	9u
extern const char * const balloon_splits[BALLOON_SPLITS];

#endif /* E2E_BALLOON_H */
