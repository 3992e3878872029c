# SPDX-License-Identifier: Apache-2.0
"""tools/dev.d/stops.py with a program of the test's own instead of scenarios."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from support import ROOT

CLEAN = "mutex: checkpoints 7, injected 7, leaked 0, lost 0"
LOOP = "loop: checkpoints 3, injected 3, leaked 0, lost 0"


class Stops(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        (self.path / "include/quartet/sync/detail").mkdir(parents=True)
        (self.path / "include/quartet/sync/mutex.hpp").touch()
        for executor in ("loop", "processes", "sim"):
            (self.path / "include/quartet/exec" / executor).mkdir(parents=True)

    def stops(self, *lines, code=0):
        text = "\n".join(lines)
        (self.path / "program").write_text(f"#!/bin/sh\ncat <<'TEXT'\n{text}\nTEXT\nexit {code}\n")
        (self.path / "program").chmod(0o755)
        return subprocess.run([sys.executable, "-B", ROOT / "tools/dev.d/stops.py", "./program"],
                              cwd=self.path, capture_output=True, text=True, check=False)

    def test_a_clean_line_for_each_is_all_that_is_printed(self):
        done = self.stops("[ RUN ] stops.mutex", CLEAN, LOOP)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, f"{CLEAN}\n{LOOP}\n")

    def test_a_primitive_or_an_executor_without_a_line_is_an_error(self):
        for given, missing in ((LOOP, "mutex"), (CLEAN, "loop")):
            done = self.stops(given)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr, f"stops: {missing}: has no line; write a scenario for it "
                                          "in test/stops\n")

    def test_what_is_not_clean_is_an_error(self):
        for line, what in (("mutex: checkpoints 7, injected 6, leaked 0, lost 0", "had no stop"),
                           ("mutex: checkpoints 0, injected 0, leaked 0, lost 0", "no checkpoint"),
                           ("mutex: checkpoints 7, injected 7, leaked 1, lost 0", "leaked"),
                           ("mutex: checkpoints 7, injected 7, leaked 0, lost 1", "lost")):
            done = self.stops(line, LOOP)
            self.assertEqual(done.returncode, 1, line)
            self.assertIn(what, done.stderr)
            self.assertIn(line, done.stdout)

    def test_what_a_failing_program_says_is_shown(self):
        done = self.stops(CLEAN, LOOP, "to see it again: QUARTET_SEED=0123456789abcdef@3", code=1)
        self.assertEqual(done.returncode, 1)
        self.assertIn("QUARTET_SEED=0123456789abcdef@3", done.stdout)
        self.assertIn("exit 1", done.stderr)


if __name__ == "__main__":
    unittest.main()
