# SPDX-License-Identifier: Apache-2.0
"""stops.py PROGRAM: the lines in which PROGRAM says what came of a stop at each checkpoint of each
primitive and executor. One that has no line, or whose line is not clean, is an error."""
import re
import subprocess
import sys
from pathlib import Path

LINE = re.compile(r"^(.+): checkpoints (\d+), injected (\d+), leaked (\d+), lost (\d+)$",
                  re.MULTILINE)
# Executors without a scenario, each with the reason.
ELSEWHERE = {
    "processes": "its workers are real processes, which no simulated thread can start",
    "sim": "it is the machine that the scenarios run in",
}


def wanted(root):
    """Every header of sync and every executor."""
    primitives = {path.stem for path in (root / "include/quartet/sync").glob("*.hpp")}
    executors = {path.name for path in (root / "include/quartet/exec").iterdir() if path.is_dir()}
    return primitives | executors - set(ELSEWHERE)


def faults(lines, names):
    """What is wrong, in words."""
    for name, checkpoints, injected, leaked, lost in lines:
        if checkpoints == 0:
            yield f"{name}: no checkpoint was reached"
        if injected != checkpoints:
            yield f"{name}: {checkpoints - injected} checkpoints had no stop"
        if leaked or lost:
            yield f"{name}: something was {'leaked' if leaked else 'lost'}"
    for name in sorted(names - {line[0] for line in lines}):
        yield f"{name}: has no line; write a scenario for it in test/stops"


def main(program):
    done = subprocess.run([program, "--gtest_brief=1"], capture_output=True, text=True, check=False)
    text = done.stdout + done.stderr
    lines = [(name, *map(int, numbers)) for name, *numbers in LINE.findall(text)]
    for name, *numbers in lines:
        print("{}: checkpoints {}, injected {}, leaked {}, lost {}".format(name, *numbers))
    wrong = list(faults(lines, wanted(Path())))
    if done.returncode != 0:
        print(LINE.sub("", text).strip())
        wrong.append(f"{program} failed, exit {done.returncode}")
    for fault in wrong:
        print(f"stops: {fault}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
