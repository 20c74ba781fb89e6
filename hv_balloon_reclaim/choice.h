/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Module parameters whose value is one of a few words.
 */
#ifndef _HVB_CHOICE_H
#define _HVB_CHOICE_H

#include <linux/compiler.h>
#include <linux/moduleparam.h>

/**
 * struct hvb_choice - a parameter; "arg" of hvb_choice_ops
 * @words: what can be written, ends with NULL
 * @value: index of the word that was; changes at run time
 * @allowed: 0, or why not this one; may be NULL
 * @changed: called after a change, under the lock of the module's parameters; may
 *	be NULL
 */
struct hvb_choice {
	const char *const *words;
	int value;
	int (*allowed)(int value);
	void (*changed)(void);
};

extern const struct kernel_param_ops hvb_choice_ops;

/* What was chosen. */
static inline int hvb_chosen(const struct hvb_choice *choice)
{
	return READ_ONCE(choice->value);
}

#endif /* _HVB_CHOICE_H */
