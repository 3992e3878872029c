# SPDX-License-Identifier: Apache-2.0
"""Every public header has a test of the same name."""


def check(tree):
    there = set(tree.paths(".test.cpp", under="test/"))
    for path in tree.public_headers():
        test = "test/" + path.removeprefix("include/quartet/").removesuffix(".hpp") + ".test.cpp"
        if test not in there:
            yield f"{path}: has no test: {test} is missing"
