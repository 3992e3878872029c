# SPDX-License-Identifier: Apache-2.0
"""Runs programs: one at a time, interleaved, each as a process of its own."""
import os
import signal
import subprocess
from dataclasses import dataclass

EXIT_REFUSED = 3    # these two are agreed with bench/support/program.hpp
EXIT_LEFT_OUT = 77


@dataclass(frozen=True)
class Outcome:
    code: int      # as of subprocess: negative for a signal
    values: tuple  # (metric, unit, value)
    message: str   # the last line of standard error

    @property
    def refused(self):
        """A crash is not a refusal: the program itself must have said that the answer is wrong."""
        return self.code == EXIT_REFUSED and "wrong answer" in self.message


def _parse(text):
    for line in text.splitlines():
        metric, unit, value = line.split()
        yield metric, unit, float(value)


def run(program, workers, *flags, limit_s=600):
    command = [*program.command, "--workers", str(workers), *flags]
    # A session of its own: what a hung program has started can be ended with it.
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          cwd=program.folder, start_new_session=True) as process:
        try:
            out, err = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Outcome(-signal.SIGKILL, (), f"no end after {limit_s} s")
    message = err.strip().splitlines()[-1] if err.strip() else ""
    if process.returncode != 0:
        return Outcome(process.returncode, (), message or f"exit code {process.returncode}")
    try:
        return Outcome(0, tuple(_parse(out)), message)
    except ValueError:
        return Outcome(1, (), "a line of its output is not 'metric unit value'")


def schedule(problem, programs, workers, runs):
    """Pairs (program, workers), run by run: each round starts one program later than the last, so
    that no program always follows the same neighbour's cache and clock."""
    numbers = [n for n in workers if n in problem.workers] if problem.workers else workers
    numbers = numbers or problem.workers
    pairs = [(program, n) for n in numbers for program in programs
             if program.name not in problem.once or n == numbers[0]]
    for number in range(runs):
        turn = number % len(pairs) if pairs else 0
        yield from pairs[turn:] + pairs[:turn]
