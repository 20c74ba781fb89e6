# SPDX-License-Identifier: GPL-2.0
# Front door; the rules for the modules are in the Kbuild files.
#
#	make [KDIR=...]		modules for the running (or another) kernel
#	make help		everything else

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
VERSION := $(shell cat $(CURDIR)/VERSION)
# Output of the targets that do not build in place.
OUT ?= $(CURDIR)/build/out
override OUT := $(abspath $(OUT))
BUILDFLAGS ?=

# Modules are built by the compiler of their kernel.  DKMS says so by itself.
ifeq ($(origin CC)$(LLVM),default)
ifneq ($(shell grep -s '^CONFIG_CC_IS_CLANG=y' $(KDIR)/include/config/auto.conf),)
BUILDFLAGS += LLVM=1
endif
endif

KBUILD = $(MAKE) -C $(KDIR) $(BUILDFLAGS)

.PHONY: help modules clean install test-modules shipped-modules programs \
	source-install dkms-install dkms-remove deb check demo

modules:
	+$(KBUILD) M=$(CURDIR) modules

help:
	@echo 'modules          modules for KDIR, in place (default; KDIR=$(KDIR))'
	@echo 'install          install them for one kernel, without DKMS'
	@echo 'dkms-install     install by DKMS, rebuilt with every kernel'
	@echo 'dkms-remove      undo dkms-install'
	@echo 'deb              ./scripts/build-deb, the Debian package'
	@echo 'clean            remove what modules built'
	@echo 'shipped-modules  the same modules, built in and copied to OUT=DIR'
	@echo 'test-modules     mock bus, test flavour and KUnit modules, to OUT=DIR'
	@echo 'programs         mock host, dxgctl and test programs, to OUT=DIR'
	@echo 'demo             ./scripts/demo'
	@echo 'check            ./scripts/check, all tests'

clean:
	+$(KBUILD) M=$(CURDIR) clean

install: modules
	+$(KBUILD) M=$(CURDIR) INSTALL_MOD_DIR=updates modules_install
	depmod -a $$($(MAKE) -s -C $(KDIR) kernelrelease)

# A copy of the tree made of symbolic links, so that two flavours and several
# kernels never share object files and the tree itself stays clean.
STAGED = Kbuild VERSION include dxgkrnl hv_balloon_reclaim mock kunit
define stage_into
	mkdir -p $(1)
	for i in $(STAGED); do cp -rsf $(CURDIR)/$$i $(1)/ || exit; done
	find $(1) -xtype l -delete
endef

shipped-modules:
	$(call stage_into,$(OUT)/stage-shipped)
	+$(KBUILD) M=$(OUT)/stage-shipped modules
	find $(OUT)/stage-shipped -name '*.ko' -exec cp -t $(OUT) {} +

test-modules:
	$(call stage_into,$(OUT)/stage-test)
	cp -sf $(CURDIR)/dxgkrnl/*.[ch] $(OUT)/stage-test/kunit/
	cp -sf $(CURDIR)/hv_balloon_reclaim/*.[ch] $(OUT)/stage-test/kunit/balloon/
	cp -sf $(CURDIR)/hv_balloon_reclaim/*.[ch] $(OUT)/stage-test/kunit/dm/
	mkdir -p $(OUT)/stage-test/tests/bench
	cp -sf $(addprefix $(CURDIR)/,tests/bench/Kbuild tests/bench/dxg_bench* \
		kunit/kernel_host*.[ch]) $(OUT)/stage-test/tests/bench/
	+$(KBUILD) M=$(OUT)/stage-test DXG_FLAVOUR=test modules
	find $(OUT)/stage-test -name '*.ko' -exec cp -t $(OUT) {} +

programs:
	$(MAKE) -C mock/vmbus/test O=$(OUT)
	$(MAKE) -C mock/hostd O=$(OUT)
	$(MAKE) -C tools O=$(OUT)
	$(MAKE) -C tests/e2e O=$(OUT)
	$(MAKE) -C tests/bench -f Makefile O=$(OUT)

# What DKMS builds from: the sources of the shipped modules, nothing else.
DKMS_NAME = dxgkrnl/$(VERSION)
SOURCE_DIR = /usr/src/dxgkrnl-$(VERSION)
source-install:
	mkdir -p $(DESTDIR)$(SOURCE_DIR)
	cd $(CURDIR) && cp --parents -t $(DESTDIR)$(SOURCE_DIR) Kbuild Makefile \
		VERSION $$(find include dxgkrnl hv_balloon_reclaim -type f \
		-not \( -name '.*' -o -name '*.o' -o -name '*.ko' -o -name '*.mod*' \))
	sed 's/#MODULE_VERSION#/$(VERSION)/' dkms.conf \
		>$(DESTDIR)$(SOURCE_DIR)/dkms.conf

dkms-install:
	@! dpkg-query -S $(SOURCE_DIR)/dkms.conf >/dev/null 2>&1 || { \
		echo 'the package dxgkrnl-dkms is installed; remove it first' >&2; \
		exit 1; }
	$(MAKE) dkms-remove
	$(MAKE) source-install
	dkms add $(DKMS_NAME)
	dkms install $(DKMS_NAME) -k $(KVER)

dkms-remove:
	if [ -e /var/lib/dkms/$(DKMS_NAME) ]; then \
		dkms remove $(DKMS_NAME) --all; fi
	rm -rf $(SOURCE_DIR)

deb:
	./scripts/build-deb

check:
	./scripts/check

demo:
	./scripts/demo
