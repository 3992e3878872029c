# SPDX-License-Identifier: Apache-2.0
"""Every header compiles alone; results are remembered under build/ by what the header says."""
import hashlib
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tidy_rules.layers_file import includes

COMPILER = os.environ.get("CXX") or shutil.which("g++") or "c++"


def check(tree):
    headers = [p for p in tree.paths(".hpp") if p.startswith(("include/", "src/", "test/support/"))]
    cache = tree.root / "build/tidy/standalone"
    cache.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([COMPILER, "--version"], capture_output=True, text=True).stdout
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        for problem in pool.map(lambda h: compile_alone(tree, h, cache, version), headers):
            if problem:
                yield problem


def compile_alone(tree, header, cache, version):
    """None, or what the compiler said first about a file that includes just this header."""
    known = cache / fingerprint(tree, header, version)
    if known.exists():
        return None
    command = [COMPILER, "-std=c++20", "-Wall", "-Wextra", "-fsyntax-only", "-Iinclude", "-Itest",
               "-I" + str(Path(header).parent), "-x", "c++", "-"]
    done = subprocess.run(command, cwd=tree.root, capture_output=True, text=True,
                          input=f'#include "{tree.root / header}"\n')
    if done.returncode == 0:
        known.touch()
        return None
    errors = [line for line in done.stderr.split("\n") if "error:" in line]
    first = (errors or ["?"])[0].replace(f"{tree.root}/", "")
    return f"{header}: does not compile alone: {first}"


def fingerprint(tree, header, version):
    """A name that changes when the header, one it includes, or the compiler does."""
    seen, todo = {}, [header]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen[path] = text = tree.text(path)
        for name in includes(text):
            for folder in ("include/", "test/", str(Path(path).parent) + "/"):
                if (tree.root / folder / name).is_file():
                    todo.append(os.path.normpath(folder + name))
    whole = version + "".join(f"{p}\0{seen[p]}\0" for p in sorted(seen))
    return hashlib.sha256(whole.encode()).hexdigest()
