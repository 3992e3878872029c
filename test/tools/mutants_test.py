# SPDX-License-Identifier: Apache-2.0
"""tools/dev.d/mutants.py with a program of the test's own instead of explorations."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from support import ROOT

# Reaches three operations; notices that the first is left out.
PROGRAM = """#!/bin/sh
[ "$QUARTET_POINTS" != operations ] || cat <<'TEXT'
point: src/sync/a.cpp:1:lock
point: src/sync/a.cpp:2:lock
point: src/sync/a.cpp:3:fence
point: test/races/b.cpp:1:lock
TEXT
case $QUARTET_MUTANT in *:1:lock)
  echo "[  FAILED  ] races.something (1 ms)"
  echo "data race, in schedule 7"
  echo "to see it again: QUARTET_SEED=0123456789abcdef"
  exit 1 ;;
esac
"""
SOURCE = "guard g(a);\nguard g(a);\nfence();\n"
NOTICED_BY_NOBODY = """# why not
src/sync/a.cpp: lock: guard g(a); [2 of 2]
    taken twice
src/sync/a.cpp: fence: fence();
    nobody
    minds
"""


class Mutants(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        (self.path / "src/sync").mkdir(parents=True)
        (self.path / "src/sync/a.cpp").write_text(SOURCE)
        (self.path / "program").write_text(PROGRAM)
        (self.path / "program").chmod(0o755)

    def mutants(self, equivalent, *more):
        (self.path / "list").write_text(equivalent)
        return subprocess.run([sys.executable, "-B", ROOT / "tools/dev.d/mutants.py", "./program",
                               "list", *more],
                              cwd=self.path, capture_output=True, text=True, check=False)

    def test_what_nobody_notices_survives(self):
        done = self.mutants("")
        self.assertEqual(done.returncode, 1)
        self.assertIn("src/sync/a.cpp:1:lock  found: races.something, data race, "
                      "QUARTET_SEED=0123456789abcdef", done.stdout)
        self.assertIn("src/sync/a.cpp:2:lock  SURVIVED", done.stdout)
        self.assertNotIn("b.cpp", done.stdout)
        self.assertTrue(done.stdout.endswith("mutants 3 found 1\n"), done.stdout)

    def test_what_cannot_be_noticed_is_counted_apart(self):
        done = self.mutants(NOTICED_BY_NOBODY)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("a.cpp:3:fence  equivalent: nobody minds\n", done.stdout)
        self.assertTrue(done.stdout.endswith("equivalent 2, see list\nmutants 1 found 1\n"))

    def test_what_is_listed_need_not_be_tried(self):
        done = self.mutants(NOTICED_BY_NOBODY, "new")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertNotIn("equivalent", done.stdout)
        self.assertTrue(done.stdout.endswith("mutants 1 found 1\n"), done.stdout)
        self.assertIn("there is no old", self.mutants(NOTICED_BY_NOBODY, "old").stderr)

    def test_an_entry_for_what_is_gone_or_noticed_is_an_error(self):
        for stale in ("src/sync/a.cpp: lock: guard g(b);",
                      "src/sync/a.cpp: lock: guard g(a); [1 of 2]"):
            done = self.mutants(f"{NOTICED_BY_NOBODY}{stale}\n    a reason\n")
            self.assertEqual(done.returncode, 1)
            self.assertIn(f"stale in list: {stale}", done.stdout)

    def test_an_entry_says_why(self):
        for text in ("src/sync/a.cpp: fence: fence();\n", "    why\n", "src/sync/a.cpp\n    why\n"):
            done = self.mutants(text)
            self.assertEqual(done.returncode, 1)
            self.assertIn("mutants: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
