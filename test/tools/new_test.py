# SPDX-License-Identifier: Apache-2.0
"""tools/new: each skeleton compiles and passes tools/tidy as it is written."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from support import ROOT

COMPILE = [os.environ.get("CXX") or "g++", "-std=c++20", "-Wall", "-Wextra", "-Wshadow", "-Werror",
           "-fsyntax-only", "-Iinclude", "-Ibench", "-x", "c++", "-"]
RULES = ["layers", "third_party", "seam_only", "co_await", "sleeping", "contract", "header_tests",
         "plain_text"]  # all but standalone: headers are compiled here


class New(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = Path(folder.name)
        shutil.copy(ROOT / "layers.toml", self.tree)
        for name in ("include", "bench/support"):
            if (ROOT / name).exists():
                shutil.copytree(ROOT / name, self.tree / name)

    def new(self, *words):
        return subprocess.run([sys.executable, ROOT / "tools/new", "--root", self.tree, *words],
                              capture_output=True, text=True, check=False)

    def write(self, kind):
        """Writes zz_new of a kind; every file must compile and have nothing to be said against."""
        done = self.new(kind, "zz_new")
        self.assertEqual(done.returncode, 0, done.stderr)
        files = done.stdout.split("\nNext: ")[0].splitlines()
        for path in [f for f in files if f.endswith((".hpp", ".cpp"))]:
            made = subprocess.run(COMPILE, input=f'#include "{self.tree / path}"\n', text=True,
                                  cwd=self.tree, capture_output=True, check=False)
            self.assertEqual(made.returncode, 0, made.stderr)
            if path.endswith(".cpp") and shutil.which("clang-format"):
                self.assertEqual(self.formatted(path), (self.tree / path).read_text())
        tidy = subprocess.run([sys.executable, ROOT / "tools/tidy", "--root", self.tree, *RULES],
                              capture_output=True, text=True, check=False)
        self.assertEqual([x for x in tidy.stdout.splitlines() if "zz_new" in x], [])
        return files

    def formatted(self, path):
        return subprocess.run(["clang-format", f"--style=file:{ROOT}/.clang-format", path],
                              cwd=self.tree, capture_output=True, text=True, check=True).stdout

    def test_a_primitive_has_header_source_test_and_benchmark(self):
        files = self.write("primitive")
        self.assertIn("include/quartet/sync/zz_new.hpp", files)
        self.assertIn("test/sync/zz_new.test.cpp", files)
        self.assertIn("bench/problems/zz_new/quartet.cpp", files)

    def test_an_executor_has_its_folder_and_its_line_in_the_floors(self):
        files = self.write("executor")
        self.assertIn("include/quartet/exec/zz_new/zz_new_executor.hpp", files)
        self.assertIn('[modules."exec/zz_new"]', (self.tree / "layers.toml").read_text())

    def test_a_command_is_a_job_with_a_test(self):
        self.assertIn("src/jobs/zz_new/run_zz_new.cpp", self.write("command"))
        self.assertIn('[modules."jobs/zz_new"]', (self.tree / "layers.toml").read_text())

    def test_nothing_is_written_over(self):
        self.assertEqual(self.new("primitive", "zz_new").returncode, 0)
        again = self.new("primitive", "zz_new")
        self.assertEqual(again.returncode, 1)
        self.assertIn("zz_new.hpp is there already", again.stderr)

    def test_a_bad_name_or_kind_says_what_is_wanted(self):
        self.assertIn("is no snake_case name", self.new("primitive", "BigName").stderr)
        self.assertIn("new primitive NAME", self.new("planet", "x").stderr)
        self.assertIn("new primitive NAME", self.new().stderr)


if __name__ == "__main__":
    unittest.main()
