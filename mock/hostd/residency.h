/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Residency of allocations and the memory budget.
 */
#ifndef DXG_MOCK_RESIDENCY_H
#define DXG_MOCK_RESIDENCY_H

#include "allocation.h"

void residency_add(struct allocation *allocation, uint64_t op);
void residency_drop(struct allocation *allocation);
void residency_arrived(struct allocation *allocation, uint64_t op);
bool residency_fits(const struct allocation *allocation);
bool residency_usable(const struct allocation *allocation);

#endif /* DXG_MOCK_RESIDENCY_H */
