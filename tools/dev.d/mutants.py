# SPDX-License-Identifier: Apache-2.0
"""mutants.py PROGRAM EQUIVALENT [new]: takes one synchronising operation after the other
out of what PROGRAM explores, and says which of its tests notices.

EQUIVALENT lists the mutants that nobody can notice: `FILE: KIND: the line as it is in FILE`, with
` [2 of 3]` behind the second of three equal lines; below it, indented, why. An entry for a mutant
that is not there, or that is found, is an error. `new` does not try those that are listed, which
take longest: nobody notices them, so every test runs."""
import concurrent.futures
import os
import re
import subprocess
import sys
from pathlib import Path

MODULES = "sync|core|reactor|algo|exec/threads|exec/loop|lockfree"
OURS = re.compile(f"(include/quartet|src)/({MODULES})/")
LONGEST = 120  # seconds that one mutant may take


class Mistake(Exception):
    """What the user has to put right."""


def read_equivalent(text):
    """{(file, kind, line of code): reason}"""
    entries, key = {}, None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0].isspace():
            if key is None:
                raise Mistake(f"line {number}: a reason without a mutant")
            entries[key] = f"{entries[key]} {line.strip()}".strip()
            continue
        parts = line.split(": ", 2)
        if len(parts) != 3:
            raise Mistake(f"line {number}: not FILE: KIND: CODE")
        key = (parts[0], parts[1], parts[2].strip())
        entries[key] = ""
    for (file, kind, code), reason in entries.items():
        if not reason:
            raise Mistake(f"{file}: {kind}: {code}: without a reason")
    return entries


def key_of(mutant):
    """What an entry is found by: it stays when lines are added elsewhere. Of equal lines in one
    file it says which one it is."""
    file, line, kind = mutant.rsplit(":", 2)
    lines = [text.strip() for text in Path(file).read_text().splitlines()]
    code = lines[int(line) - 1]
    alike = lines.count(code)
    nth = f" [{lines[:int(line)].count(code)} of {alike}]" if alike > 1 else ""
    return file, kind, code + nth


def candidates(program):
    done = subprocess.run([program, "--gtest_brief=1"], capture_output=True, text=True,
                          env={**os.environ, "QUARTET_POINTS": "operations"}, check=False)
    if done.returncode != 0:
        raise Mistake(f"{program} fails as it is:\n{done.stdout}{done.stderr}")
    found = set(re.findall(r"^point: (.*)$", done.stdout, re.MULTILINE))
    return sorted((m for m in found if OURS.match(m)),
                  key=lambda m: (m.split(":")[0], int(m.split(":")[1]), m))


def who_finds(program, mutant):
    """The test, what went wrong, and the schedule; none: nobody."""
    try:
        done = subprocess.run([program, "--gtest_fail_fast"], capture_output=True, text=True,
                              timeout=LONGEST, check=False,
                              env={**os.environ, "QUARTET_MUTANT": mutant})
    except subprocess.TimeoutExpired:
        return f"no end within {LONGEST} s"
    if done.returncode == 0:
        return None
    text = done.stdout + done.stderr
    test = re.search(r"^\[  FAILED  \] (\S+)", text, re.MULTILINE)
    kind = re.search(r"^(.*), in schedule \d+$", text, re.MULTILINE)
    token = re.search(r"QUARTET_SEED=(\w+)", text)
    unreached = re.search(r"^(never came true: .*)$", text, re.MULTILINE)
    what = kind or unreached
    return ", ".join([test.group(1) if test else f"exit {done.returncode}",
                      what.group(1) if what else "of its own",
                      f"QUARTET_SEED={token.group(1)}" if token else "no schedule"])


def main(program, list_file, which="all"):
    if which not in ("all", "new"):
        raise Mistake(f"there is no {which}: new, or nothing")
    equivalent = read_equivalent(Path(list_file).read_text())
    mutants = candidates(program)
    keys = {m: key_of(m) for m in mutants}
    found, same, survived = [], [], []
    stale = set(equivalent) - set(keys.values())
    if which == "new":
        mutants = [m for m in mutants if keys[m] not in equivalent]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for m, who in zip(mutants, pool.map(lambda m: who_finds(program, m), mutants)):
            known = equivalent.get(keys[m])
            (found if who else same if known else survived).append(m)
            if who and known:
                stale.add(keys[m])
            what = f"found: {who}" if who else f"equivalent: {known}" if known else "SURVIVED"
            print(f"{m}  {what}", flush=True)
    for key in sorted(stale):
        print(f"stale in {list_file}: {': '.join(key)}")
    if which == "all":
        print(f"equivalent {len(same)}, see {list_file}")
    print(f"mutants {len(found) + len(survived)} found {len(found)}")
    return 1 if survived or stale else 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except Mistake as e:
        sys.exit(f"mutants: {e}")
