# SPDX-License-Identifier: Apache-2.0
"""No co_await is spelt in a way that GCC 12 miscompiles.

Measured: it destroys twice a closure that captures by value, or a braced class value, made inside
the expression; and it may not run the body of a coroutine whose co_await stands bare in a
condition.
Fine: closures without captures or with captures by reference, and named variables, also one that
the condition declares; and any closure given to a verb that refuses, by static_assert, those
whose second destruction would show.
The remedy is always the same: give the value a name first, or pass what it
captures as an argument.
"""
import re
from tidy_rules.cpp_text import closing, code_only, line_of

_FINE_CAPTURE = re.compile(r"^(&.*|this)?$", re.DOTALL)
_FINE_BRACED = re.compile(r"^(std::chrono::\w+|(std::)?(chrono::)?(nano|micro|milli)?seconds|"
                          r"bool|char|int|long|unsigned|float|double|(std::)?u?int\d+_t|"
                          r"(std::)?size_t)$")
_CONDITION = re.compile(r"\b(if|while|for|switch)\s*\(")
_DECLARATION = re.compile(r"^\s*(?:[\w:]+(?:\s*<.*>)?[\s&*]+)+\w+\s*=(?!=)", re.DOTALL)
_BEFORE_LAMBDA = re.compile(r"(^|[(,={?:&|!<>+\-*/%;]|\breturn|\bco_await|\bco_return)\s*$")
_CHECKING_VERB = re.compile(r"\bfork_(join|each)\s*$")
_BRACED = re.compile(r"((?:\w+::)*[A-Za-z_]\w*)\s*(<[^;{}()]*>)?\s*$")


def check(tree):
    for path in tree.sources():
        if not path.startswith(("include/", "src/", "test/", "examples/", "bench/", "tools/")):
            continue
        text = tree.text(path)
        if "co_await" not in text:
            continue
        code, seen = code_only(text), set()
        for position in bare_conditions(code):
            yield (f"{path}:{line_of(code, position)}: a bare co_await in a condition is "
                   "miscompiled by GCC 12: give its result a name first")
        for match in re.finditer(r"(?<!operator )\bco_await\b", code):
            for position, what in temporaries(code, match.end()):
                if position not in seen:
                    seen.add(position)
                    yield (f"{path}:{line_of(code, position)}: {what} inside a co_await expression "
                           "is destroyed twice by GCC 12: give it a name first")


def bare_conditions(code):
    """Where a condition awaits without declaring a variable."""
    for match in _CONDITION.finditer(code):
        end = closing(code, match.end() - 1)
        parts = split(code[match.end():end], ";")
        condition = parts[min(1, len(parts) - 1)] if match.group(1) == "for" else parts[-1]
        ranged = match.group(1) == "for" and len(parts) < 3
        if re.search(r"\bco_await\b", outside_braces(condition)) and not ranged:
            if not _DECLARATION.match(condition):
                yield match.start()


def outside_braces(code):
    """The code without what its bodies hold: a coroutine inside has conditions of its own."""
    i = code.find("{")
    return code if i < 0 else code[:i] + outside_braces(code[closing(code, i) + 1:])


def temporaries(code, start):
    """What is wrong between a co_await and the end of its operand."""
    i, depth, checked = start, 0, []  # checked: for each open bracket, whether it is such a verb's
    while i < len(code):
        c = code[i]
        if c == "[" and _BEFORE_LAMBDA.search(code[max(start, i - 40):i]):
            end = closing(code, i)
            bad = [x for x in split(code[i + 1:end]) if not _FINE_CAPTURE.match(x)]
            if bad and not (checked and checked[-1]):
                yield i, f"a lambda that captures {bad[0]}"
            i = after_lambda(code, end + 1)
            continue
        if c == "{":
            before = _BRACED.search(code[start:i])
            if before and not _FINE_BRACED.match(before.group(1)):
                yield start + before.start(), f"a braced {before.group(1)}"
        if c in "([{":
            depth += 1
            checked.append(bool(c == "(" and _CHECKING_VERB.search(code[max(start, i - 20):i])))
        elif c in ")]}":
            depth -= 1
            if depth < 0:
                return
            checked.pop()
        elif c == ";" and depth == 0:
            return
        i += 1


def after_lambda(code, i):
    """The position behind a lambda's body; i is behind its captures."""
    while i < len(code) and code[i] not in "{;":
        i = closing(code, i) + 1 if code[i] == "(" else i + 1
    return closing(code, i) + 1 if i < len(code) and code[i] == "{" else i


def split(code, separator=","):
    """The parts between separators that stand in no bracket."""
    angles = separator == ","  # between statements < is less
    parts, depth, start = [], 0, 0
    for i, c in enumerate(code):
        depth += (c in "([{" or angles and c == "<") - (c in ")]}" or angles and c == ">")
        if c == separator and depth == 0:
            parts.append(code[start:i].strip())
            start = i + 1
    return parts + [code[start:].strip()]
