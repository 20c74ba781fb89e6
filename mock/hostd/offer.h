/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory that clients do not need for now.
 */
#ifndef DXG_MOCK_OFFER_H
#define DXG_MOCK_OFFER_H

#include "allocation.h"

bool offer_discard_one(struct adapter *adapter);

#endif /* DXG_MOCK_OFFER_H */
