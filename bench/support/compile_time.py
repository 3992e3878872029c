# SPDX-License-Identifier: Apache-2.0
"""How long the compiler works on a file: user time of GCC at -O2, checked to have made a main."""
import os
import pathlib
import resource
import subprocess
import sys
import tempfile

import program

COMPILER = os.environ.get("CXX", "g++")
INCLUDE = pathlib.Path(__file__).resolve().parents[2] / "include"


def user_seconds():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


def compile_once(source, result):
    subprocess.run([COMPILER, "-std=c++20", "-O2", f"-I{INCLUDE}", "-c", source, "-o", result],
                   check=True)


def mains(result):
    """How many functions `main` the object file defines."""
    names = subprocess.run(["nm", "--defined-only", result], check=True, capture_output=True,
                           text=True).stdout
    return sum(line.split()[-1] == "main" for line in names.splitlines())


def is_there(header):
    asks = f"#if !__has_include(<{header}>)\n#error\n#endif\n"
    return subprocess.run([COMPILER, "-x", "c++", f"-I{INCLUDE}", "-fsyntax-only", "-"],
                          input=asks, text=True, stderr=subprocess.DEVNULL,
                          check=False).returncode == 0


def measure(script, header, needs, text):
    given = program.parse()
    work = program.constants(script)
    if not is_there(header):
        program.leave_out(needs)
    with tempfile.TemporaryDirectory() as folder:
        source, result = f"{folder}/smallest.cpp", f"{folder}/smallest.o"
        pathlib.Path(source).write_text(f"#include <{header}>\n{text}")
        took = []
        for _ in range(given.repetitions(work["compilations"])):
            begin = user_seconds()
            compile_once(source, result)
            took.append(user_seconds() - begin)
        program.require_answer(given, "number of functions main", mains(result), 1)
    program.show("smallest", "ms", 1000 * min(took))
    sys.stdout.flush()
