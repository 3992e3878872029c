# SPDX-License-Identifier: Apache-2.0
"""Reads layers.toml: which module a file belongs to and what that module may include."""
import re
import tomllib
from pathlib import Path

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)


class Layers:
    """The floors as layers.toml states them; modules are ordered by floor."""

    def __init__(self, root):
        self.root = Path(root)
        with open(self.root / "layers.toml", "rb") as file:
            data = tomllib.load(file)
        self.modules = dict(sorted(data["modules"].items(), key=lambda item: item[1]["floor"]))
        self.third_party = data.get("third_party", {})

    def may_include(self, module):
        """The modules that this one may include, "exec" spelled out."""
        wanted = self.modules[module].get("may_include", [])
        return [m for m in self.modules if m in wanted or m.split("/")[0] in wanted]

    def problems(self):
        """What layers.toml itself says wrongly."""
        for name, module in self.modules.items():
            for word in module.get("may_include", []):
                found = [m for m in self.modules if m == word or m.split("/")[0] == word]
                if not found:
                    yield f"layers.toml: {name} may include {word}, which is no module"
                for other in found:
                    if self.modules[other]["floor"] >= module["floor"]:
                        yield (f"layers.toml: {name} (floor {module['floor']}) may not include "
                               f"{other} (floor {self.modules[other]['floor']})")

    def module_of(self, path):
        """The module of "core/x.hpp" or "exec/threads/detail/y.hpp"; None if there is none."""
        parts = path.split("/")[:-1]
        if not parts:
            return "quartet" if "quartet" in self.modules else None
        for length in (2, 1):
            name = "/".join(parts[:length])
            if name in self.modules:
                return name
        return None

    def files(self, module, kinds=(".hpp", ".cpp", ".S")):
        """The module's headers and sources, as paths below the root."""
        if module == "quartet":
            folders = [(self.root / "include/quartet", "*")]
        else:
            folders = [(self.root / "include/quartet" / module, "**/*"),
                       (self.root / "src" / module, "**/*")]
        return [p.relative_to(self.root) for folder, pattern in folders
                for p in sorted(folder.glob(pattern)) if p.suffix in kinds]

    def existing(self):
        """The modules that have at least one file."""
        return [m for m in self.modules if self.files(m)]


def include_lines(text):
    """Pairs of line number and the name between <> or "", for each #include."""
    return [(text.count("\n", 0, m.start(1)) + 1, m.group(1)) for m in INCLUDE.finditer(text)]


def includes(text):
    """The names between <> or "" in a file's #include lines."""
    return INCLUDE.findall(text)
