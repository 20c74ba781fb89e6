/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Failing allocations and user copies of the calling thread, one at a time: the
 * kernel's fail-nth. Needs a kernel with fault injection.
 */
#ifndef E2E_FAULTS_H
#define E2E_FAULTS_H

#include <stdbool.h>

bool faults_set_up(void);
void faults_arm(unsigned int nth);
unsigned int faults_disarm(void);
bool faults_explain(int ret);
void faults_announce(bool begin);
int faults_run_slices(const char *what, unsigned int stride,
		      void (*run)(unsigned long first), char **argv);

#endif /* E2E_FAULTS_H */
