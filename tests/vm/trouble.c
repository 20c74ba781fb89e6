// SPDX-License-Identifier: GPL-2.0
/*
 * Makes one kind of kernel trouble when it is loaded, for the test of scripts/vm:
 * a judge of kernel logs that was never seen to say "no" proves nothing.
 * Knows nothing about the drivers; takes no lock but its own two.
 */
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

static char *kind = "none";
module_param(kind, charp, 0444);
MODULE_PARM_DESC(kind, "none, warn, oops, taint, atomic, lockdep, kasan, leak");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);

static void make_warn(void)
{
	WARN(1, "trouble: asked for a warning\n");
}

static void make_oops(void)
{
	int *nowhere = NULL;

	/* or the compiler sees what this is and emits a trap */
	OPTIMIZER_HIDE_VAR(nowhere);
	*nowhere = 1;
}

static void make_taint(void)
{
	add_taint(TAINT_USER, LOCKDEP_STILL_OK);
}

static void make_atomic(void)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
}

static void make_lockdep(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static void make_kasan(void)
{
	char *object = kmalloc(16, GFP_KERNEL);

	if (!object)
		return;
	OPTIMIZER_HIDE_VAR(object);
	object[16] = 1;
	kfree(object);
}

static void make_leak(void)
{
	char *object = kmalloc(96, GFP_KERNEL);

	if (object)
		memset(object, 0x5a, 96);
	OPTIMIZER_HIDE_VAR(object);
}

static const struct {
	const char *name;
	void (*make)(void);
} troubles[] = {
	{ "warn", make_warn },
	{ "oops", make_oops },
	{ "taint", make_taint },
	{ "atomic", make_atomic },
	{ "lockdep", make_lockdep },
	{ "kasan", make_kasan },
	{ "leak", make_leak },
};

static int __init trouble_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(troubles); i++)
		if (!strcmp(kind, troubles[i].name))
			troubles[i].make();
	return 0;
}

static void __exit trouble_exit(void)
{
}

module_init(trouble_init);
module_exit(trouble_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Kernel trouble on demand, for the test of scripts/vm");
