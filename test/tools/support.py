# SPDX-License-Identifier: Apache-2.0
"""Small trees for the tests of tools/: files by name, in a temporary folder."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
LAYERS = """
[modules.base]
floor = 0
may_include = []
[modules.core]
floor = 1
may_include = ["base"]
[modules."exec/loop"]
floor = 2
may_include = ["base", "core"]
[modules."exec/threads"]
floor = 2
may_include = ["base", "core"]
[third_party]
"gtest/" = ["test/", "include/quartet/test/gtest.hpp"]
"png.h" = "src/core/png.cpp"
"CLI/" = "src/cli/"
"""
CONTRACT = "/// Threads: one. Stop: none. Errors: none. Lifetime: free.\n"


class TreeTest(unittest.TestCase):
    """Runs tools/tidy on a tree made of {path: text}."""

    def tidy(self, files, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            for path, text in {"layers.toml": LAYERS, **files}.items():
                file = Path(folder) / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            command = [sys.executable, ROOT / "tools/tidy", "--root", folder, *arguments]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def passes(self, rule, files):
        code, out = self.tidy(files, rule)
        self.assertEqual((code, out), (0, ""))

    def fails(self, rule, files, *messages):
        code, out = self.tidy(files, rule)
        self.assertEqual(code, 1, out)
        for message in messages:
            self.assertIn(message, out)
        self.assertIn(f"[{rule}]", out)
        return out
