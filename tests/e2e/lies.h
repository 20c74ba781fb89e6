/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a lying host puts into the fields of its replies.
 */
#ifndef E2E_LIES_H
#define E2E_LIES_H

#include <stdbool.h>

#include "message_table.h"

/* Texts for lie_tell(); the list ends with NULL. */
extern const char *const lies[];

bool lie_tell(const char *command, const struct message_field *field,
	      const char *lie);
const struct message_field *lie_fields(const struct message *m, size_t *count);

#endif /* E2E_LIES_H */
