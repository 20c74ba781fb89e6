#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Write docs/coverage.md: what of the driver's behaviour has a test.

usage: coverage-doc.py ROOT            write docs/coverage.md
       coverage-doc.py ROOT --check    fail if it is not up to date or has gaps

Sources: tests/coverage/*.tsv (docs/testing.md, Coverage), the table of ioctls in
tests/e2e/ioctl_description.c, the tests themselves, docs/properties.md, and
tests/coverage/lines.json, a copy of what scripts/coverage measured.

A claim is PROGRAM:FUNCTION or PROGRAM:FUNCTION#WORD: the function of a test, and
a row of its table or a field of the argument, with _ for spaces.  A claim that is not true any more
is an error: the program, the function, its use and the word must exist, in the
program or in a table that it includes.  In a row about several ioctls the word
may be $request, $message or $name, the ioctl's own.
"""

import json
import os
import re
import sys

TEST_DIRS = ("tests/e2e", "kunit", "tools/tests", "mock/hostd/test",
             "mock/vmbus/test", "tests/vm")
QUOTING_DIRS = TEST_DIRS + ("tests/packaging", "tests/balloon", "tests/bench",
                            "scripts")
DESCRIPTION = "tests/e2e/ioctl_description.c"
UAPI = "include/uapi/misc/d3dkmthk.h"
LINES_WANTED = 90

errors = []


def error(text):
    errors.append(text)


class Tree:
    """The files that are asked about, read once."""

    def __init__(self, root):
        self.root = root
        self.texts = {}

    def read(self, name):
        if name not in self.texts:
            path = os.path.join(self.root, name)
            self.texts[name] = ""
            if os.path.isfile(path):
                with open(path, errors="replace") as source:
                    self.texts[name] = source.read()
        return self.texts[name]

    def names(self, directories):
        for directory in directories:
            for folder, _, files in os.walk(os.path.join(self.root, directory)):
                for name in sorted(files):
                    if name.endswith((".c", ".h", ".sh", ".py")) or \
                            "." not in name:
                        yield os.path.relpath(os.path.join(folder, name),
                                              self.root)

    def table(self, name, columns):
        """Rows of a file of tab-separated values, without comments."""
        rows = []
        for number, line in enumerate(self.read(name).splitlines(), 1):
            if not line or line.startswith("#"):
                continue
            row = line.split("\t")
            if len(row) != columns:
                error(f"{name}:{number}: {len(row)} columns, not {columns}")
                continue
            rows.append(row)
        return rows


class Ioctl:
    def __init__(self, number, request):
        self.number, self.request = number, request
        self.name = self.message = None
        self.row = ""


def read_ioctls(tree):
    """Numbers from the user ABI, the rest from the tests' table."""
    ioctls = {}
    for request, number in re.findall(
            r"#define (LX_\w+)\s*\\\s*_IOWR\(LX_DXG_IOC_TYPE, (0x[0-9a-f]+)",
            tree.read(UAPI), re.I):
        ioctls[int(number, 16)] = Ioctl(int(number, 16), request)
    rows = re.split(r"^\t\{ (?=\")", tree.read(DESCRIPTION), flags=re.M)[1:]
    by_request = {ioctl.request: ioctl for ioctl in ioctls.values()}
    for row in rows:
        row = row.split("\n};", maxsplit=1)[0]
        found = re.match(r'"(\w+)",\s*(\w+),\s*(?:"(\w+)"|NULL)', row)
        if not found or found[2] not in by_request:
            error(f"{DESCRIPTION}: cannot read the row {row.split(chr(10))[0]}")
            continue
        ioctl = by_request[found[2]]
        ioctl.name, ioctl.message, ioctl.row = found[1], found[3], row
    for ioctl in ioctls.values():
        if not ioctl.row:
            error(f"{ioctl.request} has no row in {DESCRIPTION}")
    return ioctls


class Claims:
    def __init__(self, tree):
        self.tree = tree
        self.programs = {}
        for name in tree.names(TEST_DIRS):
            path = os.path.splitext(name)[0]
            # e2e and KUnit have some names in common: these are kunit/NAME
            for key in (os.path.basename(path), path):
                self.programs.setdefault(key, name)

    def sources(self, program):
        """The program and the tables it includes; the ioctls' is per ioctl."""
        program = self.programs.get(program)
        if not program:
            return None, ""
        text = self.tree.read(program)
        more = ""
        for header in re.findall(r'#include "(\w+)\.h"', text):
            name = os.path.join(os.path.dirname(program), header + ".c")
            if name != DESCRIPTION:
                more += self.tree.read(name)
        return text, text + more

    def check(self, where, claim, ioctls):
        found = re.fullmatch(r"([\w/-]+):(\w+)(?:#(.+))?", claim)
        if not found:
            return error(f"{where}: {claim} is no PROGRAM:FUNCTION")
        program, function, word = found.groups()
        own, sources = self.sources(program)
        if own is None:
            return error(f"{where}: no program {program}")
        if len(re.findall(rf"\b{function}\b", own)) < 2:
            return error(f"{where}: {program} has no test {function}")
        if not word:
            return
        described = '"ioctl_description.h"' in own
        for ioctl in ioctls or [None]:
            wanted = word
            if ioctl and word.startswith("$"):
                wanted = getattr(ioctl, word[1:]) or f"a {word[1:]}"
            text = sources + (ioctl.row if ioctl and described else "")
            if not any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text)
                       for form in (wanted, wanted.replace("_", " "))):
                error(f"{where}: {program} has nothing about {wanted}")


def numbers_of(where, text, ioctls):
    """all, or 0x01,0x02,0x10-0x12; -0x01 takes one out again."""
    chosen = set()
    for part in text.split(","):
        if part == "all":
            chosen |= set(ioctls)
            continue
        drop = part.startswith("-")
        ends = part.lstrip("-").split("-")
        span = range(int(ends[0], 16), int(ends[-1], 16) + 1)
        numbers = set(span) & set(ioctls)
        if not numbers:
            error(f"{where}: no ioctl {part}")
        chosen = chosen - numbers if drop else chosen | numbers
    return sorted(chosen)


def show(claims):
    """Tests as they appear in the document."""
    shown = []
    for claim in claims:
        place, _, word = claim.partition("#")
        program, _, function = place.partition(":")
        name = f"`{program}`: {function}"
        if word and not word.startswith("$"):
            name += f" ({word.replace('_', ' ')})"
        shown.append(name)
    return ", ".join(shown)


def cell(text):
    return text.replace("|", "\\|")


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell(part) for part in row) + " |"
              for row in rows]
    return lines + [""]


def plural(numbers):
    """2 3 4 7 -> 0x02-0x04, 0x07"""
    spans = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ", ".join(f"{a:#04x}-{b:#04x}" if a != b else f"{a:#04x}"
                     for a, b in spans)


def write_checks(tree, claims, ioctls):
    name = "tests/coverage/checks.tsv"
    common, single, keys = [], {number: [] for number in ioctls}, set()

    for which, key, result, text, tests in tree.table(name, 5):
        where = f"{which}/{key}"
        if where in keys:
            error(f"{name}: {where} twice")
        keys.add(where)
        numbers = numbers_of(where, which, ioctls)
        tests = tests.split()
        if not tests:
            error(f"{where}: no test")
        for claim in tests:
            claims.check(where, claim, [ioctls[n] for n in numbers])
        row = [key, result, text, show(tests)]
        if len(numbers) == 1:
            single[numbers[0]].append(row)
        else:
            everybody = len(numbers) == len(ioctls)
            common.append(["all" if everybody else plural(numbers)] + row)
    for number, rows in single.items():
        if not rows:
            error(f"{number:#04x}: nothing but the common checks")

    count = len(common) + sum(len(rows) for rows in single.values())
    lines = [f"## Ioctl by ioctl: {count} checks", "",
             "What several ioctls have in common:", ""]
    lines += table(["ioctls", "key", "result", "check or effect", "tests"],
                   common)
    for number, rows in sorted(single.items()):
        ioctl = ioctls[number]
        lines += [f"### {number:#04x} {ioctl.name}", ""]
        lines += table(["key", "result", "check or effect", "tests"], rows)
    return lines


def write_rows(tree, claims, title, name):
    rows = []
    for key, text, tests in tree.table(f"tests/coverage/{name}.tsv", 3):
        if tests.startswith("argued: "):
            rows.append([key, text, f"*argued*: {tests[len('argued: '):]}"])
            continue
        for claim in tests.split():
            claims.check(key, claim, [])
        if not tests:
            error(f"{key}: no test")
        rows.append([key, text, show(tests.split())])
    return [f"## {title}", ""] + table(["", "what must hold", "tests"], rows)


def write_properties(tree):
    quotes = {}
    for name in tree.names(QUOTING_DIRS):
        if name == "scripts/lib/coverage-doc.py":
            continue
        for number in set(re.findall(r"\bP(\d+)\b", tree.read(name))):
            stem = os.path.basename(name)
            quotes.setdefault(int(number), set()).add(stem)
    rows = []
    for number, what, how in re.findall(
            r"^\| P(\d+) \| (.*?) \| (.*) \|$", tree.read("docs/properties.md"),
            re.M):
        proofs = ", ".join(f"`{name}`"
                           for name in sorted(quotes.get(int(number), ())))
        if "*argued*" in how:
            proofs += ", *argued*" if proofs else "*argued*"
        if not proofs:
            error(f"P{number} is quoted by no test and not argued")
        rows.append([f"P{number}", what, proofs])
    return ["## Property by property", "",
            "The properties of [properties.md](properties.md), and the tests "
            "that quote them.", ""] + table(["", "property", "tests"], rows)


def write_lines(tree):
    text = tree.read("tests/coverage/lines.json")
    if not text:
        return ["## Line by line", "", "Not measured yet: `scripts/coverage`."]
    result = json.loads(text)
    rows = []
    for name, (lines, of_lines, paths, of_paths) in \
            sorted(result["files"].items()):
        rows.append([f"`{name}`" if name != "all" else "**all**",
                     f"{100 * lines / of_lines:.1f} % of {of_lines}",
                     f"{100 * paths / of_paths:.1f} % of {of_paths}"
                     if of_paths else "-"])
    done, total = result["files"]["all"][:2]
    if 100 * done < LINES_WANTED * total:
        error(f"only {100 * done / total:.1f} % of the driver's lines are "
              "executed by tests")
    out = ["## Line by line", "",
           f"Measured by `scripts/coverage` on {result['date']}: end-to-end "
           "programs and KUnit suites", "on the debug kernel.", ""]
    if "note" in result:
        out += [result["note"], ""]
    out += table(["file", "lines", "branches"], rows)
    out += ["What no test executes, and why:", ""]
    return out + table(["file", "function", "why"], [
        [f"`{name}`", f"`{function}`" if function != "-" else "", why]
        for name, function, why in uncovered(tree)])


def uncovered(tree):
    for name, functions, why in tree.table("tests/coverage/uncovered.tsv", 3):
        text = tree.read(name)
        for function in functions.split():
            if not text or function != "-" and \
                    not re.search(rf"\b{function}\(", text):
                error(f"uncovered.tsv: no {function} in {name}")
        yield [name, functions, why]


def generate(tree):
    ioctls = read_ioctls(tree)
    claims = Claims(tree)
    lines = ["# What is tested", "",
             "<!-- Generated by scripts/lib/coverage-doc.py from "
             "tests/coverage/ and the tests. -->", "",
             "Each row names the tests that fail when it does not hold: "
             "`program`: function of the test", "(what of its table). The "
             "check `coverage` of `scripts/check` fails when a row has none, "
             "when", "a test is named that does not exist, and when this "
             "file is not what it would write.", ""]
    lines += write_checks(tree, claims, ioctls)
    lines += write_rows(tree, claims, "What clients rely on", "behaviours")
    lines += write_rows(tree, claims, "Lives of adapters and processes",
                        "pitfalls")
    lines += write_properties(tree)
    lines += write_lines(tree)
    return "\n".join(lines).rstrip() + "\n"


def main():
    root = sys.argv[1]
    tree = Tree(root)
    path = os.path.join(root, "docs/coverage.md")
    text = generate(tree)
    if "--check" not in sys.argv:
        with open(path, "w") as document:
            document.write(text)
    elif tree.read("docs/coverage.md") != text:
        error("docs/coverage.md is not up to date: run "
              "scripts/lib/coverage-doc.py .")
    for line in errors:
        print(line)
    return bool(errors)


sys.exit(main())
