#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts what the seam's hooks cost where no machine listens: seam_cost.py ON OFF [LIMITS]

ON and OFF are build folders with the program seam_cost (tools/seam_cost.cpp), built alike but for
QUARTET_SIM. Callgrind counts the instructions of a few and of many times of each path; what differs
is that of so many times, without the start and the end. Fails if a path costs more than the file of
limits says, or if the two name different paths.
"""
import concurrent.futures
import os
import re
import subprocess
import sys
from pathlib import Path

FEW, MANY = 1000, 21000
PROGRAM = "bin/seam_cost"


class Mistake(Exception):
    pass


def read_limits(text):
    """Path -> limit, and the goal of all."""
    goal, limits = None, {}
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        try:
            name, limit = words[0], float(words[1])
        except (IndexError, ValueError):
            raise Mistake(f"line {number} of the limits is no path and number: {line}") from None
        if name == "goal":
            goal = limit
        else:
            limits[name] = limit
    if goal is None:
        raise Mistake("the limits name no goal")
    for name, limit in limits.items():
        if limit < goal:
            raise Mistake(f"the limit of {name} is below the goal")
    return goal, limits


def instructions(build, path, times):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
               str(build / PROGRAM), path, str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    counted = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or counted is None:
        raise Mistake(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    return int(counted.group(1))


def cost(build, path):
    """Instructions of one time."""
    return (instructions(build, path, MANY) - instructions(build, path, FEW)) / (MANY - FEW)


def main(on, off, limits_file):
    goal, limits = read_limits(limits_file.read_text())
    known = subprocess.run([on / PROGRAM], capture_output=True, text=True, check=True)
    paths = known.stdout.split()
    if set(paths) != set(limits):
        raise Mistake(f"only in the program or only in {limits_file}: "
                      f"{', '.join(sorted(set(paths) ^ set(limits)))}")
    print(f"{'path':22} {'off':>8} {'on':>8} {'ratio':>7} {'limit':>7}   goal {goal:.3f}")
    failed = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, without, with_hooks in zip(paths, pool.map(lambda p: cost(off, p), paths),
                                             pool.map(lambda p: cost(on, p), paths)):
            ratio = with_hooks / without
            said = "" if ratio <= goal else "missed" if ratio <= limits[path] else "FAILED"
            if said == "FAILED":
                failed.append(path)
            print(f"{path:22} {without:8.1f} {with_hooks:8.1f} {ratio:7.3f} {limits[path]:7.3f}   "
                  f"{said}".rstrip(), flush=True)
    if failed:
        print(f"above their limits in {limits_file}: {', '.join(failed)}. Test the flag once for a "
              "whole operation (seam::quiet), or say there why more is right")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        given = [Path(a) for a in sys.argv[1:]]
        if len(given) not in (2, 3):
            raise Mistake("seam_cost.py ON OFF [LIMITS]")
        sys.exit(main(*given, *[Path(__file__).with_suffix(".txt")][len(given) - 2:]))
    except (Mistake, OSError) as e:
        sys.exit(f"seam_cost: {e}")
