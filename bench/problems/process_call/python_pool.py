# SPDX-License-Identifier: Apache-2.0
"""process_call on multiprocessing.Pool."""
import multiprocessing
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "support"))
import program  # noqa: E402  (found through the line above)
import python_calls as calls  # noqa: E402


def main():
    given = program.parse()
    work = program.constants(__file__)
    with multiprocessing.Pool(given.workers) as pool:
        calls.measure_echo(given, work, lambda value: pool.apply(calls.echo, (value,)))
        calls.measure_tiny(given, work, "tiny",
                           lambda numbers: pool.map(calls.increment, numbers), 3)
        calls.measure_tiny(given, work, "tiny_unchunked",
                           lambda numbers: pool.map(calls.increment, numbers, chunksize=1), 1)


if __name__ == "__main__":
    main()
