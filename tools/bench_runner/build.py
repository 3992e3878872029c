# SPDX-License-Identifier: Apache-2.0
"""Configures and builds the programs of the asked problems, and nothing else."""
import os
import platform
import subprocess
import sys
from pathlib import Path

from .catalog import UsageError

# One set of flags for the library and all contenders alike.
FLAGS = "-O3 -DNDEBUG" + (" -march=x86-64-v3" if platform.machine() == "x86_64" else "")


def _run(command):
    """The build's talk goes to standard error: standard output is for results."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        sys.stderr.write(done.stdout)
        raise UsageError(f"'{' '.join(map(str, command))}' failed, see above")


def build(root, folder, problems):
    _run(["cmake", "-S", root, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
          f"-DCMAKE_CXX_FLAGS_RELEASE={FLAGS}", "-DQUARTET_BENCH=ON", "-DQUARTET_TESTS=OFF",
          "-DQUARTET_EXAMPLES=OFF"])
    targets = [f"bench_{problem.name}" for problem in problems]
    _run(["cmake", "--build", folder, "--parallel", str(len(os.sched_getaffinity(0))),
          "--target", *targets])


def left_out(folder, problems):
    """Lines (problem, program, what it needs) that the configuration wrote."""
    names = {problem.name for problem in problems}
    lines = (Path(folder) / "programs" / "left_out.tsv").read_text().splitlines()
    return [found for line in lines if (found := tuple(line.split("\t")))[0] in names]


def describe(root, folder):
    """Machine, compiler and commit, without which no figure means anything."""
    def first_line(*command):
        done = subprocess.run(command, cwd=root, capture_output=True, text=True)
        return done.stdout.splitlines()[0] if done.stdout else "unknown"
    cache = Path(folder) / "CMakeCache.txt"
    compilers = [line.split("=", 1)[1] for line in cache.read_text().splitlines()
                 if line.startswith("CMAKE_CXX_COMPILER:")]
    return (f"{platform.machine()}, {len(os.sched_getaffinity(0))} CPUs, "
            f"{first_line(*compilers[:1], '--version')}, {FLAGS}, "
            f"commit {first_line('git', 'rev-parse', '--short', 'HEAD')}")
