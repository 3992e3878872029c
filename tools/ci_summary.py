# SPDX-License-Identifier: Apache-2.0
"""One ctest summary over all stages: ci_summary.py FOLDER STAGE...

Reads FOLDER/STAGE.status and, where a stage ran tests, FOLDER/STAGE.xml (JUnit); makes of each
stage and of each of its tests one ctest test that ends as it ended, and runs them.
"""
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

PASSED, FAILED, SKIPPED = "0", "1", "77"


def outcomes(folder, stage):
    """Name and outcome of the stage and of each of its tests."""
    status = (folder / f"{stage}.status").read_text().strip()
    yield stage, PASSED if status == "0" else FAILED
    file = folder / f"{stage}.xml"
    if not file.exists():
        return
    for case in xml.parse(file).getroot().iter("testcase"):
        failed = case.find("failure") is not None or case.get("status") == "fail"
        skipped = case.find("skipped") is not None
        yield f"{stage}: {case.get('name')}", (FAILED if failed else SKIPPED if skipped else PASSED)


def main(folder, stages):
    script = folder / "outcome.sh"
    script.write_text('exit "$1"\n')
    lines = []
    for stage in stages:
        for name, outcome in outcomes(folder, stage):
            quoted = name.replace("\\", "\\\\").replace('"', '\\"')
            lines.append(f'add_test("{quoted}" sh "{script}" {outcome})')
            lines.append(f'set_tests_properties("{quoted}" PROPERTIES SKIP_RETURN_CODE {SKIPPED})')
    (folder / "CTestTestfile.cmake").write_text("\n".join(lines) + "\n")
    done = subprocess.run(["ctest", "--test-dir", str(folder), "--parallel", "2"],
                          capture_output=True, text=True, check=False)
    start = done.stdout.find("% tests passed")
    print(done.stdout[done.stdout.rfind("\n", 0, start) + 1:] if start >= 0 else done.stdout)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
