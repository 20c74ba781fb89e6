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
BUILDFLAGS ?=

KBUILD = $(MAKE) -C $(KDIR) $(BUILDFLAGS)

.PHONY: help modules clean install test-modules shipped-modules stage \
	programs dkms-install dkms-remove check demo

modules:
	+$(KBUILD) M=$(CURDIR) modules

help:
	@echo 'modules          modules for KDIR, in place (default; KDIR=$(KDIR))'
	@echo 'install          install them for one kernel, without DKMS'
	@echo 'dkms-install     install by DKMS, rebuilt with every kernel'
	@echo 'dkms-remove      undo dkms-install'
	@echo 'clean            remove what modules built'
	@echo 'shipped-modules  the same modules, built in and copied to OUT=DIR'
	@echo 'test-modules     mock bus, test flavour and KUnit modules, to OUT=DIR'
	@echo 'programs         mock host, dxgctl and test programs, to OUT=DIR'
	@echo 'demo             ./scripts/demo'
	@echo 'check            ./scripts/check, all tests'

clean:
	+$(KBUILD) M=$(CURDIR) clean

install: modules
	+$(KBUILD) M=$(CURDIR) modules_install
	depmod -a $(KVER)

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
	mkdir -p $(OUT)/stage-test/tests/bench
	cp -sf $(addprefix $(CURDIR)/,tests/bench/Kbuild tests/bench/dxg_bench* \
		kunit/kernel_host.[ch]) $(OUT)/stage-test/tests/bench/
	+$(KBUILD) M=$(OUT)/stage-test DXG_FLAVOUR=test modules
	find $(OUT)/stage-test -name '*.ko' -exec cp -t $(OUT) {} +

programs:
	$(MAKE) -C mock/vmbus/test O=$(OUT)
	$(MAKE) -C mock/hostd O=$(OUT)
	$(MAKE) -C tools O=$(OUT)
	$(MAKE) -C tests/e2e O=$(OUT)
	$(MAKE) -C tests/bench -f Makefile O=$(OUT)

dkms-install:
	dkms add $(CURDIR)
	dkms install dxgkrnl/$(VERSION)

dkms-remove:
	dkms remove dxgkrnl/$(VERSION) --all

check:
	./scripts/check

demo:
	./scripts/demo
