# SPDX-License-Identifier: Apache-2.0
"""tools/seam_code.py on a few lines that are compiled for it."""
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from support import ROOT

HOOKED = """namespace quartet::seam { extern int hot; namespace detail { void announce(int); } }
void f() { if (quartet::seam::hot) quartet::seam::detail::announce(1); }
"""
PLAIN = "void f() {}\n"
ONE_LOOP = """struct other { int v; operator int() const { return v%s; } };
template <class I> struct loops { static int get(I const& i) { return i; } };
template struct loops<int>;
template struct loops<other>;
"""
SAME, DIFFERENT = ONE_LOOP % "", ONE_LOOP % " + 1"
LIBRARIES = ("core", "sync", "exec_threads")


class SeamCode(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.objects = {}
        for name, text in {"hooked": HOOKED, "plain": PLAIN, "same": SAME,
                           "different": DIFFERENT}.items():
            source = Path(folder.name, f"{name}.cpp")
            source.write_text(text)
            subprocess.run([os.environ.get("CXX", "c++"), "-std=c++20", "-O2", "-c", source, "-o",
                            source.with_suffix(".o")], check=True)
            cls.objects[name] = source.with_suffix(".o").read_bytes()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name)
        self.build("on", "hooked", "same", "different")
        self.build("off", "plain", "same", "same")

    def build(self, name, code, shared, watched):
        files = {f"lib/libquartet_{m}.a": code for m in LIBRARIES}
        files |= {f"CMakeFiles/{target}.dir/tools/{source}.cpp.o": what for target, source, what in
                  (("seam_cost", "seam_cost", code),
                   ("seam_cost_shared", "seam_cost_shared", shared),
                   ("seam_cost_watched", "seam_cost_shared", watched))}
        for path, what in files.items():
            file = self.path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(self.objects[what])

    def look(self):
        done = subprocess.run([sys.executable, "-B", ROOT / "tools/seam_code.py", "on", "off"],
                              cwd=self.path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def test_no_hooks_where_there_must_be_none(self):
        self.assertEqual(self.look()[0], 0, self.look()[1])

    def test_a_hook_without_its_flag_is_named(self):
        (self.path / "off/lib/libquartet_sync.a").write_bytes(self.objects["hooked"])
        code, said = self.look()
        self.assertEqual(code, 1)
        self.assertIn("libquartet_sync.a refers to quartet::seam::hot\n", said)
        self.assertIn("libquartet_sync.a refers to quartet::seam::detail::announce(int)\n", said)

    def test_hooks_that_are_called_otherwise_are_not_taken_for_none(self):
        (self.path / "on/lib/libquartet_core.a").write_bytes(self.objects["plain"])
        code, said = self.look()
        self.assertEqual(code, 1)
        self.assertIn("on: no hooks were found in libquartet_core.a", said)

    def test_a_library_that_is_not_there_is_a_fault(self):
        (self.path / "off/lib/libquartet_core.a").unlink()
        code, said = self.look()
        self.assertEqual(code, 1)
        self.assertIn("off: libquartet_core.a is not there", said)

    def test_shared_data_is_the_data_and_nothing_else(self):
        self.build("off", "plain", "different", "different")
        code, said = self.look()
        self.assertEqual(code, 1)
        self.assertIn("off: loops over shared<int> and int have different code: get", said)

    def test_loops_that_always_look_alike_are_a_fault(self):
        self.build("on", "hooked", "same", "same")
        code, said = self.look()
        self.assertEqual(code, 1)
        self.assertIn("on: loops over watched data look like those over int", said)


if __name__ == "__main__":
    unittest.main()
