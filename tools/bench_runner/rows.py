# SPDX-License-Identifier: Apache-2.0
"""Samples become rows: median and quartiles of each program's metric, and how goals stand."""
import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    problem: str
    program: str
    workers: int
    metric: str
    unit: str
    median: float
    q1: float
    q3: float
    runs: int

    @property
    def bench(self):
        return f"{self.problem}/{self.metric}/{self.program}/workers:{self.workers}"


class Samples:
    """Every value seen, by program, workers, metric and unit."""

    def __init__(self):
        self.values_ = {}

    def add(self, program, workers, outcome):
        for metric, unit, value in outcome.values:
            key = (program.problem, program.name, workers, metric, unit)
            self.values_.setdefault(key, []).append(value)

    def rows(self):
        return [row(*key, values) for key, values in self.values_.items()]


def row(problem, program, workers, metric, unit, values):
    q1, median, q3 = (statistics.quantiles(values, n=4, method="inclusive")
                      if len(values) > 1 else values * 3)
    return Row(problem, program, workers, metric, unit, median, q1, q3, len(values))


def peer(rows, row, program, once):
    """The row of `program` that `row` compares with: the same metric, the same workers."""
    for other in rows:
        if ((other.problem, other.program, other.metric) == (row.problem, program, row.metric)
                and (other.workers == row.workers or program in once)):
            return other
    return None


def ratio(rows, row, program, once):
    found = peer(rows, row, program, once)
    return row.median / found.median if found and found.median else None


def verdicts(rows, row, problem):
    """How the row stands to each goal that speaks of it, in words."""
    for goal in problem.goals:
        if (goal.program, goal.metric) != (row.program, row.metric):
            continue
        if goal.workers not in (None, row.workers):
            continue
        if goal.at_most_value is not None:
            met, bound = row.median <= goal.at_most_value, f"{goal.at_most_value:g} {row.unit}"
        else:
            yardstick = goal.yardstick or problem.yardstick
            found = ratio(rows, row, yardstick, problem.once)
            if found is None:
                yield f"<= {goal.at_most:g} x {yardstick}: no {yardstick} here"
                continue
            met, bound = found <= goal.at_most, f"{goal.at_most:g} x {yardstick} (is {found:.2f})"
        yield f"<= {bound}: {'met' if met else 'missed'}"
