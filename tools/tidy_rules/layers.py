# SPDX-License-Identifier: Apache-2.0
"""Nothing includes upward or sideways; layers.toml says what a module may include."""
from tidy_rules.layers_file import Layers, include_lines


def check(tree, only=None):
    layers = Layers(tree.root)
    yield from layers.problems()
    for module in [only] if only else layers.existing():
        allowed = {module, *layers.may_include(module)}
        for path in layers.files(module):
            for number, name in include_lines((tree.root / path).read_text(errors="replace")):
                if not name.startswith("quartet/"):
                    continue
                other = layers.module_of(name.removeprefix("quartet/"))
                if other is None:
                    yield f"{path}:{number}: <{name}> is in no module of layers.toml"
                elif other not in allowed:
                    yield f"{path}:{number}: {module} may not include {other} ({name}): " \
                          f"{direction(layers, module, other)}, see layers.toml"


def direction(layers, module, other):
    """What is wrong with the include, in one word."""
    here, there = (layers.modules[m]["floor"] for m in (module, other))
    return "upward" if there > here else "sideways" if there == here else "not named"
