# SPDX-License-Identifier: Apache-2.0
"""./dev itself: its list of verbs, what it finds missing, how it installs."""
import os
import subprocess
import tempfile
import unittest
from pathlib import Path
from support import ROOT

PACKAGES = """
# package groups check
shell     build       command:sh
nothing   build,test  command:no-such-command
too-old   test        command:fake>=2.10
new-ok    test        command:fake>=2.9
stdio     test        header:stdio.h
absent    bench       header:no/such.h
pattern   format      file:/etc/pass*d
"""


class Verbs(unittest.TestCase):
    def dev(self, *words):
        return subprocess.run([ROOT / "dev", *words], capture_output=True, text=True, check=False)

    def test_alone_lists_every_verb(self):
        done = self.dev()
        self.assertEqual(done.returncode, 0)
        for verb in "demo build test check asan tsan bench races new docs".split():
            self.assertIn(f"\n  {verb} ", done.stdout)

    def test_an_unknown_verb_is_a_usage_error_that_lists_the_verbs(self):
        done = self.dev("dance")
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("there is no verb 'dance'", done.stderr)
        self.assertIn("  build ", done.stderr)

    def test_a_demo_of_no_such_folder_says_so(self):
        done = self.dev("demo", "no/such/folder")
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no folder no/such/folder", done.stderr)

    def test_races_take_a_number_or_one_word(self):
        for words in (["0"], ["many"], ["--mutants", "3"], ["--stops", "3"], ["2", "3"]):
            done = self.dev("races", *words)
            self.assertEqual(done.returncode, 1, words)
            self.assertIn("races", done.stderr)


class Packages(unittest.TestCase):
    """tools/dev.d/packages.sh with a list and commands of the test's own."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = Path(self.folder.name)
        (self.path / "bin").mkdir()
        (self.path / "packages.txt").write_text(PACKAGES)
        self.command("fake", 'echo "fake version 2.9.1"')
        self.command("dpkg-query", "exit 1")
        self.command("apt-get", f'echo "$@" >>{self.path}/apt; test -e {self.path}/apt-ok '
                                f'|| {{ [ "$1" != update ] || touch {self.path}/apt-ok; }}')
        self.command("sudo", "exit 1")

    def command(self, name, text):
        file = self.path / "bin" / name
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)

    def run_in(self, script):
        sources = " ".join(f"source {ROOT}/tools/dev.d/{f}.sh;" for f in ("common", "packages"))
        path = f"{self.path}/bin:{os.environ['PATH']}"
        return subprocess.run(["bash", "-c", f"set -euo pipefail; {sources} {script}"],
                              cwd=self.path, env={**os.environ, "PATH": path}, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)

    def apt_calls(self):
        file = self.path / "apt"
        return [line.split() for line in file.read_text().splitlines()] if file.exists() else []

    def test_what_is_there_in_any_form_is_not_missing(self):
        self.assertEqual(self.run_in("missing_packages build test").stdout, "nothing\ntoo-old\n")
        self.assertEqual(self.run_in("missing_packages bench format").stdout, "absent\n")

    def test_nothing_missing_installs_nothing(self):
        self.assertEqual(self.run_in("need format").returncode, 0)
        self.assertEqual(self.apt_calls(), [])

    def test_root_installs_and_refreshes_the_lists_only_when_needed(self):
        self.command("id", "echo 0")
        (self.path / "apt-ok").touch()
        self.assertEqual(self.run_in("need bench").returncode, 0)
        self.assertEqual([c[0] for c in self.apt_calls()], ["install"])
        self.assertEqual(self.apt_calls()[0][-1], "absent")

    def test_a_first_failure_refreshes_the_lists_and_tries_again(self):
        self.command("id", "echo 0")
        self.command("apt-get", f'echo "$@" >>{self.path}/apt; [ "$1" = update ] && '
                                f"touch {self.path}/ok; test -e {self.path}/ok")
        self.assertEqual(self.run_in("need bench").returncode, 0)
        self.assertEqual([c[0] for c in self.apt_calls()], ["install", "update", "install"])

    def test_sudo_is_used_where_it_asks_nothing(self):
        self.command("id", "echo 1000")
        self.command("sudo", f'echo sudo >>{self.path}/apt; [ "$1" != -n ] || shift; "$@"')
        (self.path / "apt-ok").touch()
        self.assertEqual(self.run_in("need bench").returncode, 0)
        self.assertIn(["sudo"], self.apt_calls())

    def test_without_root_it_says_what_to_install(self):
        self.command("id", "echo 1000")
        done = self.run_in("need bench")
        self.assertEqual(done.returncode, 1)
        self.assertIn("apt-get install absent", done.stderr)
        self.assertEqual(self.apt_calls(), [])


if __name__ == "__main__":
    unittest.main()
