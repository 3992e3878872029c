# SPDX-License-Identifier: Apache-2.0
"""Only the seam names the standard's atomics, locks and threads, reads a clock or asks for chance.

Whatever else did so would be invisible to the simulator.
"""
import re
from tidy_rules.cpp_text import code_only
from tidy_rules.layers_file import include_lines

HEADERS = {"atomic", "mutex", "shared_mutex", "thread", "condition_variable", "future", "semaphore",
           "latch", "barrier"}
_CLOCK = re.compile(r"\b(?:(?:steady|system|high_resolution)_clock::now|clock_gettime|gettimeofday"
                    r"|std::time|std::random_device|getrandom|arc4random)\b")


def check(tree):
    for path in tree.sources(under="include/quartet/") + tree.sources(under="src/"):
        if path.startswith(("include/quartet/seam/", "src/seam/")):
            continue
        text = tree.text(path)
        for number, name in include_lines(text):
            if name in HEADERS:
                yield f"{path}:{number}: <{name}> belongs to the seam: use <quartet/seam/...>"
        for number, line in enumerate(code_only(text).split("\n"), 1):
            match = _CLOCK.search(line)
            if match:
                yield f"{path}:{number}: {match.group()} belongs to the seam"
