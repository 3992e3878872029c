# SPDX-License-Identifier: Apache-2.0
"""A public header's main type says its contract: Threads:, Stop:, Errors:, Lifetime:.

The main type is the class or struct at the outer level that is named like the file, else the first
documented one. A header without a class owes nothing.
"""
import re

WORDS = ("Threads:", "Stop:", "Errors:", "Lifetime:")
_TYPE = re.compile(r"^(?:template <.*> )?(?:class|struct)\s+"
                   r"(?:QUARTET_\w+\s+)?(?:alignas\(.*?\)\s+)?(\w+)\b(?![\w<]*<)[^;{]*(?:\{.*)?$")


def check(tree):
    for path in tree.public_headers():
        found = list(types(tree.text(path).split("\n")))
        stem = path.rsplit("/", 1)[1].removesuffix(".hpp")
        documented = [t for t in found if t[2]]
        if found and not documented:
            yield f"{path}:{found[0][0]}: {found[0][1]} has no doc comment (///)"
        main = [t for t in found if t[1] == stem] or documented
        for number, name, comment in main[:1]:
            missing = [w for w in WORDS if w not in comment]
            if missing:
                yield (f"{path}:{number}: the contract of {name} lacks {' '.join(missing)} "
                       "(say it in its /// comment)")


def types(lines):
    """Line number, name and doc comment of each class or struct outside all others and detail."""
    internal = False
    for i, line in enumerate(lines):
        if line.startswith("namespace ") and line.endswith("detail {"):
            internal = True
        elif line.startswith("}  // namespace"):
            internal = False
        match = not internal and _TYPE.match(_without_attribute(lines, i))
        if match:
            yield i + 1, match.group(1), comment_above(lines, i)


def _without_attribute(lines, i):
    """Line i; where it begins a type with an attribute, the attribute left out, over lines."""
    match = re.match(r"(template <.*> )?(class|struct) \[\[", lines[i])
    if not match:
        return lines[i]
    rest = " ".join(lines[i:i + 4]).partition("]]")[2]
    return f"{match.group(2)} {rest.strip()}"


def comment_above(lines, i):
    """The /// block above line i, behind template and requires lines that may stand between."""
    i -= 1
    while i >= 0 and re.match(r"^\s*(template <|requires\b|    )", lines[i]):
        i -= 1
    found = []
    while i >= 0 and lines[i].startswith("///"):
        found.append(lines[i])
        i -= 1
    return "\n".join(reversed(found))
