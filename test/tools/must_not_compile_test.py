# SPDX-License-Identifier: Apache-2.0
"""tools/must_not_compile.py: a mistake must be refused, and with the right words."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from support import ROOT

GOOD = '''// case 1, at most 12 lines: a number is wanted
template <class T> void f(T) { static_assert(sizeof(T) == 4, "a number is wanted"); }
int main() {
  f(1);
#if CASE == 1
  f(1.0);
#endif
}
'''


class MustNotCompile(unittest.TestCase):
    def run_on(self, text):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "x.nocompile.cpp"
            file.write_text(text)
            done = subprocess.run([sys.executable, ROOT / "tools/must_not_compile.py", file,
                                   os.environ.get("CXX") or "g++"],
                                  capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def test_a_mistake_that_is_refused_with_the_right_words_passes(self):
        self.assertEqual(self.run_on(GOOD), (0, ""))

    def test_a_mistake_that_compiles_fails(self):
        self.assertIn("case 1 compiles", self.run_on(GOOD.replace("f(1.0)", "f(2)"))[1])

    def test_other_words_fail(self):
        self.assertIn("is refused, but not with", self.run_on(GOOD.replace("f(1.0)", "g()"))[1])

    def test_too_many_words_fail(self):
        self.assertIn("lines, at most 1", self.run_on(GOOD.replace("most 12", "most 1"))[1])

    def test_a_file_that_is_wrong_without_its_mistake_fails(self):
        self.assertIn("must compile", self.run_on(GOOD.replace("f(1);", "f(1, 2);"))[1])


if __name__ == "__main__":
    unittest.main()
