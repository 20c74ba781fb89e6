/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All differences between kernel versions, and nothing else.
 *
 * Nothing here looks at LINUX_VERSION_CODE: distribution and stable kernels
 * change interfaces inside a version. A shim asks, in this order, for a macro or
 * header (#ifdef, __has_include), for a type (__same_type, typeof), or for a -D
 * that Kbuild derived from the kernel's headers or Module.symvers.
 */
#ifndef COMPAT_H
#define COMPAT_H

#include <linux/device.h>
#include <linux/eventfd.h>
#include <linux/hyperv.h>
#include <linux/mm.h>
#include <linux/shrinker.h>

/*
 * eventfd_signal() lost its count argument and its result. The function is
 * passed on as a pointer, because a cast warns even in the branch that is not
 * chosen.
 */
static inline void
compat_eventfd_signal_count(__u64 (*signal)(struct eventfd_ctx *, __u64),
			    struct eventfd_ctx *ctx)
{
	signal(ctx, 1);
}

static inline void
compat_eventfd_signal_plain(void (*signal)(struct eventfd_ctx *),
			    struct eventfd_ctx *ctx)
{
	signal(ctx);
}

#define compat_eventfd_signal(ctx)					\
	__builtin_choose_expr(						\
		__same_type(eventfd_signal,				\
			    __u64 (struct eventfd_ctx *, __u64)),	\
		compat_eventfd_signal_count,				\
		compat_eventfd_signal_plain)(eventfd_signal, ctx)

/*
 * Bus types became const step by step; struct device_driver was last. So this is
 * const exactly where the kernel takes it.
 */
#define compat_bus_type		typeof(*((struct device_driver *)0)->bus)

/* bus_type.match and .uevent got const arguments: choose the function that fits. */
#define compat_bus_match(plain, const_drv)				\
	__builtin_choose_expr(						\
		__same_type(((compat_bus_type *)0)->match,		\
			    int (*)(struct device *,			\
				    struct device_driver *)),		\
		plain, const_drv)

#define compat_bus_uevent(plain, const_dev)				\
	__builtin_choose_expr(						\
		__same_type(((compat_bus_type *)0)->uevent,		\
			    int (*)(struct device *,			\
				    struct kobj_uevent_env *)),		\
		plain, const_dev)

/* An inline function, so Kbuild looks for it in linux/mm.h. */
#ifndef COMPAT_HAVE_VM_FLAGS_SET
static inline void vm_flags_set(struct vm_area_struct *vma,
				unsigned long flags)
{
	vma->vm_flags |= flags;
}
#endif

/* hv_driver.remove returns nothing since 6.3; "return (compat_hv_remove_t)0". */
typedef typeof(((struct hv_driver *)0)->remove((struct hv_device *)0))
	compat_hv_remove_t;

/* since 6.7 shrinkers are allocated by the kernel */
struct compat_shrinker {
	unsigned long (*count)(struct shrinker *shrinker,
			       struct shrink_control *control);
	unsigned long (*scan)(struct shrinker *shrinker,
			      struct shrink_control *control);
#ifdef COMPAT_HAVE_SHRINKER_ALLOC
	struct shrinker *shrinker;
#else
	struct shrinker shrinker;
#endif
};

static inline int compat_shrinker_register(struct compat_shrinker *s,
					   const char *name)
{
#ifdef COMPAT_HAVE_SHRINKER_ALLOC
	s->shrinker = shrinker_alloc(0, "%s", name);
	if (!s->shrinker)
		return -ENOMEM;
	s->shrinker->count_objects = s->count;
	s->shrinker->scan_objects = s->scan;
	shrinker_register(s->shrinker);
	return 0;
#else
	s->shrinker.count_objects = s->count;
	s->shrinker.scan_objects = s->scan;
	s->shrinker.seeks = DEFAULT_SEEKS;
	return register_shrinker(&s->shrinker, "%s", name);
#endif
}

static inline void compat_shrinker_unregister(struct compat_shrinker *s)
{
#ifdef COMPAT_HAVE_SHRINKER_ALLOC
	shrinker_free(s->shrinker);
#else
	unregister_shrinker(&s->shrinker);
#endif
}

/* Balloons are counted in the kernel's statistics since 6.19. */
static inline void compat_count_balloon_pages(struct page *page, long pages)
{
#ifdef COMPAT_HAVE_NR_BALLOON_PAGES
	mod_node_page_state(page_pgdat(page), NR_BALLOON_PAGES, pages);
#endif
}

/* since 6.12: exempts a variable from CONFIG_INIT_STACK_ALL_ZERO */
#ifndef __uninitialized
#if __has_attribute(__uninitialized__)
#define __uninitialized __attribute__((__uninitialized__))
#else
#define __uninitialized
#endif
#endif

/* Exported, but declared only in a private header. */
#ifdef COMPAT_HAVE_PAGE_REPORTING_ORDER
extern unsigned int page_reporting_order;
#endif

#endif /* COMPAT_H */
