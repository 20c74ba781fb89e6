# SPDX-License-Identifier: GPL-2.0
#
# Counts test cases in TAP, KTAP (also inside a kernel log) and the like: prints
# "PASSED FAILED SKIPPED".  A line that closes subtests is not a case of its own;
# cases that a plan announced and that never came are failed ones.

# A plan "1..N" stands before or after its cases.
function close_plan(depth) {
	if (planned[depth] > seen[depth])
		failed += planned[depth] - seen[depth]
	planned[depth] = seen[depth] = 0
}

{
	sub(/\r$/, "")
	sub(/^(<[0-9]+>)?\[ *[0-9]+\.[0-9]+\](\[ *[TC][0-9]+\])? /, "")
	match($0, /^ */)
	depth = int(RLENGTH / 4)
	sub(/^ +/, "")
}

/^1\.\.[0-9]+/ {
	count = substr($1, 4) + 0
	if (planned[depth] || seen[depth] != count)
		close_plan(depth)
	if (seen[depth] == count)
		seen[depth] = 0
	else
		planned[depth] = count
	next
}

/^(not )?ok( |$)/ {
	good = /^ok/
	children = seen[depth + 1] + planned[depth + 1]
	before = failed
	close_plan(depth + 1)
	seen[depth]++
	if (children) {
		# the cases below were counted; a failure of their frame was not
		if (!good && before == failed && !failures[depth + 1])
			failed++
	} else if (/# *[Ss][Kk][Ii][Pp]/)
		skipped++
	else if (good)
		passed++
	else
		failed++
	if (!good)
		failures[depth]++
	failures[depth + 1] = 0
}

END {
	for (depth in planned)
		close_plan(depth)
	print passed + 0, failed + 0, skipped + 0
}
