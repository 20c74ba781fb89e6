#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Merge the kernel's gcov counts and say what of dxgkrnl/ was executed.

usage: coverage.py ROOT OUT COUNTS.tar.gz...

A driver's file is compiled twice, for the module and for its KUnit suites; what
either executed counts.  Writes OUT/lines.txt (all lines never executed) and
OUT/coverage.json, prints a table.
"""

import collections
import datetime
import json
import os
import subprocess
import sys
import tarfile
import tempfile


def gcov(counts, notes_root, root):
    """The decoded counts of one .gcda, or None if they are not the driver's."""
    name = os.path.basename(counts)[:-len(".gcda")] + ".c"
    if not os.path.exists(os.path.join(root, "dxgkrnl", name)):
        return None
    notes = os.path.join("/", counts[len(notes_root):].lstrip("/"))
    notes = notes[:-len(".gcda")] + ".gcno"
    if not os.path.exists(notes):
        return None
    target = counts[:-len(".gcda")] + ".gcno"
    with open(notes, "rb") as source, open(target, "wb") as copy:
        copy.write(source.read())
    run = subprocess.run(["gcov", "--json-format", "--stdout",
                          "--branch-probabilities", counts],
                         capture_output=True, text=True,
                         cwd=os.path.dirname(counts))
    if run.returncode:
        sys.exit(f"counts of {name} are of other sources: {run.stderr}")
    return json.loads(run.stdout)


def ours(path, base, root):
    """Name of a file of the driver in the tree, else None."""
    real = os.path.realpath(os.path.join(base, path))
    name = os.path.relpath(real, root)
    return name if name.startswith("dxgkrnl/") else None


def merge(report, root, lines, branches):
    for entry in report["files"]:
        name = ours(entry["file"], report["current_working_directory"], root)
        if not name:
            continue
        for line in entry["lines"]:
            number = line["line_number"]
            lines[name][number] += line["count"]
            taken = branches[name].setdefault(
                number, [0] * len(line["branches"]))
            # inlined copies of a line have branches of their own
            for i, branch in enumerate(line["branches"][:len(taken)]):
                taken[i] += branch["count"]


def ranges(numbers):
    """1 2 3 7 -> 1-3, 7"""
    parts = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return [f"{a}-{b}" if a != b else f"{a}" for a, b in parts]


def share(done, total):
    return f"{100 * done / total:5.1f} %" if total else "    -"


def main():
    root, out, archives = sys.argv[1], sys.argv[2], sys.argv[3:]
    lines = collections.defaultdict(collections.Counter)
    branches = collections.defaultdict(dict)

    with tempfile.TemporaryDirectory() as work:
        for number, archive in enumerate(archives):
            base = os.path.join(work, str(number))
            with tarfile.open(archive) as tar:
                tar.extractall(base)
            for folder, _, files in os.walk(base):
                for name in files:
                    if not name.endswith(".gcda"):
                        continue
                    report = gcov(os.path.join(folder, name), base, root)
                    if report:
                        merge(report, root, lines, branches)

    if not lines:
        sys.exit("no counts of dxgkrnl/ in " + " ".join(archives))
    rows, total = [], [0, 0, 0, 0]
    with open(os.path.join(out, "lines.txt"), "w") as missed:
        for name in sorted(lines):
            never = [n for n, count in lines[name].items() if not count]
            paths = [b for taken in branches[name].values() for b in taken]
            row = [len(lines[name]) - len(never), len(lines[name]),
                   sum(1 for b in paths if b), len(paths)]
            total = [a + b for a, b in zip(total, row)]
            rows.append([name] + row)
            text = open(os.path.join(root, name)).read().splitlines()
            for part in ranges(never):
                first = int(part.split("-")[0])
                missed.write(f"{name}:{part}: {text[first - 1].strip()}\n")

    for name, *row in rows + [["all"] + total]:
        print(f"{name:36} lines {share(row[0], row[1])} of {row[1]:5}"
              f"   branches {share(row[2], row[3])} of {row[3]:5}")
    with open(os.path.join(out, "coverage.json"), "w") as result:
        json.dump({
            "date": datetime.date.today().isoformat(),
            "files": {name: row for name, *row in rows + [["all"] + total]},
        }, result, indent=1)


main()
