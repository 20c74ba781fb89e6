// SPDX-License-Identifier: GPL-2.0
/*
 * Module parameters whose value is one of a few words.  No locks: the kernel's own
 * around parameters is enough.
 */
#include <linux/string.h>
#include <linux/sysfs.h>

#include "choice.h"

static int choice_set(const char *text, const struct kernel_param *param)
{
	struct hvb_choice *choice = param->arg;
	int i, ret = 0;

	i = __sysfs_match_string(choice->words, -1, text);
	if (i < 0)
		return i;
	if (choice->allowed)
		ret = choice->allowed(i);
	if (ret)
		return ret;
	WRITE_ONCE(choice->value, i);
	if (choice->changed)
		choice->changed();
	return 0;
}

static int choice_get(char *text, const struct kernel_param *param)
{
	const struct hvb_choice *choice = param->arg;

	return sysfs_emit(text, "%s\n", choice->words[hvb_chosen(choice)]);
}

/** hvb_choice_ops - for module_param_cb(); the argument is a struct hvb_choice */
const struct kernel_param_ops hvb_choice_ops = {
	.set = choice_set,
	.get = choice_get,
};
