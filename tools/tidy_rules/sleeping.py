# SPDX-License-Identifier: Apache-2.0
"""No test sleeps; only quartet's own sleep is allowed, awaited, where time is virtual."""
import re
from tidy_rules.cpp_text import code_only

_SLEEP = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep|clock_nanosleep|sleep)\s*\(")
_AWAITED = re.compile(r"\bco_await\s+(::)?(quartet::)?sleep_(for|until)\s*\(")


def check(tree):
    for path in tree.sources(under="test/"):
        for number, line in enumerate(code_only(tree.text(path)).split("\n"), 1):
            match = _SLEEP.search(_AWAITED.sub("", line))
            if match:
                yield (f"{path}:{number}: a test sleeps ({match.group(1)}): drive it by hand or by "
                       "virtual time")
