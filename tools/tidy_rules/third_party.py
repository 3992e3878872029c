# SPDX-License-Identifier: Apache-2.0
"""Another library's header appears in its adapter only; layers.toml says which files that is."""
from tidy_rules.layers_file import Layers, include_lines


def check(tree):
    owners = Layers(tree.root).third_party
    for path in tree.sources(under="include/") + tree.sources(under="src/"):
        for number, name in include_lines(tree.text(path)):
            for header, owner in owners.items():
                is_it = name.startswith(header) if header.endswith("/") else name == header
                owning = [owner] if isinstance(owner, str) else owner
                if is_it and not any(is_in(path, o) for o in owning):
                    yield f"{path}:{number}: <{name}> may only be included by {' or '.join(owning)}"


def is_in(path, owner):
    return path.startswith(owner) if owner.endswith("/") else path == owner
