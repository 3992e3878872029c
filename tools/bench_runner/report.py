# SPDX-License-Identifier: Apache-2.0
"""What a person or a machine sees of the rows."""
import json

from .rows import ratio, verdicts

KEYS = ("bench", "problem", "program", "workers", "metric", "unit", "median", "q1", "q3", "runs")
HEAD = ("workers", "program", "metric", "median", "q1", "q3", "unit", "ratio", "goal")


def json_lines(rows):
    return [json.dumps({key: getattr(row, key) for key in KEYS}) for row in rows]


def _cells(rows, row, problem):
    found = ratio(rows, row, problem.yardstick, problem.once)
    times = "" if found is None else f"{found:.2f}" if found >= 0.1 else f"{found:.2g}"
    numbers = (f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"
               for value in (row.median, row.q1, row.q3))
    return (str(row.workers), row.program, row.metric, *numbers, row.unit,
            times, "; ".join(verdicts(rows, row, problem)))


def table(problem, rows):
    """The rows of one problem, grouped by metric and workers, the fastest first."""
    mine = [row for row in rows if row.problem == problem.name]
    metrics = list(dict.fromkeys(row.metric for row in mine))
    mine.sort(key=lambda row: (metrics.index(row.metric), row.workers, row.median))
    lines = [HEAD, *(_cells(rows, row, problem) for row in mine)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    numeric = {"workers", "median", "q1", "q3", "ratio"}

    def aligned(line):
        return "  ".join(cell.rjust(width) if name in numeric else cell.ljust(width)
                         for name, cell, width in zip(HEAD, line, widths)).rstrip()

    runs = max((row.runs for row in mine), default=0)
    title = f"{problem.name}: median of {runs} runs"
    if problem.yardstick:
        title += f", ratio to {problem.yardstick}"
    return "\n".join([title, *map(aligned, lines)])
