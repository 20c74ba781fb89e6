# SPDX-License-Identifier: GPL-2.0
# What include/compat.h cannot ask the preprocessor: inline functions of the
# kernel the modules are built for.  Included by each Kbuild file that needs it.
compat-has = $(shell grep -qw $(1) $(srctree)/include/linux/$(2) && echo y)

# since 6.3; before, flags were written directly
ccflags-$(call compat-has,vm_flags_set,mm.h) += -DCOMPAT_HAVE_VM_FLAGS_SET

ccflags-$(call compat-has,shrinker_alloc,shrinker.h) += -DCOMPAT_HAVE_SHRINKER_ALLOC
ccflags-$(call compat-has,NR_BALLOON_PAGES,mmzone.h) += -DCOMPAT_HAVE_NR_BALLOON_PAGES

# Exported without a declaration in a header: look into the kernel's symbol list
# (without one, as in a tree that was only prepared, the answer is no).
compat-exports = $(shell grep -qsw $(1) $(objtree)/Module.symvers && echo y)

# since 6.2; before, a registrant chose the order
ccflags-$(call compat-exports,page_reporting_order) += -DCOMPAT_HAVE_PAGE_REPORTING_ORDER
