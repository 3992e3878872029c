#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Looks at compiled code for what the seam must not leave there: seam_code.py ON OFF

ON and OFF are build folders with the targets seam_cost, seam_cost_shared and seam_cost_watched,
built alike but for QUARTET_SIM. Without hooks nothing may refer to the flag, nor to what tells a
machine; and the loops over shared<int> are those over int, instruction by instruction, in both.
The same looks at code that has the hooks must find them, or they would find nothing.
"""
import re
import subprocess
import sys
from pathlib import Path

HOOKS = re.compile(r"quartet::seam::hot$|quartet::(seam::)?detail::announce\w*\(")
WITH_HOOKS = ("libquartet_core.a", "libquartet_sync.a", "libquartet_exec_threads.a",
              "seam_cost.cpp.o")
METHOD = re.compile(r"^[0-9a-f]+ <loops<(.+?) ?>::(\w+)\(.*>:$")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def binaries(build):
    """The modules' libraries, and the program's object: what is inline in headers."""
    return sorted([*build.glob("lib/libquartet_*.a"),
                   *build.glob("CMakeFiles/seam_cost.dir/**/*.o")])


def hooks_in(binary):
    names = (line.split(" U ", 1)[1] for line in
             run("nm", "--demangle", "--undefined-only", str(binary)).splitlines() if " U " in line)
    return sorted({name for name in names if HOOKS.match(name)})


def loops(binary):
    """Method -> type -> its instructions, without addresses."""
    found, body = {}, None
    for line in run("objdump", "-d", "--demangle", "--no-show-raw-insn", str(binary)).splitlines():
        head = METHOD.match(line)
        if head:
            body = found.setdefault(head.group(2), {}).setdefault(head.group(1), [])
        elif not line.strip():
            body = None
        elif body is not None and (code := line.partition(":\t")[2].strip()):
            body.append(re.sub(r"\b[0-9a-f]+ <.*?(\+0x[0-9a-f]+)?>$", r"\1", code))
    return found


def differing(build, target):
    """The loops that are not the same for both types."""
    objects = list(build.glob(f"CMakeFiles/{target}.dir/**/*.o"))
    if len(objects) != 1 or not (all_loops := loops(objects[0])):
        sys.exit(f"seam_code: there are no loops of {target} in {build}; build it")
    return [f"{method}: {len(types)} types" if len(types) != 2 else method
            for method, types in sorted(all_loops.items())
            if len(types) != 2 or len({tuple(body) for body in types.values()}) != 1]


def faults(on, off):
    here = {b.name: hooks_in(b) for b in binaries(on)}
    for name in WITH_HOOKS:
        if not here.get(name):
            yield f"{on}: no hooks were found in {name}, which has them"
    without = binaries(off)
    for name in sorted(set(WITH_HOOKS) - {b.name for b in without}):
        yield f"{off}: {name} is not there"
    for binary in without:
        for name in hooks_in(binary):
            yield f"{off}: {binary.name} refers to {name}"
    for build in (on, off):
        for method in differing(build, "seam_cost_shared"):
            yield f"{build}: loops over shared<int> and int have different code: {method}"
    if not differing(on, "seam_cost_watched"):
        yield f"{on}: loops over watched data look like those over int"


def main(on, off):
    found = list(faults(on, off))
    print("\n".join(found) if found else "no code of the seam where there must be none")
    return 1 if found else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("seam_code.py ON OFF")
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
