# SPDX-License-Identifier: Apache-2.0
"""What there is to run: the problems, their programs, and their goals."""
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

PYTHON = "/usr/bin/python3"


class UsageError(Exception):
    """What the caller asked for cannot be done; the message says what can."""


@dataclass(frozen=True)
class Goal:
    """`program`'s metric is at most `at_most` × the yardstick's, or at most `at_most_value`."""
    program: str
    metric: str
    yardstick: str = ""
    at_most: float | None = None
    at_most_value: float | None = None
    workers: int | None = None  # None: every number of workers


@dataclass(frozen=True)
class Program:
    problem: str
    name: str
    command: tuple[str, ...]  # run with --workers N [--wrong] [--quick]
    folder: Path              # where it runs; input that the build has made lies there


@dataclass
class Problem:
    name: str
    folder: Path
    workers: list[int] | None = None  # the numbers that have a meaning here; None: any
    yardstick: str = ""
    once: list[str] = field(default_factory=list)  # programs that workers do not change
    goals: list[Goal] = field(default_factory=list)

    def sources(self):
        return sorted(path for path in self.folder.iterdir() if path.suffix in (".cpp", ".py"))

    def programs(self, binaries):
        """Those that are there; a source without its binary was left out by the build."""
        folder = binaries / self.name
        for source in self.sources():
            if source.suffix == ".py":
                yield Program(self.name, source.stem, (PYTHON, str(source)), folder)
            elif (binary := folder / source.stem).exists():
                yield Program(self.name, source.stem, (str(binary),), folder)


def read_problem(folder):
    problem = Problem(folder.name, folder)
    file = folder / "goals.toml"
    if not file.exists():
        return problem
    try:
        said = tomllib.loads(file.read_text())
        goals = [Goal(**goal) for goal in said.pop("goal", [])]
        return Problem(folder.name, folder, goals=goals, **said)
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise UsageError(f"{file}: {error}") from error


def read_problems(root, wanted):
    """The problems named in `wanted`, all if it is empty."""
    folders = {path.parent.name: path.parent for path in sorted(root.glob("*/problem.hpp"))}
    for name in wanted:
        if name not in folders:
            raise UsageError(f"no problem '{name}'; there are: {', '.join(folders)}")
    return [read_problem(folders[name]) for name in (wanted or folders)]
