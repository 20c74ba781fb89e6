/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why is there no GPU? Looks at sysfs for the pieces that have to be there
 * and puts the first missing one into words.
 */
#ifndef TOOLS_DXGCTL_DIAGNOSE_H
#define TOOLS_DXGCTL_DIAGNOSE_H

#include <stdbool.h>

#include "dxgctl.h"

/**
 * struct presence - pieces of a GPU-PV guest found in sysfs
 * @module: dxgkrnl is loaded or built in
 * @vgpu_functions: PCI functions 1414:008e (render)
 * @compute_functions: PCI functions 1414:008a (compute only)
 * @vgpu_channels: VMBus channels of the vGPU class
 * @global_channels: VMBus channels of the global class
 */
struct presence {
	bool module;
	unsigned int vgpu_functions;
	unsigned int compute_functions;
	unsigned int vgpu_channels;
	unsigned int global_channels;
};

/**
 * struct diagnosis - cause of a failure in words
 * @status: exit status that goes with it
 * @cause: one line, no full stop; NULL if nothing is wrong
 * @hint: what to do, or NULL
 */
struct diagnosis {
	enum dxgctl_status status;
	const char *cause;
	const char *hint;
};

void presence_scan(const char *sysfs, struct presence *presence);
struct diagnosis diagnose_open(int error, const struct presence *presence);
struct diagnosis diagnose_no_adapter(const struct presence *presence);
struct diagnosis diagnose_enumeration(int error);
const char *diagnose_call(int error);
void diagnosis_print(const struct diagnosis *diagnosis);

#endif /* TOOLS_DXGCTL_DIAGNOSE_H */
