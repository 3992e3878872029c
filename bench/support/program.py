# SPDX-License-Identifier: Apache-2.0
"""What every benchmark program in Python shares; the counterpart of program.hpp."""
import argparse
import math
import pathlib
import re
import sys
import time

EXIT_REFUSED = 3
EXIT_LEFT_OUT = 77


class Options(argparse.Namespace):
    def scaled(self, full):
        return max(full // 100, 1) if self.quick else full

    def repetitions(self, full):
        return 1 if self.quick else full


def parse():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--wrong", action="store_true", help="spoil the answer before the check")
    parser.add_argument("--quick", action="store_true", help="a hundredth of the work")
    return parser.parse_args(namespace=Options())


def constants(script):
    """The numbers of the problem.hpp beside the script: only there the work is defined."""
    text = (pathlib.Path(script).resolve().parent / "problem.hpp").read_text()
    found = re.findall(r"inline constexpr [\w:]+ (\w+) = ([\d']+);", text)
    return {name: int(number.replace("'", "")) for name, number in found}


def best_ns(given, repetitions, one_round):
    best = math.inf
    for _ in range(given.repetitions(repetitions)):
        begin = time.perf_counter_ns()
        one_round()
        best = min(best, time.perf_counter_ns() - begin)
    return best


def percentile(samples, share):
    """The smallest sample that at least `share` of the samples do not exceed."""
    return sorted(samples)[max(math.ceil(share * len(samples)), 1) - 1]


def require_answer(given, what, answer, right):
    """Refuses the whole run unless the answer is right."""
    if given.wrong:
        answer += 1
    if answer != right:
        print(f"wrong answer: {what} is {answer}, not {right}", file=sys.stderr)
        sys.exit(EXIT_REFUSED)


def leave_out(needs):
    print(needs, file=sys.stderr)
    sys.exit(EXIT_LEFT_OUT)


def show(metric, unit, value):
    print(f"{metric} {unit} {value:.6g}")
