# SPDX-License-Identifier: GPL-2.0
# The suites, one object per file, and the in-kernel host they talk to.
kunit-objects :=
