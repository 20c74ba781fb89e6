/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What no message of the guest may contain, whatever it means: bytes that were
 * never written on purpose, kernel addresses, user addresses where the host has
 * no use for them. Works from the message tables; the engine checks meaning.
 */
#ifndef HOSTD_MESSAGE_CHECK_H
#define HOSTD_MESSAGE_CHECK_H

#include "message_table.h"

/* Enough for what message_check() says. */
#define MESSAGE_CHECK_TEXT	128u

bool message_check(const struct message *m, const struct message_head *head,
		   char *text);

#endif /* HOSTD_MESSAGE_CHECK_H */
