# SPDX-License-Identifier: Apache-2.0
"""tools/ci_summary.py: one ctest summary that says what the stages and their tests did."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from support import ROOT

JUNIT = """<testsuite>
<testcase name="core/a.b" status="run"/>
<testcase name="core/a.&quot;c&quot;" status="run"/>
<testcase name="core/a.d" status="notrun"><skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>
<system-out>x.cpp:3: Skipped
needs two cores
[  SKIPPED ] a.d (0 ms)</system-out></testcase>
%s</testsuite>
"""
FAILURE = '<testcase name="core/a.e" status="fail"><failure message=""/></testcase>\n'


WHOLE = """<testsuites><testsuite name="b">
<testcase name="c" status="run" result="completed" time="0.1" classname="b"/>
<testcase name="d" status="run" result="completed" time="0.1" classname="b">
<failure message="x.cpp:1&#x0A;wrong"/></testcase>
<testcase name="e" status="run" result="skipped" time="0." classname="b">
<skipped message="x.cpp:3&#x0A;needs two cores"/></testcase>
</testsuite></testsuites>
"""


class CiSummary(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)

    def summary(self, failure="", tidy="0"):
        (self.path / "test.xml").write_text(JUNIT % failure)
        (self.path / "test.status").write_text("8\n" if failure else "0\n")
        (self.path / "tidy.status").write_text(tidy + "\n")
        return subprocess.run([sys.executable, ROOT / "tools/ci_summary.py", self.path, "test",
                               "tidy"], capture_output=True, text=True, check=False)

    def test_all_stages_and_tests_count_and_skips_are_named(self):
        done = self.summary()
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertTrue(done.stdout.startswith("100% tests passed, 0 tests failed out of 5"),
                        done.stdout)
        self.assertIn("test: core/a.d (Skipped)", done.stdout)

    def test_a_failed_test_is_named_and_fails_the_whole(self):
        done = self.summary(failure=FAILURE)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("2 tests failed out of 6", done.stdout)
        self.assertIn("test: core/a.e (Failed)", done.stdout)

    def test_a_failed_stage_without_tests_fails_the_whole(self):
        done = self.summary(tidy="1")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("tidy (Failed)", done.stdout)

    def test_skips_are_printed_with_their_reason(self):
        self.summary()
        done = subprocess.run([sys.executable, ROOT / "tools/dev.d/skips.py",
                               self.path / "test.xml"], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout, "skipped: core/a.d: needs two cores\n")

    def test_cases_of_programs_that_ran_whole_count_too(self):
        (self.path / "cases/exec").mkdir(parents=True)
        (self.path / "cases/exec/threads.xml").write_text(WHOLE)
        (self.path / "test.xml").write_text(JUNIT % "")
        subprocess.run([sys.executable, ROOT / "tools/dev.d/cases.py", self.path / "test.xml",
                        self.path / "cases"], check=True)
        (self.path / "test.status").write_text("8\n")
        done = subprocess.run([sys.executable, ROOT / "tools/ci_summary.py", self.path, "test"],
                              capture_output=True, text=True, check=False)
        self.assertIn("2 tests failed out of 7", done.stdout)
        self.assertIn("test: exec/threads/b.d (Failed)", done.stdout)
        skips = subprocess.run([sys.executable, ROOT / "tools/dev.d/skips.py",
                                self.path / "test.xml"], capture_output=True, text=True, check=True)
        self.assertIn("skipped: exec/threads/b.e: needs two cores\n", skips.stdout)


if __name__ == "__main__":
    unittest.main()
