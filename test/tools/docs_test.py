# SPDX-License-Identifier: Apache-2.0
"""tools/docs: links, quotations and verbs in the documents."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from support import ROOT


class Docs(unittest.TestCase):
    def docs(self, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                file = Path(folder) / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            done = subprocess.run([sys.executable, ROOT / "tools/docs", folder],
                                  capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    def test_links_that_lead_somewhere_pass(self):
        text = "# Two words\n[a](b/c.md#one) [here](#two-words) [out](https://example.org/x)\n"
        self.assertEqual(self.docs({"a.md": text, "b/c.md": "# One\n"}), (0, ""))

    def test_a_link_to_nowhere_fails(self):
        self.assertEqual(self.docs({"a.md": "\n[a](b.md)\n"}),
                         (1, "a.md:2: the link b.md leads nowhere\n"))

    def test_a_link_to_no_heading_fails(self):
        self.assertIn("has no heading #two", self.docs({"a.md": "# One\n[a](#two)\n"})[1])

    def test_a_quotation_must_be_what_the_file_says(self):
        quote = "<!-- from: x.cpp -->\n```cpp\nint a;\nint b;\n```\n"
        self.assertEqual(self.docs({"a.md": quote, "x.cpp": "//\nint a;\nint b;\n"}), (0, ""))
        self.assertIn("the quotation is not what x.cpp says",
                      self.docs({"a.md": quote, "x.cpp": "int a;\n"})[1])
        self.assertIn("which is not there", self.docs({"a.md": quote})[1])

    def test_a_verb_that_dev_lacks_fails(self):
        files = {"a.md": "Run `./dev dance`.\n", "tools/dev.d/verbs.sh": "verb_test() {\n}\n"}
        self.assertIn("./dev has no verb dance", self.docs(files)[1])


if __name__ == "__main__":
    unittest.main()
