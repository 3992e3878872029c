# SPDX-License-Identifier: Apache-2.0
"""Writes what CMake needs to know about the modules: modules.py ROOT OUTPUT."""
import sys
from pathlib import Path

ROOT = Path(sys.argv[1])
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
from tidy_rules.layers_file import Layers, includes  # noqa: E402


def main():
    layers = Layers(ROOT)
    wrong = list(layers.problems())
    if wrong:
        sys.exit("\n".join(wrong))
    existing = layers.existing()
    out = ["# Made from layers.toml by cmake/modules.py; do not edit."]

    def put(name, values):
        out.append(f"set({name} {' '.join(str(v) for v in values)})")

    put("QUARTET_MODULES", existing)
    for module in existing:
        facts = layers.modules[module]
        put(f"QUARTET_{module}_FLOOR", [facts["floor"]])
        put(f"QUARTET_{module}_MAY", [m for m in layers.may_include(module) if m in existing])
        put(f"QUARTET_{module}_NEEDS", facts.get("needs", []))
        put(f"QUARTET_{module}_COMPONENT", [facts.get("component", "")])
        put(f"QUARTET_{module}_OPTIMISE", [int(facts.get("optimise", False))])
        put(f"QUARTET_{module}_FILES", [f'"{p}"' for p in layers.files(module)])
        put(f"QUARTET_{module}_WRAPS_MAIN", [int(wraps_main(layers, module))])
    tests = sorted({p.parent for p in (ROOT / "test").glob("**/*.test.cpp")})
    put("QUARTET_TEST_FOLDERS", [p.relative_to(ROOT / "test") for p in tests])
    for folder in tests:
        put(f"QUARTET_TEST_{folder.relative_to(ROOT / 'test')}_USES",
            uses(layers, existing, sorted(folder.glob("*.[ch]pp"))))
    put("QUARTET_TEST_SUPPORT_USES",
        uses(layers, existing, sorted((ROOT / "test/support").glob("**/*.[ch]pp"))))
    Path(sys.argv[2]).write_text("\n".join(out) + "\n")


def wraps_main(layers, module):
    """Whether the module hooks itself in front of main, which the linker must then be told."""
    return any("__wrap_main" in (ROOT / p).read_text(errors="replace")
               for p in layers.files(module, (".cpp",)))


def uses(layers, existing, files):
    """The modules that test files include, those of the support headers they include too."""
    found, todo, seen = set(), list(files), set()
    while todo:
        path = todo.pop()
        if path in seen or not path.is_file():
            continue
        seen.add(path)
        for name in includes(path.read_text(errors="replace")):
            if name.startswith("quartet/"):
                found.add(layers.module_of(name.removeprefix("quartet/")))
            else:
                todo += [ROOT / "test" / name, path.parent / name]
    return [m for m in existing if m in found]


main()
