# SPDX-License-Identifier: Apache-2.0
"""Licence line, line length, no path of one machine, no promise left in a comment."""
import re

CODE = (".hpp", ".cpp", ".S", ".py", ".cmake", ".sh", "CMakeLists.txt")
LICENCE = "SPDX-License-Identifier: Apache-2.0"
_MACHINE = re.compile(r"(?<![\w./:-])/(?:work|root|farm|home)/[a-zA-Z.]")
_PROMISE = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
_BINARY = (".jpg", ".jpeg", ".png", ".webp", ".ico", ".woff2")


def check(tree):
    for path in tree.paths():
        if path.endswith(_BINARY):
            continue
        lines = tree.text(path).split("\n")
        code = path.endswith(CODE) or lines[0].startswith("#!")
        if code and LICENCE not in "\n".join(lines[:2]):
            yield f"{path}:1: lacks the licence line ({LICENCE})"
        for number, line in enumerate(lines, 1):
            if code and len(line) > 100:
                yield f"{path}:{number}: {len(line)} columns, at most 100"
            if code and _PROMISE.search(line):
                yield f"{path}:{number}: a promise in a comment: mend it or leave it out"
            if _MACHINE.search(line):
                yield f"{path}:{number}: a path of one machine"
