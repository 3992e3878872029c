# SPDX-License-Identifier: Apache-2.0
"""tools/must_not_compile.py: a mistake must be refused, once, briefly, and with the right words."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from support import ROOT

GOOD = '''// expect: a number is wanted
template <class T> void f(T) { static_assert(sizeof(T) == 4, "a number is wanted"); }
void g() { f(1.0); }
'''


class MustNotCompile(unittest.TestCase):
    def run_on(self, text):
        with tempfile.TemporaryDirectory() as folder:
            if text is not None:
                (Path(folder) / "x.cpp").write_text(text)
            done = subprocess.run([sys.executable, ROOT / "tools/must_not_compile.py", folder,
                                   "--compiler", os.environ.get("CXX") or "g++"],
                                  capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def refused(self, text, why):
        status, said = self.run_on(text)
        self.assertEqual(status, 1, said)
        self.assertIn(why, said)

    def test_a_mistake_that_is_refused_with_the_right_words_passes(self):
        self.assertEqual(self.run_on(GOOD)[0], 0)

    def test_a_mistake_that_compiles_fails(self):
        self.refused(GOOD.replace("1.0", "1"), "compiles, and must not")

    def test_other_words_fail(self):
        self.refused(GOOD.replace("expect: a number", "expect: a letter"), "does not say: a letter")

    def test_a_second_error_fails(self):
        self.refused(GOOD + "int h() { return nothing; }\n", "more than one error")

    def test_too_many_words_fail(self):
        levels = "".join(f"template <class T> void f{i}(T t) {{ f{i - 1}(t); }}\n"
                         for i in range(1, 16))
        deep = GOOD.replace("void f(", "void f0(").replace("void g() { f(1.0); }\n",
                                                           levels + "void g() { f15(1.0); }\n")
        self.refused(deep, "lines, at most 15")

    def test_a_program_that_expects_nothing_fails(self):
        self.refused(GOOD.replace("// expect: a number is wanted", ""), "says nothing about what")

    def test_a_program_that_must_compile_may_have_no_warning(self):
        fine = "// compiles\nint main() {}\n"
        self.assertEqual(self.run_on(fine)[0], 0)
        self.refused(fine.replace("{}", "{ int unused = 0; }"), "does not compile")

    def test_an_empty_folder_is_an_error(self):
        self.assertEqual(self.run_on(None)[0], 2)


if __name__ == "__main__":
    unittest.main()
