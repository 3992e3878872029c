# SPDX-License-Identifier: Apache-2.0
"""The command line: options in, exit status out (0 well, 1 a program failed, 2 usage)."""
import argparse
import os
import sys
from pathlib import Path

from . import build, report
from .catalog import UsageError, read_problems
from .execute import EXIT_LEFT_OUT, run, schedule
from .rows import Samples

ROOT = Path(__file__).resolve().parents[2]


def talk(*words):
    print(*words, file=sys.stderr, flush=True)


def counts(text):
    try:
        numbers = [int(word) for word in text.split(",")]
    except ValueError:
        numbers = [0]
    if min(numbers) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a list of positive numbers, like 1,2")
    return numbers


def count(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a positive number")
    return int(text)


def parse(arguments):
    parser = argparse.ArgumentParser(prog="tools/bench", allow_abbrev=False, description=(
        "Builds the programs of each problem, runs them interleaved, and prints medians, quartiles "
        "and the ratio to the yardstick."))
    parser.add_argument("problem", nargs="*", help="a folder of bench/problems (default: all)")
    parser.add_argument("--json", action="store_true", help="one object a line, for machines")
    parser.add_argument("--wrong", action="store_true",
                        help="spoil each program's answer; succeed if every one is refused")
    default = [1, 2] if len(os.sched_getaffinity(0)) > 1 else [1]
    parser.add_argument("--workers", type=counts, default=default, metavar="1,2")
    parser.add_argument("--runs", type=count, default=5, metavar="5")
    parser.add_argument("--quick", action="store_true",
                        help="a hundredth of the work: shows that all runs, times mean nothing")
    return parser.parse_args(arguments)


def check_wrong(programs, workers, missing):
    """Runs each program once with a spoilt answer."""
    refused = ran = 0
    for program in programs:
        outcome = run(program, workers, "--wrong", "--quick")
        if outcome.code == EXIT_LEFT_OUT:
            missing.append((program.problem, program.name, outcome.message))
            continue
        ran += 1
        refused += outcome.refused
        if not outcome.refused:
            talk(f"{program.problem}/{program.name}: not refused (exit {outcome.code}) "
                 f"{outcome.message}")
    print(f"wrong: {ran} programs, {refused} refused")
    return 0 if ran > 0 and refused == ran else 1


def measure(problem, programs, given, missing):
    """Samples of one problem, and the number of failed runs; who fails once is not run again."""
    samples, failed, gone = Samples(), 0, set()
    flags = ["--quick"] if given.quick else []
    for program, workers in schedule(problem, programs, given.workers, given.runs):
        if program.name in gone:
            continue
        outcome = run(program, workers, *flags)
        samples.add(program, workers, outcome)
        if outcome.code == 0:
            continue
        gone.add(program.name)
        if outcome.code == EXIT_LEFT_OUT:
            missing.append((problem.name, program.name, outcome.message))
        else:
            failed += 1
            talk(f"{problem.name}/{program.name} --workers {workers}: failed, {outcome.message}")
    return samples, failed


def bench(given, problems, binaries, missing, heading=""):
    # Named although a binary is there: it is an old one, of a time when it could be built.
    gone = {(problem, program) for problem, program, _ in missing}
    programs = {problem.name: [program for program in problem.programs(binaries)
                               if (problem.name, program.name) not in gone] for problem in problems}
    if given.wrong:
        everything = [program for some in programs.values() for program in some]
        return check_wrong(everything, given.workers[0], missing)
    if heading and not given.json:
        print(heading)
    failures = 0
    for problem in problems:
        samples, failed = measure(problem, programs[problem.name], given, missing)
        failures += failed
        rows = samples.rows()
        if not rows:
            continue
        lines = report.json_lines(rows) if given.json else ["", report.table(problem, rows)]
        print("\n".join(lines), flush=True)
    return 1 if failures else 0


def main(arguments):
    given = parse(arguments)
    folder = ROOT / "build" / "bench"
    try:
        problems = read_problems(ROOT / "bench" / "problems", given.problem)
        build.build(ROOT, folder, problems)
        missing = build.left_out(folder, problems)
        status = bench(given, problems, folder / "programs", missing,
                       build.describe(ROOT, folder))
    except UsageError as error:
        talk(f"bench: {error}")
        return 2
    for problem, program, needs in missing:
        talk(f"left out: {problem}/{program}, it needs {needs}")
    return status
