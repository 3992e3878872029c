# SPDX-License-Identifier: Apache-2.0
"""Prints each skipped test of a JUnit file with its reason: skips.py FILE..."""
import re
import sys
import xml.etree.ElementTree as xml


def reason(case):
    """What the test said when it skipped itself."""
    text = case.findtext("system-out") or ""
    match = re.search(r"Skipped\n(.+)", text)
    return match.group(1).strip() if match else "no reason given"


def main(files):
    for file in files:
        for case in xml.parse(file).getroot().iter("testcase"):
            if case.find("skipped") is not None:
                print(f"skipped: {case.get('name')}: {reason(case)}")


main(sys.argv[1:])
