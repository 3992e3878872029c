# SPDX-License-Identifier: Apache-2.0
"""Adds what programs that ran whole say of their cases to a JUnit file: cases.py JUNIT FOLDER

FOLDER/a/b.xml is GoogleTest's report of the program of test/a/b; its cases are named
a/b/SUITE.CASE, as where ctest runs each by itself.
"""
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def as_junit(case, prefix):
    """A case of GoogleTest's as ctest would have written it."""
    made = xml.Element("testcase", name=f"{prefix}/{case.get('classname')}.{case.get('name')}",
                       time=case.get("time"), status="run")
    skipped = case.find("skipped")
    if skipped is not None:
        made.set("status", "notrun")
        xml.SubElement(made, "skipped")
        place, _, reason = skipped.get("message").partition("\n")
        xml.SubElement(made, "system-out").text = f"{place}: Skipped\n{reason}"
    elif case.find("failure") is not None:
        made.set("status", "fail")
        xml.SubElement(made, "failure")
    return made


def main(junit, folder):
    tree = xml.parse(junit)
    for report in sorted(Path(folder).rglob("*.xml")):
        prefix = report.relative_to(folder).with_suffix("").as_posix()
        tree.getroot().extend(as_junit(case, prefix)
                              for case in xml.parse(report).getroot().iter("testcase"))
    tree.write(junit)


main(*sys.argv[1:])
