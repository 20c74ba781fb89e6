# SPDX-License-Identifier: GPL-2.0
# The test flavour of a driver without compiling it again (scripts/matrix): the
# objects of the shipped flavour, which DXG_SHIPPED names, with the names of
# mock/redirect.h.  Included by the driver's Kbuild file, which says what its
# objects are.  A driver that exports something would lose its versions.
mock-names := $(src)/../mock/redirect.h

quiet_cmd_mock_rename = RENAME  $@
      cmd_mock_rename = sed -n 's/^.define\s\+\(\S\+\)\s\+\(mock_\S\+\)$$/\1 \2/p' \
	$(mock-names) >$@.names && $(OBJCOPY) --redefine-syms=$@.names $< $@

$(addprefix $(obj)/,$(mock-objects)): $(obj)/%.o: \
		$(DXG_SHIPPED)/$(notdir $(obj))/%.o $(mock-names) FORCE
	$(call if_changed,mock_rename)
