#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles the programs of a folder that must not compile and judges what the user is told.

  must_not_compile.py FOLDER [--compiler g++] [--include DIR] [--show]

A program says in comments what its error must contain and whether it must compile after all:
  // expect: job.owner          (as often as needed; each must be in the first error)
  // compiles                   (then nothing is expected, and warnings are errors)
  // flags: -Werror=unused-result
At most 15 lines, at most one error.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

LINES_MAX = 15


def tagged(text, tag):
    return re.findall(rf"^// {tag}: (.*)$", text, re.M)


def judge(path, options):
    text = path.read_text()
    command = [options.compiler, "-std=c++20", "-Wall", "-Wextra", "-Werror",
               "-Wno-unused-private-field", "-fsyntax-only",
               "-fdiagnostics-color=never", f"-I{options.include}"]
    for flags in tagged(text, "flags"):
        command += flags.split()
    if "clang" not in options.compiler:  # some of GCC's errors come after the syntax
        command.remove("-fsyntax-only")
        command.remove("-Wno-unused-private-field")
        command += ["-c", "-o", os.devnull]
    done = subprocess.run(command + [path.name], cwd=path.parent, text=True, capture_output=True)
    said = done.stderr.strip()
    lines = [each for each in said.splitlines() if not re.match(r"\d+ errors? generated", each)]
    plain = re.sub(r" ([*&])", r"\1", said)  # Clang writes `int *`, GCC `int*`
    if re.search(r"^// compiles$", text, re.M):
        return ([] if done.returncode == 0 else ["does not compile"]), lines
    faults = []
    if done.returncode == 0:
        faults.append("compiles, and must not")
    if len(lines) > LINES_MAX:
        faults.append(f"{len(lines)} lines, at most {LINES_MAX}")
    if plain.count(" error: ") > 1:
        faults.append("more than one error")
    expected = tagged(text, "expect")
    if not expected:
        faults.append("says nothing about what to expect")
    faults += [f"does not say: {each}" for each in expected if each not in plain]
    return faults, lines


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--compiler", default="g++")
    root = pathlib.Path(__file__).resolve().parents[1]
    parser.add_argument("--include", type=pathlib.Path, default=root / "include")
    parser.add_argument("--show", action="store_true", help="print what each compiler said")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    options.include = options.include.resolve()
    programs = sorted(options.folder.resolve().glob("*.cpp"))
    if not programs:
        print(f"no programs in {options.folder}: name a folder that holds .cpp files")
        return 2
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for path, (faults, lines) in zip(programs, pool.map(lambda p: judge(p, options), programs)):
            failed += bool(faults)
            print(f"{'FAIL' if faults else 'ok':4} {path.name} ({len(lines)} lines)"
                  + "".join(f"\n     {each}" for each in faults))
            if faults or options.show:
                print("".join(f"   | {each}\n" for each in lines[:40]), end="")
    print(f"{len(programs)} programs, {failed} failed, {options.compiler}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
