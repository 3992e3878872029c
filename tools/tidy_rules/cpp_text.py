# SPDX-License-Identifier: Apache-2.0
"""C++ text with comments and literals blanked out, so that rules see code only."""
import re

_HIDDEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"(?P<d>[^()\s\\]{0,16})\(.*?\)(?P=d)"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-FxX])'(?:\\.|[^'\\\n])+'", re.DOTALL)
_BRACKETS = {"(": ")", "[": "]", "{": "}"}


def code_only(text):
    """The text with the same length and lines, but blanks for what is no code."""
    return _HIDDEN.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def line_of(text, position):
    """The line number of a position."""
    return text.count("\n", 0, position) + 1


def closing(code, position):
    """The position of the bracket that closes the one at position; the end if none does."""
    stack = []
    for i in range(position, len(code)):
        c = code[i]
        if c in _BRACKETS:
            stack.append(_BRACKETS[c])
        elif stack and c == stack[-1]:
            stack.pop()
            if not stack:
                return i
    return len(code)
