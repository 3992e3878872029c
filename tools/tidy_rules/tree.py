# SPDX-License-Identifier: Apache-2.0
"""The files that rules look at: those git knows or would add, or all below a fixture folder."""
import subprocess
from pathlib import Path


class Tree:
    """A checkout; paths are relative to its root."""

    def __init__(self, root):
        self.root = Path(root)
        self.texts_ = {}
        self.paths_ = None

    def paths(self, *suffixes, under=""):
        """Files with one of the suffixes (all, if none is given) below a folder."""
        if self.paths_ is None:
            self.paths_ = self.list_()
        return [p for p in self.paths_
                if p.startswith(under) and (not suffixes or p.endswith(suffixes))]

    def text(self, path):
        """The file's text; empty if it has vanished."""
        if path not in self.texts_:
            file = self.root / path
            self.texts_[path] = file.read_text(errors="replace") if file.is_file() else ""
        return self.texts_[path]

    def lines(self, path):
        """Pairs of line number and line."""
        return enumerate(self.text(path).split("\n"), 1)

    def sources(self, under=""):
        """C++ files below a folder."""
        return self.paths(".hpp", ".cpp", under=under)

    def public_headers(self):
        """What users may include: everything below include/quartet but for detail/ folders."""
        return [p for p in self.paths(".hpp", under="include/quartet/") if "/detail/" not in p]

    def list_(self):
        if (self.root / ".git").exists():
            out = subprocess.run(
                ["git", "-c", "safe.directory=*", "-C", str(self.root), "ls-files", "-z",
                 "--cached", "--others", "--exclude-standard"],
                capture_output=True, text=True, check=True)
            found = [p for p in out.stdout.split("\0") if p and (self.root / p).is_file()]
        else:
            found = [str(p.relative_to(self.root)) for p in self.root.rglob("*") if p.is_file()]
        return sorted(set(found))
