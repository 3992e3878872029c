# SPDX-License-Identifier: Apache-2.0
"""tools/seam_cost.py with a valgrind of the test's own."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from support import ROOT

PROGRAM = "#!/bin/sh\nprintf 'lock/a\\nfork/b\\n'\n"
# A start of 5,000 instructions, then for each time what the build folder's file says.
VALGRIND = """#!/bin/sh
for last; do before=$now; now=$last; done
program=$3
echo "==1== Collected : $((5000 + now * $(cat "$(dirname "$program")/$(basename "$before")")))" >&2
"""
LIMITS = "goal 1.010\nlock/a 1.010  # at the goal\nfork/b 1.030\n"


class SeamCost(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        self.program(self.path / "valgrind", VALGRIND)

    @staticmethod
    def program(path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def cost(self, on, off, limits=LIMITS):
        for build, each in (("on", on), ("off", off)):
            self.program(self.path / build / "bin/seam_cost", PROGRAM)
            for name, instructions in zip("ab", each):
                (self.path / build / "bin" / name).write_text(str(instructions))
        (self.path / "limits").write_text(limits)
        environment = {**os.environ, "PATH": f"{self.path}:{os.environ['PATH']}"}
        return subprocess.run([sys.executable, "-B", ROOT / "tools/seam_cost.py", "on", "off",
                               "limits"], cwd=self.path, env=environment, capture_output=True,
                              text=True, check=False)

    def test_the_start_does_not_count_and_a_goal_may_be_missed(self):
        done = self.cost(on=(101, 1030), off=(100, 1000))
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        lines = [line.split() for line in done.stdout.splitlines()]
        self.assertEqual(lines[0], ["path", "off", "on", "ratio", "limit", "goal", "1.010"])
        self.assertEqual(lines[1], ["lock/a", "100.0", "101.0", "1.010", "1.010"])
        self.assertEqual(lines[2], ["fork/b", "1000.0", "1030.0", "1.030", "1.030", "missed"])

    def test_a_path_above_its_limit_fails(self):
        done = self.cost(on=(102, 1000), off=(100, 1000))
        self.assertEqual(done.returncode, 1)
        self.assertIn("FAILED\n", done.stdout)
        self.assertIn("above their limits in limits: lock/a.", done.stdout)

    def test_a_path_without_a_limit_is_an_error_and_so_is_a_limit_without_a_path(self):
        for limits, name in (("goal 1.01\nlock/a 1.01\n", "fork/b"), (LIMITS + "x 2\n", "x")):
            done = self.cost(on=(100, 100), off=(100, 100), limits=limits)
            self.assertEqual(done.returncode, 1)
            self.assertTrue(done.stderr.endswith(f"only in limits: {name}\n"), done.stderr)

    def test_limits_that_say_nothing_are_an_error(self):
        for limits in ("lock/a 1.01\nfork/b 1.01\n", "goal\n", LIMITS.replace("1.030", "1.001")):
            done = self.cost(on=(100, 100), off=(100, 100), limits=limits)
            self.assertEqual(done.returncode, 1)
            self.assertIn("seam_cost: ", done.stderr)

    def test_a_count_that_did_not_happen_is_an_error(self):
        self.program(self.path / "valgrind", "#!/bin/sh\necho illegal instruction >&2\n")
        done = self.cost(on=(100, 100), off=(100, 100))
        self.assertEqual(done.returncode, 1)
        self.assertIn("illegal instruction", done.stderr)


if __name__ == "__main__":
    unittest.main()
