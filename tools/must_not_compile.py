# SPDX-License-Identifier: Apache-2.0
"""Checks that mistakes do not compile and are named: must_not_compile.py FILE COMPILER [FLAG...]

FILE (x.nocompile.cpp) has one mistake for each line `// case N: what the compiler must say`, behind
`#if CASE == N`. With CASE=0 the file must compile; with CASE=N it must not, and the compiler's
words must contain the text. `// case N, at most L lines: text` also limits how much it says.
"""
import re
import subprocess
import sys

CASE = re.compile(r"^// case (\d+)(?:, at most (\d+) lines)?: (.+)$", re.MULTILINE)


def compile_case(file, command, number):
    done = subprocess.run([*command, "-std=c++20", "-fsyntax-only", f"-DCASE={number}", file],
                          capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def problems(file, command):
    status, words = compile_case(file, command, 0)
    if status != 0:
        yield f"without any mistake it must compile, but:\n{words}"
    cases = CASE.findall(open(file, encoding="utf-8").read())
    if not cases:
        yield "no line `// case N: text` in it"
    for number, limit, text in cases:
        status, words = compile_case(file, command, number)
        if status == 0:
            yield f"case {number} compiles, but should be refused with: {text}"
        elif text not in words:
            yield f"case {number} is refused, but not with `{text}`:\n{words}"
        elif limit and len(words.splitlines()) > int(limit):
            yield f"case {number} takes {len(words.splitlines())} lines, at most {limit}:\n{words}"


def main(file, *command):
    found = list(problems(file, command))
    for problem in found:
        print(f"{file}: {problem}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
